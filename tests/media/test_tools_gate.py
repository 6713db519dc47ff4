"""Real children: how they are found, watched, stopped, and what is said when they fail."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import IO

import pytest

from reels.errors import ChildFailed, DiskFailed, Interrupted, ToolMissing
from reels.tools import child
from reels.tools.child import NotStarted, run_child
from reels.tools.ffmpeg import (
    REQUIRED_ENCODERS,
    REQUIRED_FILTERS,
    allow_children,
    children_of,
    find_ffmpeg,
    read_ffmpeg,
    require_not_stopped,
    run_ffmpeg,
    stalled_after_s,
    stop_all_children,
    stop_children_of,
)

ENDLESS = ("-re", "-f", "lavfi", "-i", "testsrc2=s=64x64", "-f", "null", "-")


@pytest.fixture(autouse=True)
def children_are_allowed() -> Iterator[None]:
    allow_children()
    yield
    allow_children()


def is_running(pid: int) -> bool:
    """Whether the process still works; one that has ended and is only not yet collected does not count."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state not in "ZX"


def gone_within(pid: int, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while is_running(pid):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def python(program: str) -> list[str]:
    return [sys.executable, "-c", textwrap.dedent(program)]


# --- finding ---------------------------------------------------------------------------------------------


def test_the_shipped_ffmpeg_can_do_what_is_needed() -> None:
    tool = find_ffmpeg()
    assert tool.path.is_file()
    assert tool.filters >= REQUIRED_FILTERS
    assert tool.encoders >= REQUIRED_ENCODERS
    assert tool.release is not None


def test_a_binary_is_asked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    first = find_ffmpeg()
    monkeypatch.setattr("reels.tools.ffmpeg.run_child", None)
    assert find_ffmpeg() is first


def script(folder: Path, body: str) -> Path:
    path = folder / "ffmpeg"
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)
    return path


def test_a_chosen_ffmpeg_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("REELS_FFMPEG", str(tmp_path / "없음" / "ffmpeg"))
    with pytest.raises(ToolMissing, match=r"REELS_FFMPEG=.*없음/ffmpeg is not a program.*unset it") as caught:
        run_ffmpeg(["-version"], doing="x")
    assert caught.value.exit_code == 5


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("exit 0", "does not say that it is ffmpeg"),
        ("exit 3", "ended with 3"),
        ("while :; do echo nonsense; done", "does not say that it is ffmpeg|ended with"),
    ],
    ids=["silent", "failing", "endless"],
)
def test_a_chosen_program_that_is_not_ffmpeg_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, body: str, said: str
) -> None:
    monkeypatch.setenv("REELS_FFMPEG", str(script(tmp_path, body)))
    with pytest.raises(ToolMissing, match=said):
        find_ffmpeg()


def test_a_chosen_file_that_cannot_be_run_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    broken = tmp_path / "ffmpeg"
    broken.write_bytes(b"\x7fELF broken")
    broken.chmod(0o755)
    monkeypatch.setenv("REELS_FFMPEG", str(broken))
    with pytest.raises(ToolMissing):
        find_ffmpeg()


def test_what_a_build_lacks_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    full = find_ffmpeg().path
    lean = script(tmp_path, f"'{full}' \"$@\" | grep -v -e libass -e libx264")
    monkeypatch.setenv("REELS_FFMPEG", str(lean))
    with pytest.raises(ToolMissing, match="lacks filter ass, encoder libx264\\)"):
        find_ffmpeg()


# --- output ----------------------------------------------------------------------------------------------


def test_stderr_comes_back_whole_and_without_our_own_marks() -> None:
    text = run_ffmpeg(["-f", "lavfi", "-i", "testsrc2=d=1:r=25", "-f", "null", "-"], doing="x")
    assert "\nInput #0" in f"\n{text}"
    assert "frame=   25" in text
    assert "[info]" not in text


def test_progress_ends_at_the_length_of_the_programme() -> None:
    seen: list[Fraction] = []
    run_ffmpeg(["-f", "lavfi", "-i", "testsrc2=d=2", "-f", "null", "-"], doing="x", on_progress=seen.append)
    assert seen[-1] == 2
    assert seen == sorted(seen)


def test_output_is_read_as_bytes() -> None:
    samples = read_ffmpeg(
        ["-f", "lavfi", "-i", "anullsrc=r=8000:cl=mono:d=1", "-f", "u8", "pipe:1"], doing="x"
    )
    assert samples == b"\x80" * 8000


def test_a_child_that_floods_both_pipes_does_not_block() -> None:
    flood = python(
        "import sys\nfor n in range(300):\n sys.stderr.write('e'*65536)\n sys.stdout.write('o'*65536)"
    )
    done = run_child(flood, read_stdout=lambda stream: len(stream.read()), timeout_s=60)
    assert done.output == 300 * 65536
    assert done.exit_status == 0
    assert (1 << 20) < len(done.stderr) < (20 << 20)


def test_work_happens_in_the_given_folder(tmp_path: Path) -> None:
    (tmp_path / "graph.txt").write_text("color=c=red:s=16x16:d=1:r=5,format=rgb24[v]")
    arguments = ["-/filter_complex", "graph.txt", "-map", "[v]", "-f", "rawvideo", "out.raw"]
    run_ffmpeg(arguments, doing="x", cwd=tmp_path)
    assert (tmp_path / "out.raw").stat().st_size == 5 * 16 * 16 * 3


def test_no_report_is_left_behind_where_the_environment_asks_for_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FFREPORT", f"file={tmp_path}/report.log")
    run_ffmpeg(["-f", "lavfi", "-i", "testsrc2=d=1", "-f", "null", "-"], doing="x")
    assert list(tmp_path.iterdir()) == []


# --- failing ---------------------------------------------------------------------------------------------


def test_a_failure_says_what_was_done_and_why_and_keeps_the_command() -> None:
    with pytest.raises(ChildFailed) as caught:
        run_ffmpeg(
            ["-f", "lavfi", "-i", "testsrc2=d=1", "-vf", "nope=a=1", "-f", "null", "-"],
            doing="encoding",
            graph="g",
        )
    error = caught.value
    assert str(error).startswith("encoding: ffmpeg ended with ")
    assert "No such filter: 'nope'" in error.last_lines
    assert "Input #0" not in error.last_lines
    assert " @ 0x" not in error.last_lines
    assert error.argv[1:3] == ("-nostdin", "-hide_banner")
    assert (error.graph, error.exit_code) == ("g", 6)


def test_a_full_disk_is_the_disks_fault() -> None:
    with pytest.raises(DiskFailed) as caught:
        run_ffmpeg(["-f", "lavfi", "-i", "testsrc2=d=1", "-f", "mpegts", "/dev/full"], doing="x")
    assert (caught.value.path, caught.value.found) == ("/dev/full", "No space left on device")


def test_a_read_only_drive_is_the_disks_fault(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    full = find_ffmpeg().path
    said = "[out#0 @ 0x55] [error] Error opening output out.mp4: Read-only file system"
    body = f'case "$*" in *out.mp4) echo "{said}" >&2; exit 226;; *) exec "{full}" "$@";; esac'
    monkeypatch.setenv("REELS_FFMPEG", str(script(tmp_path, body)))
    with pytest.raises(DiskFailed) as caught:
        run_ffmpeg(["-i", "a.mp4", "out.mp4"], doing="x", cwd=tmp_path)
    assert (caught.value.path, caught.value.found) == (str(tmp_path / "out.mp4"), "Read-only file system")


def test_a_child_killed_from_outside_is_told_from_one_that_failed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    body = f'case "$*" in *out.mp4) kill -9 $$;; *) exec "{find_ffmpeg().path}" "$@";; esac'
    monkeypatch.setenv("REELS_FFMPEG", str(script(tmp_path, body)))
    with pytest.raises(ChildFailed, match="signal 9; the machine may have run out of memory") as caught:
        run_ffmpeg(["out.mp4"], doing="x")
    assert "9번 신호를 받아 끝남" in caught.value.sentence("ko")
    assert "signal" not in caught.value.sentence("ko")


def test_what_we_say_of_a_failure_is_korean_too_and_what_ffmpeg_says_stays(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    full = find_ffmpeg().path
    says = "[out#0 @ 0x55] [error] Broken thing"
    body = f'case "$*" in *said.mp4) echo "{says}" >&2; kill -9 $$;; *mute.mp4) exit 3;; *) exec "{full}" "$@";; esac'
    monkeypatch.setenv("REELS_FFMPEG", str(script(tmp_path, body)))
    with pytest.raises(ChildFailed, match="Broken thing; ended by signal 9") as said:
        run_ffmpeg(["said.mp4"], doing="x")
    assert "(Broken thing; 9번 신호를 받아 끝남" in said.value.sentence("ko")
    with pytest.raises(ChildFailed, match="it said nothing") as mute:
        run_ffmpeg(["mute.mp4"], doing="x")
    assert "(아무 말도 남기지 않음)" in mute.value.sentence("ko")


def test_a_program_that_cannot_be_started_says_so_in_both_languages(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise NotStarted("[Errno 13] Permission denied") from PermissionError(13, "Permission denied")

    find_ffmpeg()
    monkeypatch.setattr("reels.tools.ffmpeg.run_child", refuse)
    with pytest.raises(ChildFailed, match="it cannot be started: Permission denied") as caught:
        run_ffmpeg(["-version"], doing="x")
    assert "(시작할 수 없음: 권한 없음)" in caught.value.sentence("ko")


def test_a_stalled_child_is_told_in_both_languages(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    body = f'case "$*" in *out.mp4) exec sleep 600;; *) exec "{find_ffmpeg().path}" "$@";; esac'
    monkeypatch.setenv("REELS_FFMPEG", str(script(tmp_path, body)))
    find_ffmpeg()
    monkeypatch.setenv("REELS_STALLED_AFTER_S", "1")
    with pytest.raises(ChildFailed, match="it had done nothing for 1 s") as caught:
        run_ffmpeg(["out.mp4"], doing="x")
    assert "1초 동안 아무 일도 하지 않아 멈춤" in caught.value.sentence("ko")


def test_a_program_that_does_not_exist_is_not_started(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "_lifeline", lambda: ())
    with pytest.raises(NotStarted, match="No such file"):
        run_child(["/nowhere/ffmpeg"], read_stdout=lambda stream: stream.read())


# --- stopping --------------------------------------------------------------------------------------------


def test_a_time_limit_ends_the_child() -> None:
    # The child would run for ever: that this returns at all is the point.
    with pytest.raises(ChildFailed, match=r"stopped after 0\.3 s") as caught:
        run_ffmpeg(ENDLESS, doing="x", timeout_s=0.3)
    assert "(길어야 0.3초인 작업이 끝나지 않아 멈춤)" in caught.value.sentence("ko")


def test_an_exception_while_watching_ends_the_child() -> None:
    pids: list[int] = []

    def fail(stream: IO[bytes]) -> None:
        pids.append(int(stream.readline()))
        raise RuntimeError("the watcher fell")

    with pytest.raises(RuntimeError, match="the watcher fell"):
        run_child(python("import os, time; print(os.getpid(), flush=True); time.sleep(60)"), read_stdout=fail)
    assert not is_running(pids[0])


def test_a_failing_progress_callback_ends_ffmpeg() -> None:
    def fail(_: Fraction) -> None:
        raise OSError(32, "Broken pipe")

    with pytest.raises(OSError, match="Broken pipe"):
        run_ffmpeg(ENDLESS, doing="x", on_progress=fail)
    assert not child._running


def test_a_child_that_ignores_the_request_is_ended_within_a_second_with_its_own_children() -> None:
    stubborn = python(
        """
        import os, signal, subprocess, sys, time
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        inner = subprocess.Popen([sys.executable, "-c", "import signal, time; "
            "signal.signal(signal.SIGTERM, signal.SIG_IGN); print(flush=True); time.sleep(60)"],
            stdout=subprocess.PIPE)
        inner.stdout.readline()
        print(os.getpid(), inner.pid, flush=True)
        time.sleep(60)
        """
    )
    pids: list[int] = []

    def fail(stream: IO[bytes]) -> None:
        pids.extend(int(pid) for pid in stream.readline().split())
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_child(stubborn, read_stdout=fail)
    assert len(pids) == 2
    assert all(gone_within(pid, 5) for pid in pids)


def test_stopping_all_children_interrupts_every_thread_and_refuses_new_work() -> None:
    started = threading.Barrier(3)
    raised: list[BaseException] = []

    def work() -> None:
        told = threading.Event()

        def begun(_: Fraction) -> None:
            if not told.is_set():
                told.set()
                started.wait(20)

        try:
            run_ffmpeg(ENDLESS, doing="x", on_progress=begun)
        except Interrupted as error:
            raised.append(error)

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    started.wait(20)
    stop_all_children()
    for thread in threads:
        thread.join(30)
    assert len(raised) == 2
    assert not child._running
    with pytest.raises(Interrupted):
        run_ffmpeg(["-version"], doing="x")
    allow_children()
    run_ffmpeg(["-version"], doing="x")


PARENT = """
import os, sys
from reels.tools.child import run_child
def watch(stream):
    print(int(stream.readline()), flush=True)
    stream.read()
child = "import os, time; print(os.getpid(), flush=True); time.sleep(60)"
run_child([sys.executable, "-c", child], read_stdout=watch)
"""


@pytest.mark.parametrize(
    "number",
    [
        signal.SIGINT,
        pytest.param(
            signal.SIGKILL,
            marks=pytest.mark.skipif(
                sys.platform != "linux", reason="no other kernel ends a child for its parent"
            ),
        ),
    ],
)
def test_no_orphan_is_left_when_we_are_interrupted_or_killed(number: signal.Signals) -> None:
    """SIGKILL reaches no handler of ours; the kernel ends the child, for setpriv asks it to."""
    assert number != signal.SIGKILL or child._lifeline(), "install setpriv of util-linux"
    with subprocess.Popen(
        [sys.executable, "-c", PARENT],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=Path(__file__).parents[2],
    ) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        assert is_running(pid)
        parent.send_signal(number)
        parent.wait(10)
    assert gone_within(pid, 2)
    assert pid != os.getpid()


def test_children_of_one_run_are_stopped_and_those_of_another_work_on() -> None:
    """A worker does steps of several runs at once; one of them is interrupted."""
    started = threading.Barrier(3)
    ended: dict[str, BaseException | str] = {}
    wanted = threading.Event()

    def work(owner: str) -> None:
        def read(stream: IO[bytes]) -> None:
            stream.readline()
            started.wait(20)
            if owner == "other":
                assert wanted.wait(20)

        program = python("import time; print(flush=True); time.sleep(60)")
        try:
            with children_of(owner):
                run_child(program if owner == "ours" else python("print(flush=True)"), read_stdout=read)
                require_not_stopped()
            ended[owner] = "done"
        except Interrupted as error:
            ended[owner] = error

    threads = [threading.Thread(target=work, args=(owner,)) for owner in ("ours", "other")]
    for thread in threads:
        thread.start()
    started.wait(20)
    stop_children_of("ours")
    wanted.set()
    for thread in threads:
        thread.join(30)
    assert isinstance(ended["ours"], Interrupted)
    assert ended["other"] == "done"
    with children_of("ours"), pytest.raises(Interrupted):
        run_ffmpeg(["-version"], doing="x")
    run_ffmpeg(["-version"], doing="x")


# --- hanging ---------------------------------------------------------------------------------------------


def test_a_child_that_only_waits_is_given_up() -> None:
    """It would sleep for ever: that this returns at all is the point."""
    waiting = run_child(
        python("import time; time.sleep(600)"), read_stdout=lambda s: s.read(), stalled_after_s=1
    )
    assert waiting.stalled
    assert not child._running


HELD_PIPES = """
import os, subprocess, sys, time
held = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], start_new_session=True)
print(held.pid, flush=True)
if sys.argv[1:] == ["wait"]:
    time.sleep(60)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there a pipe cannot be waited for with a limit")
@pytest.mark.parametrize("how", ["timed out", "stalled", "stopped", "ended by itself"])
def test_a_pipe_that_another_process_holds_open_is_given_up_with_the_child(how: str) -> None:
    """As behind a drive that has gone: what writes into the pipe is there for a minute and cannot be ended by us."""
    argv = [*python(HELD_PIPES), *(["wait"] if how != "ended by itself" else [])]
    read: list[bytes] = []

    def reading(stream: IO[bytes]) -> None:
        read.append(stream.readline())
        if how == "stopped":
            threading.Thread(target=stop_all_children).start()
        read.append(stream.read())

    began = time.monotonic()
    try:
        if how == "stopped":
            with pytest.raises(Interrupted):
                run_child(argv, read_stdout=reading)
        else:
            done = run_child(
                argv,
                read_stdout=reading,
                timeout_s=None if how == "stalled" else 2,
                stalled_after_s=1 if how == "stalled" else None,
            )
            assert (done.timed_out, done.stalled) == (how == "timed out", how == "stalled")
            assert (done.exit_status == 0) == (how == "ended by itself")
        assert time.monotonic() - began < 20
        assert read[1] == b""
        assert is_running(int(read[0])), "it was ended: this test says nothing"
    finally:
        allow_children()
        os.kill(int(read[0]), signal.SIGKILL)
    assert not child._running


@pytest.mark.skipif(sys.platform == "win32", reason="there a pipe cannot be waited for with a limit")
def test_a_child_that_nobody_can_end_is_left_to_the_system(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "_signal", lambda _process, _number: None)
    processes: list[subprocess.Popen[bytes]] = []

    def reading(stream: IO[bytes]) -> None:
        processes.extend(running.process for running in child._running)
        stream.read()

    began = time.monotonic()
    try:
        done = run_child(python("import time; time.sleep(60)"), read_stdout=reading, timeout_s=1)
        assert done.timed_out
        assert time.monotonic() - began < 20
        assert is_running(processes[0].pid)
    finally:
        processes[0].kill()
        processes[0].wait()


def test_a_child_that_works_is_not_given_up_however_long_it_says_nothing() -> None:
    # Longer than a loaded machine leaves a child without a turn.
    busy = python("import time\nend = time.process_time() + 3\nwhile time.process_time() < end: pass")
    worked = run_child(busy, read_stdout=lambda s: s.read(), stalled_after_s=1.5)
    assert (worked.stalled, worked.exit_status) == (False, 0)


def test_a_hanging_ffmpeg_is_told_with_what_may_have_gone(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    full = find_ffmpeg().path
    hanging = script(tmp_path, f'case "$*" in *testsrc*) exec sleep 600;; *) exec \'{full}\' "$@";; esac')
    monkeypatch.setenv("REELS_FFMPEG", str(hanging))
    monkeypatch.setenv("REELS_STALLED_AFTER_S", "1")
    with pytest.raises(ChildFailed, match=r"doing it: .* nothing for 1 s; the drive"):
        run_ffmpeg(ENDLESS, doing="doing it")


@pytest.mark.parametrize(("written", "seconds"), [("12", 12.0), ("soon", 300.0), ("-3", 0.1)])
def test_how_long_may_be_waited_is_a_setting_and_a_mistyped_one_counts_as_none(
    monkeypatch: pytest.MonkeyPatch, written: str, seconds: float
) -> None:
    monkeypatch.setenv("REELS_STALLED_AFTER_S", written)
    assert stalled_after_s() == seconds
