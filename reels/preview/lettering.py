"""Where each line of a caption stands in the picture, so that a page can draw what libass draws.

The same numbers that `subtitles.ass` gives libass, said as baselines: libass stacks lines by the font's own height
and centres each between the margins. Held against rendered frames in `tests/browser/test_same_picture.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from reels.geometry import Raster
from reels.subtitles import AssStyle, Caption, Cue, cue_frames, word_places
from reels.timing import FrameRange

__all__ = ["Lettered", "Line", "Run", "lettered"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Letters that are set together, in one colour, `#RRGGBB` or `#RRGGBBAA`; `first` counts signs of the line."""

    text: str
    colour: str
    first: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line, centred at the caption's `centre`: its em and outline in pixels, its baseline from the upper edge."""

    runs: tuple[Run, ...]
    size_px: Fraction
    outline_px: Fraction
    baseline: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Lettered:
    """A caption during `frames` of the programme. Pixels of the raster; the box behind it, if any, is all `lines` wide.

    `spoken` are words with the frames in which they are spoken: line, first sign, end, frames.
    """

    frames: FrameRange
    centre: Fraction
    top: Fraction
    bottom: Fraction
    lines: tuple[Line, ...]
    spoken: tuple[tuple[int, int, int, FrameRange], ...] = ()
    second: bool = False


def lettered(cue: Cue, *, style: AssStyle, raster: Raster, rate: Fraction) -> Lettered:
    """`cue` of the programme as it is drawn."""
    caption = cue if isinstance(cue, Caption) else Caption(start=cue.start, end=cue.end, lines=cue.lines)
    written = list(_written(caption, style))
    height = sum((style.font.line_height_px(size) for _, size in written), Fraction(0))
    top = Fraction(style.second_top_px) if caption.second else raster.height - style.margin_bottom_px - height
    lines = []
    foot = Fraction(top)
    for runs, size in written:
        foot += style.font.line_height_px(size)
        lines.append(
            Line(
                runs=runs,
                size_px=Fraction(size),
                outline_px=Fraction(style.outline_px) * Fraction(size) / Fraction(style.size_px),
                baseline=foot - style.font.descent_px(size),
            )
        )
    named = len(lines) - len(caption.lines)
    return Lettered(
        frames=cue_frames(cue, rate),
        centre=Fraction(style.margin_left_px + raster.width - style.margin_right_px, 2),
        top=Fraction(top),
        bottom=foot,
        lines=tuple(lines),
        spoken=tuple((word.line + named, word.first, word.end, word.frames) for word in caption.spoken),
        second=caption.second,
    )


def _written(caption: Caption, style: AssStyle) -> Iterator[tuple[tuple[Run, ...], int | Fraction]]:
    """The lines from above: a speaker's name first, where one is shown."""
    if caption.second:
        for line in caption.lines:
            yield (Run(text=line, colour=style.second_colour, first=0),), style.second_size_px
        return
    if caption.name:
        yield (Run(text=caption.name, colour=caption.name_colour, first=0),), style.name_size_px
    for number, line in enumerate(caption.lines):
        yield tuple(_runs(caption, number, line, style)), style.size_px


def _runs(caption: Caption, number: int, line: str, style: AssStyle) -> Iterator[Run]:
    """The pieces in which libass sets a line, each kerned by itself: where a colour changes, and around each word where
    the one that is spoken is marked."""
    tints = [tint for tint in caption.tints if tint.line == number]
    edges = {0, len(line), *(at for tint in tints for at in (tint.first, tint.end))}
    if style.spoken_colour is not None:
        words = [(first, end) for row, first, end in word_places(caption.lines) if row == number]
        edges |= {at for word in words for at in word}
    for first, end in pairwise(sorted(edges)):
        colour = next((tint.colour for tint in tints if tint.first <= first < tint.end), style.primary_colour)
        yield Run(text=line[first:end], colour=colour, first=first)
