"""Where Korean lines may end: pairs that belong together cost more than any place where speech pauses."""

from __future__ import annotations

import pytest

from reels.korean import break_cost, break_costs, break_costs_inside
from tests.unit.korean_text import own_cache

TOGETHER = 85
"""From here on a break parts what belongs together."""


@pytest.mark.parametrize(
    "pair",
    [
        # 의존명사
        "참여할 수",
        "좋은 것",
        "하는 것을",
        "재미있는 것",
        "아는 만큼",
        "말씀드릴 바를",
        "떠난 지",
        "가는 데",
        "태풍 때문에",
        "과일 등을",
        "웃을 뿐",
        "아시는 대로",
        "발효 중이니",
        "본 적이",
        "할 줄",
        "오신 분들도",
        "체험할 수",
        # 보조용언
        "이용해 주세요",
        "도와 드립니다",
        "찾아와 주셨습니다",
        "만나 보세요",
        "준비하고 있습니다",
        "가고 싶어요",
        "하지 마세요",
        "되지 않습니다",
        "해야 합니다",
        "수 있습니다",
        "것 같아요",
        "주시기 바랍니다",
        "취소되지 않도록",
        # units, dates and times
        "10 개",
        "3 만",
        "100 명이",
        "5 km",
        "오후 3시",
        "10월 3일",
        "3시 30분",
        "063 222",
        "두 시에",
        "약 3만",
        "최대 50명",
        # names and titles, determiners, what leans on 조사
        "김하늘 주무관입니다.",
        "이도윤 과장님",
        "박서연 시장은",
        "모든 시민이",
        "우리 동네",
        "안 됩니다",
        "축제를 위해",
        "안전에 대한",
        "시민과 함께",
        "빵 및",
        "및 음료",
    ],
)
def test_what_belongs_together_is_not_parted(pair: str) -> None:
    left, right = pair.split()
    if right == "및":
        assert break_cost(left, right) < break_cost(right, "음료")
    else:
        assert break_cost(left, right) >= TOGETHER


@pytest.mark.parametrize(
    ("pair", "at_most"),
    [
        ("감사합니다. 오늘은", 0),
        ("감사합니다 오늘은", 0),
        ("“갑니다.” 하고", 0),
        ("싶어요 내년에도", 5),
        ("있는데요, 벌써부터", 10),
        ("음… 그러니까", 10),
        ("먹고 그리고", 15),
        ("비가 오면", 40),
        ("오면 실내에서", 20),
        ("데리고 왔는데", 20),
        ("혼잡하니까 버스를", 20),
        ("한빛시는 올해부터", 30),
        ("광장에서 열립니다", 35),
    ],
)
def test_where_speech_pauses_a_line_may_end(pair: str, at_most: int) -> None:
    assert break_cost(*pair.split()) <= at_most


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ("한빛시는 올해부터", "청년을 위한"),
        ("현장에 나와", "한빛시 비빔밥축제"),
        ("오면 우산은", "우산은 챙기세요"),
        ("정책을 시작합니다", "새로운 정책을"),
        ("시민은 오세요", "하는 시민은"),
        ("관심과 참여를", "많은 관심과"),
        ("만나 이야기를", "나눌 수"),
    ],
)
def test_the_better_of_two_places_costs_less(better: str, worse: str) -> None:
    assert break_cost(*better.split()) < break_cost(*worse.split())


@pytest.mark.parametrize("pair", ["시장을 만나", "주무관을 만나", "물을 수도꼭지에서", "책을 보고"])
def test_words_that_only_look_like_bound_ones_may_begin_a_line(pair: str) -> None:
    assert break_cost(*pair.split()) < 60


def test_every_cost_is_between_nothing_and_a_hundred() -> None:
    words = ["가", "수", "", "...", "(", "10", "A", "😀", "있습니다.", "1.", "漢字", "-", "'"]
    assert all(0 <= break_cost(a, b) <= 100 for a in words for b in words)
