"""The person of the sample footage: a photographed head on a drawn jacket, two layers, drawn with Pillow.

As in `street`, the same arguments give the same pixels, and nothing moves or is written to disk.
"""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageEnhance, ImageFilter

from reels.geometry import Raster
from reels.resources import assets_dir
from reels.sample.street import Colour, Point, mixed, sign_font

__all__ = ["draw_person"]

# The portrait's own pixels: where in assets/demo/portrait.png the neck is, and how a body hangs on it.
_NECK_X = 84.0
_BODY = Raster(380, 560)
_HEAD_AT = (106, 0)
"""Upper left corner of the portrait on the body's canvas."""
_COLLAR = (17, 14, 14)
"""The portrait's own collar, so that the drawn one goes on from it."""
_COLLAR_FADES_PX = 16


def _cloth(
    paint: Colour, outline: list[Point], scale: float, canvas: Image.Image, *, rounded: float = 3
) -> None:
    """Fills `outline` (portrait pixels) with cloth: corners `rounded`, darker to the sides, with folds."""
    size = canvas.size
    shape = Image.new("L", size, 0)
    ImageDraw.Draw(shape).polygon([(x * scale, y * scale) for x, y in outline], fill=255)
    # Blurring and cutting at half height rounds the corners; a steep cut leaves a soft edge of about a pixel.
    shape = shape.filter(ImageFilter.GaussianBlur(scale * rounded)).point(
        lambda v: (v - 128) * 5 * rounded + 128
    )
    shape = shape.filter(ImageFilter.GaussianBlur(scale * 0.5))
    across = (np.arange(size[0]) / scale - (_HEAD_AT[0] + _NECK_X)) / 180
    down = np.arange(size[1])[:, None] / scale / 420
    folds = 0.07 * np.sin(across * 19 + down * 8) * np.clip(np.abs(across) - 0.2, 0, 1)
    shade = np.clip(1.12 - 0.5 * across**2 - 0.16 * across - 0.22 * down + folds, 0.3, 1.3)
    pixels = np.clip(np.asarray(paint) * shade[:, :, None], 0, 255).astype(np.uint8)
    canvas.paste(Image.fromarray(pixels), (0, 0), shape)
    canvas.putalpha(ImageChops.lighter(canvas.getchannel("A"), shape))


def _draw_head(scale: float, size: tuple[int, int]) -> Image.Image:
    with Image.open(assets_dir() / "demo" / "portrait.png") as stored:
        portrait = stored.convert("RGBA")
    fading = np.clip((portrait.height - 1 - np.arange(portrait.height)) / _COLLAR_FADES_PX, 0, 1)[:, None]
    alpha = np.asarray(portrait.getchannel("A")) * fading
    portrait.putalpha(Image.fromarray(alpha.astype(np.uint8)))
    # Premultiplied while enlarging, else the soft edge takes up colour from invisible pixels.
    enlarged = (
        portrait.convert("RGBa")
        .resize((round(portrait.width * scale), round(portrait.height * scale)), Image.Resampling.BICUBIC)
        .convert("RGBA")
    )
    sharper = enlarged.filter(ImageFilter.UnsharpMask(radius=0.8 * scale, percent=70, threshold=2))
    sharper.putalpha(enlarged.getchannel("A"))
    head = Image.new("RGBA", size, (0, 0, 0, 0))
    head.paste(sharper, (round(_HEAD_AT[0] * scale), round(_HEAD_AT[1] * scale)))
    return head


def _draw_body(scale: float, size: tuple[int, int], jacket: Colour) -> Image.Image:
    body = Image.new("RGBA", size, (0, 0, 0, 0))
    x, low = _HEAD_AT[0] + _NECK_X, float(_BODY.height)
    collar = [(x - 29, 194), (x + 27, 194), (x + 36, 225), (x + 60, low), (x - 60, low), (x - 38, 225)]
    _cloth(_COLLAR, collar, scale, body, rounded=1)
    shoulder = [
        (x - 31, 206),
        (x - 58, 224),
        (x - 112, 243),
        (x - 141, 264),
        (x - 157, 310),
        (x - 174, 430),
        (x - 184, low + 40),
    ]
    left: list[Point] = [*shoulder, (x - 1, low + 40), (x - 4, 400), (x - 12, 360)]
    for half in (left, [(2 * x - px, py) for px, py in left]):
        _cloth(jacket, half, scale, body)
    for side in (-1, 1):
        lapel: list[Point] = [
            (x + side * 30, 206),
            (x + side * 56, 232),
            (x + side * 52, 268),
            (x + side * 66, 278),
            (x + side * 5, 392),
        ]
        _cloth(mixed(jacket, (255, 255, 255), 0.1), lapel, scale, body, rounded=1)
        ImageDraw.Draw(body).line(
            [(px * scale, py * scale) for px, py in lapel[1:]],
            fill=(*mixed(jacket, (0, 0, 0), 0.35), 255),
            width=round(scale),
        )
    for button in (418, 470):
        r = 4.5
        ImageDraw.Draw(body).ellipse(
            [v * scale for v in (x + 9 - r, button - r, x + 9 + r, button + r)],
            fill=(*mixed(jacket, (0, 0, 0), 0.5), 255),
        )
    return body


def draw_person(
    scale: float, jacket: Colour, *, badge: str, light: float, mirrored: bool
) -> tuple[Image.Image, Image.Image]:
    """Head and body as two RGBA layers of one size, to be laid over each other, the head on top.

    The head is the photographed portrait (`assets/demo/portrait.png`) enlarged `scale` times, hair to chin
    about 178 of its own pixels, the body a drawn jacket; two layers, so that the head can nod a little on
    its neck.
    """
    size = (round(_BODY.width * scale), round(_BODY.height * scale))
    layers = []
    for layer in (_draw_head(scale, size), _draw_body(scale, size, jacket)):
        brighter = ImageEnhance.Brightness(layer.convert("RGB")).enhance(light).convert("RGBA")
        brighter.putalpha(layer.getchannel("A"))
        layers.append(brighter.transpose(Image.Transpose.FLIP_LEFT_RIGHT) if mirrored else brighter)
    head, body = layers
    if badge:
        draw = ImageDraw.Draw(body)
        left, top, right, bottom = (
            v * scale for v in (_BODY.width / 2 + 78, 306, _BODY.width / 2 + 130, 327)
        )
        draw.rounded_rectangle((left, top, right, bottom), 3 * scale, fill=(248, 248, 244, 255))
        middle = ((left + right) / 2, (top + bottom) / 2)
        draw.text(middle, badge, font=sign_font(13 * scale), fill=(24, 64, 120, 255), anchor="mm")
    return head, body
