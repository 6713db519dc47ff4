"""Frames of reels, exactly as the render's graph gives them before they are encoded; from the store where they were drawn."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from reels.campaign.model import Campaign
from reels.plan import make_plan
from reels.render.working import ANY_HANDS, Hands, require_done, require_possible, work_off
from reels.run import RunEvent
from reels.steps import ReelCut
from reels.store import Store
from reels.survey import Survey
from reels.versions import tool_versions

__all__ = ["DrawnReel", "draw_frames"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnReel:
    """How a reel is cut in its first encode, and a PNG in the store for each moment that was asked for."""

    cut: ReelCut
    pictures: tuple[Path, ...]


def draw_frames(
    campaign: Campaign,
    moments: Mapping[str, Sequence[str]],
    *,
    show: Callable[[RunEvent], None],
    hands: Hands = ANY_HANDS,
) -> dict[str, DrawnReel]:
    """Each reel by its id, with the frames shown at its `moments`, times of the programme such as `4.2` or `120f`.

    What they need and is not known yet (the footage, a draft, where people are, titles) is made first, and kept.

    Raises: UsageError for what is no time of a reel; ReelsError, for the first thing that stands in the way.
    """
    store = Store(campaign.workspace.store_dir)
    survey = Survey(campaign.workspace, store)
    planned = partial(make_plan, campaign, survey, tool_versions(), goal="frame", moments=moments)
    plan = planned()
    require_possible(plan)
    if plan.to_run:
        store.prepare()
        plan = require_done(work_off(campaign, store, planned, hands=hands, show=show))
    return {
        cut.reel: DrawnReel(
            cut=cut,
            pictures=tuple(store.need(drawn_as).file("frame.png") for drawn_as in plan.frames[cut.reel]),
        )
        for cut in plan.cuts
    }
