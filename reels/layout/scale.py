"""From pixels of a picture with 1920 lines, in which templates and looks are written, to those of a raster."""

from __future__ import annotations

import math
from fractions import Fraction

from reels.geometry import Box, Raster

__all__ = ["cover_title_room", "even_down", "even_up", "scaled"]

_COVER_SIDE_PX = 72
_COVER_FOOT_PX = 56


def scaled(px: int, raster: Raster) -> int:
    """`px` of a picture with 1920 lines, in lines of `raster`; something never becomes nothing."""
    return 0 if px == 0 else max(1, math.floor(Fraction(px * raster.height, 1920) + Fraction(1, 2)))


def even_down(px: int) -> int:
    return px - px % 2


def even_up(px: int) -> int:
    return px + px % 2


def cover_title_room(raster: Raster) -> Box:
    """Where a cover's title may be: inside the middle 1:1 crop that grids show, and so inside the 3:4 crop.

    Source: Instagram content publishing, cover photos: the feed and grid use the middle 1:1 square.
    """
    side = min(raster.width, raster.height)
    left, top = (raster.width - side) // 2, (raster.height - side) // 2
    across, foot = side * _COVER_SIDE_PX // 1080, side * _COVER_FOOT_PX // 1080
    return Box(left + across, top + foot, left + side - across, top + side - foot)
