"""The one door to work: what is told where a file that a step reads is changed, gone, or cannot be looked at."""

from __future__ import annotations

import errno
import os
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from reels.campaign.model import Workspace
from reels.errors import ChildFailed, DiskFailed, FootageMissing, ReelsError, SourceChanged
from reels.fonts import load_font
from reels.perform import Workshop, perform, picture
from reels.perform import steps as door
from reels.perform.bench import Bench
from reels.resources import fonts_dir
from reels.steps import ChunkWork, FrameWork, ProbeWork, SourceFile, Step
from reels.store import JournalEntry
from tests.unit.test_steps import WORKS

CHILD = ChildFailed(tool="ffmpeg", doing="probing", exit_status=1, last_lines="torn")
DISK = DiskFailed(path="a.mov", found=os.strerror(errno.EIO))


@pytest.fixture
def film(tmp_path: Path) -> Path:
    path = tmp_path / "a.mov"
    path.write_bytes(b"a film")
    return path


def source_of(path: Path) -> SourceFile:
    status = path.stat()
    return SourceFile(path=path, size=status.st_size, mtime_ns=status.st_mtime_ns)


def step_of(work: Any, *sources: SourceFile) -> Step:
    mark = "1" * 64
    return Step(
        id="a step",
        kind="probe",
        reel=None,
        platform=None,
        reason="new",
        will_run=True,
        fingerprint=mark,
        work=work,
        entry=JournalEntry(fingerprint=mark, sources="", options="", tools=""),
        sources=sources,
    )


def workshop(folder: Path) -> Workshop:
    opened = Workshop(workspace=Workspace.of_campaign(folder))
    opened.store.prepare()
    return opened


def cannot_look(monkeypatch: pytest.MonkeyPatch, film: Path) -> None:
    """As a share does that has gone away: every question about the file fails."""
    real = Path.stat

    def stat(path: Path, **given: Any) -> os.stat_result:
        if path == film:
            raise OSError(errno.ESTALE, os.strerror(errno.ESTALE))
        return real(path, **given)

    monkeypatch.setattr(Path, "stat", stat)


# --- sources -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ns", [-900, -100, 0, 100, 900])
def test_a_time_that_another_mount_rounds_otherwise_is_no_change(film: Path, ns: int) -> None:
    stands = source_of(film)
    assert replace(stands, mtime_ns=stands.mtime_ns + ns).stands()


@pytest.mark.parametrize("ns", [-2000, 1000, 10**9])
def test_another_time_or_size_is_a_change(film: Path, ns: int) -> None:
    stands = source_of(film)
    assert not replace(stands, mtime_ns=stands.mtime_ns + ns).stands()
    assert not replace(stands, size=stands.size + 1).stands()


@pytest.mark.parametrize(
    ("befalls", "first", "told"),
    [
        ("nothing", CHILD, ChildFailed),
        ("changed", CHILD, SourceChanged),
        ("changed", DISK, SourceChanged),
        ("gone", CHILD, FootageMissing),
        ("gone", DISK, DiskFailed),
        ("unreadable", CHILD, ChildFailed),
        ("unreadable", DISK, DiskFailed),
    ],
)
def test_a_failure_is_told_as_a_change_only_where_there_was_one(
    film: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    befalls: str,
    first: ReelsError,
    told: type[ReelsError],
) -> None:
    def fail(_work: object, _bench: object) -> None:
        if befalls == "changed":
            film.write_bytes(b"another film")
        elif befalls == "gone":
            film.unlink()
        elif befalls == "unreadable":
            cannot_look(monkeypatch, film)
        raise first

    monkeypatch.setattr(door, "_do", fail)
    with pytest.raises(told) as caught:
        perform(step_of(ProbeWork(footage=film), source_of(film)), workshop(tmp_path))
    if told is type(first):
        assert caught.value is first


@pytest.mark.parametrize(("befalls", "told"), [("gone", FootageMissing), ("unreadable", DiskFailed)])
def test_a_step_does_not_begin_without_its_files(
    film: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, befalls: str, told: type[ReelsError]
) -> None:
    step = step_of(ProbeWork(footage=film), source_of(film))
    monkeypatch.setattr(door, "_do", lambda _work, _bench: pytest.fail("it began"))
    opened = workshop(tmp_path)
    if befalls == "gone":
        film.unlink()
    else:
        cannot_look(monkeypatch, film)
    with pytest.raises(told, match=r"a\.mov"):
        perform(step, opened)


# --- fonts -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("moment", ["before it is laid in", "while ffmpeg runs"])
@pytest.mark.parametrize("kind", ["chunk", "frame"])
def test_a_font_that_is_replaced_is_not_burned_in_under_the_old_ones_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, moment: str
) -> None:
    file = tmp_path / "brand.otf"
    shutil.copyfile(fonts_dir() / "Pretendard-Bold.otf", file)
    chunk = WORKS["chunk"]
    assert isinstance(chunk, ChunkWork)
    assert chunk.style is not None
    piece = chunk.pieces[0]
    shown = replace(
        chunk, pieces=(piece,), overlays=(), style=replace(chunk.style, font=load_font(file)), cues=()
    )

    def replaced(*_: object, **__: object) -> str:
        new = tmp_path / "new.otf"
        shutil.copyfile(fonts_dir() / "Pretendard-ExtraBold.otf", new)
        new.replace(file)
        return ""

    ran: list[str] = []

    def noted(*_: object, **__: object) -> str:
        ran.append("")
        return ""

    encode = replaced if moment == "while ffmpeg runs" else noted
    monkeypatch.setattr(picture, "run_ffmpeg", encode)
    monkeypatch.setattr(picture, "_require_frames", lambda *_: None)
    if moment != "while ffmpeg runs":
        replaced()
    opened = workshop(tmp_path)
    work = shown if kind == "chunk" else FrameWork(shown=shown)
    bench = Bench(
        workspace=opened.workspace,
        store=opened.store,
        step=step_of(work),
        on_progress=lambda _share: None,
    )
    with pytest.raises(SourceChanged, match=r"brand\.otf"):
        picture.chunk(work, bench) if isinstance(work, ChunkWork) else picture.frame(work, bench)
    assert not ran, "it was drawn first"
    assert opened.store.result("1" * 64) is None
