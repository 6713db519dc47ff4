"""Korean lines against a careful person's: 182 texts, broken by hand by somebody who had not seen the code.

`goldens/korean_lines.yaml` is the judge and is never adapted to the code. What the code gets wrong is listed here
with a reason, and the list stays true: an entry that is no mistake any more fails.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Mapping

import pytest

from reels.cues import CueRules, break_lines

from .korean_goldens import (
    LONGEST_LINE,
    Golden,
    compact,
    joints,
    load_goldens,
    parted,
    torn_eojeol,
    units,
    wide_lines,
)

BEST_PERCENT = 88
"""Texts that are broken exactly as the person did it, of a hundred; whole percent, rounded down."""
GOOD_PERCENT = 94
"""Texts that are broken so, or in another way that the person accepts."""

KNOWN_MISTAKES: tuple[tuple[str, str], ...] = ()
"""Goldens of which a pair is parted that belongs together, each with the reason."""

RULES = CueRules()
TEXTS = load_goldens()

Broken = Mapping[str, tuple[str, ...]]


@pytest.fixture(scope="module")
def broken() -> Broken:
    """The lines of each golden's text, by its id."""
    return {golden.id: break_lines(golden.text, RULES) for golden in TEXTS}


# --- what the code makes of them -------------------------------------------------------------------------


def test_no_sign_is_lost_or_added(broken: Broken) -> None:
    changed = {g.id: broken[g.id] for g in TEXTS if compact(g.text) != compact("".join(broken[g.id]))}
    assert changed == {}


def test_no_line_is_wider_than_sixteen_units(broken: Broken) -> None:
    assert {g.id: wide for g in TEXTS if (wide := wide_lines(broken[g.id]))} == {}


def test_no_eojeol_that_fits_in_a_line_is_broken(broken: Broken) -> None:
    assert {g.id: torn for g in TEXTS if (torn := torn_eojeol(g.text, broken[g.id]))} == {}


def test_what_belongs_together_is_parted_only_where_it_is_known(broken: Broken) -> None:
    mistaken = {g.id: pairs for g in TEXTS if (pairs := parted(g, broken[g.id]))}
    known = dict(KNOWN_MISTAKES)
    assert {i: pairs for i, pairs in mistaken.items() if i not in known} == {}, "new mistakes"
    assert [i for i in known if i not in mistaken] == [], "no mistakes any more: take them off the list"


def test_as_many_are_broken_as_a_person_does_it_as_when_it_was_recorded(broken: Broken) -> None:
    best = [g.id for g in TEXTS if broken[g.id] == g.best]
    good = [g.id for g in TEXTS if g.accepts(broken[g.id])]
    others = {g.id: " | ".join(broken[g.id]) for g in TEXTS if g.id not in good}
    assert 100 * len(best) // len(TEXTS) >= BEST_PERCENT, others
    assert 100 * len(good) // len(TEXTS) >= GOOD_PERCENT, others


# --- the goldens and their judge -------------------------------------------------------------------------


def test_the_goldens_are_many_of_every_kind() -> None:
    assert len({golden.id for golden in TEXTS}) == len(TEXTS) >= 160
    assert min(Counter(golden.kind for golden in TEXTS).values()) >= 12


@pytest.mark.parametrize("golden", TEXTS, ids=lambda golden: golden.id)
def test_a_golden_keeps_its_own_rules(golden: Golden) -> None:
    assert unicodedata.is_normalized("NFC", golden.text)
    assert golden.most_lines_of_a_cue <= 2
    for breaking in (golden.best, *golden.also):
        assert compact("".join(breaking)) == compact(golden.text)
        assert max(units(line) for line in breaking) <= LONGEST_LINE
        assert torn_eojeol(golden.text, breaking) == ()
        assert parted(golden, breaking) == ()
    assert len(set(golden.also) | {golden.best}) == 1 + len(golden.also)
    for pair in golden.never:
        assert joints(golden.text, pair), pair


def _judged(text: str, *never: tuple[str, str]) -> Golden:
    return Golden(id="x", kind="x", text=text, best=(text,), also=(), never=never, most_lines_of_a_cue=1)


def test_the_judge_sees_a_parted_pair() -> None:
    golden = _judged("갈 수 있는 수 있다", ("갈", "수"), ("수", "있다"))
    assert parted(golden, ("갈 수", "있는 수 있다")) == ()
    assert parted(golden, ("갈", "수 있는 수", "있다")) == golden.never


def test_the_judge_tells_a_pair_of_eojeol_from_the_same_signs_inside_another_one() -> None:
    golden = _judged("한빛시 시장실 한빛시시장", ("한빛시", "시장실"))
    assert joints(golden.text, golden.never[0]) == (3,)
    assert parted(_judged("물놀이안전수칙을지켜주세요", ("물놀", "이안")), ("물놀", "이안전수칙을지켜주세요"))


def test_the_judge_sees_a_torn_eojeol_and_a_wide_line_but_not_what_must_be() -> None:
    assert torn_eojeol("시민 도서관에서 만나요", ("시민 도서", "관에서 만나요")) == ("도서관에서",)
    assert torn_eojeol("가" * 17, ("가" * 9, "가" * 8)) == ()
    assert wide_lines(("가" * 8 + " " + "가" * 8, "가" * 17)) == ("가" * 8 + " " + "가" * 8,)


def test_widths_are_those_of_the_style_guide() -> None:
    assert units("제15회 한빛, AI!") == 1 + 1 + 1 + 0.5 + 2 + 0.5 + 0.5 + 1 + 0.5
    assert units("大韓民國") == 4
    assert [units(sign) for sign in ("👨‍👩‍👧‍👦", "🇰🇷", "🙏🏽", "1️⃣", "❤️", "👩🏻‍🚒")] == [1] * 6
