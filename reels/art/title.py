"""The title: words on plates, or outlined words with a bar of the accent colour above them.

"RGBA" with straight alpha and even sides, exactly as large as what is on it; sizes in a look are those of a picture
with 1920 lines. `drawing` asks; `measure_title` tells the raster without drawing.
"""

from __future__ import annotations

from dataclasses import dataclass

from PIL import Image, ImageFilter

from reels.art.alpha import bleed, clear, paint, rounded_mask
from reels.art.elements import TitleElement, TitleLook
from reels.art.text import SetText, paint_text, set_text
from reels.geometry import Raster
from reels.layout import even_up, scaled

__all__ = ["draw_title", "measure_title"]

_LEAST_TITLE_PX = 48
_SHADOW = 0.55


@dataclass(frozen=True, slots=True, kw_only=True)
class _Title:
    text: SetText
    size: Raster
    left_px: int
    top_px: int
    across_px: int
    """Air between the letters and a plate's left and right edge."""
    above_px: int
    """Air between the letters and a plate's top and foot."""


def measure_title(element: TitleElement, *, raster: Raster, room: Raster, where: str) -> Raster:
    """The raster that `draw_title` will return for the same arguments."""
    return _lay_title(element, raster, room, where).size


def draw_title(element: TitleElement, *, raster: Raster, room: Raster, where: str) -> Image.Image:
    """The title for a picture of `raster`, no larger than `room`.

    Raises: GlyphMissing, FontMissing, CampaignProblems.
    """
    laid, look = _lay_title(element, raster, room, where), element.look
    picture = clear(laid.size.width, laid.size.height)
    if look.ground is None:
        _paint_outlined_title(picture, laid, look, raster)
    else:
        _paint_title_on_plates(picture, laid, look, raster)
    return bleed(picture)


def _lay_title(element: TitleElement, raster: Raster, room: Raster, where: str) -> _Title:
    look = element.look
    size = scaled(look.size_px, raster)
    if look.ground is None:
        around = scaled(look.outline_px, raster) + scaled(12, raster)
        bar = scaled(12, raster) + scaled(22, raster)
        left, top, across, above = around, around + bar, 0, 0
        extra = 2 * around, 2 * around + bar
    else:
        across, above = size * 3 // 10, size * 2 // 10
        left, top, extra = across, above, (2 * across, 2 * above)
    laid = set_text(
        element.text,
        font=look.font,
        size_px=size,
        least_px=scaled(_LEAST_TITLE_PX, raster),
        width_px=room.width - extra[0] - 1,
        height_px=room.height - extra[1] - 1,
        where=where,
    )
    size_of_all = Raster(even_up(laid.width_px + extra[0]), even_up(laid.height_px + extra[1]))
    return _Title(text=laid, size=size_of_all, left_px=left, top_px=top, across_px=across, above_px=above)


def _paint_outlined_title(picture: Image.Image, laid: _Title, look: TitleLook, raster: Raster) -> None:
    stroke = scaled(look.outline_px, raster)
    letters, edge = Image.new("L", picture.size, 0), Image.new("L", picture.size, 0)
    for line in range(len(laid.text.lines)):
        baseline = laid.top_px + laid.text.baseline_px(line)
        paint_text(letters, laid.text, line, laid.left_px, baseline)
        paint_text(edge, laid.text, line, laid.left_px, baseline, stroke)
    bar_top = stroke + scaled(6, raster)
    bar = (laid.left_px, bar_top, laid.left_px + scaled(120, raster), bar_top + scaled(12, raster))
    bar_mask = rounded_mask(picture.size, (*bar[:2], min(bar[2], picture.width), bar[3]), scaled(6, raster))
    shadow = edge.filter(ImageFilter.GaussianBlur(scaled(5, raster)))
    paint(picture, shadow, look.outline, _SHADOW)
    paint(picture, bar_mask, look.accent)
    paint(picture, edge, look.outline)
    paint(picture, letters, look.text)


def _paint_title_on_plates(picture: Image.Image, laid: _Title, look: TitleLook, raster: Raster) -> None:
    assert look.ground is not None
    radius = scaled(14, raster)
    plates = Image.new("L", picture.size, 0)
    letters = Image.new("L", picture.size, 0)
    for line, width in enumerate(laid.text.widths_px):
        baseline = laid.top_px + laid.text.baseline_px(line)
        top = baseline - laid.text.ascent_px - laid.above_px
        foot = baseline + laid.text.descent_px + laid.above_px
        plate = rounded_mask(
            picture.size, (0, top, width + 2 * laid.across_px, min(foot, picture.height)), radius
        )
        plates.paste(255, (0, 0), plate)
        paint_text(letters, laid.text, line, laid.left_px, baseline)
    paint(picture, plates, look.ground)
    paint(picture, letters, look.text)
