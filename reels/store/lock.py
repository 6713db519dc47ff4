"""The lock of a run: one file that the system locks, so that a run that dies holds nothing, however it dies.

The file also says who holds it, for people; that text decides nothing, and a stale one is harmless.
"""

from __future__ import annotations

import errno
import json
import os
import shlex
import socket
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Literal

from reels.errors import StoreBusy
from reels.said import Said, in_language
from reels.tools.ffmpeg import require_not_stopped

__all__ = ["Lock", "take_lock", "waiting_for"]

_POLL_S = 0.25
_OFTEN_ENOUGH = 20
"""File systems exist whose files change their numbers: there none ever lies where it was opened."""

_LONGEST_COMMAND = 60
_LARGEST_NOTE_BYTES = 4096

_BUSY = frozenset({errno.EWOULDBLOCK, errno.EAGAIN, errno.EACCES, errno.EDEADLK})
_NO_LOCKS = frozenset({errno.ENOLCK, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS})

_WINDOWS_LOCKS_AT = 1 << 30
"""Windows lets nobody read what is locked: a byte far behind the text is."""


class Lock:
    """A lock that is held; `is_locked` is false where the file system has none, as some network shares do not."""

    def __init__(self, path: Path, file: IO[str], *, is_locked: bool) -> None:
        self._path = path
        self._file = file
        self.is_locked = is_locked
        with suppress(OSError):  # a full disk must not keep anybody from making room
            file.truncate(0)
            file.write(json.dumps(_about_us()))
            file.flush()

    def is_in_place(self) -> bool:
        """Whether nobody has deleted the file meanwhile; else another run may have begun."""
        try:
            return _lies_at(self._path, self._file)
        except OSError:
            return False

    def release(self) -> None:
        with suppress(
            OSError
        ):  # a share that has vanished fails once more; what went wrong first has to be told
            self._file.truncate(0)
        with suppress(OSError):
            self._file.close()


def take_lock(path: Path, *, wait: bool, on_wait: Callable[[str], None] | None) -> Lock:
    """Lock the file at `path`; whoever waits tells `on_wait` once for whom, and looks four times a second.

    Each look is at the file that lies at `path` then: a lock on one that was deleted meanwhile keeps nobody out. A
    folder that was deleted is made again, as long as the one above it is there.

    Raises: StoreBusy unless it is to `wait`; Interrupted where this process is being ended meanwhile; OSError.
    """
    told = False
    deleted = 0
    while True:
        path.parent.mkdir(exist_ok=True)
        file = path.open("a+", encoding="utf-8")
        try:
            outcome = _try_lock(file.fileno())
            if outcome != "busy":
                if deleted == _OFTEN_ENOUGH or _lies_at(path, file):
                    return Lock(path, file, is_locked=outcome == "locked")
                deleted += 1
                file.close()
                continue
            holder = _holder(file)
            file.close()
        except BaseException:
            with suppress(OSError):
                file.close()
            raise
        if not wait:
            raise StoreBusy(path=str(path.parent), holder=holder)
        if on_wait is not None and not told:
            on_wait(holder)
        told = True
        require_not_stopped()
        time.sleep(_POLL_S)


def _try_lock(handle: int) -> Literal["locked", "busy", "none"]:
    """Lock an open file for this process. Raises: OSError where it is neither that nor anybody else's."""
    try:
        if os.name == "nt":
            import msvcrt

            os.lseek(handle, _WINDOWS_LOCKS_AT, os.SEEK_SET)
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in _BUSY:
            return "busy"
        if error.errno in _NO_LOCKS:
            return "none"
        raise
    return "locked"


def _lies_at(path: Path, file: IO[str]) -> bool:
    """Whether the open file is the one that lies at `path` now."""
    try:
        return os.path.samestat(path.stat(), os.fstat(file.fileno()))
    except FileNotFoundError:
        return False


# --- who -------------------------------------------------------------------------------------------------


def _about_us() -> dict[str, object]:
    return {
        "process": os.getpid(),
        "host": socket.gethostname(),
        "since": datetime.now(UTC).isoformat(timespec="seconds"),
        "command": _command(),
    }


def _command() -> str:
    """What a person typed, where this process is the command itself."""
    program = Path(sys.argv[0] if sys.argv else "")
    if program.stem != "reels" and program.parts[-2:] != ("reels", "__main__.py"):
        return ""
    typed = shlex.join(["reels", *sys.argv[1:]])
    return typed if len(typed) <= _LONGEST_COMMAND else typed[: _LONGEST_COMMAND - 1] + "…"


def _holder(file: IO[str]) -> Said:
    """Who holds the lock, as far as the file tells; `since` in the local time of whoever reads."""
    try:
        file.seek(0)
        told = json.loads(file.read(_LARGEST_NOTE_BYTES))
        process, host, command = int(told["process"]), str(told["host"]), str(told["command"])
        began = datetime.fromisoformat(told["since"]).astimezone()
        today = began.date() == datetime.now().astimezone().date()
    except (OSError, ValueError, KeyError, TypeError, OverflowError, RecursionError):
        return Said("another run", ko="다른 실행")
    since = f"{began:%H:%M}" if today else f"{began:%Y-%m-%d %H:%M}"
    typed = f": {command}" if command else ""
    return Said(
        f"process {process} on {host} since {since}{typed}",
        ko=f"{host}의 프로세스 {process}, {since}부터{typed}",
    )


def waiting_for(holder: str) -> Said:
    """What to tell whoever waits for `holder`."""
    return Said(
        f"waiting for another run ({holder}) to finish",
        ko=f"다른 작업({in_language(holder, 'ko')})이 끝나기를 기다립니다",
    )
