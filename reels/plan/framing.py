"""How the picture of a clip is framed: what must be looked for before a reel can be planned, and the pieces of a span.

Adds nothing to the plan and looks at nothing itself: `reel` adds the steps, `perform` looks, `graph` draws.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from reels.framing import (
    LOOKED_FOR,
    CropPath,
    Framing,
    FramingBox,
    FramingReport,
    KeyedFraming,
    Manner,
    box_in_pixels,
    has_room,
    path_of_box,
    path_of_keyframes,
)
from reels.graph.picture import TOLERANCE, PictureSource, VideoPiece
from reels.plan.footage import KnownClip
from reels.steps import Framed, FramingWork
from reels.timing import TimeRange, parse_clock

__all__ = ["followed_pieces", "framed", "framing_work", "given_pieces"]

_HAIR = Fraction(1, 1_000_000)
"""Seconds: a range of time is half-open, and the last frame's moment must be in it."""


def framing_work(clip: KnownClip, aspect: Fraction) -> FramingWork | None:
    """What to look for in a clip whose people are to be followed by a window of `aspect`.

    None where nobody is to be followed, or where no window has room to move.
    """
    wanted = clip.spec.framing
    if wanted not in LOOKED_FOR:
        return None
    split = wanted == "split"
    if not has_room(clip.media.video.display, 2 * aspect if split else aspect):
        return None
    return FramingWork(
        footage=clip.spec.footage,
        # Neither the sound nor what is said of the footage decides where anybody stands.
        media=replace(clip.media, audio=(), notes=()),
        range_in_source=clip.range_in_source,
        aspect=aspect,
        # Who asked for people and gets none is shown everything; who asked for nothing gets what fills the screen.
        nobody="centre" if wanted == "auto" else "fit",
        split=split,
    )


def framed(clip: int, known: KnownClip, framing: Framing | None) -> Framed | None:
    """What the report tells of a clip in which somebody looked for people, or should have."""
    if known.spec.framing not in LOOKED_FOR or (framing is None and known.spec.framing == "auto"):
        return None
    report: FramingReport | None = framing.report if framing is not None else None
    return Framed(clip=clip, report=report)


def given_pieces(
    known: KnownClip, source: PictureSource, start: Fraction, frames: int, rate: Fraction, aspect: Fraction
) -> tuple[VideoPiece, ...]:
    """The piece of a span whose framing needs no look: a box, keyframes, the middle, or the whole picture."""
    wanted = known.spec.framing
    piece = VideoPiece(source=source, start=start, frames=frames, framing="centre")
    path: CropPath | None = None
    if isinstance(wanted, KeyedFraming):
        times = [parse_clock(key.at, rate=known.media.video.rate) for key in wanted.keyframes]
        path = path_of_keyframes(wanted.keyframes, times, known.media.video.display, aspect)
    elif isinstance(wanted, FramingBox):
        path = path_of_box(wanted, known.media.video.display, aspect)
        if path is None:
            return (replace(piece, framing="fit", box=box_in_pixels(wanted, source.stored)),)
    if path is not None:
        return (replace(piece, framing="follow", path=path.within(_shown(start, frames, rate))),)
    # Where the window has no room to move there is nobody to lose: the middle is all there is.
    return (replace(piece, framing="fit") if wanted == "fit" else piece,)


def _shown(start: Fraction, frames: int, rate: Fraction) -> TimeRange:
    return TimeRange(start + TOLERANCE, start + (frames - 1) / rate + TOLERANCE + _HAIR)


def followed_pieces(
    source: PictureSource, start: Fraction, frames: int, rate: Fraction, framing: Framing
) -> tuple[VideoPiece, ...]:
    """`frames` frames of `rate` from source second `start`, a piece for each run of shots framed in one manner.

    A piece holds its share of the path and no more: what moves elsewhere is not drawn again here.
    """
    pieces = []
    for shot, first, end in _runs(framing, start, frames, rate):
        manner = framing.shots[shot].manner
        halves = framing.halves[shot] if framing.halves else None
        at = start + first / rate
        shown = _shown(at, end - first, rate)
        pieces.append(
            VideoPiece(
                source=source,
                start=at,
                frames=end - first,
                framing=manner,
                path=framing.path.within(shown) if manner == "follow" else None,
                halves=(halves[0].within(shown), halves[1].within(shown)) if halves is not None else None,
            )
        )
    return tuple(pieces)


def _runs(framing: Framing, start: Fraction, frames: int, rate: Fraction) -> Iterator[tuple[int, int, int]]:
    """Number of a shot, first frame and end of each run of frames of shots that are framed alike.

    A frame belongs to the shot whose picture it shows. Two people who are split stand elsewhere in each shot.
    """
    first, current = 0, 0
    for number, shot in enumerate(framing.shots[1:], 1):
        begin = math.ceil((shot.range_in_source.start - start - TOLERANCE) * rate)
        begin = min(max(begin, 0), frames)
        manner: Manner = framing.shots[current].manner
        if shot.manner != manner or manner == "split":
            if begin > first:
                yield current, first, begin
            first, current = begin, number
    if frames > first:
        yield current, first, frames
