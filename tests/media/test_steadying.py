"""Footage that shakes by known amounts, judged on rendered pictures: what is left of the shake, borders, chunks.

What is left is measured by correlating whole pictures, which is not how the project finds it.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from reels.encode import PictureSpec
from reels.framing import CropPath, Glide, largest_window
from reels.geometry import Raster
from reels.graph.picture import VideoPiece, build_chunk
from reels.media import MediaInfo
from reels.plan.sources import picture_source
from reels.plan.steadying import steadied
from reels.probe import probe
from reels.steadying import SMALLEST_WINDOW, Steady, watch
from reels.timing import TimeRange
from reels.tools.ffmpeg import run_ffmpeg
from tests.media.shaken_films import FRAME, ShakenFilm, film, hand, pan

Pictures = npt.NDArray[np.uint8]

SPEC = PictureSpec(rate=Fraction(25), raster=Raster(180, 320))
UPRIGHT = SPEC.raster.aspect


def watched(shaken: ShakenFilm) -> tuple[MediaInfo, Steady]:
    media = probe(shaken.path)
    return media, watch(shaken.path, media, TimeRange(media.video.first_pts, media.video.last_pts_end))


@pytest.fixture(scope="module")
def in_the_hand(tmp_path_factory: pytest.TempPathFactory) -> tuple[ShakenFilm, MediaInfo, Steady]:
    """60 frames before a wall, held in a hand."""
    shaken = film(tmp_path_factory.mktemp("hand") / "hand.mp4", [hand(60, 25)])
    return shaken, *watched(shaken)


def piece(
    shaken: ShakenFilm,
    media: MediaInfo,
    *,
    first: int = 0,
    frames: int = 50,
    spec: PictureSpec = SPEC,
    start: Fraction = Fraction(0),
) -> VideoPiece:
    source = picture_source(shaken.path, media)
    return VideoPiece(source=source, start=start + first / spec.rate, frames=frames, framing="centre")


def drawn(folder: Path, pieces: Sequence[VideoPiece], spec: PictureSpec = SPEC) -> Pictures:
    """The luma of each frame as it reaches the encoder: (frames, height, width)."""
    command = build_chunk(pieces, [], spec, subtitles=None, fonts="fonts", output="chunk.mp4")
    folder.mkdir()
    for name, text in command.files:
        (folder / name).write_text(text, encoding="ascii")
    mapped = command.arguments.index("-map") + 2
    frames = sum(piece.frames for piece in pieces)
    raw = ["-f", "rawvideo", "-pix_fmt", "gray", "-frames:v", str(frames), "-fps_mode", "passthrough", "raw"]
    run_ffmpeg([*command.arguments[:mapped], *raw], doing="drawing", cwd=folder)
    shape = (frames, spec.raster.height, spec.raster.width)
    return np.fromfile(folder / "raw", np.uint8).reshape(shape)


def ways(pictures: Pictures) -> npt.NDArray[np.float64]:
    """Where what is seen lies in each frame, in pixels from where it lay in the first."""
    middle = pictures[:, 64:256, 26:154].astype(np.float64)
    window = np.outer(np.hanning(192), np.hanning(128))
    seen = [(one - one.mean()) * window for one in middle]
    steps = [_moved(a, b) for a, b in itertools.pairwise(seen)]
    return np.cumsum(np.array([[0.0, 0.0], *steps]), axis=0)[:, ::-1]


def _moved(before: npt.NDArray[np.float64], after: npt.NDArray[np.float64]) -> list[float]:
    """Rows and columns from `before` to `after`: where they correlate best, between samples by a parabola."""
    alike = np.fft.ifft2(np.conj(np.fft.fft2(before)) * np.fft.fft2(after)).real
    top = np.unravel_index(int(alike.argmax()), alike.shape)
    found = []
    for axis, size in enumerate(alike.shape):
        beside = [list(top), list(top), list(top)]
        beside[0][axis], beside[2][axis] = (top[axis] - 1) % size, (top[axis] + 1) % size
        low, peak, high = (float(alike[row, column]) for row, column in beside)
        at = float(top[axis]) + (low - high) / (2 * (low - 2 * peak + high))
        found.append(at - size if at > size / 2 else at)
    return found


def unrest(way: npt.NDArray[np.float64]) -> float:
    """The mean change of speed from frame to frame, in pixels."""
    return float(np.abs(np.diff(way, 2, axis=0)).mean())


def test_a_hands_shake_is_gone_from_the_picture(
    in_the_hand: tuple[ShakenFilm, MediaInfo, Steady], tmp_path: Path
) -> None:
    shaken, media, steady = in_the_hand
    plain = piece(shaken, media, frames=60)
    held = steadied([plain], steady, None, SPEC.rate, UPRIGHT)
    before = unrest(ways(drawn(tmp_path / "before", [plain])))
    pictures = drawn(tmp_path / "after", held)
    after = unrest(ways(pictures))
    assert before > 2
    assert after < 0.12 * before
    assert pictures.min() > 40, "the wall is nowhere dark: no border came into view"
    assert held[0].path is not None
    assert held[0].path.width >= SMALLEST_WINDOW * largest_window(FRAME, UPRIGHT)[0] - 1


def test_a_pan_goes_on_and_each_shot_is_held_by_itself(tmp_path: Path) -> None:
    shots = [hand(40, 25) + pan(40, 25, 40), hand(40, 25, seed=9)]
    shaken = film(tmp_path / "pan.mp4", shots)
    media, steady = watched(shaken)
    held = steadied([piece(shaken, media, frames=80)], steady, None, SPEC.rate, UPRIGHT)
    pictures = drawn(tmp_path / "after", held)
    one, two = ways(pictures[:40]), ways(pictures[40:])
    assert unrest(one) < 0.3
    assert unrest(two) < 0.3
    enlarged = SPEC.raster.height / (FRAME.height * float(SMALLEST_WINDOW))
    assert one[-1, 0] - one[0, 0] == pytest.approx(-40 * 1.6 * enlarged, rel=0.2), (
        "what the camera did on purpose stays"
    )


def test_chunks_show_what_one_long_chunk_shows(
    in_the_hand: tuple[ShakenFilm, MediaInfo, Steady], tmp_path: Path
) -> None:
    shaken, media, steady = in_the_hand

    def held(first: int, frames: int) -> tuple[VideoPiece, ...]:
        return steadied([piece(shaken, media, first=first, frames=frames)], steady, None, SPEC.rate, UPRIGHT)

    whole = drawn(tmp_path / "whole", held(0, 50))
    parts = [drawn(tmp_path / f"from {at}", held(at, frames)) for at, frames in ((0, 17), (17, 8), (25, 25))]
    assert np.array_equal(np.concatenate(parts), whole)


def test_frames_of_uneven_length_each_keep_their_own_move(tmp_path: Path) -> None:
    """A phone's film: every fourth frame missing, a clock that starts at 5 s, shown at 30 a second."""
    shaken = film(
        tmp_path / "phone.mp4",
        [hand(80, 30)],
        rate=Fraction(30),
        filters="select='mod(n,4)'",
        options=("-fps_mode", "vfr", "-output_ts_offset", "5"),
    )
    media, steady = watched(shaken)
    assert media.video.variable_frame_rate
    spec = replace(SPEC, rate=Fraction(30))
    start = media.video.first_pts
    held = steadied(
        [piece(shaken, media, frames=70, spec=spec, start=start)], steady, None, spec.rate, UPRIGHT
    )
    after = unrest(ways(drawn(tmp_path / "after", held, spec)))
    plain = unrest(
        ways(drawn(tmp_path / "before", [piece(shaken, media, frames=70, spec=spec, start=start)], spec))
    )
    assert after < 0.15 * plain


def test_a_window_that_follows_moves_on_and_does_not_shake(
    in_the_hand: tuple[ShakenFilm, MediaInfo, Steady], tmp_path: Path
) -> None:
    shaken, media, steady = in_the_hand
    width, height = largest_window(FRAME, UPRIGHT)
    glide = Glide(
        range_in_source=TimeRange(Fraction(0), Fraction(5, 2)),
        origin=Fraction(0),
        step=Fraction(5, 4),
        lefts=(1200, 2000, 4400, 5200, 5200),
        tops=(0,),
    )
    path = CropPath(raster_in_source=FRAME, width=width, height=height, glides=(glide,))
    following = replace(piece(shaken, media, frames=60), framing="follow", path=path)
    held = steadied([following], steady, path, SPEC.rate, UPRIGHT)
    way = ways(drawn(tmp_path / "after", held))
    before = ways(drawn(tmp_path / "before", [following]))
    assert unrest(way) < 0.15 * unrest(before)
    assert way[-1, 0] - way[0, 0] < -75, "the window went to the right"


def test_a_camera_on_a_stand_is_left_alone(tmp_path: Path) -> None:
    shaken = film(tmp_path / "stand.mp4", [np.zeros((30, 2))])
    media, steady = watched(shaken)
    plain = piece(shaken, media, frames=20)
    assert not steady.is_needed
    assert steadied([plain], steady, None, SPEC.rate, UPRIGHT) == (plain,)


def test_a_cut_that_only_colours_tell_is_no_shake(tmp_path: Path) -> None:
    """The same wall, a little to the side and in other colours: seen in grey, the camera has jumped."""
    jump = np.zeros((40, 2))
    jump[20:] = 16, 4
    colours = "cb='128+60*if(lt(N,20),sin(X/20),cos(Y/13))':cr='128+60*if(lt(N,20),cos(Y/9),sin(X/15))'"
    shaken = film(tmp_path / "cut.mp4", [jump], filters=f"format=yuv420p,geq=lum='lum(X,Y)':{colours}")
    _, steady = watched(shaken)
    assert not steady.is_needed
    grey = film(tmp_path / "grey.mp4", [jump])
    assert watched(grey)[1].is_needed, "else this test proves nothing"
