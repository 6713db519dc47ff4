"""Speech to text: picks the engine, finds and fetches models, reads finished transcripts.

    sound -> recognise, recognise_sound -> Transcript     through faster-whisper or openai-whisper
    file  -> read_finished              -> Transcript     what another program has already transcribed

Never decodes media (`listen` does) and never asks the network but in `fetch_model`. The adapters are imported
when first used. `listen` stands before, `edit` and `cues` after.
"""

from __future__ import annotations

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
    Task,
)
from reels.recognise.finished import read_finished
from reels.recognise.guard import why_dropped
from reels.recognise.listening import (
    ENGINES,
    KeptParts,
    Sound,
    recognise,
    recognise_sound,
    recogniser,
    require_task,
)

__all__ = [
    "ENGINES",
    "SAMPLE_RATE",
    "Audio",
    "Engine",
    "FoundModel",
    "KeptParts",
    "ModelRow",
    "Progress",
    "Recogniser",
    "RecognitionOptions",
    "Sound",
    "Task",
    "cache_dir",
    "fetch_model",
    "find_model",
    "list_models",
    "read_finished",
    "recognise",
    "recognise_sound",
    "recogniser",
    "require_task",
    "why_dropped",
]


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
