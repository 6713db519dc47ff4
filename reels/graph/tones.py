"""Colour mathematics: what a footage file's RGB numbers mean, as the RGB numbers of BT.709, in one table.

HLG and PQ become standard range, wide gamuts become BT.709. The result is the text of a `.cube` file, which ffmpeg
applies to the small picture: one look-up for each pixel, whatever the mapping costs here. Pure arithmetic on arrays;
`colour` puts the table into a graph.

The mapping of high dynamic range, in the order of its steps:
1. HLG: the inverse OETF, then the OOTF with system gamma 1.2 of a display of 1000 cd/m². PQ: its EOTF.
   Source: ITU-R BT.2100-2, tables 4 and 5.
2. From the source's primaries to BT.709 in linear light; what lies outside becomes negative for now.
   Source: SMPTE RP 177.
3. The largest of R, G and B goes through the EETF of ITU-R BT.2390-8, 5.4.1, from 1000 to 203 cd/m², and all three are
   multiplied alike: hue and saturation stay. 203 cd/m² is the reference white of ITU-R BT.2408, and becomes nearly
   the white of the result: what is as bright as skin (up to 88 cd/m²) is only scaled, white paper comes out at
   90 % of the signal, and what shines has the room above.
4. What is still outside BT.709 is mixed with grey of its own luminance until it is inside.
5. The inverse of the EOTF of ITU-R BT.1886 with a black of 0: the power 1 / 2.4.
Wide gamuts in standard range take the steps 2, 4 and 5, from the EOTF of BT.1886.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np
import numpy.typing as npt

__all__ = ["CONVERTED_PRIMARIES", "CUBE_SIZE", "cube_text", "to_bt709"]

Rgb = npt.NDArray[np.float64]
"""`(n, 3)`, non-linear, 0 to 1."""

CUBE_SIZE = 33
"""Points along each side of a table. With 33 no colour is farther than the tests allow from what it should be."""

_REFERENCE_WHITE = 203.0
"""cd/m². Source: ITU-R BT.2408-7, table 1."""
_PEAK = 1000.0
"""cd/m²: the peak of the display HLG is defined on, and of what phones film in PQ. What is brighter becomes white."""

_D65, _C, _DCI = (0.3127, 0.3290), (0.310, 0.316), (0.314, 0.351)
# x and y of red, green, blue, and of white. Source: ITU-T H.273, table 2.
_CHROMATICITIES: dict[str, tuple[tuple[float, float], ...]] = {
    "bt709": ((0.640, 0.330), (0.300, 0.600), (0.150, 0.060), _D65),
    "bt470m": ((0.67, 0.33), (0.21, 0.71), (0.14, 0.08), _C),
    "bt470bg": ((0.64, 0.33), (0.29, 0.60), (0.15, 0.06), _D65),
    "smpte170m": ((0.630, 0.340), (0.310, 0.595), (0.155, 0.070), _D65),
    "smpte240m": ((0.630, 0.340), (0.310, 0.595), (0.155, 0.070), _D65),
    "film": ((0.681, 0.319), (0.243, 0.692), (0.145, 0.049), _C),
    "bt2020": ((0.708, 0.292), (0.170, 0.797), (0.131, 0.046), _D65),
    "smpte431": ((0.680, 0.320), (0.265, 0.690), (0.150, 0.060), _DCI),
    "smpte432": ((0.680, 0.320), (0.265, 0.690), (0.150, 0.060), _D65),
    "ebu3213": ((0.630, 0.340), (0.295, 0.605), (0.155, 0.077), _D65),
}
CONVERTED_PRIMARIES = frozenset(_CHROMATICITIES) - {"bt709"}
"""Primaries, by ffmpeg's names, that are converted; others are taken for those of BT.709."""

_LUMA_709 = np.array([0.2126, 0.7152, 0.0722])
_LUMA_2020 = np.array([0.2627, 0.6780, 0.0593])

# Source: ITU-R BT.2100-2, table 4.
_M1, _M2 = 2610 / 16384, 2523 / 4096 * 128
_C1, _C2, _C3 = 3424 / 4096, 2413 / 4096 * 32, 2392 / 4096 * 32
# Source: ITU-R BT.2100-2, table 5.
_A, _B, _C_HLG = 0.17883277, 0.28466892, 0.55991073


def to_bt709(rgb: Rgb, *, transfer: str, primaries: str) -> Rgb:
    """Non-linear BT.709 for non-linear `rgb` of a `transfer` (`sdr`, `hlg`, `pq`) and `primaries`, steps 1 to 5."""
    light = _LIGHT[transfer](rgb) @ _to_709(primaries).T
    if transfer != "sdr":
        light = _toned(light)
    return np.asarray(np.clip(_inside(light), 0.0, 1.0) ** (1 / 2.4))


@lru_cache(maxsize=16)
def cube_text(transfer: str, primaries: str) -> str:
    """The table as a `.cube` file; red changes fastest."""
    axis = np.linspace(0.0, 1.0, CUBE_SIZE)
    blue, green, red = np.meshgrid(axis, axis, axis, indexing="ij")
    points = np.stack([red.ravel(), green.ravel(), blue.ravel()], axis=1)
    rows = to_bt709(points, transfer=transfer, primaries=primaries).tolist()
    return f"LUT_3D_SIZE {CUBE_SIZE}\n" + "".join(f"{r:.6f} {g:.6f} {b:.6f}\n" for r, g, b in rows)


def _sdr_light(rgb: Rgb) -> Rgb:
    """1 is the white of a standard picture. Source: ITU-R BT.1886."""
    return np.asarray(rgb**2.4)


def _pq_light(rgb: Rgb) -> Rgb:
    return _pq_eotf(rgb)


def _hlg_light(rgb: Rgb) -> Rgb:
    """cd/m² on the reference display, for signals in the primaries of BT.2020."""
    scene = np.where(rgb <= 0.5, rgb**2 / 3, (np.exp((rgb - _C_HLG) / _A) + _B) / 12)
    luminance = scene @ _LUMA_2020
    gain = np.where(luminance > 0, np.maximum(luminance, 1e-12) ** 0.2, 0.0)
    return np.asarray(_PEAK * scene * gain[:, None])


_LIGHT: dict[str, Callable[[Rgb], Rgb]] = {"sdr": _sdr_light, "hlg": _hlg_light, "pq": _pq_light}


def _pq_eotf(signal: Rgb) -> Rgb:
    root = np.maximum(signal, 0.0) ** (1 / _M2)
    return np.asarray(10_000 * (np.maximum(root - _C1, 0.0) / (_C2 - _C3 * root)) ** (1 / _M1))


def _pq_inverse(light: Rgb) -> Rgb:
    power = (np.maximum(light, 0.0) / 10_000) ** _M1
    return np.asarray(((_C1 + _C2 * power) / (1 + _C3 * power)) ** _M2)


def _toned(light: Rgb) -> Rgb:
    """Step 3; the result is in parts of white."""
    largest = np.maximum(light.max(axis=1), 1e-9)
    gain = _eetf(largest) / largest / _REFERENCE_WHITE
    return np.asarray(light * gain[:, None])


def _eetf(light: Rgb) -> Rgb:
    """cd/m² → cd/m². Source: ITU-R BT.2390-8, 5.4.1, with a black of 0 on both sides."""
    peak, white = _pq_inverse(np.array([_PEAK, _REFERENCE_WHITE]))
    signal = np.minimum(_pq_inverse(light) / peak, 1.0)
    most = white / peak
    knee = 1.5 * most - 0.5
    t = np.clip((signal - knee) / (1 - knee), 0.0, 1.0)
    spline = (
        (2 * t**3 - 3 * t**2 + 1) * knee + (t**3 - 2 * t**2 + t) * (1 - knee) + (-2 * t**3 + 3 * t**2) * most
    )
    return _pq_eotf(np.where(signal < knee, signal, spline) * peak)


def _inside(light: Rgb) -> Rgb:
    """Step 4: towards grey of the same luminance, no farther than is needed for all three to lie in 0 to 1."""
    luminance = np.clip(light @ _LUMA_709, 0.0, 1.0)[:, None]
    away = light - luminance
    with np.errstate(divide="ignore", invalid="ignore"):
        room = np.where(away < 0, -luminance / away, np.where(away > 0, (1 - luminance) / away, np.inf))
    share = np.clip(np.nan_to_num(room.min(axis=1), nan=0.0, posinf=1.0), 0.0, 1.0)
    return np.asarray(luminance + away * share[:, None])


def _to_709(primaries: str) -> Rgb:
    """Linear RGB of `primaries` → linear RGB of BT.709. Source: SMPTE RP 177; Bradford between whites."""
    if primaries not in CONVERTED_PRIMARIES:
        return np.eye(3)
    source, target = _CHROMATICITIES[primaries], _CHROMATICITIES["bt709"]
    adapted = _adapted(source[3], target[3])
    return np.asarray(np.linalg.inv(_to_xyz(target)) @ adapted @ _to_xyz(source))


def _to_xyz(chromaticities: tuple[tuple[float, float], ...]) -> Rgb:
    columns = np.array([_xyz(point) for point in chromaticities[:3]]).T
    return np.asarray(columns * np.linalg.solve(columns, _xyz(chromaticities[3])))


def _xyz(point: tuple[float, float]) -> Rgb:
    x, y = point
    return np.array([x / y, 1.0, (1 - x - y) / y])


def _adapted(source: tuple[float, float], target: tuple[float, float]) -> Rgb:
    cones = np.array([[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]])
    gain = (cones @ _xyz(target)) / (cones @ _xyz(source))
    return np.asarray(np.linalg.inv(cones) @ np.diag(gain) @ cones)
