"""`probe` against clips whose truth is known."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from reels.errors import FootageRefused
from reels.geometry import Raster
from reels.media import MediaInfo, from_json, to_json
from reels.media.shown import probe_json
from reels.probe import container_start, glance, probe
from reels.tools.ffmpeg import run_ffmpeg
from tests.media.conftest import H264, Clip, Maker, picture, tone


def codes(info: MediaInfo) -> list[str]:
    """What is odd, but for the colour tags that most of the clips made here do without."""
    return [note.code for note in info.notes if note.code != "untagged"]


def test_an_ordinary_clip_is_described_and_has_nothing_odd(landscape_clip: Clip) -> None:
    info = probe(landscape_clip.path)
    video = info.video
    assert (video.codec, video.coded, video.display) == ("h264", Raster(320, 180), Raster(320, 180))
    assert video.sar == 1
    assert video.rate == 25
    assert (video.variable_frame_rate, video.frame_count) == (False, 25)
    assert [video.first_pts, video.last_pts_end, info.duration, info.start_time] == [0, 1, 1, 0]
    assert (video.rotation, video.mirrored, video.interlaced, video.transfer) == (0, False, False, "sdr")
    assert (video.pixel_format, video.bit_depth) == ("yuv420p", 8)
    (sound,) = info.audio
    assert (sound.codec, sound.channels, sound.layout, sound.sample_rate_hz) == ("aac", 1, "mono", 48_000)
    assert sound.index == 1
    assert [sound.first_pts, sound.last_pts_end] == [0, 1]
    assert codes(info) == []


@pytest.mark.parametrize(
    ("turned", "rotation", "display"),
    [
        ("-90", 90, Raster(180, 320)),
        ("180", 180, Raster(320, 180)),
        ("90", 270, Raster(180, 320)),
    ],
)
def test_the_turn_that_a_phone_asks_for_is_found(
    make_clip: Maker, landscape_clip: Clip, turned: str, rotation: int, display: Raster
) -> None:
    copied = ["-display_rotation:v:0", turned, "-i", str(landscape_clip.path), "-c", "copy"]
    clip = make_clip(f"turned{turned}.mp4", copied, coded=Raster(320, 180), frames=25)
    info = probe(clip.path)
    assert (info.video.rotation, info.video.display, info.video.mirrored) == (rotation, display, False)
    assert codes(info) == ["rotated"]
    assert f"{rotation}°" in info.notes[0].text_en
    assert f"{rotation}°" in info.notes[0].text_ko


@pytest.mark.parametrize(("turned", "told"), [("45", "315°"), ("-60", "60°"), ("-100", "100°")])
def test_a_picture_that_is_to_stand_slanting_is_refused(
    landscape_clip: Clip, tmp_path: Path, turned: str, told: str
) -> None:
    path = tmp_path / "slanting.mp4"
    copied = ["-display_rotation:v:0", turned, "-i", str(landscape_clip.path), "-c", "copy", str(path)]
    run_ffmpeg(copied, doing="turning a clip")
    for looked_at in (probe, glance):
        with pytest.raises(FootageRefused) as caught:
            looked_at(path)
        assert told in caught.value.sentence("en")
        assert told in caught.value.sentence("ko")


def test_a_turn_that_is_off_by_a_rounding_is_the_quarter_turn_that_is_meant(
    landscape_clip: Clip, tmp_path: Path
) -> None:
    path = tmp_path / "nearly.mp4"
    copied = ["-display_rotation:v:0", "89.7", "-i", str(landscape_clip.path), "-c", "copy", str(path)]
    run_ffmpeg(copied, doing="turning a clip")
    assert probe(path).video.rotation == 270


def test_a_mirrored_picture_is_noted(make_clip: Maker, landscape_clip: Clip) -> None:
    copied = ["-display_hflip:v:0", "-i", str(landscape_clip.path), "-c", "copy"]
    clip = make_clip("mirrored.mp4", copied, coded=Raster(320, 180), frames=25)
    video = probe(clip.path).video
    assert (video.rotation, video.mirrored) == (0, True)


def test_uneven_timestamps_are_variable_whatever_the_header_says(varying_clip: Clip) -> None:
    info = probe(varying_clip.path)
    assert info.video.variable_frame_rate
    assert info.video.rate == 30
    assert info.video.frame_count == varying_clip.frames
    assert abs(info.video.last_pts_end - varying_clip.duration) <= Fraction(1, 30)
    assert codes(info) == ["variable-frame-rate", "no-sound"]


@pytest.mark.parametrize(
    ("rate", "frames"),
    [("24000/1001", 24), ("30000/1001", 30), ("24", 24), ("50", 50), ("60000/1001", 60), ("1", 2)],
)
@pytest.mark.parametrize("container", ["mp4", "mkv", "mts"])
def test_rates_survive_the_rounding_of_their_container(
    make_clip: Maker, rate: str, frames: int, container: str
) -> None:
    seconds = float(frames / Fraction(rate))
    recipe = [*picture(rate=rate, seconds=f"{seconds:.6f}"), *H264, "-frames:v", str(frames)]
    name = f"rate-{rate.replace('/', '-')}.{container}"
    clip = make_clip(name, recipe, coded=Raster(320, 180), frames=frames)
    video = probe(clip.path).video
    assert (video.rate, video.variable_frame_rate) == (Fraction(rate), False)
    assert abs(video.last_pts_end - video.first_pts - frames / Fraction(rate)) <= Fraction(1, 500)


def test_pixels_that_are_not_square_widen_the_display(make_clip: Maker) -> None:
    recipe = [*picture("180x144"), "-vf", "setsar=16/15", *H264]
    info = probe(make_clip("anamorphic.mp4", recipe, coded=Raster(180, 144), frames=25).path)
    assert (info.video.sar, info.video.display) == (Fraction(16, 15), Raster(192, 144))
    assert "anamorphic" in codes(info)


@pytest.mark.parametrize(
    ("tag", "transfer"), [("arib-std-b67", "hlg"), ("smpte2084", "pq"), ("bt709", "sdr")]
)
def test_hdr_is_told_by_the_transfer_and_not_by_the_depth(make_clip: Maker, tag: str, transfer: str) -> None:
    primaries, matrix = ("bt709", "bt709") if tag == "bt709" else ("bt2020", "bt2020nc")
    tags = f"setparams=color_primaries={primaries}:color_trc={tag}:colorspace={matrix}:range=tv"
    deep = ("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p10le")
    recipe = [*picture(), "-vf", f"format=yuv420p10le,{tags}", *deep]
    video = probe(make_clip(f"{tag}.mp4", recipe, coded=Raster(320, 180), frames=25).path).video
    assert (video.transfer, video.bit_depth) == (transfer, 10)
    assert (video.tagged_primaries, video.tagged_transfer) == (primaries, tag)
    assert (video.tagged_matrix, video.tagged_range) == (matrix, "tv")


def test_interlaced_footage_is_told_from_its_pictures(make_clip: Maker) -> None:
    weave = ["-vf", "interlace", "-c:v", "mpeg2video", "-flags", "+ildct+ilme", "-b:v", "2M"]
    recipe = [*picture("320x192", "50"), *weave]
    info = probe(make_clip("interlaced.mpg", recipe, coded=Raster(320, 192), frames=25).path)
    assert info.video.interlaced
    assert info.video.rate == 25
    assert "interlaced" in codes(info)


def test_sound_that_starts_late_is_timed_and_noted(late_sound_clip: Clip) -> None:
    info = probe(late_sound_clip.path)
    assert info.audio[0].first_pts == Fraction(1, 2)
    assert "sound-starts-late" in codes(info)
    assert "0.5 s" in next(n.text_en for n in info.notes if n.code == "sound-starts-late")


def test_a_clock_that_starts_anywhere_is_counted_from_source_time_0(
    late_sound_transport_stream: Clip,
) -> None:
    info = probe(late_sound_transport_stream.path)
    assert info.start_time > 1
    assert info.start_time == container_start(late_sound_transport_stream.path)
    assert info.video.first_pts == 0
    assert info.video.last_pts_end == 2
    assert abs(info.audio[0].first_pts - Fraction(1, 2)) < Fraction(1, 50)


def test_footage_without_sound_is_normal_and_noted(silent_clip: Clip) -> None:
    info = probe(silent_clip.path)
    assert info.audio == ()
    assert (info.video.rate, info.duration) == (Fraction(30_000, 1001), Fraction(1001, 1000))
    assert codes(info) == ["no-sound"]


def test_a_cover_picture_is_not_the_picture(make_clip: Maker, landscape_clip: Clip, tmp_path: Path) -> None:
    cover = make_clip(
        "cover.png", [*picture("64x64"), "-frames:v", "1", "-update", "1"], coded=Raster(64, 64), frames=1
    )
    copied = ["-i", str(landscape_clip.path), "-i", str(cover.path), "-map", "0", "-map", "1", "-c", "copy"]
    clip = make_clip(
        "covered.mp4", [*copied, "-disposition:v:1", "attached_pic"], coded=Raster(320, 180), frames=25
    )
    info = probe(clip.path)
    assert info.video.coded == Raster(320, 180)
    assert codes(info) == ["attached-picture"]


def test_a_timecode_track_and_a_second_sound_track_are_noted(make_clip: Maker) -> None:
    tracks = ["-map", "0", "-map", "1", "-map", "1", "-timecode", "10:00:00:00", *H264, "-c:a", "pcm_s16le"]
    info = probe(
        make_clip("tape.mov", [*picture(), *tone(), *tracks], coded=Raster(320, 180), frames=25).path
    )
    assert len(info.audio) == 2
    assert codes(info) == ["several-sound-tracks", "timecode"]
    assert info.found.timecode == "10:00:00:00"
    assert "10:00:00:00" in next(note.text_ko for note in info.notes if note.code == "timecode")


def test_a_copy_that_broke_off_says_how_far_it_can_be_read(make_clip: Maker, tmp_path: Path) -> None:
    """A file whose index comes first opens even when half of its pictures are gone."""
    recipe = [*picture(seconds="4"), *H264, "-movflags", "+faststart"]
    whole = make_clip(
        "whole.mp4", recipe, coded=Raster(320, 180), frames=100, duration=Fraction(4)
    ).path.read_bytes()
    half = tmp_path / "half.mp4"
    half.write_bytes(whole[: len(whole) // 2])
    info = probe(half)
    assert "damaged" in codes(info)
    assert Fraction(1) < info.video.last_pts_end < Fraction(3)


def test_a_glance_accepts_what_probe_accepts(landscape_clip: Clip, varying_clip: Clip) -> None:
    for clip in (landscape_clip, varying_clip):
        glance(clip.path)


def test_a_description_survives_the_store_exactly(
    rotated_clip: Clip, late_sound_transport_stream: Clip
) -> None:
    for clip in (rotated_clip, late_sound_transport_stream):
        info = probe(clip.path)
        assert from_json(to_json(info)) == info


def test_the_printed_json_has_the_documented_shape(rotated_clip: Clip) -> None:
    printed = probe_json(probe(rotated_clip.path), rotated_clip.path)
    assert printed == {
        "path": str(rotated_clip.path),
        "duration_s": 1.0,
        "video": {
            "codec": "h264",
            "width": 320,
            "height": 180,
            "display_width": 180,
            "display_height": 320,
            "rotation": 90,
            "mirrored": False,
            "sar": "1:1",
            "fps": 25.0,
            "rate": "25/1",
            "variable_frame_rate": False,
            "frames": 25,
            "interlaced": False,
            "field_order": "progressive",
            "hdr": None,
            "pixel_format": "yuv420p",
            "bit_depth": 8,
            "primaries": None,
            "transfer": None,
            "matrix": None,
            "range": None,
            "start_s": 0.0,
            "end_s": 1.0,
        },
        "audio": [
            {
                "codec": "aac",
                "channels": 1,
                "layout": "mono",
                "sample_rate_hz": 48_000,
                "start_s": 0.0,
                "end_s": 1.0,
            }
        ],
        "container": "mov,mp4,m4a,3gp,3g2,mj2",
        "clock_starts_s": 0.0,
        "timecode": None,
        "hidden_frames": 0,
        "attached_pictures": 0,
        "other_streams": 0,
        "damaged": False,
        "notes": printed["notes"],
    }
    notes = printed["notes"]
    assert isinstance(notes, list)
    assert [note["code"] for note in notes] == ["rotated", "untagged"]
    assert all(set(note) == {"code", "en", "ko"} for note in notes)


def test_probing_writes_nothing_to_the_terminal(
    capfd: pytest.CaptureFixture[str], landscape_clip: Clip, tmp_path: Path
) -> None:
    """libav would complain on stderr about the damage; PyAV must keep it to itself."""
    broken = bytearray(landscape_clip.path.read_bytes())
    middle = len(broken) // 3
    broken[middle : middle + 400] = bytes(400)
    path = tmp_path / "broken.mp4"
    path.write_bytes(broken)
    probe(path)
    assert capfd.readouterr() == ("", "")
