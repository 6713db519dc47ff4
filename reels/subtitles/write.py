"""SubRip and WebVTT, to the millisecond, that `read` gives back to the letter."""

from __future__ import annotations

import html
import math
from collections.abc import Iterable
from fractions import Fraction

from reels.subtitles.cue import Cue
from reels.subtitles.markup import ASS_BREAK, TAG, WORD_JOINER
from reels.timing import format_clock, format_srt

__all__ = ["write_srt", "write_vtt"]


def write_srt(cues: Iterable[Cue]) -> str:
    """`cues` as SubRip, to the millisecond. `read_subtitles` gives the same cues back.

    A word joiner (U+2060, shows nothing) stands inside whatever a reader would take for a tag or a time line.
    """
    blocks = (
        f"{number}\n{format_srt(start)} --> {format_srt(end)}\n" + "\n".join(map(_guarded, cue.lines)) + "\n"
        for number, cue in enumerate(cues, start=1)
        for start, end in [_whole_milliseconds(cue)]
    )
    return "\n".join(blocks)


def write_vtt(cues: Iterable[Cue]) -> str:
    """`cues` as WebVTT, to the millisecond. `read_subtitles` gives the same cues back."""
    blocks = (
        f"\n{format_clock(start)} --> {format_clock(end)}\n"
        + "\n".join(html.escape(_guarded(line), quote=False) for line in cue.lines)
        + "\n"
        for cue in cues
        for start, end in [_whole_milliseconds(cue)]
    )
    return "WEBVTT\n" + "".join(blocks)


def _whole_milliseconds(cue: Cue) -> tuple[Fraction, Fraction]:
    start, end = (Fraction(math.floor(t * 1000 + Fraction(1, 2)), 1000) for t in (cue.start, cue.end))
    return start, max(end, start + Fraction(1, 1000))


def _guarded(line: str) -> str:
    tags = TAG.sub(lambda tag: tag[0][0] + WORD_JOINER + tag[0][1:], line)
    # Guarding one tag can leave its tail as the head of another, such as in `<<b>b>`.
    safe = tags if tags == line else _guarded(tags)
    return safe.replace(ASS_BREAK, f"\\{WORD_JOINER}N").replace("->", f"-{WORD_JOINER}>")
