"""The cut: which source ranges play, in which order, on whole frames of the programme.

An `EditList` partitions the programme; source ↔ programme is monotonic inside each span. Cards, which show no footage,
are spans of their own. What was taken out stays in it, with the reason. It knows nothing of files, pictures or sound,
and judges nothing: before it stands `probe`, after it `cutting`, which says what goes, and `graph`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal, get_args

from reels.timing import FrameRange, TimeRange, frame_nearest

__all__ = [
    "CUT_REASONS",
    "CutReason",
    "EditList",
    "InsertedCard",
    "Removed",
    "Span",
    "cut_clips",
    "with_cards",
    "without",
]

CutReason = Literal["silence", "filler", "text", "sentence"]
"""Why a piece is gone: nobody speaks; a filler word; its words were taken out of the draft; the reel was too long."""

CUT_REASONS: tuple[CutReason, ...] = get_args(CutReason)


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """One continuous piece: `range_in_source` seconds of clip number `clip` play as `range_in_programme` frames.

    With `is_card` it is card number `clip` that plays, and its source is the card itself from second 0.
    """

    clip: int
    range_in_source: TimeRange
    range_in_programme: FrameRange
    is_card: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class InsertedCard:
    """`frames` frames of a card before clip number `before`; behind the last clip where there is no such clip."""

    before: int
    frames: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Removed:
    """A piece of clip number `clip` that does not play: `range_in_source` seconds, why, and what is said there.

    `detail` says in words what the reason rests on.
    """

    clip: int
    range_in_source: TimeRange
    reason: CutReason
    text: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EditList:
    """Spans in programme order, without gap or overlap, starting at frame 0 of `rate`.

    `removed` are the pieces between them, in the order of the clips and of their time.
    """

    rate: Fraction
    spans: tuple[Span, ...]
    removed: tuple[Removed, ...] = ()

    def __post_init__(self) -> None:
        position = 0
        for span in self.spans:
            if span.range_in_programme.start != position:
                raise ValueError(f"a span starts at frame {span.range_in_programme.start}, not at {position}")
            if span.range_in_source.duration * self.rate != span.range_in_programme.count:
                raise ValueError("a span must last as long in the source as in the programme")
            position = span.range_in_programme.end

    @property
    def frame_count(self) -> int:
        return self.spans[-1].range_in_programme.end if self.spans else 0

    @property
    def duration(self) -> Fraction:
        return self.frame_count / self.rate

    @property
    def footage(self) -> tuple[Span, ...]:
        """The spans that show clips, without the cards."""
        return tuple(span for span in self.spans if not span.is_card)

    @property
    def cards(self) -> tuple[Span, ...]:
        return tuple(span for span in self.spans if span.is_card)

    @property
    def removed_duration(self) -> Fraction:
        """Seconds of the clips that do not play."""
        return sum((piece.range_in_source.duration for piece in self.removed), Fraction(0))

    def to_source(self, frame: int) -> tuple[int, Fraction]:
        """Clip number and source seconds of programme frame `frame`. Raises: IndexError where no clip plays."""
        for span in self.footage:
            if span.range_in_programme.start <= frame < span.range_in_programme.end:
                offset = (frame - span.range_in_programme.start) / self.rate
                return span.clip, span.range_in_source.start + offset
        raise IndexError(f"no clip plays at frame {frame} of {self.frame_count}")

    def to_programme(self, clip: int, range_in_source: TimeRange) -> tuple[TimeRange, ...]:
        """Where a source range of `clip` plays, in programme seconds: one range per span that shows part of it."""
        ranges = []
        for span in self.footage:
            if span.clip != clip:
                continue
            if shown := span.range_in_source.intersection(range_in_source):
                shift = span.range_in_programme.start / self.rate - span.range_in_source.start
                ranges.append(shown.shifted(shift))
        return tuple(ranges)

    def shows(self, clip: int, range_in_source: TimeRange) -> bool:
        """Whether any of a source range of `clip` plays."""
        return any(
            span.clip == clip and span.range_in_source.intersection(range_in_source) for span in self.footage
        )

    def of_clip(self, clip: int) -> FrameRange | None:
        """The frames from the first to the last that show clip number `clip`; None where none does."""
        mine = [span.range_in_programme for span in self.footage if span.clip == clip]
        return FrameRange(mine[0].start, mine[-1].end) if mine else None

    def within(self, frames: FrameRange) -> tuple[Span, ...]:
        """The parts of the spans that play during programme `frames`."""
        parts = []
        for span in self.spans:
            shown = span.range_in_programme.intersection(frames)
            if shown is None:
                continue
            offset = (shown.start - span.range_in_programme.start) / self.rate
            start = span.range_in_source.start + offset
            parts.append(
                Span(
                    clip=span.clip,
                    range_in_source=TimeRange(start, start + shown.count / self.rate),
                    range_in_programme=shown,
                    is_card=span.is_card,
                )
            )
        return tuple(parts)


def cut_clips(ranges_in_source: Sequence[TimeRange], rate: Fraction) -> EditList:
    """Whole clips one after the other; each lasts the nearest whole number of frames, at least one."""
    spans = []
    position = 0
    for clip, wanted in enumerate(ranges_in_source):
        count = max(1, frame_nearest(wanted.duration, rate))
        spans.append(
            Span(
                clip=clip,
                range_in_source=TimeRange(wanted.start, wanted.start + count / rate),
                range_in_programme=FrameRange(position, position + count),
            )
        )
        position += count
    return EditList(rate=rate, spans=tuple(spans))


def without(cut: EditList, removed: Sequence[Removed]) -> EditList:
    """`cut` without the pieces `removed`, which must be whole frames of its spans, in order and not overlapping.

    Raises: ValueError for a piece that is not; that is a fault of the caller.
    """
    spans: list[Span] = []
    position = taken = 0
    for span in cut.spans:
        at = span.range_in_source.start
        ends: list[TimeRange] = []
        while taken < len(removed) and _is_of(removed[taken], span, at):
            gone = removed[taken].range_in_source
            if ((gone.start - at) * cut.rate).denominator != 1 or (gone.duration * cut.rate).denominator != 1:
                raise ValueError(f"{gone} does not lie on whole frames of the cut")
            ends.append(TimeRange(at, gone.start))
            at, taken = gone.end, taken + 1
        for kept in (*ends, TimeRange(at, span.range_in_source.end)):
            if count := int(kept.duration * cut.rate):
                spans.append(
                    Span(
                        clip=span.clip,
                        range_in_source=kept,
                        range_in_programme=FrameRange(position, position + count),
                    )
                )
                position += count
    if taken < len(removed):
        raise ValueError(f"{removed[taken]} is no part of the cut that is left")
    return EditList(rate=cut.rate, spans=tuple(spans), removed=_in_order((*cut.removed, *removed)))


def with_cards(cut: EditList, cards: Sequence[InsertedCard]) -> EditList:
    """`cut` with cards between its clips, never inside one; cards of one place stand in the order given.

    A card before a clip of which nothing is left stands before the next one.
    """
    waiting = sorted(enumerate(cards), key=lambda numbered: numbered[1].before)
    spans: list[Span] = []
    position = 0

    def play(span: Span) -> None:
        nonlocal position
        count = span.range_in_programme.count
        spans.append(replace(span, range_in_programme=FrameRange(position, position + count)))
        position += count

    def play_cards(before: int | None) -> None:
        while waiting and (before is None or waiting[0][1].before <= before):
            number, card = waiting.pop(0)
            lasts = TimeRange(Fraction(0), card.frames / cut.rate)
            play(
                Span(
                    clip=number,
                    range_in_source=lasts,
                    range_in_programme=FrameRange(0, card.frames),
                    is_card=True,
                )
            )

    for span in cut.spans:
        play_cards(span.clip)
        play(span)
    play_cards(None)
    return EditList(rate=cut.rate, spans=tuple(spans), removed=cut.removed)


def _is_of(removed: Removed, span: Span, at: Fraction) -> bool:
    gone = removed.range_in_source
    return removed.clip == span.clip and at <= gone.start < gone.end <= span.range_in_source.end


def _in_order(removed: Sequence[Removed]) -> tuple[Removed, ...]:
    return tuple(sorted(removed, key=lambda piece: (piece.clip, piece.range_in_source)))
