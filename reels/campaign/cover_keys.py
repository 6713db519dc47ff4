"""`cover:` of a campaign, and `--cover` → what is wanted as the cover.

The shapes that pydantic judges stand here too, for `schema` to use. `load` asks `wanted_cover`, which reads the header
of a picture and tells the problems.
"""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction
from typing import Any, Protocol, TypeVar

from reels.art.photo import measure_photo
from reels.campaign.model import Origin
from reels.campaign.reading import Reading
from reels.campaign.yaml_with_lines import KeyPath
from reels.covering import AUTO_COVER, WantedCover
from reels.errors import CampaignProblems
from reels.footage import existing_file
from reels.said import Said
from reels.timing import TimecodeUnreadable, parse_clock

__all__ = ["WrittenCover", "cover_as_keys", "cover_time", "cover_title", "one_source", "wanted_cover"]

A_COVER = Said(
    "auto, a time of the reel such as 4.2 or 01:04.2, or a picture file (.jpg, .png, .webp)",
    ko="auto, 4.2나 01:04.2처럼 적은 릴스의 시각, 또는 그림 파일(.jpg, .png, .webp)",
)
_A_TIME = Said(
    "a time of the reel such as 4.2, 01:04.2 or 120f", ko="4.2, 01:04.2, 120f처럼 적은 릴스의 시각"
)
_LIKE_A_TIME = re.compile(r"-?[0-9][0-9:.,]*f?")
_LIKE_A_PICTURE = re.compile(r".*\.(?:jpe?g|png|webp)", re.IGNORECASE | re.DOTALL)


class WrittenCover(Protocol):
    """The keys as `schema` has judged them; an empty title is none."""

    @property
    def at(self) -> str | None: ...
    @property
    def file(self) -> str | None: ...
    @property
    def title(self) -> str | None: ...


Written = TypeVar("Written", bound=WrittenCover | None)


def cover_as_keys(value: Any) -> Any:
    """A word, a time or a file by the shape of the text alone, as the keys that say the same.

    Raises: ValueError for what has none of these shapes.
    """
    if value is None or isinstance(value, dict):
        return value
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        raise ValueError(A_COVER)
    text = str(value).strip()
    if text == "auto":
        return {}
    if _LIKE_A_PICTURE.fullmatch(text):
        return {"file": text}
    if _LIKE_A_TIME.fullmatch(text):
        return {"at": cover_time(text)}
    raise ValueError(A_COVER)


def cover_time(value: Any) -> str:
    """A time as people write it. Raises: ValueError."""
    text = str(value).strip() if isinstance(value, (str, int, float)) and not isinstance(value, bool) else ""
    try:
        parse_clock(text, rate=Fraction(1))
    except TimecodeUnreadable:
        raise ValueError(_A_TIME) from None
    return text


def cover_title(value: Any) -> str:
    """The text, empty for `false`. Raises: ValueError."""
    if value is False:
        return ""
    if isinstance(value, (str, int, float)) and not isinstance(value, bool) and str(value).strip():
        return str(value)
    raise ValueError(Said("text, or false for no title", ko="글, 또는 제목을 빼는 false"))


def one_source(keys: Written) -> Written:
    """`keys`, of which no two contradict each other. Raises: ValueError."""
    if keys is not None and keys.at is not None and keys.file is not None:
        raise ValueError(
            Said("either `at` or `file`", ko="`at`과 `file` 가운데 하나"),
            Said("both `at` and `file`", ko="함께 적은 `at`과 `file`"),
        )
    return keys


def wanted_cover(
    levels: tuple[WrittenCover | None, WrittenCover | None],
    at: KeyPath,
    origins: list[tuple[str, Origin]],
    reading: Reading,
) -> WantedCover:
    """The cover of the reel at `at`: what the nearer of campaign and reel says, as a whole."""
    outer, inner = levels
    keys = inner if inner is not None else outer
    origins.append(("cover", "default" if keys is None else "campaign" if inner is None else "reel"))
    if keys is None:
        return AUTO_COVER
    place: KeyPath = (*(at if inner is not None else ()), "cover")
    picture = reading.file(keys.file, place) if keys.file is not None else None
    if picture is not None and existing_file(picture) is not None:
        try:
            measure_photo(picture)
        except CampaignProblems as error:
            for one in error.problems:
                reading.problem(replace(one, where=f"{reading.where(place)} ({picture.name})"))
    return WantedCover(at=keys.at, file=picture, title=keys.title, where=reading.where(place))
