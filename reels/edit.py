"""The cut: which source ranges play, in which order, on whole frames of the programme.

An `EditList` partitions the programme; source ↔ programme is monotonic inside each span. It knows nothing of
files, pictures or sound: before it stands `probe`, after it `cues` and `graph`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from reels.timing import FrameRange, TimeRange, frame_nearest

__all__ = ["EditList", "Span", "cut_clips"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """One continuous piece: `range_in_source` seconds of clip number `clip` play as `range_in_programme` frames."""

    clip: int
    range_in_source: TimeRange
    range_in_programme: FrameRange


@dataclass(frozen=True, slots=True, kw_only=True)
class EditList:
    """Spans in programme order, without gap or overlap, starting at frame 0 of `rate`."""

    rate: Fraction
    spans: tuple[Span, ...]

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

    def to_source(self, frame: int) -> tuple[int, Fraction]:
        """Clip number and source seconds of programme frame `frame`."""
        for span in self.spans:
            if span.range_in_programme.start <= frame < span.range_in_programme.end:
                offset = (frame - span.range_in_programme.start) / self.rate
                return span.clip, span.range_in_source.start + offset
        raise IndexError(f"the programme has frames 0 to {self.frame_count - 1}, not {frame}")

    def to_programme(self, clip: int, range_in_source: TimeRange) -> tuple[TimeRange, ...]:
        """Where a source range of `clip` plays, in programme seconds: one range per span that shows part of it."""
        ranges = []
        for span in self.spans:
            if span.clip != clip:
                continue
            if shown := span.range_in_source.intersection(range_in_source):
                shift = span.range_in_programme.start / self.rate - span.range_in_source.start
                ranges.append(shown.shifted(shift))
        return tuple(ranges)

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
