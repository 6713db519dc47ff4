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

__all__ = [
    "faces_work",
    "followed_pieces",
    "framed",
    "framing_work",
    "given_path",
    "given_pieces",
    "manners_of",
]

_HAIR = Fraction(1, 1_000_000)
"""Seconds: a range of time is half-open, and the last frame's moment must be in it."""


def framing_work(clip: KnownClip, aspect: Fraction) -> FramingWork | None:
    """What to look for in a clip whose people are to be followed by a window of `aspect`.

    None where nobody is to be followed, or where the window has no room to move; half a window always has some.
    """
    wanted = clip.spec.framing
    split = wanted == "split"
    if wanted not in LOOKED_FOR or not (split or has_room(clip.media.video.display, aspect)):
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


def faces_work(clip: KnownClip, aspect: Fraction) -> FramingWork | None:
    """What to look for in a clip whose picture fills the window, so that what is drawn over it keeps off its faces.

    None where a box was given, or the whole picture is fitted: who frames by hand sees what is where.
    """
    if clip.spec.framing not in LOOKED_FOR or clip.spec.wordless:
        return None
    return FramingWork(
        footage=clip.spec.footage,
        media=replace(clip.media, audio=(), notes=()),
        range_in_source=clip.range_in_source,
        aspect=aspect,
        nobody="centre",
    )


def framed(clip: int, known: KnownClip, framing: Framing | None) -> Framed | None:
    """What the report tells of a clip in which somebody looked for people, or should have."""
    if known.spec.framing not in LOOKED_FOR or (framing is None and known.spec.framing == "auto"):
        return None
    report: FramingReport | None = framing.report if framing is not None else None
    return Framed(clip=clip, report=report)


def given_path(known: KnownClip, aspect: Fraction) -> CropPath | None:
    """The path of a window that a person gave; None where it is in the middle, or the whole picture is shown."""
    wanted, video = known.spec.framing, known.media.video
    if isinstance(wanted, KeyedFraming):
        times = tuple(parse_clock(key.at, rate=video.rate) for key in wanted.keyframes)
        return path_of_keyframes(wanted.keyframes, times, video.display, aspect)
    return path_of_box(wanted, video.display, aspect) if isinstance(wanted, FramingBox) else None


def manners_of(known: KnownClip, framing: Framing | None, aspect: Fraction) -> frozenset[Manner]:
    """How the shots of a clip are shown; `framing` is what was found in it, None where nobody has looked (yet)."""
    if framing is not None:
        return frozenset(shot.manner for shot in framing.shots)
    wanted = known.spec.framing
    if given_path(known, aspect) is not None:
        return frozenset({"follow"})
    # Where the window has no room to move there is nobody to lose: the middle is all there is.
    return frozenset({"fit" if wanted == "fit" or isinstance(wanted, FramingBox) else "centre"})


def given_pieces(
    known: KnownClip, source: PictureSource, start: Fraction, frames: int, rate: Fraction, aspect: Fraction
) -> tuple[VideoPiece, ...]:
    """The piece of a span whose framing needs no look: a box, keyframes, the middle, or the whole picture."""
    wanted, path = known.spec.framing, given_path(known, aspect)
    (manner,) = manners_of(known, None, aspect)
    return (
        VideoPiece(
            source=source,
            start=start,
            frames=frames,
            framing=manner,
            path=path.within(_shown(start, frames, rate)) if path is not None else None,
            box=box_in_pixels(wanted, source.stored)
            if isinstance(wanted, FramingBox) and manner == "fit"
            else None,
        ),
    )


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
