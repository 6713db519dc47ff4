"""The sample footage is what its truth says: measured here with PyAV alone, on the clips as they are made."""

from __future__ import annotations

import hashlib
import itertools
import json
import os
import unicodedata
from fractions import Fraction
from functools import lru_cache
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt
import pytest

from reels.errors import ChildFailed, OutputNotWritable, UsageError
from reels.geometry import Raster
from reels.resources import assets_dir
from reels.sample import ClipTruth, footage, make_footage, truth
from reels.sample.clips import Recipe, recipes, speech_path

SHORTEST = "시민 인터뷰.mp4"
DEMO = assets_dir() / "demo"


def recipe_of(clip: ClipTruth) -> Recipe:
    return next(recipe for recipe in recipes() if recipe.name == clip.name)


def clip_named(name: str) -> ClipTruth:
    return next(clip for clip in truth() if clip.name == name)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("sample footage")


@pytest.fixture(params=[clip.name for clip in truth()])
def made(request: pytest.FixtureRequest, folder: Path) -> tuple[Path, ClipTruth]:
    """Each clip in turn; after the first test it is only found again."""
    (path,) = make_footage(folder, only=[request.param])
    return path, clip_named(request.param)


@lru_cache(maxsize=16)
def heard(path: Path) -> tuple[npt.NDArray[np.float32], int]:
    """The sound as one channel of samples, placed by its timestamps, and the sample rate."""
    with av.open(str(path)) as container:
        stream = container.streams.audio[0]
        parts = []
        for frame in container.decode(stream):
            samples = frame.to_ndarray().mean(axis=0)
            assert frame.pts is not None
            assert frame.time_base is not None
            skipped = round(-frame.pts * frame.time_base * frame.sample_rate)
            # What an edit list puts before zero is the encoder's lead-in.
            parts.append(samples[skipped:] if skipped > 0 else samples)
        return np.concatenate(parts), stream.rate


def level_db(samples: npt.NDArray[np.float32]) -> float:
    return float(10 * np.log10(np.mean(samples.astype(np.float64) ** 2) + 1e-12))


def decoded_hash(path: Path) -> str:
    """Of every tenth picture and all the sound."""
    total = hashlib.sha256(heard(path)[0].tobytes())
    with av.open(str(path)) as container:
        for number, frame in enumerate(container.decode(video=0)):
            if number % 10 == 0:
                total.update(frame.to_ndarray().tobytes())
    return total.hexdigest()


def test_stored_raster_rotation_and_sound_are_as_stated(made: tuple[Path, ClipTruth]) -> None:
    path, clip = made
    with av.open(str(path)) as container:
        video, sound = container.streams.video[0], container.streams.audio[0]
        frame = next(container.decode(video))
        assert (video.codec_context.name, sound.codec_context.name) == ("h264", "aac")
        assert Raster(video.width, video.height) == clip.coded
        # PyAV counts counter-clockwise.
        assert -frame.rotation % 360 == clip.rotation
        assert video.sample_aspect_ratio in (None, 0, 1)
        assert (sound.rate, sound.channels) == (clip.sample_rate_hz, clip.channels)
        assert video.duration is not None
        assert video.time_base is not None
        assert abs(video.duration * video.time_base - clip.duration) <= 1 / clip.rate
    assert abs(len(heard(path)[0]) - clip.duration * clip.sample_rate_hz) <= 2048


def test_pictures_come_at_the_stated_rate(made: tuple[Path, ClipTruth]) -> None:
    path, clip = made
    with av.open(str(path)) as container:
        video = container.streams.video[0]
        base = video.time_base
        assert base is not None
        times = sorted(p.pts * base for p in container.demux(video) if p.pts is not None)
    assert len(times) == clip.frames
    if clip.variable_frame_rate:
        steps = {(b - a) * clip.rate for a, b in itertools.pairwise(times)}
        assert {1, 2} <= steps <= {1, 2, 3}
        assert len(times) / clip.duration < clip.rate * Fraction(9, 10)
    assert times == [n / clip.rate for n in recipe_of(clip).shutter]


def test_every_sentence_is_heard_between_its_stated_times(made: tuple[Path, ClipTruth]) -> None:
    path, clip = made
    samples, rate = heard(path)

    def loudness(start: Fraction, end: Fraction) -> float:
        return level_db(samples[round(start * rate) : round(end * rate)])

    inside = Fraction(6, 100)
    ends = [Fraction(0), *(s.end for s in clip.sentences)]
    starts = [*(s.start for s in clip.sentences), clip.duration - inside]
    pauses = [loudness(a + inside, b - inside) for a, b in zip(ends, starts, strict=True)]
    for sentence in clip.sentences:
        assert loudness(sentence.start, sentence.end) > max(pauses) + 10, sentence.text
        # Not only somewhere in it: the first and the last 0.3 s are speech already.
        assert loudness(sentence.start, sentence.start + 5 * inside) > max(pauses) + 5, sentence.text
        assert loudness(sentence.end - 5 * inside, sentence.end) > max(pauses) + 5, sentence.text


def test_the_recording_lies_in_the_clip_to_the_millisecond(made: tuple[Path, ClipTruth]) -> None:
    path, clip = made
    recipe = recipe_of(clip)
    samples, rate = heard(path)
    spoken, spoken_rate = heard(speech_path(recipe))
    step = 8_000
    low = [
        s[np.arange(0, len(s) - 1, r / step).astype(int)] for s, r in ((samples, rate), (spoken, spoken_rate))
    ]
    size = 1 << (len(low[0]) + len(low[1])).bit_length()
    product = np.fft.rfft(low[0], size) * np.conj(np.fft.rfft(low[1], size))
    lag = int(np.argmax(np.fft.irfft(product)))
    assert lag / step == pytest.approx(float(recipe.speech_at), abs=0.001)


def test_the_noise_of_the_street_is_heard_in_the_pauses(made: tuple[Path, ClipTruth]) -> None:
    path, clip = made
    samples, rate = heard(path)
    gap = samples[
        round(clip.sentences[0].end * rate) + rate // 10 : round(clip.sentences[1].start * rate) - rate // 10
    ]
    assert -50 < level_db(gap) < -34


def test_the_set_holds_the_odd_kinds_that_a_city_films() -> None:
    clips = {clip.name: clip for clip in truth()}
    assert clips["IMG_0412.MOV"].display == Raster(1080, 1920)
    assert clips["IMG_0412.MOV"].coded == Raster(1920, 1080)
    assert clips["DSC_0031.MOV"].display.aspect == Fraction(4, 3)
    assert clips["DSC_0031.MOV"].channels == 1
    assert {clip.rate for clip in truth()} >= {Fraction(n, 1001) for n in (24000, 30000, 60000)}
    assert [clip.name for clip in truth() if clip.variable_frame_rate] == [SHORTEST]
    for clip in truth():
        assert unicodedata.is_normalized("NFC", clip.name)
        assert all(unicodedata.is_normalized("NFC", s.text) and s.text[-1] in ".?" for s in clip.sentences)
        assert all(a.end < b.start for a, b in itertools.pairwise(clip.sentences))
        assert clip.sentences[-1].end < clip.duration


def test_the_walker_goes_from_the_left_third_to_the_right_third(folder: Path) -> None:
    (path,) = make_footage(folder, only=["C0007.MP4"])
    middles = []
    with av.open(str(path)) as container:
        for number, frame in enumerate(container.decode(video=0)):
            if number % 480 == 0:
                rgb = frame.to_ndarray(format="rgb24").astype(int)[800:]
                _, x = np.nonzero(rgb[:, :, 0] > rgb[:, :, 1] + 35)
                middles.append(float(np.median(x)) / frame.width)
            if len(middles) == 2:
                break
    assert middles[0] == pytest.approx(1 / 3, abs=0.03)
    assert middles[1] == pytest.approx(2 / 3, abs=0.03)


def test_made_again_elsewhere_every_picture_and_sound_is_the_same(folder: Path, tmp_path: Path) -> None:
    (first,) = make_footage(folder, only=[SHORTEST])
    (again,) = make_footage(tmp_path / "새 폴더", only=[SHORTEST])
    assert decoded_hash(first) == decoded_hash(again)
    assert [entry.name for entry in again.parent.iterdir()] == [SHORTEST]


def test_a_clip_that_is_there_is_kept_and_one_cut_short_is_made_again(folder: Path, tmp_path: Path) -> None:
    (whole,) = make_footage(folder, only=[SHORTEST])
    copy = tmp_path / SHORTEST
    copy.write_bytes(whole.read_bytes())
    os.utime(copy, ns=(1, 1))
    make_footage(tmp_path, only=[SHORTEST])
    assert copy.stat().st_mtime_ns == 1
    copy.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    make_footage(tmp_path, only=[SHORTEST])
    assert copy.stat().st_size == whole.stat().st_size


@pytest.mark.parametrize("content", [b"", b"my own holiday film"])
def test_a_file_of_somebody_else_is_never_replaced(content: bytes, tmp_path: Path) -> None:
    mine = tmp_path / "IMG_0412.MOV"
    mine.write_bytes(content)
    with pytest.raises(OutputNotWritable, match="another file of that name"):
        make_footage(tmp_path, only=["IMG_0412.MOV"])
    assert mine.read_bytes() == content


def test_a_failure_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(arguments: object, *, doing: str, cwd: Path, graph: str = "") -> str:
        (cwd / "stored.mp4").write_bytes(b"half")
        raise ChildFailed(tool="ffmpeg", doing=doing, exit_status=1, last_lines="no")

    monkeypatch.setattr(footage, "run_ffmpeg", fails)
    with pytest.raises(ChildFailed):
        make_footage(tmp_path, only=[SHORTEST])
    assert list(tmp_path.iterdir()) == []


def test_a_name_that_is_no_clip_is_refused_before_work(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"IMG_9999\.MOV"):
        make_footage(tmp_path / "new", only=["IMG_9999.MOV"])
    assert not (tmp_path / "new").exists()


def test_kept_recordings_are_those_that_were_measured_and_small() -> None:
    clips = json.loads((DEMO / "speech.json").read_text(encoding="utf-8"))["clips"]
    for clip in clips:
        assert hashlib.sha256((DEMO / clip["file"]).read_bytes()).hexdigest() == clip["sha256"], clip["file"]
        samples, rate = heard(DEMO / clip["file"])
        assert len(samples) / rate == pytest.approx(clip["duration"], abs=0.001)
        envelope = np.sqrt(np.convolve(samples**2, np.ones(rate // 100) * 100 / rate, "same"))
        for sentence in clip["sentences"]:
            first, last = round((sentence["start"] - 0.2) * rate), round((sentence["end"] + 0.2) * rate)
            near = envelope[first:last]
            loud = (first + np.nonzero(near > 0.02 * near.max())[0]) / rate
            assert (loud[0], loud[-1]) == pytest.approx((sentence["start"], sentence["end"]), abs=0.002)
    assert sum((DEMO / clip["file"]).stat().st_size for clip in clips) <= 500_000
    assert (DEMO / "portrait.png").stat().st_size <= 200_000
