"""A template looked at: a sample reel with everything that it can show, drawn as the render draws it.

sample_reel   made-up words, short or as long as people write them
laid          the reel laid out, and any frame of it
sheet         its frames side by side, the safe areas marked
"""

from reels.showcase.laid import LaidOut, Showcase, frame_shown, is_card, lay_out, moments
from reels.showcase.sample_reel import LANGUAGES, LENGTHS, SampleLanguage, SampleLength
from reels.showcase.sheet import contact_sheet

__all__ = [
    "LANGUAGES",
    "LENGTHS",
    "LaidOut",
    "SampleLanguage",
    "SampleLength",
    "Showcase",
    "contact_sheet",
    "frame_shown",
    "is_card",
    "lay_out",
    "moments",
]
