"""Sentences, what they weigh, and the passages of a long recording that are proposed."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from reels.alignment import TimedWord
from reels.cutting import SpokenClip, suggested
from reels.cutting.sentences import sentences, spoken_words, weighed
from reels.subtitles import Cue
from reels.timing import TimeRange
from reels.transcript import Word

TALK = """
안녕하십니까, 한빛시 문화관광과 김하늘입니다. | 마이크 잘 나오나요? 네, 잘 나옵니다. |
올해 비빔밥 축제는 시월 삼일부터 한빛시 광장에서 열립니다. 비빔밥 축제에서는 시민 오백 명이 함께 비빔밥을 만듭니다.
축제 기간에는 광장 주변 도로를 막으니 버스를 이용해 주세요. |
그래서 버스도 늘립니다. 버스는 십 분마다 광장으로 갑니다. |
잠깐 물 좀 마시겠습니다. 예. 음. |
축제 입장권은 어디에서 사나요? 입장권은 시청 누리집에서 사실 수 있습니다. 시민은 입장권을 반값에 사십니다. |
어린이를 위한 비빔밥 체험도 있습니다. 체험은 축제 기간 내내 광장 옆 어린이 공원에서 합니다. 체험비는 없습니다. |
날씨가 좋으면 좋겠습니다. 그럼 축제장에서 뵙겠습니다. 고맙습니다.
"""


def talk(text: str = TALK) -> SpokenClip:
    words = []
    at = Fraction(1)
    for part in text.split():
        if part == "|":
            at += Fraction(9, 10)
            continue
        length = Fraction(len(part), 6)
        words.append(Word(text=part, start=at, end=at + length))
        at += length + Fraction(1, 20)
    return SpokenClip(range_in_source=TimeRange(Fraction(0), at + 2), words=tuple(words), is_heard=True)


def test_sentences_hold_every_word_once_in_order() -> None:
    words = spoken_words(talk())
    found = sentences(0, words)
    assert [w for s in found for w in s.words] == list(words)
    assert found[0].text == "안녕하십니까, 한빛시 문화관광과 김하늘입니다."
    assert [s.text for s in found if s.asks] == ["마이크 잘 나오나요?", "축제 입장권은 어디에서 사나요?"]
    assert [s.text for s in found if s.leans] == ["그래서 버스도 늘립니다.", "그럼 축제장에서 뵙겠습니다."]


def test_without_full_stops_a_final_ending_and_a_breath_end_a_sentence() -> None:
    spoken = talk("축제가 열립니다 | 광장으로 오세요 비빔밥도 있습니다")
    assert [s.text for s in sentences(0, spoken_words(spoken))] == [
        "축제가 열립니다",
        "광장으로 오세요 비빔밥도 있습니다",
    ]


def test_a_question_is_known_by_its_ending_where_nobody_wrote_the_sign() -> None:
    spoken = talk("축제가 언제 열리나요 | 다음 주에 열립니다")
    assert [s.asks for s in sentences(0, spoken_words(spoken))] == [True, False]


def test_what_the_talk_is_about_weighs_more_than_small_talk() -> None:
    found = sentences(0, spoken_words(talk()))
    weights = weighed(found)
    by_text = dict(zip([s.text for s in found], weights.weights, strict=True))
    festival = next(w for text, w in by_text.items() if text.startswith("올해 비빔밥 축제는"))
    assert festival > by_text["잠깐 물 좀 마시겠습니다."]
    assert festival > by_text["마이크 잘 나오나요?"]
    assert {noun for noun, _ in weights.nouns[:4]} & {"축제", "비빔밥", "광장"}


def test_passages_are_whole_sentences_near_the_length_apart_and_in_order() -> None:
    clip = talk()
    found = sentences(0, spoken_words(clip))
    starts, ends = {s.start for s in found}, {s.end for s in found}
    passages = suggested(clip, length=Fraction(12), count=5)
    assert 2 <= len(passages) <= 5
    for passage in passages:
        inside = [
            s
            for s in found
            if s.start >= passage.range_in_source.start and s.end <= passage.range_in_source.end
        ]
        assert passage.text == " ".join(s.text for s in inside)
        assert inside[0].start in starts
        assert inside[-1].end in ends
        assert Fraction(7, 10) * 12 <= inside[-1].end - inside[0].start <= Fraction(23, 20) * 12
    for before, after in pairwise(passages):
        assert before.range_in_source.end <= after.range_in_source.start


def test_no_passage_parts_a_question_from_its_answer() -> None:
    for length in range(5, 40, 2):
        for passage in suggested(talk(), length=Fraction(length), count=5):
            assert not passage.text.endswith("?")
            assert ("어디에서 사나요?" in passage.text) == ("시청 누리집에서 사실 수" in passage.text)


def test_a_passage_starts_no_earlier_than_the_sentence_before_it_ends() -> None:
    clip = talk()
    found = sentences(0, spoken_words(clip))
    for passage in suggested(clip, length=Fraction(12), count=5):
        start, end = passage.range_in_source.start, passage.range_in_source.end
        assert not any(s.start < start < s.end or s.start < end < s.end for s in found)


def _hour() -> SpokenClip:
    """Sixty minutes of a council meeting: 400 items of three topics, each a question, an answer, and what follows."""
    topics = [("주차장", "광장", "차량"), ("도서관", "어린이", "독서"), ("하천", "산책로", "나무")]
    said = [
        f"{a} {b} 사업은 얼마나 되었나요? {a} {b} 사업은 {n + 3} 퍼센트 되었습니다. 올해 안에 {c} {a} 공사를 마칩니다. |"
        for n in range(134)
        for a, b, c in topics
    ]
    return talk(" ".join(said))


def test_an_hour_gives_whole_passages_with_their_answers_and_the_same_ones_again() -> None:
    clip = _hour()
    assert clip.range_in_source.duration > 3600
    found = sentences(0, spoken_words(clip))
    passages = suggested(clip, length=Fraction(30), count=5)
    assert 3 <= len(passages) <= 5
    for passage in passages:
        start, end = passage.range_in_source.start, passage.range_in_source.end
        inside = [at for at, s in enumerate(found) if start <= s.start and s.end <= end]
        assert passage.text == " ".join(found[at].text for at in inside)
        assert not found[inside[-1]].asks
        assert not found[inside[0] - 1].asks
        assert 21 <= end - start <= 36
    assert suggested(clip, length=Fraction(30), count=5) == passages


def test_a_passage_said_with_more_energy_is_preferred() -> None:
    """The same words twice; nothing but the voice tells them apart."""
    clip = talk(
        "축제는 광장에서 열립니다. 광장으로 모두 오세요. | | | | | 축제는 광장에서 열립니다. 광장으로 모두 오세요."
    )
    later = clip.words[6].start
    (calm,) = suggested(clip, length=Fraction(5), count=1)
    assert calm.range_in_source.end < later
    levels = [-24 if tenth < later * 10 else -18 for tenth in range(round(clip.range_in_source.end * 10))]
    (loud,) = suggested(clip, length=Fraction(5), count=1, levels=levels)
    assert loud.range_in_source.start > calm.range_in_source.end
    assert suggested(clip, length=Fraction(5), count=1, levels=[-20] * len(levels))[0] == calm
    assert suggested(clip, length=Fraction(5), count=1, levels=levels[:3]), "sound that ends early"


def test_the_same_words_give_the_same_passages() -> None:
    assert suggested(talk(), length=Fraction(15), count=3) == suggested(talk(), length=Fraction(15), count=3)


def test_topics_are_what_the_passage_names() -> None:
    for passage in suggested(talk(), length=Fraction(12), count=5):
        assert 1 <= len(passage.topics) <= 3
        assert all(topic in passage.text.replace(" ", "") for topic in passage.topics)


def test_a_recording_that_is_too_short_or_silent_gives_nothing() -> None:
    assert suggested(talk("안녕하세요."), length=Fraction(30), count=5) == ()
    assert suggested(replace(talk(), words=()), length=Fraction(30), count=5) == ()


def test_the_draft_says_how_words_are_written_and_marked_cues_are_not_proposed() -> None:
    spoken = talk("축제가 열립니다. | 물 좀 주세요. | 광장으로 오세요.")
    w = spoken.words
    draft = (
        Cue(start=w[0].start, end=w[1].end, lines=("한빛 축제가 열립니다.",)),
        Cue(start=w[2].start, end=w[4].end, lines=("[x] 물 좀 주세요.",)),
        Cue(start=w[5].start, end=w[6].end, lines=("광장으로 오세요.",)),
    )
    found = sentences(0, spoken_words(replace(spoken, cues=draft)))
    assert [s.text for s in found] == ["한빛 축제가 열립니다.", "광장으로 오세요."]


def test_another_language_needs_no_analyser() -> None:
    spoken = replace(talk("The festival opens today. | Where is the festival? At the market."), language="en")
    found = sentences(0, spoken_words(spoken), language="en")
    assert [s.asks for s in found] == [False, True, False]
    assert found[0].nouns == ("festival", "opens", "today")


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.tuples(st.text(min_size=1, max_size=6), st.integers(0, 30)), max_size=30), st.integers(5, 60)
)
def test_whatever_is_said_nothing_breaks_and_passages_stay_inside(
    said: list[tuple[str, int]], length: int
) -> None:
    words = []
    at = Fraction(0)
    for text, pause in said:
        if clean := "".join(c for c in text if c.isalnum() or c in ".?!"):
            words.append(TimedWord(text=clean, start=at, end=at + 1))
            at += 1 + Fraction(pause, 10)
    found = sentences(0, words, language="en")
    assert [w for s in found for w in s.words] == words
    assert all(weight >= 0 for weight in weighed(found).weights)
