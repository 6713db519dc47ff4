"""A page of the documentation that a bench writes into, between its own marks, and the machine it ran on.

Nothing here knows what is measured.
"""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from reels.tools.ffmpeg import find_ffmpeg

__all__ = ["load_now", "machine", "write_between"]


def machine(load: tuple[str, str], packages: tuple[str, ...]) -> Iterator[str]:
    """Lines of Markdown: day, processor, memory, system, load before and after, versions."""
    model = next(
        (line.partition(":")[2].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")),
        platform.processor(),
    )
    memory = next(int(line.split()[1]) for line in _lines("/proc/meminfo") if line.startswith("MemTotal"))
    versions = ", ".join(f"{name} {version(name)}" for name in packages)
    yield f"- {datetime.now(UTC):%Y-%m-%d}; {len(os.sched_getaffinity(0))} cores of {model}, {memory / 2**20:.0f} GiB,"
    yield f"  {platform.system()} {platform.release()}; load before {load[0]}, after {load[1]}"
    yield f"- Python {platform.python_version()}, ffmpeg {find_ffmpeg().version}, {versions}"


def load_now() -> str:
    return f"{os.getloadavg()[0]:.1f}"


def write_between(page: Path, begin: str, end: str, text: str) -> None:
    """`text` between the marks of the page. Raises: ValueError where the page has none."""
    whole = page.read_text(encoding="utf-8")
    before, first, rest = whole.partition(begin)
    _, last, after = rest.partition(end)
    if not (first and last):
        raise ValueError(f"{page} lacks the lines {begin} and {end}")
    page.write_text(f"{before}{begin}\n{text}\n{end}{after}", encoding="utf-8")


def _lines(file: str) -> list[str]:
    return Path(file).read_text(encoding="utf-8", errors="replace").splitlines()
