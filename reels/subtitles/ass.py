"""ASS for the burn-in: on which frames what stands where, exactly as ffmpeg's libass shows it.

A caption is one event. The word being spoken is a second one over it, the same text with all other words
transparent: what is not spoken is never drawn anew and cannot move. The second language has a place of its own.
Lines are broken before; nothing that a person wrote is read as markup.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from reels.fonts import Font
from reels.geometry import Box, Raster
from reels.subtitles.caption import COLOUR, Caption, SpokenWord, word_places
from reels.subtitles.cue import Cue, cue_frames
from reels.subtitles.markup import ASS_BREAK, WORD_JOINER
from reels.timing import FrameRange

__all__ = ["AssStyle", "caption_box", "write_ass"]

# A frame's middle, rounded to centiseconds and compared by libass in whole milliseconds, stays inside the
# frame only while half a frame is longer than 6 ms.
_HIGHEST_RATE = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class AssStyle:
    """How captions look in the burn-in. Pixels of the output; colours `#RRGGBB` or `#RRGGBBAA` (AA: opacity).

    `size_px` is the em. With `box` one rectangle of `back_colour` lies behind all lines, `box_padding_px`
    wider than them on every side. Lines are centred between the side margins, the last one's bottom (descent
    included) `margin_bottom_px` above the lower edge.

    With `spoken_colour` the word being spoken is shown in it. A speaker's name has an em of `name_size_px`. The
    second language has an em of `second_size_px`, and its first line's top `second_top_px` below the upper edge.
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
    spoken_colour: str | None = None
    name_size_px: int | Fraction = 0
    second_size_px: int | Fraction = 0
    second_colour: str = "#FFFFFF"
    second_top_px: int = 0

    def __post_init__(self) -> None:
        named = (self.primary_colour, self.outline_colour, self.back_colour, self.second_colour)
        for colour in (*named, self.spoken_colour or self.primary_colour):
            if not COLOUR.fullmatch(colour):
                raise ValueError(f"a colour is #RRGGBB or #RRGGBBAA, not {colour!r}")
        sizes = (self.outline_px, self.box_padding_px, self.name_size_px, self.second_size_px)
        if self.size_px <= 0 or min(sizes) < 0 or self.second_top_px < 0:
            raise ValueError("sizes of a subtitle style cannot be negative")


def caption_box(
    lines: Sequence[str], *, style: AssStyle, raster: Raster, name: str = "", second: bool = False
) -> Box:
    """What `lines` cover on the raster: every pixel that the burn-in changes for them is inside.

    With `name` above them, or as lines of the second language.
    """
    sizes = [(line, style.second_size_px if second else style.size_px) for line in lines]
    if name:
        sizes.insert(0, (name, style.name_size_px))
    width = max(style.font.text_width_px(line, size) for line, size in sizes)
    height = sum(style.font.line_height_px(size) for _, size in sizes)
    around = style.outline_px + (style.box_padding_px if style.box else 0) + 1
    centre = Fraction(style.margin_left_px + raster.width - style.margin_right_px, 2)
    top = style.second_top_px if second else raster.height - style.margin_bottom_px - height
    return Box(
        max(0, math.floor(centre - width / 2 - around)),
        max(0, math.floor(top - around)),
        min(raster.width, math.ceil(centre + width / 2 + around)),
        min(raster.height, math.ceil(top + height + around)),
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

    A `Caption` is shown with its marks. The filter's first frame is programme frame `first_frame`; where it ends
    is `frame_count` frames later.
    Cues outside are left out and cues across an edge are clipped, so that the text says only what is shown.
    """
    if not 0 < rate <= _HIGHEST_RATE:
        raise ValueError(f"ASS times cannot name single frames at {rate} frames per second")
    end = None if frame_count is None else first_frame + frame_count
    events: list[str] = []
    for cue in cues:
        for layer, name, frames, text in _layers(cue, style, rate):
            clipped = frames.intersection(
                FrameRange(first_frame, max(first_frame, frames.end if end is None else end))
            )
            if clipped is None:
                continue
            on, off = (_ass_time(frame - first_frame, rate) for frame in (clipped.start, clipped.end))
            events.append(f"Dialogue: {layer},{on},{off},{name},,0,0,0,,{text}\n")
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
        + "".join(f"Style: {line}\n" for line in _ass_styles(style))
        + "\n"
        "[Events]\n"
        "Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n" + "".join(events)
    )


def _layers(cue: Cue, style: AssStyle, rate: Fraction) -> Iterator[tuple[int, str, FrameRange, str]]:
    """What is drawn for `cue`: layer, style, programme frames and text of each event.

    Layers of their own, because libass moves events of one layer apart where they meet.
    """
    frames = cue_frames(cue, rate)
    caption = cue if isinstance(cue, Caption) else Caption(start=cue.start, end=cue.end, lines=cue.lines)
    if caption.second:
        yield 2, "Second", frames, ASS_BREAK.join(map(_ass_escaped, caption.lines))
        return
    seams = _seams(caption, style)
    yield 0, "Caption", frames, _named(caption, style) + _set(caption.lines, seams)
    for word in caption.spoken if style.spoken_colour is not None else ():
        shown = word.frames.intersection(frames)
        if shown is not None:
            name = _named(caption, style, coloured=False)
            text = _set(caption.lines, _only(word, seams, style))
            yield 1, "Spoken", shown, f"{{\\alpha&HFF&}}{name}{text}"


_Seams = dict[tuple[int, int], str]
"""The tags before a sign, by its line and place."""


def _seams(caption: Caption, style: AssStyle) -> _Seams:
    """Where the text is set in pieces, because the colour changes there or the spoken word may.

    libass kerns and rounds each piece by itself. So the layers of a caption have the same pieces, in every chunk
    and at every moment; the secondary colour, which nothing shows, parts them where no other tag does.
    """
    places = {
        (tint.line, at): _colour_tag(style.primary_colour) for tint in caption.tints for at in [tint.end]
    }
    places |= {(tint.line, tint.first): _colour_tag(tint.colour) for tint in caption.tints}
    if style.spoken_colour is not None:
        edges = ((line, at) for line, first, end in word_places(caption.lines) for at in (first, end))
        places = dict.fromkeys(edges, "") | places
        places = {
            place: f"\\2c&H00000{number % 2}&{places[place]}" for number, place in enumerate(sorted(places))
        }
    return places


def _set(lines: Sequence[str], seams: _Seams) -> str:
    written = []
    for number, line in enumerate(lines):
        at, text = 0, ""
        for place in sorted(place for row, place in seams if row == number):
            text += f"{_ass_escaped(line[at:place])}{{{seams[number, place]}}}"
            at = place
        written.append(text + _ass_escaped(line[at:]))
    return ASS_BREAK.join(written)


def _only(word: SpokenWord, seams: _Seams, style: AssStyle) -> _Seams:
    """The same pieces, of which only `word` can be seen."""
    letters, outline = (_opacity_tag(c) for c in (style.spoken_colour or "", style.outline_colour))
    unseen = {place: tags[: len(_PARTING)] for place, tags in seams.items()}
    unseen[word.line, word.first] += f"\\1a{letters}\\3a{outline}"
    unseen[word.line, word.end] += "\\alpha&HFF&"
    return unseen


_PARTING = "\\2c&H000000&"


def _named(cue: Caption, style: AssStyle, *, coloured: bool = True) -> str:
    """The speaker's name on a line above, in its own size."""
    if not cue.name:
        return ""
    small, large = (_size_tags(style, px) for px in (style.name_size_px, style.size_px))
    on, off = (_colour_tag(cue.name_colour), _colour_tag(style.primary_colour)) if coloured else ("", "")
    return f"{{{small}{on}}}{_ass_escaped(cue.name)}{ASS_BREAK}{{{large}{off}}}"


def _size_tags(style: AssStyle, size_px: int | Fraction) -> str:
    size, outline = style.font.ass_font_size(size_px), _outline_px(style, size_px)
    return f"\\fs{_decimal(size)}\\bord{_decimal(outline)}"


def _outline_px(style: AssStyle, size_px: int | Fraction) -> Fraction:
    """Smaller letters have a thinner outline, or it would fill them."""
    return Fraction(style.outline_px) * Fraction(size_px) / Fraction(style.size_px)


def _colour_tag(colour: str) -> str:
    return f"\\1c&H{_ass_colour(colour)[4:]}&"


def _opacity_tag(colour: str) -> str:
    return f"&H{_ass_colour(colour)[2:4]}&"


def _ass_styles(style: AssStyle) -> Iterator[str]:
    """The style of the captions, and those of the spoken word and the second language where there are such."""
    # Border style 4 is libass's: one rectangle in the back colour, "Shadow" wider than the text, and the
    # outline drawn as ever. Style 3 draws a box per line, whose overlap shows when it is translucent.
    boxed = (4, style.box_padding_px) if style.box else (1, 0)
    bottom = (2, style.margin_bottom_px)
    yield _ass_style("Caption", style, style.size_px, style.primary_colour, border=boxed, place=bottom)
    if style.spoken_colour is not None:
        yield _ass_style("Spoken", style, style.size_px, style.spoken_colour, border=(1, 0), place=bottom)
    if style.second_size_px:
        place = (8, style.second_top_px)
        yield _ass_style(
            "Second", style, style.second_size_px, style.second_colour, border=boxed, place=place
        )


def _ass_style(
    name: str,
    style: AssStyle,
    size_px: int | Fraction,
    letters: str,
    *,
    border: tuple[int, int],
    place: tuple[int, int],
) -> str:
    primary, outline, back = map(_ass_colour, (letters, style.outline_colour, style.back_colour))
    (border_style, shadow), (alignment, margin) = border, place
    bold, italic = (-1 if flag else 0 for flag in (style.font.bold, style.font.italic))
    return (
        f"{name},{style.font.family},{_decimal(style.font.ass_font_size(size_px))},{primary},{primary},"
        f"{outline},{back},{bold},{italic},0,0,100,100,0,0,{border_style},{_decimal(_outline_px(style, size_px))},{shadow},"
        f"{alignment},{style.margin_left_px},{style.margin_right_px},{margin},1"
    )


def _ass_colour(colour: str) -> str:
    found = COLOUR.fullmatch(colour)
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
