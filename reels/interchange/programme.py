"""What is handed over: a cut with the media that it is made of and its cues in programme time.

A value for both formats; it writes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from reels.edit import EditList
from reels.subtitles import Cue

__all__ = ["Programme", "UsedMedia"]


@dataclass(frozen=True, slots=True, kw_only=True)
class UsedMedia:
    """One clip's footage: `path` with `/` between its parts, relative to the campaign where it lies inside it."""

    path: str
    duration: Fraction
    has_sound: bool

    @property
    def name(self) -> str:
        return self.path.rpartition("/")[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Programme:
    """A reel's cut; `media` by the number of its clip, `cues` in programme seconds."""

    name: str
    edit: EditList
    media: tuple[UsedMedia, ...]
    cues: tuple[Cue, ...] = ()
