"""What this computer has for work, in a container too."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from reels import machine


@pytest.fixture
def control_group(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A container's limits as files, none of them yet."""
    monkeypatch.setattr(machine, "_CGROUP", tmp_path)
    return tmp_path


def test_without_limits_everything_may_be_used(control_group: Path) -> None:
    assert machine.cores() == len(os.sched_getaffinity(0))
    assert machine.free_memory() > 50_000_000


@pytest.mark.parametrize(
    ("quota", "cores"),
    [("100000 100000", 1), ("50000 100000", 1), ("max 100000", 0), ("nonsense", 0), ("", 0)],
)
def test_a_container_may_use_no_more_cores_than_it_was_given(
    control_group: Path, quota: str, cores: int
) -> None:
    (control_group / "cpu.max").write_text(quota, encoding="ascii")
    assert machine.cores() == (cores or len(os.sched_getaffinity(0)))


def test_a_container_may_take_what_is_left_of_its_memory(control_group: Path) -> None:
    (control_group / "memory.max").write_text("30000000\n", encoding="ascii")
    (control_group / "memory.current").write_text("10000000\n", encoding="ascii")
    assert machine.free_memory() == 20_000_000
    (control_group / "memory.current").write_text("40000000\n", encoding="ascii")
    assert machine.free_memory() == 0, "more than it may, while pages are being given back"


def test_the_older_kind_of_container_is_understood(control_group: Path) -> None:
    (control_group / "memory").mkdir()
    (control_group / "memory/memory.limit_in_bytes").write_text("30000000", encoding="ascii")
    (control_group / "memory/memory.usage_in_bytes").write_text("10000000", encoding="ascii")
    assert machine.free_memory() == 20_000_000


@pytest.mark.parametrize(
    ("limit", "used", "stat", "name"),
    [
        ("memory.max", "memory.current", "memory.stat", "inactive_file"),
        (
            "memory/memory.limit_in_bytes",
            "memory/memory.usage_in_bytes",
            "memory/memory.stat",
            "total_inactive_file",
        ),
    ],
)
def test_footage_that_was_read_takes_no_memory_of_a_container(
    control_group: Path, limit: str, used: str, stat: str, name: str
) -> None:
    (control_group / "memory").mkdir()
    (control_group / limit).write_text("30000000\n", encoding="ascii")
    (control_group / used).write_text("29000000\n", encoding="ascii")
    counts = f"anon 7000000\nfile 22000000\n{name} 20000000\nactive_file 2000000\n"
    (control_group / stat).write_text(counts, encoding="ascii")
    assert machine.free_memory() == 21_000_000
    (control_group / stat).write_text(f"{name} 90000000\n", encoding="ascii")
    assert machine.free_memory() == 30_000_000, "the two files are not read at the same moment"


def test_the_time_of_a_process_is_told_and_of_none_nothing() -> None:
    assert (machine.cpu_seconds(os.getpid()) or 0) > 0
    assert machine.cpu_seconds(2**22 + 1) is None
