"""`reels lint`: a campaign, its brand and its drafts against the rules; nothing is run."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from reels.campaign.load import load_campaign
from reels.cli.console import language, print_json, print_line, print_table
from reels.errors import CampaignProblems, CheckFailed
from reels.lint import Finding, findings_of, lint_campaign
from reels.said import Said, in_language

__all__ = ["lint"]


def lint(
    campaign: Annotated[Path, typer.Argument(help="Campaign folder or its campaign.yaml.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print the findings as JSON.")] = False,
) -> None:
    """Judge a campaign without running anything: keys, files, brand, captions, lengths, drafts."""
    refusal: CampaignProblems | None = None
    try:
        findings = lint_campaign(load_campaign(campaign))
    except CampaignProblems as error:
        refusal, findings = error, findings_of(error)
    ok = not any(finding.severity == "error" for finding in findings)
    if as_json:
        print_json({"ok": ok, "findings": [_json(finding) for finding in findings]})
    elif refusal is None and findings:
        words = language()
        rows = [
            (f.severity, f.rule, *(in_language(fact, words) for fact in (f.where, f.found, f.expected)))
            for f in findings
        ]
        print_table(("", "rule", "where", "found", "expected"), rows)
    elif refusal is None:
        print_line("이상 없음" if language() == "ko" else "no findings")
    if refusal is not None:
        raise refusal
    if not ok:
        errors = sum(finding.severity == "error" for finding in findings)
        raise CheckFailed(failed=errors, of=len(findings), what=Said("findings", ko="지적 사항"))


def _json(finding: Finding) -> dict[str, str]:
    return {
        "rule": finding.rule,
        "severity": finding.severity,
        "where": finding.where,
        "found": finding.found,
        "expected": finding.expected,
    }
