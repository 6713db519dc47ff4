"""`reels preview`: reels looked at before they are finished."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from reels.campaign.load import find_campaign_file, load_campaign
from reels.campaign.model import Campaign
from reels.campaign.own_platforms import named_platform
from reels.cli.choices import WAIT_HELP
from reels.cli.console import language, print_json, print_line
from reels.cli.progress import shown_run
from reels.deliver import require_writable
from reels.errors import cannot_write, one_of
from reels.preview import SheetReel, Still, moments_of, sheet_text
from reels.render import Hands, draw_frames, plan_campaign
from reels.steps import ReelCut
from reels.store import write_atomically

__all__ = ["preview"]


def preview(
    campaign: Annotated[Path, typer.Argument(help="Campaign folder or its campaign.yaml.")],
    export: Annotated[
        Path, typer.Option("--export", help="HTML file to write: stills and text, for someone without reels.")
    ],
    reel: Annotated[list[str] | None, typer.Argument(help="Ids of the reels wanted; none: all.")] = None,
    platform: Annotated[
        str | None,
        typer.Option("--platform", "-p", help="As this platform gets it; default: the reel's first."),
    ] = None,
    wait: Annotated[bool, typer.Option("--wait", help=WAIT_HELP)] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the outcome as JSON.")] = False,
) -> None:
    """Write a page of stills and text of the reels: what stands where, and what is said. Nothing is encoded."""
    root = find_campaign_file(campaign).parent
    wanted = [named_platform(platform, root=root)] if platform else []
    chosen = load_campaign(campaign, only=reel or [], platforms=wanted)
    require_writable(export.absolute().parent)
    hands = Hands(wait=wait)
    with shown_run() as show:
        # Looked at first without a word of what is said, so that drafts are there; then each reel's own moments.
        draw_frames(chosen, {one.id: ["0"] for one in chosen.reels}, show=show, hands=hands)
        cuts = _cuts(chosen)
        moments = {name: moments_of(cut.programme) for name, cut in cuts.items()}
        asked = {name: [moment.as_written for moment in found] for name, found in moments.items()}
        pictures = draw_frames(chosen, asked, show=show, hands=hands)
    sheet = [
        SheetReel(
            id=one.id,
            title=one.title or "",
            platforms=tuple(p.title_ko if language() == "ko" else p.title for p in one.platforms),
            duration=cuts[one.id].programme.edit.duration,
            stills=tuple(
                Still(moment=moment, picture=picture)
                for moment, picture in zip(moments[one.id], pictures[one.id], strict=True)
            ),
        )
        for one in chosen.reels
    ]
    try:
        export.absolute().parent.mkdir(parents=True, exist_ok=True)
        write_atomically(export.absolute(), sheet_text(chosen.name, sheet, language()))
    except OSError as error:
        raise cannot_write(export, error) from None
    if as_json:
        stills = [{"id": one.id, "stills": len(one.stills)} for one in sheet]
        print_json({"ok": True, "file": str(export), "reels": stills})
    else:
        print_line(str(export))


def _cuts(campaign: Campaign) -> dict[str, ReelCut]:
    """The first cut of each reel. Raises: ReelsError for a reel that cannot be cut."""
    plan = plan_campaign(campaign)
    cuts = {cut.reel: cut for cut in reversed(plan.cuts)}
    if len(cuts) < len(campaign.reels):
        raise one_of([failure.error for failure in plan.failures])
    return cuts
