"""What nobody said is told from what somebody said, and neither is lost."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reels.recognise.guard import WHY_DROPPED, believed, is_known_phrase, why_dropped
from reels.timing import TimeRange
from reels.transcript import DropReason, Segment, Transcript, Word, from_json, to_json

THANKS = "시청해 주셔서 감사합니다."


def said(
    text: str,
    start: float,
    end: float,
    *,
    no_speech: float = 0.02,
    log_probability: float = -0.2,
    compression: float = 1.2,
    probability: float | None = 0.95,
) -> Segment:
    """A segment whose words share its time."""
    texts = text.split()
    first, last = Fraction(str(start)), Fraction(str(end))
    at = [first + (last - first) * n / len(texts) for n in range(len(texts) + 1)]
    return Segment(
        text=text,
        start=first,
        end=last,
        words=tuple(
            Word(text=t, start=a, end=b, probability=probability)
            for t, a, b in zip(texts, at, at[1:], strict=False)
        ),
        no_speech_probability=no_speech,
        average_log_probability=log_probability,
        compression_ratio=compression,
    )


def heard(*segments: Segment) -> Transcript:
    return Transcript(language="ko", duration=Fraction(600), model="m", segments=segments)


def voice(*ranges: tuple[float, float]) -> tuple[TimeRange, ...]:
    return tuple(TimeRange(Fraction(str(a)), Fraction(str(b))) for a, b in ranges)


def reason(segment: Segment, *ranges: tuple[float, float]) -> DropReason | None:
    """Why `segment` is dropped, if it is."""
    judged = believed(heard(segment), voice(*ranges))
    assert len(judged.segments) + len(judged.dropped) == 1
    return judged.dropped[0].reason if judged.dropped else None


def test_speech_in_a_voice_is_believed_and_nothing_changes() -> None:
    whole = heard(said("한빛시 축제에 오세요", 1, 3), said("다음 주 토요일입니다", 4, 6))
    assert believed(whole, voice((1, 3), (4, 6))) is whole


def test_text_where_no_voice_is_detected_is_dropped() -> None:
    assert reason(said("오늘은 비가 옵니다", 100, 103)) == "outside-speech"
    assert reason(said("오늘은 비가 옵니다", 100, 103), (10, 20), (103.5, 110)) == "outside-speech"
    assert reason(said("오늘은 비가 옵니다", 100, 103), (100.2, 102.9)) is None


def test_without_a_detector_nothing_is_dropped_for_want_of_a_voice() -> None:
    whole = heard(said("오늘은 비가 옵니다", 100, 103))
    assert believed(whole, None) is whole
    assert believed(heard(said(THANKS, 5, 7, no_speech=0.5)), None).dropped[0].reason == "known-phrase"


@pytest.mark.parametrize(
    ("no_speech", "log_probability", "expected"),
    [
        (0.7, -0.8, "no-speech"),
        (0.9, -0.6, "no-speech"),
        (0.7, -0.3, None),
        (0.3, -1.2, None),
        (0.0, -0.2, None),
    ],
)
def test_the_models_doubt_counts_only_together_with_low_confidence(
    no_speech: float, log_probability: float, expected: DropReason | None
) -> None:
    doubted = said("한빛시에서 알려 드립니다", 1, 3, no_speech=no_speech, log_probability=log_probability)
    assert reason(doubted, (1, 3)) == expected


@pytest.mark.parametrize(
    "text",
    [
        "감사합니다 " * 20,
        "그래서 저희가 그래서 저희가 그래서 저희가 그래서 저희가 그래서 저희가",
        "ha " * 40,
        "안전안전안전안전안전안전안전안전안전안전안전안전안전안전안전안전안전안전안전안전안전안전",
    ],
)
def test_a_model_in_a_loop_is_not_believed(text: str) -> None:
    looped = said(" ".join(text.split()), 1, 25, compression=4.0)
    assert reason(looped, (1, 25)) == "repetition"


def test_a_window_that_compresses_well_does_not_cost_its_other_segments() -> None:
    """Whisper's ratio is that of the window: one loop in it is no reason to doubt its first sentence."""
    assert reason(said("한빛시 시민 여러분 안녕하십니까", 1, 4, compression=6.0), (1, 4)) is None


def test_a_sentence_said_again_and_again_in_a_loop_is_kept_once() -> None:
    lines = [said("네 맞습니다", n, n + 0.9, compression=3.0) for n in range(1, 6)]
    judged = believed(heard(*lines), voice((1, 6)))
    assert judged.segments == (lines[0],)
    assert [d.reason for d in judged.dropped] == ["repetition"] * 4


def test_two_people_who_answer_the_same_are_both_heard() -> None:
    answers = heard(*(said("네 맞습니다", n, n + 0.9) for n in range(1, 6)))
    assert believed(answers, voice((1, 6))) is answers
    chant = said("하나 둘 하나 둘 하나 둘", 1, 4)
    assert reason(chant, (1, 4)) is None


def test_more_syllables_than_anybody_can_speak_are_dropped() -> None:
    text = "한빛시 문화관광과에서 준비한 축제에 시민 여러분을 초대합니다"
    assert reason(said(text, 1, 2), (1, 2)) == "speaking-rate"
    assert reason(said(text, 1, 4), (1, 4)) is None
    assert reason(said("Welcome to the Hanbit city festival this weekend", 1, 3.5), (1, 3.5)) is None


PHANTOMS = (
    THANKS,
    "시청해주셔서 감사합니다!",
    "지금까지 시청해 주셔서 대단히 감사합니다.",
    "구독과 좋아요 부탁드립니다",
    "구독, 좋아요, 알림 설정까지 부탁드려요!",
    "MBC 뉴스 김하늘입니다.",
    "KBS 뉴스 이도윤입니다.",
    "한글자막 by 박서연",
    "자막 제공 및 자막을 사용하였습니다.",
    "자막제작 한빛시",
    "한국어 자막 제공",
    "다음 영상에서 만나요",
    "다음 시간에 또 만나요. 감사합니다.",
    "감사합니다.",
    "ㅋㅋㅋ ㅋㅋㅋㅋㅋ",
    "Thank you for watching!",
    "Thanks for watching. Please subscribe to my channel.",
    "Please like and subscribe.",
    "See you next time.",
    "Subtitles by the Amara.org community",
)


@pytest.mark.parametrize("text", PHANTOMS)
def test_a_phrase_that_models_invent_falls_with_weak_evidence_and_stands_with_strong(text: str) -> None:
    """An official may well thank for watching: the words alone are no reason."""
    assert is_known_phrase(text)
    assert reason(said(text, 30, 32.5), (29.9, 32.6)) is None
    assert reason(said(text, 30, 32.5, no_speech=0.45), (29.9, 32.6)) == "known-phrase"
    assert reason(said(text, 30, 32.5, log_probability=-0.65), (29.9, 32.6)) == "known-phrase"
    assert reason(said(text, 30, 32.5, probability=0.3), (29.9, 32.6)) == "known-phrase"
    assert reason(said(text, 30, 32.5), (29.9, 30.5)) == "known-phrase"


@pytest.mark.parametrize(
    "text",
    [
        "한빛시청을 찾아 주셔서 감사합니다",
        "비빔밥 축제에 오신 여러분 감사합니다",
        "다음 주 토요일에 한옥마을에서 만나요",
        "영상에는 자막이 있습니다",
        "오늘 뉴스를 보셨습니까",
        "안녕하세요 김하늘 주무관입니다",
        "구독자 여러분께 축제를 소개합니다",
        "Thank you for coming to our city",
        "",
        "...",
    ],
)
def test_an_ordinary_sentence_is_no_known_phrase(text: str) -> None:
    assert not is_known_phrase(text)


def test_a_thank_you_alone_after_a_long_silence_needs_a_clear_voice() -> None:
    thanks = said("감사합니다", 60, 61)
    assert reason(thanks, (1, 20), (60.5, 60.9)) == "known-phrase"
    assert reason(thanks, (1, 20), (60, 61)) is None
    assert reason(thanks, (1, 59.5), (60.4, 61)) is None


def test_a_thank_you_drawn_over_many_seconds_was_not_said() -> None:
    assert reason(said("감사합니다", 60, 68), (60, 68)) == "known-phrase"


def test_what_is_dropped_stays_with_what_was_measured_and_survives_json() -> None:
    whole = heard(said("축제에 오세요", 1, 3), said(THANKS, 30, 32, no_speech=0.8, log_probability=-0.9))
    judged = believed(whole, voice((1, 3), (30, 32)))
    (dropped,) = judged.dropped
    assert dropped.segment == whole.segments[1]
    assert dict(dropped.evidence)["no_speech_probability"] == 0.8
    assert "no-speech probability 0.8" in why_dropped(dropped)
    assert "말소리 아닐 확률 0.8" in why_dropped(dropped).ko
    assert from_json(to_json(judged)) == judged
    assert believed(judged, voice((1, 3), (30, 32))) == judged, "dropping twice drops no more"


def test_every_reason_has_a_sentence_in_both_languages() -> None:
    assert set(WHY_DROPPED) == set(get_args(DropReason))
    for why in WHY_DROPPED.values():
        assert any("가" <= c <= "힣" for c in why.ko)
        assert why.isascii()


segments = st.builds(
    lambda text, start, length, no_speech, log_probability, compression, probability: said(
        text,
        start,
        start + length,
        no_speech=no_speech,
        log_probability=log_probability,
        compression=compression,
        probability=probability,
    ),
    st.sampled_from([*PHANTOMS, "한빛시 소식입니다", "네", "ㅋ" * 300, "a" * 500, "자막" * 100]),
    st.integers(0, 580),
    st.sampled_from([0.02, 0.5, 2, 15]),
    st.floats(0, 1),
    st.floats(-5, 0),
    st.floats(0, 20),
    st.none() | st.floats(0, 1),
)


@given(st.lists(segments, max_size=6), st.lists(st.integers(0, 600), max_size=8, unique=True), st.booleans())
def test_no_segment_is_ever_lost_and_the_order_stays(
    drawn: list[Segment], edges: list[int], looked: bool
) -> None:
    row: list[Segment] = []
    for segment in sorted(drawn, key=lambda s: s.start):
        if not row or segment.start >= row[-1].end:
            row.append(segment)
    edges = sorted(edges)
    ranges = voice(*zip(edges[::2], edges[1::2], strict=False)) if looked else None
    whole = heard(*row)
    judged = believed(whole, ranges)
    both = sorted([*judged.segments, *(d.segment for d in judged.dropped)], key=lambda s: s.start)
    assert both == row
    assert judged.segments == tuple(s for s in row if s in judged.segments)
    assert replace(judged, segments=(), dropped=()) == replace(whole, segments=())
