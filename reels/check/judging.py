"""What was seen of a file against a platform: every rule that applies, in a fixed order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

from reels.check.container import judge_container, judge_whole
from reels.check.findings import CheckReport, Finding
from reels.check.picture import judge_picture
from reels.check.shown import ShownBox, judge_shown
from reels.check.sound import judge_sound
from reels.errors import printable
from reels.observe import Observation, observe
from reels.platforms import Platform

__all__ = ["check_file", "judge", "report_on"]


def check_file(
    path: Path, platform: Platform, *, on_progress: Callable[[Fraction], None] | None = None
) -> CheckReport:
    """Measure the file at `path` and judge it; `on_progress` gets the seconds decoded so far.

    Raises: FootageMissing, FootageRefused, FootageDamaged, NoVideoStream for what is no media; ToolMissing.
    """
    return report_on(observe(path, on_progress=on_progress), platform, file=path)


def report_on(
    seen: Observation, platform: Platform, *, file: Path, shown: Sequence[ShownBox] | None = None
) -> CheckReport:
    """The report on what was seen of `file`: one observation serves any number of platforms.

    `shown` is what is drawn over it, where that is known.
    """
    return CheckReport(file=file, platform=platform.name, findings=judge(seen, platform, shown=shown))


def judge(
    seen: Observation, platform: Platform, *, shown: Sequence[ShownBox] | None = None
) -> tuple[Finding, ...]:
    """Every rule that applies to what was seen, in a fixed order."""
    findings = (
        *judge_container(seen, platform),
        *judge_picture(seen, platform),
        *judge_sound(seen, platform),
        *judge_whole(seen, platform),
        # Boxes are pixels of a film of the platform's raster; of another one `video.raster` says enough.
        *(
            judge_shown(shown, platform)
            if shown is not None and seen.video.display == platform.raster
            else ()
        ),
    )
    # Box and track names are the file's own bytes: none of them may reach a terminal as a control sequence.
    return tuple(replace(finding, found=printable(finding.found)) for finding in findings)
