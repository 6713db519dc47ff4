"""Running `reels` as a user does: a process of its own, its own home, everything it says kept apart.

`run_reels` starts a fresh interpreter. `Forge` pays the second of imports once: it holds one process that has
imported the program and runs `main` in a fork of it for each call, with its own arguments, environment,
folder and streams. `reels_forge` is its fixture, one for a test module.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

__all__ = ["Forge", "Ran", "documented_keys", "forge", "make_footage", "plain_environment", "run_reels"]

TIMEOUT_S = 240


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """How a command ended and what it said."""

    code: int
    stdout: str
    stderr: str

    @property
    def told(self) -> list[str]:
        """The lines of stderr."""
        return self.stderr.splitlines()

    @property
    def paths(self) -> list[Path]:
        """The lines of stdout as paths."""
        return [Path(line) for line in self.stdout.splitlines()]

    @property
    def json(self) -> Any:
        return json.loads(self.stdout)


def plain_environment(home: Path, more: Mapping[str, str] | None = None) -> dict[str, str]:
    """Nothing of the tester's own: an own home, an English UTF-8 locale, the system's programs."""
    home.mkdir(parents=True, exist_ok=True)
    return {
        "HOME": str(home),
        "PATH": "/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "TMPDIR": os.environ.get("TMPDIR", tempfile.gettempdir()),
        **(more or {}),
    }


def run_reels(
    *arguments: str | Path,
    cwd: Path,
    home: Path,
    environment: Mapping[str, str] | None = None,
    command: Sequence[str] = (sys.executable, "-m", "reels"),
) -> Ran:
    """`reels` in a fresh interpreter."""
    done = subprocess.run(
        [*command, *(os.fspath(argument) for argument in arguments)],
        cwd=cwd,
        env=plain_environment(home, environment),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=TIMEOUT_S,
    )
    return Ran(
        code=done.returncode,
        stdout=done.stdout.decode("utf-8", "surrogateescape"),
        stderr=done.stderr.decode("utf-8", "surrogateescape"),
    )


_FORGE = r"""
import gc, json, os, sys, threading
from reels.cli import main
gc.freeze()


def keep(source, name):
    # Through a pipe and a file of this process, for a child with a limit on its files must still be heard.
    with open(source, "rb") as said, open(name, "wb") as kept:
        kept.write(said.read())


for line in sys.stdin.buffer:
    asked = json.loads(line)
    pipes = {number: os.pipe() for number in (1, 2)}
    child = os.fork()
    if child == 0:
        code = 99
        try:
            os.setsid()
            for number, (source, sink) in pipes.items():
                os.dup2(sink, number)
                os.close(source)
                os.close(sink)
            sys.stdout = os.fdopen(1, "w", encoding="utf-8")
            sys.stderr = os.fdopen(2, "w", encoding="utf-8", errors="backslashreplace", buffering=1)
            os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
            os.environ.clear()
            os.environ.update(asked["environment"])
            os.chdir(asked["cwd"])
            if asked["largest_file_bytes"] is not None:
                import resource, signal
                signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
                resource.setrlimit(resource.RLIMIT_FSIZE, (asked["largest_file_bytes"],) * 2)
            sys.argv = ["reels", *asked["arguments"]]
            try:
                main()
            except SystemExit as leave:
                code = leave.code or 0
        except BaseException:
            import traceback
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            try:
                sys.stderr.flush()
            except ValueError:
                pass
            os._exit(code)
    readers = []
    for number, name in ((1, asked["out"]), (2, asked["err"])):
        source, sink = pipes[number]
        os.close(sink)
        readers.append(threading.Thread(target=keep, args=(source, name)))
        readers[-1].start()
    for reader in readers:
        reader.join()
    _, status = os.waitpid(child, 0)
    os.write(1, b"%d\n" % os.waitstatus_to_exitcode(status))
"""


class Forge:
    """Runs `reels` in forks of one process that has imported it; calls are answered one by one."""

    def __init__(self, process: subprocess.Popen[bytes], home: Path, scratch: Path) -> None:
        self._process = process
        self._scratch = scratch
        self.home = home

    def __call__(
        self,
        *arguments: str | Path,
        cwd: Path,
        home: Path | None = None,
        environment: Mapping[str, str] | None = None,
        largest_file_bytes: int | None = None,
    ) -> Ran:
        """`home` defaults to an empty one that the calls of this forge share."""
        out, err = self._scratch / "out", self._scratch / "err"
        asked = {
            "arguments": [os.fspath(argument) for argument in arguments],
            "cwd": str(cwd),
            "environment": plain_environment(home or self.home, environment),
            "out": str(out),
            "err": str(err),
            "largest_file_bytes": largest_file_bytes,
        }
        to, back = _pipe(self._process.stdin), _pipe(self._process.stdout)
        to.write(json.dumps(asked).encode() + b"\n")
        to.flush()
        code = int(back.readline())
        return Ran(
            code=code,
            stdout=out.read_bytes().decode("utf-8", "surrogateescape"),
            stderr=err.read_bytes().decode("utf-8", "surrogateescape"),
        )


def _pipe(stream: IO[bytes] | None) -> IO[bytes]:
    assert stream is not None
    return stream


@contextmanager
def forge(scratch: Path) -> Iterator[Forge]:
    """A forge whose home and notes lie in `scratch`."""
    home = scratch / "home"
    with subprocess.Popen(
        [sys.executable, "-c", _FORGE],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=plain_environment(home, {"PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}),
        start_new_session=True,
    ) as process:
        try:
            yield Forge(process, home, scratch)
        finally:
            _pipe(process.stdin).close()
            process.wait(TIMEOUT_S)


def documented_keys(command: str) -> list[tuple[list[str], list[str]]]:
    """What the campaign's page says of the JSON of `command`: the keys of its object and of each entry, row by row."""
    page = (Path(__file__).parents[2] / "docs" / "campaign.md").read_text(encoding="utf-8")
    rows = [[re.findall(r"`(.+?)`", cell) for cell in line.split("|")[1:-1]] for line in page.splitlines()]
    return [(row[1], row[2]) for row in rows if len(row) == 3 and f"reels {command}" in row[0]]


def make_footage(
    path: Path, *, colour: str = "0x335577", seconds: str = "3.2", raster: str = "180x320", sound: bool = True
) -> Path:
    """Recipe: one plain colour at 25, a tone of 300 Hz at 48 kHz unless without sound; x264 4:2:0 and AAC.

    Cheap to decode and to encode: what a test costs is what the program does around it.
    """
    from reels.tools.ffmpeg import run_ffmpeg

    picture = ["-f", "lavfi", "-i", f"color=c={colour}:s={raster}:r=25:d={seconds}"]
    tone = ["-f", "lavfi", "-i", f"sine=f=300:d={seconds}:r=48000"] if sound else []
    codecs = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac"]
    run_ffmpeg([*picture, *tone, *codecs, "-f", "mp4", f"file:{path}"], doing="making footage")
    return path
