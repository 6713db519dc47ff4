"""The same reel as somebody would write it with moviepy: crop, captions, title, lower third, logo, x264.

    python bench/by_moviepy.py SOURCE SUBTITLES OUT --title T --name N --role R --logo PNG --font OTF …

A script of its own that takes nothing from reels, so that it measures moviepy alone. It does less than reels does:
no loudness, no check, no cover, no second platform.
"""

from __future__ import annotations

import argparse
import re
from pathlib import Path

from moviepy import ColorClip, CompositeVideoClip, ImageClip, TextClip, VideoFileClip
from moviepy.video.fx import CrossFadeIn, CrossFadeOut

WIDTH, HEIGHT = 1080, 1920
_CUE = re.compile(r"(\d+):(\d+):(\d+),(\d+) --> (\d+):(\d+):(\d+),(\d+)\s*\n(.*?)(?=\n\s*\n|\Z)", re.DOTALL)


def _cues(path: Path) -> list[tuple[float, float, str]]:
    cues = []
    for found in _CUE.finditer(path.read_text(encoding="utf-8-sig")):
        h, m, s, ms, h2, m2, s2, ms2 = (int(found[n]) for n in range(1, 9))
        start, end = h * 3600 + m * 60 + s + ms / 1000, h2 * 3600 + m2 * 60 + s2 + ms2 / 1000
        cues.append((start, end, found[9].strip()))
    return cues


def main() -> None:
    parser = argparse.ArgumentParser(description="The bench's reel, written with moviepy.")
    parser.add_argument("source", type=Path)
    parser.add_argument("subtitles", type=Path)
    parser.add_argument("out", type=Path)
    for name in ("title", "name", "role"):
        parser.add_argument(f"--{name}", required=True)
    for name in ("logo", "font", "title-font"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    for name, value in (("crf", 20), ("gop", 59)):
        parser.add_argument(f"--{name}", type=int, default=value)
    parser.add_argument("--preset", default="medium")
    given = parser.parse_args()

    clip = VideoFileClip(str(given.source))
    height = clip.h
    width = round(height * WIDTH / HEIGHT / 2) * 2
    ground = clip.cropped(x_center=clip.w / 2, width=width, height=height).resized((WIDTH, HEIGHT))
    font, title_font = str(given.font), str(given.title_font)
    layers = [ground, ImageClip(str(given.logo)).resized(width=230).with_duration(clip.duration)]
    layers[1] = layers[1].with_position((56, 190))

    title = TextClip(
        font=title_font, text=given.title, font_size=96, color="white", bg_color="#1456B8", margin=(28, 20)
    )
    layers.append(title.with_duration(3.5).with_position((56, 330)).with_effects([CrossFadeIn(0.4)]))

    name = TextClip(font=font, text=given.name, font_size=60, color="white", margin=(28, 8))
    role = TextClip(font=font, text=given.role, font_size=40, color="white", margin=(28, 8))
    plate = ColorClip((max(name.w, role.w), name.h + role.h), color=(11, 37, 69))
    third = CompositeVideoClip([plate, name, role.with_position((0, name.h))], size=plate.size)
    third = third.with_duration(4).with_start(0.5).with_position((56, 1180))
    layers.append(third.with_effects([CrossFadeIn(0.4), CrossFadeOut(0.3)]))

    for start, end, text in _cues(given.subtitles):
        caption = TextClip(
            font=font,
            text=text,
            font_size=64,
            color="white",
            stroke_color="black",
            stroke_width=6,
            method="caption",
            size=(728, None),
            text_align="center",
            margin=(8, 16),
        )
        caption = caption.with_start(start).with_duration(end - start)
        layers.append(caption.with_position(("center", 1400)))

    reel = CompositeVideoClip(layers, size=(WIDTH, HEIGHT)).with_duration(clip.duration)
    reel.write_videofile(
        str(given.out),
        fps=30000 / 1001,
        codec="libx264",
        preset=given.preset,
        audio_codec="aac",
        audio_bitrate="192k",
        ffmpeg_params=["-crf", str(given.crf), "-g", str(given.gop), "-bf", "2", "-movflags", "+faststart"],
        logger=None,
    )


if __name__ == "__main__":
    main()
