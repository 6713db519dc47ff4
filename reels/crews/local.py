"""Threads of this process: each waits for an ffmpeg, or draws, or listens."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor, wait
from fractions import Fraction
from typing import Final

from reels.dispatch import Capacity
from reels.machine import cores, free_memory
from reels.perform import Workshop, perform
from reels.steps import Step
from reels.tools.ffmpeg import allow_children, stop_all_children

__all__ = ["LocalCrew", "local_capacity"]

_SHARE_OF_MEMORY: Final = 0.9
"""The rest is for this process itself, and for whoever opens a browser meanwhile."""

_PATIENCE_S: Final = 1.0
"""For threads to notice that they are to stop. An engine that listens may not for half a minute; it is left alone."""


def local_capacity(jobs: int | None = None) -> Capacity:
    """What this computer bears now: a step for each core unless `jobs` says otherwise, in the memory that is free."""
    return Capacity(slots=jobs or cores(), memory=int(free_memory() * _SHARE_OF_MEMORY))


class LocalCrew:
    """Does steps in `pool`, or in threads of its own; `on_progress` hears the finished share of a step, in its thread."""

    def __init__(
        self,
        workshop: Workshop,
        capacity: Capacity,
        *,
        on_progress: Callable[[Step, Fraction], None],
        pool: Executor | None = None,
    ) -> None:
        allow_children()
        self._workshop = workshop
        self._capacity = capacity
        self._on_progress = on_progress
        self._own_pool = pool is None
        self._pool = pool or ThreadPoolExecutor(max_workers=capacity.slots, thread_name_prefix="reels")
        self._begun: set[Future[None]] = set()

    @property
    def capacity(self) -> Capacity:
        return self._capacity

    def submit(self, step: Step) -> Future[None]:
        future = self._pool.submit(self._do, step)
        self._begun.add(future)
        future.add_done_callback(self._begun.discard)
        return future

    def _do(self, step: Step) -> None:
        perform(step, self._workshop, lambda share: self._on_progress(step, share))

    def look_up(self) -> None:
        """Threads of ours do not get lost."""

    def stop(self) -> None:
        """End everything that is in hand, children first, within two seconds."""
        stop_all_children()
        if self._own_pool:
            self._pool.shutdown(wait=False, cancel_futures=True)
        wait(set(self._begun), timeout=_PATIENCE_S)

    def close(self) -> None:
        """Let go of the threads once nothing is in hand any more."""
        if self._own_pool:
            self._pool.shutdown(wait=True)
