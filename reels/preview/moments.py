"""Which frames tell most of a reel: each cue and each card in its middle, and how it begins and ends."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from reels.interchange import Programme

__all__ = ["Moment", "moments_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """Programme frame `frame`, shown at second `seconds`; `text` is what is said then, empty where nobody speaks."""

    frame: int
    seconds: Fraction
    text: str = ""

    @property
    def as_written(self) -> str:
        """As times of a programme are written: a frame's number."""
        return f"{self.frame}f"


def moments_of(programme: Programme) -> tuple[Moment, ...]:
    """In the order in which they come, each frame once; what is said wins over silence."""
    found: dict[int, Moment] = {}
    for moment in sorted(_all_of(programme), key=lambda moment: (moment.frame, not moment.text)):
        found.setdefault(moment.frame, moment)
    return tuple(found.values())


def _all_of(programme: Programme) -> Iterator[Moment]:
    edit = programme.edit
    last = edit.frame_count - 1
    for cue in programme.cues:
        frame = min(last, int((cue.start + cue.end) / 2 * edit.rate))
        yield Moment(frame=frame, seconds=cue.start, text="\n".join(cue.lines))
    for span in edit.spans:
        if span.is_card:
            shown = span.range_in_programme
            yield Moment(frame=shown.start + shown.count // 2, seconds=shown.start / edit.rate)
    yield Moment(frame=0, seconds=Fraction(0))
    yield Moment(frame=last, seconds=last / edit.rate)
