"""Made footage with faces whose places are known: a photographed head moves over a drawn street, shot by shot.

The same expressions move the head in ffmpeg and tell the truth here. Where the face lies in the photograph was read
off by eye (brow to chin, ear to ear), not asked of the detector that is judged by it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from pathlib import Path

from PIL import Image

from reels.framing import SUBPIXELS, Face
from reels.geometry import Raster
from reels.resources import assets_dir
from reels.sample.clips import recipes
from reels.sample.street import draw_street
from reels.tools.ffmpeg import run_ffmpeg

FACE_IN_PORTRAIT = (40, 78, 138, 179)
"""Left, top, right, bottom in pixels of assets/demo/portrait.png."""
_EYES_IN_PORTRAIT = 101
SMALL = Raster(640, 360)
_WORDS = {"PI": math.pi, "cos": math.cos, "sin": math.sin, "min": min, "max": max, "abs": abs}


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """A face `face_height` parts of the picture's height high, its middle at `x`, `y` parts of the picture.

    `x` and `y` are expressions of `t`, seconds of the shot, that Python and ffmpeg read alike. It shows from
    second `start` to `end` of the shot.
    """

    face_height: float
    x: str
    y: str = "0.4"
    start: float = 0.0
    end: float = 1e9
    mirrored: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeShot:
    """`seconds` of one street with heads before it; the street slides by `pan` pixels a second."""

    seconds: int
    heads: tuple[Head, ...] = ()
    street: int = 0
    pan: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """Shots of `raster` at `rate`, joined by hard cuts."""

    shots: tuple[MadeShot, ...]
    raster: Raster = SMALL
    rate: int = 25

    @property
    def frames(self) -> int:
        return self.rate * sum(shot.seconds for shot in self.shots)

    @property
    def cuts(self) -> tuple[Fraction, ...]:
        """Source seconds at which the second shot and those after it begin."""
        ends = [sum(shot.seconds for shot in self.shots[: n + 1]) for n in range(len(self.shots) - 1)]
        return tuple(map(Fraction, ends))

    def faces_at(self, frame: int) -> tuple[Face, ...]:
        """The true faces of a frame, cut off at the picture's edge; those quite outside are left out."""
        t = frame / self.rate
        for shot in self.shots:
            if t < shot.seconds:
                found = (self._face(head, t) for head in shot.heads if head.start <= t < head.end)
                return tuple(face for face in found if face is not None)
            t -= shot.seconds
        raise IndexError(frame)

    def _corner(self, head: Head, t: float) -> tuple[float, float, float]:
        """Left and top of the portrait, and how much it is enlarged."""
        left, top, right, bottom = FACE_IN_PORTRAIT
        scale = head.face_height * self.raster.height / (bottom - top)
        middle = (left + right) / 2
        if head.mirrored:
            middle = portrait().width - middle
        x, y = (float(eval(text, {"__builtins__": {}}, {**_WORDS, "t": t})) for text in (head.x, head.y))
        return (
            x * self.raster.width - middle * scale,
            y * self.raster.height - (top + bottom) / 2 * scale,
            scale,
        )

    def _face(self, head: Head, t: float) -> Face | None:
        x, y, scale = self._corner(head, t)
        left, top, right, bottom = FACE_IN_PORTRAIT
        if head.mirrored:
            left, right = portrait().width - right, portrait().width - left
        wide, high = self.raster.width, self.raster.height
        box = [x + left * scale, y + top * scale, x + right * scale, y + bottom * scale]
        limits = [wide, high, wide, high]
        kept = [round(SUBPIXELS * min(max(v, 0.0), float(m))) for v, m in zip(box, limits, strict=True)]
        if kept[0] >= kept[2] or kept[1] >= kept[3]:
            return None
        eyes = min(max(round(SUBPIXELS * (y + _EYES_IN_PORTRAIT * scale)), kept[1]), kept[3])
        return Face(left=kept[0], top=kept[1], right=kept[2], bottom=kept[3], eyes=eyes, score=1000)


@lru_cache(maxsize=1)
def portrait() -> Image.Image:
    with Image.open(assets_dir() / "demo" / "portrait.png") as stored:
        converted: Image.Image = stored.convert("RGBA")
    return converted


@lru_cache(maxsize=8)
def street_of(raster: Raster, number: int) -> Image.Image:
    street: Image.Image = draw_street(raster, recipes()[number].look)
    return street


def film(scene: Scene, path: Path) -> Path:
    """The scene as a file, all frames of it, ten-second keyframes."""
    folder = path.parent
    inputs: list[str] = []
    chains: list[str] = []
    for number, shot in enumerate(scene.shots):
        wide = Raster(scene.raster.width + abs(shot.pan) * shot.seconds, scene.raster.height)
        ground = folder / f"{path.stem}-ground-{number}.png"
        street_of(wide, shot.street).save(ground, compress_level=1)
        inputs += ["-framerate", str(scene.rate), "-loop", "1", "-t", str(shot.seconds), "-i", str(ground)]
        under = f"under{number}"
        chains.append(
            f"[{len(inputs) // 8 - 1}:v]format=yuv444p,crop={scene.raster.width}:{scene.raster.height}"
            f":x='{max(0, -shot.pan) * shot.seconds}+{shot.pan}*t':y=0[{under}]"
        )
        for order, head in enumerate(shot.heads):
            chains.append(_laid_on(scene, head, path, f"{number}-{order}", inputs, under))
            under = f"{under}x"
        chains[-1] = chains[-1].removesuffix(f"[{under}]") + f"[shot{number}]"
    chains = [chain for chain in chains if chain]
    joined = "".join(f"[shot{n}]" for n in range(len(scene.shots)))
    chains.append(f"{joined}concat=n={len(scene.shots)}:v=1:a=0,format=yuv420p[out]")
    run_ffmpeg(
        [
            *inputs,
            *("-filter_complex", ";".join(chains), "-map", "[out]", "-frames:v", str(scene.frames)),
            *("-c:v", "libx264", "-preset", "ultrafast", "-crf", "18", "-g", "250", f"file:{path}"),
        ],
        doing=f"filming {path.name}",
    )
    return path


def _laid_on(scene: Scene, head: Head, path: Path, name: str, inputs: list[str], under: str) -> str:
    left, top, scale = scene._corner(
        Head(face_height=head.face_height, x="0", y="0", mirrored=head.mirrored), 0
    )
    picture = portrait().resize(
        (round(portrait().width * scale), round(portrait().height * scale)), Image.Resampling.BICUBIC
    )
    if head.mirrored:
        picture = picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    file = path.parent / f"{path.stem}-head-{name}.png"
    picture.save(file, compress_level=1)
    inputs += ["-framerate", str(scene.rate), "-loop", "1", "-t", "60", "-i", str(file)]
    number = len(inputs) // 8 - 1
    shown = f"between(t,{head.start - 0.01:.3f},{min(head.end, 1e6) - 0.01:.3f})"
    return (
        f"[{under}][{number}:v]overlay=format=yuv444:shortest=1:enable='{shown}'"
        f":x='({head.x})*{scene.raster.width}+({left:.3f})':y='({head.y})*{scene.raster.height}+({top:.3f})'"
        f"[{under}x]"
    )
