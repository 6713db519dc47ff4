"""Write docs/commands.md from the command line itself, so that the page cannot lag behind the code.

    python tools-for-developers/command_reference.py

A test compares the page with what this writes.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import typer

from reels.cli.app import app

PAGE = Path(__file__).parents[1] / "docs" / "commands.md"

_HEAD = """# Commands

Every command of `reels`, written by `make docs` from the command line itself. Results go to stdout, progress and
messages to stderr. `REELS_LANG=ko` makes the messages Korean.

| Exit code | Means |
|---|---|
| 0 | done |
| 2 | the command line asks for something impossible |
| 3 | campaign, brand, template or draft |
| 4 | source media |
| 5 | a tool, font or model is missing |
| 6 | a child process or the disk failed |
| 7 | a check failed, or some reels could not be made |
| 130 | interrupted |
"""


def reference() -> str:
    """The page as Markdown."""
    root: Any = typer.main.get_command(app)
    parts = [_HEAD]
    for name, command in root.commands.items():
        parts += _described(f"reels {name}", command)
    return "\n".join(parts)


def _described(name: str, command: Any) -> list[str]:
    arguments = [p for p in command.params if p.param_type_name == "argument"]
    options = [p for p in command.params if p.param_type_name == "option" and p.name != "help"]
    usage = " ".join(
        [name, *(_usage(argument) for argument in arguments), *(["[OPTIONS]"] if options else [])]
    )
    lines = [f"## `{name}`", "", f"    {usage}", "", (command.help or "").strip(), ""]
    rows = [(f"`{_usage(a)}`", a.help or "", "") for a in arguments]
    rows += [(_option(o), o.help or "", _default(o)) for o in options]
    if rows:
        lines += ["| | | Default |", "|---|---|---|"]
        lines += [f"| {left} | {text} | {default} |" for left, text, default in rows]
        lines.append("")
    for sub, child in getattr(command, "commands", {}).items():
        lines += _described(f"{name} {sub}", child)
    return lines


def _usage(argument: Any) -> str:
    word = argument.name.upper() + ("…" if argument.nargs == -1 or argument.multiple else "")
    return word if argument.required else f"[{word}]"


def _option(option: Any) -> str:
    names = ", ".join(f"`{name}`" for name in (*option.opts, *option.secondary_opts))
    takes = "" if option.is_flag else " " + (option.metavar or max(option.opts, key=len).lstrip("-").upper())
    return names + takes


def _default(option: Any) -> str:
    if option.is_flag or option.default in (None, "", ()):
        return ""
    return f"`{option.default}`"


if __name__ == "__main__":
    PAGE.write_text(reference(), encoding="utf-8")
