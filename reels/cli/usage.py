"""What Typer refused, in one line of the user's language: where, what is wrong, which help to ask."""

from __future__ import annotations

import re

from reels.errors import printable
from reels.said import Language, Said, in_language, perhaps

__all__ = ["usage_sentence"]

# Typer's own words that tell kinds of one class apart.
_NO_SUCH_COMMAND = re.compile(r"No such command '(.*?)'\.?(?: Did you mean '(.*)'\?)?.*", re.DOTALL)
_AT_LEAST = re.compile(r"(?:greater than or equal to |not in the range x>=)(\S+)")
_AT_MOST = re.compile(r"(?:less than or equal to |not in the range x<=)(\S+)")
_BETWEEN = re.compile(r"not in the range (\S+?)<=x<=(\S+)")
_WHOLE_NUMBER = re.compile(r"valid (?:integer|int range)", re.IGNORECASE)
_ONE_OF = re.compile(r"is not one of (.+)", re.DOTALL)
_TOO_MANY = re.compile(r"Got unexpected extra argument\w*(?:\(s\))? \((.*)\)", re.DOTALL)


def usage_sentence(error: Exception, language: Language) -> str:
    """`error` is one of Typer's usage errors, whose classes have no public names but carry what they found."""
    command = str(getattr(getattr(error, "ctx", None), "command_path", "reels"))
    where, what = _told(error)
    said = in_language(what, language)
    if language == "ko":
        return printable(f"{where}: {said} `{command} --help`를 보세요.")
    return printable(f"{where}: {said}; `{command} --help` lists what there is")


def _told(error: Exception) -> tuple[str, Said]:
    """Where, and what is wrong there."""
    kind = type(error).__name__
    said = str(getattr(error, "format_message", error.__str__)()).rstrip(".")
    option = str(getattr(error, "option_name", ""))
    if kind == "NoSuchOption":
        alike = list(getattr(error, "possibilities", None) or ())
        return option, _unknown("option", "옵션", alike[0] if alike else None)
    if kind == "BadOptionUsage" and "requires" in said:
        return option, Said("found no value, expected one", ko="값이 필요합니다.")
    if kind == "BadOptionUsage":
        return option, Said("found a value, expected none", ko="값을 받지 않는 옵션입니다.")
    if kind == "MissingParameter":
        return _hint(error), Said("found nothing, expected a value", ko="꼭 있어야 하는데 빠졌습니다.")
    if kind == "BadParameter":
        return _hint(error), _bad_value(error, str(getattr(error, "message", said)).rstrip("."))
    if found := _NO_SUCH_COMMAND.fullmatch(said):
        return found[1], _unknown("command", "명령", found[2])
    if found := _TOO_MANY.fullmatch(said):
        return found[1], Said("found one argument too many, expected none", ko="받지 않는 인자입니다.")
    return "reels", Said(said, ko=f"{said}.")


def _bad_value(error: Exception, reason: str) -> Said:
    """What was given and what may be; in the words of Typer where it says something else."""
    given = _given(error, reason)
    found_en, found_ko = (f"found {given}, ", f"{given} — ") if given else ("", "")
    if bounds := _BETWEEN.search(reason):
        en, ko = f"from {bounds[1]} to {bounds[2]}", f"{bounds[1]}부터 {bounds[2]}까지의 수"
    elif bounds := _AT_LEAST.search(reason):
        en, ko = f"at least {bounds[1]}", f"{bounds[1]} 이상의 수"
    elif bounds := _AT_MOST.search(reason):
        en, ko = f"at most {bounds[1]}", f"{bounds[1]} 이하의 수"
    elif _WHOLE_NUMBER.search(reason):
        en, ko = "a whole number", "정수"
    elif names := _ONE_OF.search(reason):
        listed = names[1].replace("'", "")
        en, ko = f"one of {listed}", f"{listed} 가운데 하나"
    else:
        return Said(reason[:1].lower() + reason[1:], ko="쓸 수 없는 값입니다.")
    return Said(f"{found_en}expected {en}", ko=f"{found_ko}{ko}를 적어 주세요.")


def _given(error: Exception, reason: str) -> str:
    """What stood on the command line; newer Typers keep it in the error behind theirs, older ones say it first."""
    behind = getattr(error.__cause__, "errors", None)
    if callable(behind) and (details := behind()):
        return str(details[0].get("input", ""))
    named = re.match(r"(?:'(.*?)'|(\S+)) is not ", reason)
    return (named[1] or named[2]) if named else ""


def _unknown(en: str, ko: str, guess: str | None) -> Said:
    meant = perhaps(guess) if guess else Said("", ko="")
    return Said(f"no such {en}" + (f", {meant}" if guess else ""), ko=f"없는 {ko}입니다. {meant.ko}".rstrip())


def _hint(error: Exception) -> str:
    parameter = getattr(error, "param", None)
    names = [*getattr(parameter, "opts", ()), *getattr(parameter, "secondary_opts", ())]
    return " / ".join(names)
