"""What it costs a reader when a line or cue ends between two 어절, or inside one: read from their morphemes.

Costs run from 0, a sentence's end, to 100, two words that are one thing; inside an 어절 they are higher. First the
pairs that belong together, then the places where speech itself pauses, then what the last 조사 says; the first rule
that fits decides. Pure but for the analyser and its memory; knows nothing of widths and times.

Sources: 한글 맞춤법 §41–43 (조사 attached; 의존명사 and units spaced); Netflix Korean Timed Text Style Guide, "line
treatment" (after punctuation, before conjunctions; not between modifier and noun, name and title, verb and
auxiliary).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

from reels.korean.analysis import Morpheme, analysed, analysed_alone
from reels.korean.eojeol import is_picture
from reels.korean.memory import remembered
from reels.korean.vocabulary import (
    AFTER_BOUND_NOUN,
    AFTER_JOSA,
    AFTER_NOMINAL,
    AFTER_NOUN,
    BEFORE_LIGHT_VERB,
    COUNTERS,
    DEGREE,
    JOINING,
    LEANING,
    LIGHT_VERBS,
    NUMERALS,
    PARTS_OF_A_DATE,
    PARTS_OF_A_YEAR,
    POINTING,
    TIME_ADVERBS,
    TITLES,
    UNIT_SIGNS,
    WITH_NUMBER,
)
from reels.korean.words import CLOSERS, MARKS, NOUNS, OPENERS, Word, word_of

__all__ = ["SENTENCE", "break_costs", "break_costs_inside"]

SENTENCE = 0
FINAL_ENDING = 4
COMMA = 6
BEFORE_CONJUNCTION = 10
CONNECTIVE_ENDING = 14
INTERJECTION = 16
TOPIC = 24
ADVERBIAL = 28
SUBJECT = 34
BEFORE_JOINING = AFTER_TIME = 40
OBJECT = 42
LINKED_VERB = 46
ADVERB = 50
BEFORE_NAME = 53
COORDINATED = 56
COMPOUND = 62
AFTER_CONJUNCTION = 70
MODIFIER = 74
THING_AND_NUMBER = 88
DEGREE_ADVERB = 76
CLOSE = 85
DETERMINER = 88
BOUND = 95
INSEPARABLE = 100

INSIDE_AT_WORD = 120
INSIDE_COMPOUND = 25
INSIDE_AT_SEAM = 150
INSIDE = 300
BEFORE_ENDING = 900

_LABEL = 5
"""일시: 10월 3일, 김하늘: 안녕하세요. So short a word before a colon is nothing to show alone."""
_PREDICATE_NEXT = 12
"""More where the verb comes right after its subject, object or adverbial."""

_BULLETS = frozenset("-–—•·*▶▷■□○●◆◇※☞→")
_ENUMERATOR = re.compile(r"[(\[]?(?:\d{1,3}|[가나다라마바사아자차카타파하]|[A-Za-z])[.)\]]")
_FORMAL = ("습니다", "ᆸ니다", "습니까", "ᆸ니까", "십시오", "ᆸ시오", "읍시다", "ᆸ시다")
_HANGUL = re.compile(r"[가-힣ㄱ-ㅎㅏ-ㅣ]")
_NAME = re.compile(r"[가-힣]{2,4}")
_SEAMS = frozenset("-/·.,_~&?=:)]")

_PREDICATES = frozenset({"VV", "VA", "VX", "VCN"})
_LEANS_ON_WHAT_IS_BEFORE = frozenset(
    {"VCP", "EP", "EF", "EC", "ETN", "ETM", "XSN", "XSV", "XSA", "XSM", "Z_CODA"}
)
_QUOTING = ("다고", "라고", "자고", "냐고", "으라고")
_PURPOSE = frozenset({"러", "으러"})
_LINKING = frozenset({"어", "아", "여"})


# --- asked from outside ----------------------------------------------------------------------------------


def break_costs(words: Sequence[str]) -> tuple[int, ...]:
    """The cost of ending a line after each of `words` but the last, 0 to 100. `SENTENCE`: a sentence ends there."""
    return _break_costs(tuple(words))


def break_costs_inside(word: str) -> tuple[int, ...]:
    """The cost of a break before each character of `word` but the first, for a word wider than a line.

    Lowest where two words were written without a space, highest before a 조사 or an ending.
    """
    return _break_costs_inside(word)


@lru_cache(maxsize=4096)
def _break_costs(words: tuple[str, ...]) -> tuple[int, ...]:
    count = max(0, len(words) - 1)
    if not count:
        return ()
    if not any(map(_HANGUL.search, words)):
        return tuple(_cost(word_of(a, ()), word_of(b, ())) for a, b in pairwise(words))
    return remembered("between", "\n".join(words), count, lambda: _between(words))


@lru_cache(maxsize=1024)
def _break_costs_inside(word: str) -> tuple[int, ...]:
    if len(word) < 2:
        return ()
    if not _HANGUL.search(word):
        return tuple(_cost_at_seam(a, b) for a, b in pairwise(word))
    return remembered("inside", word, len(word) - 1, lambda: _inside(word))


def _between(words: Sequence[str]) -> tuple[int, ...]:
    read = [word_of(text, morphemes) for text, morphemes in zip(words, analysed(words), strict=True)]
    costs = [_cost(a, b) for a, b in pairwise(read)]
    if is_picture(words[-1]):
        costs[-1] = INSEPARABLE  # even after a full stop
    return tuple(costs)


# --- between two words -----------------------------------------------------------------------------------


def _cost(a: Word, b: Word) -> int:
    if _ENUMERATOR.fullmatch(a.text) and a.last.tag not in ("EF", "IC"):
        # 가. 신청; but not 집에 가. 그리고.
        return BOUND
    if "\u20e3" in b.text and is_picture(b.text):
        return COMMA  # a number in a keycap begins an item
    if is_picture(a.text):
        return BOUND if "\u20e3" in a.text else COMMA
    unclosed = a.text.rstrip(CLOSERS)
    if unclosed.endswith((".", "?", "!", "。", "？", "！")) and not unclosed.endswith("..."):
        return SENTENCE
    if unclosed.endswith(":") and a.is_noun and len(a.bare) <= _LABEL:
        return MODIFIER
    if unclosed.endswith((",", "，", "、", "...", "…", ";", ":", "/")):
        return COMMA
    if _leans_back(b):
        return INSEPARABLE
    if b.text in _BULLETS:
        return COMMA
    if a.text in _BULLETS:
        return BOUND
    if not b.morphemes and not b.bare[:1].isalnum() and b.bare[:1] not in UNIT_SIGNS:
        # A mark belongs to what it follows.
        return DETERMINER
    if a.last.tag in ("EF", "EC") and a.last.form.endswith(_FORMAL) and b.first.tag != "VX":
        return SENTENCE
    return _cost_of_parting(a, b) or _cost_of_pausing(a, b)


def _leans_back(b: Word) -> bool:
    """조사, endings and suffixes that somebody wrote after a space."""
    tag = b.first.tag
    if b.first.start > len(b.text) - len(b.text.lstrip(OPENERS)):
        # ㎥당: a mark stands before the suffix.
        return False
    return tag in _LEANS_ON_WHAT_IS_BEFORE or (tag.startswith("J") and tag != "JC")


def _cost_of_parting(a: Word, b: Word) -> int:
    """The cost of parting two that belong together, 0 where they do not."""
    for rule in _PARTING:
        if cost := rule(a, b):
            return cost
    return 0


def _number_and_unit(a: Word, b: Word) -> int:
    if a.ends_with_number and (
        b.starts_with_digit
        or b.first.tag in ("SN", "NR")
        or b.bare[:1] in UNIT_SIGNS
        or b.text[:1] in UNIT_SIGNS
        or b.first.form in COUNTERS
        or b.bare in COUNTERS
    ):
        return INSEPARABLE
    if a.last.form == "년" and b.first.form in PARTS_OF_A_YEAR:
        return BOUND
    if b.starts_with_digit or b.first.tag in ("SN", "NR"):
        if a.last.form in PARTS_OF_A_DATE and a.last.tag not in ("JX", "JKS"):
            return BOUND
        if a.bare in WITH_NUMBER:
            return DETERMINER
    return 0


def _thing_and_number(a: Word, b: Word) -> int:
    """사진 | 한 장, 참가비 | 3만 원; but a date may begin a line."""
    if a.last.tag not in ("NNG", "NNP", "SL") or b.first.form.endswith("째"):
        return 0
    if b.first.tag in ("SN", "NR") or (b.first.tag == "MM" and b.first.form in NUMERALS):
        dated = len(b.morphemes) > 1 and b.morphemes[1].form in PARTS_OF_A_DATE
        return 0 if dated else THING_AND_NUMBER
    return 0


def _bound_noun(a: Word, b: Word) -> int:
    if b.first.tag == "NNB":
        return INSEPARABLE
    if b.first.form in LEANING and b.first.tag.startswith("N"):
        if a.last.tag == "ETM":
            return BOUND
        if a.ends_with_number or (a.last.tag == "NNB" and a.last.form in COUNTERS):
            return BOUND
        if a.bare[-1:] in UNIT_SIGNS:
            return BOUND
    if a.is_noun and b.first.form in AFTER_NOUN and b.first.tag.startswith("N"):
        return CLOSE
    return 0


def _auxiliary(a: Word, b: Word) -> int:
    verb, last = b.first, a.last
    if verb.tag not in _PREDICATES and verb.tag not in ("XSV", "XSA"):
        return 0
    before = a.last_but_one if last.tag.startswith("J") else last
    if verb.tag == "VX" and (
        last.tag in ("EC", "EF", "ETM", "ETN") or before.tag in ("EC", "EF", "ETN", "NNB")
    ):
        return BOUND
    if before.tag == "NNB" and verb.form in AFTER_BOUND_NOUN:
        return BOUND
    if before.tag == "EC" and verb.form in ("하", "되", "않") and before.form in BEFORE_LIGHT_VERB:
        return BOUND
    if before.tag == "EC" and verb.form in ("되", "좋") and before.form.endswith(("면", "도")):
        return BOUND
    if before.tag == "ETN" and (verb.form in AFTER_NOMINAL or verb.tag == "VX"):
        return BOUND
    if last.tag == "EC" and last.form in _PURPOSE:
        # 놀러 | 오세요
        return CLOSE
    if last.tag == "JKC":
        return CLOSE
    return 0


def _is_title(b: Word) -> bool:
    """시장, 시장님은, 문화해설사님과: a noun that ends in a title."""
    nouns = [m for m in b.morphemes if m.tag in ("NNG", "NNB", "NNP")]
    rest = b.morphemes[len(nouns) :]
    # Nothing between or before the nouns, only 님 and 조사 after them.
    return (
        bool(nouns)
        and b.morphemes[: len(nouns)] == tuple(nouns)
        and nouns[-1].form in TITLES
        and not (rest and rest[0].tag in ("XSV", "XSA"))
    )


def _name_and_title(a: Word, b: Word) -> int:
    if _is_title(b) and a.is_noun:
        if a.last.tag == "NNP":
            return BOUND
        if a.last.tag == "NP" or a.last.form in TITLES or _NAME.fullmatch(a.bare):
            return DETERMINER
    if a.last.form in TITLES and a.is_noun and b.first.tag == "NNP":
        return CLOSE
    if a.last.tag == "NNP" and b.first.tag == "NNP" and len(a.bare) == 1:
        return INSEPARABLE
    return 0


def _modifier(a: Word, b: Word) -> int:
    tag, form = a.last.tag, a.last.form
    if form in JOINING and tag in ("MAG", "MAJ", "NNB", "NNG") and a.bare == form:
        return DETERMINER
    if b.first.form in JOINING and b.first.tag in ("MAG", "MAJ"):
        return BEFORE_JOINING
    if tag == "MM" or (a.bare in POINTING and b.first.tag.startswith("N")):
        return DETERMINER
    if tag.startswith("J") and tag not in ("JKS", "JKG", "JKV") and b.first.form in AFTER_JOSA:
        return DETERMINER
    if a.bare in ("우리", "저희", "너희", "제", "내", "네") and b.first.tag.startswith(("N", "S", "X")):
        return DETERMINER
    if tag in ("ETM", "JKG"):
        return MODIFIER
    if tag == "MAG" and a.bare in ("안", "못", "잘") and b.first.tag in _PREDICATES:
        return DETERMINER
    if tag == "MAG" and a.bare in DEGREE:
        return DEGREE_ADVERB
    return 0


def _noun_and_its_verb(a: Word, b: Word) -> int:
    if (
        a.is_noun
        and a.last.tag != "NP"
        and b.first.form in LIGHT_VERBS
        and (b.first.tag in ("VV", "XSV", "XSA") or b.first.form.startswith("부탁"))
    ):
        return CLOSE
    return 0


_PARTING = (
    _number_and_unit,
    _thing_and_number,
    _bound_noun,
    _auxiliary,
    _name_and_title,
    _modifier,
    _noun_and_its_verb,
)

_BY_JOSA = {
    "JX": TOPIC,
    "JKB": ADVERBIAL,
    "JKS": SUBJECT,
    "JKO": OBJECT,
    "JKQ": ADVERBIAL,
    "JKV": INTERJECTION,
    "JKC": CLOSE,
    "JC": COORDINATED,
    "IC": INTERJECTION,
}
_LIKE_A_COMPARISON = frozenset({"처럼", "보다", "만큼", "같이", "과", "와", "랑", "이랑", "하고"})


def _cost_of_pausing(a: Word, b: Word) -> int:
    """The cost where grammar leaves a choice: the last ending of `a` says how much of a pause there is."""
    tag, form = a.last.tag, a.last.form
    predicate = _PREDICATE_NEXT if b.first.tag in _PREDICATES else 0
    if tag == "EF" or (form == "요" and tag == "JX" and a.last_but_one.tag in ("EF", "EC")):
        return FINAL_ENDING
    if tag == "EC" and form.endswith("요"):
        return FINAL_ENDING
    if b.first.tag == "MAJ" and b.morphemes == b.morphemes[:1]:
        return BEFORE_CONJUNCTION
    if tag == "EC" and form.endswith(_QUOTING):
        return ADVERBIAL + 2 * predicate
    if tag == "EC":
        return LINKED_VERB if form in _LINKING or form == "게" else CONNECTIVE_ENDING
    if tag == "JKS" and b.first.form in ("있", "없") and b.last.tag == "ETM":
        return COMPOUND + predicate
    if tag == "JX" and form not in ("은", "는", "ᆫ"):
        return ADVERBIAL + predicate
    if tag == "JKB" and a.last_but_one.form == "때문":
        return CONNECTIVE_ENDING
    if tag == "JKB" and form in _LIKE_A_COMPARISON:
        return LINKED_VERB
    if tag in _BY_JOSA:
        return _BY_JOSA[tag] + predicate
    if tag == "MAJ":
        return AFTER_CONJUNCTION
    if tag == "MAG":
        # 널리 | 사람을: far from its verb. But 과 함께 is with what is before it.
        return ADVERB + (predicate if a.bare in ("함께", "같이") else _PREDICATE_NEXT)
    if tag == "NNB" and form == "뿐":
        return CONNECTIVE_ENDING
    if tag == "NNB" and form == "등" and not b.starts_with_digit:
        return OBJECT
    if tag == "NNB" and form in PARTS_OF_A_DATE and a.last_but_one.tag in ("SN", "NR", "MM"):
        return AFTER_TIME
    if a.bare in TIME_ADVERBS:
        return ADVERB
    if b.first.tag == "NNP" and tag != "NNP" and _NAME.fullmatch(b.bare):
        return BEFORE_NAME
    return COMPOUND


# --- inside a word that is wider than a line -------------------------------------------------------------


def _inside(word: str) -> tuple[int, ...]:
    morphemes = analysed_alone(word)
    groups = _written_together(morphemes)
    begins = [group[0].start for group in groups]
    views = [
        word_of(word[start:end], group)
        for group, (start, end) in zip(groups, pairwise([*begins, len(word)]), strict=True)
    ]
    at_word = {
        start: INSIDE_AT_WORD + _cost(a, b) + INSIDE_COMPOUND * (a.is_noun and b.first.tag in NOUNS)
        for start, (a, b) in zip(begins[1:], pairwise(views), strict=True)
    }
    endings = {
        m.start
        for m in morphemes
        if (m.tag in _LEANS_ON_WHAT_IS_BEFORE or m.tag.startswith("J")) and m.start not in at_word
    }
    return tuple(
        BEFORE_ENDING
        if at in endings
        else min(at_word.get(at, INSIDE), _cost_at_seam(word[at - 1], word[at]))
        for at in range(1, len(word))
    )


def _written_together(morphemes: Sequence[Morpheme]) -> list[list[Morpheme]]:
    """Cut where a space could have been: before a word of its own, unless a prefix or a mark stands before it."""
    groups: list[list[Morpheme]] = []
    for morpheme in morphemes:
        before = groups[-1][-1] if groups else None
        own = not (
            morpheme.tag in _LEANS_ON_WHAT_IS_BEFORE
            or morpheme.tag.startswith(("J", "S", "Z"))
            or morpheme.tag == "NNB"
        )
        if morpheme.tag == "NNB" and before is not None and before.tag == "ETM":
            own = True
        if morpheme.tag in ("SN", "SL", "SH") and before is not None and not before.tag.startswith("S"):
            own = True
        if before is None or (
            own and before.tag not in ("XPN", "SSO") and morpheme.start > groups[-1][0].start
        ):
            groups.append([morpheme])
        else:
            groups[-1].append(morpheme)
    return groups


def _cost_at_seam(before: str, after: str) -> int:
    if after in _SEAMS or after in CLOSERS or after in MARKS or before in OPENERS:
        return BEFORE_ENDING
    if before.isdigit() or after.isdigit():
        # 1,000 and 3.14 and 10:30 and 3시: a number stays whole, with its unit.
        return INSIDE_AT_SEAM if before in "/_?&=" or after in "/" else INSIDE
    if before in _SEAMS:
        return INSIDE_AT_SEAM
    return INSIDE_AT_SEAM + 10 if before.isascii() != after.isascii() else INSIDE
