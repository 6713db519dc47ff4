"""What is shown over the picture, as values: the words, the look, the movement, how long it is on screen.

Sizes are pixels of a picture with 1920 lines; `layout.scaled` brings them to the raster at hand. Times are whole
frames of the delivery rate. Nothing here draws: `drawing` and the modules beside it do, `motion` animates.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, fields, replace
from fractions import Fraction
from pathlib import Path
from typing import Any, Literal, TypeVar

from reels.art.colour import Colour
from reels.timing import frame_nearest

__all__ = [
    "BeforeAfterElement",
    "CardElement",
    "CardLook",
    "CountdownElement",
    "CounterElement",
    "CounterLook",
    "CoverLook",
    "Direction",
    "Element",
    "EndElement",
    "Ground",
    "Icon",
    "Lasting",
    "ListElement",
    "ListLook",
    "LowerThirdElement",
    "LowerThirdLook",
    "Motion",
    "PictureElement",
    "PictureLook",
    "PlateElement",
    "PlateLook",
    "ProgressElement",
    "ProgressLook",
    "Shade",
    "TitleElement",
    "TitleLook",
    "without_time",
]

Direction = Literal["from-left", "from-right", "from-below", "from-above", "wipe", "none"]
"""Where an element comes from; `wipe` uncovers it from left to right where it stands, `none` only fades."""

Icon = Literal["pin", "clock", "warning", "phone", "calendar", "check", "spark"]
"""Signs that are drawn, not set: no font is needed for them."""

# --- looks -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class TitleLook:
    """A title: words on plates of `ground`, or outlined words without plates where `ground` is None."""

    font: Path
    size_px: int
    text: Colour
    ground: Colour | None
    accent: Colour
    outline: Colour
    outline_px: int = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class LowerThirdLook:
    """Name above role on one plate of `ground`, with a bar of `accent` at its left edge."""

    name_font: Path
    role_font: Path
    name_size_px: int
    role_size_px: int
    text: Colour
    ground: Colour
    accent: Colour


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverLook:
    """The cover's title: words over a shade of `ground` that grows towards the foot of the picture."""

    font: Path
    size_px: int
    text: Colour
    ground: Colour
    accent: Colour


@dataclass(frozen=True, slots=True, kw_only=True)
class PlateLook:
    """One text on a plate: stamps, callouts, hashtags, labels. `ground` None: outlined letters without a plate.

    `opacity` is the plate's; `accent` colours the icon and, with `bar`, a bar at the plate's left edge.
    """

    font: Path
    size_px: int
    text: Colour
    ground: Colour | None
    accent: Colour
    outline: Colour
    opacity: Fraction = Fraction(1)
    bar: bool = False
    lines: int = 2
    """At most; a longer text gets smaller letters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureLook:
    """A picture in a frame of `ground`, with words below it on the same ground; letters and labels in `text`."""

    font: Path
    size_px: int
    text: Colour
    ground: Colour
    accent: Colour
    frame_px: int = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class ListLook:
    """A head and items on one plate of `ground`; numbers or marks before the items in `accent`."""

    head_font: Path
    font: Path
    head_size_px: int
    size_px: int
    text: Colour
    ground: Colour
    accent: Colour
    opacity: Fraction = Fraction(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class CounterLook:
    """A large number in `accent` with its unit, a label in `text` above it, on a plate of `ground`."""

    font: Path
    label_font: Path
    size_px: int
    label_size_px: int
    text: Colour
    ground: Colour
    accent: Colour
    opacity: Fraction = Fraction(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgressLook:
    """A bar that fills from left to right: `colour` over `ground`, `height_px` tall."""

    colour: Colour
    ground: Colour
    height_px: int
    opacity: Fraction = Fraction(1, 2)
    """Of the ground; what is filled is opaque."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CardLook:
    """A card's words, without its ground: label, text, body, items and foot below each other.

    `label_ground` is the plate behind the label; `accent` colours marks, numbers, icons and the foot's line.
    """

    font: Path
    body_font: Path
    text_size_px: int
    body_size_px: int
    label_size_px: int
    text: Colour
    accent: Colour
    label_text: Colour
    label_ground: Colour | None
    centred: bool = False
    plate: Colour | None = None
    """A plate behind all words, where the ground is a picture."""
    plate_opacity: Fraction = Fraction(4, 5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What stands behind a card, edge to edge: a colour, two from top to foot, or a picture under a shade."""

    colour: Colour
    second: Colour | None = None
    picture: Path | None = None
    shade: Fraction = Fraction(1, 2)
    """How much of `colour` lies over the picture."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shade:
    """A veil of `colour` over the whole picture, so that letters can be read on footage."""

    colour: Colour
    opacity: Fraction


# --- movement --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Motion:
    """How a still comes and goes, in frames of the delivery rate.

    It moves behind the edges of its own box, so that nothing ever shows outside the box: the clip is as
    large as the still, and is placed where the still would be.
    """

    direction: Direction
    travel_px: int
    in_frames: int
    out_frames: int

    def __post_init__(self) -> None:
        if min(self.travel_px, self.in_frames, self.out_frames) < 0:
            raise ValueError(f"a motion cannot be negative: {self}")

    @classmethod
    def at_rate(
        cls,
        rate: Fraction,
        *,
        direction: Direction,
        travel_px: int,
        in_s: Fraction = Fraction(2, 5),
        out_s: Fraction = Fraction(3, 10),
    ) -> Motion:
        """The motion of `in_s` and `out_s` seconds, to the nearest whole frame of `rate`."""
        return cls(
            direction=direction,
            travel_px=travel_px,
            in_frames=frame_nearest(in_s, rate),
            out_frames=frame_nearest(out_s, rate),
        )

    def within(self, frames: int) -> Motion:
        """This motion, shortened in proportion where a clip of `frames` would not leave one frame of rest."""
        moving = self.in_frames + self.out_frames
        if moving < frames:
            return self
        share = Fraction(max(0, frames - 1), moving)
        return Motion(
            direction=self.direction,
            travel_px=self.travel_px,
            in_frames=math.floor(self.in_frames * share),
            out_frames=math.floor(self.out_frames * share),
        )


_STILL = Motion(direction="none", travel_px=0, in_frames=0, out_frames=0)

# --- elements --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Lasting:
    """What every element has: it is on screen for `frames` frames, in which it comes and goes by `motion`."""

    motion: Motion
    frames: int

    def __post_init__(self) -> None:
        if self.frames < 1:
            raise ValueError(f"an element needs frames, not {self.frames}")


@dataclass(frozen=True, slots=True, kw_only=True)
class TitleElement(Lasting):
    """What the reel is about, large, in a few words."""

    text: str
    look: TitleLook


@dataclass(frozen=True, slots=True, kw_only=True)
class LowerThirdElement(Lasting):
    """Who speaks; `role` may be empty."""

    name: str
    role: str
    look: LowerThirdLook


@dataclass(frozen=True, slots=True, kw_only=True)
class PlateElement(Lasting):
    """One text on a plate; `small` stands before it in smaller letters (a time, a number), and may be empty."""

    text: str
    look: PlateLook
    small: str = ""
    icon: Icon | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureElement(Lasting):
    """A picture file in its own shape, as large as the room allows; `caption` may be empty."""

    picture: Path
    caption: str
    look: PictureLook


@dataclass(frozen=True, slots=True, kw_only=True)
class BeforeAfterElement(Lasting):
    """Two pictures in one frame of the first one's shape: the second wipes over the first after half of the time."""

    before: Path
    after: Path
    before_label: str
    after_label: str
    look: PictureLook
    wipe_frames: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ListElement(Lasting):
    """A head (may be empty) and items that appear one after the other, `apart_frames` from each other (0: all at once)."""

    head: str
    items: tuple[str, ...]
    numbered: bool
    look: ListLook
    apart_frames: int = 0

    def __post_init__(self) -> None:
        Lasting.__post_init__(self)
        if not self.items:
            raise ValueError("a list needs items")


@dataclass(frozen=True, slots=True, kw_only=True)
class CounterElement(Lasting):
    """A number that counts from `start` to `end` in `count_frames` and stays; thousands are grouped: 12,500.

    `decimals` after the point; `unit` follows the number in smaller letters, `label` stands above; both may be empty.
    """

    start: Fraction
    end: Fraction
    decimals: int
    unit: str
    label: str
    look: CounterLook
    count_frames: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CountdownElement(Lasting):
    """`seconds` … 2, 1 in a ring that empties, a number for `frames / seconds` frames each."""

    seconds: int
    look: CounterLook

    def __post_init__(self) -> None:
        Lasting.__post_init__(self)
        if self.seconds < 1:
            raise ValueError(f"a countdown of {self.seconds}")


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgressElement(Lasting):
    """A bar as wide as its room that is full in the last of `frames` frames; it is there all the time."""

    look: ProgressLook
    motion: Motion = _STILL


@dataclass(frozen=True, slots=True, kw_only=True)
class CardElement(Lasting):
    """The words of a card, as large as its room; what is empty is left out, and what is left stands in the middle.

    The items appear one after the other, `apart_frames` from each other (0: all at once); where they are `numbered`,
    from `first_number` on.
    """

    label: str
    text: str
    body: str
    items: tuple[str, ...]
    numbered: bool
    foot: str
    look: CardLook
    apart_frames: int = 0
    first_number: int = 1
    icon: Icon | None = None
    picture: Path | None = None
    """Shown whole between text and body, such as a map or a poster."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EndElement(Lasting):
    """The end card: mark, name, words, address, QR code, credits and licence; what is empty or None is left out.

    `qr` is what the code says; `licence_mark` a picture beside `licence`.
    """

    name: str
    text: str
    logo: Path | None
    address: str
    qr: str
    credits: tuple[str, ...]
    licence: str
    licence_mark: Path | None
    look: CardLook


Element = (
    TitleElement
    | LowerThirdElement
    | PlateElement
    | PictureElement
    | BeforeAfterElement
    | ListElement
    | CounterElement
    | CountdownElement
    | ProgressElement
    | CardElement
    | EndElement
)

AnElement = TypeVar("AnElement", bound=Lasting)

_TIMES = ("apart_frames", "count_frames", "wipe_frames")


def without_time(element: AnElement) -> AnElement:
    """What its size and layout depend on: two that differ in nothing but time are laid out alike."""
    names = {field.name for field in fields(element)}
    still: dict[str, Any] = dict.fromkeys(names & set(_TIMES), 0)
    return replace(element, frames=1, motion=_STILL, **still)
