"""nano-ko, the small model of the demo and the tests: from its compact weights to what the engines load.

Holds the building of two forms, a CTranslate2 folder (faster-whisper) and a `.pt` file (openai-whisper), into
the user's cache on first use; the same bytes every time. Needs numpy and ctranslate2, torch for the second
form only, and no network. It knows a few hundred Korean words spoken by espeak-ng and nothing else: never use
it for footage. Its making is in `tools-for-developers/nano_ko`.
"""

from __future__ import annotations

import functools
import gzip
import hashlib
import json
from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from reels.recognise.cache import cache_dir, settled_folder
from reels.resources import models_dir

__all__ = [
    "NAME",
    "build_ctranslate2",
    "build_openai_whisper",
    "ctranslate2_folder",
    "identity",
    "openai_whisper_file",
    "shipped_folder",
]

NAME = "nano-ko"

_BUILDER = 1
"""Raised whenever the built files change although the weights do not."""

_WEIGHTS = "nano-ko.npz"
_MANIFEST = "built.json"
_TIMES = 1501
_TEXT_TOKENS = 50257
_DIMS = (
    "n_mels",
    "n_audio_ctx",
    "n_audio_state",
    "n_audio_head",
    "n_audio_layer",
    "n_vocab",
    "n_text_ctx",
    "n_text_state",
    "n_text_head",
    "n_text_layer",
)

_Weights = Mapping[str, npt.NDArray[np.float32]]


# --- the public part -------------------------------------------------------------------------------------


@functools.cache
def identity() -> str:
    """`nano-ko@` and the beginning of the sha256 of the compact weights."""
    return f"{NAME}@{hashlib.sha256((shipped_folder() / _WEIGHTS).read_bytes()).hexdigest()[:16]}"


def shipped_folder() -> Path:
    """The compact weights and their papers, in the clone or the installed package."""
    return models_dir() / NAME


def ctranslate2_folder() -> Path:
    """The CTranslate2 folder in the user's cache, built on first use (3 s).

    Raises: OutputNotWritable.
    """
    return _in_cache("ctranslate2", build_ctranslate2)


def openai_whisper_file() -> Path:
    """The openai-whisper `.pt` file in the user's cache, built on first use. Needs torch.

    Raises: OutputNotWritable.
    """
    return _in_cache("openai-whisper", build_openai_whisper) / f"{NAME}.pt"


def build_ctranslate2(folder: Path, *, weights: Path | None = None) -> None:
    """Fills the existing, empty `folder` with all that faster-whisper loads, from the shipped `weights`."""
    from ctranslate2.specs import whisper_spec

    dims, state = _state(weights or shipped_folder() / _WEIGHTS)
    tokens = json.loads((shipped_folder() / "tokens.json").read_text(encoding="utf-8"))
    merges = _merges()
    spec = whisper_spec.WhisperSpec(
        dims["n_audio_layer"], dims["n_audio_head"], dims["n_text_layer"], dims["n_text_head"]
    )
    _fill_spec(spec, state)
    special = _special_tokens(tokens["languages"])
    words = [*_text_tokens(merges), *special]
    words += [f"<|{i * 0.02:.2f}|>" for i in range(dims["n_vocab"] - len(words))]
    spec.register_vocabulary(words)
    spec.config.suppress_ids = tokens["suppressed"]
    spec.config.suppress_ids_begin = tokens["suppressed_at_start"]
    first_language = _TEXT_TOKENS + 2
    spec.config.lang_ids = list(range(first_language, first_language + len(tokens["languages"])))
    # Every head of the upper half: both engines use those of a model they do not know.
    layers = range(dims["n_text_layer"] // 2, dims["n_text_layer"])
    spec.config.alignment_heads = [[layer, head] for layer in layers for head in range(dims["n_text_head"])]
    spec.validate()
    spec.optimize(quantization="int8")
    spec.save(str(folder))
    (folder / "tokenizer.json").write_text(_tokenizer_json(merges, special), encoding="utf-8", newline="\n")
    features = {
        "feature_size": 80,
        "sampling_rate": 16000,
        "hop_length": 160,
        "chunk_length": 30,
        "n_fft": 400,
    }
    (folder / "preprocessor_config.json").write_text(json.dumps(features), encoding="utf-8", newline="\n")


def build_openai_whisper(folder: Path, *, weights: Path | None = None) -> None:
    """Fills the existing, empty `folder` with `nano-ko.pt`."""
    import torch

    dims, state = _state(weights or shipped_folder() / _WEIGHTS)
    halves = {name: torch.from_numpy(array.astype(np.float16)) for name, array in state.items()}
    torch.save({"dims": dims, "model_state_dict": halves}, folder / f"{NAME}.pt")


# --- the cache -------------------------------------------------------------------------------------------


def _in_cache(form: str, build: Callable[[Path], None]) -> Path:
    folder = cache_dir() / "models" / f"{identity().replace('@', '-')}-{_BUILDER}" / form
    if folder not in _VERIFIED:

        def build_and_record(fresh: Path) -> None:
            build(fresh)
            (fresh / _MANIFEST).write_text(
                json.dumps(_hashes(fresh), indent=1, sort_keys=True), encoding="utf-8"
            )

        settled_folder(folder, build=build_and_record, is_good=_is_whole)
        _VERIFIED.add(folder)
    return folder


_VERIFIED: set[Path] = set()
"""Folders whose every byte this process has checked: once is enough, it takes 20 ms."""


def _hashes(folder: Path) -> dict[str, str]:
    return {
        f.name: hashlib.sha256(f.read_bytes()).hexdigest()
        for f in sorted(folder.iterdir())
        if f.name != _MANIFEST
    }


def _is_whole(folder: Path) -> bool:
    """Whether the folder holds exactly what was built into it."""
    try:
        recorded = json.loads((folder / _MANIFEST).read_text(encoding="utf-8"))
        return bool(recorded == _hashes(folder))
    except (OSError, ValueError):
        return False


# --- weights ---------------------------------------------------------------------------------------------


def _settled(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float32]:
    """`values` on a grid of 2^-20, so that the last bits, which differ between processors, never show."""
    return (np.round(values * 2**20) / 2**20).astype(np.float32)


def _sinusoids(length: int, channels: int) -> npt.NDArray[np.float32]:
    """The position code of Whisper's encoder."""
    half = channels // 2
    # Decimal's powers are the same on every machine; an error here would grow with the position.
    slowing = np.array([float(Decimal(10000) ** (Decimal(-i) / (half - 1))) for i in range(half)])
    angle = np.arange(length)[:, None] * slowing[None]
    return _settled(np.concatenate([np.sin(angle), np.cos(angle)], 1))


def _state(weights: Path) -> tuple[dict[str, int], _Weights]:
    """Dimensions and the full set of named float32 weights, as openai-whisper names them."""
    with np.load(weights, allow_pickle=False) as compact:
        dims = dict(zip(_DIMS, (int(n) for n in compact["dims"]), strict=True))

        def single(name: str) -> npt.NDArray[np.float32]:
            return np.asarray(compact[name], np.float32)

        state = {name: single(name) for name in compact.files if name.startswith(("encoder.", "decoder."))}
        width, vocabulary = dims["n_text_state"], dims["n_vocab"]
        embedding = np.tile(single("emb_unused"), (vocabulary, 1))
        embedding[compact["used"]] = single("emb_used")
        embedding[vocabulary - _TIMES :] = _settled(
            _sinusoids(_TIMES, width).astype(np.float64) @ compact["ts_w"].astype(np.float64) + single("ts_b")
        )
        state["decoder.token_embedding.weight"] = embedding
        state["decoder.positional_embedding"] = _settled(
            _sinusoids(dims["n_text_ctx"], width).astype(np.float64) @ compact["pos_w"].astype(np.float64)
        )
        state["encoder.positional_embedding"] = _sinusoids(dims["n_audio_ctx"], dims["n_audio_state"])
    return dims, state


def _fill_spec(spec: Any, state: _Weights) -> None:
    """Hands the weights to CTranslate2's description of a Whisper model."""
    from ctranslate2.converters import utils
    from ctranslate2.specs import common_spec

    def linear(target: Any, name: str) -> None:
        target.weight, target.bias = state[f"{name}.weight"], state.get(f"{name}.bias")

    def norm(target: Any, name: str) -> None:
        target.gamma, target.beta = state[f"{name}.weight"], state[f"{name}.bias"]

    def attention(target: Any, name: str, *, to_itself: bool) -> None:
        parts = [common_spec.LinearSpec() for _ in range(3)]
        for part, role in zip(parts, ("query", "key", "value"), strict=True):
            linear(part, f"{name}.{role}")
            if part.bias is None:  # Whisper's keys have none
                part.bias = np.zeros(part.weight.shape[0], np.float32)
        if to_itself:
            utils.fuse_linear(target.linear[0], parts)
        else:
            utils.fuse_linear(target.linear[0], parts[:1])
            utils.fuse_linear(target.linear[1], parts[1:])
        linear(target.linear[-1], f"{name}.out")

    for side, name in ((spec.encoder, "encoder"), (spec.decoder, "decoder")):
        side.position_encodings.encodings = state[f"{name}.positional_embedding"]
        for i, layer in enumerate(side.layer):
            block = f"{name}.blocks.{i}"
            attention(layer.self_attention, f"{block}.attn", to_itself=True)
            norm(layer.self_attention.layer_norm, f"{block}.attn_ln")
            if name == "decoder":
                attention(layer.attention, f"{block}.cross_attn", to_itself=False)
                norm(layer.attention.layer_norm, f"{block}.cross_attn_ln")
            linear(layer.ffn.linear_0, f"{block}.mlp.0")
            linear(layer.ffn.linear_1, f"{block}.mlp.2")
            norm(layer.ffn.layer_norm, f"{block}.mlp_ln")
    linear(spec.encoder.conv1, "encoder.conv1")
    linear(spec.encoder.conv2, "encoder.conv2")
    norm(spec.encoder.layer_norm, "encoder.ln_post")
    norm(spec.decoder.layer_norm, "decoder.ln")
    spec.decoder.embeddings.weight = state["decoder.token_embedding.weight"]
    spec.decoder.projection.weight = state["decoder.token_embedding.weight"]


# --- tokens ----------------------------------------------------------------------------------------------


def _merges() -> list[tuple[str, str]]:
    """Whisper's multilingual byte pairs in order, in GPT-2's spelling of bytes."""
    lines = (
        gzip.decompress((shipped_folder() / "merges.txt.gz").read_bytes()).decode("utf-8").splitlines()[1:]
    )
    return [(left, right) for left, right in (line.split(" ") for line in lines)]


def _byte_letters() -> list[str]:
    """GPT-2's letter for each byte, in the order of the token numbers: printable bytes are themselves."""
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [b for b in range(256) if b not in printable]
    return [chr(b) for b in printable] + [chr(256 + i) for i in range(len(others))]


def _text_tokens(merges: list[tuple[str, str]]) -> list[str]:
    """Token strings by number; the last of Whisper's text tokens is an empty one."""
    return [*_byte_letters(), *(left + right for left, right in merges), ""]


def _special_tokens(languages: list[str]) -> list[str]:
    names = ["endoftext", "startoftranscript", *languages]
    names += ["translate", "transcribe", "startoflm", "startofprev", "nospeech", "notimestamps"]
    return [f"<|{name}|>" for name in names]


def _tokenizer_json(merges: list[tuple[str, str]], special: list[str]) -> str:
    """The file of the `tokenizers` package, written here so that no version of it changes the bytes."""
    byte_level = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True}
    written = {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [
            {
                "id": _TEXT_TOKENS + i,
                "content": token,
                "single_word": False,
                "lstrip": False,
                "rstrip": False,
                "normalized": False,
                "special": True,
            }
            for i, token in enumerate(special)
        ],
        "normalizer": None,
        "pre_tokenizer": byte_level,
        "post_processor": None,
        "decoder": {**byte_level, "add_prefix_space": True},
        "model": {
            "type": "BPE",
            "dropout": None,
            "unk_token": None,
            "continuing_subword_prefix": None,
            "end_of_word_suffix": None,
            "fuse_unk": False,
            "byte_fallback": False,
            "ignore_merges": False,
            "vocab": {token: i for i, token in enumerate(_text_tokens(merges))},
            "merges": merges,
        },
    }
    return json.dumps(written, ensure_ascii=False, separators=(",", ":"))
