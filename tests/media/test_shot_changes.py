"""Shot changes on made films: how many cuts are found, and what is wrongly taken for one."""

from __future__ import annotations

from fractions import Fraction

import pytest

from reels.framing.shots import shot_changes
from tests.media.cut_films import RATE, CutFilm, cut_films, quiet_films, thumbnails

Judged = tuple[CutFilm, tuple[int, ...]]


@pytest.fixture(scope="module")
def judged() -> list[Judged]:
    """Each film and the cuts that are found in it."""
    found = []
    for film in (*cut_films(), *quiet_films(streets=(3,))):
        small = thumbnails(film.frames)
        times = [Fraction(number, RATE) for number in range(len(small))]
        found.append((film, shot_changes(small, times)))
    return found


def test_of_a_hundred_cuts_95_are_found_on_their_frame(judged: list[Judged]) -> None:
    cuts = sum(len(film.cuts) for film, _ in judged)
    found = sum(len(set(film.cuts) & set(told)) for film, told in judged)
    assert cuts > 50
    assert found >= 0.95 * cuts


def test_of_a_hundred_cuts_told_97_are_cuts(judged: list[Judged]) -> None:
    told = sum(len(numbers) for _, numbers in judged)
    false = [
        (film.name, set(numbers) - set(film.cuts))
        for film, numbers in judged
        if set(numbers) - set(film.cuts)
    ]
    assert sum(len(numbers) for _, numbers in false) <= 0.03 * told, false


def test_every_cut_between_two_streets_seen_at_rest_is_found(judged: list[Judged]) -> None:
    """Houses, sky and road stand alike in all of them."""
    at_rest = [
        one for one in judged if one[0].name.startswith(("street", "hand-held, street")) and one[0].cuts
    ]
    assert len(at_rest) == 14
    assert all(film.cuts == told for film, told in at_rest)
