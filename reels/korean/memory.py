"""Break costs that were worked out once, in small files of the user's cache: the analyser need not be loaded again.

A file is named by what decides its content: the text, the analyser's version and the very source of our rules.
Whatever cannot be read or written counts as not there; nothing depends on this memory but time.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from reels.korean.analysis import analyser_version
from reels.resources import cache_dir

__all__ = ["remembered"]

_RULES = ("analysis.py", "breaks.py", "eojeol.py", "vocabulary.py", "words.py")
_LARGEST_BYTES = 4 * 1024 * 1024
_WORST = 1000


def remembered(kind: str, text: str, count: int, work_out: Callable[[], tuple[int, ...]]) -> tuple[int, ...]:
    """The `count` costs of `text`, from the memory or worked out and put there. `kind` tells questions apart."""
    key = hashlib.sha256("\0".join((_rules(), kind, text)).encode("utf-8", "surrogatepass")).hexdigest()
    path = cache_dir() / "grammar" / key[:2] / f"{key}.json"
    known = _read(path, count)
    if known is not None:
        return known
    costs = work_out()
    # A full disk, a folder of somebody else, a name too long: only the next time is slower.
    with suppress(OSError):
        _write(path, costs)
    return costs


@lru_cache(maxsize=1)
def _rules() -> str:
    ours = hashlib.sha256()
    for name in _RULES:
        ours.update(files(__package__).joinpath(name).read_bytes())
    return f"{analyser_version()}, rules {ours.hexdigest()}"


def _read(path: Path, count: int) -> tuple[int, ...] | None:
    """What the file says, None where it says nothing that could be right."""
    try:
        with path.open("rb") as file:
            content = file.read(_LARGEST_BYTES)
        costs = json.loads(content)
    except (OSError, ValueError, RecursionError):
        return None
    if not isinstance(costs, list) or len(costs) != count:
        return None
    if not all(type(cost) is int and 0 <= cost <= _WORST for cost in costs):
        return None
    return tuple(costs)


def _write(path: Path, costs: tuple[int, ...]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=".", suffix=".part", dir=path.parent)
    fresh = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            json.dump(costs, file, separators=(",", ":"))
        fresh.replace(path)
    except OSError:
        with suppress(OSError):
            fresh.unlink()
        raise
