"""Picture files of unknown origin, opened with care: PNG, JPEG or WebP, upright, eight bits, sRGB letters of no other kind.

Nothing but a file's header is read before its pixels are known to be few enough; what is damaged is refused with a
message for people. `pictures`, `cards` and `grounds` ask. (`logo` opens the mark by the same rules, with its own words.)
"""

from __future__ import annotations

import struct
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from reels.errors import CampaignProblem, CampaignProblems
from reels.geometry import Raster
from reels.said import Said, said_by_system

__all__ = ["LARGEST_PICTURE_PIXELS", "open_picture", "shown_raster"]

LARGEST_PICTURE_PIXELS = 64_000_000
"""A phone's largest photographs have 50 million."""
_LARGEST_BYTES = 60_000_000
_FORMATS = ("PNG", "JPEG", "WEBP")
_EXIF_ORIENTATION = 0x0112
_BROKEN = (OSError, ValueError, SyntaxError, MemoryError, EOFError, IndexError, TypeError, struct.error)


def shown_raster(path: Path, *, what: Said) -> Raster:
    """The raster of the picture at `path` as a viewer shows it, turned by its metadata; `what` names it in messages.

    Raises: CampaignProblems.
    """
    with _opened(path, what) as picture:
        return _upright_raster(picture)


def open_picture(path: Path, *, size: Raster, what: Said) -> Image.Image:
    """The picture at `path`, "RGBA", brought to exactly `size`; the first picture of an animated file.

    Raises: CampaignProblems.
    """
    with _opened(path, what) as picture:
        try:
            turned = _orientation(picture)
            across = turned in (5, 6, 7, 8)
            if picture.format == "JPEG":
                # A JPEG decodes at a half, a quarter or an eighth of its size at a fraction of the cost.
                wanted = (size.height, size.width) if across else (size.width, size.height)
                picture.draft(None, (2 * wanted[0], 2 * wanted[1]))
            upright = ImageOps.exif_transpose(_eight_bits(picture)) if turned != 1 else _eight_bits(picture)
            small = upright.convert("RGBA").resize((size.width, size.height), Image.Resampling.LANCZOS)
        except _BROKEN as error:
            raise _problem(
                path,
                what,
                Said(f"a damaged picture ({said_by_system(error)})", ko="손상된 그림")
                if isinstance(error, OSError)
                else Said("a damaged picture", ko="손상된 그림"),
            ) from None
    return small


@contextmanager
def _opened(path: Path, what: Said) -> Iterator[Image.Image]:
    try:
        is_file, size = path.is_file(), path.stat().st_size if path.exists() else 0
    except (OSError, ValueError) as error:
        raise _problem(path, what, Said(f"no file ({error})", ko="열 수 없는 파일")) from None
    if not is_file:
        raise _problem(path, what, Said("no such file", ko="없는 파일"))
    if size > _LARGEST_BYTES:
        raise _problem(path, what, Said(f"{size} bytes", ko=f"{size}바이트"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            picture = Image.open(path, formats=_FORMATS)
        except Image.DecompressionBombError:
            raise _problem(path, what, Said("too many pixels", ko="픽셀이 너무 많은 그림")) from None
        except _BROKEN:
            raise _problem(
                path, what, Said("no PNG, JPEG or WebP picture", ko="PNG, JPEG, WebP가 아닌 파일")
            ) from None
        with picture:
            if picture.width * picture.height > LARGEST_PICTURE_PIXELS:
                raise _problem(
                    path,
                    what,
                    Said(
                        f"{picture.width}x{picture.height} pixels", ko=f"{picture.width}x{picture.height}픽셀"
                    ),
                )
            yield picture


def _orientation(picture: Image.Image) -> int:
    # A PNG is not turned: asking it would decode all of it.
    if picture.format == "PNG":
        return 1
    try:
        return int(picture.getexif().get(_EXIF_ORIENTATION, 1))
    except _BROKEN:
        return 1  # metadata that cannot be read turns nothing, in any viewer


def _upright_raster(picture: Image.Image) -> Raster:
    across = _orientation(picture) in (5, 6, 7, 8)
    return Raster(picture.height, picture.width) if across else Raster(picture.width, picture.height)


def _eight_bits(picture: Image.Image) -> Image.Image:
    # A plain conversion would clip a 16-bit grey picture to white.
    if picture.mode.startswith("I"):
        grey = np.asarray(picture.convert("I"))
        return Image.fromarray((grey // 257).clip(0, 255).astype(np.uint8))
    return picture


def _problem(path: Path, what: Said, found: str) -> CampaignProblems:
    return CampaignProblems(
        problems=(
            CampaignProblem(
                where=Said(f"{path.name} ({what})", ko=f"{path.name}({what.ko})"),
                found=found,
                expected=Said(
                    f"a PNG, JPEG or WebP picture of at most {LARGEST_PICTURE_PIXELS // 1_000_000} megapixels "
                    f"and {_LARGEST_BYTES // 1_000_000} MB",
                    ko=f"{LARGEST_PICTURE_PIXELS // 10_000}만 픽셀, {_LARGEST_BYTES // 1_000_000} MB 이하의 "
                    "PNG, JPEG, WebP 그림",
                ),
                remedy=Said(
                    "save the picture as JPEG or PNG, about 2000 pixels wide",
                    ko="그림을 JPEG나 PNG로, 너비 2000픽셀쯤으로 저장해 주세요.",
                ),
            ),
        )
    )
