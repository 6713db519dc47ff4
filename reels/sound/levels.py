"""How loud the sound of footage is, tenth of a second by tenth, remembered by content in the user's cache.

Judges nothing: `cutting` weighs passages by it. `listen` stands before.
"""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from reels.resources import cache_dir
from reels.sound.listen import SoundFile, decode_audio_into
from reels.sound.soundtrack import Channel

__all__ = ["SILENT_DB", "STEP_HZ", "levels_of"]

STEP_HZ = 10
"""Levels a second."""

SILENT_DB = -90
"""Nothing is quieter."""

_RATE_HZ = 16_000
_BLOCK = _RATE_HZ // STEP_HZ
_BLOCKS_AT_ONCE = 600
_LARGEST_BYTES = 16 * 1024 * 1024


def levels_of(
    path: Path, identity: str, *, stream: int | None = None, channel: Channel = "both"
) -> tuple[int, ...]:
    """The level of each tenth of a second from source time 0 on, whole dB below full scale.

    `identity` is the content's; `stream` and `channel` are meant as by `listen.decode_audio_into`.
    Raises: as that.
    """
    key = hashlib.sha256(f"levels 2 {identity} {stream} {channel}".encode()).hexdigest()
    kept = cache_dir() / "levels" / f"{key}.json"
    known = _read(kept)
    if known is not None:
        return known
    with TemporaryDirectory(prefix="reels-levels-") as folder:
        found = _measured(decode_audio_into(Path(folder), path, stream=stream, channel=channel))
    # Whatever cannot be written is measured again the next time.
    with suppress(OSError):
        kept.parent.mkdir(parents=True, exist_ok=True)
        fresh = kept.with_suffix(".part")
        fresh.write_text(json.dumps(found, separators=(",", ":")), encoding="ascii")
        fresh.replace(kept)
    return found


def _measured(sound: SoundFile) -> tuple[int, ...]:
    found: list[int] = []
    whole = sound.samples // _BLOCK * _BLOCK
    for first in range(0, whole, _BLOCK * _BLOCKS_AT_ONCE):
        samples = sound.read(first, min(first + _BLOCK * _BLOCKS_AT_ONCE, whole)).reshape(-1, _BLOCK)
        power = np.maximum(np.mean(np.square(samples, dtype=np.float64), axis=1), 10 ** (SILENT_DB / 10))
        found += [round(float(db)) for db in 10 * np.log10(power)]
    return tuple(found)


def _read(kept: Path) -> tuple[int, ...] | None:
    try:
        with kept.open("rb") as file:
            levels = json.loads(file.read(_LARGEST_BYTES))
    except (OSError, ValueError, RecursionError):
        return None
    if not isinstance(levels, list) or not all(type(db) is int and SILENT_DB <= db <= 0 for db in levels):
        return None
    return tuple(levels)
