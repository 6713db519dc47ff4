"""A team's own platforms, and its own values for those that come with reels: a file for each, found before the built-in ones.

A file that `extends` another platform says only what is otherwise, with a source like every value; a team that knows
better than a dated page does not wait for the next release. Where several folders have a platform of one name the first
counts, and one that extends its own name means the next of that name.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import platformdirs
from pydantic import ValidationError

from reels.art.opening import stamp
from reels.campaign.problems import nearest, problems_in
from reels.campaign.yaml_with_lines import KeyPath, Located, load_yaml
from reels.errors import CampaignProblem, CampaignProblems
from reels.footage import path_on_disk
from reels.platforms import (
    PartialPlatformFile,
    Platform,
    built_in_values,
    list_platforms,
    platform_among,
    platform_of,
)
from reels.said import Said, any_of, perhaps

__all__ = ["PLATFORMS_VARIABLE", "every_platform", "named_platform", "platform_folders"]

PLATFORMS_VARIABLE = "REELS_PLATFORMS"
"""The environment variable that names a team's folders of platforms, parted as in PATH."""


def platform_folders(root: Path | None = None) -> tuple[Path, ...]:
    """Where platforms are looked for before the built-in ones: in the campaign at `root`, the team's folders, the user's."""
    of_campaign = [root / "platforms"] if root is not None else []
    named = os.environ.get(PLATFORMS_VARIABLE, "")
    of_team = [path_on_disk(part) for part in named.split(os.pathsep) if part]
    return (*of_campaign, *of_team, Path(platformdirs.user_config_dir("reels")) / "platforms")


def every_platform(root: Path | None = None) -> tuple[Platform, ...]:
    """Every platform that can be named, by name; of several of one name the one that counts.

    Raises: CampaignProblems, with all that is wrong in the team's files.
    """
    files = _files(platform_folders(root))
    return _read_all(tuple((file, stamp(file)) for file in files))


def named_platform(name: str, *, root: Path | None = None, where: str = "--platform") -> Platform:
    """The platform called `name`.

    Raises: UsageError, naming the nearest name that exists; CampaignProblems.
    """
    return platform_among(every_platform(root), name, where=where)


def _files(folders: Sequence[Path]) -> list[Path]:
    found: list[Path] = []
    for folder in folders:
        try:
            found += sorted(file for file in folder.glob("*.yaml") if file.is_file())
        except OSError:
            continue
    return found


# Every command asks, and a plan of fifty reels fifty times.
@lru_cache(maxsize=16)
def _read_all(files: tuple[tuple[Path, tuple[int, int]], ...]) -> tuple[Platform, ...]:
    read: dict[str, list[_Link]] = {}
    problems: list[CampaignProblem] = []
    for file, _ in files:
        try:
            link = _Link.read(file)
        except CampaignProblems as error:
            problems += error.problems
            continue
        read.setdefault(link.keys.name, []).append(link)
    found = {platform.name: platform for platform in list_platforms()}
    for name, links in read.items():
        try:
            found[name] = _put_together(links[0], read)
        except CampaignProblems as error:
            problems += error.problems
    if problems:
        raise CampaignProblems(problems=tuple(problems))
    return tuple(found[name] for name in sorted(found))


class _Link:
    """One file of a team: what it says, and where."""

    def __init__(self, located: Located, keys: PartialPlatformFile) -> None:
        self.located = located
        self.keys = keys

    @classmethod
    def read(cls, file: Path) -> _Link:
        """Raises: CampaignProblems."""
        located = load_yaml(file, shown=f"{file.parent.name}/{file.name}")
        located = replace(located, data=_plain(located.data))
        try:
            return cls(located, PartialPlatformFile.model_validate(located.data))
        except ValidationError as error:
            raise CampaignProblems(problems=problems_in(error, located, PartialPlatformFile)) from None

    @property
    def values(self) -> dict[str, Any]:
        data = self.located.data
        return dict(data.get("values") or {}) if isinstance(data, dict) else {}


def _put_together(first: _Link, read: Mapping[str, Sequence[_Link]]) -> Platform:
    """The platform of a file and of all that it extends. Raises: CampaignProblems."""
    chain = [first]
    title: Any = None
    values: dict[str, Any] = {}
    while (base := chain[-1].keys.extends) is not None:
        candidates = [link for link in read.get(base, ()) if link not in chain]
        if not candidates:
            title, values = _built_in(base, chain[-1])
            break
        chain.append(candidates[0])
    for link in reversed(chain):
        values = values | link.values
        title = link.keys.title.model_dump() if link.keys.title is not None else title
    whole = {"schema": first.keys.schema_, "name": first.keys.name, "title": title, "values": values}
    try:
        return platform_of(whole)
    except ValidationError as error:
        raise CampaignProblems(
            problems=problems_in(error, replace(first.located, data=whole), PartialPlatformFile)
        ) from None
    except ValueError as error:
        raise _problem(first, ("values",), Said(f"{error}", ko=f"맞지 않는 값: {error}")) from None


def _built_in(name: str, by: _Link) -> tuple[Any, dict[str, Any]]:
    """Title and values of the platform that comes with reels. Raises: CampaignProblems."""
    found = built_in_values(name)
    if found is not None:
        return found
    known = [platform.name for platform in list_platforms()]
    guess = nearest(name, known)
    raise CampaignProblems(
        problems=(
            CampaignProblem(
                where=by.located.where(("extends",)),
                found=name,
                expected=any_of(known),
                remedy=perhaps(guess) if guess else "",
            ),
        )
    )


def _problem(link: _Link, at: KeyPath, found: Said) -> CampaignProblems:
    return CampaignProblems(
        problems=(
            CampaignProblem(
                where=link.located.where(at),
                found=found,
                expected=Said("values that fit each other", ko="서로 맞는 값"),
            ),
        )
    )


def _plain(value: Any) -> Any:
    """Values as YAML means them: merge keys taken in, numbers without the way they are written."""
    if isinstance(value, dict):
        merged = value.get("<<")
        taken = _plain(merged) if isinstance(merged, dict) else {}
        return {**taken, **{key: _plain(item) for key, item in value.items() if key != "<<"}}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int):
        return int(value)
    return float(value) if isinstance(value, float) else value
