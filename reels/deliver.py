"""The hand-over: the finished file and everything that the uploader types or attaches, side by side.

    out/<reel>/<platform>/<reel>.mp4  <reel>.ko.srt  cover.jpg  caption.txt  report.json

Each file appears by one rename. An old report goes first and the new one comes last, so that a folder with a report
is complete and of one piece. Names are NFC and safe on Windows and macOS. It judges nothing: `check` has.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import tempfile
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from reels.errors import DiskFailed, OutputNotWritable, cannot_write
from reels.said import Said, said_by_system
from reels.store import write_atomically

__all__ = ["caption_text", "deliver", "require_writable", "safe_name"]

_UNSAFE = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]+')
_RESERVED = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³]) *(?:\..*)?", re.IGNORECASE)
_LONGEST_BYTES = 120
_STAGING = ".writing-"


def safe_name(text: str, *, longest_bytes: int = _LONGEST_BYTES) -> str:
    """`text` as a file name on any system: NFC, no sign that a system or a shell reads, not too long.

    A name that had to be shortened ends in a piece of the whole name's hash, so that two long names stay two.
    """
    name = unicodedata.normalize("NFC", text)
    name = "".join("_" if 0xD800 <= ord(c) <= 0xDFFF else c for c in name)
    name = _UNSAFE.sub("_", name)
    name = " ".join(name.split()).strip(" .").lstrip("-~ .")
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
        raise OutputNotWritable(
            where=str(folder),
            found=Said(f"{place.name}, which is a file", ko=f"{place.name}: 폴더가 아니라 파일"),
        )
    try:
        with tempfile.TemporaryFile(dir=place):
            pass
    except OSError as error:
        raise cannot_write(folder, error) from None


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
    film = f"{name}.mp4"
    srt_name, srt_text = srt
    texts = {
        srt_name: srt_text,
        "caption.txt": caption + "\n" if caption else "",
        "report.json": json.dumps(report, ensure_ascii=False, indent=2) + "\n",
    }
    if not srt_text:
        del texts[srt_name]
    try:
        target.mkdir(parents=True, exist_ok=True)
        for left_over in target.glob(f"{_STAGING}*"):
            # By a run that was killed; nobody else writes here while we hold the store.
            if left_over.is_dir():
                shutil.rmtree(left_over, ignore_errors=True)
            else:
                left_over.unlink(missing_ok=True)
        with tempfile.TemporaryDirectory(prefix=_STAGING, dir=target) as staging:
            # Everything is copied before anything is replaced: a full disk leaves the old delivery as it was.
            # No hard links: whoever edits a delivered file in place must not reach the store.
            ready = Path(staging)
            for text_name, text in texts.items():
                write_atomically(ready / text_name, text)
            shutil.copyfile(cover, ready / "cover.jpg")
            shutil.copyfile(master, ready / film)
            (target / "report.json").unlink(missing_ok=True)
            (target / srt_name).unlink(missing_ok=True)
            in_order = [*(n for n in texts if n != "report.json"), "cover.jpg", film, "report.json"]
            for ready_name in in_order:
                (ready / ready_name).replace(target / ready_name)
        return {f"{folder}/{done}": (target / done).stat().st_size for done in in_order}
    except OSError as error:
        raise DiskFailed(path=str(target), found=said_by_system(error, str(error))) from None
