"""Whole jobs: a campaign rendered, frames of it drawn.

    working    a plan worked off by a crew, while the store is held
    outcomes   what came of every reel and platform
    whole      a campaign planned and rendered
    frame      exact frames of reels
    viewing    reels looked at while their words are corrected

Wires the rooms together and decides nothing that `plan` does not decide. `cli` shows what comes out.
"""

from reels.render.frame import DrawnReel, draw_frames
from reels.render.outcomes import Outcome, RenderReport, Status
from reels.render.viewing import NotYetKnown, Viewing
from reels.render.whole import DRAFTS_DIR, plan_campaign, render_campaign
from reels.render.working import Hands

__all__ = [
    "DRAFTS_DIR",
    "DrawnReel",
    "Hands",
    "NotYetKnown",
    "Outcome",
    "RenderReport",
    "Status",
    "Viewing",
    "draw_frames",
    "plan_campaign",
    "render_campaign",
]
