"""Subtitle files as other programs leave them: read exactly, or refused with the line and what to do."""

from __future__ import annotations

import codecs
import random
import re
import unicodedata
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from reels.errors import SubtitlesUnreadable
from reels.subtitles import (
    Cue,
    read_subtitle_file,
    read_subtitles,
    write_srt,
    write_text,
    write_vtt,
)


def cue(start: str, end: str, *lines: str) -> Cue:
    return Cue(start=Fraction(start), end=Fraction(end), lines=lines)


def read(tmp_path: Path, content: str | bytes) -> tuple[Cue, ...]:
    path = tmp_path / "초안.ko.srt"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_subtitles(path)


def tried(tmp_path: Path, content: str) -> tuple[Cue, ...] | SubtitlesUnreadable:
    try:
        return read(tmp_path, content)
    except SubtitlesUnreadable as error:
        return error


def refusal(tmp_path: Path, content: str | bytes) -> SubtitlesUnreadable:
    with pytest.raises(SubtitlesUnreadable) as refused:
        read(tmp_path, content)
    for language in ("en", "ko"):
        assert "초안.ko.srt" in refused.value.sentence(language)
    assert re.search("[가-힣]", refused.value.sentence("ko").partition(": ")[2])
    return refused.value


TWO = (cue("1", "2.5", "안녕하세요, 한빛시입니다"), cue("3", "5.25", "이번 주말", "축제가 열립니다"))

ASS = """\ufeff[Script Info]
; 자막 편집기가 씀
Title: 봄축제
ScriptType: v4.00+
WrapStyle: 0

[V4+ Styles]
Format: Name, Fontname, Fontsize, Text
Style: Default,Arial,20,안 보이는 것

[Fonts]
fontname: font.ttf
Dialogue!"#$%&'()*+,-./

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
Comment: 0,0:00:00.00,0:00:09.00,Default,,0,0,0,,적바림
Dialogue: 0,0:00:03.00,0:00:05.25,Default,김하늘,0,0,0,,{\\pos(10,10)\\b1}이번 주말{자막}\\N축제가\\h열립니다
Dialogue: 1,0:00:03.00,0:00:05.25,Default,김하늘,0,0,0,,이번 주말\\N축제가\\h열립니다
Dialogue: 0,0:00:01.00,0:00:02.50,Default,,0,0,0,,안녕하세요, 한빛시입니다
Dialogue: 0,0:00:01.00,0:00:02.50,Default,,0,0,0,,{\\p1}m 0 0 l 100 0 100 100{\\p0}
"""
SSA = """[Script Info]
ScriptType: v4.00

[Events]
Format: Marked, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
Dialogue: Marked=0,0:00:01.00,0:00:02.50,Default,,0000,0000,0000,,안녕하세요, 한빛시입니다
Dialogue: Marked=0,0:00:03.00,0:00:05.25,Default,,0000,0000,0000,,이번 주말\\N축제가 열립니다
"""
SBV = "0:00:01.000,0:00:02.500\n안녕하세요, 한빛시입니다\n\n0:00:03.000,0:00:05.250\n이번 주말[br]축제가 열립니다\n"
SRT = (
    "1\n00:00:01,000 --> 00:00:02,500\n안녕하세요, 한빛시입니다\n\n"
    "2\n00:00:03,000 --> 00:00:05,250\n이번 주말\n축제가 열립니다\n"
)


@pytest.mark.parametrize(
    "content",
    [
        ASS,
        ASS.replace("\n", "\r\n").encode("utf-16"),
        SSA,
        SBV,
        SBV.replace("[br]", "\n"),
        SRT.encode("utf-16-le"),
        SRT.encode("utf-16-be"),
        SRT.encode("utf-32"),
        SRT.replace("2\n00:00:03", "\ufeff2\n00:00:03"),
        SRT.replace(",500", ",5").replace(",250", ".25"),
        SRT.replace("-->", "→"),
        SRT.replace("-->", "–>"),
        SRT.replace("-->", "--&gt;"),
        SRT.replace("이번 주말\n축제가", "이번 주말<br/>축제가"),
        SRT.replace("1\n", "7\n", 1).replace("\n2\n", "\n7\n"),
        SRT.replace("\n2\n", "\n3\n"),
        SRT.replace("\n", "\r\r\n"),
        SRT.replace("1\n00:00", "\u200e1\n\u202a00:00").replace("\n\n", "\n\u200b\n"),
        "\n\n\n" + SRT + "\n\n",
        "3\n00:00:09,000 --> 00:00:10,000\n\n" + SRT,
        (
            "WEBVTT\nX-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:900000\n\nREGION\nid:fred\nwidth:40%\n\n"
            "STYLE\n::cue(b) {\n  color: peachpuff;\n}\n\n처음\n00:01.000 --> 00:02.500 region:fred line:0% T:3\n"
            "<v.loud 김하늘>안녕하세요, <lang ko>한빛시</lang>입니다</v>\n\nNOTE 적바림\n\n끝\n"
            "00:03.000 --> 00:05.250\n이번 주말\n<c>축제가 열립니다</c>\n\nNOTE 끝"
        ),
    ],
)
def test_the_same_two_cues_are_read_from_every_form(tmp_path: Path, content: str | bytes) -> None:
    assert read(tmp_path, content) == TWO


def test_the_file_as_written_keeps_its_order_its_lines_and_its_times(tmp_path: Path) -> None:
    path = tmp_path / "a.srt"
    path.write_bytes(
        "2\n00:00:03,000 --> 00:00:03,000\n<i>둘</i>\n\n1\n00:00:01,000 --> 00:00:02,000\n\n".encode("cp949")
    )
    found = read_subtitle_file(path)
    assert (found.form, found.encoding) == ("SubRip", "CP949")
    assert [(w.number, w.line, w.start, w.end, w.lines) for w in found.written] == [
        (1, 2, Fraction(3), Fraction(3), ("둘",)),
        (2, 6, Fraction(1), Fraction(2), ()),
    ]
    assert found.written[0].raw[0] == "<i>둘</i>"


def test_an_override_block_that_never_closes_and_escaped_braces_are_text(tmp_path: Path) -> None:
    text = SSA.replace("안녕하세요, 한빛시입니다", "\\{안내\\} {끝 \\x 3\\n4")
    assert read(tmp_path, text)[0].lines == ("{안내} {끝 \\x 3 4",)
    hard = read(tmp_path, text.replace("v4.00", "v4.00\nWrapStyle: 2"))
    assert hard[0].lines == ("{안내} {끝 \\x 3", "4")


def test_a_line_of_opening_hours_is_text(tmp_path: Path) -> None:
    lines = ("10:00 → 18:00", "119", "00:00:01.000 → 00:00:02.000")
    written = write_srt([cue("1", "2", *lines), cue("3", "4", "2")])
    assert [c.lines for c in read(tmp_path, written)] == [lines, ("2",)]
    assert read(tmp_path, SRT.replace("축제가 열립니다", "10:00 → 18:00"))[1].lines[1] == "10:00 → 18:00"


@pytest.mark.parametrize(
    ("content", "line", "found"),
    [
        (b"{\\rtf1\\ansi 00:00:01,000 --> 00:00:02,000}", 1, "RTF"),
        ("\ufeff{\\rtf1\\ansi", 1, "RTF"),
        (b"PK\x03\x04\x14\0\6\0word/document.xml", 1, "DOCX"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 1, "HWP"),
        (b"%PDF-1.7\n", 1, "PDF"),
        (b"\x1f\x8b\x08\0", 1, "gzip"),
        (b"\0\0\0\x18ftypmp42", 1, "film"),
        (b"\x1aE\xdf\xa3matroska", 1, "film"),
        ("\n\n<!DOCTYPE html>\n<html><body>404</body></html>", 3, "HTML"),
        ("<SAMI><BODY><SYNC Start=1000><P Class=KRCC>안녕", 1, "SAMI"),
        ('<?xml version="1.0"?><tt><p begin="1s">안녕</p></tt>', 1, "XML"),
        ('{"segments": []}', 1, "JSON"),
        ('[\n  {"start": 0}]', 1, "JSON"),
        ("{25}{60}안녕하세요\n{70}{99}둘", 1, "MicroDVD"),
        ("{1}{1}25.000\n{25}{60}안녕", 1, "MicroDVD"),
        ("[25][60]안녕하세요", 1, "MPL2"),
        ("[00:12.00]안녕하세요", 1, "song"),
        ("00:00:01:안녕하세요", 1, "TMPlayer"),
        ("00:00:01:12 , 00:00:02:00 , 안녕", 1, "STL"),
        ("Scenarist_SCC V1.0\n", 1, "scc"),
        (SRT.replace("00:00:03,000", "00:00:03:12").replace("05,250", "05:06"), 6, "00:00:03:12"),
        (SRT.replace("00:00:03,000", "00：00：03,000"), 6, "00：00：03"),
        (SRT.replace("00:00:03,000 -->", "-->"), 6, "-->"),
        (SRT.replace("00:00:03,000", "-00:00:03,000"), 6, "-00:00:03"),
        (SRT.replace("00:00:05,250", "00:00:02,900"), 6, "02,900"),
        (SRT.replace("00:00:03,000 --> 00:00:05,250\n", ""), 5, "number 2"),
        (SRT + "\n3\n", 10, "number 3"),
        ("1\n00:00:01,000 -> hello\nabc\n", 2, "00:00:01,000 -> hello"),
        (SRT.replace("00:00:01,000 --> 00:00:02,500", "처음"), 2, "처음"),
        ("1\n\n2\n", 1, "'1'"),
        (
            SRT.replace("2\n00:00:03,000 --> 00:00:05,250\n", "00:00:03,000 --> 00:00:05,250\n2\n"),
            6,
            "number 2",
        ),
        (SRT + "\n" + SRT, 11, "second list"),
        (
            "WEBVTT\n\n00:01.000 --> 00:02.000\n하나\n\nWEBVTT\n\n00:01.000 --> 00:02.000\n둘",
            6,
            "second list",
        ),
        ("WEBVTT\n안녕하세요\n\n00:01.000 --> 00:02.000\n둘", 2, "안녕하세요"),
        ("WEBVTT\n\n00:01.000 --> 00:02.000\n하나\n\n둘\n00:03.000 --> 00:04.000\n셋", 6, "둘"),
        ("WEBVTT\n\n00:01.000 --> 00:02.000\n\n하나\n00:03.000 --> 00:04.000\n둘", 5, "하나"),
        (SRT.encode().replace("안".encode(), b"\xec\x95", 1), 3, "no text"),
        (SRT.encode() + "끝".encode()[:2], 9, "no text"),
        (SSA.replace("0:00:02.50", "0:00:00.50"), 6, "0:00:00.50"),
        (SSA.replace("0:00:02.50", "later"), 6, "later"),
        (SSA.replace("Default,,0000,0000,0000,,이번", "이번"), 7, "values"),
        (SSA + "끊긴 줄\n", 8, "끊긴 줄"),
        (SSA.replace("Effect, Text", "Text, Effect"), 5, "Format"),
        ("[Script Info]\nTitle: 빈 것\n", 1, "ASS"),
        (SBV.replace("0:00:05.250", "0:00:05;06"), 4, "0:00:05;06"),
    ],
)
def test_what_is_no_subtitle_file_or_a_broken_one_is_refused_with_its_line(
    tmp_path: Path, content: str | bytes, line: int, found: str
) -> None:
    refused = refusal(tmp_path, content)
    assert refused.line == line
    assert found in str(refused)
    assert refused.exit_code == 3


def test_a_number_that_may_be_text_is_refused_and_a_counter_is_not(tmp_path: Path) -> None:
    """Three cues with counters; in the second, a number stands right above the next time line."""
    three = SRT + "\n3\n00:00:06,000 --> 00:00:07,000\n셋\n\n4\n00:00:08,000 --> 00:00:09,000\n넷\n"
    assert read(tmp_path, three.replace("\n\n3\n", "\n3\n"))[1:] == (
        TWO[1],
        cue("6", "7", "셋"),
        cue("8", "9", "넷"),
    )
    refused = refusal(tmp_path, three.replace("\n\n3\n", "\n119\n"))
    assert (refused.line, refused.exit_code) == (9, 3)
    assert "119" in str(refused)


def test_cues_that_a_person_put_in_another_order_are_sorted_and_not_taken_for_two_files(
    tmp_path: Path,
) -> None:
    blocks = [
        f"{n}\n00:00:{s:02},000 --> 00:00:{s + 1:02},000\n자막 {s}\n" for n, s in [(1, 9), (2, 3), (3, 6)]
    ]
    assert [c.start for c in read(tmp_path, "\n".join(blocks))] == [3, 6, 9]
    assert [c.start for c in read(tmp_path, "\n".join([blocks[2], blocks[1], blocks[0]]))] == [3, 6, 9]


def test_an_empty_file_and_one_with_only_a_mark_have_no_cues(tmp_path: Path) -> None:
    for content in (
        b"",
        codecs.BOM_UTF8,
        "\n \n".encode("utf-16"),
        b"\r\n\r\n",
        "WEBVTT - 한빛시\n".encode(),
    ):
        assert read(tmp_path, content) == ()


@pytest.mark.parametrize(
    "content",
    [
        "1\n00:00:01,000 --> 00:00:02,000\n" + "<b" * 300_000,
        "1\n00:00:01,000 --> 00:00:02,000\n" + "<<" * 100_000 + "b>" * 100_000,
        "1\n00:00:01,000 --> 00:00:02,000\n" + "{\\" * 300_000,
        " " * 500_000 + "1" + " " * 500_000 + "-->",
        "1\n00:00:01,000 --> 00:00:02,000\n" + "--> " * 200_000,
        SSA + "Dialogue: 0,0:00:06.00,0:00:07.00,,,0,0,0,," + "{" * 500_000 + "\n",
        SSA + "Dialogue: 0,0:00:06.00,0:00:07.00,,,0,0,0,,{" + "\\p" * 400_000 + "9" * 9000 + "}그림\n",
        "1\n00:00:01,000 --> 00:00:02,000\n" + "9" * 400_000 + "\n00:00:03,000 --> 00:00:04,000\n끝\n",
        "0" * 300_000 + ":00",
    ],
)
def test_hostile_lines_come_to_an_end(tmp_path: Path, content: str) -> None:
    """A pattern that goes back and forth over them would take hours."""
    found = tried(tmp_path, content)
    cues = () if isinstance(found, SubtitlesUnreadable) else found
    assert read(tmp_path, write_srt(cues)) == cues


# --- nothing is lost -------------------------------------------------------------------------------------

_WORDS = [f"{a}{b}" for a in "가나다라마바사아" for b in "가나다라마바사아"]


def _signs(text: str) -> set[str]:
    return {word for word in re.findall(r"[가-힣]{2}", text) if word in _WORDS}


def _sound_file(form: str, seed: int) -> list[str]:
    """A well-formed file of six cues whose words all differ."""
    words = iter(random.Random(seed).sample(_WORDS, 24))
    lines = ["WEBVTT", ""] if form == "vtt" else []
    for n in range(6):
        start, end = f"00:00:{n * 4:02}{'.' if form == 'vtt' else ','}000", f"00:00:{n * 4 + 3:02}.500"
        text = [f"{next(words)} {next(words)}"] + [next(words)] * (n % 2)
        number = [f"{n + 1}"] if form == "srt" else []
        lines += [*number, f"{start} --> {end}", *text, ""]
    return lines


@settings(deadline=None, max_examples=400)
@given(
    form=st.sampled_from(["srt", "vtt", "bare"]),
    seed=st.integers(0, 5),
    changes=st.lists(st.tuples(st.sampled_from("dsbe"), st.integers(0, 40)), max_size=4),
    ending=st.sampled_from(["\n", "\r\n", "\r", "mixed"]),
)
@example(form="vtt", seed=0, changes=[("s", 3)], ending="\n")
@example(form="vtt", seed=0, changes=[("d", 38), ("d", 38), ("d", 29), ("d", 29)], ending="\n")
@example(form="vtt", seed=0, changes=[("d", 1), ("d", 1)], ending="\n")
@example(form="srt", seed=0, changes=[("d", 1)], ending="\r")
def test_whatever_lines_are_lost_or_moved_no_word_that_is_left_disappears(
    tmp_path_factory: pytest.TempPathFactory,
    form: str,
    seed: int,
    changes: list[tuple[str, int]],
    ending: str,
) -> None:
    lines = _sound_file(form, seed)
    for change, place in changes:
        at = place % max(1, len(lines) - 1)
        if change == "d":
            del lines[at]
        elif change == "s":
            lines[at : at + 2] = lines[at : at + 2][::-1]
        elif change == "b":
            lines.insert(at, "")
        else:
            lines.insert(at, lines[at])
    ends = ["\n", "\r\n"] if ending == "mixed" else [ending]
    text = "".join(line + ends[i % len(ends)] for i, line in enumerate(lines))
    folder = tmp_path_factory.mktemp("changed")
    cues = tried(folder, text)
    if isinstance(cues, SubtitlesUnreadable):
        assert 1 <= cues.line <= len(lines) + 1
        return
    assert _signs("\n".join(c.text for c in cues)) == _signs(text)
    numbers = [line for c in cues for line in c.lines if line.isdigit()]
    assert form != "srt" or len(numbers) <= len(changes), "counters on screen"


@settings(deadline=None)
@given(st.lists(st.text("가나 -.?\n다", min_size=1, max_size=12), max_size=6), st.lists(st.integers(0, 3)))
def test_the_plain_text_has_every_word_in_order(texts: list[str], rests: list[int]) -> None:
    cues, at = [], Fraction(0)
    for number, text in enumerate(texts):
        lines = tuple(line.strip() for line in text.split("\n") if line.strip())
        if lines:
            cues.append(Cue(start=at, end=at + 1, lines=lines))
        at += 1 + (rests[number] if number < len(rests) else 0)
    assert write_text(cues).split() == " ".join(c.text for c in cues).split()


def test_the_plain_text_reads_in_sentences_and_paragraphs() -> None:
    cues = [
        cue("0", "2", "이번 주말 한빛시에서", "봄축제가 열립니다"),
        cue("2.1", "4", "비가 오니까", "우산을 챙기십시오 2. 버스를"),
        cue("4.1", "6", "타세요."),
        cue("6.1", "8", "- 몇 시에 시작합니까", "- 아침 10시, -2도에도 합니다"),
        cue("10", "12", "[김하늘] 여기는 주무관이었고"),
        cue("12.1", "13", "[이도윤] 저는 이도윤"),
    ]
    assert write_text(cues) == (
        "이번 주말 한빛시에서 봄축제가 열립니다\n"
        "비가 오니까 우산을 챙기십시오\n"
        "2. 버스를 타세요.\n"
        "\n"
        "- 몇 시에 시작합니까\n"
        "\n"
        "- 아침 10시, -2도에도 합니다\n"
        "\n"
        "[김하늘] 여기는 주무관이었고\n"
        "\n"
        "[이도윤] 저는 이도윤\n"
    )
    assert write_text([]) == ""
    assert unicodedata.is_normalized("NFC", write_text(cues))


def test_sidecars_of_awkward_texts_come_back(tmp_path: Path) -> None:
    lines = ("a<br>b", "<BR/>", "{\\an8}위", "<v 김하늘>", "00:00:01,000 -&gt; 00:00:02,000", "a → b", "[br]")
    cues = (cue("1", "2", *lines), cue("3", "4", "{25}{60}", "00:00:01.000 → 00:00:02.000"))
    assert read(tmp_path, write_srt(cues)) == cues
    assert read(tmp_path, write_vtt(cues)) == cues
