"""A time of a reel as somebody asks for it → the frame that is shown then."""

from __future__ import annotations

from fractions import Fraction

from reels.edit import EditList
from reels.errors import UsageError
from reels.said import Said
from reels.timing import TimecodeUnreadable, format_clock, parse_clock

__all__ = ["frame_asked_for"]


def frame_asked_for(at: str, cut: EditList) -> int:
    """The frame of the programme at `at`, a time such as `4.2` or `120f`.

    Raises: UsageError for what is no time of this reel.
    """
    rate, length = cut.rate, cut.duration
    try:
        seconds = parse_clock(at, rate=rate)
    except TimecodeUnreadable:
        seconds = length
    if seconds >= length:
        raise UsageError(
            where="--at",
            found=at,
            expected=Said(
                f"a time of the reel, from 0 to before {format_clock(length)}, such as 4.2 or 120f",
                ko=f"0부터 {format_clock(length)} 전까지의 릴스 시각(4.2나 120f처럼)",
            ),
            remedy=Said("choose another moment", ko="다른 순간을 골라 주세요."),
        )
    # Written as 0.133 for what is 4/30: the frame that was meant, not the one before it.
    return min(cut.frame_count - 1, int(seconds * rate + Fraction(1, 20)))
