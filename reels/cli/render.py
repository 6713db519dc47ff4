"""`reels render`: make what a campaign's reels are missing."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from reels.cli.choices import DRAFT_HELP, ENCODER_HELP, SCHEDULER_HELP, WAIT_HELP, chosen_reels, one_of
from reels.cli.console import language
from reels.cli.drafted import told_drafts
from reels.cli.lint import warn_of_drafts
from reels.cli.outcome import show_outcome
from reels.cli.progress import shown_run
from reels.encode import ENCODERS
from reels.render import Hands, render_campaign
from reels.said import typed

__all__ = ["render"]


def render(
    campaign: Annotated[Path, typer.Argument(help="Campaign folder or its campaign.yaml.")],
    reel: Annotated[list[str] | None, typer.Argument(help="Ids of the reels wanted; none: all.")] = None,
    platform: Annotated[
        list[str] | None, typer.Option("--platform", "-p", help="Only for this platform; may be given again.")
    ] = None,
    jobs: Annotated[
        int | None, typer.Option("--jobs", "-j", min=1, help="Steps at once; default: the cores.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Make everything again.")] = False,
    fail_fast: Annotated[
        bool,
        typer.Option("--fail-fast/--keep-going", help="Stop at the first failure, or finish the others."),
    ] = False,
    scheduler: Annotated[str | None, typer.Option("--scheduler", help=SCHEDULER_HELP)] = None,
    wait: Annotated[bool, typer.Option("--wait", help=WAIT_HELP)] = False,
    draft: Annotated[bool, typer.Option("--draft", help=DRAFT_HELP)] = False,
    encoder: Annotated[str, typer.Option("--encoder", help=ENCODER_HELP)] = "x264",
    as_json: Annotated[bool, typer.Option("--json", help="Print the outcome as JSON.")] = False,
) -> None:
    """Render the reels of a campaign; what has not changed is not made again."""
    chosen = chosen_reels(campaign, reel, platform)
    with told_drafts(chosen, campaign), shown_run() as show:
        report = render_campaign(
            chosen,
            show=show,
            hands=Hands(jobs=jobs, scheduler=scheduler, wait=wait),
            force=force,
            fail_fast=fail_fast,
            encoder=one_of("--encoder", encoder, ENCODERS),
            quality="draft" if draft else "full",
            language=language(),
        )
    warn_of_drafts(chosen, report, command=f"reels lint {typed(campaign)}")
    show_outcome(report, as_json=as_json)
