"""Things below each other in the middle of a room: what cards and end cards are made of.

A kind of card says once, in order, what its blocks are; here they are measured, put in place and painted. The still is as
large as its room and clear where nothing stands.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from PIL import Image

from reels.art.alpha import clear
from reels.art.elements import CardLook
from reels.art.words import paint_plate, too_small
from reels.geometry import Raster
from reels.layout import even_down, scaled
from reels.said import Said

__all__ = ["Block", "Column", "Paint", "Sizes", "column_of", "paint_column", "whole_room"]

Paint = Callable[[Image.Image, int, int], None]
"""Puts something on a picture at a left and a top."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One thing in the column, and how it is painted.

    Where `paint` is None nothing is painted: something appears there later, and `paint_column` says where.
    """

    gap_px: int
    width_px: int
    height_px: int
    paint: Paint | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """Blocks from top to foot, the first without a gap, with the air around them."""

    blocks: tuple[Block, ...]
    across_px: int
    pad_px: int

    @property
    def height_px(self) -> int:
        return sum(block.gap_px + block.height_px for block in self.blocks)


class Sizes:
    """Everything at one share of what the look says, and the room that is left inside a plate or the edges."""

    def __init__(self, look: CardLook, raster: Raster, room: Raster, share: Fraction) -> None:
        self._raster, self._share = raster, share
        # A plate has edges that can be seen.
        self.across_px = self.pad_px = scaled(16, raster) if look.plate is None else self.px(56)
        self.width_px, self.height_px = room.width - 2 * self.across_px, room.height - 2 * self.pad_px

    def px(self, of_1920: int) -> int:
        return max(1, round(scaled(of_1920, self._raster) * self._share))

    def letters(self, of_1920: int, least: int) -> int:
        """A size of letters: it does not shrink below `least`, of 1920 lines as well, which can be read."""
        usual = scaled(of_1920, self._raster)
        return max(min(usual, scaled(least, self._raster)), self.px(of_1920))


def column_of(blocks: Sequence[Block], sizes: Sizes) -> Column | None:
    """None where the blocks are higher or wider than the room."""
    column = Column(
        blocks=(replace(blocks[0], gap_px=0), *blocks[1:]), across_px=sizes.across_px, pad_px=sizes.pad_px
    )
    widest = max(block.width_px for block in column.blocks)
    return column if column.height_px <= sizes.height_px and widest <= sizes.width_px else None


def paint_column(
    column: Column, size: Raster, look: CardLook, raster: Raster
) -> tuple[Image.Image, tuple[tuple[int, int], ...]]:
    """The still, and left and top of the blocks that paint nothing."""
    picture = clear(size.width, size.height)
    top = (size.height - column.height_px) // 2
    if look.plate is not None:
        foot = top + column.height_px
        box = (0, max(0, top - column.pad_px), size.width, min(size.height, foot + column.pad_px))
        paint_plate(picture, box, scaled(28, raster), look.plate, look.plate_opacity)
    left_out = []
    for block in column.blocks:
        top += block.gap_px
        left = (size.width - block.width_px) // 2 if look.centred else column.across_px
        if block.paint is None:
            left_out.append((left, top))
        else:
            block.paint(picture, left, top)
        top += block.height_px
    return picture, tuple(left_out)


def whole_room(room: Raster, where: str, what: Said) -> Raster:
    """The raster of a still that fills `room`: to even sides.

    Raises: CampaignProblems, with `what` does not fit.
    """
    if room.width < 2 or room.height < 2:
        raise too_small(where, room, what)
    return Raster(even_down(room.width), even_down(room.height))
