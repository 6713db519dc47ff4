"""A team's own platforms: found before the built-in ones, whole or in part, and told where they are wrong."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from reels.campaign.load import load_campaign
from reels.campaign.own_platforms import PLATFORMS_VARIABLE, every_platform, named_platform
from reels.errors import CampaignProblems, UsageError
from reels.geometry import Raster
from reels.platforms import list_platforms, load_platform

SHORTER = """\
schema: reels/platform/1
name: instagram-reels
extends: instagram-reels
sources:
  ours: &ours {source: "한빛시 홍보담당관 내부 기준", checked_on: 2026-11-01, trust: measured}
values:
  duration_max: {<<: *ours, value: 60}
  fps_min: {<<: *ours, value: "24000/1001", note: 시청 카메라}
"""
HALL = """\
schema: reels/platform/1
name: city-hall-screen
extends: youtube-shorts
title: {en: City hall screen, ko: 시청 전광판}
values:
  raster: {value: "720x1280", source: "전광판 설명서", checked_on: 2026-03-02, trust: official}
  safe_area: {value: {top: 0, bottom: 0, left: 0, right: 0}, source: "전광판 설명서", checked_on: 2026-03-02, trust: official}
  auto_caption_band: {value: null, source: "전광판 설명서", checked_on: 2026-03-02, trust: official}
"""


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A campaign's folder, with nothing of the user's own found."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.delenv(PLATFORMS_VARIABLE, raising=False)
    (tmp_path / "campaign" / "platforms").mkdir(parents=True)
    return tmp_path / "campaign"


def write(root: Path, text: str, name: str = "own.yaml") -> None:
    (root / "platforms" / name).write_text(text, encoding="utf-8")


def test_without_files_of_a_team_there_are_the_built_in_ones(root: Path) -> None:
    assert every_platform(root) == list_platforms()
    assert every_platform() == list_platforms()


def test_a_value_of_the_team_wins_and_all_others_stay(root: Path) -> None:
    write(root, SHORTER)
    ours, theirs = named_platform("instagram-reels", root=root), load_platform("instagram-reels")
    assert (ours.duration_max, ours.fps_min) == (Fraction(60), Fraction(24000, 1001))
    assert ours.source_of("duration_max").source == "한빛시 홍보담당관 내부 기준"
    assert ours.source_of("fps_min").note == "시청 카메라"
    changed = {"duration_max", "fps_min"}
    for entry in theirs.provenance:
        if entry.key not in changed:
            assert getattr(ours, entry.key) == getattr(theirs, entry.key)
            assert ours.source_of(entry.key) == entry
    assert (ours.title, ours.title_ko) == (theirs.title, theirs.title_ko)
    assert len(every_platform(root)) == len(list_platforms())
    assert named_platform("instagram-reels") == theirs, "of this campaign alone"


def test_a_platform_of_the_team_may_be_another_one(root: Path) -> None:
    write(root, HALL)
    hall = named_platform("city-hall-screen", root=root)
    assert (hall.raster, hall.title_ko, hall.duration_max) == (
        Raster(720, 1280),
        "시청 전광판",
        Fraction(180),
    )
    assert "city-hall-screen" in [platform.name for platform in every_platform(root)]


def test_a_file_may_extend_another_file_of_the_team(root: Path) -> None:
    write(root, HALL)
    write(
        root,
        HALL.replace("city-hall-screen", "station-screen")
        .replace("youtube-shorts", "city-hall-screen")
        .partition("values:")[0]
        + 'values:\n  duration_max: {value: 15, source: "역 안내", checked_on: 2026-03-02, trust: official}\n',
        "station.yaml",
    )
    station = named_platform("station-screen", root=root)
    assert (station.raster, station.duration_max) == (Raster(720, 1280), Fraction(15))


def test_a_file_without_a_title_has_that_of_the_nearest_file_it_extends(root: Path) -> None:
    write(root, HALL)
    untitled = HALL.replace("title: {en: City hall screen, ko: 시청 전광판}\n", "")
    for name, base in (("station-screen", "city-hall-screen"), ("gate-screen", "station-screen")):
        own = untitled.replace("city-hall-screen", name).replace("youtube-shorts", base)
        write(root, own, f"{name}.yaml")
    assert named_platform("gate-screen", root=root).title_ko == "시청 전광판"


def test_a_folder_of_the_team_may_be_in_the_persons_home(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "team").mkdir()
    (tmp_path / "team" / "hall.yaml").write_text(HALL, encoding="utf-8")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    monkeypatch.setenv(PLATFORMS_VARIABLE, "~/team")
    assert named_platform("city-hall-screen", root=root).title_ko == "시청 전광판"


def test_a_campaign_uses_them(root: Path) -> None:
    write(root, SHORTER)
    (root / "campaign.yaml").write_text(
        "campaign: 봄\nplatforms: [instagram-reels]\nreels:\n  - id: a\n    cards: [하나]\n", encoding="utf-8"
    )
    (platform,) = load_campaign(root).reels[0].platforms
    assert platform.duration_max == 60


def test_the_folders_of_a_team_and_of_the_user_are_found_and_the_campaigns_comes_first(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for folder, seconds in (("team", 50), ("config/reels/platforms", 40)):
        (tmp_path / folder).mkdir(parents=True)
        text = SHORTER.replace("value: 60", f"value: {seconds}")
        (tmp_path / folder / "a.yaml").write_text(text, encoding="utf-8")
    assert named_platform("instagram-reels", root=root).duration_max == 40
    monkeypatch.setenv(PLATFORMS_VARIABLE, str(tmp_path / "team"))
    assert named_platform("instagram-reels", root=root).duration_max == 50
    write(root, SHORTER)
    assert named_platform("instagram-reels", root=root).duration_max == 60


def test_a_file_that_is_changed_is_read_again(root: Path) -> None:
    write(root, SHORTER)
    assert named_platform("instagram-reels", root=root).duration_max == 60
    write(root, SHORTER.replace("value: 60", "value: 45.0").replace("45.0", "45 "))
    assert named_platform("instagram-reels", root=root).duration_max == 45


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("duration_max", "duration_mx", "own.yaml:7 values.duration_mx: found unknown key duration_mx"),
        ("duration_max", "duration_mx", "duration_max"),
        ("extends: instagram-reels", "extends: instagram", "own.yaml:3 extends: found instagram"),
        ("extends: instagram-reels\n", "", "moov_first"),
        ("value: 60}", "value: 59.94}", "not exact"),
        ("trust: measured", "trust: surely", "trust"),
        ("checked_on: 2026-11-01, ", "", "checked_on"),
        ("name: instagram-reels", "name: ../../etc", "name"),
        ("reels/platform/1", "reels/platform/9", "schema"),
        ("value: 60}", "value: [60]}", "duration_max"),
    ],
)
def test_a_mistake_is_told_with_its_file_its_key_and_what_is_right(
    root: Path, old: str, new: str, said: str
) -> None:
    assert old in SHORTER
    write(root, SHORTER.replace(old, new, 1))
    with pytest.raises(CampaignProblems, match=r"platforms/own\.yaml") as caught:
        every_platform(root)
    assert said in str(caught.value)
    assert caught.value.exit_code == 3


def test_values_that_do_not_fit_each_other_are_refused(root: Path) -> None:
    write(root, HALL.replace("top: 0", "top: 1300"))
    with pytest.raises(CampaignProblems, match="values"):
        every_platform(root)


def test_a_mistyped_name_names_the_nearest_of_all(root: Path) -> None:
    write(root, HALL)
    with pytest.raises(UsageError, match="did you mean city-hall-screen"):
        named_platform("city-hall", root=root)


def test_values_grow_old_after_half_a_year_each_by_itself(root: Path) -> None:
    write(root, HALL)
    hall = named_platform("city-hall-screen", root=root)
    assert hall.stale_values(date(2026, 8, 29)) == ()
    old = hall.stale_values(date(2026, 8, 30))
    assert {entry.key for entry in old} == {"raster", "safe_area", "auto_caption_band"}
