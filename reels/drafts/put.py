"""A new draft goes in its place, or beside a person's; a person takes the newer one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Literal

from reels.drafts.compare import words_digest
from reels.drafts.held import drafts_held
from reels.drafts.records import (
    IN_REPORT,
    DraftRecord,
    bytes_of,
    draft_path,
    draft_record,
    is_a_report,
    numbered,
    offered_beside,
    report_path,
    sha256_of,
    write_draft_record,
)
from reels.errors import SubtitlesUnreadable, UsageError
from reels.said import Said
from reels.store import write_atomically
from reels.subtitles import Cue, read_subtitles

__all__ = ["NewDraft", "Put", "put_draft", "take_draft"]

Put = Literal["written", "beside", "kept"]
"""A new draft became the draft, lies beside a person's, or says nothing that is new to a person's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDraft:
    """A draft that was just made: its name, its SRT text, its report, and the record of it."""

    name: str
    text: str
    report: Mapping[str, Any]
    record: DraftRecord


def put_draft(drafts_dir: Path, store_dir: Path, new: NewDraft) -> Put:
    """Write a new draft where no person has written, else beside it, and only if its words are new.

    They are where they differ both from what we last wrote or offered and from what stands in the person's
    file: the same words in other lines, or a correction that the person has made already, are no news. What we
    offered before and nobody touched is replaced or, where it is of no use any more, removed.

    Raises: OSError.
    """
    drafts_dir.mkdir(parents=True, exist_ok=True)
    with drafts_held(store_dir):
        return _put(drafts_dir, store_dir, new)


def _put(drafts_dir: Path, store_dir: Path, new: NewDraft) -> Put:
    record = draft_record(store_dir, new.name, drafts_dir)
    target = draft_path(drafts_dir, new.name)
    there = bytes_of(target)
    if there is None or (record is not None and record.wrote(sha256_of(there))):
        _remove_offered(drafts_dir, new.name, record)
        write_draft_record(store_dir, new.name, new.record)
        _write_with_report(target, new, new.record)
        return "written"
    old = record or replace(new.record, sha256="", transcript="", words="")
    latest = replace(
        new.record, sha256=old.sha256, transcript=old.transcript, offered_sha256="", offered_transcript=""
    )
    if new.record.words == words_digest(_cues_of(target)):
        _remove_offered(drafts_dir, new.name, record)
        write_draft_record(store_dir, new.name, replace(latest, transcript=new.record.transcript))
        return "kept"
    if new.record.words == old.words:
        # What is said is no news, but now it is known when: of our draft, or of what lies beside it already.
        pending = old.offered_sha256 != ""
        heard = {"offered_transcript" if pending else "transcript": new.record.transcript}
        latest = replace(latest, offered_sha256=old.offered_sha256, **heard)
        write_draft_record(store_dir, new.name, latest)
        return "kept"
    _remove_offered(drafts_dir, new.name, record)
    latest = replace(latest, offered_sha256=new.record.sha256, offered_transcript=new.record.transcript)
    write_draft_record(store_dir, new.name, latest)
    if new.text.encode() in [bytes_of(path) for path in offered_beside(drafts_dir, new.name)]:
        return "beside"  # offered before the store was deleted
    offer = next(p for p in numbered(drafts_dir, new.name, "new", 1000) if not p.exists())
    _write_with_report(offer, new, None)
    return "beside"


def _write_with_report(target: Path, new: NewDraft, record: DraftRecord | None) -> None:
    """The report first, so that a draft never stands beside the report of another."""
    made_from = {} if record is None else {IN_REPORT: asdict(replace(record, model=_name(record.model)))}
    text = json.dumps({**new.report, **made_from}, ensure_ascii=False, indent=1) + "\n"
    _write_unless_same(report_path(target.parent, target.name), text)
    _write_unless_same(target, new.text)


def _name(model: str) -> str:
    """How the model was asked for, unless it is a folder of this machine: the report goes to other people."""
    return "" if model.startswith(("/", "~", ".")) or set(model) & set(":\\") else model


def _write_unless_same(path: Path, text: str) -> None:
    if bytes_of(path) != text.encode():
        write_atomically(path, text)


def _remove_offered(drafts_dir: Path, draft: str, record: DraftRecord | None) -> None:
    """Clear away what we offered and nobody touched."""
    for path in offered_beside(drafts_dir, draft):
        content = bytes_of(path)
        if record is not None and content is not None and sha256_of(content) == record.offered_sha256:
            report = report_path(drafts_dir, path.name)
            path.unlink(missing_ok=True)
            if is_a_report(report):
                report.unlink(missing_ok=True)


def take_draft(drafts_dir: Path, store_dir: Path, draft: str) -> tuple[Path, Path | None]:
    """Put the newer draft in the place of the edited one, which is kept; where the two lie now.

    The edited one becomes `….old.srt`, numbered where another lies there. None where there was none.

    Raises: UsageError where no newer draft lies beside; OSError.
    """
    with drafts_held(store_dir):
        return _take(drafts_dir, store_dir, draft)


def _take(drafts_dir: Path, store_dir: Path, draft: str) -> tuple[Path, Path | None]:
    offers = offered_beside(drafts_dir, draft)
    if not offers:
        raise UsageError(
            where="--take",
            found=Said(f"no newer draft beside {draft}", ko=f"{draft} 옆에 없는 새 초안"),
            expected=Said("a file such as IMG_0412.ko.new.srt", ko="IMG_0412.ko.new.srt 같은 파일"),
            remedy=Said(
                "run `reels draft` without --take to see what is new",
                ko="--take 없이 `reels draft`를 실행해 새로 생긴 것이 있는지 보세요.",
            ),
        )
    offer, target = offers[0], draft_path(drafts_dir, draft)
    content, edited = offer.read_bytes(), bytes_of(target)
    kept = _kept_as_old(drafts_dir, draft, edited) if edited is not None else None
    record = draft_record(store_dir, draft, drafts_dir)
    if record is not None and record.offered_sha256 == sha256_of(content):
        taken = replace(
            record,
            sha256=record.offered_sha256,
            transcript=record.offered_transcript,
            offered_sha256="",
            offered_transcript="",
        )
        write_draft_record(store_dir, draft, taken)
    report = report_path(drafts_dir, offer.name)
    if is_a_report(report):
        report.replace(report_path(drafts_dir, draft))
    offer.replace(target)
    return target, kept


def _kept_as_old(drafts_dir: Path, draft: str, edited: bytes) -> Path:
    for path in numbered(drafts_dir, draft, "old", 1000):
        there = bytes_of(path)
        if there == edited:
            return path  # by a run that was killed before it could go on
        if there is None:
            write_atomically(path, edited)
            return path
    raise FileExistsError(f"{draft} has a thousand old versions")


def _cues_of(path: Path) -> tuple[Cue, ...]:
    """What a person's file says; nothing where it cannot be read, so that whatever we made is new beside it."""
    try:
        return read_subtitles(path)
    except SubtitlesUnreadable:
        return ()
