"""Frame rates from timestamps, and the rate that footage is delivered at."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reels.cadence import measured_rate, nearest_delivery_rate

RATES = [Fraction(n) for n in (12, 15, 24, 25, 30, 48, 50, 60, 120, 240)]
RATES += [Fraction(n * 1000, 1001) for n in (24, 30, 60, 120)]
TICKS = [Fraction(1, n) for n in (1000, 600, 12_800, 90_000, 30_000, 1_000_000)]


@given(
    rate=st.sampled_from(RATES),
    tick=st.sampled_from(TICKS),
    seconds=st.integers(3, 40),
    start=st.integers(-9, 9999),
)
def test_a_rate_is_found_through_the_rounding_of_any_time_base(
    rate: Fraction, tick: Fraction, seconds: int, start: int
) -> None:
    ticks = [start + round(n / rate / tick) for n in range(int(seconds * rate))]
    assert measured_rate(ticks, tick, declared=[rate]) == (rate, False)


@given(rate=st.sampled_from(RATES), wrong=st.sampled_from([Fraction(90_000), Fraction(44), Fraction(120)]))
def test_a_declared_rate_that_the_timestamps_contradict_is_not_believed(
    rate: Fraction, wrong: Fraction
) -> None:
    ticks = [round(n / rate * 90_000) for n in range(300)]
    assert measured_rate(ticks, Fraction(1, 90_000), declared=[wrong]) == (rate, False)


def test_a_single_dropped_frame_makes_the_rate_variable_but_not_another_one() -> None:
    ticks = [n * 3003 for n in range(300) if n != 100]
    assert measured_rate(ticks, Fraction(1, 90_000), declared=[Fraction(30)]) == (
        Fraction(30_000, 1001),
        True,
    )


def test_a_phone_that_claims_120_and_films_44_is_measured() -> None:
    ticks = [round(n * 90_000 / 44.66) + (n % 3) * 40 for n in range(400)]
    rate, varies = measured_rate(ticks, Fraction(1, 90_000), declared=[Fraction(120)])
    assert varies
    assert abs(float(rate) - 44.66) < 0.1
    assert nearest_delivery_rate(rate) == 30


@given(
    distances=st.lists(st.integers(1, 50_000), min_size=1, max_size=60),
    declared=st.lists(st.sampled_from(RATES), max_size=2),
)
def test_any_timestamps_give_a_rate_above_zero(distances: list[int], declared: list[Fraction]) -> None:
    ticks = [0]
    for distance in distances:
        ticks.append(ticks[-1] + distance)
    rate, _ = measured_rate(ticks, Fraction(1, 90_000), declared=declared)
    assert rate > 0
    assert nearest_delivery_rate(rate) in {24, 25, 30, Fraction(24_000, 1001), Fraction(30_000, 1001)}


def test_one_frame_has_the_declared_rate() -> None:
    assert measured_rate([7], Fraction(1, 1000), declared=[Fraction(24)]) == (Fraction(24), False)
    assert measured_rate([7], Fraction(1, 1000), declared=[]) == (Fraction(25), False)


@pytest.mark.parametrize(
    ("filmed", "delivered"),
    [
        ("24000/1001", "24000/1001"),
        ("23.976", "24000/1001"),
        ("24", "24"),
        ("25", "25"),
        ("29.97", "30000/1001"),
        ("30000/1001", "30000/1001"),
        ("30", "30"),
        ("48", "24"),
        ("50", "25"),
        ("60000/1001", "30000/1001"),
        ("59.94", "30000/1001"),
        ("60", "30"),
        ("100", "25"),
        ("120000/1001", "30000/1001"),
        ("120", "30"),
        ("240", "30"),
        ("15", "30"),
        ("12.5", "25"),
        ("10", "30"),
        ("1", "30"),
        ("20", "30"),
        ("44.66", "30"),
        ("26.3", "25"),
        ("49.2", "25"),
        ("27.9", "30"),
    ],
)
def test_footage_is_delivered_in_its_own_family(filmed: str, delivered: str) -> None:
    assert nearest_delivery_rate(Fraction(filmed)) == Fraction(delivered)
