"""A cut as a CMX 3600 edit decision list, in timecode without dropped frames, the programme from 01:00:00:00 on.

Source: SMPTE 258M, Transfer of Edit Decision Lists; "FROM CLIP NAME" as every editing program writes it.
"""

from __future__ import annotations

import math
from fractions import Fraction

from reels.errors import UsageError, printable
from reels.interchange.programme import Programme
from reels.said import Said
from reels.timing import frame_nearest

__all__ = ["edl"]

_MOST_EVENTS = 999
_PROGRAMME_HOUR = 1
_DAY_HOURS = 24


def edl(programme: Programme) -> str:
    """The text of an `.edl` file; a line of the list never holds more than one line of a name.

    Raises: UsageError where there are more events than the format can number.
    """
    cut = programme.edit
    # Cards are drawn by us: the list leaves their time black.
    if len(cut.footage) > _MOST_EVENTS:
        raise UsageError(
            where="--to edl",
            found=Said(f"{len(cut.footage)} pieces", ko=f"조각 {len(cut.footage)}개"),
            expected=Said(f"at most {_MOST_EVENTS}", ko=f"{_MOST_EVENTS}개 이하"),
            remedy=Said("use --to otio", ko="--to otio를 쓰세요."),
        )
    lines = [f"TITLE: {printable(programme.name)}", "FCM: NON-DROP FRAME", ""]
    for number, span in enumerate(cut.footage, start=1):
        media = programme.media[span.clip]
        first = frame_nearest(span.range_in_source.start, cut.rate)
        hour = _PROGRAMME_HOUR * 3600 * _frames_a_second(cut.rate)
        times = [
            _timecode(frame, cut.rate)
            for frame in (
                first,
                first + span.range_in_programme.count,
                hour + span.range_in_programme.start,
                hour + span.range_in_programme.end,
            )
        ]
        channels = "AA/V" if media.has_sound else "V"
        lines.append(f"{number:03}  AX       {channels:<5} C        {' '.join(times)}")
        lines.append(f"* FROM CLIP NAME: {printable(media.name)}")
        lines.append(f"* SOURCE FILE: {printable(media.path)}")
    return "\n".join(lines) + "\n"


def _frames_a_second(rate: Fraction) -> int:
    """How many frames a second of timecode counts: 30 for 29.97, so that it runs slow and drops no number."""
    return math.ceil(rate)


def _timecode(frame: int, rate: Fraction) -> str:
    base = _frames_a_second(rate)
    seconds = frame // base
    return f"{seconds // 3600 % _DAY_HOURS:02}:{seconds // 60 % 60:02}:{seconds % 60:02}:{frame % base:02}"
