"""The cover of a reel: which frames it may be, or the frame or picture that a person wants, and its limits.

Adds nothing to the plan and looks at nothing: `reel` adds the step, `perform` chooses, `art` draws.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction

from reels.campaign.model import ReelSpec
from reels.campaign.template import cover_look
from reels.covering import AROUND, candidate_frames
from reels.edit import EditList, Span
from reels.encode import PictureSpec
from reels.errors import CampaignProblem, CampaignProblems
from reels.graph.picture import VideoPiece
from reels.platforms import Platform
from reels.said import Said
from reels.steps import CoverFrame, CoverWork
from reels.timing import FrameRange, format_clock, frame_shown_at, parse_clock

__all__ = ["PieceBehind", "PiecesOf", "cover_work", "require_cover_time"]

PiecesOf = Callable[[int, Fraction, int], tuple[VideoPiece, ...]]
"""The pieces of a clip, by its number, from a source second on, for so many frames."""

PieceBehind = Callable[[Span, int], VideoPiece | None]
"""The picture of the film behind a card, so many frames after it begins; None where no film plays there."""

_USUAL_LIMIT_BYTES = 2_000_000
"""Where no platform publishes one: small enough for any upload page, and never reached by a picture of this size."""


def cover_work(
    reel: ReelSpec,
    platforms: Sequence[Platform],
    cut: EditList,
    spec: PictureSpec,
    pieces: PiecesOf,
    *,
    is_own: Callable[[Span], bool],
    grounds: Mapping[int, str],
    behind: PieceBehind,
    words: str = "",
) -> CoverWork:
    """What decides the cover; `grounds` are made as what stands behind the cards, by their numbers.

    Where no footage `is_own`, or the time that is wanted is a card's, the cover is the card's ground, or the picture of the
    film `behind` it; an own card is preferred to one of the brand. `words` are its title where the reel has none.

    `require_cover_time` comes before.
    """
    wanted = reel.cover
    numbers: tuple[int, ...] = ()
    card: Span | None = None
    if wanted.file is None and wanted.at is not None:
        numbers = (frame_shown_at(parse_clock(wanted.at, rate=cut.rate), cut.rate),)
        card = next((span for span in cut.cards if numbers[0] in _frames_of(span)), None)
    elif wanted.file is None:
        numbers = candidate_frames(cut, is_footage=lambda span: not span.is_card and is_own(span))
        if not numbers:
            card = next(filter(is_own, cut.cards), next(iter(cut.cards), None))
    if card is not None:
        frames = _frames_behind(card, numbers[0] if numbers else card.range_in_programme.start, behind)
    else:
        frames = tuple(_frame(number, cut, pieces, alone=len(numbers) == 1) for number in numbers)
    return CoverWork(
        chosen="file" if wanted.file is not None else "time" if wanted.at is not None else "auto",
        frames=frames,
        picture=wanted.file,
        ground=grounds.get(card.clip, "") if card is not None else "",
        title=(reel.title or words) if wanted.title is None else wanted.title,
        look=cover_look(reel.template, reel.brand),
        spec=spec,
        limit_bytes=min(
            (p.cover_max_bytes for p in platforms if p.cover_max_bytes is not None),
            default=_USUAL_LIMIT_BYTES,
        ),
        where=wanted.where or reel.where_of("title"),
    )


def _frames_behind(card: Span, number: int, behind: PieceBehind) -> tuple[CoverFrame, ...]:
    piece = behind(card, number - card.range_in_programme.start)
    return (CoverFrame(frame=number, clip=card.clip, piece=piece),) if piece is not None else ()


def _frames_of(span: Span) -> range:
    return range(span.range_in_programme.start, span.range_in_programme.end)


def require_cover_time(reel: ReelSpec, cut: EditList) -> None:
    """Raises: CampaignProblems for a cover at a time beyond the end, before anybody has looked at the footage."""
    at = reel.cover.at
    if at is None or frame_shown_at(parse_clock(at, rate=cut.rate), cut.rate) < cut.frame_count:
        return
    raise CampaignProblems(
        problems=(
            CampaignProblem(
                where=reel.cover.where or reel.where_of("cover"),
                found=at,
                expected=Said(
                    f"a time before the end of the reel, which lasts {format_clock(cut.duration)} "
                    f"({cut.frame_count} frames)",
                    ko=f"릴스의 끝보다 이른 시각(길이 {format_clock(cut.duration)}, {cut.frame_count}프레임)",
                ),
                remedy=Said(
                    "choose an earlier time, or leave it out for the best frame",
                    ko="더 이른 시각을 적거나, 빼서 가장 좋은 장면을 고르게 하세요.",
                ),
            ),
        )
    )


def _frame(number: int, cut: EditList, pieces: PiecesOf, *, alone: bool) -> CoverFrame:
    clip, start = cut.to_source(number)
    span = next(span for span in cut.footage if number in _frames_of(span))
    shown = span.range_in_programme
    around = FrameRange(max(shown.start, number - AROUND), min(shown.end, number + AROUND + 1))
    beside = () if alone else cut.within(around)
    return CoverFrame(
        frame=number,
        clip=clip,
        piece=pieces(clip, start, 1)[0],
        around=tuple(
            piece
            for span in beside
            for piece in pieces(span.clip, span.range_in_source.start, span.range_in_programme.count)
        ),
        shown=number - around.start,
    )
