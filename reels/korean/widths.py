"""How wide Korean text counts: Hangul and full-width signs 1 unit; Latin, digits, spaces, punctuation 1/2.

Source: the 16-unit rule of Netflix's Korean Timed Text Style Guide, I.5 (retrieved Sep 2026).
Pixels are another measure, see `reels.fonts`.
"""

from __future__ import annotations

import re
import unicodedata

from reels.korean.eojeol import whole_signs

__all__ = ["width_halves"]

_MAKES_A_PICTURE = re.compile("[\u200d\u20e3\ufe0f\U0001f3fb-\U0001f3ff]")


def width_halves(text: str) -> int:
    """Width of `text` in halves of a unit, so that sums stay whole numbers.

    An emoji counts 1 unit however many characters it is made of; of emoji the source does not speak.
    """
    if not _MAKES_A_PICTURE.search(text):
        return sum(map(_halves, text))
    return sum(map(_halves_of_sign, whole_signs(text)))


def _halves(character: str) -> int:
    if character <= "~":
        return 1
    if unicodedata.combining(character) or unicodedata.category(character) in ("Cf", "Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1


def _halves_of_sign(sign: str) -> int:
    is_picture = "\ufe0f" in sign or "\u20e3" in sign or unicodedata.category(sign[0]) == "So"
    return 2 if is_picture and sign[0] > " " else sum(map(_halves, sign))
