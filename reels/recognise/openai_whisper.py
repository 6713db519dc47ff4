"""The second engine: the original openai-whisper package, where somebody has installed it and torch.

Slower than faster-whisper on a CPU; kept for teams that have its models already. The packages are imported inside
functions. `contract` stands before, `reels.recognise` after.
"""

from __future__ import annotations

import functools
import hashlib
import importlib.util
import os
import warnings
from pathlib import Path
from typing import Any

from reels.errors import ModelMissing, ToolMissing, UsageError
from reels.recognise import nano_ko
from reels.recognise.contract import (
    Audio,
    Engine,
    FoundModel,
    Heard,
    ModelRow,
    Progress,
    RecognitionOptions,
    duration_of,
)
from reels.recognise.missing import first_line, unknown_model
from reels.said import Said
from reels.transcript import HeardSegment, HeardWord

__all__ = ["OpenaiWhisper"]

_ENGINE: Engine = "openai-whisper"

_FILES = {
    "tiny": "tiny.pt",
    "base": "base.pt",
    "small": "small.pt",
    "medium": "medium.pt",
    "large-v2": "large-v2.pt",
    "large-v3": "large-v3.pt",
    "large-v3-turbo": "large-v3-turbo.pt",
}
"""The multilingual models and the file that each is downloaded to."""

_ALIASES = {"large": "large-v3", "turbo": "large-v3-turbo"}
_SAMPLED = 1 << 20


class OpenaiWhisper:
    """`Recogniser` through the package openai-whisper."""

    def find(self, name: str) -> FoundModel:
        if name == nano_ko.NAME:
            _require()
            path = nano_ko.openai_whisper_file()
            return FoundModel(
                name=name, engine=_ENGINE, path=path, identity=f"{nano_ko.identity()}/{_ENGINE}"
            )
        known = _ALIASES.get(name, name)
        if known in _FILES:
            path = _downloads() / _FILES[known]
            if not path.is_file():
                raise ModelMissing(
                    model=name,
                    found=Said(
                        f"it is not on this computer for {_ENGINE}", ko=f"이 컴퓨터에 {_ENGINE}용이 없음"
                    ),
                )
        else:
            path = Path(name).expanduser()
            if not name or not path.exists():
                raise unknown_model(name, (nano_ko.NAME, *_FILES, *_ALIASES))
            if not path.is_file():
                raise ModelMissing(
                    model=name,
                    found=Said(
                        f"it is a folder; {_ENGINE} loads a single .pt file",
                        ko=f"폴더({_ENGINE}은 .pt 파일 하나를 씀)",
                    ),
                )
        return FoundModel(
            name=known,
            engine=_ENGINE,
            path=path,
            identity=f"{path.name}@{_content(path)}",
            # Turbo was trained on transcription alone. Source: README of openai/whisper.
            can_translate=not any(kind in path.name.lower() for kind in ("turbo", "distil", nano_ko.NAME)),
        )

    def rows(self) -> tuple[ModelRow, ...]:
        rows = []
        for name, file in _FILES.items():
            path = _downloads() / file
            here = path.is_file()
            rows.append(
                ModelRow(
                    name=name,
                    engine=_ENGINE,
                    available=here and _installed(),
                    note=f"for --engine {_ENGINE}" if _installed() else f"{_ENGINE} is not installed",
                    path=path if here else None,
                    size_bytes=path.stat().st_size if here else None,
                )
            )
        return tuple(rows)

    def fetch(self, name: str) -> FoundModel:
        whisper = _require()
        known = _ALIASES.get(name, name)
        if known in _FILES:
            try:
                whisper.load_model(known, device="cpu")
            except Exception as why:  # urllib, torch and the package each raise their own
                raise ModelMissing(
                    model=name,
                    found=Said(
                        f"the download failed ({first_line(why)})", ko=f"내려받지 못함({first_line(why)})"
                    ),
                ) from why
        return self.find(name)

    def hear(
        self,
        audio: Audio,
        options: RecognitionOptions,
        *,
        tell_language: bool = False,
        on_heard: Progress | None = None,
    ) -> Heard:
        whisper = _require()
        found = self.find(options.model)
        duration = duration_of(audio)
        if options.language not in whisper.tokenizer.LANGUAGES:
            raise UsageError(
                where=f"language of model {found.name}",
                found=options.language,
                expected=Said("a language code that Whisper knows", ko="Whisper가 아는 언어 부호"),
                remedy=Said("use ko for Korean", ko="한국어는 ko입니다."),
            )
        if not len(audio):
            return Heard(segments=())
        model = _load(found.path, found.identity, found.name)
        asks = tell_language and model.is_multilingual and found.name != nano_ko.NAME
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            result = whisper.transcribe(
                model,
                audio,
                language=options.language,
                task=options.task,
                beam_size=options.beam,
                word_timestamps=True,
                condition_on_previous_text=False,
                fp16=False,
                verbose=None,
                initial_prompt=", ".join(options.hint) or None,
                carry_initial_prompt=bool(options.hint),
            )
            language = _language(whisper, model, audio) if asks else None
        if on_heard is not None:
            on_heard(duration)
        return Heard(segments=tuple(_heard(s) for s in result["segments"]), language=language)


def _language(whisper: Any, model: Any, audio: Audio) -> tuple[str, float]:
    """What the first window is taken for, and how surely."""
    window = whisper.log_mel_spectrogram(whisper.pad_or_trim(audio), n_mels=model.dims.n_mels)
    _, probabilities = whisper.detect_language(model, window.to(model.device))
    language = max(probabilities, key=probabilities.get)
    return str(language), float(probabilities[language])


def _heard(segment: dict[str, Any]) -> HeardSegment:
    return HeardSegment(
        text=segment["text"],
        start=float(segment["start"]),
        end=float(segment["end"]),
        # numpy's floats are not to leak into a transcript.
        words=tuple(
            HeardWord(
                text=w["word"],
                start=float(w["start"]),
                end=float(w["end"]),
                probability=float(w["probability"]),
            )
            for w in segment.get("words", ())
        ),
        no_speech_probability=float(segment["no_speech_prob"]),
        average_log_probability=float(segment["avg_logprob"]),
        compression_ratio=float(segment["compression_ratio"]),
    )


def _installed() -> bool:
    return all(importlib.util.find_spec(package) is not None for package in ("whisper", "torch"))


def _require() -> Any:
    """The package `whisper`.

    Raises: ToolMissing, also where the package is another of that name: PyPI's `whisper` stores time series.
    """
    remedy = Said(
        "leave --engine out to use faster-whisper, or run "
        "`pip install torch==2.13.0 --index-url https://download.pytorch.org/whl/cpu`, "
        "`pip install more-itertools numba tiktoken` and `pip install --no-deps openai-whisper`",
        ko="--engine을 빼서 faster-whisper를 쓰거나, "
        "`pip install torch==2.13.0 --index-url https://download.pytorch.org/whl/cpu`, "
        "`pip install more-itertools numba tiktoken`, `pip install --no-deps openai-whisper`를 차례로 실행하세요.",
    )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import whisper
    except ImportError as why:
        raise ToolMissing(tool=_ENGINE, found=str(why), remedy=remedy) from None
    if not hasattr(whisper, "load_model"):
        found = Said(
            "the installed package named whisper is not OpenAI's", ko="설치된 whisper가 OpenAI의 것이 아님"
        )
        first = Said(
            f"run `pip uninstall whisper`, then {remedy}",
            ko=f"`pip uninstall whisper`를 실행한 다음, {remedy.ko}",
        )
        raise ToolMissing(tool=_ENGINE, found=found, remedy=first)
    return whisper


def _downloads() -> Path:
    """Where the package keeps its downloads. Source: `whisper.load_model` of openai-whisper 20250625."""
    return Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser() / "whisper"


def _content(file: Path) -> str:
    """A fingerprint of the model: its size and both ends."""
    digest = hashlib.sha256()
    size = file.stat().st_size
    digest.update(f"{size}\0".encode())
    with file.open("rb") as content:
        digest.update(content.read(_SAMPLED))
        content.seek(max(0, size - _SAMPLED))
        digest.update(content.read(_SAMPLED))
    return digest.hexdigest()[:16]


@functools.lru_cache(maxsize=1)
def _load(path: Path, identity: str, name: str) -> Any:
    whisper = _require()
    try:
        return whisper.load_model(str(path), device="cpu")
    except Exception as why:  # torch raises pickle, zip and key errors of many kinds
        raise ModelMissing(
            model=name,
            found=Said(
                f"its file cannot be loaded ({first_line(why)})",
                ko=f"불러올 수 없는 파일({first_line(why)})",
            ),
        ) from why
