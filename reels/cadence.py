"""From timestamps to a frame rate, and from a footage's rate to the rate that it is delivered at.

Pure: timestamps come from `probe`, in whole ticks of a stream's time base and in order of presentation.
Declared rates are hints only; container and codec headers of phones are often wrong.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from statistics import median_low

__all__ = ["measured_rate", "nearest_delivery_rate", "usual_distance"]

_NTSC = Fraction(1000, 1001)

_FAMILIES = (Fraction(30), Fraction(25), Fraction(24), 30 * _NTSC, 24 * _NTSC)
"""The rates that we deliver, the likelier one first where a rate is a multiple of two."""

_USUAL_RATES = (
    *(Fraction(rate) for rate in (24, 25, 30, 48, 50, 60, 100, 120, 240, 1, 5, 8, 10, 12, 15, 20)),
    Fraction(25, 2),
    *(rate * _NTSC for rate in (15, 24, 30, 48, 60, 120, 240)),
)


def measured_rate(
    ticks: Sequence[int], tick: Fraction, *, declared: Sequence[Fraction]
) -> tuple[Fraction, bool]:
    """The nominal rate in frames per second, and whether the distance of frames varies.

    A rate is constant when every timestamp lies within one tick of its place on that rate's grid, because
    containers round to their ticks (1 ms in Matroska). `declared` rates only break a tie between rates that
    fit. Of varying footage the rate is the usual one nearest to the commonest distance of two frames, or the
    mean where nothing usual is near.
    """
    if len(ticks) < 2:
        return next(iter(declared), Fraction(25)), False
    mean = (len(ticks) - 1) / ((ticks[-1] - ticks[0]) * tick)
    candidates = [rate for rate in (*declared, *_USUAL_RATES) if abs(rate / mean - 1) < Fraction(1, 20)]
    candidates.append(mean.limit_denominator(1001))
    for rate in candidates:
        if rate > 0 and _fits(ticks, 1 / (rate * tick)):
            return _as_usually_written(rate), False
    distance = usual_distance(ticks) * tick
    usual = min(_USUAL_RATES, key=lambda rate: abs(rate * distance - 1))
    if abs(usual * distance - 1) >= Fraction(3, 100):
        return max(mean.limit_denominator(1001), Fraction(1, 1001)), True
    # Within a tick 30 and 29.97 may look the same (1 ms in Matroska); then a declared rate tells them apart.
    same = (rate for rate in declared if rate in _USUAL_RATES and abs(1 / rate - distance) <= tick)
    return next(same, usual), True


def usual_distance(ticks: Sequence[int]) -> int:
    """The median distance of two neighbours, in ticks."""
    return median_low([after - before for before, after in pairwise(ticks)])


def nearest_delivery_rate(rate: Fraction) -> Fraction:
    """The constant rate, at most 30, at which footage of `rate` is delivered.

    A whole multiple or part of a family stays in it (59.94 → 30000/1001, 50 → 25); any other rate goes to 25
    when near 25 or 50, else to 30.
    """
    for factor in range(1, 11):
        for family in _FAMILIES:
            # 0.02 % tells 29.97 from 30, which lie 0.1 % apart, and forgives a rounded number.
            if any(abs(rate / near - 1) < Fraction(2, 10_000) for near in (family * factor, family / factor)):
                return family
    return Fraction(25) if Fraction(45, 2) <= rate < Fraction(55, 2) or 45 <= rate < 55 else Fraction(30)


def _as_usually_written(rate: Fraction) -> Fraction:
    """2997/100 and 30000/1001 are the same rate, written by different people."""
    return next((r for r in _USUAL_RATES if abs(rate / r - 1) < Fraction(1, 20_000)), rate)


def _fits(ticks: Sequence[int], step: Fraction) -> bool:
    """Whether all `ticks` lie on one grid of `step` ticks, each within one tick of rounding."""
    # In whole numbers, since there are 200 000 of them in an hour: denominator times the n-th place is
    # n times the numerator.
    off = [t * step.denominator - n * step.numerator for n, t in enumerate(ticks)]
    return max(off) - min(off) <= step.denominator * Fraction(51, 50)
