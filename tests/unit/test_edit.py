"""The cut: the programme is partitioned by its spans, and source and programme map onto each other."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reels.edit import EditList, InsertedCard, Removed, Span, cut_clips, with_cards, without
from reels.encode import PictureSpec, chunk_frames
from reels.timing import FrameRange, TimeRange

rates = st.sampled_from(
    [Fraction(24), Fraction(25), Fraction(30), Fraction(30000, 1001), Fraction(24000, 1001)]
)


@st.composite
def source_ranges(draw: st.DrawFn) -> TimeRange:
    start = draw(st.fractions(min_value=0, max_value=60, max_denominator=1000))
    length = draw(st.fractions(min_value=Fraction(1, 1000), max_value=20, max_denominator=1000))
    return TimeRange(start, start + length)


@st.composite
def cuts(draw: st.DrawFn) -> EditList:
    return cut_clips(draw(st.lists(source_ranges(), min_size=1, max_size=5)), draw(rates))


@given(st.lists(source_ranges(), min_size=1, max_size=5), rates)
def test_each_clip_plays_from_its_in_point_for_its_length_to_half_a_frame(
    wanted: list[TimeRange], rate: Fraction
) -> None:
    cut = cut_clips(wanted, rate)
    for number, (span, source) in enumerate(zip(cut.spans, wanted, strict=True)):
        assert span.clip == number
        assert span.range_in_source.start == source.start
        off = abs(span.range_in_source.duration - source.duration)
        assert off <= 1 / (2 * rate) or span.range_in_programme.count == 1


@given(cuts())
def test_the_spans_partition_the_programme(cut: EditList) -> None:
    assert cut.spans[0].range_in_programme.start == 0
    for before, after in pairwise(cut.spans):
        assert before.range_in_programme.end == after.range_in_programme.start
    assert sum(span.range_in_programme.count for span in cut.spans) == cut.frame_count
    assert cut.duration * cut.rate == cut.frame_count


@given(cuts(), st.data())
def test_every_frame_has_one_place_in_the_source_and_comes_back(cut: EditList, data: st.DataObject) -> None:
    frame = data.draw(st.integers(min_value=0, max_value=cut.frame_count - 1))
    clip, at = cut.to_source(frame)
    one_frame = TimeRange(at, at + 1 / cut.rate)
    assert TimeRange(frame / cut.rate, (frame + 1) / cut.rate) in cut.to_programme(clip, one_frame)


@given(cuts(), st.data())
def test_later_frames_of_a_clip_come_from_later_in_its_source(cut: EditList, data: st.DataObject) -> None:
    frames = st.integers(min_value=0, max_value=cut.frame_count - 1)
    early, late = sorted((data.draw(frames), data.draw(frames)))
    (clip_of_early, at_early), (clip_of_late, at_late) = cut.to_source(early), cut.to_source(late)
    assert clip_of_early <= clip_of_late
    if clip_of_early == clip_of_late:
        assert at_late - at_early == (late - early) / cut.rate


@given(cuts(), source_ranges(), st.integers(min_value=0, max_value=4))
def test_what_plays_of_a_source_range_lies_in_the_programme_and_lasts_as_long(
    cut: EditList, said: TimeRange, clip: int
) -> None:
    shown = cut.to_programme(clip, said)
    programme = TimeRange(Fraction(0), cut.duration)
    assert all(programme.intersection(part) == part for part in shown)
    heard = [
        common.duration
        for span in cut.spans
        if span.clip == clip and (common := span.range_in_source.intersection(said))
    ]
    assert sum((part.duration for part in shown), Fraction(0)) == sum(heard, Fraction(0))


@given(cuts(), st.integers(min_value=1, max_value=300))
def test_any_grid_of_chunks_shows_each_frame_once_and_from_the_same_place(cut: EditList, length: int) -> None:
    """A chunk's pieces start where the uncut programme is at that frame: no frame is lost at a seam."""
    seen: list[tuple[int, Fraction]] = []
    for start in range(0, cut.frame_count, length):
        frames = FrameRange(start, min(start + length, cut.frame_count))
        position = frames.start
        for piece in cut.within(frames):
            assert piece.range_in_programme.start == position
            assert piece.range_in_source.duration * cut.rate == piece.range_in_programme.count
            seen += [
                (piece.clip, piece.range_in_source.start + n / cut.rate)
                for n in range(piece.range_in_programme.count)
            ]
            position = piece.range_in_programme.end
        assert position == frames.end
    assert seen == [cut.to_source(frame) for frame in range(cut.frame_count)]


# --- cards -----------------------------------------------------------------------------------------------


@st.composite
def pieces_of_clips(draw: st.DrawFn) -> EditList:
    """Clips of which pieces are cut away: of some of them nothing may be left."""
    cut = draw(cuts())
    removed: list[Removed] = []
    for span in cut.spans:
        count = span.range_in_programme.count
        marks = sorted(draw(st.lists(st.integers(0, count), max_size=4, unique=True)))
        if draw(st.integers(0, 3)) == 0:
            marks = [0, count]
        for start, end in zip(marks[::2], marks[1::2], strict=False):
            begin = span.range_in_source.start
            gone = TimeRange(begin + start / cut.rate, begin + end / cut.rate)
            removed.append(Removed(clip=span.clip, range_in_source=gone, reason="silence"))
    return without(cut, removed)


@st.composite
def carded(draw: st.DrawFn) -> tuple[EditList, tuple[InsertedCard, ...]]:
    cut = draw(pieces_of_clips())
    cards = draw(
        st.lists(
            st.builds(InsertedCard, before=st.integers(0, 6), frames=st.integers(1, 200)),
            min_size=1,
            max_size=5,
        )
    )
    return cut, tuple(cards)


@given(carded())
def test_cards_and_clips_together_partition_the_programme(
    made: tuple[EditList, tuple[InsertedCard, ...]],
) -> None:
    cut, cards = made
    whole = with_cards(cut, cards)
    position = 0
    for span in whole.spans:
        assert span.range_in_programme.start == position
        assert span.range_in_source.duration * whole.rate == span.range_in_programme.count > 0
        position = span.range_in_programme.end
    assert position == whole.frame_count == cut.frame_count + sum(card.frames for card in cards)
    assert whole.removed == cut.removed
    assert whole.rate == cut.rate
    assert sorted((*whole.footage, *whole.cards), key=lambda s: s.range_in_programme.start) == list(
        whole.spans
    )


@given(carded())
def test_no_frame_of_a_clip_is_lost_or_changed_by_a_card(
    made: tuple[EditList, tuple[InsertedCard, ...]],
) -> None:
    cut, cards = made
    kept = [(span.clip, span.range_in_source) for span in with_cards(cut, cards).footage]
    assert kept == [(span.clip, span.range_in_source) for span in cut.spans]


@given(carded())
def test_each_card_plays_once_whole_from_its_own_beginning_and_before_the_clip_it_was_put_before(
    made: tuple[EditList, tuple[InsertedCard, ...]],
) -> None:
    cut, cards = made
    whole = with_cards(cut, cards)
    assert sorted(span.clip for span in whole.cards) == list(range(len(cards)))
    for span in whole.cards:
        card = cards[span.clip]
        assert span.range_in_programme.count == card.frames
        assert span.range_in_source == TimeRange(Fraction(0), card.frames / whole.rate)
        before = [s.clip for s in whole.footage if s.range_in_programme.end <= span.range_in_programme.start]
        after = [s.clip for s in whole.footage if s.range_in_programme.start >= span.range_in_programme.end]
        assert all(clip < card.before for clip in before)
        assert all(clip >= card.before for clip in after)
    for one, other in pairwise(whole.cards):
        order = (cards[one.clip].before, one.clip), (cards[other.clip].before, other.clip)
        assert order[0] < order[1], "cards of one place stand in the order given"


@given(carded())
def test_a_card_never_stands_between_two_pieces_of_one_clip(
    made: tuple[EditList, tuple[InsertedCard, ...]],
) -> None:
    whole = with_cards(*made)
    for number in {span.clip for span in whole.footage}:
        plays = whole.of_clip(number)
        assert plays is not None
        assert all(plays.intersection(card.range_in_programme) is None for card in whole.cards)
        mine = [span.range_in_programme for span in whole.footage if span.clip == number]
        assert (plays.start, plays.end) == (mine[0].start, mine[-1].end)


@given(carded(), source_ranges(), st.integers(0, 6))
def test_a_card_with_the_number_of_a_clip_is_never_taken_for_it(
    made: tuple[EditList, tuple[InsertedCard, ...]], said: TimeRange, clip: int
) -> None:
    cut, cards = made
    whole = with_cards(cut, cards)
    assert whole.shows(clip, said) == cut.shows(clip, said)
    shown, before = whole.to_programme(clip, said), cut.to_programme(clip, said)
    assert [part.duration for part in shown] == [part.duration for part in before]
    for part in shown:
        for card in whole.cards:
            frames = card.range_in_programme
            assert part.end * whole.rate <= frames.start or part.start * whole.rate >= frames.end
    assert (whole.of_clip(clip) is None) == (cut.of_clip(clip) is None)


@given(carded(), st.data())
def test_a_frame_of_a_card_has_no_place_in_the_source_and_every_other_frame_has_one(
    made: tuple[EditList, tuple[InsertedCard, ...]], data: st.DataObject
) -> None:
    whole = with_cards(*made)
    frame = data.draw(st.integers(0, whole.frame_count - 1))
    on_card = any(
        card.range_in_programme.start <= frame < card.range_in_programme.end for card in whole.cards
    )
    if on_card:
        with pytest.raises(IndexError, match=f"no clip plays at frame {frame}"):
            whole.to_source(frame)
        return
    clip, at = whole.to_source(frame)
    one_frame = TimeRange(at, at + 1 / whole.rate)
    assert TimeRange(frame / whole.rate, (frame + 1) / whole.rate) in whole.to_programme(clip, one_frame)


@given(carded(), st.integers(1, 300))
def test_any_grid_of_chunks_plays_the_same_frames_of_clips_and_cards(
    made: tuple[EditList, tuple[InsertedCard, ...]], length: int
) -> None:
    whole = with_cards(*made)

    def frames_of(spans: Iterable[Span]) -> list[tuple[bool, int, Fraction]]:
        return [
            (piece.is_card, piece.clip, piece.range_in_source.start + n / whole.rate)
            for piece in spans
            for n in range(piece.range_in_programme.count)
        ]

    grid = [
        piece
        for start in range(0, whole.frame_count, length)
        for piece in whole.within(FrameRange(start, min(start + length, whole.frame_count)))
    ]
    assert frames_of(grid) == frames_of(whole.spans)
    assert [p.range_in_programme.start for p in grid] == sorted(p.range_in_programme.start for p in grid)


def test_cards_of_a_clip_that_is_cut_away_stand_before_the_next_one_and_at_the_end_behind_the_last() -> None:
    second = TimeRange(Fraction(0), Fraction(1))
    cut = cut_clips([second, second, second], Fraction(25))
    gone = [Removed(clip=n, range_in_source=second, reason="sentence") for n in (1, 2)]
    cards = [InsertedCard(before=n, frames=10 + n) for n in (3, 2, 1, 0)]
    whole = with_cards(without(cut, gone), cards)
    played = [(span.is_card, span.clip, span.range_in_programme.count) for span in whole.spans]
    assert played == [(True, 3, 10), (False, 0, 25), (True, 2, 11), (True, 1, 12), (True, 0, 13)]
    assert whole.of_clip(1) is None


def test_a_reel_may_be_cards_alone() -> None:
    whole = with_cards(EditList(rate=Fraction(30), spans=()), [InsertedCard(before=0, frames=75)])
    assert (whole.frame_count, whole.duration, whole.footage) == (75, Fraction(5, 2), ())
    assert with_cards(EditList(rate=Fraction(30), spans=()), []).frame_count == 0


def test_the_grid_of_the_delivery_partitions_a_reel_of_two_clips() -> None:
    rate = Fraction(30000, 1001)
    cut = cut_clips([TimeRange(Fraction(1), Fraction(4)), TimeRange(Fraction(0), Fraction(5))], rate)
    length = chunk_frames(PictureSpec(rate=rate))
    pieces = [
        piece
        for start in range(0, cut.frame_count, length)
        for piece in cut.within(FrameRange(start, min(start + length, cut.frame_count)))
    ]
    assert [(p.clip, p.range_in_programme.count) for p in pieces] == [
        (0, 59),
        (0, 31),
        (1, 28),
        (1, 59),
        (1, 59),
        (1, 4),
    ]


def test_a_frame_outside_the_programme_is_refused_by_name() -> None:
    cut = cut_clips([TimeRange(Fraction(0), Fraction(1))], Fraction(25))
    with pytest.raises(IndexError, match="no clip plays at frame 25 of 25"):
        cut.to_source(25)


def test_a_clip_shorter_than_a_frame_still_shows_one() -> None:
    cut = cut_clips([TimeRange(Fraction(0), Fraction(1, 1000))], Fraction(25))
    assert cut.frame_count == 1


@pytest.mark.parametrize(
    "spans",
    [
        # a gap before the first
        [
            Span(
                clip=0,
                range_in_source=TimeRange(Fraction(0), Fraction(1)),
                range_in_programme=FrameRange(1, 26),
            )
        ],
        # longer in the programme than in the source
        [
            Span(
                clip=0,
                range_in_source=TimeRange(Fraction(0), Fraction(1)),
                range_in_programme=FrameRange(0, 30),
            )
        ],
    ],
)
def test_an_edit_list_with_a_gap_or_a_stretch_cannot_be_made(spans: list[Span]) -> None:
    with pytest.raises(ValueError, match="a span"):
        EditList(rate=Fraction(25), spans=tuple(spans))
