"""Loudness as ffmpeg prints it, on programmes of known level, and what the correction makes of them."""

from __future__ import annotations

import pytest

from reels.sound.loudness import MEASUREMENT_FILTER, Correction, Loudness, correction, parse_ebur128
from reels.tools.ffmpeg import run_ffmpeg

TARGET_LUFS, CEILING_DBTP = -14.0, -1.0


def measured(source: str, *before: str) -> Loudness:
    """What the filter prints for a lavfi source after the filters `before`, as stereo at 48 kHz."""
    chain = ",".join((*before, "aformat=channel_layouts=stereo:sample_rates=48000", MEASUREMENT_FILTER))
    return parse_ebur128(
        run_ffmpeg(["-f", "lavfi", "-i", source, "-af", chain, "-f", "null", "-"], doing="x")
    )


def corrected(source: str, found: Correction) -> Loudness:
    return measured(source, f"volume={found.gain_db}dB")


def test_a_stereo_tone_has_the_loudness_that_the_recommendation_states() -> None:
    """ITU-R BS.1770: a 997 Hz sine at 0 dBFS in one front channel reads -3.01 LKFS, in both 0.0."""
    tone = "aevalsrc='0.1*sin(2*PI*997*t)|0.1*sin(2*PI*997*t)':s=48000:d=4"
    found = measured(tone)
    assert found.integrated_lufs == pytest.approx(-20.0, abs=0.1)
    assert found.true_peak_dbtp == pytest.approx(-20.0, abs=0.1)


@pytest.mark.parametrize("seconds", [0.5, 1, 2.9, 6])
@pytest.mark.parametrize("level", [0.02, 0.3])
def test_the_gain_brings_a_programme_of_any_length_to_the_target(seconds: float, level: float) -> None:
    tone = f"aevalsrc='{level}*sin(2*PI*500*t)':s=48000:d={seconds}"
    found = correction(measured(tone), target_lufs=TARGET_LUFS, ceiling_dbtp=CEILING_DBTP)
    after = corrected(tone, found)
    assert after.integrated_lufs == pytest.approx(TARGET_LUFS, abs=0.15)
    assert not found.needs_limiter


def test_peaks_over_the_ceiling_ask_for_the_limiter() -> None:
    clicks = "aevalsrc='0.05*sin(2*PI*500*t)+0.8*lt(mod(t,1),0.001)':s=48000:d=4"
    found = correction(measured(clicks), target_lufs=TARGET_LUFS, ceiling_dbtp=CEILING_DBTP)
    assert found.needs_limiter


def test_silence_is_left_alone() -> None:
    silence = measured("anullsrc=r=48000:cl=stereo:d=2")
    assert silence == Loudness(integrated_lufs=None, true_peak_dbtp=None, range_lu=0.0)
    found = correction(silence, target_lufs=TARGET_LUFS, ceiling_dbtp=CEILING_DBTP)
    assert found == Correction(gain_db=0.0, needs_limiter=False)


def test_less_than_one_gating_block_is_not_measured_and_left_alone() -> None:
    blip = measured("aevalsrc='0.5*sin(2*PI*500*t)':s=48000:d=0.3")
    assert blip.integrated_lufs is None
    assert blip.true_peak_dbtp == pytest.approx(-6.0, abs=3.2)
    assert correction(blip, target_lufs=TARGET_LUFS, ceiling_dbtp=CEILING_DBTP).gain_db == 0.0
