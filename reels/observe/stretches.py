"""Stretches of a film in which nothing is to be seen, nothing moves, or nothing is heard.

Pure: `decoding` hands over small pictures and levels, `check` says which stretch is too long. A stretch ends where the
next picture, or the film, does.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from reels.timing import TimeRange

__all__ = ["PictureStretches", "silent_stretches"]

_BLACK_CODE = 26
"""Of 255: a tenth of the range, as darker pictures have nothing to show on a phone. Source: ffmpeg-filters, "blackdetect"."""
_BLACK_SHARE = 0.98
_MOVED_MEAN = 0.2
"""Of 255, over the whole picture: what an encoder makes of a picture that stands still stays below it."""
_MOVED_CELL = 4
_BLOCK = Fraction(4, 10)
"""Of the meter, in seconds. Source: EBU Tech 3341, momentary loudness."""


class PictureStretches:
    """Takes the pictures of a film one after the other; `end` says when the last of them ends."""

    def __init__(self) -> None:
        self._black = _Runs()
        self._still = _Runs()
        self._first: NDArray[np.int16] | None = None

    def take(self, picture: NDArray[np.uint8], time: Fraction) -> None:
        """`picture` is (rows, columns, 3), R'G'B' as shown; `time` in seconds, later than the one before."""
        dark = picture.max(axis=-1) <= _BLACK_CODE
        self._black.take(bool(dark.mean() >= _BLACK_SHARE), time)
        now = picture.astype(np.int16)
        stands = self._first is not None and _is_same(now, self._first)
        if stands:
            self._still.take(True, time)
            return
        # It may stand still from this picture on.
        self._still.take(False, time)
        self._still.take(True, time)
        self._first = now

    def end(self, time: Fraction) -> None:
        self._black.take(False, time)
        self._still.take(False, time)

    def black(self, *, longer_than: Fraction) -> tuple[TimeRange, ...]:
        """Where it was dark for more than that many seconds."""
        return self._black.longer_than(longer_than)

    def frozen(self, *, longer_than: Fraction) -> tuple[TimeRange, ...]:
        """Where the same picture stood for more than that many seconds."""
        return self._still.longer_than(longer_than)


def _is_same(one: NDArray[np.int16], other: NDArray[np.int16]) -> bool:
    apart = np.abs(one - other)
    return bool(apart.max() <= _MOVED_CELL and apart.mean() <= _MOVED_MEAN)


class _Runs:
    """The ranges in which something was so."""

    def __init__(self) -> None:
        self._found: list[TimeRange] = []
        self._since: Fraction | None = None

    def take(self, is_so: bool, time: Fraction) -> None:
        if is_so and self._since is None:
            self._since = time
        elif not is_so and self._since is not None:
            if time > self._since:
                self._found.append(TimeRange(self._since, time))
            self._since = None

    def longer_than(self, seconds: Fraction) -> tuple[TimeRange, ...]:
        return tuple(found for found in self._found if found.duration > seconds)


def silent_stretches(
    levels: Iterable[tuple[Fraction, float]], *, below_lufs: float, longer_than: Fraction
) -> tuple[TimeRange, ...]:
    """Where the momentary loudness was below a level for more than that many seconds.

    `levels` are (seconds at which a block of the meter ends, LUFS), in order.
    """
    found: list[TimeRange] = []
    start: Fraction | None = None
    end = Fraction(0)
    for block_end, lufs in (*levels, (None, 0.0)):
        # Digital silence has no loudness: the meter says that it is no number.
        if block_end is not None and not lufs >= below_lufs:
            # The first blocks begin before the sound does.
            start = max(block_end - _BLOCK, Fraction(0)) if start is None else start
            end = block_end
        elif start is not None:
            found.append(TimeRange(start, end))
            start = None
    return tuple(stretch for stretch in found if stretch.duration > longer_than)
