"""All that knows the Korean language: how wide its text counts, where its phrases end.

Functions over NFC text; nothing here knows about time, fonts or footage. `cues` asks these for the places where a
line or a cue may break, and at what cost.

    widths       units of the 16-unit rule
    eojeol       cutting text at its spaces, and an overlong 어절 into signs that must stay whole
    analysis     morphemes, by kiwipiepy
    words        a word between spaces as the rules see it
    vocabulary   titles, units and other words whose part of speech does not tell all
    breaks       the cost of a break between two 어절, and inside one
    memory       costs that were worked out once
    punctuation  what the Korean guide shows of what was written
    particles    조사 and their forms
    sounds       자모 and how near two words sound
"""

from reels.korean.breaks import break_costs, break_costs_inside
from reels.korean.eojeol import split_eojeol, whole_signs
from reels.korean.widths import width_halves

__all__ = [
    "break_costs",
    "break_costs_inside",
    "split_eojeol",
    "whole_signs",
    "width_halves",
]
