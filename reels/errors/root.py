"""The root of the error tree, and how a sentence is filled with its facts."""

from __future__ import annotations

import string
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from reels.said import Language, in_language

__all__ = ["ReelsError", "printable"]


def printable(text: object) -> str:
    """`text` with every control character written as an escape, so that a file name cannot forge a message.

    A newline in a citizen's file name would otherwise start a line that looks like ours, and an escape
    sequence would reach the terminal.
    """
    return "".join(
        c if c.isprintable() else c.encode("unicode_escape", "backslashreplace").decode("ascii")
        for c in str(text)
    )


class _Facts(string.Formatter):
    """Fills a sentence of one language with facts, each made printable."""

    def __init__(self, language: Language) -> None:
        self._language = language

    def format_field(self, value: Any, format_spec: str) -> str:
        return str(super().format_field(printable(in_language(value, self._language)), format_spec))


def _rebuild(cls: type[ReelsError], facts: Mapping[str, Any]) -> ReelsError:
    return cls(**facts)


@dataclass(eq=False)
class ReelsError(Exception):
    """The root. Subclasses are dataclasses whose fields are the facts of the sentence."""

    exit_code: ClassVar[int] = 6
    en: ClassVar[str] = ""
    ko: ClassVar[str] = ""

    def sentence(self, language: Language = "en") -> str:
        """The one sentence for the user."""
        template = self.ko if language == "ko" and self.ko else self.en
        return _Facts(language).vformat(template, (), vars(self))

    def status(self) -> int:
        """The exit code for this very error."""
        return self.exit_code

    def __str__(self) -> str:
        return self.sentence()

    def __reduce__(self) -> tuple[Any, ...]:
        # An exception travels between processes by its args, which a dataclass leaves empty.
        return _rebuild, (type(self), dict(vars(self)))
