"""Two edits of one draft brought together: what only one changed is taken, the rest is told, and no cue is ever lost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reels.drafts import NO_DRAFT, editing, mine_beside, read_draft, save_edit
from reels.drafts.merging import merge_cues
from reels.store import write_atomically
from reels.subtitles import Cue, read_subtitles, write_srt

WORDS = ("축제에", "오세요", "한옥마을", "이번 주말", "비빔밥", "전라감영")


def cue(start: int, text: str, seconds: int = 1) -> Cue:
    return Cue(start=Fraction(start), end=Fraction(start + seconds), lines=tuple(text.split("\n")))


BASE = (cue(0, "안녕하세요"), cue(2, "전주시청입니다"), cue(4, "축제에 오세요"), cue(6, "기다릴게요"))


def changed(cues: Sequence[Cue], at: int, text: str) -> tuple[Cue, ...]:
    return tuple(replace(c, lines=(text,)) if n == at else c for n, c in enumerate(cues))


def moved(cues: Sequence[Cue], at: int, by: Fraction) -> tuple[Cue, ...]:
    return tuple(replace(c, start=c.start + by, end=c.end + by) if n == at else c for n, c in enumerate(cues))


drafts = st.lists(
    st.tuples(st.integers(0, 40), st.sampled_from(WORDS)), max_size=8, unique_by=lambda pair: pair[0]
).map(lambda found: tuple(cue(at, text) for at, text in sorted(found)))


def test_what_each_changed_alone_is_taken_from_both() -> None:
    merged = merge_cues(BASE, changed(BASE, 0, "반갑습니다"), changed(BASE, 3, "꼭 오세요"))
    assert [c.text for c in merged.cues] == ["반갑습니다", "전주시청입니다", "축제에 오세요", "꼭 오세요"]
    assert merged.conflicts == ()


def test_one_rewrites_what_the_other_moves_and_both_are_right() -> None:
    later = Fraction(1, 4)
    merged = merge_cues(BASE, changed(BASE, 1, "시청입니다"), moved(BASE, 1, later))
    assert merged.conflicts == ()
    assert merged.cues[1] == Cue(start=BASE[1].start + later, end=BASE[1].end + later, lines=("시청입니다",))


def test_neighbours_that_two_change_at_once_are_no_conflict() -> None:
    merged = merge_cues(BASE, changed(BASE, 1, "시청입니다"), changed(BASE, 2, "축제로 오세요"))
    assert [c.text for c in merged.cues] == ["안녕하세요", "시청입니다", "축제로 오세요", "기다릴게요"]
    assert merged.conflicts == ()


def test_the_same_cue_said_otherwise_by_two_is_told_with_all_three() -> None:
    merged = merge_cues(BASE, changed(BASE, 1, "시청입니다"), changed(BASE, 1, "전주입니다"))
    (conflict,) = merged.conflicts
    assert [conflict.base[0].text, conflict.mine[0].text, conflict.theirs[0].text] == [
        "전주시청입니다",
        "시청입니다",
        "전주입니다",
    ]
    assert merged.cues == changed(BASE, 1, "전주입니다")


def test_a_cue_that_one_deletes_and_the_other_rewrites_is_a_conflict() -> None:
    merged = merge_cues(BASE, (*BASE[:1], *BASE[2:]), changed(BASE, 1, "전주입니다"))
    (conflict,) = merged.conflicts
    assert conflict.mine == ()
    assert [c.text for c in conflict.theirs] == ["전주입니다"]


def test_added_cues_of_both_stand_in_their_order() -> None:
    merged = merge_cues(BASE, (cue(1, "먼저"), *BASE), (*BASE, cue(9, "나중에")))
    assert [c.text for c in merged.cues] == [
        *("안녕하세요", "먼저", "전주시청입니다", "축제에 오세요", "기다릴게요", "나중에")
    ]
    assert merged.conflicts == ()


@given(base=drafts, edit=drafts)
def test_an_edit_that_nobody_else_touches_is_what_comes_out(
    base: tuple[Cue, ...], edit: tuple[Cue, ...]
) -> None:
    in_order = tuple(sorted(edit, key=lambda c: (c.start, c.end)))
    for one, other in ((edit, base), (base, edit), (edit, edit)):
        merged = merge_cues(base, one, other)
        assert merged.cues == in_order
        assert merged.conflicts == ()


@given(base=drafts, mine=drafts, theirs=drafts)
def test_no_cue_is_lost(base: tuple[Cue, ...], mine: tuple[Cue, ...], theirs: tuple[Cue, ...]) -> None:
    merged = merge_cues(base, mine, theirs)
    told = [c for conflict in merged.conflicts for c in (*conflict.mine, *conflict.theirs)]
    kept = {(c.start, c.lines) for c in (*merged.cues, *told)} | {
        (c.end, c.lines) for c in (*merged.cues, *told)
    }
    texts = {c.lines for c in (*merged.cues, *told)}
    for side in (mine, theirs):
        for c in side:
            if c not in base:  # what somebody wrote
                assert c.lines in texts
                assert (c.start, c.lines) in kept or any(d.lines == c.lines for d in base)


@given(base=drafts, mine=drafts, theirs=drafts)
def test_who_is_called_mine_changes_only_whose_side_stands_in_a_conflict(
    base: tuple[Cue, ...], mine: tuple[Cue, ...], theirs: tuple[Cue, ...]
) -> None:
    one, other = merge_cues(base, mine, theirs), merge_cues(base, theirs, mine)
    assert len(one.conflicts) == len(other.conflicts)
    if not one.conflicts:
        assert sorted(one.cues, key=repr) == sorted(other.cues, key=repr)


# --- files -----------------------------------------------------------------------------------------------


@pytest.fixture
def draft(tmp_path: Path) -> Path:
    path = tmp_path / "subtitles" / "IMG_0412.ko.srt"
    path.parent.mkdir()
    path.write_text(write_srt(BASE), encoding="utf-8")
    return path


def test_an_edit_is_what_the_file_says_afterwards(draft: Path) -> None:
    edit = changed(BASE, 2, "축제로\n오세요".replace("\n", " "))
    saved = save_edit(draft, base=BASE, mine=edit)
    assert saved.conflicts == ()
    assert read_subtitles(draft) == edit == saved.draft.cues
    assert read_draft(draft) == saved.draft


def test_what_another_program_saved_meanwhile_is_kept(draft: Path) -> None:
    draft.write_text(write_srt(changed(BASE, 3, "꼭 오세요")), encoding="utf-8")
    saved = save_edit(draft, base=BASE, mine=changed(BASE, 0, "반갑습니다"))
    assert [c.text for c in read_subtitles(draft)] == [
        "반갑습니다",
        "전주시청입니다",
        "축제에 오세요",
        "꼭 오세요",
    ]
    assert saved.draft.cues == read_subtitles(draft)


def test_a_conflict_leaves_the_file_and_keeps_the_edit_beside_it(draft: Path) -> None:
    theirs = write_srt(changed(BASE, 1, "전주입니다"))
    draft.write_text(theirs, encoding="utf-8")
    saved = save_edit(draft, base=BASE, mine=changed(BASE, 1, "시청입니다"))
    assert len(saved.conflicts) == 1
    assert draft.read_text(encoding="utf-8") == theirs
    assert mine_beside(draft) == (saved.kept,)
    assert saved.kept is not None
    assert read_subtitles(saved.kept) == changed(BASE, 1, "시청입니다")


def test_edits_that_wait_for_a_decision_lie_beside_each_other(draft: Path) -> None:
    draft.write_text(write_srt(changed(BASE, 1, "전주입니다")), encoding="utf-8")
    first = save_edit(draft, base=BASE, mine=changed(BASE, 1, "시청입니다"))
    second = save_edit(draft, base=BASE, mine=changed(BASE, 1, "한빛시청입니다"))
    again = save_edit(draft, base=BASE, mine=changed(BASE, 1, "시청입니다"))
    assert first.kept != second.kept
    assert again.kept == first.kept
    assert len(mine_beside(draft)) == 2


def test_beside_a_conflict_all_else_of_both_is_told_as_one(draft: Path) -> None:
    """Or whoever decides it would lose what was changed beside it."""
    draft.write_text(write_srt(changed(changed(BASE, 1, "전주입니다"), 3, "꼭 오세요")), encoding="utf-8")
    saved = save_edit(draft, base=BASE, mine=changed(changed(BASE, 1, "시청입니다"), 0, "반갑습니다"))
    assert [c.text for c in saved.merged] == ["반갑습니다", "전주입니다", "축제에 오세요", "꼭 오세요"]


def test_who_saves_between_reading_and_writing_is_not_written_over(
    draft: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs = [write_srt(changed(BASE, 3, "꼭 오세요"))]

    def slow(path: Path, text: str, **more: Any) -> bool:
        if theirs:
            draft.write_text(theirs.pop(), encoding="utf-8")
        return write_atomically(path, text, **more)

    monkeypatch.setattr(editing, "write_atomically", slow)
    save_edit(draft, base=BASE, mine=changed(BASE, 0, "반갑습니다"))
    assert [c.text for c in read_subtitles(draft)] == [
        "반갑습니다",
        "전주시청입니다",
        "축제에 오세요",
        "꼭 오세요",
    ]


def test_tags_of_cues_that_nobody_touched_stay(draft: Path) -> None:
    draft.write_text(
        "1\n00:00:00,000 --> 00:00:01,000\n<i>안녕하세요</i>\n\n2\n00:00:02,000 --> 00:00:03,000\n{\\an8}시청\n",
        encoding="cp949",
    )
    base = read_draft(draft).cues
    save_edit(draft, base=base, mine=changed(base, 1, "시청입니다"))
    assert draft.read_text(encoding="utf-8").splitlines()[2] == "<i>안녕하세요</i>"
    assert [c.text for c in read_subtitles(draft)] == ["안녕하세요", "시청입니다"]


def test_however_often_it_is_saved_the_file_is_as_a_new_one(draft: Path) -> None:
    edit: tuple[Cue, ...] = BASE
    for number in range(4):
        before, edit = edit, changed(edit, 0, f"고침 {number}")
        save_edit(draft, base=before, mine=edit)
    assert draft.read_text(encoding="utf-8") == write_srt(edit)


def test_the_same_words_leave_the_file_as_it_is(draft: Path) -> None:
    draft.write_bytes(b"\xef\xbb\xbf" + write_srt(BASE).replace("\n", "\r\n").encode())
    before = draft.read_bytes()
    save_edit(draft, base=BASE, mine=BASE)
    assert draft.read_bytes() == before


def test_a_draft_that_somebody_took_away_is_written_again(draft: Path) -> None:
    draft.unlink()
    assert read_draft(draft).version == NO_DRAFT
    save_edit(draft, base=BASE, mine=changed(BASE, 0, "반갑습니다"))
    assert read_subtitles(draft) == changed(BASE, 0, "반갑습니다")


def test_all_cues_may_go(draft: Path) -> None:
    saved = save_edit(draft, base=BASE, mine=())
    assert draft.read_bytes() == b""
    assert saved.draft.cues == ()
