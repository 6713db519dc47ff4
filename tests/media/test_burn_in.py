"""Captions in the picture: the right glyphs, the right size, exactly the right frames, whatever the text.

Every picture is a plain grey that ffmpeg draws, with the ASS burned in as the encoder's graph does it: from a
work folder whose names are ours. What is not grey afterwards is caption.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image, ImageDraw, ImageFont

from reels.fonts import Font, load_font, shipped_fonts
from reels.geometry import Box, Raster
from reels.subtitles import (
    AssStyle,
    Caption,
    Cue,
    Tint,
    caption_box,
    cue_frames,
    spoken_words,
    word_places,
    write_ass,
)
from reels.tools.ffmpeg import read_ffmpeg

Pictures = npt.NDArray[np.uint8]
Mask = npt.NDArray[np.float64]

PORTRAIT = Raster(540, 960)
SMALL = Raster(108, 192)
RATES = [
    Fraction(24000, 1001),
    Fraction(25),
    Fraction(30000, 1001),
    Fraction(30),
    Fraction(50),
    Fraction(60000, 1001),
    Fraction(60),
]
GREY, WHITE = 128, 255
"""ffmpeg's colour `gray` and the text's, as full-range luma."""


def burned(
    folder: Path,
    cues: Sequence[Cue],
    style: AssStyle,
    *,
    raster: Raster = PORTRAIT,
    rate: Fraction = Fraction(30),
    frames: int = 1,
    first_frame: int = 0,
) -> Pictures:
    """The luma of `frames` grey pictures with `cues` burned in: (frames, height, width) uint8."""
    (folder / "fonts").mkdir()
    shutil.copyfile(style.font.path, folder / "fonts" / f"font{style.font.path.suffix}")
    ass = write_ass(cues, style=style, raster=raster, rate=rate, first_frame=first_frame, frame_count=frames)
    (folder / "cues.ass").write_text(ass, encoding="utf-8")
    raw = read_ffmpeg(
        [
            *("-f", "lavfi", "-i", f"color=gray:size={raster}:rate={rate},format=yuv420p"),
            *("-vf", "ass=f=cues.ass:fontsdir=fonts", "-frames:v", str(frames)),
            *("-f", "rawvideo", "-pix_fmt", "gray", "pipe:1"),
        ],
        doing="burning in a test caption",
        cwd=folder,
    )
    return np.frombuffer(raw, np.uint8).reshape(frames, raster.height, raster.width)


def burned_in_colour(
    folder: Path,
    cues: Sequence[Cue],
    style: AssStyle,
    *,
    frames: int = 1,
    first_frame: int = 0,
    rate: Fraction = Fraction(30),
) -> Pictures:
    """As `burned`, but (frames, height, width, 3) uint8 of RGB, tagged BT.709 as the encoder's graph tags it."""
    (folder / "fonts").mkdir(parents=True)
    shutil.copyfile(style.font.path, folder / "fonts" / f"font{style.font.path.suffix}")
    ass = write_ass(
        cues, style=style, raster=PORTRAIT, rate=rate, first_frame=first_frame, frame_count=frames
    )
    (folder / "cues.ass").write_text(ass, encoding="utf-8")
    grey = f"color=gray:size={PORTRAIT}:rate={rate},format=yuv444p,setparams=colorspace=bt709"
    raw = read_ffmpeg(
        [
            *("-f", "lavfi", "-i", grey),
            *("-vf", "ass=f=cues.ass:fontsdir=fonts,scale=in_color_matrix=bt709", "-frames:v", str(frames)),
            *("-f", "rawvideo", "-pix_fmt", "rgb24", "pipe:1"),
        ],
        doing="burning in a coloured caption",
        cwd=folder,
    )
    return np.frombuffer(raw, np.uint8).reshape(frames, PORTRAIT.height, PORTRAIT.width, 3)


def changed(picture: Pictures) -> Box:
    """The smallest box around all that is not grey."""
    rows, columns = np.nonzero(np.abs(picture.astype(int) - GREY) > 12)
    return Box(int(columns.min()), int(rows.min()), int(columns.max()) + 1, int(rows.max()) + 1)


def ink(picture: Pictures, box: Box) -> Mask:
    """White text on grey as coverage 0 … 1."""
    return np.clip(
        (picture[box.top : box.bottom, box.left : box.right].astype(float) - GREY) / (WHITE - GREY), 0, 1
    )


def drawn_by_pillow(font: Font, text: str, size_px: int) -> Mask:
    """The same text in the same font by another renderer, cut to its ink."""
    face = ImageFont.truetype(font.path, size_px)
    image = Image.new("L", (int(face.getlength(text)) + 4 * size_px, 3 * size_px))
    ImageDraw.Draw(image).text((size_px, size_px), text, font=face, fill=255)
    left, top, right, bottom = image.point(lambda value: 255 if value > 24 else 0).getbbox() or (0, 0, 1, 1)
    return np.asarray(image.crop((left, top, right, bottom))).astype(float) / 255


def likeness(one: Mask, other: Mask) -> float:
    """The best normalised correlation of two masks over shifts of up to three pixels."""
    height, width = max(one.shape[0], other.shape[0]) + 6, max(one.shape[1], other.shape[1]) + 6
    still = np.zeros((height, width))
    still[3 : 3 + one.shape[0], 3 : 3 + one.shape[1]] = one
    best = -1.0
    for down in range(7):
        for right in range(7):
            moved = np.zeros((height, width))
            room = moved[down : down + other.shape[0], right : right + other.shape[1]]
            room += other[: room.shape[0], : room.shape[1]]
            best = max(best, float(np.corrcoef(still.ravel(), moved.ravel())[0, 1]))
    return best


def forever(*lines: str) -> Cue:
    return Cue(start=Fraction(0), end=Fraction(100), lines=lines)


@pytest.fixture(params=shipped_fonts(), ids=lambda path: path.stem)
def font(request: pytest.FixtureRequest) -> Font:
    return load_font(request.param)


@pytest.fixture
def bold() -> Font:
    return load_font(shipped_fonts()[0])


# --- when ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rate", RATES, ids=lambda rate: f"{float(rate):.3f}")
@pytest.mark.parametrize("first_frame", [0, 53_947])
def test_exactly_the_frames_of_each_cue_show_it(
    tmp_path: Path, bold: Font, rate: Fraction, first_frame: int
) -> None:
    frames = 240
    begin = first_frame / rate
    # Every on and off time falls elsewhere between two frames; the first and the last reach over the edges.
    cues = [
        Cue(start=max(Fraction(0), begin - 1), end=begin + Fraction(7, 100), lines=("앞",)),
        *(
            Cue(
                start=begin + Fraction(k * 407, 1000),
                end=begin + Fraction(k * 407 + 191 + k, 1000),
                lines=("가",),
            )
            for k in range(1, 9)
        ),
        Cue(start=begin + (frames - 5) / rate, end=begin + 30, lines=("뒤",)),
    ]
    style = AssStyle(font=bold, size_px=24, margin_bottom_px=40)
    pictures = burned(tmp_path, cues, style, raster=SMALL, rate=rate, frames=frames, first_frame=first_frame)
    shown = (np.abs(pictures.astype(int) - GREY) > 12).any(axis=(1, 2))
    expected = np.zeros(frames, bool)
    for cue in cues:
        on_off = cue_frames(cue, rate)
        expected[max(0, on_off.start - first_frame) : max(0, on_off.end - first_frame)] = True
    assert expected.any()
    assert not expected.all()
    assert np.flatnonzero(shown != expected).tolist() == []


# --- what ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["한빛시 비빔밥축제", "2026년 10월 3일(토)", "괜찮아요? 뷁!"])
def test_the_glyphs_are_those_of_the_font(tmp_path: Path, font: Font, text: str) -> None:
    picture = burned(tmp_path, [forever(text)], AssStyle(font=font, size_px=48, margin_bottom_px=300))[0]
    found = ink(picture, changed(picture))
    assert likeness(found, drawn_by_pillow(font, text, 48)) >= 0.9
    other = text[::-1]
    assert likeness(found, drawn_by_pillow(font, other, 48)) < 0.5


def test_an_em_is_as_large_as_the_style_says(tmp_path: Path, font: Font) -> None:
    for size_px in (30, 64):
        folder = tmp_path / str(size_px)
        folder.mkdir()
        style = AssStyle(font=font, size_px=size_px, margin_bottom_px=300)
        cues = [
            Cue(start=Fraction(0), end=Fraction(1, 30), lines=("가",)),
            Cue(start=Fraction(1, 30), end=Fraction(1), lines=("가가가가가가가",)),
        ]
        one, seven = burned(folder, cues, style, frames=2)
        six_advances = changed(seven).width - changed(one).width
        per_em = font.advances[ord("가")] / font.units_per_em
        assert six_advances / 6 / per_em == pytest.approx(size_px, rel=0.02)


def test_two_lines_stand_one_line_height_apart_where_the_caption_box_says(tmp_path: Path, font: Font) -> None:
    style = AssStyle(font=font, size_px=50, outline_px=4, margin_bottom_px=200, margin_left_px=60)
    lines = ("한빛시 축제", "놀러 오세요!")
    picture = burned(tmp_path, [forever(*lines)], style)[0]
    box, found = caption_box(lines, style=style, raster=PORTRAIT), changed(picture)
    assert box.contains(found)
    assert found.width >= 0.9 * box.width
    assert (found.left + found.right) / 2 == pytest.approx((60 + 540) / 2, abs=4)
    for line, top in zip(lines, (box.top, box.top + round(font.line_height_px(50))), strict=True):
        row = Box(box.left, top, box.right, top + round(font.line_height_px(50)) + 6)
        inside = changed(picture[row.top : row.bottom, row.left : row.right])
        white = ink(picture[row.top : row.bottom, row.left : row.right], inside)
        columns, rows = np.nonzero(white.max(axis=0) > 0.2)[0], np.nonzero(white.max(axis=1) > 0.2)[0]
        cut = white[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
        assert likeness(cut, drawn_by_pillow(font, line, 50)) >= 0.9


def test_a_box_lies_behind_all_lines_in_its_colour(tmp_path: Path, font: Font) -> None:
    style = AssStyle(
        font=font, size_px=40, back_colour="#000000", box=True, box_padding_px=14, margin_bottom_px=200
    )
    lines = ("한빛시", "비빔밥축제에 오세요")
    picture = burned(tmp_path, [forever(*lines)], style)[0]
    box, found = caption_box(lines, style=style, raster=PORTRAIT), changed(picture)
    assert box.contains(found)
    assert found.width >= box.width - 12
    assert found.height >= box.height - 6
    edge = picture[found.top + 2 : found.bottom - 2, found.left + 2 : found.left + 8]
    assert edge.max() <= 20


def test_the_outline_surrounds_the_glyphs(tmp_path: Path, bold: Font) -> None:
    (tmp_path / "bare").mkdir()
    (tmp_path / "outlined").mkdir()
    bare = AssStyle(font=bold, size_px=48, margin_bottom_px=300)
    outlined = AssStyle(font=bold, size_px=48, margin_bottom_px=300, outline_px=5)
    one = changed(burned(tmp_path / "bare", [forever("한빛시")], bare)[0])
    other = changed(burned(tmp_path / "outlined", [forever("한빛시")], outlined)[0])
    assert one.left - other.left == pytest.approx(5, abs=1)
    assert other.bottom - one.bottom == pytest.approx(5, abs=1)


def test_the_colour_of_the_text_is_the_brand_s(tmp_path: Path, bold: Font) -> None:
    style = AssStyle(font=bold, size_px=200, primary_colour="#E60012", margin_bottom_px=300)
    picture = burned_in_colour(tmp_path / "brand", [forever("■")], style)[0]
    box = caption_box(("■",), style=style, raster=PORTRAIT)
    centre = picture[(box.top + box.bottom) // 2, (box.left + box.right) // 2].astype(int)
    assert np.abs(centre - [0xE6, 0x00, 0x12]).max() <= 6


@pytest.mark.parametrize(("letter", "size_px"), [("H", 64), ("가", 64), ("뷁", 40), ("H", 96)])
def test_letters_are_as_tall_as_the_font_makes_them_at_that_size(
    tmp_path: Path, font: Font, letter: str, size_px: int
) -> None:
    picture = burned(tmp_path, [forever(letter)], AssStyle(font=font, size_px=size_px, margin_bottom_px=300))
    face = ImageFont.truetype(font.path, 2048)
    _, top, _, bottom = face.getbbox(letter)
    assert changed(picture[0]).height == pytest.approx((bottom - top) * size_px / 2048, abs=1.5)
    sharp = ink(picture[0], Box(0, 0, PORTRAIT.width, PORTRAIT.height)).max(axis=1)
    assert sharp.sum() == pytest.approx((bottom - top) * size_px / 2048, abs=1)


@pytest.mark.parametrize("unseen", ["\u200d", "\ufe0e", "\ufe0f", "\U000e0101", "\u00ad", "\u034f"])
def test_what_is_taken_for_invisible_draws_nothing(tmp_path: Path, bold: Font, unseen: str) -> None:
    style = AssStyle(font=bold, size_px=48, margin_bottom_px=300)
    assert bold.missing(unseen) == ()
    seen = burned_in_colour(tmp_path / "with", [forever(f"하트♥{unseen} 축제")], style)
    assert np.array_equal(seen, burned_in_colour(tmp_path / "without", [forever("하트♥ 축제")], style))


# --- what stands out -------------------------------------------------------------------------------------

RED = "#FF0000"


def karaoke(*lines: str, first_frame: int = 0, rate: Fraction = Fraction(30), each: int = 2) -> Caption:
    """`lines` of which each word is spoken for `each` frames, one after the other."""
    count = len(list(word_places(lines)))
    times = [((first_frame + n * each) / rate, (first_frame + (n + 1) * each) / rate) for n in range(count)]
    plain = Cue(start=times[0][0], end=times[-1][1], lines=lines)
    return Caption(
        start=plain.start, end=plain.end, lines=lines, spoken=spoken_words(plain, times, Fraction(rate))
    )


def reddened(picture: Pictures) -> npt.NDArray[np.bool_]:
    return np.asarray((picture[..., 0] > 150) & (picture[..., 1] < 90))


@pytest.mark.parametrize(
    "lines",
    [("이번 주말 한빛시", "비빔밥 축제!"), ("AVATAR To Wa. KTX", "Ty, LT. AV 1.1"), ("“가” (나)", "뷁 W.")],
)
@pytest.mark.parametrize("boxed", [False, True], ids=["outlined", "boxed"])
def test_the_spoken_word_turns_red_and_nothing_else_moves_a_pixel(
    tmp_path: Path, font: Font, lines: tuple[str, ...], boxed: bool
) -> None:
    style = AssStyle(
        font=font,
        size_px=44,
        outline_px=0 if boxed else 5,
        box=boxed,
        back_colour="#102030",
        box_padding_px=10,
        margin_bottom_px=300,
        spoken_colour=RED,
    )
    caption = karaoke(*lines)
    frames = 2 * len(caption.spoken)
    silent = Caption(start=caption.start, end=caption.end, lines=lines)
    still = burned_in_colour(tmp_path / "still", [silent], style)[0].astype(int)
    spoken = burned_in_colour(tmp_path / "spoken", [caption], style, frames=frames).astype(int)
    white = still.min(axis=2) > 200
    middle = white.any(axis=1).nonzero()[0].mean()
    covered = np.zeros(white.shape, bool)
    for number, word in enumerate(caption.spoken):
        picture = spoken[2 * number]
        red = reddened(picture)
        rows, columns = np.nonzero(red)
        assert (rows.mean() > middle) == (word.line == 1)
        box = Box(int(columns.min()), int(rows.min()), int(columns.max()) + 1, int(rows.max()) + 1)
        # Where there was white there is red, to the pixel: the word stands where it stood.
        own = white[box.top : box.bottom, box.left : box.right]
        assert picture[box.top : box.bottom, box.left : box.right].min(axis=2).max() < 150
        assert not (own & ~red[box.top : box.bottom, box.left : box.right]).any()
        around = style.outline_px + 2
        elsewhere = np.ones(white.shape, bool)
        elsewhere[box.top - around : box.bottom + around, box.left - around : box.right + around] = False
        assert np.abs(picture - still)[elsewhere].max() == 0
        covered |= red
    assert not (white & ~covered).any(), "every word had its turn"


@pytest.mark.parametrize("rate", [Fraction(30000, 1001), Fraction(60)], ids=["29.97", "60"])
def test_a_word_is_marked_on_exactly_its_frames_in_every_chunk(
    tmp_path: Path, bold: Font, rate: Fraction
) -> None:
    style = AssStyle(font=bold, size_px=40, margin_bottom_px=300, spoken_colour=RED)
    caption = karaoke("가 나 다 라", first_frame=995, rate=rate, each=7)
    chunks = [
        burned_in_colour(tmp_path / str(first), [caption], style, frames=20, first_frame=first, rate=rate)
        for first in (990, 1010)
    ]
    left_of_red = [
        int(np.nonzero(reddened(picture))[1].min()) if reddened(picture).any() else None
        for picture in np.concatenate(chunks)
    ]
    places = sorted({place for place in left_of_red if place is not None})
    assert len(places) == 4
    expected = [None if not 5 <= n < 33 else places[(n - 5) // 7] for n in range(40)]
    assert left_of_red == expected


def test_a_keyword_is_coloured_and_its_particle_is_not(tmp_path: Path, bold: Font) -> None:
    style = AssStyle(font=bold, size_px=60, margin_bottom_px=300)
    caption = Caption(
        start=Fraction(0),
        end=Fraction(1),
        lines=("축제에",),
        tints=(Tint(line=0, first=0, end=2, colour=RED),),
    )
    picture = burned_in_colour(tmp_path / "tinted", [caption], style)[0]
    red, white = np.nonzero(reddened(picture))[1], np.nonzero(picture.min(axis=2) > 200)[1]
    assert red.max() < white.min()
    assert red.max() - red.min() == pytest.approx(2 * (white.max() - white.min()), rel=0.25)


def test_a_name_and_a_second_language_stand_in_their_boxes_and_not_on_the_words(
    tmp_path: Path, bold: Font
) -> None:
    style = AssStyle(
        font=bold,
        size_px=44,
        outline_px=4,
        margin_bottom_px=220,
        name_size_px=30,
        second_size_px=28,
        second_top_px=760,
    )
    lines, english = ("한빛시 축제에서", "비빔밥을 드려요"), ("We share bibimbap", "in Hanbit City")
    named = Caption(start=Fraction(0), end=Fraction(1), lines=lines, name="김하늘", name_colour=RED)
    second = Caption(start=Fraction(0), end=Fraction(1), lines=english, second=True)

    def luma(folder: str, *cues: Cue) -> Pictures:
        (tmp_path / folder).mkdir()
        picture: Pictures = burned(tmp_path / folder, cues, style)[0]
        return picture

    upper = changed(luma("named", named))
    lower = changed(luma("second", second))
    both = luma("both", named, second)
    first_box = caption_box(lines, style=style, raster=PORTRAIT, name="김하늘")
    second_box = caption_box(english, style=style, raster=PORTRAIT, second=True)
    assert first_box.contains(upper)
    assert second_box.contains(lower)
    assert upper.intersection(lower) is None
    assert upper.top < caption_box(lines, style=style, raster=PORTRAIT).top
    assert changed(both) == Box(
        min(upper.left, lower.left), upper.top, max(upper.right, lower.right), lower.bottom
    )
    coloured = burned_in_colour(tmp_path / "coloured", [named], style)[0]
    rows = np.nonzero(reddened(coloured))[0]
    white = np.nonzero(coloured.min(axis=2) > 200)[0]
    assert rows.max() < white.min(), "the name is above the words, in its own colour"


# --- hostile text ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "{\\pos(0,0)}해킹\\N{\\fs200}",
        "\\h\\n가\\N",
        "{해킹}",
        "{\\p1}m 0 0",
        "거꿀빗금 \\{\\an8}",
        "끝에서 \\",
        "Dialogue: 0,a,,b",
    ],
)
def test_hostile_text_is_shown_to_the_letter_and_in_its_place(tmp_path: Path, bold: Font, text: str) -> None:
    style = AssStyle(font=bold, size_px=30, margin_bottom_px=300)
    picture = burned(tmp_path, [forever(text, "아래 줄")], style)[0]
    box = caption_box((text, "아래 줄"), style=style, raster=PORTRAIT)
    assert box.contains(changed(picture))
    upper = picture[box.top : box.top + round(bold.line_height_px(30)) + 2]
    assert likeness(ink(upper, changed(upper)), drawn_by_pillow(bold, text, 30)) >= 0.9


@pytest.mark.parametrize("text", ["{\\pos(0,0)}해킹\\N{\\fs200}", "{\\an8}\\h", "끝 \\ } {"])
def test_hostile_text_is_harmless_in_every_layer_and_as_a_name(tmp_path: Path, bold: Font, text: str) -> None:
    style = AssStyle(
        font=bold,
        size_px=26,
        margin_bottom_px=300,
        spoken_colour="#FFFFFF",
        name_size_px=20,
        second_size_px=20,
        second_top_px=700,
    )
    half = len(text) // 2
    marked = replace(
        karaoke(text, "아래 줄"),
        name=text,
        tints=(Tint(line=0, first=half, end=len(text), colour="#FFFFFF"),),
    )
    second = Caption(start=Fraction(0), end=Fraction(1), lines=(text,), second=True)
    picture = burned(tmp_path, [marked, second], style)[0]
    first_box = caption_box(marked.lines, style=style, raster=PORTRAIT, name=text)
    second_box = caption_box((text,), style=style, raster=PORTRAIT, second=True)
    rest = picture.copy()
    for box in (first_box, second_box):
        assert (np.abs(picture[box.top : box.bottom, box.left : box.right].astype(int) - GREY) > 12).any()
        rest[box.top : box.bottom, box.left : box.right] = GREY
    assert (np.abs(rest.astype(int) - GREY) <= 12).all()
    below = picture[second_box.top : second_box.bottom]
    assert likeness(ink(below, changed(below)), drawn_by_pillow(bold, text, 20)) >= 0.85
