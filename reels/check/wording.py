"""How found and expected values are written: one way for every rule."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from reels.timing import TimeRange

__all__ = ["NO_LIMIT", "any_of", "ms", "number", "seconds", "span", "stretches", "within"]

NO_LIMIT = "no limit published"
_SHOWN_STRETCHES = 3


def within(
    value: Fraction, low: Fraction | None, high: Fraction | None, *, tolerance: Fraction = Fraction(0)
) -> bool:
    return (low is None or value >= low - tolerance) and (high is None or value <= high + tolerance)


def any_of(names: Iterable[str]) -> str:
    return " or ".join(names)


def span(low: Fraction | None, high: Fraction | None, unit: str) -> str:
    if low is not None and high is not None:
        return f"{number(low)} to {number(high)} {unit}"
    if high is not None:
        return f"at most {number(high)} {unit}"
    return f"at least {number(low)} {unit}" if low is not None else NO_LIMIT


def number(value: Fraction) -> str:
    """A number for people: three decimals at most, none that say nothing."""
    return f"{float(value):.3f}".rstrip("0").rstrip(".")


def seconds(value: Fraction) -> str:
    return f"{number(value)} s"


def ms(value: Fraction) -> str:
    return f"{float(value * 1000):.1f} ms"


def stretches(found: Iterable[TimeRange]) -> str:
    """`3.2 to 5.9 s, 8 to 12 s`; of many the first ones."""
    listed = list(found)
    told = ", ".join(f"{number(one.start)} to {seconds(one.end)}" for one in listed[:_SHOWN_STRETCHES])
    more = len(listed) - _SHOWN_STRETCHES
    return f"{told} and {more} more" if more > 0 else told
