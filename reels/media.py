"""What is known about a piece of footage: `MediaInfo`, its notes in plain words, and its JSON.

Values only: nothing here opens a file. `probe` makes them; `edit`, `framing` and `graph` act on them.

Times are exact seconds of source time: 0 is the container's start, the moment that ffmpeg puts first when it
reads the whole file.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, Final, Literal

from reels.geometry import Raster

__all__ = [
    "AudioStream",
    "Found",
    "MediaInfo",
    "MediaInfoUnreadable",
    "Note",
    "Transfer",
    "VideoStream",
    "from_json",
    "notes_on",
    "probe_json",
    "to_json",
]

Transfer = Literal["sdr", "hlg", "pq"]

SCHEMA: Final = "reels/media-info/1"


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


class MediaInfoUnreadable(ValueError):
    """A stored `MediaInfo` of another version, or no such thing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What reading showed beside the streams that are used: counts, for the notes."""

    undecodable_sound: int = 0
    attached_pictures: int = 0
    pictures: int = 1
    other_streams: int = 0
    hidden_frames: int = 0
    damaged: bool = False


def notes_on(video: VideoStream, audio: tuple[AudioStream, ...], found: Found) -> tuple[Note, ...]:
    """Every oddity, with what will be done about it: the picture's, then the sound's, then the file's."""
    return (*_picture_notes(video), *_sound_notes(video, audio, found), *_file_notes(video, found))


def _picture_notes(video: VideoStream) -> Iterator[Note]:
    if video.rotation:
        yield _note(
            "rotated",
            f"the picture is stored turned; it is turned {video.rotation}° clockwise",
            f"돌려서 저장된 영상입니다. 시계 방향으로 {video.rotation}° 돌려서 씁니다",
        )
    if video.mirrored:
        yield _note(
            "mirrored",
            "the picture is stored mirrored; it is mirrored back",
            "좌우가 뒤집혀 저장된 영상입니다. 바로잡아 씁니다",
        )
    if video.sar != 1:
        sar = f"{video.sar.numerator}:{video.sar.denominator}"
        yield _note(
            "anamorphic",
            f"its pixels are not square ({sar}); they are squared, which makes it {video.display}",
            f"화소가 정사각형이 아닙니다({sar}). 펴서 {video.display} 크기로 씁니다",
        )
    if video.variable_frame_rate:
        rate = _number(video.rate)
        yield _note(
            "variable-frame-rate",
            f"its frame rate varies around {rate}; it is made even without drifting from the sound",
            f"프레임 속도가 {rate} 안팎으로 변합니다. 소리와 어긋나지 않게 고르게 맞춥니다",
        )
    if video.interlaced:
        yield _note(
            "interlaced",
            "the picture is interlaced; it is deinterlaced",
            "비월 주사 영상입니다. 순차 주사로 바꿔 씁니다",
        )
    if video.transfer != "sdr":
        name = video.transfer.upper()
        yield _note(
            f"hdr-{video.transfer}",
            f"the picture is HDR ({name}); it is tone-mapped to standard range",
            f"HDR({name}) 영상입니다. 표준 밝기로 바꿔 씁니다",
        )
    if video.first_pts > Fraction(1, 10):
        late = _number(video.first_pts)
        yield _note(
            "picture-starts-late",
            f"the picture starts {late} s after the sound; the reel begins with the picture",
            f"화면이 소리보다 {late}초 늦게 시작합니다. 릴스는 화면이 시작될 때부터 시작합니다",
        )


def _sound_notes(video: VideoStream, audio: tuple[AudioStream, ...], found: Found) -> Iterator[Note]:
    if found.undecodable_sound:
        yield _note(
            "undecodable-sound",
            f"{found.undecodable_sound} of its sound tracks cannot be decoded and are left out",
            f"읽을 수 없는 소리 트랙이 {found.undecodable_sound}개 있습니다. 쓰지 않습니다",
        )
    if not audio:
        yield _note(
            "no-sound",
            "it has no sound; the reel gets a silent track",
            "소리가 없습니다. 무음 트랙을 넣습니다",
        )
        return
    if len(audio) > 1:
        yield _note(
            "several-sound-tracks",
            f"it has {len(audio)} sound tracks; the first is used",
            f"소리 트랙이 {len(audio)}개입니다. 첫 번째를 씁니다",
        )
    if (late := audio[0].first_pts - video.first_pts) > Fraction(1, 10):
        yield _note(
            "sound-starts-late",
            f"the sound starts {_number(late)} s after the picture; silence is put before it",
            f"소리가 화면보다 {_number(late)}초 늦게 시작합니다. 앞을 무음으로 채웁니다",
        )
    if (early := video.last_pts_end - audio[0].last_pts_end) > Fraction(1, 2):
        yield _note(
            "sound-ends-early",
            f"the sound ends {_number(early)} s before the picture; silence is put after it",
            f"소리가 화면보다 {_number(early)}초 먼저 끝납니다. 뒤를 무음으로 채웁니다",
        )


def _file_notes(video: VideoStream, found: Found) -> Iterator[Note]:
    if found.attached_pictures:
        yield _note(
            "attached-picture",
            "it carries a cover picture, which is left out",
            "표지 그림이 들어 있습니다. 쓰지 않습니다",
        )
    if found.pictures > 1:
        yield _note(
            "several-pictures",
            f"it holds {found.pictures} pictures; the largest is used",
            f"화면이 {found.pictures}개 들어 있습니다. 가장 큰 것을 씁니다",
        )
    if found.other_streams:
        yield _note(
            "other-streams",
            f"it carries {found.other_streams} other streams (timecode, captions, data); they are left out",
            f"다른 트랙(타임코드, 메타데이터, 자막)이 {found.other_streams}개 더 있습니다. 쓰지 않습니다",
        )
    if found.hidden_frames:
        yield _note(
            "edit-list",
            f"{found.hidden_frames} of its frames are hidden by an edit list and stay hidden",
            f"편집 목록이 숨긴 프레임이 {found.hidden_frames}개 있습니다. 숨긴 채로 둡니다",
        )
    if found.damaged:
        end = _number(video.last_pts_end)
        yield _note(
            "damaged",
            f"parts of the file are missing or broken; its picture can be read up to {end} s",
            f"파일 일부가 빠졌거나 깨졌습니다. 화면은 {end}초까지 읽힙니다",
        )


def _note(code: str, text_en: str, text_ko: str) -> Note:
    return Note(code=code, text_en=text_en, text_ko=text_ko)


def _number(value: Fraction) -> str:
    return f"{float(value):.3f}".rstrip("0").rstrip(".")


def probe_json(info: MediaInfo, path: Path) -> dict[str, object]:
    """What `reels probe --json` prints: the documented shape, numbers rounded for reading."""
    video = info.video
    return {
        "path": str(path),
        "duration_s": round(float(info.duration), 6),
        "video": {
            "codec": video.codec,
            "width": video.coded.width,
            "height": video.coded.height,
            "display_width": video.display.width,
            "display_height": video.display.height,
            "rotation": video.rotation,
            "sar": f"{video.sar.numerator}:{video.sar.denominator}",
            "fps": round(float(video.rate), 3),
            "variable_frame_rate": video.variable_frame_rate,
            "interlaced": video.interlaced,
            "hdr": None if video.transfer == "sdr" else video.transfer,
            "pixel_format": video.pixel_format,
        },
        "audio": [
            {"codec": track.codec, "channels": track.channels, "sample_rate_hz": track.sample_rate_hz}
            for track in info.audio
        ],
        "notes": [{"code": note.code, "en": note.text_en, "ko": note.text_ko} for note in info.notes],
    }


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
            video=VideoStream(**_exact(video, "sar", "rate", "first_pts", "last_pts_end", "keyframe_gap")),
            audio=tuple(AudioStream(**_exact(track, "first_pts", "last_pts_end")) for track in held["audio"]),
            notes=tuple(Note(**note) for note in held["notes"]),
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
    if isinstance(value, VideoStream | AudioStream | Note):
        return {name: _plain(getattr(value, name)) for name in type(value).__slots__}
    return value


def _exact(held: dict[str, Any], *names: str) -> dict[str, Any]:
    return held | {name: Fraction(held[name]) for name in names}
