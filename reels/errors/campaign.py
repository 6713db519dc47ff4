"""Campaign, brand, template and draft files that cannot be used (3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from reels.errors.root import ReelsError, printable
from reels.said import Language, Said, in_language

__all__ = ["CampaignError", "CampaignProblem", "CampaignProblems", "SubtitlesUnreadable"]


@dataclass(eq=False)
class CampaignError(ReelsError):
    """A campaign, brand, template or draft file cannot be used as it stands."""

    exit_code: ClassVar[int] = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignProblem:
    """One problem in a campaign: `where` is `file:line key` such as `campaign.yaml:14 reels[2].title`."""

    where: str
    found: str
    expected: str
    remedy: str = ""

    def sentence(self, language: Language = "en") -> str:
        where, found, expected, remedy = (
            printable(in_language(fact, language))
            for fact in (self.where, self.found, self.expected, self.remedy)
        )
        if language == "ko":
            return f"{where}: {found} — 필요한 값: {expected}. {remedy}".rstrip()
        return f"{where}: found {found}, expected {expected}" + (f"; {remedy}" if remedy else "")


@dataclass(eq=False)
class CampaignProblems(CampaignError):
    """Every problem that one reading of the campaign found, a line each."""

    problems: tuple[CampaignProblem, ...]

    def sentence(self, language: Language = "en") -> str:
        return "\n".join(p.sentence(language) for p in self.problems)


@dataclass(eq=False)
class SubtitlesUnreadable(CampaignError):
    """A draft or subtitle file cannot be read; `line` counts from 1, 0 for the whole file."""

    path: str
    line: int
    found: str
    expected: str
    remedy: str = Said(
        "mend that line; without the file a new draft is made",
        ko="그 줄을 고쳐 주세요. 파일이 없으면 초안을 새로 만듭니다.",
    )
    en: ClassVar[str] = "{path}:{line}: found {found}, expected {expected}; {remedy}"
    ko: ClassVar[str] = "{path}:{line}: {found} — 필요한 형식: {expected}. {remedy}"
