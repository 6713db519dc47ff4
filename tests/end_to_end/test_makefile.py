"""The Makefile of a campaign and `make campaign` of the clone, by the make that is here.

What make asks of `reels` is seen with a stand-in that writes down its words and answers as told; that the targets are real
files, made once and then left alone, is seen with the real command.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from reels.resources import assets_dir

from .conftest import Reels
from .entry_point import make_footage

ROOT = Path(__file__).parents[2]
MAKEFILE = assets_dir() / "campaign" / "Makefile"
WORDS = ("all", "draft", "preview", "lint", "plan", "check", "kit", "clean", "help")

STAND_IN = """\
#!/bin/sh
# Writes what it is asked, where, and that it has ended; a reel that is rendered has films for x and youtube-shorts.
echo "begin $*" >> "$ASKED"
[ -z "$SLOW" ] || sleep 0.1
case "$*" in *"$FAILS"*) [ -z "$FAILS" ] || { echo "end $*" >> "$ASKED"; exit "$CODE"; };; esac
if [ "$1" = render ]; then
    case "$*" in *--draft*) top=preview;; *) top=out;; esac
    case "$*" in *--platform*) platforms=${*##*--platform };; *) platforms="x youtube-shorts";; esac
    case "$3" in -*) reel=hello;; *) reel=$3;; esac
    for platform in $platforms; do
        mkdir -p "$top/$reel/$platform"
        [ -e "$top/$reel/$platform/$reel.mp4" ] || echo film > "$top/$reel/$platform/$reel.mp4"
        echo "$PWD/$top/$reel/$platform/$reel.mp4"
    done
    [ -z "$HANGS" ] || { echo "hangs $*" >> "$ASKED"; sleep 60; }
fi
if [ "$1" = kit ]; then
    [ -e out/index.html ] || { echo page > out/index.html; echo {} > out/manifest.json; }
    echo "$PWD/out/index.html"
fi
echo "end $*" >> "$ASKED"
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """How make ended, and what it asked of `reels` meanwhile, in order."""

    code: int
    stdout: str
    stderr: str
    asked: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A campaign folder with the Makefile of `reels init`, and a stand-in for `reels`."""

    folder: Path
    stand_in: Path
    log: Path

    @property
    def variables(self) -> dict[str, str]:
        told = {"ASKED": str(self.log), "SLOW": "", "HANGS": "", "FAILS": "", "CODE": "7"}
        return {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", **told}

    def make(self, *words: str, told: Mapping[str, str] | None = None, cwd: Path | None = None) -> Made:
        """`make words` in the folder, or in `cwd`; `told` goes to the stand-in."""
        self.log.write_text("", encoding="utf-8")
        done = make(
            f"REELS='{self.stand_in}'",
            *words,
            cwd=cwd or self.folder,
            environment={**self.variables, **(told or {})},
        )
        lines = self.log.read_text(encoding="utf-8").splitlines()
        # One at a time, whatever -j says: what has begun ends before the next begins.
        assert lines[0::2] == [line.replace("end ", "begin ", 1) for line in lines[1::2]], lines
        asked = [line.removeprefix("begin ") for line in lines[0::2]]
        return Made(code=done.returncode, stdout=done.stdout, stderr=done.stderr, asked=asked)


def make(*words: str, cwd: Path, environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    # A make that is not there fails the test: the Makefile is a part of what users get.
    return subprocess.run(
        ["make", *words], cwd=cwd, env=dict(environment), capture_output=True, text=True, timeout=120
    )


@pytest.fixture
def place(tmp_path: Path) -> Place:
    folder = tmp_path / "2026  봄 축제 (한빛시)"
    folder.mkdir()
    shutil.copyfile(MAKEFILE, folder / "Makefile")
    stand_in = tmp_path / "stand in"
    stand_in.write_text(STAND_IN, encoding="utf-8")
    stand_in.chmod(0o755)
    return Place(folder=folder, stand_in=stand_in, log=tmp_path / "asked")


# --- words -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "asked"),
    [
        ([], ["render . --wait"]),
        (["all"], ["render . --wait"]),
        (["draft"], ["draft . --wait"]),
        (["preview"], ["render . --draft --wait"]),
        (["lint"], ["lint ."]),
        (["plan"], ["plan ."]),
        (["check"], ["check ."]),
        (["kit"], ["render . --wait", "kit ."]),
        (["hello"], ["render . hello --wait"]),
        (["봄축제_2026-04"], ["render . 봄축제_2026-04 --wait"]),
        (["hello", "봄축제"], ["render . hello --wait", "render . 봄축제 --wait"]),
        (["ARGS=--jobs 4 --fail-fast"], ["render . --wait --jobs 4 --fail-fast"]),
        (["hello", "ARGS=--force"], ["render . hello --wait --force"]),
        (["out/draft"], ["render . draft --wait"]),
        (["out/hello/"], ["render . hello --wait"]),
        (["preview/check"], ["render . check --wait --draft"]),
        (["out/봄축제/x/봄축제.mp4"], ["render . 봄축제 --wait"]),
        (["out/index.html"], ["render . --wait", "kit ."]),
        (
            ["out/index.html", "out/manifest.json", "kit", "all"],
            ["render . --wait", "kit .", "kit .", "kit ."],
        ),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_target_asks_reels_for_what_its_name_says(place: Place, words: list[str], asked: list[str]) -> None:
    made = place.make(*words)
    assert (made.code, made.asked) == (0, asked), made.stderr


@pytest.mark.parametrize("word", [*WORDS, "hello", "footage", "out"])
def test_a_folder_of_that_name_changes_nothing(place: Place, word: str) -> None:
    """A reel may be called `footage`; and `make preview` makes a folder `preview`."""
    alone = place.make(word)
    (place.folder / word).mkdir(exist_ok=True)
    assert place.make(word).asked == alone.asked
    assert alone.asked == [f"render . {word} --wait"] or word in WORDS


def test_help_is_the_head_of_the_makefile_and_names_every_word(place: Place) -> None:
    made = place.make("help")
    assert made.asked == []
    assert made.stdout.splitlines() == [
        line.removeprefix("#").removeprefix(" ")
        for line in MAKEFILE.read_text(encoding="utf-8").partition("REELS")[0].splitlines()
    ]
    assert {"make", *(f"make {word}" for word in WORDS[1:])} <= {
        line.split("  ")[0] for line in made.stdout.splitlines()
    }


def test_clean_keeps_what_a_person_has_made(place: Place) -> None:
    for name in ("out", "preview", ".reels", "footage", "subtitles"):
        (place.folder / name).mkdir()
        (place.folder / name / "file").write_text("x", encoding="utf-8")
    made = place.make("clean", "all", "-j")
    assert made.code == 0
    assert {path.name for path in place.folder.iterdir()} == {"Makefile", "footage", "subtitles", "out"}
    assert not (place.folder / "out" / "file").exists()


# --- several at once -------------------------------------------------------------------------------------


def test_several_targets_run_one_after_the_other_with_j_too(place: Place) -> None:
    """`Place.make` sees that nothing begins before the last one has ended."""
    words = ["draft", "lint", "all", "hello", "out/index.html", "preview", "check"]
    expected = ["draft . --wait", "lint .", "render . --wait", "render . hello --wait", "kit ."]
    made = place.make("-j8", *words, told={"SLOW": "yes"})
    assert (made.code, made.asked) == (0, [*expected, "render . --draft --wait", "check ."])


# --- failures --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("word", "asked"), [("all", "render"), ("lint", "lint"), ("check", "check")])
def test_make_says_what_reels_ended_with(place: Place, word: str, asked: str) -> None:
    made = place.make(word, told={"FAILS": asked, "CODE": "7"})
    assert made.code == 2
    assert re.search(rf"make: \*\*\* .*\b{word}\] Error 7", made.stderr)


@pytest.mark.parametrize("word", ["hello", "out/hello", "out/hello/x/hello.mp4", "preview/hello", "kit"])
def test_what_cannot_be_rendered_fails_and_nothing_follows(place: Place, word: str) -> None:
    made = place.make(word, told={"FAILS": "render", "CODE": "3"})
    assert made.code == 2
    assert "Error 3" in made.stderr
    assert [line.split()[0] for line in made.asked] == ["render"]


def test_a_film_that_no_reel_has_is_told(place: Place) -> None:
    for name in ("out/hello/x/hallo.mp4", "hallo.mp4", "result/hello"):
        made = place.make(name)
        assert made.code == 2
        assert f"{name}: 그런 결과는 없습니다 · no such result" in made.stderr


def test_a_platform_that_the_campaign_does_not_name_is_asked_for_alone(place: Place) -> None:
    made = place.make("out/hello/tiktok/hello.mp4")
    assert made.code == 0
    assert made.asked == ["render . hello --wait", "render . hello --wait --platform tiktok"]
    typo = place.make("out/hello/tikotk/hello.mp4", told={"FAILS": "tikotk", "CODE": "2"})
    assert "Error 2" in typo.stderr


# --- targets are files -----------------------------------------------------------------------------------


def test_a_rule_of_a_persons_own_is_followed_only_when_a_film_is_new(place: Place) -> None:
    rules = """
    upload.txt: out/hello/x/hello.mp4 notes.txt
    \techo uploaded >> upload.txt
    index.txt: out/index.html
    \techo copied >> index.txt
    """
    with (place.folder / "Makefile").open("a", encoding="utf-8") as file:
        file.write("\n".join(line.removeprefix("    ") for line in rules.splitlines()))
    (place.folder / "notes.txt").write_text("x", encoding="utf-8")
    for _ in range(2):
        made = place.make("upload.txt", "index.txt")
        assert (made.code, made.asked) == (0, ["render . hello --wait", "render . --wait", "kit ."])
    assert (place.folder / "upload.txt").read_text(encoding="utf-8") == "uploaded\n"
    assert (place.folder / "index.txt").read_text(encoding="utf-8") == "copied\n"
    later = (place.folder / "upload.txt").stat().st_mtime + 5
    os.utime(place.folder / "out/hello/x/hello.mp4", (later, later))
    place.make("upload.txt")
    assert (place.folder / "upload.txt").read_text(encoding="utf-8") == "uploaded\n" * 2


def test_an_interrupted_make_takes_no_finished_film_away(place: Place) -> None:
    """make deletes a target that has changed when it is interrupted; reels has put a whole film there."""
    with subprocess.Popen(
        ["make", f"REELS='{place.stand_in}'", "out/hello/x/hello.mp4"],
        cwd=place.folder,
        env={**place.variables, "HANGS": "yes"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as process:
        until = time.monotonic() + 30
        while "hangs" not in (place.log.read_text(encoding="utf-8") if place.log.exists() else ""):
            assert time.monotonic() < until
            time.sleep(0.02)
        # More than once, for a shell that is about to start a child may hear it and the child not.
        while process.poll() is None:
            assert time.monotonic() < until
            os.killpg(process.pid, signal.SIGINT)
            time.sleep(0.1)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    assert process.returncode != 0
    assert (place.folder / "out/hello/x/hello.mp4").read_text(encoding="utf-8") == "film\n"


def test_a_file_beside_the_makefile_is_no_recipe_for_a_reel(place: Place) -> None:
    """By make's own rules a `hello` is made of a `hello.sh`."""
    (place.folder / "hello.sh").write_text("echo no\n", encoding="utf-8")
    assert place.make("hello").asked == ["render . hello --wait"]
    assert not (place.folder / "hello").exists()


def test_the_makefile_is_nothing_that_is_made(place: Place) -> None:
    before = (place.folder / "Makefile").stat().st_mtime_ns
    for words in (["Makefile"], ["-B", "lint"], ["-B", "-f", str(MAKEFILE), "lint"], ["hello", "Makefile"]):
        made = place.make(*words)
        assert made.code == 0
        assert not [line for line in made.asked if "Makefile" in line]
    assert (place.folder / "Makefile").stat().st_mtime_ns == before


def test_nothing_in_it_is_newer_than_make_3_81(place: Place) -> None:
    """macOS comes with 3.81 of 2006."""
    text = MAKEFILE.read_text(encoding="utf-8")
    code = "\n".join(line for line in text.splitlines() if not line.startswith("#"))
    functions = r"\$\((?:file|let|intcmp|guile) "
    assert not re.search(rf"{functions}|\.ONESHELL|\.SHELLFLAGS|\.EXTRA_PREREQS|&:|!=|::=", code)
    assert not re.search(r"^(?:private|undefine|load|else if)\b", code, re.M)
    assert not re.search(r"^define .*[:?+]?=", code, re.M)


# --- from the clone --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its Makefile and its files, with an environment in which `reels` writes what it is asked: nothing is installed."""
    folder = tmp_path_factory.mktemp("clone") / "한빛 reels"
    (folder / ".venv" / "bin").mkdir(parents=True)
    shutil.copyfile(ROOT / "Makefile", folder / "Makefile")
    shutil.copytree(MAKEFILE.parent, folder / "assets" / "campaign")
    for name in ("pyproject.toml", "constraints.txt", ".venv/installed"):
        (folder / name).touch()
    stand_in = folder / ".venv" / "bin" / "reels"
    stand_in.write_text(STAND_IN, encoding="utf-8")
    stand_in.chmod(0o755)
    return folder


def from_clone(place: Place, clone: Path, *words: str, told: Mapping[str, str] | None = None) -> Made:
    place.log.write_text("", encoding="utf-8")
    environment = {**place.variables, **(told or {})}
    done = make("campaign", *words, cwd=clone, environment=environment)
    lines = place.log.read_text(encoding="utf-8").splitlines()
    asked = [line.removeprefix("begin ") for line in lines if line.startswith("begin ")]
    return Made(code=done.returncode, stdout=done.stdout, stderr=done.stderr, asked=asked)


@pytest.mark.parametrize(
    ("words", "asked"),
    [
        ([], ["render . --wait"]),
        (["T=draft lint"], ["draft . --wait", "lint ."]),
        (["T=봄축제", "ARGS=--jobs 2"], ["render . 봄축제 --wait --jobs 2"]),
        (["T=out/봄축제/x/봄축제.mp4", "-j4"], ["render . 봄축제 --wait"]),
    ],
)
@pytest.mark.parametrize("has_makefile", [True, False])
def test_the_clone_makes_a_campaign_anywhere(
    place: Place, clone: Path, words: list[str], asked: list[str], has_makefile: bool
) -> None:
    if not has_makefile:
        (place.folder / "Makefile").unlink()
    made = from_clone(place, clone, f"C={place.folder}", *words)
    assert (made.code, made.asked) == (0, asked), made.stderr
    assert (place.folder / "Makefile").exists() == has_makefile
    assert "Nothing to be done" not in made.stdout


def test_a_campaigns_own_makefile_is_the_one_that_counts(place: Place, clone: Path) -> None:
    with (place.folder / "Makefile").open("a", encoding="utf-8") as file:
        file.write("upload:\n\t@echo uploaded by $(REELS)\n")
    made = from_clone(place, clone, f"C={place.folder}", "T=upload")
    assert (made.code, made.stdout) == (0, f"uploaded by {clone}/.venv/bin/reels\n"), made.stderr


def test_the_clone_says_what_is_missing_and_what_reels_ended_with(place: Place, clone: Path) -> None:
    without = from_clone(place, clone)
    assert (without.code, without.asked) == (2, [])
    assert "make campaign C=campaigns/x" in without.stderr
    nowhere = from_clone(place, clone, "C=campaigns/새 캠페인")
    assert (nowhere.code, nowhere.asked) == (2, [])
    assert (
        'campaigns/새 캠페인: no such folder; make a campaign with .venv/bin/reels init "campaigns/새 캠페인"'
        in (nowhere.stderr)
    )
    failed = from_clone(place, clone, f"C={place.folder}", "T=check", told={"FAILS": "check", "CODE": "7"})
    assert failed.code == 2
    assert re.search(r"make\[1\]: \*\*\* .*check\] Error 7", failed.stderr)


# --- with the real command -------------------------------------------------------------------------------

CAMPAIGN = """\
campaign: 봄 축제
platforms: [x]
framing: centre
reels:
  - id: 봄축제
    clips: [{footage: footage/a.mp4, subtitles: a.srt}]
  - id: hello
    clips: [{footage: footage/a.mp4, subtitles: a.srt, in: 0.6}]
"""
SRT = "1\n00:00:00,700 --> 00:00:01,300\n안녕하세요\n"


@pytest.fixture(scope="module")
def campaign(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Recipe: one clip of 1.6 s, two reels of it for X, the Makefile of `reels init`."""
    folder = tmp_path_factory.mktemp("make") / "봄 축제"
    (folder / "footage").mkdir(parents=True)
    make_footage(folder / "footage" / "a.mp4", seconds="1.6")
    (folder / "a.srt").write_text(SRT, encoding="utf-8")
    (folder / "campaign.yaml").write_text(CAMPAIGN, encoding="utf-8")
    shutil.copyfile(MAKEFILE, folder / "Makefile")
    return folder


def test_real_films_are_made_beside_each_other_and_then_left_alone(reels: Reels, campaign: Path) -> None:
    (script,) = reels.argv

    def start(*words: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            ["make", f"REELS='{script}'", *words],
            cwd=campaign,
            env=reels.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def ended(process: subprocess.Popen[str], *, expect: int = 0) -> tuple[str, str]:
        stdout, stderr = process.communicate(timeout=240)
        assert process.returncode == expect, stderr
        return stdout, stderr

    film, other = campaign / "out/봄축제/x/봄축제.mp4", campaign / "out/hello/x/hello.mp4"
    # Two makes in one campaign: neither refuses, whichever comes first.
    both = [start("out/봄축제/x/봄축제.mp4"), start("hello")]
    said = [ended(process)[0] for process in both]
    assert said[0] == f"{film}\n"
    assert said[1].splitlines()[-1] == f"{other}"
    before = {path: path.stat().st_mtime_ns for path in (film, other)}
    out, told = ended(start("-k", "-j4", "helo", "out/index.html"), expect=2)
    assert "perhaps you meant hello" in told
    assert "helo] Error 3" in told
    page = campaign / "out" / "index.html"
    assert out.splitlines()[-1] == str(page)
    assert page.read_text(encoding="utf-8").count("<video ") == 2
    assert {path: path.stat().st_mtime_ns for path in (film, other)} == before
    quick = "preview/hello/x/hello.mp4"
    assert ended(start(quick))[0] == f"{campaign / quick}\n"
    assert {path: path.stat().st_mtime_ns for path in (film, other)} == before
