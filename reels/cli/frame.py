"""`reels frame`: one exact frame of a reel, as a picture."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from reels.cli.choices import WAIT_HELP, chosen_reels, write_asked_for
from reels.cli.console import print_json, print_line
from reels.cli.progress import shown_run
from reels.deliver import require_writable
from reels.render import Hands, draw_frames

__all__ = ["frame"]


def frame(
    campaign: Annotated[Path, typer.Argument(help="Campaign folder or its campaign.yaml.")],
    reel: Annotated[str, typer.Argument(help="Id of the reel.")],
    at: Annotated[str, typer.Option("--at", help="A time of the reel: 4.2, 00:04.2, or a frame, 120f.")],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="PNG to write; default: REEL.png here.")
    ] = None,
    platform: Annotated[
        str | None,
        typer.Option("--platform", "-p", help="As this platform gets it; default: the reel's first."),
    ] = None,
    wait: Annotated[bool, typer.Option("--wait", help=WAIT_HELP)] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the outcome as JSON.")] = False,
) -> None:
    """Draw one frame of a reel as it will be rendered, with everything that stands over it."""
    chosen = chosen_reels(campaign, [reel], [platform] if platform else None)
    target = output or Path(f"{chosen.reels[0].id}.png")
    require_writable(target.absolute().parent)
    with shown_run() as show:
        drawn = draw_frames(chosen, {chosen.reels[0].id: [at]}, show=show, hands=Hands(wait=wait))
    write_asked_for(target, drawn[chosen.reels[0].id].pictures[0].read_bytes())
    if as_json:
        print_json({"ok": True, "reel": chosen.reels[0].id, "at": at, "file": str(target)})
    else:
        print_line(str(target))
