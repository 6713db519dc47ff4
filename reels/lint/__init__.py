"""A campaign judged before anything is run: each broken rule as a finding.

Reads the campaign, its brand, its drafts, the headers of its footage, and what the store knows of it; starts no
process and writes nothing. What a finished file must be is judged by `check`.

    rules     the table: what is judged, how bad it is, its bound, its source
    finding   one broken rule: where, found, expected
    campaign  colours, footage, texts of the post
    brand     its files, its mark where templates show it, its letters and licences
    subject   a subtitle file with all that is known of it
    texts     what cues say and how their lines stand
    times     when they stand, and whether somebody speaks then
    playing   what each reel plays of it after its cuts
    once      one finding for a file that several reels show
    drafts    which files there are, and the rules about the files themselves
"""

from __future__ import annotations

from reels.campaign.model import Campaign
from reels.lint.campaign import campaign_findings, findings_of
from reels.lint.drafts import draft_findings, orphan_findings
from reels.lint.finding import Finding, worst_first
from reels.lint.rules import RULES, Rule, Severity, rule_rows

__all__ = [
    "RULES",
    "Finding",
    "Rule",
    "Severity",
    "draft_findings",
    "findings_of",
    "lint_campaign",
    "orphan_findings",
    "rule_rows",
]


def lint_campaign(campaign: Campaign) -> tuple[Finding, ...]:
    """Everything that is wrong with a campaign, errors first, each once."""
    return worst_first([*campaign_findings(campaign), *draft_findings(campaign)])
