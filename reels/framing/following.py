"""From what was seen to the path of the crop: shot by shot, whom to follow, where they should stand, how to get there.

Pure: `Sighting` → `Framing`. `look` comes before; `plan` lays the path over the chunks, `graph.crop` draws it.
"""

from __future__ import annotations

import itertools
import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from reels.framing.faces import SUBPIXELS, Face, Seen, Sighting
from reels.framing.path import CropPath, Glide, largest_window
from reels.framing.result import FacePath, Framing, FramingReport, Halves, Manner, ShotFraming
from reels.framing.smooth import Pace, Wish, smooth_path
from reels.framing.split import half_window, pair_of
from reels.framing.subject import Choice, choose_subjects
from reels.framing.tracks import Track, lasting_tracks
from reels.geometry import Raster
from reels.timing import TimeRange

__all__ = ["follow", "has_room", "whole_in_window"]

# Around a face from brow to chin, in faces: hair and ears belong to a head.
_BESIDE = Fraction(1, 4)
_ABOVE = Fraction(1, 3)
_BELOW = Fraction(1, 8)

_EYES_AT = Fraction(1, 3)
"""Of the window's height from its top, by the rule of thirds."""
_EYES_IN_HALVES = Fraction(11, 20), Fraction(3, 20)
"""Towards the middle of the screen: a title stands above, a lower third and subtitles below."""
_DEAD_ZONE = Fraction(1, 12)
"""Of the window's length, to either side: within it nobody is followed."""

_HELD = Fraction(2)
"""Seconds that the window waits where somebody was seen last, before it drifts home."""
_HOLDING, _DRIFTING = 0.3, 0.06
_HOME = Fraction(1, 6)
"""Of the room, to either side of the middle: as near as a window must drift that has nobody to follow."""

_LEAST_SHARE = Fraction(1, 5)
_ENOUGH_SEEN = Fraction(3, 2)
"""Somebody who is seen for less than this share of a shot and less than these seconds is not what it is about."""


def has_room(raster_in_source: Raster, aspect: Fraction) -> bool:
    """Whether a window of `aspect` leaves two pixels or more to move; without, there is nothing to look for."""
    width, height = largest_window(raster_in_source, aspect)
    return (
        max(raster_in_source.width * SUBPIXELS - width, raster_in_source.height * SUBPIXELS - height)
        >= 2 * SUBPIXELS
    )


def follow(
    sighting: Sighting,
    aspect: Fraction,
    *,
    nobody: Manner = "fit",
    split: bool = False,
    pace: Pace | None = None,
) -> Framing:
    """The framing of the sighting's whole range for a window of `aspect`.

    Shots without a face that stays are framed as `nobody` says, `fit` or `centre`. With `split`, two people who stay
    are shown one above the other, each in a window of half the height.
    """
    pace = pace or Pace()
    raster = sighting.raster_in_source
    window = largest_window(raster, aspect)
    glides: list[Glide] = []
    shots: list[ShotFraming] = []
    halves: list[Halves | None] = []
    faces: list[FacePath] = []
    for span in _shots(sighting):
        shot = _Shot.of(sighting, span, window)
        glide, report = shot.framed(nobody, pace)
        two = _split(sighting, shot, 2 * aspect, pace) if split else None
        glides.append(glide)
        shots.append(report if two is None else two[1])
        halves.append(None if two is None else two[0])
        faces += map(_face_path, shot.tracks)
    return Framing(
        path=CropPath(raster_in_source=raster, width=window[0], height=window[1], glides=tuple(glides)),
        report=FramingReport(shots=tuple(shots), split_wanted=split),
        halves=tuple(halves) if any(halves) else (),
        faces=tuple(faces),
    )


def _face_path(track: Track) -> FacePath:
    return FacePath(seen=tuple((at, (f.left, f.top, f.right, f.bottom)) for at, f in track.seen))


def _split(
    sighting: Sighting, shot: _Shot, aspect: Fraction, pace: Pace
) -> tuple[Halves, ShotFraming] | None:
    """The windows of two people of the shot, and what becomes of them; None where there are no two."""
    pair = pair_of(shot.tracks, shot.seen)
    if pair is None:
        return None
    numbers = pair.upper, pair.lower
    paths = []
    for number, other, eyes_at in zip(numbers, numbers[::-1], _EYES_IN_HALVES, strict=True):
        track = shot.tracks[number]
        window = half_window(sighting.raster_in_source, aspect, track, shot.tracks[other])
        half = _Shot.of(sighting, shot.span, window, eyes_at=eyes_at)
        glide = half.alone(number, pace)
        paths.append(
            CropPath(
                raster_in_source=sighting.raster_in_source, width=window[0], height=window[1], glides=(glide,)
            )
        )
    looks = [
        [
            (path, face)
            for path, n in zip(paths, numbers, strict=True)
            if (face := shot.tracks[n].face_at(one.at))
        ]
        for one in shot.seen
    ]
    whole = sum(
        bool(faces)
        and all(whole_in_window(face, path.place(one.at), (path.width, path.height)) for path, face in faces)
        for one, faces in zip(shot.seen, looks, strict=True)
    )
    report = ShotFraming(
        range_in_source=shot.span,
        manner="split",
        people=2,
        looks=len(shot.seen),
        with_face=sum(map(bool, looks)),
        whole_face=whole,
    )
    return (paths[0], paths[1]), report


def whole_in_window(face: Face, place: tuple[int, int], window: tuple[int, int]) -> bool:
    """Whether the face, brow to chin, stands in a window of `window` at `place`; all in sixteenths of a pixel."""
    return (
        place[0] <= face.left
        and place[1] <= face.top
        and face.right <= place[0] + window[0]
        and face.bottom <= place[1] + window[1]
    )


def _shots(sighting: Sighting) -> list[TimeRange]:
    span = sighting.range_in_source
    borders = [span.start, *(cut for cut in sighting.cuts if span.start < cut < span.end), span.end]
    return [TimeRange(a, b) for a, b in itertools.pairwise(borders)]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Axis:
    """One direction of the picture, in sixteenths of a pixel."""

    window: int
    room: int
    down: bool
    eyes_at: Fraction = _EYES_AT

    def wish(self, faces: Sequence[Face], beside: Sequence[Face], weight: float) -> Wish:
        """Where the window should begin so that `faces` stand well in it and nobody of `beside` is cut in two."""
        begin, end = self._whole(faces)
        least, most = Fraction(end - self.window), Fraction(begin)
        best = self._best(faces)
        if least > most:
            # Too large for the window: the middle is as good as it gets.
            least = most = best = Fraction(begin + end - self.window, 2)
        zone = _DEAD_ZONE * self.window
        low, high = _kept(best - zone, least, most), _kept(best + zone, least, most)
        if beside and not self.down:
            low, high = self._past(beside, low, high, least, most)
        scale = self.window
        return Wish(
            least=float(least / scale),
            most=float(most / scale),
            low=float(low / scale),
            high=float(high / scale),
            weight=weight,
        )

    def home(self, weight: float) -> Wish:
        near = _HOME * self.room
        low, high = (
            float((Fraction(self.room, 2) - near) / self.window),
            float((Fraction(self.room, 2) + near) / self.window),
        )
        return Wish(least=0.0, most=self.room / self.window, low=low, high=high, weight=weight)

    def fits(self, faces: Sequence[Face]) -> bool:
        begin, end = self._whole(faces)
        return end - begin <= self.window

    def _whole(self, faces: Sequence[Face]) -> tuple[int, int]:
        """From where to where the heads reach, cut off where the picture ends."""
        reach = self.window + self.room
        if self.down:
            begin = min(face.top - math.floor(_ABOVE * face.height) for face in faces)
            end = max(face.bottom + math.floor(_BELOW * face.height) for face in faces)
        else:
            begin = min(face.left - math.floor(_BESIDE * face.width) for face in faces)
            end = max(face.right + math.floor(_BESIDE * face.width) for face in faces)
        return max(0, begin), min(reach, end)

    def _best(self, faces: Sequence[Face]) -> Fraction:
        if self.down:
            return Fraction(sum(face.eyes for face in faces), len(faces)) - self.eyes_at * self.window
        begin, end = min(face.left for face in faces), max(face.right for face in faces)
        return Fraction(begin + end - self.window, 2)

    def _past(
        self, beside: Sequence[Face], low: Fraction, high: Fraction, least: Fraction, most: Fraction
    ) -> tuple[Fraction, Fraction]:
        """`low` to `high` moved to the nearest places in which no other face is cut by the window's edge."""
        middle = (low + high) / 2
        free = [(max(least, Fraction(0)), min(most, Fraction(self.room)))]
        for face in beside:
            for begin, end in (
                (face.left, face.right),
                (face.left - self.window, face.right - self.window),
            ):
                free = [
                    part
                    for a, b in free
                    for part in ((a, min(b, Fraction(begin))), (max(a, Fraction(end)), b))
                    if part[0] <= part[1]
                ]
        if not free:
            return low, high
        a, b = min(free, key=lambda part: (abs(_kept(middle, *part) - middle), part))
        return _kept(low, a, b), _kept(high, a, b)


def _onward(two: Sequence[Wish], looks: Fraction) -> Wish:
    """What is wanted `looks` after the second of two wishes that are one look apart, if all goes on as it did."""
    before, now = two[0], two[-1]
    if before.weight != now.weight:
        return now
    part = float(looks)
    least, most, low, high = (
        getattr(now, name) + (getattr(now, name) - getattr(before, name)) * part
        for name in ("least", "most", "low", "high")
    )
    return Wish(least=least, most=max(most, least), low=low, high=max(high, low), weight=now.weight)


def _kept(value: Fraction, low: Fraction, high: Fraction) -> Fraction:
    return min(max(value, low), high)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shot:
    """One shot: its looks, the people who stay in it, and the grid of nodes on which its path is sought."""

    span: TimeRange
    seen: tuple[Seen, ...]
    tracks: tuple[Track, ...]
    apart: Fraction
    origin: Fraction
    nodes: int
    across: _Axis
    down: _Axis

    @classmethod
    def of(
        cls, sighting: Sighting, span: TimeRange, window: tuple[int, int], *, eyes_at: Fraction = _EYES_AT
    ) -> _Shot:
        apart = Fraction(1, sighting.looks_per_second)
        seen = tuple(one for one in sighting.seen if one.at in span)
        origin = math.floor(span.start / apart) * apart
        raster = sighting.raster_in_source
        width, height = window
        return cls(
            span=span,
            seen=seen,
            tracks=lasting_tracks(seen, apart=apart),
            apart=apart,
            origin=origin,
            nodes=max(2, math.ceil((span.end - origin) / apart) + 1),
            across=_Axis(window=width, room=SUBPIXELS * raster.width - width, down=False),
            down=_Axis(window=height, room=SUBPIXELS * raster.height - height, down=True, eyes_at=eyes_at),
        )

    def framed(self, nobody: Manner, pace: Pace) -> tuple[Glide, ShotFraming]:
        choices = choose_subjects(
            self.tracks,
            [one.at for one in self.seen],
            apart=self.apart,
            height=self.down.window + self.down.room,
            fits=lambda faces: self.across.fits(faces) and self.down.fits(faces),
        )
        followed = [
            [face for number in choice if (face := self.tracks[number].face_at(one.at)) is not None]
            for one, choice in zip(self.seen, choices, strict=True)
        ]
        there = [faces for faces in followed if faces]
        if not self._is_about(len(there)):
            middle = self._glide((self.across.room // 2,), (self.down.room // 2,))
            return middle, self._report(nobody, [[] for _ in self.seen], middle)
        lefts, tops = (self._points(axis, choices, followed, pace) for axis in (self.across, self.down))
        glide = self._glide(lefts, tops)
        return glide, self._report("follow", followed, glide)

    def alone(self, number: int, pace: Pace) -> Glide:
        """The window's way after one track, whoever else is there."""
        choices: list[Choice] = [(number,)] * len(self.seen)
        faces = [[face] if (face := self.tracks[number].face_at(one.at)) else [] for one in self.seen]
        lefts, tops = (self._points(axis, choices, faces, pace) for axis in (self.across, self.down))
        return self._glide(lefts, tops)

    def _is_about(self, looks_with_face: int) -> bool:
        return looks_with_face > 0 and (
            looks_with_face >= _LEAST_SHARE * len(self.seen) or looks_with_face * self.apart >= _ENOUGH_SEEN
        )

    def _points(
        self, axis: _Axis, choices: Sequence[Choice], followed: Sequence[Sequence[Face]], pace: Pace
    ) -> tuple[int, ...]:
        """Control points along one axis, in sixteenths of a pixel; one where the window stands."""
        if axis.room <= 0:
            return (0,)
        wishes = self._wishes(axis, choices, followed)
        found = smooth_path(wishes, room=axis.room / axis.window, step_s=float(self.apart), pace=pace)
        points = tuple(min(max(round(float(x) * axis.window), 0), axis.room) for x in found)
        # What moves by less than a pixel in a whole shot stands.
        if max(points) - min(points) < SUBPIXELS:
            return (sorted(points)[len(points) // 2],)
        return points

    def _wishes(
        self, axis: _Axis, choices: Sequence[Choice], followed: Sequence[Sequence[Face]]
    ) -> list[Wish]:
        at_looks = self._wishes_at_looks(axis, choices, followed)
        looks = [one.at for one in self.seen]
        first, last = looks[0], looks[-1]
        wishes = []
        for node in range(self.nodes):
            at = self.origin + node * self.apart
            if at > last:
                wishes.append(_onward(at_looks[-2:], (at - last) / self.apart))
            elif at < first:
                wishes.append(_onward(at_looks[1::-1], (first - at) / self.apart))
            else:
                # Damaged footage may have a hole: what was wanted before it holds.
                wishes.append(at_looks[bisect_right(looks, at) - 1])
        return wishes

    def _wishes_at_looks(
        self, axis: _Axis, choices: Sequence[Choice], followed: Sequence[Sequence[Face]]
    ) -> list[Wish]:
        wishes: list[Wish] = []
        last: tuple[Fraction, Sequence[Face]] | None = None
        for one, choice, faces in zip(self.seen, choices, followed, strict=True):
            if faces:
                last = (one.at, faces)
                beside = [
                    face
                    for number, track in enumerate(self.tracks)
                    if number not in choice and (face := track.face_at(one.at)) is not None
                ]
                wishes.append(axis.wish(faces, beside, 1.0))
            elif last is None:
                wishes.append(axis.home(0.0))
            elif one.at - last[0] <= _HELD:
                wishes.append(axis.wish(last[1], (), _HOLDING))
            else:
                wishes.append(axis.home(_DRIFTING))
        return wishes

    def _glide(self, lefts: tuple[int, ...], tops: tuple[int, ...]) -> Glide:
        return Glide(range_in_source=self.span, origin=self.origin, step=self.apart, lefts=lefts, tops=tops)

    def _report(self, manner: Manner, followed: Sequence[Sequence[Face]], glide: Glide) -> ShotFraming:
        window = (self.across.window, self.down.window)
        with_face = [(one.at, faces) for one, faces in zip(self.seen, followed, strict=True) if faces]
        whole = sum(
            all(whole_in_window(face, glide.place(at), window) for face in faces) for at, faces in with_face
        )
        return ShotFraming(
            range_in_source=self.span,
            manner=manner,
            people=max((len(faces) for _, faces in with_face), default=0),
            looks=len(self.seen),
            with_face=len(with_face),
            whole_face=whole,
        )
