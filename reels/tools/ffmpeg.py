"""The gate to ffmpeg: find it, know what it can do, run it, say what went wrong.

Everything that reels asks of ffmpeg passes through `run_ffmpeg` or `read_ffmpeg`. It builds no filter graph
and chooses no codec: arguments come finished from `reels.graph` and `reels.encode`, results go to the step
that asked. `child` beside it owns the process itself.
"""

from __future__ import annotations

import itertools
import os
import re
import shutil
import signal
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import IO, TypeVar

import imageio_ffmpeg

from reels.errors import ChildFailed, DiskFailed, ToolMissing
from reels.said import Said, in_language, said_by_system, with_reason
from reels.tools.child import (
    Finished,
    NotStarted,
    allow_children,
    children_of,
    require_not_stopped,
    run_child,
    stop_all_children,
    stop_children_of,
)
from reels.tools.inputs import FOOTAGE_DEMUXERS, SAFE_INPUT, footage_argument

__all__ = [
    "FOOTAGE_DEMUXERS",
    "REQUIRED_ENCODERS",
    "REQUIRED_FILTERS",
    "SAFE_INPUT",
    "Ffmpeg",
    "allow_children",
    "children_of",
    "find_ffmpeg",
    "footage_argument",
    "read_ffmpeg",
    "require_not_stopped",
    "run_ffmpeg",
    "stalled_after_s",
    "stop_all_children",
    "stop_children_of",
    "stream_ffmpeg",
]

T = TypeVar("T")

REQUIRED_FILTERS = frozenset(
    {
        "adelay",
        "aformat",
        "alimiter",
        "amix",
        "anullsrc",
        "apad",
        "aresample",
        "asetpts",
        "ass",
        "atrim",
        "boxblur",
        "bwdif",
        "color",
        "concat",
        "crop",
        "ebur128",
        "fillborders",
        "format",
        "fps",
        "gblur",
        "loop",
        "metadata",
        "overlay",
        "pad",
        "scale",
        "sendcmd",
        "setpts",
        "setsar",
        "split",
        "tonemap",
        "tpad",
        "trim",
        "volume",
        "zscale",
    }
)
REQUIRED_ENCODERS = frozenset({"aac", "libx264"})

_PROBE_TIMEOUT_S = 30.0
_STALLED_AFTER_S = 300.0
_PROBE_BYTES = 1 << 22
_LEVEL = re.compile(r"\[(panic|fatal|error|warning|info|verbose|debug|trace)\] ")
_COMPONENT = re.compile(r"\[[^\[\]@]+ @ (?:0x)?[0-9a-fA-F]+\] ?")
_SEVERE = ("panic", "fatal", "error")
_DISK = re.compile(r"(No space left on device|Read-only file system|Disk quota exceeded|File too large)\.?$")
_TOO_LARGE = getattr(signal, "SIGXFSZ", 0) or 1_000
"""How a child ends that writes more than the system lets it (`ulimit -f`)."""
# A drive that fails in the middle of an input is the end of that input to ffmpeg, which ends well: the rest of the
# picture would stand still and the rest of the sound be silent.
_BROKE_OFF = re.compile(
    r"\[in#(\d+)\S* @ [^\]]*\] \[error\] Error during demuxing: (Input/output error|Stale file handle"
    r"|Transport endpoint is not connected|Host is down|Connection timed out|No such device(?: or address)?"
    r"|Permission denied)\.?\s*$",
    re.MULTILINE,
)
# What ffmpeg adds after the line that says why.
_NOISE = re.compile(
    r"Conversion failed!|Error (opening|writing) (input|output) files?\b.*|Error initializing the muxer\b.*"
    r"|Exiting normally.*|.*Task finished with error code.*|.*Terminating thread with return code.*"
    r"|Nothing was written into output file.*"
)
# Without the level of a line (the caller chose another -loglevel), these are known to explain nothing.
_CHATTER = re.compile(r"\s|Input #|Output #|Stream mapping|Press \[q\]|frame=|size=|video:\S+ audio:|$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ffmpeg:
    """One ffmpeg binary and what its build can do."""

    path: Path
    version: str
    filters: frozenset[str]
    encoders: frozenset[str]

    @property
    def release(self) -> tuple[int, int] | None:
        """Major and minor number such as (9, 0); None for a build that is named by date or commit."""
        found = re.match(r"n?(\d+)\.(\d+)", self.version)
        return (int(found[1]), int(found[2])) if found else None


def find_ffmpeg() -> Ffmpeg:
    """The ffmpeg of `REELS_FFMPEG` if that is set, else the one that comes with imageio-ffmpeg.

    Each binary is asked once per process. Raises: ToolMissing, naming what the binary lacks.
    """
    chosen = os.environ.get("REELS_FFMPEG")
    if chosen:
        remedy = Said(
            "set REELS_FFMPEG to a full ffmpeg, or unset it to use the one that pip installed",
            ko="REELS_FFMPEG에 온전한 ffmpeg를 지정하거나, 지워서 pip로 설치된 것을 쓰세요.",
        )
        return _probe(_executable(chosen, found=f"REELS_FFMPEG={chosen}", remedy=remedy), remedy)
    remedy = Said(
        "run `pip install --force-reinstall imageio-ffmpeg`, or set REELS_FFMPEG to a full ffmpeg",
        ko="`pip install --force-reinstall imageio-ffmpeg`를 실행하거나 REELS_FFMPEG에 온전한 ffmpeg를 지정하세요.",
    )
    try:
        shipped = _shipped()
    except RuntimeError as error:
        raise ToolMissing(
            tool="ffmpeg",
            found=Said("none in imageio-ffmpeg and none on PATH", ko="imageio-ffmpeg에도 PATH에도 없음"),
            remedy=remedy,
        ) from error
    return _probe(_executable(shipped, found=shipped, remedy=remedy), remedy)


def _shipped() -> str:
    """Where imageio-ffmpeg keeps its binary. It tries the binary out, in our environment, when first asked."""
    report = os.environ.pop("FFREPORT", None)
    try:
        return str(imageio_ffmpeg.get_ffmpeg_exe())
    finally:
        if report is not None:
            os.environ["FFREPORT"] = report


def run_ffmpeg(
    arguments: Sequence[str],
    *,
    doing: str,
    cwd: Path | None = None,
    on_progress: Callable[[Fraction], None] | None = None,
    timeout_s: float | None = None,
    graph: str = "",
) -> str:
    """Run ffmpeg to its end and return its whole stderr text.

    `doing` opens the sentence of a failure ("encoding chunk 3 of hello"); `on_progress` is called in this
    thread, about twice a second, with the seconds of programme written so far; `graph` is kept for the report
    of a failure. The child and its group are gone before any exception leaves, KeyboardInterrupt included.

    Raises: ChildFailed; DiskFailed; Interrupted after `stop_all_children`; ToolMissing.
    """
    progress = ("-progress", "pipe:1") if on_progress is not None else ()

    def read(stream: IO[bytes]) -> None:
        for line in stream:
            seconds = _programme_seconds(line)
            if seconds is not None and on_progress is not None:
                on_progress(seconds)

    done = _run([*progress, *arguments], read, doing=doing, cwd=cwd, timeout_s=timeout_s, graph=graph)
    return _LEVEL.sub("", done.stderr)


def read_ffmpeg(arguments: Sequence[str], *, doing: str, cwd: Path | None = None) -> bytes:
    """Run ffmpeg to its end and return what it wrote to `pipe:1`.

    Raises: as `run_ffmpeg`.
    """
    return _run(
        arguments, lambda stream: stream.read(), doing=doing, cwd=cwd, timeout_s=None, graph=""
    ).output


def stream_ffmpeg(
    arguments: Sequence[str],
    read: Callable[[IO[bytes]], T],
    *,
    doing: str,
    cwd: Path | None = None,
    graph: str = "",
) -> tuple[T, str]:
    """Run ffmpeg to its end while `read` takes what it writes to `pipe:1`; what that returns, and the whole stderr text.

    Raises: as `run_ffmpeg`, and what `read` raises.
    """
    done = _run(arguments, read, doing=doing, cwd=cwd, timeout_s=None, graph=graph)
    return done.output, _LEVEL.sub("", done.stderr)


def _run(
    arguments: Sequence[str],
    read_stdout: Callable[[IO[bytes]], T],
    *,
    doing: str,
    cwd: Path | None,
    timeout_s: float | None,
    graph: str,
) -> Finished[T]:
    # The level of each line tells errors from chatter; it is taken out again before a caller sees the text.
    quiet = ("-nostdin", "-hide_banner", "-nostats", "-loglevel", "level+info", "-y")
    argv = (str(find_ffmpeg().path), *quiet, *arguments)
    try:
        done = run_child(
            argv,
            read_stdout=read_stdout,
            cwd=cwd,
            environment=_environment(),
            timeout_s=timeout_s,
            stalled_after_s=stalled_after_s(),
        )
    except NotStarted as error:
        raise ChildFailed(
            tool="ffmpeg",
            doing=doing,
            exit_status=126,
            last_lines=with_reason("it cannot be started: {}", "시작할 수 없음: {}", _cause(error)),
            argv=argv,
            graph=graph,
        ) from error
    if done.exit_status == 0 and not done.timed_out and not done.stalled:
        if broke_off := _BROKE_OFF.search(done.stderr):
            path = _input_of(arguments, cwd, int(broke_off[1]))
            raise DiskFailed(path=path, found=said_by_system(broke_off[2]))
        return done
    if done.exit_status == -_TOO_LARGE:
        raise DiskFailed(path=_output_of(arguments, cwd), found=said_by_system("File too large"))
    for line in _severe_lines(done.stderr):
        if found := _DISK.search(line):
            raise DiskFailed(path=_output_of(arguments, cwd), found=said_by_system(found[1]))
    reasons = _reasons(done.stderr)
    if done.timed_out:
        reasons = [
            Said(
                f"stopped after {timeout_s:g} s, which is the longest it may take",
                ko=f"길어야 {timeout_s:g}초인 작업이 끝나지 않아 멈춤",
            )
        ]
    elif done.stalled:
        waited = Said(
            f"stopped, for it had done nothing for {stalled_after_s():g} s; the drive with the footage may have gone",
            ko=f"{stalled_after_s():g}초 동안 아무 일도 하지 않아 멈춤, 영상이 있는 드라이브의 연결이 끊겼을 수 있음",
        )
        reasons = [waited, *reasons]
    elif done.exit_status < 0:
        ended = Said(
            f"ended by signal {-done.exit_status}; the machine may have run out of memory",
            ko=f"{-done.exit_status}번 신호를 받아 끝남, 컴퓨터의 메모리가 모자랐을 수 있음",
        )
        reasons = [*reasons, ended]
    raise ChildFailed(
        tool="ffmpeg",
        doing=doing,
        exit_status=done.exit_status,
        last_lines=_told(reasons) if reasons else Said("it said nothing", ko="아무 말도 남기지 않음"),
        argv=argv,
        graph=graph,
    )


def _cause(error: NotStarted) -> Exception:
    return error.__cause__ if isinstance(error.__cause__, OSError) else error


def _told(reasons: Sequence[str]) -> Said:
    """All of `reasons`: what ffmpeg said stays as it is, what we say of it is Korean too."""
    return Said("; ".join(reasons), ko="; ".join(in_language(reason, "ko") for reason in reasons))


def stalled_after_s() -> float:
    """After how many seconds of doing nothing but wait a child is given up: `REELS_STALLED_AFTER_S`, or five minutes."""
    try:
        return max(0.1, float(os.environ.get("REELS_STALLED_AFTER_S", _STALLED_AFTER_S)))
    except ValueError:
        return _STALLED_AFTER_S


def _environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name != "FFREPORT"}
    # FFREPORT would drop a log file into the work folder; colours would end up in messages.
    return kept | {"AV_LOG_FORCE_NOCOLOR": "1"}


def _programme_seconds(line: bytes) -> Fraction | None:
    """Seconds from a line of `-progress`, None for every other key and before the first packet."""
    key, _, value = line.strip().partition(b"=")
    return Fraction(int(value), 1_000_000) if key == b"out_time_us" and value.isdigit() else None


def _reasons(stderr: str) -> list[str]:
    """The lines that say why, oldest first, without addresses and repetitions.

    The first error is mostly the cause and the last ones the consequence, so both ends are kept.
    """
    severe = list(dict.fromkeys(_severe_lines(stderr)))
    if not severe:
        return list(dict.fromkeys(_plain_lines(stderr)))[-3:]
    told = [line for line in severe if not _NOISE.fullmatch(line)] or severe
    return told if len(told) <= 3 else [told[0], *told[-2:]]


def _severe_lines(stderr: str) -> Iterator[str]:
    for line in stderr.splitlines():
        found = _LEVEL.search(line)
        if found and found[1] in _SEVERE:
            yield _COMPONENT.sub("", _LEVEL.sub("", line)).strip()


def _plain_lines(stderr: str) -> Iterator[str]:
    for line in stderr.splitlines():
        said = _COMPONENT.sub("", _LEVEL.sub("", line))
        if not _CHATTER.match(said):
            yield said.strip()


def _input_of(arguments: Sequence[str], cwd: Path | None, number: int) -> str:
    """The path of an input by its number, as `-i` gives them."""
    inputs = [path for option, path in itertools.pairwise(arguments) if option == "-i"]
    return str((cwd or Path()) / inputs[number].removeprefix("file:")) if number < len(inputs) else "-"


def _output_of(arguments: Sequence[str], cwd: Path | None) -> str:
    written = arguments[-1].removeprefix("file:") if arguments else "-"
    return str((cwd or Path()) / written)


def _executable(name: str, *, found: str, remedy: str) -> Path:
    path = shutil.which(name)
    if path is None:
        said = Said(
            f"{found} is not a program that can be run", ko=f"{found}: 실행할 수 있는 프로그램이 아님"
        )
        raise ToolMissing(tool="ffmpeg", found=said, remedy=remedy)
    return Path(path).absolute()


def _probe(path: Path, remedy: str) -> Ffmpeg:
    stamp = path.stat()
    return _probe_once(path, remedy, stamp.st_size, stamp.st_mtime_ns)


@lru_cache(maxsize=8)
def _probe_once(path: Path, remedy: str, size: int, mtime_ns: int) -> Ffmpeg:
    """Ask the binary once; its size and time are part of the question, so a replaced one is asked anew."""
    banner = _ask(path, "-version", remedy)
    found = re.match(r"ffmpeg version (\S+)", banner)
    if found is None:
        said = Said(f"{path} does not say that it is ffmpeg", ko=f"{path}: ffmpeg가 아님")
        raise ToolMissing(tool="ffmpeg", found=said, remedy=remedy)
    tool = Ffmpeg(
        path=path,
        version=found[1],
        filters=frozenset(re.findall(r"^ [T.][S.]\S? (\w+) +\S+->\S+", _ask(path, "-filters", remedy), re.M)),
        encoders=frozenset(re.findall(r"^ [VAS][\w.]{5} (\S+)", _ask(path, "-encoders", remedy), re.M)),
    )
    lacking = sorted(f"filter {name}" for name in REQUIRED_FILTERS - tool.filters)
    lacking += sorted(f"encoder {name}" for name in REQUIRED_ENCODERS - tool.encoders)
    if lacking:
        said = Said(
            f"{path}, version {tool.version}, lacks {', '.join(lacking)}",
            ko=f"{path} {tool.version}판에 {', '.join(lacking)}이(가) 없음",
        )
        raise ToolMissing(tool="ffmpeg", found=said, remedy=remedy)
    return tool


def _ask(path: Path, question: str, remedy: str) -> str:
    try:
        done = run_child(
            (str(path), "-hide_banner", question) if question != "-version" else (str(path), question),
            read_stdout=lambda stream: stream.read(_PROBE_BYTES),
            environment=_environment(),
            timeout_s=_PROBE_TIMEOUT_S,
        )
    except NotStarted as error:
        said = Said(f"{path} cannot be started: {error}", ko=f"{path}: 시작할 수 없음, {error}")
        raise ToolMissing(tool="ffmpeg", found=said, remedy=remedy) from error
    if done.exit_status != 0:
        said = Said(
            f"{path} {question} ended with {done.exit_status}",
            ko=f"{path} {question}: {done.exit_status}(으)로 끝남",
        )
        raise ToolMissing(tool="ffmpeg", found=said, remedy=remedy)
    return done.output.decode("utf-8", "replace")
