"""A picture that says which frame it is, which way up it stands, and whether its pixels are square.

Everything lies inside the largest centred 9:16 part of the display, so that a reel of any footage shows it:
a white mark at the top left and a black one at the top right, a number of ten bits as black and white blocks, a
square, a bar that moves by the field, and a foot that flashes. Drawing is arithmetic on numpy arrays and uses
nothing of the product; reading works at any size and in any colours, by the two marks at the top.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from reels.geometry import Raster

__all__ = ["Card", "Read", "draw", "read", "read_card", "square_drawn", "way_up"]

Plane = npt.NDArray[np.uint8]
Luma = npt.NDArray[np.float64]

_BLACK, _GROUND, _WHITE = 40, 90, 215

# Left, top, right, bottom in shares of the 9:16 part's width and height.
_WHITE_MARK = (0.05, 0.02, 0.25, 0.11)
_BLACK_MARK = (0.75, 0.02, 0.95, 0.11)
_COLUMNS, _ROWS = 5, 2
_NUMBER = (0.05, 0.14, 0.95, 0.34)
_SQUARE = (0.3, 0.38, 0.7, 0.605)
_BAR_ROOM = (0.0, 0.64, 1.0, 0.73)
_BAR_WIDTH = 0.12
_BAR_STEPS, _BAR_STEP = 8, 0.06
_FLASH = (0.0, 0.77, 1.0, 0.87)

Shares = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What one picture shows. `phase` is where the bar is, in frames and halves of them; it goes round in eight."""

    number: int
    phase: Fraction = Fraction(0)
    flash: bool = False


def draw(card: Card, display: Raster, *, width: int | None = None) -> Plane:
    """The luma of `card`, upright, `width` stored pixels wide (the display's where pixels are square)."""
    stored = width or display.width
    picture = np.full((display.height, stored), _GROUND, np.uint8)

    def fill(shares: Shares, level: int) -> None:
        x0, y0, x1, y1 = _pixels(shares, display, stored)
        picture[y0:y1, x0:x1] = level

    fill(_WHITE_MARK, _WHITE)
    fill(_BLACK_MARK, _BLACK)
    for bit in range(_COLUMNS * _ROWS):
        fill(_block(bit), _WHITE if card.number >> bit & 1 else _BLACK)
    fill(_SQUARE, _WHITE)
    fill(_BAR_ROOM, _BLACK)
    at = 0.2 + float(card.phase % _BAR_STEPS) * _BAR_STEP
    fill((at, _BAR_ROOM[1], at + _BAR_WIDTH, _BAR_ROOM[3]), _WHITE)
    fill(_FLASH, _WHITE if card.flash else _BLACK)
    return picture


def square_drawn(display: Raster, *, width: int | None = None) -> Fraction:
    """Width by height of the square on the display: 1 but for the rounding to stored pixels."""
    stored = width or display.width
    x0, y0, x1, y1 = _pixels(_SQUARE, display, stored)
    return Fraction((x1 - x0) * display.width, stored * (y1 - y0))


def _pixels(shares: Shares, display: Raster, stored_width: int) -> tuple[int, int, int, int]:
    """Left, top, right, bottom in stored pixels of a part of the 9:16 in the middle."""
    inner_width = min(display.width, display.height * 9 / 16)
    inner_height = min(display.height, display.width * 16 / 9)
    left, top = (display.width - inner_width) / 2, (display.height - inner_height) / 2
    squeeze = stored_width / display.width
    x0, x1 = (round((left + share * inner_width) * squeeze) for share in (shares[0], shares[2]))
    y0, y1 = (round(top + share * inner_height) for share in (shares[1], shares[3]))
    return x0, y0, x1, y1


def _block(bit: int) -> Shares:
    row, column = divmod(bit, _COLUMNS)
    left, top, right, bottom = _NUMBER
    wide, tall = (right - left) / _COLUMNS, (bottom - top) / _ROWS
    return (
        left + column * wide,
        top + row * tall,
        left + (column + 1) * wide,
        top + (row + 1) * tall,
    )


# --- reading ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """What a picture of 9:16 shows: its number, whether it flashes, where the bar is, and how straight.

    `square_width_px` and `square_height_px` measure the white square; `bar_phase` is in frames, 0 … 8;
    `bar_ragged_px` is how far the bar's left edge leaps from row to row, half of which is half a comb's tooth.
    """

    number: int
    flash: bool
    square_width_px: float
    square_height_px: float
    bar_phase: float
    bar_ragged_px: float


def way_up(luma: Plane) -> str:
    """Where the white and the black mark are: `upright`, or what was done to the picture."""
    # What the marks and the marks of a picture that lies on its side have in common.
    corners = {
        "top left": (0.05, 0.05, 0.11, 0.11),
        "top right": (0.89, 0.05, 0.95, 0.11),
        "bottom left": (0.05, 0.89, 0.11, 0.95),
        "bottom right": (0.89, 0.89, 0.95, 0.95),
    }
    level = {name: _level(luma, shares) for name, shares in corners.items()}
    whitest, blackest = max(level, key=lambda c: level[c]), min(level, key=lambda c: level[c])
    if (whitest, blackest) == ("top left", "top right"):
        return "upright"
    return f"white {whitest}, black {blackest}"


def read(luma: Plane) -> Read:
    """Everything that a 9:16 picture says. Fails where two pictures are mixed in one."""
    width = luma.shape[1]
    black, white = _black_and_white(luma)
    middle = _part(luma, (0, _SQUARE[1] - 0.02, 1, _SQUARE[3] + 0.02))
    square = (middle.astype(np.float64) - black) / (white - black)
    # Between the ground and white, not between black and white.
    half = (1 + float(np.median(square[:, : width // 8]))) / 2
    rows, columns = square.shape[0] // 2, width // 2
    across = square[rows - 4 : rows + 4, round(0.15 * width) : round(0.85 * width)].mean(axis=0)
    down = square[:, columns - 4 : columns + 4].mean(axis=1)
    room = _part(luma, (0, _BAR_ROOM[1] + 0.02, 1, _BAR_ROOM[3] - 0.02))
    edges = _bar_edges((room.astype(np.float64) - black) / (white - black))
    number, flash = read_card(luma)
    return Read(
        number=number,
        flash=flash,
        square_width_px=_extent(across, half),
        square_height_px=_extent(down, half),
        bar_phase=(float(np.median(edges)) / width - 0.2) / _BAR_STEP,
        bar_ragged_px=float(np.abs(edges - np.median(edges)).max()),
    )


def read_card(luma: Plane) -> tuple[int, bool]:
    """The number and whether it flashes, which is all that most frames are asked. Fails where two are mixed."""
    black, white = _black_and_white(luma)

    def is_white(shares: Shares, what: str) -> bool:
        level = (_level(luma, shares) - black) / (white - black)
        assert level < 0.3 or level > 0.7, f"{what} is at {level:.2f}: two pictures in one"
        return level > 0.5

    number = sum(is_white(_block(bit), f"bit {bit}") << bit for bit in range(_COLUMNS * _ROWS))
    return number, is_white(_FLASH, "the flash")


def _black_and_white(luma: Plane) -> tuple[float, float]:
    black, white = _level(luma, _BLACK_MARK), _level(luma, _WHITE_MARK)
    assert white - black > 60, f"no picture of ours: its white is {white:.0f}, its black {black:.0f}"
    return black, white


def _level(luma: Plane, shares: Shares) -> float:
    """The mean of the inner half of a part."""
    left, top, right, bottom = shares
    x, y = (right - left) / 4, (bottom - top) / 4
    return float(_part(luma, (left + x, top + y, right - x, bottom - y)).mean())


def _part(luma: Plane, shares: Shares) -> Plane:
    height, width = luma.shape
    left, top, right, bottom = shares
    return luma[round(top * height) : round(bottom * height), round(left * width) : round(right * width)]


def _extent(profile: Luma, half: float) -> float:
    """How far a bright stretch reaches, in pixels and parts of one, where its edges cross `half`."""
    above = np.flatnonzero(profile > half)
    assert len(above), "there is no square"
    first, last = int(above[0]), int(above[-1])
    assert first > 0, "the square has no edge"
    assert last + 1 < len(profile), "the square has no edge"
    before = (profile[first] - half) / (profile[first] - profile[first - 1])
    after = (profile[last] - half) / (profile[last] - profile[last + 1])
    return float(last - first + before + after)


def _bar_edges(room: Luma) -> Luma:
    """Where the bar begins in each row of its room: 0 is black, 1 is white."""
    bright = room > 0.5
    assert bright.any(axis=1).all(), "the bar is missing in some rows"
    first = bright.argmax(axis=1)
    rows = np.arange(len(room))
    low, high = room[rows, np.maximum(first - 1, 0)], room[rows, first]
    edges: Luma = first - (high - 0.5) / np.maximum(high - low, 1e-6)
    return edges
