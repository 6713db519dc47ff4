"""Steadying: how footage shakes → how a window must move to hold it still.

`watch` decodes every frame of a range once, small, and finds how far each has moved (`shake`); `hold` makes of it a
`Steady`: a move for each frame of the footage, which is laid over whatever window a clip has. Turns and zooms of the
camera are not taken out. `probe` stands before; `plan.steadying` and `graph.crop` after.
"""

from __future__ import annotations

from reels.steadying.holding import (
    LARGEST_MOVE,
    SMALLEST_WINDOW,
    Steady,
    SteadyUnreadable,
    hold,
    steady_from_json,
)
from reels.steadying.shake import displacement
from reels.steadying.watching import watch

__all__ = [
    "LARGEST_MOVE",
    "SMALLEST_WINDOW",
    "Steady",
    "SteadyUnreadable",
    "displacement",
    "hold",
    "steady_from_json",
    "watch",
]
