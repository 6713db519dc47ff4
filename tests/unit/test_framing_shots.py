"""Shot changes: cuts are found to the frame; flashes, pans, fades, dissolves and jolts are none."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import numpy.typing as npt
import pytest

from reels.framing import shots
from reels.framing.shots import shot_changes

Grey = npt.NDArray[np.float64]


def world(seed: int, width: int = 400) -> Grey:
    """A smooth random landscape, 18 lines high, of contrasts as a street has them."""
    rng = np.random.default_rng(seed)
    rough = rng.normal(0, 1, (18, width))
    kernel = np.array([1, 3, 4, 3, 1]) / 12
    smooth = np.apply_along_axis(lambda row: np.convolve(row, kernel, "same"), 1, rough)
    return 120 + 60 * smooth


def still(seed: int, frames: int, *, noise: float = 1.5, at: int = 100) -> Grey:
    rng = np.random.default_rng(seed + 1000)
    return np.repeat(world(seed)[None, :, at : at + 32], frames, 0) + rng.normal(0, noise, (frames, 18, 32))


def pan(seed: int, frames: int, speed: float) -> Grey:
    landscape = world(seed)
    return np.stack([landscape[:, round(50 + n * speed) : round(50 + n * speed) + 32] for n in range(frames)])


def changes(frames: Grey, rate: int = 25) -> tuple[int, ...]:
    stored = np.clip(frames, 0, 255).astype(np.uint8)
    return shot_changes(stored[:, None], [Fraction(n, rate) for n in range(len(stored))])


def test_each_cut_is_found_on_its_frame() -> None:
    film = np.concatenate([still(1, 30), still(2, 41), still(3, 20)])
    assert changes(film) == (30, 71)


def test_a_still_picture_has_no_cut() -> None:
    assert changes(still(1, 60, noise=8)) == ()
    assert changes(np.full((40, 18, 32), 17.0)) == ()


def test_a_pan_is_no_cut_at_any_speed() -> None:
    for speed in (0.3, 1, 2.5, 6, 12):
        assert changes(pan(4, 25, speed)) == (), speed


def test_a_whip_pan_between_two_rests_is_no_cut() -> None:
    landscape = world(5, 900)
    where = [50] * 20 + [50 + 13 * n for n in range(12)] + [206] * 20
    assert changes(np.stack([landscape[:, x : x + 32] for x in where])) == ()


def test_a_cut_within_a_pan_is_found() -> None:
    assert changes(np.concatenate([pan(4, 30, 1.5), pan(6, 30, 1.5)])) == (30,)


def test_a_flash_is_no_cut() -> None:
    for length in (1, 2, 5):
        film = still(7, 60)
        film[30 : 30 + length] = 250
        assert changes(film) == (), length


def test_something_that_jumps_before_the_camera_for_a_moment_is_no_cut() -> None:
    film = still(8, 60)
    film[30:34] = still(9, 4)
    assert changes(film) == ()


def test_a_change_of_exposure_is_no_cut() -> None:
    film = still(10, 60)
    film[30:] = film[30:] * 0.45 + 8
    assert changes(film) == ()


def test_a_slow_dissolve_and_a_fade_are_no_cuts() -> None:
    a, b = still(11, 60), still(12, 60)
    part = np.clip((np.arange(60) - 15) / 30, 0, 1)[:, None, None]
    assert changes(a * (1 - part) + b * part) == ()
    assert changes(a * np.clip(1 - part, 0.02, 1)) == ()


def test_a_cut_to_black_is_a_cut() -> None:
    assert changes(np.concatenate([still(13, 30), np.full((30, 18, 32), 16.0)])) == (30,)


def test_a_jolted_camera_is_no_cut() -> None:
    landscape = world(14)
    where = [100] * 30 + [105] * 30
    assert changes(np.stack([landscape[:, x : x + 32] for x in where])) == ()


def test_dropped_frames_in_a_pan_are_no_cut() -> None:
    landscape = world(15)
    where = [50 + 1.5 * n for n in range(30)] + [50 + 1.5 * n for n in range(34, 60)]
    assert changes(np.stack([landscape[:, round(x) : round(x) + 32] for x in where])) == ()


def test_two_cuts_within_a_third_of_a_second_are_one() -> None:
    film = np.concatenate([still(16, 30), still(17, 3), still(18, 30)])
    assert changes(film) == (30,)


def test_the_length_of_a_batch_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    film = np.concatenate([still(1, 30), pan(4, 25, 2.5), still(3, 20)])
    whole = changes(film)
    assert len(whole) == 2
    for length in (1, 7, 30, 74):
        monkeypatch.setattr(shots, "_BATCH", length)
        assert changes(film) == whole


def test_what_happens_in_one_place_and_what_only_the_light_changes_is_no_cut() -> None:
    """Somebody is gone from one frame to the next; a lamp goes on and part of the picture is blown out."""
    film = still(20, 60)
    gone, lit = film.copy(), film.copy()
    gone[30:, 4:12, 20:24] = 40
    lit[30:] = np.minimum(lit[30:] * 1.6 + 10, 255)
    assert changes(gone) == ()
    assert changes(lit) == ()


def test_a_frame_that_is_a_blend_of_both_shots_hides_no_cut() -> None:
    film = np.concatenate([still(21, 30), still(22, 30)])
    film[30] = (film[29] + film[31]) / 2
    (cut,) = changes(film)
    assert cut in (30, 31)


def test_nothing_to_compare_is_no_cut() -> None:
    assert changes(still(1, 1)) == ()
    assert shot_changes(np.zeros((0, 1, 18, 32), np.uint8), []) == ()
