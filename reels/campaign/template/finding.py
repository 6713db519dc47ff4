"""Templates by their names: a team's own before the built-in ones, and each with all that it extends.

Where several folders have a template of one name the first counts; one that extends its own name means the next of that
name, so that a team can change the built-in `interview` and go on calling it so.
"""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import platformdirs
from pydantic import ValidationError

from reels.campaign.problems import nearest, problems_in
from reels.campaign.subtitle_style import SubtitleStyle, load_subtitle_style
from reels.campaign.template.keys import TemplateFile, template_of
from reels.campaign.template.styles import Template
from reels.campaign.yaml_with_lines import Located, load_yaml
from reels.errors import CampaignProblem, CampaignProblems, UsageError
from reels.footage import existing_file, path_on_disk
from reels.resources import templates_dir
from reels.said import Said, any_of, perhaps

__all__ = ["TEMPLATES_VARIABLE", "list_templates", "load_template", "template_folders"]

TEMPLATES_VARIABLE = "REELS_TEMPLATES"
"""The environment variable that names a team's folders of templates, parted as in PATH."""

_FILE = "template.yaml"
_PLACE_OF_SUBTITLES = ("raised_px", "centre")


def template_folders(root: Path | None = None) -> tuple[Path, ...]:
    """Where templates are looked for: in the campaign at `root`, the team's folders, the user's, last the built-in ones."""
    of_campaign = [path_on_disk(place) for place in (root / "templates", root)] if root is not None else []
    named = os.environ.get(TEMPLATES_VARIABLE, "")
    of_team = [path_on_disk(part) for part in named.split(os.pathsep) if part]
    of_user = Path(platformdirs.user_config_dir("reels")) / "templates"
    return (*of_campaign, *of_team, of_user, templates_dir())


def load_template(name_or_folder: str | Path, *, root: Path | None = None) -> Template:
    """A template by its name, or the one whose `template.yaml` lies in a folder; `root` is the campaign's folder.

    Raises: UsageError where there is none, naming the nearest; CampaignProblems with all that is wrong in it.
    """
    return _read(_found(str(name_or_folder), template_folders(root)), template_folders(root))


def list_templates(root: Path | None = None) -> tuple[Template, ...]:
    """Every template that can be named, by name; of several of one name the one that counts.

    Raises: CampaignProblems.
    """
    folders = template_folders(root)
    # Listed by the folder's name, for it is what can be asked for.
    return tuple(replace(_read(file, folders), name=name) for name, file in sorted(_by_name(folders).items()))


def _by_name(folders: Sequence[Path]) -> Mapping[str, Path]:
    found: dict[str, Path] = {}
    for folder in folders:
        try:
            files = sorted(folder.glob(f"*/{_FILE}"))
        except (OSError, ValueError):
            continue
        for file in files:
            found.setdefault(unicodedata.normalize("NFC", file.parent.name), file)
    return found


def _found(written: str, folders: Sequence[Path]) -> Path:
    """The file of the template called `written`, or of the folder of that name. Raises: UsageError."""
    name = unicodedata.normalize("NFC", written)
    known = _by_name(folders)
    if name in known:
        return known[name]
    for folder in (Path(), *folders[:-1]):
        if (file := existing_file(Path(written) / _FILE, beside=folder)) is not None:
            return file
    names = tuple(sorted(known))
    guess, choices = nearest(name, names), any_of(names)
    raise UsageError(
        where="template",
        found=name,
        expected=Said(f"{choices}, or a folder with a {_FILE}", ko=f"{choices.ko}나 {_FILE}이 든 폴더"),
        remedy=perhaps(guess)
        if guess
        else Said("`reels templates` lists them", ko="`reels templates`로 볼 수 있습니다."),
    )


def _read(file: Path, folders: Sequence[Path]) -> Template:
    chain = _chain(file, folders)
    links = [link for link, _ in chain]
    whole: dict[str, object] = {}
    for link in reversed(links):
        whole = _merged(whole, link.data if isinstance(link.data, dict) else {})
    parsed = _validated(replace(links[0], data=whole))
    template = template_of(
        parsed,
        subtitles=_subtitle_style(parsed, links),
        where=links[0].file,
        extends=tuple(one.name for _, one in chain[1:]),
    )
    problems = [*_cards_missing(template, links), *_no_room_for_progress(template, links)]
    if problems:
        raise CampaignProblems(problems=tuple(problems))
    return template


def _chain(file: Path, folders: Sequence[Path]) -> list[tuple[Located, TemplateFile]]:
    """The template of `file` and those that it extends, nearest first, each proven by itself."""
    chain: list[tuple[Located, TemplateFile]] = []
    problems: list[CampaignProblem] = []
    read: list[Path] = []
    names: list[str] = []
    while True:
        name = unicodedata.normalize("NFC", file.parent.name)
        located = load_yaml(file, shown=f"{name}/{file.name}")
        try:
            chain.append((located, _validated(located)))
        except CampaignProblems as error:
            # What is wrong in the templates that it extends is told at the same time.
            problems += error.problems
        read.append(file.resolve())
        names.append(name)
        extends = located.data.get("extends") if isinstance(located.data, dict) else None
        if not isinstance(extends, str) or not extends:
            break
        try:
            file = _found(extends, _behind(file, extends, folders))
        except UsageError as error:
            problems += _problem(located, "extends", error.found, error.expected, error.remedy).problems
            break
        if file.resolve() in read:
            circle = " → ".join((*names, extends))
            problems += _problem(
                located,
                "extends",
                Said(f"a circle: {circle}", ko=f"돌고 도는 순서: {circle}"),
                Said(
                    "templates that end at one without `extends`", ko="`extends` 없는 템플릿에서 끝나는 순서"
                ),
                Said("take one `extends` away", ko="`extends` 하나를 빼 주세요."),
            ).problems
            break
    if problems:
        raise CampaignProblems(problems=tuple(problems))
    return chain


def _behind(file: Path, extends: str, folders: Sequence[Path]) -> Sequence[Path]:
    """Where to look for what `file` extends: beside it first; for its own name, only behind where it was found."""
    own = unicodedata.normalize("NFC", file.parent.name)
    home = file.parent.parent
    if unicodedata.normalize("NFC", extends) != own:
        return (home, *folders)
    places = [folder.absolute() for folder in folders]
    return folders[places.index(home.absolute()) + 1 :] if home.absolute() in places else folders


def _validated(located: Located) -> TemplateFile:
    try:
        return TemplateFile.model_validate(located.data)
    except ValidationError as error:
        raise CampaignProblems(problems=problems_in(error, located, TemplateFile)) from None


def _merged(under: Mapping[str, object], over: Mapping[str, object]) -> dict[str, object]:
    """`under` with what `over` says instead, section by section."""
    merged = dict(under)
    for key, value in over.items():
        before = merged.get(key)
        if isinstance(before, dict) and isinstance(value, dict):
            if key == "subtitles" and "style" in value:
                # Another style is meant as it is: what the one before had changed goes, but for the place.
                before = {name: before[name] for name in _PLACE_OF_SUBTITLES if name in before}
            merged[key] = _merged(before, value)
        else:
            merged[key] = value
    return merged


def _subtitle_style(parsed: TemplateFile, links: Sequence[Located]) -> SubtitleStyle:
    try:
        return load_subtitle_style(parsed.subtitles.style, parsed.subtitles)
    except UsageError as error:
        where = _written_in(links, "subtitles.style")
        raise _problem(where, "subtitles.style", error.found, error.expected, error.remedy) from None


def _cards_missing(template: Template, links: Sequence[Located]) -> list[CampaignProblem]:
    """Kinds of cards that are named and not there."""
    named = (("title.card", template.title.card), ("end_card.card", template.end_card.card))
    kinds = tuple(card.name for card in template.cards)
    return [
        _problem(
            _written_in(links, key),
            key,
            name,
            any_of(kinds),
            perhaps(guess)
            if (guess := nearest(name, kinds))
            else Said("add it to `cards`", ko="`cards`에 더해 주세요."),
        ).problems[0]
        for key, name in named
        if name is not None and name not in kinds
    ]


_LEAST_RAISED_PX = 60


def _no_room_for_progress(template: Template, links: Sequence[Located]) -> list[CampaignProblem]:
    raised, progress = template.subtitle_place.raised_px, template.progress
    if not progress.show or progress.zone != "foot" or raised >= _LEAST_RAISED_PX:
        return []
    found = Said(f"foot, with subtitles {raised} px above it", ko=f"foot, 자막은 {raised}픽셀 위")
    expected = Said(
        f"subtitles that are raised by {_LEAST_RAISED_PX} px or more",
        ko=f"{_LEAST_RAISED_PX}픽셀 이상 띄운 자막",
    )
    remedy = Said(
        "raise `subtitles.raised_px`, or say `zone: top`",
        ko="`subtitles.raised_px`를 늘리거나 `zone: top`으로 적어 주세요.",
    )
    return [
        _problem(
            _written_in(links, "progress.zone", "progress.show"), "progress.zone", found, expected, remedy
        ).problems[0]
    ]


def _written_in(links: Sequence[Located], *keys: str) -> Located:
    """The file that says what holds: of a template and those it extends, the nearest that has one of `keys`."""
    for key in keys:
        for link in links:
            if tuple(key.split(".")) in link.lines:
                return link
    return links[0]


def _problem(located: Located, key: str, found: str, expected: str, remedy: str) -> CampaignProblems:
    where = located.where(tuple(key.split(".")))
    return CampaignProblems(
        problems=(CampaignProblem(where=where, found=found, expected=expected, remedy=remedy),)
    )
