"""How far the whole picture has moved from one small grey frame to the next, in parts of a pixel.

Roughly by phase correlation, then exactly by Lucas and Kanade's method in blocks, of which the middle counts: a person
who walks through a still street moves few blocks. Pure arithmetic; `watching` makes the frames, `holding` adds up what
is found here.

Source: Baker and Matthews 2004, Lucas-Kanade 20 years on (inverse compositional); Kuglin and Hines 1975.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["Grey", "displacement"]

Grey = npt.NDArray[np.float32]
"""`(height, width) float32`, 0 to 255."""

_COLUMNS, _ROWS = 8, 6
_ROUNDS = 4
_LARGEST = 0.2
"""Of the picture's width or height that it can jump from one frame to the next; more is another picture."""
_TEXTURE = 4.0
"""Squared grey steps per pixel in its poorer direction that a block must have to be looked at."""
_PEAKS = 3
_BELONGS = 1.0
"""Pixels from the middle of all blocks within which a block still moves with the picture."""


def displacement(before: Grey, after: Grey) -> tuple[float, float]:
    """Right and down, in pixels, that what is seen has moved; nothing where there is nothing to see."""
    template, target = _softened(before), _softened(after)
    across = (np.roll(template, -1, 1) - np.roll(template, 1, 1)) / 2
    down = (np.roll(template, -1, 0) - np.roll(template, 1, 0)) / 2
    block = (_blocks(across * across), _blocks(across * down), _blocks(down * down))
    determinant = block[0] * block[2] - block[1] ** 2
    trace = block[0] + block[2]
    weakest = trace / 2 - np.sqrt(np.maximum(trace**2 / 4 - determinant, 0))
    seen = weakest > _TEXTURE
    if not seen.any():
        return 0.0, 0.0
    x, y = (float(part) for part in _roughly(template, target))
    for _ in range(_ROUNDS):
        change = _moved(target, x, y) - template
        level = _spread(_blocks(change), change.shape)
        error = change - level
        p, q = _blocks(across * error), _blocks(down * error)
        step_x = (block[2] * p - block[1] * q)[seen] / determinant[seen]
        step_y = (block[0] * q - block[1] * p)[seen] / determinant[seen]
        middle_x, middle_y = float(np.median(step_x)), float(np.median(step_y))
        near = (np.abs(step_x - middle_x) < _BELONGS) & (np.abs(step_y - middle_y) < _BELONGS)
        if near.any():
            weight = np.sqrt(weakest[seen][near])
            middle_x = float((step_x[near] * weight).sum() / weight.sum())
            middle_y = float((step_y[near] * weight).sum() / weight.sum())
        x, y = x - middle_x, y - middle_y
        if abs(middle_x) + abs(middle_y) < 0.002:
            break
    height, width = before.shape
    if abs(x) > _LARGEST * width or abs(y) > _LARGEST * height:
        return 0.0, 0.0
    return x, y


def _softened(picture: Grey) -> Grey:
    """A light blur, so that what lies between two pixels can be told from them."""
    rows = np.pad(picture, ((1, 1), (0, 0)), mode="edge")
    soft = (rows[:-2] + 2 * rows[1:-1] + rows[2:]) / 4
    columns = np.pad(soft, ((0, 0), (1, 1)), mode="edge")
    return np.asarray((columns[:, :-2] + 2 * columns[:, 1:-1] + columns[:, 2:]) / 4, np.float32)


def _blocks(values: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
    """The mean of each block, without the picture's border."""
    height, width = values.shape
    tall, wide = (height - 4) // _ROWS, (width - 4) // _COLUMNS
    inner = values[2 : 2 + tall * _ROWS, 2 : 2 + wide * _COLUMNS]
    return np.asarray(inner.reshape(_ROWS, tall, _COLUMNS, wide).mean(axis=(1, 3), dtype=np.float64).ravel())


def _spread(means: npt.NDArray[np.float64], shape: tuple[int, ...]) -> Grey:
    """Each block's mean at all of its pixels, and on the border beside: a block that is lighter has not moved."""
    rows, columns = (
        [length // count + 2, *[length // count] * (count - 2), length // count + 2 + length % count]
        for length, count in ((shape[0] - 4, _ROWS), (shape[1] - 4, _COLUMNS))
    )
    wide = np.repeat(means.reshape(_ROWS, _COLUMNS).astype(np.float32), columns, axis=1)
    return np.repeat(wide, rows, axis=0)


def _moved(picture: Grey, x: float, y: float) -> Grey:
    """`picture` moved back by `x` and `y`, its edges drawn out."""
    whole_x, whole_y = int(np.floor(x)), int(np.floor(y))
    part_x, part_y = np.float32(x - whole_x), np.float32(y - whole_y)
    height, width = picture.shape
    rows = np.clip(np.arange(height + 1) + whole_y, 0, height - 1)
    columns = np.clip(np.arange(width + 1) + whole_x, 0, width - 1)
    placed = picture[rows][:, columns]
    between = placed[:, :-1] * (1 - part_x) + placed[:, 1:] * part_x
    return np.asarray(between[:-1] * (1 - part_y) + between[1:] * part_y, np.float32)


def _roughly(before: Grey, after: Grey) -> tuple[int, int]:
    """Of the highest peaks of the phase correlation, the move that explains most of the picture; whole pixels.

    The highest peak of all may be a person's, whose coat has more to tell than the street.
    """
    height, width = before.shape
    window = np.outer(np.hanning(height), np.hanning(width)).astype(np.float32)
    one, other = (np.fft.rfft2((picture - picture.mean()) * window) for picture in (before, after))
    product = other * np.conj(one)
    peaks = np.fft.irfft2(product / np.maximum(np.abs(product), 1e-3), s=(height, width))
    far_x, far_y = int(_LARGEST * width), int(_LARGEST * height)
    peaks[far_y + 1 : height - far_y] = -np.inf
    peaks[:, far_x + 1 : width - far_x] = -np.inf
    tried = {(0, 0): _unlike(before, after, 0, 0)}
    for _ in range(_PEAKS):
        y, x = divmod(int(np.argmax(peaks)), width)
        rows, columns = (np.arange(place - 2, place + 3) for place in (y, x))
        peaks[np.ix_(rows % height, columns % width)] = -np.inf
        move = x - width if x > width // 2 else x, y - height if y > height // 2 else y
        tried[move] = _unlike(before, after, *move)
    return min(tried, key=lambda move: tried[move])


def _unlike(before: Grey, after: Grey, x: int, y: int) -> float:
    """How far the pictures are from each other in the middle one of all blocks, once one is moved back."""
    change = _moved(after, x, y) - before
    means = _blocks(change)
    return float(np.median(_blocks(change * change) - means**2))
