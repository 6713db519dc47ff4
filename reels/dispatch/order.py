"""The order in which steps start.

Listening comes first, for it takes longest, one film at a time, and everything else of its reels waits for it; so the
next film is heard while the last one's reel is encoded. Then reel by reel, the one with the most work first, so that
no long one is left for the end, and each is finished before the next is begun, also where a longer one becomes known
meanwhile: a run that is stopped leaves finished reels. Within a reel the longest chain of steps goes first.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Final

from reels.steps import ChunkWork, FramingWork, HearingWork, Kind, Plan, StabiliseWork, Step

__all__ = ["Order", "seconds_of"]

_NOMINAL_S: Mapping[Kind, float] = {
    "probe": 0.2,
    "hearing": 1,
    "transcribe": 60,
    "draft": 0.1,
    "framing": 10,
    "stabilise": 10,
    "loudness": 2,
    "art": 1,
    "chunk": 60,
    "audio": 2,
    "join": 1,
    "cover": 2,
    "check": 5,
    "deliver": 0.2,
    "frame": 0.3,
}
"""Seconds on one core, of what is not known or hardly varies; a chunk that is not known stands for all of a reel's."""

_A_FRAME_S: Final = 0.08
"""Of one frame of a chunk: 146 s for 1,798 frames (docs/performance.md)."""
_LOOKING_S: Final = 0.4
"""Of one second of footage that is looked through for people or shake."""

_FIRST: frozenset[Kind] = frozenset({"probe", "hearing", "transcribe", "draft"})

_NOTHING: Final = (0, 0.0, 0)

Weight = tuple[int, float, int]
"""Of a reel: 1 once it is begun, its seconds, and the earlier in the plan the more."""

Rank = tuple[int, Weight, float, int]


def seconds_of(step: Step) -> float:
    """About how long `step` takes one core, in seconds: good for comparing, not for promising."""
    match step.work:
        case ChunkWork() as work:
            return _A_FRAME_S * sum(piece.frames for piece in work.pieces)
        case FramingWork() | StabiliseWork() as work:
            return _LOOKING_S * float(work.range_in_source.duration)
        case HearingWork() as work:
            return min(10.0, 0.05 * float(work.duration))
        case _:
            return _NOMINAL_S[step.kind]


class Order:
    """Ranks the steps of one run's plans. A reel keeps the weight it had when all of it was first known.

    Else a reel would fall behind the others as it gets done, and all would be finished together at the very end.
    """

    def __init__(self) -> None:
        self._settled: dict[str, float] = {}
        self._begun: set[str] = set()

    def ranks(self, plan: Plan, *, in_hand: Iterable[Step] = ()) -> dict[str, Rank]:
        """The rank of each step that will run, by fingerprint; the smallest starts first. `in_hand` are begun already."""
        done = (step for step in plan.steps if not step.will_run)
        self._begun.update(
            step.reel for step in (*done, *in_hand) if step.kind == "chunk" and step.reel is not None
        )
        chains, behind = _chains(plan, self._weights(plan))
        return {
            step.fingerprint: (
                0 if step.kind in _FIRST else 1,
                _turned(behind[step.fingerprint]),
                -chains[step.fingerprint],
                number,
            )
            for number, step in enumerate(plan.steps)
            if step.will_run and step.fingerprint is not None
        }

    def _weights(self, plan: Plan) -> Mapping[str, Weight]:
        found: dict[str, float] = defaultdict(float)
        unknown = set()
        for step in plan.steps:
            if step.will_run and step.reel is not None:
                found[step.reel] += seconds_of(step)
                if step.fingerprint is None:
                    unknown.add(step.reel)
        for reel, seconds in found.items():
            if reel not in unknown:
                self._settled.setdefault(reel, seconds)
        return {
            reel: (int(reel in self._begun), self._settled.get(reel, seconds), -number)
            for number, (reel, seconds) in enumerate(found.items())
        }


def _turned(weight: Weight) -> Weight:
    begun, seconds, order = weight
    return -begun, -seconds, -order


def _chains(plan: Plan, weights: Mapping[str, Weight]) -> tuple[dict[str, float], dict[str, Weight]]:
    """For each fingerprint: the seconds of the longest chain from its start to an end, and the heaviest reel behind it."""
    after: dict[str, float] = defaultdict(float)
    reel_after: dict[str, Weight] = defaultdict(lambda: _NOTHING)
    chains: dict[str, float] = {}
    behind: dict[str, Weight] = {}
    for step in reversed(plan.steps):  # a plan lists what is needed before what needs it
        if not step.will_run:
            continue
        name = step.fingerprint
        chain = seconds_of(step) + (after[name] if name else 0.0)
        heaviest = max(weights.get(step.reel or "", _NOTHING), reel_after[name] if name else _NOTHING)
        if name:
            chains[name] = max(chains.get(name, 0.0), chain)
            behind[name] = max(behind.get(name, _NOTHING), heaviest)
        for need in step.needs:
            after[need] = max(after[need], chain)
            reel_after[need] = max(reel_after[need], heaviest)
    return chains, behind
