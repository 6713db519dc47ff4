"""Cues of the source → cues of the programme that was cut: one for each stretch in which a cue plays on.

A cue over a silence that was cut stays one cue, and a filler or sentence that nobody hears is not shown either. The
draft keeps its text. `text` takes out marked cues before; `plan` breaks lines after.
"""

from __future__ import annotations

import itertools
import unicodedata
from collections.abc import Collection, Iterator, Sequence

from reels.alignment import TimedWord, align
from reels.cutting.fillers import bare
from reels.cutting.text import is_marked
from reels.edit import EditList, Removed
from reels.subtitles import Cue
from reels.timing import TimeRange
from reels.transcript import Word

__all__ = ["cues_in_programme", "played_cues"]


def cues_in_programme(
    clip: int, cues: Sequence[Cue], words: Sequence[Word], cut: EditList
) -> tuple[Cue, ...]:
    """The cues of clip number `clip`, marked ones aside, in programme time and in its order.

    `words` are the recogniser's in source time; without them a cue's time is shared out among its words.
    """
    return tuple(cue for _, cue in played_cues(clip, cues, words, cut))


def played_cues(
    clip: int, cues: Sequence[Cue], words: Sequence[Word], cut: EditList
) -> tuple[tuple[int, Cue], ...]:
    """As `cues_in_programme`, each with its place among `cues`."""
    removed = [r for r in cut.removed if r.clip == clip and r.reason in ("filler", "sentence")]
    if skipped := _skipped(clip, cut):
        # Without the recogniser's words nobody knows what was said there.
        removed += skipped if words else ()
    kept = [(number, cue) for number, cue in enumerate(cues) if not is_marked(cue)]
    if removed:
        heard = _without_unheard([cue for _, cue in kept], words, removed)
        kept = [(number, cue) for (number, _), cue in zip(kept, heard, strict=True) if cue is not None]
    found = [
        (number, Cue(start=shown.start, end=shown.end, lines=cue.lines))
        for number, cue in kept
        for shown in _as_one(cut.to_programme(clip, TimeRange(cue.start, cue.end)))
    ]
    return tuple(sorted(found, key=lambda item: (item[1].start, item[1].end)))


def _skipped(clip: int, cut: EditList) -> list[Removed]:
    """What a cut made elsewhere leaves out between two pieces of clip number `clip`, without saying why."""
    spans = [span.range_in_source for span in cut.spans if span.clip == clip]
    told = [piece.range_in_source for piece in cut.removed if piece.clip == clip]
    between = (TimeRange(a.end, b.start) for a, b in itertools.pairwise(spans) if a.end < b.start)
    return [
        Removed(clip=clip, range_in_source=gap, reason="sentence")
        for gap in between
        if not any(gap.intersection(piece) for piece in told)
    ]


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


def _without_unheard(
    cues: Sequence[Cue], words: Sequence[Word], removed: Sequence[Removed]
) -> Iterator[Cue | None]:
    """Each of `cues` without the words that nobody hears; None where no other is left."""
    for cue, timed in zip(cues, align(cues, words), strict=True):
        shown = TimeRange(cue.start, cue.end)
        near = [r for r in removed if r.range_in_source.intersection(shown)]
        if not near:
            yield cue
            continue
        gone = {at for at, word in enumerate(timed) if any(_takes(r, word) for r in near)}
        lines = tuple(_lines_without(cue, gone))
        yield Cue(start=cue.start, end=cue.end, lines=lines) if lines else None


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
