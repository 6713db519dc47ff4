"""The smoothest path of a window along one axis that keeps its subject inside: one convex optimum for a whole shot.

Wanted in this order: the subject whole in the window, no hurry (speed and acceleration are limits, not wishes), a
window that stands still or glides evenly, and the subject where it looks best. Everything is known beforehand, so
the window starts before the person does. Pure arithmetic in a fixed order of operations, no linear algebra library,
so that every machine comes to the same sixteenths of a pixel. `subject` says what is wanted, `path` holds the result.

The unknowns are the control points of a uniform cubic B-spline, in window lengths. Solved by Newton's method on the
objective and a logarithmic barrier for the limits; all matrices have seven diagonals.
Source: Boyd and Vandenberghe, Convex Optimization, chapter 11 (barrier method); the still-glide-ease mixture
after Grundmann, Kwatra and Essa 2011, L1 optimal camera paths.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

__all__ = ["Pace", "Wish", "smooth_path"]

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Where the window's upper or left end should lie at one node, in window lengths from the picture's.

    Between `least` and `most` the subject is whole in the window, between `low` and `high` it also stands well.
    `weight` is 1 for a subject that is seen there, less for a guess, 0 where nothing is wanted.
    """

    least: float
    most: float
    low: float
    high: float
    weight: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """Limits, in window lengths per second and per second squared."""

    speed: float = 0.9
    acceleration: float = 1.1


_WHOLE = 900.0
_WELL = 14.0
_BEST = 0.4
_STILL = 0.55
_EVEN = 0.10
_SOFT = 0.010
_STILL_EDGE = 2e-3
"""Speed, in window lengths per second, under which a window counts as standing: where |x| is rounded off."""
_FIRST_BARRIER, _LAST_BARRIER, _BARRIER_FALLS = 1e-2, 1e-6, 0.1
_NEWTON_STEPS = 25
_ENOUGH = 1e-10
_BORDER = 1e-3
"""The barrier stands so far outside the picture that a window may lie at its very edge."""

_AT_NODE = (1 / 6, 4 / 6, 1 / 6)
_FIRST = (-1.0, 1.0)
_SECOND = (1.0, -2.0, 1.0)
_THIRD = (-1.0, 3.0, -3.0, 1.0)


def smooth_path(wishes: Sequence[Wish], *, room: float, step_s: float, pace: Pace | None = None) -> Floats:
    """Control points for `len(wishes)` nodes that lie `step_s` seconds apart: two more than nodes, in [0, room].

    Node n is reached at `(c[n] + 4 c[n + 1] + c[n + 2]) / 6`.
    """
    if not wishes:
        raise ValueError("a path needs a node")
    count = len(wishes) + 2
    if room <= 0:
        return np.zeros(count)
    problem = _Problem.of(wishes, room=room, step_s=step_s, pace=pace or Pace())
    points = np.full(count, _middle(wishes, room))
    barrier = _FIRST_BARRIER
    while barrier >= _LAST_BARRIER * 0.99:
        points = _newton(problem, points, barrier)
        barrier *= _BARRIER_FALLS
    inside: Floats = np.clip(points, 0.0, room)
    return inside


def _middle(wishes: Sequence[Wish], room: float) -> float:
    """A place that is inside all limits, and near what is wanted on the whole."""
    total = math.fsum(wish.weight for wish in wishes)
    if total <= 0:
        return room / 2
    mean = math.fsum(wish.weight * (wish.low + wish.high) / 2 for wish in wishes) / total
    return min(max(mean, 0.0), room)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Problem:
    least: Floats
    most: Floats
    low: Floats
    high: Floats
    weight: Floats
    room: float
    step: float
    speed: float
    """The most that two neighbouring control points may differ."""
    bend: float
    """The most that three may deviate from a line."""

    @classmethod
    def of(cls, wishes: Sequence[Wish], *, room: float, step_s: float, pace: Pace) -> _Problem:
        # What cannot be reached in the picture would only pull against its edge.
        least, most, low, high = (
            np.clip(np.array([getattr(wish, name) for wish in wishes]), 0.0, room)
            for name in ("least", "most", "low", "high")
        )
        return cls(
            least=least,
            most=np.maximum(most, least),
            low=low,
            high=np.maximum(high, low),
            weight=np.array([wish.weight for wish in wishes]),
            room=room,
            step=step_s,
            speed=pace.speed * step_s,
            bend=pace.acceleration * step_s * step_s,
        )

    def value(self, points: Floats, barrier: float) -> float:
        """The objective with its barrier; infinite outside the limits."""
        slacks = self._slacks(points)
        if any(float(slack.min(initial=1.0)) <= 0 for slack in slacks):
            return math.inf
        at = _apply(_AT_NODE, points)
        whole, well = _outside(at, self.least, self.most), _outside(at, self.low, self.high)
        best = at - (self.low + self.high) / 2
        first, second, third = (_apply(s, points) for s in (_FIRST, _SECOND, _THIRD))
        edge = _STILL_EDGE * self.step
        parts = [
            (self.weight * (_WHOLE * whole * whole + _WELL * well * well + _BEST * best * best)) * self.step,
            (np.sqrt(first * first + edge * edge) - edge) * _STILL,
            (second * second) * (_EVEN / self.step**3),
            (third * third) * (_SOFT / self.step**5),
        ]
        total = math.fsum(float(x) for part in parts for x in part)
        return total - barrier * math.fsum(math.log(x) for slack in slacks for x in slack)

    def _slacks(self, points: Floats) -> tuple[Floats, ...]:
        first, second = _apply(_FIRST, points), _apply(_SECOND, points)
        return (
            (points + _BORDER) / self.room,
            (self.room + _BORDER - points) / self.room,
            1 - first / self.speed,
            1 + first / self.speed,
            1 - second / self.bend,
            1 + second / self.bend,
        )

    def slope_and_curve(self, points: Floats, barrier: float) -> tuple[Floats, Floats]:
        """Gradient, and the Hessian's diagonals: row j holds `H[i, i + j]`."""
        slope, curve = np.zeros_like(points), np.zeros((4, len(points)))
        at = _apply(_AT_NODE, points)
        share = 2 * self.step * self.weight
        pull, stiff = share * _BEST * (at - (self.low + self.high) / 2), share * _BEST
        for strength, low, high in ((_WHOLE, self.least, self.most), (_WELL, self.low, self.high)):
            off = _outside(at, low, high)
            pull = pull + share * strength * off
            stiff = stiff + share * strength * (off != 0)
        _add(slope, curve, _AT_NODE, pull, stiff)

        up, down = points + _BORDER, self.room + _BORDER - points
        slope += barrier * (1 / down - 1 / up)
        curve[0] += barrier * (1 / (up * up) + 1 / (down * down))

        first = _apply(_FIRST, points)
        edge = _STILL_EDGE * self.step
        root = np.sqrt(first * first + edge * edge)
        pull, stiff = _STILL * first / root, _STILL * edge * edge / (root * root * root)
        self._limit(first, self.speed, barrier, pull, stiff)
        _add(slope, curve, _FIRST, pull, stiff)

        second = _apply(_SECOND, points)
        even = 2 * _EVEN / self.step**3
        pull, stiff = even * second, np.full_like(second, even)
        self._limit(second, self.bend, barrier, pull, stiff)
        _add(slope, curve, _SECOND, pull, stiff)

        third = _apply(_THIRD, points)
        soft = 2 * _SOFT / self.step**5
        _add(slope, curve, _THIRD, soft * third, np.full_like(third, soft))
        return slope, curve

    @staticmethod
    def _limit(value: Floats, limit: float, barrier: float, pull: Floats, stiff: Floats) -> None:
        above, below = limit - value, limit + value
        pull += barrier * (1 / above - 1 / below)
        stiff += barrier * (1 / (above * above) + 1 / (below * below))


def _newton(problem: _Problem, points: Floats, barrier: float) -> Floats:
    value = problem.value(points, barrier)
    for _ in range(_NEWTON_STEPS):
        slope, curve = problem.slope_and_curve(points, barrier)
        change = _solve(curve, -slope)
        gain = -math.fsum(float(s) * float(c) for s, c in zip(slope, change, strict=True))
        if gain < _ENOUGH:
            break
        length = 1.0
        while length > 1e-9:
            tried = points + length * change
            new = problem.value(tried, barrier)
            if new < value - 0.1 * length * gain:
                break
            length /= 2
        else:
            break
        points, value = tried, new
    return points


def _outside(at: Floats, low: Floats, high: Floats) -> Floats:
    """How far `at` lies outside `[low, high]`: negative below, 0 inside."""
    return np.minimum(at - low, 0.0) + np.maximum(at - high, 0.0)


def _apply(stencil: tuple[float, ...], points: Floats) -> Floats:
    """The stencil laid on every run of as many points; nothing where there are too few."""
    length = len(points) - len(stencil) + 1
    result = np.zeros(max(0, length))
    if length > 0:
        for offset, part in enumerate(stencil):
            result += part * points[offset : offset + length]
    return result


def _add(slope: Floats, curve: Floats, stencil: tuple[float, ...], pull: Floats, stiff: Floats) -> None:
    """Adds a term that sees the points through `stencil`, with these derivatives, in place."""
    length = len(pull)
    for a, part in enumerate(stencil):
        slope[a : a + length] += part * pull
        for b in range(a, len(stencil)):
            curve[b - a, a : a + length] += part * stencil[b] * stiff


def _solve(curve: Floats, right: Floats) -> Floats:
    """`x` of `H x = right` for the symmetric positive definite `H` of seven diagonals, by its L D L' parts."""
    count = len(right)
    zero, one, two, three = (row.tolist() for row in curve)
    d: list[float] = [0.0] * count
    l1: list[float] = [0.0] * count
    l2: list[float] = [0.0] * count
    l3: list[float] = [0.0] * count
    y: list[float] = right.tolist()
    for i in range(count):
        pivot = zero[i]
        if i >= 3:
            l3[i] = three[i - 3] / d[i - 3]
            pivot -= l3[i] * l3[i] * d[i - 3]
        if i >= 2:
            over = two[i - 2]
            if i >= 3:
                over -= l3[i] * d[i - 3] * l1[i - 2]
            l2[i] = over / d[i - 2]
            pivot -= l2[i] * l2[i] * d[i - 2]
        if i >= 1:
            over = one[i - 1]
            if i >= 2:
                over -= l2[i] * d[i - 2] * l1[i - 1]
            if i >= 3:
                over -= l3[i] * d[i - 3] * l2[i - 1]
            l1[i] = over / d[i - 1]
            pivot -= l1[i] * l1[i] * d[i - 1]
        d[i] = pivot
        if i >= 1:
            y[i] -= l1[i] * y[i - 1]
        if i >= 2:
            y[i] -= l2[i] * y[i - 2]
        if i >= 3:
            y[i] -= l3[i] * y[i - 3]
    x = [value / pivot for value, pivot in zip(y, d, strict=True)]
    for i in range(count - 1, -1, -1):
        if i + 1 < count:
            x[i] -= l1[i + 1] * x[i + 1]
        if i + 2 < count:
            x[i] -= l2[i + 2] * x[i + 2]
        if i + 3 < count:
            x[i] -= l3[i + 3] * x[i + 3]
    return np.array(x)
