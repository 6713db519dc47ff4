"""The level that an H.264 picture needs, by its size and its rate: a stated one that is lower stops players built for it.

Source: ITU-T H.264, table A-1 (MaxMBPS and MaxFS).
"""

from __future__ import annotations

from fractions import Fraction

from reels.geometry import Raster

__all__ = ["HIGHEST_LEVEL", "level_name", "needed_level"]

# Level times ten, macroblocks a second, macroblocks in a picture.
_LEVELS = (
    (10, 1_485, 99),
    (11, 3_000, 396),
    (12, 6_000, 396),
    (13, 11_880, 396),
    (20, 11_880, 396),
    (21, 19_800, 792),
    (22, 20_250, 1_620),
    (30, 40_500, 1_620),
    (31, 108_000, 3_600),
    (32, 216_000, 5_120),
    (40, 245_760, 8_192),
    (42, 522_240, 8_704),
    (50, 589_824, 22_080),
    (51, 983_040, 36_864),
    (52, 2_073_600, 36_864),
)
HIGHEST_LEVEL = 52
"""What telephones decode: 6.0 and above are for 8K."""


def needed_level(raster: Raster, rate: Fraction) -> int | None:
    """The lowest level, times ten, that allows pictures of `raster` at `rate`; None where none of 5.2 and below does."""
    blocks = -(-raster.width // 16) * -(-raster.height // 16)
    return next(
        (level for level, a_second, at_once in _LEVELS if blocks <= at_once and blocks * rate <= a_second),
        None,
    )


def level_name(level: int) -> str:
    """`4.2` for 42."""
    return f"{level // 10}.{level % 10}"
