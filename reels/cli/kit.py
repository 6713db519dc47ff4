"""`reels kit`: manifest and page of what a campaign has handed over, brought up to date; nothing is made."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from reels.campaign.load import load_campaign
from reels.cli.choices import nothing_handed_over
from reels.cli.console import language, print_json, print_line
from reels.deliver import safe_name
from reels.errors import UsageError
from reels.kit import INDEX_FILE, MANIFEST_FILE, collect, is_ours, manifest_text, publish
from reels.said import Said

__all__ = ["kit"]


def kit(
    campaign: Annotated[Path, typer.Argument(help="Campaign folder or its campaign.yaml.")],
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the manifest instead of the page's path.")
    ] = False,
) -> None:
    """Bring manifest.json and index.html up to date with the reels that lie in out/; nothing is rendered."""
    read = load_campaign(campaign)
    out_dir = read.workspace.out_dir
    order = [safe_name(reel_id) for reel_id in read.order]
    reels = collect(out_dir, order=order)
    if not reels:
        raise nothing_handed_over(out_dir, campaign)
    publish(out_dir, campaign=read.name, order=order, language=language())
    for name in (MANIFEST_FILE, INDEX_FILE):
        if not is_ours(out_dir / name):
            raise UsageError(
                where=str(out_dir / name),
                found=Said("a file that reels did not write", ko="reels가 쓰지 않은 파일"),
                expected=Said("none, or the one that reels wrote", ko="없거나 reels가 쓴 파일"),
                remedy=Said("give it another name", ko="다른 이름으로 바꿔 주세요."),
            )
    if as_json:
        print_json(json.loads(manifest_text(read.name, reels)))
    else:
        print_line(str(out_dir / INDEX_FILE))
