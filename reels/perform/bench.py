"""What the function of one step has at hand: the store, a folder of its own, the results it needs."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from reels.campaign.model import Workspace
from reels.errors import DiskFailed, SourceChanged
from reels.said import Said
from reels.steps import Step
from reels.store import Result, Store

__all__ = ["Bench", "Progress", "Workshop", "lay_in"]

Progress = Callable[[Fraction], None]
"""Called with the finished share of a step, 0 to 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Workshop:
    """Where work is done: plain values, so that a worker on another machine can open the same folders."""

    workspace: Workspace

    @property
    def store(self) -> Store:
        return Store(self.workspace.store_dir)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """One step's place of work."""

    workspace: Workspace
    store: Store
    step: Step
    on_progress: Progress

    @contextmanager
    def folder(self) -> Iterator[Path]:
        """A folder of the step's own, gone afterwards unless it was published."""
        with self.store.work_folder() as folder:
            yield folder

    def publish(self, folder: Path, facts: Mapping[str, Any], *files: str) -> None:
        """Make `files` of `folder` and `facts` the result of the step, in place of an old one if it is forced.

        Raises: SourceChanged; DiskFailed.
        """
        self.require_same_sources()
        forced = self.step.reason == "forced"
        self.store.commit(self.step.made_as, folder, facts, files, replace=forced)

    def require_same_sources(self) -> None:
        """Raises: SourceChanged: the fingerprint would name what was not read."""
        for source in self.step.sources:
            if not source.stands():
                raise SourceChanged(path=source.path.name)

    def need(self, fingerprint: str) -> Result:
        """The result of a step that this one needs. Raises: DiskFailed where it has vanished meanwhile."""
        result = self.store.result(fingerprint)
        if result is None:
            found = Said(f"the result {fingerprint[:12]} has vanished", ko=f"사라진 결과 {fingerprint[:12]}")
            raise DiskFailed(path=str(self.store.root), found=found)
        return result


def lay_in(source: Path, target: Path) -> None:
    """`source` under a neutral name in a work folder, without copying where the file system allows it."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)
