"""Wherever the grid of chunks falls, the reel is the same: as many frames, at the same times, with the same pictures
as one long encode holds, the words and the name at the same place, and sound encoded once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from reels.campaign.load import load_campaign
from reels.platforms import load_platform
from reels.render import render_campaign

from .conftest import Reels
from .filmed import beeps, clapper_picture, counted, film
from .measure import packets, pictures

RATE = Fraction(25)
FRAMES = 50
"""Two seconds: the longest chunk that there is, so a grid of 50 is one long encode."""

CAMPAIGN = """\
campaign: 한빛시 축제
template: interview
subtitles: {model: nano-ko}
framing: centre
cover: 0.4
reels:
  - id: grid
    clips:
      - footage: footage/count.mp4
        people: [{name: 박서연, role: 한빛시 시민}]
"""
DRAFT = """\
1
00:00:00,400 --> 00:00:01,240
함께 걸어요

2
00:00:01,320 --> 00:00:02,000
내일 또 만나요
"""

_LEAST_DECIBELS = 30.0
"""What two encodes of one picture at CRF 20 differ by at most; a word in another place is far below."""

_CAPTIONS = slice(920, 1090), slice(30, 690)
_WRITING = 180


@dataclass(frozen=True, slots=True)
class Seen:
    """What a finished reel holds, frame by frame."""

    times: tuple[Fraction, ...]
    numbers: tuple[int, ...]
    luma: tuple[npt.NDArray[np.uint8], ...]
    keyframes: tuple[int, ...]
    sound: tuple[bytes, ...]


@pytest.fixture(scope="module")
def seen_in_chunks_of(
    reels: Reels, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[int], Seen]]:
    """Renders the reel with chunks of so many frames, each grid once."""
    root = tmp_path_factory.mktemp("grid")
    (root / "footage").mkdir()
    (root / "subtitles").mkdir()
    film(
        root / "footage" / "count.mp4",
        [clapper_picture(n, flash=False) for n in range(FRAMES)],
        [n / RATE for n in range(FRAMES)],
        rate=RATE,
        sound=beeps(FRAMES / RATE, [Fraction(1)], rate_hz=48_000),
    )
    (root / "campaign.yaml").write_text(CAMPAIGN, encoding="utf-8")
    (root / "subtitles" / "count.ko.srt").write_text(DRAFT, encoding="utf-8")
    known: dict[int, Seen] = {}

    def seen(frames: int) -> Seen:
        if frames not in known:
            platform = replace(load_platform("x"), max_gop=Fraction(frames) / RATE)
            campaign = load_campaign(root / "campaign.yaml", platforms=[platform])
            report = render_campaign(campaign, show=lambda _event: None)
            report.require_ok()
            (outcome,) = report.outcomes
            assert outcome.file is not None
            known[frames] = _seen(outcome.file)
        return known[frames]

    with pytest.MonkeyPatch.context() as patched:
        for name, value in reels.environment.items():
            patched.setenv(name, value)
        yield seen


def _seen(file: Path) -> Seen:
    shown = list(pictures(file))
    in_order = sorted(packets(file), key=lambda packet: packet.pts)
    return Seen(
        times=tuple(picture.seconds for picture in shown),
        numbers=tuple(counted(picture.y) for picture in shown),
        luma=tuple(picture.y for picture in shown),
        keyframes=tuple(n for n, packet in enumerate(in_order) if packet.keyframe),
        sound=_sound_packets(file),
    )


def _sound_packets(file: Path) -> tuple[bytes, ...]:
    with av.open(str(file)) as container:
        return tuple(bytes(packet) for packet in container.demux(audio=0) if packet.size)


def _decibels(one: npt.NDArray[np.uint8], other: npt.NDArray[np.uint8]) -> float:
    error = float(np.mean((one.astype(np.float64) - other) ** 2))
    return 99.0 if error == 0 else 10 * float(np.log10(255**2 / error))


@settings(max_examples=2, deadline=None)
@example(7)
@example(49)
@given(st.integers(min_value=3, max_value=FRAMES - 1))
def test_any_grid_of_chunks_makes_the_reel_of_one_long_encode(
    seen_in_chunks_of: Callable[[int], Seen], frames: int
) -> None:
    whole, joined = seen_in_chunks_of(FRAMES), seen_in_chunks_of(frames)
    assert len(whole.keyframes) < len(joined.keyframes), "it was not cut into chunks"
    assert joined.times == whole.times == tuple(n / RATE for n in range(FRAMES))
    assert joined.numbers == whole.numbers == tuple(range(FRAMES))
    alike = [_decibels(a, b) for a, b in zip(joined.luma, whole.luma, strict=True)]
    assert min(alike) > _LEAST_DECIBELS, f"frame {int(np.argmin(alike))} is another picture"
    for number, (a, b) in enumerate(zip(joined.luma, whole.luma, strict=True)):
        written = [(picture[_CAPTIONS] > _WRITING) for picture in (a, b)]
        assert abs(int(written[0].sum()) - int(written[1].sum())) <= 0.03 * written[1].size, number
    assert joined.sound == whole.sound, "the sound is encoded once, whatever the picture's grid"
