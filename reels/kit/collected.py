"""What lies in an output folder: every delivered reel, by the report beside it. Reads reports and captions, no film."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reels.deliver import CAPTION_FILE, REPORT_FILE

__all__ = ["CollectedFile", "CollectedFinding", "CollectedReel", "collect", "plain_name", "report_in"]

_LARGEST_REPORT_BYTES = 8_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectedFile:
    """A delivered file by its name in the reel's folder."""

    name: str
    size_bytes: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectedFinding:
    """A rule that was broken, or of which a person is warned."""

    rule: str
    severity: str
    found: str
    expected: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectedReel:
    """One reel on one platform; `folder` is relative to the output folder, with `/` between its parts."""

    reel: str
    platform: str
    folder: str
    title: str
    duration_s: float
    fps: str
    film: str
    files: tuple[CollectedFile, ...]
    caption: str
    caption_length: int | None
    caption_limit: int | None
    rules: int
    findings: tuple[CollectedFinding, ...]
    footage: tuple[tuple[str, str], ...]
    """Names of what it was made from, with their content identities."""
    made_by: str
    languages: tuple[str, ...]
    """Of its subtitle files."""


def collect(out_dir: Path, *, order: Sequence[str] = ()) -> tuple[CollectedReel, ...]:
    """Every reel that is whole in `out_dir`: those of `order` first, in that order, then the others by name."""
    found = [reel for folder in _folders(out_dir) if (reel := _read(out_dir, folder)) is not None]
    rank = {name: number for number, name in enumerate(order)}
    return tuple(sorted(found, key=lambda one: (rank.get(one.reel, len(rank)), one.reel, one.platform)))


def _folders(out_dir: Path) -> Iterator[Path]:
    try:
        reports = sorted(out_dir.glob(f"*/*/{REPORT_FILE}"))
    except OSError:
        return
    for report in reports:
        # A link could lead anywhere; we make none.
        if not any(part.is_symlink() for part in (report, report.parent, report.parent.parent)):
            yield report.parent


def report_in(folder: Path) -> Mapping[str, Any] | None:
    """The report of the reel in `folder`; None where there is none, or none of ours."""
    try:
        report = folder / REPORT_FILE
        if report.stat().st_size > _LARGEST_REPORT_BYTES:
            return None
        read = json.loads(report.read_text(encoding="utf-8"))
        return read if read["schema"] == "reels/report/1" else None
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None


def _read(out_dir: Path, folder: Path) -> CollectedReel | None:
    """None where the report is none of ours, or what it lists is not there."""
    read = report_in(folder)
    if read is None:
        return None
    try:
        reel = _collected(read, folder, out_dir)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    return reel if all((folder / file.name).is_file() for file in reel.files) else None


def _collected(read: Mapping[str, Any], folder: Path, out_dir: Path) -> CollectedReel:
    files = tuple(
        CollectedFile(name=plain_name(name), size_bytes=int(told["bytes"]), sha256=str(told["sha256"]))
        for name, told in read["files"].items()
    )
    check = read["check"]
    caption = folder / CAPTION_FILE
    text = read.get("text") or {}
    return CollectedReel(
        reel=str(read["reel"]),
        platform=str(read["platform"]),
        folder=folder.relative_to(out_dir).as_posix(),
        title=str(read["title"]),
        duration_s=float(read["duration_s"]),
        fps=str(read["fps"]),
        film=plain_name(str(read["file"])),
        files=files,
        caption=caption.read_text(encoding="utf-8") if caption.is_file() else "",
        caption_length=text.get("length"),
        caption_limit=text.get("limit"),
        rules=len(check["findings"]),
        findings=tuple(
            CollectedFinding(
                rule=str(one["rule"]),
                severity=str(one.get("severity", "error")),
                found=str(one["found"]),
                expected=str(one["expected"]),
            )
            for one in check["findings"]
            if not one["ok"]
        ),
        footage=tuple(zip(map(str, read["footage"]), map(str, read["footage_identity"]), strict=True)),
        made_by=str(read["made_by"]),
        languages=tuple(map(str, read["subtitles"]["languages"])),
    )


def plain_name(name: str) -> str:
    """A report may come from elsewhere: what it lists is in its own folder. Raises: ValueError."""
    if not name or "/" in name or "\\" in name or name in (".", ".."):
        raise ValueError(name)
    return name
