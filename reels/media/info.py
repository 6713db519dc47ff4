"""What is known about a piece of footage: `MediaInfo` and its JSON for the store.

Values only: nothing here opens a file. `probe` makes them, `notes` says what is odd about them, `shown` is
what people and programs are shown; `edit`, `framing` and `graph` act on them.

Times are exact seconds of source time: 0 is the container's start, the moment that ffmpeg puts first when it
reads the whole file.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final, Literal

from reels.geometry import Raster

__all__ = [
    "AudioStream",
    "FieldOrder",
    "Found",
    "MediaInfo",
    "MediaInfoUnreadable",
    "Note",
    "Transfer",
    "VideoStream",
    "from_json",
    "to_json",
]

Transfer = Literal["sdr", "hlg", "pq"]
FieldOrder = Literal["progressive", "tff", "bff"]
"""Whole pictures, or fields of which the upper (tff) or the lower (bff) one was filmed first."""

SCHEMA: Final = "reels/media-info/2"


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """One oddity in plain words, with what is done about it; `code` is stable."""

    code: str
    text_en: str
    text_ko: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoStream:
    """The picture. `coded` counts stored pixels, `display` what a viewer sees.

    To show a frame: mirror it left to right if `mirrored`, stretch its width by `sar`, then turn it clockwise
    by `rotation` (0, 90, 180 or 270). `rate` is the nominal rate that the timestamps follow; where
    `variable_frame_rate`, it is the usual distance of two frames. Colour tags are ffmpeg's names, "unknown"
    where the file says nothing.
    """

    index: int
    codec: str
    profile: str
    coded: Raster
    display: Raster
    sar: Fraction
    rotation: int
    mirrored: bool
    rate: Fraction
    variable_frame_rate: bool
    interlaced: bool
    transfer: Transfer
    tagged_primaries: str
    tagged_transfer: str
    tagged_matrix: str
    tagged_range: str
    pixel_format: str
    bit_depth: int
    first_pts: Fraction
    last_pts_end: Fraction
    frame_count: int
    keyframe_gap: Fraction = Fraction(0)
    """The longest time without a place where decoding can start; the whole length where there is but one."""
    field_order: FieldOrder = "progressive"
    first_key: Fraction | None = None
    """When the first picture comes that needs no other; None where no packet says that it is one."""

    def __post_init__(self) -> None:
        if self.rotation not in (0, 90, 180, 270):
            raise ValueError(f"a rotation is a quarter turn, not {self.rotation}")
        if self.rate <= 0 or self.sar <= 0:
            raise ValueError(f"rate and sample aspect are above zero, not {self.rate} and {self.sar}")


@dataclass(frozen=True, slots=True, kw_only=True)
class AudioStream:
    """One sound track that can be decoded; `first_pts` is when its first audible sample comes."""

    index: int
    codec: str
    channels: int
    layout: str
    sample_rate_hz: int
    first_pts: Fraction
    last_pts_end: Fraction

    @property
    def is_surround(self) -> bool:
        """Whether its channels are loudspeakers; other tracks of more than two are microphones side by side."""
        return self.channels > 2 and self.layout.startswith(_SURROUND)


_SURROUND = ("5.", "6.", "7.", "9.", "22.", "hexagonal", "octagonal")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What reading showed beside the streams that are used.

    `hidden_frames` are hidden by an edit list; `timecode` is the first picture's (`HH:MM:SS:FF`, a semicolon before
    the frames where numbers are dropped), empty where there is none; `damaged` where parts are missing or broken.
    """

    undecodable_sound: int = 0
    attached_pictures: int = 0
    pictures: int = 1
    other_streams: int = 0
    hidden_frames: int = 0
    timecode: str = ""
    damaged: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaInfo:
    """One piece of footage.

    `duration` lasts from source time 0 to the end of the last picture or sound, whichever is later.
    `start_time` is where source time 0 lies on the container's own clock: a packet's timestamp minus it is
    source time.
    """

    container: str
    duration: Fraction
    start_time: Fraction
    video: VideoStream
    audio: tuple[AudioStream, ...]
    notes: tuple[Note, ...]
    found: Found = Found()

    @property
    def seek_back(self) -> Fraction:
        """How many seconds early a seek must aim, so that a keyframe lies before the place that is sought.

        QuickTime and Matroska know their keyframes, and ffmpeg goes to one. In others, MPEG transport streams above
        all, it lands at any packet, and the decoder shows nothing up to the next keyframe.
        """
        return Fraction(0) if self.container.startswith(_KNOWING_KEYFRAMES) else self.video.keyframe_gap


_KNOWING_KEYFRAMES = ("mov,", "matroska,")
"""Container names of ffmpeg, by their beginnings."""


class MediaInfoUnreadable(ValueError):
    """A stored `MediaInfo` of another version, or no such thing."""


def to_json(info: MediaInfo) -> str:
    """`info` for the store: exact, versioned, the same text for the same value."""
    held: dict[str, object] = {"schema": SCHEMA} | {
        name: _plain(getattr(info, name)) for name in MediaInfo.__slots__
    }
    return json.dumps(held, ensure_ascii=False, sort_keys=True, indent=1)


def from_json(text: str) -> MediaInfo:
    """The value that `to_json` wrote. Raises: MediaInfoUnreadable."""
    try:
        held = json.loads(text)
        if held.pop("schema") != SCHEMA:
            raise MediaInfoUnreadable(f"not {SCHEMA}")
        video = {
            **held["video"],
            "coded": Raster(*held["video"]["coded"]),
            "display": Raster(*held["video"]["display"]),
        }
        return MediaInfo(
            container=held["container"],
            duration=Fraction(held["duration"]),
            start_time=Fraction(held["start_time"]),
            video=VideoStream(
                **_exact(video, "sar", "rate", "first_pts", "last_pts_end", "keyframe_gap", "first_key")
            ),
            audio=tuple(AudioStream(**_exact(track, "first_pts", "last_pts_end")) for track in held["audio"]),
            notes=tuple(Note(**note) for note in held["notes"]),
            found=Found(**held["found"]),
        )
    except (KeyError, TypeError, AttributeError, ValueError, ZeroDivisionError) as error:
        raise MediaInfoUnreadable(f"not a {SCHEMA}: {error}") from error


def _plain(value: object) -> object:
    if isinstance(value, Fraction):
        return str(value)
    if isinstance(value, Raster):
        return [value.width, value.height]
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if isinstance(value, VideoStream | AudioStream | Note | Found):
        return {name: _plain(getattr(value, name)) for name in type(value).__slots__}
    return value


def _exact(held: dict[str, Any], *names: str) -> dict[str, Any]:
    return held | {name: Fraction(held[name]) for name in names if held[name] is not None}
