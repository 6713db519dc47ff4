"""The keys of cards: full screens of words between clips, or a reel of cards alone.

After it come the frozen values of `showing`; which kinds of cards there are is the template's affair.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, get_args

from pydantic import BeforeValidator, Field, model_validator

from reels.campaign.keys import File, Keys, Point, Whole, Words, some_time
from reels.campaign.problems import nearest
from reels.campaign.reading import Reading
from reels.campaign.roles import ColourName
from reels.campaign.showing import CardGround, CardSpec
from reels.campaign.template import Template
from reels.campaign.yaml_with_lines import KeyPath
from reels.errors import CampaignProblem
from reels.file_kinds import is_picture
from reels.said import Said, any_of, perhaps

__all__ = ["DEFAULT_CARD", "CardKeys", "CardsKeys", "card_specs"]

DEFAULT_CARD = "text"
_COLOURS: tuple[str, ...] = get_args(ColourName)
_SOMETHING = Said(
    "something to show: text, body, items or a picture",
    ko="보여 줄 것: text, body, items, picture 가운데 하나",
)


class CardKeys(Keys):
    card: Words = DEFAULT_CARD
    text: Words | None = None
    label: Annotated[str | None, Field(max_length=200)] = None
    body: Words | None = None
    items: Annotated[list[Words], Field(max_length=12, default_factory=list)]
    numbered: bool | None = None
    foot: Words | None = None
    picture: File | None = None
    ground: Words | None = None
    shown_for: Annotated[Annotated[Point, BeforeValidator(some_time)] | None, Field(alias="for")] = None
    countdown: Annotated[Whole, Field(ge=1, le=10)] | None = None
    voice: File | None = None

    @model_validator(mode="before")
    @classmethod
    def _words_alone(cls, written: Any) -> Any:
        # `- 창문을 닫으세요` is a card with that text.
        return {"text": written} if isinstance(written, str) else written

    @model_validator(mode="after")
    def _shows_something(self) -> CardKeys:
        if not (self.text or self.body or self.items or self.picture):
            raise ValueError(_SOMETHING)
        return self


class CardsKeys(Keys):
    """Cards where they stand among clips: an item of `clips` with this one key."""

    cards: Annotated[list[CardKeys], Field(min_length=1)]


def card_specs(
    keys: Sequence[CardKeys], at: KeyPath, reading: Reading, *, before: int, template: Template | None
) -> tuple[CardSpec, ...]:
    """The frozen values of a list of cards at `at`, all before clip number `before`.

    A kind that the template does not have is told; without a template, which could not be read, nothing is known of kinds.
    """
    specs = []
    for number, one in enumerate(keys):
        place = (*at, number)
        if template is not None and template.card(one.card) is None:
            reading.problem(_no_such_kind(one.card, reading.where((*place, "card")), template))
        specs.append(_card_spec(one, place, reading, before))
    return tuple(specs)


def _no_such_kind(kind: str, where: str, template: Template) -> CampaignProblem:
    kinds = tuple(card.name for card in template.cards)
    guess = nearest(kind, kinds)
    return CampaignProblem(
        where=where,
        found=Said(
            f"{kind}, which the template {template.name} does not have",
            ko=f"템플릿 {template.name}에 없는 카드 {kind}",
        ),
        expected=any_of(kinds),
        remedy=perhaps(guess) if guess else "",
    )


def _card_spec(keys: CardKeys, at: KeyPath, reading: Reading, before: int) -> CardSpec:
    return CardSpec(
        kind=keys.card,
        before=before,
        text=keys.text or "",
        label=keys.label,
        body=keys.body or "",
        items=tuple(keys.items),
        numbered=keys.numbered,
        foot=keys.foot or "",
        picture=reading.file(keys.picture, (*at, "picture")) if keys.picture else None,
        ground=_ground(keys.ground, (*at, "ground"), reading) if keys.ground else None,
        shown_for=keys.shown_for,
        countdown=keys.countdown or 0,
        voice=reading.file(keys.voice, (*at, "voice")) if keys.voice else None,
        where=reading.where(at),
    )


def _ground(written: str, at: KeyPath, reading: Reading) -> CardGround | None:
    """A colour by its name, else a file: a picture by what it holds, or a video."""
    for name in get_args(ColourName):
        if written == name:
            return CardGround(colour=name)
    guess = nearest(written, _COLOURS)
    if guess is not None and "." not in written:
        expected = Said(
            f"one of {', '.join(_COLOURS)}, or a picture or film beside the campaign",
            ko=f"{', '.join(_COLOURS)} 가운데 하나, 또는 캠페인 옆의 그림이나 영상",
        )
        reading.problem(
            CampaignProblem(where=reading.where(at), found=written, expected=expected, remedy=perhaps(guess))
        )
        return None
    path = reading.file(written, at)
    return CardGround(picture=path) if is_picture(path) else CardGround(video=path)
