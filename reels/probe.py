"""What a piece of footage is and what is odd about it: file → `MediaInfo`, through PyAV.

Packet timestamps are trusted over declared rates. No process is started, no file beside the given one is
opened, and nothing is decided here. `footage` and `file_kinds` stand before; `edit`, `framing` and `graph`
after, acting on what is found. The values themselves and their JSON live in `media` and are handed on here.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import cast

import av
from av.container import InputContainer
from av.error import FFmpegError
from av.sidedata.sidedata import SideData
from av.sidedata.sidedata import Type as SideDataType
from av.stream import Disposition, Stream
from av.video.format import VideoFormat

from reels.cadence import measured_rate, nearest_delivery_rate, usual_distance
from reels.errors import FootageDamaged, FootageRefused, NoVideoStream
from reels.file_kinds import HEAD_BYTES, refuse_by_head, why_it_did_not_open
from reels.footage import require_file
from reels.geometry import Raster, display_raster
from reels.media import (
    AudioStream,
    Found,
    MediaInfo,
    MediaInfoUnreadable,
    Note,
    Transfer,
    VideoStream,
    from_json,
    notes_on,
    probe_json,
    to_json,
)
from reels.said import Said, in_language, said_by_system, with_reason
from reels.tools.ffmpeg import FOOTAGE_DEMUXERS, footage_argument

__all__ = [
    "AudioStream",
    "MediaInfo",
    "MediaInfoUnreadable",
    "Note",
    "Transfer",
    "VideoStream",
    "container_start",
    "from_json",
    "glance",
    "nearest_delivery_rate",
    "probe",
    "probe_json",
    "to_json",
]

_LARGEST_RASTER = 8192 * 8192
_FRAMES_LOOKED_AT = 3
_PACKETS_BEFORE_A_PICTURE = 600

# Source: libavutil/pixfmt.h; the names are those that ffmpeg's options take.
_PRIMARIES = {
    1: "bt709",
    4: "bt470m",
    5: "bt470bg",
    6: "smpte170m",
    7: "smpte240m",
    8: "film",
    9: "bt2020",
    10: "smpte428",
    11: "smpte431",
    12: "smpte432",
    22: "ebu3213",
}
_TRANSFERS = {
    1: "bt709",
    4: "gamma22",
    5: "gamma28",
    6: "smpte170m",
    7: "smpte240m",
    8: "linear",
    11: "iec61966-2-4",
    12: "bt1361e",
    13: "iec61966-2-1",
    14: "bt2020-10",
    15: "bt2020-12",
    16: "smpte2084",
    17: "smpte428",
    18: "arib-std-b67",
}
_MATRICES = {
    0: "gbr",
    1: "bt709",
    4: "fcc",
    5: "bt470bg",
    6: "smpte170m",
    7: "smpte240m",
    8: "ycgco",
    9: "bt2020nc",
    10: "bt2020c",
    14: "ictcp",
}
_RANGES = {1: "tv", 2: "pc"}
_HDR: dict[str, Transfer] = {"smpte2084": "pq", "arib-std-b67": "hlg"}


def probe(path: Path) -> MediaInfo:
    """Read `path` from end to end and describe it; pictures are decoded only at the start.

    Raises: FootageMissing, FootageRefused, FootageDamaged, NoVideoStream.
    """
    with _opened(path) as container:
        frame = _first_frame(container, _picture_of(container, path), path)
    # Opened anew: going back to the start is not exact in every container, and a packet would be missed.
    with _opened(path) as container:
        stream = _picture_of(container, path)
        tracks, mute = _tracks_of(container)
        read = _read_packets(container, [stream.index, *(track.index for track in tracks)])
        return _described(container, path, stream, tracks, len(mute), frame, read)


def glance(path: Path) -> bool:
    """Make sure, before any work, that `path` opens, has a picture, and that a frame of it decodes.

    Returns whether there is sound to listen to.

    Raises: FootageMissing, FootageRefused, FootageDamaged, NoVideoStream.
    """
    with _opened(path) as container:
        _first_frame(container, _picture_of(container, path), path)
        return bool(_tracks_of(container)[0])


def container_start(path: Path) -> Fraction:
    """Where source time 0 lies on the container's own clock, from the header alone.

    Raises: FootageMissing, FootageRefused, FootageDamaged.
    """
    with _opened(path) as container:
        return _start_of(container)


# --- opening ---------------------------------------------------------------------------------------------


@contextmanager
def _opened(path: Path) -> Iterator[InputContainer]:
    found = require_file(path)
    try:
        with found.open("rb") as file:
            head = file.read(HEAD_BYTES)
    except OSError as error:
        found_out = with_reason("the drive reports: {}", "드라이브가 알린 오류: {}", error)
        raise FootageDamaged(path=str(path), found=found_out) from error
    refuse_by_head(path, head)
    options = {"protocol_whitelist": "file", "format_whitelist": ",".join(FOOTAGE_DEMUXERS)}
    try:
        container = av.open(footage_argument(found), options=options, metadata_errors="replace")
    except FFmpegError as error:
        raise why_it_did_not_open(path, on_disk=found, head=head, said=_said(error)) from error
    with container:
        try:
            yield container
        except FFmpegError as error:
            raise FootageDamaged(path=str(path), found=_said(error)) from error


def _said(error: FFmpegError) -> Said:
    # Only the reason: the message around it repeats the name as it was handed to ffmpeg.
    reason = said_by_system(error.strerror, Said("no reason given", ko="까닭을 알 수 없음"))
    return Said(str(reason).lower(), ko=in_language(reason, "ko"))


def _picture_of(container: InputContainer, path: Path) -> av.VideoStream:
    """The largest picture that moves. Raises: NoVideoStream, FootageRefused."""
    moving = [stream for stream in container.streams.video if not _is_attached(stream)]
    if not moving:
        sound = ", ".join(_codec_of(track) for track in container.streams.audio)
        raise NoVideoStream(path=str(path), found=_without_picture(sound, bool(container.streams.video)))
    known = [stream for stream in moving if _decodes(stream)]
    if not known:
        found = Said("a picture in a codec that is not known here", ko="알 수 없는 코덱으로 된 화면")
        raise FootageRefused(path=str(path), found=found)
    stream = max(known, key=lambda s: (s.width * s.height, -s.index))
    if stream.width * stream.height > _LARGEST_RASTER:
        raise FootageRefused(
            path=str(path),
            found=Said(
                f"a picture of {stream.width}x{stream.height} pixels",
                ko=f"{stream.width}x{stream.height}픽셀 화면",
            ),
            expected=Said("a picture of at most 8192x8192 pixels", ko="8192x8192픽셀까지의 화면"),
        )
    return stream


def _without_picture(sound: str, attached: bool) -> Said:
    if not sound:
        return Said("neither picture nor sound", ko="화면도 소리도 없음")
    if attached:
        return Said(f"sound only ({sound}) and an attached picture", ko=f"소리({sound})와 붙은 그림뿐")
    return Said(f"sound only ({sound})", ko=f"소리({sound})뿐")


def _tracks_of(container: InputContainer) -> tuple[list[av.AudioStream], list[av.AudioStream]]:
    """Sound tracks that can be decoded, and those that cannot."""
    usable = [t for t in container.streams.audio if _decodes(t) and t.channels > 0 and t.sample_rate > 0]
    return usable, [track for track in container.streams.audio if track not in usable]


def _decodes(stream: Stream) -> bool:
    # PyAV leaves the context of a stream without a decoder empty, against its own type.
    return getattr(stream, "codec_context", None) is not None


def _codec_of(stream: Stream) -> str:
    return str(stream.codec_context.codec.canonical_name) if _decodes(stream) else "unknown"


def _is_attached(stream: av.VideoStream) -> bool:
    return bool(stream.disposition & (Disposition.attached_pic | Disposition.timed_thumbnails))


def _tick(stream: Stream) -> Fraction:
    return stream.time_base or Fraction(1, av.time_base)


def _start_of(container: InputContainer) -> Fraction:
    """The container's start: rounded to microseconds by ffmpeg, exact by the stream that it comes from."""
    starts = [
        stream.start_time * _tick(stream)
        for stream in container.streams
        if stream.type in ("audio", "video") and stream.start_time is not None
    ]
    # PyAV's types promise a start; ffmpeg does not.
    start = cast("int | None", container.start_time)
    if start is None:
        return min(starts, default=Fraction(0))
    rounded = Fraction(start, av.time_base)
    return next((exact for exact in starts if abs(exact - rounded) <= Fraction(1, av.time_base)), rounded)


# --- the first pictures ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class _FirstFrame:
    """What only a decoded picture tells; `colour` is primaries, transfer, matrix and range by number."""

    matrix: tuple[int, ...]
    interlaced: bool
    colour: tuple[int, int, int, int]
    pixel_format: str


def _first_frame(container: InputContainer, stream: av.VideoStream, path: Path) -> _FirstFrame:
    """Decode a few pictures from where the container stands. Raises: FootageDamaged when none decodes."""
    stream.codec_context.thread_count = 1
    frames: list[av.VideoFrame] = []
    reason: Said | None = None
    for number, packet in enumerate(container.demux(stream)):
        try:
            frames += packet.decode()
        except FFmpegError as error:
            # Footage that starts inside a group of pictures complains until its first key frame.
            reason = _said(error)
        if len(frames) >= _FRAMES_LOOKED_AT or number >= _PACKETS_BEFORE_A_PICTURE:
            break
    if not frames:
        en, ko = (f": {reason}", f": {reason.ko}") if reason else ("", "")
        found = Said(f"no picture can be decoded{en}", ko=f"풀 수 있는 화면이 없음{ko}")
        raise FootageDamaged(path=str(path), found=found)
    first = frames[0]
    return _FirstFrame(
        matrix=_display_matrix(first),
        interlaced=any(frame.interlaced_frame for frame in frames),
        colour=(
            int(first.color_primaries),
            int(first.color_trc),
            int(first.colorspace),
            int(first.color_range),
        ),
        pixel_format=first.format.name,
    )


def _display_matrix(frame: av.VideoFrame) -> tuple[int, ...]:
    # PyAV's types know the container by names, its code by members of the enumeration.
    held = cast("Mapping[SideDataType, SideData]", frame.side_data)
    try:
        matrix = bytes(held[SideDataType.DISPLAYMATRIX])
    except KeyError:
        return ()
    return struct.unpack("=9i", matrix) if len(matrix) == 36 else ()


def _turn(matrix: Sequence[int]) -> tuple[int, bool]:
    """(clockwise quarter turn in degrees, whether mirrored left to right before it) of a display matrix.

    Source: libavutil/display.h: (p, q) = (a·x + c·y, b·x + d·y), with y downwards, so that the image of the
    x axis, (a, b), gives the clockwise angle.
    """
    if not matrix:
        return 0, False
    a, b, c, d = matrix[0], matrix[1], matrix[3], matrix[4]
    mirrored = a * d - b * c < 0
    if mirrored:
        a, b = -a, -b
    return round(math.degrees(math.atan2(b, a)) / 90) * 90 % 360, mirrored


# --- packets ---------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Times:
    """What the packets of one stream say, in ticks; `hidden` ones are decoded but never shown."""

    lasting_by_pts: dict[int, int] = field(default_factory=dict)
    dts: list[int] = field(default_factory=list)
    keys: list[int] = field(default_factory=list)
    hidden: int = 0
    corrupt: int = 0

    def in_order(self) -> list[tuple[int, int]]:
        """(timestamp, length) of each shown packet in order of presentation; a length of 0 is unknown."""
        if len(self.lasting_by_pts) * 2 < len(self.dts):
            # Old AVI files keep only the order of decoding.
            return [(dts, 0) for dts in sorted(set(self.dts))]
        return sorted(self.lasting_by_pts.items())


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    times: dict[int, _Times]
    broke_off: bool


def _read_packets(container: InputContainer, indexes: Sequence[int]) -> _Read:
    times = {index: _Times() for index in indexes}
    try:
        for packet in container.demux(*(container.streams[index] for index in indexes)):
            of = times.get(packet.stream_index)
            if of is None or not packet.size:
                continue
            of.corrupt += packet.is_corrupt
            if packet.is_discard:
                of.hidden += 1
                continue
            if packet.dts is not None:
                of.dts.append(packet.dts)
            if packet.is_keyframe and (at := packet.dts if packet.pts is None else packet.pts) is not None:
                of.keys.append(at)
            if packet.pts is not None:
                of.lasting_by_pts[packet.pts] = packet.duration or 0
    except FFmpegError:
        return _Read(times=times, broke_off=True)
    return _Read(times=times, broke_off=False)


def _longest_gap(keys: Sequence[int], first: int, end: int) -> int:
    """The longest time without a keyframe in ticks, the ends of the picture included."""
    return max(after - before for before, after in pairwise(sorted({first, *keys, end})))


def _end_of(shown: Sequence[tuple[int, int]]) -> int:
    """Where the last frame ends, in ticks; one of unknown length lasts as long as frames usually do."""
    last, lasting = shown[-1]
    if lasting == 0 and len(shown) > 1:
        return last + usual_distance([pts for pts, _ in shown])
    return last + lasting


# --- describing ------------------------------------------------------------------------------------------


def _described(
    container: InputContainer,
    path: Path,
    stream: av.VideoStream,
    tracks: Sequence[av.AudioStream],
    mute: int,
    frame: _FirstFrame,
    read: _Read,
) -> MediaInfo:
    start = _start_of(container)
    shown = read.times[stream.index].in_order()
    if not shown:
        found_out = Said("none of its pictures has a time", ko="시각이 적힌 화면이 하나도 없음")
        raise FootageDamaged(path=str(path), found=found_out)
    video = _video(stream, frame, shown, read.times[stream.index].keys, start)
    heard = {track: times for track in tracks if (times := read.times[track.index].in_order())}
    audio = tuple(_audio(track, times, start) for track, times in heard.items())
    duration = max((video.last_pts_end, *(track.last_pts_end for track in audio)))
    pictures = container.streams.video
    found = Found(
        undecodable_sound=mute + len(tracks) - len(audio),
        attached_pictures=sum(_is_attached(picture) for picture in pictures),
        pictures=sum(not _is_attached(picture) for picture in pictures),
        other_streams=sum(other.type not in ("audio", "video") for other in container.streams),
        hidden_frames=read.times[stream.index].hidden,
        damaged=read.broke_off
        or any(times.corrupt for times in read.times.values())
        or _is_short(container, stream, video, duration),
    )
    return MediaInfo(
        container=container.format.name,
        duration=duration,
        start_time=start,
        video=video,
        audio=audio,
        notes=notes_on(video, audio, found),
    )


def _video(
    stream: av.VideoStream,
    frame: _FirstFrame,
    shown: Sequence[tuple[int, int]],
    keys: Sequence[int],
    start: Fraction,
) -> VideoStream:
    context = stream.codec_context
    tick = _tick(stream)
    said = (stream.average_rate, stream.guessed_rate, stream.base_rate)
    declared = [rate for rate in said if rate is not None and 0 < rate <= 1000]
    rate, varies = measured_rate([pts for pts, _ in shown], tick, declared=declared)
    coded = Raster(context.width, context.height)
    sar = stream.sample_aspect_ratio or Fraction(1)
    rotation, mirrored = _turn(frame.matrix)
    primaries, transfer, matrix, colour_range = frame.colour
    tagged_transfer = _TRANSFERS.get(transfer, "unknown")
    first, end = shown[0][0], _end_of(shown)
    return VideoStream(
        index=stream.index,
        codec=_codec_of(stream),
        profile=context.profile or "",
        coded=coded,
        display=display_raster(coded, sar=sar, rotation=rotation),
        sar=sar,
        rotation=rotation,
        mirrored=mirrored,
        rate=rate,
        variable_frame_rate=varies,
        interlaced=frame.interlaced or context.field_order > 1,
        transfer=_HDR.get(tagged_transfer, "sdr"),
        tagged_primaries=_PRIMARIES.get(primaries, "unknown"),
        tagged_transfer=tagged_transfer,
        tagged_matrix=_MATRICES.get(matrix, "unknown"),
        tagged_range=_RANGES.get(colour_range, "unknown"),
        pixel_format=frame.pixel_format,
        bit_depth=VideoFormat(frame.pixel_format).components[0].bits,
        first_pts=first * tick - start,
        # A single picture of unknown length still stands for one frame.
        last_pts_end=(end * tick if end > first else first * tick + 1 / rate) - start,
        frame_count=len(shown),
        keyframe_gap=_longest_gap(keys, first, max(end, first + 1)) * tick,
    )


def _audio(track: av.AudioStream, heard: Sequence[tuple[int, int]], start: Fraction) -> AudioStream:
    tick = _tick(track)
    return AudioStream(
        index=track.index,
        codec=_codec_of(track),
        channels=track.channels,
        layout=track.layout.name,
        sample_rate_hz=track.sample_rate,
        # A codec's run-up may lie before the start in the file; it is never heard.
        first_pts=max(Fraction(0), heard[0][0] * tick - start),
        last_pts_end=max(Fraction(0), _end_of(heard) * tick - start),
    )


def _is_short(
    container: InputContainer, stream: av.VideoStream, video: VideoStream, duration: Fraction
) -> bool:
    """Whether clearly less can be read than the header promises, as in a copy that broke off."""
    if stream.duration is not None:
        missing = stream.duration * _tick(stream) - (video.last_pts_end - video.first_pts)
    else:
        missing = Fraction(container.duration or 0, av.time_base) - duration
    return missing > max(Fraction(1, 2), 3 / video.rate)
