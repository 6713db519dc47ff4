"""Rules about the sound: its coding, its level, where it is missing."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from reels.check.findings import Finding
from reels.check.wording import any_of, number, seconds, stretches
from reels.observe import AudioObservation, Observation
from reels.platforms import Platform

__all__ = ["LOUDNESS_TOLERANCE_LU", "judge_sound"]

LOUDNESS_TOLERANCE_LU = Fraction(1)

_LONGEST_SILENCE = Fraction(3)
_HEARD = "our advice: a pause that long is taken for a fault"


def judge_sound(seen: Observation, platform: Platform) -> Iterator[Finding]:
    yield Finding(
        rule="audio.present",
        ok=seen.audio is not None,
        found="a sound track" if seen.audio else "none",
        expected="a sound track",
        source=str(platform.source_of("audio_codecs")),
    )
    if seen.audio is None:
        return
    yield from _sound_format(seen.audio, platform)
    if seen.loudness is None:
        return  # shorter than the meter's block, or not decodable, which `decodes` says
    target, level = platform.target_lufs, seen.loudness.integrated_lufs
    silent = seen.loudness.is_silent
    yield Finding(
        rule="audio.loudness",
        ok=silent or abs(level - target) <= LOUDNESS_TOLERANCE_LU,
        found="silent" if silent else f"{number(level)} LUFS",
        expected=f"{number(target)} LUFS ± {number(LOUDNESS_TOLERANCE_LU)} LU, or silent",
        source=str(platform.source_of("target_lufs")),
        # Platforms turn down what is too loud; a voice too faint to be lifted is for a person to judge.
        severity="error" if level > target else "warning",
    )
    peak, highest = seen.loudness.true_peak_dbtp, platform.max_true_peak_dbtp
    yield Finding(
        rule="audio.true-peak",
        ok=peak <= highest,
        found="silent" if silent and peak <= -200 else f"{number(peak)} dBTP",
        expected=f"at most {number(highest)} dBTP",
        source=str(platform.source_of("max_true_peak_dbtp")),
    )
    if silent:
        return
    long = [stretch for stretch in seen.silent if stretch.duration > _LONGEST_SILENCE]
    yield Finding(
        rule="audio.silence",
        ok=not long,
        found=stretches(long) or "none",
        expected=f"no stretch of more than {seconds(_LONGEST_SILENCE)}",
        source=_HEARD,
        severity="warning",
    )


def _sound_format(audio: AudioObservation, platform: Platform) -> Iterator[Finding]:
    yield Finding(
        rule="audio.codec",
        # Opus has no profiles, AAC has: `aac LC` asks for the one, `opus` for any.
        ok=audio.codec in platform.audio_codecs or audio.codec.split()[0] in platform.audio_codecs,
        found=audio.codec,
        expected=any_of(platform.audio_codecs),
        source=str(platform.source_of("audio_codecs")),
    )
    yield Finding(
        rule="audio.rate",
        ok=audio.rate_hz == platform.audio_rate_hz,
        found=f"{audio.rate_hz} Hz",
        expected=f"{platform.audio_rate_hz} Hz",
        source=str(platform.source_of("audio_rate_hz")),
    )
    yield Finding(
        rule="audio.channels",
        ok=audio.channels == platform.audio_channels,
        found=str(audio.channels),
        expected=str(platform.audio_channels),
        source=str(platform.source_of("audio_channels")),
    )
