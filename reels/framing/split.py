"""Two people one above the other: who they are in a shot, and how much of the picture each of them gets.

Pure. `tracks` comes before; `following` lays a path through each half.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from statistics import median

from reels.framing.faces import SUBPIXELS, Face, Seen
from reels.framing.path import largest_window
from reels.framing.tracks import Track
from reels.geometry import Raster

__all__ = ["Pair", "half_window", "pair_of"]

_TOGETHER = Fraction(1, 3)
"""Of the looks at a shot, in how many both must be there."""
_FEWEST_TOGETHER = 3
_HALF_IN_FACES = Fraction(33, 10)
"""Height of a half, in faces: head and shoulders."""
_LEAST_IN_FACES = Fraction(11, 5)
"""However near the other stands, a head and some air above it."""
_HEAD_BESIDE = Fraction(3, 4)
"""From the middle of a face to where its hair ends, in faces."""
_MOST_ENLARGED = Fraction(1, 6)
"""Of the picture's height: a smaller piece would be seen in lumps."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Numbers of the tracks of the two: who sits at the left is above."""

    upper: int
    lower: int


def pair_of(tracks: Sequence[Track], seen: Sequence[Seen]) -> Pair | None:
    """The two who are worth most of those that are there together for long enough; None where there are none."""
    faces = [[track.face_at(one.at) for one in seen] for track in tracks]
    least = max(Fraction(_FEWEST_TOGETHER), _TOGETHER * len(seen))
    # A talk of an hour has hundreds of tracks, of which few last that long.
    lasting = [number for number, row in enumerate(faces) if sum(face is not None for face in row) >= least]
    best: tuple[int, int, int] | None = None
    for a, b in itertools.combinations(lasting, 2):
        both = _both(faces[a], faces[b])
        if len(both) < least:
            continue
        worth = sum(min(one.height, other.height) for one, other in both)
        if best is None or worth > best[0]:
            best = worth, a, b
    if best is None:
        return None
    _, a, b = best
    both = _both(faces[a], faces[b])
    at_left = sum(one.left + one.right for one, _ in both) <= sum(
        other.left + other.right for _, other in both
    )
    return Pair(upper=a, lower=b) if at_left else Pair(upper=b, lower=a)


def _both(a: Sequence[Face | None], b: Sequence[Face | None]) -> list[tuple[Face, Face]]:
    return [(one, other) for one, other in zip(a, b, strict=True) if one is not None and other is not None]


def half_window(raster: Raster, aspect: Fraction, track: Track, other: Track) -> tuple[int, int]:
    """Width and height, in sixteenths of a pixel, of the half of `track`: the `other` stays out where that can be."""
    most_wide, most_high = largest_window(raster, aspect)
    face = Fraction(median(face.height for _, face in track.seen))
    between = [
        abs(Fraction(one.left + one.right - another.left - another.right, 2)) - _HEAD_BESIDE * another.width
        for at, one in track.seen
        if (another := other.face_at(at)) is not None
    ]
    wanted = _HALF_IN_FACES * face
    if between:
        wanted = min(wanted, 2 * sorted(between)[len(between) // 4] / aspect)
    least = max(_LEAST_IN_FACES * face, _MOST_ENLARGED * raster.height * SUBPIXELS)
    height = min(max(wanted, least), Fraction(most_high))
    return min(most_wide, math.floor(height * aspect)), math.floor(height)
