"""From a campaign to finished reels: plan, run, plan again, and one outcome for every reel and platform.

Decides nothing that `plan` does not decide. `cli` shows what comes out.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path

from reels.campaign.model import Campaign
from reels.deliver import require_writable, safe_name
from reels.encode import Encoder, Quality
from reels.encoders import usable_encoder
from reels.errors import Language, ReelsError, one_of
from reels.kit import INDEX_FILE, MANIFEST_FILE, publish
from reels.plan import Goal, make_plan
from reels.render.outcomes import RenderReport, reported
from reels.render.working import ANY_HANDS, Hands, work_off
from reels.run import RunEvent, RunReport
from reels.steps import Plan
from reels.store import Store, take_inventory
from reels.survey import Survey
from reels.versions import tool_versions

__all__ = ["DRAFTS_DIR", "plan_campaign", "render_campaign"]

DRAFTS_DIR = "preview"
"""Beside `out`: quick reels to look at."""


def plan_campaign(
    campaign: Campaign,
    *,
    goal: Goal = "deliver",
    force: bool = False,
    encoder: Encoder = "x264",
    quality: Quality = "full",
) -> Plan:
    """The plan as things stand now: the one that `render_campaign` begins with. Nothing is run, nothing is written.

    Raises: StoreNewer; ToolMissing.
    """
    campaign = _for_quality(campaign, quality)
    store = Store(campaign.workspace.store_dir)
    survey = Survey(campaign.workspace, store)
    encoder, _ = usable_encoder(encoder)
    return make_plan(
        campaign, survey, tool_versions(), goal=goal, force=force, encoder=encoder, quality=quality
    )


def _for_quality(campaign: Campaign, quality: Quality) -> Campaign:
    """`campaign` with a place of its own for what is only looked at: nobody shall upload it by mistake."""
    if quality == "full":
        return campaign
    workspace = campaign.workspace
    return replace(campaign, workspace=replace(workspace, out_dir=workspace.root / DRAFTS_DIR))


def render_campaign(
    campaign: Campaign,
    *,
    show: Callable[[RunEvent], None],
    goal: Goal = "deliver",
    hands: Hands = ANY_HANDS,
    force: bool = False,
    fail_fast: bool = False,
    encoder: Encoder = "x264",
    quality: Quality = "full",
    language: Language = "ko",
) -> RenderReport:
    """Make what is missing. A campaign of which no reel can be made raises before anything is written.

    An `encoder` that does not work here is told in the report, and x264 is taken; the page of the kit is in `language`.

    Raises: ReelsError.
    """
    began = time.monotonic()
    campaign = _for_quality(campaign, quality)
    workspace = campaign.workspace
    store = Store(workspace.store_dir)
    survey = Survey(workspace, store)
    tools = tool_versions()
    encoder, instead = usable_encoder(encoder)
    notes = (instead,) if instead is not None else ()
    planned = partial(
        make_plan, campaign, survey, tools, goal=goal, force=force, encoder=encoder, quality=quality
    )
    first = planned()
    hopeful = {step.reel for step in first.steps if step.kind == "deliver"}
    if first.failures and (not hopeful if goal == "deliver" else len(first.failures) == len(campaign.reels)):
        raise one_of([failure.error for failure in first.failures])
    drafts = any(step.kind == "draft" and step.will_run for step in first.steps)
    for folder in (workspace.out_dir, workspace.store_dir, *([workspace.drafts_dir] if drafts else [])):
        require_writable(folder)

    def finish(finished: RenderReport) -> RenderReport:
        return _published(finished, campaign, language) if quality == "full" else finished

    if not first.to_run:
        report = RunReport(plan=first)
        show(RunEvent(kind="planned", plan=first))
        return finish(reported(campaign, report, began, notes))
    made_here = [place for place in (store.root, *store.root.parents) if not place.exists()]
    store.prepare()
    report = work_off(
        campaign,
        store,
        planned,
        hands=hands,
        show=show,
        fail_fast=fail_fast,
        encoder=encoder,
    )
    finished = reported(campaign, report, began, notes)
    if store.root in made_here and _is_refused(finished):
        _unmake(store, made_here)
    return finish(finished)


def _published(report: RenderReport, campaign: Campaign, language: Language) -> RenderReport:
    """Bring manifest and page up to date with what was handed over now, or where they are missing.

    Raises: DiskFailed.
    """
    out_dir = campaign.workspace.out_dir
    delivered = [outcome for outcome in report.outcomes if outcome.file is not None]
    new = any(outcome.status == "done" for outcome in delivered)
    missing = any(not (out_dir / name).exists() for name in (MANIFEST_FILE, INDEX_FILE))
    if delivered and (new or missing):
        listed = campaign.order or tuple(reel.id for reel in campaign.reels)
        order = [safe_name(reel_id) for reel_id in listed]
        publish(out_dir, campaign=campaign.name, order=order, language=language)
    return report


_LOOKS = frozenset({"probe", "hearing"})
"""Steps that only find out what the footage is, in seconds."""


def _is_refused(report: RenderReport) -> bool:
    """Whether all that came out is what a look at the footage told: that nothing can be made."""
    ran = {step.kind for step in report.run.plan.steps if step.fingerprint in report.run.ran}
    return ran <= _LOOKS and bool(report.run.plan.failures) and not any(o.file for o in report.outcomes)


def _unmake(store: Store, folders: Sequence[Path]) -> None:
    """Remove the new store and the `folders` that were made for it, unless another run holds it or has worked in it."""
    try:
        with store.held() as unlocked:
            found = take_inventory(store.root, now_s=time.time())
            if unlocked is not None or not {one.kind for one in found} <= {*_LOOKS, "books", "work"}:
                return
            shutil.rmtree(store.root, ignore_errors=True)
    except ReelsError:  # it stays, which does no harm
        return
    for folder in folders:
        with suppress(OSError):  # somebody has put something there meanwhile
            folder.rmdir()
