"""From words to cues, and from any cue to lines that fit: nothing lost, too wide or overlapping."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reels.cues import CueRules, break_lines, cue_texts, cues_for_burn_in, segment_words
from reels.cues.languages import width_halves
from reels.fonts import load_font, shipped_fonts
from reels.korean import split_eojeol
from reels.subtitles import Cue, subtitle_lines, write_srt
from reels.transcript import Segment, Transcript, Word
from tests.unit.korean_goldens import units

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


def said_by(speakers: Sequence[tuple[str, str]]) -> Transcript:
    """Each (speaker, text) right after the other, without a pause."""
    at, segments = Fraction(0), []
    for speaker, text in speakers:
        part = spoken(text, start=at, pause=Fraction(0))
        at = part.segments[0].end
        segments.append(replace(part.segments[0], speaker=speaker))
    return Transcript(language="ko", duration=at + 1, model="fixture", segments=tuple(segments))


def cue(start: str | Fraction, end: str | Fraction, *lines: str) -> Cue:
    return Cue(start=Fraction(start), end=Fraction(end), lines=lines)


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


@pytest.mark.parametrize(
    ("speakers", "wanted"),
    [
        ([("", "이번 주말에"), ("", "만나요")], ["이번 주말에 만나요"]),
        ([("김하늘", "이번 주말에"), ("이도윤", "만나요")], ["이번 주말에", "만나요"]),
        ([("김하늘", "이번 주말에"), ("김하늘", "만나요")], ["이번 주말에 만나요"]),
        ([("김하늘", "이번 주말에"), ("", "만나요")], ["이번 주말에 만나요"]),
        ([("김하늘", "이번"), ("", "주말에"), ("이도윤", "만나요")], ["이번 주말에", "만나요"]),
        ([("", "- 이번 주말에"), ("", "- 만나요")], ["- 이번 주말에", "- 만나요"]),
    ],
)
def test_no_cue_goes_from_one_speaker_to_the_next(speakers: list[tuple[str, str]], wanted: list[str]) -> None:
    assert texts(segment_words(said_by(speakers), RULES)) == wanted


def test_a_gap_between_cues_is_two_frames_or_a_pause_that_shows() -> None:
    for pause in range(0, 2000, 70):
        first = spoken("네.")
        second = spoken("반갑습니다.", start=first.segments[0].end + Fraction(pause, 1000))
        both = Transcript(
            language="ko", duration=Fraction(9), model="fixture", segments=first.segments + second.segments
        )
        cues = segment_words(both, RULES)
        for before, after in itertools.pairwise(cues):
            gap = after.start - before.end
            assert gap == Fraction(83, 1000) or gap >= Fraction(1, 2), (pause, gap)


def test_short_style_shows_one_short_line_at_a_time() -> None:
    cues = segment_words(spoken(SPEECH), CueRules.short())
    assert shown_letters(cues) == letters(SPEECH)
    assert all(len(cue.lines) == 1 and units(cue.lines[0]) <= 12 for cue in cues)
    assert texts(cues)[:4] == [
        "안녕하세요",
        "한빛시청 홍보담당관실",
        "김하늘 주무관입니다.",
        "오늘은 이번 주말에",
    ]
    assert len([cue for cue in cues if cue.duration < Fraction(1, 2)]) == 0


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
        CueRules.short(),
        CueRules.for_language("en"),
        CueRules.for_language("ja"),
        CueRules.short("zh", font=IN_PIXELS.font, font_size_px=64, max_width_px=700),
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
        return width_halves(line, rules.language) <= 2 * rules.max_units and in_pixels

    assert all(fits(line) or len(line) <= 8 for line in lines), "only a single sign may be wider than a line"
    if rules.language in ("ko", "en"):
        whole = [eojeol for line in lines for eojeol in line.split()]
        assert [e for e in split_eojeol(text) if fits(e) and e not in whole] == []
    assert break_lines(text, rules) == lines
    if len(lines) <= rules.max_lines and all(map(fits, lines)):
        assert break_lines("\n".join(lines), rules) == lines, "broken lines are left as they are"


@settings(deadline=None)
@given(_text.filter(bool), _rules)
def test_with_the_guide_s_punctuation_no_line_is_wider_and_only_marks_are_gone(
    text: str, rules: CueRules
) -> None:
    lines = break_lines(text, rules, punctuation=True)

    def said(shown: str) -> str:
        return "".join(c for c in shown if c.isalnum())

    assert said("".join(lines)) == said(text)
    assert all(rules.fits(line) or len(line) <= 8 for line in lines)
    if rules.language == "ko":
        assert not any(line.endswith((",", "니다.", "요.")) for line in lines if said(line))


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
    burned = cues_for_burn_in(cues, rules, rate, punctuation=False)
    assert sorted(shown_letters(burned)) == sorted(shown_letters(cues))
    assert_in_order(burned)
    assert all((t * rate).denominator == 1 for cue in burned for t in (cue.start, cue.end))
    whole = cues_for_burn_in(cues, rules, rate, frame_count=90)
    assert all(cue.end <= 90 / rate for cue in whole)


@settings(deadline=None)
@given(
    _cues,
    st.sampled_from([NTSC, Fraction(25), Fraction(60)]),
    _rules,
    st.lists(st.integers(0, 900), max_size=5),
)
def test_no_burned_in_cue_goes_across_a_cut_and_every_letter_is_still_shown(
    cues: list[Cue], rate: Fraction, rules: CueRules, cuts: list[int]
) -> None:
    burned = cues_for_burn_in(cues, rules, rate, cuts=cuts, punctuation=False)
    assert_in_order(burned)
    for shown in burned:
        assert not any(shown.start * rate < at < shown.end * rate for at in cuts)
    assert set(shown_letters(burned)) == set(shown_letters(cues))


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


def test_a_cue_that_is_parted_goes_on_when_its_words_are_spoken() -> None:
    said = "한빛시 비빔밥축제에 놀러 오세요 이번 주말 한옥마을에서 만나요"
    long = Cue(start=Fraction(1), end=Fraction(9), lines=(said,))
    letters = [c for c in said if c.isalnum()]
    second = said.replace(" ", "").index("이번")
    times = [Fraction(1) + Fraction(n, 10) + (4 if n >= second else 0) for n in range(len(letters))]
    first, then = cues_for_burn_in([long], RULES, Fraction(30), spoken=lambda _cue: times)
    assert then.lines[0].startswith("이번")
    assert abs(then.start - times[second]) <= Fraction(1, 30)
    assert first.end <= then.start
    shared = cues_for_burn_in([long], RULES, Fraction(30))
    assert abs(shared[1].start - times[second]) > Fraction(1, 2), "without the words it is somewhere else"


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


def test_a_small_gap_is_closed_to_two_frames_and_a_real_pause_is_kept() -> None:
    for gap, closed in ((Fraction(2, 30), True), (Fraction(11, 30), True), (Fraction(1, 2), False)):
        cues = [cue("1", "3", "하나"), cue(3 + gap, "6", "둘")]
        first, second = cues_for_burn_in(cues, RULES, Fraction(30))
        assert second.start == 3 + gap
        assert second.start - first.end == (Fraction(2, 30) if closed else gap)


def test_a_cue_over_a_cut_is_shown_on_both_sides_without_a_flicker() -> None:
    whole = cue("1", "5", "이번 주말 한빛시에서 만나요")
    assert cues_for_burn_in([whole], RULES, Fraction(30), cuts=[90]) == (
        cue("1", "3", *whole.lines),
        cue("3", "5", *whole.lines),
    )
    halves = [cue("1", "3", *whole.lines), cue("3", "5", *whole.lines)]
    assert cues_for_burn_in(halves, RULES, Fraction(30), cuts=[90]) == tuple(halves)


def test_a_sliver_of_a_cue_beyond_a_cut_is_left_to_the_other_side() -> None:
    assert cues_for_burn_in([cue("1", "3.2", "네")], RULES, Fraction(30), cuts=[0, 90]) == (
        cue("1", "3", "네"),
    )
    assert cues_for_burn_in([cue("2.9", "5", "네")], RULES, Fraction(30), cuts=[90]) == (cue("3", "5", "네"),)


def test_a_short_cue_is_not_lengthened_over_a_cut() -> None:
    assert cues_for_burn_in([cue("2.8", "3", "네")], RULES, Fraction(30), cuts=[90]) == (
        cue("2.8", "3", "네"),
    )


def test_a_long_text_over_a_cut_is_shared_out_once_and_changes_with_the_picture() -> None:
    text = "행사는 10월 3일부터 5일까지 오전 10시에서 오후 9시까지 한옥마을 일대에서 진행되며 주차장이 혼잡합니다"
    burned = cues_for_burn_in([cue("1", "4.5", text), cue("4.5", "8", text)], RULES, Fraction(30), cuts=[135])
    assert shown_letters(burned) == letters(text)
    assert Fraction(135, 30) in [shown.start for shown in burned]


def test_punctuation_goes_before_widths_are_measured_and_only_in_korean() -> None:
    text = "가나다라마바사아자차카타파하거너."
    assert cue_texts(text, RULES, punctuation=True) == ((text[:-1],),)
    assert len(break_lines(text, RULES)) == 2
    assert break_lines("네, 그렇습니다.", RULES, punctuation=True) == ("네, 그렇습니다",)
    english = CueRules.for_language("en")
    assert break_lines("Yes, it is.", english, punctuation=True) == ("Yes, it is.",)
    (shown,) = cues_for_burn_in([cue("1", "3", "축제가 열립니다.")], RULES, Fraction(30))
    assert shown.lines == ("축제가 열립니다",)
    (kept,) = cues_for_burn_in([cue("1", "3", "축제가 열립니다.")], RULES, Fraction(30), punctuation=False)
    assert kept.lines == ("축제가 열립니다.",)


def test_a_line_may_be_as_wide_as_the_rule_without_its_comma() -> None:
    text = "가나다라마바사 아자차카타파하거1, 눈이 오면 천천히 가세요"
    assert units("가나다라마바사 아자차카타파하거1") == 16
    assert break_lines(text, RULES, punctuation=True) == (
        "가나다라마바사 아자차카타파하거1",
        "눈이 오면 천천히 가세요",
    )


def test_signs_that_the_guide_leaves_out_are_shown_where_nothing_else_is_left() -> None:
    narrow = CueRules(max_units=1)
    assert cue_texts("가,", narrow, punctuation=True) == (("가",),)
    assert all(lines for lines in cue_texts("가나다,, ,", narrow, punctuation=True))
    assert cue_texts(", ,", narrow, punctuation=True)
    glued = CueRules(max_units=4)
    assert break_lines("‘하나,둘,’", glued, punctuation=True) == ("‘하나", "둘’")
    assert "".join(break_lines("1,000,000원", glued, punctuation=True)) == "1,000,000원"
    wide = "이번 주말 한빛시에서 만나요. . . 그리고 다음 주말에도 만나요"
    assert "…" in "".join(break_lines(wide, RULES, punctuation=True))


def test_a_comma_goes_where_a_line_is_made_and_grammar_still_knows_of_it() -> None:
    text = "비가 오면 우산을 챙기시고, 눈이 오면 천천히 걸어 주세요."
    assert cue_texts(text, RULES, punctuation=True) == (
        ("비가 오면 우산을 챙기시고", "눈이 오면 천천히 걸어 주세요"),
    )


def test_what_was_burned_in_is_burned_in_the_same_again() -> None:
    long = [
        cue(Fraction(5 * n), Fraction(5 * n + 5), text)
        for n, text in enumerate(" ".join(SPEECH.split()).split(". "))
    ]
    once = cues_for_burn_in(long, RULES, NTSC)
    assert cues_for_burn_in(once, RULES, NTSC) == once


# --- other languages -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "units_of_line", "units_per_second", "shortest"),
    [
        ("ko", 16, 12, Fraction(5, 6)),
        ("ko-KR", 16, 12, Fraction(5, 6)),
        ("en", 42, 20, Fraction(5, 6)),
        ("EN_us", 42, 20, Fraction(5, 6)),
        ("vi", 42, 20, Fraction(5, 6)),
        ("zh-Hant", 16, 9, Fraction(5, 6)),
        ("ja", 13, 4, Fraction(1, 2)),
    ],
)
def test_each_language_has_the_numbers_of_its_guide(
    language: str, units_of_line: int, units_per_second: int, shortest: Fraction
) -> None:
    rules = CueRules.for_language(language)
    assert (rules.max_units, rules.max_units_per_second, rules.min_duration) == (
        units_of_line,
        units_per_second,
        shortest,
    )
    assert CueRules.for_language(language, max_units=20).max_units == 20
    assert CueRules.for_language("ko") == CueRules()


@pytest.mark.parametrize(
    ("language", "text", "wanted"),
    [
        (
            "en",
            "The festival opens on the 3rd of October, and everybody is welcome to join us.",
            ("The festival opens on the 3rd of October,", "and everybody is welcome to join us."),
        ),
        (
            "en",
            "Please bring your own cup because there are no paper cups.",
            ("Please bring your own cup", "because there are no paper cups."),
        ),
        (
            "ja",
            "今週末、韓光市でビビンバ祭りが開催されます。",
            ("今週末、韓光市でビビンバ", "祭りが開催されます。"),
        ),
        (
            "zh",
            "本周末韩光市将举办拌饭节，欢迎各位市民踊跃参加。",
            ("本周末韩光市将举办拌饭节，", "欢迎各位市民踊跃参加。"),
        ),
        (
            "fr",
            "Ce week-end, tout le monde est invité au festival.",
            ("Ce week-end,", "tout le monde est invité au festival."),
        ),
    ],
)
def test_other_languages_are_broken_by_their_own_rules(
    language: str, text: str, wanted: tuple[str, ...]
) -> None:
    lines = break_lines(text, CueRules.for_language(language))
    assert lines[:2] == wanted


@pytest.mark.parametrize(
    "text",
    ["「今週末」、「韓光市」、「お祭り」、「ビビンバ」、「です」。", "ラーメンッポッキーャービビンバーー"],
)
def test_no_japanese_line_begins_with_a_mark_that_must_not(text: str) -> None:
    for width in range(4, 14):
        lines = break_lines(text, CueRules.for_language("ja", max_units=width))
        assert "".join(lines) == text
        assert not any(line[0] in "、。」ーャッ" for line in lines)
        assert not any(line[-1] == "「" for line in lines)


def test_rules_that_no_cue_could_keep_are_refused() -> None:
    for wrong in (
        {"max_units": 0},
        {"max_lines": 0},
        {"min_duration": Fraction(8)},
        {"font": IN_PIXELS.font},
    ):
        with pytest.raises(ValueError, match=r"cue|font"):
            CueRules(**wrong)


def test_words_that_a_persons_times_leave_out_do_not_only_flash() -> None:
    long = cue(
        "10",
        "16",
        "안녕하세요 한빛시 홍보담당관 김하늘입니다",
        "이번 주말 비빔밥 축제가 한옥마을에서 열립니다",
    )
    letters = sum(map(str.isalnum, long.text))
    times = [8 + Fraction(n, 6) for n in range(letters)]
    shown = cues_for_burn_in([long], CueRules.short(), Fraction(30), spoken=lambda _cue: times)
    assert len(shown) > 2
    assert min(cue.duration for cue in shown) >= Fraction(1, 3)
