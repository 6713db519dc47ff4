"""What `cues` asks about a language: how wide its text counts, and what a break costs in it.

One place where languages part; each grammar is a module of its own and knows nothing of the others. A language
without a grammar here is broken after its punctuation, which most of the world shares.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from reels.cues.english import english_break_costs, plain_break_costs
from reels.cues.ideograms import ideogram_break_costs
from reels.korean.breaks import break_costs as korean_break_costs
from reels.korean.breaks import break_costs_inside as korean_break_costs_inside
from reels.korean.widths import width_halves as korean_width_halves

__all__ = [
    "SENTENCE",
    "base_language",
    "costs_between",
    "costs_inside",
    "is_written_without_spaces",
    "width_halves",
]

SENTENCE = 0
"""The cost of a break where a sentence ends; 100 parts what is one thing."""

_WITHOUT_SPACES = frozenset({"zh", "ja"})


def base_language(language: str) -> str:
    """`en` for `en-US`, `zh` for `zh_Hant`."""
    return language.replace("_", "-").partition("-")[0].lower()


def is_written_without_spaces(language: str) -> bool:
    return base_language(language) in _WITHOUT_SPACES


def width_halves(text: str, language: str) -> int:
    """Width in halves of the language's unit: see `reels.cues.rules.CueRules`."""
    if base_language(language) in ("ko", "zh", "ja"):
        return korean_width_halves(text)
    return 2 * sum(
        1
        for c in text
        if c <= "~" or not (unicodedata.combining(c) or unicodedata.category(c) in ("Cf", "Mn", "Me"))
    )


def costs_between(words: Sequence[str], language: str) -> tuple[int, ...]:
    """The cost of ending a line after each of `words` but the last, 0 to 100."""
    base = base_language(language)
    if base == "ko":
        return korean_break_costs(words)
    return english_break_costs(words) if base == "en" else plain_break_costs(words)


def costs_inside(word: str, language: str) -> tuple[int, ...]:
    """The cost of a break before each character of `word` but the first; above 100 where it would be a wound."""
    if is_written_without_spaces(language):
        return ideogram_break_costs(word, base_language(language))
    return korean_break_costs_inside(word)
