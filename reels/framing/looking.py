"""Looking at footage: one small decode gives the faces a few times a second and every frame's thumbnail.

File → `Sighting`. Decides nothing about the crop. The picture is turned and its pixels are squared as the render does
it, and a look at second t sees what a viewer sees at t. Read in stretches on a fixed grid, so that only the thumbnails
stay in memory and what is found at a moment depends on nothing but the footage. `probe` and a detector stand before,
`follow` after.
"""

from __future__ import annotations

import math
import re
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import numpy as np

from reels.errors import FootageDamaged
from reels.framing.faces import FaceDetector, Picture, Seen, Sighting
from reels.framing.shots import PLANES, Thumbnails, shot_changes, thumbnail_filters, thumbnail_raster
from reels.geometry import Raster
from reels.media import MediaInfo
from reels.said import Said
from reels.timing import TimeRange
from reels.tools.ffmpeg import SAFE_INPUT, footage_argument, read_ffmpeg

__all__ = ["LOOKS_PER_SECOND", "look", "small_raster"]

LOOKS_PER_SECOND = 3

_LONG_SIDE = 448

_STRETCH = Fraction(20)
_SEEK_MARGIN = Fraction(1, 5)
_TOLERANCE_US = 1137
"""A frame that starts so much after a look is still seen by it; as in `graph.picture`, and for the same reason."""
_MICRO = 1_000_000
_STAMP = re.compile(r"^frame:\d+ +pts:(-?\d+) ", re.MULTILINE)


def small_raster(display: Raster) -> Raster:
    """The raster in which faces are looked for: at most 448 pixels long, never enlarged."""
    part = min(Fraction(1), Fraction(_LONG_SIDE, max(display.width, display.height)))
    return Raster(_even(display.width * part), _even(display.height * part))


def look(
    path: Path,
    media: MediaInfo,
    range_in_source: TimeRange,
    detector: FaceDetector,
    *,
    on_progress: Callable[[Fraction], None] | None = None,
) -> Sighting:
    """Faces and shots in `range_in_source` of the footage at `path`.

    `on_progress` is called with the share that is done. Raises: ChildFailed, DiskFailed, Interrupted, ToolMissing;
    FootageDamaged where no picture can be decoded; what the detector raises.
    """
    first = media.video.first_pts
    wanted = TimeRange(max(range_in_source.start, first), max(range_in_source.end, first))
    seen: list[Seen] = []
    frames = _Frames()
    small = small_raster(media.video.display)
    for stretch in _stretches(wanted):
        for at, picture in _read(path, media, stretch, small, frames):
            seen.append(Seen(at=at, faces=detector.find(picture, shown_as=media.video.display)))
            if on_progress is not None:
                done = (at - wanted.start) / (wanted.duration or 1)
                on_progress(min(max(done, Fraction(0)), Fraction(1)))
    if not frames.times:
        raise FootageDamaged(
            path=str(path), found=Said("no picture can be decoded", ko="읽을 수 있는 화면이 없음")
        )
    thumbnails = frames.as_pictures(thumbnail_raster(media.video.display))
    cuts = tuple(frames.times[number] for number in shot_changes(thumbnails, frames.times))
    return Sighting(
        raster_in_source=media.video.display,
        range_in_source=range_in_source,
        looks_per_second=LOOKS_PER_SECOND,
        seen=_in_range(seen, wanted),
        cuts=tuple(cut for cut in cuts if wanted.start < cut < wanted.end),
    )


def _in_range(seen: list[Seen], wanted: TimeRange) -> tuple[Seen, ...]:
    """The looks in the range; the one before it where it is too short to hold any."""
    inside = tuple(one for one in seen if one.at in wanted)
    return inside or tuple(one for one in seen if one.at <= wanted.start)[-1:]


def _look_apart() -> Fraction:
    return Fraction(1, LOOKS_PER_SECOND)


def _stretches(wanted: TimeRange) -> Iterator[TimeRange]:
    """Whole looks that cover `wanted`, none longer than a stretch, all borders on the grid of stretches."""
    apart = _look_apart()
    start = math.floor(wanted.start / apart) * apart
    end = max(math.ceil(wanted.end / apart) * apart, start + apart)
    while start < end:
        border = min(end, (math.floor(start / _STRETCH) + 1) * _STRETCH)
        yield TimeRange(start, border)
        start = border


@dataclass(slots=True, kw_only=True)
class _Frames:
    """Every frame so far: when it starts, and its thumbnail, all in one piece of memory."""

    times: list[Fraction] = field(default_factory=list)
    thumbnails: bytearray = field(default_factory=bytearray)

    def as_pictures(self, raster: Raster) -> Thumbnails:
        return np.frombuffer(self.thumbnails, np.uint8).reshape(-1, PLANES, raster.height, raster.width)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sizes:
    small: Raster
    thumbnail: Raster

    @property
    def bytes_of_small(self) -> int:
        return self.small.width * self.small.height * 3

    @property
    def bytes_of_thumbnail(self) -> int:
        return self.thumbnail.width * self.thumbnail.height * PLANES


def _read(
    path: Path, media: MediaInfo, stretch: TimeRange, small: Raster, frames: _Frames
) -> Iterator[tuple[Fraction, Picture]]:
    """The looks in `stretch`; every frame's thumbnail and start are added to `frames`."""
    sizes = _Sizes(small=small, thumbnail=thumbnail_raster(media.video.display))
    looks = int(stretch.duration * LOOKS_PER_SECOND)
    with tempfile.TemporaryDirectory(prefix="reels-look-") as name:
        folder = Path(name)
        pictures = read_ffmpeg(
            _arguments(path, media, stretch, sizes, looks),
            doing=f"looking at the picture of {path.name}",
            cwd=folder,
        )
        stamps = [int(n) for n in _STAMP.findall((folder / "times.txt").read_text(encoding="ascii"))]
        raw = (folder / "thumbnails.yuv").read_bytes()
    count = min(len(raw) // sizes.bytes_of_thumbnail, len(stamps))
    frames.thumbnails += raw[: count * sizes.bytes_of_thumbnail]
    frames.times += [stretch.start + Fraction(stamp + _TOLERANCE_US, _MICRO) for stamp in stamps[:count]]
    whole = len(pictures) // sizes.bytes_of_small
    shown = np.frombuffer(pictures, np.uint8)[: whole * sizes.bytes_of_small]
    for number, picture in enumerate(shown.reshape(whole, small.height, small.width, 3)):
        yield stretch.start + number * _look_apart(), picture


def _arguments(path: Path, media: MediaInfo, stretch: TimeRange, sizes: _Sizes, looks: int) -> list[str]:
    """One decode, two outputs: pictures to the pipe, thumbnails and their times to files beside."""
    seek = stretch.start - _SEEK_MARGIN - media.seek_back
    origin = round((media.start_time + stretch.start) * _MICRO) + _TOLERANCE_US
    length = int(stretch.duration * _MICRO)
    graph = ";".join(
        [
            f"[0:{media.video.index}]settb=1/{_MICRO},setpts=PTS-({origin}),split=2[looks][frames]",
            f"[looks]fps={LOOKS_PER_SECOND}:start_time=0:round=up,"
            f"scale={sizes.small.width}:{sizes.small.height}:flags=bilinear,format=rgb24,"
            f"trim=end_frame={looks}[small]",
            f"[frames]trim=start_pts={-_TOLERANCE_US}:end_pts={length - _TOLERANCE_US},"
            f"{thumbnail_filters(media.video.display)},"
            "metadata=mode=add:key=look:value=1,metadata=mode=print:key=look:file=times.txt[thumbnails]",
        ]
    )
    return [
        "-copyts",
        *("-filter_complex_threads", "1"),
        *(("-ss", f"{float(seek):.6f}", "-noaccurate_seek") if seek > 0 else ()),
        *SAFE_INPUT,
        # What the deblocking filter smooths is gone at this size anyway; without it a third of decoding is saved.
        *("-threads", "1", "-skip_loop_filter", "all", "-an", "-sn", "-dn"),
        *("-i", footage_argument(path)),
        *("-filter_complex", graph),
        *("-map", "[small]", "-f", "rawvideo", "-fps_mode", "passthrough", "pipe:1"),
        *("-map", "[thumbnails]", "-f", "rawvideo", "-fps_mode", "passthrough", "thumbnails.yuv"),
    ]


def _even(pixels: Fraction) -> int:
    return max(2, 2 * round(pixels / 2))
