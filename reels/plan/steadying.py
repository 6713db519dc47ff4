"""What is held still: what must be watched before a reel can be planned, and the pieces whose windows move with it.

Adds nothing to the plan and watches nothing itself: `reel` adds the steps, `perform` watches, `graph` draws.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

from reels.framing import SUBPIXELS, CropPath, Framing, largest_window, still_path
from reels.geometry import Raster
from reels.graph.picture import TOLERANCE, VideoPiece
from reels.plan.footage import KnownClip, name_shown
from reels.plan.framing import given_path, manners_of
from reels.said import Said
from reels.steadying import Steady
from reels.steps import PictureTold, StabiliseWork

__all__ = ["not_held", "picture_told", "stabilise_work", "steadied", "whole_path"]


def stabilise_work(clip: KnownClip, aspect: Fraction) -> StabiliseWork | None:
    """What to watch of a clip that is to be held still; None where nobody asked for it or no window could be moved."""
    if not clip.spec.stabilise or manners_of(clip, None, aspect) == {"fit"}:
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
    path = given_path(clip, aspect)
    return path.within(clip.range_in_source) if path is not None else None


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


def not_held(clip: KnownClip, framing: Framing | None, aspect: Fraction) -> Said | None:
    """What a person should know who wants a clip held still that is shown whole, or in two halves."""
    if not clip.spec.stabilise or not manners_of(clip, framing, aspect) & {"fit", "split"}:
        return None
    return Said(
        "stabilise holds still what fills the screen; where the whole picture or two people are shown "
        "(fit, split), it shakes as it was filmed",
        ko="stabilise는 화면을 채우는 영상만 흔들림을 잡습니다. 전체 화면(fit)이나 두 사람(split)을 보여 주는 "
        "부분은 찍힌 대로 흔들립니다",
    )


def picture_told(
    number: int, clip: KnownClip, framing: Framing | None, steady: Steady | None, aspect: Fraction, root: Path
) -> PictureTold | None:
    """What the report tells of what was done to a clip's picture; None where nothing was."""
    lut, manners = clip.spec.lut, manners_of(clip, framing, aspect)
    held = steady is not None and steady.is_needed and not manners <= {"fit", "split"}
    if lut is None and not held:
        return None
    return PictureTold(
        clip=number, lut=name_shown(lut.path, root) if lut is not None else "", stabilised=held
    )


def _middle(raster: Raster, aspect: Fraction) -> CropPath:
    width, height = largest_window(raster, aspect)
    left, top = (SUBPIXELS * raster.width - width) // 2, (SUBPIXELS * raster.height - height) // 2
    return still_path(raster, (width, height), (left, top))
