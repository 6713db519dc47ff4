"""A window that moves over the picture in parts of an output pixel, drawn with plain crops and one plain scale.

`crop` knows only whole pixels, and in 4:2:0 only every other one; a window laid on them trembles on a slow pan. So a
slightly larger piece is cut out at a whole place `cut_at`, scaled, and the window cut out of that at another whole
place `kept_at`: the window then begins at `cut_at + kept_at / scale` of the source, and since the scale is a broken
number (16/9 from 1080 lines to 1920) the pairs within a few pixels reach every ninth of an output pixel. Nothing is
interpolated twice, nothing is reinitialised, and a few columns more are scaled than are seen.

Pairs are chosen for each frame from its place alone, so every grid of chunks shows the same. They reach ffmpeg in
command files of neutral names that hold nothing but our numbers. `framing.path` says where the window lies, `picture`
puts this between the footage and the rest of the graph.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any

from reels.framing.faces import SUBPIXELS
from reels.framing.path import CropPath
from reels.geometry import Raster

__all__ = ["AxisCrop", "MovingCrop", "crop_moving", "plan_crop"]

_OUTPUT_STEP = 2
"""Columns and rows of a 4:2:0 picture come in pairs."""
_GOOD_ENOUGH = Fraction(13, 100)
"""Output pixels: how far a window may lie from where it should, at worst; its mean is about half of that."""
_MOST_MORE = 40
"""Source pixels that may be scaled beside the window."""
_SKEW = Fraction(1, 1500)
"""How much the scales of both directions may differ: less than a pixel across the whole picture."""
_BROKEN = Fraction(9, 8)
"""Enlarges first where the scale itself is too simple (4/3, 8/3, 1): what is left to scale then is broken enough."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AxisCrop:
    """One direction. `stored` pixels are first scaled to `taken_from` (mostly the same number); `cut` of them from
    a place that is a multiple of `step` are scaled to `scaled`, and `kept` of these are the window.

    `pairs` are (`cut_at`, `kept_at`) for each frame; `padded` pixels of the edge's colour stand before and after
    the picture where a piece reaches beyond it.
    """

    stored: int
    taken_from: int
    cut: int
    scaled: int
    kept: int
    padded: int
    pairs: tuple[tuple[int, int], ...]

    @property
    def scale(self) -> Fraction:
        return Fraction(self.scaled, self.cut)

    def begins_at(self, frame: int) -> Fraction:
        """Where the window of a frame truly begins, in stored pixels."""
        cut_at, kept_at = self.pairs[frame]
        return (cut_at + kept_at / self.scale) * Fraction(self.stored, self.taken_from)


@dataclass(frozen=True, slots=True, kw_only=True)
class MovingCrop:
    """The window of each frame of a piece of the programme, ready for the graph."""

    rate: Fraction
    across: AxisCrop
    down: AxisCrop

    def command_files(self, name: str) -> dict[str, str]:
        """File name → text, for the folder in which ffmpeg runs; none for a window that stands still.

        `name` is neutral and other for each piece of a graph. Raises: ValueError for one that is not.
        """
        if not re.fullmatch(r"[a-z0-9]+", name):
            raise ValueError(f"{name!r} is no neutral name")
        texts = {
            f"{name}-cut.txt": self._commands(f"crop@{name}cut", 0),
            f"{name}-kept.txt": self._commands(f"crop@{name}kept", 1),
        }
        return {file: text for file, text in texts.items() if text}

    def _commands(self, target: str, which: int) -> str:
        """A line for each frame that differs from the one before, half a frame before it is due."""
        lines: list[str] = []
        pads = (self.across.padded, self.down.padded) if which == 0 else (0, 0)
        for frame in range(1, len(self.across.pairs)):
            due = Fraction(2 * frame - 1, 2) / self.rate
            parts = [
                f"{target} {letter} {axis.pairs[frame][which] + pad}"
                for letter, axis, pad in (("x", self.across, pads[0]), ("y", self.down, pads[1]))
                if axis.pairs[frame][which] != axis.pairs[frame - 1][which]
            ]
            if parts:
                lines.append(f"{float(due):.6f} {', '.join(parts)};\n")
        return "".join(lines)


def plan_crop(
    path: CropPath,
    *,
    stored: Raster,
    target: Raster,
    start: Fraction,
    rate: Fraction,
    frames: int,
    tolerance: Fraction,
    chroma: tuple[int, int] = (2, 2),
) -> MovingCrop:
    """The window for `frames` frames of `rate`, the first at source second `start`.

    `stored` is the source's raster after rotation, before squaring pixels; `tolerance` is how many seconds late a
    source frame may start and still be shown; `chroma` is how many columns and rows of the stored picture share a
    colour sample, (4, 1) in 4:1:1.
    """
    places = path.places(start, rate, frames, tolerance=tolerance)
    lengths = (stored.width, stored.height)
    shown = (path.raster_in_source.width, path.raster_in_source.height)
    axes = [
        _axis(
            stored=lengths[n],
            window=Fraction((path.width, path.height)[n], SUBPIXELS) * Fraction(lengths[n], shown[n]),
            target=(target.width, target.height)[n],
            step=max(2, chroma[n]),
            begins=[Fraction(place[n], SUBPIXELS) * Fraction(lengths[n], shown[n]) for place in places],
        )
        for n in (0, 1)
    ]
    return MovingCrop(rate=rate, across=axes[0], down=axes[1])


def crop_moving(stream: Any, crop: MovingCrop, *, name: str, scaled: Callable[[Any, Raster], Any]) -> Any:
    """`stream`, whose frame n comes at second n / rate, seen through the window; `scaled` brings a stream to a raster.

    The files of `crop.command_files(name)` must lie in the folder in which ffmpeg runs. Source: ffmpeg
    documentation, filters crop (commands x and y) and sendcmd.
    """
    across, down = crop.across, crop.down
    files = crop.command_files(name)
    if (across.taken_from, down.taken_from) != (across.stored, down.stored):
        stream = stream.filter("scale", across.taken_from, down.taken_from, flags="bicubic")
    if across.padded or down.padded:
        stream = stream.filter(
            "pad",
            across.taken_from + 2 * across.padded,
            down.taken_from + 2 * down.padded,
            across.padded,
            down.padded,
        ).filter(
            "fillborders",
            left=across.padded,
            right=across.padded,
            top=down.padded,
            bottom=down.padded,
            mode="smear",
        )
    if f"{name}-cut.txt" in files:
        stream = stream.filter("sendcmd", filename=f"{name}-cut.txt")
    stream = stream.filter(
        f"crop@{name}cut",
        across.cut,
        down.cut,
        across.pairs[0][0] + across.padded,
        down.pairs[0][0] + down.padded,
    )
    stream = scaled(stream, Raster(across.scaled, down.scaled))
    if (across.scaled, down.scaled) == (across.kept, down.kept):
        return stream
    if f"{name}-kept.txt" in files:
        stream = stream.filter("sendcmd", filename=f"{name}-kept.txt")
    return stream.filter(f"crop@{name}kept", across.kept, down.kept, across.pairs[0][1], down.pairs[0][1])


def _axis(*, stored: int, window: Fraction, target: int, step: int, begins: Sequence[Fraction]) -> AxisCrop:
    room = stored - window
    if room < 2:
        # Nothing to move: all there is, to the last pixel.
        return AxisCrop(
            stored=stored,
            taken_from=stored,
            cut=stored,
            scaled=target,
            kept=target,
            padded=0,
            pairs=((0, 0),) * len(begins),
        )
    lattice = _lattice(stored, window, target, step)
    pairs = lattice.nearest(begins)
    beyond = max(
        0,
        -min(cut_at for cut_at, _ in pairs),
        max(cut_at for cut_at, _ in pairs) + lattice.cut - lattice.taken_from,
    )
    return AxisCrop(
        stored=stored,
        taken_from=lattice.taken_from,
        cut=lattice.cut,
        scaled=lattice.scaled,
        kept=target,
        padded=step * math.ceil(Fraction(beyond, step)),
        pairs=pairs,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lattice:
    """The places that a window can take along one axis, once lengths are chosen."""

    stored: int
    taken_from: int
    window: Fraction
    cut: int
    scaled: int
    target: int
    step: int

    @property
    def scale(self) -> Fraction:
        return Fraction(self.scaled, self.cut)

    @property
    def worst(self) -> Fraction:
        """Output pixels between a wanted place and the nearest that can be had, at most."""
        residues = sorted({(self.scale * self.step * n) % _OUTPUT_STEP for n in range(self.choices)})
        gaps = [b - a for a, b in zip(residues, [*residues[1:], residues[0] + _OUTPUT_STEP], strict=True)]
        return max(gaps) / 2

    @property
    def choices(self) -> int:
        """How many places of the cut reach any one window."""
        spare = Fraction(self.scaled - self.target - _OUTPUT_STEP) / self.scale
        return max(1, math.floor(spare / self.step))

    def nearest(self, begins: Sequence[Fraction]) -> tuple[tuple[int, int], ...]:
        """The pairs whose windows begin nearest to `begins`, in stored pixels."""
        near_enough = max(self.worst, _GOOD_ENOUGH)
        choices = self.choices + 2
        grown = Fraction(self.taken_from, self.stored)
        found: dict[Fraction, tuple[int, int]] = {}
        for begin in begins:
            if begin not in found:
                found[begin] = self._nearest(begin * grown, choices, near_enough)
        return tuple(found[begin] for begin in begins)

    def _nearest(self, begin: Fraction, choices: int, near_enough: Fraction) -> tuple[int, int]:
        """The nearest pair, of a piece inside the picture where one is near enough."""
        # Counted in whole numbers of the smallest part that occurs: `unit` of them are an output pixel.
        unit = self.cut * begin.denominator
        first = math.floor(begin / self.step) * self.step
        found: list[tuple[int, int, int]] = []
        for cut_at in range(first, first - choices * self.step, -self.step):
            wanted = (begin.numerator - cut_at * begin.denominator) * self.scaled
            kept_at = _OUTPUT_STEP * ((2 * wanted + _OUTPUT_STEP * unit) // (2 * _OUTPUT_STEP * unit))
            if 0 <= kept_at <= self.scaled - self.target:
                found.append((abs(kept_at * unit - wanted), cut_at, kept_at))
        limit = near_enough * unit
        good = [one for one in found if one[0] <= limit and 0 <= one[1] <= self.taken_from - self.cut]
        _, cut_at, kept_at = min(good or found)
        return cut_at, kept_at


@lru_cache(maxsize=256)
def _lattice(stored: int, window: Fraction, target: int, step: int) -> _Lattice:
    """The smallest piece whose pairs come near enough to every place; else the one that comes nearest."""
    tried = [
        _Lattice(
            stored=stored,
            taken_from=taken_from,
            window=window,
            cut=cut,
            scaled=scaled,
            target=target,
            step=step,
        )
        for taken_from in (stored, 2 * round(stored * _BROKEN / 2))
        for cut, scaled in _lengths(window * Fraction(taken_from, stored), target)
    ]
    good = (lattice for lattice in tried if lattice.worst <= _GOOD_ENOUGH)
    return next(good, None) or min(tried, key=lambda one: (one.worst, one.cut))


def _lengths(window: Fraction, target: int) -> list[tuple[int, int]]:
    """Lengths of a piece before and after scaling, exact scales first, then the smallest."""
    found: list[tuple[bool, int, int]] = []
    scale = target / window
    for cut in range(2 * math.ceil((window + 2) / 2), math.ceil(window) + _MOST_MORE, 2):
        scaled = _OUTPUT_STEP * round(cut * scale / _OUTPUT_STEP)
        skew = abs(Fraction(scaled, cut) / scale - 1)
        if skew <= _SKEW and scaled > target:
            found.append((skew > 0, cut, scaled))
    return [(cut, scaled) for _, cut, scaled in sorted(found)]
