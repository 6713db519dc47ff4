"""`manifest.json`: every delivered file of a campaign with size, hash and sources, for who archives or uploads by a program."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from reels import __version__
from reels.kit.collected import CollectedReel

__all__ = ["MANIFEST_SCHEMA", "manifest_text"]

MANIFEST_SCHEMA = "reels/manifest/1"


def manifest_text(campaign: str, reels: Sequence[CollectedReel]) -> str:
    """The manifest as JSON; the same folder gives the same bytes."""
    whole = {
        "schema": MANIFEST_SCHEMA,
        "campaign": campaign,
        "made_by": f"reels {__version__}",
        "reels": [_entry(reel) for reel in reels],
    }
    return json.dumps(whole, ensure_ascii=False, indent=2) + "\n"


def _entry(reel: CollectedReel) -> dict[str, Any]:
    broken = [one.rule for one in reel.findings if one.severity == "error"]
    return {
        "reel": reel.reel,
        "platform": reel.platform,
        "title": reel.title,
        "folder": reel.folder,
        "film": reel.film,
        "duration_s": reel.duration_s,
        "fps": reel.fps,
        "ok": not broken,
        "rules": reel.rules,
        "warnings": [one.rule for one in reel.findings if one.severity != "error"],
        "caption": {"length": reel.caption_length, "limit": reel.caption_limit},
        "languages": list(reel.languages),
        "files": [
            {"name": file.name, "bytes": file.size_bytes, "sha256": file.sha256} for file in reel.files
        ],
        "footage": [{"name": name, "identity": identity} for name, identity in reel.footage],
        "made_by": reel.made_by,
    }
