"""The store: results are whole or not there, the journal survives a kill, and one run at a time holds it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from reels.errors import DiskFailed, OutputNotWritable, StoreBusy
from reels.store import JournalEntry, Result, Store, write_atomically

ONE = "1" * 64
LARGE = b"\0" * 256_001
"""Just beyond the size up to which results are hashed."""


@pytest.fixture
def store(tmp_path: Path) -> Store:
    opened = Store(tmp_path / ".reels")
    opened.prepare()
    return opened


def commit(
    store: Store, fingerprint: str = ONE, *, content: bytes = b"a chunk", name: str = "chunk.mp4"
) -> Result:
    with store.work_folder() as folder:
        (folder / name).write_bytes(content)
        return store.commit(fingerprint, folder, {"frames": 120}, (name,))


def entry(mark: str) -> JournalEntry:
    return JournalEntry(fingerprint=mark, sources=f"s{mark}", options=f"o{mark}", tools=f"t{mark}")


def again(store: Store) -> Store:
    """The same folder opened by the next run."""
    return Store(store.root)


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
    "facts that are none": lambda folder: (folder / "result.json").write_text(
        json.dumps({**json.loads((folder / "result.json").read_bytes()), "facts": None}), encoding="utf-8"
    ),
}


def _folder_instead(file: Path) -> None:
    file.unlink()
    file.mkdir()


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
    both = [_child(_COMMIT_WHEN_TOLD, str(store.root), mark) for mark in ("a", "b")]
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


def _child(code: str, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", code, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


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


@pytest.mark.skipif(os.name == "nt", reason="POSIX permissions")
def test_a_folder_that_cannot_be_written_is_told_before_any_work(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(OutputNotWritable):
        Store(tmp_path / "file" / ".reels").prepare()


# --- the lock --------------------------------------------------------------------------------------------

_HOLD = """
import sys
from pathlib import Path
from reels.store import Store
with Store(Path(sys.argv[1])).held():
    print("held", flush=True)
    sys.stdin.readline()
"""


@contextmanager
def held_elsewhere(store: Store) -> Iterator[subprocess.Popen[str]]:
    child = _child(_HOLD, str(store.root))
    try:
        assert child.stdout is not None
        assert child.stdout.readline() == "held\n"
        yield child
    finally:
        child.kill()
        child.communicate()


def test_a_second_run_is_told_who_holds_the_store(store: Store) -> None:
    with (
        held_elsewhere(store) as child,
        pytest.raises(StoreBusy, match=f"process {child.pid} on "),
        store.held(),
    ):
        pass


def test_a_run_that_was_killed_holds_nothing(store: Store) -> None:
    with held_elsewhere(store) as child:
        child.send_signal(signal.SIGKILL)
        child.wait()
        with store.held():
            assert json.loads((store.root / "lock").read_bytes())["process"] == os.getpid()


def test_a_run_that_ended_lets_go_and_names_nobody(store: Store) -> None:
    with store.held():
        pass
    assert (store.root / "lock").read_text(encoding="utf-8") == ""
    with again(store).held():
        pass


def test_the_same_process_cannot_hold_the_store_twice(store: Store) -> None:
    with store.held(), pytest.raises(StoreBusy), again(store).held():
        pass


def test_a_second_run_does_not_clear_the_work_of_the_first(store: Store) -> None:
    with store.held(), store.work_folder() as folder:
        with pytest.raises(StoreBusy), again(store).held():
            pass
        assert folder.is_dir()


def test_what_a_killed_run_left_in_the_work_folder_is_cleared(store: Store) -> None:
    (store.root / "work" / "tmpabc").mkdir(parents=True)
    (store.root / "work" / "tmpabc" / "half.mp4").write_bytes(b"half")
    with store.held():
        assert not (store.root / "work").exists()


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
