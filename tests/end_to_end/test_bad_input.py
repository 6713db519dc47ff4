"""Everything wrong that a user can hand in: one sentence, the right exit code, nothing written, in both languages.

A sentence has three parts: where, what was found against what was expected, what to do. The Korean one is
Korean: apart from names, numbers and what the user wrote, no English is left in it.
"""

from __future__ import annotations

import itertools
import os
import random
import re
import shutil
import subprocess
import sys
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from PIL import Image

from tests.end_to_end.entry_point import Forge, Ran, forge, make_footage, run_reels

SRT = "1\n00:00:00,300 --> 00:00:02,500\n안녕하세요 한빛시입니다\n"
WORDS = ("--subtitles", "s.srt")

USAGE, CAMPAIGN, FOOTAGE, MISSING, PROCESS, SOME_FAILED = 2, 3, 4, 5, 6, 7


@pytest.fixture(scope="module")
def reels(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Forge]:
    with forge(tmp_path_factory.mktemp("forge")) as started:
        yield started


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Recipe: `make_footage`, 3.2 s. Truth: footage that every platform takes."""
    return make_footage(tmp_path_factory.mktemp("footage") / "clip.mp4")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory, clip: Path) -> Path:
    """A folder with one good clip, good subtitles, and much that is neither."""
    folder = tmp_path_factory.mktemp("place")
    whole = clip.read_bytes()
    trap = f"ffconcat version 1.0\nfile '{clip}'\n"
    texts = {
        "s.srt": SRT,
        "text.mp4": "안녕하세요, 한빛시입니다.\n" * 100,
        "hls.mp4": f"#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:3.2,\n{clip}\n#EXT-X-ENDLIST\n",
        "hls.mov": f"#EXTM3U\n#EXTINF:3.2,\n{clip}\n",
        "concat.mp4": trap,
        "concat.mov": trap,
        "sdp.mp4": "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 5004 RTP/AVP 96\n",
        "words.srt": "안녕하세요\n이것은 자막이 아닙니다\n",
        "times.srt": "1\n00:00:02,000 --> 00:00:01,000\n거꾸로\n",
        "style.ass": "[Script Info]\nTitle: x\n",
        "whisper.json": '{"segments": "none"}',
        "emoji.srt": SRT.replace("안녕하세요", "안녕 🎉"),
        "hanja.srt": SRT.replace("안녕하세요", "鬱"),
        "a-file": "x",
    }
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    contents = {
        "clip.mp4": whole,
        "empty.mp4": b"",
        "random.mp4": random.Random(3).randbytes(60_000),
        "zeros.mov": bytes(60_000),
        "broken-off.mp4": whole[: whole.index(b"moov") - 4],
        "half.mp4": whole[: len(whole) // 2],
        "bytes.srt": bytes(range(256)) * 4,
        "empty.srt": b"",
    }
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    Image.effect_noise((64, 48), 40).save(folder / "still.mp4", format="JPEG")
    with clip.open("rb"):
        sound = make_footage(folder / "sound-and-picture.mp4", seconds="1")
    from reels.tools.ffmpeg import run_ffmpeg

    run_ffmpeg(
        ["-i", str(sound), "-vn", "-c", "copy", "-f", "mp4", str(folder / "sound.mp4")], doing="sound alone"
    )
    sound.unlink()
    (folder / "folder.mp4").mkdir()
    for name in ("pipe.mp4", "pipe.yaml", "pipe.srt"):
        os.mkfifo(folder / name)
    (folder / "empty-model").mkdir()
    broken = folder / "broken-model"
    broken.mkdir()
    for name in ("config.json", "tokenizer.json", "vocabulary.json"):
        (broken / name).write_text("{}")
    (broken / "model.bin").write_bytes(random.Random(4).randbytes(4000))
    return folder


def everything_in(folder: Path) -> dict[str, tuple[int, int]]:
    """Size and time of whatever lies in `folder`, however deep."""
    found = {}
    for path in folder.rglob("*"):
        status = path.lstat()
        found[str(path.relative_to(folder))] = (status.st_size, status.st_mtime_ns)
    return found


def beyond_the_cache(home: Path) -> list[str]:
    """What lies in a home besides the cache, where a face that was measured is remembered for the next command."""
    return [name for name in everything_in(home) if name != ".cache" and not name.startswith(".cache/")]


# --- what a sentence must be -----------------------------------------------------------------------------

ENGLISH = re.compile(r"\b[a-z]{2,} [a-z]{2,}\b")
"""Two words in a row: a fragment of an English sentence, while a name or a unit stands alone."""


def sentences(ran: Ran) -> list[str]:
    """The problems that a command told, one a line; beside them only what it was doing may stand on stderr."""
    problems = [line.removeprefix("reels: ") for line in ran.told if line.startswith("reels: ")]
    rest = [line for line in ran.told if not line.startswith("reels: ")]
    assert all(line.startswith("probing ") or line.endswith(" 살펴보기") for line in rest), ran.stderr
    assert "Traceback" not in ran.stderr
    assert not re.search(r"[\u2500-\u257f\x1b]", ran.stderr), "no drawings and no colours in a message"
    return problems


def require_english(sentence: str) -> None:
    where, _, rest = sentence.partition(": ")
    assert where, sentence
    assert rest, f"no where: {sentence}"
    _, remedy_sign, remedy = rest.partition("; ")
    if rest.count("expected"):
        assert "found " in rest or "expected" in rest
    else:
        assert remedy_sign, f"neither what was expected nor what to do: {sentence}"
    assert remedy or "expected" in rest, f"nothing to do: {sentence}"
    assert not re.search(r"[가-힣]다\.", sentence), f"Korean in an English sentence: {sentence}"
    assert sentence.count("found found") == 0


def require_korean(sentence: str, *, written: Sequence[str] = ()) -> None:
    plain = re.sub(r"`[^`]*`", "", sentence)
    for text in written:
        if len(text) > 3:
            plain = plain.replace(text, "")
    plain = re.sub(r"\S*/\S*|--\w+ [\w-]+|campaign\.yaml\S* \S+:", "", plain)
    assert re.search(r"[가-힣]", plain), f"no Korean: {sentence}"
    assert not ENGLISH.search(plain), f"English left in: {sentence}"
    assert unicodedata.normalize("NFC", sentence) == sentence
    assert plain.rstrip().endswith((".", "?")), f"no end: {sentence}"


def refused(
    reels: Forge, *arguments: str | Path, cwd: Path, code: int, says: str | Sequence[str], problems: int = 1
) -> list[str]:
    """`reels ARGUMENTS` is refused with `code`, saying `says`, in both languages, and leaves no trace."""
    before = everything_in(cwd)
    told = {}
    for language in ("en", "ko"):
        ran = reels(*arguments, cwd=cwd, environment={"REELS_LANG": language})
        assert ran.code == code, f"{ran.code}: {ran.stdout}{ran.stderr}"
        assert ran.stdout == ""
        told[language] = sentences(ran)
        assert len(told[language]) == problems, told[language]
    assert everything_in(cwd) == before, "something was written"
    for sentence in told["en"]:
        require_english(sentence)
    for sentence in told["ko"]:
        require_korean(sentence, written=[str(argument) for argument in arguments])
    for part in (says,) if isinstance(says, str) else says:
        assert any(part in sentence for sentence in told["en"]), f"{part!r} is not in {told['en']}"
    return told["en"]


# --- footage ---------------------------------------------------------------------------------------------

FOOTAGE_CASES: Mapping[str, str] = {
    "missing.mp4": "no such file",
    "no/such/folder/clip.mp4": "no such file",
    "clip.mp4/inside.mp4": "no such file",
    "empty.mp4": "an empty file",
    "text.mp4": "found text",
    "random.mp4": "bytes of no video format",
    "zeros.mov": "nothing but zero bytes",
    "hls.mp4": "a playlist (HLS)",
    "hls.mov": "a playlist (HLS)",
    "concat.mp4": "a concat script",
    "concat.mov": "a concat script",
    "sdp.mp4": "a session description",
    "folder.mp4": "a folder",
    "pipe.mp4": "a named pipe",
    "/dev/zero": "a device",
    "sound.mp4": "sound only",
    "still.mp4": "a still picture",
    "broken-off.mp4": "damaged",
    "s.srt": "found text",
    "x" * 300 + ".mp4": "a path that cannot be looked at",
}


@pytest.mark.parametrize("name", FOOTAGE_CASES, ids=lambda name: name[:30])
def test_what_is_no_footage_is_refused_before_anything_is_done(reels: Forge, place: Path, name: str) -> None:
    told = refused(reels, "make", name, *WORDS, cwd=place, code=FOOTAGE, says=FOOTAGE_CASES[name])
    assert Path(name).name in told[0]


def test_one_bad_file_among_good_ones_is_named(reels: Forge, place: Path) -> None:
    told = refused(reels, "make", "clip.mp4", "text.mp4", *WORDS, cwd=place, code=FOOTAGE, says="found text")
    assert "text.mp4" in told[0]


def test_probe_tells_of_every_bad_file_and_shows_the_good_one(reels: Forge, place: Path) -> None:
    ran = reels("probe", "text.mp4", "clip.mp4", "missing.mp4", "--json", cwd=place)
    assert ran.code == FOOTAGE
    assert [sentence.split(":")[0].split("/")[-1] for sentence in sentences(ran)] == [
        "text.mp4",
        "missing.mp4",
    ]
    assert [Path(found["path"]).name for found in ran.json["files"]] == ["clip.mp4"]


def test_probe_of_different_troubles_ends_with_the_code_of_several(reels: Forge, place: Path) -> None:
    refused(reels, "probe", "text.mp4", "sound.mp4", cwd=place, code=FOOTAGE, says="sound only", problems=2)


@pytest.mark.parametrize(
    "name", ["missing.mp4", "text.mp4", "folder.mp4", "pipe.mp4", "empty.mp4", "hls.mp4"]
)
def test_check_refuses_what_is_no_finished_film(reels: Forge, place: Path, name: str) -> None:
    refused(reels, "check", name, "-p", "x", cwd=place, code=FOOTAGE, says=name)


# --- the command line ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrong:
    """Options of `reels make clip.mp4` that cannot be right."""

    options: tuple[str, ...]
    code: int
    says: str | tuple[str, ...]
    problems: int = 1


def wrong(*options: str, code: int, says: str | tuple[str, ...], problems: int = 1) -> Wrong:
    return Wrong(options=options, code=code, says=says, problems=problems)


TOO_MANY_TAGS = tuple(itertools.chain.from_iterable(("--hashtag", f"태그{n}") for n in range(8)))

WRONG: Mapping[str, Wrong] = {
    "platform": wrong(
        "-p", "instagrm", code=USAGE, says=("--platform", "'instagrm'", "did you mean instagram-reels")
    ),
    "platform of nothing": wrong("-p", "", code=USAGE, says="--platform"),
    "template": wrong("--template", "intervew", code=USAGE, says="perhaps you meant interview"),
    "template folder": wrong("--template", "empty-model", code=USAGE, says="a folder with a template.yaml"),
    "framing": wrong("--framing", "cnter", code=USAGE, says=("--framing", "perhaps you meant centre")),
    "engine": wrong("--engine", "faster-wisper", code=USAGE, says="perhaps you meant faster-whisper"),
    "language": wrong("--language", "../../x", code=USAGE, says="a language code such as ko"),
    "in of no time": wrong("--in", "soon", code=USAGE, says=("--in", "'soon'", "a time such as")),
    "in of too many seconds": wrong("--in", "1:99", code=USAGE, says="a time such as"),
    "in below zero": wrong("--in=-1", code=USAGE, says="a time such as"),
    "in after out": wrong("--in", "2", "--out", "1", code=USAGE, says=("--out", "a time after --in 2")),
    "in at out": wrong("--in", "30f", "--out", "30f", code=USAGE, says="a time after --in 30f"),
    "in beyond the end": wrong("--in", "20", *WORDS, code=FOOTAGE, says=("00:00:20.000", "00:00:03.200")),
    "in after out in frames": wrong("--in", "2", "--out", "25f", *WORDS, code=FOOTAGE, says="select nothing"),
    "out too soon": wrong(
        "--out", "1", "-p", "instagram-reels", *WORDS, code=CAMPAIGN, says=("1.0 s", "at least 3 s")
    ),
    "role without name": wrong("--role", "시민", code=USAGE, says=("--role", "1 roles for 0 names")),
    "brand": wrong("--brand", "nobody.yaml", code=CAMPAIGN, says=("nobody.yaml", "no such file")),
    "brand of text": wrong("--brand", "s.srt", code=CAMPAIGN, says="s.srt"),
    "brand folder": wrong("--brand", "empty-model", code=CAMPAIGN, says="brand.yaml"),
    "brand of a pipe": wrong("--brand", "pipe.yaml", code=CAMPAIGN, says="no regular file"),
    "brand of a device": wrong("--brand", "/dev/zero", code=CAMPAIGN, says="no regular file"),
    "no subtitles": wrong("--subtitles", "no.srt", code=USAGE, says=("--subtitles", "no.srt")),
    "subtitles of words": wrong(
        "--subtitles", "words.srt", code=CAMPAIGN, says=("words.srt:1", "00:00:01,000 --> ")
    ),
    "subtitles that end first": wrong("--subtitles", "times.srt", code=CAMPAIGN, says="times.srt:2"),
    "subtitles of bytes": wrong("--subtitles", "bytes.srt", code=CAMPAIGN, says="bytes that are no text"),
    "subtitles of another kind": wrong("--subtitles", "style.ass", code=CAMPAIGN, says="an ASS file"),
    "subtitles of a film": wrong("--subtitles", "clip.mp4", code=CAMPAIGN, says="a film"),
    "subtitles of a folder": wrong("--subtitles", "empty-model", code=USAGE, says="a folder"),
    "subtitles of a pipe": wrong("--subtitles", "pipe.srt", code=USAGE, says="--subtitles"),
    "subtitles of other json": wrong("--subtitles", "whisper.json", code=CAMPAIGN, says="whisper.json"),
    "emoji in subtitles": wrong("--subtitles", "emoji.srt", code=MISSING, says=("U+1F389", "Pretendard")),
    "hanja in subtitles": wrong("--subtitles", "hanja.srt", code=MISSING, says="U+9B31"),
    "a flag of no country in the title": wrong("--title", "축제 🇽🇽", code=MISSING, says=("title", "U+1F1FD")),
    "hanja in the title": wrong("--title", "鬱", code=MISSING, says=("title", "U+9B31")),
    "hanja in a name": wrong("--name", "김하늘 鬱", code=MISSING, says=("name", "U+9B31")),
    "hanja in a role": wrong("--name", "김하늘", "--role", "鬱", code=MISSING, says=("role", "U+9B31")),
    "title that fits nowhere": wrong(
        *("--title", "가" * 400, *WORDS),
        code=CAMPAIGN,
        says=("title", "400 characters", "shorten it", "at most 100"),
        problems=2,
    ),
    "name that fits nowhere": wrong("--name", "가" * 300, *WORDS, code=CAMPAIGN, says="300 characters"),
    "no model": wrong(code=MISSING, says=("large-v3-turbo", "not on this computer", "reels models fetch")),
    "model of no name": wrong("--model", "", code=MISSING, says="no known model"),
    "unknown model": wrong(
        "--model", "large-v3-trubo", code=MISSING, says="perhaps you meant large-v3-turbo"
    ),
    "model never fetched": wrong("--model", "owner/model", code=MISSING, says="not on this computer"),
    "empty model": wrong("--model", "empty-model", code=MISSING, says=("no config.json", "copy the whole")),
    "broken model": wrong("--model", "broken-model", code=MISSING, says="model.bin is damaged"),
    "model of a file": wrong("--model", "a-file", code=MISSING, says="it is a file"),
    "caption": wrong(
        "--caption", "가" * 3000, *WORDS, code=CAMPAIGN, says=("3000", "2200", "9000", "5000"), problems=2
    ),
    "hashtags": wrong(
        *TOO_MANY_TAGS, "-p", "instagram-reels", code=CAMPAIGN, says=("8 hashtags", "at most 5")
    ),
    "hashtag of two words": wrong("--hashtag", "봄 축제", code=USAGE, says=("--hashtag", "without spaces")),
    "empty hashtag": wrong("--hashtag", "#", code=USAGE, says="a hashtag"),
    "title of bytes": wrong("--title", "\udcff\udcfe", code=USAGE, says=("--title", "Unicode")),
    "caption of bytes": wrong("--caption", "\udcff", code=USAGE, says=("--caption", "Unicode")),
    "output below a file": wrong("-o", "a-file/out", *WORDS, code=USAGE, says=("a-file/out", "a file")),
    "output is a file": wrong("-o", "a-file", *WORDS, code=USAGE, says="a-file"),
    "output of the system": wrong("-o", "/proc/reels-out", *WORDS, code=USAGE, says="/proc/reels-out"),
    "output below a device": wrong("-o", "/dev/null/out", *WORDS, code=USAGE, says="/dev/null/out"),
    "no such option": wrong("--titel", "x", code=USAGE, says="--titel"),
    "option without a value": wrong("--title", code=USAGE, says="--title"),
    "no jobs": wrong("--jobs", "0", code=USAGE, says="--jobs"),
    "jobs of words": wrong("--jobs", "many", code=USAGE, says="--jobs"),
}


@pytest.mark.parametrize("case", WRONG.values(), ids=WRONG.keys())
def test_an_option_that_cannot_be_right_is_told_before_any_work(
    reels: Forge, place: Path, case: Wrong
) -> None:
    refused(
        reels,
        "make",
        "clip.mp4",
        *case.options,
        cwd=place,
        code=case.code,
        says=case.says,
        problems=case.problems,
    )
    assert not beyond_the_cache(reels.home), "nothing is written into a home for a command that is refused"


def test_a_cache_that_cannot_be_written_is_told_with_its_own_way_out(reels: Forge, place: Path) -> None:
    before = everything_in(place)
    ran = reels(
        *("make", "clip.mp4", "--model", "nano-ko"), cwd=place, environment={"REELS_CACHE": "/dev/null/x"}
    )
    assert ran.code == USAGE
    (sentence,) = sentences(ran)
    assert sentence.startswith("/dev/null/x/models/")
    assert sentence.endswith("set REELS_CACHE to a folder that can be written to")
    assert everything_in(place) == before


@pytest.mark.parametrize("name", [".reels", "subtitles", "out"])
def test_a_file_where_a_campaigns_folder_should_be_is_told(reels: Forge, campaign: Path, name: str) -> None:
    to_be_drafted = "subtitles: {model: nano-ko}\n" + REEL.replace(", subtitles: s.srt", "")
    write_campaign(campaign, HEAD + to_be_drafted)
    (campaign / name).write_text("x")
    refused(reels, "render", ".", cwd=campaign, code=USAGE, says=(f"/{name}", "which is a file"))


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["make"], "footage"),
        (["mkae", "clip.mp4"], "mkae"),
        (["check", "clip.mp4"], "--platform"),
        (["check", "clip.mp4", "-p", "vimeo"], "--platform"),
        (["init"], "folder"),
        (["init", "a", "b"], "b"),
        (["models", "fetch"], "name"),
        (["models", "fecth", "tiny"], "fecth"),
        (["probe"], "files"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_command_that_cannot_be_read_is_one_line(
    reels: Forge, place: Path, arguments: list[str], says: str
) -> None:
    refused(reels, *arguments, cwd=place, code=USAGE, says=says)


def test_a_folder_that_may_not_be_written_to_is_told_before_any_work(
    place: Path, clip: Path, tmp_path: Path
) -> None:
    """Permission bits do not stop root, so for root the privilege that ignores them is taken away first."""
    locked = tmp_path / "locked"
    locked.mkdir(mode=0o555)
    command = [sys.executable, "-m", "reels"]
    if os.geteuid() == 0:
        without = "-dac_override,-dac_read_search"
        command = ["setpriv", f"--bounding-set={without}", f"--inh-caps={without}", *command]
        assert shutil.which("setpriv"), "util-linux is everywhere where tests run as root"
    assert subprocess.run([*command[:-3], "touch", str(locked / "x")], capture_output=True).returncode != 0
    ran = run_reels(
        "make",
        clip,
        "--subtitles",
        place / "s.srt",
        "-o",
        locked / "out",
        cwd=tmp_path,
        home=tmp_path / "home",
        command=command,
    )
    assert ran.code == USAGE, ran.stderr
    (sentence,) = sentences(ran)
    assert "Permission denied" in sentence
    assert str(locked / "out") in sentence
    assert not list(locked.iterdir())


# --- campaigns -------------------------------------------------------------------------------------------

HEAD = "campaign: 봄축제\nplatforms: [x]\n"
REEL = "reels:\n  - id: hello\n    clips: [{footage: clip.mp4, subtitles: s.srt}]\n"


def billion_laughs() -> str:
    """Nine lines that would be a billion values."""
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    return "\n".join((*lines, "campaign: *a8", ""))


YAML: Mapping[str, tuple[str | bytes, tuple[str, ...], int]] = {
    "tab": (HEAD + "\ttitle: x\n" + REEL, ("campaign.yaml:3", "a tab"), 1),
    "broken": (HEAD + "title: [x\n" + REEL, ("campaign.yaml:", "mend that line"), 1),
    "two colons": (HEAD + "title: a: b\n" + REEL, ("campaign.yaml:3",), 1),
    "open quote": (HEAD + REEL + 'title: "never closed\n', ("campaign.yaml:",), 1),
    "bytes": (b"\x00\xff\xfe\x01" * 50, ("campaign.yaml", "bytes that are no text"), 1),
    "control character": (HEAD + "title: \x07\n" + REEL, ("campaign.yaml",), 1),
    "empty": ("", ("campaign.yaml", "an empty file"), 1),
    "only a comment": ("# 아직 없음\n", ("campaign.yaml", "an empty file"), 1),
    "a list": ("- campaign\n- reels\n", ("campaign.yaml:1", "a list of 2", "keys and their values"), 1),
    "a word": ("캠페인\n", ("campaign.yaml:1", "keys and their values"), 1),
    "alias bomb": (billion_laughs(), ("campaign.yaml", "far too many"), 1),
    "deep": ("campaign: " + "[" * 5000 + "]" * 5000 + "\n", ("campaign.yaml",), 1),
    "undefined alias": (HEAD + "title: *nobody\n" + REEL, ("campaign.yaml:3", "undefined alias"), 1),
    "an object": (HEAD + "title: !!python/object/apply:os.system [x]\n" + REEL, ("campaign.yaml:3",), 1),
    "twice": (HEAD + REEL + "platforms: [x]\n", ("campaign.yaml:6 platforms", "the same key a second"), 1),
    "unknown key": (
        HEAD + "titel: x\n" + REEL,
        ("campaign.yaml:3 titel", "unknown key titel", "perhaps you meant title"),
        1,
    ),
    "unknown key of a clip": (
        HEAD + REEL.replace("subtitles:", "subtitels:"),
        ("campaign.yaml:5 reels[0].clips[0].subtitels", "perhaps you meant subtitles"),
        1,
    ),
    "no reels": (HEAD, ("campaign.yaml:", "the key reels"), 1),
    "reels of nothing": (HEAD + "reels: []\n", ("campaign.yaml:3 reels", "at least 1 item"), 1),
    "reels of text": (HEAD + "reels: hello\n", ("campaign.yaml:3 reels", "found hello", "a list"), 1),
    "a reel of text": (HEAD + "reels: [hello]\n", ("reels[0]", "keys and their values"), 1),
    "no clips": (HEAD + "reels: [{id: a}]\n", ("reels[0]", "the key clips"), 1),
    "a number as a list": (HEAD + "hashtags: 3\n" + REEL, ("campaign.yaml:3 hashtags", "a list"), 1),
    "a list as text": (HEAD + "title: [a, b]\n" + REEL, ("campaign.yaml:3 title", "a list of 2", "text"), 1),
    "a word as a number": (
        HEAD + "subtitles: {beam: many}\n" + REEL,
        ("campaign.yaml:3 subtitles.beam", "a whole number"),
        1,
    ),
    "too large a number": (HEAD + "subtitles: {beam: 99}\n" + REEL, ("subtitles.beam", "at most 20"), 1),
    "a word as yes": (HEAD + "subtitles: {vad: perhaps}\n" + REEL, ("subtitles.vad", "true or false"), 1),
    "language": (HEAD + "subtitles: {language: ../ko}\n" + REEL, ("a language code",), 1),
    "engine": (
        HEAD + "subtitles: {engine: faster-wisper}\n" + REEL,
        ("subtitles.engine", "perhaps you meant faster-whisper"),
        1,
    ),
    "framing": (
        HEAD + "framing: center\n" + REEL,
        ("campaign.yaml:3 framing", "perhaps you meant centre"),
        1,
    ),
    "platform": (
        HEAD.replace("[x]", "[x, tiktk]") + REEL,
        ("campaign.yaml:2 platforms[1]", "did you mean tiktok"),
        1,
    ),
    "template": (
        HEAD + "template: announcment\n" + REEL,
        ("campaign.yaml:3 template", "perhaps you meant announcement"),
        1,
    ),
    "brand": (HEAD + "brand: nobody.yaml\n" + REEL, ("campaign.yaml:3 brand", "nobody.yaml"), 1),
    "subtitles": (
        HEAD + REEL.replace("s.srt", "z.srt"),
        ("reels[0].clips[0].subtitles", "z.srt", "perhaps you meant s.srt"),
        1,
    ),
    "same id": (
        HEAD + REEL + "  - id: Hello\n    clips: [{footage: clip.mp4}]\n",
        ("campaign.yaml:6 reels[1].id", "Hello", "upper and lower case"),
        1,
    ),
    "id of a path": (HEAD + REEL.replace("hello", "../hello"), ("reels[0].id", "../hello"), 1),
    "id of nothing": (HEAD + REEL.replace("hello", '""'), ("reels[0].id",), 1),
    "in of no time": (HEAD + REEL.replace("subtitles", "in: soon, subtitles"), ("clips[0].in", "a time"), 1),
    "in after out": (
        HEAD + REEL.replace("subtitles", "in: 2, out: 00:01, subtitles"),
        ("clips[0].out", "found 00:01", "after in 2"),
        1,
    ),
    "hashtag of two words": (HEAD + "hashtags: [봄 축제]\n" + REEL, ("hashtags[0]", "봄 축제"), 1),
    "no unicode": (HEAD + 'caption: "\\ud800"\n' + REEL, ("campaign.yaml:3",), 1),
    "caption": (HEAD + f"caption: {'가' * 400}\n" + REEL, ("for x", "at most 280", "shorten"), 1),
    "several": (
        HEAD + "titel: x\nframing: center\n" + REEL.replace("hello", "a b"),
        ("titel", "framing", "reels[0].id"),
        3,
    ),
}


@pytest.fixture
def campaign(tmp_path: Path, clip: Path) -> Path:
    """A campaign folder with a clip and subtitles, and no campaign file yet."""
    folder = tmp_path / "campaign"
    folder.mkdir()
    os.link(clip, folder / "clip.mp4")
    (folder / "s.srt").write_text(SRT, encoding="utf-8")
    return folder


def write_campaign(folder: Path, text: str | bytes) -> None:
    (folder / "campaign.yaml").write_bytes(text if isinstance(text, bytes) else text.encode())


@pytest.mark.parametrize("case", YAML.values(), ids=YAML.keys())
def test_a_campaign_file_that_cannot_be_right_is_told_with_its_line(
    reels: Forge, campaign: Path, case: tuple[str | bytes, tuple[str, ...], int]
) -> None:
    text, says, problems = case
    write_campaign(campaign, text)
    refused(reels, "render", ".", cwd=campaign, code=CAMPAIGN, says=says, problems=problems)


@pytest.mark.parametrize("command", ["draft", "plan", "lint"])
def test_every_command_on_a_campaign_tells_the_same(reels: Forge, campaign: Path, command: str) -> None:
    write_campaign(campaign, YAML["several"][0])
    says = YAML["several"][1]
    refused(reels, command, ".", cwd=campaign, code=CAMPAIGN, says=says, problems=3)


def test_lint_gives_the_problems_of_an_unreadable_campaign_as_json(reels: Forge, campaign: Path) -> None:
    write_campaign(campaign, YAML["several"][0])
    ran = reels("lint", campaign, "--json", cwd=campaign)
    assert ran.code == CAMPAIGN
    assert ran.json["ok"] is False
    assert [finding["where"] for finding in ran.json["findings"]] == [
        "campaign.yaml:3 titel",
        "campaign.yaml:4 framing",
        "campaign.yaml:6 reels[0].id",
    ]


def test_a_campaign_that_is_not_there_is_told(reels: Forge, place: Path) -> None:
    for command in ("render", "draft", "plan", "lint"):
        refused(reels, command, "nowhere", cwd=place, code=CAMPAIGN, says=("nowhere", "reels init"))


def test_a_reel_that_the_campaign_does_not_have_is_told_with_the_nearest(
    reels: Forge, campaign: Path
) -> None:
    write_campaign(campaign, HEAD + REEL)
    for command in ("render", "draft", "plan"):
        refused(
            reels, command, ".", "helo", cwd=campaign, code=CAMPAIGN, says=("helo", "perhaps you meant hello")
        )


def test_a_broken_brand_is_told_with_its_own_lines(reels: Forge, campaign: Path) -> None:
    (campaign / "brand.yaml").write_text(
        "name: 한빛시\nlogo: logo.png\ncolours: {primary: '#12345', secondary: '#AABBCC', ground: 0}\n"
    )
    write_campaign(campaign, HEAD + "brand: brand.yaml\n" + REEL)
    refused(
        reels,
        "render",
        ".",
        cwd=campaign,
        code=CAMPAIGN,
        says=("brand.yaml:2 logo", "brand.yaml:3 colours.primary", "#12345", "brand.yaml:3 colours.ground"),
        problems=3,
    )


@pytest.mark.parametrize(
    ("write", "says"),
    [
        (lambda path: path.write_text("no picture"), "no PNG or JPEG"),
        (lambda path: path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(50)), "logo.png"),
        (lambda path: path.mkdir(), "logo.png"),
    ],
    ids=["text", "broken", "folder"],
)
def test_a_logo_that_is_no_picture_is_told(reels: Forge, campaign: Path, write: object, says: str) -> None:
    assert callable(write)
    write(campaign / "logo.png")
    (campaign / "brand.yaml").write_text(
        "name: 한빛시\nlogo: logo.png\ncolours: {primary: '#123456', secondary: '#AABBCC', ground: '#000000'}\n"
    )
    write_campaign(campaign, HEAD + "brand: brand.yaml\n" + REEL)
    refused(reels, "render", ".", cwd=campaign, code=CAMPAIGN, says=says)


def test_init_never_touches_what_is_there(reels: Forge, place: Path, tmp_path: Path) -> None:
    for name in ("a-file", "empty-model/..", "broken-model"):
        refused(reels, "init", name, cwd=place, code=USAGE, says=("already there", "choose another name"))
    refused(reels, "init", "a-file/new", cwd=place, code=USAGE, says="a-file")


# --- some good, some bad ---------------------------------------------------------------------------------


def test_one_bad_reel_keeps_no_other_from_being_made(reels: Forge, campaign: Path) -> None:
    write_campaign(
        campaign,
        HEAD
        + "reels:\n"
        + "  - {id: first, clips: [{footage: clip.mp4, subtitles: s.srt, out: 1}]}\n"
        + "  - {id: bad, clips: [{footage: gone.mp4, subtitles: s.srt}]}\n"
        + "  - {id: last, clips: [{footage: clip.mp4, subtitles: s.srt, in: 2}]}\n",
    )
    ran = reels("render", ".", cwd=campaign, environment={"REELS_LANG": "en"})
    assert ran.code == SOME_FAILED, ran.stderr
    assert [path.name for path in ran.paths] == ["first.mp4", "last.mp4"]
    assert all(path.is_file() for path in ran.paths)
    rows = [line.split() for line in ran.told if line.split()[:1] in (["first"], ["bad"], ["last"])]
    by_reel = {row[0]: row for row in rows if "x" in row[1:2]}
    assert by_reel["first"][2] == "done"
    assert by_reel["last"][2] == "done"
    assert by_reel["bad"][2] == "failed"
    assert any("gone.mp4" in word for word in by_reel["bad"])
    assert ran.told[-1] == "1 of 3 reels failed; the table above says which and why"

    again = reels("render", ".", "--json", cwd=campaign)
    assert again.code == SOME_FAILED
    assert [(reel["id"], reel["status"]) for reel in again.json["reels"]] == [
        ("first", "unchanged"),
        ("bad", "failed"),
        ("last", "unchanged"),
    ]
    assert "gone.mp4" in again.json["reels"][1]["error"]

    refused(reels, "render", ".", "bad", cwd=campaign, code=FOOTAGE, says="gone.mp4")


def test_what_one_platform_refuses_is_made_for_the_others(reels: Forge, campaign: Path) -> None:
    """Instagram takes neither a reel of a second nor eight hashtags; the others do."""
    write_campaign(
        campaign,
        "campaign: x\nplatforms: [instagram-reels, x]\nreels:\n"
        + "  - {id: short, clips: [{footage: clip.mp4, subtitles: s.srt, out: 1}]}\n"
        + "  - {id: tagged, clips: [{footage: clip.mp4, subtitles: s.srt, out: 1}],"
        + f" hashtags: [{', '.join(f'태그{n}' for n in range(8))}]}}\n",
    )
    for status in ("done", "unchanged"):
        ran = reels("render", ".", "--json", cwd=campaign)
        assert ran.code == SOME_FAILED, ran.stderr
        told = {(reel["id"], reel["platform"]): reel for reel in ran.json["reels"]}
        assert {key: reel["status"] for key, reel in told.items()} == {
            ("short", "instagram-reels"): "failed",
            ("short", "x"): status,
            ("tagged", "instagram-reels"): "failed",
            ("tagged", "x"): status,
        }
        assert "at least 3 s" in told["short", "instagram-reels"]["error"]
        assert "8 hashtags" in told["tagged", "instagram-reels"]["error"]


# --- a full disk -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def noise(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Recipe: random pixels 180x320 at 25 for 0.6 s, white noise at 48 kHz. Truth: nothing of it packs well."""
    from reels.tools.ffmpeg import run_ffmpeg

    path = tmp_path_factory.mktemp("noise") / "noise.mp4"
    picture = ["-f", "lavfi", "-i", "color=s=180x320:r=25:d=0.6,noise=alls=80:allf=t"]
    sound = ["-f", "lavfi", "-i", "anoisesrc=d=0.6:r=48000:a=0.2"]
    codecs = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac"]
    run_ffmpeg([*picture, *sound, *codecs, str(path)], doing="making noise")
    return path


@pytest.mark.parametrize("limit", [1, 10, 400, 30_000], ids=lambda limit: f"{limit} bytes")
def test_a_disk_that_is_full_is_told_and_the_next_run_goes_on(
    reels: Forge, noise: Path, tmp_path: Path, limit: int
) -> None:
    """A limit on the size of every file stands for the full disk: writing stops in the middle, somewhere."""
    (tmp_path / "s.srt").write_text(SRT.replace("02,500", "00,500"), encoding="utf-8")
    arguments = ("make", noise, *WORDS, "-p", "x", "-o", "out", "--title", "축제", "--id", "full")
    ran = reels(*arguments, cwd=tmp_path, largest_file_bytes=limit)
    assert ran.code == PROCESS, ran.stderr
    assert ran.stdout == ""
    problems = [line for line in ran.told if line.startswith("reels: ")]
    assert len(problems) == 1, ran.stderr
    assert "File too large" in problems[0]
    assert "run the same command again" in problems[0]
    assert "Traceback" not in ran.stderr
    assert not list((tmp_path / "out").rglob("*.mp4")) or limit > 2_000
    assert not (tmp_path / "out" / "full").exists(), "nothing half-made is ever handed over"

    again = reels(*arguments, cwd=tmp_path)
    assert again.code == 0, again.stderr
    assert [path.name for path in again.paths] == ["full.mp4"]
    assert not list((tmp_path / "out" / ".reels" / "work").glob("*"))


def test_the_exit_codes_hold_in_a_fresh_interpreter(place: Path, tmp_path: Path) -> None:
    """The tests above share one interpreter's imports; these pay for their own: the earliest refusal and the latest."""
    home = tmp_path / "home"
    for arguments, code in ((("make", "clip.mp4", "-p", "nowhere"), USAGE), (("make", "clip.mp4"), MISSING)):
        ran = run_reels(*arguments, cwd=place, home=home)
        assert ran.code == code
        assert len(sentences(ran)) == 1
        assert ran.stdout == ""
    assert not beyond_the_cache(home)
