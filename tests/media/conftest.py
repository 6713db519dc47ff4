"""Tiny clips, made from lavfi when they are first asked for and kept for the session.

Each fixture's docstring holds the recipe and the truth; `made` checks the truth with PyAV alone, decoding
every frame, before a test sees the clip. Times are seconds from the container's start.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import pytest

from reels.geometry import Raster
from reels.tools.ffmpeg import run_ffmpeg

_HANGUL = "한빛시 축제 홍보.mp4"

HOSTILE_NAMES = {
    "hangul composed": unicodedata.normalize("NFC", _HANGUL),
    "hangul decomposed": unicodedata.normalize("NFD", _HANGUL),
    "spaces": "two  words .mp4",
    "newline": "first line\nsecond line.mp4",
    "quotes": "the \"best\" of 'all' `clips`.mp4",
    "colon": "12:30:05.mp4",
    "brackets": "[0:v]; movie=x (1) {2} <3>.mp4",
    "percent": "100% %03d %s.mp4",
    "backslash": "back\\slash \\N \\'.mp4",
    "leading dash": "-i.mp4",
    "protocol": "concat:a.mp4|b.mp4",
    "pipe": "pipe:0",
    "dollar": "$(touch owned) & ; # *?.mp4",
    "comma equals": "a,b=c@d.mp4",
    "not utf-8": "caf\udce9.mp4",
    "200 bytes": "가" * 65 + "x.mp4",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Clip:
    """A made clip and what is true of it; `coded` counts stored pixels."""

    path: Path
    coded: Raster
    frames: int
    duration: Fraction


Maker = Callable[..., Clip]


@pytest.fixture(scope="session")
def make_clip(tmp_path_factory: pytest.TempPathFactory) -> Maker:
    """Makes a clip from ffmpeg arguments and asserts that it decodes to the given raster and frame count."""
    folder = tmp_path_factory.mktemp("clips")

    def make(
        name: str, arguments: Sequence[str], *, coded: Raster, frames: int, duration: Fraction = Fraction(1)
    ) -> Clip:
        path = folder / name
        run_ffmpeg([*arguments, f"file:{path}"], doing=f"making {name}")
        decoded = [(f.width, f.height) for f in _frames(path)]
        assert decoded == [(coded.width, coded.height)] * frames, f"{name}: the recipe no longer holds"
        return Clip(path=path, coded=coded, frames=frames, duration=duration)

    return make


def _frames(path: Path) -> list[av.VideoFrame]:
    with av.open(str(path)) as container:
        return list(container.decode(container.streams.video[0]))


def picture(raster: str = "320x180", rate: str = "25", seconds: str = "1") -> tuple[str, ...]:
    """Input arguments: a moving test picture."""
    return ("-f", "lavfi", "-i", f"testsrc2=s={raster}:r={rate}:d={seconds}")


def tone(seconds: str = "1", source: str = "sine=f=440") -> tuple[str, ...]:
    """Input arguments: a tone at 48 kHz, mono."""
    return ("-f", "lavfi", "-i", f"{source}:d={seconds}:r=48000")


H264 = ("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p")


@pytest.fixture(scope="session")
def landscape_clip(make_clip: Maker) -> Clip:
    """Recipe: testsrc2 320x180 at 25 for 1 s, x264 4:2:0; sine 440 Hz mono 48 kHz as AAC; MP4.

    Truth: 25 frames of 320x180 in 1 s, square pixels, no rotation, sound from 0 to 1 s.
    """
    recipe = [*picture(), *tone(), *H264, "-c:a", "aac"]
    return make_clip("landscape.mp4", recipe, coded=Raster(320, 180), frames=25)


@pytest.fixture(scope="session")
def rotated_clip(make_clip: Maker, landscape_clip: Clip) -> Clip:
    """Recipe: the landscape clip, copied with a display matrix of a quarter turn clockwise, as by a phone.

    Truth: 320x180 stored, 180x320 seen.
    """
    recipe = ["-display_rotation:v:0", "-90", "-i", str(landscape_clip.path), "-c", "copy"]
    return make_clip("rotated.mp4", recipe, coded=Raster(320, 180), frames=25)


@pytest.fixture(scope="session")
def varying_clip(make_clip: Maker) -> Clip:
    """Recipe: testsrc2 at 30 for 2 s, every fifth frame taken away, kept as VFR.

    Truth: 48 frames of 320x180 that lie 1/30 or 2/30 s apart over 2 s; no sound.
    """
    taken = ("-vf", "select='not(eq(mod(n,5),1))'", "-fps_mode", "vfr")
    recipe = [*picture(rate="30", seconds="2"), *taken, *H264, "-enc_time_base", "1/90000"]
    return make_clip("varying.mp4", recipe, coded=Raster(320, 180), frames=48, duration=Fraction(2))


@pytest.fixture(scope="session")
def late_sound_clip(make_clip: Maker) -> Clip:
    """Recipe: testsrc2 at 25 for 2 s; a tone of 1 s whose timestamps start at 0.5 s; PCM in Matroska.

    Truth: 50 frames over 2 s; the first sample that is not silence is at 0.5 s exactly.
    """
    recipe = [*picture(seconds="2"), "-itsoffset", "0.5", *tone(), *H264, "-c:a", "pcm_s16le"]
    return make_clip("late.mkv", recipe, coded=Raster(320, 180), frames=50, duration=Fraction(2))


@pytest.fixture(scope="session")
def late_sound_transport_stream(make_clip: Maker) -> Clip:
    """Recipe: as `late_sound_clip`, as MPEG-TS with MP2 sound, whose clock starts at 1.4 s.

    Truth: 50 frames over 2 s; the first sample that is not silence is at 0.5 s.
    """
    recipe = [*picture(seconds="2"), "-itsoffset", "0.5", *tone(), *H264, "-c:a", "mp2", "-f", "mpegts"]
    return make_clip("late.mts", recipe, coded=Raster(320, 180), frames=50, duration=Fraction(2))


@pytest.fixture(scope="session")
def silent_clip(make_clip: Maker) -> Clip:
    """Recipe: testsrc2 180x320 at 30000/1001 for 30 frames, no sound track, MOV.

    Truth: 30 frames in 1.001 s.
    """
    recipe = [*picture("180x320", "30000/1001", "1.001"), *H264]
    return make_clip("drone.mov", recipe, coded=Raster(180, 320), frames=30, duration=Fraction(1001, 1000))
