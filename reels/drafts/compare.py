"""What differs between two drafts: words, not times or lines."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from reels.subtitles import Cue

__all__ = ["Difference", "differences", "words_digest"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A cue that says other words in a newer draft; None on the side that has nothing in its place."""

    old: Cue | None
    new: Cue | None


def words_digest(cues: Sequence[Cue]) -> str:
    """What is said, whatever the times, the lines and the file's encoding."""
    return hashlib.sha256(" ".join(word for cue in cues for word in _words(cue)).encode()).hexdigest()


def differences(old: Sequence[Cue], new: Sequence[Cue]) -> tuple[Difference, ...]:
    """The cues whose words differ, in order; other times and other lines are no difference."""
    found: list[Difference] = []
    compared = SequenceMatcher(None, [_words(c) for c in old], [_words(c) for c in new], autojunk=False)
    for kind, a, b, c, d in compared.get_opcodes():
        if kind == "equal":
            continue
        for i in range(max(b - a, d - c)):
            before, after = (old[a + i] if a + i < b else None), (new[c + i] if c + i < d else None)
            found.append(Difference(old=before, new=after))
    return tuple(found)


def _words(cue: Cue) -> tuple[str, ...]:
    return tuple(" ".join(cue.lines).split())
