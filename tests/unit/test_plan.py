"""The planner over a store with hand-made results: which steps there are, which will run, and why.

Nothing is performed here: `finish` leaves in the store what the steps of a plan would leave, so that the next
plan sees a world in which they have run.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import sys
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import get_args

import pytest

from reels.campaign.load import load_campaign
from reels.campaign.model import Campaign, Workspace
from reels.campaign.single import single_reel
from reels.campaign.template import load_template
from reels.cli.outcome import STATUS_WORDS
from reels.cli.progress import shown_run
from reels.drafts import REPORT_SCHEMA, DraftRecord, NewDraft, put_draft, words_digest
from reels.errors import (
    CampaignProblems,
    CheckFailed,
    FootageMissing,
    FootageRefused,
    GlyphMissing,
    ModelMissing,
    RangeOutsideFootage,
    SubtitlesUnreadable,
    UsageError,
)
from reels.footage import content_identity
from reels.geometry import Raster
from reels.graph.picture import VideoPiece
from reels.media import AudioStream, MediaInfo, VideoStream, to_json
from reels.plan import Goal, draft_names, make_plan, orphan_drafts
from reels.plan.footage import FootagePlanner, KnownClip
from reels.plan.steps_so_far import StepsSoFar, without_idle
from reels.platforms import load_platform
from reels.recognise import FoundModel, find_model, nano_ko
from reels.render.outcomes import Status, reported
from reels.run import RunEvent, RunReport
from reels.said import Said
from reels.steps import (
    REASONS,
    TELLING_KINDS,
    ArtWork,
    ChunkWork,
    DeliverWork,
    DraftWork,
    JoinWork,
    Kind,
    Plan,
    ProbeWork,
    Reason,
    Step,
    TranscribeWork,
    entry_for,
)
from reels.store import Store
from reels.subtitles import Cue, cue_frames, write_srt
from reels.survey import Survey
from reels.timing import FrameRange
from reels.transcript import Segment, Transcript, Word
from reels.transcript import to_json as transcript_to_json
from reels.versions import ToolVersions

TOOLS = ToolVersions(
    ffmpeg="9.0.2", faster_whisper="faster-whisper 1.2", openai_whisper="none", drawing="pillow 11"
)
RATE = Fraction(30)

SUBTITLES = tuple(
    Cue(start=n + Fraction(1, 10), end=n + Fraction(19, 10), lines=(line,))
    for n, line in [(0, "안녕하세요"), (4, "한빛시입니다"), (8, "이번 주말에"), (12, "만나요")]
)


HEARD_BY = nano_ko.identity()
HEARD = Transcript(
    language="ko",
    duration=Fraction(16),
    model=HEARD_BY,
    segments=tuple(
        Segment(
            text=cue.text,
            start=cue.start,
            end=cue.end,
            words=(Word(text=cue.text, start=cue.start, end=cue.start + 1),),
        )
        for cue in SUBTITLES
    ),
)


def media(*, seconds: int = 16, sound: bool = True, raster: Raster | None = None) -> MediaInfo:
    """Plain footage: 1920x1080 at 30 frames a second, one mono track, so that its sound needs no look."""
    coded = raster or Raster(1920, 1080)
    video = VideoStream(
        index=0,
        codec="h264",
        profile="High",
        coded=coded,
        display=coded,
        sar=Fraction(1),
        rotation=0,
        mirrored=False,
        rate=RATE,
        variable_frame_rate=False,
        interlaced=False,
        transfer="sdr",
        tagged_primaries="bt709",
        tagged_transfer="bt709",
        tagged_matrix="bt709",
        tagged_range="tv",
        pixel_format="yuv420p",
        bit_depth=8,
        first_pts=Fraction(0),
        last_pts_end=Fraction(seconds),
        frame_count=seconds * 30,
    )
    track = AudioStream(
        index=1,
        codec="aac",
        channels=1,
        layout="mono",
        sample_rate_hz=48_000,
        first_pts=Fraction(0),
        last_pts_end=Fraction(seconds),
    )
    return MediaInfo(
        container="mov,mp4,m4a,3gp,3g2,mj2",
        duration=Fraction(seconds),
        start_time=Fraction(0),
        video=video,
        audio=(track,) if sound else (),
        notes=(),
    )


HELLO = """\
campaign: 한빛시 봄축제
template: interview
platforms: [instagram-reels, youtube-shorts]
subtitles: {model: nano-ko}
framing: centre
reels:
  - id: hello
    title: 이번 주말, 한옥마을 축제
    clips:
      - footage: footage/IMG_0412.MOV
        people: [{name: 김하늘, role: 홍보담당관}]
    caption: 만나요!
    hashtags: [한빛시]
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """A campaign folder with footage of which only the bytes are true."""

    root: Path

    def write(self, text: str = HELLO) -> None:
        (self.root / "campaign.yaml").write_text(text, encoding="utf-8")

    def footage(self, name: str = "footage/IMG_0412.MOV", content: bytes = b"footage") -> Path:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return path

    def draft(self, cues: Sequence[Cue] = SUBTITLES, name: str = "IMG_0412.ko.srt") -> Path:
        """A person's subtitles: nothing in the store says that we wrote them."""
        path = self.root / "subtitles" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(write_srt(cues), encoding="utf-8")
        return path

    @property
    def store(self) -> Store:
        return Store(self.root / ".reels")

    def campaign(self, *only: str) -> Campaign:
        return load_campaign(self.root, only=only)

    def probed(self, path: Path, found: MediaInfo | None = None) -> None:
        """Leave what a probe of `path` would leave."""
        entry = entry_for(
            ProbeWork(footage=path), needs=(), tools={}, identity={path: content_identity(path)}
        )
        self.store.prepare()
        with self.store.work_folder() as folder:
            (folder / "media.json").write_text(to_json(found or media()), encoding="utf-8")
            self.store.commit(entry.fingerprint, folder, {}, ("media.json",))

    def plan(
        self,
        campaign: Campaign | None = None,
        *,
        tools: ToolVersions = TOOLS,
        goal: Goal = "deliver",
        force: bool = False,
        made_now: Collection[str] = (),
    ) -> Plan:
        """A plan as the next run would make it: with nothing remembered from the one before."""
        chosen = campaign or self.campaign()
        survey = Survey(chosen.workspace, Store(chosen.workspace.store_dir))
        return make_plan(chosen, survey, tools, goal=goal, force=force, made_now=made_now)

    def finish(self, plan: Plan) -> None:
        """Leave in the store what the steps of `plan` would leave."""
        store = self.store
        store.prepare()
        for step in plan.to_run:
            if step.work is not None:
                self._leave(step, store)

    def settle(self, campaign: Campaign | None = None, *, tools: ToolVersions = TOOLS) -> Plan:
        """Plan and finish until nothing is left to do; the last plan."""
        for _ in range(5):
            made = self.plan(campaign, tools=tools)
            if not made.to_run:
                return made
            self.finish(made)
        raise AssertionError(f"never done: {[s.id for s in self.plan(campaign, tools=tools).to_run]}")

    def _leave(self, step: Step, store: Store) -> None:
        files: dict[str, str] = {"made.bin": step.made_as}
        facts: dict[str, object] = {}
        if isinstance(step.work, ProbeWork):
            files = {"media.json": to_json(media())}
        if isinstance(step.work, DraftWork):
            text = write_srt(SUBTITLES)
            record = DraftRecord(
                fingerprint=step.made_as,
                sha256=hashlib.sha256(text.encode()).hexdigest(),
                transcript=step.work.transcript,
                words=words_digest(SUBTITLES),
                model=step.work.model,
                heard_by=HEARD_BY,
                footage=step.work.where,
            )
            new = NewDraft(name=step.work.draft, text=text, report={"schema": REPORT_SCHEMA}, record=record)
            put_draft(self.root / "subtitles", self.root / ".reels", new)
        if isinstance(step.work, TranscribeWork):
            files = {"transcript.json": transcript_to_json(HEARD)}
        if isinstance(step.work, DeliverWork):
            film = self.root / "out" / step.work.folder / f"{step.work.name}.mp4"
            film.parent.mkdir(parents=True, exist_ok=True)
            film.write_text(step.made_as, encoding="utf-8")
            facts = {"files": {film.relative_to(self.root / "out").as_posix(): film.stat().st_size}}
        with store.work_folder() as folder:
            for name, text in files.items():
                (folder / name).write_text(text, encoding="utf-8")
            store.commit(step.made_as, folder, facts, tuple(files))
        assert step.entry is not None
        store.note(step.id, step.entry)


@pytest.fixture
def world(tmp_path: Path) -> World:
    """One reel of 16 s, eight chunks, whose footage has been probed and whose subtitles a person has written."""
    made = World(root=tmp_path / "campaign")
    made.root.mkdir()
    made.write()
    made.probed(made.footage())
    made.draft()
    return made


def reasons(plan: Plan) -> dict[str, Reason]:
    return {step.id: step.reason for step in plan.steps}


def running(plan: Plan) -> dict[str, Reason]:
    return {step.id: step.reason for step in plan.to_run}


def of_kind(plan: Plan, kind: str) -> list[Step]:
    return [step for step in plan.steps if step.kind == kind]


def chunk_works(plan: Plan) -> list[ChunkWork]:
    return [step.work for step in plan.steps if isinstance(step.work, ChunkWork)]


def filmed_pieces(work: ChunkWork) -> list[VideoPiece]:
    """The pieces of footage in a chunk in which no card is."""
    pieces = [piece for piece in work.pieces if isinstance(piece, VideoPiece)]
    assert len(pieces) == len(work.pieces), "a card is in it"
    return pieces


CHUNKS = tuple(f"hello chunk {n:04}" for n in range(8))
AFTER_THE_CHUNKS = (
    "hello join",
    "hello check",
    "hello instagram-reels deliver",
    "hello youtube-shorts deliver",
)


# --- the steps of a reel ---------------------------------------------------------------------------------


def test_a_reel_that_was_never_made_has_all_its_steps_in_an_order_that_can_be_worked_off(
    world: World,
) -> None:
    plan = world.plan()
    assert [step.id for step in plan.steps] == [
        "probe footage/IMG_0412.MOV",
        "hello title",
        "hello lower-third-1",
        *CHUNKS,
        "hello sound",
        "hello audio",
        "hello join",
        "hello cover",
        "hello check",
        "hello instagram-reels deliver",
        "hello youtube-shorts deliver",
    ]
    assert reasons(plan).pop("probe footage/IMG_0412.MOV") == "reused"
    assert set(reasons(plan).values()) == {"reused", "new"}
    assert plan.failures == ()
    known: set[str] = set()
    for step in plan.steps:
        assert set(step.needs) <= known, f"{step.id} stands before what it needs"
        known.add(step.made_as)


def test_each_step_says_in_both_languages_what_is_being_done(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("REELS_LANG", "ko")
    shutil.rmtree(world.root / "subtitles")
    steps = [*world.plan().steps, *world.settle().steps]
    with shown_run() as show:
        for step in steps:
            if step.fingerprint:
                show(RunEvent(kind="started" if step.kind != "chunk" else "finished", step=step))
    told = capsys.readouterr().err.splitlines()
    assert "footage/IMG_0412.MOV 받아쓰기" in told
    assert "hello: 조각 0 인코딩: 완료" in told
    assert not [line for line in told if re.search(r"ing\b|done", line)]
    assert all(isinstance(step.doing, Said) for step in steps if step.fingerprint)


def test_a_reel_that_a_run_never_came_to_is_not_told_as_one_that_is_there(world: World) -> None:
    """As after `--fail-fast`: nothing is wrong with it, and there is no file."""
    campaign = world.campaign()
    ended = reported(campaign, RunReport(plan=world.plan()), 0.0, ())
    assert {(o.status, o.file, o.duration, o.error) for o in ended.outcomes} == {
        ("not-begun", None, None, None)
    }
    assert not ended.ok
    with pytest.raises(CheckFailed, match="were not made") as caught:
        ended.require_ok()
    assert caught.value.status() == 7
    there = reported(campaign, RunReport(plan=world.settle()), 0.0, ())
    assert {o.status for o in there.outcomes} == {"unchanged"}
    assert all(o.file is not None for o in there.outcomes)


def test_every_status_is_on_both_pages_and_has_a_word_in_both_languages() -> None:
    docs = Path(__file__).parents[2] / "docs"
    for page in ("campaign.md", "campaign.ko.md"):
        (told,) = re.findall(r"^.*`check-failed`.*$", (docs / page).read_text(encoding="utf-8"), re.M)
        assert all(f"`{status}`" in told for status in get_args(Status)), page
    assert all(set(words) == set(get_args(Status)) for words in STATUS_WORDS.values())


def test_who_looks_for_people_in_a_refused_reel_stays_idle_while_another_reel_is_unknown() -> None:
    def step(name: str, kind: Kind, *, known: bool = True) -> Step:
        fingerprint = name if known else None
        return Step(
            id=name, kind=kind, reel=None, platform=None, reason="new", will_run=True, fingerprint=fingerprint
        )

    telling: list[Kind] = ["probe", "hearing", "draft"]
    looking: list[Kind] = ["framing", "stabilise"]
    assert {*telling, *looking} == TELLING_KINDS
    steps = [*(step(kind, kind) for kind in (*telling, *looking)), step("deliver", "deliver", known=False)]
    assert [s.id for s in without_idle(steps, {"deliver"}) if s.will_run] == [*telling, "deliver"]
    needed = [*steps[:-1], replace(steps[-1], needs=("framing", "stabilise"))]
    assert all(s.will_run for s in without_idle(needed, {"deliver"}))


def test_a_plan_says_the_same_twice(world: World) -> None:
    assert world.plan() == world.plan()


def test_chunks_partition_the_programme_on_the_fixed_grid(world: World) -> None:
    lengths = [sum(piece.frames for piece in work.pieces) for work in chunk_works(world.plan())]
    join = of_kind(world.plan(), "join")[0].work
    assert isinstance(join, JoinWork)
    assert lengths == list(join.chunk_frames) == [60] * 8


def test_planning_writes_nothing(world: World) -> None:
    def listing() -> dict[str, tuple[int, int]]:
        return {
            str(p.relative_to(world.root)): (p.stat().st_mtime_ns, p.stat().st_size)
            for p in world.root.rglob("*")
        }

    shutil.rmtree(world.root / ".reels")
    (world.root / "footage" / "IMG_0412.MOV").write_bytes(b"not probed, and no footage")
    before = listing()
    world.plan()
    world.plan(goal="draft")
    world.plan(force=True)
    assert listing() == before


# --- reasons ---------------------------------------------------------------------------------------------


def test_new_then_reused(world: World) -> None:
    world.finish(world.plan())
    plan = world.plan()
    assert plan.to_run == ()
    assert set(reasons(plan).values()) == {"reused"}


def test_missing_where_a_delivered_file_is_gone(world: World) -> None:
    world.settle()
    (world.root / "out/hello/youtube-shorts/hello.mp4").unlink()
    assert running(world.plan()) == {"hello youtube-shorts deliver": "missing"}


def test_missing_where_a_delivered_file_was_cut_short(world: World) -> None:
    world.settle()
    (world.root / "out/hello/youtube-shorts/hello.mp4").write_text("half", encoding="utf-8")
    assert running(world.plan()) == {"hello youtube-shorts deliver": "missing"}


def test_missing_reaches_back_only_as_far_as_somebody_waits_for_it(world: World) -> None:
    """A chunk whose result is gone is not encoded again while the finished reel is there."""
    settled = world.settle()
    by_id = {step.id: step.made_as for step in settled.steps}
    for name in ("hello chunk 0002", "hello join"):
        found = world.store.result(by_id[name])
        assert found is not None
        shutil.rmtree(found.folder)
    assert world.plan().to_run == ()
    (world.root / "out/hello/youtube-shorts/hello.mp4").unlink()
    assert running(world.plan()) == {
        "hello chunk 0002": "missing",
        "hello join": "missing",
        "hello youtube-shorts deliver": "missing",
    }


def test_input_changed_where_footage_has_other_content_under_the_same_name(world: World) -> None:
    world.settle()
    world.probed(world.footage(content=b"filmed again"))
    found = running(world.plan())
    assert {found[name] for name in (*CHUNKS, "hello sound", "hello cover")} == {"input-changed"}
    assert {found[name] for name in (*AFTER_THE_CHUNKS, "hello audio")} == {"cascade"}
    assert "hello title" not in found


def test_input_changed_in_the_probe_where_nobody_has_looked_yet(world: World) -> None:
    world.settle()
    world.finish(world.plan())
    plan = _with_unopened(world, lambda: world.footage(content=b"filmed again"))
    assert reasons(plan)["probe footage/IMG_0412.MOV"] in ("input-changed", "new")


def test_input_changed_where_a_persons_draft_was_edited(world: World) -> None:
    world.settle()
    world.draft((*SUBTITLES[:2], replace(SUBTITLES[2], lines=("다음 주말에",)), SUBTITLES[3]))
    found = running(world.plan())
    assert found.pop("hello chunk 0004") == "input-changed"
    assert set(found) == set(AFTER_THE_CHUNKS)
    assert set(found.values()) == {"cascade"}


def test_option_changed_where_the_framing_is_another(world: World) -> None:
    world.settle()
    world.write(HELLO + "    framing: fit\n")
    found = running(world.plan())
    assert {found[name] for name in (*CHUNKS, "hello cover")} == {"option-changed"}
    assert {found[name] for name in AFTER_THE_CHUNKS} == {"cascade"}
    assert "hello sound" not in found
    assert "hello title" not in found


def test_tool_changed_where_ffmpeg_is_another(world: World) -> None:
    world.settle()
    found = running(world.plan(tools=replace(TOOLS, ffmpeg="9.1")))
    assert {found[name] for name in (*CHUNKS, "hello sound", "hello title", "hello join")} == {"tool-changed"}
    assert found["hello instagram-reels deliver"] == "cascade", "handing over uses no tool"


def test_a_tool_that_a_step_does_not_use_changes_nothing_for_it(world: World) -> None:
    world.settle()
    found = running(world.plan(tools=replace(TOOLS, drawing="pillow 12")))
    assert {found[name] for name in ("hello title", "hello lower-third-1", "hello cover")} == {"tool-changed"}
    assert "hello chunk 0007" not in found, "nothing drawn shows in it"
    assert "hello sound" not in found
    assert running(world.plan(tools=replace(TOOLS, faster_whisper="faster-whisper 1.3"))) == {}


def test_forced_runs_everything_and_then_believes_only_what_was_made_now(world: World) -> None:
    settled = world.settle()
    forced = world.plan(force=True)
    assert set(running(forced).values()) == {"forced"}
    assert {s.id for s in forced.to_run} == {s.id for s in settled.steps if s.kind != "probe"}
    made_now = {step.made_as for step in forced.to_run if step.kind in ("chunk", "art")}
    half_way = running(world.plan(force=True, made_now=made_now))
    assert not [name for name in half_way if "chunk" in name]
    assert half_way["hello join"] == "forced"


def test_every_reason_is_from_the_closed_list(world: World) -> None:
    world.settle()
    world.write(HELLO.replace("이번 주말, 한옥마을 축제", "다음 주말, 한옥마을 축제"))
    assert set(reasons(world.plan()).values()) <= set(REASONS)


# --- what is not known yet -------------------------------------------------------------------------------


def _with_unopened(world: World, change: Callable[[], object]) -> Plan:
    """The plan after `change`, with footage that opens although it is none."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("reels.survey.glance", lambda path: True)
        change()
        return world.plan()


def test_what_nobody_has_looked_at_yet_is_listed_without_a_fingerprint(world: World) -> None:
    def never_seen() -> None:
        shutil.rmtree(world.root / ".reels")
        shutil.rmtree(world.root / "subtitles")

    plan = _with_unopened(world, never_seen)
    found = {step.id: (step.reason, step.fingerprint is None) for step in plan.to_run}
    assert found.pop("probe footage/IMG_0412.MOV") == ("new", False)
    assert set(found.values()) == {("cascade", True)}
    assert set(found) == {
        "transcribe footage/IMG_0412.MOV ko",
        "draft IMG_0412.ko.srt",
        *(f"hello {kind}" for kind in ("loudness", "audio", "chunk", "join", "cover", "check")),
        "hello instagram-reels deliver",
        "hello youtube-shorts deliver",
    }


def test_knowledge_grows_from_probe_to_draft_to_reel(world: World) -> None:
    shutil.rmtree(world.root / "subtitles")
    first = world.plan()
    assert running(first)["transcribe footage/IMG_0412.MOV ko"] == "new"
    assert first.to_run[-1].fingerprint is None
    world.finish(first)
    second = world.plan()
    assert reasons(second)["draft IMG_0412.ko.srt"] == "reused"
    assert all(step.fingerprint for step in second.steps)
    assert [cue.lines for cue in chunk_works(second)[0].cues] == [("안녕하세요",)]


def test_the_goal_of_a_draft_needs_no_picture(world: World) -> None:
    shutil.rmtree(world.root / "subtitles")
    assert [s.kind for s in world.plan(goal="draft").to_run] == ["transcribe", "draft"]
    world.finish(world.plan(goal="draft"))
    assert world.plan(goal="draft").to_run == ()


# --- drafts ----------------------------------------------------------------------------------------------


def test_a_persons_draft_needs_no_transcription_and_no_model(world: World) -> None:
    world.write(HELLO.replace("nano-ko", "large-v3-turbo"))
    plan = world.plan()
    assert not of_kind(plan, "transcribe")
    assert not of_kind(plan, "draft")
    assert plan.failures == ()


def test_a_draft_of_ours_that_a_person_edited_is_a_persons(world: World) -> None:
    shutil.rmtree(world.root / "subtitles")
    world.settle()
    world.draft((replace(SUBTITLES[0], lines=("반갑습니다",)), *SUBTITLES[1:]))
    plan = world.plan()
    assert not of_kind(plan, "transcribe"), "no recogniser is asked any more"
    assert chunk_works(plan)[0].cues[0].lines == ("반갑습니다",)
    world.finish(plan)
    world.write(HELLO.replace("{model: nano-ko}", "{model: nano-ko, beam: 1}"))
    assert not of_kind(world.plan(), "transcribe"), "nor when its options change"


def with_other_options(world: World) -> None:
    world.write(HELLO.replace("{model: nano-ko}", "{model: nano-ko, beam: 1}"))


def test_who_asks_for_drafts_gets_a_newer_one_of_what_a_person_edited(world: World) -> None:
    shutil.rmtree(world.root / "subtitles")
    world.settle()
    world.draft((replace(SUBTITLES[0], lines=("반갑습니다",)), *SUBTITLES[1:]))
    assert world.plan(goal="draft").to_run == (), "nothing would be heard otherwise"
    with_other_options(world)
    assert not of_kind(world.plan(), "transcribe"), "rendering listens to nothing for it"
    wanted = world.plan(goal="draft")
    assert [step.kind for step in wanted.to_run] == ["transcribe", "draft"]
    world.finish(wanted)
    assert world.plan(goal="draft").to_run == (), "and once is enough"
    assert "반갑습니다" in (world.root / "subtitles/IMG_0412.ko.srt").read_text(encoding="utf-8")


def test_what_only_a_person_wrote_is_listened_to_when_forced(world: World) -> None:
    assert world.plan(goal="draft").to_run == ()
    assert [step.kind for step in world.plan(goal="draft", force=True).to_run] == [
        "probe",
        "transcribe",
        "draft",
    ]


@pytest.mark.parametrize("whose", ["a person's", "ours", "ours, edited"])
@pytest.mark.parametrize("force", [True, False])
def test_footage_that_was_never_probed_here_is_listened_to_for_the_draft_that_it_has(
    world: World, monkeypatch: pytest.MonkeyPatch, whose: str, force: bool
) -> None:
    monkeypatch.setattr("reels.survey.glance", lambda path: True)
    if whose != "a person's":
        shutil.rmtree(world.root / "subtitles")
        world.settle()
    if whose == "ours, edited":
        world.draft((replace(SUBTITLES[0], lines=("반갑습니다",)), *SUBTITLES[1:]))
    shutil.rmtree(world.root / ".reels")
    wanted = world.plan(goal="draft", force=force)
    if whose == "a person's" and not force:
        assert wanted.to_run == (), "nobody listens to what a person wrote"
        return
    assert [step.kind for step in wanted.to_run] == ["probe", "transcribe", "draft"]
    made: set[str] = set()
    for _ in range(3):
        again = world.plan(goal="draft", force=force, made_now=made)
        world.finish(again)
        made |= {step.made_as for step in again.to_run if step.fingerprint}
    assert world.plan(goal="draft", force=force, made_now=made).to_run == ()
    assert world.store.last_made("draft IMG_0412.ko.srt") is not None


def test_who_asks_for_a_draft_that_is_there_needs_the_model_only_where_it_is_ours(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reels.survey.glance", lambda path: True)

    def missing(model: str, engine: str) -> FoundModel:
        raise ModelMissing(model=model, found="not here")

    shutil.rmtree(world.root / ".reels")
    monkeypatch.setattr("reels.plan.footage.find_model", missing)
    assert world.plan(goal="draft", force=True).failures == ()
    shutil.rmtree(world.root / "subtitles")
    assert [type(f.error) for f in world.plan(goal="draft").failures] == [ModelMissing]


@pytest.mark.parametrize("is_probed", [True, False])
def test_a_translation_that_the_model_never_learnt_is_refused_before_any_work(
    world: World, monkeypatch: pytest.MonkeyPatch, is_probed: bool
) -> None:
    monkeypatch.setattr("reels.survey.glance", lambda path: True)
    world.write(HELLO.replace("{model: nano-ko}", "{model: nano-ko, language: en, spoken: ko}"))
    if not is_probed:
        shutil.rmtree(world.root / ".reels")
    (failure,) = world.plan().failures
    assert isinstance(failure.error, UsageError)
    assert failure.error.sentence("en").startswith("model nano-ko: found a model that was never taught")
    assert failure.error.sentence("ko").startswith("모델 nano-ko: 번역을 배우지 않은 모델 — ")
    world.draft(IN_ENGLISH, name="IMG_0412.en.srt")
    assert world.plan().failures == (), "a person has translated it"


def test_a_changed_correction_is_not_listened_to_again(world: World) -> None:
    shutil.rmtree(world.root / "subtitles")
    world.write(HELLO.replace("{model: nano-ko}", "{model: nano-ko, glossary: [한옥마을]}"))
    world.settle()
    world.write(HELLO.replace("{model: nano-ko}", "{model: nano-ko, glossary: [한옥마을, 한빛씨: 한빛시]}"))
    found = running(world.plan())
    assert "transcribe footage/IMG_0412.MOV ko" not in found
    assert found["draft IMG_0412.ko.srt"] == "option-changed"


def known(world: World) -> KnownClip:
    """The clip of the first reel, all of which is known."""
    campaign = world.campaign()
    survey = Survey(campaign.workspace, world.store)
    planner = FootagePlanner(campaign, survey, StepsSoFar(survey, TOOLS, force=False, made_now=()))
    clip = planner.clip(campaign.reels[0], campaign.reels[0].clips[0])
    assert isinstance(clip, KnownClip)
    return clip


def test_the_recognisers_words_are_found_again_after_an_edit(world: World) -> None:
    shutil.rmtree(world.root / "subtitles")
    world.settle()
    assert tuple(known(world).words_in_source) == HEARD.words
    assert known(world).words_from == HEARD_BY
    world.draft((replace(SUBTITLES[0], lines=("반갑습니다",)), *SUBTITLES[1:]))
    with_other_options(world)
    assert known(world).words_from == "a person"
    assert tuple(known(world).words_in_source) == HEARD.words
    shutil.rmtree(world.root / ".reels/results")
    world.probed(world.root / "footage/IMG_0412.MOV")
    assert tuple(known(world).words_in_source) == (), "gone from the store, but the words stand"
    assert known(world).cues_in_source[0].lines == ("반갑습니다",)


def test_a_draft_that_is_made_needs_no_model(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A campaign that was drafted on one machine is rendered on another, which has no model."""
    shutil.rmtree(world.root / "subtitles")
    world.settle()
    before = world.plan()

    def missing(model: str, engine: str) -> FoundModel:
        raise ModelMissing(model=model, found="not here")

    monkeypatch.setattr("reels.plan.footage.find_model", missing)
    after = world.plan()
    assert after.failures == ()
    assert after.to_run == ()
    assert known(world).words_from == HEARD_BY
    assert chunk_works(after) == chunk_works(before)
    shutil.rmtree(world.root / ".reels/drafts")
    assert world.plan().to_run == (), "the report beside the draft says the same"
    with_other_options(world)
    assert [type(f.error) for f in world.plan().failures] == [ModelMissing], "now it has to listen"
    world.write()
    assert [type(f.error) for f in world.plan(force=True).failures] == [ModelMissing]


# --- a second language -----------------------------------------------------------------------------------

TWO_LANGUAGES = HELLO.replace("{model: nano-ko}", "{model: nano-ko, second: en}")
IN_ENGLISH = tuple(replace(cue, lines=("Nice to see you here",)) for cue in SUBTITLES)


def test_a_persons_second_subtitles_are_read_beside_the_first(world: World) -> None:
    world.write(TWO_LANGUAGES)
    world.draft(IN_ENGLISH, name="IMG_0412.en.srt")
    assert world.plan().failures == ()
    assert known(world).second_cues_in_source == IN_ENGLISH
    assert known(world).cues_in_source == SUBTITLES


def test_a_second_language_that_nobody_wrote_is_told_with_its_file(world: World) -> None:
    world.write(TWO_LANGUAGES)
    (failure,) = world.plan().failures
    assert "subtitles/IMG_0412.en.srt" in str(failure.error)
    assert "nano-ko does not translate" in str(failure.error)
    world.write(TWO_LANGUAGES.replace("en}", "ja}"))
    (failure,) = world.plan().failures
    assert "subtitles/IMG_0412.ja.srt" in str(failure.error)


@pytest.mark.parametrize("second", ["en", "ja"])
def test_a_second_file_in_the_first_language_is_refused(world: World, second: str) -> None:
    world.write(TWO_LANGUAGES.replace("en}", f"{second}}}"))
    world.draft(
        tuple(replace(c, lines=("이번 주말에 만나요",)) for c in SUBTITLES), name=f"IMG_0412.{second}.srt"
    )
    (failure,) = world.plan().failures
    assert "mostly Hangul" in str(failure.error)


def test_english_under_korean_is_refused_where_korean_is_wanted(world: World) -> None:
    world.write(HELLO.replace("{model: nano-ko}", "{model: nano-ko, language: en, second: ko}"))
    world.draft(IN_ENGLISH, name="IMG_0412.en.srt")
    world.draft(IN_ENGLISH, name="IMG_0412.ko.srt")
    (failure,) = world.plan().failures
    assert "little or no Hangul" in str(failure.error)


def test_a_model_that_translates_drafts_english(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    found = replace(find_model("nano-ko"), can_translate=True)
    for module in ("footage", "second"):
        monkeypatch.setattr(f"reels.plan.{module}.find_model", lambda model, engine: found)
    world.write(TWO_LANGUAGES)
    plan = world.plan()
    assert plan.failures == ()
    works = [step.work for step in plan.to_run if isinstance(step.work, (TranscribeWork, DraftWork))]
    assert [work.kind for work in works] == ["transcribe", "draft"]
    assert isinstance(works[0], TranscribeWork)
    assert works[0].options.task == "translate"
    assert isinstance(works[1], DraftWork)
    assert (works[1].draft, works[1].rules.language) == ("IMG_0412.en.srt", "en")


def test_one_language_cannot_be_both(world: World) -> None:
    world.write(HELLO.replace("{model: nano-ko}", "{model: nano-ko, second: ko}"))
    with pytest.raises(
        CampaignProblems, match=r"subtitles\.second: found ko, which is the first language too"
    ):
        world.campaign()


def test_a_draft_of_ours_follows_the_options_of_listening(world: World) -> None:
    shutil.rmtree(world.root / "subtitles")
    world.settle()
    world.write(HELLO.replace("{model: nano-ko}", "{model: nano-ko, beam: 1}"))
    found = running(world.plan())
    assert found["transcribe footage/IMG_0412.MOV ko"] == "option-changed"
    assert found["draft IMG_0412.ko.srt"] == "cascade"


def test_a_draft_of_ours_that_was_deleted_is_written_again(world: World) -> None:
    shutil.rmtree(world.root / "subtitles")
    world.settle()
    (world.root / "subtitles" / "IMG_0412.ko.srt").unlink()
    assert running(world.plan())["draft IMG_0412.ko.srt"] == "missing"
    assert "transcribe footage/IMG_0412.MOV ko" not in running(world.plan())


def test_footage_without_sound_is_not_listened_to(world: World) -> None:
    shutil.rmtree(world.root / "subtitles")
    world.probed(world.footage(content=b"a drone"), media(sound=False))
    plan = world.plan()
    assert not of_kind(plan, "transcribe")
    assert all(work.cues == () for work in chunk_works(plan))


def test_a_subtitle_file_of_the_clip_stands_before_any_draft(world: World) -> None:
    world.draft((replace(SUBTITLES[0], lines=("손으로 쓴 자막",)),), name="hand.srt")
    world.write(HELLO.replace("people:", "subtitles: subtitles/hand.srt\n        people:"))
    assert [cue.lines for work in chunk_works(world.plan()) for cue in work.cues] == [("손으로 쓴 자막",)]


THREE_OF_A_NAME = (
    HELLO + "  - id: other\n    clips: [{footage: footage/IMG_0412.mp4}, {footage: b/IMG_0412.MOV}]\n"
)


def three_of_a_name(world: World) -> dict[str, str]:
    """The drafts of three files of one name, by the way to the file."""
    world.footage("footage/IMG_0412.mp4", b"another")
    world.footage("b/IMG_0412.MOV", b"a third")
    world.write(THREE_OF_A_NAME)
    names = draft_names(world.campaign())
    return {path.relative_to(world.root).as_posix(): name for (path, _), name in names.items()}


def test_files_of_one_name_have_a_draft_each(world: World) -> None:
    shutil.rmtree(world.root / "subtitles")
    names = set(three_of_a_name(world).values())
    assert len(names) == 3
    assert all(name.startswith("IMG_0412-") and name.endswith(".ko.srt") for name in names)


@pytest.mark.parametrize("made_by", ["us", "a person"])
def test_a_draft_keeps_its_name_when_another_file_of_that_name_comes(world: World, made_by: str) -> None:
    if made_by == "us":
        shutil.rmtree(world.root / "subtitles")
        world.settle()
    names = three_of_a_name(world)
    assert names["footage/IMG_0412.MOV"] == "IMG_0412.ko.srt"
    assert len(set(names.values())) == 3
    alone = draft_names(world.campaign("other"))
    assert {names[path.relative_to(world.root).as_posix()] for path, _ in alone} == set(alone.values())


def test_a_draft_that_was_deleted_is_made_again_under_its_name(world: World) -> None:
    shutil.rmtree(world.root / "subtitles")
    world.settle()
    three_of_a_name(world)
    (world.root / "subtitles/IMG_0412.ko.srt").unlink()
    assert three_of_a_name(world)["footage/IMG_0412.MOV"] == "IMG_0412.ko.srt"


def test_a_draft_goes_on_being_anothers_while_its_footage_is_there(world: World) -> None:
    """The reel of the first file is deleted, and a file of its name comes: it must not get the first one's words."""
    shutil.rmtree(world.root / "subtitles")
    world.settle()
    world.footage("b/IMG_0412.MOV", b"a third")
    world.write(HELLO.replace("footage/IMG_0412.MOV", "b/IMG_0412.MOV"))
    assert set(draft_names(world.campaign()).values()) != {"IMG_0412.ko.srt"}
    (world.root / "footage/IMG_0412.MOV").unlink()
    assert set(draft_names(world.campaign()).values()) == {"IMG_0412.ko.srt"}, "it was moved"


def test_a_name_that_tells_two_files_apart_stays_when_one_of_them_goes(world: World) -> None:
    shutil.rmtree(world.root / "subtitles")
    before = three_of_a_name(world)["b/IMG_0412.MOV"]
    world.draft(name=before)
    world.write(HELLO.replace("footage/IMG_0412.MOV", "b/IMG_0412.MOV"))
    assert set(draft_names(world.campaign()).values()) == {before}


def test_subtitles_that_belong_to_no_footage_are_found(world: World) -> None:
    world.write(HELLO.replace("people:", "subtitles: subtitles/hand.srt\n        people:"))
    for name in ("hand.srt", "IMG_0412.en.srt", "IMG_0412.ko.new.srt", "IMG_0412.ko.old.2.srt"):
        world.draft(name=name)
    assert orphan_drafts(world.campaign()) == ()
    for name in ("IMG_0413.ko.srt", "IMG_0412.srt", "IMG_9.ko.old.srt"):
        world.draft(name=name)
    found = [path.name for path in orphan_drafts(world.campaign())]
    assert found == ["IMG_0412.srt", "IMG_0413.ko.srt", "IMG_9.ko.old.srt"]


def test_two_files_of_one_name_outside_the_campaign_have_two_drafts(world: World, tmp_path: Path) -> None:
    """Cameras count from 1 in every folder: 100MEDIA/DJI_0001.MP4 and 101MEDIA/DJI_0001.MP4 on a memory card."""
    card = [tmp_path / "card" / folder / "DJI_0001.MP4" for folder in ("100MEDIA", "101MEDIA")]
    campaign = single_reel(
        card,
        reel_id="drone",
        output=world.root,
        platforms=(load_platform("youtube-shorts"),),
        template=load_template("plain"),
        subtitles=world.campaign().reels[0].subtitles,
    )
    assert len(set(draft_names(campaign).values())) == 2


def test_a_reel_rendered_alone_uses_the_same_draft_as_with_all_the_others(world: World) -> None:
    """Else a person's corrections are passed over as soon as one reel is rendered by its id."""
    world.footage("footage/IMG_0412.mp4", b"another")
    world.write(HELLO + "  - id: other\n    clips: [{footage: footage/IMG_0412.mp4}]\n")
    among_all = draft_names(world.campaign())
    alone = draft_names(world.campaign("hello"))
    assert alone == {key: among_all[key] for key in alone}


def test_reels_that_listen_differently_to_one_footage_settle(world: World) -> None:
    """Two glossaries for one clip must not take turns in writing one draft."""
    shutil.rmtree(world.root / "subtitles")
    world.write(
        HELLO
        + "  - id: other\n    subtitles: {glossary: [한옥마을]}\n"
        + "    clips: [{footage: footage/IMG_0412.MOV}]\n"
    )
    world.settle()


# --- sharing ---------------------------------------------------------------------------------------------

TWO_REELS = (
    HELLO
    + """\
  - id: again
    title: 이번 주말, 한옥마을 축제
    clips:
      - footage: footage/IMG_0412.MOV
        people: [{name: 김하늘, role: 홍보담당관}]
    caption: 다른 글
"""
)


def test_two_reels_of_one_footage_share_all_that_is_the_same(world: World) -> None:
    shutil.rmtree(world.root / "subtitles")
    world.write(TWO_REELS)
    world.finish(world.plan())
    plan = world.plan()
    count = {
        kind: len(of_kind(plan, kind)) for kind in ("probe", "transcribe", "draft", "art", "chunk", "join")
    }
    assert count == {"probe": 1, "transcribe": 1, "draft": 1, "art": 2, "chunk": 8, "join": 1}
    assert [s.id for s in of_kind(plan, "deliver")] == [
        f"{reel} {platform} deliver"
        for reel in ("hello", "again")
        for platform in ("instagram-reels", "youtube-shorts")
    ]


def test_no_two_steps_of_a_plan_have_one_id_or_one_fingerprint(world: World) -> None:
    world.write(TWO_REELS.replace("title: 이번 주말, 한옥마을 축제", "title: 둘째", 1))
    plan = world.plan()
    assert len({s.id for s in plan.steps}) == len({s.fingerprint for s in plan.steps}) == len(plan.steps)


def test_platforms_of_one_raster_share_one_master_and_another_raster_has_its_own(world: World) -> None:
    world.write(HELLO.replace("youtube-shorts]", "youtube-shorts, x]").replace("만나요!", "와요"))
    plan = world.plan()
    assert [s.id for s in of_kind(plan, "join")] == ["hello join", "hello 720x1280 join"]
    assert len(of_kind(plan, "chunk")) == 16
    assert len(of_kind(plan, "loudness")) == 1, "the sound is mixed once"
    masters = {
        step.work.platform: step.work.master for step in plan.steps if isinstance(step.work, DeliverWork)
    }
    assert masters["instagram-reels"] == masters["youtube-shorts"] != masters["x"]


def test_two_rasters_share_the_encoded_sound(world: World) -> None:
    world.write(HELLO.replace("youtube-shorts]", "youtube-shorts, x]").replace("만나요!", "와요"))
    assert len(of_kind(world.plan(), "audio")) == 1


def test_another_style_of_subtitles_leaves_chunks_without_words_alone(world: World) -> None:
    world.draft(SUBTITLES[:1])
    world.settle()
    own = world.root / "mine"
    own.mkdir()
    text = "name: mine\nversion: 1\nextends: interview\ndescription: {ko: 우리 것, en: ours}\n"
    (own / "template.yaml").write_text(text + "subtitles: {outline: ground}\n", encoding="utf-8")
    world.write(HELLO.replace("template: interview", "template: mine"))
    assert [s.id for s in world.plan().to_run if s.kind == "chunk"] == ["hello chunk 0000"]


def test_a_persons_words_are_handed_over_the_same_wherever_a_model_lies(world: World) -> None:
    plans = []
    for model in ("/a/models/large", "/b/models/large"):
        world.write(HELLO.replace("nano-ko", model))
        plans.append([s.fingerprint for s in of_kind(world.plan(), "deliver")])
    assert plans[0] == plans[1]


def test_leaving_a_platform_of_the_same_limits_out_encodes_nothing(world: World) -> None:
    world.settle()
    world.write(HELLO.replace("[instagram-reels, youtube-shorts]", "[instagram-reels]"))
    assert not [s for s in world.plan().to_run if s.kind in ("probe", "loudness")]


def test_a_moved_campaign_keeps_its_fingerprints(world: World, tmp_path: Path) -> None:
    settled = world.settle()
    world.root.rename(tmp_path / "다른 곳")
    moved = World(root=tmp_path / "다른 곳").plan()
    assert moved.to_run == ()
    assert [s.fingerprint for s in moved.steps] == [s.fingerprint for s in settled.steps]


def test_a_line_put_in_above_a_reel_changes_nothing(world: World) -> None:
    """Where a title stands in the file is for messages; a comment must not draw it again."""
    world.settle()
    world.write("# 봄축제 캠페인\n\n" + HELLO)
    assert world.plan().to_run == ()


def test_a_reel_put_in_before_another_changes_nothing_for_it(world: World) -> None:
    world.settle()
    first = "  - id: first\n    clips: [{footage: footage/IMG_0412.MOV, out: 10}]\n"
    world.write(HELLO.replace("reels:\n", "reels:\n" + first))
    assert not [s.id for s in world.plan().to_run if s.reel == "hello"]


# --- only what shows -------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", range(len(SUBTITLES)))
def test_a_corrected_word_encodes_only_the_chunks_that_show_it(world: World, number: int) -> None:
    world.settle()
    mended = list(SUBTITLES)
    mended[number] = replace(mended[number], lines=("고친 말",))
    world.draft(mended)
    plan = world.plan()
    grid = [FrameRange(start, start + 60) for start in range(0, 480, 60)]
    (shown,) = {
        frames
        for work in chunk_works(plan)
        for cue in work.cues
        if cue.lines == ("고친 말",)
        for frames in [cue_frames(cue, RATE)]
    }
    expected = {f"hello chunk {n:04}" for n, frames in enumerate(grid) if frames.intersection(shown)}
    assert {s.id for s in plan.to_run if s.kind == "chunk"} == expected
    assert len(expected) == 1
    assert {s.kind for s in plan.to_run} == {"chunk", "join", "check", "deliver"}


def test_a_cue_over_a_seam_encodes_both_chunks(world: World) -> None:
    seam = Cue(start=Fraction(7, 2), end=Fraction(9, 2), lines=("이음매 위에",))
    world.draft((seam,))
    world.settle()
    world.draft((replace(seam, lines=("이음매 위로",)),))
    assert [s.id for s in world.plan().to_run if s.kind == "chunk"] == [
        "hello chunk 0001",
        "hello chunk 0002",
    ]


def test_a_new_title_is_drawn_and_encoded_where_it_shows_and_on_the_cover(world: World) -> None:
    settled = world.settle()
    title = next(s for s in settled.steps if s.id == "hello title")
    assert isinstance(title.work, ArtWork)
    assert 60 < title.work.element.frames <= 120, "the interview template shows a title in two chunks"
    world.write(HELLO.replace("이번 주말, 한옥마을 축제", "다음 주말, 한옥마을 축제"))
    found = running(world.plan())
    assert found.pop("hello title") == "input-changed"
    assert found.pop("hello cover") == "input-changed"
    assert found.pop("hello chunk 0000") == found.pop("hello chunk 0001") == "cascade"
    assert set(found) == set(AFTER_THE_CHUNKS)


def test_a_new_caption_is_only_handed_over(world: World) -> None:
    world.settle()
    world.write(HELLO.replace("만나요!", "꼭 만나요!"))
    assert running(world.plan()) == {
        "hello instagram-reels deliver": "input-changed",
        "hello youtube-shorts deliver": "input-changed",
    }


def test_a_later_out_point_keeps_the_chunks_before_it(world: World) -> None:
    world.write(HELLO.replace("people:", "out: 12\n        people:"))
    world.settle()
    world.write(HELLO)
    found = [s.id for s in world.plan().to_run if s.kind == "chunk"]
    assert found == ["hello chunk 0006", "hello chunk 0007"]


def test_each_chunk_holds_its_own_cues_and_overlays_only(world: World) -> None:
    works = chunk_works(world.plan())
    assert [[cue.lines[0] for cue in work.cues] for work in works] == [
        ["안녕하세요"],
        [],
        ["한빛시입니다"],
        [],
        ["이번 주말에"],
        [],
        ["만나요"],
        [],
    ]
    for work in works:
        for use in work.overlays:
            assert use.frames is not None
            assert use.first_frame < 60
            assert use.first_frame + use.frames > 0
    assert works[7].overlays == ()


def test_a_chunk_without_words_does_not_know_where_it_stands(world: World) -> None:
    """So that the same picture in two places is encoded once."""
    world.draft(SUBTITLES[:1])
    works = chunk_works(world.plan())
    assert [work.first_frame for work in works] == [0] * 8


# --- what cannot be made ---------------------------------------------------------------------------------

OTHER = "  - id: other\n    clips: [{footage: footage/IMG_0412.MOV}]\n"


def failed(plan: Plan) -> dict[str, type[Exception]]:
    return {failure.reel: type(failure.error) for failure in plan.failures}


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"out: 10": "footage/IMG_0412.MOV\n        in: 20"}, RangeOutsideFootage),
        ({"out: 10": "footage/missing.MOV"}, FootageMissing),
        ({"out: 10": "footage"}, FootageRefused),
        ({"만나요!": "가" * 2300}, CampaignProblems),
        ({"한옥마을 축제": "한옥마을 鬱"}, GlyphMissing),
    ],
    ids=["in point after the end", "no such file", "a folder", "caption too long", "no glyph"],
)
def test_a_reel_that_cannot_be_made_fails_alone(
    world: World, change: Mapping[str, str], error: type[Exception]
) -> None:
    text = HELLO + OTHER
    for old, new in change.items():
        text = text.replace("footage/IMG_0412.MOV", new, 1) if old == "out: 10" else text.replace(old, new, 1)
    world.write(text)
    plan = world.plan()
    assert failed(plan) == {"hello": error}
    assert {s.id for s in of_kind(plan, "deliver") if s.will_run} >= {
        "other instagram-reels deliver",
        "other youtube-shorts deliver",
    }


def test_a_reel_that_is_too_long_for_a_platform_fails_with_its_length_and_a_way_out(world: World) -> None:
    world.probed(world.footage(content=b"long"), media(seconds=200))
    world.write(HELLO + OTHER.replace("}]", ", out: 60}]"))
    plan = world.plan()
    assert set(failed(plan)) == {"hello"}
    (problem, *_) = [
        p for f in plan.failures if isinstance(f.error, CampaignProblems) for p in f.error.problems
    ]
    assert (problem.found, problem.expected) == ("200.0 s", "at most 180 s")
    assert "youtube-shorts" in problem.where
    assert "20.0 s" in problem.remedy
    assert [s.id for s in of_kind(plan, "deliver")][-2:] == [
        "other instagram-reels deliver",
        "other youtube-shorts deliver",
    ]


def test_a_limit_of_one_platform_does_not_hold_back_the_other(world: World) -> None:
    """A reel of 200 s is no YouTube Short, and a fine Instagram reel."""
    world.probed(world.footage(content=b"long"), media(seconds=200))
    plan = world.plan()
    assert [(f.reel, f.platform) for f in plan.failures] == [("hello", "youtube-shorts")]
    assert [s.id for s in of_kind(plan, "deliver")] == ["hello instagram-reels deliver"]


def test_a_draft_that_cannot_be_read_fails_its_reel_with_the_line(world: World) -> None:
    (world.root / "subtitles" / "IMG_0412.ko.srt").write_text(
        "1\n00:00:01,000 --> 00:00:xx\n안녕\n", encoding="utf-8"
    )
    plan = world.plan()
    assert failed(plan) == {"hello": SubtitlesUnreadable}


def test_a_model_that_is_not_here_is_told_while_planning(world: World) -> None:
    shutil.rmtree(world.root / "subtitles")
    world.write(HELLO.replace("nano-ko", "no-such-model"))
    assert failed(world.plan()) == {"hello": ModelMissing}


def test_footage_named_by_an_impossible_path_fails_its_reel_alone(world: World) -> None:
    for impossible in ("campaign.yaml/IMG.MOV", "x" * 300 + ".MOV"):
        world.write(HELLO.replace("footage/IMG_0412.MOV", impossible) + OTHER)
        assert set(failed(world.plan())) == {"hello"}, impossible


@pytest.mark.skipif(sys.platform == "darwin", reason="a Mac's file system takes UTF-8 only")
def test_footage_whose_name_is_not_utf_8_is_planned_like_any_other(world: World, tmp_path: Path) -> None:
    """An old camera's file name in another encoding: Python spells its bytes as lone surrogates."""
    path = tmp_path / "caf\udce9.mp4"
    path.write_bytes(b"footage")
    world.probed(path, media(sound=False))
    campaign = single_reel(
        [path],
        reel_id="cafe",
        output=world.root,
        platforms=(load_platform("youtube-shorts"),),
        template=load_template("plain"),
        subtitles=world.campaign().reels[0].subtitles,
        framing="centre",
    )
    campaign = replace(campaign, workspace=Workspace.of_campaign(world.root))
    assert world.settle(campaign).to_run == ()


def test_steps_are_known_by_the_footages_place_in_the_campaign_and_never_by_an_absolute_path(
    world: World,
) -> None:
    plan = world.plan()
    told = [f"{s.id} {s.doing}" for s in plan.steps]
    assert not [text for text in told if str(world.root) in text]
    delivered = [s.work.footage for s in plan.steps if isinstance(s.work, DeliverWork)]
    assert set(delivered) == {("footage/IMG_0412.MOV",)}


def test_listening_knows_the_model_by_its_bytes_and_not_by_its_name(world: World) -> None:
    shutil.rmtree(world.root / "subtitles")
    (work,) = [s.work for s in world.plan().steps if isinstance(s.work, TranscribeWork)]
    assert work.options.model == ""
    assert work.model_identity.startswith("nano-ko@")


def test_a_plan_of_fifty_settled_reels_has_nothing_to_run(world: World) -> None:
    entries = []
    for number in range(50):
        world.probed(world.footage(f"footage/IMG_{number:04}.MOV", b"%d" % number))
        world.draft(name=f"IMG_{number:04}.ko.srt")
        entries.append(
            f"  - id: reel-{number}\n    title: 이번 주말 {number}\n    clips:\n"
            f"      - footage: footage/IMG_{number:04}.MOV\n        people: [{{name: 김하늘, role: 주무관}}]\n"
        )
    world.write(HELLO[: HELLO.index("  - id:")] + "".join(entries))
    world.finish(world.plan())
    plan = world.plan()
    assert plan.to_run == ()
    assert len(of_kind(plan, "deliver")) == 100


def test_what_the_store_says_is_not_guessed(world: World) -> None:
    """A settled plan names results that are all there."""
    for step in world.settle().steps:
        assert world.store.result(step.made_as) is not None, step.id
    assert json.loads((world.root / ".reels" / "journal.jsonl").read_text().splitlines()[0])["step"]
