"""What a cluster may do to a run: connections that break for a moment, answers that fail, workers that restart or are busy.

The scheduler and its workers are played here, by the few calls that are made to them; the real ones are met in
`tests/end_to_end/test_cluster.py`.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from reels.campaign.model import Workspace
from reels.crews import LocalCrew
from reels.crews import cluster as cluster_module
from reels.crews.cluster import ClusterCrew
from reels.crews.looking import Look
from reels.dispatch import Capacity
from reels.errors import ClusterUnreachable, UnfitWorkers, WorkersDied, WorkersLost
from reels.perform import Workshop
from reels.said import Said
from reels.steps import ProbeWork, Step
from reels.store import JournalEntry
from reels.tools.ffmpeg import allow_children

PATIENCE_S = 20
ONE, TWO = "tcp://192.0.2.1:1", "tcp://192.0.2.2:1"


class Clock:
    """Moved by hand; two seconds pass between two looks."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class Played:
    """A client of a scheduler that the test plays."""

    def __init__(self) -> None:
        self.status = "running"
        self.workers: dict[str, dict[str, Any]] = {}
        self.silent = False
        self.looks: list[tuple[str, Future[Look]]] = []
        self.sent: list[tuple[str, list[str], Future[Any]]] = []
        self.answer: Callable[[str], Look | None] = lambda address: Look(
            machine=address, versions=VERSIONS, free_memory=10**10
        )
        self.scheduler = SimpleNamespace(identity=None)
        self.scheduler_comm = SimpleNamespace(comm=object())
        self.on_cancel: Callable[[Future[Any]], None] = lambda future: None

    def sync(self, _asked: Any, **_options: Any) -> dict[str, Any]:
        if self.silent:
            raise OSError("connection reset")
        return {"workers": dict(self.workers)}

    def submit(self, _look: Any, _expected: Any, *, workers: list[str], **_options: Any) -> Future[Look]:
        future: Future[Look] = Future()
        self.looks.append((workers[0], future))
        if (look := self.answer(workers[0])) is not None:
            future.set_result(look)
        return future

    def get_executor(self, **_options: Any) -> Any:
        def send(_do: Any, step: Step, *_rest: Any, workers: list[str]) -> Future[Any]:
            outer = self

            class Away(Future[Any]):
                def cancel(self) -> bool:
                    outer.on_cancel(self)
                    return super().cancel()

            future = Away()
            self.sent.append((step.id, workers, future))
            return future

        return SimpleNamespace(submit=send, shutdown=lambda wait: None)

    def run(self, *_arguments: Any, **_options: Any) -> None:
        pass

    def close(self, **_options: Any) -> None:
        pass


VERSIONS = (("reels", "1"),)


@pytest.fixture(autouse=True)
def _children_are_allowed_again() -> Iterator[None]:
    """A crew that is stopped refuses them in this whole process."""
    yield
    allow_children()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr("reels.crews.roster.time.monotonic", clock)
    return clock


@pytest.fixture
def played(monkeypatch: pytest.MonkeyPatch) -> Played:
    client = Played()
    monkeypatch.setattr(cluster_module, "connected", lambda _address: client)
    monkeypatch.setattr(cluster_module, "versions_here", lambda: VERSIONS)
    return client


@pytest.fixture
def told() -> list[Said]:
    return []


@pytest.fixture
def started(
    played: Played, clock: Clock, tmp_path: Path, told: list[Said]
) -> Iterator[Callable[[], ClusterCrew]]:
    """Starts the crew; while it waits for its first worker the clock goes on by itself."""
    crews: list[ClusterCrew] = []
    (tmp_path / ".reels").mkdir()
    workshop = Workshop(workspace=Workspace.of_campaign(tmp_path))

    def start() -> ClusterCrew:
        def pass_time(_seconds: float) -> None:
            clock.now += 2

        with pytest.MonkeyPatch.context() as patched:
            patched.setattr("reels.crews.cluster.time.sleep", pass_time)
            home = LocalCrew(workshop, Capacity(slots=1), on_progress=lambda _step, _share: None)
            crew = ClusterCrew("tcp://scheduler", workshop, home=home, files=(), models=(), tell=told.append)
        crews.append(crew)
        return crew

    yield start
    for crew in crews:
        crew.stop()


def look_again(crew: ClusterCrew, clock: Clock, *, after_s: float = 2) -> None:
    clock.now += after_s
    crew.look_up()


def probe(name: str = "probe") -> Step:
    return Step(
        id=name,
        kind="probe",
        reel=None,
        platform=None,
        reason="new",
        will_run=True,
        fingerprint=name,
        work=ProbeWork(footage=Path("film.mp4")),
        entry=JournalEntry(fingerprint=name, sources="", options="", tools=""),
        doing=Said("probing", ko="살펴보기"),
    )


def test_what_a_broken_connection_took_back_is_sent_again(
    played: Played, clock: Clock, started: Callable[[], ClusterCrew]
) -> None:
    played.workers = {ONE: {"nthreads": 2}}
    crew = started()
    future = crew.submit(probe())
    played.sent[0][2].cancel()
    played.sent[0][2].set_running_or_notify_cancel()
    assert not future.done()
    look_again(crew, clock)
    assert [name for name, _, _ in played.sent] == ["probe", "probe"]
    played.sent[1][2].set_result(None)
    assert future.result(PATIENCE_S) is None


def test_what_was_away_while_the_connection_was_made_anew_is_sent_again_though_dask_says_nothing(
    played: Played, clock: Clock, started: Callable[[], ClusterCrew]
) -> None:
    """A result that is being fetched just then is lost without a word."""
    played.workers = {ONE: {"nthreads": 2}}
    crew = started()
    future = crew.submit(probe())
    look_again(crew, clock)
    assert len(played.sent) == 1
    played.scheduler_comm.comm = object()
    look_again(crew, clock)
    look_again(crew, clock)
    assert [name for name, _, _ in played.sent] == ["probe", "probe"]
    played.sent[1][2].set_result(None)
    assert future.result(PATIENCE_S) is None


def test_a_scheduler_that_is_silent_for_a_moment_loses_nobody_and_one_that_stays_so_ends_the_run(
    played: Played, clock: Clock, started: Callable[[], ClusterCrew], told: list[Said]
) -> None:
    played.workers = {ONE: {"nthreads": 2}}
    crew = started()
    played.silent = True
    look_again(crew, clock)
    look_again(crew, clock)
    assert crew.capacity.slots == 2
    assert not [said for said in told if "is gone" in said]
    with pytest.raises(ClusterUnreachable, match="it was there and is gone"):
        look_again(crew, clock, after_s=30)


def test_a_worker_that_restarts_under_the_same_address_is_looked_at_and_used_again(
    played: Played, clock: Clock, started: Callable[[], ClusterCrew], told: list[Said]
) -> None:
    played.workers = {ONE: {"nthreads": 2}}
    crew = started()
    future = crew.submit(probe())
    played.workers = {}
    look_again(crew, clock)
    assert [said for said in told if "is gone" in said]
    played.workers = {ONE: {"nthreads": 2}}
    look_again(crew, clock)
    look_again(crew, clock)
    assert [address for address, _ in played.looks] == [ONE, ONE]
    assert crew.capacity.slots == 2
    # Dask has kept the step for that address.
    played.sent[0][2].set_result(None)
    assert future.result(PATIENCE_S) is None


def test_a_worker_that_is_busy_is_waited_for_without_stopping_the_others(
    played: Played, clock: Clock, started: Callable[[], ClusterCrew], told: list[Said]
) -> None:
    ready = played.answer
    played.answer = lambda address: None if address == TWO else ready(address)
    played.workers = {ONE: {"nthreads": 2}, TWO: {"nthreads": 4}}
    crew = started()
    assert crew.capacity.slots == 2
    (busy,) = [asked for address, asked in played.looks if address == TWO]
    busy.set_result(Look(machine="two", versions=VERSIONS, free_memory=10**10))
    look_again(crew, clock)
    assert crew.capacity.slots == 6
    assert not [said for said in told if "not used" in said]


def test_only_busy_workers_are_told_to_be_busy_and_not_to_be_unfit(
    played: Played, started: Callable[[], ClusterCrew]
) -> None:
    played.answer = lambda _address: None
    played.workers = {ONE: {"nthreads": 2}}
    with pytest.raises(UnfitWorkers, match="did not answer for a minute, for other work keeps it busy"):
        started()


def test_an_unfit_worker_is_no_verdict_on_one_that_comes_a_moment_later(
    played: Played, started: Callable[[], ClusterCrew], told: list[Said]
) -> None:
    def answer(address: str) -> Look:
        if address == ONE:
            played.workers[TWO] = {"nthreads": 1}
        return Look(
            machine=address, versions=VERSIONS if address == TWO else (("reels", "0"),), free_memory=10**10
        )

    played.answer = answer
    played.workers = {ONE: {"nthreads": 2}}
    crew = started()
    assert crew.capacity.slots == 1
    assert [said for said in told if f"({ONE}) is not used: reels is 0 there, expected 1" in said]


def test_nobody_at_all_is_waited_for_a_minute(played: Played, started: Callable[[], ClusterCrew]) -> None:
    with pytest.raises(WorkersLost):
        started()


def test_dask_may_settle_a_step_while_another_is_being_taken_back(
    played: Played, clock: Clock, started: Callable[[], ClusterCrew]
) -> None:
    """Its thread waits for us and we wait for it, unless nothing is held meanwhile: then this would not end."""
    played.workers = {ONE: {"nthreads": 2}}
    crew = started()
    lost, kept = crew.submit(probe("lost")), None
    played.workers = {ONE: {"nthreads": 2}, TWO: {"nthreads": 2}}
    look_again(crew, clock)
    look_again(crew, clock)
    kept = crew.submit(probe("kept"))
    there = played.sent[1][2]

    def wait_for_dask(_future: Future[Any]) -> None:
        settling = threading.Thread(target=there.set_result, args=(None,))
        settling.start()
        settling.join(PATIENCE_S)
        assert not settling.is_alive(), "Dask's thread waits for a lock that we hold"

    played.on_cancel = wait_for_dask
    played.workers = {TWO: {"nthreads": 2}}
    look_again(crew, clock)
    assert kept.result(PATIENCE_S) is None
    assert played.sent[-1][:2] == ("lost", [TWO])
    played.sent[-1][2].set_result(None)
    assert lost.result(PATIENCE_S) is None


def test_a_step_that_ended_its_workers_is_no_error_of_ours(
    played: Played, started: Callable[[], ClusterCrew]
) -> None:
    class KilledWorker(Exception):
        """As Dask calls it."""

    played.workers = {ONE: {"nthreads": 2}}
    crew = started()
    future = crew.submit(probe())
    played.sent[0][2].set_exception(KilledWorker())
    with pytest.raises(WorkersDied, match="most likely out of memory"):
        future.result(PATIENCE_S)


def test_what_workers_bear_is_counted_with_their_memory(
    played: Played, started: Callable[[], ClusterCrew]
) -> None:
    small = Look(machine="one", versions=VERSIONS, free_memory=1_500_000_000)
    played.answer = lambda _address: small
    played.workers = {ONE: {"nthreads": 16}}
    bears = started().capacity
    assert (bears.slots, bears.memory, bears.listeners) == (2, 1_350_000_000, 1)
