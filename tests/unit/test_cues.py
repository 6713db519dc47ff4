"""From words to cues, and from any cue to lines that fit: nothing lost, too wide or overlapping."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reels.cues import CueRules, break_lines, cues_for_burn_in, segment_words
from reels.fonts import load_font, shipped_fonts
from reels.korean import split_eojeol, units
from reels.subtitles import Cue, subtitle_lines, write_srt
from reels.transcript import Segment, Transcript, Word

RULES = CueRules()
IN_PIXELS = CueRules(font=load_font(shipped_fonts()[0]), font_size_px=64, max_width_px=700)
NTSC = Fraction(30000, 1001)

SPEECH = """안녕하세요 한빛시청 홍보담당관실 김하늘 주무관입니다. 오늘은 이번 주말에 열리는 한빛시
비빔밥축제 현장에 나와 있는데요, 벌써부터 많은 시민분들이 찾아와 주셨습니다. 같이 한번 둘러볼까요? 네. 정말
재미있는 것 같아요. 아이를 데리고 왔는데 체험할 수 있는 게 많아서 좋았고 내년에도 꼭 다시 오고 싶어요.
행사는 10월 3일부터 5일까지 오전 10시에서 오후 9시까지 한옥마을 일대에서 진행되며, 주차장이 혼잡할 수
있으니 대중교통을 이용해 주시기 바랍니다. 태풍 때문에 강풍 특보가 발효 중이니 외출을 자제하시고 위험
지역에서는 즉시 대피하시기 바랍니다."""


def spoken(text: str, *, start: Fraction = Fraction(1, 2), pause: Fraction = Fraction(1, 20)) -> Transcript:
    """`text` at seven signs a second, `pause` after each 어절, 0.4 s more after a sentence: one segment."""
    at, words = start, []
    for eojeol in text.split():
        end = at + Fraction(len(eojeol), 7)
        words.append(Word(text=eojeol, start=at, end=end))
        at = end + pause + (Fraction(2, 5) if eojeol[-1] in ".?" else 0)
    segment = Segment(text=" ".join(text.split()), start=start, end=words[-1].end, words=tuple(words))
    return Transcript(language="ko", duration=words[-1].end + 1, model="fixture", segments=(segment,))


def texts(cues: Sequence[Cue]) -> list[str]:
    return [" / ".join(cue.lines) for cue in cues]


def letters(text: str) -> str:
    return "".join(text.split())


def shown_letters(cues: Sequence[Cue]) -> str:
    return letters("".join(cue.text for cue in cues))


# --- words to cues ---------------------------------------------------------------------------------------


def test_speech_becomes_the_cues_that_an_editor_would_make() -> None:
    assert texts(segment_words(spoken(SPEECH), RULES)) == [
        "안녕하세요 한빛시청 홍보담당관실 / 김하늘 주무관입니다.",
        "오늘은 이번 주말에 / 열리는 한빛시 비빔밥축제 현장에",
        "나와 있는데요,",
        "벌써부터 많은 시민분들이 / 찾아와 주셨습니다.",
        "같이 한번 둘러볼까요?",
        "네. 정말 재미있는 것 같아요.",
        "아이를 데리고 왔는데",
        "체험할 수 있는 게 많아서 좋았고 / 내년에도 꼭 다시 오고 싶어요.",
        "행사는 10월 3일부터 5일까지 / 오전 10시에서 오후 9시까지",
        "한옥마을 일대에서 진행되며, / 주차장이 혼잡할 수 있으니",
        "대중교통을 / 이용해 주시기 바랍니다.",
        "태풍 때문에 강풍 특보가 / 발효 중이니 외출을 자제하시고",
        "위험 지역에서는 / 즉시 대피하시기 바랍니다.",
    ]


def test_every_cue_keeps_the_rules_of_width_time_and_gap() -> None:
    transcript = spoken(SPEECH)
    cues = segment_words(transcript, RULES)
    starts = {word.start for word in transcript.words}
    for cue in cues:
        assert len(cue.lines) <= 2
        assert all(units(line) <= 16 for line in cue.lines)
        assert Fraction(5, 6) <= cue.duration <= 7
        assert sum(map(units, cue.lines)) / cue.duration <= 12
        assert any(abs(cue.start - start) <= Fraction(1, 1000) for start in starts)
    for cue, following in itertools.pairwise(cues):
        assert following.start - cue.end >= Fraction(83, 1000)


def test_a_long_silence_parts_cues_even_within_a_sentence() -> None:
    first, second = spoken("이번 주말"), spoken("축제가 열립니다.", start=Fraction(4))
    both = Transcript(
        language="ko", duration=Fraction(9), model="fixture", segments=first.segments + second.segments
    )
    cues = segment_words(both, RULES)
    assert texts(cues) == ["이번 주말", "축제가 열립니다."]
    assert cues[0].end - first.words[-1].end <= Fraction(1, 2)


def test_a_sentence_over_two_segments_is_one_cue() -> None:
    first = spoken("이번 주말에")
    at = first.words[-1].end + Fraction(1, 20)
    second = spoken("축제가 열립니다.", start=at)
    both = Transcript(
        language="ko", duration=Fraction(9), model="fixture", segments=first.segments + second.segments
    )
    assert texts(segment_words(both, RULES)) == ["이번 주말에 축제가 열립니다."]


def test_a_word_wider_than_a_line_is_broken_inside_at_a_seam_and_no_other_word_is() -> None:
    cues = segment_words(
        spoken("자세한 내용은 www.hanbit.go.kr/festival/2026/bibimbap 누리집에서 보세요."), RULES
    )
    lines = [line for cue in cues for line in cue.lines]
    assert letters("".join(lines)) == "자세한내용은www.hanbit.go.kr/festival/2026/bibimbap누리집에서보세요."
    assert all(units(line) <= 16 for line in lines)
    whole = {eojeol for line in lines for eojeol in line.split()}
    assert {"자세한", "내용은", "누리집에서", "보세요."} <= whole
    address = [e for line in lines for e in line.split() if e.isascii()]
    assert all(part[-1] in "/.-" for part in address[:-1])


def test_a_segment_without_word_times_is_spread_over_its_time() -> None:
    segment = Segment(text="이번 주말 축제가 열립니다. 많이 오세요.", start=Fraction(2), end=Fraction(8))
    bare = Transcript(language="ko", duration=Fraction(9), model="srt", segments=(segment,))
    cues = segment_words(bare, RULES)
    assert shown_letters(cues) == letters(segment.text)
    assert cues[0].start == 2
    assert 8 <= cues[-1].end <= 9


def test_a_corrected_segment_text_wins_over_its_words_which_still_tell_the_time() -> None:
    transcript = spoken("삼월 십오일 축제가 열립니다.")
    segment = transcript.segments[0]
    corrected = Segment(
        text="3월 15일 비빔밥축제가 열립니다.", start=segment.start, end=segment.end, words=segment.words
    )
    cues = segment_words(
        Transcript(language="ko", duration=transcript.duration, model="x", segments=(corrected,)), RULES
    )
    assert shown_letters(cues) == letters(corrected.text)
    assert cues[0].start == segment.start


def test_silence_gives_no_cues() -> None:
    assert segment_words(Transcript(language="ko", duration=Fraction(60), model="x"), RULES) == ()


def test_an_hour_of_speech_loses_no_letter() -> None:
    eojeol = SPEECH.split()
    segments: list[Segment] = []
    at = Fraction(0)
    while at < 3600:
        part = spoken(" ".join(eojeol[len(segments) % 40 :]), start=at)
        segments += part.segments
        at = part.segments[-1].end + Fraction(1, 10)
    hour = Transcript(language="ko", duration=at, model="x", segments=tuple(segments))
    cues = segment_words(hour, IN_PIXELS)
    assert shown_letters(cues) == letters(hour.text)


# --- properties ------------------------------------------------------------------------------------------

_eojeol = st.one_of(
    st.sampled_from(
        [*SPEECH.split(), "-", "수", "😀", "👨\u200d👩\u200d👧", "漢字", "{\\an8}", "a" * 40, "가" * 35]
    ),
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12),
)
_text = st.lists(_eojeol, min_size=1, max_size=14).map(
    lambda words: " ".join(subtitle_lines(" ".join(words)))
)
_rules = st.sampled_from(
    [
        RULES,
        IN_PIXELS,
        CueRules(max_units=12, max_lines=1),
        CueRules(max_units=5, max_lines=3),
        CueRules(max_units=1),
    ]
)


@st.composite
def _transcripts(draw: st.DrawFn) -> Transcript:
    at, segments = Fraction(0), []
    for text in draw(st.lists(_text.filter(bool), max_size=3)):
        words = []
        for eojeol in split_eojeol(text):
            start = at + Fraction(draw(st.sampled_from([0, 0, 30, 250, 900, 4000])), 1000)
            at = start + Fraction(draw(st.sampled_from([0, 1, 20, 300, 700, 8000])), 1000)
            words.append(Word(text=eojeol, start=start, end=at))
        kept = tuple(words) if draw(st.booleans()) else ()
        segments.append(Segment(text=text, start=words[0].start, end=at, words=kept))
    return Transcript(language="ko", duration=at, model="x", segments=tuple(segments))


def assert_in_order(cues: Sequence[Cue]) -> None:
    assert all(a.end <= b.start for a, b in itertools.pairwise(cues))


@settings(deadline=None)
@given(_transcripts(), _rules)
def test_no_letter_is_lost_or_moved_and_times_stay_in_order(transcript: Transcript, rules: CueRules) -> None:
    cues = segment_words(transcript, rules)
    assert shown_letters(cues) == letters(transcript.text)
    assert_in_order(cues)
    assert all(len(cue.lines) <= rules.max_lines for cue in cues)
    assert all(cue.duration <= rules.max_duration for cue in cues)
    assert segment_words(transcript, rules) == cues
    assert write_srt(cues).count(" --> ") >= len(cues)


@settings(deadline=None)
@given(_text.filter(bool), _rules)
def test_lines_fit_and_break_inside_an_eojeol_only_where_it_alone_is_too_wide(
    text: str, rules: CueRules
) -> None:
    lines = break_lines(text, rules)
    assert letters("".join(lines)) == letters(text)

    def fits(line: str) -> bool:
        in_pixels = rules.font is None or rules.font.text_width_px(line, 64) <= rules.max_width_px
        return units(line) <= rules.max_units and in_pixels

    assert all(fits(line) or len(line) <= 8 for line in lines), "only a single sign may be wider than a line"
    whole = [eojeol for line in lines for eojeol in line.split()]
    assert [e for e in split_eojeol(text) if fits(e) and e not in whole] == []


_cues = st.lists(
    st.tuples(st.integers(0, 20_000), st.integers(1, 8_000), _text.filter(bool)).map(
        lambda t: Cue(start=Fraction(t[0], 1000), end=Fraction(t[0] + t[1], 1000), lines=(t[2],))
    ),
    max_size=6,
)


@settings(deadline=None)
@given(_cues, st.sampled_from([NTSC, Fraction(25), Fraction(60)]), _rules)
def test_burned_in_cues_lie_on_frames_without_overlap_and_lose_nothing(
    cues: list[Cue], rate: Fraction, rules: CueRules
) -> None:
    burned = cues_for_burn_in(cues, rules, rate)
    assert sorted(shown_letters(burned)) == sorted(shown_letters(cues))
    assert_in_order(burned)
    assert all((t * rate).denominator == 1 for cue in burned for t in (cue.start, cue.end))
    cut = cues_for_burn_in(cues, rules, rate, frame_count=90)
    assert all(cue.end <= 90 / rate for cue in cut)


# --- a person's cues -------------------------------------------------------------------------------------


def test_a_person_s_line_breaks_stay_where_they_fit() -> None:
    assert break_lines("이번 주말\n축제가 열립니다", RULES) == ("이번 주말", "축제가 열립니다")
    assert break_lines("이번\n주말 축제가 열립니다", RULES) == ("이번", "주말 축제가 열립니다")


def test_lines_of_a_person_that_are_too_wide_are_broken_anew_by_grammar() -> None:
    assert break_lines("이번 주말 한옥마을에서 비빔밥축제가\n열립니다", RULES) == (
        "이번 주말 한옥마을에서",
        "비빔밥축제가 열립니다",
    )


def test_two_speakers_keep_a_line_each() -> None:
    text = "- 이번 축제에서 제일 재미있는 것은 무엇인가요?\n- 비빔밥이요"
    lines = break_lines(text, RULES)
    assert lines[-1] == "- 비빔밥이요"
    assert letters("".join(lines)) == letters(text)


def test_no_bound_noun_begins_a_line_and_the_lower_line_is_the_longer_one() -> None:
    assert break_lines("누구나 무료로 참여하실 수 있는 축제입니다", RULES) == (
        "누구나 무료로",
        "참여하실 수 있는 축제입니다",
    )


def test_a_line_that_fits_in_units_is_broken_where_the_font_is_too_wide_for_the_frame() -> None:
    text = "가나다라마바사 아자차카타파"
    assert break_lines(text, RULES) == (text,)
    assert len(break_lines(text, IN_PIXELS)) == 2


def test_a_text_for_more_than_two_lines_becomes_cues_that_share_its_time() -> None:
    long = Cue(start=Fraction(1), end=Fraction(9), lines=tuple(SPEECH.split("\n"))[:1])
    burned = cues_for_burn_in([long], RULES, Fraction(30))
    assert len(burned) == 2
    assert burned[0].start == 1
    assert burned[-1].end == 9
    widths = [sum(map(units, cue.lines)) for cue in burned]
    assert float(burned[0].duration / burned[1].duration) == pytest.approx(
        float(widths[0] / widths[1]), abs=0.1
    )
    assert burned[1].start - burned[0].end == Fraction(2, 30)


def test_of_two_overlapping_cues_the_earlier_gives_way_and_two_at_once_become_one() -> None:
    def cue(start: str, end: str, text: str) -> Cue:
        return Cue(start=Fraction(start), end=Fraction(end), lines=(text,))

    burned = cues_for_burn_in([cue("2", "4", "둘"), cue("1", "3", "하나")], RULES, Fraction(30))
    assert burned == (cue("1", str(2 - Fraction(2, 30)), "하나"), cue("2", "4", "둘"))
    together = cues_for_burn_in([cue("1", "3", "- 네"), cue("1.1", "4", "- 아니요")], RULES, Fraction(30))
    assert together == (Cue(start=Fraction(1), end=Fraction(4), lines=("- 네", "- 아니요")),)


def test_a_cue_too_short_to_read_is_lengthened_where_there_is_room() -> None:
    short = Cue(start=Fraction(1), end=Fraction(11, 10), lines=("네",))
    assert cues_for_burn_in([short], RULES, Fraction(30))[0].duration == Fraction(5, 6)
    following = Cue(start=Fraction(3, 2), end=Fraction(3), lines=("아니요",))
    assert cues_for_burn_in([short, following], RULES, Fraction(30))[0].end == Fraction(3, 2) - Fraction(
        2, 30
    )
    assert cues_for_burn_in([short], RULES, Fraction(30), frame_count=36)[0].end == Fraction(36, 30)


def test_rules_that_no_cue_could_keep_are_refused() -> None:
    for wrong in (
        {"max_units": 0},
        {"max_lines": 0},
        {"min_duration": Fraction(8)},
        {"font": IN_PIXELS.font},
    ):
        with pytest.raises(ValueError, match=r"cue|font"):
            CueRules(**wrong)
