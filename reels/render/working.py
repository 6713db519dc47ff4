"""A plan worked off: the store held, a crew at work, each finished step noted."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, Protocol, get_args

from reels.campaign.model import Campaign, Engine
from reels.crews import LocalCrew, local_capacity
from reels.crews.cluster import ClusterCrew
from reels.encode import Encoder
from reels.errors import DiskFailed, ReelsError, one_of
from reels.fingerprint import paths_in
from reels.perform import Workshop
from reels.recognise import find_model
from reels.run import Crew, RunEvent, RunReport, run
from reels.said import Said
from reels.steps import Plan, Step
from reels.store import Store, awaited, waiting_for

__all__ = ["ANY_HANDS", "Hands", "Planning", "require_done", "require_possible", "work_off"]


class Planning(Protocol):
    """Makes the plan as things stand; `made_now` are the fingerprints that this run has made."""

    def __call__(self, *, made_now: set[str]) -> Plan: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Hands:
    """Who works: threads of this process or `executor`, `jobs` at a time; with a `scheduler`, the address of a Dask
    cluster, its workers.

    With `wait`, another run that holds the campaign is waited for.
    """

    jobs: int | None = None
    executor: Executor | None = None
    scheduler: str | None = None
    wait: bool = False


ANY_HANDS: Final = Hands()


def work_off(
    campaign: Campaign,
    store: Store,
    planning: Planning,
    *,
    hands: Hands,
    show: Callable[[RunEvent], None],
    fail_fast: bool = False,
    encoder: Encoder = "x264",
) -> RunReport:
    """Do what the plan lacks, while the store is held. Raises: ReelsError."""
    made_now: set[str] = set()
    workshop = Workshop(workspace=campaign.workspace, shared=hands.scheduler is not None)

    def tell(said: Said) -> None:
        show(RunEvent(kind="told", said=said))

    def on_progress(step: Step, share: Fraction) -> None:
        show(RunEvent(kind="progress", step=step, done=share))

    def on_finished(step: Step) -> None:
        if workshop.shared and awaited(store, step.made_as) is None:
            found = Said(
                "what a worker has made there cannot be seen here",
                ko="작업 컴퓨터가 만든 것이 여기서 보이지 않음",
            )
            raise DiskFailed(path=str(store.root), found=found)
        if step.entry is not None:
            store.note(step.id, step.entry)
        made_now.add(step.made_as)

    with store.held(wait=hands.wait, on_wait=lambda holder: tell(waiting_for(holder))) as unlocked:
        if unlocked is not None:
            tell(unlocked)
        home = LocalCrew(workshop, local_capacity(hands.jobs), on_progress=on_progress, pool=hands.executor)
        crew: Crew = home
        if hands.scheduler is not None:
            crew = ClusterCrew(
                hands.scheduler,
                workshop,
                home=home,
                files=[path for path in dict.fromkeys(paths_in(campaign.reels)) if path.is_file()],
                models=_models_for(campaign, planning(made_now=made_now)),
                encoder=encoder,
                without=_engines_left_out(campaign),
                jobs=hands.jobs,
                tell=tell,
            )
        try:
            report = run(
                lambda: planning(made_now=made_now),
                crew,
                show=show,
                on_finished=on_finished,
                fail_fast=fail_fast,
            )
            crew.close()
        except BaseException:
            crew.stop()
            raise
    return report


def require_possible(plan: Plan) -> None:
    """Raises: ReelsError, for the first thing that stands in the way of anything in `plan`."""
    if plan.failures:
        raise one_of([failure.error for failure in plan.failures])


def require_done(report: RunReport) -> Plan:
    """The last plan of a run that did all of it. Raises: ReelsError, for the first thing that it could not do."""
    require_possible(report.plan)
    if report.failures:
        raise one_of([failure.error for failure in report.failures])
    return report.plan


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
