"""Subtitle files: read in any state that people's programs leave them in, written so that text stays text."""

from __future__ import annotations

import unicodedata
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from reels.errors import SubtitlesUnreadable
from reels.geometry import Raster
from reels.subtitles import (
    Cue,
    read_subtitles,
    subtitle_lines,
    write_srt,
    write_vtt,
)

RATES = [Fraction(24000, 1001), Fraction(25), Fraction(30000, 1001), Fraction(30), Fraction(50)]
RATES += [Fraction(60000, 1001), Fraction(60)]
PORTRAIT = Raster(540, 960)


def cue(start: str, end: str, *lines: str) -> Cue:
    return Cue(start=Fraction(start), end=Fraction(end), lines=lines)


def read_bytes(tmp_path: Path, raw: bytes, name: str = "초안.ko.srt") -> tuple[Cue, ...]:
    path = tmp_path / name
    path.write_bytes(raw)
    return read_subtitles(path)


def read_text(tmp_path: Path, text: str) -> tuple[Cue, ...]:
    return read_bytes(tmp_path, text.encode())


PLAIN = """1
00:00:01,000 --> 00:00:02,500
안녕하세요, 한빛시입니다

2
00:00:03,000 --> 00:00:05,250
이번 주말
축제가 열립니다
"""
PLAIN_CUES = (
    cue("1", "2.5", "안녕하세요, 한빛시입니다"),
    cue("3", "5.25", "이번 주말", "축제가 열립니다"),
)


# --- cues ------------------------------------------------------------------------------------------------


def test_a_cue_without_time_or_with_unclean_lines_is_a_programming_error() -> None:
    for start, end, lines in [
        ("1", "1", ("가",)),
        ("2", "1", ("가",)),
        ("-1", "1", ("가",)),
        ("1", "2", ()),
        ("1", "2", (" 가",)),
        ("1", "2", ("가\n나",)),
        ("1", "2", (unicodedata.normalize("NFD", "한빛"),)),
    ]:
        with pytest.raises(ValueError, match="cue"):
            cue(start, end, *lines)


def test_lines_of_a_cue_are_composed_trimmed_and_free_of_control_and_turning_signs() -> None:
    assert subtitle_lines(" 한빛\u202e시 \r\n\r\n\t축\x00제\x1b[31m\u2028끝\u200b") == (
        "한빛시",
        "축제[31m",
        "끝",
    )


# --- reading ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "raw",
    [
        PLAIN.encode(),
        PLAIN.encode("utf-8-sig"),
        PLAIN.encode("utf-16"),
        PLAIN.encode("cp949"),
        PLAIN.replace("\n", "\r\n").encode(),
        PLAIN.replace("\n", "\r").encode(),
        PLAIN.replace("\n\n", "\n").encode(),
        PLAIN.replace("\n\n", "\n\n\n \n").encode(),
        PLAIN.replace("1\n00:00:01", "00:00:01").replace("2\n00:00:03", "00:00:03").encode(),
        PLAIN.replace(",", ".", 2).replace(" --> ", "-->").encode(),
        PLAIN.replace("00:00:02,500", "00:00:02,500 X1:10 X2:20 Y1:1 Y2:2").encode(),
        PLAIN.replace("00:00:01,000", "0:0:1").encode(),
        PLAIN.replace("안녕하세요", '<i>안녕</i><font color="#fff">하세요</font>{\\an8}').encode(),
        PLAIN.replace("이번 주말\n축제가", "이번 주말\\N축제가").encode(),
        PLAIN.replace("이번 주말\n축제가", "이번 주말\n\n축제가").encode(),
        "\n".join(reversed(PLAIN.replace("\n축제", "|축제").split("\n\n"))).replace("|", "\n").encode(),
        "".join(
            ("WEBVTT - 한빛\n\n", PLAIN.replace(",0", ".0").replace(",5", ".5").replace(",2", ".2"))
        ).encode(),
        (
            "WEBVTT\nKind: captions\n\nNOTE 적바림\n둘째 줄\n\nSTYLE\n::cue {}\n\n"
            "첫 cue\n00:01.000 --> 00:02.500 align:start\n"
            "<v 김하늘>안녕하세요, <c.yellow>한빛시</c>입니다\n\n"
            "다음 cue\n00:03.000 --> 00:05.250\n이번 주말\n<00:04.000>축제가 열립니다\n"
        ).encode(),
    ],
)
def test_the_same_two_cues_are_read_from_every_state_of_the_file(tmp_path: Path, raw: bytes) -> None:
    assert read_bytes(tmp_path, raw) == PLAIN_CUES


def test_decomposed_hangul_from_a_mac_is_composed(tmp_path: Path) -> None:
    assert read_text(tmp_path, unicodedata.normalize("NFD", PLAIN)) == PLAIN_CUES


def test_hours_above_ninety_nine_are_read_and_written(tmp_path: Path) -> None:
    found = read_text(tmp_path, "1\n100:00:01,000 --> 123:59:59,999\n길다\n")
    assert found == (cue("360001", "446399.999", "길다"),)
    assert read_text(tmp_path, write_srt(found)) == found


def test_a_cue_of_no_length_is_kept_and_shown_until_the_next(tmp_path: Path) -> None:
    text = "1\n00:00:01,000 --> 00:00:01,000\n하나\n\n2\n00:00:01,400 --> 00:00:01,400\n둘\n"
    assert read_text(tmp_path, text) == (
        cue("1", "1.4", "하나"),
        cue("1.4", str(Fraction(7, 5) + Fraction(5, 6)), "둘"),
    )


def test_a_cue_whose_text_was_deleted_is_gone_and_an_emptied_file_has_no_cues(tmp_path: Path) -> None:
    assert read_text(tmp_path, PLAIN.replace("안녕하세요, 한빛시입니다", "")) == PLAIN_CUES[1:]
    assert read_text(tmp_path, "") == ()
    assert read_text(tmp_path, "\ufeff\n\n") == ()
    assert read_text(tmp_path, "WEBVTT\n") == ()


def test_numbers_that_are_text_and_text_beside_a_time_are_not_lost(tmp_path: Path) -> None:
    text = (
        "1\n00:00:01,000 --> 00:00:02,000\n2026\n\n2\n00:00:03,000 --> 00:00:04,000 안녕\n하세요\n\n"
        "3\n00:00:05,000 --> 00:00:06,000\n119\n00:00:07,000 --> 00:00:08,000\n출발 --> 도착\n"
    )
    assert [c.text for c in read_text(tmp_path, text)] == ["2026", "안녕\n하세요", "119", "출발 --> 도착"]


def test_titles_in_angle_brackets_and_braces_are_text(tmp_path: Path) -> None:
    text = "1\n00:00:01,000 --> 00:00:02,000\n<한빛시 축제> {안내} 3<5 & &amp;\n"
    assert [c.text for c in read_text(tmp_path, text)] == ["<한빛시 축제> {안내} 3<5 & &amp;"]


@pytest.mark.parametrize(
    ("raw", "line", "found"),
    [
        (PLAIN.replace("00:00:03,000", "00:00:0x,000").encode(), 6, "00:00:0x,000"),
        (PLAIN.replace("00:00:03,000", "00:61:03,000").encode(), 6, "61"),
        (PLAIN.replace("00:00:05,250", "00:00:02,250").encode(), 6, "02,250"),
        (b"hello\n" + PLAIN.encode(), 1, "hello"),
        ("안녕하세요\n그냥 글입니다\n".encode(), 1, "안녕하세요"),
        (b"[Script Info]\nScriptType: v4.00+\n", 1, "ASS"),
        (b"1\n00:00:01,000 --> 00:00:02,000\n\xff\xff\xff\n", 3, "no text"),
        (b"1\n2\n\0\0\0ftypisom", 3, "no text"),
    ],
)
def test_what_cannot_be_understood_is_refused_with_its_line(
    tmp_path: Path, raw: bytes, line: int, found: str
) -> None:
    with pytest.raises(SubtitlesUnreadable) as refused:
        read_bytes(tmp_path, raw)
    assert refused.value.line == line
    assert found in str(refused.value)
    assert refused.value.exit_code == 3


def test_a_missing_file_a_folder_and_a_film_are_refused(tmp_path: Path) -> None:
    film = tmp_path / "film.srt"
    with film.open("wb") as file:
        file.truncate(40 * 1024 * 1024)
    for path in (tmp_path / "없음.srt", tmp_path, film):
        with pytest.raises(SubtitlesUnreadable):
            read_subtitles(path)


# --- round trips -----------------------------------------------------------------------------------------

# fmt: off
_awkward = st.sampled_from([
    "-->", "->", "<b>", "</i>", "<<b>b>", "{\\pos(0,0)}", "{", "}", "\\N", "\\h", "&lt;", "&", "<", ">",
    "- ", " ", "NOTE", "WEBVTT", "1", "2026", "<00:01.000>", "[Script", "한빛시",
    "00:00:01,000 --> 00:00:02,000", "<v 김", "\u2060",
])
# fmt: on
_texts = st.lists(st.one_of(_awkward, st.text(max_size=6)), min_size=1, max_size=6).map("".join)
_lines = st.lists(_texts, min_size=1, max_size=3).map(lambda t: subtitle_lines("\n".join(t))).filter(bool)
_milliseconds = st.integers(0, 400_000_000)


@st.composite
def _some_cues(draw: st.DrawFn) -> tuple[Cue, ...]:
    times = sorted(draw(st.sets(_milliseconds, min_size=2, max_size=8)))
    return tuple(
        Cue(start=Fraction(a, 1000), end=Fraction(b, 1000), lines=draw(_lines))
        for a, b in zip(times[::2], times[1::2], strict=False)
    )


@settings(deadline=None)
@given(_some_cues())
@example(
    (cue("1", "2", "2"), cue("3", "4", "3"), cue("5", "6", "NOTE 안내", "00:00:01,000 --> 00:00:02,000"))
)
def test_what_is_written_is_read_back_to_the_letter_and_the_millisecond(
    tmp_path_factory: pytest.TempPathFactory, cues: tuple[Cue, ...]
) -> None:
    folder = tmp_path_factory.mktemp("round")
    assert read_bytes(folder, write_srt(cues).encode()) == cues
    assert read_bytes(folder, write_vtt(cues).encode()) == cues


@settings(deadline=None)
@given(st.binary(max_size=300))
@example(b"\n" * 40 + b"-->")
def test_random_bytes_are_read_or_refused_never_a_crash(
    tmp_path_factory: pytest.TempPathFactory, raw: bytes
) -> None:
    folder = tmp_path_factory.mktemp("bytes")
    try:
        cues = read_bytes(folder, raw)
    except SubtitlesUnreadable:
        return
    assert list(cues) == sorted(cues, key=lambda c: (c.start, c.end)) or not cues


def test_finer_times_are_rounded_and_no_cue_vanishes() -> None:
    written = write_srt([Cue(start=Fraction(1, 3), end=Fraction(1, 3) + Fraction(1, 9000), lines=("가",))])
    assert written == "1\n00:00:00,333 --> 00:00:00,334\n가\n"


def test_the_vtt_of_two_cues_is_exactly_this() -> None:
    assert write_vtt([cue("1", "2.5", "A & <b>"), cue("3661", "3662", "둘")]) == (
        "WEBVTT\n\n00:00:01.000 --> 00:00:02.500\nA &amp; &lt;\u2060b&gt;\n"
        "\n01:01:01.000 --> 01:01:02.000\n둘\n"
    )
