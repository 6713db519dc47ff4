"""Small JSON files in the user's cache: what was worked out once and need not be again.

A file is named by all that decides its content. Whatever cannot be read or written counts as not there, and what is
read may be anything; nothing depends on it but time.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any

from reels.resources import cache_dir

__all__ = ["read_cached", "write_cached"]

_LARGEST_BYTES = 32 * 1024 * 1024


def read_cached(place: str, key: str) -> Any:
    """What was written under `key` in `place`; None where it cannot be read."""
    try:
        with _path(place, key).open("rb") as file:
            return json.loads(file.read(_LARGEST_BYTES))
    except (OSError, ValueError, RecursionError):
        return None


def write_cached(place: str, key: str, value: object) -> None:
    """Keep `value`, which JSON can hold, under `key` in `place`, by one rename."""
    # A full disk, a folder of somebody else, a name too long: only the next time is slower.
    with suppress(OSError):
        _write(_path(place, key), value)


def _path(place: str, key: str) -> Path:
    name = hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
    return cache_dir() / place / name[:2] / f"{name}.json"


def _write(path: Path, value: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=".", suffix=".part", dir=path.parent)
    fresh = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            json.dump(value, file, separators=(",", ":"))
        fresh.replace(path)
    except OSError:
        with suppress(OSError):
            fresh.unlink()
        raise
