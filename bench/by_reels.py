"""One reel made as `reels make` makes it, in a process of its own, telling what each kind of step took.

    python bench/by_reels.py SOURCE OUT [--subtitles FILE] [--jobs N] [--draft-only]

Prints JSON: wall seconds of the run, number and wall seconds of the steps by kind, seconds from the first chunk's
start to the last one's end, and CPU seconds by kind where only one step ran at a time.
"""

from __future__ import annotations

import argparse
import json
import resource
import time
from collections import defaultdict
from pathlib import Path

from material import NAME, ROLE, TITLE, brand_file

from reels.campaign.brand import load_brand
from reels.campaign.model import Campaign, Person, SubtitleOptions
from reels.campaign.single import single_reel
from reels.campaign.template import load_template
from reels.platforms import load_platform
from reels.render import Hands, render_campaign
from reels.run import RunEvent

__all__ = ["campaign_of"]


def campaign_of(source: Path, out: Path, subtitles: Path | None) -> Campaign:
    """What `reels make SOURCE -o OUT --framing centre --title … --subtitles …` makes, for two platforms."""
    return single_reel(
        [source],
        reel_id="bench",
        output=out,
        platforms=[load_platform("instagram-reels"), load_platform("youtube-shorts")],
        template=load_template("interview"),
        brand=load_brand(brand_file()),
        subtitles=SubtitleOptions(model="nano-ko"),
        title=TITLE,
        people=(Person(name=NAME, role=ROLE),),
        draft=subtitles,
        # As the others crop; what a following crop costs is told by graph.py, what looking costs by framing.py.
        framing="centre",
    )


class _Clock:
    """Hears the events of a run and adds up what each kind of step took."""

    def __init__(self, *, alone: bool) -> None:
        self.steps: dict[str, int] = defaultdict(int)
        self.wall_s: dict[str, float] = defaultdict(float)
        self.cpu_s: dict[str, float] = defaultdict(float)
        self.chunks: list[float] = []
        self._alone = alone
        self._begun: dict[str, tuple[float, float]] = {}

    def __call__(self, event: RunEvent) -> None:
        if event.step is None or event.kind not in ("started", "finished"):
            return
        now, cpu = time.monotonic(), _cpu_s()
        if event.step.kind == "chunk":
            self.chunks.append(now)
        if event.kind == "started":
            self._begun[event.step.id] = (now, cpu)
            return
        began, had = self._begun[event.step.id]
        self.steps[event.step.kind] += 1
        self.wall_s[event.step.kind] += now - began
        if self._alone:
            self.cpu_s[event.step.kind] += cpu - had


def _cpu_s() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def main() -> None:
    parser = argparse.ArgumentParser(description="Make one reel and tell what each kind of step took.")
    parser.add_argument("source", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--subtitles", type=Path)
    parser.add_argument("--jobs", type=int)
    parser.add_argument("--draft-only", action="store_true")
    given = parser.parse_args()
    clock = _Clock(alone=given.jobs == 1)
    began = time.monotonic()
    report = render_campaign(
        campaign_of(given.source, given.out, given.subtitles),
        show=clock,
        hands=Hands(jobs=given.jobs),
        goal="draft" if given.draft_only else "deliver",
    )
    if not given.draft_only:
        report.require_ok()
    told = {
        "wall_s": time.monotonic() - began,
        "steps": clock.steps,
        "step_wall_s": clock.wall_s,
        "step_cpu_s": clock.cpu_s,
        "chunks_s": max(clock.chunks) - min(clock.chunks) if clock.chunks else 0.0,
    }
    print(json.dumps(told))


if __name__ == "__main__":
    main()
