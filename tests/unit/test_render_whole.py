"""A store that was made for nothing goes again, and never while it is somebody else's too."""

from __future__ import annotations

from pathlib import Path

import pytest

from reels.render import whole
from reels.store import Store
from tests.stores import again
from tests.unit.test_housekeeping import make


@pytest.fixture
def looked(tmp_path: Path) -> Store:
    """A new folder with a store in which nothing was done but looking at footage."""
    opened = Store(tmp_path / "new" / ".reels")
    opened.prepare()
    make(opened, "probe a.mp4", "probe", "a")
    make(opened, "hearing a.mp4", "hearing", "b")
    return opened


def unmake(store: Store) -> None:
    whole._unmake(store, [store.root, store.root.parent])


def test_a_store_that_was_made_for_nothing_goes_with_its_folder(looked: Store, tmp_path: Path) -> None:
    unmake(looked)
    assert list(tmp_path.iterdir()) == []


def test_a_store_that_another_run_holds_stays(looked: Store) -> None:
    with again(looked).held():
        unmake(looked)
        assert again(looked).result("a" * 64) is not None


@pytest.mark.parametrize("kind", ["transcribe", "chunk"])
def test_a_store_in_which_another_run_has_worked_stays(looked: Store, kind: str) -> None:
    made = make(again(looked), f"hello {kind}", kind, "c")
    unmake(looked)
    assert again(looked).result(made) is not None
    with again(looked).held():
        pass


def test_a_store_without_locks_stays(looked: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reels.store.lock._try_lock", lambda _: "none")
    unmake(looked)
    assert again(looked).result("a" * 64) is not None
