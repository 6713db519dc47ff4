"""Punctuation as the Korean guide shows it: no full stop, no comma at a line's end, … as one sign, CD for C.D.

Pure. Applied where text is shown (burn-in, sidecars), never to a draft: what somebody wrote stays as it is. Question
and exclamation marks, numbers, dates, times, addresses and the numbers of a list are left alone.

Source: Netflix Korean Timed Text Style Guide, punctuation, ellipsis, abbreviations (retrieved Sep 2026).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from reels.korean.eojeol import split_eojeol
from reels.korean.words import CLOSERS

__all__ = ["as_shown", "shown_words", "with_joined_dots", "without_comma"]

_COMMAS = ",，、､"
_ELLIPSIS = re.compile(r"[.…⋯‥]*(?:\.\.|[…⋯‥])[.…⋯‥]*")
_ACRONYM = re.compile(r"(?<![A-Za-z0-9.@/_-])((?:[A-Z]\.)+[A-Z]?|(?:[a-z]\.){2,}[a-z]?)(?![A-Za-z0-9@/_-])")
_SINGLE_LETTER = re.compile(r"[A-Z]\.")
_NUMBER_AND_DOT = re.compile(r"[(\[]?[\d.]+\.[)\]]?")
_LIST_LETTER = re.compile(r"[(\[]?[가나다라마바사A-Za-z]\.[)\]]?")
_FULL_STOP = re.compile(rf"[.。．｡](?=[{re.escape(CLOSERS + _COMMAS)}]*$)")
_COMMA_AT_END = re.compile(rf"\s*[{_COMMAS}]+(?=[{re.escape(CLOSERS)}]*$)")
_SEPARATE_DOTS = re.compile(r"(?<=\.) (?=\.(?:[ .]|$))")
_LATIN_WORD = re.compile(r"[A-Za-z]+\.")


def as_shown(lines: Sequence[str]) -> tuple[str, ...]:
    """The lines of one cue as they are shown; no line comes out empty, none is added.

    Doing it twice changes nothing more.
    """
    shown = []
    for line in lines:
        words = [word for word in shown_words(split_eojeol(with_joined_dots(line))) if word]
        text = " ".join(words)
        shown.append(without_comma(text) or text or line)
    return tuple(shown)


def with_joined_dots(line: str) -> str:
    """`line` with an ellipsis of separate dots written as one: before it is cut into words."""
    return _SEPARATE_DOTS.sub("", line)


def shown_words(words: Sequence[str]) -> tuple[str, ...]:
    """Each word of one line as it is shown inside the line; empty for a full stop that stood alone."""
    is_list = len(words) > 1 and _LIST_LETTER.fullmatch(words[0]) is not None
    following = (*words[1:], "")
    return tuple(
        _shown(word, in_list=is_list, following=after)
        for word, after in zip(words, following[: len(words)], strict=True)
    )


def without_comma(text: str) -> str:
    """`text` as it is shown at a line's end."""
    while (bare := _COMMA_AT_END.sub("", text)) != text:
        text = bare
    return text


def _shown(word: str, *, in_list: bool, following: str) -> str:
    if "." not in word and not any(c in word for c in "。．｡…⋯‥"):
        return word
    word = _ELLIPSIS.sub(_ellipsis, word)
    if _NUMBER_AND_DOT.fullmatch(word) or (in_list and following and _LIST_LETTER.fullmatch(word)):
        return word
    word = _ACRONYM.sub(_without_dots, word)
    # Dr. Kim, St. Mary: the dot belongs to the word where a Latin name follows.
    if _LATIN_WORD.fullmatch(word) and following[:1].isascii() and following[:1].isalpha():
        return word
    while (bare := _FULL_STOP.sub("", word)) != word:
        word = bare
    return word


def _ellipsis(found: re.Match[str]) -> str:
    before, after = found.string[: found.start()][-1:], found.string[found.end() :][:1]
    is_path = before in ("/", "\\") or after in ("/", "\\")
    is_range = before.isascii() and before.isalnum() and after.isascii() and after.isalnum()
    return found[0] if is_path or is_range else "…"


def _without_dots(found: re.Match[str]) -> str:
    letters = found[1].replace(".", "")
    # One letter and a dot at a word's end is an initial or a list's letter, not an acronym.
    return found[1] if _SINGLE_LETTER.fullmatch(found[1]) else letters
