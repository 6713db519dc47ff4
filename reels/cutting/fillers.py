"""Filler words: 어, 음, 그, 저기, 막 … where grammar says that they mean nothing here and timing that they hesitate.

Neither is enough alone: 그 사람 has no filler, however slowly it is said, and 어 in the middle of speech cannot be
cut out of it. Only the recogniser's words count, for only they have times of their own.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from reels.cutting.options import FillerOptions
from reels.cutting.spoken import SpokenClip
from reels.cutting.wanted import Wanted, between
from reels.korean.analysis import Morpheme
from reels.korean.memory import analysed_once
from reels.said import Said
from reels.timing import TimecodeUnreadable, TimeRange, parse_clock
from reels.transcript import Word

__all__ = ["bare", "fillers"]

_SOUNDS = re.compile(r"[어으]+[음흠]?|음+|흠+|엄+|에{1,3}|[uU]h+m*|[uU]m+|[eE]r+m*|[hH]m+")
"""Hesitation itself. As a word of its own it means nothing in either language."""

_WORDS: Mapping[str, frozenset[str]] = {
    "그": frozenset({"IC", "MM", "NP"}),
    "저": frozenset({"IC", "MM", "NP"}),
    "저기": frozenset({"IC", "NP"}),
    "뭐": frozenset({"IC", "NP"}),
    "막": frozenset({"MAG"}),
    "이제": frozenset({"MAG"}),
    "인제": frozenset({"MAG"}),
    "약간": frozenset({"MAG"}),
    "그니까": frozenset({"MAJ"}),
    "아": frozenset({"IC"}),
}
"""Words that are often said for nothing, with the tags under which they may be. As 그는, 저는, 뭐가 they are words."""

_ASIDE = frozenset({"SF", "SP", "SE", "SO", "SS", "SSO", "SSC", "SW"})
"""Tags of punctuation."""

_PAUSE = Fraction(12, 100)
"""Longer than between the words of one breath, shorter than between two sentences."""

_LONG_SYLLABLE = Fraction(7, 20)
"""Korean speech has four to seven syllables a second; one that lasts this long is drawn out."""

_NEAR = Fraction(1, 2)
"""How far a time that a person gave may lie from the filler that is meant."""


@dataclass(frozen=True, slots=True)
class _Timing:
    before: Fraction
    after: Fraction
    syllable: Fraction
    neighbour_hesitates: bool

    @property
    def has_pause_before(self) -> bool:
        return self.before >= _PAUSE

    @property
    def has_pause_after(self) -> bool:
        return self.after >= _PAUSE

    @property
    def is_long(self) -> bool:
        return self.syllable >= _LONG_SYLLABLE

    def said(self) -> Said:
        """The timing in words, for the report."""
        en, ko = [], []
        for holds, seconds, name, name_ko in (
            (self.has_pause_before, self.before, "pause before", "앞 쉼"),
            (self.has_pause_after, self.after, "pause after", "뒤 쉼"),
            (self.is_long, self.syllable, "a syllable", "한 음절"),
        ):
            if holds:
                shown = f"{float(min(seconds, Fraction(99))):.2f}"
                en.append(f"{name} {shown} s")
                ko.append(f"{name_ko} {shown}초")
        if self.neighbour_hesitates:
            en.append("beside another")
            ko.append("다른 군말 옆")
        return Said(", ".join(en), ko=", ".join(ko))


def fillers(number: int, clip: SpokenClip, options: FillerOptions) -> Iterator[Wanted]:
    """The fillers of clip `number` that may go, in order; those side by side share the pause between them.

    Raises: ToolMissing.
    """
    found = _found(clip)
    kept = {at for at in found if _is_kept(clip.words[at], options)}
    found = {at: timing for at, timing in found.items() if at not in kept}
    for run in _runs(sorted(found)):
        first, last = clip.words[run[0]], clip.words[run[-1]]
        low = clip.words[run[0] - 1].end if run[0] else Fraction(0)
        high = clip.words[run[-1] + 1].start if run[-1] + 1 < len(clip.words) else clip.range_in_source.end
        room = TimeRange(min(low, first.start), max(high, last.end))
        best = between(
            TimeRange(first.start, last.end),
            room,
            within=clip.range_in_source,
        )
        edges = [best.start, *_borders([clip.words[at] for at in run]), best.end]
        for at, start, end in zip(run, edges[:-1], edges[1:], strict=True):
            word = clip.words[at]
            if clip.range_in_source.intersection(TimeRange(word.start, word.end)) is None:
                continue
            yield Wanted(
                clip=number,
                range_in_source=TimeRange(start, end),
                room=TimeRange(room.start if at == run[0] else start, room.end if at == run[-1] else end),
                core=TimeRange(word.start, word.end),
                reason="filler",
                text=bare(word.text),
                detail=found[at].said(),
            )


def bare(text: str) -> str:
    """`text` without the punctuation around it."""
    signs = [n for n, c in enumerate(text) if unicodedata.category(c)[0] in "LNM"]
    return text[signs[0] : signs[-1] + 1] if signs else ""


def _found(clip: SpokenClip) -> dict[int, _Timing]:
    """The places of the fillers among the words, each with its timing."""
    words = clip.words
    texts = [bare(word.text) for word in words]
    sounds = {at for at, text in enumerate(texts) if _SOUNDS.fullmatch(text)}
    korean = clip.language == "ko"
    # The analyser takes a second to load: only where there is something to ask, and only once.
    candidates = sounds | {at for at, text in enumerate(texts) if korean and text in _WORDS}
    if not candidates:
        return {}
    tags = list(map(_tags, analysed_once([word.text for word in words]))) if korean else []
    found = {}
    for at in sorted(candidates):
        if _says_something(words, at):
            continue
        timing = _timing(words, at, sounds, clip.range_in_source)
        own = tags[at] if korean else frozenset({"IC"})
        allowed = frozenset({"IC"}) if at in sounds else _WORDS[texts[at]]
        if own and own <= allowed and _hesitates(timing, own):
            found[at] = timing
    return found


def _tags(morphemes: Sequence[Morpheme]) -> frozenset[str]:
    return frozenset(m.tag for m in morphemes if m.tag not in _ASIDE)


def _hesitates(timing: _Timing, tags: frozenset[str]) -> bool:
    """Whether the timing agrees: the less the grammar says, the more the timing has to."""
    pauses = timing.has_pause_before + timing.has_pause_after
    if tags == {"IC"}:
        return pauses >= 1 or timing.is_long or timing.neighbour_hesitates
    if tags == {"MM"}:
        # 그 사람: what belongs to the noun after it is not parted from it by a pause.
        return timing.has_pause_after and (timing.is_long or timing.has_pause_before)
    return pauses == 2


def _says_something(words: Sequence[Word], at: int) -> bool:
    """어? and 어! ask and exclaim; 어. as a whole sentence is an answer."""
    text = words[at].text.rstrip("\"'”’)」』")
    if text.endswith(("?", "!", "？", "！")):
        return True
    begins = at == 0 or words[at - 1].text.rstrip("\"'”’)」』").endswith((".", "?", "!", "？", "！"))
    return begins and text.endswith(".") and not text.endswith("..")


def _timing(words: Sequence[Word], at: int, sounds: set[int], within: TimeRange) -> _Timing:
    word = words[at]
    before = word.start - words[at - 1].end if at else word.start
    after = words[at + 1].start - word.end if at + 1 < len(words) else max(within.end, word.end) - word.end
    return _Timing(
        before=before,
        after=after,
        syllable=(word.end - word.start) / max(1, len(bare(word.text))),
        neighbour_hesitates=at - 1 in sounds or at + 1 in sounds,
    )


def _is_kept(word: Word, options: FillerOptions) -> bool:
    for wish in options.keep:
        try:
            at = parse_clock(wish)
        except TimecodeUnreadable:
            if bare(unicodedata.normalize("NFC", wish)) == bare(word.text):
                return True
        else:
            if word.start - _NEAR <= at <= word.end + _NEAR:
                return True
    return False


def _runs(places: Sequence[int]) -> Iterator[list[int]]:
    run: list[int] = []
    for at in places:
        if run and at != run[-1] + 1:
            yield run
            run = []
        run.append(at)
    if run:
        yield run


def _borders(words: Sequence[Word]) -> list[Fraction]:
    """The middle of the pause between each two of `words`."""
    return [(one.end + other.start) / 2 for one, other in itertools.pairwise(words)]
