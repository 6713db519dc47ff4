"""Footage that shakes by known amounts: a still wall of patterns seen through a window that is pushed about.

The window is laid on whole pixels of a picture twice as large, which is then halved: moves are known to half a pixel
of the film.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageFilter

from reels.geometry import Raster
from reels.tools.ffmpeg import run_ffmpeg

Moves = npt.NDArray[np.float64]
"""`(frames, 2)`: right and down, in pixels of the film, that what is seen lies from where it lay at rest."""

FRAME = Raster(640, 360)
_ROOM = 120
"""Pixels of the film around the frame, on each side."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShakenFilm:
    path: Path
    moves: Moves


def hand(frames: int, rate: float, *, size: float = 7.0, seed: int = 3) -> Moves:
    """A hand's shake: three swings between 1.7 and 6 a second in each direction, and a little noise."""
    random = np.random.default_rng(seed)
    at = np.arange(frames) / rate
    moves = np.zeros((frames, 2))
    for axis in (0, 1):
        for swing, part in ((1.7, 1.0), (3.1, 0.6), (6.0, 0.25)):
            moves[:, axis] += size * part * np.sin(2 * np.pi * (swing * at + random.random()))
        moves[:, axis] += random.normal(0, size * 0.05, frames)
    return np.round(moves * 2) / 2


def pan(frames: int, rate: float, speed: float) -> Moves:
    """An even pan: what is seen goes left by `speed` pixels a second."""
    at = np.arange(frames) / rate
    return np.round(np.stack([-speed * at, np.zeros(frames)], axis=1) * 2) / 2


def wall(size: Raster, *, seed: int = 1) -> Image.Image:
    """Patterns of every size, nowhere dark, nowhere even."""
    random = np.random.default_rng(seed)
    picture = np.full((size.height, size.width), 150.0)
    for grain, strength in ((80, 26), (24, 22), (8, 16), (3, 10)):
        raw = random.normal(0, 1, (size.height // grain + 2, size.width // grain + 2))
        layer = Image.fromarray((raw * 40 + 128).clip(0, 255).astype(np.uint8)).resize(
            (size.width, size.height), Image.Resampling.BICUBIC
        )
        picture += (np.asarray(layer, np.float64) - 128) / 40 * strength
    return Image.fromarray(picture.clip(70, 240).astype(np.uint8)).filter(ImageFilter.GaussianBlur(1))


def film(
    path: Path,
    shots: Sequence[Moves],
    *,
    rate: Fraction = Fraction(25),
    options: Sequence[str] = (),
    filters: str = "",
) -> ShakenFilm:
    """`shots` one after the other, each before a wall of its own; `filters` follow the frames."""
    raw = path.with_suffix(".gray")
    with raw.open("wb") as file:
        for seed, moves in enumerate(shots, 1):
            picture = wall(Raster(2 * (FRAME.width + 2 * _ROOM), 2 * (FRAME.height + 2 * _ROOM)), seed=seed)
            pixels = np.asarray(picture, np.uint16)
            for right, down in moves.tolist():
                left, top = (round(2 * (_ROOM - move)) for move in (right, down))
                seen = pixels[top : top + 2 * FRAME.height, left : left + 2 * FRAME.width]
                halved = (seen[::2, ::2] + seen[1::2, ::2] + seen[::2, 1::2] + seen[1::2, 1::2] + 2) // 4
                file.write(halved.astype(np.uint8).tobytes())
    run_ffmpeg(
        [
            *("-f", "rawvideo", "-pix_fmt", "gray", "-s", str(FRAME), "-r", str(rate), "-i", str(raw)),
            *("-vf", f"{filters or 'null'},scale=out_color_matrix=bt709,setparams=colorspace=bt709:range=tv"),
            *("-c:v", "libx264", "-preset", "ultrafast", "-crf", "12", "-pix_fmt", "yuv420p"),
            *(*options, str(path)),
        ],
        doing=f"making {path.name}",
    )
    raw.unlink()
    return ShakenFilm(path=path, moves=np.concatenate(shots))
