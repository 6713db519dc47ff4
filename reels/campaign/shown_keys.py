"""Cards and elements of a reel, with what the brand puts before and behind it, as frozen values.

`load` asks this with the clips that it has resolved; numbers of clips are those of the reel as it plays, the brand's intro
counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from reels.campaign.brand import Brand, BrandClip
from reels.campaign.card_keys import AddProblem, CardKeys, CardsKeys, Where, card_specs
from reels.campaign.element_keys import FindFile, TimedKeys, element_spec
from reels.campaign.model import ClipSpec
from reels.campaign.schema import CampaignFile, ReelKeys
from reels.campaign.showing import CardGround, CardSpec, ElementSpec
from reels.campaign.template import Template
from reels.campaign.yaml_with_lines import KeyPath
from reels.errors import CampaignProblem
from reels.file_kinds import is_picture
from reels.said import Said

__all__ = ["ShownReel", "elements_of", "framed_by_brand", "shown_reel"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownReel:
    """What a reel plays and shows: its clips with the brand's, its cards, its elements, its voice."""

    clips: tuple[ClipSpec, ...]
    cards: tuple[CardSpec, ...]
    elements: tuple[ElementSpec, ...]
    voice: Path | None


def elements_of(
    keys: Sequence[TimedKeys | None], at: KeyPath, *, file: FindFile, where: Where
) -> tuple[ElementSpec, ...]:
    """The frozen values of the `elements` of what stands at `at`; those of no kind were refused when they were read."""
    found = []
    for number, one in enumerate(keys):
        place = (*at, "elements", number)
        if one is not None:
            found.append(element_spec(one, place, file=file, where=where(place)))
    return tuple(found)


def shown_reel(
    reel: ReelKeys,
    campaign: CampaignFile,
    at: KeyPath,
    *,
    clips: tuple[ClipSpec, ...],
    template: Template,
    brand: Brand,
    file: FindFile,
    where: Where,
    problem: AddProblem,
) -> ShownReel:
    """Everything that `reel` shows, its `clips` resolved; what is wrong is told to `problem`."""

    def cards(keys: Sequence[CardKeys], place: KeyPath, before: int) -> tuple[CardSpec, ...]:
        return card_specs(
            keys, place, before=before, template=template, file=file, where=where, problem=problem
        )

    found: list[CardSpec] = []
    listed = 0
    for number, item in enumerate(reel.clips or ()):
        if isinstance(item, CardsKeys):
            place = (*at, "clips", number, "cards")
            if reel.edit is not None:
                problem(_cards_in_an_edit(where(place)))
            found += cards(item.cards, place, listed)
        else:
            listed += 1
    found += cards(reel.cards or (), (*at, "cards"), len(clips))
    voice = file(reel.voice, (*at, "voice")) if reel.voice else None
    if voice is not None and (clips or not found):
        problem(_voice_over_clips(where((*at, "voice"))))
    intro = reel.intro if reel.intro is not None else campaign.intro
    outro = reel.outro if reel.outro is not None else campaign.outro
    whole, all_cards = framed_by_brand(
        clips,
        tuple(found),
        intro=brand.intro if intro is not False else None,
        outro=brand.outro if outro is not False else None,
        where=where(at),
    )
    return ShownReel(
        clips=whole,
        cards=all_cards,
        elements=elements_of(reel.elements, at, file=file, where=where),
        voice=voice,
    )


def framed_by_brand(
    clips: tuple[ClipSpec, ...],
    cards: tuple[CardSpec, ...],
    *,
    intro: BrandClip | None,
    outro: BrandClip | None,
    where: str,
) -> tuple[tuple[ClipSpec, ...], tuple[CardSpec, ...]]:
    """`clips` and `cards` with the brand's intro before them and its outro behind: a film, or a picture for a time."""
    if intro is not None and is_picture(intro.path):
        cards = (_picture_card(intro, "intro", 0, where), *cards)
    elif intro is not None:
        clips = (_brand_film(intro, where), *clips)
        cards = tuple(replace(card, before=card.before + 1) for card in cards)
    if outro is not None and is_picture(outro.path):
        cards = (*cards, _picture_card(outro, "outro", len(clips), where))
    elif outro is not None:
        clips = (*clips, _brand_film(outro, where))
    return clips, cards


_PICTURE_SECONDS = "2"


def _picture_card(shown: BrandClip, of_brand: Literal["intro", "outro"], before: int, where: str) -> CardSpec:
    seconds = _PICTURE_SECONDS if shown.seconds is None else f"{float(shown.seconds):g}"
    return CardSpec(
        kind="",
        before=before,
        ground=CardGround(picture=shown.path),
        shown_for=seconds,
        of_brand=of_brand,
        where=where,
    )


def _brand_film(shown: BrandClip, where: str) -> ClipSpec:
    seconds = None if shown.seconds is None else f"{float(shown.seconds):g}"
    return ClipSpec(
        footage=shown.path,
        out_point=seconds,
        framing="centre",
        wordless=True,
        is_brands=True,
        where=where,
    )


def _cards_in_an_edit(where: str) -> CampaignProblem:
    return CampaignProblem(
        where=where,
        found=Said("cards among the clips of a cut made elsewhere", ko="다른 곳에서 자른 클립 사이의 카드"),
        expected=Said("cards under `cards`, which play behind it", ko="그 뒤에 나오는 `cards` 아래의 카드"),
        remedy=Said("move them there", ko="그곳으로 옮겨 주세요."),
    )


def _voice_over_clips(where: str) -> CampaignProblem:
    return CampaignProblem(
        where=where,
        found=Said("a voice for a reel with footage", ko="영상이 있는 릴스의 voice"),
        expected=Said("a reel of cards alone", ko="카드만 있는 릴스"),
        remedy=Said("write `voice` in a card, or leave it out", ko="카드 안에 `voice`를 적거나 빼 주세요."),
    )
