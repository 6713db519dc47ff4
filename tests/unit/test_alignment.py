"""Edited cues keep the times of the words that were heard, whatever a person does to them."""

from __future__ import annotations

import itertools
import unicodedata
from collections.abc import Sequence
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reels.alignment import TimedWord, align, letter_times
from reels.korean import split_eojeol
from reels.subtitles import Cue, subtitle_lines
from reels.transcript import Word


def word(text: str, start: str, end: str) -> Word:
    return Word(text=text, start=Fraction(start), end=Fraction(end))


def cue(start: str, end: str, *lines: str) -> Cue:
    return Cue(start=Fraction(start), end=Fraction(end), lines=lines)


def times(words: Sequence[TimedWord]) -> dict[str, tuple[float, float]]:
    return {w.text: (float(w.start), float(w.end)) for w in words}


HEARD = (
    word("안녕하세요", "0.5", "1.2"),
    word("이천이십육년", "1.4", "2.4"),
    word("한빛", "2.6", "2.9"),
    word("시장", "2.9", "3.4"),
    word("김하늘임니다", "3.5", "4.5"),
)


def test_untouched_text_has_the_recognisers_times() -> None:
    (found,) = align([cue("0", "5", "안녕하세요 이천이십육년 한빛", "시장 김하늘임니다")], HEARD)
    assert [(w.text, w.start, w.end) for w in found] == [(w.text, w.start, w.end) for w in HEARD]


def test_a_corrected_word_and_a_number_in_digits_keep_the_time_of_what_was_heard() -> None:
    (found,) = align([cue("0", "5", "안녕하세요! 2026년 한빛 시장 김하늘입니다.")], HEARD)
    assert times(found) == {
        "안녕하세요!": (0.5, 1.2),
        "2026년": (1.4, 2.4),
        "한빛": (2.6, 2.9),
        "시장": (2.9, 3.4),
        "김하늘입니다.": (3.5, 4.5),
    }


def test_a_short_correction_takes_all_the_time_of_a_long_word() -> None:
    (found,) = align([cue("0", "4", "2026년")], (word("그이천이십육년이요", "1.4", "2.4"),))
    assert times(found) == {"2026년": (1.4, 2.4)}


def test_a_misspelled_word_is_known_by_the_letters_that_it_shares() -> None:
    (found,) = align([cue("0", "4", "조녀")], (word("저녁", "1", "2"), word("나무", "2", "3")))
    assert times(found) == {"조녀": (1, 2)}


def test_words_that_were_heard_at_once_are_told_apart() -> None:
    (found,) = align([cue("0", "5", "하나 둘")], (word("하나", "1", "3"), word("둘", "2", "4")))
    assert times(found) == {"하나": (1, 3), "둘": (3, 4)}


def test_no_word_is_spoken_across_a_silence() -> None:
    (found,) = align([cue("0", "8", "축제장")], (word("축제", "1", "2"), word("장", "6", "6.5")))
    assert times(found) == {"축제장": (1, 2)}


def test_words_that_were_joined_take_the_time_of_both_and_a_parted_one_shares_its_own() -> None:
    (found,) = align([cue("0", "5", "안녕 하세요 2026년 한빛시장")], HEARD)
    assert times(found)["한빛시장"] == (2.6, 3.4)
    assert times(found)["안녕"] == (0.5, 0.78)
    assert times(found)["하세요"] == (0.78, 1.2)


def test_a_word_that_nobody_heard_stands_between_its_neighbours() -> None:
    (found,) = align([cue("0", "5", "안녕하세요 2026년 반가운 한빛 시장")], HEARD)
    assert times(found)["2026년"][1] <= times(found)["반가운"][0]
    assert times(found)["반가운"][1] <= times(found)["한빛"][0] == 2.6


def test_whole_words_are_added_and_not_pieces_of_two() -> None:
    """오늘 오후에 could as well be 오(늘 오)후에, to whoever counts signs only."""
    heard = (word("오후에", "1", "2"), word("만나요", "2", "3"))
    (found,) = align([cue("0", "3", "오늘 오후에 만나요")], heard)
    assert times(found) == {"오늘": (0, 1), "오후에": (1, 2), "만나요": (2, 3)}
    (found,) = align([cue("0", "3", "오후에 오늘에 만나요")], heard)
    assert times(found)["오후에"][0] == 1
    assert times(found)["오후에"][1] > 1.7


def test_a_deleted_cue_takes_its_words_with_it() -> None:
    """The second thanks stay where the second were heard, though the first are the same signs."""
    heard = (word("감사합니다", "1", "2"), word("축제에서", "4", "5"), word("감사합니다", "6", "7"))
    (found,) = align([cue("5.8", "7.2", "감사합니다")], heard)
    assert times(found) == {"감사합니다": (6, 7)}
    (found,) = align([cue("0.8", "2.2", "감사합니다")], heard)
    assert times(found) == {"감사합니다": (1, 2)}


def test_a_cue_that_was_moved_takes_its_rhythm_along() -> None:
    heard = (word("하나", "1", "2"), word("둘", "2.5", "3"))
    (found,) = align([cue("4", "7", "하나 둘")], heard)
    assert times(found) == {"하나": (4, 5), "둘": (5.5, 6)}


def test_a_cue_that_was_split_and_cues_that_were_joined_keep_their_times() -> None:
    parted = align([cue("0", "2.5", "안녕하세요 2026년"), cue("2.5", "5", "한빛 시장 김하늘입니다")], HEARD)
    assert times(parted[0])["2026년"] == (1.4, 2.4)
    assert times(parted[1])["김하늘입니다"] == (3.5, 4.5)
    (joined,) = align([cue("0", "5", "안녕하세요 2026년", "한빛 시장 김하늘입니다")], HEARD)
    assert times(joined) == times(parted[0]) | times(parted[1])


def test_without_words_a_cue_is_shared_out_by_syllables() -> None:
    (found,) = align([cue("1", "3", "하나 둘셋넷다섯 a1")], ())
    lengths = [w.end - w.start for w in found]
    assert lengths == [Fraction(2 * n, 18) for n in (4, 10, 4)]


def test_decomposed_and_full_width_text_is_the_same_text() -> None:
    (found,) = align([cue("0", "5", "안녕하세요 ２０２６년 한빛")], HEARD)
    assert times(found)["２０２６년"] == (1.4, 2.4)
    decomposed = word(unicodedata.normalize("NFC", "안녕하세요"), "0.5", "1.2")
    (found,) = align([cue("0", "5", "안녕하세요")], (decomposed,))
    assert times(found) == {"안녕하세요": (0.5, 1.2)}


def test_marks_that_nobody_speaks_take_little_time_and_disturb_nothing() -> None:
    (found,) = align([cue("0", "5", "- 안녕하세요 ♪ 🎉")], HEARD)
    assert times(found)["안녕하세요"] == (0.5, 1.2)
    assert len(found) == 4


def test_cues_come_back_in_the_order_they_were_given() -> None:
    cues = [cue("2.5", "5", "한빛 시장"), cue("0", "2.5", "안녕하세요")]
    later, earlier = align(cues, HEARD)
    assert (later[0].text, earlier[0].text) == ("한빛", "안녕하세요")
    assert times(earlier) == {"안녕하세요": (0.5, 1.2)}


def test_a_pasted_book_is_not_compared_but_shared_out() -> None:
    """Nobody speaks 2,800 syllables a second: comparing them would only take time."""
    heard = (word("가나다라마바사", "4", "4.5"),)
    (found,) = align([cue("0", "5", " ".join(["가나다라마바사"] * 2_000))], heard)
    assert {w.end - w.start for w in found} == {Fraction(5, 2_000)}


# --- whatever is written and heard -----------------------------------------------------------------------

SIGNS = st.sampled_from("가각나남한빛시장축제오늘후에2026ab-♪.🎉")
TEXTS = st.lists(st.text(SIGNS, min_size=1, max_size=6), min_size=1, max_size=6).map(" ".join)
MS = st.integers(0, 20_000).map(lambda ms: Fraction(ms, 1000))


@st.composite
def heard_words(draw: st.DrawFn) -> list[Word]:
    edges = sorted(draw(st.lists(MS, max_size=24)))
    over = draw(
        st.sampled_from((1, 1, 3))
    )  # two who speak at once are heard so by nobody, but may be given so
    spans = list(zip(edges, edges[over:], strict=False))[:: draw(st.integers(1, 2))]
    return [Word(text=draw(st.text(SIGNS, min_size=1, max_size=6)), start=a, end=b) for a, b in spans]


@st.composite
def edited_cues(draw: st.DrawFn) -> list[Cue]:
    cues = []
    for _ in range(draw(st.integers(0, 6))):
        start, length = draw(MS), draw(st.integers(1, 6000))
        lines = subtitle_lines(draw(TEXTS))
        cues.append(Cue(start=start, end=start + Fraction(length, 1000), lines=lines))
    return cues


@given(cues=edited_cues(), words=heard_words())
def test_every_word_of_a_cue_has_its_time_inside_it_in_order(cues: list[Cue], words: list[Word]) -> None:
    found = align(cues, words)
    assert len(found) == len(cues)
    for one, timed in zip(cues, found, strict=True):
        assert tuple(w.text for w in timed) == split_eojeol(" ".join(one.lines))
        edges = [one.start, *(edge for w in timed for edge in (w.start, w.end)), one.end]
        assert edges == sorted(edges)
        assert all(w.start < w.end for w in timed)


@given(cues=edited_cues(), words=heard_words())
def test_the_order_in_which_cues_and_words_come_decides_nothing(cues: list[Cue], words: list[Word]) -> None:
    apart = list({(c.start, c.end): c for c in cues}.values())
    words = list({(w.start, w.end): w for w in words}.values())
    assert align(apart[::-1], words[::-1]) == align(apart, words)[::-1]


def in_turn(words: list[Word]) -> bool:
    return all(w.start < w.end for w in words) and all(a.end <= b.start for a, b in itertools.pairwise(words))


@given(words=heard_words().filter(in_turn))
def test_what_was_heard_is_found_where_it_was_heard(words: list[Word]) -> None:
    if not words:
        return
    whole = Cue(start=words[0].start, end=words[-1].end, lines=(" ".join(w.text for w in words),))
    (found,) = align([whole], words)
    spoken = [(a, b) for a, b in zip(found, words, strict=True) if any(c.isalnum() for c in b.text)]
    assert all(a.start < b.end and b.start < a.end for a, b in spoken)


# --- letters ---------------------------------------------------------------------------------------------


def test_the_letters_of_an_unchanged_cue_have_the_times_of_their_words() -> None:
    words = (
        Word(text="축제가", start=Fraction(1), end=Fraction(4)),
        Word(text="열립니다.", start=Fraction(5), end=Fraction(9)),
    )
    cue = Cue(start=Fraction(1), end=Fraction(9), lines=("축제가", "열립니다."))
    assert letter_times(cue, words) == tuple(map(Fraction, (1, 2, 3, 5, 6, 7, 8)))


def test_of_a_text_that_is_said_twice_the_nearest_counts() -> None:
    words = tuple(Word(text="축제", start=Fraction(n), end=Fraction(n + 1)) for n in (0, 4, 8))
    cue = Cue(start=Fraction(4), end=Fraction(5), lines=("축제",))
    assert letter_times(cue, words) == (Fraction(4), Fraction(9, 2))


def test_a_corrected_cue_has_a_time_for_each_letter_in_order() -> None:
    words = (
        Word(text="비빔밤", start=Fraction(1), end=Fraction(2)),
        Word(text="축제가", start=Fraction(6), end=Fraction(7)),
    )
    cue = Cue(start=Fraction(1), end=Fraction(7), lines=("비빔밥, 축제가!",))
    times = letter_times(cue, words)
    assert len(times) == 6
    assert list(times) == sorted(times)
    assert times[0] == 1
    assert times[3] == 6


def test_without_words_near_by_nobody_knows_when_a_letter_is_spoken() -> None:
    cue = Cue(start=Fraction(100), end=Fraction(102), lines=("축제",))
    assert letter_times(cue, (Word(text="축제", start=Fraction(1), end=Fraction(2)),)) == ()


@pytest.mark.parametrize("text", ["하나 둘 셋 넷 다섯 여섯", "하나 둘 샛 넷 다섯 여섯"])
def test_a_cue_moved_away_from_its_words_takes_their_rhythm_along(text: str) -> None:
    """Whether its text is the recogniser's or corrected."""
    words = tuple(
        Word(text=eojeol, start=Fraction(n), end=Fraction(2 * n + 1, 2))
        for n, eojeol in enumerate(("하나", "둘", "셋", "넷", "다섯", "여섯"))
    )
    cue = Cue(start=Fraction(8), end=Fraction(14), lines=(text,))
    found = letter_times(cue, words)
    assert [found[at] for at in (0, 2, 3, 4, 5, 7)] == [8, 9, 10, 11, 12, 13]
