"""`reels lint`: a campaign, its brand and its drafts against the rules; nothing is run.

Rendering warns with the same findings: `warn_of_drafts` puts them into one line for each subtitle file.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from reels.campaign.load import load_campaign
from reels.campaign.model import Campaign
from reels.cli.console import language, print_json, print_line, print_table, tell
from reels.errors import CampaignProblems, CheckFailed, Language
from reels.lint import Finding, Severity, draft_findings, findings_of, lint_campaign, orphan_findings
from reels.render import RenderReport
from reels.said import Said, in_language

__all__ = ["lint", "warn_of_drafts"]

_SEVERITIES: dict[Language, dict[Severity, str]] = {
    "en": {"error": "error", "warning": "warning", "info": "info"},
    "ko": {"error": "오류", "warning": "경고", "info": "참고"},
}
_COLUMNS: dict[Language, tuple[str, ...]] = {
    "en": ("", "rule", "where", "found", "expected"),
    "ko": ("", "규칙", "위치", "지금", "기준"),
}
_NAMED = 2
_NOT_OF_A_RUN = frozenset({"draft.orphan", "draft.waiting"})
"""What is no matter of the words that go into the reels, or is told by the run itself."""


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
    errors = sum(finding.severity == "error" for finding in findings)
    if as_json:
        print_json({"ok": not errors, "findings": [_json(finding) for finding in findings]})
    elif refusal is None and findings:
        words = language()
        rows = [
            (
                _SEVERITIES[words][f.severity],
                f.rule,
                *(in_language(fact, words) for fact in (f.where, f.found, f.expected)),
            )
            for f in findings
        ]
        print_table(_COLUMNS[words], rows)
    elif refusal is None:
        print_line("이상 없음" if language() == "ko" else "no findings")
    if refusal is not None:
        raise refusal
    if errors:
        raise CheckFailed(
            failed=errors,
            of=len(findings),
            what=Said("findings", ko="지적 사항"),
            did=Said("are errors", ko="오류입니다"),
        )


def warn_of_drafts(campaign: Campaign, report: RenderReport, *, command: str = "") -> None:
    """Tell on stderr what lint would say of the subtitle files, errors and warnings only, a line for each file.

    Only of reels that this run made: what cannot be rendered says so itself, and what has not changed was told
    before. A draft that was saved under another ending is told in any case, for it changes nothing. `command` shows
    the findings in full; without one there is no campaign to lint.
    """
    words = language()
    for unread in orphan_findings(campaign, only_of_footage=True):
        tell(in_language(_unread(unread), words))
    made = {outcome.reel for outcome in report.outcomes if outcome.status == "done"}
    shown = tuple(reel for reel in campaign.reels if reel.id in made)
    if not shown:
        return
    others = (*campaign.other_reels, *(reel for reel in campaign.reels if reel.id not in made))
    campaign = replace(campaign, reels=shown, other_reels=others)
    by_file: dict[str, list[Finding]] = {}
    try:
        found = draft_findings(campaign, breaks=False)
    except OSError:
        return  # a file went away meanwhile, and the reels are made
    for finding in found:
        if finding.file is not None and finding.severity != "info" and finding.rule not in _NOT_OF_A_RUN:
            by_file.setdefault(finding.file, []).append(finding)
    for file, findings in by_file.items():
        tell(in_language(_line(file, findings, command), words))


def _unread(finding: Finding) -> Said:
    found, expected = finding.found, finding.expected
    return Said(
        f"{finding.where}: found {found}, expected {expected}",
        ko=f"{finding.where}: {in_language(found, 'ko')} — 필요한 이름: {in_language(expected, 'ko')}",
    )


def _line(file: str, findings: list[Finding], command: str) -> Said:
    errors = sum(finding.severity == "error" for finding in findings)
    warnings = len(findings) - errors
    counts = [
        Said(f"{count} {word}{'s' if count > 1 else ''}", ko=f"{word_ko} {count}개")
        for count, word, word_ko in ((errors, "error", "오류"), (warnings, "warning", "경고"))
        if count
    ]
    # The worst first, as in the table; a few say more than a number does.
    worst = sorted(findings, key=lambda finding: finding.severity != "error")[:_NAMED]
    more = "; …" if len(findings) > _NAMED else ""
    en = "; ".join(f"{_cue(f, 'en')}{f.found}" for f in worst) + more
    ko = "; ".join(f"{_cue(f, 'ko')}{in_language(f.found, 'ko')}" for f in worst) + more
    shown = (
        Said(f"; `{command}` shows them", ko=f" — `{command}`로 볼 수 있습니다")
        if command
        else Said("", ko="")
    )
    return Said(
        f"{' and '.join(counts)} in {file}: {en}{shown}",
        ko=f"{file}: {', '.join(count.ko for count in counts)} — {ko}{shown.ko}",
    )


def _cue(finding: Finding, words: Language) -> str:
    if finding.cue is None:
        return ""
    return f"자막 {finding.cue}번 " if words == "ko" else f"cue {finding.cue} "


def _json(finding: Finding) -> dict[str, object]:
    shape: dict[str, object] = {
        "rule": finding.rule,
        "severity": finding.severity,
        "where": finding.where,
        "found": finding.found,
        "expected": finding.expected,
    }
    if finding.file is not None:
        shape["file"] = finding.file
    if finding.cue is not None:
        shape["cue"] = finding.cue
    if finding.at is not None:
        shape["at_s"] = round(float(finding.at), 3)
    return shape
