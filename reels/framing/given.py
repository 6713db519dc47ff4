"""A framing that a person gave → the path of the crop. Nobody looks at the footage for it.

Pure. `wanted` stands before, `plan` and `graph.crop` after.
"""

from __future__ import annotations

import math
from fractions import Fraction
from functools import lru_cache

from reels.framing.faces import SUBPIXELS
from reels.framing.path import CropPath, KeyedPlace, keyed_path, largest_window, still_path
from reels.framing.wanted import FramingBox, Keyframe
from reels.geometry import Box, Raster

__all__ = ["box_in_pixels", "path_of_box", "path_of_keyframes"]


def path_of_box(box: FramingBox, raster_in_source: Raster, aspect: Fraction) -> CropPath | None:
    """The smallest window of `aspect` around the box, standing still inside the picture.

    None where the picture has no room for one that holds the whole box, but for a pixel.
    """
    wide, high = raster_in_source.width * box.width, raster_in_source.height * box.height
    most = min(Fraction(raster_in_source.width), raster_in_source.height * aspect)
    width = max(wide, high * aspect)
    # A picture of 608 x 1080 is a little wider than 9:16: all of it is no reason for a line of ground beside it.
    if width > most + 1:
        return None
    width = min(width, most)
    height = width / aspect
    places = []
    for begin, length, window, room in (
        (raster_in_source.width * box.left, wide, width, raster_in_source.width),
        (raster_in_source.height * box.top, high, height, raster_in_source.height),
    ):
        wanted = begin + (length - window) / 2
        places.append(math.floor(SUBPIXELS * min(max(wanted, Fraction(0)), room - window)))
    return still_path(
        raster_in_source,
        (math.floor(width * SUBPIXELS), math.floor(height * SUBPIXELS)),
        (places[0], places[1]),
    )


def box_in_pixels(box: FramingBox, stored: Raster) -> Box:
    """The box in a picture of `stored` pixels, on even places and of even lengths, at least two pixels long."""

    def even(part: Fraction, length: int) -> int:
        return min(2 * round(part * length / 2), length // 2 * 2)

    left, top = even(box.left, stored.width), even(box.top, stored.height)
    right, bottom = even(box.left + box.width, stored.width), even(box.top + box.height, stored.height)
    left, top = min(left, right - 2), min(top, bottom - 2)
    return Box(left, top, right, bottom)


@lru_cache(maxsize=64)
def path_of_keyframes(
    keyframes: tuple[Keyframe, ...], times: tuple[Fraction, ...], raster_in_source: Raster, aspect: Fraction
) -> CropPath:
    """The largest window of `aspect`, its middle at each keyframe's place at the source second of `times`.

    Remembered, for every chunk asks. Raises: ValueError where the times are not in order.
    """
    width, height = largest_window(raster_in_source, aspect)
    keys = [
        KeyedPlace(
            at=at,
            left=round(key.x * raster_in_source.width * SUBPIXELS - Fraction(width, 2)),
            top=round(key.y * raster_in_source.height * SUBPIXELS - Fraction(height, 2)),
        )
        for key, at in zip(keyframes, times, strict=True)
    ]
    return keyed_path(raster_in_source, aspect, keys)
