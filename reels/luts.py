"""Looks: `.cube` files, read strictly and written anew for ffmpeg.

A file comes from anywhere: it is small, says its size, and holds as many lines of plain numbers as it says, or it is
refused with the line. What ffmpeg gets is those lines and nothing else. `campaign.look_keys` stands before, the graph
(`graph.colour`) and the work folder (`perform.picture`) after.

Source: Adobe, Cube LUT Specification 1.0 (2013).
"""

from __future__ import annotations

import hashlib
import os
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal, NoReturn

from reels.errors import CampaignProblem, CampaignProblems
from reels.said import Said, said_by_system

__all__ = ["LARGEST_SIDE", "Cube", "Lut", "cube_dimensions", "read_cube"]

LARGEST_SIDE = {1: 65_536, 3: 65}
"""Entries of a table of one dimension, points along each side of one of three. Looks are sold with 17 to 65."""

_LARGEST_BYTES = 32 * 1024 * 1024
_LARGEST_VALUE = 16
_NUMBER = r"[-+]?(?:\d{1,12}(?:\.\d{0,30})?|\.\d{1,30})(?:[eE][-+]?\d{1,2})?"
_ROW = re.compile(rf"{_NUMBER}[ \t]+{_NUMBER}[ \t]+{_NUMBER}", re.ASCII)
_SIZE = re.compile(r"LUT_([13])D_SIZE[ \t]+(\d{1,9})", re.ASCII)
_DOMAIN = re.compile(rf"(DOMAIN_MIN|DOMAIN_MAX)[ \t]+({_NUMBER})[ \t]+({_NUMBER})[ \t]+({_NUMBER})")
_INPUT_RANGE = re.compile(rf"LUT_[13]D_INPUT_RANGE[ \t]+({_NUMBER})[ \t]+({_NUMBER})")
_UNIT = {"DOMAIN_MIN": 0.0, "DOMAIN_MAX": 1.0}

_TABLE = Said(
    "a .cube file with LUT_3D_SIZE or LUT_1D_SIZE", ko="LUT_3D_SIZE나 LUT_1D_SIZE가 있는 .cube 파일"
)
_REMEDY = Said(
    "export the look again as a .cube file of 33 points for standard (Rec. 709) pictures",
    ko="표준(Rec. 709) 화면용 33점 .cube 파일로 다시 내보내 주세요.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lut:
    """A look: a `.cube` file of 3 dimensions or of 1 that has been judged."""

    path: Path
    dimensions: Literal[1, 3] = 3

    @property
    def neutral_name(self) -> str:
        """What it is called in the folder in which ffmpeg runs: nothing that its own name says."""
        return f"look-{hashlib.sha256(os.fsencode(self.path)).hexdigest()[:12]}.cube"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cube:
    """What a file says: `rows` of three plain numbers each, red changing fastest in a table of three dimensions."""

    dimensions: Literal[1, 3]
    side: int
    rows: tuple[str, ...]

    @property
    def text(self) -> str:
        """The file anew, for ffmpeg: its size and its numbers."""
        return f"LUT_{self.dimensions}D_SIZE {self.side}\n" + "\n".join(self.rows) + "\n"


def cube_dimensions(path: Path) -> Literal[1, 3]:
    """Whether the table is of 3 dimensions or of 1; the whole file is judged, once while it stands still.

    Raises: CampaignProblems, whose place is the file's name and line.
    """
    try:
        status = path.stat()
    except OSError as error:
        _refuse(path, 0, said_by_system(error), Said("a file that can be read", ko="읽을 수 있는 파일"))
    return _dimensions(path, status.st_size, status.st_mtime_ns)


@lru_cache(maxsize=64)
def _dimensions(path: Path, _size: int, _mtime_ns: int) -> Literal[1, 3]:
    return read_cube(path).dimensions


def read_cube(path: Path) -> Cube:
    """Raises: CampaignProblems, whose place is the file's name and line."""
    try:
        with path.open("rb") as file:
            content = file.read(_LARGEST_BYTES + 1)
    except OSError as error:
        _refuse(path, 0, said_by_system(error), Said("a file that can be read", ko="읽을 수 있는 파일"))
    if len(content) > _LARGEST_BYTES:
        limit = _LARGEST_BYTES // 1024 // 1024
        _refuse(
            path,
            0,
            Said(f"more than {limit} MB", ko=f"{limit}MB가 넘는 파일"),
            Said(f"at most {limit} MB", ko=f"{limit}MB 이하"),
        )
    # Titles and comments may be in any encoding; nothing of them is used.
    text = content.decode("utf-8-sig", errors="replace").replace("\r\n", "\n").replace("\r", "\n")
    return _read(path, text.split("\n"))


def _read(path: Path, lines: list[str]) -> Cube:
    size: tuple[Literal[1, 3], int] | None = None
    rows: list[str] = []
    wanted = 0
    for number, line in enumerate(lines, 1):
        written = line.strip(" \t")
        if not written or written.startswith("#"):
            continue
        if _ROW.fullmatch(written):
            if size is None:
                _refuse(path, number, Said("numbers before the size", ko="크기보다 먼저 나온 숫자"), _TABLE)
            if len(rows) == wanted:
                _refuse(path, number, Said("a row too many", ko="남는 줄"), _rows(wanted))
            if any(abs(float(value)) > _LARGEST_VALUE for value in written.split()):
                _refuse_row(path, number, written)
            rows.append(written)
        elif found := _SIZE.fullmatch(written):
            if size is not None:
                _refuse(
                    path,
                    number,
                    Said("a second table", ko="두 번째 표"),
                    Said("one table, of 3 dimensions or of 1", ko="3차원이나 1차원 표 하나"),
                )
            size = _size(path, number, int(found[1]), int(found[2]))
            wanted = size[1] ** size[0]
        elif not rows and _is_harmless(path, number, written):
            continue
        elif size is None:
            _refuse(path, number, _shortened(written), _TABLE)
        else:
            _refuse_row(path, number, written)
    if size is None:
        _refuse(path, 0, Said("no table", ko="표가 없는 파일"), _TABLE)
    if len(rows) != wanted:
        found_rows = Said(f"{len(rows)} rows", ko=f"{len(rows)}줄")
        _refuse(path, len(lines), found_rows, _rows(wanted))
    return Cube(dimensions=size[0], side=size[1], rows=tuple(rows))


def _size(path: Path, number: int, dimensions: int, side: int) -> tuple[Literal[1, 3], int]:
    most = LARGEST_SIDE[dimensions]
    if not 2 <= side <= most:
        found = Said(f"a table of {side}", ko=f"크기가 {side}인 표")
        _refuse(path, number, found, Said(f"2 to {most}", ko=f"2~{most}"))
    return (3 if dimensions == 3 else 1), side


def _is_harmless(path: Path, number: int, written: str) -> bool:
    """A title, or a range that says what is usual. Raises: CampaignProblems for another range."""
    if written.startswith("TITLE"):
        return True
    if found := _DOMAIN.fullmatch(written):
        usual = all(float(found[part]) == _UNIT[found[1]] for part in (2, 3, 4))
    elif found := _INPUT_RANGE.fullmatch(written):
        usual = float(found[1]) == 0 and float(found[2]) == 1
    else:
        return False
    if not usual:
        _refuse(
            path,
            number,
            _shortened(written),
            Said("a look for values from 0 to 1", ko="0~1 값에 쓰는 룩"),
        )
    return True


def _rows(wanted: int) -> Said:
    return Said(f"{wanted} rows, as its size says", ko=f"크기대로 {wanted}줄")


def _refuse_row(path: Path, number: int, written: str) -> NoReturn:
    _refuse(
        path,
        number,
        _shortened(written),
        Said("three numbers such as 0.5 0.25 1", ko="0.5 0.25 1 같은 숫자 셋"),
    )


def _shortened(written: str) -> str:
    return written if len(written) <= 40 else written[:40] + "…"


def _refuse(path: Path, number: int, found: str, expected: str) -> NoReturn:
    where = f"{path.name}:{number}" if number else path.name
    problem = CampaignProblem(where=where, found=found, expected=expected, remedy=_REMEDY)
    raise CampaignProblems(problems=(problem,))
