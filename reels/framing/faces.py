"""Faces as values: where they are at a moment of the source, and what a detector must be able to do.

Values and one protocol; opens nothing and runs no model. An adapter (`centerface`) stands beside it, `look` asks
the adapter, `tracks` and all after it know only these values.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Final, Protocol

import numpy as np
import numpy.typing as npt

from reels.geometry import Raster
from reels.timing import TimeRange

__all__ = [
    "SUBPIXELS",
    "Face",
    "FaceDetector",
    "MarkedFace",
    "Picture",
    "Seen",
    "Sighting",
]

SUBPIXELS: Final = 16
"""Parts of a source pixel in which places are kept: whole numbers, the same on every machine."""

Picture = npt.NDArray[np.uint8]
"""`(height, width, 3) uint8`, red, green, blue."""


@dataclass(frozen=True, slots=True, order=True, kw_only=True)
class Face:
    """A face from brow to chin, in sixteenths of a pixel of the source as it is shown (turned, pixels squared).

    `eyes` is how far down the middle of the eyes lies; `score` is the detector's, in thousandths. What is not `sure`
    may be a face that is half seen, or something that looks a little like one.
    """

    left: int
    top: int
    right: int
    bottom: int
    eyes: int
    score: int
    sure: bool = True

    def __post_init__(self) -> None:
        if self.right <= self.left or self.bottom <= self.top:
            raise ValueError(f"a face has a width and a height: {self}")

    @property
    def width(self) -> int:
        return self.right - self.left

    @property
    def height(self) -> int:
        return self.bottom - self.top


@dataclass(frozen=True, slots=True, order=True, kw_only=True)
class MarkedFace:
    """A face and where its features lie: x and y in sixteenths of a pixel, as the face's own edges are.

    `eyes` are the two as they come from the left; the detector guesses them where they cannot be seen.
    """

    face: Face
    eyes: tuple[tuple[int, int], tuple[int, int]]
    nose: tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """The faces on screen at source second `at`; none is worth knowing too."""

    at: Fraction
    faces: tuple[Face, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """What was found in `range_in_source` seconds of a piece of footage.

    `raster_in_source` is what a viewer sees (`VideoStream.display`). `seen` lies `1 / looks_per_second` apart, on
    whole multiples of it, in order. `cuts` are source seconds at which another shot begins: the exact timestamps
    of its first frames.
    """

    raster_in_source: Raster
    range_in_source: TimeRange
    looks_per_second: int
    seen: tuple[Seen, ...]
    cuts: tuple[Fraction, ...]

    def __post_init__(self) -> None:
        if list(self.cuts) != sorted(set(self.cuts)):
            raise ValueError("cuts come in order, each once")


class FaceDetector(Protocol):
    """Finds faces in one picture, and is asked for thousands."""

    @property
    def identity(self) -> str:
        """Names what decides the answers (model and settings), the same on every machine; holds no path."""
        ...

    def find(self, picture: Picture, *, shown_as: Raster) -> tuple[Face, ...]:
        """The faces in `picture`, in sixteenths of a pixel of the raster `shown_as` that it was made small from."""
        ...
