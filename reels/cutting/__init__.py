"""What goes and what stays of the clips of a reel: by silence, filler words, the draft and the length allowed.

Pure: words, voices and cues in, an `EditList` out, with a reason for every piece that is gone and for every one that
could not go. Nothing here reads a file or knows of pictures. `transcript`, `alignment` and `edit` stand before,
`plan` after.

    options    what is wanted
    spoken     what is known of the speech in a clip
    wanted     one piece that should go, before it lies on frames
    silence    pauses, between margins
    fillers    어, 음, 그 … where grammar and timing agree
    text       words that the draft has no more, or that are marked there
    sentences  sentences, questions, what they weigh
    fitting    what else goes where a reel is too long
    joins      wanted pieces → whole frames, none too short
    reel       all of it, in order
    shown      cues of the source → cues of the programme that was cut
    passages   stretches of a long recording that would make a reel
"""

from reels.cutting.joins import NotCut
from reels.cutting.options import NO_CUTS, CutOptions, FillerOptions, SilenceOptions
from reels.cutting.passages import Passage, suggested
from reels.cutting.reel import Cutting, cut_reel
from reels.cutting.shown import cues_in_programme, played_cues
from reels.cutting.spoken import SpokenClip
from reels.cutting.text import MARK, is_marked, unmarked

__all__ = [
    "MARK",
    "NO_CUTS",
    "CutOptions",
    "Cutting",
    "FillerOptions",
    "NotCut",
    "Passage",
    "SilenceOptions",
    "SpokenClip",
    "cues_in_programme",
    "cut_reel",
    "is_marked",
    "played_cues",
    "suggested",
    "unmarked",
]
