"""Draws the mark of 한빛시, the fictitious city of the examples, into assets/brand: logo.svg, and logo.png from it.

Run it as `python tools-for-developers/draw_brand.py [FOLDER]`; the same packages draw the same bytes. The mark is
ours: a sun over two hills and a river in a capsule of the brand's ground colour, so that it reads on any picture.
Its letters are outlines of Pretendard, so that the drawing needs no font.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator
from pathlib import Path

from fontTools.pens.boundsPen import BoundsPen
from fontTools.pens.svgPathPen import SVGPathPen
from fontTools.pens.transformPen import TransformPen
from fontTools.ttLib import TTFont

from reels.art.svg import draw_svg, read_svg

ROOT = Path(__file__).resolve().parents[1]
WIDTH, HEIGHT = 1200, 420
INSET = 36
LETTERS_PX = 250
GROUND = "#0B2545"
SUN = "#FFB81C"
HILL = "#2E8B57"
FAR_HILL = "#58B278"
SKY = "#E2F0FF"
RIVER = "#1E6BC9"
WHITE = "#FFFFFF"


def draw_logo() -> str:
    """The mark as SVG, 1200x420, with a transparent ground."""
    side = HEIGHT - 2 * INSET
    lines = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}">',
        "  <title>한빛시</title>",
        f'  <rect width="{WIDTH}" height="{HEIGHT}" rx="{HEIGHT // 2}" fill="{GROUND}"/>',
        f'  <clipPath id="disc"><circle cx="{side // 2}" cy="{side // 2}" r="{side // 2}"/></clipPath>',
        f'  <g transform="translate({INSET} {INSET})" clip-path="url(#disc)">',
        *(f"    {shape}" for shape in _emblem(side)),
        "  </g>",
        f'  <path d="{_letters("한빛시", left=INSET + side + 48)}" fill="{WHITE}"/>',
        "</svg>",
    )
    return "\n".join(lines) + "\n"


def _emblem(side: int) -> Iterator[str]:
    def circle(x: float, y: float, radius: float, fill: str) -> str:
        return f'<circle cx="{x * side:g}" cy="{y * side:g}" r="{radius * side:g}" fill="{fill}"/>'

    yield f'<rect width="{side}" height="{side}" fill="{SKY}"/>'
    yield circle(0.50, 0.40, 0.20, SUN)
    yield circle(0.77, 0.87, 0.45, FAR_HILL)
    yield circle(0.17, 0.95, 0.45, HILL)
    banks = [_river_bank(step / 24, side=1) for step in range(25)]
    banks += [_river_bank(step / 24, side=-1) for step in range(24, -1, -1)]
    points = " ".join(f"{x * side:.1f},{y * side:.1f}" for x, y in banks)
    yield f'<polygon points="{points}" fill="{RIVER}"/>'


def _river_bank(down: float, *, side: int) -> tuple[float, float]:
    """A point of a bank, in parts of the emblem: the river winds out from between the hills and widens."""
    middle = 0.53 + 0.075 * math.sin(down * 5.2)
    return middle + side * (0.012 + 0.11 * down), 0.585 + 0.43 * down


def _letters(text: str, *, left: float) -> str:
    """The outlines of `text`, beginning at `left`, in the middle of the capsule's height."""
    face = TTFont(ROOT / "assets" / "fonts" / "Pretendard-ExtraBold.otf")
    glyphs, names, widths = face.getGlyphSet(), face.getBestCmap(), face["hmtx"].metrics
    scale = LETTERS_PX / face["head"].unitsPerEm
    bounds = BoundsPen(glyphs)
    for character in text:
        glyphs[names[ord(character)]].draw(bounds)
    baseline = HEIGHT / 2 + (bounds.bounds[1] + bounds.bounds[3]) / 2 * scale
    outlines = SVGPathPen(glyphs, ntos=lambda number: f"{number:.1f}".rstrip("0").rstrip("."))
    for character in text:
        name = names[ord(character)]
        glyphs[name].draw(TransformPen(outlines, (scale, 0, 0, -scale, left, baseline)))
        left += widths[name][0] * scale
    return str(outlines.getCommands())


if __name__ == "__main__":
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "assets" / "brand"
    drawing = folder / "logo.svg"
    drawing.write_text(draw_logo(), encoding="utf-8")
    draw_svg(read_svg(drawing), width_px=WIDTH).save(folder / "logo.png", optimize=True)
    print(drawing)
