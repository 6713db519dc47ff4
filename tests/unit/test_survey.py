"""What is known right now: looked at once while it stands still, and never written to."""

from __future__ import annotations

import errno
import os
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from reels import survey as room
from reels.campaign.model import Workspace
from reels.drafts import DraftRecord, write_draft_record
from reels.errors import (
    CampaignProblems,
    FontMissing,
    FootageDamaged,
    FootageMissing,
    FootageRefused,
    SubtitlesUnreadable,
)
from reels.footage import Footage, find_footage
from reels.store import Store
from reels.subtitles import Cue, write_srt
from reels.survey import Survey
from reels.transcript import Transcript, to_json
from tests.stores import ONE, commit

SAID = write_srt([Cue(start=Fraction(1), end=Fraction(2), lines=("안녕하세요",))])


@pytest.fixture
def survey(tmp_path: Path) -> Survey:
    workspace = Workspace.of_campaign(tmp_path)
    return Survey(workspace, Store(workspace.store_dir))


def stamp(path: Path, ns: int) -> None:
    """Set the modification time, which some file systems keep too coarsely for a fast test."""
    os.utime(path, ns=(ns, ns))


def test_footage_is_known_by_its_content_wherever_it_lies(survey: Survey, tmp_path: Path) -> None:
    one, copy, other = tmp_path / "a.mov", tmp_path / "copy of a.mov", tmp_path / "b.mov"
    for path, content in ((one, b"one"), (copy, b"one"), (other, b"other")):
        path.write_bytes(content)
    identities = [survey.footage_identity(path) for path in (one, copy, other)]
    assert identities[0] == identities[1] != identities[2]


def test_footage_is_read_again_only_when_it_was_written_again(
    survey: Survey, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    film, read = tmp_path / "a.mov", list[Path]()
    film.write_bytes(b"one")

    def noted(path: Path) -> Footage:
        read.append(path)
        return find_footage(path)

    monkeypatch.setattr(room, "find_footage", noted)
    before = survey.footage_identity(film)
    assert survey.footage_identity(film) == before
    assert len(read) == 1
    film.write_bytes(b"two")
    stamp(film, 10**18)
    assert survey.footage_identity(film) != before


@pytest.mark.parametrize("name", ["missing.mov", "file/inside.mov"])
def test_footage_that_is_not_there_is_told(survey: Survey, tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_bytes(b"x")
    with pytest.raises(FootageMissing):
        survey.footage_identity(tmp_path / name)
    with pytest.raises(FootageMissing):
        survey.glance(tmp_path / name)


@pytest.mark.parametrize("name", ["x" * 300, "nul\0byte"])
def test_footage_with_an_impossible_name_is_refused(survey: Survey, tmp_path: Path, name: str) -> None:
    with pytest.raises((FootageRefused, FootageMissing)):
        survey.footage_identity(tmp_path / name)


@pytest.mark.parametrize("name", ["missing.ttf", "missing.OTF"])
def test_a_font_that_is_not_there_is_told_as_such(survey: Survey, tmp_path: Path, name: str) -> None:
    with pytest.raises(FontMissing):
        survey.file_identity(tmp_path / name)


@pytest.mark.parametrize("name", ["look.cube", "logo.png", "x" * 300, "."])
def test_a_look_or_a_logo_that_is_gone_is_not_called_a_font(
    survey: Survey, tmp_path: Path, name: str
) -> None:
    with pytest.raises(CampaignProblems) as caught:
        survey.file_identity(tmp_path / name)
    for told in (caught.value.sentence("en"), caught.value.sentence("ko")):
        assert (tmp_path / name).name in told
        assert "ttf" not in told


def test_footage_is_glanced_at_once_while_it_stands_still(
    survey: Survey, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    film = tmp_path / "a.mov"
    film.write_bytes(b"one")
    seen: list[Path] = []
    monkeypatch.setattr(room, "glance", seen.append)
    survey.glance(film)
    survey.glance(film)
    stamp(film, 10**18)
    survey.glance(film)
    assert len(seen) == 2


def test_footage_that_does_not_open_is_looked_at_again_every_time(
    survey: Survey, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that is still being copied may open a moment later."""

    def damaged(path: Path) -> None:
        raise FootageDamaged(path=str(path), found="it breaks off")

    film = tmp_path / "a.mov"
    film.write_bytes(b"one")
    monkeypatch.setattr(room, "glance", damaged)
    for _ in range(2):
        with pytest.raises(FootageDamaged):
            survey.glance(film)


def test_subtitles_are_read_with_their_hash_and_read_again_after_an_edit(
    survey: Survey, tmp_path: Path
) -> None:
    draft = tmp_path / "a.ko.srt"
    assert survey.subtitles(draft) is None
    draft.write_text(SAID, encoding="utf-8")
    first = survey.subtitles(draft)
    assert first is not None
    assert [cue.lines for cue in first.cues] == [("안녕하세요",)]
    draft.write_text(SAID.replace("안녕하세요", "반갑습니다"), encoding="utf-8")
    stamp(draft, 10**18)
    second = survey.subtitles(draft)
    assert second is not None
    assert second.sha256 != first.sha256
    assert [cue.lines for cue in second.cues] == [("반갑습니다",)]


def test_subtitles_that_cannot_be_read_are_told_with_the_line(survey: Survey, tmp_path: Path) -> None:
    draft = tmp_path / "a.ko.srt"
    draft.write_text("1\n00:00:01,000 --> nowhere\n안녕\n", encoding="utf-8")
    with pytest.raises(SubtitlesUnreadable) as refused:
        survey.subtitles(draft)
    assert refused.value.line == 2


def test_what_we_wrote_as_a_draft_is_remembered_in_the_store(survey: Survey) -> None:
    assert survey.draft_record("a.ko.srt") is None
    record = DraftRecord(fingerprint="f" * 64, sha256="e" * 64)
    write_draft_record(survey.workspace.store_dir, "a.ko.srt", record)
    assert survey.draft_record("a.ko.srt") == record


def test_what_a_transcription_heard_is_read_once_and_missed_where_it_is_gone(survey: Survey) -> None:
    heard = Transcript(language="ko", duration=Fraction(3), model="nano-ko@1")
    survey.store.prepare()
    with survey.store.work_folder() as folder:
        (folder / "transcript.json").write_text(to_json(heard), encoding="utf-8")
        survey.store.commit("a" * 64, folder, {}, ("transcript.json",))
    with survey.store.work_folder() as folder:
        (folder / "transcript.json").write_text("{}", encoding="utf-8")
        survey.store.commit("b" * 64, folder, {}, ("transcript.json",))
    assert survey.transcript("a" * 64) == heard
    assert [survey.transcript(other) for other in ("b" * 64, "c" * 64, "")] == [None, None, None]


def test_a_delivery_is_there_when_every_file_is_with_its_size(survey: Survey) -> None:
    folder = survey.workspace.out_dir / "hello"
    folder.mkdir(parents=True)
    (folder / "hello.mp4").write_bytes(b"film")
    (folder / "cover.jpg").write_bytes(b"cover")
    facts = {"files": {"hello/hello.mp4": 4, "hello/cover.jpg": 5}}
    assert survey.is_delivered(facts)
    (folder / "cover.jpg").write_bytes(b"cov")
    assert not survey.is_delivered(facts)
    (folder / "cover.jpg").unlink()
    assert not survey.is_delivered(facts)
    assert not survey.is_delivered({"files": {}})
    assert not survey.is_delivered({})


def test_what_no_probe_has_found_is_not_known(survey: Survey) -> None:
    assert survey.media("f" * 64) is None


# --- a share that cannot be looked at just now -------------------------------------------------------------


@pytest.mark.parametrize("number", [errno.ESTALE, errno.EIO])
def test_what_a_share_cannot_tell_just_now_is_not_known_and_no_fault_of_ours(
    survey: Survey, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    store = survey.store
    store.prepare()
    commit(store, content=b"{}", name="media.json")
    assert survey.result(ONE) is not None
    assert survey.media(ONE) is None, "no media, and told as that"
    hiccup = OSError(number, os.strerror(number))

    def fails(*_: object, **__: object) -> Any:
        raise hiccup

    with monkeypatch.context() as broken:
        broken.setattr(Path, "read_text", fails)
        assert survey.media(ONE) is None
    with monkeypatch.context() as broken:
        for asked in ("exists", "stat", "lstat"):
            broken.setattr(Path, asked, fails)
        assert survey.result(ONE) is None
        assert survey.media(ONE) is None
    assert survey.result(ONE) is not None
