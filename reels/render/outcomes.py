"""What a run came to: one outcome for every reel and platform, and whether it is enough."""

from __future__ import annotations

import time
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Literal

from reels.campaign.model import Campaign
from reels.errors import CheckFailed, ReelsError, RulesBroken, one_of
from reels.run import RunReport, failed_needs
from reels.said import Said
from reels.steps import DeliverWork, Step

__all__ = ["Outcome", "RenderReport", "Status", "reported"]

Status = Literal["done", "unchanged", "check-failed", "failed", "not-begun"]
"""`not-begun`: nothing is wrong with it, but the run ended before it was made (`--fail-fast`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one reel on one platform. Seconds are wall time of the steps that ran for it."""

    reel: str
    platform: str
    status: Status
    file: Path | None
    duration: Fraction | None
    wall_s: float
    steps_run: int
    steps_reused: int
    error: ReelsError | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderReport:
    """All outcomes, in the campaign's order, the run behind them, and what a person should know of it."""

    outcomes: tuple[Outcome, ...]
    run: RunReport
    wall_s: float
    notes: tuple[Said, ...] = ()

    @property
    def ok(self) -> bool:
        return all(outcome.status in ("done", "unchanged") for outcome in self.outcomes)

    def require_ok(self) -> None:
        """Raises: what stood in the way where nothing could be made, CheckFailed where some could."""
        bad = [outcome for outcome in self.outcomes if outcome.status not in ("done", "unchanged")]
        errors = [outcome.error for outcome in bad if outcome.error is not None]
        if bad and len(errors) == len(self.outcomes):
            raise one_of(errors)
        if bad:
            raise CheckFailed(
                failed=len(bad), of=len(self.outcomes), what=Said("reels", ko="릴스"), did=_did(bad)
            )


def reported(campaign: Campaign, report: RunReport, began: float, notes: tuple[Said, ...]) -> RenderReport:
    """The outcomes of `report`, in the campaign's order; `began` is on the monotonic clock."""
    blocked = failed_needs(report.plan, {f.step.made_as: f.error for f in report.failures})
    outcomes = []
    for reel in campaign.reels:
        mine = [s for s in report.plan.steps if s.reel == reel.id]
        ran = [s for s in mine if s.fingerprint in report.ran]
        planned = {f.platform: f.error for f in report.plan.failures if f.reel == reel.id}
        for platform in reel.platforms:
            step = next((s for s in mine if s.kind == "deliver" and s.platform == platform.name), None)
            error = planned.get(platform.name) or planned.get(None)
            if error is None and step is not None:
                error = blocked.get(step.id)
            outcomes.append(_outcome(reel.id, platform.name, step, error, ran, mine, report, campaign))
    return RenderReport(outcomes=tuple(outcomes), run=report, wall_s=time.monotonic() - began, notes=notes)


def _did(bad: list[Outcome]) -> Said:
    """What is to be said of `bad` together."""
    if any(outcome.status == "not-begun" for outcome in bad):
        return Said("were not made", ko="만들어지지 않았습니다")
    return Said("failed", ko="실패했습니다")


def _outcome(
    reel: str,
    platform: str,
    step: Step | None,
    error: ReelsError | None,
    ran: list[Step],
    mine: list[Step],
    report: RunReport,
    campaign: Campaign,
) -> Outcome:
    file: Path | None = None
    duration: Fraction | None = None
    status: Status = "check-failed" if isinstance(error, RulesBroken) else "failed"
    if error is None and step is not None:
        has_run = step.fingerprint in report.ran
        status = "done" if has_run else "not-begun" if step.will_run else "unchanged"
        if isinstance(step.work, DeliverWork) and status != "not-begun":
            file = campaign.workspace.out_dir / step.work.folder / f"{step.work.name}.mp4"
            duration = step.work.frames / step.work.rate
    return Outcome(
        reel=reel,
        platform=platform,
        status=status,
        file=file,
        duration=duration,
        wall_s=sum(report.ran[s.fingerprint or ""] for s in ran),
        steps_run=len(ran),
        steps_reused=len([s for s in mine if not s.will_run and s.fingerprint not in report.ran]),
        error=error,
    )
