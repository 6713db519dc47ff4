"""Where the cover's title leaves faces free. Boxes in pixels of one raster; `art.cover` says what the places are."""

from __future__ import annotations

from collections.abc import Sequence

from reels.geometry import Box

__all__ = ["free_of_title", "title_place"]


def title_place(places: Sequence[Box], faces: Sequence[Box]) -> int:
    """The number of the first of `places` that touches no face; of that with the least of them where all do."""
    covered = [_covered(place, faces) for place in places]
    return covered.index(min(covered))


def free_of_title(places: Sequence[Box], face: Box) -> bool:
    """Whether a title has a place beside the face; no places: there is no title."""
    return not places or any(place.intersection(face) is None for place in places)


def _covered(place: Box, faces: Sequence[Box]) -> int:
    common = (place.intersection(face) for face in faces)
    return sum(one.width * one.height for one in common if one is not None)
