"""A campaign judged before anything is run: each broken rule as a finding.

Reads the campaign, its brand, its drafts and the headers of its footage; starts no process and writes nothing.
The rules for subtitles grow here; what a finished file must be is judged by `check`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from reels.campaign.brand import brand_problems
from reels.campaign.model import Campaign
from reels.campaign.template import template_problems
from reels.cues import CueRules, break_lines
from reels.errors import CampaignProblem, CampaignProblems, ReelsError
from reels.plan import draft_names
from reels.plan.delivery import text_problems
from reels.probe import glance
from reels.said import Said
from reels.store import Store
from reels.survey import Survey
from reels.timing import format_clock

__all__ = ["Finding", "findings_of", "lint_campaign"]

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One broken rule: where, what was found against what was expected."""

    rule: str
    severity: Severity
    where: str
    found: str
    expected: str


def findings_of(error: CampaignProblems, *, rule: str = "campaign.value") -> tuple[Finding, ...]:
    """The problems of a campaign that could not even be read, as findings."""
    return tuple(_finding(problem, rule, "error") for problem in error.problems)


def lint_campaign(campaign: Campaign) -> tuple[Finding, ...]:
    """Everything that is wrong with a campaign, in its own order."""
    findings: list[Finding] = []
    for brand in dict.fromkeys(reel.brand for reel in campaign.reels):
        findings += [_finding(problem, "brand.contrast", "warning") for problem in brand_problems(brand)]
    for template, brand in dict.fromkeys((reel.template, reel.brand) for reel in campaign.reels):
        findings += [_finding(p, "template.contrast", "warning") for p in template_problems(template, brand)]
    findings += _footage(campaign)
    findings += _texts(campaign)
    findings += _drafts(campaign)
    return tuple(dict.fromkeys(findings))


def _finding(problem: CampaignProblem, rule: str, severity: Severity) -> Finding:
    return Finding(
        rule=rule, severity=severity, where=problem.where, found=problem.found, expected=problem.expected
    )


def _footage(campaign: Campaign) -> list[Finding]:
    findings = []
    for clip in (clip for reel in campaign.reels for clip in reel.clips):
        try:
            glance(clip.footage)
        except ReelsError as error:
            findings.append(
                Finding(
                    rule="footage.readable",
                    severity="error",
                    where=clip.where,
                    found=Said(error.sentence("en"), ko=error.sentence("ko")),
                    expected="footage that opens and shows a picture",
                )
            )
    return findings


def _texts(campaign: Campaign) -> list[Finding]:
    return [
        _finding(problem, "caption.limits", "error")
        for reel in campaign.reels
        for platform in reel.platforms
        for problem in text_problems(reel, platform)
    ]


def _drafts(campaign: Campaign) -> list[Finding]:
    findings: list[Finding] = []
    names = draft_names(campaign)
    survey = Survey(campaign.workspace, Store(campaign.workspace.store_dir))
    for reel in campaign.reels:
        for clip in reel.clips:
            draft = names[clip.footage, reel.subtitles.language]
            path = clip.subtitles or campaign.workspace.drafts_dir / draft
            try:
                words = survey.subtitles(path)
            except ReelsError as error:
                findings.append(
                    Finding(
                        rule="draft.readable",
                        severity="error",
                        where=path.name,
                        found=Said(error.sentence("en"), ko=error.sentence("ko")),
                        expected="SRT, VTT or Whisper's JSON",
                    )
                )
                continue
            if words is None:
                continue
            rules = CueRules(max_lines=reel.template.subtitles.lines)
            for number, cue in enumerate(words.cues, start=1):
                lines = break_lines(cue.text, rules)
                if len(lines) > rules.max_lines:
                    findings.append(
                        Finding(
                            rule="cue.lines",
                            severity="warning",
                            where=f"{path.name} cue {number} at {format_clock(cue.start)}",
                            found=f"{len(lines)} lines of {rules.max_units} units",
                            expected=f"at most {rules.max_lines}; it will be shown as several cues",
                        )
                    )
    return findings
