"""`probe` against every kind of footage of the zoo: all that is odd is found, and nothing else."""

from __future__ import annotations

import itertools
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from reels.cadence import nearest_delivery_rate
from reels.geometry import Raster
from reels.media import MediaInfo, from_json, to_json
from reels.media.notes import CODES
from reels.media.shown import notes_shown, probe_json
from reels.probe import probe
from reels.tools.ffmpeg import read_ffmpeg, run_ffmpeg
from tests.media.zoo import KINDS, Zoo
from tests.media.zoo.pictures import Card, draw, read, read_card, way_up

TIMECODES = {
    "camera, drop-frame timecode": "10:00:00;02",
    "broadcast, 1080i25 MXF, four mono tracks": "10:00:00:00",
}


_PROBED: dict[str, MediaInfo] = {}


def found(zoo: Zoo, name: str) -> MediaInfo:
    if name not in _PROBED:
        _PROBED[name] = probe(zoo.path(name))
    return _PROBED[name]


@pytest.mark.parametrize("name", KINDS)
def test_each_oddity_of_a_kind_is_noted_in_both_languages_and_nothing_else(zoo: Zoo, name: str) -> None:
    notes = notes_shown(found(zoo, name), zoo.path(name))
    assert {note.code for note in notes} == KINDS[name].notes
    assert len(notes) == len(KINDS[name].notes), "a note twice"
    order = [CODES.index(note.code) for note in notes]
    assert order == sorted(order)
    for note in notes:
        assert note.text_en.isascii() or "°" in note.text_en
        assert any("가" <= letter <= "힣" for letter in note.text_ko)
        # What it is, and what is done about it.
        assert any(sign in note.text_en for sign in (";", ",", " and "))
        assert note.text_ko.count("다") >= 2


@pytest.mark.parametrize("name", KINDS)
def test_what_is_found_of_a_kind_is_what_was_filmed(zoo: Zoo, name: str) -> None:
    kind, info = KINDS[name], found(zoo, name)
    take, video = kind.take, info.video
    wide = take.display if name != "drone, 8K, no sound" else video.display
    odd = (wide.width - video.display.width, wide.height - video.display.height)
    assert odd == ((1, 1) if "odd-size" in kind.notes else (0, 0))
    assert nearest_delivery_rate(video.rate) in kind.rates
    assert video.variable_frame_rate == bool(take.varying)
    assert video.field_order == (take.fields or "progressive")
    assert video.interlaced == bool(take.fields)
    assert video.mirrored == take.mirrored
    assert info.found.timecode == TIMECODES.get(name, "")
    # Copied from the keyframe before the in point, and one comes every 25 pictures.
    assert info.found.hidden_frames == kind.frames_hidden % 25
    assert bool(info.audio) == (take.sound_from is not None)
    assert all(track.sample_rate_hz in (take.sound_rate_hz, 48_000) for track in info.audio)
    if kind.kept == 1:
        assert video.frame_count == len(take.times) - kind.frames_hidden
        length = take.duration - take.times[kind.frames_hidden]
        assert abs(video.last_pts_end - video.first_pts - length) <= Fraction(1, 15)


@pytest.mark.parametrize("name", KINDS)
def test_a_description_survives_the_store_and_can_be_printed(zoo: Zoo, name: str) -> None:
    info = found(zoo, name)
    assert from_json(to_json(info)) == info
    printed = probe_json(info, zoo.path(name))
    assert printed["damaged"] is ("damaged" in KINDS[name].notes)
    assert printed["timecode"] == TIMECODES.get(name)


UPRIGHT = [name for name, kind in KINDS.items() if kind.take.turned or kind.take.mirrored]


@pytest.mark.parametrize("name", UPRIGHT)
def test_the_zoo_turns_its_footage_as_ffmpeg_turns_it_back(zoo: Zoo, name: str) -> None:
    """The recipes proven by another program than ours: ffmpeg's own way of showing a file."""
    display = KINDS[name].take.display
    shown = read_ffmpeg(
        ["-i", f"file:{zoo.path(name)}", "-frames:v", "2", "-pix_fmt", "gray", "-f", "rawvideo", "pipe:1"],
        doing="showing a picture",
    )
    pictures = np.frombuffer(shown, np.uint8).reshape(2, display.height, display.width)
    inner = min(display.width, display.height * 9 // 16)
    left = (display.width - inner) // 2
    for number, picture in enumerate(pictures):
        middle = picture[:, left : left + inner]
        assert way_up(middle) == "upright"
        assert read_card(middle) == (number, False)


def test_the_zoo_has_every_kind_that_is_promised() -> None:
    assert len([kind for kind in KINDS.values() if kind.rendered]) >= 25
    files = [kind.file for kind in KINDS.values()]
    assert len(set(files)) == len(files)
    noted = set(itertools.chain.from_iterable(kind.notes for kind in KINDS.values()))
    assert noted <= set(CODES)


# --- the readers fire ------------------------------------------------------------------------------------

UPRIGHT_RASTER = Raster(720, 1280)


def test_a_reader_reads_what_was_drawn() -> None:
    seen = read(draw(Card(number=617, phase=Fraction(5), flash=True), UPRIGHT_RASTER))
    assert (seen.number, seen.flash) == (617, True)
    assert seen.square_width_px / seen.square_height_px == pytest.approx(1, abs=0.01)
    assert seen.bar_phase == pytest.approx(5, abs=0.05)
    assert seen.bar_ragged_px < 1


def test_a_reader_sees_a_comb() -> None:
    woven = draw(Card(number=1, phase=Fraction(2)), UPRIGHT_RASTER)
    late = draw(Card(number=1, phase=Fraction(5, 2)), UPRIGHT_RASTER)
    woven[1::2] = late[1::2]
    assert read(woven).bar_ragged_px > 10


def test_a_reader_sees_two_pictures_in_one() -> None:
    one, other = (draw(Card(number=n), UPRIGHT_RASTER).astype(np.uint16) for n in (3, 4))
    with pytest.raises(AssertionError, match="two pictures in one"):
        read_card(((one + other) // 2).astype(np.uint8))


def test_a_reader_tells_every_turn_and_mirror_apart() -> None:
    square = draw(Card(number=0), Raster(720, 1280))
    ways = {
        (turns, mirrored): way_up(np.rot90(square[:, ::-1] if mirrored else square, turns))
        for turns in range(4)
        for mirrored in (False, True)
    }
    assert ways.pop((0, False)) == "upright"
    assert "upright" not in ways.values()


@pytest.mark.parametrize("container", ["mkv", "mp4"])
def test_a_film_that_starts_late_on_its_own_clock_is_not_taken_for_a_broken_one(
    tmp_path: Path, container: str
) -> None:
    """Matroska, and pieces of a stream, promise where the end lies on that clock."""
    path = tmp_path / f"late.{container}"
    pieces = ("-movflags", "+dash+delay_moov+frag_keyframe", "-avoid_negative_ts", "disabled")
    run_ffmpeg(
        [
            *("-f", "lavfi", "-i", "testsrc2=s=64x48:r=25:d=2", "-c:v", "libx264", "-preset", "ultrafast"),
            *("-output_ts_offset", "7.25", *(pieces if container == "mp4" else ()), f"file:{path}"),
        ],
        doing="making a late clip",
    )
    info = probe(path)
    assert info.start_time > 7
    assert not info.found.damaged
    assert "starts-later" in {note.code for note in info.notes}
