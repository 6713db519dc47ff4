"""Levels of H.264, by the table of the standard."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reels.check.levels import HIGHEST_LEVEL, level_name, needed_level
from reels.geometry import Raster


@pytest.mark.parametrize(
    ("raster", "rate", "level"),
    [
        ("720x1280", 30, 31),
        ("720x1280", 60, 32),
        ("1080x1920", 30, 40),
        ("1080x1920", 60, 42),
        ("2160x3840", 30, 51),
        ("2160x3840", 60, 52),
        ("2160x3840", 120, None),
        ("128x96", 15, 10),
    ],
)
def test_the_level_that_a_picture_needs(raster: str, rate: int, level: int | None) -> None:
    width, height = map(int, raster.split("x"))
    assert needed_level(Raster(width, height), Fraction(rate)) == level


@given(st.integers(16, 4000), st.integers(16, 4000), st.integers(1, 120))
def test_more_of_anything_never_needs_less(width: int, height: int, rate: int) -> None:
    small = needed_level(Raster(width, height), Fraction(rate)) or HIGHEST_LEVEL + 1
    for more in ((width + 16, height, rate), (width, height + 16, rate), (width, height, rate + 1)):
        needed = needed_level(Raster(*more[:2]), Fraction(more[2])) or HIGHEST_LEVEL + 1
        assert needed >= small


def test_levels_are_named_as_people_name_them() -> None:
    assert (level_name(42), level_name(10)) == ("4.2", "1.0")
