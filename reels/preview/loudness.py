"""How loud a film is, moment by moment, for a waveform: enough to see where somebody speaks."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Final

import av
import numpy as np

__all__ = ["WINDOWS_A_SECOND", "loudness_of"]

WINDOWS_A_SECOND: Final = 50
_RATE_HZ: Final = 8000
_QUIETEST_DB: Final = -60.0


def loudness_of(film: Path) -> bytes:
    """The peak of each 20 ms of `film`, -60 dBFS as 0 and full scale as 255; nothing where it has no sound.

    Raises: OSError.
    """
    status = film.stat()
    return _loudness(film, status.st_size, status.st_mtime_ns)


@lru_cache(maxsize=64)
def _loudness(film: Path, size: int, mtime_ns: int) -> bytes:
    del size, mtime_ns  # the cache's key
    heard: list[np.ndarray[tuple[int], np.dtype[np.float32]]] = []
    with av.open(str(film)) as container:
        if not container.streams.audio:
            return b""
        resampler = av.AudioResampler(format="flt", layout="mono", rate=_RATE_HZ)
        for frame in container.decode(audio=0):
            heard += [
                np.asarray(part.to_ndarray(), dtype=np.float32).reshape(-1)
                for part in resampler.resample(frame)
            ]
    samples = np.abs(np.concatenate(heard)) if heard else np.zeros(0, dtype=np.float32)
    window = _RATE_HZ // WINDOWS_A_SECOND
    whole = len(samples) // window * window
    peaks = samples[:whole].reshape(-1, window).max(axis=1) if whole else samples[:0]
    decibels = 20 * np.log10(np.maximum(peaks, 10 ** (_QUIETEST_DB / 20)))
    return bytes(np.clip(np.round((decibels / -_QUIETEST_DB + 1) * 255), 0, 255).astype(np.uint8))
