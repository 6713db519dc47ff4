"""Pieces of a cut made elsewhere become the clip that they are of, and the programme stays the same."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from reels.campaign.model import ClipSpec
from reels.cutting import Cutting, cues_in_programme
from reels.edit import cut_clips
from reels.interchange import Programme, UsedMedia, otio
from reels.plan.cut import pieces_as_clips
from reels.plan.footage import KnownClip
from reels.steps import ArtWork, ChunkWork
from reels.subtitles import Cue, write_srt
from reels.timing import TimeRange
from reels.transcript import Word

from .test_cutting_plan import world
from .test_plan import HELLO, RATE, SUBTITLES, World, media

__all__ = ["world"]


def piece(start: Fraction, end: Fraction, *, goes_on: bool) -> KnownClip:
    return KnownClip(
        spec=ClipSpec(footage=Path("/f.mp4"), goes_on=goes_on),
        media=media(),
        range_in_source=TimeRange(start, end),
        cues_in_source=(),
        words_from="",
    )


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.fractions(Fraction(1, 10), 3, max_denominator=50), st.booleans()), min_size=1, max_size=8
    ),
    st.sampled_from([Fraction(25), Fraction(30000, 1001)]),
)
def test_the_programme_is_the_same_frame_by_frame(parts: list[tuple[Fraction, bool]], rate: Fraction) -> None:
    clips = []
    at = Fraction(0)
    for length, goes_on in parts:
        clips.append(piece(at, at + length, goes_on=goes_on))
        at += length + Fraction(1, 3)
    edit = cut_clips([clip.range_in_source for clip in clips], rate)
    played = pieces_as_clips(clips, Cutting(edit=edit, notes=tuple((n, "a note") for n in range(len(clips)))))
    left, cutting = played.clips, played.cutting
    assert [clips[n].spec.goes_on or played.number_of[n] for n in range(1, len(clips))] == [
        clips[n].spec.goes_on or played.number_of[n - 1] + 1 for n in range(1, len(clips))
    ]
    assert [clip.spec.goes_on for clip in left[1:]] == [False] * (len(left) - 1)
    assert len(left) == 1 + sum(not goes_on for _, goes_on in parts[1:])
    assert [s.range_in_source for s in cutting.edit.spans] == [s.range_in_source for s in edit.spans]
    assert [s.range_in_programme for s in cutting.edit.spans] == [s.range_in_programme for s in edit.spans]
    assert {number for number, _ in cutting.notes} == set(range(len(left)))
    for span in cutting.edit.spans:
        within = left[span.clip].range_in_source
        assert within.start <= span.range_in_source.start < within.end


def exported(pieces: list[tuple[Fraction, Fraction]]) -> str:
    edit = cut_clips([TimeRange(a, b) for a, b in pieces], RATE)
    used = UsedMedia(path="footage/IMG_0412.MOV", duration=Fraction(16), has_sound=True)
    return otio(Programme(name="hello", edit=edit, media=(used,) * len(pieces)))


def test_a_subtitle_and_a_name_over_a_cut_made_elsewhere_stay_one(world: World) -> None:
    """A cue from 0.1 to 1.9 s is parted by a cut at 1 s, as is the name of who speaks."""
    (world.root / "cut.otio").write_text(
        exported([(Fraction(0), Fraction(1)), (Fraction(3, 2), Fraction(8))]), encoding="utf-8"
    )
    clips = HELLO.index("    clips:")
    listed = HELLO[clips:]
    world.write(HELLO[:clips] + "    edit: cut.otio\n" + listed)
    draft = world.root / "subtitles" / "IMG_0412.ko.srt"
    draft.write_text(write_srt([replace(cue, lines=(cue.text,)) for cue in SUBTITLES]), encoding="utf-8")
    for _ in range(6):
        plan = world.plan()
        if plan.cuts:
            break
        world.finish(plan)
    (cut,) = plan.cuts
    assert [cue.text for cue in cut.programme.cues].count("안녕하세요") == 1
    assert [span.clip for span in cut.programme.edit.spans] == [0, 0]
    thirds = [step for step in plan.steps if "lower-third" in step.id]
    assert len(thirds) == 1
    work = thirds[0].work
    assert isinstance(work, ArtWork)
    assert work.element.frames / RATE == 4, "as long as the template says, not as its first piece lasts"
    assert sum(isinstance(step.work, ChunkWork) for step in plan.steps) > 0


def test_words_that_a_cut_made_elsewhere_leaves_out_are_not_shown_either() -> None:
    """어 is said from 1.0 to 1.4 s, and the cut leaves 0.9 to 1.5 s out."""
    texts = ("축제가", "어", "열립니다")
    words = [
        Word(text=text, start=Fraction(at, 10), end=Fraction(at + 4, 10))
        for text, at in zip(texts, (2, 10, 18), strict=True)
    ]
    cues = [Cue(start=Fraction(1, 5), end=Fraction(11, 5), lines=("축제가 어 열립니다",))]
    pieces = [TimeRange(Fraction(0), Fraction(9, 10)), TimeRange(Fraction(3, 2), Fraction(3))]
    both = [
        piece(pieces[0].start, pieces[0].end, goes_on=False),
        piece(pieces[1].start, pieces[1].end, goes_on=True),
    ]
    cutting = pieces_as_clips(both, Cutting(edit=cut_clips(pieces, RATE))).cutting
    (shown,) = cues_in_programme(0, cues, words, cutting.edit)
    assert shown.lines == ("축제가 열립니다",)
    assert shown.duration == Fraction(7, 5)
    (kept,) = cues_in_programme(0, cues, (), cutting.edit)
    assert kept.lines == ("축제가 어 열립니다",), "nobody knows when each word was said"
