"""Small signs drawn from polygons and arcs, as coverage masks: no font is needed for them.

Each is drawn eight times as large in a square and made small, so that its edges are smooth. Colour comes later.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import lru_cache

from PIL import Image, ImageDraw

from reels.art.elements import Icon

__all__ = ["icon_mask"]

_OVERSAMPLING = 8
_Draw = ImageDraw.ImageDraw


def icon_mask(icon: Icon, size_px: int) -> Image.Image:
    """An "L" mask of `size_px` by `size_px`; the sign fills most of it and reaches no farther."""
    return _mask(icon, size_px).copy()


@lru_cache(maxsize=64)
def _mask(icon: Icon, size_px: int) -> Image.Image:
    large = size_px * _OVERSAMPLING
    picture = Image.new("L", (large, large), 0)
    _DRAWN[icon](ImageDraw.Draw(picture), large)
    return picture.resize((size_px, size_px), Image.Resampling.BOX)


def _round(draw: _Draw, unit: float, x: float, y: float, radius: float, fill: int = 255) -> None:
    box = [(x - radius) * unit, (y - radius) * unit, (x + radius) * unit, (y + radius) * unit]
    draw.ellipse(box, fill=fill)


def _stroke(
    draw: _Draw, unit: float, points: list[tuple[float, float]], width: float, fill: int = 255
) -> None:
    """A line through `points` with round ends and corners."""
    draw.line([(x * unit, y * unit) for x, y in points], fill=fill, width=round(width * unit))
    for x, y in points:
        _round(draw, unit, x, y, width / 2, fill)


def _pin(draw: _Draw, unit: float) -> None:
    # A drop: a disc, and the two tangents from its foot.
    centre, radius, foot = (0.5, 0.38), 0.36, (0.5, 0.99)
    reach = foot[1] - centre[1]
    angle = math.acos(radius / reach)
    sides = [
        (centre[0] + way * radius * math.sin(angle), centre[1] + radius * math.cos(angle)) for way in (-1, 1)
    ]
    _round(draw, unit, *centre, radius)
    draw.polygon([(x * unit, y * unit) for x, y in (sides[0], foot, sides[1], centre)], fill=255)
    _round(draw, unit, *centre, 0.14, 0)


def _clock(draw: _Draw, unit: float) -> None:
    _round(draw, unit, 0.5, 0.5, 0.48)
    _round(draw, unit, 0.5, 0.5, 0.385, 0)
    _stroke(draw, unit, [(0.5, 0.25), (0.5, 0.52), (0.66, 0.62)], 0.09)


def _warning(draw: _Draw, unit: float) -> None:
    corners = [(0.5, 0.11), (0.93, 0.87), (0.07, 0.87)]
    draw.polygon([(x * unit, y * unit) for x, y in corners], fill=255)
    _stroke(draw, unit, [*corners, corners[0]], 0.13)
    _stroke(draw, unit, [(0.5, 0.4), (0.5, 0.6)], 0.09, 0)
    _round(draw, unit, 0.5, 0.76, 0.058, 0)


def _phone(draw: _Draw, unit: float) -> None:
    # A receiver: a thick piece of a ring between ear and mouth, drawn level, turned, and made as large as it can be.
    receiver = Image.new("L", (int(unit), int(unit)), 0)
    pen = ImageDraw.Draw(receiver)
    pen.arc([0.02 * unit, 0.3 * unit, 0.98 * unit, 1.26 * unit], 195, 345, fill=255, width=round(0.2 * unit))
    for left in (0.0, 0.68):
        box = [left * unit, 0.5 * unit, (left + 0.32) * unit, 0.8 * unit]
        pen.rounded_rectangle(box, round(0.1 * unit), fill=255)
    turned = receiver.rotate(135, Image.Resampling.BICUBIC, expand=True)
    turned = turned.crop(turned.getbbox())
    side = round(0.9 * unit)
    turned = turned.resize((side, side), Image.Resampling.BICUBIC)
    draw.bitmap((round(0.05 * unit), round(0.05 * unit)), turned, fill=255)


def _calendar(draw: _Draw, unit: float) -> None:
    draw.rounded_rectangle([0.06 * unit, 0.12 * unit, 0.94 * unit, 0.97 * unit], round(0.12 * unit), fill=255)
    draw.rounded_rectangle([0.15 * unit, 0.37 * unit, 0.85 * unit, 0.88 * unit], round(0.05 * unit), fill=0)
    for x in (0.3, 0.7):
        _stroke(draw, unit, [(x, 0.08), (x, 0.2)], 0.2, 0)
        _stroke(draw, unit, [(x, 0.07), (x, 0.2)], 0.1)
    for y in (0.51, 0.72):
        for x in (0.31, 0.5, 0.69):
            box = [(x - 0.055) * unit, (y - 0.055) * unit, (x + 0.055) * unit, (y + 0.055) * unit]
            draw.rectangle(box, fill=255)


def _check(draw: _Draw, unit: float) -> None:
    _round(draw, unit, 0.5, 0.5, 0.49)
    _stroke(draw, unit, [(0.29, 0.52), (0.44, 0.67), (0.72, 0.36)], 0.11, 0)


def _spark(draw: _Draw, unit: float) -> None:
    def star(x: float, y: float, radius: float) -> None:
        # Four points with hollow sides: an astroid.
        points = []
        for step in range(120):
            angle = step * math.tau / 120
            along, across = math.cos(angle), math.sin(angle)
            points.append(
                (
                    (x + radius * math.copysign(abs(along) ** 3, along)) * unit,
                    (y + radius * math.copysign(abs(across) ** 3, across)) * unit,
                )
            )
        draw.polygon(points, fill=255)

    star(0.42, 0.56, 0.42)
    star(0.82, 0.18, 0.17)


_DRAWN: Mapping[Icon, Callable[[_Draw, float], None]] = {
    "pin": _pin,
    "clock": _clock,
    "warning": _warning,
    "phone": _phone,
    "calendar": _calendar,
    "check": _check,
    "spark": _spark,
}
