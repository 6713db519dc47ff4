"""The words that go with a reel: whole, counted as each platform counts, refused before anything is rendered."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reels.campaign.brand import DEFAULT_BRAND, Brand, Kogl, MusicLicence
from reels.campaign.model import MusicSpec, ReelSpec
from reels.plan.post import post_of, text_problems
from reels.platforms import list_platforms, load_platform
from tests.unit.test_plan_cards import card, reel_of

INSTAGRAM, YOUTUBE, X, STORY = map(
    load_platform, ("instagram-reels", "youtube-shorts", "x", "instagram-story")
)


def reel(
    caption: str = "이번 주말에 만나요!",
    *,
    brand: Brand = DEFAULT_BRAND,
    credit: bool = True,
    title: str = "봄축제",
) -> ReelSpec:
    made = reel_of(card(), title=title)
    return replace(made, caption=caption, hashtags=("한빛시", "축제"), brand=brand, credit=credit)


def branded(**said: object) -> Brand:
    return replace(DEFAULT_BRAND, **said)  # type: ignore[arg-type]


def test_the_title_stands_first_only_where_the_platform_has_a_field_for_it() -> None:
    assert post_of(reel(), YOUTUBE).as_file == "봄축제\n\n이번 주말에 만나요!\n\n#한빛시 #축제"
    assert post_of(reel(), INSTAGRAM).as_file == "이번 주말에 만나요!\n\n#한빛시 #축제"
    assert post_of(reel(title=""), YOUTUBE).as_file == "이번 주말에 만나요!\n\n#한빛시 #축제"


def test_the_credit_stands_last_a_line_for_each() -> None:
    music = MusicLicence(title="봄바람", licence="CC BY 4.0", attribution="한빛 악단", name="spring.mp3")
    brand = branded(credit="영상: 한빛시", kogl=Kogl(type=1), music=(music,))
    played = replace(reel(brand=brand), music=MusicSpec(path=Path("/a/spring.mp3")))
    text = post_of(played, INSTAGRAM).text
    assert text.split("\n\n")[-1].splitlines() == [
        "음악: 봄바람, 한빛 악단",
        "영상: 한빛시",
        "공공누리 제1유형: 출처표시",
    ]
    other = replace(played, music=MusicSpec(path=Path("/a/other.mp3")))
    assert "음악" not in post_of(other, INSTAGRAM).text
    assert post_of(replace(played, credit=False), INSTAGRAM).text == "이번 주말에 만나요!\n\n#한빛시 #축제"
    english = replace(played, subtitles=replace(played.subtitles, language="en"))
    assert "Music: 봄바람" in post_of(english, INSTAGRAM).text


@given(st.text(max_size=60), st.sampled_from(list_platforms()))
def test_nothing_of_a_post_is_cut_and_its_lengths_are_those_of_what_is_pasted(
    caption: str, platform: object
) -> None:
    chosen = next(p for p in list_platforms() if p is platform)
    post = post_of(reel(caption), chosen)
    assert caption in post.as_file
    assert post.text_length == chosen.caption_length(post.text)
    assert post.title_length == chosen.title_length(post.title)


def test_what_is_too_long_is_told_with_what_it_is_made_of() -> None:
    brand = branded(credit="영상: 한빛시 홍보담당관")
    (problem,) = text_problems(reel("가" * 130, brand=brand), X)
    assert "for x" in str(problem.where)
    assert problem.found == "300 weighted: 260 of text, 13 of hashtags, 23 of credit"
    assert problem.expected == "at most 280"
    assert "credit: false" in problem.remedy
    assert "출처 23" in problem.found.ko  # type: ignore[attr-defined]
    (shorter,) = text_problems(reel("가" * 140, brand=brand, credit=False), X)
    assert "credit" not in shorter.remedy
    assert text_problems(reel("가" * 120, brand=brand, credit=False), X) == []


@pytest.mark.parametrize(
    ("title", "caption", "key", "found"),
    [
        ("가" * 101, "만나요", "title", "101 utf-16-units"),
        ("제목", "가" * 1700, "caption", "5120 utf-8-bytes"),
        ("제목 <새소식>", "만나요", "caption", "the signs <>"),
        ("제목", "화살표 -> 이쪽", "caption", "the signs >"),
    ],
)
def test_youtube_counts_its_title_in_letters_its_text_in_bytes_and_takes_no_angle_brackets(
    title: str, caption: str, key: str, found: str
) -> None:
    (problem,) = text_problems(reel(caption, title=title), YOUTUBE)
    assert f".{key} for youtube-shorts" in str(problem.where)
    assert str(problem.found).startswith(found)


def test_a_story_takes_any_words_for_it_shows_none() -> None:
    assert text_problems(reel("가" * 9000), STORY) == []
