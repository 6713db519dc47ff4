"""A pydantic refusal as sentences: file, line, key, what was found, what was expected, the nearest valid key."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from typing import get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from reels.campaign.yaml_with_lines import KeyPath, Located
from reels.errors import CampaignProblem

__all__ = ["nearest", "problems_in"]


def nearest(word: str, choices: Iterable[str]) -> str | None:
    """The choice that a mistyped `word` most likely meant."""
    found = difflib.get_close_matches(word.lower(), list(choices), n=1, cutoff=0.5)
    return found[0] if found else None


def problems_in(
    error: ValidationError, located: Located, schema: type[BaseModel]
) -> tuple[CampaignProblem, ...]:
    """One problem per refusal, in the order of the file."""
    found = [_problem(details, located, schema) for details in error.errors(include_url=False)]
    return tuple(problem for _, problem in sorted(found, key=lambda pair: pair[0]))


def _problem(details: ErrorDetails, located: Located, schema: type[BaseModel]) -> tuple[int, CampaignProblem]:
    path = _path_in_file(details["loc"], located.data)
    kind = details["type"]
    if kind == "extra_forbidden":
        keys = _keys_at(schema, path[:-1])
        guess = nearest(str(path[-1]), keys)
        found = f"unknown key {path[-1]}"
        expected = f"one of {', '.join(sorted(keys))}"
        remedy = f"perhaps you meant {guess}" if guess else "delete it"
    elif kind == "missing":
        found, expected, remedy = "no such key", f"the key {path[-1]}", "add it"
    else:
        written = _shown(details["input"])
        found, remedy = written, ""
        expected = details["msg"].removeprefix("Value error, ").removeprefix("Input should be ")
        if kind == "literal_error" and (guess := nearest(str(details["input"]), _choices(details))):
            remedy = f"perhaps you meant {guess}"
    line = located.line(path)
    where = located.where(path)
    return line, CampaignProblem(where=where, found=found, expected=expected, remedy=remedy)


def _choices(details: ErrorDetails) -> list[str]:
    text = str(details.get("ctx", {}).get("expected", ""))
    return [part.strip().strip("'") for part in text.replace(" or ", ",").split(",")]


def _shown(value: object) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, dict):
        return f"keys {', '.join(map(str, value))}" if value else "an empty mapping"
    if isinstance(value, list):
        return f"a list of {len(value)}"
    text = str(value)
    return text if len(text) <= 80 else f"{text[:77]}…"


def _path_in_file(location: Sequence[str | int], data: object) -> KeyPath:
    """pydantic's location without the parts (union branches) that are not keys of the file."""
    path: list[str | int] = []
    here = data
    for index, part in enumerate(location):
        if isinstance(here, dict) and isinstance(part, str):
            if part in here:
                here = here[part]
            elif index < len(location) - 1:
                continue
            path.append(part)
        elif isinstance(here, list) and isinstance(part, int) and part < len(here):
            here = here[part]
            path.append(part)
    return tuple(path)


def _keys_at(schema: type[BaseModel], path: KeyPath) -> set[str]:
    model: type[BaseModel] | None = schema
    for part in path:
        if isinstance(part, int) or model is None:
            continue
        model = next(
            (
                inner
                for name, field in model.model_fields.items()
                if (field.alias or name) == part
                for inner in _models_in(field.annotation)
            ),
            None,
        )
    return {field.alias or name for name, field in model.model_fields.items()} if model else set()


def _models_in(annotation: object) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for argument in get_args(annotation) for model in _models_in(argument)]
