"""Exact time: what people write becomes seconds and comes back, frames never drift, ranges are half-open."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reels.timing import (
    FrameRange,
    TimecodeUnreadable,
    TimeRange,
    exact_seconds,
    format_clock,
    format_srt,
    frame_at_or_after,
    frame_nearest,
    frame_shown_at,
    frames_to_seconds,
    parse_clock,
)

RATES = (Fraction(24), Fraction(25), Fraction(30), Fraction(30000, 1001), Fraction(24000, 1001), Fraction(60))
rates = st.sampled_from(RATES)
seconds = st.fractions(min_value=0, max_value=100_000, max_denominator=100_000)
frames = st.integers(min_value=0, max_value=10_000_000)
milliseconds = st.integers(min_value=0, max_value=400_000_000)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("4.2", Fraction(21, 5)),
        ("31", Fraction(31)),
        ("00:31", Fraction(31)),
        ("01:04.2", Fraction(321, 5)),
        ("1:02:03.5", Fraction(7447, 2)),
        (" 00:04.2 ", Fraction(21, 5)),
        ("90", Fraction(90)),
        ("0", Fraction(0)),
        ("99:59.999", Fraction(5_999_999, 1000)),
    ],
)
def test_a_written_time_is_read_exactly(written: str, expected: Fraction) -> None:
    assert parse_clock(written) == expected


@pytest.mark.parametrize(
    "written",
    [
        "",
        "f",
        "1:2:3:4",
        "-1",
        "1,5",
        "1:60",
        "1:99:00",
        "1e3",
        "nan",
        "1.",
        ".5",
        "1 2",
        "1:-2",
        "12 f",
        "0x1",
    ],
)
def test_what_is_no_time_is_refused(written: str) -> None:
    with pytest.raises(TimecodeUnreadable):
        parse_clock(written, rate=Fraction(25))


def test_frames_need_a_rate_and_are_exact_at_one() -> None:
    assert parse_clock("120f", rate=Fraction(30000, 1001)) == Fraction(120 * 1001, 30000)
    with pytest.raises(TimecodeUnreadable, match="no frame rate"):
        parse_clock("120f")


@given(milliseconds)
def test_a_clock_reads_back_what_it_wrote(ms: int) -> None:
    assert parse_clock(format_clock(Fraction(ms, 1000))) == Fraction(ms, 1000)


@given(seconds)
def test_a_clock_is_never_off_by_more_than_half_a_millisecond(value: Fraction) -> None:
    assert abs(parse_clock(format_clock(value)) - value) <= Fraction(1, 2000)
    assert format_srt(value) == format_clock(value).replace(".", ",")


def test_a_negative_time_keeps_its_sign_in_words() -> None:
    assert format_clock(Fraction(-3, 2)) == "-00:00:01.500"


@given(frames, rates)
def test_a_frame_survives_the_way_through_seconds(frame: int, rate: Fraction) -> None:
    start = frames_to_seconds(frame, rate)
    assert (
        frame_shown_at(start, rate) == frame_at_or_after(start, rate) == frame_nearest(start, rate) == frame
    )


@given(seconds, rates)
def test_the_frame_on_screen_has_begun_and_the_next_has_not(at: Fraction, rate: Fraction) -> None:
    shown = frame_shown_at(at, rate)
    assert shown / rate <= at < (shown + 1) / rate
    assert frame_at_or_after(at, rate) - shown in (0, 1)
    assert abs(frame_nearest(at, rate) / rate - at) <= 1 / (2 * rate)


@given(seconds, seconds, rates)
def test_later_is_never_an_earlier_frame(one: Fraction, other: Fraction, rate: Fraction) -> None:
    early, late = sorted((one, other))
    for frame_of in (frame_shown_at, frame_at_or_after, frame_nearest):
        assert frame_of(early, rate) <= frame_of(late, rate)


@given(st.floats(min_value=0, max_value=100_000, allow_nan=False))
def test_a_recognisers_float_becomes_exact_on_a_grid_once(value: float) -> None:
    exact = exact_seconds(value)
    assert abs(exact - Fraction(value)) <= Fraction(1, 2_000_000)
    assert exact_seconds(exact) == exact
    assert 1_000_000 % exact.denominator == 0


@given(seconds, seconds, seconds, seconds)
def test_the_common_part_of_two_ranges_is_what_lies_in_both(
    a: Fraction, b: Fraction, c: Fraction, d: Fraction
) -> None:
    one, other = TimeRange(*sorted((a, b))), TimeRange(*sorted((c, d)))
    common = one.intersection(other)
    assert common == other.intersection(one)
    for at in (a, b, c, d, (a + b + c + d) / 4):
        assert (at in one and at in other) == (common is not None and at in common)


@given(frames, frames, st.lists(frames, max_size=8))
def test_cutting_a_range_anywhere_partitions_it(start: int, count: int, cuts: list[int]) -> None:
    whole = FrameRange(start, start + count)
    edges = sorted({whole.start, whole.end, *(c for c in cuts if whole.start < c < whole.end)})
    parts = [FrameRange(a, b) for a, b in pairwise(edges)]
    assert sum(part.count for part in parts) == whole.count
    assert all(part.intersection(whole) == part for part in parts)
    assert all(a.intersection(b) is None for a, b in pairwise(parts))


@given(frames, frames, st.integers(min_value=-1000, max_value=1000), rates)
def test_a_shifted_range_keeps_its_length(start: int, count: int, by: int, rate: Fraction) -> None:
    frames_shown = FrameRange(start, start + count)
    assert frames_shown.shifted(by).count == count
    assert frames_shown.shifted(by).in_seconds(rate) == frames_shown.in_seconds(rate).shifted(by / rate)
    assert frames_shown.in_seconds(rate).duration * rate == count


def test_a_range_contains_its_start_and_not_its_end() -> None:
    shown = TimeRange(Fraction(1), Fraction(2))
    assert Fraction(1) in shown
    assert Fraction(2) not in shown
    assert shown.intersection(TimeRange(Fraction(2), Fraction(3))) is None


@pytest.mark.parametrize("kind", [TimeRange, FrameRange])
def test_a_range_cannot_end_before_it_starts(kind: type[TimeRange] | type[FrameRange]) -> None:
    with pytest.raises(ValueError, match="cannot end"):
        kind(2, 1)  # type: ignore[arg-type]
