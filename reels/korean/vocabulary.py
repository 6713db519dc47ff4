"""Korean words whose part of speech alone does not say how they lean on their neighbours.

Short lists, for what tags cannot know: titles after names, units that look like nouns, nouns that mean nothing
without the clause before them. `breaks` asks them; where a tag answers the question, no list belongs here.
"""

from __future__ import annotations

__all__ = [
    "AFTER_BOUND_NOUN",
    "AFTER_JOSA",
    "AFTER_NOMINAL",
    "AFTER_NOUN",
    "BEFORE_LIGHT_VERB",
    "COUNTERS",
    "DEGREE",
    "JOINING",
    "LEANING",
    "LIGHT_VERBS",
    "NUMERALS",
    "PARTS_OF_A_DATE",
    "PARTS_OF_A_YEAR",
    "POINTING",
    "TIME_ADVERBS",
    "TITLES",
    "UNIT_SIGNS",
    "WITH_NUMBER",
]


def _words(table: str) -> frozenset[str]:
    return frozenset(table.split())


TITLES = _words(
    "시장 부시장 도지사 부지사 지사 구청장 부구청장 군수 부군수 의원 시의원 도의원 의장 부의장 위원 위원장 국장 실장 "
    "본부장 과장 팀장 계장 소장 관장 단장 센터장 동장 면장 읍장 이장 통장 반장 주무관 사무관 담당관 담당자 서기관 "
    "부이사관 주사 주사보 서기 장관 차관 총리 대통령 대표 이사장 이사 사장 회장 부회장 부장 차장 대리 사원 교수 박사 "
    "선생 작가 감독 배우 가수 기자 아나운서 리포터 해설사 통역사 선수 코치 셰프 명인 명창 장인 어르신 할머니 할아버지 "
    "소방관 소방사 소방장 소방위 소방서장 경찰관 경위 경감 서장 교장 교감 원장 병장 중사 간호사 의사 변호사 씨 님 군 양"
)
"""Follow a name and stay with it."""

COUNTERS = _words(
    "개 개월 개소 개국 명 분 초 원 시 시간 년 년도 월 일 주 주일 주년 주간 미터 킬로미터 센티미터 밀리미터 킬로 그램 "
    "킬로그램 톤 리터 밀리리터 헥타르 제곱미터 도 층 번 번지 번째 회 차 대 권 장 마리 살 세 곳 가지 건 팀 쪽 호 호선 등 "
    "위 점 배 배수 퍼센트 프로 평 여 가구 세대 인 학년 반 조 종 편 컷 석 면 동 열 단계 자리 그루 송이 잔 병 판 "
    "포기 켤레 벌 통 상자 포대 쌍 필지 킬로와트 "
    "m km cm mm kg g mg t L l ml ha kW MW kWh Hz GB MB TB kcal ppm mL"
)
"""Units after a number that the analyser takes for nouns or for foreign words."""

UNIT_SIGNS = "%％℃℉°㎡㎥㎞㎝㎜㎏㎎㏄㎖ℓ㎍‰"

PARTS_OF_A_YEAR = frozenset({"상반기", "하반기", "초", "말", "봄", "여름", "가을", "겨울", "새해", "연말"})

PARTS_OF_A_DATE = _words(
    "년 월 일 시 분 번 호 조 층 오전 오후 새벽 아침 낮 점심 저녁 밤 정오 자정 매월 매년 매일 매주 지하 지상 제 기온 "
    "영상 영하 시속 초속"
)
"""Before a number they are one with it: 10월 | 3일, 오전 | 10시, 시속 | 30킬로미터."""

WITH_NUMBER = _words(
    "약 총 단 제 최대 최소 최고 최저 무려 겨우 불과 대략 합계 평균 만 전체 각 매 연 하루 일일 매회"
)

POINTING = _words("이번 지난 다음 저번 다다음 지지난 오는 이듬")
"""Point at the time named next, as determiners do, and are tagged as nouns."""

NUMERALS = _words(
    "한 두 세 네 서 석 너 넉 다섯 여섯 일곱 여덟 아홉 열 열한 열두 스무 서른 마흔 쉰 백 천 만 몇 여러 수십 수백 수천"
)

LEANING = _words(
    "분 점 곳 쪽 자 이 후 뒤 때 날 다음 정도 만큼 동안 무렵 중 이상 이하 이내 미만 내외 이후 이전 경우 사이 가운데 편 측"
)
"""Nouns that mean something only with the clause or number before them."""

AFTER_NOUN = _words(
    "가운데 동안 사이 이후 이전 이상 이하 이내 미만 무렵 내내 앞 뒤 옆 위 아래 안 밖 속 일대 여러분"
)
"""Say of the noun before them where or when: 축제 | 동안, 시청 | 앞에서, 시민 | 여러분."""

AFTER_JOSA = _words(
    "위하 대하 관하 통하 따르 의하 인하 비하 향하 걸치 비롯하 말미암 더불 함께 같이 더불어 관련 대비 달리 반하 "
    "불구하 비롯 포함 제외 포함하 제외하 같"
)
"""What gives the noun and 조사 before it their place: 축제를 | 위해, 시민과 | 함께."""

LIGHT_VERBS = _words("하 되 시키 드리 받 당하 바라 부탁 부탁드리 나누 가지 지내")
"""Carry the noun before them: 참여 | 바랍니다, 인사 | 드립니다."""

DEGREE = _words(
    "더 덜 가장 매우 아주 너무 정말 참 제일 더욱 무척 훨씬 많이 조금 좀 잘 꼭 못 안 다 굉장히 진짜 엄청 상당히 몹시 "
    "더더욱 한층 미처 차마 거의 그만 못내"
)
"""Adverbs that stand right before what they colour."""

JOINING = _words("및 또는 혹은 내지 겸 대 그리고나서")

TIME_ADVERBS = _words(
    "오늘 내일 모레 글피 어제 그제 지금 이제 요즘 현재 올해 내년 작년 매년 매일 매주 매월 주말 최근 당시 지난해 "
    "아침 저녁 오전 오후 그날 이날 하루 평소 앞으로 한때 이후 이전"
)
"""Nouns that stand without 조사 as the time of what follows."""

AFTER_NOMINAL = _words("바라 쉽 어렵 힘들 위하 하 시작 좋 부탁")
"""Verbs after 기: 오기 | 바랍니다."""

AFTER_BOUND_NOUN = _words("있 없 알 모르 같 아니 되 하 만하 않")
"""Verbs that a 의존명사 needs: 수 | 있다, 것 | 같다."""

BEFORE_LIGHT_VERB = _words("게 려고 으려고 고자 도록 어야 아야 여야 거나 듯 듯이")
"""Endings before 하다 and 되다: 하게 | 되다, 지키도록 | 하다."""
