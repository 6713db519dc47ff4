"""`make bench-graph`: what our graph costs over the encoding of its frames alone, and how much memory a reel needs.

    python bench/graph.py [--seconds 20] [--rounds 5] [--quick] [--page docs/performance.md] [--work build/bench]

The chunks of one reel, each as the product runs it, with a still crop and with one that follows; drawn without
encoding; and the very frames read raw and encoded with the same options, in one process and chunk by chunk. All on
one thread, one process at a time, in alternating rounds; a ratio is the median of the ratios within a round. Memory is
that of whole runs. Prints a Markdown table and puts it between its marks of the page; a quick run only prints.
Linux only. Needs about 0.2 GB of disk for a second of reel, for the raw frames, which are deleted again.
"""

from __future__ import annotations

import argparse
import json
import math
import shutil
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path
from statistics import median

from by_ffmpeg import Frames, chunks_of, dump_chunks, encode, lay_out
from by_reels import campaign_of
from material import make_plain_source, make_source, make_subtitles
from measure import Cost, measured
from page import load_now, machine, write_between

from reels.campaign.model import Campaign
from reels.framing import CropPath, Glide
from reels.framing.faces import SUBPIXELS
from reels.geometry import Raster
from reels.render import render_campaign
from reels.steps import ChunkWork
from reels.store import Store
from reels.timing import TimeRange
from reels.tools.ffmpeg import find_ffmpeg, run_ffmpeg

_HERE = Path(__file__).resolve().parent
_BEGIN, _END = "<!-- measured by make bench-graph: begin -->", "<!-- measured by make bench-graph: end -->"
_QUIET = ("-nostdin", "-hide_banner", "-nostats", "-loglevel", "error", "-y")
_WIDE = Raster(1920, 1080)
_SWING_S = 8
"""The following window goes from one side to the other and back in this many seconds."""
_HDR = "4K HDR"
_HDR_CLIP_S = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class _Size:
    """How much is measured."""

    seconds: int
    rounds: int
    lengths_s: tuple[int, ...]
    hdr_s: int


@dataclass(slots=True, kw_only=True)
class _Found:
    """Costs by name, one for every round, and the most memory of each run."""

    costs: dict[str, list[Cost]] = field(default_factory=dict)
    peaks: dict[str, int] = field(default_factory=dict)
    frames: int = 0
    chunks: int = 0

    def ratios(self, over: str, under: str) -> tuple[float, float]:
        """Median over the rounds of wall and of CPU seconds, `over` ÷ `under`."""
        pairs = list(zip(self.costs[over], self.costs[under], strict=True))
        return median(a.wall_s / b.wall_s for a, b in pairs), median(a.cpu_s / b.cpu_s for a, b in pairs)

    def cpu(self, name: str) -> float:
        return median(cost.cpu_s for cost in self.costs[name])


@dataclass(frozen=True, slots=True, kw_only=True)
class _Command:
    """A command and the folder in which it runs."""

    argv: tuple[str | Path, ...]
    cwd: Path


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _one_after_the_other(commands: Sequence[_Command]) -> Cost:
    """The sum of what the commands cost, and the most memory of any."""
    costs = [measured(command.argv, cwd=command.cwd) for command in commands]
    return Cost(
        wall_s=sum(cost.wall_s for cost in costs),
        cpu_s=sum(cost.cpu_s for cost in costs),
        peak_bytes=max(cost.peak_bytes for cost in costs),
    )


# --- the graph -------------------------------------------------------------------------------------------


def _swinging(seconds: int) -> CropPath:
    """A window of 9:16 that goes from side to side of a landscape picture, without ever standing still."""
    width, height = _WIDE.height * 9 * SUBPIXELS // 16, _WIDE.height * SUBPIXELS
    room = _WIDE.width * SUBPIXELS - width
    points = 2 * seconds + 6
    lefts = tuple(round(room / 2 * (1 + math.sin(math.pi * n / _SWING_S))) for n in range(points))
    whole = TimeRange(Fraction(0), Fraction(seconds + 1))
    glide = Glide(
        range_in_source=whole, origin=Fraction(0), step=Fraction(1, 2), lefts=lefts, tops=(0,) * points
    )
    return CropPath(raster_in_source=_WIDE, width=width, height=height, glides=(glide,))


def _following(work: ChunkWork, path: CropPath) -> ChunkWork:
    """The chunk with the window moving, each piece with its share of the path as the planner gives it."""
    pieces = []
    for piece in work.pieces:
        shown = TimeRange(piece.start, piece.start + (piece.frames + 1) / work.spec.rate)
        pieces.append(replace(piece, framing="follow", path=path.within(shown)))
    return replace(work, pieces=tuple(pieces))


def _commands(
    works: Sequence[ChunkWork], store: Store, frames: Frames, folder: Path
) -> dict[str, list[_Command]]:
    """The chunks as the product runs them, only drawn, and their frames only encoded, in one piece and in chunks."""
    ffmpeg = find_ffmpeg().path
    whole, drawn, alone = [], [], []
    first = 0
    for number, work in enumerate(works):
        room = folder / f"{number:04}"
        arguments = lay_out(work, store, room).arguments
        whole.append(_Command(argv=(ffmpeg, *_QUIET, *arguments), cwd=room))
        count = frames.chunks[number]
        upto = arguments.index("-map") + 2
        nothing = (
            "-frames:v",
            f"{count}",
            "-fps_mode",
            "passthrough",
            "-c:v",
            "wrapped_avframe",
            "-f",
            "null",
            "-",
        )
        drawn.append(_Command(argv=(ffmpeg, *_QUIET, *arguments[:upto], *nothing), cwd=room))
        part = encode(frames, room / "alone.mp4", threads=1, first=first, count=count)
        alone.append(_Command(argv=tuple(part), cwd=room))
        first += count
    limit = encode(frames, folder / "limit.mp4", threads=1)
    return {
        "chunks": whole,
        "drawn": drawn,
        "encoded alone, in chunks": alone,
        "encoded alone": [_Command(argv=tuple(limit), cwd=folder)],
    }


def _in_the_middle(campaign: Campaign) -> Campaign:
    """The campaign with a crop that stands still, whatever is the default."""
    reels = tuple(
        replace(reel, clips=tuple(replace(clip, framing="centre") for clip in reel.clips))
        for reel in campaign.reels
    )
    return replace(campaign, reels=reels)


def _graph(work: Path, size: _Size, found: _Found) -> None:
    source, subtitles = make_source(work, size.seconds), make_subtitles(work, size.seconds)
    out = work / "graph-out"
    campaign = _in_the_middle(campaign_of(source, out, subtitles))
    _say("rendering the reel once")
    render_campaign(campaign, show=lambda _event: None).require_ok()
    store, still, first_chunk = chunks_of(campaign)
    path = _swinging(size.seconds)
    commands: dict[str, list[_Command]] = {}
    for crop, works in (("still", still), ("following", tuple(_following(one, path) for one in still))):
        room = work / f"graph-{crop}"
        shutil.rmtree(room, ignore_errors=True)
        room.mkdir()
        frames = dump_chunks(store, works, room / "frames.yuv", first_chunk=first_chunk)
        found.frames, found.chunks = frames.count, len(works)
        for name, listed in _commands(works, store, frames, room).items():
            commands[f"{crop}: {name}"] = listed
    for number in range(size.rounds):
        _say(f"round {number + 1} of {size.rounds}")
        for name, listed in commands.items():
            cost = _one_after_the_other(listed)
            found.costs.setdefault(name, []).append(cost)
            _say(f"  {name}: {cost.wall_s:.2f} s, {cost.cpu_s:.2f} CPU s, {cost.peak_bytes / 1e6:.0f} MB")
    _require_same_bytes(work / "graph-still", found.chunks)
    for crop in ("still", "following"):
        shutil.rmtree(work / f"graph-{crop}")
    shutil.rmtree(out)


def _require_same_bytes(room: Path, chunks: int) -> None:
    """The frames encoded alone are our chunks, byte for byte. Raises: ValueError where the comparison is unfair."""
    for number in range(chunks):
        folder = room / f"{number:04}"
        if (folder / "alone.mp4").read_bytes() != (folder / "chunk.mp4").read_bytes():
            raise ValueError(f"chunk {number} is not what its frames alone are encoded to")


# --- memory ----------------------------------------------------------------------------------------------


def make_hdr_source(folder: Path, seconds: int) -> Path:
    """3840x2160 at 60 frames/s, HEVC of 10 bits, PQ in BT.2020: a short piece, played again and again."""
    target = folder / f"hdr-{seconds}.mp4"
    if target.exists():
        return target
    tags = (
        "-color_primaries",
        "bt2020",
        "-color_trc",
        "smpte2084",
        "-colorspace",
        "bt2020nc",
        "-color_range",
        "tv",
    )
    picture = (
        *("-f", "lavfi", "-i", "testsrc2=size=3840x2160:rate=60"),
        *("-f", "lavfi", "-i", "sine=frequency=300:beep_factor=4:sample_rate=48000"),
        *("-t", f"{_HDR_CLIP_S}", "-c:v", "libx265", "-preset", "ultrafast", "-crf", "24", "-tag:v", "hvc1"),
        *(
            "-x265-params",
            "log-level=error:keyint=60:colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc",
        ),
        *("-pix_fmt", "yuv420p10le", *tags, "-c:a", "aac", "-ac", "2", "piece.mp4"),
    )
    run_ffmpeg(picture, doing="filming 4K HDR", cwd=folder)
    again = ("-stream_loop", "-1", "-i", "piece.mp4", "-t", f"{seconds}", "-c", "copy", target.name)
    run_ffmpeg(again, doing="filming 4K HDR", cwd=folder)
    (folder / "piece.mp4").unlink()
    return target


def _memory(work: Path, size: _Size, found: _Found) -> None:
    sources = {f"{seconds} s": make_plain_source(work, seconds) for seconds in size.lengths_s}
    sources[f"{_HDR}, {size.hdr_s} s"] = make_hdr_source(work, size.hdr_s)
    for name, source in sources.items():
        out = work / "graph-memory"
        shutil.rmtree(out, ignore_errors=True)
        subtitles = make_subtitles(work, max(size.lengths_s))
        cost = measured([sys.executable, _HERE / "by_reels.py", source, out, "--subtitles", subtitles])
        found.peaks[name] = cost.peak_bytes
        _say(f"memory, {name}: {cost.peak_bytes / 1e9:.2f} GB, {cost.cpu_s:.1f} CPU s")
        shutil.rmtree(out)


# --- what is shown ---------------------------------------------------------------------------------------


def _table(found: _Found, size: _Size, load: tuple[str, str]) -> str:
    return "\n".join(
        [
            *machine(load, ("reels",)),
            "",
            f"A reel of {found.frames} frames in {found.chunks} chunks, as in `make bench`, on one thread, one process"
            f" at a time. Medians of {size.rounds} alternating rounds; every chunk was the same bytes as its frames"
            " encoded alone.",
            "",
            "| What ÷ encoding the same frames alone | Wall | CPU seconds |",
            "|---|---|---|",
            *_rows(found),
            "",
            "| Memory at the most, all processes together | Bar | Found |",
            "|---|---|---|",
            *(
                f"| reel of {name} | ≤ 1.5 GB, flat | **{peak / 1e9:.2f} GB** |"
                for name, peak in found.peaks.items()
            ),
        ]
    )


def _rows(found: _Found) -> Iterator[str]:
    for crop in ("still", "following"):
        under = f"{crop}: encoded alone"
        for name, what in (
            ("chunks", f"**our chunks, {crop} crop**"),
            ("encoded alone, in chunks", "… of these, encoding chunk by chunk from raw frames"),
            ("drawn", "… the graph without encoding: decoding, crop, scaling, overlays, subtitles"),
        ):
            wall, cpu = found.ratios(f"{crop}: {name}", under)
            seconds = f"{found.cpu(f'{crop}: {name}'):.1f} s ÷ {found.cpu(under):.1f} s"
            yield f"| {what} | {wall:.3f} | {cpu:.3f} ({seconds}) |"


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seconds", type=int, default=20, help="length of the reel")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--quick", action="store_true", help="a short reel, one round; writes no page")
    parser.add_argument("--page", type=Path, help="page to write into [docs/performance.md]")
    parser.add_argument("--work", type=Path, default=_HERE.parent / "build" / "bench")
    given = parser.parse_args()
    size = _Size(seconds=given.seconds, rounds=given.rounds, lengths_s=(15, 60, 179), hdr_s=15)
    if given.quick:
        size = _Size(seconds=min(given.seconds, 6), rounds=1, lengths_s=(5, 15), hdr_s=4)
    page = given.page or (None if given.quick else _HERE.parent / "docs" / "performance.md")
    work: Path = given.work.absolute()
    work.mkdir(parents=True, exist_ok=True)
    found, before = _Found(), load_now()
    _graph(work, size, found)
    _memory(work, size, found)
    table = _table(found, size, (before, load_now()))
    raw = {name: [[c.wall_s, c.cpu_s, c.peak_bytes] for c in costs] for name, costs in found.costs.items()}
    told = {"costs": raw, "peaks": found.peaks}
    (work / "graph.json").write_text(json.dumps(told, indent=1), encoding="utf-8")
    print(table)
    if page is not None:
        write_between(page, _BEGIN, _END, table)


if __name__ == "__main__":
    main()
