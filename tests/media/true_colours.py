"""What colours should be, written from the standards and from nothing of the project; and footage of exact colours.

Colours are non-linear RGB from 0 to 1, `(n, 3)`. Source: ITU-R BT.601-7, BT.709-6, BT.1886, BT.2020-2, BT.2100-2,
BT.2390-8 (5.4.1), BT.2408-7; IEC 61966-2-1 and CIE 015 for Lab; Sharma, Wu and Dalal 2005 for ΔE2000.
"""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import numpy.typing as npt

from reels.tools.ffmpeg import run_ffmpeg

Colours = npt.NDArray[np.float64]

PATCH = 72
COLUMNS, ROWS = 6, 5
"""Patches of 72 pixels; 432 x 360 in all, so that nothing is enlarged or made smaller on the way."""

# Red, blue of luma: Kr, Kb. Source: ITU-R BT.601, BT.709, BT.2020; SMPTE 240M.
LUMA = {
    "bt709": (0.2126, 0.0722),
    "bt470bg": (0.299, 0.114),
    "smpte170m": (0.299, 0.114),
    "smpte240m": (0.212, 0.087),
    "bt2020nc": (0.2627, 0.0593),
}
XYZ = {
    # Columns: red, green, blue at their share of a white of D65. Source: BT.709 and BT.2020 rounded as published;
    # Display P3 by its profile.
    "bt709": [
        [0.4123908, 0.3575843, 0.1804808],
        [0.2126390, 0.7151687, 0.0721923],
        [0.0193308, 0.1191948, 0.9505322],
    ],
    "smpte432": [
        [0.4865709, 0.2656677, 0.1982173],
        [0.2289746, 0.6917385, 0.0792869],
        [0.0000000, 0.0451134, 1.0439444],
    ],
    "bt2020": [
        [0.6369580, 0.1446169, 0.1688810],
        [0.2627002, 0.6779981, 0.0593017],
        [0.0000000, 0.0280727, 1.0609851],
    ],
    "bt470bg": [
        [0.4305538, 0.3415498, 0.1783525],
        [0.2220043, 0.7066548, 0.0713409],
        [0.0201822, 0.1295534, 0.9393222],
    ],
    "smpte170m": [
        [0.3935209, 0.3652581, 0.1916769],
        [0.2123764, 0.7010599, 0.0865638],
        [0.0187391, 0.1119339, 0.9583847],
    ],
}


def patches() -> Colours:
    """Thirty colours that films of people and streets are made of, greys from black to white among them."""
    greys = [[level] * 3 for level in (0.0, 0.1, 0.25, 0.4, 0.5, 0.6, 0.75, 0.9, 1.0)]
    skins = [[0.87, 0.70, 0.60], [0.78, 0.57, 0.46], [0.45, 0.31, 0.24], [0.93, 0.80, 0.73]]
    garden = [[0.36, 0.48, 0.25], [0.40, 0.62, 0.88], [0.22, 0.30, 0.55], [0.83, 0.78, 0.30]]
    strong = [
        *([0.75, 0.15, 0.15], [0.15, 0.65, 0.20], [0.15, 0.20, 0.75], [0.15, 0.70, 0.75]),
        *([0.70, 0.20, 0.65], [0.85, 0.75, 0.15], [0.95, 0.50, 0.10], [0.10, 0.35, 0.30]),
    ]
    dark = [[0.15, 0.08, 0.08], [0.08, 0.15, 0.10], [0.08, 0.08, 0.18]]
    full = [[0.98, 0.05, 0.05], [0.05, 0.95, 0.05]]
    return np.array([*greys, *skins, *garden, *strong, *dark, *full])


# --- files -----------------------------------------------------------------------------------------------


def coded(colours: Colours, *, matrix: str, full: bool, bits: int) -> npt.NDArray[np.int64]:
    """Y, Cb and Cr of each colour as whole code values. Source: BT.2100-2, table 9."""
    kr, kb = LUMA[matrix]
    luma = colours @ np.array([kr, 1 - kr - kb, kb])
    cb = (colours[:, 2] - luma) / (2 * (1 - kb))
    cr = (colours[:, 0] - luma) / (2 * (1 - kr))
    one, top = 2 ** (bits - 8), 2**bits - 1
    if full:
        levels = [luma * top, cb * top + 2 ** (bits - 1), cr * top + 2 ** (bits - 1)]
    else:
        levels = [(luma * 219 + 16) * one, (cb * 224 + 128) * one, (cr * 224 + 128) * one]
    return np.asarray(np.clip(np.rint(np.stack(levels, axis=1)), 0, top), np.int64)


def film(
    path: Path,
    colours: Colours,
    *,
    pixel_format: str,
    matrix: str,
    full: bool = False,
    tags: tuple[str, str, str] | None = None,
    codec: tuple[str, ...] = ("-c:v", "ffv1"),
    frames: int = 5,
    grid: tuple[int, int] = (COLUMNS, ROWS),
    patch: int = PATCH,
) -> Path:
    """A film of still patches, lossless with the default codec; `tags` are primaries, transfer, matrix.

    `grid` is columns and rows of patches, which are `patch` pixels wide and high.
    """
    bits = 10 if "10" in pixel_format else 8
    if pixel_format.startswith("gbr"):
        planes = np.rint(colours[:, [1, 2, 0]] * (2**bits - 1)).astype(np.int64)
    else:
        planes = coded(colours, matrix=matrix, full=full, bits=bits)
    divisors = {"444": (1, 1), "422": (2, 1), "420": (2, 2), "gbr": (1, 1)}
    columns, rows = grid
    across, down = next(d for name, d in divisors.items() if name in pixel_format)
    kind = np.dtype("<u2") if bits > 8 else np.dtype("u1")
    held = b""
    for number in range(3):
        x, y = (across, down) if number else (1, 1)
        plane = planes[:, number].reshape(rows, columns)
        held += np.kron(plane, np.ones((patch // y, patch // x), np.int64)).astype(kind).tobytes()
    raw = path.with_suffix(".raw")
    raw.write_bytes(held * frames)
    said = f"range={'pc' if full or pixel_format.startswith('gbr') else 'tv'}"
    if tags is not None:
        said += f":color_primaries={tags[0]}:color_trc={tags[1]}:colorspace={tags[2]}"
    run_ffmpeg(
        [
            *("-f", "rawvideo", "-pix_fmt", pixel_format, "-s", f"{columns * patch}x{rows * patch}"),
            # Tags as options of the encoder would make ffmpeg convert to them.
            *("-r", "25", "-i", str(raw), "-vf", f"setparams={said}"),
            *(*codec, str(path)),
        ],
        doing=f"making {path.name}",
    )
    raw.unlink()
    return path


def shown(luma: npt.NDArray[np.uint8], cb: npt.NDArray[np.uint8], cr: npt.NDArray[np.uint8]) -> Colours:
    """The colour of each patch of a decoded 4:2:0 picture in BT.709, limited range: the mean of its middle."""
    middles = []
    for plane, size in ((luma, PATCH), (cb, PATCH // 2), (cr, PATCH // 2)):
        grid = plane.reshape(ROWS, size, COLUMNS, size).astype(np.float64)
        edge = size // 4
        middles.append(grid[:, edge:-edge, :, edge:-edge].mean(axis=(1, 3)).ravel())
    y, u, v = (middles[0] - 16) / 219, (middles[1] - 128) / 224, (middles[2] - 128) / 224
    kr, kb = LUMA["bt709"]
    red, blue = y + 2 * (1 - kr) * v, y + 2 * (1 - kb) * u
    green = (y - kr * red - kb * blue) / (1 - kr - kb)
    return np.stack([red, green, blue], axis=1)


# --- what is right ---------------------------------------------------------------------------------------


def standard(colours: Colours, primaries: str) -> Colours:
    """Standard-range `colours` of `primaries` in BT.709, each brought inside along the line to its own grey."""
    return np.array([_one_inside(light) for light in colours**2.4 @ between(primaries, "bt709").T]) ** (
        1 / 2.4
    )


def between(source: str, target: str) -> Colours:
    return np.asarray(np.linalg.inv(np.array(XYZ[target])) @ np.array(XYZ[source]))


def toned(colours: Colours, transfer: str) -> Colours:
    """HLG or PQ signals in BT.2020 → BT.709, one colour after the other, as docs/picture.md says."""
    done = []
    for colour in colours.tolist():
        light = _hlg_light(colour) if transfer == "hlg" else [_pq_to_light(part) for part in colour]
        narrow = between("bt2020", "bt709") @ np.array(light)
        largest = max(*narrow.tolist(), 1e-6)
        done.append(_one_inside(narrow * (_rolled_off(largest) / largest) / 203))
    return np.array(done) ** (1 / 2.4)


def signal_of(colours: Colours, transfer: str, white: float = 203.0) -> Colours:
    """HLG or PQ signals in BT.2020 that show BT.709 `colours` with a white of so many cd/m²."""
    light = (colours**2.4 * white) @ between("bt709", "bt2020").T
    return np.array(
        [
            _hlg_signal(row) if transfer == "hlg" else [_light_to_pq(part) for part in row]
            for row in light.tolist()
        ]
    )


def _one_inside(light: Colours) -> Colours:
    grey = min(1.0, max(0.0, float(light @ np.array([0.2126, 0.7152, 0.0722]))))
    share = 1.0
    for part in light.tolist():
        if part < 0:
            share = min(share, grey / (grey - part))
        elif part > 1:
            share = min(share, (1 - grey) / (part - grey))
    return np.asarray(np.clip(grey + (light - grey) * share, 0, 1))


def _hlg_light(signal: list[float]) -> list[float]:
    a, b, c = 0.17883277, 0.28466892, 0.55991073
    scene = [x * x / 3 if x <= 0.5 else (math.exp((x - c) / a) + b) / 12 for x in signal]
    luminance = 0.2627 * scene[0] + 0.6780 * scene[1] + 0.0593 * scene[2]
    return [1000 * luminance**0.2 * part if luminance > 0 else 0.0 for part in scene]


def _hlg_signal(light: list[float]) -> list[float]:
    a, b, c = 0.17883277, 0.28466892, 0.55991073
    luminance = max(0.0, 0.2627 * light[0] + 0.6780 * light[1] + 0.0593 * light[2]) / 1000
    scene = [max(0.0, x / 1000 * luminance ** (-0.2 / 1.2)) if luminance > 0 else 0.0 for x in light]
    return [math.sqrt(3 * e) if e <= 1 / 12 else a * math.log(12 * e - b) + c for e in scene]


def _pq_to_light(signal: float) -> float:
    m1, m2, c1, c2, c3 = 0.1593017578125, 78.84375, 0.8359375, 18.8515625, 18.6875
    root = signal ** (1 / m2)
    return float(10000 * (max(root - c1, 0) / (c2 - c3 * root)) ** (1 / m1))


def _light_to_pq(light: float) -> float:
    m1, m2, c1, c2, c3 = 0.1593017578125, 78.84375, 0.8359375, 18.8515625, 18.6875
    y = (max(light, 0.0) / 10000) ** m1
    return float(((c1 + c2 * y) / (1 + c3 * y)) ** m2)


def _rolled_off(light: float) -> float:
    """The EETF of BT.2390 from 1000 to 203 cd/m²."""
    top = _light_to_pq(1000)
    e1, most = min(_light_to_pq(light) / top, 1.0), _light_to_pq(203) / top
    knee = 1.5 * most - 0.5
    if e1 >= knee:
        t = (e1 - knee) / (1 - knee)
        e1 = (
            (2 * t**3 - 3 * t**2 + 1) * knee
            + (t**3 - 2 * t**2 + t) * (1 - knee)
            + (3 * t**2 - 2 * t**3) * most
        )
    return _pq_to_light(e1 * top)


# --- how far apart ---------------------------------------------------------------------------------------


def lab(colours: Colours) -> Colours:
    """CIE Lab of what a BT.1886 display shows, white being white."""
    xyz = np.clip(colours, 0, 1) ** 2.4 @ np.array(XYZ["bt709"]).T
    part = xyz / np.array([0.95045593, 1.0, 1.08905775])
    f = np.where(part > 216 / 24389, np.cbrt(part), (24389 / 27 * part + 16) / 116)
    return np.stack([116 * f[:, 1] - 16, 500 * (f[:, 0] - f[:, 1]), 200 * (f[:, 1] - f[:, 2])], axis=1)


def apart(one: Colours, other: Colours) -> Colours:
    """ΔE2000 between pairs of colours."""
    return np.array([_delta(p, q) for p, q in zip(lab(one).tolist(), lab(other).tolist(), strict=True)])


def _delta(one: list[float], other: list[float]) -> float:
    chroma = (math.hypot(*one[1:]) + math.hypot(*other[1:])) / 2
    g = 0.5 * (1 - math.sqrt(chroma**7 / (chroma**7 + 25**7)))
    (l1, a1, b1), (l2, a2, b2) = ([p[0], p[1] * (1 + g), p[2]] for p in (one, other))
    c1, c2 = math.hypot(a1, b1), math.hypot(a2, b2)
    h1, h2 = (math.degrees(math.atan2(b, a)) % 360 for a, b in ((a1, b1), (a2, b2)))
    turn = 0.0 if c1 * c2 == 0 else (h2 - h1 + 180) % 360 - 180
    hue = h1 + h2 if c1 * c2 == 0 else (h1 + turn / 2) % 360
    light, mean = (l1 + l2) / 2, (c1 + c2) / 2
    t = (
        1
        - 0.17 * math.cos(math.radians(hue - 30))
        + 0.24 * math.cos(math.radians(2 * hue))
        + 0.32 * math.cos(math.radians(3 * hue + 6))
        - 0.20 * math.cos(math.radians(4 * hue - 63))
    )
    sl = 1 + 0.015 * (light - 50) ** 2 / math.sqrt(20 + (light - 50) ** 2)
    sc, sh = 1 + 0.045 * mean, 1 + 0.015 * mean * t
    rotation = (
        -math.sin(math.radians(60 * math.exp(-(((hue - 275) / 25) ** 2))))
        * 2
        * math.sqrt(mean**7 / (mean**7 + 25**7))
    )
    dl, dc = (l2 - l1) / sl, (c2 - c1) / sc
    dh = 2 * math.sqrt(c1 * c2) * math.sin(math.radians(turn) / 2) / sh
    return math.sqrt(max(0.0, dl**2 + dc**2 + dh**2 + rotation * dc * dh))
