"""What it costs a reader when a line or cue ends between two 어절: 0 is a sentence's end, 100 the worst.

Tables and endings only, no analyser: what stands here is what a subtitle editor would mark at a glance.
First the pairs that belong together, then the places where speech itself pauses, then what the last 조사
says; the first rule that fits decides. A better judge can take this function's place without `cues` noticing.

Sources: 한글 맞춤법 §41–43 (조사 attached; 의존명사 and units spaced); Netflix Korean Timed Text Style
Guide, "line treatment" (after punctuation, before conjunctions; not between modifier and noun, name and
title, verb and auxiliary).
"""

from __future__ import annotations

import re

__all__ = ["break_cost", "ends_sentence"]

_CLOSERS = "\"'”’)]}〉》」』】"
_OPENERS = "\"'“‘([{〈《「『【"
_MARKS = ".,?!…~:;·"

# --- the costs -------------------------------------------------------------------------------------------

SENTENCE = 0
FINAL_ENDING = 4
COMMA = 6
BEFORE_CONJUNCTION = 10
CONNECTIVE_ENDING = 14
TOPIC = 24
ADVERBIAL_JOSA = 28
SUBJECT = 36
OBJECT = 44
PLAIN = 62
ADVERB = 64
MODIFIER = 66
DETERMINER = 88
BOUND = 95
INSEPARABLE = 100


def _words(table: str) -> frozenset[str]:
    return frozenset(table.split())


# --- what cannot begin a line ----------------------------------------------------------------------------

_JOSA = (
    "이|가|은|는|을|를|도|만|과|와|의|에|에서|에게|께|께서|으로|로|부터|까지|밖에|조차|마저|처럼|보다|"
    "이나|나|"
    "라도|이라도|라는|이라는|라고|이라고|마다|에는|에도|에서는|에서도|으로는|로는|까지는|부터는|만의|들|"
    "들이|들은|들을|들께|들께서|들의"
)
_COPULA = r"(?:이|입|인|일|이었|였|예|이에|이죠|죠|이고|이며|이지|이니|임)[가-힣]*"
_TAIL = rf"들?(?:{_JOSA}|{_COPULA})?"
# 의존명사: written after a space, meaningless without what stands before it.
_BOUND_NOUN = re.compile(
    r"것[가-힣]*|거(?:예요|에요|야|죠|지|고|는|를|라|라고|니까|니|다|든|냐|로)?|겁니[다까]|"
    r"수(?:가|는|도|를|만|밖에|록)?|만큼[가-힣]*|바(?:를|가|는|와|로|에|입니다|이다)?|지(?:가|도|는)?|"
    r"데(?:에|에서|가|는|도|로|서|다가)?|때문[가-힣]*|뿐[가-힣]*|대로(?:만|의|는)?|듯[가-힣]*|척[가-힣]*|"
    r"체(?:하[가-힣]*|로)?|채(?:로)?|적(?:이|은|도)?|줄(?:을|은|도|로|만)?|리(?:가|는|도)|따름[가-힣]*|"
    r"나름[가-힣]*|"
    rf"(?:등|중|편|때|무렵|즈음|쯤|동안|씩|가량|정도|이상|이하|이내|미만|내외){_TAIL}|만(?:에|의|이다|"
    rf"입니다)?"
)
# Bound only after a verb that modifies them: 오신 분, 하는 게; alone they are nouns or endings.
_BOUND_AFTER_MODIFIER = re.compile(rf"(?:분|게|건|걸|점|곳|쪽|자|이|후|뒤|날){_TAIL}|다음{_TAIL}")
# What gives the noun before it its place in the sentence: 축제를 위해, 시민과 함께.
_AFTER_JOSA = re.compile(
    r"(?:대해|대한|관한|관해|위해|위한|통해|통한|따라|따른|의해|의한|인해|인한|비해|걸쳐|향해|향한|함께|"
    r"같이|"
    r"같은|달리|더불어|관련|대비|모두)[가-힣]*"
)
_COUNTER = re.compile(
    rf"(?:개|개월|개소|개국|명|분|초|원|시|시간|년|년도|월|일|주|주일|주년|미터|킬로미터|센티미터|"
    rf"밀리미터|킬로|그램|킬로그램|톤|리터|"
    rf"도|층|번|번지|번째|회|차|대|권|장|마리|살|세|곳|가지|건|팀|쪽|호|호선|등|위|점|배|퍼센트|프로|평|"
    rf"만|천|백|억|조|여|"
    rf"가구|세대|동|면|인|학년|반|조|종|편|컷|m|km|cm|mm|kg|g|t|L|㎡|㎞|℃|%|GB|MB){_TAIL}(?:\W.*)?"
)
_TITLE = re.compile(
    rf"(?:시장|부시장|도지사|지사|구청장|군수|의원|의장|위원|위원장|국장|실장|과장|팀장|계장|소장|관장|"
    rf"단장|센터장|동장|면장|읍장|"
    rf"주무관|사무관|담당관|담당자|서기관|주사|장관|차관|총리|대통령|대표|이사장|이사|사장|회장|부장|"
    rf"차장|대리|교수|박사|"
    rf"선생|작가|감독|배우|가수|기자|아나운서|선수|코치|셰프|명인|어르신|할머니|할아버지|씨|님|군|"
    rf"양)(?:님)?(?:들)?{_TAIL}"
)
_NAME = re.compile(r"[가-힣]{2,4}")

# 보조용언 by the ending before them.
_AUXILIARY_AFTER = (
    (re.compile(r".*고"), re.compile(r"(?:있|계[시신실셨십]|싶|나[서면니]|말)[가-힣]*")),
    (
        re.compile(
            r".*(?:[아어여워해돼봐줘져겨켜려혀셔쳐펴써꺼떠퍼내매배깨]|도와|나와|찾아와|다가와|만나|지나|떠나)"
        ),
        re.compile(
            r"(?:있|계[시신실셨십]|주[가-힣]|준|줄|줍|줘|줬|드[리린릴립려렸]|보[가-힣]|본|볼|봅|봐|봤|"
            r"버[리린릴립려렸]|놓|"
            r"두[고었면는]|둔|둘|둡|둬|가[는고며면세시]|간|갈|갑|갔|오[는고며면세시]|온|올|옵|와|왔|"
            r"나[가-힣]|내[가-힣]|낸|낼|냅)[가-힣]*"
        ),
    ),
    (re.compile(r".*지"), re.compile(r"(?:않|못|말|마[세시십])[가-힣]*")),
    (re.compile(r".+게"), re.compile(r"(?:되|된|될|됩|돼|됐|하|한|할|합|해|했)[가-힣]*")),
    (
        re.compile(r".+(?:야|야만|려고|으려|고자|도록|거나|기도|기로|기만|듯)"),
        re.compile(r"(?:하|한|할|합|해|했|되|된|될|됩|돼|됐)[가-힣]*"),
    ),
    (re.compile(r"수(?:가|는|도|밖에)?"), re.compile(r"[있없][가-힣]*")),
    (re.compile(r"[것거]"), re.compile(r"같[가-힣]*")),
    (
        re.compile(r".+기"),
        re.compile(r"(?:바[라랍란랄]|위[해한]|전|쉬[운워]|쉽|어려[운워]|어렵|시작)[가-힣]*"),
    ),
    (re.compile(r".*(?:[을를할될]|수)"), re.compile(r"(?:만[한하]|뻔)[가-힣]*")),
)

# --- what cannot end a line ------------------------------------------------------------------------------

_DETERMINERS = _words(
    "이 그 저 요 이런 그런 저런 이러한 그러한 어떤 무슨 어느 웬 모든 온 온갖 새 헌 옛 첫 맨 각 매 전 본 "
    "당 해당 여러 몇 몇몇 "
    "한 두 세 네 서 석 너 넉 다섯 여섯 일곱 여덟 아홉 열 열한 열두 스무 수십 수백 수천 수만 제 약 총 단 "
    "최대 최소 "
    "우리 저희 내 네 다른 별 딴 바로 단지 오직 안 못"
)
_DEGREE = _words(
    "더 덜 가장 매우 아주 너무 정말 꼭 잘 좀 참 제일 더욱 무척 훨씬 많이 조금 다시 또 함께 같이 직접 모두 다"
)
_JOINING = _words("및 또는 혹은 내지 겸 대")
_PART_OF_DAY = _words("오전 오후 새벽 아침 낮 점심 저녁 밤 정오 지난 다음 이번 매주 매월 매년 오는 제")
_MODIFIER_WORDS = _words(
    "열리는 즐기는 느끼는 알리는 달리는 걸리는 기다리는 드리는 만드는 모르는 부르는 흐르는 따르는 "
    "오르는 이르는 서두르는 나오는 "
    "들어오는 다가오는 찾아오는 돌아오는 가는 나가는 들어가는 오가는 찾아가는 지나가는 살아가는 "
    "함께가는 지키는 시키는 주는 "
    "보는 배우는 나누는 피우는 세우는 키우는 치르는 다니는 보이는 지내는 보내는 끝내는 나타내는 사는 "
    "아는 여는 이끄는 쓰는 뜨는 "
    "크는 자라는 바라는 놀라는 모이는 쌓이는 이어지는 펼쳐지는 만들어지는 이루어지는 진행되는 "
    "좋은 많은 높은 낮은 작은 깊은 얕은 같은 밝은 젊은 늙은 넓은 좁은 짧은 싶은 받은 먹은 찾은 읽은 "
    "맡은 남은 얻은 앉은 맑은 굵은 "
    "늦은 옳은 않은 괜찮은 닮은 담은 심은 적은 "
    "큰 긴 먼 찬 센 쓴 단 둔 간 갈 온 올 본 볼 준 줄 낸 낼 산 살 쓸 뜰 클 잘될 모인 쓰인 보인 지난 만난 "
    "태어난 나온 들어온 찾아온 "
    "돌아온 만든 만들 모든 다른 빠른 바른 푸른 이른 서툰 멋진 값진 놀 먹을 받을 찾을 있을 없을 같을 "
    "좋을 많을 높을 읽을"
)
_MODIFIER_ENDINGS = re.compile(
    r".*(?:한|할|된|될|던|운|른|쁜|하신|하실|오신|오실|주신|주실|보신|보실|계신|계실|되신|려진|려질|"
    r"해진|어진|아진|열린|올린|드린|드릴|"
    r"린|시킨|시킬|했던|였던|스런|적인|하는|되는|스러운)"
)
_TAKES_NOUN_OF = re.compile(r".+의")

# --- where speech pauses ---------------------------------------------------------------------------------

_FINAL_ENDING = re.compile(
    r".+(?:니다|니까|십시오|세요|셔요|어요|아요|여요|해요|예요|에요|워요|와요|줘요|봐요|돼요|져요|려요|"
    r"까요|나요|가요|죠|지요|네요|군요|"
    r"데요|고요|구요|래요|거든요|잖아요|었다|았다|였다|했다|한다|된다|이다|있다|없다)"
)
_FORMAL_ENDING = re.compile(r".+(?:니다|니까|십시오)")
_CONJUNCTIONS = _words(
    "그리고 그러나 하지만 그런데 그래서 그러므로 따라서 또한 또 그러면 그럼 그러니까 왜냐하면 즉 다만 "
    "한편 특히 예를 아니면 "
    "게다가 더구나 반면 만약 만일 그렇지만 이어서 이처럼 이에"
)
_CONNECTIVE_ENDING = re.compile(
    r".+(?:면서|으며|며|지만|는데|은데|인데|한데|던데|니까|므로|아서|어서|해서|여서|와서|워서|려고|고자|"
    r"도록|거나|든지|자마자|다가|"
    r"으면|하면|되면|시면|라면|다면|려면|더라도|아도|어도|해도|지면|고|면|서는|니|는지|만큼|느라|채로)"
)
# Ends like a 연결어미 and is none.
_NOT_CONNECTIVE = _words(
    "최고 창고 사고 광고 보고 신고 재고 참고 화면 장면 방면 측면 국면 전면 수면 라면 냉면 쪽지만 어머니 "
    "할머니 주머니"
)
_TOPIC = re.compile(r".+[은는]")
_ADVERBIAL_JOSA = re.compile(
    r".+(?:에서|에서는|에서도|에게|께서|에는|에도|으로|로|으로는|로는|부터|까지|에|마다|처럼|보다|대로|"
    r"밖에|하고|이랑|랑)"
)
_SUBJECT = re.compile(r".+(?:이|가|도|만)")
_OBJECT = re.compile(r".+[을를]")
_ADVERB_ENDING = re.compile(r".+(?:히|게|스레|껏)")

_DIGITS_AT_END = re.compile(r".*\d(?:만|천|백|억|조)?")
_DIGITS_AT_START = re.compile(r"[\d$₩№#+(].*")
_POWERS = _words("십 백 천 만 억 조")
_DATE_OR_TIME_PART = re.compile(r".*\d(?:년|월|시|번|호|조|층|학년)")
_LATIN_AT_END = re.compile(r".*[A-Za-z]")
_LATIN_AT_START = re.compile(r"[A-Za-z].*")
_ENUMERATOR = re.compile(r"[(\[]?(?:\d{1,3}|[가-하]|[A-Za-z])[.)\]]")


def ends_sentence(eojeol: str) -> bool:
    """Whether a sentence ends with `eojeol`: by its mark, or by a formal ending where marks are missing."""
    bare = eojeol.rstrip(_CLOSERS)
    if bare.endswith(("...", "…")) or _ENUMERATOR.fullmatch(eojeol):
        return False
    return bare.endswith((".", "?", "!", "。", "？", "！")) or _FORMAL_ENDING.fullmatch(bare) is not None


def break_cost(left: str, right: str) -> int:
    """The cost of ending a line after `left` when `right` comes next, 0 (ideal) to 100."""
    if _ENUMERATOR.fullmatch(left):
        return BOUND
    if ends_sentence(left):
        return SENTENCE
    unclosed = left.rstrip(_CLOSERS)
    if unclosed.endswith((",", "，", "、", "...", "…", ";", ":", "/")):
        return COMMA
    before = unclosed.rstrip(_MARKS).lstrip(_OPENERS)
    after = right.lstrip(_OPENERS).rstrip(_CLOSERS + _MARKS).rstrip(_CLOSERS)
    return _bound_cost(before, after) or _pause_cost(before, after)


def _bound_cost(before: str, after: str) -> int:
    """The cost of parting two that belong together, 0 where they do not."""
    modifies = _modifies_noun(before)
    if _BOUND_NOUN.fullmatch(after):
        return INSEPARABLE
    if modifies and _BOUND_AFTER_MODIFIER.fullmatch(after):
        return BOUND
    if any(ending.fullmatch(before) and verb.fullmatch(after) for ending, verb in _AUXILIARY_AFTER):
        return BOUND
    if (_DIGITS_AT_END.fullmatch(before) or before in _POWERS) and (
        _COUNTER.fullmatch(after) or _DIGITS_AT_START.fullmatch(after)
    ):
        return INSEPARABLE
    if _DIGITS_AT_START.fullmatch(after) and (before in _PART_OF_DAY or _DATE_OR_TIME_PART.fullmatch(before)):
        return BOUND
    if before in _DETERMINERS or before in _JOINING:
        return DETERMINER
    if before in _PART_OF_DAY:
        return MODIFIER
    if _TITLE.fullmatch(after) and _NAME.fullmatch(before):
        return DETERMINER
    if _AFTER_JOSA.fullmatch(after) and re.fullmatch(r".+(?:에|을|를|으로|로|와|과)", before):
        return DETERMINER
    if _TAKES_NOUN_OF.fullmatch(before) or modifies:
        return MODIFIER
    return ADVERB if before in _DEGREE else 0


def _pause_cost(before: str, after: str) -> int:
    """The cost where grammar leaves a choice: the last ending of `before` says how much of a pause "
    "there is."""
    if _FINAL_ENDING.fullmatch(before):
        return FINAL_ENDING
    if after in _CONJUNCTIONS:
        return BEFORE_CONJUNCTION
    if before in _CONJUNCTIONS:
        return PLAIN
    if before not in _NOT_CONNECTIVE and _CONNECTIVE_ENDING.fullmatch(before):
        return CONNECTIVE_ENDING
    if _LATIN_AT_END.fullmatch(before) and _LATIN_AT_START.fullmatch(after):
        return ADVERB
    for ending, cost in (
        (_ADVERBIAL_JOSA, ADVERBIAL_JOSA),
        (_TOPIC, TOPIC),
        (_OBJECT, OBJECT),
        (_SUBJECT, SUBJECT),
        (_ADVERB_ENDING, ADVERB),
    ):
        if ending.fullmatch(before):
            return cost
    return PLAIN


def _modifies_noun(word: str) -> bool:
    """Whether `word` looks like a 관형사형: it waits for its noun."""
    if word in _MODIFIER_WORDS or _MODIFIER_ENDINGS.fullmatch(word):
        return True
    # The topic 조사 is 은 after a closed syllable, so 는 after one can only be a verb's ending.
    return len(word) > 1 and word.endswith("는") and _is_closed(word[-2])


def _is_closed(syllable: str) -> bool:
    return "가" <= syllable <= "힣" and (ord(syllable) - ord("가")) % 28 != 0
