"""The store on disks that are full, read-only, or gone: a clear error, and nothing is lost."""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path

import pytest

from reels.errors import DiskFailed, OutputNotWritable, ReelsError
from reels.store import Store
from tests.stores import (
    FULL,
    ONE,
    again,
    commit,
    entry,
    needs_dev_full,
    plain_store,
    posix,
    start_python,
    store,
)

__all__ = ["plain_store", "store"]

# --- disks that refuse -----------------------------------------------------------------------------------


@posix
def test_a_folder_that_cannot_be_written_is_told_before_any_work(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(OutputNotWritable):
        Store(tmp_path / "file" / ".reels").prepare()


@posix
@pytest.mark.parametrize("place", ["results/11", "results", "."])
def test_a_place_for_results_that_permits_no_writing_is_told_before_any_work(
    plain_store: Store, place: str
) -> None:
    """Not after hours of listening, when the result has nowhere to go."""
    commit(plain_store)
    (plain_store.root / place).chmod(0o500)
    with pytest.raises(OutputNotWritable) as caught:
        again(plain_store).prepare()
    assert caught.value.where == str(plain_store.root / place)
    assert "change its permissions" in str(caught.value)


@posix
def test_a_result_that_permits_no_reading_is_made_again(plain_store: Store) -> None:
    commit(plain_store).folder.chmod(0)
    assert again(plain_store).result(ONE) is None
    commit(again(plain_store))
    assert again(plain_store).result(ONE) is not None


@posix
def test_a_store_that_may_only_be_read_is_read_and_says_so_when_it_is_to_be_written(
    plain_store: Store,
) -> None:
    made = commit(plain_store)
    plain_store.note("join", entry(ONE))
    (plain_store.root / "journal.jsonl").chmod(0o400)
    (plain_store.root / "work").rmdir()
    plain_store.root.chmod(0o500)
    reader = again(plain_store)
    assert reader.result(ONE) == made
    assert reader.last_made("join") == entry(ONE)
    with pytest.raises(OutputNotWritable, match=r"journal\.jsonl.*Permission denied"):
        reader.note("join", entry("2"))
    with pytest.raises(OutputNotWritable, match=r"lock.*Permission denied"), reader.held():
        pass
    with pytest.raises(OutputNotWritable, match="Permission denied"), reader.work_folder():
        pass


@pytest.mark.parametrize(
    ("number", "kind", "remedy"),
    [
        (errno.ENOSPC, DiskFailed, "free some space on that disk"),
        (errno.EDQUOT, DiskFailed, "free some space on that disk"),
        (errno.EFBIG, DiskFailed, "free some space or mend the drive"),
        (errno.EIO, DiskFailed, "free some space or mend the drive"),
        (errno.ESTALE, DiskFailed, "connect the drive or the network folder again"),
        (errno.ENOTCONN, DiskFailed, "connect the drive or the network folder again"),
        (errno.EHOSTDOWN, DiskFailed, "connect the drive or the network folder again"),
        (errno.ENODEV, DiskFailed, "connect the drive or the network folder again"),
        (errno.EROFS, OutputNotWritable, "make that drive writable"),
        (errno.EACCES, OutputNotWritable, "change its permissions"),
    ],
    ids=lambda value: errno.errorcode.get(value) if isinstance(value, int) else "",
)
def test_what_a_disk_refuses_says_what_to_do_and_that_nothing_is_lost(
    store: Store, number: int, kind: type[ReelsError], remedy: str
) -> None:
    refused = store.root / "work" / "x"
    with pytest.raises(kind) as caught, store.work_folder():
        raise OSError(number, os.strerror(number), str(refused))
    assert str(refused) in str(caught.value)
    assert remedy in str(caught.value)
    assert "what is finished is kept" in str(caught.value)
    assert "끝난 부분은 남아 있습니다" in caught.value.sentence("ko")


def test_a_fault_of_ours_is_not_called_one_of_the_disk(store: Store) -> None:
    with pytest.raises(FileNotFoundError), store.work_folder() as folder:
        (folder / "not there").read_bytes()


def test_a_disk_that_cannot_be_read_elsewhere_is_not_called_the_store(store: Store, tmp_path: Path) -> None:
    with pytest.raises(DiskFailed) as caught, store.work_folder():
        raise PermissionError(errno.EACCES, "Permission denied", str(tmp_path / "card" / "C0001.MP4"))
    assert caught.value.path == str(tmp_path / "card" / "C0001.MP4")


@needs_dev_full
def test_a_disk_that_is_really_full_is_told_by_name(store: Store) -> None:
    assert store.last_made("join") is None, "read before: that disk has no end"
    (store.root / "journal.jsonl").symlink_to(FULL)
    with pytest.raises(DiskFailed, match=r"journal\.jsonl.*No space left on device"):
        store.note("join", entry("1"))
    with pytest.raises(DiskFailed, match="No space left on device"), store.work_folder():
        FULL.write_bytes(b"chunk")
    assert list((store.root / "work").iterdir()) == []


@needs_dev_full
def test_a_full_disk_keeps_nobody_from_holding_the_store(store: Store) -> None:
    """Else nothing could be pruned just when it has to be."""
    (store.root / "lock").symlink_to(FULL)
    with store.held() as caution:
        assert caution is None


_COMMIT_WITH_A_LIMIT = """
import resource, signal, sys
from pathlib import Path
from reels.errors import DiskFailed
from reels.store import Store
store = Store(Path(sys.argv[1]))
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
try:
    with store.work_folder() as folder:
        store.commit("2" * 64, folder, {"text": "x" * 5000}, ())
except DiskFailed as error:
    print(error)
"""


@posix
def test_a_result_that_does_not_fit_is_not_there_and_those_before_it_are(store: Store) -> None:
    commit(store)
    said = start_python(_COMMIT_WITH_A_LIMIT, str(store.root)).communicate(timeout=30)[0]
    assert "File too large" in said
    assert "what is finished is kept" in said
    assert again(store).result("2" * 64) is None
    assert again(store).result(ONE) is not None
    assert list((store.root / "work").iterdir()) == []


def _write_after_all_is_gone(file: Path, store: Store, *, begun_anew: bool) -> None:
    shutil.rmtree(store.root)
    if begun_anew:
        store.prepare()
    file.write_bytes(b"chunk")


@pytest.mark.parametrize(
    "begun_anew", [False, True], ids=["nobody else works", "another step begins it anew"]
)
def test_a_store_that_vanishes_under_a_step_is_told_as_such(store: Store, begun_anew: bool) -> None:
    with pytest.raises(DiskFailed, match="the folder has vanished") as caught, store.work_folder() as folder:
        _write_after_all_is_gone(folder / "chunk.mp4", store, begun_anew=begun_anew)
    assert caught.value.path == str(store.root)
    assert "connect the drive or the network folder again" in str(caught.value)


def test_a_store_on_a_drive_that_is_not_there_is_told_as_such(tmp_path: Path) -> None:
    (tmp_path / ".reels").symlink_to(tmp_path / "drive" / "reels")
    with pytest.raises(DiskFailed, match="vanished"):
        Store(tmp_path / ".reels").prepare()
