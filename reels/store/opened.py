"""`Store`: the results, the journal and the lock of one campaign."""

from __future__ import annotations

import errno
import math
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from reels.errors import DISK_TROUBLES, DiskFailed, OutputNotWritable, ReelsError, StoreNewer, cannot_write
from reels.said import Said, said_by_system
from reels.store.journal import Journal, JournalEntry
from reels.store.lock import take_lock
from reels.store.results import Result, read_result, write_record
from reels.store.writing import HELLO, RECORD, TEMPORARY, discard, remove, team_mode, write_atomically

__all__ = ["Store"]

_VERSION = 1
_LONGEST_VERSION = 40
_ATTEMPTS = 20
_ALL = os.R_OK | os.W_OK | os.X_OK
_AS_WE_ARE = os.access in os.supports_effective_ids
_DISK_TROUBLES = DISK_TROUBLES | {errno.EROFS, errno.EACCES, errno.EPERM}
"""What may befall a step that is without fault; anything else is a fault of ours."""


class Store:
    """The results of one campaign. Opening it writes nothing; `prepare` does."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.journal = Journal(root / "journal.jsonl")
        self._seen: dict[str, Result] = {}

    # --- reading -----------------------------------------------------------------------------------------

    def result(self, fingerprint: str) -> Result | None:
        """The stored result, if it is there and whole."""
        seen = self._seen.get(fingerprint)
        if seen is not None and _lies_there(seen.folder / RECORD):
            return seen
        result = read_result(self.folder_of(fingerprint), fingerprint)
        if result is not None:
            self._seen[fingerprint] = result
        return result

    def last_made(self, step_id: str) -> JournalEntry | None:
        """What the step was made from when it last finished."""
        return self.journal.last(step_id)

    def folder_of(self, fingerprint: str) -> Path:
        """Where the result lies, or would."""
        return self.root / "results" / fingerprint[:2] / fingerprint

    def require_known_version(self) -> None:
        """Raises: StoreNewer where another reels has written here: what it means by its results we do not know."""
        version = self._version()
        if version is not None and _number(version) > _VERSION:
            raise StoreNewer(path=str(self.root), version=version[:_LONGEST_VERSION], known=_VERSION)

    def _version(self) -> str | None:
        """None for a new store, and for a file of which a power cut has left nothing. Raises: as `prepare`."""
        try:
            text = (self.root / "version").read_text(encoding="utf-8", errors="replace")
        except FileNotFoundError:
            return None
        except OSError as error:
            raise self._told(error) from None
        return text.strip("\0 \r\n") or None

    def _write_version(self) -> None:
        """Another run that begins at the same moment clears what looks half made; then it has written it, or we do again."""
        for _ in range(_ATTEMPTS):
            try:
                write_atomically(self.root / "version", f"{_VERSION}\n")
            except FileNotFoundError:
                if not self._is_there():
                    raise
            else:
                return
        write_atomically(self.root / "version", f"{_VERSION}\n")

    # --- writing -----------------------------------------------------------------------------------------

    def prepare(self) -> None:
        """Make the folders, and look whether all that will be written to can be, before hours of work.

        The results of an earlier version are deleted, for nothing could read them; those of a later one are never touched.
        Where a power cut has left no version, it is written anew and the results stay: each of them proves itself.

        Raises: StoreNewer; StoreBusy where an earlier version's results are in use; OutputNotWritable, DiskFailed.
        """
        results = self.root / "results"
        try:
            results.mkdir(parents=True, exist_ok=True)
            self.require_known_version()
            version = self._version()
            if version is not None and _number(version) < _VERSION:
                with self.held():
                    discard(results, self.root / "trash")
                    results.mkdir(exist_ok=True)
                    self._seen.clear()
                    write_atomically(self.root / "version", f"{_VERSION}\n")
            elif version is None:
                self._write_version()
            for folder in (self.root, results, *results.iterdir()):
                if folder.is_dir() and not os.access(folder, _ALL, effective_ids=_AS_WE_ARE):
                    raise OutputNotWritable(
                        where=str(folder), found=Said("it permits no writing", ko="쓰기를 허락하지 않음")
                    )
        except OSError as error:
            raise self._told(error) from None

    @contextmanager
    def held(self, wait: bool = False, on_wait: Callable[[str], None] | None = None) -> Iterator[Said | None]:
        """Hold the store for one run; what a killed run left half made is cleared.

        With `wait`, `on_wait` is told once who holds it, and this one goes on when that one ends. What was
        read before is forgotten then, for it may have changed meanwhile.

        Where the file system has no locks, the run goes on without one, and what it yields says so: refusing would
        make such shares useless, and a lock made of ordinary files would have to be unlocked by hand after a crash,
        or guess. Two runs at once there do work twice and lose nothing, for a result appears by one rename; so
        nothing is cleared that may be another's. Only pruning takes away what the other may need.

        Raises: StoreBusy naming who holds it; StoreNewer; DiskFailed, OutputNotWritable.
        """
        self.require_known_version()
        try:
            lock = take_lock(self.root / "lock", wait=wait, on_wait=on_wait)
        except OSError as error:
            raise self._told(error) from None
        try:
            self.journal.forget()
            self._seen.clear()
            if lock.is_locked:
                self._clear()
            yield None if lock.is_locked else self._caution()
        finally:
            if lock.is_locked and lock.is_in_place():
                shutil.rmtree(self.root / "work", ignore_errors=True)
            lock.release()

    def _caution(self) -> Said:
        return Said(
            f"{self.root}: the file system here has no locks; take care that no second reels works in this folder",
            ko=f"{self.root}: 이 파일 시스템에는 잠금이 없습니다. 이 폴더에서 reels를 두 번 동시에 실행하지 마세요.",
        )

    def _clear(self) -> None:
        """What a killed run left: nobody else writes here while we hold the store."""
        for folder in (self.root / "work", self.root / "trash"):
            with suppress(OSError):
                remove(folder)
        for folder, begins in ((self.root, TEMPORARY), (self.root / "drafts", TEMPORARY), (self.root, HELLO)):
            for left_over in folder.glob(f"{begins}*"):
                with suppress(OSError):
                    left_over.unlink()

    @contextmanager
    def work_folder(self) -> Iterator[Path]:
        """A folder of a step's own with a neutral name, gone afterwards unless it was committed.

        Raises: DiskFailed, OutputNotWritable, also for what the disk refuses to whoever works in it.
        """
        try:
            (self.root / "work").mkdir(parents=True, exist_ok=True)
            folder = Path(tempfile.mkdtemp(dir=self.root / "work"))
        except OSError as error:
            raise self._told(error) from None
        try:
            yield folder
        except OSError as error:
            if error.errno in _DISK_TROUBLES:
                raise self._told(error) from error
            # Not whether the store is there: after it had vanished, another step may have begun it anew.
            if not _lies_there(folder):
                raise self._vanished() from error
            raise
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def _is_there(self) -> bool:
        try:
            self.root.stat()
        except OSError:
            return False
        return True

    def _told(self, error: OSError) -> ReelsError:
        """What the system's error means: the whole store has vanished, or one of its files cannot be written."""
        if not self._is_there() and (self.root.is_symlink() or error.errno == errno.ENOENT):
            return self._vanished()
        place = Path(os.fsdecode(error.filename)) if isinstance(error.filename, str | bytes) else self.root
        if place.is_absolute() and not place.is_relative_to(self.root):
            return DiskFailed(path=str(place), found=said_by_system(error, str(error)))
        return cannot_write(place if place.is_absolute() else self.root, error)

    def _vanished(self) -> DiskFailed:
        return DiskFailed(path=str(self.root), found=Said("the folder has vanished", ko="사라진 폴더"))

    def commit(
        self,
        fingerprint: str,
        folder: Path,
        facts: Mapping[str, Any],
        files: tuple[str, ...],
        *,
        replace: bool = False,
    ) -> Result:
        """Publish `files` of a work folder and `facts` as the result of `fingerprint`, by one rename.

        A whole result that is there already stays, unless it is to be replaced.
        """
        for left_over in folder.iterdir():
            if left_over.name not in files:
                remove(left_over)
        write_record(folder, facts, files)
        # mkdtemp makes private folders; results are for the team.
        folder.chmod(team_mode(0o777))
        target = self.folder_of(fingerprint)
        target.parent.mkdir(parents=True, exist_ok=True)
        self._seen.pop(fingerprint, None)
        if os.path.lexists(target) and (replace or self.result(fingerprint) is None):
            discard(target, self.root / "trash")  # damaged, or not trusted by whoever forces
            self._seen.pop(fingerprint, None)
        try:
            folder.rename(target)
        except OSError:
            if self.result(fingerprint) is None:  # else another machine made the same result first
                raise
        result = self.result(fingerprint)
        if result is None:
            found = Said("a result that was just written cannot be read", ko="방금 쓴 결과를 읽을 수 없음")
            raise DiskFailed(path=str(target), found=found)
        return result

    def need(self, fingerprint: str) -> Result:
        """The result of `fingerprint`, which was there a moment ago. Raises: DiskFailed where it has vanished."""
        result = self.result(fingerprint)
        if result is None:
            raise self.lacks(fingerprint)
        return result

    def lacks(self, fingerprint: str) -> DiskFailed:
        """The error to raise where a result is needed that has vanished."""
        found = Said(f"the result {fingerprint[:12]} has vanished", ko=f"사라진 결과 {fingerprint[:12]}")
        return DiskFailed(path=str(self.root), found=found)

    def drop(self, fingerprint: str) -> None:
        """Take a result away that is damaged, so that it is made again. Raises: DiskFailed, OutputNotWritable."""
        self._seen.pop(fingerprint, None)
        folder = self.folder_of(fingerprint)
        try:
            discard(folder, self.root / "trash")
        except OSError as error:
            raise cannot_write(folder, error) from None

    def note(self, step_id: str, entry: JournalEntry) -> None:
        """Remember what `step_id` was made from, for the reasons of the next plan.

        Raises: DiskFailed, OutputNotWritable.
        """
        self.journal.note(step_id, entry)


def _lies_there(path: Path) -> bool:
    """What a share cannot look at just now is not there: a step is done again at worst."""
    try:
        return path.exists()
    except OSError:
        return False


def _number(version: str) -> float:
    """What is no number that we would write comes later than all of ours."""
    return int(version) if version.isascii() and version.isdecimal() and len(version) < 10 else math.inf
