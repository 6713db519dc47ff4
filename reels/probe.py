"""What a piece of footage is and what is odd about it: file → `MediaInfo`, through PyAV.

Packet timestamps are trusted over declared rates. No process is started, no file beside the given one is
opened, and nothing is decided here. `footage` and `file_kinds` stand before; `edit`, `framing` and `graph`
after, acting on what is found. The values themselves and their JSON live in `media`.
"""

from __future__ import annotations

import math
import re
import struct
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import cast

import av
from av.container import InputContainer
from av.error import BlockingIOError, FFmpegError
from av.filter import Graph
from av.sidedata.sidedata import SideData
from av.sidedata.sidedata import Type as SideDataType
from av.stream import Disposition, Stream
from av.video.format import VideoFormat

from reels.cadence import measured_rate
from reels.errors import FootageDamaged, FootageRefused, NoVideoStream
from reels.file_kinds import HEAD_BYTES, refuse_by_head, why_it_did_not_open
from reels.footage import require_file
from reels.geometry import Raster, display_raster
from reels.media import AudioStream, FieldOrder, Found, MediaInfo, VideoStream
from reels.media.colour_tags import dynamic_range, matrix_name, primaries_name, range_name, transfer_name
from reels.media.notes import notes_on
from reels.media.packet_times import PacketsRead, PacketTimes, end_of, longest_gap, read_packets
from reels.said import Said, in_language, said_by_system, with_reason
from reels.tools.ffmpeg import FOOTAGE_DEMUXERS, footage_argument

__all__ = ["container_start", "glance", "probe"]

_LARGEST_RASTER = 8192 * 8192
_FRAMES_LOOKED_AT = 3
_PACKETS_BEFORE_A_PICTURE = 600

_TIMECODE = re.compile(r"\d\d:[0-5]\d:[0-5]\d[:;.]\d\d\d?")


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
        read = read_packets(container, [stream.index, *(track.index for track in tracks)])
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

    raster: Raster
    rotation: int
    mirrored: bool
    field_order: FieldOrder
    colour: tuple[int, int, int, int]
    pixel_format: str


def _first_frame(container: InputContainer, stream: av.VideoStream, path: Path) -> _FirstFrame:
    """Decode a few pictures from where the container stands.

    Raises: FootageDamaged when none decodes; FootageRefused for a turn that is no quarter turn.
    """
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
    rotation, mirrored = _turn(_display_matrix(first), path)
    return _FirstFrame(
        raster=Raster(first.width, first.height),
        rotation=rotation,
        mirrored=mirrored,
        field_order=_field_order(stream, frames),
        colour=(
            int(first.color_primaries),
            int(first.color_trc),
            int(first.colorspace),
            int(first.color_range),
        ),
        pixel_format=first.format.name,
    )


def _field_order(stream: av.VideoStream, frames: Sequence[av.VideoFrame]) -> FieldOrder:
    """Told by the pictures; where only the header says that there are fields, ffmpeg takes the upper for the first.

    PyAV does not hand on which field is the first, but ffmpeg's own filter `select` sees it.
    """
    woven = next((frame for frame in frames if frame.interlaced_frame), None)
    if woven is None:
        return "tff" if stream.codec_context.field_order > 1 else "progressive"
    graph = Graph()
    source = graph.add_buffer(
        width=woven.width, height=woven.height, format=woven.format, time_base=_tick(stream)
    )
    upper, sink = graph.add("select", "eq(interlace_type,TOPFIRST)"), graph.add("buffersink")
    source.link_to(upper)
    upper.link_to(sink)
    graph.configure()
    source.push(woven)
    try:
        sink.pull()
    except BlockingIOError:
        return "bff"
    return "tff"


def _display_matrix(frame: av.VideoFrame) -> tuple[int, ...]:
    # PyAV's types know the container by names, its code by members of the enumeration.
    held = cast("Mapping[SideDataType, SideData]", frame.side_data)
    try:
        matrix = bytes(held[SideDataType.DISPLAYMATRIX])
    except KeyError:
        return ()
    return struct.unpack("=9i", matrix) if len(matrix) == 36 else ()


def _turn(matrix: Sequence[int], path: Path) -> tuple[int, bool]:
    """(clockwise quarter turn in degrees, whether mirrored left to right before it) of a display matrix.

    Raises: FootageRefused for any other turn: ffmpeg would lay the slanting picture on black.
    Source: libavutil/display.h: (p, q) = (a·x + c·y, b·x + d·y), with y downwards, so that the image of the
    x axis, (a, b), gives the clockwise angle.
    """
    if not matrix:
        return 0, False
    a, b, c, d = matrix[0], matrix[1], matrix[3], matrix[4]
    mirrored = a * d - b * c < 0
    if mirrored:
        a, b = -a, -b
    degrees = math.degrees(math.atan2(b, a))
    quarters = round(degrees / 90)
    # ffmpeg counts in whole degrees.
    if abs(degrees - 90 * quarters) >= Fraction(1, 2):
        raise FootageRefused(
            path=str(path),
            found=Said(
                f"a picture that is to be shown slanting, turned by {degrees % 360:.0f}°",
                ko=f"{degrees % 360:.0f}° 기울여 보이라고 표시된 화면",
            ),
            expected=Said(
                "one that stands upright or is turned by 90°, 180° or 270°",
                ko="똑바로 섰거나 90°, 180°, 270° 돌린 화면",
            ),
            remedy=Said(
                "turn it upright in an editing program and save it anew",
                ko="편집 프로그램에서 똑바로 세워 새로 저장해 주세요.",
            ),
        )
    return quarters * 90 % 360, mirrored


# --- describing ------------------------------------------------------------------------------------------


def _described(
    container: InputContainer,
    path: Path,
    stream: av.VideoStream,
    tracks: Sequence[av.AudioStream],
    mute: int,
    frame: _FirstFrame,
    read: PacketsRead,
) -> MediaInfo:
    start = _start_of(container)
    shown = read.times[stream.index].in_order()
    if not shown:
        found_out = Said("none of its pictures has a time", ko="시각이 적힌 화면이 하나도 없음")
        raise FootageDamaged(path=str(path), found=found_out)
    video = _video(stream, frame, shown, read.times[stream.index], start)
    heard = {track: times for track in tracks if (times := read.times[track.index].in_order())}
    audio = tuple(_audio(track, times, start) for track, times in heard.items())
    duration = max((video.last_pts_end, *(track.last_pts_end for track in audio)))
    pictures = container.streams.video
    found = Found(
        undecodable_sound=mute + len(tracks) - len(audio),
        attached_pictures=sum(_is_attached(picture) for picture in pictures),
        pictures=sum(not _is_attached(picture) for picture in pictures),
        other_streams=sum(
            other.type not in ("audio", "video") and "timecode" not in other.metadata
            for other in container.streams
        ),
        hidden_frames=read.times[stream.index].hidden,
        timecode=_timecode(container, stream),
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
        notes=notes_on(video, audio, found, start_time=start),
        found=found,
    )


def _timecode(container: InputContainer, stream: av.VideoStream) -> str:
    """Of the first picture. One that starts at nought says no more than the file's own time."""
    others = (other.metadata for other in container.streams)
    for metadata in (stream.metadata, container.metadata, *others):
        found = metadata.get("timecode", "")
        if _TIMECODE.fullmatch(found) and found.strip("0:;."):
            return found
    return ""


def _video(
    stream: av.VideoStream,
    frame: _FirstFrame,
    shown: Sequence[tuple[int, int]],
    times: PacketTimes,
    start: Fraction,
) -> VideoStream:
    context = stream.codec_context
    tick = _tick(stream)
    said = (stream.average_rate, stream.guessed_rate, stream.base_rate)
    declared = [rate for rate in said if rate is not None and 0 < rate <= 1000]
    rate, varies = measured_rate([pts for pts, _ in shown], tick, declared=declared)
    sar = stream.sample_aspect_ratio or Fraction(1)
    primaries, transfer, matrix, colour_range = frame.colour
    first, end = shown[0][0], end_of(shown)
    return VideoStream(
        index=stream.index,
        codec=_codec_of(stream),
        profile=context.profile or "",
        coded=frame.raster,
        display=display_raster(frame.raster, sar=sar, rotation=frame.rotation),
        sar=sar,
        rotation=frame.rotation,
        mirrored=frame.mirrored,
        rate=rate,
        variable_frame_rate=varies,
        interlaced=frame.field_order != "progressive",
        field_order=frame.field_order,
        transfer=dynamic_range(transfer_name(transfer)),
        tagged_primaries=primaries_name(primaries),
        tagged_transfer=transfer_name(transfer),
        tagged_matrix=matrix_name(matrix),
        tagged_range=range_name(colour_range),
        pixel_format=frame.pixel_format,
        bit_depth=VideoFormat(frame.pixel_format).components[0].bits,
        first_pts=first * tick - start,
        # A single picture of unknown length still stands for one frame.
        last_pts_end=(end * tick if end > first else first * tick + 1 / rate) - start,
        frame_count=len(shown),
        keyframe_gap=longest_gap(times.keys, first, max(end, first + 1)) * tick,
        first_key=None if times.decodes_from is None else times.decodes_from * tick - start,
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
        last_pts_end=max(Fraction(0), end_of(heard) * tick - start),
    )


def _is_short(
    container: InputContainer, stream: av.VideoStream, video: VideoStream, duration: Fraction
) -> bool:
    """Whether clearly less can be read than the header promises, as in a copy that broke off."""
    if stream.duration is not None:
        promised, read = stream.duration * _tick(stream), video.last_pts_end - video.first_pts
    else:
        promised, read = Fraction(container.duration or 0, av.time_base), duration
    missing, bearable = promised - read, max(Fraction(1, 2), 3 / video.rate)
    # Matroska and pieces of streams promise where the end lies on a clock that may not start at nought.
    return missing > bearable and abs(missing - _start_of(container)) > bearable
