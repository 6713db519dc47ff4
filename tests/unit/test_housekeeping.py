"""Keeping a store small and sound: what is told to be needed, what goes and in which order, what damage is found."""

from __future__ import annotations

import ast
import json
import os
import shutil
import signal
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reels.errors import DiskFailed, OutputNotWritable, StoreBusy, StoreNewer
from reels.steps import Kind
from reels.store import (
    JournalEntry,
    Needed,
    State,
    Store,
    Stored,
    prune,
    set_aside,
    take_inventory,
    to_prune,
    verify,
)
from tests.stores import again, plain_store, posix, start_python, store

__all__ = ["plain_store", "store"]

REPOSITORY = Path(__file__).parents[2]
DAY_S = 86_400.0
FACTS: Mapping[str, Mapping[str, Any]] = {
    "draft": {"draft": "a.ko.srt", "put": "new"},
    "check": {"reports": {}, "shown": []},
    "deliver": {"files": {}},
    "hearing": {"stream": 1, "track": 1, "tracks": 2, "channel": "left", "why_track": "", "why_channel": ""},
}
FILES = {
    "probe": "media.json",
    "transcribe": "transcript.json",
    "framing": "framing.json",
    "stabilise": "steady.json",
    "art": "overlay.mov",
    "chunk": "chunk.mp4",
    "frame": "frame.png",
    "loudness": "sound.flac",
    "audio": "audio.aac",
    "join": "reel.mp4",
    "cover": "cover.jpg",
}


def make(store: Store, step: str, kind: str, mark: str, *, size: int = 1000) -> str:
    """What a step of this kind leaves in the store and in the journal; its fingerprint."""
    fingerprint = mark * (64 // len(mark))
    files = (FILES[kind],) if kind in FILES else ()
    with store.work_folder() as folder:
        for name in files:
            (folder / name).write_bytes(mark.encode() * (size // len(mark)))
        store.commit(fingerprint, folder, FACTS.get(kind, {}), files)
    if step:
        store.note(step, JournalEntry(fingerprint=fingerprint, sources="s", options="o", tools="t"))
    return fingerprint


def taken(store: Store, **given: Any) -> dict[str, Stored]:
    """The inventory by fingerprint or name."""
    return {one.fingerprint: one for one in take_inventory(store.root, **{"now_s": time.time(), **given})}


# --- what lies there ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", get_args(Kind))
def test_the_kind_of_a_result_is_known_by_what_it_holds(store: Store, kind: str) -> None:
    """For the journal may be lost."""
    made = make(store, "", kind, "a")
    assert taken(store)[made].kind == kind


def test_every_file_that_a_step_publishes_tells_its_kind() -> None:
    """Read from the sources: a result of a new name would be of a kind that nobody knows."""
    published = set()
    for path in (REPOSITORY / "reels" / "perform").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(".publish"):
                published |= {
                    argument.value
                    for argument in node.args[2:]
                    if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
                }
    assert "chunk.mp4" in published
    assert published <= {*FILES.values(), "overlay.png", "ground.png"}


def test_an_inventory_is_as_large_as_the_folder_is(store: Store) -> None:
    made = make(store, "probe a.mp4", "probe", "a")
    for name in (
        "drafts/a.ko.srt.json",
        "parts/" + "b" * 64 + "/0000.json",
        "work/x/half.mp4",
        "somebody/else.txt",
        "hello-12ab",
    ):
        (store.root / name).parent.mkdir(parents=True, exist_ok=True)
        (store.root / name).write_bytes(b"x" * 500)
    found = take_inventory(store.root, now_s=time.time())
    assert {one.fingerprint: (one.kind, one.state) for one in found} == {
        made: ("probe", "current"),
        "b" * 64: ("parts", "current"),
        "x": ("work", "left-over"),
        "hello-12ab": ("work", "left-over"),
        "drafts": ("drafts", "kept"),
        "journal.jsonl": ("books", "kept"),
        "somebody": ("books", "kept"),
        "version": ("books", "kept"),
    }
    files = sum(path.stat().st_size for path in store.root.rglob("*") if path.is_file())
    assert sum(one.bytes for one in found) == files


def test_a_link_in_a_store_is_neither_followed_nor_counted(store: Store, tmp_path: Path) -> None:
    (tmp_path / "films").mkdir()
    (tmp_path / "films" / "a.mp4").write_bytes(b"x" * 100_000)
    (store.root / "work").mkdir()
    (store.root / "work" / "link").symlink_to(tmp_path / "films")
    assert taken(store)["link"].bytes < 1000
    prune(store)
    assert not (store.root / "work").exists()
    assert (tmp_path / "films" / "a.mp4").exists()


def test_a_step_that_was_made_anew_leaves_a_superseded_result(store: Store) -> None:
    old, new = make(store, "hello join", "join", "a"), make(store, "hello join", "join", "b")
    found = taken(store)
    assert (found[old].state, found[new].state) == ("superseded", "current")
    assert (found[old].step, found[old].reel) == ("hello join", "hello")


def test_a_result_that_somebody_would_use_is_not_superseded(store: Store) -> None:
    """A change that was taken back; a chunk that another reel shows too."""
    old = make(store, "hello join", "join", "a")
    make(store, "hello join", "join", "b")
    assert taken(store, needed={old})[old].state == "current"


def test_what_was_made_for_steps_that_there_are_no_more_is_superseded(store: Store) -> None:
    """A reel that was deleted, one that is shorter now, frames; not what took hours, nor what quick reels still show."""
    here, quick = make(store, "hello chunk 0001", "chunk", "a"), make(store, "hello draft join", "join", "b")
    cut, frame = make(store, "hello chunk 0002", "chunk", "c"), make(store, "hello frame 12", "frame", "d")
    gone, gone_quick = make(store, "bye join", "join", "e"), make(store, "bye draft join", "join", "f")
    heard, handed = (
        make(store, "transcribe b.mp4", "transcribe", "1"),
        make(store, "bye x deliver", "deliver", "2"),
    )
    shared = make(store, "bye chunk 0001", "chunk", "3")
    make(store, "hello chunk 0003", "chunk", "3")
    asked = make(store, "bye title", "art", "4")
    unknown = make(store, "", "chunk", "5")
    steps = {"hello chunk 0001", "hello chunk 0003", "hello join"}
    found = taken(store, needed={asked}, steps=steps)
    superseded = {one.fingerprint for one in found.values() if one.state == "superseded"}
    assert superseded == {cut, frame, gone, gone_quick}
    assert {here, quick, heard, handed, shared, asked, unknown} <= found.keys()
    assert not {one.state for one in taken(store, needed={asked}).values()} & {"superseded"}
    prune(store, needed=lambda: Needed(results={asked}, steps=steps))
    assert not {*superseded} & taken(store).keys()


def test_a_result_that_two_steps_were_made_as_is_needed_as_long_as_one_of_them_is_last(store: Store) -> None:
    shared = make(store, "hello chunk 0001", "chunk", "a")
    store.note("other chunk 0001", JournalEntry(fingerprint=shared, sources="s", options="o", tools="t"))
    make(store, "hello chunk 0001", "chunk", "b")
    assert taken(store)[shared].state == "current"


def test_a_lost_journal_makes_nothing_superseded(store: Store) -> None:
    made = [make(store, "hello join", "join", mark) for mark in "ab"]
    (store.root / "journal.jsonl").unlink()
    assert {taken(store)[one].state for one in made} == {"current"}


def test_the_transcript_that_a_draft_rests_on_is_kept_whatever_was_heard_since(store: Store) -> None:
    """A person's draft still has the times of its words from there."""
    old = make(store, "transcribe a.mp4 ko", "transcribe", "a")
    new = make(store, "transcribe a.mp4 ko", "transcribe", "b")
    assert taken(store)[old].state == "superseded"
    (store.root / "drafts").mkdir()
    record = {"fingerprint": "f" * 64, "transcript": old, "sha256": "x", "footage": "a.mp4"}
    (store.root / "drafts" / "a.ko.srt.json").write_text(json.dumps(record), encoding="utf-8")
    (store.root / "drafts" / "torn.json").write_text("{", encoding="utf-8")
    assert taken(store)[old].state == "kept"
    prune(store, older_than_s=-1, keep_bytes=0)
    assert again(store).result(old) is not None
    assert again(store).result(new) is None
    assert (store.root / "drafts" / "a.ko.srt.json").exists()


def test_a_part_of_a_reel_is_settled_when_the_reel_was_joined_since(store: Store) -> None:
    chunk = make(store, "hello chunk 0001", "chunk", "a")
    of_another_encode = make(store, "hello tiktok chunk 0001", "chunk", "c")
    make(store, "hello join", "join", "b")
    later = make(store, "hello chunk 0002", "chunk", "d")
    unknown = make(store, "", "chunk", "e")
    found = taken(store)
    assert found[chunk].settled
    assert not found[later].settled, "a run that was stopped needs it"
    assert not found[unknown].settled
    make(store, "hello tiktok join", "join", "f")
    assert taken(store)[of_another_encode].settled
    assert taken(store)[of_another_encode].reel == "hello tiktok"


def test_a_chunk_whose_joined_reel_is_gone_is_not_settled(store: Store) -> None:
    chunk = make(store, "hello chunk 0001", "chunk", "a")
    join = make(store, "hello join", "join", "b")
    shutil.rmtree(store.folder_of(join))
    assert not taken(store)[chunk].settled


def test_what_was_heard_in_parts_is_left_over_once_the_whole_is_there(store: Store) -> None:
    part = store.root / "parts" / ("a" * 64) / "0000.json"
    part.parent.mkdir(parents=True)
    part.write_text("{}", encoding="utf-8")
    (found,) = [one for one in take_inventory(store.root, now_s=time.time()) if one.kind == "parts"]
    assert found.state == "current"
    make(store, "transcribe a.mp4 ko", "transcribe", "a")
    (found,) = [one for one in take_inventory(store.root, now_s=time.time()) if one.kind == "parts"]
    assert found.state == "left-over"


def test_an_empty_or_strange_place_has_an_inventory_too(tmp_path: Path) -> None:
    assert take_inventory(tmp_path / "nothing", now_s=0) == ()
    (tmp_path / "results").write_text("a file", encoding="utf-8")
    (tmp_path / "parts").write_text("a file", encoding="utf-8")
    assert take_inventory(tmp_path, now_s=0) == ()


# --- clocks ------------------------------------------------------------------------------------------------


def test_a_modification_time_of_long_ago_makes_nothing_old(store: Store) -> None:
    """An archive or a copy may bring back any."""
    made = make(store, "probe a.mp4", "probe", "a")
    for path in (*store.folder_of(made).iterdir(), store.folder_of(made)):
        os.utime(path, (0, 0))
    assert time.time() - taken(store)[made].made_s < DAY_S
    assert prune(store, older_than_s=DAY_S).pruned == ()


def test_a_time_still_to_come_makes_nothing_old_and_nothing_else_new(store: Store) -> None:
    future, after = make(store, "probe a.mp4", "probe", "a"), make(store, "probe b.mp4", "probe", "b")
    os.utime(store.folder_of(future) / "result.json", (4e9, 4e9))
    found = taken(store)
    assert prune(store, older_than_s=0.0).bytes == found[after].bytes
    assert again(store).result(future) is not None


def test_a_result_of_a_day_with_a_wrong_clock_is_no_older_than_those_before_it(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The machine woke up in 1970 for a day: the journal knows better what came after what."""
    first, wrong, last = (make(store, f"probe {mark}.mp4", "probe", mark) for mark in "abc")
    real = Path.lstat
    now_s = time.time()
    times = {first: now_s - 3 * DAY_S, wrong: 1000.0, last: now_s - DAY_S}

    def told(path: Path) -> os.stat_result:
        status = list(real(path))
        name = path.name if path.name in times else path.parent.name
        if name in times:
            status[7:10] = [int(times[name])] * 3
        return os.stat_result(status)

    monkeypatch.setattr(Path, "lstat", told)
    found = taken(store)
    assert found[wrong].made_s == found[first].made_s == int(now_s - 3 * DAY_S)
    assert found[last].made_s == int(now_s - DAY_S)


# --- deciding ----------------------------------------------------------------------------------------------

EXPENSIVE = {"transcribe", "parts", "framing", "stabilise"}
KINDS = (*get_args(Kind), "parts", "other")
states = st.sampled_from(get_args(State))
things = st.lists(
    st.builds(
        Stored,
        fingerprint=st.uuids().map(str),
        kind=st.sampled_from(KINDS),
        path=st.just(Path()),
        bytes=st.integers(min_value=0, max_value=1000),
        made_s=st.integers(min_value=0, max_value=2000).map(float),
        state=states,
        settled=st.booleans(),
    ),
    max_size=30,
    unique_by=lambda one: one.fingerprint,
)
NOW_S = 1000.0


def size_of(stored: Any) -> int:
    return sum(one.bytes for one in stored)


@given(things, st.integers(min_value=0, max_value=20_000))
def test_pruning_by_size_takes_as_much_as_needed_and_the_dearest_last(
    stored: list[Stored], keep: int
) -> None:
    gone = to_prune(stored, now_s=NOW_S, keep_bytes=keep)
    going = [one.stored for one in gone]
    staying = [one for one in stored if one not in going]
    assert len({one.fingerprint for one in going}) == len(going)
    assert not {one.state for one in going} & {"kept"}
    assert {one.state for one in staying} <= {"kept", "current", "superseded"}
    # Down to what was asked for, or to what is never taken away.
    assert size_of(staying) <= keep or all(one.state == "kept" for one in staying)
    chosen = [one for one in gone if one.why != "left-over"]
    # No more than needed: without the last of them it would still be too much.
    if chosen:
        assert size_of(staying) + chosen[-1].stored.bytes > keep
    # No current result goes while a superseded one is left.
    if any(one.stored.state == "current" for one in chosen):
        assert not any(one.state == "superseded" for one in staying)
    # Of those that are needed as much, nothing expensive goes while something cheap is left.
    for state in ("current", "superseded"):
        if any(one.state == state and one.kind in EXPENSIVE for one in going):
            assert all(one.kind in EXPENSIVE for one in staying if one.state == state)


@given(things)
def test_of_one_sort_the_oldest_goes_first(stored: list[Stored]) -> None:
    chunks = [replace(one, kind="chunk", state="current", settled=True) for one in stored]
    half = size_of(chunks) // 2
    going = [one.stored for one in to_prune(chunks, now_s=NOW_S, keep_bytes=half)]
    staying = [one for one in chunks if one not in going]
    if going and staying:
        assert max(min(one.made_s, NOW_S) for one in going) <= min(min(one.made_s, NOW_S) for one in staying)


@given(things, st.integers(min_value=0, max_value=1500).map(float))
def test_pruning_by_age_takes_what_is_older_and_nothing_else(stored: list[Stored], age_s: float) -> None:
    gone = {one.stored.fingerprint for one in to_prune(stored, now_s=NOW_S, older_than_s=age_s)}
    for one in stored:
        is_old = one.state in ("current", "superseded") and NOW_S - one.made_s > age_s
        assert (one.fingerprint in gone) == (is_old or one.state == "left-over")


@given(things)
def test_pruning_without_a_limit_takes_what_nobody_needs(stored: list[Stored]) -> None:
    gone = [one.stored for one in to_prune(stored, now_s=NOW_S)]
    assert {one.fingerprint for one in gone} == {
        one.fingerprint for one in stored if one.state in ("superseded", "left-over")
    }


@given(
    things, st.integers(min_value=0, max_value=1500).map(float), st.integers(min_value=0, max_value=20_000)
)
def test_age_and_size_together_take_what_is_old_and_then_what_is_too_much(
    stored: list[Stored], age_s: float, keep: int
) -> None:
    old = to_prune(stored, now_s=NOW_S, older_than_s=age_s)
    both = to_prune(stored, now_s=NOW_S, older_than_s=age_s, keep_bytes=keep)
    assert both[: len(old)] == old
    rest = [one for one in stored if one.fingerprint not in {gone.stored.fingerprint for gone in old}]
    assert both[len(old) :] == to_prune(rest, now_s=NOW_S, keep_bytes=keep)


def test_the_order_in_which_space_is_saved() -> None:
    def one(mark: str, kind: str, state: State = "current", *, settled: bool = False) -> Stored:
        return Stored(
            fingerprint=mark, kind=kind, path=Path(mark), bytes=1, made_s=1.0, state=state, settled=settled
        )

    stored = [
        one("transcript", "transcribe"),
        one("faces", "framing"),
        one("handed over", "deliver"),
        one("joined", "join"),
        one("frame", "frame"),
        one("a chunk of a stopped run", "chunk"),
        one("chunk of a joined reel", "chunk", settled=True),
        one("old transcript", "transcribe", "superseded"),
        one("old chunk", "chunk", "superseded"),
        one("litter", "other", "left-over"),
    ]
    order = [gone.stored.fingerprint for gone in to_prune(stored, now_s=NOW_S, keep_bytes=0)]
    assert order == [
        *("litter", "old chunk", "old transcript", "chunk of a joined reel", "frame"),
        *("a chunk of a stopped run", "joined", "handed over", "faces", "transcript"),
    ]


# --- taking away -------------------------------------------------------------------------------------------


def test_pruning_takes_away_and_tells_what_and_how_much(store: Store) -> None:
    old, new = make(store, "hello join", "join", "a"), make(store, "hello join", "join", "b")
    size = taken(store)[old].bytes
    done = prune(store)
    assert [(gone.stored.fingerprint, gone.why) for gone in done.pruned] == [(old, "superseded")]
    assert (done.bytes, done.failed, done.caution) == (size, (), None)
    assert again(store).result(old) is None
    assert again(store).result(new) is not None
    assert not (store.root / "trash").exists() or list((store.root / "trash").iterdir()) == []


def test_what_is_needed_is_asked_for_once_the_store_is_held(store: Store) -> None:
    """A run that was waited for may have changed it."""
    old = make(store, "hello join", "join", "a")
    make(store, "hello join", "join", "b")
    asked = []

    def needed() -> Needed:
        with pytest.raises(StoreBusy), again(store).held():
            pass
        asked.append(1)
        return Needed(results={old})

    assert prune(store, needed=needed).pruned == ()
    assert asked == [1]


def test_after_pruning_the_journal_still_tells_why_a_step_is_made_again(store: Store) -> None:
    make(store, "hello join", "join", "a")
    new = make(store, "hello join", "join", "b")
    prune(store, keep_bytes=0)
    left = [made.fingerprint for _, made in again(store).journal.history()]
    assert left == [new], "missing, and not new"


def test_a_store_that_is_in_use_is_not_pruned(store: Store) -> None:
    old = make(store, "hello join", "join", "a")
    make(store, "hello join", "join", "b")
    with store.held(), pytest.raises(StoreBusy):
        prune(again(store))
    assert again(store).result(old) is not None


@posix
def test_what_cannot_be_taken_away_is_told_and_the_rest_goes(plain_store: Store) -> None:
    stuck, loose = (
        make(plain_store, "hello join", "join", "a"),
        make(plain_store, "hello audio", "audio", "b"),
    )
    plain_store.folder_of(stuck).parent.chmod(0o500)
    done = prune(plain_store, keep_bytes=0)
    plain_store.folder_of(stuck).parent.chmod(0o700)
    assert [gone.stored.fingerprint for gone in done.pruned] == [loose]
    (failed,) = done.failed
    assert isinstance(failed, OutputNotWritable)
    assert failed.where == str(plain_store.folder_of(stuck))


def test_where_there_is_no_room_even_for_the_trash_things_go_all_the_same(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = make(store, "hello join", "join", "a")
    make(store, "hello join", "join", "b")
    real = Path.mkdir

    def full(path: Path, *given: Any, **named: Any) -> None:
        if path.name == "trash":
            raise OSError(28, "No space left on device", str(path))
        real(path, *given, **named)

    monkeypatch.setattr(Path, "mkdir", full)
    assert len(prune(store).pruned) == 1
    assert not store.folder_of(old).exists()


def test_without_locks_a_folder_in_which_somebody_may_work_is_left_alone(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    fcntl = pytest.importorskip("fcntl")

    def fail(*_: object) -> None:
        raise OSError(37, "No locks available")

    monkeypatch.setattr(fcntl, "flock", fail)
    with store.work_folder() as folder:
        done = prune(again(store))
        assert folder.is_dir()
    assert done.caution is not None


_KILLED = """
import os, signal, sys
from pathlib import Path
import reels.store.writing
from reels.store import Store, prune
def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)
if sys.argv[2] == "before": os.rename = die
else: reels.store.writing.remove = die
prune(Store(Path(sys.argv[1])))
"""


@pytest.mark.parametrize("moment", ["before", "after"])
def test_pruning_that_is_killed_leaves_nothing_half(store: Store, moment: str) -> None:
    old, new = make(store, "hello join", "join", "a"), make(store, "hello join", "join", "b")
    killed = start_python(_KILLED, str(store.root), moment)
    killed.communicate(timeout=30)
    assert killed.returncode == -signal.SIGKILL
    assert (again(store).result(old) is not None) == (moment == "before")
    prune(again(store))
    assert sorted(path.name for path in store.root.rglob(new[:5] + "*")) == [new]
    assert list(store.root.rglob(old[:5] + "*")) == []


# --- verifying ---------------------------------------------------------------------------------------------


def verified(store: Store, **given: Any) -> Any:
    return verify(store, take_inventory(store.root, now_s=time.time()), **given)


def test_a_sound_store_is_read_to_its_last_byte_and_told_to_be_sound(store: Store) -> None:
    for mark in "abc":
        make(store, f"hello chunk {mark}", "chunk", mark, size=300_000)
    told: list[tuple[int, int]] = []
    seen = verified(store, on_progress=lambda done, total: told.append((done, total)))
    assert (seen.results, seen.damaged) == (3, ())
    assert seen.bytes == sum(one.bytes for one in taken(store).values() if one.kind == "chunk")
    assert told[0] == (0, seen.bytes)
    assert told[-1] == (seen.bytes, seen.bytes)
    assert [done for done, _ in told] == sorted(done for done, _ in told)


def _flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


DAMAGES: dict[str, tuple[Callable[[Path], object], str]] = {
    "a bit in the middle": (lambda folder: _flip(folder / "chunk.mp4"), "chunk.mp4 has another content"),
    "cut off": (lambda folder: os.truncate(folder / "chunk.mp4", 7), "chunk.mp4 has 7 bytes of 300000"),
    "gone": (lambda folder: (folder / "chunk.mp4").unlink(), "chunk.mp4: No such file or directory"),
    "no record": (lambda folder: (folder / "result.json").unlink(), "no readable record"),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_damage_is_found_told_and_taken_away_and_nothing_else_is(store: Store, damage: str) -> None:
    bad, good = (make(store, f"hello chunk {mark}", "chunk", mark, size=300_000) for mark in "ab")
    harm, told = DAMAGES[damage]
    harm(store.folder_of(bad))
    seen = verified(store)
    assert [(one.stored.fingerprint, one.found) for one in seen.damaged] == [(bad, told)]
    assert store.folder_of(bad).exists(), "looking changes nothing"
    set_aside(store, seen.damaged)
    assert not store.folder_of(bad).exists()
    assert again(store).result(good) is not None
    assert verified(store).damaged == ()


def test_a_damaged_result_that_was_made_again_meanwhile_stays(store: Store) -> None:
    bad = make(store, "hello chunk 1", "chunk", "a", size=300_000)
    _flip(store.folder_of(bad) / "chunk.mp4")
    seen = verified(store)
    shutil.rmtree(store.folder_of(bad))
    make(again(store), "hello chunk 1", "chunk", "a", size=300_000)
    set_aside(store, seen.damaged)
    assert again(store).result(bad) is not None


def test_a_result_that_goes_away_while_it_is_verified_is_no_damage(store: Store) -> None:
    made = make(store, "hello chunk 1", "chunk", "a")
    found = take_inventory(store.root, now_s=time.time())
    shutil.rmtree(store.folder_of(made))
    assert verify(store, found).damaged == ()


def test_a_share_that_vanishes_while_it_is_verified_is_no_damage_either(store: Store) -> None:
    make(store, "hello chunk 1", "chunk", "a")
    found = take_inventory(store.root, now_s=time.time())
    shutil.rmtree(store.root)
    with pytest.raises(DiskFailed, match="connect the drive"):
        verify(store, found)


def test_a_later_version_is_neither_verified_nor_pruned(store: Store) -> None:
    make(store, "hello chunk 1", "chunk", "a")
    (store.root / "version").write_text("2\n", encoding="utf-8")
    with pytest.raises(StoreNewer):
        verified(store)
    with pytest.raises(StoreNewer):
        prune(store, keep_bytes=0)
