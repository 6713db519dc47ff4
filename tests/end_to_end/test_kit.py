"""The delivery kit by the real command: what lies beside the reels, and that it is true."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
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


# --- all of a campaign is judged -------------------------------------------------------------------------

Judged = dict[str, dict[str, Any]]


def judged(reels: Reels, path: Path, *options: str, expect: int = 0) -> Judged:
    """`reels check --json` of a campaign: each report by its film's place in the output folder."""
    told = reels.run("check", path, *options, "--json", expect=expect).json
    assert list(told) == ["ok", "files"]
    assert told["ok"] == all(one["ok"] for one in told["files"]) == (expect == 0)
    assert all(list(one) == ["file", "platform", "ok", "findings"] for one in told["files"])
    return {"/".join(Path(one["file"]).parts[-3:]): one for one in told["files"]}


def not_as_it_should(report: dict[str, Any]) -> list[tuple[str, str]]:
    return [(one["rule"], one["severity"]) for one in report["findings"] if not one["ok"]]


@pytest.fixture
def copied(campaign: Path, tmp_path: Path) -> Path:
    """A campaign whose file is broken and of which only `hello` for X lies there: what is judged are films."""
    shutil.copytree(campaign / "out" / "hello" / "x", tmp_path / "out" / "hello" / "x")
    (tmp_path / "campaign.yaml").write_text("campaign: [", encoding="utf-8")
    return tmp_path


def test_every_film_is_judged_by_the_platform_it_was_handed_over_for(reels: Reels, campaign: Path) -> None:
    files = judged(reels, campaign)
    assert [(place, one["platform"]) for place, one in files.items()] == [
        ("again/x/again.mp4", "x"),
        ("again/youtube-shorts/again.mp4", "youtube-shorts"),
        ("hello/x/hello.mp4", "x"),
        ("hello/youtube-shorts/hello.mp4", "youtube-shorts"),
    ]
    rules = {finding["rule"]: finding for finding in files["hello/x/hello.mp4"]["findings"]}
    assert {"video.raster", "layout.subtitles", "delivery.film"} <= set(rules)
    assert rules["delivery.film"]["found"] == "as it was handed over"
    one = reels.run("check", campaign / "out/hello/x/hello.mp4", "-p", "x", "--json").json
    assert files["hello/x/hello.mp4"]["findings"][: len(one["findings"])] == one["findings"]
    table = reels.run("check", campaign / "campaign.yaml", "-p", "x")
    assert [line.split()[:3] for line in table.stdout.splitlines()[1:]] == [
        ["again/x/again.mp4", "x", "ok"],
        ["hello/x/hello.mp4", "x", "ok"],
    ]
    assert table.stderr.splitlines()[-1] == "checking hello.mp4 for x (2/2)"


@pytest.mark.parametrize("what", ["", "campaign.yaml", "out"])
def test_a_broken_campaign_file_hides_no_broken_film(reels: Reels, copied: Path, what: str) -> None:
    platforms = copied / "platforms"
    platforms.mkdir()
    values = "values:\n  duration_max: {value: 1, source: ours, checked_on: 2026-01-01, trust: measured}\n"
    (platforms / "x.yaml").write_text(f"schema: reels/platform/1\nname: x\nextends: x\n{values}")
    files = judged(reels, copied / what, expect=7)
    assert not_as_it_should(files["hello/x/hello.mp4"]) == [("duration", "error")]
    said = reels.run("check", copied / what, expect=7)
    assert said.stderr.splitlines()[-1] == "1 of 1 films failed; the table above says which and why"
    (row,) = said.stdout.splitlines()[1:]
    assert row.split()[:4] == ["hello/x/hello.mp4", "x", "FAIL", "duration"]


def _changed(folder: Path) -> None:
    with (folder / "hello.mp4").open("ab") as film:
        film.write(b"\0\0\0\x08free")


def _damaged(folder: Path) -> None:
    (folder / "hello.mp4").write_text("no film", encoding="utf-8")


def _of_a_platform_that_is_gone(folder: Path) -> None:
    text = (folder / "report.json").read_text(encoding="utf-8")
    (folder / "report.json").write_text(text.replace('"platform": "x"', '"platform": "screen"'))


def _in_a_folder_of_its_own(folder: Path) -> None:
    (folder / "report.json").unlink()
    folder.rename(folder.with_name("old"))


CHANGES: dict[str, tuple[Callable[[Path], Any], list[tuple[str, str]], bool]] = {
    "the film was cut": (_changed, [("delivery.film", "warning")], True),
    "the film is damaged": (_damaged, [("delivery.film", "error")], False),
    "the film is gone": (lambda x: (x / "hello.mp4").unlink(), [("delivery.film", "error")], False),
    "the cover is gone": (lambda x: (x / "cover.jpg").unlink(), [("delivery.files", "warning")], True),
    "the caption was edited": (lambda x: (x / "caption.txt").write_text("?"), [], True),
    "the report is gone": (lambda x: (x / "report.json").unlink(), [("delivery.report", "warning")], True),
    "the report is torn": (
        lambda x: (x / "report.json").write_text("{"),
        [("delivery.report", "warning")],
        True,
    ),
    "the platform is gone": (_of_a_platform_that_is_gone, [("delivery.platform", "error")], False),
    "the folder is no platform's": (
        _in_a_folder_of_its_own,
        [("delivery.report", "warning"), ("delivery.platform", "warning")],
        False,
    ),
}
"""What somebody does to the folder of `hello` for X, what is then said, and whether the film could be judged."""


@pytest.mark.parametrize("what", CHANGES)
def test_what_is_not_as_it_was_handed_over_is_told(reels: Reels, copied: Path, what: str) -> None:
    change, findings, was_judged = CHANGES[what]
    change(copied / "out" / "hello" / "x")
    broken = any(severity == "error" for _, severity in findings)
    ((_, report),) = judged(reels, copied, expect=7 if broken else 0).items()
    assert not_as_it_should(report) == findings
    assert ("video.raster" in {finding["rule"] for finding in report["findings"]}) == was_judged


def test_a_film_that_somebody_has_put_there_is_judged_too(reels: Reels, copied: Path) -> None:
    make_footage(copied / "out" / "hello" / "x" / "긴 판.MP4", seconds="0.5")
    (copied / "out" / "hello" / "x" / ".writing-half.mp4").write_text("x")
    files = judged(reels, copied, expect=7)
    assert list(files) == ["hello/x/hello.mp4", "hello/x/긴 판.MP4"]
    assert files["hello/x/hello.mp4"]["ok"]
    broken = [rule for rule, _ in not_as_it_should(files["hello/x/긴 판.MP4"])]
    assert {"video.raster", "delivery.report"} <= set(broken)


def test_nothing_to_judge_is_said_and_is_no_success(reels: Reels, copied: Path, tmp_path: Path) -> None:
    other = reels.run("check", copied, "-p", "tiktok", expect=2)
    assert "--platform: found tiktok, for which nothing lies there, expected one of x" in other.stderr
    unknown = reels.run("check", copied, "-p", "tiktk", expect=2)
    assert "did you mean tiktok" in unknown.stderr
    empty = tmp_path / "빈 폴더"
    empty.mkdir()
    said = reels.run("check", empty, expect=2)
    assert (
        f'found no finished film, expected films in REEL/PLATFORM/; make them with `reels render "{empty}"`'
        in (said.stderr)
    )
    missing = reels.run("check", tmp_path / "nosuch.yaml", expect=3)
    assert "no such file" in missing.stderr
    assert "no such file" in reels.run("check", tmp_path / "nosuch", expect=4).stderr


# --- manifest and page by themselves ---------------------------------------------------------------------


def test_the_kit_is_brought_up_to_date_with_what_lies_there(
    reels: Reels, campaign: Path, tmp_path: Path
) -> None:
    shutil.copytree(campaign / "out", tmp_path / "out")
    (tmp_path / "a.mp4").write_text("not looked at", encoding="utf-8")
    for name in ("campaign.yaml", "a.srt"):
        shutil.copyfile(campaign / name, tmp_path / name)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    page, manifest = tmp_path / "out" / "index.html", tmp_path / "out" / "manifest.json"
    assert reels.run("kit", tmp_path).stdout == f"{page}\n"
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == before, "it was up to date"
    shutil.rmtree(tmp_path / "out" / "again")
    page.unlink()
    told = reels.run("kit", tmp_path, "--json").json
    assert told == read(manifest)
    assert [(one["reel"], one["platform"]) for one in told["reels"]] == [
        ("hello", "x"),
        ("hello", "youtube-shorts"),
    ]
    assert page.read_text(encoding="utf-8").count("<video ") == 2


def test_a_kit_of_nothing_and_a_page_of_somebody_else_are_refused(
    reels: Reels, campaign: Path, tmp_path: Path
) -> None:
    for name in ("campaign.yaml", "a.srt", "a.mp4"):
        shutil.copyfile(campaign / name, tmp_path / name)
    nothing = reels.run("kit", tmp_path, expect=2)
    assert "found no finished film" in nothing.stderr
    assert nothing.stderr.rstrip().endswith(f"make them with `reels render {tmp_path}`")
    assert not (tmp_path / "out").exists()
    shutil.copytree(campaign / "out", tmp_path / "out")
    page = tmp_path / "out" / "index.html"
    page.write_text("<p>ours</p>", encoding="utf-8")
    theirs = reels.run("kit", tmp_path, expect=2)
    assert f"{page}: found a file that reels did not write" in theirs.stderr
    assert theirs.stdout == ""
    assert page.read_text(encoding="utf-8") == "<p>ours</p>"
