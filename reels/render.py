"""From a campaign to finished reels: plan, run, plan again, and one outcome for every reel and platform.

Wires the rooms together and holds the store for the time of the run; decides nothing that `plan` does not decide.
`cli` shows what comes out.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from contextlib import suppress
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Literal, get_args

from reels.campaign.model import Campaign, Engine
from reels.crews import LocalCrew, local_capacity
from reels.crews.cluster import ClusterCrew
from reels.deliver import require_writable, safe_name
from reels.encode import Encoder, Quality
from reels.encoders import usable_encoder
from reels.errors import CheckFailed, Language, ReelsError, RulesBroken, one_of
from reels.fingerprint import paths_in
from reels.kit import INDEX_FILE, MANIFEST_FILE, publish
from reels.perform import Workshop
from reels.plan import Goal, make_plan
from reels.recognise import find_model
from reels.run import Crew, RunEvent, RunReport, failed_needs, run
from reels.said import Said, in_language
from reels.steps import DeliverWork, Plan, Step
from reels.store import Store, awaited
from reels.survey import Survey
from reels.versions import tool_versions

__all__ = ["DRAFTS_DIR", "Outcome", "RenderReport", "Status", "plan_campaign", "render_campaign"]

DRAFTS_DIR = "preview"
"""Beside `out`: quick reels to look at."""

Status = Literal["done", "unchanged", "check-failed", "failed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one reel on one platform. Seconds are wall time of the steps that ran for it."""

    reel: str
    platform: str
    status: Status
    file: Path | None
    duration: Fraction | None
    wall_s: float
    steps_run: int
    steps_reused: int
    error: ReelsError | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderReport:
    """All outcomes, in the campaign's order, the run behind them, and what a person should know of it."""

    outcomes: tuple[Outcome, ...]
    run: RunReport
    wall_s: float
    notes: tuple[Said, ...] = ()

    @property
    def ok(self) -> bool:
        return all(outcome.status in ("done", "unchanged") for outcome in self.outcomes)

    def require_ok(self) -> None:
        """Raises: what stood in the way where nothing could be made, CheckFailed where some could."""
        bad = [outcome for outcome in self.outcomes if outcome.status not in ("done", "unchanged")]
        errors = [outcome.error for outcome in bad if outcome.error is not None]
        if bad and len(errors) == len(self.outcomes):
            raise one_of(errors)
        if bad:
            raise CheckFailed(failed=len(bad), of=len(self.outcomes), what=Said("reels", ko="릴스"))


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
    jobs: int | None = None,
    force: bool = False,
    fail_fast: bool = False,
    executor: Executor | None = None,
    scheduler: str | None = None,
    wait: bool = False,
    encoder: Encoder = "x264",
    quality: Quality = "full",
    language: Language = "ko",
) -> RenderReport:
    """Make what is missing. A campaign of which no reel can be made raises before anything is written.

    Steps are done by threads of this process or in `executor`, `jobs` at a time; with a `scheduler`, the address of a
    Dask cluster, by its workers. With `wait`, another run that holds the campaign is waited for. An `encoder` that does
    not work here is told in the report, and x264 is taken; the page of the kit is in `language`.

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
        return finish(_reported(campaign, report, began, notes))
    made_here = [place for place in (store.root, *store.root.parents) if not place.exists()]
    store.prepare()
    made_now: set[str] = set()

    def plan_again() -> Plan:
        return planned(made_now=made_now)

    def tell(said: Said) -> None:
        show(RunEvent(kind="told", said=said))

    def on_progress(step: Step, share: Fraction) -> None:
        show(RunEvent(kind="progress", step=step, done=share))

    def on_finished(step: Step) -> None:
        if workshop.shared:
            awaited(store, step.made_as)
        if step.entry is not None:
            store.note(step.id, step.entry)
        made_now.add(step.made_as)

    workshop = Workshop(workspace=workspace, shared=scheduler is not None)
    with store.held(wait=wait, on_wait=lambda holder: tell(_waiting(holder))) as unlocked:
        if unlocked is not None:
            tell(unlocked)
        home = LocalCrew(workshop, local_capacity(jobs), on_progress=on_progress, pool=executor)
        crew: Crew = home
        if scheduler is not None:
            crew = ClusterCrew(
                scheduler,
                workshop,
                home=home,
                files=[path for path in dict.fromkeys(paths_in(campaign.reels)) if path.is_file()],
                models=_models_for(campaign, first),
                encoder=encoder,
                without=_engines_left_out(campaign),
                tell=tell,
            )
        try:
            report = run(plan_again, crew, show=show, on_finished=on_finished, fail_fast=fail_fast)
        except BaseException:
            crew.stop()
            raise
        crew.close()
    finished = _reported(campaign, report, began, notes)
    if store.root in made_here and _is_refused(finished):
        _unmake(made_here)
    return finish(finished)


def _waiting(holder: str) -> Said:
    return Said(
        f"waiting for another run ({holder}) to finish",
        ko=f"다른 작업({in_language(holder, 'ko')})이 끝나기를 기다립니다",
    )


def _models_for(campaign: Campaign, plan: Plan) -> list[tuple[str, str, str]]:
    """Name, engine and identity of the speech models that the work will need."""
    if not any(step.kind == "transcribe" and step.will_run for step in plan.steps):
        return []
    wanted = dict.fromkeys((reel.subtitles.model, reel.subtitles.engine) for reel in campaign.reels)
    found: list[tuple[str, str, str]] = []
    for name, engine in wanted:
        with suppress(ReelsError):  # the plan says of each reel what it lacks
            found.append((name, engine, find_model(name, engine).identity))
    return found


def _engines_left_out(campaign: Campaign) -> list[str]:
    """The fields of `ToolVersions` whose engine no reel asks for."""
    asked = {reel.subtitles.engine for reel in campaign.reels}
    return [engine.replace("-", "_") for engine in get_args(Engine) if engine not in asked]


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


def _unmake(folders: Sequence[Path]) -> None:
    """Remove the new store, the first of `folders`, and the folders above it that were made for it."""
    shutil.rmtree(folders[0], ignore_errors=True)
    for folder in folders[1:]:
        with suppress(OSError):  # somebody has put something there meanwhile
            folder.rmdir()


def _reported(campaign: Campaign, report: RunReport, began: float, notes: tuple[Said, ...]) -> RenderReport:
    blocked = failed_needs(report.plan, {f.step.made_as: f.error for f in report.failures})
    outcomes = []
    for reel in campaign.reels:
        mine = [s for s in report.plan.steps if s.reel == reel.id]
        ran = [s for s in mine if s.fingerprint in report.ran]
        planned = {f.platform: f.error for f in report.plan.failures if f.reel == reel.id}
        for platform in reel.platforms:
            step = next((s for s in mine if s.kind == "deliver" and s.platform == platform.name), None)
            error = planned.get(platform.name) or planned.get(None)
            if error is None and step is not None:
                error = blocked.get(step.id)
            outcomes.append(_outcome(reel.id, platform.name, step, error, ran, mine, report, campaign))
    return RenderReport(outcomes=tuple(outcomes), run=report, wall_s=time.monotonic() - began, notes=notes)


def _outcome(
    reel: str,
    platform: str,
    step: Step | None,
    error: ReelsError | None,
    ran: list[Step],
    mine: list[Step],
    report: RunReport,
    campaign: Campaign,
) -> Outcome:
    file: Path | None = None
    duration: Fraction | None = None
    status: Status = "check-failed" if isinstance(error, RulesBroken) else "failed"
    if error is None and step is not None and isinstance(step.work, DeliverWork):
        file = campaign.workspace.out_dir / step.work.folder / f"{step.work.name}.mp4"
        duration = step.work.frames / step.work.rate
        status = "done" if step.fingerprint in report.ran else "unchanged"
    return Outcome(
        reel=reel,
        platform=platform,
        status=status,
        file=file,
        duration=duration,
        wall_s=sum(report.ran[s.fingerprint or ""] for s in ran),
        steps_run=len(ran),
        steps_reused=len([s for s in mine if not s.will_run and s.fingerprint not in report.ran]),
        error=error,
    )
