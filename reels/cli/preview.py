"""`reels preview`: reels looked at before they are finished."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from reels.cli.choices import WAIT_HELP, chosen_reels, write_asked_for
from reels.cli.console import language, print_json, print_line
from reels.cli.progress import shown_run
from reels.deliver import require_writable
from reels.preview import sheet_reels, sheet_text
from reels.render import Hands

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
    chosen = chosen_reels(campaign, reel, [platform] if platform else None)
    require_writable(export.absolute().parent)
    with shown_run() as show:
        sheet = sheet_reels(chosen, show=show, hands=Hands(wait=wait))
    write_asked_for(export, sheet_text(chosen.name, sheet, language()))
    if as_json:
        stills = [{"id": one.id, "stills": len(one.stills)} for one in sheet]
        print_json({"ok": True, "file": str(export), "reels": stills})
    else:
        print_line(str(export))
