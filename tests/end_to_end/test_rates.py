"""Footage of many rates in rendered files: a counter in each source frame tells which of them are shown, and when."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import pytest

from .conftest import Reels
from .filmed import clapper_picture, counted, film
from .measure import packets, pictures

NTSC = Fraction(1000, 1001)

CAMPAIGN = """\
campaign: 한빛시 시험
template: plain
platforms: [x]
subtitles: {model: nano-ko}
frame_rate: full
reels:
  - {id: at-50, clips: [{footage: footage/fifty.mp4}]}
  - {id: at-59-94, clips: [{footage: footage/sixty-ntsc.mp4, in: "0.3"}]}
  - {id: half-of-60, frame_rate: usual, clips: [{footage: footage/sixty.mp4}]}
  - {id: slow-240, frame_rate: usual, clips: [{footage: footage/high-speed.mp4}]}
  - id: time-lapse-and-25
    frame_rate: usual
    clips: [{footage: footage/time-lapse.mp4, out: 2}, {footage: footage/twenty-five.mp4}]
  - {id: cinema, platforms: [threads, facebook-reels], clips: [{footage: footage/cinema.mp4}]}
"""

FOOTAGE = {
    "fifty": (Fraction(50), 110),
    "sixty-ntsc": (60 * NTSC, 150),
    "sixty": (Fraction(60), 130),
    "high-speed": (Fraction(240), 300),
    "time-lapse": (Fraction(1), 3),
    "twenty-five": (Fraction(25), 80),
    "cinema": (24 * NTSC, 76),
}


@pytest.fixture(scope="module")
def rendered(reels: Reels, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the reels of the campaign; each source counts its frames from 0."""
    root = tmp_path_factory.mktemp("rates")
    (root / "footage").mkdir()
    (root / "subtitles").mkdir()
    for name, (rate, count) in FOOTAGE.items():
        film(
            root / "footage" / f"{name}.mp4",
            [clapper_picture(n, flash=False) for n in range(count)],
            [n / rate for n in range(count)],
            rate=rate,
            gop=48,
        )
        # A person's subtitles that show nothing: nobody has to listen.
        words = "1\n00:05:00,000 --> 00:05:01,000\n끝\n"
        (root / "subtitles" / f"{name}.ko.srt").write_text(words, encoding="utf-8")
    (root / "campaign.yaml").write_text(CAMPAIGN, encoding="utf-8")
    reels.run("render", root)
    return root / "out"


def test_a_mistyped_frame_rate_on_the_command_line_names_the_nearest(reels: Reels) -> None:
    said = reels.run("make", "nothing.mp4", "-o", "out", "--frame-rate", "ful", expect=2)
    assert said.stderr.strip() == (
        "reels: --frame-rate: found ful, expected one of usual, full; perhaps you meant full"
    )


def shown(file: Path) -> list[int]:
    """The source frame in each frame of the reel."""
    return [counted(picture.y) for picture in pictures(file)]


def even_rate(file: Path) -> Fraction:
    """The rate of a file whose frames are all equally long."""
    times = sorted(packet.pts for packet in packets(file))
    (step,) = {after - before for before, after in itertools.pairwise(times)}
    assert times[0] == 0
    return 1 / step


@pytest.mark.parametrize(
    ("reel", "rate", "numbers"),
    [
        ("at-50", Fraction(50), range(110)),
        # 0.3 s is frame 17.98, which is frame 18 within rounding.
        ("at-59-94", 60 * NTSC, range(18, 150)),
        ("half-of-60", Fraction(30), range(0, 130, 2)),
        ("slow-240", Fraction(30), range(0, 300, 8)),
    ],
)
def test_every_frame_of_a_constant_rate_is_the_one_that_follows_in_even_steps(
    rendered: Path, reel: str, rate: Fraction, numbers: Sequence[int]
) -> None:
    file = rendered / reel / "x" / f"{reel}.mp4"
    assert even_rate(file) == rate
    assert shown(file) == list(numbers)


def test_a_time_lapse_takes_the_rate_of_the_talk_that_follows_it(rendered: Path) -> None:
    file = rendered / "time-lapse-and-25" / "x" / "time-lapse-and-25.mp4"
    assert even_rate(file) == 25
    assert shown(file) == [0] * 25 + [1] * 25 + list(range(80))


def test_film_at_23_976_is_kept_and_a_platform_from_24_on_gets_24(rendered: Path) -> None:
    kept, faster = (rendered / "cinema" / name / "cinema.mp4" for name in ("threads", "facebook-reels"))
    assert even_rate(kept) == 24 * NTSC
    assert shown(kept) == list(range(76))
    assert even_rate(faster) == 24
    numbers = shown(faster)
    assert numbers[0] == 0
    steps = [after - before for before, after in itertools.pairwise(numbers)]
    assert sorted(steps) == [0] + [1] * 74, "one frame in a thousand is shown twice, and none is left out"
