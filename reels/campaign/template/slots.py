"""Every slot of a template in words: what fills it, where it stands, when it is shown. `reels templates show` prints them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from reels.campaign.template.styles import PlateStyle, Template
from reels.layout import Corner, ProgressZone, TitleZone, ZoneName
from reels.said import Said

__all__ = ["Slot", "slots_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """One slot; `shown` by itself as soon as there is something to fill it with."""

    name: str
    shown: bool
    where: Said
    when: Said
    filled_by: Said


def slots_of(template: Template) -> tuple[Slot, ...]:
    """Every slot, from what stands all the time to the cards."""
    return (*_overlays(template), *_asked(template), *_cards(template))


def _overlays(template: Template) -> Iterator[Slot]:
    title, third, logo = template.title, template.lower_third, template.logo
    yield Slot(
        name="subtitles",
        shown=True,
        where=Said(
            f"foot + {template.subtitle_place.raised_px} px",
            ko=f"{_place('foot').ko}에서 {template.subtitle_place.raised_px}픽셀 위",
        ),
        when=_ALWAYS,
        filled_by=Said("the drafts in subtitles/", ko="subtitles/의 초안"),
    )
    yield Slot(
        name="logo",
        shown=logo.show,
        where=_place(logo.corner),
        when=_ALWAYS,
        filled_by=Said("`logo` of the brand", ko="브랜드의 `logo`"),
    )
    yield Slot(
        name="title",
        shown=title.show,
        where=_card(title.card) if title.card else _place(title.zone),
        when=_time(title.at, None if title.card else title.shown_for),
        filled_by=Said("`title` of the reel", ko="릴스의 `title`"),
    )
    yield Slot(
        name="lower_third",
        shown=third.show,
        where=_place("low"),
        when=_time(third.at, third.shown_for),
        filled_by=Said(
            "`people` of a clip, from where it begins", ko="클립의 `people`, 클립이 시작할 때부터"
        ),
    )
    yield _plate("hashtags", template.hashtags, Said("`hashtags` of the reel", ko="릴스의 `hashtags`"))
    yield _plate(
        "ai_label",
        template.ai_label,
        Said("`ai: true` of the reel or the campaign", ko="릴스나 캠페인의 `ai: true`"),
    )
    progress = template.progress
    yield Slot(
        name="progress",
        shown=progress.show,
        where=_place(progress.zone),
        when=_ALWAYS,
        filled_by=Said("how much of the reel has played", ko="지금까지 나온 만큼"),
    )


def _asked(template: Template) -> Iterator[Slot]:
    for name, plate in (
        ("chapter", template.chapter),
        ("place", template.place),
        ("callout", template.callout),
    ):
        yield _plate(name, plate, _element(name))
    for name, zone, shown_for in (
        ("picture", template.picture.zone, template.picture.shown_for),
        ("before_after", template.before_after.zone, template.before_after.shown_for),
        ("list", template.list.zone, template.list.shown_for),
        ("counter", template.counter.zone, template.counter.shown_for),
        ("countdown", template.countdown.zone, None),
    ):
        written = "before`, `after" if name == "before_after" else name
        yield Slot(
            name=name,
            shown=True,
            where=_place(zone),
            when=_time(None, shown_for),
            filled_by=_element(written),
        )


def _element(key: str) -> Said:
    return Said(f"an element with `{key}`, at its time", ko=f"`{key}`을(를) 적은 elements 항목, 적은 시각에")


def _plate(name: str, style: PlateStyle, filled_by: Said) -> Slot:
    at = style.at if name in ("hashtags", "ai_label") else None
    return Slot(
        name=name,
        shown=style.show,
        where=_place(style.zone),
        when=_time(at, style.shown_for),
        filled_by=filled_by,
    )


def _cards(template: Template) -> Iterator[Slot]:
    for card in template.cards:
        label = " / ".join(words for words in (card.label_ko, card.label_en) if words)
        yield Slot(
            name=f"cards.{card.name}",
            shown=True,
            where=Said("whole picture", ko="화면 전체"),
            when=Said(f">= {_number(card.least)} s", ko=f"{_number(card.least)}초 이상"),
            filled_by=Said(
                f"`card: {card.name}` in `cards`" + (f" ({label})" if label else ""),
                ko=f"`cards`의 `card: {card.name}`" + (f" ({label})" if label else ""),
            ),
        )
    end = template.end_card
    yield Slot(
        name="end_card",
        shown=end.show,
        where=_card(end.card),
        when=Said(f"{_number(end.shown_for)} s", ko=f"{_number(end.shown_for)}초 동안"),
        filled_by=Said(
            "the brand's address, QR code, credit and licence", ko="브랜드의 주소, QR 코드, 출처, 공공누리"
        ),
    )


_ALWAYS = Said("-", ko="-")
_PLACES = {
    "head": "맨 위",
    "top": "위",
    "middle": "가운데",
    "low": "아래",
    "foot": "맨 아래",
    "top-left": "왼쪽 위",
    "top-right": "오른쪽 위",
}


def _place(name: ZoneName | TitleZone | ProgressZone | Corner) -> Said:
    """A zone or a corner; in Korean with the word that a template is written with."""
    return Said(name, ko=f"{_PLACES[name]}({name})")


def _card(kind: str) -> Said:
    return Said(f"card {kind}", ko=f"카드 {kind}")


def _time(at: Fraction | None, shown_for: Fraction | None) -> Said:
    parts = []
    if at is not None:
        parts.append(Said(f"at {_number(at)} s", ko=f"{_number(at)}초부터"))
    if shown_for:
        parts.append(Said(f"for {_number(shown_for)} s", ko=f"{_number(shown_for)}초 동안"))
    return Said(" ".join(parts), ko=" ".join(part.ko for part in parts)) if parts else _ALWAYS


def _number(seconds: Fraction) -> str:
    return f"{float(seconds):g}"
