"""`reels: !csv reels.csv` → the reels that the rows say, as YAML would have said them, and the cell of each key.

`table` has read the file, `columns` knows the headings. What comes out is judged by `schema` like any other campaign:
here only what is wrong with the spreadsheet itself is told. `load` goes on with it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from reels.campaign.columns import COLUMNS, OF_CLIPS, Column, column_of, known_headings, nearest_heading
from reels.campaign.cover_keys import cover_as_keys
from reels.campaign.keys import A_TIME
from reels.campaign.problems import no_such_file
from reels.campaign.table import Row, column_letters, read_rows
from reels.campaign.yaml_with_lines import USUAL_TABLE, KeyPath, Located, NamedTable, plain_value
from reels.errors import CampaignProblem, CampaignProblems
from reels.footage import existing_file, path_on_disk
from reels.said import Said, perhaps

__all__ = ["reels_from_table"]

_MOST_REELS = 2000
_BROKEN_FORMULA = re.compile(r"#(?:N/A|REF!|VALUE!|NAME\?|DIV/0!|NUM!|NULL!|SPILL!|CALC!|FIELD!|#+)")
_TIME_OF_DAY = re.compile(
    r"(?:오전|오후|[AP]M)\s*\d+:\d\d.*|\d+:\d\d.*\s*(?:오전|오후|[AP]\.?M\.?)"  # 12:31:00 AM
    r"|(?:2[4-9]|[3-9]\d|\d{3,}):\d\d:\d\d.*"  # 24:10 typed, kept as hours and minutes
    r"|0?\.\d{9,}",  # a part of a day
    re.IGNORECASE,
)
_STANDS_IN = "a-row-that-cannot-be-read"

# What comes of a cell that is refused, so that the rest of the campaign can be judged; nothing is made of it.
_SOME_FILM = "."

_AS_TEXT = Said(
    "format the column as text in the spreadsheet, and type the time again",
    ko="표에서 그 열의 셀 서식을 '텍스트'로 바꾸고 시각을 다시 적어 주세요.",
)
_MEND_THE_FORMULA = Said(
    "mend the cell in the spreadsheet and save it as CSV again",
    ko="표에서 그 셀을 고치고 CSV로 다시 저장해 주세요.",
)
_EMPTY = Said("an empty cell", ko="빈 셀")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Heading:
    """A column of this file: the letters that it has there, and its heading as somebody wrote it."""

    column: Column
    letters: str
    index: int
    written: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cell:
    """What stands in a cell; `text` is None where it was refused, and that is told."""

    text: str | None
    where: str
    reference: str

    @property
    def lines(self) -> list[str]:
        """One value a line; the first may be empty, for a value that only a later film has."""
        return [line.strip() for line in (self.text or "").rstrip().split("\n")]


def reels_from_table(located: Located, *, root: Path) -> tuple[Located, tuple[CampaignProblem, ...]]:
    """`located` with its reels from the spreadsheet that it names, or that lies beside it where it has no reels.

    With it come the problems of the spreadsheet; what it could not say is replaced by something harmless, so that the rest
    can be judged.
    """
    if not isinstance(located.data, dict):
        return located, ()
    named = located.data.get("reels")
    if "reels" not in located.data and existing_file(USUAL_TABLE, beside=root) is not None:
        named = NamedTable(name=USUAL_TABLE)
    if not isinstance(named, NamedTable):
        return located, ()
    table = _Table(unicodedata.normalize("NFC", named.name))
    path = existing_file(named.name, beside=root)
    if path is None:
        expected_at = path_on_disk(named.name, beside=root)
        table.problems.append(no_such_file(table.shown, expected_at, where=located.where(("reels",))))
    else:
        try:
            rows = read_rows(path, shown=table.shown, is_heading=lambda text: column_of(text) is not None)
            table.read(rows)
        except CampaignProblems as error:
            table.problems += error.problems
    reels = table.reels or [{"id": _STANDS_IN, "clips": [{"footage": _SOME_FILM}]}]
    places = table.places or [{(): table.shown}]
    return (
        replace(
            located,
            data={**located.data, "reels": reels},
            elsewhere={("reels", number): cells for number, cells in enumerate(places)},
        ),
        tuple(table.problems),
    )


class _Table:
    """The rows of one spreadsheet as reels, remembering what is wrong with them."""

    def __init__(self, shown: str) -> None:
        self.shown = shown
        self.problems: list[CampaignProblem] = []
        self.reels: list[dict[str, object]] = []
        self.places: list[Mapping[KeyPath, str]] = []

    def read(self, rows: Sequence[Row]) -> None:
        header, *body = rows
        headings = self._headings(header)
        by_key = {heading.column.key: heading for heading in headings}
        self._require_columns(by_key, header)
        if not body:
            self._tell(
                self.shown,
                Said("no row below the headings", ko="머리글뿐인 표"),
                Said("one reel a row", ko="한 행에 릴스 한 편"),
            )
        if len(body) > _MOST_REELS:
            self._tell(
                f"{self.shown}:{body[_MOST_REELS].number}",
                Said(f"{len(body):,} reels", ko=f"릴스 {len(body):,}편"),
                Said(f"at most {_MOST_REELS:,} in a campaign", ko=f"캠페인 하나에 {_MOST_REELS:,}편 이하"),
                Said("share them out among several campaigns", ko="캠페인을 여럿으로 나눠 주세요."),
            )
            return
        self._require_headings(header, body)
        for row in body:
            reading = _Reel(row, by_key, self.shown, self._tell)
            self.reels.append(reading.reel)
            self.places.append(reading.places)

    def _headings(self, header: Row) -> list[_Heading]:
        headings: dict[str, _Heading] = {}
        for index, cell in enumerate(header.cells):
            written = " ".join(cell.split())
            if not written:
                continue
            letters = column_letters(index)
            where = f"{self.shown}:{header.number} ({letters}{header.number})"
            column = column_of(written)
            if column is None:
                guess = nearest_heading(written)
                self._tell(
                    where,
                    Said(f"unknown column {_short(written)}", ko=f"모르는 열 {_short(written)}"),
                    known_headings(written),
                    perhaps(guess) if guess else Said("delete it", ko="지워 주세요."),
                )
            elif (first := headings.get(column.key)) is not None:
                self._tell(
                    where,
                    Said(
                        f"{written}, which column {first.letters} says too ({first.written})",
                        ko=f"{first.letters}열({first.written})과 같은 열 {written}",
                    ),
                    Said("each column once", ko="열마다 한 번"),
                    Said("delete one of the two", ko="둘 가운데 하나를 지워 주세요."),
                )
            else:
                headings[column.key] = _Heading(column=column, letters=letters, index=index, written=written)
        return list(headings.values())

    def _require_columns(self, by_key: Mapping[str, _Heading], header: Row) -> None:
        where = f"{self.shown}:{header.number}"
        if "id" not in by_key:
            self._tell(
                where,
                Said("no column id", ko="없는 열 아이디(id)"),
                Said(
                    "a column id with a name of its own for each reel, such as festival",
                    ko="festival이나 봄축제처럼 릴스마다 다른 이름을 적은 열 아이디(id)",
                ),
                Said(
                    "add it; it names the folder and the file", ko="더해 주세요. 폴더와 파일 이름이 됩니다."
                ),
            )
        if "footage" not in by_key and "edit" not in by_key:
            self._tell(
                where,
                Said("no column footage", ko="없는 열 영상(footage)"),
                Said(
                    "a column footage with a film for each reel",
                    ko="릴스마다 영상 파일을 적은 열 영상(footage)",
                ),
                Said("add it", ko="더해 주세요."),
            )

    def _require_headings(self, header: Row, body: Iterable[Row]) -> None:
        """Tell the first cell of each column that has words below no heading."""
        headed = {index for index, cell in enumerate(header.cells) if cell.strip()}
        for row in body:
            for index, cell in enumerate(row.cells):
                if cell.strip() and index not in headed:
                    headed.add(index)
                    self._tell(
                        f"{self.shown}:{row.number} ({column_letters(index)}{row.number})",
                        _short(cell),
                        Said("nothing in a column without a heading", ko="머리글이 없는 열의 빈 셀"),
                        Said(
                            "head the column, or empty the cell", ko="열에 머리글을 적거나 셀을 비워 주세요."
                        ),
                    )

    def _tell(self, where: str, found: str, expected: str, remedy: str = "") -> None:
        self.problems.append(CampaignProblem(where=where, found=found, expected=expected, remedy=remedy))


class _Reel:
    """One row: the keys and values that YAML would have, and the place of each; `tell` hears what is wrong."""

    def __init__(
        self, row: Row, headings: Mapping[str, _Heading], shown: str, tell: Callable[..., None]
    ) -> None:
        self.reel: dict[str, object] = {}
        self.places: dict[KeyPath, str] = {(): f"{shown}:{row.number}"}
        self._row = row
        self._shown = shown
        self._headings = headings
        self._tell = tell
        self._cells = {
            key: cell for key, heading in headings.items() if (cell := self._cell(heading)) is not None
        }
        self._read_id()
        self._read_clips()
        # What is written of a key as a whole comes before what is written of keys inside it.
        for key in sorted(self._cells, key=lambda key: key.count(".")):
            if key != "id" and key not in OF_CLIPS:
                self._read_value(COLUMNS[key], self._cells[key])

    def _cell(self, heading: _Heading) -> _Cell | None:
        """What stands below `heading`; None for nothing."""
        text = self._row.cells[heading.index] if heading.index < len(self._row.cells) else ""
        if not text.strip():
            return None
        reference = f"{heading.letters}{self._row.number}"
        where = self._where(heading)
        lines = [line.strip() for line in text.split("\n")]
        if broken := next(filter(_BROKEN_FORMULA.fullmatch, lines), None):
            self._tell(where, broken, Said("text or a number", ko="글이나 수"), _MEND_THE_FORMULA)
        elif heading.column.is_time and (odd := next(filter(_TIME_OF_DAY.fullmatch, lines), None)):
            self._tell(where, odd, A_TIME, _AS_TEXT)
        else:
            return _Cell(text=text, where=where, reference=reference)
        return _Cell(text=None, where=where, reference=reference)

    def _where(self, heading: _Heading) -> str:
        return f"{self._shown}:{self._row.number} {heading.written} ({heading.letters}{self._row.number})"

    def _read_id(self) -> None:
        cell = self._cells.get("id")
        if cell is None and "id" in self._headings:
            self._tell(
                self._where(self._headings["id"]),
                _EMPTY,
                Said("a name for the reel, such as festival", ko="festival이나 봄축제 같은 릴스의 이름"),
                Said("name it, or delete the row", ko="이름을 적거나 그 행을 지워 주세요."),
            )
        text = cell.text if cell is not None else None
        # No two rows may stand in for each other.
        self._put(("id",), text.strip() if text is not None else f"{_STANDS_IN}-{self._row.number}", cell)

    # --- clips -------------------------------------------------------------------------------------------

    def _read_clips(self) -> None:
        films = self._cells.get("footage")
        if films is None and "edit" not in self._cells:
            heading = self._headings.get("footage") or self._headings.get("edit")
            if heading is not None:
                expected = Said(
                    "a film, such as footage/IMG_0412.MOV", ko="footage/IMG_0412.MOV 같은 영상 파일"
                )
                remedy = Said("name it, or delete the row", ko="파일을 적거나 그 행을 지워 주세요.")
                self._tell(self._where(heading), _EMPTY, expected, remedy)
            self.reel["clips"] = [{"footage": _SOME_FILM}]
            return
        if (films or self._cells["edit"]).text is None:
            self.reel["clips"] = [{"footage": _SOME_FILM}]
            return
        names = films.lines if films is not None else []
        if films is not None and "" in names:
            self._tell(
                films.where,
                Said("an empty line among the films", ko="영상 사이의 빈 줄"),
                Said("one film a line", ko="한 줄에 영상 하나"),
                Said("delete the line", ko="그 줄을 지워 주세요."),
            )
        clips: list[dict[str, object]] = [{"footage": name or _SOME_FILM} for name in names]
        if films is not None:
            self.reel["clips"] = clips
            self.places |= {("clips", number, "footage"): films.where for number in range(len(clips))}
        for key in ("in", "out", "subtitles"):
            for number, text in self._one_for_each(key, len(clips)):
                clips[number][key] = text
                self.places["clips", number, key] = self._cells[key].where
        self._read_people(clips)

    def _read_people(self, clips: list[dict[str, object]]) -> None:
        """The people of the clips: one for each film, or several for the only one."""
        alone = len(clips) == 1
        most = None if alone else len(clips)
        names, roles = dict(self._one_for_each("name", most)), dict(self._one_for_each("role", most))
        people: list[list[dict[str, str]]] = [[] for _ in clips]
        for number in sorted({**names, **roles}):
            if number not in names:
                if "name" not in self._cells or self._cells["name"].text is not None:
                    self._tell(
                        self._cells["role"].where,
                        Said(
                            f"{_short(roles[number])}, a role without a name",
                            ko=f"이름 없는 직책 {_short(roles[number])}",
                        ),
                        Said(
                            "a name in the same line of the name's cell", ko="이름 셀의 같은 줄에 적은 이름"
                        ),
                        Said("add the name, or delete the role", ko="이름을 더하거나 직책을 지워 주세요."),
                    )
                continue
            clip = 0 if alone else number
            at: KeyPath = ("clips", clip, "people", len(people[clip]))
            people[clip].append({"name": names[number], "role": roles.get(number, "")})
            cell = self._cells["name"]
            self.places |= {at: f"{self.places[()]} ({cell.reference})", (*at, "name"): cell.where}
            if number in roles:
                self.places[*at, "role"] = self._cells["role"].where
        for keys, named in zip(clips, people, strict=True):
            keys["people"] = named

    def _one_for_each(self, key: str, most: int | None) -> list[tuple[int, str]]:
        """The lines of the cell `key` that are not empty, by number; more than `most` are told."""
        cell = self._cells.get(key)
        if cell is None or cell.text is None:
            return []
        lines = cell.lines
        if most is not None and len(lines) > most:
            self._tell(
                cell.where,
                Said(
                    f"{len(lines)} {'line' if len(lines) == 1 else 'lines'}",
                    ko=f"{len(lines)}줄",
                ),
                Said(
                    f"at most {most}, one for each film of the row", ko=f"그 행의 영상 수대로 {most}줄 이하"
                ),
                Said(
                    "write one film a line, and what belongs to it in the same line of its own cell",
                    ko="영상을 한 줄에 하나씩 적고, 딸린 값은 제 셀의 같은 줄에 적어 주세요.",
                ),
            )
            return []
        return [(number, line) for number, line in enumerate(lines) if line]

    # --- everything else ---------------------------------------------------------------------------------

    def _read_value(self, column: Column, cell: _Cell) -> None:
        if cell.text is not None:
            self._put(column.path, _value(column, cell.text.strip()), cell)

    def _put(self, path: KeyPath, value: object, cell: _Cell | None) -> None:
        """Write `value` at `path`, as a key inside those that stand there."""
        here = self.reel
        for number, part in enumerate(map(str, path[:-1]), start=1):
            if here.get(part) is None:
                here[part] = {}
            inner = _as_keys(part, here[part])
            if inner is None:
                return self._tell_twice(path[:number], cell)
            here[part] = here = inner
            if cell is not None:
                self.places.setdefault(path[:number], cell.where)
        if path[-1] in here:
            return self._tell_twice(path, cell)
        here[str(path[-1])] = value
        if cell is not None:
            self.places[path] = cell.where
        return None

    def _tell_twice(self, path: KeyPath, cell: _Cell | None) -> None:
        if cell is None:
            return
        first = self.places.get(path, self.places[()])
        self._tell(
            cell.where,
            Said(f"a value beside {first}, which says otherwise", ko=f"{first}와 어긋나는 값"),
            Said("one of the two", ko="둘 가운데 하나"),
            Said("empty one of the cells", ko="한 셀을 비워 주세요."),
        )


def _value(column: Column, text: str) -> object:
    """What a cell of `column` says."""
    if column.reads == "hashtags":
        return [tag for tag in re.split(r"[\s,#]+", text) if tag]
    if column.reads == "names":
        return [name for name in re.split(r"[\s,]+", text) if name]
    if column.reads == "words":
        return [words.strip() for words in re.split(r"[,\n]", text) if words.strip()]
    return plain_value(text) if column.reads == "value" else text


def _as_keys(key: str, value: object) -> dict[str, object] | None:
    """`value` of `key` as keys to which others can be added; None where they would contradict it."""
    if isinstance(value, dict):
        return value
    if key == "music" and (isinstance(value, str) or value is False):
        return {"file": value or None}
    if key in ("silence", "fillers") and value is True:
        return {}
    if key == "cover":
        try:
            return dict(cover_as_keys(value))
        except ValueError:
            return None
    return None


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 40 else f"{line[:39]}…"
