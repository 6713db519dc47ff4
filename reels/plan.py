"""Campaign → plan: which steps there are, which of them must run, and why. Planning never runs anything.

The planner asks a `Survey` what is known now. Where something is not known yet (a footage file that was never
probed, a draft that does not exist), the steps behind it are listed without a fingerprint, with the reason
`cascade`; `run` has the plan made again once the answer is there. So a plan never guesses.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import groupby
from pathlib import Path
from typing import Literal

from reels.art.draw import measure_logo, measure_lower_third, measure_title
from reels.art.elements import LowerThirdElement, TitleElement
from reels.cadence import nearest_delivery_rate
from reels.campaign.model import Campaign, ClipSpec, ReelSpec
from reels.campaign.template import (
    cover_look,
    lower_third_look,
    lower_third_motion,
    subtitle_look,
    title_look,
    title_motion,
    zones_of,
)
from reels.cues import CueRules, cues_for_burn_in
from reels.deliver import caption_text, safe_name
from reels.edit import cut_clips
from reels.encode import DeliverySpec, chunk_frames
from reels.errors import (
    CampaignProblem,
    CampaignProblems,
    RangeOutsideFootage,
    ReelsError,
    UsageError,
)
from reels.fingerprint import digest, paths_in
from reels.fonts import check_glyphs, load_font
from reels.geometry import Box, Raster
from reels.graph.picture import PictureSource, VideoPiece
from reels.graph.sound import AudioPiece, samples_at
from reels.layout import ElementSizes, Placements, place, rooms, scaled
from reels.media import MediaInfo
from reels.platforms import Platform
from reels.recognise import RecognitionOptions, find_model
from reels.steps import (
    ArtWork,
    AudioWork,
    CheckWork,
    ChunkWork,
    CoverWork,
    DeliverWork,
    DraftWork,
    JoinWork,
    Kind,
    LogoWork,
    LoudnessWork,
    OverlayUse,
    Plan,
    PlanFailure,
    ProbeWork,
    Reason,
    Step,
    TranscribeWork,
    Work,
    entry_for,
)
from reels.store import Result
from reels.subtitles import AssStyle, Cue, cue_frames
from reels.survey import Survey
from reels.timing import FrameRange, TimeRange, format_clock, frame_nearest, parse_clock

__all__ = ["Goal", "ToolVersions", "draft_names", "make_plan"]

Goal = Literal["deliver", "draft"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolVersions:
    """What results depend on beside their inputs; a changed version makes a step run again."""

    ffmpeg: str
    recogniser: str
    drawing: str


def make_plan(
    campaign: Campaign, survey: Survey, tools: ToolVersions, *, goal: Goal = "deliver", force: bool = False
) -> Plan:
    """Every step that the campaign's reels need, each shared step once, in an order in which it can be done.

    A reel that cannot be made as the campaign stands is a failure of the plan, and the others are planned.
    """
    planner = _Planner(campaign, survey, tools, force=force)
    for reel in campaign.reels:
        try:
            planner.reel(reel, goal)
        except ReelsError as error:
            planner.failures.append(PlanFailure(reel=reel.id, platform=None, error=error))
    return Plan(steps=_without_idle(planner.steps, goal), failures=tuple(planner.failures))


def draft_names(campaign: Campaign) -> Mapping[Path, str]:
    """The draft's name for each footage file: its own stem, told apart where two files share one."""
    footage = dict.fromkeys(clip.footage for reel in campaign.reels for clip in reel.clips)
    names: dict[Path, str] = {}
    by_stem = sorted(footage, key=lambda path: (_stem(path).casefold(), str(path)))
    for _, sharing in groupby(by_stem, key=lambda path: _stem(path).casefold()):
        files = list(sharing)
        for path in files:
            # IMG_0001.MOV and IMG_0001.MP4, or the same name in two folders.
            place = (
                path.relative_to(campaign.workspace.root)
                if path.is_relative_to(campaign.workspace.root)
                else path
            )
            names[path] = _stem(path) if len(files) == 1 else f"{_stem(path)}-{digest(place.as_posix())[:6]}"
    return names


def _stem(path: Path) -> str:
    return safe_name(path.stem, longest_bytes=200)


def _without_idle(steps: Sequence[Step], goal: Goal) -> tuple[Step, ...]:
    """Steps that nobody waits for stay idle: what they would make is already in a result further on."""
    ends = {"deliver"} if goal == "deliver" else {"draft"}
    wanted = {step.id for step in steps if step.will_run and (step.kind in ends or step.fingerprint is None)}
    pending = any(step.fingerprint is None for step in steps)
    needed: set[str] = set()
    for step in reversed(steps):
        if step.will_run and (
            step.id in wanted or step.fingerprint in needed or (pending and step.kind in ("probe", "draft"))
        ):
            wanted.add(step.id)
            needed.update(step.needs)
    return tuple(
        step if not step.will_run or step.id in wanted else replace(step, will_run=False, reason="reused")
        for step in steps
    )


# --- the planner -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class _Clip:
    """A clip whose footage is known: its media, its piece of source time, its words (None: not known yet)."""

    spec: ClipSpec
    media: MediaInfo
    probe: str
    range_in_source: TimeRange
    cues_in_source: tuple[Cue, ...] | None
    words_from: str | None


class _Planner:
    """Builds the steps of all reels; a step that two reels share is made once."""

    def __init__(self, campaign: Campaign, survey: Survey, tools: ToolVersions, *, force: bool) -> None:
        self.campaign = campaign
        self.survey = survey
        self.tools = tools
        self.force = force
        self.steps: list[Step] = []
        self.failures: list[PlanFailure] = []
        self._by_fingerprint: dict[str, Step] = {}
        self._ids: set[str] = set()
        self._draft_names = draft_names(campaign)

    # --- adding steps ------------------------------------------------------------------------------------

    def add(
        self,
        step_id: str,
        work: Work,
        *,
        tools: tuple[str, ...],
        needs: Sequence[str] = (),
        reel: str | None = None,
        platform: str | None = None,
        doing: str,
        identities: Mapping[Path, str] | None = None,
        is_done: Callable[[Result], bool] = lambda _result: True,
    ) -> Step:
        """Add a step, or find the one that makes the same result."""
        known = identities or {}
        identity = {path: known.get(path) or self.survey.file_identity(path) for path in paths_in(work)}
        versions = {name: getattr(self.tools, name) for name in tools}
        entry = entry_for(work, needs=tuple(needs), tools=versions, identity=identity)
        if entry.fingerprint in self._by_fingerprint:
            return self._by_fingerprint[entry.fingerprint]
        result = self.survey.result(entry.fingerprint)
        last = self.survey.last_made(step_id)
        reason: Reason
        if self.force:
            reason = "forced"
        elif result is not None and is_done(result):
            reason = "reused"
        elif last is None:
            reason = "new"
        elif last.fingerprint == entry.fingerprint:
            reason = "missing"
        elif last.tools != entry.tools:
            reason = "tool-changed"
        elif last.sources != entry.sources:
            upstream = any(
                need in self._by_fingerprint and self._by_fingerprint[need].will_run for need in needs
            )
            reason = "cascade" if upstream else "input-changed"
        else:
            reason = "option-changed"
        step = Step(
            id=step_id,
            kind=work.kind,
            reel=reel,
            platform=platform,
            reason=reason,
            will_run=reason != "reused",
            fingerprint=entry.fingerprint,
            work=work,
            needs=tuple(dict.fromkeys(needs)),
            entry=entry,
            doing=doing,
        )
        self.steps.append(step)
        self._by_fingerprint[entry.fingerprint] = step
        return step

    def add_unknown(self, step_id: str, kind: Kind, *, reel: str | None, platform: str | None = None) -> None:
        """A step that will run, but what it will be made from is not known yet."""
        if step_id in self._ids:
            return
        self._ids.add(step_id)
        self.steps.append(
            Step(id=step_id, kind=kind, reel=reel, platform=platform, reason="cascade", will_run=True)
        )

    # --- footage -----------------------------------------------------------------------------------------

    def _shown(self, path: Path) -> str:
        root = self.campaign.workspace.root
        return path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name

    def _probe(self, footage: Path) -> tuple[Step, MediaInfo | None]:
        identity = self.survey.footage_identity(footage)
        step = self.add(
            f"probe {self._shown(footage)}",
            ProbeWork(footage=footage),
            tools=(),
            doing=f"probing {footage.name}",
            identities={footage: identity},
        )
        media = (
            None
            if self.force and step.will_run and not self._probed(step)
            else self.survey.media(step.fingerprint or "")
        )
        if media is None:
            self.survey.glance(footage)
        return step, media

    def _probed(self, step: Step) -> bool:
        return self.survey.media(step.fingerprint or "") is not None

    def _words(
        self, reel: ReelSpec, clip: ClipSpec, probe: Step, media: MediaInfo
    ) -> tuple[tuple[Cue, ...] | None, str | None]:
        """The cues of a clip's footage in source time and the step that wrote them; None: not known yet."""
        if clip.subtitles is not None:
            given = self.survey.subtitles(clip.subtitles)
            return (given.cues if given else ()), None
        if not media.audio:
            return (), None
        options = reel.subtitles
        name = f"{self._draft_names[clip.footage]}.{options.language}.srt"
        path = self.campaign.workspace.drafts_dir / name
        state, record = self.survey.subtitles(path), self.survey.draft_record(name)
        if state is not None and (record is None or record.sha256 != state.sha256):
            return state.cues, None  # a person's words; whatever the recogniser would say now, they stand
        model = find_model(options.model, options.engine)
        transcribe = self.add(
            f"transcribe {self._shown(clip.footage)} {options.language}",
            TranscribeWork(
                footage=clip.footage,
                stream=media.audio[0].index,
                model=options.model,
                model_identity=model.identity,
                options=RecognitionOptions(
                    model="",
                    engine=options.engine,
                    language=options.language,
                    beam=options.beam,
                    vad=options.vad,
                    glossary=options.glossary,
                ),
            ),
            tools=("recogniser",),
            needs=[probe.fingerprint or ""],
            doing=f"listening to {clip.footage.name}",
            identities={clip.footage: self.survey.footage_identity(clip.footage)},
        )
        draft = self.add(
            f"draft {name}",
            DraftWork(transcript=transcribe.fingerprint or "", draft=name, rules=CueRules()),
            tools=(),
            needs=[transcribe.fingerprint or ""],
            doing=f"drafting {name}",
            is_done=lambda result: (
                state is not None and record is not None and record.fingerprint == result.fingerprint
            ),
        )
        if draft.will_run or state is None:
            return None, draft.fingerprint
        return state.cues, draft.fingerprint

    def _unknown_words(self, reel: ReelSpec, clip: ClipSpec) -> None:
        name = f"{self._draft_names[clip.footage]}.{reel.subtitles.language}.srt"
        if clip.subtitles is not None or (self.campaign.workspace.drafts_dir / name).exists():
            return
        find_model(reel.subtitles.model, reel.subtitles.engine)  # a missing model is told before any work
        heard = f"transcribe {self._shown(clip.footage)} {reel.subtitles.language}"
        self.add_unknown(heard, "transcribe", reel=None)
        self.add_unknown(f"draft {name}", "draft", reel=None)

    def _clip(self, reel: ReelSpec, spec: ClipSpec) -> _Clip | None:
        """The clip, or None while its footage has not been probed."""
        probe, media = self._probe(spec.footage)
        if media is None:
            self._unknown_words(reel, spec)
            return None
        cues, words_from = self._words(reel, spec, probe, media)
        return _Clip(
            spec=spec,
            media=media,
            probe=probe.fingerprint or "",
            range_in_source=_wanted_range(spec, media),
            cues_in_source=cues,
            words_from=words_from,
        )

    # --- one reel ----------------------------------------------------------------------------------------

    def reel(self, reel: ReelSpec, goal: Goal) -> None:
        clips = [self._clip(reel, spec) for spec in reel.clips]
        known = [clip for clip in clips if clip is not None]
        if goal == "draft":
            return
        if len(known) < len(clips) or any(clip.cues_in_source is None for clip in known):
            self._unknown_reel(reel)
            return
        for platforms in _platform_groups(reel.platforms):
            try:
                _ReelPlanner(self, reel, known, platforms).plan()
            except ReelsError as error:
                self.failures += [PlanFailure(reel=reel.id, platform=p.name, error=error) for p in platforms]

    def _unknown_reel(self, reel: ReelSpec) -> None:
        kinds: tuple[Kind, ...] = ("loudness", "audio", "chunk", "join", "cover", "check")
        for kind in kinds:
            self.add_unknown(f"{reel.id} {kind}", kind, reel=reel.id)
        for platform in reel.platforms:
            self.add_unknown(
                f"{reel.id} {platform.name} deliver", "deliver", reel=reel.id, platform=platform.name
            )


class _ReelPlanner:
    """The steps of one reel for the platforms that share one encode."""

    def __init__(
        self, planner: _Planner, reel: ReelSpec, clips: Sequence[_Clip], platforms: Sequence[Platform]
    ) -> None:
        self.planner = planner
        self.reel = reel
        self.clips = clips
        self.platforms = platforms
        rate = nearest_delivery_rate(clips[0].media.video.rate)
        self.spec = _delivery_spec(platforms, rate)
        self.cut = cut_clips([clip.range_in_source for clip in clips], rate)
        # A second master of the same reel, for a platform of another raster, has steps of its own.
        shared = platforms[0].raster == reel.platforms[0].raster
        self.prefix = reel.id if shared else f"{reel.id} {self.spec.raster}"
        self.identities = {
            clip.spec.footage: planner.survey.footage_identity(clip.spec.footage) for clip in clips
        }

    def plan(self) -> None:
        self._require_fitting_words_and_length()
        font = subtitle_look(self.reel.template, self.reel.brand)
        placements, elements = self._laid_out()
        style = self._style(font, placements)
        cues = self._cues(style, placements)
        chunks = self._chunks(placements, elements, style, cues)
        audio = self._audio()
        join = self._add(
            "join",
            JoinWork(
                chunks=tuple(step.fingerprint or "" for step, _ in chunks),
                chunk_frames=tuple(count for _, count in chunks),
                audio=audio.fingerprint or "",
                spec=self.spec,
            ),
            tools=("ffmpeg",),
            needs=[*(step.fingerprint or "" for step, _ in chunks), audio.fingerprint or ""],
            doing="joining",
        )
        cover = self._cover()
        check = self._add(
            "check",
            CheckWork(master=join.fingerprint or "", platforms=tuple(self.platforms)),
            tools=("ffmpeg",),
            needs=[join.fingerprint or ""],
            doing="checking",
        )
        for platform in self.platforms:
            self._delivery(platform, join, check, cover, audio, cues)

    def _add(
        self,
        name: str,
        work: Work,
        *,
        doing: str,
        tools: tuple[str, ...],
        needs: Sequence[str] = (),
        **more: object,
    ) -> Step:
        platform = more.get("platform")
        is_done = more.get("is_done")
        return self.planner.add(
            f"{self.prefix} {name}",
            work,
            tools=tools,
            needs=needs,
            reel=self.reel.id,
            platform=platform if isinstance(platform, str) else None,
            doing=f"{self.reel.id}: {doing}",
            identities=self.identities,
            is_done=is_done if callable(is_done) else lambda _result: True,
        )

    # --- what shows where --------------------------------------------------------------------------------

    def _laid_out(self) -> tuple[Placements, list[tuple[TitleElement | LowerThirdElement, ArtWork]]]:
        """Where everything stands, and the elements with the work that draws them."""
        reel, spec = self.reel, self.spec
        template, brand = reel.template, reel.brand
        zones = zones_of(template, brand)
        safe = _common_safe_area(self.platforms)
        logo = None
        if brand.logo is not None and template.logo.show:
            logo = measure_logo(brand.logo, room=rooms(spec.raster, safe, zones).logo)
        room = rooms(spec.raster, safe, zones, logo=logo)
        title_size: Raster | None = None
        third_sizes: list[Raster] = []
        drawn: list[tuple[TitleElement | LowerThirdElement, ArtWork]] = []
        if template.title.show and reel.title:
            look = title_look(template, brand)
            title_size = measure_title(
                reel.title, look, raster=spec.raster, room=room.title, where=f"{reel.where}.title"
            )
            frames = self._shown(
                template.title.at, template.title.shown_for, FrameRange(0, self.cut.frame_count)
            )
            if frames is not None:
                element: TitleElement | LowerThirdElement = TitleElement(
                    text=reel.title,
                    look=look,
                    motion=title_motion(template, raster=spec.raster, rate=spec.rate),
                    first_frame=frames.start,
                    frames=frames.count,
                )
                drawn.append((element, self._art_work(element, room.title, f"{reel.where}.title")))
        for span in self.cut.spans if template.lower_third.show else ():
            third = lower_third_look(template, brand)
            people = self.clips[span.clip].spec.people
            for index, person in enumerate(people):
                where = f"{self.clips[span.clip].spec.where} people[{index}]"
                third_sizes.append(
                    measure_lower_third(
                        person.name,
                        person.role,
                        third,
                        raster=spec.raster,
                        room=room.lower_third,
                        where=where,
                    )
                )
                frames = self._shown(
                    template.lower_third.at + index * template.lower_third.shown_for,
                    template.lower_third.shown_for,
                    span.range_in_programme,
                )
                if frames is not None:
                    element = LowerThirdElement(
                        name=person.name,
                        role=person.role,
                        look=third,
                        motion=lower_third_motion(template, raster=spec.raster, rate=spec.rate),
                        first_frame=frames.start,
                        frames=frames.count,
                    )
                    drawn.append((element, self._art_work(element, room.lower_third, where)))
        tallest = (
            Raster(max(s.width for s in third_sizes), max(s.height for s in third_sizes))
            if third_sizes
            else None
        )
        sizes = ElementSizes(title=title_size, lower_third=tallest, logo=logo)
        return place(spec.raster, safe, zones, sizes), drawn

    def _art_work(self, element: TitleElement | LowerThirdElement, room: Raster, where: str) -> ArtWork:
        # Where the element stands in the reel does not change its pictures.
        return ArtWork(
            element=replace(element, first_frame=0),
            room=room,
            raster=self.spec.raster,
            rate=self.spec.rate,
            where=where,
        )

    def _shown(self, at: Fraction, shown_for: Fraction, within: FrameRange) -> FrameRange | None:
        rate = self.spec.rate
        start = within.start + frame_nearest(at, rate)
        return FrameRange(start, start + max(1, frame_nearest(shown_for, rate))).intersection(within)

    def _style(self, look: object, placements: Placements) -> AssStyle:
        from reels.campaign.template import SubtitleLook

        assert isinstance(look, SubtitleLook)
        raster = self.spec.raster
        area = placements.subtitles
        opacity = round(255 * look.box_opacity)
        return AssStyle(
            font=load_font(look.font),
            size_px=scaled(look.size_px, raster),
            primary_colour=str(look.text),
            outline_colour=str(look.outline),
            back_colour=f"{look.box or look.outline}{opacity:02X}",
            outline_px=scaled(look.outline_px, raster),
            box=look.box is not None,
            box_padding_px=scaled(look.box_padding_px, raster),
            margin_bottom_px=area.bottom_margin_px,
            margin_left_px=area.left_margin_px,
            margin_right_px=area.right_margin_px,
        )

    def _cues(self, style: AssStyle, placements: Placements) -> tuple[Cue, ...]:
        """All cues in programme time, broken into lines that fit."""
        moved = []
        for number, clip in enumerate(self.clips):
            for cue in clip.cues_in_source or ():
                for shown in self.cut.to_programme(number, TimeRange(cue.start, cue.end)):
                    if shown.duration * self.spec.rate >= 1:
                        moved.append(Cue(start=shown.start, end=shown.end, lines=cue.lines))
        rules = CueRules(
            max_lines=self.reel.template.subtitles.lines,
            font=style.font,
            font_size_px=style.size_px,
            max_width_px=placements.subtitles.max_text_width_px,
        )
        cues = cues_for_burn_in(moved, rules, self.spec.rate, frame_count=self.cut.frame_count)
        check_glyphs(style.font, [(f"{self.reel.id} {format_clock(cue.start)}", cue.text) for cue in cues])
        return cues

    # --- picture and sound -------------------------------------------------------------------------------

    def _chunks(
        self,
        placements: Placements,
        drawn: Sequence[tuple[TitleElement | LowerThirdElement, ArtWork]],
        style: AssStyle,
        cues: Sequence[Cue],
    ) -> list[tuple[Step, int]]:
        overlays: list[tuple[OverlayUse, FrameRange]] = []
        everywhere = FrameRange(0, self.cut.frame_count)
        brand, template = self.reel.brand, self.reel.template
        if placements.logo is not None and brand.logo is not None:
            box = placements.logo
            logo = self._add(
                "logo",
                LogoWork(
                    logo=brand.logo,
                    room=Raster(box.width, box.height),
                    raster=self.spec.raster,
                    opacity=template.logo.opacity,
                ),
                tools=("drawing",),
                doing="drawing the logo",
            )
            overlays.append((OverlayUse(art=logo.fingerprint or "", left=box.left, top=box.top), everywhere))
        for number, (element, work) in enumerate(drawn):
            is_title = isinstance(element, TitleElement)
            name = "title" if is_title else f"lower-third-{number}"
            step = self._add(name, work, tools=("drawing", "ffmpeg"), doing=f"drawing {name}")
            shown = FrameRange(element.first_frame, element.first_frame + element.frames)
            where = self._place_of(element, work, placements)
            use = OverlayUse(
                art=step.fingerprint or "",
                left=where.left,
                top=where.top,
                first_frame=shown.start,
                frames=shown.count,
            )
            overlays.append((use, shown))
        length = chunk_frames(self.spec)
        chunks = []
        for number, start in enumerate(range(0, self.cut.frame_count, length)):
            frames = FrameRange(start, min(start + length, self.cut.frame_count))
            chunks.append((self._chunk(number, frames, overlays, style, cues), frames.count))
        return chunks

    def _place_of(
        self, element: TitleElement | LowerThirdElement, work: ArtWork, placements: Placements
    ) -> Box:
        if isinstance(element, TitleElement):
            assert placements.title is not None
            return placements.title
        assert placements.lower_third is not None
        size = measure_lower_third(
            element.name, element.role, element.look, raster=work.raster, room=work.room, where=work.where
        )
        # Every person's plate stands on the same line, whoever's is the tallest.
        box = placements.lower_third
        return Box.at(box.left, box.bottom - size.height, size)

    def _chunk(
        self,
        number: int,
        frames: FrameRange,
        overlays: Sequence[tuple[OverlayUse, FrameRange]],
        style: AssStyle,
        cues: Sequence[Cue],
    ) -> Step:
        shown = [(use, when) for use, when in overlays if when.intersection(frames)]
        spoken = tuple(cue for cue in cues if cue_frames(cue, self.spec.rate).intersection(frames))
        pieces = tuple(
            VideoPiece(
                source=_picture_source(self.clips[span.clip].spec.footage, self.clips[span.clip].media),
                start=span.range_in_source.start,
                frames=span.range_in_programme.count,
                framing=self.clips[span.clip].spec.framing,
            )
            for span in self.cut.within(frames)
        )
        work = ChunkWork(
            pieces=pieces,
            overlays=tuple(
                use if use.frames is None else replace(use, first_frame=use.first_frame - frames.start)
                for use, _ in shown
            ),
            cues=spoken,
            style=style,
            first_frame=frames.start if spoken else 0,
            spec=self.spec,
        )
        return self._add(
            f"chunk {number:04}",
            work,
            tools=("ffmpeg",),
            needs=[use.art for use, _ in shown],
            doing=f"encoding chunk {number}",
        )

    def _audio(self) -> Step:
        rate = self.spec.rate
        pieces = tuple(
            AudioPiece(
                path=self.clips[span.clip].spec.footage,
                stream=self.clips[span.clip].media.audio[0].index
                if self.clips[span.clip].media.audio
                else None,
                container_start=self.clips[span.clip].media.start_time,
                start=span.range_in_source.start,
                samples=samples_at(span.range_in_programme.end, rate)
                - samples_at(span.range_in_programme.start, rate),
            )
            for span in self.cut.spans
        )
        sound = self._add("sound", LoudnessWork(pieces=pieces), tools=("ffmpeg",), doing="mixing the sound")
        return self._add(
            "audio",
            AudioWork(sound=sound.fingerprint or "", spec=self.spec),
            tools=("ffmpeg",),
            needs=[sound.fingerprint or ""],
            doing="setting the level",
        )

    def _cover(self) -> Step:
        frame = self.cut.frame_count // 3
        clip, start = self.cut.to_source(frame)
        spec = self.clips[clip].spec
        return self._add(
            "cover",
            CoverWork(
                piece=VideoPiece(
                    source=_picture_source(spec.footage, self.clips[clip].media),
                    start=start,
                    frames=1,
                    framing=spec.framing,
                ),
                title=self.reel.title or "",
                look=cover_look(self.reel.template, self.reel.brand),
                spec=self.spec,
                limit_bytes=2_000_000,
            ),
            tools=("ffmpeg", "drawing"),
            doing="drawing the cover",
        )

    def _delivery(
        self, platform: Platform, join: Step, check: Step, cover: Step, audio: Step, cues: tuple[Cue, ...]
    ) -> None:
        reel = self.reel
        self._add(
            f"{platform.name} deliver",
            DeliverWork(
                master=join.fingerprint or "",
                check=check.fingerprint or "",
                cover=cover.fingerprint or "",
                audio=audio.fingerprint or "",
                folder=f"{safe_name(reel.id)}/{platform.name}",
                name=safe_name(reel.id),
                srt_name=platform.sidecar_for(safe_name(reel.id)),
                cues=cues,
                caption=caption_text(reel.caption, reel.hashtags),
                platform=platform.name,
                title=reel.title or "",
                frames=self.cut.frame_count,
                rate=self.spec.rate,
                footage=tuple(self.planner._shown(clip.spec.footage) for clip in self.clips),
                recognised_by=reel.subtitles.model,
            ),
            tools=(),
            needs=[
                join.fingerprint or "",
                check.fingerprint or "",
                cover.fingerprint or "",
                audio.fingerprint or "",
            ],
            doing=f"handing over for {platform.name}",
            platform=platform.name,
            is_done=lambda result: self.planner.survey.is_delivered(result.facts),
        )

    # --- what cannot be ----------------------------------------------------------------------------------

    def _require_fitting_words_and_length(self) -> None:
        """Raises: CampaignProblems where a platform would refuse the length or the caption."""
        problems = []
        length = self.cut.duration
        caption = caption_text(self.reel.caption, self.reel.hashtags)
        for platform in self.platforms:
            where = f"{self.reel.where} for {platform.name}"
            if platform.duration_max is not None and length > platform.duration_max:
                problems.append(
                    CampaignProblem(
                        where=where,
                        found=f"{float(length):.1f} s",
                        expected=f"at most {float(platform.duration_max):g} s",
                        remedy=f"take {float(length - platform.duration_max):.1f} s out with in and out points",
                    )
                )
            if platform.duration_min is not None and length < platform.duration_min:
                problems.append(
                    CampaignProblem(
                        where=where,
                        found=f"{float(length):.1f} s",
                        expected=f"at least {float(platform.duration_min):g} s",
                        remedy="move the in and out points apart or add a clip",
                    )
                )
            if (
                platform.caption_limit is not None
                and platform.caption_length(caption) > platform.caption_limit
            ):
                problems.append(
                    CampaignProblem(
                        where=f"{where} caption",
                        found=f"{platform.caption_length(caption)} characters with hashtags",
                        expected=f"at most {platform.caption_limit}",
                        remedy="shorten the caption",
                    )
                )
            if platform.max_hashtags is not None and len(self.reel.hashtags) > platform.max_hashtags:
                problems.append(
                    CampaignProblem(
                        where=f"{where} hashtags",
                        found=f"{len(self.reel.hashtags)} hashtags",
                        expected=f"at most {platform.max_hashtags}",
                        remedy="keep the most important ones",
                    )
                )
        if problems:
            raise CampaignProblems(problems=tuple(problems))


# --- values ----------------------------------------------------------------------------------------------


def _wanted_range(spec: ClipSpec, media: MediaInfo) -> TimeRange:
    """In and out points as source time, clipped to the picture that there is.

    Raises: RangeOutsideFootage.
    """
    video = media.video
    start = parse_clock(spec.in_point, rate=video.rate) if spec.in_point else video.first_pts
    end = parse_clock(spec.out_point, rate=video.rate) if spec.out_point else video.last_pts_end
    end = min(end, video.last_pts_end)
    if not start < end:
        raise RangeOutsideFootage(
            path=spec.footage.name,
            in_point=format_clock(start),
            out_point=spec.out_point or format_clock(end),
            duration=format_clock(media.duration),
        )
    return TimeRange(start, end)


def _picture_source(path: Path, media: MediaInfo) -> PictureSource:
    video = media.video
    turned = video.rotation % 180 == 90
    coded = video.coded
    return PictureSource(
        path=path,
        stored=Raster(coded.height, coded.width) if turned else coded,
        sar=1 / video.sar if turned else video.sar,
        interlaced=video.interlaced,
        transfer=video.transfer,
        video_stream=video.index,
        container_start=media.start_time,
    )


def _platform_groups(platforms: Sequence[Platform]) -> list[list[Platform]]:
    """Platforms that one encode can serve, in the order of the campaign."""
    groups: dict[Raster, list[Platform]] = {}
    for platform in platforms:
        groups.setdefault(platform.raster, []).append(platform)
    return list(groups.values())


def _delivery_spec(platforms: Sequence[Platform], rate: Fraction) -> DeliverySpec:
    """The encode that satisfies all of `platforms` at once: the strictest value of each limit."""
    gops = [p.max_gop for p in platforms if p.max_gop is not None]
    rates = [p.max_video_bitrate for p in platforms if p.max_video_bitrate is not None]
    default = DeliverySpec(rate=rate)
    return replace(
        default,
        raster=platforms[0].raster,
        gop_seconds=min([default.gop_seconds, *gops]),
        max_video_kbps=min([default.max_video_kbps, *(bits * 4 // 5 // 1000 for bits in rates)]),
        target_lufs=min(p.target_lufs for p in platforms),
        ceiling_dbtp=min(p.max_true_peak_dbtp for p in platforms),
    )


def _common_safe_area(platforms: Sequence[Platform]) -> Box:
    """What every platform's buttons leave free.

    Raises: UsageError where nothing is left.
    """
    safe: Box | None = platforms[0].safe_area
    for platform in platforms[1:]:
        safe = safe.intersection(platform.safe_area) if safe else None
    if safe is None:
        raise UsageError(
            where="platforms",
            found=", ".join(p.name for p in platforms),
            expected="platforms whose safe areas overlap",
            remedy="make them in two reels",
        )
    return safe
