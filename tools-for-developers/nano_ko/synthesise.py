"""Sentences spoken by espeak-ng, with the time of every word.

Holds the binding to libespeak-ng (called in this process: 2.5 ms a sentence) and the spoken sentence.
`vocabulary` stands before, `windows` after. Needs `apt-get install libespeak-ng1`.

espeak-ng reports no word event for a word that begins with ㄴ or ㅁ: it runs it into the word before, and at
the start of a sentence there is none to run it into. An earlier generator threw such sentences away, so the
first weights never heard 20 of their words begin a sentence. Here the phoneme events mend it: every Hangul
syllable has exactly one vowel, so the n-th vowel of the sentence belongs to the n-th syllable.
"""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.signal import resample_poly

from .vocabulary import Sentence, written

__all__ = ["RATE", "VOICES", "Espeak", "Speech", "SpokenWord"]

RATE = 16_000
"""Samples a second of everything this module hands out."""

VOICES = ("ko", "ko+f2", "ko+m3", "ko+f4")
"""The voices the model knows; with others it errs in every fourth syllable."""

_ESPEAK_RATE = 22_050
_VOWELS = frozenset("aɐeɛəioøuyɯʌ")
_EVENT_WORD, _EVENT_PHONEME = 1, 7
_RETRIEVAL, _PHONEME_EVENTS_IN_IPA = 2, 3
_PARAMETER_RATE, _PARAMETER_PITCH, _PARAMETER_GAP = 1, 3, 7


class _Event(ctypes.Structure):
    # espeak_EVENT of espeak-ng/speak_lib.h
    _fields_ = (
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", ctypes.c_char * 8),
    )


_Callback = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SpokenWord:
    """A word and the samples it sounds in, `[start, end)`, at `RATE`."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Speech:
    """A sentence spoken: `samples` in -1..1 at `RATE`, ended shortly after the last word."""

    text: str
    samples: np.ndarray[Any, np.dtype[np.float32]]
    words: tuple[SpokenWord, ...]


class Espeak:
    """libespeak-ng in this process. One object per process: the library has one voice at a time."""

    def __init__(self) -> None:
        self._library = ctypes.CDLL("libespeak-ng.so.1")
        if self._library.espeak_Initialize(_RETRIEVAL, 0, None, _PHONEME_EVENTS_IN_IPA) != _ESPEAK_RATE:
            raise RuntimeError(f"espeak-ng did not start at {_ESPEAK_RATE} Hz")
        self._library.espeak_SetParameter.argtypes = [ctypes.c_int] * 3
        self._library.espeak_Synth.argtypes = [
            ctypes.c_char_p,
            ctypes.c_size_t,
            ctypes.c_uint,
            ctypes.c_int,
            ctypes.c_uint,
            ctypes.c_uint,
            ctypes.c_void_p,
            ctypes.c_void_p,
        ]
        self._samples: list[np.ndarray[Any, np.dtype[np.int16]]] = []
        self._events: list[tuple[int, int, int, str]] = []
        # Kept on the object: the library holds only a bare pointer to it.
        self._callback = _Callback(self._receive)
        self._library.espeak_SetSynthCallback(self._callback)
        self._voice = ""

    def _receive(self, samples: Any, count: int, events: Any) -> int:
        if count > 0:
            self._samples.append(np.ctypeslib.as_array(samples, (count,)).copy())
        i = 0
        while events[i].type != 0:
            e = events[i]
            self._events.append((e.type, e.text_position, e.sample, e.id.decode("utf-8", "replace")))
            i += 1
        return 0

    def say(
        self,
        sentence: Sentence,
        *,
        voice: str = "ko",
        words_a_minute: int = 160,
        pitch: int = 50,
        gap: int = 0,
    ) -> Speech:
        """`sentence` spoken; `pitch` 0..100, `gap` between words in 10 ms.

        Raises: RuntimeError where the voice is unknown or the phonemes do not fit the syllables.
        """
        if voice != self._voice:
            if self._library.espeak_SetVoiceByName(voice.encode()) != 0:
                raise RuntimeError(f"espeak-ng has no voice {voice}")
            self._voice = voice
        for parameter, value in (
            (_PARAMETER_RATE, words_a_minute),
            (_PARAMETER_PITCH, pitch),
            (_PARAMETER_GAP, gap),
        ):
            self._library.espeak_SetParameter(parameter, value, 0)
        self._samples.clear()
        self._events.clear()
        text = written(sentence).encode()
        self._library.espeak_Synth(text, len(text) + 1, 0, 1, 0, 1, None, None)
        self._library.espeak_Synchronize()
        loud = np.concatenate(self._samples).astype(np.float32) / 32768
        samples = resample_poly(loud, 320, 441).astype(np.float32)
        starts = [s * RATE // _ESPEAK_RATE for s in _word_starts(sentence, self._events)]
        words = _sounding(sentence, samples, starts)
        return Speech(text=written(sentence), samples=samples[: words[-1].end + RATE // 20], words=words)


def _word_starts(sentence: Sentence, events: Sequence[tuple[int, int, int, str]]) -> list[int]:
    """The sample of espeak-ng's rate at which each word begins."""
    told: dict[int, int] = {}
    for kind, position, sample, _ in events:
        if kind == _EVENT_WORD and position >= 1:
            told.setdefault(position, sample)
    phonemes = [
        (sample, name) for kind, _, sample, name in events if kind == _EVENT_PHONEME and name.strip("\0 ")
    ]
    vowels = [i for i, (_, name) in enumerate(phonemes) if name[:1] in _VOWELS]
    syllables = sum(len(word) for word in sentence)
    if len(vowels) != syllables:
        raise RuntimeError(f"{len(vowels)} vowels in {syllables} syllables of {' '.join(sentence)}")
    starts, position, syllable = [], 1, 0
    for word in sentence:
        if position in told:
            starts.append(told[position])
        else:
            onset = vowels[syllable]
            while onset > 0 and phonemes[onset - 1][1][:1] in "jwɰ":
                onset -= 1
            starts.append(phonemes[max(onset - 1, 0)][0] if syllable else 0)
        position += len(word) + 1
        syllable += len(word)
    return starts


def _sounding(
    sentence: Sentence, samples: np.ndarray[Any, np.dtype[np.float32]], starts: Sequence[int]
) -> tuple[SpokenWord, ...]:
    """Each word without the silence around it: louder than a fiftieth of the sentence's peak over 10 ms."""
    threshold = 0.02 * np.abs(samples).max()
    words = []
    for word, start, end in zip(sentence, starts, [*starts[1:], len(samples)], strict=True):
        level = np.convolve(np.abs(samples[start:end]), np.ones(160) / 160, "same")[: end - start]
        loud = np.nonzero(level > threshold)[0]
        if len(loud):
            words.append(SpokenWord(text=word, start=start + int(loud[0]), end=start + int(loud[-1]) + 1))
        else:
            words.append(SpokenWord(text=word, start=start, end=end))
    return tuple(words)
