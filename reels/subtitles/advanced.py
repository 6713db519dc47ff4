"""ASS and SSA files of other programs, read: the text that they show and when, nothing of how it looks.

What they never show is left out: comments, override blocks, drawings, styles. What `ass` writes for the burn-in
is another matter.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

from reels.said import Said
from reels.subtitles.blocks import Block, clock_seconds
from reels.subtitles.decoding import unreadable

__all__ = ["advanced_blocks", "is_advanced"]

_BEGINNING = re.compile(r"\[(?:Script Info|V4\+? Styles|Events)\]|Dialogue:", re.IGNORECASE)
_SECTION = re.compile(r"\[[^\[\]]{1,60}\]")
_ENTRY = re.compile(
    r"(Format|Dialogue|Comment|Picture|Sound|Movie|Command)\s*:(.*)", re.IGNORECASE | re.DOTALL
)
_CLOCK = re.compile(r"(\d{1,6}):(\d{1,2}):(\d{1,2})(?:[.,:](\d{1,3}))?")
_WRAP_STYLE = re.compile(r"WrapStyle\s*:\s*2\s*", re.IGNORECASE)
_DRAWS = re.compile(r"\\p(\d{1,3})")
_FIELDS: tuple[str, ...] = (
    "layer",
    "start",
    "end",
    "style",
    "name",
    "marginl",
    "marginr",
    "marginv",
    "effect",
    "text",
)


def is_advanced(lines: Sequence[str]) -> bool:
    first = next((line for line in lines if line.strip() and not line.startswith(";")), "")
    return _BEGINNING.match(first.strip()) is not None


def advanced_blocks(path: Path, lines: Sequence[str]) -> tuple[Block, ...]:
    """The events that show text, in the file's order; one that stands on several layers only once.

    Raises: SubtitlesUnreadable.
    """
    fields, section, has_events, hard_soft_breaks = _FIELDS, "", False, False
    blocks: dict[tuple[Fraction, Fraction, tuple[str, ...]], Block] = {}
    for number, line in enumerate(lines, start=1):
        written = line.strip()
        if not written or written.startswith((";", "!:")):
            continue
        if _SECTION.fullmatch(written):
            section = written.lower()
            has_events = has_events or section == "[events]"
            continue
        if section in ("[fonts]", "[graphics]"):
            continue
        hard_soft_breaks = hard_soft_breaks or _WRAP_STYLE.fullmatch(written) is not None
        entry = _ENTRY.match(written)
        if entry is None:
            if section == "[events]":
                expected = Said("a line that begins with Dialogue:", ko="Dialogue:로 시작하는 줄")
                raise unreadable(path, number, repr(written[:40]), expected)
            continue
        kind = entry[1].lower()
        if kind == "format" and section in ("", "[events]"):
            fields = tuple(field.strip().lower() for field in entry[2].split(","))
            if not {"start", "end", "text"} <= set(fields) or fields[-1] != "text":
                expected = Said(
                    "a Format with Start and End, and Text at its end",
                    ko="Start, End가 있고 Text로 끝나는 Format",
                )
                raise unreadable(path, number, repr(written[:60]), expected)
        elif kind == "dialogue":
            has_events = True
            block = _block(path, number, entry[2], fields, hard_soft_breaks=hard_soft_breaks)
            blocks.setdefault((block.start, block.end, block.text), block)
    if not has_events:
        raise unreadable(
            path,
            1,
            Said("an ASS file without events", ko="[Events]가 없는 ASS 파일"),
            Said("[Events] with Dialogue lines", ko="Dialogue 줄이 든 [Events]"),
            Said(
                "save it once more from the subtitle editor",
                ko="자막 편집기에서 다시 저장해 주세요.",
            ),
        )
    return tuple(blocks.values())


def _block(path: Path, number: int, values: str, fields: Sequence[str], *, hard_soft_breaks: bool) -> Block:
    parts = values.split(",", len(fields) - 1)
    if len(parts) < len(fields):
        raise unreadable(
            path,
            number,
            Said(f"{len(parts)} values", ko=f"값 {len(parts)}개"),
            Said(f"the {len(fields)} values that Format names", ko=f"Format에 적힌 값 {len(fields)}개"),
        )
    named = dict(zip(fields, parts, strict=True))
    start, end = (_seconds(named[field].strip()) for field in ("start", "end"))
    times = f"{named['start'].strip()}, {named['end'].strip()}"[:60]
    if start is None or end is None:
        expected = Said("two times such as 0:00:01.00, 0:00:02.50", ko="0:00:01.00, 0:00:02.50 같은 두 시각")
        raise unreadable(path, number, times, expected)
    if end < start:
        raise unreadable(path, number, times, Said("an end after the start", ko="시작보다 늦은 끝"))
    text = _shown(named["text"], hard_soft_breaks=hard_soft_breaks)
    return Block(line=number, start=start, end=end, text=tuple(text.split("\n")))


def _seconds(clock: str) -> Fraction | None:
    found = _CLOCK.fullmatch(clock)
    return clock_seconds(*found.groups()) if found is not None else None


def _shown(text: str, *, hard_soft_breaks: bool) -> str:
    """What libass would show of an event's text: no override blocks, no drawings, breaks as line ends.

    A soft break (`\\n`) is a break only where the file's WrapStyle is 2, else a space.
    """
    escapes = {"N": "\n", "n": "\n" if hard_soft_breaks else " ", "h": " ", "{": "{", "}": "}"}
    last_close = text.rfind("}")
    shown: list[str] = []
    drawing, at = False, 0
    while at < len(text):
        sign, following = text[at], text[at + 1 : at + 2]
        if sign == "\\" and following in escapes and following:
            shown.append("" if drawing else escapes[following])
            at += 2
        elif sign == "{" and at < last_close:
            close = text.index("}", at)
            for level in _DRAWS.findall(text[at + 1 : close]):
                drawing = int(level) > 0
            at = close + 1
        else:
            shown.append("" if drawing else sign)
            at += 1
    return "".join(shown)
