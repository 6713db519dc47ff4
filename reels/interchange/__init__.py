"""A cut handed to another editing program, and one taken over from there.

Text in, text out: OpenTimelineIO (`.otio`) both ways, CMX 3600 (`.edl`) out. Nothing here opens footage or decides
what is cut; `edit` stands before, the commands and `campaign` after. The format's own library is not needed for the
plain JSON that `.otio` is; the tests open ours with it, and read its.
"""

from reels.interchange.edl import edl
from reels.interchange.otio_reading import ForeignCut, ForeignPiece, read_otio
from reels.interchange.otio_writing import otio
from reels.interchange.programme import Programme, UsedMedia

__all__ = ["ForeignCut", "ForeignPiece", "Programme", "UsedMedia", "edl", "otio", "read_otio"]
