"""A place for everything: whatever is wanted, taken and in the way, nothing covers what it must not cover."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import assume, given, reject
from hypothesis import strategies as st

from reels.errors import CampaignProblem, CampaignProblems
from reels.geometry import PORTRAIT_1080, Box, Raster
from reels.layout import (
    Align,
    NoRoom,
    Obstacle,
    Placed,
    Stage,
    SubtitleZone,
    Wanted,
    ZoneName,
    Zones,
    find_place,
    stage_of,
)
from reels.timing import FrameRange

ORGANIC = Box(55, 190, 910, 1700)
ZONES = Zones(subtitles=SubtitleZone(size_px=64, frame_px=6, raised_px=120), logo_width_px=230)
STAGE = stage_of(PORTRAIT_1080, ORGANIC, ZONES)
WHOLE = FrameRange(0, 300)


def refused() -> CampaignProblems:
    return CampaignProblems(problems=(CampaignProblem(where="here", found="much", expected="less"),))


@dataclass(frozen=True, slots=True, kw_only=True)
class Rigid:
    """Something of one size, such as a picture of a counter: refused where the room is smaller."""

    size: Raster

    def __call__(self, room: Raster) -> Raster:
        if self.size.width > room.width or self.size.height > room.height:
            raise refused()
        return self.size


@dataclass(frozen=True, slots=True, kw_only=True)
class Flowing:
    """Words: as wide as the room up to `widest`, and as tall as that makes them."""

    area: int
    widest: int

    def __call__(self, room: Raster) -> Raster:
        width = min(room.width, self.widest)
        height = math.ceil(self.area / width)
        if height > room.height:
            raise refused()
        return Raster(width, height)


@st.composite
def stages(draw: st.DrawFn) -> Stage:
    raster = Raster(2 * draw(st.integers(120, 1080)), 2 * draw(st.integers(160, 1920)))
    left = draw(st.integers(0, raster.width // 6))
    right = draw(st.integers(raster.width - raster.width // 6, raster.width))
    top = draw(st.integers(0, raster.height // 6))
    bottom = draw(st.integers(raster.height - raster.height // 6, raster.height))
    safe = Box(left, top, right, bottom)
    zones = Zones(
        subtitles=SubtitleZone(
            size_px=draw(st.integers(30, 90)),
            lines=draw(st.integers(1, 2)),
            raised_px=draw(st.integers(60, 300)),
            centre=draw(st.sampled_from(["safe", "frame"])),
        ),
        progress=draw(st.sampled_from(["top", "foot"])),
        progress_px=draw(st.sampled_from([0, 10, 40])),
        logo=draw(st.sampled_from(["top-left", "top-right"])),
    )
    rails = []
    if draw(st.booleans()):
        wide = draw(st.integers(1, raster.width // 4))
        begins = draw(st.integers(raster.height // 4, raster.height - 1))
        rails = [
            Box(raster.width - wide, begins, raster.width, raster.height)
            if draw(st.booleans())
            else Box(0, begins, wide, raster.height)
        ]
    try:
        return stage_of(raster, safe, zones, keep_clear=rails)
    except CampaignProblems:
        reject()


@st.composite
def boxes(draw: st.DrawFn, raster: Raster) -> Box:
    left, right = sorted((draw(st.integers(0, raster.width)), draw(st.integers(0, raster.width))))
    top, bottom = sorted((draw(st.integers(0, raster.height)), draw(st.integers(0, raster.height))))
    return Box(left, top, max(right, left + 1), max(bottom, top + 1))


@st.composite
def spans(draw: st.DrawFn) -> FrameRange:
    start = draw(st.integers(0, 280))
    return FrameRange(start, start + draw(st.integers(1, 120)))


@st.composite
def obstacles(draw: st.DrawFn, raster: Raster) -> Obstacle:
    small = draw(boxes(raster))
    shrunk = Box(
        small.left, small.top, small.left + (small.width + 2) // 3, small.top + (small.height + 2) // 3
    )
    return Obstacle(box=shrunk, frames=draw(st.none() | spans()))


@st.composite
def wishes(draw: st.DrawFn, raster: Raster) -> Wanted:
    zone: ZoneName = draw(st.sampled_from(["head", "top", "middle", "low", "foot"]))
    align: Align = draw(st.sampled_from(["left", "centre", "right"]))
    width, height = draw(st.integers(1, raster.width)), draw(st.integers(1, raster.height // 3))
    rigid = Rigid(size=Raster(width, height))
    flowing = Flowing(area=max(1, width * height // 4), widest=width)
    measure: Rigid | Flowing = rigid if draw(st.booleans()) else flowing
    return Wanted(
        zone=zone,
        align=align,
        frames=draw(spans()),
        measure=measure,
        over_faces=draw(st.booleans()),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    stage: Stage
    wishes: tuple[Wanted, ...]
    taken: tuple[Obstacle, ...]
    faces: tuple[Obstacle, ...]


@st.composite
def scenes(draw: st.DrawFn) -> Scene:
    stage = draw(stages())
    return Scene(
        stage=stage,
        wishes=tuple(draw(st.lists(wishes(stage.raster), min_size=1, max_size=5))),
        taken=tuple(draw(st.lists(obstacles(stage.raster), max_size=3))),
        faces=tuple(draw(st.lists(obstacles(stage.raster), max_size=4))),
    )


def place_all(scene: Scene) -> list[tuple[Wanted, Placed]]:
    """One after the other, as a reel does it; what finds no place is left out."""
    taken, placed = list(scene.taken), []
    for wanted in scene.wishes:
        try:
            found = find_place(scene.stage, wanted, taken, scene.faces)
        except (NoRoom, CampaignProblems):
            continue
        taken.append(Obstacle(box=found.box, frames=wanted.frames))
        placed.append((wanted, found))
    return placed


def overlap(one: FrameRange | None, other: FrameRange | None) -> bool:
    return one is None or other is None or one.intersection(other) is not None


@given(scenes())
def test_whatever_is_wanted_everything_stands_safe_even_and_apart(scene: Scene) -> None:
    stage = scene.stage
    placed = place_all(scene)
    for number, (wanted, found) in enumerate(placed):
        box = found.box
        assert stage.safe.contains(box)
        assert (box.left % 2, box.top % 2) == (0, 0)
        assert box.intersection(stage.subtitles.box) is None
        assert stage.progress is None or box.intersection(stage.progress) is None
        assert all(box.intersection(rail) is None for rail in stage.rails)
        for other in scene.taken:
            assert box.intersection(other.box) is None or not overlap(other.frames, wanted.frames)
        for later, other_found in placed[number + 1 :]:
            assert box.intersection(other_found.box) is None or not overlap(later.frames, wanted.frames)


@given(scenes())
def test_what_is_placed_has_the_size_it_takes_in_the_room_it_will_be_drawn_in(scene: Scene) -> None:
    for wanted, found in place_all(scene):
        assert wanted.measure(found.room) == Raster(found.box.width, found.box.height)


@given(scenes())
def test_a_face_is_covered_only_where_it_is_said_and_never_where_that_was_not_needed(scene: Scene) -> None:
    for wanted, found in place_all(scene):
        covered = [
            face
            for face in scene.faces
            if overlap(face.frames, wanted.frames) and face.box.intersection(found.box) is not None
        ]
        assert not covered or found.covers_face or wanted.over_faces
        assert not (wanted.over_faces and found.covers_face), "it was told to, there is nothing to say"


@given(scenes(), spans(), st.data())
def test_what_is_shown_at_another_time_stands_in_nobodys_way(
    scene: Scene, now: FrameRange, data: st.DataObject
) -> None:
    """The same place as if the others were not there at all, and so two may share one."""
    wanted = replace(scene.wishes[0], frames=now)
    later = FrameRange(now.end, now.end + 50)
    elsewhere = [
        Obstacle(box=data.draw(boxes(scene.stage.raster)), frames=later)
        for _ in range(data.draw(st.integers(1, 4)))
    ]
    try:
        alone = find_place(scene.stage, wanted, (), ())
    except (NoRoom, CampaignProblems):
        reject()
    assert find_place(scene.stage, wanted, elsewhere, elsewhere) == alone
    again = replace(wanted, frames=later)
    assert find_place(scene.stage, again, [Obstacle(box=alone.box, frames=now)], ()) == alone


@given(scenes())
def test_the_same_wishes_find_the_same_places_whatever_order_obstacles_are_told_in(scene: Scene) -> None:
    backwards = replace(scene, taken=scene.taken[::-1], faces=scene.faces[::-1])
    assert place_all(scene) == place_all(scene)
    assert place_all(scene) == place_all(backwards)


@given(stages(), st.sampled_from(["head", "top", "middle", "low"]), st.data())
def test_with_nothing_in_the_way_an_element_that_fits_its_zone_stands_in_it(
    stage: Stage, zone: ZoneName, data: st.DataObject
) -> None:
    room = stage.zone(zone)
    assert room is not None
    assume(not stage.rails)
    assume(stage.progress is None or stage.progress.top > room.bottom)
    size = Raster(data.draw(st.integers(1, room.width)), data.draw(st.integers(1, room.height)))
    align: Align = data.draw(st.sampled_from(["left", "centre", "right"]))
    wanted = Wanted(zone=zone, align=align, frames=WHOLE, measure=Rigid(size=size))
    found = find_place(stage, wanted, (), ())
    assert room.contains(found.box)
    assert not found.covers_face
    if zone in ("head", "top"):
        assert found.box.top == room.top
    if zone == "low":
        assert found.box.bottom in (room.bottom, room.bottom - 1), "on an even row"
    if align == "left":
        assert found.box.left == room.left
    if align == "right":
        assert found.box.right in (room.right, room.right - 1)


# --- examples --------------------------------------------------------------------------------------------


def at_once(zone: ZoneName, size: Raster, *, over_faces: bool = False, align: Align = "left") -> Wanted:
    return Wanted(zone=zone, align=align, frames=WHOLE, measure=Rigid(size=size), over_faces=over_faces)


def test_a_title_goes_below_a_face_at_the_head_of_the_picture() -> None:
    face = Obstacle(box=Box(56, 190, 900, 500), frames=FrameRange(10, 20))
    placed = find_place(STAGE, at_once("top", Raster(700, 200)), (), [face])
    assert (placed.box.left, placed.covers_face) == (56, False)
    assert 500 + 18 <= placed.box.top <= 500 + 20, "next to it, with air between"


def test_a_title_goes_beside_a_face_where_it_fits_there() -> None:
    face = Obstacle(box=Box(500, 190, 910, 900))
    placed = find_place(STAGE, at_once("top", Raster(400, 200)), (), [face])
    assert placed.box == Box(56, 190, 456, 390)


def test_what_reaches_down_to_a_rail_of_buttons_stands_beside_it() -> None:
    rail = Box(780, 600, 1080, 1920)
    stage = stage_of(PORTRAIT_1080, ORGANIC, ZONES, keep_clear=[rail])
    assert stage.rails == (rail,)
    tall = find_place(stage, at_once("top", Raster(500, 700), align="right"), (), ())
    assert tall.box.bottom > rail.top
    assert tall.box.right <= rail.left
    short = find_place(stage, at_once("top", Raster(500, 200), align="right"), (), ())
    assert (short.box.top, short.box.height) == (190, 200)


def test_words_are_broken_into_the_narrow_room_beside_a_face() -> None:
    stage = STAGE
    faces = [Obstacle(box=Box(500, 0, 1080, 1920))]
    wanted = Wanted(zone="top", align="left", frames=WHOLE, measure=Flowing(area=120_000, widest=700))
    placed = find_place(stage, wanted, (), faces)
    assert placed.box.right <= 500
    assert placed.room.width < 500
    assert not placed.covers_face


def test_a_face_that_fills_the_picture_is_covered_with_a_word_about_it() -> None:
    everywhere = Obstacle(box=Box(0, 0, 1080, 1920))
    placed = find_place(STAGE, at_once("top", Raster(700, 200)), (), [everywhere])
    assert placed.covers_face
    assert placed.box == find_place(STAGE, at_once("top", Raster(700, 200)), (), ()).box
    told = find_place(STAGE, at_once("top", Raster(700, 200), over_faces=True), (), [everywhere])
    assert (told.box, told.covers_face) == (placed.box, False)


def test_a_face_is_no_reason_to_cover_anything_else() -> None:
    everywhere = Obstacle(box=Box(0, 0, 1080, 1920))
    with pytest.raises(NoRoom) as caught:
        find_place(STAGE, at_once("top", Raster(700, 200)), [everywhere], [everywhere])
    assert caught.value.size == Raster(700, 200)
    assert "700x200" in str(caught.value)


def test_a_head_on_its_way_is_one_obstacle_and_nothing_slips_between_two_looks() -> None:
    """Boxes that overlap count as all that lies around them."""
    steps = [
        Obstacle(box=Box(60 + 20 * n, 190 + 60 * n, 260 + 20 * n, 390 + 60 * n), frames=FrameRange(n, n + 1))
        for n in range(12)
    ]
    placed = find_place(STAGE, at_once("top", Raster(200, 100)), (), steps)
    around = Box(60, 190, 260 + 220, 390 + 660)
    assert placed.box.intersection(around) is None


def test_an_element_that_fits_no_zone_of_its_own_goes_up_into_what_is_free() -> None:
    tall = at_once("low", Raster(400, STAGE.low.height + 100))
    placed = find_place(STAGE, tall, (), ())
    assert placed.box.bottom == STAGE.low.bottom, "as near to where it belongs as may be"
    assert placed.box.top < STAGE.low.top


def test_what_is_too_large_everywhere_complains_of_itself() -> None:
    with pytest.raises(CampaignProblems, match="here: found much, expected less"):
        find_place(STAGE, at_once("top", Raster(2000, 10)), (), ())


def test_of_three_at_once_in_one_zone_each_has_its_own_place_in_the_order_of_asking() -> None:
    taken: list[Obstacle] = []
    found = []
    for _ in range(3):
        placed = find_place(STAGE, at_once("top", Raster(800, 150)), taken, ())
        taken.append(Obstacle(box=placed.box, frames=WHOLE))
        found.append(placed.box)
    assert [box.top for box in found] == sorted(box.top for box in found)
    gaps = [below.top - above.bottom for above, below in pairwise(found)]
    assert all(18 <= gap <= 36 for gap in gaps)


def test_the_place_does_not_depend_on_the_line_height_of_anything_later() -> None:
    half = stage_of(Raster(540, 960), Box(28, 95, 455, 850), ZONES)
    whole = find_place(STAGE, at_once("low", Raster(400, 200)), (), ()).box
    small = find_place(half, at_once("low", Raster(200, 100)), (), ()).box
    assert abs(whole.left - 2 * small.left) <= 2
    assert abs(whole.bottom - 2 * small.bottom) <= 4
    assert Fraction(small.width, whole.width) == Fraction(1, 2)
