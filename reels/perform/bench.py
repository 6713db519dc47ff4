"""What the function of one step has at hand: the store, a folder of its own, the results it needs."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from reels.campaign.model import Workspace
from reels.errors import DiskFailed, FootageMissing, SourceChanged
from reels.said import Said, said_by_system
from reels.steps import Step
from reels.store import Result, Store, awaited, fault_in

__all__ = ["Bench", "Progress", "Workshop", "lay_in"]

_NO_ROOM = frozenset(
    number for name in ("ENOSPC", "EDQUOT", "EFBIG") if (number := getattr(errno, name, None)) is not None
)
"""What can only be said of the file that is written; a failed copy names the other one."""

_MADE_AGAIN = Said(
    "it was removed, run the same command again and it is made anew; if this happens again, the drive is failing",
    ko="지웠으니 같은 명령을 다시 실행하면 새로 만듭니다. 자꾸 이러면 드라이브가 고장 나고 있는 것입니다.",
)

Progress = Callable[[Fraction], None]
"""Called with the finished share of a step, 0 to 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Workshop:
    """Where work is done: plain values, so that a worker on another machine can open the same folders.

    `shared`: several machines work there, and see each other's results late.
    """

    workspace: Workspace
    shared: bool = False

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
    shared: bool = False

    @contextmanager
    def folder(self) -> Iterator[Path]:
        """A folder of the step's own, gone afterwards unless it was published."""
        with self.store.work_folder() as folder:
            yield folder

    def publish(self, folder: Path, facts: Mapping[str, Any], *files: str) -> None:
        """Make `files` of `folder` and `facts` the result of the step, in place of an old one if it is forced.

        Raises: SourceChanged; FootageMissing; DiskFailed.
        """
        self.require_same_sources()
        forced = self.step.reason == "forced"
        self.store.commit(self.step.made_as, folder, facts, files, replace=forced)

    def require_same_sources(self) -> None:
        """Raises: SourceChanged, for the fingerprint would name what was not read; FootageMissing where one is gone;
        DiskFailed where one cannot be looked at now.
        """
        for source in self.step.sources:
            try:
                stands = source.stands()
            except (FileNotFoundError, NotADirectoryError):
                raise FootageMissing(path=str(source.path)) from None
            except OSError as error:
                raise DiskFailed(path=str(source.path), found=said_by_system(error)) from None
            if not stands:
                raise SourceChanged(path=source.path.name)

    def need(self, fingerprint: str, *, in_full: bool = False) -> Result:
        """The result of a step that this one needs; `in_full` where its bytes are handed on as they are.

        Raises: DiskFailed where it has vanished meanwhile, or not every byte of it is what was written. Then it is taken
        away, for a plan would not see it.
        """
        result = awaited(self.store, fingerprint) if self.shared else self.store.result(fingerprint)
        if result is None:
            raise self.store.lacks(fingerprint)
        if in_full and (fault := fault_in(result.folder)) is not None:
            self.store.drop(fingerprint)
            raise DiskFailed(path=str(result.folder), found=fault, remedy=_MADE_AGAIN)
        return result


def lay_in(source: Path, target: Path) -> None:
    """`source` under a neutral name in a work folder, without copying where the file system allows it.

    Raises: OSError, which names the file that it is about.
    """
    try:
        os.link(source, target)
    except OSError:
        try:
            shutil.copyfile(source, target)
        except OSError as error:
            if error.errno not in _NO_ROOM:
                raise
            raise OSError(error.errno, error.strerror, str(target)) from None
