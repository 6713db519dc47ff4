"""A spreadsheet saved as CSV: bytes in, rows of cells out, numbered as the program that saved it numbers them.

Knows encodings, delimiters and quotation marks, and no column. `spreadsheet` makes reels of the rows.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from reels.errors import CampaignProblem, CampaignProblems
from reels.said import Said, said_by_system

__all__ = ["Row", "column_letters", "read_rows"]

_LARGEST_FILE_BYTES = 4_000_000
_DELIMITERS = (",", ";", "\t")
# Excel takes this line as an instruction and shows no row for it.
_SEPARATOR_LINE = re.compile(r'"?sep=(?P<sign>[^"\w\s]|\t)"?[,;\t ]*(?:\r\n?|\n|\Z)', re.IGNORECASE)
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_HANGUL = re.compile("[가-힣]")

_A_TABLE = Said("a spreadsheet saved as CSV", ko="CSV로 저장한 표")
_SAVE_AS_CSV = Said(
    "save it in Excel as CSV UTF-8 (Comma delimited)",
    ko="엑셀의 '다른 이름으로 저장'에서 'CSV UTF-8(쉼표로 분리)'을 골라 저장해 주세요.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """The cells of one row, which the spreadsheet's own program calls row `number`; line ends in a cell are `\\n`."""

    number: int
    cells: tuple[str, ...]


def column_letters(index: int) -> str:
    """How spreadsheets call the column `index`, which counts from 0: A, B, …, Z, AA."""
    letters = ""
    index += 1
    while index:
        index, letter = divmod(index - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return letters


def read_rows(path: Path, *, shown: str, is_heading: Callable[[str], bool]) -> tuple[Row, ...]:
    """The rows of `path` that are not empty; messages call it `shown`.

    What stands between cells is what makes the most headings of the first row, unless a line `sep=;` before it says so.

    Raises: CampaignProblems.
    """
    text = _text_of(path, shown)
    if separator := _SEPARATOR_LINE.match(text):
        text, delimiter = text[separator.end() :], separator["sign"]
    else:
        delimiter = _delimiter_of(text, is_heading)
    rows = tuple(row for row in _all_rows(text, delimiter, shown) if any(map(str.strip, row.cells)))
    if not rows:
        raise _refusal(
            shown,
            Said("an empty spreadsheet", ko="빈 표"),
            Said("a row of headings and a row for each reel", ko="머리글 행과 릴스마다 한 행"),
        )
    return rows


def _text_of(path: Path, shown: str) -> str:
    """The text in NFC, from UTF-8, from CP949 as Korean Excel saves plain CSV, or from UTF-16 as it saves Unicode text."""
    try:
        with path.open("rb") as file:
            raw = file.read(_LARGEST_FILE_BYTES + 1)
    except OSError as error:
        raise _refusal(
            shown, said_by_system(error), Said("a readable file", ko="읽을 수 있는 파일")
        ) from None
    if len(raw) > _LARGEST_FILE_BYTES:
        found = Said("more than 4 MB", ko="4 MB가 넘는 파일")
        remedy = Said("share the reels out among several campaigns", ko="캠페인을 여럿으로 나눠 주세요.")
        raise _refusal(shown, found, Said("a table of words", ko="글로 된 표"), remedy)
    if raw.startswith(_WORKBOOKS):
        found = Said("an Excel workbook that is only named .csv", ko="이름만 .csv인 엑셀 파일")
        raise _refusal(shown, found, _A_TABLE, _SAVE_AS_CSV)
    text = _decoded(raw)
    if text is None or "\0" in text:
        raise _refusal(shown, Said("bytes that are no text", ko="글이 아닌 데이터"), _A_TABLE, _SAVE_AS_CSV)
    return unicodedata.normalize("NFC", text)


def _decoded(raw: bytes) -> str | None:
    is_utf16 = raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ("utf-16",) if is_utf16 else ("utf-8-sig", "cp949"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            nearly = raw.decode(encoding, "replace")
            if encoding == "utf-8-sig" and len(_HANGUL.findall(nearly)) > nearly.count("\ufffd"):
                return None  # broken UTF-8, of which CP949 would make Chinese characters
    return None


def _delimiter_of(text: str, is_heading: Callable[[str], bool]) -> str:
    def headings(delimiter: str) -> tuple[int, int]:
        try:
            rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True)
            first = next((cells for cells in rows if any(cell.strip(" ,;\t") for cell in cells)), [])
        except csv.Error:
            return 0, 0
        return sum(map(is_heading, first)), len(first)

    return max(_DELIMITERS, key=headings)


def _all_rows(text: str, delimiter: str, shown: str) -> Iterator[Row]:
    # A StringIO with newline="" leaves the line ends to csv, which knows those inside quotation marks.
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True, strict=True)
    number = 0
    try:
        for number, cells in enumerate(rows, start=1):
            yield Row(number=number, cells=tuple(re.sub("\r\n?", "\n", cell) for cell in cells))
    except csv.Error as error:
        raise _refusal(f"{shown}:{number + 1}", *_broken(str(error))) from None


def _broken(complaint: str) -> tuple[Said, Said, Said]:
    """What csv complains of, what is right, and what to do."""
    if "field larger" in complaint:
        return (
            Said("a cell of more than 131,072 characters", ko="131,072자가 넘는 셀"),
            Said("words of a reel", ko="릴스에 쓰는 글"),
            Said(
                "shorten it; perhaps a quotation mark is missing",
                ko="줄여 주세요. 따옴표가 빠졌을 수 있습니다.",
            ),
        )
    found = Said("text behind a closing quotation mark", ko="닫는 따옴표 뒤에 있는 글")
    if "unexpected end" in complaint:
        found = Said("a quotation mark that is never closed", ko="닫히지 않은 따옴표")
    return (
        found,
        Said(
            "a cell between two quotation marks, with those inside it doubled",
            ko="앞뒤를 따옴표로 묶고 안의 따옴표는 두 번 겹쳐 적은 셀",
        ),
        Said(
            "mend that row, or save the file from Excel again",
            ko="그 행을 고치거나 엑셀에서 다시 저장해 주세요.",
        ),
    )


def _refusal(where: str, found: str, expected: str, remedy: str = "") -> CampaignProblems:
    problem = CampaignProblem(where=where, found=found, expected=expected, remedy=remedy)
    return CampaignProblems(problems=(problem,))
