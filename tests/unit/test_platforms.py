"""The platforms' data: complete, sourced, exact; and texts counted the way each platform counts."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import fields
from datetime import date
from fractions import Fraction
from importlib import resources

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from reels.errors import UsageError
from reels.geometry import Box, Raster
from reels.platforms import (
    COUNTINGS,
    Counting,
    Platform,
    counted_length,
    list_platforms,
    load_platform,
    read_platform,
)

PLATFORMS = list_platforms()
every_platform = pytest.mark.parametrize("platform", PLATFORMS, ids=lambda p: p.name)


def data_file(name: str) -> str:
    return (resources.files("reels.platforms") / f"{name}.yaml").read_text(encoding="utf-8")


# --- the data --------------------------------------------------------------------------------------------


def test_the_platforms_that_reels_knows() -> None:
    assert [platform.name for platform in PLATFORMS] == [
        "facebook-reels",
        "instagram-reels",
        "instagram-story",
        "kakaotalk-channel",
        "naver-blog",
        "naver-clip",
        "threads",
        "tiktok",
        "x",
        "youtube-shorts",
    ]


@every_platform
def test_every_value_names_its_source_its_day_and_its_trust(platform: Platform) -> None:
    described = {"name", "title", "title_ko", "provenance"}
    assert [p.key for p in platform.provenance] == [
        f.name for f in fields(Platform) if f.name not in described
    ]
    for entry in platform.provenance:
        assert entry.checked_on >= date(2026, 7, 1)
        if entry.trust in {"official", "second-hand"}:
            assert re.search(r"https://|TikTok's own", entry.source), entry


@every_platform
def test_a_limit_that_is_not_published_is_never_called_official(platform: Platform) -> None:
    # The one exception says itself that there is no cap.
    for key in ("duration_min", "duration_max", "max_bytes", "caption_limit", "fps_max"):
        if getattr(platform, key) is None:
            assert platform.source_of(key).trust == "unconfirmed"


@every_platform
def test_the_safe_area_and_all_other_boxes_lie_in_the_raster(platform: Platform) -> None:
    whole = Box.at(0, 0, platform.raster)
    assert whole.contains(platform.safe_area)
    assert platform.safe_area.width > platform.raster.width // 2
    for box in (*platform.keep_clear, *filter(None, [platform.auto_caption_band])):
        assert whole.contains(box)
        assert box.width > 0
        assert box.height > 0


@every_platform
def test_the_wanted_raster_is_upright_and_within_the_limits(platform: Platform) -> None:
    raster = platform.raster
    assert raster.aspect == Fraction(9, 16)
    assert (platform.min_width or 1) <= raster.width <= (platform.max_width or raster.width)
    assert (platform.min_height or 1) <= raster.height <= (platform.max_height or raster.height)


def test_instagram_is_what_the_fact_sheet_says() -> None:
    p = load_platform("instagram-reels")
    assert (p.max_bytes, p.max_video_bitrate) == (300_000_000, 25_000_000)
    assert (p.duration_min, p.duration_max) == (Fraction(3), Fraction(900))
    assert (p.fps_min, p.fps_max) == (Fraction(23), Fraction(60))
    assert (p.edit_lists_allowed, p.moov_first, p.closed_gop) == (False, True, True)
    assert (p.caption_limit, p.max_hashtags) == (2200, 5)
    assert p.safe_area == Box(54, 190, 1080 - 160, 1920 - 220)
    assert p.auto_caption_band == Box(0, 1590, 1080, 1700)
    assert p.source_of("max_bytes").trust == "second-hand"
    assert p.source_of("target_lufs").trust == "third-party"


def test_a_story_is_what_the_fact_sheet_says() -> None:
    p = load_platform("instagram-story")
    assert (p.max_bytes, p.duration_min, p.duration_max) == (100_000_000, Fraction(3), Fraction(60))
    assert p.safe_area == Box(65, 269, 1080 - 65, 1920 - 672)
    assert p.caption_limit is None


def test_youtube_is_what_the_fact_sheet_says() -> None:
    p = load_platform("youtube-shorts")
    assert (p.duration_max, p.title_limit, p.caption_limit) == (Fraction(180), 100, 5000)
    assert p.caption_counting == "utf-8-bytes"
    assert p.video_profiles == ("h264 High",)
    assert p.fps_min == Fraction(24000, 1001)
    assert p.safe_area == Box(55, 180, 1080 - 170, 1920 - 190)
    assert p.auto_caption_band == Box(0, 260, 1080, 380)
    assert p.source_of("duration_max").trust == "official"
    assert (p.target_lufs, p.max_true_peak_dbtp) == (Fraction(-14), Fraction(-1))


@every_platform
def test_a_cover_that_a_platform_takes_may_be_ours_and_one_that_it_does_not_take_has_no_limits(
    platform: Platform,
) -> None:
    assert not platform.cover_formats or "jpeg" in platform.cover_formats
    if not platform.cover_accepted:
        assert (platform.cover_formats, platform.cover_max_bytes) == ((), None)
    for crop in platform.preview_crops:
        across, down = map(int, crop.split(":"))
        assert Fraction(9, 16) <= Fraction(across, down) <= 1


def test_covers_are_what_the_fact_sheet_says() -> None:
    found = {p.name: (p.cover_accepted, p.cover_formats, p.cover_max_bytes) for p in PLATFORMS}
    assert found["instagram-reels"] == (True, ("jpeg",), 8_000_000)
    assert found["facebook-reels"] == (True, ("jpeg", "png"), 10_000_000)
    assert found["kakaotalk-channel"] == (True, ("jpeg", "png"), 10_000_000)
    assert {found[name][0] for name in ("youtube-shorts", "tiktok")} == {False}
    assert {found[name][0] for name in ("x", "threads", "naver-clip")} == {None}
    trust = {p.name: p.source_of("cover_accepted").trust for p in PLATFORMS}
    assert (trust["instagram-reels"], trust["tiktok"]) == ("second-hand", "second-hand")
    assert (trust["facebook-reels"], trust["youtube-shorts"]) == ("third-party", "third-party")
    assert (trust["kakaotalk-channel"], trust["x"]) == ("official", "unconfirmed")


def test_x_wants_its_own_raster() -> None:
    assert load_platform("x").raster == Raster(720, 1280)
    assert load_platform("x").duration_min == Fraction(1, 2)


@pytest.mark.parametrize(
    ("platform", "language", "name"),
    [
        ("facebook-reels", "ko", "한빛.ko_KR.srt"),
        ("facebook-reels", "en", "한빛.en_US.srt"),
        ("facebook-reels", "it", "한빛.it_IT.srt"),
        ("youtube-shorts", "ko", "한빛.ko.srt"),
        ("youtube-shorts", "en", "한빛.en.srt"),
        ("instagram-reels", "ko", "한빛.ko.srt"),
    ],
)
def test_sidecars_are_named_as_the_upload_page_wants_them(platform: str, language: str, name: str) -> None:
    assert load_platform(platform).sidecar_for("한빛", language) == name


def test_a_reel_name_is_no_pattern() -> None:
    assert load_platform("facebook-reels").sidecar_for("{reel}{locale}") == "{reel}{locale}.ko_KR.srt"


@pytest.mark.parametrize(
    ("given", "nearest"),
    [
        ("instagram", "instagram-reels"),
        ("YouTube", "youtube-shorts"),
        ("tik-tok", "tiktok"),
        ("kakao", "kakaotalk-channel"),
    ],
)
def test_an_unknown_platform_names_the_nearest(given: str, nearest: str) -> None:
    with pytest.raises(UsageError) as caught:
        load_platform(given)
    assert caught.value.exit_code == 2
    assert f"did you mean {nearest}?" in str(caught.value)
    assert all(platform.name in str(caught.value) for platform in PLATFORMS)


@pytest.mark.parametrize("given", ["", "../../etc/passwd", "인스타그램", "instagram-reels.yaml"])
def test_a_name_is_never_a_path(given: str) -> None:
    with pytest.raises(UsageError, match="did you mean"):
        load_platform(given)


def test_the_age_of_a_platform_is_that_of_its_oldest_value() -> None:
    assert load_platform("instagram-reels").checked_on == date(2026, 8, 31)


def test_a_name_that_is_no_value_has_no_source() -> None:
    with pytest.raises(KeyError):
        PLATFORMS[0].source_of("colour_of_the_sky")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("max_bytes: {<<: *media, value: 300000000", "max_bytes: {<<: *media, value: 3.0e8", "max_bytes"),
        ("fps_min: {<<: *media, value: 23}", "fps_min: {<<: *media, value: 23.976}", "not exact"),
        ("fps_min: {<<: *media, value: 23}", "fps_min: {value: 23}", "source"),
        ("  progressive: {<<: *media, value: true}\n", "", "progressive"),
        ("  progressive:", "  progresive:", "progresive"),
        ("trust: second-hand", "trust: surely", "trust"),
        ('value: "{reel}.{language}.srt"', 'value: "../{reel}.{language}.srt"', "sidecar_name"),
        ("schema: reels/platform/1", "schema: reels/platform/2", "schema"),
        ("top: 190", "top: 1900", "inside out"),
    ],
)
def test_a_data_file_with_a_mistake_is_refused_and_the_mistake_named(old: str, new: str, said: str) -> None:
    text = data_file("instagram-reels")
    assert old in text
    with pytest.raises(ValueError, match=said):
        read_platform(text.replace(old, new))


@every_platform
def test_no_value_is_written_twice(platform: Platform) -> None:
    # YAML would silently take the last one.
    keys = re.findall(r"^  (\w+):", data_file(platform.name).partition("\nvalues:\n")[2], re.MULTILINE)
    assert sorted(keys) == sorted(set(keys))
    assert len(keys) == len(yaml.safe_load(data_file(platform.name))["values"])


# --- counting --------------------------------------------------------------------------------------------

FAMILY = "👨‍👩‍👧‍👦"


@pytest.mark.parametrize(
    ("text", "counting", "length"),
    [
        ("한빛시", "code-points", 3),
        ("한빛시", "utf-16-units", 3),
        ("한빛시", "utf-8-bytes", 9),
        ("한빛시", "emoji-as-bytes", 3),
        ("한빛시", "weighted", 6),
        ("Hanbit", "weighted", 6),
        ("가" * 140, "weighted", 280),
        ("가" * 1666, "utf-8-bytes", 4998),
        ("👍", "code-points", 1),
        ("👍", "utf-16-units", 2),
        ("👍", "utf-8-bytes", 4),
        ("👍", "emoji-as-bytes", 4),
        ("👍", "weighted", 2),
        ("축제 👍🏽!", "emoji-as-bytes", 4 + 8),
        (FAMILY, "code-points", 7),
        (FAMILY, "utf-16-units", 11),
        (FAMILY, "emoji-as-bytes", 25),
        (FAMILY, "weighted", 2),
        ("🇰🇷🇰🇷", "weighted", 4),
        ("1️⃣", "weighted", 2),
        ("❤️", "weighted", 2),
        ("“한빛”…", "weighted", 1 + 4 + 1 + 2),
        ("https://hanbit.example/notice?id=2026", "weighted", 23),
        ("신청은 hanbit.example/a 에서", "weighted", 6 + 1 + 23 + 1 + 4),
        ("3.5 km", "weighted", 6),
        ("#한빛축제", "weighted", 9),
        ("", "weighted", 0),
        ("a\nb", "code-points", 3),
    ],
)
def test_a_text_is_as_long_as_the_platform_says(text: str, counting: Counting, length: int) -> None:
    assert counted_length(text, counting) == length


ANY_TEXT = st.text(st.one_of(st.characters(), st.sampled_from("가힣ㄱ👍🏽\u200d\ufe0f🇰🇷❤")), max_size=40)


@given(ANY_TEXT, st.sampled_from(COUNTINGS))
def test_decomposed_text_counts_as_what_is_delivered(text: str, counting: Counting) -> None:
    composed, decomposed = unicodedata.normalize("NFC", text), unicodedata.normalize("NFD", text)
    assert (
        counted_length(decomposed, counting)
        == counted_length(composed, counting)
        == counted_length(text, counting)
    )


@given(
    st.text(st.sampled_from("가나다라 ABC,.!?"), max_size=40),
    st.text(st.sampled_from("가나다라 "), max_size=40),
)
def test_plain_text_counts_piece_by_piece(first: str, second: str) -> None:
    for counting in COUNTINGS:
        whole = counted_length(f"{first} {second}", counting)
        assert whole == counted_length(f"{first} ", counting) + counted_length(second, counting)


@given(ANY_TEXT)
def test_bytes_are_at_least_units_and_units_at_least_code_points(text: str) -> None:
    points, units, size, threads = (counted_length(text, c) for c in COUNTINGS[:4])
    assert points <= units <= size
    assert points <= threads <= size


def test_a_long_hostile_text_is_counted_at_once() -> None:
    assert counted_length("a." * 50_000, "weighted") > 0
    assert counted_length("a-" * 50_000, "weighted") == 100_000


def test_a_platform_counts_its_captions_and_titles_in_its_own_way() -> None:
    assert load_platform("youtube-shorts").caption_length("한빛") == 6
    assert load_platform("youtube-shorts").title_length("한빛👍") == 4
    assert load_platform("x").caption_length("한빛") == 4
