"""What the commands share of the terminal: the language of messages, stdout for results, stderr for the rest."""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Mapping, Sequence
from typing import IO, Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from reels.errors import Language, printable
from reels.said import in_language
from reels.store import waiting_for

__all__ = [
    "language",
    "messages",
    "print_json",
    "print_line",
    "print_table",
    "set_verbose",
    "tell",
    "tell_waiting",
    "verbose",
]

_ENDLESS = 100_000
_verbose = False


def set_verbose(value: bool) -> None:
    global _verbose  # noqa: PLW0603 - one flag of one process, set once by the app's callback
    _verbose = value


def verbose() -> bool:
    return _verbose


def language() -> Language:
    """Korean where REELS_LANG or the locale says so, else English."""
    for name in ("REELS_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(name):
            return "ko" if value.lower().startswith("ko") else "en"
    return "en"


class _Messages(Console):
    """Stderr, which somebody may read or not: rich by itself would end the program."""

    def on_broken_pipe(self) -> None:
        self.quiet = True
        _let_unread(self.file)


def messages() -> Console:
    """Stderr, for progress and messages."""
    return _Messages(stderr=True, highlight=False)


def tell(text: str) -> None:
    """One line on stderr."""
    _tell_as_it_is(printable(text) + "\n")


def _tell_as_it_is(text: str) -> None:
    """`text` on stderr. Whoever reads may have seen enough (`2>&1 | head -1`); that ends no work."""
    try:
        sys.stderr.write(text)
        sys.stderr.flush()
    except BrokenPipeError:
        _let_unread(sys.stderr)


def _let_unread(stream: IO[str]) -> None:
    """Nobody reads `stream` any more: what is still written to it goes nowhere, the interpreter's last flush too."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


def tell_waiting(holder: str) -> None:
    """Whom this command waits for, on stderr."""
    tell(in_language(waiting_for(holder), language()))


def print_line(text: str) -> None:
    """One line of the product on stdout, as it is: a path must stay a path."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def print_json(value: Mapping[str, Any]) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")


def print_table(columns: Sequence[str], rows: Sequence[Sequence[object]], *, to_stderr: bool = False) -> None:
    """A plain table; cells are text, never markup, and never control characters."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*(Text(printable(cell)) for cell in row))
    stream = sys.stderr if to_stderr else sys.stdout
    if stream.isatty():
        (messages() if to_stderr else Console(file=stream, highlight=False)).print(table)
        return
    # In a file or a pipe a row is a line, however long: it will be searched, not looked at.
    drawn = io.StringIO()
    Console(file=drawn, highlight=False, width=_ENDLESS).print(table)
    lines = "".join(line.rstrip() + "\n" for line in drawn.getvalue().splitlines())
    if to_stderr:
        _tell_as_it_is(lines)
        return
    stream.write(lines)
    stream.flush()
