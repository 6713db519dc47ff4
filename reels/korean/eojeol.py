"""어절, the words between spaces: Korean lines break only there, unless one is wider than a line."""

from __future__ import annotations

import unicodedata

__all__ = ["is_picture", "split_eojeol", "whole_signs"]

_JOINERS = {"\u200d"}
_VARIATION = {chr(c) for c in range(0xFE00, 0xFE10)} | {chr(c) for c in range(0x1F3FB, 0x1F400)}


def split_eojeol(text: str) -> tuple[str, ...]:
    """The 어절 of `text`, composed (NFC), in order; only the spaces between them are gone."""
    return tuple(unicodedata.normalize("NFC", text).split())


def whole_signs(eojeol: str) -> tuple[str, ...]:
    """`eojeol` in pieces that a reader sees as one sign: a syllable, a letter with its marks, an emoji."""
    pieces: list[str] = []
    for character in eojeol:
        belongs = (
            unicodedata.combining(character) != 0
            or unicodedata.category(character) in ("Mn", "Me", "Mc", "Cf")
            or character in _VARIATION
            or (bool(pieces) and pieces[-1][-1] in _JOINERS)
            or (bool(pieces) and _is_half_flag(pieces[-1]) and _is_half_flag(character))
        )
        if pieces and belongs:
            pieces[-1] += character
        else:
            pieces.append(character)
    return tuple(pieces)


def is_picture(eojeol: str) -> bool:
    """Whether `eojeol` is an emoji, or several, and nothing else."""
    return bool(eojeol) and all(map(_is_emoji, whole_signs(eojeol)))


def _is_emoji(sign: str) -> bool:
    if "\u20e3" in sign or "\ufe0f" in sign:
        return True
    # ㎍ and ℃ are symbols too, and stand for letters; ° is none of both.
    first = sign[0]
    is_symbol = unicodedata.category(first) == "So" and first >= "\u2190"
    return is_symbol and unicodedata.normalize("NFKC", first) == first


def _is_half_flag(piece: str) -> bool:
    return len(piece) == 1 and "\U0001f1e6" <= piece <= "\U0001f1ff"
