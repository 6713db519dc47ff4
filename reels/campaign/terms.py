"""`glossary:` in a file, the same in a brand and in a campaign."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import PlainValidator

from reels.glossary import Glossary, parse_glossary
from reels.said import Said

__all__ = ["Terms", "glossary"]


def glossary(value: Any) -> Glossary:
    """A list of terms and of `wrong: right`, or one mapping.

    Raises: ValueError for anything else, and what `parse_glossary` raises.
    """
    if not isinstance(value, list | dict):
        raise ValueError(Said("a list of terms and of wrong: right", ko="용어와 '틀린 말: 맞는 말'의 목록"))
    return parse_glossary(value)


Terms = Annotated[Glossary, PlainValidator(glossary)]
