"""What was said and when: words, segments and the transcript of one footage, with its versioned JSON.

All times are source time: seconds of the footage, exact. Text is NFC. What a recogniser reports is repaired
here, once, on entry (`assemble`): floats become exact, words get an order and a length. What was heard and not
believed stays in it, apart, with the reason. Never reads a file and never runs a recogniser. `recognise` stands
before, `edit` and `cues` after.
"""

from __future__ import annotations

import itertools
import json
import math
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal, get_args

from reels.timing import TimeRange, exact_seconds

__all__ = [
    "DROP_REASONS",
    "SCHEMA",
    "DropReason",
    "Dropped",
    "HeardSegment",
    "HeardWord",
    "Segment",
    "Transcript",
    "TranscriptUnreadable",
    "Word",
    "assemble",
    "from_json",
    "shares_by_length",
    "to_json",
]

SCHEMA = "reels/transcript/2"
_SCHEMA_1 = "reels/transcript/1"
"""As 2, without speakers, dropped segments, speech and the language that was heard. Still read."""

DropReason = Literal["no-speech", "outside-speech", "repetition", "speaking-rate", "known-phrase"]
"""Why a segment was not believed. `recognise.guard` says what each means, in words and in numbers."""

DROP_REASONS: tuple[DropReason, ...] = get_args(DropReason)

_LEAST_SURE = 0.7
"""From here on the language that was heard counts as heard."""

_SHORTEST_WORD = Fraction(1, 50)
"""20 ms: the step of Whisper's own clock."""


class TranscriptUnreadable(ValueError):
    """Text that is not a transcript of ours."""


# --- values ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """One 어절 with the punctuation that hangs on it. `probability` is None where nobody measured it."""

    text: str
    start: Fraction
    end: Fraction
    probability: float | None = None

    def __post_init__(self) -> None:
        _check_text(self.text)
        if not 0 <= self.start <= self.end:
            raise ValueError(f"word {self.text!r} runs from {self.start} to {self.end}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """What the recogniser took for one utterance, with its own doubts about it.

    `words` may be empty where the source gave no word times. `average_log_probability` is 0 and
    `compression_ratio` 1 where nobody measured them. `speaker` is empty where nobody told speakers apart.
    """

    text: str
    start: Fraction
    end: Fraction
    words: tuple[Word, ...] = ()
    no_speech_probability: float = 0.0
    average_log_probability: float = 0.0
    compression_ratio: float = 1.0
    speaker: str = ""

    def __post_init__(self) -> None:
        _check_text(self.text)
        if not 0 <= self.start <= self.end:
            raise ValueError(f"segment {self.text!r} runs from {self.start} to {self.end}")
        _check_order(self.words, self.start, self.end)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dropped:
    """A segment that was heard and not believed; `evidence` is what was measured, by name."""

    segment: Segment
    reason: DropReason
    evidence: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Transcript:
    """All segments of one footage, in order and without overlap, within `duration` seconds.

    `language` is that of the text. `model` names what heard it, as `FoundModel.identity` does; it is no path.
    `dropped` segments lie among the others in time, in order. `speech` are the ranges in which a voice was
    detected, in order; empty also where nobody looked. `heard_language` is what the model took the speech for,
    empty where it did not say, and `spoken_language` what it was told to expect.
    """

    language: str
    duration: Fraction
    model: str
    segments: tuple[Segment, ...] = ()
    dropped: tuple[Dropped, ...] = ()
    speech: tuple[TimeRange, ...] = ()
    spoken_language: str = ""
    heard_language: str = ""
    heard_language_probability: float = 0.0

    def __post_init__(self) -> None:
        if self.duration < 0:
            raise ValueError(f"a transcript cannot last {self.duration} s")
        _check_order(self.segments, Fraction(0), self.duration)
        _check_order([d.segment for d in self.dropped], Fraction(0), self.duration)
        at = Fraction(0)
        for r in self.speech:
            if r.start < at or r.end > self.duration:
                raise ValueError(f"speech from {r.start} to {r.end} lies outside {at} to {self.duration}")
            at = r.end

    @property
    def is_in_another_language(self) -> bool:
        """Whether the model is rather sure that another language is spoken than it was told."""
        told = self.spoken_language or self.language
        sure = self.heard_language_probability >= _LEAST_SURE
        return sure and self.heard_language not in ("", told)

    @property
    def words(self) -> tuple[Word, ...]:
        """Every word, in order."""
        return tuple(itertools.chain.from_iterable(s.words for s in self.segments))

    @property
    def text(self) -> str:
        return " ".join(s.text for s in self.segments)


def _check_text(text: str) -> None:
    if not text or text != text.strip() or not unicodedata.is_normalized("NFC", text):
        raise ValueError(f"{text!r} is not stripped NFC text")


def _check_order(spans: Sequence[Word | Segment], start: Fraction, end: Fraction) -> None:
    at = start
    for s in spans:
        if s.start < at or s.end > end:
            raise ValueError(f"{s.text!r} ({s.start} to {s.end}) lies outside {at} to {end}")
        at = s.end


# --- entry: what a recogniser reports --------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class HeardWord:
    """A word as an engine reports it: any spacing and normal form, float seconds, perhaps nonsense."""

    text: str
    start: float
    end: float
    probability: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HeardSegment:
    """A segment as an engine reports it; `words` is empty where it gave none."""

    text: str
    start: float
    end: float
    words: tuple[HeardWord, ...] = ()
    no_speech_probability: float = 0.0
    average_log_probability: float = 0.0
    compression_ratio: float = 1.0


def assemble(
    heard: Sequence[HeardSegment],
    *,
    language: str,
    duration: Fraction,
    model: str,
    estimate_words: bool = False,
) -> Transcript:
    """A transcript of what was heard, repaired.

    Every word keeps its text and its place in the order; it ends up inside `[0, duration]`, after the word
    before it, and with a length above zero (given a duration above zero). Segments without text fall away,
    as do words without any. With `estimate_words`, a segment without word times gets some: its span shared
    out by the letters of its 어절, with no probability.

    Raises: ValueError where a time is not a number.
    """
    spans: list[_Span] = []
    groups: list[tuple[HeardSegment, str, int]] = []
    for segment in heard:
        text = _clean(segment.text)
        words = [(w, _clean(w.text)) for w in segment.words]
        words = [(w, t) for w, t in words if t]
        if not text:
            text = " ".join(t for _, t in words)
        if not text:
            continue
        if words:
            spans += [_Span(t, _seconds(w.start), _seconds(w.end), w.probability) for w, t in words]
        elif estimate_words:
            spans += _estimated(text, _seconds(segment.start), _seconds(segment.end))
            words = [(HeardWord(text=t, start=0, end=0), t) for t in text.split()]
        else:
            spans.append(_Span(text, _seconds(segment.start), _seconds(segment.end), None))
        groups.append((segment, text, len(words)))
    _repair(spans, duration)
    repaired = iter(spans)
    return Transcript(
        language=language,
        duration=duration,
        model=model,
        segments=tuple(
            _segment(s, text, list(itertools.islice(repaired, max(n, 1))), n) for s, text, n in groups
        ),
    )


@dataclass(slots=True)
class _Span:
    text: str
    start: Fraction
    end: Fraction
    probability: float | None


def _clean(text: str) -> str:
    """NFC, with every run of white space as one space: a recogniser's line break is no line of ours."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def _seconds(value: float) -> Fraction:
    if not math.isfinite(value):
        raise ValueError(f"{value} is not a time in seconds")
    return exact_seconds(value)


def _segment(heard: HeardSegment, text: str, spans: list[_Span], word_count: int) -> Segment:
    words = tuple(
        Word(text=s.text, start=s.start, end=s.end, probability=s.probability) for s in spans[:word_count]
    )
    return Segment(
        text=text,
        start=spans[0].start,
        end=spans[-1].end,
        words=words,
        no_speech_probability=heard.no_speech_probability,
        average_log_probability=heard.average_log_probability,
        compression_ratio=heard.compression_ratio,
    )


def _estimated(text: str, start: Fraction, end: Fraction) -> list[_Span]:
    return [
        _Span(t, a, b, None)
        for t, a, b in zip(text.split(), *shares_by_length(text.split(), start, max(start, end)), strict=True)
    ]


def shares_by_length(
    texts: Sequence[str], start: Fraction, end: Fraction
) -> tuple[list[Fraction], list[Fraction]]:
    """Starts and ends of `texts` laid out over a span in proportion to their lengths."""
    edges = [0, *itertools.accumulate(len(t) for t in texts)]
    at = [start + (end - start) * e / edges[-1] for e in edges]
    return at[:-1], at[1:]


def _repair(spans: list[_Span], duration: Fraction) -> None:
    """Puts spans into order inside `[0, duration]` and gives each a length, moving as little as possible."""
    if not spans:
        return
    at = Fraction(0)
    for s in spans:
        s.start = at = max(at, min(s.start, duration))
    # A word ends where the next one starts at the latest: engines find starts better than ends.
    for s, following in zip(spans, [*(n.start for n in spans[1:]), duration], strict=True):
        s.end = min(max(s.end, s.start), following)
    for first, last in _runs_of_short(spans):
        _make_room(spans, first, last, duration)


def _runs_of_short(spans: Sequence[_Span]) -> Iterator[tuple[int, int]]:
    """First and last index of every run of spans without a real length."""
    i = 0
    while i < len(spans):
        j = i
        while j < len(spans) and spans[j].end - spans[j].start < _SHORTEST_WORD:
            j += 1
        if j > i:
            yield i, j - 1
        i = j + 1


def _make_room(spans: list[_Span], first: int, last: int, duration: Fraction) -> None:
    """Lays the spans `first..last` out anew between their neighbours, which give way if they must."""
    run = spans[first : last + 1]
    before = spans[first - 1] if first else None
    after = spans[last + 1] if last + 1 < len(spans) else None
    low, high = before.end if before else Fraction(0), after.start if after else duration
    wanted = _SHORTEST_WORD * len(run)
    if high - low < wanted and before is not None:
        before.end = low = max(low - (wanted - (high - low)), (before.start + before.end) / 2)
    if high - low < wanted and after is not None:
        after.start = high = min(high + (wanted - (high - low)), (after.start + after.end) / 2)
    start = max(low, min(run[0].start, high - wanted))
    end = min(high, max(run[-1].end, start + wanted))
    starts, ends = shares_by_length([s.text for s in run], start, end)
    for s, a, b in zip(run, starts, ends, strict=True):
        s.start, s.end = a, b


# --- JSON ------------------------------------------------------------------------------------------------


def to_json(transcript: Transcript) -> str:
    """The transcript as JSON text with a schema name; `from_json` gives back an equal value."""
    written = {
        "schema": SCHEMA,
        "language": transcript.language,
        "spoken_language": transcript.spoken_language,
        "heard_language": transcript.heard_language,
        "heard_language_probability": transcript.heard_language_probability,
        "duration": _written_seconds(transcript.duration),
        "model": transcript.model,
        "speech": [[_written_seconds(r.start), _written_seconds(r.end)] for r in transcript.speech],
        "segments": [_written_segment(s) for s in transcript.segments],
        "dropped": [
            {**_written_segment(d.segment), "reason": d.reason, "evidence": dict(d.evidence)}
            for d in transcript.dropped
        ],
    }
    return json.dumps(written, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def _written_segment(segment: Segment) -> dict[str, Any]:
    return {
        "text": segment.text,
        "start": _written_seconds(segment.start),
        "end": _written_seconds(segment.end),
        "speaker": segment.speaker,
        "no_speech_probability": segment.no_speech_probability,
        "average_log_probability": segment.average_log_probability,
        "compression_ratio": segment.compression_ratio,
        "words": [
            {
                "text": w.text,
                "start": _written_seconds(w.start),
                "end": _written_seconds(w.end),
                "probability": w.probability,
            }
            for w in segment.words
        ],
    }


def from_json(text: str) -> Transcript:
    """The transcript that `to_json` wrote, now or as version 1.

    Raises: TranscriptUnreadable.
    """
    try:
        read = json.loads(text)
        if not isinstance(read, dict) or read.get("schema") not in (SCHEMA, _SCHEMA_1):
            raise TranscriptUnreadable(f'expected JSON with "schema": "{SCHEMA}"')
        if read["schema"] == _SCHEMA_1:
            read |= {"dropped": [], "speech": [], "spoken_language": "", "heard_language": ""}
            read["heard_language_probability"] = 0.0
        return Transcript(
            language=_text(read["language"]),
            duration=_read_seconds(read["duration"]),
            model=_text(read["model"]),
            segments=tuple(_read_segment(s) for s in read["segments"]),
            dropped=tuple(
                Dropped(
                    segment=_read_segment(d),
                    reason=_read_reason(d["reason"]),
                    evidence=tuple((_text(name), _number(v)) for name, v in d["evidence"].items()),
                )
                for d in read["dropped"]
            ),
            speech=tuple(TimeRange(_read_seconds(a), _read_seconds(b)) for a, b in read["speech"]),
            spoken_language=_text(read["spoken_language"]),
            heard_language=_text(read["heard_language"]),
            heard_language_probability=_number(read["heard_language_probability"]),
        )
    except TranscriptUnreadable:
        raise
    except KeyError as missing:
        raise TranscriptUnreadable(f"the key {missing} is missing") from None
    except (ValueError, TypeError, AttributeError, ZeroDivisionError, RecursionError) as why:
        raise TranscriptUnreadable(str(why) or type(why).__name__) from None


def _read_segment(read: dict[str, Any]) -> Segment:
    return Segment(
        text=_text(read["text"]),
        start=_read_seconds(read["start"]),
        end=_read_seconds(read["end"]),
        speaker=_text(read.get("speaker", "")),
        no_speech_probability=_number(read["no_speech_probability"]),
        average_log_probability=_number(read["average_log_probability"]),
        compression_ratio=_number(read["compression_ratio"]),
        words=tuple(
            Word(
                text=_text(w["text"]),
                start=_read_seconds(w["start"]),
                end=_read_seconds(w["end"]),
                probability=None if w["probability"] is None else _number(w["probability"]),
            )
            for w in read["words"]
        ),
    )


def _read_reason(value: Any) -> DropReason:
    if value not in DROP_REASONS:
        raise TranscriptUnreadable(f"{value!r} is no reason for dropping a segment")
    reason: DropReason = value
    return reason


def _written_seconds(seconds: Fraction) -> str:
    """`12.345678` where six decimals are exact, else `p/q`: never a rounded time."""
    millionths = seconds * 1_000_000
    if millionths.denominator != 1:
        return str(seconds)
    return f"{millionths.numerator // 1_000_000}.{millionths.numerator % 1_000_000:06}"


def _read_seconds(value: Any) -> Fraction:
    # Fraction("1e999999999") would take all memory, so only digits, one point and one stroke are let in.
    if not isinstance(value, str) or len(value) > 64 or not set(value) <= set("0123456789./"):
        raise TranscriptUnreadable(f'{value!r} is not a time such as "12.345678"')
    return Fraction(value)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TranscriptUnreadable(f"{value!r} is not text")
    return value


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise TranscriptUnreadable(f"{value!r} is not a number")
    return float(value)
