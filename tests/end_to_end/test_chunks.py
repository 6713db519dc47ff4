"""The picture is made in chunks, yet the file is one: nothing shows where they meet, nothing is made twice,
and a run that was killed goes on to the very same file.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import io
import itertools
import os
import re
import shutil
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from .conftest import Reels
from .filmed import Yuv, beeps, clapper_picture, counted, film
from .measure import onsets, packets, pictures, sound

RATE = Fraction(25)
FRAMES = 240
CHUNK = 50
BORDERS = range(CHUNK, FRAMES, CHUNK)
CAMPAIGN = """\
campaign: 한빛시 축제
template: interview
platforms: [x]
subtitles: {model: nano-ko}
framing: centre
reels:
  - id: count
    clips:
      - footage: footage/drift.mp4
        people: [{name: 박서연, role: 한빛시 시민}]
"""
# Each cue's frames and its text; the first lies across the second border and the third across the fourth.
CUES = (
    (87, 108, "한빛시 비빔밥축제"),
    (122, 147, "함께 걸어요"),
    (185, 212, "내일 또 만나요"),
)
CORRECTED = "함께 춤춰요"
NAME_FRAMES = (13, 113)
"""0.5 to 4.5 s, as the template says."""

_WORDS = slice(640, 1120), slice(30, 690)
"""Where name and captions stand in 720x1280."""
_CAPTIONS = slice(920, 1090), slice(30, 690)
_GROUND = slice(1160, 1270), slice(0, 720)
"""Where nothing is ever drawn."""


def _drift(number: int) -> npt.NDArray[np.float64]:
    """Luma across the ground of frame `number`: a gentle wave that moves by 1/80 of its length a frame."""
    across = (np.arange(270) + 0.5) / 270
    return np.asarray(90 + 35 * np.sin(2 * np.pi * (across - number / 80)))


def _picture(number: int) -> Yuv:
    picture = clapper_picture(number, flash=False)
    picture[120:480] = np.rint(_drift(number)).astype(np.uint8)
    return picture


def _draft(corrected: str = CUES[1][2]) -> str:
    def clock(frame: int) -> str:
        ms = frame * 40
        return f"00:00:{ms // 1000:02},{ms % 1000:03}"

    texts = (CUES[0][2], corrected, CUES[2][2])
    return "\n".join(
        f"{n}\n{clock(on)} --> {clock(off)}\n{text}\n"
        for n, ((on, off, _), text) in enumerate(zip(CUES, texts, strict=True), 1)
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("chunks")


@pytest.fixture(scope="module")
def new_campaign(folder: Path) -> Callable[[str], Path]:
    """A campaign folder of 9.6 s with a person's subtitles: five chunks, the last one short."""
    footage = film(
        folder / "drift.mp4",
        [_picture(n) for n in range(FRAMES)],
        [n / RATE for n in range(FRAMES)],
        rate=RATE,
        sound=beeps(FRAMES / RATE, [Fraction(4), Fraction(8)], rate_hz=48_000),
    )

    def make(name: str) -> Path:
        root = folder / name
        (root / "footage").mkdir(parents=True)
        (root / "subtitles").mkdir()
        shutil.copyfile(footage, root / "footage" / "drift.mp4")
        (root / "campaign.yaml").write_text(CAMPAIGN, encoding="utf-8")
        (root / "subtitles" / "drift.ko.srt").write_text(_draft(), encoding="utf-8")
        return root

    return make


@dataclass(slots=True)
class Watched:
    """A rendered campaign and, of each frame of its reel, what the tests ask for."""

    root: Path
    outcome: dict[str, Any]
    times: list[Fraction] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    ground: list[npt.NDArray[np.float64]] = field(default_factory=list)
    letters: list[npt.NDArray[np.uint8]] = field(default_factory=list)
    caption_ink: list[int] = field(default_factory=list)
    hashes: list[str] = field(default_factory=list)

    @property
    def reel(self) -> Path:
        return _reel(self.root)


def _reel(root: Path) -> Path:
    return root / "out" / "count" / "x" / "count.mp4"


def _watched(root: Path, outcome: dict[str, Any]) -> Watched:
    seen = Watched(root=root, outcome=outcome)
    for picture in pictures(_reel(root)):
        seen.times.append(picture.seconds)
        seen.numbers.append(counted(picture.y))
        # As many columns as the footage has, so that both can be compared.
        seen.ground.append(picture.y[_GROUND].mean(axis=0).reshape(90, 8).mean(axis=1))
        seen.letters.append(np.clip(picture.y[_WORDS], 150, 215) - 150)
        seen.caption_ink.append(int((picture.y[_CAPTIONS] > 180).sum()))
        seen.hashes.append(
            hashlib.blake2b(b"".join(p.tobytes() for p in (picture.y, picture.u, picture.v))).hexdigest()
        )
    return seen


@pytest.fixture(scope="module")
def made(reels: Reels, new_campaign: Callable[[str], Path]) -> Watched:
    """The campaign, rendered once without a disturbance."""
    root = new_campaign("undisturbed")
    said = reels.run("render", root, "--json")
    return _watched(root, said.json["reels"][0])


def _steps(reels: Reels, root: Path) -> list[dict[str, Any]]:
    steps: list[dict[str, Any]] = reels.run("plan", root, "--json").json["steps"]
    return steps


# --- one file --------------------------------------------------------------------------------------------


def test_it_is_made_in_five_chunks(reels: Reels, made: Watched) -> None:
    chunks = [step for step in _steps(reels, made.root) if step["kind"] == "chunk"]
    assert len(chunks) == 5


def test_no_frame_is_lost_or_shown_twice_where_chunks_meet(made: Watched) -> None:
    assert made.numbers == list(range(FRAMES))


def test_timestamps_run_on_through_the_file(made: Watched) -> None:
    assert made.times == [n / RATE for n in range(FRAMES)]
    found = packets(made.reel)
    assert all(b.dts > a.dts for a, b in itertools.pairwise(found))
    assert {b.dts - a.dts for a, b in itertools.pairwise(found)} == {1 / RATE}
    assert {packet.duration for packet in found} == {1 / RATE}


def test_the_light_runs_on_through_the_file(made: Watched) -> None:
    """Each frame's ground is as bright as the footage's, and no frame jumps more than the drift does."""
    expected = [_drift(number).reshape(90, 3).mean(axis=1) for number in range(FRAMES)]
    off = [float(np.abs(a - b).max()) for a, b in zip(made.ground, expected, strict=True)]
    assert max(off) <= 3
    steps = [float(np.abs(b - a).max()) for a, b in itertools.pairwise(made.ground)]
    assert max(steps[border - 1] for border in BORDERS) <= np.median(steps) + 1.5


def test_a_caption_and_a_name_across_a_border_do_not_move(made: Watched) -> None:
    for border in (CHUNK, 2 * CHUNK, 4 * CHUNK):
        before, after = made.letters[border - 1], made.letters[border]
        assert (before > 55).sum() > 1500
        assert _move(before, after) == pytest.approx((0, 0), abs=0.1)


def _move(before: npt.NDArray[np.uint8], after: npt.NDArray[np.uint8]) -> tuple[float, float]:
    """By how many rows and columns the letters moved: the shift that explains best what changed at their edges."""
    first, second = before.astype(float), after.astype(float)
    down, right = np.gradient((first + second) / 2)
    edges = np.stack([down.ravel(), right.ravel()])
    moved = np.linalg.lstsq(edges.T, (first - second).ravel(), rcond=None)[0]
    return float(moved[0]), float(moved[1])


def test_the_measure_of_moves_tells_a_quarter_of_a_pixel() -> None:
    rows, columns = np.mgrid[0:40, 0:200]

    def letters(right: float) -> npt.NDArray[np.uint8]:
        seen = 32 + 32 * np.sin((columns - right) / 3) * np.cos(rows / 4)
        return np.asarray(np.rint(seen), np.uint8)

    assert _move(letters(0), letters(0.25)) == pytest.approx((0, 0.25), abs=0.05)


def test_captions_show_on_exactly_their_frames_in_every_chunk(made: Watched) -> None:
    expected = {frame for on, off, _ in CUES for frame in range(on, off)}
    assert {n for n, ink in enumerate(made.caption_ink) if ink} == expected


def test_the_sound_runs_on_where_chunks_meet(made: Watched) -> None:
    heard = sound(made.reel)
    assert abs(heard.duration - FRAMES / RATE) <= 1 / RATE
    assert onsets(heard) == pytest.approx([4, 8], abs=0.004)


# --- nothing twice ---------------------------------------------------------------------------------------


def _stamps(root: Path) -> dict[str, tuple[int, str]]:
    return {
        str(path.relative_to(root)): (path.stat().st_mtime_ns, hashlib.sha256(path.read_bytes()).hexdigest())
        for path in sorted((root / "out").rglob("*"))
        if path.is_file()
    }


def test_a_second_run_runs_nothing_and_touches_nothing(reels: Reels, made: Watched) -> None:
    assert made.outcome["status"] == "done"
    assert made.outcome["steps_run"] > 0
    before = _stamps(made.root)
    again = reels.run("render", made.root, "--json").json["reels"][0]
    assert (again["status"], again["steps_run"]) == ("unchanged", 0)
    assert again["steps_reused"] > 0
    assert _stamps(made.root) == before
    assert not [step["id"] for step in _steps(reels, made.root) if step["will_run"]]


def test_one_corrected_word_makes_only_the_chunk_that_shows_it(
    reels: Reels, made: Watched, folder: Path
) -> None:
    """In a copy of the folder, which also shows that a campaign may be moved with all that is made."""
    root = folder / "corrected"
    shutil.copytree(made.root, root)
    assert not [step["id"] for step in _steps(reels, root) if step["will_run"]]
    (root / "subtitles" / "drift.ko.srt").write_text(_draft(CORRECTED), encoding="utf-8")
    steps = _steps(reels, root)
    will_run = {step["kind"]: step["reason"] for step in steps if step["will_run"]}
    assert [step["reason"] for step in steps if step["kind"] == "chunk"] == [
        "reused",
        "reused",
        "input-changed",
        "reused",
        "reused",
    ]
    assert will_run == {"chunk": "input-changed", "join": "cascade", "check": "cascade", "deliver": "cascade"}
    corrected = _watched(root, reels.run("render", root, "--json").json["reels"][0])
    assert corrected.outcome["steps_run"] == 4
    assert corrected.numbers == made.numbers
    same = [a == b for a, b in zip(made.hashes, corrected.hashes, strict=True)]
    assert all(same[: 2 * CHUNK])
    assert all(same[3 * CHUNK :])
    on, off, _ = CUES[1]
    assert not any(same[on:off]), "the corrected word does not show"
    assert CORRECTED in _reel(root).with_suffix(".ko.srt").read_text(encoding="utf-8")


# --- killed and interrupted ------------------------------------------------------------------------------


def _children_of(root: Path) -> list[str]:
    """Command lines of processes that work on `root`, by their arguments or the folder they stand in."""
    found = []
    for process in Path("/proc").iterdir():
        if not process.name.isdigit() or int(process.name) == os.getpid():
            continue
        with contextlib.suppress(OSError):
            line = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
            place = str((process / "cwd").readlink())
            if str(root) in line or place.startswith(str(root)):
                found.append(line)
    return found


def _require_nobody_left(root: Path) -> None:
    for _ in range(100):
        if not (left := _children_of(root)):
            return
        time.sleep(0.1)
    raise AssertionError(f"still at work: {left}")


def _killed(reels: Reels, root: Path, moment: str) -> int:
    """Kill a run and all of its group without warning once it has said `moment`; how it ended."""
    with reels.start("render", root, "--jobs", "2") as process:
        assert process.stderr is not None
        for line in process.stderr:
            if moment in line:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                break
        process.communicate()
        return process.returncode


@pytest.fixture(scope="module")
def disturbed(reels: Reels, new_campaign: Callable[[str], Path]) -> Path:
    """One campaign, killed at one moment after the other: encoders at work, one chunk done; never finished."""
    root = new_campaign("disturbed")
    for moment in ("probing", "drawing lower-third", "encoding chunk"):
        assert _killed(reels, root, moment) == -signal.SIGKILL, (
            f"it ended before it was killed while {moment}"
        )
        _require_nobody_left(root)
        assert not _reel(root).exists()
    return root


def test_an_interrupted_run_says_so_and_leaves_nobody_behind(reels: Reels, disturbed: Path) -> None:
    with reels.start("render", disturbed, "--jobs", "2") as process:
        # Only once an encoder is at work is there somebody to leave behind.
        while process.poll() is None and not any("chunk.mp4" in line for line in _children_of(disturbed)):
            time.sleep(0.05)
        os.kill(process.pid, signal.SIGINT)
        _, said = process.communicate(timeout=60)
        assert process.returncode == 130, said
        assert "Traceback" not in said
    _require_nobody_left(disturbed)
    assert not _reel(disturbed).exists()


def test_a_killed_run_goes_on_and_ends_in_the_same_file(reels: Reels, disturbed: Path, made: Watched) -> None:
    for moment in ("setting the level", "joining", "checking", "handing over"):
        _killed(reels, disturbed, moment)
        _require_nobody_left(disturbed)
        if _reel(disturbed).exists():
            assert _reel(disturbed).read_bytes() == made.reel.read_bytes(), "half a film was handed over"
    last = reels.run("render", disturbed, "--json").json["reels"][0]
    assert last["status"] in ("done", "unchanged")
    assert not [step["id"] for step in _steps(reels, disturbed) if step["will_run"]]
    assert _watched(disturbed, last).hashes == made.hashes
    assert _reel(disturbed).read_bytes() == made.reel.read_bytes()
    handed_over = [sorted(p.name for p in _reel(root).parent.iterdir()) for root in (disturbed, made.root)]
    assert handed_over[0] == handed_over[1]
    assert not list(disturbed.rglob(".writing-*"))
    assert not list((disturbed / ".reels").glob("work/*"))


def test_half_a_file_from_a_kill_in_the_middle_of_the_hand_over_is_cleared_away(
    reels: Reels, made: Watched, folder: Path
) -> None:
    """The kill comes while the film is copied into the output folder: half a copy stays under its name."""
    root = folder / "half"
    shutil.copytree(made.root, root)
    _reel(root).unlink()
    (_reel(root).parent / ".writing-999999-count.mp4").write_bytes(b"half a film")
    assert reels.run("render", root, "--json").json["reels"][0]["status"] == "done"
    assert _reel(root).read_bytes() == made.reel.read_bytes()
    assert not list(root.rglob(".writing-*"))


# --- a first look ----------------------------------------------------------------------------------------


def test_a_quick_reel_shows_what_the_full_one_will_and_lies_where_nobody_uploads_from(
    reels: Reels, made: Watched
) -> None:
    before = {path: path.stat().st_mtime_ns for path in (made.root / "out").rglob("*")}
    platforms = ("--platform", "x", "--platform", "youtube-shorts")
    quick = reels.run("render", made.root, "--draft", *platforms)
    assert quick.files == [
        made.root / "preview" / "count" / name / "count.mp4" for name in ("x", "youtube-shorts")
    ]
    assert {path: path.stat().st_mtime_ns for path in (made.root / "out").rglob("*")} == before
    shown = list(pictures(quick.files[0]))
    assert [picture.seconds for picture in shown] == made.times
    assert [counted(picture.y) for picture in shown] == made.numbers
    ink = [int((picture.y[_CAPTIONS] > 180).sum()) for picture in shown]
    assert all(abs(a - b) < 0.02 * 170 * 660 for a, b in zip(ink, made.caption_ink, strict=True))
    assert quick.files[0].stat().st_size < made.reel.stat().st_size
    assert {s["reason"] for s in _steps(reels, made.root)} == {"reused"}, "the full reel is as it was"


# --- one frame -------------------------------------------------------------------------------------------


def _luma(png: Path) -> npt.NDArray[np.float64]:
    """Of a picture in full-range RGB, as BT.709 stores it in limited range."""
    with Image.open(png) as picture:
        red, green, blue = (np.asarray(plane, np.float64) for plane in picture.convert("RGB").split())
    return np.asarray(16 + 219 / 255 * (0.2126 * red + 0.7152 * green + 0.0722 * blue))


@pytest.mark.parametrize("number", [0, 50, 95, 239])
def test_one_frame_is_the_one_that_the_film_shows_there(
    reels: Reels, made: Watched, folder: Path, number: int
) -> None:
    """The name stands in some of these frames, cues in others, and chunks meet between two."""
    drawn = folder / f"frame-{number}.png"
    said = reels.run("frame", made.root, "count", "--at", f"{number}f", "-o", drawn)
    assert said.files == [drawn]
    assert counted(_luma(drawn).astype(np.uint8)) == number
    film = next(itertools.islice(pictures(made.reel), number, None))
    error = float(np.mean((_luma(drawn) - film.y) ** 2))
    assert 10 * np.log10(255**2 / error) > 36, "another picture than the encoder made of it"
    written = [np.argwhere(plane[_CAPTIONS] > 180) for plane in (_luma(drawn), film.y)]
    if len(written[1]) > 200:
        for edge in (np.min, np.max):
            assert np.all(np.abs(edge(written[0], axis=0) - edge(written[1], axis=0)) <= 1), "words elsewhere"


def test_a_frame_that_was_drawn_is_taken_from_the_store_and_one_that_is_none_is_refused(
    reels: Reels, made: Watched, folder: Path
) -> None:
    drawn = folder / "again.png"
    reels.run("frame", made.root, "count", "--at", "3.2", "-o", drawn)
    first = drawn.read_bytes()
    assert reels.run("frame", made.root, "count", "--at", "80f", "-o", drawn).stderr == ""
    assert drawn.read_bytes() == first, "3.2 s and frame 80 are one"
    for wrong in ("9.6", "99:00", "-1", "soon"):
        said = reels.run("frame", made.root, "count", "--at", wrong, "-o", drawn, expect=2)
        assert "--at" in said.stderr
        assert said.stderr.count("\n") == 1
    assert drawn.read_bytes() == first
    assert {s["reason"] for s in _steps(reels, made.root)} == {"reused"}


def test_the_folder_for_a_picture_or_a_sheet_is_made_if_need_be(
    reels: Reels, made: Watched, folder: Path
) -> None:
    drawn = folder / "new" / "deep" / "frame.png"
    assert reels.run("frame", made.root, "count", "--at", "80f", "-o", drawn).files == [drawn]
    assert drawn.is_file()
    sheet = folder / "pages" / "deep" / "sheet.html"
    assert reels.run("preview", made.root, "--export", sheet).files == [sheet]
    assert sheet.is_file()


def test_a_sheet_shows_what_is_said_over_the_frames_in_which_it_is_said(
    reels: Reels, made: Watched, folder: Path
) -> None:
    sheet = folder / "sheet.html"
    said = reels.run("preview", made.root, "--export", sheet, "--json").json
    assert said == {"ok": True, "file": str(sheet), "reels": [{"id": "count", "stills": 2 + len(CUES)}]}
    page = sheet.read_text(encoding="utf-8")
    pictures_shown = re.findall(r"data:image/jpeg;base64,([^\"]+)", page)
    for number, packed in zip([0, 97, 134, 198, 239], pictures_shown, strict=True):
        with Image.open(io.BytesIO(base64.b64decode(packed))) as small:
            assert counted(np.asarray(small.convert("L").resize((720, 1280)))) == number
    assert [text for *_, text in CUES] == re.findall(r'class="said">([^<]+)<', page)
    assert {s["reason"] for s in _steps(reels, made.root)} == {"reused"}
