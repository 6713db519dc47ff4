"""What can be said of one frame by itself: light, detail, movement, whether two pictures are mixed, its faces.

Small pictures in, whole numbers out, the same on every machine: what a processor's last digit could change is
rounded away. `choosing` compares them. Lightness is 0 to 255 everywhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from PIL import Image

from reels.framing import SUBPIXELS, MarkedFace
from reels.geometry import Box, Raster

__all__ = ["Measured", "Pictures", "SeenFace", "measure"]

Pictures = npt.NDArray[np.uint8]
"""`(frames, height, width, 3) uint8`: red, green, blue."""

_Plane = npt.NDArray[np.float64]

_LUMA: Final = (0.2126, 0.7152, 0.0722)
_OF_A_NORMAL: Final = 1.4826
"""Standard deviations of a normal distribution in its median distance from the middle."""

# Lightness levels, of 255, as the mean over the picture.
_JUMP, _OUT_OF_MOTION = 12.0, 3.0
_CHANGES, _HALF_WAY, _NO_CAMERA = 3.0, 0.25, 0.6

_BLOCK: Final = 3

_EYES_APART_PX: Final = 15
_EYE: Final = (24, 16)
_EYE_REACH: Final = (0.3, 0.22)
_FACE: Final = (72, 72)
_SMALLEST_FACE_PX: Final = 48


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenFace:
    """A face in pixels of the small picture.

    `is_whole`: no edge of the picture cuts it. `turned` is how far the nose is from the middle between the eyes, in
    hundredths of their distance: 0 from the front. `eyes` says how much there is to be seen in the eyes: the spread
    of lightness, in thousandths of the skin's; lids have less of it than an open eye has. `detail` is as in
    `Measured`. None where the face is too small, or too far turned, to tell.
    """

    box: Box
    is_whole: bool
    turned: int
    eyes: int | None
    detail: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One candidate: frame `frame` of the programme, of clip number `clip`.

    `detail` is the strength of fine structure without noise, a number to compare within one scene; `motion` is the
    mean difference to the frames beside it, in tenths of a level. `is_mixed`: it lies in a cut, a dissolve or a fade.
    """

    frame: int
    clip: int
    lightness: int
    contrast: int
    detail: int
    motion: int
    is_mixed: bool
    faces: tuple[SeenFace, ...]


def measure(pictures: Pictures, at: int, faces: Sequence[MarkedFace], *, frame: int, clip: int) -> Measured:
    """Measure picture number `at` of consecutive `pictures`; `faces` are those in it, in its own pixels."""
    luma = pictures.astype(np.float64) @ np.array(_LUMA)
    shown = luma[at]
    steps = np.abs(np.diff(luma, axis=0)).mean(axis=(1, 2))
    beside = steps[max(0, at - 1) : at + 1]
    return Measured(
        frame=frame,
        clip=clip,
        lightness=round(float(shown.mean())),
        contrast=round(float(shown.std())),
        detail=_detail(shown),
        motion=round(10 * float(beside.mean())) if len(beside) else 0,
        is_mixed=_jumps(steps) or _is_blend(luma, at),
        faces=tuple(_seen(shown, marked) for marked in faces if marked.face.sure),
    )


def _detail(luma: _Plane) -> int:
    """Variance of the second differences along both axes, of which neither may be missing: a smear leaves one.

    Smoothed first, and without what the median of them says is noise: that is everywhere, edges are rare.
    """
    padded = np.pad(luma, 1, mode="edge")
    down = (padded[:-2] + 2 * padded[1:-1] + padded[2:]) / 4
    smooth = (down[:, :-2] + 2 * down[:, 1:-1] + down[:, 2:]) / 4
    found = 1.0
    for lines in (smooth, smooth.T):
        second = lines[:-2] - 2 * lines[1:-1] + lines[2:]
        noise = _OF_A_NORMAL * float(np.median(np.abs(second)))
        found *= max(0.0, float((second * second).mean()) - noise * noise)
    return round(10 * float(np.sqrt(found)))


def _jumps(steps: _Plane) -> bool:
    """Whether one step between two frames is far larger than the others, as at a cut or a flash."""
    if len(steps) < 2:
        return False
    largest, others = float(steps.max()), float(np.median(np.sort(steps)[:-1]))
    return largest > _JUMP and largest > _OUT_OF_MOTION * others


def _is_blend(luma: _Plane, at: int) -> bool:
    """Whether the picture is half-way between two others, and no movement of the camera explains their difference.

    Movement puts an edge half-way; only a dissolve or a fade puts half of each picture everywhere.
    """
    reach = min(at, len(luma) - 1 - at)
    if reach < 1:
        return False
    before, shown, after = (_without_grain(luma[number]) for number in (at - reach, at, at + reach))
    change = after - before
    size = float(np.abs(change).mean())
    if size < _CHANGES or float(np.abs(shown - (before + after) / 2).mean()) > _HALF_WAY * size:
        return False
    return _unexplained(shown, change) > _NO_CAMERA


def _without_grain(luma: _Plane) -> _Plane:
    height, width = (side // _BLOCK for side in luma.shape)
    blocks = luma[: height * _BLOCK, : width * _BLOCK].reshape(height, _BLOCK, width, _BLOCK)
    return np.asarray(blocks.mean(axis=(1, 3)), np.float64)


def _unexplained(shown: _Plane, change: _Plane) -> float:
    """The part of `change` that is no small swing, zoom or roll of the camera: those follow the picture's slopes."""
    down, across = np.gradient(shown)
    y, x = np.meshgrid(
        np.arange(shown.shape[0]) - shown.shape[0] / 2,
        np.arange(shown.shape[1]) - shown.shape[1] / 2,
        indexing="ij",
    )
    terms = [across, down, x * across + y * down, x * down - y * across]
    normal = np.array([[float((one * other).sum()) for other in terms] for one in terms])
    normal += np.eye(len(terms))
    shares = np.linalg.solve(normal, np.array([float((one * change).sum()) for one in terms]))
    rest = change - sum(float(share) * one for share, one in zip(shares, terms, strict=True))
    return float((rest * rest).sum() / max(1.0, float((change * change).sum())))


def _seen(luma: _Plane, marked: MarkedFace) -> SeenFace:
    height, width = luma.shape
    face = marked.face
    box = Box(
        face.left // SUBPIXELS,
        face.top // SUBPIXELS,
        min(width, -(-face.right // SUBPIXELS)),
        min(height, -(-face.bottom // SUBPIXELS)),
    )
    (left_x, left_y), (right_x, right_y) = marked.eyes
    apart = float(np.hypot(right_x - left_x, right_y - left_y)) / SUBPIXELS
    turned = abs(marked.nose[0] - (left_x + right_x) / 2) / SUBPIXELS / max(1.0, apart)
    large = min(box.width, box.height) >= _SMALLEST_FACE_PX
    return SeenFace(
        box=box,
        is_whole=box.left > 0 and box.top > 0 and box.right < width and box.bottom < height,
        turned=round(100 * turned),
        eyes=_in_the_eyes(luma, marked, apart) if apart >= _EYES_APART_PX else None,
        detail=_detail(_resampled(luma, box.left, box.top, box.right, box.bottom, _FACE)) if large else None,
    )


def _in_the_eyes(luma: _Plane, marked: MarkedFace, apart: float) -> int | None:
    raster = Raster(luma.shape[1], luma.shape[0])
    wide, high = (reach * apart for reach in _EYE_REACH)
    spread = []
    for eye in marked.eyes:
        x, y = eye[0] / SUBPIXELS, eye[1] / SUBPIXELS
        if not (wide <= x <= raster.width - wide and high <= y <= raster.height - high):
            return None
        spread.append(float(_resampled(luma, x - wide, y - high, x + wide, y + high, _EYE).std()))
    middle = sum(eye[0] for eye in marked.eyes) / 2 / SUBPIXELS
    nose = min(max(marked.nose[1] / SUBPIXELS, 0.25 * apart), raster.height - 0.25 * apart)
    left, right = max(0.0, middle - 0.6 * apart), min(float(raster.width), middle + 0.6 * apart)
    skin = float(np.median(_resampled(luma, left, nose - 0.25 * apart, right, nose + 0.25 * apart, _EYE)))
    return round(1000 * sum(spread) / 2 / max(skin, 16.0))


def _resampled(
    luma: _Plane, left: float, top: float, right: float, bottom: float, size: tuple[int, int]
) -> _Plane:
    """The part of the picture at a fixed size, so that faces near and far can be compared."""
    picture = Image.fromarray(luma.astype(np.float32))
    part = picture.resize(size, Image.Resampling.BILINEAR, box=(left, top, right, bottom))
    return np.asarray(part, np.float64)
