"""Reels of cards by the real command: from a text file to the upload-ready film, with a voice, between clips, before mistakes."""

from __future__ import annotations

import json
import math
import wave
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from reels.resources import assets_dir

from .conftest import Reels
from .entry_point import make_footage

NOTICE = """\
태풍 북상
강풍과 폭우

행동요령:
- 창문 닫기
- 하천에서 나오기
"""
CAMPAIGN = """\
campaign: 한빛시
brand: {brand}
template: announcement
platforms: [x]
framing: centre
reels:
  - id: news
    title: 다리 통제
    ai: true
    clips:
      - footage: a.mp4
        subtitles: a.srt
        elements: [{{callout: 우회하세요, at: 0.4, for: 1}}]
      - cards: [{{card: point, text: 한빛대교, for: 2}}]
      - footage: a.mp4
        subtitles: a.srt
"""
SRT = "1\n00:00:00,200 --> 00:00:01,600\n안녕하세요\n"
CLIP_S = 2

Picture = npt.NDArray[np.uint8]


def pictures(film: Path) -> list[Picture]:
    """Every frame of a finished film as RGB."""
    with av.open(str(film)) as container:
        return [np.asarray(frame.to_ndarray(format="rgb24"), np.uint8) for frame in container.decode(video=0)]


def loudness_of(film: Path) -> npt.NDArray[np.float64]:
    """Mean square of the sound in each tenth of a second."""
    with av.open(str(film)) as container:
        parts = [frame.to_ndarray().mean(axis=0) for frame in container.decode(audio=0)]
    sound = np.concatenate(parts).astype(np.float64)
    count = len(sound) // 4800
    squares: npt.NDArray[np.float64] = (sound[: count * 4800].reshape(count, 4800) ** 2).mean(axis=1)
    return squares


def white(picture: Picture) -> int:
    return int((picture.min(axis=2) > 225).sum())


def tone(path: Path, seconds: float) -> Path:
    samples = (0.3 * np.sin(np.arange(int(48_000 * seconds)) * 2 * math.pi * 330 / 48_000) * 32_000).astype(
        "<i2"
    )
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(48_000)
        file.writeframes(samples.tobytes())
    return path


@pytest.fixture(scope="module")
def warned(reels: Reels, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A reel made of a text file and a voice of 7 s, for X."""
    folder = tmp_path_factory.mktemp("notice")
    (folder / "태풍.txt").write_text(NOTICE, encoding="cp949")
    looks: list[str | Path] = ["--template", "disaster", "--brand", assets_dir() / "brand"]
    voice = tone(folder / "안내.wav", 7)
    reels.run("make", folder / "태풍.txt", "--voice", voice, *looks, "-p", "x", "-o", folder / "out")
    return folder / "out" / "태풍" / "x"


def test_a_text_file_becomes_a_film_that_the_platform_takes(warned: Path) -> None:
    report: dict[str, Any] = json.loads((warned / "report.json").read_text(encoding="utf-8"))
    assert report["check"]["ok"]
    assert report["frames"] == len(pictures(warned / "태풍.mp4"))
    assert {path.name for path in warned.iterdir()} >= {"태풍.mp4", "cover.jpg", "report.json"}


def test_the_first_frame_shows_the_whole_first_card(warned: Path) -> None:
    shown = pictures(warned / "태풍.mp4")
    assert white(shown[0]) > 5_000
    assert abs(white(shown[0]) - white(shown[20])) < white(shown[20]) // 50
    # The hazard on the colour of warnings, what to do on black: two grounds, one after the other.
    corners = [tuple(picture[1200, 600] // 16) for picture in (shown[5], shown[-20])]
    assert corners[0] != corners[1]
    assert corners[1] == (0, 0, 0)


def test_the_cards_stay_until_the_voice_has_been_heard(warned: Path) -> None:
    heard = loudness_of(warned / "태풍.mp4")
    assert 7.3 <= len(heard) / 10 <= 7.6
    assert heard[2:68].min() > 1e-4
    assert heard[-2:].max() < 1e-6


def test_the_cover_of_a_reel_of_cards_has_the_headline_on_the_cards_ground(warned: Path) -> None:
    with Image.open(warned / "cover.jpg") as cover:
        assert cover.size == (720, 1280)
        pixels = np.asarray(cover.convert("RGB"))
    assert white(pixels) > 5_000
    assert tuple(pixels[20, 20] // 24) == tuple(np.array((0xC8, 0x10, 0x2E)) // 24)


@pytest.fixture(scope="module")
def news(reels: Reels, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A title card, a clip, a card, the clip again, an end card; grey footage with a tone."""
    folder = tmp_path_factory.mktemp("news")
    make_footage(folder / "a.mp4", seconds=str(CLIP_S))
    (folder / "a.srt").write_text(SRT, encoding="utf-8")
    (folder / "campaign.yaml").write_text(CAMPAIGN.format(brand=assets_dir() / "brand"), encoding="utf-8")
    reels.run("render", folder)
    return folder / "out" / "news" / "x"


def test_cards_stand_between_the_clips_and_are_silent(news: Path) -> None:
    report = json.loads((news / "report.json").read_text(encoding="utf-8"))
    rate = Fraction(report["fps"])
    lasts = Fraction(report["frames"]) / rate
    title = lasts - 2 * CLIP_S - 2 - 3
    assert title >= Fraction(5, 2)
    heard = loudness_of(news / "news.mp4")

    def sounds(start: Fraction, end: Fraction) -> npt.NDArray[np.float64]:
        return heard[math.ceil(start * 10) + 1 : math.floor(end * 10) - 1]

    assert sounds(Fraction(0), title).max() < 1e-6
    assert sounds(title, title + CLIP_S).min() > 1e-5
    assert sounds(title + CLIP_S, title + CLIP_S + 2).max() < 1e-6
    assert sounds(title + CLIP_S + 2, title + 2 * CLIP_S + 2).min() > 1e-5


def test_a_subtitle_ends_where_a_card_begins(news: Path) -> None:
    report = json.loads((news / "report.json").read_text(encoding="utf-8"))
    rate = Fraction(report["fps"])
    title = Fraction(report["frames"]) / rate - 2 * CLIP_S - 2 - 3
    starts = [
        float(h) * 3600 + float(m) * 60 + float(s.replace(",", "."))
        for line in (news / "news.ko.srt").read_text(encoding="utf-8").splitlines()
        if "-->" in line
        for h, m, s in [line.split(" --> ")[0].split(":")]
    ]
    assert starts == pytest.approx([float(title) + 0.2, float(title) + CLIP_S + 2 + 0.2], abs=0.05)


@pytest.mark.parametrize(
    ("files", "options", "code", "said"),
    [
        (["empty.txt"], {}, 2, "an empty file"),
        (["noise.txt"], {}, 2, "no text"),
        (["a.mp4"], {"--voice": "v.wav"}, 2, "a reel with footage"),
        (["good.txt"], {"--voice": "none.wav"}, 2, "not there"),
        (["good.txt"], {"--voice": "good.txt"}, 4, "a sound file"),
    ],
)
def test_what_cannot_become_cards_is_told_in_one_sentence(
    reels: Reels, tmp_path: Path, files: list[str], options: dict[str, str], code: int, said: str
) -> None:
    (tmp_path / "empty.txt").write_text("\n \n", encoding="utf-8")
    (tmp_path / "noise.txt").write_bytes(bytes(range(256)) * 4)
    (tmp_path / "good.txt").write_text(NOTICE, encoding="utf-8")
    make_footage(tmp_path / "a.mp4", seconds="1")
    tone(tmp_path / "v.wav", 1)
    given = [part for name, value in options.items() for part in (name, str(tmp_path / value))]
    where = [tmp_path / name for name in files]
    ran = reels.run("make", *where, *given, "-p", "x", "-o", tmp_path / "out", expect=code)
    assert said in ran.stderr
    assert "Traceback" not in ran.stderr
    assert not list(tmp_path.glob("out/**/*.mp4"))
