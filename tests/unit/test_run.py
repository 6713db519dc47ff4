"""The executor: what runs, in which order, how much at once, and what a failure takes with it.

The work is a function of the test's; that steps do what they should is shown where they are done.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reels.dispatch import Capacity
from reels.errors import DiskFailed, FootageDamaged, ReelsError
from reels.run import RunEvent, RunReport, failed_needs, run
from reels.steps import Kind, Plan, ProbeWork, Step
from reels.store import JournalEntry

PATIENCE_S = 20


def step(
    name: str,
    *needs: str,
    kind: Kind = "chunk",
    fingerprint: str | None = "",
    will_run: bool = True,
    reel: str | None = "hello",
) -> Step:
    """A step whose fingerprint is its name unless another is given; None: not known yet."""
    known = name if fingerprint == "" else fingerprint
    return Step(
        id=name,
        kind=kind,
        reel=reel,
        platform=None,
        reason="new" if will_run else "reused",
        will_run=will_run,
        fingerprint=known,
        work=None if known is None else ProbeWork(footage=__file__),  # type: ignore[arg-type]
        needs=needs,
        entry=None if known is None else JournalEntry(fingerprint=known, sources="", options="", tools=""),
    )


def plan(*steps: Step) -> Plan:
    return Plan(steps=steps)


class Work:
    """Does steps by noting them; remembers order and how many were in hand at once."""

    def __init__(self, fails: dict[str, BaseException] | None = None) -> None:
        self.done: list[str] = []
        self.most_at_once = 0
        self._fails = fails or {}
        self._in_hand = 0
        self._lock = threading.Lock()

    def __call__(self, step: Step) -> None:
        with self._lock:
            self._in_hand += 1
            self.most_at_once = max(self.most_at_once, self._in_hand)
        try:
            if step.id in self._fails:
                raise self._fails[step.id]
        finally:
            with self._lock:
                self._in_hand -= 1
                self.done.append(step.id)


DAMAGED = FootageDamaged(path="IMG_0412.MOV", found="moov atom not found")


class Threads:
    """A crew of threads that bears `at_once` steps; how it works is a function of the test's."""

    def __init__(self, do: Callable[[Step], None], pool: Executor, at_once: int) -> None:
        self.capacity = Capacity(slots=at_once)
        self._do = do
        self._pool = pool

    def submit(self, step: Step) -> Future[None]:
        return self._pool.submit(self._do, step)

    def look_up(self) -> None:
        """Threads do not get lost."""

    def stop(self) -> None:
        """Not for the executor to call, nor `close`: whoever made the crew does."""
        raise AssertionError

    close = stop


def run_plan(
    made: Plan | Callable[[], Plan],
    work: Callable[[Step], None],
    *,
    at_once: int = 2,
    fail_fast: bool = False,
    events: list[RunEvent] | None = None,
) -> RunReport:
    shown = [] if events is None else events
    with ThreadPoolExecutor(4) as pool:
        return run(
            made if callable(made) else lambda: made,
            Threads(work, pool, at_once),
            show=shown.append,
            fail_fast=fail_fast,
        )


# --- order -----------------------------------------------------------------------------------------------


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """Steps that need some of the steps before them, a few of which are reused or not known yet."""
    steps: list[Step] = []
    for number in range(draw(st.integers(min_value=1, max_value=12))):
        before = [s.made_as for s in steps if s.fingerprint is not None]
        needs = draw(st.lists(st.sampled_from(before), max_size=3, unique=True)) if before else []
        known = draw(st.integers(min_value=0, max_value=9)) > 0
        steps.append(
            step(
                f"s{number}",
                *needs,
                fingerprint="" if known else None,
                will_run=not known or draw(st.booleans()),
            )
        )
    return plan(*steps)


@given(plans(), st.integers(min_value=1, max_value=4))
def test_every_step_that_can_be_done_is_done_once_and_after_what_it_needs(made: Plan, at_once: int) -> None:
    work = Work()
    report = run_plan(made, work, at_once=at_once)
    assert sorted(work.done) == sorted(s.id for s in made.steps if s.will_run and s.fingerprint is not None)
    for s in made.steps:
        for need in s.needs:
            if s.id in work.done and need in work.done:
                assert work.done.index(need) < work.done.index(s.id)
    assert set(report.ran) == set(work.done)
    assert work.most_at_once <= at_once


def test_one_at_a_time_keeps_the_plans_order() -> None:
    work = Work()
    run_plan(plan(step("c"), step("a"), step("b", "c"), step("d")), work, at_once=1)
    assert work.done == ["c", "a", "b", "d"]


def test_a_fingerprint_that_two_steps_share_is_made_once() -> None:
    work = Work()
    shared = step("art of another reel", fingerprint="art")
    report = run_plan(plan(step("art"), shared, step("one", "art"), step("two", "art")), work)
    assert sorted(work.done) == ["art", "one", "two"]
    assert set(report.ran) == {"art", "one", "two"}


def test_as_many_steps_as_asked_are_in_hand_and_no_more() -> None:
    """Each step waits until two are in hand: with fewer at once this would not end, with more it would show."""
    both_there = threading.Barrier(2, timeout=PATIENCE_S)
    work = Work()

    def wait_for_the_other(step: Step) -> None:
        both_there.wait()
        work(step)

    run_plan(plan(*(step(f"s{n}") for n in range(8))), wait_for_the_other, at_once=2)
    assert len(work.done) == 8
    assert work.most_at_once <= 2


def test_nothing_to_do_is_done_at_once() -> None:
    work = Work()
    report = run_plan(plan(step("join", will_run=False)), work)
    assert (work.done, report.ran, report.failures) == ([], {}, [])


def test_what_is_not_known_yet_is_not_run() -> None:
    work = Work()
    report = run_plan(plan(step("probe", kind="probe"), step("join", fingerprint=None)), work)
    assert work.done == ["probe"]
    assert [s.id for s in report.plan.to_run if s.id not in work.done] == ["join"]


# --- failures --------------------------------------------------------------------------------------------


def test_a_failure_takes_with_it_what_needs_it_and_nothing_else() -> None:
    work = Work({"chunk 1": DAMAGED})
    made = plan(
        step("chunk 1"),
        step("chunk 2"),
        step("join", "chunk 1", "chunk 2"),
        step("deliver", "join"),
        step("other chunk", reel="other"),
        step("other join", "other chunk", reel="other"),
    )
    report = run_plan(made, work)
    assert sorted(work.done) == ["chunk 1", "chunk 2", "other chunk", "other join"]
    assert set(report.ran) == {"chunk 2", "other chunk", "other join"}
    assert [(f.step.id, f.error) for f in report.failures] == [("chunk 1", DAMAGED)]
    assert failed_needs(made, {"chunk 1": DAMAGED}) == {
        "chunk 1": DAMAGED,
        "join": DAMAGED,
        "deliver": DAMAGED,
    }


def test_a_failed_step_is_not_tried_again_when_the_plan_is_made_again() -> None:
    work = Work({"broken": DAMAGED})
    made = plan(
        step("broken", kind="probe"), step("probe", kind="probe"), step("draft", "probe", kind="draft")
    )
    report = run_plan(made, work, at_once=1)
    assert sorted(work.done) == ["broken", "draft", "probe"]
    assert len(report.failures) == 1


def test_each_failure_keeps_its_own_reason() -> None:
    full = DiskFailed(path="out", found="No space left on device")
    report = run_plan(plan(step("a"), step("b")), Work({"a": DAMAGED, "b": full}))
    assert {f.step.id: f.error for f in report.failures} == {"a": DAMAGED, "b": full}


def test_stopping_at_the_first_failure_starts_nothing_more() -> None:
    work = Work({"s0": DAMAGED})
    run_plan(plan(*(step(f"s{n}") for n in range(6))), work, at_once=1, fail_fast=True)
    assert work.done == ["s0"]


def test_stopping_at_the_first_failure_lets_what_is_in_hand_finish() -> None:
    both_there = threading.Barrier(2, timeout=PATIENCE_S)
    failed = threading.Event()
    work = Work({"bad": DAMAGED})

    def do(step: Step) -> None:
        both_there.wait()
        if step.id == "good":
            assert failed.wait(PATIENCE_S)
        try:
            work(step)
        finally:
            if step.id == "bad":
                failed.set()

    report = run_plan(plan(step("bad"), step("good"), step("late")), do, at_once=2, fail_fast=True)
    assert work.done == ["bad", "good"]
    assert set(report.ran) == {"good"}


def test_a_fault_of_our_own_ends_the_run_and_is_not_taken_for_a_failed_reel() -> None:
    events: list[RunEvent] = []
    with pytest.raises(ZeroDivisionError):
        run_plan(plan(step("a"), step("b", "a")), Work({"a": ZeroDivisionError()}), events=events)
    assert [e.kind for e in events] == ["planned", "started"]


def test_a_blocked_step_names_the_failure_it_waits_for_however_far_back() -> None:
    full = DiskFailed(path="out", found="No space left on device")
    made = plan(
        step("probe"),
        step("a", "probe"),
        step("b", "a"),
        step("c", "b"),
        step("sound"),
        step("audio", "sound"),
        step("free"),
        step("unknown", fingerprint=None),
    )
    causes = failed_needs(made, {"probe": DAMAGED, "sound": full})
    assert {name: type(error) for name, error in causes.items()} == {
        **dict.fromkeys(("probe", "a", "b", "c"), FootageDamaged),
        **dict.fromkeys(("sound", "audio"), DiskFailed),
    }


# --- planning again --------------------------------------------------------------------------------------


def test_the_plan_is_made_again_when_a_step_has_told_something() -> None:
    plans: Iterator[Plan] = iter(
        [
            plan(step("probe", kind="probe"), step("join", fingerprint=None)),
            plan(step("probe", kind="probe", will_run=False), step("chunk", "probe"), step("join", "chunk")),
        ]
    )
    work = Work()
    events: list[RunEvent] = []
    report = run_plan(lambda: next(plans), work, events=events)
    assert work.done == ["probe", "chunk", "join"]
    assert [s.id for s in report.plan.steps] == ["probe", "chunk", "join"]
    assert [e.kind for e in events].count("planned") == 2


@pytest.mark.parametrize("kind", ["chunk", "loudness", "join", "art", "transcribe"])
def test_the_plan_is_not_made_again_for_work_that_tells_nothing(kind: Kind) -> None:
    asked = []

    def plan_again() -> Plan:
        asked.append(1)
        return plan(step("a", kind=kind), step("b", "a", kind=kind))

    run_plan(plan_again, Work())
    assert len(asked) == 1


def test_what_ran_is_not_run_again_though_the_new_plan_still_lists_it() -> None:
    """The planner reads the store; a step done now may still look undone there (forced, or seen by nobody)."""
    made = plan(step("probe", kind="probe"), step("draft", "probe", kind="draft"), step("join", "draft"))
    work = Work()
    run_plan(made, work)
    assert work.done == ["probe", "draft", "join"]


def test_a_step_in_hand_is_not_started_a_second_time_by_a_new_plan() -> None:
    telling_is_done = threading.Event()
    work = Work()

    def do(step: Step) -> None:
        if step.id == "slow":
            assert telling_is_done.wait(PATIENCE_S)
        work(step)

    def plan_again() -> Plan:
        if "probe" in work.done:
            telling_is_done.set()
        return plan(step("slow"), step("probe", kind="probe"), step("end", "slow", "probe"))

    run_plan(plan_again, do, at_once=3)
    assert sorted(work.done) == ["end", "probe", "slow"]


# --- what is shown, and interruption ---------------------------------------------------------------------


def test_everything_that_happens_is_shown_in_order() -> None:
    events: list[RunEvent] = []
    run_plan(plan(step("a"), step("b", "a"), step("c", "b")), Work({"b": DAMAGED}), events=events)
    assert [(e.kind, e.step.id if e.step else None) for e in events] == [
        ("planned", None),
        ("started", "a"),
        ("finished", "a"),
        ("started", "b"),
        ("failed", "b"),
    ]
    assert events[-1].error is DAMAGED
    assert events[0].plan is not None


class LazyExecutor(Executor):
    """Starts nothing by itself, so that a test sees what is left when the run is interrupted."""

    def __init__(self) -> None:
        self.submitted: list[Future[Any]] = []

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        self.submitted.append(future)
        return future


def test_an_interruption_cancels_what_has_not_begun_and_is_not_swallowed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("reels.run.wait", interrupted)
    executor = LazyExecutor()
    with pytest.raises(KeyboardInterrupt):
        run(
            lambda: plan(*(step(f"s{n}") for n in range(5))),
            Threads(Work(), executor, 3),
            show=lambda _event: None,
        )
    assert [future.cancelled() for future in executor.submitted] == [True, True, True]


def test_an_interruption_inside_a_step_reaches_the_caller() -> None:
    with pytest.raises(KeyboardInterrupt):
        run_plan(plan(step("a"), step("b", "a")), Work({"a": KeyboardInterrupt()}))


def test_a_show_that_fails_does_not_leave_steps_in_flight() -> None:
    executor = LazyExecutor()

    def show(event: RunEvent) -> None:
        if event.kind == "started" and event.step is not None and event.step.id == "s1":
            raise BrokenPipeError

    with pytest.raises(BrokenPipeError):
        run(lambda: plan(step("s0"), step("s1")), Threads(Work(), executor, 2), show=show)
    assert [future.cancelled() for future in executor.submitted] == [True]


def errors_of(report: RunReport) -> Sequence[ReelsError]:
    return [failure.error for failure in report.failures]


def test_time_is_told_for_what_ran_and_only_for_that() -> None:
    report = run_plan(plan(step("a"), step("b")), Work({"b": DAMAGED}))
    assert set(report.ran) == {"a"}
    assert report.ran["a"] >= 0
    assert errors_of(report) == [DAMAGED]
