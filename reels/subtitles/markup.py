"""What a subtitle program would take for markup: read as such by `read`, made harmless by `write` and `ass`."""

from __future__ import annotations

import re

__all__ = ["ASS_BREAK", "TAG", "WORD_JOINER"]

WORD_JOINER = "\u2060"
"""Shows nothing, and parts what would be read as markup."""

# Only names that subtitle programs use: <한빛시 축제> is a title in angle brackets, not a tag.
TAG = re.compile(
    r"</?(?:b|i|u|s|c|v|em|strong|font|lang|ruby|rt|span)(?:[ .][^<>\n]*)?>"
    r"|<(?:\d+:)?\d{2}:\d{2}\.\d{3}>"
    r"|\{\\[^{}\n]*\}",
    re.IGNORECASE,
)
ASS_BREAK = "\\N"
