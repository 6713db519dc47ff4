"""How loud music is at every sample of a programme: its level, less under the voice, faded at both ends.

Pure: ranges of speech in, factors out. `recognise.voice` tells where somebody speaks, `graph.music` multiplies.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from reels.timing import TimeRange

__all__ = ["bed_gains", "bed_level_lufs", "voices_in"]

_ATTACK, _HOLD, _RELEASE = 0.2, 0.25, 0.6
"""Seconds: down before the first syllable, which is known here; kept after the last; and up again."""

_LEAD = 0.05
_BRIDGED = 1.6
"""A shorter pause stays ducked: music that comes up between two sentences is louder than none."""

_LEAST_SPEECH = Fraction(3, 10)
"""Seconds in a whole programme; one word has more, a gull or a brake that is taken for a voice has less."""

_BLOCK = 1 << 18
"""Samples worked on at once."""

_ALONE_LUFS = -20.0
"""Music under pictures without a voice is what is heard of them; sound that is quieter does not pull it down."""


def voices_in(speech: Sequence[TimeRange]) -> tuple[TimeRange, ...]:
    """`speech` as it was detected, or nothing where all of it together is too short to be a voice."""
    total = sum((one.duration for one in speech), Fraction(0))
    return tuple(speech) if total >= _LEAST_SPEECH else ()


def bed_level_lufs(programme_lufs: float | None, *, speaks: bool, level_lu: int) -> float:
    """How loud the bed is where nobody speaks, in LUFS, for a programme that measures `programme_lufs`."""
    if programme_lufs is None:
        return _ALONE_LUFS
    if speaks:
        return programme_lufs + level_lu
    return max(programme_lufs + level_lu, _ALONE_LUFS)


def bed_gains(
    speech: Sequence[TimeRange],
    *,
    samples: int,
    rate_hz: int,
    gain_db: float,
    duck_db: float,
    fade_in: Fraction,
    fade_out: Fraction,
) -> npt.NDArray[np.float32]:
    """One factor for each of `samples` samples, shape (samples,); fades that do not fit are shortened alike."""
    at, decibels = _automation(speech, gain_db, duck_db)
    length = samples / rate_hz
    room = min(1.0, length / max(1e-9, float(fade_in + fade_out)))
    gains = np.empty(samples, np.float32)
    for first in range(0, samples, _BLOCK):
        last = min(first + _BLOCK, samples)
        seconds = np.arange(first, last, dtype=np.float64) / rate_hz
        part = np.power(10.0, np.interp(seconds, at, decibels) / 20)
        for faded, fade in ((seconds, fade_in), (length - seconds, fade_out)):
            if fade > 0:
                share = np.clip(faded / (float(fade) * room), 0, 1)
                part *= np.sin(share * np.pi / 2) ** 2
        gains[first:last] = part
    return gains


def _automation(
    speech: Sequence[TimeRange], gain_db: float, duck_db: float
) -> tuple[list[float], list[float]]:
    """Corners of the gain: seconds and decibels, in order."""
    at, decibels = [0.0], [gain_db]
    for start, end in _passages(speech):
        down, low = max(0.0, start - _LEAD - _ATTACK), max(0.0, start - _LEAD)
        if low == 0.0:
            at, decibels = [0.0], [gain_db - duck_db]
        else:
            at += [down, low]
            decibels += [gain_db, gain_db - duck_db]
        at += [end + _HOLD, end + _HOLD + _RELEASE]
        decibels += [gain_db - duck_db, gain_db]
    return at, decibels


def _passages(speech: Sequence[TimeRange]) -> list[tuple[float, float]]:
    """Speech in seconds, joined over pauses in which the music would not be up for a moment."""
    joined: list[tuple[float, float]] = []
    for one in speech:
        start, end = float(one.start), float(one.end)
        if joined and start - joined[-1][1] < _BRIDGED:
            joined[-1] = joined[-1][0], end
        else:
            joined.append((start, end))
    return joined
