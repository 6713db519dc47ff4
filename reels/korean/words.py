"""A word between spaces as the rules of breaking see it: its letters, and its morphemes without marks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reels.korean.analysis import Morpheme

__all__ = ["CLOSERS", "MARKS", "NOUNS", "OPENERS", "Word", "word_of"]

CLOSERS = "\"'”’)]}〉》」』】"
OPENERS = "\"'“‘([{〈《「『【"
MARKS = ".,?!…~:;·"
NOUNS = frozenset({"NNG", "NNP", "NNB", "NR", "NP", "SL", "SH", "SN", "XSN", "XR", "W_HASHTAG", "W_MENTION"})
MARK_TAGS = frozenset({"SF", "SP", "SS", "SSO", "SSC", "SE", "SO", "SB", "SW", "Z_CODA", "Z_SIOT", "W_EMOJI"})


@dataclass(frozen=True, slots=True)
class Word:
    """A word between spaces as the rules see it: its letters, and its morphemes without marks."""

    text: str
    morphemes: tuple[Morpheme, ...]

    @property
    def bare(self) -> str:
        return self.text.strip(OPENERS + CLOSERS + MARKS)

    @property
    def first(self) -> Morpheme:
        return self.morphemes[0] if self.morphemes else NOTHING

    @property
    def last(self) -> Morpheme:
        return self.morphemes[-1] if self.morphemes else NOTHING

    @property
    def last_but_one(self) -> Morpheme:
        return self.morphemes[-2] if len(self.morphemes) > 1 else NOTHING

    @property
    def is_noun(self) -> bool:
        """A noun without 조사."""
        return self.last.tag in NOUNS

    @property
    def starts_with_digit(self) -> bool:
        return self.text.lstrip(OPENERS + "$₩€#+-−№약")[:1].isdigit()

    @property
    def ends_with_number(self) -> bool:
        last = self.last_but_one if self.last.form == "여" else self.last
        return last.tag in ("SN", "NR") or self.bare[-1:].isdigit()


NOTHING = Morpheme(form="", tag="", start=0, end=0)


def word_of(text: str, morphemes: Sequence[Morpheme]) -> Word:
    kept = [m for m in morphemes if m.tag not in MARK_TAGS]
    if len(kept) > 1 and kept[-1].form == "요" and kept[-1].tag == "MM":
        # 맛있는데요 고소하고: the politeness at a verb's end, not the determiner of what follows.
        kept[-1] = Morpheme(form="요", tag="EF", start=kept[-1].start, end=kept[-1].end)
    return Word(text, tuple(kept))
