"""Picture files of unknown origin, opened with care: upright and with eight bits a channel.

Nothing but a file's header is read before its pixels are known to be few enough; what is damaged is refused with a
message for people. `pictures`, `cards` and `grounds` ask for whole pictures, `logo` and `photo` open by the same rules within
limits of their own.
"""

from __future__ import annotations

import struct
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from math import ceil
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from reels.errors import CampaignProblem, CampaignProblems
from reels.geometry import Raster
from reels.said import Said

__all__ = [
    "BROKEN",
    "LARGEST_PICTURE_PIXELS",
    "PictureLimits",
    "eight_bits",
    "open_picture",
    "opened",
    "orientation",
    "shown_raster",
    "upright_raster",
]

LARGEST_PICTURE_PIXELS = 64_000_000
"""A phone's largest photographs have 50 million."""
BROKEN = (OSError, ValueError, SyntaxError, MemoryError, EOFError, IndexError, TypeError, struct.error)
"""What Pillow raises of files that are damaged or made to do harm."""

_EXIF_ORIENTATION = 0x0112


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureLimits:
    """What is opened: `formats` as Pillow calls them, and how much of it."""

    formats: tuple[str, ...] = ("PNG", "JPEG", "WEBP")
    most_bytes: int = 60_000_000
    most_pixels: int = LARGEST_PICTURE_PIXELS

    @property
    def named(self) -> Said:
        """The formats as people call them."""
        names = ["WebP" if name == "WEBP" else name for name in self.formats]
        return Said(" or ".join((", ".join(names[:-1]), names[-1])), ko=", ".join(names))


_USUAL = PictureLimits()

Refusal = Callable[[Path, Said], CampaignProblems]
"""The error for a picture at a path in which something was found."""


@contextmanager
def opened(path: Path, limits: PictureLimits, refusal: Refusal) -> Iterator[Image.Image]:
    """The picture at `path`, its header read and its size within `limits`; its pixels wait to be asked for.

    Raises: what `refusal` makes of what is wrong.
    """
    try:
        is_file, size = path.is_file(), path.stat().st_size if path.exists() else 0
    except (OSError, ValueError) as error:
        raise refusal(path, Said(f"no file ({error})", ko="열 수 없는 파일")) from None
    if not is_file:
        raise refusal(path, Said("no such file", ko="없는 파일"))
    if size > limits.most_bytes:
        raise refusal(path, Said(f"{size} bytes", ko=f"{size}바이트"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            picture = Image.open(path, formats=limits.formats)
        except Image.DecompressionBombError:
            raise refusal(path, Said("too many pixels", ko="픽셀이 너무 많은 그림")) from None
        except BROKEN:
            found = Said(f"no {limits.named} picture", ko=f"{limits.named.ko} 그림이 아닌 파일")
            raise refusal(path, found) from None
        with picture:
            if picture.width * picture.height > limits.most_pixels:
                raster = Raster(picture.width, picture.height)
                raise refusal(path, Said(f"{raster} pixels", ko=f"{raster}픽셀"))
            yield picture


def orientation(picture: Image.Image) -> int:
    """How the metadata turns a picture, 1 (not at all) to 8. Source: EXIF 2.32, tag 274."""
    # Only photographs are turned; asking a PNG whose pixels are not read yet would decode all of it.
    if picture.format == "PNG" and "exif" not in picture.info:
        return 1
    try:
        return int(picture.getexif().get(_EXIF_ORIENTATION, 1))
    except BROKEN:
        return 1  # metadata that cannot be read turns nothing, in any viewer


def upright_raster(picture: Image.Image) -> Raster:
    """The raster as a viewer shows it."""
    across = orientation(picture) in (5, 6, 7, 8)
    return Raster(picture.height, picture.width) if across else Raster(picture.width, picture.height)


def eight_bits(picture: Image.Image) -> Image.Image:
    """A grey picture of 16 bits in eight, which a plain conversion would clip to white; any other as it is."""
    if picture.mode.startswith("I"):
        grey = np.asarray(picture.convert("I"))
        return Image.fromarray((grey // 257).clip(0, 255).astype(np.uint8))
    return picture


# --- whole pictures --------------------------------------------------------------------------------------


def shown_raster(path: Path, *, what: Said) -> Raster:
    """The raster of the picture at `path` as a viewer shows it, turned by its metadata; `what` names it in messages.

    Raises: CampaignProblems.
    """
    with opened(path, _USUAL, partial(_refusal, what)) as picture:
        return upright_raster(picture)


def open_picture(path: Path, *, size: Raster, what: Said, cover: bool = False) -> Image.Image:
    """The picture at `path`, "RGBA", brought to exactly `size`; the first picture of an animated file.

    With `cover` only the middle that has the shape of `size`, else all of it, whatever its shape.

    Raises: CampaignProblems.
    """
    with opened(path, _USUAL, partial(_refusal, what)) as picture:
        try:
            turned = orientation(picture)
            shown = upright_raster(picture)
            if picture.format == "JPEG":
                # A JPEG decodes at a half, a quarter or an eighth of its size at a fraction of the cost.
                scale = max(size.width / shown.width, size.height / shown.height)
                picture.draft(None, (ceil(2 * scale * picture.width), ceil(2 * scale * picture.height)))
            upright = ImageOps.exif_transpose(picture) if turned != 1 else eight_bits(picture)
            box = _middle(upright.size, size) if cover else None
            made = upright.convert("RGBA").resize((size.width, size.height), Image.Resampling.LANCZOS, box)
        except BROKEN:
            raise _refusal(what, path, Said("a damaged picture", ko="손상된 그림")) from None
    return made


def _middle(found: tuple[int, int], size: Raster) -> tuple[float, float, float, float]:
    """The largest box of the shape of `size` in the middle of a picture: left, top, right, bottom."""
    scale = max(size.width / found[0], size.height / found[1])
    wide, tall = min(found[0], size.width / scale), min(found[1], size.height / scale)
    left, top = (found[0] - wide) / 2, (found[1] - tall) / 2
    return left, top, left + wide, top + tall


def _refusal(what: Said, path: Path, found: Said) -> CampaignProblems:
    return CampaignProblems(
        problems=(
            CampaignProblem(
                where=Said(f"{path.name} ({what})", ko=f"{path.name}({what.ko})"),
                found=found,
                expected=Said(
                    f"a PNG, JPEG or WebP picture of at most {LARGEST_PICTURE_PIXELS // 1_000_000} megapixels "
                    f"and {_USUAL.most_bytes // 1_000_000} MB",
                    ko=f"{LARGEST_PICTURE_PIXELS // 10_000}만 픽셀, {_USUAL.most_bytes // 1_000_000} MB 이하의 "
                    "PNG, JPEG, WebP 그림",
                ),
                remedy=Said(
                    "save the picture as JPEG or PNG, about 2000 pixels wide",
                    ko="그림을 JPEG나 PNG로, 너비 2000픽셀쯤으로 저장해 주세요.",
                ),
            ),
        )
    )
