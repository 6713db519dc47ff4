"""The delivery kit of a whole campaign: what lies in its output folder, as a manifest for programs and a page for people.

`collected` reads the reports of what was delivered; `manifest` and `page` write of it, and `publish` puts both beside the reels.
`judging` looks at the films themselves.
"""

from reels.kit.collected import CollectedReel, collect, report_in
from reels.kit.judging import FILM_ENDINGS, HandedOver, handed_over_in, judge_handed_over
from reels.kit.manifest import MANIFEST_SCHEMA, manifest_text
from reels.kit.page import page_text
from reels.kit.publishing import INDEX_FILE, MANIFEST_FILE, is_ours, publish

__all__ = [
    "FILM_ENDINGS",
    "INDEX_FILE",
    "MANIFEST_FILE",
    "MANIFEST_SCHEMA",
    "CollectedReel",
    "HandedOver",
    "collect",
    "handed_over_in",
    "is_ours",
    "judge_handed_over",
    "manifest_text",
    "page_text",
    "publish",
    "report_in",
]
