"""`reels check`: finished films judged against a platform, independent of how they were made: one, or all of a campaign."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from reels.campaign.load import find_campaign_file
from reels.campaign.model import Workspace
from reels.campaign.own_platforms import every_platform, named_platform
from reels.check import CheckReport, Finding, report_json, report_on, shown_beside
from reels.cli.choices import nothing_handed_over
from reels.cli.console import language, print_json, print_table, tell
from reels.errors import CheckFailed, FootageMissing, UsageError
from reels.footage import existing_file, existing_folder
from reels.kit import FILM_ENDINGS, HandedOver, handed_over_in, judge_handed_over
from reels.observe import observe
from reels.said import Said, any_of, in_language

__all__ = ["check"]

_CAMPAIGN_ENDINGS = (".yaml", ".yml")


def check(
    path: Annotated[
        Path,
        typer.Argument(
            help="A finished video file, made by reels or not; or a campaign folder: all films in its out/."
        ),
    ],
    platform: Annotated[
        list[str] | None,
        typer.Option(
            "--platform",
            "-p",
            help="Platform; may be given again. Of a campaign: only films for it, instead of all.",
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the findings as JSON.")] = False,
) -> None:
    """Judge a film, or all that a campaign has handed over, by a platform's rules; exit code 7 if one is broken."""
    ending = path.suffix.lower()
    # A folder that is called like a film is meant as one, and refused as one.
    is_folder = existing_folder(path) is not None and ending not in FILM_ENDINGS
    if is_folder or ending in _CAMPAIGN_ENDINGS:
        _check_campaign(path, platform or [], as_json=as_json)
    else:
        _check_film(path, platform or [], as_json=as_json)


# --- one film --------------------------------------------------------------------------------------------


def _check_film(file: Path, names: Sequence[str], *, as_json: bool) -> None:
    if not names:
        if not file.exists():
            raise FootageMissing(path=str(file))
        raise UsageError(
            where="--platform",
            found=Said("none", ko="없음"),
            expected=Said("the platform to judge the film by", ko="영상을 점검할 플랫폼"),
            remedy=Said("`reels platforms` lists them", ko="`reels platforms`에 목록이 있습니다."),
        )
    wanted = [named_platform(name) for name in names]
    seen = observe(file)
    shown = shown_beside(file)
    reports = [report_on(seen, each, file=file, shown=shown) for each in wanted]
    if as_json:
        shapes = [report_json(report) for report in reports]
        print_json(shapes[0] if len(shapes) == 1 else {"reports": shapes})
    else:
        rows = [
            (report.platform, _word(finding), finding.rule, finding.found, finding.expected)
            for report in reports
            for finding in report.findings
        ]
        print_table(("platform", "", "rule", "found", "expected"), rows)
    broken = sum(len(report.failed) for report in reports)
    if broken:
        raise CheckFailed(
            failed=broken, of=sum(len(r.findings) for r in reports), what=Said("rules", ko="규칙")
        )


# --- all of a campaign -----------------------------------------------------------------------------------


def _check_campaign(path: Path, names: Sequence[str], *, as_json: bool) -> None:
    out_dir, root = _output_folder(path)
    platforms = {each.name: each for each in every_platform(root)}
    films = _wanted(handed_over_in(out_dir), [named_platform(name, root=root).name for name in names])
    if not films:
        raise nothing_handed_over(out_dir, path)
    done = 0

    def show(film: HandedOver) -> None:
        nonlocal done
        done += 1
        name, count = film.file.name, f"{done}/{len(films)}"
        said = Said(
            f"checking {name} for {film.platform} ({count})", ko=f"{name}({film.platform}) 점검 {count}"
        )
        tell(in_language(said, language()))

    reports = judge_handed_over(films, platforms, show=show)
    if as_json:
        print_json({"ok": all(report.ok for report in reports), "files": [report_json(r) for r in reports]})
    else:
        rows = [row for report in reports for row in _rows(report, out_dir)]
        print_table(("film", "platform", "", "rule", "found", "expected"), rows)
    broken = sum(not report.ok for report in reports)
    if broken:
        raise CheckFailed(failed=broken, of=len(reports), what=Said("films", ko="영상"))


def _output_folder(path: Path) -> tuple[Path, Path | None]:
    """Where the films lie that `path` means, and the campaign that has made them; what its file says is not asked.

    Raises: CampaignProblems for a campaign file that is not there.
    """
    folder = existing_folder(path)
    if folder is None:
        folder = find_campaign_file(path).parent
    elif not _is_campaign(folder) and (handed_over_in(folder) or not (folder / "out").is_dir()):
        return folder, folder.parent if _is_campaign(folder.parent) else None
    return Workspace.of_campaign(folder).out_dir, folder


def _is_campaign(folder: Path) -> bool:
    return existing_file("campaign.yaml", beside=folder) is not None


def _wanted(films: Sequence[HandedOver], names: Sequence[str]) -> list[HandedOver]:
    """Those for one of the platforms `names`; without names all. Raises: UsageError where nothing is for one of them."""
    for name in names:
        there = sorted({film.platform for film in films})
        if name not in there and there:
            raise UsageError(
                where="--platform",
                found=Said(f"{name}, for which nothing lies there", ko=f"결과가 없는 {name}"),
                expected=any_of(there),
                remedy=Said("make it with `reels render`", ko="`reels render`로 만들어 주세요."),
            )
    return [film for film in films if not names or film.platform in names]


def _rows(report: CheckReport, out_dir: Path) -> list[tuple[object, ...]]:
    """What is not as it should be, a line each, and one line for a film that breaks nothing."""
    film = report.file.relative_to(out_dir).as_posix()
    bad = [finding for finding in report.findings if not finding.ok]
    rows: list[tuple[object, ...]] = []
    if report.ok and any(not finding.rule.startswith("delivery.") for finding in report.findings):
        rules = Said(f"{len(report.findings)} rules", ko=f"규칙 {len(report.findings)}개")
        rows.append((film, report.platform, "ok", in_language(rules, language()), "", ""))
    rows += [(film, report.platform, _word(f), f.rule, f.found, f.expected) for f in bad]
    return rows


def _word(finding: Finding) -> str:
    """How a finding went; the words are searched for, so they are the same in every language."""
    return "ok" if finding.ok else "FAIL" if finding.severity == "error" else "look"
