"""Shake taken out: what moves is found, the window goes with it, never too far, and the same in every chunk."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reels.framing import SUBPIXELS, CropPath, Glide, largest_window
from reels.geometry import Raster
from reels.steadying import (
    LARGEST_MOVE,
    SMALLEST_WINDOW,
    Steady,
    SteadyUnreadable,
    displacement,
    hold,
    steady_from_json,
)
from reels.timing import TimeRange

HD = Raster(1920, 1080)
PORTRAIT = Raster(1080, 1920)
UPRIGHT = Fraction(9, 16)
TOLERANCE = Fraction(1137, 1_000_000)


def frames_at(rate: Fraction, count: int) -> list[int]:
    return [round(n * 1_000_000 / rate) for n in range(count)]


def moved_by(way: np.ndarray) -> list[tuple[float, float]]:
    steps = np.diff(way, axis=0, prepend=way[:1])
    return [(float(x), float(y)) for x, y in steps]


def shaking(count: int, rate: float, size: float) -> np.ndarray:
    at = np.arange(count) / rate
    return size * np.stack([np.sin(2 * np.pi * 3 * at), np.cos(2 * np.pi * 2 * at)], axis=1)


def middle(raster: Raster) -> CropPath:
    width, height = largest_window(raster, UPRIGHT)
    still = Glide(
        range_in_source=TimeRange(Fraction(0), Fraction(99)),
        origin=Fraction(0),
        step=Fraction(1),
        lefts=((SUBPIXELS * raster.width - width) // 2,),
        tops=((SUBPIXELS * raster.height - height) // 2,),
    )
    return CropPath(raster_in_source=raster, width=width, height=height, glides=(still,))


# --- how far it has moved --------------------------------------------------------------------------------


def texture(seed: int = 0) -> np.ndarray:
    noise = np.random.default_rng(seed).normal(0, 1, (260, 440))
    spectrum = np.fft.rfft2(noise)
    across, down = np.fft.rfftfreq(440)[None, :], np.fft.fftfreq(260)[:, None]
    shaped = np.fft.irfft2(spectrum / (0.01 + np.hypot(across, down)), s=(260, 440))
    return np.asarray(128 + 40 * shaped / shaped.std(), np.float32)


def shifted(picture: np.ndarray, right: float, down: float) -> np.ndarray:
    """Moved exactly, as waves are; the middle of it."""
    across, downs = np.fft.rfftfreq(440)[None, :], np.fft.fftfreq(260)[:, None]
    turned = np.fft.rfft2(picture) * np.exp(-2j * np.pi * (across * right + downs * down))
    return np.asarray(np.fft.irfft2(turned, s=(260, 440))[22:238, 28:412], np.float32)


@pytest.mark.parametrize(
    ("right", "down"), [(0.0, 0.0), (0.3, -0.2), (1.5, 2.5), (-6.25, 3.75), (17.4, -11.6), (-28.0, 21.0)]
)
def test_a_move_is_found_to_a_small_part_of_a_pixel(right: float, down: float) -> None:
    picture = texture()
    noise = np.random.default_rng(1).normal(0, 2, (216, 384)).astype(np.float32)
    found = displacement(shifted(picture, 0, 0), shifted(picture, right, down) + noise)
    assert found == pytest.approx((right, down), abs=0.05)


def test_who_walks_through_the_picture_does_not_move_it() -> None:
    before, after = shifted(texture(), 0, 0), shifted(texture(), 1.25, -0.5)
    person = shifted(texture(7), 0, 0)[60:216, 100:190]
    before[60:216, 100:190] = person
    after[60:216, 106:196] = person
    assert displacement(before, after) == pytest.approx((1.25, -0.5), abs=0.2)


def test_a_lamp_that_is_switched_on_does_not_move_it() -> None:
    before, after = shifted(texture(), 0, 0), shifted(texture(), 0.5, 0.25) * np.float32(0.9) + 20
    after[:, :190] += 12
    assert displacement(before, after) == pytest.approx((0.5, 0.25), abs=0.2)


def test_where_there_is_nothing_to_see_nothing_moves() -> None:
    flat = np.full((216, 384), 16, np.float32)
    assert displacement(flat, flat + 3) == (0.0, 0.0)


# --- what the window does --------------------------------------------------------------------------------


def test_a_hands_shake_is_taken_out_and_a_pan_is_left_in() -> None:
    pan = np.stack([np.arange(150) * -4.0, np.arange(150) * 1.0], axis=1)
    way = shaking(150, 30, 12) + pan
    steady = hold(HD, frames_at(Fraction(30), 150), moved_by(way), [])
    left = way - np.stack([steady.rights, steady.downs], axis=1) / SUBPIXELS - pan
    assert np.abs(np.diff(left, 2, axis=0)).mean() < 0.03 * np.abs(np.diff(way, 2, axis=0)).mean()


def test_a_picture_that_is_steady_already_is_left_alone() -> None:
    drift = np.stack([np.linspace(0, 200, 150), np.zeros(150)], axis=1)
    noise = np.random.default_rng(0).normal(0, 0.05, (150, 2))
    steady = hold(HD, frames_at(Fraction(30), 150), moved_by(drift + noise), [])
    assert not steady.is_needed
    assert steady.window(middle(HD), Fraction(0), Fraction(4)).width == middle(HD).width


def test_a_shot_is_held_by_itself() -> None:
    one, two = shaking(60, 30, 9), shaking(60, 30, 9) + 400
    both = hold(HD, frames_at(Fraction(30), 120), moved_by(np.concatenate([one, two])), [60])
    alone = hold(HD, frames_at(Fraction(30), 60), moved_by(one), [])
    assert both.rights[:60] == alone.rights
    assert np.abs(np.array(both.rights[60:]) - np.array(alone.rights)).max() <= 1


@given(
    size=st.floats(0, 400),
    frames=st.integers(1, 90),
    raster=st.sampled_from([HD, PORTRAIT, Raster(720, 404), Raster(64, 48)]),
    seed=st.integers(0, 9),
)
def test_no_window_leaves_the_picture_or_gets_smaller_than_it_may(
    size: float, frames: int, raster: Raster, seed: int
) -> None:
    way = np.random.default_rng(seed).normal(0, 1, (frames, 2)) * size
    steady = hold(raster, frames_at(Fraction(30), frames), moved_by(way), [frames // 2])
    most = LARGEST_MOVE * min(raster.width, raster.height) * SUBPIXELS
    assert max(steady.most) <= most + 1
    base = middle(raster)
    # CropPath itself refuses a window that leaves the picture.
    path = steady.window(base, TOLERANCE, Fraction(frames - 1, 30) + TOLERANCE)
    assert path.width >= int(base.width * SMALLEST_WINDOW)
    assert abs(path.width * base.height - path.height * base.width) <= base.width + base.height


@given(
    first=st.integers(0, 80),
    border=st.integers(1, 60),
    rate=st.sampled_from([Fraction(24000, 1001), Fraction(25), Fraction(30), Fraction(60)]),
    filmed=st.sampled_from([Fraction(24), Fraction(30000, 1001), Fraction(60000, 1001)]),
    offset=st.fractions(0, Fraction(1, 20), max_denominator=1000),
)
def test_chunks_show_what_one_long_chunk_shows(
    first: int, border: int, rate: Fraction, filmed: Fraction, offset: Fraction
) -> None:
    way = shaking(400, float(filmed), 20)
    steady = hold(HD, frames_at(filmed, 400), moved_by(way), [])
    base, start, frames = middle(HD), first / rate + offset, border + 40

    def places(begin: Fraction, count: int) -> tuple[tuple[int, int], ...]:
        end = begin + TOLERANCE + (count - 1) / rate
        return steady.window(base, begin + TOLERANCE, end).places(begin, rate, count, tolerance=TOLERANCE)

    whole = places(start, frames)
    assert places(start, border) + places(start + border / rate, frames - border) == whole


def test_each_frame_of_footage_brings_its_own_move_however_often_it_is_shown() -> None:
    starts = [0, 40_000, 160_000, 200_000]
    steady = Steady(raster_in_source=HD, starts_us=tuple(starts), rights=(16, 32, 48, 64), downs=(0, 0, 0, 0))
    base = middle(HD)
    path = steady.window(base, TOLERANCE, Fraction(9, 40) + TOLERANCE)
    lefts = [left for left, _ in path.places(Fraction(0), Fraction(40), 10, tolerance=TOLERANCE)]
    shown = [(left - lefts[0]) // 16 for left in lefts]
    assert shown == [0, 0, 1, 1, 1, 1, 1, 2, 3, 3]


def test_a_window_that_follows_somebody_goes_on_following() -> None:
    width, height = largest_window(HD, UPRIGHT)
    glide = Glide(
        range_in_source=TimeRange(Fraction(0), Fraction(4)),
        origin=Fraction(0),
        step=Fraction(2),
        lefts=(3000, 4000, 9000, 12000, 12000),
        tops=(0,),
    )
    base = CropPath(raster_in_source=HD, width=width, height=height, glides=(glide,))
    steady = hold(HD, frames_at(Fraction(30), 120), moved_by(shaking(120, 30, 15)), [])
    held = steady.window(base, TOLERANCE, Fraction(119, 30) + TOLERANCE)
    rights = np.array(steady.rights)
    for frame, (left, _) in enumerate(held.places(Fraction(0), Fraction(30), 120, tolerance=TOLERANCE)):
        wanted = base.place(Fraction(frame, 30))[0] + (base.width - held.width) / 2 + rights[frame]
        assert abs(left - wanted) <= 4


def test_what_is_kept_is_read_back_and_nothing_else_is() -> None:
    steady = hold(PORTRAIT, frames_at(Fraction(30), 40), moved_by(shaking(40, 30, 9)), [])
    assert steady.is_needed
    assert steady_from_json(steady.json) == steady
    for torn in (
        "",
        "{}",
        steady.json.replace("steady/1", "steady/0"),
        steady.json.replace("starts_us", "at"),
    ):
        with pytest.raises(SteadyUnreadable):
            steady_from_json(torn)
