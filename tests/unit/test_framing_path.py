"""The path of the crop: whole numbers, the same from any chunk, hard cuts at shots, inside the picture."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reels.fingerprint import digest
from reels.framing import SUBPIXELS, CropPath, Glide, KeyedPlace, keyed_path, largest_window
from reels.geometry import Raster
from reels.timing import TimeRange

WIDE = Raster(1920, 1080)
UPRIGHT = Fraction(9, 16)
WINDOW = largest_window(WIDE, UPRIGHT)
ROOM = SUBPIXELS * WIDE.width - WINDOW[0]
STEP = Fraction(1, 4)


def glide(start: int, lefts: tuple[int, ...]) -> Glide:
    """As many whole pieces as the control points reach over, from second `start`."""
    end = start + (len(lefts) - 3) * STEP if len(lefts) > 1 else Fraction(start + 1)
    span = TimeRange(Fraction(start), Fraction(end))
    return Glide(range_in_source=span, origin=span.start, step=STEP, lefts=lefts, tops=(0,))


def path_of(*glides: Glide) -> CropPath:
    return CropPath(raster_in_source=WIDE, width=WINDOW[0], height=WINDOW[1], glides=glides)


places = st.integers(min_value=0, max_value=ROOM)
paths = st.builds(
    lambda first, second: path_of(glide(0, tuple(first)), glide(5, tuple(second))),
    st.lists(places, min_size=23, max_size=23),
    st.lists(places, min_size=23, max_size=23),
)
moments = st.fractions(min_value=0, max_value=10, max_denominator=1001)


def test_the_window_is_the_largest_of_its_shape() -> None:
    assert WINDOW == (9720, 17280)
    assert largest_window(Raster(1080, 2400), UPRIGHT) == (17280, 30720)
    assert largest_window(Raster(1080, 1920), UPRIGHT) == (17280, 30720)


@given(paths, moments)
def test_a_place_lies_between_its_control_points(path: CropPath, at: Fraction) -> None:
    shot = path.glides[0] if at < 5 else path.glides[1]
    left, top = path.place(at)
    assert min(shot.lefts) <= left <= max(shot.lefts)
    assert top == 0


@given(paths, moments, moments, st.integers(min_value=0, max_value=100))
def test_a_part_of_the_path_gives_the_same_places(
    path: CropPath, a: Fraction, b: Fraction, share: int
) -> None:
    start, end = min(a, b), max(a, b)
    at = start + (end - start) * Fraction(share, 101)
    assert path.within(TimeRange(start, end)).place(at) == path.place(at)


@given(paths, st.integers(min_value=0, max_value=22), places)
def test_a_chunk_knows_nothing_of_what_does_not_show_in_it(path: CropPath, number: int, other: int) -> None:
    lefts = list(path.glides[0].lefts)
    lefts[number] = other
    changed = replace(path, glides=(replace(path.glides[0], lefts=tuple(lefts)), path.glides[1]))
    chunk = TimeRange(Fraction(2), Fraction(3))
    same = digest(path.within(chunk)) == digest(changed.within(chunk))
    # Pieces 8 to 11 show in seconds 2 to 3, and see control points 8 to 14.
    assert same == (path == changed or not 8 <= number <= 14)


@given(paths)
def test_frames_are_placed_alike_in_any_grid_of_chunks(path: CropPath) -> None:
    rate, tolerance = Fraction(30000, 1001), Fraction(1137, 1_000_000)
    whole = path.places(Fraction(4), rate, 60, tolerance=tolerance)
    parts: list[tuple[int, int]] = []
    for first, frames in ((0, 7), (7, 40), (47, 13)):
        start = 4 + first / rate
        shown = TimeRange(start, start + frames / rate + tolerance)
        parts += path.within(shown).places(start, rate, frames, tolerance=tolerance)
    assert tuple(parts) == whole


def test_the_new_place_comes_with_the_first_frame_of_the_new_shot() -> None:
    path = path_of(glide(0, (160,)), glide(1, (1600,)))
    # The frame before the cut, the cut, and a cut whose timestamp was rounded up by a microsecond.
    assert path.place(Fraction(29, 30)) == (160, 0)
    assert path.place(Fraction(1)) == (1600, 0)
    late = path_of(
        glide(0, (160,)),
        replace(glide(1, (1600,)), range_in_source=TimeRange(Fraction(1_000_001, 1_000_000), Fraction(2))),
    )
    shown = late.places(Fraction(0), Fraction(30), 32, tolerance=Fraction(1137, 1_000_000))
    assert [left for left, _ in shown] == [160] * 30 + [1600] * 2


def test_a_glide_has_no_jerk_but_a_bounded_one() -> None:
    path = path_of(glide(0, (0, 0, 0, 0, 4000, 8000, 8000, 8000, 8000, 8000, 8000)))
    lefts = [path.place(Fraction(n, 120))[0] for n in range(240)]
    speeds = [b - a for a, b in pairwise(lefts)]
    assert max(speeds) <= 4000 / (STEP * 120) + 1
    assert max(abs(b - a) for a, b in pairwise(speeds)) <= 8
    assert lefts == sorted(lefts)


def test_outside_all_glides_the_nearest_place_holds() -> None:
    path = path_of(glide(1, (160,)), glide(3, (0, 0, 0, 160, 160, 160, 160)))
    assert path.place(Fraction(0)) == (160, 0)
    assert path.place(Fraction(5, 2)) == (160, 0)
    assert path.place(Fraction(99)) == (160, 0)
    assert path.within(TimeRange(Fraction(90), Fraction(91))).place(Fraction(90)) == (160, 0)


def test_a_window_outside_the_picture_is_refused() -> None:
    with pytest.raises(ValueError, match="leaves the picture"):
        path_of(glide(0, (ROOM + 1,)))
    with pytest.raises(ValueError, match="follow each other"):
        path_of(glide(1, (0,)), glide(0, (0,)))
    with pytest.raises(ValueError, match="do not reach"):
        replace(glide(0, (0, 0, 0, 0)), range_in_source=TimeRange(Fraction(0), Fraction(1)))


def test_a_persons_keyframes_are_met_eased_and_cut() -> None:
    keys = [
        KeyedPlace(at=Fraction(0), left=0, top=0),
        KeyedPlace(at=Fraction(2), left=8000, top=0),
        KeyedPlace(at=Fraction(2), left=1600, top=0),
        KeyedPlace(at=Fraction(3), left=1600, top=0),
        KeyedPlace(at=Fraction(4), left=10**9, top=-5),
    ]
    path = keyed_path(WIDE, UPRIGHT, keys)
    assert path.place(Fraction(0)) == (0, 0)
    assert path.place(Fraction(1))[0] == pytest.approx(4000, abs=80)
    assert path.place(Fraction(1_999, 1000))[0] == pytest.approx(8000, abs=2)
    assert path.place(Fraction(2)) == path.place(Fraction(5, 2)) == (1600, 0)
    assert path.place(Fraction(4)) == path.place(Fraction(400)) == (ROOM, 0)
    speeds = [path.place(Fraction(n + 1, 100))[0] - path.place(Fraction(n, 100))[0] for n in range(198)]
    assert speeds[0] <= 4
    assert speeds[-1] <= 4
    assert min(speeds) >= 0


def test_keyframes_out_of_order_are_refused() -> None:
    with pytest.raises(ValueError, match="order"):
        keyed_path(WIDE, UPRIGHT, [])
    with pytest.raises(ValueError, match="order"):
        keyed_path(
            WIDE,
            UPRIGHT,
            [KeyedPlace(at=Fraction(1), left=0, top=0), KeyedPlace(at=Fraction(0), left=0, top=0)],
        )


def test_a_glide_of_an_hour_is_smooth_and_made_of_few_points() -> None:
    keys = [KeyedPlace(at=Fraction(0), left=0, top=0), KeyedPlace(at=Fraction(3600), left=16000, top=0)]
    path = keyed_path(WIDE, UPRIGHT, keys)
    assert len(path.glides[0].lefts) < 200
    lefts = [path.place(Fraction(n * 4))[0] for n in range(901)]
    assert (lefts[0], lefts[450], lefts[900]) == (0, 8000, 16000)
    assert max(abs(c - 2 * b + a) for a, b, c in zip(lefts, lefts[1:], lefts[2:], strict=False)) <= 2
