"""Framing: faces and shots → the path of the crop.

`looking` decodes the footage once, small, and asks a detector (`load_centerface`); `follow` makes of the `Sighting` a
`Framing`: a `CropPath` in whole sixteenths of a source pixel and a report that says who is followed and why. What a
person gave (`wanted`) becomes a path without a look. Only `look` opens anything.
`probe` stands before; `plan` and `graph.crop` after.
"""

from __future__ import annotations

from reels.framing.centerface import CenterFace, centerface_identity, load_centerface
from reels.framing.faces import (
    SUBPIXELS,
    Face,
    FaceDetector,
    MarkedFace,
    Seen,
    Sighting,
)
from reels.framing.following import follow, has_room, whole_in_window
from reels.framing.given import box_in_pixels, path_of_box, path_of_keyframes
from reels.framing.looking import look
from reels.framing.path import CropPath, Glide, KeyedPlace, keyed_path, largest_window, still_path
from reels.framing.result import (
    FaceBox,
    FacePath,
    Framing,
    FramingReport,
    FramingUnreadable,
    Halves,
    Manner,
    ShotFraming,
    framing_from_json,
    framing_json,
)
from reels.framing.wanted import (
    FRAMING_WORDS,
    LOOKED_FOR,
    FramingBox,
    FramingWord,
    KeyedFraming,
    Keyframe,
    WantedFraming,
)

__all__ = [
    "FRAMING_WORDS",
    "LOOKED_FOR",
    "SUBPIXELS",
    "CenterFace",
    "CropPath",
    "Face",
    "FaceBox",
    "FaceDetector",
    "FacePath",
    "Framing",
    "FramingBox",
    "FramingReport",
    "FramingUnreadable",
    "FramingWord",
    "Glide",
    "Halves",
    "KeyedFraming",
    "KeyedPlace",
    "Keyframe",
    "Manner",
    "MarkedFace",
    "Seen",
    "ShotFraming",
    "Sighting",
    "WantedFraming",
    "box_in_pixels",
    "centerface_identity",
    "follow",
    "framing_from_json",
    "framing_json",
    "has_room",
    "keyed_path",
    "largest_window",
    "load_centerface",
    "look",
    "path_of_box",
    "path_of_keyframes",
    "still_path",
    "whole_in_window",
]
