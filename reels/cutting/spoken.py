"""What is known of the speech in one clip, in source time: words, voices, the cues of its draft.

Finds the ranges that hold a voice; decides nothing. `transcript` stands before, `silence` and `text` after.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from reels.subtitles import Cue
from reels.timing import TimeRange
from reels.transcript import Transcript, Word

__all__ = ["SpokenClip", "gaps", "minus", "united"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SpokenClip:
    """A clip that plays `range_in_source`. Words, voices and cues may reach beyond it: they are of the whole footage.

    `voices` are ranges in which somebody was heard. `is_heard`: whether anybody, or a recogniser, listened at all.
    `language` is that of the words.
    """

    range_in_source: TimeRange
    words: tuple[Word, ...] = ()
    voices: tuple[TimeRange, ...] = ()
    cues: tuple[Cue, ...] = ()
    language: str = "ko"
    is_heard: bool = False

    @classmethod
    def of(cls, range_in_source: TimeRange, transcript: Transcript | None, cues: Sequence[Cue]) -> SpokenClip:
        """A clip with what its recogniser heard, None where there is no such thing, and the cues of its draft."""
        clip = cls(range_in_source=range_in_source, cues=tuple(cues))
        if transcript is None:
            return clip
        # A segment without word times still is somebody who speaks.
        wordless = (TimeRange(s.start, s.end) for s in transcript.segments if not s.words)
        return replace(
            clip,
            words=tuple(word for word in transcript.words if word.start < word.end),
            voices=united((*transcript.speech, *wordless)),
            language=transcript.language,
            is_heard=True,
        )

    @property
    def sounding(self) -> tuple[TimeRange, ...]:
        """Where not to look for silence: voices, words, and cues that a person put where nobody was heard."""
        heard = united((*self.voices, *(TimeRange(word.start, word.end) for word in self.words)))
        written = (TimeRange(cue.start, cue.end) for cue in self.cues)
        starts = [voice.start for voice in heard]
        # The last voice that begins before a cue ends is the only one that can reach into it.
        alone = (
            cue
            for cue in written
            if not (at := bisect_left(starts, cue.end)) or heard[at - 1].end <= cue.start
        )
        found = united((*heard, *alone))
        return tuple(part for voice in found if (part := voice.intersection(self.range_in_source)))


def united(ranges: Iterable[TimeRange]) -> tuple[TimeRange, ...]:
    """`ranges` in order, those that overlap or touch as one, empty ones left out."""
    found: list[TimeRange] = []
    for one in sorted(r for r in ranges if r.start < r.end):
        if found and one.start <= found[-1].end:
            found[-1] = TimeRange(found[-1].start, max(found[-1].end, one.end))
        else:
            found.append(one)
    return tuple(found)


def gaps(within: TimeRange, ranges: Sequence[TimeRange]) -> Iterator[TimeRange]:
    """What of `within` lies between `ranges`, which are in order and apart; empty parts are left out."""
    at = within.start
    for one in ranges:
        if one.start > at and min(one.start, within.end) > at:
            yield TimeRange(at, min(one.start, within.end))
        at = max(at, one.end)
    if at < within.end:
        yield TimeRange(at, within.end)


def minus(ranges: Sequence[TimeRange], gone: Sequence[TimeRange]) -> tuple[TimeRange, ...]:
    """What of `ranges` lies in none of `gone`."""
    taken = united(gone)
    starts, ends = [t.start for t in taken], [t.end for t in taken]
    return tuple(
        part
        for one in ranges
        for part in gaps(one, taken[bisect_right(ends, one.start) : bisect_left(starts, one.end)])
    )
