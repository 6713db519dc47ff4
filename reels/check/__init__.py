"""A finished file judged against a platform, without trusting how it was made.

`observe` stands before it and measures; here measurements meet the platform's data and become `findings`. `judging` asks the
rules in `container`, `picture` and `sound`. Nothing here opens a file or decides what to do about a finding.
"""

from reels.check.findings import CheckReport, Finding, Severity, report_json
from reels.check.judging import check_file, judge, report_on
from reels.check.sound import LOUDNESS_TOLERANCE_LU

__all__ = [
    "LOUDNESS_TOLERANCE_LU",
    "CheckReport",
    "Finding",
    "Severity",
    "check_file",
    "judge",
    "report_json",
    "report_on",
]
