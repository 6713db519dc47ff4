"""Speech that was cut: every word that stays is whole in the rendered sound, in sync with its picture and its subtitle.

Sentences of the small model's words, with pauses and drawn-out vowels between them; the picture counts its frames, so
that the file itself says which moment of the footage each of its own moments shows.
"""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import opentimelineio as oti
import pytest

from reels.campaign.load import load_campaign
from reels.fingerprint import sha256_of_file
from reels.platforms import load_platform
from reels.render import render_campaign
from reels.resources import assets_dir

from .conftest import Reels, Said
from .filmed import clapper_picture, counted, film
from .measure import pictures, sound
from .test_words import SPOKEN_HZ, _heard, _sidecar

Samples = npt.NDArray[np.float32]

RATE = Fraction(25)
FOOTAGE = "footage/시장 인터뷰 [1].mov"
CAMPAIGN = f"""\
campaign: 한빛시 영화제
template: plain
platforms: [x]
subtitles: {{model: nano-ko}}
cut: {{silence: true, fillers: true}}
reels:
  - id: talk
    clips: [{{footage: "{FOOTAGE}"}}]
"""
HEARD = (
    *("안녕하세요.", "영화제가.", "다음주", "금요일", "시작됩니다."),
    *("우리", "동네", "도서관에서", "만나요.", "전화로", "문의하세요."),
)
SENTENCES = ((0.40, 1.80), (2.22, 5.40), (6.40, 8.85), (9.55, 11.80))
"""Where the four sentences of the interview stand in its sound, with a breath on both sides."""

_FILLED_AT = 3.085
"""Between two words of the second sentence, where its sound is all but silent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """The campaign's folder, its sound, and where in it what is: seconds of the footage."""

    root: Path
    sound: Samples
    said: tuple[tuple[float, float], ...]
    fillers: tuple[tuple[str, float, float], ...]
    words: tuple[tuple[str, float, float], ...]


def _vowel(seconds: float, pitch_hz: float) -> Samples:
    """A hum with the harmonics of a voice, loud enough to be speech."""
    at = np.arange(round(seconds * SPOKEN_HZ)) / SPOKEN_HZ
    hum = sum(np.sin(2 * np.pi * pitch_hz * n * at) / n for n in range(1, 9))
    edge = np.minimum(1, np.minimum(at, at[::-1]) / 0.03)
    return np.asarray(0.12 * hum * edge, np.float32)


def _composed() -> tuple[Samples, list[tuple[float, float]], list[tuple[str, float, float]]]:
    """The sound, where the parts of sentences lie in it, and where the fillers."""
    spoken = _heard(assets_dir() / "demo" / "speech-library.opus")
    one, two, three, four = SENTENCES
    plan: list[tuple[str, float] | tuple[float, float] | float] = [
        *(0.3, one, 1.2, ("음", 0.45), 0.5, (two[0], _FILLED_AT), 0.25, ("어", 0.6), 0.3),
        *((_FILLED_AT, two[1]), 2.0, three, 0.4, four, 1.4),
    ]
    parts: list[Samples] = []
    said, fillers = [], []
    for part in plan:
        at = sum(map(len, parts)) / SPOKEN_HZ
        if isinstance(part, float):
            parts.append(np.zeros(round(part * SPOKEN_HZ), np.float32))
        elif isinstance(part[0], str):
            parts.append(_vowel(part[1], 130))
            fillers.append((part[0], at, at + part[1]))
        else:
            parts.append(spoken[round(part[0] * SPOKEN_HZ) : round(part[1] * SPOKEN_HZ)])
            said.append((at, at + part[1] - part[0]))
    return np.concatenate(parts), said, fillers


@pytest.fixture(scope="module")
def talk(reels: Reels, tmp_path_factory: pytest.TempPathFactory) -> Talk:
    """Heard by the small model, which knows no fillers: those are put into what it heard, where they are."""
    root = tmp_path_factory.mktemp("talk")
    composed, said, fillers = _composed()
    (root / "footage").mkdir()
    count = int(len(composed) / SPOKEN_HZ * RATE)
    film(
        root / FOOTAGE,
        [clapper_picture(n, flash=False) for n in range(count)],
        [n / RATE for n in range(count)],
        rate=RATE,
        sound=composed,
        sound_codec="pcm_s16le",
    )
    (root / "campaign.yaml").write_text(CAMPAIGN, encoding="utf-8")
    reels.run("draft", root)
    words = _with_fillers(root, fillers)
    return Talk(root=root, sound=composed, said=tuple(said), fillers=tuple(fillers), words=tuple(words))


def _with_fillers(root: Path, fillers: Sequence[tuple[str, float, float]]) -> list[tuple[str, float, float]]:
    """Put `fillers` into the stored transcript; the words that the model heard."""
    (file,) = (root / ".reels").glob("results/*/*/transcript.json")
    heard = json.loads(file.read_text(encoding="utf-8"))
    words = [
        (word["text"], float(word["start"]), float(word["end"]))
        for segment in heard["segments"]
        for word in segment["words"]
    ]
    assert [text for text, _, _ in words] == list(HEARD)
    for text, start, end in fillers:
        times = {"start": f"{start:.6f}", "end": f"{end:.6f}"}
        word = {"text": text, **times, "probability": 0.9}
        heard["segments"].append({**heard["segments"][0], "text": text, **times, "words": [word]})
    heard["segments"].sort(key=lambda segment: float(segment["start"]))
    file.write_text(json.dumps(heard, ensure_ascii=False), encoding="utf-8")
    record = json.loads((file.parent / "result.json").read_text(encoding="utf-8"))
    record["files"][file.name] = {"size": file.stat().st_size, "sha256": sha256_of_file(file)}
    (file.parent / "result.json").write_text(json.dumps(record), encoding="utf-8")
    return words


@pytest.fixture(scope="module")
def rendered(reels: Reels, talk: Talk) -> Said:
    return reels.run("render", talk.root)


@pytest.fixture(scope="module")
def heard(rendered: Said, talk: Talk) -> Samples:
    return np.asarray(sound(_reel(talk)).mono, np.float32)


@pytest.fixture(scope="module")
def shown(rendered: Said, talk: Talk) -> list[int]:
    """The number of the footage's frame that each frame of the reel shows."""
    return [counted(picture.y) for picture in pictures(_reel(talk))]


def _reel(talk: Talk) -> Path:
    return talk.root / "out" / "talk" / "x" / "talk.mp4"


def _report(talk: Talk) -> Any:
    return json.loads(_reel(talk).with_name("report.json").read_text(encoding="utf-8"))


def _found(wanted: Samples, heard: Samples) -> tuple[float, float]:
    """Where `wanted` lies in `heard` best, in seconds, and how alike the two are there, up to 1."""
    size = 1 << (len(heard) + len(wanted)).bit_length()
    product = np.fft.rfft(heard, size) * np.conj(np.fft.rfft(wanted, size))
    alike = np.fft.irfft(product, size)[: len(heard) - len(wanted) + 1]
    energy = np.concatenate([[0], np.cumsum(heard.astype(np.float64) ** 2)])
    power = energy[len(wanted) :] - energy[: len(alike)]
    alike = alike / np.sqrt(
        np.maximum(power, power.max() * 1e-4) * float((wanted.astype(np.float64) ** 2).sum())
    )
    at = int(alike.argmax())
    return at / SPOKEN_HZ, float(alike[at])


def _of(talk: Talk, start: float, end: float) -> Samples:
    return talk.sound[round(start * SPOKEN_HZ) : round(end * SPOKEN_HZ)]


# --- what is heard ---------------------------------------------------------------------------------------


def test_every_word_that_stays_is_heard_whole(heard: Samples, talk: Talk) -> None:
    for start, end in talk.said:
        _, alike = _found(_of(talk, start, end), heard)
        assert alike > 0.98, f"what is said from {start:.2f} to {end:.2f} s is not whole"
    for text, start, end in talk.words:
        _, alike = _found(_of(talk, start, end), heard)
        assert alike > 0.97, f"{text} is not whole"


def test_what_is_said_comes_in_its_order_and_with_a_breath_between(heard: Samples, talk: Talk) -> None:
    places = [(_found(_of(talk, start, end), heard)[0], end - start) for start, end in talk.said]
    assert all(a + lasts <= b for (a, lasts), (b, _) in pairwise(places))
    # The long pauses are gone: what is left of each is its margins, and a breath that the parts bring along.
    assert all(b - a - lasts < 0.5 for (a, lasts), (b, _) in pairwise(places))


def test_fillers_are_not_heard_and_the_report_says_why(heard: Samples, talk: Talk) -> None:
    for _, start, end in talk.fillers:
        assert _found(_of(talk, start, end), heard)[1] < 0.5
    gone = [piece for piece in _report(talk)["cut"]["removed"] if piece["reason"] == "filler"]
    assert [piece["text"] for piece in gone] == [text for text, _, _ in talk.fillers]
    for piece, (_, start, end) in zip(gone, talk.fillers, strict=True):
        assert piece["start_s"] <= start < end <= piece["end_s"]
        assert re.fullmatch(r"pause before .* s, pause after .* s, a syllable .* s", piece["why"])


# --- in sync ---------------------------------------------------------------------------------------------


def test_the_picture_has_every_frame_but_those_that_were_cut(shown: list[int], talk: Talk) -> None:
    removed = _report(talk)["cut"]["removed"]
    assert [piece["reason"] for piece in removed] == ["filler", "filler", "silence", "silence"]
    gone: set[int] = set()
    for piece in removed:
        first, end = (Fraction(str(piece[key])) * RATE for key in ("start_s", "end_s"))
        assert first.denominator == end.denominator == 1
        gone |= set(range(int(first), int(end)))
    assert shown == [n for n in range(int(len(talk.sound) / SPOKEN_HZ * RATE)) if n not in gone]


def test_each_sentence_is_heard_with_the_picture_that_it_was_said_with(
    heard: Samples, shown: list[int], talk: Talk
) -> None:
    for start, end in talk.said:
        at, _ = _found(_of(talk, start, end), heard)
        for into in (0.0, (end - start) / 2, end - start - 0.05):
            frame = shown[int((at + into) * RATE)]
            assert abs(start + into - frame / RATE - 1 / (2 * RATE)) <= 1 / RATE


def test_subtitles_begin_with_their_words_after_the_cuts(heard: Samples, talk: Talk) -> None:
    """The recogniser is not exact itself; where its word begins, the subtitle does, to a frame and a half."""
    words = {text.strip("."): _found(_of(talk, start, end), heard)[0] for text, start, end in talk.words}
    cues = _sidecar(_reel(talk))
    assert " ".join(cue.text for cue in cues) == " ".join(word.strip(".") for word in HEARD)
    for cue in cues:
        assert cue.start == pytest.approx(words[cue.text.split()[0].strip(".")], abs=0.06)


# --- handed over -----------------------------------------------------------------------------------------


def test_the_cut_comes_back_through_opentimelineio_as_the_same_programme(
    reels: Reels, rendered: Said, shown: list[int], talk: Talk
) -> None:
    file = talk.root / "cut.otio"
    reels.run("export", talk.root, "talk", "--to", "otio", "-o", file)
    timeline: Any = oti.adapters.read_from_file(str(file))
    pictured = [clip.source_range for clip in timeline.video_tracks()[0].find_clips()]
    frames = [
        number
        for piece in pictured
        for number in range(round(piece.start_time.value), round(piece.end_time_exclusive().value))
    ]
    assert frames == shown
    # As another program saves it: read and written by the format's own library.
    oti.adapters.write_to_file(timeline, str(file))
    elsewhere = talk.root / "again.yaml"
    clips = f'clips: [{{footage: "{FOOTAGE}"}}]'
    elsewhere.write_text(
        CAMPAIGN.replace(clips, "edit: cut.otio").replace("cut: {silence: true, fillers: true}\n", ""),
        encoding="utf-8",
    )
    made = reels.run("plan", elsewhere, "--all", "--json").json
    assert made["cuts"][0]["duration_s"] == float(len(shown) / RATE)
    # The same frames under the same subtitles, and the same sound: nothing of them has to be made again.
    again = {step["kind"] for step in made["steps"] if step["will_run"]}
    assert again <= {"deliver"}


def test_the_edit_list_plays_the_same_frames(
    reels: Reels, rendered: Said, shown: list[int], talk: Talk
) -> None:
    listed = reels.run("export", talk.root, "talk", "--to", "edl").stdout
    assert f"* SOURCE FILE: {FOOTAGE}" in listed
    frames: list[int] = []
    for line in listed.splitlines():
        if event := re.fullmatch(r"\d{3}  AX       AA/V  C        (\S+) (\S+) (\S+) (\S+)", line):
            first, end, at, until = (_frame(code) for code in event.groups())
            assert at - 3600 * RATE == len(frames)
            assert until - at == end - first
            frames += range(first, end)
    assert frames == shown


def _frame(timecode: str) -> int:
    hours, minutes, seconds, frames = map(int, timecode.split(":"))
    return ((hours * 60 + minutes) * 60 + seconds) * int(RATE) + frames


# --- too long --------------------------------------------------------------------------------------------

LONGEST = Fraction(17, 2)
"""Shorter than what is left without pauses and fillers."""

SAID = (
    "안녕하세요.",
    "영화제가.",
    "다음주 금요일 시작됩니다.",
    "우리 동네 도서관에서 만나요.",
    "전화로 문의하세요.",
)
"""What the model takes the parts of the sound for: the full stop before the filler makes two sentences of one."""


def test_a_reel_that_is_too_long_loses_its_weakest_sentences_and_every_other_stays_whole(
    reels: Reels, rendered: Said, talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No platform takes less than 90 s, so one that takes 8.5 s is made for this."""
    for name, value in reels.environment.items():
        monkeypatch.setenv(name, value)
    file = talk.root / "fitted.yaml"
    text = CAMPAIGN.replace("{silence: true, fillers: true}", "{to_fit: true}").replace("talk", "fitted")
    file.write_text(text, encoding="utf-8")
    strict = replace(load_platform("x"), duration_max=LONGEST)
    (outcome,) = render_campaign(load_campaign(file, platforms=[strict]), show=lambda _: None).outcomes
    assert outcome.error is None
    assert outcome.file is not None
    report = json.loads(outcome.file.with_name("report.json").read_text(encoding="utf-8"))
    gone = [piece["text"] for piece in report["cut"]["removed"] if piece["reason"] == "sentence"]
    heard = sound(outcome.file)
    assert LONGEST - 4 < heard.duration <= LONGEST
    found = [_found(_of(talk, start, end), np.asarray(heard.mono, np.float32))[1] for start, end in talk.said]
    # A single word is a little like others of the same voice.
    assert [text for text, alike in zip(SAID, found, strict=True) if alike < 0.8] == gone, found
    assert [text for text, alike in zip(SAID, found, strict=True) if alike > 0.98] == [
        text for text in SAID if text not in gone
    ]
    assert gone
    assert not {SAID[0], SAID[-1]} & set(gone), "the first and the last stay"
    shown = " ".join(cue.text for cue in _sidecar(outcome.file))
    assert [text for text in SAID if text.split()[-1].strip(".") in shown] == [
        s for s in SAID if s not in gone
    ]


# --- and again -------------------------------------------------------------------------------------------


def test_each_filler_can_be_kept_by_its_word_or_its_time(reels: Reels, rendered: Said, talk: Talk) -> None:
    kept = talk.root / "kept.yaml"
    options = "fillers: {keep: [음, 00:05.2]}"
    kept.write_text(CAMPAIGN.replace("fillers: true", options), encoding="utf-8")
    (cut,) = reels.run("plan", kept, "--json").json["cuts"]
    assert {piece["reason"] for piece in cut["removed"]} == {"silence"}


def test_only_the_first_plan_of_a_draft_loads_the_analyser(
    reels: Reels, rendered: Said, talk: Talk, tmp_path: Path
) -> None:
    """Asked of the interpreter itself, which tells every module that it imports."""
    told = reels.environment | {"PYTHONPROFILEIMPORTTIME": "1", "REELS_CACHE": str(tmp_path)}
    first, second = (
        subprocess.run(
            [*reels.argv, "plan", str(talk.root)], env=told, capture_output=True, text=True, check=True
        )
        for _ in range(2)
    )
    assert re.search(r"\| +kiwipiepy\b", first.stderr)
    assert "reels.cutting.fillers" in second.stderr
    assert "kiwipiepy" not in second.stderr
    assert first.stdout == second.stdout
    assert "2 fillers" in second.stdout
