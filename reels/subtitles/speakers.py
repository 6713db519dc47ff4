"""Who speaks: names that an editor wrote before the words of a cue, `[김하늘] 네.` or `김하늘: 네.`.

Only names that are known count, compared sign by sign: any other text before a colon stays text. `caption` shows
the name and its colour; a draft is never changed.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from reels.subtitles.caption import Tint
from reels.subtitles.cue import subtitle_lines

__all__ = ["Turn", "lines_of_turns", "turn_of"]

_COLONS = ":："


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One speaker's cue: the name as the campaign writes it, and the lines without it."""

    name: str
    lines: tuple[str, ...]


def turn_of(lines: Sequence[str], names: Iterable[str]) -> Turn | None:
    """Who speaks the whole of `lines`; None where no known name is before them, or a second one further down.

    A cue that holds nothing but a name is text like any other.
    """
    known = _known(names)
    if not lines or (found := _named(lines[0], known)) is None:
        return None
    name, rest = found
    spoken = subtitle_lines("\n".join((rest, *lines[1:])))
    if not spoken or any(_named(line, known) for line in lines[1:]):
        return None
    return Turn(name=name, lines=spoken)


def lines_of_turns(lines: Sequence[str], colours: Sequence[tuple[str, str]]) -> tuple[Tint, ...]:
    """The tints of a cue in which several people speak, each line from its name on; `colours` by name.

    Nothing where no line begins with a name.
    """
    known, by_name = _known(name for name, _ in colours), dict(colours)
    tints: list[Tint] = []
    colour = None
    for number, line in enumerate(lines):
        if (found := _named(line, known)) is not None:
            colour = by_name[found[0]]
        if colour is not None:
            tints.append(Tint(line=number, first=0, end=len(line), colour=colour))
    return tuple(tints)


def _known(names: Iterable[str]) -> dict[str, str]:
    """Names as the campaign writes them by how they are compared; the longer ones are tried first."""
    known = {_compared(name): name for name in names}
    return {key: known[key] for key in sorted(known, key=lambda key: (-len(key), key)) if key}


def _compared(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", name).split())


def _named(line: str, known: dict[str, str]) -> tuple[str, str] | None:
    """The name that `line` begins with, as the campaign writes it, and what follows."""
    text = _compared(line)
    for key, name in known.items():
        if text.startswith(f"[{key}]"):
            return name, text[len(key) + 2 :].strip()
        if text.startswith(key) and (rest := text[len(key) :].lstrip()) and rest[0] in _COLONS:
            return name, rest[1:].strip()
    return None
