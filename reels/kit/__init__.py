"""The delivery kit of a whole campaign: what lies in its output folder, as a manifest for programs and a page for people.

`collected` reads the reports of what was delivered; `manifest` and `page` write of it. `publish` puts both beside the reels.
"""

from reels.kit.collected import CollectedReel, collect
from reels.kit.manifest import MANIFEST_SCHEMA, manifest_text
from reels.kit.page import page_text
from reels.kit.publishing import INDEX_FILE, MANIFEST_FILE, publish

__all__ = [
    "INDEX_FILE",
    "MANIFEST_FILE",
    "MANIFEST_SCHEMA",
    "CollectedReel",
    "collect",
    "manifest_text",
    "page_text",
    "publish",
]
