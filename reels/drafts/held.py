"""One writer of drafts at a time: several pages and runs may be open on one campaign, on one computer or on many."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from reels.store import take_lock

__all__ = ["drafts_held"]


@contextmanager
def drafts_held(store_dir: Path) -> Iterator[None]:
    """Write drafts while no other reels does; the other ones wait, which takes milliseconds.

    Other programs know nothing of it, nor is there any where the file system has no locks: an edit is compared once
    more before its rename.

    Raises: Interrupted where this process is being ended meanwhile; OSError.
    """
    path = store_dir / "drafts" / "lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = take_lock(path, wait=True, on_wait=None)
    try:
        yield
    finally:
        lock.release()
