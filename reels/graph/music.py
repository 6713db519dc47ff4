"""Music under a programme: a file → a bed of an exact number of samples → the mix, ducked by exact automation.

The gain of every sample is computed where the voice is known (`reels.sound.ducking`) and multiplied in, so that nothing
depends on a compressor's guess. Only neutral names and our own numbers stand in a filter string.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import ffmpeg

from reels.encode import AUDIO_RATE_HZ
from reels.graph.command import Command, compile_graph, music_input

__all__ = ["Bed", "build_bed", "build_bed_mix", "build_music"]

_SEAM_SAMPLES = AUDIO_RATE_HZ // 100
"""Faded at both ends of what is looped, so that the seam does not click."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bed:
    """Music as it is laid: `start` and fades in seconds; `level_lu` by the voice, `duck_db` less under it."""

    path: Path
    stream: int
    start: Fraction
    level_lu: int
    duck_db: Fraction
    fade_in: Fraction
    fade_out: Fraction


def build_music(bed: Bed, *, samples: int, output: str) -> Command:
    """At most `samples` samples of the music from its start on, as raw 16-bit stereo."""
    first = round(bed.start * AUDIO_RATE_HZ)
    sound = (
        music_input(bed.path)[f"{bed.stream}"]
        # By the sample, not by the clock: what a file's clock leaves out would be a hole in the music.
        .filter("asetpts", "N/SR/TB")
        .filter("aresample", AUDIO_RATE_HZ)
        .filter("aformat", sample_fmts="fltp", channel_layouts="stereo")
        .filter("atrim", start_sample=first, end_sample=first + samples)
        .filter("asetpts", "N")
    )
    return compile_graph(sound, output=output, options={"c:a": "pcm_s16le", "f": "s16le", "map_metadata": -1})


def build_bed(music: str, *, music_samples: int, samples: int, output: str) -> Command:
    """`samples` samples of the raw sound in `music`, which has `music_samples`, looped where it is shorter."""
    sound = _raw(music)
    if music_samples < samples:
        seam = min(_SEAM_SAMPLES, music_samples // 2)
        sound = (
            sound.filter("afade", t="in", ss=0, ns=seam)
            .filter("afade", t="out", ss=music_samples - seam, ns=seam)
            .filter("aloop", loop=-1, size=music_samples)
        )
    sound = sound.filter("atrim", end_sample=samples).filter("asetpts", "N")
    return compile_graph(
        sound, output=output, options={"c:a": "flac", "sample_fmt": "s32", "f": "flac", "map_metadata": -1}
    )


def build_bed_mix(programme: str, bed: str, gains: str, *, scale: float, output: str) -> Command:
    """The programme and, times the raw mono 32-bit floats of `gains`, the bed; both times `scale`."""
    control = ffmpeg.input(gains, f="f32le", ar=AUDIO_RATE_HZ, ac=1).audio.filter(
        "pan", args="stereo|c0=c0|c1=c0"
    )
    laid = ffmpeg.filter(
        [ffmpeg.input(bed).audio.filter("aformat", sample_fmts="fltp"), control], "amultiply"
    )
    mixed = ffmpeg.filter(
        [ffmpeg.input(programme).audio.filter("aformat", sample_fmts="fltp"), laid],
        "amix",
        inputs=2,
        duration="first",
        normalize=0,
    )
    if scale != 1:
        mixed = mixed.filter("volume", f"{scale:.6f}")
    return compile_graph(
        mixed, output=output, options={"c:a": "flac", "sample_fmt": "s32", "f": "flac", "map_metadata": -1}
    )


def _raw(name: str) -> Any:
    return ffmpeg.input(name, f="s16le", ar=AUDIO_RATE_HZ, ac=2).audio
