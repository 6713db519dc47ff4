"""What framing found: the path of the crop and the report that explains it, with their JSON for the store.

Values only. `follow` makes them, `plan` cuts the picture by them, `graph.crop` draws the path.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final, Literal

from reels.framing.path import CropPath, Glide
from reels.geometry import Raster
from reels.said import Said
from reels.timing import TimeRange

__all__ = [
    "Framing",
    "FramingReport",
    "FramingUnreadable",
    "Manner",
    "ShotFraming",
    "framing_from_json",
    "framing_json",
]

Manner = Literal["follow", "fit", "centre"]

SCHEMA: Final = "reels/framing/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShotFraming:
    """How one shot is framed. `people` is how many are followed at most at once.

    `looks` times the shot was looked at; `with_face` of them somebody who is followed was there, and in
    `whole_face` of these every followed face stood whole in the window.
    """

    range_in_source: TimeRange
    manner: Manner
    people: int
    looks: int
    with_face: int
    whole_face: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FramingReport:
    """The shots of a clip in order, without gap."""

    shots: tuple[ShotFraming, ...]

    @property
    def share_whole(self) -> Fraction:
        """Of the looks with somebody to follow, in how many all of them were whole in the window; 1 for none."""
        with_face = sum(shot.with_face for shot in self.shots)
        return Fraction(sum(shot.whole_face for shot in self.shots), with_face) if with_face else Fraction(1)

    @property
    def sentence(self) -> Said:
        """One sentence for the note of a reel."""
        followed = [shot for shot in self.shots if shot.manner == "follow"]
        alone = [shot for shot in self.shots if shot.manner != "follow"]
        if not followed:
            how_en, how_ko = _without_face(alone)
            return Said(f"no face was found; {how_en}", ko=f"얼굴을 찾지 못했습니다. {how_ko}")
        people = max(shot.people for shot in followed)
        whole = _percent(self.share_whole)
        en = f"follows {'a person' if people == 1 else f'{people} people together'}, the whole face inside in {whole} %"
        ko = f"{'한 사람' if people == 1 else f'{people}명'}을 따라갑니다. 얼굴 전체가 들어온 비율은 {whole}%입니다"
        if alone:
            how_en, how_ko = _without_face(alone)
            en += f"; no face in {len(alone)} of {len(self.shots)} shots: {how_en}"
            ko += f". 장면 {len(self.shots)}개 가운데 {len(alone)}개에는 얼굴이 없습니다. {how_ko}"
        return Said(en, ko=ko)


@dataclass(frozen=True, slots=True, kw_only=True)
class Framing:
    """The framing of one range of footage: `path` covers it whole, and counts where a shot is not fitted."""

    path: CropPath
    report: FramingReport

    @property
    def shots(self) -> tuple[ShotFraming, ...]:
        return self.report.shots


def _percent(share: Fraction) -> str:
    """Rounded down, so that only a whole is called 100."""
    return str(share * 100 // 1)


def _without_face(shots: list[ShotFraming]) -> tuple[str, str]:
    if any(shot.manner == "fit" for shot in shots):
        return "the whole picture is shown on a blurred ground", "화면 전체를 흐린 배경 위에 보여 줍니다"
    return "the middle of the picture is shown", "화면 가운데를 보여 줍니다"


class FramingUnreadable(ValueError):
    """A stored `Framing` of another version, or no such thing."""


def framing_json(framing: Framing) -> str:
    """`framing` for the store: exact, versioned, the same text for the same value."""
    path = framing.path
    held = {
        "schema": SCHEMA,
        "raster": [path.raster_in_source.width, path.raster_in_source.height],
        "window": [path.width, path.height],
        "glides": [
            {
                "range": _range(glide.range_in_source),
                "origin": str(glide.origin),
                "step": str(glide.step),
                "lefts": list(glide.lefts),
                "tops": list(glide.tops),
            }
            for glide in path.glides
        ],
        "shots": [
            {
                "range_in_source": _range(shot.range_in_source),
                "manner": shot.manner,
                "people": shot.people,
                "looks": shot.looks,
                "with_face": shot.with_face,
                "whole_face": shot.whole_face,
            }
            for shot in framing.shots
        ],
    }
    return json.dumps(held, sort_keys=True, separators=(",", ":"))


def framing_from_json(text: str) -> Framing:
    """The value that `framing_json` wrote. Raises: FramingUnreadable."""
    try:
        held = json.loads(text)
        if held["schema"] != SCHEMA:
            raise FramingUnreadable(f"not {SCHEMA}")
        width, height = held["window"]
        glides = tuple(
            Glide(
                range_in_source=_time_range(glide["range"]),
                origin=Fraction(glide["origin"]),
                step=Fraction(glide["step"]),
                lefts=tuple(glide["lefts"]),
                tops=tuple(glide["tops"]),
            )
            for glide in held["glides"]
        )
        shots = tuple(_shot(shot) for shot in held["shots"])
        path = CropPath(raster_in_source=Raster(*held["raster"]), width=width, height=height, glides=glides)
        return Framing(path=path, report=FramingReport(shots=shots))
    except (KeyError, TypeError, AttributeError, ValueError, ZeroDivisionError) as error:
        raise FramingUnreadable(f"not a {SCHEMA}: {error}") from error


def _shot(held: dict[str, Any]) -> ShotFraming:
    return ShotFraming(**{**held, "range_in_source": _time_range(held["range_in_source"])})


def _range(span: TimeRange) -> list[str]:
    return [str(span.start), str(span.end)]


def _time_range(held: list[Any]) -> TimeRange:
    start, end = held
    return TimeRange(Fraction(start), Fraction(end))
