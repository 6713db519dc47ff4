"""Pauses in which nobody speaks, to be shortened: from the end of one voice to the start of the next.

A clip in which nobody was heard at all is left as it is: it is there for its picture.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from reels.cutting.options import SilenceOptions
from reels.cutting.spoken import SpokenClip, gaps
from reels.cutting.wanted import Wanted
from reels.timing import TimeRange

__all__ = ["silences"]

_AT_THE_END = Fraction(1, 2)
"""Stays after the last word of a clip: a viewer needs a moment, and recognisers end words early."""


def silences(number: int, clip: SpokenClip, options: SilenceOptions) -> Iterator[Wanted]:
    """The silences of clip `number`, in order, each without the margins around it."""
    within = clip.range_in_source
    sounding = clip.sounding
    if not sounding:
        return
    for gap in gaps(within, sounding):
        start = gap.start if gap.start == within.start else gap.start + options.after
        end = gap.end - options.before
        if gap.end == within.end:
            start, end = gap.start + max(options.after, _AT_THE_END), gap.end
        if gap.duration >= options.least and start < end:
            found = TimeRange(start, end)
            yield Wanted(clip=number, range_in_source=found, room=found, reason="silence")
