"""A template looked at: a sample reel with everything that it can show, drawn as the render draws it.

sample_reel   made-up words, short or as long as people write them
sheet         its frames side by side, the safe areas marked
"""

from reels.showcase.sample_reel import LANGUAGES, LENGTHS, SampleLanguage, SampleLength
from reels.showcase.sheet import Showcase, contact_sheet

__all__ = ["LANGUAGES", "LENGTHS", "SampleLanguage", "SampleLength", "Showcase", "contact_sheet"]
