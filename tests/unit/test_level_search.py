"""The search for a level, against a programme that is only arithmetic: a voice, peaks, a limiter, an encoder that adds."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reels.sound.loudness import LARGEST_GAIN_DB, LevelSearch, Loudness, Setting

TARGET, CEILING = -14.0, -1.0
TAKES = 14


def _encoded(setting: Setting, *, voice: float, peaks: float, added: float) -> Loudness:
    """A voice at `voice` LUFS and claps of `peaks` dBTP that count for 25 LU less; `added` dB come with the AAC."""
    limit = math.inf if setting.limit_dbtp is None else setting.limit_dbtp
    top = min(peaks + setting.gain_db, limit)
    power = 10 ** ((voice + setting.gain_db) / 10) + 10 ** ((top - 25) / 10)
    return Loudness(
        integrated_lufs=round(10 * math.log10(power), 1), true_peak_dbtp=round(top + added, 1), range_lu=3.0
    )


def _searched(voice: float, peaks: float, added: float) -> tuple[LevelSearch, int]:
    plain = _encoded(Setting(gain_db=0, limit_dbtp=None), voice=voice, peaks=peaks, added=0)
    search = LevelSearch(plain, target_lufs=TARGET, ceiling_dbtp=CEILING)
    takes = 0
    while (setting := search.next_setting()) is not None:
        assert setting.gain_db <= LARGEST_GAIN_DB
        search.heard(_encoded(setting, voice=voice, peaks=peaks, added=added))
        takes += 1
        assert takes <= TAKES
    return search, takes


@given(voice=st.floats(-60, 0), peaks=st.floats(-40, 3), added=st.floats(0, 3))
def test_it_ends_under_the_ceiling_at_the_level_or_says_what_is_short(
    voice: float, peaks: float, added: float
) -> None:
    search, _ = _searched(voice, peaks, added)
    heard = search.best.heard
    assert heard.true_peak_dbtp is not None
    assert heard.integrated_lufs is not None
    assert heard.true_peak_dbtp <= CEILING
    assert search.short_by_lu >= 0
    assert heard.integrated_lufs + search.short_by_lu == pytest.approx(TARGET, abs=0.3)


@given(voice=st.floats(-37, -5))
def test_an_ordinary_voice_needs_one_take(voice: float) -> None:
    search, takes = _searched(voice, voice + 12, 0.2)
    assert takes == 1
    assert search.short_by_lu == 0


def test_a_voice_under_louder_claps_is_still_brought_up() -> None:
    search, _ = _searched(-36, -0.5, 0.2)
    assert search.best.heard.integrated_lufs == pytest.approx(TARGET, abs=0.3)
    assert search.best.setting.gain_db == pytest.approx(22, abs=0.5)


def test_claps_alone_are_not_squashed_for_a_little_loudness() -> None:
    search, _ = _searched(-100, -0.5, 0.2)
    assert search.best.setting.gain_db < 13
    assert search.short_by_lu > 8


def test_silence_is_one_take_and_short_of_nothing() -> None:
    silent = Loudness(integrated_lufs=None, true_peak_dbtp=None, range_lu=0.0)
    search = LevelSearch(silent, target_lufs=TARGET, ceiling_dbtp=CEILING)
    assert search.next_setting() == Setting(gain_db=0.0, limit_dbtp=None)
    assert search.heard(silent)
    assert search.next_setting() is None
    assert search.short_by_lu == 0
    with pytest.raises(ValueError, match="nothing was asked for"):
        search.heard(silent)
