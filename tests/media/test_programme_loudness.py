"""Every kind of programme comes out at its platform's loudness and under its ceiling, heard as a player hears it.

The programme is mixed, levelled and encoded by the project's own steps; the AAC is decoded with PyAV and measured with
pyloudnorm and by oversampling.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from reels.encode import SoundSpec
from reels.sound.loudness import LARGEST_GAIN_DB
from reels.steps import AudioWork, LoudnessWork

from .sounds import RATE, Samples, clap, decoded, done, lufs, piece_of, put_wav, speech, true_peak_dbtp

TARGET_LUFS, CEILING_DBTP = -14.0, -1.0


def _noise() -> np.random.Generator:
    return np.random.default_rng(3)


def _tone(seconds: float, hz: float, level: float) -> Samples:
    tone: Samples = level * np.sin(2 * np.pi * hz * np.arange(round(seconds * RATE)) / RATE)
    return tone


def _with(sound: Samples, at: float, what: Samples) -> Samples:
    mixed = sound.copy()
    first = round(at * RATE)
    mixed[first : first + len(what)] += what
    return mixed


def _rain() -> Samples:
    spectrum = np.fft.rfft(_noise().normal(0, 1, 5 * RATE))
    pink = np.fft.irfft(spectrum / np.sqrt(np.maximum(np.arange(len(spectrum)), 20)))
    rain: Samples = 0.6 * pink / np.abs(pink).max()
    return rain


def _applause() -> Samples:
    noise = _noise()
    sound = 0.35 * speech()
    for number in range(8):
        sound = _with(sound, 0.5 + 0.8 * number, 0.9 * clap(noise))
    return sound


def _dance() -> Samples:
    """Kick and chords at full scale, as loud music is sold."""
    at = np.arange(4 * RATE) / RATE
    beat = np.sin(2 * np.pi * 55 * at) * np.exp(-8 * (at % 0.5))
    chords = sum(np.sin(2 * np.pi * hz * at) for hz in (220, 277, 330))
    return np.clip(2.5 * (beat + 0.3 * chords), -1, 1) * 0.99


PROGRAMMES: dict[str, Callable[[], Samples]] = {
    "speech": speech,
    "faint speech": lambda: speech() * 10 ** (-10 / 20),
    "clipped speech": lambda: np.clip(speech() * 30, -1, 1),
    "speech on the left channel alone": lambda: np.stack([speech(), 0 * speech()], axis=1),
    "wide stereo": lambda: np.stack([speech(), np.roll(speech(), 400)], axis=1),
    "a whisper, then a shout": lambda: np.concatenate([speech() * 0.02, 2 * speech(seconds=3)]),
    "applause louder than the speech": _applause,
    "speech and one loud clap": lambda: _with(speech(), 3, 0.95 * clap(_noise())),
    "a second and a half": lambda: speech(seconds=2.5)[RATE:],
    "half a second": lambda: _tone(0.6, 700, 0.1),
    "rain": _rain,
    "loud dance music": _dance,
    "a low rumble": lambda: _tone(4, 50, 0.8),
    "a loud tone between the samples": lambda: (
        0.99 * np.sin(2 * np.pi * 12_000 * np.arange(4 * RATE) / RATE + np.pi / 4)
    ),
}


def rendered(folder: Path, sound: Samples) -> tuple[Samples, dict[str, Any]]:
    """The programme as a player hears it, and what the step says of it."""
    path = put_wav(folder / "programme.wav", sound)
    mixed = done(folder, LoudnessWork(pieces=(piece_of(path, len(sound)),)))
    made = done(folder, AudioWork(sound=mixed.fingerprint, spec=SoundSpec()))
    return decoded(made.file("audio.aac")), dict(made.facts)


@pytest.mark.parametrize("name", PROGRAMMES)
def test_a_programme_of_any_kind_has_its_level_and_keeps_under_the_ceiling(tmp_path: Path, name: str) -> None:
    heard, facts = rendered(tmp_path, PROGRAMMES[name]())
    assert lufs(heard) == pytest.approx(TARGET_LUFS, abs=0.5)
    assert true_peak_dbtp(heard) <= CEILING_DBTP
    assert facts["short_by_lu"] == 0.0
    assert facts["target_lufs"] == TARGET_LUFS


def _room() -> Samples:
    return _noise().normal(0, 0.0005, 5 * RATE)


def _drums() -> Samples:
    noise = _noise()
    sound = np.zeros(6 * RATE)
    for number in range(12):
        sound = _with(sound, 0.4 * number, 0.9 * clap(noise, decay_s=0.004))
    return sound


@pytest.mark.parametrize(
    "sound",
    [
        pytest.param(speech() * 10 ** (-35 / 20), id="a recording too quiet to lift"),
        pytest.param(_with(_room(), 2, 0.95 * clap(_noise())), id="one clap in an empty room"),
        pytest.param(_drums(), id="dry drums"),
    ],
)
def test_what_cannot_reach_the_level_keeps_under_the_ceiling_and_says_what_it_lacks(
    tmp_path: Path, sound: Samples
) -> None:
    heard, facts = rendered(tmp_path, sound)
    assert true_peak_dbtp(heard) <= CEILING_DBTP
    assert facts["short_by_lu"] > 0.5
    assert lufs(heard) == pytest.approx(TARGET_LUFS - facts["short_by_lu"], abs=0.5)
    assert facts["gain_db"] <= LARGEST_GAIN_DB


def test_silence_stays_silent(tmp_path: Path) -> None:
    heard, facts = rendered(tmp_path, np.zeros(3 * RATE))
    assert np.abs(heard).max() == 0
    assert facts["integrated_lufs"] is None
    assert facts["short_by_lu"] == 0.0


def test_a_film_that_begins_loud_does_not_begin_with_a_click(tmp_path: Path) -> None:
    heard, _ = rendered(tmp_path, _tone(2, 1000, 0.5))
    before, first, steady = heard[600:1000, 0], heard[1024:1200, 0], heard[RATE : RATE + 4800, 0]
    assert np.abs(before).max() < 0.1 * np.abs(steady).max()
    assert np.abs(first).max() < 0.6 * np.abs(steady).max()
