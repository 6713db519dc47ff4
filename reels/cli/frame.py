"""`reels frame`: one exact frame of a reel, as a picture."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from reels.campaign.load import find_campaign_file, load_campaign
from reels.campaign.own_platforms import named_platform
from reels.cli.choices import WAIT_HELP
from reels.cli.console import print_json, print_line
from reels.cli.progress import shown_run
from reels.deliver import require_writable
from reels.errors import cannot_write
from reels.render import Hands, draw_frames
from reels.store import team_mode

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
    root = find_campaign_file(campaign).parent
    wanted = [named_platform(platform, root=root)] if platform else []
    chosen = load_campaign(campaign, only=[reel], platforms=wanted)
    target = output or Path(f"{chosen.reels[0].id}.png")
    require_writable(target.absolute().parent)
    with shown_run() as show:
        drawn = draw_frames(chosen, {chosen.reels[0].id: [at]}, show=show, hands=Hands(wait=wait))
    _copy(drawn[chosen.reels[0].id][0], target)
    if as_json:
        print_json({"ok": True, "reel": chosen.reels[0].id, "at": at, "file": str(target)})
    else:
        print_line(str(target))


def _copy(drawn: Path, target: Path) -> None:
    """Into a folder that is made if need be.

    By one rename, so that a viewer that has the old picture open never sees half of the new one.
    """
    try:
        target.absolute().parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(
            dir=target.absolute().parent, prefix=".writing-", delete=False
        ) as file:
            copied = Path(file.name)
        try:
            shutil.copyfile(drawn, copied)
            copied.chmod(team_mode(0o666))
            copied.replace(target)
        except BaseException:
            copied.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise cannot_write(target, error) from None
