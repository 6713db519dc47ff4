"""The sound: the programme mixed and measured, then brought to its level and encoded."""

from __future__ import annotations

from pathlib import Path

from reels.graph.sound import build_programme_audio, build_programme_sound
from reels.loudness import MEASUREMENT_FILTER, Loudness, correction, parse_ebur128
from reels.perform.bench import Bench, lay_in
from reels.steps import AudioWork, LoudnessWork
from reels.tools.ffmpeg import run_ffmpeg

__all__ = ["audio", "loudness"]

# The limiter aims this much lower than the ceiling at first: AAC overshoots what it is given.
_FIRST_HEADROOM_DB = 0.5
_LEVEL_TRIES = 6
_LEVEL_TOLERANCE_LU = 0.2


def _measured(file: str, folder: Path, doing: str) -> Loudness:
    """Loudness of a file of ours, decoded as a player decodes it. Source: EBU R 128, ffmpeg filter ebur128."""
    said = run_ffmpeg(
        ["-i", file, "-map", "0:a:0", "-af", MEASUREMENT_FILTER, "-f", "null", "-"],
        doing=doing,
        cwd=folder,
    )
    return parse_ebur128(said)


def loudness(work: LoudnessWork, bench: Bench) -> None:
    with bench.folder() as folder:
        command = build_programme_sound(work.pieces, output="sound.flac")
        run_ffmpeg(command.arguments, doing=bench.step.doing, cwd=folder, graph=command.graph)
        loudness = _measured("sound.flac", folder, bench.step.doing)
        bench.publish(folder, _loudness_facts(loudness), "sound.flac")


def _loudness_facts(loudness: Loudness) -> dict[str, float | None]:
    return {
        "integrated_lufs": loudness.integrated_lufs,
        "true_peak_dbtp": loudness.true_peak_dbtp,
        "range_lu": loudness.range_lu,
    }


def audio(work: AudioWork, bench: Bench) -> None:
    """Encode at a first guess, measure what a player would hear, correct, until level and peak are right.

    A limiter takes loudness away and AAC adds peaks, by amounts that only the result shows.
    """
    sound = bench.need(work.sound)
    measured = Loudness(**sound.facts)
    target, ceiling = float(work.spec.target_lufs), float(work.spec.ceiling_dbtp)
    first = correction(measured, target_lufs=target, ceiling_dbtp=ceiling - _FIRST_HEADROOM_DB)
    # What a recording is too quiet for stays missing: its noise would come up with the voice.
    target -= first.short_by_lu
    gain, limit, limited = first.gain_db, ceiling - _FIRST_HEADROOM_DB, first.needs_limiter
    with bench.folder() as folder:
        lay_in(sound.file("sound.flac"), folder / "sound.flac")
        for _ in range(_LEVEL_TRIES):
            command = build_programme_audio(
                "sound.flac",
                work.spec,
                gain_db=gain,
                limit_dbtp=limit if limited else None,
                output="audio.aac",
            )
            run_ffmpeg(command.arguments, doing=bench.step.doing, cwd=folder, graph=command.graph)
            heard = _measured("audio.aac", folder, bench.step.doing)
            if heard.integrated_lufs is None or measured.integrated_lufs is None:
                break
            off = target - heard.integrated_lufs
            over = (heard.true_peak_dbtp or -99.0) - ceiling
            if abs(off) <= _LEVEL_TOLERANCE_LU and over <= 0:
                break
            if over > 0:
                limit -= (over + 0.2) if limited else 0.0
                limited = True
            gain += off
        facts = _loudness_facts(heard) | {"gain_db": gain}
        bench.publish(folder, facts, "audio.aac")
