"""Made pictures for covers: the photographed head before a drawn street, sharp or not, its eyes open or closed.

Closed eyes are painted: lids of the skin above and below them, and a lash line where they meet. Where the eyes lie
in the photograph was read off by eye.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFilter

from reels.geometry import Raster
from tests.media.framed_scenes import FACE_IN_PORTRAIT, portrait, street_of

__all__ = ["SMALL", "dark", "noisy", "person", "smeared", "stack", "with_closed_eyes"]

Pixels = npt.NDArray[np.uint8]
SMALL = Raster(270, 480)
_EYES_IN_PORTRAIT = ((67, 101), (110, 103))
_STREET = Raster(1080, 1920)


@lru_cache(maxsize=1)
def with_closed_eyes() -> Image.Image:
    """The portrait with lids over both eyes."""
    many = 4
    face = portrait().resize((portrait().width * many, portrait().height * many), Image.Resampling.BICUBIC)
    for x, y in _EYES_IN_PORTRAIT:
        box = ((x - 13) * many, (y - 8) * many, (x + 13) * many, (y + 8) * many)
        above, below = (face.getpixel((x * many, (y + step) * many)) for step in (-8, 10))
        assert isinstance(above, tuple)
        assert isinstance(below, tuple)
        skin = tuple((a + b) // 2 for a, b in zip(above, below, strict=True))
        mask = Image.new("L", face.size, 0)
        ImageDraw.Draw(mask).ellipse(box, fill=255)
        mask = mask.filter(ImageFilter.GaussianBlur(2 * many))
        face.paste(Image.new("RGBA", face.size, skin), (0, 0), mask)
        lash = Image.new("L", face.size, 0)
        ImageDraw.Draw(lash).arc(
            ((x - 11) * many, (y - 6) * many, (x + 11) * many, (y + 5) * many), 20, 160, fill=200, width=6
        )
        lash = lash.filter(ImageFilter.GaussianBlur(many // 2))
        face.paste(Image.new("RGBA", face.size, (74, 50, 38, 255)), (0, 0), lash)
    return face.resize(portrait().size, Image.Resampling.LANCZOS)


def person(
    *,
    tall: float = 0.3,
    x: float = 0.5,
    y: float = 0.35,
    closed: bool = False,
    street: int = 0,
    raster: Raster = SMALL,
    shift: int = 0,
) -> Image.Image:
    """A face `tall` parts of the picture high, its middle at `x`, `y`; 0: nobody. `shift` slides the street."""
    ground = street_of(Raster(_STREET.width + 200, _STREET.height), street)
    ground = ground.crop((shift, 0, shift + _STREET.width, _STREET.height)).convert("RGB")
    picture = ground.resize((raster.width, raster.height), Image.Resampling.BOX)
    if not tall:
        return picture
    left, top, right, bottom = FACE_IN_PORTRAIT
    scale = tall * raster.height / (bottom - top)
    head = with_closed_eyes() if closed else portrait()
    head = head.resize((round(head.width * scale), round(head.height * scale)), Image.Resampling.LANCZOS)
    place = (
        round(x * raster.width - (left + right) / 2 * scale),
        round(y * raster.height - (top + bottom) / 2 * scale),
    )
    picture.paste(head, place, head)
    return picture


def smeared(picture: Image.Image, by: int) -> Image.Image:
    """The picture as a camera sees it that moves `by` pixels sideways while the shutter is open."""
    pixels = np.asarray(picture, np.float32)
    moved = [np.roll(pixels, step - by // 2, axis=1) for step in range(by)]
    return Image.fromarray(np.mean(moved, axis=0).round().astype(np.uint8))


def noisy(picture: Image.Image, by: float, seed: int = 1) -> Image.Image:
    grain = np.random.default_rng(seed).normal(0, by, (picture.height, picture.width, 3))
    return Image.fromarray(np.clip(np.asarray(picture) + grain, 0, 255).astype(np.uint8))


def dark(picture: Image.Image, part: float) -> Image.Image:
    return picture.point([round(value * part) for value in range(256)] * 3)


def stack(*pictures: Image.Image) -> Pixels:
    """`(frames, height, width, 3) uint8`."""
    return np.stack([np.asarray(picture.convert("RGB")) for picture in pictures])
