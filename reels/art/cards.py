"""A card's words: label, text, picture, body, items and foot below each other, in the middle of the room.

`grounds` draws what is behind it. Sizes shrink together until everything fits, so that their order of importance stays.
`column` puts one thing below the other; `drawing` asks.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from pathlib import Path

from PIL import Image

from reels.art.alpha import paint_picture
from reels.art.colour import BLACK
from reels.art.column import Block, Column, Paint, Sizes, column_of, paint_column, whole_room
from reels.art.elements import CardElement, without_time
from reels.art.icons import icon_mask
from reels.art.lists import Items, item_parts, set_items
from reels.art.opening import open_picture, shown_raster, stamp
from reels.art.scene import Part, Scene, scene_of_parts
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

_CARD = Said("a card", ko="카드")
_PICTURE = Said("card picture", ko="카드 그림")
_SENTENCE_END = re.compile(r"(?<=[.?!。])\s+")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Laid:
    column: Column
    items: Items | None


def measure_card(element: CardElement, *, raster: Raster, room: Raster, where: str) -> Raster:
    """The raster of `scene_of_card`: its room, to even sides."""
    _laid(without_time(element), raster, room, where, stamp(element.picture))
    return whole_room(room, where, _CARD)


def scene_of_card(element: CardElement, *, raster: Raster, room: Raster, rate: Fraction, where: str) -> Scene:
    """The card's words, its items appearing.

    Raises: GlyphMissing, FontMissing, CampaignProblems.
    """
    look = element.look
    laid = _laid(without_time(element), raster, room, where, stamp(element.picture))
    picture, places = paint_column(laid.column, whole_room(room, where, _CARD), look, raster)
    parts: list[Part] = []
    for left, top in places:
        assert laid.items is not None  # what paints nothing is them
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
    return scene_of_parts(picture, parts, element.frames)


@lru_cache(maxsize=64)
def _laid(element: CardElement, raster: Raster, room: Raster, where: str, picture: tuple[int, int]) -> _Laid:
    del picture  # which file it is, for the cache alone
    whole = whole_room(room, where, _CARD)
    shown = None if element.picture is None else shown_raster(element.picture, what=_PICTURE)
    laid = as_large_as_fits(
        lambda share: _Card(element, raster, whole, where, share).laid(shown), least=_LEAST_SHARE
    )
    if laid is None:
        raise too_small(where, room, Said("the words of a card", ko="카드의 글"))
    return laid


class _Card:
    """The blocks of a card, with all sizes at one share of what the look says."""

    def __init__(
        self, element: CardElement, raster: Raster, room: Raster, where: str, share: Fraction
    ) -> None:
        self.element, self.raster, self.room, self.where, self.share = element, raster, room, where, share
        look, self.sizes = element.look, Sizes(element.look, raster, room, share)
        self.px, self.width, self.height = self.sizes.px, self.sizes.width_px, self.sizes.height_px
        self.body_size = self.sizes.letters(look.body_size_px, _LEAST_BODY_PX)
        self.label_size = self.sizes.letters(look.label_size_px, _LEAST_BODY_PX)
        self.text_size = self.px(look.text_size_px)
        self.blocks: list[Block] = []
        self.items: Items | None = None

    def laid(self, picture: Raster | None) -> _Laid | None:
        """None where it does not fit; `picture` is the raster of the card's picture file."""
        if self.width < 4 * self.body_size or self.height < self.body_size:
            return None
        self._add_label()
        if not self._add_text():
            return None
        above_picture = len(self.blocks)
        self._add_body()
        self._add_items()
        self._add_foot()
        # The picture takes what is left.
        if picture is not None and not self._insert_picture(above_picture, picture):
            return None
        if not self.blocks:
            raise too_small(self.where, self.room, Said("a card without words", ko="글이 없는 카드"))
        column = column_of(self.blocks, self.sizes)
        return _Laid(column=column, items=self.items) if column is not None else None

    def _add_label(self) -> None:
        """The sign, and the label beside it on its own plate."""
        element, look = self.element, self.element.look
        if not element.label.strip() and element.icon is None:
            return
        icon = round(self.label_size * 1.5) if element.icon is not None else 0
        if not element.label.strip():
            icon = round(max(self.label_size * 2, self.text_size * 0.9))
            self.blocks.append(
                Block(gap_px=0, width_px=icon, height_px=icon, paint=self._sign_painter(icon, icon))
            )
            return
        beside = icon + round(icon * 0.35)
        air = 0 if look.label_ground is None else round(self.label_size * 0.55)
        least_body = scaled(_LEAST_BODY_PX, self.raster)
        label = set_on_lines(
            element.label,
            font=look.font,
            size_px=self.label_size,
            least_px=min(self.label_size, least_body * 4 // 5),
            lines=2,
            width_px=self.width - beside - 2 * air,
            height_px=self.height,
            where=f"{self.where} label",
        )
        across, above = (0, 0) if look.label_ground is None else _label_air(label)
        ink = label.height_px - label.line_px + cap_px(label)
        tall = max(icon, ink + 2 * above)
        paint_sign = self._sign_painter(icon, tall)

        def paint(picture: Image.Image, left: int, top: int) -> None:
            paint_sign(picture, left, top)
            left += beside
            if look.label_ground is not None:
                box = (left, top, left + label.width_px + 2 * across, top + tall)
                paint_plate(picture, box, min(tall // 2, scaled(18, self.raster)), look.label_ground)
            # In the middle of the plate by the letters, not by the line: no letter of most labels reaches below it.
            letters_top = top + (tall - ink) // 2 + cap_px(label) - label.ascent_px
            paint_words(picture, label, look.label_text, left + across, letters_top)

        wide = beside + label.width_px + 2 * across
        self.blocks.append(Block(gap_px=0, width_px=wide, height_px=tall, paint=paint))

    def _sign_painter(self, side_px: int, tall_px: int) -> Paint:
        icon, colour = self.element.icon, self.element.look.accent

        def paint(picture: Image.Image, left: int, top: int) -> None:
            if icon is not None:
                paint_icon(picture, icon_mask(icon, side_px), colour, left, top + (tall_px - side_px) // 2)

        return paint

    def _add_text(self) -> bool:
        """False where it would be long lines of large letters."""
        element = self.element
        if not element.text.strip():
            return True
        text = set_text(
            element.text,
            font=element.look.font,
            size_px=self.text_size,
            least_px=min(self.text_size, max(self.body_size, self.text_size * 3 // 5)),
            width_px=self.width,
            height_px=self.height,
            where=f"{self.where} text",
        )
        if len(text.lines) > _HEADLINE_LINES and self.share > _LEAST_SHARE:
            return False
        self._add_words((text,), max(self.px(30), self.text_size * 3 // 10))
        # A headline that had to shrink stays larger than what is below it.
        self.body_size = min(self.body_size, max(scaled(_LEAST_BODY_PX, self.raster), text.size_px))
        return True

    def _add_body(self) -> None:
        element = self.element
        if not element.body.strip():
            return
        body = _set_paragraphs(
            element.body,
            font=element.look.body_font,
            size_px=self.body_size,
            width_px=self.width,
            where=f"{self.where} body",
        )
        self._add_words(body, max(self.px(40), round(self.body_size * 0.9)))

    def _add_words(self, paragraphs: tuple[SetText, ...], gap_px: int) -> None:
        """Paragraphs as wide as the column, so that each line finds its own middle."""
        look, width = self.element.look, self.width

        def paint(picture: Image.Image, left: int, top: int) -> None:
            for words in paragraphs:
                paint_words(picture, words, look.text, left, top, width_px=width if look.centred else None)
                top += words.height_px + _between(words)

        tall = sum(words.height_px + _between(words) for words in paragraphs) - _between(paragraphs[-1])
        self.blocks.append(Block(gap_px=gap_px, width_px=width, height_px=tall, paint=paint))

    def _add_items(self) -> None:
        element = self.element
        if not element.items:
            return
        self.items = set_items(
            element.items,
            numbered=element.numbered,
            first_number=element.first_number,
            font=element.look.body_font,
            number_font=element.look.font,
            size_px=self.body_size,
            width_px=self.width,
            where=self.where,
        )
        self.blocks.append(
            Block(
                gap_px=max(self.px(48), self.body_size),
                width_px=self.items.width_px,
                height_px=self.items.height_px,
                paint=None,
            )
        )

    def _add_foot(self) -> None:
        """A line of the accent colour, and the foot below it."""
        element, look, width = self.element, self.element.look, self.width
        if not element.foot.strip():
            return
        size = max(min(self.body_size, self.label_size), round(self.body_size * 0.85))
        foot = set_at_size(
            element.foot, font=look.font, size_px=size, width_px=width, where=f"{self.where} foot"
        )
        rule = max(2, foot.size_px // 10)
        below = rule + round(foot.size_px * 0.7)

        def paint(picture: Image.Image, left: int, top: int) -> None:
            paint_plate(picture, (left, top, left + width, top + rule), rule // 2, look.accent)
            middle = width if look.centred else None
            paint_words(picture, foot, look.text, left, top + below, width_px=middle)

        gap = max(self.px(56), self.body_size)
        self.blocks.append(Block(gap_px=gap, width_px=width, height_px=below + foot.height_px, paint=paint))

    def _insert_picture(self, at: int, whole: Raster) -> bool:
        """False where too little is left for it."""
        path = self.element.picture
        assert path is not None
        gap = self.px(44)
        taken = sum(block.gap_px + block.height_px for block in self.blocks) + gap
        natural = max(2, self.width * whole.height // whole.width)
        tall = min(natural, self.height - taken)
        least = _LEAST_PICTURE if self.share > _LEAST_SHARE else _LEAST_PICTURE / 2
        if tall < max(2, min(natural, round(self.height * least))):
            return False
        size = Raster(max(2, min(self.width, tall * whole.width // whole.height)), tall)

        def paint(picture: Image.Image, left: int, top: int) -> None:
            shown = open_picture(path, size=size, what=_PICTURE)
            paint_picture(picture, shown, left, top, scaled(20, self.raster))

        self.blocks.insert(at, Block(gap_px=gap, width_px=size.width, height_px=tall, paint=paint))
        return True


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
