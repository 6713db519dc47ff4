"""Following people in a plan: what is looked for before anything is encoded, and what a chunk holds of the path."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from reels.campaign.load import load_campaign
from reels.cutting import Cutting, cut_reel
from reels.edit import Removed, without
from reels.framing import CropPath, Framing, FramingReport, Glide, Manner, ShotFraming, framing_json
from reels.geometry import Box, Raster
from reels.graph.picture import TOLERANCE, PictureSource, VideoPiece
from reels.plan.framing import followed_pieces
from reels.steadying import Steady
from reels.steps import CoverWork, DeliverWork, FramingWork, PictureTold, StabiliseWork, Step
from reels.store import Store
from reels.timing import TimeRange
from tests.unit.test_plan import (
    HELLO,
    TOOLS,
    World,
    chunk_works,
    filmed_pieces,
    media,
    of_kind,
    reasons,
    running,
)

FOLLOWED = HELLO + "    framing: follow\n"
RATE = Fraction(30)
WIDE = Raster(1920, 1080)
SOURCE = PictureSource(
    path=Path("/footage/a.mov"),
    stored=WIDE,
    sar=Fraction(1),
    interlaced=False,
    transfer="sdr",
    video_stream=0,
    container_start=Fraction(0),
)


def framing_of(shots: Sequence[tuple[str, Manner, Sequence[int]]]) -> Framing:
    """Shots of (end, manner, lefts), the first from second 0; control points stand a second apart."""
    glides, reports, start = [], [], Fraction(0)
    for end, manner, lefts in shots:
        span = TimeRange(start, Fraction(end))
        glides.append(
            Glide(range_in_source=span, origin=start, step=Fraction(1), lefts=tuple(lefts), tops=(0,))
        )
        reports.append(
            ShotFraming(
                range_in_source=span,
                manner=manner,
                people=1 if manner == "follow" else 0,
                looks=9,
                with_face=9 if manner == "follow" else 0,
                whole_face=9 if manner == "follow" else 0,
            )
        )
        start = span.end
    path = CropPath(raster_in_source=WIDE, width=9720, height=17280, glides=tuple(glides))
    return Framing(path=path, report=FramingReport(shots=tuple(reports)))


WALK = tuple(400 * n for n in range(19))
FOUND = framing_of([("7.01", "follow", WALK), ("16", "fit", (0,))])
SHAKE = Steady(
    raster_in_source=WIDE,
    starts_us=tuple(round(n * 1_000_000 / RATE) for n in range(480)),
    rights=(-160, 160) * 240,
    downs=(0,) * 480,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked(World):
    """A world in which looking for people finds `found`, and watching for shake `SHAKE`."""

    found: Framing = FOUND

    def _leave(self, step: Step, store: Store) -> None:
        if isinstance(step.work, FramingWork):
            name, text = "framing.json", framing_json(self.found)
        elif isinstance(step.work, StabiliseWork):
            name, text = "steady.json", SHAKE.json
        else:
            World._leave(self, step, store)
            return
        with store.work_folder() as folder:
            (folder / name).write_text(text, encoding="utf-8")
            store.commit(step.made_as, folder, {}, (name,))
        assert step.entry is not None
        store.note(step.id, step.entry)


@pytest.fixture
def world(tmp_path: Path) -> Looked:
    """The campaign of `test_plan`, with the person followed."""
    made = Looked(root=tmp_path / "campaign")
    made.root.mkdir()
    made.write(FOLLOWED)
    made.probed(made.footage())
    made.draft()
    return made


# --- what is looked for ----------------------------------------------------------------------------------


def test_people_are_looked_for_before_anything_is_encoded(world: Looked) -> None:
    plan = world.plan()
    looking = of_kind(plan, "framing")
    assert [(step.id, step.reason, step.will_run) for step in looking] == [("hello framing 1", "new", True)]
    waiting = [step for step in plan.to_run if step.kind != "framing"]
    assert {step.kind for step in waiting} >= {"chunk", "join", "cover", "deliver"}
    assert {(step.reason, step.fingerprint, step.needs) for step in waiting} == {
        ("cascade", None, (looking[0].made_as,))
    }


@pytest.mark.parametrize(
    ("framing", "kinds"),
    [
        ("follow", {"framing"}),
        ("centre", set()),
        ("centre\n    stabilise: true", {"stabilise"}),
        ("fit\n    stabilise: true", set()),
    ],
)
def test_before_the_probe_a_plan_says_that_people_and_shake_will_be_looked_for(
    world: Looked, monkeypatch: pytest.MonkeyPatch, framing: str, kinds: set[str]
) -> None:
    monkeypatch.setattr("reels.survey.glance", lambda path: False)
    world.footage(content=b"never probed")
    world.write(HELLO + f"    framing: {framing}\n")
    plan = world.plan()
    assert running(plan)["probe footage/IMG_0412.MOV"] in ("new", "input-changed")
    assert {step.kind for step in plan.steps} & {"framing", "stabilise"} == kinds
    assert {step.kind for step in plan.to_run} >= {"probe", "chunk", "deliver"} | kinds


def test_looked_once_never_again(world: Looked) -> None:
    world.settle()
    assert world.plan().to_run == ()
    assert reasons(world.plan())["hello framing 1"] == "reused"


def test_another_window_of_the_same_shape_shares_the_look(world: Looked) -> None:
    """X has the same 9:16 at another size: a second master, the same path."""
    text = FOLLOWED.replace("[instagram-reels, youtube-shorts]", "[instagram-reels, x]")
    world.write(text)
    plan = world.settle()
    assert len(of_kind(plan, "framing")) == 1
    assert {work.spec.raster.width for work in chunk_works(plan)} == {1080, 720}
    assert any(piece.path is not None for work in chunk_works(plan) for piece in filmed_pieces(work))


def test_a_lost_look_is_looked_for_again_and_nothing_is_encoded_anew(world: Looked) -> None:
    plan = world.settle()
    result = world.store.result(of_kind(plan, "framing")[0].made_as)
    assert result is not None
    (result.folder / "framing.json").write_text("torn", encoding="utf-8")
    lost = world.plan()
    assert running(lost)["hello framing 1"] == "missing"
    world.finish(lost)
    assert world.plan().to_run == ()


def test_a_result_that_cannot_be_read_counts_as_missing(world: Looked) -> None:
    looking = of_kind(world.plan(), "framing")[0]
    store = world.store
    store.prepare()
    with store.work_folder() as folder:
        (folder / "framing.json").write_text('{"schema": "reels/framing/0"}', encoding="utf-8")
        store.commit(looking.made_as, folder, {}, ("framing.json",))
    assert reasons(world.plan())["hello framing 1"] == "new"
    assert not chunk_works(world.plan())


def test_force_looks_again_and_a_look_made_in_this_run_counts(world: Looked) -> None:
    world.settle()
    forced = world.plan(force=True)
    looking = of_kind(forced, "framing")[0]
    assert (looking.reason, looking.will_run) == ("forced", True)
    after = world.plan(force=True, made_now={looking.made_as})
    assert reasons(after)["hello framing 1"] == "reused"
    assert {step.reason for step in after.steps if step.kind == "chunk"} == {"forced"}


def test_another_detector_looks_again(world: Looked) -> None:
    world.settle()
    other = replace(TOOLS, faces="another detector")
    assert running(world.plan(tools=other))["hello framing 1"] == "tool-changed"


@pytest.mark.parametrize("raster", [Raster(1080, 1920), Raster(720, 1280), Raster(360, 640)])
def test_upright_footage_is_looked_at_for_faces_alone_and_the_report_says_why(
    world: Looked, raster: Raster
) -> None:
    """A title and a name are drawn over it, and must know where faces are; nothing follows anybody."""
    world.probed(world.footage(content=b"upright"), media(raster=raster))
    plan = world.settle()
    assert len(of_kind(plan, "framing")) == 1
    assert {piece.framing for work in chunk_works(plan) for piece in filmed_pieces(work)} == {"centre"}
    delivering = of_kind(plan, "deliver")[0].work
    assert isinstance(delivering, DeliverWork)
    assert [framed.report for framed in delivering.framed] == [None]
    assert "nothing to follow" in delivering.framed[0].sentence


def test_nobody_looks_where_nobody_is_to_be_followed(world: Looked) -> None:
    for framing in ("centre", "fit"):
        world.write(HELLO + f"    framing: {framing}\n")
        plan = world.settle()
        assert of_kind(plan, "framing") == []
        delivering = of_kind(plan, "deliver")[0].work
        assert isinstance(delivering, DeliverWork)
        assert delivering.framed == ()


def test_what_the_campaign_gets_wrong_is_told_before_anybody_looks(world: Looked) -> None:
    world.write(FOLLOWED.replace("이번 주말, 한옥마을 축제", "이번 주말 鬱 축제"))
    plan = world.plan()
    assert [failure.reel for failure in plan.failures] == ["hello"]
    assert of_kind(plan, "framing") == []


# --- what a chunk holds ----------------------------------------------------------------------------------


def test_a_piece_ends_where_the_manner_changes_and_each_holds_its_share(world: Looked) -> None:
    """The cut lies at 7.01 s: frame 210 starts at 7 s, frame 211 is the first that shows the new shot."""
    works = chunk_works(world.settle())
    framed = [[(piece.framing, piece.frames) for piece in filmed_pieces(work)] for work in works]
    assert framed == [
        *[[("follow", 60)]] * 3,
        [("follow", 31), ("fit", 29)],
        *[[("fit", 60)]] * 4,
    ]
    assert [piece.start for piece in filmed_pieces(works[3])] == [Fraction(6), Fraction(211, 30)]
    for number, work in enumerate(works[:4]):
        path = filmed_pieces(work)[0].path
        assert path is not None
        (glide,) = path.glides
        assert len(glide.lefts) <= 6, "four points a piece, two more for two seconds"
        assert glide.lefts[0] == 400 * 2 * number


def test_a_path_that_changes_elsewhere_encodes_nothing_here(world: Looked) -> None:
    """Somebody at the end of the clip is found somewhere else: only what shows it is another work."""
    before = chunk_works(world.settle())
    later = (*WALK[:8], *(points + 160 for points in WALK[8:]))
    moved = replace(world, found=framing_of([("7.01", "follow", later), ("16", "fit", (0,))]))
    looking = of_kind(world.plan(), "framing")[0]
    store = moved.store
    with store.work_folder() as folder:
        (folder / "framing.json").write_text(framing_json(moved.found), encoding="utf-8")
        store.commit(looking.made_as, folder, {}, ("framing.json",), replace=True)
    after = chunk_works(moved.plan())
    assert [a == b for a, b in zip(before, after, strict=True)] == [True, True, False, False, *[True] * 4]


def test_the_cover_is_framed_like_the_frame_it_shows(world: Looked) -> None:
    cover = of_kind(world.settle(), "cover")[0].work
    assert isinstance(cover, CoverWork)
    pieces = [frame.piece for frame in cover.frames]
    assert {(piece.framing, piece.frames) for piece in pieces} == {("follow", 1), ("fit", 1)}
    for piece in pieces:
        assert (piece.path is not None) == (piece.framing == "follow")
        if piece.path is not None:
            at = piece.start + TOLERANCE
            assert piece.path.place(at) == FOUND.path.place(at)


def test_who_is_followed_is_handed_over(world: Looked) -> None:
    delivering = of_kind(world.settle(), "deliver")[0].work
    assert isinstance(delivering, DeliverWork)
    (framed,) = delivering.framed
    assert (framed.clip, framed.report) == (0, FOUND.report)
    assert framed.sentence.ko.startswith("한 사람을 따라갑니다")


TWO_CLIPS = (
    HELLO.replace("        people: [{name: 김하늘, role: 홍보담당관}]\n", "        out: 00:08\n").replace(
        "    caption", "      - footage: footage/IMG_0412.MOV\n        in: 00:08\n    caption"
    )
    + "    framing: follow\n"
)


def test_each_clip_is_looked_at_in_its_own_range(world: Looked) -> None:
    world.write(TWO_CLIPS)
    looking = of_kind(world.plan(), "framing")
    assert [step.id for step in looking] == ["hello framing 1", "hello framing 2"]
    ranges = [step.work.range_in_source for step in looking if isinstance(step.work, FramingWork)]
    assert ranges == [TimeRange(Fraction(0), Fraction(8)), TimeRange(Fraction(8), Fraction(16))]


def test_a_clip_that_is_cut_away_whole_is_not_looked_at(
    world: Looked, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.write(TWO_CLIPS)

    def cut(*asked: Any, **more: Any) -> Cutting:
        whole = cut_reel(*asked, **more)
        gone = Removed(clip=0, range_in_source=TimeRange(Fraction(0), Fraction(8)), reason="silence")
        return replace(whole, edit=without(whole.edit, [gone]))

    monkeypatch.setattr("reels.plan.cut._cut", cut)
    plan = world.settle()
    assert [step.id for step in of_kind(plan, "framing")] == ["hello framing 2"]
    delivering = of_kind(plan, "deliver")[0].work
    assert isinstance(delivering, DeliverWork)
    assert [framed.clip for framed in delivering.framed] == [1]


def test_each_level_can_ask_to_follow(tmp_path: Path) -> None:
    (tmp_path / "a.mov").write_bytes(b"a")
    (tmp_path / "campaign.yaml").write_text(
        "campaign: 한빛시\nframing: follow\nreels:\n"
        "  - {id: one, clips: [{footage: a.mov}, {footage: a.mov, framing: fit}]}\n"
        "  - {id: two, framing: centre, clips: [{footage: a.mov}, {footage: a.mov, framing: follow}]}\n",
        encoding="utf-8",
    )
    one, two = load_campaign(tmp_path).reels
    assert [clip.framing for clip in one.clips] == ["follow", "fit"]
    assert [clip.framing for clip in two.clips] == ["centre", "follow"]


# --- without a word, halves, boxes, keyframes ------------------------------------------------------------


def unasked(framing: str) -> str:
    return HELLO.replace("framing: centre\n", f"framing: {framing}\n" if framing else "")


def test_without_a_word_people_are_looked_for_and_nobody_means_the_middle(world: Looked) -> None:
    world.write(unasked(""))
    (looking,) = of_kind(world.plan(), "framing")
    assert isinstance(looking.work, FramingWork)
    assert (looking.work.nobody, looking.work.split) == ("centre", False)
    world.write(FOLLOWED)
    (looking,) = of_kind(world.plan(), "framing")
    assert isinstance(looking.work, FramingWork)
    assert looking.work.nobody == "fit", "who asks for people and gets none is shown everything"


def test_without_a_word_upright_footage_is_not_spoken_of_and_looked_at_only_where_something_is_drawn_over_it(
    world: Looked,
) -> None:
    world.write(unasked("").replace("template: interview", "template: plain"))
    world.probed(world.footage(content=b"upright"), media(raster=Raster(1080, 1920)))
    plan = world.settle()
    assert of_kind(plan, "framing") == []
    delivering = of_kind(plan, "deliver")[0].work
    assert isinstance(delivering, DeliverWork)
    assert delivering.framed == ()


def test_nobody_in_it_gives_the_very_work_of_the_middle(world: Looked) -> None:
    nobody = replace(world, found=framing_of([("7.01", "centre", (0,)), ("16", "centre", (0,))]))
    nobody.write(unasked(""))
    found = chunk_works(nobody.settle())
    nobody.write(unasked("centre"))
    assert chunk_works(nobody.settle()) == found


@pytest.mark.parametrize("raster", [Raster(1080, 1920), Raster(1080, 960), WIDE])
def test_footage_of_two_people_of_any_shape_can_be_split(world: Looked, raster: Raster) -> None:
    world.write(unasked("split"))
    world.probed(world.footage(content=b"another"), media(raster=raster))
    (looking,) = of_kind(world.plan(), "framing")
    assert isinstance(looking.work, FramingWork)
    assert looking.work.split


def test_a_shot_that_is_split_is_a_piece_of_its_own(world: Looked) -> None:
    def half(left: int, until: str) -> CropPath:
        whole = framing_of([(until, "follow", (left,))]).path
        return replace(whole, width=9720, height=8640)

    three = framing_of([("1", "follow", (0,)), ("2", "follow", (0,)), ("3", "follow", (8000,))])
    split = tuple(replace(shot, manner="split") for shot in three.shots[:2])
    halves = ((half(0, "1"), half(100, "1")), (half(200, "2"), half(300, "2")), None)
    framing = Framing(path=three.path, report=FramingReport(shots=(*split, three.shots[2])), halves=halves)
    pieces = followed_pieces(SOURCE, Fraction(0), 90, RATE, framing)
    assert [(piece.framing, piece.frames) for piece in pieces] == [
        ("split", 30),
        ("split", 30),
        ("follow", 30),
    ]
    assert [[path.glides[0].lefts for path in piece.halves or ()] for piece in pieces] == [
        [(0,), (100,)],
        [(200,), (300,)],
        [],
    ]


def test_a_box_is_one_still_window_and_nobody_looks(world: Looked) -> None:
    world.write(unasked("{box: [0.1, 0.1, 0.2, 0.5]}"))
    plan = world.settle()
    assert of_kind(plan, "framing") == []
    paths = [piece.path for work in chunk_works(plan) for piece in filmed_pieces(work)]
    assert {(path.width, path.height, path.place(Fraction(9))) for path in paths if path} == {
        (384 * 16, 10922, (3072, 586))
    }


def test_a_box_that_is_too_wide_for_the_reel_is_fitted(world: Looked) -> None:
    world.write(unasked("{box: [0, 0, 1, 0.8]}"))
    pieces = [piece for work in chunk_works(world.settle()) for piece in filmed_pieces(work)]
    assert {(piece.framing, piece.box) for piece in pieces} == {("fit", Box(0, 0, 1920, 864))}


def test_keyframes_are_in_the_time_of_the_footage_and_frames_are_counted_at_its_rate(world: Looked) -> None:
    clip = "      - footage: footage/IMG_0412.MOV\n        in: 00:04\n        framing: {keyframes: %s}\n"
    shown = []
    for keys in ("[{at: 5, x: 0.3}, {at: 6, x: 0.7}]", "[{at: 150f, x: 0.3}, {at: 180f, x: 0.7}]"):
        text = unasked("").replace("      - footage: footage/IMG_0412.MOV\n", clip % keys)
        world.write(text)
        works = chunk_works(world.settle())
        paths = [piece.path for work in works for piece in filmed_pieces(work)]
        assert all(path is not None for path in paths)
        shown.append(paths)
        first = filmed_pieces(works[0])[0]
        assert first.start == 4
        assert first.path is not None
        middles = [(first.path.place(Fraction(at))[0] + 4860) / 16 / 1920 for at in (4, 5, 6)]
        assert [round(middle, 3) for middle in middles] == [0.3, 0.3, 0.7]
    assert shown[0] == shown[1]


# --- held still ------------------------------------------------------------------------------------------


def test_a_window_that_follows_somebody_is_held_still_too_and_the_whole_picture_is_not(world: Looked) -> None:
    world.write(FOLLOWED + "    stabilise: true\n")
    plan = world.settle()
    works = chunk_works(plan)
    (piece,) = filmed_pieces(works[1])
    assert piece.path is not None
    assert piece.path.width == 9720 - 2 * 160, (
        "the walk begins at the edge, where nothing is beside the window"
    )
    for frame in range(60):
        at = piece.start + frame / RATE + TOLERANCE
        wanted = FOUND.path.place(at)[0] + 160 + (160 if frame % 2 else -160)
        assert abs(piece.path.place(at)[0] - wanted) <= 1
    assert [piece.framing for piece in filmed_pieces(works[-1])] == ["fit"]
    assert any("stabilise holds still" in note for note in plan.cuts[0].notes)
    delivering = of_kind(plan, "deliver")[0].work
    assert isinstance(delivering, DeliverWork)
    assert delivering.picture == (PictureTold(clip=0, stabilised=True),)


@pytest.mark.parametrize("framing", ["fit", "{box: [0, 0, 1, 0.8]}"])
def test_what_is_shown_whole_is_not_watched_and_that_is_said(world: Looked, framing: str) -> None:
    world.write(unasked(framing) + "    stabilise: true\n")
    plan = world.settle()
    assert of_kind(plan, "stabilise") == []
    (note,) = plan.cuts[0].notes
    assert note.startswith("footage/IMG_0412.MOV: stabilise holds still what fills the screen")
    delivering = of_kind(plan, "deliver")[0].work
    assert isinstance(delivering, DeliverWork)
    assert delivering.picture == ()


def test_a_look_is_told_in_the_report_by_its_name(world: Looked) -> None:
    (world.root / "따뜻.cube").write_text("LUT_1D_SIZE 2\n0 0 0\n1 1 1\n", encoding="utf-8")
    world.write(unasked("centre") + "    lut: 따뜻.cube\n")
    delivering = of_kind(world.settle(), "deliver")[0].work
    assert isinstance(delivering, DeliverWork)
    assert delivering.picture == (PictureTold(clip=0, lut="따뜻.cube"),)


# --- pieces ----------------------------------------------------------------------------------------------


def places(pieces: Sequence[VideoPiece]) -> list[tuple[int, int] | None]:
    return [
        piece.path.place(piece.start + n / RATE + TOLERANCE) if piece.path is not None else None
        for piece in pieces
        for n in range(piece.frames)
    ]


@pytest.mark.parametrize("length", [1, 7, 30, 60, 200])
def test_any_grid_of_chunks_shows_the_same_window_in_each_frame(length: int) -> None:
    framing = framing_of(
        [
            ("2.5", "follow", (0, 100, 900, 1800, 2000, 2000)),
            ("4", "follow", (8000, 8100, 8200, 8300, 8400, 8500)),
            ("5", "fit", (0,)),
            ("5.01", "centre", (0,)),
            ("8", "follow", (4000,)),
        ]
    )
    whole = places(followed_pieces(SOURCE, Fraction(0), 240, RATE, framing))
    parts = [
        piece
        for first in range(0, 240, length)
        for piece in followed_pieces(SOURCE, first / RATE, min(length, 240 - first), RATE, framing)
    ]
    assert sum(piece.frames for piece in parts) == 240
    assert all(piece.frames > 0 for piece in parts)
    assert places(parts) == whole
    for frame, place in enumerate(whole):
        at = frame / RATE + TOLERANCE
        followed = at < 4 or at >= Fraction(501, 100)
        assert (place is not None) == followed, frame
        if place is not None:
            assert place == framing.path.place(at)


def test_shots_framed_alike_are_one_piece() -> None:
    framing = framing_of([("1", "follow", (0,)), ("2", "follow", (8000,)), ("3", "follow", (100,))])
    (piece,) = followed_pieces(SOURCE, Fraction(0), 90, RATE, framing)
    assert piece.path is not None
    assert [glide.lefts for glide in piece.path.glides] == [(0,), (8000,), (100,)]


def test_a_frame_that_shows_the_new_shot_a_rounding_late_belongs_to_it() -> None:
    """A source frame that starts a microsecond after the programme frame is what that frame shows."""
    framing = framing_of([("1.000001", "follow", (0,)), ("2", "fit", (0,))])
    frames = [piece.frames for piece in followed_pieces(SOURCE, Fraction(0), 60, RATE, framing)]
    assert frames == [30, 30]
