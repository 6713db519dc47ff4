"""What a platform accepts, as frozen values, each knowing where it came from.

Nothing here reads a file: `loading` makes these from the data files; `check`, `encode`, `layout` and
`deliver` use them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Literal

from reels.geometry import Box, Raster
from reels.platforms.counting import Counting, counted_length

__all__ = ["STALE_DAYS", "Platform", "Provenance", "Trust"]

STALE_DAYS = 180
"""After half a year a page is looked at again: every tool that this was learned from had stale limits within one."""

Trust = Literal["official", "second-hand", "third-party", "unconfirmed", "measured"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """Where the value `key` came from: an address or words, the day it was seen, how far to trust it."""

    key: str
    source: str
    checked_on: date
    trust: Trust
    note: str = ""

    def __str__(self) -> str:
        return f"{self.source} ({self.trust}, {self.checked_on.isoformat()})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Platform:
    """One placement, such as Instagram Reels.

    Values say what a finished file must be. None means that no limit is published. Boxes are in pixels of
    `raster`; durations in seconds, rates in frames a second, bitrates in bits a second. Not `cover_accepted`: the cover
    is a frame of the film and no file of its own; `preview_crops` are the middles of it that grids show.
    """

    name: str
    title: str
    title_ko: str
    containers: tuple[str, ...]
    moov_first: bool
    edit_lists_allowed: bool
    video_codecs: tuple[str, ...]
    video_profiles: tuple[str, ...]
    pixel_formats: tuple[str, ...]
    colour: str
    raster: Raster
    min_width: int | None
    min_height: int | None
    max_width: int | None
    max_height: int | None
    progressive: bool
    constant_rate: bool
    fps_min: Fraction | None
    fps_max: Fraction | None
    closed_gop: bool
    max_gop: Fraction | None
    max_video_bitrate: int | None
    audio_codecs: tuple[str, ...]
    audio_rate_hz: int
    audio_channels: int
    audio_bitrate: int
    target_lufs: Fraction
    max_true_peak_dbtp: Fraction
    duration_min: Fraction | None
    duration_max: Fraction | None
    max_bytes: int | None
    title_limit: int | None
    title_counting: Counting
    caption_limit: int | None
    caption_counting: Counting
    max_hashtags: int | None
    refused_signs: str
    sidecar_name: str
    sidecar_locales: tuple[tuple[str, str], ...]
    sidecar_accepted: bool
    safe_area: Box
    keep_clear: tuple[Box, ...]
    auto_caption_band: Box | None
    cover_accepted: bool | None
    cover_formats: tuple[str, ...]
    cover_max_bytes: int | None
    preview_crops: tuple[str, ...]
    provenance: tuple[Provenance, ...]

    def source_of(self, key: str) -> Provenance:
        """Where the value `key` came from. Raises: KeyError for a name that is no value of a platform."""
        for entry in self.provenance:
            if entry.key == key:
                return entry
        raise KeyError(key)

    @property
    def checked_on(self) -> date:
        """The day on which the oldest of the values was looked at."""
        return min(entry.checked_on for entry in self.provenance)

    def stale_values(self, today: date) -> tuple[Provenance, ...]:
        """The values that were last looked up more than `STALE_DAYS` ago, the oldest first."""
        old = (entry for entry in self.provenance if (today - entry.checked_on).days > STALE_DAYS)
        return tuple(sorted(old, key=lambda entry: entry.checked_on))

    def caption_length(self, text: str) -> int:
        """The length of a caption, hashtags included, in the platform's own units."""
        return counted_length(text, self.caption_counting)

    def title_length(self, text: str) -> int:
        return counted_length(text, self.title_counting)

    def sidecar_for(self, reel: str, language: str = "ko") -> str:
        """The file name of the subtitle sidecar of `reel`, as the platform's upload page wants it.

        `language` is a code such as `ko`; a platform that asks for a region too gets the usual one.
        """
        locale = dict(self.sidecar_locales).get(language, f"{language}_{language.upper()}")
        ending = self.sidecar_name.removeprefix("{reel}")
        # The ending alone is a pattern: a reel may be called {locale}.
        return reel + ending.replace("{language}", language).replace("{locale}", locale)
