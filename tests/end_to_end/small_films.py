"""Small campaigns for tests of what goes wrong: short films, a screen of 360x640 in chunks of one second, given words.

A reel takes about a second of work, yet every kind of step is in it that a large one has. What came out is told by
the content of files; who is still at work, by what the system knows of its processes.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import stat
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import av

from reels.tools.ffmpeg import find_ffmpeg, run_ffmpeg

__all__ = [
    "at_work_on",
    "decoded",
    "faulty_ffmpeg",
    "handed_over",
    "made_by_umask",
    "moving_film",
    "parent_of",
    "require_nobody_at_work_on",
    "results_of",
    "small_campaign",
    "wait_until",
    "without_powers_of_root",
]

PLATFORM = """\
schema: reels/platform/1
name: small
title: {en: Small, ko: 작은 화면}
extends: x
sources:
  ours: &ours {source: "these tests", checked_on: 2026-11-01, trust: measured}
values:
  raster: {<<: *ours, value: "360x640"}
  max_gop: {<<: *ours, value: 1}
  safe_area: {<<: *ours, value: {top: 20, bottom: 20, left: 10, right: 10}}
"""
CAMPAIGN = """\
campaign: 한빛시 축제
template: plain
platforms: [small]
subtitles: {model: nano-ko}
framing: centre
cover: 0.5
reels:
"""
WORDS = "1\n00:00:00,300 --> 00:00:00,900\n안녕하세요\n\n2\n00:00:01,100 --> 00:00:01,900\n한빛시입니다\n"


def moving_film(path: Path, *, seconds: float = 2, number: int = 0, noise: int = 0) -> Path:
    """Recipe: ffmpeg's test picture 180x320 at 25, turned in its colours by `number`, and a tone of 300 Hz and more.

    With `noise` nothing of it packs well. No two frames are the same, and no two films.
    """
    picture = f"testsrc2=s=180x320:r=25:d={seconds},hue=h={40 * number}"
    picture += f",noise=alls={noise}:allf=t:all_seed={number + 1}" if noise else ""
    run_ffmpeg(
        [
            *("-f", "lavfi", "-i", picture),
            *("-f", "lavfi", "-i", f"sine=f={300 + 50 * number}:b=2:d={seconds}:r=48000"),
            *("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac"),
            *("-movflags", "+faststart", "-f", "mp4", f"file:{path}"),
        ],
        doing=f"filming {path.name}",
    )
    return path


def small_campaign(root: Path, films: Mapping[str, Path], *, without_words: Sequence[str] = ()) -> Path:
    """A campaign folder with a reel for each film, under its name, with subtitles that a person gave."""
    for folder in ("footage", "subtitles", "platforms"):
        (root / folder).mkdir(parents=True)
    (root / "platforms" / "small.yaml").write_text(PLATFORM, encoding="utf-8")
    reels = []
    for name, film in films.items():
        shutil.copyfile(film, root / "footage" / f"{name}.mp4")
        reels.append(f"  - id: {name}\n    clips: [{{footage: footage/{name}.mp4}}]\n")
        if name not in without_words:
            (root / "subtitles" / f"{name}.ko.srt").write_text(WORDS, encoding="utf-8")
    (root / "campaign.yaml").write_text(CAMPAIGN + "".join(reels), encoding="utf-8")
    return root


# --- what came out ---------------------------------------------------------------------------------------


def handed_over(root: Path, *reels: str) -> dict[str, str]:
    """The sha256 of every file that was handed over, of all reels or of some, by its path in `out`."""
    out = root / "out"
    return {
        str(path.relative_to(out)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(out.rglob("*"))
        if path.is_file() and path.parent != out and (not reels or path.relative_to(out).parts[0] in reels)
    }


def decoded(film: Path) -> str:
    """The sha256 over all pictures of a film and when they show."""
    digest = hashlib.sha256()
    with av.open(str(film)) as container:
        for frame in container.decode(video=0):
            digest.update(f"{frame.pts}".encode())
            digest.update(frame.to_ndarray().tobytes())
    return digest.hexdigest()


def results_of(root: Path) -> dict[str, Path]:
    """The folder of what each step was last made as, by the step's id."""
    folders = {folder.name: folder for folder in (root / ".reels" / "results").glob("*/*")}
    noted = map(json.loads, (root / ".reels" / "journal.jsonl").read_text(encoding="ascii").splitlines())
    return {line["step"]: folders[line["fingerprint"]] for line in noted if line["fingerprint"] in folders}


def made_by_umask(path: Path) -> int:
    """The umask of the process that wrote a file: what it let nobody do."""
    return 0o666 & ~stat.S_IMODE(path.stat().st_mode)


# --- who is at work --------------------------------------------------------------------------------------


def at_work_on(root: Path) -> dict[int, str]:
    """Command lines, by process, of whoever stands in `root` or has it in its arguments; we are not counted."""
    found = {}
    for process in Path("/proc").iterdir():
        if not process.name.isdigit() or int(process.name) == os.getpid():
            continue
        with contextlib.suppress(OSError):
            line = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
            if str(root) in line or str((process / "cwd").readlink()).startswith(str(root)):
                found[int(process.name)] = line
    return found


def require_nobody_at_work_on(root: Path) -> None:
    """Give them ten seconds to go."""
    for _ in range(100):
        if not at_work_on(root):
            return
        time.sleep(0.1)
    raise AssertionError(f"still at work: {at_work_on(root)}")


def parent_of(process: int) -> int | None:
    """None for one that has gone."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        # The name in brackets may hold anything.
        return int(Path(f"/proc/{process}/stat").read_text(errors="replace").rpartition(")")[2].split()[1])
    return None


def wait_until(is_so: Callable[[], object], *, patience_s: float = 120) -> None:
    """Look twenty times a second; a machine may be slow."""
    for _ in range(round(patience_s * 20)):
        if is_so():
            return
        time.sleep(0.05)
    raise AssertionError("it never came to that")


# --- what stands in the way ------------------------------------------------------------------------------


def faulty_ffmpeg(folder: Path, faults: str) -> Path:
    """A program for `REELS_FFMPEG`: `faults` in sh is done first; unless it exits, the real ffmpeg does what was asked.

    `$real` is the real one, `$*` what was asked. It says of itself what the real one says.
    """
    folder.mkdir(parents=True, exist_ok=True)
    program = folder / "ffmpeg"
    program.write_text(
        f'#!/bin/sh\nreal="{find_ffmpeg().path}"\n{faults}\nexec "$real" "$@"\n', encoding="utf-8"
    )
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    return program


def without_powers_of_root() -> tuple[str, ...]:
    """What to put before a command so that permissions count for it, whoever runs the tests.

    Source: capabilities(7), CAP_DAC_OVERRIDE; setpriv(1) of util-linux.
    """
    if os.geteuid() != 0:
        return ()
    prefix = ("setpriv", "--bounding-set", "-dac_override,-dac_read_search")
    subprocess.run([*prefix, "true"], check=True)
    return prefix
