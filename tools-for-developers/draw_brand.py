"""Draws the mark of 한빛시, the fictitious city of the examples, into assets/brand/logo.png.

Run it as `python tools-for-developers/draw_brand.py [OUT.png]`; the same Pillow draws the same bytes. The
mark is ours: a sun over two hills and a river in a capsule of the brand's ground colour, so that it reads
on any picture.
"""

from __future__ import annotations

import math
import sys
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

ROOT = Path(__file__).resolve().parents[1]
WIDTH, HEIGHT = 1200, 420
MANY = 3  # drawn larger, then shrunk: smooth edges
GROUND = (11, 37, 69)
SUN = (255, 184, 28)
HILL = (46, 139, 87)
FAR_HILL = (88, 178, 120)
SKY = (226, 240, 255)
RIVER = (30, 107, 201)
WHITE = (255, 255, 255)


def draw_logo() -> Image.Image:
    """The mark with a transparent ground, 1200x420."""
    width, height = WIDTH * MANY, HEIGHT * MANY
    capsule = Image.new("L", (width, height), 0)
    ImageDraw.Draw(capsule).rounded_rectangle((0, 0, width - 1, height - 1), height // 2, fill=255)
    picture = Image.new("RGB", (width, height), GROUND)

    inset = 36 * MANY
    side = height - 2 * inset
    emblem = _emblem(side)
    disc = Image.new("L", (side, side), 0)
    ImageDraw.Draw(disc).ellipse((0, 0, side - 1, side - 1), fill=255)
    picture.paste(emblem, (inset, inset), disc)

    font = ImageFont.truetype(
        ROOT / "assets" / "fonts" / "Pretendard-ExtraBold.otf",
        250 * MANY,
        layout_engine=ImageFont.Layout.BASIC,
    )
    left = inset + side + 48 * MANY
    ImageDraw.Draw(picture).text((left, height // 2), "한빛시", fill=WHITE, font=font, anchor="lm")

    small = picture.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS).convert("RGBA")
    small.putalpha(capsule.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS))
    return small


def _emblem(side: int) -> Image.Image:
    emblem = Image.new("RGB", (side, side), SKY)
    draw = ImageDraw.Draw(emblem)

    def scale(*points: float) -> tuple[int, ...]:
        return tuple(round(point * side) for point in points)

    draw.ellipse(scale(0.30, 0.20, 0.70, 0.60), fill=SUN)
    draw.ellipse(scale(0.32, 0.42, 1.22, 1.32), fill=FAR_HILL)
    draw.ellipse(scale(-0.28, 0.50, 0.62, 1.40), fill=HILL)
    banks = [_river_bank(step / 60, side=1) for step in range(61)]
    banks += [_river_bank(step / 60, side=-1) for step in range(60, -1, -1)]
    draw.polygon([scale(*point) for point in banks], fill=RIVER)
    return emblem


def _river_bank(down: float, *, side: int) -> tuple[float, float]:
    """A point of a bank, in parts of the emblem: the river winds out from between the hills and widens."""
    middle = 0.53 + 0.075 * math.sin(down * 5.2)
    return middle + side * (0.012 + 0.11 * down), 0.585 + 0.43 * down


if __name__ == "__main__":
    out = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "assets" / "brand" / "logo.png"
    draw_logo().save(out, optimize=True)
    print(out)
