"""The keys of what a campaign shows at a time: which kind it is, when, where, and its words and pictures.

An element is written as `{callout: 무료 입장, at: 12.5}`: the key that names the kind holds what it says. After it come the
frozen values of `showing`.
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Annotated, Any

from pydantic import BeforeValidator, Discriminator, Field, PlainValidator, Tag

from reels.campaign.keys import File, Keys, Point, Whole, Words, some_time
from reels.campaign.problems import nearest
from reels.campaign.reading import Reading
from reels.campaign.showing import (
    BeforeAfterContent,
    Content,
    CountdownContent,
    CounterContent,
    ElementKind,
    ElementSpec,
    ListContent,
    PictureContent,
    WordsContent,
)
from reels.campaign.yaml_with_lines import KeyPath
from reels.layout import Align, ZoneName
from reels.said import Said, any_of, perhaps

__all__ = [
    "BeforeAfterKeys",
    "CalloutKeys",
    "ChapterKeys",
    "CountdownKeys",
    "CounterKeys",
    "ElementKeys",
    "ListKeys",
    "Number",
    "PictureKeys",
    "PlaceKeys",
    "TimedKeys",
    "element_spec",
]

_NUMBER = re.compile(r"-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d{1,3})?")
_LARGEST = 10**15
_A_NUMBER = Said("a number such as 12500, 12,500 or 3.5", ko="12500, 12,500, 3.5처럼 적은 수")


def _number(value: Any) -> Number:
    written = str(value).strip()
    if isinstance(value, bool) or not _NUMBER.fullmatch(written):
        raise ValueError(_A_NUMBER)
    plain = written.replace(",", "")
    exact = Fraction(plain)
    if abs(exact) > _LARGEST:
        raise ValueError(_A_NUMBER)
    return exact, len(plain.partition(".")[2])


Number = tuple[Fraction, int]
"""A number, and how many decimals it was written with."""

_WrittenNumber = Annotated[Number, PlainValidator(_number)]
_Labels = Annotated[list[Words], Field(min_length=2, max_length=2)]
_Duration = Annotated[Point, BeforeValidator(some_time)]


class TimedKeys(Keys):
    """What every element says: when, how long, where."""

    at: Point = "0"
    shown_for: Annotated[_Duration | None, Field(alias="for")] = None
    zone: ZoneName | None = None
    align: Align | None = None
    over_faces: bool = False


_TIMED = frozenset(field.alias or name for name, field in TimedKeys.model_fields.items())


class ChapterKeys(TimedKeys):
    chapter: Words
    number: Words | None = None
    time: Words | None = None


class PlaceKeys(TimedKeys):
    place: Words
    time: Words | None = None


class CalloutKeys(TimedKeys):
    callout: Words


class PictureKeys(TimedKeys):
    picture: File
    caption: Words | None = None


class BeforeAfterKeys(TimedKeys):
    before: File
    after: File
    labels: _Labels | None = None


class ListKeys(TimedKeys):
    items: Annotated[list[Words], Field(alias="list", min_length=1, max_length=12)]
    head: Words | None = None
    numbered: bool = False


class CounterKeys(TimedKeys):
    counter: _WrittenNumber
    start: Annotated[_WrittenNumber, Field(alias="from")] = (Fraction(0), 0)
    unit: Words | None = None
    label: Words | None = None


class CountdownKeys(TimedKeys):
    countdown: Annotated[Whole, Field(ge=1, le=10)]


_BY_KEY: dict[str, ElementKind] = {
    "chapter": "chapter",
    "place": "place",
    "callout": "callout",
    "picture": "picture",
    "before": "before_after",
    "after": "before_after",
    "list": "list",
    "counter": "counter",
    "countdown": "countdown",
}
_NO_KIND = "none"


def _kind(value: Any) -> str:
    keys = value if isinstance(value, dict) else {}
    kind = next((kind for key, kind in _BY_KEY.items() if key in keys), _NO_KIND)
    # No key of a file has a colon in it: so `problems` tells these names from keys.
    return f"element:{kind}"


def _refuse(value: Any) -> Any:
    keys = tuple(key for key in _BY_KEY if key != "after")
    expected = Said(
        f"an element with a key that says what it is: {any_of(keys)}",
        ko=f"무엇인지 말하는 키({any_of(keys).ko})가 있는 항목",
    )
    # `for` is nearer to `before` than to any other key, and right as it is.
    written = [key for key in value if key not in _TIMED] if isinstance(value, dict) else []
    guess = next((close for key in written if (close := nearest(key, keys))), None)
    raise ValueError(expected, None, perhaps(guess) if guess else "")


ElementKeys = Annotated[
    Annotated[ChapterKeys, Tag("element:chapter")]
    | Annotated[PlaceKeys, Tag("element:place")]
    | Annotated[CalloutKeys, Tag("element:callout")]
    | Annotated[PictureKeys, Tag("element:picture")]
    | Annotated[BeforeAfterKeys, Tag("element:before_after")]
    | Annotated[ListKeys, Tag("element:list")]
    | Annotated[CounterKeys, Tag("element:counter")]
    | Annotated[CountdownKeys, Tag("element:countdown")]
    | Annotated[None, BeforeValidator(_refuse), Tag(f"element:{_NO_KIND}")],
    Discriminator(_kind),
]


def element_spec(keys: TimedKeys, at: KeyPath, reading: Reading) -> ElementSpec:
    """The frozen value of one element at `at`."""
    kind, content = _content(keys, at, reading)
    return ElementSpec(
        kind=kind,
        content=content,
        at=keys.at,
        shown_for=keys.shown_for,
        zone=keys.zone,
        align=keys.align,
        over_faces=keys.over_faces,
        where=reading.where(at),
    )


def _content(keys: TimedKeys, at: KeyPath, reading: Reading) -> tuple[ElementKind, Content]:
    match keys:
        case ChapterKeys():
            return "chapter", WordsContent(text=keys.chapter, small=keys.number or keys.time or "")
        case PlaceKeys():
            return "place", WordsContent(text=keys.place, small=keys.time or "")
        case CalloutKeys():
            return "callout", WordsContent(text=keys.callout)
        case PictureKeys():
            picture = reading.file(keys.picture, (*at, "picture"))
            return "picture", PictureContent(picture=picture, caption=keys.caption or "")
        case BeforeAfterKeys():
            labels = (keys.labels[0], keys.labels[1]) if keys.labels else None
            before = reading.file(keys.before, (*at, "before"))
            after = reading.file(keys.after, (*at, "after"))
            return "before_after", BeforeAfterContent(before=before, after=after, labels=labels)
        case ListKeys():
            return "list", ListContent(items=tuple(keys.items), head=keys.head or "", numbered=keys.numbered)
        case CounterKeys():
            (start, of_start), (end, of_end) = keys.start, keys.counter
            return "counter", CounterContent(
                start=start,
                end=end,
                decimals=max(of_start, of_end),
                unit=keys.unit or "",
                label=keys.label or "",
            )
        case CountdownKeys():
            return "countdown", CountdownContent(seconds=keys.countdown)
    raise TypeError(f"{type(keys).__name__} is no element")
