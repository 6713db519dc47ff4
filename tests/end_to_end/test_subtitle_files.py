"""Subtitle files in and out of whole commands: drafts of other programs, sidecars of each platform, lint."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import pytest

from reels.subtitles import read_subtitles
from tests.end_to_end.entry_point import Forge, Ran, forge, make_footage

CAMPAIGN = """\
campaign: 봄축제
platforms: [x, facebook-reels]
template: plain
reels:
  - id: spring
    clips:
      - footage: IMG_0412.mp4
        in: 0.2
"""
ASS = """\
[Script Info]
ScriptType: v4.00+

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
Comment: 0,0:00:00.00,0:00:02.00,Default,,0,0,0,,적바림
Dialogue: 0,0:00:01.70,0:00:03.20,Default,,0,0,0,,{\\an8}다음 소식{\\i0}입니다.
Dialogue: 0,0:00:00.20,0:00:01.60,Default,,0,0,0,,안녕하세요,\\N한빛시입니다...
"""
KOREAN = {"REELS_LANG": "ko"}


@pytest.fixture(scope="module")
def reels(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Forge]:
    with forge(tmp_path_factory.mktemp("forge")) as started:
        yield started


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A campaign whose draft an ASS editor saved in CP949 under the draft's own name."""
    root = tmp_path_factory.mktemp("봄 축제")
    make_footage(root / "IMG_0412.mp4")
    (root / "campaign.yaml").write_text(CAMPAIGN, encoding="utf-8")
    (root / "subtitles").mkdir()
    draft(root).write_bytes(ASS.replace("\n", "\r\n").encode("cp949"))
    return root


def draft(root: Path) -> Path:
    return root / "subtitles" / "IMG_0412.ko.srt"


@pytest.fixture(scope="module")
def rendered(reels: Forge, folder: Path) -> Ran:
    ran = reels("render", folder, cwd=folder)
    assert ran.code == 0, ran.stderr
    return ran


def names(root: Path, platform: str) -> set[str]:
    return {path.name for path in (root / "out" / "spring" / platform).iterdir()}


@pytest.mark.parametrize(
    ("platform", "srt"), [("x", "spring.ko.srt"), ("facebook-reels", "spring.ko_KR.srt")]
)
def test_each_platform_gets_its_sidecars_in_programme_time(
    rendered: Ran, folder: Path, platform: str, srt: str
) -> None:
    target = folder / "out" / "spring" / platform
    assert names(folder, platform) == {
        *("spring.mp4", srt, "spring.ko.vtt", "spring.ko.txt", "cover.jpg", "caption.txt", "report.json")
    }
    cues = read_subtitles(target / srt)
    assert [c.lines for c in cues] == [("안녕하세요", "한빛시입니다…"), ("다음 소식입니다",)]
    assert read_subtitles(target / "spring.ko.vtt") == cues
    # The in point is at 0.2 s of the footage.
    assert all(
        abs(c.start - at) < Fraction(1, 25) for c, at in zip(cues, (Fraction(0), Fraction(3, 2)), strict=True)
    )
    assert (target / "spring.ko.txt").read_text(
        encoding="utf-8"
    ) == "안녕하세요, 한빛시입니다... 다음 소식입니다.\n"
    assert (target / "spring.ko.vtt").read_text(encoding="utf-8").startswith("WEBVTT\n\n00:00:00.")
    report = json.loads((target / "report.json").read_text(encoding="utf-8"))
    assert report["subtitles"]["languages"] == {"ko": 2}
    assert set(report["sidecars"]) == {srt, "spring.ko.vtt", "spring.ko.txt"}


def test_a_corrected_word_is_in_every_sidecar_and_words_taken_out_take_the_files_away(
    rendered: Ran, reels: Forge, folder: Path
) -> None:
    (folder / "out/spring/x/메모.txt").write_text("월요일에 올리기", encoding="utf-8")
    draft(folder).write_text("1\n00:00:00,400 --> 00:00:01,900\n고쳐 쓴 말\n", encoding="utf-8")
    assert reels("render", folder, "-p", "x", cwd=folder).code == 0
    for name in ("spring.ko.srt", "spring.ko.vtt", "spring.ko.txt"):
        assert "고쳐 쓴 말" in (folder / "out/spring/x" / name).read_text(encoding="utf-8")
    draft(folder).write_text("", encoding="utf-8")
    told = reels("render", folder, "-p", "x", cwd=folder, environment=KOREAN)
    assert told.code == 0
    assert not {name for name in names(folder, "x") if name.startswith("spring.ko")}
    assert "메모.txt" in names(folder, "x")
    assert any(line.startswith("IMG_0412.ko.srt: 경고 1개 — 글이 있는 자막이 없음") for line in told.told)


@pytest.fixture
def faulty(folder: Path) -> Iterator[Path]:
    """The campaign with a draft that breaks rules of all severities; its own comes back afterwards."""
    before = draft(folder).read_bytes()
    draft(folder).write_text(
        "1\n00:00:00,300 --> 00:00:01,500\n안녕하세요, 한빛시에서 봄축제가\n열립니다.\n\n"
        "2\n00:00:01,000 --> 00:00:03,000\n축제 🎉\n",
        encoding="utf-8",
    )
    yield folder
    draft(folder).write_bytes(before)


def test_lint_tells_each_rule_with_its_cue_and_ends_with_7(reels: Forge, faulty: Path) -> None:
    ran = reels("lint", faulty, "--json", cwd=faulty)
    assert ran.code == 7
    assert list(ran.json) == ["ok", "findings"]
    assert ran.json["ok"] is False
    found = {finding["rule"]: finding for finding in ran.json["findings"]}
    assert {rule: finding["severity"] for rule, finding in found.items()} == {
        "cue.reading-speed": "error",
        "cue.glyph": "error",
        "cue.overlap": "warning",
        "cue.line-width": "info",
        "cue.line-end": "info",
    }
    glyph = found["cue.glyph"]
    assert list(glyph) == ["rule", "severity", "where", "found", "expected", "file", "cue", "at_s"]
    assert (glyph["file"], glyph["cue"], glyph["at_s"]) == ("IMG_0412.ko.srt", 2, 1.0)
    assert "U+1F389" in glyph["found"]
    severities = [finding["severity"] for finding in ran.json["findings"]]
    assert severities == sorted(severities, key=["error", "warning", "info"].index)


def test_the_table_is_korean_for_a_korean(reels: Forge, faulty: Path) -> None:
    ran = reels("lint", faulty, cwd=faulty, environment=KOREAN)
    assert ran.code == 7
    head, *rows = ran.stdout.splitlines()
    assert head.split() == ["규칙", "위치", "지금", "기준"]
    assert {row.split()[0] for row in rows} == {"오류", "경고", "참고"}
    for row in rows:
        words = re.sub(r"(?:cue|draft)\.[\w-]+|IMG_0412\.ko\.srt|U\+\w+|Pretendard \w+", "", row)
        assert not re.search("[A-Za-z]{2,}", words), row
    assert "지적 사항" in ran.stderr
    assert "실패" not in ran.stderr


def test_warnings_alone_end_with_0(reels: Forge, faulty: Path) -> None:
    draft(faulty).write_text("1\n00:00:00,300 --> 00:00:00,900\n네\n", encoding="utf-8")
    ran = reels("lint", faulty, "--json", cwd=faulty)
    assert ran.code == 0
    assert ran.json["ok"] is True
    assert [(f["rule"], f["severity"]) for f in ran.json["findings"]] == [("cue.too-short", "warning")]


@pytest.mark.parametrize(
    ("content", "line", "said"),
    [
        ("<html><body>로그인이 필요합니다</body></html>", 1, "웹 페이지(HTML)"),
        ("{25}{60}안녕하세요\n", 1, "MicroDVD"),
        ("1\n00:00:01,000 --> 00:00:02,000\n하나\n\n2\n둘\n", 5, "번호 2"),
        ("1\n00:00:02,000 --> 00:00:01,000\n하나\n", 2, "시작보다 늦은 끝"),
    ],
)
def test_a_file_that_is_none_is_refused_with_its_line_and_a_remedy(
    reels: Forge, faulty: Path, content: str, line: int, said: str
) -> None:
    draft(faulty).write_text(content, encoding="utf-8")
    ran = reels("render", faulty, cwd=faulty, environment=KOREAN)
    assert ran.code == 3
    assert f"IMG_0412.ko.srt:{line}:" in ran.stderr
    assert said in ran.stderr
    assert re.search(r"(?:세요|니다)\.", ran.stderr), "what to do"
    assert "draft.readable" in reels("lint", faulty, cwd=faulty, environment=KOREAN).stdout
