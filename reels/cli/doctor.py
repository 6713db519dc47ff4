"""`reels doctor`: what this computer has, what is missing and how to get it."""

from __future__ import annotations

import os
import platform
import shutil
import sys
from typing import Annotated

import typer

from reels import __version__
from reels.cli.console import language, print_json, print_table
from reels.errors import CheckFailed, ReelsError
from reels.fonts import emoji_font, load_font, shipped_fonts
from reels.recognise import find_model
from reels.said import Said
from reels.tools.ffmpeg import find_ffmpeg

__all__ = ["doctor"]

_ROOM_WANTED_BYTES = 5_000_000_000


def doctor(as_json: Annotated[bool, typer.Option("--json", help="Print as JSON.")] = False) -> None:
    """Look at everything that a render will need; exit code 7 if something is missing."""
    rows: list[tuple[str, bool, str]] = [
        ("reels", True, f"{__version__} on Python {sys.version.split()[0]}, {platform.platform()}"),
        ("cores", True, str(os.cpu_count())),
        _ffmpeg(),
        *_fonts(),
        _model("nano-ko", needed=True),
        _model("large-v3-turbo", needed=False),
    ]
    free = shutil.disk_usage(".").free
    rows.append(("disk", free > _ROOM_WANTED_BYTES, f"{free // 1_000_000_000} GB free here"))
    missing = [name for name, ok, _ in rows if not ok]
    if as_json:
        print_json(
            {
                "ok": not missing,
                "findings": [{"rule": name, "ok": ok, "found": text} for name, ok, text in rows],
            }
        )
    else:
        print_table(("", "", ""), [(name, "ok" if ok else "MISSING", text) for name, ok, text in rows])
    if missing:
        raise CheckFailed(
            failed=len(missing), of=len(rows), what=Said("things that a render needs", ko="필요한 것")
        )


def _ffmpeg() -> tuple[str, bool, str]:
    try:
        found = find_ffmpeg()
    except ReelsError as error:
        return "ffmpeg", False, error.sentence(language())
    return "ffmpeg", True, f"{found.version}, {found.path}"


def _fonts() -> list[tuple[str, bool, str]]:
    rows = []
    named = [*(("font", path) for path in shipped_fonts()), ("emoji font", emoji_font())]
    for what, path in named:
        try:
            rows.append((what, True, load_font(path).full_name))
        except ReelsError as error:
            rows.append((what, False, error.sentence(language())))
    if not shipped_fonts():
        rows.append(("font", False, "no shipped font found; install reels again"))
    return rows


def _model(name: str, *, needed: bool) -> tuple[str, bool, str]:
    try:
        return f"model {name}", True, str(find_model(name, "faster-whisper").path)
    except ReelsError as error:
        return f"model {name}", not needed, error.sentence(language())
