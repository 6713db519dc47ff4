"""What is delivered → how it is encoded.

`PictureSpec` and `SoundSpec` say what the finished file must be; the functions give the codec options that make it
so. Pure: nothing here runs an encoder. `graph` puts the options at the end of a command, `check` judges the result
without looking here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, Literal, get_args

from reels.geometry import PORTRAIT_1080, Raster

__all__ = [
    "AUDIO_RATE_HZ",
    "ENCODERS",
    "PRIMING_SAMPLES",
    "Encoder",
    "PictureSpec",
    "Quality",
    "SoundSpec",
    "audio_options",
    "chunk_frames",
    "drafted",
    "filters_before",
    "join_options",
    "video_options",
]

AUDIO_RATE_HZ = 48_000

# What ffmpeg's AAC encoder puts before the first sample; without an edit list a player plays it (facts measured
# in docs/decisions/0003-no-edit-lists.md), so the programme gives up as much at its very start.
PRIMING_SAMPLES = 1024

_GOPS_IN_A_CHUNK = 1


Encoder = Literal["x264", "nvenc", "qsv", "amf", "videotoolbox", "vaapi"]
"""`x264` runs everywhere and gives the same bytes everywhere; the others need their hardware, and give what that gives."""
ENCODERS: tuple[Encoder, ...] = get_args(Encoder)


Quality = Literal["full", "draft"]
"""`draft` is for looking at: everything stands where it will, and the encoder takes a quarter of the time.

No faster one: x264 `ultrafast` leaves out what makes a High profile, which YouTube asks for."""

_OF_DRAFTS: Mapping[str, Any] = {"preset": "superfast", "crf": 28}


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureSpec:
    """The picture of one encode that serves one or more platforms."""

    rate: Fraction
    raster: Raster = PORTRAIT_1080
    gop_seconds: Fraction = Fraction(2)
    crf: int = 20
    preset: str = "medium"
    max_video_kbps: int = 20_000
    encoder: Encoder = "x264"

    @property
    def gop_frames(self) -> int:
        """The longest closed GOP, in whole frames and never longer than `gop_seconds`."""
        return max(1, int(self.gop_seconds * self.rate))


@dataclass(frozen=True, slots=True, kw_only=True)
class SoundSpec:
    """The sound of one encode. Levels by EBU R 128, of the decoded file."""

    kbps: int = 192
    target_lufs: Fraction = Fraction(-14)
    ceiling_dbtp: Fraction = Fraction(-1)


def drafted(spec: PictureSpec) -> PictureSpec:
    """`spec` for a first look."""
    return replace(spec, encoder="x264", **_OF_DRAFTS)


def chunk_frames(spec: PictureSpec) -> int:
    """Frames in one chunk: whole GOPs, so that every join falls on a keyframe that the file has anyway."""
    return _GOPS_IN_A_CHUNK * spec.gop_frames


def video_options(spec: PictureSpec) -> Mapping[str, str | int]:
    """The encoder's options for one chunk, and what every encoder must write into it.

    One thread: x264's output depends on the number of threads, and a chunk must be the same bytes on every
    machine. Parallel work comes from encoding several chunks at once.
    Source: YouTube's upload settings (2 B-frames, closed GOP, High profile); x264 documentation on VBV.
    """
    return {
        **_of_encoder(spec),
        "maxrate": f"{spec.max_video_kbps}k",
        "bufsize": f"{spec.max_video_kbps}k",
        "profile:v": "high",
        "g": spec.gop_frames,
        "bf": 2,
        "color_primaries": "bt709",
        "color_trc": "bt709",
        "colorspace": "bt709",
        "color_range": "tv",
        "fps_mode": "passthrough",
        "map_metadata": -1,
        "map_chapters": -1,
    }


def _of_encoder(spec: PictureSpec) -> Mapping[str, str | int]:
    """What differs; the qualities are about as good to look at as x264's CRF.

    Source: `ffmpeg -h encoder=…` of each.
    """
    match spec.encoder:
        case "x264":
            return {
                "c:v": "libx264",
                "preset": spec.preset,
                "crf": spec.crf,
                "pix_fmt": "yuv420p",
                "x264-params": "open-gop=0:stitchable=1",
                "threads": 1,
            }
        case "nvenc":
            return {
                "c:v": "h264_nvenc",
                "preset": "p5",
                "tune": "hq",
                "rc": "vbr",
                "cq": spec.crf + 2,
                "b:v": 0,
                "pix_fmt": "yuv420p",
                "forced-idr": 1,
                "strict_gop": 1,
            }
        case "qsv":
            return {
                "c:v": "h264_qsv",
                "preset": "medium",
                "global_quality": spec.crf + 2,
                "pix_fmt": "nv12",
            }
        case "amf":
            return {
                "c:v": "h264_amf",
                "quality": "quality",
                "rc": "qvbr",
                "qvbr_quality_level": spec.crf + 2,
                "pix_fmt": "yuv420p",
            }
        case "videotoolbox":
            return {"c:v": "h264_videotoolbox", "q:v": 65, "allow_sw": 0, "pix_fmt": "yuv420p"}
        case "vaapi":
            return {
                "init_hw_device": "vaapi",
                "c:v": "h264_vaapi",
                "rc_mode": "QVBR",
                "global_quality": spec.crf + 2,
            }


def filters_before(encoder: Encoder) -> tuple[tuple[str, ...], ...]:
    """Filters with their arguments that bring a picture to where the encoder takes it: VAAPI reads its own memory."""
    return (("format", "nv12"), ("hwupload",)) if encoder == "vaapi" else ()


def audio_options(spec: SoundSpec) -> Mapping[str, str | int]:
    """AAC-LC in ADTS, which carries no edit list and can be copied into the finished file.

    Without noise substitution and intensity stereo the encoder adds at most 0.2 dB to the peaks it is given; with
    them up to 3 dB, differently at each gain (measured in docs/decisions/0004-speed.md).
    """
    return {
        "c:a": "aac",
        "aac_pns": 0,
        "aac_is": 0,
        "b:a": f"{spec.kbps}k",
        "ar": AUDIO_RATE_HZ,
        "ac": 2,
        "f": "adts",
        "map_metadata": -1,
    }


def join_options(rate: Fraction) -> Mapping[str, str | int]:
    """Streams copied into an MP4 whose index comes first and which has no edit list.

    `negative_cts_offsets` brings the first picture back to time 0, which leaving the edit list out would delay by
    the B-frame depth. Source: ffmpeg documentation, mov muxer.
    """
    return {
        "c": "copy",
        "use_editlist": 0,
        "movflags": "+faststart+negative_cts_offsets",
        "video_track_timescale": rate.numerator * (1 if rate.denominator > 1 else 1000),
        "brand": "mp42",
        "map_metadata": -1,
        "map_chapters": -1,
        "f": "mp4",
    }
