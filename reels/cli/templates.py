"""`reels templates`: the looks that a reel can have."""

from __future__ import annotations

from typing import Annotated

import typer

from reels.campaign.template import list_templates
from reels.cli.console import language, print_json, print_table

__all__ = ["templates"]


def templates(as_json: Annotated[bool, typer.Option("--json", help="Print as JSON.")] = False) -> None:
    """List the built-in templates."""
    known = list_templates()
    if as_json:
        print_json(
            {
                "templates": [
                    {
                        "name": t.name,
                        "version": t.version,
                        "description": {"ko": t.description_ko, "en": t.description_en},
                    }
                    for t in known
                ]
            }
        )
        return
    print_table(("template", ""), [(t.name, t.description(language())) for t in known])
