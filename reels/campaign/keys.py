"""What the keys of every YAML file here have in common: texts, times, file names, and how they are refused.

pydantic at the edge. `schema` and its neighbours build on these; `cli` checks options by the same functions.
"""

from __future__ import annotations

import re
import unicodedata
from fractions import Fraction
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from reels.said import Said
from reels.timing import TimecodeUnreadable, parse_clock

__all__ = [
    "A_HASHTAG",
    "A_LANGUAGE",
    "A_NUMBER",
    "A_TEXT",
    "A_TIME",
    "A_WHOLE_NUMBER",
    "File",
    "Hashtag",
    "Keys",
    "Paragraphs",
    "Point",
    "Share",
    "Whole",
    "Words",
    "as_text",
    "hashtag",
    "is_empty_range",
    "language_code",
    "one_line",
    "paragraphs",
    "point",
    "some_time",
]

A_TIME = Said(
    "a time such as 4.2, 01:04.2, 1:02:03.5 or 120f", ko="4.2, 01:04.2, 1:02:03.5, 120f처럼 적은 시각"
)
A_TEXT = Said("text in Unicode", ko="유니코드로 된 글")
A_LANGUAGE = Said("a language code such as ko or en", ko="ko나 en 같은 언어 부호")
A_HASHTAG = Said("a hashtag without spaces and without #", ko="띄어쓰기와 #이 없는 해시태그")
A_WHOLE_NUMBER = Said("a whole number", ko="정수")
A_NUMBER = Said("a number", ko="수")
_LANGUAGE = re.compile(r"[a-z]{2,3}")


def as_text(value: Any) -> Any:
    """A number as its author wrote it; everything else as it is."""
    # `title: 2026` and `in: 4.2` are numbers to YAML and words to the person who wrote them.
    return str(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else value


def one_line(value: str) -> str:
    """`value` in NFC with single spaces for all white space. Raises: ValueError for what is no Unicode text."""
    return unicodedata.normalize("NFC", " ".join(_unicode(value).split()))


def paragraphs(value: str) -> str:
    """`value` in NFC with its line ends, without other control characters, which would reach terminals and posts.

    Raises: ValueError for what is no Unicode text.
    """
    lines = "\n".join(_unicode(value).splitlines())
    plain = "".join(c for c in lines if c in "\n\t" or unicodedata.category(c) != "Cc")
    return unicodedata.normalize("NFC", plain.strip())


def _unicode(value: str) -> str:
    # Bytes that are no UTF-8 arrive as lone surrogates, from a command line as from a YAML escape.
    if any("\ud800" <= c <= "\udfff" for c in value):
        raise ValueError(A_TEXT)
    return value


def point(value: str) -> str:
    """A time as people write it. Raises: ValueError."""
    try:
        # Any rate will do here: frames are counted at the footage's own rate, which only the probe knows.
        parse_clock(value, rate=Fraction(1))
    except TimecodeUnreadable:
        raise ValueError(A_TIME) from None
    return value.strip()


def is_empty_range(in_point: str | None, out_point: str | None) -> bool:
    """Whether two points select nothing whatever the footage is; frames and seconds cannot be compared here."""
    if in_point is None or out_point is None or in_point.endswith("f") != out_point.endswith("f"):
        return False
    return parse_clock(out_point, rate=Fraction(1)) <= parse_clock(in_point, rate=Fraction(1))


def hashtag(value: str) -> str:
    """`value` as a tag without its sign. Raises: ValueError."""
    tag = one_line(value).removeprefix("#")
    if not tag or any(c.isspace() or not c.isprintable() or c in "#@" for c in tag):
        raise ValueError(A_HASHTAG)
    return tag


def language_code(value: str) -> str:
    """Raises: ValueError for what cannot be a code of ISO 639; it becomes part of file names."""
    if not _LANGUAGE.fullmatch(value):
        raise ValueError(A_LANGUAGE)
    return value


def _whole(value: Any) -> Any:
    # To Python, and so to pydantic, true is 1.
    if isinstance(value, bool):
        raise ValueError(A_WHOLE_NUMBER)
    return value


def _decimal(value: Any) -> Any:
    if isinstance(value, bool):
        raise ValueError(A_NUMBER)
    return value


Whole = Annotated[int, BeforeValidator(_whole)]
Share = Annotated[float, BeforeValidator(_decimal), Field(gt=0, le=1)]
Words = Annotated[
    str, BeforeValidator(as_text), AfterValidator(one_line), Field(min_length=1, max_length=500)
]
Paragraphs = Annotated[
    str,
    BeforeValidator(as_text),
    AfterValidator(paragraphs),
    Field(max_length=70_000),
]
Point = Annotated[str, BeforeValidator(as_text), AfterValidator(point)]
Hashtag = Annotated[Words, AfterValidator(hashtag)]
File = Annotated[str, Field(min_length=1, max_length=1000)]


def some_time(value: Any) -> Any:
    """A time as written that is longer than nothing. Raises: ValueError."""
    written = as_text(value)
    if isinstance(written, str):
        try:
            nothing = parse_clock(written.strip(), rate=Fraction(1)) == 0
        except TimecodeUnreadable:
            return written  # for `point` to refuse
        if nothing:
            raise ValueError(Said("a time longer than 0", ko="0보다 긴 시간"))
    return written


class Keys(BaseModel):
    """A mapping in the file: unknown keys are errors, nothing changes afterwards."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=False)
