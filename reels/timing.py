"""Exact time: seconds as `Fraction`, whole frames of a rate, half-open ranges, and how people write them.

Never a float: a float second cannot name a frame boundary of 30000/1001 and drifts when added up.
Nothing here knows about media files. `geometry` is its sibling for pixels.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from fractions import Fraction

__all__ = [
    "FrameRange",
    "TimeRange",
    "TimecodeUnreadable",
    "exact_clock",
    "exact_seconds",
    "format_clock",
    "format_srt",
    "frame_at_or_after",
    "frame_nearest",
    "frame_shown_at",
    "frames_to_seconds",
    "parse_clock",
]

_CLOCK = re.compile(r"(?:(?:(?P<h>\d+):)?(?P<m>\d{1,2}):)?(?P<s>\d+(?:\.\d+)?)")
_FRAMES = re.compile(r"(?P<n>\d+)f")


class TimecodeUnreadable(ValueError):
    """A time that is written in none of the accepted ways."""


def exact_seconds(value: float | int | str | Fraction, *, ticks_per_second: int = 1_000_000) -> Fraction:
    """`value` seconds on a grid of `ticks_per_second`: a recogniser's float becomes exact on entry."""
    return Fraction(round(Fraction(value) * ticks_per_second), ticks_per_second)


def parse_clock(text: str, *, rate: Fraction | None = None) -> Fraction:
    """Seconds from `SS.s`, `MM:SS.s`, `HH:MM:SS.s` or, where `rate` is known, frames such as `120f`.

    Raises: TimecodeUnreadable.
    """
    written = text.strip()
    if found := _FRAMES.fullmatch(written):
        if rate is None:
            raise TimecodeUnreadable(f"{text!r} counts frames, but no frame rate is known here")
        return int(found["n"]) / rate
    found = _CLOCK.fullmatch(written)
    if found is None:
        raise TimecodeUnreadable(f"{text!r} is not a time such as 4.2, 01:04.2, 1:02:03.5 or 120f")
    seconds = Fraction(found["s"])
    if found["m"] is not None and seconds >= 60:
        raise TimecodeUnreadable(f"{text!r} has {found['s']} seconds after a minute mark; at most 59 fit")
    if found["h"] is not None and int(found["m"]) >= 60:
        raise TimecodeUnreadable(f"{text!r} has {found['m']} minutes after an hour mark; at most 59 fit")
    return int(found["h"] or 0) * 3600 + int(found["m"] or 0) * 60 + seconds


def format_clock(seconds: Fraction) -> str:
    """`HH:MM:SS.mmm` for people, rounded half up to milliseconds."""
    ms = math.floor(seconds * 1000 + Fraction(1, 2))
    sign, ms = ("-", -ms) if ms < 0 else ("", ms)
    return f"{sign}{ms // 3_600_000:02}:{ms // 60_000 % 60:02}:{ms // 1000 % 60:02}.{ms % 1000:03}"


def exact_clock(seconds: Fraction) -> str:
    """`SS.nnnnnnnnn`, which `parse_clock` reads: to the nanosecond, for no frame of any rate is that short."""
    nanoseconds = round(seconds * 1_000_000_000)
    return f"{nanoseconds // 1_000_000_000}.{nanoseconds % 1_000_000_000:09}"


def format_srt(seconds: Fraction) -> str:
    """`HH:MM:SS,mmm`, as SubRip writes time."""
    return format_clock(seconds).replace(".", ",")


def frames_to_seconds(frames: int, rate: Fraction) -> Fraction:
    """The exact start of frame number `frames`."""
    return frames / rate


def frame_shown_at(seconds: Fraction, rate: Fraction) -> int:
    """The frame on screen at `seconds`: the last one that starts at or before it."""
    return math.floor(seconds * rate)


def frame_at_or_after(seconds: Fraction, rate: Fraction) -> int:
    """The first frame that starts at or after `seconds`."""
    return math.ceil(seconds * rate)


def frame_nearest(seconds: Fraction, rate: Fraction) -> int:
    """The frame whose start is nearest to `seconds`; a tie goes to the later one."""
    return math.floor(seconds * rate + Fraction(1, 2))


@dataclass(frozen=True, slots=True, order=True)
class TimeRange:
    """`[start, end)` in exact seconds of some timeline that the variable's name says."""

    start: Fraction
    end: Fraction

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise ValueError(f"a range cannot end ({self.end}) before it starts ({self.start})")

    @property
    def duration(self) -> Fraction:
        return self.end - self.start

    def intersection(self, other: TimeRange) -> TimeRange | None:
        """The common part, or None where the two only touch or lie apart."""
        start, end = max(self.start, other.start), min(self.end, other.end)
        return TimeRange(start, end) if start < end else None

    def shifted(self, by: Fraction) -> TimeRange:
        return TimeRange(self.start + by, self.end + by)

    def __contains__(self, seconds: Fraction) -> bool:
        return self.start <= seconds < self.end


@dataclass(frozen=True, slots=True, order=True)
class FrameRange:
    """`[start, end)` in whole frames of a rate that the context says."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise ValueError(f"a range cannot end ({self.end}) before it starts ({self.start})")

    @property
    def count(self) -> int:
        return self.end - self.start

    def intersection(self, other: FrameRange) -> FrameRange | None:
        """The common part, or None where the two only touch or lie apart."""
        start, end = max(self.start, other.start), min(self.end, other.end)
        return FrameRange(start, end) if start < end else None

    def shifted(self, by: int) -> FrameRange:
        return FrameRange(self.start + by, self.end + by)

    def in_seconds(self, rate: Fraction) -> TimeRange:
        return TimeRange(self.start / rate, self.end / rate)
