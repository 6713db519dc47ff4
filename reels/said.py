"""Facts in words that people read, in English and in Korean.

`errors` builds its sentences of them and every room words what it found with them. Nothing here decides which
language is spoken: `cli` does.
"""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Iterable
from typing import Any, Literal

__all__ = [
    "Language",
    "Said",
    "any_of",
    "in_language",
    "perhaps",
    "said_by_system",
    "typed",
    "with_reason",
]

Language = Literal["en", "ko"]


class Said(str):
    """A fact in words, in both languages: as a `str` it is English, `ko` holds the Korean.

    So whoever compares, logs or stores facts needs to know nothing of languages; only a sentence asks. Joining
    or formatting gives plain English again: build both parts at once. A Korean `remedy` is a whole sentence with
    its full stop, a Korean `found` or `expected` a noun phrase without one.
    """

    __slots__ = ("ko",)
    ko: str

    def __new__(cls, en: str, *, ko: str) -> Said:
        said = super().__new__(cls, en)
        said.ko = ko
        return said

    def __reduce__(self) -> tuple[Any, ...]:
        return _said, (str(self), self.ko)


def _said(en: str, ko: str) -> Said:
    return Said(en, ko=ko)


def in_language(fact: object, language: Language) -> str:
    """`fact` in words of `language`, where it has any; names and numbers are the same in both."""
    return fact.ko if language == "ko" and isinstance(fact, Said) else str(fact)


def any_of(names: Iterable[str]) -> Said:
    """Expected: one of `names`."""
    listed = ", ".join(names)
    return Said(f"one of {listed}", ko=f"{listed} 가운데 하나")


def perhaps(guess: str) -> Said:
    """Remedy: the name that a mistyped one most likely meant."""
    return Said(f"perhaps you meant {guess}", ko=f"혹시 {guess}인가요?")


_PLAIN_WORD = re.compile(rf"[\w@%+=:,./{re.escape(os.sep)}-]+")
_NOT_IN_QUOTES = '"$`!\n' + ("" if os.sep == "\\" else "\\")


def typed(word: object) -> str:
    """`word` as it is typed in a command that people copy: a name with spaces stays one word."""
    text = str(word)
    if _PLAIN_WORD.fullmatch(text):
        return text
    # Windows knows no other quotes than these.
    return shlex.quote(text) if any(sign in text for sign in _NOT_IN_QUOTES) else f'"{text}"'


_OF_THE_SYSTEM = {
    "Address already in use": "다른 프로그램이 쓰는 포트",
    "Bad address": "잘못된 주소",
    "Connection timed out": "응답이 없는 네트워크 폴더",
    "Cross-device link": "다른 드라이브",
    "Device or resource busy": "다른 프로그램이 쓰는 중",
    "Decoder not found": "풀 수 없는 코덱",
    "Directory not empty": "비어 있지 않은 폴더",
    "Disk quota exceeded": "사용 한도 초과",
    "End of file": "일찍 끝난 파일",
    "File exists": "이미 있는 이름",
    "File name too long": "너무 긴 이름",
    "File too large": "너무 큰 파일",
    "Host is down": "꺼진 네트워크 컴퓨터",
    "Input/output error": "읽기·쓰기 오류",
    "Invalid argument": "쓸 수 없는 이름",
    "Invalid data found when processing input": "형식에 맞지 않는 데이터",
    "Is a directory": "폴더",
    "No such device": "없는 장치",
    "No such device or address": "없는 장치",
    "No such file or directory": "없는 파일이나 폴더",
    "No space left on device": "남은 공간 없음",
    "Not yet implemented in FFmpeg, patches welcome": "풀 수 없는 형식",
    "Not a directory": "폴더가 아닌 것",
    "Operation not permitted": "허용되지 않은 작업",
    "Permission denied": "권한 없음",
    "Read-only file system": "읽기 전용 드라이브",
    "Stale file handle": "연결이 끊긴 네트워크 폴더",
    "Too many levels of symbolic links": "끝없이 도는 바로 가기",
    "Too many open files": "열린 파일이 너무 많음",
    "Transport endpoint is not connected": "연결이 끊긴 드라이브",
}


def said_by_system(said: str | OSError | None, otherwise: str = Said("a refusal", ko="거절")) -> str:
    """The reason of the operating system or of FFmpeg, in Korean too where it is a common one.

    Source: strerror(3) of glibc, the same words on other systems for the common ones; libavutil/error.c.
    """
    text = said.strerror if isinstance(said, OSError) else said
    if not text:
        return otherwise
    ko = _OF_THE_SYSTEM.get(text)
    return text if ko is None else Said(text, ko=ko)


def with_reason(en: str, ko: str, why: Exception) -> Said:
    """A fact that ends in the reason of the system or of a library, which takes the place of `{}` in both."""
    reason = said_by_system(getattr(why, "strerror", None), str(why))
    return Said(en.format(reason), ko=ko.format(in_language(reason, "ko")))
