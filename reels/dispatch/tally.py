"""How far a run is: of the whole, of each reel, and how long it may still take.

Counts the weight of steps and not their number, for a chunk is not a probe; how heavy they are is learned as they
finish. Holds no clock of its own: whoever tells it what happened tells it when.
"""

from __future__ import annotations

from collections import defaultdict
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


class Tally:
    """Of one run. Times are seconds of any steady clock."""

    def __init__(self, now: float) -> None:
        self._began = now
        self._steps: dict[str, Step] = {}
        """By id: what is to run, and what has run."""
        self._done: dict[str, float] = {}
        """Fingerprints that are done, with the wall seconds they took."""
        self._flying: dict[str, tuple[float, float]] = {}
        """Fingerprints in hand: when they began, and the share that is done."""
        self._failed: set[str] = set()
        self._taken: dict[Kind, list[float]] = defaultdict(lambda: [0.0, 0.0])
        """For each kind the seconds that were thought and those that were taken."""
        self._known: dict[str, Step] = {}
        """Every step by its fingerprint."""
        self._reached = 0.0

    def planned(self, plan: Plan) -> None:
        self._reached = 0.0
        ran = {step.id: step for step in self._steps.values() if step.fingerprint in self._done}
        self._steps = {step.id: step for step in plan.steps if step.will_run or step.id in ran} | ran
        self._known |= {step.fingerprint: step for step in plan.steps if step.fingerprint}

    def started(self, step: Step, now: float) -> None:
        self._flying[step.made_as] = (now, 0.0)

    def progressed(self, step: Step, share: float) -> None:
        if step.made_as in self._flying:
            self._flying[step.made_as] = (self._flying[step.made_as][0], share)

    def finished(self, step: Step, now: float) -> None:
        began, _ = self._flying.pop(step.made_as, (now, 0.0))
        self._done[step.made_as] = now - began
        thought_taken = self._taken[step.kind]
        thought_taken[0] += seconds_of(step)
        thought_taken[1] += now - began

    def failed(self, step: Step) -> None:
        self._flying.pop(step.made_as, None)
        self._failed.add(step.made_as)

    @property
    def share(self) -> float:
        """Of everything, 0 to 1. While a plan stands it never goes back, though how heavy steps are is learned."""
        self._reached = max(self._reached, self._share(list(self._steps.values())))
        return self._reached

    @property
    def reels(self) -> tuple[ReelProgress, ...]:
        """Each reel that has something to run, in the plan's order."""
        of_reel: dict[str, list[Step]] = defaultdict(list)
        for step in self._steps.values():
            if step.reel is not None:
                of_reel[step.reel].append(step)
        failed = {self._known[name].reel for name in self._failed & self._known.keys()}
        return tuple(
            ReelProgress(
                reel=reel,
                share=self._share(steps),
                is_finished=all(step.fingerprint in self._done for step in steps),
                has_failed=reel in failed,
            )
            for reel, steps in of_reel.items()
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
        busy = sum(self._done.values()) + sum(now - began for began, _ in self._flying.values())
        left = sum(
            self._seconds(step) * (1 - self._done_share(step))
            for step in self._steps.values()
            if step.fingerprint not in self._failed
        )
        return left / max(1.0, busy / elapsed)

    def _seconds(self, step: Step) -> float:
        thought, taken = self._taken.get(step.kind, (0.0, 0.0))
        return seconds_of(step) * (max(_LEAST, taken / thought) if thought else 1.0)

    def _done_share(self, step: Step) -> float:
        if step.fingerprint in self._done:
            return 1.0
        return self._flying.get(step.fingerprint or "", (0.0, 0.0))[1]

    def _share(self, steps: list[Step]) -> float:
        whole = sum(map(self._seconds, steps))
        done = sum(self._seconds(step) * self._done_share(step) for step in steps)
        return done / whole if whole else 1.0
