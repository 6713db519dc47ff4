"""Workers on other machines: a Dask cluster on a folder that all of them see.

Dask sends a step to a worker that is free and, if that worker is lost, to another. What we add: each worker is looked
at before it gets work, also one that joins later; one model listens in a worker at a time; a run that is stopped stops
its own children everywhere and nobody else's. Steps that write where a person may be at work (drafts, deliveries) are
done by the process that was started.

The only module that imports `distributed`. Source: distributed's documentation, "Client" and "Scheduling Policies".
"""

from __future__ import annotations

import logging
import secrets
import threading
import time
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import CancelledError, Future, InvalidStateError
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from reels.crews.local import LocalCrew
from reels.crews.looking import Expected, Look, look_around, unfit_for, versions_here
from reels.crews.relocation import Relocation
from reels.dispatch import Capacity, demand_of
from reels.encode import Encoder
from reels.errors import (
    ClusterUnreachable,
    ReelsError,
    StepBroken,
    ToolMissing,
    UnfitWorkers,
    WorkersLost,
    cannot_write,
)
from reels.perform import Workshop, perform
from reels.said import Said
from reels.steps import Step
from reels.tools.ffmpeg import children_of, require_not_stopped, stop_children_of

__all__ = ["ClusterCrew"]

_CONNECT_S: Final = 10
_LOOK_S: Final = 60
"""For one look at a worker: it may have to import everything first, from a slow share, or be busy for somebody else."""
_STOP_S: Final = 1.5
_NOBODY_S: Final = 60
"""How long a run waits for a worker when there is none; they are often being started."""
_LEAST_MEMORY: Final = 600_000_000
"""For a step on a worker: about what a chunk takes."""
_FIRST: Final = 100
"""Dask's priority of a look; work has 0."""

_listening = threading.Lock()


def _work_on(step: Step, workshop: Workshop, owner: str, relocation: Relocation) -> ReelsError | None:
    """Runs on a worker. An error is a value: one that is raised comes back with a traceback that nobody reads."""
    try:
        with children_of(owner), _one_at_a_time(demand_of(step).listens):
            perform(
                replace(step, work=relocation.of(step.work), sources=relocation.of(step.sources)), workshop
            )
    except ReelsError as error:
        return error
    return None


@contextmanager
def _one_at_a_time(listens: bool) -> Iterator[None]:
    if not listens:
        yield
        return
    while not _listening.acquire(timeout=0.5):
        require_not_stopped()
    try:
        yield
    finally:
        _listening.release()


@dataclass(slots=True, kw_only=True)
class _Sent:
    """A step that is away; `workers` are those that may do it, nobody yet where there are none."""

    step: Step
    there: Future[ReelsError | None] | None = None
    workers: frozenset[str] = frozenset()


class ClusterCrew:
    """The workers behind the scheduler at `address`; `home` does what is done here.

    `files`, `models` and `encoder` are what the work will need, as in `Expected`; `tell` hears in words which workers are used
    and which are not, and why.

    Raises: ToolMissing without `distributed`; ClusterUnreachable; UnfitWorkers; OutputNotWritable, DiskFailed.
    """

    def __init__(
        self,
        address: str,
        workshop: Workshop,
        *,
        home: LocalCrew,
        files: Sequence[Path],
        models: Sequence[tuple[str, str, str]],
        encoder: Encoder = "x264",
        without: Sequence[str] = (),
        tell: Callable[[Said], None],
    ) -> None:
        self._address = address
        self._workshop = workshop
        self._home = home
        self._tell = tell
        self._owner = secrets.token_hex(8)
        self._token = workshop.workspace.store_dir / f"hello-{self._owner}"
        self._expected = Expected(
            versions=tuple((name, found) for name, found in versions_here() if name not in without),
            folder=self._token.parent,
            token=self._token.name,
            files=tuple(files),
            models=tuple(models),
            encoder=encoder,
            relocation=Relocation.from_here(),
        )
        self._threads: dict[str, int] = {}
        """How many steps each fit worker takes at once, by its address."""
        self._seen: set[str] = set()
        self._sent: dict[Future[None], _Sent] = {}
        self._lock = threading.RLock()
        self._stopping = False
        self._nobody_since = time.monotonic()
        try:
            self._token.write_text(self._token.name, encoding="ascii")
        except OSError as error:
            raise cannot_write(self._token, error) from None
        try:
            self._client = _connected(address)
        except BaseException:
            self._token.unlink(missing_ok=True)
            raise
        try:
            self._executor = self._client.get_executor(pure=False)
            self._wait_for_the_first()
        except BaseException:
            self.stop()
            raise

    @property
    def capacity(self) -> Capacity:
        workers = self._threads
        # While nobody is there steps wait in hand, and the run with them.
        return Capacity(slots=max(1, sum(workers.values())), listeners=max(1, len(workers)))

    def submit(self, step: Step) -> Future[None]:
        if demand_of(step).at_home:
            return self._home.submit(step)
        future: Future[None] = Future()
        with self._lock:
            sent = self._sent[future] = _Sent(step=step)
            if self._threads:
                self._send(future, sent)
        return future

    def look_up(self) -> None:
        """See who has come and gone, and send again what waits for workers that are gone.

        Raises: ClusterUnreachable, WorkersLost.
        """
        alive = self._look_for_workers()
        with self._lock:
            for address in [address for address in self._threads if address not in alive]:
                del self._threads[address]
                self._tell(_gone(address))
            if self._threads:
                self._nobody_since = time.monotonic()
                for future, sent in list(self._sent.items()):
                    if not sent.workers & self._threads.keys():
                        self._send(future, sent)
            elif time.monotonic() - self._nobody_since > _NOBODY_S:
                raise WorkersLost(address=self._address)

    def stop(self) -> None:
        """Take back what waits, end our children on every worker, within two seconds."""
        self._stopping = True
        self._home.stop()

        def stop_there() -> None:
            with suppress(Exception):
                self._executor.shutdown(wait=False)
                self._client.run(stop_children_of, self._owner, workers=list(self._seen), on_error="ignore")
            with suppress(Exception):
                self._client.close(timeout=1)

        # A cluster that does not answer must not hold up who wants to leave.
        stopping = threading.Thread(target=stop_there, daemon=True)
        stopping.start()
        stopping.join(_STOP_S)
        self._token.unlink(missing_ok=True)

    def close(self) -> None:
        """Let go of the cluster once nothing is in hand any more."""
        self._stopping = True
        self._home.close()
        with suppress(Exception):
            self._client.close(timeout=_CONNECT_S)
        self._token.unlink(missing_ok=True)

    # --- workers -----------------------------------------------------------------------------------------

    def _wait_for_the_first(self) -> None:
        unfit: list[Said] = []
        while not self._threads:
            self._look_for_workers(unfit)
            if not self._threads:
                if unfit:
                    raise UnfitWorkers(
                        address=self._address,
                        reasons=Said("; ".join(unfit), ko="; ".join(s.ko for s in unfit)),
                    )
                if time.monotonic() - self._nobody_since > _NOBODY_S:
                    raise WorkersLost(address=self._address)
                time.sleep(0.5)
        for reason in unfit:
            self._tell(reason)

    def _look_for_workers(self, unfit: list[Said] | None = None) -> set[str]:
        """Look at those that were never looked at; the addresses of all that are there.

        Raises: ClusterUnreachable.
        """
        try:
            there: Mapping[str, Any] = self._client.scheduler_info(n_workers=-1)["workers"]
        except Exception as error:
            raise ClusterUnreachable(address=self._address, found=_first_line(error)) from error
        if self._client.status not in ("running", "connecting"):
            raise ClusterUnreachable(address=self._address, found=self._client.status)
        new = [address for address in there if address not in self._seen]
        looks = {address: self._ask(address) for address in new}
        for address, asked in looks.items():
            self._seen.add(address)
            name = f"{there[address].get('host', address)} ({address})"
            reasons = self._judged(asked)
            look = reasons if isinstance(reasons, Look) else None
            if look is not None:
                threads = int(there[address]["nthreads"])
                bears = max(1, look.free_memory // _LEAST_MEMORY)
                self._threads[address] = min(threads, bears)
                self._tell(_used(f"{look.machine} ({address})", self._threads[address]))
                continue
            assert not isinstance(reasons, Look)
            for reason in reasons:
                said = Said(
                    f"worker {name} is not used: {reason}", ko=f"작업 컴퓨터 {name} 제외: {reason.ko}"
                )
                if unfit is None:
                    self._tell(said)
                else:
                    unfit.append(said)
        return set(there)

    def _ask(self, address: str) -> Any:
        return self._client.submit(
            look_around, self._expected, workers=[address], pure=False, priority=_FIRST
        )

    def _judged(self, asked: Any) -> Look | list[Said]:
        """What a worker answered if it is fit, else why not."""
        try:
            look = asked.result(timeout=_LOOK_S)
        except Exception as error:  # noqa: BLE001 - no reels there, another Python, gone again, busy
            found = _first_line(error)
            return [
                Said(
                    f"it did not answer ({found}); install reels {dict(self._expected.versions)['reels']} there, "
                    "as here",
                    ko=f"답이 없음({found}). 그 컴퓨터에도 여기와 같은 reels "
                    f"{dict(self._expected.versions)['reels']}판을 설치해 주세요",
                )
            ]
        reasons = list(unfit_for(self._expected, look))
        return reasons or look

    # --- steps -------------------------------------------------------------------------------------------

    def _send(self, future: Future[None], sent: _Sent) -> None:
        if sent.there is not None:
            sent.there.cancel()
        sent.workers = frozenset(self._threads)
        there: Future[ReelsError | None] = self._executor.submit(
            _work_on,
            sent.step,
            self._workshop,
            self._owner,
            self._expected.relocation,
            workers=sorted(sent.workers),
        )
        sent.there = there
        there.add_done_callback(lambda done: self._settle(future, done))

    def _settle(self, future: Future[None], done: Future[ReelsError | None]) -> None:
        with self._lock:
            sent = self._sent.get(future)
            if sent is None or sent.there is not done or self._stopping:
                return  # sent again meanwhile, or nobody waits any more
            try:
                error: Exception | None = done.result()
            except CancelledError:
                return  # the scheduler is gone; `look_up` says so
            except Exception as why:  # noqa: BLE001 - what Dask says of a step that ended its workers
                error = StepBroken(doing=sent.step.doing, found=_first_line(why))
            del self._sent[future]
        with suppress(InvalidStateError):
            if error is None:
                future.set_result(None)
            else:
                future.set_exception(error)


def _connected(address: str) -> Any:
    """A client of the scheduler there. Raises: ToolMissing, ClusterUnreachable."""
    try:
        import distributed
    except ImportError:
        raise ToolMissing(
            tool="distributed",
            found=Said("it is not installed", ko="설치되어 있지 않음"),
            remedy=Said(
                "run `pip install 'reels[cluster]'`", ko="`pip install 'reels[cluster]'`를 실행하세요."
            ),
        ) from None
    # What it has to say of lost workers and connections, we say.
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return distributed.Client(  # type: ignore[no-untyped-call,unused-ignore]
                address, timeout=_CONNECT_S, set_as_default=False
            )
    except Exception as error:
        raise ClusterUnreachable(address=address, found=_first_line(error)) from error


def _first_line(error: BaseException) -> str:
    lines = str(error).splitlines()
    return f"{type(error).__name__}: {lines[0]}" if lines else type(error).__name__


def _used(name: str, threads: int) -> Said:
    return Said(
        f"worker {name}: {threads} step{'s' if threads > 1 else ''} at a time",
        ko=f"작업 컴퓨터 {name}: 한 번에 {threads}단계",
    )


def _gone(address: str) -> Said:
    return Said(
        f"worker {address} is gone; others take over what it had in hand",
        ko=f"작업 컴퓨터 {address}이(가) 사라졌습니다. 하던 일은 다른 컴퓨터가 이어서 합니다",
    )
