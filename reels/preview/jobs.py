"""Work that takes longer than a question of the page: one thing after the other, each told how far it is."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from threading import Lock
from typing import Final, Literal

from reels.dispatch import Tally
from reels.errors import Interrupted, ReelsError, StepBroken
from reels.run import RunEvent, count_into
from reels.said import Said
from reels.tools.ffmpeg import allow_children, require_not_stopped, stop_all_children

__all__ = ["Job", "JobKind", "JobState", "Jobs"]

JobKind = Literal["prepare", "play", "render"]
"""What is known before a reel can be looked at; the film to play; the finished reel."""

JobState = Literal["waiting", "working", "done", "failed"]

_REMEMBERED: Final = 50

_DOING: Final[dict[JobKind, Said]] = {
    "prepare": Said("getting ready", ko="준비"),
    "play": Said("making the film to play", ko="재생용 영상 만들기"),
    "render": Said("rendering", ko="렌더링"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One piece of work on a reel; `share` of it is done, `doing` says what is being done now."""

    number: int
    kind: JobKind
    reel: str
    state: JobState = "waiting"
    share: float = 0.0
    doing: str = ""
    error: ReelsError | None = None

    @property
    def is_over(self) -> bool:
        return self.state in ("done", "failed")


Work = Callable[[Callable[[RunEvent], None]], None]
"""What a job does; it is given whom to tell. Raises: ReelsError."""


class Jobs:
    """The jobs of one server, in the order in which they were asked for."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="reels-job")
        self._lock = Lock()
        self._numbers = itertools.count(1)
        self._jobs: dict[int, Job] = {}

    def begin(self, kind: JobKind, reel: str, work: Work) -> Job:
        """Do `work` as soon as nothing else is in hand; the job that is there where the same one waits already."""
        with self._lock:
            for job in self._jobs.values():
                if (job.kind, job.reel, job.state) == (kind, reel, "waiting"):
                    return job
            job = Job(number=next(self._numbers), kind=kind, reel=reel, doing=_DOING[kind])
            self._jobs[job.number] = job
            over = [number for number, one in self._jobs.items() if one.is_over]
            for number in over[: max(0, len(over) - _REMEMBERED)]:
                del self._jobs[number]
        self._pool.submit(self._do, job.number, work)
        return job

    @property
    def now(self) -> tuple[Job, ...]:
        """Those that wait and work, and the last of those that are over."""
        with self._lock:
            return tuple(self._jobs.values())

    @property
    def is_busy(self) -> bool:
        """Whether one is being done."""
        return any(job.state == "working" for job in self.now)

    def stop(self) -> None:
        """End what is in hand and begin nothing more."""
        stop_all_children()
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _do(self, number: int, work: Work) -> None:
        tally = Tally(time.monotonic())
        self._set(number, state="working")

        def show(event: RunEvent) -> None:
            with self._lock:
                count_into(tally, event, time.monotonic())
                doing = event.step.doing if event.kind == "started" and event.step is not None else None
                job = self._jobs[number]
                self._jobs[number] = replace(job, share=tally.share, doing=doing or job.doing)

        try:
            require_not_stopped()
            work(show)
        except ReelsError as error:
            if not isinstance(error, Interrupted):
                allow_children()  # a run that failed has stopped all, and a frame may be asked for
            self._set(number, state="failed", error=error)
        except Exception as error:  # noqa: BLE001 - a fault of ours must not end the page in the middle of a sentence
            found = f"{type(error).__name__}: {error}"
            job = self._jobs[number]
            self._set(number, state="failed", error=StepBroken(doing=_DOING[job.kind], found=found))
        else:
            self._set(number, state="done", share=1.0)

    def _set(
        self, number: int, *, state: JobState, share: float | None = None, error: ReelsError | None = None
    ) -> None:
        with self._lock:
            job = self._jobs[number]
            self._jobs[number] = replace(
                job, state=state, share=job.share if share is None else share, error=error
            )
