"""The picture: pieces of footage → exactly N frames of the delivery raster, with overlays and subtitles.

Frame n of a piece shows what a viewer of the source sees at its time: the last source frame that starts at or
before it. That depends on nothing but the time, so any grid of chunks gives the same frames.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any, Literal

import ffmpeg

from reels.encode import PictureSpec, filters_before, video_options
from reels.framing import CropPath
from reels.geometry import Box, Raster, scale_to_cover, scale_to_fit
from reels.graph.colour import Colours, scaled, table_files
from reels.graph.command import (
    Command,
    compile_graph,
    footage_input,
    microseconds,
    neutral_input,
    told_apart,
)
from reels.graph.crop import MovingCrop, crop_moving, plan_crop
from reels.luts import Lut

__all__ = [
    "TOLERANCE",
    "OverlayOnPicture",
    "PictureSource",
    "StillPiece",
    "VideoPiece",
    "build_chunk",
    "build_frames",
    "build_shown_frame",
    "build_still",
    "centred_crop",
]

# Source frames that start this much after a programme frame still count as shown by it. Larger than ffmpeg's
# microsecond rounding and the millisecond time base of Matroska, smaller than any frame, and on none of the
# grids that footage is timed on: rounding can never decide between two frames differently in two chunks.
TOLERANCE = Fraction(1137, 1_000_000)

# How long before the wanted time a seek aims, so that a container whose index is a few frames off still lands early.
_SEEK_MARGIN = Fraction(1, 5)

_GROUND_SHRINK = 10

_AS_PNG: Mapping[str, str | int] = {
    "frames:v": 1,
    "c:v": "png",
    # It is read again at once: a tight file would take longer to make than the frame.
    "compression_level": 1,
    "f": "image2",
    "update": 1,
    "map_metadata": -1,
}

_BT709: Mapping[str, str] = {
    "color_primaries": "bt709",
    "color_trc": "bt709",
    "colorspace": "bt709",
    "range": "tv",
    "field_mode": "prog",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureSource:
    """What the graph must know of a footage file.

    `stored` is its raster after rotation, before squaring pixels; `interlaced` is "by field" where the reel has room to
    show each field of its own, and not only each pair; `container_start` is where source time 0 lies on the
    container's own clock; `assumed_matrix` is how YCbCr became of RGB where the file does not say it. A seek
    must aim `seek_back` seconds early, where a container does not know its keyframes. `chroma` is how many columns
    and rows share a colour sample, where these are more than two. From `primaries` on they are as in `colour.Colours`;
    `lut` is a look that it is seen through.
    """

    path: Path
    stored: Raster
    sar: Fraction
    interlaced: bool | Literal["by field"]
    transfer: Literal["sdr", "hlg", "pq"]
    video_stream: int
    container_start: Fraction
    seek_back: Fraction = Fraction(0)
    assumed_matrix: Literal["bt709", "bt470bg"] | None = None
    chroma: tuple[int, int] = (2, 2)
    primaries: str = ""
    matrix: str = ""
    full_range: bool = False
    is_rgb: bool = False
    lut: Lut | None = None

    @property
    def colours(self) -> Colours:
        return Colours(
            transfer=self.transfer,
            primaries=self.primaries,
            matrix=self.matrix,
            assumed_matrix=self.assumed_matrix,
            full_range=self.full_range,
            is_rgb=self.is_rgb,
        )

    @property
    def display(self) -> Raster:
        return Raster(max(1, round(self.stored.width * self.sar)), self.stored.height)


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoPiece:
    """`frames` frames of the programme, the first at source second `start`, counted from the container's start.

    `path` says where the window lies, for `follow` and only for it, `halves` where the windows of two people do who are
    shown one above the other, for `split`. Of a picture that is fitted only `box`, in stored pixels, is shown.
    """

    source: PictureSource
    start: Fraction
    frames: int
    framing: Literal["centre", "fit", "follow", "split"]
    path: CropPath | None = None
    halves: tuple[CropPath, CropPath] | None = None
    box: Box | None = None

    def __post_init__(self) -> None:
        if (self.path is not None) != (self.framing == "follow"):
            raise ValueError(f"framing {self.framing} {'with' if self.path else 'without'} a path")
        if (self.halves is not None) != (self.framing == "split"):
            raise ValueError(f"framing {self.framing} {'with' if self.halves else 'without'} halves")
        if self.box is not None and self.framing != "fit":
            raise ValueError(f"a box is fitted, and not framed as {self.framing}")


@dataclass(frozen=True, slots=True, kw_only=True)
class StillPiece:
    """`frames` frames of a picture that we drew ourselves, in the raster of the programme."""

    path: Path
    frames: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OverlayOnPicture:
    """A picture or a clip with alpha, at `left`, `top` from frame `first_frame` of the chunk (negative: begun before).

    It lasts `frames`; a `still` with `frames` None stands for the whole chunk.
    """

    path: Path
    left: int
    top: int
    first_frame: int = 0
    frames: int | None = None
    still: bool = False


def centred_crop(source: PictureSource, target: Raster) -> Raster:
    """The largest centred crop, in stored pixels, that has the target's shape on screen; even both ways."""
    wanted = target.aspect / source.sar
    width = min(Fraction(source.stored.width), source.stored.height * wanted)
    height = min(Fraction(source.stored.height), source.stored.width / wanted)
    # The nearest even number may be one more than an odd raster has.
    return Raster(
        max(2, 2 * min(round(width / 2), source.stored.width // 2)),
        max(2, 2 * min(round(height / 2), source.stored.height // 2)),
    )


def build_chunk(
    pieces: Sequence[VideoPiece | StillPiece],
    overlays: Sequence[OverlayOnPicture],
    spec: PictureSpec,
    *,
    subtitles: str | None,
    fonts: str,
    output: str,
) -> Command:
    """One chunk, encoded. `subtitles` (an ASS file in chunk time) and `fonts` (a folder) are neutral names
    relative to the folder in which ffmpeg will run."""
    picture, files = _shown(pieces, overlays, spec, subtitles, fonts)
    frames = sum(piece.frames for piece in pieces)
    for name, *arguments in filters_before(spec.encoder):
        picture = picture.filter(name, *arguments)
    encoding: dict[str, str | int] = {**video_options(spec), "frames:v": frames}
    return compile_graph(picture, output=output, options=encoding, files=files)


def build_shown_frame(
    piece: VideoPiece | StillPiece,
    overlays: Sequence[OverlayOnPicture],
    spec: PictureSpec,
    *,
    subtitles: str | None,
    fonts: str,
    output: str,
) -> Command:
    """The first frame of what `build_chunk` would encode of the same, as PNG."""
    picture, files = _shown([piece], overlays, spec, subtitles, fonts)
    return compile_graph(picture.filter("format", "rgb24"), output=output, options=_AS_PNG, files=files)


def _shown(
    pieces: Sequence[VideoPiece | StillPiece],
    overlays: Sequence[OverlayOnPicture],
    spec: PictureSpec,
    subtitles: str | None,
    fonts: str,
) -> tuple[Any, tuple[tuple[str, str], ...]]:
    """The pieces with overlays and subtitles, and the files that the graph reads."""
    picture, files = _programme(pieces, spec)
    frames = sum(piece.frames for piece in pieces)
    inputs = told_apart([overlay.path for overlay in overlays])
    for overlay, options in zip(overlays, inputs, strict=True):
        picture = _laid_over(picture, overlay, options, frames, spec)
    if subtitles is not None:
        picture = picture.filter("ass", filename=subtitles, fontsdir=fonts)
    return picture, files


def build_still(piece: VideoPiece, spec: PictureSpec, *, output: str) -> Command:
    """One frame of the programme without overlays and subtitles, as PNG."""
    programme, files = _programme([piece], spec)
    picture = programme.filter("format", "rgb24")
    return compile_graph(picture, output=output, options=_AS_PNG, files=files)


def build_frames(pieces: Sequence[VideoPiece], spec: PictureSpec, *, output: str) -> Command:
    """Frames of the programme without overlays and subtitles, as bytes: red, green and blue, row by row."""
    programme, files = _programme(pieces, spec)
    options: dict[str, str | int] = {
        "frames:v": sum(piece.frames for piece in pieces),
        "f": "rawvideo",
        "fps_mode": "passthrough",
    }
    return compile_graph(programme.filter("format", "rgb24"), output=output, options=options, files=files)


def _programme(
    pieces: Sequence[VideoPiece | StillPiece], spec: PictureSpec
) -> tuple[Any, tuple[tuple[str, str], ...]]:
    """The pieces one after the other, and the command files of those whose window moves."""
    inputs = told_apart([_read_from(piece) for piece in pieces])
    drawn = []
    files: list[tuple[str, str]] = []
    for number, (piece, options) in enumerate(zip(pieces, inputs, strict=True)):
        if isinstance(piece, StillPiece):
            drawn.append(_still(piece, options, spec))
            continue
        windows = _windows(piece, spec, f"p{number}")
        drawn.append(_piece(piece, options, spec, windows))
        files += [file for name, window in windows.items() for file in window.command_files(name).items()]
    files += table_files(piece.source.colours for piece in pieces if isinstance(piece, VideoPiece))
    joined = drawn[0] if len(drawn) == 1 else ffmpeg.concat(*drawn, v=1, a=0, n=len(drawn))
    rate = spec.rate
    timed = joined.filter("settb", f"{rate.denominator}/{rate.numerator}").filter("setpts", "N")
    return timed, tuple(files)


def _read_from(piece: VideoPiece | StillPiece) -> object:
    return piece.path if isinstance(piece, StillPiece) else (piece.source.path, _seek(piece))


def _still(piece: StillPiece, options: Mapping[str, int], spec: PictureSpec) -> Any:
    """One picture for all frames, converted once and repeated then."""
    rate = spec.rate
    # A picture counts as 25 frames a second, and the encoder would believe it.
    fps = f"{rate.numerator}/{rate.denominator}"
    return (
        neutral_input(piece.path, framerate=fps, **options)
        .video.filter(
            "scale", out_color_matrix="bt709", out_range="tv", flags="bicubic+accurate_rnd+full_chroma_int"
        )
        .filter("format", "yuv420p")
        .filter("loop", loop=-1, size=1)
        .filter("settb", f"{rate.denominator}/{rate.numerator}")
        .filter("setpts", "N")
        .filter("trim", end_frame=piece.frames)
        .filter("setsar", "1")
        .filter("setparams", **_BT709)
    )


def _windows(piece: VideoPiece, spec: PictureSpec, name: str) -> dict[str, MovingCrop]:
    """The windows of a piece by neutral names: one, two for halves, or none."""
    whole = spec.raster
    if piece.path is not None:
        paths = {name: (piece.path, whole)}
    elif piece.halves is not None:
        upper = whole.height // 4 * 2
        rasters = Raster(whole.width, upper), Raster(whole.width, whole.height - upper)
        paths = {
            f"{name}{half}": (path, raster)
            for half, path, raster in zip(("upper", "lower"), piece.halves, rasters, strict=True)
        }
    else:
        paths = {}
    return {
        name: plan_crop(
            path,
            stored=piece.source.stored,
            target=raster,
            start=piece.start,
            rate=spec.rate,
            frames=piece.frames,
            tolerance=TOLERANCE,
            chroma=piece.source.chroma,
        )
        for name, (path, raster) in paths.items()
    }


def _seek(piece: VideoPiece) -> Fraction:
    return max(Fraction(0), piece.start - _SEEK_MARGIN - piece.source.seek_back)


def _piece(
    piece: VideoPiece, options: Mapping[str, int], spec: PictureSpec, windows: Mapping[str, MovingCrop]
) -> Any:
    source = piece.source
    seek = _seek(piece)
    stream = footage_input(source.path, seek=seek, threads=1, **options)[f"{source.video_stream}"]
    if source.interlaced:
        stream = stream.filter(
            "bwdif", mode="send_field" if source.interlaced == "by field" else "send_frame"
        )
    shift = source.container_start + piece.start + TOLERANCE
    stream = (
        stream.filter("settb", "1/1000000")
        .filter("setpts", f"PTS-({microseconds(shift)})")
        .filter("fps", fps=f"{spec.rate.numerator}/{spec.rate.denominator}", start_time=0, round="up")
        .filter("tpad", stop=-1, stop_mode="clone")
        .filter("trim", end_frame=piece.frames)
    )
    if windows:
        framed = _windowed(stream, source, windows)
    elif piece.framing == "fit":
        framed = _fitted(stream, source, spec.raster, piece.box)
    else:
        framed = _cropped(stream, source, spec.raster)
    return framed.filter("setsar", "1").filter("format", "yuv420p").filter("setparams", **_BT709)


def _scaled(stream: Any, source: PictureSource, raster: Raster) -> Any:
    return scaled(stream, source.colours, raster, lut=source.lut)


def _windowed(stream: Any, source: PictureSource, windows: Mapping[str, MovingCrop]) -> Any:
    """What the windows show, one above the other where there are two."""
    streams = stream.filter_multi_output("split", len(windows)) if len(windows) > 1 else [stream]
    drawn = [
        crop_moving(
            streams[number], window, name=name, scaled=lambda part, raster: _scaled(part, source, raster)
        )
        for number, (name, window) in enumerate(windows.items())
    ]
    if len(drawn) == 1:
        return drawn[0]
    alike = [one.filter("format", "yuv420p").filter("setsar", "1") for one in drawn]
    return ffmpeg.filter(alike, "vstack", inputs=len(alike))


def _cropped(stream: Any, source: PictureSource, target: Raster) -> Any:
    crop = centred_crop(source, target)
    if crop != source.stored:
        stream = stream.filter("crop", crop.width, crop.height)
    return _scaled(stream, source, target)


def _fitted(stream: Any, source: PictureSource, target: Raster, box: Box | None) -> Any:
    """The whole picture, or a box of it, on a blurred, darkened copy of itself, blurred at a tenth of the size."""
    box = box or _without_odd_edge(source)
    if box is not None:
        stream = stream.filter("crop", box.width, box.height, box.left, box.top)
        source = replace(source, stored=Raster(box.width, box.height))
    inside = scale_to_fit(source.display, target)
    if inside == target:
        return _scaled(stream, source, target)
    both = stream.filter_multi_output("split", 2)
    small = Raster(target.width // _GROUND_SHRINK, target.height // _GROUND_SHRINK)
    cover = scale_to_cover(source.display, small)
    ground = (
        _scaled(both[0], source, cover)
        .filter("format", "yuv420p")
        .filter("crop", small.width, small.height)
        .filter("gblur", sigma=5)
        .filter("lutyuv", y="16+(val-16)*0.62")
        .filter("scale", target.width, target.height, flags="bilinear")
        .filter("setsar", "1")
    )
    picture = _scaled(both[1], source, inside).filter("format", "yuv420p").filter("setsar", "1")
    left, top = (target.width - inside.width) // 2, (target.height - inside.height) // 2
    return ffmpeg.overlay(ground, picture, x=left, y=top)


def _without_odd_edge(source: PictureSource) -> Box | None:
    """The picture up to where its colour samples are whole, for zscale takes no others; None where all are."""
    (across, down), stored = source.chroma, source.stored
    width, height = stored.width // across * across, stored.height // down * down
    return Box(0, 0, width, height) if 0 < width * height < stored.width * stored.height else None


def _laid_over(
    picture: Any, overlay: OverlayOnPicture, options: Mapping[str, int], frames: int, spec: PictureSpec
) -> Any:
    """`overlay` where and when it shows. Colours are converted by BT.709 here, or ffmpeg would take BT.601."""
    layer = neutral_input(overlay.path, **options).video
    place: dict[str, str | int] = {"x": overlay.left, "y": overlay.top, "eof_action": "repeat"}
    if overlay.frames is not None:
        begin = max(0, overlay.first_frame)
        end = min(overlay.first_frame + overlay.frames, frames)
        if overlay.still:
            if begin > 0 or end < frames:
                place["enable"] = f"between(n,{begin},{end - 1})"
        else:
            rate = spec.rate
            layer = (
                layer.filter(
                    "trim", start_frame=max(0, -overlay.first_frame), end_frame=end - overlay.first_frame
                )
                .filter("settb", f"{rate.denominator}/{rate.numerator}")
                .filter("setpts", f"N+{begin}")
            )
            place["eof_action"] = "pass"
    layer = layer.filter("scale", out_color_matrix="bt709", out_range="tv").filter("format", "yuva420p")
    return ffmpeg.overlay(picture, layer, **place)
