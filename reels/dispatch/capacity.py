"""How much a computer bears at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from reels.dispatch.demand import Demand, demand_of
from reels.steps import Step

__all__ = ["Capacity", "startable"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Capacity:
    """`slots` steps at a time, in `memory` bytes, `listeners` of them with a speech model; None: memory is not counted."""

    slots: int
    memory: int | None = None
    listeners: int = 1

    def has_slot(self, in_hand: Sequence[Demand]) -> bool:
        return len(in_hand) < self.slots

    def has_ear(self, wanted: Demand, in_hand: Sequence[Demand]) -> bool:
        """Whether `wanted` need not wait for another to have listened."""
        return not wanted.listens or sum(one.listens for one in in_hand) < self.listeners

    def has_memory(self, wanted: Demand, in_hand: Sequence[Demand]) -> bool:
        """Whether `wanted` fits beside `in_hand`; alone anything does, for waiting would not make it smaller."""
        if self.memory is None or not in_hand:
            return True
        return wanted.memory + sum(one.memory for one in in_hand) <= self.memory


def startable(ready: Iterable[Step], in_hand: Sequence[Step], capacity: Capacity) -> list[Step]:
    """The steps of `ready`, best first, that can start now beside those in hand.

    What waits for an ear is passed by others. What waits for memory is not: smaller ones would take each bit of it
    that comes free, and it would wait till the end.
    """
    held = [demand_of(step) for step in in_hand]
    found: list[Step] = []
    if not capacity.has_slot(held):
        return found
    for step in ready:
        wanted = demand_of(step)
        if not capacity.has_ear(wanted, held):
            continue
        if not capacity.has_memory(wanted, held):
            break
        held.append(wanted)
        found.append(step)
        if not capacity.has_slot(held):
            break
    return found
