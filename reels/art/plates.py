"""One text on a plate: time and place stamps, chapters, hashtags, callouts, labels.

From left to right: a bar, a sign, a small text, the text; what is not wanted is left out. "RGBA" with straight alpha
and even sides, exactly as large as what is on it. `drawing` asks.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from PIL import Image, ImageFilter

from reels.art.alpha import clear
from reels.art.elements import PlateElement, PlateLook
from reels.art.icons import icon_mask
from reels.art.text import SetText
from reels.art.words import cap_px, paint_icon, paint_plate, paint_words, set_on_lines, too_small
from reels.geometry import Raster
from reels.layout import even_up, scaled
from reels.said import Said

__all__ = ["draw_plate", "measure_plate"]

_LEAST_PX = 20
_SMALL_LINES = 3
_SMALL_SHARE = Fraction(2, 5)
"""Of the width that is free for both texts, at the most."""
_OUTLINE_PX = 6
_SHADOW = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plate:
    text: SetText
    small: SetText | None
    icon_px: int
    """0 without a sign."""
    size: Raster
    bar_px: int
    icon_left_px: int
    small_left_px: int
    text_left_px: int
    text_top_px: int


def measure_plate(element: PlateElement, *, raster: Raster, room: Raster, where: str) -> Raster:
    """The raster that `draw_plate` will return for the same arguments."""
    return _lay_plate(element, raster, room, where).size


def draw_plate(element: PlateElement, *, raster: Raster, room: Raster, where: str) -> Image.Image:
    """The whole plate for a picture of `raster`, no larger than `room`.

    Raises: GlyphMissing, FontMissing, CampaignProblems.
    """
    laid, look = _lay_plate(element, raster, room, where), element.look
    picture = clear(laid.size.width, laid.size.height)
    outline = None
    if look.ground is not None:
        whole = (0, 0, laid.size.width, laid.size.height)
        paint_plate(picture, whole, _radius(look, raster), look.ground, look.opacity)
        if laid.bar_px:
            bar = clear(laid.size.width, laid.size.height)
            paint_plate(bar, whole, _radius(look, raster), look.accent)
            picture.paste(bar.crop((0, 0, laid.bar_px, laid.size.height)), (0, 0))
    else:
        outline = (look.outline, scaled(_OUTLINE_PX, raster))
        if laid.bar_px:
            reach = outline[1]
            tall = (laid.text_top_px, laid.size.height - laid.text_top_px)
            for grown, colour in ((reach, look.outline), (0, look.accent)):
                box = (reach - grown + 2, tall[0] - grown, reach + laid.bar_px + grown + 2, tall[1] + grown)
                paint_plate(picture, box, laid.bar_px // 2 + grown, colour)
    baseline = laid.text_top_px + laid.text.ascent_px
    if element.icon is not None:
        sign = icon_mask(element.icon, laid.icon_px)
        top = baseline - cap_px(laid.text) // 2 - laid.icon_px // 2
        if outline is not None:
            edge = Image.new("L", (sign.width + 2 * outline[1], sign.height + 2 * outline[1]), 0)
            edge.paste(sign, (outline[1], outline[1]))
            edge = edge.filter(ImageFilter.MaxFilter(2 * outline[1] + 1))
            paint_icon(picture, edge, outline[0], laid.icon_left_px - outline[1], top - outline[1])
        paint_icon(picture, sign, look.accent, laid.icon_left_px, top)
    if laid.small is not None:
        top = baseline - laid.small.ascent_px
        paint_words(picture, laid.small, look.text, laid.small_left_px, top, outline=outline)
    paint_words(picture, laid.text, look.text, laid.text_left_px, laid.text_top_px, outline=outline)
    if outline is None:
        return picture
    return _with_shadow(picture, look, raster)


def _with_shadow(picture: Image.Image, look: PlateLook, raster: Raster) -> Image.Image:
    """Outlined letters on a soft shadow of the outline's colour, which has that colour everywhere."""
    shadow = picture.getchannel("A").filter(ImageFilter.GaussianBlur(scaled(4, raster)))
    ground = Image.new("RGBA", picture.size, (*look.outline.rgb, 0))
    ground.putalpha(shadow.point([round(value * _SHADOW) for value in range(256)]))
    ground.alpha_composite(picture)
    return ground


def _radius(look: PlateLook, raster: Raster) -> int:
    return scaled(max(10, look.size_px * 3 // 10), raster)


def _lay_plate(element: PlateElement, raster: Raster, room: Raster, where: str) -> _Plate:
    look = element.look
    size = scaled(look.size_px, raster)
    if look.ground is None:
        around = scaled(_OUTLINE_PX, raster) + scaled(10, raster)
        across, above = around, around
    else:
        across, above = max(scaled(16, raster), size // 2), max(scaled(12, raster), size * 3 // 10)
    bar = scaled(10, raster) if look.bar else 0
    # Outlined letters have no plate to carry the bar: it stands before them, with air of its own.
    before = bar + (scaled(14, raster) if bar and look.ground is None else 0)
    icon = round(size * 1.0) if element.icon is not None else 0
    gap = max(scaled(10, raster), size // 3)
    left = before + across
    small_text = " ".join(element.small.split())
    free = room.width - 1 - left - across - (icon + gap if icon else 0)
    height = room.height - 1 - 2 * above
    if free < size or height < scaled(_LEAST_PX, raster):
        raise too_small(
            where, room, Said(f"a plate of {look.size_px} px letters", ko=f"{look.size_px}픽셀 글자의 판")
        )
    small = None
    if small_text:
        small = set_on_lines(
            small_text,
            font=look.font,
            size_px=max(scaled(_LEAST_PX, raster), size * 3 // 4),
            least_px=scaled(_LEAST_PX, raster),
            lines=_SMALL_LINES,
            width_px=int(free * _SMALL_SHARE),
            height_px=height,
            where=f"{where} small",
        )
        free -= small.width_px + gap
    text = set_on_lines(
        element.text,
        font=look.font,
        size_px=size,
        least_px=scaled(_LEAST_PX, raster),
        lines=look.lines,
        width_px=free,
        height_px=height,
        where=where,
    )
    if small is not None and small.size_px > text.size_px:
        # A text that had to shrink stays at least as large as what stands before it.
        small = set_on_lines(
            small_text,
            font=look.font,
            size_px=text.size_px,
            least_px=scaled(_LEAST_PX, raster),
            lines=_SMALL_LINES,
            width_px=small.width_px,
            height_px=height,
            where=f"{where} small",
        )
    icon = min(icon, round(text.size_px * 1.0))
    icon_left = left
    small_left = icon_left + (icon + gap if icon else 0)
    text_left = small_left + (small.width_px + gap if small is not None else 0)
    # The small text stands on the first line of the text, and may have more lines than it.
    tall = text.height_px
    if small is not None:
        tall = max(tall, text.ascent_px - small.ascent_px + small.height_px)
    made = Raster(even_up(text_left + text.width_px + across), even_up(2 * above + tall))
    if made.height > room.height:
        raise too_small(where, room, Said(f"a plate of {made} pixels", ko=f"{made}픽셀인 판"))
    return _Plate(
        text=text,
        small=small,
        icon_px=icon,
        size=made,
        bar_px=bar,
        icon_left_px=icon_left,
        small_left_px=small_left,
        text_left_px=text_left,
        text_top_px=above,
    )
