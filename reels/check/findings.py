"""What a check comes to, as values: one finding for each rule that applies, passed or not."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

__all__ = ["CheckReport", "Finding", "Severity", "report_json"]

Severity = Literal["error", "warning"]
"""An error is what a platform refuses, changes or shows wrongly, or what must not be published; of a warning a person
should know before the upload."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One rule applied: what was found against what was expected, and where that expectation comes from."""

    rule: str
    ok: bool
    found: str
    expected: str
    source: str
    severity: Severity = "error"


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckReport:
    """A file against a platform."""

    file: Path
    platform: str
    findings: tuple[Finding, ...]

    @property
    def ok(self) -> bool:
        """Whether no rule is broken; warnings break none."""
        return not self.failed

    @property
    def failed(self) -> tuple[Finding, ...]:
        return tuple(f for f in self.findings if not f.ok and f.severity == "error")

    @property
    def warned(self) -> tuple[Finding, ...]:
        return tuple(f for f in self.findings if not f.ok and f.severity == "warning")


def report_json(report: CheckReport) -> dict[str, object]:
    """The report in the shape that `reels check --json` prints."""
    return {
        "file": str(report.file),
        "platform": report.platform,
        "ok": report.ok,
        "findings": [
            {
                "rule": f.rule,
                "ok": f.ok,
                "severity": f.severity,
                "found": f.found,
                "expected": f.expected,
                "source": f.source,
            }
            for f in report.findings
        ],
    }
