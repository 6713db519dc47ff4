"""The hand-over: the finished file and everything that the uploader types or attaches, side by side.

    out/<reel>/<platform>/<reel>.mp4  <reel>.ko.srt  cover.jpg  caption.txt  report.json

Each file appears by one rename, the film last but for the report, so that a folder with a report is complete. Names
are NFC and safe on Windows and macOS. It judges nothing: `check` has.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import tempfile
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from reels.errors import DiskFailed, OutputNotWritable
from reels.store import write_atomically

__all__ = ["caption_text", "deliver", "require_writable", "safe_name"]

_UNSAFE = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]+')
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?", re.IGNORECASE)
_LONGEST_BYTES = 120


def safe_name(text: str, *, longest_bytes: int = _LONGEST_BYTES) -> str:
    """`text` as a file name on any system: NFC, no sign that a system or a shell reads, not too long.

    A name that had to be shortened ends in a piece of the whole name's hash, so that two long names stay two.
    """
    name = unicodedata.normalize("NFC", text)
    name = "".join("_" if 0xD800 <= ord(c) <= 0xDFFF else c for c in name)
    name = _UNSAFE.sub("_", name)
    name = " ".join(name.split()).strip(" .").lstrip("-~")
    if not name.strip("_. "):
        name = "reel"
    if _RESERVED.fullmatch(name):
        name = f"_{name}"
    if len(name.encode("utf-8")) > longest_bytes:
        tail = "-" + hashlib.sha256(name.encode("utf-8")).hexdigest()[:8]
        head = name.encode("utf-8")[: longest_bytes - len(tail)].decode("utf-8", "ignore")
        name = head.rstrip(" .") + tail
    return name


def caption_text(caption: str, hashtags: tuple[str, ...]) -> str:
    """What the uploader pastes: the words, an empty line, the hashtags."""
    tags = " ".join(f"#{tag}" for tag in hashtags)
    return "\n\n".join(part for part in (caption, tags) if part)


def require_writable(folder: Path) -> None:
    """Prove that files can be made in `folder`, or in its nearest existing parent, and leave nothing there.

    Raises: OutputNotWritable.
    """
    place = folder.absolute()
    while not place.exists():
        place = place.parent
    if not place.is_dir():
        raise OutputNotWritable(where=str(folder), found=f"{place.name}, which is a file")
    try:
        with tempfile.TemporaryFile(dir=place):
            pass
    except OSError as error:
        raise OutputNotWritable(where=str(folder), found=error.strerror or "a refusal") from None


def deliver(
    *,
    out_dir: Path,
    folder: str,
    name: str,
    master: Path,
    cover: Path,
    srt: tuple[str, str],
    caption: str,
    report: Mapping[str, Any],
) -> dict[str, int]:
    """Hand one reel over; the size of each file by its path relative to `out_dir`.

    `srt` is the sidecar's name and text; no sidecar is written for a reel without words.

    Raises: DiskFailed.
    """
    target = out_dir / folder
    film = target / f"{name}.mp4"
    srt_name, srt_text = srt
    try:
        target.mkdir(parents=True, exist_ok=True)
        written = [film, target / "cover.jpg", target / "caption.txt", target / "report.json"]
        if srt_text:
            write_atomically(target / srt_name, srt_text)
            written.append(target / srt_name)
        write_atomically(target / "caption.txt", caption + "\n" if caption else "")
        _place(cover, target / "cover.jpg")
        _place(master, film)
        write_atomically(target / "report.json", json.dumps(report, ensure_ascii=False, indent=2) + "\n")
        return {path.relative_to(out_dir).as_posix(): path.stat().st_size for path in written}
    except OSError as error:
        raise DiskFailed(path=str(target), found=error.strerror or str(error)) from None


def _place(source: Path, target: Path) -> None:
    """A copy that appears by one rename. No hard link: whoever edits the file in place must not reach the store."""
    temporary = target.with_name(f".writing-{os.getpid()}-{target.name}")
    try:
        shutil.copyfile(source, temporary)
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)
