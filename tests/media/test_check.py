"""Every rule of the check against a file that plain ffmpeg made to break exactly that rule.

The clips are 180x320 and two seconds long, so the platforms they are judged against ask for that raster and
allow that length; nothing else of the platforms' data is changed unless a test says so.
"""

from __future__ import annotations

import json
import os
import random
import re
import struct
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from reels.check import CheckReport, check_file, judge, report_json
from reels.errors import FootageDamaged, FootageError, FootageMissing, FootageRefused, NoVideoStream
from reels.geometry import Raster
from reels.observe import observe
from reels.platforms import Platform, load_platform
from reels.tools.ffmpeg import footage_argument, run_ffmpeg

TINY = Raster(180, 320)
SECONDS = Fraction(12, 5)
TAGS = "setparams=color_primaries=bt709:color_trc=bt709:colorspace=bt709:range=tv"
TONE_AT_MINUS_14_LUFS = "sine=1000:r=48000:d=2.4,volume=7.1dB"
PEAKS = "0.19*sin(6283*t)+0.99*exp(-2000*abs(mod(t\\,1)-0.5))"
NO_EDIT_LISTS = ("-use_editlist", "0", "-movflags", "+faststart+negative_cts_offsets")
X264 = (
    "-c:v",
    "libx264",
    "-preset",
    "ultrafast",
    "-profile:v",
    "high",
    "-bf",
    "2",
    "-g",
    "30",
    "-8x8dct",
    "1",
)
MOVING = "testsrc2=s=180x320:r=30:d=2.4"
RED_AND_GREY = (
    "lutrgb=r='val*0+200':g='val*0+60':b='val*0+60',drawbox=c=red:t=fill:enable=lt(mod(t\\,0.25)\\,0.125)"
)
AAC = ("-c:a", "aac", "-b:a", "128k", "-ac", "2", "-ar", "48000")


def make(
    path: Path,
    *,
    picture: str = "testsrc2=s=180x320:r=30:d=2.4",
    filters: str = "null",
    tags: str = TAGS,
    pixel_format: str = "yuv420p",
    video: tuple[str, ...] = X264,
    tone: str | None = TONE_AT_MINUS_14_LUFS,
    audio: tuple[str, ...] = AAC,
    muxing: tuple[str, ...] = NO_EDIT_LISTS,
) -> Path:
    """A moving test picture with a tone at −14 LUFS; as it stands, it breaks no rule."""
    sound = ("-f", "lavfi", "-i", tone) if tone else ()
    run_ffmpeg(
        [
            *("-f", "lavfi", "-i", picture, *sound, "-vf", f"{filters},{tags}", "-pix_fmt", pixel_format),
            *(*video, *(audio if tone else ()), *muxing, footage_argument(path)),
        ],
        doing="making a test clip",
    )
    return path


def remux(source: Path, path: Path, *, reading: tuple[str, ...] = (), writing: tuple[str, ...] = ()) -> Path:
    """The same packets in another file."""
    run_ffmpeg(
        [
            *reading,
            "-i",
            footage_argument(source),
            "-map",
            "0",
            "-c",
            "copy",
            *NO_EDIT_LISTS,
            *writing,
            footage_argument(path),
        ],
        doing="remuxing a test clip",
    )
    return path


def tiny(name: str) -> Platform:
    return replace(load_platform(name), raster=TINY, duration_min=Fraction(1))


INSTAGRAM = tiny("instagram-reels")
YOUTUBE = tiny("youtube-shorts")


def broken(report: CheckReport) -> set[str]:
    """The rules that are broken, and those that a person is warned of."""
    assert report.ok is (not report.failed)
    return {finding.rule for finding in report.findings if not finding.ok}


def found(report: CheckReport, rule: str) -> str:
    return next(finding.found for finding in report.findings if finding.rule == rule)


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """2.4 s at 30 frames/s, H.264 High, closed GOPs of 1 s, AAC-LC 48 kHz stereo, −14 LUFS, no edit lists."""
    return make(tmp_path_factory.mktemp("good") / "good.mp4")


@pytest.mark.parametrize("platform", [INSTAGRAM, YOUTUBE], ids=lambda p: p.name)
def test_a_right_file_breaks_no_rule_and_every_rule_was_applied(good: Path, platform: Platform) -> None:
    report = check_file(good, platform)
    assert broken(report) == set()
    assert [finding.rule for finding in report.findings] == [
        "container.format",
        "container.moov-first",
        "container.no-edit-lists",
        "video.codec",
        "video.profile",
        "video.level",
        "video.chroma",
        "video.colour-tags",
        "video.raster",
        "video.sar",
        "video.rotation",
        "video.progressive",
        "video.no-dolby-vision",
        "video.constant-rate",
        "video.rate",
        "video.closed-gop",
        "video.gop-length",
        "video.bitrate",
        "picture.flashing",
        "picture.black",
        "picture.frozen",
        "audio.present",
        "audio.codec",
        "audio.rate",
        "audio.channels",
        "audio.loudness",
        "audio.true-peak",
        "audio.silence",
        "duration",
        "size",
        "streams",
        "decodes",
        "tracks.together",
        "metadata.private",
        "second-opinion",
    ]
    assert all(finding.source and finding.expected and finding.found for finding in report.findings)


def test_a_full_size_reel_passes_for_both_platforms_as_they_stand(tmp_path: Path) -> None:
    reel = make(
        tmp_path / "한빛시.mp4",
        picture="color=teal:s=1080x1920:r=30:d=3.2",
        tone=TONE_AT_MINUS_14_LUFS.replace("d=2.4", "d=3.2"),
    )
    seen = observe(reel)
    failing = {
        name: {finding.rule for finding in judge(seen, load_platform(name)) if not finding.ok}
        for name in ("instagram-reels", "youtube-shorts", "x")
    }
    assert failing == {"instagram-reels": set(), "youtube-shorts": set(), "x": {"video.raster"}}


def test_the_numbers_in_the_report_are_those_of_the_file(good: Path) -> None:
    report = check_file(good, INSTAGRAM)
    assert found(report, "video.rate") == "30 frames/s"
    assert found(report, "video.constant-rate") == "even intervals of 33.3 ms"
    assert found(report, "video.gop-length") == "at most 1 s between keyframes"
    assert found(report, "size") == f"{good.stat().st_size:,} bytes"
    assert 2.4 <= float(found(report, "duration").removesuffix(" s")) <= 2.5
    assert abs(float(found(report, "audio.loudness").removesuffix(" LUFS")) + 14) < 0.2


BREAKERS: dict[str, tuple[set[str], Callable[[Path], Path]]] = {
    "matroska": ({"container.format"}, lambda d: make(d / "a.mkv", muxing=())),
    "index at the end": (
        {"container.moov-first"},
        lambda d: make(d / "a.mp4", muxing=("-use_editlist", "0", "-movflags", "+negative_cts_offsets")),
    ),
    "edit lists": (
        {"container.no-edit-lists"},
        lambda d: make(d / "a.mp4", muxing=("-movflags", "+faststart")),
    ),
    "mpeg4 pictures": ({"video.codec"}, lambda d: make(d / "a.mp4", video=("-c:v", "mpeg4", "-g", "30"))),
    "10 bit": (
        {"video.profile", "video.chroma"},
        lambda d: make(d / "a.mp4", pixel_format="yuv420p10le", video=(*X264[:4], "-g", "30")),
    ),
    "4:4:4": (
        {"video.profile", "video.chroma"},
        lambda d: make(d / "a.mp4", pixel_format="yuv444p", video=(*X264[:4], "-g", "30")),
    ),
    "a level too low": ({"video.level"}, lambda d: make(d / "a.mp4", video=(*X264, "-level:v", "1.0"))),
    "a level beyond telephones": (
        {"video.level"},
        lambda d: make(d / "a.mp4", video=(*X264, "-level:v", "6.0")),
    ),
    "untagged": ({"video.colour-tags"}, lambda d: make(d / "a.mp4", tags="null")),
    "HLG left over": (
        {"video.colour-tags"},
        lambda d: make(d / "a.mp4", tags=TAGS.replace("trc=bt709", "trc=arib-std-b67")),
    ),
    "wide": ({"video.raster"}, lambda d: make(d / "a.mp4", picture="testsrc2=s=320x180:r=30:d=2.4")),
    "small": ({"video.raster"}, lambda d: make(d / "a.mp4", filters="scale=178:318,setsar=1")),
    "anamorphic": ({"video.sar"}, lambda d: make(d / "a.mp4", filters="scale=90:320,setsar=2")),
    "odd crop": ({"video.sar", "video.raster"}, lambda d: make(d / "a.mp4", filters="setsar=79/80")),
    "interlaced": (
        {"video.progressive"},
        lambda d: make(d / "a.mp4", video=(*X264, "-flags", "+ildct+ilme")),
    ),
    "a picture missing": (
        {"video.constant-rate"},
        lambda d: make(d / "a.mp4", filters=r"select=not(eq(n\,20))", video=(*X264, "-fps_mode", "vfr")),
    ),
    "15 frames": ({"video.rate"}, lambda d: make(d / "a.mp4", picture="testsrc2=s=180x320:r=15:d=2.4")),
    "120 frames": ({"video.rate"}, lambda d: make(d / "a.mp4", picture="testsrc2=s=180x320:r=120:d=2.4")),
    "open GOPs": (
        {"video.closed-gop"},
        lambda d: make(
            d / "a.mp4",
            video=(*X264, "-x264-params", "open-gop=1:keyint=20:min-keyint=20:bframes=3:b-adapt=0"),
        ),
    ),
    "one long GOP": ({"video.gop-length"}, lambda d: make(d / "a.mp4", video=(*X264, "-g", "250"))),
    "no sound": ({"audio.present"}, lambda d: make(d / "a.mp4", tone=None)),
    "mp3 sound": (
        {"audio.codec"},
        lambda d: make(d / "a.mp4", audio=("-c:a", "libmp3lame", "-ac", "2", "-ar", "48000")),
    ),
    "44.1 kHz": ({"audio.rate"}, lambda d: make(d / "a.mp4", audio=(*AAC, "-ar", "44100"))),
    "mono": (
        {"audio.channels"},
        lambda d: make(d / "a.mp4", tone="sine=1000:r=48000:d=2.4,volume=4.1dB", audio=(*AAC, "-ac", "1")),
    ),
    "too quiet": ({"audio.loudness"}, lambda d: make(d / "a.mp4", tone="sine=1000:r=48000:d=2.4")),
    "too loud": ({"audio.loudness"}, lambda d: make(d / "a.mp4", tone="sine=1000:r=48000:d=2.4,volume=12dB")),
    "peaks": (
        {"audio.true-peak"},
        lambda d: make(d / "a.mp4", tone=f"aevalsrc={PEAKS}|{PEAKS}:s=48000:d=2.4"),
    ),
    "flashes": (
        {"picture.flashing"},
        lambda d: make(d / "a.mp4", picture=f"{MOVING},eq=brightness='0.35*sgn(sin(2*PI*4*t+1))':eval=frame"),
    ),
    "red flashes": (
        {"picture.flashing"},
        lambda d: make(d / "a.mp4", picture=f"{MOVING},{RED_AND_GREY}"),
    ),
    "black": (
        {"picture.black"},
        lambda d: make(d / "a.mp4", picture=f"{MOVING},drawbox=c=black:t=fill:enable=between(t\\,0.5\\,1.8)"),
    ),
    "frozen": (
        {"picture.frozen"},
        lambda d: make(
            d / "a.mp4",
            picture="testsrc2=s=180x320:r=30:d=2.4,loop=loop=330:size=1:start=30",
            tone=TONE_AT_MINUS_14_LUFS.replace("d=2.4", "d=13.4"),
        ),
    ),
    "silent for a while": (
        {"audio.silence"},
        lambda d: make(
            d / "a.mp4",
            picture="testsrc2=s=180x320:r=30:d=8",
            tone=f"{TONE_AT_MINUS_14_LUFS.replace('d=2.4', 'd=8')},volume=0:enable=between(t\\,2\\,6)",
        ),
    ),
    "where it was filmed": (
        {"metadata.private"},
        lambda d: make(d / "a.mp4", muxing=(*NO_EDIT_LISTS, "-metadata", "location=+35.8150+127.1530/")),
    ),
    "with what it was filmed": (
        {"metadata.private"},
        lambda d: make(
            d / "a.mp4",
            muxing=(
                *("-use_editlist", "0", "-movflags", "+faststart+negative_cts_offsets+use_metadata_tags"),
                *("-metadata", "com.android.manufacturer=Hanbit", "-metadata", "com.android.model=H1"),
            ),
        ),
    ),
    "a timecode track": (
        {"streams"},
        lambda d: make(d / "a.mp4", muxing=(*NO_EDIT_LISTS, "-timecode", "01:00:00:00")),
    ),
}


@pytest.mark.parametrize("name", BREAKERS)
def test_a_file_made_to_break_a_rule_breaks_exactly_that_rule(name: str, tmp_path: Path) -> None:
    expected, recipe = BREAKERS[name]
    assert broken(check_file(recipe(tmp_path), INSTAGRAM)) == expected


def test_platforms_differ_in_what_they_refuse(tmp_path: Path) -> None:
    main = make(tmp_path / "main.mp4", video=(*X264, "-profile:v", "main"))
    assert broken(check_file(main, INSTAGRAM)) == set()
    assert broken(check_file(main, YOUTUBE)) == {"video.profile"}
    quicktime = make(tmp_path / "a.mov")
    assert broken(check_file(quicktime, INSTAGRAM)) == set()
    assert broken(check_file(quicktime, YOUTUBE)) == {"container.format"}


@pytest.mark.parametrize(
    ("reading", "said"),
    [(("-display_rotation", "90"), "270° clockwise"), (("-display_rotation", "180"), "180° clockwise")],
)
def test_a_turned_track_is_refused_though_it_shows_the_right_raster(
    tmp_path: Path, reading: tuple[str, ...], said: str
) -> None:
    raster = "320x180" if "90" in reading else "180x320"
    lying = make(tmp_path / "lying.mp4", picture=f"testsrc2=s={raster}:r=30:d=2.4")
    report = check_file(remux(lying, tmp_path / "turned.mp4", reading=reading), INSTAGRAM)
    assert broken(report) == {"video.rotation"}
    assert found(report, "video.rotation") == said


def test_a_mirrored_track_is_refused(good: Path, tmp_path: Path) -> None:
    mirrored = remux(good, tmp_path / "mirrored.mp4", reading=("-display_hflip",))
    assert broken(check_file(mirrored, INSTAGRAM)) == {"video.rotation"}


def test_a_second_sound_track_and_a_cover_picture_are_refused(good: Path, tmp_path: Path) -> None:
    two = remux(good, tmp_path / "two.mp4", writing=("-map", "0:a"))
    assert broken(check_file(two, INSTAGRAM)) == {"streams"}
    cover = tmp_path / "cover.mp4"
    picture = ("-f", "lavfi", "-i", "color=red:s=64x64:d=0.04")
    attached = ("-map", "0", "-map", "1", "-c", "copy", "-c:v:1", "png", "-disposition:v:1", "attached_pic")
    run_ffmpeg(
        ["-i", footage_argument(good), *picture, *attached, *NO_EDIT_LISTS, footage_argument(cover)],
        doing="a cover",
    )
    report = check_file(cover, INSTAGRAM)
    assert broken(report) == {"streams"}
    assert "attached video png" in found(report, "streams")


@pytest.mark.parametrize(
    ("stricter", "rule"),
    [
        ({"max_video_bitrate": 1000}, "video.bitrate"),
        ({"max_bytes": 1000}, "size"),
        ({"duration_min": Fraction(3)}, "duration"),
        ({"duration_max": Fraction(2)}, "duration"),
        ({"max_gop": Fraction(9, 10)}, "video.gop-length"),
        ({"fps_max": Fraction(30000, 1001)}, "video.rate"),
        ({"audio_codecs": ("opus",)}, "audio.codec"),
        ({"pixel_formats": ("yuv422p",)}, "video.chroma"),
        ({"video_profiles": ("h264 Main",)}, "video.profile"),
    ],
    ids=str,
)
def test_limits_come_from_the_platform(good: Path, stricter: dict[str, object], rule: str) -> None:
    platform = replace(INSTAGRAM, **stricter)  # type: ignore[arg-type]
    assert broken(check_file(good, platform)) == {rule}


def test_a_limit_that_nobody_publishes_refuses_nothing_and_says_so(good: Path) -> None:
    report = check_file(good, replace(INSTAGRAM, max_bytes=None, max_video_bitrate=None, max_gop=None))
    assert broken(report) == set()
    assert next(f.expected for f in report.findings if f.rule == "size") == "no limit published"


def test_silence_has_no_loudness_to_be_wrong(tmp_path: Path) -> None:
    report = check_file(make(tmp_path / "a.mp4", tone="anullsrc=r=48000:cl=stereo,atrim=0:2.4"), INSTAGRAM)
    assert broken(report) == set()
    assert found(report, "audio.loudness") == "silent"


@pytest.mark.parametrize("rate", ["24000/1001", "25", "30000/1001", "50", "60000/1001", "60"])
def test_rates_of_cameras_are_even_and_within_the_limits(tmp_path: Path, rate: str) -> None:
    clip = make(tmp_path / "a.mp4", picture=f"testsrc2=s=180x320:r={rate}:d=2.4")
    assert broken(check_file(clip, INSTAGRAM)) == set()
    assert broken(check_file(clip, YOUTUBE)) == set()


def test_slow_drift_in_a_millisecond_container_is_not_even(tmp_path: Path) -> None:
    # 33 and 34 ms alternate in an even 30 frames/s; 33 ms first and 34 ms afterwards is a clock that drifts.
    drifting = make(
        tmp_path / "a.mkv",
        filters="settb=1/1000,setpts=if(lt(N\\,36)\\,33*N\\,34*N-36)",
        video=(*X264, "-fps_mode", "vfr", "-enc_time_base", "1/1000"),
        muxing=(),
    )
    # The header's rate, which MediaInfo believes, is not what the pictures come at.
    expected = {"container.format", "video.constant-rate", "second-opinion"}
    assert broken(check_file(drifting, INSTAGRAM)) == expected


@pytest.mark.parametrize(
    ("moved", "late", "is_apart"),
    [("1:a", "0.04", False), ("1:a", "0.1", True), ("1:v", "0.02", False), ("1:v", "0.1", True)],
)
def test_sound_that_does_not_begin_with_the_picture_is_found(
    good: Path, tmp_path: Path, moved: str, late: str, is_apart: bool
) -> None:
    # Without edit lists a file cannot say that one track begins later; a platform that takes them shows it.
    shifted, other = tmp_path / "late.mp4", "0:v" if moved == "1:a" else "0:a"
    files = ("-i", footage_argument(good), "-itsoffset", late, "-i", footage_argument(good))
    copied = ("-map", other, "-map", moved, "-c", "copy", "-movflags", "+faststart")
    run_ffmpeg([*files, *copied, footage_argument(shifted)], doing="shifting a track")
    report = check_file(shifted, replace(INSTAGRAM, edit_lists_allowed=True))
    assert ("tracks.together" in broken(report)) is is_apart
    order = "after" if moved == "1:a" else "before"
    assert found(report, "tracks.together") == f"sound {float(late) * 1000:.1f} ms {order} the picture"


def dolby_vision(source: Path, path: Path) -> Path:
    """`source` with a Dolby Vision configuration record in its sample description, all sizes and offsets as they must be."""
    data = bytearray(source.read_bytes())
    record = struct.pack(">I4s", 32, b"dvvC") + bytes([1, 0, 0x10, 0x2D, 0x40]) + bytes(19)
    at = data.index(b"avcC") - 4
    for kind in (b"avc1", b"stsd", b"stbl", b"minf", b"mdia", b"trak", b"moov"):
        start = data.rindex(kind, 0, at) - 4
        (size,) = struct.unpack_from(">I", data, start)
        struct.pack_into(">I", data, start, size + len(record))
    for found in re.finditer(b"stco", bytes(data)):
        (count,) = struct.unpack_from(">I", data, found.end() + 4)
        for number in range(count):
            where = found.end() + 8 + 4 * number
            struct.pack_into(">I", data, where, struct.unpack_from(">I", data, where)[0] + len(record))
    data[at:at] = record
    path.write_bytes(data)
    return path


def test_left_overs_of_dolby_vision_are_found(good: Path, tmp_path: Path) -> None:
    assert broken(check_file(dolby_vision(good, tmp_path / "a.mp4"), INSTAGRAM)) == {"video.no-dolby-vision"}


def test_a_file_that_says_two_things_is_told_by_the_second_opinion(good: Path, tmp_path: Path) -> None:
    data = bytearray(good.read_bytes())
    # The width of the sample description, which the pictures contradict.
    at = data.index(b"avc1", data.index(b"stsd")) + 4 + 24
    assert struct.unpack_from(">H", data, at) == (180,)
    struct.pack_into(">H", data, at, 240)
    lying = tmp_path / "lying.mp4"
    lying.write_bytes(data)
    report = check_file(lying, INSTAGRAM)
    assert broken(report) == {"second-opinion"}
    assert found(report, "second-opinion") == "the raster: 180x320, MediaInfo says 240x320"


def by_moviepy(path: Path) -> Path:
    """As a user of moviepy writes it, with its own defaults."""
    from moviepy import AudioClip, VideoClip

    def picture(t: float) -> np.ndarray[Any, Any]:
        shown = np.full((320, 180, 3), 90, np.uint8)
        at = int(t * 50) % 200
        shown[at : at + 60, 40:140] = (200, 160, 40)
        return shown

    def tone(t: Any) -> Any:
        # A full tone is -3 dBFS on each side; so is -14 LUFS.
        return np.stack([0.2 * np.sin(2000 * np.pi * np.asarray(t))] * 2, axis=-1)

    clip = VideoClip(picture, duration=9).with_audio(AudioClip(tone, duration=9, fps=44100))
    clip.write_videofile(str(path), fps=30, codec="libx264", audio_codec="aac", logger=None)
    return path


def by_a_phone(folder: Path) -> Path:
    """Index last, edit lists, turned by its matrix, with a place and a maker: what a telephone stores."""
    lying = make(folder / "lying.mp4", picture="testsrc2=s=320x180:r=30:d=2.4")
    turned = folder / "phone.mov"
    run_ffmpeg(
        [
            *("-display_rotation", "90", "-i", footage_argument(lying), "-map", "0", "-c", "copy"),
            *(
                "-movflags",
                "+use_metadata_tags",
                "-metadata",
                "com.apple.quicktime.location.ISO6709=+35.8+127.1/",
            ),
            *("-metadata", "com.apple.quicktime.make=Hanbit", footage_argument(turned)),
        ],
        doing="storing as a phone",
    )
    return turned


MUXERS: dict[str, tuple[set[str], Callable[[Path], Path]]] = {
    "plain ffmpeg": (
        {"container.moov-first", "container.no-edit-lists", "video.colour-tags", "video.gop-length"},
        lambda d: make(
            d / "a.mp4", picture="testsrc2=s=180x320:r=30:d=5", tags="null", muxing=(),
            video=("-c:v", "libx264", "-preset", "ultrafast", "-profile:v", "high", "-8x8dct", "1"),
            tone=TONE_AT_MINUS_14_LUFS.replace("d=2.4", "d=5"),
        ),
    ),
    "moviepy": (
        {"container.moov-first", "container.no-edit-lists", "video.colour-tags", "video.gop-length", "audio.rate"},
        lambda d: by_moviepy(d / "a.mp4"),
    ),
    "a phone": (
        {"container.moov-first", "container.no-edit-lists", "video.rotation", "metadata.private"},
        by_a_phone,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", MUXERS)
def test_files_of_other_programs_are_judged_by_what_they_are(name: str, tmp_path: Path) -> None:
    expected, recipe = MUXERS[name]
    assert broken(check_file(recipe(tmp_path), INSTAGRAM)) == expected


def test_closed_gops_of_hevc_are_told_from_open_ones(tmp_path: Path) -> None:
    def hevc(name: str, open_gop: int) -> Path:
        parameters = f"log-level=none:keyint=20:min-keyint=20:open-gop={open_gop}:bframes=3:b-adapt=0"
        return make(
            tmp_path / name,
            video=("-c:v", "libx265", "-preset", "ultrafast", "-tag:v", "hvc1", "-x265-params", parameters),
        )

    assert broken(check_file(hevc("closed.mp4", 0), INSTAGRAM)) == set()
    assert broken(check_file(hevc("open.mp4", 1), INSTAGRAM)) == {"video.closed-gop"}


def test_damage_in_the_pictures_is_found_by_decoding(good: Path, tmp_path: Path) -> None:
    content = bytearray(good.read_bytes())
    middle = content.find(b"mdat") + (len(content) - content.find(b"mdat")) // 2
    content[middle : middle + 400] = bytes(random.Random(1).randbytes(400))
    damaged = tmp_path / "damaged.mp4"
    damaged.write_bytes(content)
    assert "decodes" in broken(check_file(damaged, INSTAGRAM))


def test_a_copy_that_broke_off_is_found(good: Path, tmp_path: Path) -> None:
    cut = tmp_path / "cut.mp4"
    cut.write_bytes(good.read_bytes()[:-200])
    report = check_file(cut, INSTAGRAM)
    assert "decodes" in broken(report)
    assert "ends before its last box" in found(report, "decodes")


def test_chunks_joined_without_re_encoding_pass(tmp_path: Path) -> None:
    make(tmp_path / "half.mp4", tone=None)
    (tmp_path / "list.txt").write_text("file half.mp4\nfile half.mp4\n", encoding="utf-8")
    joined = tmp_path / "joined.mp4"
    run_ffmpeg(
        ["-f", "concat", "-i", "list.txt", "-c", "copy", *NO_EDIT_LISTS, footage_argument(joined)],
        doing="joining",
        cwd=tmp_path,
    )
    assert broken(check_file(joined, INSTAGRAM)) == {"audio.present"}


def test_the_report_as_json_has_the_documented_shape(good: Path) -> None:
    shape = json.loads(json.dumps(report_json(check_file(good, YOUTUBE))))
    assert set(shape) == {"file", "platform", "ok", "findings"}
    keys = {"rule", "ok", "severity", "found", "expected", "source"}
    assert (shape["file"], shape["platform"], shape["ok"]) == (str(good), "youtube-shorts", True)
    assert all(set(finding) == keys for finding in shape["findings"])


def test_a_source_names_its_address_its_trust_and_its_day(good: Path) -> None:
    report = check_file(good, INSTAGRAM)
    size = next(finding for finding in report.findings if finding.rule == "size")
    assert size.source.startswith("https://developers.facebook.com/")
    assert size.source.endswith("(second-hand, 2026-10-11)")


@pytest.mark.parametrize("name", ["-i.mp4", "concat:a|b.mp4", "한빛시 '축제' [1] %d\n100%.mp4", "한글.mp4"])
def test_a_hostile_name_is_only_a_name(
    good: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    (tmp_path / name).write_bytes(good.read_bytes())
    monkeypatch.chdir(tmp_path)
    assert broken(check_file(Path(name), INSTAGRAM)) == set()


NOT_MEDIA: dict[str, tuple[type[FootageError], bytes]] = {
    "empty.mp4": (FootageRefused, b""),
    "notes.mp4": (FootageRefused, "김하늘 주무관 인터뷰 메모\n".encode() * 40),
    "random.mp4": (FootageRefused, random.Random(7).randbytes(20_000)),
    "playlist.mp4": (
        FootageRefused,
        b"#EXTM3U\n#EXT-X-TARGETDURATION:3\n#EXTINF:3,\ngood.mp4\n#EXT-X-ENDLIST\n",
    ),
    "script.mov": (FootageRefused, b"ffconcat version 1.0\nfile good.mp4\n"),
    "unfinished.mp4": (FootageDamaged, b"\0\0\0\x18ftypisom\0\0\2\0isommp42" + b"\0\0\0\0mdat" + bytes(5000)),
}


@pytest.mark.parametrize("name", NOT_MEDIA)
def test_what_is_no_media_is_refused_with_exit_code_4(good: Path, tmp_path: Path, name: str) -> None:
    error, content = NOT_MEDIA[name]
    (tmp_path / "good.mp4").write_bytes(good.read_bytes())
    (tmp_path / name).write_bytes(content)
    with pytest.raises(error) as caught:
        check_file(tmp_path / name, INSTAGRAM)
    assert caught.value.exit_code == 4
    assert str(tmp_path / name) in str(caught.value)


def test_a_missing_file_a_folder_and_a_pipe_are_refused(tmp_path: Path) -> None:
    with pytest.raises(FootageMissing):
        check_file(tmp_path / "none.mp4", INSTAGRAM)
    with pytest.raises(FootageRefused, match="folder"):
        check_file(tmp_path, INSTAGRAM)
    os.mkfifo(tmp_path / "pipe.mp4")
    with pytest.raises(FootageRefused, match="no regular file"):
        check_file(tmp_path / "pipe.mp4", INSTAGRAM)


def test_sound_without_a_picture_is_no_reel(tmp_path: Path) -> None:
    sound = tmp_path / "sound.mp4"
    run_ffmpeg(["-f", "lavfi", "-i", "sine=d=1", *AAC, footage_argument(sound)], doing="a sound")
    with pytest.raises(NoVideoStream, match="audio aac"):
        check_file(sound, INSTAGRAM)


def test_progress_reaches_the_end_of_the_file(good: Path) -> None:
    heard: list[Fraction] = []
    check_file(good, INSTAGRAM, on_progress=heard.append)
    assert heard[-1] >= Fraction(23, 10)
