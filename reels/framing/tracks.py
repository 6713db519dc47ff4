"""Faces over time: which face of one look is the same person in the next, and which was no face at all.

Pure. One shot at a time: nobody is followed across a cut. `look` comes before, `subject` after.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from reels.framing.faces import Face, Seen

__all__ = ["Track", "lasting_tracks"]

_BRIDGED = Fraction(1)
"""Seconds that a face may be hidden or missed and still be taken for the same."""
_LASTING = Fraction(3, 5)
"""Seconds that a face must last to be believed."""
_FEWEST_LOOKS = 3
_SHARE_SEEN = Fraction(2, 5)
"""Of the looks between first and last, in how many it must be found."""
_FEWEST_SURE = 2
_SHARE_SURE = Fraction(1, 4)
"""Of the looks in which it was found, in how many it must surely be a face; the others may be half turned away."""
_FARTHEST = Fraction(8, 5)
"""Heads that a face may move from one look to the next, away from where its motion leads."""
_OTHER_SIZE = Fraction(9, 5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """One face through a shot: when it was found, in order, never twice at once."""

    seen: tuple[tuple[Fraction, Face], ...]

    @property
    def start(self) -> Fraction:
        return self.seen[0][0]

    @property
    def end(self) -> Fraction:
        """The last time it was found."""
        return self.seen[-1][0]

    def face_at(self, at: Fraction) -> Face | None:
        """The face at source second `at`; between two looks on the line between them, None before and after."""
        if not self.start <= at <= self.end:
            return None
        after = bisect_left(self.seen, at, key=lambda one: one[0])
        time_b, b = self.seen[after]
        if at == time_b:
            return b
        time_a, a = self.seen[after - 1]
        return _between(a, b, (at - time_a) / (time_b - time_a))


def lasting_tracks(seen: Sequence[Seen], *, apart: Fraction) -> tuple[Track, ...]:
    """The faces of one shot that stay; `seen` are its looks, `apart` seconds from each other.

    In a shot that is shorter than a face must last, it must be there in every look.
    """
    open_tracks: list[list[tuple[Fraction, Face]]] = []
    closed: list[list[tuple[Fraction, Face]]] = []
    for one in seen:
        still_open: list[list[tuple[Fraction, Face]]] = []
        for track in open_tracks:
            (still_open if one.at - track[-1][0] <= _BRIDGED else closed).append(track)
        open_tracks = still_open
        _attach(open_tracks, one, apart)
    whole = [Track(seen=tuple(track)) for track in [*closed, *open_tracks]]
    lasting = [track for track in whole if _lasts(track, seen, apart)]
    return tuple(sorted(lasting, key=lambda track: (track.start, track.seen[0][1])))


def _lasts(track: Track, seen: Sequence[Seen], apart: Fraction) -> bool:
    found = len(track.seen)
    length = track.end - track.start
    sure = sum(face.sure for _, face in track.seen)
    if sure < min(found, _FEWEST_SURE) or sure < _SHARE_SURE * found:
        return False
    if (len(seen) - 1) * apart < _LASTING:
        return found == len(seen)
    looks = length / apart + 1
    return length >= _LASTING and found >= _FEWEST_LOOKS and found >= _SHARE_SEEN * looks


def _attach(tracks: list[list[tuple[Fraction, Face]]], one: Seen, apart: Fraction) -> None:
    """Each face to the track that leads to it most closely, nearest pair first; a face alone begins a track."""
    pairs = sorted(
        (distance, number, order)
        for number, track in enumerate(tracks)
        for order, face in enumerate(one.faces)
        if (distance := _distance(track, one.at, face, apart)) is not None
    )
    taken_tracks: set[int] = set()
    taken_faces: set[int] = set()
    for _, number, order in pairs:
        if number not in taken_tracks and order not in taken_faces:
            taken_tracks.add(number)
            taken_faces.add(order)
            tracks[number].append((one.at, one.faces[order]))
    for order, face in enumerate(one.faces):
        if order not in taken_faces:
            tracks.append([(one.at, face)])


def _distance(
    track: Sequence[tuple[Fraction, Face]], at: Fraction, face: Face, apart: Fraction
) -> Fraction | None:
    """How unlike, in heads, the face is to where the track leads; None where it cannot be the same."""
    time, last = track[-1]
    size = max(last.height, face.height)
    if size > _OTHER_SIZE * min(last.height, face.height):
        return None
    x, y = _middle(last)
    looks = (at - time) / apart
    reach = _FARTHEST * (1 + (looks - 1) / 2)
    if len(track) > 1:
        (time_a, a), (time_b, b) = track[-2], track[-1]
        part = min(at - time, _BRIDGED / 2) / (time_b - time_a)
        before = _middle(a)
        now = _middle(b)
        x, y = x + (now[0] - before[0]) * part, y + (now[1] - before[1]) * part
    away_x, away_y = _middle(face)[0] - x, _middle(face)[1] - y
    away = max(abs(away_x), abs(away_y)) / size
    if away > reach:
        return None
    # Where two pass each other only their sizes tell them apart.
    return away + Fraction(abs(last.height - face.height), size)


def _middle(face: Face) -> tuple[Fraction, Fraction]:
    return Fraction(face.left + face.right, 2), Fraction(face.top + face.bottom, 2)


def _between(a: Face, b: Face, part: Fraction) -> Face:
    names = ("left", "top", "right", "bottom", "eyes", "score")
    values = {name: round(getattr(a, name) + (getattr(b, name) - getattr(a, name)) * part) for name in names}
    return Face(**values, sure=a.sure and b.sure)
