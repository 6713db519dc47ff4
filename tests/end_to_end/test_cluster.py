"""A real Dask cluster on this machine: the same bytes as at home, whoever joins, dies, or is not fit.

A scheduler and workers are processes of their own. What they write is told from what the started process writes by
their umask. A gate holds their encoders where a test must be sure that they are at work.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from reels import __version__
from reels.tools.ffmpeg import find_ffmpeg

from .conftest import Reels
from .entry_point import Ran
from .small_films import (
    at_work_on,
    faulty_ffmpeg,
    handed_over,
    made_by_umask,
    moving_film,
    parent_of,
    require_nobody_at_work_on,
    results_of,
    small_campaign,
    wait_until,
)

USAGE, MISSING, INTERRUPTED = 2, 5, 130
PATIENCE_S = 120
UMASKS = {"scheduler": 0o066, "odd": 0o060, "one": 0o066, "two": 0o062, "three": 0o026}
"""What a file lets nobody do tells who wrote it."""

GATE = "closed"
"""The name of a file in a campaign that holds the workers' encoders."""

ROOT = Path(__file__).parents[2]


@dataclass(slots=True)
class Cluster:
    """A scheduler and its workers, each with a thread, whose encoders wait while a campaign's gate is closed."""

    folder: Path
    home: Path
    scheduler: subprocess.Popen[bytes] | None = None
    workers: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def address(self) -> str:
        return str(json.loads((self.folder / "scheduler.json").read_text(encoding="utf-8"))["address"])

    def log(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text(encoding="utf-8", errors="replace")

    def start(
        self, program: str, *options: str, name: str, environment: Mapping[str, str] | None = None
    ) -> None:
        more = {"DASK_CONFIG": str(self.folder / "no settings"), **(environment or {})}
        with (self.folder / f"{name}.log").open("wb") as said:
            process = subprocess.Popen(
                [sys.executable, "-m", f"distributed.cli.{program}", "--no-dashboard", *options],
                env={"HOME": str(self.home), "PATH": os.environ["PATH"], "LANG": "C.UTF-8", **more},
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                umask=UMASKS[name],
                start_new_session=True,
            )
        if program == "dask_scheduler":
            self.scheduler = process
            options_file = self.folder / "scheduler.json"
            wait_until(
                lambda: options_file.exists() and options_file.read_text(encoding="utf-8").endswith("}")
            )
        else:
            self.workers[name] = process

    def start_worker(self, name: str, *, environment: Mapping[str, str] | None = None) -> None:
        """Its address is known once it is registered."""
        self.start(
            "dask_worker",
            *("--scheduler-file", "scheduler.json", "--host", "127.0.0.1", "--name", name),
            *(
                "--nthreads",
                "1",
                "--no-nanny",
                "--local-directory",
                name,
                "--dashboard-address",
                "127.0.0.1:0",
            ),
            name=name,
            environment={"REELS_FFMPEG": str(self.folder / "gate" / "ffmpeg"), **(environment or {})},
        )
        worker = self.workers[name]
        wait_until(lambda: "Registered to" in self.log(name) or worker.poll() is not None)
        assert worker.poll() is None, self.log(name)

    def address_of(self, worker: str) -> str:
        found = re.search(r"Start worker at: +(\S+)", self.log(worker))
        assert found is not None
        return found[1]

    def encodes(self, worker: str, root: Path) -> bool:
        """Whether this worker is encoding a chunk of the campaign now."""
        ours = self.workers[worker].pid
        return any(
            "chunk.mp4" in line and parent_of(process) == ours for process, line in at_work_on(root).items()
        )

    def stop(self) -> None:
        for process in (*self.workers.values(), *([self.scheduler] if self.scheduler is not None else [])):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait(PATIENCE_S)


# --- a campaign, made at home ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Films of three and two seconds, and one that nobody has given words to."""
    folder = tmp_path_factory.mktemp("films")
    lengths = {"long": 3, "short": 2, "unheard": 2}
    return {
        name: moving_film(folder / f"{name}.mp4", seconds=seconds, number=n)
        for n, (name, seconds) in enumerate(lengths.items())
    }


def campaign(root: Path, films: Mapping[str, Path]) -> Path:
    return small_campaign(root, films, without_words=["unheard"])


def run(reels: Reels, *arguments: str | Path, expect: int = 0) -> Ran:
    ran = reels.forge(*arguments, cwd=reels.home, home=reels.home, environment=reels.environment)
    assert ran.code == expect, f"exit code {ran.code}\n{ran.stdout}\n{ran.stderr}"
    assert "Traceback" not in ran.stderr
    return ran


@dataclass(slots=True)
class Running:
    """A run in hand; what it says is read while it works."""

    process: subprocess.Popen[bytes]
    said_in: Path

    @property
    def said(self) -> str:
        return self.said_in.read_text(encoding="utf-8", errors="replace")

    def ended(self) -> Ran:
        out, _ = self.process.communicate(timeout=PATIENCE_S)
        assert "Traceback" not in self.said
        return Ran(code=self.process.returncode, stdout=out.decode(), stderr=self.said)


@contextlib.contextmanager
def started(reels: Reels, root: Path, scheduler: str) -> Iterator[Running]:
    said_in = root.parent / f"{root.name}.said"
    with (
        said_in.open("wb") as said,
        subprocess.Popen(
            [*reels.argv, "render", str(root), "--scheduler", scheduler],
            env=reels.environment,
            cwd=reels.home,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=said,
            start_new_session=True,
        ) as process,
    ):
        try:
            yield Running(process, said_in)
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


def sentences(ran: Ran) -> list[str]:
    return [line.removeprefix("reels: ") for line in ran.told if line.startswith("reels: ")]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("campaigns")


@pytest.fixture(scope="module")
def to_nobody(reels: Reels, films: dict[str, Path], folder: Path) -> Iterator[Running]:
    """A run that asks for a scheduler where none is; begun before all others, it waits while they work."""
    with started(reels, campaign(folder / "to nobody", films), "tcp://127.0.0.1:9") as running:
        yield running


@pytest.fixture(scope="module")
def at_home(reels: Reels, films: dict[str, Path], folder: Path) -> Path:
    """Truth: the same campaign, made by one process."""
    root = campaign(folder / "at home", films)
    run(reels, "render", root)
    return root


# --- the cluster -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def cluster(reels: Reels, tmp_path_factory: pytest.TempPathFactory, to_nobody: Running) -> Iterator[Cluster]:
    """A scheduler and one worker that is not fit: an older reels and an older ffmpeg, which notes what it is asked."""
    place = Cluster(folder=tmp_path_factory.mktemp("cluster"), home=reels.home)
    (place.folder / "no settings").mkdir()
    waits = f"while [ -e ../../../{GATE} ]; do sleep 0.05; done"  # it stands in .reels/work/SOMEWHERE
    faulty_ffmpeg(place.folder / "gate", f'case "$*" in *chunk.mp4) {waits};; esac')
    older = place.folder / "older"
    notes = f'case "$*" in -version) echo "ffmpeg version 4.2.7-0ubuntu0.1"; exit;; esac\necho "$*" >>"{older}/asked"'
    faulty_ffmpeg(older, notes)
    (older / "sitecustomize.py").write_text("import reels\nreels.__version__ = '0.0.9'\n", encoding="ascii")
    try:
        place.start(
            "dask_scheduler",
            *("--host", "127.0.0.1", "--port", "0", "--scheduler-file", "scheduler.json"),
            *("--dashboard-address", "127.0.0.1:0"),
            name="scheduler",
        )
        place.start_worker(
            "odd", environment={"PYTHONPATH": str(older), "REELS_FFMPEG": str(older / "ffmpeg")}
        )
        yield place
    finally:
        place.stop()


@pytest.fixture(scope="module")
def refused(reels: Reels, films: dict[str, Path], folder: Path, cluster: Cluster) -> Ran:
    """What was said while no other worker was there."""
    root = campaign(folder / "by the cluster", films)
    return run(reels, "render", root, "--scheduler", cluster.address, expect=MISSING)


@pytest.fixture(scope="module")
def fit(cluster: Cluster, refused: Ran) -> Cluster:
    """Two workers more that are fit; one of them has its reels, and what comes with it, in another place."""
    assert refused.code == MISSING
    elsewhere = cluster.folder / "elsewhere"
    elsewhere.mkdir()
    for name in ("reels", "assets", "templates"):
        (elsewhere / name).symlink_to(ROOT / name)
    cluster.start_worker("one")
    cluster.start_worker("two", environment={"PYTHONPATH": str(elsewhere)})
    return cluster


@pytest.fixture(scope="module")
def by_cluster(reels: Reels, folder: Path, fit: Cluster) -> tuple[Path, Ran]:
    root = folder / "by the cluster"
    return root, run(reels, "render", root, "--scheduler", fit.address)


def test_a_cluster_without_a_fit_worker_is_told_in_one_sentence_with_everything_that_is_lacking(
    refused: Ran, cluster: Cluster
) -> None:
    (said,) = sentences(refused)
    assert said.startswith(f"{cluster.address}: found no worker that can be used; worker 127.0.0.1 (")
    assert f"reels is 0.0.9 there, expected {__version__}; install the same there" in said
    assert f"ffmpeg is 4.2.7-0ubuntu0.1 there, expected {find_ffmpeg().version}" in said
    assert said.endswith("or leave --scheduler out to work on this computer alone")
    assert refused.told == [f"reels: {said}"]
    assert refused.stdout == ""


def test_workers_make_the_same_files_byte_by_byte(by_cluster: tuple[Path, Ran], at_home: Path) -> None:
    root, _ = by_cluster
    assert handed_over(root) == handed_over(at_home)
    assert (root / "subtitles" / "unheard.ko.srt").read_bytes() == (
        at_home / "subtitles" / "unheard.ko.srt"
    ).read_bytes()
    assert not list((root / ".reels").glob("hello-*")), "what the workers were shown is left"
    assert not list((root / ".reels").glob("work/*"))


def test_every_worker_is_told_and_the_one_that_is_not_fit_gets_no_work(
    by_cluster: tuple[Path, Ran], fit: Cluster
) -> None:
    _, ran = by_cluster
    workers = [line for line in ran.told if line.startswith("worker ")]
    assert len(workers) == 4, ran.stderr
    for worker in ("one", "two"):
        assert any(f"({fit.address_of(worker)}): 1 step at a time" in line for line in workers)
    refused = [line for line in workers if f"({fit.address_of('odd')}) is not used: " in line]
    assert len(refused) == 2, "a line for each thing that it lacks"
    asked = (fit.folder / "older" / "asked").read_text(encoding="utf-8").splitlines()
    assert asked
    assert {line.split()[-1] for line in asked} == {"-filters", "-encoders"}, "it was given work"


def test_whatever_a_person_may_be_writing_too_is_written_by_the_started_process_alone(
    by_cluster: tuple[Path, Ran],
) -> None:
    root, _ = by_cluster
    ours = made_by_umask(root / "campaign.yaml")
    assert ours not in UMASKS.values()
    writers: dict[str, set[int]] = {}
    for step, result in results_of(root).items():
        words = step.split()
        kind = (
            words[0]
            if words[0] in ("probe", "draft", "transcribe", "hearing")
            else words[-1].rstrip("0123456789")
        )
        writers.setdefault(kind or "chunk", set()).add(made_by_umask(result / "result.json"))
    assert {kind for kind, umasks in writers.items() if umasks == {ours}} == {"draft", "deliver"}
    assert {kind for kind, umasks in writers.items() if ours not in umasks} >= {
        *("probe", "transcribe", "chunk", "sound", "audio", "join", "check", "cover"),
    }
    assert set().union(*writers.values()) == {ours, UMASKS["one"], UMASKS["two"]}
    for folder in ("out", "subtitles"):
        files = [path for path in (root / folder).rglob("*") if path.is_file()]
        assert files
        assert {path.name for path in files if made_by_umask(path) != ours} == set()


def test_everything_that_workers_did_is_noted(reels: Reels, by_cluster: tuple[Path, Ran]) -> None:
    root, _ = by_cluster
    steps = run(reels, "plan", root, "--json").json["steps"]
    assert steps
    assert {step["reason"] for step in steps} == {"reused"}
    noted = {
        json.loads(line)["step"]
        for line in (root / ".reels" / "journal.jsonl").read_text("ascii").splitlines()
    }
    assert noted == {step["id"] for step in steps}


def test_nobody_at_the_address_is_told_in_one_sentence(to_nobody: Running) -> None:
    ran = to_nobody.ended()
    assert ran.code == MISSING, ran.stderr
    (said,) = sentences(ran)
    assert said.startswith("tcp://127.0.0.1:9: found no Dask scheduler that answers (no answer for 10 s); ")
    assert "start it with `dask scheduler` and give the address that it prints" in said
    assert ran.told == [f"reels: {said}"]


@pytest.mark.parametrize("address", ["gpu-server", "http://127.0.0.1:8787"])
def test_what_is_no_address_is_a_mistake_in_the_command(
    reels: Reels, films: dict[str, Path], tmp_path: Path, address: str
) -> None:
    root = small_campaign(tmp_path / "festival", films)
    with started(reels, root, address) as running:
        ran = running.ended()
    assert ran.code == USAGE, ran.stderr
    (said,) = ran.told
    assert said.startswith(
        f"reels: --scheduler: found {address or 'nothing'}, expected an address such as tcp://"
    )


# --- who comes and goes ----------------------------------------------------------------------------------


def test_a_worker_that_dies_while_it_encodes_is_replaced_by_one_that_joins_meanwhile(
    reels: Reels, films: dict[str, Path], folder: Path, fit: Cluster, at_home: Path
) -> None:
    root = campaign(folder / "with a death", films)
    (root / GATE).touch()
    with started(reels, root, fit.address) as running:
        wait_until(lambda: fit.encodes("one", root) and fit.encodes("two", root))
        fit.workers["one"].kill()
        fit.workers["one"].wait(PATIENCE_S)
        wait_until(lambda: f"worker {fit.address_of('one')} is gone; others take over" in running.said)
        fit.start_worker("three")
        wait_until(lambda: f"({fit.address_of('three')}): 1 step at a time" in running.said)
        (root / GATE).unlink()
        ran = running.ended()
    writers = {made_by_umask(result / "result.json") for result in results_of(root).values()}
    assert {UMASKS["two"], UMASKS["three"]} <= writers
    assert ran.code == 0, ran.stderr
    assert ran.stderr.count(" is gone; ") == 1
    assert handed_over(root) == handed_over(at_home)
    require_nobody_at_work_on(root)


def test_an_interrupted_run_ends_its_encoders_on_every_worker_and_the_workers_work_on(
    reels: Reels, films: dict[str, Path], folder: Path, fit: Cluster, at_home: Path
) -> None:
    root = campaign(folder / "interrupted", films)
    (root / GATE).touch()
    with started(reels, root, fit.address) as running:
        wait_until(lambda: sum("chunk.mp4" in line for line in at_work_on(root).values()) == 2)
        running.process.send_signal(signal.SIGINT)
        ran = running.ended()
    assert ran.code == INTERRUPTED, ran.stderr
    assert sentences(ran) == ["interrupted; what is finished is kept, run the same command again to go on"]
    require_nobody_at_work_on(root)
    assert not handed_over(root)
    (root / GATE).unlink()
    alive = [name for name, worker in fit.workers.items() if worker.poll() is None]
    assert set(alive) >= {"odd", "two"}
    run(reels, "render", root, "--scheduler", fit.address)
    assert handed_over(root) == handed_over(at_home)


def test_a_run_can_be_interrupted_although_the_scheduler_does_not_answer(
    reels: Reels, films: dict[str, Path], folder: Path, fit: Cluster
) -> None:
    root = campaign(folder / "without an answer", films)
    (root / GATE).touch()
    assert fit.scheduler is not None
    with started(reels, root, fit.address) as running:
        wait_until(lambda: any("chunk.mp4" in line for line in at_work_on(root).values()))
        fit.scheduler.send_signal(signal.SIGSTOP)
        try:
            running.process.send_signal(signal.SIGINT)
            ran = running.ended()
        finally:
            fit.scheduler.send_signal(signal.SIGCONT)
            (root / GATE).unlink()
    assert ran.code == INTERRUPTED, ran.stderr
    require_nobody_at_work_on(root)


def test_a_scheduler_that_dies_ends_the_run_in_one_sentence_and_what_is_finished_is_used_at_home(
    reels: Reels, films: dict[str, Path], folder: Path, fit: Cluster, at_home: Path
) -> None:
    """The last test: nothing of the cluster is left after it."""
    root = campaign(folder / "without a scheduler", films)
    (root / GATE).touch()
    address = fit.address
    assert fit.scheduler is not None
    with started(reels, root, address) as running:
        wait_until(lambda: any("chunk.mp4" in line for line in at_work_on(root).values()))
        fit.scheduler.kill()
        fit.scheduler.wait(PATIENCE_S)
        ran = running.ended()
    (root / GATE).unlink()
    assert ran.code == MISSING, ran.stderr
    (said,) = sentences(ran)
    assert said.startswith(f"{address}: found no Dask scheduler that answers (it was there and is gone); ")
    assert "what is finished is kept" in said
    assert "distributed" not in ran.stderr, "what Dask has to say of it"
    require_nobody_at_work_on(root)
    before = set(results_of(root))
    assert before
    again = run(reels, "render", root, "--json").json["reels"]
    assert {outcome["status"] for outcome in again} == {"done"}
    assert any(outcome["steps_reused"] for outcome in again)
    assert handed_over(root) == handed_over(at_home)
