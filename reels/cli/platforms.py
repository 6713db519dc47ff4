"""`reels platforms`: what can be delivered to, every limit with its source, and how old the knowledge is."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Any

import typer

from reels.campaign.own_platforms import every_platform, named_platform
from reels.cli.console import language, print_json, print_table, tell
from reels.errors import Language
from reels.geometry import Box, Raster
from reels.platforms import STALE_DAYS, Platform, Provenance
from reels.said import Said, in_language

__all__ = ["platforms"]

_LIST: dict[Language, tuple[str, ...]] = {
    "en": ("platform", "", "raster", "seconds", "MB", "caption", "checked"),
    "ko": ("플랫폼", "", "화면", "초", "MB", "본문", "확인한 날"),
}
_VALUES: dict[Language, tuple[str, ...]] = {
    "en": ("value", "", "trust", "checked", "source", "note"),
    "ko": ("값", "", "믿을 만함", "확인한 날", "출처", "메모"),
}
_TRUST_KO = {
    "official": "공식",
    "second-hand": "공식 문서 인용",
    "third-party": "제3자",
    "unconfirmed": "확인 안 됨",
    "measured": "측정",
}


def platforms(
    name: Annotated[
        str | None, typer.Argument(help="Show each value of this platform with its source.")
    ] = None,
    campaign: Annotated[
        Path | None, typer.Option("--campaign", help="Folder of a campaign with platforms of its own.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print as JSON.")] = False,
) -> None:
    """List the platforms with their limits and the day on which these were last looked up; with a name, its values."""
    shown = (named_platform(name, root=campaign, where="NAME"),) if name else every_platform(campaign)
    if as_json:
        print_json({"platforms": [_json(platform, values=name is not None) for platform in shown]})
    elif name:
        rows = [_value_row(shown[0], entry, language()) for entry in shown[0].provenance]
        print_table(_VALUES[language()], rows)
    else:
        print_table(_LIST[language()], [_row(platform) for platform in shown])
    for platform in shown:
        if stale := platform.stale_values(date.today()):
            tell(in_language(_told_stale(platform, stale), language()))


def _told_stale(platform: Platform, stale: tuple[Provenance, ...]) -> Said:
    count, oldest = len(stale), stale[0]
    day = oldest.checked_on.isoformat()
    return Said(
        f"{platform.name}: {count} of its values were last looked up more than {STALE_DAYS} days ago, "
        f"{oldest.key} on {day}; look at the platform's page, or write what holds now into a file of your own",
        ko=f"{platform.name}: 값 {count}개를 확인한 지 {STALE_DAYS}일이 넘었습니다({oldest.key}: {day}). "
        "플랫폼의 안내를 확인하거나, 지금 맞는 값을 따로 적어 주세요.",
    )


def _row(platform: Platform) -> tuple[object, ...]:
    return (
        platform.name,
        platform.title_ko,
        str(platform.raster),
        _duration(platform),
        f"{platform.max_bytes // 1_000_000}" if platform.max_bytes is not None else "",
        platform.caption_limit or "",
        platform.checked_on.isoformat(),
    )


def _duration(platform: Platform) -> str:
    low, high = platform.duration_min, platform.duration_max
    if low is not None and high is not None:
        return f"{float(low):g}–{float(high):g}"
    return f"≤ {float(high):g}" if high is not None else ""


def _value_row(platform: Platform, entry: Provenance, words: Language) -> tuple[str, ...]:
    trust = _TRUST_KO[entry.trust] if words == "ko" else entry.trust
    value = _plain(getattr(platform, entry.key))
    shown = "–" if value is None else ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return entry.key, shown, trust, entry.checked_on.isoformat(), entry.source, entry.note


def _plain(value: object) -> Any:
    """A value as JSON: fractions as numbers, boxes as left, top, right, bottom."""
    if isinstance(value, Fraction):
        return float(value) if value.denominator > 1 else int(value)
    if isinstance(value, Raster):
        return str(value)
    if isinstance(value, Box):
        return [value.left, value.top, value.right, value.bottom]
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value


def _json(platform: Platform, *, values: bool) -> dict[str, object]:
    listed: dict[str, object] = {
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
    if values:
        listed["values"] = {
            entry.key: {
                "value": _plain(getattr(platform, entry.key)),
                "source": entry.source,
                "checked_on": entry.checked_on.isoformat(),
                "trust": entry.trust,
                "note": entry.note,
            }
            for entry in platform.provenance
        }
    return listed
