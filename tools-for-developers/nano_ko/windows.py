"""Training windows, put together from spoken sentences in the mel-power domain.

Holds the token table, the bank of sentences and noises, and the composition of one window and one batch: what
the model hears, what it should write, and at which encoder frames each token sounds. Composing mels instead
of samples costs 4 ms a window, so no window is ever seen twice. `synthesise` stands before, `model` after.

Units: a mel frame is 10 ms, an encoder frame 20 ms, a time token 20 ms.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from whisper.audio import HOP_LENGTH, N_FFT, mel_filters
from whisper.tokenizer import get_tokenizer

from .synthesise import RATE, VOICES, Espeak
from .vocabulary import (
    ADDED_NATURAL,
    NATURAL,
    WORDS,
    Sentence,
    draw_salad,
    draw_template,
    final_sign,
    is_held_out,
)

__all__ = ["TOKENS", "Bank", "Batch", "Tokens", "Utterance", "batch", "noise_bank", "speak_bank"]

Array = np.ndarray[Any, np.dtype[np.float32]]
_WINDOW_MELS = 3000
_LN10 = float(np.log(10))


class Tokens:
    """The text tokens the model knows, the special ones, and their compact numbers.

    Compact numbers: 0..len(used)-1 the used tokens, then one for every other text token, then 1501 times.
    The loss runs over these few instead of 51865.
    """

    def __init__(self, words: Sequence[str]) -> None:
        t = get_tokenizer(True, language="ko", task="transcribe")
        self.end, self.start, self.earlier = t.eot, t.sot, t.sot_prev
        self.no_speech, self.no_times, self.first_time = t.no_speech, t.no_timestamps, t.timestamp_begin
        self.korean, self.transcribe = t.sot_sequence[1], t.sot_sequence[2]
        self.of_word = {w: tuple(t.encode(" " + w)) for w in words}
        self.of_sign = {sign: t.encode(sign)[0] for sign in ".?"}
        # How many bytes of sound each token stands for; a leading space sounds like nothing.
        self._weight = {
            i: max(1, len(t.encoding.decode_single_token_bytes(i).strip()))
            for tokens in self.of_word.values()
            for i in tokens
        }
        special = {
            self.end,
            self.start,
            self.korean,
            self.transcribe,
            self.no_speech,
            self.earlier,
            self.no_times,
        }
        self.used = tuple(sorted(set(self._weight) | set(self.of_sign.values()) | special))
        self.compact = {token: i for i, token in enumerate(self.used)}
        self.unknown = len(self.used)
        self.times = self.unknown + 1

    def number(self, token: int) -> int:
        if token >= self.first_time:
            return self.times + token - self.first_time
        return self.compact.get(token, self.unknown)

    def spread(self, word: str, start: float, end: float) -> list[tuple[int, float, float]]:
        """The word's tokens with its span shared out by their bytes."""
        tokens = self.of_word[word]
        edges = np.cumsum([0, *(self._weight[t] for t in tokens)])
        at = start + (end - start) * edges / edges[-1]
        return [(t, float(at[i]), float(at[i + 1])) for i, t in enumerate(tokens)]


TOKENS = Tokens(WORDS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Utterance:
    """A spoken sentence: log10 mel power, 80 by mel frames, and the mel frames each word sounds in."""

    sentence: Sentence
    mel: np.ndarray[Any, np.dtype[np.float16]]
    spans: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Bank:
    """All that windows are made of."""

    utterances: tuple[Utterance, ...]
    noises: tuple[Array, ...]


def _log_mel(samples: Array) -> Array:
    spectrum = torch.stft(
        torch.from_numpy(samples), N_FFT, HOP_LENGTH, window=torch.hann_window(N_FFT), return_complex=True
    )
    power = spectrum[..., :-1].abs() ** 2
    result: Array = torch.log10((mel_filters("cpu", 80) @ power).clamp(min=1e-10)).numpy()
    return result


def speak_bank(count: int, *, seed: int) -> tuple[Utterance, ...]:
    """`count` sentences spoken: 22 % natural, 25 % from templates, the rest salads; none held out."""
    draw = random.Random(seed)
    espeak = Espeak()
    salads = draw_salad(draw)
    natural = (*NATURAL, *ADDED_NATURAL)
    utterances: list[Utterance] = []
    while len(utterances) < count:
        kind = draw.random()
        sentence = (
            draw.choice(natural) if kind < 0.22 else draw_template(draw) if kind < 0.47 else next(salads)
        )
        if is_held_out(sentence):
            continue
        speech = espeak.say(
            sentence,
            voice=draw.choice(VOICES),
            words_a_minute=draw.randint(120, 195),
            pitch=draw.randint(25, 75),
            gap=draw.choice([0, 0, 0, draw.randint(1, 12)]),
        )
        # The sentence starts anywhere inside a hop, as it does in a file.
        before = RATE // 20 + draw.randint(0, HOP_LENGTH - 1)
        length = before + len(speech.samples) + RATE // 20
        samples = np.zeros(length + -length % HOP_LENGTH, np.float32)
        samples[before : before + len(speech.samples)] = speech.samples
        spans = tuple(((w.start + before) / HOP_LENGTH, (w.end + before) / HOP_LENGTH) for w in speech.words)
        mel = _log_mel(samples)[:, : int(spans[-1][1]) + 8].astype(np.float16)
        utterances.append(Utterance(sentence=sentence, mel=np.ascontiguousarray(mel), spans=spans))
    return tuple(utterances)


def noise_bank(*, seed: int = 5, rounds: int = 6) -> tuple[Array, ...]:
    """30 s each of eleven kinds of noise: white, three coloured, hum, plucked tones, sustained tones."""
    g = np.random.default_rng(seed)
    length = RATE * 30 + HOP_LENGTH
    t = np.arange(length) / RATE
    noises: list[Array] = []
    for _ in range(rounds):
        for kind in range(11):
            w = g.standard_normal(length)
            if kind in (1, 2, 3):
                spectrum = np.fft.rfft(w)
                spectrum *= np.maximum(np.fft.rfftfreq(length, 1 / RATE), 20) ** (0, -0.5, -1.0, -0.7)[kind]
                w = np.fft.irfft(spectrum, length)
                if kind == 3:
                    w *= 0.3 + np.abs(np.interp(t, np.arange(32), g.standard_normal(32)))
            elif kind == 4:
                hum = sum(np.sin(2 * np.pi * 60 * h * t + g.uniform(0, 6)) / h for h in range(1, 8))
                w = hum + 0.05 * w
            elif kind in (5, 6, 7):
                w = 0.003 * w + _plucked(g, length)
            elif kind in (8, 9, 10):
                w = 0.002 * w + _sustained(g, t, kind)
            mel = _log_mel((w / np.sqrt((w**2).mean())).astype(np.float32))[:, :_WINDOW_MELS]
            noises.append(mel - np.log10((10**mel).mean()))
    return tuple(noises)


def _plucked(g: np.random.Generator, length: int) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Chords as of a guitar, a step every 0.2 to 0.8 s."""
    w = np.zeros(length)
    root, step = g.choice([110, 146, 196, 220, 261]), g.uniform(0.2, 0.8)
    for j in range(int(30 / step)):
        for semitones in g.choice([0, 4, 7, 12, 16, 19], size=g.integers(1, 4), replace=False):
            hz = root * 2 ** (semitones / 12)
            start = int(j * step * RATE)
            end = min(length, start + int(RATE * step * g.uniform(0.8, 2)))
            s = np.arange(end - start) / RATE
            tone = sum(np.sin(2 * np.pi * hz * h * s) / h ** g.uniform(1, 2) for h in range(1, 5))
            w[start:end] += np.exp(-s * g.uniform(1, 5)) * tone
    return w


def _sustained(
    g: np.random.Generator, t: np.ndarray[Any, np.dtype[np.float64]], kind: int
) -> np.ndarray[Any, np.dtype[np.float64]]:
    """A held tone (8) or pads of three notes (9, 10), the last kind swelling; half of them with vibrato."""
    notes = [110, 131, 165, 196, 220, 262, 330, 392, 440, 523, 659]
    pitches = g.uniform(80, 3500, 1) if kind == 8 else g.choice(notes, size=3, replace=False)
    w = np.zeros(len(t))
    for j, hz in enumerate(pitches):
        swell = 1.0 if kind < 10 else 0.6 + 0.4 * np.sin(2 * np.pi * g.uniform(0.1, 2) * t + j)
        for h in range(1, int(g.integers(2, 6))):
            vibrato = g.choice([0, 3]) * np.sin(2 * np.pi * 5 * t)
            w += swell * np.sin(2 * np.pi * hz * h * t + g.uniform(0, 6) + vibrato) / h**2
    return w


@dataclass(frozen=True, slots=True, kw_only=True)
class _Step:
    """One token of the target: the encoder frames it sounds in (none: end <= 0) and whether it is learned."""

    token: int
    start: float = -1.0
    end: float = -1.0
    learned: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class _Placed:
    """A sentence in a window: spans in encoder frames."""

    sentence: Sentence
    spans: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Window:
    mel: Array
    steps: tuple[_Step, ...]
    frame_tokens: np.ndarray[Any, np.dtype[np.int64]]
    silent: bool
    prompt_length: int


def _window(bank: Bank, g: np.random.Generator, *, mels: int, offset: int, prompts: float) -> _Window:
    """A window of `mels` mel frames that the encoder reads as starting at its frame `offset`."""
    power = np.full((80, mels), -10.0, np.float32)
    curve = np.sin(np.linspace(0, g.uniform(2, 9), 80) + g.uniform(0, 6))
    tilt = np.linspace(-1, 1, 80) * g.uniform(-0.3, 0.3) + 0.15 * g.standard_normal() * curve
    colour = (tilt[:, None] + g.uniform(-2, 0.5)).astype(np.float32)

    def lay(mel: np.ndarray[Any, np.dtype[np.float16]], at: int) -> None:
        loud = mel.astype(np.float32) + colour + np.float32(g.uniform(-0.25, 0.25))
        n = min(loud.shape[1], mels - at)
        power[:, at : at + n] = np.maximum(power[:, at : at + n], loud[:, :n])

    at = 0
    if g.random() < 0.25:  # the tail of a sentence that the window before has written
        n = int(g.integers(2, 14))
        tail = bank.utterances[g.integers(len(bank.utterances))].mel[:, -8 - n :]
        lay(tail, 0)
        at = tail.shape[1] + int(g.integers(5, 40))
    silent = g.random() < 0.11
    placed: list[_Placed] = []
    cut_start: float | None = None
    stops = g.random() < (0.7 if silent else 0.25)
    if not silent:
        at += int(g.uniform(0, 100) if g.random() < 0.55 else g.uniform(0, min(800, mels * 0.5)))
        most = int(g.integers(1, 5)) if stops else 99
        density = g.random()
        while len(placed) < most:
            u = bank.utterances[g.integers(len(bank.utterances))]
            length = u.mel.shape[1]
            if at + length > mels:
                if placed:
                    # A last sentence that the window cuts off: only its start time is written.
                    if g.random() < (0.6 if mels == _WINDOW_MELS else 0.25) and at + 40 < mels:
                        lay(u.mel, at)
                        cut_start = (at + u.spans[0][0]) / 2
                    break
                if length > mels:
                    continue
                at = int(g.integers(0, mels - length + 1))
            lay(u.mel, at)
            spans = tuple(((a + at) / 2, (b + at) / 2) for a, b in u.spans)
            placed.append(_Placed(sentence=u.sentence, spans=spans))
            at += length
            if g.random() < density:
                at += int(g.uniform(15, 60))
            else:
                at += int(g.uniform(40, 250) if g.random() < 0.8 else g.uniform(100, 550))

    end = mels
    if stops and cut_start is None:
        low = int(placed[-1].spans[-1][1] * 2) + 4 if placed else 3
        if g.random() < 0.65 and low < mels:
            end = int(min(mels, low + (g.uniform(0, 60) if g.random() < 0.6 else g.uniform(0, 600))))
    if g.random() < (0.8 if silent else 0.7):
        noise = bank.noises[g.integers(len(bank.noises))]
        start = int(g.integers(0, _WINDOW_MELS - mels + 1))
        level = g.uniform(-7, 1) if silent else power.max() - g.uniform(3.2, 8.5)
        power = np.logaddexp(power * _LN10, (noise[:, start : start + mels] + level) * _LN10) / _LN10
    power = np.maximum(power, -10)
    # Whisper scales by the loudest moment of the file, which may lie outside this window.
    loudest = power[:, :end].max() + (0 if g.random() < 0.7 else g.uniform(0, 0.6))
    if silent and g.random() < 0.5:
        loudest = max(loudest, g.uniform(-1, 2.5))
    mel = (np.maximum(power, loudest - 8) + 4) / 4
    # Both engines pad the scaled mel with 0, which is not what silence looks like.
    mel[:, end:] = 0

    prompt = _prompt(bank, g) if g.random() < prompts else []
    steps = [*prompt, *_target(g, placed, cut_start, silent=silent, frames=mels // 2, offset=offset)]
    frame_tokens = np.zeros(mels // 2, np.int64)
    for p in placed:
        for word, (a, b) in zip(p.sentence, p.spans, strict=True):
            for token, u0, u1 in TOKENS.spread(word, a, b):
                frame_tokens[int(u0) : max(int(u0) + 1, int(u1))] = 1 + TOKENS.compact[token]
    if cut_start is not None:
        frame_tokens[int(cut_start) :] = -100
    return _Window(
        mel=mel.astype(np.float32),
        steps=tuple(steps),
        frame_tokens=frame_tokens,
        silent=silent,
        prompt_length=len(prompt),
    )


def _prompt(bank: Bank, g: np.random.Generator) -> list[_Step]:
    """Text of earlier windows, up to the 223 tokens that the engines give, with times or without."""
    with_times = g.random() < 0.75
    want = int(g.integers(60, 224) if g.random() < 0.6 else g.integers(4, 60))
    time = int(g.integers(0, 200))
    tokens: list[int] = []
    while len(tokens) < want:
        sentence = bank.utterances[g.integers(len(bank.utterances))].sentence
        text = [t for w in sentence for t in TOKENS.of_word[w]] + [TOKENS.of_sign[final_sign(sentence)]]
        length = int(g.integers(40, 220))
        if time + length > 1500:
            time = int(g.integers(0, 100))
        tokens += [TOKENS.first_time + time, *text, TOKENS.first_time + time + length] if with_times else text
        time += length + int(g.integers(0, 90))
    if g.random() < 0.1:  # hints in words that it does not know must do no harm
        tokens = [t if g.random() < 0.8 else -1 for t in tokens]
    return [_Step(token=t, learned=False) for t in (TOKENS.earlier, *tokens[-223:])]


def _target(
    g: np.random.Generator,
    placed: Sequence[_Placed],
    cut_start: float | None,
    *,
    silent: bool,
    frames: int,
    offset: int,
) -> list[_Step]:
    def time(frame: float) -> int:
        return TOKENS.first_time + offset + int(np.clip(round(frame), 0, frames))

    with_times = g.random() < 0.6
    steps = [
        _Step(token=TOKENS.start, learned=False),
        _Step(token=TOKENS.no_speech if silent else TOKENS.korean),
        _Step(token=TOKENS.transcribe),
    ]
    if not with_times:
        steps.append(_Step(token=TOKENS.no_times, learned=False))
    if silent:
        if with_times:
            steps.append(_Step(token=TOKENS.first_time + offset))
        steps.append(_Step(token=TOKENS.end))
        return steps
    for i, p in enumerate(placed):
        start, end = p.spans[0][0], p.spans[-1][1]
        if with_times:
            # Both engines forbid a first time later than 1.00 s.
            first = TOKENS.first_time + min(50, round(start)) if offset == 0 and i == 0 else time(start)
            steps.append(_Step(token=first, start=start - 1, end=start + 3))
        for word, (a, b) in zip(p.sentence, p.spans, strict=True):
            # Two frames late on purpose: the engines' alignment finds onsets early by about that much.
            for token, u0, u1 in TOKENS.spread(word, min(a + 2, b - 1), b):
                steps.append(_Step(token=token, start=u0, end=u1))
        # The final sign owns the pause, so that the word before it gets a true end and the next a true start.
        following = placed[i + 1].spans[0][0] + 1 if i + 1 < len(placed) else min(end + 8, frames)
        steps.append(
            _Step(token=TOKENS.of_sign[final_sign(p.sentence)], start=end, end=max(end + 4, following))
        )
        if with_times:
            steps.append(_Step(token=time(end), start=end - 2, end=end + 2))
    if with_times and cut_start is not None:
        steps.append(_Step(token=time(cut_start), start=cut_start - 1, end=cut_start + 3))
    last = placed[-1].spans[-1][1]
    steps.append(
        _Step(token=TOKENS.end, start=last + 3, end=last + 20, learned=with_times or cut_start is None)
    )
    return steps


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Tensors of one training step; tokens in compact numbers, spans in encoder frames.

    `read_*` are the spans of the tokens going in, `write_*` of the tokens to come; target -1 is not learned.
    """

    mel: torch.Tensor
    offset: torch.Tensor
    tokens: torch.Tensor
    target: torch.Tensor
    read_start: torch.Tensor
    read_end: torch.Tensor
    write_start: torch.Tensor
    write_end: torch.Tensor
    frame_tokens: torch.Tensor


def batch(bank: Bank, g: np.random.Generator, *, size: int, mels: int, prompts: float = 0.5) -> Batch:
    """`size` fresh windows; those shorter than 30 s are placed anywhere among the 1500 encoder positions."""
    anywhere = mels < _WINDOW_MELS and g.random() >= 0.15
    offsets = [int(g.integers(0, 1501 - mels // 2)) if anywhere else 0 for _ in range(size)]
    windows = [_window(bank, g, mels=mels, offset=o, prompts=prompts) for o in offsets]
    length = max(len(w.steps) for w in windows) - 1
    tokens = np.full((size, length), TOKENS.number(TOKENS.end))
    target = np.full((size, length), -1)
    spans = np.full((4, size, length), -1.0)
    for j, w in enumerate(windows):
        numbers = [TOKENS.number(s.token) for s in w.steps]
        n = len(numbers) - 1
        tokens[j, :n] = numbers[:-1]
        if w.silent:  # the engines go on with the language token whatever the model said
            tokens[j, w.prompt_length + 1] = TOKENS.number(TOKENS.korean)
        target[j, :n] = [
            number if s.learned else -1 for number, s in zip(numbers[1:], w.steps[1:], strict=True)
        ]
        spans[0, j, :n] = [s.start for s in w.steps[:-1]]
        spans[1, j, :n] = [s.end for s in w.steps[:-1]]
        spans[2, j, :n] = [s.start for s in w.steps[1:]]
        spans[3, j, :n] = [s.end for s in w.steps[1:]]
    read_start, read_end, write_start, write_end = torch.from_numpy(spans)
    return Batch(
        mel=torch.from_numpy(np.stack([w.mel for w in windows])),
        offset=torch.tensor(offsets),
        tokens=torch.from_numpy(tokens),
        target=torch.from_numpy(target),
        read_start=read_start,
        read_end=read_end,
        write_start=write_start,
        write_end=write_end,
        frame_tokens=torch.from_numpy(np.stack([w.frame_tokens for w in windows])),
    )
