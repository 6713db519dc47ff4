"""Where a page draws the letters of a caption: inside the box that the burn-in is known to stay in, line by line."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from reels.fonts import load_font, shipped_fonts
from reels.geometry import PORTRAIT_1080
from reels.preview.lettering import lettered
from reels.subtitles import AssStyle, Caption, Cue, SpokenWord, Tint, caption_box
from reels.timing import FrameRange

RATE = Fraction(30)
STYLE = AssStyle(
    font=load_font(shipped_fonts()[0]),
    size_px=60,
    outline_px=6,
    margin_bottom_px=400,
    margin_left_px=80,
    margin_right_px=180,
    name_size_px=40,
    second_size_px=36,
    second_top_px=1500,
)
CUE = Cue(start=Fraction(1), end=Fraction(2), lines=("이번 주말", "한옥마을에서 만나요"))


def caption(**more: object) -> Caption:
    return Caption(start=CUE.start, end=CUE.end, lines=CUE.lines, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["", "김하늘"])
@pytest.mark.parametrize("second", [False, True])
def test_every_line_lies_in_the_box_of_the_burn_in(name: str, second: bool) -> None:
    drawn = lettered(caption(name=name, second=second), style=STYLE, raster=PORTRAIT_1080, rate=RATE)
    named = name if not second else ""
    box = caption_box(CUE.lines, style=STYLE, raster=PORTRAIT_1080, name=named, second=second)
    assert 0 <= drawn.top - STYLE.outline_px - box.top <= 2
    assert 0 <= box.bottom - drawn.bottom - STYLE.outline_px <= 2
    assert drawn.centre == Fraction(box.left + box.right, 2)
    assert len(drawn.lines) == 2 + bool(named)
    baselines = [line.baseline for line in drawn.lines]
    assert baselines == sorted(baselines)
    assert all(drawn.top < baseline < drawn.bottom for baseline in baselines)


def test_the_last_line_stands_on_the_margin_and_lines_are_a_line_apart() -> None:
    drawn = lettered(CUE, style=STYLE, raster=PORTRAIT_1080, rate=RATE)
    first, last = drawn.lines
    assert drawn.bottom == PORTRAIT_1080.height - 400
    assert last.baseline == drawn.bottom - STYLE.font.descent_px(60)
    assert last.baseline - first.baseline == STYLE.font.line_height_px(60)
    assert drawn.frames == FrameRange(30, 60)


def test_the_letters_of_every_run_together_are_the_line() -> None:
    tints = (Tint(line=0, first=3, end=5, colour="#FF0000"), Tint(line=1, first=0, end=4, colour="#00FF00"))
    drawn = lettered(caption(tints=tints), style=STYLE, raster=PORTRAIT_1080, rate=RATE)
    for line, said in zip(drawn.lines, CUE.lines, strict=True):
        assert "".join(run.text for run in line.runs) == said
        assert [run.first for run in line.runs] == [said.index(run.text) for run in line.runs]
    assert [(run.text, run.colour) for run in drawn.lines[0].runs] == [
        ("이번 ", "#FFFFFF"),
        ("주말", "#FF0000"),
    ]


def test_a_spoken_word_is_counted_below_the_speakers_name() -> None:
    word = SpokenWord(line=1, first=0, end=6, frames=FrameRange(40, 50))
    drawn = lettered(caption(name="김하늘", spoken=(word,)), style=STYLE, raster=PORTRAIT_1080, rate=RATE)
    assert drawn.spoken == ((2, 0, 6, FrameRange(40, 50)),)
    plain = lettered(caption(spoken=(word,)), style=STYLE, raster=PORTRAIT_1080, rate=RATE)
    assert plain.spoken == ((1, 0, 6, FrameRange(40, 50)),)


def test_smaller_letters_have_a_thinner_outline() -> None:
    drawn = lettered(caption(name="김하늘"), style=STYLE, raster=PORTRAIT_1080, rate=RATE)
    assert [line.outline_px for line in drawn.lines] == [4, 6, 6]
    thick = lettered(CUE, style=replace(STYLE, outline_px=9), raster=PORTRAIT_1080, rate=RATE)
    assert [line.outline_px for line in thick.lines] == [9, 9]
