"""What must be known of each footage file before a reel can be planned: its media and its words."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from reels.campaign.model import Campaign, ClipSpec, ReelSpec, SubtitleOptions
from reels.cues import CueRules
from reels.deliver import safe_name
from reels.errors import CampaignProblem, CampaignProblems, RangeOutsideFootage, printable
from reels.fingerprint import digest
from reels.media import MediaInfo
from reels.plan.steps_so_far import StepsSoFar
from reels.recognise import RecognitionOptions, find_model
from reels.said import Said
from reels.steps import DraftWork, ProbeWork, Step, TranscribeWork
from reels.subtitles import Cue
from reels.survey import Survey
from reels.timing import TimeRange, format_clock, parse_clock

__all__ = ["FootagePlanner", "KnownClip", "draft_names", "name_shown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownClip:
    """A clip whose footage is known: its media, its piece of source time, the words spoken in its footage.

    `words_from` says for the report who wrote them: `a person`, `a file`, `nobody`, or the model's identity.
    """

    spec: ClipSpec
    media: MediaInfo
    range_in_source: TimeRange
    cues_in_source: tuple[Cue, ...]
    words_from: str


def name_shown(path: Path, root: Path) -> str:
    """How messages and step ids call a footage file: its place in the campaign, never an absolute path."""
    return printable(path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name)


def draft_names(campaign: Campaign) -> Mapping[tuple[Path, str], str]:
    """The draft's file name for each footage file and language.

    Its own stem, told apart where two files share one (IMG_0001.MOV and IMG_0001.MP4, or two folders), among all
    reels of the campaign's file: a reel that is rendered alone must find the draft that it has among the others.
    """
    root = campaign.workspace.root
    used = campaign.footage_and_languages
    names: dict[tuple[Path, str], str] = {}

    def stem(path: Path) -> str:
        return safe_name(path.stem, longest_bytes=200)

    by_stem = sorted({path for path, _ in used}, key=lambda path: (stem(path).casefold(), str(path)))
    for _, sharing in groupby(by_stem, key=lambda path: stem(path).casefold()):
        files = list(sharing)
        for path in files:
            # From the way to it: memory cards hold files of one name in several folders.
            mark = "" if len(files) == 1 else f"-{digest(os.path.relpath(path, root))[:6]}"
            for language in {language for other, language in used if other == path}:
                names[path, language] = f"{stem(path)}{mark}.{language}.srt"
    return names


class FootagePlanner:
    """Adds the steps that find out about footage, and tells what is known already."""

    def __init__(self, campaign: Campaign, survey: Survey, steps: StepsSoFar) -> None:
        self._workspace = campaign.workspace
        self._survey = survey
        self._steps = steps
        self._draft_names = draft_names(campaign)
        self._listening: dict[tuple[Path, str], SubtitleOptions] = {}

    def clip(self, reel: ReelSpec, spec: ClipSpec) -> KnownClip | Step:
        """The clip, or the step that will tell what is not known of it yet.

        Raises: FootageError, SubtitlesUnreadable, ModelMissing, RangeOutsideFootage.
        """
        shown = name_shown(spec.footage, self._workspace.root)
        identities = {spec.footage: self._survey.footage_identity(spec.footage)}
        probe = self._steps.add(
            f"probe {shown}", ProbeWork(footage=spec.footage), doing=f"probing {shown}", identities=identities
        )
        media = self._survey.media(probe.made_as)
        if media is None:
            heard = self._survey.glance(spec.footage)
            if spec.subtitles is not None:
                self._survey.subtitles(spec.subtitles)
            elif heard:
                self._announce_words(reel, spec, shown)
            return probe
        range_in_source = _wanted_range(spec, media)
        words = self._words(reel.subtitles, spec, probe, media, shown, identities)
        if isinstance(words, Step):
            return words
        cues, words_from = words
        return KnownClip(
            spec=spec,
            media=media,
            range_in_source=range_in_source,
            cues_in_source=cues,
            words_from=words_from,
        )

    def _draft(self, spec: ClipSpec, options: SubtitleOptions) -> str:
        return self._draft_names[spec.footage, options.language]

    def _words(
        self,
        options: SubtitleOptions,
        spec: ClipSpec,
        probe: Step,
        media: MediaInfo,
        shown: str,
        identities: Mapping[Path, str],
    ) -> tuple[tuple[Cue, ...], str] | Step:
        """The cues of a clip's footage in source time and who wrote them, or the step that will draft them."""
        if spec.subtitles is not None:
            given = self._survey.subtitles(spec.subtitles)
            return (given.cues if given is not None else ()), "a file"
        name = self._draft(spec, options)
        draft, record = (
            self._survey.subtitles(self._workspace.drafts_dir / name),
            self._survey.draft_record(name),
        )
        if draft is not None and (record is None or record.sha256 != draft.sha256):
            return draft.cues, "a person"  # they stand, whatever the recogniser would say now
        if not media.audio:
            return (), "nobody"
        self._require_one_way_of_listening(options, spec, shown)
        found = find_model(options.model, options.engine)
        listening = RecognitionOptions(
            model="",
            engine=options.engine,
            language=options.language,
            beam=options.beam,
            vad=options.vad,
            glossary=options.glossary,
        )
        transcribe = self._steps.add(
            f"transcribe {shown} {options.language}",
            TranscribeWork(
                footage=spec.footage,
                stream=media.audio[0].index,
                model=options.model,
                model_identity=found.identity,
                options=listening,
            ),
            tools=["faster_whisper" if options.engine == "faster-whisper" else "openai_whisper"],
            needs=[probe],
            doing=f"listening to {shown}",
            identities=identities,
        )
        drafting = self._steps.add(
            f"draft {name}",
            DraftWork(transcript=transcribe.made_as, draft=name, rules=CueRules()),
            needs=[transcribe],
            doing=f"drafting {name}",
            is_done=lambda result: (
                draft is not None and record is not None and record.fingerprint == result.fingerprint
            ),
        )
        return drafting if drafting.will_run or draft is None else (draft.cues, found.identity)

    def _require_one_way_of_listening(self, options: SubtitleOptions, spec: ClipSpec, shown: str) -> None:
        """Two reels share the draft of a footage file, so they cannot listen to it differently.

        Raises: CampaignProblems.
        """
        first = self._listening.setdefault((spec.footage, options.language), options)
        if first != options:
            raise CampaignProblems(
                problems=(
                    CampaignProblem(
                        where=f"{spec.where} {shown}",
                        found=Said(
                            "other options of listening than an earlier reel has for the same footage",
                            ko="같은 영상을 쓰는 앞의 릴스와 다른 받아쓰기 설정",
                        ),
                        expected=Said(
                            "the same subtitles options, for they share one draft",
                            ko="초안을 함께 쓰므로 같은 subtitles 설정",
                        ),
                        remedy=Said(
                            "move the subtitles options to the top of the campaign",
                            ko="subtitles 설정을 캠페인 맨 위로 옮겨 주세요",
                        ),
                    ),
                )
            )

    def _announce_words(self, reel: ReelSpec, spec: ClipSpec, shown: str) -> None:
        """What listening will follow a probe, as far as it can be said; a missing model is told before any work."""
        name = self._draft(spec, reel.subtitles)
        if not (self._workspace.drafts_dir / name).exists():
            find_model(reel.subtitles.model, reel.subtitles.engine)
            self._steps.add_unknown(f"transcribe {shown} {reel.subtitles.language}", "transcribe", reel=None)
            self._steps.add_unknown(f"draft {name}", "draft", reel=None)


def _wanted_range(spec: ClipSpec, media: MediaInfo) -> TimeRange:
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
