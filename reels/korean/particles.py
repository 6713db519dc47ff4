"""조사, the particles attached to a word: telling them from it, and the form that follows another word.

By a closed list and without a dictionary: whoever asks knows the word that the particles should hang on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

__all__ = ["attached", "particles_of"]

_PARTICLES = (
    "은 는 이 가 을 를 과 와 의 에 에서 에게 에게서 한테 한테서 께 께서 으로 로 으로서 로서 으로써 로써 "
    "으로부터 로부터 도 만 까지 부터 마다 조차 마저 밖에 처럼 보다 같이 대로 만큼 뿐 이나 나 이랑 랑 하고 "
    "이든 든 이든지 든지 이라도 라도 이야말로 야말로 이란 란 이여 여 아 야 요 들 님 씨 쪽 측 "
    # 이다 attached: the forms of speech and announcements
    "입니다 입니까 이에요 예요 이죠 죠 이지요 지요 이다 이고 이며 이라 라 이라고 라고 이라는 라는 이라서 라서 이라면 "
    "라면 인 인데 인가요 이었습니다 였습니다 이었던 였던 이네요 네요 이자 이나마 나마"
)
_CHAIN = re.compile("(?:" + "|".join(sorted(_PARTICLES.split(), key=len, reverse=True)) + "){1,3}")
_LONGEST_CHAIN = 10

# After a consonant, after a vowel. The longer ones first, since 이 begins many.
_PAIRS = (
    *(("으로부터", "로부터"), ("으로서", "로서"), ("으로써", "로써"), ("으로", "로")),
    *(("이었습니다", "였습니다"), ("이었던", "였던"), ("이에요", "예요"), ("이야말로", "야말로")),
    *(("이라고", "라고"), ("이라는", "라는"), ("이라서", "라서"), ("이라면", "라면"), ("이라도", "라도")),
    *(("이든지", "든지"), ("이든", "든"), ("이랑", "랑"), ("이나마", "나마"), ("이나", "나")),
    *(("이란", "란"), ("이라", "라"), ("이네요", "네요"), ("이지요", "지요"), ("이죠", "죠"), ("이여", "여")),
    *(("은", "는"), ("이", "가"), ("을", "를"), ("과", "와"), ("아", "야")),
)
_SAME_AFTER_BOTH = ("입니다", "입니까", "이다", "이고", "이며", "이자", "인데", "인가요", "인")
_RIEUL = 8


def particles_of(word: str) -> Iterator[int]:
    """Where the particles of `word` may begin, its whole length (none) first: `한빛시에서` → 5, 3."""
    yield len(word)
    for cut in range(len(word) - 1, max(0, len(word) - _LONGEST_CHAIN - 1), -1):
        if _CHAIN.fullmatch(word, cut):
            yield cut


def attached(word: str, particles: str, *, instead_of: str) -> str:
    """`word` with the particles that hung on `instead_of`, in the form that its last sound asks for.

    Where either ends in no syllable of Hangul, the particles stay as they were.
    """
    before, now = _final(instead_of), _final(word)
    if not particles or before is None or now is None or particles.startswith(_SAME_AFTER_BOTH):
        return word + particles
    for after_consonant, after_vowel in _PAIRS:
        # ㄹ takes 로 as a vowel does.
        ro = after_vowel.startswith("로")
        here = after_vowel if before == 0 or (ro and before == _RIEUL) else after_consonant
        wanted = after_vowel if now == 0 or (ro and now == _RIEUL) else after_consonant
        if particles.startswith(here):
            return word + wanted + particles[len(here) :]
    return word + particles


def _final(word: str) -> int | None:
    """The number of the last syllable's final consonant, 0 for none; None where it is no syllable."""
    last = word[-1:]
    return (ord(last) - 0xAC00) % 28 if "가" <= last <= "힣" else None
