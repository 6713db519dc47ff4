"""A person's edit survives: real drafts of real speech, edited, drafted again, taken and restored by the real command."""

from __future__ import annotations

import codecs
import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from reels.campaign.model import Workspace
from reels.drafts import draft_record, write_draft_record
from reels.resources import assets_dir
from reels.store import Store
from reels.subtitles import read_subtitles
from reels.tools.ffmpeg import run_ffmpeg
from reels.transcript import Dropped, from_json, to_json
from tests.end_to_end.entry_point import Forge, Ran, forge, make_footage

CAMPAIGN = """\
campaign: 영화제
platforms: [x]
subtitles: {model: nano-ko}
reels:
  - id: film
    clips: [{footage: footage/C0007.MP4}]
  - id: tone
    clips: [{footage: footage/tone.mp4}]
"""
DRAFT = "C0007.ko.srt"


@pytest.fixture(scope="module")
def reels(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Forge]:
    with forge(tmp_path_factory.mktemp("forge")) as started:
        yield started


@pytest.fixture(scope="module")
def drafted(reels: Forge, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Ran]:
    """A campaign of 4 s of the demo's library speech and of a tone, 180x320 at 25, drafted once."""
    folder = tmp_path_factory.mktemp("drafted") / "영화제"
    (folder / "footage").mkdir(parents=True)
    picture = ["-f", "lavfi", "-i", "color=c=0x335577:s=180x320:r=25:d=4"]
    speech = ["-i", str(assets_dir() / "demo" / "speech-library.opus"), "-t", "4"]
    codecs_of = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac", "-f", "mp4"]
    run_ffmpeg([*picture, *speech, *codecs_of, str(folder / "footage/C0007.MP4")], doing="making footage")
    make_footage(folder / "footage/tone.mp4", seconds="2")
    (folder / "campaign.yaml").write_text(CAMPAIGN, encoding="utf-8")
    return folder, reels("draft", folder, cwd=folder)


@pytest.fixture
def campaign(drafted: tuple[Path, Ran], tmp_path: Path) -> Path:
    """A copy of the drafted campaign, to do anything with."""
    return Path(shutil.copytree(drafted[0], tmp_path / drafted[0].name))


def edited(campaign: Path) -> bytes:
    """One word changed and saved as Windows Notepad does: with a byte order mark and CRLF."""
    draft = campaign / "subtitles" / DRAFT
    text = draft.read_text(encoding="utf-8").replace("안녕하세요", "반갑습니다")
    draft.write_bytes(codecs.BOM_UTF8 + text.replace("\n", "\r\n").encode())
    return draft.read_bytes()


def with_a_correction(campaign: Path) -> None:
    """A glossary that puts another word for the last one that was heard: a new draft says something else."""
    last = read_subtitles(campaign / "subtitles" / DRAFT)[-1].lines[-1].split()[-1].strip(".")
    written = CAMPAIGN.replace(
        "{model: nano-ko}", f"{{model: nano-ko, glossary: ['{last}': '한빛도서관입니다']}}"
    )
    (campaign / "campaign.yaml").write_text(written, encoding="utf-8")


def in_folder(campaign: Path) -> set[str]:
    return {path.name for path in (campaign / "subtitles").iterdir()}


def test_drafting_leaves_a_draft_and_a_report_for_each_footage_file(drafted: tuple[Path, Ran]) -> None:
    campaign, ran = drafted
    assert ran.code == 0, ran.stderr
    assert in_folder(campaign) == {DRAFT, "C0007.ko.json", "tone.ko.srt", "tone.ko.json"}
    report = json.loads((campaign / "subtitles/C0007.ko.json").read_text(encoding="utf-8"))
    assert report["schema"] == "reels/draft/1"
    assert report["model"].startswith("nano-ko@")
    assert report["footage"] == "footage/C0007.MP4"
    assert report["cues"] == len(read_subtitles(campaign / "subtitles" / DRAFT)) > 0
    assert str(campaign) not in json.dumps(report, ensure_ascii=False), "it goes to other people"


def test_footage_without_speech_has_an_empty_draft_and_is_told(drafted: tuple[Path, Ran]) -> None:
    campaign, ran = drafted
    assert (campaign / "subtitles/tone.ko.srt").read_bytes() == b""
    assert any("tone.ko.srt: no speech was heard" in line for line in ran.told)
    assert not any(f"{DRAFT}: no speech" in line for line in ran.told)


def test_a_newer_draft_goes_beside_an_edited_one_and_is_told_once(reels: Forge, campaign: Path) -> None:
    content = edited(campaign)
    with_a_correction(campaign)
    ran = reels("draft", campaign, "--json", cwd=campaign)
    assert ran.code == 0, ran.stderr
    row = ran.json["drafts"][0]
    assert (row["status"], Path(row["new"]).name) == ("kept", "C0007.ko.new.srt")
    assert (campaign / "subtitles" / DRAFT).read_bytes() == content
    assert {"C0007.ko.new.srt", "C0007.ko.new.json"} < in_folder(campaign)
    told = "\n".join(ran.told)
    assert f"--take {DRAFT}" in told
    assert "→" in told
    assert "한빛도서관입니다" in told
    assert "listening" not in told, "a correction is not listened to again"
    before = in_folder(campaign)
    again = reels("draft", campaign, cwd=campaign)
    assert again.told == []
    assert in_folder(campaign) == before


def test_rendering_leaves_an_edited_draft_to_its_person(reels: Forge, campaign: Path) -> None:
    content = edited(campaign)
    with_a_correction(campaign)
    steps = {
        step["id"]: step["will_run"]
        for step in reels("plan", campaign, "film", "--json", cwd=campaign).json["steps"]
    }
    assert not any(kind in name for name in steps for kind in ("transcribe", "draft"))
    assert (campaign / "subtitles" / DRAFT).read_bytes() == content


def test_the_newer_draft_is_taken_by_the_name_of_the_reel(reels: Forge, campaign: Path) -> None:
    content = edited(campaign)
    with_a_correction(campaign)
    reels("draft", campaign, cwd=campaign)
    ran = reels("draft", campaign, "--take", "film", cwd=campaign)
    assert ran.code == 0, ran.stderr
    assert ran.paths == [campaign / "subtitles" / DRAFT]
    assert "한빛도서관입니다" in (campaign / "subtitles" / DRAFT).read_text(encoding="utf-8")
    assert (campaign / "subtitles/C0007.ko.old.srt").read_bytes() == content
    assert not [name for name in in_folder(campaign) if ".new." in name]
    assert reels("draft", campaign, cwd=campaign).told == [], "it is ours, and what these options make"
    assert reels("draft", campaign, "--take", "film", cwd=campaign).code == 2


def test_a_name_that_means_nothing_is_answered_with_the_nearest(reels: Forge, campaign: Path) -> None:
    ran = reels("draft", campaign, "--take", "C0008", cwd=campaign)
    assert ran.code == 2
    assert "C0007" in ran.stderr


def with_something_dropped(campaign: Path) -> None:
    """As if the recogniser had not believed the first thing it heard: moved from what was said to what was dropped."""
    workspace = Workspace.of_campaign(campaign)
    record = draft_record(workspace.store_dir, DRAFT)
    assert record is not None
    store = Store(workspace.store_dir)
    result = store.result(record.transcript)
    assert result is not None
    heard = from_json(result.file("transcript.json").read_text(encoding="utf-8"))
    first = heard.segments[0]
    changed: Any = {
        "segments": heard.segments[1:],
        "dropped": (Dropped(segment=first, reason="known-phrase"),),
    }

    with store.work_folder() as folder:
        (folder / "transcript.json").write_text(to_json(replace(heard, **changed)), encoding="utf-8")
        store.commit("d" * 64, folder, {}, ("transcript.json",))
    write_draft_record(workspace.store_dir, DRAFT, replace(record, transcript="d" * 64))
    (campaign / "subtitles" / DRAFT).write_text("", encoding="utf-8")


@pytest.mark.parametrize("which", ["1", "00:00.9"])
def test_what_was_not_believed_is_restored_by_number_or_time(
    reels: Forge, campaign: Path, which: str
) -> None:
    said = read_subtitles(campaign / "subtitles" / DRAFT)
    with_something_dropped(campaign)
    ran = reels("draft", campaign, "--restore", f"C0007.MP4@{which}", "--json", cwd=campaign)
    assert ran.code == 0, ran.stderr
    assert ran.json == {"ok": True, "changed": [str(campaign / "subtitles" / DRAFT)]}
    restored = read_subtitles(campaign / "subtitles" / DRAFT)
    assert restored[0].lines == said[0].lines
    again = reels("draft", campaign, "--restore", f"film@{which}", cwd=campaign)
    assert again.code == 0, "twice is once"
    assert read_subtitles(campaign / "subtitles" / DRAFT) == restored


def test_a_number_that_is_not_listed_is_answered_with_the_list(reels: Forge, campaign: Path) -> None:
    with_something_dropped(campaign)
    ran = reels("draft", campaign, "--restore", "film@7", cwd=campaign)
    assert ran.code == 2
    assert "1 (00:00:0" in ran.stderr
