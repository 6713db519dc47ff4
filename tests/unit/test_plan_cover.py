"""The cover in a plan: which frames it may be, whose limits it keeps, and what draws it again."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from reels.covering import AROUND
from reels.errors import CampaignProblems
from reels.steps import ChunkWork, CoverWork, DeliverWork, Plan

from .test_plan import HELLO, World, of_kind, running


@pytest.fixture
def world(tmp_path: Path) -> World:
    made = World(root=tmp_path / "campaign")
    made.root.mkdir()
    made.write()
    made.probed(made.footage())
    made.draft()
    return made


def cover_of(plan: Plan) -> CoverWork:
    (work,) = [step.work for step in plan.steps if isinstance(step.work, CoverWork)]
    return work


def with_cover(world: World, text: str, hello: str = HELLO) -> Plan:
    world.write(hello.replace("    caption: 만나요!", f"    cover: {text}\n    caption: 만나요!"))
    return world.plan()


def test_without_a_word_the_cover_is_one_of_ten_frames_of_the_reel(world: World) -> None:
    work = cover_of(world.plan())
    assert (work.chosen, work.picture, work.title) == ("auto", None, "이번 주말, 한옥마을 축제")
    numbers = [frame.frame for frame in work.frames]
    assert len(numbers) == 10
    assert (numbers[0] >= 15, numbers[-1] < 465) == (True, True)
    for frame in work.frames:
        assert frame.piece.frames == 1
        assert frame.piece.start * 30 == frame.frame
        assert sum(piece.frames for piece in frame.around) == 2 * AROUND + 1
        assert frame.around[0].start * 30 == frame.frame - AROUND
        assert frame.shown == AROUND


def test_a_time_is_one_frame_that_nobody_need_look_around(world: World) -> None:
    work = cover_of(with_cover(world, '"00:04.2"'))
    (frame,) = work.frames
    assert (work.chosen, frame.frame, frame.around) == ("time", 126, ())


def test_a_picture_is_asked_for_no_frames_and_counts_by_what_it_holds(world: World) -> None:
    photo = world.root / "표지.png"
    Image.new("RGB", (1080, 1920), (1, 2, 3)).save(photo)
    work = cover_of(with_cover(world, "{file: 표지.png, title: false}"))
    assert (work.chosen, work.frames, work.picture, work.title) == ("file", (), photo, "")
    world.settle()
    Image.new("RGB", (1080, 1920), (3, 2, 1)).save(photo)
    again = running(world.plan())
    assert again.pop("hello cover") == "input-changed"
    assert set(again) == {"hello instagram-reels deliver", "hello youtube-shorts deliver"}


def test_another_cover_draws_the_cover_and_encodes_nothing(world: World) -> None:
    world.settle()
    again = with_cover(world, "3.5")
    assert not [step for step in again.to_run if isinstance(step.work, ChunkWork)]
    assert set(running(again)) == {
        *("hello cover", "hello instagram-reels deliver", "hello youtube-shorts deliver")
    }


def test_a_line_above_changes_no_cover(world: World) -> None:
    with_cover(world, "3.5")
    world.settle()
    again = with_cover(world, "3.5", "# a line\n" + HELLO)
    assert again.to_run == ()


@pytest.mark.parametrize(
    ("platforms", "limit"),
    [
        ("[instagram-reels, youtube-shorts]", 8_000_000),
        ("[facebook-reels, kakaotalk-channel]", 10_000_000),
        ("[facebook-reels, instagram-reels]", 8_000_000),
        ("[youtube-shorts, tiktok]", 2_000_000),
        ("[naver-clip]", 2_000_000),
    ],
)
def test_the_cover_keeps_the_smallest_limit_that_is_published(
    world: World, platforms: str, limit: int
) -> None:
    world.write(HELLO.replace("[instagram-reels, youtube-shorts]", platforms))
    works = [step.work for step in world.plan().steps if isinstance(step.work, CoverWork)]
    assert {work.limit_bytes for work in works} == {limit}


def test_each_platform_is_told_whether_it_takes_the_picture(world: World) -> None:
    world.write(HELLO.replace("youtube-shorts]", "youtube-shorts, naver-clip]"))
    told = {
        step.work.platform: step.work.cover_accepted
        for step in world.plan().steps
        if isinstance(step.work, DeliverWork)
    }
    assert told == {"instagram-reels": True, "youtube-shorts": False, "naver-clip": None}


def test_a_time_beyond_the_end_is_told_before_any_work_with_the_reels_length(world: World) -> None:
    plan = with_cover(world, "16")
    assert not of_kind(plan, "cover")
    errors = [failure.error for failure in plan.failures]
    assert {failure.platform for failure in plan.failures} == {"instagram-reels", "youtube-shorts"}
    for error in errors:
        assert isinstance(error, CampaignProblems)
        assert "campaign.yaml:12 reels[0].cover: found 16, expected a time before" in error.sentence("en")
        assert "00:00:16.000 (480 frames)" in error.sentence("en")
        assert "릴스의 끝보다 이른 시각" in error.sentence("ko")
    last = with_cover(world, "479f")
    assert cover_of(last).frames[0].frame == 479


def test_a_reel_cut_short_has_its_cover_in_what_is_left(world: World) -> None:
    """Times are those of the finished reel: after a cut, second 9 of 16 may be beyond the end."""
    cut = HELLO.replace("footage/IMG_0412.MOV\n", "footage/IMG_0412.MOV\n        out: 8\n")
    assert with_cover(world, "9", cut).failures
    assert cover_of(with_cover(world, "7.9", cut)).frames[0].frame == 237
