"""Sample n of `decode_audio` is source time n / rate, whatever the container's clock does."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from reels.errors import ChildFailed, DiskFailed
from reels.geometry import Raster
from reels.sound.listen import decode_audio, decode_audio_into
from tests.media.conftest import H264, Clip, Maker, picture


def onset_s(samples: np.ndarray[tuple[int, ...], np.dtype[np.float32]], rate_hz: int = 16_000) -> float:
    """When the first sample comes that is clearly not silence."""
    return float(np.flatnonzero(np.abs(samples) > 0.02)[0]) / rate_hz


def test_samples_are_mono_float32_of_the_whole_length(landscape_clip: Clip) -> None:
    samples = decode_audio(landscape_clip.path)
    assert samples.dtype == np.float32
    assert samples.shape == (16_000,)
    assert abs(float(np.sqrt(np.mean(samples**2))) - 0.125 / np.sqrt(2)) < 0.005  # lavfi's sine is at 1/8
    assert onset_s(samples) < 0.005


def test_late_sound_comes_after_silence(late_sound_clip: Clip) -> None:
    samples = decode_audio(late_sound_clip.path)
    assert not samples[:7_990].any()
    assert abs(onset_s(samples) - 0.5) < 0.002


def test_late_sound_in_a_transport_stream_is_not_moved_to_the_start(
    late_sound_transport_stream: Clip,
) -> None:
    """ffmpeg takes the earliest mapped stream for time 0 there: with sound alone the half second is lost."""
    samples = decode_audio(late_sound_transport_stream.path)
    assert abs(onset_s(samples) - 0.5) < 0.002


def test_a_gap_in_the_sound_stays_a_gap(make_clip: Maker) -> None:
    taken = "aselect='not(between(t,0.8,1.2))'"
    recipe = [*picture(seconds="2"), "-f", "lavfi", "-i", "sine=f=440:d=2:r=48000", "-af", taken]
    clip = make_clip("gap.mkv", [*recipe, *H264, "-c:a", "pcm_s16le"], coded=Raster(320, 180), frames=50)
    samples = decode_audio(clip.path)
    assert abs(len(samples) / 16_000 - 2) < 0.03
    assert not samples[int(0.9 * 16_000) : int(1.1 * 16_000)].any()
    assert samples[int(1.5 * 16_000) : int(1.6 * 16_000)].any()


def test_the_named_track_is_decoded(make_clip: Maker) -> None:
    silence = ("-f", "lavfi", "-i", "anullsrc=r=48000:cl=mono")
    sound = ("-f", "lavfi", "-i", "sine=f=440:d=1:r=48000")
    maps = ["-map", "0", "-map", "1", "-map", "2", "-t", "1", *H264, "-c:a", "pcm_s16le"]
    clip = make_clip("tracks.mov", [*picture(), *silence, *sound, *maps], coded=Raster(320, 180), frames=25)
    assert not decode_audio(clip.path).any()
    assert not decode_audio(clip.path, stream=1).any()
    assert decode_audio(clip.path, stream=2).any()


def test_footage_without_sound_is_an_error_and_not_silence(silent_clip: Clip) -> None:
    with pytest.raises(ChildFailed, match=r"drone\.mov"):
        decode_audio(silent_clip.path)


def test_sound_on_disk_is_the_sound_in_memory(landscape_clip: Clip, tmp_path: Path) -> None:
    whole, on_disk = decode_audio(landscape_clip.path), decode_audio_into(tmp_path, landscape_clip.path)
    assert on_disk.samples == len(whole)
    assert np.array_equal(on_disk.read(0, on_disk.samples), whole)
    assert np.array_equal(on_disk.read(5_000, 5_100), whole[5_000:5_100])
    assert on_disk.read(7, 7).shape == (0,)


def test_sound_that_was_cut_off_on_disk_is_an_error_and_not_shorter(
    landscape_clip: Clip, tmp_path: Path
) -> None:
    on_disk = decode_audio_into(tmp_path, landscape_clip.path)
    with pytest.raises(DiskFailed, match="too few samples"):
        on_disk.read(on_disk.samples - 5, on_disk.samples + 5)
    on_disk.path.unlink()
    with pytest.raises(DiskFailed):
        _ = on_disk.samples
    with pytest.raises(DiskFailed):
        on_disk.read(0, 5)
