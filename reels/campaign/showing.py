"""What a reel shows over and between its clips, as a campaign says it: elements at a time, cards, a voice.

Frozen values with absolute paths; where and how they look is the template's affair (`campaign.template`), in which
colours the brand's. Times are as written (`4.2`, `120f`): an element of a reel counts from the reel's first frame,
one of a clip from the clip's.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Literal, get_args

from reels.campaign.roles import ColourName
from reels.layout import Align, ZoneName

__all__ = [
    "ELEMENT_KINDS",
    "BeforeAfterContent",
    "CardGround",
    "CardSpec",
    "CountdownContent",
    "CounterContent",
    "ElementKind",
    "ElementSpec",
    "ListContent",
    "PictureContent",
    "WordsContent",
]

ElementKind = Literal[
    "chapter", "place", "callout", "picture", "before_after", "list", "counter", "countdown"
]
"""What a campaign can put on screen at a time; title, names, hashtags and labels come of other keys."""

ELEMENT_KINDS: tuple[ElementKind, ...] = get_args(ElementKind)


@dataclass(frozen=True, slots=True, kw_only=True)
class WordsContent:
    """Words on a plate; `small` is a time or a number before them."""

    text: str
    small: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureContent:
    picture: Path
    caption: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BeforeAfterContent:
    """Two pictures of one place; labels None: the template's words in the reel's language."""

    before: Path
    after: Path
    labels: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListContent:
    items: tuple[str, ...]
    head: str = ""
    numbered: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CounterContent:
    """Counts from `start` to `end`, with as many decimals as were written."""

    start: Fraction
    end: Fraction
    decimals: int = 0
    unit: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CountdownContent:
    seconds: int


Content = WordsContent | PictureContent | BeforeAfterContent | ListContent | CounterContent | CountdownContent


@dataclass(frozen=True, slots=True, kw_only=True)
class ElementSpec:
    """Something at a time. What is None is as the template says; `over_faces`: it may cover a face."""

    kind: ElementKind
    content: Content
    at: str = "0"
    shown_for: str | None = None
    zone: ZoneName | None = None
    align: Align | None = None
    over_faces: bool = False
    where: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CardGround:
    """Behind a card: a colour of the brand, a picture, or a video that plays from its beginning, without its sound."""

    colour: ColourName | None = None
    picture: Path | None = None
    video: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CardSpec:
    """A card that fills the screen before clip number `before`, or behind the last clip.

    `kind` names a style of the template; empty: a ground without words. What is None is as the template says; without
    `shown_for` it stays as long as it takes to read it, or to speak its `voice`. `countdown` seconds are counted down
    on it; 0: none. `of_brand`: it is a picture that the brand puts before or behind every reel. A list that goes on from
    another card counts from `first_number`.
    """

    kind: str
    before: int
    text: str = ""
    label: str | None = None
    body: str = ""
    items: tuple[str, ...] = ()
    numbered: bool | None = None
    first_number: int = 1
    foot: str = ""
    picture: Path | None = None
    ground: CardGround | None = None
    shown_for: str | None = None
    countdown: int = 0
    voice: Path | None = None
    of_brand: Literal["intro", "outro"] | None = None
    where: str = ""

    @property
    def words(self) -> tuple[str, ...]:
        """Everything there is to read on it, but for the label."""
        return tuple(words for words in (self.text, self.body, *self.items, self.foot) if words)
