"""The film behind a card: its pieces, as long as the card stays, whether or not the film lasts as long."""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction

from reels.graph.picture import VideoPiece
from reels.plan.footage import KnownClip
from reels.plan.framing import given_pieces
from reels.plan.sources import picture_source

__all__ = ["film_behind"]


def film_behind(
    known: KnownClip, start: Fraction, frames: int, rate: Fraction, aspect: Fraction
) -> tuple[VideoPiece, ...]:
    """`frames` frames of `rate` of the film `known`, from `start` seconds after its beginning; then its last picture stands."""
    source = picture_source(known.spec.footage, known.media, rate=rate)
    shown = known.range_in_source
    # A piece that begins at the film's end or behind it would have no picture to hold.
    playing = min(frames, max(0, math.ceil((shown.duration - start) * rate) - 1))
    plays = given_pieces(known, source, shown.start + start, playing, rate, aspect) if playing else ()
    last = max(shown.start, shown.end - 1 / rate)
    held = given_pieces(known, source, last, 1, rate, aspect) if frames > playing else ()
    return (*plays, *(replace(piece, frames=frames - playing) for piece in held))
