"""A chunk of cards and film through the real ffmpeg: which frame shows what, and in exactly which colours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from reels.encode import PictureSpec
from reels.geometry import Box, Raster
from reels.graph.picture import OverlayOnPicture, PictureSource, StillPiece, VideoPiece, build_chunk
from reels.tools.ffmpeg import run_ffmpeg

RATE = Fraction(30000, 1001)
RASTER = Raster(360, 640)
SPEC = PictureSpec(rate=RATE, raster=RASTER, crf=12)
GREY = 126
FILM_FRAMES = 20

Rgb = tuple[int, int, int]
BLOCKS: tuple[Rgb, ...] = (
    (200, 16, 46),
    (20, 86, 184),
    (255, 184, 28),
    (11, 37, 69),
    (255, 255, 255),
    (0, 0, 0),
    (40, 160, 60),
    (150, 60, 170),
)
"""From top to foot, 80 rows each: the colours of brands, and the ends of the scale."""
OTHER: Rgb = (90, 120, 150)
WITHIN = 2


def limited(colour: Rgb) -> npt.NDArray[np.float64]:
    """Y, Cb, Cr of a colour in BT.709 at limited range. Source: ITU-R BT.709-6, items 3.2 to 3.5."""
    red, green, blue = (part / 255 for part in colour)
    luma = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return np.array([16 + 219 * luma, 128 + 224 * (blue - luma) / 1.8556, 128 + 224 * (red - luma) / 1.5748])


def numbered(frame: int) -> Rgb:
    """The colour of frame `frame` of the clip: no two are less than eight levels apart."""
    return 8 * frame, 255 - 8 * frame, 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """The decoded planes of each frame of a chunk."""

    frames: tuple[tuple[npt.NDArray[np.uint8], ...], ...]
    times: tuple[Fraction, ...]
    keyframes: int

    def colour(self, frame: int, box: Box) -> npt.NDArray[np.float64]:
        """The mean Y, Cb, Cr in the middle of `box`, away from its edges."""
        luma, *chroma = self.frames[frame]
        rows, columns = slice(box.top + 8, box.bottom - 8), slice(box.left + 8, box.right - 8)
        half = (
            slice((box.top + 8) // 2, (box.bottom - 8) // 2),
            slice((box.left + 8) // 2, (box.right - 8) // 2),
        )
        return np.array([luma[rows, columns].mean(), *(plane[half].mean() for plane in chroma)])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Grounds, marks, a veil, a clip of numbered frames with alpha, and a grey film.

    `clip.mov`: 24 frames of 60x60, frame n in the colour `numbered(n)` but for a transparent border of 8 pixels.
    """
    made = tmp_path_factory.mktemp("cards")
    pixels = np.repeat(np.array(BLOCKS, np.uint8), RASTER.height // len(BLOCKS), axis=0)
    Image.fromarray(np.repeat(pixels[:, None, :], RASTER.width, axis=1)).save(made / "ground.png")
    Image.new("RGB", (RASTER.width, RASTER.height), OTHER).save(made / "other.png")
    Image.new("RGBA", (40, 40), (*BLOCKS[0], 255)).save(made / "mark.png")
    Image.new("RGBA", (RASTER.width, RASTER.height), (0, 0, 0, 128)).save(made / "veil.png")
    with av.open(str(made / "clip.mov"), "w") as container:
        stream = container.add_stream("qtrle", rate=RATE)
        stream.width = stream.height = 60
        stream.pix_fmt = "argb"
        stream.codec_context.time_base = 1 / RATE
        for number in range(24):
            picture = np.zeros((60, 60, 4), np.uint8)
            picture[8:52, 8:52] = (255, *numbered(number))
            frame = av.VideoFrame.from_ndarray(picture, format="argb")
            frame.pts, frame.time_base = number, 1 / RATE
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    grey = f"color=c=gray:s={RASTER.width}x{RASTER.height}:r=30000/1001:d=3,lutyuv=y={GREY}:u=128:v=128"
    run_ffmpeg(
        [
            "-f",
            "lavfi",
            "-i",
            grey,
            "-pix_fmt",
            "yuv420p",
            "-c:v",
            "libx264",
            "-qp",
            "4",
            str(made / "grey.mp4"),
        ],
        doing="filming grey",
    )
    return made


def film(folder: Path, frames: int = FILM_FRAMES) -> VideoPiece:
    source = PictureSource(
        path=folder / "grey.mp4",
        stored=RASTER,
        sar=Fraction(1),
        interlaced=False,
        transfer="sdr",
        video_stream=0,
        container_start=Fraction(0),
        matrix="bt709",
    )
    return VideoPiece(source=source, start=Fraction(1), frames=frames, framing="centre")


def encoded(
    folder: Path,
    out: Path,
    pieces: Sequence[VideoPiece | StillPiece],
    overlays: Sequence[OverlayOnPicture] = (),
) -> Seen:
    out.mkdir(exist_ok=True)
    command = build_chunk(pieces, overlays, SPEC, subtitles=None, fonts="fonts", output="chunk.mp4")
    for name, text in command.files:
        (out / name).write_text(text, encoding="ascii")
    run_ffmpeg(command.arguments, doing="encoding a chunk", cwd=out, graph=command.graph)
    frames, times, keys = [], [], 0
    with av.open(str(out / "chunk.mp4")) as container:
        stream = container.streams.video[0]
        assert stream.time_base is not None
        for frame in container.decode(stream):
            assert frame.pts is not None
            assert frame.format.name == "yuv420p"
            assert (frame.width, frame.height) == (RASTER.width, RASTER.height)
            frames.append(tuple(_planes(frame)))
            times.append(frame.pts * stream.time_base)
            keys += frame.key_frame
    return Seen(frames=tuple(frames), times=tuple(times), keyframes=keys)


def _planes(frame: av.VideoFrame) -> list[npt.NDArray[np.uint8]]:
    return [
        np.frombuffer(bytes(plane), np.uint8).reshape(plane.height, plane.line_size)[:, : plane.width]
        for plane in frame.planes
    ]


def block(number: int) -> Box:
    return Box(100, 80 * number, 260, 80 * number + 80)


def assert_colour(seen: Seen, frame: int, box: Box, colour: Rgb, within: float = WITHIN) -> None:
    found, wanted = seen.colour(frame, box), limited(colour)
    assert np.abs(found - wanted).max() <= within, (frame, colour, found.round(1), wanted.round(1))


# --- the ground ------------------------------------------------------------------------------------------


def test_a_ground_is_shown_for_exactly_its_frames_in_the_colours_that_were_drawn(
    folder: Path, tmp_path: Path
) -> None:
    seen = encoded(folder, tmp_path, [StillPiece(path=folder / "ground.png", frames=17)])
    assert len(seen.frames) == 17
    assert seen.times == tuple(n / RATE for n in range(17))
    assert seen.keyframes == 1
    for frame in (0, 8, 16):
        for number, colour in enumerate(BLOCKS):
            assert_colour(seen, frame, block(number), colour)


def test_card_film_and_card_follow_each_other_without_a_frame_too_many(folder: Path, tmp_path: Path) -> None:
    pieces: list[VideoPiece | StillPiece] = [
        StillPiece(path=folder / "ground.png", frames=25),
        film(folder),
        StillPiece(path=folder / "other.png", frames=13),
    ]
    seen = encoded(folder, tmp_path, pieces)
    assert len(seen.frames) == 25 + FILM_FRAMES + 13
    assert seen.times == tuple(n / RATE for n in range(58))
    middle = Box(100, 480, 260, 560)  # the seventh block of the ground
    for frame in range(58):
        if frame < 25:
            assert_colour(seen, frame, middle, BLOCKS[6])
        elif frame < 45:
            assert np.abs(seen.colour(frame, middle) - (GREY, 128, 128)).max() <= WITHIN
        else:
            assert_colour(seen, frame, middle, OTHER)


def test_one_frame_of_a_card_is_one_frame(folder: Path, tmp_path: Path) -> None:
    pieces: list[VideoPiece | StillPiece] = [
        film(folder, 1),
        StillPiece(path=folder / "other.png", frames=1),
        film(folder, 1),
    ]
    seen = encoded(folder, tmp_path, pieces)
    assert len(seen.frames) == 3
    assert_colour(seen, 1, Box(100, 200, 260, 400), OTHER)
    assert abs(seen.colour(0, block(3))[0] - GREY) <= WITHIN
    assert abs(seen.colour(2, block(3))[0] - GREY) <= WITHIN


def test_the_same_ground_twice_in_a_chunk_is_read_twice_and_shown_twice(folder: Path, tmp_path: Path) -> None:
    ground = folder / "ground.png"
    pieces: list[VideoPiece | StillPiece] = [
        StillPiece(path=ground, frames=5),
        film(folder, 4),
        StillPiece(path=ground, frames=6),
    ]
    seen = encoded(folder, tmp_path, pieces)
    assert len(seen.frames) == 15
    for frame in (0, 4, 9, 14):
        assert_colour(seen, frame, block(1), BLOCKS[1])
    assert abs(seen.colour(6, block(1))[0] - GREY) <= WITHIN


# --- what stands on it -----------------------------------------------------------------------------------

PLACE = Box(200, 300, 260, 360)
MARK = Box(20, 20, 60, 60)


def clip(folder: Path, first: int, frames: int = 24) -> OverlayOnPicture:
    return OverlayOnPicture(
        path=folder / "clip.mov", left=PLACE.left, top=PLACE.top, first_frame=first, frames=frames
    )


def mark(folder: Path, first: int = 0, frames: int | None = None) -> OverlayOnPicture:
    return OverlayOnPicture(
        path=folder / "mark.png", left=MARK.left, top=MARK.top, first_frame=first, frames=frames, still=True
    )


def both(folder: Path) -> list[VideoPiece | StillPiece]:
    return [StillPiece(path=folder / "other.png", frames=30), film(folder)]


def ground_at(frame: int) -> npt.NDArray[np.float64]:
    return limited(OTHER) if frame < 30 else np.array([GREY, 128, 128])


@pytest.mark.parametrize("first", [0, 7, 26, -9, 40])
def test_a_clip_shows_its_own_frames_in_their_order_from_its_first_on(
    folder: Path, tmp_path: Path, first: int
) -> None:
    seen = encoded(folder, tmp_path, both(folder), [clip(folder, first)])
    assert len(seen.frames) == 50
    inner = Box(PLACE.left + 8, PLACE.top + 8, PLACE.right - 8, PLACE.bottom - 8)
    for frame in range(50):
        number = frame - first
        if 0 <= number < 24:
            assert_colour(seen, frame, inner, numbered(number), within=4)
        else:
            assert np.abs(seen.colour(frame, inner) - ground_at(frame)).max() <= WITHIN, frame


def test_a_clip_is_over_after_the_frames_that_it_is_given(folder: Path, tmp_path: Path) -> None:
    seen = encoded(folder, tmp_path, both(folder), [clip(folder, 5, frames=10)])
    inner = Box(PLACE.left + 8, PLACE.top + 8, PLACE.right - 8, PLACE.bottom - 8)
    assert_colour(seen, 14, inner, numbered(9), within=4)
    for frame in (4, 15, 20):
        assert np.abs(seen.colour(frame, inner) - ground_at(frame)).max() <= WITHIN


@pytest.mark.parametrize(
    ("first", "frames", "shown"),
    [
        (0, None, range(50)),
        (10, 23, range(10, 33)),
        (0, 30, range(30)),
        (29, 1, range(29, 30)),
        (30, 20, range(30, 50)),
        (-5, 12, range(7)),
        (45, 99, range(45, 50)),
    ],
)
def test_a_still_stands_exactly_in_its_frames(
    folder: Path, tmp_path: Path, first: int, frames: int | None, shown: range
) -> None:
    seen = encoded(folder, tmp_path, both(folder), [mark(folder, first, frames)])
    assert len(seen.frames) == 50
    visible = [
        frame
        for frame in range(50)
        if np.abs(seen.colour(frame, MARK) - limited(BLOCKS[0])).max() <= WITHIN + 1
    ]
    assert visible == list(shown)
    for frame in set(range(50)) - set(shown):
        assert np.abs(seen.colour(frame, MARK) - ground_at(frame)).max() <= WITHIN


def test_veil_mark_and_clip_lie_over_each_other_from_back_to_front(folder: Path, tmp_path: Path) -> None:
    veil = OverlayOnPicture(path=folder / "veil.png", left=0, top=0, first_frame=30, frames=20, still=True)
    seen = encoded(folder, tmp_path, both(folder), [veil, mark(folder), clip(folder, 28)])
    inner = Box(PLACE.left + 8, PLACE.top + 8, PLACE.right - 8, PLACE.bottom - 8)
    plain = Box(100, 500, 260, 600)
    assert np.abs(seen.colour(29, plain) - limited(OTHER)).max() <= WITHIN
    veiled = seen.colour(30, plain)
    assert abs(veiled[0] - (16 + (GREY - 16) * 127 / 255)) <= 3, "half of it is black"
    for frame in (29, 30, 49):
        assert_colour(seen, frame, MARK, BLOCKS[0], within=WITHIN + 1)
    assert_colour(seen, 40, inner, numbered(12), within=4)


def test_nothing_is_drawn_outside_of_the_boxes_of_what_is_shown(folder: Path, tmp_path: Path) -> None:
    seen = encoded(folder, tmp_path, both(folder), [mark(folder, 3, 20), clip(folder, 6)])
    for frame in range(30):
        luma = seen.frames[frame][0].astype(int)
        luma[MARK.top - 8 : MARK.bottom + 8, MARK.left - 8 : MARK.right + 8] = 0
        luma[PLACE.top : PLACE.bottom, PLACE.left : PLACE.right] = 0
        rest = luma[luma > 0]
        assert np.abs(rest - limited(OTHER)[0]).max() <= 4


def test_what_a_clip_leaves_transparent_shows_the_ground_without_a_dark_edge(
    folder: Path, tmp_path: Path
) -> None:
    seen = encoded(folder, tmp_path, [StillPiece(path=folder / "other.png", frames=24)], [clip(folder, 0)])
    for frame in (2, 20):
        luma = seen.frames[frame][0].astype(float)
        border = luma[PLACE.top : PLACE.top + 5, PLACE.left : PLACE.right]
        assert np.abs(border - limited(OTHER)[0]).max() <= 6


def test_a_chunk_of_cards_is_the_same_bytes_twice(folder: Path, tmp_path: Path) -> None:
    made = []
    for name in ("one", "two"):
        encoded(folder, tmp_path / name, both(folder), [mark(folder, 3, 20), clip(folder, 6)])
        made.append((tmp_path / name / "chunk.mp4").read_bytes())
    assert made[0] == made[1]
