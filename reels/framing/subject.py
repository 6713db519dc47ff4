"""Whom the window follows through a shot: one face, two that fit together, or nobody.

Pure. The choice is one optimum over the whole shot: the longer and the larger somebody is seen the more he or she is
worth, changing over costs, so a passer-by takes nobody's place. `tracks` comes before, `follow` makes wishes of it.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from reels.framing.faces import Face
from reels.framing.tracks import Track

__all__ = ["Choice", "choose_subjects"]

Choice = tuple[int, ...]
"""Numbers of the tracks that are followed together; empty where nobody is."""

Fits = Callable[[Sequence[Face]], bool]

_MOST_SINGLE, _MOST_TOGETHER = 6, 4
_CHANGE_COSTS = Fraction(5, 2)
"""Seconds that the best face must be gained for a change to be worth it."""
_ANY_FACE = Fraction(1, 10)
"""What a face is worth beside its size, in heights of the picture."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Candidate:
    choice: Choice
    worth: tuple[Fraction, ...]


def choose_subjects(
    tracks: Sequence[Track], times: Sequence[Fraction], *, apart: Fraction, height: int, fits: Fits
) -> tuple[Choice, ...]:
    """For each of `times`, `apart` seconds from each other, the tracks to follow.

    `height` is the picture's, in the faces' unit; `fits` tells whether faces stand in the window together.
    """
    if not tracks or not times:
        return tuple(() for _ in times)
    faces = [[track.face_at(at) for at in times] for track in tracks]
    single = [tuple(_worth(face, height) for face in row) for row in faces]
    by_worth = sorted(range(len(tracks)), key=lambda number: (-sum(single[number]), number))
    candidates = [_Candidate(choice=(number,), worth=single[number]) for number in by_worth[:_MOST_SINGLE]]
    for pair in itertools.combinations(sorted(by_worth[:_MOST_TOGETHER]), 2):
        worth = tuple(
            _together(a, b, height, fits) for a, b in zip(faces[pair[0]], faces[pair[1]], strict=True)
        )
        candidates.append(_Candidate(choice=pair, worth=worth))
    best = max(max(candidate.worth) for candidate in candidates[: len(by_worth)])
    return _best_way(candidates, change=best * _CHANGE_COSTS / apart)


def _worth(face: Face | None, height: int) -> Fraction:
    return Fraction(0) if face is None else Fraction(face.height, height) + _ANY_FACE


def _together(a: Face | None, b: Face | None, height: int, fits: Fits) -> Fraction:
    """Both, or the one who is there; while they do not fit, less than nothing."""
    if a is not None and b is not None and not fits((a, b)):
        return -_worth(a, height) - _worth(b, height)
    return _worth(a, height) + _worth(b, height)


def _best_way(candidates: Sequence[_Candidate], *, change: Fraction) -> tuple[Choice, ...]:
    """The sequence worth most in sum, each change of mind taken off. Ties go to the earlier candidate."""
    totals = [candidate.worth[0] for candidate in candidates]
    came_from: list[list[int]] = []
    for moment in range(1, len(candidates[0].worth)):
        best = max(range(len(totals)), key=lambda number: (totals[number], -number))
        origins, new = [], []
        for number, candidate in enumerate(candidates):
            stays = totals[number] >= totals[best] - change
            origins.append(number if stays else best)
            new.append((totals[number] if stays else totals[best] - change) + candidate.worth[moment])
        came_from.append(origins)
        totals = new
    current = max(range(len(totals)), key=lambda number: (totals[number], -number))
    way = [current]
    for origins in reversed(came_from):
        current = origins[current]
        way.append(current)
    return tuple(candidates[number].choice for number in reversed(way))
