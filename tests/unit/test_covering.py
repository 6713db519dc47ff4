"""The cover's frame: candidates away from joins, scores from made pictures, and a title that leaves faces free."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageFilter

from reels.covering import (
    AROUND,
    Choice,
    Measured,
    WantedCover,
    candidate_frames,
    choose,
    free_of_title,
    measure,
    title_place,
)
from reels.edit import EditList, Span
from reels.framing import MarkedFace, load_centerface
from reels.geometry import PORTRAIT_1080, Box, Raster
from reels.timing import FrameRange, TimeRange
from tests.media.cover_pictures import SMALL, dark, noisy, person, smeared, stack

FOOT, HEAD = Box(72, 1150, 1008, 1444), Box(72, 476, 1008, 770)
PLACES = (FOOT, HEAD)


def marked(picture: Image.Image) -> tuple[MarkedFace, ...]:
    return load_centerface().find_marked(np.asarray(picture), shown_as=Raster(*picture.size))


def measured(picture: Image.Image, number: int = 0, *, clip: int = 0) -> Measured:
    """A candidate that stands still: five times the same picture."""
    return measure(stack(*[picture] * 5), 2, marked(picture), frame=number, clip=clip)


def chosen(pictures: Sequence[Image.Image], places: Sequence[Box] = ()) -> Choice:
    candidates = [measured(picture, 10 * number) for number, picture in enumerate(pictures)]
    return choose(candidates, places, small=SMALL, raster=PORTRAIT_1080)


# --- candidates ------------------------------------------------------------------------------------------


def cut_of(*lengths: int, rate: Fraction = Fraction(30)) -> EditList:
    """Spans of so many frames, each of a clip of its own."""
    spans, at = [], 0
    for clip, frames in enumerate(lengths):
        spans.append(
            Span(
                clip=clip,
                range_in_source=TimeRange(Fraction(0), frames / rate),
                range_in_programme=FrameRange(at, at + frames),
            )
        )
        at += frames
    return EditList(rate=rate, spans=tuple(spans))


RATES = st.sampled_from([Fraction(24000, 1001), Fraction(25), Fraction(30), Fraction(60)])
CUTS = st.builds(
    lambda lengths, rate: cut_of(*lengths, rate=rate),
    st.lists(st.integers(1, 200), min_size=1, max_size=12),
    RATES,
)


def distance_to_a_join(cut: EditList, frame: int) -> int:
    """Frames from `frame` to the nearest change from one span to the next; a large number without one."""
    joins = [span.range_in_programme.start for span in cut.spans[1:]]
    return min((min(abs(frame - join), abs(frame - (join - 1))) for join in joins), default=10**6)


@given(CUTS, st.integers(1, 16))
def test_candidates_are_frames_of_the_reel_in_order_and_each_but_once(cut: EditList, most: int) -> None:
    frames = candidate_frames(cut, most=most)
    assert 1 <= len(frames) <= most
    assert list(frames) == sorted(set(frames))
    assert frames[0] >= 0
    assert frames[-1] < cut.frame_count
    assert candidate_frames(cut, most=most) == frames


@given(CUTS)
def test_no_candidate_is_near_a_join_while_any_other_frame_is_there(cut: EditList) -> None:
    frames = candidate_frames(cut)
    if any(distance_to_a_join(cut, frame) > AROUND + 1 for frame in range(cut.frame_count)):
        assert min(distance_to_a_join(cut, frame) for frame in frames) > AROUND + 1


@given(CUTS)
def test_no_candidate_is_in_the_first_or_last_half_second_of_a_long_reel(cut: EditList) -> None:
    longest = max(span.range_in_programme.count for span in cut.spans)
    if longest < 2 * cut.rate:
        return
    frames = candidate_frames(cut)
    assert frames[0] / cut.rate >= Fraction(1, 2)
    assert (cut.frame_count - 1 - frames[-1]) / cut.rate >= Fraction(1, 2) - 1 / cut.rate


@given(CUTS, st.sets(st.integers(0, 11)))
def test_what_is_no_footage_has_no_candidates(cut: EditList, cards: set[int]) -> None:
    frames = candidate_frames(cut, is_footage=lambda span: span.clip not in cards)
    assert not {cut.to_source(frame)[0] for frame in frames} & cards
    assert bool(frames) == any(span.clip not in cards for span in cut.spans)


def test_candidates_are_spread_over_the_whole_reel() -> None:
    frames = candidate_frames(cut_of(1800))
    assert len(frames) == 10
    assert frames[0] < 120
    assert frames[-1] > 1660
    assert max(b - a for a, b in itertools.pairwise(frames)) < 190


# --- what a frame is worth -------------------------------------------------------------------------------


@pytest.mark.parametrize("tall", [0.0, 0.15, 0.4])
@pytest.mark.parametrize(
    "blurred",
    [
        lambda p: smeared(p, 8),
        lambda p: smeared(p.transpose(Image.Transpose.ROTATE_90), 8).transpose(Image.Transpose.ROTATE_270),
        lambda p: p.filter(ImageFilter.GaussianBlur(1.5)),
        # Grain is fine structure too, and no sharpness.
        lambda p: noisy(smeared(p, 8), 9),
    ],
    ids=["swung", "nodded", "out of focus", "swung in the dark"],
)
def test_the_sharp_frame_is_taken_whatever_it_shows(
    tall: float, blurred: Callable[[Image.Image], Image.Image]
) -> None:
    pictures = [person(tall=tall, shift=10 * n) for n in range(5)]
    pictures = [picture if number == 3 else blurred(picture) for number, picture in enumerate(pictures)]
    choice = chosen(pictures)
    assert choice.number == 3
    assert choice.sharp >= 95


def test_grain_hardly_counts_as_detail() -> None:
    plain, grainy = measured(person(tall=0.0)), measured(noisy(person(tall=0.0), 6))
    assert abs(grainy.detail - plain.detail) < plain.detail / 5


def test_a_dull_shot_is_no_worse_than_a_busy_one_of_another_clip() -> None:
    """Each is judged beside the frames of its own clip: the face of a plain room beats a busy street."""
    wall = Image.new("RGB", (SMALL.width, SMALL.height), (150, 160, 150))
    shade = Image.linear_gradient("L").resize(wall.size)
    wall = Image.blend(wall, Image.merge("RGB", [shade] * 3), 0.3)
    face = person(tall=0.25).crop((60, 90, 210, 270))
    wall.paste(face, (60, 90))
    street = [measured(person(tall=0.0, shift=20 * n), n) for n in range(3)]
    room = [measured(wall, 10, clip=1)]
    choice = choose([*street, *room], (), small=SMALL, raster=PORTRAIT_1080)
    assert choice.frame == 10


@pytest.mark.parametrize("part", [0.05, 0.12, 0.2])
def test_a_dark_frame_is_not_taken_though_it_alone_shows_a_face(part: float) -> None:
    pictures = [dark(person(tall=0.3), part), person(tall=0.0), dark(person(tall=0.3), part)]
    choice = chosen(pictures)
    assert (choice.number, choice.face) == (1, 0)


def test_black_white_and_empty_frames_are_taken_only_where_there_is_nothing_else() -> None:
    size = (SMALL.width, SMALL.height)
    empty = [Image.new("RGB", size, colour) for colour in ((0, 0, 0), (255, 255, 255), (120, 120, 120))]
    assert chosen([*empty, dark(person(tall=0.0), 0.8)]).number == 3
    assert chosen(empty).light == 0


# --- between two pictures --------------------------------------------------------------------------------


def mixed(*pictures: Image.Image) -> bool:
    return measure(stack(*pictures), len(pictures) // 2, (), frame=0, clip=0).is_mixed


@pytest.mark.parametrize("at", [1, 2, 3, 4])
def test_a_cut_anywhere_around_a_frame_is_seen(at: int) -> None:
    one, other = person(street=0), person(street=2, tall=0.0)
    assert mixed(*[one] * at, *[other] * (5 - at))


def test_a_flash_is_seen() -> None:
    one = person(tall=0.0)
    bright = one.point([min(255, 90 + value * 2) for value in range(256)] * 3)
    assert mixed(one, one, bright, one, one)


@pytest.mark.parametrize("seconds", [0.4, 1.0])
def test_a_dissolve_and_a_fade_are_seen(seconds: float) -> None:
    one, other = person(street=0), person(street=2, tall=0.0)
    black = Image.new("RGB", one.size)
    for end in (other, black):
        middle, step = 0.5, 1 / (30 * seconds)
        assert mixed(*[noisy(Image.blend(one, end, middle + n * step), 2, seed=n + 5) for n in range(-2, 3)])


@pytest.mark.parametrize("speed", [0, 1, 2, 5, 12])
def test_a_pan_is_no_dissolve(speed: int) -> None:
    moved = [noisy(person(tall=0.0, shift=4 * speed * n), 2, seed=n) for n in range(5)]
    assert not mixed(*moved)


def test_somebody_who_moves_is_no_dissolve() -> None:
    for by in (0.002, 0.01, 0.03):
        assert not mixed(*[person(x=0.4 + by * n, y=0.4 + by * n / 2) for n in range(5)])


def test_a_frame_of_a_cut_is_not_taken_though_it_is_the_best_otherwise() -> None:
    good, other = person(tall=0.3), person(tall=0.0, street=2)
    candidates = [
        measure(stack(other, other, good, good, good), 2, marked(good), frame=0, clip=0),
        measured(smeared(other, 3), 1),
    ]
    assert choose(candidates, (), small=SMALL, raster=PORTRAIT_1080).number == 1


def test_the_stiller_of_two_frames_is_taken() -> None:
    moving = [person(tall=0.3, x=0.3 + 0.02 * n) for n in range(5)]
    candidates = [
        measure(stack(*moving), 2, marked(moving[2]), frame=0, clip=0),
        measured(moving[2], 1),
    ]
    assert choose(candidates, (), small=SMALL, raster=PORTRAIT_1080).number == 1


# --- faces -----------------------------------------------------------------------------------------------


def test_a_frame_with_a_face_is_taken_before_one_without() -> None:
    assert chosen([person(tall=0.0), person(tall=0.2), person(tall=0.0, shift=60)]).number == 1


def test_a_whole_face_is_taken_before_one_that_is_cut_off_and_a_large_one_before_a_tiny_one() -> None:
    assert chosen([person(tall=0.3, x=0.02), person(tall=0.3), person(tall=0.3, x=0.98)]).number == 1
    assert chosen([person(tall=0.05), person(tall=0.2), person(tall=0.05)]).number == 1


def test_with_nobody_there_the_sharpest_bright_frame_is_taken_and_said_to_have_no_face() -> None:
    choice = chosen([smeared(person(tall=0.0), 5), dark(person(tall=0.0), 0.3), person(tall=0.0)])
    assert (choice.number, choice.face, choice.eyes, choice.faces) == (2, 0, "unknown", ())
    assert "sharp" in choice.sentence
    assert "선명" in choice.sentence.ko


BLINKS = [(tall, blur) for tall in (0.12, 0.2, 0.3, 0.45) for blur in (1, 4)]


@pytest.mark.parametrize(("tall", "blur"), BLINKS)
def test_a_blink_is_seen_and_not_taken(tall: float, blur: int) -> None:
    """All are equally smeared and grainy; the face is never twice in the same place."""

    def filmed(number: int, closed: bool) -> Image.Image:
        face = person(
            tall=tall * (1 + 0.02 * number), x=0.47 + 0.01 * number, closed=closed, shift=8 * number
        )
        return noisy(smeared(face, blur), 4, seed=number)

    pictures = [filmed(number, closed=number == 2) for number in range(6)]
    candidates = [measured(picture, number) for number, picture in enumerate(pictures)]
    alone = [
        choose(
            [replace(one, lightness=one.lightness if k == n else 0) for k, one in enumerate(candidates)],
            (),
            small=SMALL,
            raster=PORTRAIT_1080,
        )
        for n in range(6)
    ]
    assert [choice.number for choice in alone] == list(range(6))
    assert [choice.eyes for choice in alone] == ["open", "open", "closed", "open", "open", "open"]
    assert choose(candidates, (), small=SMALL, raster=PORTRAIT_1080).number != 2


def test_a_sharp_blink_is_worse_than_a_slightly_softer_open_look() -> None:
    pictures = [smeared(person(tall=0.3, shift=8 * n), 2) for n in range(5)]
    pictures[1] = person(tall=0.3, closed=True, shift=8)
    assert chosen(pictures).number != 1


def test_eyes_of_one_look_at_somebody_or_of_a_tiny_face_are_not_judged() -> None:
    assert chosen([person(tall=0.3, closed=True)]).eyes == "unknown"
    tiny = [person(tall=0.06, closed=n == 1, shift=n) for n in range(4)]
    assert chosen(tiny).eyes == "unknown"


def test_open_eyes_are_never_called_closed_whatever_light_size_grain_and_blur() -> None:
    changes: list[Callable[[Image.Image], Image.Image]] = [
        lambda p: p,
        lambda p: dark(p, 0.55),
        lambda p: noisy(p, 8),
        lambda p: smeared(p, 3),
        lambda p: p.filter(ImageFilter.GaussianBlur(0.8)),
        lambda p: p.transpose(Image.Transpose.FLIP_LEFT_RIGHT),
        lambda p: p.rotate(8, Image.Resampling.BICUBIC),
    ]
    candidates = [
        measured(change(person(tall=tall)), 10 * number + n)
        for number, change in enumerate(changes)
        for n, tall in enumerate((0.14, 0.3))
    ]
    eyes = [face.eyes for one in candidates for face in one.faces]
    assert len(eyes) == len(candidates)
    usual = sorted(e for e in eyes if e is not None)[-4]
    assert min(e for e in eyes if e is not None) > 0.62 * usual, eyes


def test_dark_glasses_on_one_of_two_people_are_not_taken_for_blinks() -> None:
    """Half of the faces have as little to show in their eyes as lids; nobody blinks half of the time."""
    pictures = [person(tall=0.3, closed=n % 2 == 0, shift=6 * n) for n in range(6)]
    assert chosen(pictures).eyes == "unknown"


# --- the title -------------------------------------------------------------------------------------------


def test_a_title_stands_at_the_foot_and_gives_way_to_a_face_there() -> None:
    assert title_place(PLACES, []) == 0
    assert title_place(PLACES, [Box(400, 500, 700, 900)]) == 0
    assert title_place(PLACES, [Box(400, 1000, 700, 1300)]) == 1
    both = Box(400, 700, 700, 1400)
    assert title_place(PLACES, [both]) == 1
    assert title_place(PLACES, [Box(400, 500, 700, 1200)]) == 0
    assert free_of_title(PLACES, Box(400, 500, 700, 900))
    assert not free_of_title(PLACES, both)
    assert free_of_title((), both)


def test_of_two_faces_the_one_that_no_title_can_miss_is_not_taken() -> None:
    low = person(tall=0.34, y=0.5)
    free = smeared(person(tall=0.2, y=0.25), 4)
    assert chosen([low, free, low]).number == 0, "without a title the sharper face is the better one"
    choice = chosen([low, free, low], PLACES)
    assert (choice.number, choice.is_free_of_title) == (1, True)


def test_faces_are_told_in_pixels_of_the_cover_with_hair_and_chin() -> None:
    (box,) = chosen([person(tall=0.3, y=0.35)]).faces
    face = Box(540 - 280, round(1920 * 0.20), 540 + 280, round(1920 * 0.50))
    assert box.top < face.top
    assert abs((box.left + box.right) / 2 - 540) < 40
    assert abs(box.bottom - face.bottom) < 130


def test_a_cover_is_a_frame_or_a_picture_and_not_both() -> None:
    with pytest.raises(ValueError, match="not both"):
        WantedCover(at="4", file=Path("a.png"))
