"""From faces to a framing: who is followed, where they stand, what is said when there is nobody."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reels.framing import (
    SUBPIXELS,
    Face,
    Framing,
    FramingUnreadable,
    Seen,
    Sighting,
    follow,
    framing_from_json,
    framing_json,
    has_room,
    whole_in_window,
)
from reels.framing.tracks import lasting_tracks
from reels.geometry import Raster
from reels.timing import TimeRange

WIDE = Raster(1920, 1080)
UPRIGHT = Fraction(9, 16)
RATE = 4
APART = Fraction(1, RATE)

Where = Callable[[int], "list[tuple[float, float]]"]
"""Number of a look → middles across (parts of the picture) and heights (pixels) of its faces."""


def face(middle: float, height: float = 200.0, *, raster: Raster = WIDE, down: float = 0.4) -> Face:
    x, y = middle * raster.width, down * raster.height
    return Face(
        left=round(SUBPIXELS * (x - 0.4 * height)),
        right=round(SUBPIXELS * (x + 0.4 * height)),
        top=round(SUBPIXELS * (y - height / 2)),
        bottom=round(SUBPIXELS * (y + height / 2)),
        eyes=round(SUBPIXELS * (y - 0.15 * height)),
        score=900,
    )


def sighting(looks: int, where: Where, *, cuts: tuple[Fraction, ...] = (), raster: Raster = WIDE) -> Sighting:
    return Sighting(
        raster_in_source=raster,
        range_in_source=TimeRange(Fraction(0), looks * APART),
        looks_per_second=RATE,
        seen=tuple(
            Seen(at=n * APART, faces=tuple(sorted(face(m, h, raster=raster) for m, h in where(n))))
            for n in range(looks)
        ),
        cuts=cuts,
    )


def middle(framing: Framing, at: Fraction | int) -> float:
    """Of the window, in parts of the picture's width."""
    path = framing.path
    return (path.place(Fraction(at))[0] + path.width / 2) / SUBPIXELS / path.raster_in_source.width


# --- tracks ----------------------------------------------------------------------------------------------


def tracks_of(looks: int, where: Where) -> list[list[Fraction]]:
    return [
        [at for at, _ in track.seen] for track in lasting_tracks(sighting(looks, where).seen, apart=APART)
    ]


@pytest.mark.parametrize(("sure", "people"), [(0, 0), (1, 0), (4, 0), (5, 1), (20, 1)])
def test_what_is_hardly_ever_surely_a_face_is_no_person(sure: int, people: int) -> None:
    """Somebody who looks away most of the time is one; a texture that looks a little like a face all the time is none."""
    seen = tuple(
        replace(one, faces=tuple(replace(found, sure=n % 20 < sure) for found in one.faces))
        for n, one in enumerate(sighting(20, lambda n: [(0.3, 200)]).seen)
    )
    assert len(lasting_tracks(seen, apart=APART)) == people


def test_a_face_that_flashes_up_is_no_person() -> None:
    assert tracks_of(20, lambda n: [(0.3, 200)] if 8 <= n < 10 else []) == []
    assert tracks_of(20, lambda n: [(0.3, 200)] if 8 <= n < 11 else []) == []
    assert len(tracks_of(20, lambda n: [(0.3, 200)] if 8 <= n < 12 else [])) == 1


def test_a_face_that_is_missed_now_and_then_stays_one_person() -> None:
    found = tracks_of(24, lambda n: [(0.3 + n / 100, 200)] if n % 4 != 2 and n not in (12, 13) else [])
    assert len(found) == 1
    assert found[0][-1] == 23 * APART


def test_faces_that_flicker_all_over_the_picture_are_nobody() -> None:
    assert tracks_of(40, lambda n: [((n * 37 % 100) / 100, 60 + 40 * (n % 5))]) == []


def test_two_people_who_pass_each_other_stay_two() -> None:
    def where(n: int) -> list[tuple[float, float]]:
        return [(0.2 + n * 0.03, 180), (0.8 - n * 0.03, 260)]

    found = lasting_tracks(sighting(20, where).seen, apart=APART)
    assert len(found) == 2
    for track in found:
        heights = {one.height for _, one in track.seen}
        assert max(heights) - min(heights) <= SUBPIXELS


def test_somebody_who_runs_is_one_person() -> None:
    assert len(tracks_of(8, lambda n: [(0.1 + n * 0.11, 150)])) == 1


# --- whom and where --------------------------------------------------------------------------------------


def test_a_person_is_followed_and_the_report_says_so() -> None:
    framing = follow(sighting(40, lambda n: [(0.2 + n * 0.015, 200)]), UPRIGHT)
    assert [shot.manner for shot in framing.shots] == ["follow"]
    assert framing.report.share_whole == 1
    assert "follows a person" in framing.report.sentence
    assert "한 사람" in framing.report.sentence.ko
    assert middle(framing, 1) == pytest.approx(0.26, abs=0.06)
    assert middle(framing, 9) == pytest.approx(0.74, abs=0.06)


def test_without_a_face_the_picture_is_fitted_and_the_report_says_so() -> None:
    framing = follow(sighting(12, lambda n: []), UPRIGHT)
    assert [shot.manner for shot in framing.shots] == ["fit"]
    assert middle(framing, 1) == pytest.approx(0.5, abs=0.001)
    assert "no face" in framing.report.sentence
    assert "blurred" in framing.report.sentence
    centred = follow(sighting(12, lambda n: []), UPRIGHT, nobody="centre")
    assert [shot.manner for shot in centred.shots] == ["centre"]
    assert "middle" in centred.report.sentence
    assert centred.path == framing.path


def test_a_passer_by_is_not_what_a_shot_is_about() -> None:
    framing = follow(sighting(80, lambda n: [(0.1 + n * 0.05, 90)] if n < 5 else []), UPRIGHT)
    assert [shot.manner for shot in framing.shots] == ["fit"]


def test_the_window_jumps_at_a_shot_and_nowhere_else() -> None:
    cut = Fraction(253, 50)
    framing = follow(sighting(40, lambda n: [(0.2 if n * APART < cut else 0.8, 200)], cuts=(cut,)), UPRIGHT)
    frames = [framing.path.place(Fraction(n, 50))[0] for n in range(500)]
    jumps = [n for n in range(1, 500) if abs(frames[n] - frames[n - 1]) > 40 * SUBPIXELS]
    assert jumps == [253]
    assert [shot.range_in_source.start for shot in framing.shots] == [0, cut]


def test_shots_are_framed_each_in_its_manner() -> None:
    cut = Fraction(5)
    framing = follow(sighting(40, lambda n: [(0.2, 200)] if n < 20 else [], cuts=(cut,)), UPRIGHT)
    assert [shot.manner for shot in framing.shots] == ["follow", "fit"]
    assert "no face in 1 of 2 shots" in framing.report.sentence
    assert "2개 가운데 1개" in framing.report.sentence.ko


def test_two_who_fit_are_shown_together() -> None:
    framing = follow(sighting(20, lambda n: [(0.45, 120), (0.58, 130)]), UPRIGHT)
    assert framing.shots[0].people == 2
    assert framing.report.share_whole == 1
    assert middle(framing, 2) == pytest.approx(0.515, abs=0.02)


def test_of_two_who_do_not_fit_the_larger_is_followed() -> None:
    framing = follow(sighting(20, lambda n: [(0.2, 150), (0.8, 220)]), UPRIGHT)
    assert framing.shots[0].people == 1
    assert middle(framing, 2) == pytest.approx(0.8, abs=0.05)


def test_of_two_alike_the_one_who_stays_longer_is_followed() -> None:
    framing = follow(sighting(40, lambda n: [(0.2, 200)] if n >= 30 else [(0.2, 200), (0.8, 200)]), UPRIGHT)
    assert middle(framing, 3) == pytest.approx(0.2, abs=0.05)


def test_who_comes_after_the_other_has_gone_is_followed_then() -> None:
    framing = follow(sighting(60, lambda n: [(0.2, 200)] if n < 30 else [(0.8, 200)]), UPRIGHT)
    assert middle(framing, 3) == pytest.approx(0.2, abs=0.05)
    assert middle(framing, 13) == pytest.approx(0.8, abs=0.05)


def test_somebody_nearer_who_walks_through_takes_nobodys_place() -> None:
    def where(n: int) -> list[tuple[float, float]]:
        return [(0.2, 200), *([(0.8, 260)] if 30 <= n < 36 else [])]

    framing = follow(sighting(60, where), UPRIGHT)
    assert middle(framing, 8) == pytest.approx(0.2, abs=0.03)


def test_nobody_beside_is_cut_in_two_where_that_can_be_helped() -> None:
    # They do not fit together; centred on the first, the window's right edge would go through the second.
    first, second = (0.40, 220.0), (0.592, 200.0)
    framing = follow(sighting(20, lambda n: [first, second]), UPRIGHT)
    assert framing.shots[0].people == 1
    path = framing.path
    left = path.place(Fraction(2))[0]
    right = left + path.width
    assert face(*second).left < face(*first).left + face(*first).width // 2 + path.width // 2
    assert face(*second).left >= right - SUBPIXELS
    assert left <= face(*first).left
    assert face(*first).right <= right


def test_a_window_waits_and_then_drifts_home_when_somebody_has_left() -> None:
    framing = follow(sighting(120, lambda n: [(0.85, 200)] if n < 30 else []), UPRIGHT)
    assert middle(framing, 8) == pytest.approx(middle(framing, 4), abs=0.03)
    assert middle(framing, 25) < 0.70


def test_a_face_larger_than_the_window_is_held_in_the_middle() -> None:
    framing = follow(sighting(20, lambda n: [(0.5, 900)]), UPRIGHT)
    assert middle(framing, 2) == pytest.approx(0.5, abs=0.02)
    assert framing.report.share_whole == 0


def test_where_the_window_can_go_up_and_down_eyes_stand_at_a_third() -> None:
    tall = Raster(1080, 2400)
    seen = Sighting(
        raster_in_source=tall,
        range_in_source=TimeRange(Fraction(0), Fraction(5)),
        looks_per_second=RATE,
        seen=tuple(Seen(at=n * APART, faces=(face(0.5, 300, raster=tall, down=0.4),)) for n in range(20)),
        cuts=(),
    )
    framing = follow(seen, UPRIGHT)
    left, top = framing.path.place(Fraction(2))
    assert left == 0
    eyes = (seen.seen[0].faces[0].eyes - top) / framing.path.height
    assert eyes == pytest.approx(1 / 3, abs=0.05)


def test_a_shot_without_a_look_and_an_odd_range_are_framed_too() -> None:
    odd = Sighting(
        raster_in_source=WIDE,
        range_in_source=TimeRange(Fraction(1, 7), Fraction(23, 9)),
        looks_per_second=RATE,
        seen=tuple(Seen(at=n * APART, faces=(face(0.3),)) for n in range(1, 11)),
        cuts=(Fraction(26, 25), Fraction(27, 25)),
    )
    framing = follow(odd, UPRIGHT)
    assert [shot.manner for shot in framing.shots] == ["follow", "fit", "follow"]
    assert framing.path.glides[0].range_in_source.start == Fraction(1, 7)
    assert framing.path.glides[-1].range_in_source.end == Fraction(23, 9)


def test_a_hole_in_damaged_footage_shifts_nobody() -> None:
    whole = sighting(40, lambda n: [(0.2 if n < 20 else 0.8, 200)])
    torn = replace(whole, seen=(*whole.seen[:8], *whole.seen[16:]))
    framing = follow(torn, UPRIGHT)
    assert middle(framing, 1) == pytest.approx(0.2, abs=0.06)
    assert middle(framing, 9) == pytest.approx(0.8, abs=0.06)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.lists(
            st.tuples(st.floats(min_value=0.1, max_value=0.9), st.floats(min_value=60, max_value=500)),
            max_size=3,
        ),
        min_size=1,
        max_size=24,
    ),
    st.sampled_from([Fraction(9, 16), Fraction(1), Fraction(4, 5), Fraction(16, 9)]),
    st.lists(st.integers(min_value=1, max_value=200), max_size=2, unique=True),
)
def test_whatever_was_seen_gives_a_framing_that_keeps_its_limits(
    faces: list[list[tuple[float, float]]], aspect: Fraction, cuts: list[int]
) -> None:
    borders = tuple(sorted(at for n in cuts if (at := Fraction(n, 33)) < len(faces) * APART))
    seen = sighting(len(faces), lambda n: faces[n], cuts=borders)
    framing = follow(seen, aspect)
    assert framing == follow(seen, aspect)
    assert framing_from_json(framing_json(framing)) == framing
    assert len(framing.path.glides) == len(borders) + 1
    window = (framing.path.width, framing.path.height)
    fastest = window[0] * 0.9 / 50 + 2
    for glide in framing.path.glides:
        frames = range(int(glide.range_in_source.start * 50) + 1, int(glide.range_in_source.end * 50) - 1)
        places = [framing.path.place(Fraction(n, 50)) for n in frames]
        assert all(abs(b[0] - a[0]) <= fastest for a, b in itertools.pairwise(places))


def test_only_a_window_that_can_move_needs_faces() -> None:
    assert has_room(WIDE, UPRIGHT)
    assert not has_room(Raster(1080, 1920), UPRIGHT)
    assert not has_room(Raster(1081, 1921), UPRIGHT)
    assert has_room(Raster(1080, 1920), Fraction(1))


def test_a_face_is_whole_only_with_both_ends_inside() -> None:
    one = face(0.5, 200)
    window = (one.width, one.height)
    assert whole_in_window(one, (one.left, one.top), window)
    assert not whole_in_window(one, (one.left + 1, one.top), window)
    assert not whole_in_window(one, (one.left - 1, one.top), window)


def test_text_of_another_kind_is_refused() -> None:
    for text in ("", "[]", "{}", '{"schema": "reels/framing/2"}', '{"schema": "reels/sighting/1"}'):
        with pytest.raises(FramingUnreadable):
            framing_from_json(text)
