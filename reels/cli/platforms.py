"""`reels platforms`: what can be delivered to, and how old the knowledge is."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import typer

from reels.cli.console import print_json, print_table, tell
from reels.platforms import Platform, list_platforms

__all__ = ["platforms"]

_STALE_DAYS = 180


def platforms(as_json: Annotated[bool, typer.Option("--json", help="Print as JSON.")] = False) -> None:
    """List the platforms with their limits and the day on which these were last looked up."""
    known = list_platforms()
    if as_json:
        print_json({"platforms": [_json(platform) for platform in known]})
        return
    rows = [
        (
            p.name,
            p.title_ko,
            str(p.raster),
            _duration(p),
            _size(p),
            p.caption_limit or "",
            p.checked_on.isoformat(),
        )
        for p in known
    ]
    print_table(("platform", "", "raster", "seconds", "MB", "caption", "checked"), rows)
    for platform in known:
        age = (date.today() - platform.checked_on).days
        if age > _STALE_DAYS:
            tell(
                f"{platform.name}: its limits were last looked up {age} days ago; look at the platform's page"
            )


def _duration(platform: Platform) -> str:
    low, high = platform.duration_min, platform.duration_max
    return (
        f"{float(low):g}–{float(high):g}"
        if low is not None and high is not None
        else (f"≤ {float(high):g}" if high is not None else "")
    )


def _size(platform: Platform) -> str:
    return f"{platform.max_bytes // 1_000_000}" if platform.max_bytes is not None else ""


def _json(platform: Platform) -> dict[str, object]:
    return {
        "name": platform.name,
        "title": platform.title,
        "raster": str(platform.raster),
        "duration_min_s": float(platform.duration_min) if platform.duration_min is not None else None,
        "duration_max_s": float(platform.duration_max) if platform.duration_max is not None else None,
        "max_bytes": platform.max_bytes,
        "caption_limit": platform.caption_limit,
        "max_hashtags": platform.max_hashtags,
        "checked_on": platform.checked_on.isoformat(),
    }
