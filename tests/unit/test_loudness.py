"""The arithmetic of loudness, and reading ffmpeg's summary, without ffmpeg."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reels.sound.loudness import LARGEST_GAIN_DB, Loudness, LoudnessUnreadable, correction, parse_ebur128

SUMMARY = """
[Parsed_ebur128_0 @ 0x7fb804001c00] Summary:

  Integrated loudness:
    I:         {i} LUFS
    Threshold: -31.8 LUFS

  Loudness range:
    LRA:         3.5 LU
    Threshold: -41.8 LUFS
    LRA low:   -21.8 LUFS
    LRA high:  -21.8 LUFS

  True peak:
    Peak:      {p} dBFS
[out#0/null @ 0x55bc6b7bb440] video:0KiB audio:345KiB
"""


def test_the_summary_is_read() -> None:
    assert parse_ebur128("noise\n" + SUMMARY.format(i="-21.8", p="-18.1")) == Loudness(
        integrated_lufs=-21.8, true_peak_dbtp=-18.1, range_lu=3.5
    )


def test_the_last_of_several_summaries_counts() -> None:
    text = SUMMARY.format(i="-30.0", p="-9.0") + SUMMARY.format(i="-14.0", p="-1.5")
    assert parse_ebur128(text).integrated_lufs == -14.0


@pytest.mark.parametrize("silent", ["-70.0", "-inf", "nan"])
def test_what_does_not_pass_the_gate_is_none(silent: str) -> None:
    assert parse_ebur128(SUMMARY.format(i=silent, p="-inf")) == Loudness(
        integrated_lufs=None, true_peak_dbtp=None, range_lu=3.5
    )


@pytest.mark.parametrize("text", ["", "Integrated loudness:", "  Integrated loudness:\n    I: -14.0 LUFS\n"])
def test_a_text_without_a_whole_summary_is_an_error(text: str) -> None:
    with pytest.raises(LoudnessUnreadable):
        parse_ebur128(text)


@given(integrated=st.floats(-69, 0), peak=st.floats(-60, 6), target=st.floats(-24, -10))
def test_the_corrected_programme_is_at_the_target_or_says_how_far_below(
    integrated: float, peak: float, target: float
) -> None:
    loudness = Loudness(integrated_lufs=integrated, true_peak_dbtp=peak, range_lu=5.0)
    found = correction(loudness, target_lufs=target, ceiling_dbtp=-1.0)
    assert abs(integrated + found.gain_db + found.short_by_lu - target) <= 0.011
    assert found.gain_db <= LARGEST_GAIN_DB
    assert found.needs_limiter == (peak + found.gain_db > -1.0)
    assert found.short_by_lu >= 0


def test_hot_peaks_in_an_unmeasurable_programme_still_meet_the_limiter() -> None:
    found = correction(
        Loudness(integrated_lufs=None, true_peak_dbtp=0.5, range_lu=0.0), target_lufs=-14.0, ceiling_dbtp=-1.0
    )
    assert (found.gain_db, found.needs_limiter) == (0.0, True)
