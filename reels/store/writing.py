"""How things come to be in a folder and how they go: as a whole, or not at all."""

from __future__ import annotations

import os
import secrets
import shutil
import stat
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

__all__ = ["HELLO", "RECORD", "TEMPORARY", "discard", "remove", "sync", "team_mode", "write_atomically"]

TEMPORARY = ".writing-"
"""How the name of a file begins that is still being written; left over by a run that was killed."""

HELLO = "hello-"
"""How the name of a file begins that a run shows to its workers, for them to find the same folder."""

RECORD = "result.json"
"""A folder of the store holds a result as long as it holds this."""


def write_atomically(
    path: Path, content: str | bytes, *, while_so: Callable[[], bool] = lambda: True
) -> bool:
    """Write a small file so that a reader sees the old one or the new one, never half.

    Not where `while_so` says no at the last moment; whether it was written. Raises: OSError.
    """
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=TEMPORARY)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content.encode() if isinstance(content, str) else content)
            file.flush()
            os.fsync(file.fileno())
        # mkstemp makes private files; results are for the team.
        Path(temporary).chmod(team_mode(0o666))
        is_so = while_so()
        if is_so:
            Path(temporary).replace(path)
        else:
            Path(temporary).unlink()
    except BaseException:
        with suppress(OSError):  # what went wrong first is what has to be told
            Path(temporary).unlink(missing_ok=True)
        raise
    return is_so


def sync(file: Path) -> None:
    """Bring what was written into a file to the disk, so that a rename cannot get there before it.

    Measured: 5 ms for a chunk of 2 MB, 2 ms a MB for long films, beside seconds and minutes of making them.
    Raises: OSError.
    """
    # Windows flushes only what is open for writing.
    with file.open("r+b" if os.name == "nt" else "rb") as opened:
        os.fsync(opened.fileno())


def discard(path: Path, trash: Path) -> None:
    """Take a folder away by one rename into `trash`, then delete it: nobody ever sees half of it.

    Where the disk is too full even for that, its record goes first, which comes to the same. Raises: OSError where
    it stays.
    """
    away = trash / f"{path.name[:16]}-{secrets.token_hex(4)}"
    if path.is_dir() and not path.is_symlink():
        with suppress(OSError):  # what is ours goes whatever it permits; what is not, tells so below
            path.chmod(path.stat().st_mode | stat.S_IRWXU)
    try:
        trash.mkdir(exist_ok=True)
        path.rename(away)
    except FileNotFoundError:
        if os.path.lexists(path):
            raise
        return
    except OSError:
        if path.is_dir() and not path.is_symlink():
            (path / RECORD).unlink(missing_ok=True)
        remove(path)
        return
    with suppress(OSError):  # it is out of sight; the next run tries again
        remove(away)


def remove(path: Path) -> None:
    """Delete a file, a link or a folder with all it holds; gone already is as good. Raises: OSError."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _read_umask() -> int:
    current = os.umask(0o022)
    os.umask(current)
    return current


# Read once, before there are threads: asking sets it for a moment, and two at once could leave it changed.
_UMASK = _read_umask()


def team_mode(mode: int) -> int:
    """`mode` as this process would give it to a new file or folder; temporary ones are made private."""
    return mode & ~_UMASK
