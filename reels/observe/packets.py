"""What the packets of a finished file say, and its first pictures: times, rates, GOPs, colours.

Every packet's own timestamp counts, and no rate, duration or flag that the file declares where it can be measured.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import av
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.packet import Packet
from av.stream import Disposition, Stream
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from reels.errors import FootageDamaged, FootageRefused, NoVideoStream
from reels.geometry import Raster, display_raster
from reels.observe.observation import AudioObservation, VideoObservation
from reels.observe.privacy import private_tags
from reels.said import Said, with_reason
from reels.tools.ffmpeg import FOOTAGE_DEMUXERS, footage_argument

__all__ = ["Streams", "read_streams"]

_FIRST_PICTURES = 4

# Source: ITU-T H.273, tables 2 to 4; the numbers are those of the bitstream and of the `colr` box.
_PRIMARIES = {1: "bt709", 5: "bt470bg", 6: "smpte170m", 9: "bt2020", 12: "smpte432"}
_TRANSFERS = {1: "bt709", 6: "smpte170m", 8: "linear", 13: "iec61966-2-1", 14: "bt2020-10", 16: "smpte2084"}
_TRANSFERS |= {18: "arib-std-b67"}
_MATRICES = {0: "gbr", 1: "bt709", 5: "bt470bg", 6: "smpte170m", 9: "bt2020nc"}
_RANGES = {1: "tv", 2: "pc"}

_IDR_NALS = {"h264": frozenset({5}), "hevc": frozenset({19, 20})}
_LAST_PICTURE_NAL = {"h264": 5, "hevc": 31}


@dataclass(slots=True, kw_only=True)
class Streams:
    """What was read of a file; times are seconds of the file.

    `times` are those at which the pictures of track number `video_index` are shown, in order, the last until `shown_until`.
    `sounds` and `other_videos` are numbers of tracks too. `private` names tags.
    """

    format_name: str
    streams: list[str]
    video: VideoObservation
    audio: AudioObservation | None
    duration: Fraction
    times: list[Fraction]
    shown_until: Fraction
    video_index: int
    other_videos: list[int]
    sounds: list[int]
    private: tuple[str, ...]
    problems: list[str]


@dataclass(slots=True)
class _Span:
    """The presentation times that the packets of one stream cover."""

    start: Fraction | None = None
    end: Fraction | None = None

    def take(self, start: Fraction, duration: Fraction) -> None:
        self.start = start if self.start is None else min(self.start, start)
        self.end = start + duration if self.end is None else max(self.end, start + duration)


@dataclass(slots=True)
class _Pictures:
    """What the packets of the picture track say, in the order of the file."""

    codec: str
    extradata: bytes
    time_base: Fraction
    times: list[int] = field(default_factory=list)
    keyframes: list[int] = field(default_factory=list)
    size: int = 0
    open_gop_at: Fraction | None = None
    timestamps_missing: bool = False

    def take(self, packet: Packet[Stream]) -> None:
        self.size += packet.size
        time = packet.pts if packet.pts is not None else packet.dts
        if time is None:
            self.timestamps_missing = True
            return
        if packet.is_keyframe:
            self.keyframes.append(time)
            if not self._closes(bytes(packet)):
                self._open(time)
        elif self.keyframes and time < self.keyframes[-1]:
            self._open(self.keyframes[-1])
        # Pictures that an edit list cuts away are decoded and never shown.
        if not packet.is_discard:
            self.times.append(time)

    def _open(self, time: int) -> None:
        if self.open_gop_at is None:
            self.open_gop_at = time * self.time_base

    def _closes(self, coded: bytes) -> bool:
        kinds = _IDR_NALS.get(self.codec)
        return kinds is None or _first_picture_nal(coded, self.extradata, self.codec) in kinds


def read_streams(path: Path) -> Streams:
    """Every packet of `path` and the first pictures of its first picture track.

    Raises: FootageRefused, FootageDamaged, NoVideoStream.
    """
    options = {"protocol_whitelist": "file", "format_whitelist": ",".join(FOOTAGE_DEMUXERS)}
    try:
        container = av.open(footage_argument(path), options=options, metadata_errors="replace")
    except av.FFmpegError as error:
        raise _refusal(path, error) from error
    with container:
        return _read_open(path, container)


def _refusal(path: Path, error: av.FFmpegError) -> FootageRefused | FootageDamaged:
    with path.open("rb") as file:
        head = file.read(12)
    if head[4:8] in {b"ftyp", b"moov", b"mdat"}:
        found = with_reason("its index cannot be read: {}", "읽을 수 없는 색인: {}", error)
        return FootageDamaged(path=str(path), found=found)
    found = with_reason("no video that can be opened ({})", "열 수 있는 영상이 아님: {}", error)
    return FootageRefused(path=str(path), found=found)


def _read_open(path: Path, container: InputContainer) -> Streams:
    videos = [v for v in container.streams.video if not v.disposition & Disposition.attached_pic]
    names = [_stream_name(stream) for stream in container.streams]
    if not videos:
        raise NoVideoStream(
            path=str(path), found=", ".join(names) or Said("no stream at all", ko="아무 스트림도 없음")
        )
    video, audio = videos[0], container.streams.audio[0] if container.streams.audio else None
    pictures = _Pictures(
        codec=video.codec.canonical_name,
        extradata=video.codec_context.extradata or b"",
        time_base=_time_base(video),
    )
    spans: dict[int, _Span] = {}
    first: list[VideoFrame] = []
    problems: list[str] = []
    try:
        for packet in container.demux():
            if packet.size == 0 and packet.pts is None:  # the flush packets that end each stream
                continue
            stream = packet.stream
            if stream is video:
                pictures.take(packet)
                if len(first) < _FIRST_PICTURES:
                    first += _decoded(video, packet)
            if (stream is video or stream is audio) and packet.pts is not None and not packet.is_discard:
                base = _time_base(stream)
                spans.setdefault(stream.index, _Span()).take(packet.pts * base, (packet.duration or 0) * base)
    except av.FFmpegError as error:
        problems.append(f"reading breaks off: {error.strerror}")
    shown = spans.get(video.index, _Span())
    times = [time * pictures.time_base for time in sorted(pictures.times)]
    return Streams(
        format_name=container.format.name,
        streams=names,
        video=_video(video, pictures, first, shown),
        audio=_audio(audio, spans.get(audio.index, _Span())) if audio is not None else None,
        duration=_duration(spans.values()),
        times=times,
        shown_until=max(shown.end or Fraction(0), times[-1] if times else Fraction(0)),
        video_index=video.index,
        other_videos=[other.index for other in container.streams.video if other is not video],
        sounds=[sound.index for sound in container.streams.audio],
        private=private_tags([container.metadata, *(stream.metadata for stream in container.streams)]),
        problems=problems,
    )


def _decoded(video: VideoStream, packet: Packet[Stream]) -> Sequence[VideoFrame]:
    try:
        return video.decode(packet)
    except av.FFmpegError:
        # The decode to the end says this with more words.
        return []


def _time_base(stream: Stream) -> Fraction:
    return Fraction(stream.time_base or Fraction(1, 1000))


def _stream_name(stream: Stream) -> str:
    # A timecode or metadata track has no codec, whatever the stubs say.
    codec = stream.codec.canonical_name if getattr(stream, "codec_context", None) else ""
    attached = "attached" if stream.disposition & Disposition.attached_pic else ""
    return " ".join(filter(None, (attached, stream.type or "unknown", codec)))


def _duration(spans: Iterable[_Span]) -> Fraction:
    known = [(span.start, span.end) for span in spans if span.start is not None and span.end is not None]
    if not known:
        return Fraction(0)
    return max(end for _, end in known) - min(start for start, _ in known)


def _audio(audio: AudioStream, span: _Span) -> AudioObservation:
    context = audio.codec_context
    return AudioObservation(
        codec=f"{audio.codec.canonical_name} {context.profile or ''}".strip(),
        rate_hz=context.sample_rate,
        channels=context.channels,
        start=span.start or Fraction(0),
    )


def _video(
    video: VideoStream, pictures: _Pictures, first: Sequence[VideoFrame], span: _Span
) -> VideoObservation:
    context = video.codec_context
    coded = Raster(max(1, context.width), max(1, context.height))
    sar = Fraction(video.sample_aspect_ratio or 1) or Fraction(1)
    # FFmpeg turns against the clock, cameras and people with it.
    rotation = -first[0].rotation % 360 if first else 0
    rhythm = _rhythm(pictures)
    shown = (span.end - span.start) if span.end is not None and span.start is not None else Fraction(0)
    return VideoObservation(
        codec=pictures.codec,
        profile=f"{pictures.codec} {context.profile or ''}".strip(),
        level=_level(context.extradata or b"", pictures.codec),
        pixel_format=context.pix_fmt or "unknown",
        colours=_colours(video, first),
        coded=coded,
        display=display_raster(coded, sar=sar, rotation=rotation),
        sar=sar,
        rotation=rotation,
        interlaced=context.field_order > 1 or any(frame.interlaced_frame for frame in first),
        pictures=len(pictures.times),
        rate=rhythm.rate,
        even=rhythm.even,
        shortest_interval=rhythm.shortest,
        longest_interval=rhythm.longest,
        open_gop_at=pictures.open_gop_at,
        longest_gop=_longest_gop(pictures, rhythm),
        bitrate=8 * pictures.size / shown if shown else Fraction(0),
        start=span.start or Fraction(0),
    )


def _level(extradata: bytes, codec: str) -> int:
    """AVCLevelIndication of the configuration record. Source: ISO/IEC 14496-15, 5.3.3.1."""
    return extradata[3] if codec == "h264" and len(extradata) > 3 and extradata[0] == 1 else 0


def _colours(video: VideoStream, first: Sequence[VideoFrame]) -> tuple[str, ...]:
    context = video.codec_context
    stated = [_colour(context.color_primaries, context.color_trc, context.colorspace, context.color_range)]
    stated += [_colour(f.color_primaries, f.color_trc, f.colorspace, f.color_range) for f in first]
    return tuple(dict.fromkeys(stated))


def _colour(primaries: int, transfer: int, matrix: int, colour_range: int) -> str:
    names = ((_PRIMARIES, primaries), (_TRANSFERS, transfer), (_MATRICES, matrix), (_RANGES, colour_range))
    return "/".join(
        table.get(number, "unset" if number in {0, 2} else f"no. {number}") for table, number in names
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rhythm:
    """How evenly the pictures come, in presentation seconds."""

    rate: Fraction | None = None
    even: bool = False
    shortest: Fraction = Fraction(0)
    longest: Fraction = Fraction(0)


def _rhythm(pictures: _Pictures) -> _Rhythm:
    times = sorted(pictures.times)
    if len(times) < 2 or times[0] == times[-1]:
        return _Rhythm()
    gaps = [later - earlier for earlier, later in itertools.pairwise(times)]
    span, steps = times[-1] - times[0], len(gaps)
    # A container that counts in milliseconds cannot do better than a tick; one that hardly counts at all has
    # no such excuse. In whole ticks: |t - (first + i * span / steps)| <= allowance.
    allowance = steps if span >= 10 * steps else 0
    even = all(abs((t - times[0]) * steps - i * span) <= allowance for i, t in enumerate(times))
    return _Rhythm(
        rate=steps / (span * pictures.time_base),
        even=even and not pictures.timestamps_missing,
        shortest=min(gaps) * pictures.time_base,
        longest=max(gaps) * pictures.time_base,
    )


def _longest_gop(pictures: _Pictures, rhythm: _Rhythm) -> Fraction:
    """The longest time from one keyframe to the next, or to the end, with what leads up to the first."""
    if not pictures.times:
        return Fraction(0)
    marks = sorted({min(pictures.times), *pictures.keyframes, max(pictures.times)})
    gaps = [later - earlier for earlier, later in itertools.pairwise(marks)]
    if not gaps:
        return Fraction(0)
    one_picture = 1 / rhythm.rate if rhythm.rate else Fraction(0)
    last = gaps.pop() * pictures.time_base
    # The last picture lasts too, unless it is a keyframe and so begins a GOP of its own.
    if marks[-1] not in pictures.keyframes:
        last += one_picture
    return max([last, *(gap * pictures.time_base for gap in gaps)])


def _first_picture_nal(coded: bytes, extradata: bytes, codec: str) -> int | None:
    """The NAL unit type of the first coded picture in a packet, None if it holds none.

    Source: ITU-T H.264 table 7-1, H.265 table 7-1; ISO/IEC 14496-15 for the length prefix.
    """
    for start in _nal_starts(coded, extradata, codec):
        kind = coded[start] & 0x1F if codec == "h264" else (coded[start] >> 1) & 0x3F
        if (1 if codec == "h264" else 0) <= kind <= _LAST_PICTURE_NAL[codec]:
            return kind
    return None


def _nal_starts(coded: bytes, extradata: bytes, codec: str) -> Iterator[int]:
    where = 4 if codec == "h264" else 21
    if len(extradata) <= where or extradata[0] != 1:  # start codes, as in a transport stream
        yield from (found.end() for found in re.finditer(rb"\0\0\1(?=.)", coded, re.DOTALL))
        return
    prefix, at = (extradata[where] & 3) + 1, 0
    while at + prefix < len(coded):
        yield at + prefix
        at += prefix + int.from_bytes(coded[at : at + prefix], "big")
