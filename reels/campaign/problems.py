"""A pydantic refusal as sentences: file, line, key, what was found, what was expected, the nearest valid key.

Beside them the sentence about a file that is not there, which more than one reader of the campaign needs.
"""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from reels.campaign.keys import A_NUMBER, A_TEXT, A_WHOLE_NUMBER
from reels.campaign.yaml_with_lines import USUAL_TABLE, KeyPath, Located
from reels.errors import CampaignProblem
from reels.said import Said, any_of, perhaps

__all__ = ["models_in", "nearest", "no_such_file", "problems_in"]


def nearest(word: str, choices: Iterable[str]) -> str | None:
    """The choice that a mistyped `word` most likely meant."""
    found = difflib.get_close_matches(word.lower(), list(choices), n=1, cutoff=0.5)
    return found[0] if found else None


def no_such_file(written: str, path: Path, *, where: str) -> CampaignProblem:
    """The problem of what is `written`, which would be the file `path`; a name like it in that folder is offered."""
    guess = nearest(path.name, _names_in(path.parent))
    return CampaignProblem(
        where=where,
        found=Said(f"{written}, which is not there", ko=f"없는 파일 {written}"),
        expected=Said("a file beside the campaign", ko="캠페인 옆에 있는 파일"),
        remedy=perhaps(guess) if guess else Said("check the name", ko="이름을 확인해 주세요."),
    )


def _names_in(folder: Path) -> list[str]:
    try:
        return [unicodedata.normalize("NFC", one.name) for one in folder.iterdir()]
    except (OSError, ValueError):
        return []


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
        keys = _keys_at(schema, path[:-1], located.data)
        guess = nearest(str(path[-1]), keys)
        found: str = Said(f"unknown key {path[-1]}", ko=f"모르는 키 {path[-1]}")
        expected: str = any_of(sorted(keys))
        remedy: str = perhaps(guess) if guess else Said("delete it", ko="지워 주세요.")
    elif kind == "missing":
        found = Said("no such key", ko="없는 키")
        expected = Said(f"the key {path[-1]}", ko=f"키 {path[-1]}")
        remedy = _HOW_TO_ADD.get(path, Said("add it", ko="더해 주세요."))
    else:
        found, expected, remedy = _found(details), _expected(details), _remedy(details)
    line = located.line(path)
    where = located.where(path)
    return line, CampaignProblem(where=where, found=found, expected=expected, remedy=remedy)


_HOW_TO_ADD: dict[KeyPath, Said] = {
    ("reels",): Said(
        f"add it, or put a {USUAL_TABLE} with one reel a row beside the file",
        ko=f"더해 주세요. 한 줄에 릴스 한 편씩 적은 {USUAL_TABLE}을 옆에 두어도 됩니다.",
    ),
}
_EXPECTED = {
    "string_type": Said("text", ko="글"),
    "string_unicode": A_TEXT,
    "list_type": Said("a list", ko="목록"),
    "model_type": Said("keys and their values", ko="키와 값"),
    "dict_type": Said("keys and their values", ko="키와 값"),
    "bool_type": Said("true or false", ko="true나 false"),
    "bool_parsing": Said("true or false", ko="true나 false"),
    "int_type": A_WHOLE_NUMBER,
    "int_parsing": A_WHOLE_NUMBER,
    "int_parsing_size": A_WHOLE_NUMBER,
    "int_from_float": A_WHOLE_NUMBER,
    "float_type": A_NUMBER,
    "float_parsing": A_NUMBER,
    "finite_number": A_NUMBER,
    "string_pattern_mismatch": Said(
        "lower-case letters, digits, Hangul, - and _ only, at most 40, neither - nor _ first",
        ko="로마자 소문자, 숫자, 한글, -, _만 40자 이하, -와 _는 맨 앞 제외",
    ),
}


def _expected(details: ErrorDetails) -> str:
    """What would have been right, for people: pydantic's own words name Python's types and our classes."""
    kind, context = details["type"], details.get("ctx", {})
    if kind in _EXPECTED:
        return _EXPECTED[kind]
    if kind == "value_error":
        own = context["error"].args[0]  # ours, and bilingual where the validator was
        return own if isinstance(own, Said) else str(own)
    if kind == "literal_error":
        choices = _choices(details)
        return Said(" or ".join(choices), ko=" 또는 ".join(choices))
    if kind in ("too_short", "too_long", "string_too_short", "string_too_long"):
        return _length(details)
    for key, en, ko in (
        ("ge", "at least {}", "{} 이상"),
        ("gt", "more than {}", "{} 초과"),
        ("le", "at most {}", "{} 이하"),
        ("lt", "less than {}", "{} 미만"),
    ):
        if key in context:
            return Said(en.format(context[key]), ko=ko.format(context[key]))
    return details["msg"]


def _found(details: ErrorDetails) -> str:
    """What is written there; of something long a validator may say itself what is wrong with it."""
    told = details["ctx"]["error"].args[1:] if details["type"] == "value_error" else ()
    if told and isinstance(told[0], Said):
        return told[0]
    return f'"{details["input"]}"' if _is_quoted_choice(details) else _shown(details["input"])


def _remedy(details: ErrorDetails) -> str:
    """What is to be done, as a validator says it or as a choice that is nearly what was found shows it."""
    if _is_quoted_choice(details):
        return Said("take the quotes away", ko="따옴표를 빼 주세요.")
    if details["type"] == "literal_error":
        guess = nearest(str(details["input"]), _choices(details))
        return perhaps(guess) if guess and guess != str(details["input"]) else ""
    told = details["ctx"]["error"].args[2:] if details["type"] == "value_error" else ()
    return told[0] if told and isinstance(told[0], Said) else ""


def _length(details: ErrorDetails) -> Said:
    context = details.get("ctx", {})
    is_list = context.get("field_type") == "List"
    short = "min_length" in context
    count = context["min_length" if short else "max_length"]
    unit = ("item" if is_list else "character") + ("" if count == 1 else "s")
    en = f"at {'least' if short else 'most'} {count} {unit}"
    return Said(en, ko=f"{'항목' if is_list else '글자'} {count}개 {'이상' if short else '이하'}")


def _choices(details: ErrorDetails) -> list[str]:
    text = str(details.get("ctx", {}).get("expected", ""))
    return [part.strip().strip("'") for part in text.replace(" or ", ",").split(",")]


def _is_quoted_choice(details: ErrorDetails) -> bool:
    """Whether a text was found where the number that it looks like was expected."""
    written = details["input"]
    return details["type"] == "literal_error" and isinstance(written, str) and written in _choices(details)


def _shown(value: object) -> str:
    if value is None or value == "":
        return Said("nothing", ko="빈 값")
    if isinstance(value, dict):
        keys = ", ".join(map(str, value))
        return Said(f"keys {keys}", ko=f"키 {keys}") if value else Said("no keys", ko="키 없음")
    if isinstance(value, list):
        return Said(f"a list of {len(value)}", ko=f"항목 {len(value)}개인 목록")
    if isinstance(value, bool):
        return str(value).lower()
    text = str(value)
    return text if len(text) <= 80 else f"{text[:77]}…"


def _path_in_file(location: Sequence[str | int], data: object) -> KeyPath:
    """pydantic's location without the parts (union branches, which may have a colon) that are not keys of the file."""
    path: list[str | int] = []
    here = data
    for index, part in enumerate(location):
        if isinstance(here, dict) and isinstance(part, str):
            if part in here:
                here = here[part]
            elif index < len(location) - 1 or ":" in part or part == "[key]":
                continue
            path.append(part)
        elif isinstance(here, list) and isinstance(part, int) and part < len(here):
            here = here[part]
            path.append(part)
    return tuple(path)


def _keys_at(schema: type[BaseModel], path: KeyPath, data: object) -> set[str]:
    """The keys that may stand at `path`; of several kinds of mappings, of the kind that is most like what stands there."""
    model: type[BaseModel] | None = schema
    here = data
    names_its_keys = False
    for number, part in enumerate(path):
        here = _inside(here, part)
        if isinstance(part, int) or model is None:
            continue
        if names_its_keys:  # `quiz` of `cards`, which is nobody's field
            names_its_keys = False
            continue
        fields = [field for name, field in model.model_fields.items() if (field.alias or name) == part]
        inner = [found for field in fields for found in models_in(field.annotation)]
        names_its_keys = any(get_origin(field.annotation) is dict for field in fields)
        written = here
        for index in path[number + 1 :]:
            if not isinstance(index, int):
                break
            written = _inside(written, index)
        keys = set(written) if isinstance(written, dict) else set()
        model = max(inner, key=lambda one: len(_names_of(one) & keys), default=None)
    return _names_of(model) if model is not None else set()


def _inside(here: object, part: str | int) -> object:
    if isinstance(here, dict) and isinstance(part, str):
        return here.get(part)
    if isinstance(here, list) and isinstance(part, int) and part < len(here):
        return here[part]
    return None


def _names_of(model: type[BaseModel]) -> set[str]:
    return {field.alias or name for name, field in model.model_fields.items()}


def models_in(annotation: object) -> list[type[BaseModel]]:
    """The kinds of keys that may stand where the schema says `annotation`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for argument in get_args(annotation) for model in models_in(argument)]
