"""Cuts handed over and taken over: our files opened by OpenTimelineIO itself, and its files read by us."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from typing import Any

import opentimelineio as oti
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reels.edit import EditList, InsertedCard, Removed, cut_clips, with_cards, without
from reels.errors import CampaignProblems, UsageError
from reels.interchange import Programme, UsedMedia, edl, otio, read_otio
from reels.subtitles import Cue
from reels.timing import TimeRange

RATES = (
    Fraction(24000, 1001),
    Fraction(25),
    Fraction(30000, 1001),
    Fraction(30),
    Fraction(60000, 1001),
)
HOSTILE = "footage/한빛 시청 100%\n001  AX \"'#?.mp4"


def programme(rate: Fraction, *, path: str = "footage/시청.mp4", has_sound: bool = True) -> Programme:
    """Two clips; a second is missing from the first, ten seconds into the programme's time of the source."""
    start = Fraction(10)
    whole = cut_clips([TimeRange(start, start + 100 / rate), TimeRange(Fraction(0), 50 / rate)], rate)
    gone = Removed(clip=0, range_in_source=TimeRange(start + 20 / rate, start + 45 / rate), reason="silence")
    return Programme(
        name="축제 초대",
        edit=without(whole, [gone]),
        media=(
            UsedMedia(path=path, duration=Fraction(60), has_sound=True),
            UsedMedia(path="footage/drone.mov", duration=Fraction(30), has_sound=has_sound),
        ),
        cues=(Cue(start=Fraction(0), end=20 / rate, lines=("안녕하세요,", "한빛시입니다.")),),
    )


def opened(text: str) -> Any:
    return oti.adapters.read_from_string(text, "otio_json")


# --- OpenTimelineIO opens ours ---------------------------------------------------------------------------


@pytest.mark.parametrize("rate", RATES)
def test_opentimelineio_opens_our_cut_with_every_frame_where_it_is(rate: Fraction) -> None:
    made = programme(rate)
    timeline = opened(otio(made))
    (pictures,) = timeline.video_tracks()
    assert timeline.name == "축제 초대"
    assert timeline.duration() == oti.opentime.RationalTime(125, float(rate))
    clips = list(pictures.find_clips())
    assert [c.source_range.duration.value for c in clips] == [20, 55, 50]
    for clip, span in zip(clips, made.edit.spans, strict=True):
        assert clip.source_range.start_time.to_seconds() == pytest.approx(float(span.range_in_source.start))
        place = clip.range_in_parent()
        assert place.start_time.value == span.range_in_programme.start
    assert [c.media_reference.target_url for c in clips] == [
        "footage/%EC%8B%9C%EC%B2%AD.mp4",
        "footage/%EC%8B%9C%EC%B2%AD.mp4",
        "footage/drone.mov",
    ]
    assert clips[0].media_reference.available_range.duration.to_seconds() == pytest.approx(60)


def test_the_cues_are_markers_in_programme_time() -> None:
    (marker,) = opened(otio(programme(Fraction(25)))).tracks.markers
    assert marker.name == "안녕하세요, 한빛시입니다."
    assert marker.marked_range.start_time.value == 0
    assert marker.marked_range.duration.value == 20


def test_silent_footage_leaves_a_gap_in_the_sound() -> None:
    timeline = opened(otio(programme(Fraction(25), has_sound=False)))
    (sound,) = timeline.audio_tracks()
    assert [type(item).__name__ for item in sound] == ["Clip", "Clip", "Gap"]
    assert sound.duration() == timeline.duration()


def test_our_own_cut_read_back_is_the_same_to_the_fraction() -> None:
    for rate in RATES:
        made = programme(rate)
        read = read_otio(otio(made).encode(), path="cut.otio")
        assert [p.range_in_source for p in read.pieces] == [s.range_in_source for s in made.edit.spans]
        assert [p.path for p in read.pieces] == [made.media[s.clip].path for s in made.edit.spans]
        assert not read.notes


def test_our_own_cut_with_cards_is_read_back_without_them_and_says_so() -> None:
    made = programme(Fraction(25))
    carded = replace(made, edit=with_cards(made.edit, [InsertedCard(before=1, frames=50)]))
    read = read_otio(otio(carded).encode(), path="cut.otio")
    assert [p.range_in_source for p in read.pieces] == [s.range_in_source for s in made.edit.spans]
    assert [str(note) for note in read.notes] == ["cards are left out; list them under `cards`"]


@given(
    st.sampled_from(RATES),
    st.lists(
        st.tuples(st.fractions(min_value=0, max_value=5000, max_denominator=90_000), st.integers(1, 9000)),
        min_size=1,
        max_size=6,
    ),
)
def test_any_cut_read_back_has_the_same_pieces(rate: Fraction, wanted: list[tuple[Fraction, int]]) -> None:
    cut: EditList = cut_clips([TimeRange(start, start + count / rate) for start, count in wanted], rate)
    media = tuple(
        UsedMedia(path=f"{n}.mp4", duration=Fraction(9000), has_sound=True) for n in range(len(wanted))
    )
    read = read_otio(otio(Programme(name="x", edit=cut, media=media)).encode(), path="cut.otio")
    assert [p.range_in_source for p in read.pieces] == [s.range_in_source for s in cut.spans]


def test_hostile_names_come_back_as_they_are() -> None:
    made = programme(Fraction(25), path=HOSTILE)
    assert read_otio(otio(made).encode(), path="cut.otio").pieces[0].path == HOSTILE
    assert opened(otio(made)).video_tracks()[0][0].name == HOSTILE.rpartition("/")[2]


# --- we read OpenTimelineIO's ----------------------------------------------------------------------------


def time(value: float, rate: float = 25) -> Any:
    return oti.opentime.RationalTime(value, rate)


def frames(start: float, count: float, rate: float = 25) -> Any:
    return oti.opentime.TimeRange(time(start, rate), time(count, rate))


def foreign_clip(
    url: str = "footage/a.mp4", start: float = 50, count: float = 100, *, rate: float = 25, began: float = 0
) -> Any:
    media = oti.schema.ExternalReference(target_url=url, available_range=frames(began, 10_000, rate))
    return oti.schema.Clip(name="a", media_reference=media, source_range=frames(start, count, rate))


def timeline_of(*items: Any) -> Any:
    timeline = oti.schema.Timeline(name="cut")
    track = oti.schema.Track(name="V1", kind=oti.schema.TrackKind.Video)
    timeline.tracks.append(track)
    track.extend(items)
    return timeline


def read(timeline: Any) -> Any:
    return read_otio(oti.adapters.write_to_string(timeline, "otio_json").encode(), path="cut.otio")


def test_a_cut_made_elsewhere_is_read_with_exact_times() -> None:
    cut = read(timeline_of(foreign_clip(), foreign_clip("b.mov", 30, 60, rate=30000 / 1001)))
    assert [(p.path, p.range_in_source) for p in cut.pieces] == [
        ("footage/a.mp4", TimeRange(Fraction(2), Fraction(6))),
        ("b.mov", TimeRange(Fraction(1001, 1000), Fraction(3003, 1000))),
    ]
    assert cut.pieces[1].where == "cut.otio 00:00:04.000 a"


def test_media_with_a_timecode_count_from_their_own_start() -> None:
    hour = 3600 * 25
    cut = read(timeline_of(foreign_clip(start=hour + 50, began=hour)))
    assert cut.pieces[0].range_in_source == TimeRange(Fraction(2), Fraction(6))


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("file:///Users/kim/%ED%95%9C%EB%B9%9B.mp4", "/Users/kim/한빛.mp4"),
        ("file:///D:/footage/a%20b.mp4", "D:/footage/a b.mp4"),
        ("file://localhost/Volumes/a.mov", "/Volumes/a.mov"),
        ("footage\\a.mp4", "footage/a.mp4"),
        ("footage/a%5Cb.mp4", "footage/a\\b.mp4"),
        ("footage/100%.mp4", "footage/100%.mp4"),
    ],
)
def test_a_reference_is_read_as_the_path_that_it_means(url: str, path: str) -> None:
    assert read(timeline_of(foreign_clip(url))).pieces[0].path == path


def test_the_older_form_of_a_clip_is_read() -> None:
    text = oti.adapters.write_to_string(
        timeline_of(foreign_clip()), "otio_json", target_schema_versions={"Clip": 1}
    )
    assert '"Clip.1"' in text
    assert read_otio(text.encode(), path="x").pieces[0].path == "footage/a.mp4"


def test_transitions_effects_and_further_tracks_are_left_out_with_a_note() -> None:
    clip = foreign_clip()
    clip.effects.append(oti.schema.Effect(effect_name="Blur"))
    fade = oti.schema.Transition(transition_type="SMPTE_Dissolve", in_offset=time(5), out_offset=time(5))
    timeline = timeline_of(clip, fade, foreign_clip())
    above = oti.schema.Track(name="V2", kind=oti.schema.TrackKind.Video)
    timeline.tracks.append(above)
    above.append(foreign_clip())
    cut = read(timeline)
    assert len(cut.pieces) == 2
    assert set(cut.notes) == {
        "1 further picture tracks are left out",
        "effects are left out",
        "transitions are made hard cuts",
    }


def slow() -> Any:
    clip = foreign_clip()
    clip.effects.append(oti.schema.LinearTimeWarp(time_scalar=0.5))
    return clip


def switched_off() -> Any:
    clip = foreign_clip()
    clip.enabled = False
    return clip


def offline() -> Any:
    return oti.schema.Clip(
        name="lost", media_reference=oti.schema.MissingReference(), source_range=frames(0, 9)
    )


@pytest.mark.parametrize(
    ("item", "found"),
    [
        (lambda: oti.schema.Gap(source_range=frames(0, 50)), "a gap of 2.00 s"),
        (slow, "speed is changed"),
        (switched_off, "switched off"),
        (offline, "without a media file"),
        (lambda: oti.schema.Stack(children=[foreign_clip()]), "a timeline inside the timeline"),
        (lambda: foreign_clip(start=-5), "shows nothing"),
        (lambda: foreign_clip(count=0), "shows nothing"),
    ],
)
def test_what_would_play_otherwise_than_its_editor_saw_is_refused_with_its_place(
    item: Any, found: str
) -> None:
    with pytest.raises(CampaignProblems, match=found) as refused:
        read(timeline_of(foreign_clip(), item()))
    assert refused.value.problems[0].where == "cut.otio 00:00:04.000"
    assert refused.value.exit_code == 3
    assert "편집 프로그램에서 고쳐" in refused.value.sentence("ko")


def test_a_timeline_without_clips_is_refused() -> None:
    with pytest.raises(CampaignProblems, match="no clip"):
        read(timeline_of())


DEEP = b"[" * 100_000 + b"]" * 100_000
GOOD = otio(programme(Fraction(25)))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe\x00",
        b"[]",
        b"null",
        b'{"OTIO_SCHEMA": 7}',
        b'{"OTIO_SCHEMA": "Timeline.1"}',
        b'{"OTIO_SCHEMA": "Timeline.1", "tracks": {"OTIO_SCHEMA": "Stack.1", "children": [3, null]}}',
        DEEP,
        GOOD.replace('"value": 20.0', '"value": NaN').encode(),
        GOOD.replace('"value": 20.0', '"value": 1e308').encode(),
        GOOD.replace('"value": 20.0', '"value": "much"').encode(),
        GOOD.replace('"rate": 25.0', '"rate": 0').encode(),
        GOOD.replace('"rate": 25.0', '"rate": 1e-300').encode(),
        GOOD.replace('"source_range": {', '"source_range": [], "x": {').encode(),
    ],
)
def test_a_file_that_is_no_timeline_is_refused_in_one_sentence(content: bytes) -> None:
    with pytest.raises(CampaignProblems, match=r"cut\.otio"):
        read_otio(content, path="cut.otio")


def test_a_note_of_ours_that_is_out_of_date_or_forged_is_not_believed() -> None:
    written = json.loads(otio(programme(Fraction(25))))
    clip = written["tracks"]["children"][0]["children"][0]
    for forged in ("99", "1/0", "1e999999999", 10, ["10"]):
        clip["metadata"]["reels"]["start_s"] = forged
        cut = read_otio(json.dumps(written).encode(), path="x")
        assert cut.pieces[0].range_in_source.start == 10


# --- EDL -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rate", "source_in", "gone", "programme_out"),
    [
        (Fraction(24000, 1001), "00:00:10:00", "00:00:11:21", "01:00:05:05"),
        (Fraction(25), "00:00:10:00", "00:00:11:20", "01:00:05:00"),
        (Fraction(30000, 1001), "00:00:10:00", "00:00:11:15", "01:00:04:05"),
        (Fraction(30), "00:00:10:00", "00:00:11:15", "01:00:04:05"),
        (Fraction(60000, 1001), "00:00:09:59", "00:00:10:44", "01:00:02:05"),
    ],
)
def test_an_edl_counts_frames_without_dropping_numbers(
    rate: Fraction, source_in: str, gone: str, programme_out: str
) -> None:
    lines = edl(programme(rate)).splitlines()
    events = [line.split() for line in lines if line[:3].isdigit()]
    assert lines[0] == "TITLE: 축제 초대"
    assert lines[1] == "FCM: NON-DROP FRAME"
    assert [event[0] for event in events] == ["001", "002", "003"]
    assert events[0][4] == source_in
    assert events[1][4] == gone
    assert events[0][6] == "01:00:00:00"
    assert [event[7] for event in events[:-1]] == [event[6] for event in events[1:]]
    assert events[-1][7] == programme_out


def test_an_hour_of_2997_counts_as_an_hour_of_frames_not_of_seconds() -> None:
    rate = Fraction(30000, 1001)
    cut = cut_clips([TimeRange(Fraction(3600), Fraction(3601))], rate)
    media = (UsedMedia(path="a.mxf", duration=Fraction(7200), has_sound=False),)
    (event,) = [li for li in edl(Programme(name="x", edit=cut, media=media)).splitlines() if li[:3] == "001"]
    # 3600 s hold 107 892 frames, which timecode without drops counts as 59 min 56 s 12.
    assert event == "001  AX       V     C        00:59:56:12 00:59:57:12 01:00:00:00 01:00:01:00"


def test_a_hostile_name_cannot_forge_an_event() -> None:
    text = edl(programme(Fraction(25), path=HOSTILE))
    assert sum(line[:3].isdigit() for line in text.splitlines()) == 3
    assert "* FROM CLIP NAME: 한빛 시청 100%\\n001  AX \"'#?.mp4" in text


def test_more_pieces_than_an_edl_can_number_are_refused() -> None:
    cut = cut_clips([TimeRange(Fraction(0), Fraction(1))] * 1000, Fraction(25))
    media = (UsedMedia(path="a.mp4", duration=Fraction(9), has_sound=True),) * 1000
    with pytest.raises(UsageError, match="at most 999"):
        edl(Programme(name="x", edit=cut, media=media))
