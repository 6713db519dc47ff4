"""Footage: looked at, listened to, and drafted into subtitles."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

from reels.cues import segment_words
from reels.errors import DiskFailed
from reels.listen import decode_audio
from reels.media import to_json as media_to_json
from reels.perform.bench import Bench
from reels.probe import probe as probe_file
from reels.recognise import SAMPLE_RATE, recognise
from reels.said import said_by_system
from reels.steps import DraftWork, ProbeWork, TranscribeWork
from reels.store import write_atomically
from reels.subtitles import write_srt
from reels.survey import DraftRecord, draft_record, write_draft_record
from reels.transcript import from_json, to_json

__all__ = ["draft", "probe", "transcribe"]


def probe(work: ProbeWork, bench: Bench) -> None:
    info = probe_file(work.footage)
    with bench.folder() as folder:
        (folder / "media.json").write_text(media_to_json(info), encoding="utf-8")
        bench.publish(folder, {}, "media.json")


def transcribe(work: TranscribeWork, bench: Bench) -> None:
    audio = decode_audio(work.footage, stream=work.stream)
    length = Fraction(max(1, len(audio)), SAMPLE_RATE)
    transcript = recognise(
        audio,
        replace(work.options, model=work.model),
        on_progress=lambda heard: bench.on_progress(min(Fraction(1), heard / length)),
    )
    with bench.folder() as folder:
        (folder / "transcript.json").write_text(to_json(transcript), encoding="utf-8")
        bench.publish(folder, {"words": sum(len(s.words) for s in transcript.segments)}, "transcript.json")


def draft(work: DraftWork, bench: Bench) -> None:
    """Write the draft, unless a person has taken the file over since the plan was made: then beside it."""
    transcript = from_json(bench.need(work.transcript).file("transcript.json").read_text(encoding="utf-8"))
    text = write_srt(segment_words(transcript, work.rules))
    drafts = bench.workspace.drafts_dir
    target = drafts / work.draft
    try:
        drafts.mkdir(parents=True, exist_ok=True)
        if _is_a_persons(target, bench.store.root):
            target = target.with_suffix(f".new{target.suffix}")
        else:
            # The record first: a kill in between leaves a draft that counts as a person's, which is safe.
            record = DraftRecord(fingerprint=bench.step.made_as, sha256=_sha256(text.encode()))
            write_draft_record(bench.store.root, work.draft, record)
        write_atomically(target, text)
    except OSError as error:
        raise DiskFailed(path=str(target), found=said_by_system(error, str(error))) from None
    with bench.folder() as folder:
        bench.publish(folder, {"draft": target.name})


def _is_a_persons(draft: Path, store: Path) -> bool:
    try:
        current = _sha256(draft.read_bytes())
    except FileNotFoundError:
        return False
    record = draft_record(store, draft.name)
    return record is None or record.sha256 != current


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
