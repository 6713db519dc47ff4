"""What framing found: the path of the crop and the report that explains it, with their JSON for the store.

Values only. `follow` makes them, `plan` cuts the picture by them, `graph.crop` draws the path.
"""

from __future__ import annotations

import json
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final, Literal

from reels.framing.path import CropPath, Glide
from reels.geometry import Raster
from reels.said import Said
from reels.timing import TimeRange

__all__ = [
    "FaceBox",
    "FacePath",
    "Framing",
    "FramingReport",
    "FramingUnreadable",
    "Halves",
    "Manner",
    "ShotFraming",
    "framing_from_json",
    "framing_json",
]

Manner = Literal["follow", "fit", "centre", "split"]

Halves = tuple[CropPath, CropPath]
"""The windows of two people, who is above first."""

SCHEMA: Final = "reels/framing/3"


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
    """The shots of a clip in order, without gap; `split_wanted`: two people one above the other were asked for."""

    shots: tuple[ShotFraming, ...]
    split_wanted: bool = False

    @property
    def share_whole(self) -> Fraction:
        """Of the looks with somebody to follow, in how many all of them were whole in the window; 1 for none."""
        with_face = sum(shot.with_face for shot in self.shots)
        return Fraction(sum(shot.whole_face for shot in self.shots), with_face) if with_face else Fraction(1)

    @property
    def sentence(self) -> Said:
        """One sentence for the note of a reel."""
        en, ko = self._told
        if self.split_wanted:
            missing = sum(shot.manner != "split" for shot in self.shots)
            if missing == len(self.shots):
                en = f"two people do not stay in the picture, so it is not split; {en}"
                ko = f"두 사람이 계속 보이지 않아 나누지 않았습니다. {ko}"
            elif missing:
                en += f"; {missing} of {len(self.shots)} shots are not split, for want of two people who stay"
                ko += f". 장면 {len(self.shots)}개 가운데 {missing}개는 두 사람이 계속 보이지 않아 나누지 않았습니다"
        return Said(en, ko=ko)

    @property
    def _told(self) -> tuple[str, str]:
        """Who is followed, in English and in Korean."""
        followed = [shot for shot in self.shots if shot.manner in ("follow", "split")]
        alone = [shot for shot in self.shots if shot.manner not in ("follow", "split")]
        if not followed:
            how_en, how_ko = _without_face(alone)
            return f"no face was found; {how_en}", f"얼굴을 찾지 못했습니다. {how_ko}"
        whole = _percent(self.share_whole)
        people = max(shot.people for shot in followed)
        if any(shot.manner == "split" for shot in followed):
            en = f"shows two people one above the other, both faces whole in {whole} %"
            ko = f"두 사람을 위아래로 나누어 보여 줍니다. 두 얼굴이 모두 온전히 들어온 비율은 {whole}%입니다"
        elif people == 1:
            en = f"follows a person, the whole face inside in {whole} %"
            ko = f"한 사람을 따라갑니다. 얼굴 전체가 들어온 비율은 {whole}%입니다"
        else:
            en = f"follows {people} people together, the whole face inside in {whole} %"
            ko = f"{people}명을 따라갑니다. 얼굴 전체가 들어온 비율은 {whole}%입니다"
        if alone:
            how_en, how_ko = _without_face(alone)
            en += f"; no face in {len(alone)} of {len(self.shots)} shots: {how_en}"
            ko += f". 장면 {len(self.shots)}개 가운데 {len(alone)}개에는 얼굴이 없습니다. {how_ko}"
        return en, ko


FaceBox = tuple[int, int, int, int]
"""Left, top, right and bottom of a face from brow to chin, in sixteenths of a pixel of the source as it is shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FacePath:
    """Where one face was found, look after look; between two looks it is somewhere between."""

    seen: tuple[tuple[Fraction, FaceBox], ...]

    def during(self, range_in_source: TimeRange) -> tuple[tuple[Fraction, FaceBox], ...]:
        """The looks in a range of time, with the one before and the one after it: the face was on its way."""
        times = [at for at, _ in self.seen]
        if not times or times[-1] < range_in_source.start or times[0] >= range_in_source.end:
            return ()
        first = max(0, bisect_right(times, range_in_source.start) - 1)
        end = min(len(times), bisect_left(times, range_in_source.end) + 1)
        return self.seen[first:end]


@dataclass(frozen=True, slots=True, kw_only=True)
class Framing:
    """The framing of one range of footage: `path` covers it whole, and counts in shots that are followed.

    `halves` has the two windows of each shot that is split, and None for the others; empty where none is. `faces` are
    all that stayed, followed or not.
    """

    path: CropPath
    report: FramingReport
    halves: tuple[Halves | None, ...] = ()
    faces: tuple[FacePath, ...] = ()

    def __post_init__(self) -> None:
        split = [shot.manner == "split" for shot in self.shots]
        if [half is not None for half in self.halves] != split and (self.halves or any(split)):
            raise ValueError("each shot that is split has two windows, and no other")

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
    held = {
        "schema": SCHEMA,
        "path": _held(framing.path),
        "halves": [[_held(one) for one in two] if two is not None else None for two in framing.halves],
        "split_wanted": framing.report.split_wanted,
        "faces": [[[str(at), *box] for at, box in face.seen] for face in framing.faces],
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
        return Framing(
            path=_path(held["path"]),
            report=FramingReport(
                shots=tuple(_shot(shot) for shot in held["shots"]), split_wanted=held["split_wanted"]
            ),
            halves=tuple(_halves(two) if two is not None else None for two in held["halves"]),
            faces=tuple(map(_face, held["faces"])),
        )
    except (KeyError, TypeError, AttributeError, ValueError, ZeroDivisionError) as error:
        raise FramingUnreadable(f"not a {SCHEMA}: {error}") from error


def _held(path: CropPath) -> dict[str, Any]:
    return {
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
    }


def _path(held: dict[str, Any]) -> CropPath:
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
    return CropPath(raster_in_source=Raster(*held["raster"]), width=width, height=height, glides=glides)


def _halves(held: list[dict[str, Any]]) -> Halves:
    upper, lower = held
    return _path(upper), _path(lower)


def _face(held: list[list[Any]]) -> FacePath:
    return FacePath(
        seen=tuple((Fraction(at), (left, top, right, bottom)) for at, left, top, right, bottom in held)
    )


def _shot(held: dict[str, Any]) -> ShotFraming:
    return ShotFraming(**{**held, "range_in_source": _time_range(held["range_in_source"])})


def _range(span: TimeRange) -> list[str]:
    return [str(span.start), str(span.end)]


def _time_range(held: list[Any]) -> TimeRange:
    start, end = held
    return TimeRange(Fraction(start), Fraction(end))
