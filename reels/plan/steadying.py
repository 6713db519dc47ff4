"""What is held still: what must be watched before a reel can be planned, and the pieces whose windows move with it.

Adds nothing to the plan and watches nothing itself: `reel` adds the steps, `perform` watches, `graph` draws.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from reels.framing import SUBPIXELS, CropPath, Framing, Glide, largest_window
from reels.geometry import Raster
from reels.graph.picture import TOLERANCE, VideoPiece
from reels.plan.footage import KnownClip
from reels.plan.framing import given_pieces
from reels.plan.sources import picture_source
from reels.said import Said
from reels.steadying import Steady
from reels.steps import StabiliseWork
from reels.timing import TimeRange

__all__ = ["not_held", "stabilise_work", "steadied", "whole_path"]


def stabilise_work(clip: KnownClip) -> StabiliseWork | None:
    """What to watch of a clip that is to be held still; None where nobody asked for it."""
    if not clip.spec.stabilise or clip.spec.framing == "fit":
        return None
    return StabiliseWork(
        footage=clip.spec.footage,
        # Neither the sound nor what is said of the footage decides how it shakes.
        media=replace(clip.media, audio=(), notes=()),
        range_in_source=clip.range_in_source,
    )


def whole_path(clip: KnownClip, framing: Framing | None, aspect: Fraction) -> CropPath | None:
    """The window's path through the whole clip, where it has one that is not simply in the middle."""
    if framing is not None:
        return framing.path
    source = picture_source(clip.spec.footage, clip.media)
    # Any rate will do: a piece of two frames, the first and the last.
    span = max(clip.range_in_source.duration, Fraction(1, 1000))
    return given_pieces(clip, source, clip.range_in_source.start, 2, 1 / span, aspect)[0].path


def steadied(
    pieces: Sequence[VideoPiece], steady: Steady, whole: CropPath | None, rate: Fraction, aspect: Fraction
) -> tuple[VideoPiece, ...]:
    """`pieces` with windows that go with the shake; what has no window (`fit`, `split`) stays as it is."""
    if not steady.is_needed:
        return tuple(pieces)
    middle = _middle(steady.raster_in_source, aspect)
    by_framing = {"follow": whole, "centre": middle}
    return tuple(
        piece if path is None else _held(piece, steady, path, rate)
        for piece in pieces
        for path in (by_framing.get(piece.framing),)
    )


def _held(piece: VideoPiece, steady: Steady, path: CropPath, rate: Fraction) -> VideoPiece:
    first = piece.start + TOLERANCE
    last = first + (piece.frames - 1) / rate
    return replace(piece, framing="follow", path=steady.window(path, first, last))


def not_held(clip: KnownClip, framing: Framing | None) -> Said | None:
    """What a person should know who wants a clip held still that is shown whole, or in two halves."""
    manners = {shot.manner for shot in framing.shots} if framing is not None else {clip.spec.framing}
    if not clip.spec.stabilise or not manners & {"fit", "split"}:
        return None
    return Said(
        "stabilise holds still what fills the screen; where the whole picture or two people are shown "
        "(fit, split), it shakes as it was filmed",
        ko="stabilise는 화면을 채우는 영상만 흔들림을 잡습니다. 전체 화면(fit)이나 두 사람(split)을 보여 주는 "
        "부분은 찍힌 대로 흔들립니다",
    )


def _middle(raster: Raster, aspect: Fraction) -> CropPath:
    width, height = largest_window(raster, aspect)
    left, top = (SUBPIXELS * raster.width - width) // 2, (SUBPIXELS * raster.height - height) // 2
    still = Glide(
        range_in_source=TimeRange(Fraction(0), Fraction(0)),
        origin=Fraction(0),
        step=Fraction(1),
        lefts=(left,),
        tops=(top,),
    )
    return CropPath(raster_in_source=raster, width=width, height=height, glides=(still,))
