"""Sentences of what is said, questions with their answers, and how much each weighs in the whole.

A noun weighs as much as the nouns that it is said together with (TextRank over the words of a sentence), a sentence
as much as its nouns, less what comes of its length. Always the same for the same words.
Source: Mihalcea and Tarau, TextRank: Bringing Order into Texts, 2004, sections 2 and 3.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from reels.alignment import TimedWord, align
from reels.cutting.fillers import bare
from reels.cutting.spoken import SpokenClip
from reels.cutting.text import unmarked
from reels.korean.analysis import Morpheme
from reels.korean.memory import analysed_once

__all__ = ["Sentence", "Weighed", "sentences", "spoken_words", "weighed"]

_NOUNS = frozenset({"NNG", "NNP", "SL"})
_ENDS = (".", "?", "!", "…", "。", "？", "！")
_CLOSING = "\"'”’)」』]"
_ASKING = ("까", "까요", "나요", "가요", "니", "냐")

_BREATH = Fraction(2, 5)
"""After a verb's final ending a pause this long ends a sentence that a recogniser left without a full stop."""

_LONG_PAUSE = Fraction(3, 2)
"""Ends a sentence whatever was said."""

_DAMPING = 0.85
_ROUNDS = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """Words in source time of clip number `clip` that make a sentence; `nouns` in their order, with repetition."""

    clip: int
    words: tuple[TimedWord, ...]
    nouns: tuple[str, ...]
    asks: bool
    leans: bool
    """Whether it begins with a word that joins it to the one before: 그래서, 하지만."""

    @property
    def start(self) -> Fraction:
        return self.words[0].start

    @property
    def end(self) -> Fraction:
        return self.words[-1].end

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """What sentences weigh, each by its place, and the nouns, the weightiest first."""

    weights: tuple[float, ...]
    nouns: tuple[tuple[str, float], ...]


def spoken_words(clip: SpokenClip) -> tuple[TimedWord, ...]:
    """What is said in a clip as its draft writes it, without marked cues; as it was heard where there is no draft."""
    if clip.cues:
        kept = sorted(unmarked(clip.cues), key=lambda cue: (cue.start, cue.end))
        timed = [word for cue in align(kept, clip.words) for word in cue]
    else:
        timed = [TimedWord(text=w.text, start=w.start, end=w.end) for w in clip.words if w.start < w.end]
    within = clip.range_in_source
    return tuple(word for word in timed if within.start <= word.start and word.end <= within.end)


def sentences(number: int, words: Sequence[TimedWord], *, language: str = "ko") -> tuple[Sentence, ...]:
    """`words` of clip `number` as sentences, every word in one.

    Raises: ToolMissing.
    """
    morphemes = (
        analysed_once([word.text for word in words]) if language == "ko" and words else ((),) * len(words)
    )
    found = []
    first = 0
    for at, word in enumerate(words):
        pause = words[at + 1].start - word.end if at + 1 < len(words) else _LONG_PAUSE
        if not _ends(word.text, morphemes[at], pause):
            continue
        own = morphemes[first : at + 1]
        found.append(
            Sentence(
                clip=number,
                words=tuple(words[first : at + 1]),
                nouns=tuple(_nouns(words[first : at + 1], own, language)),
                asks=_asks(word.text, morphemes[at]),
                leans=any(m.tag == "MAJ" for m in own[0][:1]),
            )
        )
        first = at + 1
    return tuple(found)


def weighed(found: Sequence[Sentence]) -> Weighed:
    """The weight of each of `found`, which belong together, from 0 on."""
    ranks = _ranks([sentence.nouns for sentence in found])
    weights = tuple(
        # A long sentence names more without being worth more.
        sum(ranks[noun] for noun in dict.fromkeys(s.nouns)) / (1 + math.log(len(s.words) + 1))
        for s in found
    )
    return Weighed(weights=weights, nouns=tuple(sorted(ranks.items(), key=lambda item: (-item[1], item[0]))))


def _ends(text: str, morphemes: Sequence[Morpheme], pause: Fraction) -> bool:
    if text.rstrip(_CLOSING).endswith(_ENDS) or pause >= _LONG_PAUSE:
        return True
    tags = [m.tag for m in morphemes if m.tag != "SP"]
    return pause >= _BREATH and tags[-1:] == ["EF"]


def _asks(text: str, morphemes: Sequence[Morpheme]) -> bool:
    plain = text.rstrip(_CLOSING)
    if plain.endswith(("?", "？")):
        return True
    if plain.endswith(_ENDS):
        return False
    return any(m.tag == "EF" and m.form.endswith(_ASKING) for m in morphemes)


def _nouns(
    words: Sequence[TimedWord], morphemes: Sequence[Sequence[Morpheme]], language: str
) -> Iterator[str]:
    for word, own in zip(words, morphemes, strict=True):
        if language != "ko":
            plain = bare(word.text).casefold()
            if len(plain) > 3:
                yield plain
            continue
        # 한빛시: a name and what it names are one.
        parts: list[str] = []
        for m in own:
            if m.tag in _NOUNS:
                parts.append(m.form)
            elif parts:
                break
        if len(name := "".join(parts)) > 1:
            yield name


def _ranks(groups: Sequence[Sequence[str]]) -> dict[str, float]:
    """TextRank of every word; words are linked as often as they stand in one group."""
    links: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for group in groups:
        distinct = list(dict.fromkeys(group))
        for noun in distinct:
            links[noun]  # alone in its sentence it has a rank too
        for one in distinct:
            for other in distinct:
                if one != other:
                    links[one][other] += 1
    strength = {noun: sum(near.values()) for noun, near in links.items()}
    ranks = dict.fromkeys(links, 1.0)
    for _ in range(_ROUNDS):
        ranks = {
            noun: (1 - _DAMPING)
            + _DAMPING * sum(ranks[other] * count / strength[other] for other, count in near.items())
            for noun, near in links.items()
        }
    return ranks
