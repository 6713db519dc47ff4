"""A finished file judged against a platform, without trusting how it was made.

`observe` stands before it and measures; here measurements meet the platform's data and become `findings`. `judging` asks
the rules in `container`, `picture`, `sound` and, of our own reels, `shown`. Nothing here opens a film or decides what to do
about a finding.
"""

from reels.check.findings import CheckReport, Finding, Severity, report_json
from reels.check.judging import check_file, judge, report_on
from reels.check.shown import ShownBox, shown_beside, shown_to_json
from reels.check.sound import LOUDNESS_TOLERANCE_LU

__all__ = [
    "LOUDNESS_TOLERANCE_LU",
    "CheckReport",
    "Finding",
    "Severity",
    "ShownBox",
    "check_file",
    "judge",
    "report_json",
    "report_on",
    "shown_beside",
    "shown_to_json",
]
