"""Pictures over time: what an element shows in each of its frames, before it comes and goes.

A scene is a sequence of runs, made when it is asked for: one picture and the number of frames that show it. So a
still is one run, however long it lasts, and no more than a few pictures are in memory at a time. The kinds of
elements make scenes, `drawing` hands them out, `motion` lets them come and go and writes the clip.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from reels.art.elements import Motion
from reels.geometry import Raster
from reels.timing import frame_nearest

__all__ = ["Part", "Pixels", "Run", "Scene", "appearing", "eased", "scene_of_parts", "still_scene"]

Pixels = NDArray[np.uint8]
"""`(h, w, 4) uint8`: red, green, blue, straight alpha."""

_EASE_S = Fraction(3, 10)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Run:
    """One picture and how many frames show it."""

    picture: Pixels
    frames: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Scene:
    """`frames` frames of `size`; `runs` makes their runs anew each time."""

    size: Raster
    frames: int
    make: Callable[[], Iterable[Run]] = field(repr=False)

    def runs(self) -> Iterator[Run]:
        """The runs in order; a run's picture must not be changed."""
        left = self.frames
        for run in self.make():
            if run.picture.shape != (self.size.height, self.size.width, 4) or run.frames < 1:
                raise ValueError(f"a run of {run.frames} frames of {run.picture.shape} in {self.size}")
            left -= run.frames
            yield run
        if left:
            raise ValueError(f"a scene of {self.frames} frames has runs of {self.frames - left}")

    def at(self, frame: int) -> Image.Image:
        """The picture of one frame, counted from 0; from the end where negative."""
        frame = frame + self.frames if frame < 0 else frame
        for run in self.runs():
            if frame < run.frames:
                return Image.fromarray(run.picture)
            frame -= run.frames
        raise IndexError(f"the scene has {self.frames} frames")


def still_scene(picture: Image.Image, frames: int) -> Scene:
    """`picture` ("RGBA", straight) for all of `frames`."""
    pixels: Pixels = np.asarray(picture.convert("RGBA"))
    return Scene(size=Raster(*picture.size), frames=frames, make=lambda: [Run(picture=pixels, frames=frames)])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Part:
    """A piece of a picture that appears: it fades in over its own box, and rises by `rise_px` meanwhile.

    `picture` is "RGBA", straight, the colours of its edges bled into what is clear beside them.
    `first_frame` shows the first of it, `first_frame + ease_frames` all of it.
    """

    picture: Image.Image
    left: int
    top: int
    first_frame: int
    ease_frames: int
    rise_px: int


def appearing(
    count: int, *, frames: int, apart_frames: int, motion: Motion, rate: Fraction
) -> tuple[tuple[int, int], ...]:
    """(first frame, frames of easing) for each of `count` parts; all are there before half of `frames`.

    Where the time is short, they come sooner after each other. With `apart_frames` 0 all are there from the start.
    """
    if apart_frames == 0:
        return ((0, 0),) * count
    half = frames // 2
    ease = min(frame_nearest(_EASE_S, rate), half // 2)
    first = min(motion.within(frames).in_frames // 2, half - ease)
    apart = min(Fraction(apart_frames), Fraction(half - ease - first, max(1, count - 1)))
    return tuple((first + int(number * apart), ease) for number in range(count))


def scene_of_parts(base: Image.Image, parts: Sequence[Part], frames: int) -> Scene:
    """`base` ("RGBA"), over which `parts` appear; what has appeared stays."""

    def make() -> Iterator[Run]:
        canvas: Pixels = np.array(base)
        waiting = list(parts)
        for part in [part for part in parts if part.ease_frames == 0 and part.first_frame == 0]:
            _lay_part(canvas, part, base, 1.0)
            waiting.remove(part)
        changes = {number for part in waiting for number in _moments(part)} | {0, frames}
        moments = sorted(number for number in changes if 0 <= number <= frames)
        for start, end in pairwise(moments):
            for part in waiting:
                if start in _moments(part):
                    shown = eased(start - part.first_frame + 1, part.ease_frames + 1)
                    _lay_part(canvas, part, base, float(shown))
            yield Run(picture=canvas.copy(), frames=end - start)

    return Scene(size=Raster(*base.size), frames=frames, make=make)


def _moments(part: Part) -> range:
    return range(part.first_frame, part.first_frame + part.ease_frames + 1)


def eased(number: int, of: int) -> Fraction:
    """How far in, 0 to 1: quick at first, gentle at the end (cubic ease out)."""
    left = 1 - Fraction(number, of)
    return 1 - left**3


def _lay_part(canvas: Pixels, part: Part, base: Image.Image, shown: float) -> None:
    """Put `part` into its box of `canvas`, over what `base` has there; it rises behind the foot of the box."""
    size = part.picture.size
    box = (part.left, part.top, part.left + size[0], part.top + size[1])
    over = part.picture
    if shown < 1:
        red, green, blue, _ = part.picture.crop((0, 0, 1, 1)).tobytes()
        over = Image.new("RGBA", size, (red, green, blue, 0))
        over.paste(part.picture, (0, round(part.rise_px * (1 - shown))))
        over.putalpha(over.getchannel("A").point([round(value * shown) for value in range(256)]))
    under = base.crop(box)
    bare = under.getchannel("A").point([255] + [0] * 255)
    invisible = over.copy()
    invisible.putalpha(0)
    # Where nothing is yet, the part's own colour: an edge that fades in must not be mixed with another.
    under.paste(invisible, (0, 0), bare)
    under.alpha_composite(over)
    left, top = max(0, -box[0]), max(0, -box[1])
    place = canvas[max(0, box[1]) : box[3], max(0, box[0]) : box[2]]
    place[...] = np.asarray(under)[top : top + place.shape[0], left : left + place.shape[1]]
