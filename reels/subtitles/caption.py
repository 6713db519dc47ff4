"""A caption: a cue of the programme with all that a style shows beyond its lines.

Which words are coloured, which one is spoken when, who speaks, whether it is the second language: decided
before, by `keywords`, `speakers` and the plan; `ass` draws it. A plain `Cue` is a caption without any of it.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from reels.subtitles.cue import Cue, subtitle_lines
from reels.timing import FrameRange, frame_nearest

__all__ = ["COLOUR", "Caption", "SpokenWord", "Tint", "spoken_words", "word_places"]

COLOUR = re.compile(r"#([0-9a-fA-F]{2})([0-9a-fA-F]{2})([0-9a-fA-F]{2})([0-9a-fA-F]{2})?")
_WORD = re.compile(r"\S+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tint:
    """The signs `[first, end)` of a line in another colour than the style's, `#RRGGBB`."""

    line: int
    first: int
    end: int
    colour: str

    def __post_init__(self) -> None:
        if self.line < 0 or not 0 <= self.first < self.end or not COLOUR.fullmatch(self.colour):
            raise ValueError(f"no signs to colour, or no colour: {self}")


@dataclass(frozen=True, slots=True, kw_only=True)
class SpokenWord:
    """The signs `[first, end)` of a line, spoken during `frames` of the programme."""

    line: int
    first: int
    end: int
    frames: FrameRange

    def __post_init__(self) -> None:
        if self.line < 0 or not 0 <= self.first < self.end or self.frames.count < 1:
            raise ValueError(f"no signs, or no frames: {self}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Caption(Cue):
    """A cue in programme time with its marks.

    `name` is a line of its own above the others, in `name_colour`; tints are in the order of the text and never
    overlap, nor do the frames of spoken words. `second` is the other language, in its own place. What is not so is
    a programming error (ValueError).
    """

    tints: tuple[Tint, ...] = ()
    spoken: tuple[SpokenWord, ...] = ()
    name: str = ""
    name_colour: str = "#FFFFFF"
    second: bool = False

    def __post_init__(self) -> None:
        Cue.__post_init__(self)
        places = [
            *((tint.line, tint.first, tint.end) for tint in self.tints),
            *((word.line, word.first, word.end) for word in self.spoken),
        ]
        for line, _, end in places:
            if line >= len(self.lines) or end > len(self.lines[line]):
                raise ValueError(f"signs {places} lie outside of {self.lines!r}")
        for before, after in itertools.pairwise(self.tints):
            if (before.line, before.end) > (after.line, after.first):
                raise ValueError(f"tints overlap or are not in order: {self.tints}")
        for word, following in itertools.pairwise(self.spoken):
            # libass would move the two apart.
            if word.frames.end > following.frames.start:
                raise ValueError(f"two words are spoken at once: {self.spoken}")
        if self.name and subtitle_lines(self.name) != (self.name,):
            raise ValueError(f"not the clean name of a speaker: {self.name!r}")
        if not COLOUR.fullmatch(self.name_colour):
            raise ValueError(f"a colour is #RRGGBB, not {self.name_colour!r}")


def word_places(lines: Sequence[str]) -> Iterator[tuple[int, int, int]]:
    """Line, first sign and end of each 어절 of a cue, in order."""
    for number, line in enumerate(lines):
        for found in _WORD.finditer(line):
            yield number, found.start(), found.end()


_HELD_OVER = Fraction(1, 2)
"""A word stays marked until the next one where the pause is shorter: a mark that goes out for a moment flickers."""


def spoken_words(
    cue: Cue, times: Sequence[tuple[Fraction, Fraction]], rate: Fraction
) -> tuple[SpokenWord, ...]:
    """The 어절 of `cue`, each with the frames of `rate` that mark it; `times` are theirs, in programme seconds.

    No frame marks two words, and a word too short for a frame of its own is left out.
    Raises: ValueError where `times` are not one for each 어절.
    """
    places = list(word_places(cue.lines))
    if len(places) != len(times):
        raise ValueError(f"{len(times)} times for {len(places)} words of {cue.lines!r}")
    shown = []
    for i, ((line, first, end), (start, stop)) in enumerate(zip(places, times, strict=True)):
        following = times[i + 1][0] if i + 1 < len(times) else cue.end
        until = following if following - stop < _HELD_OVER else stop
        on, off = frame_nearest(max(start, cue.start), rate), frame_nearest(min(until, cue.end), rate)
        if on < off:
            shown.append(SpokenWord(line=line, first=first, end=end, frames=FrameRange(on, off)))
    return tuple(shown)
