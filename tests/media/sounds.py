"""Programmes and films of sound for tests: made with numpy and PyAV, worked on by the project's own steps, heard back.

Nothing of the product measures here: samples are decoded with PyAV, loudness is pyloudnorm's, true peak is of eightfold
oversampling.
"""

from __future__ import annotations

import warnings
import wave
from collections.abc import Mapping
from fractions import Fraction
from functools import cache
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt

from reels.campaign.model import Workspace
from reels.fingerprint import paths_in
from reels.graph.sound import AudioPiece
from reels.perform import Workshop, perform
from reels.resources import assets_dir
from reels.steps import Step, Work, entry_for
from reels.store import Result, Store

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import pyloudnorm
    from scipy.signal import resample_poly

__all__ = [
    "RATE",
    "Samples",
    "clap",
    "decoded",
    "done",
    "level_db",
    "lufs",
    "piece_of",
    "put_film",
    "put_wav",
    "speech",
    "true_peak_dbtp",
]

RATE = 48_000

Samples = npt.NDArray[np.float64]
"""Mono (samples,) or (samples, channels), full scale at 1."""


def decoded(path: Path, *, rate: int = RATE) -> Samples:
    """The first sound track, (samples, 2)."""
    resampler = av.AudioResampler(format="fltp", layout="stereo", rate=rate)
    parts = []
    with av.open(str(path)) as container:
        for frame in (*container.decode(audio=0), None):
            parts += [part.to_ndarray() for part in resampler.resample(frame)]
    whole: Samples = np.concatenate(parts, axis=1).T.astype(np.float64)
    return whole


def speech(name: str = "festival", *, seconds: float = 8) -> Samples:
    """A synthetic voice of the demonstration, mono, at -26 LUFS or so."""
    return _spoken(name)[: round(seconds * RATE)]


@cache
def _spoken(name: str) -> Samples:
    found = decoded(assets_dir() / "demo" / f"speech-{name}.opus")[:, 0]
    found.setflags(write=False)
    return found


def clap(generator: np.random.Generator, *, decay_s: float = 0.008) -> Samples:
    """A quarter of a second of noise that dies away, peak 1."""
    count = RATE // 4
    sound = generator.normal(0, 1, count) * np.exp(-np.arange(count) / (decay_s * RATE))
    loudest: Samples = sound / np.abs(sound).max()
    return loudest


def put_wav(path: Path, sound: Samples) -> Path:
    """16 bits, as many channels as `sound` has; what is above full scale is clipped, as cameras do."""
    channels = sound[:, None] if sound.ndim == 1 else sound
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels.shape[1])
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(np.clip(np.rint(channels * 32767), -32768, 32767).astype("<i2").tobytes())
    return path


def put_film(
    path: Path,
    tracks: Mapping[str, Samples],
    *,
    seconds: float = 0,
    rate: int = 25,
    sound_rate: int = RATE,
    packet: int = 4096,
) -> Path:
    """A film of grey pictures, as long as its sound and at least `seconds`, with a PCM track for each of `tracks`.

    A track's layout is mono, stereo, or what its name says after a colon.
    """
    seconds = max([seconds, *(len(sound) / sound_rate for sound in tracks.values())])
    with av.open(str(path), "w") as container:
        video = container.add_stream("libx264", rate=rate, options={"preset": "ultrafast"})
        video.width, video.height, video.pix_fmt = 180, 320, "yuv420p"
        video.codec_context.thread_count = 1
        streams = []
        for name, sound in tracks.items():
            stream = container.add_stream("pcm_s16le", rate=sound_rate)
            stream.layout = name.partition(":")[2] or ("mono" if sound.ndim == 1 else "stereo")
            streams.append(stream)
        grey = np.full((480, 180), 128, np.uint8)
        for number in range(round(seconds * rate)):
            frame = av.VideoFrame.from_ndarray(grey, format="yuv420p")
            frame.pts, frame.time_base = number, Fraction(1, rate)
            container.mux(video.encode(frame))
        container.mux(video.encode(None))
        for stream, sound in zip(streams, tracks.values(), strict=True):
            whole = np.clip(np.rint(sound * 32767), -32768, 32767).astype(np.int16)
            for at in range(0, len(whole), packet):
                part = whole[at : at + packet].reshape(1, -1)
                packed = av.AudioFrame.from_ndarray(part, format="s16", layout=stream.layout.name)
                packed.sample_rate, packed.pts, packed.time_base = sound_rate, at, Fraction(1, sound_rate)
                container.mux(stream.encode(packed))
            container.mux(stream.encode(None))
    return path


def piece_of(path: Path, samples: int, *, start: Fraction = Fraction(0), stream: int = 0) -> AudioPiece:
    return AudioPiece(path=path, stream=stream, container_start=Fraction(0), start=start, samples=samples)


def done(folder: Path, work: Work, *, name: str = "a step") -> Result:
    """The result of the project's own step for `work`, in a store of its own in `folder`."""
    store = Store(folder / ".reels")
    store.prepare()
    identity = {path: str(path) for path in paths_in(work)}
    entry = entry_for(work, needs=(), tools={}, identity=identity)
    step = Step(
        id=name,
        kind=work.kind,
        reel=None,
        platform=None,
        reason="new",
        will_run=True,
        fingerprint=entry.fingerprint,
        work=work,
        entry=entry,
        doing=name,
    )
    perform(step, Workshop(workspace=Workspace.of_campaign(folder)))
    result = Store(folder / ".reels").result(entry.fingerprint)
    assert result is not None
    return result


def lufs(sound: Samples) -> float:
    """Integrated loudness by pyloudnorm; minus infinity for silence."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the logarithm of silence
        return float(pyloudnorm.Meter(RATE).integrated_loudness(sound))


def true_peak_dbtp(sound: Samples) -> float:
    """Of eightfold oversampling, which reads at most 0.1 dB low."""
    peak = float(np.abs(resample_poly(sound, 8, 1, axis=0)).max())
    return 20 * float(np.log10(max(peak, 1e-9)))


def level_db(sound: Samples) -> float:
    """RMS in dBFS."""
    return 10 * float(np.log10(np.square(sound).mean() + 1e-12))
