"""The stage and what it is divided into: in the safe area, apart from each other, at even pixels."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import assume, given, reject
from hypothesis import strategies as st

from reels.errors import CampaignProblems
from reels.geometry import PORTRAIT_1080, Box, Raster
from reels.layout import (
    Align,
    NoRoom,
    ProgressZone,
    Stage,
    SubtitleZone,
    Wanted,
    ZoneName,
    Zones,
    cover_title_room,
    find_place,
    scaled,
    stage_of,
)
from reels.timing import FrameRange

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
        raised_px=st.integers(60, 400),
        centre=st.sampled_from(["safe", "frame"]),
    ),
    title=st.sampled_from(["top", "middle"]),
    logo=st.sampled_from(["top-left", "top-right"]),
    logo_width_px=st.integers(60, 600),
    progress=st.sampled_from(["top", "foot"]),
    progress_px=st.one_of(st.just(0), st.integers(4, 40)),
)


def size_of(width: int, height: int, stage: Stage, zone: ZoneName, align: Align = "left") -> Box:
    """Where an element of that size stands when nothing else is there."""
    wanted = Wanted(zone=zone, align=align, frames=FrameRange(0, 30), measure=lambda _: Raster(width, height))
    return find_place(stage, wanted, (), ()).box


def standing(stage: Stage) -> Iterator[tuple[str, Box]]:
    """What has its place whatever the reel shows: subtitles, mark, progress."""
    yield "subtitles", stage.subtitles.box
    if stage.logo is not None:
        yield "logo", stage.logo
    if stage.progress is not None:
        yield "progress", stage.progress


def _assert_apart_and_safe(boxes: list[tuple[str, Box]], safe: Box) -> None:
    for name, box in boxes:
        assert safe.contains(box), name
        assert box.width > 0, name
        assert box.height > 0, name
    for (one, first), (other, second) in combinations(boxes, 2):
        assert first.intersection(second) is None, (one, other)


@given(rasters_with_safe_areas(), zones, st.tuples(st.fractions(0, 1), st.fractions(0, 1)), st.booleans())
def test_zones_lie_in_the_safe_area_apart_from_each_other_and_from_what_stands_there(
    where: tuple[Raster, Box], zone: Zones, parts: tuple[Fraction, Fraction], with_logo: bool
) -> None:
    raster, safe = where
    try:
        logo = None
        if with_logo:
            room = stage_of(raster, safe, zone).logo_room
            logo = Raster(1 + int((room.width - 1) * parts[0]), 1 + int((room.height - 1) * parts[1]))
        stage = stage_of(raster, safe, zone, logo=logo)
    except CampaignProblems:
        reject()
    rows = [("top", stage.top), ("low", stage.low)]
    if stage.foot is not None:
        rows.append(("foot", stage.foot))
    _assert_apart_and_safe([*standing(stage), *rows], safe)
    assert stage.logo is None or stage.head.contains(stage.logo)
    assert stage.area.contains(stage.head)
    assert stage.progress is None or stage.head.intersection(stage.progress) is None
    assert stage.whole.intersection(stage.subtitles.box) is None
    for _, box in (*rows, ("head", stage.head), *standing(stage)):
        assert box.top % 2 == 0 or box is stage.subtitles.box
        assert box.left % 2 == 0 or box is stage.subtitles.box


@given(rasters_with_safe_areas(), zones)
def test_the_largest_elements_that_the_zones_allow_still_stand_apart(
    where: tuple[Raster, Box], zone: Zones
) -> None:
    raster, safe = where
    try:
        logo = stage_of(raster, safe, zone).logo_room
        stage = stage_of(raster, safe, zone, logo=logo)
    except CampaignProblems:
        reject()
    assert stage.logo is not None
    assert (stage.logo.width, stage.logo.height) == (logo.width, logo.height)
    tall: tuple[tuple[ZoneName, Box], ...] = (("top", stage.top), ("low", stage.low))
    largest = [(name, size_of(box.width, box.height, stage, name)) for name, box in tall]
    assert [box for _, box in largest] == [stage.top, stage.low]
    _assert_apart_and_safe([*standing(stage), *largest], safe)


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
        stage = stage_of(raster, safe, zone, keep_clear=clear)
    except CampaignProblems:
        reject()
    low, area = stage.low, stage.subtitles
    _assert_apart_and_safe([*standing(stage), ("low", low)], safe)
    for box in clear:
        assert area.box.intersection(box) is None
        assert low.intersection(box) is None
        assert stage.foot is None or stage.foot.intersection(box) is None
    assert area.max_text_width_px > 0
    foot = raster.height - area.bottom_margin_px
    assert area.box.top < foot <= area.box.bottom
    if second_lines:
        assert foot <= area.second_top_px < area.box.bottom


def test_a_logo_larger_than_its_room_is_named_with_both_sizes() -> None:
    room = stage_of(PORTRAIT_1080, ORGANIC, ZONES).logo_room
    assert (room.width, room.height) == (230, 160)
    for wrong in (Raster(room.width + 2, 10), Raster(10, room.height + 1)):
        with pytest.raises(CampaignProblems) as caught:
            stage_of(PORTRAIT_1080, ORGANIC, ZONES, logo=wrong)
        (problem,) = caught.value.problems
        assert problem.where == "logo at 1080x1920"
        assert str(wrong) in problem.found
        assert str(room) in problem.expected


def test_an_element_larger_than_everything_is_told_with_the_size_it_would_need() -> None:
    stage = stage_of(PORTRAIT_1080, ORGANIC, ZONES)
    with pytest.raises(NoRoom) as caught:
        size_of(stage.area.width + 2, 100, stage, "low")
    assert caught.value.size == Raster(stage.area.width + 2, 100)


def test_subtitle_margins_describe_the_same_place_as_the_box() -> None:
    area = stage_of(PORTRAIT_1080, ORGANIC, ZONES).subtitles
    assert area.left_margin_px == area.box.left + 6
    assert 1080 - area.right_margin_px == area.box.right - 6
    assert 1920 - area.bottom_margin_px == area.box.bottom - 6
    assert area.max_text_width_px == area.box.width - 12
    assert area.box.bottom == 1700 - 120
    assert area.box.height == 2 * 84 + 12  # two lines of 64 px at 1.3, and the outline


def test_subtitles_are_centred_on_the_safe_area_or_on_the_frame_as_the_template_says() -> None:
    on_safe = stage_of(PORTRAIT_1080, ORGANIC, ZONES).subtitles.box
    assert (on_safe.left, on_safe.right) == (56, 910)
    framed = Zones(subtitles=SubtitleZone(size_px=64, raised_px=120, centre="frame"))
    on_frame = stage_of(PORTRAIT_1080, ORGANIC, framed).subtitles.box
    assert on_frame.left + on_frame.right == 1080
    assert on_frame.right == 910


def test_a_title_in_the_middle_stands_lower_than_one_at_the_top() -> None:
    stage = stage_of(PORTRAIT_1080, ORGANIC, ZONES)
    top, middle = size_of(600, 200, stage, "top"), size_of(600, 200, stage, "middle")
    assert top.top == 190
    assert middle.top > top.bottom


def test_a_lower_third_stands_on_the_foot_of_its_zone_and_a_strip_below_the_subtitles() -> None:
    stage = stage_of(PORTRAIT_1080, ORGANIC, ZONES)
    third, strip = size_of(600, 200, stage, "low"), size_of(600, 40, stage, "foot", "centre")
    assert (third.left, third.bottom) == (56, stage.low.bottom)
    assert third.bottom == stage.subtitles.box.top - 36
    assert strip.top > stage.subtitles.box.bottom
    assert strip.bottom < 1700
    assert strip.left + strip.right == 1080, "in the middle of the picture, as the subtitles are"


def test_the_title_gives_way_to_a_logo() -> None:
    stage = stage_of(PORTRAIT_1080, ORGANIC, ZONES, logo=Raster(230, 80))
    assert stage.logo == Box(56, 190, 286, 270)
    assert size_of(600, 200, stage, "top").top == 190 + 80 + 36
    right = stage_of(PORTRAIT_1080, ORGANIC, replace(ZONES, logo="top-right"), logo=Raster(230, 80))
    assert right.logo == Box(680, 190, 910, 270)


@pytest.mark.parametrize("zone", ["top", "foot"])
def test_a_bar_of_progress_takes_the_whole_width_and_nothing_else_stands_on_it(zone: ProgressZone) -> None:
    zones = replace(ZONES, progress=zone, progress_px=10)
    stage = stage_of(PORTRAIT_1080, ORGANIC, zones, logo=Raster(230, 80))
    assert stage.progress is not None
    assert (stage.progress.left, stage.progress.right, stage.progress.height) == (56, 910, 10)
    assert (stage.progress.top == 190) == (zone == "top")
    assert (stage.progress.bottom == 1700) == (zone == "foot")
    for box in (stage.head, stage.top, stage.low, stage.foot, stage.subtitles.box, stage.logo):
        assert box is not None
        assert stage.progress.intersection(box) is None


@given(rasters_with_safe_areas(), zones, st.integers(0, 2000), st.integers(0, 2000))
def test_the_words_of_a_card_stand_below_what_is_at_the_head_and_beside_rails(
    where: tuple[Raster, Box], zone: Zones, taken: int, rail: int
) -> None:
    raster, safe = where
    side = Box(raster.width - raster.width // 5, raster.height * rail // 2000, raster.width, raster.height)
    try:
        stage = stage_of(raster, safe, zone, keep_clear=[side])
    except CampaignProblems:
        reject()
    assume(side in stage.rails)
    head = Box(stage.area.left, stage.area.top, stage.area.right, stage.area.top + stage.area.height // 8)
    box = stage.card_below([head] if taken % 2 else [])
    assert stage.area.contains(box)
    assert box.width > 0
    assert box.height > 0
    assert not taken % 2 or box.top >= head.bottom
    assert stage.progress is None or box.intersection(stage.progress) is None
    assert box.intersection(side) is None


def test_a_safe_area_without_room_is_refused_and_one_outside_the_frame_is_a_mistake() -> None:
    with pytest.raises(CampaignProblems, match="room for"):
        stage_of(PORTRAIT_1080, Box(55, 1400, 910, 1700), ZONES)
    with pytest.raises(ValueError, match="not inside"):
        stage_of(PORTRAIT_1080, Box(55, 190, 1081, 1700), ZONES)


def test_sizes_follow_the_height_of_the_raster() -> None:
    assert [scaled(96, Raster(1080, 1920)), scaled(96, Raster(720, 1280)), scaled(96, Raster(2, 2))] == [
        96,
        64,
        1,
    ]
    assert scaled(0, PORTRAIT_1080) == 0
    whole = stage_of(PORTRAIT_1080, ORGANIC, ZONES)
    half = stage_of(Raster(540, 960), Box(28, 95, 455, 850), ZONES)
    assert abs(half.subtitles.box.height * 2 - whole.subtitles.box.height) <= 4
    assert abs(half.low.height * 2 - whole.low.height) <= 8


@given(st.integers(90, 1080), st.integers(90, 1920))
def test_a_covers_title_stays_inside_the_square_that_grids_show(half_width: int, half_height: int) -> None:
    raster = Raster(2 * half_width, 2 * half_height)
    side = min(raster.width, raster.height)
    square = Box.at((raster.width - side) // 2, (raster.height - side) // 2, Raster(side, side))
    room = cover_title_room(raster)
    assert square.contains(room)
    assert room.width > side * 4 // 5
