"""Any footage in, a clean vertical programme out: every kind of the zoo rendered once, judged on the finished files.

What is read is read by PyAV and arithmetic (`measure`, `zoo.pictures`); what should be there is known from how
the footage was made.
"""

from __future__ import annotations

import itertools
import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import cast

import av
import pytest
from av.sidedata.sidedata import SideData

from tests.end_to_end.entry_point import Forge, forge
from tests.end_to_end.test_bad_input import FOOTAGE, refused
from tests.media.zoo import KINDS as ALL_KINDS
from tests.media.zoo import Kind, Zoo
from tests.media.zoo.pictures import Read, read, read_card, square_drawn, way_up
from tests.media.zoo.refused import REFUSED, make_refused

from .conftest import Reels
from .measure import Heard, onsets, packets, pictures, sound

KINDS = {name: kind for name, kind in ALL_KINDS.items() if kind.rendered}
_WIDTH, _HEIGHT = 720, 1280
_TIE = Fraction(1, 1000)
"""A picture that starts this much after a programme frame is still meant by it: containers count milliseconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One kind's part of a reel. `numbers` and `lit` have a place for each programme frame, `begins` is the first's."""

    kind: Kind
    file: Path
    rate: Fraction
    begins: int
    numbers: tuple[int, ...]
    lit: tuple[bool, ...]
    looked_at: tuple[Read, ...]
    ways_up: frozenset[str]
    heard: Heard

    @property
    def flashes(self) -> list[float]:
        """When it begins to flash, in seconds of the part."""
        changes = enumerate(itertools.pairwise((False, *self.lit)))
        return [float(n / self.rate) for n, (before, now) in changes if now and not before]

    @property
    def beeps(self) -> list[float]:
        """When it begins to beep, in seconds of the part."""
        first, last = (
            round((n / self.rate - self.heard.start) * self.heard.rate_hz)
            for n in (self.begins, self.begins + len(self.numbers))
        )
        part = replace(self.heard, samples=self.heard.samples[:, max(0, first) : last], start=Fraction(0))
        return onsets(part, apart_s=0.15)


def _families() -> dict[frozenset[Fraction], list[str]]:
    """Kinds that are delivered at the same rates, and so can stand in one reel at their own rate."""
    found: dict[frozenset[Fraction], list[str]] = {}
    for name, kind in KINDS.items():
        found.setdefault(kind.rates, []).append(name)
    return found


@pytest.fixture(scope="module")
def reels_of_families(
    reels: Reels, zoo: Zoo, tmp_path_factory: pytest.TempPathFactory
) -> Mapping[frozenset[Fraction], Path]:
    """One campaign: a reel of all kinds of a family of rates, for the platform with the smallest raster."""
    folder = tmp_path_factory.mktemp("campaign")
    (folder / "none.srt").write_text("1\n00:02:00,000 --> 00:02:01,000\n끝\n", encoding="utf-8")
    lines = ["campaign: 동물원", "platforms: [x]", "framing: centre", "reels:"]
    families = _families()
    for number, names in enumerate(families.values()):
        lines += [f"  - id: r{number}", "    clips:"]
        for name in names:
            file = KINDS[name].file
            os.link(zoo.path(name), folder / file)
            lines.append(f"      - {{footage: {json.dumps(file)}, subtitles: none.srt}}")
    (folder / "campaign.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    made = {reel["id"]: Path(reel["file"]) for reel in reels.run("render", folder, "--json").json["reels"]}
    return {rates: made[f"r{number}"] for number, rates in enumerate(families)}


@pytest.fixture(scope="module")
def part(reels_of_families: Mapping[frozenset[Fraction], Path]) -> Callable[[str], Part]:
    """A kind's part of its reel; a reel is watched when it is first asked for."""
    watched = lru_cache(maxsize=None)(lambda rates: _watched(_families()[rates], reels_of_families[rates]))
    return lambda name: watched(KINDS[name].rates)[name]


def _watched(names: Sequence[str], file: Path) -> dict[str, Part]:
    with av.open(str(file)) as container:
        rate = container.streams.video[0].average_rate
        assert rate is not None
    cards, reads, ways = [], {}, {}
    for place, picture in enumerate(pictures(file)):
        cards.append(read_card(picture.y))
        if place % 7 == 3:
            reads[place], ways[place] = read(picture.y), way_up(picture.y)
    # Every kind counts upwards from its beginning, so that it begins where the count falls back.
    changes = [n for n, (a, b) in enumerate(itertools.pairwise(cards), 1) if b[0] < a[0]]
    borders = [0, *changes, len(cards)]
    assert len(borders) == len(names) + 1, f"{len(borders) - 1} parts instead of {len(names)}: {borders}"
    heard = sound(file)
    return {
        name: Part(
            kind=KINDS[name],
            file=file,
            rate=rate,
            begins=begins,
            numbers=tuple(number for number, _ in cards[begins:ends]),
            lit=tuple(flash for _, flash in cards[begins:ends]),
            looked_at=tuple(reads[n] for n in range(begins, ends) if n in reads),
            ways_up=frozenset(ways[n] for n in range(begins, ends) if n in ways),
            heard=heard,
        )
        for name, (begins, ends) in zip(names, itertools.pairwise(borders), strict=True)
    }


def _shown_times(kind: Kind) -> tuple[Fraction, ...]:
    """When each picture begins, counted from the first that is to be shown."""
    times = kind.take.times
    return tuple(at - times[kind.frames_hidden] for at in times)


@pytest.mark.parametrize("rates", _families(), ids=lambda rates: f"{float(min(rates)):.3f}")
def test_a_reel_has_its_raster_a_constant_rate_of_its_family_and_true_tags(
    reels_of_families: Mapping[frozenset[Fraction], Path], rates: frozenset[Fraction]
) -> None:
    file = reels_of_families[rates]
    with av.open(str(file)) as container:
        stream = container.streams.video[0]
        context = stream.codec_context
        rate = stream.average_rate
        assert rate in rates
        assert (context.width, context.height, context.pix_fmt) == (_WIDTH, _HEIGHT, "yuv420p")
        assert (stream.sample_aspect_ratio or 1) == 1
        tags = (context.color_primaries, context.color_trc, context.colorspace, context.color_range)
        assert tags == (1, 1, 1, 1), "primaries, transfer, matrix, range: BT.709, limited"
        first = next(container.decode(stream))
        assert not first.interlaced_frame
        # The encoder signs its work; turns and light levels of the footage would stand here, too.
        assert {held.type.name for held in _side_data(first)} <= {"SEI_UNREGISTERED"}
    starts = sorted(packet.pts for packet in packets(file))
    assert all(abs(at - n / rate) <= Fraction(1, 90_000) for n, at in enumerate(starts))


def _side_data(frame: av.VideoFrame) -> list[SideData]:
    # PyAV's types know a mapping; what its code goes through are the values.
    return cast("list[SideData]", list(frame.side_data))


@pytest.mark.parametrize("name", KINDS)
def test_each_programme_frame_shows_what_a_viewer_of_the_footage_sees_then(
    part: Callable[[str], Part], name: str
) -> None:
    seen = part(name)
    times = _shown_times(seen.kind)
    if seen.kind.kept == 1:
        length = times[-1] + 1 / seen.kind.take.rate
        assert abs(len(seen.numbers) - length * seen.rate) <= Fraction(1, 2)
    else:
        assert len(seen.numbers) >= Fraction(3, 4) * seen.rate, "most of what can be read is used"
    expected = [
        max(k for k, at in enumerate(times) if at <= n / seen.rate + _TIE) for n in range(len(seen.numbers))
    ]
    # Where a copy broke off, the last picture may be there in part; the one before it stands.
    held = 0 if seen.kind.kept == 1 else 2
    assert list(seen.numbers) == [min(number, seen.numbers[-1]) for number in expected]
    assert expected[-1] - seen.numbers[-1] <= held


@pytest.mark.parametrize("name", [name for name, kind in KINDS.items() if kind.take.sound_from is not None])
def test_every_beep_comes_within_a_frame_of_its_flash_from_start_to_end(
    part: Callable[[str], Part], name: str
) -> None:
    seen = part(name)
    times = _shown_times(seen.kind)
    # Where a copy broke off, picture and sound need not end together.
    end = len(seen.numbers) / seen.rate - (0 if seen.kind.kept == 1 else Fraction(1, 5))
    filmed, flashes, beeps = (
        [float(at) for at in found if at < end]
        for found in ([times[n] for n in seen.kind.take.flashes], seen.flashes, seen.beeps)
    )
    assert len(filmed) >= 2 or seen.kind.kept < 1
    assert len(flashes) == len(beeps) == len(filmed) >= 1
    for flash, beep, at in zip(flashes, beeps, filmed, strict=True):
        assert abs(flash - beep) <= 1 / seen.rate
        # The sound has no frames to wait for: it lies where it lay in the footage.
        assert beep == pytest.approx(at, abs=0.008)


@pytest.mark.parametrize("name", KINDS)
def test_a_picture_is_upright_its_squares_are_square_and_nothing_is_combed(
    part: Callable[[str], Part], name: str
) -> None:
    seen, take = part(name), KINDS[name].take
    assert len(seen.looked_at) >= 2
    assert seen.ways_up == {"upright"}
    drawn = float(square_drawn(take.display, width=take.width))
    for still in seen.looked_at:
        assert still.square_width_px / still.square_height_px == pytest.approx(drawn, abs=0.02)
        # Of two fields shown in one picture every second row would lie a field's way beside its neighbours.
        assert still.bar_ragged_px < 4
        if take.fields:
            late = (still.bar_phase - still.number) % 8
            assert min(late, 8 - late) < 0.2 or (seen.rate == 2 * take.rate and abs(late - 0.5) < 0.2)


# --- what is no footage ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def refusing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Forge]:
    with forge(tmp_path_factory.mktemp("forge")) as started:
        yield started


@pytest.fixture(scope="module")
def no_footage(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of files that are no footage, and subtitles, so that nobody is asked for a model."""
    folder = tmp_path_factory.mktemp("no-footage")
    make_refused(folder)
    (folder / "none.srt").write_text("1\n00:00:00,000 --> 00:00:01,000\n끝\n", encoding="utf-8")
    return folder


# `probe`, below, tells of all of them by the same way in.
MADE_OF = (
    "photo.png",
    "photo named as film.mov",
    "voice.m4a",
    "song with a cover.m4a",
    "zeros.mp4",
    "empty.mp4",
    "recording broken off.mp4",
    "only the index.mp4",
    "only the head.ts",
)


@pytest.mark.parametrize("name", MADE_OF)
def test_what_is_no_footage_is_refused_in_one_sentence_and_nothing_is_written(
    refusing: Forge, no_footage: Path, name: str
) -> None:
    arguments = ("make", name, "--subtitles", "none.srt", "-p", "x", "-o", "out")
    refused(refusing, *arguments, cwd=no_footage, code=FOOTAGE, says=(name, REFUSED[name]))


def test_probe_tells_of_each_file_that_is_no_footage_in_one_line(refusing: Forge, no_footage: Path) -> None:
    told = refused(
        refusing,
        "probe",
        *REFUSED,
        cwd=no_footage,
        code=FOOTAGE,
        says=tuple(REFUSED.values()),
        problems=len(REFUSED),
    )
    assert [sentence.split(": ")[0] for sentence in told] == list(REFUSED)
