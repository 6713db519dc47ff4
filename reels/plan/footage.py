"""What must be known of each footage file before a reel can be planned: its media and its words.

A person's subtitles stand, whatever the recogniser would say now: while rendering nothing is listened to for
them. Who asks for drafts (`reels draft`) gets a newer one beside them where it would say something else; of a
file that nobody drafted here only with `--force`, for listening takes long.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from reels.campaign.model import Campaign, ClipSpec, ReelSpec, SubtitleOptions
from reels.cues import CueRules
from reels.drafts import DraftRecord
from reels.errors import CampaignProblem, CampaignProblems, ModelMissing, RangeOutsideFootage, printable
from reels.glossary import NO_GLOSSARY
from reels.hearing import HeardSound
from reels.media import MediaInfo
from reels.plan.draft_names import draft_names, name_shown
from reels.plan.hearing import NOTHING_HEARD, hearing_of
from reels.plan.second import can_translate, require_language, require_second
from reels.plan.steps_so_far import StepsSoFar
from reels.recognise import RecognitionOptions, find_model, require_task
from reels.said import Said
from reels.steps import DraftWork, ProbeWork, Step, TranscribeWork
from reels.subtitles import Cue
from reels.survey import DraftState, HeardWords, Survey
from reels.timing import TimeRange, format_clock, parse_clock
from reels.transcript import Word

__all__ = ["CuesFile", "FootagePlanner", "KnownClip", "name_shown", "wanted_range"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CuesFile:
    """The subtitle file that cues come from: its name as messages call it, and the cues' numbers in it."""

    name: str = ""
    numbers: tuple[int, ...] = ()

    def number_of(self, index: int) -> int:
        """The number of a cue by its index, in a file without numbers by its place."""
        return self.numbers[index] if index < len(self.numbers) else index + 1


_NO_FILE = CuesFile()


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownClip:
    """A clip whose footage is known: its media, its piece of source time, the words spoken in its footage.

    `words_from` says for the report who wrote them: `a person`, `a file`, `nobody`, or the model's identity.
    `words_in_source` are the recogniser's own, to time edited cues by (`reels.alignment`); empty where they are
    not known (any more), and `transcript` names what they stand in. `second_cues_in_source` say the same in the second language.
    `sound` is what is heard and played of the film.
    `cues_file` and `second_file` are where a person finds the cues and mends them.
    """

    spec: ClipSpec
    media: MediaInfo
    range_in_source: TimeRange
    cues_in_source: tuple[Cue, ...]
    words_from: str
    words_in_source: Sequence[Word] = ()
    transcript: str = ""
    second_cues_in_source: tuple[Cue, ...] = ()
    cues_file: CuesFile = _NO_FILE
    second_file: CuesFile = _NO_FILE
    sound: HeardSound = NOTHING_HEARD


@dataclass(frozen=True, slots=True, kw_only=True)
class _Source:
    """A footage file that has been probed, as its words are asked for."""

    spec: ClipSpec
    probe: Step
    media: MediaInfo
    sound: HeardSound
    shown: str
    identities: Mapping[Path, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    """What is said in a footage file: cues in source time, who wrote them, the recogniser's words behind them."""

    cues: tuple[Cue, ...]
    words_from: str
    words: Sequence[Word] = ()
    transcript: str = ""
    file: CuesFile = _NO_FILE


@dataclass(frozen=True, slots=True, kw_only=True)
class _Draft:
    """A draft by its name: what lies there and what we remember of it."""

    name: str
    state: DraftState | None
    record: DraftRecord | None

    @property
    def is_a_persons(self) -> bool:
        return self.state is not None and (self.record is None or not self.record.wrote(self.state.sha256))


class FootagePlanner:
    """Adds the steps that find out about footage, and tells what is known already.

    `drafts_wanted`: newer drafts are wanted beside those that a person has edited; `force`: also beside those
    that a person has written.
    """

    def __init__(
        self,
        campaign: Campaign,
        survey: Survey,
        steps: StepsSoFar,
        *,
        drafts_wanted: bool = False,
        force: bool = False,
    ) -> None:
        self._workspace = campaign.workspace
        self._survey = survey
        self._steps = steps
        self._drafts_wanted = drafts_wanted
        self._force = force
        self._draft_names = draft_names(campaign)
        self._listening: dict[str, tuple[object, ...]] = {}

    def clip(self, reel: ReelSpec, spec: ClipSpec) -> KnownClip | Step:
        """The clip, or the step that will tell what is not known of it yet.

        Raises: FootageError, SubtitlesUnreadable, ModelMissing, CampaignProblems, RangeOutsideFootage.
        """
        shown = name_shown(spec.footage, self._workspace.root)
        identities = {spec.footage: self._survey.footage_identity(spec.footage)}
        probe = self._steps.add(
            f"probe {shown}",
            ProbeWork(footage=spec.footage),
            doing=Said(f"probing {shown}", ko=f"{shown} 살펴보기"),
            identities=identities,
        )
        media = self._survey.media(probe.made_as)
        if media is None:
            self._announce_words(reel, spec, shown, heard=self._survey.glance(spec.footage))
            return probe
        range_in_source = wanted_range(spec, media)
        sound = hearing_of(
            spec,
            media,
            shown=shown,
            probe=probe,
            steps=self._steps,
            survey=self._survey,
            identities=identities,
        )
        if isinstance(sound, Step):
            self._announce_words(reel, spec, shown, heard=True)
            return sound
        source = _Source(spec=spec, media=media, sound=sound, shown=shown, probe=probe, identities=identities)
        if spec.wordless:
            return KnownClip(
                spec=spec,
                media=media,
                range_in_source=range_in_source,
                cues_in_source=(),
                words_from="nobody",
                sound=sound,
            )
        # A missing file of the second language is told before hours of listening for the first.
        second = self._second(reel, source)
        first = self._first(reel.subtitles, source)
        if isinstance(first, Step):
            return first
        if isinstance(second, Step):
            return second
        return KnownClip(
            spec=spec,
            media=media,
            range_in_source=range_in_source,
            cues_in_source=first.cues,
            words_from=first.words_from,
            words_in_source=first.words,
            transcript=first.transcript,
            second_cues_in_source=second.cues,
            cues_file=first.file,
            second_file=second.file,
            sound=sound,
        )

    # --- the first language ------------------------------------------------------------------------------

    def _first(self, options: SubtitleOptions, source: _Source) -> _Said | Step:
        """What is said in a clip's footage, or the step that will draft it."""
        if source.spec.subtitles is not None:
            given = self._survey.subtitles(source.spec.subtitles)
            if given is None:
                return _Said(cues=(), words_from="a file")
            name = printable(unicodedata.normalize("NFC", source.spec.subtitles.name))
            return _Said(
                cues=given.cues, words_from="a file", file=CuesFile(name=name, numbers=given.numbers)
            )
        return self._drafted(options, source, options.language, _listening(options))

    def _draft(self, spec: ClipSpec, language: str) -> _Draft:
        """Raises: SubtitlesUnreadable."""
        name = self._draft_names[spec.footage, language]
        return _Draft(name=name, state=self._survey.draft(name), record=self._survey.draft_record(name))

    def _drafted(
        self, options: SubtitleOptions, source: _Source, language: str, listening: RecognitionOptions
    ) -> _Said | Step:
        """What the draft in `language` says, or the step that will write it."""
        draft = self._draft(source.spec, language)
        known = self._said_by(draft)
        if not source.media.audio:
            return known if draft.is_a_persons and known is not None else _Said(cues=(), words_from="nobody")
        if known is not None and draft.is_a_persons and not self._is_wanted_beside(draft):
            return known
        self._require_one_way_of_listening(draft.name, options, listening, source)
        try:
            found = find_model(options.model, options.engine)
        except ModelMissing:
            # Nothing has to be listened to for a draft that is made already, or is a person's.
            if known is not None and (draft.is_a_persons or self._is_made(draft, options, source, listening)):
                return known
            raise
        require_task(found, listening)
        transcribe = self._steps.add(
            f"transcribe {source.shown} {language}",
            _transcribing(options, source, listening, found.identity),
            tools=_tools(options),
            needs=[source.probe],
            doing=Said(f"translating {source.shown}", ko=f"{source.shown} 영어로 번역하기")
            if listening.task == "translate"
            else Said(f"listening to {source.shown}", ko=f"{source.shown} 받아쓰기"),
            identities=source.identities,
        )
        record = draft.record
        drafting = self._steps.add(
            f"draft {draft.name}",
            _drafting(transcribe.made_as, draft.name, options, source, listening),
            needs=[transcribe],
            doing=Said(f"drafting {draft.name}", ko=f"초안 {draft.name} 쓰기"),
            is_done=lambda result: (
                draft.state is not None and record is not None and record.fingerprint == result.fingerprint
            ),
        )
        if known is None or (drafting.will_run and not draft.is_a_persons):
            return drafting
        return known

    def _said_by(self, draft: _Draft) -> _Said | None:
        if draft.state is None:
            return None
        heard = draft.record.heard_in(draft.state.sha256) if draft.record is not None else ""
        by_model = draft.record.heard_by if draft.record is not None else ""
        return _Said(
            cues=draft.state.cues,
            words_from="a person" if draft.is_a_persons else by_model,
            words=HeardWords(self._survey, heard) if heard else (),
            transcript=heard,
            file=CuesFile(
                name=f"{self._workspace.drafts_dir.name}/{draft.name}", numbers=draft.state.numbers
            ),
        )

    def _is_wanted_beside(self, draft: _Draft) -> bool:
        return self._drafts_wanted and (draft.record is not None or self._force)

    def _is_made(
        self, draft: _Draft, options: SubtitleOptions, source: _Source, listening: RecognitionOptions
    ) -> bool:
        """Whether the draft on disk is what these options make, as far as it can be told without the model."""
        if draft.record is None or draft.record.model != options.model or self._force:
            return False
        transcript = self._steps.fingerprint_of(
            _transcribing(options, source, listening, draft.record.heard_by),
            tools=_tools(options),
            needs=[source.probe.made_as],
            identities=source.identities,
        )
        drafting = _drafting(transcript, draft.name, options, source, listening)
        return self._steps.fingerprint_of(drafting, needs=[transcript]) == draft.record.fingerprint

    def _require_one_way_of_listening(
        self, draft: str, options: SubtitleOptions, listening: RecognitionOptions, source: _Source
    ) -> None:
        """Two reels share the draft of a footage file, so they cannot listen to it differently.

        Raises: CampaignProblems.
        """
        way = (options.model, options.glossary, listening, source.sound.stream, source.sound.channel)
        if self._listening.setdefault(draft, way) == way:
            return
        raise CampaignProblems(
            problems=(
                CampaignProblem(
                    where=f"{source.spec.where} {source.shown}",
                    found=Said(
                        "other options of listening than an earlier reel has for the same footage",
                        ko="같은 영상을 쓰는 앞의 릴스와 다른 받아쓰기 설정",
                    ),
                    expected=Said(
                        "the same `subtitles` options and the same sound, for they share one draft",
                        ko="초안을 함께 쓰므로 같은 `subtitles` 설정과 같은 소리",
                    ),
                    remedy=Said(
                        "write the same `subtitles`, and the same track and channel of `sound`, for both",
                        ko="두 곳의 `subtitles`를, 그리고 `sound`의 트랙과 채널을 똑같이 적어 주세요.",
                    ),
                ),
            )
        )

    # --- the second language -----------------------------------------------------------------------------

    def _second(self, reel: ReelSpec, source: _Source) -> _Said | Step:
        """What is said, in the second language: a person's file, else English where the model translates.

        Raises: CampaignProblems where neither is there, or where the file is in the first language.
        """
        language = reel.captions.second
        if not language:
            return _Said(cues=(), words_from="nobody")
        draft = self._draft(source.spec, language)
        said = self._said_by(draft)
        if not source.media.audio and not draft.is_a_persons:
            return _Said(cues=(), words_from="nobody")
        self._require_second(reel, draft)
        if said is None or not draft.is_a_persons or self._is_wanted_beside_as_translated(reel, draft):
            found = self._drafted(reel.subtitles, source, language, _translating(reel.subtitles))
            if isinstance(found, Step):
                return found
            said = found
        require_language(said.cues, language, draft.name)
        return said

    def _is_wanted_beside_as_translated(self, reel: ReelSpec, draft: _Draft) -> bool:
        try:
            return self._is_wanted_beside(draft) and can_translate(reel)
        except ModelMissing:
            return False

    def _require_second(self, reel: ReelSpec, draft: _Draft) -> None:
        """Raises: CampaignProblems where nobody has written the second language and nobody can; ModelMissing."""
        where = f"{self._workspace.drafts_dir.name}/{draft.name}"
        require_second(reel, where, is_there=draft.state is not None, is_a_persons=draft.is_a_persons)

    # --- before the probe --------------------------------------------------------------------------------

    def _announce_words(self, reel: ReelSpec, spec: ClipSpec, shown: str, *, heard: bool) -> None:
        """What listening will follow a probe, as far as it can be said; what is missing is told before any work."""
        if spec.wordless:
            return
        options, second = reel.subtitles, reel.captions.second
        awaited: list[tuple[str, _Draft, RecognitionOptions]] = []
        if spec.subtitles is not None:
            self._survey.subtitles(spec.subtitles)
        else:
            draft = self._draft(spec, options.language)
            if self._is_awaited(draft):
                awaited.append((options.language, draft, _listening(options)))
        if not heard:
            return
        if second:
            draft = self._draft(spec, second)
            self._require_second(reel, draft)
            translated = not draft.is_a_persons or self._is_wanted_beside_as_translated(reel, draft)
            if translated and self._is_awaited(draft):
                awaited.append((second, draft, _translating(options)))
        for language, draft, listening in awaited:
            try:
                require_task(find_model(options.model, options.engine), listening)
            except ModelMissing:
                if draft.state is None:
                    raise
                if draft.is_a_persons:
                    continue
                # Whether the draft would come out the same is seen when the footage is known.
            self._steps.add_unknown(f"transcribe {shown} {language}", "transcribe", reel=None)
            self._steps.add_unknown(f"draft {draft.name}", "draft", reel=None)

    def _is_awaited(self, draft: _Draft) -> bool:
        """Whether a draft may come of listening, as far as can be said before it is known to what."""
        return draft.state is None or self._is_wanted_beside(draft)


def _listening(options: SubtitleOptions) -> RecognitionOptions:
    """How the recogniser is to listen; which model is a matter of its own."""
    if options.spoken not in ("", options.language):
        return _translating(options)
    return RecognitionOptions(
        model="",
        engine=options.engine,
        language=options.language,
        beam=options.beam,
        vad=options.vad,
        glossary=options.glossary.hint,
    )


def _translating(options: SubtitleOptions) -> RecognitionOptions:
    """The same for English from what is spoken; without the glossary's hint, so that a new term needs no listening."""
    return RecognitionOptions(
        model="",
        engine=options.engine,
        language=options.spoken or options.language,
        beam=options.beam,
        vad=options.vad,
        task="translate",
    )


def _tools(options: SubtitleOptions) -> list[str]:
    return ["faster_whisper" if options.engine == "faster-whisper" else "openai_whisper"]


def _transcribing(
    options: SubtitleOptions, source: _Source, listening: RecognitionOptions, identity: str
) -> TranscribeWork:
    return TranscribeWork(
        footage=source.spec.footage,
        stream=source.sound.stream,
        channel=source.sound.channel,
        model=options.model,
        model_identity=identity,
        options=listening,
    )


def _drafting(
    transcript: str, draft: str, options: SubtitleOptions, source: _Source, listening: RecognitionOptions
) -> DraftWork:
    return DraftWork(
        transcript=transcript,
        draft=draft,
        rules=CueRules.for_language(listening.language_of_text),
        # The glossary is of the first language; names are written otherwise in a second.
        glossary=options.glossary if listening.language_of_text == options.language else NO_GLOSSARY,
        options=listening,
        model=options.model,
        where=source.shown,
    )


def wanted_range(spec: ClipSpec, media: MediaInfo) -> TimeRange:
    """In and out points as source time, clipped to the picture that there is.

    Raises: RangeOutsideFootage.
    """
    video = media.video
    start = parse_clock(spec.in_point, rate=video.rate) if spec.in_point else video.first_pts
    end = parse_clock(spec.out_point, rate=video.rate) if spec.out_point else video.last_pts_end
    shown = TimeRange(video.first_pts, video.last_pts_end)
    found = TimeRange(start, end).intersection(shown) if start < end else None
    if found is None:
        raise RangeOutsideFootage(
            path=spec.footage.name,
            in_point=format_clock(start),
            out_point=format_clock(end),
            duration=format_clock(media.duration),
        )
    return found
