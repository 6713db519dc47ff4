"""What is no face: textures, fractals, clocks and drawings are followed nowhere, and a face half covered still is."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter

from reels.framing import Face, Seen, Sighting, follow, load_centerface
from reels.geometry import Raster
from reels.timing import TimeRange
from reels.tools.ffmpeg import read_ffmpeg
from tests.media.framed_scenes import FACE_IN_PORTRAIT, portrait, street_of

SMALL = Raster(448, 252)
WIDE = Raster(1920, 1080)
APART = Fraction(1, 3)
LOOKS = 9

TEXTURES = {
    # Two zooms in which the detector sees a "face" from the side in nearly every picture, with scores up to 0.66.
    "a fractal": "mandelbrot=s=448x252:r=3:end_pts=800:start_scale=3",
    "a flight over a fractal": "mandelbrot=s=1280x720:r=25,scale=448:252:flags=bilinear,fps=3",
    "cells": "life=s=64x36:r=3:ratio=0.4:seed=5,scale=448:252:flags=bilinear",
    "rules": "cellauto=s=112x63:r=3:rule=30:seed=4,scale=448:252:flags=bicubic",
    "noise": "nullsrc=s=56x32:r=3,geq=lum='random(1)*255':cb='random(2)*255':cr=128,scale=448:252:flags=bicubic",
    "a test card": "testsrc2=s=448x252:r=3",
    "gradients": "gradients=s=448x252:r=3:n=6:seed=7:speed=0.05",
    "plasma": "nullsrc=s=448x252:r=3,geq=lum='128+60*sin(X/17+T)+40*cos(Y/23-T)+25*sin((X+Y)/31+2*T)':cb=110:cr=150",
}


def looked(pictures: Sequence[np.ndarray]) -> Sighting:
    detector = load_centerface()
    seen = tuple(
        Seen(at=n * APART, faces=detector.find(picture, shown_as=SMALL)) for n, picture in enumerate(pictures)
    )
    return Sighting(
        raster_in_source=SMALL,
        range_in_source=TimeRange(Fraction(0), len(seen) * APART),
        looks_per_second=3,
        seen=seen,
        cuts=(),
    )


def followed(sighting: Sighting) -> bool:
    return any(shot.manner == "follow" for shot in follow(sighting, Fraction(9, 16)).shots)


@pytest.mark.parametrize("name", TEXTURES)
def test_a_texture_is_nobody(name: str, tmp_path: Path) -> None:
    source = ["-f", "lavfi", "-i", TEXTURES[name], "-frames:v", str(LOOKS), "-pix_fmt", "rgb24"]
    raw = read_ffmpeg([*source, "-f", "rawvideo", "pipe:1"], doing="drawing a texture", cwd=tmp_path)
    pictures = np.frombuffer(raw, np.uint8).reshape(LOOKS, SMALL.height, SMALL.width, 3)
    sighting = looked(list(pictures))
    assert not followed(sighting)
    if name == "a fractal":
        assert all(seen.faces for seen in sighting.seen), "else this test proves nothing"


def drawn(draw: Callable[[ImageDraw.ImageDraw, int, int, int], None]) -> list[np.ndarray]:
    """Three of them on a street, larger and smaller, swaying as a hand sways."""
    pictures = []
    for n in range(4):
        picture = street_of(WIDE, n % 2).copy()
        canvas = ImageDraw.Draw(picture)
        for x, y, size in ((400, 420, 300), (1000, 520, 200), (1500, 480, 420)):
            draw(canvas, x + round(5 * math.sin(n)), y, size)
        small = picture.resize((SMALL.width, SMALL.height), Image.Resampling.BILINEAR)
        pictures.append(np.asarray(small))
    return pictures


def clock(canvas: ImageDraw.ImageDraw, x: int, y: int, size: int) -> None:
    r = size / 2
    canvas.ellipse((x - r, y - r, x + r, y + r), fill=(245, 240, 230), outline=(40, 40, 40), width=size // 20)
    for hour in range(12):
        a = math.tau * hour / 12
        ends = [
            x + q * r * math.sin(a) if odd else y - q * r * math.cos(a) for q in (0.75, 0.9) for odd in (1, 0)
        ]
        canvas.line(ends, fill=(20, 20, 20), width=max(2, size // 30))
    canvas.line((x, y, x - r * 0.4, y - r * 0.3), fill=(20, 20, 20), width=size // 18)
    canvas.line((x, y, x + r * 0.5, y - r * 0.35), fill=(20, 20, 20), width=size // 24)


def wheel(canvas: ImageDraw.ImageDraw, x: int, y: int, size: int) -> None:
    for part, grey in ((1.0, 30), (0.7, 160), (0.25, 60)):
        r = size * part / 2
        canvas.ellipse((x - r, y - r, x + r, y + r), fill=(grey, grey, grey))


def window_front(canvas: ImageDraw.ImageDraw, x: int, y: int, size: int) -> None:
    canvas.rectangle((x - size / 2, y - size / 2, x + size / 2, y + size / 2), fill=(190, 150, 120))
    for dx in (-0.25, 0.25):
        left, top = x + (dx - 0.1) * size, y - 0.25 * size
        canvas.rectangle((left, top, left + 0.2 * size, top + 0.2 * size), fill=(60, 70, 90))
    canvas.rectangle((x - 0.15 * size, y + 0.15 * size, x + 0.15 * size, y + 0.5 * size), fill=(80, 50, 40))


@pytest.mark.parametrize("thing", [clock, wheel, window_front])
def test_a_thing_with_a_face_of_its_own_is_nobody(
    thing: Callable[[ImageDraw.ImageDraw, int, int, int], None],
) -> None:
    assert not followed(looked(drawn(thing)))


# --- and what is one -------------------------------------------------------------------------------------


def plain(head: Image.Image) -> Image.Image:
    return head


def dim(head: Image.Image) -> Image.Image:
    return ImageEnhance.Brightness(head).enhance(0.3)


def lit_from_the_side(head: Image.Image) -> Image.Image:
    ramp = np.linspace(0.15, 1.2, head.width)[None, :, None]
    return Image.fromarray(np.clip(np.asarray(head, np.float32) * ramp, 0, 255).astype(np.uint8))


def grey(head: Image.Image) -> Image.Image:
    return head.convert("L").convert("RGB")


def blurred(head: Image.Image) -> Image.Image:
    return head.filter(ImageFilter.GaussianBlur(head.height / 100))


def masked(head: Image.Image) -> Image.Image:
    left, top, right, bottom = FACE_IN_PORTRAIT
    ImageDraw.Draw(head).rectangle((left, top + 0.6 * (bottom - top), right, bottom), fill=(230, 235, 240))
    return head


def behind_dark_glasses(head: Image.Image) -> Image.Image:
    left, top, right, bottom = FACE_IN_PORTRAIT
    y = top + 0.3 * (bottom - top)
    ImageDraw.Draw(head).rectangle((left, y - 8, right, y + 10), fill=(20, 20, 25))
    return head


def half_covered(head: Image.Image) -> Image.Image:
    left, top, right, bottom = FACE_IN_PORTRAIT
    ImageDraw.Draw(head).rectangle(((left + right) / 2, top, right, bottom), fill=(90, 120, 80))
    return head


def person(change: Callable[[Image.Image], Image.Image], height_px: int, tilt: int = 0) -> Sighting:
    """Four looks at a face so high in 1080 lines of street, a little elsewhere in each."""
    head = change(portrait().convert("RGB")).convert("RGBA")
    head.putalpha(portrait().getchannel("A"))
    scale = height_px / (FACE_IN_PORTRAIT[3] - FACE_IN_PORTRAIT[1])
    head = head.resize((round(head.width * scale), round(head.height * scale)), Image.Resampling.BICUBIC)
    head = head.rotate(tilt, resample=Image.Resampling.BICUBIC, expand=True)
    pictures = []
    for n in range(4):
        picture = street_of(WIDE, 0).copy()
        picture.paste(head, (700 + 6 * n - head.width // 2, 480 - head.height // 2), head)
        pictures.append(np.asarray(picture.resize((SMALL.width, SMALL.height), Image.Resampling.BILINEAR)))
    return looked(pictures)


@pytest.mark.parametrize(
    "change", [plain, dim, lit_from_the_side, grey, blurred, masked, behind_dark_glasses, half_covered]
)
@pytest.mark.parametrize("height_px", [150, 340])
def test_a_person_is_one_in_any_light_and_half_covered(
    change: Callable[[Image.Image], Image.Image], height_px: int
) -> None:
    assert followed(person(change, height_px))


@pytest.mark.parametrize("tilt", [-30, 20, 35])
def test_a_person_who_leans_is_one(tilt: int) -> None:
    sighting = person(plain, 220, tilt)
    assert followed(sighting)
    faces: list[Face] = [face for seen in sighting.seen for face in seen.faces]
    assert all(face.sure for face in faces)
