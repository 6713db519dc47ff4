"""Which frames of a cut may become its cover: spread over the reel, away from its joins and its two ends.

Pure arithmetic on the cut; what the frames show is judged by `measuring` and `choosing`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from fractions import Fraction

from reels.edit import EditList, Span
from reels.timing import FrameRange

__all__ = ["AROUND", "candidate_frames"]

AROUND = 2
"""Frames to either side of a candidate that are looked at with it."""

_MOST = 10
"""Six seconds apart in a reel of a minute: each costs a seek and the decoding of half a GOP."""
_FROM_A_JOIN = AROUND + 2
_FROM_THE_ENDS = Fraction(1, 2)


def candidate_frames(
    cut: EditList, *, is_footage: Callable[[Span], bool] = lambda span: True, most: int = _MOST
) -> tuple[int, ...]:
    """At most `most` programme frames in order; none where no span `is_footage`.

    Half a second at either end and a few frames beside every join are left out as long as anything remains: first
    the ends are given up, then the joins.
    """
    ends = math.ceil(_FROM_THE_ENDS * cut.rate)
    inner = FrameRange(ends, cut.frame_count - ends) if cut.frame_count > 2 * ends else None
    whole = FrameRange(0, cut.frame_count)
    for inside, from_a_join in ((inner, _FROM_A_JOIN), (whole, _FROM_A_JOIN), (whole, 0)):
        if inside is None:
            continue
        allowed = [
            shown
            for span in _away_from_joins(cut, is_footage, from_a_join)
            if (shown := span.intersection(inside))
        ]
        if allowed:
            return tuple(_spread(allowed, most))
    return ()


def _away_from_joins(cut: EditList, is_footage: Callable[[Span], bool], frames: int) -> Iterator[FrameRange]:
    """The footage's frames that are at least `frames` from the first frame of another span."""
    for number, span in enumerate(cut.spans):
        if not is_footage(span):
            continue
        plays = span.range_in_programme
        start = plays.start + (frames if number > 0 else 0)
        end = plays.end - (frames if number < len(cut.spans) - 1 else 0)
        if start < end:
            yield FrameRange(start, end)


def _spread(allowed: list[FrameRange], most: int) -> Iterator[int]:
    """The middles of `most` equal parts of all the allowed frames laid end to end."""
    total = sum(frames.count for frames in allowed)
    count = min(most, total)
    for number in range(count):
        place = (2 * number + 1) * total // (2 * count)
        for frames in allowed:
            if place < frames.count:
                yield frames.start + place
                break
            place -= frames.count
