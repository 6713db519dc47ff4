"""Stretches of a long recording that would make a reel: whole sentences, near a wanted length, about something.

Candidates are runs of sentences; the best by weight for their length are chosen, apart from each other. The same
words always give the same passages. `sentences` stands before, the command that prints them after.
"""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from statistics import median

from reels.cutting.sentences import Sentence, sentences, spoken_words, weighed
from reels.cutting.spoken import SpokenClip
from reels.timing import TimeRange

__all__ = ["Passage", "suggested"]

_SHORTEST, _LONGEST = Fraction(7, 10), Fraction(23, 20)
"""Of the wanted length: what still counts as near it."""

_LEANS = 0.6
"""What a passage is worth that begins with 그래서 or 하지만, against one that stands alone."""

_SMALL_TALK = 0.7
"""What a passage is worth whose first sentence weighs less than half of the others: nobody listens on."""

_WANDERS = 0.5
"""What a passage is worth that has a pause in it longer than _PAUSE, for there the talk broke off."""

_ENERGY = 0.2
"""How much more or less a sentence is worth that is said much louder, or softer, than the others."""

_RAISED_DB = 6.0
"""A voice that is raised: twice the sound pressure."""

_LEVELS_HZ = 10

_PAUSE = Fraction(4)
_NOUNS_SHOWN = 3
_HEAD, _TAIL = Fraction(15, 100), Fraction(1, 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A stretch of source time with the sentences said in it and the nouns that it is most about."""

    range_in_source: TimeRange
    text: str
    topics: tuple[str, ...]
    score: float


def suggested(
    clip: SpokenClip, *, length: Fraction, count: int, levels: Sequence[int] = ()
) -> tuple[Passage, ...]:
    """At most `count` passages of about `length` seconds, in the order in which they are said.

    `levels` is how loud each tenth of a second of the footage is, in dB: what is said with more energy than the rest
    weighs more. Raises: ToolMissing.
    """
    found = sentences(0, spoken_words(clip), language=clip.language)
    if not found:
        return ()
    of_words = weighed(found)
    rank = dict(of_words.nouns)
    weights = [a * b for a, b in zip(of_words.weights, _energy(found, levels), strict=True)]
    spoken_in = Counter(noun for s in found for noun in dict.fromkeys(s.nouns))
    ranked = sorted(
        ((_score(found, run, weights, length), run) for run in _runs(found, length)),
        key=lambda item: (-item[0], item[1]),
    )
    chosen: list[tuple[float, tuple[int, int]]] = []
    for score, run in ranked:
        if len(chosen) == count:
            break
        if all(run[1] < other[0] or other[1] < run[0] for _, other in chosen):
            chosen.append((score, run))
    chosen.sort(key=lambda item: item[1])
    return tuple(_passage(clip, found, run, score, rank, spoken_in) for score, run in chosen)


def _energy(found: Sequence[Sentence], levels: Sequence[int]) -> list[float]:
    """What each sentence is worth for the energy that it is said with, against the usual one of the talk."""
    spoken = [_level(sentence, levels) for sentence in found]
    known = [level for level in spoken if level is not None]
    if not known:
        return [1.0] * len(found)
    usual = median(known)
    return [
        1.0 if level is None else 1 + _ENERGY * max(-1.0, min(1.0, (level - usual) / _RAISED_DB))
        for level in spoken
    ]


def _level(sentence: Sentence, levels: Sequence[int]) -> float | None:
    """How loud a sentence is said, by its loudest half: pauses say nothing. None where nothing is known."""
    first, end = math.floor(sentence.start * _LEVELS_HZ), math.ceil(sentence.end * _LEVELS_HZ)
    inside = sorted(levels[first:end], reverse=True)
    loudest = inside[: (len(inside) + 1) // 2]
    return sum(loudest) / len(loudest) if loudest else None


def _runs(found: Sequence[Sentence], length: Fraction) -> Iterator[tuple[int, int]]:
    """First and last sentence of every run of about `length` that stands for itself."""
    for first, sentence in enumerate(found):
        if first and found[first - 1].asks:
            continue  # an answer without its question
        for last in range(first, len(found)):
            lasts = found[last].end - sentence.start
            if lasts > length * _LONGEST:
                break
            asks = found[last].asks
            if lasts >= length * _SHORTEST and not asks:
                yield first, last


def _score(
    found: Sequence[Sentence], run: tuple[int, int], weights: Sequence[float], length: Fraction
) -> float:
    first, last = run
    inside = found[first : last + 1]
    lasts = inside[-1].end - inside[0].start
    score = sum(weights[first : last + 1]) / float(lasts)
    score *= 1 - 0.5 * float(abs(lasts - length) / length)
    if inside[0].leans:
        score *= _LEANS
    if any(b.start - a.end > _PAUSE for a, b in itertools.pairwise(inside)):
        score *= _WANDERS
    mean = sum(weights[first : last + 1]) / len(inside)
    if weights[first] < mean / 2:
        return score * _SMALL_TALK
    # A question that is answered holds a viewer.
    return score * (1.2 if inside[0].asks else 1)


def _passage(
    clip: SpokenClip,
    found: Sequence[Sentence],
    run: tuple[int, int],
    score: float,
    rank: dict[str, float],
    spoken_in: Counter[str],
) -> Passage:
    first, last = run
    inside = found[first : last + 1]
    # Neighbours share the pause between them.
    low = (found[first - 1].end + inside[0].start) / 2 if first else clip.range_in_source.start
    after = found[last + 1].start if last + 1 < len(found) else None
    high = (inside[-1].end + after) / 2 if after is not None else clip.range_in_source.end
    start = max(low, inside[0].start - _HEAD)
    end = min(high, inside[-1].end + _TAIL)
    here = Counter(noun for s in inside for noun in s.nouns)
    # What is named here and less elsewhere says what this passage is about, not the recording.
    topics = sorted(here, key=lambda noun: (-rank[noun] * here[noun] / math.sqrt(spoken_in[noun]), noun))
    return Passage(
        range_in_source=TimeRange(start, end),
        text=" ".join(s.text for s in inside),
        topics=tuple(topics[:_NOUNS_SHOWN]),
        score=score,
    )
