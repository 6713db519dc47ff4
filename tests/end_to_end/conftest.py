"""The real command in a process of its own, with an empty home, and what it said.

The process is a fork of one that has imported the program: a hundred runs need not pay for a hundred imports. The
entry points themselves are started by `test_wheel`, `test_command_line` and `test_bad_input`.
"""

from __future__ import annotations

import json
import os
import subprocess
import sysconfig
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.entry_point import Forge, forge


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """How a command ended."""

    status: int
    stdout: str
    stderr: str

    @property
    def json(self) -> Any:
        return json.loads(self.stdout)

    @property
    def files(self) -> list[Path]:
        return [Path(line) for line in self.stdout.splitlines()]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reels:
    """The `reels` command; its home is empty and its cache is the session's."""

    home: Path
    forge: Forge

    @property
    def argv(self) -> tuple[str, ...]:
        """What starts it in an interpreter of its own."""
        return (str(Path(sysconfig.get_path("scripts")) / "reels"),)

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "REELS_FFMPEG") if name in os.environ}
        return kept | {"HOME": str(self.home), "REELS_CACHE": str(self.home / "cache"), "LANG": "C.UTF-8"}

    def run(self, *arguments: str | Path, expect: int = 0) -> Said:
        """Run to the end; fails with what it said where the exit code is not `expect`."""
        ran = self.forge(*arguments, cwd=self.home, home=self.home, environment=self.environment)
        assert ran.code == expect, f"exit code {ran.code}\n{ran.stdout}\n{ran.stderr}"
        return Said(status=ran.code, stdout=ran.stdout, stderr=ran.stderr)

    def start(self, *arguments: str | Path) -> subprocess.Popen[str]:
        """Start in a session of its own, so that a signal to the group reaches nobody else."""
        return subprocess.Popen(
            [*self.argv, *map(str, arguments)],
            env=self.environment,
            cwd=self.home,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )


@pytest.fixture(scope="session")
def reels(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reels]:
    with forge(tmp_path_factory.mktemp("forge")) as started:
        yield Reels(home=tmp_path_factory.mktemp("home"), forge=started)
