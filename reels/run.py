"""The executor: runs the steps of a plan whose results are missing, as many at once as the crew bears.

It decides nothing. What should run comes from `plan_again`, which is asked anew whenever a finished step may have
told the planner something (a probe, a draft); in which order, and how much at once, from `dispatch`; how a step is
done, and where, is the crew's. A failed step fails the reels that need it, and no other.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal, Protocol

from reels.dispatch import Capacity, Order, Tally, startable
from reels.errors import ReelsError
from reels.said import Said
from reels.steps import TELLING_KINDS, Plan, Step

__all__ = ["Crew", "EventKind", "RunEvent", "RunReport", "StepFailure", "count_into", "failed_needs", "run"]

EventKind = Literal["planned", "started", "progress", "finished", "failed", "told"]

_LOOK_UP_S = 1.0
"""How often a crew is asked how it is while nothing is finished."""


class Crew(Protocol):
    """Who does the steps: threads of this process, or workers on other machines."""

    @property
    def capacity(self) -> Capacity:
        """What it bears now; it may grow and shrink."""

    def submit(self, step: Step) -> Future[None]:
        """Begin `step`; its result is in the store when the future is done. The future raises a ReelsError."""

    def look_up(self) -> None:
        """Called now and then. Raises: ReelsError where nobody is left to wait for."""

    def stop(self) -> None:
        """End what is in hand, within two seconds."""

    def close(self) -> None:
        """Nothing is in hand any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunEvent:
    """Something to show: `done` is the finished share of a step, where it is known; `said` what a crew tells."""

    kind: EventKind
    step: Step | None = None
    plan: Plan | None = None
    done: Fraction | None = None
    error: ReelsError | None = None
    said: Said | None = None


def count_into(tally: Tally, event: RunEvent, now: float) -> None:
    """Tell `tally` of an event that is shown at `now`, seconds of its clock."""
    if event.plan is not None:
        tally.planned(event.plan)
    step = event.step
    if step is None:
        return
    if event.kind == "started":
        tally.started(step, now)
    elif event.kind == "finished":
        tally.finished(step, now)
    elif event.kind == "failed":
        tally.failed(step)
    elif event.done is not None:
        tally.progressed(step, float(event.done))


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
    crew: Crew,
    *,
    show: Callable[[RunEvent], None],
    on_finished: Callable[[Step], None] = lambda _step: None,
    fail_fast: bool = False,
) -> RunReport:
    """Work until the plan has nothing left that can be done.

    `on_finished` is called in this thread for every step that is done; a ReelsError of it fails the step.
    """
    return _Run(plan_again, crew, show, on_finished, fail_fast=fail_fast).to_the_end()


class _Run:
    """One run: what is in hand, done and failed."""

    def __init__(
        self,
        plan_again: Callable[[], Plan],
        crew: Crew,
        show: Callable[[RunEvent], None],
        on_finished: Callable[[Step], None],
        *,
        fail_fast: bool,
    ) -> None:
        self._plan_again = plan_again
        self._crew = crew
        self._show = show
        self._on_finished = on_finished
        self._fail_fast = fail_fast
        self._order = Order()
        self._flying: dict[Future[None], tuple[Step, float]] = {}
        self._done: set[str] = set()
        self._failed: set[str] = set()
        self._made: set[str] = set()
        """Fingerprints of the results that are there."""
        self._waiting: dict[str, Step] = {}
        """Steps that have not begun, by fingerprint, best first."""
        self._stale = False
        self.report = RunReport(plan=Plan(steps=()))

    def to_the_end(self) -> RunReport:
        self._plan()
        try:
            while True:
                self._start_what_can_start()
                if not self._flying:
                    return self.report
                for future in wait(self._flying, timeout=_LOOK_UP_S, return_when=FIRST_COMPLETED).done:
                    self._finish(future, *self._flying.pop(future))
                self._crew.look_up()
        finally:
            for future in self._flying:
                future.cancel()

    def _plan(self) -> None:
        plan = self.report.plan = self._plan_again()
        self._stale = False
        self._made = self._done | {s.made_as for s in plan.steps if s.fingerprint and not s.will_run}
        begun = {step.made_as for step, _ in self._flying.values()} | self._done | self._failed
        ranks = self._order.ranks(plan, in_hand=[step for step, _ in self._flying.values()])
        known = [step for step in plan.steps if step.will_run and step.work is not None]
        known.sort(key=lambda step: ranks[step.made_as])
        self._waiting = {}
        for step in known:
            if step.made_as not in begun:  # each fingerprint once, however many steps ask for it
                self._waiting.setdefault(step.made_as, step)
        self._show(RunEvent(kind="planned", plan=plan))

    def _start_what_can_start(self) -> None:
        if self._fail_fast and self._failed:
            return
        found = self._startable()
        if self._stale and len(self._flying) + len(found) < self._crew.capacity.slots:
            # Planning costs; it waits until the old plan cannot keep everybody busy any more.
            self._plan()
            found = self._startable()
        for step in found:
            del self._waiting[step.made_as]
            self._show(RunEvent(kind="started", step=step))
            self._flying[self._crew.submit(step)] = (step, time.monotonic())

    def _startable(self) -> list[Step]:
        ready = (step for step in self._waiting.values() if self._made.issuperset(step.needs))
        return startable(ready, [step for step, _ in self._flying.values()], self._crew.capacity)

    def _finish(self, future: Future[None], step: Step, began: float) -> None:
        try:
            future.result()
            self._on_finished(step)
        except ReelsError as error:
            self._failed.add(step.made_as)
            self.report.failures.append(StepFailure(step=step, error=error))
            self._show(RunEvent(kind="failed", step=step, error=error))
        else:
            self._done.add(step.made_as)
            self._made.add(step.made_as)
            self.report.ran[step.made_as] = time.monotonic() - began
            self._stale = self._stale or step.kind in TELLING_KINDS
            self._show(RunEvent(kind="finished", step=step))


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
