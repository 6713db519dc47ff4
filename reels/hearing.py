"""Which of a film's sounds is heard: the track with the loudest speech, and its live channels.

Cameras write a lavalier on one channel and their own microphone on the other, recorders four mono tracks, cheap
adapters one channel turned upside down. `look` decodes up to four minutes at a low rate, `choose` compares levels, and
asks the voice detector only where they do not settle it. Decides nothing about loudness. `probe` stands before;
`listen` and `graph.sound` go by what is chosen.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, Literal, get_args

import numpy as np
import numpy.typing as npt

from reels.media import AudioStream
from reels.recognise.contract import SAMPLE_RATE, Audio
from reels.recognise.voice import FRAME, Probabilities, voice_probabilities
from reels.said import Said
from reels.sound.soundtrack import Channel, as_channel
from reels.tools.ffmpeg import SAFE_INPUT, footage_argument, run_ffmpeg

__all__ = ["HeardSound", "TrackSound", "choose", "look"]

WhyTrack = Literal["only", "asked", "speech", "level", "first"]
WhyChannel = Literal["plain", "asked", "silent", "quiet", "inverted", "voice", "voices"]

Samples = npt.NDArray[np.float32]
"""(samples,) in [-1, 1) at the recogniser's rate."""

_LOOKED_AT_S = 240
_STRETCH_S = 15

_DEAD_DB = -65.0
"""RMS in dBFS below which a track or channel holds nothing: the noise of an open input without a microphone."""

_FAR_DB = 10.0
"""Louder by this much is another thing than a stereo picture; a stage recorded by one phone stays within 4 dB."""

_CLEAR_DB = 8.0
"""Speech that stands this much further out of its noise has a microphone of its own."""

_ALIKE, _UPSIDE_DOWN = 0.5, -0.6
"""Correlation above which two channels are one stereo sound, and below which one cancels the other in mono."""

_SPEAKS = 0.5
_TURN_DB, _TURN_SHARE = 6.0, 0.15
"""Two people with a microphone each: each is louder on their own channel in this share of the speech at least."""

_LOUDER_DB = 1.0
"""The earlier of two tracks stays unless a later one is louder by more."""

_LEAST_SPEECH_S = 0.6
_LEAST_SHARE = 0.3

Voice = Callable[[Audio], Probabilities]


@dataclass(frozen=True, slots=True, kw_only=True)
class HeardSound:
    """What is heard and played of a film: `track` of `tracks`, counted from 1, which is `stream` of the container."""

    stream: int
    track: int = 1
    tracks: int = 1
    channel: Channel = "both"
    why_track: WhyTrack = "only"
    why_channel: WhyChannel = "plain"

    @classmethod
    def from_facts(cls, facts: Any) -> HeardSound:
        """What `facts` spelled. Raises: ValueError."""
        try:
            stream, track, tracks = (int(facts[name]) for name in ("stream", "track", "tracks"))
            why_track, why_channel = facts["why_track"], facts["why_channel"]
        except (KeyError, TypeError) as error:
            raise ValueError(f"no heard sound: {error}") from error
        if why_track not in get_args(WhyTrack) or why_channel not in get_args(WhyChannel):
            raise ValueError("a reason that is not known")
        return cls(
            stream=stream,
            track=track,
            tracks=tracks,
            channel=as_channel(facts["channel"]),
            why_track=why_track,
            why_channel=why_channel,
        )

    @property
    def facts(self) -> dict[str, Any]:
        """As JSON."""
        return {name: getattr(self, name) for name in self.__slots__}

    @property
    def sentence(self) -> Said | None:
        """One sentence for people; None in the plain case of one track heard as it is."""
        parts = [part for part in (self._track_said(), self._channel_said()) if part is not None]
        if not parts:
            return None
        return Said("; ".join(parts), ko=". ".join(part.ko for part in parts))

    def _track_said(self) -> Said | None:
        if self.tracks == 1:
            return None
        en, ko = _TRACK_SAID[self.why_track]
        return Said(
            f"sound track {self.track} of {self.tracks} is used{en}",
            ko=f"소리 트랙 {self.tracks}개 가운데 {self.track}번을 씁니다{ko}",
        )

    def _channel_said(self) -> Said | None:
        if self.channel == "both":
            return None
        en, ko = _CHANNEL_SAID[self.why_channel]
        if self.channel == "mix":
            return Said(f"its channels are mixed to mono{en}", ko=f"채널을 모노로 섞습니다{ko}")
        name = _CHANNEL_NAMES[self.channel] if self.channel < 2 else None
        shown = name or Said(f"channel {self.channel + 1}", ko=f"{self.channel + 1}번 채널")
        return Said(f"its {shown} is heard on both sides{en}", ko=f"{shown.ko}을 양쪽에서 들려줍니다{ko}")


_CHANNEL_NAMES = (Said("left channel", ko="왼쪽 채널"), Said("right channel", ko="오른쪽 채널"))
_TRACK_SAID: dict[WhyTrack, tuple[str, str]] = {
    "only": ("", ""),
    "asked": (", as the campaign says", "(캠페인에 적은 대로)"),
    "speech": (", which has the loudest speech", "(말소리가 가장 큼)"),
    "level": (", the loudest; none has speech", "(소리가 가장 큼, 말소리는 어디에도 없음)"),
    "first": (", for all are silent", "(모두 무음)"),
}
_CHANNEL_SAID: dict[WhyChannel, tuple[str, str]] = {
    "plain": ("", ""),
    "asked": (", as the campaign says", "(캠페인에 적은 대로)"),
    "silent": (", for the other is silent", "(다른 쪽은 무음)"),
    "quiet": (", for it is much louder than the other", "(다른 쪽보다 훨씬 큼)"),
    "inverted": (
        ", for the channels cancel each other out on a phone",
        "(두 채널의 위상이 뒤집혀 휴대전화에서 서로 지움)",
    ),
    "voice": (", for its voice is the clear one", "(말소리가 또렷한 쪽)"),
    "voices": (", for each has the voice of another person", "(채널마다 다른 사람의 말소리)"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackSound:
    """A track's sound as looked at: `samples` has the shape (samples, channels)."""

    stream: AudioStream
    samples: npt.NDArray[np.float32]


# --- looking ---------------------------------------------------------------------------------------------


def look(
    path: Path, tracks: Sequence[AudioStream], duration: Fraction, folder: Path, *, doing: str
) -> tuple[TrackSound, ...]:
    """Up to four minutes of every track, evenly spread over a longer film, decoded through files in `folder`.

    Raises: ChildFailed, DiskFailed, Interrupted, ToolMissing.
    """
    parts: list[list[Samples]] = [[] for _ in tracks]
    for start, length in _stretches(duration):
        arguments = ["-vn", "-sn", "-dn", *(["-ss", f"{float(start):.3f}"] if start else [])]
        arguments += [*SAFE_INPUT, "-i", footage_argument(path)]
        for number, track in enumerate(tracks):
            arguments += ["-map", f"0:{track.index}", "-t", f"{float(length):.3f}"]
            # Asked for by their count, four channels that are called quad would be mixed into ffmpeg's usual four.
            arguments += ["-ac", str(track.channels)] if track.channels <= 2 else []
            arguments += ["-ar", str(SAMPLE_RATE), "-f", "s16le", f"{number}.s16le"]
        run_ffmpeg(arguments, doing=doing, cwd=folder)
        for number, track in enumerate(tracks):
            parts[number].append(_read(folder / f"{number}.s16le", track.channels))
    return tuple(
        TrackSound(stream=track, samples=np.concatenate(found))
        for track, found in zip(tracks, parts, strict=True)
    )


def _read(path: Path, channels: int) -> Samples:
    whole = np.fromfile(path, "<i2")
    whole = whole[: len(whole) // channels * channels].reshape(-1, channels)
    return whole.astype(np.float32) / np.float32(32768)


def _stretches(duration: Fraction) -> list[tuple[Fraction, Fraction]]:
    """(start, length) in seconds of what is looked at."""
    if duration <= _LOOKED_AT_S:
        return [(Fraction(0), duration + 1)]
    count = _LOOKED_AT_S // _STRETCH_S
    step = (duration - _STRETCH_S) / (count - 1)
    return [(number * step, Fraction(_STRETCH_S)) for number in range(count)]


# --- choosing --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class _Candidate:
    """One way to hear a track."""

    channel: Channel
    mono: Samples
    why: WhyChannel


def choose(
    tracks: Sequence[TrackSound],
    *,
    channel: Channel | None = None,
    voice: Voice = voice_probabilities,
) -> HeardSound:
    """What is heard of `tracks`, which are not empty; `channel` where a person has said it, and each has it.

    `track` counts within what is given.
    """
    heard = [_channels_of(track, channel, voice) for track in tracks]
    number, why = _loudest(heard, voice) if len(heard) > 1 else (0, "only")
    return HeardSound(
        stream=tracks[number].stream.index,
        track=number + 1,
        tracks=len(tracks),
        channel=heard[number].channel,
        why_track=why,
        why_channel=heard[number].why,
    )


def _channels_of(track: TrackSound, asked: Channel | None, voice: Voice) -> _Candidate:
    samples = track.samples
    count = samples.shape[1]
    if asked is not None:
        mono = samples[:, asked] if isinstance(asked, int) else samples.mean(axis=1)
        return _Candidate(channel=asked, mono=np.ascontiguousarray(mono), why="asked")
    if count == 1:
        return _Candidate(channel="both", mono=np.ascontiguousarray(samples[:, 0]), why="plain")
    if count == 2:
        return _of_two(np.ascontiguousarray(samples[:, 0]), np.ascontiguousarray(samples[:, 1]), voice)
    if track.stream.is_surround:
        return _Candidate(channel="both", mono=np.ascontiguousarray(samples.mean(axis=1)), why="plain")
    # Three or more channels that are no surround sound are microphones of their own.
    each = [
        _Candidate(channel=n, mono=np.ascontiguousarray(samples[:, n]), why="voice") for n in range(count)
    ]
    number, why = _loudest(each, voice)
    if why == "first":
        return _Candidate(channel="both", mono=each[0].mono, why="plain")
    return _Candidate(channel=number, mono=each[number].mono, why="voice" if why == "speech" else "quiet")


def _of_two(left: Samples, right: Samples, voice: Voice) -> _Candidate:
    """How two channels are heard: as stereo, one of them, or mixed."""
    levels = _level(left), _level(right)
    both = _Candidate(channel="both", mono=(left + right) * np.float32(0.5), why="plain")

    def one(number: int, why: WhyChannel) -> _Candidate:
        return _Candidate(channel=number, mono=(left, right)[number], why=why)

    louder = 0 if levels[0] >= levels[1] else 1
    if max(levels) < _DEAD_DB:
        return both
    if min(levels) < _DEAD_DB and max(levels) - min(levels) >= _FAR_DB:
        return one(louder, "silent")
    alike = _correlation(left, right)
    if alike < _UPSIDE_DOWN:
        return one(louder, "inverted")
    if alike > _ALIKE:
        return one(louder, "quiet") if max(levels) - min(levels) >= _FAR_DB else both
    return _of_two_unlike(left, right, voice, both, one, louder, max(levels) - min(levels))


def _of_two_unlike(
    left: Samples,
    right: Samples,
    voice: Voice,
    both: _Candidate,
    one: Callable[[int, WhyChannel], _Candidate],
    louder: int,
    apart_db: float,
) -> _Candidate:
    speech = _Speech.of(left, voice), _Speech.of(right, voice)
    longest = max(s.seconds for s in speech)
    if longest < _LEAST_SPEECH_S:
        return one(louder, "quiet") if apart_db >= _FAR_DB else both
    if _take_turns(*speech):
        return _Candidate(channel="mix", mono=both.mono, why="voices")
    for number in (0, 1):
        if speech[number].seconds < _LEAST_SHARE * longest:
            return one(1 - number, "voice")
    clearer = 0 if speech[0].above_noise_db >= speech[1].above_noise_db else 1
    if speech[clearer].above_noise_db - speech[1 - clearer].above_noise_db >= _CLEAR_DB:
        return one(clearer, "voice")
    loudest = 0 if speech[0].level_db >= speech[1].level_db else 1
    if speech[loudest].level_db - speech[1 - loudest].level_db >= _FAR_DB:
        return one(loudest, "quiet")
    return both


def _take_turns(left: _Speech, right: _Speech) -> bool:
    """Whether one voice is on the left and another on the right, each while the other is silent or far."""
    spoken = left.is_spoken | right.is_spoken
    apart = 10 * np.log10((left.power[spoken] + _NOTHING) / (right.power[spoken] + _NOTHING))
    on_left = left.is_spoken[spoken] & (apart >= _TURN_DB)
    on_right = right.is_spoken[spoken] & (apart <= -_TURN_DB)
    return bool(min(on_left.mean(), on_right.mean()) >= _TURN_SHARE)


def _loudest(heard: Sequence[_Candidate], voice: Voice) -> tuple[int, WhyTrack]:
    """The one with the loudest speech; without any speech the loudest, and the first where all are silent."""
    levels = [_level(one.mono) for one in heard]
    live = [number for number, level in enumerate(levels) if level >= _DEAD_DB]
    if not live:
        return 0, "first"
    speech = {number: _Speech.of(heard[number].mono, voice) for number in live}
    longest = max(s.seconds for s in speech.values())
    if longest < _LEAST_SPEECH_S:
        return _first_of_the_loudest(live, levels), "level"
    speaking = [n for n in live if speech[n].seconds >= max(_LEAST_SPEECH_S, _LEAST_SHARE * longest)]
    by_speech = [speech[n].level_db if n in speech else -200.0 for n in range(len(heard))]
    return _first_of_the_loudest(speaking, by_speech), "speech"


def _first_of_the_loudest(numbers: Sequence[int], levels: Sequence[float]) -> int:
    top = max(levels[number] for number in numbers)
    return next(number for number in numbers if levels[number] >= top - _LOUDER_DB)


# --- levels ----------------------------------------------------------------------------------------------

_NOTHING = 1e-12


def _level(samples: Samples) -> float:
    """RMS in dBFS without any standing offset."""
    if not len(samples):
        return -120.0
    return float(10 * np.log10(float(np.var(samples, dtype=np.float64)) + _NOTHING))


def _correlation(left: Samples, right: Samples) -> float:
    a, b = left - left.mean(dtype=np.float64), right - right.mean(dtype=np.float64)
    norm = float(np.sqrt(np.dot(a, a) * np.dot(b, b)))
    return float(np.dot(a, b)) / norm if norm > 0 else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Speech:
    """Where somebody speaks in a sound, by the detector's frames, and the power of each frame."""

    power: npt.NDArray[np.float64]
    is_spoken: npt.NDArray[np.bool_]

    @classmethod
    def of(cls, samples: Samples, voice: Voice) -> _Speech:
        frames = -(-len(samples) // FRAME)
        whole = np.pad(samples, (0, frames * FRAME - len(samples))).reshape(frames, FRAME)
        power = np.square(whole, dtype=np.float64).mean(axis=1)
        return cls(power=power, is_spoken=np.asarray(voice(samples)[:frames] >= _SPEAKS))

    @property
    def seconds(self) -> float:
        return float(self.is_spoken.sum()) * FRAME / SAMPLE_RATE

    @property
    def _noise(self) -> float:
        rest = self.power[~self.is_spoken]
        return float(np.median(rest)) if len(rest) else 0.0

    @property
    def level_db(self) -> float:
        """Of the speech alone: what its frames have above the noise between them."""
        spoken = self.power[self.is_spoken]
        if not len(spoken):
            return -120.0
        return float(10 * np.log10(max(float(spoken.mean()) - self._noise, 0.0) + _NOTHING))

    @property
    def above_noise_db(self) -> float:
        return self.level_db - float(10 * np.log10(self._noise + 1e-10))
