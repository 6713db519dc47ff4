"""`lut` and `stabilise` in a campaign: at every level, the nearest wins, mistakes are told where they stand."""

from __future__ import annotations

from pathlib import Path

import pytest

from reels.campaign.load import load_campaign
from reels.campaign.model import Campaign
from reels.errors import CampaignProblems

GOOD = "LUT_1D_SIZE 2\n0 0 0\n1 1 1\n"


def campaign(folder: Path, text: str, **cubes: str) -> Campaign:
    for name, held in cubes.items():
        (folder / f"{name}.cube").write_text(held, encoding="utf-8")
    (folder / "campaign.yaml").write_text(f"campaign: 한빛시\n{text}", encoding="utf-8")
    return load_campaign(folder)


def test_the_nearest_look_wins_and_null_takes_it_back(tmp_path: Path) -> None:
    read = campaign(
        tmp_path,
        """lut: summer.cube
stabilise: true
reels:
  - id: one
    clips: [{footage: a.mov}, {footage: b.mov, lut: night.cube, stabilise: false}, {footage: c.mov, lut: null}]
  - id: two
    lut: night.cube
    stabilise: false
    clips: [{footage: a.mov, stabilise: true}, {footage: b.mov}]
""",
        summer=GOOD,
        night=GOOD + "# night\n",
    )
    one, two = (reel.clips for reel in read.reels)
    assert [clip.lut.path.name if clip.lut else None for clip in one] == ["summer.cube", "night.cube", None]
    assert [clip.lut.path.name if clip.lut else None for clip in two] == ["night.cube", "night.cube"]
    assert [clip.stabilise for clip in (*one, *two)] == [True, False, True, True, False]
    assert {clip.lut.dimensions for clip in two if clip.lut} == {1}


def test_without_the_keys_nothing_is_done(tmp_path: Path) -> None:
    clip = campaign(tmp_path, "reels: [{id: one, clips: [{footage: a.mov}]}]").reels[0].clips[0]
    assert (clip.lut, clip.stabilise) == (None, False)


def test_every_mistake_is_told_once_with_its_place(tmp_path: Path) -> None:
    with pytest.raises(CampaignProblems) as caught:
        campaign(
            tmp_path,
            """lut: summre.cube
reels:
  - id: one
    clips: [{footage: a.mov}, {footage: b.mov}]
  - id: two
    clips:
      - footage: a.mov
        lut: torn.cube
      - footage: b.mov
""",
            summer=GOOD,
            torn="LUT_3D_SIZE 2\n0 0 0\n",
        )
    said = [problem.sentence("en") for problem in caught.value.problems]
    assert len(said) == 2
    assert "campaign.yaml:2 lut: found summre.cube, which is not there" in said[0]
    assert "perhaps you meant summer.cube" in said[0]
    assert "campaign.yaml:9 reels[1].clips[0].lut (torn.cube:3): found 1 rows, expected 8 rows" in said[1]


def test_a_mistyped_key_or_wish_names_what_is_right(tmp_path: Path) -> None:
    with pytest.raises(CampaignProblems) as caught:
        campaign(tmp_path, "stabilize: true\nreels: [{id: a, clips: [{footage: a.mov, stabilise: much}]}]")
    said = caught.value.sentence("en")
    assert "perhaps you meant stabilise" in said
    assert "expected true or false" in said
