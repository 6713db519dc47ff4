"""What a cue may be: widths, lines, times, by language and style. Plain values only, for they decide results.

A step's fingerprint holds these rules, so nothing here may hold what another machine could not spell.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Self

from reels.cues.languages import base_language, width_halves
from reels.fonts import Font

__all__ = ["CueRules"]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Limits:
    """Units a line, units a second, units a line of the short style, least seconds."""

    line: int
    second: int
    short_line: int
    least: Fraction = Fraction(5, 6)


_OF_LANGUAGE: Mapping[str, _Limits] = {
    "ko": _Limits(line=16, second=12, short_line=12),
    "zh": _Limits(line=16, second=9, short_line=12),
    "ja": _Limits(line=13, second=4, short_line=10, least=Fraction(1, 2)),
}
_OF_OTHERS = _Limits(line=42, second=20, short_line=24)


@dataclass(frozen=True, slots=True, kw_only=True)
class CueRules:
    """What a cue may be. Durations and gaps in seconds; units as `language` counts them.

    A unit is a Hangul syllable or a full-width sign, and half of one a Latin letter, digit, space or mark, in
    Korean, Chinese and Japanese; in all other languages every character is one unit. Where `font` is given, a line
    must also stay within `max_width_px` at an em of `font_size_px`.
    Source: Netflix Timed Text Style Guides (Korean, English, Chinese, Japanese) and timing guidelines (retrieved
    Sep 2026).
    """

    language: str = "ko"
    max_units: int = 16
    max_lines: int = 2
    font: Font | None = None
    font_size_px: int | Fraction = 0
    max_width_px: int | Fraction = 0
    min_duration: Fraction = Fraction(5, 6)
    max_duration: Fraction = Fraction(7)
    max_units_per_second: int = 12
    gap: Fraction = Fraction(1, 12)
    """Between two cues of a draft: two frames at 24 a second, which is more of them at any rate of ours."""
    gap_frames: int = 2
    """Between two cues of the burn-in."""
    linger: Fraction = Fraction(1, 2)
    """How long a cue stays after its speech, where nothing follows. A gap shorter than this is closed."""
    long_pause: Fraction = Fraction(7, 10)
    """A silence that no cue spans."""

    def __post_init__(self) -> None:
        if self.max_units < 1 or self.max_lines < 1 or self.max_units_per_second < 1:
            raise ValueError("a cue needs room for at least one unit on one line")
        if not 0 < self.min_duration <= self.max_duration or self.gap < 0 or self.gap_frames < 0:
            raise ValueError(
                "the shortest cue cannot be longer than the longest, and gaps cannot be negative"
            )
        if self.font is not None and (self.font_size_px <= 0 or self.max_width_px <= 0):
            raise ValueError("a font measures lines only at a size and for a width in pixels")

    @classmethod
    def for_language(cls, language: str, **rules: Any) -> Self:
        """The guide's rules for `language` (`ko`, `en-US` …), with any of them replaced by `rules`."""
        limits = _OF_LANGUAGE.get(base_language(language), _OF_OTHERS)
        of_guide: dict[str, Any] = {
            "language": language,
            "max_units": limits.line,
            "max_units_per_second": limits.second,
            "min_duration": limits.least,
        }
        return cls(**(of_guide | rules))

    @classmethod
    def short(cls, language: str = "ko", **rules: Any) -> Self:
        """The short-form style: one short line at a time, changing fast. As `for_language` otherwise."""
        limits = _OF_LANGUAGE.get(base_language(language), _OF_OTHERS)
        fast: dict[str, Any] = {
            "max_units": limits.short_line,
            "max_lines": 1,
            "min_duration": Fraction(1, 2),
        }
        return cls.for_language(language, **(fast | rules))

    @property
    def guide_units(self) -> int:
        """Units of a whole line by the language's guide: the measure of what is short or uneven."""
        return _OF_LANGUAGE.get(base_language(self.language), _OF_OTHERS).line

    def fits(self, line: str) -> bool:
        """Whether `line` is narrow enough, in units and in pixels."""
        if width_halves(line, self.language) > 2 * self.max_units:
            return False
        return self.font is None or self.font.text_width_px(line, self.font_size_px) <= self.max_width_px
