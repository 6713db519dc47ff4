"""Listening from beginning to end: sound → voice detected → heard part by part → times and doubts → `Transcript`.

    sound ─▶ parts that end in silence ─▶ engine ─▶ assemble ─▶ onsets ─▶ joined ─▶ guard ─▶ Transcript

Sound of up to five minutes is one part. Of longer sound only a part is in memory at a time, and each finished part
can be kept: whoever listens again goes on after the last one, with the same result. Reads no file itself. The
adapters, `voice`, `onsets` and `guard` stand before, `reels.recognise` after.
"""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Protocol, get_args

import numpy as np

from reels.errors import UsageError
from reels.recognise.contract import (
    SAMPLE_RATE,
    Audio,
    Engine,
    FoundModel,
    Progress,
    Recogniser,
    RecognitionOptions,
    duration_of,
)
from reels.recognise.guard import believed
from reels.recognise.onsets import times_as_heard
from reels.recognise.voice import (
    BLOCK_FRAMES,
    FRAME,
    Condensed,
    Probabilities,
    condensed,
    quietest_frame,
    ranges_to_hear,
    speech_ranges,
    voice_probabilities,
)
from reels.said import Said, perhaps
from reels.transcript import HeardSegment, Segment, Transcript, assemble

__all__ = [
    "ENGINES",
    "KeptParts",
    "Sound",
    "recognise",
    "recognise_sound",
    "recogniser",
    "require_task",
]

ENGINES: tuple[Engine, ...] = get_args(Engine)


class Sound(Protocol):
    """Sound that need not be in memory as a whole: mono float32 at `SAMPLE_RATE`."""

    @property
    def samples(self) -> int:
        """How many there are."""
        ...

    def read(self, first: int, last: int) -> Audio:
        """Samples `first` to `last`."""
        ...


class KeptParts(Protocol):
    """Finished parts of a listening that may have been interrupted, by number from 0, in their own time."""

    def load(self, part: int) -> Transcript | None:
        """The part, if it was kept and is whole."""
        ...

    def save(self, part: int, transcript: Transcript) -> None:
        """Keep the part."""
        ...


def recogniser(engine: str) -> Recogniser:
    """The adapter of `engine`.

    Raises: UsageError.
    """
    if engine == "faster-whisper":
        from reels.recognise.faster_whisper import FasterWhisper

        return FasterWhisper()
    if engine == "openai-whisper":
        from reels.recognise.openai_whisper import OpenaiWhisper

        return OpenaiWhisper()
    guess = difflib.get_close_matches(engine.lower(), ENGINES, n=1, cutoff=0.4)
    raise UsageError(
        where="--engine",
        found=engine,
        expected=Said(" or ".join(ENGINES), ko=" 또는 ".join(ENGINES)),
        remedy=perhaps(guess[0])
        if guess
        else Said("leave it out for the default", ko="빼면 기본값을 씁니다."),
    )


def require_task(found: FoundModel, options: RecognitionOptions) -> None:
    """Raises: UsageError where the model cannot do what is asked, before anything is heard."""
    if options.task == "translate" and not found.can_translate:
        raise UsageError(
            where=Said(f"model {found.name}", ko=f"모델 {found.name}"),
            found=Said("a model that was never taught to translate", ko="번역을 배우지 않은 모델"),
            expected=Said(
                "a multilingual model that translates into English: small, medium, large-v2 or large-v3",
                ko="영어로 번역할 줄 아는 모델: small, medium, large-v2, large-v3",
            ),
            remedy=Said(
                "choose one of these for the English subtitles, or write the English file by hand",
                ko="영어 자막에는 이 가운데 하나를 고르거나, 영어 자막 파일을 직접 써 주세요.",
            ),
        )


def recognise(
    audio: Audio, options: RecognitionOptions, *, on_progress: Progress | None = None
) -> Transcript:
    """What was said in `audio` (float32, one channel, `SAMPLE_RATE`), in seconds from its first sample.

    `on_progress` hears the source seconds that are done, at last the whole duration.

    Raises: ModelMissing, ToolMissing, UsageError, OutputNotWritable (nano-ko's cache).
    """
    duration_of(audio)
    return recognise_sound(_InMemory(audio), options, on_progress=on_progress)


def recognise_sound(
    sound: Sound,
    options: RecognitionOptions,
    *,
    kept: KeptParts | None = None,
    on_progress: Progress | None = None,
) -> Transcript:
    """What was said in `sound`, of any length, in seconds from its first sample.

    Parts that `kept` knows are not heard again. An exception of `on_progress` ends the listening; what was
    finished is kept.

    Raises: as `recognise`, and what `sound`, `kept` and `on_progress` raise.
    """
    engine = recogniser(options.engine)
    found = engine.find(options.model)
    require_task(found, options)
    listener = _Listener(engine, found, options, sound, on_progress)
    parts: list[Transcript] = []
    first = 0
    while not parts or first < sound.samples:
        part = kept.load(len(parts)) if kept is not None else None
        if part is None or not listener.could_have_heard(part, first):
            part = listener.hear(first, ask_language=not any(p.heard_language for p in parts))
            if kept is not None:
                kept.save(len(parts), part)
        parts.append(part)
        first += int(part.duration * SAMPLE_RATE)
        if on_progress is not None:
            on_progress(Fraction(first, SAMPLE_RATE))
    whole = _joined(parts)
    return believed(whole, whole.speech)


class _Listener:
    """Hears part after part of one sound."""

    def __init__(
        self,
        engine: Recogniser,
        found: FoundModel,
        options: RecognitionOptions,
        sound: Sound,
        on_progress: Progress | None,
    ) -> None:
        self._engine = engine
        self._found = found
        self._options = options
        self._sound = sound
        self._on_progress = on_progress
        self._blocks: dict[int, Probabilities] = {}

    def could_have_heard(self, part: Transcript, first: int) -> bool:
        """Whether `part` is what this listener would make from sample `first` on, as far as can be told."""
        samples = part.duration * SAMPLE_RATE
        ends_at = first + samples
        return (
            samples.denominator == 1
            and (samples > 0 or self._sound.samples == 0)
            and (ends_at == self._sound.samples or (samples % FRAME == 0 and ends_at < self._sound.samples))
            and part.model == self._found.identity
            and part.language == self._options.language_of_text
        )

    def hear(self, first: int, *, ask_language: bool) -> Transcript:
        """The part that begins with sample `first`, in its own time; unguarded."""
        probabilities = self._probabilities(first)
        last = min(first + len(probabilities) * FRAME, self._sound.samples)
        audio = self._sound.read(first, last)
        duration = duration_of(audio)
        ranges = ranges_to_hear(probabilities, len(audio)) if self._options.vad else ((0, len(audio)),)
        to_hear = condensed(audio, ranges)
        heard = self._engine.hear(
            to_hear.audio,
            self._options,
            tell_language=ask_language,
            on_heard=lambda seconds: self._tell(first, to_hear, seconds),
        )
        spoken = assemble(
            [_in_source_time(s, to_hear) for s in heard.segments],
            language=self._options.language_of_text,
            duration=duration,
            model=self._found.identity,
            # Now and then the alignment fails and a segment comes without words.
            estimate_words=True,
        )
        speech = speech_ranges(probabilities, len(audio))
        language, probability = heard.language or ("", 0.0)
        return replace(
            times_as_heard(spoken, audio, speech),
            speech=speech,
            spoken_language=self._options.language,
            heard_language=language,
            heard_language_probability=probability,
        )

    def _tell(self, first: int, to_hear: Condensed, seconds: Fraction) -> None:
        if self._on_progress is not None:
            at, _ = to_hear.source_seconds(float(seconds), float(seconds))
            here = Fraction(first, SAMPLE_RATE) + Fraction(round(at * SAMPLE_RATE), SAMPLE_RATE)
            self._on_progress(min(here, Fraction(self._sound.samples, SAMPLE_RATE)))

    def _probabilities(self, first: int) -> Probabilities:
        """Of the part that begins with sample `first`, and so its length: it ends where a cut hurts least."""
        frame = first // FRAME
        block = frame // BLOCK_FRAMES
        following = np.concatenate([self._block(block), self._block(block + 1)])
        ahead = following[frame - block * BLOCK_FRAMES :]
        if self._sound.samples - first > BLOCK_FRAMES * FRAME:
            ahead = ahead[: quietest_frame(ahead, BLOCK_FRAMES // 2, BLOCK_FRAMES)]
        self._blocks = {number: p for number, p in self._blocks.items() if number >= block}
        return ahead

    def _block(self, number: int) -> Probabilities:
        """The voice in the sound's block of that number; none beyond its end."""
        if number not in self._blocks:
            length = BLOCK_FRAMES * FRAME
            first, last = number * length, min((number + 1) * length, self._sound.samples)
            sound = self._sound.read(first, last) if first < last else self._sound.read(0, 0)
            self._blocks[number] = voice_probabilities(sound)
        return self._blocks[number]


@dataclass(frozen=True, slots=True)
class _InMemory:
    audio: Audio

    @property
    def samples(self) -> int:
        return len(self.audio)

    def read(self, first: int, last: int) -> Audio:
        return self.audio[first:last]


def _in_source_time(heard: HeardSegment, sound: Condensed) -> HeardSegment:
    """`heard` where it was said; each word goes with the range that its middle lies in."""
    words = []
    for word in heard.words:
        start, end = sound.source_seconds(word.start, word.end)
        words.append(replace(word, start=start, end=end))
    start, end = sound.source_seconds(heard.start, heard.end)
    return replace(heard, start=start, end=end, words=tuple(words))


def _joined(parts: Sequence[Transcript]) -> Transcript:
    """The parts one after the other as one transcript."""
    first = next((p for p in parts if p.heard_language), parts[0])
    if len(parts) == 1:
        return first
    segments, speech, at = [], [], Fraction(0)
    for part in parts:
        segments += [_shifted(s, at) for s in part.segments]
        speech += [r.shifted(at) for r in part.speech]
        at += part.duration
    return replace(first, duration=at, segments=tuple(segments), speech=tuple(speech))


def _shifted(segment: Segment, by: Fraction) -> Segment:
    return replace(
        segment,
        start=segment.start + by,
        end=segment.end + by,
        words=tuple(replace(w, start=w.start + by, end=w.end + by) for w in segment.words),
    )
