"""Speech to text: picks the engine, finds and fetches models, reads finished transcripts.

    audio -> recognise(options) -> Transcript        through faster-whisper or openai-whisper
    file  -> read_finished      -> Transcript        what another program has already transcribed

Never decodes media (`probe` and `tools` do) and never asks the network but in `fetch_model`. The adapters are
imported when first used. `footage` stands before, `edit` and `cues` after.
"""

from __future__ import annotations

from reels.errors import UsageError
from reels.recognise.cache import cache_dir
from reels.recognise.contract import (
    SAMPLE_RATE,
    Audio,
    Engine,
    FoundModel,
    ModelRow,
    Progress,
    Recogniser,
    RecognitionOptions,
)
from reels.recognise.finished import read_finished
from reels.recognise.onsets import start_where_heard
from reels.said import Said
from reels.transcript import Transcript

__all__ = [
    "ENGINES",
    "SAMPLE_RATE",
    "Audio",
    "Engine",
    "FoundModel",
    "ModelRow",
    "Progress",
    "Recogniser",
    "RecognitionOptions",
    "cache_dir",
    "fetch_model",
    "find_model",
    "list_models",
    "read_finished",
    "recognise",
    "recogniser",
]

ENGINES: tuple[Engine, ...] = ("faster-whisper", "openai-whisper")


def recogniser(engine: str) -> Recogniser:
    """The adapter of `engine`.

    Raises: UsageError.
    """
    if engine == "faster-whisper":
        from reels.recognise.faster_whisper import FasterWhisper

        return FasterWhisper()
    if engine == "openai-whisper":
        from reels.recognise.openai_whisper import OpenaiWhisper

        return OpenaiWhisper()
    raise UsageError(
        where="--engine",
        found=engine,
        expected=Said(" or ".join(ENGINES), ko=" 또는 ".join(ENGINES)),
        remedy=Said("leave it out for the default", ko="빼면 기본값을 씁니다."),
    )


def recognise(
    audio: Audio, options: RecognitionOptions, *, on_progress: Progress | None = None
) -> Transcript:
    """What was said in `audio` (float32, one channel, `SAMPLE_RATE`), in seconds from its first sample.

    `on_progress` hears the source seconds that are done, at last the whole duration.

    Raises: ModelMissing, ToolMissing, UsageError, OutputNotWritable (nano-ko's cache).
    """
    heard = recogniser(options.engine).recognise(audio, options, on_progress=on_progress)
    return start_where_heard(heard, audio)


def find_model(name_or_folder: str, engine: str = "faster-whisper") -> FoundModel:
    """The model of that name or folder, without a network; nano-ko is built if it is not yet there.

    Raises: ModelMissing, ToolMissing, UsageError, OutputNotWritable (nano-ko's cache).
    """
    return recogniser(engine).find(name_or_folder)


def list_models() -> tuple[ModelRow, ...]:
    """Every model known by name or found downloaded, for `reels models`; builds and asks nothing."""
    return tuple(row for engine in ENGINES for row in recogniser(engine).rows())


def fetch_model(name: str, engine: str = "faster-whisper") -> FoundModel:
    """Downloads a model for later use without a network.

    Raises: ModelMissing, ToolMissing, UsageError.
    """
    return recogniser(engine).fetch(name)
