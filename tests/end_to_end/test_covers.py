"""Covers by the real command: what is handed over, what the reports say of it, and what is said of mistakes."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from reels.geometry import Raster
from tests.media.cover_pictures import dark, person

from .conftest import Reels
from .filmed import BT709_LIMITED, film

RATE = Fraction(25)
CAMPAIGN = """\
campaign: 한빛시 축제
template: plain
platforms: [instagram-reels, youtube-shorts]
framing: centre
reels:
  - id: auto
    title: 개막
    clips: [{footage: a.mp4}]
  - id: time
    title: 개막
    cover: {at: 50f, title: false}
    clips: [{footage: a.mp4}]
  - id: file
    title: 개막
    cover: 표지.jpg
    clips: [{footage: a.mp4}]
"""


@pytest.fixture(scope="module")
def root(reels: Reels, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A silent film of 3.2 s: dark but for second 2 to 2.8, when somebody stands there; three reels of it."""
    folder = tmp_path_factory.mktemp("covers")
    good, bad = person(tall=0.25, y=0.4), dark(person(tall=0.25, y=0.4), 0.06)
    frames = [
        BT709_LIMITED.yuv(np.asarray(good if 50 <= n < 70 else bad).astype(np.float64)) for n in range(80)
    ]
    film(folder / "a.mp4", frames, [n / RATE for n in range(80)], rate=RATE, gop=25)
    Image.new("RGB", (1080, 1920), (190, 60, 40)).save(folder / "표지.jpg", quality=95)
    (folder / "campaign.yaml").write_text(CAMPAIGN, encoding="utf-8")
    reels.run("render", folder)
    return folder


def told(root: Path, reel: str, platform: str) -> Any:
    report = root / "out" / reel / platform / "report.json"
    return json.loads(report.read_text(encoding="utf-8"))["cover"]


def pixels(root: Path, reel: str) -> Any:
    with Image.open(root / "out" / reel / "instagram-reels" / "cover.jpg") as cover:
        assert (cover.format, cover.size) == ("JPEG", (1080, 1920))
        return np.asarray(cover).astype(int)


def test_the_report_tells_which_frame_it_is_and_why(root: Path) -> None:
    cover = told(root, "auto", "instagram-reels")
    assert cover["chosen"] == "auto"
    assert 50 <= cover["frame"] < 70
    assert cover["at_s"] == cover["frame"] / 25
    assert (cover["why"]["faces"], cover["why"]["light"]) == (1, 100)
    assert set(cover["why"]["sentence"]) == {"en", "ko"}
    assert cover["frame_to_choose_s"] is None
    assert pixels(root, "auto").mean() > 60


def test_a_platform_that_takes_only_a_frame_is_told_which(root: Path) -> None:
    instagram, youtube = (told(root, "auto", name) for name in ("instagram-reels", "youtube-shorts"))
    assert youtube["frame_to_choose_s"] == instagram["at_s"]
    assert f"choose the frame at {youtube['at_s']:.1f} s" in youtube["hint"]["en"]
    assert "표지 그림을 받지 않습니다" in youtube["hint"]["ko"]
    assert "hint" not in instagram
    drawn = told(root, "file", "youtube-shorts")
    assert (drawn["frame_to_choose_s"], "choose a frame of the film" in drawn["hint"]["en"]) == (None, True)


def test_a_time_and_a_picture_are_what_was_asked_for(root: Path) -> None:
    assert {key: told(root, "time", "instagram-reels")[key] for key in ("chosen", "frame", "at_s")} == {
        "chosen": "time",
        "frame": 50,
        "at_s": 2.0,
    }
    bright = np.asarray(person(tall=0.25, y=0.4, raster=Raster(1080, 1920))).astype(int)
    assert np.abs(pixels(root, "time")[1500:] - bright[1500:]).mean() < 12, (
        "the first frame of light, without a title"
    )
    assert told(root, "file", "instagram-reels")["chosen"] == "file"
    assert np.abs(pixels(root, "file")[:300].mean(axis=(0, 1)) - (190, 60, 40)).max() < 4
    assert (pixels(root, "file") > 240).all(axis=2).sum() > 2000, "with the title"


def test_reports_have_the_documented_keys(root: Path) -> None:
    assert set(told(root, "auto", "instagram-reels")) == {
        *("chosen", "frame", "at_s", "of", "why", "looked_for_faces", "frame_to_choose_s"),
    }


@pytest.mark.parametrize(
    ("cover", "status", "en", "ko"),
    [
        ("9.5", 3, "a time before the end of the reel, which lasts 00:00:03.200", "릴스의 끝보다 이른 시각"),
        ("4:75", 2, "--cover: found '4:75', expected a time of the reel", "릴스의 시각"),
        (
            "cover.heic",
            2,
            "--cover: found 'cover.heic', expected auto, a time",
            "그림 파일(.jpg, .png, .webp)",
        ),
        (
            "없는.jpg",
            2,
            "--cover: found 없는.jpg, which is not there, expected a picture",
            "없는 파일 없는.jpg",
        ),
        ("small.png", 3, "found 100x100 pixels, of which 56x100 would be shown", "그 가운데 56x100만 보임"),
    ],
)
def test_a_mistake_is_one_clear_sentence(
    root: Path, reels: Reels, cover: str, status: int, en: str, ko: str
) -> None:
    Image.new("RGB", (100, 100)).save(reels.home / "small.png")
    arguments = (
        "make",
        root / "a.mp4",
        "-o",
        reels.home / "o",
        "-p",
        "instagram-reels",
        "--framing",
        "centre",
    )
    for language, said in (("en", en), ("ko", ko)):
        ran = reels.forge(
            *arguments,
            *("--cover", cover),
            cwd=reels.home,
            home=reels.home,
            environment=reels.environment | {"REELS_LANG": language},
        )
        assert ran.code == status, ran.stderr
        assert said in ran.stderr
        assert ran.stderr.count(said) == 1
        assert "Traceback" not in ran.stderr
    assert not list((reels.home / "o").rglob("*.mp4"))
