"""A transcript's words into cues, in source time: read where they end, timed by when they were said.

`recognise` stands before, the draft after. No cue spans a long silence or two speakers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

from reels.cues.optimum import Page, milliseconds, pages_of
from reels.cues.rules import CueRules
from reels.cues.tokens import Token, is_turn, tokens_of_words
from reels.korean.eojeol import split_eojeol
from reels.subtitles import Cue, subtitle_lines
from reels.transcript import Segment, Transcript

__all__ = ["segment_words"]

_SMALL_GAP_MS = 500
"""From here on a gap between two cues is a pause; anything shorter reads as a flicker."""
_READABLE_MS = 333
"""Less than this is not worth a gap: the cue would only flash up."""


def segment_words(transcript: Transcript, rules: CueRules) -> tuple[Cue, ...]:
    """The cues of everything said, in source time on whole milliseconds, in order, never overlapping."""
    tokens = _tokens(transcript, rules)
    pages = [
        page
        for run in _runs(tokens, milliseconds(rules.long_pause))
        for page in pages_of(run, rules, timed=True)
    ]
    return tuple(_timed_cues(pages, rules, milliseconds(transcript.duration)))


def _tokens(transcript: Transcript, rules: CueRules) -> list[Token]:
    """All tokens with their times. The whole speech is one text to the grammar, for sentences span segments."""
    by_segment = [
        (segment, split_eojeol(" ".join(subtitle_lines(segment.text)))) for segment in transcript.segments
    ]
    of_words = iter(tokens_of_words([word for _, words in by_segment for word in words], rules))
    tokens: list[Token] = []
    speaker = ""
    for segment, words in by_segment:
        if not words:
            continue
        edges = _edges_of_signs(segment, sum(map(len, words)))
        # An empty name is nobody's: it neither begins nor ends a turn.
        another = bool(segment.speaker and speaker) and segment.speaker != speaker
        changed = bool(tokens) and (another or is_turn(words[0]))
        speaker = segment.speaker or speaker
        at = 0
        for number in range(len(words)):
            for piece, token in enumerate(next(of_words)):
                opens = number == 0 and piece == 0
                tokens.append(
                    replace(
                        token,
                        opens_segment=opens,
                        new_speaker=opens and changed,
                        start_ms=edges[at][0],
                        end_ms=edges[at + len(token.text) - 1][1],
                    )
                )
                at += len(token.text)
    return tokens


def _edges_of_signs(segment: Segment, count: int) -> list[tuple[int, int]]:
    """When each of the `count` signs of a segment's text (spaces aside) begins and ends, in milliseconds.

    The segment's text is what was said; its words only say when. Where their signs are not as many (a
    corrected text, a number spelled out), the times are spread over the text in order.
    """
    spoken = [
        (milliseconds(word.start), milliseconds(word.end), len("".join(word.text.split())))
        for word in segment.words
    ]
    whole = [(milliseconds(segment.start), milliseconds(segment.end), count)]
    edges = [
        (start + (end - start) * i // length, start + (end - start) * (i + 1) // length)
        for start, end, length in spoken or whole
        for i in range(length)
    ]
    if len(edges) == count:
        return edges
    return [
        (edges[i * len(edges) // count][0], edges[((i + 1) * len(edges) - 1) // count][1])
        for i in range(count)
    ]


def _runs(tokens: Sequence[Token], long_pause_ms: int) -> Iterator[list[Token]]:
    """Cut where no cue goes on: a silence too long, another speaker."""
    run: list[Token] = []
    for token in tokens:
        if run and (token.new_speaker or token.start_ms - run[-1].end_ms >= long_pause_ms):
            yield run
            run = []
        run.append(token)
    if run:
        yield run


def _timed_cues(pages: Sequence[Page], rules: CueRules, duration_ms: int) -> Iterator[Cue]:
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
    linger, gap = milliseconds(rules.linger), milliseconds(rules.gap)
    longest, shortest = milliseconds(rules.max_duration), milliseconds(rules.min_duration)
    if following is None:
        return min(max(spoken_until + linger, start + shortest), start + longest)
    silence = following - spoken_until
    staying = spoken_until + min(linger, max(0, silence - _SMALL_GAP_MS))
    end = following - gap if silence <= linger + gap else staying
    end = min(max(end, start + shortest), following - gap)
    if following - end < _SMALL_GAP_MS:
        end = following - gap
    if end - start < _READABLE_MS:
        end = following
    return min(end, start + longest)
