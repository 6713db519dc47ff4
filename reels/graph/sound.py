"""The sound: pieces of footage → one stereo programme of an exact number of samples at 48 kHz.

Gain and limiting are laid on here; how much is decided by `loudness`. Silent pieces become silence.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import ffmpeg

from reels.encode import AUDIO_RATE_HZ, PRIMING_SAMPLES, SoundSpec, audio_options
from reels.graph.command import (
    Command,
    compile_graph,
    footage_input,
    microseconds,
    music_input,
    told_apart,
)
from reels.sound.soundtrack import Channel, channel_filters

__all__ = ["AudioPiece", "build_programme_audio", "build_programme_sound", "build_stretch", "samples_at"]

# Long enough that a cut does not click, short enough that no syllable is softened.
_FADE_SAMPLES = AUDIO_RATE_HZ // 100

_FRAME_SAMPLES = 4608
_HIGH_PASS_HZ = 80
_BUTTERWORTH = (0.5412, 1.3066)

# Decoders need a few packets before they are right; what is decoded before the in point is trimmed by the sample.
_SEEK_MARGIN = Fraction(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class AudioPiece:
    """`samples` samples, the first at source second `start`, counted from the container's start.

    `stream` None: the piece is silent, and `path` may be None too. A `recording` is sound without a picture, opened as
    music is. `channel` is what of the stream's channels is played; `high_pass`
    takes what lies below a voice away; `denoise` asks for it to be cleaned before it is played.
    """

    path: Path | None
    stream: int | None
    container_start: Fraction
    start: Fraction
    samples: int
    channel: Channel = "both"
    high_pass: bool = False
    denoise: bool = False
    recording: bool = False


def samples_at(frame: int, rate: Fraction) -> int:
    """The sample that sounds when programme frame `frame` begins."""
    return round(frame / rate * AUDIO_RATE_HZ)


def build_programme_sound(pieces: Sequence[AudioPiece], *, output: str) -> Command:
    """The programme as it is, in 24-bit FLAC: measured once, encoded as often as the level needs."""
    # PCM may lie in packets of any length, and FLAC takes no more than 65,535 samples at once.
    sound = _programme(pieces).filter("asetnsamples", n=_FRAME_SAMPLES, p=0)
    return compile_graph(
        sound, output=output, options={"c:a": "flac", "sample_fmt": "s32", "f": "flac", "map_metadata": -1}
    )


def build_stretch(piece: AudioPiece, *, output: str) -> Command:
    """One piece as raw 32-bit floats in stereo, to be worked on outside ffmpeg."""
    options: dict[str, str | int] = {"c:a": "pcm_f32le", "f": "f32le", "map_metadata": -1}
    return compile_graph(_programme([piece]), output=output, options=options)


def build_programme_audio(
    sound: str, spec: SoundSpec, *, gain_db: float, limit_dbtp: float | None, output: str
) -> Command:
    """The programme from `sound` (a neutral name), at its level, encoded.

    The first samples give way to the encoder's priming, so that what is heard lies where it should although
    the file has no edit list. The limiter works at four times the rate, where true peaks show.
    """
    stream = ffmpeg.input(sound).audio
    stream = stream.filter("volume", f"{gain_db:.4f}dB")
    if limit_dbtp is not None:
        limit = 10 ** (limit_dbtp / 20)
        stream = (
            stream.filter("aresample", 4 * AUDIO_RATE_HZ)
            .filter("alimiter", limit=f"{limit:.6f}", attack=2, release=60, level="false", latency="true")
            .filter("aresample", AUDIO_RATE_HZ)
        )
    stream = stream.filter("atrim", start_sample=PRIMING_SAMPLES).filter("asetpts", "N")
    # The fade of the first piece went with the samples that gave way.
    stream = stream.filter("afade", t="in", ss=0, ns=_FADE_SAMPLES)
    return compile_graph(stream, output=output, options=audio_options(spec))


def _programme(pieces: Sequence[AudioPiece]) -> Any:
    inputs = told_apart([None if piece.stream is None else (piece.path, _seek(piece)) for piece in pieces])
    heard = [_piece(piece, options) for piece, options in zip(pieces, inputs, strict=True)]
    return heard[0] if len(heard) == 1 else ffmpeg.concat(*heard, v=0, a=1, n=len(heard))


def _seek(piece: AudioPiece) -> Fraction:
    return max(Fraction(0), piece.start - _SEEK_MARGIN)


def _piece(piece: AudioPiece, options: Mapping[str, int]) -> Any:
    rate = AUDIO_RATE_HZ
    if piece.stream is None or piece.path is None:
        silence = ffmpeg.input(f"anullsrc=r={rate}:cl=stereo", f="lavfi", **options)
        return silence.filter("atrim", end_sample=piece.samples)
    seek = _seek(piece)
    first = round((piece.start - seek) * rate)
    origin = microseconds(piece.container_start + seek)
    fade_out = max(0, piece.samples - _FADE_SAMPLES)
    if piece.recording:
        opened = music_input(piece.path, seek=seek, **options)
    else:
        opened = footage_input(piece.path, seek=seek, **options)
    heard = opened[f"{piece.stream}"].filter("asettb", "1/1000000").filter("asetpts", f"PTS-({origin})")
    for name, values in channel_filters(piece.channel, "stereo"):
        heard = heard.filter(name, **values)
    if piece.high_pass:
        # Two sections make a fourth-order Butterworth: 3 dB less at the edge, 24 dB an octave below.
        for width in _BUTTERWORTH:
            heard = heard.filter("highpass", f=_HIGH_PASS_HZ, t="q", w=width)
    return (
        heard
        # Sound that starts late or stops for a moment is filled with silence, so that it stays with the picture.
        .filter("aresample", rate, **{"async": 1, "first_pts": 0})
        .filter("aformat", sample_fmts="fltp", channel_layouts="stereo")
        .filter("apad", whole_len=first + piece.samples)
        .filter("atrim", start_sample=first, end_sample=first + piece.samples)
        .filter("asetpts", "N")
        .filter("afade", t="in", ss=0, ns=_FADE_SAMPLES)
        .filter("afade", t="out", ss=fade_out, ns=_FADE_SAMPLES)
    )
