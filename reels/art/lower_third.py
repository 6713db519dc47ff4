"""The lower third: who speaks, name above role on one plate with a bar of the accent colour at its left edge.

"RGBA" with straight alpha and even sides, exactly as large as what is on it; sizes in a look are those of a picture
with 1920 lines. `drawing` asks; `measure_lower_third` tells the raster without drawing.
"""

from __future__ import annotations

from dataclasses import dataclass

from PIL import Image

from reels.art.alpha import bleed, clear, paint, rounded_mask
from reels.art.elements import LowerThirdElement
from reels.art.text import SetText, paint_text, set_text
from reels.geometry import Raster
from reels.layout import even_up, scaled

__all__ = ["draw_lower_third", "measure_lower_third"]

_LEAST_NAME_PX = 36
_LEAST_ROLE_PX = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class _LowerThird:
    name: SetText
    role: SetText | None
    size: Raster
    left_px: int
    name_top_px: int
    role_top_px: int
    bar_px: int


def measure_lower_third(element: LowerThirdElement, *, raster: Raster, room: Raster, where: str) -> Raster:
    """The raster that `draw_lower_third` will return for the same arguments."""
    return _lay_lower_third(element, raster, room, where).size


def draw_lower_third(element: LowerThirdElement, *, raster: Raster, room: Raster, where: str) -> Image.Image:
    """The name above the role for a picture of `raster`, no larger than `room`.

    Raises: GlyphMissing, FontMissing, CampaignProblems.
    """
    laid, look = _lay_lower_third(element, raster, room, where), element.look
    picture = clear(laid.size.width, laid.size.height)
    whole = (0, 0, laid.size.width, laid.size.height)
    plate = rounded_mask(picture.size, whole, scaled(16, raster))
    bar = Image.new("L", picture.size, 0)
    bar.paste(plate.crop((0, 0, laid.bar_px, laid.size.height)), (0, 0))
    letters = Image.new("L", picture.size, 0)
    for text, top in ((laid.name, laid.name_top_px), (laid.role, laid.role_top_px)):
        for line in range(len(text.lines) if text else 0):
            assert text is not None
            paint_text(letters, text, line, laid.left_px, top + text.baseline_px(line))
    paint(picture, plate, look.ground)
    paint(picture, bar, look.accent)
    paint(picture, letters, look.text)
    return bleed(picture)


def _lay_lower_third(element: LowerThirdElement, raster: Raster, room: Raster, where: str) -> _LowerThird:
    look = element.look
    bar, across = scaled(14, raster), scaled(30, raster)
    above, between = scaled(24, raster), scaled(14, raster)
    width = room.width - bar - 2 * across - 1
    height = room.height - 2 * above - 1
    role = " ".join(element.role.split())
    # The role may take what the name leaves; the name gets two thirds at the most.
    name_set = set_text(
        element.name,
        font=look.name_font,
        size_px=scaled(look.name_size_px, raster),
        least_px=scaled(_LEAST_NAME_PX, raster),
        width_px=width,
        height_px=height * 2 // 3 if role else height,
        where=f"{where} name",
    )
    role_set = None
    text_height, text_width = name_set.height_px, name_set.width_px
    if role:
        least_role = scaled(_LEAST_ROLE_PX, raster)
        # A name that had to shrink stays larger than the role below it.
        beside_name = name_set.size_px * look.role_size_px // look.name_size_px
        role_set = set_text(
            role,
            font=look.role_font,
            size_px=min(scaled(look.role_size_px, raster), max(least_role, beside_name)),
            least_px=least_role,
            width_px=width,
            height_px=height - name_set.height_px - between,
            where=f"{where} role",
        )
        text_height += between + role_set.height_px
        text_width = max(text_width, role_set.width_px)
    return _LowerThird(
        name=name_set,
        role=role_set,
        size=Raster(even_up(bar + 2 * across + text_width), even_up(2 * above + text_height)),
        left_px=bar + across,
        name_top_px=above,
        role_top_px=above + name_set.height_px + between,
        bar_px=bar,
    )
