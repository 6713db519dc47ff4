"""A picture as a cover: hostile files, turned, deep, clear and press colours; cropped around its middle."""

from __future__ import annotations

import io
import random
import zlib
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageCms, PngImagePlugin

from reels.art.colour import Colour
from reels.art.photo import draw_photo, measure_photo
from reels.errors import CampaignProblems
from reels.geometry import PORTRAIT_1080, Raster

NAVY = Colour(11, 31, 74)


def drawn(path: Path, raster: Raster = PORTRAIT_1080) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    picture = draw_photo(path, raster=raster, ground=NAVY)
    assert (picture.mode, picture.size) == ("RGB", (raster.width, raster.height))
    return np.asarray(picture).astype(np.int64)


def bands(size: tuple[int, int], mode: str = "RGB") -> Image.Image:
    """Red, green and blue from left to right, a third each."""
    picture = Image.new("RGB", (3, 1))
    picture.putdata([(255, 0, 0), (0, 255, 0), (0, 0, 255)])
    return picture.resize(size, Image.Resampling.NEAREST).convert(mode)


def test_the_middle_of_a_wide_picture_fills_the_cover(tmp_path: Path) -> None:
    bands((3000, 1700)).save(tmp_path / "wide.png")
    assert measure_photo(tmp_path / "wide.png") == Raster(956, 1700)
    pixels = drawn(tmp_path / "wide.png")
    assert (pixels[:, 20:-20] == (0, 255, 0)).all()


def test_a_tall_picture_loses_its_head_and_foot_alike(tmp_path: Path) -> None:
    tall = Image.new("RGB", (1080, 2400), (255, 0, 0))
    tall.paste((0, 255, 0), (0, 240, 1080, 2160))
    tall.save(tmp_path / "tall.png")
    assert (drawn(tmp_path / "tall.png")[4:-4] == (0, 255, 0)).all()


@pytest.mark.parametrize("name", ["a.jpg", "a.webp", "a.png"])
@pytest.mark.parametrize("turn", range(1, 9))
def test_a_turned_photograph_stands_upright(tmp_path: Path, name: str, turn: int) -> None:
    """Upright it is red above, blue below and green along its right edge; stored as each orientation stores it."""
    upright = Image.new("RGB", (540, 960), (255, 0, 0))
    upright.paste((0, 0, 255), (0, 480, 540, 960))
    upright.paste((0, 255, 0), (440, 0, 540, 960))
    back = {
        1: None,
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }[turn]
    stored = upright if back is None else upright.transpose(back)
    exif = Image.Exif()
    exif[0x0112] = turn
    stored.save(tmp_path / name, exif=exif, quality=95)
    pixels = drawn(tmp_path / name, Raster(540, 960))
    for (x, y), colour in {(200, 100): (255, 0, 0), (200, 860): (0, 0, 255), (500, 500): (0, 255, 0)}.items():
        assert np.abs(pixels[y, x] - colour).max() < 40, (x, y)


def test_deep_grey_is_not_clipped_to_white(tmp_path: Path) -> None:
    grey = np.full((960, 540), 30000, np.uint16)
    Image.fromarray(grey).save(tmp_path / "deep.png")
    assert np.abs(drawn(tmp_path / "deep.png") - 30000 // 257).max() <= 1


def test_what_is_clear_shows_the_brands_ground(tmp_path: Path) -> None:
    clear = Image.new("RGBA", (540, 960), (0, 0, 0, 0))
    clear.paste((250, 250, 250, 255), (0, 0, 540, 480))
    for name in ("clear.png", "clear.webp"):
        clear.save(tmp_path / name, lossless=True)
        pixels = drawn(tmp_path / name, Raster(540, 960))
        assert (pixels[:470] == 250).all()
        assert (pixels[490:] == NAVY.rgb).all()
    clear.quantize(8).save(tmp_path / "palette.png")
    assert (drawn(tmp_path / "palette.png")[1000:] == NAVY.rgb).all()


@pytest.mark.parametrize("mode", ["L", "P", "1", "LA", "CMYK"])
def test_every_mode_of_a_picture_is_drawn_in_colour(tmp_path: Path, mode: str) -> None:
    white = Image.new("RGB", (540, 960), (255, 255, 255)).convert(mode)
    name = "a.jpg" if mode == "CMYK" else "a.png"
    white.save(tmp_path / name)
    assert (drawn(tmp_path / name) >= 250).all()


def test_press_colours_are_not_inverted(tmp_path: Path) -> None:
    bands((1620, 960), "CMYK").save(tmp_path / "press.jpg", quality=95)
    assert np.abs(drawn(tmp_path / "press.jpg")[960, 540] - (0, 255, 0)).max() < 60


def test_the_colours_of_another_profile_become_those_of_the_screen(tmp_path: Path) -> None:
    """In this profile red is what green is on the screen, and green is red; a broken one changes nothing."""
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    swapped = srgb.replace(b"rXYZ", b"tmp!").replace(b"gXYZ", b"rXYZ").replace(b"tmp!", b"gXYZ")
    colour = Image.new("RGB", (540, 960), (200, 50, 90))
    for profile, seen in ((swapped, (50, 200, 90)), (srgb, (200, 50, 90)), (swapped[:200], (200, 50, 90))):
        colour.save(tmp_path / "profiled.png", icc_profile=profile)
        assert np.abs(drawn(tmp_path / "profiled.png")[960, 540] - seen).max() <= 2
        clear = colour.convert("RGBA")
        clear.putalpha(Image.linear_gradient("L").point([255] * 128 + [0] * 128).resize(clear.size))
        clear.save(tmp_path / "clear.png", icc_profile=profile)
        pixels = drawn(tmp_path / "clear.png")
        assert np.abs(pixels[100, 540] - seen).max() <= 2
        assert (pixels[1800, 540] == NAVY.rgb).all()


def test_a_moving_picture_shows_its_first_frame(tmp_path: Path) -> None:
    first, second = (Image.new("RGB", (540, 960), colour) for colour in ((255, 0, 0), (0, 0, 255)))
    first.save(tmp_path / "moving.webp", save_all=True, append_images=[second], lossless=True)
    assert (drawn(tmp_path / "moving.webp") == (255, 0, 0)).all()


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"", "no PNG, JPEG or WebP picture"),
        (b"GIF89a" + b"\0" * 100, "no PNG, JPEG or WebP picture"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "no PNG, JPEG or WebP picture"),
        (b"\xff\xd8\xff\xe0" + b"\0" * 300, "no PNG, JPEG or WebP picture"),
    ],
)
def test_what_is_no_picture_is_told(tmp_path: Path, raw: bytes, said: str) -> None:
    (tmp_path / "cover.png").write_bytes(raw)
    with pytest.raises(CampaignProblems, match=said):
        measure_photo(tmp_path / "cover.png")


def test_a_bomb_is_refused_by_its_header(tmp_path: Path) -> None:
    header = io.BytesIO()
    Image.new("1", (8, 8)).save(header, "PNG")
    raw = bytearray(header.getvalue())
    raw[16:24] = (60_000).to_bytes(4, "big") * 2
    raw[29:33] = zlib.crc32(raw[12:29]).to_bytes(4, "big")
    (tmp_path / "bomb.png").write_bytes(raw)
    with pytest.raises(CampaignProblems, match=r"too many pixels|60000x60000 pixels"):
        measure_photo(tmp_path / "bomb.png")


def test_a_picture_cut_short_is_told_and_not_drawn_half(tmp_path: Path) -> None:
    noise = Image.fromarray(np.random.default_rng(1).integers(0, 256, (960, 540, 3), dtype=np.uint8))
    for name in ("a.png", "a.jpg", "a.webp"):
        noise.save(tmp_path / name)
        raw = (tmp_path / name).read_bytes()
        (tmp_path / name).write_bytes(raw[: len(raw) // 2])
        with pytest.raises(CampaignProblems, match=r"damaged picture|no PNG, JPEG or WebP"):
            draw_photo(tmp_path / name, raster=PORTRAIT_1080, ground=NAVY)


@given(seed=st.integers(0, 2**32))
def test_a_damaged_picture_is_a_problem_or_a_picture_and_never_a_crash(
    tmp_path_factory: pytest.TempPathFactory, seed: int
) -> None:
    dice = random.Random(seed)
    made = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 6
    info = PngImagePlugin.PngInfo()
    info.add_text("a", "b")
    kind = dice.choice(["PNG", "JPEG", "WEBP"])
    Image.new("RGB", (540, 960), (9, 99, 199)).save(made, kind, exif=exif)
    raw = bytearray(made.getvalue())
    for _ in range(dice.randrange(1, 12)):
        raw[dice.randrange(len(raw))] = dice.randrange(256)
    path = tmp_path_factory.mktemp("torn") / "cover.bin"
    path.write_bytes(raw)
    try:
        picture = draw_photo(path, raster=Raster(90, 160), ground=NAVY)
    except CampaignProblems:
        return
    assert picture.size == (90, 160)


def test_another_aspect_is_cropped_to_it(tmp_path: Path) -> None:
    Image.new("RGB", (2000, 2000)).save(tmp_path / "square.png")
    assert measure_photo(tmp_path / "square.png", aspect=Fraction(9, 16)) == Raster(1125, 2000)
