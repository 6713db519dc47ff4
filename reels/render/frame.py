"""One frame of a reel, exactly as the render's graph gives it before it is encoded, from the store where it was drawn before."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from reels.campaign.model import Campaign
from reels.errors import DiskFailed, one_of
from reels.plan import make_plan
from reels.render.working import Hands, work_off
from reels.run import RunEvent, failed_needs
from reels.said import Said
from reels.steps import Plan, Step
from reels.store import Store
from reels.survey import Survey
from reels.versions import tool_versions

__all__ = ["draw_frame"]


def draw_frame(
    campaign: Campaign, *, at: str, show: Callable[[RunEvent], None], hands: Hands | None = None
) -> Path:
    """A PNG in the store of the frame shown `at` a time of the programme, of a campaign of one reel.

    What the frame needs and is not known yet (the footage, a draft, where people are, titles) is made first, and kept.

    Raises: UsageError for what is no time of the reel; ReelsError.
    """
    store = Store(campaign.workspace.store_dir)
    survey = Survey(campaign.workspace, store)
    planned = partial(make_plan, campaign, survey, tool_versions(), goal="frame", at=at)
    plan = planned()
    _require_possible(plan)
    if plan.to_run:
        store.prepare()
        report = work_off(campaign, store, planned, hands=hands or Hands(), show=show)
        plan = report.plan
        _require_possible(plan)
        if report.failures:
            blocked = failed_needs(plan, {f.step.made_as: f.error for f in report.failures})
            raise one_of(list(blocked.values()) or [failure.error for failure in report.failures])
    result = store.result(_frame_of(plan).made_as)
    if result is None:
        found = Said("a frame that was just drawn cannot be read", ko="방금 그린 프레임을 읽을 수 없음")
        raise DiskFailed(path=str(store.root), found=found)
    return result.file("frame.png")


def _require_possible(plan: Plan) -> None:
    if plan.failures:
        raise one_of([failure.error for failure in plan.failures])


def _frame_of(plan: Plan) -> Step:
    return next(step for step in reversed(plan.steps) if step.kind == "frame")
