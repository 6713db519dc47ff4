"""The shape of `campaign.yaml`: pydantic at the edge, and only here.

Keys that may stand at campaign or reel level are declared once, in `SharedKeys`. `load` turns a validated
file into the frozen values of `model`.
"""

from __future__ import annotations

import re
import unicodedata
from fractions import Fraction
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from reels.campaign.model import Engine, Framing
from reels.timing import TimecodeUnreadable, parse_clock

__all__ = ["CampaignFile", "ClipKeys", "PersonKeys", "ReelKeys", "SharedKeys", "SubtitleKeys"]

_REEL_ID = re.compile(r"[0-9A-Za-z가-힣][0-9A-Za-z가-힣_-]{0,59}")


def _as_text(value: Any) -> Any:
    # `title: 2026` and `in: 4.2` are numbers to YAML and words to the person who wrote them.
    return str(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else value


def _one_line(value: str) -> str:
    return unicodedata.normalize("NFC", " ".join(value.split()))


def _point(value: str) -> str:
    try:
        # Any rate will do here: frames are counted at the footage's own rate, which only the probe knows.
        parse_clock(value, rate=Fraction(1))
    except TimecodeUnreadable:
        raise ValueError("a time such as 4.2, 01:04.2, 1:02:03.5 or 120f") from None
    return value.strip()


def _reel_id(value: str) -> str:
    if not _REEL_ID.fullmatch(value):
        raise ValueError("letters, digits, Hangul, - and _ only, at most 60, for it names a folder")
    return value


def _hashtag(value: str) -> str:
    tag = value.removeprefix("#")
    if not tag or any(c.isspace() or c in "#@" for c in tag):
        raise ValueError("a hashtag without spaces and without #")
    return tag


Words = Annotated[
    str, BeforeValidator(_as_text), AfterValidator(_one_line), Field(min_length=1, max_length=500)
]
Paragraphs = Annotated[
    str,
    BeforeValidator(_as_text),
    AfterValidator(lambda value: unicodedata.normalize("NFC", value.strip())),
    Field(max_length=70_000),
]
Point = Annotated[str, BeforeValidator(_as_text), AfterValidator(_point)]
ReelId = Annotated[
    str,
    BeforeValidator(_as_text),
    AfterValidator(lambda v: unicodedata.normalize("NFC", v)),
    AfterValidator(_reel_id),
]
Hashtag = Annotated[Words, AfterValidator(_hashtag)]


class Keys(BaseModel):
    """A mapping in the file: unknown keys are errors, nothing changes afterwards."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=False)


class PersonKeys(Keys):
    name: Words
    role: Annotated[str, BeforeValidator(_as_text), AfterValidator(_one_line)] = ""


class SubtitleKeys(Keys):
    model: Words | None = None
    engine: Engine | None = None
    language: Annotated[str, Field(pattern=r"^[a-z]{2,3}$")] | None = None
    beam: Annotated[int, Field(ge=1, le=20)] | None = None
    vad: bool | None = None
    glossary: list[Words] | None = None


class ClipKeys(Keys):
    footage: Annotated[str, Field(min_length=1)]
    in_point: Annotated[Point | None, Field(alias="in")] = None
    out_point: Annotated[Point | None, Field(alias="out")] = None
    people: list[PersonKeys] = []
    framing: Framing | None = None
    subtitles: Annotated[str, Field(min_length=1)] | None = None


class SharedKeys(Keys):
    """What may stand at campaign or at reel level; the nearest wins."""

    brand: str | None = None
    template: Words | None = None
    platforms: Annotated[list[Words], Field(min_length=1)] | None = None
    subtitles: SubtitleKeys | None = None
    framing: Framing | None = None
    title: Words | None = None
    caption: Paragraphs | None = None
    hashtags: list[Hashtag] | None = None


class ReelKeys(SharedKeys):
    id: ReelId
    clips: Annotated[list[ClipKeys], Field(min_length=1)]


class CampaignFile(SharedKeys):
    campaign: Words
    reels: Annotated[list[ReelKeys], Field(min_length=1)]
