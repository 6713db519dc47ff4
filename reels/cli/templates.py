"""`reels templates`: the looks that a reel and its subtitles can have."""

from __future__ import annotations

from typing import Annotated

import typer

from reels.campaign.subtitle_style import list_subtitle_styles
from reels.campaign.template import list_templates
from reels.cli.console import language, print_json, print_table

__all__ = ["templates"]


def templates(as_json: Annotated[bool, typer.Option("--json", help="Print as JSON.")] = False) -> None:
    """List the built-in templates and subtitle styles."""
    known, styles = list_templates(), list_subtitle_styles()
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
                ],
                "subtitle_styles": [
                    {"name": s.name, "description": {"ko": s.description_ko, "en": s.description_en}}
                    for s in styles
                ],
            }
        )
        return
    print_table(("template", ""), [(t.name, t.description(language())) for t in known])
    print_table(("subtitle style", ""), [(s.name, s.description(language())) for s in styles])
