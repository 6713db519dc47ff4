"""The store: results are whole or not there, the journal survives a kill, and no other version is harmed."""

from __future__ import annotations

import hashlib
import json
import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from reels.errors import DiskFailed, StoreBusy, StoreNewer
from reels.store import Result, Store, awaited, team_mode, write_atomically
from reels.store.results import fault_in
from tests.stores import (
    LARGE,
    ONE,
    again,
    commit,
    entry,
    plain_store,
    posix,
    start_python,
    store,
)

__all__ = ["plain_store", "store"]


# --- results ---------------------------------------------------------------------------------------------


def test_a_committed_result_is_there_for_everybody_with_its_facts_and_files(store: Store) -> None:
    made = commit(store)
    found = again(store).result(ONE)
    assert found == made
    assert found is not None
    assert found.facts == {"frames": 120}
    assert found.file("chunk.mp4").read_bytes() == b"a chunk"
    with pytest.raises(KeyError, match=r"no cover\.jpg, only chunk\.mp4"):
        found.file("cover.jpg")


def test_opening_and_asking_writes_nothing(tmp_path: Path) -> None:
    asked = Store(tmp_path / ".reels")
    assert asked.result(ONE) is None
    assert asked.last_made("join") is None
    assert list(tmp_path.iterdir()) == []


def test_a_result_holds_only_what_was_published(store: Store) -> None:
    with store.work_folder() as folder:
        (folder / "reel.mp4").write_bytes(b"reel")
        (folder / "list.ffconcat").write_text("scratch", encoding="utf-8")
        (folder / "fonts").mkdir()
        (folder / "fonts" / "font.otf").write_bytes(b"font")
        made = store.commit(ONE, folder, {}, ("reel.mp4",))
    assert sorted(p.name for p in made.folder.iterdir()) == ["reel.mp4", "result.json"]


def test_a_work_folder_is_gone_when_its_step_fails(store: Store) -> None:
    with pytest.raises(RuntimeError), store.work_folder() as folder:  # noqa: PT012 - the failure is inside
        (folder / "half.mp4").write_bytes(b"half")
        raise RuntimeError
    assert list((store.root / "work").iterdir()) == []
    assert store.result(ONE) is None


def test_a_full_disk_in_a_step_is_told_as_such(store: Store) -> None:
    with pytest.raises(DiskFailed, match="No space left on device"), store.work_folder():
        raise OSError(28, "No space left on device")


def _folder_instead(file: Path) -> None:
    file.unlink()
    file.mkdir()


def _link_instead(path: Path) -> None:
    """The very same content, but where somebody else may change it."""
    elsewhere = path.with_name(f"elsewhere-{path.name}")
    if path.parent.name == ONE:
        elsewhere = path.parent.parent / elsewhere.name
    path.rename(elsewhere)
    path.symlink_to(elsewhere)


def _short_link_instead(file: Path) -> None:
    """A link to the same content, of the same size as that."""
    assert len("another") == file.stat().st_size
    file.rename(file.with_name("another"))
    file.symlink_to("another")


def _another(file: Path, content: bytes) -> None:
    other = file.with_name("another")
    other.write_bytes(content)
    other.replace(file)


def _rewrite(folder: Path, *, facts: object = None, **told: object) -> None:
    """The record with other facts, or with something else said of its file."""
    path = folder / "result.json"
    record = json.loads(path.read_bytes())
    if facts is not None:
        record["facts"] = facts
    record["files"]["chunk.mp4"].update(told)
    path.write_text(json.dumps(record), encoding="utf-8")


Damage = Callable[[Path], object]
DAMAGES: dict[str, Damage] = {
    "truncated file": lambda folder: (folder / "chunk.mp4").write_bytes(b"a chu"),
    "small file changed in place": lambda folder: (folder / "chunk.mp4").write_bytes(b"A chunk"),
    "missing file": lambda folder: (folder / "chunk.mp4").unlink(),
    "a folder in the file's place": lambda folder: _folder_instead(folder / "chunk.mp4"),
    "missing record": lambda folder: (folder / "result.json").unlink(),
    "empty record": lambda folder: (folder / "result.json").write_bytes(b""),
    "torn record": lambda folder: (folder / "result.json").write_bytes(b'{"facts": {"fra'),
    "record of zeros": lambda folder: (folder / "result.json").write_bytes(b"\0" * 200),
    "record that is a list": lambda folder: (folder / "result.json").write_bytes(b"[]"),
    "record without files": lambda folder: (folder / "result.json").write_bytes(b'{"facts": {}}'),
    "files that are a list": lambda folder: (folder / "result.json").write_bytes(
        b'{"facts": {}, "files": []}'
    ),
    "file without a size": lambda folder: (folder / "result.json").write_bytes(
        b'{"facts": {}, "files": {"chunk.mp4": null}}'
    ),
    "a link as long as the file": lambda folder: _short_link_instead(folder / "chunk.mp4"),
    "a link in the file's place": lambda folder: _link_instead(folder / "chunk.mp4"),
    "a link in the record's place": lambda folder: _link_instead(folder / "result.json"),
    "a link in the folder's place": _link_instead,
    "another file of the same size": lambda folder: _another(folder / "chunk.mp4", b"b chunk"),
    "a record as deep as a well": lambda folder: (folder / "result.json").write_bytes(b"[" * 200_000),
    "facts that are a list": lambda folder: _rewrite(folder, facts=[]),
    "a size that is a truth": lambda folder: _rewrite(folder, size=True),
    "a size below nothing": lambda folder: _rewrite(folder, size=-1),
    "a size in words": lambda folder: _rewrite(folder, size="7"),
    "a hash that is a number": lambda folder: _rewrite(folder, sha256=7),
    "facts that are none": lambda folder: (folder / "result.json").write_text(
        json.dumps({**json.loads((folder / "result.json").read_bytes()), "facts": None}), encoding="utf-8"
    ),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_result_is_not_taken_and_the_next_one_replaces_it(store: Store, damage: str) -> None:
    DAMAGES[damage](commit(store).folder)
    assert again(store).result(ONE) is None
    mended = commit(again(store))
    assert again(store).result(ONE) == mended
    assert mended.file("chunk.mp4").read_bytes() == b"a chunk"


def test_a_large_file_of_another_length_is_not_taken(store: Store) -> None:
    folder = commit(store, content=LARGE).folder
    assert again(store).result(ONE) is not None
    (folder / "chunk.mp4").write_bytes(LARGE[:-1])
    assert again(store).result(ONE) is None


@pytest.mark.parametrize("at", [0, 63_999, -64_000, -1])
def test_a_large_file_that_begins_or_ends_otherwise_is_not_taken(store: Store, at: int) -> None:
    made = commit(store, content=LARGE)
    content = bytearray(LARGE)
    content[at] = 1
    made.file("chunk.mp4").write_bytes(content)
    assert again(store).result(ONE) is None


def test_the_record_has_the_whole_hash_of_every_file_and_the_ends_of_large_ones(store: Store) -> None:
    with store.work_folder() as folder:
        (folder / "small").write_bytes(b"small")
        (folder / "large").write_bytes(LARGE)
        made = store.commit(ONE, folder, {}, ("small", "large"))
    files = json.loads((made.folder / "result.json").read_bytes())["files"]
    ends = hashlib.sha256(LARGE[:64_000] + LARGE[-64_000:]).hexdigest()
    assert files == {
        "small": {"size": 5, "sha256": hashlib.sha256(b"small").hexdigest()},
        "large": {"size": len(LARGE), "sha256": hashlib.sha256(LARGE).hexdigest(), "ends": ends},
    }


def test_all_of_a_result_is_on_the_disk_before_it_appears(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a power cut might keep the rename and lose what was written: a result of zeros."""
    flushed: set[int] = set()
    real_sync, real_rename = os.fsync, os.rename

    def sync(handle: int) -> None:
        flushed.add(os.fstat(handle).st_ino)
        real_sync(handle)

    def rename(source: Path, target: Path) -> None:
        missing = [path.name for path in Path(source).iterdir() if path.stat().st_ino not in flushed]
        assert missing == []
        real_rename(source, target)

    monkeypatch.setattr(os, "fsync", sync)
    monkeypatch.setattr(os, "rename", rename)
    commit(store)
    assert len(flushed) == 2


def test_a_large_file_is_looked_at_cheaply_and_known_in_full(store: Store) -> None:
    """What changed in its middle costs too much to find in every plan, and is found by whoever wants to be sure."""
    made = commit(store, content=LARGE)
    assert fault_in(made.folder) is None
    content = bytearray(LARGE)
    content[len(LARGE) // 2] = 1
    made.file("chunk.mp4").write_bytes(content)
    assert again(store).result(ONE) is not None
    assert fault_in(made.folder) == "chunk.mp4 has another content"


@pytest.mark.parametrize("forgotten", [("sha256",), ("sha256", "ends")], ids=["ends only", "size only"])
def test_a_record_of_an_older_shape_is_still_read(store: Store, forgotten: tuple[str, ...]) -> None:
    """Once large files had the hash of both ends only, and before that none."""
    made = commit(store, content=LARGE)
    _rewrite(made.folder, **dict.fromkeys(forgotten))
    assert again(store).result(ONE) is not None
    assert fault_in(made.folder) is None
    made.file("chunk.mp4").write_bytes(LARGE[:-1])
    assert again(store).result(ONE) is None
    assert fault_in(made.folder) == "chunk.mp4 has 256000 bytes of 256001"


@pytest.mark.parametrize(
    "name", ["../chunk.mp4", "..", ".", "", "{folder}/chunk.mp4", "sub/chunk.mp4", "..\\x", "C:x", "x\0y", "result.json"]
)  # fmt: skip
def test_a_record_that_names_what_is_not_in_its_folder_is_refused(store: Store, name: str) -> None:
    """Whoever sends a campaign with such a record would have a file of this computer handed over as a reel."""
    folder = commit(store).folder
    name = name.format(folder=folder)
    (folder / "sub").mkdir()
    for place in (folder / "sub" / "chunk.mp4", folder.parent / "chunk.mp4"):
        place.write_bytes(b"a chunk")
    record = json.loads((folder / "result.json").read_bytes())
    record["files"] = {name: record["files"]["chunk.mp4"]}
    (folder / "result.json").write_text(json.dumps(record), encoding="utf-8")
    assert again(store).result(ONE) is None


@pytest.mark.parametrize("stamp_s", [0, 1, 4_000_000_000], ids=["1970", "a second later", "2096"])
def test_no_clock_makes_a_result_stale(store: Store, stamp_s: int) -> None:
    made = commit(store)
    store.note("join", entry(ONE))
    for path in (*made.folder.iterdir(), made.folder, store.root / "journal.jsonl", store.root / "version"):
        os.utime(path, (stamp_s, stamp_s))
    again(store).prepare()
    assert again(store).result(ONE) == made
    assert again(store).last_made("join") == entry(ONE)


@posix
def test_a_result_is_for_the_whole_team(store: Store) -> None:
    """The work folder was private; on a shared drive the next person's run would make everything again."""
    folder = commit(store).folder
    assert folder.stat().st_mode & 0o777 == team_mode(0o777)


def test_a_fact_that_is_no_text_is_kept(store: Store) -> None:
    with store.work_folder() as folder:
        made = store.commit(ONE, folder, {"footage": "caf\udce9.mp4"}, ())
    found = again(store).result(ONE)
    assert found == made
    assert found is not None
    assert found.facts == {"footage": "caf\udce9.mp4"}


_KILLED = """
import os, signal, sys
from pathlib import Path
from reels.store import Store
import reels.store.opened, reels.store.results, reels.store.writing
root, where = Path(sys.argv[1]), sys.argv[2]
store = Store(root)
def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)
def after(do):
    def done(*given, **named):
        do(*given, **named)
        die()
    return done
with store.held(), store.work_folder() as folder:
    (folder / "chunk.mp4").write_bytes(b"another chunk")
    if where == "before the record": reels.store.opened.write_record = die
    if where == "in the record": reels.store.results.sync = die
    if where == "before the rename": os.rename = die
    if where == "after the first rename": os.rename = after(os.rename)
    if where == "while the old one goes": reels.store.writing.remove = die
    store.commit("1" * 64, folder, {"frames": 121}, ("chunk.mp4",), replace=True)
    die()
"""
_MOMENTS = (
    *("before the record", "in the record", "before the rename", "after the first rename"),
    *("while the old one goes", "after all"),
)


@pytest.mark.parametrize("moment", _MOMENTS)
def test_a_run_that_is_killed_leaves_results_that_are_whole_or_not_there(store: Store, moment: str) -> None:
    """Also while one takes the place of another: the old one, none, or the new one, and no litter for long."""
    old = commit(store)
    child = start_python(_KILLED, str(store.root), moment)
    child.communicate(timeout=30)
    assert child.returncode == -signal.SIGKILL
    found = again(store).result(ONE)
    assert found is None or found == old or found.file("chunk.mp4").read_bytes() == b"another chunk"
    assert {"before the record": old, "after the first rename": None}.get(moment, found) == found
    with again(store).held():
        assert not (store.root / "work").exists()
        assert not (store.root / "trash").exists()
        commit(again(store))
    assert again(store).result(ONE) is not None


def test_a_whole_result_stays_unless_it_is_to_be_replaced(store: Store) -> None:
    """`--force` is what a user reaches for when a stored result is not trusted: it must not come back."""
    commit(store, content=b"first")
    assert commit(store, content=b"other").file("chunk.mp4").read_bytes() == b"first"
    with store.work_folder() as folder:
        (folder / "chunk.mp4").write_bytes(b"forced")
        store.commit(ONE, folder, {"frames": 121}, ("chunk.mp4",), replace=True)
    for opened in (store, again(store)):
        found = opened.result(ONE)
        assert found is not None
        assert found.facts == {"frames": 121}
        assert found.file("chunk.mp4").read_bytes() == b"forced"


def test_a_result_that_vanishes_while_the_store_is_open_is_noticed(store: Store) -> None:
    made = commit(store)
    for file in made.folder.iterdir():
        file.unlink()
    assert store.result(ONE) is None


_COMMIT_WHEN_TOLD = """
import sys, time
from pathlib import Path
from reels.store import Store
root, mark = Path(sys.argv[1]), sys.argv[2]
store = Store(root)
with store.work_folder() as folder:
    (folder / "chunk.mp4").write_bytes(mark.encode() * 1000)
    print("ready", flush=True)
    sys.stdin.readline()
    made = store.commit("1" * 64, folder, {"by": mark}, ("chunk.mp4",))
print(made.facts["by"], flush=True)
"""


def test_two_processes_that_make_the_same_result_end_with_one_whole_result(store: Store) -> None:
    """The first rename wins; the other process takes the winner's result and reports no error."""
    both = [start_python(_COMMIT_WHEN_TOLD, str(store.root), mark) for mark in ("a", "b")]
    for child in both:
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
    for child in both:
        assert child.stdin is not None
        child.stdin.write("go\n")
        child.stdin.flush()
    said = {child.communicate(timeout=30)[0].strip() for child in both}
    assert [child.returncode for child in both] == [0, 0]
    found = store.result(ONE)
    assert found is not None
    assert said == {found.facts["by"]}, "both took the same one"
    assert found.file("chunk.mp4").read_bytes() == found.facts["by"].encode() * 1000
    assert list((store.root / "work").iterdir()) == []


# --- journal ---------------------------------------------------------------------------------------------


def test_the_journal_knows_what_a_step_was_last_made_from(store: Store) -> None:
    store.note("hello join", entry("1"))
    store.note("hello join", entry("2"))
    store.note("다른 릴스 join", entry("3"))
    assert store.last_made("hello join") == again(store).last_made("hello join") == entry("2")
    assert again(store).last_made("다른 릴스 join") == entry("3")
    assert again(store).last_made("never made") is None


def test_noting_the_same_again_does_not_make_the_journal_longer(store: Store) -> None:
    store.note("join", entry("1"))
    size = (store.root / "journal.jsonl").stat().st_size
    again(store).note("join", entry("1"))
    assert (store.root / "journal.jsonl").stat().st_size == size


@pytest.mark.parametrize(
    "torn", ['{"step": "audio", "finger', "\0\0\0\0", "null", "[1]", '{"step": "audio"}']
)
def test_a_torn_line_costs_that_line_and_no_other(store: Store, torn: str) -> None:
    store.note("join", entry("1"))
    with (store.root / "journal.jsonl").open("a", encoding="utf-8") as file:
        file.write(torn)  # no line end: the run was killed here
    survivor = again(store)
    assert survivor.last_made("join") == entry("1")
    assert survivor.last_made("audio") is None
    survivor.note("cover", entry("2"))
    assert again(store).last_made("cover") == entry("2"), "the line after the torn one"


def test_a_line_of_another_shape_is_no_line(store: Store) -> None:
    strange = [
        {"step": "join", "fingerprint": 1, "sources": "s", "options": "o", "tools": "t"},
        {"step": ["join"]},
    ]
    lines = [*(json.dumps(line) for line in strange), "[" * 200_000]
    (store.root / "journal.jsonl").write_text("\n".join(lines), encoding="utf-8")
    assert store.last_made("join") is None


def test_the_journal_is_shortened_by_what_nobody_can_ask_for_any_more(store: Store) -> None:
    for step, mark in (("join", "1"), ("audio", "2"), ("join", "3"), ("audio", "4"), ("join", "5")):
        store.note(step, entry(mark))
    store.journal.shorten({"3"}.__contains__)
    left = [(step, made.fingerprint) for step, made in again(store).journal.history()]
    assert left == [("join", "3"), ("audio", "4"), ("join", "5")]
    assert again(store).last_made("join") == entry("5")


def test_bytes_that_are_no_text_cost_the_journal_nothing_but_reasons(store: Store) -> None:
    (store.root / "journal.jsonl").write_bytes(b"\xff\xfe\x00garbage")
    assert store.last_made("join") is None


@pytest.mark.parametrize(
    "name", ["축제\u2028현장.mp4", "a\x85b.mp4", "a\nb.mp4", 'a"b\\c.mp4', "caf\udce9.mp4"]
)
def test_a_hostile_footage_name_is_a_step_id_like_any_other(store: Store, name: str) -> None:
    store.note(f"probe {name}", entry("1"))
    store.note("join", entry("2"))
    assert again(store).last_made(f"probe {name}") == entry("1")
    assert again(store).last_made("join") == entry("2")


# --- preparing, version ----------------------------------------------------------------------------------


def test_a_store_of_the_same_version_keeps_its_results(store: Store) -> None:
    commit(store)
    again(store).prepare()
    assert again(store).result(ONE) is not None


def test_a_store_of_another_version_starts_afresh(store: Store) -> None:
    commit(store)
    (store.root / "version").write_text("0\n", encoding="utf-8")
    again(store).prepare()
    assert again(store).result(ONE) is None
    assert (store.root / "version").read_text(encoding="utf-8") == "1\n"
    commit(again(store))
    assert again(store).result(ONE) is not None


def test_an_earlier_version_is_not_cleared_while_a_run_works_with_it(store: Store) -> None:
    made = commit(store)
    (store.root / "version").write_text("0\n", encoding="utf-8")
    with store.held(), pytest.raises(StoreBusy):
        again(store).prepare()
    assert made.file("chunk.mp4").exists()


@pytest.mark.parametrize("version", ["2\n", "10", "99999999999999999999", "v2", "1.5", "하나"])
def test_a_store_of_a_later_version_is_left_as_it_is(store: Store, version: str) -> None:
    """Whoever goes back to an older reels for a day must not lose the week's work of the newer one."""
    made = commit(store)
    (store.root / "version").write_text(version, encoding="utf-8")
    before = sorted(path.name for path in store.root.iterdir())
    with pytest.raises(StoreNewer, match="update reels"):
        again(store).prepare()
    with pytest.raises(StoreNewer) as caught, again(store).held():
        pass
    assert version.strip() in caught.value.sentence("ko")
    assert (store.root / "version").read_text(encoding="utf-8") == version
    assert sorted(path.name for path in store.root.iterdir()) == before
    assert made.file("chunk.mp4").exists()


@pytest.mark.parametrize("left", [b"", b"\0\0", b"\n"])
def test_a_version_that_a_power_cut_took_away_costs_no_result(store: Store, left: bytes) -> None:
    commit(store)
    (store.root / "version").write_bytes(left)
    again(store).prepare()
    assert again(store).result(ONE) is not None
    assert (store.root / "version").read_bytes() == b"1\n"


def test_preparing_what_is_prepared_writes_nothing(store: Store) -> None:
    before = (store.root / "version").stat()
    again(store).prepare()
    after = (store.root / "version").stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


# --- small text files ------------------------------------------------------------------------------------


def test_a_text_file_is_replaced_as_a_whole_and_for_everybody_to_read(tmp_path: Path) -> None:
    target = tmp_path / "draft.srt"
    for text in ("한 줄\r\n두 줄\n", "짧게"):
        write_atomically(target, text)
        assert target.read_bytes() == text.encode("utf-8"), "line ends are the writer's business"
    plain = tmp_path / "plain"
    plain.touch()
    assert target.stat().st_mode == plain.stat().st_mode
    assert sorted(p.name for p in tmp_path.iterdir()) == ["draft.srt", "plain"]


def test_a_text_that_cannot_be_written_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    target = tmp_path / "draft.srt"
    write_atomically(target, "한 줄")
    with pytest.raises(UnicodeEncodeError):
        write_atomically(target, "half \udce9")
    assert [p.name for p in tmp_path.iterdir()] == ["draft.srt"]
    assert target.read_text(encoding="utf-8") == "한 줄"


# --- shared by several machines --------------------------------------------------------------------------


def test_a_result_that_is_seen_late_is_waited_for(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """As on NFS: the name was not there when it was first looked for, and is only asked for again later."""
    commit(store)
    late = Store(store.root)
    seen, look = [], late.result

    def later(fingerprint: str) -> Result | None:
        seen.append(fingerprint)
        return look(fingerprint) if len(seen) > 2 else None

    monkeypatch.setattr(late, "result", later)
    found = awaited(late, ONE, patience_s=30)
    assert found is not None
    assert found.file("chunk.mp4").read_bytes() == b"a chunk"
    assert len(seen) == 3


def test_a_result_that_never_comes_is_not_waited_for_for_ever(store: Store) -> None:
    assert awaited(store, ONE, patience_s=0) is None


def test_a_store_is_prepared_while_another_run_clears_what_looks_half_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fresh, replace = Store(tmp_path / ".reels"), Path.replace
    cleared: list[Path] = []

    def cleared_just_before(path: Path, target: Path) -> Path:
        if len(cleared) < 2 and target.name == "version":
            cleared.append(path)
            path.unlink()
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", cleared_just_before)
    fresh.prepare()
    assert len(cleared) == 2
    assert (fresh.root / "version").read_text(encoding="utf-8") == "1\n"
