"""From a picture file to pixels: one way for logos, photographs, covers and pictures on cards."""

from __future__ import annotations

import threading
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageCms, MpoImagePlugin

from reels.art import opening
from reels.art.colour import WHITE
from reels.art.logo import draw_logo
from reels.art.opening import PictureLimits, open_picture, shown_raster, upright
from reels.art.photo import draw_photo, measure_photo
from reels.errors import CampaignProblems
from reels.geometry import PORTRAIT_1080, Raster
from reels.said import Said

WHAT = Said("picture", ko="그림")
GREY = 30_000 // 257


def seen(path: Path, size: Raster, *, cover: bool = False) -> NDArray[np.int16]:
    picture = open_picture(path, size=size, what=WHAT, cover=cover)
    assert (picture.mode, picture.size) == ("RGBA", (size.width, size.height))
    return np.asarray(picture).astype(np.int16)


def refused(opens: Callable[[], object]) -> CampaignProblems:
    with pytest.raises(CampaignProblems) as caught:
        opens()
    return caught.value


def turned(orientation: int) -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112] = orientation
    return exif


def deep_grey(size: tuple[int, int]) -> NDArray[np.uint16]:
    return np.full(size[::-1], 30_000, np.uint16)


# --- pixels ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("orientation", range(1, 9))
def test_deep_grey_that_is_turned_is_not_clipped_to_white(tmp_path: Path, orientation: int) -> None:
    path = tmp_path / "deep.png"
    Image.fromarray(deep_grey((60, 40))).save(path, exif=turned(orientation))
    shown = seen(path, shown_raster(path, what=WHAT))
    assert np.abs(shown - [GREY, GREY, GREY, 255]).max() <= 1
    assert np.abs(np.asarray(draw_logo(path, room=Raster(60, 60))).astype(int)[..., :3] - GREY).max() <= 1


def test_what_is_clear_in_deep_grey_stays_clear(tmp_path: Path) -> None:
    deep = deep_grey((60, 40))
    deep[:, 30:] = 513
    Image.fromarray(deep).save(tmp_path / "deep.png", transparency=513)
    shown = seen(tmp_path / "deep.png", Raster(60, 40))
    assert (shown[:, 34:, 3] == 0).all()
    assert np.abs(shown[:, :26] - [GREY, GREY, GREY, 255]).max() <= 1


def test_one_clear_value_of_a_palette_of_grey_and_of_colours_stays_clear(tmp_path: Path) -> None:
    halves = Image.new("RGB", (60, 40), (10, 200, 30))
    halves.paste((200, 10, 30), (30, 0, 60, 40))
    cases: dict[str, tuple[Image.Image, object]] = {
        "colour": (halves, (200, 10, 30)),
        "grey": (halves.getchannel("R"), 200),
        "palette": (halves.quantize(2), halves.quantize(2).getpixel((50, 20))),
    }
    for name, (picture, clear) in cases.items():
        picture.save(tmp_path / f"{name}.png", transparency=clear)
        shown = seen(tmp_path / f"{name}.png", Raster(60, 40))
        assert (shown[:, 34:, 3] == 0).all(), name
        assert (shown[:, :26, 3] == 255).all(), name


def test_colours_under_what_is_clear_do_not_shine_through_when_made_small(tmp_path: Path) -> None:
    pixels = np.zeros((400, 400, 4), np.uint8)
    pixels[:, ::2] = (0, 255, 0, 255)
    pixels[:, 1::2] = (255, 0, 0, 0)
    Image.fromarray(pixels).save(tmp_path / "stripes.png")
    shown = seen(tmp_path / "stripes.png", Raster(40, 40))
    assert np.abs(shown[8:-8, 8:-8] - [0, 255, 0, 128]).max() <= 2


@pytest.mark.parametrize("kind", ["JPEG", "MPO"])
def test_a_large_photograph_is_decoded_small(tmp_path: Path, kind: str) -> None:
    """MPO is what phones write that keep a second picture in the file: the first one counts."""
    path, halves = tmp_path / "a.jpg", Image.new("RGB", (1600, 1200), (200, 30, 30))
    halves.paste((30, 160, 60), (800, 0, 1600, 1200))
    more = {"save_all": True, "append_images": [Image.new("RGB", (1600, 1200))]} if kind == "MPO" else {}
    halves.save(path, kind, quality=95, exif=turned(6), **more)
    with Image.open(path, formats=("JPEG",)) as picture:
        assert isinstance(picture, MpoImagePlugin.MpoImageFile) == (kind == "MPO")
        shown = np.asarray(upright(picture, Raster(90, 120))).astype(int)
        assert picture.size == (400, 300), "what was decoded"
    assert shown.shape == (120, 90, 4)
    assert np.abs(shown[:56] - [200, 30, 30, 255]).max() <= 12
    assert np.abs(shown[64:] - [30, 160, 60, 255]).max() <= 12


def test_the_colours_of_another_profile_become_those_of_the_screen_and_what_is_clear_stays_clear(
    tmp_path: Path,
) -> None:
    """In this profile red is what green is on the screen, and green is red."""
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    swapped = srgb.replace(b"rXYZ", b"tmp!").replace(b"gXYZ", b"rXYZ").replace(b"tmp!", b"gXYZ")
    colour = Image.new("RGBA", (60, 40), (200, 50, 90, 255))
    colour.putalpha(Image.linear_gradient("L").resize((60, 40)))
    path = tmp_path / "profiled.png"
    colour.save(path, icc_profile=swapped)
    for shown in (seen(path, Raster(60, 40)), np.asarray(draw_logo(path, room=Raster(60, 40))).astype(int)):
        assert np.abs(shown[30:, :, :3] - [50, 200, 90]).max() <= 3
        assert np.array_equal(shown[..., 3], np.asarray(colour)[..., 3])


def test_grey_with_alpha_and_a_profile_of_grey_keeps_both(tmp_path: Path) -> None:
    grey = Image.new("LA", (60, 40), (120, 77))
    grey.save(tmp_path / "grey.png", icc_profile=b"no profile at all")
    assert np.abs(seen(tmp_path / "grey.png", Raster(60, 40)) - [120, 120, 120, 77]).max() <= 1


# --- refused ---------------------------------------------------------------------------------------------


def test_a_file_that_may_not_be_read_is_told_in_the_words_of_the_system(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "secret.png"
    Image.new("RGB", (600, 1000)).save(path)

    def denied(self: Path, mode: str = "r") -> None:
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(Path, "open", denied)
    for opens in (
        lambda: open_picture(path, size=Raster(9, 9), what=WHAT),
        lambda: draw_logo(path, room=Raster(90, 90)),
        lambda: measure_photo(path),
    ):
        error = refused(opens)
        assert "found Permission denied" in str(error)
        assert "권한 없음" in error.sentence("ko")
        assert "no PNG" not in str(error)


def test_a_disk_that_fails_while_a_picture_is_read_is_no_damaged_picture(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.png"
    Image.new("RGB", (60, 40)).save(path)

    def fails(*_: object, **__: object) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr("reels.art.opening.upright", fails)
    error = refused(lambda: open_picture(path, size=Raster(9, 9), what=WHAT))
    assert "found Input/output error" in str(error)
    assert "읽기·쓰기 오류" in error.sentence("ko")


def test_a_folder_a_missing_file_and_a_name_that_no_file_can_have_are_told_apart(tmp_path: Path) -> None:
    for path, found, ko in (
        (tmp_path, "a folder or a device", "폴더나 장치"),
        (tmp_path / "none.png", "no such file", "없는 파일"),
        (Path("a\0b.png"), "no such file", "없는 파일"),
        (tmp_path / ("가" * 200 + ".png"), "File name too long", "너무 긴 이름"),
    ):
        error = refused(lambda path=path: shown_raster(path, what=WHAT))  # type: ignore[misc]
        assert f"found {found}" in str(error)
        assert ko in error.sentence("ko")


def test_limits_are_said_as_they_are() -> None:
    limits = PictureLimits(
        formats=("PNG", "WEBP"), others=("SVG",), most_bytes=5_000_000, most_pixels=7_000_000
    )
    assert limits.expected == "a PNG, WebP or SVG picture of at most 7 megapixels and 5 MB"
    assert limits.expected.ko == "700만 픽셀, 5 MB 이하의 PNG, WebP, SVG 그림"
    assert "1억 픽셀" in PictureLimits(most_pixels=100_000_000).expected.ko


def test_what_a_cover_expects_is_said_in_both_languages(tmp_path: Path) -> None:
    Image.new("RGB", (300, 400)).save(tmp_path / "small.png")
    error = refused(lambda: draw_photo(tmp_path / "small.png", raster=PORTRAIT_1080, ground=WHITE))
    assert (
        "of at most 100 megapixels and 50 MB, whose upright middle of 9:16 has at least 540x960 pixels"
        in str(error)
    )
    assert "(바로 세워 가운데를 9:16으로 자르면 540x960픽셀 이상)" in error.sentence("ko")


# --- threads ---------------------------------------------------------------------------------------------


def test_two_threads_that_open_pictures_leave_warnings_as_they_were(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.png"
    Image.new("RGB", (60, 40)).save(path)
    first_is_in, second_is_in, first_is_out = threading.Event(), threading.Event(), threading.Event()

    def held(picture: Image.Image, size: Raster, *, cover: bool = False) -> Image.Image:
        if first_is_in.is_set():
            second_is_in.set()
            assert first_is_out.wait(10)
        else:
            first_is_in.set()
            assert second_is_in.wait(10)
        return upright(picture, size, cover=cover)

    monkeypatch.setattr(opening, "upright", held)
    before = list(warnings.filters)

    def first() -> None:
        open_picture(path, size=Raster(9, 9), what=WHAT)
        first_is_out.set()

    def second() -> None:
        assert first_is_in.wait(10)
        open_picture(path, size=Raster(9, 9), what=WHAT)

    threads = [threading.Thread(target=one) for one in (first, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert first_is_out.is_set()
    assert list(warnings.filters) == before
