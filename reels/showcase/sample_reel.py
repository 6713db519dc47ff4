"""A reel to look at a template with: made-up words for everything it can show, short ones or as long as people write them.

Values only; the city and the people are fictitious. `sheet` draws it.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Literal

from reels.campaign.brand import Brand
from reels.campaign.model import ClipSpec, Person, ReelSpec, SubtitleOptions
from reels.campaign.showing import (
    BeforeAfterContent,
    CardSpec,
    CountdownContent,
    CounterContent,
    ElementSpec,
    ListContent,
    PictureContent,
    WordsContent,
)
from reels.campaign.template import CardStyle, Template
from reels.platforms import Platform

__all__ = ["CLIP_SECONDS", "LANGUAGES", "LENGTHS", "SampleLanguage", "SampleLength", "sample_reel"]

SampleLanguage = Literal["ko", "en"]
SampleLength = Literal["short", "extreme"]
LANGUAGES: tuple[SampleLanguage, ...] = ("ko", "en")
LENGTHS: tuple[SampleLength, ...] = ("short", "extreme")

CLIP_SECONDS = Fraction(24)
"""Each of the two clips: what is shown at a time stands four seconds apart."""

_FORTY = "한빛시가나다라마바사아자차카타파하거너더러머버서어저처커터퍼허고노도로모보소오조"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Words:
    title: str
    name: str
    role: str
    caption: str
    hashtags: tuple[str, ...]
    chapter: str
    place: str
    callout: str
    head: str
    items: tuple[str, ...]
    unit: str
    label: str
    picture: str
    card: str
    body: str
    card_items: tuple[str, ...]


_OF: dict[tuple[SampleLanguage, SampleLength], _Words] = {
    ("ko", "short"): _Words(
        title="이번 주말, 한옥마을 축제",
        name="김하늘",
        role="홍보담당관 주무관",
        caption="한옥마을에서 만나요",
        hashtags=("한빛시", "한옥마을", "봄축제"),
        chapter="출근",
        place="한빛시청 민원실",
        callout="입장 무료",
        head="준비물",
        items=("신분증", "신청서"),
        unit="명",
        label="지난해 방문객",
        picture="행사장 약도",
        card="한빛천 산책길이 열립니다",
        body="5월 3일 토요일 오전 10시부터",
        card_items=("비빔밥 나누기", "전통 공연", "밤 산책"),
    ),
    ("ko", "extreme"): _Words(
        title="한빛시민과 함께하는 2026 봄맞이 한옥마을 비빔밥 대축제에 여러분을 초대합니다 🎉",
        name=_FORTY,
        role="",
        caption="모두의 축제에 여러분을 진심으로 초대합니다",
        hashtags=("한빛시", "한옥마을비빔밥대축제", "봄축제", "가족나들이", "무료입장"),
        chapter="부서 회의와 현장 점검 그리고 민원 상담",
        place="한빛시 한옥마을 전통문화체험관 앞마당",
        callout="65세 이상 어르신과 어린이는 무료 🎈",
        head="신청할 때 가져오실 서류",
        items=("주민등록증이나 운전면허증", "가족관계증명서 원본", "통장 사본", "신청서 두 부"),
        unit="킬로미터",
        label="지난 한 해 한빛천을 찾은 시민",
        picture="임시 주차장은 행사장 뒤편 초등학교 운동장입니다",
        card="호우 경보가 내려진 동안에는 하천과 계곡 가까이 가지 마세요 ⚠",
        body="대피할 때는 전기와 가스를 잠그고, 가까운 주민센터나 초등학교로 이동해 주시기 바랍니다.",
        card_items=(
            "창문과 문을 닫고 떨어져 있기",
            "지하 공간에서 바로 나오기",
            "차는 높은 곳으로 옮기기",
            "이웃의 어르신에게 알리기",
            "119에 신고하기",
        ),
    ),
    ("en", "short"): _Words(
        title="This weekend: Hanok Festival",
        name="Kim Haneul",
        role="Public relations officer",
        caption="See you at the Hanok Village",
        hashtags=("Hanbit", "HanokFestival"),
        chapter="Off to work",
        place="Hanbit City Hall",
        callout="Free entry",
        head="Bring along",
        items=("ID card", "The form"),
        unit="visitors",
        label="Last year",
        picture="How to get there",
        card="The river walk opens",
        body="Saturday, 3 May, from 10 am",
        card_items=("Bibimbap for all", "Traditional music", "A walk at night"),
    ),
    ("en", "extreme"): _Words(
        title="Everybody is invited to the Great Hanbit City Bibimbap and Hanok Village Festival 2026 🎉",
        name="Seo-yeon Alexandra Park-Worthington-Lee",
        role="",
        caption="Everybody in Hanbit is warmly invited to the festival",
        hashtags=("HanbitCity", "HanokVillageFestival", "Bibimbap", "FreeEntry", "Family"),
        chapter="Meetings, inspections and consultations",
        place="Traditional Culture Experience Centre, Hanbit",
        callout="Free for everybody over 65 and under 12 🎈",
        head="Documents to bring when you apply",
        items=("ID card or driving licence", "Family certificate", "Copy of your bankbook", "Two forms"),
        unit="kilometres",
        label="Citizens along the river last year",
        picture="Temporary parking is behind the primary school",
        card="Keep away from rivers and valleys while the heavy rain warning lasts ⚠",
        body="Turn off gas and electricity before you leave, and go to the nearest community centre or school.",
        card_items=(
            "Close doors and windows",
            "Leave basements at once",
            "Move your car uphill",
            "Tell elderly neighbours",
            "Call 119",
        ),
    ),
}


def sample_reel(
    template: Template,
    brand: Brand,
    platforms: tuple[Platform, ...],
    *,
    language: SampleLanguage,
    length: SampleLength,
    picture: Path,
) -> tuple[ReelSpec, str]:
    """A reel of two clips, everything at its time, and a card of each kind; and what is said in it.

    `picture` stands for every picture that it shows.
    """
    words = _OF[language, length]
    cards = tuple(
        _card(style, words, picture, number)
        for number, style in enumerate(template.cards)
        if style.name != "end"
    )
    reel = ReelSpec(
        id="sample",
        clips=(
            ClipSpec(
                footage=Path("upright"),
                people=(Person(name=words.name, role=words.role),),
                elements=_elements(words, picture),
            ),
            ClipSpec(footage=Path("landscape"), elements=_more_elements(words, picture)),
        ),
        platforms=platforms,
        template=template,
        brand=brand,
        subtitles=SubtitleOptions(language=language),
        title=words.title,
        hashtags=words.hashtags,
        cards=cards,
        ai=True,
        where="sample",
    )
    return reel, words.caption


def _elements(words: _Words, picture: Path) -> tuple[ElementSpec, ...]:
    return (
        ElementSpec(
            kind="chapter", content=WordsContent(text=words.chapter, small="08:50"), at="5", over_faces=True
        ),
        ElementSpec(
            kind="place", content=WordsContent(text=words.place, small="10:30"), at="5.2", over_faces=True
        ),
        ElementSpec(kind="callout", content=WordsContent(text=words.callout), at="10", over_faces=True),
        ElementSpec(
            kind="list",
            content=ListContent(items=words.items, head=words.head, numbered=True),
            at="14",
            over_faces=True,
        ),
    )


def _more_elements(words: _Words, picture: Path) -> tuple[ElementSpec, ...]:
    return (
        ElementSpec(
            kind="counter",
            content=CounterContent(
                start=Fraction(0), end=Fraction(12500), unit=words.unit, label=words.label
            ),
            at="1",
            shown_for="3.5",
            over_faces=True,
        ),
        ElementSpec(
            kind="picture",
            content=PictureContent(picture=picture, caption=words.picture),
            at="6",
            over_faces=True,
        ),
        ElementSpec(
            kind="before_after",
            content=BeforeAfterContent(before=picture, after=picture),
            at="12",
            over_faces=True,
        ),
        ElementSpec(kind="countdown", content=CountdownContent(seconds=3), at="18", over_faces=True),
    )


def _card(style: CardStyle, words: _Words, picture: Path, number: int) -> CardSpec:
    name = style.name
    lists = name in ("list", "programme", "action", "event")
    return CardSpec(
        kind=name,
        before=2,
        text=words.head if lists else words.card,
        body="" if lists or name in ("picture", "poster") else words.body,
        items=words.card_items if lists else (),
        picture=picture if name in ("picture", "poster") else None,
        countdown=3 if name == "question" and style.centred else 0,
        where=f"sample card {number + 1}",
    )
