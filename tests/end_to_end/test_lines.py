"""`reels lines`: a text broken as the burn-in breaks it, from a file or a pipe, and what is refused."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
import typer

from reels.cli.app import app
from reels.cli.usage import usage_sentence
from reels.errors import Language
from tests.end_to_end.conftest import Reels

TEXT = """\
안녕하세요. 오늘은 한빛시립도서관에 나와 있습니다. 같이 들어가 볼까요?

시청 주차장은 이번 달 말까지 이용하실 수 없습니다.
"""
BROKEN = """\
안녕하세요

오늘은
한빛시립도서관에 나와 있습니다

같이 들어가 볼까요?

시청 주차장은 이번 달 말까지
이용하실 수 없습니다
"""


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp949", "utf-16"])
def test_a_text_file_comes_out_as_the_lines_of_its_subtitles(
    encoding: str, reels: Reels, tmp_path: Path
) -> None:
    file = tmp_path / "[대본] 1.txt"
    file.write_bytes(TEXT.replace("\n", "\r\n").encode(encoding))
    assert reels.run("lines", file).stdout == BROKEN


def test_a_pipe_is_read_and_json_tells_lines_units_and_cues(reels: Reels) -> None:
    done = subprocess.run(
        [*reels.argv, "lines", "-", "--json", "--short", "--as-written"],
        env=reels.environment,
        input=TEXT.encode(),
        capture_output=True,
        check=True,
    )
    assert b'"line": 3,' in done.stdout
    assert done.stderr == b""
    file = reels.home / "한 줄.txt"
    file.write_text("\n네, 이번 주말에 한빛시에서 만나요.\n", encoding="utf-8")
    assert reels.run("lines", file, "--json", "--units", "12", "--lines", "1").json == {
        "texts": [
            {
                "line": 2,
                "text": "네, 이번 주말에 한빛시에서 만나요.",
                "lines": ["네, 이번 주말에", "한빛시에서 만나요"],
                "units": [7.5, 8.5],
                "cues": [["네, 이번 주말에"], ["한빛시에서 만나요"]],
            }
        ]
    }


def test_another_language_keeps_its_punctuation_and_its_width(reels: Reels, tmp_path: Path) -> None:
    file = tmp_path / "en.txt"
    file.write_text("Please bring your own cup, because there are no paper cups.\n", encoding="utf-8")
    assert reels.run("lines", file, "--language", "en").stdout == (
        "Please bring your own cup,\nbecause there are no paper cups.\n"
    )


def test_what_is_no_text_is_refused_in_one_sentence(reels: Reels, tmp_path: Path) -> None:
    film = tmp_path / "film.mp4"
    film.write_bytes(bytes(range(256)) * 8)
    for argument, found in (
        (film, "bytes that are no text"),
        (tmp_path, "Is a directory"),
        (tmp_path / "없음.txt", "No such file or directory"),
    ):
        said = reels.run("lines", argument, expect=2).stderr
        assert said.startswith(f"reels: {argument}: found {found}, expected ")
        assert said.count("\n") == 1
    assert "--language: found" in reels.run("lines", film, "--language", "../x", expect=2).stderr
    assert "--units" in reels.run("lines", film, "--units", "0", expect=2).stderr


@pytest.mark.parametrize(
    ("option", "value", "en", "ko"),
    [
        ("--units", "0", "found 0, expected at least 1", "0 — 1 이상의 수를 적어 주세요."),
        ("--lines", "99", "found 99, expected at most 10", "99 — 10 이하의 수를 적어 주세요."),
        ("--lines", "둘", "found 둘, expected a whole number", "둘 — 정수를 적어 주세요."),
    ],
)
def test_a_number_out_of_bounds_is_told_with_its_bounds_in_both_languages(
    option: str, value: str, en: str, ko: str
) -> None:
    said: dict[Language, str] = {"en": en, "ko": ko}
    for language, expected in said.items():
        with pytest.raises(typer.BadParameter) as refused:
            app(["lines", "-", option, value], standalone_mode=False)
        sentence = usage_sentence(refused.value, language)
        assert sentence.startswith(f"{option}: {expected}")
        assert "lines --help" in sentence
