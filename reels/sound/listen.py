"""The sound of footage as samples, for a recogniser: file → mono float32, whole or piece by piece.

Decides nothing about speech; `reels.recognise` comes after. `probe` and the gate to ffmpeg stand before.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from reels.errors import DiskFailed
from reels.probe import container_start
from reels.said import Said, said_by_system
from reels.sound.soundtrack import Channel, channel_filters
from reels.tools.ffmpeg import SAFE_INPUT, footage_argument, read_ffmpeg, run_ffmpeg

__all__ = ["SoundFile", "decode_audio", "decode_audio_into"]

_RATE_HZ = 16_000
"""What every recogniser hears."""

_BYTES = 2
"""Of a sample on its way: 16 bits, little end first."""

_FORMAT = ("-f", "s16le")


def decode_audio(
    path: Path, *, stream: int | None = None, channel: Channel = "both"
) -> npt.NDArray[np.float32]:
    """One track's sound, `(samples,)` float32 in [-1, 1), mono; sample n is source time n / 16000.

    `stream` is a stream index of the container (`AudioStream.index`), None the first sound track; ask
    `MediaInfo.audio` first whether there is one. `channel` says what of its channels is heard. Sound that starts
    late is padded with silence, a codec's run-up is cut off, and gaps inside are filled, so that a word's time is its
    time in the picture.

    Raises: ChildFailed where there is no such track, DiskFailed, Interrupted, ToolMissing, and what
    `probe.container_start` raises.
    """
    samples = read_ffmpeg([*_decoding(path, stream, channel), *_FORMAT, "pipe:1"], doing=_doing(path))
    return _as_floats(samples)


def decode_audio_into(
    folder: Path, path: Path, *, stream: int | None = None, channel: Channel = "both"
) -> SoundFile:
    """The same sound in a file of `folder`, so that hours of it need no memory: 115 MB an hour.

    Raises: as `decode_audio`.
    """
    target = folder / "sound.s16le"
    arguments = [*_decoding(path, stream, channel), *_FORMAT, footage_argument(target)]
    run_ffmpeg(arguments, doing=_doing(path))
    return SoundFile(path=target)


@dataclass(frozen=True, slots=True)
class SoundFile:
    """Decoded sound on disk, mono, read by the sample."""

    path: Path

    @property
    def samples(self) -> int:
        """How many there are. Raises: DiskFailed."""
        try:
            return self.path.stat().st_size // _BYTES
        except OSError as why:
            raise DiskFailed(path=str(self.path), found=said_by_system(why)) from None

    def read(self, first: int, last: int) -> npt.NDArray[np.float32]:
        """Samples `first` to `last`, float32 in [-1, 1).

        Raises: DiskFailed, also where there are fewer.
        """
        try:
            with self.path.open("rb") as file:
                file.seek(first * _BYTES)
                read = file.read((last - first) * _BYTES)
        except OSError as why:
            raise DiskFailed(path=str(self.path), found=said_by_system(why)) from None
        if len(read) != (last - first) * _BYTES:
            raise DiskFailed(path=str(self.path), found=Said("too few samples", ko="모자라는 소리"))
        return _as_floats(read)


def _decoding(path: Path, stream: int | None, channel: Channel) -> list[str]:
    # Where timestamps may jump (MPEG-TS), ffmpeg counts from the first packet of the streams that are mapped,
    # so that with the sound alone a late start would be lost. The file's clock is kept, and its start named.
    start = container_start(path)
    taken = [
        f"{name}=" + ":".join(f"{key}={value}" for key, value in options.items())
        for name, options in channel_filters(channel, "mono")
    ]
    resampled = f"aresample={_RATE_HZ}:async=1:first_pts=0:ochl=mono:osf=s16"
    return [
        *("-copyts", "-vn", "-sn", "-dn"),
        *SAFE_INPUT,
        *("-i", footage_argument(path)),
        *("-map", "0:a:0" if stream is None else f"0:{stream}"),
        *("-af", ",".join([f"asetpts=PTS-({start})/TB", *taken, resampled])),
    ]


def _doing(path: Path) -> str:
    return f"decoding the sound of {path.name}"


def _as_floats(samples: bytes) -> npt.NDArray[np.float32]:
    return np.frombuffer(samples, dtype="<i2").astype(np.float32) / np.float32(32768)
