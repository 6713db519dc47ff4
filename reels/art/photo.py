"""A picture that fills the screen: a file of unknown origin, opened with care, upright, cropped around its middle.

"RGB" in sRGB out. `art.cover` writes on it; `measure_photo` reads no more than the header.
"""

from __future__ import annotations

import io
from fractions import Fraction
from pathlib import Path

from PIL import Image, ImageCms

from reels.art.colour import Colour
from reels.art.opening import BROKEN, PictureLimits, eight_bits, opened, orientation
from reels.errors import CampaignProblem, CampaignProblems
from reels.geometry import Raster
from reels.said import Said

__all__ = ["draw_photo", "measure_photo"]

_LARGEST_PIXELS = 100_000_000
_LARGEST_BYTES = 50_000_000
_LIMITS = PictureLimits(most_bytes=_LARGEST_BYTES, most_pixels=_LARGEST_PIXELS)
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
    with opened(path, _LIMITS, _problem) as picture:
        return _shown(path, picture, aspect)


def draw_photo(path: Path, *, raster: Raster, ground: Colour) -> Image.Image:
    """The middle of a PNG, JPEG or WebP file (hostile input) as large as `raster`; `ground` is behind what is clear.

    Raises: CampaignProblems.
    """
    with opened(path, _LIMITS, _problem) as picture:
        try:
            picture.load()
            shown = _shown(path, picture, raster.aspect)
            turn = orientation(picture)
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
        except BROKEN as error:
            raise _problem(path, Said(f"a damaged picture ({error})", ko="손상된 그림")) from None


def _shown(path: Path, picture: Image.Image, aspect: Fraction) -> Raster:
    """The largest part of that shape in the upright picture. Raises: CampaignProblems where it is too small."""
    wide, high = picture.size
    if orientation(picture) in _ON_ITS_SIDE:
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


def _plain(picture: Image.Image) -> Image.Image:
    """The picture in a mode that can be made smaller without loss."""
    if picture.mode.startswith("I"):
        return eight_bits(picture)
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
