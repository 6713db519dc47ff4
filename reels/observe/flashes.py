"""Flashes that can bring on seizures, counted in small pictures of a film.

Pure: `decoding` hands over the pictures, `check` judges the number. A flash is a pair of opposing changes of the relative
luminance by a tenth or more, the darker of the two below 0.80, or of saturated red. Changes are counted where they happen, in
each cell of a grid by itself, so that a crowd that moves is no flash; what counts is what a quarter of the picture does within
the same second.

Source: WCAG 2.2, success criterion 2.3.1 and "general flash and red flash thresholds"; the quarter of the picture from
ITU-R BT.1702. The 10 degrees of WCAG's visual field are not taken: nobody knows how far a phone is held.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

__all__ = ["MOST_CHANGES", "NO_FLASHING", "FlashMeter", "Flashing"]

MOST_CHANGES = 6
"""In any one second: three flashes of two changes each."""

_STEP = 0.1
_DARKER_BELOW = 0.8
_RED_STEP = 20.0
_RED_SHARE = 0.8
_AREA = 0.25
_PERIOD = Fraction(1)

# The curve of sRGB, which WCAG names; BT.709's differs by less than what is measured here.
_CODES = np.arange(256) / 255
_LINEAR = np.where(_CODES <= 0.04045, _CODES / 12.92, ((_CODES + 0.055) / 1.055) ** 2.4).astype(np.float32)
_WEIGHTS = np.array([0.2126, 0.7152, 0.0722], np.float32)

Cells = NDArray[np.float32]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Flashing:
    """The most changes within one second of a quarter of the picture, and the second at whose end they stand."""

    changes: int = 0
    at: Fraction = Fraction(0)

    @property
    def flashes(self) -> Fraction:
        return Fraction(self.changes, 2)


NO_FLASHING = Flashing()


class FlashMeter:
    """Takes the pictures of a film one after the other."""

    def __init__(self) -> None:
        self._luminance = _Counter(step=_STEP)
        self._red = _Counter(step=_RED_STEP)

    def take(self, picture: NDArray[np.uint8], time: Fraction) -> None:
        """`picture` is (rows, columns, 3), R'G'B' as shown; `time` in seconds, later than the one before."""
        linear = _LINEAR[picture]
        luminance = linear @ _WEIGHTS
        self._luminance.take(luminance, luminance < _DARKER_BELOW, time)
        red, green, blue = linear[..., 0], linear[..., 1], linear[..., 2]
        saturated = red >= _RED_SHARE * np.maximum(linear.sum(axis=-1), 1e-6)
        self._red.take(np.maximum(red - green - blue, 0) * 320, saturated, time, either=True)

    @property
    def worst(self) -> Flashing:
        return max(self._luminance.worst, self._red.worst, key=lambda found: found.changes)


@dataclass(slots=True, kw_only=True)
class _Counter:
    """Opposing changes by `step` or more of one value, cell by cell."""

    step: float
    worst: Flashing = NO_FLASHING
    _cells: _Cells | None = None
    _changes: deque[tuple[Fraction, Mask]] = field(default_factory=deque)
    _counts: NDArray[np.int32] | None = None

    def take(self, values: Cells, counts: Mask, time: Fraction, *, either: bool = False) -> None:
        """`counts` tells the cells in which a change may begin or end: the darker end of it, or with `either` one of both."""
        if self._cells is None or self._counts is None:
            self._cells = _Cells.standing(values, counts)
            self._counts = np.zeros(values.shape, np.int32)
            return
        changed = self._cells.change(values, counts, self.step, either=either)
        self._changes.append((time, changed))
        self._counts += changed
        while self._changes[0][0] <= time - _PERIOD:
            self._counts -= self._changes.popleft()[1]
        if not changed.any():
            return
        # As many changes as a quarter of the cells have at least.
        quarter = int(np.ceil(_AREA * self._counts.size))
        most = int(np.partition(self._counts.ravel(), -quarter)[-quarter])
        if most > self.worst.changes:
            self.worst = Flashing(changes=most, at=time)


@dataclass(slots=True, kw_only=True)
class _Cells:
    """The highest and lowest value of each cell since it last turned, whether each may count, and where it is going."""

    top: Cells
    bottom: Cells
    top_counts: Mask
    bottom_counts: Mask
    rising: Mask
    falling: Mask

    @classmethod
    def standing(cls, values: Cells, counts: Mask) -> _Cells:
        none = np.zeros(values.shape, np.bool_)
        return cls(
            top=values.copy(),
            bottom=values.copy(),
            top_counts=counts.copy(),
            bottom_counts=counts.copy(),
            rising=none,
            falling=none.copy(),
        )

    def change(self, values: Cells, counts: Mask, step: float, *, either: bool) -> Mask:
        """The cells that turned by `step` or more with `values`."""
        higher, lower = values > self.top, values < self.bottom
        self.top[higher], self.top_counts[higher] = values[higher], counts[higher]
        self.bottom[lower], self.bottom_counts[lower] = values[lower], counts[lower]
        falls = ~self.falling & (self.top - values >= step)
        rises = ~self.rising & (values - self.bottom >= step)
        falls &= (counts | self.top_counts) if either else counts
        rises &= (counts | self.bottom_counts) if either else self.bottom_counts
        turned = falls | rises
        self.rising = (self.rising & ~falls) | rises
        self.falling = (self.falling & ~rises) | falls
        self.top[turned], self.bottom[turned] = values[turned], values[turned]
        self.top_counts[turned], self.bottom_counts[turned] = counts[turned], counts[turned]
        return turned
