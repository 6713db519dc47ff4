"""CenterFace, run by onnxruntime: the one detector there is today. The runtime is imported when it is first asked.

The network is one file in `assets/models/centerface`, whose README says where it is from. Pictures are laid into a
multiple of 32 pixels, and what the network answers is read here with numpy.
`look` asks, `docs/decisions/0006-faces.md` says why this one and how much it finds.

Source: Xu, Yan, Sun, Yang and Luo 2019, CenterFace: a heat map of face middles at a quarter of the size, with the
logarithm of height and width in quarters, the middle's offset, and five points (eyes, nose, corners of the mouth).
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from reels.errors import ModelMissing
from reels.framing.faces import SUBPIXELS, Face, MarkedFace, Picture
from reels.geometry import Raster
from reels.resources import models_dir
from reels.said import Said, said_by_system

__all__ = ["CenterFace", "centerface_identity", "load_centerface"]

_SHA256: Final = "09189deaaf8646c5c51a68447e3c744ea1e211798155d4728c20507b9f5aefbc"
_INPUT: Final = "input.1"
_OUTPUTS: Final = ("537", "538", "539", "540")

# The file promises ten pictures of 32 x 32 and their answers; the network itself takes any size. Each promise is
# the message "dim_value = n" of two bytes, which becomes "dim_param = ''", a size that is not known, of two bytes.
# Source: onnx.proto, TensorShapeProto.Dimension; the places hold for the one file with the hash above.
_PROMISES: Final = (7_296_990, 7_304_403, 7_304_434, 7_304_465, 7_304_496)
_CHANGED_DIMENSIONS: Final = (0, 2, 3)
_DIMENSION_BYTES: Final = 4

_STRIDE: Final = 4
_MULTIPLE: Final = 32
_SCORE: Final = 0.35

# Textures are taken for faces with scores up to 0.64, nearly all of them with both eyes, nose and mouth in one place as
# in a face from the side. `docs/decisions/0006-faces.md` has the figures.
_SURE: Final = 0.45
_SURE_FROM_THE_SIDE: Final = 0.66
_EYES_APART: Final = 0.15
_MOUTH_APART: Final = 0.1
_EYES_TO_MOUTH: Final = (0.25, 0.6)
_SAME_FACE: Final = 0.3
_SMALLEST_PX: Final = 5.0
_FIRST_MARK, _MARKS = 7, 3
"""Where a row's features begin, and how many of the five are kept."""
# A quarter of a pixel: far finer than a face can be found, and coarse enough that the last digit of a processor's
# arithmetic hardly ever matters.
_GRID: Final = SUBPIXELS // 4

Floats = npt.NDArray[np.float32]


def load_centerface() -> CenterFace:
    """The detector, loaded once per process. Raises: ModelMissing, where its file is not as we know it."""
    return _load(models_dir() / "centerface" / "centerface.onnx")


def centerface_identity() -> str:
    """What the detector will call itself, without loading it: a plan has to know, and is made often."""
    try:
        runtime = version("onnxruntime")
    except PackageNotFoundError:
        runtime = "none"
    return (
        f"centerface {_SHA256[:16]} score {_SCORE} sure {_SURE} {_SURE_FROM_THE_SIDE} onnxruntime {runtime}"
    )


@lru_cache(maxsize=1)
def _load(path: Path) -> CenterFace:
    try:
        model = path.read_bytes()
    except OSError as error:
        raise _missing(said_by_system(error)) from None
    return CenterFace(model)


def _missing(found: str) -> ModelMissing:
    return ModelMissing(
        model="centerface",
        found=found,
        remedy=Said(
            "install reels again, or frame without faces (framing: centre)",
            ko="reels를 다시 설치하거나 얼굴 없이 쓰는 화면 구성(framing: centre)을 고르세요.",
        ),
    )


class CenterFace:
    """The network in memory. One core: several clips are looked at beside each other instead."""

    def __init__(self, model: bytes) -> None:
        """Raises: ModelMissing for another file than the one that was measured, or without onnxruntime."""
        if hashlib.sha256(model).hexdigest() != _SHA256:
            raise _missing(Said("its file is another one than expected", ko="파일이 예상과 다름"))
        try:
            import onnxruntime
        except ImportError as error:
            raise ModelMissing(
                model="centerface",
                found=Said(
                    f"onnxruntime cannot be loaded ({error})", ko=f"onnxruntime를 불러올 수 없음({error})"
                ),
                remedy=Said(
                    "install reels again, on Windows also the Microsoft Visual C++ Redistributable, or frame without "
                    "faces (framing: centre)",
                    ko="reels를 다시 설치하고 Windows라면 Microsoft Visual C++ 재배포 가능 패키지도 설치하세요. 얼굴 없이 "
                    "쓰는 화면 구성(framing: centre)을 골라도 됩니다.",
                ),
            ) from error
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        # It would warn of every weight that it folds into another.
        options.log_severity_level = 3
        self._session: Any = onnxruntime.InferenceSession(
            _of_any_size(model), options, providers=["CPUExecutionProvider"]
        )

    @property
    def identity(self) -> str:
        return centerface_identity()

    def find(self, picture: Picture, *, shown_as: Raster) -> tuple[Face, ...]:
        return tuple(marked.face for marked in self.find_marked(picture, shown_as=shown_as))

    def find_marked(self, picture: Picture, *, shown_as: Raster) -> tuple[MarkedFace, ...]:
        """As `find`, with the features of each face."""
        height, width = picture.shape[:2]
        padded = np.zeros((1, 3, _whole(height), _whole(width)), np.float32)
        padded[0, :, :height, :width] = picture.transpose(2, 0, 1)
        heat, size, offset, points = self._session.run(_OUTPUTS, {_INPUT: padded})
        boxes = _boxes(heat[0, 0], size[0], offset[0], points[0])
        scale_x, scale_y = shown_as.width / width, shown_as.height / height
        return tuple(
            sorted(
                _marked(box, face, scale_x, scale_y, shown_as)
                for box in _best_of_each(boxes)
                if (face := _face(box, scale_x, scale_y, shown_as)) is not None
            )
        )


def _of_any_size(model: bytes) -> bytes:
    changed = bytearray(model)
    for place in _PROMISES:
        for number in _CHANGED_DIMENSIONS:
            start = place + number * _DIMENSION_BYTES + 2
            changed[start : start + 2] = b"\x12\x00"
    return bytes(changed)


def _whole(pixels: int) -> int:
    return -(-pixels // _MULTIPLE) * _MULTIPLE


def _boxes(heat: Floats, size: Floats, offset: Floats, points: Floats) -> npt.NDArray[np.float64]:
    """Rows of score, left, top, width, height, height of the eyes and whether it is sure; pixels of the picture.

    After these come y and x of two eyes and a nose. The best come first.
    """
    rows, columns = np.nonzero(heat > _SCORE)
    scores = heat[rows, columns].astype(np.float64)
    tall, wide = (np.exp(size[n, rows, columns].astype(np.float64)) * _STRIDE for n in (0, 1))
    middle_y, middle_x = (
        (cell + offset[n, rows, columns].astype(np.float64) + 0.5) * _STRIDE
        for n, cell in ((0, rows), (1, columns))
    )
    top = middle_y - tall / 2
    eyes = top + tall * (points[0, rows, columns] + points[2, rows, columns]).astype(np.float64) / 2
    sure = _is_sure(scores, points[:, rows, columns].astype(np.float64), wide / tall)
    left = middle_x - wide / 2
    marks = [
        start + length * points[number, rows, columns].astype(np.float64)
        for number, (start, length) in enumerate([(top, tall), (left, wide)] * _MARKS)
    ]
    found = np.stack([scores, left, top, wide, tall, eyes, sure, *marks], axis=1)
    kept: npt.NDArray[np.float64] = found[np.lexsort((columns, rows, -scores))]
    return kept


def _is_sure(
    scores: npt.NDArray[np.float64], points: npt.NDArray[np.float64], slim: npt.NDArray[np.float64]
) -> npt.NDArray[np.bool_]:
    """Whether the five points of each face stand as in a face from the front, or its score is beyond a texture's.

    `points` are heights and widths, in turn, of two eyes, a nose and two corners of a mouth, in parts of the face's
    height and width; `slim` is width by height.
    """
    marks = points[0::2] + 1j * points[1::2] * slim
    eyes, mouth = np.abs(marks[0] - marks[1]), np.abs(marks[3] - marks[4])
    down = np.abs(marks[0] + marks[1] - marks[3] - marks[4]) / 2
    least, most = _EYES_TO_MOUTH
    front = (eyes >= _EYES_APART) & (mouth >= _MOUTH_APART) & (down >= least) & (down <= most)
    sure: npt.NDArray[np.bool_] = (front & (scores >= _SURE)) | (scores >= _SURE_FROM_THE_SIDE)
    return sure


def _best_of_each(boxes: npt.NDArray[np.float64]) -> list[npt.NDArray[np.float64]]:
    """Of boxes that lie over each other only the one with the best score."""
    kept: list[npt.NDArray[np.float64]] = []
    for box in boxes:
        if min(box[3], box[4]) >= _SMALLEST_PX and all(_overlap(box, one) < _SAME_FACE for one in kept):
            kept.append(box)
    return kept


def _overlap(a: npt.NDArray[np.float64], b: npt.NDArray[np.float64]) -> float:
    """Intersection over union."""
    across = min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1])
    down = min(a[2] + a[4], b[2] + b[4]) - max(a[2], b[2])
    common = max(0.0, float(across)) * max(0.0, float(down))
    return common / (float(a[3] * a[4] + b[3] * b[4]) - common)


def _face(box: npt.NDArray[np.float64], scale_x: float, scale_y: float, shown_as: Raster) -> Face | None:
    """The face in sixteenths of a shown pixel; what lies outside the picture is cut off, None if all does."""
    score, left, top, width, height, eyes, sure = (float(value) for value in box[:_FIRST_MARK])
    right, bottom = (
        _placed(left + width, scale_x, shown_as.width),
        _placed(top + height, scale_y, shown_as.height),
    )
    left_kept, top_kept = _placed(left, scale_x, shown_as.width), _placed(top, scale_y, shown_as.height)
    if right <= left_kept or bottom <= top_kept:
        return None
    return Face(
        left=left_kept,
        top=top_kept,
        right=right,
        bottom=bottom,
        eyes=min(max(_placed(eyes, scale_y, shown_as.height), top_kept), bottom),
        score=round(score * 1000),
        sure=bool(sure),
    )


def _marked(
    box: npt.NDArray[np.float64], face: Face, scale_x: float, scale_y: float, shown_as: Raster
) -> MarkedFace:
    first, second, nose = (
        (_placed(float(x), scale_x, shown_as.width), _placed(float(y), scale_y, shown_as.height))
        for y, x in box[_FIRST_MARK:].reshape(_MARKS, 2)
    )
    return MarkedFace(face=face, eyes=(min(first, second), max(first, second)), nose=nose)


def _placed(value: float, scale: float, most: int) -> int:
    return _GRID * round(min(max(value * scale, 0.0), float(most)) * SUBPIXELS / _GRID)
