"""The moving window as crops and a scale: near enough on every frame, alike in every chunk, nothing but numbers."""

from __future__ import annotations

import re
from fractions import Fraction

import ffmpeg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reels.framing import SUBPIXELS, CropPath, Glide, largest_window
from reels.geometry import Raster
from reels.graph.command import compile_graph
from reels.graph.crop import MovingCrop, crop_moving, plan_crop
from reels.timing import TimeRange

UPRIGHT, TARGET = Fraction(9, 16), Raster(1080, 1920)
RATE = Fraction(30)

SOURCES = {
    "1080p": (Raster(1920, 1080), Raster(1920, 1080)),
    "4K": (Raster(3840, 2160), Raster(3840, 2160)),
    "8K": (Raster(7680, 4320), Raster(7680, 4320)),
    "720p": (Raster(1280, 720), Raster(1280, 720)),
    "1440p": (Raster(2560, 1440), Raster(2560, 1440)),
    "HDV, wide pixels": (Raster(1440, 1080), Raster(1920, 1080)),
    "PAL": (Raster(720, 576), Raster(1024, 576)),
    "small": (Raster(640, 360), Raster(640, 360)),
    "odd": (Raster(1921, 1079), Raster(1921, 1079)),
    "square": (Raster(1080, 1080), Raster(1080, 1080)),
    "tall": (Raster(1080, 2400), Raster(1080, 2400)),
}


def crossing(
    stored: Raster, shown: Raster, frames: int = 90, *, start: int = 0
) -> tuple[CropPath, MovingCrop]:
    """From one edge to the other in 90 frames, slower at the ends."""
    width, height = largest_window(shown, UPRIGHT)
    rooms = (SUBPIXELS * shown.width - width, SUBPIXELS * shown.height - height)
    parts = [0, 0, 0, *(n * n * (24 - 2 * n) / 864 for n in range(1, 12)), 1, 1, 1]
    lefts, tops = (
        tuple(min(max(round(room * part), 0), room) for part in parts) if room >= SUBPIXELS else (0,)
        for room in rooms
    )
    glide = Glide(
        range_in_source=TimeRange(Fraction(0), Fraction(3)),
        origin=Fraction(0),
        step=Fraction(3, 14),
        lefts=lefts,
        tops=tops,
    )
    path = CropPath(raster_in_source=shown, width=width, height=height, glides=(glide,))
    return path, planned(path, stored, frames, start=start / RATE)


def planned(
    path: CropPath,
    stored: Raster,
    frames: int,
    *,
    start: Fraction = Fraction(0),
    chroma: tuple[int, int] = (2, 2),
) -> MovingCrop:
    return plan_crop(
        path,
        stored=stored,
        target=TARGET,
        start=start,
        rate=RATE,
        frames=frames,
        tolerance=Fraction(0),
        chroma=chroma,
    )


@pytest.mark.parametrize("name", SOURCES)
def test_every_frame_lies_within_a_part_of_an_output_pixel(name: str) -> None:
    stored, shown = SOURCES[name]
    path, crop = crossing(stored, shown)
    places = path.places(Fraction(0), RATE, 90)
    for axis, n, whole in ((crop.across, 0, shown.width), (crop.down, 1, shown.height)):
        scale = Fraction(axis.scaled, axis.cut) * Fraction(axis.taken_from, axis.stored)
        wanted = [Fraction(place[n], SUBPIXELS) * Fraction(axis.stored, whole) for place in places]
        off = [float((axis.begins_at(frame) - wanted[frame]) * scale) for frame in range(90)]
        assert max(map(abs, off)) < 0.15
        assert (sum(x * x for x in off) / 90) ** 0.5 < 0.1


@pytest.mark.parametrize("name", SOURCES)
def test_what_is_scaled_is_hardly_more_than_what_is_seen(name: str) -> None:
    stored, shown = SOURCES[name]
    _, crop = crossing(stored, shown)
    for axis in (crop.across, crop.down):
        assert axis.kept <= axis.scaled <= axis.kept * 1.2
        assert all(0 <= kept <= axis.scaled - axis.kept for _, kept in axis.pairs)
        assert all(-axis.padded <= cut <= axis.taken_from - axis.cut + axis.padded for cut, _ in axis.pairs)
        assert axis.padded <= 60
    # Both ways alike, to less than a pixel over the whole picture.
    skew = (crop.across.scale * Fraction(crop.across.taken_from, shown.width)) / (
        crop.down.scale * Fraction(crop.down.taken_from, shown.height)
    )
    assert abs(skew - 1) < 0.0025


@settings(max_examples=30, deadline=None)
@given(
    st.sampled_from(sorted(SOURCES)),
    st.integers(min_value=0, max_value=60),
    st.integers(min_value=1, max_value=30),
)
def test_a_chunk_shows_each_frame_as_the_whole_does(name: str, first: int, frames: int) -> None:
    stored, shown = SOURCES[name]
    _, whole = crossing(stored, shown)
    _, part = crossing(stored, shown, frames, start=first)
    assert part.across.pairs == whole.across.pairs[first : first + frames]
    assert part.down.pairs == whole.down.pairs[first : first + frames]
    assert (part.across.cut, part.across.scaled) == (whole.across.cut, whole.across.scaled)


def test_colour_samples_are_not_split() -> None:
    path, _ = crossing(*SOURCES["PAL"])
    crop = planned(path, Raster(720, 576), 90, chroma=(4, 1))
    assert {cut % 4 for cut, _ in crop.across.pairs} == {0}
    assert {kept % 2 for _, kept in crop.across.pairs} == {0}
    assert crop.across.padded % 4 == 0


def test_the_command_files_hold_times_in_order_and_our_own_numbers() -> None:
    _, crop = crossing(*SOURCES["1080p"])
    files = crop.command_files("p0")
    assert sorted(files) == ["p0-cut.txt", "p0-kept.txt"]
    for file, text in files.items():
        target = "crop@p0" + file.removeprefix("p0-").removesuffix(".txt")
        lines = text.splitlines()
        assert lines
        assert all(re.fullmatch(rf"\d+\.\d{{6}} {target} x \d+;", line) for line in lines)
        times = [float(line.split()[0]) for line in lines]
        assert times == sorted(set(times))
        # Half a frame early: neither clock nor rounding can bring it a frame late.
        assert all((time * 30) % 1 == pytest.approx(0.5, abs=0.001) for time in times)


def test_only_a_window_that_moves_near_an_edge_is_padded() -> None:
    path, crop = crossing(*SOURCES["1080p"])
    assert crop.across.padded > 0
    inside = planned(path, Raster(1920, 1080), 20, start=Fraction(1))
    assert inside.across.padded == 0
    for at in (Fraction(-9), Fraction(9)):
        still = planned(path, Raster(1920, 1080), 9, start=at)
        assert still.across.padded == 0
        assert abs(still.across.begins_at(0) - Fraction(path.place(at)[0], SUBPIXELS)) < Fraction(1, 10)


def test_a_window_that_stands_needs_no_commands() -> None:
    path, _ = crossing(*SOURCES["1080p"])
    still = CropPath(
        raster_in_source=path.raster_in_source,
        width=path.width,
        height=path.height,
        glides=(
            Glide(
                range_in_source=TimeRange(Fraction(0), Fraction(1)),
                origin=Fraction(0),
                step=Fraction(1),
                lefts=(5000,),
                tops=(0,),
            ),
        ),
    )
    crop = planned(still, Raster(1920, 1080), 30)
    assert crop.command_files("p0") == {}
    drawn = crop_moving(ffmpeg.input("a.mp4").video, crop, name="p0", scaled=lambda s, r: s)
    assert "sendcmd" not in compile_graph(drawn, output="b.mp4", options={}).graph


def test_a_name_that_is_not_neutral_is_refused() -> None:
    _, crop = crossing(*SOURCES["1080p"])
    for name in ("", "a b", "x;movie=", "가", "a'"):
        with pytest.raises(ValueError, match="neutral"):
            crop.command_files(name)
        with pytest.raises(ValueError, match="neutral"):
            crop_moving(ffmpeg.input("a.mp4").video, crop, name=name, scaled=lambda s, r: s)
