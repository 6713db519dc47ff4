"""From `frame_rate` of a campaign to the masters of a reel: which platform gets which rate, and in which file."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reels.cadence import common_rate
from reels.campaign.load import load_campaign
from reels.campaign.model import Campaign
from reels.cues import CueRules
from reels.cues.burn_in import cues_for_burn_in
from reels.encode import chunk_frames
from reels.errors import CampaignProblems
from reels.plan.delivery import length_problems, picture_spec
from reels.plan.encodes import encodes_for
from reels.platforms import list_platforms, load_platform
from reels.steps import CheckWork, ChunkWork, JoinWork, Plan
from reels.subtitles import Cue, cue_frames

from .test_plan import HELLO, World, filmed_pieces, media

PLATFORMS = list_platforms()
FULL = HELLO.replace("template:", "frame_rate: full\ntemplate:")


@pytest.fixture
def world(tmp_path: Path) -> World:
    made = World(root=tmp_path / "campaign")
    made.root.mkdir()
    made.write()
    made.draft()
    return made


def filmed_at(
    world: World,
    rate: str,
    name: str = "footage/IMG_0412.MOV",
    *,
    seconds: int = 16,
    interlaced: bool = False,
) -> None:
    plain = media(seconds=seconds)
    frames = round(seconds * Fraction(rate))
    video = replace(plain.video, rate=Fraction(rate), frame_count=frames, interlaced=interlaced)
    world.probed(world.footage(name, content=name.encode()), replace(plain, video=video))


def masters(plan: Plan) -> dict[tuple[str, ...], Fraction]:
    """The rate of the file that each group of platforms is judged by."""
    rates = {step.fingerprint: step.work.rate for step in plan.steps if isinstance(step.work, JoinWork)}
    checks = [step.work for step in plan.steps if isinstance(step.work, CheckWork)]
    return {tuple(p.name for p in work.platforms): rates[work.master] for work in checks}


BOTH = ("instagram-reels", "youtube-shorts")


@pytest.mark.parametrize(
    ("filmed", "usual", "full"),
    [
        ("60000/1001", "30000/1001", "60000/1001"),
        ("50", "25", "50"),
        ("60", "30", "60"),
        ("240", "30", "60"),
        ("30", "30", "30"),
        ("25", "25", "25"),
    ],
)
def test_a_reel_has_at_most_30_frames_a_second_unless_full_motion_is_asked_for(
    world: World, filmed: str, usual: str, full: str
) -> None:
    filmed_at(world, filmed)
    assert masters(world.plan()) == {BOTH: Fraction(usual)}
    world.write(FULL)
    assert masters(world.plan()) == {BOTH: Fraction(full)}


@pytest.mark.parametrize(("filmed", "full"), [("25", "50"), ("30000/1001", "60000/1001")])
def test_full_motion_shows_each_field_of_interlaced_footage(world: World, filmed: str, full: str) -> None:
    filmed_at(world, filmed, interlaced=True)

    def drawn(plan: Plan) -> set[object]:
        chunks = [step.work for step in plan.steps if isinstance(step.work, ChunkWork)]
        return {piece.source.interlaced for work in chunks for piece in filmed_pieces(work)}

    assert masters(world.plan()) == {BOTH: Fraction(filmed)}
    assert drawn(world.plan()) == {True}
    world.write(FULL)
    assert masters(world.plan()) == {BOTH: Fraction(full)}
    assert drawn(world.plan()) == {"by field"}


def test_a_reel_that_is_too_long_by_a_frame_is_not_told_to_be_as_long_as_is_taken(world: World) -> None:
    (reel,) = world.campaign().reels
    platform = replace(load_platform("x"), duration_max=Fraction(90), duration_min=Fraction(3))
    (long,) = length_problems(reel, platform, Fraction(90) + Fraction(1001, 30_000))
    assert (long.found, long.expected) == ("90.1 s", "at most 90 s")
    assert "take 0.1 s out" in long.remedy
    (short,) = length_problems(reel, platform, Fraction(3) - Fraction(1, 30))
    assert (short.found, short.expected) == ("2.9 s", "at least 3 s")
    assert length_problems(reel, platform, Fraction(90)) == []


def test_the_key_of_a_reel_stands_before_the_key_of_the_campaign(world: World) -> None:
    world.write(FULL + "    frame_rate: usual\n")
    (reel,) = world.campaign().reels
    assert (reel.frame_rate, dict(reel.origins)["frame_rate"]) == ("usual", "reel")
    world.write(FULL)
    (reel,) = world.campaign().reels
    assert (reel.frame_rate, dict(reel.origins)["frame_rate"]) == ("full", "campaign")
    world.write()
    (reel,) = world.campaign().reels
    assert (reel.frame_rate, dict(reel.origins)["frame_rate"]) == ("usual", "default")


def test_a_mistyped_frame_rate_names_the_nearest(world: World) -> None:
    world.write(HELLO.replace("template:", "frame_rate: ful\ntemplate:"))
    with pytest.raises(CampaignProblems) as raised:
        load_campaign(world.root)
    (problem,) = raised.value.problems
    assert problem.remedy == "perhaps you meant full"
    assert "usual or full" in problem.expected


def _with_youtube_at_most(campaign: Campaign, highest: int) -> Campaign:
    slow = replace(load_platform("youtube-shorts"), fps_max=Fraction(highest))
    platforms = (load_platform("instagram-reels"), slow)
    return replace(campaign, reels=tuple(replace(reel, platforms=platforms) for reel in campaign.reels))


def test_a_platform_that_takes_no_60_gets_a_master_of_its_own_at_half(world: World) -> None:
    filmed_at(world, "60")
    world.write(FULL)
    plan = world.plan(_with_youtube_at_most(world.campaign(), 30))
    assert masters(plan) == {("instagram-reels",): Fraction(60), ("youtube-shorts",): Fraction(30)}
    names = [step.id for step in plan.steps]
    assert len(set(names)) == len(names)
    assert {"hello join", "hello 30fps join"} <= set(names)
    works = {step.id: step.work for step in plan.steps if isinstance(step.work, ChunkWork)}
    frames = {
        prefix: sum(
            piece.frames
            for name, work in works.items()
            if name.startswith(f"{prefix} chunk")
            for piece in work.pieces
        )
        for prefix in ("hello", "hello 30fps")
    }
    assert frames == {"hello": 16 * 60, "hello 30fps": 16 * 30}
    # Where both are the same there is one master, as ever.
    world.write()
    assert masters(world.plan(_with_youtube_at_most(world.campaign(), 30))) == {BOTH: Fraction(30)}


def test_a_platform_from_24_on_gets_24_of_film_at_23_976(world: World) -> None:
    filmed_at(world, "24000/1001")
    world.write(HELLO.replace("[instagram-reels, youtube-shorts]", "[instagram-reels, facebook-reels]"))
    plan = world.plan()
    assert masters(plan) == {("instagram-reels",): Fraction(24000, 1001), ("facebook-reels",): Fraction(24)}


def test_most_of_the_programme_decides_and_not_the_first_clip(world: World) -> None:
    filmed_at(world, "1", seconds=40)
    filmed_at(world, "25", "footage/talk.mp4", seconds=12)
    world.write(HELLO.replace("    caption:", "      - footage: footage/talk.mp4\n    caption:"))
    world.draft(name="talk.ko.srt")
    assert masters(world.plan()) == {BOTH: Fraction(25)}


@given(
    rate=st.sampled_from([Fraction(n) for n in (24, 25, 30, 48, 50, 60)] + [Fraction(60_000, 1001)]),
    seconds=st.integers(1, 900),
    platforms=st.lists(st.sampled_from(PLATFORMS), min_size=1, unique_by=lambda p: p.name),
)
def test_whatever_is_filmed_a_master_stays_within_the_limits_of_its_platforms(
    rate: Fraction, seconds: int, platforms: list[object]
) -> None:
    chosen = [p for p in PLATFORMS if p in platforms]
    for group in (encode.platforms for encode in encodes_for(chosen)):
        spec = picture_spec(group, rate, Fraction(seconds))
        noise_bits = Fraction(6, 5) * spec.max_video_kbps * 1000
        for platform in group:
            assert platform.max_gop is None or spec.gop_frames / rate <= platform.max_gop
            assert platform.max_video_bitrate is None or noise_bits <= platform.max_video_bitrate
            whole = (noise_bits + 192_000) * seconds / 8
            # 500 kbit/s is the least that is asked for, whatever the limit.
            assert platform.max_bytes is None or whole <= platform.max_bytes or spec.max_video_kbps == 500
        assert chunk_frames(spec) % spec.gop_frames == 0


@given(
    clips=st.lists(
        st.tuples(
            st.fractions(min_value=Fraction(1, 100), max_value=2000, max_denominator=1001),
            st.integers(1, 600).map(Fraction),
        ),
        min_size=1,
        max_size=4,
    ),
    full=st.booleans(),
)
def test_no_platform_is_given_a_rate_that_it_does_not_take(
    clips: list[tuple[Fraction, Fraction]], full: bool
) -> None:
    for platform in PLATFORMS:
        rate = common_rate(clips, full=full, lowest=platform.fps_min, highest=platform.fps_max)
        assert (platform.fps_min or 0) <= rate <= (platform.fps_max or 60), platform.name


def test_cutting_one_word_out_of_a_long_reel_leaves_its_chunks_as_they_are() -> None:
    instagram = [load_platform("instagram-reels")]
    whole, less = (picture_spec(instagram, Fraction(30), Fraction(s)) for s in ("170.0", "169.4"))
    assert whole == less
    assert whole.max_video_kbps < picture_spec(instagram, Fraction(30), Fraction(60)).max_video_kbps


@pytest.mark.parametrize(
    ("rate", "frames"), [("24", 2), ("25", 2), ("30", 2), ("50", 4), ("60000/1001", 4), ("60", 4)]
)
def test_the_gap_between_two_cues_lasts_as_long_at_60_as_at_30(rate: str, frames: int) -> None:
    cues = [
        Cue(start=Fraction(0), end=Fraction(2), lines=("안녕하세요",)),
        Cue(start=Fraction(2), end=Fraction(4), lines=("한빛시입니다",)),
    ]
    first, second = cues_for_burn_in(cues, CueRules(), Fraction(rate))
    shown = [cue_frames(cue, Fraction(rate)) for cue in (first, second)]
    assert shown[1].start - shown[0].end == frames
