"""Music and recorded voices for a reel: whether a file is sound that can be played, told before any work.

Opened with the demuxers of music alone, and the beginning decoded. Nothing is decided about its level. `footage` and
`file_kinds` stand before; `graph.music` lays the bed.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Any

import av
from av.error import FFmpegError

from reels.errors import FootageDamaged, FootageRefused, NoVideoStream
from reels.file_kinds import HEAD_BYTES, refuse_by_head, why_it_did_not_open
from reels.footage import require_file
from reels.said import Said, in_language, said_by_system, with_reason
from reels.tools.inputs import MUSIC_DEMUXERS, footage_argument

__all__ = ["MusicFile", "find_music", "music_refused"]

_EXPECTED = Said("a sound file (MP3, M4A, WAV, FLAC, OGG)", ko="소리 파일(MP3, M4A, WAV, FLAC, OGG)")

_PACKETS = 40
"""About a second of MP3: bytes that only look like its beginning break off sooner."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MusicFile:
    """A sound that can be played; `duration` in seconds as the file says it, None where it does not."""

    stream: int
    duration: Fraction | None


def find_music(path: Path, *, key: str = "music") -> MusicFile:
    """The sound in the file that stands under `key`. Raises: FootageMissing, FootageRefused, FootageDamaged."""
    found = require_file(path)
    status = found.stat()
    return _looked_at(path, key, found, status.st_size, status.st_mtime_ns)


@lru_cache(maxsize=256)
def _looked_at(path: Path, key: str, found: Path, _size: int, _mtime_ns: int) -> MusicFile:
    try:
        with found.open("rb") as file:
            head = file.read(HEAD_BYTES)
        refuse_by_head(path, head)
    except NoVideoStream:
        pass  # for footage that is too little
    except FootageRefused as error:
        raise music_refused(path, error.found, key=key) from None
    except OSError as error:
        reason = with_reason("the drive reports: {}", "드라이브가 알린 오류: {}", error)
        raise FootageDamaged(path=str(path), found=reason) from error
    options = {"protocol_whitelist": "file", "format_whitelist": ",".join(MUSIC_DEMUXERS)}
    try:
        container = av.open(footage_argument(found), options=options, metadata_errors="replace")
    except FFmpegError as error:
        why = why_it_did_not_open(path, on_disk=found, head=head, said=_said(error))
        raise music_refused(path, why.found, key=key) from error
    with container:
        tracks = [track for track in container.streams.audio if getattr(track, "codec_context", None)]
        if not tracks:
            found_in = Said("no sound that can be decoded", ko="풀 수 있는 소리가 없음")
            raise music_refused(path, found_in, key=key)
        try:
            samples = _first_samples(container, tracks[0])
        except FFmpegError as error:
            raise music_refused(path, _said(error), key=key) from error
        if not samples:
            found_in = Said("not one sample of sound", ko="소리가 한 표본도 없음")
            raise music_refused(path, found_in, key=key)
        length: int | None = container.duration
        duration = Fraction(length, av.time_base) if length and length > 0 else None
        return MusicFile(stream=tracks[0].index, duration=duration)


def _first_samples(container: Any, track: Any) -> int:
    """How many samples the beginning decodes to. Raises: FFmpegError for what breaks off."""
    samples = 0
    for number, packet in enumerate(container.demux(track)):
        samples += sum(frame.samples for frame in packet.decode())
        if number >= _PACKETS:
            break
    return samples


def music_refused(path: Path, found: str, *, key: str = "music") -> FootageRefused:
    """The error for a file under `key` that holds nothing to play."""
    remedy = Said(f"give another file under `{key}`", ko=f"`{key}`에 다른 파일을 적어 주세요.")
    return FootageRefused(path=str(path), found=found, expected=_EXPECTED, remedy=remedy)


def _said(error: FFmpegError) -> Said:
    reason = said_by_system(error.strerror, Said("no reason given", ko="까닭을 알 수 없음"))
    return Said(str(reason).lower(), ko=in_language(reason, "ko"))
