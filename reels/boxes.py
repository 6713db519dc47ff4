"""The boxes of an MP4 or MOV file, read without any media library: their order, brands, edit lists, matrices.

An independent second opinion for `check`, which stands after it; nothing stands before it. It never decodes,
never reads a payload beyond the few bytes it needs, and believes no size that the file states: every read is
bounded and counted, so a hostile file costs short reads and no memory.

Source: ISO/IEC 14496-12 (box structure 4.2, `tkhd` 8.3.2, `elst` 8.6.6, `hdlr` 8.4.3); QuickTime File Format.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import BinaryIO

__all__ = [
    "IDENTITY_MATRIX",
    "BoxesUnreadable",
    "Edit",
    "MediaBox",
    "Movie",
    "Track",
    "read_boxes",
    "read_movie",
]

_CONTAINERS = frozenset({"moov", "trak", "edts", "mdia", "minf", "stbl"})
# What may stand first: a file that opens with anything else is no MP4 or MOV.
_OPENERS = frozenset({"ftyp", "moov", "mdat", "free", "skip", "wide", "pnot", "styp"})
# A fragmented recording has two boxes a fragment, several fragments a second.
_MAX_BOXES = 1 << 16
_MAX_DEPTH = 8
_MAX_EDITS = 1024
_MAX_DESCRIPTION = 1 << 16
# Source: Dolby Vision Streams Within the ISO Base Media File Format, 2.6.
_DOLBY_VISION = (b"dvcC", b"dvvC", b"dvwC")

IDENTITY_MATRIX = (0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)


class BoxesUnreadable(ValueError):
    """Not an MP4 or MOV file, or one whose boxes contradict each other; the text says where."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaBox:
    """One box: `offset` and `size` in bytes of the file, header included.

    `size` is what the file really holds; `complete` is False where it ends before the box says it does.
    """

    kind: str
    offset: int
    header_size: int
    size: int
    complete: bool
    children: tuple[MediaBox, ...] = ()

    def find(self, *path: str) -> Iterator[MediaBox]:
        """Every box at `path` below this one, such as `find("edts", "elst")`."""
        if not path:
            yield self
            return
        for child in self.children:
            if child.kind == path[0]:
                yield from child.find(*path[1:])


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """One entry of an edit list: `duration` in seconds, `media_time` in ticks of the track, −1 for a gap."""

    duration: Fraction
    media_time: int
    media_rate: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """One track: `handler` such as `vide`, `soun`, `text`; `matrix` as nine fixed-point numbers.

    `dolby_vision` tells a configuration record of it beside the codec's own.
    """

    handler: str
    has_edit_list: bool
    edits: tuple[Edit, ...]
    matrix: tuple[int, ...]
    dolby_vision: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Movie:
    """What the boxes say: `top_level` in file order; `brand` is empty where no `ftyp` opens the file."""

    top_level: tuple[str, ...]
    brand: str
    tracks: tuple[Track, ...]
    complete: bool

    @property
    def is_quicktime(self) -> bool:
        return self.brand in {"", "qt  "}

    @property
    def moov_first(self) -> bool:
        """Whether a player that reads from the front meets the index before any media."""
        if "moov" not in self.top_level:
            return False
        return "mdat" not in self.top_level or self.top_level.index("moov") < self.top_level.index("mdat")


def read_boxes(path: Path) -> tuple[MediaBox, ...]:
    """The boxes of `path`, with the children of those that lead to the tracks.

    Raises: BoxesUnreadable.
    """
    try:
        with path.open("rb") as file:
            return _read_boxes(file)
    except OSError as error:
        raise BoxesUnreadable(f"cannot be read: {error.strerror}") from error


def read_movie(path: Path) -> Movie:
    """The index of `path`: brand, order, tracks, edit lists.

    Raises: BoxesUnreadable.
    """
    try:
        with path.open("rb") as file:
            boxes = _read_boxes(file)
            return _movie(file, boxes)
    except OSError as error:
        raise BoxesUnreadable(f"cannot be read: {error.strerror}") from error


def _read_boxes(file: BinaryIO) -> tuple[MediaBox, ...]:
    end = file.seek(0, 2)
    boxes = _Walk(file).boxes(0, end, depth=0)
    if not boxes:
        raise BoxesUnreadable("no box fits into the file")
    if boxes[0].kind not in _OPENERS:
        raise BoxesUnreadable(f"opens with {boxes[0].kind!r}, which opens no MP4 or MOV file")
    return boxes


class _Walk:
    """One pass over the boxes of a file; counts them, so that no file can make it long."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self.seen = 0

    def boxes(self, start: int, end: int, *, depth: int) -> tuple[MediaBox, ...]:
        if depth > _MAX_DEPTH:
            raise BoxesUnreadable(f"boxes lie more than {_MAX_DEPTH} deep at byte {start}")
        found: list[MediaBox] = []
        # Fewer than 8 bytes at the end of a parent are padding: QuickTime closes `udta` with four zeros.
        while end - start >= 8:
            box = self._box(start, end, depth=depth)
            found.append(box)
            start += box.size
            if depth == 0 and len(found) == 1 and box.kind not in _OPENERS:
                break
        return tuple(found)

    def _box(self, start: int, end: int, *, depth: int) -> MediaBox:
        self.seen += 1
        if self.seen > _MAX_BOXES:
            raise BoxesUnreadable(f"holds more than {_MAX_BOXES} boxes")
        size, raw_kind = struct.unpack(">I4s", _read(self.file, start, 8))
        kind, header = raw_kind.decode("latin-1"), 8
        if size == 1:
            if end - start < 16:
                raise BoxesUnreadable(f"box {kind!r} at byte {start} breaks off within its size")
            (size,), header = struct.unpack(">Q", _read(self.file, start + 8, 8)), 16
        elif size == 0:
            size = end - start
        if size < header:
            raise BoxesUnreadable(
                f"box {kind!r} at byte {start} says it is {size} bytes long, its header is {header}"
            )
        complete = size <= end - start
        if not complete and depth > 0:
            raise BoxesUnreadable(
                f"box {kind!r} at byte {start} is {size} bytes long, its parent has {end - start}"
            )
        held = min(size, end - start)
        inside = kind in _CONTAINERS and complete
        return MediaBox(
            kind=kind,
            offset=start,
            header_size=header,
            size=held,
            complete=complete,
            children=self.boxes(start + header, start + held, depth=depth + 1) if inside else (),
        )


def _read(file: BinaryIO, offset: int, count: int) -> bytes:
    file.seek(offset)
    got = file.read(count)
    if len(got) != count:
        raise BoxesUnreadable(f"the file ends at byte {offset + len(got)}, within a box")
    return got


def _payload(file: BinaryIO, box: MediaBox, offset: int, count: int) -> bytes:
    if box.header_size + offset + count > box.size:
        raise BoxesUnreadable(f"box {box.kind!r} at byte {box.offset} is too short for what it should hold")
    return _read(file, box.offset + box.header_size + offset, count)


def _movie(file: BinaryIO, boxes: tuple[MediaBox, ...]) -> Movie:
    moov = next((box for box in boxes if box.kind == "moov"), None)
    if moov is None:
        raise BoxesUnreadable("has no index (moov): the recording was never finished, or the copy broke off")
    if not moov.complete:
        raise BoxesUnreadable("breaks off within its index (moov)")
    brand = _payload(file, boxes[0], 0, 4).decode("latin-1") if boxes[0].kind == "ftyp" else ""
    timescale = _movie_timescale(file, moov)
    return Movie(
        top_level=tuple(box.kind for box in boxes),
        brand=brand,
        tracks=tuple(_track(file, trak, timescale) for trak in moov.find("trak")),
        complete=all(box.complete for box in boxes),
    )


def _movie_timescale(file: BinaryIO, moov: MediaBox) -> int:
    mvhd = next(moov.find("mvhd"), None)
    if mvhd is None:
        raise BoxesUnreadable("its index has no movie header (mvhd)")
    version = _payload(file, mvhd, 0, 1)[0]
    (timescale,) = struct.unpack(">I", _payload(file, mvhd, 20 if version == 1 else 12, 4))
    if timescale == 0:
        raise BoxesUnreadable("its movie header counts time in no unit (timescale 0)")
    return int(timescale)


def _track(file: BinaryIO, trak: MediaBox, timescale: int) -> Track:
    hdlr = next(trak.find("mdia", "hdlr"), None)
    tkhd = next(trak.find("tkhd"), None)
    lists = tuple(trak.find("edts", "elst"))
    return Track(
        handler=_payload(file, hdlr, 8, 4).decode("latin-1") if hdlr else "",
        has_edit_list=bool(lists),
        edits=tuple(edit for elst in lists for edit in _edits(file, elst, timescale)),
        matrix=_matrix(file, tkhd) if tkhd else IDENTITY_MATRIX,
        dolby_vision=any(
            _holds_dolby_vision(file, stsd) for stsd in trak.find("mdia", "minf", "stbl", "stsd")
        ),
    )


def _holds_dolby_vision(file: BinaryIO, stsd: MediaBox) -> bool:
    # A sample description is short; its boxes lie at places that depend on the codec, so their names are looked for.
    held = _payload(file, stsd, 0, min(stsd.size - stsd.header_size, _MAX_DESCRIPTION))
    return any(kind in held for kind in _DOLBY_VISION)


def _matrix(file: BinaryIO, tkhd: MediaBox) -> tuple[int, ...]:
    version = _payload(file, tkhd, 0, 1)[0]
    return struct.unpack(">9i", _payload(file, tkhd, 52 if version == 1 else 40, 36))


def _edits(file: BinaryIO, elst: MediaBox, timescale: int) -> tuple[Edit, ...]:
    version, count = struct.unpack(">B3xI", _payload(file, elst, 0, 8))
    layout = struct.Struct(">Qqhh" if version == 1 else ">Iihh")
    if count > _MAX_EDITS:
        raise BoxesUnreadable(f"an edit list of {count} entries; {_MAX_EDITS} are read at most")
    entries = layout.iter_unpack(_payload(file, elst, 8, count * layout.size))
    return tuple(
        Edit(
            duration=Fraction(duration, timescale),
            media_time=media_time,
            media_rate=whole + Fraction(fraction, 1 << 16),
        )
        for duration, media_time, whole, fraction in entries
    )
