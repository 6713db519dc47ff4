"""Who is there to work on a cluster: workers come, are looked at, are fit or not, and go.

Asks the scheduler and the workers, never waits for them: a look is sent, and judged when the answer is there.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from reels.crews.dask_client import first_line
from reels.crews.looking import Expected, Look, look_around, unfit_for
from reels.errors import ClusterUnreachable, UnfitWorkers, WorkersLost
from reels.said import Said

__all__ = ["Roster", "Worker"]

_ASK_EVERY_S: Final = 1.0
_ANSWER_S: Final = 5.0
_SILENCE_S: Final = 20.0
"""How long the scheduler may say nothing: a connection that broke is mended by Dask within seconds, or never."""
_NOBODY_S: Final = 60.0
"""How long a run waits for a worker when there is none; they are often being started."""
_GATHERING_S: Final = 5.0
"""Workers are started one after the other: one that is not fit is no verdict on those to come."""
_LEAST_MEMORY: Final = 600_000_000
"""For a step on a worker: about what a chunk takes."""
_SHARE_OF_MEMORY: Final = 0.9
_FIRST: Final = 100
"""Dask's priority of a look; work has 0."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Worker:
    """A fit worker: how many steps it bears at once, and the memory that it has for them, in bytes."""

    steps: int
    memory: int


class Roster:
    """The workers behind `client`; `tell` hears of each whether it is used, and when it is gone."""

    def __init__(
        self, client: Any, address: str, expected: Expected, *, tell: Callable[[Said], None]
    ) -> None:
        self._client = client
        self._address = address
        self._expected = expected
        self._tell = tell
        self._asked: dict[str, Any] = {}
        """Looks that are on their way, by the worker's address."""
        self._refused: dict[str, list[Said]] = {}
        self._heard_at = self._somebody_at = self._began = time.monotonic()
        self._asked_at = -_ASK_EVERY_S
        self._comm: object = None
        self.breaks = 0
        """How often the connection was made anew: Dask has taken back everything that was away before."""
        self.fit: dict[str, Worker] = {}
        self.ever: set[str] = set()
        """Every worker that was there; one may still do what it was given."""

    def look(self) -> None:
        """See who has come, who has answered, and who has gone; at most once a second.

        Raises: ClusterUnreachable; UnfitWorkers, WorkersLost where nobody is left to wait for.
        """
        now = time.monotonic()
        if now - self._asked_at < _ASK_EVERY_S:
            return
        self._asked_at = now
        there = self._who_is_there()
        comm = getattr(self._client.scheduler_comm, "comm", None)
        if comm is not self._comm and comm is not None:
            self.breaks += self._comm is not None
            self._comm = comm
        if there is not None:
            self._heard_at = time.monotonic()
            self._forget_those_gone(there)
            for address in there.keys() - self._asked.keys() - self._refused.keys() - self.fit.keys():
                self._asked[address] = self._client.submit(
                    look_around, self._expected, workers=[address], pure=False, priority=_FIRST
                )
            self.ever |= there.keys()
            for address in [address for address, asked in self._asked.items() if asked.done()]:
                self._judge(address, self._asked.pop(address), there[address])
        self._require_somebody()

    def _who_is_there(self) -> Mapping[str, Any] | None:
        """What the scheduler says of each worker, by its address; None while it does not answer."""
        if self._client.status not in ("running", "connecting"):
            raise self._unreachable()
        try:
            # `scheduler_info` may answer from what it heard before, in which there are no workers.
            told = self._client.sync(
                self._client.scheduler.identity, n_workers=-1, callback_timeout=_ANSWER_S
            )
            found: Mapping[str, Any] = told["workers"]
        except Exception as error:
            if time.monotonic() - self._heard_at > _SILENCE_S:
                raise self._unreachable() from error
            return None
        return found

    def _unreachable(self) -> ClusterUnreachable:
        found = Said("it was there and is gone", ko="있다가 사라짐")
        return ClusterUnreachable(address=self._address, found=found)

    def _forget_those_gone(self, there: Mapping[str, Any]) -> None:
        """A worker that is started again may have the address of the one that was lost, and is looked at anew."""
        for address in [address for address in self.fit if address not in there]:
            del self.fit[address]
            self._tell(_gone(address))
        for known in (self._asked, self._refused):
            for address in [address for address in known if address not in there]:
                del known[address]

    def _judge(self, address: str, asked: Any, told: Mapping[str, Any]) -> None:
        look, reasons = self._answer(asked)
        name = f"{told.get('host', address)} ({address})"
        if look is None or reasons:
            self._refused[address] = [_refusal(name, reason) for reason in reasons]
            for reason in self._refused[address] if self.fit else ():
                self._tell(reason)
            return
        memory = int(look.free_memory * _SHARE_OF_MEMORY)
        steps = max(1, min(int(told["nthreads"]), memory // _LEAST_MEMORY))
        if not self.fit:
            # Those that were refused before anybody was fit are told now: they do not stand in the way.
            for reason in (one for reasons in self._refused.values() for one in reasons):
                self._tell(reason)
        self.fit[address] = Worker(steps=steps, memory=memory)
        self._tell(_used(f"{look.machine} ({address})", steps))

    def _answer(self, asked: Any) -> tuple[Look | None, list[Said]]:
        """What a worker said of itself, and what it lacks."""
        try:
            look: Look = asked.result(timeout=_ANSWER_S)
        except Exception as error:  # noqa: BLE001 - no reels there, another Python, gone again
            version = dict(self._expected.versions)["reels"]
            found = first_line(error)
            return None, [
                Said(
                    f"it could not say what it has ({found}); install reels {version} there, as here",
                    ko=f"무엇이 있는지 답하지 못함({found}). 그 컴퓨터에도 여기와 같은 reels {version}판을 설치해 주세요",
                )
            ]
        return look, list(unfit_for(self._expected, look))

    def _require_somebody(self) -> None:
        now = time.monotonic()
        if self.fit:
            self._somebody_at = now
            return
        alone_s = now - self._somebody_at
        if self._refused and not self._asked and alone_s > _GATHERING_S:
            reasons = [one for reasons in self._refused.values() for one in reasons]
            raise UnfitWorkers(
                address=self._address,
                reasons=Said("; ".join(reasons), ko="; ".join(one.ko for one in reasons)),
            )
        if alone_s > _NOBODY_S:
            if self._asked:
                busy = ", ".join(sorted(self._asked))
                raise UnfitWorkers(
                    address=self._address,
                    reasons=Said(
                        f"{busy} did not answer for a minute, for other work keeps it busy; wait for that to end",
                        ko=f"{busy}은(는) 다른 일을 하느라 1분 동안 답이 없으니, 그 일이 끝난 뒤 다시 실행하세요",
                    ),
                )
            raise WorkersLost(address=self._address)


def _refusal(name: str, reason: Said) -> Said:
    return Said(f"worker {name} is not used: {reason}", ko=f"작업 컴퓨터 {name} 제외: {reason.ko}")


def _used(name: str, steps: int) -> Said:
    return Said(
        f"worker {name}: {steps} step{'s' if steps > 1 else ''} at a time",
        ko=f"작업 컴퓨터 {name}: 한 번에 {steps}단계",
    )


def _gone(address: str) -> Said:
    return Said(
        f"worker {address} is gone; others take over what it had in hand",
        ko=f"작업 컴퓨터 {address}이(가) 사라졌습니다. 하던 일은 다른 컴퓨터가 이어서 합니다",
    )
