"""Subtitle files of people and programs, read in any state.

Forgiving about form (encoding, line ends, tags, order, missing blank lines) and strict about content: no text
is dropped, and what cannot be understood is refused with its line.

    file -> decoding -> text -> blocks (SubRip, WebVTT, SBV) or advanced (ASS, SSA) -> cues
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Literal

from reels.subtitles.advanced import advanced_blocks, is_advanced
from reels.subtitles.blocks import Block, ClockedForm, clocked_blocks, is_sbv
from reels.subtitles.cue import LINE_ENDS, Cue, subtitle_lines
from reels.subtitles.decoding import decode_file
from reels.subtitles.markup import ASS_BREAK, BREAK_TAG, TAG

__all__ = ["SubtitleFile", "WrittenCue", "read_subtitle_file", "read_subtitles"]

Form = ClockedForm | Literal["ASS"]

_DEFAULT_DURATION = Fraction(5, 6)
_SBV_BREAK = "[br]"


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenCue:
    """A cue as it stands in its file: `number` counts from 1, `line` is that of its times, `raw` has its tags.

    Times are as written, so `end` may be `start`; `lines` is empty where a person deleted the text.
    """

    number: int
    line: int
    start: Fraction
    end: Fraction
    raw: tuple[str, ...]
    lines: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class SubtitleFile:
    """All that a subtitle file says, in its own order."""

    form: Form
    encoding: str
    written: tuple[WrittenCue, ...]

    @cached_property
    def cues(self) -> tuple[Cue, ...]:
        """The cues with text by their start; those of no length get 5/6 s or up to the next cue."""
        return tuple(_cues(self._with_text))

    @property
    def numbers(self) -> tuple[int, ...]:
        """For each of `cues` its number in the file."""
        return tuple(written.number for written in self._with_text)

    @property
    def _with_text(self) -> list[WrittenCue]:
        return sorted((w for w in self.written if w.lines), key=lambda w: (w.start, w.end))


def read_subtitles(path: Path) -> tuple[Cue, ...]:
    """The cues of a subtitle file, sorted by start; times as written. What is read is told by its content.

    Tags and placements are removed, cues without text are left out (that is how a person deletes one), cues
    of no length get 5/6 s or up to the next cue.
    Raises: SubtitlesUnreadable, with the line.
    """
    return read_subtitle_file(path).cues


def read_subtitle_file(path: Path) -> SubtitleFile:
    """A SubRip, WebVTT, SBV, ASS or SSA file in UTF-8, UTF-16 or CP949.

    Raises: SubtitlesUnreadable, with the line.
    """
    decoded = decode_file(path)
    return _file_of(decoded.text, decoded.encoding, path)


@lru_cache(maxsize=8)
def _file_of(text: str, encoding: str, path: Path) -> SubtitleFile:
    # The same file is read for planning, for judging and for the page, within a moment.
    lines = LINE_ENDS.split(text)
    form: Form = "ASS" if is_advanced(lines) else _clocked_form(lines)
    blocks = advanced_blocks(path, lines) if form == "ASS" else clocked_blocks(path, lines, form)
    written = tuple(_written(number, block, form) for number, block in enumerate(blocks, start=1))
    return SubtitleFile(form=form, encoding=encoding, written=written)


def _clocked_form(lines: Sequence[str]) -> ClockedForm:
    if re.match(r"WEBVTT(?:\s|$)", lines[0].strip()):
        return "WebVTT"
    return "SBV" if is_sbv(lines) else "SubRip"


def _written(number: int, block: Block, form: Form) -> WrittenCue:
    return WrittenCue(
        number=number,
        line=block.line,
        start=block.start,
        end=block.end,
        raw=block.text,
        lines=_plain_lines(block.text, form),
    )


def _plain_lines(text: Sequence[str], form: Form) -> tuple[str, ...]:
    joined = "\n".join(text)
    if form == "ASS":
        return subtitle_lines(joined)
    if form == "SBV":
        joined = joined.replace(_SBV_BREAK, "\n")
    plain = TAG.sub("", BREAK_TAG.sub("\n", joined)).replace(ASS_BREAK, "\n")
    return subtitle_lines(html.unescape(plain) if form == "WebVTT" else plain)


def _cues(written: Sequence[WrittenCue]) -> Iterator[Cue]:
    for i, cue in enumerate(written):
        end = cue.end
        if end == cue.start:
            following = (w.start for w in written[i + 1 : i + 9] if w.start > cue.start)
            end = min([cue.start + _DEFAULT_DURATION, *following])
        yield Cue(start=cue.start, end=end, lines=cue.lines)
