"""To BT.709 in limited range at a small raster: what each file's tags ask for, in as few filters as it takes.

Ordinary footage goes through one `scale`, as cheaply as a plain one. High dynamic range, other primaries and a look
of the user's go through tables: to RGB and to the raster in one step, a look-up for each pixel, and back. `tones`
makes our tables, `luts` reads the user's; `picture` and `crop` say where in the graph this stands.

Tables are files of neutral names in the folder in which ffmpeg runs, and hold nothing but numbers.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from reels.geometry import Raster
from reels.graph.tones import CONVERTED_PRIMARIES, cube_text
from reels.luts import Lut

__all__ = ["Colours", "scaled", "table_files"]

_MATRICES = frozenset(
    {"bt709", "fcc", "bt470bg", "smpte170m", "smpte240m", "ycgco", "bt2020nc", "bt2020c", "ictcp"}
)
"""What zscale knows, by ffmpeg's names."""

_TRANSFERS = {"sdr": "bt2020-10", "hlg": "arib-std-b67", "pq": "smpte2084"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Colours:
    """What the numbers of a picture mean, by ffmpeg's names; an empty name is one the file does not say.

    `assumed_matrix` is how YCbCr became of RGB where the file does not say it, `is_rgb` whether nothing had to.
    """

    transfer: Literal["sdr", "hlg", "pq"] = "sdr"
    primaries: str = ""
    matrix: str = ""
    assumed_matrix: Literal["bt709", "bt470bg"] | None = None
    full_range: bool = False
    is_rgb: bool = False

    @property
    def table(self) -> tuple[str, str] | None:
        """Transfer and primaries that must be converted by a table; None where numbers mean what BT.709's do."""
        if self.transfer != "sdr":
            known = self.primaries in CONVERTED_PRIMARIES or self.primaries == "bt709"
            return self.transfer, self.primaries if known else "bt2020"
        return ("sdr", self.primaries) if self.primaries in CONVERTED_PRIMARIES else None

    @property
    def table_name(self) -> str:
        """Neutral: our own words."""
        return f"tones-{'-'.join(self.table)}.cube" if self.table else ""

    @property
    def is_plain(self) -> bool:
        """Whether nothing but the raster and the range may have to change."""
        return self.table is None and (self.is_rgb or self._from == "bt709")

    @property
    def _from(self) -> str:
        if self.is_rgb:
            return "gbr"
        if self.matrix in _MATRICES:
            return self.matrix
        if self.primaries == "bt2020" or self.transfer != "sdr":
            return "bt2020nc"
        return self.assumed_matrix or "bt709"

    @property
    def as_they_are(self) -> dict[str, str]:
        """Options of zscale that say what the numbers mean and, but for matrix and range, leave it so."""
        primaries, transfer = "bt2020", _TRANSFERS[self.transfer]
        return {
            "min": self._from,
            "rin": "full" if self.full_range or self.is_rgb else "limited",
            **{"pin": primaries, "p": primaries, "tin": transfer, "t": transfer},
        }


def table_files(used: Iterable[Colours]) -> tuple[tuple[str, str], ...]:
    """Name and text of our tables that pictures of these colours are drawn with."""
    wanted = {colours.table_name: colours.table for colours in used}
    return tuple((name, cube_text(*table)) for name, table in sorted(wanted.items()) if table is not None)


def scaled(stream: Any, colours: Colours, raster: Raster, *, lut: Lut | None = None) -> Any:
    """To `raster` in BT.709 limited range, seen through `lut`.

    The files of `table_files`, and `lut` under its neutral name, must lie in the folder in which ffmpeg runs.

    Source: ffmpeg documentation, filters scale, zscale, lut3d, lut1d, sidedata.
    """
    if lut is None and colours.is_plain:
        told = {"in_color_matrix": colours.assumed_matrix} if colours.assumed_matrix else {}
        return stream.filter(
            "scale",
            raster.width,
            raster.height,
            flags="bicubic",
            out_color_matrix="bt709",
            out_range="tv",
            **told,
        )
    bicubic = {"w": raster.width, "h": raster.height, "f": "bicubic", **colours.as_they_are}
    if lut is None and colours.table is None:
        # Four times as exact as `scale` where the matrix changes, and faster.
        return stream.filter("zscale", m="bt709", r="limited", **bicubic)
    # Floats: the only kind besides 16 bits for which the look-up has fast code.
    stream = stream.filter("zscale", m="gbr", r="full", **bicubic).filter("format", "gbrpf32le")
    if colours.table is not None:
        stream = stream.filter("lut3d", file=colours.table_name, interp="tetrahedral")
    if lut is not None:
        stream = (
            stream.filter("lut3d", file=lut.neutral_name, interp="tetrahedral")
            if lut.dimensions == 3
            else stream.filter("lut1d", file=lut.neutral_name, interp="linear")
        )
    stream = stream.filter("zscale", pin="bt709", p="bt709", tin="bt709", t="bt709", m="bt709", r="limited")
    # Mastering display, light level, Dolby Vision, HDR10+: the encoder would write what is no longer true.
    return stream.filter("sidedata", mode="delete")
