"""The columns that a spreadsheet of reels may have: each key of a reel, or of its clip, that a plain cell can say.

They are taken from `schema`, so that a key that is new there is a column too; those inside keys are named with dots, as
`subtitles.style`. Reads no file; `spreadsheet` asks which column a heading means and how its cells are read.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, get_args, get_origin

from pydantic import BaseModel

from reels.campaign.problems import models_in, nearest
from reels.campaign.schema import ReelKeys
from reels.campaign.yaml_with_lines import KeyPath
from reels.said import Said, any_of

__all__ = ["COLUMNS", "OF_CLIPS", "Column", "column_of", "known_headings", "nearest_heading"]

Reads = Literal["text", "value", "hashtags", "names", "words"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column called `key`, or in Korean one of `korean`.

    Its cells are text as it stands, or a value as YAML reads it (`true`, `4.2`), or several: hashtags, names without blanks
    in them, words between commas or line ends. `is_time`: spreadsheets like to make something else of it.
    """

    key: str
    korean: tuple[str, ...] = ()
    reads: Reads = "text"
    is_time: bool = False

    @property
    def path(self) -> KeyPath:
        """Where its values belong in a reel; of a column that speaks of clips, in a clip."""
        return tuple(self.key.split("."))


OF_CLIPS = ("footage", "in", "out", "name", "role", "subtitles")
"""Keys of clips: a cell says one a line, for the films of the row in their order."""

_KOREAN: dict[str, tuple[str, ...]] = {
    "id": ("아이디",),
    "title": ("제목",),
    "footage": ("영상", "촬영본", "영상 파일"),
    "in": ("시작",),
    "out": ("끝",),
    "name": ("이름",),
    "role": ("직책",),
    "subtitles": ("자막",),
    "caption": ("문구", "캡션"),
    "hashtags": ("해시태그",),
    "platforms": ("플랫폼",),
    "template": ("템플릿",),
    "brand": ("브랜드",),
    "framing": ("화면",),
    "cover": ("표지",),
    "music": ("음악",),
    "lut": ("룩",),
    "stabilise": ("흔들림 보정",),
    "frame_rate": ("초당 프레임",),
    "ai": ("AI 표시",),
    "credit": ("출처 표시",),
    "end_card": ("마침 카드",),
    "intro": ("인트로",),
    "outro": ("아웃트로",),
    "edit": ("편집",),
}
"""In the order in which messages list them."""

_TEXT = frozenset({"id", "title", "caption", "brand", "template", "edit"})
"""Whatever stands there is meant as text: no cell can be put between quotes, as `title: "true"` can in YAML."""

_TIMES = frozenset(
    {
        *("in", "out", "cover", "cover.at", "cut.shortest"),
        *("cut.silence.least", "cut.silence.before", "cut.silence.after"),
        *("music.start", "music.fade_in", "music.fade_out"),
    }
)

_NO_CELLS = frozenset(
    {
        *("clips", "cards", "elements", "voice"),  # lists of keys, and what speaks over cards
        *("framing.box", "framing.keyframes", "subtitles.glossary"),
    }
)
_KEYS_ALONE = frozenset({"subtitles", "sound", "cut"})
"""Keys of a reel that hold nothing but other keys."""


def _columns() -> Iterator[Column]:
    for key in OF_CLIPS:
        yield Column(key=key, korean=_KOREAN[key], is_time=key in _TIMES)
    yield from _columns_in(ReelKeys, "")


def _columns_in(model: type[BaseModel], before: str) -> Iterator[Column]:
    for name, field in model.model_fields.items():
        key = before + (field.alias or name)
        if key in _NO_CELLS:
            continue
        if key not in _KEYS_ALONE:
            reads = _reading(key, field.annotation)
            yield Column(key=key, korean=_KOREAN.get(key, ()), reads=reads, is_time=key in _TIMES)
        for inner in models_in(field.annotation):
            yield from _columns_in(inner, f"{key}.")


def _reading(key: str, annotation: object) -> Reads:
    if _is_list(annotation):
        return "hashtags" if key == "hashtags" else "names" if key == "platforms" else "words"
    return "text" if key in _TEXT else "value"


def _is_list(annotation: object) -> bool:
    return get_origin(annotation) is list or any(map(_is_list, get_args(annotation)))


COLUMNS: dict[str, Column] = {column.key: column for column in _columns()}
_ORDER = [*_KOREAN, *(key for key in COLUMNS if key not in _KOREAN)]
_WITHOUT_DOTS = [COLUMNS[key] for key in _ORDER if "." not in key]


def _compared(heading: str) -> str:
    return re.sub(r"[\s_-]+", "", unicodedata.normalize("NFC", heading).casefold())


_BY_HEADING = {
    _compared(name): column for column in COLUMNS.values() for name in (column.key, *column.korean)
}


def column_of(heading: str) -> Column | None:
    """The column that is headed so, in English or Korean; case, blanks, `-` and `_` do not count."""
    return _BY_HEADING.get(_compared(heading))


def nearest_heading(heading: str) -> str | None:
    """The heading that a mistyped one most likely meant."""
    names = [name for key in _ORDER for name in (key, *COLUMNS[key].korean)]
    return nearest(heading, names)


def known_headings(heading: str) -> Said:
    """What is expected instead of an unknown `heading`: all columns, or those inside the same key."""
    before, dot, _ = heading.partition(".")
    inside = [key for key in COLUMNS if dot and key.startswith(f"{before.strip().casefold()}.")]
    if inside:
        return any_of(inside)
    english = ", ".join(column.key for column in _WITHOUT_DOTS)
    korean = ", ".join((*column.korean, column.key)[0] for column in _WITHOUT_DOTS)
    return Said(
        f"one of {english}, or a key inside a key such as subtitles.style",
        ko=f"{korean} 가운데 하나, 또는 subtitles.style처럼 키 안의 키",
    )
