"""Measuring tools for finished files: PyAV, a walk of MP4 boxes, and arithmetic on decoded pictures and sound.

Independent of `reels.check` and `reels.observe` on purpose: what they believe is what is tested here. Times are
exact seconds of the file's own clock, as a player sees it.
"""

from __future__ import annotations

import itertools
import re
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

from reels.geometry import Box
from reels.tools.ffmpeg import run_ffmpeg

__all__ = [
    "Heard",
    "Loudness",
    "Mp4Box",
    "Packet",
    "Picture",
    "character_errors",
    "drawn_by_pillow",
    "likeness",
    "loudness_of",
    "mp4_boxes",
    "onsets",
    "packets",
    "pictures",
    "rgb",
    "sound",
    "trimmed",
]

Plane = npt.NDArray[np.uint8]
Mask = npt.NDArray[np.float64]
Samples = npt.NDArray[np.float32]

# --- the container ---------------------------------------------------------------------------------------

_PARENTS = frozenset({"moov", "trak", "mdia", "minf", "stbl", "edts", "dinf", "udta"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Mp4Box:
    """`path` from the root, such as `moov/trak/edts/elst`; `start` in bytes of the file."""

    path: str
    start: int
    payload: bytes


def mp4_boxes(file: Path) -> tuple[Mp4Box, ...]:
    """Every box of the file, in file order, parents before their children; `mdat`'s payload is left out."""
    return tuple(_walk(file.read_bytes(), 0, ""))


def _walk(data: bytes, offset: int, parent: str) -> Iterator[Mp4Box]:
    at = 0
    while at + 8 <= len(data):
        size, kind = struct.unpack_from(">I4s", data, at)
        header = 8
        if size == 1:
            (size,) = struct.unpack_from(">Q", data, at + 8)
            header = 16
        elif size == 0:
            size = len(data) - at
        assert header <= size <= len(data) - at, f"a broken box {kind!r} at {offset + at}"
        name = kind.decode("latin-1")
        path = f"{parent}/{name}" if parent else name
        payload = b"" if name == "mdat" else data[at + header : at + size]
        yield Mp4Box(path=path, start=offset + at, payload=payload)
        if name in _PARENTS:
            yield from _walk(payload, offset + at + header, path)
        at += size


@dataclass(frozen=True, slots=True, kw_only=True)
class Packet:
    """A packet in decoding order; `nal_types` are H.264's (5: a slice of an IDR picture)."""

    pts: Fraction
    dts: Fraction
    duration: Fraction
    keyframe: bool
    nal_types: tuple[int, ...]


def packets(file: Path) -> tuple[Packet, ...]:
    """The packets of the first picture track, with four-byte NAL lengths as MP4 stores them."""
    found = []
    with av.open(str(file)) as container:
        stream = container.streams.video[0]
        for packet in container.demux(stream):
            if packet.size == 0:
                continue
            assert packet.pts is not None
            assert packet.dts is not None
            tick = packet.time_base
            found.append(
                Packet(
                    pts=packet.pts * tick,
                    dts=packet.dts * tick,
                    duration=(packet.duration or 0) * tick,
                    keyframe=packet.is_keyframe,
                    nal_types=_nal_types(bytes(packet)),
                )
            )
    return tuple(found)


def _nal_types(data: bytes) -> tuple[int, ...]:
    types = []
    at = 0
    while at + 5 <= len(data):
        (length,) = struct.unpack_from(">I", data, at)
        types.append(data[at + 4] & 31)
        at += 4 + length
    assert at == len(data), "NAL lengths do not add up to the packet"
    return tuple(types)


# --- pictures --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A decoded 4:2:0 picture; `u` and `v` have half the width and height of `y`."""

    seconds: Fraction
    y: Plane
    u: Plane
    v: Plane


def pictures(file: Path) -> Iterator[Picture]:
    """Every picture of the first picture track in order of presentation, as stored: nothing turned or scaled."""
    with av.open(str(file)) as container:
        stream = container.streams.video[0]
        stream.thread_type = "NONE"
        for frame in container.decode(stream):
            assert frame.pts is not None
            assert frame.time_base is not None
            assert frame.format.name in ("yuv420p", "yuvj420p")
            y, u, v = (_plane(plane) for plane in frame.planes)
            yield Picture(seconds=frame.pts * frame.time_base, y=y, u=u, v=v)


def _plane(plane: av.video.plane.VideoPlane) -> Plane:
    rows: Plane = np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)
    return rows[: plane.height, : plane.width].copy()


def rgb(picture: Picture, box: Box) -> tuple[float, float, float]:
    """The mean colour inside `box`, 0 … 255, by the matrix of BT.709 in limited range."""
    y = picture.y[box.top : box.bottom, box.left : box.right].mean()
    half = slice(box.top // 2, box.bottom // 2), slice(box.left // 2, box.right // 2)
    u, v = picture.u[half].mean(), picture.v[half].mean()
    light = 255 / 219 * (y - 16)
    blue, red = 255 / 224 * (u - 128), 255 / 224 * (v - 128)
    kr, kb = 0.2126, 0.0722
    r, b = light + 2 * (1 - kr) * red, light + 2 * (1 - kb) * blue
    return float(r), float((light - kr * r - kb * b) / (1 - kr - kb)), float(b)


def trimmed(mask: Mask, least: float = 0.2) -> Mask:
    """`mask` cut to what is marked in it."""
    rows, columns = np.nonzero(mask.max(axis=1) > least)[0], np.nonzero(mask.max(axis=0) > least)[0]
    assert len(rows), "nothing is marked"
    return mask[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def drawn_by_pillow(font: Path, text: str, size_px: int) -> Mask:
    """`text` as coverage 0 … 1, by another renderer than the burn-in's, cut to its ink."""
    face = ImageFont.truetype(font, size_px)
    image = Image.new("L", (int(face.getlength(text)) + 4 * size_px, 3 * size_px))
    ImageDraw.Draw(image).text((size_px, size_px), text, font=face, fill=255)
    return trimmed(np.asarray(image).astype(np.float64) / 255)


def likeness(one: Mask, other: Mask) -> float:
    """The best normalised correlation of two masks over shifts of up to three pixels, -1 … 1."""
    height, width = max(one.shape[0], other.shape[0]) + 6, max(one.shape[1], other.shape[1]) + 6
    still = np.zeros((height, width))
    still[3 : 3 + one.shape[0], 3 : 3 + one.shape[1]] = one
    best = -1.0
    for down, right in itertools.product(range(7), range(7)):
        moved = np.zeros((height, width))
        room = moved[down : down + other.shape[0], right : right + other.shape[1]]
        room += other[: room.shape[0], : room.shape[1]]
        best = max(best, float(np.corrcoef(still.ravel(), moved.ravel())[0, 1]))
    return best


# --- sound -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What a player plays: `samples` (channels, count) from `start` seconds of the file's clock."""

    samples: Samples
    start: Fraction
    rate_hz: int

    @property
    def duration(self) -> Fraction:
        return Fraction(self.samples.shape[1], self.rate_hz)

    @property
    def mono(self) -> Samples:
        mean: Samples = self.samples.mean(axis=0)
        return mean


def sound(file: Path) -> Heard:
    """The first sound track, decoded; asserts that its timestamps have no gap."""
    with av.open(str(file)) as container:
        stream = container.streams.audio[0]
        parts, start, rate, count = [], None, stream.rate, 0
        for frame in container.decode(stream):
            assert frame.pts is not None
            assert frame.time_base is not None
            seconds = frame.pts * frame.time_base
            start = seconds if start is None else start
            assert abs(seconds - start - Fraction(count, rate)) < Fraction(2, 1000), "a gap in the sound"
            assert frame.format.name == "fltp"
            parts.append(frame.to_ndarray())
            count += frame.samples
        assert start is not None
    samples: Samples = np.concatenate(parts, axis=1).astype(np.float32)
    return Heard(samples=samples, start=start, rate_hz=rate)


def onsets(heard: Heard, *, apart_s: float = 0.3) -> list[float]:
    """When each beep begins, in seconds of the file's clock: a quarter of the loudest sample, after silence."""
    loud = np.flatnonzero(np.abs(heard.mono) > 0.25 * np.abs(heard.mono).max())
    gap = round(apart_s * heard.rate_hz)
    first = [int(loud[0]), *(int(b) for a, b in itertools.pairwise(loud) if b - a > gap)]
    return [float(heard.start) + at / heard.rate_hz for at in first]


@dataclass(frozen=True, slots=True, kw_only=True)
class Loudness:
    integrated_lufs: float
    true_peak_dbtp: float


def loudness_of(file: Path) -> Loudness:
    """Of the decoded sound, by ffmpeg's ebur128. Source: EBU R 128, ITU-R BS.1770."""
    said = run_ffmpeg(
        ["-i", f"file:{file}", "-map", "0:a:0", "-af", "ebur128=peak=true", "-f", "null", "-"],
        doing="measuring the loudness",
    )
    summary = said[said.rindex("Summary:") :]
    integrated = re.search(r"I:\s+(-?[\d.]+) LUFS", summary)
    peak = re.search(r"Peak:\s+(-?[\d.]+|-inf) dBFS", summary)
    assert integrated is not None
    assert peak is not None
    return Loudness(integrated_lufs=float(integrated[1]), true_peak_dbtp=float(peak[1]))


# --- words -----------------------------------------------------------------------------------------------


def character_errors(said: str, written: str) -> int:
    """How many characters must be changed, put in or taken out to make `said` of `written` (Levenshtein)."""
    row: Sequence[int] = range(len(written) + 1)
    for i, a in enumerate(said, start=1):
        new = [i]
        for j, b in enumerate(written, start=1):
            new.append(min(row[j] + 1, new[j - 1] + 1, row[j - 1] + (a != b)))
        row = new
    return row[-1]
