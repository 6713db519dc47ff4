"""The captions of a reel: drafts in source time → what is burned in, on whole frames of the programme.

Lines are broken by `cues`, word times come from `alignment`; which words stand out and who speaks is found here,
as the reel's subtitle style wants it. It places and draws nothing; `reel` cuts its captions into chunks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache, lru_cache

from reels.alignment import align, letter_times
from reels.campaign.model import ReelSpec
from reels.cues import CueRules, Spoken, cues_for_burn_in
from reels.cutting import cues_in_programme, is_marked
from reels.edit import EditList
from reels.errors import printable
from reels.fonts import check_glyphs
from reels.plan.footage import KnownClip
from reels.plan.screen import Screen
from reels.said import Said
from reels.subtitles import (
    Caption,
    Cue,
    SpokenWord,
    Tint,
    lines_of_turns,
    spoken_words,
    tints_of_keywords,
    turn_of,
)
from reels.timing import FrameRange, TimeRange, format_clock, frame_nearest
from reels.transcript import Word

__all__ = ["Captions", "captions_of", "shown_in"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Captions:
    """All captions of a reel in programme time.

    `second` are those of the second language: in the picture where the style shows two, else for a sidecar only.
    `written` and `second_written` are the same before anything was broken or left out, for the text to be read.
    """

    first: tuple[Cue, ...]
    second: tuple[Cue, ...] = ()
    shows_second: bool = False
    written: tuple[Cue, ...] = ()
    second_written: tuple[Cue, ...] = ()

    @property
    def burned_in(self) -> tuple[Cue, ...]:
        return (*self.first, *self.second) if self.shows_second else self.first

    @property
    def for_sidecar(self) -> tuple[Cue, ...]:
        """The first language as plain text: where the picture names a speaker, the text does."""
        return tuple(map(_plain, self.first))

    @property
    def second_for_sidecar(self) -> tuple[Cue, ...]:
        return tuple(map(_plain, self.second))


def captions_of(reel: ReelSpec, clips: Sequence[KnownClip], cut: EditList, screen: Screen) -> Captions:
    """What `reel` burns in, every sign of it proven to be in the font.

    Raises: GlyphMissing, naming the footage, the cue and its time there.
    """
    _require_glyphs(clips, cut, screen)
    speakers = _Speakers(reel, screen.speaker_colours)
    moved = list(_moved(clips, cut, speakers))
    punctuation = reel.captions.punctuation

    @cache
    def words() -> tuple[Word, ...]:
        """Gathered only if a cue has to be parted, or its words are shown as they are spoken."""
        return _words(clips, cut)

    cues = _broken(
        [m.cue for m in moved],
        screen.rules,
        cut,
        punctuation=punctuation,
        spoken=lambda cue: letter_times(cue, words()),
    )
    marked = tuple(_marked(cues, moved, speakers, reel, screen))
    if screen.style.spoken_colour is not None:
        marked = _timed(marked, words(), cut.rate)
    _require_glyphs_of(reel, marked, screen)
    written = tuple(_written(moved, cut))
    if not reel.captions.second:
        return Captions(first=marked, written=written)
    second = [
        cue
        for number, clip in enumerate(clips)
        for cue in cues_in_programme(number, clip.second_cues_in_source, (), cut)
    ]
    rules = screen.second_rules or CueRules.for_language(reel.captions.second)
    below = tuple(
        Caption(start=cue.start, end=cue.end, lines=cue.lines, second=True)
        for cue in _broken(second, rules, cut, punctuation=punctuation)
    )
    if screen.second_rules is not None:
        _require_glyphs_of(reel, below, screen)
    return Captions(
        first=marked,
        second=below,
        shows_second=screen.second_rules is not None,
        written=written,
        second_written=tuple(_visible(second, cut)),
    )


def shown_in(cue: Cue, frames: FrameRange) -> Cue:
    """`cue` with only the marks that show during `frames` of the programme: nothing else decides that picture."""
    if not isinstance(cue, Caption) or not cue.spoken:
        return cue
    return replace(cue, spoken=tuple(word for word in cue.spoken if word.frames.intersection(frames)))


def _broken(
    cues: Sequence[Cue],
    rules: CueRules,
    cut: EditList,
    *,
    punctuation: bool,
    spoken: Spoken | None = None,
) -> tuple[Cue, ...]:
    visible = _visible(cues, cut)
    # A pause that was cut out of a clip is no end of what is said over it.
    clips = dict.fromkeys(span.clip for span in cut.footage)
    cuts = [frames.start for clip in clips if (frames := cut.of_clip(clip))]
    cuts += [card.range_in_programme.start for card in cut.cards]
    return cues_for_burn_in(
        visible,
        rules,
        cut.rate,
        frame_count=cut.frame_count,
        cuts=cuts,
        punctuation=punctuation,
        spoken=spoken,
    )


def _visible(cues: Sequence[Cue], cut: EditList) -> list[Cue]:
    # A cut can leave a sliver of a cue that no frame shows.
    return [cue for cue in cues if cue.duration * cut.rate >= 1]


# --- who speaks ------------------------------------------------------------------------------------------


class _Speakers:
    """The names that may stand before a cue, and their colours: the same person, the same colour all through."""

    def __init__(self, reel: ReelSpec, colours: Sequence[str]) -> None:
        people = [person.name for clip in reel.clips for person in clip.people]
        names = dict.fromkeys([*people, *reel.captions.speakers]) if colours else {}
        self.colours: Mapping[str, str] = {
            name: colours[number % len(colours)] for number, name in enumerate(names)
        }
        self._of_reel = reel.captions.speakers

    def of_clip(self, clip: KnownClip) -> tuple[str, ...]:
        """Only who is in the clip speaks there."""
        if not self.colours:
            return ()
        return tuple(dict.fromkeys([*(person.name for person in clip.spec.people), *self._of_reel]))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Moved:
    """A cue in programme time without its speaker's name, who that is, and who else might be named in it."""

    cue: Cue
    speaker: str
    names: tuple[str, ...]


def _moved(clips: Sequence[KnownClip], cut: EditList, speakers: _Speakers) -> Iterator[_Moved]:
    found = sorted(
        (
            (cue, speakers.of_clip(clip))
            for number, clip in enumerate(clips)
            for cue in cues_in_programme(number, clip.cues_in_source, clip.words_in_source, cut)
        ),
        key=lambda pair: (pair[0].start, pair[0].end),
    )
    for number, (cue, names) in enumerate(found):
        around = [
            other for other, _ in (*found[max(0, number - 1) : number], *found[number + 1 : number + 2])
        ]
        turn = turn_of(cue.lines, names)
        # Two who speak at once stay named in the text, for they come to share a cue.
        if turn is not None and not any(_begin_together(cue, other) for other in around):
            yield _Moved(cue=replace(cue, lines=turn.lines), speaker=turn.name, names=names)
        else:
            yield _Moved(cue=cue, speaker="", names=names)


def _written(moved: Sequence[_Moved], cut: EditList) -> Iterator[Cue]:
    """What the draft says, with a speaker's name where another one begins, as in the picture."""
    last = ""
    for source in moved:
        if not _visible([source.cue], cut):
            continue
        first, *others = source.cue.lines
        if source.speaker and source.speaker != last:
            first = f"[{source.speaker}] {first}"
        last = source.speaker or last
        yield Cue(start=source.cue.start, end=source.cue.end, lines=(first, *others))


_TOGETHER = Fraction(3, 5)


def _begin_together(one: Cue, other: Cue) -> bool:
    overlap = min(one.end, other.end) > max(one.start, other.start)
    return overlap and abs(one.start - other.start) < _TOGETHER


# --- what stands out -------------------------------------------------------------------------------------


def _marked(
    cues: Sequence[Cue], moved: Sequence[_Moved], speakers: _Speakers, reel: ReelSpec, screen: Screen
) -> Iterator[Cue]:
    """`cues` with colours and names; one without any stays a plain cue."""
    sources = _sources(cues, moved)
    last = ""
    for cue, source in zip(cues, sources, strict=True):
        speaker = source.speaker if source is not None else ""
        tints: tuple[Tint, ...] = ()
        if speaker:
            colour = speakers.colours[speaker]
            tints = tuple(
                Tint(line=n, first=0, end=len(line), colour=colour) for n, line in enumerate(cue.lines)
            )
        elif source is not None and source.names:
            tints = lines_of_turns(cue.lines, [(name, speakers.colours[name]) for name in source.names])
        if not tints and screen.keyword_colour is not None:
            tints = tints_of_keywords(cue.lines, reel.captions.keywords, screen.keyword_colour)
        name = speaker if speaker != last else ""
        last = speaker or last
        if tints or name:
            yield Caption(
                start=cue.start,
                end=cue.end,
                lines=cue.lines,
                tints=tints,
                name=name,
                name_colour=speakers.colours.get(name, screen.style.primary_colour),
            )
        else:
            yield cue


def _sources(cues: Sequence[Cue], moved: Sequence[_Moved]) -> Iterator[_Moved | None]:
    """For each cue the one that it was made of: the last that began by then and holds its words.

    Where two became one, it is the last of them, unless that one's speaker would seem to say it all.
    """
    at = -1
    for cue in cues:
        while at + 1 < len(moved) and moved[at + 1].cue.start <= cue.start + _ROUNDING:
            at += 1
        words = _letters(cue)
        near = moved[max(0, at - 3) : at + 1][::-1]
        whole = (source for source in near if words in _letters(source.cue))
        part = (source for source in near if _letters(source.cue) in words and not source.speaker)
        yield next(whole, next(part, None))


_ROUNDING = Fraction(1, 10)
"""Further than a cue moves when it is set on frames and parted from its neighbours."""


def _letters(cue: Cue) -> str:
    # Breaking lines moves spaces, and the guide's punctuation changes signs.
    return "".join(c for c in cue.text if c.isalnum())


def _words(clips: Sequence[KnownClip], cut: EditList) -> tuple[Word, ...]:
    """The recogniser's words that are heard in the programme, in its time and order."""
    heard = (
        replace(word, start=shown.start, end=shown.end)
        for number, clip in enumerate(clips)
        for word in clip.words_in_source
        if clip.range_in_source.start < word.end and word.start < clip.range_in_source.end
        if word.start < word.end
        for shown in cut.to_programme(number, TimeRange(word.start, word.end))
    )
    return tuple(sorted(heard, key=lambda word: (word.start, word.end)))


# A plan is made again after each probe and each draft; most reels are still as they were.
_aligned = lru_cache(maxsize=256)(align)


def _timed(cues: tuple[Cue, ...], words: tuple[Word, ...], rate: Fraction) -> tuple[Cue, ...]:
    """`cues` with the frames on which each of their words is spoken."""
    timed = []
    for cue, times in zip(cues, _aligned(cues, words), strict=True):
        spoken: tuple[SpokenWord, ...] = spoken_words(cue, [(t.start, t.end) for t in times], rate)
        if isinstance(cue, Caption):
            timed.append(replace(cue, spoken=spoken))
        else:
            timed.append(Caption(start=cue.start, end=cue.end, lines=cue.lines, spoken=spoken))
    return tuple(timed)


def _plain(cue: Cue) -> Cue:
    if not isinstance(cue, Caption):
        return cue
    first, *others = cue.lines
    named = f"[{cue.name}] {first}" if cue.name else first
    return Cue(start=cue.start, end=cue.end, lines=(named, *others))


# --- proof -----------------------------------------------------------------------------------------------


def _require_glyphs(clips: Sequence[KnownClip], cut: EditList, screen: Screen) -> None:
    """Prove it of the drafts first, for there a person finds and changes the sign. Raises: GlyphMissing."""
    for number, clip in enumerate(clips):
        footage = printable(clip.spec.footage.name)
        below = clip.second_cues_in_source if screen.second_rules is not None else ()
        for file, cues in ((clip.cues_file, clip.cues_in_source), (clip.second_file, below)):
            check_glyphs(
                screen.style.font,
                (
                    (_place(file.name or footage, file.number_of(index), cue), cue.text)
                    for index, cue in enumerate(cues)
                    if cut.shows(number, TimeRange(cue.start, cue.end)) and not is_marked(cue)
                ),
            )


def _place(name: str, number: int, cue: Cue) -> str:
    clock = format_clock(cue.start)
    return Said(f"{name}, cue {number} at {clock}", ko=f"{name}의 자막 {number}번({clock})")


def _require_glyphs_of(reel: ReelSpec, cues: Sequence[Cue], screen: Screen) -> None:
    """Prove it of what is shown: names, and signs that the guide's punctuation brings. Raises: GlyphMissing."""
    texts = []
    for cue in cues:
        where = f"{reel.id} {format_clock(Fraction(frame_nearest(cue.start, Fraction(1000)), 1000))}"
        texts.append((where, cue.text))
        if isinstance(cue, Caption) and cue.name:
            texts.append((f"{reel.where} people", cue.name))
    check_glyphs(screen.style.font, texts)
