"""Draws the contact sheet of finished reels: for each reel its footage, four stills and its cover, in one JPEG.

Run it as `python tools-for-developers/contact_sheet.py [CAMPAIGN [OUT.jpg]]` after the campaign is rendered;
without arguments it draws `demo` into docs/pictures/contact-sheet.jpg, the picture of the README. It reads what
was handed over (film, sidecar, cover, report) and nothing of the store, so it shows what an uploader gets.
"""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw, ImageFont, ImageOps

from reels.campaign.load import load_campaign
from reels.errors import ReelsError
from reels.resources import fonts_dir
from reels.subtitles import Cue, read_subtitles
from reels.timing import format_clock
from reels.tools.ffmpeg import SAFE_INPUT, footage_argument, read_ffmpeg

__all__ = ["Still", "draw_sheet", "moments_of"]

ROOT = Path(__file__).resolve().parents[1]
PICTURE = ROOT / "docs" / "pictures" / "contact-sheet.jpg"
LARGEST_BYTES = 400_000

TILE = (216, 384)
FOOTAGE_TILE = (300, 384)
GAP, EDGE, HEAD, LABEL = 16, 36, 54, 34
GROUND, INK, FAINT, EMPTY = (244, 245, 247), (22, 28, 38), (104, 112, 124), (224, 227, 232)

# Where the built-in templates show what their label says: a title stands until 3.5 or 5 s, a name from 0.5 to 4.5 s.
TITLE_AT, NAME_AT = Fraction(8, 5), Fraction(4)
SPEECH_AFTER = Fraction(11, 2)
"""From here on neither title nor name is on screen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Still:
    """One picture of a row: what it shows, in Korean, and its programme second."""

    label: str
    at: Fraction


def moments_of(cues: Sequence[Cue], duration: Fraction, *, named: bool) -> tuple[Still, ...]:
    """The four moments worth showing of a reel that lasts `duration` seconds, in programme time.

    A caption is shown in its middle: the longest one after the title has gone, the last one, and another one where
    nobody is named.
    """
    last_frame = max(Fraction(0), duration - Fraction(1, 5))
    later = [cue for cue in cues if cue.start >= SPEECH_AFTER] or list(cues)
    longest = max(later, key=lambda cue: len(cue.text), default=None)
    end = cues[-1] if cues and cues[-1] is not longest else None
    other = next((cue for cue in cues if cue.start >= NAME_AT and cue not in (longest, end)), None)
    stills = (
        Still(label="제목", at=TITLE_AT),
        Still(label="이름과 직함", at=NAME_AT) if named else Still(label="자막", at=_middle(other, NAME_AT)),
        Still(label="자막", at=_middle(longest, duration / 2)),
        Still(label="끝 무렵", at=_middle(end, last_frame)),
    )
    return tuple(Still(label=still.label, at=min(still.at, last_frame)) for still in stills)


def _middle(cue: Cue | None, otherwise: Fraction) -> Fraction:
    return (cue.start + cue.end) / 2 if cue is not None else otherwise


def draw_sheet(campaign: Path) -> Image.Image:
    """The sheet of all reels under `campaign`/out, the first platform of each.

    Raises: ReelsError, FileNotFoundError where nothing has been rendered.
    """
    folders = [
        next(iter(sorted(report.parent for report in reel.glob("*/report.json"))), None)
        for reel in sorted((campaign / "out").glob("*"))
    ]
    rows = [_row(folder, campaign) for folder in folders if folder is not None]
    if not rows:
        raise FileNotFoundError(f"{campaign}/out holds no finished reel; run `reels render {campaign}` first")
    height = sum(row.height for row in rows) + GAP * (len(rows) - 1) + 2 * EDGE
    sheet = Image.new("RGB", (rows[0].width + 2 * EDGE, height), GROUND)
    top = EDGE
    for row in rows:
        sheet.paste(row, (EDGE, top))
        top += row.height + GAP
    return sheet


def _row(folder: Path, campaign: Path) -> Image.Image:
    """One reel: a heading, then footage, stills and cover side by side with a label under each."""
    report: dict[str, Any] = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    film = folder / report["file"]
    duration = Fraction(report["frames"]) / Fraction(report["fps"])
    sidecar = next(iter(sorted(folder.glob("*.srt"))), None)
    cues = read_subtitles(sidecar) if sidecar else ()
    footage = campaign / report["footage"][0]

    tiles: list[tuple[Image.Image, str]] = []
    if footage.is_file():
        tiles.append((_fitted(_frame(footage, SPEECH_AFTER), FOOTAGE_TILE), f"원본 {footage.name}"))
    for still in moments_of(cues, duration, named=_has_people(campaign, report["reel"])):
        tiles.append((_fitted(_frame(film, still.at), TILE), f"{still.label} {float(still.at):.1f}초"))
    with Image.open(folder / "cover.jpg") as cover:
        tiles.append((_fitted(cover.convert("RGB"), TILE), "표지"))

    width = sum(tile.width for tile, _ in tiles) + GAP * (len(tiles) - 1)
    row = Image.new("RGB", (width, HEAD + TILE[1] + LABEL), GROUND)
    draw = ImageDraw.Draw(row)
    title = report["title"] or report["reel"]
    draw.text((0, HEAD / 2 - 4), title, fill=INK, font=_font(26, extra=True), anchor="lm")
    facts = f"{format_clock(duration)[3:-2]} · {report['loudness']['integrated_lufs']} LUFS"
    draw.text((width, HEAD / 2 - 4), facts, fill=FAINT, font=_font(20), anchor="rm")
    left = 0
    for tile, label in tiles:
        row.paste(tile, (left, HEAD))
        spot = (left + tile.width / 2, HEAD + tile.height + LABEL / 2 + 1)
        draw.text(spot, label, fill=FAINT, font=_font(18), anchor="mm")
        left += tile.width + GAP
    return row


def _has_people(campaign: Path, reel: str) -> bool:
    """Whether a lower third is shown in `reel`; a folder that is no campaign is taken to have none."""
    try:
        (spec,) = load_campaign(campaign, only=[reel]).reels
    except ReelsError:
        return False
    return spec.template.lower_third.show and any(clip.people for clip in spec.clips)


def _frame(film: Path, at: Fraction) -> Image.Image:
    """The frame on screen at `at` seconds, upright."""
    arguments = ("-ss", f"{float(at):.3f}", *SAFE_INPUT, "-i", footage_argument(film), "-frames:v", "1")
    png = read_ffmpeg(
        (*arguments, "-c:v", "png", "-f", "image2pipe", "pipe:1"), doing=f"reading a still of {film.name}"
    )
    with Image.open(io.BytesIO(png)) as still:
        picture: Image.Image = still.convert("RGB")
    return picture


def _fitted(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    """The whole picture inside a tile of `size`, on a plain ground where the shapes differ."""
    return ImageOps.pad(picture, size, method=Image.Resampling.LANCZOS, color=EMPTY)


def _font(size_px: int, *, extra: bool = False) -> ImageFont.FreeTypeFont:
    name = "Pretendard-ExtraBold.otf" if extra else "Pretendard-Bold.otf"
    return ImageFont.truetype(fonts_dir() / name, size_px, layout_engine=ImageFont.Layout.BASIC)


def _save(sheet: Image.Image, out: Path) -> None:
    """As good as the size that a README's picture may have allows."""
    out.parent.mkdir(parents=True, exist_ok=True)
    for quality in (88, 84, 80, 76, 72, 66, 60):
        sheet.save(out, quality=quality, optimize=True, progressive=True)
        if out.stat().st_size <= LARGEST_BYTES:
            return


if __name__ == "__main__":
    given = [Path(argument) for argument in sys.argv[1:]]
    try:
        drawn = draw_sheet(given[0] if given else ROOT / "demo")
    except (ReelsError, FileNotFoundError) as error:
        raise SystemExit(str(error)) from None
    target = given[1] if len(given) > 1 else PICTURE
    _save(drawn, target)
    print(target)
