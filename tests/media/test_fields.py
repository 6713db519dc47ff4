"""Interlaced footage at twice its frame rate: each field is a picture of its own, on any grid of chunks."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from reels.encode import PictureSpec
from reels.geometry import Raster
from reels.graph.picture import VideoPiece, build_chunk
from reels.plan.sources import picture_source
from reels.probe import probe
from reels.tools.ffmpeg import run_ffmpeg
from tests.media.zoo import KINDS, Zoo
from tests.media.zoo.pictures import Plane, read

RASTER = Raster(360, 640)


def shown(path: Path, rate: Fraction, first: int, frames: int, folder: Path) -> list[Plane]:
    """The luma of programme frames `first` and on, made as one chunk and decoded."""
    media = probe(path)
    source = picture_source(path, media, rate=rate)
    start = media.video.first_pts + first / rate
    piece = VideoPiece(source=source, start=start, frames=frames, framing="centre")
    spec = PictureSpec(rate=rate, raster=RASTER, crf=4, preset="ultrafast")
    command = build_chunk([piece], [], spec, subtitles=None, fonts="fonts", output=f"from {first}.mp4")
    for name, text in command.files:
        (folder / name).write_text(text, encoding="ascii")
    run_ffmpeg(command.arguments, doing="encoding", cwd=folder, graph=command.graph)
    with av.open(str(folder / f"from {first}.mp4")) as container:
        return [frame.to_ndarray()[: RASTER.height].astype(np.uint8) for frame in container.decode(video=0)]


@pytest.mark.parametrize("name", ["camera, AVCHD 1080i25", "tape, DV NTSC"])
def test_every_field_is_shown_in_its_order_and_a_chunk_that_begins_anywhere_shows_the_same(
    zoo: Zoo, tmp_path: Path, name: str
) -> None:
    take = KINDS[name].take
    rate, count = 2 * take.rate, 2 * len(take.times)
    whole = shown(zoo.path(name), rate, 0, count, tmp_path)
    assert len(whole) == count
    for number, luma in enumerate(whole):
        seen = read(luma)
        assert seen.number == number // 2
        late = (seen.bar_phase - Fraction(number, 2)) % 8
        assert min(late, 8 - late) < 0.2
        assert seen.bar_ragged_px < 2
    # In the middle of a pair of fields, and so late that the seek leaves out the beginning.
    first = 45
    part = shown(zoo.path(name), rate, first, count - first, tmp_path)
    away = np.abs(np.stack(part).astype(np.int16) - np.stack(whole[first:]))
    # Encoded in another company, that is all; where another field is shown, the bar's edge is 175 away.
    assert away.max() < 40


@pytest.mark.parametrize(("rate", "interlaced"), [(25, True), (30, True), (50, "by field"), (60, "by field")])
def test_a_reel_without_room_for_the_fields_shows_each_pair_as_one_picture(
    zoo: Zoo, rate: int, interlaced: object
) -> None:
    path = zoo.path("camera, AVCHD 1080i25")
    assert picture_source(path, probe(path), rate=Fraction(rate)).interlaced == interlaced
