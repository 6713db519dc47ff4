"""A template as frozen values: what is shown, when, where, how large, in which roles of the brand's colours.

Sizes are pixels of a picture with 1920 lines, times exact seconds. `keys` reads them, `looks` brings them together with
a brand.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from reels.art.elements import Direction, Icon
from reels.campaign.roles import ColourName, FontWeight
from reels.campaign.subtitle_style import SubtitleStyle
from reels.errors import Language
from reels.layout import Align, Centre, Corner, ProgressZone, TitleZone, ZoneName

__all__ = [
    "CardStyle",
    "CountdownStyle",
    "CounterStyle",
    "EndCardStyle",
    "ListStyle",
    "LogoStyle",
    "LowerThirdStyle",
    "PairStyle",
    "PictureStyle",
    "PlateStyle",
    "ProgressStyle",
    "SubtitlePlace",
    "Template",
    "TitleStyle",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class SubtitlePlace:
    """Where subtitles stand: from the foot of the free area up, and in the middle of what."""

    raised_px: int
    centre: Centre


@dataclass(frozen=True, slots=True, kw_only=True)
class TitleStyle:
    """When, where and how a title is shown; `ground` None means outlined letters without a plate.

    With `card` the title is no overlay: it opens the reel as a card of that kind.
    """

    show: bool
    at: Fraction
    shown_for: Fraction
    zone: TitleZone
    weight: FontWeight
    size_px: int
    text: ColourName
    ground: ColourName | None
    accent: ColourName
    outline: ColourName
    motion: Direction
    card: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LowerThirdStyle:
    """When and how name and role are shown; `at` counts from the person's clip."""

    show: bool
    at: Fraction
    shown_for: Fraction
    name_size_px: int
    role_size_px: int
    text: ColourName
    ground: ColourName
    accent: ColourName
    motion: Direction


@dataclass(frozen=True, slots=True, kw_only=True)
class LogoStyle:
    """The brand's mark, through the whole reel but for its end card."""

    show: bool
    corner: Corner
    width_px: int
    opacity: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class PlateStyle:
    """Words on a plate: chapters, places, callouts, hashtags, the label of what an AI has made.

    Chapters, places and callouts are shown when the campaign says so, the others where `show` is true. `at` counts from
    the reel's first frame; `shown_for` None: to the end. `align` None: at the side that the logo leaves free.
    """

    show: bool
    at: Fraction
    shown_for: Fraction | None
    zone: ZoneName
    align: Align | None
    weight: FontWeight
    size_px: int
    lines: int
    text: ColourName
    ground: ColourName | None
    accent: ColourName
    outline: ColourName
    opacity: Fraction
    bar: bool
    icon: Icon | None
    motion: Direction
    text_ko: str = ""
    text_en: str = ""

    def words(self, language: str) -> str:
        """What stands on it where the campaign does not say: in Korean, else in English."""
        return self.text_ko if language == "ko" else self.text_en


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureStyle:
    """Pictures in a frame."""

    shown_for: Fraction
    zone: ZoneName
    align: Align
    weight: FontWeight
    size_px: int
    text: ColourName
    ground: ColourName
    frame_px: int
    height_px: int
    motion: Direction


@dataclass(frozen=True, slots=True, kw_only=True)
class PairStyle(PictureStyle):
    """Two pictures, before and after, with a line of `accent` between them and labels where the campaign has none."""

    accent: ColourName
    before_ko: str
    before_en: str
    after_ko: str
    after_en: str

    def labels(self, language: str) -> tuple[str, str]:
        """What stands on the earlier and on the later picture."""
        return (self.before_ko, self.after_ko) if language == "ko" else (self.before_en, self.after_en)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListStyle:
    """A head and items that appear one after the other, `apart` seconds from each other."""

    shown_for: Fraction
    zone: ZoneName
    align: Align
    head_size_px: int
    size_px: int
    text: ColourName
    ground: ColourName
    accent: ColourName
    opacity: Fraction
    apart: Fraction
    motion: Direction


@dataclass(frozen=True, slots=True, kw_only=True)
class CountdownStyle:
    """A number that counts down to nothing, a second for each."""

    zone: ZoneName
    align: Align
    size_px: int
    text: ColourName
    ground: ColourName
    accent: ColourName
    opacity: Fraction
    motion: Direction


@dataclass(frozen=True, slots=True, kw_only=True)
class CounterStyle(CountdownStyle):
    """A number that counts for `count_for` seconds, and its label."""

    shown_for: Fraction
    count_for: Fraction
    label_size_px: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgressStyle:
    """How much of the reel has played, as a bar below the subtitles or above everything."""

    show: bool
    zone: ProgressZone
    height_px: int
    colour: ColourName
    ground: ColourName


@dataclass(frozen=True, slots=True, kw_only=True)
class CardStyle:
    """One kind of card: its ground, its words, how long it stays at least.

    `second`: the ground runs into this colour; `shade` is how much of `ground` lies over a picture or a film.
    """

    name: str
    label_ko: str
    label_en: str
    ground: ColourName
    second: ColourName | None
    shade: Fraction
    weight: FontWeight
    text_size_px: int
    body_size_px: int
    label_size_px: int
    text: ColourName
    accent: ColourName
    label_text: ColourName
    label_ground: ColourName | None
    centred: bool
    plate: ColourName | None
    plate_opacity: Fraction
    numbered: bool
    icon: Icon | None
    least: Fraction
    apart: Fraction
    motion: Direction

    def label(self, language: str) -> str:
        return self.label_ko if language == "ko" else self.label_en


@dataclass(frozen=True, slots=True, kw_only=True)
class EndCardStyle:
    """The last card: the brand's mark, address, QR code, credit and licence, for `shown_for` seconds."""

    show: bool
    shown_for: Fraction
    card: str
    """The kind of card whose colours and sizes it has."""
    text_ko: str
    text_en: str

    def words(self, language: str) -> str:
        return self.text_ko if language == "ko" else self.text_en


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """One template; `description` is by language, `where` says in messages which file it came from.

    `extends` are the templates that it was built on, nearest first.
    """

    name: str
    description_ko: str
    description_en: str
    version: int
    subtitles: SubtitleStyle
    subtitle_place: SubtitlePlace
    title: TitleStyle
    lower_third: LowerThirdStyle
    logo: LogoStyle
    chapter: PlateStyle
    place: PlateStyle
    callout: PlateStyle
    hashtags: PlateStyle
    ai_label: PlateStyle
    progress: ProgressStyle
    picture: PictureStyle
    before_after: PairStyle
    list: ListStyle
    counter: CounterStyle
    countdown: CountdownStyle
    cards: tuple[CardStyle, ...]
    end_card: EndCardStyle
    cover_size_px: int
    where: str
    extends: tuple[str, ...] = ()

    def description(self, language: Language) -> str:
        return self.description_ko if language == "ko" else self.description_en

    def card(self, name: str) -> CardStyle | None:
        """The kind of card called `name`; None where the template has none."""
        return next((card for card in self.cards if card.name == name), None)
