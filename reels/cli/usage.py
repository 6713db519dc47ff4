"""What Typer refused, in one line of the user's language: where, what is wrong, which help to ask."""

from __future__ import annotations

import re

from reels.errors import printable
from reels.said import Language, perhaps

__all__ = ["usage_sentence"]

# Typer's own words that tell kinds of one class apart.
_NO_SUCH_COMMAND = re.compile(r"No such command '(.*)'", re.DOTALL)
_TOO_MANY = re.compile(r"Got unexpected extra argument\w*(?:\(s\))? \((.*)\)", re.DOTALL)


def usage_sentence(error: Exception, language: Language) -> str:
    """`error` is one of Typer's usage errors, whose classes have no public names but carry what they found."""
    said = str(getattr(error, "format_message", error.__str__)()).rstrip(".")
    context = getattr(error, "ctx", None)
    command = str(getattr(context, "command_path", "reels"))
    if language == "ko":
        return printable(f"{_in_korean(error, said)} `{command} --help`를 보세요.")
    return printable(f"{said}; `{command} --help` lists what there is")


def _in_korean(error: Exception, said: str) -> str:
    kind = type(error).__name__
    option = str(getattr(error, "option_name", ""))
    if kind == "NoSuchOption":
        alike = [perhaps(name).ko for name in getattr(error, "possibilities", None) or ()]
        return " ".join([f"{option}: 없는 옵션입니다.", *alike[:1]])
    if kind == "BadOptionUsage":
        return f"{option}: {'값이 필요합니다' if 'requires' in said else '값을 받지 않는 옵션입니다'}."
    if kind == "MissingParameter":
        return f"{_hint(error)}: 꼭 있어야 하는데 빠졌습니다."
    if kind == "BadParameter":
        return f"{_hint(error)}: 쓸 수 없는 값입니다."
    if found := _NO_SUCH_COMMAND.fullmatch(said):
        return f"{found[1]}: 없는 명령입니다."
    if found := _TOO_MANY.fullmatch(said):
        return f"{found[1]}: 받지 않는 인자입니다."
    return f"{said}."


def _hint(error: Exception) -> str:
    parameter = getattr(error, "param", None)
    names = [*getattr(parameter, "opts", ()), *getattr(parameter, "secondary_opts", ())]
    return " / ".join(names)
