"""As few encodes as satisfy all platforms: who shares one, who does not, and what is said of it."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reels.geometry import Box, Raster
from reels.plan.encodes import Encode, encodes_for
from reels.platforms import Platform, list_platforms, load_platform
from reels.steps import ChunkWork, JoinWork
from tests.unit.test_plan import HELLO, World, world

__all__ = ["world"]

PLATFORMS = list_platforms()
INSTAGRAM, YOUTUBE, X = map(load_platform, ("instagram-reels", "youtube-shorts", "x"))


def names(encodes: tuple[Encode, ...]) -> list[list[str]]:
    return [[platform.name for platform in encode.platforms] for encode in encodes]


def test_all_upright_platforms_share_one_encode_and_x_has_its_own() -> None:
    found = encodes_for(PLATFORMS)
    assert names(found) == [[p.name for p in PLATFORMS if p.name != "x"], ["x"]]
    assert (found[0].label, found[0].why) == ("", None)
    assert found[1].label == "720x1280"
    assert found[1].why == "it takes 720x1280 and not 1080x1920"
    assert found[1].why is not None
    assert found[1].why.ko == "1080x1920 대신 720x1280"


@given(st.lists(st.sampled_from(PLATFORMS), min_size=1, unique_by=lambda p: p.name))
def test_every_platform_is_in_one_encode_in_its_order_and_labels_are_told_apart(
    chosen: list[Platform],
) -> None:
    found = encodes_for(chosen)
    listed = [name for group in names(found) for name in group]
    assert sorted(listed) == sorted(p.name for p in chosen)
    for group in names(found):
        assert group == [p.name for p in chosen if p.name in group]
    assert len({encode.label for encode in found}) == len(found)
    assert len(found) == len({p.raster for p in chosen})


def test_another_rate_is_another_encode() -> None:
    rates = {"instagram-reels": Fraction(24000, 1001), "youtube-shorts": Fraction(24000, 1001)}
    found = encodes_for(
        [INSTAGRAM, load_platform("facebook-reels"), YOUTUBE],
        rate_of=lambda p: rates.get(p.name, Fraction(24)),
    )
    assert names(found) == [["instagram-reels", "youtube-shorts"], ["facebook-reels"]]
    assert found[1].label == "24fps"
    assert "24 frames a second and not 23.976" in str(found[1].why)


def test_a_shorter_limit_is_another_encode_only_where_the_reel_is_cut_for_it() -> None:
    limits = {"facebook-reels": Fraction(90), "naver-clip": Fraction(90)}
    chosen = [INSTAGRAM, load_platform("facebook-reels"), YOUTUBE, load_platform("naver-clip")]
    found = encodes_for(chosen, limit_of=lambda p: limits.get(p.name))
    assert names(found) == [["instagram-reels", "youtube-shorts"], ["facebook-reels", "naver-clip"]]
    assert (found[1].label, found[1].why) == ("90s", "it takes at most 90 s")
    assert len(encodes_for(chosen, limit_of=lambda p: None)) == 1
    turned = encodes_for([chosen[1], INSTAGRAM], limit_of=lambda p: limits.get(p.name))
    assert turned[1].why == "it takes all of it"


def test_platforms_that_leave_nothing_free_together_get_an_encode_each() -> None:
    top = replace(INSTAGRAM, name="top", safe_area=Box(0, 0, 1080, 900))
    foot = replace(INSTAGRAM, name="foot", safe_area=Box(0, 1000, 1080, 1920))
    found = encodes_for([top, foot, INSTAGRAM])
    assert names(found) == [["top", "instagram-reels"], ["foot"]]
    assert found[1].label == "foot"


def test_another_loudness_is_another_encode() -> None:
    quiet = replace(INSTAGRAM, name="hall", target_lufs=Fraction(-23))
    found = encodes_for([INSTAGRAM, quiet])
    assert found[1].label == "-23LUFS"
    assert len(encodes_for([INSTAGRAM, replace(quiet, target_lufs=Fraction(-15))])) == 1


def test_two_further_encodes_of_one_kind_keep_their_names_apart() -> None:
    hall = replace(X, name="hall", safe_area=Box(0, 0, 720, 300))
    found = encodes_for([INSTAGRAM, replace(X, safe_area=Box(0, 700, 720, 1280)), hall])
    assert [encode.label for encode in found] == ["", "720x1280", "720x1280 hall"]


def test_the_plan_says_why_and_gives_each_encode_steps_of_its_own(world: World) -> None:
    world.write(HELLO.replace("[instagram-reels, youtube-shorts]", "[instagram-reels, x]"))
    plan = world.settle()
    assert plan.failures == ()
    joins = {step.id for step in plan.steps if isinstance(step.work, JoinWork)}
    assert joins == {"hello join", "hello 720x1280 join"}
    rasters = {work.spec.raster for step in plan.steps if isinstance(work := step.work, ChunkWork)}
    assert rasters == {Raster(1080, 1920), Raster(720, 1280)}
    notes = {cut.platforms: [str(note) for note in cut.notes] for cut in plan.cuts}
    assert notes[("instagram-reels",)] == []
    assert notes[("x",)] == ["another encode for x: it takes 720x1280 and not 1080x1920"]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"containers": ("webm",)}, "containers: webm"),
        ({"video_codecs": ("hevc",)}, "video_codecs: hevc"),
        ({"video_profiles": ("h264 Main",)}, "video_profiles: h264 Main"),
        ({"pixel_formats": ("yuv422p",)}, "pixel_formats: yuv422p"),
        ({"colour": "bt2020/smpte2084/bt2020nc/tv"}, "colour: bt2020"),
        ({"audio_codecs": ("opus",)}, "audio_codecs: opus"),
        ({"audio_rate_hz": 44100}, "audio_rate_hz: 44100"),
        ({"audio_channels": 1}, "audio_channels: 1"),
    ],
)
def test_what_no_encode_of_ours_is_is_told_before_anything_is_done(
    world: World, changed: dict[str, object], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.write(HELLO)
    campaign = world.campaign()
    odd = replace(INSTAGRAM, name="odd", **changed)  # type: ignore[arg-type]
    reels = tuple(replace(reel, platforms=(odd, YOUTUBE)) for reel in campaign.reels)
    plan = world.plan(replace(campaign, reels=reels))
    (failure,) = plan.failures
    assert (failure.platform, said in str(failure.error)) == ("odd", True)
    assert "reels" in failure.error.sentence("ko")
    assert [step for step in plan.steps if step.platform == "odd"] == []


def test_every_built_in_platform_takes_what_we_make(world: World) -> None:
    from reels.plan.encodes import not_made_by_us

    world.write()
    (reel,) = world.campaign().reels
    assert [not_made_by_us(reel, platform) for platform in PLATFORMS] == [[]] * len(PLATFORMS)
