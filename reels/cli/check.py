"""`reels check`: a finished file judged against a platform, independent of how it was made."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from reels.campaign.own_platforms import named_platform
from reels.check import Finding, report_json, report_on, shown_beside
from reels.cli.console import print_json, print_table
from reels.errors import CheckFailed
from reels.observe import observe
from reels.said import Said

__all__ = ["check"]


def check(
    file: Annotated[Path, typer.Argument(help="A finished video file, made by reels or not.")],
    platform: Annotated[list[str], typer.Option("--platform", "-p", help="Platform; may be given again.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print the findings as JSON.")] = False,
) -> None:
    """Judge a file against a platform's rules; exit code 7 if it breaks one."""
    wanted = [named_platform(name) for name in platform]
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


def _word(finding: Finding) -> str:
    """How a finding went; the words are searched for, so they are the same in every language."""
    return "ok" if finding.ok else "FAIL" if finding.severity == "error" else "look"
