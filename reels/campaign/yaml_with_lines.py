"""YAML in, plain values and the line of every key out.

Reads the YAML 1.2 core schema, not PyYAML's 1.1: `00:31` stays a time instead of becoming 31 (base 60), `no`
and `on` stay words. Never builds Python objects, refuses duplicate keys, tags and files that blow up through
aliases. The one tag there is, `reels: !csv FILE`, is handed on as it is written. After it come `spreadsheet`, which
reads that file, and `load`, which validates.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from reels.errors import CampaignProblem, CampaignProblems
from reels.said import Said, said_by_system

__all__ = [
    "USUAL_TABLE",
    "KeyPath",
    "Located",
    "NamedTable",
    "composed",
    "decoded",
    "load_yaml",
    "located",
    "plain_value",
    "read_text",
    "written_path",
]

KeyPath = tuple[str | int, ...]

USUAL_TABLE = "reels.csv"
_TABLE_TAG = "!csv"
_TABLE_PATH: KeyPath = ("reels",)
_USUAL_TAGS = frozenset(
    f"tag:yaml.org,2002:{kind}"
    for kind in ("bool", "float", "int", "map", "merge", "null", "seq", "str", "timestamp", "value")
)
_LARGEST_FILE_BYTES = 4_000_000
_LARGEST_NODE_COUNT = 200_000
_DEEPEST = 100
_FASTER: type[yaml.CSafeLoader] | None = getattr(yaml, "CSafeLoader", None)
_TAKEN_BY_ONE = re.compile(r"[\t\ufeff]|[|>][-+\d]*#")
"""A tab for blanks, a mark inside the text, a comment that begins at once behind the sign of a block."""
_A_TABLE = Said(
    f"the name of a spreadsheet, as in `reels: !csv {USUAL_TABLE}`",
    ko=f"`reels: !csv {USUAL_TABLE}`처럼 적은 표 파일의 이름",
)
_NULL = re.compile(r"(?:~|null|Null|NULL|)")
_BOOLEAN = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_INTEGER = re.compile(r"[-+]?\d+")
_FLOAT = re.compile(r"[-+]?(?:\d+\.\d*|\.\d+|\d+(?=[eE]))(?:[eE][-+]?\d+)?")


def written_path(path: KeyPath) -> str:
    """`("reels", 2, "title")` as people write it: `reels[2].title`."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else (f".{part}" if text else part)
    return text


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedTable:
    """`!csv reels.csv`: what belongs there stands in the spreadsheet of that name."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Located:
    """Plain values of one file and the line (from 1) of each key path.

    `elsewhere` are the paths whose values another file holds, each with the places there of itself, as `()`, and of the
    keys below it.
    """

    file: str
    data: object
    lines: Mapping[KeyPath, int]
    elsewhere: Mapping[KeyPath, Mapping[KeyPath, str]] = field(default_factory=dict)

    def line(self, path: KeyPath) -> int:
        """The line of `path`, or of its nearest parent that is written in the file."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def where(self, path: KeyPath) -> str:
        for end in range(1, len(path) + 1 if self.elsewhere else 0):
            if (places := self.elsewhere.get(path[:end])) is not None:
                below = path[end:]
                while below not in places:
                    below = below[:-1]
                return places[below]
        return f"{self.file}:{self.line(path)} {written_path(path)}".rstrip()


def read_text(path: Path, *, shown: str) -> str:
    """The text of a campaign file: UTF-8 with or without a BOM, or CP949 as Korean Windows programs save it."""
    try:
        if path.exists() and not path.is_file():  # a pipe would keep us waiting for ever
            raise _problem(
                shown,
                Said("no regular file", ko="파일이 아닌 것"),
                Said("a YAML file", ko="YAML 파일"),
                Said("give the YAML file", ko="YAML 파일을 지정해 주세요."),
            )
        with path.open("rb") as file:
            raw = file.read(_LARGEST_FILE_BYTES + 1)
    except FileNotFoundError:
        raise _problem(
            shown,
            Said("no such file", ko="없는 파일"),
            Said("a YAML file", ko="YAML 파일"),
            Said(
                "check the name, or make one with `reels init`",
                ko="이름을 확인하거나 `reels init`으로 만들어 주세요.",
            ),
        ) from None
    except OSError as error:
        raise _problem(
            shown, said_by_system(error), Said("a readable YAML file", ko="읽을 수 있는 YAML 파일")
        ) from None
    if len(raw) > _LARGEST_FILE_BYTES:
        raise _problem(
            shown,
            Said("more than 4 MB", ko="4 MB가 넘는 파일"),
            Said("a campaign file of text", ko="글로 된 캠페인 파일"),
            Said("give the YAML file, not a video", ko="영상이 아니라 YAML 파일을 지정해 주세요."),
        )
    try:
        return unicodedata.normalize("NFC", decoded(raw)[0])
    except UnicodeDecodeError:
        raise _problem(
            shown,
            Said("bytes that are no text", ko="글이 아닌 데이터"),
            Said("YAML saved as UTF-8", ko="UTF-8로 저장한 YAML"),
            Said("save the file as UTF-8", ko="파일을 UTF-8로 저장해 주세요."),
        ) from None


def decoded(raw: bytes) -> tuple[str, str]:
    """The text of a campaign file, and the encoding in which it is written again byte for byte.

    Raises: UnicodeDecodeError.
    """
    if raw.startswith(codecs.BOM_UTF8):
        return raw.decode("utf-8-sig"), "utf-8-sig"
    try:
        return raw.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return raw.decode("cp949"), "cp949"


def load_yaml(path: Path, *, shown: str | None = None) -> Located:
    """Read `path`; `shown` is how messages name it.

    Raises: CampaignProblems.
    """
    name = shown or path.name
    return located(read_text(path, shown=name), file=name)


def located(text: str, *, file: str) -> Located:
    """The values in `text`, which messages call `file`.

    Raises: CampaignProblems.
    """
    try:
        root = composed(text)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        remedy = Said("mend that line", ko="그 줄을 고쳐 주세요.")
        raise _problem(f"{file}:{line}", _told(error.problem or "broken YAML"), "YAML", remedy) from None
    except RecursionError:
        raise _too_deep(file) from None
    except yaml.YAMLError as error:
        raise _problem(
            file,
            _told(str(error).splitlines()[0]),
            "YAML",
            Said("save the file as plain UTF-8 text", ko="파일을 UTF-8 글로 저장해 주세요."),
        ) from None
    if root is None:
        raise _problem(
            file, Said("an empty file", ko="빈 파일"), Said("YAML with at least one key", ko="키가 있는 YAML")
        )
    reader = _Reader(file)
    data = reader.value(root, ())
    if reader.problems:
        raise CampaignProblems(problems=tuple(reader.problems))
    return Located(file=file, data=data, lines=reader.lines)


def composed(text: str) -> yaml.Node | None:
    """The node tree, by libyaml where it is there and the text is one that it can take: it is ten times as fast.

    What it cannot read is read once more by PyYAML's own parser, whose complaints are those that we tell.

    Raises: yaml.YAMLError; RecursionError.
    """
    if _FASTER is not None and _is_for_libyaml(text, _FASTER):
        with suppress(yaml.YAMLError):
            return yaml.compose(text, Loader=_FASTER)
    return yaml.compose(text, Loader=yaml.SafeLoader)


def _is_for_libyaml(text: str, loader: type[yaml.CSafeLoader]) -> bool:
    """Whether values nest as deeply as people write: libyaml composes by recursion in C, which nothing stops.

    Nor is a text in which it may take what PyYAML refuses: a campaign must be one on every computer.
    """
    if _TAKEN_BY_ONE.search(text):
        return False
    depth = 0
    try:
        for event in yaml.parse(text, Loader=loader):
            if isinstance(event, yaml.CollectionStartEvent):
                depth += 1
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
            if depth > _DEEPEST:
                return False
    except yaml.YAMLError:
        return False
    return True


def _told(problem: str) -> Said:
    """The parser's complaint, which says "found" itself, and what it comes to in Korean."""
    if "'\\t'" in problem:
        return Said("a tab where YAML wants spaces", ko="빈칸 대신 들어간 탭 문자")
    return Said(problem.removeprefix("found "), ko="YAML로 읽을 수 없는 곳")


def _too_deep(name: str) -> CampaignProblems:
    return _problem(
        name,
        Said("far too many nested values", ko="겹겹이 쌓인 값이 너무 많음"),
        Said("a campaign written out plainly", ko="풀어서 적은 캠페인"),
    )


class _Reader:
    """Walks the node tree once, so that each value keeps its line."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.lines: dict[KeyPath, int] = {}
        self.problems: list[CampaignProblem] = []
        self._nodes = 0

    def value(self, node: yaml.Node, path: KeyPath) -> object:
        self._nodes += 1
        if self._nodes > _LARGEST_NODE_COUNT or len(path) > 40:
            # Nested aliases can multiply a few lines into billions of values.
            raise _too_deep(self.file)
        self.lines.setdefault(path, node.start_mark.line + 1)
        if node.tag not in _USUAL_TAGS:
            if node.tag == _TABLE_TAG and path == _TABLE_PATH and isinstance(node, yaml.ScalarNode):
                return NamedTable(name=node.value.strip() or USUAL_TABLE)
            self._refuse_tag(node, path)
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(child, (*path, index)) for index, child in enumerate(node.value)]
        return _scalar(node)

    def _mapping(self, node: yaml.MappingNode, path: KeyPath) -> dict[str, object]:
        mapping: dict[str, object] = {}
        for key_node, value_node in node.value:
            key = key_node.value if isinstance(key_node, yaml.ScalarNode) else ""
            line = key_node.start_mark.line + 1
            if not key:
                found = Said("a key that is no word", ko="낱말이 아닌 키")
                self._add(line, path, found, Said("a key such as title", ko="title 같은 키"))
                continue
            here = (*path, key)
            if key in mapping:
                self._add(
                    line,
                    here,
                    Said("the same key a second time", ko="두 번 나온 키"),
                    Said("each key once", ko="키마다 한 번"),
                    Said("delete one of the two", ko="둘 가운데 하나를 지워 주세요."),
                )
                continue
            self.lines[here] = line
            if key_node.tag not in _USUAL_TAGS:
                self._refuse_tag(key_node, here)
            mapping[key] = self.value(value_node, here)
        return mapping

    def _refuse_tag(self, node: yaml.Node, path: KeyPath) -> None:
        line = node.start_mark.line + 1
        if node.tag == _TABLE_TAG and path == _TABLE_PATH:
            found = Said("`!csv` before something else than a name", ko="이름이 아닌 것 앞의 `!csv`")
            self._add(line, path, found, _A_TABLE)
        elif node.tag == _TABLE_TAG:
            found = Said("`!csv` here", ko="여기에 적은 `!csv`")
            expected = Said("`!csv` after `reels:` only", ko="`reels:` 뒤에만 적는 `!csv`")
            remedy = Said("write the value out", ko="값을 그대로 적어 주세요.")
            self._add(line, path, found, expected, remedy)
        else:
            tag = node.tag.replace("tag:yaml.org,2002:", "!!")
            self._add(
                line,
                path,
                Said(f"the tag {tag}", ko=f"태그 {tag}"),
                Said("a value without a tag", ko="태그가 없는 값"),
                Said(
                    "delete it, or put the whole text between quotes where the ! belongs to it",
                    ko="지워 주세요. 느낌표가 글의 일부이면 글 전체를 따옴표로 묶어 주세요.",
                ),
            )

    def _add(self, line: int, path: KeyPath, found: str, expected: str, remedy: str = "") -> None:
        where = f"{self.file}:{line} {written_path(path)}".rstrip()
        self.problems.append(CampaignProblem(where=where, found=found, expected=expected, remedy=remedy))


class _Whole(int):
    """A whole number that is written as its author wrote it: the id 007 is no 7."""

    written: str

    def __str__(self) -> str:
        return self.written


class _Decimal(float):
    """A decimal that is written as its author wrote it: the title 2026.10 is October, no 2026.1."""

    written: str

    def __str__(self) -> str:
        return self.written


def _scalar(node: yaml.Node) -> object:
    text: str = node.value
    if getattr(node, "style", None):  # quoted or block: always text
        return text
    return plain_value(text)


def plain_value(text: str) -> object:
    """What `text` without quotes means: nothing, true or false, a number that remembers how it was written, or itself."""
    if _NULL.fullmatch(text):
        return None
    if text in _BOOLEAN:
        return _BOOLEAN[text]
    if _INTEGER.fullmatch(text) and len(text) < 19:
        whole = _Whole(text)
        whole.written = text
        return whole
    if _FLOAT.fullmatch(text):
        decimal = _Decimal(text)
        decimal.written = text
        return decimal
    return text


def _problem(where: str, found: str, expected: str, remedy: str = "") -> CampaignProblems:
    return CampaignProblems(
        problems=(CampaignProblem(where=where, found=found, expected=expected, remedy=remedy),)
    )
