"""Who does the steps: whether a worker is fit, where its own copy of a shipped file lies, and how a crew stops.

The cluster itself is at work in `tests/end_to_end/test_cluster`; here is what it asks and what it answers.
"""

from __future__ import annotations

import dataclasses
import os
import pickle
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reels import __version__
from reels.campaign.model import Workspace
from reels.crews import LocalCrew, local_capacity
from reels.crews.looking import Expected, Look, look_around, unfit_for, versions_here
from reels.crews.relocation import Relocation
from reels.dispatch import Capacity
from reels.errors import FootageDamaged, Interrupted, ModelMissing, ToolMissing
from reels.fingerprint import digest, paths_in
from reels.machine import cores
from reels.perform import Workshop
from reels.recognise import find_model
from reels.resources import assets_dir, templates_dir
from reels.run import Crew
from reels.said import Said, said_by_system
from reels.steps import LogoWork, ProbeWork, Step
from reels.tools.ffmpeg import allow_children, require_not_stopped
from tests.end_to_end.small_films import without_powers_of_root

HANGUL = re.compile(r"[가-힣]")
ENGLISH = re.compile(r"\b[a-z]{2,} [a-z]{2,}\b")
"""Two words in a row: a sentence, while a name stands alone."""

# --- shipped files ---------------------------------------------------------------------------------------

THERE = Relocation(assets=Path("/srv/reels/assets"), templates=Path("/srv/reels/templates"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Nest:
    """A value like those of steps."""

    one: Any
    other: Any = None


names = st.text("abcXYZ가나 ._-", min_size=1, max_size=6).filter(lambda name: name.strip(" .") == name)
shipped = st.builds(
    lambda root, parts: root.joinpath(*parts),
    st.sampled_from([THERE.assets, THERE.templates]),
    st.lists(names, max_size=3),
)
foreign = st.builds(
    lambda root, parts: Path(root).joinpath(*parts),
    # The last ones only look as if they were below.
    st.sampled_from(
        ["/", "/share/festival", "relative", "/srv/reels", "/srv/reels/assets2", "/srv/reels/assets.old"]
    ),
    st.lists(names, max_size=3),
).filter(lambda path: not path.is_relative_to(THERE.assets) and not path.is_relative_to(THERE.templates))
leaves = (
    st.none()
    | st.integers()
    | st.booleans()
    | st.text(max_size=5)
    | st.fractions()
    | st.just("/srv/reels/assets/not-a-path.png")
    | foreign
    | shipped
)
values = st.recursive(
    leaves,
    lambda inner: (
        st.lists(inner, max_size=4).map(tuple)
        | st.builds(Nest, one=inner, other=inner)
        | st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=12,
)


def parts_of(value: Any) -> Iterator[Any]:
    yield value
    if isinstance(value, Nest):
        yield from (part for field in (value.one, value.other) for part in parts_of(field))
    elif isinstance(value, tuple):
        yield from (part for item in value for part in parts_of(item))
    elif isinstance(value, Mapping):
        yield from (part for item in value.values() for part in parts_of(item))


@given(values)
def test_paths_of_shipped_files_move_and_everything_else_is_the_very_same_value(value: Any) -> None:
    moved = THERE.of(value)
    for before, after in zip(parts_of(value), parts_of(moved), strict=True):
        if isinstance(before, Path):
            assert after == _expected(before)
        elif not paths_in(before) or paths_in(before) == paths_in(after):
            assert after is before
        else:
            assert type(after) is type(before)
    assert digest(moved) == digest(value), "a fingerprint knows no places"


def _expected(path: Path) -> Path:
    for there, here in ((THERE.assets, assets_dir()), (THERE.templates, templates_dir())):
        if path.is_relative_to(there):
            return here / path.relative_to(there)
    return path


@given(values)
def test_where_shipped_files_lie_at_the_same_place_nothing_is_touched(value: Any) -> None:
    assert Relocation.from_here().of(value) is value


@given(values)
def test_there_and_back_again_is_where_it_was(value: Any) -> None:
    """What another machine sends comes back as the same value, as long as it did not name our own folders."""
    for path in paths_in(value):
        if path.is_relative_to(assets_dir()) or path.is_relative_to(templates_dir()):
            return
    moved = THERE.of(value)
    back = {
        path: THERE.assets / path.relative_to(assets_dir())
        for path in paths_in(moved)
        if path.is_relative_to(assets_dir())
    }
    assert [back.get(path, path) for path in paths_in(moved) if not path.is_relative_to(templates_dir())] == [
        path for path in paths_in(value) if not path.is_relative_to(THERE.templates)
    ]


def test_a_work_value_of_another_machine_names_the_files_of_this_one() -> None:
    from reels.geometry import Raster

    work = LogoWork(
        logo=Path("/srv/reels/assets/brand/logo.svg"),
        room=Raster(10, 10),
        raster=Raster(20, 20),
        opacity=Fraction(1),
    )
    moved = THERE.of(work)
    assert moved == replace(work, logo=assets_dir() / "brand" / "logo.svg")
    assert moved.room is work.room


# --- whether a worker is fit -----------------------------------------------------------------------------


def expected(folder: Path, **changed: Any) -> Expected:
    (folder / "hello").write_text("hello", encoding="ascii")
    return replace(
        Expected(
            versions=versions_here(),
            folder=folder,
            token="hello",
            files=(),
            models=(),
            encoder="x264",
            relocation=Relocation.from_here(),
        ),
        **changed,
    )


def lacks(wanted: Expected, look: Look | None = None) -> list[Said]:
    return list(unfit_for(wanted, look if look is not None else look_around(wanted)))


def test_a_worker_that_has_everything_is_fit_and_leaves_nothing_behind(tmp_path: Path) -> None:
    nano = find_model("nano-ko", "faster-whisper")
    (tmp_path / "film.mp4").touch()
    wanted = expected(
        tmp_path,
        files=(tmp_path / "film.mp4", assets_dir() / "fonts"),
        models=(("nano-ko", "faster-whisper", nano.identity),),
    )
    look = look_around(wanted)
    assert lacks(wanted, look) == []
    assert look.machine
    assert look.free_memory > 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["film.mp4", "hello"]


def test_a_file_that_comes_with_reels_is_looked_for_where_the_worker_has_its_own(tmp_path: Path) -> None:
    wanted = expected(tmp_path, files=(Path("/srv/reels/assets/fonts"),), relocation=THERE)
    assert lacks(wanted) == []
    elsewhere = replace(wanted, files=(Path("/srv/reels/fonts"),))
    assert len(lacks(elsewhere)) == 1


LOOK = Look(machine="vm", versions=(("reels", "1"), ("ffmpeg", "9")), free_memory=1)
EXPECTED = Expected(
    versions=LOOK.versions,
    folder=Path("/share/festival/.reels"),
    token="hello",
    files=(),
    models=(),
    encoder="x264",
    relocation=THERE,
)
LACKS: dict[str, tuple[Look, Expected, str]] = {
    "the folder": (
        replace(LOOK, folder=said_by_system("No such file or directory")),
        EXPECTED,
        r"cannot use /share/festival/\.reels \(No such file or directory\); mount the same storage",
    ),
    "a file": (
        replace(LOOK, missing="/share/music.mp3"),
        EXPECTED,
        r"does not see /share/music\.mp3; put it on storage that all machines see",
    ),
    "our reels": (
        replace(LOOK, versions=(("reels", "0.9"), ("ffmpeg", "9"))),
        EXPECTED,
        r"reels is 0\.9 there, expected 1; install the same",
    ),
    "any ffmpeg": (
        replace(LOOK, versions=(("reels", "1"),)),
        EXPECTED,
        r"ffmpeg is none there, expected 9; install the same",
    ),
    "our model": (
        replace(LOOK, versions=(*LOOK.versions, ("model small", "abc"))),
        replace(EXPECTED, models=(("small", "faster-whisper", "def"),)),
        r"model small is abc there, expected the one here; install the same",
    ),
    "our graphics chip": (
        replace(LOOK, encoder="Cannot load libcuda.so.1"),
        replace(EXPECTED, encoder="nvenc"),
        r"the encoder nvenc does not work there \(Cannot load libcuda\.so\.1\); leave --encoder out",
    ),
    "a tool": (
        replace(
            LOOK,
            versions=(),
            broken=ToolMissing(
                tool="ffmpeg",
                found=Said("none on PATH", ko="PATH에 없음"),
                remedy=Said("install it", ko="설치하세요."),
            ),
        ),
        EXPECTED,
        r"ffmpeg is missing \(none on PATH\); install it",
    ),
}


@pytest.mark.parametrize("name", LACKS)
def test_each_thing_that_a_worker_lacks_is_told_with_what_to_do_in_both_languages(name: str) -> None:
    look, wanted, sentence = LACKS[name]
    (said,) = lacks(wanted, look)
    assert re.search(sentence, said)
    assert "; " in said, "nothing to do"
    assert HANGUL.search(said.ko)
    assert not ENGLISH.search(said.ko.replace(look.encoder or " ", "")), said.ko
    assert lacks(EXPECTED, LOOK) == []


def test_everything_that_differs_is_told_and_a_lost_folder_hides_the_files_in_it() -> None:
    look = replace(
        LOOK, folder="Permission denied", missing="/share/a.mp4", versions=(("reels", "0"), ("ffmpeg", "4"))
    )
    told = lacks(EXPECTED, look)
    assert [said.split()[0] for said in told] == ["it", "reels", "ffmpeg"]
    assert "a.mp4" not in " ".join(told)


def test_every_tool_that_results_depend_on_is_compared(tmp_path: Path) -> None:
    wanted = expected(tmp_path)
    look = look_around(wanted)
    assert {"reels", "python", "ffmpeg", "faster_whisper", "drawing", "faces"} <= dict(look.versions).keys()
    assert ("reels", __version__) in look.versions
    for name, _ in wanted.versions:
        other = tuple((known, "another" if known == name else found) for known, found in look.versions)
        (said,) = lacks(wanted, replace(look, versions=other))
        assert said.startswith(f"{name.replace('_', '-')} is another there")


# --- looked at on the worker -----------------------------------------------------------------------------


def test_a_folder_that_is_not_there_is_found_out(tmp_path: Path) -> None:
    wanted = expected(tmp_path)
    (said,) = lacks(replace(wanted, folder=tmp_path / "nowhere"))
    assert f"cannot use {tmp_path}/nowhere (No such file or directory)" in said


def test_another_folder_under_the_same_path_is_found_out(tmp_path: Path) -> None:
    """Each machine has a /data of its own, and another run's file lies in this one."""
    wanted = expected(tmp_path)
    (tmp_path / "hello").write_text("another run's", encoding="ascii")
    (said,) = lacks(wanted)
    assert "(another folder)" in said


READ_ONLY = """
import pickle, sys
from reels.crews.looking import look_around
sys.stdout.buffer.write(pickle.dumps(look_around(pickle.loads(sys.stdin.buffer.read()))))
"""


def test_a_folder_that_can_only_be_read_is_found_out_also_by_root(tmp_path: Path) -> None:
    """In a process of its own, as on a worker: what it is asked and what it answers travel as bytes."""
    folder = tmp_path / "read only"
    folder.mkdir()
    wanted = expected(folder)
    folder.chmod(0o555)
    try:
        done = subprocess.run(
            [*without_powers_of_root(), sys.executable, "-c", READ_ONLY],
            input=pickle.dumps(wanted),
            env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
            capture_output=True,
        )
    finally:
        folder.chmod(0o755)
    assert done.returncode == 0, done.stderr
    look = pickle.loads(done.stdout)
    assert isinstance(look, Look)
    (said,) = lacks(wanted, look)
    assert f"cannot use {folder} (Permission denied)" in said


def test_a_model_that_is_not_there_or_is_another_is_found_out(tmp_path: Path) -> None:
    nowhere = expected(tmp_path, models=((str(tmp_path / "no model"), "faster-whisper", "abc"),))
    (said,) = lacks(nowhere)
    assert "no model" in said
    assert isinstance(look_around(nowhere).broken, ModelMissing)
    another = expected(tmp_path, models=(("nano-ko", "faster-whisper", "another one"),))
    (said,) = lacks(another)
    found = find_model("nano-ko", "faster-whisper").identity
    assert said.startswith(f"model nano-ko is {found} there, expected the one here")


def test_errors_come_back_from_a_worker_as_they_were_in_both_languages() -> None:
    error = FootageDamaged(path="축제.mp4", found=Said("it breaks off", ko="중간에 끊김"))
    look = pickle.loads(pickle.dumps(replace(LOOK, broken=error)))
    assert type(look.broken) is FootageDamaged
    for language in ("en", "ko"):
        assert look.broken.sentence(language) == error.sentence(language)


# --- threads of this process -----------------------------------------------------------------------------


def local_crew(tmp_path: Path, slots: int = 2) -> LocalCrew:
    places = {field.name: tmp_path for field in dataclasses.fields(Workspace)}
    return LocalCrew(
        Workshop(workspace=Workspace(**places)), Capacity(slots=slots), on_progress=lambda _step, _share: None
    )


STEP = Step(
    id="a",
    kind="transcribe",
    reel=None,
    platform=None,
    reason="new",
    will_run=True,
    fingerprint="a",
    work=ProbeWork(footage=Path("a.mp4")),
)


def test_a_crew_that_is_stopped_does_not_wait_for_an_engine_that_hears_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An engine that listens looks up twice a minute; what waits behind it never begins."""
    listens, go_on = threading.Event(), threading.Event()

    def perform(_step: Step, _workshop: Workshop, _progress: object) -> None:
        listens.set()
        go_on.wait(120)

    monkeypatch.setattr("reels.crews.local.perform", perform)
    crew: Crew = local_crew(tmp_path, slots=1)
    try:
        first, second = crew.submit(STEP), crew.submit(STEP)
        assert listens.wait(20)
        before = time.monotonic()
        crew.stop()
        assert time.monotonic() - before < 20
        assert not first.done()
        assert second.cancelled()
        with pytest.raises(Interrupted):
            require_not_stopped()
    finally:
        go_on.set()
        allow_children()


def test_work_that_asks_whether_it_may_go_on_ends_with_the_crew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = threading.Event()

    def perform(_step: Step, _workshop: Workshop, _progress: object) -> None:
        begun.set()
        while True:
            require_not_stopped()
            time.sleep(0.01)

    monkeypatch.setattr("reels.crews.local.perform", perform)
    crew = local_crew(tmp_path)
    try:
        future = crew.submit(STEP)
        assert begun.wait(20)
        crew.stop()
        assert isinstance(future.exception(timeout=20), Interrupted)
    finally:
        allow_children()


def test_this_computer_bears_as_much_as_it_has(monkeypatch: pytest.MonkeyPatch) -> None:
    assert local_capacity().slots == cores()
    assert local_capacity(7).slots == 7
    monkeypatch.setattr("reels.crews.local.free_memory", lambda: 1000)
    memory = local_capacity().memory
    assert memory is not None
    assert 0 < memory < 1000
