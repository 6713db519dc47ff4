"""The default engine: faster-whisper on the CPU, in int8 but for models so small that it gains nothing.

Finds models in folders and in the Hugging Face cache without ever asking the network; only `fetch` does. The
package is imported inside functions. `contract` stands before, `reels.recognise` after.
"""

from __future__ import annotations

import difflib
import functools
import hashlib
import json
import os
import struct
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reels.errors import ModelMissing, UsageError
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
from reels.recognise.missing import COPY_AGAIN, first_line, unknown_model
from reels.said import Said, in_language, perhaps, said_by_system
from reels.transcript import HeardSegment, HeardWord

if TYPE_CHECKING:
    from faster_whisper import WhisperModel

__all__ = ["REPOSITORIES", "FasterWhisper"]

_ENGINE: Engine = "faster-whisper"

REPOSITORIES: dict[str, str] = {
    "tiny": "Systran/faster-whisper-tiny",
    "base": "Systran/faster-whisper-base",
    "small": "Systran/faster-whisper-small",
    "medium": "Systran/faster-whisper-medium",
    "large-v2": "Systran/faster-whisper-large-v2",
    "large-v3": "Systran/faster-whisper-large-v3",
    "large-v3-turbo": "mobiuslabsgmbh/faster-whisper-large-v3-turbo",
}
"""Multilingual models by name. Source: faster-whisper 1.2.1, `faster_whisper/utils.py` (a test compares)."""

_ALIASES = {"large": "large-v3", "turbo": "large-v3-turbo"}

_NOTES = {
    "tiny": "75 MB, fast, poor Korean",
    "base": "145 MB, fast, rough Korean",
    "small": "484 MB, usable Korean drafts",
    "medium": "1.5 GB, good Korean",
    "large-v2": "3.1 GB, very good Korean, slow",
    "large-v3": "3.1 GB, best Korean, slow",
    "large-v3-turbo": "1.6 GB, near the best Korean, several times faster; the default",
}

_LARGE_BANDS, _TURBO_LAYERS = 128, 4
"""Mel bands of large-v3 and its kin, and the layers of decoder that turbo was cut down to."""

_REQUIRED = ("config.json", "model.bin", "tokenizer.json")
_VOCABULARIES = ("vocabulary.json", "vocabulary.txt")
_SAMPLED = 1 << 20


class FasterWhisper:
    """`Recogniser` through the package faster-whisper."""

    def find(self, name: str) -> FoundModel:
        if name == nano_ko.NAME:
            folder = nano_ko.ctranslate2_folder()
            return FoundModel(name=name, engine=_ENGINE, path=folder, identity=nano_ko.identity())
        known = _ALIASES.get(name, name)
        if known in REPOSITORIES:
            return _found_in_hub_cache(known, REPOSITORIES[known])
        if name and Path(name).expanduser().exists():
            folder = Path(name).expanduser()
            _inspect(name, folder, remedy=COPY_AGAIN)
            shown = folder.resolve().name
            return FoundModel(
                name=shown,
                engine=_ENGINE,
                path=folder,
                identity=f"{shown}@{_content(folder)}",
                can_translate=_can_translate(shown, folder),
            )
        if name.count("/") == 1 and not name.startswith((".", "/", "~")):
            return _found_in_hub_cache(name, name, remedy=_nearest_repository(name))
        raise unknown_model(name, (nano_ko.NAME, *REPOSITORIES, *_ALIASES))

    def rows(self) -> tuple[ModelRow, ...]:
        rows = [
            ModelRow(
                name=nano_ko.NAME,
                engine=_ENGINE,
                available=True,
                note="for the demo and the tests only: a few hundred words, four synthetic voices",
                path=nano_ko.shipped_folder(),
                size_bytes=_size(nano_ko.shipped_folder()),
            )
        ]
        names = {**REPOSITORIES, **{r: r for r in _cached_repositories() if r not in REPOSITORIES.values()}}
        for name, repository in names.items():
            try:
                path = _found_in_hub_cache(name, repository).path
            except ModelMissing:
                path = None
            rows.append(
                ModelRow(
                    name=name,
                    engine=_ENGINE,
                    available=path is not None,
                    note=_NOTES.get(name, "downloaded by hand"),
                    path=path,
                    size_bytes=None if path is None else _size(path),
                )
            )
        return tuple(rows)

    def fetch(self, name: str) -> FoundModel:
        if name == nano_ko.NAME:
            return self.find(name)
        known = _ALIASES.get(name, name)
        repository = REPOSITORIES.get(known, known)
        if repository.count("/") != 1:
            raise unknown_model(name, tuple(REPOSITORIES))
        from faster_whisper import download_model

        try:
            download_model(repository)
        except Exception as why:  # the hub's client raises a dozen unrelated classes
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
        found = self.find(options.model)
        duration = duration_of(audio)
        model = _load(found.path, found.identity, found.name)
        if options.language not in model.supported_languages:
            only = model.supported_languages == ["en"]
            raise UsageError(
                where=f"language of model {found.name}",
                found=options.language,
                expected=Said("en, its only language", ko="이 모델이 아는 단 하나의 언어 en")
                if only
                else Said("a language code that Whisper knows", ko="Whisper가 아는 언어 부호"),
                remedy=Said("use a multilingual model", ko="여러 언어를 아는 모델을 쓰세요.")
                if only
                else Said("use ko for Korean", ko="한국어는 ko입니다."),
            )
        if not len(audio):
            return Heard(segments=())
        # nano-ko was taught one language and would answer with it whatever is spoken.
        asks = tell_language and model.model.is_multilingual and found.name != nano_ko.NAME
        with _language_noted(asks) as languages:
            segments, _ = model.transcribe(
                audio,
                language=options.language,
                task=options.task,
                beam_size=options.beam,
                # The sound comes without its silence where that is wanted.
                vad_filter=False,
                word_timestamps=True,
                # Earlier text drags a mistake from window to window, and nano-ko is worse with it.
                condition_on_previous_text=False,
                hotwords=", ".join(options.hint) or None,
            )
            heard: list[HeardSegment] = []
            while (segment := _next(segments, found.name)) is not None:
                heard.append(_heard(segment))
                if on_heard is not None:
                    on_heard(max(Fraction(0), min(duration, Fraction(segment.end))))
        return Heard(segments=tuple(heard), language=languages[0] if languages else None)


def _next(segments: Iterator[Any], name: str) -> Any | None:
    """The next segment: faster-whisper listens only while it is asked for them.

    Raises: ModelMissing where the model turns out not to work.
    """
    try:
        return next(segments, None)
    except RuntimeError as why:
        raise ModelMissing(
            model=name,
            found=Said(
                f"it failed while listening ({first_line(why)})", ko=f"듣다가 멈춤({first_line(why)})"
            ),
        ) from why


def _heard(segment: Any) -> HeardSegment:
    return HeardSegment(
        text=segment.text,
        start=segment.start,
        end=segment.end,
        words=tuple(
            HeardWord(text=w.word, start=w.start, end=w.end, probability=w.probability)
            for w in segment.words or ()
        ),
        no_speech_probability=segment.no_speech_prob,
        average_log_probability=segment.avg_logprob,
        compression_ratio=segment.compression_ratio,
    )


# --- finding ---------------------------------------------------------------------------------------------


def _nearest_repository(name: str) -> str:
    """A known repository that a mistyped one most likely meant, as a remedy; else nothing."""
    if name in REPOSITORIES.values():
        return ""
    guess = difflib.get_close_matches(name, REPOSITORIES.values(), n=1, cutoff=0.8)
    return perhaps(guess[0]) if guess else ""


def _found_in_hub_cache(name: str, repository: str, *, remedy: str = "") -> FoundModel:
    """A downloaded model. The cache is read as files: no network, and no import of the hub's client."""
    base = _hub_cache() / f"models--{repository.replace('/', '--')}"
    try:
        revision = (base / "refs" / "main").read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        raise ModelMissing(
            model=name, found=Said("it is not on this computer", ko="이 컴퓨터에 없음"), remedy=remedy
        ) from None
    folder = base / "snapshots" / revision
    if not folder.is_dir():
        raise ModelMissing(model=name, found=Said("its download was never finished", ko="내려받다가 만 모델"))
    _inspect(name, folder)
    return FoundModel(
        name=name,
        engine=_ENGINE,
        path=folder,
        identity=f"{repository}@{revision[:16]}",
        can_translate=_can_translate(repository, folder),
    )


def _can_translate(name: str, folder: Path) -> bool:
    """Whether the model translates: the turbo and distilled ones were trained on transcription alone.

    Source: README of openai/whisper on turbo. Under another name they betray themselves by their few layers.
    """
    if any(kind in name.lower() for kind in ("turbo", "distil", nano_ko.NAME)):
        return False
    try:
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        bands = json.loads((folder / "preprocessor_config.json").read_text(encoding="utf-8"))["feature_size"]
        layers = 1 + max(layer for layer, _ in config["alignment_heads"])
    except (OSError, ValueError, KeyError, TypeError):
        return True
    return bool(bands != _LARGE_BANDS or layers > _TURBO_LAYERS)


def _size(folder: Path) -> int:
    return sum(f.stat().st_size for f in folder.iterdir() if f.is_file())


def _hub_cache() -> Path:
    """Where huggingface_hub keeps its downloads. Source: its documentation of environment variables."""
    for variable in ("HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE"):
        if chosen := os.environ.get(variable):
            return Path(chosen).expanduser()
    if home := os.environ.get("HF_HOME"):
        return Path(home).expanduser() / "hub"
    cache = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    return Path(cache).expanduser() / "huggingface" / "hub"


def _cached_repositories() -> tuple[str, ...]:
    """Downloaded repositories that hold a CTranslate2 model, as owner/name."""
    return tuple(
        "/".join(folder.name.split("--")[1:3])
        for folder in sorted(_hub_cache().glob("models--*--*"))
        if any(folder.glob("snapshots/*/model.bin"))
    )


def _inspect(name: str, folder: Path, *, remedy: str = "") -> None:
    """Raises ModelMissing where `folder` is no CTranslate2 Whisper model, saying what was found."""
    if not folder.is_dir():
        raise ModelMissing(
            model=name,
            remedy=remedy,
            found=Said(
                "it is a file, not the folder of a CTranslate2 model",
                ko="CTranslate2 모델 폴더가 아니라 파일",
            ),
        )
    missing = [f for f in _REQUIRED if not (folder / f).is_file()]
    if not any((folder / f).is_file() for f in _VOCABULARIES):
        missing.append(_VOCABULARIES[0])
    if missing:
        raise ModelMissing(
            model=name,
            remedy=remedy,
            found=Said(f"its folder has no {', '.join(missing)}", ko=f"폴더에 {', '.join(missing)} 없음"),
        )
    try:
        with (folder / "model.bin").open("rb") as model:
            head = model.read(64)
    except OSError as why:
        raise ModelMissing(
            model=name,
            remedy=remedy,
            found=Said(
                f"its model.bin cannot be read ({why.strerror})",
                ko=f"읽을 수 없는 model.bin({in_language(said_by_system(why), 'ko')})",
            ),
        ) from None
    # A CTranslate2 binary: version (4 bytes), length of the specification's name (2), the name.
    length = struct.unpack_from("<4xH", head)[0] if len(head) >= 6 else 0
    if head[6 : 6 + length].rstrip(b"\0") != b"WhisperSpec":
        raise ModelMissing(
            model=name,
            remedy=remedy,
            found=Said(
                "its model.bin is damaged, or no Whisper model of CTranslate2",
                ko="손상되었거나 CTranslate2의 Whisper 모델이 아닌 model.bin",
            ),
        )


def _content(folder: Path) -> str:
    """A fingerprint of what the model is: names, sizes, the small files, both ends of the large one.

    Reading 3 GB to name a model would cost more than it is worth; no two trained models share those bytes.
    """
    digest = hashlib.sha256()
    for file in sorted(f for f in folder.iterdir() if f.name in (*_REQUIRED, *_VOCABULARIES)):
        size = file.stat().st_size
        digest.update(f"{file.name}\0{size}\0".encode())
        with file.open("rb") as content:
            digest.update(content.read(_SAMPLED))
            content.seek(max(0, size - _SAMPLED))
            digest.update(content.read(_SAMPLED))
    return digest.hexdigest()[:16]


# --- loading ---------------------------------------------------------------------------------------------


_asked = threading.local()
"""What the thread that is listening wants to know besides the words."""


@contextmanager
def _language_noted(wanted: bool) -> Iterator[list[tuple[str, float]]]:
    """While inside, what the first window that is heard in this thread is taken for, if that is wanted."""
    noted: list[tuple[str, float]] = []
    _asked.noted = noted if wanted else None
    try:
        yield noted
    finally:
        _asked.noted = None


_SMALL_MODEL_BYTES = 64_000_000


def _compute_type(path: Path) -> str:
    """How to compute with the model in the folder `path`.

    Weights in int8 are rounded anew by each kind of processor: in a model of a million parameters a sentence is parted
    otherwise with it (seen on the held-out speech), and there is no time to gain. The smallest Whisper has 75 MB.
    """
    weights = path / "model.bin"
    is_small = weights.is_file() and weights.stat().st_size < _SMALL_MODEL_BYTES
    return "float32" if is_small else "int8"


_SETTINGS = ("alignment_heads", "lang_ids")
"""What CTranslate2's converter writes for every Whisper; without them the engine reads memory that is not its own."""


def _require_settings(path: Path, name: str) -> None:
    """Raises: ModelMissing for a `config.json` that is not a Whisper's."""
    try:
        read = json.loads((path / "config.json").read_text(encoding="utf-8"))
        lacking = [key for key in _SETTINGS if key not in read] if isinstance(read, dict) else list(_SETTINGS)
    except (OSError, ValueError, RecursionError):
        lacking = list(_SETTINGS)
    if lacking:
        raise ModelMissing(
            model=name,
            found=Said(
                f"its folder cannot be loaded (config.json lacks {', '.join(lacking)})",
                ko=f"불러올 수 없는 폴더(config.json에 {', '.join(lacking)} 없음)",
            ),
        )


@functools.lru_cache(maxsize=1)
def _load(path: Path, identity: str, name: str) -> WhisperModel:
    """The model in memory; one stays, so that a campaign's clips share the loading."""
    _require_settings(path, name)
    with warnings.catch_warnings():
        # Deprecations inside the packages are not this project's to mend.
        warnings.simplefilter("ignore")
        from faster_whisper import WhisperModel

        class Attentive(WhisperModel):  # type: ignore[misc,unused-ignore]
            """Tells the language from the window that was encoded anyway: asking apart costs a window more."""

            def encode(self, features: Any) -> Any:
                encoded = super().encode(features)
                noted = getattr(_asked, "noted", None)
                if noted == [] and (ranked := self.model.detect_language(encoded)[0]):
                    token, probability = ranked[0]
                    noted.append((str(token).strip("<|>"), float(probability)))
                return encoded

    try:
        # A Path to an existing folder never makes the package ask the hub.
        model = Attentive(str(path), device="cpu", compute_type=_compute_type(path), local_files_only=True)
    except Exception as why:  # CTranslate2, tokenizers and json each raise their own
        raise ModelMissing(
            model=name,
            found=Said(
                f"its folder cannot be loaded ({first_line(why)})",
                ko=f"불러올 수 없는 폴더({first_line(why)})",
            ),
        ) from why
    bands = model.feature_extractor.mel_filters.shape[0]
    if bands != model.model.n_mels:
        raise ModelMissing(
            model=name,
            found=Said(
                f"it needs {model.model.n_mels} mel bands but its preprocessor_config.json gives {bands}",
                ko=f"mel 대역이 {model.model.n_mels}개여야 하나 preprocessor_config.json에는 {bands}개",
            ),
        )
    return model
