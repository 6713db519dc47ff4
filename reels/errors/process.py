"""A child process, the disk or another run stands in the way (6)."""

from __future__ import annotations

import errno
from dataclasses import dataclass
from typing import ClassVar

from reels.errors.root import ReelsError
from reels.errors.usage import OutputNotWritable
from reels.said import said_by_system

__all__ = ["ChildFailed", "DiskFailed", "ProcessError", "StepBroken", "StoreBusy", "cannot_write"]


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


@dataclass(eq=False)
class DiskFailed(ProcessError):
    """Writing failed: full, read-only or vanished."""

    path: str
    found: str
    en: ClassVar[str] = (
        "{path}: cannot write ({found}); free some space or mend the drive and run the same command again"
    )
    ko: ClassVar[str] = (
        "{path}: 쓸 수 없습니다({found}). 공간을 비우거나 드라이브를 고친 뒤 같은 명령을 다시 실행하세요."
    )


_DISK_TROUBLES = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO})


def cannot_write(path: object, error: OSError) -> DiskFailed | OutputNotWritable:
    """The error to raise where nothing can be written: the disk's trouble, or a place that is not for us."""
    reason = said_by_system(error)
    if error.errno in _DISK_TROUBLES:
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
    """Another run holds the campaign."""

    path: str
    holder: str
    en: ClassVar[str] = "{path}: in use by {holder}; wait for it to finish, then run the same command again"
    ko: ClassVar[str] = "{path}: 다른 작업({holder})이 쓰고 있습니다. 끝난 뒤 같은 명령을 다시 실행하세요."
