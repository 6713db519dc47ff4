"""`cover` in a campaign and on the command line: a word, a time or a picture by its shape, mistakes told in place."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from reels.campaign.cover_keys import cover_as_keys
from reels.campaign.load import load_campaign
from reels.campaign.model import Campaign
from reels.covering import AUTO_COVER, WantedCover
from reels.errors import CampaignProblems


def campaign(folder: Path, text: str) -> Campaign:
    (folder / "campaign.yaml").write_text(f"campaign: 한빛시\n{text}", encoding="utf-8")
    return load_campaign(folder)


def cover(folder: Path, text: str, *, outer: str = "") -> WantedCover:
    reel = f"reels:\n  - id: one\n    cover: {text}\n    clips: [{{footage: a.mov}}]\n"
    return campaign(folder, f"{outer}{reel}").reels[0].cover


def refused(folder: Path, text: str) -> tuple[str, str]:
    with pytest.raises(CampaignProblems) as caught:
        cover(folder, text)
    (problem,) = caught.value.problems
    return problem.sentence("en"), problem.sentence("ko")


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "표지.JPG"
    Image.new("RGB", (1080, 1920), (200, 40, 40)).save(path, "JPEG")
    return path


# --- by the shape of the text ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "keys"),
    [
        ("auto", {}),
        ("4.2", {"at": "4.2"}),
        (4.2, {"at": "4.2"}),
        (12, {"at": "12"}),
        ("01:04.2", {"at": "01:04.2"}),
        (" 120f ", {"at": "120f"}),
        ("표지.jpg", {"file": "표지.jpg"}),
        ("4.2.PNG", {"file": "4.2.PNG"}),
        ("120f.webp", {"file": "120f.webp"}),
        ("0412.jpeg", {"file": "0412.jpeg"}),
        (None, None),
        ({"file": "4.2"}, {"file": "4.2"}),
    ],
)
def test_a_word_a_time_and_a_file_are_told_apart_by_their_shape(written: Any, keys: Any) -> None:
    assert cover_as_keys(written) == keys


@pytest.mark.parametrize("written", ["otto", "cover.gif", "IMG_0412.heic", "", True, False, [4], "ab:cd"])
def test_what_has_no_shape_of_any_is_told_all_three(written: Any) -> None:
    with pytest.raises(ValueError, match="auto, a time of the reel") as caught:
        cover_as_keys(written)
    assert "그림 파일" in caught.value.args[0].ko


@pytest.mark.parametrize("written", ["4:75", "1:2:3:4", "4,2", "-1", "00:61", "4..2"])
def test_a_time_with_a_slip_is_told_how_times_are_written(written: str) -> None:
    with pytest.raises(ValueError, match=r"a time of the reel such as 4\.2, 01:04\.2 or 120f"):
        cover_as_keys(written)


# --- in a campaign ---------------------------------------------------------------------------------------


def test_without_the_key_the_best_frame_is_the_cover(tmp_path: Path) -> None:
    reel = campaign(tmp_path, "reels: [{id: one, clips: [{footage: a.mov}]}]").reels[0]
    assert reel.cover == AUTO_COVER
    assert dict(reel.origins)["cover"] == "default"


def test_a_time_stays_as_it_was_written(tmp_path: Path) -> None:
    assert cover(tmp_path, "01:04.2").at == "01:04.2"
    assert cover(tmp_path, "4.20").at == "4.20"


def test_the_long_form_gives_another_title_or_none(tmp_path: Path, photo: Path) -> None:
    found = cover(tmp_path, "{file: 표지.JPG, title: false}")
    assert (found.file, found.title) == (photo, "")
    found = cover(tmp_path, "{at: 4.2, title: 다른   제목}")
    assert (found.at, found.title) == ("4.2", "다른 제목")
    assert cover(tmp_path, "{title: 2026}").title == "2026"
    assert cover(tmp_path, "{at: 4.2}").title is None


def test_the_reels_cover_stands_for_the_campaigns_as_a_whole(tmp_path: Path, photo: Path) -> None:
    outer = "cover: {file: 표지.JPG, title: false}\n"
    reels = (
        "  - {id: one, clips: [{footage: a.mov}]}\n  - {id: two, cover: auto, clips: [{footage: a.mov}]}\n"
    )
    text = f"{outer}reels:\n{reels}"
    one, two = campaign(tmp_path, text).reels
    assert (one.cover.file, one.cover.title) == (photo, "")
    assert "campaign.yaml:2 cover" in one.cover.where
    assert (two.cover.file, two.cover.at, two.cover.title) == (None, None, None)
    assert [dict(reel.origins)["cover"] for reel in (one, two)] == ["campaign", "reel"]


def test_a_picture_is_found_beside_the_campaign_and_a_mistyped_name_told_with_the_nearest(
    tmp_path: Path, photo: Path
) -> None:
    assert cover(tmp_path, "표지.JPG").file == photo
    photo.rename(tmp_path / "표지.jpg")
    en, ko = refused(tmp_path, "표자.jpg")
    assert "campaign.yaml:4 reels[0].cover: found 표자.jpg, which is not there" in en
    assert "perhaps you meant 표지.jpg" in en
    assert "없는 파일 표자.jpg" in ko


def test_a_shared_picture_that_is_none_is_told_once(tmp_path: Path) -> None:
    (tmp_path / "표지.png").write_bytes(b"GIF89a")
    reels = "".join(f"  - {{id: r{n}, clips: [{{footage: a.mov}}]}}\n" for n in range(3))
    with pytest.raises(CampaignProblems) as caught:
        campaign(tmp_path, f"cover: 표지.png\nreels:\n{reels}")
    (problem,) = caught.value.problems
    assert "campaign.yaml:2 cover (표지.png): found no PNG, JPEG or WebP picture" in problem.sentence("en")
    assert "PNG, JPEG, WebP 그림이 아닌 파일" in problem.sentence("ko")


def test_a_small_picture_is_told_with_what_would_be_seen_of_it(tmp_path: Path) -> None:
    Image.new("RGB", (1280, 720)).save(tmp_path / "wide.png")
    en, ko = refused(tmp_path, "wide.png")
    assert "found 1280x720 pixels, of which 405x720 would be shown" in en
    assert "at least 540x960 pixels" in en
    assert "그 가운데 405x720만 보임" in ko


@pytest.mark.parametrize(
    ("text", "said", "said_ko"),
    [
        ("otto", "found otto, expected auto, a time of the reel", "필요한 값: auto,"),
        ("4:75", "found 4:75, expected a time of the reel", "릴스의 시각"),
        ("{at: 4.2, file: a.jpg}", "found both `at` and `file`, expected either", "가운데 하나"),
        ("{at: soon}", "found soon, expected a time", "릴스의 시각"),
        ("{title: true}", "found true, expected text, or false for no title", "제목을 빼는 false"),
        ("{flie: a.jpg}", "unknown key flie", "혹시 file인가요?"),
        ("false", "expected auto, a time of the reel", "그림 파일"),
    ],
)
def test_each_mistake_is_one_sentence_with_its_place_in_both_languages(
    tmp_path: Path, text: str, said: str, said_ko: str
) -> None:
    en, ko = refused(tmp_path, text)
    assert "campaign.yaml:4 reels[0].cover" in en
    assert said in en
    assert said_ko in ko
