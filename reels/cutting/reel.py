"""All the cuts of one reel: what the options want, put on frames, and more of it where the reel is too long.

`plan` asks this and knows nothing of silences and fillers. It runs nothing and reads nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from reels.cutting.fillers import fillers
from reels.cutting.fitting import offered
from reels.cutting.joins import NotCut, joined
from reels.cutting.options import CutOptions
from reels.cutting.silence import silences
from reels.cutting.spoken import SpokenClip
from reels.cutting.text import deleted, is_marked
from reels.cutting.wanted import Wanted
from reels.edit import EditList, cut_clips
from reels.said import Said
from reels.timing import TimeRange

__all__ = ["Cutting", "cut_reel"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cutting:
    """A reel that was cut: what plays, what could not go, and what else a person should know, a clip each.

    `edit` has no spans where nothing is left.
    """

    edit: EditList
    not_cut: tuple[NotCut, ...] = ()
    notes: tuple[tuple[int, str], ...] = ()


def cut_reel(
    clips: Sequence[SpokenClip], rate: Fraction, options: CutOptions, *, longest: Fraction | None = None
) -> Cutting:
    """`clips` one after the other at `rate` without what `options` take out.

    `longest` is how many seconds the platforms take; it counts where the options say `to_fit`. A reel that stays
    longer all the same is for others to refuse.

    Raises: ToolMissing.
    """
    whole = cut_clips([clip.range_in_source for clip in clips], rate)
    notes = [note for number, clip in enumerate(clips) for note in _notes(number, clip, options)]
    sounding = [clip.sounding for clip in clips]
    wanted = [one for number, clip in enumerate(clips) for one in _wanted(number, clip, options)]
    edit, refused = joined(whole, wanted, sounding, shortest=options.shortest)
    if options.to_fit and longest is not None and edit.duration > longest:
        edit, refused = _fitted(clips, whole, wanted, sounding, options, longest, edit.duration)
    return Cutting(edit=edit, not_cut=refused, notes=tuple(notes))


def _wanted(number: int, clip: SpokenClip, options: CutOptions) -> list[Wanted]:
    wanted: list[Wanted] = []
    if options.text:
        wanted += deleted(number, clip)
    if clip.is_heard and options.fillers is not None:
        wanted += fillers(number, clip, options.fillers)
    if clip.is_heard and options.silence is not None:
        wanted += silences(number, clip, options.silence)
    return wanted


def _fitted(
    clips: Sequence[SpokenClip],
    whole: EditList,
    wanted: Sequence[Wanted],
    sounding: Sequence[Sequence[TimeRange]],
    options: CutOptions,
    longest: Fraction,
    lasts: Fraction,
) -> tuple[EditList, tuple[NotCut, ...]]:
    """`wanted`, without which the reel `lasts` too long, and as much more as makes it fit, or all that may go."""
    heard = [clip if clip.is_heard else _unheard(clip) for clip in clips]
    taken = list(wanted)
    promised = Fraction(0)
    known = set(wanted)
    for group in offered(heard, options.fillers):
        if group[0] in known:
            continue
        taken += group
        promised += sum((one.range_in_source.duration for one in group), Fraction(0))
        # Each piece gives at most what it promises, so nothing has to be tried before the sum may do.
        if promised < lasts - longest:
            continue
        edit, refused = joined(whole, taken, sounding, shortest=options.shortest)
        lasts, promised = edit.duration, Fraction(0)
        if lasts <= longest:
            return edit, refused
    return joined(whole, taken, sounding, shortest=options.shortest)


def _unheard(clip: SpokenClip) -> SpokenClip:
    return SpokenClip(range_in_source=clip.range_in_source, language=clip.language)


def _notes(number: int, clip: SpokenClip, options: CutOptions) -> list[tuple[int, str]]:
    notes: list[tuple[int, str]] = []
    listens = options.silence is not None or options.fillers is not None
    if listens and not clip.is_heard:
        notes.append(
            (
                number,
                Said(
                    "nobody listened to it here, so no silence and no filler was cut",
                    ko="받아쓴 기록이 없어 무음과 군말을 자르지 않음",
                ),
            )
        )
    elif options.silence is not None and not clip.sounding:
        notes.append(
            (number, Said("nobody speaks in it, so nothing was cut", ko="말소리가 없어 자르지 않음"))
        )
    if options.text and not clip.words and not any(map(is_marked, clip.cues)):
        notes.append(
            (
                number,
                Said(
                    "its spoken words are not known here, so what the draft lacks was not cut",
                    ko="말한 낱말의 시각이 없어 초안에서 지운 말을 자르지 않음",
                ),
            )
        )
    if not options.text and any(map(is_marked, clip.cues)):
        notes.append(
            (
                number,
                Said(
                    "marked cues are not shown but still heard; `cut: {text: true}` cuts them",
                    ko="표시한 자막은 보이지 않지만 말은 들림. `cut: {text: true}`이면 잘라 냄",
                ),
            )
        )
    return notes
