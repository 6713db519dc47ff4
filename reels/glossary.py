"""Names and terms that one person keeps for the others: a hint to the recogniser, a correction, a check.

    terms, wrong: right  -> parse_glossary -> Glossary
    Glossary.hint                     what the recogniser should expect
    correct(transcript, glossary)     the transcript with its words put right, their times kept
    glossary_findings(text, glossary) what a text says in place of a term, for lint

Pure functions. A term is corrected where it is heard with other spaces, or with other letters that sound alike;
`wrong: right` is corrected as listed. Attached 조사 stay, and change where the last consonant does. Nothing is
guessed between two terms that are equally near, and a term or an exception (`word: word`) is never touched.
`transcript` stands before, `campaign` and the draft after; `korean` knows 조사 and sounds.
"""

from __future__ import annotations

import functools
import itertools
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal

from reels.korean.particles import attached, particles_of
from reels.korean.sounds import WHOLE, could_be_near, sound_distance, sounds_of, which_sounds
from reels.said import Said
from reels.transcript import Segment, Transcript, Word, shares_by_length

__all__ = [
    "NO_GLOSSARY",
    "WHY_CORRECTED",
    "Correction",
    "Glossary",
    "Listed",
    "NearMiss",
    "WhyCorrected",
    "correct",
    "glossary_findings",
    "merged",
    "parse_glossary",
]

WhyCorrected = Literal["listed", "spelling", "sound"]
"""`wrong: right` of the glossary; a term with other spaces or other case; other letters that sound alike."""

WHY_CORRECTED: Mapping[WhyCorrected, Said] = {
    "listed": Said("listed in the glossary", ko="용어집에 적어 둔 고침"),
    "spelling": Said("spelled otherwise than in the glossary", ko="용어집과 다른 띄어쓰기나 표기"),
    "sound": Said("sounds like a term of the glossary", ko="용어집에 있는 말과 비슷한 소리"),
}

_HINT_LETTERS = 120
"""Whisper takes at most 223 tokens of hint; a syllable of Hangul is one or two of them."""

_JOINED_FROM = 3
"""Letters that a term needs to be found across spaces: `이상` is not meant in `이 상을`."""

_ALIKE_FROM = 3
_NEAR_FROM = 4
"""Syllables that a term needs to be found by sounds that are alike, and by a whole sound that is another."""

_SOUNDS_FOR_ONE = 8
"""A term of so many sounds may be heard with one other sound."""

_SURE = 0.9
"""A word that the recogniser was so sure of is what was said, unless it sounds the same as the term."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """`wrong: right`."""

    wrong: str
    right: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Glossary:
    """Terms as they are to be written, corrections as listed, and words that are right as they are.

    All are NFC with single spaces. The order of `terms` is the order of the hint.
    """

    terms: tuple[str, ...] = ()
    corrections: tuple[Listed, ...] = ()
    exceptions: tuple[str, ...] = ()

    @property
    def hint(self) -> tuple[str, ...]:
        """The terms that the recogniser is told to expect, as many from the front as it takes in.

        What is listed as `wrong: right` is not among them, so that changing it needs no listening.
        """
        lengths = itertools.accumulate(len(term) + 1 for term in self.terms)
        return tuple(term for term, used in zip(self.terms, lengths, strict=True) if used <= _HINT_LETTERS)

    @property
    def as_written(self) -> list[str | dict[str, str]]:
        """The list that a person would write for it, as JSON: terms, then `wrong: right`, then exceptions."""
        pairs = [(c.wrong, c.right) for c in self.corrections] + [(word, word) for word in self.exceptions]
        return [*self.terms, *({wrong: right} for wrong, right in pairs)]


NO_GLOSSARY = Glossary()


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What was put in place of what was heard, when in source time, and why. Both texts hold their 조사."""

    found: str
    put: str
    term: str
    start: Fraction
    end: Fraction
    why: WhyCorrected


@dataclass(frozen=True, slots=True, kw_only=True)
class NearMiss:
    """What stands at `text[first:last]` and what the glossary would have there."""

    found: str
    expected: str
    term: str
    first: int
    last: int
    why: WhyCorrected


# --- making one ------------------------------------------------------------------------------------------


def parse_glossary(written: Mapping[object, object] | Iterable[object]) -> Glossary:
    """A glossary as people write it: a list of terms and of `wrong: right`, or one mapping.

    In a mapping, `term:` without a value is a term. `word: word` is an exception.

    Raises: ValueError with a `Said` of what was expected where an entry is neither, with a second one of what was
    found where two contradict each other.
    """
    terms: list[str] = []
    listed: dict[str, str] = {}
    exceptions: list[str] = []
    for wrong, right in _entries(written):
        if right is None:
            terms.append(wrong)
        elif wrong == right:
            exceptions.append(wrong)
        elif listed.setdefault(wrong, right) != right:
            raise ValueError(
                Said(f"one correction of {wrong}", ko=f"{wrong}을(를) 고칠 말 하나"),
                Said(
                    f"two corrections of {wrong}, {listed[wrong]} and {right}",
                    ko=f"{wrong}을(를) 고칠 말 둘({listed[wrong]}, {right})",
                ),
            )
    for wrong in listed:
        if wrong in terms or wrong in exceptions:
            raise ValueError(
                Said(
                    f"{wrong} either as right or as wrong",
                    ko=f"{wrong}은(는) 맞는 말이나 틀린 말 가운데 하나",
                ),
                Said(f"{wrong} as right and as wrong", ko=f"맞는 말이면서 틀린 말인 {wrong}"),
            )
    return Glossary(
        terms=tuple(dict.fromkeys(terms)),
        corrections=tuple(Listed(wrong=w, right=r) for w, r in listed.items()),
        exceptions=tuple(dict.fromkeys(exceptions)),
    )


def merged(nearer: Glossary, farther: Glossary) -> Glossary:
    """Both glossaries as one; where they contradict each other the nearer one holds (the campaign's)."""
    wrong = {c.wrong for c in nearer.corrections}
    right = {*nearer.terms, *nearer.exceptions}
    return Glossary(
        terms=tuple(dict.fromkeys((*nearer.terms, *(t for t in farther.terms if t not in wrong)))),
        corrections=(
            *nearer.corrections,
            *(c for c in farther.corrections if c.wrong not in wrong and c.wrong not in right),
        ),
        exceptions=tuple(
            dict.fromkeys((*nearer.exceptions, *(e for e in farther.exceptions if e not in wrong)))
        ),
    )


def _entries(
    written: Mapping[object, object] | Iterable[object],
) -> Iterable[tuple[str, str | None]]:
    if isinstance(written, Mapping):
        for wrong, right in written.items():
            yield _entry(wrong), None if right is None else _entry(right)
        return
    for entry in written:
        if isinstance(entry, Mapping):
            yield from _entries(entry)
        elif isinstance(entry, str) and ": " in entry:
            raise ValueError(
                Said(
                    f"{entry} without quotation marks if it is wrong: right, or '{entry}': null for a term",
                    ko=f"틀린 말: 맞는 말이면 따옴표 없이 {entry}, 한 용어이면 '{entry}': null",
                )
            )
        else:
            yield _entry(entry), None


def _entry(value: object) -> str:
    # `2026: 이천이십육` is a number to YAML and a word to the person who wrote it.
    text = str(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""
    if any("\ud800" <= c <= "\udfff" for c in text):
        text = ""
    text = unicodedata.normalize("NFC", " ".join(text.split()))
    if not _letters(text) or len(text) > 200:
        raise ValueError(Said("a term, or wrong: right", ko="용어 하나, 또는 틀린 말: 맞는 말"))
    return text


# --- correcting ------------------------------------------------------------------------------------------


def correct(transcript: Transcript, glossary: Glossary) -> tuple[Transcript, tuple[Correction, ...]]:
    """`transcript` as the glossary writes it, and what was changed, in order.

    Times stay: a word that is put right keeps its own, words that become one take the span of both, a word
    that becomes two shares its span by letters. Dropped segments are left as they are.
    """
    if not (glossary.terms or glossary.corrections):
        return transcript, ()
    segments, made = [], []
    for segment in transcript.segments:
        spans = segment.words or (Word(text=segment.text, start=segment.start, end=segment.end),)
        texts = [w.text for w in segment.words] or segment.text.split()
        sure = [w.probability for w in segment.words] or [None] * len(texts)
        found = _found_in(texts, sure, glossary)
        if not found:
            segments.append(segment)
            continue
        for match in found:
            over = spans[match.first : match.last] if segment.words else spans
            made.append(
                Correction(
                    found=" ".join(texts[match.first : match.last]),
                    put=" ".join(match.put),
                    term=match.term,
                    start=over[0].start,
                    end=over[-1].end,
                    why=match.why,
                )
            )
        segments.append(_corrected(segment, texts, found))
    return replace(transcript, segments=tuple(segments)), tuple(made)


def glossary_findings(text: str, glossary: Glossary) -> tuple[NearMiss, ...]:
    """What in `text` the glossary would write otherwise, in order; line breaks count as spaces."""
    places: list[tuple[int, int]] = []
    at = 0
    for piece in text.split():
        at = text.index(piece, at)
        places.append((at, at + len(piece)))
        at += len(piece)
    texts = [unicodedata.normalize("NFC", text[a:b]) for a, b in places]
    return tuple(
        NearMiss(
            found=" ".join(texts[match.first : match.last]),
            expected=" ".join(match.put),
            term=match.term,
            first=places[match.first][0],
            last=places[match.last - 1][1],
            why=match.why,
        )
        for match in _found_in(texts, [None] * len(texts), glossary)
    )


def _corrected(segment: Segment, texts: Sequence[str], found: Sequence[_Match]) -> Segment:
    words: list[Word] = []
    put: list[str] = []
    at = 0
    for match in (*found, None):
        upto = match.first if match else len(texts)
        words += segment.words[at:upto]
        put += texts[at:upto]
        if match:
            words += _retimed(segment.words[match.first : match.last], match.put)
            put += match.put
            at = match.last
    return replace(segment, text=" ".join(put), words=tuple(words) if segment.words else ())


def _retimed(over: Sequence[Word], texts: Sequence[str]) -> list[Word]:
    """`texts` in the place of the words `over`."""
    if not over:
        return []
    if len(over) == len(texts):
        return [replace(word, text=text) for word, text in zip(over, texts, strict=True)]
    known = [w.probability for w in over if w.probability is not None]
    starts, ends = shares_by_length(texts, over[0].start, over[-1].end)
    return [
        Word(text=t, start=a, end=b, probability=min(known, default=None))
        for t, a, b in zip(texts, starts, ends, strict=True)
    ]


# --- finding ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class _Match:
    """`put` belongs in the place of the words `first:last`. The smaller `rank`, the surer."""

    first: int
    last: int
    put: tuple[str, ...]
    term: str
    why: WhyCorrected
    rank: tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class _Piece:
    """A word without the signs around it."""

    before: str
    core: str
    after: str


@dataclass(frozen=True, slots=True)
class _Sounded:
    """A term as it sounds, and how far from that it may be heard."""

    term: str
    sounds: str
    which: int
    allowed: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Index:
    """A glossary made ready for searching; itself and no other, so that what was found in it can be kept."""

    listed: Mapping[str, tuple[str, str]]
    spelled: Mapping[str, str]
    right: frozenset[str]
    by_length: Mapping[int, tuple[_Sounded, ...]]
    longest: int


def _letters(text: str) -> str:
    """What is compared: letters and digits, whatever their case."""
    return "".join(c for c in text.casefold() if c.isalnum() or unicodedata.category(c).startswith("M"))


@functools.lru_cache(maxsize=8)
def _indexed(glossary: Glossary) -> _Index:
    by_length: dict[int, list[_Sounded]] = {}
    for term in glossary.terms:
        letters = _letters(term)
        syllables = sum("가" <= c <= "힣" for c in letters)
        if syllables != len(letters) or syllables < _ALIKE_FROM:
            continue
        sounds = sounds_of(letters)
        allowed = WHOLE * len(sounds) // _SOUNDS_FOR_ONE if syllables >= _NEAR_FROM else WHOLE // 2
        for length in range(len(sounds) - 2, len(sounds) + 3):
            by_length.setdefault(length, []).append(_Sounded(term, sounds, which_sounds(sounds), allowed))
    spelled: dict[str, str] = {}
    for term in glossary.terms:
        spelled.setdefault(_letters(term), term)
    every = [*glossary.terms, *(c.wrong for c in glossary.corrections)]
    return _Index(
        listed={_letters(c.wrong): (c.wrong, c.right) for c in glossary.corrections},
        spelled=spelled,
        right=frozenset(
            _piece(text).core
            for text in (*glossary.terms, *glossary.exceptions, *(c.right for c in glossary.corrections))
        ),
        by_length={length: tuple(terms) for length, terms in by_length.items()},
        longest=max((max(len(t.split()) + 1, min(len(_letters(t)), 4)) for t in every), default=0),
    )


def _found_in(texts: Sequence[str], sure: Sequence[float | None], glossary: Glossary) -> list[_Match]:
    """What is to be corrected in a row of words, in order and without overlap."""
    index = _indexed(glossary)
    pieces = [_piece(text) for text in texts]
    listed: list[_Match] = []
    right: list[tuple[int, int]] = []
    near: list[_Match] = []
    for first in range(len(pieces)):
        for last in range(first + 1, min(first + index.longest, len(pieces)) + 1):
            over = pieces[first:last]
            if any(p.after for p in over[:-1]) or any(p.before for p in over[1:]) or not over[-1].core:
                break
            cores = tuple(p.core for p in over)
            if _is_right(cores, index):
                right.append((first, last))
                continue
            if (put := _as_listed(cores, index)) is not None:
                listed.append(_match(first, last, over, put, "listed", rank=0))
            elif (put := _as_spelled(cores, index)) is not None:
                near.append(_match(first, last, over, put, "spelling", rank=1))
            elif (heard := _as_sounded(_letters("".join(cores)), index)) is not None:
                put, distance = heard
                known = [p for p in sure[first:last] if p is not None]
                if distance <= WHOLE // 2 or not known or min(known) < _SURE:
                    near.append(_match(first, last, over, put, "sound", rank=2 + distance))
    near = [m for m in near if not any(m.first < b and a < m.last for a, b in right)]
    listed = [m for m in listed if not any(a <= m.first and m.last <= b for a, b in right)]
    taken: list[_Match] = []
    for match in sorted([*listed, *near], key=lambda m: m.rank):
        if all(match.last <= t.first or t.last <= match.first for t in taken):
            taken.append(match)
    return sorted(taken, key=lambda m: m.first)


def _match(
    first: int,
    last: int,
    over: Sequence[_Piece],
    put: tuple[str, str],
    why: WhyCorrected,
    *,
    rank: int,
) -> _Match:
    term, text = put
    return _Match(
        first=first,
        last=last,
        put=tuple((over[0].before + text + over[-1].after).split()),
        term=term,
        why=why,
        # Of two that are equally sure, the one over more letters, then the earlier one.
        rank=(rank, -sum(len(p.core) for p in over), first),
    )


def _piece(text: str) -> _Piece:
    start, end = 0, len(text)
    while start < end and not _letters(text[start]):
        start += 1
    while end > start and not _letters(text[end - 1]):
        end -= 1
    return _Piece(text[:start], text[start:end], text[end:])


def _stems(letters: str) -> Iterable[tuple[str, str]]:
    """Every way to see `letters` as a word with 조사, the longest word first."""
    return ((letters[:cut], letters[cut:]) for cut in particles_of(letters))


def _is_right(cores: tuple[str, ...], index: _Index) -> bool:
    """Whether the words are a term, an exception or a listed right form as they stand, 조사 aside."""
    return any(stem in index.right for stem, _ in _stems(" ".join(cores)))


def _as_listed(cores: tuple[str, ...], index: _Index) -> tuple[str, str] | None:
    """The term and the text to put."""
    for stem, particles in _stems(_letters("".join(cores))):
        if stem in index.listed:
            wrong, right = index.listed[stem]
            return right, attached(right, particles, instead_of=wrong)
    return None


def _as_spelled(cores: tuple[str, ...], index: _Index) -> tuple[str, str] | None:
    for stem, particles in _stems(_letters("".join(cores))):
        if len(stem) >= _JOINED_FROM and stem in index.spelled:
            term = index.spelled[stem]
            return term, term + particles
    return None


@functools.lru_cache(maxsize=1 << 16)
def _as_sounded(letters: str, index: _Index) -> tuple[tuple[str, str], int] | None:
    """The one nearest term with the text to put, and how far it is; nothing where two are equally near."""
    best: dict[str, tuple[int, str, str]] = {}
    for stem, particles in _stems(letters):
        sounds = sounds_of(stem)
        which = which_sounds(sounds)
        for known in index.by_length.get(len(sounds), ()):
            if not could_be_near(which, known.which, at_most=known.allowed):
                continue
            distance = sound_distance(sounds, known.sounds, at_most=known.allowed)
            if distance <= known.allowed and (known.term not in best or distance < best[known.term][0]):
                best[known.term] = (distance, stem, particles)
    ranked = sorted((distance, term) for term, (distance, _, _) in best.items())
    if not ranked or (len(ranked) > 1 and ranked[0][0] == ranked[1][0]):
        return None
    distance, term = ranked[0]
    _, stem, particles = best[term]
    return (term, attached(term, particles, instead_of=stem)), distance
