"""The limit: the very frames that our graph makes, read raw, and nothing done to them but the encoding.

`dump_frames` draws them by the same graph; `encode` gives the commands. The proof that the comparison is fair is
`proves_equal`: the limit's encoding of a chunk's frames is the chunk that we made, byte for byte.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from reels.campaign.model import Campaign
from reels.encode import PictureSpec, video_options
from reels.graph.command import Command
from reels.perform.picture import chunk_command
from reels.render import plan_campaign
from reels.steps import ChunkWork
from reels.store import Result, Store
from reels.tools.ffmpeg import find_ffmpeg, footage_argument, run_ffmpeg

__all__ = ["Frames", "chunks_of", "dump_chunks", "dump_frames", "encode", "lay_out", "proves_equal"]

# Raw frames carry no tags; without these ffmpeg would convert them to the colours that are asked for.
_TAGS = (
    "setsar=1,setparams=color_primaries=bt709:color_trc=bt709:colorspace=bt709:range=tv:field_mode=prog,"
    "settb={tick},setpts=N"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Frames:
    """Raw yuv420p frames in one file. `chunks` are their numbers chunk by chunk, `first_chunk` is the made one."""

    path: Path
    spec: PictureSpec
    chunks: tuple[int, ...]
    first_chunk: Path

    @property
    def count(self) -> int:
        return sum(self.chunks)

    @property
    def frame_bytes(self) -> int:
        return self.spec.raster.width * self.spec.raster.height * 3 // 2


def chunks_of(campaign: Campaign) -> tuple[Store, tuple[ChunkWork, ...], Path]:
    """The store, the chunks in order and the first chunk's file, of a reel that has been rendered.

    Raises: ReelsError, and ValueError where the reel is not made.
    """
    store = Store(campaign.workspace.store_dir)
    made = [step for step in plan_campaign(campaign).steps if isinstance(step.work, ChunkWork)]
    first = store.result(made[0].made_as) if made else None
    if first is None:
        raise ValueError("dump the frames of a reel that has been rendered")
    works = tuple(step.work for step in made if isinstance(step.work, ChunkWork))
    return store, works, first.file("chunk.mp4")


def dump_frames(campaign: Campaign, target: Path) -> Frames:
    """Every frame of a reel that has been rendered, in order, into `target`.

    Raises: ReelsError, and ValueError where the reel is not made or the graph gave another number of frames.
    """
    store, works, first = chunks_of(campaign)
    return dump_chunks(store, works, target, first_chunk=first)


def dump_chunks(store: Store, works: Sequence[ChunkWork], target: Path, *, first_chunk: Path) -> Frames:
    """Every frame of these chunks, in order, into `target`. Raises: as `dump_frames`."""
    with target.open("wb") as all_frames:
        for work in works:
            part = target.with_suffix(".part")
            _draw(work, store, part)
            with part.open("rb") as frames:
                shutil.copyfileobj(frames, all_frames, 1 << 24)
            part.unlink()
    counts = tuple(sum(piece.frames for piece in work.pieces) for work in works)
    frames = Frames(path=target, spec=works[0].spec, chunks=counts, first_chunk=first_chunk)
    if target.stat().st_size != frames.count * frames.frame_bytes:
        raise ValueError(f"{target.stat().st_size} bytes are not {frames.count} frames")
    return frames


def lay_out(work: ChunkWork, store: Store, folder: Path) -> Command:
    """The product's command for a chunk; `folder`, made anew, gets what the graph reads there.

    Raises: ValueError where art is not in the store.
    """

    def need(fingerprint: str) -> Result:
        result = store.result(fingerprint)
        if result is None:
            raise ValueError("dump the frames of a reel whose art is in the store")
        return result

    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return chunk_command(work, need, folder)


def _draw(work: ChunkWork, store: Store, target: Path) -> None:
    """The frames of one chunk, not encoded: the command of the product with another end."""
    folder = target.parent / "drawing"
    command = lay_out(work, store, folder)
    count = sum(piece.frames for piece in work.pieces)
    upto = command.arguments.index("-map") + 2
    raw = ("-frames:v", f"{count}", "-fps_mode", "passthrough", "-pix_fmt", "yuv420p", "-c:v", "rawvideo")
    run_ffmpeg(
        [*command.arguments[:upto], *raw, "-f", "rawvideo", footage_argument(target)],
        doing="drawing raw frames",
        cwd=folder,
        graph=command.graph,
    )
    shutil.rmtree(folder)


def encode(
    frames: Frames, target: Path, *, threads: int | None, first: int = 0, count: int | None = None
) -> Sequence[str | Path]:
    """The command that encodes frames `first` up to `first + count` as the product does.

    `threads` None: as many as x264 takes by itself, the way it is mostly called.
    """
    rate = frames.spec.rate
    options: list[str] = []
    for key, value in video_options(frames.spec).items():
        if key == "threads":
            if threads is not None:
                options += ["-threads", f"{threads}"]
        else:
            options += [f"-{key}", f"{value}"]
    return [
        find_ffmpeg().path,
        *("-nostdin", "-hide_banner", "-nostats", "-loglevel", "error", "-y"),
        *("-f", "rawvideo", "-pix_fmt", "yuv420p", "-video_size", f"{frames.spec.raster}"),
        *("-framerate", f"{rate.numerator}/{rate.denominator}"),
        *("-skip_initial_bytes", f"{first * frames.frame_bytes}", "-i", footage_argument(frames.path)),
        *("-vf", _TAGS.format(tick=f"{rate.denominator}/{rate.numerator}")),
        *("-frames:v", f"{frames.count - first if count is None else count}"),
        *options,
        target,
    ]


def proves_equal(frames: Frames, folder: Path) -> bool:
    """Whether the limit, given the frames of the first chunk, writes what the product wrote."""
    target = folder / "first-chunk.mp4"
    command = encode(frames, target, threads=1, count=frames.chunks[0])
    run_ffmpeg([str(part) for part in command[1:]], doing="encoding the first chunk again")
    return target.read_bytes() == frames.first_chunk.read_bytes()
