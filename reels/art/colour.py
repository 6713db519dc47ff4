"""Colours as 8-bit sRGB, and how well two of them can be told apart.

Never opacity: that belongs to the element that is painted. `campaign.brand` reads colours from files.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

__all__ = ["BLACK", "LARGE_PX", "LEAST_CONTRAST", "WHITE", "Colour", "contrast_ratio", "least_contrast"]

_WRITTEN = re.compile(r"#[0-9a-fA-F]{6}")

# Source: WCAG 2.2, success criterion 1.4.3 (AA, text of any size).
LEAST_CONTRAST = Fraction(9, 2)
_LEAST_OF_LARGE = Fraction(3)

LARGE_PX = 56
"""From this size on, in a picture with 1080 columns, bold letters are large.

WCAG calls bold text large from 14 pt, which is 18.7 CSS pixels; a telephone shows the picture on 360 of them or more,
so that one is three pixels of ours at most. All faces of titles, names and subtitles are bold.
"""


@dataclass(frozen=True, slots=True)
class Colour:
    """An opaque sRGB colour, 0-255 each."""

    red: int
    green: int
    blue: int

    def __post_init__(self) -> None:
        if not all(0 <= part <= 255 for part in self.rgb):
            raise ValueError(f"a colour's parts lie in 0-255, not {self.rgb}")

    @property
    def rgb(self) -> tuple[int, int, int]:
        return self.red, self.green, self.blue

    @classmethod
    def parse(cls, text: str) -> Colour:
        """`#RRGGBB`.

        Raises: ValueError.
        """
        if not _WRITTEN.fullmatch(text):
            raise ValueError(f"{text!r} is not a colour such as #1B5FAA")
        return cls(int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16))

    def __str__(self) -> str:
        return f"#{self.red:02X}{self.green:02X}{self.blue:02X}"


WHITE = Colour(255, 255, 255)
BLACK = Colour(0, 0, 0)


def _luminance(colour: Colour) -> float:
    """Relative luminance. Source: WCAG 2.2, definition of "relative luminance"."""
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (value / 255 for value in colour.rgb)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def least_contrast(size_px: int) -> Fraction:
    """What letters of `size_px` need; 0: of any size. Source: WCAG 2.2, success criterion 1.4.3."""
    return _LEAST_OF_LARGE if size_px >= LARGE_PX else LEAST_CONTRAST


def contrast_ratio(one: Colour, other: Colour) -> float:
    """1 (the same) to 21 (black on white). Source: WCAG 2.2, definition of "contrast ratio"."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)
