"""The cheapest sequence of cues for a row of tokens, and the cheapest lines of each.

Dynamic programming in whole numbers over every place where a cue may end; a cue's cost is its break, what it
breaks inside, its lines' balance, and its time on screen where there is time. Deterministic: of equal costs the
longer cue wins. Knows no language: tokens bring their costs along.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from reels.cues.languages import width_halves
from reels.cues.rules import CueRules
from reels.cues.tokens import Token

__all__ = ["Page", "milliseconds", "pages_of"]

_COST_OF_A_CUE = 40
# A whole sentence inside a cue is as bad as half a second less on screen than the eye needs.
_COST_OF_A_SENTENCE_INSIDE = 260
# A cue that breaks the rule of the shortest duration: rather two sentences in one, or a break that hurts.
_COST_OF_A_FLASH = 300
# Widths cost the same share of a line in every language.
_KOREAN_LINE = 16
_FULL_CUE_HALVES = 20
_SHORT_CUE_HALVES = 8
_COST_PER_MISSING_HALF = 6
_NOTICED_PAUSE_MS = 200
_IMPOSSIBLE = 10**12


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What one cue shows, and when it is spoken, in milliseconds of source time."""

    lines: tuple[str, ...]
    start_ms: int
    end_ms: int


def milliseconds(seconds: Fraction) -> int:
    return math.floor(seconds * 1000 + Fraction(1, 2))


def pages_of(tokens: Sequence[Token], rules: CueRules, *, timed: bool) -> list[Page]:
    """`tokens` as the cheapest sequence of cues, each with its cheapest lines."""
    if not tokens:
        return []
    measure = _Measure(tokens, rules, timed=timed)
    best, begins, earliest = [0], [0], 0
    for end in range(1, len(tokens) + 1):
        while end - earliest > 1 and measure.is_too_much(earliest, end):
            earliest += 1
        cheapest, choice = _IMPOSSIBLE, end - 1
        # The longest first: most often the cheapest, so that the others need no second look.
        for first in range(earliest, end):
            before = best[first]
            if before >= cheapest:
                continue
            cost = before + measure.cost_of_cue(first, end, of_interest_below=cheapest - before)
            if cost < cheapest:
                cheapest, choice = cost, first
        best.append(cheapest)
        begins.append(choice)
    pages = []
    end = len(tokens)
    while end:
        first = begins[end]
        pages.append(
            Page(
                lines=measure.lines(first, end),
                start_ms=tokens[first].start_ms,
                end_ms=tokens[end - 1].end_ms,
            )
        )
        end = first
    return pages[::-1]


class _Measure:
    """Sums over `tokens` from which any cue's cost follows without looking at its text again.

    Positions count tokens; a cue or line is `[first, end)`. Widths are in half units and in font units.
    """

    def __init__(self, tokens: Sequence[Token], rules: CueRules, *, timed: bool) -> None:
        self._tokens = tokens
        self._rules = rules
        self._timed = timed
        self._linger_ms, self._gap_ms = milliseconds(rules.linger), milliseconds(rules.gap)
        self._shortest_ms = milliseconds(rules.min_duration)
        self._longest_ms = milliseconds(rules.max_duration)
        self._limit_halves = 2 * rules.max_units
        self._line = rules.guide_units
        self._spaces = [0 if token.glued else 1 for token in tokens]
        space = width_halves(" ", rules.language)
        self._space_halves = [space * spaced for spaced in self._spaces]
        widths = [width_halves(token.text, rules.language) for token in tokens]
        # Less at a line's end, where a comma is not shown.
        self._less_halves = [
            0 if token.at_end == token.text else width - width_halves(token.at_end, rules.language)
            for token, width in zip(tokens, widths, strict=True)
        ]
        self._halves = _sums(a + b for a, b in zip(widths, self._space_halves, strict=True))
        self._limit_units = 0
        self._space_units = [0] * len(tokens)
        self._less_units = [0] * len(tokens)
        self._units = [0] * (len(tokens) + 1)
        if (font := rules.font) is not None:
            em = font.units_per_em
            self._limit_units = math.floor(rules.max_width_px * em / Fraction(rules.font_size_px))
            one = int(font.text_width_px(" ", em))
            self._space_units = [one * spaced for spaced in self._spaces]
            drawn = [int(font.text_width_px(token.text, em)) for token in tokens]
            self._less_units = [
                0 if token.at_end == token.text else width - int(font.text_width_px(token.at_end, em))
                for token, width in zip(tokens, drawn, strict=True)
            ]
            self._units = _sums(a + b for a, b in zip(drawn, self._space_units, strict=True))
        pauses = [max(0, b.start_ms - a.end_ms) for a, b in itertools.pairwise(tokens)]
        # What it costs to break before token i; nothing at either end.
        self._break_costs = [0, *(token.cost for token in tokens[1:]), 0]
        self._cue_break_costs = [
            0,
            *(_cost_with_pause(b.cost, pause, b) for b, pause in zip(tokens[1:], pauses, strict=True)),
            0,
        ]
        # What it costs not to break there.
        self._joins = _sums(
            [
                0,
                *(
                    _COST_OF_A_SENTENCE_INSIDE * b.after_sentence + max(0, pause - _NOTICED_PAUSE_MS) // 2
                    for b, pause in zip(tokens[1:], pauses, strict=True)
                ),
            ]
        )
        self._turns = _sums(int(token.forced) for token in tokens)

    def cost_of_cue(self, first: int, end: int, *, of_interest_below: int) -> int:
        """At least `_IMPOSSIBLE` where no lines hold the cue.

        From `of_interest_below` on the cost may be told too low, for finding lines is what takes time.
        """
        cost = _COST_OF_A_CUE + 2 * self._cue_break_costs[end] + self._joins[end] - self._joins[first + 1]
        if end - first < len(self._tokens):
            width = self._width(first, end) * _KOREAN_LINE // self._line
            if width < _FULL_CUE_HALVES:
                cost += (_FULL_CUE_HALVES - width) // 2 + max(
                    0, _SHORT_CUE_HALVES - width
                ) * _COST_PER_MISSING_HALF
        if self._timed:
            cost += self._cost_of_time(first, end)
        if cost >= of_interest_below:
            return cost
        lines = self._best_lines(first, end)
        return _IMPOSSIBLE if lines is None else cost + lines[0]

    def is_too_much(self, first: int, end: int) -> bool:
        """Whether a cue is too wide or too long at first sight, and so is every longer one."""
        if self._width(first, end) > self._limit_halves * self._rules.max_lines:
            return True
        spoken_ms = self._tokens[end - 1].end_ms - self._tokens[first].start_ms
        return self._timed and spoken_ms > self._longest_ms

    def lines(self, first: int, end: int) -> tuple[str, ...]:
        found = self._best_lines(first, end)
        assert found is not None, "only possible cues are chosen"
        texts = (self._text(a, b) for a, b in itertools.pairwise((first, *found[1], end)))
        # Where a comma is all there is, it is shown after all.
        return tuple(text for text in texts if text) or ("".join(t.text for t in self._tokens[first:end]),)

    def _text(self, first: int, end: int) -> str:
        tokens = self._tokens[first:end]
        last = tokens[-1]
        shown = [*(token.text for token in tokens[:-1]), last.at_end]
        spaces = ["", *(" " if space else "" for space in self._spaces[first + 1 : end])]
        return "".join(map("".join, zip(spaces, shown, strict=True))).strip()

    def _width(self, first: int, end: int) -> int:
        return (
            self._halves[end] - self._halves[first] - self._space_halves[first] - self._less_halves[end - 1]
        )

    def _fits(self, first: int, end: int) -> bool:
        if end - first == 1:
            return True
        if self._width(first, end) > self._limit_halves or self._turns[end] > self._turns[first + 1]:
            return False
        if self._rules.font is None:
            return True
        drawn = self._units[end] - self._units[first] - self._space_units[first] - self._less_units[end - 1]
        return drawn <= self._limit_units

    def _best_lines(self, first: int, end: int) -> tuple[int, tuple[int, ...]] | None:
        """The cost and the inner breaks of the fewest lines that hold `[first, end)`; None where none do."""
        if self._fits(first, end):
            return 0, ()
        for count in range(2, self._rules.max_lines + 1):
            target = self._width(first, end) // count
            if found := self._broken(first, end, count, target, last=True):
                return found
        return None

    def _broken(
        self, first: int, end: int, count: int, target: int, *, last: bool
    ) -> tuple[int, tuple[int, ...]] | None:
        """The cheapest `count` lines; each line costs its distance from `target`, a short last one more."""
        if count == 1:
            return (self._distance(first, end, target, last=last), ()) if self._fits(first, end) else None
        best: tuple[int, tuple[int, ...]] | None = None
        for at in range(end - 1, first, -1):
            if not self._fits(at, end):
                break
            cost = self._break_costs[at] + self._distance(at, end, target, last=last)
            if best is not None and cost >= best[0]:
                continue
            above = self._broken(first, at, count - 1, target, last=False)
            if above is not None and (best is None or cost + above[0] < best[0]):
                best = cost + above[0], (*above[1], at)
        return best

    def _distance(self, first: int, end: int, target: int, *, last: bool) -> int:
        over = (self._width(first, end) - target) * _KOREAN_LINE // self._line
        return abs(over) + (max(0, -over) if last else 0)

    def _cost_of_time(self, first: int, end: int) -> int:
        tokens = self._tokens
        start = tokens[first].start_ms
        longest = tokens[end - 1].end_ms - start + self._linger_ms
        if end < len(tokens):
            longest = min(longest, tokens[end].start_ms - self._gap_ms - start)
        cost = 0
        if longest < self._shortest_ms:
            cost = _COST_OF_A_FLASH + (self._shortest_ms - longest) // 2
        to_read = self._width(first, end) * 500 // self._rules.max_units_per_second
        return cost + (to_read - longest) // 8 if to_read > longest else cost


def _sums(values: Iterable[int]) -> list[int]:
    return list(itertools.accumulate(values, initial=0))


def _cost_with_pause(cost: int, pause_ms: int, after: Token) -> int:
    """Where the speaker pauses, or the recogniser saw an end, a cue may end though grammar would go on."""
    eased = cost * max(0, 600 - pause_ms) // 600
    return eased // 2 if after.opens_segment else eased
