"""Drafts as files: what is ours is kept up to date, what a person touched is never written over."""

from __future__ import annotations

import codecs
import hashlib
import json
import unicodedata
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reels.cues import CueRules
from reels.drafts import (
    REPORT_SCHEMA,
    DraftRecord,
    NewDraft,
    cues_of_dropped,
    differences,
    draft_path,
    draft_record,
    draft_report,
    inserted,
    offered_beside,
    put_draft,
    report_path,
    take_draft,
    words_digest,
    write_draft_record,
)
from reels.errors import UsageError
from reels.glossary import correct, parse_glossary
from reels.subtitles import Cue, read_subtitles, subtitle_lines, write_srt
from reels.transcript import Dropped, Segment, Transcript, Word

NAME = "IMG_0412.ko.srt"


def cue(start: str, end: str, *lines: str) -> Cue:
    return Cue(start=Fraction(start), end=Fraction(end), lines=lines)


CUES = (cue("1", "2", "안녕하세요"), cue("3", "4", "한빛시입니다"), cue("5", "6", "만나요"))


def made(cues: tuple[Cue, ...] = CUES, *, fingerprint: str = "f1", transcript: str = "t1") -> NewDraft:
    text = write_srt(cues)
    return NewDraft(
        name=NAME,
        text=text,
        report={"schema": REPORT_SCHEMA, "draft": NAME, "of": fingerprint},
        record=DraftRecord(
            fingerprint=fingerprint,
            sha256=hashlib.sha256(text.encode()).hexdigest(),
            transcript=transcript,
            words=words_digest(cues),
            model="nano-ko",
            heard_by="nano-ko@1",
            footage="footage/IMG_0412.MOV",
        ),
    )


@pytest.fixture
def place(tmp_path: Path) -> tuple[Path, Path]:
    """The drafts folder and the store."""
    return tmp_path / "subtitles", tmp_path / ".reels"


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


HEARD_OTHERWISE = (CUES[0], cue("3", "4", "한빛 시장입니다"), CUES[2])


def edited(folder: Path) -> bytes:
    """A person's correction of the draft there."""
    text = (folder / NAME).read_text(encoding="utf-8").replace("안녕하세요", "반갑습니다")
    (folder / NAME).write_text(text, encoding="utf-8")
    return (folder / NAME).read_bytes()


# --- putting ---------------------------------------------------------------------------------------------


def test_a_first_draft_is_written_with_its_report_and_remembered(place: tuple[Path, Path]) -> None:
    folder, store = place
    assert put_draft(folder, store, made()) == "written"
    assert names(folder) == ["IMG_0412.ko.json", NAME]
    assert read_subtitles(folder / NAME) == CUES
    assert draft_record(store, NAME) == made().record
    report = json.loads((folder / "IMG_0412.ko.json").read_text(encoding="utf-8"))
    assert report["schema"] == REPORT_SCHEMA
    assert report["made_from"]["model"] == "nano-ko"


@pytest.mark.parametrize("folder_of_ours", ["/srv/models/small", "~/models", "C:\\models", "./small"])
def test_a_report_does_not_tell_where_things_lie_on_this_machine(
    place: tuple[Path, Path], folder_of_ours: str
) -> None:
    folder, store = place
    put_draft(folder, store, replace(made(), record=replace(made().record, model=folder_of_ours)))
    report = json.loads((folder / "IMG_0412.ko.json").read_text(encoding="utf-8"))
    assert report["made_from"]["model"] == ""


def test_our_own_draft_follows_what_is_heard(place: tuple[Path, Path]) -> None:
    folder, store = place
    put_draft(folder, store, made())
    assert put_draft(folder, store, made(HEARD_OTHERWISE, fingerprint="f2")) == "written"
    assert read_subtitles(folder / NAME) == HEARD_OTHERWISE
    assert names(folder) == ["IMG_0412.ko.json", NAME]


def test_the_same_draft_again_touches_no_file(place: tuple[Path, Path]) -> None:
    folder, store = place
    put_draft(folder, store, made())
    before = {path: path.stat().st_mtime_ns for path in folder.iterdir()}
    put_draft(folder, store, made())
    assert {path: path.stat().st_mtime_ns for path in folder.iterdir()} == before


def test_a_persons_draft_stays_and_a_newer_one_goes_beside(place: tuple[Path, Path]) -> None:
    folder, store = place
    put_draft(folder, store, made())
    content = edited(folder)
    assert put_draft(folder, store, made(HEARD_OTHERWISE, fingerprint="f2", transcript="t2")) == "beside"
    assert (folder / NAME).read_bytes() == content
    assert read_subtitles(folder / "IMG_0412.ko.new.srt") == HEARD_OTHERWISE
    assert json.loads((folder / "IMG_0412.ko.new.json").read_text(encoding="utf-8"))["of"] == "f2"
    assert json.loads((folder / "IMG_0412.ko.json").read_text(encoding="utf-8"))["of"] == "f1"
    record = draft_record(store, NAME)
    assert record is not None
    assert record.fingerprint == "f2", "it is not made again"
    assert record.heard_in(hashlib.sha256(content).hexdigest()) == "t1", "the edit is of what was heard first"


@pytest.mark.parametrize(
    "again",
    [
        pytest.param(CUES, id="the same words"),
        pytest.param((cue("1.04", "2", "안녕하세요"), *CUES[1:]), id="other times"),
        pytest.param((cue("1", "4", "안녕하세요", "한빛시입니다"), CUES[2]), id="other cues and lines"),
        pytest.param((cue("1", "2", "반갑습니다"), *CUES[1:]), id="what the person wrote"),
    ],
)
def test_what_says_nothing_new_is_not_put_beside(place: tuple[Path, Path], again: tuple[Cue, ...]) -> None:
    folder, store = place
    put_draft(folder, store, made())
    content = edited(folder)
    assert put_draft(folder, store, made(again, fingerprint="f2")) == "kept"
    assert names(folder) == ["IMG_0412.ko.json", NAME]
    assert (folder / NAME).read_bytes() == content
    record = draft_record(store, NAME)
    assert record is not None
    assert record.fingerprint == "f2"


def test_what_lies_beside_is_replaced_and_removed_when_it_is_of_no_use(place: tuple[Path, Path]) -> None:
    folder, store = place
    put_draft(folder, store, made())
    edited(folder)
    put_draft(folder, store, made(HEARD_OTHERWISE, fingerprint="f2"))
    third = (*HEARD_OTHERWISE[:2], cue("5", "6", "또 만나요"))
    assert put_draft(folder, store, made(third, fingerprint="f3")) == "beside"
    assert [path.name for path in offered_beside(folder, NAME)] == ["IMG_0412.ko.new.srt"]
    assert read_subtitles(folder / "IMG_0412.ko.new.srt") == third
    same_as_person = (cue("1", "2", "반갑습니다"), *CUES[1:])
    assert put_draft(folder, store, made(same_as_person, fingerprint="f4")) == "kept"
    assert names(folder) == ["IMG_0412.ko.json", NAME]


def test_a_refused_draft_does_not_come_back(place: tuple[Path, Path]) -> None:
    folder, store = place
    put_draft(folder, store, made())
    edited(folder)
    newer = made(HEARD_OTHERWISE, fingerprint="f2")
    put_draft(folder, store, newer)
    (folder / "IMG_0412.ko.new.srt").unlink()
    assert put_draft(folder, store, newer) == "kept"
    assert offered_beside(folder, NAME) == ()


def test_an_edit_of_what_lies_beside_is_a_persons_too(place: tuple[Path, Path]) -> None:
    folder, store = place
    put_draft(folder, store, made())
    edited(folder)
    put_draft(folder, store, made(HEARD_OTHERWISE, fingerprint="f2"))
    beside = folder / "IMG_0412.ko.new.srt"
    beside.write_text("1\n00:00:01,000 --> 00:00:02,000\n여기에 고쳤다\n", encoding="utf-8")
    third = (*CUES[:2], cue("5", "6", "또 만나요"))
    assert put_draft(folder, store, made(third, fingerprint="f3")) == "beside"
    assert "여기에 고쳤다" in beside.read_text(encoding="utf-8")
    assert read_subtitles(folder / "IMG_0412.ko.new.2.srt") == third


def test_a_draft_that_was_only_saved_by_notepad_is_a_persons_and_no_news(place: tuple[Path, Path]) -> None:
    folder, store = place
    put_draft(folder, store, made())
    for saved in (
        codecs.BOM_UTF8 + made().text.replace("\n", "\r\n").encode(),
        made().text.replace("\n", "\r\n").encode("cp949"),
        codecs.BOM_UTF16_LE + made().text.encode("utf-16-le"),
    ):
        (folder / NAME).write_bytes(saved)
        assert put_draft(folder, store, made(fingerprint="f2")) == "kept"
        assert (folder / NAME).read_bytes() == saved
    assert names(folder) == ["IMG_0412.ko.json", NAME]


def test_a_file_that_nobody_here_wrote_is_a_persons(place: tuple[Path, Path]) -> None:
    folder, store = place
    folder.mkdir()
    (folder / NAME).write_text(write_srt(CUES[:1]), encoding="utf-8")
    assert put_draft(folder, store, made()) == "beside"
    assert read_subtitles(folder / NAME) == CUES[:1]
    record = draft_record(store, NAME)
    assert record is not None
    assert record.heard_in("a person's hash") == "t1", "its words can be timed all the same"


def test_a_persons_file_that_cannot_be_read_stands_as_it_is(place: tuple[Path, Path]) -> None:
    folder, store = place
    folder.mkdir()
    (folder / NAME).write_bytes(b"1\n00:00:01,000 --> nowhere\n")
    assert put_draft(folder, store, made()) == "beside"
    assert (folder / NAME).read_bytes() == b"1\n00:00:01,000 --> nowhere\n"


def test_a_deleted_store_makes_no_draft_a_persons(place: tuple[Path, Path]) -> None:
    """The store is safe to delete; the report beside the draft says that it is ours."""
    folder, store = place
    put_draft(folder, store, made())
    (store / "drafts" / f"{NAME}.json").unlink()
    assert put_draft(folder, store, made(HEARD_OTHERWISE)) == "written"
    (store / "drafts" / f"{NAME}.json").unlink()
    edited(folder)
    assert put_draft(folder, store, made()) != "written"


def test_a_deleted_store_does_not_offer_the_same_twice(place: tuple[Path, Path]) -> None:
    folder, store = place
    put_draft(folder, store, made())
    edited(folder)
    put_draft(folder, store, made(HEARD_OTHERWISE, fingerprint="f2"))
    (store / "drafts" / f"{NAME}.json").unlink()
    put_draft(folder, store, made(HEARD_OTHERWISE, fingerprint="f2"))
    assert [path.name for path in offered_beside(folder, NAME)] == ["IMG_0412.ko.new.srt"]


def test_a_kill_after_the_record_leaves_a_draft_that_counts_as_a_persons(place: tuple[Path, Path]) -> None:
    folder, store = place
    put_draft(folder, store, made())
    write_draft_record(store, NAME, made(HEARD_OTHERWISE).record)
    assert put_draft(folder, store, made(HEARD_OTHERWISE)) != "written"
    assert read_subtitles(folder / NAME) == CUES


def test_another_programs_json_of_that_name_is_left_alone(place: tuple[Path, Path]) -> None:
    folder, store = place
    folder.mkdir()
    (folder / "IMG_0412.ko.json").write_text('{"segments": []}', encoding="utf-8")
    put_draft(folder, store, made())
    assert (folder / "IMG_0412.ko.json").read_text(encoding="utf-8") == '{"segments": []}'
    assert report_path(folder, NAME).name == "IMG_0412.ko.report.json"
    assert report_path(folder, NAME).is_file()


def test_a_draft_whose_name_a_mac_decomposed_is_found_and_kept(place: tuple[Path, Path]) -> None:
    folder, store = place
    folder.mkdir()
    composed = "한옥마을.ko.srt"
    theirs = folder / unicodedata.normalize("NFD", composed)
    theirs.write_text(write_srt(CUES[:1]), encoding="utf-8")
    assert draft_path(folder, composed).samefile(theirs)
    assert put_draft(folder, store, replace(made(), name=composed)) == "beside"
    assert read_subtitles(theirs) == CUES[:1]


# --- taking ----------------------------------------------------------------------------------------------


def test_the_newer_draft_is_taken_and_the_edited_one_kept(place: tuple[Path, Path]) -> None:
    folder, store = place
    put_draft(folder, store, made())
    content = edited(folder)
    put_draft(folder, store, made(HEARD_OTHERWISE, fingerprint="f2", transcript="t2"))
    taken, kept = take_draft(folder, store, NAME)
    assert taken == folder / NAME
    assert kept is not None
    assert kept.read_bytes() == content
    assert names(folder) == ["IMG_0412.ko.json", "IMG_0412.ko.old.srt", NAME]
    assert read_subtitles(taken) == HEARD_OTHERWISE
    record = draft_record(store, NAME)
    assert record is not None
    sha256 = hashlib.sha256(taken.read_bytes()).hexdigest()
    assert record.wrote(sha256), "it is ours again"
    assert record.heard_in(sha256) == "t2"


def test_a_second_edited_one_is_kept_beside_the_first(place: tuple[Path, Path]) -> None:
    folder, store = place
    put_draft(folder, store, made())
    for number, newer in enumerate((HEARD_OTHERWISE, CUES[:2]), start=2):
        edited(folder)
        assert put_draft(folder, store, made(newer, fingerprint=f"f{number}")) == "beside"
        take_draft(folder, store, NAME)
    assert {"IMG_0412.ko.old.srt", "IMG_0412.ko.old.2.srt"} < {*names(folder)}


def test_a_newer_draft_that_a_person_renamed_into_its_place_is_ours(place: tuple[Path, Path]) -> None:
    folder, store = place
    put_draft(folder, store, made())
    edited(folder)
    put_draft(folder, store, made(HEARD_OTHERWISE, fingerprint="f2", transcript="t2"))
    (folder / "IMG_0412.ko.new.srt").replace(folder / NAME)
    record = draft_record(store, NAME)
    assert record is not None
    sha256 = hashlib.sha256((folder / NAME).read_bytes()).hexdigest()
    assert record.wrote(sha256)
    assert record.heard_in(sha256) == "t2"
    assert put_draft(folder, store, made(CUES, fingerprint="f3")) == "written"


def test_nothing_to_take_is_told(place: tuple[Path, Path]) -> None:
    folder, store = place
    put_draft(folder, store, made())
    with pytest.raises(UsageError, match="no newer draft beside"):
        take_draft(folder, store, NAME)
    assert names(folder) == ["IMG_0412.ko.json", NAME]


# --- what differs ----------------------------------------------------------------------------------------


def test_differences_are_cues_with_other_words() -> None:
    (one,) = differences(CUES, HEARD_OTHERWISE)
    assert (one.old, one.new) == (CUES[1], HEARD_OTHERWISE[1])
    assert differences(CUES, CUES[:2])[0].new is None
    assert differences(CUES[:2], CUES)[0].old is None
    assert differences(CUES, (cue("1.5", "2.5", "안녕하세요"), *CUES[1:])) == ()


# --- the record ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "torn", [b"", b"{", b"[]", b"null", b'{"fingerprint": "x"}', b"\xff\xfe", b'{"fingerprint":1,"sha256":2}']
)
def test_a_torn_record_makes_a_draft_a_persons_which_is_safe(place: tuple[Path, Path], torn: bytes) -> None:
    _, store = place
    (store / "drafts").mkdir(parents=True)
    (store / "drafts" / f"{NAME}.json").write_bytes(torn)
    assert draft_record(store, NAME) is None


def test_a_record_of_an_earlier_reels_is_still_one(place: tuple[Path, Path]) -> None:
    _, store = place
    (store / "drafts").mkdir(parents=True)
    (store / "drafts" / f"{NAME}.json").write_text('{"fingerprint": "f", "sha256": "s"}', encoding="utf-8")
    record = draft_record(store, NAME)
    assert record is not None
    assert record.wrote("s")
    assert not record.wrote("")


# --- the report ------------------------------------------------------------------------------------------


def word(text: str, start: str, end: str) -> Word:
    return Word(text=text, start=Fraction(start), end=Fraction(end))


DROPPED = Segment(
    text="시청해 주셔서 감사합니다",
    start=Fraction(12),
    end=Fraction(14),
    words=(word("시청해", "12", "12.6"), word("주셔서", "12.6", "13"), word("감사합니다", "13", "14")),
)
HEARD = Transcript(
    language="ko",
    duration=Fraction(20),
    model="nano-ko@1",
    segments=(
        Segment(
            text="한옥 마을입니다",
            start=Fraction(1),
            end=Fraction(2),
            words=(word("한옥", "1", "1.4"), word("마을입니다", "1.4", "2")),
        ),
    ),
    dropped=(Dropped(segment=DROPPED, reason="known-phrase", evidence=(("no_speech", 0.91),)),),
)


def report_of(heard: Transcript, **glossary: str) -> dict[str, Any]:
    transcript, corrections = correct(heard, parse_glossary(["한옥마을"]))
    return draft_report(
        transcript,
        CUES,
        corrections,
        draft=NAME,
        footage="footage/IMG_0412.MOV",
        options={"beam": 5, "glossary": ["한옥마을"]},
        glossary=parse_glossary(["한옥마을", {"한빗시": "한빛시"}]),
    )


def test_a_report_says_what_was_not_believed_and_what_was_corrected() -> None:
    report = report_of(HEARD)
    assert report["options"] == {"beam": 5, "glossary": ["한옥마을", {"한빗시": "한빛시"}]}
    (dropped,) = report["dropped"]
    assert dropped == {
        "number": 1,
        "start": "00:00:12.000",
        "end": "00:00:14.000",
        "text": "시청해 주셔서 감사합니다",
        "reason": "known-phrase",
        "evidence": {"no_speech": 0.91},
        "said": {
            "en": "a phrase that models invent, and little of it can be heard (no_speech 0.91)",
            "ko": "모델이 흔히 지어내는 문구인데 들리는 근거가 약함(no_speech 0.91)",
        },
    }
    (corrected,) = report["corrected"]
    assert (corrected["found"], corrected["put"]) == ("한옥 마을입니다", "한옥마을입니다")
    assert json.loads(json.dumps(report)) == report


def test_a_report_says_that_nobody_spoke_or_spoke_otherwise() -> None:
    silent = replace(HEARD, segments=(), dropped=())
    assert [note["en"] for note in report_of(silent)["notes"]] == ["no speech was heard"]
    foreign = replace(HEARD, heard_language="ja", heard_language_probability=0.97)
    assert [note["en"] for note in report_of(foreign)["notes"]] == ["sounds like ja, not ko"]


# --- restoring -------------------------------------------------------------------------------------------


def test_what_was_not_believed_becomes_cues_where_it_was_heard() -> None:
    (restored,) = cues_of_dropped(HEARD, HEARD.dropped[0], CueRules())
    assert restored.start == 12
    assert " ".join(restored.lines) == "시청해 주셔서 감사합니다"


BACK = cue("3.5", "3.9", "되살린 말")


def test_a_restored_cue_stands_in_its_place_and_the_rest_is_untouched() -> None:
    content = (
        "1\r\n00:00:01,000 --> 00:00:02,000\r\n<i>안녕</i>하세요\r\n\r\n"
        "2\r\n00:00:05,000 --> 00:00:06,000 X1:10\r\n{\\an8}만나요\r\n"
    )
    for mark, encoding in ((codecs.BOM_UTF8, "utf-8"), (b"", "cp949"), (codecs.BOM_UTF16_LE, "utf-16-le")):
        after = inserted(mark + content.encode(encoding), [BACK])
        assert after.startswith(mark)
        text = after[len(mark) :].decode(encoding)
        assert text == (
            "1\r\n00:00:01,000 --> 00:00:02,000\r\n<i>안녕</i>하세요\r\n\r\n"
            "2\r\n00:00:03,500 --> 00:00:03,900\r\n되살린 말\r\n\r\n"
            "3\r\n00:00:05,000 --> 00:00:06,000 X1:10\r\n{\\an8}만나요\r\n"
        )


@pytest.mark.parametrize("content", [b"", b"\n", codecs.BOM_UTF8, b"\r\n\r\n", b"WEBVTT\n"])
def test_a_cue_can_be_restored_into_an_empty_draft(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.srt").write_bytes(inserted(content, [BACK]))
    assert read_subtitles(tmp_path / "a.srt") == (BACK,)


def test_a_restored_syllable_that_cp949_lacks_is_not_lost(tmp_path: Path) -> None:
    rare = cue("3.5", "3.9", "🎉 되살린 말")
    (tmp_path / "a.srt").write_bytes(inserted(write_srt(CUES).encode("cp949"), [rare]))
    assert rare in read_subtitles(tmp_path / "a.srt")


LINES = st.text(st.sampled_from("가나다 12:,->.<i{\\N}ab"), min_size=1, max_size=12).map(subtitle_lines)


@st.composite
def some_cues(draw: st.DrawFn) -> list[Cue]:
    starts = sorted(draw(st.sets(st.integers(0, 50_000), max_size=6)))
    return [
        Cue(start=Fraction(ms, 1000), end=Fraction(ms + 700, 1000), lines=draw(LINES.filter(bool)))
        for ms in starts
    ]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cues=some_cues(), new=some_cues(), newline=st.sampled_from(["\n", "\r\n"]))
def test_restoring_loses_and_changes_no_other_cue(
    tmp_path: Path, cues: list[Cue], new: list[Cue], newline: str
) -> None:
    file = tmp_path / "a.srt"
    file.write_bytes(inserted(write_srt(cues).replace("\n", newline).encode(), new))
    expected = sorted([*cues, *new], key=lambda c: (c.start, c.end, c.lines))
    assert sorted(read_subtitles(file), key=lambda c: (c.start, c.end, c.lines)) == expected
