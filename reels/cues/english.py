"""Break costs of English, and of any language that is written with spaces and has no grammar here.

Closed lists of function words: what stands before its noun or verb holds on to it, what opens a new phrase may
begin a line. No part of speech is guessed.

Source: Netflix English Timed Text Style Guide, "line treatment" (retrieved Sep 2026): after punctuation, before
conjunctions and prepositions; not between article or adjective and noun, first and last name, verb and subject
pronoun, verb and auxiliary, verb and particle.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

__all__ = ["english_break_costs", "plain_break_costs"]

SENTENCE = 0
COMMA = 6
BEFORE_CONJUNCTION = 16
BEFORE_PREPOSITION = 28
PLAIN = 45
AFTER_PREPOSITION = 85
AFTER_CONJUNCTION = 80
HELD = 95

_CLOSERS = "\"'”’)]}"
_OPENERS = "\"'“‘(["
_DOTTED = re.compile(
    r"(?:[A-Za-z]\.)+|(?:Mr|Mrs|Ms|Dr|St|No|Prof|Gen|vs|etc)\.|[(\[]?(?:\d{1,3}|[A-Za-z])[.)\]]"
)


def _words(table: str) -> frozenset[str]:
    return frozenset(table.split())


_HOLDS_ITS_NOUN = _words(
    "a an the this that these those my your his her its our their every each some any no all both another such very "
    "too so more most less least quite really mr mrs ms dr prof mayor president director governor"
)
_CONJUNCTIONS = _words(
    "and but or nor so yet because although though while when whenever where if unless until since that which who "
    "whom whose than before after as"
)
_PREPOSITIONS = _words(
    "at by for from in into of on onto to with without within over under through during between among about against "
    "across along around behind beside beyond near toward towards upon via per"
)
_SUBJECTS = _words("i you he she we they it there who let's")
_AUXILIARIES = _words(
    "am is are was were be been being have has had do does did will would can could shall should may might must not "
    "don't doesn't didn't won't can't cannot i'm you're he's she's it's we're they're i've we've i'll we'll you'll "
    "let please"
)
_UNITS = _words(
    "km m cm mm kg g t l ml % percent degrees hours hour minutes minute seconds days day weeks months years am pm a.m. "
    "p.m. won people million billion thousand"
)


def plain_break_costs(words: Sequence[str]) -> tuple[int, ...]:
    """The cost of ending a line after each of `words` but the last: by punctuation alone."""
    marked = (_by_marks(left, right) for left, right in pairwise(words))
    return tuple(PLAIN if cost is None else cost for cost in marked)


def english_break_costs(words: Sequence[str]) -> tuple[int, ...]:
    """The cost of ending a line after each of `words` but the last, 0 to 100."""
    return tuple(_cost(left, right) for left, right in pairwise(words))


def _by_marks(left: str, right: str) -> int | None:
    unclosed = left.rstrip(_CLOSERS)
    if _DOTTED.fullmatch(left):
        return HELD
    if unclosed.endswith((".", "?", "!", "。", "？", "！", "।", "؟")) and not unclosed.endswith("..."):
        return SENTENCE
    if unclosed.endswith((",", ";", ":", "...", "…", "—", "–", "،", "、")):
        return COMMA
    return HELD if right in ("-", "–", "—", "?", "!", ":", ";", "»") or left in ("-", "«") else None


def _cost(left: str, right: str) -> int:
    marked = _by_marks(left, right)
    if marked is not None:
        return marked
    bare, following = left.strip(_OPENERS + _CLOSERS), right.strip(_OPENERS + _CLOSERS).rstrip(".,?!:;…")
    before, after = bare.lower(), following.lower()
    if bare[-1:].isdigit() and (after in _UNITS or following[:1].isdigit()):
        return HELD
    if before in _HOLDS_ITS_NOUN:
        return HELD
    if before in _SUBJECTS or before in _AUXILIARIES:
        return AFTER_CONJUNCTION
    if before in _PREPOSITIONS:
        return AFTER_PREPOSITION
    if before in _CONJUNCTIONS:
        return AFTER_CONJUNCTION
    if bare[:1].isupper() and following[:1].isupper() and before != "i":
        return AFTER_PREPOSITION
    if after in _CONJUNCTIONS:
        return BEFORE_CONJUNCTION
    return BEFORE_PREPOSITION if after in _PREPOSITIONS else PLAIN
