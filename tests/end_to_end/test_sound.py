"""The sound of a whole campaign: which track speaks, what is said of it, music under it, films without any."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.media.sounds import RATE, decoded, level_db, lufs, put_film, put_wav, speech, true_peak_dbtp

from .conftest import Reels, Said

CAMPAIGN_WRONG = 3

CAMPAIGN = """\
campaign: 한빛시 축제
platforms: [x]
subtitles: {model: nano-ko}
reels:
  - id: spoken
    music: {file: 음악/tone.wav, fade_in: 0.2, fade_out: 0.2}
    clips:
      - {footage: footage/interview.mkv, subtitles: words.srt, sound: {high_pass: true, denoise: true}}
      - {footage: footage/drone.mkv, subtitles: words.srt}
  - id: silent
    clips: [{footage: footage/drone.mkv, subtitles: words.srt}]
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    root: Path
    said: Said
    again: Any
    korean: Said

    def file(self, reel: str) -> Path:
        return self.root / "out" / reel / "x" / f"{reel}.mp4"

    def report(self, reel: str) -> Any:
        return json.loads(self.file(reel).with_name("report.json").read_text(encoding="utf-8"))


class Korean(Reels):
    """The same command on a Korean computer."""

    @property
    def environment(self) -> dict[str, str]:
        return super().environment | {"REELS_LANG": "ko"}


@pytest.fixture(scope="module")
def rendered(reels: Reels, tmp_path_factory: pytest.TempPathFactory) -> Rendered:
    """A film whose second track has a voice on the right alone, another without sound; rendered in both languages."""
    root = tmp_path_factory.mktemp("sound")
    for folder in ("footage", "음악"):
        (root / folder).mkdir()
    voice = speech(seconds=4)
    street = np.random.default_rng(3).normal(0, 0.05, len(voice))
    tracks = {"camera": street, "recorder": np.stack([0 * voice, voice], axis=1)}
    put_film(root / "footage" / "interview.mkv", tracks)
    put_film(root / "footage" / "drone.mkv", {}, seconds=2)
    put_wav(root / "음악" / "tone.wav", 0.1 * np.sin(2 * np.pi * 9000 * np.arange(RATE) / RATE))
    (root / "words.srt").write_text("1\n00:00:00,500 --> 00:00:01,500\n안녕하세요\n", encoding="utf-8")
    (root / "campaign.yaml").write_text(CAMPAIGN, encoding="utf-8")
    said = reels.run("render", root)
    again = reels.run("render", root, "--json").json
    for reel in ("spoken", "silent"):
        (root / "out" / reel / "x" / f"{reel}.mp4").unlink()
    korean = Korean(home=reels.home, forge=reels.forge).run("render", root)
    return Rendered(root=root, said=said, again=again, korean=korean)


def test_the_voice_is_heard_on_both_sides_at_the_platforms_level(rendered: Rendered) -> None:
    heard = decoded(rendered.file("spoken"))
    assert np.array_equal(heard[:, 0], heard[:, 1])
    assert lufs(heard) == pytest.approx(-14, abs=0.5)
    assert true_peak_dbtp(heard) <= -1


def test_what_is_no_plain_case_is_said_in_both_languages_and_stands_in_the_report(rendered: Rendered) -> None:
    en = (
        "spoken: footage/interview.mkv: sound track 2 of 2 is used, which has the loudest speech; its right channel is "
        "heard on both sides, for the other is silent"
    )
    ko = "소리 트랙 2개 가운데 2번을 씁니다(말소리가 가장 큼). 오른쪽 채널을 양쪽에서 들려줍니다(다른 쪽은 무음)"
    assert en in rendered.said.stderr
    assert ko in rendered.korean.stderr
    assert (
        "silent: footage/drone.mkv: it has no sound; its part of the reel is silent" in rendered.said.stderr
    )
    assert "소리가 없어 이 부분은 무음입니다" in rendered.korean.stderr
    told = rendered.report("spoken")["sound"]
    assert [(one["footage"], one["track"], one["channel"]) for one in told] == [
        ("footage/interview.mkv", 2, "right"),
        ("footage/drone.mkv", None, None),
    ]
    assert told[0]["sentence"]["ko"] == ko
    assert rendered.report("spoken")["music"] == "음악/tone.wav"
    assert rendered.report("silent")["music"] is None


def test_a_film_without_sound_has_a_silent_track(rendered: Rendered) -> None:
    heard = decoded(rendered.file("silent"))
    assert level_db(heard) < -100
    assert len(heard) >= 2 * RATE
    assert rendered.report("silent")["loudness"]["integrated_lufs"] is None


def test_nothing_is_heard_or_mixed_again(rendered: Rendered) -> None:
    assert {reel["status"] for reel in rendered.again["reels"]} == {"unchanged"}


def test_a_film_of_two_tracks_that_is_too_short_leaves_nothing_behind(reels: Reels, tmp_path: Path) -> None:
    """Its sound has been looked at before its length could be judged."""
    film = put_film(tmp_path / "short.mkv", {"camera": np.zeros(RATE), "recorder": np.zeros(RATE)})
    words = tmp_path / "words.srt"
    words.write_text("1\n00:00:00,100 --> 00:00:00,900\n안녕하세요\n", encoding="utf-8")
    out = tmp_path / "out" / "here"
    said = reels.run(
        *("make", film, "--subtitles", words, "-p", "instagram-reels", "-o", out), expect=CAMPAIGN_WRONG
    )
    assert "finding the voice in short.mkv" in said.stderr
    assert "at least 3 s" in said.stderr
    assert not out.parent.exists()
