"""A plan as values: its steps with fingerprints and reasons, what cannot be done, and how reels are cut."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, get_args

from reels.campaign.model import ClipSpec
from reels.cutting import Cutting
from reels.errors import ReelsError
from reels.geometry import Raster
from reels.interchange import Programme
from reels.steps.work import Kind, Work
from reels.store import JournalEntry
from reels.subtitles import AssStyle, Cue

__all__ = [
    "REASONS",
    "Plan",
    "PlanFailure",
    "Reason",
    "ReelCut",
    "SourceFile",
    "Step",
]

Reason = Literal[
    "new", "input-changed", "option-changed", "tool-changed", "missing", "forced", "cascade", "reused"
]
REASONS: tuple[Reason, ...] = get_args(Reason)

_GRAIN_NS = 1000
"""Times closer than this are one: SMB tells them in 100 ns, and another mount of the same share may round otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFile:
    """A file that a step reads as it stood when its content was counted into the fingerprint."""

    path: Path
    size: int
    mtime_ns: int

    def stands(self) -> bool:
        """Whether it is still the same file, as far as its size and its time can tell.

        Raises: OSError where it cannot be looked at, which is no change: a drive that was unplugged, a share's hiccup.
        """
        status = self.path.stat()
        return status.st_size == self.size and abs(status.st_mtime_ns - self.mtime_ns) < _GRAIN_NS


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step. `fingerprint` and `work` are None while something it depends on is not known yet.

    `needs` are the fingerprints of the steps whose results it reads, `sources` the files.
    """

    id: str
    kind: Kind
    reel: str | None
    platform: str | None
    reason: Reason
    will_run: bool
    fingerprint: str | None = None
    work: Work | None = None
    needs: tuple[str, ...] = ()
    entry: JournalEntry | None = None
    doing: str = ""
    sources: tuple[SourceFile, ...] = ()

    @property
    def made_as(self) -> str:
        """The fingerprint. Raises: ValueError while it is not known, which a caller must not ask for."""
        if self.fingerprint is None:
            raise ValueError(f"{self.id} has no fingerprint yet")
        return self.fingerprint


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanFailure:
    """A reel, or one of its platforms, that cannot be made as the campaign stands."""

    reel: str
    platform: str | None
    error: ReelsError


@dataclass(frozen=True, slots=True, kw_only=True)
class ReelCut:
    """How a reel whose footage is known is cut for `platforms`, and what of it would be handed to other programs.

    `clips` are those that its spans count. `burned_in` are the captions in programme time, drawn in `style` on `raster`.
    `notes` say in words what a person should know of it.
    """

    reel: str
    platforms: tuple[str, ...]
    cutting: Cutting
    programme: Programme
    clips: tuple[ClipSpec, ...]
    burned_in: tuple[Cue, ...]
    style: AssStyle
    raster: Raster
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Steps in an order in which each follows what it needs, what cannot be done at all, and the cuts.

    `cuts` has one for each reel and encode of which all footage is known; `frames` the fingerprints of the single
    frames that were asked for of a reel, in that order; `proxies` that of the film to look at while words are corrected.
    """

    steps: tuple[Step, ...]
    failures: tuple[PlanFailure, ...] = ()
    cuts: tuple[ReelCut, ...] = ()
    frames: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    proxies: Mapping[str, str] = field(default_factory=dict)

    @property
    def to_run(self) -> tuple[Step, ...]:
        return tuple(step for step in self.steps if step.will_run)
