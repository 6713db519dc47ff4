"""The safe area divided: logo and stamps at its head, titles below, names above the subtitles, a strip at its foot.

Left and top of every box are even, because 4:2:0 video can only be overlaid at whole chroma samples (ffmpeg's `overlay`
would silently move an odd place by one pixel).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from reels.errors import CampaignProblem, CampaignProblems
from reels.geometry import Box, Raster
from reels.layout.scale import even_down, even_up, scaled
from reels.layout.subtitles import LEAST_SHARE_WHEN_CENTRED, SubtitleArea, SubtitleZone, beside, subtitle_area
from reels.said import Said

__all__ = ["Corner", "ProgressZone", "Stage", "TitleZone", "ZoneName", "Zones", "stage_of"]

Corner = Literal["top-left", "top-right"]
TitleZone = Literal["top", "middle"]
ZoneName = Literal["head", "top", "middle", "low", "foot"]
"""`head`: the row of the logo; `top` and `middle`: the room of titles, from its top or around its middle; `low`: above the
subtitles, from there up; `foot`: below them."""
ProgressZone = Literal["top", "foot"]

# Of a picture with 1920 lines.
_GAP_PX = 36
_LOGO_TALLEST_PX = 160
_STRIP_GAP_PX = 18
_LOW_SHARE = Fraction(9, 20)
"""Of the height that titles and lower thirds have together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Zones:
    """The places a template gives its elements; sizes in pixels of a picture with 1920 lines."""

    subtitles: SubtitleZone
    title: TitleZone = "top"
    logo: Corner = "top-left"
    logo_width_px: int = 200
    progress: ProgressZone = "foot"
    progress_px: int = 0
    """How tall the bar of progress is; 0: there is none."""
    logo_clear: Fraction = Fraction(0)
    """Free space around the logo, as a share of its height."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """The places of one reel on its raster.

    `area` is the safe area on even pixels; `logo_room` the largest raster that a logo may have, `logo` where it stands,
    `logo_clear` how much free space it wants around it.
    `boxes` has a box for each zone; that of the foot is None where the subtitles leave no room below them.
    `rails` are what platforms lay over the sides of the picture, `gap` twice the air that is kept around everything.
    """

    raster: Raster
    safe: Box
    area: Box
    subtitles: SubtitleArea
    logo_room: Raster
    logo: Box | None
    logo_clear: int
    progress: Box | None
    head: Box
    top: Box
    low: Box
    foot: Box | None
    rails: tuple[Box, ...]
    gap: int

    def zone(self, name: ZoneName) -> Box | None:
        """Where the zone is; titles have one room, whether they begin at its top or stand in its middle."""
        boxes = {"head": self.head, "top": self.top, "middle": self.top, "low": self.low, "foot": self.foot}
        return boxes[name]

    @property
    def whole(self) -> Box:
        """Everything above the subtitles."""
        return Box(self.area.left, self.area.top, self.area.right, self.low.bottom)

    def card_below(self, taken: Sequence[Box], *, centred: bool = False) -> Box:
        """Where a card's words may be: off rails, the bar of progress, and the rows of the `taken` boxes.

        With `centred` its middle is the picture's.
        """
        middle = self.area.top + self.area.height // 2
        top, bottom = self.area.top, self.area.bottom
        for box in taken:
            if box.bottom <= middle:
                top = max(top, box.bottom + self.gap)
            else:
                # A label that found no room at the head.
                bottom = min(bottom, box.top - self.gap)
        if self.progress is not None:
            if self.progress.top > middle:
                bottom = min(bottom, self.progress.top - self.gap)
            else:
                top = max(top, self.progress.bottom + self.gap)
        box = Box(self.area.left, even_up(min(top, bottom)), self.area.right, even_down(bottom))
        free = beside(box, self.rails) or box
        left, right = even_up(free.left), even_down(free.right)
        if centred:
            # In the middle of the picture, as far as that leaves room enough.
            margin = even_up(max(left, self.raster.width - right))
            if self.raster.width - 2 * margin >= LEAST_SHARE_WHEN_CENTRED * (right - left):
                left, right = margin, even_down(self.raster.width - margin)
        return Box(left, free.top, right, free.bottom)


def stage_of(
    raster: Raster,
    safe: Box,
    zones: Zones,
    *,
    logo: Raster | None = None,
    keep_clear: Sequence[Box] = (),
) -> Stage:
    """The stage with a logo of the size `logo`, where one is shown.

    Subtitles and what stands low touch nothing of `keep_clear`: what a platform lays over the picture now and then, its
    own captions or a rail of buttons.
    Raises: CampaignProblems where the safe area is too small for subtitles and anything above them, or the logo too large.
    """
    area = _even_area(raster, safe)
    gap = even_up(scaled(_GAP_PX, raster))
    strip_gap = even_up(scaled(_STRIP_GAP_PX, raster))
    bar = even_up(scaled(zones.progress_px, raster)) if zones.progress_px else 0
    progress = None
    if bar and zones.progress == "top":
        progress = Box(area.left, area.top, area.right, area.top + bar)
    elif bar:
        progress = Box(area.left, area.bottom - bar, area.right, area.bottom)
    rails = tuple(box for box in keep_clear if 2 * box.width <= raster.width)
    if progress is not None and (free_bar := beside(progress, rails)) is not None:
        progress = Box(even_up(free_bar.left), progress.top, even_down(free_bar.right), progress.bottom)
    head_top = progress.bottom + strip_gap if progress is not None and zones.progress == "top" else area.top
    found = subtitle_area(raster, area, zones.subtitles, keep_clear)
    if found is None:
        raise _too_small(raster, area)
    tallest = min(scaled(_LOGO_TALLEST_PX, raster), area.height // 4)
    logo_width = min(scaled(zones.logo_width_px, raster), area.width)
    taken = min(logo.height, tallest) if logo is not None else 0
    clear = math.ceil(zones.logo_clear * taken)
    top = even_up(head_top + taken + max(gap, clear)) if taken else head_top
    foot = found.box.top - gap
    free = foot - top - gap
    low_height = even_down(math.floor(free * _LOW_SHARE))
    top_height = even_down(free - low_height)
    if min(low_height, top_height, logo_width, tallest) < 2:
        raise _too_small(raster, area)
    logo_room = Raster(logo_width, tallest)
    if logo is not None and (logo.width > logo_room.width or logo.height > logo_room.height):
        raise _too_large(raster, logo, logo_room)
    low = beside(Box(area.left, even_down(foot - low_height), area.right, foot), keep_clear)
    # It begins at the left edge, which no platform's buttons take.
    if low is None or low.left > area.left or even_down(low.right) <= area.left:
        raise _too_small(raster, area)
    return Stage(
        raster=raster,
        safe=safe,
        area=area,
        subtitles=found,
        logo_room=logo_room,
        logo=_logo(area, head_top, zones.logo, logo) if logo is not None else None,
        logo_clear=clear,
        progress=progress,
        head=Box(area.left, head_top, area.right, even_down(head_top + tallest)),
        top=Box(area.left, top, area.right, top + top_height),
        low=Box(area.left, low.top, even_down(low.right), foot),
        foot=_foot(area, found.box.bottom + strip_gap, progress, strip_gap, keep_clear),
        rails=rails,
        gap=gap,
    )


def _logo(area: Box, top: int, corner: Corner, size: Raster) -> Box:
    left = area.left if corner == "top-left" else even_down(area.right - size.width)
    return Box.at(left, top, size)


def _foot(area: Box, top: int, progress: Box | None, gap: int, keep_clear: Sequence[Box]) -> Box | None:
    """The strip between subtitles and the foot of the safe area."""
    bottom = area.bottom
    if progress is not None and progress.bottom == area.bottom:
        bottom = progress.top - gap
    top, bottom = even_up(top), even_down(bottom)
    if bottom - top < gap:
        return None
    free = beside(Box(area.left, top, area.right, bottom), keep_clear)
    if free is None or even_down(free.right) - even_up(free.left) < 2:
        return None
    return Box(even_up(free.left), top, even_down(free.right), bottom)


def _even_area(raster: Raster, safe: Box) -> Box:
    if not Box(0, 0, raster.width, raster.height).contains(safe):
        raise ValueError(f"the safe area {safe} is not inside {raster}")
    left, top = even_up(safe.left), even_up(safe.top)
    right, bottom = even_down(safe.right), even_down(safe.bottom)
    if right - left < 2 or bottom - top < 2:
        raise _too_small(raster, safe)
    return Box(left, top, right, bottom)


def _too_large(raster: Raster, size: Raster, limit: Raster) -> CampaignProblems:
    problem = CampaignProblem(
        where=Said(f"logo at {raster}", ko=f"로고({raster})"),
        found=Said(f"{size} pixels", ko=f"{size}픽셀"),
        expected=Said(f"at most {limit}", ko=f"{limit} 이하"),
        remedy=Said("choose a smaller size in the template", ko="템플릿에서 크기를 줄여 주세요."),
    )
    return CampaignProblems(problems=(problem,))


def _too_small(raster: Raster, area: Box) -> CampaignProblems:
    return CampaignProblems(
        problems=(
            CampaignProblem(
                where=Said(f"safe area at {raster}", ko=f"안전 영역({raster})"),
                found=Said(f"{area.width}x{area.height} pixels", ko=f"{area.width}x{area.height}픽셀"),
                expected=Said(
                    "room for a logo, a title, a lower third and the subtitles",
                    ko="로고, 제목, 이름표, 자막이 모두 들어갈 자리",
                ),
                remedy=Said(
                    "choose smaller subtitles or a smaller logo in the template",
                    ko="템플릿에서 자막이나 로고를 줄여 주세요.",
                ),
            ),
        )
    )
