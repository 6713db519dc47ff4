"""Options whose value is one of a few words: the word, or a refusal that names the nearest."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from reels.campaign.problems import nearest
from reels.errors import UsageError
from reels.said import Said, any_of, perhaps

__all__ = ["DRAFT_HELP", "ENCODER_HELP", "SCHEDULER_HELP", "WAIT_HELP", "one_of"]

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
