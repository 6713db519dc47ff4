"""A head and items on one plate: programmes, key points, steps. The items appear one after the other.

The layout is that of the whole list from the first frame on, so that nothing moves when an item appears. `set_items` and
`item_parts` do so for `cards` too. `drawing` asks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from pathlib import Path

from reels.art.alpha import clear
from reels.art.colour import Colour
from reels.art.elements import ListElement, Motion, without_time
from reels.art.scene import Part, Scene, appearing, scene_of_parts
from reels.art.text import SetText
from reels.art.words import (
    as_large_as_fits,
    cap_px,
    overhang_px,
    paint_badge,
    paint_plate,
    paint_words,
    set_at_size,
    too_small,
)
from reels.geometry import Raster
from reels.layout import even_up, scaled
from reels.said import Said

__all__ = ["Items", "item_parts", "measure_list", "scene_of_list", "set_items"]

_LEAST_PX = 26
_HEAD_LINES = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Items:
    """Items below each other, all of one size; `tops_px` from the top of the first."""

    texts: tuple[SetText, ...]
    numbers: tuple[SetText, ...]
    """Empty where the items have marks."""
    tops_px: tuple[int, ...]
    badge_px: int
    indent_px: int
    gap_px: int
    width_px: int
    height_px: int


def set_items(
    items: Sequence[str],
    *,
    numbered: bool,
    first_number: int = 1,
    font: Path,
    number_font: Path,
    size_px: int,
    width_px: int,
    where: str,
) -> Items:
    """`items` at `size_px` in `width_px`, with room for numbers, from `first_number` on, or marks before them.

    Raises: GlyphMissing, FontMissing, CampaignProblems.
    """
    badge = max(4, round(size_px * (1.3 if numbered else 0.3)))
    indent = badge + round(size_px * (0.45 if numbered else 0.5))
    if width_px <= indent + size_px:
        raise too_small(where, Raster(max(1, width_px), size_px), Said("a list", ko="목록"))
    texts, numbers, tops, top = [], [], [], 0
    gap = round(size_px * 0.72)
    for place, item in enumerate(items, start=1):
        text = set_at_size(
            item, font=font, size_px=size_px, width_px=width_px - indent, where=f"{where} item {place}"
        )
        if numbered:
            number = first_number + place - 1
            size = round(size_px * (0.76 if number < 10 else 0.66))
            numbers.append(
                set_at_size(str(number), font=number_font, size_px=size, width_px=width_px, where=where)
            )
        texts.append(text)
        tops.append(top)
        top += max(_below_badge_px(text, badge) + text.height_px, badge) + gap
    return Items(
        texts=tuple(texts),
        numbers=tuple(numbers),
        tops_px=tuple(tops),
        badge_px=badge,
        indent_px=indent,
        gap_px=gap,
        width_px=indent + max(text.width_px for text in texts),
        height_px=top - gap,
    )


def _below_badge_px(text: SetText, badge_px: int) -> int:
    """How far a text stands below its badge's top, so that badge and first line share a middle."""
    return max(0, badge_px // 2 - (text.ascent_px - cap_px(text) // 2))


def item_parts(
    items: Items,
    *,
    text: Colour,
    accent: Colour,
    ground: Colour,
    left: int,
    top: int,
    room_width_px: int,
    motion: Motion,
    frames: int,
    apart_frames: int,
    rate: Fraction,
) -> list[Part]:
    """Each item as a part that appears; the first one's ink begins at `left` and `top` of its picture."""
    times = appearing(len(items.texts), frames=frames, apart_frames=apart_frames, motion=motion, rate=rate)
    parts = []
    rise = items.gap_px // 2
    for number, (words, (first, ease)) in enumerate(zip(items.texts, times, strict=True)):
        lower = _below_badge_px(words, items.badge_px)
        tall = max(lower + words.height_px, items.badge_px)
        margin, overhang = overhang_px(words.size_px), words.size_px // 4
        picture = clear(room_width_px + 2 * margin, tall + 2 * overhang + rise)
        badge = items.numbers[number] if items.numbers else None
        text_top = overhang + lower
        first_middle = words.ascent_px - cap_px(words) // 2
        paint_badge(
            picture,
            badge,
            accent,
            ground,
            margin,
            text_top + first_middle - items.badge_px // 2,
            items.badge_px,
        )
        paint_words(picture, words, text, margin + items.indent_px, text_top)
        parts.append(
            Part(
                picture=picture,
                left=left - margin,
                top=top + items.tops_px[number] - overhang,
                first_frame=first,
                ease_frames=ease,
                rise_px=rise,
            )
        )
    return parts


@dataclass(frozen=True, slots=True, kw_only=True)
class _List:
    head: SetText | None
    items: Items
    size: Raster
    across_px: int
    above_px: int
    rule_px: int
    head_gap_px: int


def measure_list(element: ListElement, *, raster: Raster, room: Raster, where: str) -> Raster:
    """The raster of `scene_of_list` for the same arguments."""
    return _laid(without_time(element), raster, room, where).size


def scene_of_list(element: ListElement, *, raster: Raster, room: Raster, rate: Fraction, where: str) -> Scene:
    """The list, its items appearing.

    Raises: GlyphMissing, FontMissing, CampaignProblems.
    """
    laid, look = _laid(without_time(element), raster, room, where), element.look
    picture = clear(laid.size.width, laid.size.height)
    whole = (0, 0, laid.size.width, laid.size.height)
    paint_plate(picture, whole, scaled(22, raster), look.ground, look.opacity)
    top = laid.above_px
    if laid.head is not None:
        paint_words(picture, laid.head, look.text, laid.across_px, top)
        top += laid.head.height_px + laid.head_gap_px
        rule = (laid.across_px, top, laid.across_px + scaled(88, raster), top + laid.rule_px)
        paint_plate(picture, rule, laid.rule_px // 2, look.accent)
        top += laid.rule_px + laid.head_gap_px * 4 // 3
    parts = item_parts(
        laid.items,
        text=look.text,
        accent=look.accent,
        ground=look.ground,
        left=laid.across_px,
        top=top,
        room_width_px=laid.items.width_px,
        motion=element.motion,
        frames=element.frames,
        apart_frames=element.apart_frames,
        rate=rate,
    )
    return scene_of_parts(picture, parts, element.frames)


@lru_cache(maxsize=32)
def _laid(element: ListElement, raster: Raster, room: Raster, where: str) -> _List:
    laid = as_large_as_fits(
        lambda share: _lay(element, raster, room, where, share),
        least=min(Fraction(1), Fraction(_LEAST_PX, element.look.size_px)),
    )
    if laid is None:
        count = len(element.items)
        raise too_small(where, room, Said(f"a list of {count} items", ko=f"항목 {count}개의 목록"))
    return laid


def _lay(element: ListElement, raster: Raster, room: Raster, where: str, share: Fraction) -> _List | None:
    look = element.look

    def px(of_1920: int, least: int = 1) -> int:
        return max(least, round(scaled(of_1920, raster) * share))

    across, above = px(44), px(40)
    size = px(look.size_px)
    width = room.width - 2 * across - 1
    if width < 4 * size:
        return None
    head, rule, head_gap, height = None, 0, 0, 0
    if element.head.strip():
        head = set_at_size(
            element.head,
            font=look.head_font,
            size_px=px(look.head_size_px),
            width_px=width,
            where=f"{where} head",
            leading=Fraction(1, 5),
        )
        if len(head.lines) > _HEAD_LINES and share > Fraction(3, 5):
            return None
        rule, head_gap = px(7, 2), px(26)
        height = head.height_px + rule + head_gap + head_gap * 4 // 3
    items = set_items(
        element.items,
        numbered=element.numbered,
        font=look.font,
        number_font=look.head_font,
        size_px=size,
        width_px=width,
        where=where,
    )
    text_width = max(items.width_px, head.width_px if head else 0)
    made = Raster(even_up(2 * across + text_width), even_up(2 * above + height + items.height_px))
    if made.width > room.width or made.height > room.height:
        return None
    return _List(
        head=head,
        items=items,
        size=made,
        across_px=across,
        above_px=above,
        rule_px=rule,
        head_gap_px=head_gap,
    )
