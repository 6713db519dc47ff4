"""One run at a time holds a store; the second says who does, or waits."""

from __future__ import annotations

import errno
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from reels.errors import DiskFailed, ReelsError, StoreBusy
from reels.store import Store
from tests.stores import (
    ONE,
    again,
    commit,
    entry,
    plain_store,
    posix,
    start_python,
    store,
)

__all__ = ["plain_store", "store"]

# --- the lock --------------------------------------------------------------------------------------------

_HOLD = """
import sys
from pathlib import Path
from reels.store import Store
with Store(Path(sys.argv[1])).held():
    print("held", flush=True)
    sys.stdin.readline()
"""


@contextmanager
def held_elsewhere(store: Store) -> Iterator[subprocess.Popen[str]]:
    with _holding(_HOLD, store) as holder:
        yield holder


@contextmanager
def _holding(code: str, store: Store) -> Iterator[subprocess.Popen[str]]:
    child = start_python(code, str(store.root))
    try:
        assert child.stdout is not None
        assert child.stdout.readline() == "held\n"
        yield child
    finally:
        child.kill()
        child.communicate()


def test_a_second_run_is_told_who_holds_the_store(store: Store) -> None:
    with (
        held_elsewhere(store) as child,
        pytest.raises(StoreBusy, match=f"process {child.pid} on "),
        store.held(),
    ):
        pass


def test_a_run_that_was_killed_holds_nothing(store: Store) -> None:
    with held_elsewhere(store) as child:
        child.send_signal(signal.SIGKILL)
        child.wait()
        with store.held():
            assert json.loads((store.root / "lock").read_bytes())["process"] == os.getpid()


def test_a_run_that_ended_lets_go_and_names_nobody(store: Store) -> None:
    with store.held():
        pass
    assert (store.root / "lock").read_text(encoding="utf-8") == ""
    with again(store).held():
        pass


def test_the_same_process_cannot_hold_the_store_twice(store: Store) -> None:
    with store.held(), pytest.raises(StoreBusy), again(store).held():
        pass


def test_a_second_run_does_not_clear_the_work_of_the_first(store: Store) -> None:
    with store.held(), store.work_folder() as folder:
        with pytest.raises(StoreBusy), again(store).held():
            pass
        assert folder.is_dir()


def test_what_a_killed_run_left_half_made_is_cleared(store: Store) -> None:
    for left in (
        "work/tmpabc/half.mp4",
        "trash/abc/chunk.mp4",
        ".writing-abc",
        "drafts/.writing-abc",
        "hello-abc",
    ):
        (store.root / left).parent.mkdir(parents=True, exist_ok=True)
        (store.root / left).write_bytes(b"half")
    (store.root / "drafts" / "a.ko.srt.json").write_text("{}", encoding="utf-8")
    with store.held():
        assert not (store.root / "work").exists()
        assert not (store.root / "trash").exists()
    assert sorted(path.name for path in store.root.iterdir()) == ["drafts", "lock", "results", "version"]
    assert [path.name for path in (store.root / "drafts").iterdir()] == ["a.ko.srt.json"]


def test_the_holder_is_named_by_what_a_person_needs_to_find_it(store: Store) -> None:
    with (
        _held_by(store, ["/opt/bin/reels", "render", "봄 축제"]) as child,
        pytest.raises(StoreBusy) as caught,
    ):
        store.held().__enter__()
    now = datetime.now().astimezone()
    times = {f"{moment:%H:%M}" for moment in (now, now - timedelta(minutes=1))}
    said = str(caught.value)
    assert f"in use by process {child.pid} on " in said
    assert any(f" since {at}: reels render '봄 축제';" in said for at in times), said
    assert "--wait" in said
    assert f"의 프로세스 {child.pid}, " in caught.value.sentence("ko")


def test_a_long_command_is_named_shortly_and_another_program_not_at_all(store: Store) -> None:
    with _held_by(store, ["reels", "make", "x" * 500]), pytest.raises(StoreBusy, match=r"reels make x{48}…;"):
        store.held().__enter__()
    with _held_by(store, ["pytest", "secret"]), pytest.raises(StoreBusy, match=r"since \d\d:\d\d;"):
        store.held().__enter__()


@pytest.mark.parametrize("left", ["", "process 1 on x", "[]", '{"process": "x"}', "[" * 4000])
def test_a_lock_that_says_nothing_useful_still_holds(store: Store, left: str) -> None:
    with held_elsewhere(store):
        (store.root / "lock").write_text(left, encoding="utf-8")
        with pytest.raises(StoreBusy, match="in use by another run"), store.held():
            pass


@posix
def test_a_run_of_another_day_is_told_with_its_day_where_it_is_read(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "KST-9")
    time.tzset()
    with held_elsewhere(store):
        told = {"process": 7, "host": "편집실", "since": "2026-01-02T03:04:05+00:00", "command": ""}
        (store.root / "lock").write_text(json.dumps(told), encoding="utf-8")
        with (
            pytest.raises(StoreBusy, match=r"process 7 on 편집실 since 2026-01-02 12:04;"),
            store.held(),
        ):
            pass
    monkeypatch.undo()
    time.tzset()


@contextmanager
def _held_by(store: Store, argv: list[str]) -> Iterator[subprocess.Popen[str]]:
    """By a process that was started with these words."""
    code = _HOLD.replace("import sys", f"import sys\nroot = sys.argv[1]\nsys.argv = {argv!r}").replace(
        "Path(sys.argv[1])", "Path(root)"
    )
    with _holding(code, store) as holder:
        yield holder


# --- waiting ---------------------------------------------------------------------------------------------


class Waiting:
    """A run that waits in a thread: what it was told, and whether it has got in."""

    def __init__(self, store: Store) -> None:
        self.told: list[str] = []
        self.error: BaseException | None = None
        self.is_told, self.is_in, self.may_end = threading.Event(), threading.Event(), threading.Event()
        self._store = store
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        def on_wait(holder: str) -> None:
            self.told.append(holder)
            self.is_told.set()

        try:
            with self._store.held(wait=True, on_wait=on_wait):
                self.is_in.set()
                self.may_end.wait(30)
        except ReelsError as error:
            self.error = error

    def end(self) -> None:
        self.may_end.set()
        self._thread.join(30)


@pytest.fixture
def waiting() -> Iterator[Callable[[Store], Waiting]]:
    begun: list[Waiting] = []

    def begin(store: Store) -> Waiting:
        begun.append(Waiting(store))
        return begun[-1]

    yield begin
    for one in begun:
        one.end()


def test_a_run_that_waits_is_told_once_for_whom_and_goes_on_when_that_one_ends(
    store: Store, waiting: Callable[[Store], Waiting]
) -> None:
    with held_elsewhere(store) as child:
        second = waiting(again(store))
        assert second.is_told.wait(10)
        assert not second.is_in.wait(1), "it looks several times"
        assert len(second.told) == 1
        assert second.told[0].startswith(f"process {child.pid} on ")
        child.kill()
        assert second.is_in.wait(10)


def test_nobody_who_need_not_wait_is_told_of_anybody(store: Store) -> None:
    told: list[str] = []
    with store.held(wait=True, on_wait=told.append):
        pass
    assert told == []


def test_whoever_waited_knows_what_the_other_has_made(
    store: Store, waiting: Callable[[Store], Waiting]
) -> None:
    """Read before, changed meanwhile: results that are gone, a journal that is longer."""
    commit(store)
    patient = again(store)
    assert patient.result(ONE) is not None
    assert patient.last_made("join") is None
    with held_elsewhere(store) as child:
        second = waiting(patient)
        assert second.is_told.wait(10)
        again(store).note("join", entry("1"))
        (patient.folder_of(ONE) / "chunk.mp4").write_bytes(b"torn")
        child.kill()
        assert second.is_in.wait(10)
    assert patient.last_made("join") == entry("1")
    assert patient.result(ONE) is None


@posix
@pytest.mark.parametrize("gone", ["lock", "."])
def test_a_run_that_waits_for_a_lock_that_was_deleted_goes_on_with_the_one_that_is_there(
    store: Store, waiting: Callable[[Store], Waiting], gone: str
) -> None:
    """The old holder still works on; nobody may wait for a file that nobody can find any more."""
    with held_elsewhere(store):
        second = waiting(again(store))
        assert second.is_told.wait(10)
        doomed = store.root / gone
        doomed.unlink() if doomed.is_file() else shutil.rmtree(doomed)
        assert second.is_in.wait(10)
        with pytest.raises(StoreBusy, match=f"process {os.getpid()} "), again(store).held():
            pass


def test_a_run_that_waits_in_a_campaign_that_was_deleted_says_so(
    tmp_path: Path, waiting: Callable[[Store], Waiting]
) -> None:
    (tmp_path / "campaign").mkdir()
    store = Store(tmp_path / "campaign" / ".reels")
    store.prepare()
    with held_elsewhere(store):
        second = waiting(again(store))
        assert second.is_told.wait(10)
        shutil.rmtree(tmp_path / "campaign")
        second._thread.join(10)
    assert isinstance(second.error, DiskFailed)
    assert "the folder has vanished" in str(second.error)
    assert not (tmp_path / "campaign").exists()


@posix
def test_a_lock_that_is_deleted_just_as_it_is_taken_is_not_the_one_that_is_held(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    fcntl = pytest.importorskip("fcntl")
    real = fcntl.flock
    deleted: list[Path] = []

    def lock(*given: int) -> None:
        real(*given)
        if not deleted:
            deleted.append(store.root / "lock")
            deleted[0].unlink()

    monkeypatch.setattr(fcntl, "flock", lock)
    with store.held(), pytest.raises(StoreBusy), again(store).held():
        pass
    assert deleted


def test_a_run_does_not_clear_away_the_work_of_the_one_that_came_after_its_lock_was_deleted(
    store: Store,
) -> None:
    with store.held():
        (store.root / "lock").unlink()
        newer = again(store)
        hold = newer.held()
        hold.__enter__()
        folder = store.root / "work" / "of the newer one"
        folder.mkdir(parents=True)
    assert folder.is_dir()
    hold.__exit__(None, None, None)


def test_waiting_can_be_interrupted(store: Store) -> None:
    code = _HOLD.replace(".held()", ".held(wait=True, on_wait=lambda _: print('waiting', flush=True))")
    with held_elsewhere(store):
        second = subprocess.Popen(
            [sys.executable, "-c", code, str(store.root)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert second.stdout is not None
        assert second.stdout.readline() == "waiting\n"
        began = time.monotonic()
        second.send_signal(signal.SIGINT)
        assert "KeyboardInterrupt" in second.communicate(timeout=10)[1]
        assert time.monotonic() - began < 5


_COUNT = """
import sys
from pathlib import Path
from reels.store import Store
root = Path(sys.argv[1])
for _ in range(5):
    with Store(root).held(wait=True):
        count = root / "count"
        seen = int(count.read_text())
        (root / "work").mkdir()
        count.write_text(str(seen + 1))
"""


def test_runs_that_wait_for_each_other_never_work_at_the_same_time(store: Store) -> None:
    (store.root / "count").write_text("0", encoding="utf-8")
    children = [start_python(_COUNT, str(store.root)) for _ in range(3)]
    for child in children:
        child.communicate(timeout=60)
    assert [child.returncode for child in children] == [0, 0, 0]
    assert (store.root / "count").read_text(encoding="utf-8") == "15"


# --- file systems without locks --------------------------------------------------------------------------


def _flock_fails(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    fcntl = pytest.importorskip("fcntl")

    def fail(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(fcntl, "flock", fail)


@pytest.mark.parametrize("number", [errno.ENOLCK, errno.ENOTSUP, errno.ENOSYS], ids=errno.errorcode.get)
def test_a_share_without_locks_is_used_without_one_and_says_so(
    store: Store, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    """And takes nothing away that may be another run's."""
    _flock_fails(monkeypatch, number)
    with store.work_folder() as folder, again(store).held() as caution:
        assert caution is not None
        assert "has no locks" in caution
        assert "잠금이 없습니다" in caution.ko
        assert folder.is_dir()
        commit(store)
    assert again(store).result(ONE) is not None


def test_a_lock_that_the_disk_refuses_is_not_called_another_run(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    _flock_fails(monkeypatch, errno.EIO)
    with pytest.raises(DiskFailed, match="Input/output error"), store.held():
        pass


def test_a_share_whose_files_change_their_numbers_is_used_all_the_same(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os.path, "samestat", lambda *_: False)
    with store.held():
        pass
