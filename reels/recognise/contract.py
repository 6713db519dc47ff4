"""What every recogniser is asked and what it gives: options, found models, the `Recogniser` protocol.

Values and protocols; runs nothing. The adapters (`faster_whisper`, `openai_whisper`) stand before
`listening`, which picks one of them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Literal, Protocol

import numpy as np
import numpy.typing as npt

from reels.transcript import HeardSegment

__all__ = [
    "SAMPLE_RATE",
    "Audio",
    "Engine",
    "FoundModel",
    "Heard",
    "ModelRow",
    "Progress",
    "Recogniser",
    "RecognitionOptions",
    "Task",
    "duration_of",
]

SAMPLE_RATE = 16_000
"""Samples a second that every recogniser hears."""

Audio = npt.NDArray[np.float32]
"""One channel at `SAMPLE_RATE`, -1..1, shape (samples,)."""

Engine = Literal["faster-whisper", "openai-whisper"]

Task = Literal["transcribe", "translate"]
"""What becomes of speech: text in its own language, or English."""

Progress = Callable[[Fraction], None]
"""Called with the source seconds that are done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecognitionOptions:
    """How to listen. `model` is a name (`nano-ko`, `small`, `large-v3-turbo`, …) or a folder.

    `language` is the one that is spoken; with `task="translate"` the text is English. `glossary` holds names
    and terms the recogniser should lean towards; it is a hint, not a correction. `vad`: hear only where a
    voice is detected.
    """

    model: str = "large-v3-turbo"
    engine: Engine = "faster-whisper"
    language: str = "ko"
    beam: int = 5
    vad: bool = True
    glossary: tuple[str, ...] = ()
    task: Task = "transcribe"

    def __post_init__(self) -> None:
        if self.beam < 1:
            raise ValueError(f"a beam of {self.beam} finds nothing; at least 1")

    @property
    def hint(self) -> tuple[str, ...]:
        """The glossary for the engine; terms in the language of the speech would draw a translation into it."""
        return () if self.task == "translate" else self.glossary

    @property
    def language_of_text(self) -> str:
        return "en" if self.task == "translate" else self.language


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundModel:
    """A model that is here. `identity` names its content the same on every machine; it holds no path."""

    name: str
    engine: Engine
    path: Path
    identity: str
    can_translate: bool = False
    """Whether it was trained to turn other languages into English."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelRow:
    """A line of `reels models`; `path` and `size_bytes` are None where the model is not here."""

    name: str
    engine: Engine
    available: bool
    note: str
    path: Path | None = None
    size_bytes: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What an engine made of a piece of sound, in seconds from its first sample.

    `language` is what it took the speech for with its probability, None where it cannot say.
    """

    segments: tuple[HeardSegment, ...]
    language: tuple[str, float] | None = None


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

    def hear(
        self,
        audio: Audio,
        options: RecognitionOptions,
        *,
        tell_language: bool = False,
        on_heard: Progress | None = None,
    ) -> Heard:
        """What was said in `audio`, all of it, without any voice detection of the engine's own.

        `tell_language` asks for the language too; `on_heard` hears the seconds of `audio` that are done.

        Raises: ModelMissing, ToolMissing, UsageError; also where the model does not know the language.
        """
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
