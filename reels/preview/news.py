"""What a page that lies open should know without asking: what has changed on disk, how far the work is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from reels.drafts import draft_version
from reels.plan import draft_names
from reels.preview.desk import Desk
from reels.preview.review import review_path
from reels.said import Language, in_language

__all__ = ["News"]


class News:
    """News of one desk. An answer says what was `seen` when it was made; so a page knows what came after it."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._versions: dict[Path, tuple[str, str]] = {}
        """By draft, its stamp and the version that it had then."""

    def seen(self) -> dict[str, Any]:
        """The stamps of the campaign's file and of each review, which change when they do, and the version of each draft.

        What is read after it is at least as new.
        """
        campaign, drafts = self._desk.campaign, self._desk.drafts
        names = sorted(set(draft_names(campaign).values()))
        return {
            "campaign": _stamp(self._desk.file),
            "drafts": {name: self._version(drafts.path(name)) for name in names},
            "reviews": {
                reel.id: _stamp(review_path(campaign.workspace.root, reel.id)) for reel in campaign.reels
            },
        }

    def now(self, spoken: Language) -> dict[str, Any]:
        """What can be seen, and the jobs in the words of a language."""
        return {
            "seen": self.seen(),
            "jobs": [
                {
                    "number": job.number,
                    "kind": job.kind,
                    "reel": job.reel,
                    "state": job.state,
                    "share": round(job.share, 3),
                    "doing": in_language(job.doing, spoken),
                    "error": job.error.sentence(spoken) if job.error is not None else None,
                }
                for job in self._desk.jobs.now
            ],
        }

    def _version(self, draft: Path) -> str:
        stamp = _stamp(draft)
        known = self._versions.get(draft)
        if known is None or known[0] != stamp:
            # A file that is written meanwhile has another stamp by then, and is read once more.
            known = self._versions[draft] = (stamp, draft_version(draft))
        return known[1]


def _stamp(path: Path) -> str:
    try:
        status = path.stat()
    except OSError:
        return ""
    return f"{status.st_mtime_ns}-{status.st_size}-{status.st_ino}"
