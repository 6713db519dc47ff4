"""Campaign → plan: which steps there are, which of them must run, and why. Planning never runs anything.

    footage   probes, transcripts and drafts: what must be known of each footage file
    second    whether the second language can be had
    delivery  platforms → encodes, and what no platform would take
    framing   who is followed: what to look for, and the pieces that a span becomes
    screen    what shows where: title, lower thirds, logo, subtitles
    reel      the steps of one reel, from chunks to the hand-over
    steps_so_far  the list that they all add to, with the reason of each step

The planner asks a `Survey` what is known now. Where something is not known yet (a footage file that was never
probed, a draft that does not exist), the steps behind it are listed without a fingerprint, with the reason
`cascade`; `run` has the plan made again once the answer is there. So a plan never guesses.
"""

from reels.plan.draft_names import draft_meant_by, draft_names, orphan_drafts
from reels.plan.make import Goal, make_plan

__all__ = ["Goal", "draft_meant_by", "draft_names", "make_plan", "orphan_drafts"]
