"""Every subtitle file of a campaign with what is known of it, and the rules about the files themselves.

Nothing is run for it: media and transcripts count where the store has them.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence, Set
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

from reels.campaign.model import Campaign, ClipSpec, ReelSpec
from reels.cues import CueRules
from reels.drafts import draft_path, offered_beside, require_no_folder
from reels.errors import CampaignProblems, ReelsError, SubtitlesUnreadable, printable
from reels.fingerprint import sha256_of_file
from reels.glossary import NO_GLOSSARY
from reels.lint.finding import Finding, of_problem, of_refusal
from reels.lint.once import Told, room, told_once
from reels.lint.playing import Place, Plays
from reels.lint.subject import Subject
from reels.lint.texts import findings_about_breaks, findings_about_texts
from reels.lint.times import findings_about_speech, findings_about_times
from reels.media import MediaInfo
from reels.plan import draft_meant_by, draft_names, orphan_drafts
from reels.plan.delivery import common_keep_clear, common_safe_area, picture_spec
from reels.plan.draft_names import name_shown
from reels.plan.encodes import encodes_for
from reels.plan.screen import Screen, screen_of, stage_for
from reels.plan.second import require_second
from reels.platforms import Platform
from reels.recognise import read_finished
from reels.said import Said, typed
from reels.steps import ProbeWork, entry_for
from reels.store import Store
from reels.subtitles import SubtitleFile, read_subtitle_file
from reels.survey import Survey

__all__ = ["draft_findings", "orphan_findings"]

_ANY_RATE = Fraction(30)
_READABLE = Said("SRT, VTT, SBV, ASS or Whisper's JSON", ko="SRT, VTT, SBV, ASS, Whisper의 JSON")


def draft_findings(campaign: Campaign, *, breaks: bool = True) -> tuple[Finding, ...]:
    """What is wrong with the subtitle files of the campaign's reels, in its own order.

    Without `breaks` a person's line breaks are not judged: that needs the analyser, which takes a second to load.
    """
    return tuple(dict.fromkeys(_Drafts(campaign, breaks=breaks).findings()))


def orphan_findings(campaign: Campaign, *, only_of_footage: bool = False) -> Iterator[Finding]:
    """Subtitle files in the drafts folder that nothing reads: of no footage, or with another ending than .srt.

    `only_of_footage`: those that carry the name of a footage file, which somebody may think are read.
    """
    drafts = draft_names(campaign).values()
    for orphan in orphan_drafts(campaign):
        name = printable(unicodedata.normalize("NFC", orphan.name))
        ending, meant = printable(orphan.suffix), draft_meant_by(orphan.name, [*drafts])
        if only_of_footage and not meant:
            continue
        found = Said("a draft that belongs to no footage", ko="짝이 되는 영상이 없는 초안")
        expected = Said(
            "the name of a footage file and its language, such as IMG_0412.ko.srt",
            ko="IMG_0412.ko.srt처럼 영상 이름과 언어로 된 이름",
        )
        if ending != ".srt":
            found = Said(
                f"a draft that ends in {ending}, which is not read", ko=f"{ending}로 저장해 읽지 않는 초안"
            )
        if meant:
            expected = Said(
                f"{meant}: save it under that name, or name it under a clip's `subtitles`",
                ko=f"{meant}. 이 이름으로 저장하거나 클립의 `subtitles`에 적으세요",
            )
        yield Finding(
            rule="draft.orphan", severity="warning", where=name, found=found, expected=expected, file=name
        )


def _speakers(reel: ReelSpec, clip: ClipSpec) -> tuple[str, ...]:
    """Who may be named before the words of `clip`, as `plan.captions` reads them."""
    return tuple(dict.fromkeys([*(person.name for person in clip.people), *reel.captions.speakers]))


class _Drafts:
    def __init__(self, campaign: Campaign, *, breaks: bool) -> None:
        self._campaign = campaign
        self._breaks = breaks
        self._root = campaign.workspace.root
        self._survey = Survey(campaign.workspace, Store(campaign.workspace.store_dir))
        self._names = draft_names(campaign)
        self._files: dict[Path, SubtitleFile | Finding | None] = {}
        self._screens: dict[tuple[object, ...], Screen | Finding] = {}
        self._uses: dict[Path, list[tuple[ReelSpec, ClipSpec]]] = {}
        for reel in campaign.reels:
            for clip in reel.clips:
                for place in self._places(reel, clip):
                    self._uses.setdefault(place.path, []).append((reel, clip))
        self._plays = Plays(self._uses, self._survey, places=self._places, media=self._media)

    def findings(self) -> Iterator[Finding]:
        judged: dict[Subject, list[Finding]] = {}
        told: dict[Path, list[Told]] = {}
        shows: dict[Path, dict[str, Set[int]]] = {}
        for reel in self._campaign.reels:
            screens = self._screens_of(reel)
            yield from (screen for screen in screens if isinstance(screen, Finding))
            for clip in reel.clips:
                for place in self._places(reel, clip):
                    if place.is_second:
                        yield from self._second(reel, place)
                    file = self._file(place)
                    if isinstance(file, Finding):
                        yield file
                    if not isinstance(file, SubtitleFile):
                        continue
                    named = any(isinstance(screen, Screen) and screen.speaker_colours for screen in screens)
                    speakers = _speakers(reel, clip) if named and not place.is_second else ()
                    for rules in self._rules(reel, place, screens):
                        subject = self._subject(reel, place, file, rules, speakers)
                        if subject not in judged:
                            judged[subject] = self._judged(subject)
                        told.setdefault(place.path, []).extend(
                            Told(reel=reel.id, rules=rules, finding=finding) for finding in judged[subject]
                        )
                        numbers = [written.number for written, _ in subject.in_time]
                        shown = self._plays.shown_by(reel, place, file, self._media(place.footage))
                        shows.setdefault(place.path, {})[reel.id] = frozenset(numbers[at] for at in shown)
        for path, of_file in told.items():
            yield from told_once(of_file, shows[path])
        yield from self._beside()

    def _judged(self, subject: Subject) -> list[Finding]:
        """In the order of their times, what concerns the whole file last."""
        found = [
            *findings_about_texts(subject),
            *(findings_about_breaks(subject) if self._breaks else ()),
            *findings_about_times(subject),
            *findings_about_speech(subject),
        ]
        return sorted(found, key=lambda finding: (finding.at is None, finding.at or 0))

    def _second(self, reel: ReelSpec, place: Place) -> Iterator[Finding]:
        """An error where planning would refuse the reel; a model that is only not here is none."""
        try:
            media = self._media(place.footage)
            if not (media.audio if media is not None else self._survey.glance(place.footage)):
                return
            draft = self._survey.draft(place.draft)
            record = self._survey.draft_record(place.draft)
            require_second(
                reel,
                f"{self._campaign.workspace.drafts_dir.name}/{place.draft}",
                is_there=draft is not None,
                is_a_persons=draft is not None and (record is None or not record.wrote(draft.sha256)),
            )
        except CampaignProblems as refused:
            for problem in refused.problems:
                yield replace(of_problem(problem, "draft.second", "error"), file=place.name)
        except (ReelsError, OSError):
            return  # told where the footage and the files are judged

    # --- which files -------------------------------------------------------------------------------------

    def _places(self, reel: ReelSpec, clip: ClipSpec) -> Iterator[Place]:
        language, drafts = reel.subtitles.language, self._campaign.workspace.drafts_dir
        if clip.subtitles is not None:
            yield self._place(clip.subtitles, "", clip, language)
        elif draft := self._names.get((clip.footage, language)):
            yield self._place(draft_path(drafts, draft), draft, clip, language)
        second = reel.captions.second
        if second and (draft := self._names.get((clip.footage, second))):
            place = self._place(draft_path(drafts, draft), draft, clip, second)
            yield replace(place, is_second=True)

    def _place(self, path: Path, draft: str, clip: ClipSpec, language: str) -> Place:
        return Place(
            path=path,
            name=printable(unicodedata.normalize("NFC", path.name)),
            draft=draft,
            footage=clip.footage,
            language=language,
            is_second=False,
        )

    def _file(self, place: Place) -> SubtitleFile | Finding | None:
        """The file, why it cannot be read, or None for one that is not there or holds a transcript."""
        if place.path not in self._files:
            self._files[place.path] = self._read(place)
        return self._files[place.path]

    def _read(self, place: Place) -> SubtitleFile | Finding | None:
        try:
            require_no_folder(place.path, self._root)
            if not place.path.is_file():
                return None
            if place.path.suffix.lower() == ".json":
                read_finished(place.path)
                return None
            return read_subtitle_file(place.path)
        except SubtitlesUnreadable as error:
            shown = replace(error, path=place.name)
            return of_refusal(shown, "draft.readable", where=place.name, expected=_READABLE, file=place.name)
        except ReelsError as error:
            return of_refusal(error, "draft.readable", where=place.name, expected=_READABLE, file=place.name)

    # --- what is known of them ---------------------------------------------------------------------------

    def _subject(
        self, reel: ReelSpec, place: Place, file: SubtitleFile, rules: CueRules, speakers: tuple[str, ...]
    ) -> Subject:
        record = self._survey.draft_record(place.draft) if place.draft else None
        sha256 = sha256_of_file(place.path)
        media = self._media(place.footage)
        glossary = NO_GLOSSARY if place.is_second else reel.subtitles.glossary
        heard = self._survey.transcript(record.heard_in(sha256)) if record is not None else None
        uses = self._uses[place.path]
        points = () if place.is_second else self._plays.points(place, media)
        return Subject(
            name=place.name,
            language=place.language,
            file=file,
            is_edited=record is None or not record.wrote(sha256),
            rules=rules,
            glossary=glossary,
            punctuation=reel.captions.punctuation,
            is_second=place.is_second,
            transcript=heard,
            duration=media.duration if media is not None else None,
            points=points,
            shown=self._plays.ranges(place, media),
            shown_cues=self._plays.shown_cues(place, file, media),
            played=self._plays.after_cuts(reel, place.path),
            speakers=speakers,
            cuts_text=any(other.cut.text for other, _ in uses),
        )

    def _media(self, footage: Path) -> MediaInfo | None:
        """What the probe of the footage as it is now has found; None where there was none."""
        try:
            work = ProbeWork(footage=footage)
            identity = {footage: self._survey.footage_identity(footage)}
            return self._survey.media(entry_for(work, needs=(), tools={}, identity=identity).fingerprint)
        except (ReelsError, OSError):
            return None

    # --- how they are shown ------------------------------------------------------------------------------

    def _screens_of(self, reel: ReelSpec) -> list[Screen | Finding]:
        return [self._screen(reel, encode.platforms) for encode in encodes_for(reel.platforms)]

    def _screen(self, reel: ReelSpec, platforms: Sequence[Platform]) -> Screen | Finding:
        """Fonts and widths of the subtitles, without what else is drawn: only their own place is asked for."""
        has_names = bool(reel.captions.speakers) or any(clip.people for clip in reel.clips)
        key = (reel.template, reel.brand, reel.subtitles.language, reel.captions, has_names, *platforms)
        if key not in self._screens:
            bare = replace(reel, brand=replace(reel.brand, logo=None))
            spec = picture_spec(platforms, _ANY_RATE)
            try:
                stage = stage_for(bare, spec, common_safe_area(platforms), common_keep_clear(platforms))
                self._screens[key] = screen_of(bare, stage)
            except ReelsError as error:
                self._screens[key] = of_refusal(
                    error,
                    "reel.layout",
                    where=reel.where,
                    expected=Said("room for the subtitles", ko="자막이 들어갈 자리"),
                )
        return self._screens[key]

    def _rules(
        self, reel: ReelSpec, place: Place, screens: Sequence[Screen | Finding]
    ) -> tuple[CueRules, ...]:
        """The narrowest first: what fits there fits everywhere, so one is enough."""
        found = [
            (screen.second_rules if place.is_second else screen.rules)
            for screen in screens
            if isinstance(screen, Screen)
        ]
        usable = [rules for rules in found if rules is not None]
        if not usable:
            is_short = reel.template.subtitles.pace == "short" and not place.is_second
            return ((CueRules.short if is_short else CueRules.for_language)(place.language),)

        return (min(usable, key=room),)

    # --- the files themselves ----------------------------------------------------------------------------

    def _beside(self) -> Iterator[Finding]:
        drafts = self._campaign.workspace.drafts_dir
        for place in self._drafts_of_all():
            shown = name_shown(place.footage, self._root)
            for newer in offered_beside(drafts, place.draft):
                yield Finding(
                    rule="draft.waiting",
                    severity="warning",
                    where=place.name,
                    found=Said(
                        f"a newer draft beside it, {printable(newer.name)}",
                        ko=f"옆에 있는 새 초안 {printable(newer.name)}",
                    ),
                    expected=Said(
                        f"one draft: `reels draft FOLDER --take {typed(place.name)}` takes the newer one, "
                        "deleting it keeps yours",
                        ko=f"초안 하나. 새 초안을 쓰려면 `reels draft 폴더 --take {typed(place.name)}`, "
                        "쓰지 않으려면 새 초안을 지우세요",
                    ),
                    file=place.name,
                )
            yield from self._outdated(place, shown)
        yield from orphan_findings(self._campaign)

    def _drafts_of_all(self) -> Iterator[Place]:
        places = (
            place
            for reel in self._campaign.reels
            for clip in reel.clips
            for place in self._places(reel, clip)
        )
        seen = set()
        for place in places:
            if place.draft and place.draft not in seen:
                seen.add(place.draft)
                yield place

    def _outdated(self, place: Place, shown: str) -> Iterator[Finding]:
        record = self._survey.draft_record(place.draft)
        last = self._survey.last_made(f"transcribe {shown} {place.language}")
        if record is None or last is None or not isinstance(self._file(place), SubtitleFile):
            return
        sha256 = sha256_of_file(place.path)
        heard_in = record.heard_in(sha256)
        if record.wrote(sha256) or not heard_in or heard_in == last.fingerprint:
            return
        yield Finding(
            rule="draft.outdated",
            severity="warning",
            where=place.name,
            found=Said(
                "an edited draft from an earlier recognition of the footage",
                ko="이전 음성 인식에서 나온 초안을 고친 것",
            ),
            expected=Said(
                "words of the latest one; `reels draft` writes what differs beside it",
                ko="최근 인식의 말. `reels draft`를 실행하면 달라진 초안이 옆에 생깁니다",
            ),
            file=place.name,
        )
