"""The points of a clip changed in the text of a campaign, and nothing else in it: comments, order and quotes stay.

A campaign is its author's text. So no YAML is written anew: the characters of one value are replaced, or a key is put
beside another, and the result is read once more. Where it differs from the campaign in anything but these points (a clip
that several reels share through an alias, for one) nothing is written.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import yaml

from reels.campaign.yaml_with_lines import NamedTable, located
from reels.errors import UsageError
from reels.said import Said

__all__ = ["PointKey", "Trimmed", "with_point"]

PointKey = Literal["in", "out"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trimmed:
    """The campaign's text with the point, and the point that stood there before; None: none."""

    text: str
    before: str | None


def with_point(text: str, *, reel: int, clip: int, key: PointKey, point: str | None) -> Trimmed:
    """`text`, a campaign, with `point` as the `in` or `out` of a clip; None: without that key.

    `reel` and `clip` count from 0 what stands in the file, cards among the clips left out. `point` is as people write it.

    Raises: UsageError where the campaign does not say it in a place of its own; CampaignProblems for a text that is no
    campaign.
    """
    data: Any = located(text, file="campaign.yaml").data
    try:
        if data["reels"][reel].get("edit") is not None:
            raise _cut_elsewhere()
        number = _clips_among(data["reels"][reel]["clips"])[clip]
        wanted = copy.deepcopy(data)
        said = wanted["reels"][reel]["clips"][number]
        before = said.get(key)
    except (TypeError, LookupError, AttributeError):
        raise _elsewhere(data) from None
    if point is None:
        said.pop(key, None)
    else:
        said[key] = point
    changed = _changed(text, ("reels", reel, "clips", number), key, point)
    if changed is None or _plain(located(changed, file="campaign.yaml").data) != _plain(wanted):
        raise _elsewhere(data)
    return Trimmed(text=changed, before=None if before is None else str(before))


def _clips_among(items: Sequence[Any]) -> list[int]:
    return [number for number, item in enumerate(items) if not (isinstance(item, dict) and "cards" in item)]


def _plain(value: Any) -> Any:
    """With what stands for text and numbers as people wrote it: 4.20 and "4.20" are the same point."""
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return str(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else value


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pair:
    """Where a key and its value stand: characters from the text's beginning, the value's end exclusive."""

    key: str
    begins: int
    value_begins: int
    ends: int


def _changed(text: str, path: Sequence[str | int], key: PointKey, point: str | None) -> str | None:
    """The text with the point; None where no mapping stands at `path`."""
    node = _node_at(yaml.compose(text, Loader=yaml.SafeLoader), path)
    if not isinstance(node, yaml.MappingNode) or not node.value:
        return None
    pairs = [
        _Pair(key=k.value, begins=k.start_mark.index, value_begins=v.start_mark.index, ends=v.end_mark.index)
        for k, v in node.value
    ]
    at = next((number for number, pair in enumerate(pairs) if pair.key == key), None)
    if point is None:
        return text if at is None else _without(text, pairs, at, in_flow=bool(node.flow_style))
    if at is not None:
        pair = pairs[at]
        # A key without a value: the value is put behind its colon.
        empty = pair.value_begins == pair.ends
        return text[: pair.value_begins] + (" " if empty else "") + _quoted(point) + text[pair.ends :]
    behind = pairs[0]
    if node.flow_style:
        return f"{text[: behind.ends]}, {key}: {_quoted(point)}{text[behind.ends :]}"
    newline = "\r\n" if "\r\n" in text else "\n"
    indent = " " * (behind.begins - _line_begins(text, behind.begins))
    end = _line_ends(text, behind.ends)
    return f"{text[:end]}{newline}{indent}{key}: {_quoted(point)}{text[end:]}"


def _without(text: str, pairs: Sequence[_Pair], at: int, *, in_flow: bool) -> str | None:
    pair = pairs[at]
    if at == 0 and len(pairs) == 1:
        return None
    if at == 0:
        return text[: pair.begins] + text[pairs[1].begins :]
    if in_flow:
        return text[: pairs[at - 1].ends] + text[pair.ends :]
    begins = _line_begins(text, pair.begins)
    return text[: max(0, begins - _newline_before(text, begins))] + text[_line_ends(text, pair.ends) :]


def _quoted(point: str) -> str:
    """Points have a colon, which YAML takes for a key's in some places."""
    return f'"{point}"' if ":" in point else point


def _line_begins(text: str, at: int) -> int:
    return text.rfind("\n", 0, at) + 1


def _line_ends(text: str, at: int) -> int:
    """The end of the line that `at` is in, before its line break."""
    end = text.find("\n", at)
    end = len(text) if end < 0 else end
    return end - 1 if end > at and text[end - 1] == "\r" else end


def _newline_before(text: str, begins: int) -> int:
    return 2 if text[max(0, begins - 2) : begins] == "\r\n" else 1


def _node_at(node: yaml.Node | None, path: Sequence[str | int]) -> yaml.Node | None:
    for part in path:
        if isinstance(node, yaml.MappingNode):
            node = next((value for key, value in node.value if key.value == part), None)
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            node = node.value[part]
        else:
            return None
    return node


def _cut_elsewhere() -> UsageError:
    return UsageError(
        where="campaign.yaml",
        found=Said("a reel whose cut is made elsewhere (edit)", ko="다른 프로그램에서 자른 릴스(edit)"),
        expected=Said("a reel with clips", ko="clips가 있는 릴스"),
        remedy=Said(
            "change the cut there and export it again", ko="그 프로그램에서 고쳐 다시 내보내 주세요."
        ),
    )


def _elsewhere(data: Any) -> UsageError:
    """The clip's points do not stand where they could be changed for this reel alone."""
    reels = data.get("reels") if isinstance(data, dict) else None
    if isinstance(reels, NamedTable):
        return UsageError(
            where="campaign.yaml",
            found=Said(f"reels from {reels.name}", ko=f"{reels.name}에서 읽은 릴스"),
            expected=Said("a clip that is written in campaign.yaml", ko="campaign.yaml에 적은 클립"),
            remedy=Said(f"change in and out in {reels.name}", ko=f"{reels.name}에서 in과 out을 고쳐 주세요."),
        )
    return UsageError(
        where="campaign.yaml",
        found=Said("a clip that cannot be changed alone", ko="따로 고칠 수 없는 클립"),
        expected=Said("a clip with keys of its own", ko="제 키를 가진 클립"),
        remedy=Said(
            "change in and out in campaign.yaml", ko="campaign.yaml에서 in과 out을 직접 고쳐 주세요."
        ),
    )
