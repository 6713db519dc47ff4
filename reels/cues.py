"""Words become cues, and cues become lines that fit: where Korean grammar, the pauses of the speech and the
width of the font agree best.

Breaks are found together, not one after the other: dynamic programming over all places where a cue or a line
may end, with costs from `reels.korean.breaks`, from pauses, from balance and from the time on screen. No
character is ever lost, and an 어절 is broken only where it alone is wider than a line. Pure: reads and draws
nothing. `transcript` and `subtitles` (a person's draft) stand before; the burn-in and the sidecars after.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from reels.fonts import Font
from reels.korean.breaks import break_cost, ends_sentence
from reels.korean.eojeol import split_eojeol, whole_signs
from reels.korean.widths import width_halves
from reels.subtitles import Cue, cue_frames, subtitle_lines
from reels.timing import FrameRange
from reels.transcript import Segment, Transcript

__all__ = ["CueRules", "break_lines", "cues_for_burn_in", "segment_words"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CueRules:
    """What a cue may be. Units as in `reels.korean.widths`, durations and gaps in seconds.

    Where `font` is given, a line must also stay within `max_width_px` at an em of `font_size_px`.
    Source: Netflix Korean Timed Text Style Guide and Timed Text timing guidelines (retrieved Sep 2026).
    """

    max_units: int = 16
    max_lines: int = 2
    font: Font | None = None
    font_size_px: int | Fraction = 0
    max_width_px: int | Fraction = 0
    min_duration: Fraction = Fraction(5, 6)
    max_duration: Fraction = Fraction(7)
    max_units_per_second: int = 12
    gap: Fraction = Fraction(1, 12)
    """Between two cues of a draft: two frames at 24 a second, which is more of them at any rate of ours."""
    gap_frames: int = 2
    """Between two cues of the burn-in."""
    linger: Fraction = Fraction(1, 2)
    """How long a cue stays after its speech, where nothing follows."""
    long_pause: Fraction = Fraction(7, 10)
    """A silence that no cue spans."""

    def __post_init__(self) -> None:
        if self.max_units < 1 or self.max_lines < 1 or self.max_units_per_second < 1:
            raise ValueError("a cue needs room for at least one unit on one line")
        if not 0 < self.min_duration <= self.max_duration or self.gap < 0 or self.gap_frames < 0:
            raise ValueError(
                "the shortest cue cannot be longer than the longest, and gaps cannot be negative"
            )
        if self.font is not None and (self.font_size_px <= 0 or self.max_width_px <= 0):
            raise ValueError("a font measures lines only at a size and for a width in pixels")


def segment_words(transcript: Transcript, rules: CueRules) -> tuple[Cue, ...]:
    """The cues of everything said, in source time on whole milliseconds, in order, never overlapping."""
    tokens = [token for segment in transcript.segments for token in _tokens_of_segment(segment, rules)]
    pages = [page for run in _runs(tokens, _ms(rules.long_pause)) for page in _pages(run, rules, timed=True)]
    return tuple(_timed_cues(pages, rules, _ms(transcript.duration)))


def break_lines(text: str, rules: CueRules) -> tuple[str, ...]:
    """The lines of a cue's text; a person's own line breaks are kept where they fit.

    More lines than `rules.max_lines` come back where the text needs them; empty for a text without signs.
    """
    return tuple(line for page in _pages_of_text(subtitle_lines(text), rules) for line in page)


def cues_for_burn_in(
    cues: Sequence[Cue], rules: CueRules, rate: Fraction, *, frame_count: int | None = None
) -> tuple[Cue, ...]:
    """`cues` (programme time, any state) as they are burned in: on whole frames of `rate`, lines that fit.

    In order and without overlap: the earlier of two overlapping cues gives way, and two that begin together
    become one. A text that needs more lines than allowed is shown as several cues one after the other, the
    time shared by their widths. Gaps of `rules.gap_frames` and the shortest duration are kept where there is
    room. With `frame_count` nothing outlasts the programme, and a cue beyond its end is left out.
    """
    shown = _without_overlap(cues, rules, rate)
    if frame_count is not None:
        programme = FrameRange(0, frame_count)
        shown = [(kept, lines) for frames, lines in shown if (kept := frames.intersection(programme))]
    parts = [part for frames, lines in shown for part in _parted(frames, lines, rules)]
    return tuple(_spaced(parts, rules, rate, frame_count))


# --- tokens: what may be moved as one --------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class _Token:
    """An 어절, or one sign of an 어절 that is wider than a line (then `glued` to the sign before it).

    Times are whole milliseconds of source time, 0 where there is no time.
    """

    text: str
    eojeol: str
    glued: bool = False
    forced: bool = False
    """A person's break stands before it that must stay: the turn of a dialogue."""
    opens_segment: bool = False
    start_ms: int = 0
    end_ms: int = 0


def _ms(seconds: Fraction) -> int:
    return math.floor(seconds * 1000 + Fraction(1, 2))


def _tokens_of_segment(segment: Segment, rules: CueRules) -> Iterator[_Token]:
    eojeol = split_eojeol(" ".join(subtitle_lines(segment.text)))
    edges = _edges_of_signs(segment, sum(map(len, eojeol)))
    at = 0
    for number, text in enumerate(eojeol):
        for piece_number, piece in enumerate(_pieces(text, rules)):
            yield _Token(
                text=piece,
                eojeol=text,
                glued=piece_number > 0,
                opens_segment=number == 0 and piece_number == 0,
                start_ms=edges[at][0],
                end_ms=edges[at + len(piece) - 1][1],
            )
            at += len(piece)


def _edges_of_signs(segment: Segment, count: int) -> list[tuple[int, int]]:
    """When each of the `count` signs of a segment's text (spaces aside) begins and ends, in milliseconds.

    The segment's text is what was said; its words only say when. Where their signs are not as many (a
    corrected text, a number spelled out), the times are spread over the text in order.
    """
    spoken = [(_ms(word.start), _ms(word.end), len("".join(word.text.split()))) for word in segment.words]
    edges = [
        (start + (end - start) * i // length, start + (end - start) * (i + 1) // length)
        for start, end, length in spoken or [(_ms(segment.start), _ms(segment.end), count)]
        for i in range(length)
    ]
    if len(edges) == count:
        return edges
    return [
        (edges[i * len(edges) // count][0], edges[((i + 1) * len(edges) - 1) // count][1])
        for i in range(count)
    ]


def _tokens_of_lines(lines: Sequence[str], rules: CueRules) -> Iterator[_Token]:
    for line_number, line in enumerate(lines):
        for number, text in enumerate(split_eojeol(line)):
            turn = line_number > 0 and number == 0 and text.startswith(("-", "–"))
            for piece_number, piece in enumerate(_pieces(text, rules)):
                first = piece_number == 0
                yield _Token(text=piece, eojeol=text, glued=not first, forced=turn and first)


def _pieces(eojeol: str, rules: CueRules) -> tuple[str, ...]:
    return (eojeol,) if _fits(eojeol, rules) else whole_signs(eojeol)


def _fits(line: str, rules: CueRules) -> bool:
    if width_halves(line) > 2 * rules.max_units:
        return False
    return rules.font is None or rules.font.text_width_px(line, rules.font_size_px) <= rules.max_width_px


def _runs(tokens: Sequence[_Token], long_pause_ms: int) -> Iterator[list[_Token]]:
    """Cut where the speech is silent for so long that no cue spans it."""
    run: list[_Token] = []
    for token in tokens:
        if run and token.start_ms - run[-1].end_ms >= long_pause_ms:
            yield run
            run = []
        run.append(token)
    if run:
        yield run


# --- the optimum -----------------------------------------------------------------------------------------

_COST_OF_A_CUE = 40
# A whole sentence inside a cue is as bad as half a second less on screen than the eye needs.
_COST_OF_A_SENTENCE_INSIDE = 260
_COST_INSIDE_EOJEOL = 260
_COST_AT_SEAM_OF_EOJEOL = 150
_TOLERABLE_BREAK = 50
_SEAMS = frozenset("-/·.,_~&?=:)]")
_SHORT_CUE_HALVES = 8
_COST_PER_MISSING_HALF = 6
_NOTICED_PAUSE_MS = 200
_IMPOSSIBLE = 10**12


@dataclass(frozen=True, slots=True, kw_only=True)
class _Page:
    """What one cue shows, and when it is spoken, in milliseconds of source time."""

    lines: tuple[str, ...]
    start_ms: int
    end_ms: int


def _pages(tokens: Sequence[_Token], rules: CueRules, *, timed: bool) -> list[_Page]:
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
            cost = best[first] + measure.cost_of_cue(first, end, of_interest_below=cheapest - best[first])
            if cost < cheapest:
                cheapest, choice = cost, first
        best.append(cheapest)
        begins.append(choice)
    pages = []
    end = len(tokens)
    while end:
        first = begins[end]
        pages.append(
            _Page(
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

    def __init__(self, tokens: Sequence[_Token], rules: CueRules, *, timed: bool) -> None:
        self._tokens = tokens
        self._rules = rules
        self._timed = timed
        self._linger_ms, self._gap_ms = _ms(rules.linger), _ms(rules.gap)
        self._shortest_ms, self._longest_ms = _ms(rules.min_duration), _ms(rules.max_duration)
        self._limit_halves = 2 * rules.max_units
        self._spaces = [0 if token.glued else 1 for token in tokens]
        self._halves = _sums(
            width_halves(token.text) + space for token, space in zip(tokens, self._spaces, strict=True)
        )
        self._space_units, self._limit_units = 0, 0
        self._units = [0] * (len(tokens) + 1)
        if (font := rules.font) is not None:
            em = font.units_per_em
            self._limit_units = math.floor(rules.max_width_px * em / Fraction(rules.font_size_px))
            self._space_units = int(font.text_width_px(" ", em))
            self._units = _sums(
                int(font.text_width_px(token.text, em)) + space * self._space_units
                for token, space in zip(tokens, self._spaces, strict=True)
            )
        pairs = list(itertools.pairwise(tokens))
        pauses = [max(0, b.start_ms - a.end_ms) for a, b in pairs]
        # What it costs to break before token i; nothing at either end.
        self._break_costs = [0, *(_cost_between(a, b) for a, b in pairs), 0]
        self._cue_break_costs = [
            0,
            *(
                _cost_with_pause(cost, pause, after=b)
                for cost, pause, (_, b) in zip(self._break_costs[1:], pauses, pairs, strict=False)
            ),
            0,
        ]
        # What it costs not to break there.
        self._joins = _sums(
            [
                0,
                *(
                    _COST_OF_A_SENTENCE_INSIDE * (not b.glued and ends_sentence(a.eojeol))
                    + max(0, pause - _NOTICED_PAUSE_MS) // 2
                    for (a, b), pause in zip(pairs, pauses, strict=True)
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
            missing = _SHORT_CUE_HALVES - self._width(first, end)
            cost += max(0, missing) * _COST_PER_MISSING_HALF
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
        return tuple(self._text(a, b) for a, b in itertools.pairwise((first, *found[1], end)))

    def _text(self, first: int, end: int) -> str:
        return "".join(
            (" " if space and i else "") + token.text
            for i, (token, space) in enumerate(
                zip(self._tokens[first:end], self._spaces[first:end], strict=True)
            )
        )

    def _width(self, first: int, end: int) -> int:
        return self._halves[end] - self._halves[first] - self._spaces[first]

    def _fits(self, first: int, end: int) -> bool:
        if end - first == 1:
            return True
        if self._turns[end] > self._turns[first + 1] or self._width(first, end) > self._limit_halves:
            return False
        units = self._units[end] - self._units[first] - self._spaces[first] * self._space_units
        return units <= self._limit_units or self._rules.font is None

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
        over = self._width(first, end) - target
        return abs(over) + (max(0, -over) if last else 0)

    def _cost_of_time(self, first: int, end: int) -> int:
        tokens = self._tokens
        start, spoken_until = tokens[first].start_ms, tokens[end - 1].end_ms
        longest = spoken_until - start + self._linger_ms
        if end < len(tokens):
            longest = min(longest, tokens[end].start_ms - self._gap_ms - start)
        to_read = self._width(first, end) * 500 // self._rules.max_units_per_second
        return max(0, self._shortest_ms - longest) // 2 + max(0, to_read - longest) // 8


def _sums(values: Iterator[int] | Sequence[int]) -> list[int]:
    return list(itertools.accumulate(values, initial=0))


def _cost_between(left: _Token, right: _Token) -> int:
    if right.glued:
        seam = left.text[-1] in _SEAMS or left.text.isascii() != right.text.isascii()
        return _COST_AT_SEAM_OF_EOJEOL if seam else _COST_INSIDE_EOJEOL
    cost = break_cost(left.eojeol, right.eojeol)
    # A break that hurts is worth a cue more; several that do not are no worse than one.
    return cost + 2 * max(0, cost - _TOLERABLE_BREAK)


def _cost_with_pause(cost: int, pause_ms: int, *, after: _Token) -> int:
    """Where the speaker pauses, or the recogniser saw an end, a cue may end though grammar would go on."""
    eased = cost * max(0, 600 - pause_ms) // 600
    return eased // 2 if after.opens_segment else eased


# --- cues in source time ---------------------------------------------------------------------------------

_HALF_SECOND_MS = 500
_READABLE_MS = 333
"""Less than this is not worth a gap: the cue would only flicker."""


def _timed_cues(pages: Sequence[_Page], rules: CueRules, duration_ms: int) -> Iterator[Cue]:
    starts: list[int] = []
    for page in pages:
        starts.append(max(page.start_ms, starts[-1] + 1) if starts else page.start_ms)
    for i, (page, start) in enumerate(zip(pages, starts, strict=True)):
        following = starts[i + 1] if i + 1 < len(starts) else None
        end = _end_ms(start, max(page.end_ms, start), following, rules)
        if following is None:
            end = min(end, max(duration_ms, start + 1))
        yield Cue(start=Fraction(start, 1000), end=Fraction(end, 1000), lines=page.lines)


def _end_ms(start: int, spoken_until: int, following: int | None, rules: CueRules) -> int:
    linger, gap, shortest = _ms(rules.linger), _ms(rules.gap), _ms(rules.min_duration)
    if following is None:
        end = max(spoken_until + linger, start + shortest)
    else:
        silence = following - spoken_until
        staying = spoken_until + min(linger, max(0, silence - _HALF_SECOND_MS))
        # A short gap reads as a flicker, so it is closed down to the least.
        end = following - gap if silence <= linger + gap else staying
        end = min(max(end, start + shortest), following - gap)
        if end - start < _READABLE_MS:
            end = following
    return min(end, start + _ms(rules.max_duration))


# --- cues on the frames of a programme -------------------------------------------------------------------

_LEAST_SHOWN = Fraction(1, 2)
_LEAST_AFTER_TRIMMING = Fraction(1, 3)

_Shown = tuple[FrameRange, tuple[str, ...]]


def _without_overlap(cues: Sequence[Cue], rules: CueRules, rate: Fraction) -> list[_Shown]:
    shown: list[_Shown] = []
    for cue in sorted(cues, key=lambda c: (c.start, c.end)):
        frames = cue_frames(cue, rate)
        if shown and frames.start < shown[-1][0].end:
            before, lines = shown[-1]
            if frames.start - before.start >= _LEAST_SHOWN * rate:
                shown[-1] = FrameRange(before.start, frames.start), lines
            else:
                both = FrameRange(before.start, max(before.end, frames.end))
                shown[-1] = both, (*lines, *cue.lines)
                continue
        shown.append((frames, cue.lines))
    return shown


def _pages_of_text(lines: tuple[str, ...], rules: CueRules) -> list[tuple[str, ...]]:
    """The texts of the cues that `lines` need, one in most cases."""
    if not lines:
        return []
    if len(lines) <= rules.max_lines and all(_fits(line, rules) for line in lines):
        return [lines]
    return [page.lines for page in _pages(list(_tokens_of_lines(lines, rules)), rules, timed=False)]


def _parted(frames: FrameRange, lines: tuple[str, ...], rules: CueRules) -> Iterator[_Shown]:
    """`lines` as cues that fill `frames`, one after the other, each as long as its share of the width."""
    pages = _pages_of_text(lines, rules)
    if len(pages) > frames.count:
        # Not even a frame each: too many lines at once are the lesser evil, for nothing is lost.
        yield frames, tuple(line for page in pages for line in page)
        return
    widths = [max(1, sum(map(width_halves, page))) for page in pages]
    done = list(itertools.accumulate(widths, initial=0))
    spare = frames.count - len(pages)
    edges = [frames.start + i + spare * width // done[-1] for i, width in enumerate(done)]
    for page, (start, end) in zip(pages, itertools.pairwise(edges), strict=True):
        yield FrameRange(start, end), page


def _spaced(
    parts: Sequence[_Shown], rules: CueRules, rate: Fraction, frame_count: int | None
) -> Iterator[Cue]:
    shortest, least = math.ceil(rules.min_duration * rate), math.ceil(_LEAST_AFTER_TRIMMING * rate)
    for i, (frames, lines) in enumerate(parts):
        end = max(frames.end, frames.start + shortest)
        if i + 1 < len(parts):
            following = parts[i + 1][0].start
            before_gap = following - rules.gap_frames
            end = min(end, before_gap if before_gap - frames.start >= least else following)
        elif frame_count is not None:
            end = min(end, frame_count)
        yield Cue(start=frames.start / rate, end=end / rate, lines=lines)
