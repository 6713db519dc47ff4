"""Picture files in a frame: an inset with a caption, and before and after.

The files are hostile input and opened by `opening`. "RGBA" with straight alpha and even sides; `drawing` asks.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from PIL import Image

from reels.art.alpha import clear, paint_picture
from reels.art.elements import BeforeAfterElement, PictureElement, PictureLook
from reels.art.opening import open_picture, shown_raster
from reels.art.scene import Pixels, Run, Scene
from reels.art.text import SetText
from reels.art.words import cap_px, paint_plate, paint_words, set_on_lines, too_small
from reels.geometry import Raster, scale_to_fit
from reels.layout import even_up, scaled
from reels.said import Said

__all__ = ["draw_picture", "measure_before_after", "measure_picture", "scene_of_before_after"]

_LEAST_PX = 26
_LEAST_LABEL_PX = 20
_LEAST_PICTURE_PX = 120
_CAPTION_LINES = 2
_NARROWEST = Fraction(1, 2)
"""Of the room: a tall picture stands on a frame that wide, so that its caption finds room."""
_CAPTION_SHARE = Fraction(2, 5)
"""Of the room's height at the most."""

_INSET = Said("picture", ko="그림")
_BEFORE, _AFTER = Said("picture before", ko="전 그림"), Said("picture after", ko="후 그림")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Framed:
    picture: Raster
    size: Raster
    frame_px: int
    caption: SetText | None
    caption_top_px: int


def measure_picture(element: PictureElement, *, raster: Raster, room: Raster, where: str) -> Raster:
    """The raster that `draw_picture` will return for the same arguments; of the file only the header is read."""
    return _lay_picture(element, raster, room, where).size


def draw_picture(element: PictureElement, *, raster: Raster, room: Raster, where: str) -> Image.Image:
    """The picture in its frame, its caption below.

    Raises: GlyphMissing, FontMissing, CampaignProblems.
    """
    laid, look = _lay_picture(element, raster, room, where), element.look
    picture = _framed(laid, look, raster)
    shown = open_picture(element.picture, size=laid.picture, what=_INSET)
    left = (laid.size.width - laid.picture.width) // 2
    paint_picture(picture, shown, left, laid.frame_px, _inner_radius(laid, raster))
    if laid.caption is not None:
        paint_words(picture, laid.caption, look.text, 0, laid.caption_top_px, width_px=laid.size.width)
    return picture


def _lay_picture(element: PictureElement, raster: Raster, room: Raster, where: str) -> _Framed:
    look = element.look
    shown = shown_raster(element.picture, what=_INSET)
    frame = scaled(look.frame_px, raster)
    if not element.caption.strip():
        return _lay_frame(shown, frame, raster, room, where)
    across, above = scaled(24, raster), scaled(22, raster)
    size = scaled(look.size_px, raster)
    # A caption breaks in the picture's width, and the picture's width depends on the caption's height.
    taken = size
    for _ in range(4):
        below = 2 * above + taken - frame + 1
        laid = _lay_frame(shown, frame, raster, Raster(room.width, max(1, room.height - below)), where)
        wide = max(laid.size.width, even_up(int(room.width * _NARROWEST)) - 2)
        caption = set_on_lines(
            element.caption,
            font=look.font,
            size_px=size,
            least_px=scaled(_LEAST_PX, raster),
            lines=_CAPTION_LINES,
            width_px=wide - 2 * across - 1,
            height_px=max(1, int(room.height * _CAPTION_SHARE)),
            where=f"{where} caption",
        )
        if caption.height_px <= taken:
            break
        taken = caption.height_px
    else:
        raise too_small(where, room, Said("a picture with its caption", ko="설명이 달린 그림"))
    top = frame + laid.picture.height + above
    return _Framed(
        picture=laid.picture,
        size=Raster(wide, even_up(top + caption.height_px + above)),
        frame_px=frame,
        caption=caption,
        caption_top_px=top,
    )


def _lay_frame(shown: Raster, frame: int, raster: Raster, room: Raster, where: str) -> _Framed:
    """A frame of the picture's shape, as large as `room`; its inside is even, and so is its outside."""
    inside = (room.width - 2 * frame, room.height - 2 * frame)
    least = scaled(_LEAST_PICTURE_PX, raster)
    if min(inside) < least:
        raise too_small(where, Raster(max(1, room.width), max(1, room.height)), Said("a picture", ko="그림"))
    picture = scale_to_fit(shown, Raster(*inside))
    size = Raster(picture.width + 2 * frame, picture.height + 2 * frame)
    return _Framed(picture=picture, size=size, frame_px=frame, caption=None, caption_top_px=0)


def _framed(laid: _Framed, look: PictureLook, raster: Raster) -> Image.Image:
    picture = clear(laid.size.width, laid.size.height)
    paint_plate(picture, (0, 0, *picture.size), scaled(22, raster), look.ground)
    return picture


def _inner_radius(laid: _Framed, raster: Raster) -> int:
    return max(0, scaled(22, raster) - laid.frame_px)


# --- before and after ------------------------------------------------------------------------------------


def measure_before_after(element: BeforeAfterElement, *, raster: Raster, room: Raster, where: str) -> Raster:
    """The raster of `scene_of_before_after` for the same arguments; of the files only the headers are read."""
    shown_raster(element.after, what=_AFTER)
    laid = _lay_before_after(element, raster, room, where)
    for name, text in (("before", element.before_label), ("after", element.after_label)):
        _set_label(text, element.look, laid, raster, f"{where} {name}")
    return laid.size


def scene_of_before_after(element: BeforeAfterElement, *, raster: Raster, room: Raster, where: str) -> Scene:
    """The first picture; after half of the time the second wipes over it from left to right behind a line.

    Each carries its own label in its left upper corner. In the last frame the second is whole.

    Raises: GlyphMissing, FontMissing, CampaignProblems.
    """
    laid, look = _lay_before_after(element, raster, room, where), element.look
    before = open_picture(element.before, size=laid.picture, what=_BEFORE)
    after = open_picture(element.after, size=laid.picture, what=_AFTER, cover=True)
    stills: list[Pixels] = []
    for shown, label, name in (
        (before, element.before_label, "before"),
        (after, element.after_label, "after"),
    ):
        still = _framed(laid, look, raster)
        paint_picture(still, shown, laid.frame_px, laid.frame_px, _inner_radius(laid, raster))
        text = _set_label(label, look, laid, raster, f"{where} {name}")
        if text is not None:
            _paint_label(still, text, look, laid, raster)
        stills.append(np.array(still))
    line = max(2, scaled(6, raster))
    start = element.frames // 2
    moving = min(element.wipe_frames, max(0, element.frames - start - 1))

    def make() -> Iterator[Run]:
        first, second = stills
        if start:
            yield Run(picture=first, frames=start)
        left, right = laid.frame_px, laid.frame_px + laid.picture.width
        top, foot = laid.frame_px, laid.frame_px + laid.picture.height
        for number in range(moving):
            share = Fraction(number + 1, moving + 1)
            at = left + int((right - left) * share * share * (3 - 2 * share))
            made = first.copy()
            made[:, left:at] = second[:, left:at]
            beside = slice(max(left, at - line // 2), min(right, at - line // 2 + line))
            made[top:foot, beside, :3] = look.accent.rgb
            yield Run(picture=made, frames=1)
        yield Run(picture=second, frames=element.frames - start - moving)

    return Scene(size=laid.size, frames=element.frames, make=make)


def _lay_before_after(element: BeforeAfterElement, raster: Raster, room: Raster, where: str) -> _Framed:
    shown = shown_raster(element.before, what=_BEFORE)
    return _lay_frame(shown, scaled(element.look.frame_px, raster), raster, room, where)


def _set_label(text: str, look: PictureLook, laid: _Framed, raster: Raster, where: str) -> SetText | None:
    if not text.strip():
        return None
    size = scaled(look.size_px, raster)
    return set_on_lines(
        text,
        font=look.font,
        size_px=size,
        least_px=scaled(_LEAST_LABEL_PX, raster),
        lines=1,
        width_px=laid.picture.width - 2 * scaled(20, raster) - 2 * (size // 2),
        height_px=max(1, laid.picture.height // 3),
        where=where,
    )


def _paint_label(still: Image.Image, text: SetText, look: PictureLook, laid: _Framed, raster: Raster) -> None:
    across, above = text.size_px // 2, round(text.size_px * 0.36)
    left = top = laid.frame_px + scaled(20, raster)
    tall = cap_px(text) + 2 * above
    paint_plate(still, (left, top, left + text.width_px + 2 * across, top + tall), tall // 3, look.ground)
    baseline = top + (tall + cap_px(text)) // 2
    paint_words(still, text, look.text, left + across, baseline - text.ascent_px)
