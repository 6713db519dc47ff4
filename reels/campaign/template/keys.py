"""The keys of `template.yaml`, each with what it is where a template does not say it. pydantic at the edge.

`finding` reads the file and what it extends; `template_of` makes the frozen values.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, PlainValidator

from reels.art.elements import Direction, Icon
from reels.campaign.keys import Keys, Share, Whole, as_text, one_line
from reels.campaign.roles import ColourName, FontWeight
from reels.campaign.subtitle_style import StyleKeys, SubtitleStyle
from reels.campaign.template.styles import (
    CardStyle,
    CountdownStyle,
    CounterStyle,
    EndCardStyle,
    ListStyle,
    LogoStyle,
    LowerThirdStyle,
    PairStyle,
    PictureStyle,
    PlateStyle,
    ProgressStyle,
    SubtitlePlace,
    Template,
    TitleStyle,
)
from reels.layout import Align, Centre, Corner, ProgressZone, TitleZone, ZoneName
from reels.said import Said
from reels.timing import TimecodeUnreadable, parse_clock

__all__ = ["TEMPLATE_NAME", "TemplateFile", "template_of"]

TEMPLATE_NAME = r"^[0-9a-z가-힣][0-9a-z가-힣_-]{0,39}$"

# --- what keys hold --------------------------------------------------------------------------------------


def _clock(value: Any) -> Fraction:
    written = as_text(value)
    try:
        if not isinstance(written, str):
            raise TypeError
        return parse_clock(written)
    except (TimecodeUnreadable, TypeError):
        raise ValueError(Said("a time such as 4.2 or 01:04.2", ko="4.2나 01:04.2처럼 적은 시각")) from None


def _some_time(value: Any) -> Fraction:
    seconds = _clock(value)
    if seconds == 0:
        raise ValueError(
            Said("a time longer than 0, or `show: false`", ko="0보다 긴 시간, 또는 `show: false`")
        )
    return seconds


def _exact(value: float) -> Fraction:
    return Fraction(round(value * 1000), 1000)


_Point = Annotated[Fraction, PlainValidator(_clock)]
_Duration = Annotated[Fraction, PlainValidator(_some_time)]
_Line = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(one_line)]
_Words = Annotated[str, BeforeValidator(as_text), Field(max_length=200), AfterValidator(one_line)]
_Size = Annotated[Whole, Field(ge=30, le=240)]


class _Timed(Keys):
    shown_for: Annotated[_Duration, Field(alias="for")] = Fraction(4)


# --- the sections ----------------------------------------------------------------------------------------


class _DescriptionKeys(Keys):
    ko: _Line
    en: _Line


class _SubtitleKeys(StyleKeys):
    """A style by its name, what is otherwise in this template, and the place."""

    style: Annotated[str, Field(min_length=1)] = "outline"
    raised_px: Annotated[Whole, Field(ge=0, le=900)] = 120
    centre: Centre = "frame"


class _TitleKeys(Keys):
    show: bool = True
    at: _Point = Fraction(0)
    shown_for: Annotated[_Duration, Field(alias="for")] = Fraction(7, 2)
    zone: TitleZone = "top"
    weight: FontWeight = "extrabold"
    size_px: _Size = 108
    text: ColourName = "text"
    ground: ColourName | None = "primary"
    accent: ColourName = "secondary"
    outline: ColourName = "ground"
    motion: Direction = "from-below"
    card: Annotated[str, Field(min_length=1)] | None = None


class _LowerThirdKeys(Keys):
    show: bool = True
    at: _Point = Fraction(1, 2)
    shown_for: Annotated[_Duration, Field(alias="for")] = Fraction(4)
    name_size_px: _Size = 68
    role_size_px: _Size = 46
    text: ColourName = "text"
    ground: ColourName = "ground"
    accent: ColourName = "secondary"
    motion: Direction = "from-left"


class _LogoKeys(Keys):
    show: bool = True
    corner: Corner = "top-left"
    width_px: Annotated[Whole, Field(ge=60, le=600)] = 230
    opacity: Share = 1.0


class _PlateKeys(_Timed):
    zone: ZoneName = "top"
    align: Align | None = "left"
    weight: FontWeight = "bold"
    size_px: _Size = 48
    lines: Annotated[Whole, Field(ge=1, le=4)] = 2
    text: ColourName = "text"
    ground: ColourName | None = "ground"
    accent: ColourName = "secondary"
    outline: ColourName = "ground"
    opacity: Share = 0.88
    bar: bool = False
    icon: Icon | None = None
    motion: Direction = "from-left"


class _ChapterKeys(_PlateKeys):
    weight: FontWeight = "extrabold"
    size_px: _Size = 56
    ground: ColourName | None = "primary"
    opacity: Share = 1.0


class _PlaceKeys(_PlateKeys):
    icon: Icon | None = "pin"


class _CalloutKeys(_PlateKeys):
    zone: ZoneName = "middle"
    align: Align | None = "centre"
    weight: FontWeight = "extrabold"
    size_px: _Size = 92
    ground: ColourName | None = "secondary"
    text: ColourName = "black"
    opacity: Share = 1.0
    motion: Direction = "from-below"
    shown_for: Annotated[_Duration, Field(alias="for")] = Fraction(3)


class _StripKeys(_PlateKeys):
    """What a template shows by itself, for a time or to the end."""

    show: bool = False
    at: _Point = Fraction(4)
    shown_for: Annotated[_Duration | None, Field(alias="for")] = Fraction(4)  # type: ignore[assignment]


class _HashtagKeys(_StripKeys):
    zone: ZoneName = "foot"
    align: Align | None = "centre"
    size_px: _Size = 36
    lines: Annotated[Whole, Field(ge=1, le=4)] = 1
    text: ColourName = "text"
    opacity: Share = 0.75
    motion: Direction = "none"


class _AiLabelKeys(_StripKeys):
    show: bool = True
    at: _Point = Fraction(0)
    # Who tunes in late must see it too.
    shown_for: Annotated[_Duration | None, Field(alias="for")] = None
    zone: ZoneName = "head"
    align: Align | None = None
    size_px: _Size = 34
    text: ColourName = "white"
    ground: ColourName | None = "black"
    accent: ColourName = "white"
    icon: Icon | None = "spark"
    opacity: Share = 0.8
    motion: Direction = "none"
    text_ko: _Line = "AI로 만든 장면 포함"
    text_en: _Line = "Includes AI-generated scenes"


class _ProgressKeys(Keys):
    show: bool = False
    zone: ProgressZone = "foot"
    height_px: Annotated[Whole, Field(ge=4, le=40)] = 10
    colour: ColourName = "secondary"
    ground: ColourName = "white"


class _PictureKeys(_Timed):
    zone: ZoneName = "top"
    align: Align = "centre"
    weight: FontWeight = "bold"
    size_px: _Size = 42
    text: ColourName = "text"
    ground: ColourName = "ground"
    frame_px: Annotated[Whole, Field(ge=0, le=60)] = 10
    height_px: Annotated[Whole, Field(ge=120, le=1600)] = 620
    motion: Direction = "from-below"


class _PairKeys(_PictureKeys):
    """Two pictures, with a line between them and labels."""

    accent: ColourName = "secondary"
    before_ko: _Words = "전"
    before_en: _Words = "Before"
    after_ko: _Words = "후"
    after_en: _Words = "After"


class _ListKeys(_Timed):
    zone: ZoneName = "top"
    align: Align = "left"
    head_size_px: _Size = 60
    size_px: _Size = 48
    text: ColourName = "text"
    ground: ColourName = "ground"
    accent: ColourName = "secondary"
    opacity: Share = 0.92
    apart: _Point = Fraction(3, 5)
    motion: Direction = "from-left"
    shown_for: Annotated[_Duration, Field(alias="for")] = Fraction(6)


class _CountdownKeys(Keys):
    """It lasts as long as it counts."""

    zone: ZoneName = "top"
    align: Align = "centre"
    size_px: _Size = 150
    text: ColourName = "text"
    ground: ColourName = "ground"
    accent: ColourName = "secondary"
    opacity: Share = 0.92
    motion: Direction = "from-below"


class _CounterKeys(_CountdownKeys, _Timed):
    count_for: _Point = Fraction(3, 2)
    label_size_px: _Size = 48


class _CardKeys(Keys):
    label_ko: _Words = ""
    label_en: _Words = ""
    ground: ColourName = "primary"
    second: ColourName | None = None
    shade: Share = 0.6
    weight: FontWeight = "extrabold"
    text_size_px: _Size = 108
    body_size_px: _Size = 56
    label_size_px: _Size = 44
    text: ColourName = "text"
    accent: ColourName = "secondary"
    label_text: ColourName = "black"
    label_ground: ColourName | None = "secondary"
    centred: bool = False
    plate: ColourName | None = None
    plate_opacity: Share = 0.8
    numbered: bool = False
    icon: Icon | None = None
    least: _Duration = Fraction(5, 2)
    apart: _Point = Fraction(1, 2)
    motion: Direction = "from-below"


_CardName = Annotated[str, Field(pattern=TEMPLATE_NAME)]


class _EndCardKeys(Keys):
    show: bool = False
    shown_for: Annotated[_Duration, Field(alias="for")] = Fraction(3)
    card: Annotated[str, Field(min_length=1)] = "text"
    text_ko: _Words = ""
    text_en: _Words = ""


class _CoverKeys(Keys):
    size_px: _Size = 132


class TemplateFile(Keys):
    """One file by itself, or together with all that it extends: what it does not say may stand there."""

    name: Annotated[str, Field(pattern=TEMPLATE_NAME)]
    description: _DescriptionKeys
    version: Literal[1]
    extends: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    subtitles: _SubtitleKeys = _SubtitleKeys()
    title: _TitleKeys = _TitleKeys()
    lower_third: _LowerThirdKeys = _LowerThirdKeys()
    logo: _LogoKeys = _LogoKeys()
    chapter: _ChapterKeys = _ChapterKeys()
    place: _PlaceKeys = _PlaceKeys()
    callout: _CalloutKeys = _CalloutKeys()
    hashtags: _HashtagKeys = _HashtagKeys()
    ai_label: _AiLabelKeys = _AiLabelKeys()
    progress: _ProgressKeys = _ProgressKeys()
    picture: _PictureKeys = _PictureKeys()
    before_after: _PairKeys = _PairKeys()
    list: _ListKeys = _ListKeys()
    counter: _CounterKeys = _CounterKeys()
    countdown: _CountdownKeys = _CountdownKeys()
    cards: dict[_CardName, _CardKeys] = Field(default_factory=dict)
    end_card: _EndCardKeys = _EndCardKeys()
    cover: _CoverKeys = _CoverKeys()


# --- frozen ----------------------------------------------------------------------------------------------

_LIKE = "text"
"""The kind of card that every template has."""


def template_of(
    parsed: TemplateFile, *, subtitles: SubtitleStyle, where: str, extends: tuple[str, ...]
) -> Template:
    """The frozen template; `subtitles` is its style, found by name."""
    cards = {_LIKE: _CardKeys(), **parsed.cards}
    plate = {name: _plate(getattr(parsed, name)) for name in _PLATES}
    return Template(
        name=parsed.name,
        description_ko=parsed.description.ko,
        description_en=parsed.description.en,
        version=parsed.version,
        subtitles=subtitles,
        subtitle_place=SubtitlePlace(raised_px=parsed.subtitles.raised_px, centre=parsed.subtitles.centre),
        title=TitleStyle(**_said(parsed.title)),
        lower_third=LowerThirdStyle(**_said(parsed.lower_third)),
        logo=LogoStyle(**_said(parsed.logo)),
        **plate,
        progress=ProgressStyle(**_said(parsed.progress)),
        picture=PictureStyle(**_said(parsed.picture)),
        before_after=PairStyle(**_said(parsed.before_after)),
        list=ListStyle(**_said(parsed.list)),
        counter=CounterStyle(**_said(parsed.counter)),
        countdown=CountdownStyle(**_said(parsed.countdown)),
        cards=tuple(CardStyle(name=name, **_said(card)) for name, card in cards.items()),
        end_card=EndCardStyle(**_said(parsed.end_card)),
        cover_size_px=parsed.cover.size_px,
        where=where,
        extends=extends,
    )


_PLATES = ("chapter", "place", "callout", "hashtags", "ai_label")


def _plate(keys: _PlateKeys) -> PlateStyle:
    return PlateStyle(**{"show": True, "at": Fraction(0), **_said(keys)})


def _said(keys: Keys) -> dict[str, Any]:
    """The keys of a section by their fields' names, decimals exact."""
    return {
        name: _exact(value) if isinstance(value, float) else value
        for name, value in ((name, getattr(keys, name)) for name in type(keys).model_fields)
    }
