"""The cuts: what goes, what stays, on whole frames, never in a word; proven on made speech with known words."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reels.cutting import (
    CutOptions,
    Cutting,
    FillerOptions,
    SilenceOptions,
    SpokenClip,
    cues_in_programme,
    cut_reel,
)
from reels.edit import EditList, Removed, cut_clips, without
from reels.subtitles import Cue
from reels.timing import TimeRange
from reels.transcript import Segment, Transcript, Word

RATES = (Fraction(24000, 1001), Fraction(25), Fraction(30000, 1001), Fraction(30), Fraction(60000, 1001))
SILENCE = CutOptions(silence=SilenceOptions())
FILLERS = CutOptions(fillers=FillerOptions())
TEXT = CutOptions(text=True)


def seconds(value: float) -> Fraction:
    return Fraction(round(value * 1000), 1000)


def span(start: float, end: float) -> TimeRange:
    return TimeRange(seconds(start), seconds(end))


def word(text: str, start: float, end: float) -> Word:
    return Word(text=text, start=seconds(start), end=seconds(end))


def cue(start: float, end: float, *lines: str) -> Cue:
    return Cue(start=seconds(start), end=seconds(end), lines=lines)


def clip(
    *words: Word, lasts: float = 20, cues: Sequence[Cue] = (), voices: Sequence[TimeRange] = ()
) -> SpokenClip:
    return SpokenClip(
        range_in_source=span(0, lasts), words=words, cues=tuple(cues), voices=tuple(voices), is_heard=True
    )


def said(text: str, *, start: float = 1, pace: float = 0.3, gap: float = 0.1) -> tuple[Word, ...]:
    """The 어절 of `text` one after the other; `|` stands for a pause of a second."""
    words = []
    at = start
    for part in text.split():
        if part == "|":
            at += 1
            continue
        words.append(word(part, at, at + pace))
        at += pace + gap
    return tuple(words)


def cut_at_25(one: SpokenClip, options: CutOptions, longest: Fraction | None = None) -> Cutting:
    return cut_reel([one], Fraction(25), options, longest=longest)


def removed(cutting: Cutting, reason: str) -> list[tuple[float, float, str]]:
    return [
        (float(r.range_in_source.start), float(r.range_in_source.end), r.text)
        for r in cutting.edit.removed
        if r.reason == reason
    ]


# --- always ----------------------------------------------------------------------------------------------

FEW = st.sampled_from(
    ["어", "음", "그", "오늘", "축제가", "열립니다.", "이제", "막", "시민", "여러분,", "함께해요!"]
)


@st.composite
def spoken_clips(draw: st.DrawFn) -> SpokenClip:
    """Words with pauses of any length, voices around some of them, a draft that says some of them."""
    at = draw(st.fractions(min_value=0, max_value=3, max_denominator=100))
    words = []
    for text in draw(st.lists(FEW, max_size=14)):
        length = draw(st.fractions(min_value=Fraction(1, 50), max_value=1, max_denominator=50))
        words.append(Word(text=text, start=at, end=at + length))
        at += length + draw(
            st.one_of(st.just(Fraction(0)), st.fractions(min_value=0, max_value=3, max_denominator=100))
        )
    start = draw(st.fractions(min_value=0, max_value=2, max_denominator=1000))
    lasts = draw(st.fractions(min_value=Fraction(1, 10), max_value=20, max_denominator=1000))
    cues = []
    for first in range(0, len(words), 3):
        group = words[first : first + 3]
        kept = [w.text for w in group if draw(st.booleans())]
        mark = "[x] " if draw(st.integers(0, 5)) == 0 else ""
        if kept:
            cues.append(Cue(start=group[0].start, end=group[-1].end, lines=(mark + " ".join(kept),)))
    voices = [TimeRange(w.start, w.end + Fraction(1, 5)) for w in words if draw(st.booleans())]
    return SpokenClip(
        range_in_source=TimeRange(start, start + lasts),
        words=tuple(words),
        voices=tuple(voices),
        cues=tuple(cues),
        is_heard=True,
    )


all_options = st.builds(
    CutOptions,
    silence=st.one_of(st.none(), st.just(SilenceOptions())),
    fillers=st.one_of(st.none(), st.just(FillerOptions())),
    text=st.booleans(),
    to_fit=st.booleans(),
    shortest=st.sampled_from([Fraction(0), Fraction(2, 5), Fraction(1)]),
)


any_reel = given(
    st.lists(spoken_clips(), min_size=1, max_size=2),
    st.sampled_from(RATES),
    all_options,
    st.one_of(st.none(), st.fractions(min_value=1, max_value=10, max_denominator=10)),
)
"""Clips, a rate, options and how long the reel may be."""


@settings(max_examples=60, deadline=None)
@any_reel
def test_whatever_is_cut_what_stays_and_what_goes_are_the_whole_in_order_on_whole_frames(
    clips: list[SpokenClip], rate: Fraction, options: CutOptions, longest: Fraction | None
) -> None:
    whole = cut_clips([c.range_in_source for c in clips], rate)
    cut = cut_reel(clips, rate, options, longest=longest).edit
    for number, source in enumerate(whole.spans):
        kept = [s.range_in_source for s in cut.spans if s.clip == number]
        gone = [r.range_in_source for r in cut.removed if r.clip == number]
        together = sorted([*kept, *gone])
        assert together[0].start == source.range_in_source.start
        assert together[-1].end == source.range_in_source.end
        assert all(before.end == after.start for before, after in pairwise(together))
        assert kept == sorted(kept)
        for part in (*kept, *gone):
            assert ((part.start - source.range_in_source.start) * rate).denominator == 1
    assert [s.clip for s in cut.spans] == sorted(s.clip for s in cut.spans)
    assert cut.frame_count + cut.removed_duration * rate == whole.frame_count
    for frame in range(0, cut.frame_count, 7):
        number, at = cut.to_source(frame)
        shown = cut.to_programme(number, TimeRange(at, at + 1 / rate))
        assert shown == (TimeRange(frame / rate, (frame + 1) / rate),)


@settings(max_examples=60, deadline=None)
@any_reel
def test_whatever_is_cut_no_piece_is_too_short_and_no_word_that_is_heard_loses_a_part(
    clips: list[SpokenClip], rate: Fraction, options: CutOptions, longest: Fraction | None
) -> None:
    cut = cut_reel(clips, rate, options, longest=longest).edit
    for number, one in enumerate(clips):
        spans = [s for s in cut.spans if s.clip == number]
        gone = [r for r in cut.removed if r.clip == number]
        if gone:
            assert all(s.range_in_programme.count >= math.ceil(options.shortest * rate) for s in spans)
        for spoken in one.words:
            place = TimeRange(spoken.start, spoken.end)
            hit = [r for r in gone if r.range_in_source.intersection(place)]
            if not hit:
                continue
            # Less than a frame of what goes may be left at either end, where no pause is there to cut in.
            taken = sum(
                (part.duration for r in hit if (part := r.range_in_source.intersection(place))), Fraction(0)
            )
            inside = place.intersection(one.range_in_source)
            assert inside is not None
            assert any(r.reason != "silence" for r in hit)
            assert inside.duration - taken < 2 / rate


@settings(max_examples=40, deadline=None)
@given(spoken_clips(), st.sampled_from(RATES))
def test_silence_never_takes_a_part_of_a_word_or_of_the_margins_beside_it(
    one: SpokenClip, rate: Fraction
) -> None:
    cut = cut_reel([one], rate, SILENCE).edit
    for r in cut.removed:
        gone = r.range_in_source
        assert all(gone.intersection(voice) is None for voice in one.sounding)
        for spoken in one.sounding:
            if spoken.end <= gone.start:
                assert gone.start - spoken.end >= SilenceOptions().after
            if spoken.start >= gone.end:
                assert spoken.start - gone.end >= SilenceOptions().before


# --- silence ---------------------------------------------------------------------------------------------


def test_a_pause_is_shortened_to_its_margins() -> None:
    cutting = cut_at_25(clip(word("안녕하세요", 0, 1), word("한빛시입니다.", 4, 5), lasts=5), SILENCE)
    assert removed(cutting, "silence") == [(1.28, 3.84, "")]


def test_silence_before_the_first_word_and_after_the_last_goes_but_for_a_moment() -> None:
    cutting = cut_at_25(clip(word("안녕하세요", 3, 4), lasts=10), SILENCE)
    assert removed(cutting, "silence") == [(0, 2.84, ""), (4.52, 10, "")]


def test_pauses_and_margins_can_be_chosen() -> None:
    one = clip(word("안녕하세요", 0, 1), word("한빛시입니다.", 1.6, 2.6), lasts=2.6)
    assert not cut_at_25(one, SILENCE).edit.removed
    short = CutOptions(silence=SilenceOptions(least=seconds(0.5), before=Fraction(0), after=seconds(0.2)))
    assert removed(cut_at_25(one, short), "silence") == [(1.2, 1.6, "")]


def test_a_voice_without_words_is_no_silence() -> None:
    words = (word("안녕하세요", 0, 1), word("한빛시입니다.", 6, 7))
    laughing = clip(*words, lasts=7, voices=[span(2.5, 4.5)])
    assert removed(cut_at_25(laughing, SILENCE), "silence") == [(1.28, 2.32, ""), (4.76, 5.84, "")]


def test_a_cue_that_a_person_put_where_nobody_speaks_keeps_its_time() -> None:
    words = (word("안녕하세요", 0, 1), word("한빛시입니다.", 9, 10))
    one = clip(*words, lasts=10, cues=[cue(4, 6, "(박수)")])
    assert removed(cut_at_25(one, SILENCE), "silence") == [(1.28, 3.84, ""), (6.28, 8.84, "")]


def test_footage_in_which_nobody_speaks_is_left_whole_with_a_note() -> None:
    cutting = cut_at_25(clip(lasts=8), SILENCE)
    assert cutting.edit.frame_count == 200
    assert [note for _, note in cutting.notes] == ["nobody speaks in it, so nothing was cut"]


def test_footage_to_which_nobody_listened_is_left_whole_with_a_note() -> None:
    drone = SpokenClip.of(span(0, 8), None, [])
    cutting = cut_at_25(drone, CutOptions(silence=SilenceOptions(), fillers=FillerOptions()))
    assert cutting.edit.frame_count == 200
    assert [note for _, note in cutting.notes] == [
        "nobody listened to it here, so no silence and no filler was cut"
    ]


def test_a_transcript_gives_its_words_and_its_voices() -> None:
    transcript = Transcript(
        language="ko",
        duration=Fraction(9),
        model="m",
        segments=(
            Segment(text="네.", start=Fraction(1), end=Fraction(2), words=(word("네.", 1, 2),)),
            Segment(text="오늘은", start=Fraction(4), end=Fraction(5)),
        ),
        speech=(TimeRange(Fraction(1), Fraction(5, 2)),),
    )
    one = SpokenClip.of(span(0, 9), transcript, [])
    assert [w.text for w in one.words] == ["네."]
    assert one.voices == (span(1, 2.5), span(4, 5))
    assert one.is_heard


# --- fillers ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("filler", ["어", "음…", "어,", "으음", "그,", "에"])
def test_a_hesitation_with_a_pause_beside_it_goes(filler: str) -> None:
    words = (
        word("오늘은", 1, 1.5),
        word(filler, 1.9, 2.3),
        word("축제가", 2.6, 3),
        word("열립니다.", 3.05, 4),
    )
    found = removed(cut_at_25(clip(*words), FILLERS), "filler")
    assert [text for _, _, text in found] == [filler.strip("…,")]
    start, end, _ = found[0]
    assert 1.5 < start <= 1.9
    assert 2.3 <= end < 2.6


@pytest.mark.parametrize(
    ("before", "meant", "after"),
    [
        ("그래서", "그", "사람이"),  # a determiner
        ("여러분", "저기", "보이는"),  # a place
        ("그럼", "뭐", "먹을까요?"),  # an object
        ("축제가", "이제", "시작합니다."),
        ("방금", "막", "도착했습니다."),
        ("네", "음악이", "좋네요."),
        ("네", "저는", "공무원입니다."),
    ],
)
def test_a_word_that_means_something_stays_in_flowing_speech(before: str, meant: str, after: str) -> None:
    words = (word(before, 1, 1.4), word(meant, 1.5, 1.7), word(after, 1.8, 2.5))
    assert not cut_at_25(clip(*words), FILLERS).edit.removed


def test_a_determiner_with_its_noun_stays_even_after_a_pause() -> None:
    words = (word("어제", 1, 1.5), word("그", 2.2, 2.35), word("사람이", 2.4, 2.9), word("왔어요.", 3, 3.5))
    assert not cut_at_25(clip(*words), FILLERS).edit.removed


def test_a_drawn_out_determiner_with_a_pause_after_it_is_a_hesitation() -> None:
    words = (word("어제", 1, 1.5), word("그", 1.7, 2.2), word("사람이", 2.7, 3.2), word("왔어요.", 3.3, 3.9))
    assert [t for _, _, t in removed(cut_at_25(clip(*words), FILLERS), "filler")] == ["그"]


def test_a_filler_without_room_for_a_clean_join_stays_and_is_told() -> None:
    words = (
        word("오늘은", 1, 1.5),
        word("어", 1.5, 2.1),
        word("축제가", 2.1, 2.6),
        word("열립니다.", 2.7, 3.4),
    )
    cutting = cut_at_25(clip(*words), FILLERS)
    assert not cutting.edit.removed
    (stays,) = cutting.not_cut
    assert (stays.text, stays.reason, stays.why) == ("어", "filler", "no pause beside it to cut in")
    assert stays.range_in_source == span(1.5, 2.1)


@pytest.mark.parametrize("answer", ["어?", "어!", "어."])
def test_an_answer_or_a_question_is_no_filler(answer: str) -> None:
    words = (word("갈까요?", 1, 1.5), word(answer, 2, 2.5), word("가자.", 3, 3.5))
    assert not cut_at_25(clip(*words), FILLERS).edit.removed


def test_each_filler_can_be_kept_by_its_word_or_by_its_time() -> None:
    words = (
        word("오늘은", 1, 1.5),
        word("어", 2, 2.4),
        word("축제가", 2.8, 3.2),
        word("음", 6, 6.4),
        word("열립니다.", 6.8, 7.5),
        word("어", 9, 9.4),
        word("오세요.", 9.8, 10.5),
    )
    one = clip(*words)

    def gone(*keep: str) -> list[str]:
        options = CutOptions(fillers=FillerOptions(keep=keep))
        return [text for _, _, text in removed(cut_at_25(one, options), "filler")]

    assert gone() == ["어", "음", "어"]
    assert gone("어") == ["음"]
    assert gone("00:02.1") == ["음", "어"]
    assert gone("음…", "9.2") == ["어"]


def test_fillers_in_a_row_go_together_each_with_its_own_line_in_the_report() -> None:
    words = (
        word("오늘은", 1, 1.5),
        word("그", 1.8, 2.0),
        word("어", 2.1, 2.5),
        word("저", 2.7, 3.1),
        word("축제가", 3.5, 4),
        word("열립니다.", 4.1, 5),
    )
    cut = cut_at_25(clip(*words), FILLERS).edit
    assert [r.text for r in cut.removed] == ["그", "어", "저"]
    assert all(a.range_in_source.end == b.range_in_source.start for a, b in pairwise(cut.removed))
    assert len(cut.spans) == 2


def test_the_reason_of_a_filler_is_told_in_both_languages() -> None:
    words = (word("오늘은", 1, 1.5), word("어", 2, 2.5), word("축제가", 2.6, 3.2))
    (gone,) = cut_at_25(clip(*words), FILLERS).edit.removed
    assert gone.detail == "pause before 0.50 s, a syllable 0.50 s"
    assert getattr(gone.detail, "ko", "") == "앞 쉼 0.50초, 한 음절 0.50초"


def test_an_english_um_goes_and_an_english_word_stays() -> None:
    words = (word("So,", 1, 1.4), word("um,", 2, 2.4), word("umbrella", 2.8, 3.4), word("her", 3.5, 3.8))
    one = replace(clip(*words), language="en")
    assert [t for _, _, t in removed(cut_at_25(one, FILLERS), "filler")] == ["um"]


def test_a_filler_that_is_cut_is_not_shown_and_the_cue_stays_one() -> None:
    words = (word("오늘은", 1, 1.5), word("어", 1.9, 2.3), word("축제가", 2.6, 3), word("열립니다.", 3.05, 4))
    draft = [cue(1, 4, "오늘은 어, 축제가", "열립니다.")]
    cut = cut_at_25(clip(*words, cues=draft), FILLERS).edit
    (shown,) = cues_in_programme(0, draft, words, cut)
    assert shown.lines == ("오늘은 축제가", "열립니다.")
    assert shown.duration == 3 - cut.removed_duration
    (whole,) = cues_in_programme(0, draft, words, cut_clips([span(0, 20)], Fraction(25)))
    assert whole.lines == draft[0].lines


# --- text ------------------------------------------------------------------------------------------------

SPOKEN = "오늘은 한빛시 축제를 소개합니다. | 먼저 제 이야기를 하겠습니다. | 축제는 내일 시작합니다."


def drafted(*texts: str, words: Sequence[Word]) -> list[Cue]:
    """A cue over the words of each of `texts`, which may leave some out or correct them."""
    at = [0, 4, 8, len(words)]
    return [
        Cue(start=words[at[n]].start, end=words[at[n + 1] - 1].end, lines=(text,))
        for n, text in enumerate(texts)
        if text
    ]


def test_a_cue_that_is_deleted_from_the_draft_cuts_its_speech() -> None:
    words = said(SPOKEN)
    draft = drafted("오늘은 한빛시 축제를 소개합니다.", "", "축제는 내일 시작합니다.", words=words)
    found = removed(cut_at_25(clip(*words, cues=draft), TEXT), "text")
    assert [text for _, _, text in found] == ["먼저 제 이야기를 하겠습니다."]
    start, end, _ = found[0]
    assert words[3].end < seconds(start) <= words[4].start
    assert words[7].end <= seconds(end) < words[8].start


@pytest.mark.parametrize("mark", ["[x] ", "[X]", "[ㅌ] ", "［x］ ", " [ x ] "])
def test_a_marked_cue_cuts_its_speech_and_is_not_shown(mark: str) -> None:
    words = said(SPOKEN)
    draft = drafted(
        "오늘은 한빛시 축제를 소개합니다.",
        f"{mark}먼저 제 이야기를 하겠습니다.".strip(),
        "축제는 내일 시작합니다.",
        words=words,
    )
    cutting = cut_at_25(clip(*words, cues=draft), TEXT)
    assert [text for _, _, text in removed(cutting, "text")] == ["먼저 제 이야기를 하겠습니다."]
    shown = cues_in_programme(0, draft, words, cutting.edit)
    assert [c.text for c in shown] == ["오늘은 한빛시 축제를 소개합니다.", "축제는 내일 시작합니다."]


def test_a_name_in_brackets_is_no_mark() -> None:
    words = said(SPOKEN)
    draft = drafted(
        "[김하늘] 오늘은 한빛시 축제를 소개합니다.",
        "[xy] 먼저 제 이야기를 하겠습니다.",
        "축제는 내일 시작합니다.",
        words=words,
    )
    assert not cut_at_25(clip(*words, cues=draft), TEXT).edit.removed


def test_a_marked_cue_is_not_shown_even_where_text_cuts_nothing_and_that_is_told() -> None:
    words = said(SPOKEN)
    draft = [cue(1, 3, "[x] 오늘은 한빛시 축제를 소개합니다.")]
    cutting = cut_at_25(clip(*words, cues=draft), CutOptions())
    assert not cutting.edit.removed
    assert not cues_in_programme(0, draft, words, cutting.edit)
    assert "marked cues are not shown but still heard" in cutting.notes[0][1]


@pytest.mark.parametrize(
    "corrected",
    [
        "오늘은 한빛시 축제를 소개드립니다.",
        "오늘 한빛 시 축제를 소개합니다!",
        "오늘은 한빗시 축제를 소개 합니다",
        "내일은 한빛시 축제를 소개합니다.",
        "오늘은 바로 이 한빛시 축제를 소개합니다.",
    ],
)
def test_a_word_that_is_corrected_or_added_cuts_nothing(corrected: str) -> None:
    words = said(SPOKEN)
    draft = drafted(corrected, "먼저 제 이야기를 하겠습니다.", "축제는 내일 시작합니다.", words=words)
    assert not cut_at_25(clip(*words, cues=draft), TEXT).edit.removed


def test_cues_that_are_joined_split_shortened_or_moved_a_little_cut_nothing() -> None:
    words = said(SPOKEN)
    first, second, third = drafted(
        "오늘은 한빛시 축제를 소개합니다.",
        "먼저 제 이야기를 하겠습니다.",
        "축제는 내일 시작합니다.",
        words=words,
    )
    shortened = replace(first, end=first.end - seconds(0.8))
    joined = Cue(start=second.start, end=third.end, lines=(second.text, third.text))
    moved = replace(first, start=first.start + seconds(0.5), end=first.end + seconds(0.5))
    split = [
        Cue(start=second.start, end=words[5].end, lines=("먼저 제",)),
        Cue(start=words[6].start, end=second.end, lines=("이야기를 하겠습니다.",)),
    ]
    for draft in (
        [shortened, second, third],
        [first, joined],
        [moved, second, third],
        [first, *split, third],
    ):
        assert not cut_at_25(clip(*words, cues=draft), TEXT).edit.removed


def test_a_word_whose_time_a_neighbouring_cue_took_over_is_still_written_and_stays() -> None:
    words = said(SPOKEN)
    first, second, third = drafted(
        "오늘은 한빛시 축제를 소개합니다.",
        "먼저 제 이야기를 하겠습니다.",
        "축제는 내일 시작합니다.",
        words=words,
    )
    first, second = replace(first, end=words[3].start), replace(second, start=words[3].start)
    assert not cut_at_25(clip(*words, cues=[first, second, third]), TEXT).edit.removed


def test_words_deleted_inside_a_cue_go_where_there_is_a_pause_on_both_sides() -> None:
    words = (
        word("축제는", 1, 1.5),
        word("뭐랄까", 1.8, 2.4),
        word("내일", 2.7, 3.1),
        word("시작합니다.", 3.15, 4),
    )
    draft = [cue(1, 4, "축제는 내일 시작합니다.")]
    found = removed(cut_at_25(clip(*words, cues=draft), TEXT), "text")
    assert [text for _, _, text in found] == ["뭐랄까"]
    tight = (word("축제는", 1, 1.8), word("뭐랄까", 1.8, 2.5), *words[2:])
    cutting = cut_at_25(clip(*tight, cues=draft), TEXT)
    assert not cutting.edit.removed
    assert [(n.text, n.why) for n in cutting.not_cut] == [("뭐랄까", "no pause beside it to cut in")]


def test_a_whole_cue_goes_even_without_a_pause_and_takes_nothing_of_its_neighbours() -> None:
    words = said("하나 둘 셋 넷 다섯 여섯", pace=0.37, gap=0)
    draft = [
        Cue(start=words[0].start, end=words[1].end, lines=("하나 둘",)),
        Cue(start=words[4].start, end=words[5].end, lines=("다섯 여섯",)),
    ]
    (gone,) = cut_at_25(clip(*words, cues=draft), TEXT).edit.removed
    assert words[1].end <= gone.range_in_source.start < words[1].end + Fraction(1, 25)
    assert words[4].start - Fraction(1, 25) < gone.range_in_source.end <= words[4].start


def test_a_marked_cue_of_footage_that_nobody_listened_to_goes_by_its_own_time() -> None:
    draft = [cue(0, 2, "하나"), cue(2, 4, "[x] 둘"), cue(4, 6, "셋")]
    one = SpokenClip.of(span(0, 6), None, draft)
    cutting = cut_at_25(one, TEXT)
    assert removed(cutting, "text") == [(2, 4, "둘")]
    assert not cutting.notes


def test_a_draft_without_known_words_cuts_nothing_and_says_so() -> None:
    cutting = cut_at_25(SpokenClip.of(span(0, 6), None, [cue(0, 2, "하나")]), TEXT)
    assert not cutting.edit.removed
    assert "its spoken words are not known here" in cutting.notes[0][1]


def test_a_reel_of_which_every_cue_is_deleted_has_nothing_left() -> None:
    words = said("하나 둘 셋")
    cutting = cut_at_25(clip(*words, cues=[cue(1, 3, "[x] 하나 둘 셋")], lasts=2.2), TEXT)
    assert cutting.edit.frame_count == 0


# --- too short, and too long -----------------------------------------------------------------------------


def test_a_word_between_two_cuts_that_would_be_a_flash_keeps_one_of_them() -> None:
    words = (word("오늘은", 1, 1.5), word("네", 4, 4.1), word("좋습니다.", 6, 7))
    options = CutOptions(silence=SilenceOptions(before=Fraction(1, 20), after=Fraction(1, 20)))
    cutting = cut_at_25(clip(*words, lasts=7), options)
    assert [(n.reason, n.why) for n in cutting.not_cut] == [
        ("silence", "too little would stay between two cuts")
    ]
    # The shorter of the two silences stays.
    assert [start for start, _, _ in removed(cutting, "silence")] == [0, 1.56]


LONG = (
    "오늘은 한빛시 축제를 소개합니다. | 날씨가 참 좋네요. | 축제는 한빛시 광장에서 시작합니다. | "
    "공연은 언제 시작하나요? 공연은 저녁에 시작합니다. | 한빛시 축제에 많이 오세요."
)


def test_a_reel_that_is_too_long_loses_pauses_first() -> None:
    words = said(LONG)
    one = clip(*words, lasts=float(words[-1].end) + 0.5)
    whole = one.range_in_source.duration
    cut = cut_at_25(one, CutOptions(to_fit=True), whole - 1).edit
    assert {r.reason for r in cut.removed} == {"silence"}
    assert len(cut.removed) == 2
    assert cut.duration <= whole - 1


def test_a_reel_that_fits_loses_nothing() -> None:
    one = clip(*said(LONG))
    assert not cut_at_25(one, CutOptions(to_fit=True), Fraction(20)).edit.removed
    assert not cut_at_25(one, CutOptions(), Fraction(5)).edit.removed


def test_after_all_pauses_whole_sentences_go_but_never_the_first_or_last_or_half_an_answer() -> None:
    words = said(LONG)
    one = clip(*words, lasts=float(words[-1].end) + 0.5)
    lengths = {}
    for longest in range(2, 12):
        cut = cut_at_25(one, CutOptions(to_fit=True), Fraction(longest)).edit
        gone = [r.text for r in cut.removed if r.reason == "sentence"]
        lengths[longest] = (cut.duration, len(gone))
        assert not any("소개합니다" in text or "오세요" in text for text in gone)
        assert ("공연은 언제 시작하나요?" in gone) == ("공연은 저녁에 시작합니다." in gone)
    assert lengths[9][1] == 1
    assert lengths[2] == lengths[3]
    assert lengths[2][1] == 4
    first_gone = [
        r.text
        for r in cut_at_25(one, CutOptions(to_fit=True), Fraction(9)).edit.removed
        if r.reason == "sentence"
    ]
    assert first_gone == ["날씨가 참 좋네요."]


def test_a_sentence_that_went_to_fit_is_not_shown() -> None:
    words = said(LONG)
    draft = [
        Cue(start=w[0].start, end=w[-1].end, lines=(" ".join(x.text for x in w),)) for w in _sentences(words)
    ]
    one = clip(*words, lasts=float(words[-1].end) + 0.5, cues=draft)
    cut = cut_at_25(one, CutOptions(to_fit=True), Fraction(9)).edit
    shown = [c.text for c in cues_in_programme(0, draft, words, cut)]
    assert "날씨가 참 좋네요." not in shown
    assert len(shown) == len(draft) - 1


def _sentences(words: Sequence[Word]) -> list[list[Word]]:
    found: list[list[Word]] = [[]]
    for one in words:
        found[-1].append(one)
        if one.text[-1] in ".?":
            found.append([])
    return found[:-1]


# --- the edit list ---------------------------------------------------------------------------------------


def test_a_piece_that_lies_beside_the_frames_cannot_be_taken_out() -> None:
    whole = cut_clips([span(0, 4)], Fraction(25))
    off = Removed(clip=0, range_in_source=TimeRange(Fraction(1, 30), Fraction(1)), reason="silence")
    with pytest.raises(ValueError, match="whole frames"):
        without(whole, [off])


def test_a_piece_outside_the_clips_cannot_be_taken_out() -> None:
    whole = cut_clips([span(0, 4)], Fraction(25))
    with pytest.raises(ValueError, match="no part of the cut"):
        without(whole, [Removed(clip=0, range_in_source=span(3, 5), reason="silence")])


def test_a_clip_played_after_another_moves_up_by_what_went_before_it() -> None:
    whole = cut_clips([span(0, 4), span(0, 2)], Fraction(25))
    cut: EditList = without(whole, [Removed(clip=0, range_in_source=span(1, 2), reason="silence")])
    assert [(s.clip, s.range_in_programme.start, s.range_in_programme.end) for s in cut.spans] == [
        (0, 0, 25),
        (0, 25, 75),
        (1, 75, 125),
    ]
    assert cut.to_programme(0, span(0.5, 2.5)) == (span(0.5, 1), span(1, 1.5))
