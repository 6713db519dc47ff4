"""Any cue into lines that fit, on the frames of a programme: a person's cues and the recogniser's alike.

`subtitles` (the draft) and `edit` (programme time) stand before, the ASS file and the sidecars after. A text that
fits as its lines stand is left as it is and needs no grammar.
"""

from __future__ import annotations

import itertools
import math
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

from reels.cues.languages import base_language, width_halves
from reels.cues.optimum import milliseconds, pages_of
from reels.cues.rules import CueRules
from reels.cues.tokens import Token, tokens_of_lines
from reels.korean.punctuation import as_shown
from reels.subtitles import Cue, cue_frames, subtitle_lines
from reels.timing import FrameRange, frame_nearest

__all__ = ["Spoken", "break_lines", "cue_texts", "cues_for_burn_in"]

Spoken = Callable[[Cue], Sequence[Fraction]]
"""When each letter (`str.isalnum`) of a cue is spoken, in order and in its timeline; empty where nobody knows."""

_LEAST_SHOWN = Fraction(1, 2)
_LEAST_AFTER_TRIMMING = Fraction(1, 3)
_SMALL_GAP = Fraction(1, 2)
"""A gap shorter than this, and longer than the least, reads as a flicker."""

_Shown = tuple[FrameRange, tuple[str, ...]]


def break_lines(text: str, rules: CueRules, *, punctuation: bool = False) -> tuple[str, ...]:
    """The lines of a cue's text; a person's own line breaks are kept where they fit.

    More lines than `rules.max_lines` come back where the text needs them; empty for a text without signs.
    """
    return tuple(line for page in cue_texts(text, rules, punctuation=punctuation) for line in page)


def cue_texts(text: str, rules: CueRules, *, punctuation: bool = False) -> tuple[tuple[str, ...], ...]:
    """The lines of each cue that `text` needs, one cue in most cases; with `punctuation` as it is shown."""
    return tuple(_pages_of_text(subtitle_lines(text), rules, punctuation=punctuation))


def cues_for_burn_in(
    cues: Sequence[Cue],
    rules: CueRules,
    rate: Fraction,
    *,
    frame_count: int | None = None,
    cuts: Iterable[int] = (),
    punctuation: bool = True,
    spoken: Spoken | None = None,
) -> tuple[Cue, ...]:
    """`cues` (programme time, any state) as they are burned in: on whole frames of `rate`, lines that fit.

    In order and without overlap: the earlier of two overlapping cues gives way, and two that begin together
    become one. A text that needs more lines than allowed is shown as several cues one after the other, each
    from when its first letter is `spoken`; where nobody knows, they share the time by their widths. Gaps of
    `rules.gap_frames` and the shortest duration are kept where there is room; a gap under half a second is
    closed down to the least. With `frame_count` nothing outlasts the programme, and a cue beyond its end is
    left out.

    `cuts` are the programme frames that begin another span of the edit list: no cue goes across one. What is
    said on both sides is shown on both, without a gap; a sliver on one side is left to the other. With
    `punctuation`, Korean text is shown by its guide, see `reels.korean.punctuation`.
    """
    at_cuts = sorted(set(cuts))
    shown = _without_overlap(cues, rate)
    if frame_count is not None:
        programme = FrameRange(0, frame_count)
        shown = [(kept, lines) for frames, lines in shown if (kept := frames.intersection(programme))]
    whole = _joined_at_cuts(shown, at_cuts)
    parts = [
        part
        for frames, lines in whole
        for page in _parted(frames, lines, rules, at_cuts, rate, punctuation=punctuation, spoken=spoken)
        for part in _cut(page, at_cuts, rate)
    ]
    return tuple(_spaced(parts, rules, rate, frame_count, at_cuts))


# --- texts -----------------------------------------------------------------------------------------------


def _pages_of_text(lines: tuple[str, ...], rules: CueRules, *, punctuation: bool) -> list[tuple[str, ...]]:
    """The texts of the cues that `lines` need, one in most cases."""
    if not lines:
        return []
    punctuation = punctuation and base_language(rules.language) == "ko"
    if (as_they_stand := _as_they_stand(lines, rules, punctuation=punctuation)) is not None:
        return [as_they_stand]
    tokens = tokens_of_lines(lines, rules, punctuation=punctuation)
    return [page.lines for page in pages_of(tokens, rules, timed=False)]


def _as_they_stand(lines: tuple[str, ...], rules: CueRules, *, punctuation: bool) -> tuple[str, ...] | None:
    """`lines` as they are shown where a person's breaks hold, None where they have to be broken anew."""
    shown = as_shown(lines) if punctuation else lines
    return shown if len(lines) <= rules.max_lines and all(map(rules.fits, shown)) else None


# --- frames ----------------------------------------------------------------------------------------------


def _without_overlap(cues: Sequence[Cue], rate: Fraction) -> list[_Shown]:
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


def _joined_at_cuts(shown: Sequence[_Shown], cuts: Sequence[int]) -> list[_Shown]:
    """A cue whose two halves meet at a cut is one again, so that its text is shared out once."""
    joined: list[_Shown] = []
    for frames, lines in shown:
        if joined and frames.start in cuts:
            before, same = joined[-1]
            if same == lines and before.end == frames.start:
                joined[-1] = FrameRange(before.start, frames.end), lines
                continue
        joined.append((frames, lines))
    return joined


def _parted(
    frames: FrameRange,
    lines: tuple[str, ...],
    rules: CueRules,
    cuts: Sequence[int],
    rate: Fraction,
    *,
    punctuation: bool,
    spoken: Spoken | None,
) -> Iterator[_Shown]:
    """`lines` as cues that fill `frames`, one after the other, each from when its words are spoken."""
    punctuation = punctuation and base_language(rules.language) == "ko"
    if (as_they_stand := _as_they_stand(lines, rules, punctuation=punctuation)) is not None:
        yield frames, as_they_stand
        return
    cue = Cue(start=frames.start / rate, end=frames.end / rate, lines=lines)
    tokens = tokens_of_lines(lines, rules, punctuation=punctuation)
    pages = pages_of(_with_times(tokens, cue, rules, spoken), rules, timed=True)
    if len(pages) > frames.count:
        # Not even a frame each: too many lines at once are the lesser evil, for nothing is lost.
        yield frames, tuple(line for page in pages for line in page.lines)
        return
    # Words that a person's times leave outside of the cue are shown for a moment all the same.
    least = min(math.ceil(_LEAST_AFTER_TRIMMING * rate), frames.count // len(pages))
    edges = [frames.start]
    for left, page in zip(range(len(pages) - 1, 0, -1), pages[1:], strict=True):
        wanted = frame_nearest(Fraction(page.start_ms, 1000), rate)
        edges.append(min(max(wanted, edges[-1] + least), frames.end - left * least))
    edges.append(frames.end)
    for page, (start, end) in zip(pages, itertools.pairwise(_at_cuts(edges, cuts, rate)), strict=True):
        yield FrameRange(start, end), page.lines


def _with_times(tokens: Sequence[Token], cue: Cue, rules: CueRules, spoken: Spoken | None) -> list[Token]:
    """`tokens` of `cue`, each from when its first letter is spoken to when the next one's is."""
    letters = [sum(map(str.isalnum, token.text)) for token in tokens]
    times = spoken(cue) if spoken is not None else ()
    if len(times) == sum(letters):
        before = itertools.accumulate(letters[:-1], initial=0)
        starts = [milliseconds(min(max(times[at], cue.start), cue.end)) for at in _within(before, times)]
    else:
        widths = [width_halves(token.text, rules.language) + (not token.glued) for token in tokens]
        done = list(itertools.accumulate(widths, initial=0))
        starts = [milliseconds(cue.start + cue.duration * width / done[-1]) for width in done[:-1]]
    ends = [*starts[1:], milliseconds(cue.end)]
    return [
        replace(token, start_ms=start, end_ms=max(start, end))
        for token, start, end in zip(tokens, starts, ends, strict=True)
    ]


def _within(places: Iterable[int], times: Sequence[Fraction]) -> Iterator[int]:
    """A token without letters at the very end begins with the last letter."""
    return (min(place, len(times) - 1) for place in places)


def _at_cuts(edges: list[int], cuts: Sequence[int], rate: Fraction) -> list[int]:
    """Inner `edges` moved to a cut that is near, so that the text changes with the picture."""
    moved = list(edges)
    for i in range(1, len(edges) - 1):
        near = [
            cut
            for cut in cuts
            if abs(cut - edges[i]) < _LEAST_SHOWN * rate and moved[i - 1] < cut < edges[i + 1]
        ]
        if near:
            moved[i] = min(near, key=lambda cut: (abs(cut - edges[i]), cut))
    return moved


def _cut(page: _Shown, cuts: Sequence[int], rate: Fraction) -> Iterator[_Shown]:
    """`page` on each side of the cuts inside it, but for slivers; the longest part always stays."""
    frames, lines = page
    inside = [cut for cut in cuts if frames.start < cut < frames.end]
    parts = [FrameRange(a, b) for a, b in itertools.pairwise([frames.start, *inside, frames.end])]
    longest = max(part.count for part in parts)
    for part in parts:
        if part.count == longest or part.count >= _LEAST_AFTER_TRIMMING * rate:
            yield part, lines


def _spaced(
    parts: Sequence[_Shown], rules: CueRules, rate: Fraction, frame_count: int | None, cuts: Sequence[int]
) -> Iterator[Cue]:
    shortest, longest = math.ceil(rules.min_duration * rate), math.floor(rules.max_duration * rate)
    least, gap_frames = math.ceil(_LEAST_AFTER_TRIMMING * rate), _gap_frames(rules, rate)
    for i, (frames, lines) in enumerate(parts):
        end = max(frames.end, frames.start + shortest)
        if i + 1 < len(parts):
            following, next_lines = parts[i + 1][0].start, parts[i + 1][1]
            before_gap = following - gap_frames
            if lines == next_lines and following == frames.end and following in cuts:
                # The same words go on after the cut: nothing may flicker.
                end = following
            else:
                gap = following - end
                if gap_frames < gap < _SMALL_GAP * rate and before_gap - frames.start <= longest:
                    end = before_gap
                end = min(end, before_gap if before_gap - frames.start >= least else following)
        elif frame_count is not None:
            end = min(end, frame_count)
        next_cut = bisect_right(cuts, frames.start)
        if next_cut < len(cuts):
            end = min(end, cuts[next_cut])
        yield Cue(start=frames.start / rate, end=end / rate, lines=lines)


def _gap_frames(rules: CueRules, rate: Fraction) -> int:
    """A gap is frames of a rate up to 30; at 50 or 60 as many would be a flicker of half the time."""
    return math.ceil(rules.gap_frames * max(Fraction(1), rate / 30))
