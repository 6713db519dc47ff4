"""Names of colour tags: the numbers of ITU-T H.273, as containers and codecs write them, by ffmpeg's names.

Values only. `probe` asks for them; `plan` and `graph` act on the names.
"""

from __future__ import annotations

from typing import Final

from reels.media.info import Transfer

__all__ = ["UNKNOWN", "dynamic_range", "matrix_name", "primaries_name", "range_name", "transfer_name"]

UNKNOWN: Final = "unknown"

# Source: libavutil/pixfmt.h; the names are those that ffmpeg's options take.
_PRIMARIES = {
    1: "bt709",
    4: "bt470m",
    5: "bt470bg",
    6: "smpte170m",
    7: "smpte240m",
    8: "film",
    9: "bt2020",
    10: "smpte428",
    11: "smpte431",
    12: "smpte432",
    22: "ebu3213",
}
_TRANSFERS = {
    1: "bt709",
    4: "gamma22",
    5: "gamma28",
    6: "smpte170m",
    7: "smpte240m",
    8: "linear",
    11: "iec61966-2-4",
    12: "bt1361e",
    13: "iec61966-2-1",
    14: "bt2020-10",
    15: "bt2020-12",
    16: "smpte2084",
    17: "smpte428",
    18: "arib-std-b67",
}
_MATRICES = {
    0: "gbr",
    1: "bt709",
    4: "fcc",
    5: "bt470bg",
    6: "smpte170m",
    7: "smpte240m",
    8: "ycgco",
    9: "bt2020nc",
    10: "bt2020c",
    14: "ictcp",
}
_RANGES = {1: "tv", 2: "pc"}
_HDR: dict[str, Transfer] = {"smpte2084": "pq", "arib-std-b67": "hlg"}


def primaries_name(number: int) -> str:
    return _PRIMARIES.get(number, UNKNOWN)


def transfer_name(number: int) -> str:
    return _TRANSFERS.get(number, UNKNOWN)


def matrix_name(number: int) -> str:
    return _MATRICES.get(number, UNKNOWN)


def range_name(number: int) -> str:
    return _RANGES.get(number, UNKNOWN)


def dynamic_range(transfer: str) -> Transfer:
    """Standard, HLG or PQ, told by the transfer and by nothing else: deep pictures need not be bright ones."""
    return _HDR.get(transfer, "sdr")
