"""Draws the contact sheets of the built-in templates for docs/templates/, each a small JPEG.

Run it as `python tools-for-developers/template_sheets.py [FOLDER [NAME…]]`; without names it draws every built-in template with
short Korean words, and one each with Korean and English words as long as people write them, the safe areas marked. The frames are
those of `reels templates preview`.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from pathlib import Path

from PIL import Image

from reels.campaign.brand import load_brand
from reels.campaign.load import DEFAULT_PLATFORMS
from reels.campaign.template import list_templates, load_template
from reels.errors import ReelsError
from reels.platforms import load_platform
from reels.resources import assets_dir, templates_dir
from reels.showcase import SampleLanguage, SampleLength, Showcase, contact_sheet

__all__ = ["SHEETS", "draw_sheet", "packed"]

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "docs" / "templates"
WIDTH = 1000
LARGEST_BYTES = 120_000

_LONG: tuple[tuple[str, SampleLanguage], ...] = (("disaster", "ko"), ("festival", "en"))
"""The largest letters there are, and the most that is shown at once."""


def _sheets() -> Iterator[tuple[str, str, SampleLanguage, SampleLength]]:
    for template in list_templates():
        if (templates_dir() / template.name).is_dir():
            yield template.name, template.name, "ko", "short"
    for name, language in _LONG:
        yield f"{name}-long-{language}", name, language, "extreme"


SHEETS = tuple(_sheets())
"""Each sheet as its file's stem, its template, language and length of the words."""


def draw_sheet(name: str, language: SampleLanguage, length: SampleLength) -> Image.Image:
    """The sheet of a template ("RGB", `WIDTH` pixels wide); long words with the safe areas marked.

    Raises: ReelsError.
    """
    showcase = Showcase(
        template=load_template(name),
        brand=load_brand(assets_dir() / "brand"),
        platforms=tuple(map(load_platform, DEFAULT_PLATFORMS)),
        language=language,
        length=length,
    )
    sheet = contact_sheet(showcase, marked=length == "extreme")
    height = round(sheet.height * WIDTH / sheet.width)
    return sheet.resize((WIDTH, height), Image.Resampling.LANCZOS)


def packed(sheet: Image.Image) -> bytes:
    """`sheet` as a JPEG, as good as the size that a page's picture may have allows."""
    data = b""
    for quality in range(80, 30, -4):
        out = io.BytesIO()
        sheet.save(out, "JPEG", quality=quality, optimize=True, progressive=True)
        data = out.getvalue()
        if len(data) <= LARGEST_BYTES:
            break
    return data


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    only = sys.argv[2:]
    target.mkdir(parents=True, exist_ok=True)
    for stem, name, language, length in SHEETS:
        if only and stem not in only:
            continue
        try:
            data = packed(draw_sheet(name, language, length))
        except ReelsError as error:
            raise SystemExit(str(error)) from None
        (target / f"{stem}.jpg").write_bytes(data)
        print(target / f"{stem}.jpg")
