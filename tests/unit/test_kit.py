"""The kit of a campaign: a manifest and a page of what lies there, whole, the same each time, and safe whatever it says."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reels.deliver import deliver, safe_name
from reels.errors import DiskFailed
from reels.kit import INDEX_FILE, MANIFEST_FILE, collect, handed_over_in, publish
from reels.kit.page import page_text

HOSTILE = "<script>alert(1)</script> \"'&amp; ]]> 한빛 #1 50%"


def finding(rule: str, *, ok: bool = True, severity: str = "error", found: str = "x") -> dict[str, Any]:
    return {"rule": rule, "ok": ok, "severity": severity, "found": found, "expected": "y", "source": "z"}


def report(reel: str, platform: str, **said: Any) -> dict[str, Any]:
    name = safe_name(reel)
    return {
        "schema": "reels/report/1",
        "reel": name,
        "platform": platform,
        "title": "한빛시 축제",
        "file": f"{name}.mp4",
        "duration_s": 31.4,
        "fps": "30000/1001",
        "footage": ["footage/IMG_0412.MOV"],
        "footage_identity": ["sha256:1"],
        "subtitles": {"cues": 3, "languages": {"ko": 3}},
        "made_by": "reels 0.1.0",
        "check": {"findings": [finding("container.format"), finding("duration")]},
        **said,
    }


def delivered(
    out: Path,
    reel: str = "hello",
    platform: str = "instagram-reels",
    *,
    caption: str = "만나요!",
    **said: Any,
) -> Path:
    material = out.parent / "material"
    material.mkdir(exist_ok=True)
    for file, content in (("reel.mp4", b"film" * 9), ("cover.jpg", b"cover")):
        (material / file).write_bytes(content)
    name = safe_name(reel)
    deliver(
        out_dir=out,
        folder=f"{name}/{platform}",
        name=name,
        master=material / "reel.mp4",
        cover=material / "cover.jpg",
        sidecars={f"{name}.ko.srt": "1\n00:00:00,000 --> 00:00:01,000\n안녕하세요\n"},
        caption=caption,
        report=report(reel, platform, **said),
    )
    return out / name / platform


def published(out: Path, **said: Any) -> tuple[dict[str, Any], str]:
    publish(out, **{"campaign": "봄축제", "order": (), "language": "ko", **said})
    manifest: dict[str, Any] = json.loads((out / MANIFEST_FILE).read_text(encoding="utf-8"))
    return manifest, (out / INDEX_FILE).read_text(encoding="utf-8")


class Page(HTMLParser):
    """Tags with their attributes, and all text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, Mapping[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def links(self) -> list[str]:
        found = [attrs.get(name) for _, attrs in self.tags for name in ("href", "src", "poster")]
        return [link for link in found if link and not link.startswith("#")]


def test_the_manifest_has_each_file_with_its_size_and_hash(tmp_path: Path) -> None:
    folder = delivered(tmp_path / "out")
    manifest, _ = published(tmp_path / "out")
    (entry,) = manifest["reels"]
    assert (entry["reel"], entry["platform"], entry["folder"]) == (
        "hello",
        "instagram-reels",
        "hello/instagram-reels",
    )
    assert {file["name"] for file in entry["files"]} == {
        path.name for path in folder.iterdir() if path.name != "report.json"
    }
    for file in entry["files"]:
        content = (folder / file["name"]).read_bytes()
        assert file["bytes"] == len(content)
        assert file["sha256"] == hashlib.sha256(content).hexdigest()
    assert entry["footage"] == [{"name": "footage/IMG_0412.MOV", "identity": "sha256:1"}]
    assert manifest["campaign"] == "봄축제"


def test_every_link_of_the_page_leads_to_a_file_beside_it(tmp_path: Path) -> None:
    out = tmp_path / "out"
    for reel in ("hello", "두 번째 #1 50%"):
        delivered(out, reel)
    page = Page(published(out)[1])
    links = page.links()
    assert len(links) >= 2 * 5
    for link in links:
        assert not link.startswith(("/", "http", "//", ".."))
        assert (out / unquote(link)).is_file(), link
    assert sum(tag == "video" for tag, _ in page.tags) == 2


def test_reels_come_in_the_order_of_the_campaign_and_others_behind(tmp_path: Path) -> None:
    out = tmp_path / "out"
    for reel in ("가", "나", "다"):
        delivered(out, reel)
    manifest, _ = published(out, order=("다", "가"))
    assert [entry["reel"] for entry in manifest["reels"]] == ["다", "가", "나"]


@pytest.mark.parametrize("where", ["title", "caption", "found"])
def test_nothing_of_a_campaign_is_ever_markup(tmp_path: Path, where: str) -> None:
    said: dict[str, Any] = {"caption": HOSTILE} if where == "caption" else {}
    if where == "title":
        said["title"] = HOSTILE
    if where == "found":
        said["check"] = {"findings": [finding("streams", ok=False, found=HOSTILE)]}
    delivered(tmp_path / "out", **said)
    page = Page(published(tmp_path / "out", campaign=HOSTILE)[1])
    assert not [tag for tag, _ in page.tags if tag in ("script", "iframe", "object", "form", "base", "link")]
    assert HOSTILE in "".join(page.words)
    assert not [name for _, attrs in page.tags for name in attrs if name.startswith("on")]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)
@given(st.text(max_size=30), st.text(max_size=30))
def test_any_text_leaves_the_page_as_it_is_built(tmp_path: Path, title: str, campaign: str) -> None:
    delivered(tmp_path / "out")
    (reel,) = collect(tmp_path / "out")
    from dataclasses import replace

    plain = Page(page_text("", [replace(reel, title="제목")], "ko"))
    page = Page(page_text(campaign, [replace(reel, title=title or "제목")], "ko"))
    assert [tag for tag, _ in page.tags] == [tag for tag, _ in plain.tags]


def test_the_page_lets_nothing_in_from_elsewhere(tmp_path: Path) -> None:
    delivered(tmp_path / "out")
    _, text = published(tmp_path / "out")
    page = Page(text)
    (policy,) = (a["content"] for t, a in page.tags if a.get("http-equiv") == "Content-Security-Policy")
    assert policy is not None
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "script" not in policy
    assert not re.findall(r"https?://", text)


def test_broken_rules_and_warnings_are_told_apart(tmp_path: Path) -> None:
    out = tmp_path / "out"
    delivered(out, "a", check={"findings": [finding("size")]})
    delivered(out, "b", check={"findings": [finding("picture.frozen", ok=False, severity="warning")]})
    delivered(out, "c", check={"findings": [finding("size", ok=False)]})
    manifest, text = published(out)
    assert [(e["ok"], e["warnings"]) for e in manifest["reels"]] == [
        (True, []),
        (True, ["picture.frozen"]),
        (False, []),
    ]
    for words in ("통과", "살펴볼 것 1개", "규칙 1개 어김"):
        assert words in text
    assert "passed" in published(out, language="en")[1]


def test_the_same_folder_gives_the_same_bytes_and_is_left_alone(tmp_path: Path) -> None:
    out = tmp_path / "out"
    delivered(out)
    first = publish(out, campaign="봄", order=(), language="ko")
    assert [path.name for path in first] == [MANIFEST_FILE, INDEX_FILE]
    assert publish(out, campaign="봄", order=(), language="ko") == ()


@pytest.mark.parametrize("name", [MANIFEST_FILE, INDEX_FILE])
def test_somebody_elses_file_is_never_written_over(tmp_path: Path, name: str) -> None:
    out = tmp_path / "out"
    delivered(out)
    (out / name).write_text("<html>시청 홈페이지</html>", encoding="utf-8")
    changed = publish(out, campaign="봄", order=(), language="ko")
    assert (out / name).read_text(encoding="utf-8") == "<html>시청 홈페이지</html>"
    assert [path.name for path in changed] == [{MANIFEST_FILE, INDEX_FILE}.difference({name}).pop()]


def test_a_delivery_that_is_not_whole_is_not_listed(tmp_path: Path) -> None:
    out = tmp_path / "out"
    whole = delivered(out, "whole")
    delivered(out, "half").joinpath("half.mp4").unlink()
    (delivered(out, "torn") / "report.json").write_text('{"schema": "reels/rep', encoding="utf-8")
    (out / "foreign" / "x").mkdir(parents=True)
    (out / "foreign" / "x" / "report.json").write_text("[]", encoding="utf-8")
    assert [one.reel for one in collect(out)] == [whole.parent.name]


def test_a_report_from_elsewhere_names_no_file_outside_and_no_link_is_followed(tmp_path: Path) -> None:
    out = tmp_path / "out"
    folder = delivered(out, "a")
    told = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    told["files"]["../../secret.txt"] = {"bytes": 1, "sha256": ""}
    (folder / "report.json").write_text(json.dumps(told), encoding="utf-8")
    (tmp_path / "elsewhere").mkdir()
    delivered(tmp_path / "elsewhere", "b")
    (out / "b").symlink_to(tmp_path / "elsewhere" / "b")
    assert collect(out) == ()


def test_an_empty_folder_gets_nothing(tmp_path: Path) -> None:
    assert publish(tmp_path, campaign="봄", order=(), language="ko") == ()
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    delivered(tmp_path / "out")

    def full(path: Path, text: str) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("reels.kit.publishing.write_atomically", full)
    with pytest.raises(DiskFailed, match=MANIFEST_FILE):
        publish(tmp_path / "out", campaign="봄", order=(), language="ko")


def test_a_film_is_found_with_the_platform_and_the_hashes_of_its_report(tmp_path: Path) -> None:
    folder = delivered(tmp_path / "out", "두 번째", "x")
    (folder / "another.MOV").write_bytes(b"?")
    (tmp_path / "out" / "loose.mp4").write_bytes(b"?")
    ours, other = sorted(handed_over_in(tmp_path / "out"), key=lambda film: not film.hashes)
    assert (ours.file, ours.platform) == (folder / "두 번째.mp4", "x")
    assert ours.hashes["두 번째.mp4"] == hashlib.sha256(b"film" * 9).hexdigest()
    assert set(ours.hashes) == {path.name for path in folder.iterdir()} - {"report.json", "another.MOV"}
    assert (other.file, other.platform, other.hashes) == (folder / "another.MOV", "x", {})


@pytest.mark.parametrize(
    "told",
    [
        {"file": "../../secret.mp4"},
        {"files": {name: {"bytes": 1, "sha256": "0"} for name in ("hello.mp4", "../../secret.mp4")}},
        {"files": ["hello.mp4"]},
        {"platform": None, "files": None},
        {"schema": "another/1"},
    ],
)
def test_a_report_that_names_files_elsewhere_or_none_tells_of_no_film(
    tmp_path: Path, told: dict[str, Any]
) -> None:
    folder = delivered(tmp_path / "out")
    (tmp_path / "secret.mp4").write_bytes(b"?")
    read = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    (folder / "report.json").write_text(json.dumps({**read, **told}), encoding="utf-8")
    (film,) = handed_over_in(tmp_path / "out")
    assert (film.file, film.platform, film.hashes) == (folder / "hello.mp4", "instagram-reels", {})


def test_a_link_in_an_output_folder_is_not_followed(tmp_path: Path) -> None:
    delivered(tmp_path / "elsewhere")
    (tmp_path / "out" / "hello").mkdir(parents=True)
    (tmp_path / "out" / "linked").symlink_to(tmp_path / "elsewhere" / "hello")
    (tmp_path / "out" / "hello" / "x").symlink_to(tmp_path / "elsewhere" / "hello" / "instagram-reels")
    assert handed_over_in(tmp_path / "out") == ()
