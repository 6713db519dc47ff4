"""`sound:` and `music:` of a campaign → which sound of a clip is heard, its clean-up, and the music under a reel.

`schema` has judged the shape of every key; `load` asks this, finds the music's file and tells the problems.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from fractions import Fraction
from typing import Any

from reels.campaign.model import USUAL_DUCK_DB, MusicSpec, Origin
from reels.campaign.reading import Reading
from reels.campaign.schema import MusicKeys, SoundKeys
from reels.campaign.yaml_with_lines import KeyPath
from reels.sound.soundtrack import SoundOptions

__all__ = ["music_of", "sound_options"]


def sound_options(
    levels: Sequence[SoundKeys | None], origins: list[tuple[str, Origin]] | None = None
) -> SoundOptions:
    """What the levels say, from the campaign's to the clip's, each key from the nearest; `null` is the default again.

    `origins` learns which level of campaign and reel said it.
    """
    options = SoundOptions()
    came_from: dict[str, Origin] = {field.name: "default" for field in fields(options)}
    names: tuple[Origin, ...] = ("campaign", "reel", "option")
    for keys, origin in zip(levels, names, strict=False):
        if keys is None:
            continue
        for name in sorted(keys.model_fields_set):
            value = getattr(keys, name)
            options = replace(options, **{name: getattr(SoundOptions(), name) if value is None else value})
            came_from[name] = origin
    if origins is not None:
        origins += [(f"sound.{name}", origin) for name, origin in came_from.items()]
    return options


def music_of(
    levels: tuple[MusicKeys | None, MusicKeys | None],
    at: KeyPath,
    origins: list[tuple[str, Origin]],
    reading: Reading,
) -> MusicSpec | None:
    """The music of the reel at `at`, each key from the nearest of campaign and reel; None for none.

    Without a file the other keys say nothing: a reel may keep its own level for music that a campaign leaves out.
    """
    written = ""
    named: Origin = "default"
    names: tuple[Origin, Origin] = ("campaign", "reel")
    values: dict[str, Any] = {}
    for keys, origin in zip(levels, names, strict=True):
        for key in sorted(keys.model_fields_set) if keys is not None else ():
            value = getattr(keys, key)
            if key == "file":
                written, named = value or "", origin
            elif value is None:
                values.pop(_FIELDS.get(key, key), None)
            else:
                values[_FIELDS.get(key, key)] = _decibels(value) if key == "duck" else value
    origins.append(("music", named))
    if not written:
        return None
    place: KeyPath = (*(at if named == "reel" else ()), "music")
    return MusicSpec(path=reading.file(written, place), where=reading.where(place), **values)


_FIELDS = {"level": "level_lu", "duck": "duck_db"}


def _decibels(value: Fraction | bool) -> Fraction:
    if isinstance(value, bool):
        return USUAL_DUCK_DB if value else Fraction(0)
    return value
