"""How wide Korean text counts: Hangul and full-width signs 1 unit; Latin, digits, spaces, punctuation 1/2.

Source: the 16-unit rule of Netflix's Korean Timed Text Style Guide, I.5 (retrieved Sep 2026).
Pixels are another measure, see `reels.fonts`.
"""

from __future__ import annotations

import unicodedata
from fractions import Fraction

__all__ = ["units", "width_halves"]


def width_halves(text: str) -> int:
    """Width of `text` in halves of a unit, so that sums stay whole numbers."""
    return sum(map(_halves, text))


def units(text: str) -> Fraction:
    """Width of `text` in units, exactly."""
    return Fraction(width_halves(text), 2)


def _halves(character: str) -> int:
    if character <= "~":
        return 1
    if unicodedata.combining(character) or unicodedata.category(character) in ("Cf", "Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1
