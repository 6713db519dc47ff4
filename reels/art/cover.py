"""The cover: a picture with a title, inside what profile grids show of it and beside the faces in it.

JPEG out, no larger than a platform takes. Which picture it is has been decided before.
"""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Sequence

from PIL import Image, ImageFilter

from reels.art.alpha import paint, rounded_mask
from reels.art.elements import CoverLook
from reels.art.text import SetText, paint_text, set_text
from reels.covering import title_place
from reels.errors import CampaignProblem, CampaignProblems
from reels.geometry import Box, Raster
from reels.layout import cover_title_room, scaled
from reels.said import Said

__all__ = ["cover_title_places", "draw_cover"]

_LEAST_COVER_PX = 56
_SHADE = 0.74
_BAR_PX, _GAP_PX, _SHADE_PX = 14, 34, 150
_COVER_QUALITIES = (92, 88, 84, 78, 70, 60, 50, 40, 30)


def cover_title_places(
    title: str, look: CoverLook, raster: Raster, *, where: str = "cover title"
) -> tuple[Box, ...]:
    """Where the title may stand: at the foot, its usual place, or at the head; () where there is none.

    Raises: as `draw_cover`, for the title.
    """
    if not _is_shown(title):
        return ()
    set_title = _set(title, look, raster, where)
    return tuple(_place(set_title, raster, at_head=at_head) for at_head in (False, True))


def draw_cover(
    frame: Image.Image,
    title: str,
    look: CoverLook,
    *,
    faces: Sequence[Box] = (),
    largest_bytes: int = 2_000_000,
    where: str = "cover title",
) -> bytes:
    """JPEG (sRGB, no metadata) of `frame` ("RGB", the reel's raster) with `title`, which may be empty.

    The title stands at the foot of the middle square that profile grids show, or at its head where the foot would
    cover one of `faces` and the head covers less: whole in 1:1, 3:4 and 9:16.

    Raises: GlyphMissing, FontMissing, CampaignProblems where the title or the file does not fit.
    """
    picture = frame.convert("RGBA")
    places = cover_title_places(title, look, Raster(*picture.size), where=where)
    if places:
        _paint_cover_title(picture, title, look, where, at_head=title_place(places, faces) == 1)
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


def _is_shown(title: str) -> bool:
    return bool(unicodedata.normalize("NFC", title).strip())


def _set(title: str, look: CoverLook, raster: Raster, where: str) -> SetText:
    room = cover_title_room(raster)
    return set_text(
        title,
        font=look.font,
        size_px=scaled(look.size_px, raster),
        least_px=scaled(_LEAST_COVER_PX, raster),
        width_px=room.width,
        height_px=(room.height * 3) // 5 - _over_the_text(raster),
        where=where,
    )


def _over_the_text(raster: Raster) -> int:
    return scaled(_BAR_PX, raster) + scaled(_GAP_PX, raster)


def _place(text: SetText, raster: Raster, *, at_head: bool) -> Box:
    """The title with its bar, at the head or the foot of its room."""
    room, height = cover_title_room(raster), text.height_px + _over_the_text(raster)
    top = room.top if at_head else room.bottom - height
    return Box(room.left, top, room.right, top + height)


def _paint_cover_title(
    picture: Image.Image, title: str, look: CoverLook, where: str, *, at_head: bool
) -> None:
    raster = Raster(*picture.size)
    text = _set(title, look, raster, where)
    box = _place(text, raster, at_head=at_head)
    bar = scaled(_BAR_PX, raster)
    shade = _shade(picture.height, box, scaled(_SHADE_PX, raster), at_head=at_head)
    paint(picture, shade.resize(picture.size, Image.Resampling.NEAREST), look.ground)
    letters = Image.new("L", picture.size, 0)
    for line in range(len(text.lines)):
        baseline = box.bottom - text.height_px + text.baseline_px(line)
        paint_text(letters, text, line, box.left, baseline)
    edge = letters.filter(ImageFilter.GaussianBlur(scaled(10, raster)))
    bar_box = (box.left, box.top, box.left + scaled(150, raster), box.top + bar)
    paint(picture, edge, look.ground, 0.8)
    paint(picture, rounded_mask(picture.size, bar_box, bar // 2), look.accent)
    paint(picture, letters, look.text)


def _shade(height: int, box: Box, over_px: int, *, at_head: bool) -> Image.Image:
    """A column "L": nothing `over_px` before the title, beside it and on to the edge enough for white on white."""
    full = height - box.bottom if at_head else box.top
    start = max(0, full - over_px)
    column = Image.new("L", (1, height), 0)
    for y in range(start, height):
        rise = min(1.0, (y - start) / max(1, full - start))
        fall = max(0.0, (y - full) / max(1, height - full))
        # Smooth at both ends of the rise: a corner in the shade would show as a line.
        column.putpixel((0, y), round(255 * (_SHADE * rise * rise * (3 - 2 * rise) + (0.82 - _SHADE) * fall)))
    return column.transpose(Image.Transpose.FLIP_TOP_BOTTOM) if at_head else column
