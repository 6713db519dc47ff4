"""The points of a clip changed in the text of a campaign, and nothing else in it: comments and order stay.

A campaign is its author's text. So no YAML is written anew: the characters of one value are replaced, or a key is put
beside another, and the result is read once more. Where it differs from the campaign in anything but this point (a clip
that several reels share through an alias, for one), or is none any more, nothing is changed.
"""

from __future__ import annotations

import copy
import unicodedata
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any, Literal

import yaml

from reels.campaign.keys import A_TIME, is_empty_range, point
from reels.campaign.yaml_with_lines import NamedTable, composed, located
from reels.errors import CampaignProblems, UsageError
from reels.said import Said

__all__ = ["ClipInFile", "PointKey", "Trimmed", "with_point"]

PointKey = Literal["in", "out"]

_FILE = "campaign.yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClipInFile:
    """A clip as somebody has seen it: number `number` of reel `reel`, cards not counted, of the footage file `footage`."""

    reel: str
    number: int
    footage: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Trimmed:
    """The campaign's text with the point, and the point that stood there before; None: none."""

    text: str
    before: str | None


def with_point(
    text: str, clip: ClipInFile, key: PointKey, written: str | None, *, was: str | None
) -> Trimmed:
    """`text`, a campaign, with `written` as the `in` or `out` of a clip where `was` stood.

    `written` is a time as people write it; empty: the key without a value, None: no such key. Both mean the footage's own.

    Raises: UsageError for what is no time, where something else stands there by now, and where the campaign does not say
    it in a place of its own; CampaignProblems for a text that is no campaign.
    """
    if written:
        _require_point(written)
    data: Any = located(text, file=_FILE).data
    path = _path_of(data, clip)
    said = _at(data, path)
    before = said.get(key)
    if written == "" and key not in said:
        return Trimmed(text=text, before=None)
    if _word(before).strip() != _word(was):
        raise _changed_meanwhile(_word(before))
    other = said.get("out" if key == "in" else "in")
    _require_some_range(*((written, other) if key == "in" else (other, written)))
    wanted = copy.deepcopy(data)
    if written is None:
        _at(wanted, path).pop(key, None)
    else:
        _at(wanted, path)[key] = written or None
    changed = _changed(text, path, key, written)
    if changed is None or not _says(changed, wanted):
        raise _not_alone(data)
    return Trimmed(text=changed, before=None if before is None and key not in said else _word(before))


# --- in the values ---------------------------------------------------------------------------------------


def _path_of(data: Any, clip: ClipInFile) -> tuple[str | int, ...]:
    """Where the clip stands. Raises: UsageError where it is not there, or its points are elsewhere."""
    reels = data.get("reels") if isinstance(data, dict) else None
    for at, reel in enumerate(reels if isinstance(reels, list) else ()):
        if not isinstance(reel, dict) or _normal(str(reel.get("id"))) != clip.reel:
            continue
        if reel.get("edit") is not None:
            raise _cut_elsewhere()
        clips = reel.get("clips")
        films = [
            number
            for number, item in enumerate(clips if isinstance(clips, list) else ())
            if isinstance(item, dict) and "cards" not in item
        ]
        if clip.number < len(films):
            path = ("reels", at, "clips", films[clip.number])
            if _normal(PurePath(str(_at(data, path).get("footage"))).name) == clip.footage:
                return path
        raise _changed_meanwhile()
    raise _not_alone(data)


def _at(data: Any, path: Sequence[str | int]) -> Any:
    for part in path:
        data = data[part]
    return data


def _normal(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def _word(value: Any) -> str:
    return "" if value is None else str(value)


def _require_point(written: str) -> None:
    with suppress(ValueError):
        if written.isascii():
            point(written)
            return
    raise UsageError(
        where=Said("time", ko="시각"),
        found=written,
        expected=A_TIME,
        remedy=Said("write it like that", ko="그렇게 적어 주세요."),
    )


def _require_some_range(begins: Any, ends: Any) -> None:
    first, last = _word(begins), _word(ends)
    try:
        empty = is_empty_range(first or None, last or None)
    except ValueError:  # what the author wrote is told where the campaign is read
        return
    if empty:
        raise UsageError(
            where=Said("the clip", ko="클립"),
            found=Said(f"from {first} to {last}", ko=f"{first}부터 {last}까지"),
            expected=Said("an end behind its beginning", ko="시작보다 늦은 끝"),
            remedy=Said(
                "change the other point first", ko="시작과 끝 가운데 다른 쪽 시각을 먼저 고쳐 주세요."
            ),
        )


def _says(text: str, wanted: Any) -> bool:
    try:
        return bool(_plain(located(text, file=_FILE).data) == _plain(wanted))
    except CampaignProblems:
        return False


def _plain(value: Any) -> Any:
    """With numbers as people wrote them: 4.20 and "4.20" are the same point."""
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return str(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else value


# --- in the text -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pair:
    """Where a key and its value stand: characters from the text's beginning, the value's end exclusive."""

    key: str
    begins: int
    value_begins: int
    ends: int


def _changed(text: str, path: Sequence[str | int], key: PointKey, written: str | None) -> str | None:
    """The text with the point; None where it cannot be put there without touching anything else."""
    node = _node_at(composed(text), path)
    if not isinstance(node, yaml.MappingNode) or not node.value:
        return None
    pairs = [_pair_of(text, *nodes) for nodes in node.value]
    at = next((number for number, pair in enumerate(pairs) if pair.key == key), None)
    if written is None:
        return text if at is None else _without(text, pairs, at, in_flow=bool(node.flow_style))
    if at is not None:
        pair = pairs[at]
        # Behind the colon of a key without a value.
        blank = " " if written and pair.value_begins == pair.ends else ""
        return text[: pair.value_begins] + blank + _quoted(written) + text[pair.ends :]
    if not written:
        return None
    behind = pairs[0]
    if node.flow_style:
        return f"{text[: behind.ends]}, {key}: {_quoted(written)}{text[behind.ends :]}"
    indent = " " * (behind.begins - (text.rfind("\n", 0, behind.begins) + 1))
    end = _line_ends(text, behind.ends)
    newline = "\r\n" if text[end : end + 2] == "\r\n" or (end == len(text) and "\r\n" in text) else "\n"
    return f"{text[:end]}{newline}{indent}{key}: {_quoted(written)}{text[end:]}"


def _pair_of(text: str, key: yaml.Node, value: yaml.Node) -> _Pair:
    begins, ends = value.start_mark.index, value.end_mark.index
    if begins == ends:
        # A key without a value: some parsers see the nothing only where the next thing stands.
        colon = text.find(":", key.end_mark.index)
        begins = ends = colon + 1 if colon >= 0 else begins
    return _Pair(key=key.value, begins=key.start_mark.index, value_begins=begins, ends=ends)


def _without(text: str, pairs: Sequence[_Pair], at: int, *, in_flow: bool) -> str | None:
    """The text without a key; None where anything but blanks and a comma would go with it."""
    pair = pairs[at]
    if at == 0:
        return None
    begins = pairs[at - 1].ends
    if not in_flow:
        begins = text.rfind("\n", 0, pair.begins)
        if text[begins - 1 : begins] == "\r":
            begins -= 1
        if text[pair.ends : _line_ends(text, pair.ends)].strip():
            return None
    if text[begins : pair.begins].strip(" \t\r\n,"):
        return None
    return text[:begins] + text[pair.ends :]


def _quoted(written: str) -> str:
    """Points have a colon, which YAML takes for a key's in some places."""
    return f'"{written}"' if ":" in written else written


def _line_ends(text: str, at: int) -> int:
    """The end of the line that `at` is in, before its line break."""
    end = text.find("\n", at)
    end = len(text) if end < 0 else end
    return end - 1 if end > at and text[end - 1] == "\r" else end


def _node_at(node: yaml.Node | None, path: Sequence[str | int]) -> yaml.Node | None:
    for part in path:
        if isinstance(node, yaml.MappingNode):
            node = next((value for key, value in node.value if key.value == part), None)
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            node = node.value[part]
        else:
            return None
    return node


# --- what is told ----------------------------------------------------------------------------------------


def _changed_meanwhile(stands: str = "") -> UsageError:
    by_now = f" ({stands})" if stands else ""
    return UsageError(
        where=_FILE,
        found=Said(
            f"a clip that somebody has changed meanwhile{by_now}",
            ko=f"그동안 다른 곳에서 고친 클립{by_now}",
        ),
        expected=Said("the clip as this page has shown it", ko="이 화면에 보이던 것과 같은 클립"),
        remedy=Said("look again and cut once more", ko="지금 내용을 보고 다시 잘라 주세요."),
    )


def _cut_elsewhere() -> UsageError:
    return UsageError(
        where=_FILE,
        found=Said("a reel whose cut is made elsewhere (edit)", ko="다른 프로그램에서 자른 릴스(edit)"),
        expected=Said("a reel with clips", ko="clips가 있는 릴스"),
        remedy=Said(
            "change the cut there and export it again", ko="그 프로그램에서 고쳐 다시 내보내 주세요."
        ),
    )


def _not_alone(data: Any) -> UsageError:
    """The clip's points do not stand where they could be changed for this reel alone."""
    reels = data.get("reels") if isinstance(data, dict) else None
    if isinstance(reels, NamedTable):
        return UsageError(
            where=_FILE,
            found=Said(f"reels from {reels.name}", ko=f"{reels.name}에서 읽은 릴스"),
            expected=Said("a clip that is written in campaign.yaml", ko="campaign.yaml에 적은 클립"),
            remedy=Said(f"change in and out in {reels.name}", ko=f"{reels.name}에서 in과 out을 고쳐 주세요."),
        )
    return UsageError(
        where=_FILE,
        found=Said("a point that cannot be changed alone", ko="따로 고칠 수 없는 시각"),
        expected=Said("a clip with keys of its own", ko="in과 out을 따로 적은 클립"),
        remedy=Said(
            "change in and out in campaign.yaml", ko="campaign.yaml에서 in과 out을 직접 고쳐 주세요."
        ),
    )
