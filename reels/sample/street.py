"""The still layers of the sample footage, drawn with Pillow: a street of 한빛시, a car, rain; `person` has its own.

Every function returns a picture made from its arguments and from a fixed seed alone, so the same call gives
the same pixels. Nothing here moves, and nothing is written to disk: `footage` saves the layers and lets
ffmpeg move them. The street is out of focus, as behind a person filmed close by.
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass

from PIL import Image, ImageDraw, ImageEnhance, ImageFilter, ImageFont

from reels.geometry import Raster
from reels.resources import fonts_dir

__all__ = [
    "OVERSAMPLED",
    "Colour",
    "Look",
    "Point",
    "draw_car",
    "draw_cloud",
    "draw_rain",
    "draw_street",
    "mixed",
    "road_y",
    "sign_font",
]

Colour = tuple[int, int, int]
Point = tuple[float, float]

OVERSAMPLED = 2
"""Drawn so many times larger and reduced: Pillow's polygons have hard edges."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """Weather and colours of one street: `banner` hangs across it, `signs` on the houses beside it."""

    seed: int
    sky: Colour
    haze: Colour
    ground: Colour
    walls: tuple[Colour, ...]
    leaves: Colour
    light: float
    banner: str
    banner_colour: Colour
    signs: tuple[str, str]


def mixed(a: Colour, b: Colour, part: float) -> Colour:
    """`a` with `part` of `b` in it."""
    red, green, blue = (round(x + (y - x) * part) for x, y in zip(a, b, strict=True))
    return red, green, blue


def sign_font(size: float) -> ImageFont.FreeTypeFont:
    """The shipped bold face at `size` pixels, for signs, banners and badges."""
    return ImageFont.truetype(str(fonts_dir() / "Pretendard-Bold.otf"), max(6, round(size)))


def _gradient(raster: Raster, top: Colour, bottom: Colour) -> Image.Image:
    ramp = Image.linear_gradient("L").resize((raster.width, raster.height))
    whole = (raster.width, raster.height)
    return Image.composite(Image.new("RGB", whole, bottom), Image.new("RGB", whole, top), ramp)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Street:
    """Where things stand: `unit` is one pixel of a picture whose short side is 1080."""

    draw: ImageDraw.ImageDraw
    width: float
    height: float
    horizon: float
    unit: float
    look: Look
    dice: random.Random

    def house(self, left: float, top: float, right: float, base: float, wall: Colour, *, rows: int) -> None:
        """A block of flats or offices with `rows` of windows, darker to its right edge."""
        draw, dice = self.draw, self.dice
        draw.rectangle((left, top, right, base), fill=wall)
        draw.rectangle(
            (right - (right - left) * 0.12, top, right, base), fill=mixed(wall, (30, 36, 52), 0.25)
        )
        draw.rectangle((left, top, right, top + (base - top) * 0.02), fill=mixed(wall, (255, 255, 255), 0.35))
        across = max(2, round((right - left) / ((base - top) / rows) * 0.9))
        pitch_x, pitch_y = (right - left) * 0.88 / across, (base - top) * 0.96 / rows
        for row in range(rows):
            for column in range(across):
                x, y = left + pitch_x * (column + 0.2), top + (base - top) * 0.04 + pitch_y * (row + 0.18)
                glass = mixed((58, 74, 96), self.look.sky, dice.uniform(0.05, 0.6))
                if dice.random() < 0.08:
                    glass = (236, 214, 158)
                draw.rectangle((x, y, x + pitch_x * 0.62, y + pitch_y * 0.6), fill=glass)

    def skyline(self) -> None:
        """Hills and far blocks, the farther the nearer to the haze's colour."""
        for number, (rise, part) in enumerate(((150, 0.35), (95, 0.55))):
            phase = self.dice.uniform(0, 6)
            hill = [
                (
                    self.width * step / 60,
                    self.horizon
                    - self.unit
                    * rise
                    * (0.75 + 0.25 * math.sin(step / (7 + 2 * number) + phase) + 0.1 * math.sin(step)),
                )
                for step in range(61)
            ]
            green = mixed(self.look.haze, (58, 92, 70), part)
            self.draw.polygon([*hill, (self.width, self.height), (0, self.height)], fill=green)
        x = -20 * self.unit
        while x < self.width:
            across, tall = self.dice.uniform(70, 150) * self.unit, self.dice.uniform(90, 250) * self.unit
            wall = mixed(self.dice.choice(self.look.walls), self.look.haze, 0.45)
            self.house(
                x,
                self.horizon - tall,
                x + across,
                self.horizon + 16 * self.unit,
                wall,
                rows=round(tall / self.unit / 26),
            )
            x += across + self.dice.uniform(4, 40) * self.unit

    def ground(self) -> None:
        """A far pavement, a road from left to right, and a paved square up to the camera."""
        draw, unit, look = self.draw, self.unit, self.look
        paving = mixed(look.ground, (200, 190, 176), 0.6)
        line = mixed(paving, (80, 76, 72), 0.25)
        near, road = self.height, self.horizon + 66 * unit
        kerb = self.horizon + 150 * unit
        draw.rectangle((0, self.horizon + 8 * unit, self.width, near), fill=paving)
        draw.rectangle((0, road, self.width, kerb), fill=look.ground)
        draw.rectangle((0, road - 5 * unit, self.width, road), fill=(198, 194, 188))
        draw.rectangle((0, kerb, self.width, kerb + 9 * unit), fill=(206, 202, 196))
        dash, middle = 70 * unit, (road + kerb) / 2
        for number in range(int(self.width / dash / 2) + 1):
            left = (number * 2 + 0.3) * dash
            draw.rectangle((left, middle - 3 * unit, left + dash, middle + 3 * unit), fill=(228, 190, 74))
        # The yellow raised blocks that Korean pavements have for blind walkers.
        draw.rectangle((0, kerb + 30 * unit, self.width, kerb + 50 * unit), fill=(218, 180, 70))
        deep = near - kerb
        for step in range(1, 15):
            y = kerb + 50 * unit + deep * (step / 14) ** 1.7
            draw.line((0, y, self.width, y), fill=line, width=max(1, round(1.6 * unit)))
        for step in range(-40, 41):
            far, close = self.width / 2 + step * 64 * unit, self.width / 2 + step * (64 * unit + deep * 0.2)
            draw.line((far, kerb + 50 * unit, close, near), fill=line, width=max(1, round(1.3 * unit)))

    def hanok(self, centre: float, base: float, size: float) -> None:
        """A tiled house with upturned eaves; `size` is its width in pixels."""
        draw = self.draw
        wall, wood, tile = (238, 228, 206), (110, 70, 44), (62, 66, 74)
        half, tall = size / 2, size * 0.34
        draw.rectangle(
            (centre - half * 1.02, base - size * 0.04, centre + half * 1.02, base + size * 0.03),
            fill=(150, 146, 138),
        )
        draw.rectangle((centre - half * 0.9, base - tall, centre + half * 0.9, base - size * 0.04), fill=wall)
        for bay in range(6):
            x = centre - half * 0.9 + half * 1.8 * bay / 5
            draw.rectangle((x - size * 0.012, base - tall, x + size * 0.012, base - size * 0.03), fill=wood)
        for bay in (1, 2, 3):
            left = centre - half * 0.9 + half * 1.8 * bay / 5 + size * 0.02
            right = left + half * 1.8 / 5 - size * 0.04
            draw.rectangle(
                (left, base - tall * 0.8, right, base - size * 0.05),
                fill=(246, 238, 216),
                outline=wood,
                width=max(1, round(size * 0.008)),
            )
            for bar in range(1, 5):
                x, y = (
                    left + (right - left) * bar / 5,
                    base - tall * 0.8 + (tall * 0.8 - size * 0.05) * bar / 5,
                )
                draw.line(
                    (x, base - tall * 0.8, x, base - size * 0.05),
                    fill=wood,
                    width=max(1, round(size * 0.004)),
                )
                draw.line((left, y, right, y), fill=wood, width=max(1, round(size * 0.004)))

        def eave(at: float) -> Point:
            """The roof's lower edge: hanging in the middle, swung up at both ends; `at` runs from -1 to 1."""
            return centre + half * 1.22 * at, base - tall * 0.98 - size * 0.075 * abs(at) ** 2.6

        def ridge(at: float) -> Point:
            return centre + half * 0.86 * at, base - tall * 1.86 - size * 0.03 * at * at

        steps = [i / 20 - 1 for i in range(41)]
        draw.polygon([eave(a) for a in steps] + [ridge(a) for a in reversed(steps)], fill=tile)
        for a in steps:
            draw.line(
                (*ridge(a), *eave(a)),
                fill=mixed(tile, (150, 156, 164), 0.4),
                width=max(1, round(size * 0.007)),
            )
        draw.line(
            [eave(a) for a in steps], fill=(146, 116, 84), width=max(1, round(size * 0.022)), joint="curve"
        )
        draw.line(
            [ridge(a) for a in steps], fill=(44, 46, 54), width=max(1, round(size * 0.03)), joint="curve"
        )

    def tree(self, x: float, base: float, size: float) -> None:
        """A trunk and a crown of many blots, lighter above."""
        draw, dice = self.draw, self.dice
        draw.rectangle((x - size * 0.03, base - size * 0.5, x + size * 0.03, base), fill=(86, 66, 50))
        for blot in range(70):
            angle, away = dice.uniform(0, 6.3), dice.uniform(0, 1) ** 0.6
            cx, cy = (
                x + math.cos(angle) * away * size * 0.3,
                base - size * 0.72 + math.sin(angle) * away * size * 0.3,
            )
            r = dice.uniform(0.05, 0.11) * size
            lit = (base - cy) / size - 0.5
            leaf = mixed(
                self.look.leaves,
                (246, 240, 170) if lit > 0.2 else (24, 44, 34),
                min(0.45, abs(lit - 0.2) + blot / 400),
            )
            draw.ellipse((cx - r, cy - r * 0.8, cx + r, cy + r * 0.8), fill=leaf)

    def lamp(self, x: float, base: float, tall: float) -> None:
        dark = (58, 62, 70)
        self.draw.rectangle((x - tall * 0.008, base - tall, x + tall * 0.008, base), fill=dark)
        self.draw.line(
            (x, base - tall, x + tall * 0.14, base - tall * 1.02),
            fill=dark,
            width=max(1, round(tall * 0.014)),
        )
        self.draw.ellipse(
            (x + tall * 0.11, base - tall * 1.03, x + tall * 0.19, base - tall * 0.995), fill=(250, 238, 200)
        )

    def shop(self, left: float, right: float, top: float, base: float, wall: Colour, sign: str) -> None:
        """A house at the roadside with a shop front and a lettered sign."""
        self.house(left, top, right, base, wall, rows=5)
        front = base - (base - top) * 0.3
        self.draw.rectangle((left, front, right, base), fill=mixed(wall, (40, 44, 52), 0.55))
        band = (base - top) * 0.085
        self.draw.rectangle(
            (left, front - band, right, front), fill=mixed(self.look.banner_colour, (20, 24, 40), 0.25)
        )
        seen_left, seen_right = max(left, 24 * self.unit), min(right, self.width - 24 * self.unit)
        font = sign_font(min(band * 0.72, (seen_right - seen_left) * 0.94 / len(sign)))
        self.draw.text(
            ((seen_left + seen_right) / 2, front - band / 2),
            sign,
            font=font,
            fill=(255, 252, 240),
            anchor="mm",
        )
        for pane in range(3):
            x = left + (right - left) * (0.06 + 0.31 * pane)
            self.draw.rectangle(
                (x, front + band * 0.3, x + (right - left) * 0.26, base - band * 0.3),
                fill=(250, 226, 172) if pane != 1 else (120, 146, 160),
            )

    def banner(self, y: float, tall: float) -> None:
        """The city's banner on a rope from side to side."""
        left, right = self.width * 0.14, self.width * 0.86
        self.draw.line(
            (0, y - tall * 0.3, left, y, right, y, self.width, y - tall * 0.3),
            fill=(90, 90, 92),
            width=max(1, round(2 * self.unit)),
        )
        self.draw.rectangle((left, y, right, y + tall), fill=self.look.banner_colour)
        self.draw.rectangle((left, y + tall * 0.93, right, y + tall), fill=(250, 246, 230))
        font = sign_font(tall * 0.6)
        self.draw.text(
            (self.width / 2, y + tall * 0.46), self.look.banner, font=font, fill=(255, 255, 255), anchor="mm"
        )


def _horizon(raster: Raster) -> float:
    return raster.height * (0.45 if raster.height > raster.width else 0.52)


def road_y(raster: Raster) -> int:
    """Where the wheels of a passing car stand, in pixels from the top of a street of this raster."""
    return round(_horizon(raster) + 132 * min(raster.width, raster.height) / 1080)


def draw_street(raster: Raster, look: Look) -> Image.Image:
    """The street, opaque RGB, `raster` large."""
    large = Raster(raster.width * OVERSAMPLED, raster.height * OVERSAMPLED)
    tall_picture = raster.height > raster.width
    horizon = _horizon(large)
    unit = min(large.width, large.height) / 1080
    picture = _gradient(large, look.sky, look.sky)
    picture.paste(_gradient(Raster(large.width, round(horizon)), look.sky, look.haze), (0, 0))
    street = _Street(
        draw=ImageDraw.Draw(picture),
        width=large.width,
        height=large.height,
        horizon=horizon,
        unit=unit,
        look=look,
        dice=random.Random(look.seed),
    )
    for number in range(3):
        cloud = draw_cloud(round((300 - 50 * number) * unit), look.seed + number)
        spot = round((0.1 + 0.3 * number) * large.width), round(horizon * (0.34 + 0.12 * (number % 2)))
        picture.paste(mixed(look.haze, (255, 255, 255), 0.5), spot, cloud.getchannel("A"))
    street.skyline()
    street.ground()
    width, base = large.width, horizon + 56 * unit
    side = 330 * unit if tall_picture else 420 * unit
    street.hanok(width * (0.3 if tall_picture else 0.34), horizon + 34 * unit, 360 * unit)
    street.hanok(width * (0.72 if tall_picture else 0.66), horizon + 26 * unit, 270 * unit)
    street.shop(-60 * unit, side * 0.72, horizon - 560 * unit, base, look.walls[0], look.signs[0])
    street.shop(
        width - side * 0.72, width + 60 * unit, horizon - 480 * unit, base, look.walls[1], look.signs[1]
    )
    # Upright there is little room: the trees stand so that the shops' signs can be read.
    left_tree, right_tree = (0.99, 0.975) if tall_picture else (0.86, 0.84)
    street.tree(side * left_tree, base, 330 * unit)
    street.tree(width - side * right_tree, base, 300 * unit)
    street.lamp(side * (left_tree + 0.12), base + 4 * unit, 440 * unit)
    street.banner(horizon - (610 if tall_picture else 500) * unit, 96 * unit)
    near = picture.resize((raster.width, raster.height), Image.Resampling.BOX)
    near = near.filter(ImageFilter.GaussianBlur(2.2 * unit / OVERSAMPLED))
    return ImageEnhance.Brightness(near).enhance(look.light)


def draw_cloud(width: int, seed: int) -> Image.Image:
    """A soft white cloud, RGBA, `width` wide and two fifths as tall."""
    dice = random.Random(seed)
    height = width * 2 // 5
    shape = Image.new("L", (width, height), 0)
    draw = ImageDraw.Draw(shape)
    for _ in range(26):
        x, r = dice.gauss(0.5, 0.15) * width, dice.uniform(0.05, 0.11) * width
        y = height * 0.62 - dice.uniform(0, 0.2) * height
        draw.ellipse((x - r, y - r * 0.62, x + r, y + r * 0.62), fill=225)
    cloud = Image.new("RGBA", (width, height), (252, 252, 255, 0))
    cloud.putalpha(shape.filter(ImageFilter.GaussianBlur(width * 0.02)))
    return cloud


def draw_car(length: int, paint: Colour) -> Image.Image:
    """A car from the side, driving to the right, RGBA, `length` long and two fifths as tall."""
    big, tall = length * OVERSAMPLED, length * OVERSAMPLED * 2 // 5
    car = Image.new("RGBA", (big, tall), (0, 0, 0, 0))
    draw = ImageDraw.Draw(car)
    draw.ellipse((big * 0.03, tall * 0.86, big * 0.97, tall * 0.99), fill=(20, 20, 24, 110))
    roof = [(0.2, 0.44), (0.32, 0.14), (0.66, 0.14), (0.82, 0.44)]
    draw.polygon([(x * big, y * tall) for x, y in roof], fill=paint)
    for glass in (
        [(0.25, 0.44), (0.34, 0.2), (0.48, 0.2), (0.48, 0.44)],
        [(0.51, 0.44), (0.51, 0.2), (0.64, 0.2), (0.76, 0.44)],
    ):
        draw.polygon([(x * big, y * tall) for x, y in glass], fill=(70, 88, 104))
    draw.rounded_rectangle((big * 0.02, tall * 0.42, big * 0.98, tall * 0.8), tall * 0.14, fill=paint)
    draw.rectangle((big * 0.04, tall * 0.66, big * 0.96, tall * 0.7), fill=mixed(paint, (20, 20, 30), 0.4))
    draw.ellipse((big * 0.92, tall * 0.48, big * 0.98, tall * 0.58), fill=(255, 244, 208))
    draw.rectangle((big * 0.02, tall * 0.48, big * 0.05, tall * 0.58), fill=(196, 42, 38))
    for x in (0.22, 0.78):
        for r, grey in ((0.095, 28), (0.05, 150)):
            draw.ellipse(
                (big * (x - r), tall * 0.78 - big * r, big * (x + r), tall * 0.78 + big * r),
                fill=(grey, grey, grey + 4),
            )
    return car.resize((length, length * 2 // 5), Image.Resampling.BOX).filter(
        ImageFilter.GaussianBlur(length / 160)
    )


def draw_rain(raster: Raster, seed: int) -> Image.Image:
    """Slanting streaks, RGBA, twice as tall as `raster`.

    The lower half repeats the upper, so that it can fall endlessly.
    """
    dice = random.Random(seed)
    streaks = Image.new("L", (raster.width, raster.height), 0)
    draw = ImageDraw.Draw(streaks)
    for _ in range(raster.width // 7):
        x, y, long = (
            dice.uniform(0, raster.width),
            dice.uniform(0, raster.height),
            dice.uniform(0.03, 0.08) * raster.height,
        )
        for wrapped in (y, y - raster.height):
            draw.line(
                (x, wrapped, x - long * 0.12, wrapped + long),
                fill=dice.randint(70, 130),
                width=2 if long > 0.06 * raster.height else 1,
            )
    twice = Image.new("L", (raster.width, raster.height * 2))
    twice.paste(streaks, (0, 0))
    twice.paste(streaks, (0, raster.height))
    rain = Image.new("RGBA", twice.size, (214, 222, 232, 0))
    rain.putalpha(twice.filter(ImageFilter.GaussianBlur(0.6)))
    return rain
