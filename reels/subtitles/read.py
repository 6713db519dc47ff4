"""Subtitle files of people and programs, read in any state.

Forgiving about form (encoding, line ends, tags, order, missing blank lines) and strict about content: no text
is dropped, and what cannot be understood is refused with its line.
"""

from __future__ import annotations

import codecs
import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from reels.errors import SubtitlesUnreadable
from reels.said import Said, said_by_system
from reels.subtitles.cue import LINE_ENDS, Cue, subtitle_lines
from reels.subtitles.markup import ASS_BREAK, TAG

__all__ = ["read_subtitles"]

_LARGEST_BYTES = 32 * 1024 * 1024
_CLOCK = r"(?:(\d{1,6})\s*:\s*)?(\d{1,2})\s*:\s*(\d{1,2})(?:\s*[.,]\s*(\d{1,9}))?"
_TIME_LINE = re.compile(rf"\s*(?:\d+\s+)?{_CLOCK}\s*-{{1,3}}>\s*{_CLOCK}(?![\d:])(.*)")
_BROKEN_TIME_LINE = re.compile(r"\s*\d+\s*:.*-->|.*-->\s*\d+\s*:")
_PLACEMENT = re.compile(
    r"(?:\s+(?:[XY][12]|align|line|position|size|vertical|region):\S+)*\s*", re.IGNORECASE
)
_BLOCKS_WITHOUT_TEXT = re.compile(r"(?:NOTE|STYLE|REGION)(?:\s|$)")
_DEFAULT_DURATION = Fraction(5, 6)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Block:
    """A time line's seconds as written, and the lines that belong to it, raw."""

    start: Fraction
    end: Fraction
    text: tuple[str, ...]


def read_subtitles(path: Path) -> tuple[Cue, ...]:
    """The cues of a SubRip or WebVTT file, told apart by content, sorted by start; times as written.

    Reads UTF-8, UTF-16 with a byte order mark, and CP949. Tags and placements are removed, cues without text
    are left out (that is how a person deletes one), cues of no length get 5/6 s or up to the next cue.
    Raises: SubtitlesUnreadable, with the line.
    """
    lines = LINE_ENDS.split(_decoded(path))
    first = lines[0].strip()
    if first.startswith("[Script Info]"):
        raise _unreadable(path, 1, Said("an ASS file", ko="ASS 파일"), _SRT_OR_VTT)
    vtt = re.match(r"WEBVTT(\s|$)", first) is not None
    blocks = _blocks(path, lines, vtt=vtt)
    blocks.sort(key=lambda block: (block.start, block.end))
    return tuple(_cues(blocks, vtt=vtt))


_SRT_OR_VTT = Said("SubRip (.srt) or WebVTT (.vtt)", ko="SubRip(.srt)이나 WebVTT(.vtt)")
_A_FILE = Said("a subtitle file", ko="자막 파일")


def _unreadable(path: Path, line: int, found: str, expected: str) -> SubtitlesUnreadable:
    return SubtitlesUnreadable(path=str(path), line=line, found=found, expected=expected)


def _decoded(path: Path) -> str:
    try:
        if path.stat().st_size > _LARGEST_BYTES:
            size = path.stat().st_size
            found = Said(f"{size} bytes", ko=f"{size}바이트")
            expected = Said("a subtitle file, at most 32 MiB", ko="32 MiB 이하의 자막 파일")
            raise _unreadable(path, 0, found, expected)
        raw = path.read_bytes()
    except OSError as error:
        raise _unreadable(path, 0, said_by_system(error), _A_FILE) from error
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8-sig", "cp949"]
    bad_byte = 0
    for encoding in encodings:
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError as error:
            bad_byte = max(bad_byte, error.start)
            continue
        if "\0" not in text:
            return text
        bad_byte = raw.index(b"\0")
        break
    line = raw.count(b"\n", 0, bad_byte) + 1
    raise _unreadable(
        path,
        line,
        Said("bytes that are no text", ko="글이 아닌 데이터"),
        Said("text in UTF-8, UTF-16 or CP949", ko="UTF-8, UTF-16, CP949로 된 글"),
    )


def _blocks(path: Path, lines: Sequence[str], *, vtt: bool) -> list[_Block]:
    """Cut at the time lines, which alone can be trusted: blank lines and counters may be missing."""
    numbered = list(_without_notes(lines)) if vtt else list(enumerate(lines, start=1))
    time_lines: list[tuple[int, re.Match[str]]] = []
    for i, (number, line) in enumerate(numbered):
        if found := _TIME_LINE.fullmatch(line):
            time_lines.append((i, found))
        elif _BROKEN_TIME_LINE.match(line):
            raise _unreadable(path, number, line.strip(), "00:00:01,000 --> 00:00:02,500")
    before = numbered[: time_lines[0][0]] if time_lines else numbered
    if time_lines:
        before = before[: _length_without_index(before, 0, vtt=vtt)]
    for number, line in before:
        if line.strip():
            expected = Said(
                "a time line such as 00:00:01,000 --> 00:00:02,500",
                ko="00:00:01,000 --> 00:00:02,500 같은 시각 줄",
            )
            raise _unreadable(path, number, repr(line.strip()[:40]), expected)
    blocks = []
    ends = [*(i for i, _ in time_lines), len(numbered)][1:] if time_lines else []
    for count, ((i, found), end) in enumerate(zip(time_lines, ends, strict=True), start=1):
        body = numbered[i + 1 : end]
        if end < len(numbered):
            body = body[: _length_without_index(body, count, vtt=vtt)]
        beside = [] if _PLACEMENT.fullmatch(found[9]) else [found[9]]
        start, until = _times(path, numbered[i][0], found)
        blocks.append(_Block(start=start, end=until, text=(*beside, *(line for _, line in body))))
    return blocks


def _without_notes(lines: Sequence[str]) -> Iterator[tuple[int, str]]:
    """WebVTT's lines with their numbers, but for the header, comments, styles and regions."""
    skipping = True
    for number, line in enumerate(lines, start=1):
        if skipping and line.strip() and not _TIME_LINE.fullmatch(line):
            continue
        if skipping and not line.strip():
            skipping = False
        elif _BLOCKS_WITHOUT_TEXT.match(line) and not lines[number - 2].strip():
            skipping = True
        else:
            yield number, line


def _length_without_index(body: Sequence[tuple[int, str]], count: int, *, vtt: bool) -> int:
    """How many lines of `body` come before the counter or name that stands right above the next time line.

    `count` time lines came before that one.
    """
    last = body[-1][1].strip() if body else ""
    above = body[-2][1].strip() if len(body) > 1 else None
    if vtt and last and (above == "" or (above is None and count == 0)):
        return len(body) - 1
    if last.isascii() and last.isdigit() and (above is not None or count == 0 or int(last) == count + 1):
        return len(body) - 1
    return len(body)


def _times(path: Path, number: int, found: re.Match[str]) -> tuple[Fraction, Fraction]:
    start, end = _seconds(*found.group(1, 2, 3, 4)), _seconds(*found.group(5, 6, 7, 8))
    if start is None or end is None:
        raise _unreadable(
            path, number, found[0].strip(), Said("minutes and seconds below 60", ko="60보다 작은 분과 초")
        )
    if end < start:
        raise _unreadable(
            path, number, found[0].strip(), Said("an end after the start", ko="시작보다 늦은 끝")
        )
    return start, end


def _seconds(hours: str | None, minutes: str, seconds: str, fraction: str | None) -> Fraction | None:
    """Exact seconds, or None for minutes or seconds of 60 and more."""
    if int(minutes) >= 60 or int(seconds) >= 60:
        return None
    return int(hours or 0) * 3600 + int(minutes) * 60 + Fraction(f"{seconds}.{fraction or 0}")


def _cues(blocks: Sequence[_Block], *, vtt: bool) -> Iterator[Cue]:
    with_text = [(block, lines) for block in blocks if (lines := _plain_lines(block.text, vtt=vtt))]
    starts = [block.start for block, _ in with_text]
    for i, (block, lines) in enumerate(with_text):
        end = block.end
        if end == block.start:
            end = min(
                [block.start + _DEFAULT_DURATION, *(s for s in starts[i + 1 : i + 9] if s > block.start)]
            )
        yield Cue(start=block.start, end=end, lines=lines)


def _plain_lines(text: Sequence[str], *, vtt: bool) -> tuple[str, ...]:
    joined = TAG.sub("", "\n".join(text)).replace(ASS_BREAK, "\n")
    return subtitle_lines(html.unescape(joined) if vtt else joined)
