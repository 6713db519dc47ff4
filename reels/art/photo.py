"""A picture that fills the screen: a file of unknown origin, opened with care, upright, cropped around its middle.

"RGB" in sRGB out. `art.cover` writes on it; `measure_photo` reads no more than the header.
"""

from __future__ import annotations

import io
import struct
import warnings
from fractions import Fraction
from pathlib import Path

from PIL import Image, ImageCms

from reels.art.colour import Colour
from reels.errors import CampaignProblem, CampaignProblems
from reels.geometry import Raster
from reels.said import Said

__all__ = ["draw_photo", "measure_photo"]

_LARGEST_PIXELS = 100_000_000
_LARGEST_BYTES = 50_000_000
_LARGEST_PROFILE_BYTES = 4_000_000
_SMALLEST = Raster(540, 960)
_TURNED = {
    2: (Image.Transpose.FLIP_LEFT_RIGHT,),
    3: (Image.Transpose.ROTATE_180,),
    4: (Image.Transpose.FLIP_TOP_BOTTOM,),
    5: (Image.Transpose.TRANSPOSE,),
    6: (Image.Transpose.ROTATE_270,),
    7: (Image.Transpose.TRANSVERSE,),
    8: (Image.Transpose.ROTATE_90,),
}
"""What makes a picture upright, by the orientation that its metadata says."""
_ON_ITS_SIDE = frozenset({5, 6, 7, 8})


def measure_photo(path: Path, *, aspect: Fraction = Fraction(9, 16)) -> Raster:
    """What of the picture will be shown, in its own pixels, as far as its header tells.

    Raises: CampaignProblems for what is no picture, too large or too small; nothing is decoded.
    """
    with _opened(path) as picture:
        return _shown(path, picture, aspect)


def draw_photo(path: Path, *, raster: Raster, ground: Colour) -> Image.Image:
    """The middle of a PNG, JPEG or WebP file (hostile input) as large as `raster`; `ground` is behind what is clear.

    Raises: CampaignProblems.
    """
    with _opened(path) as picture:
        try:
            picture.load()
            shown = _shown(path, picture, raster.aspect)
            turn = _orientation(picture)
            across = turn in _ON_ITS_SIDE
            wide, high = (shown.height, shown.width) if across else (shown.width, shown.height)
            left, top = (picture.width - wide) / 2, (picture.height - high) / 2
            size = (raster.height, raster.width) if across else (raster.width, raster.height)
            small = _plain(picture).resize(
                size, Image.Resampling.LANCZOS, box=(left, top, left + wide, top + high), reducing_gap=3
            )
            for step in _TURNED.get(turn, ()):
                small = small.transpose(step)
            return _in_srgb(small, picture.info.get("icc_profile"), ground)
        except (OSError, ValueError, SyntaxError, MemoryError, struct.error, EOFError) as error:
            raise _problem(path, Said(f"a damaged picture ({error})", ko="손상된 그림")) from None


def _opened(path: Path) -> Image.Image:
    if not path.is_file():
        raise _problem(path, Said("no such file", ko="없는 파일"))
    if path.stat().st_size > _LARGEST_BYTES:
        raise _problem(path, Said(f"{path.stat().st_size} bytes", ko=f"{path.stat().st_size}바이트"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        try:
            # Only the header is read here; the pixels wait until their number is known to be harmless.
            picture = Image.open(path, formats=("PNG", "JPEG", "WEBP"))
        except (
            OSError,
            ValueError,
            SyntaxError,
            EOFError,
            struct.error,
            Image.DecompressionBombError,
        ) as error:
            found = (
                Said("too many pixels", ko="픽셀이 너무 많은 그림")
                if isinstance(error, Image.DecompressionBombError)
                else Said("no PNG, JPEG or WebP picture", ko="PNG, JPEG, WebP가 아닌 파일")
            )
            raise _problem(path, found) from None
    if picture.width * picture.height > _LARGEST_PIXELS:
        picture.close()
        raise _problem(path, _pixels(Raster(picture.width, picture.height)))
    return picture


def _shown(path: Path, picture: Image.Image, aspect: Fraction) -> Raster:
    """The largest part of that shape in the upright picture. Raises: CampaignProblems where it is too small."""
    wide, high = picture.size
    if _orientation(picture) in _ON_ITS_SIDE:
        wide, high = high, wide
    shown = Raster(max(1, min(wide, int(high * aspect))), max(1, min(high, int(wide / aspect))))
    if shown.width < _SMALLEST.width or shown.height < _SMALLEST.height:
        raise _problem(
            path,
            Said(
                f"{wide}x{high} pixels, of which {shown} would be shown",
                ko=f"{wide}x{high}픽셀(그 가운데 {shown}만 보임)",
            ),
        )
    return shown


def _orientation(picture: Image.Image) -> int:
    # Asking a PNG would decode all of it; it is asked again when that is done.
    if picture.format == "PNG" and "exif" not in picture.info:
        return 1
    try:
        return int(picture.getexif().get(0x0112, 1))
    except (OSError, ValueError, TypeError, SyntaxError, struct.error):
        return 1  # metadata that cannot be read turns nothing, in any viewer


def _plain(picture: Image.Image) -> Image.Image:
    """The picture in a mode that can be made smaller without loss."""
    if picture.mode.startswith("I"):
        # A plain conversion would clip a 16-bit grey picture to white.
        return picture.convert("I").point([value // 257 for value in range(65536)], "L")
    if "transparency" in picture.info or picture.mode in ("LA", "PA", "La"):
        return picture.convert("RGBA")
    return picture.convert("RGB") if picture.mode in ("P", "1") else picture


def _in_srgb(picture: Image.Image, profile: object, ground: Colour) -> Image.Image:
    """`picture` in the colours of the screen: phones write Display P3, agencies CMYK with a profile of the press."""
    alpha = picture.getchannel("A") if picture.mode == "RGBA" else None
    colours = picture.convert("RGB") if alpha is not None else picture
    converted = _by_profile(colours, profile) or colours.convert("RGB")
    if alpha is None:
        return converted
    under = Image.new("RGB", converted.size, ground.rgb)
    under.paste(converted, (0, 0), alpha)
    return under


def _by_profile(picture: Image.Image, profile: object) -> Image.Image | None:
    """By the profile in the file; None where there is none that is valid: then, as in any viewer, its numbers count."""
    if not isinstance(profile, bytes) or len(profile) > _LARGEST_PROFILE_BYTES:
        return None
    try:
        return ImageCms.profileToProfile(
            picture,
            ImageCms.ImageCmsProfile(io.BytesIO(profile)),
            ImageCms.createProfile("sRGB"),
            outputMode="RGB",
        )
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return None


def _pixels(raster: Raster) -> Said:
    return Said(f"{raster} pixels", ko=f"{raster}픽셀")


def _problem(path: Path, found: str) -> CampaignProblems:
    return CampaignProblems(
        problems=(
            CampaignProblem(
                where=Said(f"{path.name} (cover)", ko=f"{path.name}(표지)"),
                found=found,
                expected=Said(
                    f"a PNG, JPEG or WebP picture of at most {_LARGEST_PIXELS // 1_000_000} megapixels and "
                    f"{_LARGEST_BYTES // 1_000_000} MB, whose upright middle of 9:16 has at least {_SMALLEST} pixels",
                    ko=f"{_LARGEST_PIXELS // 10_000}만 픽셀, {_LARGEST_BYTES // 1_000_000} MB 이하이고 가운데를 9:16으로 "
                    f"잘라 {_SMALLEST}픽셀 이상인 PNG, JPEG, WebP 그림",
                ),
                remedy=Said(
                    "save the picture as JPEG, best 1080x1920",
                    ko="그림을 JPEG로, 되도록 1080x1920으로 저장해 주세요.",
                ),
            ),
        )
    )
