"""Wanted pieces → whole frames of the programme: what is more important first, and no piece that stays too short.

A cut lies on the frame boundary that keeps every word that stays whole. What cannot go is told with its reason.
`silence`, `fillers` and `text` stand before, `reel` after.
"""

from __future__ import annotations

import math
from bisect import bisect_right, insort
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from reels.cutting.spoken import minus
from reels.cutting.wanted import IMPORTANCE, Wanted
from reels.edit import CutReason, EditList, Removed, Span, without
from reels.said import Said
from reels.timing import FrameRange, TimeRange, frame_nearest

__all__ = ["NotCut", "joined"]

_LEAST_PAUSE = Fraction(3, 100)
"""Between two words that run together no cut is clean, even where a frame boundary falls between them."""

_NO_ROOM = Said("no pause beside it to cut in", ko="앞뒤에 자를 틈이 없음")
_TOO_CLOSE = Said("too little would stay between two cuts", ko="두 컷 사이에 남는 조각이 너무 짧음")


@dataclass(frozen=True, slots=True, kw_only=True)
class NotCut:
    """What was found and stays all the same, and why. The range is source time of clip number `clip`."""

    clip: int
    range_in_source: TimeRange
    reason: CutReason
    text: str
    why: str


@dataclass(frozen=True, slots=True)
class _Piece:
    """Frames of a clip that go, counted from the clip's first."""

    frames: FrameRange
    wanted: Wanted

    @property
    def rank(self) -> tuple[int, int, int]:
        return IMPORTANCE[self.wanted.reason], self.frames.count, self.frames.start


def joined(
    whole: EditList,
    wanted: Sequence[Wanted],
    sounding: Sequence[Sequence[TimeRange]],
    *,
    shortest: Fraction,
) -> tuple[EditList, tuple[NotCut, ...]]:
    """`whole`, one span for each clip, without what of `wanted` can go; and what cannot.

    `sounding` says for each clip where somebody speaks, in source time: a piece without a voice between two cuts goes
    with them, one with a voice stays and is at least `shortest` seconds long.
    """
    removed: list[Removed] = []
    refused: list[NotCut] = []
    for span in whole.spans:
        mine = sorted(
            (w for w in wanted if w.clip == span.clip), key=lambda w: (w.range_in_source, w.reason, w.text)
        )
        grid = _Grid(span, whole.rate)
        pieces, tight = _on_frames(mine, grid)
        words = minus(sounding[span.clip], [w.core for w in mine if w.core is not None])
        pieces, crowded = _far_enough_apart(_apart(pieces), grid, words, math.ceil(shortest * whole.rate))
        refused += [*tight, *crowded]
        removed += [
            Removed(
                clip=span.clip,
                range_in_source=grid.seconds(piece.frames),
                reason=piece.wanted.reason,
                text=piece.wanted.text,
                detail=piece.wanted.detail,
            )
            for piece in pieces
        ]
    return without(whole, removed), tuple(refused)


class _Grid:
    """The programme's frames over one clip."""

    def __init__(self, span: Span, rate: Fraction) -> None:
        self.count = span.range_in_programme.count
        self._start = span.range_in_source.start
        self._rate = rate

    def place(self, at: Fraction) -> Fraction:
        """Where a source time lies, in frames from the clip's first; no further out than its ends."""
        return min(max((at - self._start) * self._rate, Fraction(0)), Fraction(self.count))

    def nearest(self, at: Fraction) -> int:
        return min(max(frame_nearest(at - self._start, self._rate), 0), self.count)

    def seconds(self, frames: FrameRange) -> TimeRange:
        return TimeRange(self._start + frames.start / self._rate, self._start + frames.end / self._rate)


def _on_frames(wanted: Sequence[Wanted], grid: _Grid) -> tuple[list[_Piece], list[NotCut]]:
    pieces: list[_Piece] = []
    refused: list[NotCut] = []
    for number, one in enumerate(wanted):
        start, clean_in = _first_frame(one, grid)
        end, clean_out = _end_frame(one, grid)
        if one.core is not None:
            clean_in &= start == 0 or one.core.start - one.room.start >= _LEAST_PAUSE
            clean_out &= end == grid.count or one.room.end - one.core.end >= _LEAST_PAUSE
        # Two that touch share a frame boundary, whatever it cuts: neither side of it plays.
        if any(
            other.range_in_source.end == one.range_in_source.start
            for other in wanted[max(0, number - 1) : number]
        ):
            start, clean_in = grid.nearest(one.range_in_source.start), True
        if any(
            other.range_in_source.start == one.range_in_source.end
            for other in wanted[number + 1 : number + 2]
        ):
            end, clean_out = grid.nearest(one.range_in_source.end), True
        if one.core is not None and (end <= start or (one.whole and not (clean_in and clean_out))):
            refused.append(_not_cut(one, _NO_ROOM))
        elif start < end:
            pieces.append(_Piece(FrameRange(start, end), one))
    return pieces, refused


def _first_frame(one: Wanted, grid: _Grid) -> tuple[int, bool]:
    """The first frame that goes, and whether all of the core goes on that side."""
    first = math.ceil(grid.place(one.range_in_source.start))
    if one.core is None or first <= grid.place(one.core.start):
        return first, True
    earlier = math.floor(grid.place(one.core.start))
    if earlier >= grid.place(one.room.start):
        return earlier, True
    return math.ceil(grid.place(one.room.start)), False


def _end_frame(one: Wanted, grid: _Grid) -> tuple[int, bool]:
    end = math.floor(grid.place(one.range_in_source.end))
    if one.core is None or end >= grid.place(one.core.end):
        return end, True
    later = math.ceil(grid.place(one.core.end))
    if later <= grid.place(one.room.end):
        return later, True
    return math.floor(grid.place(one.room.end)), False


def _apart(pieces: Sequence[_Piece]) -> list[_Piece]:
    """`pieces` in order and without overlap: the less important ones lose what they share."""
    placed: list[_Piece] = []
    for piece in sorted(pieces, key=lambda p: (-IMPORTANCE[p.wanted.reason], p.frames.start, p.frames.end)):
        at, end = piece.frames.start, piece.frames.end
        first = bisect_right(placed, at, key=lambda p: p.frames.end)
        free = []
        for other in placed[first:]:
            if other.frames.start >= end:
                break
            free.append(FrameRange(at, max(at, other.frames.start)))
            at = other.frames.end
        free.append(FrameRange(at, max(at, end)))
        for frames in free:
            if frames.count:
                insort(placed, _Piece(frames, piece.wanted), key=lambda p: p.frames.start)
    return placed


def _far_enough_apart(
    pieces: list[_Piece], grid: _Grid, words: Sequence[TimeRange], shortest: int
) -> tuple[list[_Piece], list[NotCut]]:
    """`pieces` with no stretch between them that stays and is shorter than `shortest` frames.

    `words` are in order and apart. Stretch number n lies before piece n.
    """
    refused: list[NotCut] = []
    ends = [grid.place(word.end) for word in words]
    at = 0
    while pieces and at <= len(pieces):
        start = pieces[at - 1].frames.end if at else 0
        end = pieces[at].frames.start if at < len(pieces) else grid.count
        if not 0 < end - start < shortest:
            at += 1
            continue
        beside = [number for number in (at - 1, at) if 0 <= number < len(pieces)]
        first = bisect_right(ends, start)
        if first < len(words) and grid.place(words[first].start) < end:
            weakest = min(beside, key=lambda number: pieces[number].rank)
            gone = pieces.pop(weakest)
            refused.append(_not_cut(gone.wanted, _TOO_CLOSE, grid.seconds(gone.frames)))
            at = weakest
        else:
            wider = pieces[beside[0]]
            frames = FrameRange(min(wider.frames.start, start), max(wider.frames.end, end))
            pieces[beside[0]] = replace(wider, frames=frames)
    return pieces, refused


def _not_cut(one: Wanted, why: str, stays: TimeRange | None = None) -> NotCut:
    found = stays or one.core or one.range_in_source
    return NotCut(clip=one.clip, range_in_source=found, reason=one.reason, text=one.text, why=why)
