"""Dark, frozen and silent stretches, told from what only looks or sounds like them."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from reels.observe.stretches import PictureStretches, silent_stretches
from reels.timing import TimeRange

RATE = 30
ZERO = Fraction(0)


def watched(codes: list[int]) -> PictureStretches:
    """Even pictures of these codes, one for each frame."""
    stretches = PictureStretches()
    for number, code in enumerate(codes):
        stretches.take(np.full((64, 36, 3), code, np.uint8), Fraction(number, RATE))
    stretches.end(Fraction(len(codes), RATE))
    return stretches


def test_dark_pictures_in_the_middle_and_at_the_end() -> None:
    found = watched([90] * 30 + [16] * 45 + [90] * 15 + [5] * 30).black(longer_than=Fraction(1, 2))
    assert found == (TimeRange(Fraction(1), Fraction(5, 2)), TimeRange(Fraction(3), Fraction(4)))


def test_a_dark_picture_with_one_light_is_not_black() -> None:
    stretches = PictureStretches()
    night = np.full((64, 36, 3), 10, np.uint8)
    night[10:18, 10:18] = 200
    for number in range(60):
        stretches.take(night, Fraction(number, RATE))
    stretches.end(Fraction(2))
    assert stretches.black(longer_than=ZERO) == ()
    assert stretches.frozen(longer_than=ZERO) == (TimeRange(ZERO, Fraction(2)),)


def test_a_mouth_that_moves_is_enough_to_move() -> None:
    stretches = PictureStretches()
    for number in range(90):
        picture = np.full((64, 36, 3), 120, np.uint8)
        picture[30, 18] = 120 + 8 * (number % 2)
        stretches.take(picture, Fraction(number, RATE))
    stretches.end(Fraction(3))
    assert stretches.frozen(longer_than=Fraction(1, 10)) == ()


def test_a_fade_too_slow_to_see_from_one_picture_to_the_next_is_no_freeze() -> None:
    assert watched([number // 6 for number in range(600)]).frozen(longer_than=Fraction(2)) == ()


@given(st.lists(st.sampled_from([0, 60, 120]), min_size=1, max_size=60))
def test_frozen_stretches_are_the_runs_of_equal_pictures(codes: list[int]) -> None:
    found = watched(codes).frozen(longer_than=Fraction(1, RATE))
    expected, start = [], 0
    for end in range(1, len(codes) + 1):
        if end == len(codes) or codes[end] != codes[start]:
            if end - start > 1:
                expected.append(TimeRange(Fraction(start, RATE), Fraction(end, RATE)))
            start = end
    assert list(found) == expected


def test_silence_is_as_long_as_it_is() -> None:
    # Silent from 2 to 6 s: a block of 400 ms is silent when all of it is.
    levels = [(Fraction(n, 10), -120.0 if 24 <= n <= 60 else -20.0) for n in range(1, 100)]
    found = silent_stretches(levels, below_lufs=-60, longer_than=Fraction(1))
    assert found == (TimeRange(Fraction(2), Fraction(6)),)
    assert silent_stretches(levels, below_lufs=-60, longer_than=Fraction(4)) == ()
    digital = [(end, math.nan if level < -60 else level) for end, level in levels]
    assert silent_stretches(digital, below_lufs=-60, longer_than=Fraction(1)) == found


def test_silence_from_the_start_and_to_the_end() -> None:
    quiet = [(Fraction(n, 10), -120.0) for n in range(1, 41)]
    assert silent_stretches(quiet, below_lufs=-60, longer_than=ZERO) == (TimeRange(ZERO, Fraction(4)),)
    assert silent_stretches([], below_lufs=-60, longer_than=ZERO) == ()
