"""YAML in, plain values and the line of every key out.

Reads the YAML 1.2 core schema, not PyYAML's 1.1: `00:31` stays a time instead of becoming 31 (base 60), `no`
and `on` stay words. Never builds Python objects, refuses duplicate keys and files that blow up through
aliases. After it comes `load`, which validates.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from reels.errors import CampaignProblem, CampaignProblems

__all__ = ["KeyPath", "Located", "load_yaml", "read_text", "written_path"]

KeyPath = tuple[str | int, ...]

_LARGEST_FILE_BYTES = 4_000_000
_LARGEST_NODE_COUNT = 200_000
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
class Located:
    """Plain values of one file and the line (from 1) of each key path."""

    file: str
    data: object
    lines: Mapping[KeyPath, int]

    def line(self, path: KeyPath) -> int:
        """The line of `path`, or of its nearest parent that is written in the file."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def where(self, path: KeyPath) -> str:
        return f"{self.file}:{self.line(path)} {written_path(path)}".rstrip()


def read_text(path: Path, *, shown: str) -> str:
    """The text of a campaign file: UTF-8 with or without a BOM, or CP949 as Korean Windows programs save it."""
    try:
        with path.open("rb") as file:
            raw = file.read(_LARGEST_FILE_BYTES + 1)
    except FileNotFoundError:
        raise _problem(
            shown, "no such file", "a YAML file", "check the name, or make one with `reels init`"
        ) from None
    except OSError as error:
        raise _problem(shown, error.strerror or "unreadable", "a readable YAML file") from None
    if len(raw) > _LARGEST_FILE_BYTES:
        raise _problem(shown, "more than 4 MB", "a campaign file of text", "give the YAML file, not a video")
    for encoding in ("utf-8-sig", "cp949"):
        try:
            return unicodedata.normalize("NFC", raw.decode(encoding))
        except UnicodeDecodeError:
            continue
    raise _problem(shown, "bytes that are no text", "YAML saved as UTF-8", "save the file as UTF-8")


def load_yaml(path: Path, *, shown: str | None = None) -> Located:
    """Read `path`; `shown` is how messages name it.

    Raises: CampaignProblems.
    """
    name = shown or path.name
    text = read_text(path, shown=name)
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise _problem(f"{name}:{line}", error.problem or "broken YAML", "YAML", "mend that line") from None
    except (yaml.YAMLError, RecursionError) as error:
        raise _problem(
            name, str(error).splitlines()[0], "YAML", "save the file as plain UTF-8 text"
        ) from None
    if root is None:
        raise _problem(name, "an empty file", "YAML with at least one key")
    reader = _Reader(name)
    data = reader.value(root, ())
    if reader.problems:
        raise CampaignProblems(problems=tuple(reader.problems))
    return Located(file=name, data=data, lines=reader.lines)


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
            raise _problem(self.file, "far too many nested values", "a campaign written out plainly")
        self.lines.setdefault(path, node.start_mark.line + 1)
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
                self._add(line, path, "a key that is no word", "a key such as title")
                continue
            here = (*path, key)
            if key in mapping:
                self._add(line, here, "the same key a second time", "each key once", "delete one of the two")
                continue
            self.lines[here] = line
            mapping[key] = self.value(value_node, here)
        return mapping

    def _add(self, line: int, path: KeyPath, found: str, expected: str, remedy: str = "") -> None:
        where = f"{self.file}:{line} {written_path(path)}".rstrip()
        self.problems.append(CampaignProblem(where=where, found=found, expected=expected, remedy=remedy))


def _scalar(node: yaml.Node) -> object:
    text: str = node.value
    if getattr(node, "style", None) is not None:  # quoted or block: always text
        return text
    if _NULL.fullmatch(text):
        return None
    if text in _BOOLEAN:
        return _BOOLEAN[text]
    if _INTEGER.fullmatch(text) and len(text) < 19:
        return int(text)
    if _FLOAT.fullmatch(text):
        return float(text)
    return text


def _problem(where: str, found: str, expected: str, remedy: str = "") -> CampaignProblems:
    return CampaignProblems(
        problems=(CampaignProblem(where=where, found=found, expected=expected, remedy=remedy),)
    )
