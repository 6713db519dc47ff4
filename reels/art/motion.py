"""Pictures over time that come and go: a short QuickTime clip with straight alpha at the delivery rate.

moviepy is the clock and the animator of the frames in which something moves; frames at rest are the scene's own,
encoded again by reference. Its composites are not used: they mix colour with black where coverage is partial, and
cost 45 ms for a frame of 854x1510 where one clip of four channels, moved and faded as a whole, costs 6 ms. Nor is its
writer: it rounds the rate to two decimals (29.97 for 30000/1001). moviepy is imported when the first clip is made,
for its import costs a fifth of a second and looks for programs of its own.

PyAV encodes from memory: for a card of 854x1510 and five seconds 0.6 s of processor time, where a file of raw frames
and an ffmpeg process took 1.2 s. Before it stands `drawing`; after it `graph` lays the clip at its element's box.
"""

from __future__ import annotations

import math
import tempfile
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.error import FFmpegError
from av.video.stream import VideoStream

from reels.art.drawing import scene_of
from reels.art.elements import Element, Motion
from reels.art.scene import Pixels, Run, Scene, eased
from reels.errors import DiskFailed, ToolMissing
from reels.geometry import Raster
from reels.said import Said, said_by_system
from reels.tools.inputs import footage_argument

__all__ = ["render_element", "render_scene"]

_KEYFRAME_EVERY = 30
_SOFT_EDGE = Fraction(1, 12)
"""Of the width: how far a wipe's edge is soft."""


def render_element(
    element: Element, *, raster: Raster, room: Raster, rate: Fraction, where: str, out: Path
) -> None:
    """Write `out` (.mov, QuickTime Animation, argb): `element` as large as `drawing.measure` says.

    Raises: GlyphMissing, FontMissing, CampaignProblems, DiskFailed, ToolMissing.
    """
    scene = scene_of(element, raster=raster, room=room, rate=rate, where=where)
    render_scene(scene, rate=rate, motion=element.motion, out=out)


def render_scene(scene: Scene, *, rate: Fraction, motion: Motion, out: Path) -> None:
    """Write `out` (.mov, QuickTime Animation, argb): `scene` comes, rests and goes in exactly its frames.

    The clip has the scene's raster and is placed where the scene would be. Every frame at rest equals the scene's
    exactly. A chunk that starts inside the clip seeks in it: frames are exact.

    Raises: DiskFailed, ToolMissing.
    """
    try:
        with tempfile.TemporaryDirectory(dir=out.parent, prefix=".overlay-") as folder:
            clip = Path(folder) / "clip.mov"
            _write(_animated(scene, motion.within(scene.frames), rate), scene, rate, clip)
            clip.replace(out)
    except (OSError, FFmpegError) as error:
        why = error if isinstance(error, OSError) else error.strerror
        raise DiskFailed(path=str(out), found=said_by_system(why, type(error).__name__)) from error


def _write(runs: Iterator[Run], scene: Scene, rate: Fraction, clip: Path) -> None:
    options = {"fflags": "+bitexact", "video_track_timescale": str(rate.numerator)}
    # By its name: of a file object that cannot be written FFmpeg does not say why.
    with av.open(footage_argument(clip), "w", format="mov", options=options) as container:
        stream: VideoStream = container.add_stream("qtrle", rate=rate)
        stream.width, stream.height, stream.pix_fmt = scene.size.width, scene.size.height, "argb"
        stream.codec_context.time_base = 1 / rate
        stream.codec_context.gop_size = _KEYFRAME_EVERY
        number = 0
        for run in runs:
            frame = _frame(run.picture)
            frame.time_base = 1 / rate
            for _ in range(run.frames):
                frame.pts = number
                number += 1
                container.mux(stream.encode(frame))
        container.mux(stream.encode())


def _frame(picture: Pixels) -> av.VideoFrame:
    """Red, green, blue, alpha → alpha, red, green, blue, each pixel's four bytes turned as one number."""
    height, width = picture.shape[:2]
    frame = av.VideoFrame(width, height, "argb")
    plane = frame.planes[0]
    rows = np.frombuffer(memoryview(plane), "<u4").reshape(height, plane.line_size // 4)[:, :width]
    words = np.ascontiguousarray(picture).view("<u4")[..., 0]
    np.bitwise_or(words << 8, words >> 24, out=rows)
    return frame


def _animated(scene: Scene, motion: Motion, rate: Fraction) -> Iterator[Run]:
    """The scene's runs, each moving frame a run of its own."""
    rest_ends = scene.frames - motion.out_frames
    number = 0
    moving = _Moving(motion, scene.frames, rate) if motion.in_frames + motion.out_frames else None
    for run in scene.runs():
        end = number + run.frames
        while number < end:
            if moving is not None and not motion.in_frames <= number < rest_ends:
                yield Run(picture=moving.frame(run.picture, number), frames=1)
                number += 1
                continue
            rest = min(end, rest_ends) - number
            yield Run(picture=run.picture, frames=rest)
            number += rest


class _Moving:
    """moviepy's clip of what moves: four channels, straight alpha, moved and faded as one."""

    def __init__(self, motion: Motion, frames: int, rate: Fraction) -> None:
        self._motion, self._frames, self._rate = motion, frames, rate
        self._picture: Pixels = np.zeros((0, 0, 4), np.uint8)
        clip = _moviepy_clip(lambda _: self._picture, float(frames / rate))
        change = self._wiped if motion.direction == "wipe" else self._slid
        self._clip = clip.transform(change)

    def frame(self, picture: Pixels, number: int) -> Pixels:
        self._picture = picture
        # A quarter into the frame's time: its start may fall into the frame before by a rounding error.
        made: Pixels = self._clip.get_frame((number + 0.25) / float(self._rate))
        return made

    def _progress(self, time: float) -> Fraction:
        number = min(self._frames - 1, math.floor(time * self._rate))
        if number < self._motion.in_frames:
            return eased(number + 1, self._motion.in_frames + 1)
        return eased(self._frames - number, self._motion.out_frames + 1)

    def _slid(self, get_frame: Any, time: float) -> Any:
        """Moved behind the edges of its box, and faded.

        What is left bare keeps its colours and loses its coverage, so that no edge is mixed with another colour.
        """
        picture, shown = get_frame(time), self._progress(time)
        height, width = picture.shape[:2]
        # No farther than half of its box: a small stamp would stay behind the box's edge for half of its way.
        sideways = self._motion.direction in ("from-left", "from-right")
        travel = min(self._motion.travel_px, (width if sideways else height) // 2)
        away = round(travel * (1 - shown))
        across, down = {
            "from-left": (-away, 0),
            "from-right": (away, 0),
            "from-above": (0, -away),
            "from-below": (0, away),
            "none": (0, 0),
        }[self._motion.direction]
        fade = np.rint(np.arange(256) * float(shown)).astype(np.uint8)
        made = picture.copy()
        there = made[max(0, down) : height + min(0, down), max(0, across) : width + min(0, across)]
        if across or down:
            there[...] = picture[
                max(0, -down) : height - max(0, down), max(0, -across) : width - max(0, across)
            ]
            made[: max(0, down), :, 3] = 0
            made[height + min(0, down) :, :, 3] = 0
            made[:, : max(0, across), 3] = 0
            made[:, width + min(0, across) :, 3] = 0
        rows = np.flatnonzero(there[..., 3].any(axis=1))
        if len(rows):
            seen = there[rows[0] : rows[-1] + 1]
            seen[..., 3] = fade[seen[..., 3]]
        return made

    def _wiped(self, get_frame: Any, time: float) -> Any:
        """Uncovered from left to right by a soft edge, where it stands."""
        picture, shown = get_frame(time), self._progress(time)
        width = picture.shape[1]
        soft = max(1, round(width * _SOFT_EDGE))
        edge = float(shown) * (width + soft)
        open_to = np.clip((edge - np.arange(width)) / soft, 0, 1)
        made = picture.copy()
        made[..., 3] = np.rint(picture[..., 3] * open_to)
        return made


def _moviepy_clip(frame_function: Any, duration: float) -> Any:
    try:
        from moviepy import VideoClip
    except OSError as error:  # what moviepy raises where its own setting of a program leads nowhere
        raise ToolMissing(
            tool="moviepy",
            found=str(error),
            remedy=Said(
                "unset FFMPEG_BINARY and FFPLAY_BINARY",
                ko="환경 변수 FFMPEG_BINARY와 FFPLAY_BINARY를 지워 주세요.",
            ),
        ) from error
    return VideoClip(frame_function=frame_function, duration=duration)
