"""`reels cache` as a person meets it: tables, JSON, exit codes, both languages. The real app, in this process."""

from __future__ import annotations

import contextlib
import io
import json
import re
import shutil
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import typer

from reels.cli.app import app
from reels.errors import CheckFailed, FootageMissing, ReelsError, StoreBusy, StoreNewer, UsageError
from reels.steps import Plan, PlanFailure, Step
from reels.store import Store
from tests.unit.test_housekeeping import make

REPOSITORY = Path(__file__).parents[2]
Reels = Callable[..., str]
COMMAND: Any = typer.main.get_command(app)


@pytest.fixture
def reels(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Reels:
    """What `reels cache` says on stdout; errors come as they are."""
    monkeypatch.setenv("REELS_LANG", "en")

    def run(*words: str | Path) -> str:
        capsys.readouterr()
        COMMAND.main(["cache", *map(str, words)], standalone_mode=False)
        return capsys.readouterr().out

    return run


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder in which a reel was joined twice, as `reels make -o` leaves it."""
    place = tmp_path / "봄 축제"
    opened = Store(place / ".reels")
    opened.prepare()
    for step, kind, mark, size in (
        ("transcribe a.mp4 ko", "transcribe", "1", 2000),
        ("hello chunk 0001", "chunk", "2", 300_000),
        ("hello join", "join", "3", 400_000),
        ("hello join", "join", "4", 500_000),
    ):
        make(opened, step, kind, mark, size=size)
    return place


def store_of(folder: Path) -> Store:
    return Store(folder / ".reels")


def joined(folder: Path) -> list[bool]:
    """Whether the superseded and the current joined reel are there."""
    return [store_of(folder).result(mark * 64) is not None for mark in "34"]


# --- showing -----------------------------------------------------------------------------------------------


def test_the_table_tells_each_kind_with_what_of_it_is_not_needed(folder: Path, reels: Reels) -> None:
    said = reels(folder)
    header, *rows, total = said.splitlines()
    assert header.split("  ")[0] == "kind"
    told = {row.split()[0]: re.split(r"\s{2,}", row.strip())[1:4] for row in rows}
    assert list(told) == ["join", "chunk", "transcribe", "books"]
    assert told["join"] == ["2", "900 kB", "400 kB"]
    assert told["chunk"][:2] == ["1", "300 kB"]
    assert re.fullmatch(
        r"1\.2 MB in all, 400 kB of it not needed any more \(`reels cache \S.*봄 축제\S? --prune` removes that\); "
        r"[\d.]+ .?B free on the disk",
        total,
    ), total
    assert joined(folder) == [True, True]


def test_it_is_told_in_korean_too(folder: Path, reels: Reels, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REELS_LANG", "ko")
    said = reels(folder)
    assert said.startswith("종류")
    assert "이어 붙인 릴스" in said
    assert re.search(
        r"모두 1\.2 MB, 그중 안 쓰는 것 400 kB\(`reels cache .*--prune`으로 지웁니다\)\. 디스크에 남은 공간",
        said,
    )
    assert not re.search(r"\b(join|chunk|transcribe|books)\b", said)
    assert "2개를 지워" not in reels(folder, "--prune")


@pytest.mark.parametrize("given", [".", "campaign.yaml", ".reels"])
def test_the_store_is_found_by_folder_and_by_file_even_where_that_is_broken(
    folder: Path, reels: Reels, given: str
) -> None:
    (folder / "campaign.yaml").write_text("reels: [", encoding="utf-8")
    assert json.loads(reels(folder / given, "--json"))["store"] == str(folder / ".reels")


def test_the_shape_of_the_json_is_the_one_that_is_documented(folder: Path) -> None:
    (store_of(folder).folder_of("4" * 64) / "reel.mp4").write_bytes(b"torn")
    shape = json.loads(reels_said(folder, "--json", "--verify", "--prune", "--dry-run"))
    assert shape["ok"] is False
    assert list(shape) == [
        *("ok", "store", "total_bytes", "unneeded_bytes", "free_bytes", "kinds", "verified", "pruned"),
    ]
    assert list(shape["kinds"][0]) == ["kind", "count", "bytes", "unneeded_bytes", "oldest"]
    one = ["fingerprint", "kind", "step", "reel", "bytes", "made"]
    assert list(shape["verified"]) == ["results", "bytes", "damaged"]
    assert list(shape["verified"]["damaged"][0]) == [*one, "found"]
    assert list(shape["pruned"]) == ["dry_run", "bytes", "results"]
    assert list(shape["pruned"]["results"][0]) == [*one, "why"]
    for page in ("when-something-goes-wrong.md", "when-something-goes-wrong.ko.md"):
        text = (REPOSITORY / "docs" / page).read_text(encoding="utf-8")
        documented = set(
            re.findall(r"`(\w+)`", next(p for p in text.split("\n\n") if "`unneeded_bytes`" in p))
        )
        assert documented == keys_of(shape), page


def reels_said(*words: str | Path) -> str:
    """The same without its errors, for what is said before one."""
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.suppress(ReelsError):
        COMMAND.main(["cache", *map(str, words)], standalone_mode=False)
    return said.getvalue()


def keys_of(shape: Any) -> set[str]:
    if isinstance(shape, dict):
        return set(shape).union(*(keys_of(value) for value in shape.values()))
    return set().union(*map(keys_of, shape)) if isinstance(shape, list) else set()


def test_without_a_task_the_json_says_that_none_was_done(folder: Path, reels: Reels) -> None:
    shape = json.loads(reels(folder, "--json"))
    assert (shape["ok"], shape["verified"], shape["pruned"]) == (True, None, None)
    assert shape["unneeded_bytes"] == shape["kinds"][0]["unneeded_bytes"] > 400_000


# --- pruning -----------------------------------------------------------------------------------------------


def test_pruning_without_a_limit_takes_what_is_superseded(folder: Path, reels: Reels) -> None:
    said = reels(folder, "--prune")
    assert re.search(r"join\s+1\s+400 kB\s+superseded\n1 removed, 400 kB freed", said)
    assert joined(folder) == [False, True]
    assert reels(folder, "--prune") == "nothing to remove\n"


def test_a_dry_run_tells_the_same_and_takes_nothing(folder: Path, reels: Reels) -> None:
    with store_of(folder).held():
        said = reels(folder, "--prune", "--dry-run")
    assert re.search(r"join\s+1\s+400 kB\s+superseded\n1 would be removed, 400 kB", said)
    assert joined(folder) == [True, True]


def test_pruning_by_size_and_age(folder: Path, reels: Reels) -> None:
    shape = json.loads(reels(folder, "--prune", "--keep", "0.6MB", "--json"))
    assert [(one["kind"], one["why"]) for one in shape["pruned"]["results"]] == [
        ("join", "superseded"),
        ("chunk", "size"),
    ]
    assert shape["total_bytes"] < 600_000
    assert reels(folder, "--prune", "--older-than", "1h") == "nothing to remove\n"
    assert "transcribe  1" in reels(folder, "--prune", "--keep", "0")


def test_what_the_campaign_as_it_stands_would_use_stays(
    folder: Path, reels: Reels, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A title that was changed and changed back: the journal knows the later reel as the last one."""
    (folder / "campaign.yaml").write_text("campaign: 축제", encoding="utf-8")
    step = Step(
        id="hello join",
        kind="join",
        reel="hello",
        platform=None,
        reason="reused",
        will_run=False,
        fingerprint="3" * 64,
        needs=("2" * 64,),
    )
    monkeypatch.setattr("reels.cli.cache.load_campaign", lambda _: None)
    monkeypatch.setattr("reels.cli.cache.plan_campaign", lambda _: Plan(steps=(step,)))
    assert json.loads(reels(folder, "--json"))["unneeded_bytes"] == 0
    assert reels(folder, "--prune", "--dry-run") == reels(folder, "--prune") == "nothing to remove\n"
    assert joined(folder) == [True, True]


@pytest.mark.parametrize("doubt", ["", "a failure", "an unknown step", "another campaign"])
def test_what_was_made_for_a_reel_that_was_renamed_goes_where_the_whole_campaign_is_known(
    folder: Path, reels: Reels, monkeypatch: pytest.MonkeyPatch, doubt: str
) -> None:
    (folder / "campaign.yaml").write_text("campaign: 축제", encoding="utf-8")
    (folder / "brand.yaml").write_text("name: 축제", encoding="utf-8")
    if doubt == "another campaign":
        (folder / "autumn.yaml").write_text("campaign: 가을\nreels: []", encoding="utf-8")
    told = "6" * 64 if doubt != "an unknown step" else None
    step = Step(
        id="hi join",
        kind="join",
        reel="hi",
        platform=None,
        reason="new",
        will_run=True,
        fingerprint=told,
        needs=("2" * 64,),
    )
    away = PlanFailure(reel="other", platform=None, error=FootageMissing(path="a.mp4"))
    plan = Plan(steps=(step,), failures=(away,) if doubt == "a failure" else ())
    monkeypatch.setattr("reels.cli.cache.load_campaign", lambda _: None)
    monkeypatch.setattr("reels.cli.cache.plan_campaign", lambda _: plan)
    reels(folder, "--prune")
    assert joined(folder) == [False, bool(doubt)]
    assert all(store_of(folder).result(mark * 64) is not None for mark in "12")


def test_a_campaign_that_cannot_be_planned_is_pruned_by_its_journal_and_says_so(
    folder: Path, reels: Reels, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "campaign.yaml").write_text("reels: [", encoding="utf-8")
    COMMAND.main(["cache", str(folder), "--prune"], standalone_mode=False)
    said = capsys.readouterr()
    assert "1 removed" in said.out
    assert "the campaign cannot be planned (campaign.yaml:1" in said.err
    assert joined(folder) == [False, True]


def test_a_store_that_somebody_works_in_is_not_pruned(folder: Path, reels: Reels) -> None:
    with store_of(folder).held(), pytest.raises(StoreBusy, match="--wait"):
        reels(folder, "--prune")
    assert joined(folder) == [True, True]
    assert "1 removed" in reels(folder, "--prune", "--wait")


@pytest.mark.parametrize("task", ["--prune", "--verify"])
def test_whoever_waits_is_told_for_whom(
    folder: Path, task: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REELS_LANG", "en")
    (store_of(folder).folder_of("2" * 64) / "chunk.mp4").write_bytes(b"torn")
    is_held, may_end = threading.Event(), threading.Event()

    def hold() -> None:
        with store_of(folder).held():
            is_held.set()
            may_end.wait(10)

    other = threading.Thread(target=hold)
    other.start()
    assert is_held.wait(10)
    threading.Timer(0.5, may_end.set).start()
    with contextlib.suppress(CheckFailed):
        COMMAND.main(["cache", str(folder), task, "--wait"], standalone_mode=False)
    other.join()
    assert "waiting for another run (process " in capsys.readouterr().err
    assert not store_of(folder).folder_of({"--prune": "3", "--verify": "2"}[task] * 64).exists()


# --- verifying ---------------------------------------------------------------------------------------------


def test_a_sound_store_is_said_to_be_sound(folder: Path, reels: Reels) -> None:
    assert re.fullmatch(r"4 results, 1\.2 MB: all are whole\n", reels(folder, "--verify"))


def test_what_is_damaged_is_named_taken_away_and_ends_with_code_7(folder: Path, reels: Reels) -> None:
    damaged = store_of(folder).folder_of("4" * 64) / "reel.mp4"
    content = bytearray(damaged.read_bytes())
    content[len(content) // 2] ^= 1
    damaged.write_bytes(content)
    with pytest.raises(CheckFailed, match="1 of 4 results are damaged; the table above") as tried:
        reels(folder, "--verify", "--dry-run")
    assert damaged.exists()
    with pytest.raises(CheckFailed) as caught:
        reels(folder, "--verify")
    assert tried.value.status() == caught.value.status() == 7
    assert "1 of 4 results are damaged; they were removed and the next run makes them again" in str(
        caught.value
    )
    assert (
        "결과 4개 가운데 1개가 손상되어 지웠습니다. 다음에 실행할 때 다시 만듭니다"
        in caught.value.sentence("ko")
    )
    assert joined(folder) == [True, False]
    assert "3 results" in reels(folder, "--verify")


def test_the_table_of_damage_names_the_step(folder: Path, reels: Reels) -> None:
    (store_of(folder).folder_of("2" * 64) / "chunk.mp4").write_bytes(b"torn")
    assert re.search(
        r"hello chunk 0001\s+chunk\s+chunk\.mp4 has 4 bytes of 300000",
        reels_said(folder, "--verify", "--dry-run"),
    )


def test_damage_in_a_store_that_somebody_works_in_is_told_and_stays(folder: Path, reels: Reels) -> None:
    (store_of(folder).folder_of("2" * 64) / "chunk.mp4").write_bytes(b"torn")
    with store_of(folder).held(), pytest.raises(ReelsError) as caught:
        reels(folder, "--verify")
    told = str(caught.value)
    assert "1 of 4 results are damaged and still there" in told
    assert "in use by process" in told
    assert store_of(folder).folder_of("2" * 64).exists()


# --- mistakes ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("nowhere",), "nowhere, which is not there"),
        (("empty",), "in which nothing has been made yet, expected a folder with .reels in it"),
        (("봄 축제", "--keep", "20"), "--keep: found 20"),
        (("봄 축제", "--prune", "--keep", "20"), "expected a size such as 500MB or 20GB"),
        (("봄 축제", "--prune", "--keep", "-1GB"), "--keep: found -1GB"),
        (("봄 축제", "--prune", "--older-than", "30"), "expected a number and h, d or w"),
        (("봄 축제", "--prune", "--older-than", "1m"), "--older-than: found 1m"),
        (("봄 축제", "--older-than", "30d"), "add --prune"),
        (("봄 축제", "--keep", "20GB", "--verify"), "add --prune"),
        (("봄 축제", "--dry-run"), "expected --prune or --verify beside it"),
    ],
)
def test_a_mistake_is_told_with_what_to_do_and_nothing_is_taken(
    folder: Path, reels: Reels, words: tuple[str, ...], told: str
) -> None:
    (folder.parent / "empty").mkdir()
    name, *options = words
    with pytest.raises(UsageError) as caught:
        reels(folder.parent / name, *options)
    assert told in str(caught.value)
    assert caught.value.status() == 2
    assert joined(folder) == [True, True]


def test_a_store_of_a_later_reels_is_left_alone(folder: Path, reels: Reels) -> None:
    (folder / ".reels" / "version").write_text("2\n", encoding="utf-8")
    for options in ((), ("--prune",), ("--verify",)):
        with pytest.raises(StoreNewer):
            reels(folder, *options)
    assert (folder / ".reels" / "version").read_text(encoding="utf-8") == "2\n"


@pytest.mark.parametrize("unit", ["500kB", "0.5MB", "0.5 mb", "500K", "489KiB"])
def test_a_size_may_be_written_as_people_write_it(folder: Path, reels: Reels, unit: str) -> None:
    shape = json.loads(reels(folder, "--prune", "--dry-run", "--json", "--keep", unit))
    assert [one["kind"] for one in shape["pruned"]["results"]] == ["join", "chunk", "join"]


def test_a_campaign_that_was_copied_is_as_good_as_the_original(
    folder: Path, reels: Reels, tmp_path: Path
) -> None:
    shutil.copytree(folder, tmp_path / "copy")
    assert "4 results" in reels(tmp_path / "copy", "--verify")
