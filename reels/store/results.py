"""A result on disk: its record `result.json`, and whether its files are what the record says.

A plan asks for thousands of results, so reading is cheap: small files are hashed, of large ones size, beginning and
end are looked at. Every file's full hash is in the record for whoever wants to be sure (`in_full`). Modification
times are never looked at: a clock that is wrong makes nothing stale.
"""

from __future__ import annotations

import hashlib
import json
import re
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reels.fingerprint import sha256_of_file
from reels.said import Said, said_by_system
from reels.store.writing import RECORD, sync

__all__ = [
    "FileRecord",
    "Record",
    "Result",
    "fault_in",
    "fault_of",
    "is_fingerprint",
    "read_record",
    "read_result",
    "write_record",
]

_HASHED_UP_TO_BYTES = 256_000
_END_BYTES = 64_000
_LARGEST_RECORD_BYTES = 64 * 1024 * 1024

_FINGERPRINT = re.compile(r"[0-9a-f]{64}")
_NOT_IN_A_NAME = frozenset("/\\:\0")
"""What would lead out of the folder; its own names `.` and `..` are no files anyway."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """A finished step: facts that later steps read, and files by name."""

    fingerprint: str
    facts: Mapping[str, Any]
    folder: Path
    files: tuple[str, ...]

    def file(self, name: str) -> Path:
        if name not in self.files:
            raise KeyError(f"result {self.fingerprint[:12]} has no {name}, only {', '.join(self.files)}")
        return self.folder / name


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRecord:
    """What a file of a result has to be. Older records know of a large file its `ends` only, or nothing but its size."""

    size: int
    sha256: str | None
    ends: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What `result.json` holds."""

    facts: Mapping[str, Any]
    files: Mapping[str, FileRecord]


def is_fingerprint(name: str) -> bool:
    return _FINGERPRINT.fullmatch(name) is not None


# --- reading -----------------------------------------------------------------------------------------------


def read_result(folder: Path, fingerprint: str) -> Result | None:
    """The result in `folder`, if it is there and whole as far as a cheap look can tell."""
    record = read_record(folder)
    if record is None:
        return None
    if any(fault_of(folder / name, expected) is not None for name, expected in record.files.items()):
        return None
    return Result(fingerprint=fingerprint, facts=record.facts, folder=folder, files=tuple(record.files))


def read_record(folder: Path) -> Record | None:
    """The record in `folder`; None where there is none of the right shape.

    A file that it names outside of the folder makes it worthless: somebody else wrote it.
    """
    path = folder / RECORD
    try:
        status = path.lstat()
        if not stat.S_ISREG(status.st_mode) or status.st_size > _LARGEST_RECORD_BYTES or folder.is_symlink():
            return None
        read = json.loads(path.read_text(encoding="utf-8"))
        facts, files = read["facts"], read["files"]
        if not isinstance(facts, dict) or not isinstance(files, dict):
            return None
        return Record(facts=facts, files={name: _file_record(name, told) for name, told in files.items()})
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None


def _file_record(name: str, told: object) -> FileRecord:
    """Raises: ValueError."""
    if not isinstance(told, dict) or _NOT_IN_A_NAME & set(name):
        raise ValueError(name)
    size, sha256, ends = told.get("size"), told.get("sha256"), told.get("ends")
    if not isinstance(size, int) or not all(isinstance(h, str | None) for h in (sha256, ends)):
        raise ValueError(name)
    return FileRecord(size=size, sha256=sha256, ends=ends)


def fault_in(folder: Path) -> Said | None:
    """What is wrong with the result in `folder`, every byte of it read; None where nothing is."""
    record = read_record(folder)
    if record is None:
        return Said("no readable record", ko="읽을 수 없는 기록")
    faults = (fault_of(folder / name, expected, in_full=True) for name, expected in record.files.items())
    return next((fault for fault in faults if fault is not None), None)


def fault_of(file: Path, expected: FileRecord, *, in_full: bool = False) -> Said | None:
    """What is wrong with a file; None where nothing is, as far as `in_full` or a cheap look can tell."""
    name = file.name
    try:
        status = file.lstat()
        if not stat.S_ISREG(status.st_mode):
            return Said(f"{name} is no file", ko=f"{name}: 파일이 아님")
        if status.st_size != expected.size:
            return Said(
                f"{name} has {status.st_size} bytes of {expected.size}",
                ko=f"{name}: {expected.size}바이트여야 하는데 {status.st_size}바이트",
            )
        if expected.sha256 is not None and (
            in_full or expected.ends is None or expected.size <= _HASHED_UP_TO_BYTES
        ):
            same = sha256_of_file(file) == expected.sha256
        else:
            same = expected.ends is None or _sha256_of_ends(file, expected.size) == expected.ends
    except (OSError, ValueError) as error:
        reason = said_by_system(error) if isinstance(error, OSError) else Said("no name", ko="이름이 아님")
        return Said(f"{name}: {reason}", ko=f"{name}: {getattr(reason, 'ko', reason)}")
    return None if same else Said(f"{name} has another content", ko=f"{name}: 내용이 바뀜")


def _sha256_of_ends(file: Path, size: int) -> str:
    with file.open("rb") as opened:
        found = hashlib.sha256(opened.read(_END_BYTES))
        opened.seek(max(0, size - _END_BYTES))
        found.update(opened.read(_END_BYTES))
    return found.hexdigest()


# --- writing -----------------------------------------------------------------------------------------------


def write_record(folder: Path, facts: Mapping[str, Any], files: tuple[str, ...]) -> None:
    """Describe `files` in the record of `folder`, all of it safely on the disk. Raises: OSError.

    The rename that publishes the folder may reach the disk before what was written into it: after a power cut
    there would be a result of zeros. The rename itself is not waited for; without it there is no result, and
    the next run makes it.
    """
    record = {"facts": facts, "files": {name: _description(folder / name) for name in files}}
    (folder / RECORD).write_text(json.dumps(record), encoding="utf-8")
    for name in (*files, RECORD):
        sync(folder / name)


def _description(file: Path) -> dict[str, Any]:
    size = file.stat().st_size
    described: dict[str, Any] = {"size": size, "sha256": sha256_of_file(file)}
    if size > _HASHED_UP_TO_BYTES:
        described["ends"] = _sha256_of_ends(file, size)
    return described
