"""Cards and elements of a reel, with what the brand puts before and behind it, as frozen values.

`load` asks this with the clips that it has resolved; numbers of clips are those of the reel as it plays, the brand's intro
counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Literal

from reels.campaign.brand import DEFAULT_BRAND, Brand, BrandClip
from reels.campaign.card_keys import CardsKeys, card_specs
from reels.campaign.element_keys import TimedKeys, element_spec
from reels.campaign.model import ClipSpec, Origin
from reels.campaign.reading import Reading
from reels.campaign.schema import CampaignFile, ReelKeys
from reels.campaign.showing import CardGround, CardSpec, ElementSpec
from reels.campaign.template import Template
from reels.campaign.yaml_with_lines import KeyPath
from reels.errors import CampaignProblem
from reels.said import Said
from reels.timing import exact_clock

__all__ = ["ShownReel", "elements_of", "framed_by_brand", "shown_reel"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownReel:
    """What a reel plays and shows: its clips with the brand's, its cards, its elements, its voice."""

    clips: tuple[ClipSpec, ...]
    cards: tuple[CardSpec, ...]
    elements: tuple[ElementSpec, ...]
    voice: Path | None


def elements_of(keys: Sequence[TimedKeys | None], at: KeyPath, reading: Reading) -> tuple[ElementSpec, ...]:
    """The frozen values of the `elements` of what stands at `at`; those of no kind were refused when they were read."""
    return tuple(
        element_spec(one, (*at, "elements", number), reading)
        for number, one in enumerate(keys)
        if one is not None
    )


def shown_reel(
    reel: ReelKeys,
    campaign: CampaignFile,
    at: KeyPath,
    origins: list[tuple[str, Origin]],
    reading: Reading,
    *,
    clips: tuple[ClipSpec, ...],
    template: Template | None,
    brand: Brand | None,
) -> ShownReel:
    """Everything that `reel` shows, its `clips` resolved; a template or a brand that could not be read is None.

    `origins` learns which level said what of the brand is shown.
    """
    found: list[CardSpec] = []
    listed = 0
    for number, item in enumerate(reel.clips or ()):
        if isinstance(item, CardsKeys):
            place = (*at, "clips", number, "cards")
            if reel.edit is not None:
                reading.problem(_cards_in_an_edit(reading.where(place)))
            found += card_specs(item.cards, place, reading, before=listed, template=template)
        else:
            listed += 1
    place = (*at, "cards")
    found += card_specs(reel.cards or (), place, reading, before=len(clips), template=template)
    voice = reading.file(reel.voice, (*at, "voice")) if reel.voice else None
    if voice is not None and (clips or not found):
        reading.problem(_voice_over_clips(reading.where((*at, "voice"))))
    whole, all_cards = framed_by_brand(
        clips,
        tuple(found),
        intro=_wished("intro", (campaign.intro, reel.intro), at, origins, reading, brand),
        outro=_wished("outro", (campaign.outro, reel.outro), at, origins, reading, brand),
        where=reading.where(at),
    )
    return ShownReel(
        clips=whole, cards=all_cards, elements=elements_of(reel.elements, at, reading), voice=voice
    )


def _wished(
    key: Literal["intro", "outro"],
    levels: tuple[bool | None, bool | None],
    at: KeyPath,
    origins: list[tuple[str, Origin]],
    reading: Reading,
    brand: Brand | None,
) -> BrandClip | None:
    """The brand's clip where the nearer of campaign and reel does not refuse it; one that is asked for has to be there."""
    outer, inner = levels
    wish = inner if inner is not None else outer
    origins.append((key, "default" if wish is None else "campaign" if inner is None else "reel"))
    clip: BrandClip | None = getattr(brand, key, None)
    if wish and brand is not None and clip is None:
        place = (*(at if inner is not None else ()), key)
        reading.problem(_not_in_the_brand(key, brand, reading.where(place)))
    return None if wish is False else clip


def framed_by_brand(
    clips: tuple[ClipSpec, ...],
    cards: tuple[CardSpec, ...],
    *,
    intro: BrandClip | None,
    outro: BrandClip | None,
    where: str,
) -> tuple[tuple[ClipSpec, ...], tuple[CardSpec, ...]]:
    """`clips` and `cards` with the brand's intro before them and its outro behind: a film, or a picture for a time."""
    if intro is not None and intro.seconds is not None:
        cards = (_picture_card(intro.path, intro.seconds, "intro", 0, where), *cards)
    elif intro is not None:
        clips = (_brand_film(intro, "intro", where), *clips)
        cards = tuple(replace(card, before=card.before + 1) for card in cards)
    if outro is not None and outro.seconds is not None:
        cards = (*cards, _picture_card(outro.path, outro.seconds, "outro", len(clips), where))
    elif outro is not None:
        clips = (*clips, _brand_film(outro, "outro", where))
    return clips, cards


def _picture_card(
    path: Path, seconds: Fraction, of_brand: Literal["intro", "outro"], before: int, where: str
) -> CardSpec:
    return CardSpec(
        kind="",
        before=before,
        ground=CardGround(picture=path),
        shown_for=exact_clock(seconds),
        of_brand=of_brand,
        where=where,
    )


def _brand_film(shown: BrandClip, of_brand: Literal["intro", "outro"], where: str) -> ClipSpec:
    return ClipSpec(footage=shown.path, framing="centre", wordless=True, of_brand=of_brand, where=where)


def _not_in_the_brand(key: str, brand: Brand, where: str) -> CampaignProblem:
    lacking = Said(f"true, with no `{key}` in {brand.where}", ko=f"{brand.where}에 `{key}`가 없는데 true")
    return CampaignProblem(
        where=where,
        found=Said("true, without a brand", ko="브랜드 없이 true") if brand == DEFAULT_BRAND else lacking,
        expected=Said(f"a brand with an `{key}`", ko=f"`{key}`가 있는 브랜드"),
        remedy=Said(
            f"add `{key}` to the brand, or leave it out here",
            ko=f"브랜드에 `{key}`를 더하거나 여기서 빼 주세요.",
        ),
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
