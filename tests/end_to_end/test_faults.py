"""What a night may bring: a full disk, a drive that fails, encoders that fail, lie or hang, files that change meanwhile.

Whatever happens, it is told in a sentence, the other reels are made, nothing wrong is kept, and the same command
again ends in the very files that an undisturbed run makes.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from .conftest import Reels
from .entry_point import Ran
from .small_films import (
    at_work_on,
    faulty_ffmpeg,
    handed_over,
    moving_film,
    require_nobody_at_work_on,
    results_of,
    small_campaign,
    wait_until,
    without_powers_of_root,
)

USAGE, FOOTAGE, PROCESS, SOME_FAILED, INTERRUPTED = 2, 4, 6, 7, 130
PATIENCE_S = 120

FAULTS = ("good", "fails", "fewer", "torn", "killed", "hangs", "full", "drive")
"""What befalls the encoder of each of these reels."""


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A film of two seconds for each fault; `large` does not pack, so that its chunks are large."""
    folder = tmp_path_factory.mktemp("films")
    made = {name: moving_film(folder / f"{name}.mp4", number=n) for n, name in enumerate(FAULTS)}
    return made | {"large": moving_film(folder / "large.mp4", number=20, noise=12)}


@pytest.fixture(scope="module")
def undisturbed(reels: Reels, films: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A reel of every film, made without a disturbance. Truth: what each must be, whatever comes between."""
    root = small_campaign(tmp_path_factory.mktemp("undisturbed") / "festival", films)
    run(reels, "render", root)
    return root


NewCampaign = Callable[..., Path]


@pytest.fixture
def new_campaign(films: dict[str, Path], tmp_path: Path) -> NewCampaign:
    def make(*names: str) -> Path:
        return small_campaign(tmp_path / "festival", {name: films[name] for name in names})

    return make


@pytest.fixture
def finished(undisturbed: Path, tmp_path: Path) -> NewCampaign:
    """A copy of the finished campaign that holds these reels alone, with the results of all."""

    def make(*names: str) -> Path:
        root = tmp_path / "finished"
        shutil.copytree(undisturbed, root)
        head, *told = re.split(
            r"^(?=  - id: )", (root / "campaign.yaml").read_text(encoding="utf-8"), flags=re.M
        )
        kept = [reel for reel in told if reel.split()[2] in names]
        (root / "campaign.yaml").write_text(head + "".join(kept), encoding="utf-8")
        return root

    return make


def run(
    reels: Reels,
    *arguments: str | Path,
    expect: int = 0,
    ffmpeg: Path | None = None,
    largest_file_bytes: int | None = None,
    environment: Mapping[str, str] | None = None,
) -> Ran:
    """Run to the end, with another ffmpeg where one is given; never with a traceback."""
    more = {**(environment or {}), **({"REELS_FFMPEG": str(ffmpeg)} if ffmpeg is not None else {})}
    ran = reels.forge(
        *arguments,
        cwd=reels.home,
        home=reels.home,
        environment=reels.environment | more,
        largest_file_bytes=largest_file_bytes,
    )
    assert ran.code == expect, f"exit code {ran.code}\n{ran.stdout}\n{ran.stderr}"
    assert "Traceback" not in ran.stderr
    return ran


@contextlib.contextmanager
def started(
    reels: Reels, *arguments: str | Path, ffmpeg: Path | None = None, program: Sequence[str] = ()
) -> Iterator[subprocess.Popen[str]]:
    """A run in a session of its own, which is gone afterwards with all of its children."""
    more = {"REELS_FFMPEG": str(ffmpeg)} if ffmpeg is not None else {}
    with subprocess.Popen(
        [*(program or reels.argv), *map(str, arguments)],
        env=reels.environment | more,
        cwd=reels.home,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            yield process
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


def sentences(ran: Ran) -> list[str]:
    return [line.removeprefix("reels: ") for line in ran.told if line.startswith("reels: ")]


def steps_run(ran: Ran) -> dict[str, int]:
    return {outcome["id"]: outcome["steps_run"] for outcome in ran.json["reels"]}


def to_run(reels: Reels, root: Path) -> dict[str, str]:
    """The reasons, by step, of what the next run would make."""
    steps = run(reels, "plan", root, "--json").json["steps"]
    return {step["id"]: step["reason"] for step in steps if step["will_run"]}


# --- the encoder -----------------------------------------------------------------------------------------


@pytest.fixture
def bad_encoder(tmp_path: Path, films: dict[str, Path]) -> Path:
    """What happens to each reel's chunks is in its name.

    `fails`: the system's error, told. `fewer`: it ends well, five frames short. `torn`: it ends well and the
    file is half. `killed`: from outside. `hangs`: with a child of its own. `drive`: the real ffmpeg reads the
    first half of the film and then an error that the kernel gives, which it takes for the end, and ends well. `full`: the
    real ffmpeg writes to a device on which there never is any room.
    """
    half = tmp_path / "half.mp4"
    half.write_bytes(films["drive"].read_bytes()[: films["drive"].stat().st_size // 2])
    return faulty_ffmpeg(
        tmp_path / "bin",
        f"""
said="[out#0/mp4 @ 0x5] [error] Error writing trailer of chunk.mp4: Input/output error"
case "$*" in
*/fails.mp4*chunk.mp4) echo "$said" >&2; exit 251;;
*/fewer.mp4*chunk.mp4)
  "$real" "$@" && "$real" -v error -y -i chunk.mp4 -c copy -frames:v 20 less.mp4 && mv less.mp4 chunk.mp4; exit;;
*/torn.mp4*chunk.mp4) "$real" "$@" && head -c 700 chunk.mp4 >half && mv half chunk.mp4; exit;;
*/killed.mp4*chunk.mp4) kill -9 $$;;
*/hangs.mp4*chunk.mp4) sleep 120; exit 0;;
*/full.mp4*chunk.mp4) ln -s /dev/full chunk.mp4;;
*/drive.mp4*)
  for word; do
    shift
    case "$word" in
      file:*/drive.mp4) word="concat:{half}|/proc/self/mem";;
      file) word=file,concat;;
    esac
    set -- "$@" "$word"
  done;;
esac""",
    )


def test_an_encoder_that_fails_lies_dies_or_hangs_costs_its_reel_alone_and_leaves_nothing_wrong(
    reels: Reels, new_campaign: NewCampaign, bad_encoder: Path, undisturbed: Path
) -> None:
    root = new_campaign(*FAULTS)
    ran = run(
        reels,
        "render",
        root,
        expect=SOME_FAILED,
        ffmpeg=bad_encoder,
        environment={"REELS_STALLED_AFTER_S": "3"},
    )
    require_nobody_at_work_on(root)
    assert handed_over(root) == handed_over(undisturbed, "good")
    rows = {line.split()[0]: line for line in ran.told if re.match(r"\w+ +small +", line)}
    assert set(rows) == set(FAULTS)
    reasons = {
        "good": "done",
        "fails": r"fails: encoding chunk 0: ffmpeg ended with 251 \(.*chunk\.mp4: Input/output error\)",
        "fewer": r"fewer: encoding chunk 0: .*20 of 25 frames",
        "torn": r"torn: encoding chunk 0: .*0 of 25 frames",
        "killed": r"killed: encoding chunk 0: .*ended by signal 9; the machine may have run out of memory",
        "hangs": r"hangs: encoding chunk 0: .*it had done nothing for 3 s",
        "full": r"/\.reels/work/\w+/chunk\.mp4: cannot be read or written \(No space left on device\); .*--prune",
        "drive": r"/footage/drive\.mp4: cannot be read or written \(Input/output error\)",
    }
    for name, reason in reasons.items():
        assert re.search(reason, rows[name]), rows[name]
    assert "of reels itself" not in ran.stderr, "what an encoder does is no fault of reels"
    assert "7 of 8 reels failed" in ran.told[-1]

    again = run(reels, "render", root, "--json")
    assert steps_run(again)["good"] == 0
    assert handed_over(root) == handed_over(undisturbed, *FAULTS)


def test_a_command_that_fails_at_any_other_step_fails_it_and_the_next_run_goes_on_from_there(
    reels: Reels, new_campaign: NewCampaign, tmp_path: Path, undisturbed: Path
) -> None:
    """Each run is stopped at one step further on than the last."""
    root = new_campaign("good")
    shorter = "-v error -y -i reel.mp4 -c copy -frames:v 40 less.mp4"
    faults = {
        "mixing the sound": '*ebur128*) ;; *sound.flac) "$real" "$@"; rm -f sound.flac; exit 0;;',
        "setting the level": '*take.aac) "$real" "$@"; : >take.aac; exit 0;;',
        "joining": f'*reel.mp4) "$real" "$@" && "$real" {shorter} && mv less.mp4 reel.mp4; exit;;',
        "drawing the cover": "*frame.png) exit 234;;",
    }
    for number, doing in enumerate(faults):
        bad = faulty_ffmpeg(
            tmp_path / "bin", f'case "$*" in {" ".join([*faults.values()][number:])} *) ;; esac'
        )
        told = sentences(run(reels, "render", root, expect=PROCESS, ffmpeg=bad))
        assert len(told) == 1
        assert told[0].startswith(f"good: {doing}: "), told
        assert not handed_over(root)
    assert steps_run(run(reels, "render", root, "--json"))["good"] <= 2, "cover and hand-over"
    assert handed_over(root) == handed_over(undisturbed, "good")


# --- the disk --------------------------------------------------------------------------------------------


def test_a_disk_that_fills_up_is_told_and_what_is_finished_is_used_when_there_is_room(
    reels: Reels, new_campaign: NewCampaign, undisturbed: Path
) -> None:
    """A limit on every file stands for the disk, which works wherever tests run: each chunk fits, both joined do not."""
    sizes = {file.name: file.stat().st_size for step, file in _files_of(undisturbed, "good")}
    limit = sizes["reel.mp4"] - 1000
    assert max(size for name, size in sizes.items() if name != "reel.mp4") < limit
    root = new_campaign("good")
    told = sentences(run(reels, "render", root, expect=PROCESS, largest_file_bytes=limit))
    assert len(told) == 1
    assert told[0].startswith(f"{root}/.reels/work/")
    assert "/reel.mp4: cannot be read or written (File too large); free some space" in told[0]
    assert "what is finished is kept" in told[0]
    assert not handed_over(root)
    assert set(to_run(reels, root)) == {"good join", "good check", "good small deliver"}
    assert steps_run(run(reels, "render", root, "--json")) == {"good": 3}
    assert handed_over(root) == handed_over(undisturbed, "good")


def _files_of(root: Path, reel: str) -> Iterator[tuple[str, Path]]:
    """Each file of the results of a reel's steps, with the step's id."""
    for step, folder in results_of(root).items():
        if step.startswith(f"{reel} "):
            yield from ((step, file) for file in sorted(folder.iterdir()))


SMALL_DISK = """
mount -t tmpfs -o size=220k tmpfs "$1/.reels" || exit 99
shift
"$@"
echo "code $?"
mount -o remount,size=64m "$root/.reels" || exit 99
exec "$@" --json
"""


def test_a_disk_of_its_own_that_is_too_small_is_told_and_the_next_run_with_room_goes_on(
    reels: Reels, new_campaign: NewCampaign, undisturbed: Path
) -> None:
    """Where nobody may mount a disk, not even one that nobody else sees, a limit on every file stands for it."""
    root = new_campaign("good")
    (root / ".reels").mkdir()
    mounts = _own_mounts()
    if mounts:
        script = ["sh", "-c", SMALL_DISK, "sh", root, *reels.argv, "render", root, "--jobs", "1"]
        done = subprocess.run(
            [*mounts, *map(str, script)],
            env=reels.environment | {"root": str(root)},
            cwd=reels.home,
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
        )
        first, _, second = done.stdout.partition(f"code {PROCESS}\n")
        ran = Ran(code=PROCESS, stdout=first, stderr=done.stderr)
        again = Ran(code=done.returncode, stdout=second, stderr="")
        reason = "No space left on device"
    else:
        ran = run(reels, "render", root, "--jobs", "1", expect=PROCESS, largest_file_bytes=150_000)
        again = run(reels, "render", root, "--json")
        reason = "File too large"
    told = sentences(ran)
    assert ran.stdout == ""
    assert len(told) == 1, ran.stderr
    assert told[0].startswith(f"{root}/.reels")
    assert f"cannot be read or written ({reason}); free some space" in told[0]
    assert again.code == 0
    assert steps_run(again)["good"] < len(list(_steps_of(undisturbed, "good")))
    assert handed_over(root) == handed_over(undisturbed, "good")


def _steps_of(root: Path, reel: str) -> Iterator[str]:
    return (step for step in results_of(root) if step.startswith((f"{reel} ", f"probe footage/{reel}.")))


def _own_mounts() -> tuple[str, ...]:
    """What lets a command mount disks that nobody else sees and that are gone with it; nothing where it may not.

    Source: mount_namespaces(7), unshare(1).
    """
    for prefix in (("unshare", "--mount"), ("unshare", "--map-root-user", "--mount")):
        with contextlib.suppress(OSError):
            tried = [*prefix, "mount", "-t", "tmpfs", "tmpfs", "/mnt"]
            if subprocess.run(tried, capture_output=True).returncode == 0:
                return prefix
    return ()


def test_a_store_that_may_not_be_written_is_told_before_any_work(
    reels: Reels, finished: NewCampaign, undisturbed: Path
) -> None:
    root = finished("good")
    shutil.rmtree(root / "out")
    folders = [root / ".reels", *(path for path in (root / ".reels").rglob("*") if path.is_dir())]
    for folder in folders:
        folder.chmod(0o555)
    try:
        done = subprocess.run(
            [*without_powers_of_root(), *reels.argv, "render", str(root)],
            env=reels.environment,
            cwd=reels.home,
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
        )
    finally:
        for folder in folders:
            folder.chmod(0o755)
    ran = Ran(code=done.returncode, stdout=done.stdout, stderr=done.stderr)
    assert ran.code == USAGE, ran.stderr
    assert len(ran.told) == 1
    assert ran.told[0].startswith(f"reels: {root}/.reels: ")
    assert "Permission denied" in ran.told[0]
    assert steps_run(run(reels, "render", root, "--json")) == {"good": 1}, (
        "but the hand-over nothing was missing"
    )
    assert handed_over(root) == handed_over(undisturbed, "good")


def test_a_store_that_vanishes_while_it_is_worked_in_is_told_and_made_anew(
    reels: Reels, new_campaign: NewCampaign, tmp_path: Path, undisturbed: Path
) -> None:
    root = new_campaign("good")
    away = f'case "$*" in *chunk.mp4) mv "{root}/.reels" "{tmp_path}/away" 2>/dev/null;; esac'
    told = sentences(run(reels, "render", root, expect=PROCESS, ffmpeg=faulty_ffmpeg(tmp_path / "bin", away)))
    assert told
    assert all(f"{root}/.reels" in line and "what is finished is kept" in line for line in told), told
    assert not handed_over(root)
    run(reels, "render", root)
    assert handed_over(root) == handed_over(undisturbed, "good")


# --- what is stored --------------------------------------------------------------------------------------


def _flip(file: Path, at: int) -> None:
    """One byte, and the file looks as before: size, times."""
    times = file.stat()
    content = bytearray(file.read_bytes())
    content[at] ^= 0x55
    file.write_bytes(content)
    os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))


@pytest.mark.parametrize("damage", ["a byte changed", "half gone", "record torn"])
def test_damaged_results_are_made_again_and_none_of_it_reaches_a_film(
    reels: Reels, finished: NewCampaign, undisturbed: Path, damage: str
) -> None:
    """Everything that the steps of a reel have stored, at once."""
    root = finished("good")
    shutil.rmtree(root / "out")
    for _, file in list(_files_of(root, "good")):
        if damage == "record torn" and file.name == "result.json":
            file.write_bytes(file.read_bytes()[:40])
        elif damage == "half gone" and file.name != "result.json":
            file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
        elif damage == "a byte changed" and file.name != "result.json":
            _flip(file, file.stat().st_size // 2)
    reasons = to_run(reels, root)
    assert set(reasons) >= {
        "good chunk 0000",
        "good chunk 0001",
        "good sound",
        "good audio",
        "good join",
        "good cover",
    }
    assert set(reasons.values()) <= {"missing", "cascade"}
    run(reels, "render", root)
    assert handed_over(root) == handed_over(undisturbed, "good")


def test_a_damage_deep_in_a_large_file_is_found_by_whoever_reads_it_in_full_and_made_again(
    reels: Reels, finished: NewCampaign, undisturbed: Path
) -> None:
    root = finished("large")
    results = {folder: step for step, folder in results_of(root).items()}
    files = {file for _, file in _files_of(root, "large") if file.name in ("chunk.mp4", "reel.mp4")}
    assert min(file.stat().st_size for file in files) > 300_000
    for file in files:
        _flip(file, file.stat().st_size // 2)
    assert to_run(reels, root) == {}, "a plan reads no large file in full"
    found = run(reels, "cache", root, "--verify", expect=SOME_FAILED)
    for file in files:
        assert re.search(rf"{results[file.parent]} +\w+ +{file.name} has another content", found.stdout)
    shutil.rmtree(root / "out")
    assert set(to_run(reels, root)) == {
        "large chunk 0000",
        "large chunk 0001",
        "large join",
        "large small deliver",
    }
    run(reels, "render", root)
    assert handed_over(root) == handed_over(undisturbed, "large")
    run(reels, "cache", root, "--verify")


@pytest.mark.parametrize("step", ["large join", "large chunk 0001"])
def test_a_damage_deep_in_a_large_file_never_reaches_what_is_handed_over(
    reels: Reels, finished: NewCampaign, undisturbed: Path, step: str
) -> None:
    """Nobody has asked for every byte to be read, and the file is used as it is by the step behind it."""
    root = finished("large")
    shutil.rmtree(root / "out")
    if step != "large join":
        shutil.rmtree(results_of(root)["large join"])
    folder = results_of(root)[step]
    (film,) = folder.glob("*.mp4")
    _flip(film, film.stat().st_size // 2)
    assert step not in to_run(reels, root)
    told = sentences(run(reels, "render", root, expect=PROCESS))
    assert len(told) == 1
    assert told[0].startswith(
        f"{folder}: cannot be read or written ({film.name} has another content); it was removed"
    )
    assert not handed_over(root)
    run(reels, "render", root)
    assert handed_over(root) == handed_over(undisturbed, "large")


# --- clocks ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("year", [1971, 2037])
def test_a_clock_that_stands_wrong_makes_nothing_again(
    reels: Reels, finished: NewCampaign, undisturbed: Path, year: int
) -> None:
    """Every file and folder, footage and store, bears the time of another year: as a copy, or a camera's flat battery."""
    root = finished("good")
    then = (year - 1970) * 31_557_600
    for path in (root, *root.rglob("*")):
        os.utime(path, (then, then))
    assert to_run(reels, root) == {}
    again = run(reels, "render", root, "--json").json["reels"][0]
    assert (again["status"], again["steps_run"]) == ("unchanged", 0)
    assert handed_over(root, "good") == handed_over(undisturbed, "good")


def test_what_really_changed_is_seen_although_the_clock_stands_still(
    reels: Reels, finished: NewCampaign, films: dict[str, Path]
) -> None:
    """Words and footage are replaced by others of the same size and time."""
    root = finished("good", "fails")
    words, footage = root / "subtitles" / "good.ko.srt", root / "footage" / "fails.mp4"
    times = {path: path.stat() for path in (words, footage)}
    words.write_text(words.read_text(encoding="utf-8").replace("한빛시", "은빛시"), encoding="utf-8")
    _flip(footage, footage.stat().st_size // 2)
    for path, was in times.items():
        os.utime(path, ns=(was.st_atime_ns, was.st_mtime_ns))
        assert (path.stat().st_size, path.stat().st_mtime_ns) == (was.st_size, was.st_mtime_ns)
    reasons = to_run(reels, root)
    assert reasons.pop("probe footage/fails.mp4") == "input-changed"
    assert {step: why for step, why in reasons.items() if step.startswith("good ")} == {
        "good chunk 0001": "input-changed",
        "good join": "cascade",
        "good check": "cascade",
        "good small deliver": "cascade",
    }
    assert {why for step, why in reasons.items() if step.startswith("fails ")} == {"cascade"}
    run(reels, "render", root, "good")
    assert "은빛시" in (root / "out" / "good" / "small" / "good.ko.srt").read_text(encoding="utf-8")


# --- footage ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("moment", "others"),
    [("before", ("fewer",)), ("after", ())],
    ids=["before, with another reel", "after, alone"],
)
def test_footage_that_is_replaced_while_it_is_encoded_fails_its_reel_and_nothing_mixed_is_kept(
    reels: Reels,
    new_campaign: NewCampaign,
    films: dict[str, Path],
    tmp_path: Path,
    undisturbed: Path,
    moment: str,
    others: tuple[str, ...],
) -> None:
    """`before`: the encoder reads the new film for a chunk of the old one. `after`: it has just read the old one."""
    root = new_campaign("good", *others)
    footage = root / "footage" / "good.mp4"
    swap = f'mkdir "{tmp_path}/once" 2>/dev/null && cp "{films["torn"]}" "{tmp_path}/new" && mv "{tmp_path}/new" "{footage}"'
    encode = '"$real" "$@" || exit;' if moment == "after" else ""
    leave = "; exit 0" if moment == "after" else ""
    bad = faulty_ffmpeg(
        tmp_path / "bin", f'case "$*" in */good.mp4*chunk.mp4) {encode} {swap} {leave};; esac'
    )
    # One step at a time: once a chunk is encoded, nothing has the plan made again, which would find the new film.
    code = SOME_FAILED if others else FOOTAGE
    ran = run(reels, "render", root, "--jobs", "1", expect=code, ffmpeg=bad)
    changed = "good.mp4: changed while reels was working with it; wait until it is copied as a whole"
    assert changed in ran.stderr
    assert others or sentences(ran)[0].startswith(changed)
    assert handed_over(root) == (handed_over(undisturbed, *others) if others else {})

    run(reels, "render", root)
    fresh = small_campaign(tmp_path / "fresh", {"good": films["torn"]})
    run(reels, "render", fresh)
    assert handed_over(root, "good") == handed_over(fresh)

    shutil.copyfile(films["good"], footage)
    run(reels, "render", root)
    assert handed_over(root, "good") == handed_over(undisturbed, "good"), "kept under the old film's name"


def test_a_folder_of_footage_that_vanishes_is_told_and_the_run_goes_on_when_it_is_back(
    reels: Reels, new_campaign: NewCampaign, tmp_path: Path, undisturbed: Path
) -> None:
    root = new_campaign("good", "fewer")
    away = f'case "$*" in *chunk.mp4) mv "{root}/footage" "{tmp_path}/away" 2>/dev/null;; esac'
    ran = run(reels, "render", root, expect=FOOTAGE, ffmpeg=faulty_ffmpeg(tmp_path / "bin", away))
    told = sentences(ran)
    assert {name for name in ("good.mp4", "fewer.mp4") if any(name in line for line in told)} == {
        "good.mp4",
        "fewer.mp4",
    }
    (tmp_path / "away").rename(root / "footage")
    run(reels, "render", root)
    assert handed_over(root) == handed_over(undisturbed, "good", "fewer")


# --- two at once -----------------------------------------------------------------------------------------


def test_a_second_run_is_refused_and_one_that_waits_says_so_once_and_finds_everything_made(
    reels: Reels, new_campaign: NewCampaign, tmp_path: Path, undisturbed: Path
) -> None:
    root, go = new_campaign("good"), tmp_path / "go"
    held = faulty_ffmpeg(
        tmp_path / "bin",
        f'case "$*" in *chunk.mp4) while [ ! -e "{go}" ]; do sleep 0.05; done;; esac',
    )
    with started(reels, "render", root, "--jobs", "2", ffmpeg=held) as first:
        wait_until(lambda: any("chunk.mp4" in line for line in at_work_on(root).values()))
        refused = sentences(run(reels, "render", root, expect=PROCESS))
        assert len(refused) == 1
        assert re.match(
            rf"{root}/\.reels: in use by process {first.pid} on \S+ since \d\d:\d\d: reels render .*--wait",
            refused[0],
        )
        with started(reels, "render", root, "--wait", "--json") as second:
            assert second.stderr is not None
            waiting = second.stderr.readline()
            assert f"waiting for another run (process {first.pid} on " in waiting
            time.sleep(1)
            assert second.poll() is None
            go.touch()
            _, said_first = first.communicate(timeout=PATIENCE_S)
            told, said = second.communicate(timeout=PATIENCE_S)
    assert first.returncode == 0, said_first
    assert second.returncode == 0, said
    assert "waiting" not in said
    found = Ran(code=0, stdout=told, stderr=said).json["reels"][0]
    assert (found["status"], found["steps_run"]) == ("unchanged", 0)
    assert handed_over(root) == handed_over(undisturbed, "good")


# --- stopped ---------------------------------------------------------------------------------------------

LISTENS = """
import sys, time
import reels.perform.footage as footage

def listens(*_, **__):
    print("it listens", file=sys.stderr, flush=True)
    time.sleep(1000)

footage.recognise_sound = listens
from reels.cli import main
main()
"""
"""The program with an engine that listens and hears nothing else, as a large model does for half a minute."""


def test_an_interruption_does_not_wait_for_an_engine_that_listens(
    reels: Reels, films: dict[str, Path], tmp_path: Path
) -> None:
    root = small_campaign(tmp_path / "festival", {"good": films["good"]}, without_words=["good"])
    with started(reels, "render", root, program=(sys.executable, "-c", LISTENS)) as process:
        assert process.stderr is not None
        assert any("it listens" in line for line in process.stderr)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=20)
    assert process.returncode == INTERRUPTED
    assert said.splitlines()[-1] == (
        "reels: interrupted; what is finished is kept, run the same command again to go on"
    )
    assert "Traceback" not in said
    require_nobody_at_work_on(root)
    assert "probe footage/good.mp4" not in to_run(reels, root), "it was finished"
    assert run(reels, "render", root, "--json").json["reels"][0]["status"] == "done"
