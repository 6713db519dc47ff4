"""Workers on other machines: a Dask cluster on a folder that all of them see.

Dask carries a step to a worker, and to another if that one is lost. What we add: each worker is looked at before it gets
work, also one that joins later (`roster`); one model listens in a worker at a time; a run that is stopped stops its own
children everywhere and nobody else's. Steps that write where a person may be at work (drafts, deliveries) are done by the
process that was started.

Source: distributed's documentation, "Client" and "Scheduling Policies".
"""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError, Future, InvalidStateError
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from reels.crews.dask_client import connected, first_line
from reels.crews.local import LocalCrew
from reels.crews.looking import Expected, versions_here
from reels.crews.relocation import Relocation
from reels.crews.roster import Roster
from reels.dispatch import Capacity, demand_of
from reels.encode import Encoder
from reels.errors import ClusterUnreachable, ReelsError, StepBroken, WorkersDied, cannot_write
from reels.perform import Workshop, perform
from reels.said import Said
from reels.steps import Step
from reels.store import HELLO
from reels.tools.ffmpeg import children_of, require_not_stopped, stop_children_of

__all__ = ["ClusterCrew"]

_CLOSE_S: Final = 10
_STOP_S: Final = 1.5

_listening = threading.Lock()


def _work_on(step: Step, workshop: Workshop, owner: str, relocation: Relocation) -> ReelsError | None:
    """Runs on a worker. An error is a value: one that is raised comes back with a traceback that nobody reads."""
    try:
        with children_of(owner), _one_at_a_time(demand_of(step).listens):
            here = replace(step, work=relocation.of(step.work), sources=relocation.of(step.sources))
            perform(here, workshop)
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
    """A step that is away; `workers` are those that may do it, nobody where it has to be sent (again).

    `breaks` is how often the connection had broken when it was sent.
    """

    step: Step
    breaks: int = 0
    there: Future[ReelsError | None] | None = None
    workers: frozenset[str] = frozenset()


class ClusterCrew:
    """The workers behind the scheduler at `address`; `home` does what is done here.

    `files`, `models` and `encoder` are what the work will need, as in `Expected`; with `jobs` no more steps than that are
    in hand. `tell` hears in words which workers are used and which are not, and why.

    Raises: ToolMissing without `distributed`; UsageError, ClusterUnreachable; UnfitWorkers, WorkersLost; OutputNotWritable,
    DiskFailed.
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
        jobs: int | None = None,
        tell: Callable[[Said], None],
    ) -> None:
        self._address = address
        self._workshop = workshop
        self._home = home
        self._jobs = jobs
        self._owner = secrets.token_hex(8)
        self._token = workshop.workspace.store_dir / f"{HELLO}{self._owner}"
        expected = Expected(
            versions=tuple((name, found) for name, found in versions_here() if name not in without),
            folder=self._token.parent,
            token=self._token.name,
            files=tuple(files),
            models=tuple(models),
            encoder=encoder,
            relocation=Relocation.from_here(),
        )
        self._relocation = expected.relocation
        self._sent: dict[Future[None], _Sent] = {}
        self._lock = threading.Lock()
        self._stopping = False
        try:
            self._token.write_text(self._token.name, encoding="ascii")
        except OSError as error:
            raise cannot_write(self._token, error) from None
        try:
            self._client = connected(address)
        except BaseException:
            self._forget_token()
            raise
        self._executor = self._client.get_executor(pure=False)
        self._roster = Roster(self._client, address, expected, tell=tell)
        try:
            while not self._roster.fit:
                self._roster.look()
                time.sleep(0.1)
        except BaseException:
            self.stop()
            raise

    @property
    def capacity(self) -> Capacity:
        """Of all workers together; on which of them a step is done is Dask's to choose."""
        workers = list(self._roster.fit.values())
        steps = sum(worker.steps for worker in workers)
        # While nobody is there steps wait in hand, and the run with them.
        return Capacity(
            slots=max(1, min(steps, self._jobs or steps)),
            memory=sum(worker.memory for worker in workers) or None,
            listeners=max(1, len(workers)),
        )

    def submit(self, step: Step) -> Future[None]:
        """Raises: ClusterUnreachable."""
        if demand_of(step).at_home:
            return self._home.submit(step)
        future: Future[None] = Future()
        with self._lock:
            self._sent[future] = _Sent(step=step)
        self._send([future])
        return future

    def look_up(self) -> None:
        """See who has come and gone, and send again what nobody does any more.

        Raises: ClusterUnreachable, UnfitWorkers, WorkersLost.
        """
        self._roster.look()
        with self._lock:
            stranded = [
                future
                for future, sent in self._sent.items()
                if sent.breaks != self._roster.breaks or not sent.workers & self._roster.fit.keys()
            ]
        self._send(stranded)

    def stop(self) -> None:
        """Take back what waits, end our children on every worker, within two seconds."""
        self._stopping = True
        self._home.stop()

        def stop_there() -> None:
            with suppress(Exception):
                self._executor.shutdown(wait=False)
                workers = list(self._roster.ever)
                self._client.run(stop_children_of, self._owner, workers=workers, on_error="ignore")
            with suppress(Exception):
                self._client.close(timeout=1)

        # A cluster that does not answer must not hold up who wants to leave.
        stopping = threading.Thread(target=stop_there, daemon=True)
        stopping.start()
        stopping.join(_STOP_S)
        self._forget_token()

    def close(self) -> None:
        """Let go of the cluster once nothing is in hand any more."""
        self._stopping = True
        self._home.close()
        with suppress(Exception):
            self._client.close(timeout=_CLOSE_S)
        self._forget_token()

    def _forget_token(self) -> None:
        with suppress(OSError):  # the share is gone: then it is the least of the troubles
            self._token.unlink(missing_ok=True)

    def _send(self, futures: Sequence[Future[None]]) -> None:
        """Give the steps of `futures` to the workers that are there now, if there are any.

        Nothing is held meanwhile: Dask's thread, which settles what is done, waits for the lock and we for it.
        """
        workers = frozenset(self._roster.fit)
        if not workers:
            return
        for future in futures:
            with self._lock:
                sent = self._sent.get(future)
            if sent is None:
                continue
            if sent.there is not None:
                sent.there.cancel()
            try:
                there: Future[ReelsError | None] = self._executor.submit(
                    _work_on,
                    sent.step,
                    self._workshop,
                    self._owner,
                    self._relocation,
                    workers=sorted(workers),
                )
            except Exception as error:
                raise ClusterUnreachable(address=self._address, found=first_line(error)) from error
            with self._lock:
                sent.there, sent.workers, sent.breaks = there, workers, self._roster.breaks
            there.add_done_callback(lambda done, future=future: self._settle(future, done))  # type: ignore[misc]

    def _settle(self, future: Future[None], done: Future[ReelsError | None]) -> None:
        """Called by Dask's thread."""
        with self._lock:
            sent = self._sent.get(future)
            if sent is None or sent.there is not done or self._stopping:
                return  # sent again meanwhile, or nobody waits any more
            try:
                error: Exception | None = done.result()
            except CancelledError:
                # A connection that broke takes everything back, also where it is mended at once.
                sent.there, sent.workers = None, frozenset()
                return
            except Exception as why:  # noqa: BLE001 - what Dask says of a step that ended its workers
                error = _told(sent.step, why)
            del self._sent[future]
        with suppress(InvalidStateError):
            if error is None:
                future.set_result(None)
            else:
                future.set_exception(error)


def _told(step: Step, why: Exception) -> ReelsError:
    if type(why).__name__ == "KilledWorker":
        return WorkersDied(doing=step.doing)
    return StepBroken(doing=step.doing, found=first_line(why))
