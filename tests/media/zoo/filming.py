"""Filming: pictures and beeps → a raw master whose truth is known → footage as a device writes it.

The master is raw pictures and PCM with every timestamp set by hand (PyAV, NUT); one ffmpeg command or several
then make of it what a telephone, a camera or a messenger would. The product has no part in it but its ffmpeg.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any, Literal

import av
import numpy as np
import numpy.typing as npt

from reels.geometry import Raster
from reels.tools.ffmpeg import run_ffmpeg
from tests.media.zoo.pictures import Card, Plane, draw

__all__ = ["Take", "film_master", "made_of_master"]

_TICKS = 90_000
_FLASH_S = Fraction(3, 25)
_BEEP_S = Fraction(6, 100)
_SMALL = Raster(320, 180)


@dataclass(frozen=True, slots=True, kw_only=True)
class Take:
    """What is filmed: `display` upright, in square pixels; `width` stored pixels a row where these are fewer.

    Picture n comes at `times[n]` seconds after the first, which comes `picture_from` seconds after the file's
    start; there is sound from `sound_from` (None: none) to the end of the picture. `turned` quarter turns
    clockwise, after mirroring, bring the stored picture upright.
    """

    display: Raster = _SMALL
    width: int | None = None
    rate: Fraction = Fraction(25)
    seconds: Fraction = Fraction(6, 5)
    varying: tuple[Fraction, ...] = ()
    fields: Literal["", "tff", "bff"] = ""
    turned: int = 0
    mirrored: bool = False
    picture_from: Fraction = Fraction(0)
    sound_from: Fraction | None = Fraction(0)
    sound_rate_hz: int = 48_000
    first_flash: Fraction = Fraction(1, 5)

    @property
    def times(self) -> tuple[Fraction, ...]:
        return self.varying or tuple(n / self.rate for n in range(round(self.seconds * self.rate)))

    @property
    def duration(self) -> Fraction:
        """Of the picture, in seconds; the last one lasts as long as the rate says."""
        return self.times[-1] + 1 / self.rate

    @property
    def flashes(self) -> tuple[int, ...]:
        """The pictures at which a flash and a beep begin: near the start, in the middle, near the end."""
        times, duration = self.times, self.duration
        middle = (self.first_flash + duration) / 2
        wanted = (self.first_flash, middle, duration - Fraction(1, 5))
        at = [next((n for n, t in enumerate(times) if t >= w), len(times) - 1) for w in wanted]
        return tuple(dict.fromkeys(at))

    @property
    def flash_times(self) -> tuple[Fraction, ...]:
        return tuple(self.times[n] for n in self.flashes)

    def cards(self) -> tuple[Card, ...]:
        """What each picture shows; the bar goes on by one a picture."""
        times, flashes = self.times, self.flash_times
        long = max(_FLASH_S, 1 / self.rate)
        return tuple(
            Card(number=n, phase=Fraction(n), flash=any(at <= time < at + long for at in flashes))
            for n, time in enumerate(times)
        )


def film_master(take: Take, path: Path) -> Path:
    """The take as raw 4:2:0 pictures without colour and 16-bit PCM, in NUT."""
    tick = Fraction(1, _TICKS) if take.varying else 1 / take.rate
    with av.open(str(path), "w", format="nut") as container:
        cards = take.cards()
        first = _stored(take, cards[0])
        video = container.add_stream("rawvideo", rate=take.rate)
        video.height, video.width = first.shape[0] * 2 // 3, first.shape[1]
        video.pix_fmt, video.time_base, video.codec_context.time_base = "yuv420p", tick, tick
        audio = None
        if take.sound_from is not None:
            audio = container.add_stream("pcm_s16le", rate=take.sound_rate_hz)
            audio.layout = "mono"
        packets: list[av.Packet[Any]] = []
        for card, time in zip(cards, take.times, strict=True):
            frame = av.VideoFrame.from_ndarray(_stored(take, card), format="yuv420p")
            at = (take.picture_from + time) / tick
            frame.pts, frame.time_base = round(at), tick
            packets += video.encode(frame)
        if audio is not None:
            packets += _sound(take, audio)
        container.mux(sorted(packets, key=lambda p: (p.pts or 0) * p.time_base))
    return path


def _stored(take: Take, card: Card) -> Plane:
    """The picture as it is stored, with two grey planes of colour below it."""
    upright = draw(card, take.display, width=take.width)
    if take.fields:
        moved = replace(card, phase=card.phase + Fraction(1, 2))
        late = draw(moved, take.display, width=take.width)
        rows = slice(1, None, 2) if take.fields == "tff" else slice(0, None, 2)
        upright[rows] = late[rows]
    luma = np.rot90(upright, take.turned)
    if take.mirrored:
        luma = luma[:, ::-1]
    height, width = luma.shape
    grey = np.full((height // 2, width), 128, np.uint8)
    return np.ascontiguousarray(np.concatenate([luma, grey]))


def _sound(take: Take, audio: av.AudioStream) -> list[av.Packet[Any]]:
    begin = take.sound_from or Fraction(0)
    samples = _beeps(
        take.picture_from + take.duration - begin,
        [take.picture_from + at - begin for at in take.flash_times],
        take.sound_rate_hz,
    )
    whole = np.clip(np.rint(samples * 32767), -32768, 32767).astype(np.int16)
    packets: list[av.Packet[Any]] = []
    for at in range(0, len(whole), 1024):
        frame = av.AudioFrame.from_ndarray(whole[None, at : at + 1024], format="s16", layout="mono")
        frame.sample_rate, frame.time_base = take.sound_rate_hz, Fraction(1, take.sound_rate_hz)
        frame.pts = at + round(begin * take.sound_rate_hz)
        packets += audio.encode(frame)
    return packets


def _beeps(duration: Fraction, at: Sequence[Fraction], rate_hz: int) -> npt.NDArray[np.float64]:
    """A tone of 1 kHz for 60 ms at each time, on a hiss far below."""
    count = math.ceil(duration * rate_hz)
    samples = np.random.default_rng(7).normal(0, 0.0004, count)
    burst = 0.5 * np.sin(2 * np.pi * 1000 * np.arange(round(_BEEP_S * rate_hz)) / rate_hz + np.pi / 2)
    for begin in at:
        first = round(begin * rate_hz)
        samples[first : first + len(burst)] += burst[: max(0, count - first)]
    return samples


def made_of_master(master: Path, steps: Sequence[Sequence[str]], path: Path) -> Path:
    """Run each step's ffmpeg arguments; `{from}` is what the step before it made, `{to}` what it makes."""
    source = master
    for number, step in enumerate(steps):
        last = number + 1 == len(steps)
        target = path if last else path.with_name(f"{path.stem} step {number}{path.suffix}")
        filled = [
            argument.replace("{from}", f"file:{source}").replace("{to}", f"file:{target}")
            for argument in step
        ]
        run_ffmpeg(filled, doing=f"making {path.name}")
        if source != master:
            source.unlink()
        source = target
    return path
