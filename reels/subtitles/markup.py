"""What a subtitle program would take for markup or for a time: read as such by the readers, made harmless by
`write` and `ass`.
"""

from __future__ import annotations

import re

__all__ = [
    "ASS_BREAK",
    "BREAK_TAG",
    "NEAR_TAG",
    "ODD_TIME_LINE",
    "TAG",
    "TIME_LINE",
    "WORD_JOINER",
]

WORD_JOINER = "\u2060"
"""Shows nothing, and parts what would be read as markup."""

# Only names that subtitle programs use: <한빛시 축제> is a title in angle brackets, not a tag.
TAG = re.compile(
    r"</?(?:b|i|u|s|c|v|em|strong|font|lang|ruby|rt|span)(?:[ .][^<>\n]*)?>"
    r"|<(?:\d+:)?\d{2}:\d{2}\.\d{3}>"
    r"|\{\\[^{}\n]*\}",
    re.IGNORECASE,
)
BREAK_TAG = re.compile(r"<br\s{0,4}/?>", re.IGNORECASE)
NEAR_TAG = re.compile(
    r"</?[a-z][^<>\n]{0,80}>|&(?:[a-z]{2,8}|#\d{1,7});|\{[\\/=][^{}\n]{0,80}\}?|\\[Nnh]", re.I
)
"""What is text to us, and markup to some player or editor that the file may meet."""
ASS_BREAK = "\\N"

_CLOCK = r"(?:(\d{1,6})\s*:\s*)?(\d{1,2})\s*:\s*(\d{1,2})(?:\s*[.,]\s*(\d{1,9}))?"
_WHOLE_CLOCK = r"(\d{1,6})\s*:\s*(\d{1,2})\s*:\s*(\d{1,2})\s*[.,]\s*(\d{1,9})"
# What word processors and web pages make of an arrow. In a text such a line may be opening hours (10:00 → 18:00),
# so here a time must be written out to its milliseconds.
_ODD_ARROW = r"(?:[‐‑‒–—―−]{1,3}>|-{0,2}[‐‑‒–—―−]?(?:&gt;|＞)|→|⟶|➔)"
TIME_LINE = re.compile(rf"\s*(?:\d+\s+)?{_CLOCK}\s*-{{1,3}}>\s*{_CLOCK}(?![\d:])(.*)")
"""Hours, minutes, seconds, fraction of the start; the same of the end; what stands beside."""
ODD_TIME_LINE = re.compile(rf"\s*(?:\d+\s+)?{_WHOLE_CLOCK}\s*{_ODD_ARROW}\s*{_WHOLE_CLOCK}(?![\d:])(.*)")
