"""Music under a reel, judged on the encoded sound: where it is loud, where it gives way, how it begins and ends.

The music of these tests is a tone of 9 kHz, which no voice has: its level is read out of the mix by itself.
"""

from __future__ import annotations

import subprocess
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from reels.encode import SoundSpec
from reels.errors import FootageError, FootageMissing, Language
from reels.graph.music import Bed
from reels.sound.ducking import bed_gains, bed_level_lufs, voices_in
from reels.sound.music import find_music
from reels.steps import AudioWork, LoudnessWork
from reels.timing import TimeRange
from reels.tools.ffmpeg import find_ffmpeg

from .sounds import (
    RATE,
    Samples,
    decoded,
    done,
    level_db,
    lufs,
    piece_of,
    put_film,
    put_wav,
    speech,
    true_peak_dbtp,
)

HZ = 9000
SPOKEN = (TimeRange(Fraction(1, 2), Fraction(4)), TimeRange(Fraction(8), Fraction(12)))
"""Somebody speaks in these seconds of the programme, with short pauses."""


def _tone(seconds: float, level: float = 0.2) -> Samples:
    tone: Samples = level * np.sin(2 * np.pi * HZ * np.arange(round(seconds * RATE)) / RATE)
    return tone


@pytest.fixture(scope="module")
def programme(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Speech of 4 s, 4 s without, 4 s of speech, at -26 LUFS or so."""
    spoken = speech(seconds=4)
    return put_wav(
        tmp_path_factory.mktemp("programme") / "said.wav", np.concatenate([spoken, 0 * spoken, spoken])
    )


@pytest.fixture(scope="module")
def music(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """20 s of the tone as MP3, under a name that would be a filter if it were ever read as one."""
    folder = tmp_path_factory.mktemp("music")
    wav, mp3 = put_wav(folder / "tone.wav", _tone(20)), folder / "봄 노래; [0:a]volume=0,it's.mp3"
    subprocess.run(
        [str(find_ffmpeg().path), "-loglevel", "error", "-i", str(wav), "-b:a", "128k", f"file:{mp3}"],
        check=True,
    )
    return mp3


def _bed(path: Path, **changes: object) -> Bed:
    values: dict[str, object] = {
        "start": Fraction(0),
        "level_lu": -10,
        "duck_db": Fraction(10),
        "fade_in": Fraction(1),
        "fade_out": Fraction(2),
    }
    return Bed(path=path, stream=0, **(values | changes))  # type: ignore[arg-type]


def heard_with(folder: Path, programme: Path, bed: Bed | None, *, seconds: float = 12) -> Samples:
    """The encoded programme as a player hears it."""
    pieces = (piece_of(programme, round(seconds * RATE)),)
    mixed = done(folder, LoudnessWork(pieces=pieces, bed=bed))
    return decoded(done(folder, AudioWork(sound=mixed.fingerprint, spec=SoundSpec())).file("audio.aac"))


def tone_db(sound: Samples, start: float, end: float) -> float:
    """The tone's level between two seconds, by itself, in dBFS of its amplitude."""
    part = sound[round(start * RATE) : round(end * RATE), 0]
    carrier = np.exp(-2j * np.pi * HZ * np.arange(len(part)) / RATE)
    return float(20 * np.log10(abs((part * carrier * np.hanning(len(part))).mean()) * 4 + 1e-9))


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory, programme: Path, music: Path) -> Samples:
    return heard_with(tmp_path_factory.mktemp("mixed"), programme, _bed(music))


def _loudness_of_tone(level_db: float) -> float:
    amplitude = 10 ** (level_db / 20)
    return lufs(np.stack([_tone(3, amplitude), _tone(3, amplitude)], axis=1))


def test_music_lies_ten_decibels_lower_under_the_voice(mixed: Samples) -> None:
    pause, under = tone_db(mixed, 5.3, 7.4), [tone_db(mixed, 1, 3.8), tone_db(mixed, 8.3, 9.8)]
    assert pause - np.array(under) == pytest.approx(10, abs=0.7)


def test_the_voice_stands_twenty_lu_above_the_music_under_it_and_ten_in_the_pause(
    mixed: Samples, programme: Path, tmp_path: Path
) -> None:
    voice = heard_with(tmp_path, programme, None)
    # Music in the pause counts too, so that the voice itself comes out a little louder than the programme.
    voice_lufs = lufs(voice) + level_db(_without_music(mixed)) - level_db(_without_music(voice))
    assert voice_lufs - _loudness_of_tone(tone_db(mixed, 1, 3.8)) == pytest.approx(20, abs=1)
    assert voice_lufs - _loudness_of_tone(tone_db(mixed, 5.3, 7.4)) == pytest.approx(10, abs=1)


def _without_music(sound: Samples) -> Samples:
    spectrum = np.fft.rfft(sound[: 12 * RATE, 0])
    spectrum[(7000 * 12) :] = 0
    return np.fft.irfft(spectrum)


def test_the_reel_has_its_level_and_its_music_fades_at_both_ends(mixed: Samples) -> None:
    assert lufs(mixed) == pytest.approx(-14, abs=0.5)
    assert true_peak_dbtp(mixed) <= -1
    steady = tone_db(mixed, 1, 3.8)
    assert tone_db(mixed, 0, 0.1) < steady - 15
    assert tone_db(mixed, 11.85, 12) < steady - 15
    assert len(mixed) - 12 * RATE in range(2048)


def test_music_has_given_way_before_the_first_syllable(mixed: Samples, programme: Path) -> None:
    said = np.abs(decoded(programme)[8 * RATE :, 0])
    first = 8 + int(np.argmax(said > 0.02)) / RATE
    assert tone_db(mixed, first - 0.06, first + 0.04) < tone_db(mixed, 5.3, 7.4) - 8


def test_short_music_is_looped_without_a_click(tmp_path: Path, programme: Path) -> None:
    short = put_wav(tmp_path / "short.wav", _tone(1.70005))
    silent = put_wav(tmp_path / "nothing.wav", np.zeros(8 * RATE))
    heard = heard_with(tmp_path, silent, _bed(short, fade_in=Fraction(0), fade_out=Fraction(0)), seconds=8)
    assert min(tone_db(heard, at, at + 0.5) for at in (0.5, 2.2, 4, 5.5, 7)) > -25
    seam = heard[round(1.6 * RATE) : round(1.8 * RATE), 0]
    spectrum = np.abs(np.fft.rfft(seam * np.hanning(len(seam)))) ** 2
    bins = np.fft.rfftfreq(len(seam), 1 / RATE)
    beside = spectrum[(bins < 6000) | (bins > 12_000)].sum() / spectrum.sum()
    assert 10 * np.log10(beside) < -45, "a jump in the wave is heard at every frequency"


def test_music_alone_comes_to_the_platforms_level(tmp_path: Path, music: Path) -> None:
    silent = put_wav(tmp_path / "drone.wav", np.zeros(6 * RATE))
    assert lufs(heard_with(tmp_path, silent, _bed(music), seconds=6)) == pytest.approx(-14, abs=0.5)


def test_music_begins_where_it_is_asked_to(tmp_path: Path) -> None:
    late = put_wav(tmp_path / "late.wav", np.concatenate([np.zeros(5 * RATE), _tone(4)]))
    silent = put_wav(tmp_path / "drone.wav", np.zeros(3 * RATE))
    bed = _bed(late, start=Fraction(9, 2), fade_in=Fraction(0), fade_out=Fraction(0))
    heard = heard_with(tmp_path, silent, bed, seconds=3)
    assert tone_db(heard, 0.1, 0.4) < -60 < tone_db(heard, 0.6, 0.9)


# --- gains -----------------------------------------------------------------------------------------------


def test_the_gain_moves_without_a_jump_and_never_above_its_level() -> None:
    gains = bed_gains(
        SPOKEN,
        samples=12 * RATE,
        rate_hz=RATE,
        gain_db=-6,
        duck_db=10,
        fade_in=Fraction(1),
        fade_out=Fraction(2),
    )
    assert gains.shape == (12 * RATE,)
    assert np.abs(np.diff(gains)).max() < 1e-3
    assert gains.max() == pytest.approx(10 ** (-6 / 20), abs=1e-6)
    assert gains[[0, -1]] == pytest.approx(0, abs=1e-6)
    for one in SPOKEN:
        spoken = gains[int(one.start * RATE) : int(one.end * RATE)]
        assert spoken.max() <= 10 ** (-16 / 20) + 1e-6


def test_fades_longer_than_the_reel_are_shortened_alike() -> None:
    gains = bed_gains(
        (), samples=RATE, rate_hz=RATE, gain_db=0, duck_db=10, fade_in=Fraction(3), fade_out=Fraction(1)
    )
    assert int(np.argmax(gains)) == pytest.approx(0.75 * RATE, abs=RATE / 100)


@pytest.mark.parametrize(
    ("programme_lufs", "speaks", "expected"),
    [(-24.0, True, -34.0), (-24.0, False, -20.0), (-5.0, False, -15.0), (None, False, -20.0)],
)
def test_the_bed_goes_by_the_voice_and_without_one_is_itself_what_is_heard(
    programme_lufs: float | None, speaks: bool, expected: float
) -> None:
    assert bed_level_lufs(programme_lufs, speaks=speaks, level_lu=-10) == expected


def test_a_moment_that_is_taken_for_a_voice_is_none() -> None:
    moment = TimeRange(Fraction(1), Fraction(6, 5))
    assert voices_in([moment]) == ()
    assert voices_in([moment, TimeRange(Fraction(3), Fraction(16, 5))]) != ()
    assert voices_in(SPOKEN) == SPOKEN


def test_music_that_has_but_a_moment_left_is_refused(tmp_path: Path) -> None:
    silent, short = put_wav(tmp_path / "none.wav", np.zeros(RATE)), put_wav(tmp_path / "a.wav", _tone(0.5))
    with pytest.raises(FootageError, match="no sound where its music is to start"):
        heard_with(tmp_path, silent, _bed(short, start=Fraction(45, 100)), seconds=1)


# --- files that are no music -----------------------------------------------------------------------------

HOSTILE = {
    "playlist.mp3": b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n",
    "concat.mp3": b"ffconcat version 1.0\nfile /etc/passwd\n",
    "empty.mp3": b"",
    "zero.flac": bytes(5000),
    "text.wav": "한빛시 봄축제 안내문입니다.\n".encode() * 50,
    "picture.ogg": b"\x89PNG\r\n\x1a\n" + bytes(500),
    "noise.mp3": np.random.default_rng(5).bytes(60_000),
    "begun.mp3": b"ID3\x04\0\0\0\0\0\0" + np.random.default_rng(6).bytes(60_000),
    "frames.mp3": b"\xff\xfb\x90\x00" + np.random.default_rng(7).bytes(60_000),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_file_that_is_no_music_is_refused_in_one_sentence(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(HOSTILE[name])
    with pytest.raises(FootageError) as refused:
        find_music(path)
    assert refused.value.status() == 4
    languages: tuple[Language, ...] = ("en", "ko")
    for language in languages:
        sentence = refused.value.sentence(language)
        assert name in sentence
        assert "\n" not in sentence
        assert "passwd" not in sentence


def test_a_film_without_sound_is_no_music_and_a_missing_file_is_missing(tmp_path: Path) -> None:
    silent = tmp_path / "silent.mkv"
    put_film(silent, {"one": np.zeros(RATE // 2)})
    picture = tmp_path / "picture.mkv"
    subprocess.run(
        [
            *(str(find_ffmpeg().path), "-loglevel", "error", "-i", str(silent)),
            *("-map", "0:v", "-c", "copy", str(picture)),
        ],
        check=True,
    )
    assert find_music(silent).stream == 1
    with pytest.raises(FootageError, match="no sound"):
        find_music(picture)
    with pytest.raises(FootageMissing):
        find_music(tmp_path / "missing.mp3")
