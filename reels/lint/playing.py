"""What each reel plays of its subtitle files after its cuts: ranges of the footage, and the cues as they are shown.

It asks `plan` for the very cut that the render makes, with what the store knows; where that is not enough nothing is
said, and in and out points alone count. `drafts` judges by it. Nothing is run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

from reels.campaign.model import ClipSpec, ReelSpec
from reels.cutting import played_cues
from reels.cutting.spoken import united
from reels.errors import ReelsError
from reels.media import MediaInfo
from reels.plan.cards import cards_of, seconds_of
from reels.plan.cut import cut_of
from reels.plan.delivery import rate_for
from reels.plan.encodes import encodes_of
from reels.plan.footage import KnownClip, wanted_range
from reels.subtitles import Cue, SubtitleFile
from reels.survey import HeardWords, Survey
from reels.timing import TimecodeUnreadable, TimeRange, parse_clock
from reels.transcript import Transcript

__all__ = ["Place", "Plays"]

_ENDLESS = Fraction(10**9)
_NOTHING = (TimeRange(Fraction(0), Fraction(0)),)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One subtitle file as one reel shows it; `draft` is empty for a file that the campaign names itself."""

    path: Path
    name: str
    draft: str
    footage: Path
    language: str
    is_second: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Use:
    """A clip of a reel whose media are known, and the files of its subtitles, the second language's after the first."""

    clip: KnownClip
    file: Path | None
    second: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Played:
    """Of one subtitle file: the ranges of its footage that play, and its cues in programme time by their place.

    `cues` are in the order in which they are shown; a file that two clips use has its cues twice.
    """

    ranges: tuple[TimeRange, ...] = ()
    cues: tuple[tuple[int, Cue], ...] = ()


def _played_by(
    reel: ReelSpec, uses: Sequence[_Use], *, heard: Callable[[str], Transcript | None]
) -> Mapping[Path, _Played]:
    """What `reel` plays of each file of `uses`, on any of its platforms.

    Raises: ToolMissing.
    """
    files = list(dict.fromkeys(path for use in uses for path in (use.file, use.second) if path is not None))
    ranges: dict[Path, list[TimeRange]] = {path: [] for path in files}
    cues: dict[Path, tuple[tuple[int, Cue], ...]] = {}
    known = [use.clip for use in uses]
    for encode in encodes_of(reel, known, heard=heard):
        platforms = encode.platforms
        rate = rate_for(reel, known, platforms[0])
        cards = seconds_of(cards_of(reel, rate), rate)
        played = cut_of(reel, known, platforms, rate, heard=heard, cards=cards)
        clips, cutting = played.clips, played.cutting
        # The clips that are left are the first ones of their pieces.
        left = [use for use in uses if not use.clip.spec.goes_on or use is uses[0]]
        here: dict[Path, list[tuple[int, Cue]]] = {path: [] for path in files}
        for number, (clip, use) in enumerate(zip(clips, left, strict=True)):
            plays = [span.range_in_source for span in cutting.edit.spans if span.clip == number]
            for path, written, words in (
                (use.file, clip.cues_in_source, clip.words_in_source),
                (use.second, clip.second_cues_in_source, ()),
            ):
                if path is not None:
                    ranges[path] += plays
                    here[path] += played_cues(number, written, words, cutting.edit)
        for path, shown in here.items():
            # Where platforms are given different cuts, the one that shows most of the file is judged.
            if len(shown) > len(cues.get(path, ())):
                cues[path] = tuple(sorted(shown, key=lambda item: (item[1].start, item[1].end)))
    return {path: _Played(ranges=united(ranges[path]), cues=cues.get(path, ())) for path in files}


def _seconds_of(point: str, media: MediaInfo | None) -> Fraction | None:
    """An in or out point in seconds; None where it counts frames of a rate that nobody knows yet."""
    try:
        return parse_clock(point, rate=media.video.rate if media is not None else None)
    except TimecodeUnreadable:
        return None


def _points_of(uses: Sequence[tuple[ReelSpec, ClipSpec]], media: MediaInfo | None) -> Iterator[Fraction]:
    """The in and out points of clips, where they can be told in seconds; not those inside of a cut clip."""
    following = {id(a): b for reel in {id(r): r for r, _ in uses}.values() for a, b in pairwise(reel.clips)}
    for _, clip in uses:
        after = following.get(id(clip))
        out_point = None if after is not None and after.goes_on else clip.out_point
        for point in (None if clip.goes_on else clip.in_point, out_point):
            if point is not None and (at := _seconds_of(point, media)) is not None:
                yield at


def _shown_of(clips: Sequence[ClipSpec], media: MediaInfo | None) -> tuple[TimeRange, ...]:
    """The ranges of the footage that `clips` show; none where one of them shows all, or nobody can tell."""
    ranges = []
    for clip in clips:
        start = _seconds_of(clip.in_point, media) if clip.in_point is not None else Fraction(0)
        end = _seconds_of(clip.out_point, media) if clip.out_point is not None else _ENDLESS
        if start is None or end is None or start >= end or (start == 0 and end == _ENDLESS):
            return ()
        ranges.append(TimeRange(start, end))
    return united(ranges)


class Plays:
    """What the reels of a campaign play of their subtitle files. `uses` are the clips that show each file."""

    def __init__(
        self,
        uses: Mapping[Path, Sequence[tuple[ReelSpec, ClipSpec]]],
        survey: Survey,
        *,
        places: Callable[[ReelSpec, ClipSpec], Iterable[Place]],
        media: Callable[[Path], MediaInfo | None],
    ) -> None:
        self._uses = uses
        self._survey = survey
        self._places = places
        self._media = media
        self._known: dict[str, Mapping[Path, _Played]] = {}

    def after_cuts(self, reel: ReelSpec, path: Path) -> tuple[tuple[int, Cue], ...] | None:
        """The cues of a file as `reel` shows them, by their place in time; None where it is not cut."""
        played = self._played(reel).get(path)
        return played.cues if played is not None else None

    def points(self, place: Place, media: MediaInfo | None) -> tuple[Fraction, ...]:
        """The in and out points of the clips, where they can be told in seconds; not those inside of a cut clip."""
        return tuple(dict.fromkeys(_points_of(self._uses[place.path], media)))

    def _played(self, reel: ReelSpec) -> Mapping[Path, _Played]:
        """What a reel that is cut plays of its files; empty for others, and where its cut is not known yet."""
        if reel.id not in self._known:
            self._known[reel.id] = self._played_after_cuts(reel)
        return self._known[reel.id]

    def _played_after_cuts(self, reel: ReelSpec) -> Mapping[Path, _Played]:
        if not (reel.cut.cuts or any(clip.goes_on for clip in reel.clips)):
            return {}
        try:
            uses = [self._known_use(reel, clip) for clip in reel.clips]
            known = [use for use in uses if use is not None]
            if len(known) < len(uses):
                return {}
            return _played_by(reel, known, heard=self._survey.transcript)
        except (ReelsError, OSError):
            return {}  # told where the footage and the files are judged

    def _known_use(self, reel: ReelSpec, clip: ClipSpec) -> _Use | None:
        """Raises: ReelsError, OSError."""
        media = self._media(clip.footage)
        places = {place.is_second: place for place in self._places(reel, clip)}
        first, second = places.get(False), places.get(True)
        said = self._survey.subtitles(first.path) if first is not None else None
        below = self._survey.subtitles(second.path) if second is not None else None
        if media is None or (media.audio and (first is None or said is None)):
            return None
        record = self._survey.draft_record(first.draft) if first is not None and first.draft else None
        heard = record.heard_in(said.sha256) if record is not None and said is not None else ""
        return _Use(
            clip=KnownClip(
                spec=clip,
                media=media,
                range_in_source=wanted_range(clip, media),
                cues_in_source=said.cues if said is not None else (),
                words_from="",
                words_in_source=HeardWords(self._survey, heard) if heard else (),
                transcript=heard,
                second_cues_in_source=below.cues if below is not None else (),
            ),
            file=first.path if first is not None else None,
            second=second.path if second is not None else None,
        )

    def ranges(self, place: Place, media: MediaInfo | None) -> tuple[TimeRange, ...]:
        """What any reel plays of the footage under this file; none where one plays all, or nobody can tell."""
        ranges: list[TimeRange] = []
        for reel, clips in self._clips_by_reel(place):
            played = self._played(reel).get(place.path)
            found = played.ranges if played is not None else _shown_of(clips, media)
            if not found and played is None:
                return ()
            ranges += found
        return united(ranges) or _NOTHING

    def shown_cues(self, place: Place, file: SubtitleFile, media: MediaInfo | None) -> frozenset[int] | None:
        """The cues of the file that any reel shows, by their place in time; None where no reel is cut."""
        if not any(self._played(reel) for reel, _ in self._uses[place.path]):
            return None
        reels = {reel.id: reel for reel, _ in self._uses[place.path]}.values()
        return frozenset().union(*(self.shown_by(reel, place, file, media) for reel in reels))

    def shown_by(
        self, reel: ReelSpec, place: Place, file: SubtitleFile, media: MediaInfo | None
    ) -> frozenset[int]:
        """The cues of the file that `reel` shows, by their place in time; marked ones as their time says."""
        played = self._played(reel).get(place.path)
        if played is not None:
            return frozenset(number for number, _ in played.cues)
        ranges = _shown_of([clip for other, clip in self._uses[place.path] if other.id == reel.id], media)
        return frozenset(
            number
            for number, cue in enumerate(file.cues)
            if not ranges or any(TimeRange(cue.start, cue.end).intersection(part) for part in ranges)
        )

    def _clips_by_reel(self, place: Place) -> Iterator[tuple[ReelSpec, list[ClipSpec]]]:
        uses = self._uses[place.path]
        for reel in {reel.id: reel for reel, _ in uses}.values():
            yield reel, [clip for other, clip in uses if other.id == reel.id]
