"""The command reference is what the code says, and the code says something about everything."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from reels.cli.app import app

ROOT = Path(__file__).parents[2]


def _commands(name: str, command: Any) -> Iterator[tuple[str, Any]]:
    for word, child in getattr(command, "commands", {}).items():
        yield f"{name} {word}", child
        yield from _commands(f"{name} {word}", child)


COMMANDS = list(_commands("reels", typer.main.get_command(app)))


def test_the_command_reference_is_up_to_date() -> None:
    """If this fails: `make docs`."""
    spec = importlib.util.spec_from_file_location(
        "command_reference", ROOT / "tools-for-developers" / "command_reference.py"
    )
    assert spec is not None
    assert spec.loader is not None
    writer = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(writer)
    assert (ROOT / "docs" / "commands.md").read_text(encoding="utf-8") == writer.reference()


@pytest.mark.parametrize(("name", "command"), COMMANDS, ids=[name for name, _ in COMMANDS])
def test_every_command_and_each_of_its_options_has_help(name: str, command: Any) -> None:
    assert command.help, name
    silent = [p.name for p in command.params if p.name != "help" and not p.help]
    assert silent == []


def test_every_listing_or_judging_command_speaks_json() -> None:
    speaking = {name for name, c in COMMANDS if any("--json" in p.opts for p in c.params)}
    wanted = {
        "probe",
        "check",
        "plan",
        "lint",
        "render",
        "make",
        "draft",
        "models",
        "platforms",
        "templates",
        "doctor",
        "cache",
    }
    assert speaking >= {f"reels {word}" for word in wanted}
