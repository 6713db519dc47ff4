"""Where heads are in the finished picture: seen through the window, cut as the programme is, nowhere outside it."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from reels.edit import EditList, InsertedCard, Removed, cut_clips, with_cards, without
from reels.framing import CropPath, FacePath, Framing, FramingReport, Glide, Manner, ShotFraming
from reels.geometry import PORTRAIT_1080, Box, Raster
from reels.layout import Obstacle
from reels.plan.faces import faces_on_screen
from reels.timing import FrameRange, TimeRange

RATE = Fraction(30)
SOURCE = Raster(1920, 1080)
SUB = 16
"""A face's box and a window are in sixteenths of a source pixel."""
WIDE, TALL = 9720, 17280
"""The window: 607.5 x 1080 pixels, which 1080x1920 shows at 16/9 of their size."""
SCALE = Fraction(16, 9)
PICTURE = Box(0, 0, 1080, 1920)


def still(left: int, shown: TimeRange, top: int = 0) -> Glide:
    """A window that stands at `left` source pixels."""
    return Glide(
        range_in_source=shown, origin=shown.start, step=Fraction(1), lefts=(SUB * left,), tops=(SUB * top,)
    )


def seconds(start: float | Fraction, end: float | Fraction) -> TimeRange:
    return TimeRange(Fraction(start), Fraction(end))


def shot(shown: TimeRange, manner: Manner = "follow") -> ShotFraming:
    return ShotFraming(range_in_source=shown, manner=manner, people=1, looks=3, with_face=3, whole_face=3)


def path(*glides: Glide, width: int = WIDE, height: int = TALL) -> CropPath:
    return CropPath(raster_in_source=SOURCE, width=width, height=height, glides=glides)


def face(*looks: tuple[float | Fraction, tuple[int, int, int, int]]) -> FacePath:
    """A face by its boxes in source pixels at seconds."""
    return FacePath(
        seen=tuple((Fraction(at), (SUB * a, SUB * b, SUB * c, SUB * d)) for at, (a, b, c, d) in looks)
    )


def standing(box: tuple[int, int, int, int], until: int = 10) -> FacePath:
    """Somebody who does not move, looked at three times a second."""
    return face(*[(Fraction(n, 3), box) for n in range(3 * until + 1)])


def framing(window: CropPath, *faces: FacePath, shots: Sequence[ShotFraming] = ()) -> Framing:
    return Framing(
        path=window, report=FramingReport(shots=tuple(shots) or (shot(seconds(0, 10)),)), faces=faces
    )


def one_clip(start: float = 0, end: float = 10) -> EditList:
    return cut_clips([seconds(start, end)], RATE)


def around(found: Sequence[Obstacle]) -> Box:
    boxes = [one.box for one in found]
    return Box(
        min(box.left for box in boxes),
        min(box.top for box in boxes),
        max(box.right for box in boxes),
        max(box.bottom for box in boxes),
    )


def frames_of(found: Sequence[Obstacle]) -> set[int]:
    return {
        frame for one in found if one.frames is not None for frame in range(one.frames.start, one.frames.end)
    }


# --- where -----------------------------------------------------------------------------------------------

HEAD = (900, 300, 1000, 420)


def test_a_face_is_where_the_window_shows_it_with_the_head_around_it() -> None:
    found = faces_on_screen(
        one_clip(), {0: framing(path(still(656, seconds(0, 10))), standing(HEAD))}, PORTRAIT_1080
    )
    box = around(found)
    shown = [int((x - 656) * SCALE) for x in (900, 1000)], [int(y * SCALE) for y in (300, 420)]
    (left, right), (top, bottom) = shown
    assert box.left <= left < right <= box.right
    assert box.top <= top < bottom <= box.bottom
    assert 1.2 < box.width / (right - left) < 1.6, "ears"
    assert 1.3 < box.height / (bottom - top) < 1.8, "hair and chin"
    assert top - box.top > 2 * (box.bottom - bottom), "more hair than chin"
    assert len({one.box for one in found}) == 1


def test_the_box_goes_the_other_way_as_the_window_does() -> None:
    def left_edge(window: int) -> int:
        found = faces_on_screen(
            one_clip(), {0: framing(path(still(window, seconds(0, 10))), standing(HEAD))}, PORTRAIT_1080
        )
        return around(found).left

    assert left_edge(656) - left_edge(746) == 160
    assert left_edge(566) - left_edge(656) == 160


def test_a_window_that_pans_takes_the_box_with_it() -> None:
    glide = Glide(
        range_in_source=seconds(0, 10),
        origin=Fraction(0),
        step=Fraction(10),
        lefts=(SUB * 400, SUB * 600, SUB * 800, SUB * 1000),
        tops=(0,),
    )
    found = faces_on_screen(one_clip(), {0: framing(path(glide), standing(HEAD))}, PORTRAIT_1080)
    early = around([one for one in found if one.frames is not None and one.frames.end <= 15])
    late = around([one for one in found if one.frames is not None and one.frames.start >= 285])
    assert early.left - late.left > 250
    for one in found:
        assert one.frames is not None
        window = glide.place(one.frames.start / RATE)[0] / SUB
        assert abs(one.box.left - (900 - 100 / 6 - window) * float(SCALE)) < 20


def test_who_is_outside_of_the_window_is_nowhere_and_who_is_half_in_it_is_cut_at_its_edge() -> None:
    window = path(still(656, seconds(0, 10)))
    outside = framing(window, standing((100, 300, 200, 420)))
    assert faces_on_screen(one_clip(), {0: outside}, PORTRAIT_1080) == ()
    half = framing(window, standing((600, 300, 700, 420)))
    box = around(faces_on_screen(one_clip(), {0: half}, PORTRAIT_1080))
    assert box.left == 0
    assert 78 < box.right < 78 + 60


def test_a_smaller_window_shows_a_larger_head() -> None:
    close = path(still(850, seconds(0, 10), top=250), width=WIDE // 2, height=TALL // 2)
    far = path(still(656, seconds(0, 10)))
    boxes = [
        around(faces_on_screen(one_clip(), {0: framing(window, standing(HEAD))}, PORTRAIT_1080))
        for window in (close, far)
    ]
    assert abs(boxes[0].width - 2 * boxes[1].width) <= 3
    assert abs(boxes[0].height - 2 * boxes[1].height) <= 3


def test_a_smaller_picture_has_smaller_boxes_in_the_same_places() -> None:
    seen = framing(path(still(656, seconds(0, 10))), standing(HEAD))
    large = around(faces_on_screen(one_clip(), {0: seen}, PORTRAIT_1080))
    small = around(faces_on_screen(one_clip(), {0: seen}, Raster(720, 1280)))
    for one, other in zip(
        (large.left, large.top, large.right, large.bottom),
        (small.left, small.top, small.right, small.bottom),
        strict=True,
    ):
        assert abs(one * 2 - other * 3) <= 5


def test_a_shot_that_is_shown_whole_on_a_blurred_ground_tells_of_nobody() -> None:
    seen = framing(
        path(still(656, seconds(0, 10))),
        standing(HEAD),
        shots=[shot(seconds(0, 4), "fit"), shot(seconds(4, 10))],
    )
    found = faces_on_screen(one_clip(), {0: seen}, PORTRAIT_1080)
    assert min(frames_of(found)) >= 119
    assert 120 in frames_of(found)


def test_two_people_one_above_the_other_are_each_in_their_own_half() -> None:
    left, right = (path(still(x, seconds(0, 10)), width=16 * 720, height=16 * 640) for x in (100, 1100))
    seen = Framing(
        path=path(still(656, seconds(0, 10))),
        report=FramingReport(shots=(shot(seconds(0, 10), "split"),)),
        halves=((left, right),),
        faces=(standing((400, 200, 500, 320)), standing((1400, 300, 1500, 420))),
    )
    boxes = {one.box for one in faces_on_screen(one_clip(), {0: seen}, PORTRAIT_1080)}
    upper, lower = sorted(boxes, key=lambda box: box.top)
    assert len(boxes) == 2
    assert Box(0, 0, 1080, 960).contains(upper)
    assert Box(0, 960, 1080, 1920).contains(lower)
    assert upper.left <= int((400 - 100) * 1.5) < int((500 - 100) * 1.5) <= upper.right
    assert lower.top <= 960 + int(300 * 1.5) < 960 + int(420 * 1.5) <= lower.bottom


def test_a_head_at_the_edge_of_its_half_does_not_reach_into_the_other() -> None:
    half = path(still(100, seconds(0, 10)), width=16 * 720, height=16 * 640)
    seen = Framing(
        path=path(still(656, seconds(0, 10))),
        report=FramingReport(shots=(shot(seconds(0, 10), "split"),)),
        halves=((half, half),),
        faces=(standing((400, 560, 500, 700)), standing((600, 5, 700, 100))),
    )
    found = faces_on_screen(one_clip(), {0: seen}, PORTRAIT_1080)
    assert all(one.box.bottom <= 960 or one.box.top >= 960 for one in found)
    assert any(one.box.bottom == 960 for one in found)
    assert any(one.box.top == 960 for one in found)


# --- when ------------------------------------------------------------------------------------------------


def test_a_face_stands_there_from_its_first_look_to_its_last() -> None:
    seen = framing(path(still(656, seconds(0, 10))), face((2, HEAD), (Fraction(7, 3), HEAD), (3, HEAD)))
    found = frames_of(faces_on_screen(one_clip(), {0: seen}, PORTRAIT_1080))
    assert set(range(60, 91)) <= found
    assert found <= set(range(59, 101))


def test_clips_in_which_nobody_looked_have_no_faces() -> None:
    assert faces_on_screen(one_clip(), {}, PORTRAIT_1080) == ()
    assert (
        faces_on_screen(
            one_clip(), {1: framing(path(still(656, seconds(0, 10))), standing(HEAD))}, PORTRAIT_1080
        )
        == ()
    )


def test_what_is_cut_away_takes_its_faces_with_it_and_moves_the_later_ones() -> None:
    away = Removed(clip=0, range_in_source=seconds(2, 6), reason="silence")
    cut = without(one_clip(), [away])
    window = path(still(656, seconds(0, 10)))
    gone = framing(window, face((3, HEAD), (4, HEAD), (5, HEAD)))
    assert faces_on_screen(cut, {0: gone}, PORTRAIT_1080) == ()
    later = framing(window, face((7, HEAD), (Fraction(15, 2), HEAD)))
    found = frames_of(faces_on_screen(cut, {0: later}, PORTRAIT_1080))
    # Behind the last look it may still be there, until the next would have been.
    assert set(range(90, 105)) <= found <= set(range(89, 116))


def test_a_face_that_is_seen_across_a_cut_is_there_on_both_sides() -> None:
    away = Removed(clip=0, range_in_source=seconds(2, 6), reason="silence")
    cut = without(one_clip(), [away])
    seen = framing(path(still(656, seconds(0, 10))), face((1, HEAD), (7, HEAD)))
    assert set(range(30, 90)) <= frames_of(faces_on_screen(cut, {0: seen}, PORTRAIT_1080))


def test_a_card_between_clips_moves_the_faces_behind_it_and_has_none_itself() -> None:
    cut = cut_clips([seconds(0, 2), seconds(0, 2)], RATE)
    with_card = with_cards(cut, [InsertedCard(before=1, frames=45)])
    window = path(still(656, seconds(0, 10)))
    framings = {number: framing(window, standing(HEAD)) for number in (0, 1)}
    found = frames_of(faces_on_screen(with_card, framings, PORTRAIT_1080))
    assert found == set(range(60)) | set(range(105, 165))


def test_a_reel_may_begin_late_in_its_footage() -> None:
    seen = framing(path(still(656, seconds(0, 10))), face((4, HEAD), (5, HEAD)))
    found = frames_of(faces_on_screen(one_clip(3.5, 8), {0: seen}, PORTRAIT_1080))
    assert set(range(15, 45)) <= found <= set(range(14, 56))


# --- always ----------------------------------------------------------------------------------------------


@st.composite
def seen_clips(draw: st.DrawFn) -> tuple[EditList, Framing, list[FacePath], list[int]]:
    """A clip in shots with still windows, pieces of it cut away, faces each within one shot."""
    marks = sorted({0, 300, *draw(st.lists(st.integers(1, 299), max_size=3))})
    shots = [seconds(Fraction(a, 30), Fraction(b, 30)) for a, b in pairwise(marks)]
    lefts = [draw(st.integers(0, 1312)) for _ in shots]
    faces = []
    for shown in shots:
        for _ in range(draw(st.integers(0, 2))):
            times = draw(st.lists(st.integers(0, 10), min_size=1, max_size=4, unique=True))
            looks = []
            for part in sorted(times):
                left, top = draw(st.integers(0, 1700)), draw(st.integers(0, 900))
                box = (left, top, left + draw(st.integers(20, 200)), top + draw(st.integers(20, 170)))
                looks.append((shown.start + shown.duration * Fraction(part, 11), box))
            faces.append(face(*looks))
    gone = sorted(draw(st.lists(st.integers(0, 299), max_size=4, unique=True)))
    removed = [
        Removed(clip=0, range_in_source=seconds(Fraction(a, 30), Fraction(b, 30)), reason="silence")
        for a, b in zip(gone[::2], gone[1::2], strict=False)
    ]
    window = path(*[still(left, shown) for left, shown in zip(lefts, shots, strict=True)])
    found = framing(window, *faces, shots=[shot(shown) for shown in shots])
    return without(one_clip(), removed), found, faces, lefts


@given(seen_clips())
def test_nothing_lies_outside_the_picture_and_nothing_while_no_clip_plays(
    made: tuple[EditList, Framing, list[FacePath], list[int]],
) -> None:
    cut, found, _, _ = made
    carded = with_cards(cut, [InsertedCard(before=0, frames=20)])
    footage = {
        frame
        for span in carded.footage
        for frame in range(span.range_in_programme.start, span.range_in_programme.end)
    }
    for one in faces_on_screen(carded, {0: found}, PORTRAIT_1080):
        assert PICTURE.contains(one.box)
        assert one.box.width > 0
        assert one.box.height > 0
        assert one.frames is not None
        assert set(range(one.frames.start, one.frames.end)) <= footage


@given(seen_clips())
def test_every_face_that_was_seen_and_is_shown_is_covered_at_that_moment(
    made: tuple[EditList, Framing, list[FacePath], list[int]],
) -> None:
    cut, found, faces, lefts = made
    obstacles = faces_on_screen(cut, {0: found}, PORTRAIT_1080)
    for one in faces:
        for at, (left, top, right, bottom) in one.seen:
            playing = next(
                (s for s in cut.spans if s.range_in_source.start <= at < s.range_in_source.end), None
            )
            if playing is None:
                continue
            number = next(
                n
                for n, each in enumerate(found.shots)
                if each.range_in_source.start <= at < each.range_in_source.end
            )
            frame = playing.range_in_programme.start + int((at - playing.range_in_source.start) * RATE)
            window = SUB * lefts[number]
            shown = Box(
                int((left - window) * SCALE / SUB),
                int(top * SCALE / SUB),
                int((right - window) * SCALE / SUB),
                int(bottom * SCALE / SUB),
            ).intersection(PICTURE)
            if shown is None:
                continue
            now = [
                each.box
                for each in obstacles
                if each.frames is not None and each.frames.intersection(FrameRange(frame, frame + 1))
            ]
            assert any(box.contains(shown) for box in now)


# --- between looks and behind the last one ---------------------------------------------------------------


def test_a_face_that_moves_far_between_two_looks_leaves_no_hole() -> None:
    moved = framing(
        path(still(656, seconds(0, 10))),
        face((0, (660, 300, 760, 420)), (Fraction(1, 3), (1100, 300, 1200, 420))),
    )
    found = faces_on_screen(one_clip(), {0: moved}, PORTRAIT_1080)
    at_5 = [one for one in found if one.frames is not None and one.frames.start <= 5 < one.frames.end]
    assert any(one.box.left <= 480 <= one.box.right for one in at_5)


def test_a_face_stays_until_the_next_look_would_have_been() -> None:
    looks = [(Fraction(number, 3), HEAD) for number in range(30)]
    seen = framing(path(still(656, seconds(0, 10))), face(*looks))
    assert 299 in frames_of(faces_on_screen(one_clip(), {0: seen}, PORTRAIT_1080))


def test_at_the_end_of_a_shot_the_window_is_still_its_own() -> None:
    window = path(still(656, seconds(0, 5)), still(500, seconds(5, 10)))
    looks = [*((Fraction(number, 3), HEAD) for number in range(14)), (Fraction(149, 30), HEAD)]
    seen = framing(window, face(*looks), shots=[shot(seconds(0, 5)), shot(seconds(5, 10))])
    assert len({one.box for one in faces_on_screen(one_clip(), {0: seen}, PORTRAIT_1080)}) == 1


@given(
    seen_clips(),
    st.lists(st.tuples(st.integers(0, 299), st.integers(1, 90)), max_size=3),
)
def test_who_asks_for_some_frames_is_told_of_them_as_who_asks_for_all(
    made: tuple[EditList, Framing, list[FacePath], list[int]], asked: list[tuple[int, int]]
) -> None:
    cut, found, _, _ = made
    during = [FrameRange(start, start + count) for start, count in asked]
    some = faces_on_screen(cut, {0: found}, PORTRAIT_1080, during=during)
    every = faces_on_screen(cut, {0: found}, PORTRAIT_1080)
    for frames in during:
        assert {one for one in some if one.stands_during(frames)} == {
            one for one in every if one.stands_during(frames)
        }
    assert set(some) <= set(every)


def test_a_head_in_a_window_that_is_held_still_may_be_a_little_elsewhere() -> None:
    seen = framing(path(still(656, seconds(0, 10))), standing(HEAD))
    plain = around(faces_on_screen(one_clip(), {0: seen}, PORTRAIT_1080))
    held = around(faces_on_screen(one_clip(), {0: seen}, PORTRAIT_1080, held={0}))
    assert 70 <= plain.left - held.left <= 100
    assert 70 <= held.bottom - plain.bottom <= 100
    assert PICTURE.contains(held)
    other = around(faces_on_screen(one_clip(), {0: seen}, PORTRAIT_1080, held={1}))
    assert other == plain
