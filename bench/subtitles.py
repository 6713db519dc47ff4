"""How good the Korean subtitles are: where lines break, when cues begin, what is invented, how fast it is.

    python bench/subtitles.py [--json] [--quick] [--only lines,speech,invented,speed,recognition] [--work build/bench]

`lines` judges the hand-made goldens of the tests, `speech` the demo recordings whose times are known, `invented`
counts cues where nobody speaks, `speed` and `recognition` take the time. Prints a table, or JSON. `--quick` is a
look in about a minute, its times and the length of its noise mean little. Writes only below `--work`.
"""

from __future__ import annotations

import argparse
import itertools
import json
import math
import shutil
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from statistics import median
from typing import Any

import av
import numpy as np
from material import make_source
from measure import measured

from reels.cues import CueRules, break_lines, segment_words
from reels.recognise import SAMPLE_RATE, Audio, RecognitionOptions, find_model, recognise
from reels.resources import assets_dir
from reels.subtitles import Cue
from reels.transcript import Segment, Transcript, Word

_HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(_HERE.parent))
from tests.unit.korean_goldens import (  # noqa: E402
    Golden,
    compact,
    load_goldens,
    parted,
    torn_eojeol,
    units,
    wide_lines,
)

_RULES = CueRules()
_MODEL = "nano-ko"
_GAP = Fraction(2, 24)
"""Two frames of 24 a second: the longest that the guide's two frames ever are. Source: as `CueRules`."""

Report = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Size:
    """How much is measured. `noise_s` is the length of each kind of sound without speech."""

    noise_s: int
    transcript_s: int
    source_s: int
    rounds: int


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _share(part: int, whole: int) -> float:
    return round(100 * part / whole, 1) if whole else math.nan


# --- lines -----------------------------------------------------------------------------------------------


def _lines(_: _Size, __: Path) -> Report:
    """The goldens, each kind alone and all together."""
    goldens = load_goldens()
    broken = {golden.id: break_lines(golden.text, _RULES) for golden in goldens}
    kinds = dict.fromkeys(golden.kind for golden in goldens)
    rows = {kind: _judged([g for g in goldens if g.kind == kind], broken) for kind in kinds}
    return {**rows, "all": _judged(goldens, broken)}


def _judged(goldens: Sequence[Golden], broken: Mapping[str, tuple[str, ...]]) -> Report:
    whole = len(goldens)
    spoken = {golden.id: _cues_of(golden) for golden in goldens}
    cues = [cue for made in spoken.values() for cue in made]
    lines = {name: tuple(line for cue in made for line in cue.lines) for name, made in spoken.items()}
    return {
        "texts": whole,
        "best_percent": _share(sum(broken[g.id] == g.best for g in goldens), whole),
        "best_or_accepted_percent": _share(sum(g.accepts(broken[g.id]) for g in goldens), whole),
        "pairs_parted": sum(len(parted(g, broken[g.id])) for g in goldens),
        "pairs": sum(len(g.never) for g in goldens),
        "torn_eojeol": sum(len(torn_eojeol(g.text, broken[g.id])) for g in goldens),
        "signs_lost": sum(_lost(g.text, "".join(broken[g.id])) for g in goldens),
        "spoken_cues": len(cues),
        "spoken_cues_of_two_lines_of_sixteen_units_percent": _share(
            sum(len(cue.lines) <= 2 and not wide_lines(cue.lines) for cue in cues), len(cues)
        ),
        "spoken_pairs_parted": sum(len(parted(g, lines[g.id])) for g in goldens),
    }


def _cues_of(golden: Golden) -> tuple[Cue, ...]:
    """The text as if it had been spoken at five syllables a second."""
    words, end = _spoken_at(golden.text.split(), Fraction(0))
    segment = Segment(text=golden.text, start=Fraction(0), end=end, words=words)
    return segment_words(
        Transcript(language="ko", duration=end + 5, model="bench", segments=(segment,)), _RULES
    )


def _lost(text: str, shown: str) -> int:
    """Signs that one has and the other has not, spaces aside."""
    before, after = Counter(compact(text)), Counter(compact(shown))
    return (before - after).total() + (after - before).total()


# --- speech ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class _Spoken:
    """A word, or a sentence whose words' times nobody knows, and when it begins, in seconds of its recording."""

    text: str
    start: float


def _speech(_: _Size, __: Path) -> Report:
    """Cues of what the small model hears in recordings of which is known what is said when."""
    demo = assets_dir() / "demo"
    held = json.loads((demo / "heldout-speech.json").read_text(encoding="utf-8"))
    words = [_Spoken(text=w["text"], start=w["start"]) for s in held["sentences"] for w in s["words"]]
    report = {"held-out": _compared(demo / "heldout-speech.ogg", words)}
    for clip in json.loads((demo / "speech.json").read_text(encoding="utf-8"))["clips"]:
        sentences = [_Spoken(text=s["text"], start=s["start"]) for s in clip["sentences"]]
        report[clip["name"]] = _compared(demo / clip["file"], sentences)
    return report


def _compared(recording: Path, spoken: Sequence[_Spoken]) -> Report:
    _say(f"  {recording.name}")
    transcript = recognise(_decoded(recording), RecognitionOptions(model=_MODEL))
    cues = segment_words(transcript, _RULES)
    late = _late(spoken, cues)
    off = [abs(seconds) for seconds in late]
    within = _within(cues)
    return {
        "cues": len(cues),
        "onsets_known": len(late),
        "onset_error_p50_ms": _percentile_ms(off, 50),
        "onset_error_p95_ms": _percentile_ms(off, 95),
        "late_median_ms": round(1000 * median(late)) if late else None,
        "signs_said": len(_signs("".join(s.text for s in spoken))),
        "signs_heard_and_not_shown": _lost(transcript.text, "".join("".join(cue.lines) for cue in cues)),
        **{f"{rule}_percent": _share(sum(kept), len(cues)) for rule, kept in within.items()},
        "every_rule_percent": _share(sum(map(all, zip(*within.values(), strict=True))), len(cues)),
    }


def _percentile_ms(seconds: Sequence[float], percent: int) -> int | None:
    return round(1000 * float(np.percentile(seconds, percent))) if seconds else None


def _within(cues: Sequence[Cue]) -> dict[str, list[bool]]:
    """For each rule, whether each cue keeps it. A gap is that to the next cue; the last one has none."""
    gaps = [after.start - cue.end for cue, after in itertools.pairwise(cues)]
    return {
        "two_lines": [len(cue.lines) <= 2 for cue in cues],
        "sixteen_units": [not wide_lines(cue.lines) for cue in cues],
        "twelve_units_a_second": [
            sum(map(units, cue.lines), Fraction(0)) <= 12 * (cue.end - cue.start) for cue in cues
        ],
        "duration": [Fraction(5, 6) <= cue.end - cue.start <= 7 for cue in cues],
        # Cue times are whole milliseconds.
        "gap": [*(gap >= _GAP - Fraction(1, 1000) for gap in gaps), *([True] if cues else [])],
    }


def _late(spoken: Sequence[_Spoken], cues: Sequence[Cue]) -> list[float]:
    """How much later than its first word each cue begins, seconds; of those cues whose first word has a known time.

    The place of a cue's first sign in what was said is found by alignment. Misheard signs may move it a little, so
    that the word which begins nearest counts.
    """
    said = _signs("".join(s.text for s in spoken))
    firsts = dict(zip(_firsts(s.text for s in spoken), (s.start for s in spoken), strict=True))
    place = _aligned(_signs("".join(cue.text for cue in cues)), said)
    late = []
    for cue, first in zip(cues, _firsts(cue.text for cue in cues), strict=True):
        at = place[first]
        nearest = min(firsts, key=lambda sign: abs(sign - at))
        if abs(nearest - at) <= 1:
            late.append(float(cue.start) - firsts[nearest])
    return late


def _firsts(texts: Iterable[str]) -> list[int]:
    """How many signs stand before each text's first one."""
    return [0, *itertools.accumulate(len(_signs(text)) for text in texts)][:-1]


def _signs(text: str) -> str:
    return "".join(c for c in text if c.isalnum())


def _aligned(shown: str, said: str) -> list[int]:
    """For each sign of `shown` the place in `said` that the cheapest alignment gives it."""
    cost = np.zeros((len(shown) + 1, len(said) + 1), int)
    cost[:, 0], cost[0] = np.arange(len(shown) + 1), np.arange(len(said) + 1)
    for i, a in enumerate(shown, 1):
        for j, b in enumerate(said, 1):
            cost[i, j] = min(cost[i - 1, j] + 1, cost[i, j - 1] + 1, cost[i - 1, j - 1] + (a != b))
    place = [0] * len(shown)
    i, j = len(shown), len(said)
    while i:
        if j and cost[i, j] == cost[i - 1, j - 1] + (shown[i - 1] != said[j - 1]):
            i, j = i - 1, j - 1
            place[i] = j
        elif j and cost[i, j] == cost[i, j - 1] + 1:
            j -= 1
        else:
            i -= 1
            place[i] = min(j, len(said) - 1)
    return place


def _decoded(recording: Path) -> Audio:
    resampler = av.AudioResampler(format="flt", layout="mono", rate=SAMPLE_RATE)
    with av.open(str(recording)) as container:
        parts = [
            frame.to_ndarray()[0]
            for coded in (*container.decode(audio=0), None)
            for frame in resampler.resample(coded)
        ]
    return np.concatenate(parts).astype(np.float32)


# --- what nobody said ------------------------------------------------------------------------------------

_Sound = np.ndarray[Any, np.dtype[np.float64]]


def _invented(size: _Size, _: Path) -> Report:
    """Cues where nobody speaks, by kind of sound, with and without looking for voices first."""
    report = {}
    for name, make in _SOUNDS.items():
        _say(f"  {name}")
        audio = make(size.noise_s).astype(np.float32)
        report[name] = {"seconds": size.noise_s, **_cues_in(audio, vad=True), **_cues_in(audio, vad=False)}
    both = ("seconds", "cues", "dropped", "cues_without_voice_detection", "dropped_without_voice_detection")
    return {**report, "all": {key: sum(row[key] for row in report.values()) for key in both}}


def _cues_in(audio: Audio, *, vad: bool) -> Report:
    transcript = recognise(audio, RecognitionOptions(model=_MODEL, vad=vad))
    cues = segment_words(transcript, _RULES)
    how = "" if vad else "_without_voice_detection"
    texts = {f"texts{how}": [cue.text for cue in cues]} if cues else {}
    return {f"cues{how}": len(cues), f"dropped{how}": len(transcript.dropped), **texts}


def _time(seconds: int) -> _Sound:
    return np.arange(seconds * SAMPLE_RATE) / SAMPLE_RATE


def _silence(seconds: int) -> _Sound:
    return np.zeros(seconds * SAMPLE_RATE)


def _noise(seconds: int, slope: float, seed: int) -> _Sound:
    """Noise whose power falls with the frequency to the power of `slope`: 0 white, 1 pink, 2 brown. RMS 0.05."""
    spectrum = np.fft.rfft(np.random.default_rng(seed).standard_normal(seconds * SAMPLE_RATE))
    frequency = np.fft.rfftfreq(seconds * SAMPLE_RATE, 1 / SAMPLE_RATE)
    # Below 20 Hz brown noise would hold nearly all its power.
    sound: _Sound = np.fft.irfft(spectrum * np.maximum(frequency, 20) ** (-slope / 2), seconds * SAMPLE_RATE)
    sound *= 0.05 / np.sqrt(np.mean(sound**2))
    return sound


def _tones(seconds: int) -> _Sound:
    """A steady tone, a beeping one, a siren, by turns of four seconds."""
    t = _time(seconds)
    steady, beep = np.sin(2 * np.pi * 440 * t), np.sin(2 * np.pi * 1000 * t) * (t % 1 < 0.3)
    siren = np.sin(2 * np.pi * (700 * t - 200 / np.pi * np.cos(np.pi * t)))
    sound: _Sound = 0.3 * np.choose((t // 4).astype(int) % 3, [steady, beep, siren])
    return sound


def _chords(seconds: int) -> _Sound:
    """Four triads in turn, each with overtones, an attack, a decay and a slight vibrato; a voice on top hums."""
    t = _time(seconds)
    beat, inside = (t // 1).astype(int) % 4, t % 1
    envelope = np.minimum(inside / 0.02, 1) * np.exp(-1.5 * inside)
    vibrato = 0.004 * np.sin(2 * np.pi * 5 * t) / (2 * np.pi * 5)
    sound: _Sound = np.zeros_like(t)
    for number, root in enumerate((220.0, 174.61, 261.63, 196.0)):
        for ratio in (1, 5 / 4, 3 / 2, 2):
            for overtone in (1, 2, 3):
                tone = np.sin(2 * np.pi * root * ratio * overtone * (t + vibrato)) / overtone**2
                sound += np.where(beat == number, tone, 0)
    hum = np.sin(2 * np.pi * 330 * (t + 2 * vibrato)) * np.sin(np.pi * (t % 2) / 2)
    sound *= 0.06 * envelope
    sound += 0.05 * hum
    return sound


def _drums(seconds: int) -> _Sound:
    """Kick and snare, two beats a second, hats between them."""
    t = _time(seconds)
    noise = np.random.default_rng(11).standard_normal(len(t))
    beat, inside = (t * 2).astype(int), (t * 2) % 1 / 2
    kick = np.sin(2 * np.pi * 60 * inside) * np.exp(-18 * inside) * (beat % 2 == 0)
    snare = noise * np.exp(-25 * inside) * (beat % 2 == 1)
    hat = noise * np.exp(-80 * ((t * 4) % 1 / 4))
    sound: _Sound = 0.5 * kick + 0.2 * snare + 0.05 * hat
    return sound


def _applause(seconds: int) -> _Sound:
    """Some hundred claps a second, each a burst of noise; the crowd swells and falls silent every ten seconds."""
    random = np.random.default_rng(12)
    t = _time(seconds)
    crowd = np.clip(1.5 * np.sin(np.pi * (t % 10) / 10) - 0.3, 0, 1)
    claps = (random.random(len(t)) < 150 / SAMPLE_RATE * crowd) * random.uniform(0.3, 1, len(t))
    burst = np.exp(-np.arange(400) / 80) * random.standard_normal(400)
    sound: _Sound = 0.15 * np.convolve(claps, burst)[: len(t)]
    return sound


_SOUNDS: Mapping[str, Callable[[int], _Sound]] = {
    "silence": _silence,
    "white noise": lambda seconds: _noise(seconds, 0, 1),
    "pink noise": lambda seconds: _noise(seconds, 1, 2),
    "brown noise": lambda seconds: _noise(seconds, 2, 3),
    "tones": _tones,
    "chords": _chords,
    "drums": _drums,
    "applause": _applause,
}


# --- time ------------------------------------------------------------------------------------------------


def _speed(size: _Size, _: Path) -> Report:
    """Cues of a long transcript: the goldens' sentences in ever new pairs, five syllables a second."""
    transcript = _long_transcript(size.transcript_s)
    # What is loaded once in a process does not count.
    segment_words(_long_transcript(10), _RULES)
    wall, cpu = time.monotonic(), time.process_time()
    cues = segment_words(transcript, _RULES)
    wall, cpu = time.monotonic() - wall, time.process_time() - cpu
    wall_again = time.monotonic()
    segment_words(transcript, _RULES)
    wall_again = time.monotonic() - wall_again
    within = _within(cues)
    return {
        "transcript": {
            "minutes": size.transcript_s / 60,
            "words": len(transcript.words),
            "cues": len(cues),
            "wall_s": round(wall, 2),
            "cpu_s": round(cpu, 2),
            "wall_s_again_in_the_same_process": round(wall_again, 2),
            "signs_lost": _lost(transcript.text, "".join("".join(cue.lines) for cue in cues)),
            **{f"{rule}_percent": _share(sum(kept), len(cues)) for rule, kept in within.items()},
        }
    }


def _long_transcript(seconds: int) -> Transcript:
    texts = [golden.text for golden in load_goldens() if " " in golden.text]
    segments: list[Segment] = []
    at = Fraction(1, 2)
    for number in itertools.count():
        # A stride that changes with every round makes pairs that have not been there.
        step = 1 + number // len(texts)
        pair = (texts[number % len(texts)], texts[(number * 7 + step) % len(texts)])
        words, at = _spoken_at(" ".join(pair).split(), at)
        if at >= seconds:
            break
        segments.append(Segment(text=" ".join(pair), start=words[0].start, end=words[-1].end, words=words))
        at += Fraction(3, 5)
    return Transcript(language="ko", duration=Fraction(seconds), model="bench", segments=tuple(segments))


def _spoken_at(texts: Sequence[str], at: Fraction) -> tuple[tuple[Word, ...], Fraction]:
    words = []
    for text in texts:
        end = at + max(Fraction(1, 5), units(text) / 5)
        words.append(Word(text=text, start=at, end=end))
        at = end
    return tuple(words), at


def _recognition(size: _Size, work: Path) -> Report:
    """The recognition step of a reel ÷ faster-whisper called directly, as `make bench` takes it."""
    source = make_source(work, size.source_s)
    model = find_model(_MODEL, "faster-whisper").path
    ours, theirs = [], []
    for number in range(size.rounds):
        _say(f"  round {number + 1} of {size.rounds}")
        direct = measured([sys.executable, _HERE / "by_whisper.py", source, model])
        shutil.rmtree(work / "draft", ignore_errors=True)
        step = measured([sys.executable, _HERE / "by_reels.py", source, work / "draft", "--draft-only"])
        theirs.append(float(json.loads(direct.output)["wall_s"]))
        ours.append(float(json.loads(step.output)["step_wall_s"]["transcribe"]))
    shutil.rmtree(work / "draft")
    ratios = [a / b for a, b in zip(ours, theirs, strict=True)]
    return {
        "step": {
            "seconds": size.source_s,
            "rounds": size.rounds,
            "ratio": round(median(ratios), 3),
            "step_wall_s": round(median(ours), 2),
            "direct_wall_s": round(median(theirs), 2),
        }
    }


# --- what is shown ---------------------------------------------------------------------------------------

_PARTS: Mapping[str, Callable[[_Size, Path], Report]] = {
    "lines": _lines,
    "speech": _speech,
    "invented": _invented,
    "speed": _speed,
    "recognition": _recognition,
}


def _table(report: Report) -> Iterator[str]:
    """Each part as Markdown: a row for each kind, or the figures below each other where there is one row."""
    for part, rows in report.items():
        yield f"### {part}"
        yield ""
        columns = list(dict.fromkeys(key for row in rows.values() for key in row))
        if len(rows) == 1:
            (row,) = rows.values()
            yield from ("| What | |", "|---|---|", *(f"| {_title(key)} | {row[key]} |" for key in columns))
        else:
            yield f"| | {' | '.join(map(_title, columns))} |"
            yield "|---" * (len(columns) + 1) + "|"
            for name, row in rows.items():
                yield f"| {name} | {' | '.join(str(row.get(key, '')) for key in columns)} |"
        yield ""


def _title(key: str) -> str:
    return key.replace("_percent", " %").replace("_", " ")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--json", action="store_true", help="JSON instead of tables")
    parser.add_argument("--quick", action="store_true", help="short noise, a short transcript, one round")
    parser.add_argument("--only", default=",".join(_PARTS), help="parts, with commas between them")
    parser.add_argument("--work", type=Path, default=_HERE.parent / "build" / "bench")
    given = parser.parse_args()
    wanted = given.only.split(",")
    if unknown := [part for part in wanted if part not in _PARTS]:
        parser.error(f"no part is called {', '.join(unknown)}; there are {', '.join(_PARTS)}")
    size = _Size(noise_s=75, transcript_s=3600, source_s=60, rounds=3)
    if given.quick:
        size = _Size(noise_s=6, transcript_s=300, source_s=12, rounds=1)
    work: Path = given.work.absolute()
    work.mkdir(parents=True, exist_ok=True)
    report = {}
    for part in wanted:
        _say(part)
        report[part] = _PARTS[part](size, work)
    if given.json:
        print(json.dumps(report, ensure_ascii=False, indent=1))
    else:
        print("\n".join(_table(report)))


if __name__ == "__main__":
    main()
