"""Numbers that move: a counter, a countdown in its ring, a bar that fills.

Sizes are those of the widest value, and every digit stands in a cell of the same width, so that nothing but the digits
themselves changes. "RGBA" with straight alpha and even sides; `drawing` asks.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from reels.art.alpha import clear, paint_at, rounded_mask
from reels.art.colour import Colour
from reels.art.elements import (
    CountdownElement,
    CounterElement,
    CounterLook,
    ProgressElement,
    without_time,
)
from reels.art.scene import Pixels, Run, Scene, eased
from reels.art.text import SetText, paint_text
from reels.art.words import (
    MARGIN_PX,
    as_large_as_fits,
    cap_px,
    overhang_px,
    paint_letters,
    paint_plate,
    paint_words,
    set_at_size,
    set_on_lines,
    too_small,
)
from reels.geometry import Raster
from reels.layout import even_up, scaled
from reels.said import Said

__all__ = [
    "measure_countdown",
    "measure_counter",
    "measure_progress",
    "scene_of_countdown",
    "scene_of_counter",
    "scene_of_progress",
]

_LEAST_PX = 26


# --- digits ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class _Digits:
    """The signs of numbers of one size, each with its advance; all digits share the widest one's."""

    signs: Mapping[str, SetText]
    cell_px: int

    def advance_px(self, sign: str) -> int:
        return self.cell_px if sign.isdigit() else self.signs[sign].width_px

    def width_px(self, text: str) -> int:
        return sum(self.advance_px(sign) for sign in text)

    @property
    def size_px(self) -> int:
        return self.signs["0"].size_px

    @property
    def ascent_px(self) -> int:
        """Of the digits themselves: Hangul reaches a little higher."""
        return cap_px(self.signs["0"])

    def paint(
        self, picture: Image.Image, text: str, colour: Colour, left: int, top: int, width_px: int
    ) -> None:
        """`text` at the right end of `width_px`, the top of its digits at `top`."""
        beside, under = overhang_px(self.size_px), self.size_px // 4
        mask = Image.new("L", (width_px + 2 * beside, self.ascent_px + under + 2 * MARGIN_PX), 0)
        at = beside + width_px - self.width_px(text)
        for sign in text:
            own = self.signs[sign]
            shift = (self.advance_px(sign) - own.width_px) // 2
            paint_text(mask, own, 0, at + shift, MARGIN_PX + self.ascent_px)
            at += self.advance_px(sign)
        paint_letters(picture, mask, colour, left - beside, top - MARGIN_PX, beside)


@lru_cache(maxsize=32)
def _digits(look: CounterLook, size_px: int, signs: str, where: str) -> _Digits:
    made = {
        sign: set_at_size(sign, font=look.font, size_px=size_px, width_px=100_000, where=where)
        for sign in sorted(set(signs) | set("0123456789"))
    }
    return _Digits(signs=made, cell_px=max(made[digit].width_px for digit in "0123456789"))


# --- counter ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class _Counter:
    digits: _Digits
    number_px: int
    """Width of the widest value."""
    unit: SetText | None
    label: SetText | None
    size: Raster
    number_left_px: int
    number_top_px: int
    unit_left_px: int
    label_top_px: int


def measure_counter(element: CounterElement, *, raster: Raster, room: Raster, where: str) -> Raster:
    """The raster of `scene_of_counter` for the same arguments."""
    return _laid_counter(without_time(element), raster, room, where).size


def scene_of_counter(element: CounterElement, *, raster: Raster, room: Raster, where: str) -> Scene:
    """The number counts, quickly at first and gently at the end, and stays.

    Raises: GlyphMissing, FontMissing, CampaignProblems.
    """
    laid, look = _laid_counter(without_time(element), raster, room, where), element.look
    still = clear(laid.size.width, laid.size.height)
    paint_plate(still, (0, 0, *still.size), scaled(22, raster), look.ground, look.opacity)
    if laid.label is not None:
        paint_words(still, laid.label, look.text, 0, laid.label_top_px, width_px=laid.size.width)
    if laid.unit is not None:
        top = laid.number_top_px + laid.digits.ascent_px - laid.unit.ascent_px
        paint_words(still, laid.unit, look.accent, laid.unit_left_px, top)

    def make() -> Iterator[Run]:
        shown: list[tuple[str, int]] = []
        for frame in range(element.frames):
            text = _written(_value(element, frame), element.decimals)
            if shown and shown[-1][0] == text:
                shown[-1] = (text, shown[-1][1] + 1)
            else:
                shown.append((text, 1))
        for text, frames in shown:
            picture = still.copy()
            place = laid.number_left_px, laid.number_top_px
            laid.digits.paint(picture, text, look.accent, *place, laid.number_px)
            yield Run(picture=np.array(picture), frames=frames)

    return Scene(size=laid.size, frames=element.frames, make=make)


def _value(element: CounterElement, frame: int) -> Fraction:
    last = min(element.count_frames, element.frames) - 1
    if frame >= last:
        return element.end
    return element.start + (element.end - element.start) * eased(frame, last)


def _written(value: Fraction, decimals: int) -> str:
    """`12,500` or `-0.5`: rounded half up, away from zero."""
    whole = math.floor(abs(value) * 10**decimals + Fraction(1, 2))
    digits = f"{whole // 10**decimals:,}" + (f".{whole % 10**decimals:0{decimals}}" if decimals else "")
    return f"-{digits}" if value < 0 and whole else digits


def _ends(element: CounterElement) -> tuple[str, str]:
    """The first and the last value as written: a count moves one way, so none on its way is wider than both."""
    return _written(element.start, element.decimals), _written(element.end, element.decimals)


@lru_cache(maxsize=32)
def _laid_counter(element: CounterElement, raster: Raster, room: Raster, where: str) -> _Counter:
    look = element.look
    # The label keeps a size that can be read by itself; the number has more to give.
    least = min(Fraction(1), max(Fraction(1, 4), Fraction(_LEAST_PX, look.size_px)))
    laid = as_large_as_fits(lambda share: _lay_counter(element, raster, room, where, share), least=least)
    if laid is None:
        number = " ".join([_ends(element)[1], element.unit]).strip()
        raise too_small(where, room, Said(f"a counter to {number}", ko=f"{number}까지 세는 숫자"))
    return laid


def _lay_counter(
    element: CounterElement, raster: Raster, room: Raster, where: str, share: Fraction
) -> _Counter | None:
    look = element.look

    def px(of_1920: int) -> int:
        return max(1, round(scaled(of_1920, raster) * share))

    across, above = px(52), px(44)
    size = px(look.size_px)
    width = room.width - 2 * across - 1
    ends = _ends(element)
    digits = _digits(look, size, "".join(ends), f"{where} number")
    number = max(digits.width_px(text) for text in ends)
    unit, unit_width = None, 0
    if element.unit.strip():
        unit = set_at_size(
            element.unit,
            font=look.font,
            size_px=max(scaled(_LEAST_PX, raster), size // 2),
            width_px=room.width,
            where=f"{where} unit",
        )
        unit_width = size // 12 + unit.width_px
        if len(unit.lines) > 1:
            return None
    label, top = None, above
    label_top = above
    if element.label.strip():
        if width < scaled(_LEAST_PX, raster):
            return None
        label = set_on_lines(
            element.label,
            font=look.label_font,
            size_px=max(scaled(_LEAST_PX, raster), px(look.label_size_px)),
            least_px=scaled(_LEAST_PX, raster),
            lines=2,
            width_px=width,
            height_px=max(1, room.height // 2),
            where=f"{where} label",
        )
        top += label.height_px + size // 5
    wide = max(number + unit_width, label.width_px if label else 0)
    # A comma and the unit's letters reach a little below the digits.
    made = Raster(even_up(2 * across + wide), even_up(top + digits.ascent_px + size // 10 + above))
    if made.width > room.width or made.height > room.height:
        return None
    left = (made.width - number - unit_width) // 2
    return _Counter(
        digits=digits,
        number_px=number,
        unit=unit,
        label=label,
        size=made,
        number_left_px=left,
        number_top_px=top,
        unit_left_px=left + number + size // 12,
        label_top_px=label_top,
    )


# --- countdown -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class _Countdown:
    digits: _Digits
    side_px: int
    ring_px: int
    """Thickness of the ring."""


def measure_countdown(element: CountdownElement, *, raster: Raster, room: Raster, where: str) -> Raster:
    """The raster of `scene_of_countdown` for the same arguments: a square."""
    side = _lay_countdown(element, raster, room, where).side_px
    return Raster(side, side)


def scene_of_countdown(element: CountdownElement, *, raster: Raster, room: Raster, where: str) -> Scene:
    """Numbers on a disc in a ring that empties clockwise over all of the time.

    Raises: GlyphMissing, FontMissing, CampaignProblems.
    """
    laid, look = _lay_countdown(element, raster, room, where), element.look
    side = laid.side_px
    disc = rounded_mask((side, side), (0, 0, side, side), side // 2)
    air = laid.ring_px
    outer = rounded_mask((side, side), (air, air, side - air, side - air), side // 2)
    hole = air + laid.ring_px
    inner = rounded_mask((side, side), (hole, hole, side - hole, side - hole), side // 2)
    ring = np.asarray(outer).astype(np.float32) - np.asarray(inner)
    ground = clear(side, side)
    paint_at(ground, disc, look.ground, 0, 0, float(look.opacity))
    paint_at(ground, Image.fromarray(ring.clip(0, 255).astype(np.uint8)), look.text, 0, 0, 0.22)
    past, radius = _angles(side)

    def numbered(number: int) -> Image.Image:
        picture = ground.copy()
        text = str(number)
        width = laid.digits.width_px(text)
        place = (side - width) // 2, (side - laid.digits.ascent_px) // 2
        laid.digits.paint(picture, text, look.text, *place, width)
        return picture

    def make() -> Iterator[Run]:
        number, still = 0, ground
        for frame in range(element.frames):
            now = element.seconds - frame * element.seconds // element.frames
            if now != number:
                number, still = now, numbered(now)
            # Full in the first frame, and with its last piece in the last: emptied part of the turn, 0 to 1.
            gone = frame / element.frames
            full = ((past - gone) * math.tau * radius + 0.5).clip(0, 1)
            picture = still.copy()
            paint_at(picture, Image.fromarray((ring * full).clip(0, 255).astype(np.uint8)), look.accent, 0, 0)
            yield Run(picture=np.array(picture), frames=1)

    return Scene(size=Raster(side, side), frames=element.frames, make=make)


def _angles(side: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """`(side, side)` each: the part of a clockwise turn from the top, 0 to 1, and the distance from the middle."""
    steps = np.arange(side, dtype=np.float32) - (side - 1) / 2
    across, down = np.meshgrid(steps, steps)
    turn = (np.arctan2(across, -down) / math.tau) % 1
    return turn.astype(np.float32), np.hypot(across, down).astype(np.float32)


def _lay_countdown(element: CountdownElement, raster: Raster, room: Raster, where: str) -> _Countdown:
    laid = as_large_as_fits(
        lambda share: _try_countdown(element, raster, room, where, share), least=Fraction(1, 4)
    )
    if laid is None:
        what = Said(f"a countdown from {element.seconds}", ko=f"{element.seconds}부터 세는 카운트다운")
        raise too_small(where, room, what)
    return laid


def _try_countdown(
    element: CountdownElement, raster: Raster, room: Raster, where: str, share: Fraction
) -> _Countdown | None:
    size = max(1, round(scaled(element.look.size_px, raster) * share))
    if size < scaled(_LEAST_PX, raster):
        return None
    digits = _digits(element.look, size, "", f"{where} number")
    ring = max(3, size // 10)
    inside = math.hypot(digits.width_px("0" * len(str(element.seconds))), digits.ascent_px)
    side = even_up(math.ceil(max(inside, size) + size * 0.5) + 4 * ring)
    if side > min(room.width, room.height):
        return None
    return _Countdown(digits=digits, side_px=side, ring_px=ring)


# --- progress --------------------------------------------------------------------------------------------


def measure_progress(element: ProgressElement, *, raster: Raster, room: Raster, where: str) -> Raster:
    """As wide as its room, to an even number."""
    height = even_up(scaled(element.look.height_px, raster))
    if room.width < 2 or room.height < height:
        raise too_small(where, room, Said("a progress bar", ko="진행 막대"))
    return Raster(room.width - room.width % 2, height)


def scene_of_progress(element: ProgressElement, *, raster: Raster, room: Raster, where: str) -> Scene:
    """A bar that is a little fuller in each frame, and full in the last."""
    size, look = measure_progress(element, raster=raster, room=room, where=where), element.look
    whole = (0, 0, size.width, size.height)
    shape = np.asarray(rounded_mask((size.width, size.height), whole, size.height // 2)).astype(np.float32)
    empty = _plain(look.ground, shape * float(look.opacity))
    full = _plain(look.colour, shape)

    def make() -> Iterator[Run]:
        for frame in range(element.frames):
            filled = Fraction(size.width * (frame + 1), element.frames)
            edge = math.floor(filled)
            picture = empty.copy()
            picture[:, :edge] = full[:, :edge]
            if edge < size.width:
                share = float(filled - edge)
                before, after = empty[:, edge].astype(np.float32), full[:, edge].astype(np.float32)
                picture[:, edge] = np.rint(_mixed(before, after, share)).astype(np.uint8)
            yield Run(picture=picture, frames=1)

    return Scene(size=size, frames=element.frames, make=make)


def _mixed(before: NDArray[np.float32], after: NDArray[np.float32], share: float) -> NDArray[np.float32]:
    """One column `share` of the way from `before` to `after`; colours count by their coverage."""
    weights = before[:, 3:] * (1 - share), after[:, 3:] * share
    total = weights[0] + weights[1]
    colour = (before[:, :3] * weights[0] + after[:, :3] * weights[1]) / np.maximum(total, 1e-6)
    # Where neither covers, the colour of what comes.
    colour = np.where(total > 0, colour, after[:, :3])
    return np.concatenate([colour, total], axis=1)


def _plain(colour: Colour, coverage: NDArray[np.float32]) -> Pixels:
    pixels: Pixels = np.empty((*coverage.shape, 4), np.uint8)
    pixels[..., :3] = colour.rgb
    pixels[..., 3] = np.rint(coverage)
    return pixels
