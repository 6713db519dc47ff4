"""Words moved to where the voice is: out of the pause before them and the pause after.

Whisper's alignment gives the pause before a word partly to the word: after a pause, and most of all at the
start of a 30 s window, a word starts up to 0.9 s early, and so would its cue. Here the loudness of the audio
corrects it, and where music or a crowd is too loud for that, the detected voice. Starts only ever move later,
only through what is clearly quieter than the word or holds no voice, and never in running speech; ends move to
where the voice ends.
`transcript` and `voice` stand before, `listening` after.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from reels.recognise.contract import SAMPLE_RATE, Audio
from reels.timing import TimeRange
from reels.transcript import Segment, Transcript, Word

__all__ = ["times_as_heard"]

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

_CLEAR_DB = 35.0
"""With less, a soft ㅅ or ㅎ drowns in the noise."""

_RISE = 0.4
"""The voice begins where it has risen by this share of the contrast in dB: between hiss and vowel."""

_MARGIN = 1
"""Hops kept before that place, for the soft beginning of ㅎ, ㅅ and ㄴ."""

_MARGIN_IN_NOISE = 7
"""The same where these are not heard at all: up to 0.14 s in our measurements, split in two."""

_LEAST_LEFT = 6
"""Hops of the word that must remain."""


_QUIET_TAIL = 12
"""Hops of quiet at the end of a word that are no part of it: more than a closed ㄱ, ㄷ or ㅂ."""

_LONGEST_REST = 100
"""Hops by which a word may end later than it was said to."""

_TAIL_MARGIN = 3
"""Hops kept after the voice, for its fading."""

_VOICE_LATE = Fraction(3, 50)
"""By how much the detector finds a voice late and loses it early: two of its frames."""

_CLEARLY_OUTSIDE = Fraction(3, 20)
"""Seconds without a detected voice that are no mere delay of the detector."""


def times_as_heard(transcript: Transcript, audio: Audio, speech: Sequence[TimeRange]) -> Transcript:
    """`transcript` with no word starting in the quiet before it or ending in the quiet after it.

    `audio` is what it was heard in and `speech` where a voice was detected in that; empty where nobody looked.
    Texts, order and everything else stay as they are.
    """
    if not transcript.words:
        return transcript
    loudness = _loudness_db(audio)
    words = transcript.words
    moved: list[Word] = []
    last_end = Fraction(-1)
    for word, following in zip(words, (*words[1:], None), strict=True):
        next_start = following.start if following is not None else transcript.duration
        better = _ended(_begun(word, last_end, loudness, speech), next_start, loudness, speech)
        moved.append(better)
        last_end = better.end
    segments, at = [], 0
    for segment in transcript.segments:
        segments.append(_with_words(segment, tuple(moved[at : at + len(segment.words)])))
        at += len(segment.words)
    return replace(transcript, segments=tuple(segments))


def _with_words(segment: Segment, words: tuple[Word, ...]) -> Segment:
    # A segment that begins and ends with its words goes on doing so.
    if not words:
        return segment
    start = words[0].start if segment.start == segment.words[0].start else segment.start
    end = words[-1].end if segment.end == segment.words[-1].end else segment.end
    return replace(segment, start=start, end=end, words=words)


def _loudness_db(audio: Audio) -> npt.NDArray[np.float64]:
    """Mean power of each hop in dB, never below that of one 16 bit step."""
    hops = audio[: len(audio) // _HOP * _HOP].reshape(-1, _HOP).astype(np.float64)
    return np.asarray(10 * np.log10(np.maximum((hops**2).mean(axis=1), 2.0**-30)))


def _begun(
    word: Word, last_end: Fraction, loudness: npt.NDArray[np.float64], speech: Sequence[TimeRange]
) -> Word:
    """`word`, its start moved to where it is heard."""
    start, end = math.ceil(word.start * 100), min(math.floor(word.end * 100), len(loudness))
    if end - start <= _LEAST_LEFT:
        return word
    around = loudness[max(start - _LOOK_BACK, math.ceil(last_end * 100), 0) : end]
    quiet, loud = np.percentile(around, 10), np.percentile(loudness[start:end], 90)
    if loud - quiet < _CONTRAST_DB:
        return _begun_with_voice(word, last_end, speech)
    heard = loudness[start:end] > quiet + _RISE * (loud - quiet)
    if word.start - last_end >= _PAUSE:
        silent_from, least = 0, _MARGIN + 1
    else:
        silent_from, least = int(np.argmin(heard)), _SILENT_START
    # Two hops in a row: a click is no voice.
    risen = np.nonzero(heard[silent_from:-1] & heard[silent_from + 1 :])[0]
    if silent_from > _TAIL or not len(risen) or risen[0] < least:
        return word if loud - quiet >= _CLEAR_DB else _begun_with_voice(word, last_end, speech)
    voice = start + silent_from + int(risen[0])
    if end - voice < _LEAST_LEFT:
        return word
    margin = _MARGIN if loud - quiet >= _CLEAR_DB else _MARGIN_IN_NOISE
    begun = replace(word, start=max(word.start, Fraction(voice - margin, 100)))
    return begun if loud - quiet >= _CLEAR_DB else _begun_with_voice(begun, last_end, speech)


def _begun_with_voice(word: Word, last_end: Fraction, speech: Sequence[TimeRange]) -> Word:
    here = next((r for r in speech if r.end > word.start), None)
    if here is None or word.start - last_end < _PAUSE:
        return word
    start = here.start - _VOICE_LATE
    if start - word.start < _CLEARLY_OUTSIDE or word.end - start < Fraction(_LEAST_LEFT, 100):
        return word
    return replace(word, start=start)


def _ended(
    word: Word, next_start: Fraction, loudness: npt.NDArray[np.float64], speech: Sequence[TimeRange]
) -> Word:
    """`word`, its end moved to where it is no longer heard."""
    start, end = math.ceil(word.start * 100), min(math.floor(word.end * 100), len(loudness))
    if end - start <= _LEAST_LEFT:
        return word
    behind = loudness[start : max(end, min(end + _LONGEST_REST + _LOOK_BACK, math.floor(next_start * 100)))]
    quiet, loud = np.percentile(behind, 10), np.percentile(loudness[start:end], 90)
    if loud - quiet < _CLEAR_DB:
        return _ended_with_voice(word, speech)
    heard = np.nonzero(loudness[start:end] > quiet + _RISE * (loud - quiet))[0]
    if not len(heard):
        return word
    if heard[-1] == end - start - 1:
        return _ended_later(word, next_start, loudness > quiet + _RISE * (loud - quiet))
    if end - start - int(heard[-1]) - 1 < _QUIET_TAIL:
        return word
    last = start + int(heard[-1]) + 1 + _TAIL_MARGIN
    return word if last - start < _LEAST_LEFT else replace(word, end=Fraction(last, 100))


def _ended_later(word: Word, next_start: Fraction, is_loud: npt.NDArray[np.bool_]) -> Word:
    """`word`, its end moved to the end of the sound that it is in the middle of, if a pause follows that."""
    end, limit = math.floor(word.end * 100), min(math.floor(next_start * 100), len(is_loud))
    limit = min(limit, end + _LONGEST_REST)
    quiet = np.nonzero(~is_loud[end:limit])[0]
    if not len(quiet) or quiet[0] <= _MARGIN:
        return word
    last = min(end + int(quiet[0]) + _MARGIN, limit)
    return replace(word, end=max(word.end, Fraction(last, 100)))


def _ended_with_voice(word: Word, speech: Sequence[TimeRange]) -> Word:
    here = [r for r in speech if r.start < word.end and r.end > word.start]
    if not here:
        return word
    end = here[-1].end + _VOICE_LATE
    if word.end - end < _CLEARLY_OUTSIDE or end - word.start < Fraction(_LEAST_LEFT, 100):
        return word
    return replace(word, end=end)
