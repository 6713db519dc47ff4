"""One piece that should go, in source time, before it lies on frames.

A value and its order of importance; `silence`, `fillers`, `text` and `fitting` make these, `joins` puts them on
frames.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from reels.edit import CutReason
from reels.timing import TimeRange

__all__ = ["IMPORTANCE", "Wanted", "between"]

IMPORTANCE: Mapping[CutReason, int] = {"text": 3, "filler": 2, "sentence": 1, "silence": 0}
"""Where two meet, the more important one stays as it is: a person's wish before our taste."""

_AFTER, _BEFORE = Fraction(15, 100), Fraction(10, 100)
"""Seconds that stay beside the words around a piece, as far as there is a pause: without them two would collide."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A piece of clip number `clip` that should go.

    `range_in_source` is what would go best, with margins left beside it; at most `room` may, up to the words that
    stay. `core`, the words that go, is inside both; None where there is none. `whole`: the core goes with all its
    frames, or nothing does.
    """

    clip: int
    range_in_source: TimeRange
    room: TimeRange
    reason: CutReason
    core: TimeRange | None = None
    whole: bool = True
    text: str = ""
    detail: str = ""


def between(core: TimeRange, room: TimeRange, *, within: TimeRange) -> TimeRange:
    """The best cut around `core` inside `room`: a breath stays at the room's start, and one at its end.

    A side on which no word stays, where the room reaches the end of `within`, needs no margin.
    """
    start = room.start if room.start <= within.start else min(core.start, room.start + _AFTER)
    end = room.end if room.end >= within.end else max(core.end, room.end - _BEFORE)
    return TimeRange(start, end)
