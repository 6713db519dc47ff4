"""What a page that lies open should know without asking: which files have changed, how far the work is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from reels.drafts import draft_path
from reels.plan import draft_names
from reels.preview.desk import Desk
from reels.preview.review import review_path
from reels.said import Language, in_language

__all__ = ["news_of"]


def news_of(desk: Desk, spoken: Language) -> dict[str, Any]:
    """A stamp for the campaign's file, each draft and each review, which changes when they do, and the jobs."""
    workspace = desk.campaign.workspace
    names = sorted(set(draft_names(desk.campaign).values()))
    return {
        "campaign": _stamp(workspace.root / "campaign.yaml"),
        "drafts": {name: _stamp(draft_path(workspace.drafts_dir, name)) for name in names},
        "reviews": {reel.id: _stamp(review_path(workspace.root, reel.id)) for reel in desk.campaign.reels},
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
            for job in desk.jobs.now
        ],
    }


def _stamp(path: Path) -> str:
    try:
        status = path.stat()
    except OSError:
        return ""
    return f"{status.st_mtime_ns}-{status.st_size}"
