"""Picture files of unknown origin, opened with care: PNG, JPEG or WebP, upright and with eight bits a channel.

Nothing but a file's header is read before its pixels are known to be few enough; what is damaged is refused with a
message for people. `pictures`, `cards` and `grounds` ask. (`logo` opens the mark by the same rules, with its own words.)
"""

from __future__ import annotations

import struct
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from math import ceil
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from reels.errors import CampaignProblem, CampaignProblems
from reels.geometry import Raster
from reels.said import Said

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


def open_picture(path: Path, *, size: Raster, what: Said, cover: bool = False) -> Image.Image:
    """The picture at `path`, "RGBA", brought to exactly `size`; the first picture of an animated file.

    With `cover` only the middle that has the shape of `size`, else all of it, whatever its shape.

    Raises: CampaignProblems.
    """
    with _opened(path, what) as picture:
        try:
            turned = _orientation(picture)
            shown = _upright_raster(picture)
            if picture.format == "JPEG":
                # A JPEG decodes at a half, a quarter or an eighth of its size at a fraction of the cost.
                scale = max(size.width / shown.width, size.height / shown.height)
                picture.draft(None, (ceil(2 * scale * picture.width), ceil(2 * scale * picture.height)))
            upright = ImageOps.exif_transpose(picture) if turned != 1 else _eight_bits(picture)
            box = _middle(upright.size, size) if cover else None
            made = upright.convert("RGBA").resize((size.width, size.height), Image.Resampling.LANCZOS, box)
        except _BROKEN:
            raise _problem(path, what, Said("a damaged picture", ko="손상된 그림")) from None
    return made


def _middle(found: tuple[int, int], size: Raster) -> tuple[float, float, float, float]:
    """The largest box of the shape of `size` in the middle of a picture: left, top, right, bottom."""
    scale = max(size.width / found[0], size.height / found[1])
    wide, tall = min(found[0], size.width / scale), min(found[1], size.height / scale)
    left, top = (found[0] - wide) / 2, (found[1] - tall) / 2
    return left, top, left + wide, top + tall


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
