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
    "Loudness",
    "LoudnessUnreadable",
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
