"""Words made to fit a room: the size and the lines, measured with the font itself.

Breaks only at spaces, between 어절; inside one only where a single 어절 is wider than the room at the least
size. Emoji that the font lacks come from the emoji font (`letters`). Knows no colours and draws nothing but coverage
masks: `words` paints them, and the kinds of elements that paint their own.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache, lru_cache
from itertools import accumulate, pairwise
from pathlib import Path

from PIL import Image

from reels.art.letters import Letters, drawable, is_emoji, is_keycap, letters_of, require_drawable_text
from reels.errors import CampaignProblem, CampaignProblems
from reels.fonts import load_font
from reels.korean import break_costs, split_eojeol, whole_signs
from reels.said import Said

__all__ = ["SetText", "paint_text", "require_drawable_text", "set_text"]

# How far letters may shrink before one more line is taken; with more lines, down to the least size.
_SHRINK_BEFORE_BREAKING = {1: Fraction(17, 20), 2: Fraction(3, 4)}
_USUAL_LINES = 3

_PARTED = 90
"""From this cost on a break parts what belongs together: `몇 | 시`, `한 | 명`."""
_SMALLER_FOR_GRAMMAR = Fraction(4, 5)
"""How much smaller letters may get, so that nothing is parted."""
_MOST_LINES = 6
_TORN_SIGN = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class SetText:
    """Lines of one font and size, in pixels of the output raster; `lines` are as they are drawn (`drawable`).

    `ascent_px` and `descent_px` are the ink of the tallest and deepest letters, from the baseline.
    """

    font: Path
    size_px: int
    lines: tuple[str, ...]
    widths_px: tuple[int, ...]
    ascent_px: int
    descent_px: int
    leading_px: int

    @property
    def width_px(self) -> int:
        return max(self.widths_px)

    @property
    def line_px(self) -> int:
        return self.ascent_px + self.descent_px

    @property
    def height_px(self) -> int:
        return len(self.lines) * self.line_px + (len(self.lines) - 1) * self.leading_px

    def baseline_px(self, line: int) -> int:
        """From the top of the first line's ink to the baseline of `line`, counted from 0."""
        return line * (self.line_px + self.leading_px) + self.ascent_px


def set_text(
    text: str,
    *,
    font: Path,
    size_px: int,
    least_px: int,
    width_px: int,
    height_px: int,
    where: str,
    leading: Fraction = Fraction(1, 5),
) -> SetText:
    """`text` at `size_px` if it fits, else smaller, else on more lines, down to `least_px` (output pixels).

    `leading` is the air between two lines as a share of the size; `where` names the text in messages.

    Raises: GlyphMissing, FontMissing, CampaignProblems where the text is empty or does not fit at all.
    """
    require_drawable_text(font, [(where, text)])
    words = tuple(split_eojeol(drawable(text)))
    if not words:
        raise _problem(
            where,
            Said("no text", ko="빈 글"),
            Said("at least one letter", ko="한 글자 이상"),
            Said("write the text, or leave the element out", ko="글을 쓰거나 항목을 빼 주세요."),
        )
    made = _set(
        words, font, load_font(font).sha256, size_px, min(least_px, size_px), width_px, height_px, leading
    )
    if made is not None:
        return made
    # Where other things take more than there is, what they leave is less than nothing.
    room = f"{max(0, width_px)}x{max(0, height_px)}"
    raise _problem(
        where,
        Said(f"{len(text)} characters", ko=f"{len(text)}글자"),
        Said(
            f"a text that fits {room} pixels at {least_px} px",
            ko=f"{least_px}픽셀 크기로 {room}픽셀에 들어가는 글",
        ),
        Said("shorten it", ko="줄여 주세요."),
    )


@lru_cache(maxsize=512)
def _set(
    words: tuple[str, ...],
    font: Path,
    sha256: str,
    size_px: int,
    least_px: int,
    width_px: int,
    height_px: int,
    leading: Fraction,
) -> SetText | None:
    """None where it does not fit at all. A plan sets each text several times: for the room it needs, and to draw it."""
    del sha256  # of the font, part of the question
    for count in range(1, _MOST_LINES + 1):
        smallest = max(least_px, math.ceil(size_px * _SHRINK_BEFORE_BREAKING.get(count, Fraction(0))))
        found = _largest(words, count, size_px, smallest, font, width_px, height_px, leading)
        if found is not None and not _tears(words, found.lines):
            return found
        if found is not None:
            least = max(smallest, math.ceil(found.size_px * _SMALLER_FOR_GRAMMAR))
            kept = _largest(
                words, count, found.size_px, least, font, width_px, height_px, leading, tear=False
            )
            return kept or found
    for count in range(1, _MOST_LINES + 1):
        found = _largest(words, count, size_px, least_px, font, width_px, height_px, leading)
        if found is not None:
            return found
    tries = [(size, _USUAL_LINES) for size in range(size_px, least_px - 1, -2)]
    for size, most_lines in [*tries, (least_px, _MOST_LINES)]:
        crammed = _measured(_crammed(words, letters_of(font, size), width_px), size, font, leading)
        if (
            len(crammed.lines) <= most_lines
            and crammed.width_px <= width_px
            and crammed.height_px <= height_px
        ):
            return _evened(crammed, words)
    return None


def paint_text(
    mask: Image.Image, text: SetText, line: int, left_px: int, baseline_px: int, stroke_px: int = 0
) -> None:
    """Add the coverage of one line to an "L" mask; `stroke_px` widens the letters on every side."""
    layer = Image.new("L", mask.size, 0)
    letters_of(text.font, text.size_px).paint(layer, text.lines[line], left_px, baseline_px, stroke_px)
    mask.paste(255, (0, 0), layer)


def _largest(
    words: Sequence[str],
    count: int,
    size_px: int,
    smallest_px: int,
    font: Path,
    width_px: int,
    height_px: int,
    leading: Fraction,
    *,
    tear: bool = True,
) -> SetText | None:
    """The largest that fits on `count` lines; without `tear` no break parts what belongs together."""

    def at(size: int) -> SetText | None:
        return _set_at(words, count, size, font, width_px, height_px, leading, tear=tear)

    # Most texts fit as they are asked for.
    whole = at(size_px)
    if whole is not None or size_px <= smallest_px:
        return whole
    best = at(smallest_px)
    if best is None:
        return None
    fits, too_large = smallest_px, size_px
    while too_large - fits > 1:
        size = (fits + too_large) // 2
        found = at(size)
        if found is None:
            too_large = size
        else:
            fits, best = size, found
    return best


def _set_at(
    words: Sequence[str],
    count: int,
    size_px: int,
    font: Path,
    width_px: int,
    height_px: int,
    leading: Fraction,
    *,
    tear: bool,
) -> SetText | None:
    if count > len(words):
        return None
    lines = _broken(words, count, letters_of(font, size_px), width_px, tear=tear)
    if lines is None:
        return None
    made = _measured(lines, size_px, font, leading)
    return made if made.width_px <= width_px and made.height_px <= height_px else None


def _measured(lines: tuple[str, ...], size_px: int, font: Path, leading: Fraction) -> SetText:
    letters = letters_of(font, size_px)
    return SetText(
        font=font,
        size_px=size_px,
        lines=lines,
        widths_px=tuple(math.ceil(letters.length_px(line)) for line in lines),
        ascent_px=math.ceil(letters.ascent_px),
        descent_px=math.ceil(letters.descent_px),
        leading_px=math.ceil(size_px * leading),
    )


def _broken(
    words: Sequence[str], count: int, letters: Letters, width_px: int, *, tear: bool
) -> tuple[str, ...] | None:
    """`words` on exactly `count` lines, none wider than `width_px`, or None where that cannot be.

    Breaks stand where the grammar pauses, and lines are about as wide as each other.
    """
    widths = [letters.length_px(word) for word in words]
    space = letters.length_px(" ")
    mean = (sum(widths) + space * (len(words) - count)) / count
    costs = _with_signs(words, break_costs(words)) if count > 1 else ()

    @cache
    def best(start: int, left: int) -> tuple[float, tuple[int, ...]]:
        """(cost, ends of the lines) for the words from `start` on `left` lines."""
        options: list[tuple[float, tuple[int, ...]]] = [(math.inf, ())]
        for end in range(start + 1, len(words) + 1) if left > 1 else (len(words),):
            width = sum(widths[start:end]) + space * (end - start - 1)
            if width > width_px or len(words) - end < left - 1:
                continue
            uneven = 100 * ((width - mean) / width_px) ** 2
            if left == 1:
                options.append((uneven, (end,)))
                continue
            if costs[end - 1] >= _PARTED and not tear:
                continue
            after, ends = best(end, left - 1)
            options.append((uneven + costs[end - 1] + after, (end, *ends)))
        return min(options)

    cost, ends = best(0, count)
    if cost == math.inf:
        return None
    starts = (0, *ends[:-1])
    return tuple(" ".join(words[start:end]) for start, end in zip(starts, ends, strict=True))


def _tears(words: Sequence[str], lines: Sequence[str]) -> bool:
    """Whether a line ends between two words that belong together."""
    costs = _with_signs(words, break_costs(words)) if len(lines) > 1 else []
    ends = accumulate(len(line.split(" ")) for line in lines[:-1])
    return any(costs[end - 1] >= _PARTED for end in ends)


def _with_signs(words: Sequence[str], costs: Sequence[float]) -> list[float]:
    """`costs` of a break after each word; a keycap belongs to what follows it, another emoji to what it follows."""
    return [
        cost + (_TORN_SIGN if is_keycap(before) or (is_emoji(after) and not is_keycap(after)) else 0)
        for cost, (before, after) in zip(costs, pairwise(words), strict=True)
    ]


def _crammed(words: Sequence[str], letters: Letters, width_px: int) -> tuple[str, ...]:
    """`words` on lines filled in turn, broken inside a word wider than a line: the last resort."""
    lines = [""]
    for word in words:
        if lines[-1] and letters.length_px(f"{lines[-1]} {word}") <= width_px:
            lines[-1] += f" {word}"
            continue
        if lines[-1]:
            lines.append("")
        length = letters.length_px(lines[-1])
        for sign in whole_signs(word):
            # Sums, for to measure the line anew after each sign takes a second; kerning is checked by who asks.
            wide = letters.length_px(sign)
            if lines[-1] and length + wide > width_px:
                lines.append("")
                length = 0
            lines[-1] += sign
            length += wide
    return tuple(lines)


def _evened(crammed: SetText, words: Sequence[str]) -> SetText:
    """The same number of lines without a stump at the end: the narrowest that still holds the words."""
    letters = letters_of(crammed.font, crammed.size_px)
    for width in range(
        sum(crammed.widths_px) // len(crammed.lines), crammed.width_px, crammed.size_px // 4 + 1
    ):
        lines = _crammed(words, letters, width)
        if len(lines) == len(crammed.lines):
            widths = tuple(math.ceil(letters.length_px(line)) for line in lines)
            return replace(crammed, lines=lines, widths_px=widths)
    return crammed


def _problem(where: str, found: str, expected: str, remedy: str) -> CampaignProblems:
    return CampaignProblems(
        problems=(CampaignProblem(where=where, found=found, expected=expected, remedy=remedy),)
    )
