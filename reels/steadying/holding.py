"""Shake → how far the window moves with each frame of the footage, so that what it shows stands still.

The camera's own way is what is left when everything faster than about a second is taken out of what the picture does;
the window goes with the rest. Where a pan would carry it too far it gives in softly. `shake` stands before, the plan
after, which lays the moves over whatever window a clip has. A move belongs to a frame of the footage by the time at
which that begins, and to nothing else: any grid of chunks shows the same.
"""

from __future__ import annotations

import bisect
import itertools
import json
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from reels.framing import SUBPIXELS, CropPath, Glide
from reels.geometry import Raster
from reels.timing import TimeRange

__all__ = ["LARGEST_MOVE", "SMALLEST_WINDOW", "Steady", "SteadyUnreadable", "hold", "steady_from_json"]

Floats = npt.NDArray[np.float64]

SCHEMA = "reels-steady/1"

LARGEST_MOVE = Fraction(7, 100)
"""Of the picture's shorter side: how far the window may be moved."""
SMALLEST_WINDOW = 1 - 2 * LARGEST_MOVE
"""Of the window that a clip has otherwise: what is left where the largest moves need the most room."""

_SLOW = 0.8
"""Seconds: standard deviation of the bell that tells the camera's way from its shake."""
_REACH = 3.0
"""Standard deviations on each side."""
_FREELY = 0.6
"""Of the largest move, up to which nothing is given in."""
_SHORTEST_SHOT = 0.3
"""Seconds."""
_STEADY_ALREADY = 0.4
"""Pixels of the footage: a picture that shakes less is on a stand, and is left alone."""
_MICRO = 1_000_000
_INTO_THE_FRAME = Fraction(500, _MICRO)
"""A cut lies where a frame begins, told to the microsecond by somebody else: asked for a little later."""


class SteadyUnreadable(ValueError):
    """A stored `Steady` of another version, or no such thing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Steady:
    """The moves of a window over a range of footage, for a picture of `raster_in_source` as a viewer sees it.

    Frame n begins at source microsecond `starts_us[n]`; the window then goes `rights[n]` and `downs[n]` sixteenths of
    a pixel, less where negative. Nothing is in it for footage that is steady already.
    """

    raster_in_source: Raster
    starts_us: tuple[int, ...] = ()
    rights: tuple[int, ...] = ()
    downs: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        if not len(self.starts_us) == len(self.rights) == len(self.downs):
            raise ValueError("each frame has a move")

    @property
    def is_needed(self) -> bool:
        return any(self.rights) or any(self.downs)

    @property
    def most(self) -> tuple[int, int]:
        """The largest moves across and down."""
        return max(map(abs, self.rights), default=0), max(map(abs, self.downs), default=0)

    def window(self, path: CropPath, first: Fraction, last: Fraction) -> CropPath:
        """`path`, made smaller by as much as the moves need, and moved, for frames shown from `first` to `last`.

        Both are source seconds at which a frame that begins then is shown already. `path` is that of the whole clip,
        so that every part of it gets the same size of window.
        """
        part = self._part(path)
        width, height = int(path.width * part), int(path.height * part)
        inset = ((path.width - width) // 2, (path.height - height) // 2)
        room = (
            SUBPIXELS * path.raster_in_source.width - width,
            SUBPIXELS * path.raster_in_source.height - height,
        )
        glides = []
        begin = max(0, bisect.bisect_right(self.starts_us, first * _MICRO) - 1)
        end = max(begin + 1, bisect.bisect_right(self.starts_us, last * _MICRO))
        for number in range(begin, end):
            at = Fraction(self.starts_us[number], _MICRO)
            left, top = path.place(at + _INTO_THE_FRAME)
            until = (
                Fraction(self.starts_us[number + 1], _MICRO)
                if number + 1 < len(self.starts_us)
                else max(at, last)
            )
            glides.append(
                Glide(
                    range_in_source=TimeRange(at, until),
                    origin=at,
                    step=Fraction(1),
                    lefts=(min(max(left + inset[0] + self.rights[number], 0), room[0]),),
                    tops=(min(max(top + inset[1] + self.downs[number], 0), room[1]),),
                )
            )
        return CropPath(
            raster_in_source=path.raster_in_source, width=width, height=height, glides=tuple(glides)
        )

    def _part(self, path: CropPath) -> Fraction:
        """What is left of the window's width and height."""
        part = Fraction(1)
        raster, (across, down) = path.raster_in_source, self.most
        for most, length, window, points in (
            (across, raster.width, path.width, [p for glide in path.glides for p in glide.lefts]),
            (down, raster.height, path.height, [p for glide in path.glides for p in glide.tops]),
        ):
            beside = min(*points, SUBPIXELS * length - window - max(points))
            part = min(part, 1 - Fraction(2 * max(0, most - beside), window))
        return max(part, SMALLEST_WINDOW)

    @property
    def json(self) -> str:
        """For the store: exact, versioned, the same text for the same value."""
        held = {
            "schema": SCHEMA,
            "raster_in_source": [self.raster_in_source.width, self.raster_in_source.height],
            "starts_us": self.starts_us,
            "rights": self.rights,
            "downs": self.downs,
        }
        return json.dumps(held, sort_keys=True, separators=(",", ":"))


def steady_from_json(text: str) -> Steady:
    """The value whose `json` it is. Raises: SteadyUnreadable."""
    try:
        held = json.loads(text)
        if held["schema"] != SCHEMA:
            raise SteadyUnreadable(f"not {SCHEMA}")
        return Steady(
            raster_in_source=Raster(*held["raster_in_source"]),
            **{name: _whole(held[name]) for name in ("starts_us", "rights", "downs")},
        )
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise SteadyUnreadable(f"not a {SCHEMA}: {error}") from error


def _whole(values: Any) -> tuple[int, ...]:
    if not all(type(value) is int for value in values):
        raise TypeError("whole numbers")
    return tuple(values)


def hold(
    raster_in_source: Raster,
    starts_us: Sequence[int],
    moved: Sequence[tuple[float, float]],
    cuts: Sequence[int],
) -> Steady:
    """The moves for frames that begin at `starts_us`.

    `moved` is how far the picture went right and down since the frame before, in pixels of `raster_in_source`;
    `cuts` are the numbers of the frames that begin another shot.
    """
    if not starts_us:
        return Steady(raster_in_source=raster_in_source)
    seconds = np.array(starts_us, np.float64) / _MICRO
    most = float(LARGEST_MOVE * min(raster_in_source.width, raster_in_source.height))
    shown = [cut for cut in sorted(set(cuts)) if 0 < cut < len(starts_us)]
    # At the very ends a jolt and a cut are hard to tell apart: nothing is believed of what moved there.
    short = {
        cut for cut in shown if min(seconds[cut] - seconds[0], seconds[-1] - seconds[cut]) < _SHORTEST_SHOT
    }
    believed = [(0.0, 0.0) if number in short else move for number, move in enumerate(moved)]
    borders = [0, *(cut for cut in shown if cut not in short), len(starts_us)]
    moves = np.zeros((len(starts_us), 2))
    for begin, end in itertools.pairwise(borders):
        way = np.cumsum(np.vstack([[0.0, 0.0], np.array(believed[begin + 1 : end]).reshape(-1, 2)]), axis=0)
        shaken = way - _slowly(seconds[begin:end], way)
        if np.abs(shaken).max() >= _STEADY_ALREADY:
            moves[begin:end] = _given_in(shaken, most)
    whole = np.rint(moves * SUBPIXELS).astype(int)
    return Steady(
        raster_in_source=raster_in_source,
        starts_us=tuple(starts_us),
        rights=tuple(whole[:, 0].tolist()),
        downs=tuple(whole[:, 1].tolist()),
    )


def _slowly(seconds: Floats, way: Floats) -> Floats:
    """`way` without what is fast: a bell-shaped mean, and beyond both ends the way turned about its end."""
    last = len(way) - 1
    if last < 2:
        return way
    span = seconds[-1] - seconds[0]
    reach = min(_REACH * _SLOW, span)
    before = np.flatnonzero((seconds > seconds[0]) & (seconds <= seconds[0] + reach))[::-1]
    after = np.flatnonzero((seconds < seconds[-1]) & (seconds >= seconds[-1] - reach))[::-1]
    times = np.concatenate([2 * seconds[0] - seconds[before], seconds, 2 * seconds[-1] - seconds[after]])
    places = np.concatenate([2 * way[0] - way[before], way, 2 * way[-1] - way[after]])
    slow = np.empty_like(way)
    begins = np.searchsorted(times, seconds - reach)
    ends = np.searchsorted(times, seconds + reach, side="right")
    for number, (begin, end) in enumerate(zip(begins, ends, strict=True)):
        weight = np.exp(-((times[begin:end] - seconds[number]) ** 2) / (2 * _SLOW**2))
        slow[number] = weight @ places[begin:end] / weight.sum()
    return slow


def _given_in(shaken: Floats, most: float) -> Floats:
    """Up to a part of `most` as it is, beyond it ever less, never more than `most`."""
    free = _FREELY * most
    beyond = np.maximum(np.abs(shaken) - free, 0)
    return np.asarray(
        np.sign(shaken) * (np.minimum(np.abs(shaken), free) + (most - free) * np.tanh(beyond / (most - free)))
    )
