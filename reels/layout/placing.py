"""A place for each element: in its zone if that is free, else as near to it as may be; never on what it must not cover.

Elements are placed one after the other, the important ones first; what is not on screen at the same time does not stand in
each other's way. Faces are told from everything else: what finds room only over a face is placed there with a word about it, or
not at all.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from reels.errors import CampaignProblems
from reels.geometry import Box, Raster
from reels.layout.scale import even_down, even_up
from reels.layout.stage import Stage, ZoneName
from reels.timing import FrameRange

__all__ = ["Align", "NoRoom", "Obstacle", "Placed", "Wanted", "find_place"]

Align = Literal["left", "centre", "right"]
Measure = Callable[[Raster], Raster]
"""Room → the size that an element takes in it. Raises: CampaignProblems where it does not fit."""

_Anchor = Literal["top", "middle", "foot"]

_MOST_TRIES = 12
_NEARLY, _LEAST = 0.6, 0.5
"""Of the size that an element would have alone: for this much it stays in its zone; smaller than this it is not shown."""
_NARROW = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Obstacle:
    """A box that must not be covered during `frames` of the programme; None: ever."""

    box: Box
    frames: FrameRange | None = None

    def stands_during(self, frames: FrameRange) -> bool:
        return self.frames is None or self.frames.intersection(frames) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """An element that looks for its place."""

    zone: ZoneName
    align: Align
    frames: FrameRange
    measure: Measure
    over_faces: bool = False
    stays: bool = False
    """In its zone or nowhere else: its room is kept by the stage."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """`room` is what the element was measured in; `covers_face`: there was no other place."""

    box: Box
    room: Raster
    covers_face: bool = False


def find_place(stage: Stage, wanted: Wanted, taken: Sequence[Obstacle], faces: Sequence[Obstacle]) -> Placed:
    """The best place for `wanted` beside everything `taken`, off `faces` if that can be.

    Raises: CampaignProblems, of the element itself, where it fits nowhere.
    """
    hard = [*_in_the_way(taken, wanted.frames), stage.subtitles.box, *stage.rails]
    if stage.progress is not None:
        hard.append(stage.progress)
    soft = [] if wanted.over_faces else _joined(_in_the_way(faces, wanted.frames))
    refused: CampaignProblems | None = None
    for obstacles, covers in ((hard + soft, False), (hard, bool(soft))):
        try:
            found = _best(stage, wanted, obstacles)
        except CampaignProblems as error:
            refused = error
            continue
        if found is not None:
            box, room = found
            return Placed(box=box, room=room, covers_face=covers)
        if not soft:
            break
    # Its own complaint about its zone says best what is wrong with it.
    zone = stage.zone(wanted.zone) or stage.whole
    size = wanted.measure(Raster(zone.width, zone.height))
    if refused is not None:
        raise refused
    raise NoRoom(size)


class NoRoom(Exception):
    """An element that would fit its zone finds it taken, and no other room; `size` is what it would need."""

    def __init__(self, size: Raster) -> None:
        super().__init__(f"no room for {size}")
        self.size = size


def _in_the_way(obstacles: Sequence[Obstacle], frames: FrameRange) -> list[Box]:
    return [one.box for one in obstacles if one.stands_during(frames)]


def _joined(boxes: Sequence[Box]) -> list[Box]:
    """Boxes that overlap as one around them: a head on its way is one obstacle, not fifty."""
    joined: list[Box] = []
    for box in boxes:
        around = box
        while touching := [one for one in joined if one.intersection(around) is not None]:
            joined = [one for one in joined if one not in touching]
            all_of = [*touching, around]
            around = Box(
                min(one.left for one in all_of),
                min(one.top for one in all_of),
                max(one.right for one in all_of),
                max(one.bottom for one in all_of),
            )
        joined.append(around)
    return joined


def _best(stage: Stage, wanted: Wanted, obstacles: Sequence[Box]) -> tuple[Box, Raster] | None:
    """In its zone if it stays nearly as large as it would be alone there; else anywhere as it is; else anywhere smaller."""
    zone = stage.zone(wanted.zone)
    grown = [_grown(box, stage.gap // 2) for box in obstacles]
    anchor = _anchor(wanted.zone, in_zone=zone is not None)
    home = zone or stage.whole
    room = Raster(home.width, home.height)
    natural = _measured(wanted, room)
    whole = list(_free_parts(stage.whole, grown))
    if zone is not None:
        own = list(_free_parts(zone, grown))
        part = _nearest(zone, own, natural, anchor)
        if natural is not None and part is not None:
            return _laid(stage, wanted, part, natural, anchor), room
        found = _largest(stage, wanted, own, natural, anchor, least=_NEARLY)
        if found is not None:
            return found
    part = _nearest(stage.whole, whole, natural, anchor)
    if natural is not None and part is not None:
        return _laid(stage, wanted, part, natural, anchor), room
    return _largest(stage, wanted, whole, natural, anchor, least=_LEAST)


def _nearest(place: Box, parts: Iterable[Box], size: Raster | None, anchor: _Anchor) -> Box | None:
    """The part that takes `size` and is nearest to where an element of `anchor` belongs in `place`."""
    if size is None:
        return None

    def distance(box: Box) -> tuple[int, int]:
        away = {
            "top": box.top - place.top,
            "foot": place.bottom - box.bottom,
            "middle": abs(box.top + box.bottom - place.top - place.bottom),
        }[anchor]
        return away, -box.width * box.height

    holding = [box for box in parts if box.width >= size.width and box.height >= size.height]
    return min(holding, key=distance, default=None)


def _largest(
    stage: Stage,
    wanted: Wanted,
    parts: Sequence[Box],
    natural: Raster | None,
    anchor: _Anchor,
    *,
    least: float,
) -> tuple[Box, Raster] | None:
    """In the part in which the element, made smaller, stays largest; None where that is less than `least`."""
    by_size = sorted(parts, key=lambda box: (-min(box.width, 3 * box.height), -box.width * box.height))
    found: list[tuple[float, Box, Raster, Raster]] = []
    for part in by_size[:_MOST_TRIES]:
        room = Raster(part.width, part.height)
        size = _measured(wanted, room)
        if size is not None and size.width <= part.width and size.height <= part.height:
            found.append((_how_large(size, natural), part, size, room))
    if not found:
        return None
    share, part, size, room = max(found, key=lambda one: one[0])
    if share < least:
        return None
    return _laid(stage, wanted, part, size, anchor), room


def _how_large(size: Raster, natural: Raster | None) -> float:
    """How large letters are about, by what they would be alone: 1 for as large. Narrow columns break words and count less."""
    if natural is None:
        return 1.0
    area = size.width * size.height / (natural.width * natural.height)
    return min(1.0, math.sqrt(area), _NARROW * size.width / natural.width)


def _measured(wanted: Wanted, room: Raster) -> Raster | None:
    try:
        return wanted.measure(room)
    except CampaignProblems:
        return None


def _anchor(zone: ZoneName, *, in_zone: bool) -> _Anchor:
    if zone in ("head", "top"):
        return "top"
    if zone == "middle" or (zone == "foot" and in_zone):
        return "middle"
    return "foot"


def _laid(stage: Stage, wanted: Wanted, part: Box, size: Raster, anchor: _Anchor) -> Box:
    spare_down = part.height - size.height
    top = part.top + {"top": 0, "middle": spare_down // 2, "foot": spare_down}[anchor]
    spare = part.width - size.width
    left = part.left + {"left": 0, "centre": spare // 2, "right": spare}[wanted.align]
    if wanted.align == "centre":
        # The middle of the picture where that is free, as with the subtitles.
        middle = (stage.raster.width - size.width) // 2
        if part.left <= middle <= part.left + spare:
            left = middle
    return Box.at(_even_within(left, part.left), _even_within(top, part.top), size)


def _even_within(px: int, least: int) -> int:
    return max(even_down(px), even_up(least))


def _grown(box: Box, by: int) -> Box:
    return Box(box.left - by, box.top - by, box.right + by, box.bottom + by)


def _free_parts(place: Box, obstacles: Sequence[Box]) -> Iterator[Box]:
    """The rectangles of `place` that touch no obstacle and cannot be made taller, on even pixels."""
    near = [box for box in obstacles if place.intersection(box) is not None]
    if not near:
        yield place
        return
    edges = sorted({place.top, place.bottom, *(y for box in near for y in (box.top, box.bottom))})
    edges = [y for y in edges if place.top <= y <= place.bottom]
    for index, top in enumerate(edges):
        for bottom in edges[index + 1 :]:
            for left, right in _free_columns(place, [b for b in near if b.top < bottom and top < b.bottom]):
                box = (even_up(left), even_up(top), even_down(right), even_down(bottom))
                if box[2] - box[0] >= 2 and box[3] - box[1] >= 2:
                    yield Box(*box)


def _free_columns(place: Box, obstacles: Sequence[Box]) -> Iterator[tuple[int, int]]:
    left = place.left
    for box in sorted(obstacles, key=lambda one: (one.left, one.right)):
        if box.left > left:
            yield left, min(box.left, place.right)
        left = max(left, box.right)
    if left < place.right:
        yield left, place.right
