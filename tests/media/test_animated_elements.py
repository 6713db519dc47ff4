"""Every kind of element as a clip: exact frames and rate, whole at rest, coming from its side, without any fringe."""

from __future__ import annotations

import io
import time
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import get_args

import av
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from reels.art.colour import BLACK, WHITE, Colour
from reels.art.drawing import measure, scene_of
from reels.art.elements import Direction, Element, Motion, ProgressElement
from reels.art.motion import render_element, render_scene
from reels.art.scene import still_scene
from reels.errors import DiskFailed
from reels.geometry import Raster
from reels.tools.ffmpeg import footage_argument, read_ffmpeg
from tests.art_samples import (
    NAVY,
    card,
    card_look,
    counter,
    every_kind,
    item_list,
    painted,
    pixels,
    plate,
    plate_look,
    progress,
    room_for,
    title,
)

NTSC = Fraction(30000, 1001)
SMALL = Raster(270, 480)
KINDS = tuple(every_kind(Path("red.png"), Path("green.png")))


@pytest.fixture(scope="module")
def kinds(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Element]:
    folder = tmp_path_factory.mktemp("pictures")
    Image.new("RGB", (300, 200), (200, 30, 30)).save(folder / "red.png")
    Image.new("RGB", (200, 300), (30, 160, 60)).save(folder / "green.png")
    return every_kind(folder / "red.png", folder / "green.png")


def _render(element: Element, out: Path, raster: Raster = SMALL, rate: Fraction = NTSC) -> Raster:
    room = room_for(element, raster)
    render_element(element, raster=raster, room=room, rate=rate, where="t", out=out)
    return measure(element, raster=raster, room=room, where="t")


def _frames(clip: Path, size: Raster, *options: str) -> NDArray[np.uint8]:
    """Every frame of `clip` as ffmpeg decodes it, `(frames, h, w, 4) uint8`."""
    raw = read_ffmpeg(
        [*options, "-i", footage_argument(clip), "-f", "rawvideo", "-pix_fmt", "rgba", "pipe:1"],
        doing="decoding",
    )
    return np.frombuffer(raw, np.uint8).reshape(-1, size.height, size.width, 4)


def _laid_over(colour: Colour, clip: Path, size: Raster) -> NDArray[np.uint8]:
    """Y of `clip` laid over a plain colour as reels are made (BT.709, 4:2:0), `(frames, h, w) uint8`, 16-235."""
    ground = f"color=c=0x{str(colour)[1:]}:s={size.width}x{size.height}:r=30000/1001,format=rgb24"
    graph = (
        "[0:v]scale=out_color_matrix=bt709:out_range=tv,format=yuv420p[ground];"
        "[1:v]scale=out_color_matrix=bt709:out_range=tv,format=yuva420p[clip];"
        "[ground][clip]overlay=shortest=1:format=yuv420"
    )
    raw = read_ffmpeg(
        [
            *("-f", "lavfi", "-i", ground, "-i", footage_argument(clip), "-filter_complex", graph),
            *("-f", "rawvideo", "-pix_fmt", "yuv420p", "pipe:1"),
        ],
        doing="overlaying",
    )
    planes = np.frombuffer(raw, np.uint8).reshape(-1, size.width * size.height * 3 // 2)
    return planes[:, : size.width * size.height].reshape(-1, size.height, size.width)


def _over(colour: Colour, clip: Path, size: Raster) -> NDArray[np.uint8]:
    """`clip` laid over a plain colour, back in RGB: `(frames, h, w, 3) uint8`."""
    ground = f"color=c=0x{str(colour)[1:]}:s={size.width}x{size.height}:r=30000/1001,format=rgb24"
    graph = (
        "[0:v]scale=out_color_matrix=bt709:out_range=tv,format=yuv420p[ground];"
        "[1:v]scale=out_color_matrix=bt709:out_range=tv,format=yuva420p[clip];"
        "[ground][clip]overlay=shortest=1:format=yuv420,scale=in_color_matrix=bt709:out_range=pc,format=rgb24"
    )
    raw = read_ffmpeg(
        [
            *("-f", "lavfi", "-i", ground, "-i", footage_argument(clip), "-filter_complex", graph),
            *("-f", "rawvideo", "-pix_fmt", "rgb24", "pipe:1"),
        ],
        doing="overlaying",
    )
    return np.frombuffer(raw, np.uint8).reshape(-1, size.height, size.width, 3)


# --- every kind ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_first_middle_and_last_frame_show_what_the_element_says(
    kind: str, kinds: dict[str, Element], tmp_path: Path
) -> None:
    element = kinds[kind]
    size = _render(element, tmp_path / "clip.mov")
    made = _frames(tmp_path / "clip.mov", size)
    scene = scene_of(element, raster=SMALL, room=room_for(element, SMALL), rate=NTSC, where="t")
    assert len(made) == element.frames
    middle = element.frames // 2 + 2
    assert np.array_equal(made[middle], np.asarray(scene.at(middle)))
    assert np.array_equal(made[element.frames - 5], np.asarray(scene.at(element.frames - 5)))
    covered = made[..., 3].astype(int).sum(axis=(1, 2))
    if isinstance(element, ProgressElement):
        assert np.array_equal(made[-1], np.asarray(scene.at(-1)))
    else:
        assert 0 < covered[0] < 0.6 * covered[middle]
        assert 0 < covered[-1] < 0.8 * covered[middle]


@pytest.mark.parametrize("rate", [Fraction(24), Fraction(25), NTSC, Fraction(30), Fraction(60000, 1001)])
@pytest.mark.parametrize("kind", ["counter", "progress", "list"])
def test_every_frame_has_its_exact_time(
    kind: str, rate: Fraction, kinds: dict[str, Element], tmp_path: Path
) -> None:
    out = tmp_path / "clip.mov"
    element = replace(kinds[kind], frames=47)
    size = _render(element, out, rate=rate)
    with av.open(str(out)) as container:
        stream = container.streams.video[0]
        assert stream.average_rate == rate
        assert (stream.codec_context.name, stream.codec_context.pix_fmt) == ("qtrle", "argb")
        assert (stream.width, stream.height) == (size.width, size.height)
        times = [Fraction(f.pts or 0) * (f.time_base or 0) for f in container.decode(stream)]
        assert Fraction(stream.duration or 0) * (stream.time_base or 0) == 47 / rate
    assert times == [number / rate for number in range(47)]
    assert [path.name for path in tmp_path.iterdir()] == ["clip.mov"]


@pytest.mark.parametrize("kind", ["card", "list", "counter", "outlined plate", "before and after"])
def test_edges_over_white_and_black_are_what_straight_alpha_says(
    kind: str, kinds: dict[str, Element], tmp_path: Path
) -> None:
    size = _render(kinds[kind], tmp_path / "clip.mov")
    made = _frames(tmp_path / "clip.mov", size).astype(float)
    to_luma = np.array([0.2126, 0.7152, 0.0722])
    for ground in (WHITE, BLACK):
        laid = _laid_over(ground, tmp_path / "clip.mov", size)
        for number in (0, 3, len(made) // 3, len(made) // 2, len(made) - 2):
            alpha = made[number, ..., 3] / 255
            expected = made[number, ..., :3] @ to_luma * alpha + ground.red * (1 - alpha)
            assert np.abs(laid[number] - (16 + expected * 219 / 255)).max() <= 3, number


@pytest.mark.parametrize("direction", get_args(Direction))
@pytest.mark.parametrize("colour", [WHITE, BLACK, NAVY, Colour(200, 30, 40)])
def test_an_element_in_one_colour_cannot_be_seen_on_that_colour_at_any_moment(
    direction: Direction, colour: Colour, tmp_path: Path
) -> None:
    """Any fringe, dark or light, would show, while it moves, while items appear, and at rest."""
    motion = Motion(direction=direction, travel_px=15, in_frames=5, out_frames=4)
    look = card_look(text=colour, accent=colour, label_text=colour, label_ground=None)
    element = card(
        "가나",
        label="라벨",
        items=("하나", "둘"),
        foot="끝",
        look=look,
        motion=motion,
        frames=40,
        apart_frames=6,
    )
    size = _render(element, tmp_path / "clip.mov")
    laid = _over(colour, tmp_path / "clip.mov", size)
    assert len(laid) == 40
    assert np.abs(laid.astype(int) - np.array(colour.rgb)).max() <= 4


# --- movement --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("direction", get_args(Direction))
def test_an_element_comes_from_its_side_and_goes_back_to_it(direction: Direction, tmp_path: Path) -> None:
    motion = Motion(direction=direction, travel_px=30, in_frames=6, out_frames=4)
    still = Image.new("RGBA", (120, 80), (*NAVY.rgb, 255))
    render_scene(still_scene(still, 20), rate=NTSC, motion=motion, out=tmp_path / "clip.mov")
    made = _frames(tmp_path / "clip.mov", Raster(120, 80))
    covered = made[..., 3].astype(int)
    total = covered.sum(axis=(1, 2))
    assert total[0] > 0
    assert (np.diff(total[:6]) > 0).all()
    assert (np.diff(total[6:16]) == 0).all()
    assert (np.diff(total[15:]) < 0).all()
    for number in (0, 19):
        bare = {
            "from-left": covered[number, :, -4:],
            "from-right": covered[number, :, :4],
            "from-above": covered[number, -4:],
            "from-below": covered[number, :4],
            "wipe": covered[number, :, -20:],
            "none": covered[number, :0],
        }[direction]
        seen = {
            "from-left": covered[number, :, :4],
            "from-right": covered[number, :, -4:],
            "from-above": covered[number, :4],
            "from-below": covered[number, -4:],
            "wipe": covered[number, :, :4],
            "none": covered[number],
        }[direction]
        assert not bare.any()
        assert seen.all()
    assert (made[6:16] == np.asarray(still)).all()


def test_a_wipe_uncovers_at_full_strength_behind_a_soft_edge(tmp_path: Path) -> None:
    motion = Motion(direction="wipe", travel_px=30, in_frames=9, out_frames=0)
    still = Image.new("RGBA", (240, 40), (*NAVY.rgb, 255))
    render_scene(still_scene(still, 20), rate=NTSC, motion=motion, out=tmp_path / "clip.mov")
    row = _frames(tmp_path / "clip.mov", Raster(240, 40))[2, 20, :, 3].astype(int)
    assert (np.diff(row) <= 0).all()
    assert row[0] == 255
    assert row[-1] == 0
    assert 8 <= ((row > 0) & (row < 255)).sum() <= 24


def test_a_counter_goes_on_counting_while_it_comes(tmp_path: Path) -> None:
    element = counter(end=Fraction(900), frames=40, count_frames=30, unit="", label="")
    size = _render(element, tmp_path / "clip.mov", Raster(540, 960))
    made = _frames(tmp_path / "clip.mov", size)
    masks = [frame[..., :3].tobytes() for frame in made[6:29]]
    assert len(set(masks)) > 12


def test_items_of_a_list_fade_in_where_they_will_stay(tmp_path: Path) -> None:
    element = item_list("하나", "둘", "셋", apart_frames=8, frames=80)
    size = _render(element, tmp_path / "clip.mov", Raster(540, 960))
    made = _frames(tmp_path / "clip.mov", size)
    white = [int(painted(pixels(frame), WHITE, 40).sum()) for frame in made]
    assert white[7] < white[20] < white[39]
    assert len(set(white[40:76])) == 1
    assert (made[40:76] == made[40]).all()


def test_a_chunk_that_starts_inside_a_clip_sees_the_right_frame(tmp_path: Path) -> None:
    element = progress(frames=90)
    size = _render(element, tmp_path / "clip.mov")
    whole = _frames(tmp_path / "clip.mov", size)
    for start in (1, 29, 30, 31, 77):
        later = _frames(tmp_path / "clip.mov", size, "-ss", str(float(start / NTSC)))
        assert np.array_equal(later, whole[start:]), start


def test_the_same_element_makes_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one.mov", "two.mov"):
        _render(item_list("하나", "둘", apart_frames=5, frames=30), tmp_path / name)
    assert (tmp_path / "one.mov").read_bytes() == (tmp_path / "two.mov").read_bytes()


def test_a_resting_clip_is_small_and_its_frames_are_encoded_again_by_reference(tmp_path: Path) -> None:
    for frames in (60, 600):
        _render(plate(frames=frames), tmp_path / f"{frames}.mov")
    short, long = ((tmp_path / f"{frames}.mov").stat().st_size for frames in (60, 600))
    keyframes = 600 // 30
    assert long < short + keyframes * short // 4


def test_a_broken_disk_is_named_and_nothing_is_left(tmp_path: Path) -> None:
    with pytest.raises(DiskFailed, match="gone"):
        _render(title(), tmp_path / "gone" / "clip.mov")
    assert list(tmp_path.iterdir()) == []


def test_an_error_while_drawing_leaves_nothing_half_written(tmp_path: Path) -> None:
    scene = scene_of(plate(frames=10), raster=SMALL, room=Raster(200, 100), rate=NTSC, where="t")
    lying = replace(scene, frames=12)
    with pytest.raises(ValueError, match="has runs of 10"):
        render_scene(lying, rate=NTSC, motion=plate().motion, out=tmp_path / "clip.mov")
    assert list(tmp_path.iterdir()) == []


def test_a_card_over_the_whole_safe_area_costs_about_a_second_and_no_more(tmp_path: Path) -> None:
    """Measured at 0.5 s for a card at rest and 0.8 s with items that appear, on one of two shared cores."""
    raster, room = Raster(1080, 1920), Raster(855, 1510)
    element = card(
        "한빛시 비빔밥축제", label="안내", body="내일 오전 10시", look=card_look(plate=NAVY), frames=150
    )
    render_element(
        replace(element, frames=2), raster=raster, room=room, rate=NTSC, where="t", out=tmp_path / "a.mov"
    )
    start = time.process_time()
    render_element(element, raster=raster, room=room, rate=NTSC, where="t", out=tmp_path / "b.mov")
    assert time.process_time() - start < 2.5  # a raw file of its frames and another process took longer


def test_letters_of_a_plate_without_ground_have_no_colour_but_their_own(tmp_path: Path) -> None:
    size = _render(
        plate("광장", look=plate_look(ground=None, size_px=90)), tmp_path / "clip.mov", Raster(540, 960)
    )
    frame = _frames(tmp_path / "clip.mov", size)[20].astype(int)
    seen = frame[frame[..., 3] > 0][:, :3]
    # Every visible colour lies between the outline's and the letters'.
    low, high = np.minimum(NAVY.rgb, WHITE.rgb), np.maximum(NAVY.rgb, WHITE.rgb)
    assert (seen >= low - 3).all()
    assert (seen <= high).all()


def test_a_clip_can_be_read_from_memory_as_any_player_does(tmp_path: Path) -> None:
    size = _render(plate(frames=12), tmp_path / "clip.mov")
    with av.open(io.BytesIO((tmp_path / "clip.mov").read_bytes()), "r") as container:
        shapes = {
            frame.to_ndarray(format="rgba").shape for frame in container.decode(container.streams.video[0])
        }
    assert shapes == {(size.height, size.width, 4)}
