"""`framing:` of a campaign → what is wanted of the framing, with exact numbers.

The shapes that pydantic judges stand here too, for `schema` to use. `load` asks `wanted_framing`; nothing is opened.
"""

from __future__ import annotations

import itertools
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Discriminator, Field, Tag

from reels.campaign.keys import Keys
from reels.framing import FramingBox, FramingWord, KeyedFraming, Keyframe, WantedFraming
from reels.said import Said
from reels.timing import TimecodeUnreadable, parse_clock

__all__ = ["FramingAtClip", "FramingAtReel", "FramingKeys", "KeyframeKeys", "wanted_framing"]

_A_PART = Said(
    "a part of the picture from 0 to 1, such as 0.3", ko="0.3처럼 화면에 대한 비율로 적은 0~1의 수"
)
_A_TIME = Said(
    "a time such as 4.2, 01:04.2, 1:02:03.5 or 120f", ko="4.2, 01:04.2, 1:02:03.5, 120f처럼 적은 시각"
)
_SMALLEST = Fraction(1, 10)
_MOST_DIGITS = 20


def _part(value: Any) -> Fraction:
    """A part as written, exactly: 0.3 is three tenths, not the float next to it."""
    try:
        if isinstance(value, bool) or len(str(value)) > _MOST_DIGITS:
            raise ValueError
        part = Decimal(str(value))
    except (InvalidOperation, ValueError):
        raise ValueError(_A_PART) from None
    # Exact, `1e-99999999` would fill the memory.
    if not part.is_finite() or not 0 <= part <= 1 or part.adjusted() < -_MOST_DIGITS:
        raise ValueError(_A_PART)
    return Fraction(part)


def _time(value: Any) -> str:
    text = str(value).strip() if isinstance(value, (str, int, float)) and not isinstance(value, bool) else ""
    try:
        parse_clock(text, rate=Fraction(1))
    except TimecodeUnreadable:
        raise ValueError(_A_TIME) from None
    return text


_Part = Annotated[Fraction, BeforeValidator(_part)]


class KeyframeKeys(Keys):
    at: Annotated[str, BeforeValidator(_time)]
    x: _Part
    y: _Part | None = None


def _box(value: Any) -> Any:
    """Raises: ValueError where the four parts are no part of a picture."""
    if not isinstance(value, list) or len(value) != 4:
        raise ValueError(
            Said(
                "four parts of the picture: [left, top, width, height], such as [0.1, 0, 0.5, 1]",
                ko="[왼쪽, 위, 너비, 높이]를 [0.1, 0, 0.5, 1]처럼 화면에 대한 비율로 적은 네 수",
            )
        )
    left, top, width, height = parts = tuple(map(_part, value))
    if min(width, height) < _SMALLEST:
        raise ValueError(
            Said(
                "a box of at least a tenth of the picture each way",
                ko="너비와 높이가 화면의 10분의 1 이상인 상자",
            ),
            _shown(parts),
        )
    if left + width > 1 or top + height > 1:
        raise ValueError(
            Said(
                "a box inside the picture: left and width, top and height at most 1 together",
                ko="화면 안의 상자: 왼쪽과 너비, 위와 높이를 더해 1 이하",
            ),
            _shown(parts),
        )
    return parts


def _shown(parts: tuple[Fraction, ...]) -> Said:
    text = f"[{', '.join(f'{float(part):g}' for part in parts)}]"
    return Said(text, ko=text)


class FramingKeys(Keys):
    """A box, or keyframes."""

    box: Annotated[tuple[Fraction, Fraction, Fraction, Fraction], BeforeValidator(_box)] | None = None
    keyframes: Annotated[list[KeyframeKeys], Field(min_length=1, max_length=1000)] | None = None


def _judged(keys: FramingWord | FramingKeys) -> FramingWord | FramingKeys:
    """`keys`, of which no two contradict each other. Raises: ValueError."""
    if not isinstance(keys, FramingKeys):
        return keys
    if (keys.box is None) == (keys.keyframes is None):
        raise ValueError(Said("either `box` or `keyframes`", ko="`box`와 `keyframes` 가운데 하나"))
    times = [key.at for key in keys.keyframes or ()]
    if len({time.endswith("f") for time in times}) > 1:
        raise ValueError(
            Said("all times in seconds or all in frames", ko="모두 초로, 또는 모두 프레임으로 적은 시각"),
            Said("keyframes in both", ko="두 가지로 적은 keyframes"),
        )
    for before, after in itertools.pairwise(times):
        if parse_clock(after, rate=Fraction(1)) < parse_clock(before, rate=Fraction(1)):
            raise ValueError(
                Said("keyframes in the order of their times", ko="시각 순서대로 적은 keyframes"),
                Said(f"{after} after {before}", ko=f"{before} 다음에 {after}"),
            )
    return keys


def _no_keyframes(value: Any) -> Any:
    if isinstance(value, dict) and "keyframes" in value:
        raise ValueError(
            Said(
                "keyframes at a clip, for their times are those of its footage",
                ko="클립에 적은 keyframes(시각이 그 영상의 시각이므로)",
            ),
            Said("keyframes here", ko="여기에 적은 keyframes"),
        )
    return value


def _kind(value: Any) -> str:
    return "keys" if isinstance(value, (dict, FramingKeys)) else "word"


FramingAtClip = Annotated[
    Annotated[FramingWord, Tag("word")] | Annotated[FramingKeys, Tag("keys")],
    Discriminator(_kind),
    AfterValidator(_judged),
]
FramingAtReel = Annotated[FramingAtClip, BeforeValidator(_no_keyframes)]


def wanted_framing(keys: FramingWord | FramingKeys) -> WantedFraming:
    """The value that the judged keys mean."""
    if not isinstance(keys, FramingKeys):
        return keys
    if keys.box is not None:
        left, top, width, height = keys.box
        return FramingBox(left=left, top=top, width=width, height=height)
    return KeyedFraming(
        keyframes=tuple(
            Keyframe(at=key.at, x=key.x, y=Fraction(1, 2) if key.y is None else key.y)
            for key in keys.keyframes or ()
        )
    )
