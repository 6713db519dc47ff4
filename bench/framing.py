"""Framing measured: what looking costs, what the moving crop costs, and how well it frames.

    python bench/framing.py [--seconds 60] [--folder bench-framing]

Cost: CPU seconds of looking at 1080p footage (decode, faces, shots), beside encoding as many seconds of reel, on one
core; of one chunk with the window moving and with it still. Framing: on made footage with known faces, the share of
frames with every followed face whole in the window, and the path's mean third difference (jerk), beside a centre crop
and beside the faces found frame by frame and not smoothed. Shots: how many cuts of the made films are found. A JSON line
at the end holds all numbers.
"""

from __future__ import annotations

import argparse
import itertools
import json
import sys
import tempfile
from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from material import make_source
from measure import measured

from reels.encode import PictureSpec, video_options
from reels.framing import (
    SUBPIXELS,
    CropPath,
    Face,
    Glide,
    follow,
    largest_window,
    load_centerface,
    look,
    whole_in_window,
)
from reels.framing.shots import shot_changes
from reels.geometry import PORTRAIT_1080, Raster
from reels.graph.command import compile_graph, footage_input
from reels.graph.crop import crop_moving, plan_crop
from reels.probe import probe
from reels.timing import TimeRange
from reels.tools.ffmpeg import find_ffmpeg
from tests.media.cut_films import RATE, cut_films, quiet_films, thumbnails
from tests.media.framed_scenes import Head, MadeShot, Scene, film

__all__ = ["main"]

UPRIGHT = Fraction(9, 16)
WIDE = Raster(1920, 1080)
CHUNK_FRAMES = 60
ROUNDS = 5

SCENES = {
    "walk": Scene(shots=(MadeShot(seconds=6, heads=(Head(face_height=0.2, x="0.5-0.35*cos(2*PI*t/8)"),)),)),
    "sway": Scene(shots=(MadeShot(seconds=6, heads=(Head(face_height=0.25, x="0.35+0.02*sin(4*t)"),)),)),
    "cut": Scene(
        shots=(
            MadeShot(seconds=3, heads=(Head(face_height=0.25, x="0.2"),)),
            MadeShot(seconds=3, street=2, heads=(Head(face_height=0.2, x="0.8", mirrored=True),)),
        )
    ),
    "run": Scene(shots=(MadeShot(seconds=4, heads=(Head(face_height=0.16, x="0.12+0.19*t"),)),)),
}

Place = Callable[[int], tuple[int, int]]


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--seconds", type=int, default=60)
    asked.add_argument("--folder", type=Path, default=Path("bench-framing"))
    asked.add_argument("--look", type=Path, help=argparse.SUPPRESS)
    options = asked.parse_args()
    if options.look is not None:
        media = probe(options.look)
        look(options.look, media, TimeRange(Fraction(0), media.duration), load_centerface())
        return
    options.folder.mkdir(parents=True, exist_ok=True)
    source = make_source(options.folder, options.seconds)
    chunk = chunk_costs(source, options.folder)
    numbers = {
        **looking_cost(source, options.seconds, chunk["encoding alone"]),
        **{f"chunk, {name}": cost for name, cost in chunk.items()},
        "moving more than centre, ÷ encoding": (chunk["drawn, window moving"] - chunk["drawn, centre crop"])
        / chunk["encoding alone"],
    }
    for name, number in numbers.items():
        print(f"{name:45} {number:10.3f}")
    framed = {name: framing_of(scene) for name, scene in SCENES.items()}
    for name, rows in framed.items():
        for way, (share, jerk) in rows.items():
            print(f"{name:10} {way:20} whole {share:6.1%}  jerk {jerk:8.2f} px/frame³ x 1000")
    cuts = cuts_found()
    print("shot changes: {cuts} cuts, {found} found, {false} told that are none".format(**cuts))
    print(json.dumps({"costs": numbers, "framing": framed, "cuts": cuts}, ensure_ascii=False))


def cuts_found() -> dict[str, int]:
    """How many cuts of the made films are found on their frame, and how many are told that are none."""
    cuts = found = false = 0
    for one in (*cut_films(), *quiet_films()):
        told = shot_changes(thumbnails(one.frames), [Fraction(n, RATE) for n in range(len(one.frames))])
        cuts += len(one.cuts)
        found += len(set(told) & set(one.cuts))
        false += len(set(told) - set(one.cuts))
    return {"cuts": cuts, "found": found, "false": false}


def looking_cost(source: Path, seconds: int, encoding_s: float) -> dict[str, float]:
    idle = measured([sys.executable, "-c", "import reels.framing, onnxruntime"])
    cost = measured([sys.executable, __file__, "--look", source])
    encoding_a_minute = encoding_s / CHUNK_FRAMES * 60 * 30000 / 1001
    a_minute = (cost.cpu_s - idle.cpu_s) * 60 / seconds
    return {
        "looking, CPU s for a minute": a_minute,
        "encoding alone, CPU s for a minute": encoding_a_minute,
        "looking ÷ encoding": a_minute / encoding_a_minute,
        "looking, peak MiB": cost.peak_bytes / 2**20,
    }


def chunk_costs(source: Path, folder: Path) -> dict[str, float]:
    """CPU seconds of one chunk's frames: encoded from raw, and only drawn (decoded, cropped, scaled) in three ways."""
    spec = PictureSpec(rate=Fraction(30000, 1001))
    centred = _footage(source).filter("crop", 608, 1080)
    drawn = {
        "drawn, centre crop": _scaled(centred, PORTRAIT_1080),
        "drawn, window still": _windowed(_footage(source), _swinging(0), "p0", spec.rate, folder),
        "drawn, window moving": _windowed(_footage(source), _swinging(6000), "p1", spec.rate, folder),
    }
    commands = {
        name: _ffmpeg(
            compile_graph(one.filter("format", "yuv420p"), output="-", options={"f": "null"}).arguments
        )
        for name, one in drawn.items()
    }
    moving = drawn["drawn, window moving"].filter("format", "yuv420p")
    measured(
        _ffmpeg(compile_graph(moving, output="raw.yuv", options={"f": "rawvideo"}).arguments), cwd=folder
    )
    tags = "setparams=color_primaries=bt709:color_trc=bt709:colorspace=bt709:range=tv"
    given = ["-f", "rawvideo", "-s", str(PORTRAIT_1080), "-r", "30000/1001", "-i", "raw.yuv", "-vf", tags]
    options = [part for key, value in video_options(spec).items() for part in (f"-{key}", str(value))]
    commands["encoding alone"] = _ffmpeg([*given, *options, "alone.mp4"])
    costs: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(ROUNDS):
        for name, command in commands.items():
            costs[name].append(measured(command, cwd=folder).cpu_s)
    (folder / "raw.yuv").unlink()
    return {name: sorted(one)[len(one) // 2] for name, one in costs.items()}


def _footage(source: Path) -> Any:
    stream = footage_input(source, seek=Fraction(2), threads=1).video
    stream = stream.filter("settb", "1/1000000").filter("setpts", "PTS-2000000")
    return stream.filter("fps", fps="30000/1001", start_time=0).filter("trim", end_frame=CHUNK_FRAMES)


def _windowed(stream: Any, path: CropPath, name: str, rate: Fraction, folder: Path) -> Any:
    crop = plan_crop(
        path,
        stored=WIDE,
        target=PORTRAIT_1080,
        start=Fraction(2),
        rate=rate,
        frames=CHUNK_FRAMES,
        tolerance=Fraction(0),
    )
    for file, text in crop.command_files(name).items():
        (folder / file).write_text(text, encoding="ascii")
    return crop_moving(stream, crop, name=name, scaled=_scaled)


def _scaled(stream: Any, raster: Raster) -> Any:
    return stream.filter("scale", raster.width, raster.height, flags="bicubic")


def _ffmpeg(arguments: Sequence[str]) -> list[str]:
    return [str(find_ffmpeg().path), "-nostdin", "-loglevel", "error", "-y", *arguments]


def _swinging(far: int) -> CropPath:
    width, height = largest_window(WIDE, UPRIGHT)
    lefts = tuple(10000 + round(far * n / 40) for n in range(40)) if far else (10000,)
    glide = Glide(
        range_in_source=TimeRange(Fraction(2), Fraction(6)),
        origin=Fraction(2),
        step=Fraction(1, 4),
        lefts=lefts,
        tops=(0,),
    )
    return CropPath(raster_in_source=WIDE, width=width, height=height, glides=(glide,))


def framing_of(scene: Scene) -> dict[str, tuple[float, float]]:
    """Way → share of frames with the face whole, and jerk."""
    with tempfile.TemporaryDirectory() as name:
        path = film(scene, Path(name) / "scene.mp4")
        media = probe(path)
        span = TimeRange(Fraction(0), media.duration)
        detector = load_centerface()
        sighting = look(path, media, span, detector)
    framing = follow(sighting, UPRIGHT)
    window = (framing.path.width, framing.path.height)
    room = SUBPIXELS * scene.raster.width - window[0]
    seen = [(one.at, one.faces[0]) for one in sighting.seen if one.faces]

    def unsmoothed(frame: int) -> tuple[int, int]:
        at = Fraction(frame, scene.rate)
        face = [face for when, face in seen if when <= at][-1:] or [seen[0][1]]
        return min(max((face[0].left + face[0].right - window[0]) // 2, 0), room), 0

    ways: dict[str, Place] = {
        "followed": lambda frame: framing.path.place(Fraction(frame, scene.rate)),
        "centre": lambda frame: (room // 2, 0),
        "face by face": unsmoothed,
    }
    return {name: _judged(scene, place, window) for name, place in ways.items()}


def _judged(scene: Scene, place: Place, window: tuple[int, int]) -> tuple[float, float]:
    faces: list[tuple[int, Face]] = [
        (frame, scene.faces_at(frame)[0]) for frame in range(scene.frames) if scene.faces_at(frame)
    ]
    inside = sum(whole_in_window(face, place(frame), window) for frame, face in faces)
    lefts = np.array([place(frame)[0] / SUBPIXELS for frame in range(scene.frames)])
    borders = [0, *(int(cut * scene.rate) for cut in scene.cuts), scene.frames]
    jerks = [np.abs(np.diff(lefts[a:b], 3)) for a, b in itertools.pairwise(borders)]
    return inside / len(faces), float(np.concatenate(jerks).mean() * 1000)


if __name__ == "__main__":
    main()
