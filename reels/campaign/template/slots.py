"""Every slot of a template in words: what fills it, where it stands, when it is shown. `reels templates show` prints them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from reels.campaign.template.styles import PlateStyle, Template
from reels.said import Said

__all__ = ["Slot", "slots_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """One slot; `shown` by itself as soon as there is something to fill it with. `where` and `when` are the template's words."""

    name: str
    shown: bool
    where: str
    when: str
    filled_by: Said


def slots_of(template: Template) -> tuple[Slot, ...]:
    """Every slot, from what stands all the time to the cards."""
    return (*_overlays(template), *_asked(template), *_cards(template))


def _overlays(template: Template) -> Iterator[Slot]:
    title, third, logo = template.title, template.lower_third, template.logo
    yield Slot(
        name="subtitles",
        shown=True,
        where=f"foot + {template.subtitle_place.raised_px} px",
        when="-",
        filled_by=Said("the drafts in subtitles/", ko="subtitles/의 초안"),
    )
    yield Slot(
        name="logo",
        shown=logo.show,
        where=logo.corner,
        when="-",
        filled_by=Said("`logo` of the brand", ko="브랜드의 `logo`"),
    )
    yield Slot(
        name="title",
        shown=title.show,
        where=f"card {title.card}" if title.card else title.zone,
        when=_time(title.at, None if title.card else title.shown_for),
        filled_by=Said("`title` of the reel", ko="릴스의 `title`"),
    )
    yield Slot(
        name="lower_third",
        shown=third.show,
        where="low",
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
        where=progress.zone,
        when="-",
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
            name=name, shown=True, where=zone, when=_time(None, shown_for), filled_by=_element(written)
        )


def _element(key: str) -> Said:
    return Said(f"an element with `{key}`, at its time", ko=f"`{key}`을(를) 적은 elements 항목, 적은 시각에")


def _plate(name: str, style: PlateStyle, filled_by: Said) -> Slot:
    at = style.at if name in ("hashtags", "ai_label") else None
    return Slot(
        name=name, shown=style.show, where=style.zone, when=_time(at, style.shown_for), filled_by=filled_by
    )


def _cards(template: Template) -> Iterator[Slot]:
    for card in template.cards:
        label = " / ".join(words for words in (card.label_ko, card.label_en) if words)
        yield Slot(
            name=f"cards.{card.name}",
            shown=True,
            where="whole picture",
            when=f">= {_seconds(card.least)}",
            filled_by=Said(
                f"`card: {card.name}` in `cards`" + (f" ({label})" if label else ""),
                ko=f"`cards`의 `card: {card.name}`" + (f" ({label})" if label else ""),
            ),
        )
    end = template.end_card
    yield Slot(
        name="end_card",
        shown=end.show,
        where=f"card {end.card}",
        when=_seconds(end.shown_for),
        filled_by=Said(
            "the brand's address, QR code, credit and licence", ko="브랜드의 주소, QR 코드, 출처, 공공누리"
        ),
    )


def _time(at: Fraction | None, shown_for: Fraction | None) -> str:
    parts = [
        f"at {_seconds(at)}" if at is not None else "",
        f"for {_seconds(shown_for)}" if shown_for else "",
    ]
    return " ".join(part for part in parts if part) or "-"


def _seconds(value: Fraction) -> str:
    return f"{float(value):g} s"
