"""ASS for the burn-in: on which frames what stands where, exactly as ffmpeg's libass shows it."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from reels.fonts import Font
from reels.geometry import Box, Raster
from reels.subtitles.cue import Cue, cue_frames
from reels.subtitles.markup import ASS_BREAK, WORD_JOINER
from reels.timing import FrameRange

__all__ = ["AssStyle", "caption_box", "write_ass"]

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
            f"Dialogue: 0,{on},{off},Caption,,0,0,0,,{ASS_BREAK.join(map(_ass_escaped, cue.lines))}\n"
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
    return line.replace("\\", f"\\{WORD_JOINER}").replace("{", "\\{").replace("}", "\\}")
