"""Words that begin in a pause, moved to where the voice begins.

Whisper's alignment gives the pause before a word partly to the word: after a pause, and most of all at the
start of a 30 s window, a word starts up to 0.9 s early, and so would its cue. Here the loudness of the audio
corrects it. Only ever moves a start later, only through what is clearly quieter than the word, and never in
running speech. `transcript` stands before.
"""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from reels.recognise.contract import SAMPLE_RATE, Audio
from reels.transcript import Segment, Transcript, Word

__all__ = ["start_where_heard"]

_HOP = SAMPLE_RATE // 100
"""Loudness is looked at every 10 ms."""

_PAUSE = Fraction(1, 10)
"""From here on there is a pause before a word, and every bit of quiet at its start is part of that."""

_SILENT_START = 30
"""Hops of quiet at the start of a word that follows at once: more than any ㅊ or ㅃ is closed for."""

_TAIL = 10
"""Hops of the word before that may sound in front of such a quiet start."""

_LOOK_BACK = 30
"""Hops of the pause that tell what quiet is here."""

_CONTRAST_DB = 12.0
"""By how much a word must rise above its surroundings to be judged by loudness: not over music or a crowd."""

_RISE = 0.4
"""The voice begins where it has risen by this share of the contrast in dB: between hiss and vowel."""

_MARGIN = 1
"""Hops kept before that place, for the soft beginning of ㅎ, ㅅ and ㄴ."""

_LEAST_LEFT = 6
"""Hops of the word that must remain."""


def start_where_heard(transcript: Transcript, audio: Audio) -> Transcript:
    """`transcript` with no word starting in the quiet before it; `audio` is what it was heard in.

    Texts, ends, order and everything else stay as they are.
    """
    loudness = _loudness_db(audio)
    segments = []
    last_end = Fraction(-1)
    for segment in transcript.segments:
        words = []
        for word in segment.words:
            words.append(_moved(word, last_end, loudness))
            last_end = word.end
        segments.append(_with_words(segment, tuple(words)))
        last_end = segment.end
    return replace(transcript, segments=tuple(segments))


def _with_words(segment: Segment, words: tuple[Word, ...]) -> Segment:
    # A segment that begins with its first word goes on doing so.
    if words and segment.start == segment.words[0].start:
        return replace(segment, start=words[0].start, words=words)
    return replace(segment, words=words)


def _loudness_db(audio: Audio) -> npt.NDArray[np.float64]:
    """Mean power of each hop in dB, never below that of one 16 bit step."""
    hops = audio[: len(audio) // _HOP * _HOP].reshape(-1, _HOP).astype(np.float64)
    return np.asarray(10 * np.log10(np.maximum((hops**2).mean(axis=1), 2.0**-30)))


def _moved(word: Word, last_end: Fraction, loudness: npt.NDArray[np.float64]) -> Word:
    start, end = math.ceil(word.start * 100), min(math.floor(word.end * 100), len(loudness))
    if end - start <= _LEAST_LEFT:
        return word
    around = loudness[max(start - _LOOK_BACK, math.ceil(last_end * 100), 0) : end]
    quiet, loud = np.percentile(around, 10), np.percentile(loudness[start:end], 90)
    if loud - quiet < _CONTRAST_DB:
        return word
    heard = loudness[start:end] > quiet + _RISE * (loud - quiet)
    if word.start - last_end >= _PAUSE:
        silent_from, least = 0, _MARGIN + 1
    else:
        silent_from, least = int(np.argmin(heard)), _SILENT_START
    # Two hops in a row: a click is no voice.
    risen = np.nonzero(heard[silent_from:-1] & heard[silent_from + 1 :])[0]
    if silent_from > _TAIL or not len(risen) or risen[0] < least:
        return word
    voice = start + silent_from + int(risen[0])
    return word if end - voice < _LEAST_LEFT else replace(word, start=Fraction(voice - _MARGIN, 100))
