"""What is delivered → how it is encoded: closed groups of pictures on a grid, the same bytes on any machine."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reels.encode import (
    ENCODERS,
    Encoder,
    PictureSpec,
    SoundSpec,
    audio_options,
    chunk_frames,
    join_options,
    video_options,
)

RATES = (Fraction(24), Fraction(25), Fraction(30), Fraction(30000, 1001), Fraction(24000, 1001), Fraction(60))


@given(st.sampled_from(RATES), st.fractions(min_value=Fraction(1, 10), max_value=10, max_denominator=100))
def test_a_group_of_pictures_is_never_longer_than_asked_and_a_chunk_is_whole_groups(
    rate: Fraction, longest: Fraction
) -> None:
    spec = PictureSpec(rate=rate, gop_seconds=longest)
    assert spec.gop_frames >= 1
    assert spec.gop_frames / rate <= max(longest, 1 / rate)
    assert (spec.gop_frames + 1) / rate > longest, "one frame more would still have fitted"
    assert chunk_frames(spec) % spec.gop_frames == 0


def test_the_encoder_is_told_what_makes_chunks_joinable_and_repeatable() -> None:
    options = video_options(PictureSpec(rate=Fraction(30000, 1001)))
    assert options["threads"] == 1
    assert options["g"] == 59
    assert "open-gop=0" in str(options["x264-params"])
    assert "stitchable=1" in str(options["x264-params"])
    assert options["fps_mode"] == "passthrough"
    assert (options["map_metadata"], options["map_chapters"]) == (-1, -1), "no private details of the footage"


def test_colours_are_tagged_in_full_and_bits_have_a_limit() -> None:
    options = video_options(PictureSpec(rate=Fraction(25), max_video_kbps=5000, crf=18, preset="slow"))
    assert {options[key] for key in ("color_primaries", "color_trc", "colorspace")} == {"bt709"}
    assert options["color_range"] == "tv"
    assert (options["maxrate"], options["bufsize"]) == ("5000k", "5000k")
    assert (options["crf"], options["preset"], options["pix_fmt"]) == (18, "slow", "yuv420p")


def test_sound_is_encoded_for_every_platform() -> None:
    options = audio_options(SoundSpec(kbps=128))
    assert (options["c:a"], options["b:a"], options["ar"], options["ac"]) == ("aac", "128k", 48_000, 2)


@pytest.mark.parametrize("rate", RATES)
def test_every_frame_lies_on_a_whole_tick_of_the_finished_file(rate: Fraction) -> None:
    scale = join_options(rate)["video_track_timescale"]
    assert isinstance(scale, int)
    assert (scale / rate).denominator == 1


def test_joining_encodes_nothing_and_puts_the_index_first() -> None:
    options = join_options(Fraction(25))
    assert options["c"] == "copy"
    assert options["use_editlist"] == 0
    assert str(options["movflags"]).startswith("+faststart")


@pytest.mark.parametrize("encoder", ENCODERS)
def test_every_encoder_is_told_the_profile_the_limit_the_groups_and_the_colours(encoder: Encoder) -> None:
    options = video_options(PictureSpec(rate=Fraction(30), encoder=encoder, max_video_kbps=8000))
    assert str(options["c:v"]).endswith({"x264": "libx264"}.get(encoder, f"h264_{encoder}"))
    assert (options["profile:v"], options["g"], options["bf"]) == ("high", 60, 2)
    assert (options["maxrate"], options["bufsize"]) == ("8000k", "8000k")
    assert options["color_trc"] == "bt709"
    assert options["map_metadata"] == -1
