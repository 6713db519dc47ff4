"""What a step takes of a computer while it runs: rough numbers, measured once, on the careful side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from reels.geometry import Raster
from reels.graph.picture import VideoPiece
from reels.steps import ChunkWork, CoverWork, FramingWork, StabiliseWork, Step, TranscribeWork

__all__ = ["Demand", "demand_of"]

_MB: Final = 1_000_000

_PROCESS: Final = 60 * _MB
"""Any step: buffers, and the start of an ffmpeg."""

_ENCODER_BYTES_A_PIXEL: Final = 200
"""x264 `medium` with its lookahead: 415 MB at 1080x1920 (docs/performance.md, memory)."""

_DECODED_FRAMES: Final = 10
"""Frames of the footage that its decoder and the filters hold at a time: 0.24 GB of 4K in ten bits."""
_BYTES_A_PIXEL: Final = 3

_OVERLAY: Final = 15 * _MB
_LOOKING: Final = 500 * _MB
"""The face detector, the stretch of small pictures that it looks at, and the decoder."""

_MODELS: Final = (
    # Loaded in int8, with the sound of one part and the search beside it; the first name that stands in the model's.
    ("nano", 300 * _MB),
    ("tiny", 400 * _MB),
    ("base", 500 * _MB),
    ("small", 900 * _MB),
    ("medium", 1_900 * _MB),
    ("turbo", 2_000 * _MB),
    ("large", 3_500 * _MB),
)
_UNKNOWN_MODEL: Final = 2_000 * _MB


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """`memory` is in bytes. One that `listens` loads a speech model, of which a computer bears one at a time.

    One that is `at_home` writes beside the store, where a person may be at work too: it is done by the process that
    was started, and by no other.
    """

    memory: int
    listens: bool = False
    at_home: bool = False


def demand_of(step: Step) -> Demand:
    """What `step` takes while it runs."""
    match step.work:
        case TranscribeWork() as work:
            return Demand(memory=_of_model(work.model), listens=True)
        case ChunkWork() as work:
            pieces = [piece for piece in work.pieces if isinstance(piece, VideoPiece)]
            held = sum(_decoded(piece.source.stored) for piece in pieces) + len(work.overlays) * _OVERLAY
            return Demand(memory=_PROCESS + held + _ENCODER_BYTES_A_PIXEL * _pixels(work.spec.raster))
        case FramingWork() | StabiliseWork() as work:
            return Demand(memory=_LOOKING + _decoded(work.media.video.coded))
        case CoverWork() as work:
            # One film is open at a time.
            largest = max((_decoded(frame.piece.source.stored) for frame in work.frames), default=0)
            return Demand(memory=_LOOKING + largest)
        case _:
            return Demand(memory=2 * _PROCESS, at_home=step.kind in ("draft", "deliver"))


def _of_model(name: str) -> int:
    return next((taken for part, taken in _MODELS if part in name.lower()), _UNKNOWN_MODEL)


def _decoded(raster: Raster) -> int:
    return _DECODED_FRAMES * _BYTES_A_PIXEL * _pixels(raster)


def _pixels(raster: Raster) -> int:
    return raster.width * raster.height
