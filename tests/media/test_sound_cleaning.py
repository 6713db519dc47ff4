"""Clean-up and joins, judged on sound that the project's own step has mixed: noise, rumble, cuts."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from reels.cutting import SilenceOptions
from reels.graph.sound import AudioPiece
from reels.recognise.voice import speech_ranges, voice_probabilities
from reels.steps import LoudnessWork

from .sounds import RATE, Samples, decoded, done, level_db, piece_of, put_wav, speech

# --- steady noise ----------------------------------------------------------------------------------------


def _fan(seconds: float, level: float) -> Samples:
    """Air and blades: noise that falls with frequency, and a hum that wavers."""
    count = round(seconds * RATE)
    spectrum = np.fft.rfft(np.random.default_rng(4).normal(0, 1, count))
    hz = np.fft.rfftfreq(count, 1 / RATE)
    air = np.fft.irfft(spectrum * (hz > 50) / (1 + hz / 400), count)
    at = np.arange(count) / RATE
    hum = sum(share * np.sin(2 * np.pi * tone * at) for tone, share in ((100, 0.5), (200, 0.3), (295, 0.2)))
    fan = air / air.std() + hum * (1 + 0.1 * np.sin(2 * np.pi * 1.3 * at))
    made: Samples = fan / fan.std() * 10 ** (level / 20)
    return made


def _spectra(sound: Samples) -> Samples:
    """Power in frames of 21 ms, bands from 150 Hz to 6 kHz."""
    frames = np.lib.stride_tricks.sliding_window_view(sound, 1024)[::512] * np.hanning(1024)
    power: Samples = np.abs(np.fft.rfft(frames, axis=1)[:, 4:128]) ** 2
    return power


@pytest.fixture(scope="module")
def noisy(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Samples, Samples]:
    """Eight seconds of speech 15 dB above a fan: the file, the speech and the fan by themselves."""
    spoken = speech()
    fan = _fan(8, level_db(spoken) - 15)
    return put_wav(tmp_path_factory.mktemp("noisy") / "fan.wav", spoken + fan), spoken, fan


def mixed(folder: Path, *pieces: AudioPiece) -> Samples:
    return decoded(done(folder, LoudnessWork(pieces=pieces)).file("sound.flac"))[:, 0]


@pytest.fixture(scope="module")
def cleaned(noisy: tuple[Path, Samples, Samples], tmp_path_factory: pytest.TempPathFactory) -> Samples:
    piece = replace(piece_of(noisy[0], 8 * RATE), channel=0, denoise=True)
    return mixed(tmp_path_factory.mktemp("cleaned"), piece)


def test_a_fan_is_ten_decibels_lower_in_the_pauses_and_the_voice_stays(
    noisy: tuple[Path, Samples, Samples], cleaned: Samples
) -> None:
    _, spoken, fan = noisy
    voice, noise, before, after = map(_spectra, (spoken, fan, spoken + fan, cleaned))
    said = voice.sum(axis=1)
    pause = said < said.max() * 1e-6
    assert pause.sum() > 20
    assert 10 * np.log10(before[pause].mean() / after[pause].mean()) > 10
    strong = (voice > 10 * noise.mean(axis=0)) & (said > said.max() * 1e-3)[:, None]
    change = 10 * np.log10((after[strong] + 1e-12) / voice[strong])
    assert -2.5 < change.mean() < 0.5, "what carries the voice keeps its level"
    assert np.sqrt(np.square(change).mean()) < 4


def test_what_is_left_of_the_noise_does_not_ring(
    noisy: tuple[Path, Samples, Samples], cleaned: Samples
) -> None:
    """A ring is one band that stands out for a moment: the loudest thousandth of them goes down with the rest."""
    _, spoken, fan = noisy
    said = _spectra(spoken).sum(axis=1)
    pause = said < said.max() * 1e-6
    usual = _spectra(fan).mean(axis=0)
    before, after = (
        float(np.quantile(_spectra(sound)[pause] / usual, 0.999)) for sound in (spoken + fan, cleaned)
    )
    assert 10 * np.log10(before / after) > 8


def test_cleaned_sound_is_not_late(noisy: tuple[Path, Samples, Samples], cleaned: Samples) -> None:
    _, spoken, _ = noisy
    size = 2 * len(spoken)
    both = np.fft.irfft(np.fft.rfft(cleaned, size) * np.conj(np.fft.rfft(spoken, size)))
    assert int(np.argmax(both)) == 0


def test_pieces_are_cleaned_like_the_whole_and_stay_where_they_are(
    noisy: tuple[Path, Samples, Samples], cleaned: Samples, tmp_path: Path
) -> None:
    first = replace(piece_of(noisy[0], 2 * RATE, start=Fraction(1)), channel=0, denoise=True)
    second = replace(first, start=Fraction(11, 2), samples=RATE)
    plain = replace(first, denoise=False, samples=RATE // 2)
    heard = mixed(tmp_path, first, second, plain)
    assert len(heard) == round(3.5 * RATE)
    for at, start, seconds in ((0, 1.0, 2.0), (2, 5.5, 1.0)):
        one = heard[round((at + 0.1) * RATE) : round((at + seconds - 0.1) * RATE)]
        whole = cleaned[round((start + 0.1) * RATE) : round((start + seconds - 0.1) * RATE)]
        assert level_db(one - whole) < level_db(whole) - 15
    _, spoken, fan = noisy
    untouched = (spoken + fan)[RATE + RATE // 10 : RATE + RATE * 4 // 10]
    assert level_db(heard[3 * RATE + RATE // 10 : 3 * RATE + RATE * 4 // 10] - untouched) < -80


def test_rumble_goes_and_the_voice_stays(tmp_path: Path) -> None:
    at = np.arange(3 * RATE) / RATE
    gone, kept = 0.3 * np.sin(2 * np.pi * 30 * at), 0.1 * np.sin(2 * np.pi * 160 * at)
    path = put_wav(tmp_path / "rumble.wav", gone + kept)
    heard = mixed(tmp_path, replace(piece_of(path, 3 * RATE), channel=0, high_pass=True))[RATE:-RATE]
    spectrum = np.abs(np.fft.rfft(heard * np.hanning(len(heard)))) * 4 / len(heard)
    assert 20 * np.log10(spectrum[30] / 0.3) < -30
    assert 20 * np.log10(spectrum[160] / 0.1) == pytest.approx(0, abs=0.3)


# --- joins -----------------------------------------------------------------------------------------------


def test_a_cut_through_a_tone_does_not_click(tmp_path: Path) -> None:
    """A jump in a wave is heard at every frequency; a fade of 10 ms stays beside the tone."""
    at = np.arange(4 * RATE) / RATE
    path = put_wav(tmp_path / "tone.wav", 0.5 * np.sin(2 * np.pi * 1000 * at))
    starts = [Fraction(0), Fraction(10003, 10000), Fraction(20007, 10000)]
    pieces = [replace(piece_of(path, RATE, start=start), channel=0) for start in starts]
    heard = mixed(tmp_path, *pieces)
    hz = np.fft.rfftfreq(2048, 1 / RATE)
    for join in (RATE, 2 * RATE):
        part = heard[join - 1024 : join + 1024] * np.hanning(2048)
        power = np.abs(np.fft.rfft(part)) ** 2
        assert 10 * np.log10(power[hz > 4000].sum() / power.sum()) < -60


def test_speech_cut_at_its_silences_keeps_every_onset_and_does_not_click(tmp_path: Path) -> None:
    """Pieces as `cut: {silence: true}` makes them, with its margins, of real speech with long pauses."""
    said = [speech("festival", seconds=3), speech("library", seconds=3), speech("youth", seconds=3)]
    quiet = np.random.default_rng(2).normal(0, 0.0005, 2 * RATE)
    whole = np.concatenate([part for one in said for part in (one, quiet)])
    whole += np.random.default_rng(3).normal(0, 0.0005, len(whole))
    path = put_wav(tmp_path / "talk.wav", whole)
    slow = whole[: len(whole) // 3 * 3].reshape(-1, 3).mean(axis=1).astype(np.float32)
    ranges = speech_ranges(voice_probabilities(slow), len(slow))
    margins = SilenceOptions()
    kept: list[tuple[Fraction, Fraction]] = []
    for one in ranges:
        start, end = max(Fraction(0), one.start - margins.before), one.end + margins.after
        if kept and start - kept[-1][1] < margins.least:
            kept[-1] = kept[-1][0], end
        else:
            kept.append((start, end))
    assert len(kept) >= 3
    pieces = [
        replace(piece_of(path, round((end - start) * RATE), start=start), channel=0) for start, end in kept
    ]
    heard = mixed(tmp_path, *pieces)
    at = 0
    for piece, (start, _end) in zip(pieces, kept, strict=True):
        source = whole[round(start * RATE) : round(start * RATE) + piece.samples]
        inner = slice(RATE // 100, piece.samples - RATE // 100)
        assert np.abs(heard[at : at + piece.samples][inner] - source[inner]).max() < 1e-3
        spoken = np.abs(source) > 0.02
        assert not spoken[: RATE // 100].any(), "the fade ends before the first syllable begins"
        at += piece.samples
    for before, _ in pairwise(np.cumsum([piece.samples for piece in pieces])):
        jump = np.abs(np.diff(heard[before - 96 : before + 96])).max()
        assert jump < 0.003, "no step at the join"
