"""Which of a film's sounds is heard: real speech on tracks and channels as cameras and recorders lay them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reels.hearing import HeardSound, TrackSound, choose
from reels.media import AudioStream
from reels.probe import probe
from reels.recognise.contract import Audio
from reels.recognise.voice import Probabilities, voice_probabilities
from reels.sound.listen import decode_audio
from reels.sound.soundtrack import Channel
from reels.steps import HearingWork, LoudnessWork

from .sounds import RATE, Samples, decoded, done, level_db, piece_of, put_film, speech

HEARING_RATE = 16_000


def _hiss(level_db: float, *, seed: int = 1, seconds: float = 6) -> Samples:
    return np.random.default_rng(seed).normal(0, 10 ** (level_db / 20), round(seconds * RATE))


def _street(level_db: float, *, seed: int = 2) -> Samples:
    """Low noise that comes and goes, as traffic does."""
    rough = _hiss(0, seed=seed)
    low = np.convolve(rough, np.ones(64) / 64, "same")
    slow = 1 + 0.5 * np.sin(np.arange(len(low)) / RATE * 2)
    heard: Samples = low * slow / np.std(low) * 10 ** (level_db / 20)
    return heard


def _voice(name: str = "festival") -> Samples:
    return speech(name, seconds=6)


def _stereo(left: Samples, right: Samples) -> Samples:
    return np.stack([left, right], axis=1)


def _later(sound: Samples, samples: int) -> Samples:
    return np.concatenate([np.zeros(samples), sound])[: len(sound)]


def _turns() -> Samples:
    """Two people with a microphone each, which hears the other from afar."""
    first, second = _voice() * 0.7, _voice("library") * 0.7
    first[3 * RATE :] = 0
    second[: 3 * RATE] = 0
    return _stereo(first + 0.1 * second + _hiss(-62), 0.1 * first + second + _hiss(-62, seed=5))


def track(sound: Samples, *, layout: str = "", index: int = 1) -> TrackSound:
    """As `look` hands it over: at the detector's rate."""
    whole = sound[:, None] if sound.ndim == 1 else sound
    names = {1: "mono", 2: "stereo"}
    stream = AudioStream(
        index=index,
        codec="pcm_s16le",
        channels=whole.shape[1],
        layout=layout or names.get(whole.shape[1], f"{whole.shape[1]} channels"),
        sample_rate_hz=RATE,
        first_pts=Fraction(0),
        last_pts_end=Fraction(6),
    )
    slow = whole.reshape(-1, RATE // HEARING_RATE, whole.shape[1]).mean(axis=1)
    return TrackSound(stream=stream, samples=np.ascontiguousarray(slow, np.float32))


def never(_audio: Audio) -> Probabilities:
    raise AssertionError("the detector was asked where levels settle it")


# --- two channels ----------------------------------------------------------------------------------------

STEREO: Mapping[str, tuple[Samples, Channel, str]] = {
    "the same on both": (_stereo(_voice(), _voice()), "both", "plain"),
    "a voice a little off the middle": (_stereo(_voice(), 0.6 * _voice()), "both", "plain"),
    "a wide room": (
        _stereo(_voice() + _street(-40), _later(_voice(), 300) + _street(-40, seed=8)),
        "both",
        "plain",
    ),
    "a voice on the left, nothing on the right": (_stereo(_voice(), 0 * _voice()), 0, "silent"),
    "an open input on the left": (_stereo(_hiss(-78), _voice()), 1, "silent"),
    "the left far quieter": (_stereo(0.15 * _voice(), _voice()), 1, "quiet"),
    "a lavalier, and the camera's noise": (_stereo(_voice(), _street(-32)), 0, "voice"),
    "the camera's louder noise, and a lavalier": (_stereo(_street(-20), _voice()), 1, "voice"),
    "a lavalier, and the camera from afar": (
        _stereo(_voice() + _hiss(-65), 0.5 * _later(_voice(), 700) + _street(-38)),
        0,
        "voice",
    ),
    "one channel upside down": (_stereo(0.8 * _voice(), -_voice()), 1, "inverted"),
    "two people, a channel each": (_turns(), "mix", "voices"),
    "silence": (_stereo(_hiss(-90), _hiss(-90, seed=3)), "both", "plain"),
    "wide music without a voice": (_stereo(_street(-20), _street(-22, seed=4)), "both", "plain"),
}


@pytest.mark.parametrize("name", STEREO)
def test_of_two_channels_those_that_live_are_heard(name: str) -> None:
    sound, channel, why = STEREO[name]
    heard = choose([track(sound)])
    assert (heard.channel, heard.why_channel) == (channel, why)
    assert (heard.track, heard.tracks) == (1, 1)
    assert (heard.sentence is None) == (channel == "both")


@pytest.mark.parametrize(
    "name", ["the same on both", "a voice on the left, nothing on the right", "one channel upside down"]
)
def test_where_levels_settle_it_nobody_listens_for_a_voice(name: str) -> None:
    assert choose([track(STEREO[name][0])], voice=never).channel == STEREO[name][1]


def test_mono_is_heard_as_it_is_without_any_question() -> None:
    assert choose([track(_voice())], voice=never) == HeardSound(stream=1)


# --- several tracks --------------------------------------------------------------------------------------

TRACKS: Mapping[str, tuple[list[Samples], int, str]] = {
    "the voice is on the third": ([_street(-30), _hiss(-85), _voice(), 0 * _voice()], 3, "speech"),
    "noise is louder than the voice": ([_street(-15), _voice()], 2, "speech"),
    "the louder voice of two": ([0.3 * _voice(), _voice()], 2, "speech"),
    "the same twice": ([_voice(), _voice()], 1, "speech"),
    "no voice anywhere": ([_street(-40), _street(-20, seed=7)], 2, "level"),
    "silence on all": ([0 * _voice(), 0 * _voice()], 1, "first"),
    "a stereo track whose right side is dead": ([_street(-35), _stereo(_voice(), 0 * _voice())], 2, "speech"),
}


@pytest.mark.parametrize("name", TRACKS)
def test_of_several_tracks_the_loudest_speech_is_heard(name: str) -> None:
    sounds, number, why = TRACKS[name]
    heard = choose([track(sound, index=7 + n) for n, sound in enumerate(sounds)])
    assert (heard.track, heard.why_track, heard.stream) == (number, why, 6 + number)
    assert heard.tracks == len(sounds)
    assert heard.sentence is not None
    assert f"track {number} of {len(sounds)}" in heard.sentence
    assert f"{number}번" in heard.sentence.ko


def test_channels_that_are_no_surround_sound_are_microphones() -> None:
    four = np.stack([_street(-30), 0 * _voice(), _voice(), _hiss(-80)], axis=1)
    assert choose([track(four)]).channel == 2
    five = np.stack([_street(-50), _street(-50), _voice(), _hiss(-80), _hiss(-70), _hiss(-70)], axis=1)
    assert choose([track(five, layout="5.1(side)")], voice=never).channel == "both"


@given(
    channel=st.sampled_from(["both", "mix", 0, 1, 3]),
    tracks=st.integers(1, 9),
    why=st.sampled_from(["silent", "quiet", "inverted", "voice", "asked"]),
)
def test_what_was_heard_comes_back_from_the_store(channel: Channel, tracks: int, why: str) -> None:
    facts: dict[str, object] = {"stream": 4, "track": tracks, "tracks": tracks, "channel": channel}
    facts |= {"why_track": "speech", "why_channel": why}
    assert HeardSound.from_facts(facts).facts == facts
    for name in facts:
        with pytest.raises(ValueError, match=r".+"):
            HeardSound.from_facts({**facts, name: "?"})


# --- on film ---------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def interview(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A film of 6 s with a street on its first mono track, and on its second, stereo, a voice on the right alone.

    The sound lies in packets of two seconds, longer than any codec makes them.
    """
    sounds = {"first": _street(-25), "second": _stereo(0 * _voice(), _voice())}
    return put_film(tmp_path_factory.mktemp("films") / "시청 앞; [0:a].mkv", sounds, packet=2 * RATE)


def test_what_is_found_is_heard_by_the_recogniser_and_played_by_the_reel(
    interview: Path, tmp_path: Path
) -> None:
    media = probe(interview)
    work = HearingWork(footage=interview, tracks=media.audio, duration=media.duration)
    heard = HeardSound.from_facts(done(tmp_path, work).facts)
    assert (heard.track, heard.channel) == (2, 1)
    listened = decode_audio(interview, stream=heard.stream, channel=heard.channel)
    spoken = voice_probabilities(listened) >= 0.5
    assert spoken.mean() > 0.5
    piece = piece_of(interview, 6 * RATE, stream=heard.stream)
    played: dict[Channel, Samples] = {}
    asked: tuple[Channel, ...] = ("both", heard.channel)
    for channel in asked:
        mixed = done(tmp_path, LoudnessWork(pieces=(replace(piece, channel=channel),)))
        played[channel] = decoded(mixed.file("sound.flac"))
    left, right = played[heard.channel].T
    assert np.array_equal(left, right)
    assert level_db(left) == pytest.approx(level_db(_voice()), abs=0.5), "neither halved nor doubled"
    assert level_db(played["both"][:, 0]) < -80, "as it is, the left side would be silent"


def test_four_channels_are_looked_at_in_the_order_in_which_they_are_played(tmp_path: Path) -> None:
    """Those called quad have their rear left where ffmpeg's usual four have the rear centre."""
    sound = np.zeros((RATE // 2, 4))
    sound[:, 2] = _hiss(-20, seconds=0.5)
    path = put_film(tmp_path / "four.mkv", {"one:quad": sound})
    media = probe(path)
    work = HearingWork(footage=path, tracks=media.audio, duration=media.duration)
    heard = HeardSound.from_facts(done(tmp_path, work).facts)
    assert heard.channel == 2
    piece = replace(piece_of(path, RATE // 2, stream=heard.stream), channel=heard.channel)
    played = decoded(done(tmp_path, LoudnessWork(pieces=(piece,))).file("sound.flac"))
    assert level_db(played[1000:-1000]) == pytest.approx(-20, abs=1)


def test_a_long_film_is_looked_at_in_stretches_of_all_of_it(tmp_path: Path) -> None:
    """Five minutes at a low rate: the right channel is alive only in the last twenty seconds."""
    sound = np.zeros((300 * 1600, 2))
    sound[-20 * 1600 :, 1] = np.random.default_rng(1).normal(0, 0.1, 20 * 1600)
    path = put_film(tmp_path / "long.mkv", {"one": sound}, rate=1, sound_rate=1600)
    media = probe(path)
    work = HearingWork(footage=path, tracks=media.audio, duration=media.duration)
    assert HeardSound.from_facts(done(tmp_path, work).facts).channel == 1
