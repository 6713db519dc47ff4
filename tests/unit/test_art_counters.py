"""Numbers that move: values, cells that do not jitter, a ring that empties, a bar that is full in the last frame."""

from __future__ import annotations

import time
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reels.art.colour import WHITE
from reels.art.drawing import measure, scene_of
from reels.art.elements import Element
from reels.art.scene import Run, Scene, still_scene
from reels.geometry import PORTRAIT_1080, Raster
from tests.art_samples import (
    NAVY,
    RATE,
    YELLOW,
    Pixels,
    box_of,
    countdown,
    counter,
    painted,
    pixels,
    plate,
    progress,
)

ROOM = Raster(800, 500)


def _scene(element: Element, room: Raster = ROOM) -> Scene:
    return scene_of(element, raster=PORTRAIT_1080, room=room, rate=RATE, where="t")


def _frames(element: Element, room: Raster = ROOM) -> list[Pixels]:
    return [seen for run in _scene(element, room).runs() for seen in [pixels(run.picture)] * run.frames]


# --- counter ---------------------------------------------------------------------------------------------


def test_a_counter_counts_fast_then_gently_and_stays_at_its_end() -> None:
    element = counter(end=Fraction(1000), frames=60, count_frames=40)
    runs = list(_scene(element).runs())
    assert sum(run.frames for run in runs) == 60
    assert runs[-1].frames >= 21
    assert len(runs) > 20
    frames = _frames(element)
    assert all(np.array_equal(frame, frames[-1]) for frame in frames[39:])


@pytest.mark.parametrize(
    ("start", "end", "decimals"),
    [(0, 12_500, 0), (100, 0, 0), (-5, 5, 0), (0, 98, 1), (7, 7, 0), (0, 10**9, 2)],
)
def test_only_the_number_changes_and_its_last_digit_stands_still(start: int, end: int, decimals: int) -> None:
    element = counter(start=Fraction(start), end=Fraction(end), decimals=decimals, frames=20, count_frames=15)
    frames = _frames(element)
    right = {box_of(painted(frame, YELLOW))[2] for frame in frames}
    assert len(right) == 1  # the unit after the number
    label = [box_of(painted(frame, WHITE)) for frame in frames]
    assert len(set(label)) == 1
    number = [frame[:, : box_of(painted(frames[0], YELLOW))[2]] for frame in frames]
    assert (len({part.tobytes() for part in number}) > 1) == (start != end)


def test_every_digit_has_a_cell_of_the_same_width() -> None:
    ones = counter(end=Fraction(1111), start=Fraction(1111), unit="", label="")
    eights = counter(end=Fraction(8888), start=Fraction(8888), unit="", label="")
    assert _scene(ones).size == _scene(eights).size
    gaps = box_of(painted(_frames(ones)[0], YELLOW)), box_of(painted(_frames(eights)[0], YELLOW))
    assert abs((gaps[0][0] + gaps[0][2]) - (gaps[1][0] + gaps[1][2])) <= 12


def test_thousands_are_grouped_and_decimals_kept() -> None:
    def width(value: Fraction, decimals: int = 0) -> int:
        element = counter(start=value, end=value, decimals=decimals, unit="", label="")
        return measure(element, raster=PORTRAIT_1080, room=Raster(1000, 500), where="t").width

    digit = width(Fraction(12)) - width(Fraction(1))
    assert width(Fraction(1000)) - width(Fraction(100)) > digit + 10  # a digit and a comma
    assert width(Fraction(1), 2) - width(Fraction(1)) > 2 * digit + 10  # a point and two digits


@settings(deadline=None, max_examples=12)
@given(
    st.fractions(-(10**7), 10**7),
    st.fractions(-(10**7), 10**7),
    st.integers(0, 3),
    st.integers(1, 12),
    st.integers(0, 15),
)
def test_any_count_stays_inside_its_plate_and_ends_at_its_end(
    start: Fraction, end: Fraction, decimals: int, frames: int, count_frames: int
) -> None:
    element = counter(start=start, end=end, decimals=decimals, frames=frames, count_frames=count_frames)
    made = _frames(element, Raster(900, 500))
    assert len(made) == frames
    for frame in made:
        left, _, right, bottom = box_of(painted(frame, YELLOW))
        assert left >= 10
        assert right <= frame.shape[1] - 10
        assert bottom <= frame.shape[0] - 4
    if min(frames, count_frames) <= frames:
        still = counter(start=end, end=end, decimals=decimals, frames=1, count_frames=0)
        ended = painted(_frames(still, Raster(900, 500))[0], YELLOW)
        assert abs(int(painted(made[-1], YELLOW).sum()) - int(ended.sum())) <= 0.6 * ended.sum()


# --- countdown -------------------------------------------------------------------------------------------


def test_a_countdown_shows_each_number_as_long_as_the_others() -> None:
    frames = _frames(countdown(seconds=3, frames=30))
    middle = frames[0].shape[0] // 2
    inner = [frame[middle - 60 : middle + 60, middle - 60 : middle + 60].tobytes() for frame in frames]
    assert [inner[0]] * 10 + [inner[10]] * 10 + [inner[20]] * 10 == inner
    assert len(set(inner)) == 3


def test_the_ring_is_full_at_first_and_empties_clockwise_from_the_top() -> None:
    frames = _frames(countdown(seconds=2, frames=40))
    left = [int(painted(frame, YELLOW, 30).sum()) for frame in frames]
    assert all(a > b for a, b in pairwise(left))
    assert left[20] == pytest.approx(left[0] / 2, rel=0.05)
    assert 0 < left[-1] < left[0] * 0.06
    side = frames[0].shape[0]
    half = painted(frames[20], YELLOW, 30)
    assert half[:, : side // 2 - 2].sum() > 50 * half[:, side // 2 + 2 :].sum()


def test_a_countdowns_number_stands_in_the_middle() -> None:
    for seconds in (1, 5, 10, 99):
        frame = _frames(countdown(seconds=seconds, frames=2))[0]
        left, top, right, bottom = box_of(painted(frame, WHITE))
        side = frame.shape[0]
        assert abs(left + right - side) <= 18  # of a 1, whose ink is not in its middle
        assert abs(top + bottom - side) <= 8


def test_a_countdown_longer_than_its_frames_still_ends_soon() -> None:
    assert len(_frames(countdown(seconds=50, frames=7))) == 7


# --- progress --------------------------------------------------------------------------------------------


def test_a_bar_grows_with_every_frame_and_is_full_in_the_last() -> None:
    frames = _frames(progress(frames=50), Raster(701, 40))
    assert frames[0].shape == (12, 700, 4)
    filled = [int(painted(frame, YELLOW).sum()) for frame in frames]
    assert filled == sorted(set(filled))
    assert filled[24] == pytest.approx(filled[-1] / 2, rel=0.02)
    last = frames[-1]
    assert not painted(last, WHITE).any()
    assert (np.abs(last[6, 2:-2] - np.array([*YELLOW.rgb, 255])) <= 1).all()
    ground = frames[0][6, 350]
    assert tuple(ground[:3]) == WHITE.rgb
    assert abs(ground[3] - 128) <= 1


def test_a_bars_ends_are_round_and_its_front_is_exact() -> None:
    frames = _frames(progress(frames=1000), Raster(700, 40))
    assert frames[0][0, 0, 3] < 40
    covered = [frame[6, :, 3].sum() for frame in frames]
    steps = np.diff(np.array(covered[100:900], float))
    # 0.7 of a pixel a frame: every frame a little more, none a whole pixel more than the others.
    assert steps.min() > 60
    assert steps.max() < 130


def test_a_minutes_bar_is_made_in_no_time() -> None:
    scene = _scene(progress(frames=1800), Raster(855, 40))
    start = time.process_time()
    assert sum(run.frames for run in scene.runs()) == 1800
    assert time.process_time() - start < 1


# --- scenes ----------------------------------------------------------------------------------------------


def test_a_scene_hands_out_the_picture_of_any_frame() -> None:
    scene = _scene(counter(end=Fraction(5), frames=30, count_frames=20))
    frames = _frames(counter(end=Fraction(5), frames=30, count_frames=20))
    for number in (0, 7, 29, -1):
        assert np.array_equal(pixels(scene.at(number)), frames[number])
    with pytest.raises(IndexError):
        scene.at(30)


def test_a_scene_that_lies_about_its_frames_or_size_is_a_mistake() -> None:
    still = _scene(plate()).at(0)
    size = Raster(*still.size)
    picture = np.asarray(still)
    with pytest.raises(ValueError, match="has runs of 3"):
        list(Scene(size=size, frames=4, make=lambda: [Run(picture=picture, frames=3)]).runs())
    with pytest.raises(ValueError, match="a run of"):
        list(Scene(size=Raster(2, 2), frames=3, make=lambda: [Run(picture=picture, frames=3)]).runs())
    assert len(list(still_scene(still, 9).runs())) == 1


def test_colours_of_a_counter_are_those_of_its_look() -> None:
    frame = _frames(counter())[-1]
    for colour in (WHITE, YELLOW, NAVY):
        assert painted(frame, colour).sum() > 200
