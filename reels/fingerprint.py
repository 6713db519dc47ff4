"""Fingerprints: sha256 of canonical JSON, the same on every machine, in every folder, in every run.

Never `hash()` (salted), never a path (a moved campaign keeps its results), never a modification time alone.
`steps` uses them for work, `store` for results.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any, Generic, TypeVar

__all__ = ["canonical", "digest", "digest_of_json", "paths_in", "sha256_of_file"]

T = TypeVar("T")

# The commonest types first: a plan of fifty reels asks a million times.
_AS_THEY_ARE = frozenset({type(None), str, bool, int})
_WITHOUT_PATHS = frozenset({type(None), str, bool, int, float, Fraction, date})


def canonical(value: Any) -> Any:
    """`value` as JSON that means the same everywhere; a path stands as `"path"`, for its content is a source.

    Raises: TypeError for a type whose spelling is not settled here, so that nothing is left out unnoticed.
    """
    if type(value) in _AS_THEY_ARE or isinstance(value, (str, bool, int)):
        return value
    if isinstance(value, Fraction):
        return f"{value.numerator}/{value.denominator}"
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Path):
        return "path"
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return _spelled.of(value)
    if isinstance(value, Mapping):
        return {str(key): canonical(item) for key, item in value.items()}
    if isinstance(value, Sequence):
        return [canonical(item) for item in value]
    if isinstance(value, (set, frozenset)):
        return sorted(canonical(item) for item in value)
    raise TypeError(f"{type(value).__name__} has no canonical spelling")


def paths_in(value: Any) -> tuple[Path, ...]:
    """Every path inside `value`, in a fixed order."""
    if type(value) in _WITHOUT_PATHS:
        return ()
    if isinstance(value, Path):
        return (value,)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return _paths.of(value)
    if isinstance(value, Mapping):
        return tuple(p for _, item in sorted(value.items()) for p in paths_in(item))
    if isinstance(value, Sequence) and not isinstance(value, (str, bytes)):
        return tuple(p for item in value for p in paths_in(item))
    return ()


class _Memory(Generic[T]):
    """What was worked out for a frozen value; by identity, for 1 and Fraction(1) are equal and spelled differently.

    The chunks of a reel share one picture spec, one style and most of their footage. A value is held as long as
    its entry, so no other can come to have its identity. What a frozen value holds does not change either, and
    what was worked out is handed to everybody: nobody may change it.
    """

    _LARGEST = 20_000

    def __init__(self, work_out: Callable[[Any], T]) -> None:
        self._work_out = work_out
        self._known: dict[int, tuple[Any, T]] = {}

    def of(self, value: Any) -> T:
        known = self._known.get(id(value))
        if known is not None:
            return known[1]
        found = self._work_out(value)
        if type(value).__dataclass_params__.frozen:
            if len(self._known) >= self._LARGEST:
                self._known.clear()
            self._known[id(value)] = value, found
        return found


_spelled: _Memory[dict[str, Any]] = _Memory(
    lambda value: {"type": type(value).__name__, **{name: canonical(item) for name, item in _fields(value)}}
)
_paths: _Memory[tuple[Path, ...]] = _Memory(
    lambda value: tuple(p for _, item in _fields(value) for p in paths_in(item))
)


def _fields(value: Any) -> list[tuple[str, Any]]:
    """A dataclass's fields that decide whether two are equal; the others (caches, tables) say nothing new."""
    kind: Any = type(value)
    return [(name, getattr(value, name)) for name in _compared(kind)]


@cache
def _compared(kind: Any) -> tuple[str, ...]:
    return tuple(f.name for f in dataclasses.fields(kind) if f.compare)


def digest(value: Any) -> str:
    """Sixty-four hex digits for the canonical spelling of `value`."""
    return digest_of_json(canonical(value))


def digest_of_json(spelled: Any) -> str:
    """The same for what is canonical already."""
    text = json.dumps(spelled, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    # A file name that is no text holds lone surrogates; it has a fingerprint like any other.
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def sha256_of_file(path: Path) -> str:
    """Of the whole content, read in pieces."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
