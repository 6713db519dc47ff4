"""`reels models`: which speech models are here, and how to get the others."""

from __future__ import annotations

from typing import Annotated

import typer

from reels.cli.console import print_json, print_line, print_table
from reels.recognise import fetch_model, list_models

__all__ = ["app"]

app = typer.Typer(
    help="Speech models: which are here, and how to get the others.", invoke_without_command=True
)


@app.callback()
def models(
    context: typer.Context, as_json: Annotated[bool, typer.Option("--json", help="Print as JSON.")] = False
) -> None:
    """List the speech models and which of them are on this computer."""
    if context.invoked_subcommand is not None:
        return
    rows = list_models()
    if as_json:
        print_json(
            {
                "models": [
                    {
                        "name": row.name,
                        "engine": row.engine,
                        "available": row.available,
                        "path": str(row.path) if row.path else None,
                        "size_bytes": row.size_bytes,
                        "note": row.note,
                    }
                    for row in rows
                ]
            }
        )
        return
    print_table(
        ("model", "engine", "here", "MB", ""),
        [
            (
                r.name,
                r.engine,
                "yes" if r.available else "no",
                r.size_bytes // 1_000_000 if r.size_bytes else "",
                r.note,
            )
            for r in rows
        ],
    )


@app.command()
def fetch(name: Annotated[str, typer.Argument(help="Model name, such as large-v3-turbo.")]) -> None:
    """Download a model; needs a network."""
    print_line(str(fetch_model(name).path))
