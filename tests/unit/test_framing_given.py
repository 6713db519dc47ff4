"""Boxes and keyframes that a person gave: what is shown, when it glides, when it jumps; and how they are written."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reels.campaign.load import load_campaign
from reels.errors import CampaignProblem, CampaignProblems
from reels.framing import (
    SUBPIXELS,
    CropPath,
    FramingBox,
    KeyedFraming,
    Keyframe,
    WantedFraming,
    box_in_pixels,
    path_of_box,
    path_of_keyframes,
)
from reels.geometry import Box, Raster
from reels.timing import TimeRange

WIDE = Raster(1920, 1080)
UPRIGHT = Fraction(9, 16)
part = st.fractions(0, 1, max_denominator=50)


def box(left: str, top: str, width: str, height: str) -> FramingBox:
    return FramingBox(left=Fraction(left), top=Fraction(top), width=Fraction(width), height=Fraction(height))


def keyed(*keys: tuple[str, str]) -> CropPath:
    """Keyframes of (second, x)."""
    frames = tuple(Keyframe(at=at, x=Fraction(x)) for at, x in keys)
    return path_of_keyframes(frames, tuple(Fraction(key.at) for key in frames), WIDE, UPRIGHT)


def middle(path: CropPath, at: str) -> float:
    return (path.place(Fraction(at))[0] + path.width / 2) / SUBPIXELS / WIDE.width


# --- boxes -----------------------------------------------------------------------------------------------


@given(
    part,
    part,
    st.fractions(Fraction(1, 10), 1, max_denominator=50),
    st.fractions(Fraction(1, 10), 1, max_denominator=50),
)
def test_the_whole_box_is_in_the_window_and_the_window_in_the_picture(
    left: Fraction, top: Fraction, width: Fraction, height: Fraction
) -> None:
    wanted = FramingBox(left=left * (1 - width), top=top * (1 - height), width=width, height=height)
    path = path_of_box(wanted, WIDE, UPRIGHT)
    if path is None:
        assert width * 1920 > 1080 * UPRIGHT + 1, "there is room for all that is not too wide"
        return
    x, y = path.place(Fraction(7))
    hair = 2
    too_wide = max(Fraction(0), width * 1920 - 1080 * UPRIGHT) * SUBPIXELS
    assert x <= wanted.left * 1920 * SUBPIXELS + too_wide
    assert y <= wanted.top * 1080 * SUBPIXELS
    assert x + path.width + hair + too_wide >= (wanted.left + wanted.width) * 1920 * SUBPIXELS
    assert y + path.height + hair >= (wanted.top + wanted.height) * 1080 * SUBPIXELS
    assert abs(Fraction(path.width, path.height) - UPRIGHT) < Fraction(1, 100)


def test_a_small_box_fills_the_picture_and_one_at_the_edge_stays_inside() -> None:
    path = path_of_box(box("0.9", "0.4", "0.1", "0.3"), WIDE, UPRIGHT)
    assert path is not None
    assert (path.width, path.height) == (192 * SUBPIXELS, round(192 * SUBPIXELS * 16 / 9) // 1)
    assert path.place(Fraction(0))[0] == (1920 - 192) * SUBPIXELS


def test_the_whole_of_a_picture_that_is_almost_of_the_shape_is_a_window() -> None:
    phone = Raster(608, 1080)
    path = path_of_box(box("0", "0", "1", "1"), phone, UPRIGHT)
    assert path is not None
    assert (path.width, path.height) == (9720, 17280)


def test_a_box_that_is_too_wide_is_cut_out_on_even_pixels() -> None:
    assert path_of_box(box("0", "0", "1", "0.8"), WIDE, UPRIGHT) is None
    assert box_in_pixels(box("0", "0", "1", "0.8"), Raster(1921, 1081)) == Box(0, 0, 1920, 864)
    assert box_in_pixels(box("0.999", "0", "0.001", "1"), Raster(20, 20)) == Box(18, 0, 20, 20)


# --- keyframes -------------------------------------------------------------------------------------------


def test_the_window_stands_glides_and_stands_again() -> None:
    path = keyed(("1", "0.3"), ("3", "0.7"))
    assert middle(path, "0") == middle(path, "1") == pytest.approx(0.3, abs=1e-4)
    assert middle(path, "2") == pytest.approx(0.5, abs=1e-3)
    assert middle(path, "3") == middle(path, "50") == pytest.approx(0.7, abs=1e-4)


def test_two_keyframes_of_one_time_are_a_jump() -> None:
    path = keyed(("1", "0.3"), ("2", "0.3"), ("2", "0.6"))
    assert middle(path, "1.999") == pytest.approx(0.3, abs=1e-4)
    assert middle(path, "2") == pytest.approx(0.6, abs=1e-4)


def test_a_place_beyond_the_edge_is_the_edge() -> None:
    assert keyed(("0", "0")).place(Fraction(0)) == (0, 0)
    assert keyed(("0", "1")).place(Fraction(0))[0] == SUBPIXELS * 1920 - keyed(("0", "1")).width


@given(
    st.lists(st.tuples(st.integers(0, 40), st.integers(0, 10)), min_size=1, max_size=5),
    st.integers(0, 60),
    st.integers(1, 30),
)
def test_a_chunks_share_of_the_path_is_the_path(keys: list[tuple[int, int]], start: int, tenths: int) -> None:
    """Also after the last keyframe, before the first, and where one is a jump."""
    path = keyed(
        *((str(Fraction(n, 8)), str(Fraction(x, 10))) for n, x in sorted(keys, key=lambda key: key[0]))
    )
    begin, length = Fraction(start, 10), Fraction(tenths, 10)
    share = path.within(TimeRange(begin, begin + length))
    assert all(share.place(begin + length * n / 16) == path.place(begin + length * n / 16) for n in range(16))


# --- as it is written ------------------------------------------------------------------------------------


def framings(folder: Path, clip: str, *, reel: str = "", campaign: str = "") -> WantedFraming:
    (folder / "a.mov").write_bytes(b"a")
    lines = (
        f"campaign: 한빛시\n{campaign}reels:\n  - id: one\n{reel}    clips:\n      - footage: a.mov\n{clip}"
    )
    (folder / "campaign.yaml").write_text(lines, encoding="utf-8")
    return load_campaign(folder).reels[0].clips[0].framing


def refused(folder: Path, clip: str, *, reel: str = "") -> CampaignProblem:
    with pytest.raises(CampaignProblems) as caught:
        framings(folder, clip, reel=reel)
    (problem,) = caught.value.problems
    assert "campaign.yaml:" in problem.where
    return problem


def test_a_box_and_keyframes_are_read_exactly(tmp_path: Path) -> None:
    assert framings(tmp_path, "        framing: {box: [0.1, 0, 0.3, 1]}\n") == box("0.1", "0", "0.3", "1")
    read = framings(
        tmp_path, "        framing: {keyframes: [{at: 00:02.0, x: 0.3}, {at: 1:04, x: .7, y: 0.25}]}\n"
    )
    assert read == KeyedFraming(
        keyframes=(
            Keyframe(at="00:02.0", x=Fraction(3, 10)),
            Keyframe(at="1:04", x=Fraction(7, 10), y=Fraction(1, 4)),
        )
    )


def test_without_a_word_people_are_looked_for_and_a_box_may_stand_at_each_level(tmp_path: Path) -> None:
    whole = "framing: {box: [0, 0, 1, 0.8]}\n"
    assert framings(tmp_path, "") == "auto"
    assert framings(tmp_path, "", campaign=whole) == box("0", "0", "1", "0.8")
    assert framings(tmp_path, "        framing: split\n", campaign=whole) == "split"
    assert framings(tmp_path, "", campaign=whole, reel="    framing: centre\n") == "centre"


@pytest.mark.parametrize(
    ("written", "found", "expected"),
    [
        ("[0, 0, 1]", "a list of 3", "four parts of the picture"),
        ("[100, 0, 500, 1080]", "a list of 4", "from 0 to 1"),
        ("[0.6, 0, 0.5, 1]", "[0.6, 0, 0.5, 1]", "inside the picture"),
        ("[0, 0, 0.01, 1]", "[0, 0, 0.01, 1]", "a tenth of the picture"),
        ("[.nan, 0, 1, 1]", "a list of 4", "from 0 to 1"),
        ("['1e-99999999', 0, 1, 1]", "a list of 4", "from 0 to 1"),
        ("left", "left", "four parts"),
    ],
)
def test_a_box_that_is_none_is_told(tmp_path: Path, written: str, found: str, expected: str) -> None:
    problem = refused(tmp_path, f"        framing: {{box: {written}}}\n")
    assert found in problem.found
    assert expected in problem.expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("keyframes: [{at: 3, x: 0.1}, {at: 2, x: 0.2}]", "order of their times"),
        ("keyframes: [{at: 3, x: 0.1}, {at: 90f, x: 0.2}]", "all times in seconds or all in frames"),
        ("keyframes: [{at: soon, x: 0.1}]", "a time such as"),
        ("keyframes: [{at: 3, x: 30}]", "from 0 to 1"),
        ("keyframes: []", "at least 1"),
        ("box: [0, 0, 1, 1], keyframes: [{at: 3, x: 0.3}]", "either `box` or `keyframes`"),
        ("boxes: [0, 0, 1, 1]", "box"),
    ],
)
def test_keyframes_that_are_none_are_told(tmp_path: Path, written: str, expected: str) -> None:
    problem = refused(tmp_path, f"        framing: {{{written}}}\n")
    assert expected in problem.expected
    assert "reels[0].clips[0].framing" in problem.where
    assert not problem.where.endswith(".keys"), "no such key stands there"


def test_keyframes_belong_to_a_clip(tmp_path: Path) -> None:
    problem = refused(tmp_path, "", reel="    framing: {keyframes: [{at: 3, x: 0.3}]}\n")
    assert "reels[0].framing" in problem.where
    assert "at a clip" in problem.expected


def test_a_mistyped_word_is_told_with_the_nearest(tmp_path: Path) -> None:
    problem = refused(tmp_path, "        framing: folow\n")
    assert problem.expected == "auto or follow or split or centre or fit"
    assert "follow" in problem.remedy
