"""What else goes where a reel is too long: silences first, then fillers, then the weakest sentences from the middle.

Never the first sentence or the last, and never a question without its answer. It offers pieces in the order in which
they should go; `reel` takes as many as are needed.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from fractions import Fraction

from reels.alignment import TimedWord
from reels.cutting.fillers import fillers
from reels.cutting.options import FillerOptions, SilenceOptions
from reels.cutting.sentences import Sentence, sentences, spoken_words, weighed
from reels.cutting.silence import silences
from reels.cutting.spoken import SpokenClip
from reels.cutting.wanted import Wanted, between
from reels.said import Said
from reels.timing import TimeRange

__all__ = ["offered"]

_TIGHT = SilenceOptions(least=Fraction(3, 10), before=Fraction(1, 10), after=Fraction(1, 10))
"""Pauses of a breath: shorter ones belong to the words."""

_LIGHTEST = Said("weighs least of what could go", ko="뺄 수 있는 문장 가운데 가장 덜 중요함")


def offered(clips: Sequence[SpokenClip], fillers_wanted: FillerOptions | None) -> Iterator[Sequence[Wanted]]:
    """Groups of pieces that go together, in the order in which they should go.

    Raises: ToolMissing.
    """
    pauses = [one for number, clip in enumerate(clips) for one in silences(number, clip, _TIGHT)]
    for one in sorted(pauses, key=lambda w: (-w.range_in_source.duration, w.clip, w.range_in_source)):
        yield [one]
    options = fillers_wanted or FillerOptions()
    words = [one for number, clip in enumerate(clips) for one in fillers(number, clip, options)]
    for one in sorted(words, key=lambda w: (-w.range_in_source.duration, w.clip, w.range_in_source)):
        yield [one]
    yield from _sentences(clips)


def _sentences(clips: Sequence[SpokenClip]) -> Iterator[Sequence[Wanted]]:
    words = [spoken_words(clip) for clip in clips]
    found = [
        sentence
        for number, clip in enumerate(clips)
        for sentence in sentences(number, words[number], language=clip.language)
    ]
    weights = weighed(found).weights
    groups = list(_with_answers(found))
    middle = (len(found) - 1) / 2
    order = sorted(
        groups,
        key=lambda g: (
            sum(weights[n] for n in g) / len(g),
            abs(sum(g) / len(g) - middle),
            g,
        ),
    )
    for group in order:
        if 0 in group or len(found) - 1 in group:
            continue
        yield [_wanted(found[n], clips[found[n].clip], words[found[n].clip]) for n in group]


def _with_answers(found: Sequence[Sentence]) -> Iterator[list[int]]:
    """The places of `found`, each question together with the sentence after it."""
    group: list[int] = []
    for number, sentence in enumerate(found):
        group.append(number)
        if not sentence.asks:
            yield group
            group = []
    if group:
        yield group


def _wanted(sentence: Sentence, clip: SpokenClip, words: Sequence[TimedWord]) -> Wanted:
    core = TimeRange(sentence.start, sentence.end)
    within = clip.range_in_source
    before = bisect_right(words, core.start, key=lambda word: word.end)
    after = bisect_left(words, core.end, key=lambda word: word.start)
    low = words[before - 1].end if before else within.start
    high = words[after].start if after < len(words) else within.end
    room = TimeRange(min(low, core.start), max(high, core.end))
    return Wanted(
        clip=sentence.clip,
        range_in_source=between(core, room, within=within),
        room=room,
        core=core,
        reason="sentence",
        whole=False,
        text=sentence.text,
        detail=_LIGHTEST,
    )
