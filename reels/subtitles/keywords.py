"""Words that a campaign wants to stand out, found in the lines of a cue: the word itself, never its 조사.

Compares text with text; what a keyword holds is never a pattern. `caption` stands after.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence

from reels.korean.particles import particles_of
from reels.subtitles.caption import Tint, word_places

__all__ = ["tints_of_keywords"]


def tints_of_keywords(lines: Sequence[str], keywords: Iterable[str], colour: str) -> tuple[Tint, ...]:
    """Each of `keywords` in `lines` in `colour`: whole words, with what 조사 and punctuation hang on them plain.

    A keyword of several 어절 is found across spaces and line breaks; the longest one wins. Upper and lower case
    are the same.
    """
    wanted = sorted(
        {tuple(_folded(keyword).split()) for keyword in keywords} - {()},
        key=lambda parts: (-sum(map(len, parts)), parts),
    )
    places = list(word_places(lines))
    words = [_Word(lines[line][first:end]) for line, first, end in places]
    tints: list[Tint] = []
    at = 0
    while at < len(words):
        parts, begins = _longest_at(words, at, wanted)
        for part, begin, (line, first, _) in zip(parts, begins, places[at : at + len(parts)], strict=True):
            tints.append(Tint(line=line, first=first + begin, end=first + begin + len(part), colour=colour))
        at += max(1, len(parts))
    return tuple(tints)


def _folded(text: str) -> str:
    # Case only where a sign stays one sign, so that places in the folded text are places in the line.
    return "".join(low if len(low := c.lower()) == 1 else c for c in unicodedata.normalize("NFC", text))


class _Word:
    """An 어절, and what of it is said: `[lead, lead + len(said))`, without the punctuation around."""

    def __init__(self, written: str) -> None:
        self.written = _folded(written)
        first, end = 0, len(self.written)
        while first < end and not _is_said(self.written[first]):
            first += 1
        while end > first and not _is_said(self.written[end - 1]):
            end -= 1
        self.lead = first
        self.said = self.written[first:end]

    def begin_of(self, part: str) -> int | None:
        """Where `part` begins as the whole word but for 조사 and punctuation: 축제 in 축제에서, not in 축제장."""
        if self.said.startswith(part) and _only_particles(self.said, part):
            return self.lead
        # A keyword may have signs of its own: `#한빛시`, `C++`.
        if self.written.startswith(part) and _only_particles(self.written, part):
            return 0
        if self.written.startswith(part, self.lead) and _only_particles(self.written[self.lead :], part):
            return self.lead
        return None


def _is_said(character: str) -> bool:
    return unicodedata.category(character)[0] in "LNM"


def _only_particles(text: str, part: str) -> bool:
    rest = text[len(part) :]
    if not rest or not _is_said(rest[0]):
        return True
    said = rest.rstrip("".join(c for c in rest if not _is_said(c)))
    return len(part) in particles_of(part + said)


def _found_at(words: Sequence[_Word], at: int, parts: Sequence[str]) -> tuple[int, ...]:
    """Where in its 어절 each of `parts` begins if they all stand at `at`, else nothing."""
    if at + len(parts) > len(words):
        return ()
    *before, last = parts
    begins = []
    for word, part in zip(words[at:], before, strict=False):
        if word.said != part:
            return ()
        begins.append(word.lead)
    begin = words[at + len(before)].begin_of(last)
    return () if begin is None else (*begins, begin)


def _longest_at(
    words: Sequence[_Word], at: int, wanted: Iterable[tuple[str, ...]]
) -> tuple[tuple[str, ...], tuple[int, ...]]:
    for parts in wanted:
        if begins := _found_at(words, at, parts):
            return parts, begins
    return (), ()
