"""Two people one above the other: who they are, how near each is shown, and what is done where there are no two."""

from __future__ import annotations

import math
from fractions import Fraction

from reels.framing import SUBPIXELS, Framing, follow, framing_from_json, framing_json, whole_in_window
from reels.framing.split import half_window, pair_of
from reels.framing.tracks import lasting_tracks

from .test_framing_following import APART, UPRIGHT, WIDE, Where, sighting

LOOKS = 20


def interview(n: int) -> list[tuple[float, float]]:
    return [(0.25 + 0.01 * math.sin(n), 200), (0.72, 160)]


def split(where: Where, *, cuts: tuple[Fraction, ...] = ()) -> Framing:
    return follow(sighting(LOOKS, where, cuts=cuts), UPRIGHT, split=True)


def test_who_sits_at_the_left_is_above_and_both_are_whole_all_the_time() -> None:
    framing = split(interview)
    (shot,) = framing.shots
    assert (shot.manner, shot.people, shot.with_face, shot.whole_face) == ("split", 2, LOOKS, LOOKS)
    (halves,) = framing.halves
    assert halves is not None
    upper, lower = halves
    for seen in sighting(LOOKS, interview).seen:
        left, right = sorted(seen.faces, key=lambda face: face.left)
        for face, other, path in ((left, right, upper), (right, left, lower)):
            place = path.place(seen.at)
            assert whole_in_window(face, place, (path.width, path.height))
            assert other.right < place[0] or other.left > place[0] + path.width, "nobody else looks in"


def test_the_two_look_equally_large_and_keep_clear_of_title_and_subtitles() -> None:
    (halves,) = split(interview).halves
    assert halves is not None
    upper = halves[0]
    faces = sighting(LOOKS, interview).seen[0].faces
    shares = [face.height / path.height for face, path in zip(faces, halves, strict=True)]
    assert abs(shares[0] - shares[1]) < 0.02
    eyes = [
        (face.eyes - path.place(Fraction(0))[1]) / path.height
        for face, path in zip(faces, halves, strict=True)
    ]
    assert eyes[0] > 0.45
    assert eyes[1] < 0.25
    assert abs(Fraction(upper.width, upper.height) - 2 * UPRIGHT) < Fraction(1, 100)


def test_people_who_stand_close_are_shown_closer_but_never_less_than_a_head() -> None:
    seen = sighting(LOOKS, lambda n: [(0.45, 200), (0.56, 200)]).seen
    one, other = lasting_tracks(seen, apart=APART)
    width, height = half_window(WIDE, 2 * UPRIGHT, one, other)
    assert 2 * 200 * SUBPIXELS < height < 3 * 200 * SUBPIXELS
    assert abs(width / height - 9 / 8) < 0.01


def test_one_person_is_followed_and_the_report_says_why_it_is_not_split() -> None:
    framing = split(lambda n: [(0.3, 200)])
    assert [shot.manner for shot in framing.shots] == ["follow"]
    assert framing.halves == ()
    assert framing.report.sentence.startswith(
        "two people do not stay in the picture, so it is not split; follows"
    )
    assert "나누지 않았습니다" in framing.report.sentence.ko


def test_two_who_are_never_there_together_are_no_pair() -> None:
    """The same person, lost in the middle."""

    def where(n: int) -> list[tuple[float, float]]:
        return [(0.3, 200)] if n < 10 else [(0.8, 200)]

    seen = sighting(LOOKS, where).seen
    tracks = lasting_tracks(seen, apart=APART)
    assert len(tracks) == 2
    assert pair_of(tracks, seen) is None


def test_each_shot_is_split_for_itself_and_the_report_counts_the_others() -> None:
    cut = 10 * APART

    def where(n: int) -> list[tuple[float, float]]:
        return interview(n) if n < 10 else [(0.6, 300)]

    framing = split(where, cuts=(cut,))
    assert [shot.manner for shot in framing.shots] == ["split", "follow"]
    assert [half is not None for half in framing.halves] == [True, False]
    assert "1 of 2 shots are not split" in framing.report.sentence
    assert framing_from_json(framing_json(framing)) == framing


def test_without_the_wish_nothing_is_split() -> None:
    framing = follow(sighting(LOOKS, interview), UPRIGHT)
    assert (framing.halves, framing.report.split_wanted) == ((), False)
