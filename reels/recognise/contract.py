"""What every recogniser is asked and what it gives: options, found models, the `Recogniser` protocol.

Values and one protocol; runs nothing. The adapters (`faster_whisper`, `openai_whisper`) stand before
`reels.recognise`, which picks one of them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Literal, Protocol

import numpy as np
import numpy.typing as npt

from reels.transcript import Transcript

__all__ = [
    "SAMPLE_RATE",
    "Audio",
    "Engine",
    "FoundModel",
    "ModelRow",
    "Progress",
    "Recogniser",
    "RecognitionOptions",
    "duration_of",
]

SAMPLE_RATE = 16_000
"""Samples a second that every recogniser hears."""

Audio = npt.NDArray[np.float32]
"""One channel at `SAMPLE_RATE`, -1..1, shape (samples,)."""

Engine = Literal["faster-whisper", "openai-whisper"]

Progress = Callable[[Fraction], None]
"""Called with the source seconds that are done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecognitionOptions:
    """How to listen. `model` is a name (`nano-ko`, `small`, `large-v3-turbo`, …) or a folder.

    `glossary` holds names and terms the recogniser should lean towards; it is a hint, not a correction.
    """

    model: str = "large-v3-turbo"
    engine: Engine = "faster-whisper"
    language: str = "ko"
    beam: int = 5
    vad: bool = True
    glossary: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.beam < 1:
            raise ValueError(f"a beam of {self.beam} finds nothing; at least 1")


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundModel:
    """A model that is here. `identity` names its content the same on every machine; it holds no path."""

    name: str
    engine: Engine
    path: Path
    identity: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelRow:
    """A line of `reels models`; `path` and `size_bytes` are None where the model is not here."""

    name: str
    engine: Engine
    available: bool
    note: str
    path: Path | None = None
    size_bytes: int | None = None


class Recogniser(Protocol):
    """One speech recognition package. To add one, implement this in a file of its own and extend `Engine`.

    The package itself is imported inside the methods only, so that `reels` starts without it.
    """

    def find(self, name: str) -> FoundModel:
        """The model of that name or folder, without a network. Raises: ModelMissing."""
        ...

    def rows(self) -> tuple[ModelRow, ...]:
        """Every model this engine knows by name or finds downloaded."""
        ...

    def fetch(self, name: str) -> FoundModel:
        """Downloads a model. Raises: ModelMissing, ToolMissing."""
        ...

    def recognise(
        self, audio: Audio, options: RecognitionOptions, *, on_progress: Progress | None = None
    ) -> Transcript:
        """What was said in `audio`. Raises: ModelMissing, ToolMissing, UsageError."""
        ...


def duration_of(audio: Audio) -> Fraction:
    """Exact seconds of `audio`.

    Raises: ValueError where it is not what `Audio` says: a caller's mistake, no user's.
    """
    if audio.ndim != 1 or audio.dtype != np.float32:
        raise ValueError(
            f"expected float32 samples of one channel, found {audio.dtype} of shape {audio.shape}"
        )
    if not np.isfinite(audio).all():
        raise ValueError("expected finite samples")
    return Fraction(len(audio), SAMPLE_RATE)
