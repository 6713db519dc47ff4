"""Source files: that they are there, that they can be read, and which content they hold.

Never opens the media inside (`reels.probe` does, after this) and never writes. What comes before is a path
from a campaign or the command line, as a person typed it.
"""

from __future__ import annotations

import hashlib
import os
import stat
import unicodedata
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from reels.errors import FootageDamaged, FootageMissing, FootageRefused
from reels.said import Said, with_reason

__all__ = [
    "Footage",
    "content_identity",
    "existing_file",
    "existing_folder",
    "find_footage",
    "path_on_disk",
    "require_file",
    "spelled_on_disk",
]

_MIB = 1 << 20
_ENDS = _MIB
_BLOCK = 64 << 10
_BLOCKS = 16
_WHOLE = 2 * _ENDS + _BLOCKS * _BLOCK

_KINDS = (
    (stat.S_ISDIR, Said("a folder", ko="폴더")),
    (stat.S_ISFIFO, Said("a named pipe", ko="이름 있는 파이프")),
    (stat.S_ISSOCK, Said("a socket", ko="소켓")),
    (stat.S_ISCHR, Said("a device", ko="장치")),
    (stat.S_ISBLK, Said("a device", ko="장치")),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Footage:
    """One source file: `path` is absolute; `identity` is the same for the same content anywhere."""

    path: Path
    identity: str


def find_footage(path: Path) -> Footage:
    """The file at `path` and its content identity.

    Raises: FootageMissing; FootageRefused for a folder, an empty file, a pipe or device, or a file that may
    not be read; FootageDamaged where the drive fails while reading.
    """
    found = require_file(path)
    return Footage(path=found, identity=content_identity(found))


def require_file(path: Path) -> Path:
    """The absolute path of a regular, readable file with something in it.

    A name typed in composed Hangul finds the file whose name a Mac decomposed, and the other way round.
    Raises: FootageMissing; FootageRefused.
    """
    absolute = path.absolute()
    try:
        found = absolute if absolute.exists() else spelled_on_disk(absolute)
        status = found.stat()
    except (FileNotFoundError, NotADirectoryError) as error:
        raise FootageMissing(path=str(path)) from error
    except (OSError, ValueError) as error:
        found_out = with_reason("a path that cannot be looked at ({})", "볼 수 없는 경로: {}", error)
        raise FootageRefused(path=str(path), found=found_out) from error
    for is_kind, kind in _KINDS:
        if is_kind(status.st_mode):
            raise FootageRefused(path=str(path), found=kind)
    if status.st_size == 0:
        raise FootageRefused(path=str(path), found=Said("an empty file (0 bytes)", ko="빈 파일, 0바이트"))
    try:
        with found.open("rb"):
            pass
    except OSError as error:
        found_out = with_reason("a file that cannot be opened ({})", "열 수 없는 파일: {}", error)
        raise FootageRefused(path=str(path), found=found_out) from error
    return found


def content_identity(path: Path) -> str:
    """sha256, in hex, over the size and the content of `path`; name, place and times do not enter.

    Up to 3 MiB the whole content counts. Of a larger file the first and the last MiB do, where containers
    keep their indexes, and 16 blocks of 64 KiB evenly spaced between them: 3 MiB are read however large the
    file is. A change that keeps the length and touches none of these is not seen; no camera or editor makes
    one.

    Raises: FootageDamaged where the drive fails while reading.
    """
    digest = hashlib.sha256(b"reels/footage/1\0")
    try:
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            digest.update(size.to_bytes(8, "big"))
            for start, length in _sampled(size):
                _feed(digest, file, start, length)
    except OSError as error:
        found = with_reason("the drive reports: {}", "드라이브가 알린 오류: {}", error)
        raise FootageDamaged(path=str(path), found=found) from error
    return digest.hexdigest()


def _sampled(size: int) -> Iterator[tuple[int, int]]:
    """(start, length) of each part that counts, in bytes."""
    if size <= _WHOLE:
        yield 0, size
        return
    yield 0, _ENDS
    room = size - 2 * _ENDS - _BLOCK
    for number in range(_BLOCKS):
        yield _ENDS + room * number // (_BLOCKS - 1), _BLOCK
    yield size - _ENDS, _ENDS


def _feed(digest: hashlib._Hash, file: IO[bytes], start: int, length: int) -> None:
    file.seek(start)
    while length > 0 and (read := file.read(min(length, _MIB))):
        digest.update(read)
        length -= len(read)


def spelled_on_disk(path: Path) -> Path:
    """`path` with each part as the disk spells it; composed and decomposed Hangul are the same name.

    Raises: FileNotFoundError.
    """
    found = Path(path.anchor)
    for part in path.parts[1:]:
        if (found / part).exists():
            found /= part
            continue
        wanted = unicodedata.normalize("NFC", part)
        same = [
            entry for entry in sorted(found.iterdir()) if unicodedata.normalize("NFC", entry.name) == wanted
        ]
        if not same:
            raise FileNotFoundError(path)
        found = same[0]
    return found


def path_on_disk(written: str | Path, *, beside: Path = Path()) -> Path:
    """The path that a person means by `written` in the folder `beside`: `~` is their own, each part as the disk spells it.

    A campaign written on Windows says 영상/IMG_한옥.MOV composed; folder and file copied from a Mac may be decomposed.
    What is not there, or may not be looked at, is as it was written; so is the home of a user whom this machine does not
    know.
    """
    path = Path(written)
    with suppress(RuntimeError):
        path = path.expanduser()
    path = (beside / path).absolute()
    try:
        return spelled_on_disk(path)
    except (OSError, ValueError):
        return path


def existing_file(written: str | Path, *, beside: Path = Path()) -> Path | None:
    """The regular file that a person means by `written`; None where there is none that may be looked at.

    No disk can hold some names that a YAML file can: they name no file.
    """
    path = path_on_disk(written, beside=beside)
    try:
        return path if path.is_file() else None
    except (OSError, ValueError):
        return None


def existing_folder(written: str | Path, *, beside: Path = Path()) -> Path | None:
    """The folder that a person means by `written`; None where there is none that may be looked at."""
    path = path_on_disk(written, beside=beside)
    try:
        return path if path.is_dir() else None
    except (OSError, ValueError):
        return None
