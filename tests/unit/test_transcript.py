"""Transcripts: what is repaired on entry, what is refused, and that JSON gives back the same value."""

from __future__ import annotations

import json
import unicodedata
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reels.timing import TimeRange
from reels.transcript import (
    SCHEMA,
    Dropped,
    HeardSegment,
    HeardWord,
    Segment,
    Transcript,
    TranscriptUnreadable,
    Word,
    assemble,
    from_json,
    to_json,
)

_TIMES = st.one_of(
    st.floats(-5, 70, allow_nan=False), st.sampled_from([0.0, 1.0, 1.0000001, 29.98, 30.0, 60.0])
)
_TEXTS = st.sampled_from(
    ["안녕하세요", " 축제가", "열립니다.", unicodedata.normalize("NFD", "한옥마을에서"), "", " ", "a\nb"]
)
_WORDS = st.builds(
    HeardWord, text=_TEXTS, start=_TIMES, end=_TIMES, probability=st.one_of(st.none(), st.floats(0, 1))
)
_SEGMENTS = st.builds(
    HeardSegment, text=_TEXTS, start=_TIMES, end=_TIMES, words=st.lists(_WORDS, max_size=6).map(tuple)
)


def _heard(*times: tuple[float, float]) -> tuple[HeardSegment, ...]:
    words = tuple(HeardWord(text=f" 말{i}", start=a, end=b) for i, (a, b) in enumerate(times))
    return (HeardSegment(text="말", start=0, end=60, words=words),)


def _spans(*times: tuple[float, float], duration: int = 10) -> list[tuple[float, float]]:
    said = assemble(_heard(*times), language="ko", duration=Fraction(duration), model="m")
    return [(float(w.start), float(w.end)) for w in said.words]


@given(st.lists(_SEGMENTS, max_size=6), st.fractions(Fraction(1, 100), 60), st.booleans())
def test_whatever_is_heard_every_word_gets_a_length_and_its_place_in_the_order(
    heard: list[HeardSegment], duration: Fraction, estimate: bool
) -> None:
    said = assemble(heard, language="ko", duration=duration, model="m", estimate_words=estimate)
    at = Fraction(0)
    for segment in said.segments:
        assert segment.start < segment.end
        for word in segment.words:
            assert at <= word.start < word.end <= duration
            at = word.end
    wanted = [" ".join(unicodedata.normalize("NFC", w.text).split()) for s in heard for w in s.words]
    found = [w.text for w in said.words]
    if not estimate:
        assert found == [t for t in wanted if t]
    assert all(unicodedata.is_normalized("NFC", s.text) and s.text for s in said.segments)


@given(st.lists(_SEGMENTS, max_size=4), st.fractions(0, 60))
def test_json_gives_back_the_same_transcript(heard: list[HeardSegment], duration: Fraction) -> None:
    said = assemble(heard, language="ko", duration=duration, model="nano-ko@0123")
    assert from_json(to_json(said)) == said


def test_times_that_are_right_stay_as_they_are() -> None:
    assert _spans((0.5, 1.25), (1.25, 2.0), (3.5, 4.0)) == [(0.5, 1.25), (1.25, 2.0), (3.5, 4.0)]


def test_a_word_of_no_length_gets_room_from_the_pause_after_it() -> None:
    assert _spans((1.0, 1.5), (2.0, 2.0), (3.0, 3.5)) == [(1.0, 1.5), (2.0, 2.02), (3.0, 3.5)]


def test_a_word_of_no_length_between_two_others_takes_a_little_from_the_one_before() -> None:
    assert _spans((1.0, 2.0), (2.0, 2.0), (2.0, 3.0)) == [(1.0, 1.98), (1.98, 2.0), (2.0, 3.0)]


def test_a_word_that_ends_before_it_starts_does_not_move_its_neighbours() -> None:
    first, second, third = _spans((1.0, 1.5), (2.0, 1.2), (2.6, 3.0))
    assert (first, third) == ((1.0, 1.5), (2.6, 3.0))
    assert second == (2.0, 2.02)


def test_a_word_that_runs_into_the_next_ends_where_the_next_one_starts() -> None:
    assert _spans((1.0, 2.5), (2.0, 3.0)) == [(1.0, 2.0), (2.0, 3.0)]


def test_words_beyond_the_end_of_the_footage_are_brought_back_into_it() -> None:
    spans = _spans((9.0, 9.8), (11.0, 12.0), (12.0, 13.0))
    assert spans[-1][1] == 10.0
    assert spans[0][0] == 9.0


def test_float_seconds_become_exact_microseconds() -> None:
    said = assemble(_heard((0.1, 0.2)), language="ko", duration=Fraction(1), model="m")
    assert said.words[0].start == Fraction(1, 10)


def test_decomposed_hangul_and_stray_line_breaks_are_mended() -> None:
    decomposed = unicodedata.normalize("NFD", "  비빔밥\n축제 ")
    heard = HeardSegment(text=decomposed, start=0, end=1)
    said = assemble([heard], language="ko", duration=Fraction(1), model="m")
    assert said.text == "비빔밥 축제"


def test_a_segment_without_word_times_gets_estimated_ones_when_asked() -> None:
    heard = [HeardSegment(text="안녕하세요 여러분", start=1.0, end=2.6)]
    plain = assemble(heard, language="ko", duration=Fraction(5), model="m")
    estimated = assemble(heard, language="ko", duration=Fraction(5), model="m", estimate_words=True)
    assert plain.words == ()
    assert [(w.text, w.start, w.end, w.probability) for w in estimated.words] == [
        ("안녕하세요", Fraction(1), Fraction(2), None),
        ("여러분", Fraction(2), Fraction(13, 5), None),
    ]


@pytest.mark.parametrize("time", [float("nan"), float("inf")])
def test_a_time_that_is_no_number_is_refused(time: float) -> None:
    with pytest.raises(ValueError, match="is not a time"):
        assemble(_heard((time, 1.0)), language="ko", duration=Fraction(1), model="m")


def test_the_engines_doubts_are_kept() -> None:
    heard = HeardSegment(
        text="네",
        start=0,
        end=1,
        no_speech_probability=0.7,
        average_log_probability=-1.5,
        compression_ratio=2.5,
    )
    (segment,) = assemble([heard], language="ko", duration=Fraction(1), model="m").segments
    assert segment.no_speech_probability == 0.7
    assert segment.average_log_probability == -1.5
    assert segment.compression_ratio == 2.5


def test_values_out_of_order_cannot_be_made() -> None:
    def word(a: int, b: int) -> Word:
        return Word(text="말", start=Fraction(a), end=Fraction(b))

    with pytest.raises(ValueError, match="runs from"):
        word(2, 1)
    with pytest.raises(ValueError, match="runs from"):
        Word(text="말", start=Fraction(-1), end=Fraction(1))
    with pytest.raises(ValueError, match="outside"):
        Segment(text="말", start=Fraction(0), end=Fraction(9), words=(word(2, 3), word(1, 2)))
    with pytest.raises(ValueError, match="outside"):
        Transcript(
            language="ko",
            duration=Fraction(1),
            model="m",
            segments=(Segment(text="말", start=Fraction(0), end=Fraction(2)),),
        )
    with pytest.raises(ValueError, match="NFC"):
        Word(text=unicodedata.normalize("NFD", "말"), start=Fraction(0), end=Fraction(1))


def test_json_writes_exact_seconds_and_keeps_hangul_readable() -> None:
    said = Transcript(
        language="ko",
        duration=Fraction(1001, 30000) * 300,
        model="m",
        segments=(Segment(text="축제", start=Fraction(1, 3), end=Fraction(5, 2)),),
    )
    written = json.loads(to_json(said))
    assert written["schema"] == SCHEMA
    assert written["duration"] == "10.010000"
    assert written["segments"][0]["start"] == "1/3"
    assert written["segments"][0]["end"] == "2.500000"
    assert "축제" in to_json(said)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "Expecting value"),
        ("[]", "schema"),
        ('{"schema": "reels/transcript/3"}', "schema"),
        ('{"schema": "reels/transcript/1"}', "'language' is missing"),
        (
            '{"schema": "reels/transcript/1", "language": "ko", "duration": "1e999999999", "model": "m", "segments": []}',
            "is not a time",
        ),
        (
            '{"schema": "reels/transcript/1", "language": "ko", "duration": "1/0", "model": "m", "segments": []}',
            "Fraction",
        ),
        (
            '{"schema": "reels/transcript/1", "language": 5, "duration": "1.0", "model": "m", "segments": []}',
            "is not text",
        ),
        (
            '{"schema": "reels/transcript/1", "language": "ko", "duration": "1.0", "model": "m", "segments": 3}',
            "not iterable",
        ),
        ("[" * 100_000, "recursion"),
    ],
)
def test_json_that_is_no_transcript_is_refused_with_the_reason(text: str, why: str) -> None:
    with pytest.raises(TranscriptUnreadable, match=why):
        from_json(text)


_VERSION_1 = """
{"schema": "reels/transcript/1", "language": "ko", "duration": "2.000000", "model": "m", "segments": [
 {"text": "안녕하세요", "start": "0.500000", "end": "1.500000", "no_speech_probability": 0.1,
  "average_log_probability": -0.2, "compression_ratio": 1.1,
  "words": [{"text": "안녕하세요", "start": "0.500000", "end": "1.500000", "probability": 0.9}]}]}
"""


def test_a_transcript_of_version_1_is_still_read() -> None:
    read = from_json(_VERSION_1)
    assert read.text == "안녕하세요"
    assert (read.dropped, read.speech, read.heard_language) == ((), (), "")
    assert read.segments[0].speaker == ""
    assert from_json(to_json(read)) == read


def _with_doubts() -> Transcript:
    said = Segment(text="한빛시입니다", start=Fraction(1), end=Fraction(2), speaker="김하늘")
    invented = Segment(text="시청해 주셔서 감사합니다", start=Fraction(10, 3), end=Fraction(4))
    return Transcript(
        language="en",
        duration=Fraction(5),
        model="m",
        segments=(said,),
        dropped=(Dropped(segment=invented, reason="outside-speech", evidence=(("voiced_share", 0.0),)),),
        speech=(TimeRange(Fraction(1), Fraction(21, 10)),),
        spoken_language="ko",
        heard_language="ja",
        heard_language_probability=0.8,
    )


def test_what_was_dropped_the_speech_and_the_languages_are_kept_in_json() -> None:
    whole = _with_doubts()
    assert from_json(to_json(whole)) == whole
    written = json.loads(to_json(whole))
    assert written["dropped"][0]["reason"] == "outside-speech"
    assert written["dropped"][0]["text"] == "시청해 주셔서 감사합니다"
    assert written["speech"] == [["1.000000", "2.100000"]]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"outside-speech"', '"because"'),
        ('{\n    "voiced_share": 0.0\n   }', "[1]"),
        ('"2.100000"', '"9.000000"'),
        ('"heard_language": "ja"', '"heard_language": 5'),
        ('"speaker": "김하늘"', '"speaker": null'),
    ],
)
def test_doubts_that_make_no_sense_are_refused(old: str, new: str) -> None:
    text = to_json(_with_doubts())
    assert old in text
    with pytest.raises(TranscriptUnreadable):
        from_json(text.replace(old, new, 1))


def test_another_language_counts_only_where_the_model_is_sure() -> None:
    whole = _with_doubts()
    assert whole.is_in_another_language
    assert not replace(whole, heard_language_probability=0.5).is_in_another_language
    # The text is English because it was translated: Korean was spoken, and Korean was expected.
    assert not replace(whole, heard_language="ko").is_in_another_language
    assert not replace(whole, heard_language="").is_in_another_language
