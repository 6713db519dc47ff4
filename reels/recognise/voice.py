"""Where somebody speaks: silero's voice activity detection, the ranges it gives, sound without its silence.

The detector comes with faster-whisper and serves both engines. Its probabilities are asked once for each frame of
sound; the coarse ranges that the recogniser hears and the fine ones that times and doubts go by come from the same
numbers. Decides nothing about text. `contract` stands before, `listening` after.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from reels.recognise.contract import SAMPLE_RATE, Audio
from reels.timing import TimeRange

__all__ = [
    "BLOCK_FRAMES",
    "FRAME",
    "Condensed",
    "Probabilities",
    "condensed",
    "quietest_frame",
    "ranges_to_hear",
    "speech_ranges",
    "voice_probabilities",
]

FRAME = 512
"""Samples that the detector judges at a time: 32 ms."""

BLOCK_FRAMES = 300 * SAMPLE_RATE // FRAME
"""Frames of a block, 300 s: the detector starts afresh with each, so that no block depends on another."""

Probabilities = npt.NDArray[np.float32]
"""How surely somebody speaks in each frame, shape (frames,)."""

_SPEAKS = 0.5
_SILENT = 0.35
"""A range begins above the first and ends below the second. Source: `VadOptions` of faster-whisper 1.2.1."""

_HEARD_PAUSE_MS, _HEARD_PAD_MS = 2000, 400
"""What the recogniser hears keeps pauses up to this and this much around. Source: as above."""

_FINE_PAUSE_MS, _LEAST_SPEECH_MS = 200, 60


def voice_probabilities(audio: Audio) -> Probabilities:
    """One probability for each frame of `audio`, the last one filled up with silence."""
    if not len(audio):
        return np.zeros(0, np.float32)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from faster_whisper.vad import get_vad_model

    # A whole frame of silence more where the sound ends on a frame, as faster-whisper asks it.
    padded = np.pad(audio, (0, FRAME - len(audio) % FRAME))
    found = np.asarray(get_vad_model()(padded), np.float32).reshape(-1)
    return found[: -(-len(audio) // FRAME)]


def ranges_to_hear(probabilities: Probabilities, samples: int) -> tuple[tuple[int, int], ...]:
    """What the recogniser is to hear, in samples: speech with short pauses and a little around it."""
    return _padded(
        _ranges(probabilities, samples, pause_ms=_HEARD_PAUSE_MS),
        samples,
        _HEARD_PAD_MS * SAMPLE_RATE // 1000,
    )


def speech_ranges(probabilities: Probabilities, samples: int) -> tuple[TimeRange, ...]:
    """Where a voice was detected, in seconds, without anything around it."""
    least = _LEAST_SPEECH_MS * SAMPLE_RATE // 1000
    return tuple(
        TimeRange(Fraction(a, SAMPLE_RATE), Fraction(b, SAMPLE_RATE))
        for a, b in _ranges(probabilities, samples, pause_ms=_FINE_PAUSE_MS)
        if b - a >= least
    )


def quietest_frame(probabilities: Probabilities, first: int, last: int) -> int:
    """The frame in `[first, last)` where a cut hurts least: amid the longest silence, else the least voice."""
    silent = probabilities[first:last] < _SILENT
    edges = np.flatnonzero(np.diff(np.concatenate(([0], silent.astype(np.int8), [0]))))
    if not len(edges):
        return first + int(np.argmin(probabilities[first:last]))
    starts, ends = edges[::2], edges[1::2]
    longest = int(np.argmax(ends - starts))
    return first + int(starts[longest] + ends[longest]) // 2


def _ranges(probabilities: Probabilities, samples: int, *, pause_ms: int) -> list[tuple[int, int]]:
    """Ranges of speech in samples, joined over pauses shorter than `pause_ms`."""
    pause = pause_ms * SAMPLE_RATE // 1000
    found: list[tuple[int, int]] = []
    start = silent_since = None
    for frame, probability in enumerate(probabilities.tolist()):
        at = frame * FRAME
        if probability >= _SPEAKS:
            silent_since = None
            start = at if start is None else start
        elif probability < _SILENT and start is not None:
            silent_since = at if silent_since is None else silent_since
            if at - silent_since >= pause:
                found.append((start, silent_since))
                start = silent_since = None
    if start is not None:
        found.append((start, samples))
    return found


def _padded(ranges: Sequence[tuple[int, int]], samples: int, pad: int) -> tuple[tuple[int, int], ...]:
    """The ranges with `pad` samples around each, or half of the pause where that is shorter."""
    padded = []
    for number, (start, end) in enumerate(ranges):
        pause_before = start - ranges[number - 1][1] if number else 2 * pad
        pause_after = ranges[number + 1][0] - end if number + 1 < len(ranges) else 2 * pad
        lead = pad if pause_before >= 2 * pad else pause_before // 2
        tail = pad if pause_after >= 2 * pad else pause_after // 2
        padded.append((max(0, start - lead), min(samples, end + tail)))
    return tuple(padded)


@dataclass(frozen=True, slots=True, kw_only=True)
class Condensed:
    """Sound without what nobody needs to hear, and the way back to its times. All in samples."""

    audio: Audio
    ranges: tuple[tuple[int, int], ...]

    def source_seconds(self, start: float, end: float) -> tuple[float, float]:
        """A span of the condensed sound as source seconds, in the one range that holds its middle."""
        middle = (start + end) / 2 * SAMPLE_RATE
        used = 0
        for first, last in self.ranges:
            length = last - first
            if middle < used + length or (first, last) == self.ranges[-1]:
                moved = (first - used) / SAMPLE_RATE
                low, high = first / SAMPLE_RATE, last / SAMPLE_RATE
                return min(max(start + moved, low), high), min(max(end + moved, low), high)
            used += length
        return start, end


def condensed(audio: Audio, ranges: tuple[tuple[int, int], ...]) -> Condensed:
    """`audio` cut down to `ranges`."""
    kept = [audio[a:b] for a, b in ranges]
    return Condensed(audio=np.concatenate(kept) if kept else audio[:0], ranges=ranges)
