"""How alike two Korean words sound: their sounds in 자모 as spoken, and the distance between two of them.

Spelled differently and spoken the same (`한옥`, `하녹`) is distance 0: a final consonant moves to a following
vowel, at the end of a syllable only seven are told apart, a silent ㅇ is nothing.
"""

from __future__ import annotations

import itertools

__all__ = ["WHOLE", "could_be_near", "sound_distance", "sounds_of", "which_sounds"]

WHOLE = 2
"""The distance of one sound that is another; sounds that are alike count half of it."""

_INITIALS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
_VOWELS = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"
_FINALS = ("", *"ㄱㄲ", "ㄱㅅ", "ㄴ", "ㄴㅈ", "ㄴㅎ", "ㄷ", "ㄹ", "ㄹㄱ", "ㄹㅁ", "ㄹㅂ", "ㄹㅅ", "ㄹㅌ", "ㄹㅍ", "ㄹㅎ",
           "ㅁ", "ㅂ", "ㅂㅅ", *"ㅅㅆㅇㅈㅊㅋㅌㅍㅎ")  # fmt: skip
_NG = "ŋ"
_CLOSED = str.maketrans("ㄲㅋㅅㅆㅈㅊㅌㅎㅍㅇ", "ㄱㄱㄷㄷㄷㄷㄷㄷㅂ" + _NG)
"""What a final consonant is heard as where no vowel follows. Source: 표준 발음법 제8–11항."""

_ALIKE = frozenset(
    frozenset(pair)
    for group in (
        *("ㄱㄲㅋ", "ㄷㄸㅌ", "ㅂㅃㅍ", "ㅈㅉㅊ", "ㅅㅆ"),
        # as assimilation changes them: 한국말 [한궁말], 신라 [실라]
        *("ㄴㄹ", "ㄱ" + _NG, "ㄷㄴ", "ㅂㅁ", "ㄴ" + _NG, "ㅁ" + _NG, "ㅁㄴ"),
        *("ㅐㅔ", "ㅒㅖ", "ㅔㅖ", "ㅙㅚㅞ", "ㅢㅣ"),
    )
    for pair in itertools.combinations(group, 2)
)
_WEAK = "ㅎ"
"""Between voiced sounds it is hardly heard."""


def sounds_of(letters: str) -> str:
    """The sounds of syllables of Hangul, one character each; other characters stand for themselves."""
    sounds: list[str] = []
    for letter, following in itertools.zip_longest(letters, letters[1:], fillvalue=""):
        if not "가" <= letter <= "힣":
            sounds.append(letter)
            continue
        number = ord(letter) - 0xAC00
        initial, vowel = _INITIALS[number // 588], _VOWELS[number % 588 // 28]
        final = _FINALS[number % 28]
        sounds.append(("" if initial == "ㅇ" else initial) + vowel)
        if not final:
            continue
        vowel_follows = "가" <= following <= "힣" and _INITIALS[(ord(following) - 0xAC00) // 588] == "ㅇ"
        if vowel_follows and final != "ㅇ":
            sounds.append(final.removesuffix("ㅎ") if len(final) == 2 else final.replace("ㅎ", ""))
        else:
            # Of two at a syllable's end one is heard: ㄹㄱ and ㄹㅁ and ㄹㅍ give the second, the others the first.
            heard = final[-1] if final in ("ㄹㄱ", "ㄹㅁ", "ㄹㅍ") else final[0]
            sounds.append(heard.translate(_CLOSED))
    return "".join(sounds)


def sound_distance(a: str, b: str, *, at_most: int) -> int:
    """What it takes to make one row of sounds the other, `WHOLE` for each other, missing or added sound.

    Beyond `at_most` the answer is only some number above it.
    """
    if abs(len(a) - len(b)) * WHOLE > at_most + WHOLE:
        return at_most + 1
    row = list(itertools.accumulate((_alone(y) for y in b), initial=0))
    for x in a:
        above, row = row, [row[0] + _alone(x)]
        for j, y in enumerate(b, 1):
            row.append(min(above[j] + _alone(x), row[-1] + _alone(y), above[j - 1] + _between(x, y)))
        if min(row) > at_most:
            return at_most + 1
    return row[-1]


def which_sounds(sounds: str) -> int:
    """The sounds without their order, a bit for each and for each time it comes."""
    bits = 0
    for sound in sounds:
        bit = 1 << (ord(sound) % 64 * 4)
        while bits & bit:
            bit <<= 1
        bits |= bit
    return bits


def could_be_near(a: int, b: int, *, at_most: int) -> bool:
    """Whether two rows of `which_sounds` can be within `at_most`; quicker than to measure it."""
    return max((a & ~b).bit_count(), (b & ~a).bit_count()) * (WHOLE // 2) <= at_most


def _alone(sound: str) -> int:
    return WHOLE // 2 if sound == _WEAK else WHOLE


def _between(a: str, b: str) -> int:
    if a == b:
        return 0
    return WHOLE // 2 if frozenset((a, b)) in _ALIKE else WHOLE
