"""Picture files of unknown origin: opened with care, shown whole and upright, framed, compared; grounds behind cards."""

from __future__ import annotations

import struct
import zlib
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from reels.art.colour import WHITE, Colour
from reels.art.drawing import measure, scene_of
from reels.art.elements import Element, Ground, Shade
from reels.art.grounds import draw_ground, draw_shade
from reels.art.opening import open_picture, shown_raster
from reels.errors import CampaignProblems
from reels.geometry import PORTRAIT_1080, Raster
from reels.said import Said
from tests.art_samples import (
    BLUE,
    NAVY,
    RATE,
    YELLOW,
    before_after,
    box_of,
    painted,
    picture,
    picture_look,
    pixels,
)

RED, GREEN = Colour(200, 30, 30), Colour(30, 160, 60)
ROOM = Raster(700, 600)
WHAT = Said("picture", ko="그림")


def _saved(path: Path, size: tuple[int, int], colour: Colour = RED) -> Path:
    Image.new("RGB", size, colour.rgb).save(path)
    return path


def _halves(path: Path, size: tuple[int, int]) -> Path:
    """Left half red, right half green."""
    made = Image.new("RGB", size, RED.rgb)
    made.paste(GREEN.rgb, (size[0] // 2, 0, *size))
    made.save(path)
    return path


def _still(element: Element, room: Raster = ROOM, at: int = -1) -> Image.Image:
    return scene_of(element, raster=PORTRAIT_1080, room=room, rate=RATE, where="t").at(at)


def _png(width: int, height: int, body: bytes = b"") -> bytes:
    """A PNG that claims to be of that size, whatever its body holds."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


# --- opening ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "found"),
    [
        ("text.png", b"hello", "no PNG, JPEG or WebP"),
        ("empty.jpg", b"", "no PNG, JPEG or WebP"),
        ("drawing.png", b'<svg xmlns="http://www.w3.org/2000/svg"/>', "no PNG, JPEG or WebP"),
        ("page.png", b"%!PS-Adobe-3.0\n", "no PNG, JPEG or WebP"),
        ("wide.png", _png(9000, 9000), "9000x9000 pixels"),
        ("bomb.png", _png(60000, 60000), "too many pixels"),
        ("broken.png", _png(300, 100, b"\x78\x9c\x00"), "damaged"),
    ],
)
def test_a_hostile_or_broken_picture_is_refused_in_both_languages(
    tmp_path: Path, name: str, content: bytes, found: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(CampaignProblems, match=found) as caught:
        _still(picture(path))
    assert name in caught.value.sentence("ko")
    assert "그림" in caught.value.sentence("ko")


def test_a_gif_a_folder_a_missing_file_and_a_cut_photograph_are_refused(tmp_path: Path) -> None:
    Image.new("P", (10, 10)).save(tmp_path / "moving.gif")
    whole = tmp_path / "whole.jpg"
    noise = np.random.default_rng(1).integers(0, 256, (300, 400, 3), dtype=np.uint8)
    Image.fromarray(noise).save(whole)
    (tmp_path / "cut.jpg").write_bytes(whole.read_bytes()[:9000])
    long = tmp_path / ("가" * 200 + ".png")
    for path in (tmp_path / "moving.gif", tmp_path, tmp_path / "none.png", tmp_path / "cut.jpg", long):
        with pytest.raises(CampaignProblems):
            open_picture(path, size=Raster(100, 100), what=WHAT)


def test_a_file_of_too_many_bytes_is_not_opened(tmp_path: Path) -> None:
    path = tmp_path / "large.png"
    with path.open("wb") as file:
        file.write(_png(10, 10))
        file.truncate(60_000_001)
    with pytest.raises(CampaignProblems, match="60000001 bytes"):
        shown_raster(path, what=WHAT)


def test_pictures_of_every_usual_mode_and_format_keep_their_colour(tmp_path: Path) -> None:
    grey16 = Image.fromarray(np.full((50, 100), 32896, dtype=np.uint16))
    grey = (128, 128, 128)
    cases = {
        "grey16.png": grey16,
        "palette.png": Image.new("RGB", (100, 50), grey).quantize(4),
        "grey.png": Image.new("L", (100, 50), 128),
        "grey and alpha.png": Image.new("LA", (100, 50), (128, 255)),
        "cmyk.jpg": Image.new("CMYK", (100, 50), (0, 0, 0, 127)),
        "rgb.jpg": Image.new("RGB", (100, 50), grey),
        "web.webp": Image.new("RGB", (100, 50), grey),
        "one bit.png": Image.new("1", (100, 50), 1),
    }
    for name, made in cases.items():
        made.save(tmp_path / name)
        shown = pixels(open_picture(tmp_path / name, size=Raster(64, 32), what=WHAT))
        expected = [255] * 4 if name.startswith("one") else [128, 128, 128, 255]
        assert np.abs(shown - np.array(expected)).max() <= 3, name


def test_of_an_animated_picture_the_first_one_is_shown(tmp_path: Path) -> None:
    first, second = Image.new("RGB", (40, 40), RED.rgb), Image.new("RGB", (40, 40), GREEN.rgb)
    for name in ("moving.webp", "moving.png"):
        first.save(tmp_path / name, save_all=True, append_images=[second], duration=100)
        shown = pixels(open_picture(tmp_path / name, size=Raster(20, 20), what=WHAT))
        assert np.abs(shown[..., :3] - np.array(RED.rgb)).max() <= 12, name


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("suffix", ["jpg", "webp"])
def test_a_turned_photograph_stands_upright(tmp_path: Path, orientation: int, suffix: str) -> None:
    upright = Image.new("RGB", (60, 40), WHITE.rgb)
    upright.paste(RED.rgb, (0, 0, 20, 20))  # in the left upper corner
    back = {
        1: None,
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }[orientation]
    stored = upright if back is None else upright.transpose(back)
    exif = Image.Exif()
    exif[0x0112] = orientation
    path = tmp_path / f"turned.{suffix}"
    stored.save(path, exif=exif, quality=95)
    assert shown_raster(path, what=WHAT) == Raster(60, 40)
    shown = pixels(open_picture(path, size=Raster(60, 40), what=WHAT))
    assert np.abs(shown[8, 8, :3] - np.array(RED.rgb)).max() <= 12
    assert shown[32, 52, :3].min() > 240


def test_metadata_that_cannot_be_read_turns_nothing(tmp_path: Path) -> None:
    path = tmp_path / "odd.jpg"
    Image.new("RGB", (60, 40), RED.rgb).save(path, exif=b"Exif\x00\x00MM\x00*\xff\xff\xff\xff")
    assert shown_raster(path, what=WHAT) == Raster(60, 40)
    assert open_picture(path, size=Raster(30, 20), what=WHAT).size == (30, 20)


@pytest.mark.parametrize("suffix", ["png", "jpg"])
def test_covering_shows_the_middle_undistorted(tmp_path: Path, suffix: str) -> None:
    wide = Image.new("RGB", (4000, 400), GREEN.rgb)
    wide.paste(RED.rgb, (1900, 0, 2100, 400))
    wide.save(tmp_path / f"wide.{suffix}", quality=95)
    shown = pixels(open_picture(tmp_path / f"wide.{suffix}", size=Raster(100, 100), what=WHAT, cover=True))
    reds = shown[50, :, 0] > 120
    assert np.flatnonzero(reds)[[0, -1]] == pytest.approx([25, 74], abs=1)


# --- insets ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "size", [(300, 200), (200, 300), (3000, 100), (50, 2000), (1, 1), (3, 2400), (2400, 3)]
)
@pytest.mark.parametrize("caption", ["", "축제 현장", "한옥마을 담장 앞에서 찍은 아주 긴 설명이 붙은 사진"])
def test_a_picture_keeps_its_shape_and_fills_its_room(
    tmp_path: Path, size: tuple[int, int], caption: str
) -> None:
    path = _saved(tmp_path / "p.png", size)
    element = picture(path, caption)
    still = _still(element)
    assert Raster(*still.size) == measure(element, raster=PORTRAIT_1080, room=ROOM, where="t")
    left, top, right, bottom = box_of(painted(pixels(still), RED, 30))
    wide, tall = right - left, bottom - top
    assert abs(tall - wide * size[1] / size[0]) <= 2 or abs(wide - tall * size[0] / size[1]) <= 2
    # As large as the room allows in one of its directions.
    assert still.width >= 0.93 * ROOM.width or still.height >= 0.93 * ROOM.height


def test_a_frame_is_as_thick_as_asked_and_the_caption_stands_below_in_the_middle(tmp_path: Path) -> None:
    still = pixels(
        _still(picture(_saved(tmp_path / "p.png", (300, 200)), "축제", look=picture_look(frame_px=16)))
    )
    left, top, right, bottom = box_of(painted(still, RED))
    assert (left, top) == (16, 16)
    assert still.shape[1] - right == 16
    words = box_of(painted(still, WHITE))
    assert words[1] > bottom + 12
    assert still.shape[0] - words[3] >= 12
    assert abs((words[0] + words[2]) / 2 - still.shape[1] / 2) <= 4


def test_what_is_clear_in_a_picture_shows_the_frames_ground(tmp_path: Path) -> None:
    clear = Image.new("RGBA", (300, 200), (0, 0, 0, 0))
    clear.save(tmp_path / "clear.png")
    still = pixels(_still(picture(tmp_path / "clear.png", "")))
    assert np.abs(still[100, 200] - np.array([*NAVY.rgb, 255])).max() <= 1


# --- before and after ------------------------------------------------------------------------------------


def test_the_second_picture_wipes_over_the_first_after_half_of_the_time(tmp_path: Path) -> None:
    before, after = _saved(tmp_path / "a.png", (300, 200)), _saved(tmp_path / "b.png", (200, 300), GREEN)
    element = before_after(before, after, frames=41, wipe_frames=12)
    scene = scene_of(element, raster=PORTRAIT_1080, room=ROOM, rate=RATE, where="t")
    green = [int(painted(pixels(scene.at(n)), GREEN).sum()) for n in (0, 19, 20, 22, 26, 31, 32, 40)]
    assert green[:2] == [0, 0]
    assert green[2:] == sorted(green[2:])
    assert green[2] < green[4] < green[-1]
    assert green[-2] == green[-1]
    half = pixels(scene.at(26))
    line = painted(half, YELLOW)
    left, top, right, bottom = box_of(line)
    assert 4 <= right - left <= 8
    assert bottom - top >= half.shape[0] - 2 * 10 - 2
    assert not painted(half, RED)[:, :left].any()
    assert not painted(half, GREEN)[:, right:].any()
    assert not painted(pixels(scene.at(-1)), YELLOW).any()
    assert not painted(pixels(scene.at(-1)), RED).any()


def test_each_picture_carries_its_own_label_and_an_empty_one_is_left_out(tmp_path: Path) -> None:
    before, after = _saved(tmp_path / "a.png", (300, 200)), _saved(tmp_path / "b.png", (300, 200), GREEN)
    both = before_after(before, after)
    bare = before_after(before, after, before_label="", after_label="")
    for at in (0, -1):
        labelled = pixels(_still(both, at=at))
        left, top, right, bottom = box_of(painted(labelled, WHITE))
        assert left > 30
        assert top > 30
        assert right < 200
        assert bottom < 140
        assert not painted(pixels(_still(bare, at=at)), WHITE).any()
    assert not np.array_equal(pixels(_still(both, at=0)), pixels(_still(both, at=-1)))


def test_the_second_picture_fills_the_first_ones_shape(tmp_path: Path) -> None:
    before = _saved(tmp_path / "a.png", (400, 200))
    after = _halves(tmp_path / "b.png", (200, 900))
    still = pixels(_still(before_after(before, after, before_label="", after_label="")))
    assert not painted(still, NAVY)[20:-20, 20:-20].any()
    reds = painted(still, RED, 20)
    assert abs(int(reds[still.shape[0] // 2].sum()) - (still.shape[1] - 20) // 2) <= 3


# --- grounds ---------------------------------------------------------------------------------------------


def test_a_plain_ground_has_its_colour_everywhere() -> None:
    ground = np.asarray(draw_ground(Ground(colour=BLUE), PORTRAIT_1080))
    assert ground.shape == (1920, 1080, 3)
    assert (ground == BLUE.rgb).all()


def test_a_gradient_runs_from_colour_to_colour_without_bands() -> None:
    second = Colour(NAVY.red + 6, NAVY.green + 10, NAVY.blue + 8)
    ground = np.asarray(draw_ground(Ground(colour=NAVY, second=second), PORTRAIT_1080)).astype(float)
    assert np.abs(ground[0] - NAVY.rgb).max() <= 1
    assert np.abs(ground[-1] - second.rgb).max() <= 1
    for channel in range(3):
        rows = ground[:, :, channel].reshape(240, 8, 1080).mean(axis=(1, 2))
        steps = np.diff(rows)
        # Ten values over 1920 lines would be steps of 1 that lie 190 lines apart; mixed, every step is small.
        assert steps.max() < 0.2
        assert steps.min() > -0.02


def test_a_pictures_ground_covers_everything_under_its_shade(tmp_path: Path) -> None:
    path = _halves(tmp_path / "p.png", (400, 100))
    for shade in (Fraction(0), Fraction(1, 2), Fraction(1)):
        ground = np.asarray(
            draw_ground(Ground(colour=NAVY, picture=path, shade=shade), PORTRAIT_1080)
        ).astype(float)
        for x, colour in ((200, RED), (900, GREEN)):
            expected = np.array(colour.rgb) * float(1 - shade) + np.array(NAVY.rgb) * float(shade)
            assert np.abs(ground[:, x] - expected).max() <= 3


def test_a_clear_picture_shows_the_colour_behind_it(tmp_path: Path) -> None:
    Image.new("RGBA", (10, 10), (0, 0, 0, 0)).save(tmp_path / "clear.png")
    ground = np.asarray(draw_ground(Ground(colour=BLUE, picture=tmp_path / "clear.png"), Raster(72, 128)))
    assert np.abs(ground.astype(int) - BLUE.rgb).max() <= 1


def test_a_broken_ground_is_refused_and_says_that_it_is_one(tmp_path: Path) -> None:
    (tmp_path / "bad.png").write_bytes(b"no")
    with pytest.raises(CampaignProblems, match="card ground"):
        draw_ground(Ground(colour=BLUE, picture=tmp_path / "bad.png"), PORTRAIT_1080)


def test_a_shade_is_one_colour_of_one_coverage() -> None:
    shade = np.asarray(draw_shade(Shade(colour=NAVY, opacity=Fraction(2, 5)), Raster(90, 160)))
    assert shade.shape == (160, 90, 4)
    assert (shade == (*NAVY.rgb, 102)).all()
