"""A reel looked at before it is finished: what it shows and says, for whoever corrects or approves.

    making    a campaign's reels, cut and their stills drawn
    moments   which frames tell most of a reel
    sheet     a page of stills and text, one file, for someone without the program

`render` stands before it.
"""

from reels.preview.making import sheet_reels
from reels.preview.moments import Moment, moments_of
from reels.preview.sheet import SheetReel, Still, sheet_text

__all__ = ["Moment", "SheetReel", "Still", "moments_of", "sheet_reels", "sheet_text"]
