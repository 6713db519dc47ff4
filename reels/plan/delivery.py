"""Platforms → encodes: which of them one file can serve, how it is encoded, and what none of them would take."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from reels.campaign.model import ReelSpec
from reels.deliver import caption_text
from reels.encode import DeliverySpec
from reels.errors import CampaignProblem, CampaignProblems, UsageError
from reels.geometry import Box, Raster
from reels.platforms import Platform

__all__ = ["common_safe_area", "delivery_spec", "platform_groups", "require_acceptable", "text_problems"]

_BITRATE_SHARE = Fraction(4, 5)
"""Of a platform's limit: x264 holds its maximum over a second, not over every moment."""


def platform_groups(platforms: Sequence[Platform]) -> list[list[Platform]]:
    """Platforms that one encode can serve, in the order of the campaign."""
    groups: dict[Raster, list[Platform]] = {}
    for platform in platforms:
        groups.setdefault(platform.raster, []).append(platform)
    return list(groups.values())


def delivery_spec(platforms: Sequence[Platform], rate: Fraction) -> DeliverySpec:
    """The encode that satisfies all of `platforms` at once: the strictest value of each limit."""
    default = DeliverySpec(rate=rate)
    gops = [p.max_gop for p in platforms if p.max_gop is not None]
    bitrates = [p.max_video_bitrate for p in platforms if p.max_video_bitrate is not None]
    return replace(
        default,
        raster=platforms[0].raster,
        gop_seconds=min([default.gop_seconds, *gops]),
        max_video_kbps=min(
            [default.max_video_kbps, *(int(bits * _BITRATE_SHARE) // 1000 for bits in bitrates)]
        ),
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
            expected="platforms whose safe areas overlap",
            remedy="make them in two reels",
        )
    return safe


def require_acceptable(reel: ReelSpec, platforms: Sequence[Platform], duration: Fraction) -> None:
    """Raises: CampaignProblems where a platform would refuse the length, the caption or the hashtags."""
    problems = [
        problem
        for platform in platforms
        for problem in (*_length_problems(reel, platform, duration), *text_problems(reel, platform))
    ]
    if problems:
        raise CampaignProblems(problems=tuple(problems))


def _length_problems(reel: ReelSpec, platform: Platform, duration: Fraction) -> list[CampaignProblem]:
    longest, shortest = platform.duration_max, platform.duration_min
    if longest is not None and duration > longest:
        expected = f"at most {float(longest):g} s"
        remedy = f"take {float(duration - longest):.1f} s out with in and out points"
    elif shortest is not None and duration < shortest:
        expected = f"at least {float(shortest):g} s"
        remedy = "move the in and out points apart or add a clip"
    else:
        return []
    where = f"{reel.where} for {platform.name}"
    return [CampaignProblem(where=where, found=f"{float(duration):.1f} s", expected=expected, remedy=remedy)]


def text_problems(reel: ReelSpec, platform: Platform) -> list[CampaignProblem]:
    """What the platform would refuse of the words that go with the reel."""
    problems = []
    length = platform.caption_length(caption_text(reel.caption, reel.hashtags))
    if platform.caption_limit is not None and length > platform.caption_limit:
        problems.append(
            CampaignProblem(
                where=f"{reel.where}.caption for {platform.name}",
                found=f"{length} {platform.caption_counting} with hashtags",
                expected=f"at most {platform.caption_limit}",
                remedy="shorten the caption",
            )
        )
    if platform.max_hashtags is not None and len(reel.hashtags) > platform.max_hashtags:
        problems.append(
            CampaignProblem(
                where=f"{reel.where}.hashtags for {platform.name}",
                found=f"{len(reel.hashtags)} hashtags",
                expected=f"at most {platform.max_hashtags}",
                remedy="keep the most important ones",
            )
        )
    return problems
