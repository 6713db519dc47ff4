"""What a child process costs: wall seconds, CPU seconds, and the most memory that it and its children held at once.

CPU seconds are user and system time of the process and of every descendant that was waited for. Memory is the
sum of resident sizes over the process tree, sampled twenty times a second: pages that two processes share count
twice, so it is an upper bound. Linux only (`/proc`). Nothing here knows what is measured.
"""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

__all__ = ["ChildBroke", "Cost", "measured", "measured_together"]

_SAMPLE_S = 0.05
_PAGE = os.sysconf("SC_PAGE_SIZE")


class ChildBroke(Exception):
    """A measured program failed, so that its numbers would mean nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """One run. `output` is what the program wrote to stdout."""

    wall_s: float
    cpu_s: float
    peak_bytes: int
    output: str = ""


def measured(argv: Sequence[str | Path], *, cwd: Path | None = None) -> Cost:
    """Run one program. Raises: ChildBroke."""
    return measured_together([argv], cwd=cwd)


def measured_together(commands: Sequence[Sequence[str | Path]], *, cwd: Path | None = None) -> Cost:
    """Run several programs at once and wait for the last; costs are summed, wall time is that of all.

    Raises: ChildBroke.
    """
    began = time.monotonic()
    running = [
        subprocess.Popen(
            [str(part) for part in command],
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        for command in commands
    ]
    said: list[tuple[bytearray, bytearray]] = [(bytearray(), bytearray()) for _ in running]
    readers = [
        threading.Thread(target=_keep, args=(stream, kept), daemon=True)
        for process, (out, err) in zip(running, said, strict=True)
        for stream, kept in ((process.stdout, out), (process.stderr, err))
    ]
    for reader in readers:
        reader.start()
    watch = _Watch([process.pid for process in running])
    watch.start()
    cpu_s, statuses = 0.0, []
    for process in running:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        statuses.append(process.returncode)
        cpu_s += usage.ru_utime + usage.ru_stime
    wall_s = time.monotonic() - began
    watch.stop()
    for reader in readers:
        reader.join()
    if any(statuses):
        worst = next(number for number, status in enumerate(statuses) if status)
        last = said[worst][1].decode("utf-8", "replace")[-2000:]
        raise ChildBroke(f"{commands[worst]} ended with {statuses[worst]}: {last}")
    output = "".join(out.decode("utf-8") for out, _ in said)
    return Cost(wall_s=wall_s, cpu_s=cpu_s, peak_bytes=watch.peak_bytes, output=output)


def _keep(stream: IO[bytes] | None, kept: bytearray) -> None:
    while stream is not None and (chunk := stream.read(1 << 16)):
        kept += chunk


class _Watch(threading.Thread):
    """Samples the memory of process trees until it is stopped."""

    def __init__(self, roots: Sequence[int]) -> None:
        super().__init__(daemon=True)
        self.peak_bytes = 0
        self._roots = frozenset(roots)
        self._ended = threading.Event()

    def run(self) -> None:
        while not self._ended.wait(_SAMPLE_S):
            self.peak_bytes = max(self.peak_bytes, _resident(self._roots))

    def stop(self) -> None:
        self._ended.set()
        self.join()


def _resident(roots: frozenset[int]) -> int:
    """Resident bytes of `roots` and all their descendants. Source: proc(5), /proc/pid/stat and statm."""
    parents = {int(entry.name): _parent(entry) for entry in Path("/proc").iterdir() if entry.name.isdigit()}
    total = 0
    for process in parents:
        above: int | None = process
        while above is not None and above not in roots:
            above = parents.get(above)
        if above is not None:
            total += _resident_alone(process)
    return total


def _parent(entry: Path) -> int | None:
    try:
        # The name in brackets may hold anything, brackets and spaces too.
        return int((entry / "stat").read_text(errors="replace").rpartition(")")[2].split()[1])
    except (OSError, ValueError, IndexError):
        return None


def _resident_alone(process: int) -> int:
    try:
        return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * _PAGE
    except (OSError, ValueError, IndexError):
        return 0
