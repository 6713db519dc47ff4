"""Platforms: what each upload page accepts, as dated data with a source for every value.

`*.yaml` hold the values, `loading` reads them, `model` is what everybody else sees, `counting` measures texts
the way each platform does. No limit of a platform stands anywhere else in the code.
"""

from reels.platforms.counting import COUNTINGS, Counting, counted_length
from reels.platforms.loading import (
    PartialPlatformFile,
    built_in_values,
    list_platforms,
    load_platform,
    platform_among,
    platform_of,
    read_platform,
)
from reels.platforms.model import STALE_DAYS, Platform, Provenance, Trust

__all__ = [
    "COUNTINGS",
    "STALE_DAYS",
    "Counting",
    "PartialPlatformFile",
    "Platform",
    "Provenance",
    "Trust",
    "built_in_values",
    "counted_length",
    "list_platforms",
    "load_platform",
    "platform_among",
    "platform_of",
    "read_platform",
]
