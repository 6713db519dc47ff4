"""Tokens: what is moved as one when cues and lines are chosen, with its time and the cost of a break before it.

A token is a word between spaces, or one sign of a word that may be broken inside: one wider than a line, and any
word of a language without spaces. `spoken` and `burn_in` make them, `optimum` sets them into lines.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from reels.cues.languages import SENTENCE, costs_between, costs_inside, is_written_without_spaces
from reels.cues.rules import CueRules
from reels.korean.eojeol import split_eojeol, whole_signs
from reels.korean.punctuation import shown_words, with_joined_dots, without_comma

__all__ = ["Token", "is_turn", "tokens_of_lines", "tokens_of_words"]

_TOLERABLE_BREAK = 50
_COST_OF_PARTING_WORDS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """Times are whole milliseconds of source time, 0 where there is no time.

    `at_end` is the text as it shows at a line's end. `glued` tokens follow the one before without a space.
    """

    text: str
    at_end: str
    glued: bool = False
    cost: int = 0
    """Of a break before it; 0 as well for the first."""
    after_sentence: bool = False
    forced: bool = False
    """A person's break stands before it that must stay: the turn of a dialogue."""
    opens_segment: bool = False
    new_speaker: bool = False
    start_ms: int = 0
    end_ms: int = 0


def is_turn(word: str) -> bool:
    """Whether a line that begins with `word` is another speaker's."""
    return word.startswith(("-", "–", "—")) and not word[1:2].isdigit()


def tokens_of_words(words: Sequence[str], rules: CueRules) -> list[list[Token]]:
    """The tokens of each of `words`, which are one text, without times; whole words in most cases."""
    costs = (None, *costs_between(words, rules.language))
    paired = zip(words, costs[: len(words)], strict=True)
    return [_pieces(word, cost, rules, punctuation=False) for word, cost in paired]


def tokens_of_lines(lines: Sequence[str], rules: CueRules, *, punctuation: bool) -> list[Token]:
    """The tokens of a cue's `lines`; with `punctuation` as the Korean guide shows them.

    Grammar reads the text as it was written, for its marks tell where phrases end.
    """
    written: list[str] = []
    shown: list[str] = []
    turns: set[int] = set()
    for number, line in enumerate(lines):
        words = split_eojeol(with_joined_dots(line) if punctuation else line)
        as_shown = shown_words(words) if punctuation else words
        if number and words and is_turn(words[0]):
            turns.add(len(written))
        for word, visible in zip(words, as_shown, strict=True):
            if visible:
                written.append(word)
                shown.append(visible)
    if not shown:
        written = shown = [word for line in lines for word in split_eojeol(line)]
    costs = (None, *costs_between(written, rules.language))
    tokens: list[Token] = []
    for number, (word, cost) in enumerate(zip(shown, costs[: len(shown)], strict=True)):
        tokens += _pieces(word, cost, rules, punctuation=punctuation, forced=number in turns)
    return tokens


def _pieces(
    word: str, cost: int | None, rules: CueRules, *, punctuation: bool, forced: bool = False
) -> list[Token]:
    at_end = without_comma(word) if punctuation else word
    whole = Token(
        text=word,
        at_end=at_end,
        cost=0 if cost is None else _scaled(cost),
        after_sentence=cost == SENTENCE,
        forced=forced,
    )
    if rules.fits(at_end) and not is_written_without_spaces(rules.language):
        return [whole]
    inside = (0, *costs_inside(word, rules.language))
    pieces: list[Token] = []
    at = 0
    for sign in _with_their_commas(whole_signs(word)) if punctuation else whole_signs(word):
        is_in_number = word[at + len(sign) : at + len(sign) + 1].isdigit()
        shown = without_comma(sign) if punctuation and not is_in_number else sign
        if pieces:
            price, ends = _scaled(inside[at]), inside[at] == SENTENCE
            pieces.append(Token(text=sign, at_end=shown, glued=True, cost=price, after_sentence=ends))
        else:
            pieces.append(replace(whole, text=sign, at_end=shown))
        at += len(sign)
    return pieces


def _with_their_commas(signs: Sequence[str]) -> list[str]:
    """A comma, with the quotation marks behind it, stays with the sign before it."""
    joined: list[str] = []
    for sign in signs:
        comma_before = bool(joined) and without_comma(joined[-1]) != joined[-1]
        if joined and (
            not without_comma(sign)
            or (comma_before and without_comma(joined[-1] + sign) != joined[-1] + sign)
        ):
            joined[-1] += sign
        else:
            joined.append(sign)
    return joined


def _scaled(cost: int) -> int:
    """A break that hurts is worth a cue more; several that do not are no worse than one."""
    if cost > _COST_OF_PARTING_WORDS:
        return cost
    return cost + 2 * max(0, cost - _TOLERABLE_BREAK)
