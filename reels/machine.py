"""What this computer has for work: cores and memory that this process may really use.

A container or a scheduler may give it less than the machine has. Asks the operating system and decides nothing.
"""

from __future__ import annotations

import os
from pathlib import Path

import psutil

__all__ = ["cores", "cpu_seconds", "free_memory"]

_CGROUP = Path("/sys/fs/cgroup")


def cores() -> int:
    """How many cores this process may use at once, never less than one.

    Source: sched_getaffinity(2); the Linux kernel's cgroup v2 documentation, cpu.max.
    """
    try:
        count = len(os.sched_getaffinity(0))
    except AttributeError:  # macOS, Windows
        count = os.cpu_count() or 1
    quota = _words(_CGROUP / "cpu.max")
    if len(quota) == 2 and quota[0].isdigit() and quota[1].isdigit():
        count = min(count, int(quota[0]) // max(1, int(quota[1])))
    return max(1, count)


def free_memory() -> int:
    """Bytes that can be taken now without pushing anything else out of memory.

    A container counts as used also what the kernel keeps of files that were read once; like the machine's own, that
    part is given back when it is asked for.

    Source: psutil's `virtual_memory`; the Linux kernel's cgroup v2 and v1 documentation on memory limits and
    `memory.stat`.
    """
    free = int(psutil.virtual_memory().available)
    for limit, used, counts, given_back in (
        ("memory.max", "memory.current", "memory.stat", "inactive_file"),
        (
            "memory/memory.limit_in_bytes",
            "memory/memory.usage_in_bytes",
            "memory/memory.stat",
            "total_inactive_file",
        ),
    ):
        allowed, taken = _words(_CGROUP / limit), _words(_CGROUP / used)
        if allowed and taken and allowed[0].isdigit() and taken[0].isdigit():
            held = max(0, int(taken[0]) - _counted(_CGROUP / counts, given_back))
            free = min(free, max(0, int(allowed[0]) - held))
    return free


def cpu_seconds(pid: int) -> float | None:
    """CPU seconds that process `pid` has used so far; None where it is gone or nobody may ask."""
    try:
        times = psutil.Process(pid).cpu_times()
    except psutil.Error:
        return None
    return float(times.user + times.system)


def _counted(path: Path, name: str) -> int:
    """The number beside `name` in a file of names and numbers; 0 where there is none."""
    words = _words(path)
    number = dict(zip(words[::2], words[1::2], strict=False)).get(name, "")
    return int(number) if number.isdigit() else 0


def _words(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="ascii").split()
    except (OSError, UnicodeDecodeError):
        return []
