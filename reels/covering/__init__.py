"""The cover: which frame of a reel may be one, how good each is, and where its title leaves faces free.

`candidate_frames` picks frames of the cut, `measure` says what can be said of one by itself, `choose` compares them.
`title_place` finds where a title covers nobody. Pure: `plan` asks first, `perform` decodes small pictures and asks
the rest, `art` draws.
"""

from __future__ import annotations

from reels.covering.candidates import AROUND, candidate_frames
from reels.covering.choosing import Choice, choose, face_boxes
from reels.covering.measuring import Measured, Pictures, SeenFace, measure
from reels.covering.titles import free_of_title, title_place
from reels.covering.wanted import AUTO_COVER, WantedCover

__all__ = [
    "AROUND",
    "AUTO_COVER",
    "Choice",
    "Measured",
    "Pictures",
    "SeenFace",
    "WantedCover",
    "candidate_frames",
    "choose",
    "face_boxes",
    "free_of_title",
    "measure",
    "title_place",
]
