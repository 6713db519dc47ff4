"""`reels plan`: what would run, and why."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from reels.campaign.load import load_campaign
from reels.cli.console import language, print_json, print_line, print_table
from reels.cli.cuts import cut_json, told_cut
from reels.errors import one_of
from reels.render import plan_campaign
from reels.said import in_language

__all__ = ["plan"]


def plan(
    campaign: Annotated[Path, typer.Argument(help="Campaign folder or its campaign.yaml.")],
    reel: Annotated[list[str] | None, typer.Argument(help="Ids of the reels wanted; none: all.")] = None,
    force: Annotated[bool, typer.Option("--force", help="As `reels render --force` would.")] = False,
    everything: Annotated[bool, typer.Option("--all", help="Also list what is reused.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the plan as JSON.")] = False,
) -> None:
    """Show what `reels render` would do, and why; nothing is run."""
    made = plan_campaign(load_campaign(campaign, only=reel or []), force=force)
    if as_json:
        keys = ("id", "kind", "reel", "platform", "fingerprint", "reason", "will_run")
        steps = [{key: getattr(step, key) for key in keys} for step in made.steps]
        print_json({"steps": steps, "cuts": [cut_json(cut) for cut in made.cuts]})
    else:
        shown = [step for step in made.steps if everything or step.will_run]
        if shown:
            print_table(("step", "kind", "reason"), [(step.id, step.kind, step.reason) for step in shown])
        for cut in made.cuts:
            for line in told_cut(cut):
                print_line(in_language(line, language()))
        reused = len(made.steps) - len(made.to_run)
        print_line(f"{len(made.to_run)} to run, {reused} reused")
    if made.failures:
        raise one_of([failure.error for failure in made.failures])
