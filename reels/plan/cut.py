"""How a reel is cut for the platforms that share an encode: its clips as they play, and what of them does not.

Pieces that a cut made elsewhere lists one by one become the clip that they are of, with what was taken out between
them: so a subtitle over a pause stays one subtitle, and a name stays on screen, as if we had cut the clip ourselves.
`footage` stands before, `reel` after; `lint` asks the same.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache

from reels.campaign.model import ReelSpec
from reels.cutting import Cutting, SpokenClip, cut_reel
from reels.edit import EditList
from reels.plan.delivery import longest_taken
from reels.plan.footage import KnownClip
from reels.platforms import Platform
from reels.timing import TimeRange
from reels.transcript import Transcript

__all__ = ["ClipsAsPlayed", "cut_of", "pieces_as_clips"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClipsAsPlayed:
    """Clips as they play, and the cut that numbers them; clip n as it was listed is now number `number_of[n]`."""

    clips: tuple[KnownClip, ...]
    cutting: Cutting
    number_of: tuple[int, ...]


# A plan is made again after each probe and each draft; most reels are still as they were.
_cut = lru_cache(maxsize=256)(cut_reel)


def cut_of(
    reel: ReelSpec,
    clips: Sequence[KnownClip],
    platforms: Sequence[Platform],
    rate: Fraction,
    *,
    heard: Callable[[str], Transcript | None],
    cards: Fraction,
) -> ClipsAsPlayed:
    """The clips of `reel` as they play at `rate`, and its cut. `heard` tells transcripts.

    `cards` are the seconds that its cards take of what the platforms take.

    Raises: ToolMissing.
    """
    spoken = tuple(
        SpokenClip.of(
            clip.range_in_source,
            heard(clip.transcript) if reel.cut.cuts else None,
            clip.cues_in_source,
        )
        for clip in clips
    )
    longest = longest_taken(platforms)
    if longest is not None:
        longest = max(Fraction(0), longest - cards)
    return pieces_as_clips(clips, _cut(spoken, rate, reel.cut, longest=longest))


def pieces_as_clips(clips: Sequence[KnownClip], cutting: Cutting) -> ClipsAsPlayed:
    """`clips` without those that go on where the one before stopped, and `cutting` by the numbers that are left.

    The programme stays the same, frame by frame.
    """
    found: list[KnownClip] = []
    number_of: list[int] = []
    for clip in clips:
        if found and clip.spec.goes_on:
            before = found[-1]
            end = max(before.range_in_source.end, clip.range_in_source.end)
            found[-1] = replace(before, range_in_source=TimeRange(before.range_in_source.start, end))
        else:
            found.append(clip)
        number_of.append(len(found) - 1)
    # Of what the brand puts around a reel nobody wants to know what was not cut there.
    told = [(clip, note) for clip, note in cutting.notes if not clips[clip].spec.is_brands]
    edit = cutting.edit
    return ClipsAsPlayed(
        clips=tuple(found),
        number_of=tuple(number_of),
        cutting=replace(
            cutting,
            edit=EditList(
                rate=edit.rate,
                spans=tuple(replace(span, clip=number_of[span.clip]) for span in edit.spans),
                removed=tuple(replace(piece, clip=number_of[piece.clip]) for piece in edit.removed),
            ),
            not_cut=tuple(replace(one, clip=number_of[one.clip]) for one in cutting.not_cut),
            notes=tuple(dict.fromkeys((number_of[clip], note) for clip, note in told)),
        ),
    )
