"""A subtitle file that several reels show is told of once, by the reel that asks most of it.

Knows findings and what each reel asks of cues; judges nothing. `drafts` comes after it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from fractions import Fraction

from reels.cues import CueRules
from reels.lint.finding import Finding, worst_of
from reels.said import Said, in_language

__all__ = ["Told", "room", "told_once"]

_OF_A_PIECE = frozenset({"cue.glyph", "cue.markup", "cue.glossary", "cue.stranded", "cue.broken-word"})
"""Rules that name a piece of a cue, so that one cue may break them in several places."""


def room(rules: CueRules) -> Fraction:
    """How wide a line may be, in ems of its font."""
    return Fraction(rules.max_width_px) / Fraction(rules.font_size_px or 1)


_BOUNDS: Mapping[str, Callable[[CueRules], Fraction]] = {
    "cue.lines": lambda rules: rules.max_lines * room(rules),
    "cue.line-width": room,
    "cue.word-width": room,
    "cue.reading-speed": lambda rules: Fraction(rules.max_units_per_second),
    "cue.too-short": lambda rules: -rules.min_duration,
    "cue.too-long": lambda rules: rules.max_duration,
}
"""The bound by which one reel asks more of a cue than another does; less is stricter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A finding with the reel that it was found for and what that reel asks of cues."""

    reel: str
    rules: CueRules
    finding: Finding

    @property
    def key(self) -> tuple[object, ...]:
        """What is the same matter for every reel; a note stands for the whole file."""
        finding = self.finding
        if finding.severity == "info":
            return finding.rule, "info"
        piece = finding.found if finding.rule in _OF_A_PIECE else ""
        return finding.rule, finding.cue, finding.at, piece

    @property
    def bound(self) -> Fraction:
        bound = _BOUNDS.get(self.finding.rule)
        return bound(self.rules) if bound is not None else Fraction(0)


def told_once(told: Sequence[Told], shows: Mapping[str, Set[int]]) -> list[Finding]:
    """One finding for each matter of one file, the worst, naming its reel where another says otherwise.

    `shows` are the numbers of the cues that each reel shows: what is wrong with a cue is the matter of those reels.
    """
    matters: dict[tuple[object, ...], list[Told]] = {}
    for one in told:
        matters.setdefault(one.key, []).append(one)
    found = []
    for of_all in matters.values():
        concerned = {reel for reel, cues in shows.items() if _is_shown(of_all[0].finding, cues)} or set(shows)
        same = [one for one in of_all if one.reel in concerned]
        if not same:
            continue
        strictest = sorted(same, key=lambda one: one.bound)
        worst = worst_of(one.finding for one in strictest)
        if {one.reel for one in same if one.finding == worst} != concerned:
            reel = next(one.reel for one in strictest if one.finding == worst)
            where = Said(f"{worst.where}, reel {reel}", ko=f"{in_language(worst.where, 'ko')}, 릴스 {reel}")
            worst = replace(worst, where=where)
        found.append(worst)
    return sorted(found, key=lambda finding: (finding.at is None, finding.at or 0))


def _is_shown(finding: Finding, cues: Set[int]) -> bool:
    """A note and what is not about a cue concern every reel."""
    return finding.cue is None or finding.severity == "info" or finding.cue in cues
