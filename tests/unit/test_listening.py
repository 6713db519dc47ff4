"""Long sound is heard part by part, and an interrupted listening goes on to the same end.

The engine here writes down what it is given; the voice is where the sound is not zero.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reels.errors import Interrupted, UsageError
from reels.perform.kept_parts import PartsInStore
from reels.recognise import SAMPLE_RATE, Audio, RecognitionOptions, listening, recognise, recognise_sound
from reels.recognise.contract import FoundModel, Heard, ModelRow, Progress
from reels.recognise.voice import (
    FRAME,
    Probabilities,
    condensed,
    quietest_frame,
    ranges_to_hear,
    speech_ranges,
)
from reels.transcript import HeardSegment, HeardWord, Transcript, to_json

OPTIONS = RecognitionOptions(model="fake")


@dataclass
class WritesDown:
    """Hears a word for each second that begins with sound, named by its loudness."""

    can_translate: bool = False
    given: list[int] = field(default_factory=list)
    asked: list[bool] = field(default_factory=list)

    def find(self, name: str) -> FoundModel:
        return FoundModel(
            name=name,
            engine="faster-whisper",
            path=Path(name),
            identity=f"{name}@1",
            can_translate=self.can_translate,
        )

    def rows(self) -> tuple[ModelRow, ...]:
        return ()

    def fetch(self, name: str) -> FoundModel:
        return self.find(name)

    def hear(
        self,
        audio: Audio,
        options: RecognitionOptions,
        *,
        tell_language: bool = False,
        on_heard: Progress | None = None,
    ) -> Heard:
        self.given.append(len(audio))
        self.asked.append(tell_language)
        heard = []
        for second in range(len(audio) // SAMPLE_RATE):
            piece = audio[second * SAMPLE_RATE : (second + 1) * SAMPLE_RATE]
            if piece[0] > 0.05:
                name = f"말{round(float(piece[0]) * 1000)}"
                word = HeardWord(text=name, start=second, end=second + 1, probability=0.9)
                heard.append(HeardSegment(text=name, start=second, end=second + 1, words=(word,)))
            if on_heard is not None:
                on_heard(Fraction(second + 1))
        return Heard(segments=tuple(heard), language=("ja", 0.9) if tell_language and heard else None)


def _voiced(audio: Audio) -> Probabilities:
    frames = np.pad(audio, (0, -len(audio) % FRAME)).reshape(-1, FRAME)
    found: Probabilities = (np.abs(frames).max(axis=1, initial=0) > 0.05).astype(np.float32)
    return found


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> WritesDown:
    made = WritesDown()
    monkeypatch.setattr(listening, "recogniser", lambda _: made)
    monkeypatch.setattr(listening, "voice_probabilities", _voiced)
    return made


def _speech(seconds: int, pauses: tuple[tuple[int, int], ...]) -> Audio:
    """Each second at a loudness of its own, zero in the pauses."""
    audio: Audio = np.repeat((100 + np.arange(seconds) % 800) / 1000, SAMPLE_RATE).astype(np.float32)
    for start, end in pauses:
        audio[start * SAMPLE_RATE : end * SAMPLE_RATE] = 0
    return audio


LONG = ((100, 103), (220, 224), (290, 291), (400, 410), (520, 523), (640, 641), (700, 704))


@dataclass
class OnDisk:
    """A `Sound` that says how much is asked of it at a time."""

    audio: Audio
    most: int = 0

    @property
    def samples(self) -> int:
        return len(self.audio)

    def read(self, first: int, last: int) -> Audio:
        self.most = max(self.most, last - first)
        return self.audio[first:last]


def test_up_to_five_minutes_are_one_part(engine: WritesDown) -> None:
    recognise(_speech(300, ()), OPTIONS)
    assert engine.given == [300 * SAMPLE_RATE]


def test_long_sound_is_cut_in_its_longest_silences_and_no_word_is_lost(engine: WritesDown) -> None:
    sound = OnDisk(_speech(800, LONG))
    heard = recognise_sound(sound, replace(OPTIONS, vad=False))
    assert sound.most <= 300 * SAMPLE_RATE
    # 222 s lies amid the longest silence between 150 s and 300 s, and so on.
    assert [round(n / SAMPLE_RATE) for n in engine.given] == [222, 183, 117 + 180, 98]
    silent = {s for a, b in LONG for s in range(a, b)}
    assert sum(engine.given) == 800 * SAMPLE_RATE
    assert heard.duration == 800
    assert len(heard.words) >= 800 - len(silent) - 4, "a cut costs at most the second that it falls into"
    assert [r.start for r in heard.speech] == sorted(r.start for r in heard.speech)


def test_the_recogniser_hears_no_long_pause_and_times_are_those_of_the_footage(engine: WritesDown) -> None:
    heard = recognise(_speech(60, ((10, 40),)), OPTIONS)
    assert engine.given[0] < 32 * SAMPLE_RATE
    assert heard.words[0].start == 0
    late = [w for w in heard.words if w.start > 20]
    assert late[0].start >= 39
    assert late[-1].end <= 60
    assert [r.start for r in heard.speech] == [0, 40]


class Kept(dict[int, Transcript]):
    """`KeptParts` in memory."""

    def load(self, part: int) -> Transcript | None:
        return self.get(part)

    def save(self, part: int, transcript: Transcript) -> None:
        self[part] = transcript


@pytest.mark.parametrize("finished", [0, 2])
def test_an_interrupted_listening_goes_on_to_the_same_bytes(engine: WritesDown, finished: int) -> None:
    sound = OnDisk(_speech(800, LONG))
    undisturbed = recognise_sound(sound, OPTIONS)
    parts = len(engine.given)
    kept = Kept()

    def stop(_: Fraction) -> None:
        if len(kept) == finished:
            raise Interrupted

    with pytest.raises(Interrupted):
        recognise_sound(sound, OPTIONS, kept=kept, on_progress=stop)
    assert len(kept) == finished
    engine.given.clear()
    resumed = recognise_sound(sound, OPTIONS, kept=kept)
    assert len(engine.given) == parts - finished
    assert to_json(resumed) == to_json(undisturbed)


def test_a_part_that_is_not_of_this_listening_is_heard_again(engine: WritesDown) -> None:
    sound = OnDisk(_speech(800, LONG))
    kept = Kept()
    good = recognise_sound(sound, OPTIONS, kept=kept)
    part = kept[1]
    for spoiled in (
        replace(part, model="other@1"),
        replace(part, language="en"),
        replace(part, duration=part.duration + Fraction(1, 3)),
        replace(part, duration=Fraction(5000)),
        replace(part, duration=Fraction(0), segments=(), speech=()),
    ):
        kept[1] = spoiled
        engine.given.clear()
        assert recognise_sound(sound, OPTIONS, kept=kept) == good
        assert len(engine.given) == 1


def test_parts_survive_in_the_store_and_a_torn_one_counts_as_none(tmp_path: Path, engine: WritesDown) -> None:
    part = recognise(_speech(10, ()), OPTIONS)
    kept = PartsInStore(tmp_path, "ab" * 32)
    assert kept.load(0) is None
    kept.save(0, part)
    assert PartsInStore(tmp_path, "ab" * 32).load(0) == part
    assert PartsInStore(tmp_path, "cd" * 32).load(0) is None
    file = next(tmp_path.rglob("0000.json"))
    file.write_text(file.read_text(encoding="utf-8")[:200], encoding="utf-8")
    assert kept.load(0) is None
    kept.clear()
    assert not list(tmp_path.rglob("*.json"))


def test_the_language_is_asked_until_it_is_told_and_no_longer(engine: WritesDown) -> None:
    heard = recognise_sound(OnDisk(_speech(800, ((0, 240), *LONG[3:]))), OPTIONS)
    assert engine.asked[0]
    assert engine.asked[-1] is False
    assert (heard.heard_language, heard.heard_language_probability) == ("ja", 0.9)
    assert heard.is_in_another_language
    assert heard.spoken_language == "ko"


def test_a_model_that_cannot_translate_is_refused_before_it_hears_anything(engine: WritesDown) -> None:
    with pytest.raises(UsageError, match="never taught to translate") as caught:
        recognise(_speech(5, ()), replace(OPTIONS, task="translate"))
    assert "large-v3" in str(caught.value)
    assert engine.given == []
    engine.can_translate = True
    heard = recognise(_speech(5, ()), replace(OPTIONS, task="translate"))
    assert (heard.language, heard.spoken_language) == ("en", "ko")


def test_progress_never_goes_back_and_ends_at_the_end(engine: WritesDown) -> None:
    told: list[Fraction] = []
    recognise_sound(OnDisk(_speech(800, LONG)), OPTIONS, on_progress=told.append)
    assert told == sorted(told)
    assert told[-1] == 800
    assert len(told) > 100


# --- where the voice is ----------------------------------------------------------------------------------

probabilities = st.lists(st.sampled_from([0.0, 0.2, 0.4, 0.6, 1.0]), max_size=400).map(
    lambda drawn: np.array(drawn, np.float32)
)


@given(probabilities, st.integers(0, FRAME - 1))
def test_ranges_lie_in_order_inside_the_sound_and_hold_every_voice(p: Probabilities, missing: int) -> None:
    samples = max(0, len(p) * FRAME - missing)
    ranges = ranges_to_hear(p, samples)
    at = 0
    for start, end in ranges:
        assert at <= start < end <= samples
        at = end
    for frame in np.flatnonzero(p >= 0.5):
        assert any(a <= frame * FRAME < b for a, b in ranges)
    fine = speech_ranges(p, samples)
    assert all(a.end <= b.start for a, b in itertools.pairwise(fine))
    assert all(r.end * SAMPLE_RATE <= samples for r in fine)


@given(probabilities.filter(len), st.data())
def test_a_cut_falls_into_a_silence_if_there_is_one(p: Probabilities, data: st.DataObject) -> None:
    first = data.draw(st.integers(0, len(p) - 1))
    cut = quietest_frame(p, first, len(p))
    assert first <= cut < len(p)
    if (p[first:] < 0.35).any():
        assert p[cut] < 0.35


@given(st.lists(st.integers(0, 100), min_size=2, max_size=8, unique=True), st.floats(0, 100), st.floats(0, 3))
def test_condensed_times_lead_back_into_the_ranges(edges: list[int], start: float, length: float) -> None:
    edges = sorted(edges)[: len(edges) // 2 * 2]
    ranges = tuple((a * SAMPLE_RATE, b * SAMPLE_RATE) for a, b in zip(edges[::2], edges[1::2], strict=True))
    sound = condensed(np.zeros(100 * SAMPLE_RATE, np.float32), ranges)
    assert len(sound.audio) == sum(b - a for a, b in ranges)
    a, b = sound.source_seconds(start, start + length)
    assert a <= b
    assert any(low / SAMPLE_RATE <= a and b <= high / SAMPLE_RATE for low, high in ranges)
