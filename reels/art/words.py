"""Words in their place on a still: set by `text`, painted at a left and a top, shrunk together where many share a room.

What every kind of element has in common when it lays out more than one text. Sizes are pixels of the raster at hand.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from PIL import Image

from reels.art.alpha import paint_at, rounded_mask
from reels.art.colour import BLACK, LEAST_CONTRAST, WHITE, Colour, contrast_ratio
from reels.art.text import SetText, paint_text, set_text
from reels.errors import CampaignProblem, CampaignProblems
from reels.geometry import Raster
from reels.said import Said

__all__ = [
    "MARGIN_PX",
    "as_large_as_fits",
    "best_on",
    "cap_px",
    "overhang_px",
    "paint_badge",
    "paint_icon",
    "paint_letters",
    "paint_plate",
    "paint_words",
    "set_at_size",
    "set_on_lines",
    "too_small",
]

_Laid = TypeVar("_Laid")

MARGIN_PX = 6
"""Around what is painted: the colour that 4:2:0 averages beside it."""
_AS_TALL_AS_IT_NEEDS = 100_000


@lru_cache(maxsize=1024)
def set_at_size(
    text: str, *, font: Path, size_px: int, width_px: int, where: str, leading: Fraction = Fraction(3, 10)
) -> SetText:
    """`text` at exactly `size_px`, on as many lines as it needs.

    Raises: GlyphMissing, FontMissing, CampaignProblems where that is more lines than a text may have.
    """
    return set_text(
        text,
        font=font,
        size_px=size_px,
        least_px=size_px,
        width_px=width_px,
        height_px=_AS_TALL_AS_IT_NEEDS,
        where=where,
        leading=leading,
    )


def set_on_lines(
    text: str,
    *,
    font: Path,
    size_px: int,
    least_px: int,
    lines: int,
    width_px: int,
    height_px: int,
    where: str,
) -> SetText:
    """`text` as `set_text` makes it; where that has more than `lines` lines, as large as it can be on so many.

    So letters may be a little smaller than they could be on `lines` lines: a short label stays on one line.

    Raises: GlyphMissing, FontMissing, CampaignProblems.
    """
    laid = set_text(
        text,
        font=font,
        size_px=size_px,
        least_px=least_px,
        width_px=width_px,
        height_px=height_px,
        where=where,
    )
    fits, too_large = min(least_px, size_px), size_px + 1
    if len(laid.lines) <= lines:
        return laid

    def at(size: int) -> SetText | None:
        try:
            made = set_at_size(
                text, font=font, size_px=size, width_px=width_px, where=where, leading=Fraction(1, 5)
            )
        except CampaignProblems:  # more lines than any text may have
            return None
        return made if len(made.lines) <= lines and made.height_px <= height_px else None

    best = at(fits)
    while best is not None and too_large - fits > 1:
        size = (fits + too_large) // 2
        found = at(size)
        if found is None:
            too_large = size
        else:
            fits, best = size, found
    if best is None:
        room_px = max(0, width_px)
        raise CampaignProblems(
            problems=(
                CampaignProblem(
                    where=where,
                    found=Said(f"{len(text)} characters", ko=f"{len(text)}글자"),
                    expected=Said(
                        f"a text that fits {lines} lines of {room_px} pixels at {least_px} px",
                        ko=f"{least_px}픽셀 크기로 너비 {room_px}픽셀 {lines}줄에 들어가는 글",
                    ),
                    remedy=Said("shorten it", ko="줄여 주세요."),
                ),
            )
        )
    return best


def as_large_as_fits(lay: Callable[[Fraction], _Laid | None], *, least: Fraction) -> _Laid | None:
    """What `lay` makes of the largest share of all sizes, from 1 down to `least`; None where not even that fits.

    `lay` returns None, or raises CampaignProblems, where a share is too large; the error of the least one is raised.
    """
    steps = 24

    def share(step: int) -> Fraction:
        return 1 - (1 - least) * Fraction(step, steps)

    def tried(step: int) -> _Laid | None:
        try:
            return lay(share(step))
        except CampaignProblems:
            return None

    whole = tried(0)
    if whole is not None:
        return whole
    best = lay(least)
    fits, too_large = steps, 0
    while best is not None and fits - too_large > 1:
        step = (fits + too_large) // 2
        found = tried(step)
        if found is None:
            too_large = step
        else:
            fits, best = step, found
    return best


def too_small(where: str, room: Raster, what: Said) -> CampaignProblems:
    """The problem of an element that no size of its words brings into `room`; `what` it holds."""
    return CampaignProblems(
        problems=(
            CampaignProblem(
                where=where,
                found=what,
                expected=Said(
                    f"what fits {room} pixels in letters that can be read",
                    ko=f"읽을 수 있는 크기의 글자로 {room}픽셀에 들어가는 내용",
                ),
                remedy=Said(
                    "shorten the texts or give the element more room",
                    ko="글을 줄이거나 항목의 자리를 넓혀 주세요.",
                ),
            ),
        )
    )


def overhang_px(size_px: int) -> int:
    """Beside words of a size: room for letters that reach over their advance, as those of written faces do."""
    return max(MARGIN_PX, size_px // 4)


def cap_px(text: SetText) -> int:
    """About the height of a capital or of Hangul above the baseline, for signs that stand beside letters."""
    return round(text.size_px * 0.72)


def best_on(ground: Colour, *wanted: Colour) -> Colour:
    """The first of `wanted` that can be read on `ground`, else black or white, whichever is plainer there."""
    for colour in wanted:
        if contrast_ratio(colour, ground) >= LEAST_CONTRAST:
            return colour
    return max((BLACK, WHITE), key=lambda colour: contrast_ratio(colour, ground))


def paint_words(
    picture: Image.Image,
    text: SetText,
    colour: Colour,
    left: int,
    top: int,
    *,
    width_px: int | None = None,
    outline: tuple[Colour, int] | None = None,
) -> None:
    """Paint `text` with its first line's ink at `top`; each line in the middle of `width_px`, where that is given.

    `outline` is a colour and how far it reaches around the letters.
    """
    reach = outline[1] if outline else 0
    beside, above = overhang_px(text.size_px) + reach, MARGIN_PX + text.size_px // 4 + reach
    wide = text.width_px if width_px is None else width_px
    # A descender or an accent may reach over the measured ink.
    size = (wide + 2 * beside, text.height_px + 2 * above)
    for stroke, paint_colour in (((outline[1], outline[0]),) if outline else ()) + ((0, colour),):
        mask = Image.new("L", size, 0)
        for line, width in enumerate(text.widths_px):
            indent = 0 if width_px is None else (width_px - width) // 2
            paint_text(mask, text, line, beside + indent, above + text.baseline_px(line), stroke)
        paint_letters(picture, mask, paint_colour, left - beside, top - above, beside - reach)


def paint_letters(
    picture: Image.Image, mask: Image.Image, colour: Colour, left: int, top: int, beside_px: int
) -> None:
    """Paint a mask that has `overhang_px` of the letters, `beside_px`, free for what reaches over on its left and right.

    Painted is no more of that than letters reach into: what is clear under the mask takes their colour (`paint_at`), and
    that would be beside the edge of a neighbour.
    """
    ink, spare = mask.getbbox() or (0, 0, *mask.size), beside_px - MARGIN_PX
    before, after = (max(0, min(spare, free - MARGIN_PX)) for free in (ink[0], mask.width - ink[2]))
    part = mask.crop((before, 0, mask.width - after, mask.height))
    paint_at(picture, part, colour, left + before, top)


def paint_icon(
    picture: Image.Image,
    mask: Image.Image,
    colour: Colour,
    left: int,
    top: int,
    opacity: Fraction = Fraction(1),
) -> None:
    """Paint a mask, with a margin of the same colour around it."""
    wide = Image.new("L", (mask.width + 2 * MARGIN_PX, mask.height + 2 * MARGIN_PX), 0)
    wide.paste(mask, (MARGIN_PX, MARGIN_PX))
    paint_at(picture, wide, colour, left - MARGIN_PX, top - MARGIN_PX, float(opacity))


def paint_plate(
    picture: Image.Image,
    box: tuple[int, int, int, int],
    radius_px: int,
    colour: Colour,
    opacity: Fraction = Fraction(1),
) -> None:
    """A rounded plate in `box`: left, top, right, bottom."""
    plate = _plate_mask((box[2] - box[0], box[3] - box[1]), radius_px)
    paint_icon(picture, plate, colour, box[0], box[1], opacity)


def _plate_mask(size: tuple[int, int], radius_px: int) -> Image.Image:
    """A large plate costs as little as its corners: only they are drawn larger than they are."""
    radius = min(radius_px, size[0] // 2, size[1] // 2)
    side = 2 * radius
    if radius == 0:
        return Image.new("L", size, 255)
    disc = rounded_mask((side, side), (0, 0, side, side), radius)
    mask = Image.new("L", size, 255)
    for left, right in ((0, 0), (size[0] - radius, radius)):
        for top, foot in ((0, 0), (size[1] - radius, radius)):
            mask.paste(disc.crop((right, foot, right + radius, foot + radius)), (left, top))
    return mask


def paint_badge(
    picture: Image.Image,
    number: SetText | None,
    colour: Colour,
    ground: Colour,
    left: int,
    top: int,
    side_px: int,
) -> None:
    """A disc of `colour`, with `number` in its middle where there is one."""
    disc = rounded_mask((side_px, side_px), (0, 0, side_px, side_px), side_px // 2)
    paint_icon(picture, disc, colour, left, top)
    if number is None:
        return
    tall = cap_px(number)
    paint_words(
        picture,
        number,
        best_on(colour, ground),
        left,
        top + (side_px - tall) // 2 - (number.ascent_px - tall),
        width_px=side_px,
    )
