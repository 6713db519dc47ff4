"""The versions of the tools that results depend on, as they are on this computer."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Final

from reels.fingerprint import sha256_of_file
from reels.fonts import emoji_font
from reels.framing import centerface_identity
from reels.tools.ffmpeg import find_ffmpeg

__all__ = ["ToolVersions", "tool_versions"]

_DRAWN_WITH: Final = ("pillow", "moviepy", "av", "resvg-py", "segno", "kiwipiepy", "kiwipiepy-model")
"""What decides how an overlay looks: who paints and encodes it, and whose grammar breaks its lines."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolVersions:
    """What results depend on beside their inputs; a changed version makes a step run again."""

    ffmpeg: str
    faster_whisper: str
    openai_whisper: str
    drawing: str
    faces: str = ""


def tool_versions() -> ToolVersions:
    """Those of this computer. Raises: ToolMissing."""
    return ToolVersions(
        ffmpeg=find_ffmpeg().version,
        faster_whisper=f"faster-whisper {_version('faster-whisper')} ctranslate2 {_version('ctranslate2')}",
        openai_whisper=f"openai-whisper {_version('openai-whisper')} torch {_version('torch')}",
        drawing=" ".join([*(f"{package} {_version(package)}" for package in _DRAWN_WITH), _emoji()]),
        faces=centerface_identity(),
    )


def _emoji() -> str:
    return f"emoji {sha256_of_file(emoji_font())[:12]}"


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "none"
