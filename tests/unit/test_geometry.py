"""Exact pixels: covering leaves nothing bare, fitting leaves nothing out, and every raster is even."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reels.geometry import Box, Raster, display_raster, scale_to_cover, scale_to_fit

sides = st.integers(min_value=1, max_value=8192)
even_sides = st.integers(min_value=1, max_value=2048).map(lambda half: 2 * half)
rasters = st.builds(Raster, sides, sides)
targets = st.builds(Raster, even_sides, even_sides)
edges = st.integers(min_value=-50, max_value=50)


@st.composite
def boxes(draw: st.DrawFn) -> Box:
    left, right = sorted((draw(edges), draw(edges)))
    top, bottom = sorted((draw(edges), draw(edges)))
    return Box(left, top, right, bottom)


@given(rasters, targets)
def test_covering_leaves_no_pixel_bare_and_keeps_the_shape(source: Raster, target: Raster) -> None:
    cover = scale_to_cover(source, target)
    factor = max(Fraction(target.width, source.width), Fraction(target.height, source.height))
    assert cover.width >= target.width
    assert cover.height >= target.height
    assert cover.width % 2 == cover.height % 2 == 0
    assert 0 <= cover.width - source.width * factor < 2
    assert 0 <= cover.height - source.height * factor < 2


@given(rasters, targets)
def test_fitting_stays_inside_and_keeps_the_shape(source: Raster, target: Raster) -> None:
    inside = scale_to_fit(source, target)
    factor = min(Fraction(target.width, source.width), Fraction(target.height, source.height))
    assert inside.width <= target.width
    assert inside.height <= target.height
    assert inside.width % 2 == inside.height % 2 == 0
    # Two pixels are the least there is, however flat the source.
    assert inside.width == 2 or 0 <= source.width * factor - inside.width < 2
    assert inside.height == 2 or 0 <= source.height * factor - inside.height < 2


@given(targets)
def test_a_raster_of_the_targets_shape_is_the_target(target: Raster) -> None:
    assert scale_to_cover(target, target) == scale_to_fit(target, target) == target


@pytest.mark.parametrize(
    ("coded", "sar", "rotation", "shown"),
    [
        (Raster(1920, 1080), Fraction(1), 0, Raster(1920, 1080)),
        (Raster(1920, 1080), Fraction(1), 90, Raster(1080, 1920)),
        (Raster(1920, 1080), Fraction(1), 180, Raster(1920, 1080)),
        (Raster(1920, 1080), Fraction(1), 270, Raster(1080, 1920)),
        (Raster(1440, 1080), Fraction(4, 3), 0, Raster(1920, 1080)),
        (Raster(1440, 1080), Fraction(4, 3), 90, Raster(1080, 1920)),
        (Raster(720, 576), Fraction(16, 15), 0, Raster(768, 576)),
    ],
)
def test_a_viewer_sees_square_pixels_the_right_way_up(
    coded: Raster, sar: Fraction, rotation: int, shown: Raster
) -> None:
    assert display_raster(coded, sar=sar, rotation=rotation) == shown


@given(rasters, st.fractions(min_value=Fraction(1, 4), max_value=4, max_denominator=100))
def test_two_quarter_turns_bring_a_raster_back(coded: Raster, sar: Fraction) -> None:
    once = display_raster(coded, sar=sar, rotation=90)
    assert display_raster(once, sar=Fraction(1), rotation=90) == display_raster(coded, sar=sar, rotation=0)


@given(boxes(), boxes())
def test_the_common_part_of_two_boxes_lies_in_both(one: Box, other: Box) -> None:
    common = one.intersection(other)
    assert common == other.intersection(one)
    if common is not None:
        assert one.contains(common)
        assert other.contains(common)
        assert common.width > 0
        assert common.height > 0
    elif one.width and one.height and other.width and other.height:
        assert (
            one.right <= other.left
            or other.right <= one.left
            or one.bottom <= other.top
            or other.bottom <= one.top
        )


@given(boxes())
def test_a_box_contains_itself_and_knows_its_sides(box: Box) -> None:
    assert box.contains(box)
    if box.width and box.height:
        assert Box.at(box.left, box.top, Raster(box.width, box.height)) == box


@pytest.mark.parametrize(("width", "height"), [(0, 1), (1, 0), (-1, 5)])
def test_a_raster_needs_pixels(width: int, height: int) -> None:
    with pytest.raises(ValueError, match="needs pixels"):
        Raster(width, height)


def test_a_box_cannot_be_inside_out() -> None:
    with pytest.raises(ValueError, match="inside out"):
        Box(2, 0, 1, 1)


def test_a_raster_is_written_as_people_write_it() -> None:
    assert f"{Raster(1080, 1920)}" == "1080x1920"
    assert Raster(1080, 1920).aspect == Fraction(9, 16)
