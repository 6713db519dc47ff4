"""`make bench-campaign`: what a campaign of many reels costs, on one machine and on workers.

    python bench/campaign.py [--reels 8] [--seconds 8] [--runs 2] [--quick] [--page docs/performance.md] [--work build/bench]

Rounds alternate, so that whatever else the machine does falls on all alike; a ratio is the median of the ratios
within a round. Prints a Markdown table and puts it between its marks of the page; a quick run only prints. Linux only.
Needs about 0.1 GB of disk for a second of reel, for the raw frames, which are deleted again.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from statistics import median

from by_ffmpeg import Frames, dump_chunks, encode
from cluster import cluster
from material import NAME, ROLE, brand_file, corrected, make_campaign, make_source, make_subtitles
from measure import Cost, measured, measured_together
from page import load_now, machine, write_between

from reels.campaign.load import load_campaign
from reels.render import plan_campaign
from reels.steps import ChunkWork
from reels.store import Store

_HERE = Path(__file__).resolve().parent
_BEGIN, _END = (
    "<!-- measured by make bench-campaign: begin -->",
    "<!-- measured by make bench-campaign: end -->",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Size:
    """How much is measured: `reels` of `seconds` each; `settled` reels that nothing is to be done for."""

    reels: int
    seconds: int
    runs: int
    settled: int


@dataclass(slots=True, kw_only=True)
class _Found:
    """Costs by name, one for every round."""

    costs: dict[str, list[Cost]] = field(default_factory=dict)
    frames: int = 0
    steps: int = 0

    def add(self, name: str, cost: Cost) -> None:
        self.costs.setdefault(name, []).append(cost)
        _say(f"  {name}: {cost.wall_s:.2f} s, {cost.cpu_s:.2f} CPU s, {cost.peak_bytes / 1e6:.0f} MB")

    def wall(self, name: str) -> float:
        return median(cost.wall_s for cost in self.costs[name])

    def peak(self, name: str) -> float:
        return max(cost.peak_bytes for cost in self.costs[name]) / 1e9

    def ratio(self, over: str, under: str) -> float:
        pairs = zip(self.costs[over], self.costs[under], strict=True)
        return median(a.wall_s / b.wall_s for a, b in pairs)

    def cpu_ratio(self, over: str, under: str) -> float:
        pairs = zip(self.costs[over], self.costs[under], strict=True)
        return median(a.cpu_s / b.cpu_s for a, b in pairs)


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _command(*arguments: str | Path) -> Sequence[str | Path]:
    """`reels …` as a user calls it."""
    return [sys.executable, "-m", "reels", *arguments]


def _campaign(work: Path, size: _Size, name: str, reels: int) -> Path:
    """A campaign of `reels` reels of a walking person, no two the same, with finished subtitles."""
    root = work / name
    shutil.rmtree(root, ignore_errors=True)
    (root / "footage").mkdir(parents=True)
    (root / "subtitles").mkdir()
    for file in brand_file().parent.iterdir():
        shutil.copyfile(file, root / file.name)
    length = size.seconds + 2 * size.reels
    shutil.copyfile(make_source(work, length), root / "footage" / "walk.mp4")
    shutil.copyfile(make_subtitles(work, length), root / "subtitles" / "walk.ko.srt")
    head = [
        "campaign: 한빛시 여덟 편",
        "brand: brand.yaml",
        "template: interview",
        # As the others crop; what looking for faces costs is told by framing.py.
        "framing: centre",
        "platforms: [instagram-reels]",
        "subtitles: {model: nano-ko}",
        "reels:",
    ]
    body = [
        f"  - {{id: reel-{n}, title: 한빛시 소식 {n}, clips: [{{footage: footage/walk.mp4, in: {2 * n}, "
        f"out: {2 * n + size.seconds}, people: [{{name: {NAME}, role: {ROLE}}}]}}]}}"
        for n in range(reels)
    ]
    (root / "campaign.yaml").write_text("\n".join([*head, *body]) + "\n", encoding="utf-8")
    return root


def _anew(root: Path) -> None:
    for folder in ("out", ".reels"):
        shutil.rmtree(root / folder, ignore_errors=True)


def _frames(root: Path, target: Path) -> Frames:
    """Every frame of every reel, drawn by the product's graph, raw and one after the other."""
    plan = plan_campaign(load_campaign(root))
    store = Store(root / ".reels")
    made = [step for step in plan.steps if isinstance(step.work, ChunkWork)]
    first = store.result(made[0].made_as)
    if first is None:
        raise ValueError("dump the frames of a campaign that has been rendered")
    works = [step.work for step in made if isinstance(step.work, ChunkWork)]
    return dump_chunks(store, works, target, first_chunk=first.file("chunk.mp4"))


def _many(work: Path, size: _Size, found: _Found) -> None:
    """The campaign on this machine, on one worker, on two, and the encoding alone."""
    root = _campaign(work, size, "many", size.reels)
    few = _campaign(work, size, "few", 2)
    frames: Frames | None = None
    for number in range(size.runs):
        _say(f"round {number + 1} of {size.runs}")
        found.add("render", measured(_command("render", root)))
        if frames is None:
            frames = _frames(root, work / "frames.yuv")
            found.frames, found.steps = frames.count, len(plan_campaign(load_campaign(root)).steps)
        half = frames.count // 2
        two = [
            encode(frames, work / "limit-0.mp4", threads=1, count=half),
            encode(frames, work / "limit-1.mp4", threads=1, first=half),
        ]
        found.add("encode", measured_together(two))
        found.add("encode one", measured(two[0]))
        corrected(root / "subtitles" / "walk.ko.srt", at=Fraction(1, 100))
        found.add("one cue", measured(_command("render", root)))
        for workers in (1, 2):
            _anew(root)
            with cluster(work / "cluster", workers=workers) as address:
                found.add(f"workers {workers}", measured(_command("render", root, "--scheduler", address)))
        _anew(root)
        _anew(few)
        found.add("few", measured(_command("render", few)))
    (work / "frames.yuv").unlink()


def _settled(work: Path, size: _Size, found: _Found) -> None:
    """Many reels, made once, then planned and rendered again with nothing changed."""
    if not size.settled:
        return
    _say(f"{size.settled} settled reels")
    root = make_campaign(work, reels=size.settled)
    found.add("settle", measured(_command("render", root, "--draft")))
    for _ in range(max(3, size.runs)):
        found.add("plan again", measured(_command("plan", root, "--draft")))
        found.add("render again", measured(_command("render", root, "--draft")))
    shutil.rmtree(root)


def _rows(found: _Found, size: _Size) -> Iterator[tuple[str, str, str]]:
    reels = f"{size.reels} reels of {size.seconds} s"
    yield (
        f"{reels} ÷ encoding their frames alone, two at once",
        "",
        f"**{found.ratio('render', 'encode'):.2f}** ({found.wall('render'):.1f} s ÷ {found.wall('encode'):.1f} s); "
        f"CPU {found.cpu_ratio('render', 'encode'):.2f}",
    )
    yield (
        "one cue corrected ÷ the full render",
        "≤ 0.15",
        f"**{found.ratio('one cue', 'render'):.2f}** ({found.wall('one cue'):.1f} s)",
    )
    yield (
        "one worker of one thread and one core ÷ two",
        "≥ 1.8",
        f"**{found.ratio('workers 1', 'workers 2'):.2f}** ({found.wall('workers 1'):.1f} s ÷ "
        f"{found.wall('workers 2'):.1f} s)",
    )
    # What the cores give: they share memory and caches, and hardware threads a core.
    alone = median(
        2 * one.wall_s / both.wall_s
        for one, both in zip(found.costs["encode one"], found.costs["encode"], strict=True)
    )
    yield "… the same for encoding alone, one encoder at a time ÷ two at once", "", f"{alone:.2f}"
    yield (
        "two such workers ÷ two threads of one process",
        "",
        f"{found.ratio('workers 2', 'render'):.2f}",
    )
    if size.settled:
        yield f"{size.settled} reels, nothing changed: plan", "≤ 2 s", f"**{found.wall('plan again'):.2f} s**"
        yield (
            f"{size.settled} reels, nothing changed: render",
            "≤ 2 s",
            f"**{found.wall('render again'):.2f} s**",
        )
    yield (
        f"memory at the most, 2 reels and {size.reels}",
        "≤ 1.5 GB, flat",
        f"**{found.peak('few'):.2f} GB, {found.peak('render'):.2f} GB**",
    )


def _table(found: _Found, size: _Size, load: tuple[str, str]) -> str:
    hour = 3600 / found.wall("render") * size.reels
    lines = [
        *machine(load, ("reels", "distributed")),
        "",
        f"{size.reels} reels, {found.frames} frames and {found.steps} steps in all, 1080p 29.97 to 1080x1920 with title, "
        f"lower third, logo and subtitles for one platform, subtitles given. Medians of {size.runs} alternating runs. "
        f"{hour:.0f} such reels an hour on this machine.",
        "",
        "| What | Bar | Wall |",
        "|---|---|---|",
        *(f"| {what} | {bar} | {wall} |" for what, bar, wall in _rows(found, size)),
    ]
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--reels", type=int, default=8)
    parser.add_argument("--seconds", type=int, default=8, help="length of each reel")
    parser.add_argument("--runs", type=int, default=2, help="rounds")
    parser.add_argument("--settled", type=int, default=50, help="reels of which nothing changes; 0: none")
    parser.add_argument("--quick", action="store_true", help="few short reels, one round; writes no page")
    parser.add_argument("--page", type=Path, help="page to write into [docs/performance.md]")
    parser.add_argument("--work", type=Path, default=_HERE.parent / "build" / "bench")
    given = parser.parse_args()
    size = _Size(reels=given.reels, seconds=given.seconds, runs=given.runs, settled=given.settled)
    if given.quick:
        size = _Size(reels=3, seconds=4, runs=1, settled=5)
    page = given.page or (None if given.quick else _HERE.parent / "docs" / "performance.md")
    work: Path = given.work.absolute()
    work.mkdir(parents=True, exist_ok=True)
    found, before = _Found(), load_now()
    for part in (_settled, _many):
        part(work, size, found)
    table = _table(found, size, (before, load_now()))
    raw = {name: [[c.wall_s, c.cpu_s, c.peak_bytes] for c in costs] for name, costs in found.costs.items()}
    (work / "last-campaign.json").write_text(json.dumps(raw, indent=1), encoding="utf-8")
    print(table)
    if page is not None:
        write_between(page, _BEGIN, _END, table)


if __name__ == "__main__":
    main()
