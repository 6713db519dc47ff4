"""What is known of a footage file → what the graph must know of it.

Pure: reads no file. `probe` stands before, `graph.picture` after; `reel` asks.
"""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Literal

from reels.geometry import Raster
from reels.graph.picture import PictureSource
from reels.luts import Lut
from reels.media import MediaInfo, VideoStream

__all__ = ["picture_source"]

_RGB_FORMATS = ("rgb", "bgr", "gbr", "argb", "abgr", "0rgb", "0bgr", "x2rgb", "x2bgr", "pal8")
"""Pixel formats of ffmpeg, by their beginnings."""


_ROOM_FOR_FIELDS = Fraction(3, 2)
"""Between a reel of as many frames as the footage has pairs of fields, and one of as many as it has fields."""


def picture_source(
    path: Path, media: MediaInfo, *, rate: Fraction | None = None, lut: Lut | None = None
) -> PictureSource:
    """What the graph must know of the footage at `path` for a reel of `rate`, seen through `lut`."""
    video = media.video
    turned = video.rotation % 180 == 90
    coded = video.coded
    by_field = video.interlaced and rate is not None and rate > video.rate * _ROOM_FOR_FIELDS
    return PictureSource(
        path=path,
        stored=Raster(coded.height, coded.width) if turned else coded,
        sar=1 / video.sar if turned else video.sar,
        interlaced="by field" if by_field else video.interlaced,
        transfer=video.transfer,
        video_stream=video.index,
        container_start=media.start_time,
        seek_back=media.seek_back,
        assumed_matrix=_assumed_matrix(video),
        chroma=_chroma(video, turned=turned),
        primaries=_told(video.tagged_primaries),
        matrix=_told(video.tagged_matrix),
        full_range=video.tagged_range == "pc" or video.pixel_format.startswith("yuvj"),
        is_rgb=_is_rgb(video),
        lut=lut,
    )


def _told(tag: str) -> str:
    return "" if tag == "unknown" else tag


def _is_rgb(video: VideoStream) -> bool:
    return video.pixel_format.startswith(_RGB_FORMATS)


def _chroma(video: VideoStream, *, turned: bool) -> tuple[int, int]:
    """How many columns and rows share a colour sample where these are more than two: tapes of 4:1:1 above all."""
    if not video.pixel_format.startswith(("yuv411", "yuvj411", "uyyvyy411", "yuv410")):
        return (2, 2)
    return (4, 4) if turned or video.pixel_format.startswith("yuv410") else (4, 1)


def _assumed_matrix(video: VideoStream) -> Literal["bt709", "bt470bg"] | None:
    """What players assume of a picture without colour tags: BT.709 from HD on, BT.601 below.

    ffmpeg's scaler would take BT.601 for all of them, which turns the greens and reds of HD.
    """
    # A picture that is no RGB whose tag says that it is one has no true tag.
    if video.tagged_matrix not in ("unknown", "gbr") or _is_rgb(video):
        return None
    is_hd = video.coded.width >= 1280 or video.coded.height > 576
    return "bt709" if is_hd else "bt470bg"
