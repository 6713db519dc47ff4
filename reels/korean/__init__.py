"""All that knows the Korean language: how wide its text counts, where its phrases end.

Pure functions over NFC text by tables of rules; nothing here knows about time, fonts or files. `cues` asks
these for the places where a line or a cue may break, and at what cost.

    widths     units of the 16-unit rule
    eojeol     cutting text at its spaces, and an overlong 어절 into signs that must stay whole
    breaks     the cost of a break between two 어절
"""

from reels.korean.breaks import break_cost, ends_sentence
from reels.korean.eojeol import join_eojeol, split_eojeol, whole_signs
from reels.korean.widths import units, width_halves

__all__ = [
    "break_cost",
    "ends_sentence",
    "join_eojeol",
    "split_eojeol",
    "units",
    "whole_signs",
    "width_halves",
]
