"""The rules about when a cue stands: speed, length, gaps, overlaps, the footage's end, and the speech itself."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

from reels.cues.languages import width_halves
from reels.cutting.spoken import gaps
from reels.lint.finding import Finding
from reels.lint.subject import Subject
from reels.said import Said
from reels.subtitles import Cue, WrittenCue
from reels.timing import TimeRange, format_clock

__all__ = ["findings_about_speech", "findings_about_times"]

_FAR_TOO_FAST = Fraction(17, 12)
"""Of the guide's reading speed: from here on hardly anybody reads to the end."""
_ROUNDING = Fraction(1, 500)
"""Times in files are whole milliseconds; what was meant may be a third of a second."""
_FLICKER = Fraction(1, 2)
_PAST_THE_END = Fraction(1)
_NEAR_SPEECH = Fraction(1)
_UNCOVERED = Fraction(1)
_SAME_SPEECH = Fraction(7, 10)


def findings_about_times(subject: Subject) -> Iterator[Finding]:
    rules = subject.rules
    gap = Fraction(math.floor(rules.gap * 1000), 1000)
    after_cuts = _slowest_after_cuts(subject) if subject.played is not None else None
    lengths = _lengths_after_cuts(subject) if subject.played is not None else None
    for written, cue in subject.judged:
        length = written.end - written.start
        shown = cue if after_cuts is None else after_cuts.get(written.number)
        if shown is not None:
            yield from _speed(subject, written, shown)
            lasts = length if after_cuts is None else shown.duration
            if lasts < rules.min_duration - _ROUNDING:
                yield subject.finding(
                    "cue.too-short", "warning", written, _seconds(lasts), _at_least(rules.min_duration)
                )
        plays = length if lengths is None else lengths.get(written.number, Fraction(0))
        if plays > rules.max_duration + _ROUNDING:
            yield subject.finding(
                "cue.too-long", "warning", written, _seconds(plays), _at_most(rules.max_duration)
            )
        if subject.duration is not None and written.end > subject.duration + _PAST_THE_END:
            end, last = format_clock(written.end), format_clock(subject.duration)
            yield subject.finding(
                "cue.beyond-end",
                "warning",
                written,
                Said(f"a cue until {end}", ko=f"{end}까지인 자막"),
                Said(f"an end before {last}, where the footage ends", ko=f"영상이 끝나는 {last} 이전"),
            )
    close = []
    for (one, cue), (other, _) in itertools.pairwise(subject.judged):
        between = other.start - cue.end
        if between < 0:
            yield subject.finding(
                "cue.overlap",
                "warning",
                other,
                Said(
                    f"{_plain(-between)} s together with cue {one.number}",
                    ko=f"자막 {one.number}번과 {_plain(-between)}초 겹침",
                ),
                Said("one after the other", ko="하나가 끝난 뒤 다음 자막"),
            )
        elif between < gap:
            close.append(other)
    yield from subject.note(
        "cue.gap",
        close,
        Said("less than 2 frames after the cue before", ko="앞 자막과의 틈이 2프레임보다 짧음"),
        Said("2 frames; the render makes them", ko="2프레임. 영상을 만들 때 맞춰집니다"),
    )
    yield from _order(subject)
    yield from _points(subject)


def _speed(subject: Subject, written: WrittenCue, shown: Cue) -> Iterator[Finding]:
    """`shown` is the cue as the reel shows it: it may have lost time and words to the cuts."""
    rules = subject.rules
    units = _units(subject, shown)
    speed = units / shown.duration
    if speed <= rules.max_units_per_second:
        return
    far = speed > rules.max_units_per_second * _FAR_TOO_FAST
    most = rules.max_units_per_second
    needed = _plain(Fraction(math.ceil(units / most * 10), 10))
    cut, cut_ko = (" after the cuts", "컷 뒤에 ") if subject.played is not None else ("", "")
    yield subject.finding(
        "cue.reading-speed",
        "error" if far else "warning",
        written,
        Said(f"{float(speed):.1f} units a second{cut}", ko=f"{cut_ko}초당 {float(speed):.1f}자"),
        Said(
            f"at most {most}; show it for {needed} s or write less",
            ko=f"{most}자 이하. {needed}초 동안 보이게 하거나 글을 줄이세요",
        ),
    )


def _units(subject: Subject, cue: WrittenCue | Cue) -> Fraction:
    return Fraction(width_halves(" ".join(subject.lines_of(cue)), subject.language), 2)


def _slowest_after_cuts(subject: Subject) -> dict[int, Cue]:
    """Each cue that this reel shows, by its number, where it is hardest to read, as long as the render shows it."""
    rules, found = subject.rules, dict[int, Cue]()
    numbers = [written.number for written, _ in subject.in_time]
    shown = subject.played or ()
    for at, (number, cue) in enumerate(shown):
        end = max(cue.end, cue.start + rules.min_duration)
        if at + 1 < len(shown):
            following = shown[at + 1][1].start
            # A gap that would flicker is closed, and a cue that is short lasts until the next.
            if following - end < _FLICKER:
                end = max(cue.end, following - rules.gap)
        lasting = replace(cue, end=max(end, cue.end))
        before = found.get(numbers[number])
        if before is None or _pace(subject, lasting) > _pace(subject, before):
            found[numbers[number]] = lasting
    return found


def _lengths_after_cuts(subject: Subject) -> dict[int, Fraction]:
    """How long this reel plays each cue at most, by its number."""
    numbers = [written.number for written, _ in subject.in_time]
    found: dict[int, Fraction] = {}
    for number, cue in subject.played or ():
        found[numbers[number]] = max(found.get(numbers[number], Fraction(0)), cue.duration)
    return found


def _pace(subject: Subject, cue: Cue) -> Fraction:
    return _units(subject, cue) / cue.duration


def _order(subject: Subject) -> Iterator[Finding]:
    moved = [b for a, b in itertools.pairwise(subject.with_text) if b.start < a.start]
    yield from subject.note(
        "draft.order",
        moved,
        Said("a cue that begins before the one above it", ko="위의 자막보다 먼저 시작하는 자막"),
        Said("cues by their times; they are sorted when read", ko="시각 순서. 읽을 때 정렬됩니다"),
    )


def _points(subject: Subject) -> Iterator[Finding]:
    crossed = [
        written
        for written, cue in subject.judged
        if any(cue.start + _ROUNDING < point < cue.end - _ROUNDING for point in subject.points)
    ]
    yield from subject.note(
        "cue.across-point",
        crossed,
        Said("a cue across an in or out point", ko="시작점이나 끝점에 걸친 자막"),
        Said(
            "points between two cues; it is cut there",
            ko="자막과 자막 사이의 점. 걸친 자막은 그 자리에서 잘립니다",
        ),
    )


# --- the speech itself -----------------------------------------------------------------------------------


def findings_about_speech(subject: Subject) -> Iterator[Finding]:
    """What a person's file says where nobody spoke, and what was spoken and stands nowhere.

    Nothing where the recogniser did not listen, and nothing about its own drafts: they are made of that speech.
    """
    if subject.transcript is None or not subject.is_edited:
        return
    spoken = _joined(
        [TimeRange(word.start, word.end) for word in subject.transcript.words]
        + list(subject.transcript.speech)
    )
    shown = _joined([TimeRange(cue.start, cue.end) for _, cue in subject.in_time])
    for written, cue in subject.judged:
        near = TimeRange(max(Fraction(0), cue.start - _NEAR_SPEECH), cue.end + _NEAR_SPEECH)
        if not any(near.intersection(place) for place in spoken):
            yield subject.finding(
                "cue.silence",
                "warning",
                written,
                Said("no voice within a second", ko="앞뒤 1초 안에 말소리 없음"),
                Said("speech where a cue stands", ko="자막이 있는 곳의 말소리"),
            )
    for place in _joined([TimeRange(w.start, w.end) for w in subject.transcript.words]):
        for bare in _shown_of(gaps(place, shown), subject.shown):
            if bare.duration >= _UNCOVERED:
                words = " ".join(
                    w.text for w in subject.transcript.words if bare.start <= (w.start + w.end) / 2 < bare.end
                )
                if words:
                    text = words if len(words) <= 40 else words[:39] + "…"
                    yield subject.at(
                        "cue.missing",
                        bare,
                        Said(
                            f"{_plain(bare.duration)} s of speech without a cue: {text}",
                            ko=f"자막 없이 {_plain(bare.duration)}초 동안 들린 말: {text}",
                        ),
                        Said("a cue for what is said", ko="들리는 말의 자막"),
                    )


def _joined(ranges: Sequence[TimeRange]) -> list[TimeRange]:
    """Ranges with less than a breath between them as one."""
    joined: list[TimeRange] = []
    for place in sorted(ranges):
        if joined and place.start - joined[-1].end < _SAME_SPEECH:
            joined[-1] = TimeRange(joined[-1].start, max(joined[-1].end, place.end))
        else:
            joined.append(place)
    return joined


def _shown_of(places: Iterator[TimeRange], shown: Sequence[TimeRange]) -> Iterator[TimeRange]:
    """What the reel shows of `places`."""
    if not shown:
        yield from places
        return
    for place in places:
        yield from (piece for part in shown if (piece := place.intersection(part)) is not None)


# --- words -----------------------------------------------------------------------------------------------


def _plain(seconds: Fraction) -> str:
    return f"{float(seconds):.3f}".rstrip("0").rstrip(".")


def _seconds(length: Fraction) -> Said:
    return Said(f"{_plain(length)} s", ko=f"{_plain(length)}초")


def _at_least(length: Fraction) -> Said:
    return Said(f"at least {_plain(length)} s", ko=f"{_plain(length)}초 이상")


def _at_most(length: Fraction) -> Said:
    return Said(f"at most {_plain(length)} s", ko=f"{_plain(length)}초 이하")
