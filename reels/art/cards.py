"""A card's words: label, text, picture, body, items and foot below each other, in the middle of the room.

The still is as large as its room and clear where nothing stands; `grounds` draws what is behind it. Sizes shrink
together until everything fits, so that their order of importance stays. `drawing` asks.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from pathlib import Path

from PIL import Image

from reels.art.alpha import clear, paint_picture
from reels.art.colour import BLACK
from reels.art.elements import CardElement
from reels.art.icons import icon_mask
from reels.art.lists import Items, item_parts, set_items
from reels.art.opening import open_picture, shown_raster
from reels.art.scene import Scene, scene_of_parts
from reels.art.text import SetText, set_text
from reels.art.words import (
    as_large_as_fits,
    cap_px,
    paint_icon,
    paint_plate,
    paint_words,
    set_at_size,
    set_on_lines,
    too_small,
)
from reels.errors import CampaignProblems
from reels.geometry import Raster
from reels.layout import scaled
from reels.said import Said

__all__ = ["measure_card", "scene_of_card"]

_LEAST_BODY_PX = 34
_LEAST_SHARE = Fraction(2, 5)
_HEADLINE_LINES = 4
_LEAST_PICTURE = Fraction(1, 4)
"""Of the room's height, as long as letters can be made smaller for it."""

_SENTENCE_END = re.compile(r"(?<=[.?!。])\s+")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Card:
    label: SetText | None
    label_size: tuple[int, int]
    icon_px: int
    text: SetText | None
    picture: Raster | None
    body: tuple[SetText, ...]
    items: Items | None
    foot: SetText | None
    share: Fraction
    across_px: int
    pad_px: int
    gaps: tuple[int, ...]
    """Before each block that is shown, in order; the first is 0."""
    height_px: int


def measure_card(element: CardElement, *, raster: Raster, room: Raster, where: str) -> Raster:
    """The raster of `scene_of_card`: its room, to even sides."""
    _laid(_without_time(element), raster, room, where)
    return _whole(room, where)


def scene_of_card(element: CardElement, *, raster: Raster, room: Raster, rate: Fraction, where: str) -> Scene:
    """The card's words, its items appearing.

    Raises: GlyphMissing, FontMissing, CampaignProblems.
    """
    size, look = _whole(room, where), element.look
    laid = _laid(_without_time(element), raster, room, where)
    picture = clear(size.width, size.height)
    top = (size.height - laid.height_px) // 2
    if look.plate is not None:
        box = (0, max(0, top - laid.pad_px), size.width, min(size.height, top + laid.height_px + laid.pad_px))
        paint_plate(picture, box, scaled(28, raster), look.plate, look.plate_opacity)
    width = size.width - 2 * laid.across_px
    middle = width if look.centred else None
    gaps = iter(laid.gaps)
    if laid.label is not None or laid.icon_px:
        top += next(gaps)
        _paint_label(picture, element, laid, raster, laid.across_px, top, width)
        top += laid.label_size[1]
    if laid.text is not None:
        top += next(gaps)
        paint_words(picture, laid.text, look.text, laid.across_px, top, width_px=middle)
        top += laid.text.height_px
    if laid.picture is not None and element.picture is not None:
        top += next(gaps)
        shown = open_picture(element.picture, size=laid.picture, what=Said("card picture", ko="카드 그림"))
        left = laid.across_px + ((width - laid.picture.width) // 2 if look.centred else 0)
        paint_picture(picture, shown, left, top, scaled(20, raster))
        top += laid.picture.height
    if laid.body:
        top += next(gaps)
        for paragraph in laid.body:
            paint_words(picture, paragraph, look.text, laid.across_px, top, width_px=middle)
            top += paragraph.height_px + _between(paragraph)
        top -= _between(laid.body[-1])
    parts = []
    if laid.items is not None:
        top += next(gaps)
        left = laid.across_px + ((width - laid.items.width_px) // 2 if look.centred else 0)
        parts = item_parts(
            laid.items,
            text=look.text,
            accent=look.accent,
            ground=look.plate or look.label_ground or BLACK,
            left=left,
            top=top,
            room_width_px=laid.items.width_px,
            motion=element.motion,
            frames=element.frames,
            apart_frames=element.apart_frames,
            rate=rate,
        )
        top += laid.items.height_px
    if laid.foot is not None:
        top += next(gaps)
        _paint_foot(picture, laid, element, top, width)
    return scene_of_parts(picture, parts, element.frames)


def _paint_label(
    picture: Image.Image, element: CardElement, laid: _Card, raster: Raster, left: int, top: int, width: int
) -> None:
    """The sign, and the label beside it on its own plate."""
    look, (wide, tall) = element.look, laid.label_size
    if look.centred:
        left += (width - wide) // 2
    if laid.icon_px:
        sign = icon_mask(element.icon or "spark", laid.icon_px)
        paint_icon(picture, sign, look.accent, left, top + (tall - laid.icon_px) // 2)
        left += laid.icon_px + (round(laid.icon_px * 0.35) if laid.label is not None else 0)
    if laid.label is None:
        return
    across = 0
    if look.label_ground is not None:
        across = _label_air(laid.label)[0]
        box = (left, top, left + laid.label.width_px + 2 * across, top + tall)
        paint_plate(picture, box, min(tall // 2, scaled(18, raster)), look.label_ground)
    # In the middle of the plate by the letters, not by the line: no letter of most labels reaches below it.
    ink = laid.label.height_px - laid.label.line_px + cap_px(laid.label)
    above = (tall - ink) // 2 + cap_px(laid.label) - laid.label.ascent_px
    paint_words(picture, laid.label, look.label_text, left + across, top + above)


def _paint_foot(picture: Image.Image, laid: _Card, element: CardElement, top: int, width: int) -> None:
    look, foot = element.look, laid.foot
    assert foot is not None
    rule = _rule_px(foot)
    paint_plate(picture, (laid.across_px, top, laid.across_px + width, top + rule), rule // 2, look.accent)
    top += rule + _under_rule(foot)
    paint_words(picture, foot, look.text, laid.across_px, top, width_px=width if look.centred else None)


def _rule_px(foot: SetText) -> int:
    return max(2, foot.size_px // 10)


def _under_rule(foot: SetText) -> int:
    return round(foot.size_px * 0.7)


def _between(paragraph: SetText) -> int:
    return round(paragraph.size_px * 0.6)


def _label_air(label: SetText) -> tuple[int, int]:
    return round(label.size_px * 0.55), round(label.size_px * 0.42)


def _set_paragraphs(text: str, *, font: Path, size_px: int, width_px: int, where: str) -> tuple[SetText, ...]:
    """`text` at `size_px`: a paragraph for each of its lines; one that is too long, a paragraph for each sentence.

    Raises: GlyphMissing, FontMissing, CampaignProblems.
    """
    made: list[SetText] = []
    for line in filter(str.strip, text.splitlines()):

        def at_size(part: str) -> SetText:
            return set_at_size(
                part,
                font=font,
                size_px=size_px,
                width_px=width_px,
                where=where,
                leading=Fraction(2, 5),
            )

        try:
            made.append(at_size(line))
        except CampaignProblems:
            made += [at_size(sentence) for sentence in _SENTENCE_END.split(line) if sentence.strip()]
    return tuple(made)


def _without_time(element: CardElement) -> CardElement:
    """What a layout depends on, so that cards of different length share it."""
    return replace(element, frames=1, apart_frames=0)


def _whole(room: Raster, where: str) -> Raster:
    if room.width < 2 or room.height < 2:
        raise too_small(where, room, Said("a card", ko="카드"))
    return Raster(room.width - room.width % 2, room.height - room.height % 2)


@lru_cache(maxsize=64)
def _laid(element: CardElement, raster: Raster, room: Raster, where: str) -> _Card:
    whole = _whole(room, where)
    shown = None
    if element.picture is not None:
        shown = shown_raster(element.picture, what=Said("card picture", ko="카드 그림"))
    laid = as_large_as_fits(
        lambda share: _lay(element, raster, whole, where, share, shown), least=_LEAST_SHARE
    )
    if laid is None:
        raise too_small(where, room, Said("the words of a card", ko="카드의 글"))
    return laid


def _lay(
    element: CardElement, raster: Raster, room: Raster, where: str, share: Fraction, shown: Raster | None
) -> _Card | None:
    look = element.look

    def px(of_1920: int) -> int:
        return max(1, round(scaled(of_1920, raster) * share))

    plain = look.plate is None
    across = scaled(16, raster) if plain else px(56)
    pad = scaled(16, raster) if plain else px(56)
    width, height = room.width - 2 * across, room.height - 2 * pad
    least_body = scaled(_LEAST_BODY_PX, raster)
    body_size = max(px(look.body_size_px), min(least_body, scaled(look.body_size_px, raster)))
    label_size = max(px(look.label_size_px), min(least_body, scaled(look.label_size_px, raster)))
    text_size = px(look.text_size_px)
    if width < 4 * body_size or height < body_size:
        return None
    blocks: list[tuple[int, int]] = []  # (gap before, height)

    label, label_box, icon = None, (0, 0), 0
    if element.label.strip() or element.icon is not None:
        icon = round(label_size * 1.5) if element.icon is not None else 0
        if icon and not element.label.strip():
            icon = round(max(label_size * 2, text_size * 0.9))
        wide, tall = icon, icon
        if element.label.strip():
            beside = icon + (round(icon * 0.35) if icon else 0)
            air = 0 if look.label_ground is None else round(label_size * 0.55)
            label = set_on_lines(
                element.label,
                font=look.font,
                size_px=label_size,
                least_px=min(label_size, least_body * 4 // 5),
                lines=2,
                width_px=width - beside - 2 * air,
                height_px=height,
                where=f"{where} label",
            )
            across_label, above_label = (0, 0) if look.label_ground is None else _label_air(label)
            wide = beside + label.width_px + 2 * across_label
            tall = max(icon, label.height_px - label.line_px + cap_px(label) + 2 * above_label)
        label_box = (wide, tall)
        blocks.append((0, tall))

    text = None
    if element.text.strip():
        text = set_text(
            element.text,
            font=look.font,
            size_px=text_size,
            least_px=min(text_size, max(body_size, text_size * 3 // 5)),
            width_px=width,
            height_px=height,
            where=f"{where} text",
        )
        if len(text.lines) > _HEADLINE_LINES and share > _LEAST_SHARE:
            return None
        blocks.append((max(px(30), text_size * 3 // 10), text.height_px))
        # A headline that had to shrink stays larger than what is below it.
        body_size = min(body_size, max(least_body, text.size_px))

    picture_place = len(blocks)
    body: tuple[SetText, ...] = ()
    if element.body.strip():
        body = _set_paragraphs(
            element.body, font=look.body_font, size_px=body_size, width_px=width, where=f"{where} body"
        )
        tall = sum(p.height_px + _between(p) for p in body) - _between(body[-1])
        blocks.append((max(px(40), round(body_size * 0.9)), tall))
    items = None
    if element.items:
        items = set_items(
            element.items,
            numbered=element.numbered,
            first_number=element.first_number,
            font=look.body_font,
            number_font=look.font,
            size_px=body_size,
            width_px=width,
            where=where,
        )
        blocks.append((max(px(48), body_size), items.height_px))
    foot = None
    if element.foot.strip():
        foot_size = max(min(body_size, label_size), round(body_size * 0.85))
        foot = set_at_size(
            element.foot, font=look.font, size_px=foot_size, width_px=width, where=f"{where} foot"
        )
        blocks.append((max(px(56), body_size), _rule_px(foot) + _under_rule(foot) + foot.height_px))

    picture = None
    if shown is not None:
        gap = px(44)
        taken = sum(before + tall for before, tall in blocks) + gap
        natural = width * shown.height // shown.width
        tallest = min(natural, height - taken)
        wanted = min(
            natural, round(height * (_LEAST_PICTURE if share > _LEAST_SHARE else _LEAST_PICTURE / 2))
        )
        if tallest < max(2, wanted):
            return None
        wide = min(width, tallest * shown.width // shown.height)
        picture = Raster(max(2, wide), max(2, tallest))
        blocks.insert(picture_place, (gap, tallest))

    if not blocks:
        raise too_small(where, room, Said("a card without words", ko="글이 없는 카드"))
    gaps = (0, *(before for before, _ in blocks[1:]))
    total = sum(gaps) + sum(tall for _, tall in blocks)
    if total > height:
        return None
    return _Card(
        label=label,
        label_size=label_box,
        icon_px=icon,
        text=text,
        picture=picture,
        body=body,
        items=items,
        foot=foot,
        share=share,
        across_px=across,
        pad_px=pad,
        gaps=gaps,
        height_px=total,
    )
