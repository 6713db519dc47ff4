"""How a run is shown: what may not stand in each other's way, what a drawing costs, and who need not read it."""

from __future__ import annotations

import io
import os
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from fractions import Fraction
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from reels.cli import progress
from reels.cli.console import messages, print_table, tell
from reels.cli.progress import shown_run
from reels.dispatch import Tally, seconds_of
from reels.errors import FootageMissing
from reels.run import RunEvent
from reels.said import Said
from reels.steps import Plan, Step
from tests.unit.test_dispatch import chunk, join, probe

PATIENCE_S = 60.0
ENOUGH_S = 1.5
"""Several drawings."""


# --- a terminal ------------------------------------------------------------------------------------------


def test_a_terminal_is_drawn_while_many_threads_have_much_to_tell(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rich holds a lock of its own while it draws, and wants it for whatever is printed."""
    screen = io.StringIO()
    console = Console(file=screen, force_terminal=True, width=100, height=30)
    monkeypatch.setattr(progress, "messages", lambda: console)
    steps = [chunk(f"c{n}", reel=f"r{n}") for n in range(20)]
    gone = FootageMissing(path="gone.mp4")
    done = threading.Event()

    def told() -> None:
        with shown_run() as show, ThreadPoolExecutor(4) as pool:
            show(RunEvent(kind="planned", plan=Plan(steps=tuple(steps))))
            until = time.monotonic() + ENOUGH_S

            def work(number: int) -> None:
                while time.monotonic() < until:
                    show(RunEvent(kind="started", step=steps[number]))
                    show(RunEvent(kind="progress", step=steps[number], done=Fraction(1, 2)))
                    show(RunEvent(kind="told", said=Said("a worker came", ko="일꾼이 옴")))
                    show(RunEvent(kind="failed", step=steps[number], error=gone))

            list(pool.map(work, range(4)))
        done.set()

    thread = threading.Thread(target=told, daemon=True)
    thread.start()
    thread.join(PATIENCE_S)
    assert done.is_set(), "who prints and who draws wait for each other"
    assert "gone.mp4" in screen.getvalue()
    assert "a worker came" in screen.getvalue()
    assert "20 reels" in screen.getvalue(), "nothing was drawn"


# --- what a drawing costs --------------------------------------------------------------------------------


def campaign(reels: int, chunks: int) -> list[Step]:
    return [
        step
        for reel in range(reels)
        for step in (
            *(chunk(f"{reel} c{n}", reel=f"{reel}", frames=10 + n) for n in range(chunks)),
            join(f"{reel} j", f"{reel} c0", reel=f"{reel}"),
        )
    ]


@pytest.mark.parametrize("chunks", [2, 200])
def test_how_far_a_run_is_weighs_no_step_anew_however_many_there_are(chunks: int) -> None:
    steps = campaign(5, chunks)
    tally = Tally(now=0.0)
    tally.planned(Plan(steps=tuple(steps)))
    tally.started(steps[0], 0.0)
    tally.finished(steps[0], 10.0)
    tally.started(steps[1], 10.0)
    tally.progressed(steps[1], 0.5)
    with patch("reels.dispatch.tally.seconds_of", side_effect=AssertionError("weighed anew")):
        assert len(tally.reels) == 5
        assert 0 < tally.share < 1
        tally.seconds_left(10.0)


EVENTS = st.lists(
    st.tuples(
        st.integers(min_value=0, max_value=11),
        st.sampled_from(["finished", "failed", "half", "plan"]),
        st.floats(min_value=0, max_value=100),
    ),
    max_size=30,
)


@given(EVENTS)
def test_what_is_summed_up_is_what_adding_everything_gives(events: list[tuple[int, str, float]]) -> None:
    """Two failures, several plans, and steps that are in hand at the end."""
    steps = [probe("p"), *campaign(2, 4), chunk("late", reel="1")]
    tally, now = Tally(now=0.0), 0.0
    done, failed, half = set[str](), set[str](), set[str]()
    taken: dict[str, list[float]] = {}
    tally.planned(Plan(steps=tuple(steps)))
    planned = {step.id: step for step in steps}
    for number, what, seconds in events:
        if what == "plan":
            tally.planned(Plan(steps=tuple(steps)))
            continue
        step = steps[number]
        if step.made_as in done | failed | half:
            continue
        tally.started(step, now)
        now += seconds
        if what == "half":
            tally.progressed(step, 0.5)
            half.add(step.made_as)
        elif what == "failed":
            tally.failed(step)
            failed.add(step.made_as)
        else:
            tally.finished(step, now)
            done.add(step.made_as)
            both = taken.setdefault(step.kind, [0.0, 0.0])
            both[0] += seconds_of(step)
            both[1] += seconds

    def weight(step: Step) -> float:
        thought, took = taken.get(step.kind, (0.0, 0.0))
        return seconds_of(step) * (max(0.001, took / thought) if thought else 1.0)

    def share(step: Step) -> float:
        return 1.0 if step.made_as in done else 0.5 if step.made_as in half else 0.0

    for reel in tally.reels:
        mine = [step for step in planned.values() if step.reel == reel.reel]
        expected = sum(weight(s) * share(s) for s in mine) / sum(map(weight, mine))
        assert reel.share == pytest.approx(expected)
        assert reel.is_finished == all(step.made_as in done for step in mine)
    left = tally.seconds_left(now)
    rest = sum(weight(s) * (1 - share(s)) for s in planned.values() if s.made_as not in failed)
    if left is not None:
        assert left <= rest + 1e-6
        assert (left > 0) == (rest > 0)


# --- nobody reads any more -------------------------------------------------------------------------------


@contextmanager
def unread() -> Iterator[None]:
    """A stderr that leads into a pipe whose reader has gone, as in `2>&1 | head -1`.

    No fixture, for pytest sets a stderr of its own between fixtures and test.
    """
    source, sink = os.pipe()
    os.close(source)
    with os.fdopen(sink, "w", encoding="utf-8") as stream, patch.object(sys, "stderr", stream):
        yield


def test_telling_what_nobody_reads_ends_no_work() -> None:
    with unread():
        tell("one")
        tell("two")


def test_a_table_and_what_rich_shows_that_nobody_reads_end_no_work() -> None:
    with unread():
        print_table(["reel"], [["one"]], to_stderr=True)
    with unread():
        console = messages()
        console.print("one")
        console.print("two")


def test_showing_a_run_that_nobody_reads_ends_no_work() -> None:
    with unread(), shown_run() as show:
        show(RunEvent(kind="told", said=Said("a worker came", ko="일꾼이 옴")))


def test_what_is_told_with_a_reader_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    tell("one\ntwo")
    assert capsys.readouterr().err == "one\\ntwo\n"
