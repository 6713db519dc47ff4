"""What a whole command came to: several errors, failed checks (7), an interruption (130)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from reels.errors.root import ReelsError
from reels.said import Language, Said

__all__ = ["CheckFailed", "Interrupted", "RulesBroken", "SeveralErrors", "one_of"]


@dataclass(eq=False)
class SeveralErrors(ReelsError):
    """Different things stood in the way of different reels or files; a line each."""

    errors: tuple[ReelsError, ...]

    def sentence(self, language: Language = "en") -> str:
        return "\n".join(dict.fromkeys(error.sentence(language) for error in self.errors))

    def status(self) -> int:
        codes = {error.status() for error in self.errors}
        return codes.pop() if len(codes) == 1 else CheckFailed.exit_code


def one_of(errors: Sequence[ReelsError]) -> ReelsError:
    """The error to raise for `errors`: itself where all say the same, else all of them together."""
    if len({str(error) for error in errors}) == 1:
        return errors[0]
    return SeveralErrors(errors=tuple(errors))


@dataclass(eq=False)
class CheckFailed(ReelsError):
    """Some files break a platform's rule, or some reels could not be made."""

    exit_code: ClassVar[int] = 7
    failed: int
    of: int
    what: str
    did: str = Said("failed", ko="실패했습니다")
    en: ClassVar[str] = "{failed} of {of} {what} {did}; the table above says which and why"
    ko: ClassVar[str] = "{what} {of}개 가운데 {failed}개가 {did}. 어느 것이 왜 그런지는 위의 표에 있습니다."


@dataclass(eq=False)
class RulesBroken(ReelsError):
    """A reel that we made breaks rules of a platform; it is not handed over."""

    exit_code: ClassVar[int] = 7
    reel: str
    platform: str
    rules: str
    en: ClassVar[str] = (
        "{reel} for {platform}: breaks {rules}; it was not handed over, change the reel or leave the platform out"
    )
    ko: ClassVar[str] = (
        "{reel}: {platform} 기준에 맞지 않습니다({rules}). 내보내지 않았으니 릴스를 고치거나 그 플랫폼을 빼 주세요."
    )


@dataclass(eq=False)
class Interrupted(ReelsError):
    """Stopped by the user; finished steps are kept."""

    exit_code: ClassVar[int] = 130
    en: ClassVar[str] = "interrupted; what is finished is kept, run the same command again to go on"
    ko: ClassVar[str] = "중단했습니다. 끝난 부분은 남아 있으니 같은 명령을 다시 실행하면 이어집니다."
