"""`reels probe`: what footage is and what is odd about it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from reels.cli.console import language, print_json, print_line, print_table
from reels.errors import ReelsError, one_of
from reels.media import MediaInfo
from reels.media.shown import probe_json, rows_shown
from reels.probe import probe as probe_file
from reels.said import in_language

__all__ = ["probe"]


def probe(
    files: Annotated[list[Path], typer.Argument(help="Video files.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print as JSON; several files: a list.")] = False,
) -> None:
    """Show what footage is made of, and every oddity with what will be done about it."""
    found: list[tuple[Path, MediaInfo]] = []
    errors: list[ReelsError] = []
    for path in files:
        try:
            found.append((path, probe_file(path)))
        except ReelsError as error:
            errors.append(error)
    if as_json:
        shapes = [probe_json(info, path) for path, info in found]
        if shapes:
            print_json(shapes[0] if len(files) == 1 else {"files": shapes})
    else:
        for path, info in found:
            _print(path, info)
    if errors:
        raise one_of(errors)


def _print(path: Path, info: MediaInfo) -> None:
    spoken = language()
    print_table(
        ("", ""),
        [[in_language(cell, spoken) for cell in row] for row in rows_shown(info, path)],
    )
    print_line("")
