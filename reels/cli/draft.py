"""`reels draft`: subtitle drafts for the footage of a campaign."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from reels.campaign.load import load_campaign
from reels.cli.console import print_json, print_line
from reels.cli.progress import shown_run
from reels.errors import one_of
from reels.plan import draft_names
from reels.render import render_campaign

__all__ = ["draft"]


def draft(
    campaign: Annotated[Path, typer.Argument(help="Campaign folder or its campaign.yaml.")],
    reel: Annotated[list[str] | None, typer.Argument(help="Ids of the reels wanted; none: all.")] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Listen again; drafts that a person edited are still kept.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the drafts as JSON.")] = False,
) -> None:
    """Write a subtitle draft for each footage file, never over a person's edit."""
    chosen = load_campaign(campaign, only=reel or [])
    with shown_run() as show:
        report = render_campaign(chosen, show=show, goal="draft", force=force)
    written = {
        step.id.removeprefix("draft ") for step in report.run.plan.steps if step.fingerprint in report.run.ran
    }
    names = draft_names(chosen)
    rows = []
    for spec in chosen.reels:
        for clip in spec.clips:
            path = chosen.workspace.drafts_dir / names[clip.footage, spec.subtitles.language]
            status = "written" if path.name in written else ("kept" if path.exists() else "none")
            row = {"footage": str(clip.footage), "draft": str(path), "status": status}
            if row not in rows:
                rows.append(row)
    if as_json:
        print_json({"ok": not report.run.failures, "drafts": rows})
    else:
        for row in rows:
            if row["status"] != "none":
                print_line(row["draft"])
    failed_now, failed_in_plan = report.run.failures, report.run.plan.failures
    errors = [*(failure.error for failure in failed_now), *(failure.error for failure in failed_in_plan)]
    if errors:
        raise one_of(errors)
