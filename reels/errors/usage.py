"""The command line asks for something impossible (2)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from reels.errors.root import ReelsError
from reels.said import Said

__all__ = ["OutputNotWritable", "UsageError"]


@dataclass(eq=False)
class UsageError(ReelsError):
    """The command line asks for something impossible: `where` names the option."""

    exit_code: ClassVar[int] = 2
    where: str
    found: str
    expected: str
    remedy: str
    en: ClassVar[str] = "{where}: found {found}, expected {expected}; {remedy}"
    ko: ClassVar[str] = "{where}: {found} — 필요한 값: {expected}. {remedy}"


_ANOTHER_PLACE = Said(
    "choose another folder with -o, or change its permissions; what is finished is kept",
    ko="-o로 다른 폴더를 고르거나 권한을 바꿔 주세요. 끝난 부분은 남아 있습니다.",
)
_WHAT_TO_DO = {
    "Read-only file system": Said(
        "make that drive writable, or copy the campaign to one that is; what is finished is kept",
        ko="그 드라이브를 쓸 수 있게 하거나, 쓸 수 있는 드라이브로 캠페인을 복사해 주세요. 끝난 부분은 남아 있습니다.",
    ),
}


@dataclass(eq=False)
class OutputNotWritable(UsageError):
    """A folder that results should go to cannot be written."""

    expected: str = Said("a folder that can be written to", ko="쓸 수 있는 폴더")
    remedy: str = ""
    ko: ClassVar[str] = "{where}: 폴더에 쓸 수 없습니다({found}). {remedy}"

    def __post_init__(self) -> None:
        self.remedy = self.remedy or _WHAT_TO_DO.get(str(self.found), _ANOTHER_PLACE)
