"""The platforms' data files: read, validated, frozen.

The only place of this room that knows YAML and pydantic. Files come from the package itself, so an installed
`reels` finds them; what they say is judged by nobody here.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from fractions import Fraction
from functools import lru_cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Annotated, Any, Generic, Literal, TypeVar

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, create_model

from reels.errors import UsageError
from reels.geometry import Box, Raster
from reels.platforms.counting import Counting
from reels.platforms.model import Platform, Provenance, Trust
from reels.said import Said, any_of, perhaps

__all__ = [
    "PartialPlatformFile",
    "built_in_values",
    "list_platforms",
    "load_platform",
    "platform_among",
    "platform_of",
    "read_platform",
]

T = TypeVar("T")


def _exact(value: object) -> Fraction:
    # A float would be a rate or a limit that is not quite the one meant: 29.97 is no frame rate.
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise ValueError(
            f"{value!r} is not exact: write a whole number or a quoted fraction such as '30000/1001'"
        )
    return Fraction(value)


def _raster(value: object) -> Raster:
    width, _, height = str(value).partition("x")
    return Raster(int(width), int(height))


Exact = Annotated[Fraction, BeforeValidator(_exact)]
Pixels = Annotated[Raster, BeforeValidator(_raster)]
Count = Annotated[int, Field(ge=1, strict=True)]
Whole = Annotated[int, Field(ge=0, strict=True)]
_Language = Annotated[str, Field(pattern=r"^[a-z]{2,3}$")]
_Locale = Annotated[str, Field(pattern=r"^[a-z]{2,3}_[A-Z]{2}$")]


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


class _Sourced(_Model, Generic[T]):
    """One value with its origin."""

    value: T
    source: Annotated[str, Field(min_length=4)]
    checked_on: date
    trust: Trust
    note: str = ""


class _Margins(_Model):
    """Pixels of the raster that the platform's own buttons and texts cover, from each side."""

    top: Whole
    bottom: Whole
    left: Whole
    right: Whole

    def inside(self, raster: Raster) -> Box:
        return Box(self.left, self.top, raster.width - self.right, raster.height - self.bottom)


class _Band(_Model):
    """Rows of the raster, from `top` up to but without `bottom`."""

    top: Whole
    bottom: Whole


class _Rectangle(_Model):
    left: Whole
    top: Whole
    right: Whole
    bottom: Whole


class _Title(_Model):
    en: str
    ko: str


class _Values(_Model):
    """Every value must stand in every file: what is not published is written down as null, not left out."""

    containers: _Sourced[tuple[Literal["mp4", "mov", "webm"], ...]]
    moov_first: _Sourced[bool]
    edit_lists_allowed: _Sourced[bool]
    video_codecs: _Sourced[tuple[str, ...]]
    video_profiles: _Sourced[tuple[str, ...]]
    pixel_formats: _Sourced[tuple[str, ...]]
    colour: _Sourced[str]
    raster: _Sourced[Pixels]
    min_width: _Sourced[Count | None]
    min_height: _Sourced[Count | None]
    max_width: _Sourced[Count | None]
    max_height: _Sourced[Count | None]
    progressive: _Sourced[bool]
    constant_rate: _Sourced[bool]
    fps_min: _Sourced[Exact | None]
    fps_max: _Sourced[Exact | None]
    closed_gop: _Sourced[bool]
    max_gop: _Sourced[Exact | None]
    max_video_bitrate: _Sourced[Count | None]
    audio_codecs: _Sourced[tuple[str, ...]]
    audio_rate_hz: _Sourced[Count]
    audio_channels: _Sourced[Count]
    audio_bitrate: _Sourced[Count]
    target_lufs: _Sourced[Exact]
    max_true_peak_dbtp: _Sourced[Exact]
    duration_min: _Sourced[Exact | None]
    duration_max: _Sourced[Exact | None]
    max_bytes: _Sourced[Count | None]
    title_limit: _Sourced[Count | None]
    title_counting: _Sourced[Counting]
    caption_limit: _Sourced[Count | None]
    caption_counting: _Sourced[Counting]
    max_hashtags: _Sourced[Whole | None]
    refused_signs: _Sourced[str]
    sidecar_name: _Sourced[Annotated[str, Field(pattern=r"^\{reel\}\.\{(?:language|locale)\}\.srt$")]]
    sidecar_locales: _Sourced[dict[_Language, _Locale]]
    sidecar_accepted: _Sourced[bool]
    safe_area: _Sourced[_Margins]
    keep_clear: _Sourced[tuple[_Rectangle, ...]]
    auto_caption_band: _Sourced[_Band | None]
    cover_accepted: _Sourced[bool | None]
    cover_formats: _Sourced[tuple[Literal["jpeg", "png"], ...]]
    cover_max_bytes: _Sourced[Count | None]
    preview_crops: _Sourced[tuple[str, ...]]


_Name = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]


class _PlatformFile(_Model):
    schema_: Annotated[Literal["reels/platform/1"], Field(alias="schema")]
    name: _Name
    title: _Title
    # Where the sources that many values share are written once; YAML has merged them by the time we see it.
    sources: dict[str, Any] = {}
    values: _Values


_optional: dict[str, Any] = {
    name: (field.annotation | None, None)  # type: ignore[operator]
    for name, field in _Values.model_fields.items()
}
_SomeValues = create_model("_SomeValues", __base__=_Model, **_optional)
"""As `_Values`, of which a file that extends another says what is otherwise."""


class PartialPlatformFile(_Model):
    """A file of a team, which may say no more than what is otherwise than in the platform it `extends`."""

    schema_: Annotated[Literal["reels/platform/1"], Field(alias="schema")]
    name: _Name
    extends: _Name | None = None
    title: _Title | None = None
    sources: dict[str, Any] = {}
    values: _SomeValues


# libyaml's where there is one: as safe, and ten times as fast; every command reads every built-in file.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_platform(text: str) -> Platform:
    """The platform that a data file's text describes.

    Raises: ValueError (pydantic's ValidationError is one) for a file that does not follow the schema.
    """
    return platform_of(yaml.load(text, Loader=_LOADER))


def platform_of(data: Mapping[str, Any]) -> Platform:
    """The platform of a data file that has been read as plain values. Raises: ValueError, as `read_platform`."""
    read = _PlatformFile.model_validate(data)
    plain = {key: sourced.value for key, sourced in _sourced(read.values)}
    raster = read.values.raster.value
    band = read.values.auto_caption_band.value
    return Platform(
        **plain
        | {
            "name": read.name,
            "title": read.title.en,
            "title_ko": read.title.ko,
            "sidecar_locales": tuple(read.values.sidecar_locales.value.items()),
            "safe_area": read.values.safe_area.value.inside(raster),
            "keep_clear": tuple(
                Box(box.left, box.top, box.right, box.bottom) for box in read.values.keep_clear.value
            ),
            "auto_caption_band": Box(0, band.top, raster.width, band.bottom) if band else None,
            "provenance": tuple(
                Provenance(
                    key=key,
                    source=sourced.source,
                    checked_on=sourced.checked_on,
                    trust=sourced.trust,
                    note=sourced.note,
                )
                for key, sourced in _sourced(read.values)
            ),
        }
    )


def _sourced(values: _Values) -> Iterator[tuple[str, _Sourced[Any]]]:
    for key in _Values.model_fields:
        yield key, getattr(values, key)


def _data_files() -> Iterator[Traversable]:
    return (file for file in resources.files("reels.platforms").iterdir() if file.name.endswith(".yaml"))


def built_in_values(name: str) -> tuple[dict[str, str], dict[str, Any]] | None:
    """Title and values of a platform that comes with reels, as they stand in its file; None of one that does not."""
    for file in _data_files():
        if file.name == f"{name}.yaml":
            data = yaml.load(file.read_text(encoding="utf-8"), Loader=_LOADER)
            return data["title"], data["values"]
    return None


@lru_cache(maxsize=1)
def list_platforms() -> tuple[Platform, ...]:
    """Every platform that comes with reels, by name."""
    found = (read_platform(file.read_text(encoding="utf-8")) for file in _data_files())
    return tuple(sorted(found, key=lambda platform: platform.name))


def load_platform(name: str) -> Platform:
    """The platform called `name`.

    Raises: UsageError, naming the nearest name that exists.
    """
    return platform_among(list_platforms(), name)


def platform_among(platforms: Iterable[Platform], name: str, *, where: str = "--platform") -> Platform:
    """The one of `platforms` called `name`. Raises: UsageError, as `load_platform`."""
    known = {platform.name: platform for platform in platforms}
    if name in known:
        return known[name]
    typed = name.strip().lower()
    # Of those that are as near, and who types `instagram` is as near to two, the first by name.
    nearest = max(
        sorted(known),
        key=lambda one: (
            bool(typed) and one.startswith(typed),
            difflib.SequenceMatcher(None, typed, one).ratio(),
        ),
    )
    raise UsageError(
        where=where,
        found=f"'{name}'",
        expected=any_of(known),
        remedy=Said(f"did you mean {nearest}?", ko=perhaps(nearest).ko),
    )
