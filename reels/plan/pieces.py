"""What each span of a reel's cut shows, as pieces for the filter graph: footage through its window, or what is behind a card.

Pure: `reel` knows by then where people are and how the footage shakes.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

from reels.edit import Span
from reels.encode import PictureSpec
from reels.framing import Framing
from reels.graph.picture import VideoPiece
from reels.plan.cards import Card
from reels.plan.footage import KnownClip
from reels.plan.framing import followed_pieces, given_pieces
from reels.plan.sources import picture_source
from reels.plan.steadying import steadied, whole_path
from reels.steadying import Steady
from reels.steps import CardPiece

__all__ = ["Pieces"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pieces:
    """The material of one encode: its clips, its cards, and the films that play behind these."""

    clips: Sequence[KnownClip]
    cards: Sequence[Card]
    films: Mapping[Path, KnownClip]
    framings: Mapping[int, Framing]
    steadies: Mapping[int, Steady]
    spec: PictureSpec

    def of_span(self, span: Span, grounds: Mapping[int, str]) -> tuple[VideoPiece | CardPiece, ...]:
        """All of `span`; `grounds` are the fingerprints of what is drawn behind cards, by their numbers."""
        count = span.range_in_programme.count
        if not span.is_card:
            return self.of_clip(span.clip, span.range_in_source.start, count)
        if span.clip in grounds:
            return (CardPiece(ground=grounds[span.clip], frames=count),)
        return self._film(self.cards[span.clip], span.range_in_source.start, count)

    def of_clip(self, clip: int, start: Fraction, frames: int) -> tuple[VideoPiece, ...]:
        """`frames` frames of clip number `clip` from second `start` of its footage on."""
        known, framing = self.clips[clip], self.framings.get(clip)
        source = picture_source(known.spec.footage, known.media, rate=self.spec.rate, lut=known.spec.lut)
        rate, aspect = self.spec.rate, self.spec.raster.aspect
        if framing is not None:
            pieces = followed_pieces(source, start, frames, rate, framing)
        else:
            pieces = given_pieces(known, source, start, frames, rate, aspect)
        steady = self.steadies.get(clip)
        if steady is None:
            return pieces
        return steadied(pieces, steady, whole_path(known, framing, aspect), rate, aspect)

    def behind(self, card: Span, frames_in: int) -> VideoPiece | None:
        """The one frame that the film behind a card shows so many frames after it begins; None where none plays."""
        ground = self.cards[card.clip].spec.ground
        if ground is None or ground.video is None:
            return None
        return self._film(self.cards[card.clip], frames_in / self.spec.rate, 1)[0]

    def _film(self, card: Card, start: Fraction, frames: int) -> tuple[VideoPiece, ...]:
        """The film behind a card from `start` seconds after its beginning; behind its end its last picture stands."""
        ground = card.spec.ground
        assert ground is not None
        assert ground.video is not None
        known, rate, aspect = self.films[ground.video], self.spec.rate, self.spec.raster.aspect
        source = picture_source(known.spec.footage, known.media, rate=rate)
        shown = known.range_in_source
        # A piece that begins at the film's end or behind it would have no picture to hold.
        playing = min(frames, max(0, math.ceil((shown.duration - start) * rate) - 1))
        plays = given_pieces(known, source, shown.start + start, playing, rate, aspect) if playing else ()
        last = max(shown.start, shown.end - 1 / rate)
        held = given_pieces(known, source, last, 1, rate, aspect) if frames > playing else ()
        return (*plays, *(replace(piece, frames=frames - playing) for piece in held))
