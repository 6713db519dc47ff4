"""A still with alpha that comes and goes: a short QuickTime clip with straight alpha at the delivery rate.

moviepy makes the frames in which something moves; the frames at rest are one frame, repeated by ffmpeg.
moviepy's own writer is not used: it rounds the rate to two decimals (29.97 for 30000/1001) and its
composites carry colours mixed with black. moviepy is imported when the first clip is made, for its import
costs a third of a second and looks for programs of its own. Before it stands `draw`; after it `graph`
lays the clip at its element's box.
"""

from __future__ import annotations

import math
import tempfile
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from reels.art.alpha import bleed
from reels.art.elements import Motion
from reels.errors import DiskFailed, ToolMissing
from reels.said import Said, said_by_system
from reels.tools.ffmpeg import footage_argument, run_ffmpeg

__all__ = ["render_overlay"]

_KEYFRAME_EVERY = 30


def render_overlay(still: Image.Image, *, frames: int, rate: Fraction, motion: Motion, out: Path) -> None:
    """Write `out` (.mov, QuickTime Animation, argb): `still` comes, rests and goes in `frames` frames.

    The clip has the still's raster and is placed where the still would be: at its element's left and top.
    Every frame at rest equals the still exactly. A chunk that starts inside the clip seeks in it: frames
    are exact.

    Raises: ChildFailed, DiskFailed, ToolMissing.
    """
    if frames < 1:
        raise ValueError(f"a clip needs frames, not {frames}")
    still = bleed(still.convert("RGBA"))
    motion = motion.within(frames)
    moving_in = [_progress(number + 1, motion.in_frames + 1) for number in range(motion.in_frames)]
    moving_out = [_progress(number, motion.out_frames + 1) for number in range(motion.out_frames, 0, -1)]
    resting = frames - len(moving_in) - len(moving_out)
    # Two frames at rest around the place where the repeating starts: ffmpeg 9 repeats the frame before
    # `start` if that is not 0, another version may not. Either way a frame at rest is repeated.
    still_frames = min(2, resting)
    shown = [*moving_in, *[Fraction(1)] * still_frames, *moving_out]
    made = _frames(still, shown, motion, rate)
    size, repeat = f"{still.width}x{still.height}", resting - still_frames
    try:
        with tempfile.TemporaryDirectory(dir=out.parent, prefix=".overlay-") as folder:
            raw, clip = Path(folder) / "frames.rgba", Path(folder) / "clip.mov"
            with raw.open("wb") as file:
                for frame in made:
                    file.write(frame.tobytes())
            run_ffmpeg(
                [
                    *("-f", "rawvideo", "-pixel_format", "rgba", "-video_size", size),
                    *("-framerate", f"{rate.numerator}/{rate.denominator}", "-i", footage_argument(raw)),
                    *("-vf", f"loop=loop={repeat}:size=1:start={len(moving_in) + 1}"),
                    *("-frames:v", str(frames), "-c:v", "qtrle", "-pix_fmt", "argb"),
                    *("-g", str(_KEYFRAME_EVERY), "-video_track_timescale", str(rate.numerator)),
                    *("-map_metadata", "-1", "-fflags", "+bitexact", "-flags:v", "+bitexact"),
                    footage_argument(clip),
                ],
                doing=f"animating {out.name}",
            )
            clip.replace(out)
    except OSError as error:
        raise DiskFailed(path=str(out), found=said_by_system(error, type(error).__name__)) from error


def _progress(number: int, of: int) -> Fraction:
    """How far in, 0 to 1: quick at first, gentle at the end (cubic ease out)."""
    left = 1 - Fraction(number, of)
    return 1 - left**3


def _frames(
    still: Image.Image, shown: list[Fraction], motion: Motion, rate: Fraction
) -> list[NDArray[np.uint8]]:
    """`(h, w, 4) uint8`, straight alpha: one frame for each progress in `shown`, 1 being at rest."""
    try:
        from moviepy import CompositeVideoClip, ImageClip
    except OSError as error:  # what moviepy raises where its own setting of a program leads nowhere
        raise ToolMissing(
            tool="moviepy",
            found=str(error),
            remedy=Said(
                "unset FFMPEG_BINARY and FFPLAY_BINARY",
                ko="환경 변수 FFMPEG_BINARY와 FFPLAY_BINARY를 지워 주세요.",
            ),
        ) from error

    pixels: NDArray[np.uint8] = np.array(still)
    coverage = pixels[..., 3].astype(np.float64) / 255
    duration = float(len(shown) / rate)

    def number_at(time: float) -> int:
        return min(len(shown) - 1, math.floor(time * rate))

    def position(time: float) -> tuple[int, int]:
        away = round(motion.travel_px * (1 - shown[number_at(time)]))
        return {"from-left": (-away, 0), "from-below": (0, away), "none": (0, 0)}[motion.direction]

    def faded(get_frame: Any, time: float) -> Any:
        return get_frame(time) * float(shown[number_at(time)])

    # Colour and coverage are two clips that move together: composed as one, moviepy would mix the colour
    # with black wherever the coverage is partial.
    mean = tuple(int(part) for part in pixels[..., :3].reshape(-1, 3).mean(axis=0))
    colour = CompositeVideoClip(
        [ImageClip(pixels[..., :3], duration=duration).with_position(position)],
        size=still.size,
        bg_color=mean,
    )
    alpha = CompositeVideoClip(
        [ImageClip(coverage, is_mask=True, duration=duration).with_position(position)],
        size=still.size,
        is_mask=True,
        bg_color=0.0,
    ).transform(faded)
    frames = []
    for number in range(len(shown)):
        # The middle of a frame's time: its start may fall into the frame before by a rounding error.
        time = (number + 0.25) / float(rate)
        layers = [colour.get_frame(time), np.rint(alpha.get_frame(time) * 255)[..., None]]
        frames.append(np.concatenate(layers, axis=2).astype(np.uint8))
    return frames
