"""The names of reels: each its own, and those that somebody asks for known."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from reels.campaign.model import ReelSpec
from reels.campaign.problems import nearest
from reels.campaign.yaml_with_lines import Located
from reels.errors import CampaignProblem
from reels.said import Said, any_of, perhaps

__all__ = ["duplicate_ids", "unknown_reels"]


def duplicate_ids(reels: Sequence[ReelSpec]) -> list[CampaignProblem]:
    # Two ids that differ only in case would share a folder on Windows and macOS.
    seen: dict[str, str] = {}
    problems = []
    for reel in reels:
        key = reel.id.casefold()
        if key in seen:
            problems.append(
                CampaignProblem(
                    where=reel.where_of("id"),
                    found=Said(
                        f"{reel.id}, which an earlier reel has too ({seen[key]})",
                        ko=f"앞의 릴스({seen[key]})와 겹치는 id {reel.id}",
                    ),
                    expected=Said(
                        "an id of its own for each reel, also when upper and lower case are ignored",
                        ko="대문자와 소문자를 가리지 않아도 서로 다른 id",
                    ),
                )
            )
        seen.setdefault(key, reel.id)
    return problems


def unknown_reels(reels: Sequence[ReelSpec], only: Sequence[str], located: Located) -> list[CampaignProblem]:
    ids = [reel.id for reel in reels]
    problems = []
    for name in only:
        if unicodedata.normalize("NFC", name) not in ids:
            guess = nearest(name, ids)
            problems.append(
                CampaignProblem(
                    where=f"{located.file} reels",
                    found=Said(f"no reel {name}", ko=f"없는 릴스 {name}"),
                    expected=any_of(ids),
                    remedy=perhaps(guess) if guess else "",
                )
            )
    return problems
