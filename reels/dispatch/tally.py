"""How far a run is: of the whole, of each reel, and how long it may still take.

Counts the weight of steps and not their number, for a chunk is not a probe; how heavy they are is learned as they
finish. Holds no clock of its own: whoever tells it what happened tells it when.

A terminal asks several times a second, of thousands of steps: so what they weigh is summed up by reel and kind when they
are planned, each event changes its sums, and no question walks the steps.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from reels.dispatch.order import seconds_of
from reels.steps import Kind, Plan, Step

__all__ = ["ReelProgress", "Tally"]

_KNOWN_AFTER_S: Final = 5.0
_KNOWN_FROM: Final = 0.03
"""Of the whole. Before that a time left would be a guess, and jump."""


_LEAST: Final = 0.001
"""Of what was thought: a step that took no time at all would make all of its kind weigh nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReelProgress:
    """`share` of the reel that is done, 0 to 1; finished when nothing of it is left; failed when a step of it has."""

    reel: str
    share: float
    is_finished: bool
    has_failed: bool


@dataclass(slots=True)
class _Load:
    """Steps of one kind: the seconds that were thought for all of them, and for those that are left."""

    whole: float = 0.0
    left: float = 0.0
    steps_left: int = 0

    def add(self, seconds: float, *, is_left: bool) -> None:
        self.whole += seconds
        if is_left:
            self.left += seconds
            self.steps_left += 1

    def take(self, seconds: float) -> None:
        """One that was left is so no more. Nothing is left at last, not what rounding leaves of it."""
        self.steps_left -= 1
        self.left = max(0.0, self.left - seconds) if self.steps_left else 0.0


_Loads = defaultdict[Kind, _Load]


def _loads() -> _Loads:
    return defaultdict(_Load)


class Tally:
    """Of one run. Times are seconds of any steady clock."""

    def __init__(self, now: float) -> None:
        self._began = now
        self._steps: dict[str, Step] = {}
        """By id: what is to run, and what has run."""
        self._done: set[str] = set()
        """Fingerprints that are done."""
        self._busy = 0.0
        """Wall seconds that they took."""
        self._flying: dict[str, tuple[float, float]] = {}
        """Fingerprints in hand: when they began, and the share that is done."""
        self._failed: set[str] = set()
        self._taken: dict[Kind, list[float]] = defaultdict(lambda: [0.0, 0.0])
        """For each kind the seconds that were thought and those that were taken."""
        self._known: dict[str, Step] = {}
        """Every step by its fingerprint."""
        self._made_as: dict[str, list[tuple[Step, float]]] = {}
        """By fingerprint, of `_steps`: each that makes it, with the seconds that are thought for it."""
        self._all = _loads()
        self._awaited = _loads()
        """Of everything that is left, what has not failed."""
        self._of_reel: dict[str, _Loads] = {}
        """In the plan's order."""
        self._reached = 0.0

    def planned(self, plan: Plan) -> None:
        self._reached = 0.0
        ran = {step.id: step for step in self._steps.values() if step.fingerprint in self._done}
        self._steps = {step.id: step for step in plan.steps if step.will_run or step.id in ran} | ran
        self._known |= {step.fingerprint: step for step in plan.steps if step.fingerprint}
        self._made_as, self._all, self._awaited, self._of_reel = {}, _loads(), _loads(), {}
        for step in self._steps.values():
            seconds = seconds_of(step)
            if step.fingerprint is not None:
                self._made_as.setdefault(step.fingerprint, []).append((step, seconds))
            is_left = step.fingerprint not in self._done
            self._all[step.kind].add(seconds, is_left=is_left)
            self._awaited[step.kind].add(seconds, is_left=is_left and step.fingerprint not in self._failed)
            if step.reel is not None:
                self._of_reel.setdefault(step.reel, _loads())[step.kind].add(seconds, is_left=is_left)

    def started(self, step: Step, now: float) -> None:
        self._flying[step.made_as] = (now, 0.0)

    def progressed(self, step: Step, share: float) -> None:
        if step.made_as in self._flying:
            self._flying[step.made_as] = (self._flying[step.made_as][0], share)

    def finished(self, step: Step, now: float) -> None:
        began, _ = self._flying.pop(step.made_as, (now, 0.0))
        self._busy += now - began
        thought_taken = self._taken[step.kind]
        thought_taken[0] += seconds_of(step)
        thought_taken[1] += now - began
        if step.made_as in self._done:
            return
        self._done.add(step.made_as)
        for same, seconds in self._made_as.get(step.made_as, ()):
            self._all[same.kind].take(seconds)
            if step.made_as not in self._failed:
                self._awaited[same.kind].take(seconds)
            if same.reel is not None:
                self._of_reel[same.reel][same.kind].take(seconds)

    def failed(self, step: Step) -> None:
        self._flying.pop(step.made_as, None)
        if step.made_as in self._failed or step.made_as in self._done:
            return
        self._failed.add(step.made_as)
        for same, seconds in self._made_as.get(step.made_as, ()):
            self._awaited[same.kind].take(seconds)

    @property
    def share(self) -> float:
        """Of everything, 0 to 1. While a plan stands it never goes back, though how heavy steps are is learned."""
        begun = sum(map(self._begun, self._in_flight()))
        self._reached = max(self._reached, self._share(self._all, begun))
        return self._reached

    @property
    def reels(self) -> tuple[ReelProgress, ...]:
        """Each reel that has something to run, in the plan's order."""
        begun: dict[str | None, float] = defaultdict(float)
        for flying in self._in_flight():
            begun[flying[0].reel] += self._begun(flying)
        failed = {self._known[name].reel for name in self._failed & self._known.keys()}
        return tuple(
            ReelProgress(
                reel=reel,
                share=self._share(loads, begun[reel]),
                is_finished=not any(load.steps_left for load in loads.values()),
                has_failed=reel in failed,
            )
            for reel, loads in self._of_reel.items()
        )

    @property
    def in_hand(self) -> tuple[tuple[Step, float], ...]:
        """The steps that are being done, longest first, each with its share."""
        by_age = sorted(self._flying.items(), key=lambda one: one[1][0])
        return tuple((self._known[name], share) for name, (_, share) in by_age if name in self._known)

    def seconds_left(self, now: float) -> float | None:
        """Wall seconds that the rest may take; None while too little is known."""
        elapsed = now - self._began
        if elapsed < _KNOWN_AFTER_S or self.share < _KNOWN_FROM:
            return None
        busy = self._busy + sum(now - began for began, _ in self._flying.values())
        left = sum(self._factor(kind) * load.left for kind, load in self._awaited.items())
        left -= sum(
            self._begun(flying) for flying in self._in_flight() if flying[0].made_as not in self._failed
        )
        return max(0.0, left) / max(1.0, busy / elapsed)

    def _in_flight(self) -> list[tuple[Step, float, float]]:
        """Each step of the plan that is in hand, the seconds that were thought for it, and the share that is done."""
        return [
            (step, seconds, share)
            for name, (_, share) in self._flying.items()
            if name not in self._done
            for step, seconds in self._made_as.get(name, ())
        ]

    def _begun(self, flying: tuple[Step, float, float]) -> float:
        """The seconds of a step in hand that are done."""
        step, seconds, share = flying
        return self._factor(step.kind) * seconds * share

    def _factor(self, kind: Kind) -> float:
        """How much longer steps of `kind` take than was thought."""
        thought, taken = self._taken.get(kind, (0.0, 0.0))
        return max(_LEAST, taken / thought) if thought else 1.0

    def _share(self, loads: Mapping[Kind, _Load], begun: float) -> float:
        if not any(load.steps_left for load in loads.values()):
            return 1.0
        whole = done = 0.0
        for kind, load in loads.items():
            factor = self._factor(kind)
            whole += factor * load.whole
            done += factor * (load.whole - load.left)
        return min(1.0, max(0.0, done + begun) / whole) if whole else 1.0
