"""What a run did to the drafts, told on stderr: a newer one beside a person's, and what was not believed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from reels.campaign.model import Campaign
from reels.cli.console import language, tell
from reels.drafts import differences, draft_path, draft_record, offered_beside, report_path
from reels.errors import ReelsError
from reels.fingerprint import sha256_of_file
from reels.plan import draft_names
from reels.said import Said, in_language, typed
from reels.subtitles import Cue, read_subtitles
from reels.timing import format_clock

__all__ = ["is_ours", "told_drafts"]

_SHOWN = 3


@contextmanager
def told_drafts(campaign: Campaign, written: Path | None = None) -> Iterator[None]:
    """Tell what changed among the drafts of `campaign` meanwhile; `written` is the campaign file as it was typed.

    A draft that stays what it was is not spoken of again.
    """
    folder = campaign.workspace.drafts_dir
    before = _seen(campaign)
    yield
    after = _seen(campaign)
    for name in dict.fromkeys(draft_names(campaign).values()):
        for offer in offered_beside(folder, name):
            if before.get(offer) != after.get(offer):
                _tell_offer(draft_path(folder, name), offer, written)
        draft = draft_path(folder, name)
        if before.get(draft) != after.get(draft) and is_ours(campaign, name):
            _tell_report(draft, report_path(folder, name), written)


def is_ours(campaign: Campaign, name: str) -> bool:
    """Whether the draft lies there as we wrote it."""
    folder, store = campaign.workspace.drafts_dir, campaign.workspace.store_dir
    record = draft_record(store, name, folder)
    return record is not None and record.wrote(_hash(draft_path(folder, name)))


def _seen(campaign: Campaign) -> Mapping[Path, str]:
    folder = campaign.workspace.drafts_dir
    names = draft_names(campaign).values()
    return {path: _hash(path) for n in names for path in (draft_path(folder, n), *offered_beside(folder, n))}


def _hash(path: Path) -> str:
    try:
        return sha256_of_file(path)
    except OSError:
        return ""


def _tell_offer(draft: Path, offer: Path, written: Path | None) -> None:
    try:
        old, new = read_subtitles(draft), read_subtitles(offer)
    except ReelsError:
        return  # the plan has told what is wrong with it
    found = differences(old, new)
    _say(
        f"{offer}: a newer draft; {len(found)} of {len(new)} cues differ from the edited {draft.name}",
        f"{offer}: 새 초안이 있습니다. 고친 {draft.name}과(와) 자막 {len(new)}개 가운데 {len(found)}개가 다릅니다",
    )
    for one in found[:_SHOWN]:
        at = one.old or one.new
        tell(f"  {format_clock(at.start) if at else ''}  {_shown(one.old)} → {_shown(one.new)}")
    if len(found) > _SHOWN:
        tell(f"  … {len(found) - _SHOWN}")
    take_en = take_ko = ""
    if written is not None:
        command = f"reels draft {typed(written)} --take {typed(draft.name)}"
        take_en = f"{command} (the edited one is kept as .old.srt), or "
        take_ko = f"{command} (고친 것은 .old.srt로 남습니다). 또는 "
    _say(
        f"  to take it: {take_en}rename it to {draft.name}; to leave it: delete it",
        f"  새 초안을 쓰려면: {take_ko}{draft.name}(으)로 이름을 바꾸세요. 쓰지 않으려면 지우세요",
    )


def _shown(cue: Cue | None) -> str:
    return " / ".join(cue.lines) if cue is not None else "—"


def _tell_report(draft: Path, report: Path, written: Path | None) -> None:
    try:
        read: Any = json.loads(report.read_text(encoding="utf-8"))
        notes = [Said(note["en"], ko=note["ko"]) for note in read["notes"]]
        dropped = len(read["dropped"])
    except (OSError, ValueError, KeyError, TypeError):
        return
    for note in notes:
        tell(f"{draft}: {in_language(note, language())}")
    if dropped:
        _say(
            f"{draft}: {dropped} heard and not believed, listed in {report.name}",
            f"{draft}: 들렸으나 믿지 않은 말 {dropped}개가 {report.name}에 있습니다",
        )
    if dropped and written is not None:
        command = f"reels draft {typed(written)} --restore {typed(f'{draft.name}@1')}"
        _say(f"  to put number 1 back: {command}", f"  1번을 되살리려면: {command}")


def _say(en: str, ko: str) -> None:
    tell(in_language(Said(en, ko=ko), language()))
