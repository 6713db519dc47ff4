"""The shape of `campaign.yaml`: which keys stand where; those of cards, elements and framing come from their own modules.

Keys that may stand at campaign or reel level are declared once, in `SharedKeys`. `load` turns a validated
file into the frozen values of `model`.
"""

from __future__ import annotations

import re
import unicodedata
from fractions import Fraction
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Discriminator,
    Field,
    PlainValidator,
    Tag,
    model_validator,
)

from reels.campaign.card_keys import CardKeys, CardsKeys
from reels.campaign.cover_keys import cover_as_keys, cover_time, cover_title, one_source
from reels.campaign.element_keys import ElementKeys
from reels.campaign.framing_keys import FramingAtClip, FramingAtReel
from reels.campaign.keys import (
    File,
    Hashtag,
    Keys,
    Paragraphs,
    Point,
    Whole,
    Words,
    as_text,
    language_code,
    one_line,
)
from reels.campaign.model import Engine, FrameRate
from reels.campaign.terms import Terms
from reels.said import Said
from reels.sound.soundtrack import Channel
from reels.timing import parse_clock

__all__ = [
    "CampaignFile",
    "ClipKeys",
    "CoverKeys",
    "CutKeys",
    "FillerKeys",
    "LookKeys",
    "MusicKeys",
    "PersonKeys",
    "ReelKeys",
    "SharedKeys",
    "SilenceKeys",
    "SoundKeys",
    "SubtitleKeys",
]

_REEL_ID = re.compile(r"[0-9A-Za-z가-힣][0-9A-Za-z가-힣_-]{0,59}")


def _reel_id(value: str) -> str:
    if not _REEL_ID.fullmatch(value):
        raise ValueError(
            Said(
                "letters, digits, Hangul, - and _ only, at most 60, for it names a folder",
                ko="폴더 이름이 되므로 로마자, 숫자, 한글, -, _만 60자 이하",
            )
        )
    return value


ReelId = Annotated[
    str,
    BeforeValidator(as_text),
    AfterValidator(lambda v: unicodedata.normalize("NFC", v)),
    AfterValidator(_reel_id),
]


class PersonKeys(Keys):
    name: Words
    role: Annotated[str, BeforeValidator(as_text), AfterValidator(one_line)] = ""


class SubtitleKeys(Keys):
    model: Words | None = None
    engine: Engine | None = None
    language: Annotated[str, AfterValidator(language_code)] | None = None
    beam: Annotated[Whole, Field(ge=1, le=20)] | None = None
    vad: bool | None = None
    glossary: Terms | None = None
    spoken: Annotated[str, AfterValidator(language_code)] | None = None
    second: Annotated[str, AfterValidator(language_code)] | None = None
    style: Words | None = None
    punctuation: bool | None = None
    keywords: list[Words] | None = None
    speakers: list[Words] | None = None


def _short_time(value: Any) -> Fraction:
    """Seconds as written, exactly: 0.7 is seven tenths, not the float next to it."""
    try:
        if isinstance(value, bool):
            raise ValueError
        seconds = parse_clock(str(value))
    except ValueError:
        raise ValueError(_SECONDS) from None
    if seconds > _LONGEST_MARGIN:
        raise ValueError(_SECONDS)
    return seconds


_LONGEST_MARGIN = 60
_SECONDS = Said("seconds from 0 to 60, such as 0.7", ko="0.7처럼 적은 0~60초")

Seconds = Annotated[Fraction, BeforeValidator(_short_time)]


def _kind(value: Any) -> str:
    return "keys" if isinstance(value, dict) else "wish"


class SilenceKeys(Keys):
    least: Seconds | None = None
    before: Seconds | None = None
    after: Seconds | None = None


class FillerKeys(Keys):
    keep: list[Words] | None = None


class CutKeys(Keys):
    silence: (
        Annotated[Annotated[bool, Tag("wish")] | Annotated[SilenceKeys, Tag("keys")], Discriminator(_kind)]
        | None
    ) = None
    fillers: (
        Annotated[Annotated[bool, Tag("wish")] | Annotated[FillerKeys, Tag("keys")], Discriminator(_kind)]
        | None
    ) = None
    text: bool | None = None
    to_fit: bool | None = None
    shortest: Seconds | None = None


_CHANNELS: dict[str, Channel] = {"left": 0, "right": 1, "both": "both", "mix": "mix"}
_A_CHANNEL = Said(
    "left, right, both, mix, or a channel's number from 1", ko="left, right, both, mix나 1부터 센 채널 번호"
)
_A_DUCK = Said("true, false, or decibels from 0 to 40", ko="true, false나 0~40데시벨")
_MOST_CHANNELS = 64


def _channel(value: Any) -> Channel:
    written = str(value).strip().lower()
    if written in _CHANNELS:
        return _CHANNELS[written]
    if not isinstance(value, bool) and written.isdecimal() and 1 <= int(written) <= _MOST_CHANNELS:
        return int(written) - 1
    raise ValueError(_A_CHANNEL)


def _duck(value: Any) -> Fraction | bool:
    if isinstance(value, bool):
        return value
    try:
        decibels = parse_clock(str(value))
    except ValueError:
        raise ValueError(_A_DUCK) from None
    if decibels > 40:
        raise ValueError(_A_DUCK)
    return decibels


def _music_start(value: Any) -> Fraction:
    try:
        if isinstance(value, bool):
            raise ValueError
        return parse_clock(str(value))
    except ValueError:
        raise ValueError(A_TIME_IN_MUSIC) from None


A_TIME_IN_MUSIC = Said("a time such as 4.2 or 01:04.2", ko="4.2나 01:04.2처럼 적은 시각")


class SoundKeys(Keys):
    track: Annotated[Whole, Field(ge=1, le=64)] | None = None
    channel: Annotated[Channel, PlainValidator(_channel)] | None = None
    high_pass: bool | None = None
    denoise: bool | None = None


class MusicKeys(Keys):
    file: Annotated[str, Field(min_length=1)] | None = None
    level: Annotated[Whole, Field(ge=-40, le=0)] | None = None
    duck: Annotated[Fraction | bool, PlainValidator(_duck)] | None = None
    fade_in: Seconds | None = None
    fade_out: Seconds | None = None
    start: Annotated[Fraction, PlainValidator(_music_start)] | None = None


def _music(value: Any) -> Any:
    """A file by its name alone, no music at all, or keys."""
    if isinstance(value, str):
        return {"file": value}
    if value is False:
        return {"file": None}
    return value


class CoverKeys(Keys):
    at: Annotated[str, BeforeValidator(cover_time)] | None = None
    file: Annotated[str, Field(min_length=1)] | None = None
    title: (
        Annotated[str, BeforeValidator(cover_title), AfterValidator(one_line), Field(max_length=500)] | None
    ) = None


class LookKeys(Keys):
    lut: Annotated[str, Field(min_length=1)] | None = None
    stabilise: bool | None = None


class ClipKeys(LookKeys):
    footage: Annotated[str, Field(min_length=1)]
    in_point: Annotated[Point | None, Field(alias="in")] = None
    out_point: Annotated[Point | None, Field(alias="out")] = None
    people: Annotated[list[PersonKeys], Field(default_factory=list)]
    framing: FramingAtClip | None = None
    subtitles: Annotated[str, Field(min_length=1)] | None = None
    sound: SoundKeys | None = None
    elements: Annotated[list[ElementKeys], Field(default_factory=list)]


def _item(value: Any) -> str:
    return "cards" if isinstance(value, dict) and "cards" in value else "clip"


_ClipOrCards = Annotated[
    Annotated[ClipKeys, Tag("clip")] | Annotated[CardsKeys, Tag("cards")], Discriminator(_item)
]


class SharedKeys(LookKeys):
    """What may stand at campaign or at reel level; the nearest wins."""

    brand: str | None = None
    template: Words | None = None
    platforms: Annotated[list[Words], Field(min_length=1)] | None = None
    subtitles: SubtitleKeys | None = None
    framing: FramingAtReel | None = None
    frame_rate: FrameRate | None = None
    cut: CutKeys | None = None
    sound: SoundKeys | None = None
    music: Annotated[MusicKeys | None, BeforeValidator(_music)] = None
    cover: Annotated[CoverKeys | None, BeforeValidator(cover_as_keys), AfterValidator(one_source)] = None
    title: Words | None = None
    caption: Paragraphs | None = None
    hashtags: list[Hashtag] | None = None
    ai: bool | None = None
    end_card: bool | None = None
    credit: bool | None = None
    intro: bool | None = None
    outro: bool | None = None


class ReelKeys(SharedKeys):
    id: ReelId
    edit: Annotated[str, Field(min_length=1)] | None = None
    clips: Annotated[list[_ClipOrCards], Field(min_length=1)] | None
    cards: Annotated[list[CardKeys], Field(min_length=1)] | None = None
    elements: Annotated[list[ElementKeys], Field(default_factory=list)]
    voice: File | None = None

    @model_validator(mode="before")
    @classmethod
    def _clips_or_edit(cls, written: Any) -> Any:
        # A cut made elsewhere names its own clips; those that are listed beside it say what is theirs. Cards need none.
        if not isinstance(written, dict):
            return written
        if "clips" not in written and (written.get("edit") is not None or written.get("cards") is not None):
            return {**written, "clips": None}
        if written.get("clips", ()) is None:
            return {**written, "clips": ""}  # a key without a value is no list
        return written


class CampaignFile(SharedKeys):
    campaign: Words
    reels: Annotated[list[ReelKeys], Field(min_length=1)]
