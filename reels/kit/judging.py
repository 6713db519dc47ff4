"""What lies in an output folder, judged: each film by the platform it was handed over for, and whether it is that film still.

The report beside a film says for which platform it is; where there is none, the name of its folder does. What a person has
edited since is judged as it lies there, and told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from reels.check import CheckReport, Finding, Severity, report_on, shown_beside
from reels.deliver import REPORT_FILE
from reels.errors import FootageError, printable
from reels.fingerprint import sha256_of_file
from reels.kit.collected import plain_name, report_in
from reels.observe import Observation, observe
from reels.platforms import Platform

__all__ = ["FILM_ENDINGS", "HandedOver", "handed_over_in", "judge_handed_over"]

FILM_ENDINGS = (".mp4", ".mov", ".m4v", ".mkv", ".webm")
_REPORTED = "the report of a hand-over lists every file of it with its hash"
_JUDGED_BY = "a film is judged by the platform that its report names, or else its folder"


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedOver:
    """A film in `<reel>/<platform>/` of an output folder, or one that is missing there.

    `platform` is a name, of a known platform or not. `hashes` are those of all files that were handed over with the
    film, by name; empty where no report tells of it.
    """

    file: Path
    platform: str
    hashes: Mapping[str, str]


def handed_over_in(out_dir: Path) -> tuple[HandedOver, ...]:
    """Every film two folders deep in `out_dir`, by name, and every one that a report there lists; links are not followed."""
    folders = (folder for reel in _folders_in(out_dir) for folder in _folders_in(reel))
    return tuple(film for folder in folders for film in _films_in(folder))


def _folders_in(folder: Path) -> list[Path]:
    try:
        inside = sorted(folder.iterdir())
    except OSError:
        return []
    return [one for one in inside if one.is_dir() and not one.is_symlink() and not one.name.startswith(".")]


def _films_in(folder: Path) -> Iterator[HandedOver]:
    told, platform, hashes = _told(report_in(folder)) or ("", folder.name, {})
    try:
        inside = [path.name for path in folder.iterdir()]
    except OSError:
        inside = []
    films = {name for name in inside if name.lower().endswith(FILM_ENDINGS) and not name.startswith(".")}
    for name in sorted(films | ({told} if told else set())):
        yield HandedOver(file=folder / name, platform=platform, hashes=hashes if name == told else {})


def _told(report: Mapping[str, Any] | None) -> tuple[str, str, dict[str, str]] | None:
    """The film of a report, its platform, and the hashes of all files; None where it does not say."""
    if report is None:
        return None
    try:
        hashes = {plain_name(name): str(told["sha256"]) for name, told in report["files"].items()}
        film = str(report["file"])
        return (film, str(report["platform"]), hashes) if film in hashes else None
    except (KeyError, TypeError, ValueError, AttributeError):
        return None


def judge_handed_over(
    films: Sequence[HandedOver],
    platforms: Mapping[str, Platform],
    *,
    show: Callable[[HandedOver], None] = lambda film: None,
) -> tuple[CheckReport, ...]:
    """A report on each of `films`, by that of `platforms` which it is for; `show` hears of each before it is measured.

    Films that are the same, byte for byte, are measured once.

    Raises: ToolMissing.
    """
    measured: dict[str, Observation] = {}
    reports = []
    for film in films:
        show(film)
        findings = tuple(_findings(film, platforms, measured))
        reports.append(CheckReport(file=film.file, platform=film.platform, findings=findings))
    return tuple(reports)


def _findings(
    film: HandedOver, platforms: Mapping[str, Platform], measured: dict[str, Observation]
) -> Iterator[Finding]:
    platform = platforms.get(film.platform)
    try:
        digest = sha256_of_file(film.file) if film.file.is_file() else None
        if platform is not None and digest is not None:
            if digest not in measured:
                measured[digest] = observe(film.file)
            seen = replace(measured[digest], path=film.file)
            yield from report_on(seen, platform, file=film.file, shown=shown_beside(film.file)).findings
    except (FootageError, OSError) as error:
        yield _finding("delivery.film", str(error), "a film", severity="error")
        return
    yield from _whole(film, digest)
    if platform is None:
        # What is ours was made for a platform; without a report the folder may be anything.
        severity: Severity = "error" if film.hashes else "warning"
        known = f"one of {', '.join(sorted(platforms))}"
        yield _finding("delivery.platform", film.platform, known, source=_JUDGED_BY, severity=severity)


def _whole(film: HandedOver, digest: str | None) -> Iterator[Finding]:
    """Whether what was handed over lies there as it was."""
    name = film.file.name
    if not film.hashes:
        yield _finding("delivery.report", "none", f"a {REPORT_FILE} that tells of this film")
        return
    if digest is None:
        yield _finding("delivery.film", "not there", "the film", severity="error")
        return
    same = digest == film.hashes[name]
    yield Finding(
        rule="delivery.film",
        ok=same,
        found="as it was handed over" if same else "changed since it was handed over",
        expected="as it was handed over",
        source=_REPORTED,
        severity="warning",
    )
    if lost := [other for other in sorted(film.hashes) if not (film.file.parent / other).is_file()]:
        yield _finding("delivery.files", f"{', '.join(lost)} not there", "every file that was handed over")


def _finding(
    rule: str, found: str, expected: str, *, source: str = _REPORTED, severity: Severity = "warning"
) -> Finding:
    """What is not as it should be. File names and reports may come from elsewhere: none forges a line."""
    return Finding(
        rule=rule, ok=False, found=printable(found), expected=expected, source=source, severity=severity
    )
