"""What several commands are told and ask for in the same way: reels and platforms, a word of a few, a file to write."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

from reels.campaign.load import find_campaign_file, load_campaign
from reels.campaign.model import Campaign
from reels.campaign.own_platforms import named_platform
from reels.campaign.problems import nearest
from reels.errors import UsageError, cannot_write
from reels.said import Said, any_of, perhaps, typed
from reels.store import write_atomically

__all__ = [
    "DRAFT_HELP",
    "ENCODER_HELP",
    "SCHEDULER_HELP",
    "WAIT_HELP",
    "chosen_reels",
    "nothing_handed_over",
    "one_of",
    "write_asked_for",
]

Word = TypeVar("Word", bound=str)

ENCODER_HELP = (
    "x264, or a graphics chip: nvenc, qsv, amf, videotoolbox, vaapi. One that does not work here is told."
)

DRAFT_HELP = "Quick reels to look at, into preview/ and not for upload; everything stands where it will."
SCHEDULER_HELP = "tcp://HOST:PORT of a Dask scheduler, whose workers see the same folder: they do the work."
WAIT_HELP = "Wait for another run that holds the campaign, instead of saying so and leaving."


def one_of(option: str, word: str, choices: Sequence[Word]) -> Word:
    """The one of `choices` that `word` is; the first of them is the default. Raises: UsageError."""
    for choice in choices:
        if word == choice:
            return choice
    guess = nearest(word, choices)
    left_out = Said(f"leave it out for {choices[0]}", ko=f"빼면 {choices[0]}입니다.")
    raise UsageError(
        where=option, found=word, expected=any_of(choices), remedy=perhaps(guess) if guess else left_out
    )


def chosen_reels(campaign: Path, reels: Sequence[str] | None, platforms: Sequence[str] | None) -> Campaign:
    """The campaign as it was typed, with only the reels and for only the platforms that were asked for, if any were.

    Raises: CampaignProblems; UsageError for a platform that nobody knows.
    """
    root = find_campaign_file(campaign).parent
    wanted = [named_platform(name, root=root) for name in dict.fromkeys(platforms or [])]
    return load_campaign(campaign, only=reels or [], platforms=wanted)


def write_asked_for(target: Path, content: str | bytes) -> None:
    """Write what a person asked for by its name, into a folder that is made if need be.

    By one rename, so that a viewer that has the old file open never sees half of the new one.

    Raises: OutputNotWritable, DiskFailed.
    """
    target = target.absolute()
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(target, content)
    except OSError as error:
        raise cannot_write(target, error) from None


def nothing_handed_over(out_dir: Path, campaign: Path) -> UsageError:
    """The refusal of a command that looks at finished films, where `campaign` has none."""
    return UsageError(
        where=str(out_dir),
        found=Said("no finished film", ko="완성된 영상 없음"),
        expected=Said("films in REEL/PLATFORM/", ko="릴스/플랫폼/ 폴더에 든 영상"),
        remedy=Said(
            f"make them with `reels render {typed(campaign)}`",
            ko=f"`reels render {typed(campaign)}`로 만들어 주세요.",
        ),
    )
