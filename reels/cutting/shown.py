"""Cues of the source → cues of the programme that was cut: one for each stretch in which a cue plays on.

A cue over a silence that was cut stays one cue, and a filler or sentence that nobody hears is not shown either. The
draft keeps its text. `text` takes out marked cues before; `plan` breaks lines after.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterator, Sequence

from reels.alignment import TimedWord, align
from reels.cutting.fillers import bare
from reels.cutting.text import unmarked
from reels.edit import EditList, Removed
from reels.subtitles import Cue
from reels.timing import TimeRange
from reels.transcript import Word

__all__ = ["cues_in_programme"]


def cues_in_programme(
    clip: int, cues: Sequence[Cue], words: Sequence[Word], cut: EditList
) -> tuple[Cue, ...]:
    """The cues of clip number `clip`, marked ones aside, in programme time and in its order.

    `words` are the recogniser's in source time; without them a cue's time is shared out among its words.
    """
    removed = [r for r in cut.removed if r.clip == clip and r.reason in ("filler", "sentence")]
    kept = unmarked(cues)
    if removed:
        kept = tuple(_without_unheard(kept, words, removed))
    found = [
        Cue(start=shown.start, end=shown.end, lines=cue.lines)
        for cue in kept
        for shown in _as_one(cut.to_programme(clip, TimeRange(cue.start, cue.end)))
    ]
    return tuple(sorted(found, key=lambda cue: (cue.start, cue.end)))


def _as_one(ranges: Sequence[TimeRange]) -> Iterator[TimeRange]:
    """`ranges` of the programme, those that follow on each other as one."""
    at: TimeRange | None = None
    for one in sorted(ranges):
        if at is not None and one.start == at.end:
            at = TimeRange(at.start, one.end)
            continue
        if at is not None:
            yield at
        at = one
    if at is not None:
        yield at


def _without_unheard(cues: Sequence[Cue], words: Sequence[Word], removed: Sequence[Removed]) -> Iterator[Cue]:
    for cue, timed in zip(cues, align(cues, words), strict=True):
        shown = TimeRange(cue.start, cue.end)
        near = [r for r in removed if r.range_in_source.intersection(shown)]
        if not near:
            yield cue
            continue
        gone = {at for at, word in enumerate(timed) if any(_takes(r, word) for r in near)}
        lines = tuple(_lines_without(cue, gone))
        if lines:
            yield Cue(start=cue.start, end=cue.end, lines=lines)


def _takes(removed: Removed, word: TimedWord) -> bool:
    gone = removed.range_in_source
    if removed.reason == "sentence":
        return (word.start + word.end) / 2 in gone
    heard, written = _folded(removed.text), _folded(bare(word.text))
    return heard == written and gone.intersection(TimeRange(word.start, word.end)) is not None


def _lines_without(cue: Cue, gone: Collection[int]) -> Iterator[str]:
    at = 0
    for line in cue.lines:
        words = line.split()
        kept = [word for number, word in enumerate(words, start=at) if number not in gone]
        at += len(words)
        if kept:
            # A line that loses nothing stays as it is, with its spaces.
            yield line if len(kept) == len(words) else " ".join(kept)


def _folded(text: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFKC", text).casefold())
