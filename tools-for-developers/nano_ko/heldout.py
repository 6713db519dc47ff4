"""Recordings for judging: sentences that no training run hears, at known times, with noise.

    python -m nano_ko.heldout OUT.ogg      writes the short recording of the project's own tests, and OUT.json

Holds the composition of recordings and their truth. `evaluate` stands after.
"""

from __future__ import annotations

import itertools
import json
import random
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from .synthesise import RATE, VOICES, Espeak
from .vocabulary import SHIPPED_WORDS, Sentence, draw_salad, draw_template, is_held_out, written

__all__ = ["Recording", "SaidSentence", "SaidWord", "record", "salads", "templates"]

Samples = np.ndarray[Any, np.dtype[np.float32]]


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidWord:
    """A word and when it sounds, in seconds of the recording."""

    text: str
    start: Fraction
    end: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidSentence:
    text: str
    words: tuple[SaidWord, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """`samples` at `RATE`, and what is said in them."""

    samples: Samples
    sentences: tuple[SaidSentence, ...]


def salads(seed: int) -> Iterator[Sentence]:
    """Endless held-out word salads of 2 to 5 words."""
    for sentence in draw_salad(random.Random(seed), SHIPPED_WORDS):
        if 2 <= len(sentence) <= 5 and is_held_out(sentence):
            yield sentence


def templates(seed: int) -> Iterator[Sentence]:
    """Held-out sentences in natural orders, each once."""
    draw, seen = random.Random(seed), set[Sentence]()
    while True:
        sentence = draw_template(draw)
        if is_held_out(sentence) and sentence not in seen and set(sentence) <= set(SHIPPED_WORDS):
            seen.add(sentence)
            yield sentence


def record(
    espeak: Espeak,
    sentences: Iterator[Sentence],
    *,
    seed: int,
    seconds: float,
    voice: Callable[[int], str],
    pauses: tuple[float, float] = (0.25, 1.2),
    noise: str | None = None,
    noise_db: float = -50.0,
) -> Recording:
    """Sentences and pauses until `seconds` are full; `voice` gives that of the n-th sentence."""
    draw, g = random.Random(seed), np.random.default_rng(seed)
    parts: list[Samples] = []
    said: list[SaidSentence] = []
    at = 0

    def silence(length: float) -> None:
        nonlocal at
        parts.append(np.zeros(int(length * RATE), np.float32))
        at += len(parts[-1])

    silence(draw.uniform(0.3, 2.5))
    pace, pitch = draw.randint(130, 180), draw.randint(35, 65)
    for n in itertools.count():
        if at >= seconds * RATE:
            break
        speech = espeak.say(
            next(sentences),
            voice=voice(n),
            words_a_minute=pace + draw.randint(-8, 8),
            pitch=pitch + draw.randint(-4, 4),
            gap=draw.choice([0, 0, 3, 8]),
        )
        words = tuple(
            SaidWord(text=w.text, start=Fraction(at + w.start, RATE), end=Fraction(at + w.end, RATE))
            for w in speech.words
        )
        said.append(SaidSentence(text=speech.text, words=words))
        parts.append(speech.samples)
        at += len(speech.samples)
        silence(draw.uniform(*pauses) if draw.random() < 0.85 else draw.uniform(1.5, 4))
    samples = np.concatenate(parts) * np.float32(draw.uniform(0.4, 0.9))
    if noise is not None:
        spectrum = np.fft.rfft(g.standard_normal(len(samples)))
        slope = {"white": 0.0, "pink": -0.5, "brown": -1.0}[noise]
        spectrum *= np.maximum(np.fft.rfftfreq(len(samples), 1 / RATE), 20) ** slope
        hiss = np.fft.irfft(spectrum, len(samples))
        samples = samples + hiss / np.sqrt((hiss**2).mean()) * 10 ** (noise_db / 20)
    return Recording(samples=samples.astype(np.float32), sentences=tuple(said))


def truth(recording: Recording) -> dict[str, Any]:
    """The truth as it is written beside a recording: seconds, rounded to a tenth of a millisecond."""

    def seconds(value: Fraction) -> float:
        return round(float(value), 4)

    return {
        "duration": seconds(Fraction(len(recording.samples), RATE)),
        "sentences": [
            {
                "text": s.text,
                "start": seconds(s.words[0].start),
                "end": seconds(s.words[-1].end),
                "words": [
                    {"text": w.text, "start": seconds(w.start), "end": seconds(w.end)} for w in s.words
                ],
            }
            for s in recording.sentences
        ],
    }


def main() -> None:
    """60 s of the first held-out template sentences of a fixed seed, whatever the model makes of them."""
    import av

    out = Path(sys.argv[1])
    voices = VOICES[:2]
    recording = record(
        Espeak(),
        templates(2026),
        seed=2026,
        seconds=60,
        voice=lambda n: voices[n // 3 % 2],
        pauses=(0.35, 1.1),
        noise="brown",
        noise_db=-52,
    )
    with av.open(str(out), "w", format="ogg") as container:
        stream = container.add_stream("libopus", rate=RATE, layout="mono", options={"application": "voip"})
        stream.bit_rate = 16_000
        whole = (np.clip(recording.samples, -1, 1) * 32767).astype(np.int16)
        frame = av.AudioFrame.from_ndarray(whole[None], format="s16", layout="mono")
        frame.sample_rate = RATE
        for packet in (*stream.encode(frame), *stream.encode(None)):
            container.mux(packet)
    out.with_suffix(".json").write_text(
        json.dumps(truth(recording), ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
    )
    texts = [written(tuple(w.text for w in s.words)) for s in recording.sentences]
    print(f"{out}: {out.stat().st_size} bytes, {len(texts)} sentences", *texts, sep="\n")


if __name__ == "__main__":
    main()
