"""The hand-over: the finished file and everything that the uploader types or attaches, side by side.

    out/<reel>/<platform>/<reel>.mp4  <reel>.ko.srt  <reel>.ko.vtt  <reel>.ko.txt  cover.jpg  caption.txt  report.json

Each file appears by one rename. An old report goes first and the new one comes last, so that a folder with a report
is complete and of one piece. The report lists the sidecars with their hashes: one that a later delivery lacks is
taken away, unless a person has changed it. Names are NFC and safe on Windows and macOS. It judges nothing: `check`
has.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import tempfile
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reels.errors import DiskFailed, OutputNotWritable, cannot_write
from reels.fingerprint import sha256_of_file
from reels.said import Said, said_by_system
from reels.store import write_atomically

__all__ = [
    "CAPTION_FILE",
    "COVER_FILE",
    "REPORT_FILE",
    "Delivered",
    "caption_text",
    "deliver",
    "delivered_in",
    "require_writable",
    "safe_name",
]

_UNSAFE = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]+')
_RESERVED = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³]) *(?:\..*)?", re.IGNORECASE)
_LONGEST_BYTES = 120
_STAGING = ".writing-"
REPORT_FILE, CAPTION_FILE, COVER_FILE = "report.json", "caption.txt", "cover.jpg"
_OLD_REPORT = f"{_STAGING}{REPORT_FILE}"
_LISTED = "sidecars"
_SIDECARS = (".srt", ".vtt", ".txt")


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """What an earlier delivery was made from: the names of its footage, their content, and the texts that became its cards.

    Of old ones content and texts are empty.
    """

    footage: tuple[str, ...]
    identity: tuple[str, ...]
    texts: tuple[str, ...] = ()


def delivered_in(folder: Path) -> Delivered | None:
    """What the reel in `folder` was made from; None where no report tells."""
    try:
        report = json.loads((folder / REPORT_FILE).read_text(encoding="utf-8"))
        listed = [report["footage"], report.get("footage_identity", []), report.get("texts", [])]
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
    if not all(isinstance(names, list) for names in listed):
        return None
    footage, identity, texts = (tuple(map(str, names)) for names in listed)
    return Delivered(footage=footage, identity=identity, texts=texts)


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


def caption_text(caption: str, hashtags: tuple[str, ...], *, credit: tuple[str, ...] = ()) -> str:
    """What the uploader pastes: the words, the hashtags, the lines of the credit, with an empty line between."""
    tags = " ".join(f"#{tag}" for tag in hashtags)
    return "\n\n".join(part for part in (caption, tags, "\n".join(credit)) if part)


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
    sidecars: Mapping[str, str],
    caption: str,
    report: Mapping[str, Any],
) -> dict[str, int]:
    """Hand one reel over; the size of each file by its path relative to `out_dir`.

    `sidecars` are texts by file name; an empty one is not written, and one of that name is taken away.

    Raises: DiskFailed.
    """
    target = out_dir / folder
    film = f"{name}.mp4"
    spoken = {sidecar: text for sidecar, text in sidecars.items() if text}
    listed = {sidecar: hashlib.sha256(text.encode()).hexdigest() for sidecar, text in spoken.items()}
    texts = {
        **spoken,
        CAPTION_FILE: caption + "\n" if caption else "",
    }
    try:
        target.mkdir(parents=True, exist_ok=True)
        _clear_left_overs(target)
        with tempfile.TemporaryDirectory(prefix=_STAGING, dir=target) as staging:
            # Everything is copied before anything is replaced: a full disk leaves the old delivery as it was.
            # No hard links: whoever edits a delivered file in place must not reach the store.
            ready = Path(staging)
            for text_name, text in texts.items():
                write_atomically(ready / text_name, text)
            shutil.copyfile(cover, ready / COVER_FILE)
            shutil.copyfile(master, ready / film)
            told = {
                **report,
                _LISTED: listed,
                "files": {file: _told_file(ready / file) for file in (*texts, COVER_FILE, film)},
            }
            write_atomically(ready / REPORT_FILE, json.dumps(told, ensure_ascii=False, indent=2) + "\n")
            gone = _stale(target, name, sidecars, spoken)
            if (target / REPORT_FILE).exists():
                # Set aside and not deleted: after a pulled plug it still tells what was ours.
                (target / REPORT_FILE).replace(target / _OLD_REPORT)
            for path in gone:
                path.unlink(missing_ok=True)
            in_order = [*texts, COVER_FILE, film, REPORT_FILE]
            for ready_name in in_order:
                (ready / ready_name).replace(target / ready_name)
        (target / _OLD_REPORT).unlink(missing_ok=True)
        return {f"{folder}/{done}": (target / done).stat().st_size for done in in_order}
    except OSError as error:
        raise DiskFailed(path=str(target), found=said_by_system(error, str(error))) from None


def _told_file(path: Path) -> dict[str, int | str]:
    return {"bytes": path.stat().st_size, "sha256": sha256_of_file(path)}


def _clear_left_overs(target: Path) -> None:
    """By a run that was killed; nobody else writes here while we hold the store."""
    for left_over in target.glob(f"{_STAGING}*"):
        if left_over.name == _OLD_REPORT:
            continue
        if left_over.is_dir() and not left_over.is_symlink():
            shutil.rmtree(left_over, ignore_errors=True)
        else:
            left_over.unlink(missing_ok=True)


def _stale(target: Path, name: str, asked: Mapping[str, str], spoken: Mapping[str, str]) -> list[Path]:
    """Sidecars of an earlier delivery that this one does not write, as far as no person has changed them.

    Those of the languages asked for go in any case: words that were all taken out must not be uploaded.
    """
    gone = [target / silent for silent in asked if silent not in spoken]
    for earlier in (REPORT_FILE, _OLD_REPORT):
        try:
            record = json.loads((target / earlier).read_text(encoding="utf-8"))
            listed = dict(record.get(_LISTED, {}))
        except (OSError, ValueError, TypeError, AttributeError, RecursionError):
            continue
        for file_name, digest in listed.items():
            path = target / file_name
            # The report may have been edited, or come with a folder from elsewhere: only names that we give.
            ours = (
                file_name.startswith(f"{name}.") and file_name.endswith(_SIDECARS) and file_name not in spoken
            )
            if ours and path.parent == target and _sha256_of(path) == digest:
                gone.append(path)
    return gone


def _sha256_of(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
    except OSError:
        return ""
