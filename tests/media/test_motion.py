"""Overlay clips through the real ffmpeg: exact frames, exact rate, straight alpha without fringes."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from reels.art.alpha import bleed, clear, paint, rounded_mask
from reels.art.colour import BLACK, WHITE, Colour
from reels.art.elements import LowerThirdElement, LowerThirdLook, Motion
from reels.art.lower_third import draw_lower_third
from reels.art.motion import render_scene
from reels.art.scene import still_scene
from reels.errors import DiskFailed
from reels.geometry import Raster
from reels.resources import fonts_dir
from reels.tools.ffmpeg import footage_argument, read_ffmpeg

NTSC = Fraction(30000, 1001)
SLIDE = Motion(direction="from-left", travel_px=40, in_frames=6, out_frames=4)
NAVY, YELLOW = Colour.parse("#0B2545"), Colour.parse("#FFB81C")


def _plate(colour: Colour, size: tuple[int, int] = (120, 48)) -> Image.Image:
    """A round-cornered plate of one colour that fills its picture: smooth edges, nothing else."""
    picture = clear(*size)
    paint(picture, rounded_mask(size, (0, 0, *size), 16), colour)
    return bleed(picture)


def _film(still: Image.Image, *, frames: int, rate: Fraction, motion: Motion, out: Path) -> None:
    """`out`: a clip in which `still` comes, rests and goes."""
    render_scene(still_scene(still, frames), rate=rate, motion=motion, out=out)


def _frames(clip: Path, size: tuple[int, int], *options: str) -> NDArray[np.uint8]:
    """Every frame of `clip` as `(frames, h, w, 4) uint8`."""
    raw = read_ffmpeg(
        [*options, "-i", footage_argument(clip), "-f", "rawvideo", "-pix_fmt", "rgba", "pipe:1"],
        doing="decoding",
    )
    return np.frombuffer(raw, np.uint8).reshape(-1, size[1], size[0], 4)


_LAYING = (
    "[0:v]scale=out_color_matrix=bt709:out_range=tv,format=yuv420p[ground];"
    "[1:v]scale=out_color_matrix=bt709:out_range=tv,format=yuva420p[clip];"
    "[ground][clip]overlay=x=20:y=10:shortest=1:format=yuv420"
)


def _laid_over(colour: Colour, clip: Path, size: tuple[int, int], *, luma: bool = False) -> NDArray[np.uint8]:
    """`clip` laid over a plain colour as reels are made (BT.709, 4:2:0).

    `(frames, h, w, 3) uint8` RGB, or with `luma` `(frames, h, w) uint8` of Y, 16-235.
    """
    width, height = size[0] + 40, size[1] + 20
    ground = f"color=c=0x{str(colour)[1:]}:s={width}x{height}:r=30000/1001,format=rgb24"
    graph = _LAYING if luma else f"{_LAYING},scale=in_color_matrix=bt709:out_range=pc,format=rgb24"
    raw = read_ffmpeg(
        [
            *("-f", "lavfi", "-i", ground, "-i", footage_argument(clip), "-filter_complex", graph),
            *("-f", "rawvideo", "-pix_fmt", "yuv420p" if luma else "rgb24", "pipe:1"),
        ],
        doing="overlaying",
    )
    if luma:
        planes = np.frombuffer(raw, np.uint8).reshape(-1, width * height * 3 // 2)
        return planes[:, : width * height].reshape(-1, height, width)
    return np.frombuffer(raw, np.uint8).reshape(-1, height, width, 3)


@pytest.mark.parametrize("rate", [Fraction(25), Fraction(30), NTSC, Fraction(60)])
def test_a_clip_has_exactly_its_frames_at_exactly_its_rate(tmp_path: Path, rate: Fraction) -> None:
    out = tmp_path / "clip.mov"
    _film(_plate(NAVY), frames=37, rate=rate, motion=SLIDE, out=out)
    with av.open(str(out)) as container:
        stream = container.streams.video[0]
        times = [Fraction(f.pts or 0) * (f.time_base or 0) for f in container.decode(stream)]
        assert stream.average_rate == rate
    assert times == [number / rate for number in range(37)]
    assert [path.name for path in tmp_path.iterdir()] == ["clip.mov"]


@pytest.mark.parametrize("frames", [1, 2, 5, 10, 11, 12])
def test_a_short_clip_still_shows_its_still_whole_once(tmp_path: Path, frames: int) -> None:
    still = _plate(NAVY)
    _film(still, frames=frames, rate=NTSC, motion=SLIDE, out=tmp_path / "clip.mov")
    made = _frames(tmp_path / "clip.mov", still.size)
    assert len(made) == frames
    assert any(np.array_equal(frame, np.asarray(still)) for frame in made)


def test_at_rest_every_frame_is_the_still_itself(tmp_path: Path) -> None:
    look = LowerThirdLook(
        name_font=fonts_dir() / "Pretendard-ExtraBold.otf",
        role_font=fonts_dir() / "Pretendard-Bold.otf",
        name_size_px=68,
        role_size_px=46,
        text=WHITE,
        ground=NAVY,
        accent=YELLOW,
    )
    element = LowerThirdElement(name="김하늘", role="주무관", look=look, motion=SLIDE, frames=40)
    still = draw_lower_third(element, raster=Raster(540, 960), room=Raster(400, 200), where="people")
    _film(still, frames=40, rate=NTSC, motion=SLIDE, out=tmp_path / "clip.mov")
    made = _frames(tmp_path / "clip.mov", still.size)
    assert all(np.array_equal(frame, np.asarray(still)) for frame in made[6:36])
    assert not any(np.array_equal(frame, np.asarray(still)) for frame in [*made[:6], *made[36:]])


@pytest.mark.parametrize("direction", ["from-left", "from-below", "none"])
def test_a_clip_comes_and_goes_steadily_and_from_its_side(tmp_path: Path, direction: str) -> None:
    motion = Motion(direction=direction, travel_px=30, in_frames=6, out_frames=4)  # type: ignore[arg-type]
    still = _plate(NAVY)
    _film(still, frames=20, rate=NTSC, motion=motion, out=tmp_path / "clip.mov")
    made = _frames(tmp_path / "clip.mov", still.size)
    seen = made[..., 3].astype(int).sum(axis=(1, 2))
    assert seen[0] > 0
    assert (np.diff(seen[:7]) > 0).all()
    assert (np.diff(seen[6:16]) == 0).all()
    assert (np.diff(seen[15:]) < 0).all()
    # At first the side that it comes from shows, the other is still empty.
    bare = {"from-left": made[0, :, -4:], "from-below": made[0, :4], "none": made[0, :0]}[direction]
    assert not bare[..., 3].any()


def test_the_same_still_makes_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one.mov", "two.mov"):
        _film(_plate(YELLOW), frames=20, rate=NTSC, motion=SLIDE, out=tmp_path / name)
    assert (tmp_path / "one.mov").read_bytes() == (tmp_path / "two.mov").read_bytes()


def test_a_chunk_that_starts_inside_a_clip_sees_the_right_frame(tmp_path: Path) -> None:
    still = _plate(NAVY)
    motion = Motion(direction="from-left", travel_px=40, in_frames=40, out_frames=4)
    _film(still, frames=70, rate=NTSC, motion=motion, out=tmp_path / "clip.mov")
    whole = _frames(tmp_path / "clip.mov", still.size)
    for start in (1, 17, 35, 66):
        seconds = str(float(start / NTSC))
        later = _frames(tmp_path / "clip.mov", still.size, "-ss", seconds)
        assert np.array_equal(later, whole[start:]), start


@pytest.mark.parametrize("colour", [WHITE, BLACK, Colour(200, 30, 40), NAVY])
def test_a_plate_on_its_own_colour_cannot_be_seen_at_any_moment(tmp_path: Path, colour: Colour) -> None:
    """Any fringe, dark or light, would show: the plate's smooth edge lies on the very same colour."""
    _film(_plate(colour), frames=16, rate=NTSC, motion=SLIDE, out=tmp_path / "clip.mov")
    laid = _laid_over(colour, tmp_path / "clip.mov", (120, 48))
    assert len(laid) == 16
    assert np.abs(laid.astype(int) - np.array(colour.rgb)).max() <= 4


@pytest.mark.parametrize("ground", [WHITE, BLACK])
def test_edges_over_white_and_black_are_what_straight_alpha_says(tmp_path: Path, ground: Colour) -> None:
    still = _plate(YELLOW)
    _film(still, frames=16, rate=NTSC, motion=SLIDE, out=tmp_path / "clip.mov")
    laid = _laid_over(ground, tmp_path / "clip.mov", still.size, luma=True)
    made = _frames(tmp_path / "clip.mov", still.size).astype(float)
    to_luma = np.array([0.2126, 0.7152, 0.0722])
    assert len(laid) == 16
    for number in range(16):
        alpha = made[number, ..., 3] / 255
        expected = np.full(laid[number].shape, np.array(ground.rgb) @ to_luma)
        expected[10:58, 20:140] = made[number, ..., :3] @ to_luma * alpha + expected[0, 0] * (1 - alpha)
        # Full size in 4:2:0, so exact at every pixel, edges included: a fringe would be tens of steps off.
        assert np.abs(laid[number] - (16 + expected * 219 / 255)).max() <= 2.5, number


def test_the_colours_of_a_brand_arrive_unchanged(tmp_path: Path) -> None:
    _film(_plate(NAVY), frames=12, rate=NTSC, motion=SLIDE, out=tmp_path / "clip.mov")
    laid = _laid_over(WHITE, tmp_path / "clip.mov", (120, 48))
    assert np.abs(laid[7, 34, 80].astype(int) - np.array(NAVY.rgb)).max() <= 3


def test_a_name_that_ffmpeg_would_misread_is_only_a_name(tmp_path: Path) -> None:
    folder = tmp_path / "-i concat:한빛 '%d' [x]"
    folder.mkdir()
    out = folder / "a:b%03d.mov"
    _film(_plate(NAVY), frames=3, rate=NTSC, motion=SLIDE, out=out)
    assert len(_frames(out, (120, 48))) == 3


def test_a_folder_that_is_not_there_is_named_and_nothing_is_left(tmp_path: Path) -> None:
    with pytest.raises(DiskFailed, match="gone"):
        _film(_plate(NAVY), frames=3, rate=NTSC, motion=SLIDE, out=tmp_path / "gone" / "clip.mov")
    assert list(tmp_path.iterdir()) == []
