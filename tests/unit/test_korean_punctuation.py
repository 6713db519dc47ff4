"""Punctuation by the Korean guide: what goes, what stays, and that nothing else changes."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reels.korean.punctuation import as_shown


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("축제가 열립니다.", "축제가 열립니다"),
        ("네. 정말 좋아요.", "네 정말 좋아요"),
        ("안녕하세요. 오늘은 축제에,", "안녕하세요 오늘은 축제에"),
        ("“갑니다.” 했어요", "“갑니다” 했어요"),
        ("(무료입니다.)", "(무료입니다)"),
        ("‘가나다’,", "‘가나다’"),
        ("음... 글쎄‥ 네……", "음… 글쎄… 네…"),
        ("그러니까...그게", "그러니까…그게"),
        ("그래. . . 음", "그래… 음"),
        ("C.D. 한 장, U.S.A. 수출, K.B.S", "CD 한 장, USA 수출, KBS"),
        ("J.K. 롤링은 p.m. 7시에", "JK 롤링은 pm 7시에"),
        ("끝。", "끝"),
        ("www.hanbit.go.kr. 많은 참여", "www.hanbit.go.kr 많은 참여"),
        ("정말?. 와!.", "정말? 와!"),
    ],
)
def test_what_the_guide_leaves_out_is_not_shown(written: str, shown: str) -> None:
    assert as_shown((written,)) == (shown,)


@pytest.mark.parametrize(
    "line",
    [
        "정말요? 와!",
        "3.14배, 1,000원",
        "오전 10:30에",
        "www.hanbit.go.kr/a.html",
        "kim@hanbit.go.kr로",
        "1. 접수 2. 발급",
        "가. 신청 나. 접수",
        "2026. 10. 3.(토) 개최",
        "Dr. Kim 박사",
        "../사진 폴더",
        "1..10 사이",
        "오늘은, 한빛시에",
        "#한빛시 @hanbit.city",
        ".",
        ",",
        "😀",
    ],
)
def test_everything_else_is_left_alone(line: str) -> None:
    assert as_shown((line,)) == (line,)


def test_every_line_of_a_cue_loses_its_comma() -> None:
    assert as_shown(("비가 오면,", "우산을 챙기세요.")) == ("비가 오면", "우산을 챙기세요")


_written = st.lists(
    st.one_of(
        st.text("가나 다.,…·?!()“”'1 A", min_size=1, max_size=12),
        st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=8),
    )
    .map(lambda text: " ".join(text.split()))
    .filter(bool),
    min_size=1,
    max_size=3,
)


@given(_written)
def test_only_marks_change_no_line_goes_and_twice_is_once(lines: list[str]) -> None:
    shown = as_shown(lines)

    def letters(text: str) -> str:
        return "".join(c for c in text if c.isalnum())

    assert len(shown) == len(lines)
    assert all(shown)
    assert letters("".join(shown)) == letters("".join(unicodedata.normalize("NFC", line) for line in lines))
    assert as_shown(shown) == shown
