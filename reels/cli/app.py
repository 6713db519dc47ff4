"""The Typer app: global options and the list of commands."""

from __future__ import annotations

from typing import Annotated

import typer

from reels import __version__
from reels.cli import (
    cache,
    check,
    doctor,
    draft,
    export,
    frame,
    init,
    kit,
    lines,
    lint,
    make,
    models,
    plan,
    platforms,
    preview,
    probe,
    render,
    suggest,
    templates,
)
from reels.cli.console import print_line, set_verbose

__all__ = ["app"]

app = typer.Typer(
    name="reels",
    help="Raw footage in, upload-ready vertical reels with Korean subtitles out.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(wanted: bool) -> None:
    if wanted:
        print_line(f"reels {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    verbose: Annotated[
        bool, typer.Option("--verbose", help="Show tracebacks and whole command lines of failures.")
    ] = False,
    version: Annotated[
        bool,
        typer.Option(
            "--version", help="Print the version and leave.", is_eager=True, callback=_print_version
        ),
    ] = False,
) -> None:
    set_verbose(verbose)


app.command("make")(make.make)
app.command("init")(init.init)
app.command("probe")(probe.probe)
app.command("draft")(draft.draft)
app.command("lint")(lint.lint)
app.command("lines")(lines.lines)
app.command("plan")(plan.plan)
app.command("render")(render.render)
app.command("frame")(frame.frame)
app.command("preview")(preview.preview)
app.command("check")(check.check)
app.command("kit")(kit.kit)
app.command("cache")(cache.cache)
app.command("export")(export.export)
app.command("suggest")(suggest.suggest)
app.command("platforms")(platforms.platforms)
app.add_typer(templates.app, name="templates")
app.add_typer(models.app, name="models")
app.command("doctor")(doctor.doctor)
