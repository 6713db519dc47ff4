"""Where everything stands that is drawn over a reel, told for its check and its report. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from reels.check import ShownBox
from reels.geometry import Raster
from reels.plan.overlays import PlacedOverlay
from reels.steps import ShadeWork
from reels.subtitles import AssStyle, Caption, Cue, caption_box, cue_frames

__all__ = ["shown_boxes"]


def shown_boxes(
    overlays: Sequence[PlacedOverlay], cues: Sequence[Cue], style: AssStyle, raster: Raster, rate: Fraction
) -> tuple[ShownBox, ...]:
    """Every overlay but the veils, and every caption as wide as its letters are drawn, by their time."""
    found = [*_overlays(overlays, rate), *_captions(cues, style, raster, rate)]
    return tuple(sorted(found, key=lambda one: (one.shown.start, one.kind, one.name)))


def _overlays(overlays: Sequence[PlacedOverlay], rate: Fraction) -> Iterator[ShownBox]:
    for one in overlays:
        if not isinstance(one.work, ShadeWork):
            yield ShownBox(kind="overlay", name=one.name, box=one.box, shown=one.shown.in_seconds(rate))


def _captions(cues: Sequence[Cue], style: AssStyle, raster: Raster, rate: Fraction) -> Iterator[ShownBox]:
    for number, cue in enumerate(cues, start=1):
        marks = cue if isinstance(cue, Caption) else None
        yield ShownBox(
            kind="subtitles",
            name=f"subtitle {number}",
            box=caption_box(
                cue.lines,
                style=style,
                raster=raster,
                name=marks.name if marks is not None else "",
                second=marks is not None and marks.second,
            ),
            shown=cue_frames(cue, rate).in_seconds(rate),
        )
