"""The filter against noise hands over every sample once, whatever their number, and learns from pauses alone."""

from __future__ import annotations

import numpy as np
import pytest

from reels.sound.denoising import denoised, learned

BANDS = 1025


@pytest.mark.parametrize("samples", [0, 1, 511, 2048, 2049, 262_143, 262_145, 300_000])
def test_without_noise_what_comes_out_is_what_went_in(samples: int) -> None:
    sound = np.random.default_rng(1).normal(0, 0.1, samples).astype(np.float32)
    heard = np.concatenate(list(denoised(sound, np.zeros(BANDS))))
    assert heard.dtype == np.float32
    assert heard.shape == sound.shape
    assert np.abs(heard - sound).max(initial=0) < 1e-4


def test_an_hour_is_never_in_memory_at_once() -> None:
    parts = denoised(np.zeros(2_000_000, np.float32), np.ones(BANDS))
    assert max(len(part) for part in parts) <= 300_000


def test_the_noise_is_that_of_the_pauses_of_all_stretches() -> None:
    generator = np.random.default_rng(2)
    quiet, loud = (generator.normal(0, level, 200_000).astype(np.float32) for level in (0.001, 0.1))
    alone, beside = learned([quiet]), learned([loud, quiet, np.zeros(100_000, np.float32)])
    assert 10 * np.log10(beside.sum() / alone.sum()) == pytest.approx(0, abs=1)
    assert not learned([np.zeros(50_000, np.float32)]).any()
