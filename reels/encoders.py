"""Which encoders this computer really has: a frame is encoded with the product's own options, and nothing else is believed.

A list of what a build of ffmpeg knows says nothing about the chip and its driver. `render` asks before it plans; what does not
work is told and done by x264.
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache

from reels.encode import Encoder, PictureSpec, filters_before, video_options
from reels.errors import ChildFailed
from reels.said import Said, in_language
from reels.tools.ffmpeg import run_ffmpeg

__all__ = ["usable_encoder", "why_unusable"]

_LONGEST_S = 20.0


def usable_encoder(wanted: Encoder) -> tuple[Encoder, Said | None]:
    """`wanted` if it works here, else x264 and a word about it. Raises: ToolMissing."""
    if wanted == "x264":
        return wanted, None
    why = why_unusable(wanted)
    if why is None:
        return wanted, None
    return "x264", Said(
        f"the encoder {wanted} does not work here ({why}); encoding with x264",
        ko=f"{wanted} 인코더를 쓸 수 없어({in_language(why, 'ko')}) x264로 인코딩합니다",
    )


@lru_cache(maxsize=8)
def why_unusable(encoder: Encoder) -> str | None:
    """In ffmpeg's words why `encoder` cannot encode an upright frame here; None where it can. Raises: ToolMissing."""
    spec = PictureSpec(rate=Fraction(30), encoder=encoder)
    options = [part for key, value in video_options(spec).items() for part in (f"-{key}", str(value))]
    graph = ",".join("=".join(one) for one in (("format", "yuv420p"), *filters_before(encoder)))
    frames = ("-f", "lavfi", "-i", "color=c=gray:s=1080x1920:r=30:d=0.2")
    try:
        run_ffmpeg(
            [*frames, "-vf", graph, *options, "-f", "null", "-"],
            doing=f"trying the encoder {encoder}",
            timeout_s=_LONGEST_S,
            graph=graph,
        )
    except ChildFailed as error:
        return error.last_lines
    return None
