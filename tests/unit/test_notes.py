"""Every note: when it is given, that it says what is done in both languages, and that the page explains it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from reels.geometry import Raster
from reels.media import AudioStream, Found, MediaInfo, VideoStream
from reels.media.colour_tags import dynamic_range, matrix_name, primaries_name, range_name, transfer_name
from reels.media.notes import CODES, channels_named, note_on_name, notes_on
from reels.media.shown import notes_shown, probe_json

DOCS = Path(__file__).parents[2] / "docs"

VIDEO = VideoStream(
    index=0,
    codec="h264",
    profile="High",
    coded=Raster(1920, 1080),
    display=Raster(1920, 1080),
    sar=Fraction(1),
    rotation=0,
    mirrored=False,
    rate=Fraction(30),
    variable_frame_rate=False,
    interlaced=False,
    transfer="sdr",
    tagged_primaries="bt709",
    tagged_transfer="bt709",
    tagged_matrix="bt709",
    tagged_range="tv",
    pixel_format="yuv420p",
    bit_depth=8,
    first_pts=Fraction(0),
    last_pts_end=Fraction(10),
    frame_count=300,
    first_key=Fraction(0),
)
SOUND = AudioStream(
    index=1,
    codec="aac",
    channels=2,
    layout="stereo",
    sample_rate_hz=48_000,
    first_pts=Fraction(0),
    last_pts_end=Fraction(10),
)


def film(video: VideoStream = VIDEO, container: str = "mov,mp4,m4a,3gp,3g2,mj2") -> MediaInfo:
    return MediaInfo(
        container=container,
        duration=Fraction(10),
        start_time=Fraction(0),
        video=video,
        audio=(SOUND,),
        notes=notes_on(video, (SOUND,), Found()),
    )


Case = tuple[VideoStream, tuple[AudioStream, ...], Found, Fraction]


def odd(
    *,
    sound: tuple[AudioStream, ...] = (SOUND,),
    found: Found | None = None,
    start: int = 0,
    **changed: object,
) -> Case:
    video = replace(VIDEO, **changed)  # type: ignore[arg-type]
    return video, sound, found or Found(), Fraction(start)


CASES: Mapping[str, Case] = {
    "rotated": odd(rotation=90),
    "mirrored": odd(mirrored=True),
    "anamorphic": odd(sar=Fraction(4, 3)),
    "odd-size": odd(coded=Raster(1919, 1080)),
    "very-large": odd(coded=Raster(7680, 4320)),
    "single-picture": odd(frame_count=1),
    "variable-frame-rate": odd(variable_frame_rate=True),
    "high-frame-rate": odd(rate=Fraction(120)),
    "low-frame-rate": odd(rate=Fraction(15)),
    "interlaced": odd(interlaced=True, field_order="tff"),
    "hdr-hlg": odd(transfer="hlg"),
    "hdr-pq": odd(transfer="pq"),
    "wide-gamut": odd(tagged_primaries="smpte432"),
    "bt601": odd(tagged_matrix="smpte170m"),
    "full-range": odd(tagged_range="pc"),
    "untagged": odd(tagged_matrix="unknown"),
    "transparent": odd(pixel_format="yuva444p10le"),
    "picture-starts-late": odd(
        first_pts=Fraction(1), first_key=Fraction(1), sound=(replace(SOUND, first_pts=Fraction(0)),)
    ),
    "no-picture-at-first": odd(first_key=Fraction(1, 2)),
    "no-sound": odd(sound=()),
    "undecodable-sound": odd(found=Found(undecodable_sound=1)),
    "several-sound-tracks": odd(sound=(SOUND, replace(SOUND, index=2))),
    "surround-sound": odd(sound=(replace(SOUND, channels=6, layout="5.1"),)),
    "low-sound-rate": odd(sound=(replace(SOUND, sample_rate_hz=8000),)),
    "sound-starts-late": odd(sound=(replace(SOUND, first_pts=Fraction(1, 2)),)),
    "sound-ends-early": odd(sound=(replace(SOUND, last_pts_end=Fraction(9)),)),
    "starts-later": odd(start=7),
    "timecode": odd(found=Found(timecode="10:00:00;02")),
    "edit-list": odd(found=Found(hidden_frames=8)),
    "attached-picture": odd(found=Found(attached_pictures=1)),
    "several-pictures": odd(found=Found(pictures=2)),
    "other-streams": odd(found=Found(other_streams=2)),
    "damaged": odd(found=Found(damaged=True)),
}


def test_an_ordinary_film_has_no_note() -> None:
    assert notes_on(VIDEO, (SOUND,), Found()) == ()
    assert notes_shown(film(), Path("film.MP4")) == ()


@pytest.mark.parametrize("code", CASES)
def test_each_oddity_gives_its_one_note_in_both_languages(code: str) -> None:
    video, sound, found, start = CASES[code]
    (note,) = notes_on(video, sound, found, start_time=start)
    assert note.code == code
    assert re.search(r"[;,]| and ", note.text_en), "what it is, and what is done"
    assert not re.search(r"[가-힣]", note.text_en)
    assert re.search(r"다(\([^)]*\))?\. .+다$", note.text_ko), "what it is, and what is done"
    assert unicodedata.is_normalized("NFC", note.text_ko)


def test_channels_are_named_only_where_the_file_says_what_they_are() -> None:
    said = [
        (track, str(channels_named(track)), channels_named(track).ko)
        for track in (
            SOUND,
            replace(SOUND, channels=1, layout="1 channels"),
            replace(SOUND, channels=6, layout="5.1(side)"),
        )
    ]
    assert [(en, ko) for _, en, ko in said] == [
        ("2 channels (stereo)", "2채널(stereo)"),
        ("1 channel", "1채널"),
        ("6 channels (5.1(side))", "6채널(5.1(side))"),
    ]


def test_of_several_tracks_only_what_is_true_of_each_is_said() -> None:
    late = replace(SOUND, index=2, first_pts=Fraction(3), last_pts_end=Fraction(5))
    for sound in ((late, SOUND), (SOUND, late)):
        assert [note.code for note in notes_on(VIDEO, sound, Found())] == ["several-sound-tracks"]
    later = replace(late, first_pts=Fraction(4), last_pts_end=Fraction(6))
    told = {note.code: note.text_en for note in notes_on(VIDEO, (later, late), Found())}
    assert "starts 3 s after" in told["sound-starts-late"]
    assert "ends 4 s before" in told["sound-ends-early"]


def test_channels_that_are_no_loudspeakers_are_not_said_to_be_mixed() -> None:
    (note,) = notes_on(VIDEO, (replace(SOUND, channels=4, layout="4 channels"),), Found())
    assert "mixed" not in note.text_en
    assert "섞" not in note.text_ko


def test_every_code_has_its_case() -> None:
    assert {*CASES, "other-container"} == set(CODES)
    assert len(set(CODES)) == len(CODES)


def test_the_field_that_came_first_is_said() -> None:
    for order, said, said_ko in (("tff", "upper", "위"), ("bff", "lower", "아래")):
        video, sound, found, _ = odd(interlaced=True, field_order=order)
        (note,) = notes_on(video, sound, found)
        assert said in note.text_en
        assert said_ko in note.text_ko


@pytest.mark.parametrize(
    ("name", "container", "said"),
    [
        ("film.mp4", "matroska,webm", "Matroska"),
        ("film.MOV", "mpegts", "MPEG-TS"),
        ("film.mkv", "mov,mp4,m4a,3gp,3g2,mj2", "MP4/MOV"),
        ("film.avi", "mxf", "MXF"),
    ],
)
def test_a_name_that_promises_another_container_is_noted_and_not_kept(
    name: str, container: str, said: str
) -> None:
    info = film(container=container)
    (note,) = note_on_name(info, Path(name))
    assert note.code == "other-container"
    assert said in note.text_en
    assert said in note.text_ko
    assert info.notes == (), "what is kept goes by content, and content has no name"
    assert probe_json(info, Path(name))["notes"] == [
        {"code": note.code, "en": note.text_en, "ko": note.text_ko}
    ]


@pytest.mark.parametrize(
    ("name", "container"),
    [
        ("film.MKV", "matroska,webm"),
        ("film.webm", "matroska,webm"),
        ("film.m2ts", "mpegts"),
        ("film.3gp", "mov,mp4,m4a,3gp,3g2,mj2"),
        ("film", "mxf"),
        ("2026-10-03 12.30.05", "avi"),
        ("film.mpg", "mpeg"),
    ],
)
def test_a_name_that_fits_or_promises_nothing_is_left_alone(name: str, container: str) -> None:
    assert note_on_name(film(container=container), Path(name)) == ()


@pytest.mark.parametrize("page", ["footage.md", "footage.ko.md"])
def test_the_page_explains_every_code_once_in_the_order_of_the_list(page: str) -> None:
    text = (DOCS / page).read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([a-z0-9-]+)` \| ([^|]+) \| ([^|]+) \|$", text, re.M)
    assert [code for code, _, _ in rows] == list(CODES)
    assert unicodedata.is_normalized("NFC", text)


@pytest.mark.parametrize("page", ["footage.md", "footage.ko.md"])
def test_the_page_names_every_key_that_is_printed(page: str) -> None:
    text = (DOCS / page).read_text(encoding="utf-8")
    printed = probe_json(film(), Path("film.mp4"))
    video, audio = printed["video"], printed["audio"]
    assert isinstance(video, dict)
    assert isinstance(audio, list)
    for key in (*printed, *video, *audio[0]):
        assert f"`{key}`" in text, key


def test_colour_tags_have_ffmpegs_names() -> None:
    assert [primaries_name(1), transfer_name(18), matrix_name(9), range_name(2)] == [
        "bt709",
        "arib-std-b67",
        "bt2020nc",
        "pc",
    ]
    named = (primaries_name, transfer_name, matrix_name, range_name)
    assert {name(number) for name in named for number in (200, -1)} == {"unknown"}
    assert [dynamic_range(name) for name in ("arib-std-b67", "smpte2084", "bt709", "unknown")] == [
        "hlg",
        "pq",
        "sdr",
        "sdr",
    ]
