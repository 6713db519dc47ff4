"""Drafts that several pages edit: words replaced in all of them and taken back, two programs that save at once."""

from __future__ import annotations

import multiprocessing
from fractions import Fraction
from pathlib import Path

import pytest

from reels.campaign.load import load_campaign
from reels.drafts import SavedEdit, drafts_held, read_draft
from reels.errors import SubtitlesUnreadable, UsageError
from reels.preview.drafting import Edit, OpenDrafts
from reels.subtitles import Cue, write_srt

FOOTAGE = ("a", "b", "c")


def cue(start: int, text: str) -> Cue:
    return Cue(start=Fraction(start), end=Fraction(start + 1), lines=(text,))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    clips = "".join(f"  - {{id: {one}, clips: [{{footage: {one}.mp4}}]}}\n" for one in FOOTAGE)
    (tmp_path / "campaign.yaml").write_text(f"campaign: 축제\nreels:\n{clips}", encoding="utf-8")
    (tmp_path / "subtitles").mkdir()
    for one in FOOTAGE:
        (tmp_path / f"{one}.mp4").touch()
        said = [cue(0, "한빛시 축제"), cue(2, "한빛시"), cue(4, f"{one} 안녕하세요")]
        (tmp_path / "subtitles" / f"{one}.ko.srt").write_text(write_srt(said), encoding="utf-8")
    return tmp_path


def drafts_of(root: Path) -> OpenDrafts:
    campaign = load_campaign(root)
    return OpenDrafts(lambda: campaign)


def texts(root: Path, name: str) -> list[str]:
    return [one.text for one in read_draft(root / "subtitles" / f"{name}.ko.srt").cues]


def test_what_was_replaced_everywhere_is_taken_back_and_done_again(root: Path) -> None:
    drafts = drafts_of(root)
    done = drafts.replace("한빛시", "한빛군", besides=["b.ko.srt"])
    assert done.count == 4
    assert [texts(root, one)[0] for one in FOOTAGE] == ["한빛군 축제", "한빛시 축제", "한빛군 축제"]
    back = drafts.take_back(done.name)
    assert back.count == 4
    assert [texts(root, one)[0] for one in FOOTAGE] == ["한빛시 축제"] * 3
    drafts.take_back(back.name)
    assert texts(root, "c")[:2] == ["한빛군 축제", "한빛군"]


def test_a_cue_that_says_nothing_any_more_goes_and_comes_back(root: Path) -> None:
    drafts = drafts_of(root)
    done = drafts.replace("한빛시", "", besides=[])
    assert texts(root, "a") == ["축제", "a 안녕하세요"]
    drafts.take_back(done.name)
    assert texts(root, "a") == ["한빛시 축제", "한빛시", "a 안녕하세요"]


def test_what_somebody_has_written_since_is_not_taken_back(root: Path) -> None:
    drafts = drafts_of(root)
    done = drafts.replace("한빛시", "한빛군", besides=[])
    path = root / "subtitles" / "a.ko.srt"
    path.write_text(
        path.read_text(encoding="utf-8").replace("한빛군 축제", "한빛군의 봄 축제"), encoding="utf-8"
    )
    assert drafts.take_back(done.name).count == 5
    assert texts(root, "a") == ["한빛군의 봄 축제", "한빛시", "a 안녕하세요"]


def test_a_draft_that_cannot_be_read_stops_it_before_anything_is_changed(root: Path) -> None:
    drafts = drafts_of(root)
    done = drafts.replace("한빛시", "한빛군", besides=[])
    path = root / "subtitles" / "b.ko.srt"
    kept = path.read_bytes()
    path.write_text("1\n00:00:01,000 -> 둘\n자막\n", encoding="utf-8")
    with pytest.raises(SubtitlesUnreadable):
        drafts.take_back(done.name)
    assert texts(root, "a")[0] == "한빛군 축제"
    path.write_bytes(kept)
    assert drafts.take_back(done.name).count == 6


def test_what_another_writes_between_reading_and_writing_stands_and_is_not_counted(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drafts = drafts_of(root)
    path = root / "subtitles" / "a.ko.srt"
    others = path.read_text(encoding="utf-8").replace("한빛시 축제", "한빛시의 봄 축제")
    real = OpenDrafts.save

    def late(self: OpenDrafts, name: str, edit: Edit) -> SavedEdit:
        if name == "a.ko.srt":
            path.write_text(others, encoding="utf-8")
        return real(self, name, edit)

    monkeypatch.setattr(OpenDrafts, "save", late)
    done = drafts.replace("한빛시", "한빛군", besides=["b.ko.srt", "c.ko.srt"])
    assert texts(root, "a") == ["한빛시의 봄 축제", "한빛군", "a 안녕하세요"]
    assert done.count == 1
    assert not list(path.parent.glob("*.mine*"))


def test_a_draft_that_comes_into_being_while_the_page_is_open_is_edited_like_any_other(root: Path) -> None:
    drafts, path = drafts_of(root), root / "subtitles" / "a.ko.srt"
    made = path.read_bytes()
    path.unlink()
    assert drafts.read("a.ko.srt").cues == ()
    path.write_bytes(made)
    draft = drafts.read("a.ko.srt")
    cues = (cue(0, "고쳤습니다"), *draft.cues[1:])
    assert not drafts.save("a.ko.srt", Edit(name="1", version=draft.version, cues=cues)).conflicts
    assert texts(root, "a")[0] == "고쳤습니다"
    assert drafts.replace("안녕", "반갑", besides=[]).count == 3


def test_a_page_that_stood_still_for_hundreds_of_edits_of_others_is_no_conflict_with_itself(
    root: Path,
) -> None:
    drafts = drafts_of(root)
    mine, other = drafts.read("b.ko.srt"), drafts.read("a.ko.srt")
    for number in range(150):
        edit = Edit(name=str(number), version=other.version, cues=(cue(0, f"{number}"), *other.cues[1:]))
        other = drafts.save("a.ko.srt", edit).draft
    done = drafts.save(
        "b.ko.srt", Edit(name="x", version=mine.version, cues=(cue(0, "하나"), *mine.cues[1:]))
    )
    assert not done.conflicts
    assert texts(root, "b")[0] == "하나"


def test_an_edit_of_a_version_that_nobody_remembers_is_for_a_person_to_decide(root: Path) -> None:
    drafts = drafts_of(root)
    draft = drafts.read("a.ko.srt")
    wanted = (cue(0, "하나"), *draft.cues[1:])
    done = drafts.save("a.ko.srt", Edit(name="x", version="forgotten", cues=wanted))
    (conflict,) = done.conflicts
    assert ([one.text for one in conflict.mine], [one.text for one in conflict.theirs]) == (
        ["하나"],
        ["한빛시 축제"],
    )
    assert done.kept is not None
    assert texts(root, "a") == ["한빛시 축제", "한빛시", "a 안녕하세요"]
    decided = Edit(name="y", version=done.draft.version, cues=wanted, decides=done.kept.name)
    assert not drafts.save("a.ko.srt", decided).conflicts
    assert texts(root, "a")[0] == "하나"
    assert not done.kept.exists()


def test_a_version_that_is_read_again_is_not_the_first_to_be_forgotten(root: Path) -> None:
    drafts, path = drafts_of(root), root / "subtitles" / "a.ko.srt"
    first = path.read_bytes()
    mine = drafts.read("a.ko.srt")
    for number in range(99):
        edit = Edit(name=str(number), version=mine.version, cues=(cue(0, f"{number}"), *mine.cues[1:]))
        drafts.save("a.ko.srt", edit)
        path.write_bytes(first)
        drafts.read("a.ko.srt")
    other = drafts.read("b.ko.srt")
    for name in ("x", "y"):
        drafts.save("b.ko.srt", Edit(name=name, version=other.version, cues=(cue(0, name), *other.cues[1:])))
    path.write_text(path.read_text(encoding="utf-8").replace("a 안녕", "a 반갑"), encoding="utf-8")
    drafts.save("a.ko.srt", Edit(name="w", version=mine.version, cues=(cue(0, "끝"), *mine.cues[1:])))
    assert texts(root, "a") == ["끝", "한빛시", "a 반갑하세요"]


def test_where_the_disk_fails_half_way_nothing_is_replaced(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drafts, real = drafts_of(root), OpenDrafts.save

    def full(self: OpenDrafts, name: str, edit: Edit) -> SavedEdit:
        if name == "c.ko.srt":
            raise OSError(28, "No space left on device")
        return real(self, name, edit)

    monkeypatch.setattr(OpenDrafts, "save", full)
    with pytest.raises(OSError, match="No space"):
        drafts.replace("한빛시", "한빛군", besides=[])
    assert [texts(root, one)[0] for one in FOOTAGE] == ["한빛시 축제"] * 3


def test_taking_back_what_is_not_known_is_told(root: Path) -> None:
    with pytest.raises(UsageError, match="not remembered"):
        drafts_of(root).take_back("0123")


def _saves(root: Path, at: int, count: int) -> None:
    drafts = drafts_of(root)
    for number in range(count):
        draft = drafts.read("a.ko.srt")
        cues = tuple(cue(at, f"{at} {number}") if one.start == at else one for one in draft.cues)
        done = drafts.save("a.ko.srt", Edit(name=f"{at}-{number}", version=draft.version, cues=cues))
        assert not done.conflicts


def test_two_programs_that_save_at_once_lose_nothing(root: Path) -> None:
    spawn = multiprocessing.get_context("spawn")
    both = [spawn.Process(target=_saves, args=(root, at, 20)) for at in (0, 2)]
    for one in both:
        one.start()
    for one in both:
        one.join(60)
    assert [one.exitcode for one in both] == [0, 0]
    assert texts(root, "a") == ["0 19", "2 19", "a 안녕하세요"]


def test_while_one_writes_drafts_another_waits(root: Path) -> None:
    spawn = multiprocessing.get_context("spawn")
    other = spawn.Process(target=_saves, args=(root, 0, 1))
    with drafts_held(root / ".reels"):
        other.start()
        other.join(3)
        assert other.is_alive()
        assert texts(root, "a")[0] == "한빛시 축제"
    other.join(60)
    assert other.exitcode == 0
    assert texts(root, "a")[0] == "0 0"
