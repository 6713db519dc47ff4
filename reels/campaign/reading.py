"""How a file of keys is being read: what its parts ask to find the files it names and to tell what is wrong with it.

`load` makes one for each campaign; `card_keys`, `element_keys` and their neighbours are handed it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from reels.campaign.yaml_with_lines import KeyPath
from reels.errors import CampaignProblem

__all__ = ["Reading"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """`file` finds a file by what is written and reports it missing at its place; `where` says a place in messages.

    `problem` hears what is wrong; what it hears twice is told once.
    """

    file: Callable[[str, KeyPath], Path]
    where: Callable[[KeyPath], str]
    problem: Callable[[CampaignProblem], None]
