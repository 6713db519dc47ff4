"""Draws a sheet of every subtitle style over a busy and a plain picture: docs/pictures/subtitle-styles.jpg.

Run it as `python tools-for-developers/subtitle_styles.py [OUT.jpg [--safe]]`. Each tile is the lower half of
a frame as the product makes it: laid out for Instagram Reels and YouTube Shorts, burned in by ffmpeg at 1080x1920,
then reduced. With `--safe` the safe area and what must be kept clear are drawn over it, to judge by.
"""

from __future__ import annotations

import io
import shutil
import sys
import tempfile
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from reels.campaign.brand import load_brand
from reels.campaign.model import CaptionOptions, ClipSpec, Person, ReelSpec, SubtitleOptions
from reels.campaign.subtitle_style import SubtitleStyle, list_subtitle_styles
from reels.campaign.template import load_template
from reels.edit import cut_clips
from reels.geometry import PORTRAIT_1080
from reels.plan.captions import captions_of
from reels.plan.delivery import common_keep_clear, common_safe_area, picture_spec
from reels.plan.footage import KnownClip
from reels.plan.screen import screen_of, stage_for
from reels.platforms import load_platform
from reels.probe import probe
from reels.resources import assets_dir, fonts_dir
from reels.sample.street import Look, draw_street
from reels.subtitles import Cue, write_ass
from reels.timing import TimeRange
from reels.tools.ffmpeg import read_ffmpeg

__all__ = ["draw_sheet"]

ROOT = Path(__file__).resolve().parents[1]
PICTURE = ROOT / "docs" / "pictures" / "subtitle-styles.jpg"
LARGEST_BYTES = 200_000

PLATFORMS = ("instagram-reels", "youtube-shorts")
RATE = Fraction(30)
LENGTH = TimeRange(Fraction(0), Fraction(4))
SHOWN_AT = Fraction(1)
SHOWN_ROWS = (1080, 1760)
TILE = (378, 238)
COLUMNS, GAP, LABEL = 4, 12, 30
GROUND, INK = (244, 245, 247), (22, 28, 38)

LINES = {
    "disaster": ("한빛천 산책로 통제", "높은 곳으로 대피하세요"),
    "short": ("이번 주말 한빛시 축제",),
    "interview": ("김하늘: 한빛시 축제에서", "비빔밥을 나눠 드려요"),
}
OTHERS = ("이번 주말 한빛시에서", "비빔밥 축제가 열립니다")
ENGLISH = ("The Bibimbap Festival opens", "this weekend in Hanbit City")


def draw_sheet(*, safe: bool = False) -> Image.Image:
    """Two rows of tiles for each four styles: over the busy picture, over the plain one."""
    styles = list_subtitle_styles()
    face = ImageFont.truetype(fonts_dir() / "Pretendard-Bold.otf", 20)
    across = min(COLUMNS, len(styles))
    blocks = -(-len(styles) // across)
    width = GAP + across * (TILE[0] + GAP)
    sheet = Image.new("RGB", (width, GAP + blocks * (LABEL + 2 * (TILE[1] + GAP))), GROUND)
    draw = ImageDraw.Draw(sheet)
    with tempfile.TemporaryDirectory() as work:
        for number, style in enumerate(styles):
            left = GAP + (number % across) * (TILE[0] + GAP)
            top = GAP + (number // across) * (LABEL + 2 * (TILE[1] + GAP))
            draw.text((left, top), style.name, font=face, fill=INK)
            for row, picture in enumerate((_busy(), _plain())):
                still = _still(style, picture, Path(work), safe=safe)
                half = still.crop((0, SHOWN_ROWS[0], still.width, SHOWN_ROWS[1]))
                tile = half.resize(TILE, Image.Resampling.LANCZOS)
                sheet.paste(tile, (left, top + LABEL + row * (TILE[1] + GAP)))
    return sheet


def _busy() -> Image.Image:
    """A bright street with signs, grained, and light and dark stripes at its foot: hard to read on."""
    look = Look(
        seed=7,
        sky=(196, 222, 240),
        haze=(232, 236, 232),
        ground=(168, 160, 150),
        walls=((214, 190, 160), (236, 226, 206), (178, 92, 70)),
        leaves=(96, 140, 70),
        light=1.0,
        banner="한빛시 비빔밥축제",
        banner_colour=(210, 60, 48),
        signs=("한빛분식", "시장약국"),
    )
    street = draw_street(PORTRAIT_1080, look).convert("RGB")
    pixels = np.asarray(street).astype(np.int16)
    grain = np.random.default_rng(7).normal(0, 26, pixels.shape[:2])[..., None]
    stripes = 70 * (((np.arange(1920)[:, None] // 3 + np.arange(1080)[None, :]) // 60) % 2)[..., None] - 35
    stripes = np.where(np.arange(1920)[:, None, None] > 1150, stripes, 0)
    return Image.fromarray(np.clip(pixels + grain + stripes, 0, 255).astype(np.uint8)).filter(
        ImageFilter.SMOOTH
    )


def _plain() -> Image.Image:
    """Nearly white, the worst ground for white letters."""
    return Image.new("RGB", (1080, 1920), (236, 238, 240))


def _still(style: SubtitleStyle, picture: Image.Image, work: Path, *, safe: bool) -> Image.Image:
    folder = work / "still"
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "fonts").mkdir(parents=True)
    picture.save(folder / "picture.png")
    made = ("-loop", "1", "-t", "1", "-i", "picture.png", "-vf", "scale=108:192,format=yuv420p", "clip.mp4")
    read_ffmpeg([*made], doing="filming the picture", cwd=folder)
    platforms = tuple(map(load_platform, PLATFORMS))
    people = (Person(name="김하늘"),)
    clip = ClipSpec(footage=folder / "clip.mp4", people=people)
    reel = ReelSpec(
        id="styles",
        clips=(clip,),
        platforms=platforms,
        template=replace(load_template("plain"), subtitles=style),
        subtitles=SubtitleOptions(),
        captions=CaptionOptions(
            keywords=("비빔밥 축제", "비빔밥", "한빛시"), second="en" if style.second else ""
        ),
        brand=load_brand(assets_dir() / "brand"),
    )
    lines = LINES.get(style.name, OTHERS)
    known = KnownClip(
        spec=clip,
        media=probe(clip.footage),
        range_in_source=LENGTH,
        cues_in_source=(Cue(start=Fraction(0), end=Fraction(4), lines=lines),),
        words_from="a person",
        second_cues_in_source=(Cue(start=Fraction(0), end=Fraction(4), lines=ENGLISH),),
    )
    spec, cut = picture_spec(platforms, RATE), cut_clips([LENGTH], RATE)
    area, clear = common_safe_area(platforms), common_keep_clear(platforms)
    screen = screen_of(reel, stage_for(reel, spec, area, clear))
    captions = captions_of(reel, [known], cut, screen)
    ass = write_ass(
        captions.burned_in,
        style=screen.style,
        raster=spec.raster,
        rate=RATE,
        first_frame=int(SHOWN_AT * RATE),
        frame_count=1,
    )
    (folder / "cues.ass").write_text(ass, encoding="utf-8")
    shutil.copyfile(screen.style.font.path, folder / "fonts" / "font.otf")
    graph = (
        "format=yuv444p,setparams=colorspace=bt709,ass=f=cues.ass:fontsdir=fonts,scale=in_color_matrix=bt709"
    )
    png = read_ffmpeg(
        ["-i", "picture.png", "-vf", graph, "-frames:v", "1", "-f", "image2pipe", "-c:v", "png", "pipe:1"],
        doing="burning in a still",
        cwd=folder,
    )
    with Image.open(io.BytesIO(png)) as still:
        shown = still.convert("RGB")
    if safe:
        draw = ImageDraw.Draw(shown)
        draw.rectangle((area.left, area.top, area.right, area.bottom), outline=(255, 0, 200), width=6)
        for box in clear:
            draw.rectangle((box.left, box.top, box.right - 1, box.bottom), outline=(255, 120, 0), width=6)
    return shown


def main() -> None:
    given = [argument for argument in sys.argv[1:] if argument != "--safe"]
    target = Path(given[0]) if given else PICTURE
    sheet = draw_sheet(safe="--safe" in sys.argv)
    for quality in range(82, 30, -4):
        packed = io.BytesIO()
        sheet.save(packed, "JPEG", quality=quality, optimize=True)
        if len(packed.getvalue()) <= LARGEST_BYTES:
            break
    target.write_bytes(packed.getvalue())
    print(f"{target}: {len(packed.getvalue())} bytes, {sheet.width}x{sheet.height}, quality {quality}")


if __name__ == "__main__":
    main()
