"""What each clip of the sample footage is: its raster, rate and sound, what is said in it, and how it looks.

The truth against which everything downstream can be measured. Values only: `street` draws the layers,
`footage` makes the files. What is said when comes from `assets/demo/speech.json`, measured on the kept
recordings.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from reels.geometry import Raster, display_raster
from reels.resources import assets_dir
from reels.sample.street import Colour, Look

__all__ = ["ClipTruth", "Recipe", "Sentence", "recipes", "speech_path", "truth"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """One sentence that is heard: source time of its clip, in seconds."""

    text: str
    start: Fraction
    end: Fraction

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError(f"a sentence cannot last from {self.start} to {self.end}")


@dataclass(frozen=True, slots=True, kw_only=True)
class ClipTruth:
    """What a probe and a recogniser should find in the clip `name`.

    `rotation` is how far a player turns the stored picture, degrees clockwise; `rate` is nominal where
    `variable_frame_rate` is set; `duration` is the picture's, in seconds.
    """

    name: str
    coded: Raster
    rotation: int
    rate: Fraction
    variable_frame_rate: bool
    frames: int
    duration: Fraction
    channels: int
    sample_rate_hz: int
    sentences: tuple[Sentence, ...]

    @property
    def display(self) -> Raster:
        return display_raster(self.coded, sar=Fraction(1), rotation=self.rotation)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """How one clip is made; the person moves by ffmpeg expressions of `t`, in parts of the display raster.

    `person_x` is the middle of the person, `person_top` the top of the hair, which `person_bob` moves; `speech_at` and
    `tail` are seconds of quiet street before the recording and after it; noise levels are RMS in dBFS.
    """

    name: str
    display: Raster
    rotation: int = 0
    rate: Fraction
    variable_frame_rate: bool = False
    channels: int
    sample_rate_hz: int
    speech: str
    speech_at: Fraction
    tail: Fraction
    look: Look
    jacket: Colour
    badge: str = ""
    light: float = 1.04
    mirrored: bool = False
    person_scale: float
    person_x: str
    person_top: float
    person_bob: str
    car: Colour
    car_pixels_per_s: int
    cloud: bool = False
    rain: bool = False
    noise_colour: str
    noise_dbfs: int

    @property
    def shutter(self) -> tuple[int, ...]:
        """Numbers of the camera frames that are stored: all, or with a phone's gaps in poor light."""
        total = round((self.speech_at + _recording(self.speech).duration + self.tail) * self.rate)
        if not self.variable_frame_rate:
            return tuple(range(total))
        return tuple(n for n in range(total) if n % 11 != 4 and n % 7 != 5)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Recording:
    file: str
    duration: Fraction
    sentences: tuple[Sentence, ...]


def _recording(name: str) -> _Recording:
    stored = json.loads(
        (assets_dir() / "demo" / "speech.json").read_text(encoding="utf-8"), parse_float=Fraction
    )
    clip = next(clip for clip in stored["clips"] if clip["name"] == name)
    said = tuple(
        Sentence(text=s["text"], start=Fraction(s["start"]), end=Fraction(s["end"]))
        for s in clip["sentences"]
    )
    return _Recording(file=clip["file"], duration=Fraction(clip["duration"]), sentences=said)


def speech_path(recipe: Recipe) -> Path:
    """The kept recording of what is said in the clip."""
    return assets_dir() / "demo" / _recording(recipe.speech).file


def _truth_of(recipe: Recipe) -> ClipTruth:
    turned = recipe.rotation % 180 == 90
    shown = recipe.display
    return ClipTruth(
        name=recipe.name,
        coded=Raster(shown.height, shown.width) if turned else shown,
        rotation=recipe.rotation,
        rate=recipe.rate,
        variable_frame_rate=recipe.variable_frame_rate,
        frames=len(recipe.shutter),
        duration=(recipe.shutter[-1] + 1) / recipe.rate,
        channels=recipe.channels,
        sample_rate_hz=recipe.sample_rate_hz,
        sentences=tuple(
            Sentence(text=s.text, start=s.start + recipe.speech_at, end=s.end + recipe.speech_at)
            for s in _recording(recipe.speech).sentences
        ),
    )


def truth() -> tuple[ClipTruth, ...]:
    """Every clip that `make_footage` can make, in its order."""
    return tuple(_truth_of(recipe) for recipe in recipes())


_WALLS: tuple[Colour, ...] = ((214, 190, 160), (188, 200, 208), (226, 216, 200), (170, 150, 140))
_FESTIVAL = Look(
    seed=7,
    sky=(112, 168, 222),
    haze=(222, 232, 238),
    ground=(104, 106, 112),
    walls=_WALLS,
    leaves=(92, 140, 66),
    light=1.0,
    banner="한빛시 봄 축제",
    banner_colour=(34, 92, 168),
    signs=("한빛책방", "하늘카페"),
)
_LIBRARY = Look(
    seed=23,
    sky=(126, 182, 226),
    haze=(236, 236, 226),
    ground=(110, 110, 112),
    walls=((202, 168, 140), (222, 214, 204), (190, 196, 188), (158, 132, 118)),
    leaves=(116, 146, 60),
    light=1.02,
    banner="한빛시 작은 영화제",
    banner_colour=(36, 118, 92),
    signs=("우리동네도서관", "빛나분식"),
)
_YOUTH = Look(
    seed=31,
    sky=(150, 186, 216),
    haze=(244, 226, 204),
    ground=(108, 104, 104),
    walls=((206, 196, 186), (176, 186, 200), (220, 200, 176), (150, 148, 152)),
    leaves=(150, 132, 58),
    light=0.99,
    banner="한빛시 청년센터",
    banner_colour=(214, 104, 40),
    signs=("청년공방", "한빛문구"),
)
_STORM = Look(
    seed=11,
    sky=(92, 102, 116),
    haze=(150, 158, 166),
    ground=(70, 74, 82),
    walls=((150, 140, 130), (130, 140, 148), (160, 156, 150), (120, 112, 110)),
    leaves=(62, 92, 58),
    light=0.9,
    banner="한빛시 재난안전대책본부",
    banner_colour=(176, 52, 44),
    signs=("한빛약국", "이웃마트"),
)


def recipes() -> tuple[Recipe, ...]:
    """An upright phone, a 60p camera, an old 4:3 camera, rain at 23.976, a phone of variable rate."""
    return (
        Recipe(
            name="IMG_0412.MOV",
            display=Raster(1080, 1920),
            rotation=90,
            rate=Fraction(30000, 1001),
            channels=2,
            sample_rate_hz=44_100,
            speech="festival",
            speech_at=Fraction(8, 10),
            tail=Fraction(5, 10),
            look=_FESTIVAL,
            jacket=(56, 70, 108),
            badge="한빛시",
            person_scale=2.7,
            person_x="0.5+0.012*sin(2*PI*t/5.3)+0.006*sin(2*PI*t/2.1)",
            person_top=0.31,
            person_bob="0.003*sin(2*PI*t/3.7)",
            car=(178, 48, 44),
            car_pixels_per_s=170,
            cloud=True,
            noise_colour="pink",
            noise_dbfs=-45,
        ),
        Recipe(
            name="C0007.MP4",
            display=Raster(1920, 1080),
            rate=Fraction(60000, 1001),
            channels=2,
            sample_rate_hz=48_000,
            speech="library",
            speech_at=Fraction(6, 10),
            tail=Fraction(5, 10),
            look=_LIBRARY,
            jacket=(122, 58, 66),
            mirrored=True,
            person_scale=2.1,
            # From the left third to the right third and nearly back, with the bob of a slow walk.
            person_x="0.5-0.1667*cos(2*PI*t/16)",
            person_top=0.27,
            person_bob="0.005*abs(sin(2*PI*t/1.3))",
            car=(52, 84, 150),
            car_pixels_per_s=260,
            noise_colour="pink",
            noise_dbfs=-42,
        ),
        Recipe(
            name="DSC_0031.MOV",
            display=Raster(1440, 1080),
            rate=Fraction(25),
            channels=1,
            sample_rate_hz=48_000,
            speech="youth",
            speech_at=Fraction(7, 10),
            tail=Fraction(5, 10),
            look=_YOUTH,
            jacket=(74, 96, 84),
            light=1.02,
            person_scale=2.0,
            person_x="0.52+0.015*sin(2*PI*t/6.1)",
            person_top=0.26,
            person_bob="0.004*sin(2*PI*t/2.9)",
            car=(222, 222, 214),
            car_pixels_per_s=200,
            noise_colour="pink",
            noise_dbfs=-43,
        ),
        Recipe(
            name="폭우_현장.mp4",
            display=Raster(1280, 720),
            rate=Fraction(24000, 1001),
            channels=2,
            sample_rate_hz=48_000,
            speech="storm",
            speech_at=Fraction(5, 10),
            tail=Fraction(5, 10),
            look=_STORM,
            jacket=(228, 170, 44),
            badge="한빛시",
            light=0.94,
            mirrored=True,
            person_scale=1.4,
            person_x="0.5+0.012*sin(2*PI*t/4.7)",
            person_top=0.25,
            person_bob="0.005*sin(2*PI*t/3.1)",
            car=(206, 208, 212),
            car_pixels_per_s=150,
            rain=True,
            noise_colour="white",
            noise_dbfs=-38,
        ),
        Recipe(
            name="시민 인터뷰.mp4",
            display=Raster(1280, 720),
            rate=Fraction(30),
            variable_frame_rate=True,
            channels=2,
            sample_rate_hz=48_000,
            speech="interview",
            speech_at=Fraction(4, 10),
            tail=Fraction(4, 10),
            look=_FESTIVAL,
            jacket=(150, 104, 132),
            person_scale=1.35,
            person_x="0.47+0.02*sin(2*PI*t/5.9)",
            person_top=0.27,
            person_bob="0.005*sin(2*PI*t/2.7)",
            car=(84, 130, 96),
            car_pixels_per_s=180,
            noise_colour="pink",
            noise_dbfs=-44,
        ),
    )
