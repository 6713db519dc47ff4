"""What a person may ask of the framing, as values: a word, a box of the picture, or places in time.

Values only; `campaign` reads them, `given` and `following` make paths of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Final, Literal

__all__ = [
    "FRAMING_WORDS",
    "LOOKED_FOR",
    "FramingBox",
    "FramingWord",
    "KeyedFraming",
    "Keyframe",
    "WantedFraming",
]

FramingWord = Literal["auto", "follow", "split", "centre", "fit"]
FRAMING_WORDS: Final[tuple[FramingWord, ...]] = ("auto", "follow", "split", "centre", "fit")
LOOKED_FOR: Final[frozenset[object]] = frozenset({"auto", "follow", "split"})
"""The words for which somebody has to look at the footage first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FramingBox:
    """A part of the picture that is to be seen whole, in parts of its width and height as a viewer sees it."""

    left: Fraction
    top: Fraction
    width: Fraction
    height: Fraction

    def __post_init__(self) -> None:
        if not (self.left >= 0 and self.top >= 0 and self.width > 0 and self.height > 0):
            raise ValueError(f"no part of a picture: {self}")
        if self.left + self.width > 1 or self.top + self.height > 1:
            raise ValueError(f"reaches beyond the picture: {self}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Keyframe:
    """Where the window's middle lies at a time as written (`00:02.0`, `120f`), in parts of the picture."""

    at: str
    x: Fraction
    y: Fraction = Fraction(1, 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyedFraming:
    """The window at some times of the footage, in order; in between it glides, and jumps where two times are one."""

    keyframes: tuple[Keyframe, ...]


WantedFraming = FramingWord | FramingBox | KeyedFraming
