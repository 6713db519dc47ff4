"""Where title, lower third, logo and subtitles stand: apart from each other and inside the safe area.

Pure arithmetic on boxes. Before it come a platform's safe area and a template's zones; between `rooms`
and `place` the art room makes its stills fit; after it `graph` lays clips at these places and the ASS
writer takes its margins. Left and top of every box are even, because 4:2:0 video can only be overlaid at
whole chroma samples (ffmpeg's `overlay` would silently move an odd place by one pixel).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from reels.errors import CampaignProblem, CampaignProblems
from reels.geometry import Box, Raster
from reels.said import Said

__all__ = [
    "LINE_HEIGHT",
    "Centre",
    "Corner",
    "ElementSizes",
    "Placements",
    "Rooms",
    "SubtitleArea",
    "SubtitleZone",
    "TitleZone",
    "Zones",
    "cover_title_room",
    "gap_px",
    "place",
    "rooms",
    "scaled",
]

Corner = Literal["top-left", "top-right"]
TitleZone = Literal["top", "middle"]
Centre = Literal["safe", "frame"]

LINE_HEIGHT = Fraction(13, 10)
"""From line to line, as a share of the size: Hangul at its tallest with a little air between two lines."""

# Of a picture with 1920 lines.
_GAP_PX = 36
_LOGO_TALLEST_PX = 160
_COVER_SIDE_PX = 72
_COVER_FOOT_PX = 56
_LOWER_THIRD_SHARE = Fraction(9, 20)  # of the height that title and lower third have together


def scaled(px: int, raster: Raster) -> int:
    """`px` of a picture with 1920 lines, in lines of `raster`; something never becomes nothing."""
    return 0 if px == 0 else max(1, math.floor(Fraction(px * raster.height, 1920) + Fraction(1, 2)))


def gap_px(raster: Raster) -> int:
    """The air between two elements one above the other."""
    return _even_up(scaled(_GAP_PX, raster))


def _even_down(px: int) -> int:
    return px - px % 2


def _even_up(px: int) -> int:
    return px + px % 2


@dataclass(frozen=True, slots=True, kw_only=True)
class SubtitleZone:
    """The place of subtitles as a template writes it, in pixels of a picture with 1920 lines."""

    size_px: int
    lines: int = 2
    line_height: Fraction = LINE_HEIGHT
    """As a share of `size_px`; no less than the font's own, or lines would leave the box."""
    frame_px: int = 0
    """Outline or box padding around the letters."""
    raised_px: int = 0
    """From the foot of the safe area up to the foot of the last line."""
    centre: Centre = "safe"
    name_size_px: int = 0
    """Of a speaker's name on a line above; 0: no such line."""
    second_size_px: int = 0
    """Of a second language below; 0: there is none."""
    second_lines: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Zones:
    """The places a template gives its elements; sizes in pixels of a picture with 1920 lines."""

    subtitles: SubtitleZone
    title: TitleZone = "top"
    logo: Corner = "top-left"
    logo_width_px: int = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class SubtitleArea:
    """Where subtitle lines may be, in pixels of the output raster.

    `box` holds every line with its outline; the margins are what ASS calls MarginL, MarginR and MarginV
    with alignment 2 (bottom centre) in a script of the raster's size: they measure to the letters, not to
    the outline. A second language begins `second_top_px` below the upper edge, and ends inside `box` too.
    """

    box: Box
    left_margin_px: int
    right_margin_px: int
    bottom_margin_px: int
    max_text_width_px: int
    second_top_px: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ElementSizes:
    """Measured rasters of what the art room drew; None for what is not shown."""

    title: Raster | None = None
    lower_third: Raster | None = None
    logo: Raster | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rooms:
    """The largest rasters that will find their place."""

    title: Raster
    lower_third: Raster
    logo: Raster


@dataclass(frozen=True, slots=True, kw_only=True)
class Placements:
    """Every element's box in the output raster; None for what is not shown."""

    raster: Raster
    safe: Box
    subtitles: SubtitleArea
    title: Box | None
    lower_third: Box | None
    logo: Box | None

    def boxes(self) -> tuple[tuple[str, Box], ...]:
        """The named boxes of all that is shown, subtitles included."""
        shown = (
            ("title", self.title),
            ("lower third", self.lower_third),
            ("logo", self.logo),
            ("subtitles", self.subtitles.box),
        )
        return tuple((name, box) for name, box in shown if box is not None)


def rooms(
    raster: Raster, safe: Box, zones: Zones, *, logo: Raster | None = None, keep_clear: Sequence[Box] = ()
) -> Rooms:
    """How large each element may become; `logo` is the logo's size where one is shown.

    Raises: CampaignProblems where the safe area is too small for subtitles and anything above them.
    """
    area = _even_area(raster, safe)
    return _Column(raster, area, zones, logo, keep_clear).rooms


def place(
    raster: Raster, safe: Box, zones: Zones, sizes: ElementSizes, *, keep_clear: Sequence[Box] = ()
) -> Placements:
    """A box for each element: inside `safe`, none on another.

    Subtitles, and a lower third above them, stand in none of `keep_clear`: what a platform lays over the picture
    now and then, its own captions or a rail of buttons.
    Raises: CampaignProblems naming each element that is larger than its room.
    """
    area = _even_area(raster, safe)
    column = _Column(raster, area, zones, sizes.logo, keep_clear)
    room = column.rooms
    problems = [
        CampaignProblem(
            where=Said(f"{name} at {raster}", ko=f"{name.ko}({raster})"),
            found=Said(f"{size} pixels", ko=f"{size}픽셀"),
            expected=Said(f"at most {limit}", ko=f"{limit} 이하"),
            remedy=Said(
                "shorten the text or choose a smaller size in the template",
                ko="글을 줄이거나 템플릿에서 크기를 줄여 주세요.",
            ),
        )
        for name, size, limit in (
            (Said("title", ko="제목"), sizes.title, room.title),
            (Said("lower third", ko="이름표"), sizes.lower_third, room.lower_third),
            (Said("logo", ko="로고"), sizes.logo, room.logo),
        )
        if size is not None and (size.width > limit.width or size.height > limit.height)
    ]
    if problems:
        raise CampaignProblems(problems=tuple(problems))
    return Placements(
        raster=raster,
        safe=safe,
        subtitles=column.subtitles,
        title=column.title(sizes.title) if sizes.title else None,
        lower_third=column.lower_third(sizes.lower_third) if sizes.lower_third else None,
        logo=column.logo(sizes.logo) if sizes.logo else None,
    )


class _Column:
    """The safe area from top to foot: logo, title, lower third, subtitles, with gaps between them."""

    def __init__(
        self, raster: Raster, area: Box, zones: Zones, logo: Raster | None, keep_clear: Sequence[Box]
    ) -> None:
        self.area = area
        self.zones = zones
        self.gap = gap_px(raster)
        self.subtitles = _subtitle_area(raster, area, zones.subtitles, keep_clear)
        tallest_logo = min(scaled(_LOGO_TALLEST_PX, raster), area.height // 4)
        logo_room = (min(scaled(zones.logo_width_px, raster), area.width), tallest_logo)
        taken = min(logo.height, tallest_logo) if logo is not None else 0
        self.top = _even_up(area.top + taken + self.gap) if taken else area.top
        self.foot = self.subtitles.box.top - self.gap
        free = self.foot - self.top - self.gap
        self.lower_third_height = _even_down(math.floor(free * _LOWER_THIRD_SHARE))
        self.title_height = _even_down(free - self.lower_third_height)
        if min(self.lower_third_height, self.title_height, *logo_room) < 2:
            raise _too_small(raster, area)
        third = _beside(
            Box(area.left, self.foot - self.lower_third_height, area.right, self.foot), keep_clear
        )
        # It begins at the left edge, which no platform's buttons take.
        if third is None or third.left > area.left or _even_down(third.right) <= area.left:
            raise _too_small(raster, area)
        third_width = _even_down(third.right) - area.left
        self.rooms = Rooms(
            title=Raster(area.width, self.title_height),
            lower_third=Raster(third_width, self.lower_third_height),
            logo=Raster(*logo_room),
        )

    def title(self, size: Raster) -> Box:
        spare = self.title_height - size.height if self.zones.title == "middle" else 0
        return Box.at(self.area.left, _even_down(self.top + spare // 2), size)

    def lower_third(self, size: Raster) -> Box:
        return Box.at(self.area.left, _even_down(self.foot - size.height), size)

    def logo(self, size: Raster) -> Box:
        left = self.area.left if self.zones.logo == "top-left" else _even_down(self.area.right - size.width)
        return Box.at(left, self.area.top, size)


def _even_area(raster: Raster, safe: Box) -> Box:
    if not Box(0, 0, raster.width, raster.height).contains(safe):
        raise ValueError(f"the safe area {safe} is not inside {raster}")
    left, top = _even_up(safe.left), _even_up(safe.top)
    right, bottom = _even_down(safe.right), _even_down(safe.bottom)
    if right - left < 2 or bottom - top < 2:
        raise _too_small(raster, safe)
    return Box(left, top, right, bottom)


_LEAST_SHARE_WHEN_CENTRED = Fraction(3, 4)
"""Of the free width: where the middle of the frame leaves less, the middle of what is free is the better one."""


def _subtitle_area(raster: Raster, area: Box, zone: SubtitleZone, keep_clear: Sequence[Box]) -> SubtitleArea:
    frame = scaled(zone.frame_px, raster)

    def rows(size_px: int, count: int) -> int:
        return count * math.ceil(scaled(size_px, raster) * zone.line_height)

    first = rows(zone.name_size_px, 1) + rows(zone.size_px, zone.lines) + 2 * frame
    second = rows(zone.second_size_px, zone.second_lines) + 2 * frame if zone.second_lines else 0
    wanted = Box(area.left, area.top, area.right, area.bottom - scaled(zone.raised_px, raster))
    free = _free_foot(wanted, first + second, keep_clear)
    if free is None or free.top <= area.top:
        raise _too_small(raster, area)
    left, right, bottom = free.left, free.right, free.bottom
    if zone.centre == "frame":
        margin = max(left, raster.width - right)
        if raster.width - 2 * margin >= _LEAST_SHARE_WHEN_CENTRED * free.width:
            left, right = margin, raster.width - margin
    if right - left <= 2 * frame:
        raise _too_small(raster, area)
    return SubtitleArea(
        box=Box(left, free.top, right, bottom),
        left_margin_px=left + frame,
        right_margin_px=raster.width - right + frame,
        bottom_margin_px=raster.height - bottom + second + frame,
        max_text_width_px=right - left - 2 * frame,
        second_top_px=bottom - second + frame if second else 0,
    )


def _free_foot(wanted: Box, height: int, keep_clear: Sequence[Box]) -> Box | None:
    """The lowest `height` rows of `wanted` that touch nothing of `keep_clear`; None where there are none."""
    bottom = wanted.bottom
    while bottom - height >= wanted.top:
        foot = Box(wanted.left, bottom - height, wanted.right, bottom)
        free = _beside(foot, keep_clear)
        if free is not None:
            return free
        bottom = max(box.top for box in keep_clear if foot.intersection(box) is not None and box.top < bottom)
    return None


def _beside(wanted: Box, keep_clear: Sequence[Box]) -> Box | None:
    """`wanted` without the columns at its sides that `keep_clear` takes; None where that is more than half."""
    left, right = wanted.left, wanted.right
    for box in keep_clear:
        if Box(left, wanted.top, right, wanted.bottom).intersection(box) is None:
            continue
        if box.left - left >= right - box.right:
            right = box.left
        else:
            left = box.right
        if 2 * (right - left) <= wanted.width:
            return None
    return Box(left, wanted.top, right, wanted.bottom)


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


def cover_title_room(raster: Raster) -> Box:
    """Where a cover's title may be: inside the middle 1:1 crop that grids show, and so inside the 3:4 crop.

    Source: Instagram content publishing, cover photos: the feed and grid use the middle 1:1 square.
    """
    side = min(raster.width, raster.height)
    left, top = (raster.width - side) // 2, (raster.height - side) // 2
    across, foot = side * _COVER_SIDE_PX // 1080, side * _COVER_FOOT_PX // 1080
    return Box(left + across, top + foot, left + side - across, top + side - foot)
