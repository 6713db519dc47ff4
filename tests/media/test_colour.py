"""Colours of the picture, judged on decoded chunks: patches of known colour in, CIE ΔE2000 from what is right out.

Footage has exact code values and goes through probe, planner's view, graph and encoder as in a reel. What is right is
computed in `true_colours` from the standards, for HLG and PQ too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import cast

import av
import numpy as np
import pytest
from av.sidedata.sidedata import SideData

from reels.encode import PictureSpec
from reels.geometry import Raster
from reels.graph.picture import VideoPiece, build_chunk
from reels.luts import Lut, read_cube
from reels.plan.sources import picture_source
from reels.probe import probe
from reels.tools.ffmpeg import run_ffmpeg
from tests.media import true_colours
from tests.media.true_colours import COLUMNS, PATCH, ROWS, apart, film, patches, standard, toned

SPEC = PictureSpec(rate=Fraction(25), raster=Raster(COLUMNS * PATCH, ROWS * PATCH), crf=4, preset="ultrafast")

WORST, MEAN = 2.0, 0.5
"""ΔE2000. A person just sees 2.3 side by side; a code value in eight bits is up to 1.3 in dark colours."""


def told_with(frame: av.VideoFrame) -> set[str]:
    """The names of what a decoder hands out beside the picture."""
    return {data.type.name for data in cast("Iterable[SideData]", frame.side_data)}


def rendered(path: Path, lut: Lut | None = None) -> true_colours.Colours:
    """The colours of the patches in the encoded and decoded chunk; its tags are looked at on the way."""
    source = picture_source(path, probe(path), lut=lut)
    piece = VideoPiece(source=source, start=Fraction(0), frames=3, framing="centre")
    command = build_chunk([piece], [], SPEC, subtitles=None, fonts="fonts", output="chunk.mp4")
    folder = path.parent / f"{path.stem} rendered"
    folder.mkdir()
    for name, text in command.files:
        (folder / name).write_text(text, encoding="ascii")
    if lut is not None:
        (folder / lut.neutral_name).write_text(read_cube(lut.path).text, encoding="ascii")
    run_ffmpeg(command.arguments, doing="encoding", cwd=folder, graph=command.graph)
    with av.open(str(folder / "chunk.mp4")) as container:
        frame = next(container.decode(video=0))
        assert frame.format.name == "yuv420p"
        tags = (frame.color_primaries, frame.color_trc, frame.colorspace, frame.color_range)
        assert tuple(int(tag) for tag in tags) == (1, 1, 1, 1), "bt709 bt709 bt709 tv"
        told = told_with(frame)
        assert told <= {"SEI_UNREGISTERED"}, "nothing but what x264 says of itself"
        planes = [
            np.frombuffer(bytes(plane), np.uint8).reshape(plane.height, plane.line_size)[:, : plane.width]
            for plane in frame.planes
        ]
    held = (folder / "chunk.mp4").read_bytes()
    assert not [box for box in (b"mdcv", b"clli", b"dvcC", b"dvvC", b"amve") if box in held]
    return true_colours.shown(*planes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """How a standard picture is stored; `tagged` are primaries, transfer and matrix, empty for none."""

    pixel_format: str = "yuv420p"
    matrix: str = "bt709"
    full: bool = False
    tagged: tuple[str, str, str] | None = ("bt709", "bt709", "bt709")
    primaries: str = "bt709"


P3 = ("smpte432", "bt709", "bt709")
WIDE = ("bt2020", "bt2020-10", "bt2020nc")

PLAIN = {
    "bt709": Kind(),
    "bt709 without tags is taken for SD at this size": Kind(matrix="bt470bg", tagged=None),
    "bt601 625 lines": Kind(matrix="bt470bg", tagged=("bt709", "bt709", "bt470bg")),
    "bt601 525 lines": Kind(matrix="smpte170m", tagged=("bt709", "smpte170m", "smpte170m")),
    "smpte 240m matrix": Kind(matrix="smpte240m", tagged=("bt709", "bt709", "smpte240m")),
    "bt2020 matrix": Kind(matrix="bt2020nc", tagged=("bt709", "bt709", "bt2020nc")),
    "full range": Kind(full=True),
    "full range of a phone, bt601": Kind(
        pixel_format="yuvj420p", matrix="bt470bg", full=True, tagged=("bt709", "bt709", "bt470bg")
    ),
    "4:2:2 in 10 bits": Kind(pixel_format="yuv422p10le"),
    "4:4:4": Kind(pixel_format="yuv444p"),
    "4:4:4 in 10 bits of full range": Kind(pixel_format="yuv444p10le", full=True),
    "rgb": Kind(pixel_format="gbrp", tagged=("bt709", "bt709", "gbr")),
    "rgb in 10 bits": Kind(pixel_format="gbrp10le", tagged=("bt709", "bt709", "gbr")),
}
CONVERTED = {
    "display p3": Kind(primaries="smpte432", tagged=P3),
    "display p3 in 10 bits 4:4:4": Kind(pixel_format="yuv444p10le", primaries="smpte432", tagged=P3),
    "display p3 of full range, bt601": Kind(
        pixel_format="yuvj420p",
        full=True,
        matrix="smpte170m",
        primaries="smpte432",
        tagged=("smpte432", "iec61966-2-1", "smpte170m"),
    ),
    "display p3 rgb": Kind(pixel_format="gbrp", primaries="smpte432", tagged=("smpte432", "bt709", "gbr")),
    "bt2020 standard range": Kind(
        pixel_format="yuv420p10le", matrix="bt2020nc", primaries="bt2020", tagged=WIDE
    ),
    "bt2020 standard range 4:2:2": Kind(
        pixel_format="yuv422p10le", matrix="bt2020nc", primaries="bt2020", tagged=WIDE
    ),
    "bt601 525 lines with their primaries": Kind(
        matrix="smpte170m", primaries="smpte170m", tagged=("smpte170m", "smpte170m", "smpte170m")
    ),
}


@pytest.mark.parametrize("name", [*PLAIN, *CONVERTED])
def test_standard_range_keeps_its_colours(tmp_path: Path, name: str) -> None:
    kind = (PLAIN | CONVERTED)[name]
    path = film(
        tmp_path / "film.mkv",
        patches(),
        pixel_format=kind.pixel_format,
        matrix=kind.matrix,
        full=kind.full,
        tags=kind.tagged,
    )
    away = apart(rendered(path), standard(patches(), kind.primaries))
    assert away.max() < WORST, f"{name}: patch {int(away.argmax())} is {away.max():.2f} away"
    assert away.mean() < MEAN


def test_a_picture_of_odd_size_can_be_shown_whole_whatever_its_colours_need(tmp_path: Path) -> None:
    """A web film of 321 x 181 without tags: BT.601 at this size, of which zscale takes no half colour sample."""
    path = tmp_path / "odd.mkv"
    made = (
        "-f",
        "lavfi",
        "-i",
        "color=c=0x28A05A:s=321x181:r=25:d=0.2",
        "-pix_fmt",
        "yuv420p",
        "-c:v",
        "ffv1",
    )
    run_ffmpeg([*made, str(path)], doing="making an odd film")
    source = picture_source(path, probe(path))
    assert not source.colours.is_plain
    piece = VideoPiece(source=source, start=Fraction(0), frames=2, framing="fit")
    spec = PictureSpec(rate=Fraction(25), raster=Raster(180, 320), crf=4, preset="ultrafast")
    command = build_chunk([piece], [], spec, subtitles=None, fonts="fonts", output="odd.mp4")
    run_ffmpeg(command.arguments, doing="encoding", cwd=tmp_path, graph=command.graph)
    with av.open(str(tmp_path / "odd.mp4")) as container:
        middle = next(container.decode(video=0)).to_ndarray()[160, 90]
    red, green, blue = (part / 255 for part in (0x28, 0xA0, 0x5A))
    kr, kb = true_colours.LUMA["bt709"]
    assert middle == pytest.approx(16 + 219 * (kr * red + (1 - kr - kb) * green + kb * blue), abs=2)


@pytest.mark.parametrize("pixel_format", ["yuv420p10le", "yuv422p10le"])
@pytest.mark.parametrize("transfer", ["hlg", "pq"])
@pytest.mark.parametrize("white", [203.0, 600.0])
def test_high_range_is_toned_as_documented(
    tmp_path: Path, transfer: str, pixel_format: str, white: float
) -> None:
    """The patches as they look at a reference white of 203 cd/m², and three times as bright."""
    signals = np.clip(true_colours.signal_of(patches(), transfer, white), 0, 1)
    path = hdr_film(tmp_path / "film.mkv", signals, transfer, pixel_format)
    away = apart(rendered(path), toned(signals, transfer))
    assert away.max() < WORST, f"patch {int(away.argmax())} is {away.max():.2f} away"
    assert away.mean() < MEAN


def hdr_film(path: Path, signals: true_colours.Colours, transfer: str, pixel_format: str) -> Path:
    trc = {"hlg": "arib-std-b67", "pq": "smpte2084"}[transfer]
    return film(
        path,
        signals,
        pixel_format=pixel_format,
        matrix="bt2020nc",
        tags=("bt2020", trc, "bt2020nc"),
    )


def test_what_is_told_of_high_range_is_not_told_of_the_result(tmp_path: Path) -> None:
    """Mastering display and light level, as every phone that films in PQ writes them."""
    signals = true_colours.signal_of(patches(), "pq")
    told = (
        "master-display=G(13250,34500)B(7500,3000)R(34000,16000)WP(15635,16450)L(10000000,1):max-cll=1000,400"
    )
    codec = ("-c:v", "libx265", "-preset", "ultrafast", "-qp", "2", "-x265-params", f"log-level=error:{told}")
    path = film(
        tmp_path / "film.mov",
        signals,
        pixel_format="yuv420p10le",
        matrix="bt2020nc",
        tags=("bt2020", "smpte2084", "bt2020nc"),
        codec=codec,
    )
    with av.open(str(path)) as container:
        frame = next(container.decode(video=0))
        told_of_source = told_with(frame)
    assert {"MASTERING_DISPLAY_METADATA", "CONTENT_LIGHT_LEVEL"} <= told_of_source
    assert apart(rendered(path), toned(signals, "pq")).max() < WORST


# --- looks -----------------------------------------------------------------------------------------------


def warm(colours: true_colours.Colours) -> true_colours.Colours:
    """A strong look: channels mixed, bent differently, blacks lifted."""
    mixed = colours @ np.array([[0.9, 0.1, 0.0], [0.05, 0.9, 0.05], [0.1, 0.0, 0.8]]).T
    return np.asarray(0.04 + 0.92 * mixed ** np.array([0.85, 1.0, 1.25]))


def faded(colours: true_colours.Colours) -> true_colours.Colours:
    """Each channel by itself, as a table of one dimension can."""
    return np.asarray(0.1 + 0.8 * colours ** np.array([0.8, 1.0, 1.3]))


def cube(path: Path, look: Callable[[true_colours.Colours], true_colours.Colours], *, side: int) -> Lut:
    axis = np.linspace(0, 1, side)
    blue, green, red = np.meshgrid(axis, axis, axis, indexing="ij")
    points = np.stack([red.ravel(), green.ravel(), blue.ravel()], axis=1)
    rows = "".join(f"{r:.6f} {g:.6f} {b:.6f}\n" for r, g, b in look(points).tolist())
    path.write_text(f'TITLE "look"\nLUT_3D_SIZE {side}\n{rows}', encoding="utf-8")
    return Lut(path=path)


def line(path: Path, look: Callable[[true_colours.Colours], true_colours.Colours], *, side: int) -> Lut:
    points = np.repeat(np.linspace(0, 1, side)[:, None], 3, axis=1)
    rows = "".join(f"{r:.6f} {g:.6f} {b:.6f}\n" for r, g, b in look(points).tolist())
    path.write_text(f"LUT_1D_SIZE {side}\n{rows}", encoding="utf-8")
    return Lut(path=path, dimensions=1)


def tetrahedral(
    table: Callable[[true_colours.Colours], true_colours.Colours], side: int, colours: true_colours.Colours
) -> true_colours.Colours:
    """`colours` through a table of `side` points of `table`, interpolated within tetrahedra."""
    done = []
    for place in (colours * (side - 1)).tolist():
        corner = np.minimum(np.floor(place), side - 2)
        part = np.array(place) - corner
        steps, weights = [corner], [1 - part.max()]
        order = sorted(range(3), key=lambda channel: -part[channel])
        for n, channel in enumerate(order):
            corner = corner + np.eye(3)[channel]
            steps.append(corner)
            weights.append(part[channel] - (part[order[n + 1]] if n < 2 else 0.0))
        done.append(np.array(weights) @ table(np.array(steps) / (side - 1)))
    return np.array(done)


@pytest.mark.parametrize("side", [2, 5, 33])
def test_a_look_is_applied_to_standard_colours_as_its_table_says(tmp_path: Path, side: int) -> None:
    kind = PLAIN["bt709"]
    path = film(
        tmp_path / "film.mkv",
        patches(),
        pixel_format=kind.pixel_format,
        matrix=kind.matrix,
        tags=kind.tagged,
    )
    away = apart(
        rendered(path, cube(tmp_path / "여름 [0:v];.cube", warm, side=side)),
        tetrahedral(warm, side, patches()),
    )
    assert away.max() < WORST
    assert away.mean() < MEAN
    assert apart(tetrahedral(warm, side, patches()), patches()).mean() > 5, "the look is not to be overseen"


def test_a_look_of_one_dimension_is_applied_to_each_channel(tmp_path: Path) -> None:
    path = film(
        tmp_path / "film.mkv",
        patches(),
        pixel_format="yuv420p",
        matrix="smpte170m",
        tags=("bt709", "bt709", "smpte170m"),
    )
    away = apart(rendered(path, line(tmp_path / "faded.cube", faded, side=256)), faded(patches()))
    assert away.max() < WORST
    assert away.mean() < MEAN


def test_a_look_sees_high_range_after_it_has_become_standard(tmp_path: Path) -> None:
    signals = true_colours.signal_of(patches(), "hlg")
    path = hdr_film(tmp_path / "film.mkv", signals, "hlg", "yuv420p10le")
    away = apart(
        rendered(path, cube(tmp_path / "warm.cube", warm, side=33)),
        tetrahedral(warm, 33, toned(signals, "hlg")),
    )
    assert away.max() < WORST
    assert away.mean() < MEAN
