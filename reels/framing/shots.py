"""Shot changes from very small grey pictures of every frame.

A cut is a frame that is unlike the one before it even if the camera has swung, while the frames around are like
each other, and that stays unlike: a flash comes back, a pan is unlike everywhere and a dissolve is nowhere unlike
enough, so none of them is a cut. Pure: `look` makes the pictures, `follow` cuts the path where it is told here.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
import numpy.typing as npt

__all__ = ["Thumbnails", "shot_changes"]

Thumbnails = npt.NDArray[np.uint8]
"""`(frames, height, width) uint8`, grey; about 32 pixels at the longer side."""

_UNLIKE = 0.62
"""Correlation with the frame before, at the best swing, below which a frame may begin a shot in any surroundings."""
_STANDS_OUT = 0.22
"""So much less than the usual correlation around it, or it is only a wild swing of the camera."""
_VERY_UNLIKE = 0.3
_SUDDEN = 0.3
"""So much less than even the least correlation around it is unlike enough: no camera jolts like that out of quiet."""
_OTHER_TONES = 0.12
"""Part of the pixels that would have to change their tone; less is the same picture jolted."""
_COMES_BACK = 0.8
_SUSPICIOUS = 0.9
_AROUND = 6
_BESIDE, _ALONE = 2, 2
"""Of the frames so near, at most so many are unlike at a cut, itself and a flash; more are a swing."""
_FLASH = Fraction(1, 3)
"""Seconds after which a flash is over, and which a shot lasts at least."""
_FLOOR = 2.0
"""Standard deviation, of 255, that noise reaches: a flat picture's structure is not taken for one."""


def shot_changes(thumbnails: Thumbnails, times: Sequence[Fraction]) -> tuple[int, ...]:
    """Numbers of the frames that begin another shot; `times` are the frames' starts in seconds."""
    if len(thumbnails) != len(times):
        raise ValueError(f"{len(thumbnails)} pictures cannot have {len(times)} times")
    if len(times) < 2:
        return ()
    frames = thumbnails.astype(np.float32)
    frames = frames - frames.mean(axis=(1, 2), keepdims=True)
    likeness = _with_the_one_before(frames)
    found: list[int] = []
    after = 0
    for number in (np.flatnonzero(likeness < 1 - _SUDDEN) + 1).tolist():
        # Streets and rooms are alike in their large parts: out of quiet, a cut between two of them is a small step.
        is_sudden = _is_sudden(likeness, number - 1)
        if number < after or not (is_sudden or likeness[number - 1] < _UNLIKE):
            continue
        if found and times[number] - times[found[-1]] < _FLASH:
            continue
        if not _stands_out(likeness, number - 1) or _swings(likeness, number - 1):
            continue
        if not is_sudden and not _other_tones(thumbnails, number):
            continue
        back = _comes_back(frames, times, number)
        if back is not None:
            after = back + 1
        else:
            found.append(number)
    return tuple(found)


def _with_the_one_before(frames: npt.NDArray[np.float32]) -> npt.NDArray[np.float64]:
    """Correlation of each frame with the one before it, at the best swing where the plain one is poor."""
    before, after = frames[:-1], frames[1:]
    likeness = _correlations(before, after)
    for number in np.flatnonzero(likeness < _SUSPICIOUS):
        likeness[number] = max(likeness[number], _best_swing(before[number], after[number]))
    return likeness


def _correlations(a: npt.NDArray[np.float32], b: npt.NDArray[np.float32]) -> npt.NDArray[np.float64]:
    """Pairwise over the first axis; two flat pictures are alike, a flat one and another are not."""
    pixels = a[0].size
    floor = pixels * _FLOOR * _FLOOR
    over = np.einsum("nij,nij->n", a, b, dtype=np.float64) + floor
    size_a = np.einsum("nij,nij->n", a, a, dtype=np.float64) + floor
    size_b = np.einsum("nij,nij->n", b, b, dtype=np.float64) + floor
    result: npt.NDArray[np.float64] = over / np.sqrt(size_a * size_b)
    return result


def _best_swing(a: npt.NDArray[np.float32], b: npt.NDArray[np.float32]) -> float:
    """The best correlation of the parts of two pictures that overlap when the camera has swung in between."""
    height, width = a.shape
    reach_x, reach_y = width // 4, height // 6
    best = -1.0
    for dy in range(-reach_y, reach_y + 1):
        rows_a, rows_b = _overlap(height, dy)
        for dx in range(-reach_x, reach_x + 1):
            columns_a, columns_b = _overlap(width, dx)
            part_a, part_b = a[rows_a, columns_a], b[rows_b, columns_b]
            part_a, part_b = part_a - part_a.mean(), part_b - part_b.mean()
            best = max(best, float(_correlations(part_a[None], part_b[None])[0]))
    return best


def _overlap(length: int, shift: int) -> tuple[slice, slice]:
    return slice(max(0, shift), length + min(0, shift)), slice(max(0, -shift), length + min(0, -shift))


def _stands_out(likeness: npt.NDArray[np.float64], number: int) -> bool:
    around = _around(likeness, number)
    return not len(around) or bool(likeness[number] < np.median(around) - _STANDS_OUT)


def _swings(likeness: npt.NDArray[np.float64], number: int) -> bool:
    near = likeness[max(0, number - _BESIDE) : number + _BESIDE + 1]
    return int((near < _UNLIKE).sum()) > _ALONE


def _is_sudden(likeness: npt.NDArray[np.float64], number: int) -> bool:
    around = _around(likeness, number)
    return bool(len(around)) and bool(likeness[number] < around.min() - _SUDDEN)


def _around(likeness: npt.NDArray[np.float64], number: int) -> npt.NDArray[np.float64]:
    before, after = likeness[max(0, number - _AROUND) : number], likeness[number + 1 : number + 1 + _AROUND]
    return np.concatenate([before, after])


def _other_tones(thumbnails: Thumbnails, number: int) -> bool:
    before, after = (np.bincount(thumbnails[n].reshape(-1) >> 4, minlength=16) for n in (number - 1, number))
    moved = np.abs(before - after).sum() / 2 / thumbnails[number].size
    frames = thumbnails[number - 1 : number + 1].astype(np.float32)
    frames = frames - frames.mean(axis=(1, 2), keepdims=True)
    return bool(moved > _OTHER_TONES or _correlations(frames[:1], frames[1:])[0] < _VERY_UNLIKE)


def _comes_back(frames: npt.NDArray[np.float32], times: Sequence[Fraction], number: int) -> int | None:
    """The frame, soon after `number`, that shows what was there before it."""
    before = frames[number - 1 : number]
    for later in range(number + 1, len(times)):
        if times[later] - times[number] > _FLASH:
            return None
        if _correlations(before, frames[later : later + 1])[0] > _COMES_BACK:
            return later
    return None
