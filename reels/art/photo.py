"""A picture that fills the screen: a file of unknown origin, cropped around its middle; "RGB" in sRGB out.

Opened by `opening` within limits of its own. `art.cover` writes on it; `measure_photo` reads no more than the header.
"""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

from PIL import Image

from reels.art.colour import Colour
from reels.art.opening import PictureLimits, open_picture, shown_raster
from reels.geometry import Raster
from reels.said import Said

__all__ = ["draw_photo", "measure_photo"]

_SMALLEST = Raster(540, 960)
_LIMITS = PictureLimits(
    most_bytes=50_000_000,
    most_pixels=100_000_000,
    besides=Said(
        f", whose upright middle of 9:16 has at least {_SMALLEST} pixels",
        ko=f"(바로 세워 가운데를 9:16으로 자르면 {_SMALLEST}픽셀 이상)",
    ),
    remedy=Said(
        "save the picture as JPEG, best 1080x1920",
        ko="그림을 JPEG로, 되도록 1080x1920으로 저장해 주세요.",
    ),
)
_COVER = Said("cover", ko="표지")


def measure_photo(path: Path, *, aspect: Fraction = Fraction(9, 16)) -> Raster:
    """What of the picture will be shown, in its own pixels, as far as its header tells.

    Raises: CampaignProblems for what is no picture, too large or too small; nothing is decoded.
    """
    whole = shown_raster(path, what=_COVER, limits=_LIMITS)
    shown = Raster(
        max(1, min(whole.width, int(whole.height * aspect))),
        max(1, min(whole.height, int(whole.width / aspect))),
    )
    if shown.width < _SMALLEST.width or shown.height < _SMALLEST.height:
        found = Said(
            f"{whole} pixels, of which {shown} would be shown", ko=f"{whole}픽셀(그 가운데 {shown}만 보임)"
        )
        raise _LIMITS.refusal(path, _COVER, found)
    return shown


def draw_photo(path: Path, *, raster: Raster, ground: Colour) -> Image.Image:
    """The middle of a PNG, JPEG or WebP file (hostile input) as large as `raster`; `ground` is behind what is clear.

    Raises: CampaignProblems.
    """
    measure_photo(path, aspect=raster.aspect)
    shown = open_picture(path, size=raster, what=_COVER, cover=True, limits=_LIMITS)
    under = Image.new("RGB", shown.size, ground.rgb)
    under.paste(shown, (0, 0), shown)
    return under
