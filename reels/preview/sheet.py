"""A page of stills and text of a campaign's reels: one file without scripts and without anything from elsewhere.

It can be sent by mail to someone who has neither the program nor the films. All texts are the campaign's and the
footage's own: none of them is ever markup.
"""

from __future__ import annotations

import base64
import hashlib
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from html import escape
from pathlib import Path
from typing import Final

from PIL import Image

from reels import __version__
from reels.errors import Language
from reels.platforms import Platform
from reels.preview.moments import Moment
from reels.said import Said, in_language

__all__ = ["SheetReel", "Still", "sheet_text"]

_WIDTH: Final = 270
_QUALITY: Final = 82

_STYLE: Final = """
:root { color-scheme: light dark; --line: #c8ccd2; --soft: #5b6470; }
@media (prefers-color-scheme: dark) { :root { --line: #3a4048; --soft: #a3abb5; } }
* { box-sizing: border-box; }
body { font: 16px/1.6 system-ui, "Apple SD Gothic Neo", "Malgun Gothic", "Noto Sans KR", sans-serif;
  margin: 0 auto; max-width: 76rem; padding: 1.5rem; word-break: keep-all; overflow-wrap: anywhere; }
h1 { font-size: 1.6rem; margin: 0; }
h2 { font-size: 1.25rem; margin: 2.5rem 0 0; border-top: 1px solid var(--line); padding-top: 1.5rem; }
.lead { color: var(--soft); margin: 0.25rem 0 1rem; }
ol { list-style: none; margin: 0; padding: 0; display: grid; gap: 1.25rem;
  grid-template-columns: repeat(auto-fill, minmax(11rem, 1fr)); }
figure { margin: 0; }
img { width: 100%; height: auto; display: block; border-radius: 0.5rem; background: #000; }
figcaption { margin-top: 0.4rem; }
time { color: var(--soft); font-size: 0.9rem; font-variant-numeric: tabular-nums; }
.said { white-space: pre-wrap; margin: 0; }
.nothing { color: var(--soft); margin: 0; }
@media print { li { break-inside: avoid; } }
"""
_HASH: Final = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
_POLICY: Final = f"default-src 'none'; img-src data:; style-src 'sha256-{_HASH}'"


@dataclass(frozen=True, slots=True, kw_only=True)
class Still:
    """A moment, and the PNG of the frame that is shown then."""

    moment: Moment
    picture: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetReel:
    """A reel on the sheet; `platforms` are those that get it so."""

    id: str
    title: str
    platforms: tuple[Platform, ...]
    duration: Fraction
    stills: tuple[Still, ...]


def sheet_text(campaign: str, reels: Sequence[SheetReel], language: Language) -> str:
    """The page as HTML in `language`. Raises: OSError where a picture cannot be read."""
    title = escape(campaign or in_language(Said("Reels", ko="릴스"), language))
    count = Said(
        f"{len(reels)} reel{'' if len(reels) == 1 else 's'} to look at, not for upload",
        ko=f"살펴볼 릴스 {len(reels)}편. 올리는 파일이 아닙니다",
    )
    parts = [
        "<!doctype html>",
        f'<html lang="{language}">',
        "<head>",
        '<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{escape(_POLICY)}">',
        f'<meta name="generator" content="reels {escape(__version__)} sheet">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{title}</title>",
        f"<style>{_STYLE}</style>",
        "</head>",
        "<body>",
        f'<header><h1>{title}</h1><p class="lead">{escape(in_language(count, language))}</p></header>',
        "<main>",
        *(line for reel in reels for line in _reel(reel, language)),
        "</main>",
        "</body>",
        "</html>",
    ]
    return "\n".join(parts) + "\n"


def _reel(reel: SheetReel, language: Language) -> Iterator[str]:
    name = f"{reel.title} ({reel.id})" if reel.title else reel.id
    titles = [platform.title_ko if language == "ko" else platform.title for platform in reel.platforms]
    facts = " · ".join([_clock(reel.duration), *titles])
    yield f'<section><h2>{escape(name)}</h2><p class="lead">{escape(facts)}</p><ol>'
    for still in reel.stills:
        at, text = _clock(still.moment.seconds), still.moment.text
        silent = in_language(Said("nobody speaks", ko="말 없음"), language)
        alt = escape(f"{at} {text.replace(chr(10), ' ') or silent}", quote=True)
        said = f'<p class="said">{escape(text)}</p>' if text else f'<p class="nothing">{escape(silent)}</p>'
        yield (
            f'<li><figure><img src="{_picture(still.picture)}" alt="{alt}">'
            f"<figcaption><time>{at}</time>{said}</figcaption></figure></li>"
        )
    yield "</ol></section>"


def _picture(path: Path) -> str:
    """The picture, small, inside an address."""
    with Image.open(path) as opened:
        size = (_WIDTH, round(_WIDTH * opened.height / opened.width))
        small = opened.convert("RGB").resize(size, Image.Resampling.LANCZOS)
    packed = io.BytesIO()
    small.save(packed, "JPEG", quality=_QUALITY)
    return f"data:image/jpeg;base64,{base64.b64encode(packed.getvalue()).decode()}"


def _clock(seconds: Fraction) -> str:
    tenths = int(seconds * 10)
    return f"{tenths // 600}:{tenths % 600 // 10:02}.{tenths % 10}"
