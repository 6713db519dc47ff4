"""Platforms → how an encode that serves them is made, and what none of them would take."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction

from reels.cadence import common_rate
from reels.campaign.model import ReelSpec
from reels.encode import Encoder, PictureSpec, SoundSpec
from reels.errors import CampaignProblem, UsageError
from reels.geometry import Box
from reels.media import VideoStream
from reels.plan.footage import KnownClip
from reels.platforms import Platform
from reels.said import Said

__all__ = [
    "common_keep_clear",
    "common_safe_area",
    "length_problems",
    "longest_taken",
    "nothing_left",
    "picture_spec",
    "rate_for",
    "sound_spec",
]

_BITRATE_SHARE = Fraction(4, 5)
"""Of a platform's limit: x264 holds its maximum over a second, not over every moment, and begins each chunk anew.

Noise in chunks of two seconds comes out at 1.2 of the maximum.
"""
_BITRATE_STEP_KBPS = 500
"""A word that is cut out makes room for a few bits more: not a reason to encode every chunk again."""


_OF_CARDS = [(Fraction(30), Fraction(1))]
"""What moves of cards alone moves as if it were filmed at this rate."""


def rate_for(reel: ReelSpec, clips: Sequence[KnownClip], platform: Platform) -> Fraction:
    """The constant rate at which `platform` gets `reel`, of which `clips` are known."""
    full = reel.frame_rate == "full"
    filmed = [(_moves_at(clip.media.video, full=full), clip.range_in_source.duration) for clip in clips]
    return common_rate(filmed or _OF_CARDS, full=full, lowest=platform.fps_min, highest=platform.fps_max)


def _moves_at(video: VideoStream, *, full: bool) -> Fraction:
    """How many moments a second footage shows: of interlaced footage each field is one, where all are wanted."""
    return 2 * video.rate if full and video.interlaced else video.rate


def picture_spec(
    platforms: Sequence[Platform],
    rate: Fraction,
    seconds: Fraction | None = None,
    *,
    encoder: Encoder = "x264",
) -> PictureSpec:
    """The picture that satisfies all of `platforms` at once: the strictest value of each limit.

    With `seconds`, how long the reel lasts, its file stays under their limits of size whatever it shows.
    """
    default = PictureSpec(rate=rate, encoder=encoder)
    gops = [p.max_gop for p in platforms if p.max_gop is not None]
    bitrates = [p.max_video_bitrate for p in platforms if p.max_video_bitrate is not None]
    sizes = [p.max_bytes for p in platforms if p.max_bytes is not None]
    room = [_room_kbps(min(sizes), seconds)] if sizes and seconds else []
    return replace(
        default,
        raster=platforms[0].raster,
        gop_seconds=min([default.gop_seconds, *gops]),
        max_video_kbps=min(
            [default.max_video_kbps, *room, *(int(bits * _BITRATE_SHARE) // 1000 for bits in bitrates)]
        ),
    )


def _room_kbps(max_bytes: int, seconds: Fraction) -> int:
    """The picture's share of `max_bytes`, in whole steps and at least one."""
    kbps = max_bytes * 8 / seconds / 1000 * _BITRATE_SHARE - SoundSpec().kbps
    return max(1, int(kbps / _BITRATE_STEP_KBPS)) * _BITRATE_STEP_KBPS


def sound_spec(platforms: Sequence[Platform]) -> SoundSpec:
    """The sound that satisfies all of `platforms` at once: the quietest target and the lowest ceiling."""
    return SoundSpec(
        target_lufs=min(p.target_lufs for p in platforms),
        ceiling_dbtp=min(p.max_true_peak_dbtp for p in platforms),
    )


def common_safe_area(platforms: Sequence[Platform]) -> Box:
    """What the buttons of every platform leave free.

    Raises: UsageError where nothing is left.
    """
    safe: Box | None = platforms[0].safe_area
    for platform in platforms[1:]:
        safe = safe.intersection(platform.safe_area) if safe else None
    if safe is None:
        raise UsageError(
            where="platforms",
            found=", ".join(p.name for p in platforms),
            expected=Said("platforms whose safe areas overlap", ko="안전 영역이 겹치는 플랫폼"),
            remedy=Said("make them in two reels", ko="릴스 두 개로 나누어 만들어 주세요."),
        )
    return safe


def common_keep_clear(platforms: Sequence[Platform]) -> tuple[Box, ...]:
    """What any of the platforms lays over the picture inside its safe area: rails of buttons, its own captions."""
    boxes = (box for p in platforms for box in (*p.keep_clear, p.auto_caption_band))
    return tuple(dict.fromkeys(box for box in boxes if box is not None))


def longest_taken(platforms: Sequence[Platform]) -> Fraction | None:
    """How many seconds all of `platforms` take; None where none has a limit."""
    return min((p.duration_max for p in platforms if p.duration_max is not None), default=None)


def nothing_left(reel: ReelSpec) -> CampaignProblem:
    """The problem of a reel of which every piece is cut away."""
    return CampaignProblem(
        where=reel.where_of("cut"),
        found=Said("nothing left of its clips", ko="클립에서 남은 부분이 없음"),
        expected=Said(
            "at least one subtitle that is not deleted or marked", ko="지우거나 표시하지 않은 자막 하나 이상"
        ),
        remedy=Said(
            "take the marks out of the draft, or leave `text` out",
            ko="초안의 표시를 지우거나 `text`를 빼 주세요.",
        ),
    )


def length_problems(reel: ReelSpec, platform: Platform, duration: Fraction) -> list[CampaignProblem]:
    """What the platform would refuse of a reel that lasts `duration` seconds."""
    longest, shortest = platform.duration_max, platform.duration_min
    # Away from the limit, so that 90.02 s are never told as the 90.0 s that would be taken.
    if longest is not None and duration > longest:
        over = f"{_tenths(duration - longest, math.ceil):.1f}"
        shown = _tenths(duration, math.ceil)
        expected = _at_most(f"{float(longest):g} s", f"{float(longest):g}초")
        remedy = _shorten(reel, over)
    elif shortest is not None and duration < shortest:
        shown = _tenths(duration, math.floor)
        expected = Said(f"at least {float(shortest):g} s", ko=f"{float(shortest):g}초 이상")
        remedy = Said(
            "move the in and out points apart or add a clip",
            ko="시작점과 끝점 사이를 늘리거나 영상을 더해 주세요.",
        )
    else:
        return []
    found = Said(f"{shown:.1f} s", ko=f"길이 {shown:.1f}초")
    return [
        CampaignProblem(where=_for(f"{reel.where}", platform), found=found, expected=expected, remedy=remedy)
    ]


def _tenths(seconds: Fraction, to_whole: Callable[[Fraction], int]) -> float:
    return to_whole(seconds * 10) / 10


def _shorten(reel: ReelSpec, over: str) -> Said:
    """How a reel loses the `over` seconds that it is too long."""
    if reel.cut.to_fit:
        return Said(
            f"take {over} s out with in and out points", ko=f"시작점과 끝점으로 {over}초를 덜어 내 주세요."
        )
    return Said(
        f"take {over} s out with in and out points, or let the weakest parts go with `cut: {{to_fit: true}}`",
        ko=f"시작점과 끝점으로 {over}초를 덜어 내거나, `cut: {{to_fit: true}}`로 가장 약한 부분을 빼 주세요.",
    )


def _for(where: str, platform: Platform) -> Said:
    return Said(f"{where} for {platform.name}", ko=f"{where}({platform.name})")


def _at_most(en: str, ko: str) -> Said:
    return Said(f"at most {en}", ko=f"{ko} 이하")
