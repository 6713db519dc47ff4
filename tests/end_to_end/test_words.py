"""What was said is what the sidecar says, and when: the real recogniser on speech that it has never heard.

The held-out sentences are of the small model's few hundred words; who spoke them when is written beside the sound
by the one who made them. The picture is plain grey.
"""

from __future__ import annotations

import itertools
import json
import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt
import pytest

from reels.geometry import Raster
from reels.resources import assets_dir

from .conftest import Reels
from .filmed import film, grey
from .measure import character_errors

DEMO = assets_dir() / "demo"
RATE = Fraction(24)
SPOKEN_HZ = 48_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """A sentence and when it begins, in seconds of its clip."""

    text: str
    start: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A cue of the sidecar, seconds of the reel."""

    text: str
    start: float
    end: float


def _signs(text: str) -> str:
    """What counts: neither spaces nor punctuation."""
    return "".join(c for c in text if c.isalnum())


def _eojeol(texts: Iterable[str]) -> list[str]:
    """Words with their spacing, which is half of Korean spelling."""
    return [_signs(word) for word in " ".join(texts).split()]


def _heard(path: Path) -> npt.NDArray[np.float32]:
    with av.open(str(path)) as container:
        resampler = av.AudioResampler(format="flt", layout="mono", rate=SPOKEN_HZ)
        parts = [
            part.to_ndarray()[0] for frame in container.decode(audio=0) for part in resampler.resample(frame)
        ]
    return np.concatenate(parts).astype(np.float32)


def _filmed(path: Path, sound: npt.NDArray[np.float32]) -> Path:
    count = math.ceil(len(sound) / SPOKEN_HZ * RATE)
    frames = [grey(Raster(90, 160), 126)] * count
    return film(
        path, frames, [n / RATE for n in range(count)], rate=RATE, sound=sound, sound_codec="pcm_s16le"
    )


def _sidecar(reel: Path) -> list[Written]:
    written = []
    text = reel.with_suffix(".ko.srt").read_text(encoding="utf-8")
    for block in text.strip().split("\n\n"):
        _, clock, *lines = block.splitlines()
        start, end = (
            sum(float(part) * scale for part, scale in zip(re.split("[:]", at), (3600, 60, 1), strict=True))
            for at in clock.replace(",", ".").split(" --> ")
        )
        written.append(Written(text=" ".join(lines), start=start, end=end))
    return written


def _truth(name: str) -> list[Spoken]:
    held = json.loads((DEMO / name).read_text(encoding="utf-8"))
    return [Spoken(text=s["text"], start=s["start"]) for s in held["sentences"]]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("words")


def _written_for(reels: Reels, folder: Path, footage: Path) -> list[Written]:
    said = reels.run(
        *("make", footage, "-o", folder / f"{footage.stem} reel", "--model", "nano-ko", "-p", "x"),
    )
    return _sidecar(said.files[0])


@pytest.fixture(scope="module")
def held_out(reels: Reels, folder: Path) -> list[Written]:
    return _written_for(reels, folder, _filmed(folder / "heldout.mov", _heard(DEMO / "heldout-speech.ogg")))


def test_held_out_sentences_are_written_as_they_were_said(held_out: list[Written]) -> None:
    said = _signs("".join(sentence.text for sentence in _truth("heldout-speech.json")))
    written = _signs("".join(cue.text for cue in held_out))
    assert len(said) > 200
    assert character_errors(said, written) / len(said) <= 0.05


def test_held_out_sentences_are_on_screen_when_they_are_said(held_out: list[Written]) -> None:
    """95 of 100 begin within 200 ms; a sentence in several cues begins with the first of them."""
    late = [start - sentence.start for sentence, start in _begins(_truth("heldout-speech.json"), held_out)]
    off = sorted(abs(seconds) for seconds in late)
    assert off[math.ceil(0.95 * len(off)) - 1] <= 0.2, [round(seconds, 3) for seconds in late]


def _begins(spoken: list[Spoken], written: list[Written]) -> list[tuple[Spoken, float]]:
    """When each sentence's first sign is on screen: its place in the written text, found by alignment."""
    said, shown = "".join(_signs(s.text) for s in spoken), "".join(_signs(w.text) for w in written)
    place = _aligned(said, shown)
    starts = [w.start for w in written for _ in _signs(w.text)]
    firsts = {sum(len(_signs(w.text)) for w in written[:n]) for n in range(len(written))}
    found, at = [], 0
    for sentence in spoken:
        index = place[at]
        # A sentence begins a cue; where a misheard sign moves the place a little, the nearest beginning counts.
        nearest = min(firsts, key=lambda first: (abs(first - index), first))
        assert abs(nearest - index) <= 2, f"{sentence.text!r} does not begin a cue"
        found.append((sentence, starts[nearest]))
        at += len(_signs(sentence.text))
    return found


def _aligned(said: str, shown: str) -> list[int]:
    """For each sign of `said` the place in `shown` that the cheapest alignment gives it."""
    cost = np.zeros((len(said) + 1, len(shown) + 1), int)
    cost[:, 0], cost[0] = np.arange(len(said) + 1), np.arange(len(shown) + 1)
    for i, a in enumerate(said, 1):
        for j, b in enumerate(shown, 1):
            cost[i, j] = min(cost[i - 1, j] + 1, cost[i, j - 1] + 1, cost[i - 1, j - 1] + (a != b))
    i, j = len(said), len(shown)
    place = [0] * len(said)
    while i:
        if j and cost[i, j] == cost[i - 1, j - 1] + (said[i - 1] != shown[j - 1]):
            i, j = i - 1, j - 1
            place[i] = j
        elif j and cost[i, j] == cost[i, j - 1] + 1:
            j -= 1
        else:
            i -= 1
            place[i] = min(j, len(shown) - 1)
    return place


def test_no_cue_is_on_screen_long_after_its_words(held_out: list[Written]) -> None:
    """A cue ends before the next sentence but one begins, and none lasts longer than seven seconds."""
    assert all(0 < cue.end - cue.start <= 7.1 for cue in held_out)
    assert all(a.end <= b.start for a, b in itertools.pairwise(held_out))


def test_the_demo_says_its_own_sentences(reels: Reels, folder: Path) -> None:
    (clip,) = [
        clip
        for clip in json.loads((DEMO / "speech.json").read_text(encoding="utf-8"))["clips"]
        if clip["name"] == "library"
    ]
    spoken = [Spoken(text=s["text"], start=s["start"]) for s in clip["sentences"]]
    written = _written_for(reels, folder, _filmed(folder / "library.mov", _heard(DEMO / clip["file"])))
    assert _signs(" ".join(w.text for w in written)) == _signs(" ".join(s.text for s in spoken))
    assert _eojeol(w.text for w in written) == _eojeol(s.text for s in spoken)
    assert max(abs(start - s.start) for s, start in _begins(spoken, written)) <= 0.3


def test_silence_and_noise_say_nothing(reels: Reels, folder: Path) -> None:
    random = np.random.default_rng(3)
    second = SPOKEN_HZ
    hiss = random.normal(0, 0.05, 2 * second)
    rumble = np.convolve(random.normal(0, 1, 2 * second), np.ones(200) / 200, "same")
    hum = 0.2 * np.sin(2 * np.pi * 120 * np.arange(second) / second)
    sound = np.concatenate([np.zeros(2 * second), hiss, np.zeros(second), rumble, hum]).astype(np.float32)
    footage = _filmed(folder / "noise.mov", sound)
    out = folder / "noise reel"
    said = reels.run("make", footage, "-o", out, "--model", "nano-ko", "-p", "x")
    (reel,) = said.files
    assert not list(out.rglob("*.srt")) or not (out / "subtitles" / "noise.ko.srt").read_text(
        encoding="utf-8"
    )
    assert not reel.with_suffix(".ko.srt").exists()
    report = json.loads((reel.parent / "report.json").read_text(encoding="utf-8"))
    assert report["subtitles"]["cues"] == 0
