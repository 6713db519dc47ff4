"""Where the project's own files are, beside the package in a clone and inside it when installed from a wheel; and
where things that can be made again are kept for a user, outside every campaign.

Knows folders only; what is in them is read by the room that owns it.
"""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs

__all__ = ["assets_dir", "cache_dir", "fonts_dir", "models_dir", "templates_dir"]

_PACKAGE = Path(__file__).parent


def _shipped(name: str) -> Path:
    packaged = _PACKAGE / f"_{name}"
    return packaged if packaged.is_dir() else _PACKAGE.parent / name


def assets_dir() -> Path:
    return _shipped("assets")


def fonts_dir() -> Path:
    return assets_dir() / "fonts"


def models_dir() -> Path:
    return assets_dir() / "models"


def templates_dir() -> Path:
    return _shipped("templates")


def cache_dir() -> Path:
    """`REELS_CACHE` if it is set, else the usual place of the operating system."""
    chosen = os.environ.get("REELS_CACHE")
    return Path(chosen).expanduser() if chosen else Path(platformdirs.user_cache_dir("reels"))
