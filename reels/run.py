"""The executor: runs the steps of a plan whose results are missing, as many at once as the machine bears.

It decides nothing. What should run comes from `plan_again`, which is asked anew whenever a finished step may have
told the planner something (a probe, a draft). How a step is done comes from `perform`.
A failed step fails the reels that need it, and no other.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

from reels.errors import ReelsError
from reels.steps import TELLING_KINDS, Plan, Step

__all__ = ["EventKind", "RunEvent", "RunReport", "StepFailure", "failed_needs", "run"]

EventKind = Literal["planned", "started", "progress", "finished", "failed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunEvent:
    """Something to show: `done` is the finished share of a step, where it is known."""

    kind: EventKind
    step: Step | None = None
    plan: Plan | None = None
    done: Fraction | None = None
    error: ReelsError | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StepFailure:
    """A step that failed, and why."""

    step: Step
    error: ReelsError


@dataclass(slots=True, kw_only=True)
class RunReport:
    """What a run did. `plan` is the last plan: what still will_run in it could not be done."""

    plan: Plan
    ran: dict[str, float] = field(default_factory=dict)
    """Wall seconds by fingerprint of the steps that ran now."""
    failures: list[StepFailure] = field(default_factory=list)


def run(
    plan_again: Callable[[], Plan],
    perform: Callable[[Step], None],
    executor: Executor,
    *,
    at_once: int,
    show: Callable[[RunEvent], None],
    fail_fast: bool = False,
) -> RunReport:
    """Work until the plan has nothing left that can be done.

    `perform` runs in the executor and leaves its result in the store. `at_once` limits how many steps are in
    flight, so that the order of the plan is kept.
    """
    report = RunReport(plan=plan_again())
    show(RunEvent(kind="planned", plan=report.plan))
    flying: dict[Future[None], tuple[Step, float]] = {}
    done: set[str] = set()
    failed: set[str] = set()
    stale = False
    try:
        while True:
            in_flight = {step.fingerprint for step, _ in flying.values()}
            ready = _ready(report.plan, done=done, failed=failed, in_flight=in_flight)
            if stale and len(ready) < at_once - len(flying):
                # Planning costs; it waits until the old plan cannot keep everybody busy any more.
                report.plan = plan_again()
                show(RunEvent(kind="planned", plan=report.plan))
                stale = False
                ready = _ready(report.plan, done=done, failed=failed, in_flight=in_flight)
            if not (fail_fast and failed):
                for step in ready[: at_once - len(flying)]:
                    show(RunEvent(kind="started", step=step))
                    flying[executor.submit(perform, step)] = (step, time.monotonic())
            if not flying:
                return report
            for future in wait(flying, return_when=FIRST_COMPLETED).done:
                step, began = flying.pop(future)
                fingerprint = step.fingerprint or ""
                try:
                    future.result()
                except ReelsError as error:
                    failed.add(fingerprint)
                    report.failures.append(StepFailure(step=step, error=error))
                    show(RunEvent(kind="failed", step=step, error=error))
                else:
                    done.add(fingerprint)
                    report.ran[fingerprint] = time.monotonic() - began
                    stale = stale or step.kind in TELLING_KINDS
                    show(RunEvent(kind="finished", step=step))
    finally:
        for future in flying:
            future.cancel()


def _ready(plan: Plan, *, done: set[str], failed: set[str], in_flight: set[str | None]) -> list[Step]:
    """Steps that have all they need, each fingerprint once, in the plan's order."""
    available = done | {s.fingerprint for s in plan.steps if s.fingerprint and not s.will_run}
    started: set[str] = set()
    ready = []
    for step in plan.steps:
        fingerprint = step.fingerprint
        if not step.will_run or fingerprint is None or step.work is None:
            continue
        if fingerprint in done or fingerprint in failed or fingerprint in in_flight or fingerprint in started:
            continue
        if all(need in available for need in step.needs):
            ready.append(step)
            started.add(fingerprint)
    return ready


def failed_needs(plan: Plan, failures: Mapping[str, ReelsError]) -> dict[str, ReelsError]:
    """For each step id that can never run, the failure it waits for, however far back."""
    blocked: dict[str, ReelsError] = dict(failures)
    found: dict[str, ReelsError] = {}
    for step in plan.steps:  # a plan lists what is needed before what needs it
        cause = next((blocked[need] for need in (step.fingerprint, *step.needs) if need in blocked), None)
        if cause is not None:
            found[step.id] = cause
            if step.fingerprint:
                blocked[step.fingerprint] = cause
    return found
