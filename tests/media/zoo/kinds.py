"""The kinds of footage: each oddity that is met in life, in the company in which it is met.

A kind says how it is made and what is true of it. `frames_hidden` pictures at its beginning are in the file and
are not to be shown. `rates` are the constant rates at which its reel may be delivered: of its own family.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from reels.geometry import Raster
from tests.media.zoo.filming import Take

__all__ = ["KINDS", "Kind"]

_NTSC = Fraction(1000, 1001)
_FROM = ("-i", "{from}", "-fps_mode", "passthrough")
_VARYING = (*_FROM, "-enc_time_base", "1/90000")
_H264 = ("-c:v", "libx264", "-preset", "ultrafast", "-crf", "16", "-pix_fmt", "yuv420p", "-threads", "1")
_H264_B = ("-c:v", "libx264", "-preset", "veryfast", "-bf", "2", "-crf", "16", "-threads", "1")
_HEVC = ("-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=none:pools=none:crf=16")
_AAC = ("-c:a", "aac", "-b:a", "96k")
_PCM = ("-c:a", "pcm_s16le")
_WOVEN = ("-flags", "+ilme+ildct")
_TO = ("-bitexact", "{to}")
_COPY = ("-c", "copy", *_TO)

_R25 = frozenset({Fraction(25), Fraction(50)})
_R30 = frozenset({Fraction(30), Fraction(60)})
_R2997 = frozenset({30 * _NTSC, 60 * _NTSC})
_R23976 = frozenset({24 * _NTSC})
_R24 = frozenset({Fraction(24)})

_SD4_3, _SD16_9 = Raster(768, 576), Raster(1024, 576)


def _tagged(
    primaries: str, transfer: str, matrix: str, colour_range: str = "tv", fmt: str = ""
) -> tuple[str, ...]:
    first = f"format={fmt}," if fmt else ""
    return (
        "-vf",
        f"{first}setparams=color_primaries={primaries}:color_trc={transfer}:colorspace={matrix}:range={colour_range}",
    )


_BT709 = _tagged("bt709", "bt709", "bt709")


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of footage: what is filmed, the ffmpeg steps that make the file, and what is true of it."""

    file: str
    take: Take
    steps: tuple[tuple[str, ...], ...]
    rates: frozenset[Fraction]
    notes: frozenset[str] = field(default_factory=frozenset)
    frames_hidden: int = 0
    """Pictures at the beginning that are in the file and must not show."""
    kept: Fraction = Fraction(1)
    """The share of the finished file's bytes that was copied."""
    rendered: bool = True
    """Whether a reel is made of it in the tests; one whose every part is in others' reels is only probed."""


def _telephone(left_out: frozenset[int], count: int) -> tuple[Fraction, ...]:
    """30 fps that slips by some milliseconds every few frames, with frames left out in the dark.

    Each time lies on a 30 fps grid or at least 7 ms off it, so that which is shown is no matter of rounding.
    """
    slips_ms = (0, 12, -9, 0, 17, 8, -14, 22, 0)
    return tuple(
        Fraction(n, 30) + Fraction(slips_ms[n // 8 % 9], 1000) for n in range(count) if n not in left_out
    )


_DARK = _telephone(frozenset({13, 27, 28, 41}), 46)
# Gaps of 0.4 s and 0.27 s, as a phone leaves them while it sets its exposure.
_GAPS = _telephone(frozenset({*range(10, 21), *range(29, 36)}), 48)
# A screen recording: a picture only where something moved, on a grid of 25.
_SCREEN = tuple(
    Fraction(n, 25)
    for n in (0, 1, 2, 5, 6, 7, 12, 13, 20, 21, 22, 23, 25, 26, 30, 38, 39, 40, 41, 43, 48, 49)
)

KINDS: dict[str, Kind] = {
    # --- cut without encoding, which hides pictures; first, for it does not count from 0 -------------------
    "edit list": Kind(
        file="trimmed.mov",
        take=Take(seconds=Fraction(13, 5), first_flash=Fraction(3, 2)),
        steps=(
            (*_FROM, *_BT709, *_H264_B, "-g", "25", *_PCM, *_TO),
            ("-ss", "1.32", "-i", "{from}", *_COPY),
        ),
        rates=_R25,
        notes=frozenset({"edit-list"}),
        frames_hidden=33,
    ),
    # --- telephones --------------------------------------------------------------------------------------
    "phone, HLG, VFR, turned": Kind(
        file="IMG_0412.MOV",
        take=Take(display=Raster(180, 320), rate=Fraction(30), varying=_DARK, turned=1, sound_rate_hz=44_100),
        steps=(
            (
                *_VARYING,
                *_tagged("bt2020", "arib-std-b67", "bt2020nc", fmt="yuv420p10le"),
                *_HEVC,
                "-tag:v",
                "hvc1",
                *_AAC,
                *_TO,
            ),
            ("-display_rotation:v:0", "-90", "-i", "{from}", *_COPY),
        ),
        rates=_R30,
        notes=frozenset({"rotated", "variable-frame-rate", "hdr-hlg"}),
    ),
    "phone, VFR with gaps": Kind(
        file="VID_20261003.mp4",
        take=Take(rate=Fraction(30), varying=_GAPS),
        steps=((*_VARYING, *_BT709, *_H264_B, *_AAC, *_TO),),
        rates=_R30,
        notes=frozenset({"variable-frame-rate"}),
    ),
    "phone, upside down": Kind(
        file="upside-down.mp4",
        take=Take(display=Raster(180, 320), rate=Fraction(30), turned=2),
        steps=(
            (*_FROM, *_BT709, *_H264, *_AAC, *_TO),
            ("-display_rotation:v:0", "180", "-i", "{from}", *_COPY),
        ),
        rates=_R30,
        notes=frozenset({"rotated"}),
    ),
    "phone, turned by 270": Kind(
        file="turned-left.mov",
        take=Take(display=Raster(180, 320), rate=30 * _NTSC, turned=3),
        steps=(
            (*_FROM, *_BT709, *_H264, *_AAC, *_TO),
            ("-display_rotation:v:0", "90", "-i", "{from}", *_COPY),
        ),
        rates=_R2997,
        notes=frozenset({"rotated"}),
    ),
    "phone, selfie, mirrored": Kind(
        file="selfie.mp4",
        take=Take(rate=Fraction(30), mirrored=True),
        steps=(
            (*_FROM, *_BT709, *_H264, *_AAC, *_TO),
            ("-display_hflip:v:0", "-i", "{from}", *_COPY),
        ),
        rates=_R30,
        notes=frozenset({"mirrored"}),
        rendered=False,
    ),
    "phone, selfie, turned and mirrored": Kind(
        file="selfie-portrait.mov",
        take=Take(display=Raster(180, 320), rate=Fraction(30), turned=1, mirrored=True),
        steps=(
            (*_FROM, *_BT709, *_H264, *_AAC, *_TO),
            ("-display_rotation:v:0", "90", "-display_hflip:v:0", "-i", "{from}", *_COPY),
        ),
        rates=_R30,
        notes=frozenset({"rotated", "mirrored"}),
    ),
    "phone, full range": Kind(
        file="full-range.mp4",
        take=Take(rate=Fraction(30)),
        steps=(
            (
                *_FROM,
                "-vf",
                "scale=out_range=pc,format=yuvj420p",
                *_H264[:-4],
                "-pix_fmt",
                "yuvj420p",
                *_AAC,
                *_TO,
            ),
        ),
        rates=_R30,
        notes=frozenset({"full-range", "untagged"}),
    ),
    # --- cameras -----------------------------------------------------------------------------------------
    "camera, PQ, 10-bit 4:2:2, 60p": Kind(
        file="C0001.MP4",
        take=Take(rate=Fraction(60)),
        steps=(
            (*_FROM, *_tagged("bt2020", "smpte2084", "bt2020nc", fmt="yuv422p10le"), *_HEVC, *_AAC, *_TO),
        ),
        rates=_R30,
        notes=frozenset({"hdr-pq"}),
    ),
    "camera, AVCHD 1080i25": Kind(
        file="00001.MTS",
        take=Take(display=Raster(640, 360), fields="tff"),
        steps=(
            (
                *_FROM,
                "-vf",
                "setfield=tff",
                *_H264_B,
                *_WOVEN,
                "-x264-params",
                "tff=1",
                "-g",
                "12",
                "-c:a",
                "ac3",
                "-b:a",
                "128k",
                "-f",
                "mpegts",
                *_TO,
            ),
        ),
        rates=_R25,
        notes=frozenset({"interlaced", "starts-later", "untagged"}),
    ),
    "camera, ProRes 4:2:2, 96 kHz": Kind(
        file="A001.mov",
        take=Take(rate=24 * _NTSC, sound_rate_hz=96_000),
        steps=(
            (
                *_FROM,
                *_BT709,
                "-c:v",
                "prores_ks",
                "-profile:v",
                "3",
                "-pix_fmt",
                "yuv422p10le",
                "-c:a",
                "pcm_s24le",
                *_TO,
            ),
        ),
        rates=_R23976,
    ),
    "camera, drop-frame timecode": Kind(
        file="CLIP0007.MOV",
        take=Take(rate=30 * _NTSC),
        steps=((*_FROM, *_BT709, *_H264_B, *_PCM, "-timecode", "10:00:00;02", *_TO),),
        rates=_R2997,
        notes=frozenset({"timecode"}),
    ),
    "camera, 50p": Kind(
        file="50p.mp4",
        take=Take(rate=Fraction(50)),
        steps=((*_FROM, *_BT709, *_H264_B, *_AAC, *_TO),),
        rates=_R25,
    ),
    "camera, 59.94p, 5.1": Kind(
        file="5994.mp4",
        take=Take(rate=60 * _NTSC),
        steps=((*_FROM, *_BT709, *_H264_B, "-af", "pan=5.1|FC=c0|FL=0.3*c0|FR=0.3*c0", "-c:a", "ac3", *_TO),),
        rates=_R2997,
        notes=frozenset({"surround-sound"}),
    ),
    "camera, slow motion 240": Kind(
        file="slow.mp4",
        take=Take(rate=Fraction(240)),
        steps=((*_FROM, *_BT709, *_H264, *_AAC, *_TO),),
        rates=_R30,
        notes=frozenset({"high-frame-rate"}),
    ),
    "drone, 8K, no sound": Kind(
        file="DJI_0001.MP4",
        take=Take(rate=Fraction(24), seconds=Fraction(2, 3), sound_from=None),
        steps=(
            (
                *_FROM,
                "-vf",
                "scale=7680:4320:flags=neighbor,setparams=color_primaries=bt709:color_trc=bt709:colorspace=bt709:range=tv",
                *_H264[:-2],
                *_TO,
            ),
        ),
        rates=_R24,
        notes=frozenset({"no-sound", "very-large"}),
    ),
    "camera, cover picture": Kind(
        file="with-cover.mp4",
        take=Take(),
        steps=(
            (*_FROM, *_BT709, *_H264, *_AAC, *_TO),
            (
                "-i",
                "{from}",
                "-f",
                "lavfi",
                "-i",
                "color=red:s=640x640:d=0.04:r=25",
                "-map",
                "0",
                "-map",
                "1",
                "-c",
                "copy",
                "-c:v:1",
                "mjpeg",
                "-disposition:v:1",
                "attached_pic",
                *_TO,
            ),
        ),
        rates=_R25,
        notes=frozenset({"attached-picture"}),
    ),
    # --- tapes and broadcast -----------------------------------------------------------------------------
    "broadcast, 1080i25 MXF, four mono tracks": Kind(
        file="tape.mxf",
        take=Take(display=Raster(640, 360), fields="tff"),
        steps=(
            (
                *_FROM,
                "-vf",
                "format=yuv422p,setfield=tff",
                "-map",
                "0:v",
                *("-map", "0:a") * 4,
                "-filter:a:2",
                "volume=0",
                "-filter:a:3",
                "volume=0",
                "-c:v",
                "mpeg2video",
                "-qscale:v",
                "2",
                *_WOVEN,
                "-c:a",
                "pcm_s24le",
                "-timecode",
                "10:00:00:00",
                *_TO,
            ),
        ),
        rates=_R25,
        notes=frozenset({"interlaced", "several-sound-tracks", "timecode", "untagged"}),
    ),
    "broadcast, 1080i29.97": Kind(
        file="air.mpg",
        take=Take(display=Raster(640, 360), rate=30 * _NTSC, fields="tff"),
        steps=(
            (
                *_FROM,
                "-vf",
                "setfield=tff",
                "-c:v",
                "mpeg2video",
                "-qscale:v",
                "2",
                *_WOVEN,
                "-c:a",
                "mp2",
                "-f",
                "vob",
                *_TO,
            ),
        ),
        rates=_R2997,
        notes=frozenset({"interlaced", "starts-later", "untagged"}),
    ),
    "tape, DV NTSC": Kind(
        file="ntsc.avi",
        take=Take(display=Raster(640, 480), width=720, rate=30 * _NTSC, fields="bff"),
        steps=(
            (
                *_FROM,
                "-vf",
                "setfield=bff,setsar=8/9,format=yuv411p",
                "-c:v",
                "dvvideo",
                "-aspect",
                "4:3",
                *_PCM,
                *_TO,
            ),
        ),
        rates=_R2997,
        notes=frozenset({"interlaced", "anamorphic", "untagged"}),
    ),
    "tape, DV PAL 4:3": Kind(
        file="pal.mov",
        take=Take(display=_SD4_3, width=720, fields="bff"),
        steps=((*_FROM, "-vf", "setfield=bff,setsar=16/15", "-c:v", "dvvideo", *_PCM, *_TO),),
        rates=_R25,
        notes=frozenset({"interlaced", "anamorphic", "untagged"}),
    ),
    "tape, DV PAL 16:9": Kind(
        file="pal-wide.dv",
        take=Take(display=_SD16_9, width=720, fields="bff"),
        steps=(
            (
                *_FROM,
                "-vf",
                "setfield=bff,setsar=64/45",
                "-c:v",
                "dvvideo",
                "-aspect",
                "16:9",
                *_PCM,
                "-ac",
                "2",
                "-f",
                "dv",
                *_TO,
            ),
        ),
        rates=_R25,
        notes=frozenset({"interlaced", "anamorphic", "untagged"}),
        rendered=False,
    ),
    "archive, BT.601": Kind(
        file="archive.mp4",
        take=Take(display=Raster(640, 480)),
        steps=((*_FROM, *_tagged("bt470bg", "smpte170m", "bt470bg"), *_H264_B, *_AAC, *_TO),),
        rates=_R25,
        notes=frozenset({"bt601"}),
    ),
    "archive, film": Kind(
        file="film.mkv",
        take=Take(rate=24 * _NTSC),
        steps=(
            (
                *_FROM,
                *_BT709,
                *_HEVC[:-1],
                "log-level=none:pools=none",
                "-pix_fmt",
                "yuv420p10le",
                "-c:a",
                "flac",
                *_TO,
            ),
        ),
        rates=_R23976,
        rendered=False,
    ),
    # --- from computers and the net ----------------------------------------------------------------------
    "screen recording, VFR, mono": Kind(
        file="screen.mkv",
        take=Take(display=Raster(480, 270), varying=_SCREEN),
        steps=((*_VARYING, *_H264_B, "-c:a", "libopus", *_TO),),
        rates=_R25,
        notes=frozenset({"variable-frame-rate", "untagged"}),
    ),
    "web, VP9, odd size": Kind(
        file="web.webm",
        take=Take(display=Raster(322, 182), rate=Fraction(30)),
        steps=(
            (
                *_FROM,
                "-vf",
                "crop=321:181:0:0:exact=1",
                "-c:v",
                "libvpx-vp9",
                "-deadline",
                "realtime",
                "-cpu-used",
                "8",
                "-crf",
                "20",
                "-b:v",
                "0",
                "-pix_fmt",
                "yuv420p",
                "-c:a",
                "libopus",
                *_TO,
            ),
        ),
        rates=_R30,
        notes=frozenset({"odd-size", "untagged"}),
    ),
    "webcam, MJPEG, 8 kHz": Kind(
        file="webcam.avi",
        take=Take(display=Raster(320, 240), rate=Fraction(15), sound_rate_hz=8000),
        steps=((*_FROM, "-c:v", "mjpeg", "-q:v", "2", "-pix_fmt", "yuvj420p", *_PCM, *_TO),),
        rates=_R30,
        notes=frozenset({"full-range", "bt601", "low-sound-rate", "low-frame-rate"}),
    ),
    "messenger, clock at 7.25 s": Kind(
        file="KakaoTalk_20261003.mp4",
        take=Take(display=Raster(180, 320), rate=Fraction(30), sound_rate_hz=44_100),
        steps=(
            (
                *_FROM,
                "-c:v",
                "libx264",
                "-preset",
                "veryfast",
                "-crf",
                "32",
                "-threads",
                "1",
                *_AAC,
                "-output_ts_offset",
                "7.25",
                *_TO,
            ),
        ),
        rates=_R30,
        notes=frozenset({"starts-later", "untagged"}),
    ),
    "time lapse, 1 fps": Kind(
        file="lapse.mp4",
        take=Take(rate=Fraction(1), seconds=Fraction(4), first_flash=Fraction(1)),
        steps=((*_FROM, *_BT709, *_H264, *_AAC, *_TO),),
        rates=_R30,
        notes=frozenset({"low-frame-rate"}),
    ),
    "under another name": Kind(
        file="matroska.mp4",
        take=Take(),
        steps=((*_FROM, *_BT709, *_H264, *_AAC, "-f", "matroska", *_TO),),
        rates=_R25,
        notes=frozenset({"other-container"}),
    ),
    # --- clocks ------------------------------------------------------------------------------------------
    "sound half a second late": Kind(
        file="late.mp4",
        take=Take(seconds=Fraction(2), sound_from=Fraction(1, 2), first_flash=Fraction(7, 10)),
        steps=((*_FROM, *_BT709, *_H264_B, *_AAC, *_TO),),
        rates=_R25,
        notes=frozenset({"sound-starts-late"}),
    ),
    "sound half a second early": Kind(
        file="early.mov",
        take=Take(picture_from=Fraction(13, 25)),
        steps=((*_FROM, *_BT709, *_H264_B, *_AAC, *_TO),),
        rates=_R25,
        notes=frozenset({"picture-starts-late"}),
    ),
    # --- broken off --------------------------------------------------------------------------------------
    "copy broken off, index first": Kind(
        file="half.mp4",
        take=Take(seconds=Fraction(9, 5)),
        steps=((*_FROM, *_BT709, *_H264, *_AAC, "-movflags", "+faststart", *_TO),),
        rates=_R25,
        notes=frozenset({"damaged"}),
        kept=Fraction(3, 5),
    ),
    "copy broken off, MKV": Kind(
        file="half.mkv",
        take=Take(seconds=Fraction(9, 5)),
        steps=((*_FROM, *_BT709, *_H264, *_AAC, *_TO),),
        rates=_R25,
        notes=frozenset({"damaged"}),
        kept=Fraction(3, 5),
        rendered=False,
    ),
    "copy broken off, TS": Kind(
        file="half.ts",
        take=Take(seconds=Fraction(9, 5)),
        steps=((*_FROM, *_BT709, *_H264, *_AAC, *_TO),),
        rates=_R25,
        notes=frozenset({"starts-later", "damaged"}),
        kept=Fraction(3, 5),
    ),
}
"""Footage that reels are made of, by what it is."""
