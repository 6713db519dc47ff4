"""Steady noise taken out of speech: fans, air conditioning, hiss, the hum of a hall.

A filter of our own, for those of ffmpeg change the voice more than the noise (measured in docs/sound.md): how loud the
noise is in each band is learned from the recording's own pauses, and each band is turned down by how surely it holds
nothing else (log-spectral amplitude, Ephraim and Malah 1985), never by more than `FLOOR_DB`, so that nothing rings.
Pure: samples in, as many samples out, none of them late, and never more than a few seconds in memory: `perform` maps
what it has decoded.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

__all__ = ["FLOOR_DB", "NoiseProfile", "denoised", "learned"]

FLOOR_DB: Final = -14.0
"""Noise is turned down by no more: what is left covers what any such filter does to the edges of words."""

_WINDOW = 2048
"""43 ms at 48 kHz: finer than the harmonics of a low voice, coarser than its syllables."""

_HOP = _WINDOW // 4
_BLOCK = 512
"""Frames worked on at once: 5 s at 48 kHz."""

_QUIET_SHARE = 0.2
"""Of the frames, the quietest: pauses for breath fill more than this in any speech."""

_SMOOTHING = 0.96
"""Of the ratio of speech to noise from frame to frame; with less, single bands flicker, which rings."""

_LEAST_RATIO = 10 ** (-25 / 10)

Samples = npt.NDArray[np.float32]
NoiseProfile = npt.NDArray[np.float64]
"""Power of the noise in each band, shape (_WINDOW // 2 + 1,)."""


def learned(stretches: Sequence[Samples]) -> NoiseProfile:
    """The noise in the pauses of `stretches`, each (samples,) of one channel at 48 kHz."""
    voice = slice(4, _WINDOW // 6)
    loudness, is_live = [], []
    for samples in stretches:
        for frames in _frames(samples):
            power = np.abs(np.fft.rfft(frames, axis=1)) ** 2
            loudness.append(power[:, voice].sum(axis=1))
            # Frames of digital silence are no pauses: a recorder writes them before it begins.
            is_live.append(power.sum(axis=1) > 1e-9)
    if not any(block.any() for block in is_live):
        return np.zeros(_WINDOW // 2 + 1)
    live = np.concatenate([block[lives] for block, lives in zip(loudness, is_live, strict=True)])
    most = np.quantile(live, _QUIET_SHARE)
    blocks = (frames for samples in stretches for frames in _frames(samples))
    total, count = np.zeros(_WINDOW // 2 + 1), 0
    for frames, loud, lives in zip(blocks, loudness, is_live, strict=True):
        quiet = frames[lives & (loud <= most)]
        total += (np.abs(np.fft.rfft(quiet, axis=1)) ** 2).sum(axis=0)
        count += len(quiet)
    return total / count


def denoised(samples: Samples, profile: NoiseProfile) -> Iterator[Samples]:
    """`samples` of one channel with the noise of `profile` turned down: some seconds at a time, without a gap."""
    noise = np.maximum(profile, 1e-12)
    floor = 10 ** (FLOOR_DB / 20)
    before = np.ones(len(noise))
    begun = np.zeros(_WINDOW - _HOP)
    at = -_WINDOW
    for frames in _frames(samples):
        spectra = np.fft.rfft(frames, axis=1)
        gains = np.empty(spectra.shape)
        for number, power in enumerate(np.abs(spectra) ** 2 / noise):
            prior = _SMOOTHING * before + (1 - _SMOOTHING) * np.maximum(power - 1, 0)
            prior = np.maximum(prior, _LEAST_RATIO)
            share = prior / (1 + prior)
            gain = np.clip(share * np.exp(0.5 * _expint(share * power)), floor, 1)
            before = gain**2 * power
            gains[number] = gain
        whole = len(frames) * _HOP
        block = np.concatenate([begun, np.zeros(whole)])
        for number, part in enumerate(np.fft.irfft(spectra * gains, _WINDOW, axis=1) * _window()):
            block[number * _HOP : number * _HOP + _WINDOW] += part
        begun = block[whole:]
        done = block[max(0, -at) : max(0, min(whole, len(samples) - at))] / _OVERLAP
        at += whole
        yield done.astype(np.float32)


def _window() -> npt.NDArray[np.float64]:
    return np.sqrt(0.5 - 0.5 * np.cos(2 * np.pi * np.arange(_WINDOW) / _WINDOW))


_OVERLAP: Final = 2.0
"""The squares of four windows a quarter apart, together."""


def _frames(samples: Samples) -> Iterator[npt.NDArray[np.float64]]:
    """Windowed, overlapping frames, a block of them at a time, shape (frames, _WINDOW).

    The first begins a window before `samples`, the last ends after them, in silence.
    """
    count = (len(samples) + 2 * _WINDOW) // _HOP + 1
    window = _window()
    for first in range(0, count, _BLOCK):
        last = min(first + _BLOCK, count)
        start, end = first * _HOP - _WINDOW, (last - 1) * _HOP
        part = samples[max(0, start) : max(0, min(end, len(samples)))]
        part = np.pad(part, (max(0, -start), 0))
        part = np.pad(part, (0, end - start - len(part)))
        yield np.lib.stride_tricks.sliding_window_view(part, _WINDOW)[::_HOP] * window


def _expint(x: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """The exponential integral E1, by the rational approximations of Abramowitz and Stegun 5.1.53 and 5.1.56."""
    x = np.maximum(x, 1e-8)
    small = np.minimum(x, 1.0)
    low = (
        -np.log(small)
        - 0.57721566
        + small
        * (
            0.99999193
            + small * (-0.24991055 + small * (0.05519968 + small * (-0.00976004 + small * 0.00107857)))
        )
    )
    big = np.maximum(x, 1.0)
    top = 0.2677737343 + big * (8.6347608925 + big * (18.0590169730 + big * (8.5733287401 + big)))
    bottom = 3.9584969228 + big * (21.0996530827 + big * (25.6329561486 + big * (9.5733223454 + big)))
    high = top / bottom * np.exp(-np.minimum(big, 700.0)) / big
    return np.where(x <= 1, low, high)
