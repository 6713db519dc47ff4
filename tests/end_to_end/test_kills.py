"""kill -9 at random moments: each next run goes on, nothing that was finished is made again, and no film is wrong.

`make bench-killed` does the same fifty times, on a larger campaign.
"""

from __future__ import annotations

import contextlib
import os
import random
import signal
import time
from pathlib import Path

import pytest

from .conftest import Reels
from .small_films import decoded, handed_over, moving_film, require_nobody_at_work_on, small_campaign

NAMES = ("hello", "축제", "storm")
MOMENTS = 6
PATIENCE_S = 120


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("films")
    return {name: moving_film(folder / f"{n}.mp4", number=n) for n, name in enumerate(NAMES)}


def _finished(root: Path) -> dict[str, int]:
    """When each result in the store was written, by its fingerprint."""
    return {
        record.parent.name: record.stat().st_mtime_ns
        for record in (root / ".reels" / "results").glob("*/*/result.json")
    }


def _killed_after(reels: Reels, root: Path, seconds: float) -> bool:
    """Kill a run and its whole group without warning, unless it ends before; whether it was killed."""
    with reels.start("render", root, "--jobs", "2") as process:
        with contextlib.suppress(Exception):
            process.communicate(timeout=seconds)
        ended = process.poll() is not None
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
    require_nobody_at_work_on(root)
    return not ended


def test_runs_that_are_killed_at_random_moments_end_in_the_undisturbed_films(
    reels: Reels, films: dict[str, Path], tmp_path: Path
) -> None:
    undisturbed = small_campaign(tmp_path / "undisturbed", films)
    began = time.monotonic()
    with reels.start("render", undisturbed, "--jobs", "2") as process:
        process.communicate(timeout=PATIENCE_S)
    whole_s = time.monotonic() - began
    seed = random.SystemRandom().randrange(1_000_000)
    chance = random.Random(seed)
    root = small_campaign(tmp_path / "killed", films)
    kills, finished = 0, dict[str, int]()
    for _ in range(MOMENTS):
        kills += _killed_after(reels, root, chance.uniform(0.1, 0.35) * whole_s)
        now = _finished(root)
        again = [name for name, written in finished.items() if now.get(name) != written]
        assert not again, f"seed {seed}: made again, though it was finished"
        finished = now
    assert kills > 1, f"seed {seed}: hardly anybody was killed"
    last = reels.run("render", root, "--json").json
    assert last["ok"], f"seed {seed}"
    now = _finished(root)
    assert finished.items() <= now.items(), f"seed {seed}: made again, though it was finished"
    assert handed_over(root) == handed_over(undisturbed), f"seed {seed}"
    for name in NAMES:
        film = Path("out", name, "small", f"{name}.mp4")
        assert decoded(root / film) == decoded(undisturbed / film), f"seed {seed}: {name}"
    assert not list(root.rglob(".writing-*"))
    assert not list((root / ".reels").glob("work/*"))
