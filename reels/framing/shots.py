"""Shot changes from very small pictures of every frame, in colour.

A cut is a frame that cannot be made of the one before it by swinging, zooming or turning the camera nor by other
light, while the frames around can, and that stays so: a flash comes back, a pan or somebody near the lens is unlike
over many frames, a dissolve is nowhere unlike enough, so none of them is a cut. Two streets or two rooms may be
alike in all their large parts: out of quiet a small step is enough. Pure: `look` makes the pictures, `follow` cuts
the path where it is told here.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from reels.geometry import Raster

__all__ = ["PLANES", "Thumbnails", "shot_changes", "thumbnail_filters", "thumbnail_raster"]

PLANES = 3
_SIDE, _SMALLEST = 32, 8
_ON_THE_WAY = 8
"""Thumbnails are picked out of so many pixels each, and then averaged: a big reduction in one go is slow."""

Thumbnails = npt.NDArray[np.uint8]
"""`(frames, planes, height, width) uint8`: luma and colour differences, or luma alone; about 32 pixels at the longer
side."""

Planes = npt.NDArray[np.float32]
Numbers = npt.NDArray[np.float64]

_STEP = 0.07
"""Unlikeness (1 - correlation, camera and light allowed for) from which a frame may begin a shot."""
_OUT_OF_QUIET = 3.0
"""Times the largest unlikeness around."""
_LARGE_STEP, _OUT_OF_MOTION = 0.45, 1.7
"""A picture of something quite else may begin a shot amid motion."""
_COLOUR = 2.0
"""Colour differences are small numbers, and tell two walls or two jackets apart."""
_SUSPICIOUS = 0.95
_BATCH = 500
_AROUND = 6
"""Frames to either side that are asked how much the picture moves anyway; a frame that only repeats tells nothing."""
_REPEATED = 1e-4
_BACK, _WHOLE_STEP = 0.5, 0.4
"""Of the step, or of this if it is larger: what is nearer than that to the frame before has come back."""
_MOST, _ONE_PLACE = 0.8, 0.1
"""Of the difference, and of the picture: so much in so little is no other shot."""
_RELIT = 0.2
"""Unlikeness, of luma, of two pictures that differ in light alone, each a function of the other."""
_FLASH = Fraction(1, 3)
"""Seconds after which a flash is over, and which a shot lasts at least."""
_FLOOR = 2.0
"""Standard deviation, of 255, that noise reaches: a flat picture's structure is not taken for one."""


def thumbnail_raster(display: Raster) -> Raster:
    """The raster of the thumbnails of footage that a viewer sees as `display`."""
    part = Fraction(_SIDE, max(display.width, display.height))
    width, height = (max(_SMALLEST, 2 * round(side * part / 2)) for side in (display.width, display.height))
    return Raster(width, height)


def thumbnail_filters(display: Raster) -> str:
    """ffmpeg's filters from a picture to its thumbnail, of `PLANES` planes of a byte for each pixel."""
    small = thumbnail_raster(display)
    return (
        f"scale={small.width * _ON_THE_WAY}:{small.height * _ON_THE_WAY}:flags=neighbor,format=yuv444p,"
        f"scale={small.width}:{small.height}:flags=area"
    )


def shot_changes(thumbnails: Thumbnails, times: Sequence[Fraction]) -> tuple[int, ...]:
    """Numbers of the frames that begin another shot; `times` are the frames' starts in seconds."""
    if len(thumbnails) != len(times):
        raise ValueError(f"{len(thumbnails)} pictures cannot have {len(times)} times")
    if len(times) < 2:
        return ()
    # In batches: a talk of an hour has a hundred thousand frames.
    unlike = np.concatenate(
        [
            _to_the_one_before(_centred(thumbnails[begin : begin + _BATCH + 1]))
            for begin in range(0, len(thumbnails) - 1, _BATCH)
        ]
    )
    found: list[int] = []
    after = 0
    for number in (np.flatnonzero(unlike > _STEP) + 1).tolist():
        if number < after or (found and times[number] - times[found[-1]] < _FLASH):
            continue
        last = _end_of_step(unlike, number - 1)
        if last is None:
            continue
        here, there = (_centred(thumbnails[n : n + 1])[0] for n in (number - 1, last + 1))
        step = _of_no_camera(here, there)
        if step < _STEP or _is_in_one_place(here, there):
            continue
        if _is_relit(thumbnails[number - 1, 0], thumbnails[last + 1, 0]):
            continue
        back = _comes_back(thumbnails, times, number, step)
        if back is not None:
            after = back + 1
        else:
            found.append(number)
    return tuple(found)


def _centred(thumbnails: Thumbnails) -> Planes:
    frames = thumbnails.astype(np.float32)
    frames[:, 1:] *= _COLOUR
    centred: Planes = frames - frames.mean(axis=(2, 3), keepdims=True)
    return centred


def _to_the_one_before(frames: Planes) -> Numbers:
    """1 - correlation of each frame with the one before it, at the best swing where the plain one is poor."""
    before, after = frames[:-1], frames[1:]
    likeness = _correlations(before, after)
    poor = np.flatnonzero(likeness < _SUSPICIOUS)
    if len(poor):
        likeness[poor] = np.maximum(likeness[poor], _best_swings(before[poor], after[poor]))
    unlike: Numbers = 1 - likeness
    return unlike


def _correlations(a: Planes, b: Planes) -> Numbers:
    """Pairwise over the first axis; two flat pictures are alike, a flat one and another are not."""
    floor = a[0].size * _FLOOR * _FLOOR
    over = np.einsum("ncij,ncij->n", a, b, dtype=np.float64) + floor
    size_a = np.einsum("ncij,ncij->n", a, a, dtype=np.float64) + floor
    size_b = np.einsum("ncij,ncij->n", b, b, dtype=np.float64) + floor
    result: Numbers = over / np.sqrt(size_a * size_b)
    return result


def _best_swings(a: Planes, b: Planes) -> Numbers:
    """The best correlation of the parts of two pictures that overlap when the camera has swung in between."""
    _, _, height, width = a.shape
    reach_x, reach_y = width // 4, height // 6
    best = np.full(len(a), -1.0)
    for dy in range(-reach_y, reach_y + 1):
        rows_a, rows_b = _overlap(height, dy)
        for dx in range(-reach_x, reach_x + 1):
            columns_a, columns_b = _overlap(width, dx)
            part_a, part_b = a[:, :, rows_a, columns_a], b[:, :, rows_b, columns_b]
            part_a = part_a - part_a.mean(axis=(2, 3), keepdims=True)
            part_b = part_b - part_b.mean(axis=(2, 3), keepdims=True)
            best = np.maximum(best, _correlations(part_a, part_b))
    return best


def _overlap(length: int, shift: int) -> tuple[slice, slice]:
    return slice(max(0, shift), length + min(0, shift)), slice(max(0, -shift), length + min(0, -shift))


def _end_of_step(unlike: Numbers, first: int) -> int | None:
    """Where a step that begins at `first` ends, if it is far more than what moves around it.

    It may take two frames, of which one is a blend of both shots.
    """
    for last in (first, first + 1):
        if last >= len(unlike) or unlike[last] < _STEP:
            continue
        most = _most_around(unlike, first, last)
        least, whole = min(unlike[first], unlike[last]), max(unlike[first], unlike[last])
        if least > _OUT_OF_QUIET * most or (whole > _LARGE_STEP and least > _OUT_OF_MOTION * most):
            return last
    return None


def _most_around(unlike: Numbers, first: int, last: int) -> float:
    before = [u for u in unlike[:first][::-1][: 8 * _AROUND].tolist() if u > _REPEATED][:_AROUND]
    after = [u for u in unlike[last + 1 :][: 8 * _AROUND].tolist() if u > _REPEATED][:_AROUND]
    # One more step so near may be a photographer's flash or the end of a very short shot.
    most: float = sorted([0.0, 0.0, *before, *after])[-2]
    return most


def _of_no_camera(a: Planes, b: Planes) -> float:
    """The part of `b` that is not `a` as another place of the camera shows it: swung, and then moved a little.

    After the best swing, what remains is laid on the picture's slopes: parts of a pixel, a zoom and a roll.
    """
    _, height, width = a.shape
    reach_x, reach_y = width // 4, height // 6
    best, parts = -1.0, (a, b)
    for dy in range(-reach_y, reach_y + 1):
        rows_a, rows_b = _overlap(height, dy)
        for dx in range(-reach_x, reach_x + 1):
            columns_a, columns_b = _overlap(width, dx)
            tried = a[:, rows_a, columns_a], b[:, rows_b, columns_b]
            centred = [one - one.mean(axis=(1, 2), keepdims=True) for one in tried]
            likeness = float(_correlations(centred[0][None], centred[1][None])[0])
            if likeness > best:
                best, parts = likeness, (centred[0], centred[1])
    before, after = parts
    down, across = np.gradient(before, axis=(1, 2))
    y, x = np.meshgrid(
        np.arange(before.shape[1]) - before.shape[1] / 2,
        np.arange(before.shape[2]) - before.shape[2] / 2,
        indexing="ij",
    )
    terms = [before, across, down, x * across + y * down, x * down - y * across]
    normal = np.array([[float((one * other).sum()) for other in terms] for one in terms])
    normal += np.eye(len(terms)) * _FLOOR
    shares = np.linalg.solve(normal, np.array([float((one * after).sum()) for one in terms]))
    if shares[0] <= 0:
        return 1 - best
    moved = sum(float(share / shares[0]) * one for share, one in zip(shares, terms, strict=True))
    return 1 - max(best, float(_correlations(np.asarray(moved, np.float32)[None], after[None])[0]))


def _is_in_one_place(a: Planes, b: Planes) -> bool:
    """Whether most of what differs lies close together: somebody came or went, or something was shown."""
    apart = b - a
    apart = apart - apart.mean(axis=(1, 2), keepdims=True)
    energy = np.sort((apart * apart).sum(axis=0, dtype=np.float64).reshape(-1))[::-1]
    return bool(np.searchsorted(np.cumsum(energy), _MOST * energy.sum()) < _ONE_PLACE * energy.size)


def _is_relit(a: npt.NDArray[np.uint8], b: npt.NDArray[np.uint8]) -> bool:
    """Whether each luma is a function of the other, and no straight one: the same things in another light."""
    left = max(_not_a_function_of(a, b), _not_a_function_of(b, a))
    straight = 1 - float(_correlations(*(_centred(one[None, None]) for one in (a, b)))[0])
    return left < min(_RELIT, straight)


def _not_a_function_of(a: npt.NDArray[np.uint8], b: npt.NDArray[np.uint8]) -> float:
    """The share of `b`'s variance that remains among pixels of the same tone in `a`."""
    of, values = a.reshape(-1), b.reshape(-1).astype(np.float64)
    parts = np.array_split(values[np.argsort(of, kind="stable")], 16)
    within = sum(float(((part - part.mean()) ** 2).sum()) for part in parts)
    return within / (float(((values - values.mean()) ** 2).sum()) + values.size * _FLOOR * _FLOOR)


def _comes_back(thumbnails: Thumbnails, times: Sequence[Fraction], number: int, step: float) -> int | None:
    """The frame, soon after `number`, that shows what was there before it."""
    before = _centred(thumbnails[number - 1 : number])
    for later in range(number + 1, len(times)):
        if times[later] - times[number] > _FLASH:
            return None
        if 1 - _correlations(before, _centred(thumbnails[later : later + 1]))[0] < _BACK * min(
            step, _WHOLE_STEP
        ):
            return later
    return None
