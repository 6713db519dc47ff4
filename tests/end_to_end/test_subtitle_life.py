"""The life of a subtitle draft among people: saved by other programs, corrected, taken, interrupted, cut, shown."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import unicodedata
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import pytest

from reels.resources import assets_dir
from reels.subtitles import read_subtitles
from reels.tools.ffmpeg import run_ffmpeg
from tests.end_to_end.entry_point import TIMEOUT_S, Forge, Ran, forge, plain_environment

CAMPAIGN = """\
campaign: 영화제
platforms: [instagram-reels, tiktok]
subtitles: {model: nano-ko}
reels:
  - id: film
    clips: [{footage: footage/C0007.MP4}]
"""
DRAFT = "C0007.ko.srt"
SECOND = 25
"""Frames of the footage in a second."""

EDITED = (
    ("00:00:00.900", "00:00:02.200", ("반갑습니다,",)),
    ("00:00:02.400", "00:00:05.600", ("이번 영화제가", "다음 주 금요일 시작됩니다.")),
    ("00:00:05.700", "00:00:07.000", ("3 & 4월 <온 가족> 환영!",)),
)
"""What the editor wants, however it is saved."""


@pytest.fixture(scope="module")
def reels(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Forge]:
    with forge(tmp_path_factory.mktemp("forge")) as started:
        yield started


@pytest.fixture(scope="module")
def drafted(reels: Forge, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Ran]:
    """A campaign of 7.5 s of the demo's library speech, 180x320 at 25, drafted once."""
    folder = tmp_path_factory.mktemp("drafted") / "영화제"
    (folder / "footage").mkdir(parents=True)
    picture = ["-f", "lavfi", "-i", f"color=c=0x335577:s=180x320:r={SECOND}:d=7.5"]
    speech = ["-i", str(assets_dir() / "demo" / "speech-library.opus"), "-t", "7.5"]
    codecs = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac", "-f", "mp4"]
    run_ffmpeg([*picture, *speech, *codecs, str(folder / "footage/C0007.MP4")], doing="making footage")
    (folder / "campaign.yaml").write_text(CAMPAIGN, encoding="utf-8")
    ran = reels("draft", folder, cwd=folder)
    assert ran.code == 0, ran.stderr
    return folder, ran


@pytest.fixture
def campaign(drafted: tuple[Path, Ran], tmp_path: Path) -> Path:
    """A copy of the drafted campaign, to do anything with."""
    return Path(shutil.copytree(drafted[0], tmp_path / drafted[0].name))


def draft_of(campaign: Path) -> Path:
    return campaign / "subtitles" / DRAFT


def in_folder(campaign: Path) -> set[str]:
    return {path.name for path in (campaign / "subtitles").iterdir()}


def told_in(language: str) -> dict[str, str]:
    return {"LANG": f"{language}.UTF-8"}


def srt(cues: tuple[tuple[str, str, tuple[str, ...]], ...] = EDITED) -> str:
    return "\n".join(
        f"{number}\n{start} --> {end}\n".replace(".", ",") + "\n".join(lines) + "\n"
        for number, (start, end, lines) in enumerate(cues, start=1)
    )


# --- other people's programs -----------------------------------------------------------------------------


def _vtt() -> str:
    cues = "\n".join(
        f"cue-{start}\n{start} --> {end} align:start position:10%\n"
        + "\n".join(f"<c.yellow>{_escaped(line)}</c>" for line in lines)
        + "\n"
        for start, end, lines in EDITED
    )
    return f"WEBVTT - 고친 자막\n\nNOTE 지우지 마세요\n\nSTYLE\n::cue {{ color: red }}\n\n{cues}"


def _escaped(line: str) -> str:
    return line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _ass() -> str:
    tags, new_line = r"{\an8\i1}", r"\N"
    events = "".join(
        f"Dialogue: 0,{start[1:-1]},{end[1:-1]},Default,,0,0,0,,{tags}{new_line.join(lines)}\n"
        for start, end, lines in EDITED
    )
    return (
        "[Script Info]\nScriptType: v4.00+\n\n[V4+ Styles]\nFormat: Name, Fontname\nStyle: Default,Arial\n\n"
        "[Events]\nFormat: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n"
        f"Comment: 0,0:00:01.00,0:00:02.00,Default,,0,0,0,,메모\n{events}"
    )


SAVED = {
    "cp949": srt().encode("cp949"),
    "notepad": b"\xef\xbb\xbf" + srt().replace("\n", "\r\n").encode(),
    "utf-16": srt().encode("utf-16"),
    "old mac": srt().replace("\n", "\r").encode(),
    "decomposed": unicodedata.normalize("NFD", srt()).encode(),
    "unsorted": srt(EDITED[::-1]).encode(),
    "no blank lines": re.sub(r"\n+", "\n", srt()).encode(),
    "tags": srt().replace("이번 영화제가", "{\\an8}<i>이번</i> <b>영화제가</b>").encode(),
    "vtt": _vtt().encode(),
    "ass": _ass().encode(),
}


def pictures(reels: Forge, campaign: Path) -> dict[str, str]:
    """What decides the picture, by the plan: the fingerprint of each chunk."""
    ran = reels("plan", campaign, "--json", cwd=campaign)
    assert ran.code == 0, ran.stderr
    steps = ran.json["steps"]
    found = {step["id"]: step["fingerprint"] for step in steps if step["kind"] == "chunk"}
    assert found
    assert all(found.values())
    return found


def test_a_draft_shows_the_same_whatever_program_saved_it(reels: Forge, campaign: Path) -> None:
    before = pictures(reels, campaign)
    draft_of(campaign).write_text(srt(), encoding="utf-8")
    wanted = pictures(reels, campaign)
    assert wanted != before
    for name, content in SAVED.items():
        draft_of(campaign).write_bytes(content)
        assert pictures(reels, campaign) == wanted, name
        assert draft_of(campaign).read_bytes() == content, name


def test_another_word_changes_only_the_seconds_that_show_it(reels: Forge, campaign: Path) -> None:
    draft_of(campaign).write_text(srt(), encoding="utf-8")
    before = pictures(reels, campaign)
    draft_of(campaign).write_text(srt().replace("환영!", "어서 와요!"), encoding="utf-8")
    after = pictures(reels, campaign)
    changed = {name for name in before if before[name] != after[name]}
    assert changed
    assert len(changed) <= 2 < len(before)


@pytest.mark.parametrize(
    "content",
    [
        b"1\n00:00:05,000 --> 00:00:02,000\n\xea\xb1\xb0\xea\xbe\xb8\xeb\xa1\x9c\n",
        b"\x00\x01\x02 garbage",
        b"PK\x03\x04",
    ],
    ids=["reversed", "bytes", "document"],
)
def test_what_cannot_be_read_is_refused_by_every_command_and_left_alone(
    reels: Forge, campaign: Path, content: bytes
) -> None:
    draft_of(campaign).write_bytes(content)
    before = in_folder(campaign)
    for command in ("plan", "render", "lint"):
        for language in ("ko_KR", "en_US"):
            ran = reels(command, campaign, cwd=campaign, environment=told_in(language))
            assert ran.code == (7 if command == "lint" else 3), ran.stderr
            everything = ran.stdout + ran.stderr
            assert "Traceback" not in everything
            assert re.search(re.escape(DRAFT) + r":\d+: ", everything), everything
            assert ("고쳐" in everything or "저장" in everything or "다시" in everything) == (
                language == "ko_KR"
            )
    assert draft_of(campaign).read_bytes() == content
    assert in_folder(campaign) == before
    assert not (campaign / "out").exists()


@pytest.mark.parametrize("ending", [".vtt", ".ass", ".SRT"])
def test_a_draft_saved_under_another_ending_is_not_passed_over_in_silence(
    reels: Forge, campaign: Path, ending: str
) -> None:
    saved = draft_of(campaign).with_suffix(ending)
    saved.write_bytes(SAVED.get(ending.removeprefix("."), srt().encode()))
    reading = reels("lint", campaign, "--json", cwd=campaign)
    assert reading.code == 0, reading.stderr
    (finding,) = [f for f in reading.json["findings"] if f["rule"] == "draft.orphan"]
    assert finding["file"] == saved.name
    assert ending in finding["found"]


# --- the glossary, and what a person decided -------------------------------------------------------------


def with_glossary(campaign: Path, put: str) -> None:
    written = CAMPAIGN.replace("{model: nano-ko}", f"{{model: nano-ko, glossary: [{{안녕하세요: {put}}}]}}")
    (campaign / "campaign.yaml").write_text(written, encoding="utf-8")


def test_a_new_correction_reaches_an_untouched_draft_with_its_time_and_is_reported(
    reels: Forge, campaign: Path
) -> None:
    before = read_subtitles(draft_of(campaign))
    with_glossary(campaign, "어서오세요")
    ran = reels("draft", campaign, cwd=campaign)
    assert ran.code == 0, ran.stderr
    after = read_subtitles(draft_of(campaign))
    assert [(cue.start, cue.end) for cue in after] == [(cue.start, cue.end) for cue in before]
    assert after[0].text == before[0].text.replace("안녕하세요", "어서오세요") != before[0].text
    report = json.loads((campaign / "subtitles/C0007.ko.json").read_text(encoding="utf-8"))
    (entry,) = report["corrected"]
    assert (entry["term"], entry["why"]) == ("어서오세요", "listed")
    assert set(entry["said"]) == {"en", "ko"}
    again = reels("draft", campaign, cwd=campaign)
    assert again.told == []
    steps = reels("plan", campaign, "--json", cwd=campaign).json["steps"]
    assert not [s["id"] for s in steps if s["will_run"] and s["kind"] in ("probe", "transcribe", "draft")]


def test_each_edit_is_kept_however_often_a_newer_draft_is_taken(reels: Forge, campaign: Path) -> None:
    edits = []
    for put in ("어서오세요", "환영합니다"):
        text = draft_of(campaign).read_text(encoding="utf-8")
        edits.append(text.replace("영화제", f"{put} 영화제").encode())
        draft_of(campaign).write_bytes(edits[-1])
        with_glossary(campaign, put)
        ran = reels("draft", campaign, cwd=campaign)
        assert ran.code == 0, ran.stderr
        assert draft_of(campaign).read_bytes() == edits[-1]
        taken = reels("draft", campaign, "--take", "film", cwd=campaign, environment=told_in("ko_KR"))
        assert taken.code == 0, taken.stderr
        assert put in draft_of(campaign).read_text(encoding="utf-8")
    folder = campaign / "subtitles"
    kept = {path.name: path.read_bytes() for path in folder.iterdir() if ".old." in path.name}
    assert kept == {"C0007.ko.old.srt": edits[0], "C0007.ko.old.2.srt": edits[1]}
    rules = {f["rule"] for f in reels("lint", campaign, "--json", cwd=campaign).json["findings"]}
    assert not rules & {"draft.orphan", "draft.waiting"}, "an edit that was kept is nothing to mend"


# --- interrupted -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "sentence"), [("ko_KR", "중단했습니다."), ("en_US", "interrupted; what is finished is kept")]
)
def test_ctrl_c_while_listening_is_told_and_leaves_nothing_half_written(
    campaign: Path, tmp_path: Path, language: str, sentence: str
) -> None:
    shutil.rmtree(campaign / "subtitles")
    shutil.rmtree(campaign / ".reels")
    process = subprocess.Popen(
        [sys.executable, "-m", "reels", "draft", str(campaign)],
        env=plain_environment(tmp_path / "home", told_in(language)),
        cwd=campaign,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    assert process.stderr is not None
    told = b""
    for line in process.stderr:
        told += line
        if line.startswith(b"listening") or line.rstrip().endswith("받아쓰기".encode()):
            os.killpg(process.pid, signal.SIGINT)
            break
    out, rest = process.communicate(timeout=TIMEOUT_S)
    said = (told + rest).decode().splitlines()
    assert process.returncode == 130, said
    assert [line for line in said if line.startswith("reels: ")] == [said[-1]], said
    assert sentence in said[-1]
    assert out == b""
    assert not (campaign / "subtitles").exists() or not in_folder(campaign)


# --- cut and shown ---------------------------------------------------------------------------------------


def test_two_reels_that_share_footage_share_its_draft_and_not_its_lines(reels: Forge, campaign: Path) -> None:
    """One reel of two clips, whose cut falls into a sentence; one that shows the same in another style."""
    clips = "[{footage: footage/C0007.MP4, in: 3, out: 4}, {footage: footage/C0007.MP4, in: 5, out: 6}]"
    (campaign / "campaign.yaml").write_text(
        "campaign: 영화제\nplatforms: [x]\nsubtitles: {model: nano-ko, style: highlight}\n"
        f"reels:\n  - id: cut\n    clips: {clips}\n"
        "  - id: short\n    subtitles: {style: short, punctuation: false}\n"
        "    clips: [{footage: footage/C0007.MP4, in: 2, out: 4}]\n",
        encoding="utf-8",
    )
    draft_of(campaign).write_text(
        "1\n00:00:02,000 --> 00:00:07,000\n영화제가,\n금요일에 시작됩니다.\n", encoding="utf-8"
    )
    ran = reels("render", campaign, "--json", cwd=campaign)
    assert ran.code == 0, ran.stderr
    cut = read_subtitles(campaign / "out/cut/x/cut.ko.srt")
    assert [cue.lines for cue in cut] == [("영화제가", "금요일에 시작됩니다")] * 2
    assert not [cue for cue in cut if cue.start < 1 < cue.end - Fraction(1, SECOND)], "no cue across the cut"
    short = read_subtitles(campaign / "out/short/x/short.ko.srt")
    assert [cue.lines for cue in short] == [("영화제가,",), ("금요일에 시작됩니다.",)]
    again = reels("render", campaign, "--json", cwd=campaign)
    assert [reel["steps_run"] for reel in again.json["reels"]] == [0, 0]


@pytest.mark.parametrize(("language", "word"), [("ko_KR", "번역"), ("en_US", "translate")])
def test_a_second_language_that_nobody_wrote_is_asked_for_and_never_made_up(
    reels: Forge, campaign: Path, language: str, word: str
) -> None:
    written = CAMPAIGN.replace("{model: nano-ko}", "{model: nano-ko, style: bilingual, second: en}")
    (campaign / "campaign.yaml").write_text(written, encoding="utf-8")
    before = in_folder(campaign)
    ran = reels("render", campaign, cwd=campaign, environment=told_in(language))
    assert ran.code == 3
    (told,) = [line for line in ran.told if line.startswith("reels: ")]
    assert "C0007.en.srt" in told
    assert word in told
    assert in_folder(campaign) == before
    assert not (campaign / "out").exists()


@pytest.mark.parametrize(
    "style", ["box", "outline", "short", "disaster", "highlight", "keyword", "interview"]
)
def test_a_sign_that_no_font_draws_is_named_in_every_style_before_anything_is_encoded(
    reels: Forge, campaign: Path, style: str
) -> None:
    written = CAMPAIGN.replace("{model: nano-ko}", f"{{model: nano-ko, style: {style}, keywords: [영화제]}}")
    (campaign / "campaign.yaml").write_text(written, encoding="utf-8")
    draft_of(campaign).write_text(srt().replace("환영!", "환영 🎉"), encoding="utf-8")
    ran = reels("plan", campaign, cwd=campaign, environment=told_in("ko_KR"))
    assert ran.code == 5, ran.stderr
    assert "🎉" in ran.stderr
    assert "00:00:05.700" in ran.stderr


# --- lines -----------------------------------------------------------------------------------------------


def test_a_word_without_end_loses_no_sign_and_a_terminal_is_told_no_orders(
    reels: Forge, tmp_path: Path
) -> None:
    word = "가나다라마바사아자차" * 30
    text = tmp_path / "말.txt"
    text.write_text(f"{word}\n\n\x1b[31m빨강\x1b[0m [bold]표시[/bold] \u202e뒤집힘\x07\n", encoding="utf-8")
    ran = reels("lines", text, cwd=tmp_path)
    assert ran.code == 0, ran.stderr
    assert not re.search("[\x1b\x07\u202e]", ran.stdout)
    assert "[bold]표시[/bold]" in ran.stdout
    lines = [line for line in ran.stdout.splitlines() if set(line) <= set(word) and line]
    assert "".join(lines) == word
    assert max(map(len, lines)) <= 16
