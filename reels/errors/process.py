"""A child process, the disk or another run stands in the way (6)."""

from __future__ import annotations

import errno
from dataclasses import dataclass
from typing import ClassVar

from reels.errors.root import ReelsError
from reels.errors.usage import OutputNotWritable
from reels.said import Said, said_by_system

__all__ = [
    "DISK_TROUBLES",
    "ChildFailed",
    "DiskFailed",
    "ProcessError",
    "StepBroken",
    "StoreBusy",
    "StoreNewer",
    "WorkersDied",
    "cannot_write",
]


@dataclass(eq=False)
class ProcessError(ReelsError):
    """A child process or the disk failed."""

    exit_code: ClassVar[int] = 6


@dataclass(eq=False)
class ChildFailed(ProcessError):
    """A child process ended badly; keeps its argv, its last stderr lines and its filter graph."""

    tool: str
    doing: str
    exit_status: int
    last_lines: str
    argv: tuple[str, ...] = ()
    graph: str = ""
    en: ClassVar[str] = (
        "{doing}: {tool} ended with {exit_status} ({last_lines}); run again with --verbose for its whole command line"
    )
    ko: ClassVar[str] = (
        "{doing}: {tool}이(가) {exit_status}(으)로 끝났습니다({last_lines}). --verbose를 붙여 다시 실행하면 전체 명령이 보입니다."
    )


_MAKE_ROOM = Said(
    "free some space on that disk (`reels cache CAMPAIGN --prune` removes results that are not needed any more), then "
    "run the same command again: what is finished is kept",
    ko="그 디스크에 공간을 만든 뒤(`reels cache 캠페인 --prune`은 이제 쓰지 않는 중간 결과를 지웁니다) 같은 명령을 다시 "
    "실행하세요. 끝난 부분은 남아 있습니다.",
)
_CONNECT = Said(
    "connect the drive or the network folder again, then run the same command again: what is finished is kept",
    ko="드라이브나 네트워크 폴더를 다시 연결한 뒤 같은 명령을 다시 실행하세요. 끝난 부분은 남아 있습니다.",
)
_MEND = Said(
    "free some space or mend the drive, then run the same command again: what is finished is kept",
    ko="공간을 비우거나 드라이브를 고친 뒤 같은 명령을 다시 실행하세요. 끝난 부분은 남아 있습니다.",
)

# By the system's words, for that is what reaches us of a child's trouble too. Source: strerror(3) of glibc.
_WHAT_TO_DO = {
    "No space left on device": _MAKE_ROOM,
    "Disk quota exceeded": _MAKE_ROOM,
    "Stale file handle": _CONNECT,
    "Transport endpoint is not connected": _CONNECT,
    "Host is down": _CONNECT,
    "Connection timed out": _CONNECT,
    "No such device": _CONNECT,
    "No such device or address": _CONNECT,
    "the folder has vanished": _CONNECT,
}


@dataclass(eq=False)
class DiskFailed(ProcessError):
    """Reading or writing failed: the disk is full, broken or not there any more."""

    path: str
    found: str
    remedy: str = ""
    en: ClassVar[str] = "{path}: cannot be read or written ({found}); {remedy}"
    ko: ClassVar[str] = "{path}: 읽거나 쓸 수 없습니다({found}). {remedy}"

    def __post_init__(self) -> None:
        self.remedy = self.remedy or _WHAT_TO_DO.get(str(self.found), _MEND)


DISK_TROUBLES = frozenset(
    number
    for name in (
        *("ENOSPC", "EDQUOT", "EFBIG", "EIO"),
        *("ESTALE", "ENOTCONN", "EHOSTDOWN", "ETIMEDOUT", "ENODEV", "ENXIO"),
    )
    if (number := getattr(errno, name, None)) is not None
)
"""What a disk or a share may say that is no question of permission; not every system knows all of them."""


def cannot_write(path: object, error: OSError) -> DiskFailed | OutputNotWritable:
    """The error to raise where nothing can be written: the disk's trouble, or a place that is not for us."""
    reason = said_by_system(error)
    if error.errno in DISK_TROUBLES:
        return DiskFailed(path=str(path), found=reason)
    return OutputNotWritable(where=str(path), found=reason)


@dataclass(eq=False)
class StepBroken(ProcessError):
    """A fault of reels itself in one step; the other reels go on."""

    doing: str
    found: str
    en: ClassVar[str] = (
        "{doing}: found an error of reels itself ({found}); run again with --verbose and report what it prints"
    )
    ko: ClassVar[str] = (
        "{doing}: reels 자체의 오류입니다({found}). --verbose를 붙여 다시 실행하고 나온 내용을 알려 주세요."
    )


@dataclass(eq=False)
class StoreBusy(ProcessError):
    """Another run holds the campaign; `holder` says which, since when, and what it does as far as it is known."""

    path: str
    holder: str
    en: ClassVar[str] = (
        "{path}: in use by {holder}; wait until it has finished and run the same command again, or add --wait"
    )
    ko: ClassVar[str] = (
        "{path}: 다른 작업({holder})이 쓰고 있습니다. 끝난 뒤 같은 명령을 다시 실행하거나 --wait를 붙이세요."
    )


@dataclass(eq=False)
class StoreNewer(ProcessError):
    """A later reels has worked here; its results are left as they are."""

    path: str
    version: str
    known: int
    en: ClassVar[str] = (
        "{path}: found a store of version {version}, expected at most {known}; update reels, or rename that folder "
        "and this reels makes everything anew (drafts that were edited stay)"
    )
    ko: ClassVar[str] = (
        "{path}: 저장소 버전 {version} — 이 reels는 {known}까지만 압니다. reels를 새 버전으로 올리거나, 그 폴더의 이름을 "
        "바꾸면 처음부터 다시 만듭니다(고친 초안은 그대로 남습니다)."
    )


@dataclass(eq=False)
class WorkersDied(ProcessError):
    """A step after which its worker was gone, on one worker after the other."""

    doing: str
    en: ClassVar[str] = (
        "{doing}: the workers that did this ended one after the other, most likely out of memory; start them with fewer "
        "threads or more memory, then run the same command again"
    )
    ko: ClassVar[str] = (
        "{doing}: 이 일을 맡은 작업 컴퓨터가 잇달아 꺼졌습니다. 메모리가 모자란 듯하니 스레드를 줄이거나 메모리를 늘려 "
        "시작한 뒤 같은 명령을 다시 실행하세요."
    )
