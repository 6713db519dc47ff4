"""`subtitles:` of a campaign and of a reel → how is listened and how words are shown, each option from the nearest level."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

from reels.campaign.model import CaptionOptions, Origin, SubtitleOptions
from reels.campaign.schema import SubtitleKeys

__all__ = ["caption_options", "subtitle_options"]


def subtitle_options(
    outer: SubtitleKeys | None, inner: SubtitleKeys | None, origins: list[tuple[str, Origin]]
) -> SubtitleOptions:
    """The options of listening, each from the nearest level; `origins` learns which."""
    return replace(SubtitleOptions(), **_written(SubtitleOptions(), outer, inner, origins))


def caption_options(
    outer: SubtitleKeys | None, inner: SubtitleKeys | None, origins: list[tuple[str, Origin]]
) -> CaptionOptions:
    """The options of showing, each from the nearest level; `origins` learns which."""
    return replace(CaptionOptions(), **_written(CaptionOptions(), outer, inner, origins))


def _written(
    options: SubtitleOptions | CaptionOptions,
    outer: SubtitleKeys | None,
    inner: SubtitleKeys | None,
    origins: list[tuple[str, Origin]],
) -> dict[str, Any]:
    """What the levels say of the fields of `options`, lists as tuples; `null` is the default again."""
    came_from: dict[str, Origin] = {field.name: "default" for field in fields(options)}
    levels: tuple[tuple[SubtitleKeys | None, Origin], ...] = ((outer, "campaign"), (inner, "reel"))
    found: dict[str, Any] = {}
    for level, origin in levels:
        for name in came_from:
            if level is None or name not in level.model_fields_set:
                continue
            value = getattr(level, name)
            came_from[name] = origin
            if value is None:
                found.pop(name, None)
            else:
                found[name] = tuple(value) if isinstance(value, list) else value
    origins += [(f"subtitles.{name}", origin) for name, origin in came_from.items()]
    return found
