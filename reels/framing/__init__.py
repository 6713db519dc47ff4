"""Framing: faces and shots → the path of the crop.

`looking` decodes the footage once, small, and asks a detector (`load_centerface`); `follow` makes of the `Sighting` a
`Framing`: a `CropPath` in whole sixteenths of a source pixel and a report that says who is followed and why. Only
`look` opens anything. `probe` stands before; `plan` and `graph.crop` after.
"""

from __future__ import annotations

from reels.framing.centerface import centerface_identity, load_centerface
from reels.framing.faces import (
    SUBPIXELS,
    Face,
    FaceDetector,
    Seen,
    Sighting,
)
from reels.framing.following import follow, has_room, whole_in_window
from reels.framing.looking import look
from reels.framing.path import CropPath, Glide, KeyedPlace, keyed_path, largest_window
from reels.framing.result import (
    Framing,
    FramingReport,
    FramingUnreadable,
    Manner,
    ShotFraming,
    framing_from_json,
    framing_json,
)

__all__ = [
    "SUBPIXELS",
    "CropPath",
    "Face",
    "FaceDetector",
    "Framing",
    "FramingReport",
    "FramingUnreadable",
    "Glide",
    "KeyedPlace",
    "Manner",
    "Seen",
    "ShotFraming",
    "Sighting",
    "centerface_identity",
    "follow",
    "framing_from_json",
    "framing_json",
    "has_room",
    "keyed_path",
    "largest_window",
    "load_centerface",
    "look",
    "whole_in_window",
]
