"""The store in `.reels/`: results by fingerprint, the journal of finished steps, the lock of a run.

    .reels/
      version                 of this layout
      lock                    held by the run that is working here
      journal.jsonl           what each step id was last made from
      results/ab/abcd…/       result.json and the files of one step
      work/                   folders of steps that are running, empty otherwise

A result appears by one rename of a finished folder, so a killed run leaves results that are whole or not there.
Everything in here can be made again: the folder is safe to delete. It decides nothing; `plan` asks, `run` writes.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
import socket
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from reels.errors import DiskFailed, StoreBusy, cannot_write
from reels.fingerprint import sha256_of_file
from reels.said import Said, said_by_system

__all__ = ["JournalEntry", "Result", "Store", "team_mode", "write_atomically"]

_VERSION = "1"
_DISK_TROUBLES = frozenset(
    {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO, errno.EACCES, errno.EPERM, errno.EFBIG, errno.ESTALE}
)

_HASHED_UP_TO_BYTES = 256_000
_END_BYTES = 64_000


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalEntry:
    """What a step was last made from: digests of its sources, its options and its tools."""

    fingerprint: str
    sources: str
    options: str
    tools: str


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


class Store:
    """The results of one campaign. Opening it writes nothing; `prepare` does."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._journal: dict[str, JournalEntry] | None = None
        self._seen: dict[str, Result] = {}

    # --- reading -----------------------------------------------------------------------------------------

    def result(self, fingerprint: str) -> Result | None:
        """The stored result, if it is there and whole."""
        if fingerprint in self._seen and (self._seen[fingerprint].folder / "result.json").exists():
            return self._seen[fingerprint]
        folder = self._folder(fingerprint)
        try:
            record = json.loads((folder / "result.json").read_text(encoding="utf-8"))
            files = cast("dict[str, dict[str, Any]]", record["files"])
            whole = all(_is_whole(folder / name, expected) for name, expected in files.items())
            facts = dict(record["facts"])
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None
        if not whole:
            return None
        result = Result(fingerprint=fingerprint, facts=facts, folder=folder, files=tuple(files))
        self._seen[fingerprint] = result
        return result

    def last_made(self, step_id: str) -> JournalEntry | None:
        """What the step was made from when it last finished."""
        if self._journal is None:
            self._journal = self._read_journal()
        return self._journal.get(step_id)

    def _read_journal(self) -> dict[str, JournalEntry]:
        entries: dict[str, JournalEntry] = {}
        try:
            lines = (self.root / "journal.jsonl").read_bytes().split(b"\n")
        except OSError:
            return entries
        for line in lines:
            # A kill can leave the last line torn; a torn line only means that a reason reads "new".
            with suppress(ValueError, KeyError, TypeError):
                record = json.loads(line)
                entries[record["step"]] = JournalEntry(**{k: record[k] for k in JournalEntry.__slots__})
        return entries

    # --- writing -----------------------------------------------------------------------------------------

    def prepare(self) -> None:
        """Make the folders; a store of another version is set aside by deleting its results.

        Raises: OutputNotWritable, DiskFailed.
        """
        try:
            (self.root / "results").mkdir(parents=True, exist_ok=True)
            version = self.root / "version"
            if version.exists() and version.read_text(encoding="utf-8").strip() != _VERSION:
                shutil.rmtree(self.root / "results", ignore_errors=True)
                (self.root / "results").mkdir(exist_ok=True)
            write_atomically(version, _VERSION + "\n")
        except OSError as error:
            raise cannot_write(self.root, error) from None

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the store for one run; work folders left by a killed run are cleared.

        Raises: StoreBusy naming who holds it; DiskFailed, OutputNotWritable.
        """
        try:
            lock = (self.root / "lock").open("a+", encoding="utf-8")
        except OSError as error:
            raise cannot_write(self.root / "lock", error) from None
        try:
            if not _try_lock(lock.fileno()):
                lock.seek(0)
                raise StoreBusy(
                    path=str(self.root), holder=lock.read().strip() or Said("another run", ko="다른 실행")
                )
            try:
                lock.truncate(0)
                lock.write(f"process {os.getpid()} on {socket.gethostname()}")
                lock.flush()
            except OSError as error:
                raise cannot_write(self.root / "lock", error) from None
            shutil.rmtree(self.root / "work", ignore_errors=True)
            try:
                yield
            finally:
                shutil.rmtree(self.root / "work", ignore_errors=True)
                lock.truncate(0)
        finally:
            with suppress(OSError):  # a full disk fails once more on what it could not take before
                lock.close()

    @contextmanager
    def work_folder(self) -> Iterator[Path]:
        """A folder of a step's own with a neutral name, gone afterwards unless it was committed."""
        try:
            (self.root / "work").mkdir(parents=True, exist_ok=True)
            folder = Path(tempfile.mkdtemp(dir=self.root / "work"))
        except OSError as error:
            raise DiskFailed(path=str(self.root), found=said_by_system(error)) from None
        try:
            yield folder
        except OSError as error:
            if error.errno not in _DISK_TROUBLES:
                raise
            raise DiskFailed(path=str(self.root), found=said_by_system(error, str(error))) from error
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def commit(
        self,
        fingerprint: str,
        folder: Path,
        facts: Mapping[str, Any],
        files: tuple[str, ...],
        *,
        replace: bool = False,
    ) -> Result:
        """Publish `files` of a work folder and `facts` as the result of `fingerprint`, by one rename.

        A whole result that is there already stays, unless it is to be replaced.
        """
        record = {"facts": facts, "files": {name: _description(folder / name) for name in files}}
        for left_over in folder.iterdir():
            if left_over.name not in files:
                shutil.rmtree(left_over) if left_over.is_dir() else left_over.unlink()
        (folder / "result.json").write_text(json.dumps(record, ensure_ascii=False), encoding="utf-8")
        target = self._folder(fingerprint)
        target.parent.mkdir(parents=True, exist_ok=True)
        self._seen.pop(fingerprint, None)
        if target.exists() and (replace or self.result(fingerprint) is None):
            shutil.rmtree(target, ignore_errors=True)  # damaged, or not trusted by whoever forces
            self._seen.pop(fingerprint, None)
        try:
            folder.rename(target)
        except OSError:
            if self.result(fingerprint) is None:  # else another machine made the same result first
                raise
        result = self.result(fingerprint)
        if result is None:
            found = Said("a result that was just written cannot be read", ko="방금 쓴 결과를 읽을 수 없음")
            raise DiskFailed(path=str(target), found=found)
        return result

    def note(self, step_id: str, entry: JournalEntry) -> None:
        """Remember what `step_id` was made from, for the reasons of the next plan.

        Raises: DiskFailed, OutputNotWritable.
        """
        record = {"step": step_id, **{name: getattr(entry, name) for name in JournalEntry.__slots__}}
        if self.last_made(step_id) == entry:
            return
        # In ASCII: a file name may hold signs that end a line, or bytes that are no text.
        line = json.dumps(record).encode("ascii") + b"\n"
        try:
            with (self.root / "journal.jsonl").open("a+b") as file:
                if file.tell():
                    file.seek(-1, os.SEEK_END)
                    if file.read(1) != b"\n":
                        line = b"\n" + line  # a killed run tore the last line; only that one is lost
                file.write(line)
        except OSError as error:
            raise cannot_write(self.root / "journal.jsonl", error) from None
        if self._journal is not None:
            self._journal[step_id] = entry

    def _folder(self, fingerprint: str) -> Path:
        return self.root / "results" / fingerprint[:2] / fingerprint


def write_atomically(path: Path, text: str) -> None:
    """Write a small text file so that a reader sees the old one or the new one, never half."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".writing-")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        # mkstemp makes private files; results are for the team.
        Path(temporary).chmod(team_mode(0o666))
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _read_umask() -> int:
    current = os.umask(0o022)
    os.umask(current)
    return current


# Read once, before there are threads: asking sets it for a moment, and two at once could leave it changed.
_UMASK = _read_umask()


def team_mode(mode: int) -> int:
    """`mode` as this process would give it to a new file or folder; temporary ones are made private."""
    return mode & ~_UMASK


def _description(file: Path) -> dict[str, Any]:
    size = file.stat().st_size
    if size <= _HASHED_UP_TO_BYTES:
        return {"size": size, "sha256": sha256_of_file(file)}
    return {"size": size, "sha256": None, "ends": _sha256_of_ends(file, size)}


def _is_whole(file: Path, expected: Mapping[str, Any]) -> bool:
    """Sure for small files: the hash; cheap for large ones, of which a plan meets thousands: size, beginning and end."""
    if file.stat().st_size != expected["size"]:
        return False
    if expected["sha256"] is not None:
        return bool(sha256_of_file(file) == expected["sha256"])
    ends = expected.get("ends")
    return ends is None or bool(ends == _sha256_of_ends(file, int(expected["size"])))


def _sha256_of_ends(file: Path, size: int) -> str:
    with file.open("rb") as opened:
        found = hashlib.sha256(opened.read(_END_BYTES))
        opened.seek(size - _END_BYTES)
        found.update(opened.read(_END_BYTES))
    return found.hexdigest()


def _try_lock(handle: int) -> bool:
    """Lock an open file for this process; the system lets go of it when the process dies, however it dies."""
    try:
        if os.name == "nt":
            import msvcrt

            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
