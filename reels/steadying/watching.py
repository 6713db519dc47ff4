"""Watching footage for shake: every frame decoded once, small and grey, and compared with the one before.

A thumbnail in colour tells where another shot begins: what moved from one shot to the next is no shake.

File → `Steady`. The picture is turned and its pixels are squared as the render does it. Read in stretches, so that only
the thumbnails stay in memory. `probe` stands before, the plan after.
"""

from __future__ import annotations

import math
import re
import tempfile
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path

import numpy as np
import numpy.typing as npt

from reels.errors import FootageDamaged
from reels.framing.shots import PLANES, shot_changes, thumbnail_filters, thumbnail_raster
from reels.geometry import Raster
from reels.media import MediaInfo
from reels.said import Said
from reels.steadying.holding import Steady, hold
from reels.steadying.shake import Grey, displacement
from reels.timing import TimeRange
from reels.tools.ffmpeg import SAFE_INPUT, footage_argument, read_ffmpeg, require_not_stopped

__all__ = ["watch"]

_LONG_SIDE = 384
_STRETCH = Fraction(10)
_LEAD = Fraction(1, 4)
"""Seconds before the range: the frame that is on screen when it begins has begun before it."""
_SEEK_MARGIN = Fraction(1, 5)
_MICRO = 1_000_000
_STAMP = re.compile(r"^frame:\d+ +pts:(-?\d+) ", re.MULTILINE)


def watch(
    path: Path,
    media: MediaInfo,
    range_in_source: TimeRange,
    *,
    on_progress: Callable[[Fraction], None] | None = None,
) -> Steady:
    """How the footage at `path` shakes in `range_in_source`, and how a window must move to hold it still.

    Raises: ChildFailed, DiskFailed, Interrupted, ToolMissing; FootageDamaged where no picture can be decoded.
    """
    display = media.video.display
    small = _raster(display)
    grown = (display.width / small.width, display.height / small.height)
    start = max(media.video.first_pts, range_in_source.start - _LEAD)
    wanted = TimeRange(start, max(range_in_source.end, start))
    starts: list[int] = []
    moved: list[tuple[float, float]] = []
    thumbnails: list[npt.NDArray[np.uint8]] = []
    before: Grey | None = None
    for at, frame, thumbnail in _frames(path, media, wanted, small):
        # Comparing takes longer than decoding, and while it lasts no child runs that could be stopped.
        require_not_stopped()
        if starts and at <= starts[-1]:
            # A broken clock: what is shown for no time moves no window.
            continue
        right, down = displacement(before, frame) if before is not None else (0.0, 0.0)
        before = frame
        starts.append(at)
        moved.append((right * grown[0], down * grown[1]))
        thumbnails.append(thumbnail)
        if on_progress is not None:
            done = Fraction(at, _MICRO) - wanted.start
            on_progress(min(Fraction(1), max(Fraction(0), done) / (wanted.duration or 1)))
    if not starts:
        raise FootageDamaged(
            path=str(path), found=Said("no picture can be decoded", ko="읽을 수 있는 화면이 없음")
        )
    times = [Fraction(at, _MICRO) for at in starts]
    return hold(display, starts, moved, shot_changes(np.stack(thumbnails), times))


def _raster(display: Raster) -> Raster:
    part = min(Fraction(1), Fraction(_LONG_SIDE, max(display.width, display.height)))
    width, height = (max(64, 2 * round(side * part / 2)) for side in (display.width, display.height))
    return Raster(width, height)


def _frames(
    path: Path, media: MediaInfo, wanted: TimeRange, small: Raster
) -> Iterator[tuple[int, Grey, npt.NDArray[np.uint8]]]:
    """Every frame that begins in `wanted`: its start in source microseconds, the picture and its thumbnail."""
    tiny = thumbnail_raster(media.video.display)
    shape = PLANES, tiny.height, tiny.width
    start = wanted.start
    while start < wanted.end:
        stretch = TimeRange(start, min(start + _STRETCH, wanted.end))
        with tempfile.TemporaryDirectory(prefix="reels-watch-") as name:
            raw = read_ffmpeg(
                _arguments(path, media, stretch, small),
                doing=f"watching {path.name}",
                cwd=Path(name),
            )
            told = Path(name) / "times.txt"
            stamps = _STAMP.findall(told.read_text(encoding="ascii")) if told.is_file() else []
            seen = (Path(name) / "thumbnails.yuv").read_bytes()
        count = len(raw) // (small.width * small.height)
        pictures = np.frombuffer(raw, np.uint8)[: count * small.width * small.height]
        frames = pictures.reshape(count, small.height, small.width)
        whole = len(seen) // math.prod(shape) * math.prod(shape)
        thumbnails = np.frombuffer(seen[:whole], np.uint8).reshape(-1, *shape)
        for stamp, frame, thumbnail in zip(stamps, frames, thumbnails, strict=False):
            yield int(stamp), frame.astype(np.float32), thumbnail
        start = stretch.end


def _arguments(path: Path, media: MediaInfo, stretch: TimeRange, small: Raster) -> list[str]:
    seek = stretch.start - _SEEK_MARGIN - media.seek_back
    origin = round(media.start_time * _MICRO)
    begin, end = round(stretch.start * _MICRO), round(stretch.end * _MICRO)
    woven = "bwdif=mode=send_frame," if media.video.interlaced else ""
    graph = (
        f"[0:{media.video.index}]{woven}settb=1/{_MICRO},setpts=PTS-({origin}),"
        f"trim=start_pts={begin}:end_pts={end},split=2[grey][colour];"
        f"[colour]{thumbnail_filters(media.video.display)}[thumbnails];"
        f"[grey]scale={small.width}:{small.height}:flags=area,format=gray,"
        "metadata=mode=add:key=watch:value=1,metadata=mode=print:key=watch:file=times.txt[small]"
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
