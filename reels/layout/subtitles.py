"""Where the subtitles stand: at the foot of the safe area, in nothing that a platform lays over the picture there."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from reels.geometry import Box, Raster
from reels.layout.scale import scaled

__all__ = [
    "LEAST_SHARE_WHEN_CENTRED",
    "LINE_HEIGHT",
    "Centre",
    "SubtitleArea",
    "SubtitleZone",
    "beside",
    "subtitle_area",
]

Centre = Literal["safe", "frame"]

LINE_HEIGHT = Fraction(13, 10)
"""From line to line, as a share of the size: Hangul at its tallest with a little air between two lines."""

LEAST_SHARE_WHEN_CENTRED = Fraction(3, 4)
"""Of the free width: where the middle of the frame leaves less, the middle of what is free is the better one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SubtitleZone:
    """The place of subtitles as a template writes it, in pixels of a picture with 1920 lines."""

    size_px: int
    lines: int = 2
    line_height: Fraction = LINE_HEIGHT
    """As a share of `size_px`; no less than the font's own, or lines would leave the box."""
    frame_px: int = 0
    """Outline or box padding around the letters."""
    raised_px: int = 0
    """From the foot of the safe area up to the foot of the last line."""
    centre: Centre = "safe"
    name_size_px: int = 0
    """Of a speaker's name on a line above; 0: no such line."""
    second_size_px: int = 0
    """Of a second language below; 0: there is none."""
    second_lines: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SubtitleArea:
    """Where subtitle lines may be, in pixels of the output raster.

    `box` holds every line with its outline; the margins are what ASS calls MarginL, MarginR and MarginV
    with alignment 2 (bottom centre) in a script of the raster's size: they measure to the letters, not to
    the outline. A second language begins `second_top_px` below the upper edge, and ends inside `box` too.
    """

    box: Box
    left_margin_px: int
    right_margin_px: int
    bottom_margin_px: int
    max_text_width_px: int
    second_top_px: int = 0


def subtitle_area(
    raster: Raster, area: Box, zone: SubtitleZone, keep_clear: Sequence[Box]
) -> SubtitleArea | None:
    """The lowest place in `area` that touches nothing of `keep_clear`; None where there is none."""
    frame = scaled(zone.frame_px, raster)

    def rows(size_px: int, count: int) -> int:
        return count * math.ceil(scaled(size_px, raster) * zone.line_height)

    first = rows(zone.name_size_px, 1) + rows(zone.size_px, zone.lines) + 2 * frame
    second = rows(zone.second_size_px, zone.second_lines) + 2 * frame if zone.second_lines else 0
    foot = area.bottom - scaled(zone.raised_px, raster)
    if foot <= area.top:
        return None
    free = _free_foot(Box(area.left, area.top, area.right, foot), first + second, keep_clear)
    if free is None or free.top <= area.top:
        return None
    left, right, bottom = free.left, free.right, free.bottom
    if zone.centre == "frame":
        margin = max(left, raster.width - right)
        if raster.width - 2 * margin >= LEAST_SHARE_WHEN_CENTRED * free.width:
            left, right = margin, raster.width - margin
    if right - left <= 2 * frame:
        return None
    return SubtitleArea(
        box=Box(left, free.top, right, bottom),
        left_margin_px=left + frame,
        right_margin_px=raster.width - right + frame,
        bottom_margin_px=raster.height - bottom + second + frame,
        max_text_width_px=right - left - 2 * frame,
        second_top_px=bottom - second + frame if second else 0,
    )


def _free_foot(wanted: Box, height: int, keep_clear: Sequence[Box]) -> Box | None:
    """The lowest `height` rows of `wanted` that touch nothing of `keep_clear`; None where there are none."""
    bottom = wanted.bottom
    while bottom - height >= wanted.top:
        foot = Box(wanted.left, bottom - height, wanted.right, bottom)
        free = beside(foot, keep_clear)
        if free is not None:
            return free
        bottom = max(box.top for box in keep_clear if foot.intersection(box) is not None and box.top < bottom)
    return None


def beside(wanted: Box, keep_clear: Sequence[Box]) -> Box | None:
    """`wanted` without the columns at its sides that `keep_clear` takes; None where that is more than half."""
    left, right = wanted.left, wanted.right
    for box in keep_clear:
        if Box(left, wanted.top, right, wanted.bottom).intersection(box) is None:
            continue
        if box.left - left >= right - box.right:
            right = box.left
        else:
            left = box.right
        if 2 * (right - left) <= wanted.width:
            return None
    return Box(left, wanted.top, right, wanted.bottom)
