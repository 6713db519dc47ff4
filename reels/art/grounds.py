"""What stands behind cards, edge to edge: a colour, two from top to foot, a picture under a shade; and veils.

Pictures are hostile input and opened by `opening`. A ground is opaque; what is over it is drawn by other modules.
"""

from __future__ import annotations

import numpy as np
from PIL import Image

from reels.art.elements import Ground, Shade
from reels.art.opening import open_picture
from reels.geometry import Raster
from reels.said import Said

__all__ = ["draw_ground", "draw_shade"]


def draw_ground(ground: Ground, raster: Raster) -> Image.Image:
    """ "RGB", exactly `raster`.

    Raises: CampaignProblems where the picture cannot be used.
    """
    plain = _coloured(ground, raster)
    if ground.picture is None:
        return plain
    picture = open_picture(ground.picture, size=raster, what=Said("card ground", ko="카드 배경"), cover=True)
    behind = plain.convert("RGBA")
    behind.alpha_composite(picture)
    return Image.blend(behind.convert("RGB"), plain, float(ground.shade))


def draw_shade(shade: Shade, raster: Raster) -> Image.Image:
    """ "RGBA", exactly `raster`: the same colour and coverage everywhere."""
    opacity = round(255 * shade.opacity)
    return Image.new("RGBA", (raster.width, raster.height), (*shade.colour.rgb, opacity))


def _coloured(ground: Ground, raster: Raster) -> Image.Image:
    if ground.second is None:
        return Image.new("RGB", (raster.width, raster.height), ground.colour.rgb)
    # Two neighbouring values are mixed by a fixed pattern: steps of one value over a hundred lines show as bands.
    first, second = np.array(ground.colour.rgb, float), np.array(ground.second.rgb, float)
    share = np.arange(raster.height)[:, None] / max(1, raster.height - 1)
    exact = first + (second - first) * share
    pattern = _thresholds()
    tiled = np.tile(pattern, (-(-raster.height // 8), -(-raster.width // 8)))[: raster.height, : raster.width]
    whole = np.floor(exact)
    up = (exact - whole)[:, None, :] > tiled[..., None]
    return Image.fromarray((whole[:, None, :].astype(np.uint8) + up).astype(np.uint8))


def _thresholds() -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """Bayer's 8x8 pattern, 0 to 1. Source: B. E. Bayer, IEEE ICC 1973."""
    pattern = np.zeros((1, 1))
    while len(pattern) < 8:
        pattern = np.block([[4 * pattern, 4 * pattern + 2], [4 * pattern + 3, 4 * pattern + 1]])
    return (pattern + 0.5) / 64
