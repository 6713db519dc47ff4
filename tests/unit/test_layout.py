"""Everything has its place: in the safe area, apart from each other, at even pixels."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given, reject
from hypothesis import strategies as st

from reels.errors import CampaignProblems
from reels.geometry import PORTRAIT_1080, Box, Raster
from reels.layout import (
    ElementSizes,
    Placements,
    SubtitleZone,
    Zones,
    cover_title_room,
    place,
    rooms,
    scaled,
)

ORGANIC = Box(55, 190, 910, 1700)
ZONES = Zones(subtitles=SubtitleZone(size_px=64, frame_px=6, raised_px=120), logo_width_px=230)


@st.composite
def rasters_with_safe_areas(draw: st.DrawFn) -> tuple[Raster, Box]:
    raster = Raster(2 * draw(st.integers(120, 1080)), 2 * draw(st.integers(120, 1920)))
    left = draw(st.integers(0, raster.width // 3))
    right = draw(st.integers(raster.width - raster.width // 3, raster.width))
    top = draw(st.integers(0, raster.height // 3))
    bottom = draw(st.integers(raster.height - raster.height // 3, raster.height))
    return raster, Box(left, top, right, bottom)


zones = st.builds(
    Zones,
    subtitles=st.builds(
        SubtitleZone,
        size_px=st.integers(30, 160),
        lines=st.integers(1, 3),
        line_height=st.fractions(Fraction(11, 10), Fraction(3, 2), max_denominator=100),
        frame_px=st.integers(0, 40),
        raised_px=st.integers(0, 400),
        centre=st.sampled_from(["safe", "frame"]),
    ),
    title=st.sampled_from(["top", "middle"]),
    logo=st.sampled_from(["top-left", "top-right"]),
    logo_width_px=st.integers(60, 600),
)


def _assert_apart_and_safe(placed: Placements, safe: Box) -> None:
    for name, box in placed.boxes():
        assert safe.contains(box), name
        assert box.width > 0, name
        assert box.height > 0, name
    for (one, first), (other, second) in combinations(placed.boxes(), 2):
        assert first.intersection(second) is None, (one, other)


@given(rasters_with_safe_areas(), zones, st.tuples(*[st.fractions(0, 1)] * 6), st.booleans())
def test_whatever_fits_its_room_is_placed_in_the_safe_area_and_apart(
    where: tuple[Raster, Box], zone: Zones, parts: tuple[Fraction, ...], with_logo: bool
) -> None:
    raster, safe = where

    def some_of(room: Raster, across: Fraction, down: Fraction) -> Raster:
        return Raster(1 + int((room.width - 1) * across), 1 + int((room.height - 1) * down))

    try:
        logo = some_of(rooms(raster, safe, zone).logo, parts[0], parts[1]) if with_logo else None
        room = rooms(raster, safe, zone, logo=logo)
    except CampaignProblems:
        reject()
    sizes = ElementSizes(
        title=some_of(room.title, parts[2], parts[3]),
        lower_third=some_of(room.lower_third, parts[4], parts[5]),
        logo=logo,
    )
    placed = place(raster, safe, zone, sizes)
    _assert_apart_and_safe(placed, safe)
    for box in (placed.title, placed.lower_third, placed.logo):
        if box is not None:
            assert box.left % 2 == 0
            assert box.top % 2 == 0


@given(rasters_with_safe_areas(), zones)
def test_the_largest_elements_that_a_room_allows_still_stand_apart(
    where: tuple[Raster, Box], zone: Zones
) -> None:
    raster, safe = where
    try:
        logo = rooms(raster, safe, zone).logo
        room = rooms(raster, safe, zone, logo=logo)
    except CampaignProblems:
        reject()
    sizes = ElementSizes(title=room.title, lower_third=room.lower_third, logo=logo)
    _assert_apart_and_safe(place(raster, safe, zone, sizes), safe)


@given(
    rasters_with_safe_areas(),
    zones,
    st.lists(st.tuples(*[st.integers(0, 100)] * 4), min_size=1, max_size=3),
    st.integers(0, 60),
    st.integers(0, 2),
)
def test_subtitles_with_all_their_rows_stand_in_nothing_that_must_be_kept_clear(
    where: tuple[Raster, Box],
    zone: Zones,
    parts: list[tuple[int, int, int, int]],
    name_size_px: int,
    second_lines: int,
) -> None:
    raster, safe = where
    subtitles = replace(
        zone.subtitles, name_size_px=name_size_px, second_size_px=30, second_lines=second_lines
    )
    zone = replace(zone, subtitles=subtitles)
    clear = [
        Box(
            min(a, b) * raster.width // 100,
            min(c, d) * raster.height // 100,
            max(a, b) * raster.width // 100,
            max(c, d) * raster.height // 100,
        )
        for a, b, c, d in parts
    ]
    try:
        room = rooms(raster, safe, zone, keep_clear=clear)
    except CampaignProblems:
        reject()
    sizes = ElementSizes(title=room.title, lower_third=room.lower_third)
    placed = place(raster, safe, zone, sizes, keep_clear=clear)
    _assert_apart_and_safe(placed, safe)
    assert placed.lower_third is not None
    for box in clear:
        assert placed.subtitles.box.intersection(box) is None
        assert placed.lower_third.intersection(box) is None
    area = placed.subtitles
    assert area.max_text_width_px > 0
    foot = raster.height - area.bottom_margin_px
    assert area.box.top < foot <= area.box.bottom
    if second_lines:
        assert foot <= area.second_top_px < area.box.bottom


def test_an_element_larger_than_its_room_is_named_with_both_sizes() -> None:
    room = rooms(PORTRAIT_1080, ORGANIC, ZONES)
    too_tall = Raster(room.title.width, room.title.height + 2)
    too_wide = Raster(room.lower_third.width + 2, 100)
    with pytest.raises(CampaignProblems) as caught:
        place(PORTRAIT_1080, ORGANIC, ZONES, ElementSizes(title=too_tall, lower_third=too_wide))
    first, second = caught.value.problems
    assert first.where.startswith("title")
    assert str(too_tall) in first.found
    assert str(room.title) in first.expected
    assert second.where.startswith("lower third")


def test_subtitle_margins_describe_the_same_place_as_the_box() -> None:
    area = place(PORTRAIT_1080, ORGANIC, ZONES, ElementSizes()).subtitles
    assert area.left_margin_px == area.box.left + 6
    assert 1080 - area.right_margin_px == area.box.right - 6
    assert 1920 - area.bottom_margin_px == area.box.bottom - 6
    assert area.max_text_width_px == area.box.width - 12
    assert area.box.bottom == 1700 - 120
    assert area.box.height == 2 * 84 + 12  # two lines of 64 px at 1.3, and the outline


def test_subtitles_are_centred_on_the_safe_area_or_on_the_frame_as_the_template_says() -> None:
    on_safe = place(PORTRAIT_1080, ORGANIC, ZONES, ElementSizes()).subtitles.box
    assert (on_safe.left, on_safe.right) == (56, 910)
    framed = Zones(subtitles=SubtitleZone(size_px=64, raised_px=120, centre="frame"))
    on_frame = place(PORTRAIT_1080, ORGANIC, framed, ElementSizes()).subtitles.box
    assert on_frame.left + on_frame.right == 1080
    assert on_frame.right == 910


def test_a_title_in_the_middle_stands_lower_than_one_at_the_top() -> None:
    size = ElementSizes(title=Raster(600, 200))
    top = place(PORTRAIT_1080, ORGANIC, ZONES, size).title
    middle = place(PORTRAIT_1080, ORGANIC, Zones(subtitles=ZONES.subtitles, title="middle"), size).title
    assert top is not None
    assert middle is not None
    assert top.top == 190
    assert middle.top > top.bottom


def test_the_title_gives_way_to_a_logo() -> None:
    size = ElementSizes(title=Raster(600, 200), logo=Raster(230, 80))
    placed = place(PORTRAIT_1080, ORGANIC, ZONES, size)
    assert placed.title is not None
    assert placed.logo == Box(56, 190, 286, 270)
    assert placed.title.top == 190 + 80 + 36


def test_a_safe_area_without_room_is_refused_and_one_outside_the_frame_is_a_mistake() -> None:
    with pytest.raises(CampaignProblems, match="room for"):
        rooms(PORTRAIT_1080, Box(55, 1400, 910, 1700), ZONES)
    with pytest.raises(ValueError, match="not inside"):
        rooms(PORTRAIT_1080, Box(55, 190, 1081, 1700), ZONES)


def test_sizes_follow_the_height_of_the_raster() -> None:
    assert [scaled(96, Raster(1080, 1920)), scaled(96, Raster(720, 1280)), scaled(96, Raster(2, 2))] == [
        96,
        64,
        1,
    ]
    assert scaled(0, PORTRAIT_1080) == 0
    whole = place(PORTRAIT_1080, ORGANIC, ZONES, ElementSizes()).subtitles.box
    half = place(Raster(540, 960), Box(28, 95, 455, 850), ZONES, ElementSizes()).subtitles.box
    assert abs(half.height * 2 - whole.height) <= 4


@given(st.integers(90, 1080), st.integers(90, 1920))
def test_a_covers_title_stays_inside_the_square_that_grids_show(half_width: int, half_height: int) -> None:
    raster = Raster(2 * half_width, 2 * half_height)
    side = min(raster.width, raster.height)
    square = Box.at((raster.width - side) // 2, (raster.height - side) // 2, Raster(side, side))
    room = cover_title_room(raster)
    assert square.contains(room)
    assert room.width > side * 4 // 5
