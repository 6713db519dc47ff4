"""`make bench`: how fast, how small, against what it cannot beat and what it should.

    python bench/reel.py [--seconds 60] [--runs 3] [--quick] [--page docs/performance.md] [--work build/bench]

Rounds alternate, so that whatever else the machine does falls on all alike; a ratio is the median of the ratios
within a round. Prints a Markdown table and puts it between the marks of the page; a quick run only prints.
Linux only. Needs about 0.1 GB of disk for a second of reel, for the raw frames, which are deleted again.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from statistics import median
from typing import Any

from by_ffmpeg import Frames, dump_frames, encode, proves_equal
from by_reels import campaign_of
from material import (
    NAME,
    ROLE,
    TITLE,
    brand_file,
    corrected,
    make_campaign,
    make_plain_source,
    make_source,
    make_subtitles,
)
from measure import Cost, measured, measured_together
from page import load_now, machine, write_between

from reels.fonts import load_font
from reels.recognise import find_model
from reels.resources import fonts_dir

_HERE = Path(__file__).resolve().parent
_BEGIN, _END = "<!-- measured by make bench: begin -->", "<!-- measured by make bench: end -->"
_LONGEST_S = 179
"""YouTube takes 180 s; footage may be a frame longer than asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Size:
    """How much is measured."""

    seconds: int
    runs: int
    reels: int
    long_s: int


@dataclass(slots=True, kw_only=True)
class _Found:
    """Costs of each program, one for every round, and what else was told."""

    costs: dict[str, list[Cost]] = field(default_factory=dict)
    told: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    equal: bool | None = None
    frames: int = 0
    chunk_s: float = 0.0

    def add(self, name: str, cost: Cost) -> None:
        self.costs.setdefault(name, []).append(cost)
        self.told.setdefault(name, []).append(json.loads(cost.output) if cost.output.startswith("{") else {})
        _say(f"  {name}: {cost.wall_s:.2f} s, {cost.cpu_s:.2f} CPU s, {cost.peak_bytes / 1e6:.0f} MB")

    def wall(self, name: str) -> float:
        return median(cost.wall_s for cost in self.costs[name])

    def cpu(self, name: str) -> float:
        return median(cost.cpu_s for cost in self.costs[name])

    def peak(self, name: str) -> int:
        return max(cost.peak_bytes for cost in self.costs[name])

    def ratios(self, over: str, under: str) -> tuple[float, float]:
        """Median over the rounds of wall and of CPU seconds, `over` ÷ `under`."""
        pairs = list(zip(self.costs[over], self.costs[under], strict=True))
        return median(a.wall_s / b.wall_s for a, b in pairs), median(a.cpu_s / b.cpu_s for a, b in pairs)

    def told_ratio(self, over: str, under: str, key: Callable[[dict[str, Any]], float]) -> float:
        """Median over the rounds of what `key` takes from the report of `over` ÷ the wall seconds of `under`."""
        pairs = zip(self.told[over], self.costs[under], strict=True)
        return median(key(told) / cost.wall_s for told, cost in pairs)


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _reels(*arguments: str | Path) -> Sequence[str | Path]:
    return [sys.executable, _HERE / "by_reels.py", *arguments]


def _command(*arguments: str | Path) -> Sequence[str | Path]:
    """`reels …` as a user calls it."""
    return [sys.executable, "-m", "reels", *arguments]


# --- what is measured ------------------------------------------------------------------------------------


def _one_reel(work: Path, size: _Size, found: _Found) -> None:
    """The whole reel by us, the encoding alone, and moviepy, in alternating rounds."""
    source = make_source(work, size.seconds)
    subtitles = make_subtitles(work, size.seconds)
    out = work / "out"
    frames: Frames | None = None
    for number in range(size.runs):
        _say(f"round {number + 1} of {size.runs}")
        subtitles = make_subtitles(work, size.seconds)
        shutil.rmtree(out, ignore_errors=True)
        ours = _reels(source, out, "--subtitles", subtitles)
        found.add("full", measured(ours))
        if frames is None:
            frames = dump_frames(campaign_of(source, out, subtitles), work / "frames.yuv")
            found.frames, found.chunk_s = frames.count, float(frames.chunks[0] / frames.spec.rate)
            found.equal = proves_equal(frames, work)
        _limits(frames, work, found)
        found.add("unchanged", measured(ours))
        corrected(subtitles, at=Fraction(number + 1, size.runs + 1))
        found.add("one cue", measured(ours))
        found.add("moviepy", measured(_moviepy(source, make_subtitles(work, size.seconds), work, frames)))
    (work / "frames.yuv").unlink()
    _say("each step alone, for the CPU seconds of each kind")
    shutil.rmtree(out)
    found.add("alone", measured(_reels(source, out, "--subtitles", subtitles, "--jobs", "1")))


def _limits(frames: Frames, work: Path, found: _Found) -> None:
    found.add("encode", measured(encode(frames, work / "limit.mp4", threads=None)))
    half = sum(frames.chunks[: (len(frames.chunks) + 1) // 2])
    two = [
        encode(frames, work / "limit-0.mp4", threads=1, count=half),
        encode(frames, work / "limit-1.mp4", threads=1, first=half),
    ]
    found.add("encode in two", measured_together(two if half < frames.count else two[:1]))


def _moviepy(source: Path, subtitles: Path, work: Path, frames: Frames) -> Sequence[str | Path]:
    return [
        *(sys.executable, _HERE / "by_moviepy.py", source, subtitles, work / "moviepy.mp4"),
        *("--title", TITLE, "--name", NAME, "--role", ROLE, "--logo", brand_file().parent / "logo.png"),
        *("--font", load_font(fonts_dir() / "Pretendard-Bold.otf").path),
        *("--title-font", load_font(fonts_dir() / "Pretendard-ExtraBold.otf").path),
        *(
            "--crf",
            f"{frames.spec.crf}",
            "--gop",
            f"{frames.spec.gop_frames}",
            "--preset",
            frames.spec.preset,
        ),
    ]


def _many_reels(work: Path, size: _Size, found: _Found) -> None:
    """A campaign of many reels, made once, then planned and rendered again with nothing changed."""
    _say(f"{size.reels} reels")
    campaign = make_campaign(work, reels=size.reels)
    found.add("campaign", measured(_command("render", campaign)))
    for _ in range(size.runs):
        found.add("plan again", measured(_command("plan", campaign)))
        found.add("render again", measured(_command("render", campaign)))
    shutil.rmtree(campaign)


def _listening(work: Path, size: _Size, found: _Found) -> None:
    """The recognition step, and the package that it uses called directly."""
    _say("listening")
    source = make_source(work, size.seconds)
    model = find_model("nano-ko", "faster-whisper").path
    for _ in range(max(3, size.runs)):
        found.add("whisper", measured([sys.executable, _HERE / "by_whisper.py", source, model]))
        shutil.rmtree(work / "draft", ignore_errors=True)
        found.add("listen", measured(_reels(source, work / "draft", "--draft-only")))
    shutil.rmtree(work / "draft")


def _memory(work: Path, size: _Size, found: _Found) -> None:
    """The same reel, short and long, of a picture that is quick to encode: memory does not know the picture."""
    for name, seconds in (("short", 15), ("long", size.long_s)):
        _say(f"memory, {seconds} s")
        source, subtitles = make_plain_source(work, seconds), make_subtitles(work, seconds)
        found.add(name, measured(_reels(source, work / "memory", "--subtitles", subtitles)))
        shutil.rmtree(work / "memory")


# --- what is shown ---------------------------------------------------------------------------------------


def _rows(found: _Found, size: _Size) -> Iterator[tuple[str, str, str, str]]:
    """What, the bar, wall (or bytes), CPU seconds."""
    for name, over, under, bar in (
        (
            "full render ÷ encoding the same frames, one ffmpeg with its own threads",
            "full",
            "encode",
            "≤ 1.06",
        ),
        ("full render ÷ the same, two ffmpeg at once with one thread each", "full", "encode in two", ""),
        ("moviepy, the same reel ÷ full render", "moviepy", "full", "≥ 3.3"),
        ("one cue corrected ÷ full render", "one cue", "full", "≤ 0.15"),
    ):
        wall, cpu = found.ratios(over, under)
        yield (
            name,
            bar,
            f"**{wall:.2f}** ({found.wall(over):.1f} s ÷ {found.wall(under):.1f} s)",
            f"{cpu:.2f}",
        )
        if over == "full":
            chunks = found.told_ratio("full", under, lambda told: float(told["chunks_s"]))
            yield "… from the first chunk's start to the last one's end", "", f"{chunks:.2f}", ""
    made = sum(sum(told["steps"].values()) for told in found.told["unchanged"])
    again = f"{found.wall('unchanged'):.2f} s" + (f", but {made} steps ran" if made else "")
    yield "the same reel again, nothing changed", "no step runs", again, ""
    yield f"{size.reels} reels, nothing changed: plan", "≤ 2 s", f"**{found.wall('plan again'):.2f} s**", ""
    yield (
        f"{size.reels} reels, nothing changed: render",
        "≤ 2 s",
        f"**{found.wall('render again'):.2f} s**",
        "",
    )
    heard = zip(found.told["listen"], found.told["whisper"], strict=True)
    ratio = median(ours["step_wall_s"]["transcribe"] / theirs["wall_s"] for ours, theirs in heard)
    seconds = median(told["step_wall_s"]["transcribe"] for told in found.told["listen"])
    yield (
        "recognition step ÷ faster-whisper called directly",
        "≤ 1.05",
        f"**{ratio:.2f}** ({seconds:.1f} s)",
        "",
    )
    for name, length in (("short", 15), ("long", size.long_s)):
        bar = "≤ 1.5 GB, flat"
        yield f"memory at the most, reel of {length} s", bar, f"**{found.peak(name) / 1e9:.2f} GB**", ""
    peaks = f"{found.peak('full') / 1e9:.2f} GB; moviepy {found.peak('moviepy') / 1e9:.2f} GB"
    yield f"memory at the most, the reel of {size.seconds} s", "≤ 1.5 GB", peaks, ""


def _table(found: _Found, size: _Size, load: tuple[str, str]) -> str:
    same = "the same bytes as our first chunk" if found.equal else "NOT the same bytes as our first chunk"
    lines = [
        *machine(load, ("reels", "moviepy", "faster-whisper", "pillow")),
        "",
        f"A reel of {size.seconds} s, {found.frames} frames in chunks of {found.chunk_s:.2f} s, 1080p 29.97 landscape"
        " to 1080x1920 with title, lower third, logo and subtitles for two platforms, subtitles given. Medians of"
        f" {size.runs} alternating runs. The limit's encoding of the first chunk's frames gave {same}.",
        "",
        "| What | Bar | Wall | CPU seconds, ratio |",
        "|---|---|---|---|",
        *(f"| {what} | {bar} | {wall} | {cpu} |" for what, bar, wall, cpu in _rows(found, size)),
        "",
        "Where the time of the full render goes. Wall seconds add up over steps that run at the same time; CPU"
        " seconds are from one run with one step at a time.",
        "",
        "| Step | Number | Wall s | CPU s | CPU s ÷ encoding alone |",
        "|---|---|---|---|---|",
        *_kinds(found),
    ]
    return "\n".join(lines)


def _kinds(found: _Found) -> Iterator[str]:
    alone, limit = found.told["alone"][0], found.cpu("encode in two")
    kinds = sorted(alone["step_cpu_s"], key=lambda kind: -alone["step_cpu_s"][kind])
    for kind in kinds:
        wall = median(told["step_wall_s"][kind] for told in found.told["full"])
        cpu = alone["step_cpu_s"][kind]
        yield f"| {kind} | {alone['steps'][kind]} | {wall:.1f} | {cpu:.1f} | {cpu / limit:.3f} |"
    rest = found.cpu("alone") - sum(alone["step_cpu_s"].values())
    yield f"| start, plan, imports | | | {rest:.1f} | {rest / limit:.3f} |"
    yield f"| encoding alone (two at once, one thread each) | | | {limit:.1f} | 1.000 |"
    default = found.cpu("encode")
    yield f"| encoding alone (one ffmpeg, its own threads) | | | {default:.1f} | {default / limit:.3f} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seconds", type=int, default=60, help="length of the reel")
    parser.add_argument("--runs", type=int, default=3, help="rounds")
    parser.add_argument(
        "--quick", action="store_true", help="a short reel, one round, few reels; writes no page"
    )
    parser.add_argument("--page", type=Path, help="page to write into [docs/performance.md]")
    parser.add_argument("--work", type=Path, default=_HERE.parent / "build" / "bench")
    given = parser.parse_args()
    size = _Size(seconds=given.seconds, runs=given.runs, reels=50, long_s=_LONGEST_S)
    if given.quick:
        size = _Size(seconds=min(given.seconds, 12), runs=1, reels=6, long_s=45)
    page = given.page or (None if given.quick else _HERE.parent / "docs" / "performance.md")
    work: Path = given.work.absolute()
    work.mkdir(parents=True, exist_ok=True)
    found, before = _Found(), load_now()
    for part in (_listening, _many_reels, _memory, _one_reel):
        part(work, size, found)
    table = _table(found, size, (before, load_now()))
    raw = {name: [[c.wall_s, c.cpu_s, c.peak_bytes] for c in costs] for name, costs in found.costs.items()}
    (work / "last.json").write_text(
        json.dumps({"costs": raw, "told": found.told}, indent=1), encoding="utf-8"
    )
    print(table)
    if page is not None:
        write_between(page, _BEGIN, _END, table)


if __name__ == "__main__":
    main()
