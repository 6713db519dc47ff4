"""What lint says: one broken rule, where, and what was found against what was expected."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from reels.errors import CampaignProblem, ReelsError
from reels.lint.rules import RULE_IDS, Severity
from reels.said import Said

__all__ = ["Finding", "of_problem", "of_refusal", "worst_first", "worst_of"]

_ORDER: dict[Severity, int] = {"error": 0, "warning": 1, "info": 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One broken rule of `rules`. For a subtitle file `file` is its name in the drafts folder or as given.

    `cue` counts from 1 in the file's own order, `at` is where it begins, in seconds of the footage.
    """

    rule: str
    severity: Severity
    where: str
    found: str
    expected: str
    cue: int | None = None
    at: Fraction | None = None
    file: str | None = None

    def __post_init__(self) -> None:
        if self.rule not in RULE_IDS:
            raise ValueError(f"{self.rule} is no rule of the table")


def of_problem(problem: CampaignProblem, rule: str, severity: Severity) -> Finding:
    return Finding(
        rule=rule, severity=severity, where=problem.where, found=problem.found, expected=problem.expected
    )


def of_refusal(
    error: ReelsError, rule: str, *, where: str, expected: str, file: str | None = None
) -> Finding:
    """Something that cannot be used at all, in the error's own words."""
    found = Said(error.sentence("en"), ko=error.sentence("ko"))
    return Finding(rule=rule, severity="error", where=where, found=found, expected=expected, file=file)


def worst_of(findings: Iterable[Finding]) -> Finding:
    """The first of the worst. Raises: ValueError where there is none."""
    return min(findings, key=lambda finding: _ORDER[finding.severity])


def worst_first(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Each finding once, errors before warnings before notes, otherwise in their order."""
    return tuple(sorted(dict.fromkeys(findings), key=lambda finding: _ORDER[finding.severity]))
