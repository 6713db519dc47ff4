"""Fonts as measures: what a face is called, how wide its text is, which characters it can draw.

Reads font files with fontTools and draws nothing: Pillow (`reels.art`) and libass (through the burn-in) draw.
`cues` measures its lines here, `subtitles` asks for the size that libass wants, and the plan asks for glyphs
before anything is rendered, since both would otherwise draw empty boxes.
"""

from __future__ import annotations

import hashlib
import io
import struct
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Any

from reels.errors import FontMissing, GlyphMissing
from reels.resources import fonts_dir
from reels.said import Said, said_by_system
from reels.user_cache import read_cached, write_cached

__all__ = ["SYLLABLES", "USUAL_SYLLABLES", "Font", "check_glyphs", "emoji_font", "load_font", "shipped_fonts"]

SYLLABLES = "".join(map(chr, range(0xAC00, 0xD7A4)))
"""All 11,172 modern Hangul syllables."""

USUAL_SYLLABLES = bytes(
    code for high in range(0xB0, 0xC9) for low in range(0xA1, 0xFF) for code in (high, low)
).decode("euc_kr")
"""The 2,350 syllables of KS X 1001, which nearly every Korean text does with."""

_SUFFIXES = (".otf", ".ttf")
# What cannot stand in a name field of an ASS style: the field's end, and signs of override blocks.
_FORBIDDEN_IN_NAME = set(",{}\\")
# Zero-width and invisible: shapers drop them, so a face without a glyph for them draws nothing wrong.
_UNDRAWN = {
    *(0x00AD, 0x034F, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF),
    # Selectors of a variant of the sign before: text or emoji, a form of a Hanja.
    *range(0xFE00, 0xFE10),
    *range(0xE0100, 0xE01F0),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Font:
    """One face of one file. Two fonts are equal when their bytes are.

    `family` and `bold` are what libass finds exactly this face by: the file's own legacy family (name 1), in
    which a face is regular or bold. `weight` is the OpenType weight, 100–900. Lengths are in font units.
    """

    path: Path = field(compare=False)
    sha256: str
    family: str
    full_name: str
    bold: bool
    italic: bool
    weight: int
    units_per_em: int
    win_ascent: int
    win_descent: int
    advances: Mapping[int, int] = field(compare=False, repr=False)
    """Advance width by code point, for every character that the face can draw."""

    def stands(self) -> bool:
        """Whether its file still holds what was measured, read again only where its size or its time changed.

        Raises: FontMissing.
        """
        return load_font(self.path).sha256 == self.sha256

    def missing(self, text: str) -> tuple[str, ...]:
        """The characters of `text` that the face cannot draw, each once, in order of appearance."""
        lacking = dict.fromkeys(c for c in text if ord(c) not in self.advances)
        return tuple(
            c for c in lacking if ord(c) not in _UNDRAWN and unicodedata.category(c) not in ("Cc", "Cf")
        )

    def text_width_px(self, text: str, size_px: Fraction | int) -> Fraction:
        """Width of one line at an em of `size_px`, without kerning; an unknown character counts a full em.

        Kerning in the shipped faces pulls letters together, so that no line comes out wider than this (held
        by a test against shaped text).
        """
        widths, em = self.advances, self.units_per_em
        units = sum(
            0 if ord(c) in _UNDRAWN or unicodedata.combining(c) else widths.get(ord(c), em) for c in text
        )
        return Fraction(units) * size_px / em

    def line_height_px(self, size_px: Fraction | int) -> Fraction:
        """Distance between the baselines of two lines as libass sets them."""
        return self.ass_font_size(size_px)

    def ass_font_size(self, size_px: Fraction | int) -> Fraction:
        """The `Fontsize` with which libass draws an em of `size_px`, where PlayRes is the output raster.

        libass scales a face so that its OS/2 win ascent + descent, not its em, is the size asked for, as
        VSFilter did. Source: libass `ass_font.c`, `set_font_metrics`; checked against rendered pixels in
        `tests/media/test_burn_in.py`.
        """
        return Fraction(self.win_ascent + self.win_descent, self.units_per_em) * size_px

    def descent_px(self, size_px: Fraction | int) -> Fraction:
        """From the baseline down to the bottom of the line as libass sets it."""
        return Fraction(self.win_descent, self.units_per_em) * size_px


def load_font(path: Path) -> Font:
    """The face in `path`, a `.ttf` or `.otf` file, read once per process as long as its size and time stay the same.

    Raises: FontMissing.
    """
    if path.suffix.lower() not in _SUFFIXES:
        raise FontMissing(path=str(path), found=Said("not a .ttf or .otf file", ko=".ttf나 .otf 파일이 아님"))
    try:
        status = path.stat()
    except OSError as error:
        raise FontMissing(path=str(path), found=said_by_system(error)) from error
    return _load(path, status.st_size, status.st_mtime_ns)


def shipped_fonts() -> tuple[Path, ...]:
    """The fonts for text that come with the project, sorted by name."""
    return tuple(sorted(p for p in fonts_dir().iterdir() if p.suffix.lower() in _SUFFIXES))


def emoji_font() -> Path:
    """The font that comes with the project for emoji, and for nothing else."""
    return fonts_dir() / "emoji" / "NotoEmoji-Bold.ttf"


def check_glyphs(font: Font, texts: Iterable[tuple[str, str]]) -> None:
    """Prove that `font` draws every character of `texts`, pairs of (where, text).

    Raises: GlyphMissing for the first character that it cannot draw.
    """
    for where, text in texts:
        for character in font.missing(text):
            raise GlyphMissing(
                where=where, character=character, codepoint=f"U+{ord(character):04X}", font=font.full_name
            )


@lru_cache(maxsize=32)
def _load(path: Path, size: int, mtime_ns: int) -> Font:
    # Size and time are only the cache's key; the identity is the digest.
    del size, mtime_ns
    try:
        content = path.read_bytes()
    except OSError as error:
        raise FontMissing(path=str(path), found=said_by_system(error)) from error
    digest = hashlib.sha256(content).hexdigest()
    known = _from_json(read_cached(_PLACE, f"{_MEASURES} {digest}"), path, digest)
    if known is not None:
        return known
    font = _measured_in(content, path, digest)
    write_cached(_PLACE, f"{_MEASURES} {digest}", _to_json(font))
    return font


def _measured_in(content: bytes, path: Path, digest: str) -> Font:
    # Loading it takes longer than all other measures of a run; a face is measured once in a user's life.
    from fontTools.ttLib import TTFont, TTLibError

    try:
        # From memory: fontTools leaves a file open when it refuses it.
        with TTFont(io.BytesIO(content), lazy=True) as face:
            return _measured(face, path, digest)
    except OSError as error:
        raise FontMissing(path=str(path), found=said_by_system(error)) from error
    except (
        TTLibError,
        struct.error,
        KeyError,
        IndexError,
        ValueError,
        AssertionError,
        AttributeError,
    ) as error:
        # fontTools meets a broken table with whatever its decompiler stumbles over.
        found = Said(f"not a font that can be read: {error}", ko=f"읽을 수 없는 글꼴: {error}")
        raise FontMissing(path=str(path), found=found) from error


def _measured(face: Any, path: Path, digest: str) -> Font:
    os2, names, widths, cmap = face["OS/2"], face["name"], face["hmtx"].metrics, face.getBestCmap()
    if cmap is None:
        found = Said("the font has no Unicode character map", ko="유니코드 문자표가 없는 글꼴")
        raise FontMissing(path=str(path), found=found)
    if os2.usWinAscent + os2.usWinDescent <= 0:
        found = Said(
            "the font gives no line height (OS/2 win metrics)", ko="줄 높이(OS/2 win)가 적혀 있지 않은 글꼴"
        )
        raise FontMissing(path=str(path), found=found)
    family = unicodedata.normalize("NFC", str(names.getDebugName(1) or ""))
    if not family or family.startswith("@") or not family.isprintable() or _FORBIDDEN_IN_NAME & set(family):
        found = Said(
            f"the font's family name {family!r} cannot stand in a subtitle style",
            ko=f"자막 양식에 쓸 수 없는 글꼴 이름 {family!r}",
        )
        raise FontMissing(path=str(path), found=found)
    return Font(
        path=path,
        sha256=digest,
        family=family,
        full_name=str(names.getDebugName(4) or family),
        bold=bool(os2.fsSelection & 0x20),
        italic=bool(os2.fsSelection & 0x01),
        weight=int(os2.usWeightClass),
        units_per_em=int(face["head"].unitsPerEm),
        win_ascent=int(os2.usWinAscent),
        win_descent=int(os2.usWinDescent),
        advances={codepoint: int(widths[glyph][0]) for codepoint, glyph in cmap.items()},
    )


def _to_json(font: Font) -> dict[str, object]:
    """All that was measured. Advances as runs of characters that are equally wide: nearly all of Hangul is one."""
    runs: list[list[int]] = []
    for codepoint, width in sorted(font.advances.items()):
        if runs and codepoint == runs[-1][0] + runs[-1][1] and width == runs[-1][2]:
            runs[-1][1] += 1
        else:
            runs.append([codepoint, 1, width])
    return {**{name: getattr(font, name) for name in _REMEMBERED}, "advances": runs}


def _from_json(read: object, path: Path, digest: str) -> Font | None:
    """What `_to_json` has written; None for anything else."""
    if not isinstance(read, dict) or set(read) != {*_REMEMBERED, "advances"}:
        return None
    if any(type(read[name]) is not kind for name, kind in _REMEMBERED.items()):
        return None
    advances: dict[int, int] = {}
    runs = read["advances"]
    for run in runs if isinstance(runs, list) else [None]:
        if not isinstance(run, list) or [type(part) for part in run] != [int, int, int]:
            return None
        first, count, width = map(int, run)
        if not 0 <= first < first + count <= _CODEPOINTS:
            return None
        advances.update(dict.fromkeys(range(first, first + count), width))
    return Font(path=path, sha256=digest, advances=advances, **{name: read[name] for name in _REMEMBERED})


_PLACE = "fonts"
_MEASURES = "measures 1"
"""Goes up when something is measured otherwise."""
_CODEPOINTS = 0x110000
_REMEMBERED: Mapping[str, type] = {
    "family": str,
    "full_name": str,
    "bold": bool,
    "italic": bool,
    "weight": int,
    "units_per_em": int,
    "win_ascent": int,
    "win_descent": int,
}
