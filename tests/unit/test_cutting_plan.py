"""The cuts in the plan: picture, sound, captions and report are cut at the same frames, and the plan tells of it."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from reels.campaign.model import Campaign
from reels.cli.cuts import cut_json, told_cut
from reels.errors import CampaignProblems
from reels.graph.sound import AudioPiece
from reels.said import in_language
from reels.steps import DeliverWork, LoudnessWork, Plan
from reels.subtitles import read_subtitles, write_srt

from .test_plan import HELLO, SUBTITLES, World, chunk_works, of_kind


def campaign(cut: str, *, rest: str = "") -> str:
    return HELLO.replace("reels:\n", f"cut: {cut}\n{rest}reels:\n", 1)


@pytest.fixture
def world(tmp_path: Path) -> World:
    """A reel of 16 s with four words, drafted by a recogniser, and nothing rendered yet."""
    made = World(root=tmp_path / "campaign")
    made.root.mkdir()
    made.write()
    made.probed(made.footage())
    made.settle()
    return made


def delivery(plan: Plan) -> DeliverWork:
    work = of_kind(plan, "deliver")[0].work
    assert isinstance(work, DeliverWork)
    return work


def sound(plan: Plan) -> tuple[AudioPiece, ...]:
    work = of_kind(plan, "loudness")[0].work
    assert isinstance(work, LoudnessWork)
    return work.pieces


def edit_draft(world: World, *, without: int | None = None, marked: int | None = None) -> None:
    draft = world.root / "subtitles" / "IMG_0412.ko.srt"
    cues = list(read_subtitles(draft))
    if without is not None:
        del cues[without]
    text = write_srt(cues)
    if marked is not None:
        text = text.replace(cues[marked].text, f"[x] {cues[marked].text}")
    draft.write_text(text, encoding="utf-8")


def test_without_cut_nothing_is_removed_and_the_plan_says_nothing_of_it(world: World) -> None:
    plan = world.plan()
    (cut,) = plan.cuts
    assert cut.cutting.edit.frame_count == 480
    assert delivery(plan).removed == ()
    assert list(told_cut(cut)) == []


def test_silences_go_from_picture_sound_and_captions_alike(world: World) -> None:
    world.write(campaign("{silence: true}"))
    plan = world.plan()
    work = delivery(plan)
    # Heard: a word of a second from 0.1, 4.1, 8.1 and 12.1 s on; their cues last a little longer.
    frames = [(int(r.range_in_source.start * 30), int(r.range_in_source.end * 30)) for r in work.removed]
    assert frames == [(41, 118), (161, 238), (281, 358), (408, 480)]
    gone = sum((r.range_in_source.duration for r in work.removed), Fraction(0))
    assert work.frames == 480 - gone * 30
    assert sum(piece.frames for w in chunk_works(plan) for piece in w.pieces) == work.frames
    assert [piece.start for piece in sound(plan)] == [
        Fraction(0),
        *(r.range_in_source.end for r in work.removed[:3]),
    ]
    assert sum(piece.samples for piece in sound(plan)) == work.frames * 1600
    cues = work.sidecars[0].cues
    assert [cue.text for cue in cues] == [cue.text for cue in SUBTITLES]
    assert cues[-1].end <= work.frames / Fraction(30)


def test_the_plan_tells_how_much_goes_in_both_languages(world: World) -> None:
    world.write(campaign("{silence: true}"))
    (cut,) = world.plan().cuts
    (line,) = told_cut(cut)
    assert line == "hello: 10.1 s removed: 4 silences"
    assert in_language(line, "ko") == "hello: 10.1초 덜어 냄 — 무음 4개"
    shape = cut_json(cut)
    assert (shape["reel"], shape["platforms"]) == ("hello", ["instagram-reels", "youtube-shorts"])
    assert shape["duration_s"] == pytest.approx(16 - 10.1, abs=0.05)
    assert len(list(shape["removed"])) == 4  # type: ignore[call-overload]


def test_a_cue_deleted_from_the_draft_takes_its_speech_out_of_the_reel(world: World) -> None:
    world.write(campaign("{text: true}"))
    assert delivery(world.plan()).removed == ()
    edit_draft(world, without=1)
    work = delivery(world.plan())
    (gone,) = work.removed
    assert (gone.reason, gone.text) == ("text", "한빛시입니다")
    assert [cue.text for cue in work.sidecars[0].cues] == ["안녕하세요", "이번 주말에", "만나요"]


def test_a_marked_cue_is_neither_shown_nor_heard(world: World) -> None:
    world.write(campaign("{text: true}"))
    edit_draft(world, marked=2)
    work = delivery(world.plan())
    (gone,) = work.removed
    assert (gone.text, gone.detail) == ("이번 주말에", "marked in the draft")
    assert [cue.text for cue in work.sidecars[0].cues] == ["안녕하세요", "한빛시입니다", "만나요"]


def test_a_marked_cue_is_not_shown_without_the_key_either_and_that_is_noted(world: World) -> None:
    edit_draft(world, marked=2)
    plan = world.plan()
    assert [cue.text for cue in delivery(plan).sidecars[0].cues] == ["안녕하세요", "한빛시입니다", "만나요"]
    (line,) = told_cut(plan.cuts[0])
    assert line.startswith("hello: footage/IMG_0412.MOV: marked cues are not shown")


def test_a_reel_of_which_nothing_is_left_is_refused(world: World) -> None:
    text = campaign("{text: true}").replace("people:", "in: 4\n        out: 5.2\n        people:")
    world.write(text)
    edit_draft(world, without=1)
    plan = world.plan()
    assert not of_kind(plan, "deliver")
    assert all(isinstance(f.error, CampaignProblems) for f in plan.failures)
    assert "nothing left of its clips" in str(plan.failures[0].error)


def test_names_are_shown_once_however_often_their_clip_is_cut(world: World) -> None:
    whole = {step.id for step in of_kind(world.plan(), "art")}
    world.write(campaign("{silence: true}"))
    assert {step.id for step in of_kind(world.plan(), "art")} == whole


def test_the_cut_is_told_before_anybody_has_looked_for_people(world: World) -> None:
    """To show it and to hand it over, no picture has to be looked at: after `reels draft` it is known."""
    world.write(campaign("{silence: true}"))
    (known,) = world.plan().cuts
    world.write(campaign("{silence: true}").replace("framing: centre", "framing: follow"))
    plan = world.plan()
    assert [step.fingerprint for step in of_kind(plan, "chunk")] == [None], "the pictures are not known yet"
    (cut,) = plan.cuts
    assert replace(cut, clips=known.clips) == known


def test_to_fit_cuts_nothing_that_fits_and_a_plan_with_cuts_says_the_same_twice(world: World) -> None:
    world.write(campaign("{to_fit: true}"))
    assert delivery(world.plan()).removed == ()
    world.write(campaign("{silence: true, fillers: true, text: true, to_fit: true}"))
    assert world.plan() == world.plan()


def test_cut_options_change_only_what_they_cut(world: World) -> None:
    world.settle()
    world.write(campaign("{fillers: true}"))
    assert [step.kind for step in world.plan().to_run] == []


def _at_most(world: World, seconds: int) -> Campaign:
    """The campaign, for one platform that takes no more than `seconds`."""
    made = world.campaign()
    platform = replace(made.reels[0].platforms[0], duration_max=Fraction(seconds))
    return replace(made, reels=tuple(replace(reel, platforms=(platform,)) for reel in made.reels))


def test_a_reel_that_is_too_long_is_refused_with_how_much_it_is_over_and_what_would_help(
    world: World,
) -> None:
    (failure,) = world.plan(_at_most(world, 10)).failures
    said = failure.error.sentence("en")
    assert "found 16.0 s" in said
    assert (
        "take 6.0 s out with in and out points, or let the weakest parts go with `cut: {to_fit: true}`"
        in said
    )
    assert "6.0초를 덜어 내거나" in failure.error.sentence("ko")


def test_to_fit_drops_pauses_first_then_the_middle_and_refuses_what_still_does_not_fit(world: World) -> None:
    world.write(campaign("{to_fit: true}"))
    plan = world.plan(_at_most(world, 10))
    assert plan.failures == ()
    assert {piece.reason for piece in delivery(plan).removed} == {"silence"}
    assert delivery(plan).frames <= 300
    plan = world.plan(_at_most(world, 4))
    gone = [piece for piece in delivery(plan).removed if piece.reason == "sentence"]
    assert delivery(plan).frames <= 120
    assert {piece.text for piece in gone} <= {"한빛시입니다", "이번 주말에"}
    assert gone
    captions = [cue.text for cut in plan.cuts for cue in cut.programme.cues]
    assert not {piece.text for piece in gone} & set(captions)
    (failure,) = world.plan(_at_most(world, 1)).failures
    assert "to_fit" not in failure.error.sentence("en"), "what is on already is no advice"


def test_a_reel_that_is_to_fit_is_whole_where_it_may_be_and_shorter_where_it_must(world: World) -> None:
    """Sixteen seconds: whole for one platform, ten for a screen that takes no more."""
    world.write(campaign("{to_fit: true}"))
    made = world.campaign()
    usual = made.reels[0].platforms[0]
    hall, hall_too = (replace(usual, name=name, duration_max=Fraction(10)) for name in ("hall", "hall-too"))
    platforms = (usual, hall, hall_too)
    plan = world.plan(replace(made, reels=tuple(replace(reel, platforms=platforms) for reel in made.reels)))
    assert plan.failures == ()
    lasts = {work.platform: work.frames for step in plan.steps if isinstance(work := step.work, DeliverWork)}
    assert lasts[usual.name] == 16 * 30
    assert lasts["hall"] == lasts["hall-too"] <= 10 * 30
    assert {cut.platforms for cut in plan.cuts} == {(usual.name,), ("hall", "hall-too")}
    notes = [str(note) for cut in plan.cuts for note in cut.notes]
    assert "another encode for hall, hall-too: it takes at most 10 s" in notes
