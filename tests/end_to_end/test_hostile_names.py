"""Names and words that want to be more: every one is only a name, in the file system, in ffmpeg, on the terminal.

All names are clips of one reel, each with a colour of its own, so that one run opens them all and the finished
picture tells whether each was opened. All names are folders too, one inside the other.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import unicodedata
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import pytest

from reels.subtitles import read_subtitles
from tests.end_to_end.entry_point import Forge, forge, make_footage
from tests.media.conftest import HOSTILE_NAMES

NAMES = {
    **HOSTILE_NAMES,
    "semicolon": ";rm -rf ~;.mp4",
    "emoji": "축제 🎉👨‍👩‍👧.mp4",
    "right to left": "evil\u202e4pm.exe.mp4",
    "dots inside": "a..b...c.mp4",
    "two dots": "...mp4",
    "ends in dots": "ending. . .mp4",
    "reserved": "CON.mp4",
    "forged message": "a.mp4\nreels: all is well\x1b[2J\x1b]0;owned\x07.mp4",
    "markup": "[red]x[bold] :tada: [link=x].mp4",
    "tab": "tab\there.mp4",
    "home": "~root.mp4",
    "variable": "${HOME}%PATH%`id`.mp4",
}
"""As files and, without their ending, as folders."""

CLIP_S = Fraction(1, 5)
SRT = "1\n00:00:00,100 --> 00:00:00,500\n안녕하세요 한빛시입니다\n"


def colour_of(number: int) -> tuple[int, int, int]:
    """Far enough from every other number's that no encoder confuses them: 3 × 3 × 4 steps."""
    return 40 + 85 * (number % 3), 40 + 85 * (number // 3 % 3), 40 + 60 * (number // 9 % 4)


@pytest.fixture(scope="module")
def reels(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Forge]:
    with forge(tmp_path_factory.mktemp("forge")) as started:
        yield started


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one clip of 0.2 s for each name, number n in `colour_of(n)`."""
    folder = tmp_path_factory.mktemp("names")
    for number, name in enumerate(NAMES.values()):
        red, green, blue = colour_of(number)
        made = folder / "neutral"
        make_footage(made, colour=f"0x{red:02X}{green:02X}{blue:02X}", seconds=str(float(CLIP_S)))
        made.rename(folder / name)
    return folder


def nested(root: Path) -> Path:
    """A folder below `root` on whose way every hostile name stands once."""
    return root.joinpath(*(name.removesuffix(".mp4").replace("/", "_") or "x" for name in NAMES.values()))


def mean_colours(film: Path, at: list[int]) -> list[tuple[int, ...]]:
    """Mean (red, green, blue) of the frames numbered `at`."""
    wanted = set(at)
    with av.open(str(film)) as container:
        frames = {
            number: frame.to_ndarray(format="rgb24").reshape(-1, 3).mean(axis=0)
            for number, frame in enumerate(container.decode(video=0))
            if number in wanted
        }
    return [tuple(round(value) for value in frames[number]) for number in at]


def is_safe(name: str) -> bool:
    return (
        unicodedata.normalize("NFC", name) == name
        and name.isprintable()
        and not re.search(r'[<>:"/\\|?*]', name)
        and not name.startswith((".", "-", " ", "~"))
        and not name.endswith((".", " "))
        and len(name.encode()) <= 140
        and Path(name).stem.upper() not in {"CON", "NUL", "PRN", "AUX"}
    )


def require_nothing_forged(stderr: str) -> None:
    assert "\x1b" not in stderr
    assert "\x07" not in stderr
    assert "\u202e" not in stderr
    assert not [line for line in stderr.splitlines() if line.startswith("reels: all is well")]


def test_the_colours_are_all_different() -> None:
    assert len({colour_of(number) for number in range(len(NAMES))}) == len(NAMES) <= 36


def test_every_name_is_opened_and_shown_and_every_name_can_be_a_folder(
    reels: Forge, place: Path, tmp_path: Path
) -> None:
    out = nested(tmp_path)
    before = sorted(place.iterdir())
    ran = reels("make", "-p", "x", "-o", out, "--id", "모두", "--", *NAMES.values(), cwd=place)
    assert ran.code == 5, (
        "without subtitles there is a model to be missed, and every name was looked at first"
    )
    assert not out.exists()
    (tmp_path / "s.srt").write_text(SRT, encoding="utf-8")
    silent = tmp_path / "silent"
    silent.mkdir()
    from reels.tools.ffmpeg import run_ffmpeg

    for name in NAMES.values():
        run_ffmpeg(
            ["-i", f"file:{place / name}", "-an", "-c", "copy", "-f", "mp4", f"file:{silent / name}"],
            doing="taking the sound away",
        )
    ran = reels("make", "-p", "x", "-o", out, "--id", "모두", "--", *NAMES.values(), cwd=silent)
    assert ran.code == 0, ran.stderr
    require_nothing_forged(ran.stderr)
    film = out / "모두" / "x" / "모두.mp4"
    assert film.is_file()
    frames = int(CLIP_S * 25)
    seen = mean_colours(film, [number * frames + frames // 2 for number in range(len(NAMES))])
    for number, (name, colour) in enumerate(zip(NAMES, seen, strict=True)):
        wanted = colour_of(number)
        assert max(abs(a - b) for a, b in zip(colour, wanted, strict=True)) < 20, f"{name}: {colour} {wanted}"
    report = json.loads((film.parent / "report.json").read_text(encoding="utf-8"))
    assert len(report["footage"]) == len(NAMES)
    assert all(name.isprintable() for name in report["footage"])
    assert sorted(place.iterdir()) == before
    assert not list(tmp_path.rglob("owned"))


@pytest.fixture(scope="module")
def one_store(reels: Forge, place: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An output folder in which a clip was made under a plain name: other names of the same clip reuse it."""
    folder = tmp_path_factory.mktemp("one-store")
    (folder / "s.srt").write_text(SRT, encoding="utf-8")
    make_footage(folder / "plain.mp4", seconds="0.6")
    ran = reels("make", "plain.mp4", "-p", "x", "-o", "out", "--subtitles", "s.srt", cwd=folder)
    assert ran.code == 0, ran.stderr
    return folder


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES.keys())
def test_a_reel_is_called_by_its_footage_made_safe(reels: Forge, one_store: Path, name: str) -> None:
    os.link(one_store / "plain.mp4", one_store / name)
    before = {*(one_store / "out").iterdir()}
    ran = reels("make", "-p", "x", "-o", "out", "--subtitles", "s.srt", "--", name, cwd=one_store)
    assert ran.code == 0, ran.stderr
    require_nothing_forged(ran.stderr)
    assert len(ran.stdout.splitlines()) == 1
    (film,) = ran.paths
    assert film.is_file()
    assert film.parent.parent.parent == one_store / "out"
    (folder,) = {*(one_store / "out").iterdir()} - before
    assert film == folder / "x" / f"{folder.name}.mp4"
    assert is_safe(folder.name)
    assert all(is_safe(made.name) for made in film.parent.iterdir())
    shown = json.loads((film.parent / "report.json").read_text(encoding="utf-8"))["footage"]
    assert shown[0].isprintable()
    if name.isprintable():
        assert shown == [name]
    assert not list(one_store.rglob("owned"))
    shutil.rmtree(folder)  # another name may come to the same when it is made safe


def test_a_name_composed_on_one_system_finds_the_file_of_another(reels: Forge, one_store: Path) -> None:
    composed, decomposed = (unicodedata.normalize(form, "나비 축제.mp4") for form in ("NFC", "NFD"))
    folders = {form: one_store / unicodedata.normalize(form, f"봄 {form}") for form in ("NFC", "NFD")}
    for form, written, on_disk in (("NFC", decomposed, composed), ("NFD", composed, decomposed)):
        folders[form].mkdir()
        os.link(one_store / "plain.mp4", folders[form] / on_disk)
        other = unicodedata.normalize("NFD" if form == "NFC" else "NFC", folders[form].name)
        ran = reels(
            "make", "-p", "x", "-o", "out", "--subtitles", "s.srt", f"{other}/{written}", cwd=one_store
        )
        assert ran.code == 0, ran.stderr
        assert ran.paths[0].name == composed


HOSTILE_WORDS = {
    "ass tags": r"{\an8}{\fs200}\N\h축제{\p1}m 0 0",
    "filter": "축제';[0:v]drawtext=text='x':fontsize=%{n},ass=/etc/passwd[v]",
    "markup": "[red]축제[/red] [link=file:///etc/passwd]x[/link]",
    "shell": '축제"; touch owned; $(touch owned) `touch owned` | tee owned & #',
    "yaml": "축제: !!python/object/apply:os.system ['touch owned'] # & * ? | - > % @",
    "format": "축제 {0} {name!r} %s %(x)s ${HOME} \\u0041 <b>&amp;</b>",
    "spaces": "  축제   \t 한  빛 ",
}


def _bare(text: str) -> str:
    """Without spaces, and without commas: one at the end of a line is not shown."""
    return text.replace(" ", "").replace(",", "")


def test_words_are_only_words_wherever_they_go(reels: Forge, tmp_path: Path) -> None:
    """One reel whose title, people, subtitles, caption and hashtags are hostile, in a campaign in a hostile place."""
    campaign = nested(tmp_path)
    campaign.mkdir(parents=True)
    footage = unicodedata.normalize("NFD", "한빛 %03d [a]'b\\c;d.mp4")
    make_footage(campaign / footage, seconds="1.4")
    said = f"{HOSTILE_WORDS['ass tags']}\n{HOSTILE_WORDS['shell']}"
    (campaign / "s.srt").write_text(
        f"1\n00:00:00,100 --> 00:00:00,700\n{HOSTILE_WORDS['filter']}\n\n"
        f"2\n00:00:00,700 --> 00:00:01,300\n{HOSTILE_WORDS['shell']} {HOSTILE_WORDS['ass tags']}\n",
        encoding="utf-8",
    )
    people = [
        {"name": HOSTILE_WORDS["markup"][:40], "role": HOSTILE_WORDS["format"][:40]},
        {"name": HOSTILE_WORDS["ass tags"][:30]},
    ]
    # JSON is YAML: every sign of it is inside quotes.
    (campaign / "campaign.yaml").write_text(
        json.dumps(
            {
                "campaign": HOSTILE_WORDS["yaml"],
                "platforms": ["x"],
                "template": "interview",
                "reels": [
                    {
                        "id": "words",
                        "title": HOSTILE_WORDS["filter"],
                        "clips": [
                            {
                                "footage": unicodedata.normalize("NFC", footage),
                                "subtitles": "s.srt",
                                "people": people,
                            }
                        ],
                        "caption": said + "\x1b[2J\x07\u0000",
                        "hashtags": ["$(touch", "owned)", "{x}", "[red]"],
                    }
                ],
            },
            ensure_ascii=False,
        ),
        encoding="utf-8",
    )
    ran = reels("render", campaign, cwd=tmp_path)
    assert ran.code == 0, ran.stderr
    require_nothing_forged(ran.stderr)
    film = campaign / "out" / "words" / "x" / "words.mp4"
    assert film.is_file()
    caption = (film.parent / "caption.txt").read_text(encoding="utf-8")
    assert caption.startswith(HOSTILE_WORDS["ass tags"])
    assert HOSTILE_WORDS["shell"] in caption
    assert caption.endswith("#$(touch #owned) #{x} #[red]\n")
    assert "\x1b" not in caption
    assert "\x07" not in caption
    report = json.loads((film.parent / "report.json").read_text(encoding="utf-8"))
    assert report["title"] == HOSTILE_WORDS["filter"]
    delivered = read_subtitles(film.parent / "words.ko.srt")
    text = _bare("".join("".join(cue.lines) for cue in delivered))
    assert _bare(HOSTILE_WORDS["filter"]) in text
    assert _bare(HOSTILE_WORDS["shell"]) in text
    assert not list(tmp_path.rglob("owned"))
    again = reels("render", campaign, "--json", cwd=tmp_path)
    assert [reel["status"] for reel in again.json["reels"]] == ["unchanged"]


@pytest.mark.parametrize("text", HOSTILE_WORDS.values(), ids=HOSTILE_WORDS.keys())
def test_a_title_names_a_reel_safely_and_is_told_as_it_is(reels: Forge, one_store: Path, text: str) -> None:
    """`--id` takes any words; only the hand-over is done anew for each."""
    ran = reels(
        *("make", "plain.mp4", "-p", "x", "-o", "out", "--subtitles", "s.srt", "--id", text), cwd=one_store
    )
    assert ran.code == 0, ran.stderr
    (film,) = ran.paths
    assert is_safe(film.name)
    assert film.parent.parent.parent == one_store / "out"
    assert any(film.stem in line for line in ran.told), "the table shows the name as it is, markup and all"
    assert not list(one_store.rglob("owned"))
