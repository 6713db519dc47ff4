"""Where the project's own files are: beside the package in a clone, inside it when installed from a wheel.

Knows folders only; what is in them is read by the room that owns it.
"""

from __future__ import annotations

from pathlib import Path

__all__ = ["assets_dir", "fonts_dir", "models_dir", "templates_dir"]

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
