"""From a campaign to the sheets of its reels: how each is cut, which moments tell most of it, and what is shown then."""

from __future__ import annotations

from collections.abc import Callable

from reels.campaign.model import Campaign
from reels.preview.moments import moments_of
from reels.preview.sheet import SheetReel, Still
from reels.render import Hands, draw_frames
from reels.run import RunEvent

__all__ = ["sheet_reels"]


def sheet_reels(
    campaign: Campaign, *, show: Callable[[RunEvent], None], hands: Hands
) -> tuple[SheetReel, ...]:
    """Each reel with its stills, as its first platforms get it. What must be known first is made, and kept.

    Raises: ReelsError.
    """
    cut = draw_frames(campaign, {}, show=show, hands=hands)
    moments = {reel: moments_of(known.cut.programme) for reel, known in cut.items()}
    asked = {reel: [moment.as_written for moment in found] for reel, found in moments.items()}
    drawn = draw_frames(campaign, asked, show=show, hands=hands)
    return tuple(
        SheetReel(
            id=reel.id,
            title=reel.title or "",
            platforms=tuple(each for each in reel.platforms if each.name in drawn[reel.id].cut.platforms),
            duration=drawn[reel.id].cut.programme.edit.duration,
            stills=tuple(
                Still(moment=moment, picture=picture)
                for moment, picture in zip(moments[reel.id], drawn[reel.id].pictures, strict=True)
            ),
        )
        for reel in campaign.reels
    )
