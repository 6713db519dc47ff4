"""The journal: what each step was made from, a line for each time it was made.

The last line of a step is what a plan's reasons come from; those before say whose the older results are. A torn
line, or one that is not ours, costs that line: nothing but a reason that reads "new".
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import dataclass, fields
from pathlib import Path

from reels.errors import cannot_write
from reels.store.writing import write_atomically

__all__ = ["Journal", "JournalEntry"]


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalEntry:
    """What a step was last made from: digests of its sources, its options and its tools."""

    fingerprint: str
    sources: str
    options: str
    tools: str


class Journal:
    """The file, read once and when it is asked for first; `forget` where somebody else may have written meanwhile."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._last: dict[str, JournalEntry] | None = None

    def forget(self) -> None:
        self._last = None

    def last(self, step_id: str) -> JournalEntry | None:
        """What the step was made from when it last finished."""
        if self._last is None:
            self._last = dict(self.history())
        return self._last.get(step_id)

    def history(self) -> list[tuple[str, JournalEntry]]:
        """Every step id with what it was made from, oldest first."""
        try:
            lines = self._path.read_bytes().split(b"\n")
        except OSError:
            return []
        return [read for line in lines if (read := _read(line)) is not None]

    def note(self, step_id: str, entry: JournalEntry) -> None:
        """Raises: DiskFailed, OutputNotWritable."""
        if self.last(step_id) == entry:
            return
        line = _written(step_id, entry)
        try:
            with self._path.open("a+b") as file:
                if file.tell():
                    file.seek(-1, os.SEEK_END)
                    if file.read(1) != b"\n":
                        line = b"\n" + line  # a killed run tore the last line; only that one is lost
                file.write(line)
        except OSError as error:
            raise cannot_write(self._path, error) from None
        if self._last is not None:
            self._last[step_id] = entry

    def shorten(self, is_there: Callable[[str], bool]) -> None:
        """Leave out what neither a reason nor a stored result can need: older lines whose result is gone.

        Only for whoever holds the store. Raises: DiskFailed, OutputNotWritable.
        """
        history = self.history()
        last = {step_id: at for at, (step_id, _) in enumerate(history)}
        kept = [
            (step_id, entry)
            for at, (step_id, entry) in enumerate(history)
            if last[step_id] == at or is_there(entry.fingerprint)
        ]
        if len(kept) == len(history):
            return
        try:
            write_atomically(self._path, b"".join(_written(*line) for line in kept).decode("ascii"))
        except OSError as error:
            raise cannot_write(self._path, error) from None


_FIELDS = tuple(field.name for field in fields(JournalEntry))


def _read(line: bytes) -> tuple[str, JournalEntry] | None:
    try:
        record = json.loads(line)
        step_id, *digests = (record[name] for name in ("step", *_FIELDS))
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    if not all(isinstance(text, str) for text in (step_id, *digests)):
        return None
    return step_id, JournalEntry(**dict(zip(_FIELDS, digests, strict=True)))


def _written(step_id: str, entry: JournalEntry) -> bytes:
    # In ASCII: a file name may hold signs that end a line, or bytes that are no text.
    return (
        json.dumps({"step": step_id, **{name: getattr(entry, name) for name in _FIELDS}}).encode("ascii")
        + b"\n"
    )
