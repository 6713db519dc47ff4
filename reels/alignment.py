"""The words of an edited subtitle file, timed by what the recogniser heard: one time span for each 어절 of a cue.

An editor corrects, joins, splits, moves, deletes and adds; the recogniser's words stay what they were. Both
texts are compared sign by sign, near in time, so that a corrected word keeps the time of the word that was
heard in its place, and a word that nobody heard gets its share of the time between its neighbours. Pure:
reads and stores nothing, and never changes a text. `subtitles` and `transcript` stand before; the word highlight
and the cuts by word after.
"""

from __future__ import annotations

import itertools
import math
import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from reels.korean.eojeol import split_eojeol
from reels.subtitles import Cue
from reels.transcript import Word

__all__ = ["TimedWord", "align", "letter_times"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TimedWord:
    """One 어절 of a cue as it is written there, spoken during `[start, end)` of the cue's timeline."""

    text: str
    start: Fraction
    end: Fraction

    def __post_init__(self) -> None:
        if not self.text or not 0 <= self.start < self.end:
            raise ValueError(f"word {self.text!r} runs from {self.start} to {self.end}")


def align(cues: Sequence[Cue], words: Sequence[Word]) -> tuple[tuple[TimedWord, ...], ...]:
    """For each of `cues` its 어절 in order, each with its time; both arguments in the same timeline.

    Within a cue the times are in order, never overlap, have a length above zero and lie inside the cue. Where
    the text is the recogniser's, they are the recogniser's; what has no counterpart gets its share, by
    syllables, of the time between its neighbours, and without any counterpart a cue is shared out whole. Cues
    that overlap are timed each for itself. The same arguments always give the same times.
    """
    texts = [split_eojeol(" ".join(cue.lines)) for cue in cues]
    order = sorted(range(len(cues)), key=lambda i: (cues[i].start, cues[i].end, i))
    written = _written(cues, texts, order)
    heard = _heard(words)
    paired = _pairs(written, heard)
    _slide_gaps_to_word_edges(written, paired)
    spans = _spans(written, heard, paired)
    timed: list[tuple[TimedWord, ...]] = [()] * len(cues)
    for i in order:
        found = [next(spans) for _ in texts[i]]
        timed[i] = _laid_out(cues[i], texts[i], found)
    return tuple(timed)


_NEAR = Fraction(10)


def letter_times(cue: Cue, words: Sequence[Word]) -> tuple[Fraction, ...]:
    """When each letter (`str.isalnum`) of `cue` is spoken; `words` are in order, all in one timeline.

    Where the text is the recogniser's, as in most drafts, nothing has to be compared; all else is `align`'s to
    tell. Empty where no word lies near.
    """
    first = bisect_left(words, cue.start - _NEAR, key=lambda word: word.start)
    near = words[first : bisect_right(words, cue.end + _NEAR, key=lambda word: word.start)]
    if not near:
        return ()
    wanted = _letters_in(" ".join(cue.lines))
    text = "".join(_letters_in(word.text) for word in near)
    places = [found.start() for found in re.finditer(f"(?={re.escape(wanted)})", text)] if wanted else []
    if places:
        heard = _times_of_letters(near)
        at = min(places, key=lambda place: abs(heard[place] - cue.start))
        # A person may have moved the cue away from what was heard: then most of it lies outside.
        if cue.start <= heard[at + len(wanted) // 2] < cue.end:
            return heard[at : at + len(wanted)]
    (timed,) = align((cue,), near)
    return _times_of_letters(timed)


def _times_of_letters(words: Sequence[Word | TimedWord]) -> tuple[Fraction, ...]:
    return tuple(
        word.start + (word.end - word.start) * at / count
        for word in words
        for count in [len(_letters_in(word.text))]
        for at in range(count)
    )


def _letters_in(text: str) -> str:
    return "".join(c for c in text if c.isalnum())


_Span = tuple[Fraction, Fraction]

# --- signs: what is compared -----------------------------------------------------------------------------

_FAR_MS = 8_000
"""A sign is never taken for one that was heard further than this from its cue."""
_WIDEST_HALF_CUE_MS = 15_000
_MOST_SIGNS_A_SECOND = 50
"""Nobody speaks that fast: a cue with more is a pasted text, and its words are shared out."""
_MOST_CELLS = 30_000_000
"""What is compared takes that many bytes at most; two hours of dense speech need a third of it."""


@dataclass(frozen=True, slots=True)
class _Written:
    """The signs of all 어절 of all cues in order of time, spaces and punctuation aside."""

    signs: list[int]
    eojeol: list[int]
    """Number of the 어절 that a sign stands in, counted through all cues."""
    cue_start_ms: list[int]
    cue_end_ms: list[int]
    expected_ms: list[int]
    """Where in its cue a sign would be spoken at an even pace."""
    eojeol_count: int


@dataclass(frozen=True, slots=True)
class _Heard:
    """The signs of the recogniser's words."""

    words: list[Word]
    signs: list[int]
    word: list[int]
    within: list[tuple[int, int]]
    """Place of a sign in its word, and how many signs the word has."""
    middle_ms: list[int]

    def span(self, sign: int) -> _Span:
        word, (at, count) = self.words[self.word[sign]], self.within[sign]
        length = word.end - word.start
        return word.start + length * at / count, word.start + length * (at + 1) / count


def _signs(text: str) -> list[int]:
    """What of `text` is spoken, alike however it is typed: letters and digits, compatibility forms folded."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return [ord(c) for c in unicodedata.normalize("NFC", folded) if c.isalnum()]


def _written(cues: Sequence[Cue], texts: Sequence[tuple[str, ...]], order: Sequence[int]) -> _Written:
    written = _Written([], [], [], [], [], sum(map(len, texts)))
    number = 0
    for i in order:
        signs = [_signs(eojeol) for eojeol in texts[i]]
        count = sum(map(len, signs))
        start, end = _ms(cues[i].start), _ms(cues[i].end)
        if count * 1000 > max(_MOST_SIGNS_A_SECOND * (end - start), _MOST_SIGNS_A_SECOND * 10_000):
            number += len(signs)
            continue
        at = 0
        for eojeol in signs:
            for sign in eojeol:
                written.signs.append(sign)
                written.eojeol.append(number)
                written.cue_start_ms.append(start)
                written.cue_end_ms.append(end)
                written.expected_ms.append(start + (end - start) * (2 * at + 1) // (2 * count))
                at += 1
            number += 1
    return written


def _heard(words: Sequence[Word]) -> _Heard:
    heard = _Heard(sorted(words, key=lambda word: (word.start, word.end)), [], [], [], [])
    for number, word in enumerate(heard.words):
        signs = _signs(word.text)
        start, end = _ms(word.start), _ms(word.end)
        for at, sign in enumerate(signs):
            heard.signs.append(sign)
            heard.word.append(number)
            heard.within.append((at, len(signs)))
            heard.middle_ms.append(start + (end - start) * (2 * at + 1) // (2 * len(signs)))
    return heard


def _ms(seconds: Fraction) -> int:
    return math.floor(seconds * 1000)


# --- which sign was heard as which -----------------------------------------------------------------------
# Levenshtein's distance within a band: row i holds the costs of having placed the first i written signs, for
# each number j of heard signs that its neighbourhood in time allows. A row is computed at once; the moves along
# it are a running minimum.

_ALONE = 100
"""A sign on one side only. Two of them cost more than one pair of signs that are unlike."""
_UNLIKE = 160
_SHARED_LETTER = 40
"""By how much a pair is nearer for each 자모 that two syllables share in the same place."""
_MS_PER_COST = 50
_WORD_EDGES_AGREE = 8

_PAIR, _SKIP_WRITTEN, _SKIP_HEARD = 0, 1, 2


def _pairs(written: _Written, heard: _Heard) -> list[int | None]:
    """For each written sign the heard sign in whose place it stands."""
    count = len(written.signs)
    bands = _bands(written, heard)
    if bands is None:
        return [None] * count
    moves = _moves(written, heard, bands)
    paired: list[int | None] = [None] * count
    i, j = count, len(heard.signs)
    while i > 0 and j > 0:
        low, high = bands[i - 1]
        if j > high:
            j = high  # beyond its band a row only skips what was heard
            continue
        move = int(moves[i - 1][j - low])
        if move == _PAIR:
            paired[i - 1] = j - 1
        i -= move != _SKIP_HEARD
        j -= move != _SKIP_WRITTEN
    return paired


def _bands(written: _Written, heard: _Heard) -> list[tuple[int, int]] | None:
    """For each written sign the least and the largest number of heard signs that may be used up by then.

    None where there is nothing to compare, or more than can be compared.
    """
    if not written.signs or not heard.signs:
        return None
    times = list(itertools.accumulate(heard.middle_ms, max))
    bands: list[tuple[int, int]] = []
    low = high = cells = 0
    for i, expected in enumerate(written.expected_ms):
        half = min((written.cue_end_ms[i] - written.cue_start_ms[i]) // 2, _WIDEST_HALF_CUE_MS)
        low = max(low, bisect_left(times, expected - half - _FAR_MS))
        high = max(high, low, bisect_right(times, expected + half + _FAR_MS))
        cells += high - low + 1
        bands.append((low, high))
    return bands if cells <= _MOST_CELLS else None


def _moves(written: _Written, heard: _Heard, bands: Sequence[tuple[int, int]]) -> list[npt.NDArray[np.uint8]]:
    """The cheapest last move to each place of each row."""
    signs = np.array(heard.signs, np.int64)
    letters = _letters(signs)
    times = np.array(heard.middle_ms, np.int64)
    first = np.array([at == 0 for at, _ in heard.within])
    last = np.array([at == count - 1 for at, count in heard.within])
    along = np.arange(len(signs) + 1, dtype=np.int64) * _ALONE
    own_letters = _letters(np.array(written.signs, np.int64))
    edges = [-1, *written.eojeol, -1]
    row, row_low = along[: bands[0][1] + 1], 0
    moves: list[npt.NDArray[np.uint8]] = []
    for i, (low, high) in enumerate(bands):
        # What the row above costs from one place before `low` to `high`; beyond its end it skips on.
        above = row[max(0, low - 1 - row_low) :]
        if (beyond := high - (row_low + len(row) - 1)) > 0:
            above = np.concatenate([above, row[-1] + along[1 : beyond + 1]])
        if low - 1 < row_low:
            above = np.concatenate([[above[0] + 10 * _UNLIKE], above])
        here = slice(max(0, low - 1), high)
        alike = (letters[:, here] == own_letters[:, i : i + 1]).sum(axis=0)
        cost = np.where(signs[here] == written.signs[i], 0, _UNLIKE - _SHARED_LETTER * alike)
        away = np.maximum(written.cue_start_ms[i] - times[here], times[here] - written.cue_end_ms[i])
        cost += np.maximum(away, 0) // _MS_PER_COST
        if edges[i] != edges[i + 1]:
            cost -= _WORD_EDGES_AGREE * first[here]
        if edges[i + 2] != edges[i + 1]:
            cost -= _WORD_EDGES_AGREE * last[here]
        if low == 0:
            cost = np.concatenate([[10 * _UNLIKE], cost])
        pair, skip = above[:-1] + cost, above[1:] + _ALONE
        cheapest = np.minimum(pair, skip)
        row = np.minimum.accumulate(cheapest - along[low : high + 1]) + along[low : high + 1]
        move = np.where(pair <= skip, _PAIR, _SKIP_WRITTEN)
        moves.append(np.where(row < cheapest, _SKIP_HEARD, move).astype(np.uint8))
        row_low = low
    return moves


def _letters(signs: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """초성, 중성, 종성 of syllables, shape (3, signs); a sign that is none shares no letter with any other.

    A digit counts as the syllable that it is read as.
    """
    is_digit = (signs >= ord("0")) & (signs <= ord("9"))
    read = np.array([ord(c) for c in "영일이삼사오육칠팔구"], np.int64)
    syllable = np.where(is_digit, read[(signs - ord("0")) % 10], signs) - 0xAC00
    is_hangul = (syllable >= 0) & (syllable < 11172)
    parts = np.stack([syllable // 588, 100 + syllable // 28 % 21, 200 + syllable % 28])
    alone = 1000 + np.stack([signs, signs, signs])
    found: npt.NDArray[np.int64] = np.where(is_hangul, parts, alone)
    return found


def _slide_gaps_to_word_edges(written: _Written, paired: list[int | None]) -> None:
    """Among equal ways of adding signs, those that add whole words: `오늘 오후` adds 오늘, not 늘 오."""
    signs, eojeol = written.signs, written.eojeol

    def edges(first: int, end: int) -> int:
        starts = first == 0 or eojeol[first - 1] != eojeol[first]
        ends = end == len(signs) or eojeol[end - 1] != eojeol[end]
        return starts + ends

    first = 0
    while first < len(signs):
        if paired[first] is not None:
            first += 1
            continue
        end = first
        while end < len(signs) and paired[end] is None:
            end += 1
        best, shift = edges(first, end), 0
        for step in _steps_left(signs, paired, first, end):
            if edges(first - step, end - step) > best:
                best, shift = edges(first - step, end - step), -step
        for step in _steps_right(signs, paired, first, end):
            if edges(first + step, end + step) > best:
                best, shift = edges(first + step, end + step), step
        for step in range(1, -shift + 1):
            paired[end - step], paired[first - step] = paired[first - step], None
        for step in range(shift):
            paired[first + step], paired[end + step] = paired[end + step], None
        first = end + max(0, shift)


def _steps_left(signs: Sequence[int], paired: Sequence[int | None], first: int, end: int) -> Iterator[int]:
    """By how many signs the unpaired ones may move to the left and the text stay what it is."""
    for step in range(1, min(end - first, first) + 1):
        if paired[first - step] is None or signs[first - step] != signs[end - step]:
            return
        yield step


def _steps_right(signs: Sequence[int], paired: Sequence[int | None], first: int, end: int) -> Iterator[int]:
    for step in range(1, min(end - first, len(signs) - end) + 1):
        if paired[end + step - 1] is None or signs[end + step - 1] != signs[first + step - 1]:
            return
        yield step


# --- from signs to words ---------------------------------------------------------------------------------

_SILENCE = Fraction(7, 10)
"""No word is spoken across it: of signs that were found on both sides only the larger part counts."""


def _spans(written: _Written, heard: _Heard, paired: Sequence[int | None]) -> Iterator[_Span | None]:
    """For each 어절 when it was heard; None where nothing of it was."""
    by_eojeol: list[list[int]] = [[] for _ in range(written.eojeol_count)]
    for eojeol, sign in zip(written.eojeol, paired, strict=True):
        if sign is not None:
            by_eojeol[eojeol].append(sign)
    together = [_largest_together(heard, signs) for signs in by_eojeol]
    claims = [0] * len(heard.words)
    for signs in together:
        for word in {heard.word[sign] for sign in signs}:
            claims[word] += 1
    for signs in together:
        if not signs:
            yield None
            continue
        # Where no other 어절 has a part of the heard word, all of it is this one's: 이천이십육년이 for 2026년.
        own = [claims[heard.word[sign]] == 1 for sign in (signs[0], signs[-1])]
        start = heard.words[heard.word[signs[0]]].start if own[0] else heard.span(signs[0])[0]
        end = heard.words[heard.word[signs[-1]]].end if own[1] else heard.span(signs[-1])[1]
        yield start, end


def _largest_together(heard: _Heard, signs: Sequence[int]) -> list[int]:
    groups: list[list[int]] = []
    for sign in signs:
        if groups and heard.span(sign)[0] - heard.span(groups[-1][-1])[1] <= _SILENCE:
            groups[-1].append(sign)
        else:
            groups.append([sign])
    return max(groups, key=len, default=[])


# --- within a cue ----------------------------------------------------------------------------------------

_LEAST_FOR_A_SYLLABLE = Fraction(3, 50)


def _laid_out(cue: Cue, texts: Sequence[str], found: Sequence[_Span | None]) -> tuple[TimedWord, ...]:
    inside = [_clipped(span, cue.start, cue.end) for span in found]
    known = [span for span in found if span is not None]
    if 2 * sum(span is not None for span in inside) < len(known):
        # A person moved the cue away from what was heard: its rhythm goes with it.
        inside = [_clipped(_moved(span, known, cue), cue.start, cue.end) for span in found]
    spans = _in_order(inside)
    at = 0
    while at < len(spans):
        end = at
        while end < len(spans) and spans[end] is None:
            end += 1
        if end > at:
            _share_out(spans, at, end, texts, cue)
        at = end + 1
    return tuple(
        TimedWord(text=text, start=span[0], end=span[1])
        for text, span in zip(texts, spans, strict=True)
        if span is not None
    )


def _clipped(span: _Span | None, low: Fraction, high: Fraction) -> _Span | None:
    if span is None:
        return None
    start, end = max(span[0], low), min(span[1], high)
    return (start, end) if start < end else None


def _moved(span: _Span | None, known: Sequence[_Span], cue: Cue) -> _Span | None:
    if span is None:
        return None
    first, length = known[0][0], known[-1][1] - known[0][0]
    scale = min(Fraction(1), cue.duration / length) if length > 0 else Fraction(1)
    return cue.start + (span[0] - first) * scale, cue.start + (span[1] - first) * scale


def _in_order(spans: Sequence[_Span | None]) -> list[_Span | None]:
    ordered: list[_Span | None] = []
    until = Fraction(0)
    for span in spans:
        kept = _clipped(span, until, span[1]) if span is not None else None
        ordered.append(kept)
        until = kept[1] if kept is not None else until
    return ordered


def _share_out(spans: list[_Span | None], first: int, end: int, texts: Sequence[str], cue: Cue) -> None:
    """Give the 어절 `first` to `end` the time between their neighbours, which give way where there is none."""
    before, after = spans[first - 1] if first else None, spans[end] if end < len(spans) else None
    low, high = before[1] if before else cue.start, after[0] if after else cue.end
    weights = [_syllable_weight(text) for text in texts[first:end]]
    wanted = _LEAST_FOR_A_SYLLABLE * sum(weights) / 2
    if before is not None and high - low < wanted:
        low = max(low - (wanted - (high - low)), (before[0] + before[1]) / 2)
        spans[first - 1] = before[0], low
    if after is not None and high - low < wanted:
        high = min(high + (wanted - (high - low)), (after[0] + after[1]) / 2)
        spans[end] = high, after[1]
    edges = [low + (high - low) * done / sum(weights) for done in itertools.accumulate(weights, initial=0)]
    spans[first:end] = itertools.pairwise(edges)


def _syllable_weight(text: str) -> int:
    """How long a word takes to say, in halves of a syllable, at least one."""
    return max(1, sum(_half_syllables(c) for c in text))


def _half_syllables(character: str) -> int:
    if character.isdigit():
        return 3
    if not character.isalnum():
        return 0
    return 1 if character.isascii() else 2
