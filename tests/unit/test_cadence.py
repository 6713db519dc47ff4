"""Frame rates from timestamps, and the rate that footage is delivered at."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reels.cadence import common_rate, delivery_rate, measured_rate, nearest_delivery_rate

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
        ("5", "30"),
        ("8", "24"),
        ("1", "30"),
        ("0.02", "30"),
        ("20", "30"),
        ("1000", "25"),
        ("960", "30"),
        ("44.66", "30"),
        ("26.3", "25"),
        ("49.2", "25"),
        ("27.9", "30"),
    ],
)
def test_footage_is_delivered_in_its_own_family(filmed: str, delivered: str) -> None:
    assert nearest_delivery_rate(Fraction(filmed)) == Fraction(delivered)


def test_a_time_lapse_of_any_slowness_is_shown_at_a_usual_rate() -> None:
    assert {nearest_delivery_rate(Fraction(1, n)) for n in (1, 2, 5, 60, 3600)} == {Fraction(30)}


# --- full motion, and what platforms take ----------------------------------------------------------------

FULL = [
    *(("24000/1001", "24000/1001"), ("25", "25"), ("29.97", "30000/1001"), ("30", "30"), ("15", "30")),
    *(("48", "48"), ("50", "50"), ("59.94", "60000/1001"), ("60", "60"), ("100", "50"), ("1", "30")),
    *(("120000/1001", "60000/1001"), ("120", "60"), ("240", "60"), ("44.66", "60"), ("49.2", "50")),
]


@pytest.mark.parametrize(("filmed", "delivered"), FULL)
def test_full_motion_keeps_up_to_60_and_makes_nothing_up(filmed: str, delivered: str) -> None:
    assert delivery_rate(Fraction(filmed), full=True) == Fraction(delivered)


@pytest.mark.parametrize(
    ("filmed", "lowest", "highest", "delivered"),
    [
        ("60", 23, 30, "30"),
        ("59.94", 23, 30, "30000/1001"),
        ("50", 23, 30, "25"),
        ("60", 23, 50, "30"),  # not 50: five of six frames are not even
        ("48", 23, 30, "24"),
        ("24000/1001", 24, 60, "24"),
        ("48000/1001", 24, 30, "24"),
        ("24", 25, 60, "25"),
        ("30", 50, 60, "50"),
        ("30", 61, 90, "61"),
        ("30", 10, 15, "15"),
    ],
)
def test_a_platform_that_does_not_take_a_rate_gets_the_part_of_it_that_it_takes(
    filmed: str, lowest: int, highest: int, delivered: str
) -> None:
    limits = {"lowest": Fraction(lowest), "highest": Fraction(highest)}
    assert delivery_rate(Fraction(filmed), full=True, **limits) == Fraction(delivered)


_FAMILY = [Fraction(24), Fraction(25), Fraction(30), Fraction(24_000, 1001), Fraction(30_000, 1001)]
_LIMITS = st.tuples(
    st.sampled_from([None, Fraction(23), Fraction(24_000, 1001), Fraction(24)]),
    st.sampled_from([None, Fraction(30), Fraction(50), Fraction(60)]),
)
_ANY_RATE = st.fractions(min_value=Fraction(1, 100), max_value=2000, max_denominator=1001)
_FAMILY_RATE = st.builds(
    lambda base, step, up: base * step if up else base / step,
    st.sampled_from(_FAMILY),
    st.integers(1, 40),
    st.booleans(),
)


@given(rate=st.one_of(_ANY_RATE, _FAMILY_RATE), limits=_LIMITS, full=st.booleans())
def test_whatever_was_filmed_the_rate_lies_within_what_a_platform_takes(
    rate: Fraction, limits: tuple[Fraction | None, Fraction | None], full: bool
) -> None:
    lowest, highest = limits
    found = delivery_rate(rate, full=full, lowest=lowest, highest=highest)
    assert lowest is None or found >= lowest
    assert found <= (highest or 60)
    assert full or found <= 30


@given(rate=_FAMILY_RATE, full=st.booleans())
def test_a_rate_of_a_family_moves_in_even_steps(rate: Fraction, full: bool) -> None:
    found = delivery_rate(rate, full=full)
    step = max(rate / found, found / rate)
    assert abs(step - round(step)) <= step * Fraction(2, 10_000)


CLIPS = st.lists(
    st.tuples(st.one_of(_ANY_RATE, _FAMILY_RATE), st.fractions(min_value=Fraction(1, 30), max_value=600)),
    min_size=1,
    max_size=5,
)


@given(clips=CLIPS, limits=_LIMITS, full=st.booleans())
def test_a_reel_of_any_clips_has_a_rate_within_the_limits(
    clips: list[tuple[Fraction, Fraction]], limits: tuple[Fraction | None, Fraction | None], full: bool
) -> None:
    lowest, highest = limits
    found = common_rate(clips, full=full, lowest=lowest, highest=highest)
    assert lowest is None or found >= lowest
    assert found <= (highest or 60)
    assert full or found <= 30


@given(rate=st.one_of(_ANY_RATE, _FAMILY_RATE), count=st.integers(1, 4), full=st.booleans())
def test_clips_of_one_rate_get_what_each_would_get_by_itself(rate: Fraction, count: int, full: bool) -> None:
    assert common_rate([(rate, Fraction(3))] * count, full=full) == delivery_rate(rate, full=full)


@pytest.mark.parametrize(
    ("clips", "usual", "full"),
    [
        # A time lapse first: any rate suits it, so the talk that follows decides.
        ([("1", 20), ("25", 10)], "25", "25"),
        ([("1", 20), ("30000/1001", 10)], "30000/1001", "30000/1001"),
        ([("25", 10), ("30", 50)], "30", "30"),
        ([("25", 50), ("30", 10)], "25", "25"),
        ([("30", 10), ("30000/1001", 50)], "30000/1001", "30000/1001"),
        ([("25", 30), ("30", 30)], "25", "25"),
        ([("30", 30), ("25", 30)], "30", "30"),
        # Slow motion of 120 moves as evenly at 24, which the interview needs.
        ([("120", 50), ("24", 10)], "24", "60"),
        ([("50", 10), ("25", 50)], "25", "50"),
        ([("60", 10), ("30000/1001", 50)], "30000/1001", "60000/1001"),
        ([("30", 50), ("60", 1)], "30", "60"),
    ],
)
def test_a_reel_of_several_rates_moves_evenly_for_the_most_of_it(
    clips: list[tuple[str, int]], usual: str, full: str
) -> None:
    filmed = [(Fraction(rate), Fraction(seconds)) for rate, seconds in clips]
    assert common_rate(filmed) == Fraction(usual)
    assert common_rate(filmed, full=True) == Fraction(full)


def test_a_reel_without_a_clip_has_no_rate() -> None:
    with pytest.raises(ValueError, match="has clips"):
        common_rate([])
