"""What is shown over the picture, as values: the words, the look, the movement, the frames it is on screen.

Sizes are pixels of a picture with 1920 lines; `layout.scaled` brings them to the raster at hand. Times
are whole frames of the delivery rate, counted from the reel's first frame. Nothing here draws: `draw` and
`motion` do.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Literal

from reels.art.colour import Colour
from reels.timing import frame_nearest

__all__ = [
    "CoverLook",
    "Direction",
    "LowerThirdElement",
    "LowerThirdLook",
    "Motion",
    "TitleElement",
    "TitleLook",
]

Direction = Literal["from-left", "from-below", "none"]


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


@dataclass(frozen=True, slots=True, kw_only=True)
class TitleElement:
    """A title on screen for frames `[first_frame, first_frame + frames)` of the reel."""

    text: str
    look: TitleLook
    motion: Motion
    first_frame: int
    frames: int

    def __post_init__(self) -> None:
        _shown(self.first_frame, self.frames)


@dataclass(frozen=True, slots=True, kw_only=True)
class LowerThirdElement:
    """A lower third on screen for frames `[first_frame, first_frame + frames)` of the reel."""

    name: str
    role: str
    look: LowerThirdLook
    motion: Motion
    first_frame: int
    frames: int

    def __post_init__(self) -> None:
        _shown(self.first_frame, self.frames)


def _shown(first_frame: int, frames: int) -> None:
    if first_frame < 0 or frames < 1:
        raise ValueError(f"an element needs frames of the reel, not {frames} from {first_frame}")
