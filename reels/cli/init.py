"""`reels init`: a campaign folder that renders as it stands."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from reels.cli.console import print_line
from reels.scaffold import make_campaign_folder

__all__ = ["init"]


def init(
    folder: Annotated[Path, typer.Argument(help="A folder that does not exist yet, or is empty.")],
    demo: Annotated[
        bool, typer.Option("--demo", help="All sample footage and several reels, instead of one short reel.")
    ] = False,
) -> None:
    """Make a campaign with sample footage, a sample brand and a Makefile; replace them with your own."""
    print_line(str(make_campaign_folder(folder, demo=demo)))
