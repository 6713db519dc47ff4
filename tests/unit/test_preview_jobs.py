"""What takes longer than a question: one job after the other, each told how far it is, none of them ends the page."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from fractions import Fraction

import pytest

from reels.errors import UsageError
from reels.preview.jobs import Job, Jobs
from reels.run import RunEvent
from reels.said import Said
from reels.steps import Plan, Step
from reels.tools.ffmpeg import allow_children

PATIENCE_S = 10
STEP = Step(
    id="hello chunk 0000",
    kind="chunk",
    reel="hello",
    platform=None,
    fingerprint="abc",
    reason="new",
    will_run=True,
    doing=Said("encoding chunk 0", ko="조각 0 인코딩"),
)


@pytest.fixture
def jobs() -> Iterator[Jobs]:
    made = Jobs()
    yield made
    made.stop()
    allow_children()


def when(jobs: Jobs, number: int, is_so: Callable[[Job], bool]) -> Job:
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        job = next(one for one in jobs.now if one.number == number)
        if is_so(job):
            return job
        time.sleep(0.005)
    raise AssertionError(f"still {job}")


def over(jobs: Jobs, job: Job) -> Job:
    return when(jobs, job.number, lambda one: one.is_over)


def test_a_job_tells_how_far_it_is_and_what_it_does(jobs: Jobs) -> None:
    goes_on = threading.Event()

    def work(show: Callable[[RunEvent], None]) -> None:
        show(RunEvent(kind="planned", plan=Plan(steps=(STEP,))))
        show(RunEvent(kind="started", step=STEP))
        show(RunEvent(kind="progress", step=STEP, done=Fraction(1, 2)))
        goes_on.wait(PATIENCE_S)
        show(RunEvent(kind="finished", step=STEP))

    job = jobs.begin("render", "hello", work)
    half = when(jobs, job.number, lambda one: one.share > 0)
    assert (half.state, half.share, half.doing) == ("working", 0.5, "encoding chunk 0")
    goes_on.set()
    assert (over(jobs, job).state, over(jobs, job).share) == ("done", 1.0)


def test_one_after_the_other_and_the_same_one_waits_but_once(jobs: Jobs) -> None:
    goes_on = threading.Event()
    done: list[str] = []

    def work(name: str) -> Callable[[Callable[[RunEvent], None]], None]:
        def doing(_: Callable[[RunEvent], None]) -> None:
            goes_on.wait(PATIENCE_S)
            done.append(name)

        return doing

    first = jobs.begin("render", "a", work("a"))
    when(jobs, first.number, lambda one: one.state == "working")
    second = jobs.begin("render", "b", work("b"))
    assert second.state == "waiting"
    assert jobs.begin("render", "b", work("b again")).number == second.number
    # What is being done may have begun before the last edit: it is done once more.
    third = jobs.begin("render", "a", work("a later"))
    assert third.number not in (first.number, second.number)
    goes_on.set()
    over(jobs, third)
    assert done == ["a", "b", "a later"]


def test_a_job_that_fails_says_why_and_the_next_one_is_done(jobs: Jobs) -> None:
    why = UsageError(where="x", found="y", expected="z", remedy="")

    def refused(_: Callable[[RunEvent], None]) -> None:
        raise why

    def broken(_: Callable[[RunEvent], None]) -> None:
        raise ZeroDivisionError("a fault of ours")

    assert over(jobs, jobs.begin("render", "a", refused)).error is why
    told = over(jobs, jobs.begin("play", "a", broken)).error
    assert told is not None
    assert "an error of reels itself (ZeroDivisionError: a fault of ours)" in told.sentence("en")
    assert over(jobs, jobs.begin("prepare", "a", lambda _: None)).state == "done"


def test_old_jobs_are_forgotten(jobs: Jobs) -> None:
    for number in range(120):
        last = jobs.begin("render", str(number), lambda _: None)
        over(jobs, last)
    assert len(jobs.now) < 60
    assert jobs.now[-1].reel == "119"
