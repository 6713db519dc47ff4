"""One decode of a finished file to its end: what breaks off, how loud it is, what its pictures do.

Each picture is brought down to a grid of small cells on the way, in which black, frozen and flashing pictures show as well
and cost next to nothing; the first sound track passes a loudness meter. Pictures are looked at one by one and never kept.
"""

from __future__ import annotations

import math
import re
import tempfile
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import IO

import numpy as np

from reels.errors import ChildFailed
from reels.observe.flashes import NO_FLASHING, Flashing, FlashMeter
from reels.observe.observation import Loudness
from reels.observe.stretches import PictureStretches, silent_stretches
from reels.timing import TimeRange
from reels.tools.ffmpeg import SAFE_INPUT, footage_argument, stream_ffmpeg

__all__ = ["Decoded", "decode"]

_COLUMNS, _ROWS = 36, 64
"""Of the grid: cells of 30 pixels in a picture of 1080x1920."""
_BLACK_FROM = Fraction(1, 2)
_FROZEN_FROM = Fraction(2)
_SILENT_FROM = Fraction(1)
_SILENT_LUFS = -60.0
_INTEGRATED, _PEAK, _MOMENTARY = "lavfi.r128.I", "lavfi.r128.true_peak", "lavfi.r128.M"
_METER_STEP = Fraction(1, 10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """What a decode to the end showed; `loudness` is None without sound, and where decoding broke off.

    Stretches are in seconds of the file: dark ones from half a second, frozen ones from two, silent ones from one.
    """

    problems: tuple[str, ...] = ()
    loudness: Loudness | None = None
    black: tuple[TimeRange, ...] = ()
    frozen: tuple[TimeRange, ...] = ()
    silent: tuple[TimeRange, ...] = ()
    flashing: Flashing = NO_FLASHING


def decode(
    path: Path,
    *,
    picture_track: int,
    picture_times: Sequence[Fraction],
    last_until: Fraction,
    other_videos: Sequence[int] = (),
    sounds: Sequence[int] = (),
    on_progress: Callable[[Fraction], None] | None = None,
) -> Decoded:
    """Decode `path`, whose track `picture_track` shows its pictures at `picture_times`, the last one until `last_until`.

    `other_videos` and `sounds` are decoded too, and the first of the sounds is metered; `on_progress` gets the seconds done.
    Source: ffmpeg-filters, "ebur128" (metadata, peak) and "ametadata"; ffmpeg-codecs, "err_detect".
    """
    meter = "ebur128=metadata=1:peak=true:dualmono=true:framelog=quiet" + "".join(
        f",ametadata=mode=print:key={key}:file={log}"
        for key, log in ((_INTEGRATED, "integrated.txt"), (_PEAK, "peak.txt"), (_MOMENTARY, "momentary.txt"))
    )
    grid = f"scale={_COLUMNS}:{_ROWS}:flags=area,format=rgb24"
    others = [part for track in (*other_videos, *sounds) for part in ("-map", f"0:{track}")]
    others += ["-filter:a:0", meter] if sounds else []
    looker = _Looker(picture_times, last_until, on_progress)
    with tempfile.TemporaryDirectory(prefix="reels-check-") as folder:
        work = Path(folder)
        try:
            _, said = stream_ffmpeg(
                [
                    *("-loglevel", "error", "-err_detect", "explode"),
                    # Damage shows as well without the deblocking filter, which takes a fifth of the time.
                    *("-skip_loop_filter", "all"),
                    *(*SAFE_INPUT, "-i", footage_argument(path)),
                    *("-map", f"0:{picture_track}", "-filter:v:0", grid, "-fps_mode", "passthrough"),
                    *("-f", "rawvideo", "pipe:1"),
                    *((*others, "-fps_mode", "passthrough", "-f", "null", "-") if others else ()),
                ],
                looker.read,
                doing=f"decoding {path.name}",
                cwd=work,
                graph=f"{grid};{meter}",
            )
        except ChildFailed as error:
            # What cannot be decoded is a finding about the file, not a failure of ours.
            return looker.seen(problems=(error.last_lines,))
        problems = dict.fromkeys(line for line in map(_without_address, said.splitlines()) if line)
        return looker.seen(
            problems=tuple(problems),
            loudness=_loudness(work) if sounds else None,
            silent=_silent(work) if sounds else (),
        )


class _Looker:
    """Reads the small pictures from the decoder and lets each meter see them."""

    def __init__(
        self, times: Sequence[Fraction], last_until: Fraction, on_progress: Callable[[Fraction], None] | None
    ) -> None:
        self._times = times
        self._last_until = last_until
        self._on_progress = on_progress
        self._flashes = FlashMeter()
        self._stretches = PictureStretches()

    def read(self, stream: IO[bytes]) -> None:
        size = _COLUMNS * _ROWS * 3
        # More pictures than timestamps are those of a damaged file: decoded, and nowhere on the time line.
        for time in self._times:
            raw = stream.read(size)
            if len(raw) < size:
                break
            picture = np.frombuffer(raw, np.uint8).reshape(_ROWS, _COLUMNS, 3)
            self._flashes.take(picture, time)
            self._stretches.take(picture, time)
            if self._on_progress is not None:
                self._on_progress(time)
        while stream.read(1 << 16):
            pass
        self._stretches.end(self._last_until)
        if self._on_progress is not None:
            self._on_progress(self._last_until)

    def seen(
        self,
        *,
        problems: tuple[str, ...],
        loudness: Loudness | None = None,
        silent: tuple[TimeRange, ...] = (),
    ) -> Decoded:
        return Decoded(
            problems=problems,
            loudness=loudness,
            black=self._stretches.black(longer_than=_BLACK_FROM),
            frozen=self._stretches.frozen(longer_than=_FROZEN_FROM),
            silent=silent,
            flashing=self._flashes.worst,
        )


def _without_address(line: str) -> str:
    if "Last message repeated" in line:
        return ""
    return re.sub(r"^(\[[^\]]*\] ?)+", "", line).strip()


def _loudness(work: Path) -> Loudness | None:
    integrated = _last(work / "integrated.txt", _INTEGRATED)
    peak = _last(work / "peak.txt", _PEAK)
    if integrated is None or peak is None:
        # Less than one block of 100 ms: too short to have a loudness.
        return None
    dbtp = 20 * math.log10(peak) if peak > 0 else -200.0
    return Loudness(
        integrated_lufs=Fraction(round(max(integrated, -200.0) * 1000), 1000),
        true_peak_dbtp=Fraction(round(dbtp * 1000), 1000),
    )


def _silent(work: Path) -> tuple[TimeRange, ...]:
    # The meter writes a value at the end of each tenth of a second.
    levels = (
        (number * _METER_STEP, level)
        for number, level in enumerate(_values(work / "momentary.txt", _MOMENTARY), start=1)
    )
    return silent_stretches(levels, below_lufs=_SILENT_LUFS, longer_than=_SILENT_FROM)


def _last(log: Path, key: str) -> float | None:
    """The last value of `key`: the meter writes its running result every 100 ms."""
    last = next(iter(deque(_values(log, key), maxlen=1)), None)
    return last if last is not None and not math.isnan(last) else None


def _values(log: Path, key: str) -> Iterator[float]:
    if not log.exists():
        return
    with log.open(encoding="ascii") as lines:
        for line in lines:
            name, _, value = line.strip().partition("=")
            if name == key:
                yield float(value)
