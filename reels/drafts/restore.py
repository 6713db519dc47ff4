"""What was heard and not believed, put back into a draft on a person's word; nothing else in the file changes."""

from __future__ import annotations

import codecs
import re
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from reels.cues import CueRules, segment_words
from reels.subtitles import Cue, write_srt
from reels.transcript import Dropped, Transcript

__all__ = ["cues_of_dropped", "inserted"]

_CLOCK = r"(?:(\d{1,6})\s*:\s*)?(\d{1,2})\s*:\s*(\d{1,2})(?:\s*[.,]\s*(\d{1,9}))?"
_TIME_LINE = re.compile(rf"\s*(?:\d+\s+)?{_CLOCK}\s*-{{1,3}}>")


def cues_of_dropped(transcript: Transcript, dropped: Dropped, rules: CueRules) -> tuple[Cue, ...]:
    """The cues of a dropped segment alone, in source time."""
    return segment_words(replace(transcript, segments=(dropped.segment,), dropped=()), rules)


def inserted(content: bytes, cues: Sequence[Cue]) -> bytes:
    """`content`, a readable subtitle file, with each of `cues` before the first cue that begins later.

    Encoding, line ends, tags and every other cue stay as they are; counters go on counting where they counted.
    """
    text, encoding, mark = _decoded(content)
    newline = "\r\n" if "\r\n" in text else "\n"
    lines = text.replace("\r\n", "\n").split("\n")
    for cue in cues:
        at = _place(lines, cue.start)
        block = write_srt([cue]).rstrip("\n").split("\n")
        if lines[0].startswith("WEBVTT"):
            block = [block[1].replace(",", "."), *block[2:]]
        before = [""] if at > 0 and lines[at - 1].strip() else []
        after = [""] if at < len(lines) else []
        lines[at:at] = [*before, *block, *after]
    _count_again(lines, counted=_counters(text.replace("\r\n", "\n").split("\n")))
    joined = newline.join(lines)
    if not joined.endswith("\n"):
        joined += newline
    try:
        return mark + joined.encode(encoding)
    except UnicodeEncodeError:  # CP949 lacks a syllable that was heard
        return codecs.BOM_UTF8 + joined.encode("utf-8")


def _decoded(content: bytes) -> tuple[str, str, bytes]:
    """Text, encoding and byte order mark, tried in the order in which `read_subtitles` does."""
    for mark, encoding in (
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF8, "utf-8"),
    ):
        if content.startswith(mark):
            return content[len(mark) :].decode(encoding), encoding, mark
    try:
        return content.decode("utf-8"), "utf-8", b""
    except UnicodeDecodeError:
        return content.decode("cp949"), "cp949", b""


def _place(lines: Sequence[str], start: Fraction) -> int:
    """The line before which a cue beginning at `start` goes: the counter or time line of the next one."""
    for at, line in enumerate(lines):
        found = _TIME_LINE.match(line)
        if found is None:
            continue
        hours, minutes, seconds, fraction = found.group(1, 2, 3, 4)
        begins = int(hours or 0) * 3600 + int(minutes) * 60 + Fraction(f"{seconds}.{fraction or 0}")
        if begins > start:
            has_counter = at > 0 and _is_counter(lines[at - 1])
            return at - has_counter
    at = len(lines)
    while at > 0 and not lines[at - 1].strip():
        at -= 1
    return at


def _counters(lines: Sequence[str]) -> list[int]:
    """The lines that hold the counters 1, 2, 3 … of a file that counts its cues; empty where it does not."""
    found = [
        at - 1
        for at, line in enumerate(lines)
        if at > 0 and _TIME_LINE.match(line) and _is_counter(lines[at - 1])
    ]
    counted = [int(lines[at].strip()) for at in found]
    return found if counted == list(range(1, len(found) + 1)) else []


def _is_counter(line: str) -> bool:
    return line.strip().isascii() and line.strip().isdigit()


def _count_again(lines: list[str], *, counted: Sequence[int]) -> None:
    if not counted:
        return
    number = 0
    for at in range(1, len(lines)):
        if _TIME_LINE.match(lines[at]) and _is_counter(lines[at - 1]):
            number += 1
            lines[at - 1] = str(number)
