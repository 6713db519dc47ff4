"""Keeping a store small and sound: what to take away, taking it away, and every byte verified.

`to_prune` decides and touches nothing; `prune` and `set_aside` hold the store and delete. Whatever goes can be made
again from the footage, so a wrong decision costs time and nothing else; what is remembered of drafts never goes, nor
the transcripts that they rest on.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from reels.errors import DiskFailed, ReelsError, cannot_write
from reels.said import Said
from reels.store.inventory import EXPENSIVE, TOLD, Stored, take_inventory
from reels.store.opened import Store
from reels.store.results import fault_in, is_fingerprint
from reels.store.writing import discard

__all__ = [
    "Damage",
    "Needed",
    "Pruned",
    "PrunedWhy",
    "Pruning",
    "Verification",
    "prune",
    "set_aside",
    "to_prune",
    "verify",
]

PrunedWhy = Literal["left-over", "superseded", "old", "size"]

_LOOKED_AT: Final = frozenset({"frame"})
"""Made to be looked at once; no reel waits for it."""

_UNFINISHED_WORK_S = 86_400
"""Where there are no locks, a folder of a step that runs may be somebody else's: only old ones are left over."""


# --- deciding ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Pruned:
    """Something that goes, or would go, and why."""

    stored: Stored
    why: PrunedWhy


def to_prune(
    stored: Collection[Stored],
    *,
    now_s: float,
    older_than_s: float | None = None,
    keep_bytes: int | None = None,
) -> tuple[Pruned, ...]:
    """What goes, in the order in which it goes.

    Left-overs go always. With neither an age nor a size, what is superseded goes too. With an age, whatever was made
    longer ago; what bears a time still to come is new. With a size, as much as needed for all of `stored` to come
    down to it, and no more: superseded results, then pictures and sounds of reels that were joined since, then joined
    reels and parts of unfinished ones, then what steps told, and at the very end what took hours; in each of these
    the oldest first.
    """
    going = [
        Pruned(stored=one, why="left-over")
        for one in stored
        if one.state == "left-over" and not (one.kind == "work" and now_s - one.made_s < _UNFINISHED_WORK_S)
    ]
    staying = [one for one in stored if one.state in ("current", "superseded")]
    if older_than_s is None and keep_bytes is None:
        going += [Pruned(stored=one, why="superseded") for one in staying if one.state == "superseded"]
    if older_than_s is not None:
        old = [one for one in staying if now_s - one.made_s > older_than_s]
        going += [Pruned(stored=one, why="old") for one in old]
        staying = [one for one in staying if now_s - one.made_s <= older_than_s]
    if keep_bytes is not None:
        left = sum(one.bytes for one in stored) - sum(gone.stored.bytes for gone in going)
        for one in sorted(
            staying, key=lambda one: (*_dearness(one), min(one.made_s, now_s), one.fingerprint)
        ):
            if left <= keep_bytes:
                break
            going.append(Pruned(stored=one, why="superseded" if one.state == "superseded" else "size"))
            left -= one.bytes
    return tuple(going)


def _dearness(stored: Stored) -> tuple[int, int]:
    """What it costs to do without: first whether anybody needs it, then what making it again would take."""
    if stored.kind in EXPENSIVE:
        cost = 3
    elif stored.kind in TOLD:
        cost = 2
    else:
        cost = 0 if stored.settled or stored.kind in _LOOKED_AT else 1
    return (0 if stored.state == "superseded" else 1, cost)


@dataclass(frozen=True, slots=True, kw_only=True)
class Needed:
    """What somebody would use as things stand: `results` by fingerprint, and the ids of all `steps` that there still are.

    `steps` is None where not all of them are known: a film is away, a reel cannot be planned.
    """

    results: Collection[str] = frozenset()
    steps: Collection[str] | None = None


# --- taking away ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Pruning:
    """What went, what could not, and what a person should know of it."""

    pruned: tuple[Pruned, ...]
    failed: tuple[ReelsError, ...] = ()
    caution: Said | None = None

    @property
    def bytes(self) -> int:
        return sum(gone.stored.bytes for gone in self.pruned)


def prune(
    store: Store,
    *,
    older_than_s: float | None = None,
    keep_bytes: int | None = None,
    needed: Callable[[], Needed] = Needed,
    wait: bool = False,
    on_wait: Callable[[str], None] | None = None,
) -> Pruning:
    """Hold the store, decide as `to_prune` does, and delete; `needed` is asked once the store is held.

    What is gone stays gone if this is killed; nothing is left half.

    Raises: StoreBusy, StoreNewer, DiskFailed, OutputNotWritable.
    """
    pruned: list[Pruned] = []
    failed: list[ReelsError] = []
    with store.held(wait=wait, on_wait=on_wait) as caution:
        now_s = time.time()
        wanted = needed()
        found = take_inventory(store.root, needed=wanted.results, steps=wanted.steps, now_s=now_s)
        for going in to_prune(found, now_s=now_s, older_than_s=older_than_s, keep_bytes=keep_bytes):
            try:
                discard(going.stored.path, store.root / "trash")
            except OSError as error:
                failed.append(cannot_write(going.stored.path, error))
            else:
                pruned.append(going)
        there = {one.fingerprint for one in found} - {gone.stored.fingerprint for gone in pruned}
        try:
            store.journal.shorten(there.__contains__)
        except ReelsError as error:
            failed.append(error)
    return Pruning(pruned=tuple(pruned), failed=tuple(failed), caution=caution)


# --- verifying -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Damage:
    """A result that is not what its record says."""

    stored: Stored
    found: Said


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """How many results were read in full, and which of them are damaged."""

    results: int
    bytes: int
    damaged: tuple[Damage, ...]


def verify(
    store: Store,
    stored: Sequence[Stored],
    *,
    on_progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> Verification:
    """Read every byte of the results among `stored` and compare it with what was written; changes nothing.

    `on_progress` is told the bytes done and all bytes. Needs no lock, for a result never changes; one that is gone
    meanwhile is no damage. Raises: StoreNewer; DiskFailed where the store vanishes, for then nothing would be whole.
    """
    store.require_known_version()
    results = [one for one in stored if is_fingerprint(one.fingerprint) and one.kind != "parts"]
    total, done = sum(one.bytes for one in results), 0
    damaged = []
    for one in results:
        on_progress(done, total)
        # Looked at twice: `--force` may just be putting another in its place.
        if fault_in(one.path) is not None and (fault := fault_in(one.path)) is not None:
            _require_there(store)
            if one.path.is_dir():
                damaged.append(Damage(stored=one, found=fault))
        done += one.bytes
    on_progress(total, total)
    return Verification(results=len(results), bytes=total, damaged=tuple(damaged))


def set_aside(
    store: Store,
    damaged: Sequence[Damage],
    *,
    wait: bool = False,
    on_wait: Callable[[str], None] | None = None,
) -> None:
    """Take damaged results away, so that the next run makes them again; one that was made again meanwhile stays.

    Raises: StoreBusy, DiskFailed, OutputNotWritable.
    """
    with store.held(wait=wait, on_wait=on_wait):
        for damage in damaged:
            if not damage.stored.path.is_dir() or fault_in(damage.stored.path) is None:
                continue
            _require_there(store)
            try:
                discard(damage.stored.path, store.root / "trash")
            except OSError as error:
                raise cannot_write(damage.stored.path, error) from None


def _require_there(store: Store) -> None:
    """Raises: DiskFailed where a share has gone away and with it everything that was to be read."""
    if not (store.root / "results").is_dir():
        found = Said("the folder has vanished", ko="사라진 폴더")
        raise DiskFailed(path=str(store.root), found=found)
