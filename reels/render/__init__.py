"""Whole jobs: a campaign rendered, frames of it drawn.

    working    a plan worked off by a crew, while the store is held
    outcomes   what came of every reel and platform
    whole      a campaign planned and rendered
    frame      exact frames of reels

Wires the rooms together and decides nothing that `plan` does not decide. `cli` shows what comes out.
"""

from reels.render.frame import DrawnReel, draw_frames
from reels.render.outcomes import Outcome, RenderReport, Status
from reels.render.whole import DRAFTS_DIR, plan_campaign, render_campaign
from reels.render.working import Hands

__all__ = [
    "DRAFTS_DIR",
    "DrawnReel",
    "Hands",
    "Outcome",
    "RenderReport",
    "Status",
    "draw_frames",
    "plan_campaign",
    "render_campaign",
]
