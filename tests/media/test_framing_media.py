"""Framing on made footage with known faces, and the moving crop measured on rendered frames."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import ffmpeg
import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image, ImageEnhance

from reels.errors import FootageDamaged
from reels.framing import (
    SUBPIXELS,
    CropPath,
    Face,
    Framing,
    Glide,
    Sighting,
    follow,
    largest_window,
    load_centerface,
    look,
    looking,
    whole_in_window,
)
from reels.framing.looking import small_raster
from reels.geometry import Raster
from reels.graph.command import compile_graph
from reels.graph.crop import crop_moving, plan_crop
from reels.probe import probe
from reels.timing import TimeRange
from reels.tools.ffmpeg import read_ffmpeg, run_ffmpeg
from tests.media.framed_scenes import FACE_IN_PORTRAIT, Head, MadeShot, Scene, film, portrait, street_of

UPRIGHT = Fraction(9, 16)
WIDE = Raster(1920, 1080)

SCENES = {
    "a walk": Scene(
        shots=(
            MadeShot(
                seconds=5, heads=(Head(face_height=0.2, x="0.5-0.35*cos(2*PI*t/8)", y="0.4+0.01*sin(6*t)"),)
            ),
        )
    ),
    "a cut in the middle": Scene(
        shots=(
            MadeShot(seconds=2, heads=(Head(face_height=0.25, x="0.2"),)),
            MadeShot(seconds=2, street=2, heads=(Head(face_height=0.2, x="0.8+0.02*sin(t)", mirrored=True),)),
        )
    ),
    "two together": Scene(
        shots=(
            MadeShot(
                seconds=3,
                heads=(
                    Head(face_height=0.14, x="0.55+0.01*sin(t)"),
                    Head(face_height=0.14, x="0.68", mirrored=True),
                ),
            ),
        )
    ),
    "two far apart": Scene(
        shots=(
            MadeShot(
                seconds=3,
                heads=(Head(face_height=0.24, x="0.2"), Head(face_height=0.17, x="0.8", mirrored=True)),
            ),
        )
    ),
    "somebody leaves": Scene(shots=(MadeShot(seconds=5, heads=(Head(face_height=0.2, x="0.7", end=2.0),)),)),
    "a face for two frames": Scene(
        shots=(
            MadeShot(
                seconds=4,
                heads=(Head(face_height=0.2, x="0.25"), Head(face_height=0.3, x="0.8", start=2.0, end=2.08)),
            ),
        )
    ),
    "an empty street": Scene(shots=(MadeShot(seconds=2, pan=200),)),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Filmed:
    """A scene on disk and what was made of it."""

    scene: Scene
    path: Path
    sighting: Sighting
    framing: Framing


@pytest.fixture(scope="module")
def filmed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Filmed]:
    """All scenes, filmed as `framed_scenes` says, looked at and followed once."""
    folder = tmp_path_factory.mktemp("scenes")
    detector = load_centerface()
    made = {}
    for number, (name, scene) in enumerate(SCENES.items()):
        path = film(scene, folder / f"scene-{number}.mp4")
        media = probe(path)
        assert (media.video.frame_count, media.video.display) == (scene.frames, scene.raster)
        sighting = look(path, media, TimeRange(Fraction(0), media.duration), detector)
        made[name] = Filmed(scene=scene, path=path, sighting=sighting, framing=follow(sighting, UPRIGHT))
    return made


def followed_faces(one: Filmed, frame: int) -> tuple[Face, ...]:
    """The true faces that the scene is about: the larger of two that do not fit, both of two that do."""
    faces = one.scene.faces_at(frame)
    if one.scene is SCENES["two together"]:
        return faces
    steady = [face for face in faces if face.height < 0.28 * SUBPIXELS * one.scene.raster.height]
    return (max(steady, key=lambda face: face.height),) if steady else ()


@pytest.mark.parametrize("name", SCENES)
def test_the_whole_face_is_inside_in_99_of_100_frames(filmed: dict[str, Filmed], name: str) -> None:
    one = filmed[name]
    window = (one.framing.path.width, one.framing.path.height)
    judged = inside = 0
    for frame in range(one.scene.frames):
        if faces := followed_faces(one, frame):
            judged += 1
            place = one.framing.path.place(Fraction(frame, one.scene.rate))
            inside += all(whole_in_window(face, place, window) for face in faces)
    assert inside >= 0.99 * judged
    assert (judged == 0) == (name == "an empty street")


@pytest.mark.parametrize("name", SCENES)
def test_cuts_are_exact_and_the_window_jumps_only_there(filmed: dict[str, Filmed], name: str) -> None:
    one = filmed[name]
    assert one.sighting.cuts == one.scene.cuts
    path, rate = one.framing.path, one.scene.rate
    lefts = [path.place(Fraction(frame, rate))[0] / path.width for frame in range(one.scene.frames)]
    jumps = [n + 1 for n, (a, b) in enumerate(pairwise(lefts)) if abs(b - a) > 0.9 / rate + 0.01]
    assert jumps == [int(cut * rate) for cut in one.scene.cuts]


def jerk(lefts: list[float]) -> float:
    """Mean third difference from frame to frame, in source pixels."""
    return float(np.abs(np.diff(np.array(lefts) / SUBPIXELS, 3)).mean())


@pytest.mark.parametrize("name", ["a walk", "two together"])
def test_the_path_has_hardly_any_jerk_beside_a_window_on_each_face_as_it_is_found(
    filmed: dict[str, Filmed], name: str
) -> None:
    one = filmed[name]
    frames = [Fraction(frame, one.scene.rate) for frame in range(one.scene.frames)]
    found = [(seen.at, max(face.left for face in seen.faces)) for seen in one.sighting.seen if seen.faces]
    face_by_face = [float([left for when, left in found if when <= at][-1]) for at in frames]
    path = jerk([one.framing.path.place(at)[0] for at in frames])
    assert path < 0.12
    assert path < 0.05 * jerk(face_by_face)


def test_who_is_followed_is_told(filmed: dict[str, Filmed]) -> None:
    told = {name: [(shot.manner, shot.people) for shot in one.framing.shots] for name, one in filmed.items()}
    assert told == {
        "a walk": [("follow", 1)],
        "a cut in the middle": [("follow", 1), ("follow", 1)],
        "two together": [("follow", 2)],
        "two far apart": [("follow", 1)],
        "somebody leaves": [("follow", 1)],
        "a face for two frames": [("follow", 1)],
        "an empty street": [("fit", 0)],
    }


def test_looking_twice_gives_the_same_sixteenths(filmed: dict[str, Filmed]) -> None:
    one = filmed["a cut in the middle"]
    media = probe(one.path)
    again = look(one.path, media, TimeRange(Fraction(0), media.duration), load_centerface())
    assert again == one.sighting


def test_what_is_seen_at_a_moment_does_not_depend_on_the_range(filmed: dict[str, Filmed]) -> None:
    one = filmed["a cut in the middle"]
    part = look(one.path, probe(one.path), TimeRange(Fraction(13, 10), Fraction(31, 10)), load_centerface())
    assert part.seen == tuple(seen for seen in one.sighting.seen if seen.at in part.range_in_source)
    assert part.cuts == one.sighting.cuts


def test_reading_in_shorter_stretches_sees_the_same(
    filmed: dict[str, Filmed], monkeypatch: pytest.MonkeyPatch
) -> None:
    one = filmed["a cut in the middle"]
    media = probe(one.path)
    monkeypatch.setattr(looking, "_STRETCH", Fraction(1))
    parts = look(one.path, media, TimeRange(Fraction(0), media.duration), load_centerface())
    assert (parts.cuts, len(parts.seen)) == (one.sighting.cuts, len(one.sighting.seen))
    assert parts == one.sighting


def test_every_cut_between_streets_without_anybody_is_found_in_encoded_footage(tmp_path: Path) -> None:
    """Five cuts, sky above road in all of them, two of them into a pan."""
    scene = Scene(
        shots=tuple(
            MadeShot(seconds=1, street=street, pan=60 * (number % 2))
            for number, street in enumerate((0, 1, 2, 3, 1, 0))
        )
    )
    path = film(scene, tmp_path / "streets.mp4")
    media = probe(path)
    sighting = look(path, media, TimeRange(Fraction(0), media.duration), load_centerface())
    assert sighting.cuts == scene.cuts


# --- footage as it comes ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> tuple[Scene, Path]:
    """Two seconds of somebody at the left, then two at the right of another street."""
    scene = Scene(
        shots=(
            MadeShot(seconds=1, heads=(Head(face_height=0.3, x="0.25"),)),
            MadeShot(seconds=1, street=3, heads=(Head(face_height=0.3, x="0.75"),)),
        ),
        raster=Raster(640, 360),
    )
    return scene, film(scene, tmp_path_factory.mktemp("standing") / "standing.mp4")


def look_at(path: Path) -> Sighting:
    media = probe(path)
    return look(path, media, TimeRange(Fraction(0), media.duration), load_centerface())


def is_at(face: Face, true: Face, sighting: Sighting, made: Raster) -> bool:
    """Whether the middles lie within a third of a face, both as parts of their pictures."""
    wide, high = sighting.raster_in_source.width / made.width, sighting.raster_in_source.height / made.height
    return (
        abs((face.left + face.right) - (true.left + true.right) * wide) / 2 < true.width * wide / 3
        and abs((face.top + face.bottom) - (true.top + true.bottom) * high) / 2 < true.height * high / 3
    )


def test_a_turned_and_a_stretched_picture_are_seen_as_a_viewer_sees_them(
    standing: tuple[Scene, Path], tmp_path: Path
) -> None:
    scene, path = standing
    true = scene.faces_at(0)[0]
    stored, turned, wide = (tmp_path / name for name in ("stored.mp4", "turned.mp4", "wide.mp4"))
    quick = ("-c:v", "libx264", "-preset", "ultrafast", "-crf", "18")
    run_ffmpeg(["-i", str(path), "-vf", "transpose=cclock", *quick, str(stored)], doing="storing")
    run_ffmpeg(
        ["-display_rotation:v:0", "-90", "-i", str(stored), "-c", "copy", str(turned)], doing="turning"
    )
    run_ffmpeg(["-i", str(path), "-vf", "scale=480:360,setsar=4/3", *quick, str(wide)], doing="squeezing")
    for odd in (turned, wide):
        sighting = look_at(odd)
        assert sighting.raster_in_source == scene.raster
        assert sighting.cuts == (Fraction(1),)
        assert all(len(seen.faces) == 1 for seen in sighting.seen)
        assert is_at(sighting.seen[0].faces[0], true, sighting, scene.raster)


def test_times_are_source_time_where_the_picture_starts_late_and_the_rate_varies(
    standing: tuple[Scene, Path], tmp_path: Path
) -> None:
    _, path = standing
    late = tmp_path / "late.mkv"
    run_ffmpeg(
        [
            *("-f", "lavfi", "-i", "sine=f=300:d=3:r=48000", "-itsoffset", "0.4", "-i", str(path)),
            *("-vf", "select='not(eq(mod(n,5),1))'", "-fps_mode", "vfr", "-map", "0:a", "-map", "1:v"),
            *(
                "-c:v",
                "libx264",
                "-preset",
                "ultrafast",
                "-c:a",
                "pcm_s16le",
                "-output_ts_offset",
                "7",
                str(late),
            ),
        ],
        doing="delaying",
    )
    media = probe(late)
    assert media.video.variable_frame_rate
    assert abs(media.video.first_pts - Fraction(2, 5)) < Fraction(2, 1000)
    sighting = look_at(late)
    assert len(sighting.cuts) == 1
    assert abs(sighting.cuts[0] - Fraction(7, 5)) < Fraction(2, 1000)
    sides = [(seen.at, seen.faces[0].left < 160 * SUBPIXELS) for seen in sighting.seen if seen.faces]
    assert all(left == (at < Fraction(7, 5)) for at, left in sides)
    assert len(sides) >= 5


def test_a_range_without_a_picture_is_damaged_footage(standing: tuple[Scene, Path]) -> None:
    _, path = standing
    with pytest.raises(FootageDamaged):
        look(path, probe(path), TimeRange(Fraction(50), Fraction(51)), load_centerface())


def test_progress_rises_to_the_end(standing: tuple[Scene, Path]) -> None:
    _, path = standing
    told: list[Fraction] = []
    media = probe(path)
    look(path, media, TimeRange(Fraction(0), Fraction(2)), load_centerface(), on_progress=told.append)
    assert told == sorted(told)
    assert told[-1] >= Fraction(5, 6)


# --- the detector ----------------------------------------------------------------------------------------


def on_street(
    height_px: int, street: int, *, middle: tuple[float, float], light: float = 1.0
) -> tuple[Image.Image, Face]:
    """The portrait with a face of `height_px` in a 1080p street, and where its face lies."""
    left, top, right, bottom = FACE_IN_PORTRAIT
    scale = height_px / (bottom - top)
    head = portrait().resize(
        (round(portrait().width * scale), round(portrait().height * scale)), Image.Resampling.BICUBIC
    )
    dimmed = ImageEnhance.Brightness(head.convert("RGB")).enhance(light).convert("RGBA")
    dimmed.putalpha(head.getchannel("A"))
    x = round(middle[0] * 1920 - (left + right) / 2 * scale)
    y = round(middle[1] * 1080 - (top + bottom) / 2 * scale)
    picture = street_of(WIDE, street).copy()
    picture.paste(dimmed, (x, y), dimmed)
    box = [
        round(SUBPIXELS * v)
        for v in (x + left * scale, y + top * scale, x + right * scale, y + bottom * scale)
    ]
    return picture, Face(left=box[0], top=box[1], right=box[2], bottom=box[3], eyes=box[1] + 1, score=1000)


def found_in(picture: Image.Image) -> tuple[Face, ...]:
    small = small_raster(WIDE)
    pixels = np.asarray(picture.convert("RGB").resize((small.width, small.height), Image.Resampling.BILINEAR))
    return load_centerface().find(pixels, shown_as=WIDE)


def overlap(a: Face, b: Face) -> float:
    across = min(a.right, b.right) - max(a.left, b.left)
    down = min(a.bottom, b.bottom) - max(a.top, b.top)
    common = max(0, across) * max(0, down)
    return common / (a.width * a.height + b.width * b.height - common)


@pytest.mark.parametrize("height_px", [110, 150, 220, 340, 520])
def test_a_face_from_a_tenth_to_half_of_the_picture_is_found_where_it_is(height_px: int) -> None:
    for street, middle, light in ((0, (0.3, 0.45), 1.0), (1, (0.7, 0.5), 0.4), (3, (0.5, 0.6), 1.0)):
        picture, true = on_street(height_px, street, middle=middle, light=light)
        (one,) = found_in(picture)
        assert overlap(one, true) > 0.55
        assert true.top < one.eyes < (true.top + true.bottom) / 2


def test_a_street_has_no_faces() -> None:
    for street in range(4):
        assert found_in(street_of(WIDE, street)) == ()


# --- the moving crop, as rendered ------------------------------------------------------------------------

PERIOD = 48.0
"""Source pixels of the waves by whose phase a window's place is read."""


def gliding(raster: Raster, points: tuple[float, ...], step: Fraction) -> CropPath:
    width, height = largest_window(raster, UPRIGHT)
    room = SUBPIXELS * raster.width - width
    lefts = tuple(min(max(round(x * SUBPIXELS), 0), room) for x in points)
    span = TimeRange(Fraction(0), (len(points) - 3) * step)
    glide = Glide(range_in_source=span, origin=Fraction(0), step=step, lefts=lefts, tops=(0,))
    return CropPath(raster_in_source=raster, width=width, height=height, glides=(glide,))


@pytest.fixture(scope="module")
def waves(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Recipe: upright waves of 48 pixels in 1080p at 10 frames/s, 2.1 s. Truth: every frame is the same."""
    folder = tmp_path_factory.mktemp("waves")
    row = np.round(128 + 90 * np.sin(2 * np.pi * np.arange(1920) / PERIOD)).astype(np.uint8)
    Image.fromarray(np.repeat(row[None], 1080, 0)).convert("RGB").save(folder / "waves.png")
    run_ffmpeg(
        [
            *("-loop", "1", "-framerate", "10", "-t", "2.1", "-i", "waves.png", "-vf", "format=yuv420p"),
            *("-c:v", "libx264", "-preset", "ultrafast", "-qp", "1", "waves.mp4"),
        ],
        doing="drawing waves",
        cwd=folder,
    )
    return folder / "waves.mp4"


def rendered(waves: Path, path: CropPath, start: Fraction, frames: int) -> npt.NDArray[np.float64]:
    """One row of each frame, seen through the window at 30 frames/s: three frames of each that is stored."""
    rate = Fraction(30)
    target = Raster(1080, 1920)
    part = path.within(TimeRange(start, start + frames / rate + Fraction(1, 100)))
    crop = plan_crop(
        part,
        stored=path.raster_in_source,
        target=target,
        start=start,
        rate=rate,
        frames=frames,
        tolerance=Fraction(1137, 1_000_000),
    )
    for name, text in crop.command_files("p0").items():
        (waves.parent / name).write_text(text, encoding="ascii")
    stream = (
        ffmpeg.input(waves.name)
        .video.filter("settb", "1/1000000")
        .filter("setpts", f"PTS-({round(start * 1_000_000) + 1137})")
        .filter("fps", fps="30", start_time=0, round="up")
        .filter("tpad", stop=-1, stop_mode="clone")
        .filter("trim", end_frame=frames)
    )
    seen = crop_moving(
        stream,
        crop,
        name="p0",
        scaled=lambda picture, raster: picture.filter("scale", raster.width, raster.height, flags="bicubic"),
    )
    command = compile_graph(
        seen.filter("crop", target.width, 2, 0, 960).filter("format", "gray"),
        output="pipe:1",
        options={"f": "rawvideo"},
    )
    raw = read_ffmpeg(command.arguments, doing="rendering", cwd=waves.parent)
    rows = np.frombuffer(raw, np.uint8).reshape(-1, 2, target.width)[:, 0]
    assert len(rows) == frames
    return rows.astype(np.float64)


def places_of(rows: npt.NDArray[np.float64], path: CropPath) -> npt.NDArray[np.float64]:
    """Where each window begins, in source pixels modulo the waves' period."""
    scale = 1080 * SUBPIXELS / path.width
    turn = 2 * np.pi / (PERIOD * scale)
    wave = np.exp(-1j * turn * (np.arange(1080) + 0.5)) * np.hanning(1080)
    phases = np.angle((rows - rows.mean(axis=1, keepdims=True)) @ wave)
    places: npt.NDArray[np.float64] = (phases + np.pi / 2) / (2 * np.pi) * PERIOD + 0.5
    return places


SLOW = gliding(
    WIDE,
    (400, 400, 400, *(400 + n * n * 0.12 for n in range(1, 16)), 430, 433, 435, 436, 436),
    Fraction(1, 10),
)
EDGES = gliding(
    WIDE,
    (0, 0, 0, 1, 5, 40, 200, 500, 900, 1250, 1306, 1311, 1312, 1312.5, 1312.5, 1312.5, 1312.5),
    Fraction(1, 7),
)


@pytest.mark.parametrize("path", [SLOW, EDGES], ids=["a slow pan", "from edge to edge"])
def test_rendered_frames_lie_within_a_tenth_of_an_output_pixel_of_the_path(
    waves: Path, path: CropPath
) -> None:
    got = places_of(rendered(waves, path, Fraction(0), 60), path)
    wanted = np.array(
        [
            left / SUBPIXELS
            for left, _ in path.places(Fraction(0), Fraction(30), 60, tolerance=Fraction(1137, 1_000_000))
        ]
    )
    off = (got - wanted + PERIOD / 2) % PERIOD - PERIOD / 2
    output = off * 1080 * SUBPIXELS / path.width
    assert abs(output.mean()) < 0.05
    assert np.sqrt((output**2).mean()) < 0.1
    assert np.abs(output).max() < 0.2


def test_a_slow_pan_has_no_staircase(waves: Path) -> None:
    """Whole pixels of the source would stand for several frames and then jump by 1.8 or 3.6 output pixels."""
    output = 1080 * SUBPIXELS / SLOW.width
    moved = np.diff(places_of(rendered(waves, SLOW, Fraction(0), 60), SLOW))
    steps = ((moved + PERIOD / 2) % PERIOD - PERIOD / 2) * output
    wanted = np.diff([left / SUBPIXELS for left, _ in SLOW.places(Fraction(0), Fraction(30), 60)])
    assert np.abs(steps - wanted * output).max() < 0.35
    assert steps.min() > -0.2


@pytest.mark.parametrize("path", [SLOW, EDGES], ids=["a slow pan", "from edge to edge"])
def test_chunks_show_the_very_frames_of_the_whole(waves: Path, path: CropPath) -> None:
    whole = rendered(waves, path, Fraction(0), 60)
    first, second = rendered(waves, path, Fraction(0), 25), rendered(waves, path, Fraction(25, 30), 35)
    assert np.array_equal(np.concatenate([first, second]), whole)
