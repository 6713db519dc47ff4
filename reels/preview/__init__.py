"""A reel looked at before it is finished: what it shows and says, for whoever corrects or approves.

    making     a campaign's reels, cut and their stills drawn
    moments    which frames tell most of a reel
    sheet      a page of stills and text, one file, for someone without the program

    desk       one campaign that lies open: its reels, drafts, reviews and jobs; knows nothing of HTTP
    drafting   its drafts: edits brought together, words replaced everywhere and back
    lettering  where each line of a caption stands
    loudness   how loud a film is, for a waveform
    review     a note and an approval, as a file
    jobs       what takes longer
    shown      what the page gets, as JSON
    news       what changes while the page lies open
    guard      who may ask
    server     the desk over HTTP
    serving    on loopback, for as long as somebody looks

`render` and `lint` stand before it. The page itself is in `assets/editor`.
"""

from reels.preview.desk import Desk
from reels.preview.making import sheet_reels
from reels.preview.moments import Moment, moments_of
from reels.preview.sheet import SheetReel, Still, sheet_text

__all__ = ["Desk", "Moment", "SheetReel", "Still", "moments_of", "sheet_reels", "sheet_text"]
