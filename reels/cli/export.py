"""`reels export`: a reel's cut for another editing program."""

from __future__ import annotations

import enum
from pathlib import Path
from typing import Annotated

import typer

from reels.campaign.load import load_campaign
from reels.cli.console import print_line
from reels.errors import UsageError, cannot_write, one_of
from reels.interchange import edl, otio
from reels.render import plan_campaign
from reels.said import Said, typed
from reels.store import write_atomically

__all__ = ["Form", "export"]


class Form(enum.StrEnum):
    """Formats that a cut can be written in."""

    OTIO = "otio"
    EDL = "edl"


def export(
    campaign: Annotated[Path, typer.Argument(help="Campaign folder or its campaign.yaml.")],
    reel: Annotated[str, typer.Argument(help="Id of the reel.")],
    to: Annotated[
        Form, typer.Option("--to", help="OpenTimelineIO, or an edit decision list (CMX 3600).")
    ] = Form.OTIO,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="The file to write; none: onto the screen.")
    ] = None,
) -> None:
    """Hand a reel's cut to Premiere, Resolve or another editor: clips, in and out points, subtitles as markers."""
    made = plan_campaign(load_campaign(campaign, only=[reel]))
    if not made.cuts:
        if made.failures:
            raise one_of([failure.error for failure in made.failures])
        command = f"reels draft {typed(campaign)} {typed(reel)}"
        raise UsageError(
            where=reel,
            found=Said("footage without probe or draft", ko="아직 살펴보거나 받아쓰지 않은 영상"),
            expected=Said("a reel whose cut is known", ko="컷이 정해진 릴스"),
            remedy=Said(
                f"run `{command}` first",
                ko=f"먼저 `{command}` 명령을 실행해 주세요.",
            ),
        )
    programme = made.cuts[0].programme
    text = otio(programme) if to is Form.OTIO else edl(programme)
    if output is None:
        print_line(text.removesuffix("\n"))
        return
    try:
        write_atomically(output, text)
    except OSError as error:
        raise cannot_write(output, error) from None
    print_line(str(output))
