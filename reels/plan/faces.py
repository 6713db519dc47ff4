"""Where faces stand in the finished picture, and when: what elements keep clear of.

Pure: what was found in each clip, seen through the window that shows it. Only faces that somebody looked for are known.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from fractions import Fraction

from reels.edit import EditList, Span
from reels.framing import SUBPIXELS, CropPath, FaceBox, FacePath, Framing
from reels.geometry import Box, Raster
from reels.layout import Obstacle
from reels.steadying.holding import LARGEST_MOVE, SMALLEST_WINDOW
from reels.timing import FrameRange, TimeRange

__all__ = ["faces_on_screen", "head_around"]

# A face is known from brow to chin; hair, ears and beard belong to a head.
_ABOVE, _BELOW, _BESIDE = Fraction(2, 5), Fraction(1, 8), Fraction(1, 6)

_Window = tuple[CropPath, Box]
"""A window in the source, and where in the picture it is shown."""


def faces_on_screen(
    cut: EditList,
    framings: Mapping[int, Framing],
    raster: Raster,
    *,
    during: Sequence[FrameRange] | None = None,
    held: Collection[int] = (),
) -> tuple[Obstacle, ...]:
    """Boxes of each head from look to look, as far as that is `during` any of these programme frames; without them, ever.

    The window of clips that are `held` still goes a little to all sides with their shake, and so do the heads in it.
    """
    return tuple(
        found
        for span in cut.footage
        if (framing := framings.get(span.clip)) is not None
        for frames in (_wanted(span, during) if during is not None else (span.range_in_programme,))
        for found in _of_span(span, frames, framing, raster, cut.rate, held=span.clip in held)
    )


def _wanted(span: Span, during: Sequence[FrameRange]) -> list[FrameRange]:
    """The frames of `span` that are in any of `during`, as few ranges as that takes."""
    inside = sorted(
        shared for one in during if (shared := one.intersection(span.range_in_programme)) is not None
    )
    joined: list[FrameRange] = []
    for one in inside:
        if joined and one.start <= joined[-1].end:
            joined[-1] = FrameRange(joined[-1].start, max(joined[-1].end, one.end))
        else:
            joined.append(one)
    return joined


def _of_span(
    span: Span, frames: FrameRange, framing: Framing, raster: Raster, rate: Fraction, *, held: bool
) -> Iterator[Obstacle]:
    start = span.range_in_source.start
    first = span.range_in_programme.start
    wanted = TimeRange(start + (frames.start - first) / rate, start + (frames.end - first) / rate)
    for number, shot in enumerate(framing.shots):
        seen = shot.range_in_source.intersection(span.range_in_source)
        if seen is None or shot.manner == "fit" or seen.intersection(wanted) is None:
            continue
        windows = _windows(framing, number, raster)
        for face in framing.faces:
            for found in _of_face(face, seen, wanted, windows, span, rate):
                yield _shaken(found, raster) if held else found


def _shaken(found: Obstacle, raster: Raster) -> Obstacle:
    """`found` with the room that a window held still may take from it, drawn as large as that makes it."""
    most = math.ceil(LARGEST_MOVE / SMALLEST_WINDOW * min(raster.width, raster.height))
    box = found.box
    wide = Box(box.left - most, box.top - most, box.right + most, box.bottom + most)
    shown = wide.intersection(Box(0, 0, raster.width, raster.height))
    return Obstacle(box=shown or box, frames=found.frames)


def _windows(framing: Framing, shot: int, raster: Raster) -> Sequence[_Window]:
    halves = framing.halves[shot] if framing.halves else None
    if halves is None:
        return [(framing.path, Box(0, 0, raster.width, raster.height))]
    middle = raster.height // 4 * 2
    upper, lower = Box(0, 0, raster.width, middle), Box(0, middle, raster.width, raster.height)
    return list(zip(halves, (upper, lower), strict=True))


_BETWEEN_LOOKS = Fraction(1, 3)
"""Seconds after the last look at a face in which it may still be there."""


def _of_face(
    face: FacePath, seen: TimeRange, wanted: TimeRange, windows: Sequence[_Window], span: Span, rate: Fraction
) -> Iterator[Obstacle]:
    looks = face.during(seen)
    for number, (at, box) in enumerate(looks):
        # Between two looks it is on its way from one place to the other.
        until, next_box = looks[number + 1] if number + 1 < len(looks) else (at + _BETWEEN_LOOKS, box)
        if until <= wanted.start or at >= wanted.end:
            continue
        shown = TimeRange(at, until).intersection(seen)
        frames = _frames(shown, span, rate) if shown is not None else None
        if shown is None or frames is None:
            continue
        for path, place in windows:
            # The window of the last moment is still this shot's: at its end the next shot has begun.
            last = max(shown.start, shown.end - 1 / rate)
            places = [_in_picture(box, path, place, shown.start), _in_picture(next_box, path, place, last)]
            found = [one for one in places if one is not None]
            if found:
                yield Obstacle(box=_around(found), frames=frames)


def _around(boxes: Sequence[Box]) -> Box:
    return Box(
        min(box.left for box in boxes),
        min(box.top for box in boxes),
        max(box.right for box in boxes),
        max(box.bottom for box in boxes),
    )


def _frames(shown: TimeRange, span: Span, rate: Fraction) -> FrameRange | None:
    first = span.range_in_programme.start
    start = first + math.floor((shown.start - span.range_in_source.start) * rate)
    end = first + math.ceil((shown.end - span.range_in_source.start) * rate)
    return FrameRange(start, end).intersection(span.range_in_programme)


def _in_picture(box: FaceBox, path: CropPath, place: Box, at: Fraction) -> Box | None:
    """The head around a face as it is shown at source second `at`; None where the window shows nothing of it."""
    return _head(box, path.place(at), (path.width, path.height), place)


def head_around(box: FaceBox, raster: Raster) -> Box | None:
    """The head around a face in a picture of `raster` that is shown whole; None where it is outside of it."""
    window = raster.width * SUBPIXELS, raster.height * SUBPIXELS
    return _head(box, (0, 0), window, Box(0, 0, raster.width, raster.height))


def _head(box: FaceBox, origin: tuple[int, int], window: tuple[int, int], place: Box) -> Box | None:
    left, top, right, bottom = box
    width, height = right - left, bottom - top
    across, down = Fraction(place.width, window[0]), Fraction(place.height, window[1])
    head = Box(
        place.left + math.floor((left - _BESIDE * width - origin[0]) * across),
        place.top + math.floor((top - _ABOVE * height - origin[1]) * down),
        place.left + math.ceil((right + _BESIDE * width - origin[0]) * across),
        place.top + math.ceil((bottom + _BELOW * height - origin[1]) * down),
    )
    return head.intersection(place)
