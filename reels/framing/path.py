"""The path of the crop: where the window lies at every moment, in whole sixteenths of a source pixel.

Values that say where, never why: `smooth` finds the places and `follow` chooses whom they serve, `graph.crop` lays
the window over the picture. A window is a pure function of the source time, so any grid of chunks gives the same.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from reels.framing.faces import SUBPIXELS
from reels.geometry import Raster
from reels.timing import TimeRange

__all__ = ["CropPath", "Glide", "KeyedPlace", "keyed_path", "largest_window", "still_path"]

_EASE_STEP, _MOST_PIECES = Fraction(1, 20), 100
"""Seconds of a piece of a glide from keyframe to keyframe; a glide of minutes is as smooth in longer ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Glide:
    """The window's left upper corner through one shot: a uniform cubic B-spline, so without any jerk.

    Control point k stands `step * (k - 1)` seconds after `origin`; `lefts` and `tops` are sixteenths of a pixel.
    One control point means that the window stands still. Speed and acceleration of the window never pass those
    of its control points, and it never leaves their hull.
    """

    range_in_source: TimeRange
    origin: Fraction
    step: Fraction
    lefts: tuple[int, ...]
    tops: tuple[int, ...]

    def __post_init__(self) -> None:
        for points in (self.lefts, self.tops):
            if len(points) > 1 and not self._first_piece <= self._last_piece <= len(points) - 4:
                raise ValueError(f"{len(points)} control points do not reach over {self.range_in_source}")
            if not points:
                raise ValueError("a glide needs a control point")

    @property
    def _first_piece(self) -> int:
        return self._piece(self.range_in_source.start)

    @property
    def _last_piece(self) -> int:
        """The piece in which the range ends; its end belongs to the piece before."""
        return max(self._first_piece, math.ceil((self.range_in_source.end - self.origin) / self.step) - 1)

    def _piece(self, at: Fraction) -> int:
        return math.floor((at - self.origin) / self.step)

    def place(self, at: Fraction) -> tuple[int, int]:
        """Left and top at source second `at`, which is moved into the glide's range."""
        kept = min(max(at, self.range_in_source.start), self.range_in_source.end)
        piece = min(self._piece(kept), self._last_piece)
        part = (kept - self.origin) / self.step - piece
        return _spline(self.lefts, piece, part), _spline(self.tops, piece, part)

    def within(self, range_in_source: TimeRange) -> Glide | None:
        """The part that shows in `range_in_source`, with only those control points that count there."""
        common = self.range_in_source.intersection(range_in_source)
        if common is None:
            return None
        cut = replace(self, range_in_source=common)
        first, last = cut._first_piece, cut._last_piece
        lefts, tops = (
            points if len(points) == 1 else points[first : last + 4] for points in (self.lefts, self.tops)
        )
        if len(lefts) == len(tops) == 1:
            return replace(cut, origin=common.start)
        return replace(cut, origin=self.origin + first * self.step, lefts=lefts, tops=tops)


@dataclass(frozen=True, slots=True, kw_only=True)
class CropPath:
    """A window of `width` x `height` sixteenths of a pixel that moves over a source of `raster_in_source`.

    The raster is what a viewer sees, turned and with square pixels. Glides follow each other in source time, hard
    cuts between them; between two that do not touch, and outside all, the nearest place holds.
    """

    raster_in_source: Raster
    width: int
    height: int
    glides: tuple[Glide, ...]

    def __post_init__(self) -> None:
        if not self.glides:
            raise ValueError("a path needs a place")
        for before, after in itertools.pairwise(self.glides):
            if after.range_in_source.start < before.range_in_source.end:
                raise ValueError("glides follow each other")
        room_x = SUBPIXELS * self.raster_in_source.width - self.width
        room_y = SUBPIXELS * self.raster_in_source.height - self.height
        for glide in self.glides:
            for points, room in ((glide.lefts, room_x), (glide.tops, room_y)):
                if min(points) < 0 or max(points) > room:
                    raise ValueError(
                        f"the window leaves the picture: {min(points)} to {max(points)} of {room}"
                    )

    def place(self, at: Fraction) -> tuple[int, int]:
        """Left and top at source second `at`, in sixteenths of a pixel."""
        current = self.glides[0]
        for glide in self.glides:
            if glide.range_in_source.start > at:
                break
            current = glide
        return current.place(at)

    def places(
        self, start: Fraction, rate: Fraction, frames: int, *, tolerance: Fraction = Fraction(0)
    ) -> tuple[tuple[int, int], ...]:
        """The place of each of `frames` frames of `rate`, the first at source second `start`.

        A source frame that starts up to `tolerance` seconds after a frame is shown by it: the new shot's place
        comes with the new shot's picture.
        """
        return tuple(self.place(start + frame / rate + tolerance) for frame in range(frames))

    def within(self, range_in_source: TimeRange) -> CropPath:
        """What decides the window in `range_in_source`, and nothing else: a chunk's share of the path."""
        kept: list[Glide] = []
        for number, glide in enumerate(self.glides):
            cut = glide.within(range_in_source)
            if cut is None:
                # Beside a glide its place holds: from the one before to its start where it is the first, else to the
                # start of the next.
                begin = glide.range_in_source.start if number else range_in_source.start
                last = number == len(self.glides) - 1
                end = range_in_source.end if last else self.glides[number + 1].range_in_source.start
                begin, end = max(begin, range_in_source.start), min(end, range_in_source.end)
                if begin < end:
                    cut = _still(TimeRange(begin, end), *glide.place(begin))
            if cut is not None:
                kept.append(cut)
        if not kept:
            at = range_in_source.start
            kept = [_still(TimeRange(at, max(at, range_in_source.end)), *self.place(at))]
        return replace(self, glides=tuple(kept))


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyedPlace:
    """The window's left upper corner at source second `at`, in sixteenths of a pixel."""

    at: Fraction
    left: int
    top: int


def largest_window(raster_in_source: Raster, aspect: Fraction) -> tuple[int, int]:
    """Width and height, in sixteenths of a pixel, of the largest window of `aspect` that the picture holds."""
    width = min(Fraction(raster_in_source.width), raster_in_source.height * aspect)
    height = min(Fraction(raster_in_source.height), raster_in_source.width / aspect)
    return math.floor(width * SUBPIXELS), math.floor(height * SUBPIXELS)


def keyed_path(raster_in_source: Raster, aspect: Fraction, keys: Sequence[KeyedPlace]) -> CropPath:
    """The path that a person gave by keyframes: eased from each to the next, a hard cut where two share a time.

    Places outside the picture are moved to its edge. Raises: ValueError without keyframes or out of order.
    """
    if not keys or any(b.at < a.at for a, b in itertools.pairwise(keys)):
        raise ValueError("keyframes stand in the order of their times, at least one")
    width, height = largest_window(raster_in_source, aspect)
    room = (SUBPIXELS * raster_in_source.width - width, SUBPIXELS * raster_in_source.height - height)
    inside = [
        replace(key, left=min(max(key.left, 0), room[0]), top=min(max(key.top, 0), room[1])) for key in keys
    ]
    glides = [_eased(a, b) for a, b in itertools.pairwise(inside) if b.at > a.at]
    glides.append(_still(TimeRange(inside[-1].at, inside[-1].at), inside[-1].left, inside[-1].top))
    return CropPath(raster_in_source=raster_in_source, width=width, height=height, glides=tuple(glides))


def still_path(raster_in_source: Raster, window: tuple[int, int], place: tuple[int, int]) -> CropPath:
    """A window that never moves; all lengths in sixteenths of a pixel."""
    glide = _still(TimeRange(Fraction(0), Fraction(0)), *place)
    return CropPath(raster_in_source=raster_in_source, width=window[0], height=window[1], glides=(glide,))


def _still(range_in_source: TimeRange, left: int, top: int) -> Glide:
    return Glide(
        range_in_source=range_in_source,
        origin=range_in_source.start,
        step=Fraction(1),
        lefts=(left,),
        tops=(top,),
    )


def _eased(a: KeyedPlace, b: KeyedPlace) -> Glide:
    """From one keyframe to the next, slowly at both ends."""
    span = TimeRange(a.at, b.at)
    if (a.left, a.top) == (b.left, b.top):
        return _still(span, a.left, a.top)
    pieces = min(max(4, math.ceil(span.duration / _EASE_STEP)), _MOST_PIECES)
    # Three equal control points at an end hold the spline on that place, without speed.
    parts = [min(max(Fraction(k - 2, pieces - 2), Fraction(0)), Fraction(1)) for k in range(pieces + 3)]
    eased = [part * part * (3 - 2 * part) for part in parts]
    eased[-3:] = [Fraction(1)] * 3
    return Glide(
        range_in_source=span,
        origin=a.at,
        step=span.duration / pieces,
        lefts=tuple(round(a.left + (b.left - a.left) * part) for part in eased),
        tops=tuple(round(a.top + (b.top - a.top) * part) for part in eased),
    )


def _spline(points: tuple[int, ...], piece: int, u: Fraction) -> int:
    """The uniform cubic B-spline of `points` in its `piece`, at part `u` of it, to the nearest whole number."""
    if len(points) == 1:
        return points[0]
    a, b, c, d = points[piece : piece + 4]
    square, cube = u * u, u * u * u
    value = (
        a * (1 - 3 * u + 3 * square - cube)
        + b * (4 - 6 * square + 3 * cube)
        + c * (1 + 3 * u + 3 * square - 3 * cube)
        + d * cube
    ) / 6
    return math.floor(value + Fraction(1, 2))
