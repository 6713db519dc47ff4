"""The cover: a frame of the reel with its title, inside what profile grids show of it.

JPEG out, no larger than a platform takes. Which frame it is has been decided before.
"""

from __future__ import annotations

import io
import unicodedata

from PIL import Image, ImageFilter

from reels.art.alpha import paint, rounded_mask
from reels.art.elements import CoverLook
from reels.art.text import paint_text, set_text
from reels.errors import CampaignProblem, CampaignProblems
from reels.geometry import Raster
from reels.layout import cover_title_room, scaled
from reels.said import Said

__all__ = ["draw_cover"]

_LEAST_COVER_PX = 56
_SHADE = 0.74
_COVER_QUALITIES = (92, 88, 84, 78, 70, 60, 50, 40, 30)


def draw_cover(
    frame: Image.Image,
    title: str,
    look: CoverLook,
    *,
    largest_bytes: int = 2_000_000,
    where: str = "cover title",
) -> bytes:
    """JPEG (sRGB, no metadata) of `frame` ("RGB", the reel's raster) with `title`, which may be empty.

    The title stands at the foot of the middle square that profile grids show: whole in 1:1, 3:4 and 9:16.

    Raises: GlyphMissing, FontMissing, CampaignProblems where the title or the file does not fit.
    """
    picture = frame.convert("RGBA")
    if unicodedata.normalize("NFC", title).strip():
        _paint_cover_title(picture, title, look, where)
    finished = picture.convert("RGB")
    size = 0
    for quality in _COVER_QUALITIES:
        file = io.BytesIO()
        # Not "optimize": libjpeg then refuses pictures with more detail than Pillow's buffer foresees.
        finished.save(file, "JPEG", quality=quality, subsampling=0 if quality > 80 else 2)
        size = file.tell()
        if size <= largest_bytes:
            return file.getvalue()
    raise CampaignProblems(
        problems=(
            CampaignProblem(
                where=where,
                found=Said(f"{size} bytes at the lowest quality", ko=f"가장 낮은 화질로도 {size}바이트"),
                expected=Said(f"at most {largest_bytes} bytes", ko=f"{largest_bytes}바이트 이하"),
                remedy=Said("choose another frame for the cover", ko="표지로 다른 장면을 골라 주세요."),
            ),
        )
    )


def _paint_cover_title(picture: Image.Image, title: str, look: CoverLook, where: str) -> None:
    raster = Raster(*picture.size)
    room = cover_title_room(raster)
    bar, gap = scaled(14, raster), scaled(34, raster)
    text = set_text(
        title,
        font=look.font,
        size_px=scaled(look.size_px, raster),
        least_px=scaled(_LEAST_COVER_PX, raster),
        width_px=room.width,
        height_px=(room.height * 3) // 5 - bar - gap,
        where=where,
    )
    top = room.bottom - text.height_px
    head = top - gap - bar
    _shade(picture, max(0, head - scaled(150, raster)), head, look)
    letters = Image.new("L", picture.size, 0)
    for line in range(len(text.lines)):
        paint_text(letters, text, line, room.left, top + text.baseline_px(line))
    edge = letters.filter(ImageFilter.GaussianBlur(scaled(10, raster)))
    bar_box = (room.left, top - gap - bar, room.left + scaled(150, raster), top - gap)
    paint(picture, edge, look.ground, 0.8)
    paint(picture, rounded_mask(picture.size, bar_box, bar // 2), look.accent)
    paint(picture, letters, look.text)


def _shade(picture: Image.Image, start_px: int, full_px: int, look: CoverLook) -> None:
    """The ground colour: nothing at `start_px`, at `full_px` enough for white letters on a white wall."""
    column = Image.new("L", (1, picture.height), 0)
    for y in range(start_px, picture.height):
        rise = min(1.0, (y - start_px) / max(1, full_px - start_px))
        fall = max(0.0, (y - full_px) / max(1, picture.height - full_px))
        # Smooth at both ends of the rise: a corner in the shade would show as a line.
        column.putpixel((0, y), round(255 * (_SHADE * rise * rise * (3 - 2 * rise) + (0.82 - _SHADE) * fall)))
    paint(picture, column.resize(picture.size, Image.Resampling.NEAREST), look.ground)
