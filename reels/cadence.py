"""From timestamps to a frame rate, and from the rates of footage to the rate that a reel is delivered at.

Pure: timestamps come from `probe`, in whole ticks of a stream's time base and in order of presentation.
Declared rates are hints only; container and codec headers of phones are often wrong. What a platform takes comes
from `plan`; no limit of a platform stands here.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from statistics import median_low

__all__ = ["common_rate", "delivery_rate", "measured_rate", "nearest_delivery_rate", "usual_distance"]

_NTSC = Fraction(1000, 1001)

_FAMILIES = (Fraction(30), Fraction(25), Fraction(24), 30 * _NTSC, 24 * _NTSC)
"""The usual rates of a reel, the likelier one first where a rate is a multiple of two."""

_FAST = (Fraction(60), Fraction(50), Fraction(48), 60 * _NTSC, 48 * _NTSC)
"""Those of full motion."""

_SAME = Fraction(2, 10_000)
"""0.02 % tells 29.97 from 30, which lie 0.1 % apart, and forgives a rounded number."""

_LARGEST_FACTOR = 60
_SEEN_AS_LOST = Fraction(3, 2)
"""Of this many frames at least one is lost: half of the motion, where a sixth is hardly seen."""

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
    """The constant rate, at most 30, at which footage of `rate` is delivered where no platform minds."""
    return delivery_rate(rate)


def delivery_rate(
    rate: Fraction, *, full: bool = False, lowest: Fraction | None = None, highest: Fraction | None = None
) -> Fraction:
    """The constant rate from `lowest` to `highest` at which footage of `rate` is delivered.

    A whole multiple or part of a usual rate stays with it: 59.94 → 30000/1001, 50 → 25, 12.5 → 25, 240 → 30; any
    other goes to 25 when near 25 or 50, else to 30. With `full` a rate above 30 is kept, or goes to the one of
    60, 50, 48 and their relatives that it is a whole multiple of: 240 → 60.
    """
    ideal = _ideal(rate, full=full)
    if _lies_within(ideal, lowest, highest):
        return ideal
    taken = [near for near in (*_FAMILIES, *_FAST) if _lies_within(near, lowest, highest)]
    if not taken:
        at_least = ideal if lowest is None else max(ideal, lowest)
        return at_least if highest is None else min(at_least, highest)
    # Half of a rate that is too high before one that is nearer: every second frame is even, five of six are not.
    return min(
        taken, key=lambda near: (near > ideal, near if near > ideal else _unevenness(ideal, near), -near)
    )


def common_rate(
    filmed: Sequence[tuple[Fraction, Fraction]],
    *,
    full: bool = False,
    lowest: Fraction | None = None,
    highest: Fraction | None = None,
) -> Fraction:
    """The rate of a reel made of clips of several rates; `filmed` holds each clip's rate and the seconds shown.

    The one at which most of the programme moves in even steps. A time lapse of 1 frame a second moves evenly at
    any rate, so the other clips decide. Where several are as even, the one that most of the programme would have
    by itself, then that of the earlier clip. With `full` no clip loses half of its frames for another's sake.

    Raises: ValueError without a clip.
    """
    if not filmed:
        raise ValueError("a reel has clips")
    own = [delivery_rate(rate, full=full, lowest=lowest, highest=highest) for rate, _ in filmed]
    # Faster than any of the clips would have it, all would only be shown twice.
    usual = [
        near for near in (*_FAMILIES, *_FAST) if near <= max(own) and _lies_within(near, lowest, highest)
    ]

    def cost(candidate: Fraction) -> tuple[Fraction, Fraction]:
        uneven, by_itself = Fraction(0), Fraction(0)
        for (rate, seconds), wanted in zip(filmed, own, strict=True):
            # Footage that is in no family is as uneven anywhere as at the rate it would have by itself.
            moving = rate if _is_whole(rate / wanted) or _is_whole(wanted / rate) else wanted
            lost = 1 - candidate / wanted if wanted / candidate >= _SEEN_AS_LOST else Fraction(0)
            uneven += seconds * (_unevenness(moving, candidate) + lost)
            by_itself += seconds if candidate == wanted else 0
        return uneven, -by_itself

    candidates: list[Fraction] = [*own, *usual]
    costs = [cost(candidate) for candidate in candidates]
    return candidates[costs.index(min(costs))]


def _ideal(rate: Fraction, *, full: bool) -> Fraction:
    """Where no platform minds."""
    if full:
        for factor in range(1, _LARGEST_FACTOR + 1):
            for near in _FAST:
                if _is_same(rate, near * factor):
                    return near
    for near in _FAMILIES:
        if _is_whole(near / rate):
            return near
    for factor in range(2, _LARGEST_FACTOR + 1):
        for near in _FAMILIES:
            if _is_same(rate, near * factor):
                return near
    if Fraction(45, 2) <= rate < Fraction(55, 2):
        return Fraction(25)
    if 45 <= rate < 55:
        return Fraction(50 if full else 25)
    return Fraction(60 if full and rate >= 36 else 30)


def _is_same(rate: Fraction, near: Fraction) -> bool:
    return abs(rate / near - 1) < _SAME


def _is_whole(ratio: Fraction) -> bool:
    """Whether `ratio` is a whole number of at least one."""
    return round(ratio) >= 1 and _is_same(ratio, Fraction(round(ratio)))


def _lies_within(rate: Fraction, lowest: Fraction | None, highest: Fraction | None) -> bool:
    return (lowest is None or rate >= lowest) and (highest is None or rate <= highest)


def _unevenness(rate: Fraction, shown_at: Fraction) -> Fraction:
    """How much footage of `rate` stutters at another rate; 0 where it does not.

    How often a frame stands longer or shorter than the others do, and how much that is of the time that it stands.
    """
    ratio = max(rate / shown_at, shown_at / rate)
    return Fraction(0) if _is_whole(ratio) else abs(ratio - round(ratio)) / ratio**2


def _as_usually_written(rate: Fraction) -> Fraction:
    """2997/100 and 30000/1001 are the same rate, written by different people."""
    return next((r for r in _USUAL_RATES if abs(rate / r - 1) < Fraction(1, 20_000)), rate)


def _fits(ticks: Sequence[int], step: Fraction) -> bool:
    """Whether all `ticks` lie on one grid of `step` ticks, each within one tick of rounding."""
    # In whole numbers, since there are 200 000 of them in an hour: denominator times the n-th place is
    # n times the numerator.
    off = [t * step.denominator - n * step.numerator for n, t in enumerate(ticks)]
    return max(off) - min(off) <= step.denominator * Fraction(51, 50)
