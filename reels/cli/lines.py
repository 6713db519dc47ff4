"""`reels lines`: each line of a text file broken as the burn-in breaks it."""

from __future__ import annotations

import codecs
import re
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from reels.cli.console import print_json, print_line
from reels.cues import CueRules, cue_texts
from reels.cues.languages import width_halves
from reels.errors import UsageError
from reels.said import Said, said_by_system

__all__ = ["lines"]

_LARGEST_BYTES = 32 * 1024 * 1024
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]+)*")
_LINE_ENDS = re.compile(r"\r\n|\n|\r")
_SAVE_AS_TEXT = Said("save it as plain text in UTF-8", ko="일반 텍스트(UTF-8)로 저장해 주세요.")
_TEXT = Said("text in UTF-8, UTF-16 or CP949", ko="UTF-8, UTF-16, CP949로 된 글")


def lines(
    file: Annotated[Path, typer.Argument(help="A text file, one subtitle a line; - reads from a pipe.")],
    language: Annotated[str, typer.Option("--language", help="Language of the text: ko, en, …")] = "ko",
    short: Annotated[bool, typer.Option("--short", help="Short-form: one short line at a time.")] = False,
    units: Annotated[
        int | None,
        typer.Option("--units", min=1, max=1000, help="Widest line; default: the language's guide."),
    ] = None,
    most_lines: Annotated[
        int | None, typer.Option("--lines", min=1, max=10, help="Lines a subtitle; default: 2, short: 1.")
    ] = None,
    as_written: Annotated[
        bool, typer.Option("--as-written", help="Keep full stops and commas that the burn-in leaves out.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print as JSON.")] = False,
) -> None:
    """Break each line of a text as the burn-in breaks it; an empty line parts two subtitles."""
    if not _LANGUAGE.fullmatch(language):
        raise UsageError(
            where="--language",
            found=language,
            expected=Said("a language code such as ko or en", ko="ko, en 같은 언어 코드"),
            remedy=Said("give two or three letters", ko="두세 글자 코드를 적어 주세요."),
        )
    wanted = {"max_units": units, "max_lines": most_lines}
    given: dict[str, Any] = {name: value for name, value in wanted.items() if value is not None}
    rules = CueRules.short(language, **given) if short else CueRules.for_language(language, **given)
    broken = [
        (number, text.strip(), pages)
        for number, text in enumerate(_LINE_ENDS.split(_text_of(file)), start=1)
        if (pages := cue_texts(text, rules, punctuation=not as_written))
    ]
    if as_json:
        print_json({"texts": [_shape(number, text, pages, rules) for number, text, pages in broken]})
        return
    blocks = ("\n".join(page) for _, _, pages in broken for page in pages)
    if shown := "\n\n".join(blocks):
        print_line(shown)


def _shape(number: int, text: str, pages: tuple[tuple[str, ...], ...], rules: CueRules) -> dict[str, Any]:
    shown = [line for page in pages for line in page]
    halves = [width_halves(line, rules.language) for line in shown]
    return {
        "line": number,
        "text": text,
        "lines": shown,
        "units": [half // 2 if half % 2 == 0 else half / 2 for half in halves],
        "cues": [list(page) for page in pages],
    }


def _text_of(file: Path) -> str:
    """The text in `file`, or what comes through the pipe.

    Raises: UsageError.
    """
    if str(file) == "-":
        where: str = Said("standard input", ko="표준 입력")
        raw = sys.stdin.buffer.read(_LARGEST_BYTES + 1)
    else:
        where = str(file)
        try:
            with file.open("rb") as opened:
                raw = opened.read(_LARGEST_BYTES + 1)
        except (OSError, ValueError) as error:
            why = error if isinstance(error, OSError) else str(error)
            raise UsageError(
                where=where,
                found=said_by_system(why),
                expected=Said("a text file", ko="텍스트 파일"),
                remedy=Said("check the name and the folder", ko="이름과 폴더를 확인해 주세요."),
            ) from None
    if len(raw) > _LARGEST_BYTES:
        raise UsageError(
            where=where,
            found=Said("more than 32 MiB", ko="32 MiB보다 큰 파일"),
            expected=_TEXT,
            remedy=Said("give the subtitles' text only", ko="자막에 들어갈 글만 넣어 주세요."),
        )
    marked = raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "cp949"):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise UsageError(
        where=where,
        found=Said("bytes that are no text", ko="글이 아닌 데이터"),
        expected=_TEXT,
        remedy=_SAVE_AS_TEXT,
    )
