"""The brand's mark: a picture file of unknown origin, opened with care and made small.

"RGBA" with straight alpha and even sides. `drawing` and the cards ask; `measure_logo` reads no more than the header
of a PNG or JPEG. An SVG is judged by `svg` and drawn large, then made small as a photograph is.
"""

from __future__ import annotations

from pathlib import Path

from PIL import Image, ImageOps

from reels.art.alpha import bleed
from reels.art.opening import BROKEN, PictureLimits, eight_bits, opened, orientation, upright_raster
from reels.art.svg import Svg, draw_svg, read_svg
from reels.errors import CampaignProblem, CampaignProblems
from reels.geometry import Raster
from reels.said import Said

__all__ = ["LARGEST_LOGO_PIXELS", "draw_logo", "measure_logo"]

LARGEST_LOGO_PIXELS = 16_000_000
_LARGEST_LOGO_BYTES = 20_000_000
_LIMITS = PictureLimits(
    formats=("PNG", "JPEG"), most_bytes=_LARGEST_LOGO_BYTES, most_pixels=LARGEST_LOGO_PIXELS
)
_SHAPE_PX = 4096
_DRAWN_LARGER = 4  # then shrunk: edges as smooth as those of a large PNG


def measure_logo(path: Path, *, room: Raster) -> Raster:
    """The raster that `draw_logo` will return for the same arguments.

    Raises: CampaignProblems.
    """
    if _is_svg(path):
        return _logo_raster(_shape_of(_read_svg(path)), room)
    with opened(path, _LIMITS, _logo_problem) as picture:
        return _logo_raster(upright_raster(picture), room)


def draw_logo(path: Path, *, room: Raster, opacity: float = 1.0) -> Image.Image:
    """The brand's mark from a PNG, JPEG or SVG file (hostile input), as large as `room` allows in its own shape.

    Raises: CampaignProblems.
    """
    if _is_svg(path):
        drawing = _read_svg(path)
        size = _logo_raster(_shape_of(drawing), room)
        return _small(draw_svg(drawing, width_px=_DRAWN_LARGER * size.width), size, opacity)
    with opened(path, _LIMITS, _logo_problem) as picture:
        size = _logo_raster(upright_raster(picture), room)
        try:
            upright = ImageOps.exif_transpose(picture) if orientation(picture) != 1 else eight_bits(picture)
            upright = upright.convert("RGBA")
        except BROKEN as error:
            raise _logo_problem(path, Said(f"a damaged picture ({error})", ko="손상된 그림")) from None
    return _small(upright, size, opacity)


def _small(upright: Image.Image, size: Raster, opacity: float) -> Image.Image:
    small = upright.resize((size.width, size.height), Image.Resampling.LANCZOS)
    if opacity < 1:
        small.putalpha(small.getchannel("A").point([round(value * opacity) for value in range(256)]))
    return bleed(small)


def _is_svg(path: Path) -> bool:
    return path.suffix.lower() == ".svg"


def _read_svg(path: Path) -> Svg:
    if not path.is_file():
        raise _logo_problem(path, Said("no such file", ko="없는 파일"))
    return read_svg(path)


def _shape_of(drawing: Svg) -> Raster:
    """A drawing has no pixels: so many that its shape is kept."""
    scale = _SHAPE_PX / max(drawing.width, drawing.height)
    return Raster(max(1, round(drawing.width * scale)), max(1, round(drawing.height * scale)))


def _logo_raster(shown: Raster, room: Raster) -> Raster:
    """Even sides inside `room`, as near to the logo's shape as whole pixels can be."""
    width = min(room.width, room.height * shown.width // shown.height)
    height = min(room.height, (width * shown.height + shown.width // 2) // shown.width)
    return Raster(max(2, width - width % 2), max(2, height - height % 2))


def _logo_problem(path: Path, found: str) -> CampaignProblems:
    return CampaignProblems(
        problems=(
            CampaignProblem(
                where=Said(f"{path.name} (logo)", ko=f"{path.name}(로고)"),
                found=found,
                expected=Said(
                    f"a PNG, JPEG or SVG picture of at most {LARGEST_LOGO_PIXELS // 1_000_000} megapixels "
                    f"and {_LARGEST_LOGO_BYTES // 1_000_000} MB",
                    ko=f"{LARGEST_LOGO_PIXELS // 10_000}만 픽셀, {_LARGEST_LOGO_BYTES // 1_000_000} MB 이하의 "
                    "PNG, JPEG, SVG 그림",
                ),
                remedy=Said(
                    "save the logo as PNG with a transparent ground, about 1000 pixels wide",
                    ko="로고를 바탕이 투명한 PNG로, 너비 1000픽셀쯤으로 저장해 주세요.",
                ),
            ),
        )
    )
