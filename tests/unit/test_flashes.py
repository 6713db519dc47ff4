"""Flashes counted in made pictures: what WCAG calls a flash and what it does not."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import numpy as np
import pytest
from numpy.typing import NDArray

from reels.observe.flashes import MOST_CHANGES, Flashing, FlashMeter

ROWS, COLUMNS = 64, 36
RATE = 60

Picture = NDArray[np.uint8]


def plain(code: int) -> Picture:
    return np.full((ROWS, COLUMNS, 3), code, np.uint8)


def measured(picture_at: Callable[[Fraction], Picture], *, seconds: int = 3, rate: int = RATE) -> Flashing:
    meter = FlashMeter()
    for number in range(seconds * rate):
        time = Fraction(number, rate)
        meter.take(picture_at(time), time)
    return meter.worst


def blinking(hertz: float, dark: Picture, bright: Picture) -> Callable[[Fraction], Picture]:
    """`bright` in the second half of each period."""
    return lambda time: bright if (float(time) * hertz) % 1 >= 0.5 else dark


@pytest.mark.parametrize(
    ("hertz", "too_many"), [(1, False), (2, False), (3, False), (4, True), (10, True), (30, True)]
)
def test_more_than_three_flashes_a_second_are_too_many(hertz: int, too_many: bool) -> None:
    found = measured(blinking(hertz, plain(40), plain(200)))
    assert (found.changes > MOST_CHANGES) is too_many
    assert abs(found.flashes - hertz) <= 1


@pytest.mark.parametrize("rate", [24, 25, 30, 50, 60])
def test_three_flashes_are_allowed_at_every_rate(rate: int) -> None:
    assert measured(blinking(3, plain(40), plain(200)), rate=rate).changes <= MOST_CHANGES
    assert measured(blinking(5, plain(40), plain(200)), rate=rate).changes > MOST_CHANGES


def test_a_change_of_less_than_a_tenth_is_no_flash() -> None:
    # Relative luminance 0.216 and 0.305, and 0.216 and 0.328.
    assert measured(blinking(10, plain(128), plain(150))).changes == 0
    assert measured(blinking(10, plain(128), plain(156))).changes > MOST_CHANGES


def test_two_bright_pictures_make_no_flash() -> None:
    # Relative luminance 0.82 and 1.
    assert measured(blinking(10, plain(233), plain(255))).changes == 0


@pytest.mark.parametrize(("columns", "too_many"), [(8, False), (9, True)])
def test_less_than_a_quarter_of_the_picture_may_flash(columns: int, too_many: bool) -> None:
    bright = plain(40)
    bright[:, :columns] = 220
    assert (measured(blinking(10, plain(40), bright)).changes > MOST_CHANGES) is too_many


def test_a_slow_fade_is_one_change_however_many_pictures_it_takes() -> None:
    assert measured(lambda time: plain(int(float(time) / 3 * 255))).changes == 1


def test_flashes_that_fade_count_as_those_that_jump() -> None:
    wave = measured(lambda time: plain(int(128 + 100 * np.sin(2 * np.pi * 5 * float(time)))))
    assert wave.changes > MOST_CHANGES


def test_saturated_red_flashes_though_its_luminance_hardly_changes() -> None:
    red, dark = plain(0), plain(0)
    red[..., 0], dark[..., 0] = 170, 80
    luminance = [0.2126 * (code / 255) ** 2.2 for code in (170, 80)]
    assert luminance[0] - luminance[1] < 0.1
    assert measured(blinking(5, dark, red)).changes > MOST_CHANGES
    blue = np.ascontiguousarray(red[..., ::-1]), np.ascontiguousarray(dark[..., ::-1])
    assert measured(blinking(5, blue[1], blue[0])).changes == 0


def test_a_crowd_that_moves_is_no_flash() -> None:
    rng = np.random.default_rng(1)
    street = rng.integers(0, 256, (ROWS, 400, 3), np.uint8)
    for _ in range(6):
        street = ((street.astype(int) + np.roll(street, 1, 1) + np.roll(street, 1, 0)) // 3).astype(np.uint8)
    still = measured(lambda time: np.ascontiguousarray(street[:, int(time * 20) : int(time * 20) + COLUMNS]))
    assert still.changes <= MOST_CHANGES


def test_the_second_of_the_worst_is_told() -> None:
    found = measured(lambda time: blinking(8, plain(40), plain(200))(time) if 1 <= time < 2 else plain(40))
    assert Fraction(3, 2) < found.at <= Fraction(21, 10)
