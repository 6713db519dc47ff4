"""The sound: the programme mixed and measured, then brought to its level and encoded."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from reels.encode import AUDIO_RATE_HZ
from reels.graph.command import Command
from reels.graph.music import Bed, build_bed, build_bed_mix, build_music
from reels.graph.sound import build_programme_audio, build_programme_sound
from reels.perform.bench import Bench, lay_in
from reels.perform.cleaning import cleaned
from reels.recognise.contract import SAMPLE_RATE
from reels.recognise.voice import BLOCK_FRAMES, FRAME, speech_ranges, voice_probabilities
from reels.said import Said
from reels.sound.ducking import bed_gains, bed_level_lufs, voices_in
from reels.sound.loudness import MEASUREMENT_FILTER, LevelSearch, Loudness, parse_ebur128
from reels.sound.music import music_refused
from reels.steps import AudioWork, LoudnessWork
from reels.timing import TimeRange
from reels.tools.ffmpeg import read_ffmpeg, run_ffmpeg

__all__ = ["audio", "loudness"]

_MUSIC_FRAME_BYTES = 4
_LEAST_MUSIC = AUDIO_RATE_HZ // 10
"""Samples; what is shorter would be looped into a buzz."""

_FULL = 0.98
_MEASURED = ("integrated_lufs", "true_peak_dbtp", "range_lu")


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
        pieces = cleaned(work.pieces, folder, bench)
        command = build_programme_sound(pieces, output="sound.flac")
        _run(command, folder, bench)
        measured = _measured("sound.flac", folder, bench.step.doing)
        if work.bed is not None:
            samples = sum(piece.samples for piece in work.pieces)
            _lay_music(work.bed, samples, measured, folder, bench)
            measured = _measured("sound.flac", folder, bench.step.doing)
        bench.publish(folder, _loudness_facts(measured), "sound.flac")


def _lay_music(bed: Bed, samples: int, programme: Loudness, folder: Path, bench: Bench) -> None:
    """Put music under `sound.flac`, lower wherever a voice is heard in it."""
    (folder / "sound.flac").rename(folder / "programme.flac")
    speech = voices_in(_speech_in("programme.flac", folder, bench))
    _run(build_music(bed, samples=samples, output="music.pcm"), folder, bench)
    length = (folder / "music.pcm").stat().st_size // _MUSIC_FRAME_BYTES
    if length < _LEAST_MUSIC:
        found = Said("no sound where its music is to start", ko="음악을 시작할 자리에 소리가 없음")
        raise music_refused(bed.path, found)
    _run(build_bed("music.pcm", music_samples=length, samples=samples, output="bed.flac"), folder, bench)
    music = _measured("bed.flac", folder, bench.step.doing)
    wanted = bed_level_lufs(programme.integrated_lufs, speaks=bool(speech), level_lu=bed.level_lu)
    # Music that holds nothing to measure is laid as it is: there is nothing to hear of it.
    gain = 0.0 if music.integrated_lufs is None else wanted - music.integrated_lufs
    gains = bed_gains(
        speech,
        samples=samples,
        rate_hz=AUDIO_RATE_HZ,
        gain_db=gain,
        duck_db=float(bed.duck_db),
        fade_in=bed.fade_in,
        fade_out=bed.fade_out,
    )
    gains.astype("<f4", copy=False).tofile(folder / "gains.f32")
    peak = _amplitude(programme.true_peak_dbtp) + _amplitude(music.true_peak_dbtp) * float(
        gains.max(initial=0)
    )
    # Whole numbers of the mix end at 1; what passes it would be clipped before its level is set.
    scale = 1.0 if peak < _FULL else _FULL / peak
    mix = build_bed_mix("programme.flac", "bed.flac", "gains.f32", scale=scale, output="sound.flac")
    _run(mix, folder, bench)


def _speech_in(file: str, folder: Path, bench: Bench) -> tuple[TimeRange, ...]:
    """Where somebody speaks in a file of ours, in seconds."""
    arguments = ["-i", file, "-ac", "1", "-ar", f"{SAMPLE_RATE}", "-f", "s16le", "pipe:1"]
    heard = np.frombuffer(read_ffmpeg(arguments, doing=bench.step.doing, cwd=folder), "<i2")
    sound = heard.astype(np.float32) / np.float32(32768)
    block = BLOCK_FRAMES * FRAME
    parts = [voice_probabilities(sound[at : at + block]) for at in range(0, len(sound), block)]
    return speech_ranges(np.concatenate(parts), len(sound)) if parts else ()


def _amplitude(decibels: float | None) -> float:
    return 0.0 if decibels is None else float(10 ** (decibels / 20))


def _run(command: Command, folder: Path, bench: Bench) -> None:
    run_ffmpeg(command.arguments, doing=bench.step.doing, cwd=folder, graph=command.graph)


def _loudness_facts(loudness: Loudness) -> dict[str, float | None]:
    return {
        "integrated_lufs": loudness.integrated_lufs,
        "true_peak_dbtp": loudness.true_peak_dbtp,
        "range_lu": loudness.range_lu,
    }


def audio(work: AudioWork, bench: Bench) -> None:
    """Encode at a first guess, measure what a player would hear, correct, until level and peak are right.

    A limiter takes loudness away and AAC adds peaks, by amounts that only the result shows. The loudest take that
    keeps to the ceiling and lies nearest to the target is the result; what it lacks is `short_by_lu`.
    """
    sound = bench.need(work.sound)
    measured = Loudness(**{name: sound.facts[name] for name in _MEASURED})
    target, ceiling = float(work.spec.target_lufs), float(work.spec.ceiling_dbtp)
    search = LevelSearch(measured, target_lufs=target, ceiling_dbtp=ceiling)
    with bench.folder() as folder:
        lay_in(sound.file("sound.flac"), folder / "sound.flac")
        while (setting := search.next_setting()) is not None:
            command = build_programme_audio(
                "sound.flac",
                work.spec,
                gain_db=setting.gain_db,
                limit_dbtp=setting.limit_dbtp,
                output="take.aac",
            )
            _run(command, folder, bench)
            if search.heard(_measured("take.aac", folder, bench.step.doing)):
                (folder / "take.aac").replace(folder / "audio.aac")
        best = search.best
        facts = _loudness_facts(best.heard) | {
            "gain_db": round(best.setting.gain_db, 2),
            "target_lufs": target,
            "short_by_lu": search.short_by_lu,
        }
        bench.publish(folder, facts, "audio.aac")
