"""Made films with known cuts, drawn frame by frame, small: what shot changes are judged by.

Streets, people, swings, flashes, somebody who passes near the lens. A film is `(frames, 144, 256, 3) uint8` at 25 frames
a second and the numbers of the frames that begin another shot. Nothing here is encoded; `thumbnails` makes of a film
what `look` makes of footage.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter

from reels.geometry import Raster
from reels.sample.clips import recipes
from reels.sample.street import draw_street
from tests.media.framed_scenes import portrait

__all__ = ["RATE", "CutFilm", "cut_films", "quiet_films", "thumbnails"]

Pictures = npt.NDArray[np.uint8]
RATE = 25
WIDE, HIGH = 256, 144
_GROUND = Raster(768, 216)


@dataclass(frozen=True, slots=True, kw_only=True)
class CutFilm:
    """Frames, and which of them begin another shot."""

    name: str
    frames: Pictures
    cuts: tuple[int, ...]


def thumbnails(frames: Pictures) -> npt.NDArray[np.uint8]:
    """`(frames, 3, 18, 32)`, luma and colour differences: each the mean of 8 x 8 pixels."""
    small = frames.reshape(len(frames), 18, 8, 32, 8, 3).mean(axis=(2, 4))
    red, green, blue = small[..., 0], small[..., 1], small[..., 2]
    luma = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    planes = (
        16 + 219 / 255 * luma,
        128 + 224 / 255 * (blue - luma) / 1.8556,
        128 + 224 / 255 * (red - luma) / 1.5748,
    )
    return np.clip(np.round(np.stack(planes, axis=1)), 0, 255).astype(np.uint8)


@lru_cache(maxsize=16)
def _street(number: int) -> Image.Image:
    """Four streets of the sample's weather, and others whose houses, trees and walls stand elsewhere."""
    look = recipes()[number % 4].look
    street: Image.Image = draw_street(_GROUND, replace(look, seed=look.seed + 31 * (number // 4)))
    return street


@dataclass(frozen=True, slots=True, kw_only=True)
class _Person:
    """The photographed head, `tall` parts of the picture high; `x`, `y` its middle by the second of the shot."""

    tall: float
    x: Callable[[float], float]
    y: Callable[[float], float] = lambda t: 0.55
    mirrored: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Camera:
    """What of the ground shows at second t: left and top in its pixels, pixels for one, degrees of roll."""

    left: Callable[[float], float] = lambda t: 120.0
    top: Callable[[float], float] = lambda t: 36.0
    zoom: Callable[[float], float] = lambda t: 1.0
    roll: Callable[[float], float] = lambda t: 0.0


def _shot(
    ground: Image.Image,
    frames: int,
    *,
    camera: _Camera = _Camera(),
    people: Sequence[_Person] = (),
    light: float = 1.0,
    noise: float = 2.0,
    seed: int = 1,
) -> Pictures:
    grain = np.random.default_rng(seed).normal(0, noise, (4, HIGH, WIDE, 3)).astype(np.float32)
    made = []
    for number in range(frames):
        t = number / RATE
        zoom, roll = camera.zoom(t), math.radians(camera.roll(t))
        middle_x, middle_y = camera.left(t) + WIDE / 2, camera.top(t) + HIGH / 2
        a, b = math.cos(roll) / zoom, math.sin(roll) / zoom
        picture = ground.transform(
            (WIDE, HIGH),
            Image.Transform.AFFINE,
            (
                *(a, b, middle_x - a * WIDE / 2 - b * HIGH / 2),
                *(-b, a, middle_y + b * WIDE / 2 - a * HIGH / 2),
            ),
            Image.Resampling.BILINEAR,
        )
        for person in people:
            head = _head(round(person.tall * HIGH), person.mirrored)
            place = (
                round(person.x(t) * WIDE - head.width / 2),
                round(person.y(t) * HIGH - head.height / 2),
            )
            picture.paste(head, place, head)
        pixels = np.asarray(picture, np.float32) * light
        pixels += np.roll(grain[number % 4], 37 * number, axis=1)
        made.append(np.clip(pixels, 0, 255).astype(np.uint8))
    return np.stack(made)


@lru_cache(maxsize=32)
def _head(tall: int, mirrored: bool) -> Image.Image:
    head = portrait().resize((round(portrait().width * tall / portrait().height), tall), Image.Resampling.BOX)
    turned: Image.Image = head.transpose(Image.Transpose.FLIP_LEFT_RIGHT) if mirrored else head
    return turned


def _wall(colour: tuple[int, int, int], seed: int) -> Image.Image:
    """A plain room: a wall that is lighter to one side, and a table's edge."""
    dice = random.Random(seed)
    wall = Image.new("RGB", (_GROUND.width, _GROUND.height), colour)
    shade = Image.linear_gradient("L").rotate(90 * dice.randrange(4)).resize(wall.size)
    wall = Image.blend(wall, Image.merge("RGB", [shade] * 3), 0.25)
    draw = ImageDraw.Draw(wall)
    for _ in range(5):
        x, y = dice.randrange(_GROUND.width), dice.randrange(_GROUND.height)
        hue = tuple(dice.randrange(40, 220) for _ in range(3))
        draw.rectangle((x, y, x + dice.randrange(20, 90), y + dice.randrange(15, 60)), fill=hue)
    return wall.filter(ImageFilter.GaussianBlur(1.5))


def _sway(seed: int, by: float = 1.5) -> _Camera:
    """Held in the hand: `by` pixels about, never still."""
    dice = random.Random(seed)
    a, b, c = (dice.uniform(0, 6) for _ in range(3))
    left = dice.uniform(60, 380)
    return _Camera(
        left=lambda t: left + by * (math.sin(5 * t + a) + 0.6 * math.sin(11 * t + b)),
        top=lambda t: 36 + by * math.sin(7 * t + c),
        roll=lambda t: 0.3 * by * math.sin(3 * t + a),
    )


def _joined(name: str, *shots: Pictures) -> CutFilm:
    ends = np.cumsum([len(shot) for shot in shots])[:-1]
    return CutFilm(name=name, frames=np.concatenate(shots), cuts=tuple(int(end) for end in ends))


def cut_films() -> Iterator[CutFilm]:
    """Films with cuts: between streets, rooms, people, sizes; out of rest, out of a pan, in the dark."""
    for number in range(8):
        after = (number + 1 + number // 4) % 8
        yield _joined(
            f"street {number} to street {after}",
            _shot(_street(number), 24, camera=_sway(number, 0.3)),
            _shot(_street(after), 24, camera=_sway(number, 0.3), seed=2),
        )
    for number in range(6):
        yield _joined(
            f"hand-held, street {number}",
            _shot(_street(number), 24, camera=_sway(number)),
            _shot(_street(number + 1), 24, camera=_sway(number + 20), seed=2),
        )
    for number in range(4):
        near = _Person(tall=0.8, x=lambda t: 0.3 + 0.01 * math.sin(4 * t))
        far = _Person(tall=0.6, x=lambda t: 0.7 + 0.01 * math.sin(3 * t), mirrored=True)
        yield _joined(
            f"shot and reverse shot {number}",
            _shot(_street(number), 24, camera=_sway(number), people=[near]),
            _shot(_street(number + 4), 24, camera=_sway(number + 9), people=[far], seed=2),
            _shot(_street(number), 24, camera=_sway(number), people=[near], seed=3),
        )
        room = [(150, 160, 150), (120, 130, 160), (190, 180, 160), (70, 80, 90)]
        yield _joined(
            f"rooms {number}",
            _shot(_wall(room[number], number), 24, people=[near]),
            _shot(_wall(room[(number + 1) % 4], number + 40), 24, people=[far], seed=2),
        )
        yield _joined(
            f"nearer, street {number}",
            _shot(_street(number), 24, camera=_sway(number, 0.5)),
            _shot(_street(number), 24, camera=_closer(number), seed=2),
        )
        yield _joined(
            f"a pan before and after {number}",
            _shot(_street(number), 24, camera=_pan(1.5)),
            _shot(_street(number + 2), 24, camera=_pan(-1.5, 400), seed=2),
        )
        yield _joined(
            f"in the dark {number}",
            _shot(_street(number), 24, camera=_sway(number, 0.5), light=0.25),
            _shot(_street(number + 1), 24, camera=_sway(number + 5, 0.5), light=0.25, seed=2),
        )
        yield _joined(
            f"between two fast pans {number}",
            _shot(_street(number), 24, camera=_pan(8)),
            _shot(_street(number + 2), 24, camera=_pan(-8, 400), seed=2),
        )
        yield _joined(
            f"from one shaking hand to another {number}",
            _shot(_street(number), 24, camera=_shake(number, 2.5)),
            _shot(_street(number + 3), 24, camera=_shake(number + 5, 2.5), seed=2),
        )
        yield _blended(
            _joined(
                f"a blend of both shots between them {number}",
                _shot(_street(number), 24, camera=_sway(number)),
                _shot(_street(number + 2), 24, camera=_sway(number + 3), seed=2),
            )
        )
    title = Image.new("RGB", (_GROUND.width, _GROUND.height), (22, 60, 110))
    yield _joined("a card before", _shot(title, 20, noise=0.5), _shot(_street(1), 24, camera=_sway(1)))
    black = Image.new("RGB", (_GROUND.width, _GROUND.height), (0, 0, 0))
    yield _joined("to black", _shot(_street(2), 24, camera=_sway(1)), _shot(black, 20, noise=0.5))


def _blended(film: CutFilm) -> CutFilm:
    """As a change of the frame rate leaves it: the first frame of a shot is half the last one of the shot before."""
    frames = film.frames.copy()
    for cut in film.cuts:
        frames[cut] = (frames[cut - 1].astype(np.uint16) + frames[cut]) // 2
    return replace(film, frames=frames)


def _closer(number: int) -> _Camera:
    sway = _sway(number, 0.5)
    return replace(sway, zoom=lambda t: 1.9)


def _pan(speed: float, start: float = 60.0) -> _Camera:
    """`speed` pixels of 256 a frame."""
    return _Camera(left=lambda t: start + speed * t * RATE)


def quiet_films(streets: Sequence[int] = (0, 1, 2, 3)) -> Iterator[CutFilm]:
    """Films of one shot in which much happens: none of it a cut."""
    for number in streets:
        street = _street(number)

        def film(name: str, frames: Pictures, number: int = number) -> CutFilm:
            return CutFilm(name=f"{name}, street {number}", frames=frames, cuts=())

        yield film("hand-held", _shot(street, 60, camera=_sway(number, 3)))
        yield film("a shaking hand", _shot(street, 60, camera=_shake(number)))
        for speed in (1, 4, 9, 20):
            yield film(f"a pan of {speed}", _shot(street, min(60, 440 // speed), camera=_pan(speed)))
        yield film("a whip pan", _shot(street, 60, camera=_whip()))
        yield film("a phone swung", _shot(street, 60, camera=_swing()))
        yield film("a fast zoom", _shot(street, 60, camera=_Camera(zoom=_ramp(1.0, 1.0, 0.2, 2.2))))
        still = _shot(street, 60, camera=_sway(number, 0.4))
        yield film("a flash", _lit(still, {30: 4.0, 31: 2.0}))
        yield film(
            "many flashes",
            _lit(_shot(street, 60, camera=_sway(number)), dict.fromkeys((12, 13, 25, 39, 40), 5.0)),
        )
        yield film("a lamp goes on", _lit(still, dict.fromkeys(range(30, 60), 1.7)))
        yield film("the exposure jumps", _lit(still, dict.fromkeys(range(30, 60), 0.5)))
        yield film("somebody near the lens", _passed(_shot(street, 60, camera=_sway(number, 0.5)), 14))
        yield film("somebody runs by near the lens", _passed(_shot(street, 60, camera=_sway(number)), 7))
        tall = _Person(tall=1.6, x=_ramp(1.0, -0.5, 0.5, 1.6), y=lambda t: 0.8)
        yield film("a head passes", _shot(street, 60, camera=_sway(number, 0.5), people=[tall]))
        talks = _Person(
            tall=0.8, x=lambda t: 0.5 + 0.03 * math.sin(6 * t), y=lambda t: 0.55 + 0.02 * math.sin(9 * t)
        )
        yield film("somebody talks", _shot(street, 60, camera=_sway(number, 0.5), people=[talks]))
        other = _shot(_street(number + 1), 60, camera=_sway(number + 5, 0.5), seed=3)
        part = np.clip((np.arange(60) - 20) / 20, 0, 1)[:, None, None, None]
        yield film("a dissolve", np.round(still * (1 - part) + other * part).astype(np.uint8))
        yield film("a fade", np.round(still * np.clip(1 - part, 0.03, 1)).astype(np.uint8))
        panned = _shot(street, 60, camera=_pan(3))
        yield film("frames dropped in a pan", np.concatenate([panned[:30], panned[35:]]))
        yield film("every other frame twice", np.repeat(panned[::2], 2, axis=0))
        yield film("six pictures a second", np.repeat(_shot(street, 60, camera=_pan(4))[::4], 4, axis=0))
        yield film(
            "a jolt",
            _shot(street, 60, camera=_Camera(left=_jolt(150, 160), top=_jolt(36, 32), roll=_jolt(0, 1))),
        )
        yield film("grain", _shot(street, 60, light=0.3, noise=22))
        yield film("a lamp flickers", _lit(still, {n: 1 + 0.25 * (n % 3) for n in range(60)}))
    yield CutFilm(name="rain on the lens", frames=_rain(), cuts=())


def _shake(seed: int, by: float = 5) -> _Camera:
    dice = random.Random(seed)
    jumps = [(dice.gauss(0, by), dice.gauss(0, 0.8 * by)) for _ in range(400)]
    return _Camera(
        left=lambda t: 150 + jumps[round(t * RATE)][0],
        top=lambda t: 36 + jumps[round(t * RATE)][1],
        roll=lambda t: jumps[round(t * RATE)][0] / 4,
    )


def _ramp(start: float, a: float, length: float, b: float) -> Callable[[float], float]:
    """`a` up to second `start`, then evenly to `b` in `length` seconds."""
    return lambda t: a + (b - a) * min(max((t - start) / length, 0.0), 1.0)


def _jolt(before: float, after: float) -> Callable[[float], float]:
    return lambda t: before if t < 1.1 else after


def _whip() -> _Camera:
    return _Camera(left=lambda t: 60 + 400 * (0.5 - 0.5 * math.cos(math.pi * min(max((t - 1) / 0.4, 0), 1))))


def _swing() -> _Camera:
    """A phone that sinks, turns and comes up elsewhere within two thirds of a second."""
    part = _ramp(0.9, 0.0, 0.65, 1.0)
    return _Camera(
        left=lambda t: 90 + 300 * part(t) ** 2,
        top=lambda t: 36 + 34 * math.sin(math.pi * part(t)),
        roll=lambda t: 70 * math.sin(math.pi * part(t)),
    )


def _lit(frames: Pictures, light: dict[int, float]) -> Pictures:
    lit = frames.astype(np.float32)
    for number, part in light.items():
        lit[number] = lit[number] * part + 12 * (part - 1)
    return np.clip(lit, 0, 255).astype(np.uint8)


def _passed(frames: Pictures, length: int) -> Pictures:
    """A dark coat, three fifths of the picture wide, that passes in `length` frames."""
    made = frames.copy()
    across = round(0.6 * WIDE)
    for step in range(length):
        left = round(-across + (WIDE + across) * (step + 0.5) / length)
        begin, end = max(0, left), min(WIDE, left + across)
        coat = np.linspace(40, 70, HIGH)[:, None, None] * np.array([0.9, 0.8, 1.0])
        made[25 + step, :, begin:end] = np.broadcast_to(coat, (HIGH, max(0, end - begin), 3)).astype(np.uint8)
    return made


def _rain() -> Pictures:
    frames = _shot(ImageEnhance.Color(_street(3)).enhance(0.6), 60, camera=_sway(3)).copy()
    dice = np.random.default_rng(8)
    for frame in frames:
        for _ in range(40):
            x, y = dice.integers(0, WIDE - 12), dice.integers(0, HIGH - 12)
            frame[y : y + 10, x : x + 6] = 225
    return frames
