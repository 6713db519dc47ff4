"""Which of the steps that could run should run next, and how many at once a computer bears. Pure; runs nothing.

    demand    a step → the memory it takes, whether it listens, whether it must be done where the run was started
    order     a plan → the rank of each step: long chains first, and one reel finished before the next is begun
    tally     what has happened → how far a run is, and how long it may still take
    capacity  what a computer has → which steps find room beside those in hand

`steps` stands before it, `crews` and `run` after it.
"""

from reels.dispatch.capacity import Capacity, startable
from reels.dispatch.demand import Demand, demand_of
from reels.dispatch.order import Order, seconds_of
from reels.dispatch.tally import ReelProgress, Tally

__all__ = ["Capacity", "Demand", "Order", "ReelProgress", "Tally", "demand_of", "seconds_of", "startable"]
