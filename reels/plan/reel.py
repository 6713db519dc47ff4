"""The steps of one reel, for the platforms that share one encode: from chunks to the hand-over."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from reels.campaign.model import ReelSpec
from reels.deliver import safe_name
from reels.edit import Span, with_cards
from reels.encode import Encoder, Quality, chunk_frames, drafted
from reels.errors import CampaignProblems, ReelsError
from reels.framing import Framing
from reels.interchange import Programme
from reels.layout import Obstacle, Stage
from reels.plan.asked import frame_asked_for
from reels.plan.captions import Captions, captions_of
from reels.plan.cards import cards_of, ground_of, inserted, seconds_of
from reels.plan.chunks import Showing
from reels.plan.cover import cover_work, require_cover_time
from reels.plan.cut import cut_of
from reels.plan.delivery import (
    common_keep_clear,
    common_safe_area,
    length_problems,
    nothing_left,
    picture_spec,
    rate_for,
    sound_spec,
)
from reels.plan.elements import shows_over_footage
from reels.plan.encodes import Encode
from reels.plan.faces import faces_on_screen
from reels.plan.footage import KnownClip, name_shown
from reels.plan.framing import faces_work, framing_work
from reels.plan.overlays import FacesDuring, OverlaysOfReel, PlacedOverlay, overlays_of
from reels.plan.pieces import Pieces
from reels.plan.post import post_of, text_told
from reels.plan.screen import Screen, screen_of, stage_for
from reels.plan.shown import shown_boxes
from reels.plan.sound import audio_pieces, bed_of
from reels.plan.steadying import stabilise_work
from reels.plan.steps_so_far import StepsSoFar
from reels.plan.told import ToldOfClips, notes_of_clips, told_of_clips, used_media
from reels.platforms import Platform
from reels.said import Said
from reels.steadying import Steady
from reels.steps import (
    AudioWork,
    CheckWork,
    DeliverWork,
    FrameWork,
    GroundWork,
    JoinWork,
    LoudnessWork,
    ReelCut,
    Step,
    Work,
)
from reels.store import Result
from reels.subtitles import Sidecar, cue_frames
from reels.survey import Survey
from reels.timing import FrameRange

__all__ = ["ReelPlanner"]


class ReelPlanner:
    """Plans one reel whose footage is known; `films` are those that play behind its cards.

    Raises: CampaignProblems where all of it is cut away; ToolMissing.
    """

    def __init__(
        self,
        reel: ReelSpec,
        clips: Sequence[KnownClip],
        encode: Encode,
        *,
        root: Path,
        survey: Survey,
        steps: StepsSoFar,
        films: Mapping[Path, KnownClip] | None = None,
        encoder: Encoder = "x264",
        quality: Quality = "full",
    ) -> None:
        platforms = encode.platforms
        self.reel = reel
        self.platforms = platforms
        self._why = encode.why
        self._root = root
        self._survey = survey
        self._steps = steps
        rate = rate_for(reel, clips, platforms[0])
        self.cards = cards_of(reel, rate)
        played = cut_of(
            reel, clips, platforms, rate, heard=survey.transcript, cards=seconds_of(self.cards, rate)
        )
        self.clips, self.cutting = played.clips, played.cutting
        self.cut = with_cards(self.cutting.edit, inserted(self.cards, played.number_of))
        self._films = films or {}
        own = {number for number, clip in enumerate(self.clips) if not clip.spec.is_brands}
        if not self.cut.spans or (own and not any(span.clip in own for span in self.cutting.edit.spans)):
            raise CampaignProblems(problems=(nothing_left(reel),))
        require_cover_time(reel, self.cut)
        self.spec = picture_spec(platforms, rate, self.cut.duration, encoder=encoder)
        # A second master of the same reel, for platforms that cannot share the first, has steps of its own.
        self._prefix = f"{reel.id} {encode.label}".rstrip()
        if quality == "draft":
            self.spec, self._prefix = drafted(self.spec), f"{self._prefix} draft"
        heard = [card.spec.voice for card in self.cards]
        read = [reel.voice, *heard, *self._films, *(clip.spec.footage for clip in clips)]
        if reel.music is not None:
            read.append(reel.music.path)
        self._identities = {path: survey.footage_identity(path) for path in read if path is not None}
        self._framings: dict[int, Framing] = {}
        self._faces: dict[int, Framing] = {}
        """The same, and of clips whose picture leaves a window no room: where faces are."""
        self._steadies: dict[int, Steady] = {}
        self._placed: OverlaysOfReel | None = None
        self._covering: tuple[Said, ...] = ()

    def refusals(self) -> list[tuple[Platform, ReelsError]]:
        """The platforms that would not take a reel of this length."""
        refused: list[tuple[Platform, ReelsError]] = []
        for platform in self.platforms:
            problems = length_problems(self.reel, platform, self.cut.duration)
            if problems:
                refused.append((platform, CampaignProblems(problems=tuple(problems))))
        return refused

    def require_room(self) -> None:
        """Raises: CampaignProblems for what is drawn and finds no room, before anybody looks where faces are."""
        self._placed = self._place(None)

    def plan(self) -> ReelCut:
        """Add every step; how the reel is cut. `look` comes first.

        Raises: CampaignProblems, UsageError, FontMissing, GlyphMissing.
        """
        screen, captions = self._laid_out()
        overlays = self._overlays()
        showing = self._showing(screen, captions, overlays)
        chunks = self._chunks(showing)
        audio = self._audio()
        join = self._join(chunks, audio)
        cover = self._cover(showing.grounds)
        check = self._add(
            "check",
            CheckWork(
                master=join.made_as,
                platforms=tuple(self.platforms),
                shown=shown_boxes(
                    overlays, captions.burned_in, screen.style, self.spec.raster, self.spec.rate
                ),
            ),
            tools=["ffmpeg"],
            needs=[join],
            doing=Said("checking", ko="점검하기"),
        )
        told = told_of_clips(self._pieces, self.cut, self._root)
        for platform in self.platforms:
            self._hand_over(platform, join, check, cover, audio, captions, told)
        return self._reel_cut(screen, captions)

    def plan_proxy(self) -> tuple[Step, ReelCut]:
        """Add the steps of a film to look at while words are corrected: all but the subtitles, quickly encoded.

        The step that joins it, and how the reel is cut. `look` comes first. Raises: as `plan`.
        """
        screen, captions = self._laid_out()
        showing = self._showing(screen, captions, self._overlays())
        chunks = self._chunks(replace(showing, cues=(), spec=drafted(self.spec)), of="proxy ")
        return self._join(chunks, self._audio(), of="proxy "), self._reel_cut(screen, captions)

    def plan_frames(self, moments: Sequence[str]) -> tuple[list[Step], ReelCut]:
        """Add a step for the frame shown at each of `moments`, times of the programme, and those that they need.

        One step for each moment, in their order, and how the reel is cut; moments that show the same share one.

        `look` comes first. Raises: UsageError for what is no time of this reel; as `plan`.
        """
        numbers = [frame_asked_for(at, self.cut) for at in moments]
        screen, captions = self._laid_out()
        showing = self._showing(screen, captions, self._overlays())
        steps = []
        for number in numbers:
            shown, needs = showing.during(FrameRange(number, number + 1))
            doing = Said(f"drawing frame {number}", ko=f"{number}번째 프레임 그리기")
            work = FrameWork(shown=shown)
            steps.append(self._add(f"frame {number}", work, tools=["ffmpeg"], needs=needs, doing=doing))
        return steps, self._reel_cut(screen, captions)

    def _laid_out(self) -> tuple[Screen, Captions]:
        screen = screen_of(self.reel, self._stage)
        return screen, captions_of(self.reel, self.clips, self.cut, screen)

    @cached_property
    def _stage(self) -> Stage:
        safe, keep_clear = common_safe_area(self.platforms), common_keep_clear(self.platforms)
        return stage_for(self.reel, self.spec, safe, keep_clear)

    def _overlays(self) -> tuple[PlacedOverlay, ...]:
        if self._faces:
            self._placed = self._place(self._heads)
        found = self._placed or self._place(None)
        self._covering = found.notes
        return found.overlays

    def _heads(self, during: Sequence[FrameRange]) -> tuple[Obstacle, ...]:
        return faces_on_screen(
            self.cut, self._faces, self.spec.raster, during=during, held=self._steadies.keys()
        )

    def _place(self, faces_during: FacesDuring | None) -> OverlaysOfReel:
        specs = [clip.spec for clip in self.clips]
        return overlays_of(self.reel, specs, self.cards, self.cut, self.spec, self._stage, faces_during)

    def look(self) -> list[Step]:
        """Add the steps that look for people and for shake; those without which nothing else can be planned."""
        awaited = []
        for number, clip in enumerate(self.clips):
            if self.cut.of_clip(number) is None:
                continue
            shown = name_shown(clip.spec.footage, self._root)
            awaited += self._watch(number, clip, shown)
            aspect = self.spec.raster.aspect
            work = framing_work(clip, aspect)
            follows = work is not None
            if work is None and shows_over_footage(self.reel):
                work = faces_work(clip, aspect)
            if work is None:
                continue
            step = self._add(
                f"framing {number + 1}",
                work,
                tools=["ffmpeg", "faces"],
                doing=Said(f"looking for people in {shown}", ko=f"{shown}에서 사람 찾기"),
                is_done=lambda result: self._survey.framing(result.fingerprint) is not None,
            )
            found = self._survey.framing(step.made_as)
            if step.will_run or found is None:
                awaited.append(step)
                continue
            self._faces[number] = found
            if follows:
                self._framings[number] = found
        return awaited

    def cut_so_far(self) -> ReelCut:
        """What `plan` gives, while `look` awaits a step: where people are decides nothing of the cut.

        Raises: as `plan`, for what can be told before anybody has looked.
        """
        return self._reel_cut(*self._laid_out())

    def _watch(self, number: int, clip: KnownClip, shown: str) -> list[Step]:
        """Add the step that watches for shake, if one is wanted; it, if it must run first."""
        work = stabilise_work(clip, self.spec.raster.aspect)
        if work is None:
            return []
        step = self._add(
            f"stabilise {number + 1}",
            work,
            tools=["ffmpeg"],
            doing=Said(f"watching how {shown} shakes", ko=f"{shown}의 흔들림 살피기"),
            is_done=lambda result: self._survey.steady(result.fingerprint) is not None,
        )
        found = self._survey.steady(step.made_as)
        if step.will_run or found is None:
            return [step]
        self._steadies[number] = found
        return []

    def _reel_cut(self, screen: Screen, captions: Captions) -> ReelCut:
        media = used_media(self.clips, self._root)
        notes = notes_of_clips(self._pieces, self.cut, self.cutting.notes, self._root)
        return ReelCut(
            reel=self.reel.id,
            platforms=tuple(platform.name for platform in self.platforms),
            cutting=self.cutting,
            programme=Programme(
                name=self.reel.title or self.reel.id, edit=self.cut, media=media, cues=captions.for_sidecar
            ),
            clips=tuple(clip.spec for clip in self.clips),
            burned_in=captions.burned_in,
            style=screen.style,
            raster=self.spec.raster,
            notes=tuple(dict.fromkeys((*self._another(), *self.reel.edit_notes, *notes, *self._covering))),
        )

    def _another(self) -> Iterator[Said]:
        """Why these platforms do not share the reel's first encode."""
        if self._why is not None:
            names = ", ".join(platform.name for platform in self.platforms)
            yield Said(
                f"another encode for {names}: {self._why}", ko=f"{names}용 인코딩을 따로 만듦: {self._why.ko}"
            )

    def _add(
        self,
        name: str,
        work: Work,
        *,
        doing: Said,
        tools: Sequence[str] = (),
        needs: Sequence[Step] = (),
        platform: str | None = None,
        is_done: Callable[[Result], bool] | None = None,
    ) -> Step:
        return self._steps.add(
            f"{self._prefix} {name}",
            work,
            tools=tools,
            needs=needs,
            reel=self.reel.id,
            platform=platform,
            doing=Said(f"{self.reel.id}: {doing}", ko=f"{self.reel.id}: {doing.ko}"),
            identities=self._identities,
            is_done=is_done,
        )

    # --- words and picture -------------------------------------------------------------------------------

    def _showing(self, screen: Screen, captions: Captions, overlays: Sequence[PlacedOverlay]) -> Showing:
        """All that the reel shows; adds the steps that draw it."""
        drawn = [
            self._add(overlay.name, overlay.work, tools=["drawing", "ffmpeg"], doing=overlay.doing)
            for overlay in overlays
        ]
        return Showing(
            cut=self.cut,
            pieces=self._pieces,
            overlays=list(zip(drawn, overlays, strict=True)),
            grounds=self._drawn_grounds(),
            cues=[(cue_frames(cue, self.spec.rate), cue) for cue in captions.burned_in],
            style=screen.style,
            spec=self.spec,
        )

    def _chunks(self, showing: Showing, *, of: str = "") -> list[tuple[Step, int]]:
        """The chunks on the fixed grid, with their lengths in frames; `of` tells their steps from others."""
        length = chunk_frames(self.spec)
        chunks = []
        for number, start in enumerate(range(0, self.cut.frame_count, length)):
            frames = FrameRange(start, min(start + length, self.cut.frame_count))
            work, needs = showing.during(frames)
            doing = Said(f"encoding chunk {number}", ko=f"조각 {number} 인코딩")
            step = self._add(f"{of}chunk {number:04}", work, tools=["ffmpeg"], needs=needs, doing=doing)
            chunks.append((step, frames.count))
        return chunks

    def _join(self, chunks: Sequence[tuple[Step, int]], audio: Step, *, of: str = "") -> Step:
        return self._add(
            f"{of}join",
            JoinWork(
                chunks=tuple(step.made_as for step, _ in chunks),
                chunk_frames=tuple(frames for _, frames in chunks),
                audio=audio.made_as,
                rate=self.spec.rate,
            ),
            tools=["ffmpeg"],
            needs=[*(step for step, _ in chunks), audio],
            doing=Said("joining", ko="이어 붙이기"),
        )

    def _drawn_grounds(self) -> dict[int, Step]:
        """The steps that draw what stands behind cards, by the cards' numbers."""
        return {
            number: self._add(
                f"ground {number + 1}",
                GroundWork(ground=ground, raster=self.spec.raster),
                tools=["drawing"],
                doing=Said(f"drawing the ground of card {number + 1}", ko=f"카드 {number + 1} 바탕 그리기"),
            )
            for number, card in enumerate(self.cards)
            if (ground := ground_of(card, self.reel.brand)) is not None
        }

    @property
    def _pieces(self) -> Pieces:
        return Pieces(
            clips=self.clips,
            cards=self.cards,
            films=self._films,
            framings=self._framings,
            steadies=self._steadies,
            spec=self.spec,
        )

    def _is_own(self, span: Span) -> bool:
        """Whether it is the reel's, and not what the brand puts before or behind it."""
        of_brand = self.cards[span.clip].spec if span.is_card else self.clips[span.clip].spec
        return of_brand.of_brand is None

    def _cover(self, grounds: Mapping[int, Step]) -> Step:
        work = cover_work(
            self.reel,
            self.platforms,
            self.cut,
            self.spec,
            self._pieces.of_clip,
            is_own=self._is_own,
            grounds={number: step.made_as for number, step in grounds.items()},
            behind=self._pieces.behind,
            words=next((card.spec.text for card in self.cards if card.spec.text), ""),
        )
        return self._add(
            "cover",
            work,
            tools=["ffmpeg", "drawing", "faces"],
            needs=[step for step in grounds.values() if step.made_as == work.ground],
            doing=Said("drawing the cover", ko="표지 그리기"),
        )

    # --- sound -------------------------------------------------------------------------------------------

    def _audio(self) -> Step:
        pieces = audio_pieces(self.reel, self.clips, self.cards, self.cut)
        mixing = Said("mixing the sound", ko="소리 섞기")
        sound = self._add(
            "sound", LoudnessWork(pieces=pieces, bed=bed_of(self.reel)), tools=["ffmpeg"], doing=mixing
        )
        return self._add(
            "audio",
            AudioWork(sound=sound.made_as, spec=sound_spec(self.platforms)),
            tools=["ffmpeg"],
            needs=[sound],
            doing=Said("setting the level", ko="음량 맞추기"),
        )

    # --- hand-over ---------------------------------------------------------------------------------------

    def _hand_over(
        self,
        platform: Platform,
        join: Step,
        check: Step,
        cover: Step,
        audio: Step,
        captions: Captions,
        told: ToldOfClips,
    ) -> None:
        reel, name = self.reel, safe_name(self.reel.id)
        post = post_of(reel, platform)
        spoken = {reel.subtitles.language: (captions.for_sidecar, captions.written)}
        if reel.captions.second:
            spoken.setdefault(reel.captions.second, (captions.second_for_sidecar, captions.second_written))
        self._add(
            f"{platform.name} deliver",
            DeliverWork(
                master=join.made_as,
                check=check.made_as,
                cover=cover.made_as,
                audio=audio.made_as,
                folder=f"{name}/{platform.name}",
                name=name,
                sidecars=tuple(
                    Sidecar.of(
                        shown, language=language, srt_name=platform.sidecar_for(name, language), prose=prose
                    )
                    for language, (shown, prose) in spoken.items()
                ),
                caption=post.as_file,
                text=text_told(post, platform),
                platform=platform.name,
                title=reel.title or "",
                frames=self.cut.frame_count,
                rate=self.spec.rate,
                footage=tuple(name_shown(clip.spec.footage, self._root) for clip in self.clips),
                footage_identity=tuple(self._identities[clip.spec.footage] for clip in self.clips),
                words_from=tuple(
                    dict.fromkeys(clip.words_from for clip in self.clips if not clip.spec.wordless)
                ),
                removed=self.cut.removed,
                not_cut=self.cutting.not_cut,
                framed=told.framed,
                picture=told.picture,
                sound=told.sound,
                covering=self._covering,
                texts=reel.texts,
                music=name_shown(reel.music.path, self._root) if reel.music is not None else "",
                cover_accepted=platform.cover_accepted,
            ),
            needs=[join, check, cover, audio],
            doing=Said(f"handing over for {platform.name}", ko=f"{platform.name}용 파일 내놓기"),
            platform=platform.name,
            is_done=lambda result: self._survey.is_delivered(result.facts),
        )
