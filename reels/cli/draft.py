"""`reels draft`: subtitle drafts for the footage of a campaign."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Annotated

import typer

from reels.campaign.load import load_campaign
from reels.campaign.model import Campaign, ReelSpec
from reels.campaign.problems import nearest
from reels.cli.choices import SCHEDULER_HELP, WAIT_HELP
from reels.cli.console import language, print_json, print_line, tell, tell_waiting
from reels.cli.drafted import is_ours, told_drafts
from reels.cli.progress import shown_run
from reels.cues import CueRules
from reels.drafts import (
    cues_of_dropped,
    draft_path,
    drafts_held,
    inserted,
    offered_beside,
    take_draft,
)
from reels.errors import UsageError, cannot_write, one_of
from reels.plan import draft_names
from reels.render import Hands, render_campaign
from reels.said import Said, any_of, in_language, perhaps
from reels.store import Store, write_atomically
from reels.survey import Survey
from reels.timing import TimecodeUnreadable, format_clock, parse_clock
from reels.transcript import Transcript

__all__ = ["draft"]


def draft(
    campaign: Annotated[Path, typer.Argument(help="Campaign folder or its campaign.yaml.")],
    reel: Annotated[list[str] | None, typer.Argument(help="Ids of the reels wanted; none: all.")] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Listen again; drafts that a person edited are still kept.")
    ] = False,
    take: Annotated[
        list[str] | None,
        typer.Option(
            "--take",
            help="Take the newer draft of this footage or reel; the edited one is kept as .old.srt. Nothing else is done.",
        ),
    ] = None,
    restore: Annotated[
        list[str] | None,
        typer.Option(
            "--restore",
            help="FOOTAGE@NUMBER or FOOTAGE@TIME: put back what was heard there and not believed (see the report).",
        ),
    ] = None,
    scheduler: Annotated[str | None, typer.Option("--scheduler", help=SCHEDULER_HELP)] = None,
    wait: Annotated[bool, typer.Option("--wait", help=WAIT_HELP)] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the drafts as JSON.")] = False,
) -> None:
    """Write a subtitle draft for each footage file, never over a person's edit: a newer one goes beside it."""
    chosen = load_campaign(campaign, only=reel or [])
    if take or restore:
        changed = _by_hand(chosen, take or [], restore or [], wait=wait)
        if as_json:
            print_json({"ok": True, "changed": [str(path) for path in changed]})
        for path in () if as_json else changed:
            print_line(str(path))
        return
    hands = Hands(scheduler=scheduler, wait=wait)
    with told_drafts(chosen, campaign), shown_run() as show:
        report = render_campaign(chosen, show=show, goal="draft", force=force, hands=hands)
    ran = {
        step.id.removeprefix("draft ") for step in report.run.plan.steps if step.fingerprint in report.run.ran
    }
    folder = chosen.workspace.drafts_dir
    rows: list[dict[str, str | None]] = []
    for footage, name in _drafts_of(chosen, chosen.reels):
        path = draft_path(folder, name)
        written = name in ran and is_ours(chosen, name)
        beside = offered_beside(folder, name)
        row = {
            "footage": str(footage),
            "draft": str(path),
            "status": "written" if written else ("kept" if path.exists() else "none"),
            "new": str(beside[0]) if beside else None,
        }
        if row not in rows:
            rows.append(row)
    if as_json:
        print_json({"ok": not report.run.failures, "drafts": rows})
    else:
        for row in rows:
            if row["status"] != "none":
                print_line(str(row["draft"]))
    failed_now, failed_in_plan = report.run.failures, report.run.plan.failures
    errors = [*(failure.error for failure in failed_now), *(failure.error for failure in failed_in_plan)]
    if errors:
        raise one_of(errors)


def _drafts_of(campaign: Campaign, reels: Sequence[ReelSpec]) -> list[tuple[Path, str]]:
    """Each footage file of `reels` with the name of its draft, in each language."""
    names = draft_names(campaign)
    return [
        (clip.footage, names[clip.footage, spoken])
        for spec in reels
        for clip in spec.clips
        for spoken in (spec.subtitles.language, spec.captions.second)
        if spoken
    ]


# --- by hand ---------------------------------------------------------------------------------------------


def _by_hand(campaign: Campaign, take: Sequence[str], restore: Sequence[str], *, wait: bool) -> list[Path]:
    """Take newer drafts, put back what was dropped; the drafts that were asked for.

    Raises: UsageError, SubtitlesUnreadable, StoreBusy, OutputNotWritable, DiskFailed.
    """
    store = Store(campaign.workspace.store_dir)
    store.prepare()
    with store.held(wait=wait, on_wait=tell_waiting):
        try:
            taken = [path for word in take for path in _take(campaign, word)]
            return [*taken, *(_restore(campaign, store, word) for word in restore)]
        except OSError as error:
            raise cannot_write(campaign.workspace.drafts_dir, error) from None


def _take(campaign: Campaign, word: str) -> list[Path]:
    folder = campaign.workspace.drafts_dir
    named = _named(campaign, word, "--take")
    offered = [name for name in named if offered_beside(folder, name)]
    drafts = []
    for name in offered or named[:1]:
        taken, kept = take_draft(folder, campaign.workspace.store_dir, name)
        if kept is not None:
            said = Said(f"{kept}: the edited one, kept", ko=f"{kept}: 고쳤던 자막은 여기에 남았습니다")
            tell(in_language(said, language()))
        drafts.append(taken)
    return drafts


def _restore(campaign: Campaign, store: Store, word: str) -> Path:
    footage, separator, which = word.rpartition("@")
    names = _named(campaign, footage if separator else word, "--restore")
    survey = Survey(campaign.workspace, store)
    path = draft_path(campaign.workspace.drafts_dir, names[0])
    state, heard = survey.draft(names[0]), survey.heard(names[0])
    if state is None or heard is None:
        raise UsageError(
            where="--restore",
            found=Said(
                f"no memory of what was heard for {names[0]}", ko=f"{names[0]}에서 들은 것이 남아 있지 않음"
            ),
            expected=Said("footage that was listened to here", ko="여기서 받아쓴 영상"),
            remedy=Said(
                "listen again with `reels draft --force`", ko="`reels draft --force`로 다시 받아써 주세요."
            ),
        )
    dropped = heard.dropped[_number_of(heard, which, word) - 1]
    cues = cues_of_dropped(heard, dropped, CueRules.for_language(heard.language))
    there = {(cue.text, cue.start) for cue in state.cues}
    new = [cue for cue in cues if (cue.text, cue.start) not in there]
    if new:
        with drafts_held(campaign.workspace.store_dir):
            write_atomically(path, inserted(path.read_bytes(), new))
    return path


def _number_of(heard: Transcript, which: str, word: str) -> int:
    """The number of a dropped segment by its number or by a time in it or at most two seconds away."""
    if which.isascii() and which.isdigit() and 1 <= int(which) <= len(heard.dropped):
        return int(which)
    try:
        at = parse_clock(which, rate=Fraction(1)) if not which.isdigit() else None
    except TimecodeUnreadable:
        at = None
    if at is not None and heard.dropped:
        away = [max(d.segment.start - at, at - d.segment.end, Fraction(0)) for d in heard.dropped]
        if min(away) <= 2:
            return away.index(min(away)) + 1
    listed = ", ".join(
        f"{number} ({format_clock(d.segment.start)} {d.segment.text})"
        for number, d in enumerate(heard.dropped[:9], start=1)
    )
    raise UsageError(
        where="--restore",
        found=word,
        expected=Said(f"FOOTAGE@ with one of {listed}", ko=f"영상@번호 — 번호: {listed}")
        if listed
        else Said("footage of which something was not believed", ko="믿지 않은 말이 있는 영상"),
        remedy=Said("the draft's report lists them", ko="초안의 보고서(.json)에 목록이 있습니다."),
    )


def _named(campaign: Campaign, word: str, option: str) -> list[str]:
    """The drafts that a person means: of a reel, of a footage file by name or stem, or by the draft's own name.

    Raises: UsageError.
    """
    wanted = _folded(word)
    known: list[str] = []
    found: list[str] = []
    for spec in campaign.reels:
        for footage, name in _drafts_of(campaign, [spec]):
            calls = (spec.id, footage.name, footage.stem, name, name.removesuffix(".srt"))
            known += calls
            if wanted in {_folded(call) for call in calls} or _folded(str(footage)).endswith(f"/{wanted}"):
                found.append(name)
    if not found:
        guess = nearest(word, known)
        raise UsageError(
            where=option,
            found=word,
            expected=any_of(dict.fromkeys(known[1::5])),
            remedy=perhaps(guess) if guess else Said("check the name", ko="이름을 확인해 주세요."),
        )
    return list(dict.fromkeys(found))


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()
