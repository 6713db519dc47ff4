"""Units of the 16-unit rule, and text cut at its spaces without losing anything."""

from __future__ import annotations

import unicodedata
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reels.korean import split_eojeol, whole_signs, width_halves


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "0"),
        ("한빛시", "3"),
        ("한빛시 축제!", "6"),
        ("KTX 3호차", "4.5"),
        ("２０２６年", "5"),
        ("“안녕…”", "3.5"),
        ("축제·행사", "4.5"),
        ("한\u200d빛\u2060", "2"),
        ("1\ufe0f\u20e3 번", "2.5"),
        ("\U0001f6cd\ufe0f 장터", "3.5"),
        ("\U0001f468\u200d\U0001f469\u200d\U0001f467 가족", "3.5"),
        ("\U0001f44d\U0001f3fd", "1"),
    ],
)
def test_hangul_and_full_width_count_one_everything_else_a_half(text: str, expected: str) -> None:
    assert width_halves(text) == 2 * Fraction(expected)


def test_eojeol_are_cut_at_spaces_and_composed() -> None:
    assert split_eojeol(unicodedata.normalize("NFD", "  한빛시  축제에\n오세요 ")) == (
        "한빛시",
        "축제에",
        "오세요",
    )


@settings(deadline=None)
@given(st.text())
def test_cutting_and_joining_loses_no_sign(text: str) -> None:
    composed = unicodedata.normalize("NFC", text)
    assert "".join(split_eojeol(text)) == "".join(composed.split())
    assert "".join(whole_signs(text)) == text


@pytest.mark.parametrize(
    ("text", "signs"),
    [
        ("한빛", ("한", "빛")),
        ("👨\u200d👩\u200d👧!", ("👨\u200d👩\u200d👧", "!")),
        ("👍🏽👍", ("👍🏽", "👍")),
        ("🇰🇷🇰🇷", ("🇰🇷", "🇰🇷")),
        ("e\u0301x", ("e\u0301", "x")),
        ("☀\ufe0f", ("☀\ufe0f",)),
    ],
)
def test_what_a_reader_sees_as_one_sign_stays_whole(text: str, signs: tuple[str, ...]) -> None:
    assert whole_signs(text) == signs
