"""A cue: lines on screen for a time. Its lines are clean, whatever they were made from."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from reels.timing import FrameRange, frame_nearest

__all__ = ["LINE_ENDS", "Cue", "cue_frames", "subtitle_lines"]

# Signs that show nothing and could turn a line around, hide text, or end a file's line: never part of a cue.
_INVISIBLE = frozenset(
    chr(c)
    for c in (0x061C, 0x200B, 0x200E, 0x200F, 0x2060, 0xFEFF, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
)
LINE_ENDS = re.compile(r"\r\n|[\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029]")


def _is_forbidden(character: str) -> bool:
    return character in _INVISIBLE or unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp")


@lru_cache(maxsize=8192)
def subtitle_lines(text: str) -> tuple[str, ...]:
    """`text` as the lines of a cue: NFC, trimmed, without control or invisible signs, without blank lines."""
    cleaned = (
        unicodedata.normalize(
            "NFC", "".join(c for c in line.replace("\t", " ") if not _is_forbidden(c))
        ).strip()
        for line in LINE_ENDS.split(text)
    )
    return tuple(line for line in cleaned if line)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """Lines on screen during `[start, end)`, exact seconds of the timeline that the variable's name says.

    Lines are as `subtitle_lines` makes them; anything else is a programming error (ValueError).
    """

    start: Fraction
    end: Fraction
    lines: tuple[str, ...]

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError(f"a cue needs time: [{self.start}, {self.end})")
        if not self.lines or self.lines != subtitle_lines("\n".join(self.lines)):
            raise ValueError(f"not the clean lines of a cue: {self.lines!r}")

    @property
    def duration(self) -> Fraction:
        return self.end - self.start

    @property
    def text(self) -> str:
        return "\n".join(self.lines)


def cue_frames(cue: Cue, rate: Fraction) -> FrameRange:
    """The frames that show `cue`: each end on the nearest frame, at least one frame."""
    on = frame_nearest(cue.start, rate)
    return FrameRange(on, max(frame_nearest(cue.end, rate), on + 1))
