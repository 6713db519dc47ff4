"""The brand's mark: a picture or drawing of unknown origin, as large as its room allows.

"RGBA" with straight alpha and even sides. `measure_logo` reads no more than the header of a PNG or JPEG, which `opening`
opens within limits of its own; an SVG is judged by `svg`, drawn large, and made small as a photograph is. `plan`
measures, `perform` and the end card draw, `lint` looks at it.
"""

from __future__ import annotations

from pathlib import Path

from PIL import Image

from reels.art.alpha import bleed
from reels.art.opening import PictureLimits, open_picture, shown_raster
from reels.art.svg import Svg, draw_svg, read_svg
from reels.geometry import Raster, scale_to_fit
from reels.said import Said

__all__ = ["draw_logo", "measure_logo"]

_LIMITS = PictureLimits(
    formats=("PNG", "JPEG"),
    others=("SVG",),
    most_bytes=20_000_000,
    most_pixels=16_000_000,
    remedy=Said(
        "save the logo as PNG with a transparent ground, about 1000 pixels wide",
        ko="로고를 바탕이 투명한 PNG로, 너비 1000픽셀쯤으로 저장해 주세요.",
    ),
)
_LOGO = Said("logo", ko="로고")
_SHAPE_PX = 4096
_DRAWN_LARGER = 4  # then shrunk: edges as smooth as those of a large PNG


def measure_logo(path: Path, *, room: Raster) -> Raster:
    """The raster that `draw_logo` will return for the same arguments: even sides, as large as `room` allows.

    Raises: CampaignProblems.
    """
    if _is_svg(path):
        return scale_to_fit(_shape_of(_read_svg(path)), room)
    return scale_to_fit(shown_raster(path, what=_LOGO, limits=_LIMITS), room)


def draw_logo(path: Path, *, room: Raster, opacity: float = 1.0) -> Image.Image:
    """The brand's mark from a PNG, JPEG or SVG file (hostile input), as large as `room` allows in its own shape.

    Raises: CampaignProblems.
    """
    if _is_svg(path):
        drawing = _read_svg(path)
        size = scale_to_fit(_shape_of(drawing), room)
        large = draw_svg(drawing, width_px=_DRAWN_LARGER * size.width)
        small = large.resize((size.width, size.height), Image.Resampling.LANCZOS)
    else:
        size = measure_logo(path, room=room)
        small = open_picture(path, size=size, what=_LOGO, limits=_LIMITS)
    if opacity < 1:
        small.putalpha(small.getchannel("A").point([round(value * opacity) for value in range(256)]))
    return bleed(small)


def _is_svg(path: Path) -> bool:
    return path.suffix.lower() == ".svg"


def _read_svg(path: Path) -> Svg:
    if not path.is_file():
        raise _LIMITS.refusal(path, _LOGO, Said("no such file", ko="없는 파일"))
    return read_svg(path)


def _shape_of(drawing: Svg) -> Raster:
    """A drawing has no pixels: so many that its shape is kept."""
    scale = _SHAPE_PX / max(drawing.width, drawing.height)
    return Raster(max(1, round(drawing.width * scale)), max(1, round(drawing.height * scale)))
