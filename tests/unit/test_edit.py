"""The cut: the programme is partitioned by its spans, and source and programme map onto each other."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reels.edit import EditList, Span, cut_clips
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
