"""Cues and the files that carry them: SubRip and WebVTT in and out, ASS out for the burn-in.

A draft comes back from people's programs in any state, so reading is forgiving about form (encoding, line
ends, tags, order, missing blank lines) and strict about content: no text is dropped, and what cannot be
understood is refused with its line. Texts are hostile: in no file written here can they become a time line, a
tag or a break. Where lines break is decided before, in `cues`; nothing here changes a line.
"""

from __future__ import annotations

import codecs
import html
import math
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from reels.errors import SubtitlesUnreadable
from reels.fonts import Font
from reels.geometry import Box, Raster
from reels.said import Said, said_by_system
from reels.timing import FrameRange, format_clock, format_srt, frame_nearest

__all__ = [
    "AssStyle",
    "Cue",
    "caption_box",
    "cue_frames",
    "read_subtitles",
    "subtitle_lines",
    "write_ass",
    "write_srt",
    "write_vtt",
]

_WORD_JOINER = "\u2060"
# Signs that show nothing and could turn a line around, hide text, or end a file's line: never part of a cue.
_INVISIBLE = frozenset(
    chr(c)
    for c in (0x061C, 0x200B, 0x200E, 0x200F, 0x2060, 0xFEFF, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
)
_LINE_ENDS = re.compile(r"\r\n|[\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029]")


def _is_forbidden(character: str) -> bool:
    return character in _INVISIBLE or unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp")


def subtitle_lines(text: str) -> tuple[str, ...]:
    """`text` as the lines of a cue: NFC, trimmed, without control or invisible signs, without blank lines."""
    cleaned = (
        unicodedata.normalize(
            "NFC", "".join(c for c in line.replace("\t", " ") if not _is_forbidden(c))
        ).strip()
        for line in _LINE_ENDS.split(text)
    )
    return tuple(line for line in cleaned if line)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """Lines on screen during `[start, end)`, exact seconds of the timeline that the variable's name says.

    Lines are as `subtitle_lines` makes them; anything else is a programming error (ValueError).
    """

    start: Fraction
    end: Fraction
    lines: tuple[str, ...]

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError(f"a cue needs time: [{self.start}, {self.end})")
        if not self.lines or self.lines != subtitle_lines("\n".join(self.lines)):
            raise ValueError(f"not the clean lines of a cue: {self.lines!r}")

    @property
    def duration(self) -> Fraction:
        return self.end - self.start

    @property
    def text(self) -> str:
        return "\n".join(self.lines)


# --- reading ---------------------------------------------------------------------------------------------

_LARGEST_BYTES = 32 * 1024 * 1024
_CLOCK = r"(?:(\d{1,6})\s*:\s*)?(\d{1,2})\s*:\s*(\d{1,2})(?:\s*[.,]\s*(\d{1,9}))?"
_TIME_LINE = re.compile(rf"\s*(?:\d+\s+)?{_CLOCK}\s*-{{1,3}}>\s*{_CLOCK}(?![\d:])(.*)")
_BROKEN_TIME_LINE = re.compile(r"\s*\d+\s*:.*-->|.*-->\s*\d+\s*:")
_PLACEMENT = re.compile(
    r"(?:\s+(?:[XY][12]|align|line|position|size|vertical|region):\S+)*\s*", re.IGNORECASE
)
_BLOCKS_WITHOUT_TEXT = re.compile(r"(?:NOTE|STYLE|REGION)(?:\s|$)")
# Only names that subtitle programs use: <한빛시 축제> is a title in angle brackets, not a tag.
_TAG = re.compile(
    r"</?(?:b|i|u|s|c|v|em|strong|font|lang|ruby|rt|span)(?:[ .][^<>\n]*)?>"
    r"|<(?:\d+:)?\d{2}:\d{2}\.\d{3}>"
    r"|\{\\[^{}\n]*\}",
    re.IGNORECASE,
)
_ASS_BREAK = "\\N"
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
    lines = _LINE_ENDS.split(_decoded(path))
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
    joined = _TAG.sub("", "\n".join(text)).replace(_ASS_BREAK, "\n")
    return subtitle_lines(html.unescape(joined) if vtt else joined)


# --- writing SubRip and WebVTT ---------------------------------------------------------------------------


def write_srt(cues: Iterable[Cue]) -> str:
    """`cues` as SubRip, to the millisecond. `read_subtitles` gives the same cues back.

    A word joiner (U+2060, shows nothing) stands inside whatever a reader would take for a tag or a time line.
    """
    blocks = (
        f"{number}\n{format_srt(start)} --> {format_srt(end)}\n" + "\n".join(map(_guarded, cue.lines)) + "\n"
        for number, cue in enumerate(cues, start=1)
        for start, end in [_whole_milliseconds(cue)]
    )
    return "\n".join(blocks)


def write_vtt(cues: Iterable[Cue]) -> str:
    """`cues` as WebVTT, to the millisecond. `read_subtitles` gives the same cues back."""
    blocks = (
        f"\n{format_clock(start)} --> {format_clock(end)}\n"
        + "\n".join(html.escape(_guarded(line), quote=False) for line in cue.lines)
        + "\n"
        for cue in cues
        for start, end in [_whole_milliseconds(cue)]
    )
    return "WEBVTT\n" + "".join(blocks)


def _whole_milliseconds(cue: Cue) -> tuple[Fraction, Fraction]:
    start, end = (Fraction(math.floor(t * 1000 + Fraction(1, 2)), 1000) for t in (cue.start, cue.end))
    return start, max(end, start + Fraction(1, 1000))


def _guarded(line: str) -> str:
    tags = _TAG.sub(lambda tag: tag[0][0] + _WORD_JOINER + tag[0][1:], line)
    # Guarding one tag can leave its tail as the head of another, such as in `<<b>b>`.
    safe = tags if tags == line else _guarded(tags)
    return safe.replace(_ASS_BREAK, f"\\{_WORD_JOINER}N").replace("->", f"-{_WORD_JOINER}>")


# --- writing ASS -----------------------------------------------------------------------------------------

_COLOUR = re.compile(r"#([0-9a-fA-F]{2})([0-9a-fA-F]{2})([0-9a-fA-F]{2})([0-9a-fA-F]{2})?")
# A frame's middle, rounded to centiseconds and compared by libass in whole milliseconds, stays inside the
# frame only while half a frame is longer than 6 ms.
_HIGHEST_RATE = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class AssStyle:
    """How captions look in the burn-in. Pixels of the output; colours `#RRGGBB` or `#RRGGBBAA` (AA: opacity).

    `size_px` is the em. With `box` one rectangle of `back_colour` lies behind all lines, `box_padding_px`
    wider than them on every side. Lines are centred between the side margins, the last one's bottom (descent
    included) `margin_bottom_px` above the lower edge.
    """

    font: Font
    size_px: int | Fraction
    primary_colour: str = "#FFFFFF"
    outline_colour: str = "#000000"
    back_colour: str = "#000000A0"
    outline_px: int | Fraction = 0
    box: bool = False
    box_padding_px: int = 0
    margin_bottom_px: int = 0
    margin_left_px: int = 0
    margin_right_px: int = 0

    def __post_init__(self) -> None:
        for colour in (self.primary_colour, self.outline_colour, self.back_colour):
            if not _COLOUR.fullmatch(colour):
                raise ValueError(f"a colour is #RRGGBB or #RRGGBBAA, not {colour!r}")
        if self.size_px <= 0 or self.outline_px < 0 or self.box_padding_px < 0:
            raise ValueError("sizes of a subtitle style cannot be negative")


def cue_frames(cue: Cue, rate: Fraction) -> FrameRange:
    """The frames that show `cue`: each end on the nearest frame, at least one frame."""
    on = frame_nearest(cue.start, rate)
    return FrameRange(on, max(frame_nearest(cue.end, rate), on + 1))


def caption_box(lines: Sequence[str], *, style: AssStyle, raster: Raster) -> Box:
    """What `lines` cover on the raster: every pixel that the burn-in changes for them is inside."""
    width = max(style.font.text_width_px(line, style.size_px) for line in lines)
    height = len(lines) * style.font.line_height_px(style.size_px)
    around = style.outline_px + (style.box_padding_px if style.box else 0) + 1
    centre = Fraction(style.margin_left_px + raster.width - style.margin_right_px, 2)
    bottom = raster.height - style.margin_bottom_px
    return Box(
        max(0, math.floor(centre - width / 2 - around)),
        max(0, math.floor(bottom - height - around)),
        min(raster.width, math.ceil(centre + width / 2 + around)),
        min(raster.height, math.ceil(bottom + around)),
    )


def write_ass(
    cues: Iterable[Cue],
    *,
    style: AssStyle,
    raster: Raster,
    rate: Fraction,
    first_frame: int = 0,
    frame_count: int | None = None,
) -> str:
    """`cues` (programme time) as ASS for ffmpeg's `ass` filter over frames of `rate`, exactly to the frame.

    The filter's first frame is programme frame `first_frame`; where it ends is `frame_count` frames later.
    Cues outside are left out and cues across an edge are clipped, so that the text says only what is shown.
    """
    if not 0 < rate <= _HIGHEST_RATE:
        raise ValueError(f"ASS times cannot name single frames at {rate} frames per second")
    shown = FrameRange(first_frame, first_frame + frame_count) if frame_count is not None else None
    events = []
    for cue in cues:
        frames = cue_frames(cue, rate)
        if shown is not None:
            clipped = frames.intersection(shown)
        else:
            clipped = frames.intersection(FrameRange(first_frame, max(first_frame, frames.end)))
        if clipped is None:
            continue
        on, off = (_ass_time(frame - first_frame, rate) for frame in (clipped.start, clipped.end))
        events.append(
            f"Dialogue: 0,{on},{off},Caption,,0,0,0,,{_ASS_BREAK.join(map(_ass_escaped, cue.lines))}\n"
        )
    return (
        "[Script Info]\n"
        "ScriptType: v4.00+\n"
        f"PlayResX: {raster.width}\n"
        f"PlayResY: {raster.height}\n"
        "WrapStyle: 2\n"
        "ScaledBorderAndShadow: yes\n"
        "YCbCr Matrix: TV.709\n"
        # libass leaves the font's kerning off unless asked, as VSFilter did.
        "Kerning: yes\n"
        "\n"
        "[V4+ Styles]\n"
        "Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour,"
        " Bold, Italic, Underline, StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow,"
        " Alignment, MarginL, MarginR, MarginV, Encoding\n"
        f"Style: {_ass_style(style)}\n"
        "\n"
        "[Events]\n"
        "Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n" + "".join(events)
    )


def _ass_style(style: AssStyle) -> str:
    primary, outline, back = map(_ass_colour, (style.primary_colour, style.outline_colour, style.back_colour))
    # Border style 4 is libass's: one rectangle in the back colour, "Shadow" wider than the text, and the
    # outline drawn as ever. Style 3 draws a box per line, whose overlap shows when it is translucent.
    border_style, shadow = (4, style.box_padding_px) if style.box else (1, 0)
    bold, italic = (-1 if flag else 0 for flag in (style.font.bold, style.font.italic))
    return (
        f"Caption,{style.font.family},{_decimal(style.font.ass_font_size(style.size_px))},{primary},{primary},"
        f"{outline},{back},{bold},{italic},0,0,100,100,0,0,{border_style},{_decimal(style.outline_px)},{shadow},2,"
        f"{style.margin_left_px},{style.margin_right_px},{style.margin_bottom_px},1"
    )


def _ass_colour(colour: str) -> str:
    found = _COLOUR.fullmatch(colour)
    assert found is not None, "AssStyle has checked it"
    red, green, blue, opacity = found.groups(default="FF")
    return f"&H{255 - int(opacity, 16):02X}{blue}{green}{red}".upper()


def _decimal(value: int | Fraction) -> str:
    thousandths = round(Fraction(value) * 1000)
    return f"{thousandths // 1000}.{thousandths % 1000:03}"


def _ass_time(frame: int, rate: Fraction) -> str:
    """A time between frame `frame` and the one before, so that no rounding can move it to a neighbour."""
    cs = max(0, math.floor((frame - Fraction(1, 2)) / rate * 100 + Fraction(1, 2)))
    return f"{cs // 360_000}:{cs // 6000 % 60:02}:{cs // 100 % 60:02}.{cs % 100:02}"


def _ass_escaped(line: str) -> str:
    # libass knows `\{` and `\}` as signs, but has no escape for the backslash itself; a word joiner parts it
    # from the letter that would make it a break or a space.
    return line.replace("\\", f"\\{_WORD_JOINER}").replace("{", "\\{").replace("}", "\\}")
