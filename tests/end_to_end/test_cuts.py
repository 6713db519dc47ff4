"""A reel is cut by its draft: picture, sound, subtitles and report agree; the cut goes out as a file and comes back."""

from __future__ import annotations

import json
import shutil
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import opentimelineio as oti
import pytest

from .conftest import Reels, Said
from .entry_point import documented_keys
from .filmed import beeps, clapper_picture, counted, film
from .measure import onsets, pictures, sound

RATE = Fraction(25)
FRAMES = 200
BEEPS = (Fraction(1), Fraction(3), Fraction(11, 2), Fraction(7))
CAMPAIGN = """\
campaign: 한빛시 축제
template: plain
platforms: [x]
subtitles: {model: nano-ko}
cut: {text: true, silence: true}
reels:
  - id: talk
    clips: [{footage: footage/시청 앞.mp4}]
"""
DRAFT = """\
1
00:00:00,200 --> 00:00:02,000
오늘은 한빛시 축제를 소개합니다.

2
00:00:02,000 --> 00:00:04,800
[x] 잠깐만요, 다시 하겠습니다.

3
00:00:04,800 --> 00:00:08,000
축제는 시청 앞에서 열립니다. 함께 걸어요!
"""
KEPT = [*range(50), *range(120, 200)]
"""Frames of the footage outside the marked subtitle."""


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A campaign of one clip of 8 s that counts its frames and beeps four times, with a person's draft."""
    folder = tmp_path_factory.mktemp("cuts")
    footage = film(
        folder / "talk.mp4",
        [clapper_picture(n, flash=False) for n in range(FRAMES)],
        [n / RATE for n in range(FRAMES)],
        rate=RATE,
        sound=beeps(FRAMES / RATE, BEEPS, rate_hz=48_000),
    )
    made = folder / "campaign"
    (made / "footage").mkdir(parents=True)
    (made / "subtitles").mkdir()
    shutil.move(footage, made / "footage" / "시청 앞.mp4")
    (made / "subtitles" / "시청 앞.ko.srt").write_text(DRAFT, encoding="utf-8")
    (made / "campaign.yaml").write_text(CAMPAIGN, encoding="utf-8")
    return made


@pytest.fixture(scope="module")
def rendered(reels: Reels, root: Path) -> Said:
    return reels.run("render", root)


def out(root: Path, name: str) -> Path:
    return root / "out" / "talk" / "x" / name


def test_the_picture_has_every_frame_but_those_of_the_marked_subtitle(rendered: Said, root: Path) -> None:
    assert [counted(picture.y) for picture in pictures(out(root, "talk.mp4"))] == KEPT


def test_the_sound_is_cut_where_the_picture_is_and_does_not_click(rendered: Said, root: Path) -> None:
    heard = sound(out(root, "talk.mp4"))
    # The beep of 3 s is gone; those after the cut come 2.8 s earlier.
    assert onsets(heard) == pytest.approx([1, 2.7, 4.2], abs=0.04)
    at = round(2 * heard.rate_hz)
    around = heard.mono[at - heard.rate_hz // 100 : at + heard.rate_hz // 100]
    assert float(np.abs(np.diff(around)).max()) < 0.05


def test_subtitles_and_report_say_what_is_left_and_what_went(rendered: Said, root: Path) -> None:
    subtitles = out(root, "talk.ko.srt").read_text(encoding="utf-8")
    assert "다시" not in subtitles
    assert "[x]" not in subtitles
    assert "시청 앞에서" in subtitles
    assert "00:00:02,000 -->" in subtitles
    report = json.loads(out(root, "report.json").read_text(encoding="utf-8"))
    assert report["frames"] == len(KEPT)
    assert report["cut"] == {
        "removed_s": 2.8,
        "removed": [
            {
                "footage": "footage/시청 앞.mp4",
                "start_s": 2.0,
                "end_s": 4.8,
                "reason": "text",
                "text": "잠깐만요, 다시 하겠습니다.",
                "why": "marked in the draft",
            }
        ],
        "not_cut": [],
    }


def test_the_draft_is_left_as_it_was(rendered: Said, root: Path) -> None:
    assert (root / "subtitles" / "시청 앞.ko.srt").read_text(encoding="utf-8") == DRAFT


def test_the_plan_says_in_a_line_what_is_cut(reels: Reels, rendered: Said, root: Path) -> None:
    lines = reels.run("plan", root).stdout.splitlines()
    assert "talk: 2.8 s removed: 1 passage of the draft" in lines
    assert any("nobody listened" in line for line in lines)
    (cut,) = reels.run("plan", root, "--json").json["cuts"]
    assert (cut["reel"], cut["duration_s"], cut["removed_s"]) == ("talk", 5.2, 2.8)


def test_the_cut_is_handed_over_and_comes_back_as_it_was(
    reels: Reels, rendered: Said, root: Path, tmp_path: Path
) -> None:
    file = root / "cut.otio"
    assert reels.run("export", root, "talk", "--to", "otio", "-o", file).files == [file]
    timeline: Any = oti.adapters.read_from_file(str(file))
    assert [c.source_range.duration.value for c in timeline.find_clips()][:2] == [50, 80]
    marked = " ".join(marker.name for marker in timeline.tracks.markers)
    assert "시청 앞에서" in marked
    assert "다시" not in marked
    again = CAMPAIGN.replace("clips: [{footage: footage/시청 앞.mp4}]", "edit: cut.otio")
    elsewhere = root / "again.yaml"
    elsewhere.write_text(again, encoding="utf-8")
    (cut,) = reels.run("plan", elsewhere, "--json").json["cuts"]
    assert (cut["duration_s"], cut["removed_s"]) == (5.2, 0)
    # Nothing of the picture is made again: the same frames stand in the same chunks, under the same captions.
    steps = reels.run("plan", elsewhere, "--json").json["steps"]
    assert [s["id"] for s in steps if s["will_run"] and s["kind"] in ("probe", "draft", "loudness")] == []


def test_an_edl_goes_onto_the_screen(reels: Reels, rendered: Said, root: Path) -> None:
    lines = reels.run("export", root, "talk", "--to", "edl").stdout.splitlines()
    assert lines[3] == "001  AX       AA/V  C        00:00:00:00 00:00:02:00 01:00:00:00 01:00:02:00"
    assert lines[6] == "002  AX       AA/V  C        00:00:04:20 00:00:08:00 01:00:02:00 01:00:05:05"


def test_passages_are_proposed_with_keys_that_can_be_pasted(reels: Reels, rendered: Said, root: Path) -> None:
    said = reels.run("suggest", root, "footage/시청 앞.mp4", "--length", "7", "--json").json
    (passage,) = said["passages"]
    assert [(list(said), list(passage))] == documented_keys("suggest")
    assert passage["text"] == "오늘은 한빛시 축제를 소개합니다. 축제는 시청 앞에서 열립니다."
    assert "축제" in passage["topics"]
    assert reels.run("suggest", root, "시청 앞.mp4", "--length", "60").stdout == ""
    lines = reels.run("suggest", root, "시청 앞.mp4", "--length", "7").stdout
    assert '      - footage: "footage/시청 앞.mp4"' in lines
    pasted = root / "pasted.yaml"
    head = "campaign: x\nplatforms: [x]\nsubtitles: {model: nano-ko}\n"
    pasted.write_text(head + lines[lines.index("reels:") :], encoding="utf-8")
    assert reels.run("plan", pasted, "--json").json["cuts"][0]["reel"] == "suggestion-1"
    assert reels.run("lint", pasted, "--json").json["ok"]
    # What is proposed next does not clash with what was pasted.
    assert "- id: suggestion-2" in reels.run("suggest", pasted, "시청 앞.mp4", "--length", "7").stdout


def test_subtitles_that_the_campaign_names_are_chosen_from(reels: Reels, rendered: Said, root: Path) -> None:
    """Nothing is drafted for such footage, so there is no draft to be asked for."""
    given = root / "given.srt"
    given.write_text(DRAFT.replace("시청 앞에서", "도서관에서"), encoding="utf-8")
    elsewhere = root / "given.yaml"
    elsewhere.write_text(CAMPAIGN.replace("앞.mp4}", "앞.mp4, subtitles: given.srt}"), encoding="utf-8")
    (passage,) = reels.run("suggest", elsewhere, "시청 앞.mp4", "--length", "7", "--json").json["passages"]
    assert "도서관에서" in passage["text"]
    given.write_text("", encoding="utf-8")
    said = reels.run("suggest", elsewhere, "시청 앞.mp4", expect=2)
    assert "given.srt: found no subtitles" in said.stderr
    assert "reels draft" not in said.stderr


def test_footage_that_is_not_in_the_campaign_is_told_with_the_nearest_name(reels: Reels, root: Path) -> None:
    said = reels.run("suggest", root, "footage/시청앞.mp4", expect=2)
    assert "perhaps you meant footage/시청 앞.mp4" in said.stderr


def test_a_reel_that_nobody_listened_to_yet_cannot_be_exported(
    reels: Reels, root: Path, tmp_path: Path
) -> None:
    fresh = tmp_path / "fresh"
    shutil.copytree(root / "footage", fresh / "footage")
    (fresh / "campaign.yaml").write_text(CAMPAIGN, encoding="utf-8")
    said = reels.run("export", fresh, "talk", expect=2)
    assert "run `reels draft" in said.stderr
    assert not (fresh / "out").exists()
