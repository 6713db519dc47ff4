"""The whole world of nano-ko: its words, its natural sentences, and which sentences are kept for judging it.

Holds text only. `synthesise` speaks it, `windows` makes training windows of it.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator

__all__ = [
    "ADDED_NATURAL",
    "ADDED_WORDS",
    "NATURAL",
    "SHIPPED_WORDS",
    "WORDS",
    "Sentence",
    "draw_salad",
    "draw_template",
    "final_sign",
    "is_held_out",
    "written",
]

Sentence = tuple[str, ...]
"""The 어절 of a sentence without its final sign; `final_sign` gives that."""


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_LISTED = _words("""
안녕하세요 안녕하십니까 반갑습니다 감사합니다 고맙습니다 부탁드립니다 전주시 전주시가 전주시는 전주시청 시청
시청에서 주무관 주무관입니다 과장입니다 팀장 시장 시장님 구청 덕진구 완산구 한옥마을 한옥마을에서 전라북도
도청 주민센터 주민센터에서 동사무소 도서관 도서관에서 박물관 체육관 공원 공원에서 월드컵경기장 축제 축제가
축제를 비빔밥 한지 영화제 영화제가 소리축제 공연 공연이 공연을 전시 전시회 체험 체험을 행사 행사가 행사장
행사장에서 이번 주말 이번주 다음 다음주 오늘 오늘은 내일 내일은 모레 어제 월요일 화요일 수요일 목요일 금요일
토요일 일요일 오전 오후 저녁 아침 새벽 밤 봄 여름 가을 겨울 일월 유월 시월 십이월 한시 두시 세시 네시 다섯시
여섯시 열시 부터 까지 안내 안내를 안내해 드립니다 안내합니다 알려드립니다 교통 교통을 통제 통제합니다
통제됩니다 도로 도로가 버스 버스를 지하철 택시 주차 주차장 주차장은 자전거 대피 대피해 대피소 대피소로
주세요 태풍 태풍이 폭우 폭우가 폭염 폭염이 한파 대설 미세먼지 지진 산불 화재 안전 안전하게 조심하세요
주의하세요 예방 경보 주의보 발령 시민 시민이 시민들 여러분 여러분의 어르신 어린이 청년 청년을 학생 가족
가족과 함께 누구나 모두 우리 동네 이웃 참여 참여해 참여하세요 신청 신청하세요 신청은 접수 접수는 홈페이지
홈페이지에서 전화 전화로 문의 문의하세요 온라인 방문 방문해 예약 무료 무료로 선착순 모집 모집합니다 지원
지원금 지원합니다 복지 일자리 취업 교육 강좌 상담 건강 검진 백신 접종 보건소 보건소에서 병원 의료 쓰레기
재활용 분리수거 환경 나무 꽃 하천 전주천 물 수돗물 단수 공사 공사로 완료 시작 시작합니다 시작됩니다 끝납니다
열립니다 개최합니다 진행됩니다 진행합니다 새로운 특별한 다양한 맛있는 아름다운 즐거운 많은 큰 작은 좋은 빠른
꼭 바로 지금 드디어 그리고 하지만 또한 만나요 오세요 즐겨 보세요 확인하세요 기대해 사랑해 준비했습니다
마련했습니다 있습니다 없습니다 됩니다 합니다 어떨까요 아시나요 계신가요 할까요
""")

NATURAL: tuple[Sentence, ...] = tuple(
    tuple(line.split())
    for line in """
안녕하세요 전주시 시민 여러분
안녕하십니까 전주시청 주무관입니다
이번 주말 한옥마을에서 축제가 열립니다
전주시가 특별한 행사를 준비했습니다
태풍이 오늘 저녁 전주시 까지
오늘은 폭염 주의보 발령
시민 여러분 조심하세요
대피소로 안전하게 대피해 주세요
도로 공사로 교통을 통제합니다
신청은 홈페이지에서 하세요
참여 신청 접수는 온라인
많은 참여 부탁드립니다
가족과 함께 축제를 즐겨 보세요
자세한 안내 홈페이지에서 확인하세요
보건소에서 무료로 백신 접종
청년 일자리 교육 모집합니다
전화로 문의하세요
감사합니다
고맙습니다
안녕하세요
주차장은 행사장 까지
버스를 이용해 주세요
영화제가 다음주 금요일 시작됩니다
다양한 공연이 여러분의 동네 공원에서 열립니다
아시나요
우리 동네 도서관에서 만나요
""".strip().splitlines()
)
"""Spoken often in training, so that the demo's own sentences come out without a slip."""

SHIPPED_WORDS: tuple[str, ...] = tuple(dict.fromkeys([*_LISTED, *(w for s in NATURAL for w in s)]))
"""What the weights in `assets/models/nano-ko` know."""

ADDED_WORDS: tuple[str, ...] = _words(
    "한빛시 한빛시가 한빛시는 한빛시청 홍보담당관 김하늘입니다 이도윤입니다 박서연입니다"
)
"""Known only to weights of a training run with this file: the fictitious city and people of the examples."""

WORDS: tuple[str, ...] = SHIPPED_WORDS + ADDED_WORDS

ADDED_NATURAL: tuple[Sentence, ...] = tuple(
    tuple(line.split())
    for line in """
안녕하세요 한빛시 시민 여러분
안녕하십니까 한빛시청 홍보담당관 김하늘입니다
안녕하세요 한빛시청 주무관 이도윤입니다
반갑습니다 박서연입니다
한빛시가 특별한 행사를 준비했습니다
한빛시는 청년 일자리 지원합니다
""".strip().splitlines()
)

_QUESTION_ENDINGS = ("까요", "나요", "가요")

# Natural orders with open places. Some fillings are stilted; none is a random salad.
_TEMPLATES: tuple[tuple[str, ...], ...] = (
    (
        "오늘|내일|모레|이번 주말|다음주 월요일|이번주 토요일|다음주 금요일|오늘 저녁|내일 오전|일요일 오후",
        "한옥마을에서|공원에서|도서관에서|시청에서|행사장에서|주민센터에서|우리 동네 공원에서",
        "축제가|행사가|공연이|영화제가|새로운 전시회|다양한 행사가|특별한 공연이|아름다운 축제가",
        "열립니다|시작됩니다|끝납니다|진행됩니다",
    ),
    (
        "전주시가|전주시는|시청에서|우리 동네 도서관에서|보건소에서|주민센터에서",
        "다양한|특별한|새로운|즐거운|맛있는|좋은",
        "행사를|축제를|공연을|체험을",
        "준비했습니다|마련했습니다|시작합니다|진행합니다|개최합니다",
    ),
    (
        "태풍이|폭우가|폭염이",
        "오늘|내일|지금|오늘 밤|내일 새벽|오늘 오후",
        "전주시|덕진구|완산구|전라북도",
        "까지|시작됩니다|있습니다",
    ),
    (
        "시민 여러분|여러분|어르신|어린이 여러분|학생 여러분",
        "안전하게|바로|지금|꼭|모두 함께",
        "대피소로|주민센터에서|공원에서|시청에서",
        "대피해 주세요|방문해 주세요|오세요|만나요|확인하세요",
    ),
    (
        "청년|어르신|어린이|학생|시민",
        "일자리|건강|복지|취업|환경|안전",
        "교육|상담|강좌|체험을|지원금",
        "모집합니다|지원합니다|신청하세요|안내합니다|진행합니다|알려드립니다",
    ),
    (
        "가족과 함께|어르신 모두|시민 누구나|이웃 모두|우리 모두",
        "축제를|공연을|체험을|행사를|비빔밥 축제를",
        "즐겨 보세요|기대해 주세요|사랑해 주세요",
    ),
    (
        "신청은|접수는|참여 신청|예약 신청|교육 접수",
        "홈페이지에서|전화로|온라인|주민센터에서|보건소에서",
        "하세요|확인하세요|문의하세요|진행됩니다|시작합니다|됩니다",
    ),
    (
        "도로 공사로|한옥마을 축제|덕진구 행사|전주천 공사로|월드컵경기장 공연",
        "교통을|도로가|버스를|주차장은",
        "오전 열시|오후 두시|저녁 여섯시|새벽 네시",
        "부터 통제합니다|까지 통제됩니다|부터 안내합니다",
    ),
    (
        "무료|선착순|다음주|이번주|새로운",
        "백신 접종|건강 검진|취업 상담|재활용 교육|나무 체험을",
        "보건소에서|병원|시청에서|주민센터에서",
        "시작합니다|진행합니다|합니다|예약 하세요",
    ),
    (
        "내일은|오늘은",
        "폭염|한파|대설|미세먼지|태풍|산불",
        "주의보|경보|예방",
        "발령|안내를 드립니다|주의하세요|조심하세요",
    ),
    (
        "미세먼지|물|문의|나무|누구나|모두|네시|무료|많은",
        "예방|안내|참여|체험을|신청|상담",
        "하세요|부탁드립니다|합니다|할까요",
    ),
)


def final_sign(sentence: Sentence) -> str:
    """`?` after a question's ending, else a full stop; the model was taught one after every sentence."""
    last = sentence[-1]
    return "?" if last.endswith(_QUESTION_ENDINGS) and last != "만나요" else "."


def written(sentence: Sentence) -> str:
    return " ".join(sentence) + final_sign(sentence)


def is_held_out(sentence: Sentence) -> bool:
    """Whether a sentence is for judging only: a tenth of all possible ones, chosen by their sha256.

    The natural sentences are never held out: they are what the demo says.
    """
    if sentence in NATURAL or sentence in ADDED_NATURAL:
        return False
    return hashlib.sha256(" ".join(sentence).encode()).digest()[0] < 26


def draw_template(draw: random.Random) -> Sentence:
    """A sentence in a natural order, from one of the templates."""
    parts = draw.choice(_TEMPLATES)
    return tuple(" ".join(draw.choice(part.split("|")) for part in parts).split())


def draw_salad(draw: random.Random, words: tuple[str, ...] = WORDS) -> Iterator[Sentence]:
    """Endless sentences of 1 to 6 words in no order at all, every word equally often."""
    bag: list[str] = []
    while True:
        sentence = []
        for _ in range(draw.choices([1, 2, 3, 4, 5, 6], [1, 3, 4, 4, 2, 1])[0]):
            if not bag:
                bag = list(words)
                draw.shuffle(bag)
            sentence.append(bag.pop())
        yield tuple(sentence)
