"""All that a reel shows → what one stretch of its frames shows: the work of a chunk, or of a single frame.

A stretch's work holds only what shows in it, so that a change elsewhere leaves it as it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reels.edit import EditList
from reels.encode import PictureSpec
from reels.plan.captions import shown_in
from reels.plan.overlays import PlacedOverlay, use_of
from reels.plan.pieces import Pieces
from reels.steps import ChunkWork, Step
from reels.subtitles import AssStyle, Cue
from reels.timing import FrameRange

__all__ = ["Showing"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Showing:
    """What a reel shows, with the steps that draw it.

    `overlays` come with their steps, `grounds` are those behind cards by their numbers, `cues` with the frames in which
    they stand.
    """

    cut: EditList
    pieces: Pieces
    overlays: Sequence[tuple[Step, PlacedOverlay]]
    grounds: Mapping[int, Step]
    cues: Sequence[tuple[FrameRange, Cue]]
    style: AssStyle
    spec: PictureSpec

    def during(self, frames: FrameRange) -> tuple[ChunkWork, list[Step]]:
        """The work for `frames` of the programme, and the steps whose results it reads."""
        shown = [(art, overlay) for art, overlay in self.overlays if overlay.shown.intersection(frames)]
        spoken = tuple(shown_in(cue, frames) for shown_at, cue in self.cues if shown_at.intersection(frames))
        spans = self.cut.within(frames)
        drawn = {number: step.made_as for number, step in self.grounds.items()}
        work = ChunkWork(
            pieces=tuple(piece for span in spans for piece in self.pieces.of_span(span, drawn)),
            overlays=tuple(use_of(art.made_as, overlay, frames) for art, overlay in shown),
            cues=spoken,
            style=self.style if spoken else None,
            first_frame=frames.start if spoken else 0,
            spec=self.spec,
        )
        behind = [self.grounds[span.clip] for span in spans if span.is_card and span.clip in self.grounds]
        return work, [*(art for art, _ in shown), *behind]
