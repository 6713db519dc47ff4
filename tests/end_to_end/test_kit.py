"""The delivery kit by the real command: what lies beside the reels, and that it is true."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from reels.resources import assets_dir

from .conftest import Reels
from .entry_point import make_footage

CAMPAIGN = """\
campaign: 2026 한빛시 <봄축제>
brand: {brand}
platforms: [youtube-shorts, x]
framing: centre
reels:
  - id: hello
    title: 봄축제에 오세요
    caption: 이번 주말, 한빛천에서 만나요!
    hashtags: [한빛시]
    clips: [{{footage: a.mp4, subtitles: a.srt}}]
  - id: again
    title: 다시 만나요
    clips: [{{footage: a.mp4, subtitles: a.srt, in: 0.5}}]
"""
SRT = "1\n00:00:00,600 --> 00:00:01,600\n안녕하세요\n"


@pytest.fixture(scope="module")
def campaign(reels: Reels, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("kit")
    make_footage(folder / "a.mp4", seconds="2")
    (folder / "a.srt").write_text(SRT, encoding="utf-8")
    (folder / "campaign.yaml").write_text(CAMPAIGN.format(brand=assets_dir() / "brand"), encoding="utf-8")
    reels.run("render", folder)
    return folder


def read(path: Path) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return told


def test_the_manifest_names_every_file_that_lies_there(campaign: Path) -> None:
    out = campaign / "out"
    manifest = read(out / "manifest.json")
    assert manifest["campaign"] == "2026 한빛시 <봄축제>"
    listed = {
        f"{entry['folder']}/{file['name']}": file["sha256"]
        for entry in manifest["reels"]
        for file in entry["files"]
    }
    there = [path for path in out.rglob("*") if path.is_file() and path.parent != out]
    assert set(listed) == {path.relative_to(out).as_posix() for path in there if path.name != "report.json"}
    for path in there:
        if path.name != "report.json":
            digest = listed[path.relative_to(out).as_posix()]
            assert digest == hashlib.sha256(path.read_bytes()).hexdigest()
    assert [(e["reel"], e["platform"], e["ok"]) for e in manifest["reels"]] == [
        ("hello", "x", True),
        ("hello", "youtube-shorts", True),
        ("again", "x", True),
        ("again", "youtube-shorts", True),
    ]


def test_the_page_shows_every_reel_and_is_no_markup_of_the_campaign(campaign: Path) -> None:
    text = (campaign / "out" / "index.html").read_text(encoding="utf-8")
    assert text.count("<video ") == 4
    assert "2026 한빛시 &lt;봄축제&gt;" in text
    assert "이번 주말, 한빛천에서 만나요!" in text


def test_the_words_of_a_post_are_whole_counted_and_with_their_credit(campaign: Path) -> None:
    out = campaign / "out" / "hello"
    shorts = (out / "youtube-shorts" / "caption.txt").read_text(encoding="utf-8")
    x = (out / "x" / "caption.txt").read_text(encoding="utf-8")
    assert shorts.startswith("봄축제에 오세요\n\n이번 주말, 한빛천에서 만나요!\n\n#한빛시\n\n")
    assert x.startswith("이번 주말, 한빛천에서 만나요!\n\n#한빛시\n\n")
    for text in (shorts, x):
        assert text.rstrip().splitlines()[-2:] == ["영상: 한빛시 홍보담당관", "공공누리 제1유형: 출처표시"]
    told = read(out / "youtube-shorts" / "report.json")["text"]
    assert (told["title_length"], told["title_limit"]) == (8, 100)
    assert told["length"] == len(shorts.rstrip().removeprefix("봄축제에 오세요\n\n").encode())
    assert told["limit"] == 5000


def test_our_own_reel_is_judged_by_where_its_words_stand(reels: Reels, campaign: Path) -> None:
    for platform in ("x", "youtube-shorts"):
        film = campaign / "out" / "hello" / platform / "hello.mp4"
        told = json.loads(reels.run("check", film, "-p", platform, "--json").stdout)
        assert told["ok"]
        rules = {finding["rule"]: finding for finding in told["findings"]}
        assert {"layout.subtitles", "layout.overlays", "layout.apart"} <= set(rules)
        assert all(rules[rule]["ok"] for rule in rules), [r for r in rules if not rules[r]["ok"]]
        assert rules["layout.subtitles"]["found"] == "1 inside"
    other = json.loads(
        reels.run("check", campaign / "out/hello/x/hello.mp4", "-p", "tiktok", "--json", expect=7).stdout
    )
    assert "video.raster" in {f["rule"] for f in other["findings"] if not f["ok"]}


@pytest.mark.parametrize(
    ("kind", "box", "rule"),
    [
        ("overlay", [0, 300, 200, 400], "layout.overlays"),
        ("subtitles", [37, 1000, 606, 1200], "layout.subtitles"),
        ("overlay", None, "layout.apart"),
    ],
)
def test_words_that_stand_where_they_must_not_break_exactly_that_rule(
    reels: Reels, campaign: Path, tmp_path: Path, kind: str, box: list[int] | None, rule: str
) -> None:
    made = campaign / "out" / "hello" / "x"
    for file in made.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    told = read(tmp_path / "report.json")
    subtitle = next(one for one in told["shown"] if one["kind"] == "subtitles")
    moved = next(one for one in told["shown"] if one["kind"] == kind)
    moved["box"] = box or subtitle["box"]
    moved["from_us"], moved["to_us"] = subtitle["from_us"], subtitle["to_us"]
    (tmp_path / "report.json").write_text(json.dumps(told), encoding="utf-8")
    judged = json.loads(reels.run("check", tmp_path / "hello.mp4", "-p", "x", "--json", expect=7).stdout)
    assert [finding["rule"] for finding in judged["findings"] if not finding["ok"]] == [rule]


def test_nothing_changed_leaves_the_kit_as_it_is_and_a_lost_page_comes_back(
    reels: Reels, campaign: Path
) -> None:
    page, manifest = campaign / "out" / "index.html", campaign / "out" / "manifest.json"
    before = page.read_bytes(), manifest.read_bytes(), page.stat().st_mtime_ns
    reels.run("render", campaign)
    assert (page.read_bytes(), manifest.read_bytes(), page.stat().st_mtime_ns) == before
    page.unlink()
    reels.run("render", campaign)
    assert page.read_bytes() == before[0]


def test_a_chip_that_is_not_here_is_told_and_the_reel_is_the_same(reels: Reels, campaign: Path) -> None:
    done = reels.run("render", campaign, "hello", "--encoder", "amf")
    assert "amf" in done.stderr
    assert "x264" in done.stderr
    refused = reels.run("render", campaign, "--encoder", "nvidia", expect=2)
    assert "nvenc" in refused.stderr


def test_the_platforms_own_words_are_too_long_before_anything_is_made(reels: Reels, campaign: Path) -> None:
    other = campaign.parent / "long"
    other.mkdir()
    text = CAMPAIGN.format(brand=assets_dir() / "brand").replace("이번 주말, 한빛천에서", "가" * 140)
    for name in ("a.mp4", "a.srt"):
        (other / name).write_bytes((campaign / name).read_bytes())
    (other / "campaign.yaml").write_text(text, encoding="utf-8")
    done = reels.run("plan", other, "hello", expect=3)
    assert "for x" in done.stderr or "(x)" in done.stderr
    assert "credit" in done.stderr
