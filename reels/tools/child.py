"""One child process: its own group, its output read as it comes, and never left behind.

Knows nothing about any program; `ffmpeg` beside it stands after it, the operating system before it. It
decides nothing about results: the exit status and the text go to the caller.
"""

from __future__ import annotations

import contextlib
import io
import os
import select
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import IO, Any, Generic, TypeVar, cast

from reels.errors import Interrupted
from reels.machine import cpu_seconds

__all__ = [
    "Finished",
    "NotStarted",
    "allow_children",
    "children_of",
    "require_not_stopped",
    "run_child",
    "stop_all_children",
    "stop_children_of",
]

T = TypeVar("T")

_GRACE_S = 0.7
_STUCK_S = 2.0
"""A process that waits for a drive that has gone cannot be ended by anybody; it is left to the system."""
_LOOK_AGAIN_MS = 250
"""How often it is asked whether anybody will still write into a pipe that says nothing."""
_LEAST_CPU = 0.002
"""Of a core: one that uses less does nothing but wait."""
_AT_ONCE = 1 << 16
_KEPT_HEAD = 1 << 20
_KEPT_TAIL = 3 << 20


class NotStarted(Exception):
    """The operating system would not start the program; the message is its reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished(Generic[T]):
    """A child that has ended: `exit_status` is negative for a signal, as in `subprocess`."""

    exit_status: int
    output: T
    stderr: str
    timed_out: bool
    stalled: bool = False


@dataclass(eq=False, slots=True)
class _Running:
    process: subprocess.Popen[bytes]
    owner: str
    stopped: bool = False
    timed_out: bool = False
    stalled: bool = False
    awaited_until: float | None = None
    """Set once nothing more can be done to end it: when its silent pipes are given up, by the monotonic clock."""
    stderr: bytearray = field(default_factory=bytearray)

    @property
    def is_ended(self) -> bool:
        """Whether we ended it, so that nobody wants the rest of its output."""
        return self.stopped or self.timed_out or self.stalled


_lock = threading.Lock()
_running: set[_Running] = set()
_refusing = threading.Event()
_owner: ContextVar[str] = ContextVar("_owner", default="")
_stopped_owners: set[str] = set()


@lru_cache(maxsize=1)
def _lifeline() -> tuple[str, ...]:
    """A prefix that lets the kernel end the child when we are killed in a way that no handler sees.

    Source: prctl(2), PR_SET_PDEATHSIG; setpriv(1) of util-linux sets it and then becomes the program. The
    signal is bound to the thread that starts the child, and that thread waits for it below.
    """
    found = shutil.which("setpriv") if sys.platform == "linux" else None
    if found is None:
        return ()
    prefix = (found, "--pdeathsig", "KILL")
    # Small systems carry another program of that name which lacks the option.
    tried = subprocess.run(
        [*prefix, found, "--version"], capture_output=True, stdin=subprocess.DEVNULL, check=False
    )
    return prefix if tried.returncode == 0 else ()


def run_child(
    argv: Sequence[str],
    *,
    read_stdout: Callable[[IO[bytes]], T],
    cwd: Path | None = None,
    environment: Mapping[str, str] | None = None,
    timeout_s: float | None = None,
    stalled_after_s: float | None = None,
) -> Finished[T]:
    """Run `argv` to its end while `read_stdout` reads its output here and a thread reads its stderr.

    It is ended after `timeout_s`, or when it has done nothing but wait for `stalled_after_s`. Then, or when it is
    stopped, its output ends a moment later, though a process that nobody can end still holds the pipes (not so on
    Windows, where a pipe cannot be waited for with a limit).

    Whatever goes wrong here, a KeyboardInterrupt included, the child and its group are gone before the
    exception leaves. Of stderr the first 1 MiB and the last 3 MiB are kept.

    Raises: Interrupted after `stop_all_children`; NotStarted; whatever `read_stdout` raises.
    """
    with _lock:
        require_not_stopped()
        running = _Running(process=_start([*_lifeline(), *argv], cwd, environment), owner=_owner.get())
        _running.add(running)
    process = running.process
    assert process.stdout is not None
    assert process.stderr is not None
    reader = threading.Thread(target=_keep, args=(process.stderr, running), daemon=True)
    timer = threading.Timer(timeout_s, _time_out, args=(running,)) if timeout_s is not None else None
    ended = threading.Event()
    try:
        reader.start()
        if stalled_after_s is not None:
            threading.Thread(target=_watch, args=(running, stalled_after_s, ended), daemon=True).start()
        if timer is not None:
            timer.daemon = True
            timer.start()
        output = read_stdout(_until_given_up(process.stdout, running))
        # A reader that has had enough must not leave the child blocked on a full pipe.
        process.stdout.close()
        _await(running)
    finally:
        ended.set()
        if timer is not None:
            timer.cancel()
        _end([running])
        if reader.ident is not None:
            reader.join()
        process.stdout.close()
        process.stderr.close()
        with _lock:
            _running.discard(running)
    if running.stopped:
        raise Interrupted
    return Finished(
        exit_status=-signal.SIGTERM if process.returncode is None else process.returncode,
        output=output,
        stderr=running.stderr.decode("utf-8", "replace"),
        timed_out=running.timed_out,
        stalled=running.stalled,
    )


@contextlib.contextmanager
def children_of(owner: str) -> Iterator[None]:
    """Children that this thread starts meanwhile belong to `owner`, and can be stopped without all others.

    A worker does steps of several runs at once.
    """
    token = _owner.set(owner)
    try:
        yield
    finally:
        _owner.reset(token)


def stop_children_of(owner: str) -> None:
    """End every running child of `owner`, for whom no other is started any more. Safe from any thread."""
    with _lock:
        _stopped_owners.add(owner)
    _stop([owner])


def stop_all_children() -> None:
    """End every running child, and refuse new ones until `allow_children`.

    Safe from any thread. A run's work waits in pool threads, while Ctrl-C reaches only the main one; each
    waiting `run_child` raises Interrupted.
    """
    with _lock:
        _refusing.set()
        owners = {child.owner for child in _running}
    _stop(owners)


def _stop(owners: Collection[str]) -> None:
    with _lock:
        running = [child for child in _running if child.owner in owners]
        for child in running:
            child.stopped = True
    _end(running)


def require_not_stopped() -> None:
    """For long work that has no child: asked now and then, it ends as a waiting `run_child` does.

    Raises: Interrupted after `stop_all_children`, or `stop_children_of` for whom it works.
    """
    if _refusing.is_set() or _owner.get() in _stopped_owners:
        raise Interrupted


def allow_children() -> None:
    """Take back `stop_all_children`: a new run in the same process begins."""
    with _lock:
        _refusing.clear()


def _start(
    argv: Sequence[str], cwd: Path | None, environment: Mapping[str, str] | None
) -> subprocess.Popen[bytes]:
    # A group of its own: a terminal's Ctrl-C reaches us alone, and we decide when the child ends.
    flags = 0
    if sys.platform == "win32":
        flags = subprocess.CREATE_NEW_PROCESS_GROUP
    try:
        return subprocess.Popen(
            list(argv),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=cwd,
            env=None if environment is None else dict(environment),
            start_new_session=sys.platform != "win32",
            creationflags=flags,
        )
    except (OSError, ValueError) as error:
        raise NotStarted(str(error)) from error


class _Pipe(io.RawIOBase):
    """The read end of a child's pipe; it ends where the pipe does, or where nobody is waited for any more."""

    def __init__(self, handle: int, running: _Running) -> None:
        self._handle = handle
        self._running = running
        self._poll = select.poll()
        self._poll.register(handle, select.POLLIN)

    def readable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._handle

    def readinto(self, buffer: Any) -> int:
        return os.readv(self._handle, [buffer]) if self._has_more() else 0

    def readall(self) -> bytes:
        read = io.BytesIO()
        while self._has_more() and (chunk := os.read(self._handle, _AT_ONCE)):
            read.write(chunk)
        return read.getvalue()

    def _has_more(self) -> bool:
        """Wait until there is something to read, the pipe's own end included, or nobody to wait for."""
        while not self._poll.poll(_LOOK_AGAIN_MS):
            if _is_given_up(self._running):
                return False
        # What holds the pipe may also write without end.
        return not (self._running.is_ended and _is_given_up(self._running))


def _until_given_up(stream: IO[bytes], running: _Running) -> io.BufferedReader:
    if not hasattr(select, "poll"):  # Windows
        return cast(io.BufferedReader, stream)
    return io.BufferedReader(_Pipe(stream.fileno(), running), _AT_ONCE)


def _is_given_up(running: _Running) -> bool:
    until = running.awaited_until
    return until is not None and time.monotonic() >= until


def _await(running: _Running) -> None:
    """Wait for the child's end, or until it is clear that nobody can end it."""
    while running.awaited_until is None:
        with contextlib.suppress(subprocess.TimeoutExpired):
            running.process.wait(_GRACE_S)
            return


def _keep(stream: IO[bytes], running: _Running) -> None:
    """Empty the pipe until its end; a broken file can complain without end, so the middle is let go."""
    kept, pipe = running.stderr, _until_given_up(stream, running)
    with contextlib.suppress(ValueError, OSError):
        while chunk := pipe.read1(_AT_ONCE):
            kept += chunk
            if len(kept) > 2 * (_KEPT_HEAD + _KEPT_TAIL):
                del kept[_KEPT_HEAD:-_KEPT_TAIL]


def _time_out(running: _Running) -> None:
    if running.process.poll() is None:
        running.timed_out = True
    _end([running])


def _watch(running: _Running, stalled_after_s: float, ended: threading.Event) -> None:
    """End a child that waits and waits: for a drive that has gone, or for itself."""
    used, since = cpu_seconds(running.process.pid), time.monotonic()
    while not ended.wait(stalled_after_s / 4):
        now = cpu_seconds(running.process.pid)
        if now is None or used is None:
            return
        waited = time.monotonic() - since
        if now - used > _LEAST_CPU * waited:
            used, since = now, time.monotonic()
        elif waited >= stalled_after_s:
            running.stalled = running.process.poll() is None
            _end([running])
            return


def _end(children: Sequence[_Running]) -> None:
    """Ask each child to end, wait a moment, then make it end."""
    children = [child for child in children if child.awaited_until is None]
    alive = [child.process for child in children if child.process.poll() is None]
    for process in alive:
        _signal(process, signal.SIGTERM)
    deadline = time.monotonic() + _GRACE_S
    for process in alive:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(max(0.0, deadline - time.monotonic()))
    for process in alive:
        if process.poll() is None:
            _signal(process, signal.SIGTERM if sys.platform == "win32" else signal.SIGKILL)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(_STUCK_S)
    for child in children:
        child.awaited_until = time.monotonic() + _STUCK_S


def _signal(process: subprocess.Popen[bytes], number: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if sys.platform == "win32":
            process.terminate()
        else:
            os.killpg(process.pid, number)
