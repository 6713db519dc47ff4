"""Where Korean lines may end: pairs that belong together cost more than any place where speech pauses."""

from __future__ import annotations

import pytest

from reels.korean import break_costs, break_costs_inside

TOGETHER = 85
"""From here on a break parts what belongs together."""


def break_cost(left: str, right: str) -> int:
    """Of a break between two 어절 of which nothing else is known."""
    (cost,) = break_costs((left, right))
    return cost


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
        "이번 달",
        "다음 주",
        "제 말은",
        # what tags alone tell
        "최가온 문화해설사님과",
        "사진 한",
        "참가비 3만",
        "초속 35미터를",
        "75 ㎍",
        "120여 곳에서",
        "오천 포기를",
        "참여 부탁드립니다",
        "시장이 되었습니다",
        "시민 여러분",
        "축제 동안",
        "오세요 😀",
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
        ("비가 오면", 46),
        ("오면 실내에서", 20),
        ("데리고 왔는데", 20),
        ("혼잡하니까 버스를", 20),
        ("한빛시는 올해부터", 30),
        ("광장에서 열립니다", 40),
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


@pytest.mark.parametrize(
    ("sentence", "ends_after"),
    [
        ("갑니다. 옵니다", "갑니다."),
        ("갈까요? 네", "갈까요?"),
        ("“갑니다.” 했어요", "“갑니다.”"),
        ("축제가 열립니다 많이 오세요", "열립니다"),
        ("어서 오십시오 여기입니다", "오십시오"),
        ("집에 가. 그리고 자", "가."),
        ("1. 접수", ""),
        ("가. 신청", ""),
        ("음… 글쎄", ""),
        ("음... 글쎄", ""),
        ("3.5 미터", ""),
        ("여름이니까 조심하세요", ""),
    ],
)
def test_a_sentence_ends_at_its_mark_or_a_formal_ending(sentence: str, ends_after: str) -> None:
    words = sentence.split()
    ends = [word for word, cost in zip(words, break_costs(words), strict=False) if cost == 0]
    assert ends == ([ends_after] if ends_after else [])


def test_the_same_word_is_judged_by_its_neighbours() -> None:
    # 이 is a 조사 written apart after one noun, and the determiner of another.
    assert break_cost("이", "축제는") > break_cost("축제는", "이")
    assert break_costs(["맛있는데요", "고소하고", "달아요"])[0] < 10


def places(word: str, *, below: int) -> str:
    costs = (below, *break_costs_inside(word))
    return "".join(("|" if cost < below else "") + sign for sign, cost in zip(word, costs, strict=True))


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("이번주말한빛시에서만나요", "이번|주말|한|빛|시에서|만나요"),
        ("비빔밥축제현장에서전해드립니다", "비빔밥|축제|현장에서|전해|드립니다"),
        ("느낄수있는야간개장에많은관심", "느낄|수|있는|야간|개장에|많은|관심"),
        ("2026년10월3일오후2시부터", "2026년|10월|3일|오후|2시부터"),
        ("www.hanbit.go.kr/festival에서", "www.|hanbit.|go.|kr/|festival에서"),
    ],
)
def test_a_word_without_spaces_may_break_where_its_words_begin(word: str, parts: str) -> None:
    assert places(word, below=250) == parts


def test_no_place_inside_a_word_is_worse_than_before_a_particle() -> None:
    word = "한빛시비빔밥축제에서"
    costs = dict(enumerate(break_costs_inside(word), start=1))
    assert costs[word.index("에서")] == max(costs.values())
    assert costs[word.index("비빔밥")] == min(costs.values())


@pytest.mark.parametrize(
    "text", ["é 😀👍", "\u0301", "ㅋㅋㅋㅋ ㅠㅠ", "한\u200d 글", "\ud55c" * 3000, "'" * 50, "漢字 한字"]
)
def test_odd_signs_keep_words_and_costs_in_step(text: str) -> None:
    words = text.split()
    assert len(break_costs(words)) == len(words) - 1
    assert all(len(break_costs_inside(word)) == len(word) - 1 for word in words)


def test_a_long_speech_is_judged_as_its_sentences_are() -> None:
    sentence = ["누구나", "무료로", "참여하실", "수", "있는", "축제가", "이번", "주말에", "열립니다."]
    alone, long = break_costs(sentence), break_costs(sentence * 300)
    assert long[: len(alone)] == alone
    assert long[-len(alone) :] == alone
