"""Stores to try things on: small results, the same folder opened anew, another process, somebody without rights."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from reels.store import JournalEntry, Result, Store

__all__ = [
    "FULL",
    "LARGE",
    "ONE",
    "again",
    "commit",
    "entry",
    "needs_dev_full",
    "plain_store",
    "posix",
    "start_python",
    "store",
]

ONE = "1" * 64
LARGE = b"\0" * 256_001
"""Just beyond the size up to which results are hashed."""

_NOBODY = 65_534
FULL = Path("/dev/full")
needs_dev_full = pytest.mark.skipif(not FULL.exists(), reason="Linux has a disk that is always full")
posix = pytest.mark.skipif(os.name == "nt", reason="POSIX permissions")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    opened = Store(tmp_path / ".reels")
    opened.prepare()
    return opened


def commit(
    store: Store, fingerprint: str = ONE, *, content: bytes = b"a chunk", name: str = "chunk.mp4"
) -> Result:
    with store.work_folder() as folder:
        (folder / name).write_bytes(content)
        return store.commit(fingerprint, folder, {"frames": 120}, (name,))


def entry(mark: str) -> JournalEntry:
    return JournalEntry(fingerprint=mark, sources=f"s{mark}", options=f"o{mark}", tools=f"t{mark}")


def again(store: Store) -> Store:
    """The same folder opened by the next run."""
    return Store(store.root)


@pytest.fixture
def plain_store() -> Iterator[Store]:
    """A store of somebody to whom permissions mean something: root becomes nobody for the time of the test."""
    place = Path(tempfile.mkdtemp())
    is_root = os.geteuid() == 0
    if is_root:
        os.chown(place, _NOBODY, _NOBODY)
        os.seteuid(_NOBODY)
    try:
        opened = Store(place / ".reels")
        opened.prepare()
        yield opened
    finally:
        if is_root:
            os.seteuid(0)
        for folder, names, _ in os.walk(place):
            for name in names:
                (Path(folder) / name).chmod(0o700)
        shutil.rmtree(place)


def start_python(code: str, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", code, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
