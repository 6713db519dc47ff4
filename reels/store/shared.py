"""Results that another machine has made: on shared storage they may be seen late.

A network file system remembers for a while that a name was not there, half a minute by default on NFS. Looking
through the folder makes it ask again. Source: nfs(5), "Directory entry caching".
"""

from __future__ import annotations

import time
from contextlib import suppress
from typing import Final

from reels.store.opened import Store
from reels.store.results import Result

__all__ = ["awaited"]

_PATIENCE_S: Final = 90.0
_LOOK_S: Final = 0.5


def awaited(store: Store, fingerprint: str, *, patience_s: float = _PATIENCE_S) -> Result | None:
    """A result that is said to be there, as soon as it can be seen; None where it cannot after all."""
    deadline = time.monotonic() + patience_s
    folder = store.folder_of(fingerprint)
    while (result := store.result(fingerprint)) is None and time.monotonic() < deadline:
        for above in (folder.parent.parent, folder.parent, folder):
            with suppress(OSError):
                list(above.iterdir())
        time.sleep(_LOOK_S)
    return result
