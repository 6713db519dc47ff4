"""A Dask cluster on this machine for as long as a block lasts: a scheduler, and workers of one thread and one core each.

A worker's ffmpeg decodes, filters and encodes in threads of its own. Where it may use the other core too, one worker is
more than one, and two are compared with that: so each is held to a core, as it would be on a machine of its own. Linux
only. Nothing here knows what is measured.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["cluster"]

_PATIENCE_S = 60


@contextmanager
def cluster(folder: Path, *, workers: int) -> Iterator[str]:
    """The address of a scheduler with so many workers. Raises: TimeoutError where it does not come up."""
    folder.mkdir(parents=True, exist_ok=True)
    told = folder / "scheduler.json"
    told.unlink(missing_ok=True)
    running = [
        _start("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", told)
    ]
    try:
        address = _address(told)
        options = ("--nthreads", "1", "--nworkers", "1", "--no-dashboard", "--local-directory", folder)
        cores = sorted(os.sched_getaffinity(0))
        if workers > len(cores):
            raise ValueError(f"{workers} workers want as many cores; there are {len(cores)}")
        running += [_start("worker", address, *options, core=core) for core in cores[:workers]]
        _wait_for(address, workers)
        yield address
    finally:
        for process in reversed(running):
            process.terminate()
        for process in running:
            process.wait()


def _start(role: str, *arguments: str | Path, core: int | None = None) -> subprocess.Popen[bytes]:
    held = ["taskset", "--cpu-list", str(core)] if core is not None else []
    return subprocess.Popen(
        [*held, sys.executable, "-m", "dask", role, *map(str, arguments)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _address(told: Path) -> str:
    deadline = time.monotonic() + _PATIENCE_S
    while time.monotonic() < deadline:
        if told.exists() and (text := told.read_text(encoding="utf-8")):
            return str(json.loads(text)["address"])
        time.sleep(0.1)
    raise TimeoutError("the scheduler did not start")


def _wait_for(address: str, workers: int) -> None:
    from distributed import Client

    with Client(address, set_as_default=False) as client:  # type: ignore[no-untyped-call]
        client.wait_for_workers(workers, timeout=_PATIENCE_S)
