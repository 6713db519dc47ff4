"""ASS for the burn-in: times that name frames, marks that only colour, texts that stay texts."""

from __future__ import annotations

import itertools
import re
import unicodedata
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reels.fonts import load_font, shipped_fonts
from reels.geometry import Raster
from reels.subtitles import (
    AssStyle,
    Caption,
    Cue,
    SpokenWord,
    Tint,
    caption_box,
    cue_frames,
    lines_of_turns,
    spoken_words,
    subtitle_lines,
    tints_of_keywords,
    turn_of,
    word_places,
    write_ass,
)
from reels.timing import FrameRange, frame_nearest

RATES = [Fraction(24000, 1001), Fraction(25), Fraction(30000, 1001), Fraction(30), Fraction(50)]
RATES += [Fraction(60000, 1001), Fraction(60)]
PORTRAIT = Raster(540, 960)
RED, GOLD = "#FF0000", "#FFB81C"


def cue(start: str, end: str, *lines: str) -> Cue:
    return Cue(start=Fraction(start), end=Fraction(end), lines=lines)


def style() -> AssStyle:
    return AssStyle(
        font=load_font(shipped_fonts()[0]),
        size_px=48,
        primary_colour="#FFEE00",
        back_colour="#10203080",
        outline_px=3,
        margin_bottom_px=120,
        margin_left_px=30,
        margin_right_px=40,
    )


def events(ass: str) -> list[str]:
    return [line for line in ass.splitlines() if line.startswith("Dialogue:")]


def test_the_ass_of_a_cue_is_exactly_this() -> None:
    assert write_ass(
        [cue("3", "5.25", "이번 주말", "축제가 열립니다")], style=style(), raster=PORTRAIT, rate=Fraction(30)
    ) == (
        "[Script Info]\n"
        "ScriptType: v4.00+\n"
        "PlayResX: 540\n"
        "PlayResY: 960\n"
        "WrapStyle: 2\n"
        "ScaledBorderAndShadow: yes\n"
        "YCbCr Matrix: TV.709\n"
        "Kerning: yes\n"
        "\n"
        "[V4+ Styles]\n"
        "Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour,"
        " Bold, Italic, Underline, StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow,"
        " Alignment, MarginL, MarginR, MarginV, Encoding\n"
        "Style: Caption,Pretendard,57.258,&H0000EEFF,&H0000EEFF,&H00000000,&H7F302010,"
        "-1,0,0,0,100,100,0,0,1,3.000,0,2,30,40,120,1\n"
        "\n"
        "[Events]\n"
        "Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n"
        "Dialogue: 0,0:00:02.98,0:00:05.25,Caption,,0,0,0,,이번 주말\\N축제가 열립니다\n"
    )


def test_a_box_is_drawn_once_behind_all_lines() -> None:
    boxed = AssStyle(font=load_font(shipped_fonts()[1]), size_px=40, box=True, box_padding_px=12)
    line = next(
        x
        for x in write_ass([], style=boxed, raster=PORTRAIT, rate=Fraction(30)).splitlines()
        if x.startswith("Style:")
    )
    assert ",4,0.000,12,2," in line
    assert "Pretendard ExtraBold" in line


def test_nothing_in_a_text_is_a_tag_or_a_break() -> None:
    hostile = cue("0", "1", "{\\pos(0,0)}해킹\\N{\\fs200}", "\\h a\\{b\\")
    assert events(write_ass([hostile], style=style(), raster=PORTRAIT, rate=Fraction(30)))[0].split(",,", 2)[
        2
    ] == ("\\{\\\u2060pos(0,0)\\}해킹\\\u2060N\\{\\\u2060fs200\\}\\N\\\u2060h a\\\u2060\\{b\\\u2060")


def shown_by_libass(event: str, frame: int, rate: Fraction) -> bool:
    """Whether libass shows `event` on `frame`: ffmpeg hands it the frame's time in whole milliseconds."""

    def milliseconds(clock: str) -> int:
        h, m, s = clock.split(":")
        return int(h) * 3_600_000 + int(m) * 60_000 + int(s.replace(".", "")) * 10

    _, start, end = event.split(",")[:3]
    return milliseconds(start) <= int(frame / rate * 1000) < milliseconds(end)


@settings(deadline=None)
@given(
    rate=st.sampled_from(RATES),
    start_ms=st.integers(0, 180_000),
    length_ms=st.integers(1, 7000),
    first_frame=st.integers(0, 9000),
    frame_count=st.one_of(st.none(), st.integers(1, 500)),
)
def test_exactly_the_frames_of_a_cue_show_it_at_every_rate_and_in_every_chunk(
    rate: Fraction, start_ms: int, length_ms: int, first_frame: int, frame_count: int | None
) -> None:
    one = Cue(start=Fraction(start_ms, 1000), end=Fraction(start_ms + length_ms, 1000), lines=("가",))
    frames = cue_frames(one, rate)
    assert frames.start == frame_nearest(one.start, rate)
    written = events(
        write_ass(
            [one], style=style(), raster=PORTRAIT, rate=rate, first_frame=first_frame, frame_count=frame_count
        )
    )
    chunk_end = first_frame + frame_count if frame_count is not None else frames.end + 10
    interesting = {frames.start, frames.end, first_frame, chunk_end}
    for programme_frame in {f + d for f in interesting for d in (-2, -1, 0, 1, 2)}:
        if first_frame <= programme_frame < chunk_end:
            shown = any(shown_by_libass(event, programme_frame - first_frame, rate) for event in written)
            assert shown == (frames.start <= programme_frame < frames.end)
    overlap = frames.intersection(FrameRange(first_frame, max(first_frame, chunk_end)))
    assert len(written) == (1 if overlap else 0)


def test_a_chunk_s_text_does_not_depend_on_what_shows_outside_it() -> None:
    def chunk(*cues: Cue) -> str:
        return write_ass(
            cues, style=style(), raster=PORTRAIT, rate=Fraction(30), first_frame=60, frame_count=60
        )

    inside = cue("2.5", "3", "안")
    assert chunk(cue("0", "2", "앞"), inside, cue("4", "5", "뒤")) == chunk(inside)
    assert chunk(cue("1", "2.2", "걸침")) == chunk(cue("1.5", "2.2", "걸침"))
    assert chunk(cue("3.5", "9", "걸침")) == chunk(cue("3.5", "5", "걸침"))


def test_a_rate_that_centiseconds_cannot_name_and_colours_that_are_none_are_refused() -> None:
    with pytest.raises(ValueError, match="frames per second"):
        write_ass([], style=style(), raster=PORTRAIT, rate=Fraction(120))
    with pytest.raises(ValueError, match="#RRGGBB"):
        AssStyle(font=style().font, size_px=40, primary_colour="white,&H00")


def test_the_caption_box_lies_centred_above_the_margin() -> None:
    box = caption_box(("한빛시 축제", "안녕"), style=style(), raster=PORTRAIT)
    assert (box.left + box.right) / 2 == pytest.approx((30 + 500) / 2, abs=1)
    assert box.bottom == 960 - 120 + 4
    assert box.height == pytest.approx(2 * 57.258 + 8, abs=2)


# --- captions --------------------------------------------------------------------------------------------


def spoken_style() -> AssStyle:
    return replace(style(), spoken_colour=RED)


def written(*cues: Cue, of: AssStyle | None = None) -> list[str]:
    return events(write_ass(cues, style=of or style(), raster=PORTRAIT, rate=Fraction(30)))


def text_of(event: str) -> str:
    return event.split(",", 9)[9]


def without_tags(text: str) -> str:
    """What is shown of an event's text, the signs of overrides aside; escaped braces stay."""
    return re.sub(r"(?<!\\)\{(?:\\[0-9a-z&A-Z.]+)*\}", "", text)


def karaoke(*lines: str) -> Caption:
    count = len(list(word_places(lines)))
    plain = Cue(start=Fraction(0), end=Fraction(count), lines=lines)
    times = [(Fraction(n), Fraction(n + 1)) for n in range(count)]
    return Caption(
        start=plain.start, end=plain.end, lines=lines, spoken=spoken_words(plain, times, Fraction(30))
    )


def test_a_keyword_changes_the_colour_of_its_signs_and_of_nothing_else() -> None:
    caption = Caption(
        start=Fraction(0),
        end=Fraction(1),
        lines=("봄 축제에",),
        tints=(Tint(line=0, first=2, end=4, colour=GOLD),),
    )
    (event,) = written(caption)
    assert text_of(event) == "봄 {\\1c&H1CB8FF&}축제{\\1c&H00EEFF&}에"


def test_a_spoken_word_is_a_layer_over_a_line_that_stays_as_it_is() -> None:
    base, *words = written(karaoke("한빛시 봄", "축제"), of=spoken_style())
    assert base.startswith("Dialogue: 0,0:00:00.00,0:00:02.98,Caption,")
    assert [event.split(",")[:4] for event in words] == [
        ["Dialogue: 1", "0:00:00.00", "0:00:00.98", "Spoken"],
        ["Dialogue: 1", "0:00:00.98", "0:00:01.98", "Spoken"],
        ["Dialogue: 1", "0:00:01.98", "0:00:02.98", "Spoken"],
    ]
    assert {without_tags(text_of(event)) for event in (base, *words)} == {"한빛시 봄\\N축제"}


def test_all_layers_of_a_caption_are_set_in_the_same_pieces_also_where_no_word_is_spoken() -> None:
    """libass kerns each piece by itself: other pieces would be other places."""

    def pieces(event: str) -> list[str]:
        return re.split(r"\{\\2c[^}]*\}", text_of(event).removeprefix("{\\alpha&HFF&}"))

    layers = written(karaoke("AVA To. 축제", "가 나"), of=spoken_style())
    silent = written(cue("0", "5", "AVA To. 축제", "가 나"), of=spoken_style())
    assert len(pieces(layers[0])) == 11
    assert all(pieces(event) == pieces(layers[0]) for event in (*layers, *silent))


def test_a_name_stands_above_in_its_own_size_and_colour_and_the_words_return_to_theirs() -> None:
    named = replace(style(), name_size_px=24)
    caption = Caption(start=Fraction(0), end=Fraction(1), lines=("네",), name="김하늘", name_colour=GOLD)
    (event,) = written(caption, of=named)
    assert text_of(event) == (
        "{\\fs28.629\\bord1.500\\1c&H1CB8FF&}김하늘\\N{\\fs57.258\\bord3.000\\1c&H00EEFF&}네"
    )
    with_name = caption_box(("네",), style=named, raster=PORTRAIT, name="김하늘")
    without = caption_box(("네",), style=named, raster=PORTRAIT)
    assert without.top - with_name.top == pytest.approx(28.629, abs=1)


def test_the_second_language_has_a_place_of_its_own_below() -> None:
    two = replace(style(), second_size_px=30, second_top_px=850, margin_bottom_px=130)
    below = Caption(start=Fraction(0), end=Fraction(1), lines=("Hello",), second=True)
    first, second = written(cue("0", "1", "안녕"), below, of=two)
    assert first.startswith("Dialogue: 0,")
    assert second.startswith("Dialogue: 2,0:00:00.00,0:00:00.98,Second,")
    ass = write_ass([], style=two, raster=PORTRAIT, rate=Fraction(30))
    assert "Style: Second,Pretendard,35.786,&H00FFFFFF," in ass
    assert ",8,30,40,850,1\n" in ass
    upper = caption_box(("안녕",), style=two, raster=PORTRAIT)
    lower = caption_box(("Hello",), style=two, raster=PORTRAIT, second=True)
    assert upper.bottom <= lower.top + 9  # the outlines and the pixel that both boxes count
    assert lower.bottom == pytest.approx(850 + 35.786 + 4, abs=1)


def test_words_are_marked_one_at_a_time_and_through_short_pauses() -> None:
    said = cue("10", "14", "하나 둘", "셋")
    times = [
        (Fraction("10.0"), Fraction("10.5")),
        (Fraction("10.8"), Fraction("11")),
        (Fraction("13"), Fraction("13.2")),
    ]
    shown = spoken_words(said, times, Fraction(30))
    assert [(w.line, w.first, w.end) for w in shown] == [(0, 0, 2), (0, 3, 4), (1, 0, 1)]
    assert [w.frames for w in shown] == [FrameRange(300, 324), FrameRange(324, 330), FrameRange(390, 396)]
    with pytest.raises(ValueError, match="2 times for 3 words"):
        spoken_words(said, times[:2], Fraction(30))


@given(
    rate=st.sampled_from(RATES),
    steps=st.lists(st.tuples(st.integers(0, 900), st.integers(1, 900)), min_size=1, max_size=6),
)
def test_no_frame_marks_two_words_and_none_outside_the_cue(
    rate: Fraction, steps: list[tuple[int, int]]
) -> None:
    at, times = Fraction(1), []
    for pause, length in steps:
        start = at + Fraction(pause, 1000)
        at = start + Fraction(length, 1000)
        times.append((start, at))
    said = Cue(start=Fraction(1), end=at + Fraction(1, 100), lines=(" ".join("가" * 1 for _ in steps),))
    frames = [word.frames for word in spoken_words(said, times, rate)]
    inside = cue_frames(said, rate)
    assert all(f.intersection(inside) == f for f in frames)
    assert all(a.end <= b.start for a, b in itertools.pairwise(frames))


@pytest.mark.parametrize(
    "marks",
    [
        {"tints": (Tint(line=1, first=0, end=1, colour=RED),)},
        {"tints": (Tint(line=0, first=0, end=9, colour=RED),)},
        {
            "tints": (
                Tint(line=0, first=1, end=3, colour=RED),
                Tint(line=0, first=0, end=2, colour=RED),
            )
        },
        {"spoken": (SpokenWord(line=0, first=4, end=6, frames=FrameRange(0, 1)),)},
        {"name": "김하늘\n{\\pos(0,0)}"},
        {"name_colour": "red"},
    ],
)
def test_marks_that_lie_outside_the_text_are_refused(marks: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"."):
        Caption(start=Fraction(0), end=Fraction(1), lines=("한빛시 봄",), **marks)


HOSTILE = [
    "{\\pos(0,0)}",
    "\\N",
    "\\",
    "{",
    "}",
    "a}b{c",
    "{\\2c&H000000&}",
    "\\h\\n",
    "한\u0301",
    "\u202e거꾸로",
]


@given(
    words=st.lists(st.sampled_from([*HOSTILE, "한빛시", "AVA"]), min_size=1, max_size=6),
    name=st.sampled_from(["", *HOSTILE]),
)
def test_hostile_words_are_never_markup_in_any_layer(words: list[str], name: str) -> None:
    lines = subtitle_lines(" ".join(words))
    marked = karaoke(*lines)
    tints = tints_of_keywords(lines, words, GOLD)
    clean = "".join(subtitle_lines(name)[:1])
    caption = replace(marked, tints=tints, name=clean, name_colour=GOLD)
    layers = written(caption, of=replace(spoken_style(), name_size_px=24))
    for text in map(text_of, layers):
        shown = without_tags(text)
        # An unescaped brace or a backslash that a letter follows would be read.
        assert not re.search(r"(?<!\\)[{}]", shown)
        assert not re.search(r"\\(?![{}\u2060N])", shown)
        assert shown.count("\\N") == len(lines) - 1 + bool(clean)
        spoken_back = shown.replace("\\N", "\n").replace("\u2060", "").replace("\\{", "{").replace("\\}", "}")
        assert spoken_back == "\n".join([*([clean] if clean else []), *lines])


# --- keywords --------------------------------------------------------------------------------------------


def marked(line: str, *keywords: str) -> str:
    """`line` with its tinted signs in brackets."""
    for tint in reversed(tints_of_keywords((line,), keywords, GOLD)):
        line = f"{line[: tint.first]}[{line[tint.first : tint.end]}]{line[tint.end :]}"
    return line


@pytest.mark.parametrize(
    ("line", "keywords", "expected"),
    [
        ("이번 주말 축제에서 만나요", ["축제"], "이번 주말 [축제]에서 만나요"),
        ("축제장은 축제가 아닙니다", ["축제"], "축제장은 [축제]가 아닙니다"),
        ("“축제!” (축제)에", ["축제"], "“[축제]!” ([축제])에"),
        ("비빔밥 축제가 열려요", ["축제", "비빔밥 축제"], "[비빔밥] [축제]가 열려요"),
        ("ktx와 KTX", ["Ktx"], "[ktx]와 [KTX]"),
        ("C++와 #한빛시 행사", ["C++", "#한빛시"], "[C++]와 [#한빛시] 행사"),
        ("a.b 그리고 axb", ["a.b"], "[a.b] 그리고 axb"),
        ("축제", ["축제축제", "", "  "], "축제"),
        ("신청은 120번", ["120"], "신청은 120번"),
        ("한빛시청 한빛시의", ["한빛시"], "한빛시청 [한빛시]의"),
    ],
)
def test_a_keyword_is_found_as_a_word_and_leaves_its_particles_plain(
    line: str, keywords: list[str], expected: str
) -> None:
    assert marked(line, *keywords) == expected


def test_a_keyword_of_two_words_is_found_across_a_line_break() -> None:
    tints = tints_of_keywords(("이번 비빔밥", "축제로 오세요"), ["비빔밥 축제"], GOLD)
    assert [(t.line, t.first, t.end) for t in tints] == [(0, 3, 6), (1, 0, 2)]


def test_a_decomposed_keyword_is_the_same_word() -> None:
    assert marked("봄축제에", unicodedata.normalize("NFD", "봄축제")) == "[봄축제]에"


# --- speakers --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "name", "rest"),
    [
        (("[김하늘] 안녕하세요",), "김하늘", ("안녕하세요",)),
        (("김하늘: 안녕하세요", "한빛시입니다"), "김하늘", ("안녕하세요", "한빛시입니다")),
        (("김하늘 ： 네",), "김하늘", ("네",)),
        (("[김하늘]", "네, 그렇습니다"), "김하늘", ("네, 그렇습니다",)),
        ((unicodedata.normalize("NFC", "김하늘: 네"),), "김하늘", ("네",)),
        (("{\\b1}: 네",), "{\\b1}", ("네",)),
        (("a.*b: 네",), "a.*b", ("네",)),
    ],
)
def test_a_known_name_before_the_words_is_the_speaker(
    lines: tuple[str, ...], name: str, rest: tuple[str, ...]
) -> None:
    turn = turn_of(lines, ["김하늘", "김하", "이도윤", "{\\b1}", "a.*b"])
    assert turn is not None
    assert (turn.name, turn.lines) == (name, rest)


@pytest.mark.parametrize(
    "lines",
    [
        ("안내: 내일 비가 옵니다",),
        ("[박수] 감사합니다",),
        ("김하늘 씨: 네",),
        ("김하늘이 말했다: 네",),
        ("김하늘:",),
        ("[김하늘]",),
        ("김하늘: 네", "이도윤: 아니요"),
        ("axxb: 네",),
        (),
    ],
)
def test_any_other_text_before_a_colon_stays_text(lines: tuple[str, ...]) -> None:
    assert turn_of(lines, ["김하늘", "이도윤", "a.*b"]) is None


def test_two_speakers_of_one_cue_keep_their_names_each_in_a_colour() -> None:
    colours = [("김하늘", RED), ("이도윤", GOLD)]
    tints = lines_of_turns(("김하늘: 네", "이도윤: 아니요"), colours)
    assert [(t.line, t.first, t.end, t.colour) for t in tints] == [(0, 0, 6, RED), (1, 0, 8, GOLD)]
    assert lines_of_turns(("안내: 비", "끝"), colours) == ()
