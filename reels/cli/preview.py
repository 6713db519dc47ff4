"""`reels preview`: reels looked at and their words corrected before they are finished, on a page of the browser."""

from __future__ import annotations

import os
import sys
import webbrowser
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from reels.campaign.load import find_campaign_file
from reels.campaign.model import Campaign
from reels.cli.choices import WAIT_HELP, chosen_reels, write_asked_for
from reels.cli.console import language, print_json, print_line, tell
from reels.cli.progress import shown_run
from reels.deliver import require_writable
from reels.errors import UsageError
from reels.preview import Desk, sheet_reels, sheet_text
from reels.render import Hands
from reels.said import Said, in_language, said_by_system

__all__ = ["preview"]


def preview(
    campaign: Annotated[Path, typer.Argument(help="Campaign folder or its campaign.yaml.")],
    reel: Annotated[list[str] | None, typer.Argument(help="Ids of the reels wanted; none: all.")] = None,
    export: Annotated[
        Path | None,
        typer.Option(
            "--export", help="Write stills and text into this HTML file instead, for someone without reels."
        ),
    ] = None,
    platform: Annotated[
        str | None,
        typer.Option("--platform", "-p", help="As this platform gets it; default: the reel's first."),
    ] = None,
    port: Annotated[
        int,
        typer.Option(
            "--port", min=0, max=65535, help="Port of the page on this computer; 0: any that is free."
        ),
    ] = 0,
    browser: Annotated[
        bool, typer.Option(help="Open the page in the browser, or only print its address.")
    ] = True,
    wait: Annotated[bool, typer.Option("--wait", help=WAIT_HELP)] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the outcome as JSON.")] = False,
) -> None:
    """Open the editor's page: watch the reels with their subtitles, correct words and times. Ctrl-C ends it."""
    if export is not None:
        _write_sheet(chosen_reels(campaign, reel, [platform] if platform else None), export, wait, as_json)
        return
    # The server is loaded for nobody else.
    from reels.preview.serving import serve

    desk = Desk(
        lambda: chosen_reels(campaign, reel, [platform] if platform else None),
        file=find_campaign_file(campaign),
    )

    def ready(address: str) -> None:
        if as_json:
            print_json({"ok": True, "address": address})
        else:
            print_line(address)
        tell(in_language(_ENDS, language()))
        if browser:
            with suppress(webbrowser.Error):
                webbrowser.open(address)

    try:
        with suppress(KeyboardInterrupt):  # which is how it ends
            serve(desk, on_ready=ready, port=port)
        if desk.jobs.is_busy:
            # An engine that listens hears nothing else for a while; nobody shall wait for it.
            sys.stdout.flush()
            os._exit(0)
    except OSError as error:
        raise UsageError(
            where="--port",
            found=Said(f"{port}: {error.strerror}", ko=f"{port}: {said_by_system(error)}"),
            expected=Said("a port that nobody else uses", ko="아무도 쓰지 않는 포트"),
            remedy=Said("leave --port out", ko="--port를 빼 주세요."),
        ) from None


_ENDS = Said(
    "whoever has this address can change the drafts; Ctrl-C ends the page",
    ko="이 주소를 아는 사람은 초안을 고칠 수 있습니다. 끝내려면 Ctrl-C를 누르세요",
)


def _write_sheet(chosen: Campaign, export: Path, wait: bool, as_json: bool) -> None:
    """A page of stills and text: what stands where, and what is said. Nothing is encoded."""
    require_writable(export.absolute().parent)
    with shown_run() as show:
        sheet = sheet_reels(chosen, show=show, hands=Hands(wait=wait))
    write_asked_for(export, sheet_text(chosen.name, sheet, language()))
    if as_json:
        stills = [{"id": one.id, "stills": len(one.stills)} for one in sheet]
        print_json({"ok": True, "file": str(export), "reels": stills})
    else:
        print_line(str(export))
