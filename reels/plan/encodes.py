"""Which encodes a reel needs: as few as satisfy all of its platforms, and why there is more than one.

Platforms share an encode unless they want what one file cannot be: another raster or rate, a place for words that the others
cover, another loudness, or a shorter cut of a reel that is to fit. Pure; `reel` plans each of them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial

from reels.campaign.model import ReelSpec
from reels.check import LOUDNESS_TOLERANCE_LU
from reels.encode import AUDIO_RATE_HZ
from reels.errors import CampaignProblem
from reels.geometry import Box
from reels.plan.cards import cards_of, seconds_of
from reels.plan.cut import cut_of
from reels.plan.delivery import rate_for
from reels.plan.footage import KnownClip
from reels.platforms import Platform
from reels.said import Said
from reels.transcript import Transcript

__all__ = ["Encode", "encodes_for", "encodes_of", "not_made_by_us"]

_LEAST_WIDTH, _LEAST_HEIGHT = Fraction(1, 2), Fraction(1, 4)
"""Of the raster: what platforms have to leave free together, or each word would be small."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Encode:
    """The platforms that one file serves; `label` tells its steps from those of the reel's first encode, `why` says why it is
    another one. Both are empty for the first."""

    platforms: tuple[Platform, ...]
    label: str = ""
    why: Said | None = None


def encodes_of(
    reel: ReelSpec, clips: Sequence[KnownClip], *, heard: Callable[[str], Transcript | None]
) -> tuple[Encode, ...]:
    """The encodes of a reel whose footage is known. Raises: CampaignProblems, ToolMissing."""
    rate_of = partial(rate_for, reel, clips)
    if not reel.cut.to_fit:
        return encodes_for(reel.platforms, rate_of=rate_of)

    def limit_of(platform: Platform) -> Fraction | None:
        """The length to which it is cut for `platform`; None where that takes all of it."""
        rate = rate_of(platform)
        cards = seconds_of(cards_of(reel, rate), rate)
        whole = cut_of(reel, clips, (), rate, heard=heard, cards=cards).cutting.edit.duration + cards
        longest = platform.duration_max
        return longest if longest is not None and longest < whole else None

    return encodes_for(reel.platforms, rate_of=rate_of, limit_of=limit_of)


def encodes_for(
    platforms: Sequence[Platform],
    *,
    rate_of: Callable[[Platform], Fraction] | None = None,
    limit_of: Callable[[Platform], Fraction | None] | None = None,
) -> tuple[Encode, ...]:
    """The fewest encodes for `platforms`, in their order: each goes to the first that can serve it too.

    Without `rate_of` and `limit_of`, where no footage is known yet, as far as the platforms alone decide.
    """
    groups: list[list[Platform]] = []
    for platform in platforms:
        fitting = (group for group in groups if _conflict(group, platform, rate_of, limit_of) is None)
        group = next(fitting, None)
        if group is None:
            groups.append([platform])
        else:
            group.append(platform)
    encodes: list[Encode] = []
    for group in groups:
        found = _conflict(groups[0], group[0], rate_of, limit_of) if encodes else None
        label, why = found or ("", None)
        if label and label in {encode.label for encode in encodes}:
            label = f"{label} {group[0].name}"
        encodes.append(Encode(platforms=tuple(group), label=label, why=why))
    return tuple(encodes)


def _conflict(
    group: Sequence[Platform],
    platform: Platform,
    rate_of: Callable[[Platform], Fraction] | None,
    limit_of: Callable[[Platform], Fraction | None] | None,
) -> tuple[str, Said] | None:
    """Why one file cannot serve `group` and `platform`, with a short name for the other one; None where it can."""
    first = group[0]
    if platform.raster != first.raster:
        return f"{platform.raster}", Said(
            f"it takes {platform.raster} and not {first.raster}",
            ko=f"{first.raster} 대신 {platform.raster}",
        )
    if rate_of is not None and rate_of(platform) != rate_of(first):
        rate, other = (f"{float(rate_of(one)):.6g}" for one in (platform, first))
        return f"{rate}fps", Said(
            f"it takes {rate} frames a second and not {other}", ko=f"초당 {other} 대신 {rate}프레임"
        )
    if limit_of is not None and limit_of(platform) != limit_of(first):
        limit = limit_of(platform)
        if limit is None:
            return "whole", Said("it takes all of it", ko="자르지 않은 길이")
        return f"{float(limit):g}s", Said(
            f"it takes at most {float(limit):g} s", ko=f"{float(limit):g}초 이하"
        )
    if not _leave_room((*group, platform)):
        return platform.name, Said(
            "its buttons and those of the others leave too little free together",
            ko="다른 플랫폼과 함께 비워 두는 자리가 너무 좁음",
        )
    targets = [one.target_lufs for one in (*group, platform)]
    if max(targets) - min(targets) > LOUDNESS_TOLERANCE_LU:
        loud = f"{float(platform.target_lufs):g} LUFS"
        return loud.replace(" ", ""), Said(f"it wants {loud}", ko=f"음량 {loud}")
    return None


def _leave_room(platforms: Sequence[Platform]) -> bool:
    raster = platforms[0].raster
    free: Box | None = platforms[0].safe_area
    for platform in platforms[1:]:
        free = free.intersection(platform.safe_area) if free is not None else None
    if free is None:
        return False
    return free.width >= _LEAST_WIDTH * raster.width and free.height >= _LEAST_HEIGHT * raster.height


def not_made_by_us(reel: ReelSpec, platform: Platform) -> list[CampaignProblem]:
    """What a platform of a team's own asks for that no encode of ours is: told before anything is done."""
    asked: tuple[tuple[str, str, tuple[str, ...]], ...] = (
        ("containers", "mp4", platform.containers),
        ("video_codecs", "h264", platform.video_codecs),
        ("video_profiles", "h264 High", platform.video_profiles or ("h264 High",)),
        ("pixel_formats", "yuv420p", platform.pixel_formats),
        ("colour", "bt709/bt709/bt709/tv", (platform.colour,)),
        ("audio_codecs", "aac LC", tuple("aac LC" if c == "aac" else c for c in platform.audio_codecs)),
        ("audio_rate_hz", str(AUDIO_RATE_HZ), (str(platform.audio_rate_hz),)),
        ("audio_channels", "2", (str(platform.audio_channels),)),
    )
    return [
        CampaignProblem(
            where=Said(f"{reel.where} for {platform.name}", ko=f"{reel.where}({platform.name})"),
            found=Said(f"{key}: {', '.join(taken)}", ko=f"{key}: {', '.join(taken)}"),
            expected=Said(f"{ours}, which is what reels makes", ko=f"reels가 만드는 {ours}"),
            remedy=Said(
                "leave the platform out, or mend its file", ko="플랫폼을 빼거나 그 파일을 고쳐 주세요."
            ),
        )
        for key, ours, taken in asked
        if ours not in taken
    ]
