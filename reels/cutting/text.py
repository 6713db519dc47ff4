"""Cut by text: speech whose words the draft has no more, or whose cue is marked, goes.

The recogniser's words say what was spoken, the draft what should stay. A word that was corrected stays: it is written
otherwise, but it is written. To mark a cue, `[x]` is typed before its words in any subtitle program.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from reels.alignment import TimedWord, align
from reels.cutting.spoken import SpokenClip
from reels.cutting.wanted import Wanted, between
from reels.said import Said
from reels.subtitles import Cue, subtitle_lines
from reels.timing import TimeRange
from reels.transcript import Word

__all__ = ["MARK", "deleted", "is_marked", "unmarked"]

MARK = "[x]"
"""Before a cue's words: this goes. A dash would not do, for programs turn `--` into another sign."""

# ㅌ is the x key while the keyboard writes Hangul.
_MARK = re.compile(r"\s*[\[［]\s*[xXｘＸㅌ]\s*[\]］]\s*")

_WIDER = Fraction(3)
"""A cue may have been shortened on screen by this much and still say what was spoken beyond it."""

_SAME_WORD_WITHIN = Fraction(6)
"""So near to a word that is not found in the draft, the same word in the draft may be meant."""

_COVERED = Fraction(1, 4)
"""Of a spoken word that a written one must take up to stand for it: neighbours make room for added words."""

_IN_DRAFT = Said("not in the draft any more", ko="초안에서 지움")
_MARKED = Said("marked in the draft", ko="초안에 표시함")


def is_marked(cue: Cue) -> bool:
    """Whether a person marked `cue` as one that goes."""
    return _MARK.match(cue.lines[0]) is not None


def unmarked(cues: Sequence[Cue]) -> tuple[Cue, ...]:
    """The cues that stay: no marked cue is ever shown."""
    return tuple(cue for cue in cues if not is_marked(cue))


def deleted(number: int, clip: SpokenClip) -> Iterator[Wanted]:
    """What of clip `number` the draft takes out, in order.

    What goes of a cue that stays needs a pause on both sides; whole cues go in any case, up to the frame. A marked
    cue without words that were heard goes by its own time.
    """
    words = [word for word in clip.words if word.start < word.end]
    stays = _Staying(clip.cues, words)
    for first, last in _runs([_is_deleted(word, stays) for word in words]):
        run = words[first : last + 1]
        if not any(_signs(word.text) for word in run):
            continue
        core = TimeRange(run[0].start, run[-1].end)
        if clip.range_in_source.intersection(core) is None:
            continue
        low = words[first - 1].end if first else Fraction(0)
        high = words[last + 1].start if last + 1 < len(words) else clip.range_in_source.end
        inside_one = (
            first > 0
            and last + 1 < len(words)
            and (cue := stays.cue_of(words[first - 1])) is not None
            and cue == stays.cue_of(words[last + 1])
        )
        marked = any(stays.is_marked(word) for word in run)
        yield _wanted(
            number,
            clip,
            core,
            TimeRange(min(low, core.start), max(high, core.end)),
            whole=inside_one,
            text=" ".join(word.text for word in run),
            detail=_MARKED if marked else _IN_DRAFT,
        )
    yield from _marked_without_words(number, clip, words)


def _marked_without_words(number: int, clip: SpokenClip, words: Sequence[Word]) -> Iterator[Wanted]:
    others = [TimeRange(cue.start, cue.end) for cue in unmarked(clip.cues)]
    for cue in clip.cues:
        shown = TimeRange(cue.start, cue.end)
        if not is_marked(cue) or any(shown.intersection(TimeRange(w.start, w.end)) for w in words):
            continue
        low = max((r.end for r in others if r.start <= shown.start), default=Fraction(0))
        high = min((r.start for r in others if r.start > shown.start), default=clip.range_in_source.end)
        core = TimeRange(max(shown.start, low), max(shown.start, low, min(shown.end, high)))
        if core.intersection(clip.range_in_source) is None:
            continue
        text = " ".join(_said_by(cue))
        yield _wanted(number, clip, core, core, whole=False, text=text, detail=_MARKED)


def _wanted(
    number: int, clip: SpokenClip, core: TimeRange, room: TimeRange, *, whole: bool, text: str, detail: str
) -> Wanted:
    return Wanted(
        clip=number,
        range_in_source=between(core, room, within=clip.range_in_source),
        room=room,
        core=core,
        reason="text",
        whole=whole,
        text=text,
        detail=detail,
    )


@dataclass(frozen=True, slots=True)
class _Placed:
    """A written word with its time and the number of its cue."""

    word: TimedWord
    cue: int


class _Staying:
    """The words of a draft that stay, where they are spoken, and those of marked cues."""

    def __init__(self, cues: Sequence[Cue], words: Sequence[Word]) -> None:
        ordered = sorted(cues, key=lambda cue: (cue.start, cue.end))
        read = [cue for cue in map(_without_mark, _widened(ordered)) if cue is not None]
        self._kept: list[_Placed] = []
        self._going: list[_Placed] = []
        plain = [cue for cue, _ in read]
        for number, ((_, marked), timed) in enumerate(zip(read, align(plain, words), strict=True)):
            (self._going if marked else self._kept).extend(_Placed(word, number) for word in timed)
        for placed in (self._kept, self._going):
            placed.sort(key=lambda p: (p.word.start, p.word.end))
        self._times = [p.word.start for p in self._kept]
        self._reach = max((p.word.end - p.word.start for p in self._kept), default=Fraction(0))
        self._written = [_signs(p.word.text) for p in self._kept]
        self._heard = sorted((word.start, _signs(word.text)) for word in words if self.covers(word))
        self._heard_times = [start for start, _ in self._heard]

    def cue_of(self, word: Word) -> int | None:
        """The cue that stays and says most of `word`; None where none does."""
        shares = [(_share(p.word, word), -p.cue) for p in self._near(word)]
        share, cue = max(shares, default=(Fraction(0), 0))
        return -cue if share > 0 else None

    def covers(self, word: Word) -> bool:
        return any(_share(p.word, word) >= _COVERED for p in self._near(word))

    def is_marked(self, word: Word) -> bool:
        return any(_share(p.word, word) >= _COVERED for p in self._going)

    def says_it_elsewhere(self, word: Word) -> bool:
        """Whether the draft says this very word nearby once more than it was heard with a place of its own.

        A cue that was moved or shortened on screen loses its grip on the words that it says.
        """
        signs = _signs(word.text)
        low, high = word.start - _SAME_WORD_WITHIN, word.end + _SAME_WORD_WITHIN
        near = slice(bisect_left(self._times, low), bisect_right(self._times, high))
        heard = slice(bisect_left(self._heard_times, low), bisect_right(self._heard_times, high))
        written = sum(said == signs for said in self._written[near])
        return written > sum(said == signs for _, said in self._heard[heard])

    def _near(self, word: Word) -> Sequence[_Placed]:
        first = bisect_left(self._times, word.start - self._reach)
        return self._kept[first : bisect_right(self._times, word.end)]


def _is_deleted(word: Word, stays: _Staying) -> bool:
    if not _signs(word.text):
        return False
    return not stays.covers(word) and (stays.is_marked(word) or not stays.says_it_elsewhere(word))


def _share(written: TimedWord, heard: Word) -> Fraction:
    """The part of `heard` that `written` takes up."""
    common = min(written.end, heard.end) - max(written.start, heard.start)
    return max(common, Fraction(0)) / (heard.end - heard.start)


def _widened(cues: Sequence[Cue]) -> list[Cue]:
    """`cues`, which are in order, each with the time around it that no other has, at most a few seconds."""
    wider = []
    until = Fraction(0)
    for number, cue in enumerate(cues):
        following = cues[number + 1].start if number + 1 < len(cues) else cue.end + _WIDER
        start = min(cue.start, max(until, cue.start - _WIDER))
        end = max(cue.end, min(following, cue.end + _WIDER))
        wider.append(replace(cue, start=start, end=end))
        until = max(until, cue.end)
    return wider


def _without_mark(cue: Cue) -> tuple[Cue, bool] | None:
    """`cue` without its mark, and whether it had one; None where nothing but the mark is there."""
    if not is_marked(cue):
        return cue, False
    lines = subtitle_lines("\n".join(_said_by(cue)))
    return (Cue(start=cue.start, end=cue.end, lines=lines), True) if lines else None


def _said_by(cue: Cue) -> tuple[str, ...]:
    return (_MARK.sub("", cue.lines[0], count=1), *cue.lines[1:])


def _signs(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold()
    return unicodedata.normalize("NFC", "".join(c for c in folded if c.isalnum()))


def _runs(flags: Sequence[bool]) -> Iterator[tuple[int, int]]:
    """First and last place of each run of true flags."""
    at = 0
    while at < len(flags):
        end = at
        while end < len(flags) and flags[end]:
            end += 1
        if end > at:
            yield at, end - 1
        at = end + 1
