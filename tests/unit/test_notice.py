"""A notice as text → cards: nothing that was written is lost or becomes another day, quantity or advice."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reels.campaign.notice import read_notice
from reels.campaign.showing import CardSpec
from reels.campaign.template import load_template
from reels.errors import UsageError

DISASTER, ANNOUNCEMENT = load_template("disaster"), load_template("announcement")


def cards(folder: Path, text: str, *, template: str = "disaster") -> Sequence[CardSpec]:
    path = folder / "안내.txt"
    path.write_text(text, encoding="utf-8")
    return read_notice(path, {"disaster": DISASTER, "announcement": ANNOUNCEMENT}[template], before=0)


def letters(text: str) -> str:
    """What is said, without what only lists or draws."""
    return "".join(re.findall(r"[^\W_]", text))


@pytest.mark.parametrize(
    "line",
    [
        "5. 3.(토) 10:00부터",
        "5.3(토) 10시부터",
        "12. 24. 오후 3시",
        "1.5리터 물을 준비하세요",
        "-5도까지 내려갑니다",
        "3) 없이도 됩니다",
        "1. 한 줄뿐인 번호",
        "https://hanbit.example/typhoon",
        "*표가 있는 곳",
    ],
)
@pytest.mark.parametrize("before", ["", "일시: ", "문의: "])
def test_dates_quantities_and_links_stay_as_they_were_written(tmp_path: Path, line: str, before: str) -> None:
    _, card = cards(tmp_path, f"제목\n\n{before}{line}")
    assert (card.text, card.items) == (line, ())


def test_a_list_that_counts_from_one_is_numbered_and_goes_on_counting_on_the_next_card(
    tmp_path: Path,
) -> None:
    steps = [f"{n}. 할 일 {letter}" for n, letter in enumerate("가나다라마바사아", start=1)]
    _, first, second = cards(tmp_path, "제목\n\n이렇게 하세요:\n" + "\n".join(steps))
    assert (first.numbered, first.first_number, len(first.items)) == (True, 1, 6)
    assert (second.first_number, second.items) == (7, ("할 일 사", "할 일 아"))


def test_a_line_that_opens_with_an_emergency_number_is_an_item_all_the_same(tmp_path: Path) -> None:
    _, card = cards(tmp_path, "제목\n\n1. 119에 신고하세요\n2. 자리를 피하세요")
    assert card.items == ("119에 신고하세요", "자리를 피하세요")


@pytest.mark.parametrize("sign", ["- ", "* ", "•", "• ", "■", "① "])
def test_marks_of_a_list_are_not_shown_twice(tmp_path: Path, sign: str) -> None:
    second = "② " if sign == "① " else sign
    _, card = cards(tmp_path, f"제목\n\n{sign}창문 닫기\n{second}하천에서 나오기")
    assert card.items == ("창문 닫기", "하천에서 나오기")


def test_what_only_draws_in_markdown_is_not_shown(tmp_path: Path) -> None:
    title, card = cards(tmp_path, "# **태풍 경보**\n---\n\n**굵은 말**은 그대로\n\n***\n")
    assert (title.text, card.text) == ("태풍 경보", "굵은 말은 그대로")


@pytest.mark.parametrize("label", ["준비물", "대피하지 말아야 할 곳", "이런 행동은 위험합니다"])
def test_a_list_under_words_of_its_own_keeps_them_and_is_no_list_of_actions(
    tmp_path: Path, label: str
) -> None:
    _, card = cards(tmp_path, f"제목\n\n{label}:\n- 하천\n- 지하차도")
    assert card.label == label
    assert card.kind != "action"


def test_a_label_that_the_kind_says_itself_is_said_once(tmp_path: Path) -> None:
    _, card = cards(tmp_path, "제목\n\n행동요령:\n- 창문 닫기")
    assert (card.kind, card.label) == ("action", None)


def test_a_label_alone_belongs_to_what_is_below_it(tmp_path: Path) -> None:
    _, card = cards(tmp_path, "제목\n\n문의:\n\n119")
    assert (card.kind, card.text) == ("contact", "119")


def test_a_label_with_nothing_below_it_is_shown(tmp_path: Path) -> None:
    _, asked, place = cards(tmp_path, "제목\n\n자세한 내용:\n\n지역: 강변동")
    assert (asked.text, place.text) == ("자세한 내용", "강변동")
    (alone,) = cards(tmp_path, "호우 경보:")
    assert (alone.kind, alone.text) == ("hazard", "호우 경보")
    headline, body = cards(tmp_path, "호우 경보:\n\n오늘 밤 비가 옵니다")
    assert (headline.text, body.text) == ("호우 경보", "오늘 밤 비가 옵니다")


@pytest.mark.parametrize("template", ["disaster", "announcement"])
@pytest.mark.parametrize("text", ["---\n\n***", "\n \n\t\n", ""])
def test_a_text_without_words_is_refused(tmp_path: Path, text: str, template: str) -> None:
    with pytest.raises(UsageError):
        cards(tmp_path, text, template=template)


def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "안내.txt")
    with pytest.raises(UsageError, match="no regular file"):
        read_notice(tmp_path / "안내.txt", DISASTER, before=0)


LINES = st.sampled_from(
    [
        "태풍 경보", "지역: 한빛시 전역", "문의:", "119", "- 창문 닫기", "1. 가", "2. 나", "3. 다", "5. 3.(토) 10:00",
        "① 첫째", "② 둘째", "준비물:", "오늘 밤 9시부터 비가 옵니다. 내일 그칩니다.", "", "", "# 제목", "- ", "**굵게**",
    ]
)  # fmt: skip


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(LINES, min_size=1, max_size=25))
def test_every_word_of_a_notice_is_on_a_card(tmp_path: Path, lines: list[str]) -> None:
    text = "\n".join(lines)
    if not letters(text):
        return
    shown = ""
    for card in cards(tmp_path, text):
        style = DISASTER.card(card.kind)
        assert style is not None
        # A label that is None is the kind's own, said in its words.
        label = card.label if card.label is not None else "지역문의" if style.label_ko else ""
        shown += letters(label + "".join(card.words) + "".join(str(n) for n in range(1, 4) if card.numbered))
    missing = [sign for sign in set(letters(text)) if sign not in shown and not sign.isdigit()]
    # The signs ① and ② are numbers that are drawn.
    assert [sign for sign in missing if sign not in "①②"] == []
    for digits in ("119", "53토1000", "9시"):
        assert (digits in letters(text)) <= (digits in shown)
