"""Makes the sample footage: still layers moved by ffmpeg over a street, speech and street noise under them.

Deterministic: the same ffmpeg gives the same decoded frames and samples. A file appears by rename when it is
whole; one that is there already, made by this very recipe and unbroken, is left alone, and a file of somebody
else's is never replaced. `clips` says what is
made, `street` draws it. Every string in a filter graph here comes from our own constants; no text of a user's
gets in.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import av
from PIL import Image

from reels.errors import OutputNotWritable, UsageError
from reels.geometry import Raster
from reels.resources import assets_dir, fonts_dir
from reels.said import Said, said_by_system
from reels.sample.clips import Recipe, recipes, speech_path
from reels.sample.person import draw_person
from reels.sample.street import draw_car, draw_cloud, draw_rain, draw_street, road_y
from reels.tools.ffmpeg import find_ffmpeg, footage_argument, run_ffmpeg

__all__ = ["make_footage"]

_SHAKE = 12
"""The street is drawn so many pixels larger on every side, and the camera trembles within that."""
_NOISE_SEED = 20_260_412
_ENCODER_THREADS = 4
"""x264's output depends on its number of threads, so it must not depend on the machine."""
_TREMBLES = ((0.3, 2.3, 0.2, 0.9), (0.35, 1.9, 0.2, 0.7))
"""Two swings of the hand across and two down: part of `_SHAKE` and seconds of each."""
_NOISE_AT_FULL_DBFS = {"white": -4.77, "pink": -14.28, "brown": -13.95}
"""RMS of ffmpeg's anoisesrc at amplitude 1, measured over 20 s."""
_MARK = "reels sample footage "


def make_footage(folder: Path, *, only: Sequence[str] | None = None) -> tuple[Path, ...]:
    """Writes the clips, or those named in `only`, into `folder` and returns their paths in `recipes` order.

    Raises: UsageError for a name that is no clip; OutputNotWritable; whatever `run_ffmpeg` raises.
    """
    known = {recipe.name: recipe for recipe in recipes()}
    wanted = set(known if only is None else only)
    if unknown := sorted(wanted - set(known)):
        raise UsageError(
            where="sample footage",
            found=", ".join(unknown),
            expected=Said(f"names out of {', '.join(known)}", ko=f"{', '.join(known)} 가운데 이름"),
            remedy=Said(
                "leave the names out to make every clip", ko="이름을 빼면 모든 예제 영상을 만듭니다."
            ),
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputNotWritable(where=str(folder), found=said_by_system(error, str(error))) from error
    return tuple(_made(folder / name, recipe) for name, recipe in known.items() if name in wanted)


def _made(path: Path, recipe: Recipe) -> Path:
    mark = _MARK + _fingerprint(recipe.name)
    if path.exists() or path.is_symlink():
        found = _mark_of(path)
        if not found.startswith(_MARK):
            raise OutputNotWritable(
                where=str(path),
                found=Said("another file of that name", ko="이름이 같은 다른 파일"),
                expected=Said("none, or sample footage", ko="파일 없음, 또는 예제 영상"),
                remedy=Said(
                    "choose another folder, or move that file away",
                    ko="다른 폴더를 고르거나 그 파일을 옮겨 주세요.",
                ),
            )
        if found == mark and _is_whole(path, frames=len(recipe.shutter)):
            return path
    try:
        work = tempfile.TemporaryDirectory(prefix=".making-", dir=path.parent)
    except OSError as error:
        raise OutputNotWritable(where=str(path.parent), found=said_by_system(error, str(error))) from error
    with work as name:
        finished = _film(recipe, Path(name), mark)
        finished.replace(path)
    return path


@lru_cache(maxsize=1)
def _ingredients() -> str:
    """Hash of all that the pixels and samples come from: this room, its pictures and recordings, ffmpeg."""
    room, demo = Path(__file__).parent, assets_dir() / "demo"
    files = [
        *sorted(room.glob("*.py")),
        demo / "portrait.png",
        demo / "speech.json",
        *sorted(demo.glob("speech-*.opus")),
    ]
    total = hashlib.sha256(find_ffmpeg().version.encode())
    for file in [*files, fonts_dir() / "Pretendard-Bold.otf"]:
        total.update(hashlib.sha256(file.read_bytes()).digest())
    return total.hexdigest()


def _fingerprint(name: str) -> str:
    return hashlib.sha256(f"{_ingredients()} {name}".encode()).hexdigest()[:16]


def _mark_of(path: Path) -> str:
    """What the file says that made it; nothing for a file that is no media."""
    try:
        with av.open(str(path)) as container:
            return container.metadata.get("comment", "")
    except (OSError, ValueError):
        # FFmpegError is an OSError or a ValueError, by its code.
        return ""


def _is_whole(path: Path, *, frames: int) -> bool:
    """Whether every frame's packet is there; a file cut short fails."""
    try:
        with av.open(str(path)) as container:
            packets = container.demux(container.streams.video[0])
            return frames == sum(1 for packet in packets if packet.size and not packet.is_corrupt)
    except (OSError, IndexError, ValueError):
        return False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Layer:
    """A still and its upper left corner: expressions of `t` over W, H (street) and w, h (itself)."""

    file: str
    x: str = "0"
    y: str = "0"


def _film(recipe: Recipe, work: Path, mark: str) -> Path:
    """Draws the layers into `work`, films them, and returns the finished file there."""
    layers = _draw_layers(recipe, work)
    container = "mov" if recipe.name.lower().endswith(".mov") else "mp4"
    stored = work / f"stored.{container}"
    inputs: list[str] = []
    for layer in layers:
        inputs += ["-framerate", str(recipe.rate), "-i", layer.file]
    graph = f"{_picture(recipe, layers)};{_sound(recipe, speech_input=len(layers))}"
    run_ffmpeg(
        [
            *inputs,
            *("-i", footage_argument(speech_path(recipe))),
            *("-filter_complex", graph, "-map", "[picture]", "-map", "[sound]"),
            *("-c:v", "libx264", "-preset", "ultrafast", "-crf", "24", "-threads:v", str(_ENCODER_THREADS)),
            *("-g", str(round(recipe.rate)), "-frames:v", str(len(recipe.shutter))),
            *(
                "-colorspace",
                "bt709",
                "-color_primaries",
                "bt709",
                "-color_trc",
                "bt709",
                "-color_range",
                "tv",
            ),
            *("-c:a", "aac", "-b:a", f"{64 * recipe.channels}k"),
            *(
                ("-fps_mode", "passthrough", "-video_track_timescale", "90000")
                if recipe.variable_frame_rate
                else ()
            ),
            *("-fflags", "+bitexact", "-flags:v", "+bitexact", "-flags:a", "+bitexact"),
            *("-metadata", f"comment={mark}", "-metadata", "creation_time=2026-04-12T10:30:00Z"),
            *("-movflags", "+faststart", stored.name),
        ],
        doing=f"filming {recipe.name}",
        cwd=work,
        graph=graph,
    )
    if recipe.rotation == 0:
        return stored
    # A phone stores the sensor's rows as they are and tells the player to turn them.
    turned = work / f"turned.{container}"
    run_ffmpeg(
        [
            *("-display_rotation", str(-recipe.rotation), "-i", stored.name, "-map", "0", "-c", "copy"),
            *("-fflags", "+bitexact", "-map_metadata", "0", "-movflags", "+faststart", turned.name),
        ],
        doing=f"turning {recipe.name}",
        cwd=work,
    )
    return turned


def _draw_layers(recipe: Recipe, work: Path) -> tuple[_Layer, ...]:
    """Writes the stills and returns them bottom to top; the first is the opaque street."""
    shown = recipe.display
    wide = Raster(shown.width + 2 * _SHAKE, shown.height + 2 * _SHAKE)
    unit = min(shown.width, shown.height) / 1080
    head, body = draw_person(
        recipe.person_scale, recipe.jacket, badge=recipe.badge, light=recipe.light, mirrored=recipe.mirrored
    )
    left, top, right, bottom = head.getbbox() or (0, 0, head.width, head.height)
    person_x = f"W*({recipe.person_x})-{body.width // 2}"
    person_y = f"H*({recipe.person_top}+{recipe.person_bob})-{top}"
    layers: list[tuple[_Layer, Image.Image]] = [
        (_Layer(file="street.png"), draw_street(wide, recipe.look)),
        (
            _Layer(file="car.png", x=f"mod(W*0.2+t*{recipe.car_pixels_per_s},W+w)-w", y=f"{road_y(wide)}-h"),
            draw_car(round(280 * unit), recipe.car),
        ),
        (_Layer(file="body.png", x=person_x, y=person_y), body),
        (
            # The head nods a little faster than the body sways.
            _Layer(
                file="head.png",
                x=f"{person_x}+{left}+{3 * unit:.2f}*sin(2*PI*t/1.9)",
                y=f"{person_y}+{top}+{4 * unit:.2f}*sin(2*PI*t/1.3)",
            ),
            head.crop((left, top, right, bottom)),
        ),
    ]
    if recipe.cloud:
        layers.insert(
            1,
            (
                _Layer(file="cloud.png", x="W*0.1+t*9", y="H*0.01"),
                draw_cloud(round(420 * unit), recipe.look.seed),
            ),
        )
    if recipe.rain:
        layers.append((_Layer(file="rain.png", y="mod(t*1100,H)-H"), draw_rain(wide, recipe.look.seed)))
    for layer, picture in layers:
        picture.save(work / layer.file, compress_level=1)
    return tuple(layer for layer, _ in layers)


def _picture(recipe: Recipe, layers: Sequence[_Layer]) -> str:
    """Graph from the stills to `[picture]`, stored the way the sensor saw it.

    Composed in 4:4:4, since 4:2:0 would let things move in steps of two pixels.
    """
    to_yuv = "scale=out_color_matrix=bt709:out_range=tv:flags=accurate_rnd+bitexact,format="
    # One decoded still is repeated by reference; ffmpeg's own image loop would decode it for every frame.
    chains = [f"[0:v]{to_yuv}yuv444p,loop=loop=-1:size=1:start=0,setpts=N[under0]"]
    for number, layer in enumerate(layers[1:], 1):
        chains.append(f"[{number}:v]{to_yuv}yuva444p[layer{number}]")
        chains.append(
            f"[under{number - 1}][layer{number}]overlay=format=yuv444:eof_action=repeat"
            f":x='{layer.x}':y='{layer.y}'[under{number}]"
        )
    tremble = [f"{_SHAKE}+{_SHAKE}*({a}*sin(2*PI*t/{p})+{b}*sin(2*PI*t/{q}+1))" for a, p, b, q in _TREMBLES]
    chains.append(
        f"[under{len(layers) - 1}]crop={recipe.display.width}:{recipe.display.height}"
        + f":x='{tremble[0]}':y='{tremble[1]}',"
        + ("select='not(eq(mod(n,11),4)+eq(mod(n,7),5))'," if recipe.variable_frame_rate else "")
        + (f"transpose={'cclock' if recipe.rotation == 90 else 'clock'}," if recipe.rotation else "")
        + f"scale=flags=area+bitexact,format=yuv420p,noise=c0s=4:c0f=t:all_seed={_NOISE_SEED}[picture]"
    )
    return ";".join(chains)


def _sound(recipe: Recipe, *, speech_input: int) -> str:
    """Graph from the recording and generated street noise to `[sound]`, as long as the picture."""
    seconds = f"{float((recipe.shutter[-1] + 1) / recipe.rate):.6f}"
    rate, channels = recipe.sample_rate_hz, recipe.channels
    gain_db = recipe.noise_dbfs - _NOISE_AT_FULL_DBFS[recipe.noise_colour]
    layout = "stereo" if channels == 2 else "mono"
    # Another seed for each channel: a street is not heard the same from the left and the right.
    noises = [
        f"anoisesrc=color={recipe.noise_colour}:sample_rate={rate}:duration={seconds}"
        f":seed={_NOISE_SEED + side}[noise{side}]"
        for side in range(channels)
    ]
    both = "".join(f"[noise{side}]" for side in range(channels))
    joined = f"{both}join=inputs=2:channel_layout=stereo," if channels == 2 else both
    spread = "pan=stereo|c0=c0|c1=c0" if channels == 2 else "pan=mono|c0=c0"
    return ";".join(
        [
            *noises,
            f"{joined}volume={gain_db}dB[street]",
            f"[{speech_input}:a]aresample={rate},{spread},adelay={round(recipe.speech_at * 1000)}:all=1,"
            "apad[voice]",
            "[voice][street]amix=inputs=2:duration=shortest:normalize=0,"
            f"aformat=sample_fmts=fltp:sample_rates={rate}:channel_layouts={layout}[sound]",
        ]
    )
