"""Where everything stands: apart from each other, inside the safe area, off subtitles and faces.

    scale      pixels of a picture with 1920 lines → those of a raster
    subtitles  where the subtitles stand
    stage      the safe area divided into zones
    placing    a free place in or near its zone for each element

Pure arithmetic on boxes. Before it come a platform's safe area and a template's zones; after it `graph` lays clips at
these places and the ASS writer takes its margins.
"""

from reels.layout.placing import Align, NoRoom, Obstacle, Placed, Wanted, find_place
from reels.layout.scale import cover_title_room, even_down, even_up, scaled
from reels.layout.stage import Corner, ProgressZone, Stage, TitleZone, ZoneName, Zones, stage_of
from reels.layout.subtitles import LINE_HEIGHT, Centre, SubtitleArea, SubtitleZone

__all__ = [
    "LINE_HEIGHT",
    "Align",
    "Centre",
    "Corner",
    "NoRoom",
    "Obstacle",
    "Placed",
    "ProgressZone",
    "Stage",
    "SubtitleArea",
    "SubtitleZone",
    "TitleZone",
    "Wanted",
    "ZoneName",
    "Zones",
    "cover_title_room",
    "even_down",
    "even_up",
    "find_place",
    "scaled",
    "stage_of",
]
