"""Trained weights -> the compact form that is kept in the repository.

Holds the writing only; `reels.recognise.nano_ko` builds what the engines load from it. `train` stands before,
`evaluate` after. Everything is float16: the engines round to int8 or read it as float32.
"""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import torch

from .model import Nano
from .windows import TOKENS

__all__ = ["export"]

_DERIVED = ("decoder.token_embedding.weight", "decoder.positional_embedding", "encoder.positional_embedding")


@torch.no_grad()
def export(net: Nano, out: Path) -> None:
    """Writes `out/nano-ko.npz`: the used rows, the matrices that make the rest, and the layers."""
    net.hold_constant_channel()

    def half(t: torch.Tensor) -> np.ndarray[Any, np.dtype[np.float16]]:
        return t.detach().numpy().astype(np.float16)

    arrays: dict[str, np.ndarray[Any, Any]] = {
        "dims": np.array(list(vars(net.dims).values()), np.int32),
        "used": np.array(TOKENS.used, np.int32),
        "emb_used": half(net.used_embedding),
        "emb_unused": half(net.unused_embedding[0]),
        "ts_w": half(net.time_matrix),
        "ts_b": half(net.time_bias),
        "pos_w": half(net.position_matrix),
    }
    state = {f"encoder.{k}": v for k, v in net.encoder.state_dict().items()}
    state |= {f"decoder.blocks.{k}": v for k, v in net.blocks.state_dict().items()}
    state |= {f"decoder.ln.{k}": v for k, v in net.ln.state_dict().items()}
    arrays |= {name: half(value) for name, value in state.items() if name not in _DERIVED}
    _write_npz(out / "nano-ko.npz", arrays)


def _write_npz(path: Path, arrays: dict[str, np.ndarray[Any, Any]]) -> None:
    """As `numpy.savez_compressed`, but with a fixed date in every entry: equal weights, equal bytes."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, array in arrays.items():
            written = io.BytesIO()
            np.lib.format.write_array(written, array, allow_pickle=False)
            entry = zipfile.ZipInfo(f"{name}.npy", date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, written.getvalue(), compresslevel=9)
