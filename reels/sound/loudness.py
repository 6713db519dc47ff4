"""Measured loudness → the gain that brings a programme to its target.

Pure: it names the filter that measures and reads what ffmpeg printed, but runs nothing. `graph` puts the gain
into the audio programme, `check` judges the deliverable with the same reading.

Source: EBU R 128 and ITU-R BS.1770-4 (loudness, true peak), EBU Tech 3342 (range); ffmpeg-filters, "ebur128".
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Final

__all__ = [
    "LARGEST_GAIN_DB",
    "MEASUREMENT_FILTER",
    "Correction",
    "LevelSearch",
    "Loudness",
    "LoudnessUnreadable",
    "Setting",
    "Take",
    "correction",
    "parse_ebur128",
]

MEASUREMENT_FILTER: Final = "ebur128=peak=true:framelog=quiet"
"""Goes last in an audio chain, after the sound has its delivery channels and rate.

Mono that is measured before it becomes stereo reads up to 3 LU too low.
"""

LARGEST_GAIN_DB: Final = 24.0
"""A recording that needs more than this holds no voice worth hearing, only its noise would come up."""

_GATE_LUFS = -70.0
_NUMBER = r"(-?(?:inf|nan|\d+(?:\.\d+)?))"
_SUMMARY = re.compile(
    rf"Integrated loudness:\s+I:\s+{_NUMBER} LUFS"
    rf".*?Loudness range:\s+LRA:\s+{_NUMBER} LU\b"
    rf".*?True peak:\s+Peak:\s+{_NUMBER} dBFS",
    re.DOTALL,
)


class LoudnessUnreadable(ValueError):
    """A text that holds no summary of the ebur128 filter with its true peak."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Loudness:
    """One programme as measured.

    `integrated_lufs` is None where nothing passes the gate: silence, or less than the 400 ms of one gating
    block. `true_peak_dbtp` is None for digital silence. `range_lu` means something from about 20 s on.
    """

    integrated_lufs: float | None
    true_peak_dbtp: float | None
    range_lu: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """A constant gain; `needs_limiter` where peaks pass the ceiling then, `short_by_lu` what it leaves."""

    gain_db: float
    needs_limiter: bool
    short_by_lu: float = 0.0


def parse_ebur128(stderr: str) -> Loudness:
    """The last summary that the ebur128 filter printed. Raises: LoudnessUnreadable."""
    last = stderr.rfind("Integrated loudness:")
    found = _SUMMARY.search(stderr, last) if last >= 0 else None
    if found is None:
        raise LoudnessUnreadable("no ebur128 summary with a true peak")
    integrated, loudness_range, peak = (float(number) for number in found.groups())
    return Loudness(
        integrated_lufs=integrated if math.isfinite(integrated) and integrated > _GATE_LUFS else None,
        true_peak_dbtp=peak if math.isfinite(peak) else None,
        range_lu=loudness_range if math.isfinite(loudness_range) else 0.0,
    )


def correction(measured: Loudness, *, target_lufs: float, ceiling_dbtp: float) -> Correction:
    """The gain, in hundredths of a decibel, that brings `measured` to `target_lufs`.

    Linear on purpose: loudnorm in one pass pumps on speech. Where nothing could be measured the sound is left
    alone, but for peaks above `ceiling_dbtp`, which the limiter takes.
    """
    wanted = 0.0 if measured.integrated_lufs is None else target_lufs - measured.integrated_lufs
    gain = round(min(wanted, LARGEST_GAIN_DB), 2)
    peak = measured.true_peak_dbtp
    return Correction(
        gain_db=gain,
        needs_limiter=peak is not None and peak + gain > ceiling_dbtp,
        short_by_lu=round(wanted - gain, 2) if wanted > LARGEST_GAIN_DB else 0.0,
    )


# --- the search for a level ------------------------------------------------------------------------------

_FIRST_HEADROOM_DB = 0.5
"""The limiter aims this much lower than the ceiling at first: AAC overshoots what it is given."""

_TOLERANCE_LU = 0.2
_TRIES = 7

_LEAST_WON = 0.25
"""Loudness to be won by each decibel of gain above the first; less only squashes peaks and lifts noise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What a programme is encoded with; no limit where no limiter is needed."""

    gain_db: float
    limit_dbtp: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Take:
    """A setting and what was heard of its encoded, decoded programme."""

    setting: Setting
    heard: Loudness


class LevelSearch:
    """Finds gain and limit by takes: `next_setting`, then `heard` with what it came to, until there is no next.

    A take within the ceiling beats every take above it; then the one nearest to the target counts, as far as it is
    worth its gain. The gain never passes `LARGEST_GAIN_DB`, whatever a limiter takes away.
    """

    def __init__(self, measured: Loudness, *, target_lufs: float, ceiling_dbtp: float) -> None:
        self._ceiling = ceiling_dbtp
        self._wanted = target_lufs
        first = correction(measured, target_lufs=target_lufs, ceiling_dbtp=ceiling_dbtp - _FIRST_HEADROOM_DB)
        # What a recording is too quiet for stays missing: its noise would come up with the voice.
        self._target = target_lufs - first.short_by_lu
        self._first_gain = first.gain_db
        self._is_measurable = measured.integrated_lufs is not None
        limit = ceiling_dbtp - _FIRST_HEADROOM_DB if first.needs_limiter else None
        self._next: Setting | None = Setting(gain_db=first.gain_db, limit_dbtp=limit)
        self._takes: list[Take] = []
        self._best: Take | None = None

    def next_setting(self) -> Setting | None:
        """What to encode with now; None when the best take is found."""
        return self._next

    def heard(self, loudness: Loudness) -> bool:
        """Note what the last setting came to; whether it is the best take so far."""
        if self._next is None:
            raise ValueError("nothing was asked for")
        take = Take(setting=self._next, heard=loudness)
        is_best = self._best is None or self._rank(take) < self._rank(self._best)
        if is_best:
            self._best = take
        self._next = self._after(take)
        self._takes.append(take)
        return is_best

    @property
    def best(self) -> Take:
        """Raises: ValueError before the first take."""
        if self._best is None:
            raise ValueError("nothing was heard yet")
        return self._best

    @property
    def short_by_lu(self) -> float:
        """How far below the target the best take stays, in LU; 0 within the tolerance and for silence."""
        heard = self.best.heard.integrated_lufs
        if heard is None:
            return 0.0
        short = self._wanted - heard
        return round(short, 1) if short > _TOLERANCE_LU + 0.05 else 0.0

    def _rank(self, take: Take) -> tuple[float, float]:
        more = max(0.0, take.setting.gain_db - self._first_gain)
        return max(0.0, self._over(take)), abs(self._off(take)) + _LEAST_WON * more

    def _over(self, take: Take) -> float:
        peak = take.heard.true_peak_dbtp
        return -99.0 if peak is None else peak - self._ceiling

    def _off(self, take: Take) -> float:
        heard = take.heard.integrated_lufs
        return 0.0 if heard is None or not self._is_measurable else self._target - heard

    def _after(self, take: Take) -> Setting | None:
        over, off = self._over(take), self._off(take)
        # The summary of ebur128 has one decimal.
        within = abs(off) <= _TOLERANCE_LU + 0.05
        if (over <= 0 and within) or len(self._takes) + 1 >= 2 * _TRIES:
            return None
        gain, limit = take.setting.gain_db, take.setting.limit_dbtp
        if over > 0 and (limit is None or len(self._takes) + 1 < _TRIES):
            # With the gain as it is, the limiter takes the peaks alone.
            limit = self._ceiling - _FIRST_HEADROOM_DB if limit is None else limit - over - 0.2
        elif over > 0:
            # Gain and limit lowered alike give the same sound, only less of it: that ends.
            return Setting(gain_db=gain - over - 0.3, limit_dbtp=(limit or 0.0) - over - 0.3)
        elif len(self._takes) + 1 >= _TRIES:
            return None
        gain = self._raised(take, off)
        if over <= 0 and abs(gain - take.setting.gain_db) < 0.05:
            return None
        return Setting(gain_db=gain, limit_dbtp=limit)

    def _raised(self, take: Take, off: float) -> float:
        """The gain for `off` LU more, by how much the last change of the gain brought."""
        gain = take.setting.gain_db
        if off <= 0 or not self._takes:
            return min(gain + off, LARGEST_GAIN_DB)
        before = self._takes[-1]
        change = gain - before.setting.gain_db
        won = (take.heard.integrated_lufs or 0.0) - (before.heard.integrated_lufs or 0.0)
        slope = won / change if change > 0.05 else 1.0
        # Under loud claps a voice comes up unheard at first: only the largest gain shows whether there is one.
        return min(gain + off / min(slope, 1.0), LARGEST_GAIN_DB) if slope > _LEAST_WON else LARGEST_GAIN_DB
