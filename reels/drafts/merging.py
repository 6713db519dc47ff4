"""Two edits of one draft brought together, cue by cue: what only one of them changed is taken, the rest is a conflict.

    base ──▶ mine ──┐
      └────▶ theirs ┴─▶ merged, and where both changed the same cue otherwise

Values only; `editing` reads and writes the files.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from reels.subtitles import Cue

__all__ = ["Conflict", "Merged", "merge_cues", "of_unknown_origin"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """A stretch of a draft that two people changed otherwise; any of the three may be empty."""

    base: tuple[Cue, ...]
    mine: tuple[Cue, ...]
    theirs: tuple[Cue, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """The cues of both, by their start. Where they conflict it is theirs that stand in `cues`."""

    cues: tuple[Cue, ...]
    conflicts: tuple[Conflict, ...] = ()


def merge_cues(base: Sequence[Cue], mine: Sequence[Cue], theirs: Sequence[Cue]) -> Merged:
    """What two people made of `base`, together.

    No cue of either is lost: it stands in the result, or in a conflict, or the other one took it away and this one
    had left it as it was.
    """
    cues: list[Cue] = []
    conflicts: list[Conflict] = []
    for part in _parts(base, mine, theirs):
        found = _merged(part)
        cues += found.cues
        conflicts += found.conflicts
    return Merged(cues=tuple(sorted(cues, key=lambda cue: (cue.start, cue.end))), conflicts=tuple(conflicts))


def of_unknown_origin(mine: Sequence[Cue], theirs: Sequence[Cue]) -> Merged:
    """What two people say of whom nobody knows where they began: whatever differs is for a person to decide, in one."""
    ours, others = set(mine), set(theirs)
    apart = Conflict(
        base=(),
        mine=tuple(cue for cue in mine if cue not in others),
        theirs=tuple(cue for cue in theirs if cue not in ours),
    )
    differs = bool(apart.mine or apart.theirs)
    return Merged(cues=tuple(theirs), conflicts=(apart,) if differs else ())


def _parts(base: Sequence[Cue], mine: Sequence[Cue], theirs: Sequence[Cue]) -> Iterator[Conflict]:
    """The three cut at the cues that all of them share, in order; each part as if it were a conflict."""
    in_mine, in_theirs = _places(base, mine), _places(base, theirs)
    shared = [at for at in range(len(base)) if at in in_mine and at in in_theirs]
    of_base, of_mine, of_theirs = 0, 0, 0
    for at in shared:
        yield Conflict(
            base=tuple(base[of_base:at]),
            mine=tuple(mine[of_mine : in_mine[at]]),
            theirs=tuple(theirs[of_theirs : in_theirs[at]]),
        )
        kept = (base[at],)
        yield Conflict(base=kept, mine=kept, theirs=kept)
        of_base, of_mine, of_theirs = at + 1, in_mine[at] + 1, in_theirs[at] + 1
    yield Conflict(base=tuple(base[of_base:]), mine=tuple(mine[of_mine:]), theirs=tuple(theirs[of_theirs:]))


def _places(base: Sequence[Cue], other: Sequence[Cue]) -> dict[int, int]:
    """Where the cues of `base` that `other` has left as they were stand in it, by their place in `base`."""
    blocks = SequenceMatcher(None, base, other, autojunk=False).get_matching_blocks()
    return {block.a + i: block.b + i for block in blocks for i in range(block.size)}


def _merged(part: Conflict) -> Merged:
    base, mine, theirs = part.base, part.mine, part.theirs
    if mine in (base, theirs):
        return Merged(cues=theirs)
    if theirs == base:
        return Merged(cues=mine)
    if len(base) == len(mine) == len(theirs):
        return _one_by_one(part)
    return Merged(cues=theirs, conflicts=(part,))


def _one_by_one(part: Conflict) -> Merged:
    """Where nobody added a cue or took one away: one moved what the other rewrote, and both are right."""
    cues: list[Cue] = []
    conflicts: list[Conflict] = []
    for base, mine, theirs in zip(part.base, part.mine, part.theirs, strict=True):
        if mine in (theirs, base):
            cues.append(theirs)
        elif theirs == base:
            cues.append(mine)
        elif _times(mine) == _times(base) and theirs.lines == base.lines:
            cues.append(replace(theirs, lines=mine.lines))
        elif mine.lines == base.lines and _times(theirs) == _times(base):
            cues.append(replace(mine, lines=theirs.lines))
        else:
            cues.append(theirs)
            conflicts.append(Conflict(base=(base,), mine=(mine,), theirs=(theirs,)))
    return Merged(cues=tuple(cues), conflicts=tuple(conflicts))


def _times(cue: Cue) -> tuple[object, object]:
    return cue.start, cue.end
