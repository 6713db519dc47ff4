"""Exact pixels: rasters, sample aspect ratio, rotation, boxes.

A `Raster` counts stored pixels; the display raster is what a viewer sees after rotation and square pixels.
Nothing here knows about media files. `timing` is its sibling for seconds and frames.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

__all__ = ["PORTRAIT_1080", "Box", "Raster", "display_raster", "scale_to_cover", "scale_to_fit"]


@dataclass(frozen=True, slots=True)
class Raster:
    """Width and height in pixels."""

    width: int
    height: int

    def __post_init__(self) -> None:
        if self.width < 1 or self.height < 1:
            raise ValueError(f"a raster needs pixels, not {self.width}x{self.height}")

    def __str__(self) -> str:
        return f"{self.width}x{self.height}"

    @property
    def aspect(self) -> Fraction:
        return Fraction(self.width, self.height)


PORTRAIT_1080 = Raster(1080, 1920)


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in pixels of the output raster: left and top inside, right and bottom outside."""

    left: int
    top: int
    right: int
    bottom: int

    def __post_init__(self) -> None:
        if self.right < self.left or self.bottom < self.top:
            raise ValueError(f"a box cannot be inside out: {self}")

    @property
    def width(self) -> int:
        return self.right - self.left

    @property
    def height(self) -> int:
        return self.bottom - self.top

    def contains(self, other: Box) -> bool:
        return (
            self.left <= other.left
            and self.top <= other.top
            and other.right <= self.right
            and other.bottom <= self.bottom
        )

    def intersection(self, other: Box) -> Box | None:
        """The common part, or None where the two only touch or lie apart."""
        left, top = max(self.left, other.left), max(self.top, other.top)
        right, bottom = min(self.right, other.right), min(self.bottom, other.bottom)
        return Box(left, top, right, bottom) if left < right and top < bottom else None

    @classmethod
    def at(cls, left: int, top: int, raster: Raster) -> Box:
        return cls(left, top, left + raster.width, top + raster.height)


def display_raster(coded: Raster, *, sar: Fraction, rotation: int) -> Raster:
    """What a viewer sees: square pixels (the width is stretched, as players do), then a quarter turn or not.

    `rotation` is in degrees, clockwise, a multiple of 90.
    """
    width = max(1, round(coded.width * sar))
    return Raster(coded.height, width) if rotation % 180 == 90 else Raster(width, coded.height)


def _even(pixels: Fraction, *, up: bool) -> int:
    half = math.ceil(pixels / 2) if up else max(1, math.floor(pixels / 2))
    return 2 * half


def scale_to_cover(source: Raster, target: Raster) -> Raster:
    """The smallest even raster of the source's shape that leaves no pixel of `target` bare."""
    factor = max(Fraction(target.width, source.width), Fraction(target.height, source.height))
    return Raster(_even(source.width * factor, up=True), _even(source.height * factor, up=True))


def scale_to_fit(source: Raster, target: Raster) -> Raster:
    """The largest even raster of the source's shape inside `target`."""
    factor = min(Fraction(target.width, source.width), Fraction(target.height, source.height))
    return Raster(_even(source.width * factor, up=False), _even(source.height * factor, up=False))
