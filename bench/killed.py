"""`make bench-killed`: a campaign killed at fifty random moments, each time at once started again.

    python bench/killed.py [--kills 50] [--reels 5] [--seed N] [--work build/bench]

Whenever the campaign is finished it is begun anew, so that the moments fall everywhere. After each kill everything
that was finished must still be as it was, and never be made again; a finished campaign must hold the very films of an undisturbed
one. Prints a Markdown table. Linux only.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import av
from material import make_campaign
from measure import measured

_HERE = Path(__file__).resolve().parent
_REEL_FILES = ("*.mp4", "*.srt", "*.vtt", "*.txt", "*.jpg")


@dataclass(slots=True)
class _Told:
    """What the kills came to."""

    kills: int = 0
    rounds: int = 0
    finished: int = 0
    repeated: int = 0
    half_written: int = 0
    wrong: int = 0


def _command(root: Path) -> list[str]:
    return [sys.executable, "-m", "reels", "render", str(root), "--draft"]


def _results(root: Path) -> dict[str, int]:
    """When each result in the store was written, by its fingerprint."""
    return {
        record.parent.name: record.stat().st_mtime_ns
        for record in (root / ".reels" / "results").glob("*/*/result.json")
    }


def _films(root: Path) -> dict[str, str]:
    """For each film the sha256 of its decoded frames; for everything beside it that of the file."""
    found = {}
    for pattern in _REEL_FILES:
        for path in (root / "preview").rglob(pattern):
            name = str(path.relative_to(root))
            found[name] = (
                _frames(path) if path.suffix == ".mp4" else hashlib.sha256(path.read_bytes()).hexdigest()
            )
    return found


def _frames(film: Path) -> str:
    digest = hashlib.sha256()
    with av.open(str(film)) as container:
        for frame in container.decode(video=0):
            digest.update(f"{frame.pts}".encode())
            digest.update(frame.to_ndarray().tobytes())
    return digest.hexdigest()


def _kill_after(root: Path, seconds: float) -> bool:
    """Start a run and kill its whole group; whether it was killed before it ended."""
    quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(_command(root), start_new_session=True, **quiet) as process:  # type: ignore[call-overload]
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(seconds)
            return False
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    return True


def _again(root: Path) -> None:
    for folder in ("preview", ".reels"):
        shutil.rmtree(root / folder, ignore_errors=True)


def _judge(root: Path, true: dict[str, str], told: _Told) -> None:
    told.rounds += 1
    found = _films(root)
    told.wrong += sum(found.get(name) != digest for name, digest in true.items()) + len(
        found.keys() - true.keys()
    )
    told.half_written += len(list(root.rglob(".writing-*"))) + len(list((root / ".reels").glob("work/*")))


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--reels", type=int, default=5)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1_000_000))
    parser.add_argument("--work", type=Path, default=_HERE.parent / "build" / "bench")
    given = parser.parse_args()
    work: Path = given.work.absolute()
    work.mkdir(parents=True, exist_ok=True)
    root = make_campaign(work, reels=given.reels)
    cost = measured(_command(root))
    true, chance, told = _films(root), random.Random(given.seed), _Told()
    _again(root)
    finished: dict[str, int] = {}
    while told.kills < given.kills:
        if not _kill_after(root, chance.uniform(0.2, cost.wall_s / 3)):
            _judge(root, true, told)
            _again(root)
            finished = {}
            continue
        told.kills += 1
        time.sleep(0.2)
        now = _results(root)
        told.repeated += sum(now.get(name) != written for name, written in finished.items())
        told.finished += len(now.keys() - finished.keys())
        finished = now
        print(f"  kill {told.kills}: {len(now)} results", file=sys.stderr, flush=True)
    measured(_command(root))
    _judge(root, true, told)
    print(f"{given.reels} quick reels, undisturbed {cost.wall_s:.0f} s; seed {given.seed}.\n")
    print(
        "| Kills | Campaigns finished meanwhile | Results there when killed | … made again | Wrong files | Left half written |"
    )
    print("|---|---|---|---|---|---|")
    print(
        f"| {told.kills} | {told.rounds} | {told.finished} | {told.repeated} | {told.wrong} | {told.half_written} |"
    )
    raise SystemExit(1 if told.repeated or told.wrong or told.half_written else 0)


if __name__ == "__main__":
    main()
