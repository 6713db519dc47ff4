"""The hand-over: safe names, complete folders, and nothing half-made or left over from before."""

from __future__ import annotations

import hashlib
import json
import shutil
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from reels.campaign.model import Campaign
from reels.cli.make import make
from reels.deliver import caption_text, deliver, delivered_in, require_writable, safe_name
from reels.errors import DiskFailed, FootageError, OutputNotWritable, UsageError
from reels.footage import content_identity

# Hangul (composed and not), Latin, emoji, and every sign that some system or shell reads.
hostile = st.text(
    st.one_of(
        st.sampled_from("가각힣ᄀ\u1161\u11a8한빛시abcZ09é é🎉👨‍👩‍👧 .~-_:/\\|?*\"<>%$'`;&#\n\r\t\0\x7f"),
        st.characters(),
    ),
    max_size=80,
)
RESERVED = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in "0123456789¹²³")}


@given(hostile, st.sampled_from([24, 60, 120, 200]))
@example("-.hidden", 120)
@example("- leading space", 120)
@example("con", 120)
@example("COM¹", 120)
@example("aux.txt", 120)
@example("nul .mp4", 120)
@example("a.", 120)
@example("\ud800", 120)
@example("가" * 100, 120)
@example("...", 120)
def test_a_safe_name_is_a_file_name_on_every_system(text: str, longest: int) -> None:
    name = safe_name(text, longest_bytes=longest)
    assert name
    assert len(name.encode("utf-8")) <= longest
    assert unicodedata.is_normalized("NFC", name)
    assert not set(name) & set('<>:"/\\|?*')
    assert not any(unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") for c in name)
    assert not name.startswith((" ", ".", "-", "~")), "hidden, an option or a home folder"
    assert not name.endswith((" ", ".")), "Windows drops it"
    assert name.partition(".")[0].strip().casefold() not in RESERVED


@given(hostile, st.sampled_from([24, 60, 120, 200]))
@example("-.hidden", 120)
@example("- leading space", 120)
def test_a_safe_name_is_already_safe(text: str, longest: int) -> None:
    once = safe_name(text, longest_bytes=longest)
    assert safe_name(once, longest_bytes=longest) == once


@given(st.text("가나다라a", min_size=50, max_size=90), st.text("가나다라a", min_size=50, max_size=90))
def test_two_long_names_stay_two(one: str, other: str) -> None:
    assert (safe_name(one) == safe_name(other)) == (one == other)


def test_the_same_name_from_a_mac_and_from_windows_is_one_name() -> None:
    name = "한빛시 축제 홍보"
    assert safe_name(unicodedata.normalize("NFD", name)) == safe_name(name) == name


@pytest.mark.parametrize("text", ["", " ", "...", "///", "\n", "~", "-"])
def test_what_leaves_nothing_still_gets_a_name(text: str) -> None:
    assert safe_name(text) == "reel"


def test_a_caption_ends_in_its_hashtags() -> None:
    assert caption_text("만나요!", ("한빛시", "봄축제")) == "만나요!\n\n#한빛시 #봄축제"
    assert caption_text("만나요!", ()) == "만나요!"
    assert caption_text("", ("한빛시",)) == "#한빛시"
    assert caption_text("", ()) == ""


# --- handing over ----------------------------------------------------------------------------------------


def hand_over(tmp_path: Path, **changed: Any) -> dict[str, int]:
    (tmp_path / "made").mkdir(exist_ok=True)
    master, cover = tmp_path / "made" / "reel.mp4", tmp_path / "made" / "cover.jpg"
    master.write_bytes(changed.pop("film", b"film"))
    cover.write_bytes(b"cover")
    given_: dict[str, Any] = {
        "out_dir": tmp_path / "out",
        "folder": "hello/instagram-reels",
        "name": "hello",
        "master": master,
        "cover": cover,
        "sidecars": {
            "hello.ko.srt": "1\n00:00:00,000 --> 00:00:01,000\n안녕하세요\n",
            "hello.ko.txt": "안녕하세요\n",
        },
        "caption": "만나요!",
        "report": {"reel": "hello"},
    }
    return deliver(**{**given_, **changed})


def test_everything_the_uploader_needs_lies_in_one_folder_with_its_size(tmp_path: Path) -> None:
    sizes = hand_over(tmp_path)
    target = tmp_path / "out" / "hello" / "instagram-reels"
    assert sorted(p.name for p in target.iterdir()) == [
        "caption.txt",
        "cover.jpg",
        "hello.ko.srt",
        "hello.ko.txt",
        "hello.mp4",
        "report.json",
    ]
    assert sizes == {p.relative_to(tmp_path / "out").as_posix(): p.stat().st_size for p in target.iterdir()}
    assert (target / "hello.mp4").read_bytes() == b"film"
    assert (target / "caption.txt").read_text(encoding="utf-8") == "만나요!\n"
    report = json.loads((target / "report.json").read_text(encoding="utf-8"))
    assert report["reel"] == "hello"
    assert report["sidecars"] == {
        name: hashlib.sha256((target / name).read_bytes()).hexdigest()
        for name in ("hello.ko.srt", "hello.ko.txt")
    }


def test_editing_a_delivered_file_in_place_does_not_reach_the_result_it_came_from(tmp_path: Path) -> None:
    hand_over(tmp_path)
    with (tmp_path / "out/hello/instagram-reels/hello.mp4").open("r+b") as file:
        file.write(b"XXXX")
    assert (tmp_path / "made" / "reel.mp4").read_bytes() == b"film"


def test_a_new_delivery_replaces_the_old_one(tmp_path: Path) -> None:
    hand_over(tmp_path)
    hand_over(tmp_path, film=b"a longer film", caption="")
    target = tmp_path / "out/hello/instagram-reels"
    assert (target / "hello.mp4").read_bytes() == b"a longer film"
    assert (target / "caption.txt").read_bytes() == b""


def test_words_that_were_taken_out_do_not_stay_as_a_sidecar(tmp_path: Path) -> None:
    """A reel whose subtitles were all deleted must not be uploaded with the old ones."""
    hand_over(tmp_path)
    sizes = hand_over(tmp_path, sidecars={"hello.ko.srt": "", "hello.ko.txt": ""})
    assert not (tmp_path / "out/hello/instagram-reels/hello.ko.srt").exists()
    assert not (tmp_path / "out/hello/instagram-reels/hello.ko.txt").exists()
    assert "hello/instagram-reels/hello.ko.srt" not in sizes


def names_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


KOREAN = {"hello.ko.srt": "1\n…\n", "hello.ko.vtt": "WEBVTT\n", "hello.ko.txt": "안녕하세요\n"}
ENGLISH = {"hello.en.srt": "1\n…\n", "hello.en.vtt": "WEBVTT\n"}
ALWAYS = {"caption.txt", "cover.jpg", "hello.mp4", "report.json"}


def test_sidecars_of_another_language_go_and_files_of_people_stay(tmp_path: Path) -> None:
    hand_over(tmp_path, sidecars=KOREAN)
    target = tmp_path / "out/hello/instagram-reels"
    (target / "hello.ko.vtt").write_text("WEBVTT\n\n고쳐 씀\n", encoding="utf-8")
    (target / "hello.memo.txt").write_text("다음 주에 올리기", encoding="utf-8")
    (target / "hello.ja.srt").write_text("", encoding="utf-8")
    hand_over(tmp_path, sidecars=ENGLISH)
    assert names_in(target) == ALWAYS | set(ENGLISH) | {"hello.ko.vtt", "hello.memo.txt", "hello.ja.srt"}
    assert "고쳐 씀" in (target / "hello.ko.vtt").read_text(encoding="utf-8")


def test_a_report_from_elsewhere_takes_no_file_away(tmp_path: Path) -> None:
    hand_over(tmp_path)
    target = tmp_path / "out/hello/instagram-reels"
    outside = tmp_path / "out" / "hello.ko.txt"
    outside.write_text("", encoding="utf-8")
    nothing = hashlib.sha256(b"").hexdigest()
    mine = ["hello.memo.md", "other.ko.txt", "hello.ko.srt"]
    for name in mine:
        (target / name).write_bytes(b"")
    listed = dict.fromkeys(["../../hello.ko.txt", str(outside), "hello.mp4", "hello.", *mine], nothing)
    for record in ({"sidecars": listed}, {"sidecars": ["hello.ko.txt"]}, ["report"], {"sidecars": 5}):
        (target / "report.json").write_text(json.dumps(record), encoding="utf-8")
        hand_over(tmp_path, sidecars=ENGLISH)
    (target / "report.json").write_text("{", encoding="utf-8")
    hand_over(tmp_path, sidecars=ENGLISH)
    assert outside.exists()
    assert {"hello.memo.md", "other.ko.txt"} <= names_in(target)
    assert "hello.ko.srt" not in names_in(target), "listed, named as ours, and as it was"


def test_sidecars_are_still_taken_away_after_a_pulled_plug(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand_over(tmp_path, sidecars=KOREAN)
    target = tmp_path / "out/hello/instagram-reels"
    replace = Path.replace

    def pulled_plug(self: Path, onto: Path) -> Path:
        if onto.name == ".writing-report.json":
            replace(self, onto)
            raise OSError(5, "Input/output error")
        return replace(self, onto)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", pulled_plug)
        with pytest.raises(DiskFailed):
            hand_over(tmp_path, sidecars=ENGLISH)
    assert "hello.ko.srt" in names_in(target)
    hand_over(tmp_path, sidecars=ENGLISH)
    assert names_in(target) == ALWAYS | set(ENGLISH)


def test_a_full_disk_leaves_the_old_delivery_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand_over(tmp_path)
    target = tmp_path / "out/hello/instagram-reels"
    before = {p.name: p.read_bytes() for p in target.iterdir()}

    def full(source: Path, target: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(shutil, "copyfile", full)
    with pytest.raises(DiskFailed, match="No space left"):
        hand_over(tmp_path, film=b"a longer film", caption="다음 주에 만나요!")
    assert {p.name: p.read_bytes() for p in target.iterdir()} == before


def test_a_delivery_that_broke_off_has_no_report_and_the_next_one_clears_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder with a report is complete: the old one goes before the first file is replaced."""
    hand_over(tmp_path)
    target = tmp_path / "out/hello/instagram-reels"
    replace = Path.replace

    def pulled_plug(self: Path, onto: Path) -> Path:
        if self.name == "hello.mp4":
            raise OSError(5, "Input/output error")
        return replace(self, onto)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", pulled_plug)
        with pytest.raises(DiskFailed, match="Input/output error"):
            hand_over(tmp_path, film=b"a longer film")
    assert not (target / "report.json").exists()
    assert (target / "hello.mp4").read_bytes() == b"film", "the old film stays"
    (target / ".writing-killed").mkdir()
    (target / ".writing-123-hello.mp4").write_bytes(b"half a copy")
    hand_over(tmp_path)
    assert len(list(target.iterdir())) == 6


@pytest.mark.parametrize("knows_content", [True, False])
def test_a_reel_of_other_footage_is_never_replaced_in_silence(tmp_path: Path, knows_content: bool) -> None:
    """The footage is no film: whoever gets as far as looking at it was not refused before."""
    cards = [
        tmp_path / card / name for card, name in [("a", "C0007.MP4"), ("b", "C0007.MP4"), ("b", "C8.MP4")]
    ]
    for path in cards:
        path.parent.mkdir(exist_ok=True)
        path.write_text(str(path), encoding="utf-8")
    identity = {"footage_identity": [content_identity(cards[0])]} if knows_content else {}
    folder = tmp_path / "out" / "축제" / "x"
    folder.mkdir(parents=True)
    report = folder / "report.json"
    report.write_text(json.dumps({"footage": ["C0007.MP4"], **identity}), encoding="utf-8")

    def made(*footage: Path, force: bool = False) -> None:
        make([*footage], output=tmp_path / "out", platform=["x"], title="축제", force=force)

    for other in [(cards[2],), (cards[0], cards[2]), *([(cards[1],)] if knows_content else [])]:
        with pytest.raises(UsageError) as refused:
            made(*other)
        assert refused.value.sentence("en").startswith(
            f"{folder}: found a reel of other footage (C0007.MP4), "
        )
        assert "--id" in refused.value.sentence("en")
        assert f"{folder}: 다른 영상(C0007.MP4)으로 만든 릴스" in refused.value.sentence("ko")
        with pytest.raises(FootageError):
            made(*other, force=True)
    with pytest.raises(FootageError):
        made(cards[0])
    with pytest.raises(FootageError):
        made(tmp_path / "gone.MP4")
    assert [*(tmp_path / "out").rglob("*")] == [folder.parent, folder, report]


def test_a_notice_replaces_its_own_reel_when_it_is_corrected_and_no_other_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Rendered(Exception):
        """It was not refused."""

    def render(campaign: Campaign, **_: object) -> None:
        raise Rendered

    monkeypatch.setattr("reels.cli.make.render_campaign", render)
    for name in ("호우.txt", "태풍.txt", "a.MOV"):
        (tmp_path / name).write_text("제목\n\n본문", encoding="utf-8")
    folder = tmp_path / "out" / "안내" / "x"
    folder.mkdir(parents=True)
    told = {"footage": [], "footage_identity": [], "texts": ["../호우.txt"]}
    (folder / "report.json").write_text(json.dumps(told), encoding="utf-8")

    def made(name: str) -> None:
        make([tmp_path / name], output=tmp_path / "out", platform=["x"], title="안내")

    with pytest.raises(Rendered):
        made("호우.txt")
    for other in ("태풍.txt", "a.MOV"):
        with pytest.raises(UsageError, match=r"호우\.txt"):
            made(other)


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"footage": 1}', '{"footage": [], "footage_identity": "x"}']
)
def test_a_report_that_tells_nothing_stands_in_nobody_s_way(tmp_path: Path, text: str) -> None:
    (tmp_path / "report.json").write_text(text, encoding="utf-8")
    assert delivered_in(tmp_path) is None


def test_an_output_folder_that_is_a_file_is_told_before_any_work(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("", encoding="utf-8")
    with pytest.raises(OutputNotWritable, match="which is a file"):
        require_writable(tmp_path / "out" / "hello")
    with pytest.raises(DiskFailed):
        hand_over(tmp_path)


def test_asking_whether_a_folder_can_be_written_makes_nothing(tmp_path: Path) -> None:
    require_writable(tmp_path / "not" / "there" / "yet")
    assert list(tmp_path.iterdir()) == []
