"""The end card: mark, name, words, address, QR code, credits and licence, below each other in the middle of the room.

The QR code is dark on white whatever the brand, with the quiet zone of its standard and modules of whole pixels, so that a
phone reads it off a phone. `column` puts one thing below the other; `drawing` asks.
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from reels.art.alpha import paint_picture
from reels.art.colour import WHITE
from reels.art.column import Block, Column, Sizes, column_of, paint_column, whole_room
from reels.art.elements import EndElement, without_time
from reels.art.logo import draw_logo, measure_logo
from reels.art.opening import open_picture, shown_raster, stamp
from reels.art.text import SetText, set_text
from reels.art.words import as_large_as_fits, cap_px, paint_plate, paint_words, set_at_size, too_small
from reels.errors import CampaignProblem, CampaignProblems
from reels.geometry import Raster
from reels.layout import scaled
from reels.said import Said

__all__ = ["draw_end_card", "measure_end_card", "qr_modules"]

_QUIET_MODULES = 4
"""Source: ISO/IEC 18004, quiet zone."""
_LARGEST_CODE_PX = 440
_LEAST_MODULE_PX = 8
_LEAST_MODULE_IN_NEED_PX = 5
_LEAST_SMALL_PX = 24
_LOGO_PX = (420, 190)
_LEAST_SHARE = Fraction(9, 20)

_END_CARD = Said("an end card", ko="끝 카드")
_LICENCE_MARK = Said("licence mark", ko="이용 허락 표시")


def measure_end_card(element: EndElement, *, raster: Raster, room: Raster, where: str) -> Raster:
    """The raster of `draw_end_card`: its room, to even sides."""
    _laid(without_time(element), raster, room, where, _stamps(element))
    return whole_room(room, where, _END_CARD)


def draw_end_card(element: EndElement, *, raster: Raster, room: Raster, where: str) -> Image.Image:
    """The whole end card.

    Raises: GlyphMissing, FontMissing, CampaignProblems.
    """
    column = _laid(without_time(element), raster, room, where, _stamps(element))
    picture, _ = paint_column(column, whole_room(room, where, _END_CARD), element.look, raster)
    return picture


def qr_modules(text: str, *, where: str) -> NDArray[np.bool_]:
    """`(n, n) bool`, dark is True, without quiet zone: a QR code that survives 15 % of damage (level M).

    Raises: CampaignProblems where the text is too long for any code.
    """
    import segno

    try:
        code = segno.make_qr(text, error="m", boost_error=False)
    except ValueError:  # segno's DataOverflowError is one
        raise CampaignProblems(
            problems=(
                CampaignProblem(
                    where=f"{where} qr",
                    found=Said(f"{len(text)} characters", ko=f"{len(text)}글자"),
                    expected=Said("what a QR code can hold", ko="QR 코드에 들어가는 길이"),
                    remedy=Said("give a shorter address", ko="더 짧은 주소를 써 주세요."),
                ),
            )
        ) from None
    return np.array([[bool(module) for module in row] for row in code.matrix])


def _stamps(element: EndElement) -> tuple[tuple[int, int], ...]:
    return stamp(element.logo), stamp(element.licence_mark)


def _mark_size(shown: Raster, height_px: int, widest_px: int) -> Raster:
    """A mark as tall as `height_px`, or as wide as it may be; in its own shape."""
    tall = max(2, height_px)
    wide = tall * shown.width // shown.height
    if wide > widest_px:
        wide, tall = widest_px, max(2, widest_px * shown.height // shown.width)
    return Raster(max(2, wide), tall)


@lru_cache(maxsize=16)
def _laid(
    element: EndElement, raster: Raster, room: Raster, where: str, files: tuple[tuple[int, int], ...]
) -> Column:
    del files  # which they are, for the cache alone
    whole = whole_room(room, where, _END_CARD)
    laid = as_large_as_fits(
        lambda share: _EndCard(element, raster, whole, where, share).laid(), least=_LEAST_SHARE
    )
    if laid is None:
        raise too_small(where, room, _END_CARD)
    return laid


class _EndCard:
    """The blocks of an end card, with all sizes at one share of what the look says."""

    def __init__(
        self, element: EndElement, raster: Raster, room: Raster, where: str, share: Fraction
    ) -> None:
        self.element, self.raster, self.room, self.where, self.share = element, raster, room, where, share
        self.sizes = Sizes(element.look, raster, room, share)
        self.px, self.width = self.sizes.px, self.sizes.width_px
        self.blocks: list[Block] = []

    def letters(self, of_1920: int) -> int:
        return self.sizes.letters(of_1920, _LEAST_SMALL_PX)

    def laid(self) -> Column | None:
        element, look = self.element, self.element.look
        if self.width < self.px(160) or self.sizes.height_px < self.px(80):
            return None
        small = round(min(look.label_size_px, look.body_size_px) * 0.8)
        self._add_logo()
        self._add_words(
            element.name, self.letters(max(look.label_size_px, look.text_size_px // 2)), 28, "name"
        )
        self._add_headline()
        if element.qr.strip() and not self._add_code():
            return None
        self._add_words(element.address, self.letters(look.body_size_px), 34, "address")
        credits_gap = 56
        for number, line in enumerate(filter(str.strip, element.credits), start=1):
            self._add_words(line, self.letters(small), credits_gap, f"credit {number}", body=True)
            credits_gap = 14
        self._add_licence(self.letters(small))
        if not self.blocks:
            what = Said("an end card with nothing on it", ko="아무것도 없는 끝 카드")
            raise too_small(self.where, self.room, what)
        return column_of(self.blocks, self.sizes)

    def _add_logo(self) -> None:
        path = self.element.logo
        if path is None:
            return
        room = Raster(min(self.width, self.px(_LOGO_PX[0])), self.px(_LOGO_PX[1]))
        size = measure_logo(path, room=room)

        def paint(picture: Image.Image, left: int, top: int) -> None:
            paint_picture(picture, draw_logo(path, room=room), left, top)

        self.blocks.append(Block(gap_px=0, width_px=size.width, height_px=size.height, paint=paint))

    def _add_words(self, text: str, size_px: int, gap: int, name: str, *, body: bool = False) -> None:
        if not text.strip():
            return
        look = self.element.look
        words = set_at_size(
            text,
            font=look.body_font if body else look.font,
            size_px=size_px,
            width_px=self.width,
            where=f"{self.where} {name}",
            leading=Fraction(1, 4),
        )
        self._add_set(words, self.px(gap))

    def _add_headline(self) -> None:
        look, text = self.element.look, self.element.text
        if not text.strip():
            return
        size = self.px(look.text_size_px)
        words = set_text(
            text,
            font=look.font,
            size_px=size,
            least_px=min(size, max(self.letters(look.body_size_px), size * 3 // 5)),
            width_px=self.width,
            height_px=self.sizes.height_px,
            where=f"{self.where} text",
        )
        self._add_set(words, self.px(30))

    def _add_set(self, words: SetText, gap_px: int) -> None:
        look = self.element.look

        def paint(picture: Image.Image, left: int, top: int) -> None:
            centred = words.width_px if look.centred else None
            paint_words(picture, words, look.text, left, top, width_px=centred)

        self.blocks.append(
            Block(gap_px=gap_px, width_px=words.width_px, height_px=words.height_px, paint=paint)
        )

    def _add_code(self) -> bool:
        """False where the modules would be too small at this share."""
        modules = qr_modules(self.element.qr, where=self.where)
        count = len(modules) + 2 * _QUIET_MODULES
        least = scaled(_LEAST_MODULE_PX, self.raster)
        if self.share <= _LEAST_SHARE:
            least = scaled(_LEAST_MODULE_IN_NEED_PX, self.raster)
        module = max(least, self.px(_LARGEST_CODE_PX) // (count + 2))
        side = (count + 2) * module
        if side > self.width:
            return False

        def paint(picture: Image.Image, left: int, top: int) -> None:
            # One module more than the quiet zone, so that the plate's round corners lie outside it.
            paint_plate(picture, (left, top, left + side, top + side), 2 * module, WHITE)
            code = np.where(np.kron(modules, np.ones((module, module), bool)), 255, 0).astype(np.uint8)
            quiet = (_QUIET_MODULES + 1) * module
            picture.paste((0, 0, 0, 255), (left + quiet, top + quiet), Image.fromarray(code))

        self.blocks.append(Block(gap_px=self.px(52), width_px=side, height_px=side, paint=paint))
        return True

    def _add_licence(self, size_px: int) -> None:
        element, look = self.element, self.element.look
        mark_path, mark = element.licence_mark, None
        if mark_path is not None:
            shown = shown_raster(mark_path, what=_LICENCE_MARK)
            mark = _mark_size(shown, round(size_px * 1.9), self.width // 2)
        beside = mark.width + size_px // 2 if mark is not None else 0
        words = None
        if element.licence.strip():
            words = set_at_size(
                element.licence,
                font=look.body_font,
                size_px=size_px,
                width_px=self.width - beside,
                where=f"{self.where} licence",
                leading=Fraction(1, 4),
            )
        if mark is None and words is None:
            return
        wide = beside + words.width_px if words else mark.width if mark else 0
        tall = max(mark.height if mark else 0, words.height_px if words else 0)

        def paint(picture: Image.Image, left: int, top: int) -> None:
            if mark is not None and mark_path is not None:
                shown = open_picture(mark_path, size=mark, what=_LICENCE_MARK)
                paint_picture(picture, shown, left, top + (tall - mark.height) // 2)
            if words is not None:
                # A single line stands in the middle of the mark by its letters, not by its line.
                middle = top + (tall - words.height_px) // 2
                if len(words.lines) == 1:
                    middle = top + (tall + cap_px(words)) // 2 - words.ascent_px
                paint_words(picture, words, look.text, left + beside, middle)

        self.blocks.append(Block(gap_px=self.px(30), width_px=wide, height_px=tall, paint=paint))
