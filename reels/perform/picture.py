"""The picture: art drawn and animated, chunks encoded."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path

import av

from reels.art.drawing import scene_of
from reels.art.grounds import draw_ground, draw_shade
from reels.art.logo import draw_logo
from reels.art.motion import render_element
from reels.errors import ChildFailed, SourceChanged
from reels.graph.command import Command
from reels.graph.picture import OverlayOnPicture, StillPiece, VideoPiece, build_chunk, build_shown_frame
from reels.luts import read_cube
from reels.perform.bench import Bench, lay_in
from reels.said import Said
from reels.steps import ArtWork, CardPiece, ChunkWork, FrameWork, GroundWork, LogoWork, ShadeWork
from reels.store import Result
from reels.subtitles import write_ass
from reels.tools.ffmpeg import run_ffmpeg

__all__ = [
    "art",
    "chunk",
    "chunk_command",
    "draw_frame",
    "frame",
    "ground",
    "logo",
    "shade",
    "write_graph_files",
]


_CUES, _FONTS = "cues.ass", "fonts"
_LONGEST_CHUNK_S = 3600
"""Two seconds of programme; what takes longer than an hour will not end."""


def logo(work: LogoWork, bench: Bench) -> None:
    with bench.folder() as folder:
        draw_logo(work.logo, room=work.room, opacity=float(work.opacity)).save(folder / "overlay.png")
        bench.publish(folder, {}, "overlay.png")


def art(work: ArtWork, bench: Bench) -> None:
    element, raster, room = work.element, work.raster, work.room
    with bench.folder() as folder:
        if work.still:
            scene = scene_of(element, raster=raster, room=room, rate=work.rate, where=work.where)
            scene.at(scene.frames - 1).save(folder / "overlay.png")
            bench.publish(folder, {}, "overlay.png")
            return
        clip = folder / "overlay.mov"
        render_element(element, raster=raster, room=room, rate=work.rate, where=work.where, out=clip)
        bench.publish(folder, {}, "overlay.mov")


def ground(work: GroundWork, bench: Bench) -> None:
    with bench.folder() as folder:
        draw_ground(work.ground, work.raster).save(folder / "ground.png")
        bench.publish(folder, {}, "ground.png")


def shade(work: ShadeWork, bench: Bench) -> None:
    with bench.folder() as folder:
        draw_shade(work.shade, work.raster).save(folder / "overlay.png")
        bench.publish(folder, {}, "overlay.png")


def chunk(work: ChunkWork, bench: Bench) -> None:
    frames = sum(piece.frames for piece in work.pieces)
    rate = work.spec.rate
    with bench.folder() as folder:
        command = chunk_command(work, bench.need, folder)
        run_ffmpeg(
            command.arguments,
            doing=bench.step.doing,
            cwd=folder,
            graph=command.graph,
            on_progress=lambda at: bench.on_progress(min(Fraction(1), at * rate / frames)),
            timeout_s=_LONGEST_CHUNK_S,
        )
        _require_frames(folder / "chunk.mp4", frames, bench.step.doing)
        _require_same_font(work)
        bench.publish(folder, {"frames": frames}, "chunk.mp4")


def chunk_command(work: ChunkWork, need: Callable[[str], Result], folder: Path) -> Command:
    """How ffmpeg, run in `folder`, encodes a chunk into `chunk.mp4`; all that it reads is laid in there.

    `need` gives the results that the chunk is made of. Raises: SourceChanged, FontMissing, CampaignProblems, and as `need`.
    """
    pieces, overlays = _laid_in(work, need, folder)
    command = build_chunk(
        pieces,
        overlays,
        work.spec,
        subtitles=_CUES if work.style is not None else None,
        fonts=_FONTS,
        output="chunk.mp4",
    )
    write_graph_files(command, [piece for piece in pieces if isinstance(piece, VideoPiece)], folder)
    return command


def frame(work: FrameWork, bench: Bench) -> None:
    with bench.folder() as folder:
        drawn = draw_frame(work, bench.need, folder, doing=bench.step.doing)
        bench.publish(folder, {}, drawn.name)


def draw_frame(work: FrameWork, need: Callable[[str], Result], folder: Path, *, doing: str) -> Path:
    """Draw a frame in `folder`, whose store need not be held for it; the PNG there.

    `need` gives the results that it shows. Raises: as `chunk_command`; ChildFailed, DiskFailed.
    """
    shown = work.shown
    (piece,), overlays = _laid_in(shown, need, folder)
    command = build_shown_frame(
        piece,
        overlays,
        shown.spec,
        subtitles=_CUES if shown.style is not None else None,
        fonts=_FONTS,
        output="frame.png",
    )
    write_graph_files(command, [piece] if isinstance(piece, VideoPiece) else [], folder)
    run_ffmpeg(command.arguments, doing=doing, cwd=folder, graph=command.graph)
    _require_same_font(shown)
    return folder / "frame.png"


def _laid_in(
    work: ChunkWork, need: Callable[[str], Result], folder: Path
) -> tuple[list[VideoPiece | StillPiece], list[OverlayOnPicture]]:
    """The pieces and overlays as files that are there; cues and their font are written into `folder`."""
    if work.style is not None:
        ass = write_ass(
            work.cues,
            style=work.style,
            raster=work.spec.raster,
            rate=work.spec.rate,
            first_frame=work.first_frame,
            frame_count=sum(piece.frames for piece in work.pieces),
        )
        (folder / _CUES).write_text(ass, encoding="utf-8")
        font = work.style.font.path
        (folder / _FONTS).mkdir()
        # The one font, alone under a neutral name: libass can take no other.
        lay_in(font, folder / _FONTS / f"font{font.suffix.lower()}")
        _require_same_font(work)
    overlays = []
    for use in work.overlays:
        art = need(use.art)
        overlays.append(
            OverlayOnPicture(
                path=art.folder / art.files[0],
                left=use.left,
                top=use.top,
                first_frame=use.first_frame,
                frames=use.frames,
                still=use.still,
            )
        )
    pieces = [
        StillPiece(path=need(piece.ground).file("ground.png"), frames=piece.frames)
        if isinstance(piece, CardPiece)
        else piece
        for piece in work.pieces
    ]
    return pieces, overlays


def _require_same_font(work: ChunkWork) -> None:
    """The font is known by its content, so its path is no source of the step that is looked at.

    Raises: SourceChanged, for the fingerprint would name a font that was not drawn; FontMissing.
    """
    if work.style is not None and not work.style.font.stands():
        raise SourceChanged(path=work.style.font.path.name)


def _require_frames(chunk: Path, frames: int, doing: str) -> None:
    """Count what was written: ffmpeg ends well after footage that could not be read to its end.

    Raises: ChildFailed. A chunk that lacks a frame must not become a result, for it would be reused for ever.
    """
    try:
        with av.open(str(chunk)) as container:
            written = sum(1 for packet in container.demux(video=0) if packet.size)
    except (av.error.InvalidDataError, IndexError):  # empty, torn, or without a picture
        written = 0
    if written != frames:
        found = Said(
            f"{written} of {frames} frames; the footage or the drive it lies on could not be read there",
            ko=f"프레임 {frames}개 가운데 {written}개, 영상이나 영상이 있는 드라이브를 그 부분에서 읽지 못함",
        )
        raise ChildFailed(tool="ffmpeg", doing=doing, exit_status=0, last_lines=found)


def write_graph_files(command: Command, pieces: Sequence[VideoPiece], folder: Path) -> None:
    """The files that the graph reads, in the folder in which ffmpeg will run.

    Raises: CampaignProblems where a look was replaced by what is none.
    """
    for lut in {piece.source.lut for piece in pieces if piece.source.lut is not None}:
        (folder / lut.neutral_name).write_text(read_cube(lut.path).text, encoding="ascii")
    for name, text in command.files:
        (folder / name).write_text(text, encoding="ascii")
