"""Weights judged through the product's own path: `reels.recognise`, faster-whisper, int8.

    python -m nano_ko.evaluate NPZ [--quick] [--engine openai-whisper] [--options no-vad]

Prints character error rate, word onset and end errors on held-out recordings, what is wrong with natural
sentences, and what is written where nobody speaks. `heldout` stands before.
"""

from __future__ import annotations

import argparse
import difflib
import re
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import numpy as np

from reels.recognise import RecognitionOptions, recognise
from reels.recognise.nano_ko import build_ctranslate2, build_openai_whisper
from reels.transcript import Transcript

from .heldout import Recording, SaidSentence, Samples, record, salads, templates
from .synthesise import RATE, VOICES, Espeak
from .vocabulary import ADDED_NATURAL, NATURAL

__all__ = ["Tally", "edit_distance", "spoken_letters"]


def spoken_letters(text: str) -> str:
    """`text` without what cannot be heard: spaces and signs."""
    return re.sub(r"[\s.,?!]", "", text)


def edit_distance(a: Sequence[str], b: Sequence[str]) -> int:
    """The fewest insertions, deletions and substitutions between two sequences."""
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        above = row
        row = [i]
        for j, y in enumerate(b, 1):
            row.append(min(above[j] + 1, row[-1] + 1, above[j - 1] + (x != y)))
    return row[-1]


@dataclass(slots=True)
class Tally:
    """Errors summed over recordings; times in seconds, positive where the recogniser is late."""

    letters: int = 0
    wrong_letters: int = 0
    words: int = 0
    onsets: list[float] = field(default_factory=list)
    ends: list[float] = field(default_factory=list)
    sentences: int = 0
    inexact: list[str] = field(default_factory=list)
    nasal_sentences: int = 0
    nasal_inexact: int = 0

    def add(self, said: Sequence[SaidSentence], heard: Transcript) -> None:
        reference, found = (spoken_letters(t) for t in (" ".join(s.text for s in said), heard.text))
        self.letters += len(reference)
        self.wrong_letters += edit_distance(reference, found)
        told = [w for s in said for w in s.words]
        got = [(spoken_letters(w.text), w.start, w.end) for w in heard.words]
        self.words += len(told)
        right = set[int]()
        matcher = difflib.SequenceMatcher(None, [w.text for w in told], [g[0] for g in got], autojunk=False)
        for block in matcher.get_matching_blocks():
            for k in range(block.size):
                word, (_, start, end) = told[block.a + k], got[block.b + k]
                right.add(block.a + k)
                self.onsets.append(float(start - word.start))
                self.ends.append(float(end - word.end))
        at = 0
        for sentence in said:
            exact = all(i in right for i in range(at, at + len(sentence.words)))
            # ㄴ is the 3rd, ㅁ the 7th of the initial consonants, and each has 588 syllables.
            nasal = (ord(sentence.text[0]) - 0xAC00) // 588 in (2, 6)
            self.sentences += 1
            self.nasal_sentences += nasal
            self.nasal_inexact += nasal and not exact
            if not exact:
                self.inexact.append(sentence.text)
            at += len(sentence.words)

    def __str__(self) -> str:
        def figures(errors: list[float]) -> str:
            if not errors:
                return "none"
            size = np.abs(errors)
            p50, p90, p95 = np.percentile(size, [50, 90, 95])
            return f"median {p50:.3f} p90 {p90:.3f} p95 {p95:.3f} bias {np.median(errors):+.3f}"

        return (
            f"CER {100 * self.wrong_letters / self.letters:.2f} % ({self.wrong_letters}/{self.letters}), "
            f"{len(self.inexact)} of {self.sentences} sentences inexact "
            f"({self.nasal_inexact} of {self.nasal_sentences} that begin with ㄴ or ㅁ)\n"
            f"    word onset {figures(self.onsets)} s\n    word end   {figures(self.ends)} s"
        )


def _recordings(kind: str, count: int) -> Iterator[Recording]:
    espeak = Espeak()
    sentences = salads(4242) if kind == "salads" else templates(777)
    lengths, noises = (12, 20, 29, 45, 75), (None, "white", "pink", "brown")
    for i in range(count):
        yield record(
            espeak,
            sentences,
            seed=1000 + i,
            seconds=lengths[i % 5],
            voice=lambda n, i=i: VOICES[i % 4],
            noise=noises[i % 4],
            noise_db=-55 + i % 4 * 5,
        )


def _nobody() -> Iterator[tuple[str, Samples]]:
    """Recordings in which nobody speaks."""
    g = np.random.default_rng(3)
    length = 40 * RATE
    t = np.arange(length) / RATE
    spectrum = np.fft.rfft(g.standard_normal(length)) / np.sqrt(
        np.maximum(np.fft.rfftfreq(length, 1 / RATE), 20)
    )
    pink = np.fft.irfft(spectrum, length)
    pink /= np.sqrt((pink**2).mean())
    chord = sum(np.sin(2 * np.pi * f * t) * (0.5 + 0.5 * np.sin(np.pi * t)) for f in (262, 330, 392)) / 3
    for name, samples in (
        ("silence, 40 s", np.zeros(length)),
        ("silence, 0.5 s", np.zeros(RATE // 2)),
        ("white noise -60 dB", 10**-3 * g.standard_normal(length)),
        ("white noise -30 dB", 10**-1.5 * g.standard_normal(length)),
        ("white noise -12 dB", 0.25 * g.standard_normal(length)),
        ("pink noise -40 dB", 0.01 * pink),
        ("pink noise -15 dB", 0.18 * pink),
        ("hum", 0.1 * np.sin(2 * np.pi * 60 * t) + 0.03 * np.sin(2 * np.pi * 120 * t)),
        ("chord", 0.2 * chord),
        ("sine 440 Hz", 0.3 * np.sin(2 * np.pi * 440 * t)),
        ("clicks", np.where(np.arange(length) % 8000 < 20, 0.5, 0.0)),
    ):
        yield name, samples.astype(np.float32)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("weights", type=Path, metavar="NPZ")
    parser.add_argument("--quick", action="store_true", help="a third of the recordings")
    parser.add_argument("--engine", choices=("faster-whisper", "openai-whisper"), default="faster-whisper")
    parser.add_argument("--no-vad", action="store_true")
    parser.add_argument(
        "--added", action="store_true", help="also the words that the first weights do not know"
    )
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if asked.engine == "faster-whisper":
            build_ctranslate2(Path(folder), weights=asked.weights)
            model = folder
        else:
            build_openai_whisper(Path(folder), weights=asked.weights)
            model = str(Path(folder) / "nano-ko.pt")
        options = RecognitionOptions(model=model, engine=asked.engine, vad=not asked.no_vad)
        for kind, count in (("salads", 24), ("templates", 12)):
            tally, audio, began = Tally(), Fraction(0), time.monotonic()
            for recording in _recordings(kind, count // 3 if asked.quick else count):
                tally.add(recording.sentences, recognise(recording.samples, options))
                audio += Fraction(len(recording.samples), RATE)
            print(
                f"{kind}: {tally}\n    {float(audio):.0f} s of audio in {time.monotonic() - began:.1f} s",
                flush=True,
            )
            if kind == "templates":
                print("    inexact:", *tally.inexact, sep="\n      ")
        espeak = Espeak()
        for name, known in (("natural", NATURAL), *((("added", ADDED_NATURAL),) if asked.added else ())):
            tally = Tally()
            for i, voice in enumerate(VOICES):
                recording = record(
                    espeak,
                    iter(known * 9),
                    seed=i,
                    seconds=3.3 * len(known),
                    voice=lambda n, v=voice: v,
                    noise="brown",
                )
                tally.add(recording.sentences, recognise(recording.samples, options))
            print(f"{name}: {tally}", *tally.inexact, sep="\n    ", flush=True)
        written = {name: text for name, samples in _nobody() if (text := recognise(samples, options).text)}
        print(f"where nobody speaks: {written or 'nothing written'}")


if __name__ == "__main__":
    main()
