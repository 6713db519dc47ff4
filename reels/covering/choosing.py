"""The best of the candidates, and why: rules in whole hundredths, so that every machine chooses the same.

Detail counts against the other frames of the same clip, for a wall is no worse than a crowd; eyes count against the
same clip's other faces, so that only a blink stands out. What cannot be told changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, isqrt
from typing import Final, Literal

from reels.covering.measuring import Measured, SeenFace
from reels.covering.titles import free_of_title
from reels.geometry import Box, Raster
from reels.said import Said

__all__ = ["Choice", "Eyes", "choose", "face_boxes"]

Eyes = Literal["open", "closed", "unknown"]

_BEST: Final = 100

# Points of a hundred that each part gives at its best.
_FACE, _SHARP, _LIGHT, _STILL = 40, 30, 15, 15
# And what takes a frame out of the running as long as there is another one.
_MIXED, _TOO_DARK, _BLURRED = 100, 60, 40
_BARELY_LIT, _BARELY_SHARP = 20, 35

_FACES_TO_COMPARE: Final = 3
_CLOSED: Final = 62
"""Hundredths of what there is to see in the open eyes of the same person, below which eyes are closed."""
_HAIR: Final = 25
_BESIDE: Final = 6
"""Hundredths of a face's size above it, and on its other sides, which a title leaves free too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Candidate number `number`. Hundredths: of the whole, and of each part; `face` 0: there is none.

    `faces` are boxes in pixels of the cover, with hair and chin: what a title should leave free.
    """

    number: int
    frame: int
    score: int
    sharp: int
    light: int
    still: int
    face: int
    eyes: Eyes
    is_mixed: bool
    is_free_of_title: bool
    faces: tuple[Box, ...]

    @property
    def facts(self) -> Mapping[str, object]:
        return {
            "score": self.score,
            "sharp": self.sharp,
            "light": self.light,
            "still": self.still,
            "face": self.face,
            "faces": len(self.faces),
            "eyes": self.eyes,
            "in_transition": self.is_mixed,
            "title_beside_face": self.is_free_of_title,
        }

    @property
    def sentence(self) -> Said:
        """For people: what speaks for the frame, and what still is against it."""
        good = [Said("sharp", ko="선명함")] if self.sharp >= 80 else []
        if self.face >= 70:
            good.append(Said("a face in plain view", ko="얼굴이 잘 보임"))
        if self.eyes == "open":
            good.append(Said("eyes open", ko="눈을 뜨고 있음"))
        bad = [
            said
            for holds, said in (
                (self.is_mixed, Said("in a change of pictures", ko="장면이 바뀌는 중")),
                (self.light < _BARELY_LIT, Said("very dark or very bright", ko="아주 어둡거나 밝음")),
                (self.sharp < _BARELY_SHARP, Said("blurred", ko="흐림")),
                (self.eyes == "closed", Said("eyes closed", ko="눈을 감음")),
                (not self.is_free_of_title, Said("the title covers a face", ko="제목이 얼굴을 가림")),
            )
            if holds
        ]
        told = good + bad or [Said("nothing better was found", ko="더 나은 장면이 없음")]
        return Said(", ".join(map(str, told)), ko=", ".join(said.ko for said in told))


def choose(candidates: Sequence[Measured], places: Sequence[Box], *, small: Raster, raster: Raster) -> Choice:
    """The best of `candidates`, whose pictures are `small`, for a cover of `raster` with a title at one of `places`.

    Of two that are as good, the earlier one. Raises: ValueError without candidates.
    """
    if not candidates:
        raise ValueError("there is nothing to choose from")
    judged = [_judged(number, candidates, places, small, raster) for number in range(len(candidates))]
    return max(judged, key=lambda choice: (choice.score, -choice.number))


def face_boxes(faces: Sequence[SeenFace], small: Raster, raster: Raster) -> tuple[Box, ...]:
    """The faces, with some room around each, in pixels of `raster`."""
    return tuple(_on_cover(face.box, small, raster) for face in faces)


def _judged(
    number: int, candidates: Sequence[Measured], places: Sequence[Box], small: Raster, raster: Raster
) -> Choice:
    one = candidates[number]
    alike = [other for other in candidates if other.clip == one.clip]
    main = max(one.faces, key=lambda face: (face.box.width * face.box.height, face.box.top), default=None)
    light, still, sharp = _light(one), _still(one), _sharp(one, alike, candidates, main)
    eyes: Eyes = "unknown"
    face, free = 0, True
    if main is not None:
        eyes = _eyes(main, alike)
        free = free_of_title(places, _on_cover(main.box, small, raster))
        face = _face(main, small, eyes, free=free)
    score = (_FACE * face + _SHARP * sharp + _LIGHT * light + _STILL * still) // _BEST
    score -= _MIXED * one.is_mixed + _TOO_DARK * (light < _BARELY_LIT) + _BLURRED * (sharp < _BARELY_SHARP)
    return Choice(
        number=number,
        frame=one.frame,
        score=score,
        sharp=sharp,
        light=light,
        still=still,
        face=face,
        eyes=eyes,
        is_mixed=one.is_mixed,
        is_free_of_title=free,
        faces=face_boxes(one.faces, small, raster),
    )


def _ramp(value: int, nothing: int, full: int) -> int:
    """0 at `nothing`, 100 at `full` and beyond it; either may be the larger one."""
    part = _BEST * (value - nothing) // (full - nothing)
    return min(max(part, 0), _BEST)


def _light(one: Measured) -> int:
    """Neither black nor white, and not one flat tone."""
    return min(_ramp(one.lightness, 22, 60), _ramp(one.lightness, 240, 200), _ramp(one.contrast, 8, 28))


def _still(one: Measured) -> int:
    return _ramp(one.motion, 140, 15)


def _sharp(
    one: Measured, alike: Sequence[Measured], all_of_them: Sequence[Measured], main: SeenFace | None
) -> int:
    """Against the sharpest of the clip; a little against that of the reel, for a whole clip may be out of focus."""
    own = _share(one.detail, max(other.detail for other in alike))
    beside = _share(one.detail, max(other.detail for other in all_of_them))
    picture = (3 * own + isqrt(_BEST * beside)) // 4
    if main is None or main.detail is None:
        return picture
    faces = [face.detail for other in alike for face in other.faces if face.detail is not None]
    # A face may be smeared before a sharp wall, and is what everybody looks at.
    return (picture + _share(main.detail, max(faces))) // 2


def _share(value: int, largest: int) -> int:
    return _BEST * value // largest if largest else _BEST


def _face(main: SeenFace, small: Raster, eyes: Eyes, *, free: bool) -> int:
    """How well the face is seen: large enough, whole, from the front, eyes not closed, no title on it."""
    tall = _BEST * main.box.height // small.height
    good = min(_ramp(tall, 4, 14), _ramp(tall, 100, 60))
    if not main.is_whole:
        good = good * 4 // 10
    good = good * (40 + 60 * _ramp(main.turned, 70, 20) // _BEST) // _BEST
    if eyes == "closed":
        good = good * 4 // 10
    if not free:
        good = good * 4 // 10
    return good


def _eyes(main: SeenFace, alike: Sequence[Measured]) -> Eyes:
    """Closed where there is far less to see in the eyes than in most faces of the clip; told of three faces or more."""
    if main.eyes is None:
        return "unknown"
    others = sorted(face.eyes for other in alike for face in other.faces if face.eyes is not None)
    if len(others) < _FACES_TO_COMPARE:
        return "unknown"
    # Most people blink rarely: three quarters of the way up are open eyes, and no glint of glasses.
    usual = others[ceil(3 * len(others) / 4) - 1]
    closed = sum(_BEST * eyes < _CLOSED * usual for eyes in others)
    if 3 * closed > len(others):
        # Too many for blinks: two people, of whom one wears dark glasses.
        return "unknown"
    return "closed" if _BEST * main.eyes < _CLOSED * usual else "open"


def _on_cover(box: Box, small: Raster, raster: Raster) -> Box:
    across, below, above = (
        size * part // _BEST
        for size, part in ((box.width, _BESIDE), (box.height, _BESIDE), (box.height, _HAIR))
    )
    return Box(
        max(0, box.left - across) * raster.width // small.width,
        max(0, box.top - above) * raster.height // small.height,
        -(-min(small.width, box.right + across) * raster.width // small.width),
        -(-min(small.height, box.bottom + below) * raster.height // small.height),
    )
