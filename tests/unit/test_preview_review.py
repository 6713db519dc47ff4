"""Notes and approvals: kept beside the campaign, ended by any later edit, never written over somebody else's file."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from reels.errors import OutputNotWritable
from reels.preview.review import Approval, Review, read_review, words_hash, write_review
from reels.subtitles import Cue

CUES = (
    Cue(start=Fraction(0), end=Fraction(1), lines=("안녕하세요",)),
    Cue(start=Fraction(2), end=Fraction(3), lines=("축제에", "오세요")),
)
APPROVED = Approval(by="김하늘", at="2026-11-30T09:00:00+00:00", text=words_hash(CUES), file="abc")


def test_what_is_said_of_a_reel_is_read_back(tmp_path: Path) -> None:
    assert read_review(tmp_path, "hello") == Review()
    said = Review(note="끝 자막 확인", approval=APPROVED)
    write_review(tmp_path, "hello", said)
    assert read_review(tmp_path, "hello") == said
    assert json.loads((tmp_path / "review" / "hello.json").read_text(encoding="utf-8"))["reel"] == "hello"


def test_a_reel_of_any_name_stays_in_the_folder(tmp_path: Path) -> None:
    write_review(tmp_path, "../../축제: 1/2", Review(note="x"))
    (written,) = tmp_path.rglob("*.json")
    assert written.parent == tmp_path / "review"
    assert read_review(tmp_path, "../../축제: 1/2").note == "x"


def test_an_approval_stands_for_these_words_and_this_film() -> None:
    assert APPROVED.stands(text=words_hash(CUES), file="abc")
    assert not APPROVED.stands(text=words_hash(CUES[:1]), file="abc")
    assert not APPROVED.stands(text=words_hash(CUES), file="other")
    before_there_was_a_film = replace(APPROVED, file="")
    assert before_there_was_a_film.stands(text=words_hash(CUES), file="abc")


@pytest.mark.parametrize(
    "other",
    [
        (replace(CUES[0], lines=("안녕",)), CUES[1]),
        (replace(CUES[0], end=Fraction(3, 2)), CUES[1]),
        (CUES[0], replace(CUES[1], lines=("축제에 오세요",))),
        CUES[::-1],
    ],
    ids=["a word", "a time", "a break", "the order"],
)
def test_words_times_breaks_and_order_are_what_is_approved(other: tuple[Cue, ...]) -> None:
    assert words_hash(other) != words_hash(CUES)


@pytest.mark.parametrize(
    "there",
    ["", "{", "[]", '{"schema": "reels/review/2", "note": "later"}', '{"note": "theirs"}', "x" * 2_000_000],
)
def test_a_file_that_is_not_ours_is_neither_believed_nor_written_over(tmp_path: Path, there: str) -> None:
    path = tmp_path / "review" / "hello.json"
    path.parent.mkdir()
    path.write_text(there, encoding="utf-8")
    assert read_review(tmp_path, "hello") == Review()
    with pytest.raises(OutputNotWritable, match="did not write"):
        write_review(tmp_path, "hello", Review(note="ours"))
    assert path.read_text(encoding="utf-8") == there


def test_signs_that_nobody_can_see_are_left_out_and_hangul_is_composed(tmp_path: Path) -> None:
    write_review(tmp_path, "hello", Review(note="한글\x00\x1b[31m\n둘째 줄"))
    assert read_review(tmp_path, "hello").note == "한글[31m\n둘째 줄"
