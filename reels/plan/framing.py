"""Who is followed: what must be looked for before a reel can be planned, and the pieces that a span becomes.

Adds nothing to the plan and looks at nothing itself: `reel` adds the steps, `perform` looks, `graph` draws.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from reels.framing import Framing, Manner, has_room
from reels.graph.picture import TOLERANCE, PictureSource, VideoPiece
from reels.plan.footage import KnownClip
from reels.steps import FramingWork
from reels.timing import TimeRange

__all__ = ["followed_pieces", "framing_work"]

_HAIR = Fraction(1, 1_000_000)
"""Seconds: a range of time is half-open, and the last frame's moment must be in it."""


def framing_work(clip: KnownClip, aspect: Fraction) -> FramingWork | None:
    """What to look for in a clip whose people are to be followed by a window of `aspect`.

    None where nobody is to be followed, or where the window has no room to move.
    """
    if clip.spec.framing != "follow" or not has_room(clip.media.video.display, aspect):
        return None
    return FramingWork(
        footage=clip.spec.footage,
        # Neither the sound nor what is said of the footage decides where anybody stands.
        media=replace(clip.media, audio=(), notes=()),
        range_in_source=clip.range_in_source,
        aspect=aspect,
        nobody="fit",
    )


def followed_pieces(
    source: PictureSource, start: Fraction, frames: int, rate: Fraction, framing: Framing
) -> tuple[VideoPiece, ...]:
    """`frames` frames of `rate` from source second `start`, a piece for each run of shots framed in one manner.

    A piece holds its share of the path and no more: what moves elsewhere is not drawn again here.
    """
    pieces = []
    for manner, first, end in _runs(framing, start, frames, rate):
        at = start + first / rate
        last = at + (end - first - 1) / rate
        shown = TimeRange(at + TOLERANCE, last + TOLERANCE + _HAIR)
        pieces.append(
            VideoPiece(
                source=source,
                start=at,
                frames=end - first,
                framing=manner,
                path=framing.path.within(shown) if manner == "follow" else None,
            )
        )
    return tuple(pieces)


def _runs(
    framing: Framing, start: Fraction, frames: int, rate: Fraction
) -> Iterator[tuple[Manner, int, int]]:
    """Manner, first frame and end of each run of frames; a frame belongs to the shot whose picture it shows."""
    first, manner = 0, framing.shots[0].manner
    for shot in framing.shots[1:]:
        begin = math.ceil((shot.range_in_source.start - start - TOLERANCE) * rate)
        begin = min(max(begin, 0), frames)
        if shot.manner != manner:
            if begin > first:
                yield manner, first, begin
            first, manner = begin, shot.manner
    if frames > first:
        yield manner, first, frames
