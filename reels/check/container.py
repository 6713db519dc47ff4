"""Rules about the file as a whole: its boxes, tracks, tags, length and size."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from reels.check.findings import Finding
from reels.check.wording import NO_LIMIT, any_of, ms, seconds, span, within
from reels.observe import Observation
from reels.platforms import Platform

__all__ = ["judge_container", "judge_whole"]

_SHOWN_BOXES = 12
_SHOWN_TAGS = 6
_EXTRA_TRACKS = "timecode, data and picture tracks carry private details, and upload pages stumble over them"
_DECODE = "a file that cannot be decoded to its end was not copied or written to its end"
_PRIVATE = "a film of the city tells where, with what and by whom it was made only where somebody wants that"
_LIPS = "EBU R 37: sound at most 40 ms before the picture and 60 ms after it"
_EARLY, _LATE = Fraction(40, 1000), Fraction(60, 1000)
_SECOND = "MediaInfo, a reader that shares no code with ours"


def judge_container(seen: Observation, platform: Platform) -> Iterator[Finding]:
    yield Finding(
        rule="container.format",
        ok=seen.container in platform.containers,
        found=seen.container,
        expected=any_of(platform.containers),
        source=str(platform.source_of("containers")),
    )
    if seen.container not in {"mp4", "mov"}:
        return  # other containers have no boxes to be out of order
    if seen.movie is None:
        order, lists, first, plain = seen.movie_problem, seen.movie_problem, False, False
    else:
        edited = [track.handler for track in seen.movie.tracks if track.has_edit_list]
        order, first = (
            " ".join(list(dict.fromkeys(seen.movie.top_level))[:_SHOWN_BOXES]),
            seen.movie.moov_first,
        )
        lists, plain = f"edit lists on {', '.join(edited)}" if edited else "none", not edited
    yield Finding(
        rule="container.moov-first",
        ok=first or not platform.moov_first,
        found=order,
        expected="moov before mdat" if platform.moov_first else "any order",
        source=str(platform.source_of("moov_first")),
    )
    yield Finding(
        rule="container.no-edit-lists",
        ok=plain or platform.edit_lists_allowed,
        found=lists,
        expected="none" if not platform.edit_lists_allowed else "any",
        source=str(platform.source_of("edit_lists_allowed")),
    )


def judge_whole(seen: Observation, platform: Platform) -> Iterator[Finding]:
    yield Finding(
        rule="duration",
        ok=within(seen.duration, platform.duration_min, platform.duration_max),
        found=seconds(seen.duration),
        expected=span(platform.duration_min, platform.duration_max, "s"),
        source=str(platform.source_of("duration_max")),
    )
    limit = platform.max_bytes
    yield Finding(
        rule="size",
        ok=limit is None or seen.size_bytes <= limit,
        found=f"{seen.size_bytes:,} bytes",
        expected=NO_LIMIT if limit is None else f"at most {limit:,} bytes",
        source=str(platform.source_of("max_bytes")),
    )
    kinds = sorted(name.split()[0] for name in seen.streams)
    yield Finding(
        rule="streams",
        ok=kinds in (["audio", "video"], ["video"]),
        found=", ".join(seen.streams),
        expected="one video and one audio track, nothing else",
        source=_EXTRA_TRACKS,
    )
    yield Finding(
        rule="decodes",
        ok=not seen.problems,
        found=f"{len(seen.problems)} error(s), first: {seen.problems[0]}"
        if seen.problems
        else "to the end, no error",
        expected="to the end, no error",
        source=_DECODE,
    )
    yield from _together(seen)
    yield Finding(
        rule="metadata.private",
        ok=not seen.private,
        found=", ".join(seen.private[:_SHOWN_TAGS]) or "none",
        expected="no tags about people, places or devices",
        source=_PRIVATE,
    )
    yield _second_opinion(seen)


def _together(seen: Observation) -> Iterator[Finding]:
    if seen.audio is None:
        return
    late = seen.audio.start - seen.video.start
    yield Finding(
        rule="tracks.together",
        ok=-_EARLY <= late <= _LATE,
        found=f"sound {ms(abs(late))} {'after' if late >= 0 else 'before'} the picture"
        if late
        else "at once",
        expected=f"from {ms(_EARLY)} before to {ms(_LATE)} after it",
        source=_LIPS,
    )


def _second_opinion(seen: Observation) -> Finding:
    if seen.disagreements is None:
        found = "none to be had"
    else:
        found = "; ".join(f"{d.what}: {d.ours}, MediaInfo says {d.theirs}" for d in seen.disagreements)
    return Finding(
        rule="second-opinion",
        ok=seen.disagreements == (),
        found=found or "the same",
        expected="the same",
        source=_SECOND,
        severity="warning",
    )
