"""The sound of footage as samples, for a recogniser: file → mono float32.

Decides nothing about speech; `reels.recognise` comes after. `probe` and the gate to ffmpeg stand before.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt

from reels.probe import container_start
from reels.tools.ffmpeg import SAFE_INPUT, footage_argument, read_ffmpeg

__all__ = ["decode_audio"]


def decode_audio(path: Path, *, stream: int | None = None, rate_hz: int = 16_000) -> npt.NDArray[np.float32]:
    """One track's sound, `(samples,)` float32 in [-1, 1), mono; sample n is source time n / rate_hz.

    `stream` is a stream index of the container (`AudioStream.index`), None the first sound track; ask
    `MediaInfo.audio` first whether there is one. Sound that starts late is padded with silence, a codec's
    run-up is cut off, and gaps inside are filled, so that a word's time is its time in the picture.

    Raises: ChildFailed where there is no such track, DiskFailed, Interrupted, ToolMissing, and what
    `probe.container_start` raises.
    """
    # Where timestamps may jump (MPEG-TS), ffmpeg counts from the first packet of the streams that are mapped,
    # so that with the sound alone a late start would be lost. The file's clock is kept, and its start named.
    start = container_start(path)
    samples = read_ffmpeg(
        [
            *("-copyts", "-vn", "-sn", "-dn"),
            *SAFE_INPUT,
            *("-i", footage_argument(path)),
            *("-map", "0:a:0" if stream is None else f"0:{stream}"),
            *("-af", f"asetpts=PTS-({start})/TB,aresample={rate_hz}:async=1:first_pts=0:ochl=mono:osf=s16"),
            *("-f", "s16le", "pipe:1"),
        ],
        doing=f"decoding the sound of {path.name}",
    )
    return np.frombuffer(samples, dtype="<i2").astype(np.float32) / np.float32(32768)
