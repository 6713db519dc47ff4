"""Footage whose every frame says which one it is: clappers, test cards and plain grey, written with PyAV.

The recipes use nothing of the product, so that what is true of a clip is known without it. Pictures are
computed with numpy, timestamps are set one by one, and `film` reads the finished file back to prove both.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, cast

import av
import numpy as np
import numpy.typing as npt
from PIL import Image

from reels.geometry import Raster

__all__ = [
    "BT601_LIMITED",
    "BT709_FULL",
    "BT709_LIMITED",
    "CARD_COLOURS",
    "UNTAGGED_BT601",
    "UNTAGGED_BT709",
    "Clapper",
    "Coding",
    "beeps",
    "card",
    "clapper_picture",
    "counted",
    "film",
    "flash_is_on",
    "grey",
    "planes_of",
]

Plane = npt.NDArray[np.uint8]
Yuv = npt.NDArray[np.uint8]
"""A 4:2:0 picture as PyAV takes it: (height * 3 / 2, width)."""

_TICKS = 90_000


# --- how a picture is coded ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Coding:
    """RGB → YUV, and how the file tells it. Numbers of ITU-T H.273; `full`: 0 … 255 instead of 16 … 235."""

    kr: float
    kb: float
    full: bool = False
    primaries: int = 2
    transfer: int = 2
    matrix: int = 2

    def yuv(self, picture: npt.NDArray[np.float64]) -> Yuv:
        """(height, width, 3) of RGB 0 … 255, even both ways, as a 4:2:0 picture."""
        r, g, b = (picture[..., i] / 255 for i in range(3))
        y = self.kr * r + (1 - self.kr - self.kb) * g + self.kb * b
        u, v = (b - y) / (2 * (1 - self.kb)), (r - y) / (2 * (1 - self.kr))
        luma = 255 * y if self.full else 16 + 219 * y
        chroma = [128 + (255 if self.full else 224) * c for c in (u, v)]
        height, width = luma.shape
        small = [c.reshape(height // 2, 2, width // 2, 2).mean(axis=(1, 3)) for c in chroma]
        rows = [luma, *(c.reshape(-1, width) for c in small)]
        coded: Yuv = np.clip(np.rint(np.concatenate(rows)), 0, 255).astype(np.uint8)
        return coded


BT709_LIMITED = Coding(kr=0.2126, kb=0.0722, primaries=1, transfer=1, matrix=1)
BT709_FULL = Coding(kr=0.2126, kb=0.0722, primaries=1, transfer=1, matrix=1, full=True)
BT601_LIMITED = Coding(kr=0.299, kb=0.114, primaries=5, transfer=6, matrix=5)
UNTAGGED_BT709 = Coding(kr=0.2126, kb=0.0722)
UNTAGGED_BT601 = Coding(kr=0.299, kb=0.114)


def planes_of(luma: Plane) -> Yuv:
    """A picture without colour."""
    height, width = luma.shape
    return np.concatenate([luma, np.full((height // 2, width), 128, np.uint8)])


def grey(raster: Raster, value: int) -> Yuv:
    return planes_of(np.full((raster.height, raster.width), value, np.uint8))


# --- writing ---------------------------------------------------------------------------------------------


def film(
    path: Path,
    frames: Sequence[Yuv],
    times: Sequence[Fraction],
    *,
    rate: Fraction,
    sound: npt.NDArray[np.float32] | None = None,
    sound_start: Fraction = Fraction(0),
    sound_rate: int = 48_000,
    sound_codec: str = "aac",
    coding: Coding = BT709_LIMITED,
    sar: Fraction = Fraction(1),
    metadata: Mapping[str, str] | None = None,
    crf: int = 12,
    gop: int = 250,
) -> Path:
    """Write `frames` at `times` and mono `sound` from `sound_start`; `rate` is only what the header declares.

    Two B-frames and long GOPs, as cameras write and as is hardest to seek in.
    """
    height, width = frames[0].shape[0] * 2 // 3, frames[0].shape[1]
    options = {"movflags": "use_metadata_tags"} if metadata else {}
    with av.open(str(path), "w", options=options) as container:
        container.metadata.update(metadata or {})
        video = container.add_stream("libx264", rate=rate)
        video.width, video.height, video.pix_fmt = width, height, "yuv420p"
        video.time_base = Fraction(1, _TICKS)
        context = video.codec_context
        context.time_base = Fraction(1, _TICKS)
        context.sample_aspect_ratio = sar
        context.color_primaries, context.color_trc = coding.primaries, coding.transfer
        context.colorspace = coding.matrix
        context.color_range = 2 if coding.full else 1
        context.thread_count = 1
        context.options = {"preset": "veryfast", "crf": str(crf), "bf": "2", "sc_threshold": "0"} | {
            "g": f"{gop}",
            "keyint_min": f"{gop}",
        }
        packets: list[av.Packet[Any]] = []
        audio = None
        if sound is not None:
            audio = cast("av.AudioStream", container.add_stream(sound_codec, rate=sound_rate))
            audio.layout = "mono"
        for picture, at in zip(frames, times, strict=True):
            frame = av.VideoFrame.from_ndarray(picture, format="yuv420p")
            frame.pts, frame.time_base = round(at * _TICKS), Fraction(1, _TICKS)
            frame.color_range = 2 if coding.full else 1
            frame.colorspace = coding.matrix
            packets += video.encode(frame)
        packets += video.encode(None)
        if audio is not None and sound is not None:
            packets += _encoded(audio, sound, sound_start, sound_rate)
        container.mux(sorted(packets, key=_decoding_time))
    _require_truth(path, frames, times, sar, coding)
    return path


def _decoding_time(packet: av.Packet[Any]) -> Fraction:
    assert packet.dts is not None
    return packet.dts * packet.time_base


def _encoded(
    audio: av.AudioStream, sound: npt.NDArray[np.float32], start: Fraction, rate: int
) -> list[av.Packet[Any]]:
    packets: list[av.Packet[Any]] = []
    samples = np.clip(np.rint(sound * 32767), -32768, 32767).astype(np.int16)
    for at in range(0, len(samples), 1024):
        frame = av.AudioFrame.from_ndarray(samples[None, at : at + 1024], format="s16", layout="mono")
        frame.sample_rate, frame.time_base = rate, Fraction(1, rate)
        frame.pts = at + round(start * rate)
        packets += audio.encode(frame)
    return packets + audio.encode(None)


def _require_truth(
    path: Path, frames: Sequence[Yuv], times: Sequence[Fraction], sar: Fraction, coding: Coding
) -> None:
    """The file holds these pictures at these distances, and says of itself what it should."""
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        decoded = []
        for frame in container.decode(stream):
            assert frame.pts is not None
            assert frame.time_base is not None
            decoded.append(frame.pts * frame.time_base)
        middle = frames[len(decoded) - 1]
        off = np.abs(frame.to_ndarray(format=frame.format.name).astype(int) - middle.astype(int)).mean()
        assert off < 3, f"{path.name}: the last picture is {off:.1f} levels from what it should be"
        assert (stream.sample_aspect_ratio or 1) == sar
        assert stream.codec_context.colorspace == coding.matrix
        # 0, unspecified, counts as limited: without any tag there is no place for it.
        assert stream.codec_context.color_range in ((2,) if coding.full else (0, 1))
    assert len(decoded) == len(times), f"{path.name}: {len(decoded)} frames instead of {len(times)}"
    slips = [abs((d - decoded[0]) - (t - times[0])) for d, t in zip(decoded, times, strict=True)]
    assert max(slips) <= Fraction(1, 1000), f"{path.name}: timestamps are off by {float(max(slips))} s"


# --- clappers --------------------------------------------------------------------------------------------

_RASTER = Raster(270, 480)
_BLOCK, _COLUMNS, _BITS = 54, 5, 10
_FLASH_ROWS = slice(240, 480)
_ZERO, _ONE, _GROUND = 40, 215, 80


def clapper_picture(number: int, *, flash: bool) -> Yuv:
    """`number` below 1024 as ten black or white blocks; the lower half is bright where it `flash`es."""
    luma = np.full((_RASTER.height, _RASTER.width), _GROUND, np.uint8)
    for bit in range(_BITS):
        row, column = divmod(bit, _COLUMNS)
        block = slice(row * _BLOCK, (row + 1) * _BLOCK), slice(column * _BLOCK, (column + 1) * _BLOCK)
        luma[block] = _ONE if number >> bit & 1 else _ZERO
    luma[_FLASH_ROWS] = _ONE if flash else _ZERO
    return planes_of(luma)


def counted(luma: Plane) -> int:
    """The number that a clapper's picture shows, at any size; fails where two pictures are mixed."""
    scale = luma.shape[1] / _RASTER.width
    number = 0
    for bit in range(_BITS):
        row, column = divmod(bit, _COLUMNS)
        top, left = (round(scale * (n * _BLOCK + _BLOCK / 4)) for n in (row, column))
        size = round(scale * _BLOCK / 2)
        level = float(luma[top : top + size, left : left + size].mean())
        assert level < _ZERO + 25 or level > _ONE - 25, f"bit {bit} is {level:.0f}: two pictures in one"
        number |= (level > 128) << bit
    return number


def flash_is_on(luma: Plane) -> bool:
    """Whether the lower half is bright; fails where it is half bright."""
    level = float(luma[luma.shape[0] * 9 // 16 : luma.shape[0] * 15 // 16].mean())
    assert level < _ZERO + 25 or level > _ONE - 25, f"the flash is {level:.0f}: two pictures in one"
    return level > 128


@dataclass(frozen=True, slots=True, kw_only=True)
class Clapper:
    """A counting clip. `times` are source seconds from the first picture on; at `flashes` it flashes and beeps."""

    path: Path
    times: tuple[Fraction, ...]
    flashes: tuple[Fraction, ...]
    first_number: int = 0

    @classmethod
    def filmed(
        cls,
        path: Path,
        times: Sequence[Fraction],
        *,
        rate: Fraction,
        flash_frames: Sequence[int],
        first_number: int = 0,
        picture_late_s: Fraction = Fraction(0),
        sound_from: Fraction = Fraction(0),
        sound_rate: int = 48_000,
        sound_codec: str = "aac",
        gop: int = 250,
    ) -> Clapper:
        """Pictures at `times` after `picture_late_s`, sound from `sound_from` to the end, flashes three frames long."""
        on = {first + more for first in flash_frames for more in range(3)}
        frames = [clapper_picture(first_number + n, flash=n in on) for n in range(len(times))]
        flashes = tuple(times[n] for n in flash_frames)
        end = picture_late_s + times[-1] + 1 / rate
        beeping = beeps(
            end - sound_from, [picture_late_s + at - sound_from for at in flashes], rate_hz=sound_rate
        )
        film(
            path,
            frames,
            [picture_late_s + at for at in times],
            rate=rate,
            sound=beeping,
            sound_start=sound_from,
            sound_rate=sound_rate,
            sound_codec=sound_codec,
            gop=gop,
        )
        return cls(path=path, times=tuple(times), flashes=flashes, first_number=first_number)

    def number_shown_at(self, seconds: Fraction) -> int:
        """What a viewer of the clip sees at `seconds`: the last picture that started by then."""
        return self.first_number + max(n for n, at in enumerate(self.times) if at <= seconds)


def beeps(duration: Fraction, at: Sequence[Fraction], *, rate_hz: int) -> npt.NDArray[np.float32]:
    """A 1 kHz tone of 60 ms at each time, on a hiss far below."""
    count = math.ceil(duration * rate_hz)
    samples = np.random.default_rng(7).normal(0, 0.0004, count)
    burst = 0.5 * np.sin(2 * np.pi * 1000 * np.arange(round(0.06 * rate_hz)) / rate_hz + np.pi / 2)
    for begin in at:
        first = round(begin * rate_hz)
        samples[first : first + len(burst)] += burst[: count - first]
    return samples.astype(np.float32)


# --- test cards ------------------------------------------------------------------------------------------

CARD_COLOURS = {
    "top left": (200, 45, 45),
    "top right": (40, 170, 70),
    "bottom left": (45, 70, 200),
    "bottom right": (205, 190, 50),
    "middle": (235, 235, 235),
    "ground": (110, 110, 110),
}


def card(display: Raster, stored: Raster) -> npt.NDArray[np.float64]:
    """A test card for `display`, squeezed to `stored`: RGB (height, width, 3).

    Coloured squares, a sixth of the shorter side, in the picture's corners and in the corners of its middle
    9:16; a white circle of 0.3 of that part's width in the middle.
    """
    over = 2
    width, height = display.width * over, display.height * over
    picture = np.empty((height, width, 3))
    picture[:] = CARD_COLOURS["ground"]
    inner_width, inner_height = min(width, height * 9 // 16), min(height, width * 16 // 9)
    for w, h in ((width, height), (inner_width, inner_height)):
        left, top, side = (width - w) // 2, (height - h) // 2, min(w, h) // 6
        for place, colour in CARD_COLOURS.items():
            down, _, across = place.partition(" ")
            if across:
                x = left if across == "left" else left + w - side
                y = top if down == "top" else top + h - side
                picture[y : y + side, x : x + side] = colour
    rows, columns = np.ogrid[:height, :width]
    away = np.hypot(rows - (height - 1) / 2, columns - (width - 1) / 2)
    picture[away <= 0.3 * inner_width] = CARD_COLOURS["middle"]
    image = Image.fromarray(picture.astype(np.uint8)).resize(
        (stored.width, stored.height), Image.Resampling.BOX
    )
    return np.asarray(image).astype(np.float64)
