"""Letters of one face and size, with emoji from the one emoji font that comes with the project.

A text is first made what can be drawn (`drawable`), then measured and painted in runs: what the face lacks and the
emoji font has is drawn from that, as tall as the face's Hangul. Nothing here breaks lines: `text` does.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import groupby
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from reels.errors import FontMissing, GlyphMissing
from reels.fonts import emoji_font, load_font
from reels.said import Said

__all__ = [
    "FLAG_LETTERS",
    "KEYCAP",
    "KEYCAPS",
    "SKIN_TONES",
    "Letters",
    "drawable",
    "flag_sign",
    "is_emoji",
    "is_keycap",
    "keycap_sign",
    "letters_of",
    "require_drawable_text",
]

FLAG_LETTERS = range(0x1F1E6, 0x1F200)
"""Regional indicators: two of them are a flag."""

SKIN_TONES = range(0x1F3FB, 0x1F400)
KEYCAP = 0x20E3
KEYCAPS = frozenset("0123456789#*")

# Where the emoji font keeps what is written as two characters; the whole block is ours.
_KEYCAPS_AT = 0xF0000
_FLAGS_AT = 0xF0100
_OURS = range(_KEYCAPS_AT, _FLAGS_AT + 26 * 26)
_TAGS = range(0xE0020, 0xE0080)
"""Spell the flag of a part of a country; the emoji font has none of these."""

_FLAG = re.compile(f"[{chr(FLAG_LETTERS[0])}-{chr(FLAG_LETTERS[-1])}]{{2}}")
_KEYCAP = re.compile(f"([0-9#*])\ufe0f?{chr(KEYCAP)}")
_OF_MAN_OR_WOMAN = re.compile("\u200d[\u2640\u2642]")
_SELECTORS = {chr(code) for code in (0x034F, *range(0xFE00, 0xFE10))}

# Tall and deep letters, so that a line's height does not depend on the words in it.
_REFERENCE = "한글뷁gj("
_HANGUL = "한글뷁"
_EMOJI = "\U0001f600"
_MEASURED_AT_PX = 1000


def flag_sign(pair: str) -> str:
    """The private character of a flag, of its two letters."""
    first, second = (ord(letter) - FLAG_LETTERS[0] for letter in pair)
    return chr(_FLAGS_AT + 26 * first + second)


def keycap_sign(key: str) -> str:
    """The private character of a keycap, of the digit or sign on it."""
    return chr(_KEYCAPS_AT + ord(key))


def is_keycap(word: str) -> bool:
    """Of a word of drawable text: a keycap alone, as before each point of a list."""
    return len(word) == 1 and _KEYCAPS_AT <= ord(word) < _FLAGS_AT


def is_emoji(word: str) -> bool:
    """Of a word of drawable text: emoji alone."""
    return all(unicodedata.category(sign) in ("So", "Co") for sign in word)


def drawable(text: str) -> str:
    """`text` as it is drawn: without invisible signs, for which Pillow would draw boxes, and with whole emoji.

    Joiners, marks of direction, selectors and skin tones fall away, so that a joined family becomes its members; so
    does the ♀ or ♂ that is joined to a person. A keycap and a flag become one private character each; a flag that
    the emoji font lacks stays two letters, which no font has.
    """
    composed = unicodedata.normalize("NFC", text)
    kept = _OF_MAN_OR_WOMAN.sub("", _KEYCAP.sub(lambda key: keycap_sign(key[1]), composed))
    kept = _FLAG.sub(lambda pair: _flag_or_pair(pair[0]), kept)
    return "".join(c for c in kept if c.isspace() or _is_visible(c))


def _flag_or_pair(pair: str) -> str:
    sign = flag_sign(pair)
    return sign if ord(sign) in _emoji_signs() else pair


def _emoji_signs() -> Mapping[int, int]:
    """The code points that the emoji font draws, as the keys; read when the first text needs one."""
    return load_font(emoji_font()).advances


def _is_visible(character: str) -> bool:
    code = ord(character)
    if code in _TAGS:
        return True  # to be refused: without them a flag would become another one
    return (
        code not in SKIN_TONES
        and character not in _SELECTORS
        and unicodedata.category(character) not in ("Cc", "Cf")
    )


def require_drawable_text(font: Path, texts: Iterable[tuple[str, str]]) -> None:
    """Prove that titles, names and cards in `font` draw every character of `texts`, pairs of (where, text).

    Raises: FontMissing; GlyphMissing for the first character that neither `font` nor the emoji font can draw.
    """
    face = load_font(font)
    for where, text in texts:
        ours = [c for c in text if ord(c) in _OURS]
        tags = [c for c in text if ord(c) in _TAGS]
        lacking = [c for c in face.missing(drawable(text)) if ord(c) not in _emoji_signs()]
        for character in (*ours, *tags, *lacking):
            raise GlyphMissing(
                where=where, character=character, codepoint=f"U+{ord(character):04X}", font=face.full_name
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Letters:
    """The face in `font` at a size in pixels; what it lacks comes from the emoji font, at the size that suits it.

    `ascent_px` and `descent_px` are the ink of the tallest and deepest letters from the baseline; emoji stay inside.
    """

    font: Path
    size_px: int
    face: ImageFont.FreeTypeFont
    ascent_px: float
    descent_px: float
    own: Mapping[int, int] = field(repr=False, compare=False)
    """The code points of the face, as the keys."""

    def length_px(self, text: str) -> float:
        """How far a line of drawable `text` goes, ink and bearings."""
        return sum(face.getlength(run) for face, run, _ in self._runs(text))

    def paint(self, mask: Image.Image, text: str, left_px: int, baseline_px: int, stroke_px: int) -> None:
        """Draw a line of drawable `text` on an "L" mask of its own."""
        draw, left = ImageDraw.Draw(mask), float(left_px)
        for face, run, raised in self._runs(text):
            place = (left, baseline_px - raised)
            draw.text(place, run, fill=255, font=face, anchor="ls", stroke_width=stroke_px)
            left += face.getlength(run)

    def _runs(self, text: str) -> Iterator[tuple[ImageFont.FreeTypeFont, str, int]]:
        """Pieces of one font each: the font, the piece, and how far it is raised."""
        for emoji, run in groupby(text, self._is_emoji):
            face, raised = (
                _emoji_of(self.font, self.size_px, load_font(self.font).sha256) if emoji else (self.face, 0)
            )
            yield face, "".join(run), raised

    def _is_emoji(self, character: str) -> bool:
        code = ord(character)
        return (code not in self.own or code in _OURS) and code in _emoji_signs()


def letters_of(font: Path, size_px: int) -> Letters:
    """The letters of the face that lies at `font` now: a process may live longer than a brand's font. Raises: FontMissing."""
    return _letters(font, size_px, load_font(font).sha256)


@lru_cache(maxsize=256)
def _letters(font: Path, size_px: int, sha256: str) -> Letters:
    face = _face(font, size_px, sha256)
    _, top, _, bottom = face.getbbox(_REFERENCE, anchor="ls")
    return Letters(
        font=font,
        size_px=size_px,
        face=face,
        ascent_px=-top,
        descent_px=bottom,
        own=load_font(font).advances,
    )


@lru_cache(maxsize=256)
def _emoji_of(font: Path, size_px: int, sha256: str) -> tuple[ImageFont.FreeTypeFont, int]:
    """The emoji font beside `font` at a size, and how many pixels it is raised."""
    share, raised = _emoji_beside(font, sha256)
    return _face(emoji_font(), max(1, int(size_px * share)), ""), round(size_px * raised)


@lru_cache(maxsize=32)
def _emoji_beside(font: Path, sha256: str) -> tuple[float, float]:
    """The emoji font's size and how far it is raised, as shares of the face's size: as tall as Hangul, and as high."""
    _, top, _, bottom = _face(font, _MEASURED_AT_PX, sha256).getbbox(_HANGUL, anchor="ls")
    _, emoji_top, _, emoji_bottom = _face(emoji_font(), _MEASURED_AT_PX, "").getbbox(_EMOJI, anchor="ls")
    share = (bottom - top) / (emoji_bottom - emoji_top)
    middle, emoji_middle = (top + bottom) / 2, (emoji_top + emoji_bottom) / 2 * share
    return share, (emoji_middle - middle) / _MEASURED_AT_PX


@lru_cache(maxsize=256)
def _face(font: Path, size_px: int, sha256: str) -> ImageFont.FreeTypeFont:
    del sha256  # only the cache's key
    try:
        # The basic layout is the same on every machine; raqm may or may not be there.
        return ImageFont.truetype(font, size_px, layout_engine=ImageFont.Layout.BASIC)
    except OSError as error:
        raise FontMissing(path=str(font), found=str(error) or Said("not a font", ko="글꼴이 아님")) from None
