"""The real command in a process of its own, with an empty home, and what it said."""

from __future__ import annotations

import json
import os
import subprocess
import sysconfig
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest


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
    """The installed `reels` command; its home is empty and its cache is the session's."""

    home: Path

    @property
    def argv(self) -> tuple[str, ...]:
        return (str(Path(sysconfig.get_path("scripts")) / "reels"),)

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "REELS_FFMPEG") if name in os.environ}
        return kept | {"HOME": str(self.home), "REELS_CACHE": str(self.home / "cache"), "LANG": "C.UTF-8"}

    def run(self, *arguments: str | Path, expect: int = 0) -> Said:
        """Run to the end; fails with what it said where the exit code is not `expect`."""
        done = subprocess.run(
            [*self.argv, *map(str, arguments)],
            env=self.environment,
            cwd=self.home,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == expect, f"exit code {done.returncode}\n{done.stdout}\n{done.stderr}"
        return Said(status=done.returncode, stdout=done.stdout, stderr=done.stderr)

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
def reels(tmp_path_factory: pytest.TempPathFactory) -> Reels:
    return Reels(home=tmp_path_factory.mktemp("home"))
